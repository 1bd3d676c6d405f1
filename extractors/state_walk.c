/* state_walk.c - brackets, names and strings, a frame for each bracket that is open. */
#include "extractors/state_walk.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/text.h"

/* A longer name is none of ours. */
#define KEY_MAX_BYTES 32
/* A headline stands at most so many brackets outside of the body. */
#define TITLE_NEAR 4
/* A reference to a row has "$" and some digits. */
#define REFERENCE_MAX_BYTES 9

/* ---- names ----------------------------------------------------------------------------------- */

/* In lower case, without '_' and '-'. */
static const char *const title_names[] = {
    "title",     "headline",    "headlines",    "heading", "articletitle", "posttitle", "newstitle",
    "pagetitle", "storytitle",  "maintitle",    "titulo",  "titular",      "titolo",    "titre",
    "titel",     "schlagzeile", "ueberschrift", "tytul",   "titulek",      "nadpis",    "cim",
    "标题",      "標題",        "タイトル",     "عنوان",
};

static const char *const body_names[] = {
    "story",     "text",     "contents", "contentelements",
    "children",  "blocks",   "texto",    "cuerpo",
    "contenido", "corpo",    "conteudo", "contenuto",
    "testo",     "contenu",  "corps",    "texte",
    "inhalt",    "inhoud",   "tekst",    "tresc",
    "obsah",     "tartalom", "szoveg",   "正文",
    "内容",      "內容",     "本文",     "النص",
};

static const char *const body_ends[] = {"content",  "body",        "html",      "bodytext",
                                        "fulltext", "articletext", "storytext", "paragraphs"};

/* Text when it stands in a body. */
static const char *const leaf_names[] = {"rendered", "value", "items", "processed", "paragraph"};

/* How the names begin of what is not the article, or not its body. */
static const char *const off_starts[] = {
    "excerpt",   "teaser",  "summary",  "description", "caption",     "comment",     "related",
    "recommend", "footer",  "menu",     "navigation",  "sidebar",     "translation", "messages",
    "locale",    "i18n",    "cookie",   "consent",     "newsletter",  "promo",       "author",
    "mostread",  "popular", "trending", "latest",      "nextarticle", "nextpost",    "previous",
    "seo",       "resumen", "resume",   "riassunto",   "kommentar",   "comentario",  "commentaire",
};

static bool is_one_of(struct slice key, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal(key, slice_from(names[i])))
            return true;
    return false;
}

static enum state_word word_of(struct slice raw)
{
    char room[KEY_MAX_BYTES];
    struct slice key = {room, 0};

    if (raw.len > KEY_MAX_BYTES)
        return STATE_OTHER;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] != '_' && raw.ptr[i] != '-')
            room[key.len++] = ascii_lower(raw.ptr[i]);
    for (size_t i = 0; i < WW_COUNT(off_starts); i++)
        if (slice_starts(key, slice_from(off_starts[i])))
            return STATE_OFF;
    if (is_one_of(key, title_names, WW_COUNT(title_names)))
        return STATE_TITLE;
    for (size_t i = 0; i < WW_COUNT(body_ends); i++)
        if (slice_ends(key, slice_from(body_ends[i])))
            return STATE_BODY;
    if (is_one_of(key, body_names, WW_COUNT(body_names)))
        return STATE_BODY;
    return is_one_of(key, leaf_names, WW_COUNT(leaf_names)) ? STATE_LEAF : STATE_OTHER;
}

/* ---- what is found --------------------------------------------------------------------------- */

static void add_body(struct state_walk *w, size_t first, size_t bytes, size_t depth)
{
    if (bytes >= STATE_BODY_MIN_BYTES && w->n_bodies < STATE_BODIES_MAX)
        w->bodies[w->n_bodies++] = (struct state_body){
            first, w->n_pieces, bytes, depth, {"", 0},
                STATE_FOREIGN
        };
}

static struct state_piece resolve(const struct state_walk *w, struct slice raw)
{
    if (raw.len > 1 && raw.len <= REFERENCE_MAX_BYTES && raw.ptr[0] == '$')
        for (size_t i = 0; i < w->n_rows; i++)
            if (slice_equal(slice_skip(raw, 1), w->rows[i].id))
                return (struct state_piece){.raw = w->rows[i].text, .is_literal = true};
    return (struct state_piece){.raw = raw};
}

/* False when it may not grow further. */
static bool add_piece(struct state_walk *w, struct state_frame *f, struct slice raw)
{
    struct state_piece piece = resolve(w, raw);
    const struct state_piece *before = w->n_pieces > 0 ? &w->pieces[w->n_pieces - 1] : NULL;
    struct state_piece *grown;

    if (w->n_pieces == STATE_PIECES_MAX)
        return false;
    grown = arena_grow(w->arena, w->pieces, w->n_pieces, &w->pieces_capacity, sizeof(*grown));
    if (grown == NULL)
        return false;
    piece.list = f->list;
    /* Words in bold are a piece of their own: the lists of a paragraph lie in the list of them. */
    piece.is_inline = f->is_span && f->lists > 1 && before != NULL && before->list == f->list;
    w->pieces = grown;
    w->pieces[w->n_pieces++] = piece;
    w->bytes += piece.raw.len;
    f->has_piece = true;
    return true;
}

static bool take_string(struct state_walk *w, struct slice raw)
{
    struct state_frame *f = &w->frames[w->depth - 1];
    struct state_frame *outer = w->depth > 1 ? f - 1 : NULL;
    enum state_word word = f->is_list ? f->word : f->next;
    size_t first = w->n_pieces, before = w->bytes;

    /* In a list of lists stand names of elements and what they are made of. */
    if (f->is_off || raw.len == 0 || (f->is_list && outer != NULL && outer->is_list))
        return true;
    if (raw.len >= STATE_BODY_MIN_BYTES &&
        (slice_starts(raw, SLICE("{\\\"")) || slice_starts(raw, SLICE("[{\\\"")))) {
        if (w->n_inner < STATE_INNER_MAX)
            w->inner[w->n_inner++] = raw;
        return true;
    }
    if (word == STATE_TITLE && !f->is_list) {
        f->title = f->title.len == 0 ? raw : f->title;
        return true;
    }
    /* {"title": {"rendered": "..."}} */
    if (f->word == STATE_TITLE && outer != NULL && !outer->is_list) {
        outer->title = outer->title.len == 0 ? raw : outer->title;
        return true;
    }
    if (word != STATE_BODY && word != STATE_LEAF)
        return true;
    /* In a list an object is one paragraph, which it may have twice, as text and as markup. */
    if (f->in_body ? !f->is_list && f->has_piece : word == STATE_LEAF && f->word != STATE_BODY)
        return true;
    if (!add_piece(w, f, raw))
        return false;
    if (!f->is_list)
        add_body(w, first, w->bytes - before, w->depth);
    return true;
}

/* ---- frames ---------------------------------------------------------------------------------- */

static bool open_frame(struct state_walk *w, bool is_list)
{
    static const struct state_frame none;
    const struct state_frame *outer = w->depth > 0 ? &w->frames[w->depth - 1] : &none;
    struct state_frame *f = &w->frames[w->depth];
    enum state_word word = outer->is_list ? outer->word : outer->next;

    if (w->depth == STATE_DEPTH_MAX)
        return false;
    w->depth++;
    *f = (struct state_frame){
        .is_list = is_list,
        .is_scope = is_list && word == STATE_BODY && !outer->is_list,
        .is_off = outer->is_off || word == STATE_OFF,
        .wants_key = !is_list,
        .word = word,
        .list = is_list ? ++w->n_lists : outer->list,
        .first_piece = w->n_pieces,
        .first_body = w->n_bodies,
        .first_bytes = w->bytes,
        .title = {"", 0}
    };
    f->in_body = outer->in_body || f->is_scope;
    f->lists = f->in_body ? outer->lists + is_list : 0;
    return true;
}

static void close_frame(struct state_walk *w)
{
    struct state_frame *f = &w->frames[--w->depth];
    struct state_frame *outer = w->depth > 0 ? f - 1 : NULL;

    if (f->is_scope && !f->is_off && !f->is_spoiled && w->n_pieces > f->first_piece)
        add_body(w, f->first_piece, w->bytes - f->first_bytes, w->depth);
    if (f->title.len > 0) {
        for (size_t i = f->first_body; i < w->n_bodies; i++)
            if (w->bodies[i].title.len == 0 && w->bodies[i].depth <= w->depth + 1 + TITLE_NEAR)
                w->bodies[i].title = f->title;
        f->is_spoiled = f->is_spoiled || w->bytes - f->first_bytes >= STATE_BODY_MIN_BYTES;
    }
    if (outer != NULL)
        outer->is_spoiled = outer->is_spoiled || f->is_spoiled;
}

size_t state_string_end(struct slice text, size_t at, char quote)
{
    while (at < text.len && text.ptr[at] != quote)
        at += text.ptr[at] == '\\' ? 2 : 1;
    return at < text.len ? at : text.len;
}

/* Numbers, words, calls: up to what may end or begin something else. */
static size_t word_end(struct slice text, size_t at)
{
    static const char ends[] = ",:{}[]\"'` \t\r\n";

    do
        at++;
    while (at < text.len && memchr(ends, text.ptr[at], sizeof(ends) - 1) == NULL);
    return at;
}

/* A word or string: a name where one is expected. */
static bool take_token(struct state_walk *w, struct slice token, bool is_string)
{
    struct state_frame *f = &w->frames[w->depth - 1];

    if (!f->is_list && f->wants_key) {
        f->next = word_of(token);
        f->is_span = slice_equal(token, SLICE("text")) || slice_equal(token, SLICE("value"));
        return true;
    }
    return !is_string || take_string(w, token);
}

size_t state_walk(struct state_walk *w, struct slice text, size_t at)
{
    bool is_over = false;

    w->depth = 0;
    while (at < text.len && !is_over) {
        struct state_frame *f = w->depth > 0 ? &w->frames[w->depth - 1] : NULL;
        char c = text.ptr[at];
        size_t end = at + 1;

        if (c == '{' || c == '[') {
            is_over = !open_frame(w, c == '[');
        } else if (f == NULL) {
            is_over = true;
        } else if (c == '}' || c == ']') {
            is_over = f->is_list != (c == ']');
            if (!is_over)
                close_frame(w);
            is_over = is_over || w->depth == 0;
        } else if (c == ',') {
            f->wants_key = !f->is_list;
            f->next = STATE_OTHER;
        } else if (c == ':') {
            f->wants_key = false;
        } else if (c == '"' || c == '\'' || c == '`') {
            end = state_string_end(text, at + 1, c);
            is_over =
                end == text.len || !take_token(w, slice_sub(text, at + 1, end - at - 1), true);
            end++;
        } else if (!ascii_is_space(c)) {
            end = word_end(text, at);
            is_over = !take_token(w, slice_sub(text, at, end - at), false);
        }
        at = end;
    }
    while (w->depth > 0)
        close_frame(w);
    return at < text.len ? at : text.len;
}

/* ---- escapes --------------------------------------------------------------------------------- */

/* The code of four digits, or of two such escapes that make one; *at moves behind. */
static uint32_t read_code(struct slice raw, size_t *at, size_t n_digits)
{
    uint32_t code = 0;

    for (size_t i = 0; i < n_digits; i++) {
        int digit = *at < raw.len ? ascii_hex(raw.ptr[*at]) : -1;

        if (digit < 0)
            return 0xFFFD;
        code = code << 4 | (uint32_t)digit;
        ++*at;
    }
    if (code >= 0xD800 && code < 0xDC00 && slice_starts(slice_skip(raw, *at), SLICE("\\u"))) {
        size_t next = *at + 2;
        uint32_t low = 0;

        for (size_t i = 0; i < 4; i++, next++) {
            int digit = next < raw.len ? ascii_hex(raw.ptr[next]) : -1;

            low = digit < 0 ? 0 : low << 4 | (uint32_t)digit;
        }
        if (low >= 0xDC00 && low < 0xE000) {
            *at = next;
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return code == 0 ? ' ' : code;
}

struct slice state_decode(struct slice raw, struct arena *arena)
{
    /* No escape is shorter than what it stands for, but a broken one by a byte. */
    char *out = slice_find_char(raw, '\\') == raw.len ? NULL : arena_alloc(arena, 2 * raw.len);
    size_t n = 0, at = 0;

    if (out == NULL)
        return raw;
    while (at < raw.len) {
        char c = raw.ptr[at++];

        if (c != '\\' || at == raw.len) {
            out[n++] = c;
            continue;
        }
        c = raw.ptr[at++];
        if (c == 'u' || c == 'x')
            n += text_put_code(out + n, read_code(raw, &at, c == 'u' ? 4 : 2));
        else if (c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f')
            out[n++] = c == 'n' ? '\n' : ' ';
        else
            out[n++] = c;
    }
    arena_cut(arena, out + n);
    return slice_of(out, n);
}

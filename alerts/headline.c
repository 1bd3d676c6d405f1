/* headline.c - what can be told of a page by its title and address alone. */
#include "alerts/headline.h"

#include "alerts/mention_parts.h"
#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"

#include <string.h>

/* One address in so many. */
#define SAMPLE_SHARE 100
/* Words, or characters of a script without spaces, that make a segment a title of its own. */
#define SEGMENT_WORDS_MIN 3
/* One-word names this short are other words in other languages, and nobody knows this one's. */
#define FOREIGN_WORD_BYTES 5

bool headline_is_sample(struct slice url)
{
    return hash64(url) % SAMPLE_SHARE == 0;
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* %41 is A; what separates words becomes a blank. Valid UTF-8. */
static struct slice segment_text(struct slice segment, struct arena *arena)
{
    char *out = arena_alloc(arena, segment.len + 1);
    size_t n = 0;

    if (out == NULL)
        return (struct slice){"", 0};
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.ptr[i];

        if (c == '%' && i + 2 < segment.len && ascii_hex(segment.ptr[i + 1]) >= 0 &&
            ascii_hex(segment.ptr[i + 2]) >= 0) {
            c = (char)(ascii_hex(segment.ptr[i + 1]) * 16 + ascii_hex(segment.ptr[i + 2]));
            i += 2;
        }
        out[n++] = (char)(strchr("-_+.,;=~", c) != NULL || c == '\n' ? ' ' : c);
    }
    return text_clean((struct slice){out, n}, arena);
}

static bool has_digit(struct slice word)
{
    for (size_t i = 0; i < word.len; i++)
        if (ascii_is_digit(word.ptr[i]))
            return true;
    return false;
}

/* Not a number, not a mark that only the site's own programs read. */
static bool reads_like_words(struct slice text, struct arena *arena)
{
    struct token_list list;
    size_t n = 0;

    if (token_scan(text, arena, &list, NULL) != WW_OK)
        return false;
    for (size_t i = 0; i < list.n_tokens; i++)
        n += (list.tokens[i].flags & TOKEN_CJK) != 0 ||
             (list.tokens[i].folded.len > 1 && !has_digit(list.tokens[i].folded));
    return n >= SEGMENT_WORDS_MIN;
}

/* The last segment's ".html" is no word of it. */
static struct slice without_suffix(struct slice segment)
{
    size_t dot = segment.len;

    for (size_t i = segment.len; i > 0 && segment.len - i < 6; i--)
        if (segment.ptr[i - 1] == '.') {
            dot = i - 1;
            break;
        }
    return slice_head(segment, dot);
}

static struct slice path_words(struct slice url, bool *reads, struct arena *arena)
{
    struct url parts;
    struct slice path;
    struct buf out;

    *reads = false;
    url_split(slice_head(url, URL_MAX_BYTES), &parts);
    path = parts.path;
    buf_init(&out, 4 * URL_MAX_BYTES);
    while (path.len > 0) {
        const size_t end = slice_find_char(path, '/');
        const struct slice text = segment_text(without_suffix(slice_head(path, end)), arena);

        path = slice_skip(path, end + 1);
        *reads |= reads_like_words(text, arena);
        buf_add(&out, text);
        buf_add(&out, SLICE("\n"));
    }
    path = arena_copy(arena, buf_slice(&out));
    buf_release(&out);
    return path;
}

struct slice headline_path_words(struct slice url, struct arena *arena)
{
    bool reads;
    const struct slice words = path_words(url, &reads, arena);

    return reads ? words : (struct slice){"", 0};
}

/* ---- what the list says of it ---------------------------------------------------------------- */

/* What was seen in one text. */
struct seen {
    bool speaks;
    bool has_site;  /* a place where something is watched */
    bool has_field; /* a word of the field that says little by itself */
};

static void see_term(const struct watch_term *t, struct seen *seen)
{
    if (t->role == ROLE_ANCHOR || t->role == ROLE_OPERATION ||
        (t->role == ROLE_TERM && t->strength >= STRENGTH_WEAK))
        seen->speaks = true;
    if (t->role == ROLE_TERM)
        seen->has_field = true;
}

static void see_name(const struct mention_engine *e, size_t index, struct seen *seen)
{
    const struct watchlist *w = e->watchlist;
    const struct watch_name *name = &w->names[index];

    if (name->language.len > 0 && name->text.len < FOREIGN_WORD_BYTES &&
        matcher_is_one_word(e->matcher, index))
        return;
    switch (name->class) {
    case WATCH_DIRECT:
    case WATCH_NEAR:
    case WATCH_BODY:
    case WATCH_BARE:
        seen->speaks = true;
        break;
    case WATCH_PLACE:
        seen->has_site |= w->places[name->owner].item != WATCH_NONE;
        break;
    case WATCH_DEMONYM:
        break;
    case WATCH_TERM:
        see_term(&w->terms[name->owner], seen);
        break;
    }
}

static enum ww_status look(const struct mention_engine *e, struct slice text, struct arena *scratch,
                           bool *speaks, struct ww_error *err)
{
    struct query_finder words = {.rules = e->queries};
    struct match_text cut;
    struct match_list list;
    struct seen seen = {0};
    enum ww_status status =
        match_text_cut(text_cut(text, MENTION_TEXT_MAX_BYTES), scratch, &cut, err);

    if (status == WW_OK)
        status = matcher_find(e->matcher, &cut, scratch, &list, err);
    if (status == WW_OK)
        status = query_rules_take(&words, MENTION_TITLE, &cut, &list, scratch, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_rows && !seen.speaks; i++)
        see_name(e, list.rows[i].name, &seen);
    *speaks = seen.speaks || (seen.has_site && seen.has_field) ||
              query_rules_need_any(e->queries, &words.words[MENTION_TITLE]);
    return WW_OK;
}

enum ww_status headline_judge(const struct mention_engine *e, struct slice title, struct slice url,
                              struct arena *scratch, enum headline_verdict *out,
                              struct ww_error *err)
{
    const struct mention_article article = {.title = title};
    struct mention_report report = {0};
    bool speaks = false;
    bool reads = false;
    const struct slice path = path_words(url, &reads, scratch);
    enum ww_status status = arena_check(scratch, err);

    *out = HEADLINE_SPEAKS;
    if (status == WW_OK)
        status = look(e, path, scratch, &speaks, err);
    if (status == WW_OK && !speaks)
        status = look(e, title, scratch, &speaks, err);
    /* What a rule or a combination of words finds in a title is found as in an article. */
    if (status == WW_OK && !speaks)
        status = mentions_find(e, &article, scratch, &report, err);
    if (status == WW_OK && !speaks && report.n_mentions + report.n_candidates == 0)
        *out = reads || slice_trim(title).len > 0 ? HEADLINE_PASSED : HEADLINE_SILENT;
    return status;
}

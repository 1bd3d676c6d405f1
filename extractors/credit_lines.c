/* credit_lines.c - "Quelle: dpa", "(APA/dpa)", "© AFP", "first published by X". */
#include "extractors/credit_lines.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/text.h"
#include "extractors/author.h"
#include "extractors/blocks.h"
#include "extractors/content.h"
#include "extractors/credit_names.h"
#include "extractors/credit_words.h"
#include "extractors/cues.h"
#include "extractors/dom.h"
#include "extractors/marks.h"

#include <string.h>

/* Blocks before and behind the prose that are looked at, and lines of a text without blocks. */
#define HEAD_BLOCKS 14
#define TAIL_BLOCKS 12
#define TAIL_PROSE 3
#define TEXT_LINES 6
/* Lines of one block. */
#define BLOCK_LINES_MAX 12
/* A line that says it is no longer; one that says it and more. */
#define LINE_MAX_BYTES 200
#define PHRASE_LINE_MAX_BYTES 480
/* How far from its begin a line says that it was published elsewhere. */
#define PHRASE_MAX_OFFSET 120
/* What stands behind the last sentence. */
#define TAIL_MAX_BYTES 90

struct hearing {
    struct slice page;
    struct arena *arena;
    const struct cues *cues;
    struct credit_said *out;
    size_t n;
};

/* ---- lines ----------------------------------------------------------------------------------- */

static void hear(struct hearing *h, const struct credit_said *said)
{
    if (h->n < CREDIT_SAID_MAX)
        h->out[h->n++] = *said;
}

/*
 * Bytes of the longest entry of a table that s begins with, the case of ASCII letters ignored, and
 * of what end finds behind it; 0: none. end: NULL, nothing need follow.
 */
static size_t longest_at(struct slice s, const char *const *table, size_t n,
                         size_t (*end)(struct slice behind))
{
    const unsigned char first = s.len == 0 ? 0 : (unsigned char)ascii_lower(s.ptr[0]);
    size_t from = 0, to = n, best = 0;

    while (from < to) {
        const size_t middle = from + (to - from) / 2;

        if ((unsigned char)table[middle][0] < first)
            from = middle + 1;
        else
            to = middle;
    }
    for (; s.len > 0 && from < n && (unsigned char)table[from][0] == first; from++) {
        const struct slice entry = slice_from(table[from]);
        size_t behind = 0;

        if (!slice_starts_nocase(s, entry))
            continue;
        if (end != NULL && (behind = end(slice_skip(s, entry.len))) == 0)
            continue;
        best = entry.len + behind > best ? entry.len + behind : best;
    }
    return best;
}

/* Bytes of a colon and the spaces before it. */
static size_t colon_at(struct slice s)
{
    struct slice rest = slice_trim(s);

    if (slice_starts(rest, SLICE("\u00a0")))
        rest = slice_trim(slice_skip(rest, 2));
    if (slice_starts(rest, SLICE(":")))
        return (size_t)(rest.ptr - s.ptr) + 1;
    return slice_starts(rest, SLICE("\uff1a")) ? (size_t)(rest.ptr - s.ptr) + 3 : 0;
}

/* Bytes of "Source:" at the begin of s; 0: it does not begin so. */
static size_t label_at(struct slice s)
{
    return longest_at(s, source_labels, WW_COUNT(source_labels), colon_at);
}

/* The first link of a block to an article elsewhere, or to an outlet; text: what it is called. */
static struct slice find_link(const struct hearing *h, const struct dom_node *node,
                              struct slice behind, struct slice *text)
{
    struct slice found = {"", 0};

    *text = found;
    for (const struct dom_node *n = node; n != NULL; n = dom_next(n, node)) {
        struct slice words;

        if (n->tag != DOM_A || !dom_has(n, "href"))
            continue;
        words = dom_text(n, h->arena);
        if (text->len == 0 && slice_contains(behind, words) && credit_is_name(credit_strip(words)))
            *text = credit_strip(words);
        if (found.len == 0)
            found = credit_elsewhere(dom_get(n, "href"), h->page, h->arena);
    }
    return found;
}

static struct slice cut_value(struct slice s)
{
    struct slice list = slice_from(source_ends), end;

    s = slice_trim(s);
    while (slice_next(&list, '|', &end)) {
        const size_t at = end.len > 1 ? slice_find_nocase(s, end) : s.len;

        if (at > 0 && at < s.len)
            s = slice_head(s, at);
    }
    for (size_t at = 0; at < s.len;) {
        const size_t before = at;
        const uint32_t code = text_next_code(s, &at);

        if (code == '|' || code == 0xFF5C || code == '\n')
            return slice_head(s, before);
        /* Han names have no space: the next fact stands behind one. */
        if (code == ' ' && before >= 3 && (unsigned char)s.ptr[0] >= 0xE3)
            return slice_head(s, before);
    }
    return s;
}

static bool is_plural(struct slice label)
{
    return credit_is_listed(credit_strip(label), plural_labels);
}

static struct slice first_word(struct slice s)
{
    return slice_head(s, slice_find_char(s, ' '));
}

/* "Upland Union (UU)": without what it is called for short. With a comma it is a citation. */
static struct slice full_name(struct slice value)
{
    const bool is_citation = slice_find_char(value, ',') < value.len;

    return is_citation ? value : slice_head(value, slice_find(value, SLICE(" (")));
}

/* "来源：新华网", in the line or at its begin; "Source: Reuters". */
static bool hear_label(struct hearing *h, struct slice line)
{
    struct credit_said said;
    struct slice inner = credit_strip(line), value;
    size_t at = 0, n;

    if (!slice_contains(inner, SLICE(":")) && !slice_contains(inner, SLICE("\uff1a")))
        return false;
    n = label_at(inner);
    /* Among facts in a row: behind a space or a bar, or in Han. */
    while (n == 0 && at < inner.len) {
        const char before = inner.ptr[at];

        (void)text_next_code(inner, &at);
        if (before == ' ' || before == '|' || (unsigned char)inner.ptr[at - 1] >= 0x80)
            n = at < inner.len && (unsigned char)inner.ptr[at] >= 0xE0
                    ? label_at(slice_skip(inner, at))
                    : 0;
    }
    /* Several sources are where facts are from. */
    if (n == 0 || is_plural(slice_head(slice_skip(inner, at), n)))
        return false;
    value = cut_value(slice_skip(inner, at + n));
    if (!credit_name(value, h->arena, &said) && !credit_name(full_name(value), h->arena, &said))
        return false;
    if (said.name.len > 0 && credit_is_listed(first_word(said.name), pictures))
        return false;
    said.source = ARTICLE_CREDIT_LINE;
    hear(h, &said);
    return true;
}

/* "© 2022 AFP", "(c)AFP", "저작권자(c) 연합뉴스, ...": the agency behind the sign. */
static bool hear_copyright(struct hearing *h, struct slice line)
{
    static const char *const signs[] = {"\u00a9",    "(c)",       "(C)",       "\u24d2",
                                        "Copyright", "copyright", "COPYRIGHT", "\uff08c\uff09"};
    static const char ends[] = ",.|;/:";

    for (size_t i = 0; i < WW_COUNT(signs); i++) {
        const struct slice sign = slice_from(signs[i]);
        const size_t at = slice_find(line, sign);
        struct credit_said said = {.source = ARTICLE_CREDIT_LINE};
        struct slice rest;
        size_t end = 0;

        /* "Frontpage: © AFP" is a picture's. */
        if (at == line.len || slice_find_char(line, ':') < at)
            continue;
        rest = slice_trim(slice_skip(line, at + sign.len));
        while (end < rest.len && strchr(ends, rest.ptr[end]) == NULL)
            end++;
        if (agency_read(credit_strip(rest), AGENCY_BARE, h->arena, &said.agencies) ||
            (end > 0 &&
             agency_read(slice_head(rest, end), AGENCY_BARE, h->arena, &said.agencies))) {
            hear(h, &said);
            return true;
        }
    }
    return false;
}

/* "(Reporting by ...; Editing by ...)": one agency closes its texts so. */
static bool hear_trailer(struct hearing *h, struct slice line)
{
    struct credit_said said = {.source = ARTICLE_CREDIT_LINE};

    if (!(slice_starts_nocase(line, SLICE("(Reporting by ")) ||
          slice_starts_nocase(line, SLICE("(Additional reporting by "))) ||
        !slice_contains(line, SLICE("diting by ")))
        return false;
    said.agencies.list[0] = agency_find(SLICE("Reuters"), AGENCY_MARKED, h->arena);
    said.agencies.n = said.agencies.list[0] != NULL;
    hear(h, &said);
    return true;
}

/* ---- first published elsewhere --------------------------------------------------------------- */

/* The first of the phrases in line: offset of what is behind it; 0: none. */
static size_t phrase_end(struct slice line)
{
    for (size_t at = 0; at < line.len && at < PHRASE_MAX_OFFSET; at++) {
        const unsigned char c = (unsigned char)line.ptr[at];
        const bool begins_word = at == 0 || c >= 0xE3 || !ascii_is_letter(line.ptr[at - 1]);
        const size_t n =
            begins_word && (c & 0xC0) != 0x80
                ? longest_at(slice_skip(line, at), first_published, WW_COUNT(first_published), NULL)
                : 0;

        if (n > 0)
            return at + n;
    }
    return 0;
}

/* The name behind such words: "in the Ferrylane Herald on Monday." */
static struct slice name_behind(struct slice s)
{
    static const char *const ends[] = {
        ". ",     ",",      " (",       " on ",   " in ",   " at ", " under ", " and ",
        " am ",   " im ",   " und ",    " el ",   " y ",    " le ", " et ",    "\u3002",
        "\uff0c", "\uff08", " dengan ", "\u3001", " with ", ";",    " as ",    "\u300b"};
    bool goes_on = true;

    s = credit_strip(s);
    while (goes_on) {
        const size_t space = slice_find_char(s, ' ');
        const struct slice word = slice_head(s, space);

        goes_on = space < s.len && (credit_is_listed(word, before_name) ||
                                    credit_is_listed(credit_strip(word), before_name));
        if (goes_on)
            s = credit_strip(slice_skip(s, space + 1));
    }
    for (size_t i = 0; i < WW_COUNT(ends); i++) {
        const size_t at = slice_find(s, slice_from(ends[i]));

        if (at > 0 && at < s.len)
            s = slice_head(s, at);
    }
    return credit_strip(s);
}

static bool hear_first(struct hearing *h, struct slice line, const struct dom_node *node)
{
    struct credit_said said = {.source = ARTICLE_CREDIT_FIRST};
    struct slice behind, name = {"", 0};
    size_t end;

    if (line.len > PHRASE_LINE_MAX_BYTES)
        return false;
    end = phrase_end(line);
    if (end == 0)
        return false;
    behind = slice_skip(line, end);
    if (node != NULL)
        said.url = find_link(h, node, behind, &name);
    if (name.len == 0)
        name = name_behind(behind);
    if (!credit_name(name, h->arena, &said) && said.url.len == 0)
        return false;
    said.source = ARTICLE_CREDIT_FIRST;
    if (node != NULL)
        said.url = find_link(h, node, behind, &name);
    hear(h, &said);
    return true;
}

/* ---- the end of the prose -------------------------------------------------------------------- */

/* What stands behind the last full stop, or in the last brackets: "... said. (APA/dpa)". */
static struct slice last_words(struct slice line)
{
    static const char *const stops[] = {
        ". ",      "! ",      "? ",      "\" ",    "\u201d ", "\u201c ", "\u00bb ",
        "\u3002",  "\u300d",  "\uff01",  "\uff1f", "' ",      "\u2019 ", "\u06d4",
        "\u061f ", "\u0964 ", ".\u00a0", ") ",     ".\u2014", ".\u2013", ".("};
    const size_t from = line.len > TAIL_MAX_BYTES ? line.len - TAIL_MAX_BYTES : 0;
    struct slice s = slice_skip(line, from);
    static const char *const opens[] = {" (", "\uff08", "[", "\u3010", "<", "("};
    size_t best = 0;

    s = slice_trim(s);
    while (slice_ends(s, SLICE(".")) || slice_ends(s, SLICE("\u3002")))
        s = slice_head(s, s.len - (s.ptr[s.len - 1] == '.' ? 1 : 3));
    if (s.len > 0 &&
        (s.ptr[s.len - 1] == ')' || s.ptr[s.len - 1] == ']' || s.ptr[s.len - 1] == '>' ||
         slice_ends(s, SLICE("\uff09")) || slice_ends(s, SLICE("\u3011")))) {
        for (size_t i = 0; i < WW_COUNT(opens); i++)
            for (size_t at = slice_find(s, slice_from(opens[i])); at < s.len;
                 at += 1 + slice_find(slice_skip(s, at + 1), slice_from(opens[i])))
                best = at > best ? at : best;
        if (best > 0)
            return credit_strip(slice_skip(s, best));
    }
    for (size_t i = 0; i < WW_COUNT(stops); i++) {
        const struct slice stop = slice_from(stops[i]);

        for (size_t at = slice_find(s, stop); at < s.len;
             at += stop.len + slice_find(slice_skip(s, at + stop.len), stop))
            best = at + stop.len > best ? at + stop.len : best;
    }
    if (best == 0)
        return (struct slice){"", 0};
    s = slice_skip(s, best);
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '-' || slice_starts(s, SLICE("\u2014")) ||
                         slice_starts(s, SLICE("\u2013"))))
        s = slice_skip(s, (unsigned char)s.ptr[0] < 0x80 ? 1 : 3);
    return s;
}

/* is_behind: the prose; a right or an agency alone between its paragraphs is a picture's. */
static void listen_end(struct hearing *h, struct slice line, bool is_behind,
                       const struct dom_node *node)
{
    struct credit_said said = {.source = ARTICLE_CREDIT_LINE};
    const bool is_short = line.len <= LINE_MAX_BYTES;
    const bool is_marked = strchr("([/", line.ptr[0]) != NULL || (unsigned char)line.ptr[0] >= 0xE3;
    struct slice last;

    if (hear_first(h, line, node))
        return;
    if (is_short &&
        (hear_label(h, line) || hear_trailer(h, line) || (is_behind && hear_copyright(h, line))))
        return;
    if (is_short && is_behind &&
        agency_read(credit_strip(line), is_marked ? AGENCY_MARKED : AGENCY_BARE, h->arena,
                    &said.agencies)) {
        hear(h, &said);
        return;
    }
    last = last_words(line);
    if (label_at(last) > 0)
        (void)hear_label(h, last);
    else if (agency_read(last, AGENCY_BARE, h->arena, &said.agencies))
        hear(h, &said);
}

static void listen_head(struct hearing *h, struct slice line, bool is_marked,
                        const struct dom_node *node)
{
    struct credit_said said = {.source = ARTICLE_CREDIT_BYLINE};
    struct slice rest = line;

    if (line.len > LINE_MAX_BYTES || hear_label(h, line) || hear_first(h, line, node))
        return;
    if ((is_marked || author_cut_label(&rest)) && credit_byline(line, h->arena, &said.agencies))
        hear(h, &said);
}

/*
 * Who made a picture is said in the same way. Of the signs that cues.h takes for that, a word for
 * source or right alone is one for a text, too: "Quelle: dpa", "(c)AFP".
 */
static bool is_picture(struct hearing *h, struct slice line)
{
    const bool is_open =
        label_at(credit_strip(line)) > 0 || slice_starts_nocase(line, SLICE("(c)")) ||
        slice_starts_nocase(line, SLICE("copyright")) || slice_starts(line, SLICE("\u00a9")) ||
        slice_starts(line, SLICE("\uff08c\uff09"));

    if (is_open)
        return false;
    /* The phrases are arranged when a page needs them. */
    if (h->cues == NULL)
        h->cues = cues_open(h->arena);
    return h->cues == NULL || cues_match(h->cues, line) == CUE_CREDIT;
}

/* What was heard of a picture is forgotten. A block has lines where it has <br>. */
static void hear_end(struct hearing *h, struct slice text, bool is_behind,
                     const struct dom_node *node)
{
    struct slice line;

    for (size_t i = 0; i < BLOCK_LINES_MAX && slice_next_line(&text, &line); i++) {
        const size_t n = h->n;

        if (line.len > 0)
            listen_end(h, line, is_behind, node);
        if (h->n > n && is_picture(h, line))
            h->n = n;
    }
}

static void hear_head(struct hearing *h, struct slice text, bool is_marked,
                      const struct dom_node *node)
{
    struct slice line;

    for (size_t i = 0; i < BLOCK_LINES_MAX && slice_next_line(&text, &line); i++) {
        const size_t n = h->n;

        listen_head(h, line, is_marked, node);
        if (h->n > n && is_picture(h, line))
            h->n = n;
    }
}

/* ---- where they stand ------------------------------------------------------------------------ */

enum {
    NO_CREDIT = MARK_CAPTION | MARK_RELATED | MARK_SIDE | MARK_COMMENTS | MARK_AD | MARK_BIO |
                MARK_TEASER | MARK_SUBSCRIBE
};
/* How far above its block an element that says what it is may stand. */
#define MARKED_LEVELS_MAX 3

static uint32_t marks_around(const struct blocks *b, const struct block *block)
{
    const struct dom_node *n = block->node;
    uint32_t marks = block->cut_by != NULL && b->marks != NULL ? b->marks[block->cut_by->order] : 0;

    for (int i = 0; i < MARKED_LEVELS_MAX && n != NULL && b->marks != NULL; i++, n = n->parent)
        marks |= b->marks[n->order];
    return marks;
}

static bool is_heard(const struct blocks *b, const struct block *block)
{
    if (block->kind == BLOCK_CAPTION || block->kind == BLOCK_HEADING)
        return false;
    return block->cut == CUT_NOT || (marks_around(b, block) & NO_CREDIT) == 0;
}

static void hear_blocks(struct hearing *h, const struct content *content)
{
    const struct blocks *b = &content->blocks;
    size_t prose = b->n, last = 0;

    for (size_t i = b->first[content->container->order]; i < b->end[content->container->order]; i++)
        if (b->list[i].cut == CUT_NOT && b->list[i].mass > 0) {
            prose = i < prose ? i : prose;
            last = i;
        }
    for (size_t i = prose > HEAD_BLOCKS ? prose - HEAD_BLOCKS : 0; i < prose && prose < b->n; i++)
        if (is_heard(b, &b->list[i]))
            hear_head(h, b->list[i].text, (marks_around(b, &b->list[i]) & MARK_AUTHOR) != 0,
                      b->list[i].node);
    for (size_t i = last > TAIL_PROSE ? last - TAIL_PROSE : 0; i < b->n && i <= last + TAIL_BLOCKS;
         i++)
        if (i >= prose && is_heard(b, &b->list[i]) && (i <= last || b->list[i].cut != CUT_OUTSIDE))
            hear_end(h, b->list[i].text, i > last, b->list[i].node);
}

static void hear_text(struct hearing *h, struct slice text)
{
    struct slice lines[TEXT_LINES], line;
    size_t n = 0;

    while (slice_next_line(&text, &line)) {
        if (line.len == 0)
            continue;
        if (n < TEXT_LINES)
            hear_head(h, line, false, NULL);
        lines[n++ % TEXT_LINES] = line;
    }
    for (size_t i = n > TEXT_LINES ? n - TEXT_LINES : 0; i < n; i++)
        hear_end(h, lines[i % TEXT_LINES], true, NULL);
}

size_t credit_lines(const struct content *content, struct slice text, struct slice page,
                    struct arena *arena, struct credit_said *out)
{
    struct hearing h = {page, arena, NULL, out, 0};

    if (content != NULL)
        hear_blocks(&h, content);
    else
        hear_text(&h, text);
    return h.n;
}

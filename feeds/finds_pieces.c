/*
 * finds_pieces.c - a long list in pieces that can be read alone.
 *
 * Knows of XML where tags, comments and CDATA sections begin and end, and nothing more: a parser
 * reads each piece. Bytes are looked at twice at most.
 */
#include "feeds/finds_parts.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"

/* Which elements a document of that root is a list of. */
static const struct {
    const char *root, *element;
} lists[] = {
    {"urlset",       "url"    },
    {"sitemapindex", "sitemap"},
    {"rss",          "item"   },
    {"rdf:rdf",      "item"   },
    {"feed",         "entry"  },
};

enum tag_kind { TAG_START, TAG_END, TAG_ALONE };

struct tag {
    enum tag_kind kind;
    struct slice name; /* with its prefix */
    size_t begin, end; /* offsets of '<' and behind '>' */
};

struct tag_scanner {
    struct slice text;
    size_t at;
    bool *has_no_comment_end, *has_no_cdata_end; /* looked for once, not again */
};

/* Behind the end mark of what begins at s->at; 1 when it has none: then it is no such thing. */
static void skip_section(struct tag_scanner *s, size_t begin, struct slice mark, bool *is_missing)
{
    struct slice body = slice_skip(s->text, s->at + begin);
    size_t n = *is_missing ? body.len : slice_find(body, mark);

    *is_missing = *is_missing || n == body.len;
    s->at += n == body.len ? 1 : begin + n + mark.len;
}

/* Behind the '>' of the tag at the start of s, whose attributes may hold one. */
static size_t tag_bytes(struct slice s)
{
    char quote = '\0';

    for (size_t i = 1; i < s.len && s.ptr[i] != '<'; i++) {
        if (quote != '\0')
            quote = s.ptr[i] == quote ? '\0' : quote;
        else if (s.ptr[i] == '>')
            return i + 1;
        else if (s.ptr[i] == '"' || s.ptr[i] == '\'')
            quote = s.ptr[i];
    }
    return 0;
}

static bool read_tag(struct slice here, struct tag *tag)
{
    const size_t skipped = slice_starts(here, SLICE("</")) ? 2 : 1, end = tag_bytes(here);
    size_t n = skipped;

    if (end == 0)
        return false;
    while (n < end && !ascii_is_space(here.ptr[n]) && here.ptr[n] != '>' && here.ptr[n] != '/')
        n++;
    tag->name = slice_sub(here, skipped, n - skipped);
    tag->kind = skipped == 2 ? TAG_END : here.ptr[end - 2] == '/' ? TAG_ALONE : TAG_START;
    tag->end = end;
    return tag->name.len > 0;
}

static bool next_tag(struct tag_scanner *s, struct tag *tag)
{
    while (s->at < s->text.len) {
        struct slice here;

        s->at += slice_find_char(slice_skip(s->text, s->at), '<');
        here = slice_skip(s->text, s->at);
        if (slice_starts(here, SLICE("<![CDATA["))) {
            skip_section(s, 9, SLICE("]]>"), s->has_no_cdata_end);
        } else if (slice_starts(here, SLICE("<!--"))) {
            skip_section(s, 4, SLICE("-->"), s->has_no_comment_end);
        } else if (here.len < 2 || here.ptr[1] == '!' || here.ptr[1] == '?' ||
                   !read_tag(here, tag)) {
            s->at++;
        } else {
            tag->begin = s->at;
            s->at = tag->end += tag->begin;
            return true;
        }
    }
    return false;
}

/* ---- what kind of list it is ----------------------------------------------------------------- */

/* The element that a document of this root is a list of, with the root's prefix, if that has one.
 */
static bool element_of(struct slice root, struct slice *element, struct slice *prefix)
{
    const size_t colon = slice_find_char(root, ':');
    struct slice local = colon < root.len ? slice_skip(root, colon + 1) : root;

    for (size_t i = 0; i < WW_COUNT(lists); i++) {
        bool is_rdf = slice_equal_nocase(root, SLICE("rdf:rdf"));

        if (!slice_equal_nocase(is_rdf ? root : local, slice_from(lists[i].root)))
            continue;
        *element = slice_from(lists[i].element);
        *prefix = is_rdf || colon == root.len ? SLICE("") : slice_head(root, colon + 1);
        return true;
    }
    return false;
}

static bool is_element(const struct finds_pieces *p, struct slice name)
{
    struct slice local = slice_skip(name, p->prefix.len);

    return name.len == p->prefix.len + p->element.len && slice_starts_nocase(name, p->prefix) &&
           slice_equal_nocase(local, p->element);
}

/* From the root on to the first element of the list; what is open there has to be closed again. */
static void read_head(struct finds_pieces *p)
{
    bool has_no_comment_end = false, has_no_cdata_end = false;
    struct tag_scanner s = {slice_head(p->document, FINDS_HEAD_MAX_BYTES), 0, &has_no_comment_end,
                            &has_no_cdata_end};
    struct slice element = {"", 0};
    struct tag tag;

    while (next_tag(&s, &tag)) {
        if (p->n_open == 0) {
            if (tag.kind != TAG_START || !element_of(tag.name, &element, &p->prefix))
                return;
            p->element = element;
            p->open[p->n_open++] = tag.name;
        } else if (tag.kind == TAG_END) {
            p->n_open -= p->n_open > 1;
        } else if (is_element(p, tag.name)) {
            p->head = slice_head(p->document, tag.begin);
            p->rest = slice_skip(p->document, tag.begin);
            return;
        } else if (tag.kind == TAG_START) {
            if (p->n_open == WW_COUNT(p->open))
                break;
            p->open[p->n_open++] = tag.name;
        }
    }
    p->element = SLICE("");
}

/* Each line is something of its own: addresses, paths, captures. */
static bool has_lines(struct slice document)
{
    struct slice rest = document, line;

    if (slice_find_char(slice_head(document, 4), '\0') < 4 || !slice_next_line(&rest, &line))
        return false; /* UTF-16 */
    line = slice_trim(line);
    return !slice_starts(line, SLICE("[")) &&
           (!slice_starts(line, SLICE("{")) || slice_ends(line, SLICE("}")));
}

void finds_pieces_init(struct finds_pieces *p, struct slice document)
{
    size_t first = 0;

    *p = (struct finds_pieces){.document = document, .rest = document};
    if (slice_starts(document, SLICE("\xEF\xBB\xBF")))
        first = 3;
    if (slice_starts(slice_trim(slice_skip(document, first)), SLICE("<")))
        read_head(p);
    else
        p->is_lines = has_lines(document);
}

bool finds_pieces_is_cut(const struct finds_pieces *p)
{
    struct slice tail = p->document;

    if (p->n_open == 0)
        return false;
    if (tail.len > FINDS_HEAD_MAX_BYTES)
        tail = slice_skip(tail, tail.len - FINDS_HEAD_MAX_BYTES);
    while (tail.len > 0) {
        tail = slice_skip(tail, slice_find(tail, SLICE("</")) + 2);
        if (slice_starts_nocase(tail, p->open[0]))
            return slice_find_char(tail, '>') == tail.len;
    }
    return true;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

/* The next whole element from `at` on; its end. 0: there is none. */
static size_t element_end(struct finds_pieces *p, size_t at)
{
    struct tag_scanner s = {p->rest, at, &p->has_no_comment_end, &p->has_no_cdata_end};
    bool is_open = false;
    struct tag tag;

    while (next_tag(&s, &tag)) {
        if (!is_element(p, tag.name))
            continue;
        if (tag.kind == TAG_ALONE || (tag.kind == TAG_END && is_open))
            return tag.end;
        is_open = tag.kind == TAG_START;
    }
    return 0;
}

/* The root, n bytes of elements, and the ends of what the root opened. */
static bool put_piece(const struct finds_pieces *p, size_t n, struct buf *room, struct slice *piece)
{
    buf_reset(room);
    buf_add(room, p->head);
    buf_add(room, slice_head(p->rest, n));
    for (size_t i = p->n_open; i-- > 0;) {
        buf_add_string(room, "</");
        buf_add(room, p->open[i]);
        buf_add_string(room, ">");
    }
    *piece = buf_slice(room);
    return room->status == WW_OK;
}

static bool next_elements(struct finds_pieces *p, size_t max_bytes, struct buf *room,
                          struct slice *piece)
{
    const size_t around = p->head.len + FINDS_TAIL_MAX_BYTES;
    const size_t budget = max_bytes > around ? max_bytes - around : 0;
    size_t taken = 0, n_rows = 0, end;

    while ((end = element_end(p, taken)) > 0) {
        if (end > budget && taken == 0) {
            p->rest = slice_skip(p->rest, end);
            p->n_left_out++;
        } else if (end > budget || n_rows == FINDS_PIECE_ROWS) {
            break;
        } else {
            taken = end;
            n_rows++;
        }
    }
    if (end == 0 && p->rest.len <= budget) {
        /* With what stands behind the last element: its end, or that it breaks off. */
        *piece = p->document;
        if (p->rest.ptr != p->document.ptr + p->head.len) {
            buf_reset(room);
            buf_add(room, p->head);
            buf_add(room, p->rest);
            *piece = buf_slice(room);
        }
        p->rest = SLICE("");
        return room->status == WW_OK;
    }
    if (!put_piece(p, taken, room, piece))
        return false;
    /* Without an element that fits, the last piece is an empty list: who asked waits for one. */
    p->n_left_out += taken == 0 && p->rest.len > 0;
    p->rest = slice_skip(p->rest, taken > 0 ? taken : p->rest.len);
    return true;
}

static bool next_lines(struct finds_pieces *p, size_t max_bytes, struct slice *piece)
{
    while (p->rest.len > max_bytes) {
        size_t end = slice_find_last_char(slice_head(p->rest, max_bytes), '\n');

        if (end < max_bytes) {
            *piece = slice_head(p->rest, end + 1);
            p->rest = slice_skip(p->rest, end + 1);
            return true;
        }
        p->rest = slice_skip(p->rest, slice_find_char(p->rest, '\n') + 1);
        p->n_left_out++;
    }
    *piece = p->rest;
    p->rest = SLICE("");
    return piece->len > 0;
}

bool finds_next_piece(struct finds_pieces *p, size_t max_bytes, struct buf *room,
                      struct slice *piece)
{
    if (p->rest.len == 0)
        return false;
    if (p->element.len > 0)
        return next_elements(p, max_bytes, room, piece);
    if (p->is_lines)
        return next_lines(p, max_bytes, piece);
    *piece = slice_head(p->rest, FINDS_WHOLE_MAX_BYTES);
    p->n_left_out += p->rest.len > FINDS_WHOLE_MAX_BYTES;
    p->rest = SLICE("");
    return true;
}

bool finds_pieces_whole(struct finds_pieces *p, struct buf *room, struct slice *piece)
{
    size_t taken = 0, end;

    if (p->element.len == 0)
        return false;
    while ((end = element_end(p, taken)) > 0)
        taken = end;
    return put_piece(p, taken, room, piece);
}

/* digest_lines.c - words into lines of 72 columns. */
#include "alerts/mail/digest_lines.h"

#include "alerts/mail/digest.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/link.h"
#include "base/text.h"

#include <inttypes.h>

#define COLUMNS 72
/* A word with no place to break it is broken all the same, long before RFC 5322's 998 octets. */
#define WORD_MAX_BYTES 400

/* ---- words ----------------------------------------------------------------------------------- */

static void put_indent(struct line *l)
{
    for (size_t i = 0; i < l->indent; i++)
        buf_add_char(l->out, ' ');
    l->used = l->indent;
    l->is_empty = true;
}

static void put_word(struct line *l, struct slice word, bool spaced)
{
    size_t width = text_width(word);
    bool gap = spaced && !l->is_empty;

    if (!l->is_empty && l->used + width + gap > COLUMNS) {
        buf_add_char(l->out, '\n');
        put_indent(l);
        gap = false;
    }
    if (gap)
        buf_add_char(l->out, ' ');
    text_add_visible(l->out, word);
    l->used += width + gap;
    l->is_empty = false;
}

/* Marks that never begin a line, and those that never end one. */
static bool clings_to_left(uint32_t code)
{
    static const uint32_t marks[] = {0xAB,   0x2019, 0x201D, 0x3001, 0x3002, 0x300B, 0x300D, 0x300F,
                                     0x3011, 0xFF01, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F};

    for (size_t i = 0; i < WW_COUNT(marks); i++)
        if (code == marks[i])
            return true;
    return false;
}

static bool clings_to_right(uint32_t code)
{
    return code == 0xBB || code == 0x201C || code == 0x2018 || code == 0x300A || code == 0x300C ||
           code == 0x300E || code == 0x3010 || code == 0xFF08;
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == '\n' || code == '\t';
}

/* The end of the word that begins at start: a line may be broken there. */
static size_t word_end(struct slice s, size_t start)
{
    size_t at = start;
    uint32_t last = text_next_code(s, &at);

    while (at < s.len) {
        size_t next = at;
        uint32_t code = text_next_code(s, &next);
        bool may_break = text_is_cjk(last) || text_is_cjk(code);

        if (is_space(code) || (may_break && !clings_to_left(code) && !clings_to_right(last)) ||
            next - start > WORD_MAX_BYTES)
            break;
        last = code;
        at = next;
    }
    return at;
}

static void put_words(struct line *l, struct slice s, bool spaced)
{
    size_t at = 0;

    while (at < s.len) {
        size_t next = at;

        if (is_space(text_next_code(s, &next))) {
            spaced = true;
            at = next;
            continue;
        }
        next = word_end(s, at);
        put_word(l, slice_sub(s, at, next - at), spaced);
        spaced = false;
        at = next;
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct line line_begin(struct buf *out, size_t indent)
{
    struct line l = {.out = out, .indent = indent};

    put_indent(&l);
    return l;
}

struct line line_begin_with(struct buf *out, const char *bullet)
{
    struct line l = {.out = out, .indent = slice_from(bullet).len, .is_empty = true};

    buf_add_string(out, bullet);
    l.used = l.indent;
    return l;
}

void line_add_some(struct line *l, struct slice words, size_t max)
{
    const struct slice head = text_cut(words, max);

    put_words(l, head, true);
    if (head.len < words.len)
        put_words(l, SLICE("..."), false);
}

void line_add(struct line *l, struct slice words)
{
    line_add_some(l, words, DIGEST_NAME_BYTES);
}

void line_add_apart(struct line *l, struct slice words)
{
    if (l->used + 3 + text_width(words) > COLUMNS) {
        line_end(l);
        *l = line_begin(l->out, l->indent);
    } else {
        line_add(l, SLICE("|"));
    }
    line_add(l, words);
}

void line_add_label(struct line *l, struct slice words)
{
    struct buf label;

    buf_init(&label, DIGEST_MAX_BYTES);
    buf_add_char(&label, '[');
    buf_add(&label, text_cut(words, DIGEST_NAME_BYTES));
    buf_add_char(&label, ']');
    put_words(l, buf_slice(&label), true);
    if (label.status != WW_OK)
        l->out->status = label.status;
    buf_release(&label);
}

void line_join(struct line *l, struct slice words)
{
    put_words(l, text_cut(words, DIGEST_NAME_BYTES), false);
}

void line_end(struct line *l)
{
    buf_add_char(l->out, '\n');
}

void line_put_address(struct buf *out, size_t indent, struct slice url, int64_t alert_id)
{
    struct line l = line_begin(out, indent);
    const size_t begin = out->len;

    /* A host as idn_to_shown lets it be seen; what is no web address as it stands. */
    if (!link_add_shown(out, url))
        text_add_visible(out, url);
    if (out->len - begin > DIGEST_LINE_MAX_BYTES) {
        buf_truncate(out, begin);
        buf_printf(out, "an address of %zu bytes", url.len);
        if (alert_id != 0)
            buf_printf(out, ": wirewatch alert show a%" PRId64, alert_id);
    }
    line_end(&l);
}

void line_put_quote(struct buf *out, size_t indent, struct digest_quote q)
{
    struct line l = line_begin(out, indent);
    struct buf marked;

    buf_init(&marked, DIGEST_MAX_BYTES);
    if (q.is_cut_before)
        buf_add_string(&marked, "... ");
    for (size_t i = 0; i < q.n_pieces; i++) {
        if (q.pieces[i].is_match)
            buf_add_string(&marked, "\xC2\xBB");
        buf_add(&marked, q.pieces[i].text);
        if (q.pieces[i].is_match)
            buf_add_string(&marked, "\xC2\xAB");
    }
    if (q.is_cut_after)
        buf_add_string(&marked, " ...");
    put_words(&l, buf_slice(&marked), true);
    if (marked.status != WW_OK)
        out->status = marked.status;
    buf_release(&marked);
    line_end(&l);
}

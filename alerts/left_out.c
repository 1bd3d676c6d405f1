/* left_out.c - lines of links by their cue, captions by their credit or mark. */
#include "alerts/left_out.h"

#include "base/text.h"

/* A line of a list of links is short, and no sentence. */
#define LINK_LINE_BYTES 160
/* "(Name/Agency)" at a line's end. */
#define CREDIT_BYTES 80

/* The line around a byte. */
static struct slice line_at(struct slice text, size_t at)
{
    struct slice before = slice_head(text, at);
    size_t start = slice_find_last_char(before, '\n');

    start = start == before.len ? 0 : start + 1;
    return slice_sub(text, start, at - start + slice_find_char(slice_skip(text, at), '\n'));
}

static bool ends_like_prose(struct slice line)
{
    line = slice_trim(line);
    return line.len > 0 && (line.ptr[line.len - 1] == '.' || line.ptr[line.len - 1] == '!' ||
                            line.ptr[line.len - 1] == '?' || slice_ends(line, SLICE("。")));
}

/* The first sentence that ends behind a byte. */
static size_t sentence_at_byte(const struct context *c, size_t at)
{
    size_t low = 0;
    size_t high = c->n_sentences;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (c->sentences[middle].at.end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void leave_out(struct context *c, size_t start, size_t end, bool is_caption)
{
    for (size_t i = sentence_at_byte(c, start);
         i < c->n_sentences && c->sentences[i].at.start < end; i++) {
        c->sentences[i].is_left_out = true;
        c->sentences[i].is_caption |= is_caption;
    }
}

/* A colon behind a cue, of either width. */
static bool has_colon(struct slice s)
{
    s = slice_trim(s);
    return slice_starts(s, SLICE(":")) || slice_starts(s, SLICE("\xEF\xBC\x9A"));
}

/* The rest of a line behind other text: "... a cycle lane. Tags: one, two". */
static void leave_out_tail(struct context *c, const struct token *cue, size_t behind)
{
    struct slice line = line_at(c->text.text, cue->start);

    if (has_colon(slice_skip(c->text.text, behind)))
        leave_out(c, cue->start, (size_t)(line.ptr + line.len - c->text.text.ptr), false);
}

/* A line of links, and the short lines of the block below it. */
static void leave_out_links(struct context *c, const struct token *cue, size_t behind)
{
    struct slice text = c->text.text;
    struct slice line = line_at(text, cue->start);
    size_t start = (size_t)(line.ptr - text.ptr);
    size_t end = start + line.len;
    struct slice rest = slice_skip(text, end < text.len ? end + 1 : end);
    struct slice next;

    if (ends_like_prose(line) && !has_colon(slice_skip(text, behind)))
        return; /* "More from the hearing will follow." */
    while (slice_next_line(&rest, &next)) {
        struct slice trimmed = slice_trim(next);

        if (trimmed.len == 0 || trimmed.len > LINK_LINE_BYTES || ends_like_prose(trimmed))
            break;
        end = (size_t)(next.ptr - text.ptr) + next.len;
    }
    leave_out(c, start, end, false);
}

/* "... (Name/Agency)" closes the line. */
static bool has_credit(struct slice line)
{
    size_t open;

    line = slice_trim(line);
    if (!slice_ends(line, SLICE(")")))
        return false;
    open = slice_find_last_char(line, '(');
    return open < line.len && line.len - open < CREDIT_BYTES &&
           slice_find_char(slice_skip(line, open), '/') < line.len - open;
}

void left_out_captions(struct context *c)
{
    struct slice rest = c->text.text;
    struct slice line;

    while (slice_next_line(&rest, &line))
        if (line.len > 0 && has_credit(line)) {
            size_t start = (size_t)(line.ptr - c->text.text.ptr);

            leave_out(c, start, start + line.len, true);
        }
}

void left_out_marked(const struct context_source *source, struct context *c)
{
    for (size_t i = 0; i < c->terms.n_rows && c->n_sentences > 0; i++) {
        const struct match *m = &c->terms.rows[i];
        const struct token *t = &c->text.tokens.tokens[m->first];
        enum term_role role = context_term(source, m)->role;

        if (context_at(c, m->first)->is_left_out)
            continue;
        if (role == ROLE_BOILERPLATE && (t->flags & TOKEN_PARAGRAPH) != 0) {
            leave_out_links(c, t, c->text.tokens.tokens[m->last].end);
        } else if (role == ROLE_BOILERPLATE && context_at(c, m->first)->first == m->first) {
            leave_out_tail(c, t, c->text.tokens.tokens[m->last].end);
        } else if (role == ROLE_CAPTION) {
            struct slice line = line_at(c->text.text, t->start);
            size_t start = (size_t)(line.ptr - c->text.text.ptr);

            leave_out(c, start, start + line.len, true);
        }
    }
}

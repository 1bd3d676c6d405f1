/* digest_quote.c - a sentence with what was found in it, cut to what a mail has room for. */
#include "alerts/mail/digest.h"

#include "base/text.h"

/* A cut between words reads better than one inside a word, when a space is this near. */
#define SPACE_NEAR_BYTES 20

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static void add_piece(struct digest_quote *q, struct slice text, bool is_match)
{
    if (text.len > 0 && q->n_pieces < DIGEST_PIECES_MAX)
        q->pieces[q->n_pieces++] = (struct digest_piece){.text = text, .is_match = is_match};
}

static struct slice cut_front(struct slice s, size_t max, bool *is_cut)
{
    size_t at = s.len - max;

    if (s.len <= max)
        return s;
    *is_cut = true;
    while (at < s.len && is_continuation(s.ptr[at]))
        at++;
    for (size_t i = at; i < at + SPACE_NEAR_BYTES && i < s.len; i++)
        if (s.ptr[i] == ' ')
            return slice_skip(s, i + 1);
    return slice_skip(s, at);
}

static struct slice cut_back(struct slice s, size_t max, bool *is_cut)
{
    struct slice head = text_cut(s, max);
    size_t space = slice_find_last_char(head, ' ');

    if (s.len <= max)
        return s;
    *is_cut = true;
    return space < head.len && head.len - space < SPACE_NEAR_BYTES ? slice_head(head, space) : head;
}

struct digest_quote digest_quote(const struct digest_passage *passage, size_t max)
{
    struct slice s = passage->alerts[0]->sentence;
    struct digest_quote q = {.n_pieces = 0};
    size_t at = 0;

    for (size_t i = 0; i < passage->n_alerts && q.n_pieces + 2 < DIGEST_PIECES_MAX; i++) {
        size_t start = passage->alerts[i]->mark_start;
        size_t end = passage->alerts[i]->mark_end;
        struct slice before;

        if (start < at || end <= start || end > s.len)
            continue; /* inside the one before */
        before = slice_sub(s, at, start - at);
        if (at > 0 && before.len > 2 * max)
            break; /* too far off: the sentence goes on for pages */
        add_piece(&q, at == 0 ? cut_front(before, max, &q.is_cut_before) : before, false);
        add_piece(&q, slice_sub(s, start, end - start), true);
        at = end;
    }
    add_piece(&q, cut_back(slice_skip(s, at), max, &q.is_cut_after), false);
    return q;
}

/* A sentence with one mark. */
static struct digest_quote quote_one(struct slice s, size_t start, size_t end, size_t max)
{
    struct digest_quote q = {.n_pieces = 0};

    if (end < start || end > s.len)
        start = end = 0;
    add_piece(&q, cut_front(slice_head(s, start), max, &q.is_cut_before), false);
    add_piece(&q, slice_sub(s, start, end - start), true);
    add_piece(&q, cut_back(slice_skip(s, end), max, &q.is_cut_after), false);
    return q;
}

struct digest_quote digest_change_quote(const struct revision_view *v, size_t max)
{
    const struct revision_row *r = &v->revision;

    return r->mark_start < 0
               ? quote_one(r->sentence, 0, 0, max)
               : quote_one(r->sentence, (size_t)r->mark_start, (size_t)r->mark_end, max);
}

struct digest_quote digest_possible_quote(const struct digest_possible *p, size_t max)
{
    return quote_one(p->sentence, p->mark_start, p->mark_end, max);
}

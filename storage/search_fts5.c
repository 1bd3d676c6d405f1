/* search_fts5.c - phrases as an expression of FTS5, which knows where each word stands. */
#include "storage/search_form.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

static void add_phrase(struct buf *b, const struct search_phrase *p)
{
    buf_add_char(b, '"');
    buf_add(b, p->words);
    buf_add_string(b, p->is_open ? "\"*" : "\"");
}

/* ((a OR b) AND (c)) NOT (d OR e) */
static void add_expression(struct buf *b, const struct search_phrase *phrases, size_t n)
{
    buf_add_string(b, "((");
    for (size_t i = 0; i < n; i++) {
        const bool was_wanted = i > 0 && !phrases[i - 1].is_refused;

        if (phrases[i].is_refused)
            buf_add_string(b, was_wanted ? ")) NOT (" : " OR ");
        else if (i > 0)
            buf_add_string(b, phrases[i].is_choice ? " OR " : ") AND (");
        add_phrase(b, &phrases[i]);
    }
    buf_add_string(b, phrases[n - 1].is_refused ? ")" : "))");
}

enum ww_status search_form_fts5(const struct search_phrase *phrases, size_t n_phrases,
                                struct arena *arena, struct search_form *out, struct ww_error *err)
{
    struct buf b;
    enum ww_status status;

    *out = (struct search_form){0};
    buf_init(&b, SEARCH_FORM_MAX_BYTES);
    add_expression(&b, phrases, n_phrases);
    status = buf_finish(&b, err);
    if (status == WW_OK)
        out->match = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return status == WW_OK ? arena_check(arena, err) : status;
}

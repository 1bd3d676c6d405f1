/* digest_csv.c - all alerts of a digest as a table (RFC 4180), for what its parts had no room for.
 */
#include "alerts/mail/digest.h"

#include "alerts/mail/digest_cells.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>

static int by_age(const void *a, const void *b)
{
    const struct alert_row *x = &(*(struct alert_view *const *)a)->alert;
    const struct alert_row *y = &(*(struct alert_view *const *)b)->alert;

    if (x->created_at != y->created_at)
        return x->created_at > y->created_at ? -1 : 1;
    return (x->id < y->id) - (x->id > y->id);
}

/* On one line, with nothing that hides or deceives: people open tables in terminals, too. */
static struct slice visible(struct slice s, struct arena *arena)
{
    struct buf out;
    struct slice copy;

    if (text_plain_run(s) == s.len) /* most of the cells */
        return s;
    buf_init(&out, DIGEST_CSV_MAX_BYTES);
    text_add_visible(&out, s);
    copy = out.status == WW_OK ? arena_copy(arena, buf_slice(&out)) : (struct slice){"", 0};
    buf_release(&out);
    return copy;
}

static struct slice cell_text(const struct digest_cell *c, struct arena *arena)
{
    char date[DATE_TEXT_BYTES];

    switch (c->kind) {
    case DIGEST_CELL_TEXT:
        return visible(c->text, arena);
    case DIGEST_CELL_NUMBER:
        return arena_printf(arena, "%" PRId64, c->number);
    case DIGEST_CELL_TIME:
        return c->number == 0 ? SLICE("")
                              : arena_copy(arena, slice_from(date_format(c->number, date)));
    case DIGEST_CELL_FLAG:
        break;
    }
    return c->number != 0 ? SLICE("yes") : SLICE("no");
}

static void put_row(const struct alert_view *v, bool is_header, struct arena *arena,
                    struct buf *out)
{
    struct digest_cell cells[DIGEST_CELLS];
    struct slice texts[DIGEST_CELLS];

    digest_cells(v, arena, cells);
    for (size_t i = 0; i < DIGEST_CELLS; i++)
        texts[i] = is_header ? slice_from(cells[i].name) : cell_text(&cells[i], arena);
    csv_add_row_as(out, texts, DIGEST_CELLS, ',', "\r\n");
}

/* False: it would be too much. */
static bool add_alert(struct store *s, const struct alert_view *v, struct arena *scratch,
                      struct buf *out, enum ww_status *status, struct ww_error *err)
{
    struct alert_view whole = *v;
    const size_t begin = out->len;

    arena_reset(scratch);
    if (whole.sentence.len == 0)
        *status = store_alert_sentence(s, &whole, scratch, err);
    if (*status != WW_OK)
        return false;
    put_row(&whole, false, scratch, out);
    *status = arena_check(scratch, err);
    if (out->len > DIGEST_CSV_MAX_BYTES)
        buf_truncate(out, begin);
    return *status == WW_OK && out->len > begin;
}

enum ww_status digest_csv(struct store *s, const struct digest *d, struct buf *out,
                          struct ww_error *err)
{
    struct alert_view nothing = {.mention.field = MENTION_TITLE, .alert.severity = SEVERITY_LOW};
    struct alert_view **sorted;
    struct arena arena, scratch;
    enum ww_status status = WW_OK;
    size_t n = 0;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    arena_init(&scratch, DIGEST_ARENA_MAX_BYTES);
    sorted = arena_array(&arena, d->n_alerts + 1, sizeof(*sorted));
    if (sorted == NULL) {
        status = arena_check(&arena, err);
        goto out;
    }
    for (size_t i = 0; i < d->n_alerts; i++)
        sorted[i] = &d->rows[i];
    if (d->n_alerts > 0)
        qsort(sorted, d->n_alerts, sizeof(struct alert_view *), by_age);
    put_row(&nothing, true, &scratch, out);
    while (n < d->n_alerts && add_alert(s, sorted[n], &scratch, out, &status, err))
        n++;
    if (status == WW_OK && n < d->n_alerts)
        buf_printf(out, "\"%zu older alerts: wirewatch alert list\"\r\n", d->n_alerts - n);
    if (status == WW_OK)
        status = buf_finish(out, err);
out:
    arena_release(&scratch);
    arena_release(&arena);
    return status;
}

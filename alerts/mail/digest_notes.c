/* digest_notes.c - what a digest says at its end of what it does not tell: mutes, and history. */
#include "alerts/mail/digest_parts.h"

#include "alerts/mutes.h"
#include "base/arena.h"
#include "base/limits.h"

#include <inttypes.h>

/* "item pier until 2026-12-04 08:00, 3 alerts withheld"; "... ended 2026-11-20 08:00, ..." */
static struct slice note_of(const struct digest *d, const struct mute_row *m, struct arena *arena)
{
    char end[DIGEST_TIME_BYTES];
    const int64_t at = mute_end(m);

    return arena_printf(arena, "%.*s %s %s, %" PRId64 " alert%s withheld",
                        SLICE_ARG(mute_words(m, arena)), at > d->now ? "until" : "ended",
                        digest_time(d, at, end), m->n_withheld, m->n_withheld == 1 ? "" : "s");
}

static enum ww_status gather_mutes(struct store *s, struct digest *d, struct arena *arena,
                                   struct ww_error *err)
{
    /* One that ended is named once more: what it withheld will not come by itself. */
    const int64_t after = d->since != 0 ? d->since : d->now;
    struct mute_list list;
    enum ww_status status = store_list_mutes(s, after, d->analyst->name, arena, &list, err);

    if (status != WW_OK || list.n_rows == 0)
        return status;
    d->n_mutes = list.n_rows;
    d->n_mutes_shown = d->n_mutes < DIGEST_MUTES_MAX ? d->n_mutes : DIGEST_MUTES_MAX;
    d->mutes = arena_array(arena, d->n_mutes_shown, sizeof(*d->mutes));
    for (size_t i = 0; d->mutes != NULL && i < d->n_mutes_shown; i++)
        d->mutes[i] = note_of(d, &list.rows[i], arena);
    return arena_check(arena, err);
}

enum ww_status digest_gather_notes(struct store *s, struct digest *d, struct arena *arena,
                                   struct ww_error *err)
{
    enum ww_status status = gather_mutes(s, d, arena, err);

    if (status == WW_OK)
        status = store_count_rescan_history(s, d->since, d->analyst->name, d->analyst->analysts,
                                            &d->n_rescan_old, err);
    return status;
}

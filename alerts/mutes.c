/* mutes.c - which alerts a mute covers, and noting that they were withheld. */
#include "alerts/mutes.h"

#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_outbox.h"
#include "storage/store_revisions.h"

#include <inttypes.h>

static bool is_in_effect(const struct mute_row *m, int64_t at)
{
    return m->created_at <= at && at < mute_end(m);
}

bool mute_covers(const struct mute_row *m, const struct mute_subject *subject, int64_t now)
{
    if (!is_in_effect(m, now) && !is_in_effect(m, subject->at))
        return false;
    /* One that names nothing is of a mistake, and would cover whatever comes. */
    if (m->story_id == 0 && m->item.len == 0 && m->outlet.len == 0)
        return false;
    if (m->story_id != 0 && m->story_id != subject->story_id)
        return false;
    if (m->item.len > 0 && !slice_equal(m->item, subject->item))
        return false;
    if (m->outlet.len == 0)
        return true;
    return slice_equal(m->outlet, subject->outlet) && subject->n_outlets <= 1;
}

static const struct mute_row *find_mute(const struct mute_list *mutes,
                                        const struct mute_subject *subject, int64_t now)
{
    for (size_t i = 0; i < mutes->n_rows; i++)
        if (mute_covers(&mutes->rows[i], subject, now))
            return &mutes->rows[i];
    return NULL;
}

static struct mute_subject subject_of(const struct alert_view *v)
{
    return (struct mute_subject){.story_id = v->alert.story_id,
                                 .at = v->alert.created_at,
                                 .item = v->alert.item,
                                 .outlet = v->article.outlet,
                                 .n_outlets = v->n_outlets};
}

static enum ww_status settle_alerts(struct store *s, const struct mute_reader *reader,
                                    const struct mute_list *mutes, int64_t now, struct arena *arena,
                                    int64_t *n, struct ww_error *err)
{
    const struct alert_filter filter = {.window = {.limit = DIGEST_ALERTS_MAX},
                                        .history = STORE_LIVE,
                                        .oldest_first = true,
                                        .not_told_to = reader->analyst,
                                        .for_analyst = reader->analyst,
                                        .analysts = reader->analysts};
    struct alert_view_list list;
    enum ww_status status = store_list_alerts(s, &filter, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct alert_view *v = &list.rows[i];
        const struct mute_subject subject = subject_of(v);
        const struct mute_row *m = find_mute(mutes, &subject, now);
        const struct withheld_row row = {.analyst = reader->analyst,
                                         .alert_id = v->alert.id,
                                         .mute_id = m != NULL ? m->id : 0,
                                         .at = now};

        if (m == NULL)
            continue;
        status = store_withhold(s, &row, err);
        ++*n;
    }
    return status;
}

static enum ww_status settle_changes(struct store *s, const struct mute_reader *reader,
                                     const struct mute_list *mutes, int64_t now,
                                     struct arena *arena, int64_t *n, struct ww_error *err)
{
    const struct revision_filter filter = {.window = {.limit = DIGEST_CHANGES_MAX},
                                           .history = STORE_LIVE,
                                           .not_told_to = reader->analyst,
                                           .for_analyst = reader->analyst,
                                           .analysts = reader->analysts};
    struct revision_view_list list;
    enum ww_status status = store_list_revisions(s, &filter, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct revision_view *v = &list.rows[i];
        const struct mute_subject subject = {.story_id = v->story_id,
                                             .at = v->revision.created_at,
                                             .item = v->item,
                                             .outlet = v->outlet,
                                             .n_outlets = v->n_outlets};

        if (find_mute(mutes, &subject, now) == NULL)
            continue;
        status = store_mark_revision_told(s, reader->analyst, v->revision.id, now, err);
        ++*n;
    }
    return status;
}

enum ww_status mutes_settle(struct store *s, const struct mute_reader *reader, int64_t now,
                            struct arena *arena, int64_t *n, struct ww_error *err)
{
    struct mute_list mutes;
    /* One that ended before the oldest alert that waits covers nothing, and there are few. */
    enum ww_status status = store_list_mutes(s, 0, reader->analyst, arena, &mutes, err);

    *n = 0;
    if (status != WW_OK || mutes.n_rows == 0)
        return status;
    status = settle_alerts(s, reader, &mutes, now, arena, n, err);
    return status == WW_OK ? settle_changes(s, reader, &mutes, now, arena, n, err) : status;
}

enum ww_status mutes_leave_out(struct store *s, struct slice analyst, int64_t now,
                               struct arena *arena, struct alert_view_list *list,
                               struct ww_error *err)
{
    struct mute_list mutes;
    size_t n = 0;
    enum ww_status status = store_list_mutes(s, 0, analyst, arena, &mutes, err);

    if (status != WW_OK || mutes.n_rows == 0)
        return status;
    for (size_t i = 0; i < list->n_rows; i++) {
        const struct mute_subject subject = subject_of(&list->rows[i]);

        if (find_mute(&mutes, &subject, now) == NULL)
            list->rows[n++] = list->rows[i];
    }
    list->n_rows = n;
    return WW_OK;
}

struct slice mute_words(const struct mute_row *m, struct arena *arena)
{
    struct slice words = {"", 0};

    if (m->item.len > 0)
        words = arena_printf(arena, "item %.*s", SLICE_ARG(m->item));
    if (m->story_id != 0)
        words = arena_printf(arena, "%.*s%sstory s%" PRId64, SLICE_ARG(words),
                             words.len > 0 ? ", " : "", m->story_id);
    if (m->outlet.len > 0)
        words = arena_printf(arena, "%.*s%soutlet %.*s", SLICE_ARG(words),
                             words.len > 0 ? ", " : "", SLICE_ARG(m->outlet));
    return words;
}

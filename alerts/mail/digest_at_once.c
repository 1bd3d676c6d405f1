/*
 * digest_at_once.c - what immediate mails have told since the last digest, so that a digest is
 * complete; and the headline that makes a thread of the mails about one story.
 */
#include "alerts/mail/digest_parts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

/* The sentence of a proposal, too; what stood in a headline was told with a sentence of the text.
 */
static void mark_possible(struct digest *d, const struct alert_view *v)
{
    for (size_t i = 0; i < d->n_possible; i++) {
        struct digest_possible *p = &d->possible[i];

        p->is_at_once |=
            p->story_id == v->alert.story_id &&
            (v->mention.field == MENTION_TITLE || slice_equal(p->sentence, v->sentence));
    }
}

/* A story that an immediate mail told, unless it stands there already. */
static enum ww_status add_story(struct store *s, struct digest *d, int64_t alert_id, int64_t at,
                                size_t *room, struct arena *arena, struct ww_error *err)
{
    struct alert_view *v = arena_alloc(arena, sizeof(*v));
    struct digest_at_once *rows;
    enum ww_status status;

    if (v == NULL)
        return arena_check(arena, err);
    status = store_alert(s, alert_id, arena, v, err);
    if (status != WW_OK)
        return status;
    mark_possible(d, v);
    for (size_t i = 0; i < d->n_at_once; i++)
        if (d->at_once[i].first->alert.story_id == v->alert.story_id) {
            d->at_once[i].n_alerts++;
            return WW_OK;
        }
    rows = arena_grow(arena, d->at_once, d->n_at_once, room, sizeof(*rows));
    if (rows == NULL)
        return arena_check(arena, err);
    rows[d->n_at_once++] = (struct digest_at_once){.first = v, .n_alerts = 1, .at = at};
    d->at_once = rows;
    return WW_OK;
}

/* Does the story stand in the digest with something new? */
static bool stands_before(const struct digest *d, int64_t story_id)
{
    for (size_t i = 0; i < d->n_shown; i++)
        if (d->stories[i].first->alert.story_id == story_id)
            return true;
    for (size_t i = 0; i < d->n_developing_shown; i++)
        if (d->developing[i].first->story_id == story_id)
            return true;
    return false;
}

/* A story stands in a digest once. */
static void show_once(struct digest *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_at_once; i++)
        if (!stands_before(d, d->at_once[i].first->alert.story_id))
            d->at_once[n++] = d->at_once[i];
    d->n_at_once = n;
}

enum ww_status digest_gather_at_once(struct store *s, struct digest *d, struct arena *arena,
                                     struct ww_error *err)
{
    const struct message_filter filter = {
        .window = {.since = d->since, .limit = DIGEST_AT_ONCE_READ_MAX},
        .analyst = d->analyst->name,
        .kind = SLICE("immediate")
    };
    struct message_list list;
    size_t room = 0;
    size_t n_read = 0;
    enum ww_status status = store_list_messages(s, &filter, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        int64_t *ids;
        size_t n;

        status = store_message_alerts(s, list.rows[i].id, arena, &ids, &n, err);
        for (size_t k = 0; status == WW_OK && k < n && n_read < DIGEST_AT_ONCE_READ_MAX;
             k++, n_read++)
            status = add_story(s, d, ids[k], list.rows[i].created_at, &room, arena, err);
    }
    if (status == WW_OK)
        show_once(d);
    d->n_at_once_shown = d->n_at_once < DIGEST_AT_ONCE_MAX ? d->n_at_once : DIGEST_AT_ONCE_MAX;
    return status;
}

enum ww_status digest_name_thread(struct store *s, struct digest *d, struct arena *arena,
                                  struct ww_error *err)
{
    const struct alert_filter filter = {
        .window = {.limit = 1}, .story_id = d->story_id, .oldest_first = true, .is_light = true};
    struct alert_view_list list = {0};
    enum ww_status status = WW_OK;

    if (d->story_id == 0)
        return WW_OK;
    status = store_list_alerts(s, &filter, arena, &list, err);
    if (status == WW_OK && list.n_rows > 0)
        d->thread = text_squeeze(text_cut(list.rows[0].headline, SUBJECT_MAX_BYTES), arena);
    return status;
}

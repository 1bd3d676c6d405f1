/*
 * digest_json.c - a digest for a program or a server: one JSON object.
 *
 * Jansson writes it, ASCII alone: nothing in it deceives a terminal, whatever its encoding. Alerts
 * stand in it by the weight of their stories until DIGEST_JSON_MAX_BYTES; "more" counts the rest.
 */
#include "alerts/mail/digest.h"

#include "alerts/mail/digest_cells.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>

#include <jansson.h>

#define VERSION 1
#define FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII)

/* ---- values ---------------------------------------------------------------------------------- */

static void put_text(json_t *object, const char *name, struct slice s)
{
    json_t *value = json_stringn(s.ptr != NULL ? s.ptr : "", s.len);

    (void)json_object_set_new(object, name, value != NULL ? value : json_null());
}

static void put_number(json_t *object, const char *name, int64_t n)
{
    (void)json_object_set_new(object, name, json_integer(n));
}

static void put_time(json_t *object, const char *name, int64_t at)
{
    char date[DATE_TEXT_BYTES];

    (void)json_object_set_new(object, name,
                              at == 0 ? json_null() : json_string(date_format(at, date)));
}

static void put_cell(json_t *object, const struct digest_cell *c)
{
    switch (c->kind) {
    case DIGEST_CELL_TEXT: /* what is empty is null, as in the list */
        if (c->text.len > 0)
            put_text(object, c->name, c->text);
        else
            (void)json_object_set_new(object, c->name, json_null());
        break;
    case DIGEST_CELL_NUMBER:
        put_number(object, c->name, c->number);
        break;
    case DIGEST_CELL_TIME:
        put_time(object, c->name, c->number);
        break;
    case DIGEST_CELL_FLAG:
        (void)json_object_set_new(object, c->name, json_boolean(c->number != 0));
        break;
    }
}

/* ---- alerts ---------------------------------------------------------------------------------- */

static json_t *alert_json(const struct digest_story *story, const struct alert_view *v,
                          struct slice how, struct arena *arena)
{
    struct digest_cell cells[DIGEST_CELLS];
    json_t *object = json_object();

    digest_cells(v, arena, cells);
    for (size_t i = 0; i < DIGEST_CELLS; i++)
        put_cell(object, &cells[i]);
    put_number(object, "mark_start", (int64_t)v->mark_start);
    put_number(object, "mark_end", (int64_t)v->mark_end);
    put_text(object, "how", how);
    put_time(object, "told_before_at", story->told_at);
    return object;
}

/* An array with a limit. */
struct listing {
    json_t *array;
    size_t max_bytes, n_bytes, n;
};

/* False: it is full. */
static bool add(struct listing *l, json_t *object)
{
    const size_t n_bytes = json_dumpb(object, NULL, 0, FLAGS) + 1;

    if (l->n_bytes + n_bytes > l->max_bytes) {
        json_decref(object);
        return false;
    }
    l->n_bytes += n_bytes;
    l->n++;
    return json_array_append_new(l->array, object) == 0;
}

static struct listing list_alerts(const struct digest *d, struct arena *arena)
{
    struct listing all = {.array = json_array(), .max_bytes = DIGEST_JSON_ALERTS_BYTES};

    for (size_t i = 0; i < d->n_shown; i++) {
        const struct digest_story *story = &d->stories[i];

        for (size_t k = 0; k < story->n_passages; k++) {
            const struct digest_passage *p = &story->passages[k];

            for (size_t a = 0; a < p->n_alerts; a++)
                if (!add(&all, alert_json(story, p->alerts[a],
                                          p->matched != NULL ? p->matched[a] : SLICE(""), arena)))
                    return all;
        }
    }
    return all;
}

/* ---- the other lists ------------------------------------------------------------------------- */

static json_t *change_json(const struct revision_view *v, struct arena *arena)
{
    json_t *object = json_object();

    put_text(object, "alert", arena_printf(arena, "a%" PRId64, v->revision.alert_id));
    put_text(object, "story", arena_printf(arena, "s%" PRId64, v->story_id));
    put_text(object, "item", v->item);
    put_text(object, "item_name", v->item_name);
    put_text(object, "kind", slice_from(revision_kind_name(v->revision.kind)));
    put_text(object, "before", text_cut(v->revision.before, DIGEST_QUOTE_BYTES * 4));
    put_text(object, "after", text_cut(v->revision.after, DIGEST_QUOTE_BYTES * 4));
    put_time(object, "created_at", v->revision.created_at);
    put_text(object, "headline", v->title);
    put_text(object, "outlet", v->article.outlet);
    put_text(object, "url", v->article.url);
    return object;
}

static json_t *changes_json(const struct digest *d, struct arena *arena)
{
    struct listing all = {.array = json_array(), .max_bytes = DIGEST_JSON_LIST_BYTES};
    size_t i = 0;

    while (i < d->revisions.n_rows && add(&all, change_json(&d->revisions.rows[i], arena)))
        i++;
    return all.array;
}

static json_t *troubles_json(const struct digest *d, struct arena *arena)
{
    struct listing all = {.array = json_array(), .max_bytes = DIGEST_JSON_LIST_BYTES};

    for (size_t i = 0; i < d->n_began + d->n_ended; i++) {
        const struct trouble_view *v = &d->told.rows[i];
        json_t *object = json_object();

        put_text(object, "feed", arena_printf(arena, "f%" PRId64, v->trouble.feed_id));
        put_text(object, "name", d->troubles[i].name);
        put_text(object, "url", v->url);
        put_text(object, "country", v->country);
        put_text(object, "kind", slice_from(trouble_kind_name(v->trouble.kind)));
        put_text(object, "words", d->troubles[i].words);
        put_time(object, "began_at", v->trouble.began_at);
        put_time(object, "ended_at", v->trouble.ended_at);
        if (!add(&all, object))
            break;
    }
    return all.array;
}

static json_t *possible_json(const struct digest *d)
{
    struct listing all = {.array = json_array(), .max_bytes = DIGEST_JSON_LIST_BYTES};

    for (size_t i = 0; i < d->n_possible_shown; i++) {
        const struct digest_possible *p = &d->possible[i];
        json_t *object = json_object();

        put_text(object, "words", p->words);
        put_text(object, "label", p->label);
        put_text(object, "evidence", p->evidence);
        put_text(object, "sentence", p->sentence);
        put_number(object, "mark_start", (int64_t)p->mark_start);
        put_number(object, "mark_end", (int64_t)p->mark_end);
        put_text(object, "outlet", p->outlet);
        put_text(object, "language", p->language);
        put_text(object, "url", p->url);
        if (!add(&all, object))
            break;
    }
    return all.array;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static const char *kind_name(enum digest_kind kind)
{
    switch (kind) {
    case DIGEST_REGULAR:
        break;
    case DIGEST_IMMEDIATE:
        return "immediate";
    case DIGEST_WEEKLY:
        return "weekly";
    case DIGEST_ALL_QUIET:
        return "quiet";
    }
    return "digest";
}

static int add_bytes(const char *bytes, size_t n, void *context)
{
    struct buf *out = context;

    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == 0x7F) /* stands in strings alone */
            buf_add_string(out, "\\u007F");
        else
            buf_add_char(out, bytes[i]);
    }
    return 0;
}

enum ww_status digest_json(const struct digest *d, struct slice message_id, struct arena *arena,
                           struct buf *out, struct ww_error *err)
{
    const struct listing alerts = list_alerts(d, arena);
    json_t *root = json_object();
    const size_t begin = out->len;
    struct buf text;
    enum ww_status status;

    buf_init(&text, DIGEST_MAX_BYTES);
    (void)digest_text(d, &text);
    put_number(root, "version", VERSION);
    put_text(root, "kind", slice_from(kind_name(d->kind)));
    put_text(root, "message_id", message_id);
    put_text(root, "analyst", d->analyst->name);
    put_text(root, "subject", digest_subject(d, arena));
    put_time(root, "created_at", d->now);
    put_text(root, "text", buf_slice(&text));
    (void)json_object_set_new(root, "alerts", alerts.array);
    (void)json_object_set_new(root, "changes", changes_json(d, arena));
    (void)json_object_set_new(root, "troubles", troubles_json(d, arena));
    (void)json_object_set_new(root, "possible", possible_json(d));
    put_number(root, "more", (int64_t)(d->n_alerts - alerts.n));
    status = buf_finish(&text, err);
    if (status == WW_OK && json_object_size(root) != 12)
        status = ww_fail(err, WW_NOMEM, "out of memory for a digest in JSON");
    if (status == WW_OK && json_dump_callback(root, add_bytes, out, FLAGS) != 0)
        status = ww_fail(err, WW_NOMEM, "out of memory for a digest in JSON");
    json_decref(root);
    buf_release(&text);
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK && out->len - begin > DIGEST_JSON_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "a digest of %zu bytes in JSON, limit %d", out->len - begin,
                       DIGEST_JSON_MAX_BYTES);
    return status == WW_OK ? buf_finish(out, err) : status;
}

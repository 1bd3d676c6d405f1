/* report.c - page after page, and in the end what is there no more. */
#include "alerts/report/report.h"

#include "alerts/report/report_parts.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdio.h>

/* Pages beside those of stories and items, roughly: for the one who waits. */
#define PAGES_MORE 20

void report_begin(struct report *r, const char *root)
{
    buf_reset(&r->bytes);
    r->page.root = root;
}

enum ww_status report_end(struct report *r, struct slice name, uint64_t key, struct ww_error *err)
{
    enum ww_status status = buf_finish(&r->bytes, err);

    if (status == WW_OK)
        status = arena_check(&r->scratch, err);
    if (status == WW_OK)
        status = report_folder_write(&r->folder, name, key, buf_slice(&r->bytes), err);
    arena_reset(&r->scratch);
    return status;
}

static bool goes_on(struct report *r)
{
    r->n_done++;
    if (r->options->tell != NULL)
        r->options->tell(r->options->context, r->n_done, r->n_pages);
    return r->options->stop == NULL || *r->options->stop == 0;
}

/* The program, the zone, the day: with another one every page is made anew. */
static uint64_t key_of_all(const struct report *r)
{
    const uint64_t key = hash64(SLICE(WW_VERSION));

    return hash64_mix(hash64_mix(key, hash64(r->page.zone)),
                      hash64_mix((uint64_t)r->first_day, (uint64_t)r->last_day));
}

static enum ww_status write_stories(struct report *r, bool *is_stopped, struct ww_error *err)
{
    const uint64_t all = key_of_all(r);
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < r->n_entries && status == WW_OK && !*is_stopped; i++) {
        status = store_keep(r->store, err);
        if (status != WW_OK)
            break;
        const struct report_entry *e = r->by_time[i];
        const uint64_t key = hash64_mix(all, hash64_mix((uint64_t)e->story->state, e->n_alerts));
        char name[40];

        (void)snprintf(name, sizeof(name), "story/%" PRId64 ".html", e->story->id);
        if (!report_folder_keep(&r->folder, slice_from(name), key)) {
            report_begin(r, "../");
            status = report_write_story(r, e, err);
            if (status == WW_OK)
                status = report_end(r, slice_from(name), key, err);
        }
        *is_stopped = !goes_on(r);
    }
    return status;
}

/* All that its page shows: the list, its alerts and their stories, what is proposed. */
static uint64_t key_of_item(const struct report *r, const struct report_item *item)
{
    uint64_t key = hash64_mix(key_of_all(r), hash64(slice_from(r->list.version)));

    for (size_t i = 0; i < item->n_alerts; i++) {
        const struct report_entry *e = report_find_entry(r, item->alerts[i]->story_id);

        key = hash64_mix(key, (uint64_t)item->alerts[i]->id);
        key = hash64_mix(key, e == NULL ? 0 : (uint64_t)e->story->state);
    }
    for (size_t i = 0; i < r->proposals.n_rows; i++) {
        const struct proposal_group *g = &r->proposals.rows[i];

        if (!slice_equal(g->item, item->id))
            continue;
        key = hash64_mix(key, (uint64_t)g->best->at.id);
        key = hash64_mix(key, (uint64_t)(g->n_articles << 2) + g->verdict);
    }
    return key;
}

static enum ww_status write_items(struct report *r, bool *is_stopped, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < r->n_items && status == WW_OK && !*is_stopped; i++) {
        const uint64_t key = key_of_item(r, &r->items[i]);
        char slug[REPORT_SLUG_BYTES], name[REPORT_SLUG_BYTES + 16];

        (void)snprintf(name, sizeof(name), "item/%s.html", report_slug(r->items[i].id, slug));
        if (!report_folder_keep(&r->folder, slice_from(name), key)) {
            report_begin(r, "../");
            status = report_write_item(r, &r->items[i], err);
            if (status == WW_OK)
                status = report_end(r, slice_from(name), key, err);
        }
        *is_stopped = !goes_on(r);
    }
    return status;
}

static enum ww_status write_style(struct report *r, struct ww_error *err)
{
    report_begin(r, "");
    report_style_put(&r->bytes);
    return report_end(r, SLICE("style.css"), 0, err);
}

/* The front page last: it leads to nothing that is not there yet. */
static enum ww_status write_all(struct report *r, bool *is_stopped, struct ww_error *err)
{
    static enum ww_status (*const pages[])(struct report *, struct ww_error *) = {
        report_write_days,   report_write_items, report_write_countries,
        report_write_health, report_write_about, report_write_morning,
    };
    enum ww_status status = write_style(r, err);

    r->n_pages = (int64_t)(r->n_entries + r->n_items + PAGES_MORE);
    if (status == WW_OK)
        status = write_stories(r, is_stopped, err);
    if (status == WW_OK)
        status = write_items(r, is_stopped, err);
    for (size_t i = 0; i < WW_COUNT(pages) && status == WW_OK && !*is_stopped; i++)
        status = pages[i](r, err);
    return status;
}

enum ww_status report_write(struct store *s, const struct report_options *options,
                            struct report_summary *summary, struct ww_error *err)
{
    struct report r = {
        .store = s, .options = options, .folder = {.fd = -1, .list_fd = -1}
    };
    bool is_stopped = false;
    enum ww_status status;

    *summary = (struct report_summary){0};
    arena_init(&r.arena, REPORT_ARENA_MAX_BYTES);
    arena_init(&r.scratch, REPORT_ARENA_MAX_BYTES);
    buf_init(&r.bytes, REPORT_PAGE_MAX_BYTES);
    r.page = (struct report_page){.out = &r.bytes, .zone = options->timezone, .root = ""};
    status = report_folder_open(&r.folder, options->folder, &r.arena, err);
    if (status == WW_OK) {
        struct ww_error late = {0};

        status = report_read(&r, err);
        if (status == WW_OK)
            status = write_all(&r, &is_stopped, err);
        /* Whatever happened: what was written is ours, and is found to be so the next time. */
        if (report_folder_finish(&r.folder, status == WW_OK && !is_stopped, &late) != WW_OK &&
            status == WW_OK) {
            status = late.status;
            *err = late;
        }
    }
    *summary = (struct report_summary){.n_stories = r.n_entries,
                                       .n_alerts = r.alerts.n_rows,
                                       .n_items = r.n_items,
                                       .n_written = r.folder.n_written,
                                       .n_kept = r.folder.n_kept,
                                       .n_removed = r.folder.n_removed,
                                       .is_cut = r.alerts.n_rows == REPORT_ALERTS_MAX};
    report_folder_close(&r.folder);
    buf_release(&r.bytes);
    arena_release(&r.scratch);
    arena_release(&r.arena);
    return status;
}

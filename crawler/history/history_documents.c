/* history_documents.c - sources that hold whole documents: files, folders, mail, WARC. */
#include "crawler/history/history_parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/history/documents.h"
#include "storage/store_leases.h"

/* In one transaction. */
#define MISSING_BATCH 500

void history_show_documents(void *context, const struct backfill_summary *so_far)
{
    struct history *h = context;

    h->progress.n_done = backfill_count(so_far);
    /* Files were counted; one of them may hold thousands: then nobody knows. */
    h->progress.n_total = h->progress.n_done <= h->n_total ? h->n_total : 0;
    h->progress.n_articles = so_far->n_ends[BACKFILL_NEW];
    h->progress.n_known = so_far->n_ends[BACKFILL_KNOWN];
    h->progress.n_failed = h->progress.n_done - h->progress.n_articles - h->progress.n_known;
    if (h->options->progress != NULL)
        h->options->progress(h->options->context, &h->progress);
}

/* The words of the order as paths. */
static enum ww_status paths_of(const struct backfill_row *order, struct arena *arena,
                               const char ***paths, size_t *n, struct ww_error *err)
{
    struct slice rest = order->target, line;
    size_t capacity = 0;

    *paths = NULL;
    *n = 0;
    while (slice_next_line(&rest, &line)) {
        const char **grown = arena_grow(arena, *paths, *n, &capacity, sizeof(char *));

        if (grown == NULL)
            break;
        *paths = grown;
        grown[(*n)++] = arena_string(arena, line);
    }
    return arena_check(arena, err);
}

/* Files of which a part was not read, and that were not met again. */
static enum ww_status give_up_missing(struct history *h, struct arena *arena, size_t *n,
                                      struct ww_error *err)
{
    struct list_rows lists = {0};
    enum ww_status status = store_begin(h->store, err);

    arena_reset(arena);
    if (status == WW_OK)
        status = store_due_lists(h->store, h->order->id, clock_now(h->clock), MISSING_BATCH, arena,
                                 &lists, err);
    for (size_t i = 0; status == WW_OK && i < lists.n_rows; i++) {
        lists.rows[i].state = LIST_FAILED;
        lists.rows[i].last_error = SLICE("it was not read to its end, and is not there any more");
        status = store_update_list(h->store, &lists.rows[i], err);
    }
    if (status == WW_OK && h->is_claimed)
        status = store_check_backfill(h->store, h->order->id, err);
    if (status == WW_OK)
        status = store_commit(h->store, err);
    if (status != WW_OK)
        store_rollback(h->store);
    *n = lists.n_rows;
    return status;
}

enum ww_status history_documents(struct history *h, struct ww_error *err)
{
    const struct crawl_options *crawl = h->options->crawl;
    const struct backfill_options options = {.provenance = h->order->source,
                                             .rules = crawl->rules,
                                             .keeps_files = h->options->keeps_files,
                                             .backfill_id = h->order->id,
                                             .is_claimed = h->is_claimed,
                                             .stop = crawl->stop,
                                             .progress = history_show_documents,
                                             .context = h};
    struct backfill_summary summary;
    struct backfill *b = NULL;
    const char **paths = NULL;
    size_t n_paths = 0, n_missing = MISSING_BATCH;
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = paths_of(h->order, &arena, &paths, &n_paths, err);
    if (status == WW_OK)
        status = backfill_files_count(paths, n_paths, &h->n_total, err);
    if (status == WW_OK)
        status = backfill_open(&options, h->store, h->workers, h->clock, h->log, &summary, &b, err);
    if (status == WW_OK)
        status = backfill_files(b, paths, n_paths, err);
    if (status == WW_OK)
        status = backfill_finish(b, err);
    backfill_close(b);
    while (status == WW_OK && n_missing == MISSING_BATCH && !history_is_stopped(h))
        status = give_up_missing(h, &arena, &n_missing, err);
    arena_release(&arena);
    h->n_done = h->progress.n_done;
    return status;
}

enum ww_status history_count_documents(const struct backfill_row *order, struct arena *arena,
                                       int64_t *n, struct ww_error *err)
{
    const char **paths = NULL;
    size_t n_paths = 0;
    enum ww_status status = paths_of(order, arena, &paths, &n_paths, err);

    return status == WW_OK ? backfill_files_count(paths, n_paths, n, err) : status;
}

/* bulk.c - documents to workers, answers to whoever asked, writes in batches. */
#include "crawler/bulk.h"

#include "base/clock.h"
#include "storage/store.h"

void bulk_init(struct bulk *b, struct store *store, struct workers *workers, struct clock *clock,
               bulk_take *take, void *context)
{
    *b = (struct bulk){
        .store = store, .workers = workers, .clock = clock, .take = take, .context = context};
    for (size_t i = 0; i < WORKERS_MAX; i++)
        buf_init(&b->slots[i].request, REQUEST_MAX_BYTES);
}

void bulk_release(struct bulk *b)
{
    struct workers_answer ignored;

    while (b->n_reading > 0 && workers_wait(b->workers, -1, &ignored, NULL) == WW_OK)
        b->n_reading--;
    store_rollback(b->store);
    for (size_t i = 0; i < WORKERS_MAX; i++)
        buf_release(&b->slots[i].request);
}

/* ---- writing -------------------------------------------------------------------------------- */

enum ww_status bulk_begin(struct bulk *b, struct ww_error *err)
{
    enum ww_status status;

    if (store_is_writing(b->store))
        return WW_OK;
    status = store_keep(b->store, err);
    if (status == WW_OK)
        status = store_begin(b->store, err);
    b->begun_writing_ms = clock_monotonic_ms(b->clock);
    b->n_unsaved = 0;
    return status;
}

static bool must_commit(const struct bulk *b)
{
    return b->n_unsaved >= COMMIT_PAGES_MAX ||
           clock_monotonic_ms(b->clock) - b->begun_writing_ms >= store_hold_ms(b->store);
}

static enum ww_status commit(struct bulk *b, bool is_last, struct ww_error *err)
{
    enum ww_status status;

    if (!store_is_writing(b->store) || (!is_last && !must_commit(b)))
        return WW_OK;
    status = b->settle != NULL ? b->settle(b->context, err) : WW_OK;
    if (status == WW_OK)
        status = store_commit(b->store, err);
    if (!is_last)
        store_let_others_write(b->store, b->clock);
    return status;
}

enum ww_status bulk_commit(struct bulk *b, struct ww_error *err)
{
    return commit(b, false, err);
}

enum ww_status bulk_commit_now(struct bulk *b, struct ww_error *err)
{
    return commit(b, true, err);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Wait for an answer, which is held until its worker has the next document. */
static enum ww_status receive(struct bulk *b, struct ww_error *err)
{
    struct workers_answer *answer = &b->held;
    enum ww_status status = workers_wait(b->workers, -1, answer, err);

    if (status != WW_OK)
        return status;
    if (answer->worker_died && ++b->slots[answer->id].n_deaths < WORKER_DEATHS_MAX)
        return workers_submit(b->workers, answer->id, buf_slice(&b->slots[answer->id].request),
                              err);
    b->n_reading--;
    b->has_held = true;
    return WW_OK;
}

static enum ww_status take_held(struct bulk *b, struct ww_error *err)
{
    if (!b->has_held)
        return WW_OK;
    b->has_held = false;
    b->slots[b->held.id].is_used = false;
    b->n_unsaved++;
    return b->take(b->context, &b->held, (size_t)b->held.id, err);
}

enum ww_status bulk_wait(struct bulk *b, size_t *slot, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    while (status == WW_OK &&
           (!workers_idle(b->workers) || b->n_reading + b->has_held == WORKERS_MAX))
        status = b->has_held ? take_held(b, err) : receive(b, err);
    *slot = 0;
    while (status == WW_OK && b->slots[*slot].is_used)
        ++*slot;
    return status;
}

struct buf *bulk_request(struct bulk *b, size_t slot)
{
    buf_reset(&b->slots[slot].request);
    return &b->slots[slot].request;
}

enum ww_status bulk_submit(struct bulk *b, size_t slot, struct ww_error *err)
{
    struct buf *request = &b->slots[slot].request;
    enum ww_status status = buf_finish(request, err);

    if (status == WW_OK)
        status = workers_submit(b->workers, slot, buf_slice(request), err);
    if (status != WW_OK)
        return status;
    b->slots[slot].is_used = true;
    b->slots[slot].n_deaths = 0;
    b->n_reading++;
    return take_held(b, err);
}

enum ww_status bulk_finish(struct bulk *b, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    while (status == WW_OK && (b->n_reading > 0 || b->has_held))
        status = b->has_held ? take_held(b, err) : receive(b, err);
    if (status == WW_OK && b->settle != NULL)
        status = bulk_begin(b, err);
    return status == WW_OK ? commit(b, true, err) : status;
}

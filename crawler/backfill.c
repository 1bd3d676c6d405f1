/*
 * backfill.c - offered documents through the workers into the store, several at a time.
 */
#include "crawler/backfill.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "crawler/keep.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "extractors/article.h"
#include "storage/store.h"
#include "storage/store_pages.h"

/* One commit costs a sync of the disk: what ends within this time shares it. */
#define COMMIT_EVERY_MS 300
/* Between two transactions, for the run that waits for the write lock. */
#define YIELD_MS 20
/* "content:" and the digest in hexadecimal: what a document is known by. */
#define IDENTITY_BYTES (8 + 2 * SHA256_BYTES + 1)

/* A document that a worker has. */
struct reading {
    bool is_used;
    unsigned n_deaths;
    char identity[IDENTITY_BYTES];
    struct buf url, place, request;
};

struct backfill {
    const struct backfill_options *options;
    struct store *store;
    struct workers *workers;
    struct clock *clock;
    const struct log *log;
    struct backfill_summary *summary;
    struct keeper *keeper;
    struct arena arena; /* of one call */
    int64_t begun_writing_ms;
    size_t n_reading;
    struct reading reading[WORKERS_MAX];
};

static const char *const end_names[BACKFILL_END_COUNT] = {
    [BACKFILL_NEW] = "new",
    [BACKFILL_KNOWN] = "known",
    [BACKFILL_EMPTY] = "no text",
    [BACKFILL_TOO_BIG] = "too big",
    [BACKFILL_DAMAGED] = "damaged",
    [BACKFILL_DEADLY] = "stopped its parser",
    [BACKFILL_NOT_READ] = "not a text or page",
    [BACKFILL_UNREADABLE] = "unreadable",
};

const char *backfill_end_name(enum backfill_end end)
{
    return end_names[end];
}

int64_t backfill_count(const struct backfill_summary *s)
{
    int64_t n = 0;

    for (size_t i = 0; i < BACKFILL_END_COUNT; i++)
        n += s->n_ends[i];
    return n;
}

bool backfill_is_stopped(const struct backfill *b)
{
    return b->options->stop != NULL && *b->options->stop != 0;
}

enum ww_status backfill_open(const struct backfill_options *options, struct store *store,
                             struct workers *workers, struct clock *clock, const struct log *log,
                             struct backfill_summary *summary, struct backfill **out,
                             struct ww_error *err)
{
    struct backfill *b = mem_alloc(sizeof(*b));
    enum ww_status status;

    *out = NULL;
    *summary = (struct backfill_summary){0};
    if (b == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    b->options = options;
    b->store = store;
    b->workers = workers;
    b->clock = clock;
    b->log = log;
    b->summary = summary;
    arena_init(&b->arena, DOCUMENT_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        buf_init(&b->reading[i].url, URL_MAX_BYTES);
        buf_init(&b->reading[i].place, URL_MAX_BYTES);
        buf_init(&b->reading[i].request, REQUEST_MAX_BYTES);
    }
    status = keeper_open(store, &b->keeper, err);
    if (status != WW_OK)
        backfill_close(b);
    else
        *out = b;
    return status;
}

void backfill_close(struct backfill *b)
{
    struct workers_answer ignored;

    if (b == NULL)
        return;
    while (b->n_reading > 0 && workers_wait(b->workers, -1, &ignored, NULL) == WW_OK)
        b->n_reading--;
    store_rollback(b->store);
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        buf_release(&b->reading[i].url);
        buf_release(&b->reading[i].place);
        buf_release(&b->reading[i].request);
    }
    keeper_close(b->keeper);
    arena_release(&b->arena);
    mem_free(b);
}

/* ---- writing -------------------------------------------------------------------------------- */

static enum ww_status begin(struct backfill *b, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (!store_is_writing(b->store)) {
        status = store_begin(b->store, err);
        b->begun_writing_ms = clock_monotonic_ms(b->clock);
    }
    return status;
}

static enum ww_status commit_when_due(struct backfill *b, bool is_last, struct ww_error *err)
{
    enum ww_status status;

    if (!store_is_writing(b->store) ||
        (!is_last && clock_monotonic_ms(b->clock) - b->begun_writing_ms < COMMIT_EVERY_MS))
        return WW_OK;
    status = store_commit(b->store, err);
    if (!is_last)
        clock_sleep_ms(b->clock, YIELD_MS);
    return status;
}

void backfill_count_end(struct backfill *b, struct slice place, enum backfill_end end,
                        const struct ww_error *why)
{
    b->summary->n_ends[end]++;
    log_event(b->log, end == BACKFILL_NEW || end == BACKFILL_KNOWN ? LOG_DEBUG : LOG_WARN,
              "backfill", "place=%.*s outcome=%s%s%s", SLICE_ARG(place), backfill_end_name(end),
              why != NULL ? " error=" : "", why != NULL ? why->message : "");
    if (b->options->progress != NULL)
        b->options->progress(b->options->context, b->summary);
}

static enum page_state state_of(enum backfill_end end)
{
    switch (end) {
    case BACKFILL_NEW:
    case BACKFILL_KNOWN:
        return PAGE_STATE_DONE;
    case BACKFILL_DEADLY:
        return PAGE_STATE_QUARANTINED;
    case BACKFILL_NOT_READ:
        return PAGE_STATE_REFUSED;
    case BACKFILL_EMPTY:
    case BACKFILL_TOO_BIG:
    case BACKFILL_DAMAGED:
    case BACKFILL_UNREADABLE:
    case BACKFILL_END_COUNT:
        break;
    }
    return PAGE_STATE_FAILED;
}

/* The document's row among the pages: it says that this content was met, and what became of it. */
static enum ww_status write_page(struct backfill *b, const struct reading *r, enum backfill_end end,
                                 int64_t article_id, const struct ww_error *why, int64_t *page_id,
                                 struct ww_error *err)
{
    struct page_row page = {.url = buf_slice(&r->place),
                            .canonical = slice_from(r->identity),
                            .state = PAGE_STATE_QUEUED,
                            .is_historic = true,
                            .provenance = b->options->provenance,
                            .added_at = clock_now(b->clock)};
    bool is_new = false;
    enum ww_status status = store_queue_page(b->store, &page, page_id, &is_new, err);

    page.id = *page_id;
    page.state = state_of(end);
    page.article_id = article_id;
    page.fetched_at = page.added_at;
    page.n_deaths = end == BACKFILL_DEADLY ? WORKER_DEATHS_MAX : 0;
    if (why != NULL)
        page.last_error = slice_from(why->message);
    return status == WW_OK ? store_update_page(b->store, &page, err) : status;
}

static enum ww_status write_article(struct backfill *b, const struct reading *r,
                                    const struct article *article, enum backfill_end *end,
                                    struct ww_error *err)
{
    const int64_t now = clock_now(b->clock);
    struct keep_origin origin = {.url = buf_slice(&r->url),
                                 .identity = slice_from(r->identity),
                                 .outlet = b->options->outlet,
                                 .provenance = b->options->provenance,
                                 .first_seen_at = now,
                                 .fetched_at = now,
                                 .is_historic = true};
    struct kept kept = {0};
    enum ww_status status = write_page(b, r, BACKFILL_NEW, 0, NULL, &origin.page_id, err);

    if (origin.url.len == 0)
        origin.url = article->canonical;
    if (origin.url.len == 0)
        origin.url = buf_slice(&r->place);
    if (status == WW_OK)
        status = keep_article(b->keeper, article, &origin, &b->arena, &kept, err);
    *end = kept.is_new ? BACKFILL_NEW : BACKFILL_KNOWN;
    b->summary->n_stories += kept.is_new_story;
    return status == WW_OK ? write_page(b, r, *end, kept.article_id, NULL, &origin.page_id, err)
                           : status;
}

/* ---- reading -------------------------------------------------------------------------------- */

static enum backfill_end end_of(enum ww_status status)
{
    return status == WW_TOO_BIG || status == WW_NOMEM ? BACKFILL_TOO_BIG : BACKFILL_EMPTY;
}

static enum ww_status take(struct backfill *b, const struct workers_answer *answer,
                           struct ww_error *err)
{
    struct reading *r = &b->reading[answer->id];
    struct article article = {0};
    struct ww_error why = answer->error;
    enum backfill_end end = BACKFILL_NEW;
    int64_t page_id = 0;
    enum ww_status status, outcome = answer->status;

    b->n_reading--;
    if (answer->worker_died && ++r->n_deaths < WORKER_DEATHS_MAX) {
        b->n_reading++;
        return workers_submit(b->workers, answer->id, buf_slice(&r->request), err);
    }
    r->is_used = false;
    arena_reset(&b->arena);
    if (outcome == WW_OK)
        outcome = parse_answer_article(answer->record, &b->arena, &article, &why);
    if (outcome == WW_NOMEM && b->arena.failed) /* ours, not what the worker said of its own */
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (outcome == WW_OK)
        outcome = keep_check(&article, &why);
    if (outcome != WW_OK)
        end = answer->worker_died ? BACKFILL_DEADLY : end_of(outcome);
    status = begin(b, err);
    if (status == WW_OK && outcome == WW_OK)
        status = write_article(b, r, &article, &end, err);
    else if (status == WW_OK)
        status = write_page(b, r, end, 0, &why, &page_id, err);
    if (status != WW_OK)
        return status;
    b->summary->n_bytes += (int64_t)r->request.len;
    backfill_count_end(b, buf_slice(&r->place), end, outcome == WW_OK ? NULL : &why);
    return commit_when_due(b, false, err);
}

static enum ww_status take_one(struct backfill *b, struct ww_error *err)
{
    struct workers_answer answer;
    enum ww_status status = workers_wait(b->workers, -1, &answer, err);

    return status == WW_OK ? take(b, &answer, err) : status;
}

static struct reading *free_slot(struct backfill *b, uint64_t *id)
{
    for (uint64_t i = 0; i < WORKERS_MAX; i++)
        if (!b->reading[i].is_used) {
            *id = i;
            return &b->reading[i];
        }
    return NULL;
}

static void identify(struct slice bytes, char out[IDENTITY_BYTES])
{
    static const char prefix[] = "content:";
    unsigned char digest[SHA256_BYTES];

    hash_sha256(bytes, digest);
    for (size_t i = 0; i < sizeof(prefix) - 1; i++)
        out[i] = prefix[i];
    hash_hex(digest, SHA256_BYTES, out + sizeof(prefix) - 1);
}

enum ww_status backfill_offer(struct backfill *b, const struct backfill_document *document,
                              struct ww_error *err)
{
    struct article_hints hints = {
        .url = document->url, .content_type = document->content_type, .now = clock_now(b->clock)};
    char identity[IDENTITY_BYTES];
    struct page_row known = {0};
    struct reading *r = NULL;
    uint64_t id = 0;
    enum ww_status status = WW_OK;

    identify(document->bytes, identity);
    arena_reset(&b->arena);
    status = store_page_by_canonical(b->store, slice_from(identity), &b->arena, &known, err);
    if (status == WW_OK) {
        backfill_count_end(b, document->place, BACKFILL_KNOWN, NULL);
        return WW_OK;
    }
    if (status != WW_NOT_FOUND)
        return status;
    status = WW_OK;
    while (status == WW_OK && (!workers_idle(b->workers) || b->n_reading == WORKERS_MAX))
        status = take_one(b, err);
    if (status != WW_OK)
        return status;
    r = free_slot(b, &id);
    r->is_used = true;
    r->n_deaths = 0;
    for (size_t i = 0; i < IDENTITY_BYTES; i++)
        r->identity[i] = identity[i];
    buf_reset(&r->url);
    buf_reset(&r->place);
    buf_reset(&r->request);
    buf_add(&r->url, document->url);
    buf_add(&r->place, document->place);
    status = keeper_recall(b->keeper, document->url, &b->arena, &hints, err);
    if (status == WW_OK) {
        parse_request_article(&r->request, document->bytes, &hints);
        status = buf_finish(&r->request, err);
    }
    if (status == WW_OK)
        status = workers_submit(b->workers, id, buf_slice(&r->request), err);
    b->n_reading += status == WW_OK;
    return status;
}

enum ww_status backfill_finish(struct backfill *b, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    while (status == WW_OK && b->n_reading > 0)
        status = take_one(b, err);
    b->summary->was_stopped = backfill_is_stopped(b);
    return status == WW_OK ? commit_when_due(b, true, err) : status;
}

enum ww_status backfill_queue(struct backfill *b, struct slice url, struct ww_error *err)
{
    struct page_row page = {.url = url,
                            .state = PAGE_STATE_QUEUED,
                            .is_historic = true,
                            .provenance = b->options->provenance,
                            .added_at = clock_now(b->clock)};
    int64_t id = 0;
    bool is_new = false;
    enum ww_status status;

    arena_reset(&b->arena);
    status = url_canonical(url, &b->arena, &page.canonical, err);
    if (status == WW_INVALID)
        return WW_OK;
    page.host = url_host(url, &b->arena);
    if (status == WW_OK)
        status = begin(b, err);
    if (status == WW_OK)
        status = store_queue_page(b->store, &page, &id, &is_new, err);
    if (status != WW_OK)
        return status;
    b->summary->n_addresses += is_new;
    b->summary->n_addresses_known += !is_new;
    return commit_when_due(b, false, err);
}

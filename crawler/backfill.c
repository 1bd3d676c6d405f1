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
#include "crawler/bulk.h"
#include "crawler/keep.h"
#include "crawler/parse.h"
#include "crawler/site_rules.h"
#include "extractors/article.h"
#include "storage/store.h"
#include "storage/store_pages.h"

/* "content:" and the digest in hexadecimal: what a document is known by. */
#define IDENTITY_BYTES (8 + 2 * SHA256_BYTES + 1)

/* A document that a worker has. */
struct reading {
    char identity[IDENTITY_BYTES];
    struct buf url, place;
};

struct backfill {
    const struct backfill_options *options;
    struct store *store;
    struct clock *clock;
    const struct log *log;
    struct backfill_summary *summary;
    struct keeper *keeper;
    struct arena arena; /* of one call */
    struct bulk bulk;
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

static bulk_take take;

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
    b->clock = clock;
    b->log = log;
    b->summary = summary;
    arena_init(&b->arena, DOCUMENT_ARENA_MAX_BYTES);
    bulk_init(&b->bulk, store, workers, clock, take, b);
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        buf_init(&b->reading[i].url, URL_MAX_BYTES);
        buf_init(&b->reading[i].place, URL_MAX_BYTES);
    }
    status = keeper_open(store, log, &b->keeper, err);
    if (status != WW_OK)
        backfill_close(b);
    else
        *out = b;
    return status;
}

void backfill_close(struct backfill *b)
{
    if (b == NULL)
        return;
    bulk_release(&b->bulk);
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        buf_release(&b->reading[i].url);
        buf_release(&b->reading[i].place);
    }
    keeper_close(b->keeper);
    arena_release(&b->arena);
    mem_free(b);
}

/* ---- writing -------------------------------------------------------------------------------- */

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

static enum ww_status write_article(struct backfill *b, size_t slot, const struct article *article,
                                    enum backfill_end *end, struct ww_error *err)
{
    const struct reading *r = &b->reading[slot];
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

    if (b->options->keeps_files)
        parse_article_document(buf_slice(&b->bulk.slots[slot].request), &origin.body,
                               &origin.content_type);
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

static enum ww_status take(void *context, const struct workers_answer *answer, size_t slot,
                           struct ww_error *err)
{
    struct backfill *b = context;
    struct reading *r = &b->reading[slot];
    struct article article = {0};
    struct ww_error why = answer->error;
    enum backfill_end end = BACKFILL_NEW;
    int64_t page_id = 0;
    enum ww_status status, outcome = answer->status;

    arena_reset(&b->arena);
    if (outcome == WW_OK)
        outcome = parse_answer_article(answer->record, &b->arena, &article, &why);
    if (outcome == WW_NOMEM && b->arena.failed) /* ours, not what the worker said of its own */
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (outcome == WW_OK)
        outcome = keep_check(&article, &why);
    if (outcome != WW_OK)
        end = answer->worker_died ? BACKFILL_DEADLY : end_of(outcome);
    status = bulk_begin(&b->bulk, err);
    if (status == WW_OK && outcome == WW_OK)
        status = write_article(b, slot, &article, &end, err);
    else if (status == WW_OK)
        status = write_page(b, r, end, 0, &why, &page_id, err);
    if (status != WW_OK)
        return status;
    b->summary->n_bytes += (int64_t)b->bulk.slots[slot].request.len;
    backfill_count_end(b, buf_slice(&r->place), end, outcome == WW_OK ? NULL : &why);
    return bulk_commit(&b->bulk, err);
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
    const struct site_rule *rule;
    struct reading *r = NULL;
    size_t slot = 0;
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
    status = bulk_wait(&b->bulk, &slot, err);
    if (status != WW_OK)
        return status;
    r = &b->reading[slot];
    for (size_t i = 0; i < IDENTITY_BYTES; i++)
        r->identity[i] = identity[i];
    buf_reset(&r->url);
    buf_reset(&r->place);
    buf_add(&r->url, document->url);
    buf_add(&r->place, document->place);
    rule = site_rules_find(b->options->rules, document->url, &b->arena);
    if (rule != NULL)
        hints.rules = rule->text;
    status = keeper_recall(b->keeper, document->url, &b->arena, &hints, err);
    if (status != WW_OK)
        return status;
    parse_request_article(bulk_request(&b->bulk, slot), document->bytes, &hints);
    return bulk_submit(&b->bulk, slot, err);
}

enum ww_status backfill_finish(struct backfill *b, struct ww_error *err)
{
    enum ww_status status = bulk_finish(&b->bulk, err);

    b->summary->was_stopped = backfill_is_stopped(b);
    return status;
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
        status = bulk_begin(&b->bulk, err);
    if (status == WW_OK)
        status = store_queue_page(b->store, &page, &id, &is_new, err);
    if (status != WW_OK)
        return status;
    b->summary->n_addresses += is_new;
    b->summary->n_addresses_known += !is_new;
    return bulk_commit(&b->bulk, err);
}

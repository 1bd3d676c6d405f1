/*
 * documents.c - offered documents through the workers into the store, several at a time.
 */
#include "crawler/history/documents.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "crawler/bulk.h"
#include "crawler/history/ledger.h"
#include "crawler/history/source_parts.h"
#include "crawler/keep.h"
#include "crawler/mail_article.h"
#include "crawler/parse.h"
#include "crawler/site_rules.h"
#include "extractors/article.h"
#include "storage/store.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "storage/store_pages.h"

/* "content:" and the digest in hexadecimal: what a document is known by. */
#define IDENTITY_BYTES (8 + 2 * SHA256_BYTES + 1)

/* A document that a worker has. */
struct reading {
    char identity[IDENTITY_BYTES];
    struct buf url, place, provenance, capture, head;
    int64_t captured_at;
    struct ledger_file *file; /* NULL: of none */
    int64_t at;
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
    struct ledger ledger;
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
    [BACKFILL_PASSED] = "passed over",
    [BACKFILL_NO_PAGE] = "archived error or redirect",
    [BACKFILL_MEDIA] = "other media",
    [BACKFILL_UNCHANGED] = "unchanged copy",
    [BACKFILL_CODING] = "unknown packing",
    [BACKFILL_BAD_ROW] = "row without an address",
    [BACKFILL_BESIDE] = "beside documents",
};

static bulk_take take;

/* Cursors and counts go into the transaction that holds what they speak of. */
static enum ww_status settle(void *context, struct ww_error *err)
{
    struct backfill *b = context;

    return ledger_write(&b->ledger, err);
}

const char *backfill_end_name(enum backfill_end end)
{
    return end_names[end];
}

int64_t backfill_count(const struct backfill_summary *s)
{
    int64_t n = 0;

    for (size_t i = 0; i < BACKFILL_END_COUNT; i++)
        n += i != BACKFILL_BESIDE ? s->n_ends[i] : 0;
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
    b->bulk.settle = options->backfill_id != 0 ? settle : NULL;
    for (size_t i = 0; i < WORKERS_MAX; i++) {
        buf_init(&b->reading[i].url, URL_MAX_BYTES);
        buf_init(&b->reading[i].place, URL_MAX_BYTES);
        buf_init(&b->reading[i].provenance, URL_MAX_BYTES);
        buf_init(&b->reading[i].capture, URL_MAX_BYTES);
        buf_init(&b->reading[i].head, HEADERS_MAX_BYTES);
    }
    ledger_init(&b->ledger, &b->bulk, options->backfill_id);
    b->ledger.is_claimed = options->is_claimed;
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
        buf_release(&b->reading[i].provenance);
        buf_release(&b->reading[i].capture);
        buf_release(&b->reading[i].head);
    }
    ledger_release(&b->ledger);
    keeper_close(b->keeper);
    arena_release(&b->arena);
    mem_free(b);
}

/* ---- writing -------------------------------------------------------------------------------- */

/* What an archive holds beside pages of news is its nature, and no line in a log. */
static enum log_level level_of(enum backfill_end end)
{
    switch (end) {
    case BACKFILL_EMPTY:
    case BACKFILL_TOO_BIG:
    case BACKFILL_DAMAGED:
    case BACKFILL_DEADLY:
    case BACKFILL_NOT_READ:
    case BACKFILL_UNREADABLE:
    case BACKFILL_CODING:
    case BACKFILL_BAD_ROW:
        return LOG_WARN;
    case BACKFILL_NEW:
    case BACKFILL_KNOWN:
    case BACKFILL_PASSED:
    case BACKFILL_NO_PAGE:
    case BACKFILL_MEDIA:
    case BACKFILL_UNCHANGED:
    case BACKFILL_BESIDE:
    case BACKFILL_END_COUNT:
        break;
    }
    return LOG_DEBUG;
}

static void count(struct backfill *b, struct slice place, enum backfill_end end,
                  const struct ww_error *why)
{
    b->summary->n_ends[end]++;
    ledger_count(&b->ledger, end);
    log_event(b->log, level_of(end), "backfill", "place=%.*s outcome=%s%s%s", SLICE_ARG(place),
              backfill_end_name(end), why != NULL ? " error=" : "",
              why != NULL ? why->message : "");
    if (b->options->progress != NULL)
        b->options->progress(b->options->context, b->summary);
}

void backfill_count_end(struct backfill *b, struct slice place, enum backfill_end end,
                        const struct ww_error *why)
{
    ledger_settle(&b->ledger);
    count(b, place, end, why);
}

enum ww_status backfill_begin_file(struct backfill *b, struct slice path, struct slice format,
                                   int64_t *from, struct ww_error *err)
{
    arena_reset(&b->arena);
    return ledger_begin(&b->ledger, path, format, &b->arena, from, err);
}

bool backfill_reach(struct backfill *b, int64_t at)
{
    return ledger_reach(&b->ledger, at);
}

enum ww_status backfill_end_file(struct backfill *b, const struct ww_error *why,
                                 struct ww_error *err)
{
    return ledger_end(&b->ledger, why, err);
}

enum ww_status backfill_rest(struct backfill *b, struct ww_error *err)
{
    enum ww_status status = ledger_is_due(&b->ledger) ? bulk_begin(&b->bulk, err) : WW_OK;

    if (status == WW_OK)
        status = bulk_commit_now(&b->bulk, err);
    return status == WW_OK ? store_keep(b->store, err) : status;
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
    case BACKFILL_PASSED:
    case BACKFILL_NO_PAGE:
    case BACKFILL_MEDIA:
    case BACKFILL_UNCHANGED:
    case BACKFILL_CODING:
    case BACKFILL_BAD_ROW:
    case BACKFILL_BESIDE:
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
                            .provenance = buf_slice(&r->provenance),
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
                                 .provenance = buf_slice(&r->provenance),
                                 .capture = buf_slice(&r->capture),
                                 .backfill_id = b->options->backfill_id,
                                 .first_seen_at = now,
                                 .fetched_at = r->captured_at > 0 ? r->captured_at : now,
                                 .is_historic = true};
    struct kept kept = {0};
    struct slice body, type;
    enum ww_status status = write_page(b, r, BACKFILL_NEW, 0, NULL, &origin.page_id, err);

    parse_article_document(buf_slice(&b->bulk.slots[slot].request), &body, &type);
    if (b->options->keeps_files) {
        origin.body = body;
        origin.content_type = type;
        origin.head = buf_slice(&r->head);
    }
    /* A mail is known by its Message-ID, in whatever mailbox it lies. */
    if (mail_article_is(type) && mail_article_is_id(article->canonical))
        origin.identity = article->canonical;
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

/* Whether it is of the window is known when it was read, and forgotten: another may want it. */
static bool is_asked(const struct backfill *b, const struct article *article)
{
    const struct backfill_row window = {.since_at = b->options->since_at,
                                        .until_at = b->options->until_at};

    return source_may_be_asked(&window, &article->published);
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
    else if (!is_asked(b, &article))
        end = BACKFILL_PASSED;
    status = bulk_begin(&b->bulk, err);
    if (status == WW_OK && end == BACKFILL_NEW)
        status = write_article(b, slot, &article, &end, err);
    else if (status == WW_OK && end != BACKFILL_PASSED)
        status = write_page(b, r, end, 0, &why, &page_id, err);
    if (status != WW_OK)
        return status;
    b->summary->n_bytes += (int64_t)b->bulk.slots[slot].request.len;
    count(b, buf_slice(&r->place), end, outcome == WW_OK ? NULL : &why);
    status = ledger_come_back(&b->ledger, r->file, r->at, err);
    return status == WW_OK ? bulk_commit(&b->bulk, err) : status;
}

/* The same bytes at another address are another article: a copy of the first. */
static enum ww_status identify(const struct backfill_document *document, struct arena *arena,
                               char out[IDENTITY_BYTES], struct ww_error *err)
{
    static const char prefix[] = "content:";
    unsigned char digest[SHA256_BYTES];
    struct slice both;

    hash_sha256(document->bytes, digest);
    for (size_t i = 0; i < sizeof(prefix); i++)
        out[i] = prefix[i];
    hash_hex(digest, SHA256_BYTES, out + sizeof(prefix) - 1);
    if (document->url.len == 0)
        return WW_OK;
    both = arena_printf(arena, "%s %.*s", out, SLICE_ARG(document->url));
    hash_sha256(both, digest);
    hash_hex(digest, SHA256_BYTES, out + sizeof(prefix) - 1);
    return arena_check(arena, err);
}

static enum ww_status fill_reading(struct backfill *b, struct reading *r,
                                   const struct backfill_document *document, struct ww_error *err)
{
    struct buf *const texts[] = {&r->url, &r->place, &r->provenance, &r->capture, &r->head};
    const struct slice values[] = {
        document->url, document->place,
        document->provenance.len > 0 ? document->provenance : b->options->provenance,
        document->capture, slice_head(document->head, HEADERS_MAX_BYTES)};
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < WW_COUNT(texts); i++) {
        buf_reset(texts[i]);
        buf_add(texts[i], values[i]);
        if (status == WW_OK)
            status = buf_finish(texts[i], err);
    }
    r->captured_at = document->captured_at;
    r->at = document->at;
    return status;
}

enum ww_status backfill_offer(struct backfill *b, const struct backfill_document *document,
                              struct ww_error *err)
{
    struct article_hints hints = {.url = document->url,
                                  .content_type = document->content_type,
                                  .now = document->captured_at > 0 ? document->captured_at
                                                                   : clock_now(b->clock)};
    char identity[IDENTITY_BYTES];
    struct page_row known = {0};
    const struct site_rule *rule;
    struct reading *r = NULL;
    size_t slot = 0;
    enum ww_status status = WW_OK;

    arena_reset(&b->arena);
    status = identify(document, &b->arena, identity, err);
    if (status == WW_OK)
        status = store_page_by_canonical(b->store, slice_from(identity), &b->arena, &known, err);
    if (status == WW_OK) {
        backfill_count_end(b, document->place, BACKFILL_KNOWN, NULL);
        return bulk_commit(&b->bulk, err);
    }
    if (status != WW_NOT_FOUND)
        return status;
    status = bulk_wait(&b->bulk, &slot, err);
    if (status != WW_OK)
        return status;
    r = &b->reading[slot];
    for (size_t i = 0; i < IDENTITY_BYTES; i++)
        r->identity[i] = identity[i];
    status = fill_reading(b, r, document, err);
    if (status != WW_OK)
        return status;
    rule = site_rules_find(b->options->rules, document->url, &b->arena);
    if (rule != NULL)
        hints.rules = rule->text;
    status = keeper_recall(b->keeper, document->url, &b->arena, &hints, err);
    if (status != WW_OK)
        return status;
    parse_request_article(bulk_request(&b->bulk, slot), document->bytes, &hints);
    r->file = ledger_send_out(&b->ledger, r->at);
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

/* Has the store an article of that address, or of what it led to? */
static enum ww_status is_known(struct backfill *b, struct slice canonical, bool *known,
                               struct ww_error *err)
{
    struct page_row page = {0};
    struct article_row article = {0};
    enum ww_status status = store_page_by_canonical(b->store, canonical, &b->arena, &page, err);

    *known = status == WW_OK && page.article_id > 0;
    if (*known || (status != WW_OK && status != WW_NOT_FOUND))
        return status;
    status = store_article_by_canonical(b->store, canonical, &b->arena, &article, err);
    *known = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status backfill_offer_find(struct backfill *b, const struct find_row *found,
                                   struct ww_error *err)
{
    struct find_row row = *found;
    bool known = false, is_new = false;
    enum ww_status status;

    ledger_settle(&b->ledger);
    if (b->options->backfill_id == 0)
        return backfill_queue(b, found->url, err);
    arena_reset(&b->arena);
    row.backfill_id = b->options->backfill_id;
    row.list_id = ledger_list(&b->ledger);
    status = url_canonical(found->url, &b->arena, &row.canonical, err);
    if (status == WW_OK)
        status = bulk_begin(&b->bulk, err);
    if (status == WW_OK)
        status = is_known(b, row.canonical, &known, err);
    row.state = known ? FIND_KNOWN : FIND_FOUND;
    if (status == WW_OK)
        status = store_add_find(b->store, &row, &row.id, &is_new, err);
    if (status != WW_OK)
        return status;
    ledger_count_find(&b->ledger, is_new);
    b->summary->n_addresses += is_new && !known;
    b->summary->n_addresses_known += !is_new || known;
    if (b->options->progress != NULL)
        b->options->progress(b->options->context, b->summary);
    return bulk_commit(&b->bulk, err);
}

void backfill_count_bad_row(struct backfill *b, struct slice place, const struct ww_error *why)
{
    ledger_count_bad(&b->ledger);
    backfill_count_end(b, place, BACKFILL_BAD_ROW, why);
}

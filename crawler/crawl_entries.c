/*
 * crawl_entries.c - the entries of a feed: which are new, which have changed, and the pages they
 * announce.
 */
#include "crawler/crawl_parts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/short_key.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/entry_match.h"
#include "feeds/feed.h"
#include "storage/store_articles.h"

/* "Read more", "Weiterlesen", "阅读全文": headlines are mostly twice as wide. */
#define LINK_COLUMNS_MAX 16

int64_t entries_believed(const struct date *date, int64_t now)
{
    return date->precision == DATE_NONE || date->at < DATE_EPOCH_MAX_S ||
                   date->at > now + DATE_FUTURE_MAX_S
               ? 0
               : date->at;
}

struct date entries_announced(const struct entry_row *entry, struct slice feed_url,
                              struct slice page_url, int64_t seen_at, int64_t now,
                              struct arena *arena)
{
    const struct date said = {.at = entry->published_at, .precision = DATE_SECOND};
    const int64_t at = entries_believed(&said, now);

    if (at == 0 ||
        (at < seen_at - FOREIGN_DATE_MAX_S && !url_is_same_site(feed_url, page_url, arena)))
        return (struct date){0};
    return said;
}

struct slice entries_headline(const struct entry_row *entry, const struct feed_row *feed)
{
    if (feed->kind == FEED_KIND_PAGE && text_width(entry->title) <= LINK_COLUMNS_MAX)
        return (struct slice){"", 0};
    return entry->title;
}

/* A date of the year 2038 is kept as what the feed said. */
static int64_t kept_date(const struct date *date)
{
    return entries_believed(date, INT64_MAX - DATE_FUTURE_MAX_S);
}

/*
 * The feed says that an article it announced before has changed: ask for its page once more. A
 * feed that renews its summaries at every poll must not make us fetch everything each time, so a
 * page rests for a quarter of its age at least.
 */
static enum ww_status ask_again(struct crawl *c, struct page_row *page, struct ww_error *err)
{
    int64_t rest_s = (page->fetched_at - page->added_at) / 4;
    enum ww_status status;

    if (rest_s < PAGE_REST_MIN_S)
        rest_s = PAGE_REST_MIN_S;
    page->state = PAGE_STATE_QUEUED;
    page->n_tries = 0;
    page->not_before = page->fetched_at + rest_s;
    status = store_update_page(c->store, page, err);
    if (status != WW_OK || page->not_before > clock_now(c->clock))
        return status;
    return crawl_add_job(c, JOB_PAGE, page->id, page->url, false, NULL, err);
}

static enum ww_status look_again(struct crawl *c, const struct announced *e, struct arena *arena,
                                 struct ww_error *err)
{
    struct page_row page = {0};
    enum ww_status status = store_page(c->store, e->page_id, arena, &page, err);

    if (status != WW_OK || page.state != PAGE_STATE_DONE || !e->has_place)
        return status;
    if (page.feed_id == e->row.feed_id)
        page.url = e->row.url; /* a session in the old one may have ended */
    page.is_historic = false;  /* whatever it was, that it has changed is news */
    return ask_again(c, &page, err);
}

/*
 * Was what a backfill read of those days when it was found? Of its older ones none becomes news
 * because a feed lists it once more.
 */
static enum ww_status was_fresh(struct crawl *c, const struct job *job, const struct announced *e,
                                const struct page_row *page, struct arena *arena, bool *out,
                                struct ww_error *err)
{
    struct article_row article = {0};
    struct date published;
    enum ww_status status = store_article(c->store, page->article_id, arena, &article, err);

    *out = false;
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    published = (struct date){.at = article.published_at, .precision = article.published_precision};
    if (published.precision == DATE_NONE)
        published = entries_announced(&e->row, job->feed.url, page->url, page->added_at,
                                      clock_now(c->clock), arena);
    *out = !announced_is_old(c, &e->row, page, &published);
    return WW_OK;
}

/* A backfill could not have it; what is announced is asked for, or its feed's words are kept. */
static bool was_missed(const struct page_row *page)
{
    return page->state == PAGE_STATE_FAILED || page->state == PAGE_STATE_GONE ||
           page->state == PAGE_STATE_REFUSED;
}

/*
 * News after all: what was history because a new feed held it, or because a backfill came first, is
 * announced by a feed that is read all the time.
 */
static enum ww_status announce_page(struct crawl *c, const struct job *job,
                                    const struct announced *e, struct page_row *page,
                                    struct arena *arena, struct ww_error *err)
{
    const bool is_feeds = slice_equal(page->provenance, SLICE("feed"));
    bool is_news = page->is_historic && page->state == PAGE_STATE_DONE;
    enum ww_status status = WW_OK;

    if (page->is_historic && !is_feeds && was_missed(page)) {
        page->is_historic = false;
        return ask_again(c, page, err);
    }
    if (is_news && !is_feeds && c->options->first_read_s > 0)
        status = was_fresh(c, job, e, page, arena, &is_news, err);
    if (status != WW_OK || !is_news)
        return status;
    page->is_historic = false;
    status = store_update_page(c->store, page, err);
    return status == WW_OK ? store_announce_article(c->store, page->article_id, err) : status;
}

/* The feed of a page's own site speaks for it, whichever announced it first. */
static enum ww_status claim_page(struct crawl *c, const struct job *job, struct page_row *page,
                                 struct arena *arena, struct ww_error *err)
{
    struct feed_row feed = {0};
    enum ww_status status = WW_OK;

    if (page->feed_id == job->id || !url_is_same_site(job->feed.url, page->url, arena))
        return WW_OK;
    if (page->feed_id != 0)
        status = store_feed(c->store, page->feed_id, arena, &feed, err);
    if (status != WW_OK || url_is_same_site(feed.url, page->url, arena))
        return status;
    page->feed_id = job->id;
    return store_update_page(c->store, page, err);
}

/* Queue its page, once an address, and tie the entry to it. */
static enum ww_status queue_page(struct crawl *c, const struct job *job, struct announced *e,
                                 struct arena *arena, bool *is_new, struct ww_error *err)
{
    const struct page_row page = {.url = e->row.url,
                                  .canonical = e->row.canonical,
                                  .host = url_host(e->row.url, arena),
                                  .state = PAGE_STATE_QUEUED,
                                  .provenance = SLICE("feed"),
                                  .is_historic =
                                      c->options->first_read_s > 0 && job->feed.last_ok_at == 0,
                                  .feed_id = e->row.feed_id,
                                  .added_at = clock_now(c->clock)};
    struct page_row known = {0};
    enum ww_status status = arena_check(arena, err); /* of the host's name */

    if (status == WW_OK)
        status = store_queue_page(c->store, &page, &e->page_id, is_new, err);
    if (status == WW_OK && *is_new)
        status = crawl_add_job(c, JOB_PAGE, e->page_id, page.url, false, NULL, err);
    else if (status == WW_OK)
        status = store_page(c->store, e->page_id, arena, &known, err);
    if (status == WW_OK && !*is_new)
        status = claim_page(c, job, &known, arena, err);
    if (status == WW_OK && !*is_new && !page.is_historic)
        status = announce_page(c, job, e, &known, arena, err);
    if (status == WW_OK)
        status = store_link_entry(c->store, e->id, e->page_id, known.article_id, err);
    return status;
}

/*
 * The same words at another address. A page that was read is not read again for that, and one that
 * may not be is not asked for under a new name. What waits, or was not there, is asked for here:
 * as the same page, if it is this feed's, for it may renew its addresses at every poll.
 */
static enum ww_status follow_entry(struct crawl *c, const struct job *job, struct announced *e,
                                   struct arena *arena, struct ww_error *err)
{
    const struct slice host = url_host(e->row.url, arena);
    struct page_row page = {0}, other = {0};
    bool is_new;
    enum ww_status status;

    if (e->page_id == 0)
        return queue_page(c, job, e, arena, &is_new, err);
    status = store_page(c->store, e->page_id, arena, &page, err);
    if (status != WW_OK || page.state == PAGE_STATE_DONE)
        return status;
    if ((page.state == PAGE_STATE_REFUSED || page.state == PAGE_STATE_QUARANTINED) &&
        slice_equal(page.host, host))
        return WW_OK;
    status = store_page_by_canonical(c->store, e->row.canonical, arena, &other, err);
    if (status == WW_OK || (status == WW_NOT_FOUND && page.feed_id != job->id))
        return queue_page(c, job, e, arena, &is_new, err);
    if (status != WW_NOT_FOUND)
        return status;
    page.url = e->row.url;
    page.host = host;
    return page.state == PAGE_STATE_QUEUED ? store_update_page(c->store, &page, err)
                                           : ask_again(c, &page, err);
}

static enum ww_status add_entry(struct crawl *c, struct announced *e, struct arena *arena,
                                bool *is_new, struct ww_error *err)
{
    enum ww_status status = store_add_entry(c->store, &e->row, &e->id, is_new, err);

    for (unsigned n = 0; status == WW_OK && !*is_new; n++) {
        e->row.guid = entry_other_name(e, n, arena);
        if (e->row.guid.len == 0)
            break;
        status = store_add_entry(c->store, &e->row, &e->id, is_new, err);
    }
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* Its page: fetched when it is new, looked at again when there is reason to. */
static enum ww_status place_entry(struct crawl *c, const struct job *job, struct announced *e,
                                  struct arena *arena, struct ww_error *err)
{
    bool is_new_page = false;
    enum ww_status status;

    if (e->row.canonical.len == 0)
        return WW_OK;
    if (e->news == ENTRY_MOVED)
        return follow_entry(c, job, e, arena, err);
    if (e->news == ENTRY_CHANGED && e->page_id != 0 && !e->is_elsewhere)
        return look_again(c, e, arena, err);
    status = queue_page(c, job, e, arena, &is_new_page, err);
    /* One more entry of a page that is there for many: a ticker goes on. */
    if (status == WW_OK && !is_new_page && e->news == ENTRY_NEW && e->place_is_known)
        status = look_again(c, e, arena, err);
    return status;
}

static enum ww_status keep_entry(struct crawl *c, const struct job *job, struct announced *e,
                                 struct arena *arena, int64_t *n_new, struct ww_error *err)
{
    bool is_new = false;
    enum ww_status status = WW_OK;

    e->row.id = e->id;
    e->row.n_changes = e->news == ENTRY_CHANGED;
    if (e->news == ENTRY_NEW)
        status = add_entry(c, e, arena, &is_new, err);
    else if (e->must_rename)
        status = store_rename_entry(c->store, &e->row, err);
    if (status == WW_OK && (e->news == ENTRY_MOVED || e->news == ENTRY_CHANGED))
        status = store_change_entry(c->store, &e->row, err);
    *n_new += is_new;
    if (status != WW_OK || !(is_new || e->news == ENTRY_MOVED || e->news == ENTRY_CHANGED))
        return status;
    return place_entry(c, job, e, arena, err);
}

static enum ww_status read_entry(const struct entry *entry, int64_t feed_id, int64_t now,
                                 struct announced *out, struct arena *arena, struct ww_error *err)
{
    /* Past a service that counts clicks: one redirect less, and it may be gone tomorrow. */
    struct slice url = url_is_fetchable(entry->original) ? entry->original : entry->link;
    struct slice canonical = {"", 0};
    enum ww_status status = WW_OK;

    if (url_is_fetchable(url))
        status = url_canonical(url, arena, &canonical, err);
    if (status == WW_INVALID || status == WW_TOO_BIG)
        status = WW_OK; /* words without a page */
    out->has_place = canonical.len > 0 && !url_is_front_page(canonical);
    out->row = (struct entry_row){.feed_id = feed_id,
                                  .guid = short_key(entry->id, arena),
                                  .url = url,
                                  .canonical = canonical,
                                  .title = entry->title,
                                  .author = entry->author,
                                  .language = entry->language,
                                  .summary = entry->summary,
                                  .content = entry->content,
                                  .published_at = kept_date(&entry->published),
                                  .updated_at = kept_date(&entry->updated),
                                  .first_seen_at = now};
    return status;
}

enum ww_status entries_keep(struct crawl *c, const struct job *job, const struct feed *feed,
                            size_t n_listed, int64_t *n_new, struct ww_error *err)
{
    const int64_t now = clock_now(c->clock);
    struct announced *list;
    struct arena arena, scratch;
    enum ww_status status = WW_OK;

    *n_new = 0;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    arena_init(&scratch, LISTS_ARENA_MAX_BYTES);
    list = arena_array(&arena, feed->n_entries, sizeof(*list));
    if (list == NULL)
        status = arena_check(&arena, err);
    for (size_t i = 0; status == WW_OK && i < feed->n_entries; i++)
        status = read_entry(&feed->entries[i], job->id, now, &list[i], &arena, err);
    if (status == WW_OK)
        status = entry_match(c->store, list, feed->n_entries, n_listed, &arena, err);
    for (size_t i = 0; status == WW_OK && i < feed->n_entries; i++) {
        status = keep_entry(c, job, &list[i], &scratch, n_new, err);
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    arena_release(&arena);
    return status;
}

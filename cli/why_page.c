/* why_page.c - the address, who announced it, what became of its page, what was read of it. */
#include "base/hash.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/url.h"
#include "cli/output.h"
#include "cli/why.h"
#include "storage/store_articles.h"
#include "storage/store_entries.h"
#include "storage/store_feeds.h"
#include "storage/store_hosts.h"
#include "storage/store_pages.h"
#include "storage/store_seen.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

/* Feeds that announced an address, and addresses that are compared with a mistyped one. */
#define ANNOUNCEMENTS_SHOWN 5
#define NEAR_PAGES_MAX 5000
#define NEAR_SHOWN 3
#define DATE_COLUMNS 10 /* of a moment */

/* ---- an address that nobody knows ------------------------------------------------------------ */

static bool is_at_host(struct cli *cli, const struct feed_row *f, struct slice host)
{
    return slice_equal(url_host(f->url, &cli->arena), host) ||
           (f->site.len > 0 && slice_equal(url_host(f->site, &cli->arena), host));
}

/* Feeds of the host: how they are, and whether a long list of theirs has shown the address. */
static enum ww_status put_feeds(struct why *w, struct slice canonical, struct slice host,
                                size_t *n_feeds, struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}};
    struct feed_list list;
    enum ww_status status = store_list_feeds(cli->store, &filter, &cli->arena, &list, err);

    *n_feeds = 0;
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct feed_row *f = &list.rows[i];
        int64_t at;

        if (!is_at_host(cli, f, host))
            continue;
        ++*n_feeds;
        status = store_seen(cli->store, f->id, hash64(canonical), &at, err);
        if (status == WW_OK) {
            why_stop(w, WHY_ANNOUNCED, "listed-old",
                     "feed %" PRId64 " (%.*s) listed it when it was first read, or as older than "
                     "what is news: its page was not asked for",
                     f->id, SLICE_ARG(f->url));
        } else if (status == WW_NOT_FOUND) {
            status = WW_OK;
            if (*n_feeds <= ANNOUNCEMENTS_SHOWN)
                why_note(w, WHY_ANNOUNCED, "not-by",
                         "feed %" PRId64
                         " of that host (%.*s, %s, last read %.*s) has not named it",
                         f->id, SLICE_ARG(f->url), feed_health_name(f),
                         SLICE_ARG(f->last_ok_at != 0 ? output_moment(cli, f->last_ok_at)
                                                      : SLICE("never")));
        }
    }
    return status;
}

/* Stored addresses of the host that look like it. */
static enum ww_status put_near(struct why *w, struct slice canonical, struct slice host,
                               size_t *n_pages, struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct page_filter filter = {.window = {.limit = NEAR_PAGES_MAX}, .host = host};
    struct page_list list;
    struct nearest near;
    enum ww_status status = store_list_pages(cli->store, &filter, &cli->arena, &list, err);

    *n_pages = 0;
    if (status != WW_OK)
        return status;
    *n_pages = list.n_rows;
    nearest_init(&near, canonical);
    for (size_t i = 0; i < list.n_rows; i++)
        nearest_try(&near, arena_string(&cli->arena, list.rows[i].canonical));
    if (near.best != NULL)
        why_note(w, WHY_ADDRESS, "near", "did you mean %s ?", near.best);
    return WW_OK;
}

static enum ww_status put_unknown(struct why *w, struct slice canonical, struct ww_error *err)
{
    struct slice host = url_host(canonical, &w->cli->arena);
    struct why_line *line = why_stop(w, WHY_ADDRESS, "never-seen",
                                     "%.*s was never seen: no feed announced it and no backfill "
                                     "brought it",
                                     SLICE_ARG(canonical));
    size_t n_feeds = 0, n_pages = 0;
    enum ww_status status;

    w->exit_status = EX_NOINPUT;
    if (host.len == 0) {
        line->needs = arena_printf(&w->cli->arena, "its file: wirewatch backfill files %.*s",
                                   SLICE_ARG(canonical));
        return WW_OK;
    }
    line->needs = arena_printf(&w->cli->arena, "a feed that names it: wirewatch feed discover %.*s",
                               SLICE_ARG(host));
    status = put_near(w, canonical, host, &n_pages, err);
    if (status == WW_OK)
        status = put_feeds(w, canonical, host, &n_feeds, err);
    if (status != WW_OK)
        return status;
    if (n_pages == 0 && n_feeds == 0)
        why_note(w, WHY_ADDRESS, "host-unknown",
                 "the host %.*s is not known either: none of its pages is stored, and no feed is "
                 "there",
                 SLICE_ARG(host));
    else if (n_feeds == 0)
        why_note(w, WHY_ADDRESS, "host-known",
                 "of %.*s %zu%s other addresses are known, and no feed of its own is followed",
                 SLICE_ARG(host), n_pages, n_pages == NEAR_PAGES_MAX ? " or more" : "");
    return WW_OK;
}

/* ---- who announced it ------------------------------------------------------------------------ */

static enum ww_status put_announced(struct why *w, struct slice canonical, size_t *n,
                                    struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct entry_list list;
    enum ww_status status = store_list_announcements(cli->store, canonical, ANNOUNCEMENTS_SHOWN,
                                                     &cli->arena, &list, err);

    *n = list.n_rows;
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct entry_row *e = &list.rows[i];
        struct feed_row feed = {0};

        status = store_feed(cli->store, e->feed_id, &cli->arena, &feed, err);
        if (status != WW_OK)
            break;
        why_note(w, WHY_ANNOUNCED, "feed", "by feed %" PRId64 " (%.*s) as \"%.*s\", %.*s", feed.id,
                 SLICE_ARG(feed.title.len > 0 ? feed.title : feed.url), SLICE_ARG(e->title),
                 SLICE_ARG(output_moment(cli, e->first_seen_at)))
            ->at = e->first_seen_at;
    }
    return status;
}

/* ---- what became of its page ----------------------------------------------------------------- */

/* "status 503", "robots.txt of example.org forbids it", "status 200: no article text" */
static struct slice cause_of(struct why *w, const struct page_row *p)
{
    struct arena *a = &w->cli->arena;

    if (p->last_error.len == 0)
        return arena_printf(a, "status %" PRId64, p->last_status);
    if (p->last_status == 0 || slice_starts(p->last_error, SLICE("status")))
        return p->last_error;
    return arena_printf(a, "status %" PRId64 ": %.*s", p->last_status, SLICE_ARG(p->last_error));
}

/* Its host is left alone for a while: it asked for that, or answered badly. */
static enum ww_status put_host(struct why *w, const struct page_row *p, struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct host_row host = {0};
    enum ww_status status = store_host(cli->store, p->host, &cli->arena, &host, err);

    if (status == WW_OK && host.not_before > clock_now(&cli->clock))
        why_note(w, WHY_PAGE, "host-waits",
                 "its host %.*s is not asked before %.*s (%" PRId64 " failure%s in a row)",
                 SLICE_ARG(p->host), SLICE_ARG(output_moment(cli, host.not_before)),
                 host.n_failures, host.n_failures == 1 ? "" : "s")
            ->at = host.not_before;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static void put_queued(struct why *w, const struct page_row *p)
{
    struct cli *cli = w->cli;
    struct why_line *line;

    if (p->n_tries == 0 && p->last_error.len == 0)
        line = why_stop(w, WHY_PAGE, "queued", "waits to be fetched since %.*s",
                        SLICE_ARG(output_moment(cli, p->added_at)));
    else
        line = why_stop(w, WHY_PAGE, "failing", "could not be fetched %.*s (%.*s); next try %.*s",
                        SLICE_ARG(why_times(w, (size_t)p->n_tries)), SLICE_ARG(cause_of(w, p)),
                        SLICE_ARG(p->not_before != 0 ? output_moment(cli, p->not_before)
                                                     : SLICE("with the next run")));
    line->at = p->added_at;
    line->needs = SLICE("the next run: wirewatch run");
}

/* An article that was read from an archive's copy. False: it was not. */
static bool put_copy(struct why *w, const struct article_row *a)
{
    if (a->capture.len == 0)
        return false;
    why_note(w, WHY_PAGE, "copy", "copy of %.*s from %.*s",
             SLICE_ARG(slice_head(output_moment(w->cli, a->fetched_at), DATE_COLUMNS)),
             SLICE_ARG(a->capture))
        ->at = a->fetched_at;
    return true;
}

/* What takes it out of the queue again before anybody asked its host. */
static void put_never_asked(struct why *w)
{
    why_stop(w, WHY_PAGE, "cancelled", "never asked: its backfill was cancelled")->needs =
        SLICE("a backfill that asks for it anew");
}

static void put_fetched(struct why *w, const struct page_row *p, const struct article_row *article)
{
    struct cli *cli = w->cli;
    struct why_line *line;

    if (p->last_status == 0 && put_copy(w, article))
        return;
    line = p->last_status == 0
               ? why_note(w, WHY_PAGE, "fetched", "read from a file %.*s",
                          SLICE_ARG(output_moment(cli, p->fetched_at)))
               : why_note(w, WHY_PAGE, "fetched", "fetched %.*s, status %" PRId64,
                          SLICE_ARG(output_moment(cli, p->fetched_at)), p->last_status);
    line->at = p->fetched_at;
    if (p->last_status != 0)
        (void)put_copy(w, article);
}

/* Pages that brought nothing to read. article->id is 0 when there is none. */
static void put_page(struct why *w, const struct page_row *p, const struct article_row *article)
{
    static const struct {
        const char *reason, *text;
    } ends[] = {
        [PAGE_STATE_DONE] = {"no-text",     "was fetched and holds no article text"},
        [PAGE_STATE_FAILED] = {"failed",      "was given up"                         },
        [PAGE_STATE_REFUSED] = {"refused",     "was refused"                          },
        [PAGE_STATE_QUARANTINED] = {"quarantined", "killed the workers that read it"      },
        [PAGE_STATE_GONE] = {"gone",        "is gone"                              },
    };
    const bool has_article = article->id != 0;
    struct cli *cli = w->cli;
    struct why_line *line;

    if (p->state == PAGE_STATE_QUEUED && !has_article) {
        put_queued(w, p);
        return;
    }
    if (has_article && (p->state == PAGE_STATE_DONE || p->state == PAGE_STATE_QUEUED)) {
        put_fetched(w, p, article);
        return;
    }
    if (p->state == PAGE_STATE_REFUSED && p->fetched_at == 0) {
        if (!put_copy(w, article))
            put_never_asked(w);
        return;
    }
    line = (has_article ? why_note : why_stop)(
        w, WHY_PAGE, ends[p->state].reason, "%s, %.*s (%.*s)", ends[p->state].text,
        SLICE_ARG(output_moment(cli, p->fetched_at)), SLICE_ARG(cause_of(w, p)));
    line->at = p->fetched_at;
    if (!has_article)
        line->needs = SLICE("a page that can be read, or a feed that gives its text");
    else
        (void)put_copy(w, article);
}

/* ---- what was read of it --------------------------------------------------------------------- */

static void put_article(struct why *w, const struct article_row *a)
{
    struct cli *cli = w->cli;
    bool is_open = slice_equal(a->access, SLICE("open")) || a->access.len == 0;

    why_note(w, WHY_ARTICLE, "read",
             "n%" PRId64 "%s \"%.*s\", %.*s, language %.*s, %" PRId64 " bytes of text%s%.*s%s",
             a->id, a->version > 1 ? " (a later version of its page)" : "",
             SLICE_ARG(a->title.len > 0 ? a->title : a->url),
             SLICE_ARG(a->outlet.len > 0 ? a->outlet : url_host(a->url, &cli->arena)),
             SLICE_ARG(a->language.len > 0 ? a->language : SLICE("unknown")), a->text_bytes,
             is_open ? "" : ", ", SLICE_ARG(is_open ? SLICE("") : a->access),
             slice_equal(a->text_source, SLICE("feed")) ? ", only what the feed said of it" : "")
        ->at = a->fetched_at;
    if (a->text_bytes == 0 && a->title.len == 0)
        why_stop(w, WHY_ARTICLE, "no-text", "nothing of it could be read");
}

static enum ww_status find_by_address(struct why *w, const char *word, struct article_row *article,
                                      struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct page_row page = {0};
    struct slice canonical;
    size_t n_announced = 0, n_found = 0;
    enum ww_status status = url_canonical(slice_from(word), &cli->arena, &canonical, err);

    if (status != WW_OK)
        return status;
    status = store_page_by_canonical(cli->store, canonical, &cli->arena, &page, err);
    if (status == WW_OK || status == WW_NOT_FOUND)
        status = store_article_by_canonical(cli->store, canonical, &cli->arena, article, err);
    if (status == WW_NOT_FOUND && page.article_id != 0)
        status = store_article(cli->store, page.article_id, &cli->arena, article, err);
    if (status == WW_NOT_FOUND)
        status = store_article_by_url(cli->store, slice_from(word), &cli->arena, article, err);
    if (status == WW_NOT_FOUND)
        status = WW_OK;
    if (status == WW_OK && article->id != 0 && page.id == 0 && article->page_id != 0)
        status = store_page(cli->store, article->page_id, &cli->arena, &page, err);
    if (status == WW_NOT_FOUND)
        status = WW_OK;
    if (status == WW_OK)
        status = put_announced(w, canonical, &n_announced, err);
    if (status == WW_OK)
        status = why_finds(w, canonical, article->id != 0, &n_found, err);
    if (status != WW_OK)
        return status;
    if (page.id == 0 && article->id == 0 && n_announced == 0 && n_found == 0)
        return put_unknown(w, canonical, err);
    /* A page that waits for its backfill alone is no matter of the next run. */
    if (page.id != 0 && page.is_historic && page.state == PAGE_STATE_QUEUED && n_found > 0)
        return WW_OK;
    if (page.id != 0)
        put_page(w, &page, article);
    if (page.id != 0 && page.state == PAGE_STATE_QUEUED && article->id == 0)
        return put_host(w, &page, err);
    if (page.id != 0)
        return WW_OK;
    if (article->id == 0 && n_found == 0)
        why_stop(w, WHY_PAGE, "not-queued",
                 "its page was never asked for: the feed held it when it was first read, or it is "
                 "no web page");
    return WW_OK;
}

/* "a31" is the article that raised it. */
static enum ww_status find_by_alert(struct why *w, int64_t alert, struct article_row *article,
                                    struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct alert_view v = {0};
    enum ww_status status = store_alert(cli->store, alert, &cli->arena, &v, err);

    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no alert a%" PRId64 "; wirewatch alert list --all", alert);
    if (status != WW_OK)
        return status;
    why_note(w, WHY_ADDRESS, "of-alert",
             "the article of alert a%" PRId64 " on %.*s; why it was raised: wirewatch alert "
             "explain a%" PRId64,
             alert, SLICE_ARG(v.alert.item), alert);
    return store_article(cli->store, v.alert.article_id, &cli->arena, article, err);
}

enum ww_status why_find_article(struct why *w, const char *word, struct article_row *article,
                                struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct page_row page = {0};
    enum ww_status status;
    int64_t id;

    *article = (struct article_row){0};
    if (word[0] == 'a' && cli_id(word, 'a', &id)) {
        status = find_by_alert(w, id, article, err);
    } else if (!cli_id(word, 'n', &id)) {
        status = find_by_address(w, word, article, err);
    } else {
        status = store_article(cli->store, id, &cli->arena, article, err);
        if (status == WW_NOT_FOUND)
            return ww_fail(err, status, "no article n%" PRId64 "; wirewatch article list", id);
        if (status == WW_OK && article->page_id != 0)
            status = store_page(cli->store, article->page_id, &cli->arena, &page, err);
        if (status == WW_OK && page.id != 0)
            put_page(w, &page, article);
    }
    if (status == WW_OK && article->id != 0)
        put_article(w, article);
    return status;
}

/*
 * What feeds do to the identity of their entries, poll after poll, against a server on loopback:
 * nothing is raised twice, nothing is lost, and nothing grows.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_entries.h"
#include "storage/store_pages.h"
#include "tests/support/pool.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define A "127.21.0.1"
#define B "127.21.0.2"
#define ITEMS_MAX 12

/* Of the case at hand: what messages call it, and how much of it was not as expected. */
static const char *case_name;
static size_t n_wrong;

/* ---- a feed as it is at a poll --------------------------------------------------------------- */

/* "%d" in a text is the number of the poll, from 0, "%p" the port. Links begin with '/' or are
 * whole. */
struct item {
    const char *id, *link, *title;
    const char *text; /* NULL: a sentence made of the title; "": none */
    int64_t at;       /* seconds before the first poll; 0: no date; AT_POLL: the poll's time */
};
#define AT_POLL (-1)

static void answer_page(void *context, const struct http_request *request,
                        struct http_answer *answer)
{
    if (strncmp(request->path, "/gone", 5) == 0)
        answer->status = 404;
    else
        world_serve_article(context, request, answer);
}

static void open_world(struct world *w, const char *name)
{
    static const char *const hosts[] = {A, B};

    world_open(w, hosts, WW_COUNT(hosts));
    http_server_handle(w->http, answer_page, NULL);
    w->options.asks_all = true;
    w->options.transfer_timeout_ms = 5000;
    case_name = name;
    n_wrong = 0;
}

/* The text with its numbers in it, escaped for XML. */
static void add_numbered(struct buf *b, const char *text, int poll, unsigned port)
{
    for (; *text != '\0'; text++) {
        if (text[0] == '%' && text[1] == 'd') {
            buf_printf(b, "%d", poll);
            text++;
        } else if (text[0] == '%' && text[1] == 'p') {
            buf_printf(b, "%u", port);
            text++;
        } else if (*text == '&') {
            buf_add_string(b, "&amp;");
        } else if (*text == '<') {
            buf_add_string(b, "&lt;");
        } else {
            buf_add_char(b, *text);
        }
    }
}

static void add_item(struct world *w, struct buf *b, const char *host, const struct item *item,
                     int poll, int64_t now)
{
    char date[DATE_TEXT_BYTES];

    buf_add_string(b, "<item>");
    if (item->id != NULL) {
        buf_add_string(b, "<guid isPermaLink=\"false\">");
        add_numbered(b, item->id, poll, w->port);
        buf_add_string(b, "</guid>");
    }
    if (item->link != NULL) {
        buf_add_string(b, "<link>");
        if (item->link[0] == '/')
            buf_printf(b, "http://%s:%u", host, w->port);
        add_numbered(b, item->link, poll, w->port);
        buf_add_string(b, "</link>");
    }
    buf_add_string(b, "<title>");
    add_numbered(b, item->title, poll, w->port);
    buf_add_string(b, "</title><description>");
    if (item->text == NULL) {
        buf_add_string(b, "What is to be said of ");
        add_numbered(b, item->title, poll, w->port);
        buf_add_string(b, ", at a length that leaves no doubt about which of them it is.");
    } else {
        add_numbered(b, item->text, poll, w->port);
    }
    buf_add_string(b, "</description>");
    if (item->at != 0)
        buf_printf(b, "<pubDate>%s</pubDate>",
                   date_format(item->at == AT_POLL ? now : TEST_NOW - item->at, date));
    buf_add_string(b, "</item>");
}

static void route_feed(struct world *w, const char *host, const char *path,
                       const struct item *items, size_t n, int poll, int64_t now)
{
    struct buf b;
    struct http_route route = {.host = host, .path = path, .type = "application/rss+xml"};

    buf_init(&b, 1 << 22);
    buf_add_string(&b, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>F</title>");
    for (size_t i = 0; i < n && items[i].title != NULL; i++)
        add_item(w, &b, host, &items[i], poll, now);
    buf_add_string(&b, "</channel></rss>");
    route.body = buf_slice(&b);
    assert_true(http_server_route(w->http, &route));
    buf_release(&b);
}

static void crawl_at(struct world *w, int64_t now)
{
    if (world_crawl(w, now) != WW_OK)
        fail_msg("%s: the crawl failed: %s", case_name, w->err.message);
}

/* ---- what came of it ------------------------------------------------------------------------- */

static struct entry_list read_entries(struct world *w, int64_t feed_id)
{
    const struct store_window all = {0};
    struct entry_list list = {0};

    assert_int_equal(store_list_entries(w->t.store, feed_id, &all, &w->t.arena, &list, NULL),
                     WW_OK);
    return list;
}

static size_t count_articles(struct world *w)
{
    const struct article_filter all = {0};
    struct article_list list = {0};

    assert_int_equal(store_list_articles(w->t.store, &all, &w->t.arena, &list, NULL), WW_OK);
    return list.n_rows;
}

static size_t count_pages(struct world *w)
{
    const struct page_filter all = {0};
    struct page_list list = {0};

    assert_int_equal(store_list_pages(w->t.store, &all, &w->t.arena, &list, NULL), WW_OK);
    return list.n_rows;
}

/* Requests for pages: neither feeds nor robots.txt. */
static size_t count_fetched(struct world *w)
{
    struct http_request request;
    size_t n = 0;

    for (size_t i = 0; http_server_request(w->http, i, &request); i++)
        n += strncmp(request.path, "/feed", 5) != 0 && strcmp(request.path, "/robots.txt") != 0;
    return n;
}

/* Said and counted, so that one run shows all that is wrong. */
static void expect(const char *what, size_t got, size_t wanted)
{
    if (got == wanted)
        return;
    print_error("%s: %zu %s, not %zu\n", case_name, got, what, wanted);
    n_wrong++;
}

/* ---- one feed, poll after poll --------------------------------------------------------------- */

struct polls {
    const char *name;
    struct item first[ITEMS_MAX]; /* the first poll, and all later ones if there is no then */
    struct item then[ITEMS_MAX];
    int n_polls;
    struct {
        size_t n_entries, n_fetched, n_articles, n_pages, n_changes;
    } in_the_end;
};

#define BRIDGE "The bridge over the river is to be widened"
#define TRAM "A tram for the northern quarter"
#define MILL "Why the old mill was closed at last"
#define FERRY "Nobody wants the ferry back"

static const struct polls cases[] = {
    {"nothing changes",
     {{"1", "/a", BRIDGE, NULL, HOUR}, {"2", "/b", TRAM, NULL, HOUR}},
     {{0}},
     4,  {2, 2, 2, 2, 0}},

 /* ---- ids renewed ---- */
    {"all ids renewed at every poll, links the same",
     {{"u-%d-1", "/a", BRIDGE, NULL, HOUR}, {"u-%d-2", "/b", TRAM, NULL, HOUR}},
     {{0}},
     5,  {2, 2, 2, 2, 0}},
    {"... and dates, too",
     {{"u-%d-1", "/a", BRIDGE, NULL, AT_POLL}, {"u-%d-2", "/b", TRAM, NULL, AT_POLL}},
     {{0}},
     5,  {2, 2, 2, 2, 0}},
    {"the fragment of the id is new",
     {{"http://x.example/a#%d", "/a", BRIDGE, NULL, HOUR}},
     {{0}},
     3,  {1, 1, 1, 1, 0}},
    {"ids renewed while a headline is corrected",
     {{"old", "/a", "The brigde over the river is to be widened", "", HOUR}},
     {{"new", "/a", BRIDGE, "", HOUR}},
     2,  {1, 2, 1, 1, 1}},
    {"links carry the number of the poll",
     {{"1", "/a?ts=%d", BRIDGE, NULL, HOUR}, {"2", "/b?ts=%d", TRAM, NULL, HOUR}},
     {{0}},
     5,  {2, 2, 2, 2, 0}},
    {"ids and links carry it",
     {{"/a?ts=%d", "/a?ts=%d", BRIDGE, NULL, HOUR}, {"/b?ts=%d", "/b?ts=%d", TRAM, NULL, HOUR}},
     {{0}},
     5,  {2, 2, 2, 2, 0}},
    {"ids and links carry it, and there is no id",
     {{NULL, "/a?ts=%d", BRIDGE, NULL, HOUR}, {NULL, "/b?ts=%d", TRAM, NULL, HOUR}},
     {{0}},
     5,  {2, 2, 2, 2, 0}},
    {"ids, paths and dates are new, the words the same",
     {{"%d-1", "/r/%d/a", BRIDGE, NULL, AT_POLL},
      {"%d-2", "/r/%d/b", TRAM, NULL, AT_POLL},
      {"%d-3", "/r/%d/c", MILL, NULL, AT_POLL}},
     {{0}},
     5,  {3, 3, 3, 3, 0}},
    {"addresses in the text are new at every poll",
     {{"%d-1", "/r/%d/a", BRIDGE,
       "<p>It crosses <a href=\"http://x.example/?%d\">the river</a>"
       " where the old one stood, and cost more than was planned.</p>",
       HOUR}},
     {{0}},
     4,  {1, 1, 1, 1, 0}},
    {"ids and paths are new, a count in the text, too",
     {{"%d-1", "/r/%d/a", BRIDGE,
       "It crosses the river where the old one stood, a hundred years "
       "ago, and nobody who was asked on Tuesday remembers that one. Read %d times.",
       HOUR},
      {"%d-2", "/r/%d/b", TRAM,
       "It is to run from the harbour to the hospital, every ten minutes "
       "by day and every half an hour by night, from spring. Read %d times.",
       HOUR},
      {"%d-3", "/r/%d/c", MILL,
       "The wheel stood still for the last time on Friday, after four "
       "hundred years, for want of anything to grind. Read %d times.",
       HOUR}},
     {{0}},
     4,  {3, 3, 3, 3, 0}},
    {"as many others of a form, hours later: all new",
     {{"1", "/q/1", "Magnitude 4.5 south of the harbour",
       "An earthquake of magnitude 4.5 was felt "
       "south of the harbour at a depth of 10 kilometres, on Tuesday at 11 minutes past two.",
       HOUR},
      {"2", "/q/2", "Magnitude 4.5 north of the harbour",
       "An earthquake of magnitude 4.5 was felt "
       "north of the harbour at a depth of 10 kilometres, on Tuesday at 12 minutes past two.",
       HOUR},
      {"3", "/q/3", "Magnitude 4.5 west of the harbour",
       "An earthquake of magnitude 4.5 was felt "
       "west of the harbour at a depth of 10 kilometres, on Tuesday at 13 minutes past two.",
       HOUR}},
     {{"4", "/q/4", "Magnitude 4.5 south of the harbour",
       "An earthquake of magnitude 4.5 was felt "
       "south of the harbour at a depth of 10 kilometres, on Tuesday at 17 minutes past two.",
       2},
      {"5", "/q/5", "Magnitude 4.6 north of the harbour",
       "An earthquake of magnitude 4.6 was felt "
       "north of the harbour at a depth of 10 kilometres, on Tuesday at 12 minutes past two.",
       HOUR},
      {"6", "/q/6", "Magnitude 4.5 west of the harbour",
       "An earthquake of magnitude 4.5 was felt "
       "west of the harbour at a depth of 10 kilometres, on Tuesday at 19 minutes past two.",
       3}},
     2,  {6, 6, 6, 6, 0}},
    {"titles alone, ids and queries new, no dates",
     {{"%d-1", "/a?s=%d", BRIDGE, "", 0},
      {"%d-2", "/b?s=%d", TRAM, "", 0},
      {"%d-3", "/c?s=%d", MILL, "", 0}},
     {{0}},
     4,  {3, 3, 3, 3, 0}},

 /* ---- the host of the ids moves ---- */
    {"ids from http to https",
     {{"http://x.example/?p=1", "/a", BRIDGE, NULL, HOUR},
      {"http://x.example/?p=2", "/b", TRAM, NULL, HOUR}},
     {{"https://x.example/?p=1", "/a", BRIDGE, NULL, HOUR},
      {"https://x.example/?p=2", "/b", TRAM, NULL, HOUR}},
     3,  {2, 2, 2, 2, 0}},
    {"ids and links to another host",
     {{"http://x.example/?p=1", "http://" A ":%p/a", BRIDGE, NULL, HOUR},
      {"http://x.example/?p=2", "http://" A ":%p/b", TRAM, NULL, HOUR}},
     {{"https://www.y.example/?p=1", "http://" B ":%p/a", BRIDGE, NULL, HOUR},
      {"https://www.y.example/?p=2", "http://" B ":%p/b", TRAM, NULL, HOUR}},
     3,  {2, 2, 2, 2, 0}},
    {"ids to https, links to other paths, titles alone",
     {{"http://x.example/?p=1", "/a", BRIDGE, "", HOUR}},
     {{"https://x.example/?p=1", "/new/a", BRIDGE, "", HOUR}},
     3,  {1, 2, 2, 2, 1}},
    {"a planet: one id on two hosts",
     {{"http://x.example/?p=1", "/x", BRIDGE, NULL, HOUR},
      {"http://y.example/?p=1", "/y", TRAM, NULL, HOUR}},
     {{0}},
     3,  {2, 2, 2, 2, 0}},
    {"a planet: the second comes when the first has gone",
     {{"http://x.example/?p=1", "/x", "Hello world!", "", 9 * DAY}},
     {{"http://y.example/?p=1", "/y", "Hello world!", "", HOUR}},
     3,  {2, 2, 2, 2, 0}},

 /* ---- ids that tell nothing ---- */
    {"one id for all",
     {{"same", "/a", BRIDGE, NULL, HOUR}, {"same", "/b", TRAM, NULL, HOUR}},
     {{"same", "/c", MILL, NULL, 0},
      {"same", "/a", BRIDGE, NULL, HOUR},
      {"same", "/b", TRAM, NULL, HOUR}},
     4,  {3, 3, 3, 3, 0}},
    {"one id for whatever is the newest",
     {{"same", "/a", BRIDGE, NULL, 2 * HOUR}},
     {{"same", "/b", TRAM, NULL, HOUR}},
     3,  {2, 2, 2, 2, 0}},
    {"one id and one title for whatever is the newest",
     {{"same", "/a", "Press release", "", 2 * HOUR}},
     {{"same", "/b", "Press release", "", HOUR}},
     3,  {2, 2, 2, 2, 0}},
    {"one id and one title, for several in the end",
     {{"same", "/a", "Notice of a meeting", "", HOUR}},
     {{"same", "/b", "Notice of a meeting", "", HOUR}, {"same", "/c", TRAM, "", HOUR}},
     3,  {3, 3, 3, 3, 0}},
    {"one text every day, under ids and addresses of its own",
     {{"1", "/r/1", "Report",
       "The office reports that there is nothing to report, as on other days.", DAY}},
     {{"2", "/r/2", "Report",
       "The office reports that there is nothing to report, as on other days.", HOUR}},
     3,  {2, 2, 2, 2, 0}},
    {"ids by position",
     {{"1", "/a", BRIDGE, NULL, HOUR},
      {"2", "/b", TRAM, NULL, HOUR},
      {"3", "/c", MILL, NULL, HOUR}},
     {{"1", "/d", FERRY, NULL, HOUR},
      {"2", "/a", BRIDGE, NULL, HOUR},
      {"3", "/b", TRAM, NULL, HOUR}},
     3,  {4, 4, 4, 4, 0}},
    {"no ids",
     {{NULL, "/a", BRIDGE, NULL, HOUR}, {NULL, "/b", TRAM, NULL, HOUR}},
     {{NULL, "/c", MILL, NULL, 0}, {NULL, "/a", BRIDGE, NULL, HOUR}},
     3,  {3, 3, 3, 3, 0}},
    {"empty ids",
     {{"", "/a", BRIDGE, NULL, HOUR}, {"", "/b", TRAM, NULL, HOUR}},
     {{0}},
     3,  {2, 2, 2, 2, 0}},
    {"neither ids nor links",
     {{NULL, NULL, BRIDGE, NULL, 0}, {NULL, NULL, TRAM, NULL, 0}},
     {{NULL, NULL, MILL, NULL, 0}, {NULL, NULL, BRIDGE, NULL, 0}, {NULL, NULL, TRAM, NULL, 0}},
     3,  {3, 0, 0, 0, 0}},
    {"an entry twice",
     {{"1", "/a", BRIDGE, NULL, HOUR}, {"1", "/a", BRIDGE, NULL, HOUR}, {"2", "/b", TRAM, NULL, 0}},
     {{0}},
     3,  {2, 2, 2, 2, 0}},
    {"an id twice, one address, two texts",
     {{"1", "/a", BRIDGE, NULL, HOUR}, {"1", "/a", TRAM, NULL, HOUR}},
     {{"1", "/a", MILL, NULL, HOUR},
      {"1", "/a", BRIDGE, NULL, HOUR},
      {"1", "/a", TRAM, NULL, HOUR}},
     4,  {3, 2, 1, 1, 0}},
    {"an id that is another's address",
     {{"same", "/a", BRIDGE, NULL, HOUR},
      {"same", "/b", TRAM, NULL, HOUR},
      {"http://" A ":%p/b", "/c", MILL, NULL, HOUR},
      {"words:0", "/d", FERRY, NULL, HOUR}},
     {{0}},
     3,  {4, 4, 4, 4, 0}},

 /* ---- links that tell nothing ---- */
    {"all on the front page",
     {{"1", "/", BRIDGE, NULL, 3}, {"2", "/", TRAM, NULL, 2}},
     {{"3", "/", MILL, NULL, 1}, {"1", "/", BRIDGE, NULL, 3}, {"2", "/", TRAM, NULL, 2}},
     4,  {3, 1, 1, 1, 0}},
    {"all on the front page, without ids",
     {{NULL, "/", BRIDGE, NULL, 0}, {NULL, "/", TRAM, NULL, 0}},
     {{NULL, "/", MILL, NULL, 0}, {NULL, "/", BRIDGE, NULL, 0}, {NULL, "/", TRAM, NULL, 0}},
     4,  {3, 1, 1, 1, 0}},
    {"a ticker: one page, looked at again for what is new",
     {{"1", "/live", BRIDGE, NULL, 3}, {"2", "/live", TRAM, NULL, 2}},
     {{"3", "/live", MILL, NULL, 1},
      {"1", "/live", BRIDGE, NULL, 3},
      {"2", "/live", TRAM, NULL, 2}},
     4,  {3, 2, 1, 1, 0}},
    {"a ticker, one entry at a time, titles alike",
     {{"1", "/live", "10:15 Live from the harbour", "", 3}},
     {{"2", "/live", "10:45 The bridge is open again", "", 1}},
     3,  {2, 2, 1, 1, 0}},
    {"a ticker that always says the same",
     {{"1", "/live", "Live update", "", 3 * HOUR}, {"2", "/live", "Live update", "", 2 * HOUR}},
     {{"3", "/live", "Live update", "", HOUR}, {"2", "/live", "Live update", "", 2 * HOUR}},
     3,  {3, 2, 1, 1, 0}},
    {"a ticker without dates, its titles alike",
     {{"1", "/live", "10:15 Live from the harbour", "", 0}, {"2", "/live", TRAM, "", 0}},
     {{"3", "/live", "10:45 Live from the harbour", "", 0}, {"2", "/live", TRAM, "", 0}},
     3,  {3, 2, 1, 1, 0}},
    {"a ticker that renews its ids",
     {{"%d-1", "/live", BRIDGE, NULL, 3},
      {"%d-2", "/live", TRAM, NULL, 2},
      {"%d-3", "/live", MILL, NULL, 1}},
     {{0}},
     5,  {3, 1, 1, 1, 0}},

 /* ---- entries that change ---- */
    {"all re-dated at every poll",
     {{"1", "/a", BRIDGE, NULL, AT_POLL}, {"2", "/b", TRAM, NULL, AT_POLL}},
     {{0}},
     5,  {2, 2, 2, 2, 0}},
    {"a title is corrected: looked at once more",
     {{"1", "/a", BRIDGE, NULL, HOUR}, {"2", "/b", TRAM, NULL, HOUR}},
     {{"1", "/a", "The bridge is not to be widened", NULL, HOUR}, {"2", "/b", TRAM, NULL, HOUR}},
     4,  {2, 3, 2, 2, 1}},
    {"title and address are new, the id and the date are not",
     {{"1", "/a", BRIDGE, "", HOUR}},
     {{"1", "/a-widened", BRIDGE " again", "", HOUR}},
     3,  {1, 2, 2, 2, 1}},
    {"one id, one title and one date for whatever is the newest: fetched",
     {{"same", "/a", "Press release", "", HOUR}},
     {{"same", "/b", "Press release", "", HOUR}},
     3,  {1, 2, 2, 2, 1}},
    {"the address alone is another",
     {{"1", "/a", BRIDGE, NULL, HOUR}},
     {{"1", "/other/a", BRIDGE, NULL, HOUR}},
     3,  {1, 1, 1, 1, 0}},
    {"the first address was not there, the second is",
     {{"1", "/gone/a", BRIDGE, NULL, HOUR}},
     {{"1", "/a", BRIDGE, NULL, HOUR}},
     9,  {1, 3, 1, 1, 0}},
    {"neither is any of them, and each poll has another: the summary is what there is",
     {{"1", "/gone/a?%d", BRIDGE, NULL, HOUR}},
     {{0}},
     20, {1, 8, 1, 1, 0}},
    {"one that goes and comes again",
     {{"1", "/a", BRIDGE, NULL, HOUR}, {"2", "/b", TRAM, NULL, HOUR}},
     {{"2", "/b", TRAM, NULL, HOUR}},
     3,  {2, 2, 2, 2, 0}},
};

static size_t count_changes(struct world *w, int64_t feed_id)
{
    struct entry_list list = read_entries(w, feed_id);
    size_t n = 0;

    for (size_t i = 0; i < list.n_rows; i++)
        n += (size_t)list.rows[i].n_changes;
    return n;
}

static void test_polls(void **state)
{
    size_t total = 0;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct polls *p = &cases[i];
        struct world w;
        int64_t id;

        open_world(&w, p->name);
        id = world_add_feed(&w, A, "/feed");
        for (int poll = 0; poll < p->n_polls; poll++) {
            const struct item *items = poll > 0 && p->then[0].title != NULL ? p->then : p->first;
            int64_t now = TEST_NOW + poll * 6 * HOUR;

            http_server_clear(w.http);
            route_feed(&w, A, "/feed", items, ITEMS_MAX, poll, now);
            crawl_at(&w, now);
        }
        expect("entries", read_entries(&w, id).n_rows, p->in_the_end.n_entries);
        expect("requests for pages", count_fetched(&w), p->in_the_end.n_fetched);
        expect("articles", count_articles(&w), p->in_the_end.n_articles);
        expect("pages", count_pages(&w), p->in_the_end.n_pages);
        expect("changes", count_changes(&w, id), p->in_the_end.n_changes);
        total += n_wrong;
        world_close(&w);
    }
    assert_int_equal(total, 0);
}

/* Renewed once: from then on each entry is known by its new id. */
static void test_new_ids(void **state)
{
    static const struct item items[] = {
        {"%d", "/a", BRIDGE, NULL, HOUR}
    };
    struct world w;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w, "new ids");
    id = world_add_feed(&w, A, "/feed");
    for (int poll = 0; poll < 2; poll++) {
        http_server_clear(w.http);
        route_feed(&w, A, "/feed", items, 1, poll, TEST_NOW);
        crawl_at(&w, TEST_NOW + poll * 6 * HOUR);
    }
    assert_int_equal(read_entries(&w, id).n_rows, 1);
    assert_true(slice_equal(read_entries(&w, id).rows[0].guid, SLICE("1")));
    world_close(&w);
}

/* "updated" of all at once is the time of the poll; of one it means that it has changed. */
static void test_updated(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w, "updated");
    (void)world_add_feed(&w, A, "/feed");
    for (int poll = 0; poll < 5; poll++) {
        const int64_t now = TEST_NOW + poll * 6 * HOUR;
        char date[DATE_TEXT_BYTES];
        struct buf b;

        buf_init(&b, 1 << 16);
        buf_add_string(&b, "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>");
        for (int i = 0; i < 4; i++)
            buf_printf(&b,
                       "<entry><id>%d</id><title>Entry %d</title><link href='http://%s:%u/%d'/>"
                       "<updated>%s</updated></entry>",
                       i, i, A, w.port, i,
                       date_format(poll < 4 || i == 0 ? now : now - 6 * HOUR, date));
        buf_add_string(&b, "</feed>");
        http_server_clear(w.http);
        assert_true(http_server_route(
            w.http, &(struct http_route){.path = "/feed", .body = buf_slice(&b)}));
        buf_release(&b);
        crawl_at(&w, now);
        expect("requests for pages", count_fetched(&w), 4);
    }
    assert_int_equal(n_wrong, 0);
    world_close(&w);
}

/* ---- several feeds --------------------------------------------------------------------------- */

static struct article_list read_articles(struct world *w)
{
    const struct article_filter all = {.order = ARTICLE_BY_ID};
    struct article_list list = {0};

    assert_int_equal(store_list_articles(w->t.store, &all, &w->t.arena, &list, NULL), WW_OK);
    return list;
}

static struct slice text_of(struct world *w, int64_t article_id)
{
    struct article_text text = {0};

    assert_int_equal(store_article_text(w->t.store, article_id, &w->t.arena, &text, NULL), WW_OK);
    return text.text;
}

/*
 * A feed that takes the ids and addresses of another, under other titles and dates of long ago:
 * whichever is read first, each has its entries, and the article is as its own site says.
 */
static void test_hostile_feed(void **state)
{
    static const struct item ours[] = {
        {"1", "http://" A ":%p/a", BRIDGE, NULL, HOUR}
    };
    static const struct item theirs[] = {
        {"1",                 "http://" A ":%p/a", "Nothing happened",      NULL, 300 * DAY},
        {"http://" A ":%p/a", "http://" A ":%p/a", "Nothing happened here", NULL, 300 * DAY}
    };

    WW_UNUSED(state);
    for (int order = 0; order < 3; order++) {
        struct world w;
        int64_t good = 0, bad = 0;
        struct article_list articles;

        open_world(&w, "a hostile feed");
        if (order == 0) /* ids say which is asked first */
            good = world_add_feed(&w, A, "/feed");
        bad = world_add_feed(&w, B, "/feed");
        route_feed(&w, A, "/feed", ours, WW_COUNT(ours), 0, TEST_NOW);
        route_feed(&w, B, "/feed", theirs, WW_COUNT(theirs), 0, TEST_NOW);
        /* The page waits until both are read, or is read before its own feed is known. */
        if (order < 2)
            assert_true(http_server_route(
                w.http, &(struct http_route){.path = "/robots.txt", .status = 500, .times = 1}));
        else
            crawl_at(&w, TEST_NOW);
        if (order > 0)
            good = world_add_feed(&w, A, "/feed");
        for (int poll = 1; poll < 4; poll++)
            crawl_at(&w, TEST_NOW + poll * 6 * HOUR);
        expect("entries of the good one", read_entries(&w, good).n_rows, 1);
        expect("entries of the bad one", read_entries(&w, bad).n_rows, 2);
        expect("requests for pages", count_fetched(&w), 1);
        articles = read_articles(&w);
        expect("articles", articles.n_rows, 1);
        assert_true(slice_starts(articles.rows[0].title, SLICE("The question of /a")));
        assert_true(articles.rows[0].published_at == 0 ||
                    articles.rows[0].published_at == TEST_NOW - HOUR);
        if (order < 2)
            assert_int_equal(articles.rows[0].published_at, TEST_NOW - HOUR);
        assert_true(slice_equal(read_entries(&w, good).rows[0].title, SLICE(BRIDGE)));
        assert_int_equal(n_wrong, 0);
        world_close(&w);
    }
}

/* A page that says it is another site's article becomes no version of it. */
static void test_foreign_canonical(void **state)
{
    static const struct item ours[] = {
        {"1", "/a", BRIDGE, NULL, HOUR}
    };
    static const struct item theirs[] = {
        {"1", "/false", BRIDGE, NULL, HOUR}
    };
    struct world w;
    struct article_list articles;
    struct http_route page = {.host = B, .path = "/false", .type = "text/html"};

    WW_UNUSED(state);
    open_world(&w, "a foreign canonical address");
    (void)world_add_feed(&w, A, "/feed");
    (void)world_add_feed(&w, B, "/feed");
    page.body = arena_printf(
        &w.t.arena,
        "<html><head><title>All is well</title><link rel=canonical href='http://%s:%u/a'></head>"
        "<body><article><h1>All is well</h1><p>There never was a bridge over that river, and no "
        "council ever spoke of one, whatever may have been written elsewhere about it.</p>"
        "<p>Whoever wants to cross may take the ferry, as everybody always has done, on any day "
        "of the week, from six in the morning.</p></article></body></html>",
        A, w.port);
    route_feed(&w, A, "/feed", ours, 1, 0, TEST_NOW);
    route_feed(&w, B, "/feed", theirs, 1, 0, TEST_NOW);
    assert_true(http_server_route(w.http, &page));
    crawl_at(&w, TEST_NOW);
    articles = read_articles(&w);
    assert_int_equal(articles.n_rows, 2);
    for (size_t i = 0; i < 2; i++) {
        const bool is_ours = slice_contains(articles.rows[i].canonical, SLICE(A));

        assert_int_equal(articles.rows[i].version, 1);
        assert_true(slice_contains(text_of(&w, articles.rows[i].id),
                                   SLICE("council of the town")) == is_ours);
    }
    world_close(&w);
}

/* One feed under two addresses: entries apart, each page fetched once, one story each. */
static void test_two_subscriptions(void **state)
{
    static const struct item items[] = {
        {"1", "http://" A ":%p/a", BRIDGE, NULL, HOUR},
        {"2", "http://" A ":%p/b", TRAM,   NULL, HOUR}
    };
    struct world w;
    int64_t one, two;

    WW_UNUSED(state);
    open_world(&w, "two subscriptions");
    one = world_add_feed(&w, A, "/feed");
    two = world_add_feed(&w, B, "/feed");
    route_feed(&w, NULL, "/feed", items, 2, 0, TEST_NOW);
    for (int poll = 0; poll < 3; poll++)
        crawl_at(&w, TEST_NOW + poll * 6 * HOUR);
    expect("entries", read_entries(&w, one).n_rows, 2);
    expect("entries", read_entries(&w, two).n_rows, 2);
    expect("requests for pages", count_fetched(&w), 2);
    expect("articles", count_articles(&w), 2);
    assert_int_equal(n_wrong, 0);
    world_close(&w);
}

/* A feed that has moved for good is the same feed: its entries stay. */
static void test_moved_feed(void **state)
{
    static const struct item items[] = {
        {"1",  "http://" A ":%p/a", BRIDGE, NULL, HOUR},
        {NULL, "http://" A ":%p/b", TRAM,   NULL, HOUR}
    };
    struct world w;
    struct feed_row feed = {0};
    char to[64];
    int64_t id;

    WW_UNUSED(state);
    open_world(&w, "a feed that moves");
    id = world_add_feed(&w, A, "/feed");
    (void)snprintf(to, sizeof(to), "http://%s:%u/feed/new", B, w.port);
    route_feed(&w, A, "/feed", items, 2, 0, TEST_NOW);
    crawl_at(&w, TEST_NOW);
    http_server_clear(w.http);
    assert_true(http_server_route(
        w.http, &(struct http_route){.host = A, .path = "/feed", .status = 301, .location = to}));
    route_feed(&w, B, "/feed/new", items, 2, 0, TEST_NOW);
    for (int day = 1; day < 9; day++)
        crawl_at(&w, TEST_NOW + day * DAY + day * HOUR);
    assert_int_equal(store_feed(w.t.store, id, &w.t.arena, &feed, NULL), WW_OK);
    assert_true(slice_equal(feed.url, slice_from(to)));
    expect("entries", read_entries(&w, id).n_rows, 2);
    expect("requests for pages", count_fetched(&w), 2);
    assert_int_equal(n_wrong, 0);
    world_close(&w);
}

/* ---- long --------------------------------------------------------------------------------------
 */

#define MANY 500

/* The n-th of a large feed; its strings live in the arena. */
static struct item make_item(struct world *w, size_t n, int64_t salt)
{
    static const char *const things[] = {"bridge", "harbour", "school", "tram", "mill",
                                         "market", "council", "ferry",  "quay", "library"};
    struct arena *a = &w->t.arena;
    const char *thing = things[n % 10], *other = things[n / 10 % 10];

    return (struct item){
        .id = arena_string(a, arena_printf(a, "id-%zu-%lld", n, (long long)salt)),
        .link = arena_string(a, arena_printf(a, "/%s/%zu?s=%lld", thing, n, (long long)salt)),
        .title = arena_string(a, arena_printf(a, "Number %zu: the %s and the %s of part %zu", n,
                                              thing, other, n / 100)),
        .at = (int64_t)(n + 1) * HOUR};
}

/* Ids and addresses are new at every poll for a year: the store is as large as on the first day. */
static void test_year(void **state)
{
    struct world w;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w, "a year of new ids");
    id = world_add_feed(&w, A, "/feed");
    for (int64_t day = 0; day < 365; day++) {
        struct item items[20];

        for (size_t i = 0; i < 20; i++)
            items[i] = make_item(&w, i, day);
        http_server_clear(w.http);
        route_feed(&w, A, "/feed", items, 20, 0, TEST_NOW);
        crawl_at(&w, TEST_NOW + day * DAY);
        if (day % 64 == 0)
            arena_reset(&w.t.arena);
    }
    expect("entries", read_entries(&w, id).n_rows, 20);
    expect("requests for pages", count_fetched(&w), 20);
    expect("pages", count_pages(&w), 20);
    assert_int_equal(n_wrong, 0);
    world_close(&w);
}

/* Ten of five hundred at a time, in an order of its own, under one id in every tenth poll. */
static void test_rotation(void **state)
{
    struct world w;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w, "ten of many");
    id = world_add_feed(&w, A, "/feed");
    for (size_t poll = 0; poll < 120; poll++) {
        struct item items[10];

        for (size_t i = 0; i < 10; i++) {
            items[i] = make_item(&w, (poll * 10 + i * 7) % MANY, 0);
            if (poll % 10 == 9)
                items[i].id = "same";
        }
        http_server_clear(w.http);
        route_feed(&w, A, "/feed", items, 10, 0, TEST_NOW);
        crawl_at(&w, TEST_NOW + (int64_t)poll * 2 * HOUR);
    }
    expect("entries", read_entries(&w, id).n_rows, MANY);
    expect("requests for pages", count_fetched(&w), MANY);
    expect("pages", count_pages(&w), MANY);
    expect("articles", count_articles(&w), MANY);
    assert_int_equal(n_wrong, 0);
    world_close(&w);
}

/* ---- no memory ---- */

/* The n-th allocation fails while ids are renewed: said, or got over; the next poll is right. */
static void test_no_memory(void **state)
{
    static const struct item items[] = {
        {"%d-1", "/a?s=%d", BRIDGE,      NULL, HOUR},
        {"same", "/b?s=%d", TRAM,        NULL, HOUR},
        {"same", "/c?s=%d", MILL,        NULL, HOUR},
        {"4",    "/d",      FERRY " %d", NULL, HOUR}
    };
    const bool is_soak = getenv("SOAK") != NULL;
    bool is_reached = true;

    WW_UNUSED(state);
    for (long n = 1; is_reached; n += is_soak ? 1 : 11) {
        struct world w;
        int64_t id;
        enum ww_status status = WW_OK;

        open_world(&w, "no memory");
        id = world_add_feed(&w, A, "/feed");
        for (int poll = 0; poll < 3; poll++) {
            struct clock clock = clock_started_at(TEST_NOW + poll * 6 * HOUR);

            http_server_clear(w.http);
            route_feed(&w, A, "/feed", items, WW_COUNT(items), poll, TEST_NOW);
            mem_fail_after(poll == 1 ? n : 0);
            status =
                crawl_run(&w.options, w.t.store, pool_workers(), &clock, NULL, &w.summary, &w.err);
            is_reached = poll == 1 ? mem_count() >= n : is_reached;
            mem_fail_after(0);
            if (status != WW_OK && (poll != 1 || (status != WW_NOMEM && status != WW_STORE)))
                fail_msg("allocation %ld, poll %d: %s", n, poll, w.err.message);
        }
        expect("entries", read_entries(&w, id).n_rows, WW_COUNT(items));
        assert_int_equal(n_wrong, 0);
        world_close(&w);
    }
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* What a feed says of the time is kept, and no article stands on top of the list for it. */
static void test_dates(void **state)
{
    static const struct {
        const char *said;
        int64_t kept;  /* by the entry */
        bool is_dated; /* the article, too */
    } dates[] = {
        {"9999-12-31T23:59:59Z",            0,                    false},
        {"1970-01-01T00:00:00Z",            0,                    false},
        {"Thu, 01 Jan 1970 08:00:00 +0800", 0,                    false},
        {"Thu, 01 Jan 1970 01:00:00 GMT",   0,                    false},
        {"1969-12-31T12:00:00Z",            0,                    false},
        {"2038-01-19T03:14:08Z",            INT64_C(1) << 31,     false},
        {"2016-12-31T23:59:60Z",            1483228800,           true },
        {"2023-11-14T22:13:10Z",            TEST_NOW - 10,        true },
        {"2023-11-15T10:13:20Z",            TEST_NOW + 12 * HOUR, true },
        {"the day before yesterday",        0,                    false},
        {"",                                0,                    false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(dates); i++) {
        struct world w;
        struct article_list articles;
        int64_t id;

        open_world(&w, dates[i].said);
        id = world_add_feed(&w, A, "/feed");
        assert_true(http_server_route(
            w.http,
            &(struct http_route){
                .path = "/feed",
                .body = arena_printf(&w.t.arena,
                                     "<rss version=\"2.0\"><channel><title>F</title><item>"
                                     "<guid>1</guid><link>http://%s:%u/a</link><title>T</title>"
                                     "<pubDate>%s</pubDate></item></channel></rss>",
                                     A, w.port, dates[i].said)}));
        crawl_at(&w, TEST_NOW);
        articles = read_articles(&w);
        assert_int_equal(articles.n_rows, 1);
        if (read_entries(&w, id).rows[0].published_at != dates[i].kept)
            fail_msg("%s: kept as %lld", dates[i].said,
                     (long long)read_entries(&w, id).rows[0].published_at);
        if (articles.rows[0].published_at != (dates[i].is_dated ? dates[i].kept : 0))
            fail_msg("%s: an article of %lld", dates[i].said,
                     (long long)articles.rows[0].published_at);
        assert_true((articles.rows[0].published_source.len > 0) == dates[i].is_dated);
        assert_in_range(articles.rows[0].first_seen_at, TEST_NOW, TEST_NOW + 60);
        world_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_polls),
        cmocka_unit_test(test_new_ids),
        cmocka_unit_test(test_updated),
        cmocka_unit_test(test_hostile_feed),
        cmocka_unit_test(test_foreign_canonical),
        cmocka_unit_test(test_two_subscriptions),
        cmocka_unit_test(test_moved_feed),
        cmocka_unit_test(test_year),
        cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_dates),
    };
    int failed;

    if (!pool_start(parse_run, 1))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}

/*
 * What a crawl learns of sites: furniture is cut from later pages, news that repeats in a few is
 * not, copies and versions count once, and what was learned makes no new version of a page.
 */
#include "crawler/sites.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/keep.h"
#include "crawler/parse.h"
#include "extractors/article.h"
#include "extractors/furniture.h"
#include "storage/store_articles.h"
#include "storage/store_sites.h"
#include "tests/support/pool.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR 3600
#define N_PAGES 24
#define N_FOLLOW_UPS 9
#define OK(call) assert_int_equal(call, WW_OK)

/* ---- a site that is made --------------------------------------------------------------------- */

static const struct site_text {
    const char *host, *name;
    const char *label, *sentence, *background; /* on each page, on each, in the follow-ups */
    const char *words[16];
    const char *space, *stop;
} sites[] = {
    {"127.30.0.1",
     "The Harbour Gazette", "Tell the newsroom",
     "The Gazette is printed by the river and paid for by those who read it.",         "The station on Quay Street was opened in 2018.",
     {"council", "tram", "harbour", "evening", "quarry", "bridge", "ferry", "winter", "school",
      "hospital", "market", "garden", "library", "tunnel", "orchard", "museum"},
     " ", "."  },
    {"127.30.0.2",
     "Bote am Fluss",       "An die Redaktion",
     "Der Bote wird am Fluss gedruckt und von denen bezahlt, die ihn lesen.",          "Die Wache in der Hafenstraße wurde 2018 eröffnet.",
     {"Stadtrat", "Straßenbahn", "Hafen", "Abend", "Brücke", "Fähre", "Winter", "Schule", "Klinik",
      "Markt", "Garten", "Bücherei", "Tunnel", "Obstwiese", "Museum", "Kanal"},
     " ", "."  },
    {"127.30.0.3",
     "江边新闻网",     "读者来信",
     "本报在江边印刷，由读者付费支持，不接受任何人的赠款。", "码头街的服务站于二〇一八年设立，至今仍在开放。",
     {"市议会", "电车", "港口", "夜晚", "大桥", "渡轮", "冬天", "学校", "医院", "集市", "花园",
      "图书馆", "隧道", "果园", "博物馆", "运河"},
     "",  "。"},
};

/* Sentences that no other page has. */
static void add_prose(struct buf *b, const struct site_text *s, uint64_t seed)
{
    for (int paragraph = 0; paragraph < 4; paragraph++) {
        buf_add_string(b, "<p>");
        for (int i = 0; i < 36; i++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            buf_printf(b, "%s%s", i > 0 ? s->space : "", s->words[seed >> 60]);
            if (i % 12 == 11)
                buf_printf(b, "%s%s", s->stop, i < 35 ? s->space : "");
        }
        buf_add_string(b, "</p>");
    }
}

static void make_page(struct buf *b, const struct site_text *s, unsigned n)
{
    buf_printf(b,
               "<html><head><title>%s%s%u - %s</title></head><body><article><h1>%s%s%u</h1>"
               "<p>%s</p>",
               s->words[n % 16], s->space, n, s->name, s->words[n % 16], s->space, n, s->label);
    add_prose(b, s, n * 7919 + 1);
    if (n < N_FOLLOW_UPS || n == N_PAGES)
        buf_printf(b, "<p>%s</p>", s->background);
    buf_printf(b, "<p>%s</p></article></body></html>", s->sentence);
}

/* "/feed-16": so many pages; "/page-3". */
static void serve(void *context, const struct http_request *request, struct http_answer *answer)
{
    const unsigned port = *(const unsigned *)context;
    const struct site_text *s = NULL;
    struct buf b;

    for (size_t i = 0; i < WW_COUNT(sites); i++)
        if (strcmp(sites[i].host, request->host) == 0)
            s = &sites[i];
    buf_init(&b, 1 << 20);
    answer->status = 404;
    if (s != NULL && strncmp(request->path, "/feed-", 6) == 0) {
        unsigned n = (unsigned)strtoul(request->path + 6, NULL, 10);

        answer->type = "application/rss+xml";
        buf_printf(&b, "<rss version=\"2.0\"><channel><title>News</title>");
        for (unsigned i = 0; i < n; i++)
            buf_printf(&b,
                       "<item><guid>%u</guid><title>%s %u</title>"
                       "<link>http://%s:%u/page-%u</link></item>",
                       i, s->words[i % 16], i, s->host, port, i);
        buf_add_string(&b, "</channel></rss>");
    } else if (s != NULL && strncmp(request->path, "/page-", 6) == 0) {
        answer->type = "text/html; charset=utf-8";
        make_page(&b, s, (unsigned)strtoul(request->path + 6, NULL, 10));
    }
    if (b.len == 0)
        return;
    answer->status = 200;
    answer->body = malloc(b.len);
    if (answer->body != NULL) {
        memcpy(answer->body, b.ptr, b.len);
        answer->body_len = b.len;
    }
    buf_release(&b);
}

static struct article_text text_of(struct test_store *t, const char *host, unsigned port,
                                   unsigned page, struct article_row *row)
{
    struct slice url = arena_printf(&t->arena, "http://%s:%u/page-%u", host, port, page);
    struct article_text text = {0};

    OK(store_article_by_canonical(t->store, url, &t->arena, row, NULL));
    OK(store_article_text(t->store, row->id, &t->arena, &text, NULL));
    return text;
}

static bool has(struct slice text, const char *line)
{
    return slice_contains(text, slice_from(line));
}

static void assert_learned(struct world *w, const struct site_text *s)
{
    struct article_row row;
    struct article_text text = text_of(&w->t, s->host, w->port, 0, &row);

    /* The first page teaches and is stored as it was. */
    assert_true(has(text.text, s->label) && has(text.text, s->sentence));
    text = text_of(&w->t, s->host, w->port, N_PAGES, &row);
    if (has(text.text, s->label) || has(text.text, s->sentence))
        fail_msg("%s: not cut: %.*s", s->host, SLICE_ARG(text.text));
    assert_true(has(text.cut, s->label) && has(text.cut, s->sentence));
    assert_true(has(text.text, s->stop));
    /* The feed says no more than "News": the pages' own name counts. */
    assert_true(slice_equal(row.site, slice_from(s->name)));
    /* What nine stories of one affair close with is news in the tenth. */
    assert_true(has(text.text, s->background));
}

static void test_crawl(void **state)
{
    static const char *const hosts[] = {"127.30.0.1", "127.30.0.2", "127.30.0.3"};
    char feed[32];
    struct world w;

    WW_UNUSED(state);
    world_open(&w, hosts, WW_COUNT(hosts));
    w.options.first_read_s = 10LL * 365 * 24 * HOUR;
    http_server_handle(w.http, serve, &w.port);
    (void)snprintf(feed, sizeof(feed), "/feed-%d", N_PAGES);
    for (size_t i = 0; i < WW_COUNT(hosts); i++)
        (void)world_add_feed(&w, hosts[i], feed);
    OK(world_crawl(&w, TEST_NOW));
    (void)snprintf(feed, sizeof(feed), "/feed-%d", N_PAGES + 1);
    for (size_t i = 0; i < WW_COUNT(hosts); i++)
        (void)world_add_feed(&w, hosts[i], feed);
    OK(world_crawl(&w, TEST_NOW + HOUR));
    for (size_t i = 0; i < WW_COUNT(sites); i++)
        assert_learned(&w, &sites[i]);
    world_close(&w);
}

/* ---- what counts ----------------------------------------------------------------------------- */

struct desk {
    struct test_store t;
    struct keeper *keeper;
};

static void open_desk(struct desk *d)
{
    test_store_open(&d->t);
    OK(keeper_open(d->t.store, NULL, &d->keeper, NULL));
}

static void close_desk(struct desk *d)
{
    keeper_close(d->keeper);
    test_store_close(&d->t);
}

static struct kept keep(struct desk *d, const char *url, const struct article *article)
{
    const struct keep_origin origin = {.url = slice_from(url),
                                       .provenance = SLICE("feed"),
                                       .first_seen_at = TEST_NOW,
                                       .fetched_at = TEST_NOW};
    struct kept kept;

    OK(store_begin(d->t.store, NULL));
    OK(keep_article(d->keeper, article, &origin, &d->t.arena, &kept, NULL));
    OK(store_commit(d->t.store, NULL));
    return kept;
}

/* A story of its own, with these lines of the site. */
static struct article make_article(struct desk *d, unsigned n, const uint64_t *lines,
                                   size_t n_lines)
{
    struct article a = {.title = SLICE("A headline"), .language = SLICE("en"), .charset = "UTF-8"};
    struct buf b;

    buf_init(&b, 1 << 20);
    for (int i = 0; i < 3; i++)
        add_prose(&b, &sites[0], n * 31 + (unsigned)i * 7);
    a.text = arena_copy(&d->t.arena, buf_slice(&b));
    buf_release(&b);
    a.lines = lines;
    a.n_lines = n_lines;
    return a;
}

static struct site_row site_of(struct desk *d, const char *host)
{
    struct site_row row;

    OK(store_site(d->t.store, slice_from(host), &d->t.arena, &row, NULL));
    return row;
}

static void test_stories(void **state)
{
    static const uint64_t lines[] = {4, 8};
    struct desk d;
    struct article a;
    struct site_line_list list;

    WW_UNUSED(state);
    open_desk(&d);
    a = make_article(&d, 1, lines, WW_COUNT(lines));
    assert_true(keep(&d, "https://a.example/1", &a).is_new_story);
    assert_false(keep(&d, "https://a.example/1", &a).is_new);           /* again */
    assert_false(keep(&d, "https://a.example/1/amp", &a).is_new_story); /* a twin */
    a.text = arena_printf(&d.t.arena, "%.*s<p>Corrected.</p>", SLICE_ARG(a.text));
    assert_true(keep(&d, "https://a.example/1", &a).is_new); /* a version */
    assert_int_equal(site_of(&d, "a.example").n_stories, 1);
    OK(store_site_lines(d.t.store, SLICE("a.example"), 1, &d.t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].n_stories, 1);
    /* At another site the same story teaches that one. */
    assert_false(keep(&d, "https://b.example/1", &a).is_new_story);
    assert_int_equal(site_of(&d, "b.example").n_stories, 1);
    assert_int_equal(site_of(&d, "a.example").n_stories, 1);
    close_desk(&d);
}

/* What is not committed was not learned, and one who starts again counts from there. */
static void test_rollback(void **state)
{
    static const uint64_t lines[] = {4};
    struct desk d;
    struct article a;
    struct kept kept;
    struct keep_origin origin = {.url = SLICE("https://a.example/2"),
                                 .provenance = SLICE("feed"),
                                 .first_seen_at = TEST_NOW,
                                 .fetched_at = TEST_NOW};

    WW_UNUSED(state);
    open_desk(&d);
    a = make_article(&d, 1, lines, 1);
    (void)keep(&d, "https://a.example/1", &a);
    a = make_article(&d, 2, lines, 1);
    OK(store_begin(d.t.store, NULL));
    OK(keep_article(d.keeper, &a, &origin, &d.t.arena, &kept, NULL));
    keeper_close(d.keeper);
    store_rollback(d.t.store);
    test_store_reopen(&d.t);
    assert_int_equal(site_of(&d, "a.example").n_stories, 1);
    OK(keeper_open(d.t.store, NULL, &d.keeper, NULL));
    assert_true(keep(&d, "https://a.example/2", &a).is_new);
    assert_int_equal(site_of(&d, "a.example").n_stories, 2);
    close_desk(&d);
}

/* Which counts make furniture, of so many stories. */
static void test_enough(void **state)
{
    static const struct {
        enum line_kind kind;
        int64_t n, of;
        bool is_furniture;
    } cases[] = {
        {LINE_LABEL,      3,  3,  false},
        {LINE_LABEL,      4,  4,  true },
        {LINE_LABEL,      4,  20, true },
        {LINE_LABEL,      4,  21, false},
        {LINE_PROSE,      11, 11, false},
        {LINE_PROSE,      12, 20, true },
        {LINE_PROSE,      12, 21, false},
        {LINE_PROSE,      9,  9,  false}, /* an affair, and nothing else yet
  */
        {LINE_TITLE_PART, 4,  8,  true },
        {LINE_TITLE_PART, 4,  9,  false},
    };
    struct desk d;

    WW_UNUSED(state);
    open_desk(&d);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice host = arena_printf(&d.t.arena, "h%zu.example", i);
        const uint64_t key = 4096 + (uint64_t)cases[i].kind;
        struct site_knowledge known;
        struct site_row row;
        int64_t n;

        OK(store_begin(d.t.store, NULL));
        for (int64_t k = 0; k < cases[i].of; k++)
            OK(store_teach_site(d.t.store, host, SLICE(""), TEST_NOW, &n, NULL));
        for (int64_t k = 0; k < cases[i].n; k++)
            OK(store_teach_site_line(d.t.store, host, key, TEST_NOW, &n, NULL));
        OK(store_commit(d.t.store, NULL));
        OK(store_site(d.t.store, host, &d.t.arena, &row, NULL));
        OK(sites_read(d.t.store, &row, &d.t.arena, &known, NULL));
        if ((known.n_furniture == 1) != cases[i].is_furniture)
            fail_msg("case %zu", i);
    }
    close_desk(&d);
}

/* A host has few rows, whatever it sends, and its old look fades. */
static void test_bounds(void **state)
{
    uint64_t lines[ARTICLE_LINES_MAX];
    struct desk d;
    struct sites *s = NULL;
    struct site_knowledge known;

    WW_UNUSED(state);
    open_desk(&d);
    OK(sites_open(d.t.store, &s, NULL));
    for (unsigned n = 0; n < SITE_STORIES_MAX + 50; n++) {
        struct article a = {.lines = lines, .n_lines = ARTICLE_LINES_MAX, .site = SLICE("A")};

        lines[0] = 4;
        lines[1] = n < 20 ? 8 : 12; /* an old label and a new one */
        for (uint64_t i = 2; i < ARTICLE_LINES_MAX; i++)
            lines[i] = (uint64_t)n << 32 | i << 2;
        OK(store_begin(d.t.store, NULL));
        OK(sites_learn(s, SLICE("a.example"), &a, TEST_NOW + n, NULL));
        OK(store_commit(d.t.store, NULL));
        assert_true(site_of(&d, "a.example").n_lines <= SITE_LINES_MAX);
        /* Within one run, too. */
        OK(sites_recall(s, SLICE("a.example"), &known, NULL));
        assert_true(n < 40 || known.n_furniture > 0);
    }
    assert_int_equal(site_of(&d, "a.example").n_stories, SITE_STORIES_MAX / 2 + 50);
    OK(sites_recall(s, SLICE("a.example"), &known, NULL));
    assert_int_equal(known.n_furniture, 2);
    assert_true(known.furniture[0] == 4 && known.furniture[1] == 12);
    assert_true(slice_equal(known.name, SLICE("A")));
    OK(sites_recall(s, SLICE("b.example"), &known, NULL));
    assert_int_equal(known.n_furniture, 0);
    sites_close(s);
    close_desk(&d);
}

/* Where neither the feed nor the page names the outlet, the other pages do. */
static void test_outlet(void **state)
{
    struct desk d;
    struct article_row row;

    WW_UNUSED(state);
    open_desk(&d);
    for (unsigned n = 1; n <= 4; n++) {
        struct article a = make_article(&d, n, NULL, 0);
        struct slice url = arena_printf(&d.t.arena, "https://a.example/%u", n);

        if (n <= 3)
            a.site = SLICE("The Gazette");
        if (n == 4) { /* the next run */
            keeper_close(d.keeper);
            OK(keeper_open(d.t.store, NULL, &d.keeper, NULL));
        }
        OK(store_article(d.t.store, keep(&d, url.ptr, &a).article_id, &d.t.arena, &row, NULL));
    }
    assert_true(slice_equal(row.outlet, SLICE("The Gazette")));
    assert_int_equal(row.site.len, 0);
    close_desk(&d);
}

/* ---- versions -------------------------------------------------------------------------------- */

static void test_versions(void **state)
{
    struct desk d;
    struct article before, after;
    struct kept kept;

    WW_UNUSED(state);
    open_desk(&d);
    before = make_article(&d, 1, NULL, 0);
    before.title = SLICE("The tram - The Gazette");
    kept = keep(&d, "https://a.example/1", &before);
    /* The same bytes, when more is known of the site. */
    after = before;
    after.whole = before.text;
    after.text = slice_head(before.text, before.text.len / 2);
    after.title = SLICE("The tram");
    after.site = SLICE("The Gazette");
    assert_int_equal(keep(&d, "https://a.example/1", &after).article_id, kept.article_id);
    assert_false(keep(&d, "https://a.example/1", &after).is_new);
    /* And when it is forgotten. */
    (void)keep(&d, "https://a.example/2", &after);
    assert_false(keep(&d, "https://a.example/2", &after).is_new);
    before.site = after.site;
    assert_false(keep(&d, "https://a.example/2", &before).is_new);
    /* Another headline is another version, and so is another text. */
    after.title = SLICE("The tram that came");
    assert_true(keep(&d, "https://a.example/1", &after).is_new);
    after.title = SLICE("The tram that came, late");
    assert_true(keep(&d, "https://a.example/1", &after).is_new);
    after.whole = arena_printf(&d.t.arena, "%.*s More.", SLICE_ARG(after.whole));
    assert_true(keep(&d, "https://a.example/1", &after).is_new);
    close_desk(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crawl),    cmocka_unit_test(test_stories),
        cmocka_unit_test(test_rollback), cmocka_unit_test(test_enough),
        cmocka_unit_test(test_bounds),   cmocka_unit_test(test_versions),
        cmocka_unit_test(test_outlet),
    };
    int failures;

    (void)signal(SIGPIPE, SIG_IGN);
    if (!pool_start(parse_run, 2))
        return 1;
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failures;
}

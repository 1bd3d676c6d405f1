/* test_store_rows.c - what is written is read back, in every table; facts are stored once. */
#include "base/attrs.h"
#include "base/limits.h"
#include "storage/rows.h"
#include "storage/schema.h"
#include "storage/shingle_store.h"
#include "storage/store_alerts.h"
#include "storage/store_entries.h"
#include "storage/store_feeds.h"
#include "storage/store_hosts.h"
#include "storage/store_outbox.h"
#include "storage/store_pages.h"
#include "storage/store_runs.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#define OK(call) check(call, &err, #call)
#define IS(slice, text) assert_true(slice_equal(slice, SLICE(text)))

static void check(enum ww_status status, const struct ww_error *err, const char *what)
{
    if (status != WW_OK)
        fail_msg("%s: %s: %s", what, ww_status_name(status), err->message);
}

/* Every statement of queries.h is one the engine understands. */
static void test_queries(void **state)
{
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    test_store_queries(&t);
    test_store_close(&t);
}

/* Walks over the whole archive follow the index that leads to their rows, and sort nothing. */
static void test_plans(void **state)
{
    static const struct {
        enum query query;
        const char *index;
    } cases[] = {
        {QUERY_ARTICLE_LIST,           "article_seen"                                   },
        {QUERY_ARTICLE_LIST_PUBLISHED, "MULTI-INDEX OR"                                 }, /* dated and undated, each by its own */
        {QUERY_ARTICLE_LIST_ID,        "INTEGER PRIMARY KEY"                            },
        {QUERY_ARTICLE_LIST_UNSCANNED, "article_unscanned"                              },
        {QUERY_ARTICLE_LIST_STORY,     "article_story"                                  },
        {QUERY_ARTICLE_LIST_FEED,      "article_feed"                                   },
        {QUERY_STORY_MEMBERS,          "article_story (story_id=?)"                     },
        {QUERY_STORY_RELATIONS,        "article_story (story_id=?)"                     },
        {QUERY_STORY_JOIN,             "article_story (story_id=? AND outlet=?)"        },
        {QUERY_STORY_JOIN,             "sqlite_autoindex_article_1 (canonical=?)"       },
        {QUERY_RELATION_NEIGHBOURS,    "relation_other (other_id=?)"                    },
        {QUERY_RELATION_PARTS,         "relation_other (other_id=? AND kind=?)"         },
        {QUERY_STORY_FORMER,           "(canonical=? AND version<?)"                    },
        {QUERY_BODY_LIST_STALE,        "page_body_fetched"                              },
        {QUERY_FEED_LIST_DUE,          "feed_due"                                       },
        {QUERY_PAGE_LIST_DUE_HOST,     "page_due"                                       },
        {QUERY_PAGE_HOSTS_DUE,         "find_page (page_id=?)"                          },
        {QUERY_FIND_HOSTS_DUE,         "find_due (backfill_id=? AND host>?)"            },
        {QUERY_FIND_DUE,               "find_due (backfill_id=? AND host=?)"            },
        {QUERY_ALERT_LIST,             "alert_created"                                  },
        {QUERY_ENTRY_KNOWN,            "sqlite_autoindex_entry_1 (feed_id=? AND guid=?)"},
        {QUERY_ENTRY_BRIEF_GUID,       "sqlite_autoindex_entry_1 (feed_id=? AND guid=?)"},
        {QUERY_ENTRY_BRIEF_WORDS,      "entry_words (feed_id=? AND words=?)"            },
        {QUERY_ENTRY_BRIEF_CANONICAL,  "entry_canonical (feed_id=? AND canonical=?)"    },
        {QUERY_ENTRY_BRIEF_KEY,        "entry_guid_key (feed_id=? AND guid_key=?)"      },
        {QUERY_ENTRY_BRIEF_NEWEST,     "entry_feed (feed_id=?)"                         },
    };
    struct test_store t;
    char sql[4096], line[2048];
    size_t used;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("plans of SQLite");
    test_store_open(&t);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        sqlite3 *db = NULL;
        sqlite3_stmt *plan = NULL;

        (void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s",
                       query_text(cases[i].query, DIALECT_SQLITE));
        assert_int_equal(sqlite3_open(t.path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
        used = 0;
        while (sqlite3_step(plan) == SQLITE_ROW && used < sizeof(line))
            used += (size_t)snprintf(line + used, sizeof(line) - used, "%s\n",
                                     (const char *)sqlite3_column_text(plan, 3));
        if (strstr(line, cases[i].index) == NULL)
            fail_msg("%s: %s", query_name(cases[i].query), line);
        (void)sqlite3_finalize(plan);
        (void)sqlite3_close(db);
    }
    test_store_close(&t);
}

static void test_feeds(void **state)
{
    struct feed_row row = {.url = SLICE("https://a.example/rss"),
                           .title = SLICE("100%_sure \\ it is"),
                           .outlet = SLICE("A"),
                           .folder = SLICE("News"),
                           .country = SLICE("IE"),
                           .language = SLICE("en"),
                           .tags = SLICE("Port,ÉCOLE"),
                           .added_at = TEST_NOW},
                    got;
    struct feed_check_row note = {.at = TEST_NOW + 60,
                                  .outcome = FEED_CHECK_OK,
                                  .http_status = 200,
                                  .n_entries = 20,
                                  .n_new = 3,
                                  .duration_ms = 120,
                                  .body_bytes = 4096,
                                  .message = SLICE("")};
    struct feed_filter filter = {0};
    struct feed_list list;
    struct feed_check_list checks;
    struct feed_tally tally;
    struct ww_error err = {0};
    struct test_store t;
    int64_t id, again, other;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, &err));
    OK(store_add_feed(t.store, &row, &id, &is_new, &err));
    assert_true(is_new);
    OK(store_add_feed(t.store, &row, &again, &is_new, &err));
    assert_false(is_new);
    assert_int_equal(id, again);

    OK(store_feed(t.store, id, &t.arena, &got, &err));
    got.etag = SLICE("W/\"x\"");
    got.next_due_at = TEST_NOW + 3600;
    got.last_ok_at = got.last_checked_at = note.at;
    note.feed_id = id;
    OK(store_add_feed_check(t.store, &got, &note, &err));
    got.n_failures = 2;
    got.health = FEED_HEALTH_FAILING;
    got.first_failed_at = TEST_NOW + 90;
    got.state = FEED_STATE_PAUSED; /* not polling's to say */
    note.at += 60;
    note.outcome = FEED_CHECK_FAILED;
    note.message = SLICE("HTTP 500");
    OK(store_add_feed_check(t.store, &got, &note, &err));
    OK(store_commit(t.store, &err));
    other = test_store_feed(&t, "https://b.example/rss");

    OK(store_feed_by_url(t.store, row.url, &t.arena, &got, &err));
    IS(got.title, "100%_sure \\ it is");
    IS(got.etag, "W/\"x\"");
    assert_int_equal(got.state, FEED_STATE_ACTIVE);
    assert_int_equal(got.n_failures, 2);
    OK(store_list_feed_checks(t.store, id, &filter.window, &t.arena, &checks, &err));
    assert_int_equal(checks.n_rows, 2);
    IS(checks.rows[0].message, "HTTP 500");
    OK(store_feed_tally(t.store, id, &filter.window, &tally, &err));
    assert_int_equal(tally.n_checks, 2);
    assert_int_equal(tally.n_failed, 1);
    assert_int_equal(tally.n_entries_new, 6);

    filter.is_bad = true;
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    filter = (struct feed_filter){.text = SLICE("%_SURE \\")};
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    filter = (struct feed_filter){.tag = SLICE("pORT")};
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    filter.tag = SLICE("école"); /* of letters, ASCII's alone have a case here */
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 0);
    filter.tag = SLICE("ÉcolE");
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    filter = (struct feed_filter){.text = SLICE("1__%")};
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 0);
    filter = (struct feed_filter){.due_by = TEST_NOW + 3600};
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].id, other);

    /* Another address: validators belong to the old one. */
    got.url = SLICE("https://a.example/atom");
    OK(store_begin(t.store, &err));
    OK(store_update_feed(t.store, &got, &err));
    OK(store_feed(t.store, id, &t.arena, &got, &err));
    assert_int_equal(got.etag.len, 0);
    assert_int_equal(got.n_failures, 0);
    got.url = SLICE("https://b.example/rss");
    assert_int_equal(store_update_feed(t.store, &got, &err), WW_CONFLICT);
    store_rollback(t.store);

    /* Removed, it is in no list; added again, it is back under its number. */
    OK(store_begin(t.store, &err));
    OK(store_feed(t.store, id, &t.arena, &got, &err));
    got.state = FEED_STATE_REMOVED;
    OK(store_update_feed(t.store, &got, &err));
    filter = (struct feed_filter){0};
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    OK(store_add_feed(t.store, &row, &again, &is_new, &err));
    assert_int_equal(id, again);
    OK(store_list_feeds(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 2);
    OK(store_commit(t.store, &err));
    assert_int_equal(store_feed(t.store, 999, &t.arena, &got, &err), WW_NOT_FOUND);
    test_store_close(&t);
}

static void test_entries_and_pages(void **state)
{
    struct entry_row row = {.guid = SLICE("tag:1"),
                            .url = SLICE("https://a.example/1?utm_source=x"),
                            .canonical = SLICE("https://a.example/1"),
                            .title = SLICE("One"),
                            .summary = SLICE("<p>summary"),
                            .content = SLICE("<p>a longer content, longer content"),
                            .first_seen_at = TEST_NOW},
                     got;
    struct page_row page = {.url = row.url,
                            .canonical = row.canonical,
                            .host = SLICE("a.example"),
                            .is_historic = true,
                            .provenance = SLICE("files"),
                            .added_at = TEST_NOW,
                            .priority = 1},
                    got_page;
    struct page_filter filter = {.due_by = TEST_NOW};
    struct store_window window = {0};
    struct page_list pages;
    struct page_host_list hosts;
    struct entry_list entries;
    struct ww_error err = {0};
    struct test_store t;
    struct entry_brief_list briefs;
    int64_t id, again, page_id, fingerprint;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    row.feed_id = test_store_feed(&t, "https://a.example/rss");
    OK(store_begin(t.store, &err));
    OK(store_add_entry(t.store, &row, &id, &is_new, &err));
    assert_true(is_new);
    OK(store_add_entry(t.store, &row, &again, &is_new, &err));
    assert_false(is_new);
    OK(store_entry_known(t.store, &row, &again, &fingerprint, &err));
    assert_int_equal(id, again);
    assert_int_equal(fingerprint, entry_fingerprint(&row));
    row.id = id;
    row.title = SLICE("One, corrected");
    row.n_changes = 1;
    assert_int_not_equal(fingerprint, entry_fingerprint(&row));
    OK(store_change_entry(t.store, &row, &err));
    row.guid = SLICE("https://a.example/guid/1");
    OK(store_rename_entry(t.store, &row, &err));
    row.guid = SLICE("http://b.example/guid/1"); /* the same key */
    for (enum entry_key key = ENTRY_BY_GUID; key <= ENTRY_BY_GUID_KEY; key++) {
        OK(store_find_entries(t.store, key, &row, &t.arena, &briefs, &err));
        assert_int_equal(briefs.n_rows, key == ENTRY_BY_GUID ? 0 : 1);
    }
    assert_int_equal(briefs.rows[0].id, id);
    IS(briefs.rows[0].guid, "https://a.example/guid/1");
    OK(store_newest_entries(t.store, row.feed_id, 5, &t.arena, &briefs, &err));
    assert_int_equal(briefs.n_rows, 1);

    OK(store_queue_page(t.store, &page, &page_id, &is_new, &err));
    assert_true(is_new);
    page.is_historic = false;
    page.priority = 5;
    page.provenance = SLICE("feed");
    OK(store_queue_page(t.store, &page, &again, &is_new, &err));
    assert_false(is_new);
    assert_int_equal(page_id, again);
    OK(store_link_entry(t.store, id, page_id, 0, &err));
    OK(store_commit(t.store, &err));

    OK(store_entry(t.store, id, &t.arena, &got, &err));
    IS(got.title, "One, corrected");
    IS(got.content, "<p>a longer content, longer content");
    assert_int_equal(got.n_changes, 1);
    OK(store_entry_of_page(t.store, page_id, &t.arena, &got, &err));
    assert_int_equal(got.id, id);
    OK(store_list_entries(t.store, row.feed_id, &window, &t.arena, &entries, &err));
    assert_int_equal(entries.n_rows, 1);

    OK(store_page(t.store, page_id, &t.arena, &got_page, &err));
    assert_false(got_page.is_historic);
    assert_int_equal(got_page.priority, 5);
    IS(got_page.provenance, "files");
    filter.host = SLICE("a.example");
    OK(store_list_pages(t.store, &filter, &t.arena, &pages, &err));
    assert_int_equal(pages.n_rows, 1);
    OK(store_list_due_hosts(t.store, TEST_NOW, STORE_LIVE, &t.arena, &hosts, &err));
    assert_int_equal(hosts.n_rows, 1);
    assert_int_equal(hosts.rows[0].n_due, 1);

    got_page.state = PAGE_STATE_FAILED;
    got_page.n_tries = 3;
    OK(store_begin(t.store, &err));
    OK(store_update_page(t.store, &got_page, &err));
    OK(store_list_pages(t.store, &filter, &t.arena, &pages, &err));
    assert_int_equal(pages.n_rows, 0);
    OK(store_requeue_page(t.store, page_id, TEST_NOW, &err));
    OK(store_page_by_canonical(t.store, page.canonical, &t.arena, &got_page, &err));
    assert_int_equal(got_page.state, PAGE_STATE_QUEUED);
    assert_int_equal(got_page.n_tries, 0);
    assert_int_equal(store_requeue_page(t.store, 77, TEST_NOW, &err), WW_NOT_FOUND);
    store_rollback(t.store);
    test_store_close(&t);
}

static void test_articles_and_stories(void **state)
{
    struct article_filter filter = {.canonical = SLICE("https://a.example/1")};
    struct story_filter stories = {0};
    struct article_row row;
    struct article_text text;
    struct article_list list;
    struct story_list story_list;
    struct story_row story;
    struct story_standing standing;
    struct relation_row relation = {.kind = SLICE("near"), .jaccard = 0.5, .containment = 0.75};
    struct relation_list relations;
    struct ww_error err = {0};
    struct test_store t;
    int64_t a, b, c, watchlist;

    WW_UNUSED(state);
    test_store_open(&t);
    a = test_store_article(&t, "https://a.example/1", "First", "The first text.");
    b = test_store_article(&t, "https://a.example/1", "First", "The first text, edited.");
    assert_int_equal(
        test_store_article(&t, "https://a.example/1", "First", "The first text, edited."), b);
    c = test_store_article(&t, "https://b.example/2", "Second", "Another text.");
    OK(store_article_by_canonical(t.store, SLICE("https://a.example/1"), &t.arena, &row, &err));
    assert_int_equal(row.id, b);
    assert_int_equal(row.version, 2);
    assert_int_equal(row.text_bytes, 23);
    assert_int_equal(row.sha256.len, SHA256_BYTES);
    OK(store_article_text(t.store, a, &t.arena, &text, &err));
    IS(text.text, "The first text.");
    assert_int_equal(text.cut.len, 0);
    OK(store_list_articles(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 2);
    assert_int_equal(list.rows[0].id, b);

    /* The scan's way: unscanned ones by id, then none. */
    filter = (struct article_filter){.is_unscanned = true, .after_id = a};
    OK(store_list_articles(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 2);
    watchlist = test_store_watchlist(&t, "one");
    OK(store_begin(t.store, &err));
    OK(store_set_scanned(t.store, a, watchlist, &err));
    OK(store_set_scanned(t.store, b, watchlist, &err));
    OK(store_commit(t.store, &err));
    filter.after_id = 0;
    OK(store_list_articles(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].id, c);
    filter = (struct article_filter){.not_scanned_with = watchlist};
    OK(store_list_articles(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    filter = (struct article_filter){.history = STORE_HISTORIC};
    OK(store_list_articles(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 0);

    OK(store_article(t.store, a, &t.arena, &row, &err));
    OK(store_begin(t.store, &err));
    assert_int_equal(store_join_story(t.store, row.story_id, c, TEST_NOW, &err), WW_CONFLICT);
    relation.article_id = c;
    relation.other_id = a;
    OK(store_add_relation(t.store, &relation, &err));
    OK(store_story_standing(t.store, row.story_id, &standing, &err));
    assert_int_equal(standing.root_article_id, a);
    assert_int_equal(standing.first_article_id, a);
    assert_int_equal(standing.fullest_bytes, row.text_bytes);
    standing.root_article_id = standing.canonical_article_id = b;
    standing.n_origins = 7;
    OK(store_put_story_standing(t.store, row.story_id, &standing, &err));
    OK(store_commit(t.store, &err));
    OK(store_story(t.store, row.story_id, &t.arena, &story, &err));
    assert_int_equal(story.canonical_article_id, b);
    assert_int_equal(story.root_article_id, b);
    assert_int_equal(story.first_article_id, a);
    assert_int_equal(story.n_origins, 7);
    assert_int_equal(story.n_articles, 1);
    IS(story.title, "First");
    OK(store_list_relations(t.store, a, &t.arena, &relations, &err));
    assert_int_equal(relations.n_rows, 1);
    assert_true(relations.rows[0].containment > 0.74 && relations.rows[0].containment < 0.76);
    OK(store_list_stories(t.store, &stories, &t.arena, &story_list, &err));
    assert_int_equal(story_list.n_rows, 3);
    stories.has_alert = true;
    OK(store_list_stories(t.store, &stories, &t.arena, &story_list, &err));
    assert_int_equal(story_list.n_rows, 0);
    test_store_close(&t);
}

static void test_join_story(void **state)
{
    struct article_row row = {.outlet = SLICE("B"), .first_seen_at = TEST_NOW};
    struct article_text text = {SLICE("a copy"), SLICE("")};
    struct story_row story;
    struct ww_error err = {0};
    struct test_store t;
    int64_t first, copy;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    first = test_store_article(&t, "https://a.example/1", "First", "a text");
    OK(store_article(t.store, first, &t.arena, &row, &err));
    row.url = row.canonical = SLICE("https://b.example/9");
    row.outlet = SLICE("Another");
    first = row.story_id;
    row.story_id = 0;
    OK(store_begin(t.store, &err));
    OK(store_add_article(t.store, &row, &text, &copy, &is_new, &err));
    OK(store_join_story(t.store, first, copy, TEST_NOW + 5, &err));
    OK(store_commit(t.store, &err));
    OK(store_story(t.store, first, &t.arena, &story, &err));
    assert_int_equal(story.n_articles, 2);
    assert_int_equal(story.n_outlets, 2);
    assert_int_equal(story.last_seen_at, TEST_NOW + 5);
    test_store_close(&t);
}

static void test_alerts(void **state)
{
    static const char text[] = "Nothing here. A station in Springfield was seen. Nothing more.";
    struct mention_row mention = {.item = SLICE("us-springfield"),
                                  .kind = SLICE("station"),
                                  .alias = SLICE("Springfield"),
                                  .rule = SLICE("sentence"),
                                  .term = SLICE("station"),
                                  .field = MENTION_TEXT,
                                  .start = 27,
                                  .end = 38,
                                  .sentence_start = 14,
                                  .sentence_end = 48,
                                  .term_start = 16,
                                  .term_end = 23,
                                  .quote = SLICE("Springfield"),
                                  .looked_at = SLICE("dateline: no")};
    struct alert_row row = {.item = mention.item,
                            .item_kind = mention.kind,
                            .item_name = SLICE("Springfield station"),
                            .country = SLICE("US"),
                            .severity = SEVERITY_HIGH,
                            .created_at = TEST_NOW};
    struct message_row message = {.message_id = SLICE("<digest.1@example.org>"),
                                  .kind = SLICE("digest"),
                                  .analyst = SLICE("desk"),
                                  .recipient = SLICE("desk@example.org"),
                                  .subject = SLICE("Watch digest"),
                                  .created_at = TEST_NOW},
                       got_message;
    struct alert_filter filter = {.not_told_to = SLICE("desk"), .severity_min = SEVERITY_MEDIUM};
    struct message_filter messages = {.due_by = TEST_NOW};
    struct mention_filter mentions = {0};
    struct candidate_row candidate = {.place = SLICE("Shelbyville"),
                                      .field = MENTION_TEXT,
                                      .quote = SLICE("x"),
                                      .found_at = TEST_NOW};
    struct store_window window = {0};
    struct candidate_list candidates;
    struct mention_list mention_list;
    struct message_list message_list;
    struct alert_view_list list;
    struct alert_view view;
    struct watchlist_row watchlist;
    struct watchlist_list watchlists;
    struct slice bytes;
    struct article_row article;
    struct ww_error err = {0};
    struct test_store t;
    int64_t mention_id, again, id, *alerts;
    size_t n_alerts;
    bool is_new;

    WW_UNUSED(state);
    test_store_open(&t);
    mention.article_id = test_store_article(&t, "https://a.example/1", "", text);
    OK(store_article(t.store, mention.article_id, &t.arena, &article, &err));
    mention.watchlist_id = test_store_watchlist(&t, "the list");
    assert_int_equal(test_store_watchlist(&t, "the list"), mention.watchlist_id);
    assert_int_not_equal(test_store_watchlist(&t, "another"), mention.watchlist_id);
    OK(store_watchlist(t.store, mention.watchlist_id, &t.arena, &watchlist, &err));
    IS(watchlist.content, "the list");
    OK(store_watchlist(t.store, 0, &t.arena, &watchlist, &err));
    IS(watchlist.content, "another");
    OK(store_list_watchlists(t.store, &window, &t.arena, &watchlists, &err));
    assert_int_equal(watchlists.n_rows, 2);

    OK(store_begin(t.store, &err));
    OK(store_add_mention(t.store, &mention, &mention_id, &err));
    OK(store_add_mention(t.store, &mention, &again, &err));
    assert_int_equal(mention_id, again);
    candidate.article_id = mention.article_id;
    candidate.watchlist_id = mention.watchlist_id;
    OK(store_add_candidate(t.store, &candidate, &again, &err));
    row.story_id = article.story_id;
    row.article_id = mention.article_id;
    row.watchlist_id = mention.watchlist_id;
    row.mention_id = mention_id;
    OK(store_add_alert(t.store, &row, &id, &is_new, &err));
    assert_true(is_new);
    OK(store_add_alert(t.store, &row, &again, &is_new, &err));
    assert_false(is_new);
    assert_int_equal(id, again);
    OK(store_commit(t.store, &err));

    mentions.item = mention.item;
    OK(store_list_mentions(t.store, &mentions, &t.arena, &mention_list, &err));
    assert_int_equal(mention_list.n_rows, 1);
    assert_int_equal(mention_list.rows[0].start, 27);
    IS(mention_list.rows[0].looked_at, "dateline: no");
    OK(store_list_candidates(t.store, 0, &window, &t.arena, &candidates, &err));
    assert_int_equal(candidates.n_rows, 1);

    OK(store_list_alerts(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    view = list.rows[0];
    IS(view.sentence, "A station in Springfield was seen.");
    IS(slice_sub(view.sentence, view.mark_start, view.mark_end - view.mark_start), "Springfield");
    IS(slice_sub(view.sentence, view.term_start, view.term_end - view.term_start), "station");
    IS(view.headline, "https://a.example/1");
    assert_int_equal(view.n_articles, 1);
    assert_int_equal(view.alert.severity, SEVERITY_HIGH);

    OK(store_begin(t.store, &err));
    OK(store_reserve_message(t.store, &message.id, &err));
    OK(store_add_message(t.store, &message, SLICE("From: a\r\n\r\nbody\0.\r\n"), &id, 1, &err));
    OK(store_reserve_message(t.store, &again, &err));
    assert_int_equal(again, message.id + 1);
    OK(store_commit(t.store, &err));
    OK(store_message_bytes(t.store, message.id, &t.arena, &bytes, &err));
    assert_int_equal(bytes.len, 19);
    OK(store_message_alerts(t.store, message.id, &t.arena, &alerts, &n_alerts, &err));
    assert_int_equal(n_alerts, 1);
    assert_int_equal(alerts[0], id);
    OK(store_list_alerts(t.store, &filter, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 0);
    OK(store_alert(t.store, id, &t.arena, &view, &err));
    assert_int_equal(view.n_told, 1);

    OK(store_list_messages(t.store, &messages, &t.arena, &message_list, &err));
    assert_int_equal(message_list.n_rows, 1);
    got_message = message_list.rows[0];
    assert_int_equal(got_message.n_alerts, 1);
    got_message.state = MESSAGE_SENT;
    got_message.sent_at = TEST_NOW + 9;
    got_message.reply = SLICE("250 ok");
    OK(store_begin(t.store, &err));
    OK(store_update_message(t.store, &got_message, &err));
    OK(store_commit(t.store, &err));
    OK(store_list_messages(t.store, &messages, &t.arena, &message_list, &err));
    assert_int_equal(message_list.n_rows, 0);
    messages = (struct message_filter){.alert_id = id};
    OK(store_list_messages(t.store, &messages, &t.arena, &message_list, &err));
    assert_int_equal(message_list.n_rows, 1);
    IS(message_list.rows[0].reply, "250 ok");
    test_store_close(&t);
}

static void test_diary(void **state)
{
    struct host_row host = {.host = SLICE("a.example"),
                            .robots = SLICE("User-agent: *\nDisallow: /x\n"),
                            .robots_status = 200,
                            .not_before = TEST_NOW},
                    got_host;
    struct run_row run = {.kind = SLICE("run"),
                          .pid = 4711,
                          .started_at = TEST_NOW,
                          .machine = SLICE("fuji")},
                   got;
    struct run_row later = {
        .kind = SLICE("run"), .started_at = TEST_NOW, .machine = SLICE("eiger")};
    struct run_counts counts;
    struct request_row request = {.at = TEST_NOW,
                                  .url = SLICE("https://a.example/"),
                                  .host = SLICE("a.example"),
                                  .outcome = SLICE("ok")};
    struct request_list requests;
    struct host_list hosts;
    struct run_list runs;
    struct store_window window = {0};
    struct store_stats stats;
    struct ww_error err = {0};
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_begin(t.store, &err));
    OK(store_save_host(t.store, &host, &err));
    host.delay_ms = 3000;
    OK(store_save_host(t.store, &host, &err));
    OK(store_add_run(t.store, &run, &run.id, &err));
    request.run_id = run.id;
    OK(store_add_request(t.store, &request, &err));
    OK(store_commit(t.store, &err));
    OK(store_host(t.store, host.host, &t.arena, &got_host, &err));
    assert_int_equal(got_host.delay_ms, 3000);
    assert_true(slice_equal(got_host.robots, host.robots));
    assert_int_equal(store_host(t.store, SLICE("b"), &t.arena, &got_host, &err), WW_NOT_FOUND);
    OK(store_list_hosts(t.store, &window, &t.arena, &hosts, &err));
    assert_int_equal(hosts.n_rows, 1);
    assert_int_equal(store_last_good_run(t.store, run.kind, &t.arena, &got, &err), WW_NOT_FOUND);
    /* A later run says that one has died, but not another machine's. */
    OK(store_list_runs(t.store, run.kind, &window, &t.arena, &runs, &err));
    assert_true(slice_equal(runs.rows[0].machine, SLICE("fuji")));
    OK(store_begin(t.store, &err));
    OK(store_add_run(t.store, &later, &later.id, &err));
    OK(store_count_runs(t.store, run.kind, &window, &counts, &err));
    assert_int_equal(counts.n_failed, 0);
    later.machine = SLICE("fuji");
    OK(store_add_run(t.store, &later, &later.id, &err));
    OK(store_count_runs(t.store, run.kind, &window, &counts, &err));
    assert_int_equal(counts.n_failed, 1);
    store_rollback(t.store);
    run.ended_at = TEST_NOW + 5;
    run.outcome = RUN_OK;
    run.n_articles = 7;
    OK(store_begin(t.store, &err));
    OK(store_update_run(t.store, &run, &err));
    OK(store_commit(t.store, &err));
    OK(store_last_good_run(t.store, run.kind, &t.arena, &got, &err));
    assert_int_equal(got.n_articles, 7);
    OK(store_list_runs(t.store, SLICE(""), &window, &t.arena, &runs, &err));
    assert_int_equal(runs.n_rows, 1);
    OK(store_list_requests(t.store, run.id, SLICE(""), &window, &t.arena, &requests, &err));
    assert_int_equal(requests.n_rows, 1);
    OK(store_read_stats(t.store, &stats, &err));
    assert_int_equal(stats.schema_version, (int64_t)store_driver(t.store)->schema->n_migrations);
    assert_int_equal(stats.last_good_run_at, TEST_NOW + 5);
    assert_true(stats.file_bytes > 0);
    test_store_close(&t);
}

/* What was asked long ago goes, the oldest first and so many at a time; what is younger stays. */
static void test_pruned_requests(void **state)
{
    static const int64_t days[] = {100, 99, 91, 89, 0};
    static const size_t left[] = {3, 2, 2};
    const struct store_window window = {0};
    struct feed_row feed;
    struct feed_check_list checks;
    struct request_list requests;
    struct ww_error err = {0};
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(store_feed(t.store, test_store_feed(&t, "https://a.example/rss"), &t.arena, &feed, &err));
    OK(store_begin(t.store, &err));
    for (size_t i = 0; i < WW_COUNT(days); i++) {
        const int64_t at = TEST_NOW - days[i] * 86400;

        OK(store_add_request(t.store,
                             &(struct request_row){.at = at,
                                                   .url = SLICE("https://a.example/"),
                                                   .host = SLICE("a.example"),
                                                   .outcome = SLICE("ok")},
                             &err));
        OK(store_add_feed_check(t.store, &feed,
                                &(struct feed_check_row){.feed_id = feed.id, .at = at}, &err));
    }
    for (size_t i = 0; i < WW_COUNT(left); i++) {
        OK(store_prune_requests(t.store, TEST_NOW - REQUESTS_KEPT_S, 2, &err));
        OK(store_list_requests(t.store, 0, SLICE(""), &window, &t.arena, &requests, &err));
        OK(store_list_feed_checks(t.store, feed.id, &window, &t.arena, &checks, &err));
        assert_int_equal(requests.n_rows, left[i]);
        assert_int_equal(checks.n_rows, left[i]);
    }
    OK(store_commit(t.store, &err));
    assert_int_equal(requests.rows[1].at, TEST_NOW - 89 * 86400);
    test_store_close(&t);
}

static void test_shingles(void **state)
{
    struct shingle_run run = {.version = 1, .level = 2, .n_chunks = 5}, low = {.level = 1};
    struct shingle_run_list runs;
    struct shingle_blob_list list;
    struct shingle_blob blob;
    struct shingle_state stored;
    struct shingle_io io;
    struct ww_error err = {0};
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    io = shingle_store_io(t.store);
    OK(store_begin(t.store, &err));
    OK(io.add_run(t.store, &low, &low.id, &err));
    OK(io.add_run(t.store, &run, &run.id, &err));
    run.n_done = 3;
    OK(io.put_run(t.store, &run, &err));
    OK(io.list_runs(t.store, &t.arena, &runs, &err));
    assert_int_equal(runs.n_rows, 2);
    assert_memory_equal(&runs.rows[0], &run, sizeof(run));
    OK(io.drop_run(t.store, run.id, &err));
    OK(io.list_runs(t.store, &t.arena, &runs, &err));
    assert_int_equal(runs.n_rows, 1);

    for (unsigned table = 0; table < 2; table++) {
        OK(io.put_blob(t.store, table, 10, SLICE("ten"), &err));
        OK(io.put_blob(t.store, table, 20, SLICE("twenty"), &err));
        OK(io.find_blob(t.store, table, 19, &t.arena, &blob, &err));
        assert_int_equal(blob.id, 10);
        IS(blob.bytes, "ten");
        assert_int_equal(io.find_blob(t.store, table, 9, &t.arena, &blob, &err), WW_NOT_FOUND);
    }
    OK(io.list_blocks(t.store, 15, 21, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 2);
    OK(io.list_blocks(t.store, 20, 21, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    OK(io.list_blocks(t.store, 5, 20, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    OK(io.drop_blobs(t.store, SHINGLE_BLOCKS, 5, 20, &err));
    OK(io.find_blob(t.store, SHINGLE_FILTERS, 12, &t.arena, &blob, &err));
    assert_int_equal(io.find_blob(t.store, SHINGLE_BLOCKS, 12, &t.arena, &blob, &err),
                     WW_NOT_FOUND);

    OK(io.read_state(t.store, &stored, &err));
    assert_int_equal(stored.first_tail_id, 0);
    OK(io.put_tail(t.store, 7, SLICE("one"), &err));
    OK(io.put_tail(t.store, 8, SLICE("two"), &err));
    OK(io.list_tail(t.store, 7, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 1);
    IS(list.rows[0].bytes, "two");
    OK(io.read_state(t.store, &stored, &err));
    assert_int_equal(stored.first_tail_id, 7);
    OK(io.drop_tail(t.store, &err));
    OK(io.list_tail(t.store, 0, &t.arena, &list, &err));
    assert_int_equal(list.n_rows, 0);

    OK(io.read_state(t.store, &stored, &err));
    assert_int_equal(stored.version, 0);
    OK(io.set_state(t.store, &(struct shingle_state){1, 2, 3, 4, 0}, &err));
    OK(io.read_state(t.store, &stored, &err));
    assert_int_equal(stored.generation, 1);
    assert_int_equal(stored.version, 2);
    assert_int_equal(stored.n_given, 3);
    assert_int_equal(stored.missing_below, 4);
    OK(store_commit(t.store, &err));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_feeds),
        cmocka_unit_test(test_entries_and_pages),
        cmocka_unit_test(test_articles_and_stories),
        cmocka_unit_test(test_join_story),
        cmocka_unit_test(test_alerts),
        cmocka_unit_test(test_diary),
        cmocka_unit_test(test_pruned_requests),
        cmocka_unit_test(test_shingles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* store.c - the database of a test. */
#include "tests/support/store.h"

#include "storage/store_alerts.h"
#include "storage/store_feeds.h"
#include "storage/store_stories.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("%s: %s", ww_status_name(status), err->message);
}

enum ww_status test_store_at(const char *path, bool is_reader, struct store **out,
                             struct ww_error *err)
{
    struct store_options options = {.path = path,
                                    .is_reader = is_reader,
                                    .may_create = !is_reader,
                                    .lock_wait_ms = 20000,
                                    .now = TEST_NOW};

    return store_open(&options, out, err);
}

void test_store_open(struct test_store *t)
{
    struct ww_error err = {0};

    memset(t, 0, sizeof(*t));
    (void)snprintf(t->folder, sizeof(t->folder), "/tmp/wirewatch-test-XXXXXX");
    if (mkdtemp(t->folder) == NULL)
        fail_msg("no folder for the test");
    (void)snprintf(t->path, sizeof(t->path), "%s/wirewatch.db", t->folder);
    arena_init(&t->arena, (size_t)256 * 1024 * 1024);
    must(test_store_at(t->path, false, &t->store, &err), &err);
}

void test_store_reopen(struct test_store *t)
{
    struct ww_error err = {0};

    store_close(t->store);
    t->store = NULL;
    must(test_store_at(t->path, false, &t->store, &err), &err);
}

void test_store_close(struct test_store *t)
{
    DIR *folder = opendir(t->folder);
    struct dirent *file;
    char path[384];

    store_close(t->store);
    arena_release(&t->arena);
    while (folder != NULL && (file = readdir(folder)) != NULL) {
        if (snprintf(path, sizeof(path), "%s/%s", t->folder, file->d_name) > 0)
            (void)unlink(path);
    }
    if (folder != NULL)
        (void)closedir(folder);
    (void)rmdir(t->folder);
}

int64_t test_store_feed(struct test_store *t, const char *url)
{
    struct feed_row row = {.url = slice_from(url), .title = SLICE("A feed"), .added_at = TEST_NOW};
    struct ww_error err = {0};
    int64_t id = 0;
    bool is_new;

    must(store_begin(t->store, &err), &err);
    must(store_add_feed(t->store, &row, &id, &is_new, &err), &err);
    must(store_commit(t->store, &err), &err);
    return id;
}

int64_t test_store_article(struct test_store *t, const char *url, const char *title,
                           const char *text)
{
    struct article_row row = {.url = slice_from(url),
                              .canonical = slice_from(url),
                              .title = slice_from(title),
                              .outlet = SLICE("The Outlet"),
                              .language = SLICE("en"),
                              .first_seen_at = TEST_NOW,
                              .fetched_at = TEST_NOW};
    struct article_text texts = {slice_from(text), SLICE("")};
    struct ww_error err = {0};
    int64_t id = 0, story = 0;
    bool is_new;

    must(store_begin(t->store, &err), &err);
    must(store_add_article(t->store, &row, &texts, &id, &is_new, &err), &err);
    if (is_new)
        must(store_add_story(t->store, id, TEST_NOW, &story, &err), &err);
    must(store_commit(t->store, &err), &err);
    return id;
}

int64_t test_store_watchlist(struct test_store *t, const char *content)
{
    struct watchlist_row row = {.folder = SLICE("watchlist"),
                                .loaded_at = TEST_NOW,
                                .n_items = 1,
                                .content = slice_from(content)};
    struct ww_error err = {0};
    int64_t id = 0;
    bool is_new;

    must(store_begin(t->store, &err), &err);
    must(store_add_watchlist(t->store, &row, &id, &is_new, &err), &err);
    must(store_commit(t->store, &err), &err);
    return id;
}

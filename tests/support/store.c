/* store.c - the store of a test. */
#include "tests/support/store.h"

#include "base/attrs.h"
#include "storage/rows.h"
#include "storage/store_alerts.h"
#include "storage/store_copy.h"
#include "storage/store_feeds.h"
#include "storage/store_stories.h"
#include "tests/support/store_server.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MACHINE "fuji"

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("%s: %s", ww_status_name(status), err->message);
}

bool test_store_is_file(void)
{
    return test_server() == NULL;
}

void test_store_address(const char *folder, char out[TEST_ADDRESS_BYTES])
{
    int n;

    if (test_store_is_file())
        n = snprintf(out, TEST_ADDRESS_BYTES, "%s/wirewatch.db", folder);
    else
        n = test_server_make(strrchr(folder, '/') + 1, out, TEST_ADDRESS_BYTES);
    if (n < 0 || n >= TEST_ADDRESS_BYTES)
        fail_msg("no address for a store of %s", folder);
}

const char *test_store_warc(const char *name)
{
    static char shared[64];

    (void)snprintf(shared, sizeof(shared), "%.7s." MACHINE "%s", name, name + 7);
    return test_store_is_file() ? name : shared;
}

void test_store_remove(const char *address)
{
    static const char *const ends[] = {
        "", "-wal", "-shm", ".lock", ".run.lock", ".backfill.lock", ".alerts.lock", ".write.lock"};
    char file[TEST_ADDRESS_BYTES + 16];

    if (!test_store_is_file()) {
        test_server_drop(address);
        return;
    }
    for (size_t i = 0; i < WW_COUNT(ends); i++) {
        (void)snprintf(file, sizeof(file), "%s%s", address, ends[i]);
        (void)unlink(file);
    }
}

enum ww_status test_store_at(const char *path, bool is_reader, struct store **out,
                             struct ww_error *err)
{
    char archive[TEST_ADDRESS_BYTES];
    struct store_options options = {.path = path,
                                    .archive = test_server_archive(path, archive, sizeof(archive)),
                                    .is_reader = is_reader,
                                    .may_create = !is_reader,
                                    .lock_wait_ms = 20000,
                                    .now = TEST_NOW,
                                    .machine = MACHINE};

    return store_open(&options, out, err);
}

void test_store_open(struct test_store *t)
{
    struct ww_error err = {0};

    memset(t, 0, sizeof(*t));
    (void)snprintf(t->folder, sizeof(t->folder), "/tmp/wirewatch-test-XXXXXX");
    if (mkdtemp(t->folder) == NULL)
        fail_msg("no folder for the test");
    test_store_address(t->folder, t->path);
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

void test_store_keep(struct test_store *t)
{
    struct copy_summary sum;
    struct ww_error err = {0};
    char kept[TEST_ADDRESS_BYTES];

    if (test_store_is_file()) {
        (void)snprintf(kept, sizeof(kept), "%s/kept", t->folder);
        (void)unlink(kept);
        must(store_backup(t->store, kept, &(struct copy_options){0}, &t->arena, &sum, &err), &err);
        return;
    }
    store_close(t->store);
    t->store = NULL;
    test_server_keep(t->path);
    must(test_store_at(t->path, false, &t->store, &err), &err);
}

void test_store_go_back(struct test_store *t)
{
    struct ww_error err = {0};
    char name[TEST_ADDRESS_BYTES + 8];

    store_close(t->store);
    t->store = NULL;
    if (test_store_is_file()) {
        (void)snprintf(name, sizeof(name), "%s/kept", t->folder);
        if (rename(name, t->path) != 0)
            fail_msg("no state was kept");
        (void)snprintf(name, sizeof(name), "%s-wal", t->path);
        (void)unlink(name); /* it belongs to what was there */
    } else {
        test_server_go_back(t->path);
    }
    must(test_store_at(t->path, false, &t->store, &err), &err);
}

void test_store_queries(struct test_store *t)
{
    static const char *texts[QUERY_COUNT];
    const struct db_driver *driver = store_driver(t->store);
    struct ww_error err = {0};

    for (unsigned i = 0; i < QUERY_COUNT; i++) {
        texts[i] = query_text((enum query)i, DIALECT_POSTGRES);
        if (test_store_is_file()) {
            must(driver->start(store_db(t->store), (enum query)i, NULL, 0, &err), &err);
            driver->end(store_db(t->store), (enum query)i);
        }
    }
    /* To start one there is to execute it. */
    if (!test_store_is_file())
        test_server_prepare(t->path, texts, QUERY_COUNT);
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *file;
    char name[384];

    while (folder != NULL && (file = readdir(folder)) != NULL) {
        if (snprintf(name, sizeof(name), "%s/%s", path, file->d_name) > 0)
            (void)unlink(name);
    }
    if (folder != NULL)
        (void)closedir(folder);
    (void)rmdir(path);
}

void test_store_close(struct test_store *t)
{
    char archive[96];

    store_close(t->store);
    arena_release(&t->arena);
    (void)snprintf(archive, sizeof(archive), "%s/warc", t->folder);
    remove_folder(archive);
    test_store_remove(t->path);
    remove_folder(t->folder);
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

/*
 * store.h - a database in a folder of its own, for tests: made, filled with a little, taken away.
 */
#ifndef WW_TESTS_SUPPORT_STORE_H
#define WW_TESTS_SUPPORT_STORE_H

#include "base/arena.h"
#include "storage/store.h"
#include "storage/store_articles.h"

#define TEST_NOW 1700000000

struct test_store {
    char folder[64];
    char path[96];
    struct store *store; /* a writer, open */
    struct arena arena;
};

/* Fails the test when it cannot. */
void test_store_open(struct test_store *t);
/* Closes and opens again, as another process would. */
void test_store_reopen(struct test_store *t);
/* Removes the folder and all in it. */
void test_store_close(struct test_store *t);

/* An open store at path, or NULL and the status. */
enum ww_status test_store_at(const char *path, bool is_reader, struct store **out,
                             struct ww_error *err);

/* One feed, one article with a story, in their own transactions; the ids are given back. */
int64_t test_store_feed(struct test_store *t, const char *url);
int64_t test_store_article(struct test_store *t, const char *url, const char *title,
                           const char *text);
int64_t test_store_watchlist(struct test_store *t, const char *content);

#endif

/*
 * store.h - a store of its own for each test: made, filled with a little, taken away.
 *
 * It is a file in a folder of /tmp, or where $WW_TEST_STORE names a PostgreSQL server (see
 * cluster.sh) a database there, copied from one that has our schema and nothing else. Either way
 * its archive is in the folder. What is about the file alone says so with TEST_NEEDS_FILE.
 */
#ifndef WW_TESTS_SUPPORT_STORE_H
#define WW_TESTS_SUPPORT_STORE_H

#include "base/arena.h"
#include "storage/store.h"
#include "storage/store_articles.h"

#define TEST_NOW 1700000000
#define TEST_ADDRESS_BYTES 160

struct test_store {
    char folder[64];
    char path[TEST_ADDRESS_BYTES]; /* what it is opened by */
    struct store *store;           /* a writer, open */
    struct arena arena;
};

/* Fails the test when it cannot. */
void test_store_open(struct test_store *t);
/* Closes and opens again, as another process would. */
void test_store_reopen(struct test_store *t);
/* A state of the database to go back to, once: what a crash before a commit leaves. */
void test_store_keep(struct test_store *t);
void test_store_go_back(struct test_store *t);
/* Removes the folder and all in it. */
void test_store_close(struct test_store *t);

/*
 * The address of a store whose other files are in folder, one of /tmp made for this test; one a
 * folder. Where that is a file it is not there yet. Removing it leaves the folder.
 */
void test_store_address(const char *folder, char out[TEST_ADDRESS_BYTES]);
void test_store_remove(const char *address);

bool test_store_is_file(void);
/* A file of the archive, "2023-11-2.warc.gz": of a shared store its name has the machine's in it.
 */
const char *test_store_warc(const char *name);
/* Is every statement of queries.h one that its engine understands? */
void test_store_queries(struct test_store *t);
/* Skips the test on any other store. */
#define TEST_NEEDS_FILE(reason)                      \
    do {                                             \
        if (!test_store_is_file()) {                 \
            print_message("not here: %s\n", reason); \
            skip();                                  \
        }                                            \
    } while (0)

/* An open store at path, or NULL and the status. */
enum ww_status test_store_at(const char *path, bool is_reader, struct store **out,
                             struct ww_error *err);

/* One feed, one article with a story, in their own transactions; the ids are given back. */
int64_t test_store_feed(struct test_store *t, const char *url);
int64_t test_store_article(struct test_store *t, const char *url, const char *title,
                           const char *text);
int64_t test_store_watchlist(struct test_store *t, const char *content);

#endif

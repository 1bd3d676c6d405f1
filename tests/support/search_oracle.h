/*
 * search_oracle.h - texts whose words are known, queries about them, and what a plain reading
 * finds: what a search should find, on any engine.
 */
#ifndef WW_TESTS_SUPPORT_SEARCH_ORACLE_H
#define WW_TESTS_SUPPORT_SEARCH_ORACLE_H

#include "base/buf.h"
#include "tests/support/store.h"

#define ORACLE_DOCS_MAX 128

/* A word or a Han character, as it is written and as it is found. */
struct token {
    struct slice shown, folded;
    bool is_han, is_glued;
};

struct tokens {
    struct token *list;
    size_t n, capacity;
};

struct words {
    struct slice *list;
    size_t n;
};

struct doc {
    struct tokens fields[2];
    struct words words[2]; /* of the index */
    int64_t id;
};

struct phrase {
    struct words words;
    bool is_open, is_choice, is_refused;
};

struct query {
    struct buf text;
    struct phrase phrases[64];
    size_t n;
};

struct oracle {
    struct test_store store;
    struct arena arena; /* of the texts */
    struct doc docs[ORACLE_DOCS_MAX];
    size_t n;
    uint64_t random;
};

/* Opens a store; what is drawn is the same each time. */
void oracle_open(struct oracle *a);
void oracle_close(struct oracle *a);
size_t oracle_draw(struct oracle *a, size_t n); /* below n */
/* An article without words; it is in the store after oracle_store. */
struct doc *oracle_begin(struct oracle *a);
void oracle_store(struct oracle *a, struct doc *doc);

void oracle_add(struct oracle *a, struct tokens *to, struct slice shown, struct slice folded,
                bool is_han, bool is_glued);
/* One of a dozen words and characters, which have their beginnings in common. */
void oracle_add_drawn(struct oracle *a, struct tokens *to);
struct slice oracle_han(struct oracle *a); /* a character that these have */

void oracle_query_begin(struct query *q);
/* n tokens as a person writes them; of like the words are not looked at. */
void oracle_query_add(struct oracle *a, struct query *q, const struct tokens *tokens, size_t begin,
                      size_t n, struct phrase like);
void oracle_query_draw(struct oracle *a, struct query *q);

/* How often it stands there. */
size_t oracle_count(const struct phrase *p, const struct doc *doc);
bool oracle_finds(const struct query *q, const struct doc *doc);
/* By bm25() of FTS5, to the last bit. */
double oracle_rank(const struct oracle *a, const struct query *q, const struct doc *doc);

#endif

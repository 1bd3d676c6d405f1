/* search_oracle.c - articles, queries, and the slow way to answer them. */
#include "tests/support/search_oracle.h"

#include "base/attrs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct sign {
    const char *shown, *folded;
    bool is_han;
};

static const struct sign signs[] = {
    {"Zürich",    "zurich",     false},
    {"zur",        "zur",        false},
    {"ab",         "ab",         false},
    {"ABC",        "abc",        false},
    {"a",          "a",          false},
    {"b7",         "b7",         false},
    {"7",          "7",          false},
    {"Αθήνα", "αθηνα", false},
    {"青",        "青",        true },
    {"田",        "田",        true },
    {"南",        "南",        true },
    {"團",        "团",        true },
    {"団",        "団",        true },
};

/* ---- drawing --------------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

size_t oracle_draw(struct oracle *a, size_t n)
{
    return (size_t)(next_random(&a->random) >> 11) % n;
}

void oracle_add(struct oracle *a, struct tokens *to, struct slice shown, struct slice folded,
                bool is_han, bool is_glued)
{
    if (to->n == to->capacity)
        to->list = arena_grow(&a->arena, to->list, to->n, &to->capacity, sizeof(*to->list));
    assert_non_null(to->list);
    to->list[to->n] = (struct token){shown, folded, is_han, to->n > 0 && is_glued};
    to->n++;
}

/* Two words of letters always have a blank between them. */
void oracle_add_drawn(struct oracle *a, struct tokens *to)
{
    const struct sign *sign =
        &signs[oracle_draw(a, 3) > 0 ? oracle_draw(a, 8) : 8 + oracle_draw(a, 5)];
    const bool was_han = to->n > 0 && to->list[to->n - 1].is_han;

    oracle_add(a, to, slice_from(sign->shown), slice_from(sign->folded), sign->is_han,
               (sign->is_han || was_han) && oracle_draw(a, 4) > 0);
}

static void write_tokens(const struct tokens *tokens, size_t begin, size_t n, struct buf *out)
{
    for (size_t i = begin; i < begin + n; i++) {
        if (i > begin && !tokens->list[i].is_glued)
            buf_add_char(out, ' ');
        buf_add(out, tokens->list[i].shown);
    }
}

struct slice oracle_han(struct oracle *a)
{
    return slice_from(signs[8 + oracle_draw(a, 5)].folded);
}

/* ---- what the index should know -------------------------------------------------------------- */

static bool is_pair(const struct token *t, const struct token *end)
{
    return t + 1 < end && t->is_han && t[1].is_han && t[1].is_glued;
}

static struct words make_words(struct oracle *a, const struct token *tokens, size_t n)
{
    struct words words = {arena_array(&a->arena, n, sizeof(struct slice)), n};

    for (size_t i = 0; i < n; i++)
        words.list[i] = is_pair(&tokens[i], tokens + n)
                            ? arena_printf(&a->arena, "%.*s%.*s", SLICE_ARG(tokens[i].folded),
                                           SLICE_ARG(tokens[i + 1].folded))
                            : tokens[i].folded;
    return words;
}

static size_t count_phrase(const struct phrase *p, const struct words *words)
{
    size_t n = 0;

    for (size_t i = 0; i + p->words.n <= words->n; i++) {
        size_t k = 0;

        while (k < p->words.n && (p->is_open && k + 1 == p->words.n
                                      ? slice_starts(words->list[i + k], p->words.list[k])
                                      : slice_equal(words->list[i + k], p->words.list[k])))
            k++;
        n += k == p->words.n;
    }
    return n;
}

size_t oracle_count(const struct phrase *p, const struct doc *doc)
{
    return count_phrase(p, &doc->words[0]) + count_phrase(p, &doc->words[1]);
}

bool oracle_finds(const struct query *q, const struct doc *doc)
{
    bool is_group = true, is_first = true;

    for (size_t i = 0; i < q->n; i++) {
        const struct phrase *p = &q->phrases[i];
        const bool is_here = oracle_count(p, doc) > 0;

        if (p->is_refused && is_here)
            return false;
        if (p->is_refused)
            continue;
        if (!p->is_choice || is_first) {
            if (!is_group)
                return false;
            is_group = is_here;
        }
        is_group = is_group || is_here;
        is_first = false;
    }
    return is_group;
}

double oracle_rank(const struct oracle *a, const struct query *q, const struct doc *doc)
{
    const double k1 = 1.2, b = 0.75;
    double all = 0, score = 0;

    for (size_t i = 0; i < a->n; i++)
        all += (double)(a->docs[i].words[0].n + a->docs[i].words[1].n);
    for (size_t i = 0; i < q->n; i++) {
        const struct phrase *p = &q->phrases[i];
        const double times = (double)oracle_count(p, doc);
        double n = 0, idf;

        if (p->is_refused)
            continue;
        for (size_t k = 0; k < a->n; k++)
            n += oracle_count(p, &a->docs[k]) > 0;
        idf = log(((double)a->n - n + 0.5) / (n + 0.5));
        if (idf <= 0)
            idf = 1e-6;
        score += idf * (times * (k1 + 1.0) /
                        (times + k1 * (1 - b +
                                       b * (double)(doc->words[0].n + doc->words[1].n) /
                                           (all / (double)a->n))));
    }
    return score;
}

/* ---- an archive ------------------------------------------------------------------------------ */

struct doc *oracle_begin(struct oracle *a)
{
    assert_true(a->n < ORACLE_DOCS_MAX);
    memset(&a->docs[a->n], 0, sizeof(a->docs[a->n]));
    return &a->docs[a->n++];
}

void oracle_store(struct oracle *a, struct doc *doc)
{
    struct buf texts[2];
    char url[64];

    (void)snprintf(url, sizeof(url), "http://127.0.0.1/%zu", a->n);
    for (size_t i = 0; i < 2; i++) {
        buf_init(&texts[i], (size_t)64 * 1024 * 1024);
        write_tokens(&doc->fields[i], 0, doc->fields[i].n, &texts[i]);
        buf_add_char(&texts[i], '.');
        assert_int_equal(buf_finish(&texts[i], NULL), WW_OK);
        doc->words[i] = make_words(a, doc->fields[i].list, doc->fields[i].n);
    }
    doc->id = test_store_article(&a->store, url, texts[0].ptr, texts[1].ptr);
    buf_release(&texts[0]);
    buf_release(&texts[1]);
}

void oracle_open(struct oracle *a)
{
    memset(a, 0, sizeof(*a));
    a->random = 20261123;
    test_store_open(&a->store);
    arena_init(&a->arena, (size_t)512 * 1024 * 1024);
}

void oracle_close(struct oracle *a)
{
    test_store_close(&a->store);
    arena_release(&a->arena);
}

/* ---- queries --------------------------------------------------------------------------------- */

/* What a run of like tokens is to the index. */
static void add_run(struct oracle *a, struct query *q, const struct token *tokens, size_t n,
                    struct phrase like)
{
    struct phrase *p = &q->phrases[q->n++];

    assert_true(q->n <= WW_COUNT(q->phrases));
    *p = like;
    p->words = make_words(a, tokens, n);
    if (tokens[0].is_han && n == 1)
        p->is_open = true;
    if (tokens[0].is_han && n > 1)
        p->words.n--; /* the last pair holds the last character */
}

void oracle_query_begin(struct query *q)
{
    buf_reset(&q->text);
    q->n = 0;
}

void oracle_query_add(struct oracle *a, struct query *q, const struct tokens *tokens, size_t begin,
                      size_t n, struct phrase like)
{
    const struct token *list = tokens->list + begin;
    const bool is_open = like.is_open, is_choice = like.is_choice;
    bool is_quoted = n > 1 && oracle_draw(a, 3) > 0;
    size_t from = 0;

    for (size_t i = 1; i < n; i++)
        is_quoted = is_quoted || !list[i].is_glued;
    if (q->text.len > 0)
        buf_add_string(&q->text, is_choice ? " OR " : " ");
    if (like.is_refused)
        buf_add_char(&q->text, '-');
    if (is_quoted)
        buf_add_char(&q->text, '"');
    write_tokens(tokens, begin, n, &q->text);
    buf_add_string(&q->text, is_quoted ? is_open ? "\"*" : "\"" : is_open ? "*" : "");
    for (size_t i = 1; i <= n; i++) {
        if (i < n && list[i].is_han == list[i - 1].is_han && (!list[i].is_han || list[i].is_glued))
            continue;
        like.is_open = is_open && i == n;
        like.is_choice = is_choice && from == 0;
        add_run(a, q, list + from, i - from, like);
        from = i;
    }
}

void oracle_query_draw(struct oracle *a, struct query *q)
{
    const size_t n_pieces = 1 + oracle_draw(a, 4);

    oracle_query_begin(q);
    for (size_t i = 0; i < n_pieces; i++) {
        const struct doc *doc = &a->docs[oracle_draw(a, a->n)];
        const struct tokens *field = &doc->fields[oracle_draw(a, 4) > 0];
        const struct phrase like = {.is_open = oracle_draw(a, 5) == 0,
                                    .is_choice = i > 0 && oracle_draw(a, 3) == 0,
                                    .is_refused = i > 0 && oracle_draw(a, 4) == 0};
        struct tokens made = {NULL, 0, 0};
        size_t n = 1 + oracle_draw(a, 4), begin = 0;

        if (oracle_draw(a, 3) > 0 && field->n >= n) {
            begin = oracle_draw(a, field->n - n + 1);
        } else {
            field = &made;
            for (size_t k = 0; k < n; k++)
                oracle_add_drawn(a, &made);
        }
        oracle_query_add(a, q, field, begin, n, like);
    }
}

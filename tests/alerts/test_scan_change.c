/*
 * test_scan_change.c - the index only ever saves work: an article that is not in its answer has the
 * same report under both versions of a list, whatever the change was. Lists and texts are drawn.
 */
#include "alerts/scan_change.h"

#include "alerts/mentions.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/record.h"
#include "storage/store_alerts.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TRIALS 250
#define ARTICLES 90
#define WORDS 30

static uint64_t state_of_chance;

static size_t draw(size_t n)
{
    state_of_chance = hash64_mix(state_of_chance, 3);
    return (size_t)(state_of_chance % n);
}

/* What texts and names are made of: cases, accents, hyphens, apostrophes, scripts without spaces.
 */
static const char *const pieces[] = {"Oldmoor",      "oldmoor",
                                     "Saint-Aubin",  "St.",
                                     "Óldmór",       "O’Brien",
                                     "O'Brien",      "weir",
                                     "weirs",        "Weir",
                                     "dam",          "river",
                                     "the",          "co-op",
                                     "l’écluse",     "écluse",
                                     "ecluse",       "河",
                                     "坝",           "决",
                                     "溃坝",         "圣",
                                     "圣欧班",       "聖歐班",
                                     "Дамба",        "дамба",
                                     "плотина",      "Gat\u0435shead",
                                     "\u041Eldmoor", "w\u0435ir",
                                     "w\u0435irs",   "Gateshead",
                                     "Gate",         "3,5",
                                     "U.S.",         "Strasse",
                                     "Straße",       "ﬁsh",
                                     "fish",         "カワ",
                                     "ｶﾜ",           "水库",
                                     "水库",         "댐",
                                     "Port",         "Port of Oldmoor"};
static const char *const gaps[] = {" ",  " ",    " ",   " ",        "",    "-",        "\n", ", ",
                                   ". ", "\n\n", "’s ", "\xC2\xAD", "-\n", "\xC2\xA0", "、", "。"};

/* Names without spaces as texts have them at the end of a line. */
static const char *const broken[] = {"水\n库",   "溃 坝",    "圣\n欧班",
                                     "水\n\n库", "圣欧\n班", "水\nna"};

/* One of them, or a word that few texts hold. */
static void add_piece(struct buf *b)
{
    static const char *const first[] = {"Bé", "Tar", "Ło", "Ka’", "Дви", "水", "Ne-", "Øs"};
    static const char *const second[] = {"vo", "na", "дон", "库", "lín", "ra", "mÉ", "st"};

    if (draw(3) == 0) {
        buf_add_string(b, pieces[draw(WW_COUNT(pieces))]);
        return;
    }
    buf_add_string(b, first[draw(WW_COUNT(first))]);
    buf_add_string(b, second[draw(WW_COUNT(second))]);
}

static struct slice text_of(struct arena *arena, size_t n)
{
    struct buf b;
    struct slice text;

    buf_init(&b, 100000);
    for (size_t i = 0; i < n; i++) {
        if (draw(8) == 0)
            buf_add_string(&b, broken[draw(WW_COUNT(broken))]);
        else
            add_piece(&b);
        buf_add_string(&b, gaps[draw(WW_COUNT(gaps))]);
    }
    text = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return text;
}

static void add_name(struct buf *b)
{
    const size_t n = 1 + draw(3);

    for (size_t i = 0; i < n; i++) {
        buf_add_string(b, i == 0 ? "" : (const char *[]){" ", " ", "", " * ", "-", "’"}[draw(6)]);
        add_piece(b);
        if (draw(5) == 0)
            buf_add_char(b, '~');
    }
}

/* A list in rows that can be changed one by one. */
enum { STATIONS, BODIES, TERMS, PLACES, RULES, FILES };
static const struct {
    const char *name, *header;
} files[FILES] = {
    [STATIONS] = {"stations.csv",      "id,name,aliases,context_aliases,site,severity,remark"},
    [BODIES] = {"jurisdictions.csv", "id,name,aliases,place_names,severity"                },
    [TERMS] = {"terms.csv",         "language,term,role,strength,case_sensitive"          },
    [PLACES] = {"places.csv",        "id,type,country,name,names,disambiguation"           },
    [RULES] = {"rules.csv",         "id,name,query,severity"                              },
};
#define ROWS 6

struct list {
    struct slice rows[FILES][ROWS];
};

static struct slice row_of(struct arena *arena, int file, size_t number)
{
    static const char *const roles[] = {"works-term", "works-term", "works-term", "anchor",
                                        "veto",       "operation",  "boilerplate"};
    static const char *const strengths[] = {"strong", "strong", "weak", "topical"};
    static const char *const severities[] = {"", "", "high", "low"};
    struct slice row;
    struct buf b, name[3];

    buf_init(&b, 10000);
    for (size_t i = 0; i < 3; i++) {
        buf_init(&name[i], 10000);
        add_name(&name[i]);
    }
#define N(i) SLICE_ARG(buf_slice(&name[i]))
    switch (file) {
    case STATIONS:
        row = arena_printf(arena, "s%zu,Site %zu,\"%.*s\",\"%.*s\",p%zu,%s,%zu", number, number,
                           N(0), N(1), draw(ROWS), severities[draw(4)], draw(3));
        break;
    case BODIES:
        row = arena_printf(arena, "b%zu,Body,\"%.*s\",\"%.*s\",%s", number, N(0), N(1),
                           severities[draw(4)]);
        break;
    case TERMS:
        if (number == 0) /* a class, and terms made of it: rarely changed */
            row = arena_printf(arena, "en,\"%.*s\",word:wet,,no", N(0));
        else if (number == 1)
            row = arena_printf(arena, "en,{wet} /%zu {place},works-term,strong,no", 1 + draw(4));
        else
            row = arena_printf(arena, "en,\"%.*s\",%s,%s,%s", N(0), roles[draw(7)],
                               strengths[draw(4)], draw(4) == 0 ? "yes" : "no");
        break;
    case PLACES:
        row = arena_printf(arena, "p%zu,city,GB,\"%.*s\",\"%.*s\",\"%s%.*s\"", number, N(0), N(1),
                           draw(3) == 0 ? "reject " : "positive:", N(2));
        break;
    default:
        row = arena_printf(arena, "r%zu,Rule,\"\"\"%s\"\" %s %s\",high", number, pieces[draw(17)],
                           (const char *[]){"AND", "OR", "NEAR/3", "NOT"}[draw(4)],
                           (const char *[]){"weir*", "dam", "river", "坝", "溃坝"}[draw(5)]);
        break;
    }
#undef N
    for (size_t i = 0; i < 3; i++)
        buf_release(&name[i]);
    buf_release(&b);
    return row;
}

static struct slice content_of(struct arena *arena, const struct list *l)
{
    struct buf all, file;
    struct slice content;

    buf_init(&all, 1000000);
    for (int i = 0; i < FILES; i++) {
        buf_init(&file, 1000000);
        buf_add_string(&file, files[i].header);
        buf_add_char(&file, '\n');
        for (size_t k = 0; k < ROWS; k++) {
            buf_add(&file, l->rows[i][k]);
            buf_add_char(&file, '\n');
        }
        record_put_text(&all, slice_from(files[i].name));
        record_put_text(&all, buf_slice(&file));
        buf_release(&file);
    }
    content = arena_copy(arena, buf_slice(&all));
    buf_release(&all);
    return content;
}

/* All that a report says, as a number. */
static uint64_t print_of(const struct mention_engine *e, struct slice text, struct arena *arena)
{
    const struct mention_article article = {
        .title = SLICE("News"), .text = text, .language = SLICE("en")};
    struct mention_report r;
    struct ww_error err = {0};
    uint64_t print = 1;

    if (mentions_find(e, &article, arena, &r, &err) != WW_OK)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < r.n_mentions; i++) {
        const struct mention *m = &r.mentions[i];
        char row[400];

        (void)snprintf(row, sizeof(row), "%.*s %.*s %.*s %zu %zu %.*s %s %.*s %d",
                       SLICE_ARG(m->item->id), SLICE_ARG(m->item->name),
                       SLICE_ARG(m->item->severity), m->at.start, m->at.end, SLICE_ARG(m->alias),
                       m->rule, SLICE_ARG(m->term), (int)m->strength);
        print = hash64_mix(print, hash64(slice_from(row)));
    }
    for (size_t i = 0; i < r.n_candidates; i++)
        print = hash64_mix(print, hash64(r.candidates[i].place->id) + r.candidates[i].at.start);
    return hash64_mix(print, r.n_proposals + r.n_claims);
}

static bool is_in(const struct walk_ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->n_ids; i++)
        if (ids->ids[i] == id)
            return true;
    return false;
}

/* What came of all trials. */
struct outcome {
    size_t n_narrowed, n_left_out, n_changed;
};

static int64_t add_version(struct test_store *t, struct slice content)
{
    const struct watchlist_row row = {.folder = SLICE("drawn"), .loaded_at = 1, .content = content};
    int64_t id;
    bool is_new;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_watchlist(t->store, &row, &id, &is_new, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
    return id;
}

static bool read_list(struct slice content, struct arena *arena, struct watchlist *w,
                      struct mention_engine **engine)
{
    return watchlist_parse(content, arena, w, NULL) == WW_OK &&
           mentions_open(w, arena, engine, NULL) == WW_OK;
}

static void try_change(struct test_store *t, const struct slice *texts, const struct list *before,
                       const struct list *after, struct outcome *out)
{
    struct arena arena;
    struct watchlist lists[2];
    struct mention_engine *engines[2];
    struct slice contents[2];
    struct scan_change change;
    struct ww_error err = {0};

    arena_init(&arena, WATCHLIST_ARENA_MAX_BYTES);
    contents[0] = content_of(&arena, before);
    contents[1] = content_of(&arena, after);
    if (read_list(contents[0], &arena, &lists[0], &engines[0]) &&
        read_list(contents[1], &arena, &lists[1], &engines[1])) {
        const int64_t from = add_version(t, contents[0]), to = add_version(t, contents[1]);

        if (scan_change_find(t->store, from, to, &lists[1], &arena, &change, &err) != WW_OK)
            fail_msg("%s", err.message);
        out->n_narrowed += change.is_narrowed;

        for (size_t i = 0; change.is_narrowed && i < ARTICLES; i++) {
            const bool differs =
                print_of(engines[0], texts[i], &arena) != print_of(engines[1], texts[i], &arena);
            const bool is_asked = is_in(&change.articles, (int64_t)i + 1);

            out->n_left_out += !is_asked;
            out->n_changed += differs;
            if (differs && !is_asked)
                fail_msg("missed: %.*s\n%.*s", SLICE_ARG(texts[i]), SLICE_ARG(contents[1]));
        }
    }
    arena_release(&arena);
}

static void test_nothing_is_missed(void **state)
{
    struct outcome out = {0};
    struct slice texts[ARTICLES];
    struct test_store t;

    WW_UNUSED(state);
    state_of_chance = 7;
    test_store_open(&t);
    for (size_t i = 0; i < ARTICLES; i++) {
        const struct slice url = arena_printf(&t.arena, "http://127.0.0.1/%zu", i);

        texts[i] = text_of(&t.arena, 1 + draw(WORDS));
        assert_int_equal(test_store_article(&t, url.ptr, "News", arena_string(&t.arena, texts[i])),
                         i + 1);
    }
    for (size_t trial = 0; trial < TRIALS; trial++) {
        struct list before, after;
        const size_t n_changes = 1 + draw(3);

        for (int f = 0; f < FILES; f++)
            for (size_t k = 0; k < ROWS; k++)
                before.rows[f][k] = row_of(&t.arena, f, k);
        after = before;
        for (size_t i = 0; i < n_changes; i++) {
            const int f = (int)draw(FILES);
            const size_t k = draw(ROWS);

            after.rows[f][k] = row_of(&t.arena, f, k);
        }
        try_change(&t, texts, &before, &after, &out);
    }
    /* The trials were worth something: most were narrowed, left much out, and changed something. */
    print_message("narrowed %zu of %d, left out %zu, changed %zu\n", out.n_narrowed, TRIALS,
                  out.n_left_out, out.n_changed);
    assert_true(out.n_narrowed > TRIALS / 4);
    assert_true(out.n_left_out > out.n_narrowed * ARTICLES / 2);
    assert_true(out.n_changed > 10);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

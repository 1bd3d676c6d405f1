/* test_revisions.c - what changes beside a mention is told once; what only reads otherwise, never.
 */
#include "alerts/revisions.h"

#include "alerts/scan.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/record.h"
#include "storage/store_events.h"
#include "storage/store_pages.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char stations[] =
    "id,kind,aliases\n"
    "oldmoor,dam,Oldmoor|Олдмур|欧德摩尔|オールドムーア|올드무어|أولدمور|Όλντμουρ\n"
    "quillon,dam,Quillon\n";
static const char terms[] = "language,term,role\n"
                            "en,closed,status:closed\n"
                            "en,shut,status:closed\n"
                            "en,charged,status:charged\n"
                            "en,convicted,status:convicted\n"
                            "de,geschlossen,status:closed\n"
                            "es,cerrad~,status:closed\n"
                            "ru,закрыт~,status:closed\n"
                            "zh,关闭,status:closed\n"
                            "zh,起诉,status:charged\n";

struct bench {
    struct test_store t;
    struct watchlist w;
    int64_t story;
    int n_articles;
};

static void open_bench(struct bench *b)
{
    struct buf content;
    struct ww_error err = {0};

    *b = (struct bench){.story = 0};
    test_store_open(&b->t);
    buf_init(&content, 10000);
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content, slice_from(stations));
    record_put_text(&content, SLICE("terms.csv"));
    record_put_text(&content, slice_from(terms));
    if (watchlist_parse(buf_slice(&content), &b->t.arena, &b->w, &err) != WW_OK)
        fail_msg("%s", err.message);
    buf_release(&content);
}

static struct scan_summary scan(struct bench *b)
{
    const struct scan_options options = {.folder = SLICE("dams"), .max_age_s = 14 * 86400};
    const struct clock clock = clock_fixed(TEST_NOW);
    struct scan_summary summary;
    struct ww_error err = {0};

    if (scan_run(b->t.store, &b->w, &options, &clock, NULL, &summary, &err) != WW_OK)
        fail_msg("%s", err.message);
    return summary;
}

/* An article of the bench's story, published so many minutes after the first. */
struct print {
    const char *language, *text;
    const char *title; /* NULL: "News" */
    const char *url;   /* NULL: a new one */
    int minutes;
    bool is_historic;
    bool is_copy; /* of an archive, from so many minutes after the first; without a date */
};

static int64_t add(struct bench *b, const struct print *p)
{
    char url[64];
    const int64_t at = TEST_NOW - 86400 + 60 * (int64_t)p->minutes;
    struct article_row row = {.title = slice_from(p->title != NULL ? p->title : "News"),
                              .outlet = SLICE("The Ledger"),
                              .language = slice_from(p->language),
                              .provenance = SLICE("feed"),
                              .published_at = at,
                              .published_precision = p->is_copy ? DATE_NONE : DATE_SECOND,
                              .capture = slice_from(p->is_copy ? "https://archive.example/1" : ""),
                              .first_seen_at = at,
                              .fetched_at = at,
                              .is_historic = p->is_historic};
    const struct article_text text = {slice_from(p->text), SLICE("")};
    bool is_new = false;
    int64_t id;

    (void)snprintf(url, sizeof(url), "https://outlet.example/%d", ++b->n_articles);
    row.url = row.canonical = slice_from(p->url != NULL ? p->url : url);
    assert_int_equal(store_begin(b->t.store, NULL), WW_OK);
    assert_int_equal(store_add_article(b->t.store, &row, &text, &id, &is_new, NULL), WW_OK);
    assert_true(is_new);
    if (b->story == 0)
        assert_int_equal(store_add_story(b->t.store, id, TEST_NOW, &b->story, NULL), WW_OK);
    else
        assert_int_equal(store_join_story(b->t.store, b->story, id, TEST_NOW, NULL), WW_OK);
    assert_int_equal(store_commit(b->t.store, NULL), WW_OK);
    return id;
}

/* Of the bench's story. */
static struct revision_view_list revisions_of(struct bench *b)
{
    const struct revision_filter filter = {.history = STORE_ANY_HISTORY};
    struct revision_view_list list;

    size_t n = 0;

    assert_int_equal(store_list_revisions(b->t.store, &filter, &b->t.arena, &list, NULL), WW_OK);
    for (size_t i = 0; i < list.n_rows; i++)
        if (list.rows[i].story_id == b->story)
            list.rows[n++] = list.rows[i];
    list.n_rows = n;
    return list;
}

/* "number 12>14; status >closed": in order; with the item when there is more than one. */
static const char *told(struct bench *b)
{
    const struct revision_view_list list = revisions_of(b);
    struct slice s = {"", 0};

    for (size_t i = 0; i < list.n_rows; i++) {
        const struct revision_row *r = &list.rows[i].revision;

        s = arena_printf(&b->t.arena, "%.*s%s%s%s %.*s>%.*s", SLICE_ARG(s), i > 0 ? "; " : "",
                         slice_equal(list.rows[i].item, SLICE("quillon")) ? "quillon " : "",
                         revision_kind_name(r->kind), SLICE_ARG(r->before), SLICE_ARG(r->after));
    }
    return arena_string(&b->t.arena, s);
}

/* ---- two prints of a story ------------------------------------------------------------------- */

static const struct {
    const char *name, *language, *first, *second, *told;
} pairs[] = {
    {"a figure in the mention's sentence",          "en",
     "Rain fell on Monday. Inspectors found 12 pumps at Oldmoor in the north of the county.",                                                                                                               "Rain fell on Monday. Inspectors found 14 pumps at Oldmoor in the north of the county.",
     "number 12>14"                                                                                                                                                                                                                                                                                                           },
    {"a figure in the sentence behind it",          "en",
     "They went to Oldmoor with the mayor. In the cellar stood 12 pumps of a kind nobody makes "
     "now.",                                                                                                                                                                                                "They went to Oldmoor with the mayor. In the cellar stood 14 pumps of a kind nobody makes "
     "now.",                                                                                                                                                                                                                                                                                  "number 12>14"      },
    {"a figure far from it",                        "en",
     "They went to Oldmoor with the mayor. It rained all day. The road was closed for repairs. In "
     "the valley below 12 houses have been without a light since the storm.",                                                                                                                               "They went to Oldmoor with the mayor. It rained all day. The road was closed for repairs. In "
     "the valley below 14 houses have been without a light since the storm.",                                                                                                                                                ""                  },
    {"an excerpt",                                  "en",
     "Rain fell on Monday. Inspectors found 12 pumps at Oldmoor in the north of the county. 30 men "
     "had worked there until spring, and 8 of them still do.",                                                                                                                                              "Inspectors found pumps at Oldmoor in the north of the county.",                              ""                  },
    {"the full text behind an excerpt",             "en", "Inspectors found pumps at Oldmoor in the north.",
     "Rain fell on Monday. Inspectors found 12 pumps at Oldmoor in the north. They shut 3 of them.",                                                                                                                                                                                                      ""                  },
    {"other words for the same",                    "en",
     "Inspectors found 12 pumps at Oldmoor in the north of the county on Monday.",                                                                                                                          "A dozen pumps stand at Oldmoor, say those who inspected it at the start of the week, 40 "
     "miles "
     "from the sea.",                                                                                                                                                                                                   ""                  },
    {"a figure in letters",                         "en",
     "Inspectors found 12 pumps at Oldmoor in the north of the county on Monday.",                                                                                                                          "Inspectors found twelve pumps at Oldmoor in the north of the county on Monday.",             ""                  },
    {"a figure with another separator",             "en",
     "The wall at Oldmoor has cost 1,200 pounds a metre since the county began to build it.",                                                                                                               "The wall at Oldmoor has cost 1200 pounds a metre since the county began to build it.",       ""                  },
    {"figures that change places",                  "en",
     "Inspectors found 12 pumps and 14 gates at Oldmoor in the north of the county on Monday.",                                                                                                             "Inspectors found 14 gates and 12 pumps at Oldmoor in the north of the county on Monday.",    ""                  },
    {"a denial",                                    "en", "The county has confirmed that the wall at Oldmoor is safe for the winter.",
     "The county has not confirmed that the wall at Oldmoor is safe for the winter.",                                                                                                                                                                                                                     "status >not"       },
    {"a status",                                    "en",
     "The works at Oldmoor stayed open on Friday while the county met about them.",                                                                                                                         "The works at Oldmoor stayed closed on Friday while the county met about them.",
     "status >closed"                                                                                                                                                                                                                                                                                                         },
    {"one status for another",                      "en",
     "The keeper of Oldmoor was charged on Friday by the county court with theft of the pumps.",                                                                                                            "The keeper of Oldmoor was convicted on Friday by the county court of theft of the pumps.",
     "status charged>convicted"                                                                                                                                                                                                                                                                                               },
    {"another word for a status",                   "en",
     "The works at Oldmoor were closed on Friday while the county met about them.",                                                                                                                         "The works at Oldmoor were shut on Friday while the county met about them.",                  ""                  },
    {"a status that was told in the next sentence", "en",
     "The works at Oldmoor stayed open on Friday while the county met about them. They will be "
     "closed next week, said the clerk.",                                                                                                                                                                   "The works at Oldmoor stayed closed on Friday while the county met about them. They will be "
     "closed next week, said the clerk.",                                                                                                                                                                                                                        ""                  },
    {"a name",                                      "en",
     "The works at Oldmoor were inspected by Greta Holm, who leads the county board.",                                                                                                                      "The works at Oldmoor were inspected by Nora Lindqvist, who leads the county board.",
     "name Greta Holm>Nora Lindqvist"                                                                                                                                                                                                                                                                                         },
    {"an outlet that names itself",                 "en",
     "Nobody at Oldmoor would say how long the repairs may last, a clerk told The Chronicle.",                                                                                                              "Nobody at Oldmoor would say how long the repairs may last, a clerk told The Ledger.",        ""                  },
    {"a name with a slip",                          "en",
     "The works at Oldmoor were inspected by Holmquist of the county board.",                                                                                                                               "The works at Oldmoor were inspected by Holmqvist of the county board.",                      ""                  },
    {"a name of which a part is the same",          "en",
     "The works at Oldmoor were inspected by the Water Guard on the third day of the week.",                                                                                                                "The works at Oldmoor were inspected by the Water Watch on the third day of the week.",       ""                  },
    {"a figure without its unit",                   "en",
     "The wall at Oldmoor has cost the county 8.5 million pounds since it was begun, they said.",                                                                                                           "The wall at Oldmoor has cost the county 8.5 pounds since it was begun, they said.",          ""                  },
    {"a line below the headline",                   "en",
     "Oldmoor is to be searched for a third time. By our staff and agencies | Published April 15",                                                                                                          "Oldmoor is to be searched for a third time. By our staff and agencies | Published April 19",
     ""                                                                                                                                                                                                                                                                                                                       },
    {"what a paywall cut",                          "en",
     "In the north, at Oldmoor, stand 950 pumps, of which many are said to be old.",                                                                                                                        "In the north, at Oldmoor, stand 95 pumps, of which many are said to be...",                  ""                  },
    {"a local sentence of one mould",               "en",
     "Oldmoor is short of water. A meeting in Penhallow on Monday heard several questions of it.",                                                                                                          "Oldmoor is short of water. A meeting in Ardmore on Friday heard several questions of it.",
     ""                                                                                                                                                                                                                                                                                                                       },
    {"de",                                          "de",
     "Am Montag regnete es. Die Prüfer fanden 12 Pumpen in Oldmoor im Norden der Grafschaft.",                                                                                                             "Am Montag regnete es. Die Prüfer fanden 14 Pumpen in Oldmoor im Norden der Grafschaft.",
     "number 12>14"                                                                                                                                                                                                                                                                                                           },
    {"de, a noun",                                  "de", "Die Prüfer fanden im Norden der Grafschaft 12 Pumpen in Oldmoor am See.",
     "Die Fachleute fanden im Norden der Grafschaft 12 Pumpen in Oldmoor am See.",                                                                                                                                                                                                                        ""                  },
    {"es",                                          "es", "La obra de Oldmoor seguía abierta el viernes, según dijo la junta del condado.",
     "La obra de Oldmoor seguía cerrada el viernes, según dijo la junta del condado.",                                                                                                                                                                                                                  "status >cerrada"   },
    {"fr",                                          "fr", "Les inspecteurs ont trouvé 1 200 pompes à Oldmoor, dans le nord du comté, lundi.",
     "Les inspecteurs ont trouvé 1 500 pompes à Oldmoor, dans le nord du comté, lundi.",                                                                                                                                                                                                               "number 1 200>1 500"},
    {"ru",                                          "ru", "Инспекторы нашли 12 насосов в посёлке Олдмур на севере графства в понедельник.",
     "Инспекторы нашли 14 насосов в посёлке Олдмур на севере графства в понедельник.",
     "number 12>14"                                                                                                                                                                                                                                                                                                           },
    {"el",                                          "el",
     "Οι επιθεωρητές βρήκαν 12 αντλίες στο Όλντμουρ στα βόρεια της κομητείας τη Δευτέρα.",
     "Οι επιθεωρητές βρήκαν 14 αντλίες στο Όλντμουρ στα βόρεια της κομητείας τη Δευτέρα.",
     "number 12>14"                                                                                                                                                                                                                                                                                                           },
    {"ar",                                          "ar", "عثر المفتشون على 12 مضخة في أولدمور شمال المقاطعة يوم الاثنين بعد المطر.",
     "عثر المفتشون على 14 مضخة في أولدمور شمال المقاطعة يوم الاثنين بعد المطر.",                                                                                                                                                                 "number 12>14"      },
    {"zh",                                          "zh", "周一下雨。检查人员在郡北部的欧德摩尔找到了12台水泵。",
     "周一下雨。检查人员在郡北部的欧德摩尔找到了14台水泵。",                                                                                                                                                                                                                     "number 12>14"      },
    {"zh, a status",                                "zh", "郡议会周五说,北部的欧德摩尔水厂仍然开放,居民可以取水。",
     "郡议会周五说,北部的欧德摩尔水厂已经关闭,居民可以取水。",                                                                                                                                                                                                                  "status >关闭"    },
    {"zh, traditional characters",                  "zh", "检查人员在郡北部的欧德摩尔找到了12台水泵,说明天再来。",
     "檢查人員在郡北部的欧德摩尔找到了12台水泵,說明天再來。",                                                                                                                                                                                                                    ""                  },
    {"ja",                                          "ja", "検査官は月曜日、郡北部のオールドムーアで12台のポンプを見つけたと発表した。",
     "検査官は月曜日、郡北部のオールドムーアで14台のポンプを見つけたと発表した。",                                                                                                                                                                                    "number 12>14"      },
    {"ko",                                          "ko", "검사관들은 월요일 군 북부 올드무어 에서 펌프 12대를 찾았다고 밝혔다.",
     "검사관들은 월요일 군 북부 올드무어 에서 펌프 14대를 찾았다고 밝혔다.",                                                                                                                                                                                                  "number 12>14"      },
};

static void test_pairs(void **state)
{
    struct bench b;

    WW_UNUSED(state);
    open_bench(&b);
    for (size_t i = 0; i < WW_COUNT(pairs); i++) {
        b.story = 0;
        (void)add(&b, &(struct print){pairs[i].language, pairs[i].first, .minutes = 0});
        assert_int_equal(scan(&b).n_alerts, 1);
        (void)add(&b, &(struct print){pairs[i].language, pairs[i].second, .minutes = 9});
        (void)scan(&b);
        if (strcmp(told(&b), pairs[i].told) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", pairs[i].name, told(&b), pairs[i].told);
    }
    test_store_close(&b.t);
}

/* ---- a story as it comes in ------------------------------------------------------------------ */

static const char *pumps(struct bench *b, const char *n)
{
    return arena_string(&b->t.arena, arena_printf(&b->t.arena,
                                                  "Inspectors found %s pumps at Oldmoor in the "
                                                  "north of the county on Monday, they said.",
                                                  n));
}

/* Each print is read by a run of its own, or all by one. */
static void test_stories(void **state)
{
    static const struct {
        const char *name;
        const char *figures; /* of the prints, in the order of arrival */
        const char *minutes; /* when each was published: '0' to '9' */
        const char *told;
        int64_t n_still; /* of the first revision */
    } cases[] = {
        {"a correction, and a copy of before", "12 14 12",       "012",   "number 12>14",               1},
        {"no ping-pong",                       "12 14 12 14 12", "01234", "number 12>14",               2},
        {"a chain",                            "12 14 15 14 12", "01234", "number 12>14; number 14>15", 1},
        {"back to the first",                  "12 14 15 12",    "0123",  "number 12>14; number 14>15", 1},
        {"a print of before that comes late",  "14 12",          "50",    "",                           0},
        {"and one that corrects",              "14 12 15",       "506",   "number 14>15",               0},
    };

    struct bench b;

    WW_UNUSED(state);
    open_bench(&b);
    for (size_t i = 0; i < 2 * WW_COUNT(cases); i++) {
        const size_t k = i / 2;
        struct slice rest = slice_from(cases[k].figures), figure;
        int n = 0;

        b.story = 0;
        while (slice_next(&rest, ' ', &figure)) {
            (void)add(&b, &(struct print){"en", pumps(&b, arena_string(&b.t.arena, figure)),
                                          .minutes = cases[k].minutes[n++] - '0'});
            if (i % 2 == 0)
                (void)scan(&b);
        }
        (void)scan(&b);
        if (strcmp(told(&b), cases[k].told) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", cases[k].name, told(&b), cases[k].told);
        if (revisions_of(&b).n_rows > 0)
            assert_int_equal(revisions_of(&b).rows[0].revision.n_still, cases[k].n_still);
    }
    test_store_close(&b.t);
}

/* Forty outlets print the correction: it is told once, and how many did not. */
static void test_many_copies(void **state)
{
    struct bench b;

    WW_UNUSED(state);
    open_bench(&b);
    (void)add(&b, &(struct print){"en", pumps(&b, "12"), .minutes = 0});
    for (int i = 1; i <= 40; i++)
        (void)add(&b, &(struct print){"en", pumps(&b, i % 4 == 0 ? "12" : "14"), .minutes = i});
    assert_int_equal(scan(&b).n_revisions, 1);
    assert_string_equal(told(&b), "number 12>14");
    assert_int_equal(revisions_of(&b).rows[0].revision.n_still, 10);
    /* What stands in the sentence is marked. */
    assert_string_equal(
        arena_string(&b.t.arena, slice_sub(revisions_of(&b).rows[0].revision.sentence,
                                           (size_t)revisions_of(&b).rows[0].revision.mark_start,
                                           (size_t)(revisions_of(&b).rows[0].revision.mark_end -
                                                    revisions_of(&b).rows[0].revision.mark_start))),
        "14 pumps");
    test_store_close(&b.t);
}

/* Of two items in one sentence either is told; a new item is an alert by itself. */
static void test_items(void **state)
{
    struct bench b;

    WW_UNUSED(state);
    open_bench(&b);
    (void)add(&b, &(struct print){"en", "They count 12 pumps at Oldmoor and at Quillon this week.",
                                  .minutes = 0});
    assert_int_equal(scan(&b).n_alerts, 2);
    (void)add(&b, &(struct print){"en", "They count 14 pumps at Oldmoor and at Quillon this week.",
                                  .minutes = 1});
    assert_int_equal(scan(&b).n_revisions, 2);
    assert_string_equal(told(&b), "number 12>14; quillon number 12>14");
    test_store_close(&b.t);

    open_bench(&b);
    (void)add(&b, &(struct print){"en", "They count 12 pumps at Oldmoor this week.", .minutes = 0});
    assert_int_equal(scan(&b).n_alerts, 1);
    (void)add(&b,
              &(struct print){"en", "They count 12 pumps at Oldmoor this week. Quillon has none.",
                              .minutes = 1});
    assert_int_equal(scan(&b).n_alerts, 1);
    assert_string_equal(told(&b), "");
    test_store_close(&b.t);
}

/* History corrects nothing, and what is told of history is history. */
static void test_history(void **state)
{
    struct bench b;

    WW_UNUSED(state);
    open_bench(&b);
    (void)add(&b, &(struct print){"en", pumps(&b, "12"), .minutes = 0});
    (void)scan(&b);
    (void)add(&b, &(struct print){"en", pumps(&b, "14"), .minutes = 1, .is_historic = true});
    (void)scan(&b);
    assert_string_equal(told(&b), "");
    /* The same by a live copy. */
    (void)add(&b, &(struct print){"en", pumps(&b, "14"), .minutes = 2});
    assert_int_equal(scan(&b).n_revisions, 1);
    test_store_close(&b.t);
}

/* However many there are of a story: an alert has so many revisions and no more. */
static void test_bound(void **state)
{
    struct bench b;
    char figure[16];

    WW_UNUSED(state);
    open_bench(&b);
    for (int i = 0; i < REVISIONS_MAX + 10; i++) {
        (void)snprintf(figure, sizeof(figure), "%d", 12 + i);
        (void)add(&b, &(struct print){"en", pumps(&b, figure), .minutes = i});
    }
    assert_int_equal(scan(&b).n_revisions, REVISIONS_MAX);
    test_store_close(&b.t);
}

/* ---- pages ----------------------------------------------------------------------------------- */

#define PAGE "https://outlet.example/page"

static int64_t happen(struct bench *b, int64_t article, int64_t newer, enum event_kind kind,
                      const char *how)
{
    const struct event_row row = {.article_id = article,
                                  .newer_id = newer,
                                  .kind = kind,
                                  .how = slice_from(how),
                                  .at = TEST_NOW - 60};
    int64_t id;

    assert_int_equal(store_begin(b->t.store, NULL), WW_OK);
    assert_int_equal(store_add_event(b->t.store, &row, &id, NULL), WW_OK);
    assert_int_equal(store_commit(b->t.store, NULL), WW_OK);
    return id;
}

/* A page that raised an alert and then is another one; what is told of it, once. */
static void test_pages(void **state)
{
    static const struct {
        const char *name, *first, *second, *told;
    } cases[] = {
        {"a figure",                       "Inspectors found 12 pumps at Oldmoor in the north of the county.",
         "Inspectors found 14 pumps at Oldmoor in the north of the county.",                                                                                                                          "number 12>14"                                                                    },
        {"a mention that went",            "It rained. Inspectors found 12 pumps at Oldmoor in the north.",
         "It rained. Inspectors found pumps in a place in the north.",                                                                                                                                "changed >"                                                                       },
        {"words beside it",                "The county leaves Oldmoor as it is. The clerk calls the wall safe.",
         "The county leaves Oldmoor as it is. The clerk calls the old wall rather safe.",                                                                                                             "changed The clerk calls the wall safe.>The clerk calls the old wall rather safe."},
        {"a sentence beside it that went",
         "The county leaves Oldmoor as it is. The clerk calls the wall safe. It rained.",                        "The county leaves Oldmoor as it is. It rained.",
         "changed The clerk calls the wall safe.>"                                                                                                                                                                                                                                      },
        {"words far from it",
         "The county leaves Oldmoor as it is. It rained. Boats came. The clerk was away.",                       "The county leaves Oldmoor as it is. It rained. Boats came. The clerk was at home.", ""                                                                                },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct bench b;
        int64_t old, newer;

        open_bench(&b);
        old = add(&b, &(struct print){"en", cases[i].first, .url = PAGE, .minutes = 0});
        assert_int_equal(scan(&b).n_alerts, 1);
        newer = add(&b, &(struct print){"en", cases[i].second, .url = PAGE, .minutes = 5});
        (void)happen(&b, old, newer, EVENT_CHANGED, "");
        assert_int_equal(scan(&b).n_revisions, cases[i].told[0] != '\0');
        if (strcmp(told(&b), cases[i].told) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, told(&b), cases[i].told);
        if (cases[i].told[0] != '\0')
            assert_true(revisions_of(&b).rows[0].event_at == TEST_NOW - 60);
        assert_int_equal(scan(&b).n_revisions, 0);
        test_store_close(&b.t);
    }
}

static void test_removals(void **state)
{
    struct bench b;
    int64_t page, other;

    WW_UNUSED(state);
    open_bench(&b);
    page = add(&b, &(struct print){"en", pumps(&b, "12"), .url = PAGE, .minutes = 0});
    (void)scan(&b);
    other = add(&b, &(struct print){"en", pumps(&b, "12"), .minutes = 1});
    (void)scan(&b);
    (void)happen(&b, page, 0, EVENT_REMOVED, "404");
    (void)happen(&b, other, 0, EVENT_REMOVED, "404"); /* a copy that nobody was told of */
    assert_int_equal(scan(&b).n_revisions, 1);
    assert_string_equal(told(&b), "removed >404");
    (void)happen(&b, page, 0, EVENT_RETURNED, "");
    (void)happen(&b, page, 0, EVENT_REMOVED, "404");
    assert_int_equal(scan(&b).n_revisions, 2);
    assert_string_equal(told(&b), "removed >404; returned >; removed >404");
    assert_true(slice_contains(revisions_of(&b).rows[0].revision.sentence, SLICE("Oldmoor")));
    assert_int_equal(scan(&b).n_revisions, 0);
    test_store_close(&b.t);
}

/* Whichever copy raised the alert: what becomes of the story's original is told. */
static void test_original(void **state)
{
    struct bench b;
    struct story_standing standing;
    int64_t original;

    WW_UNUSED(state);
    open_bench(&b);
    (void)add(&b, &(struct print){"en", pumps(&b, "12"), .minutes = 1});
    (void)scan(&b);
    original = add(&b, &(struct print){"en", pumps(&b, "12"), .url = PAGE, .minutes = 0});
    assert_int_equal(store_begin(b.t.store, NULL), WW_OK);
    assert_int_equal(store_story_standing(b.t.store, b.story, &standing, NULL), WW_OK);
    standing.root_article_id = original;
    assert_int_equal(store_put_story_standing(b.t.store, b.story, &standing, NULL), WW_OK);
    assert_int_equal(store_commit(b.t.store, NULL), WW_OK);
    (void)scan(&b);
    (void)happen(&b, original, 0, EVENT_REMOVED, "404");
    assert_int_equal(scan(&b).n_revisions, 1);
    assert_string_equal(told(&b), "removed >404");
    test_store_close(&b.t);
}

/* Of a historic alert it is history. */
static void test_historic_removal(void **state)
{
    struct bench b;
    int64_t page;

    WW_UNUSED(state);
    open_bench(&b);
    page = add(&b, &(struct print){"en", pumps(&b, "12"), .minutes = 0, .is_historic = true});
    (void)scan(&b);
    (void)happen(&b, page, 0, EVENT_REMOVED, "410");
    assert_int_equal(scan(&b).n_revisions, 0);
    assert_int_equal(revisions_of(&b).n_rows, 1);
    assert_true(revisions_of(&b).rows[0].revision.is_historic);
    test_store_close(&b.t);
}

/* Whatever fails: the event is scanned and told, or neither; and told once. */
static void test_events_once(void **state)
{
    const struct event_filter waiting = {.is_unscanned = true};
    const struct scan_options options = {.folder = SLICE("dams"), .max_age_s = 14 * 86400};
    const struct clock clock = clock_fixed(TEST_NOW);
    struct bench b;
    bool is_done = false;
    int64_t page;

    WW_UNUSED(state);
    open_bench(&b);
    page = add(&b, &(struct print){"en", pumps(&b, "12"), .minutes = 0});
    (void)scan(&b);
    (void)happen(&b, page, 0, EVENT_REMOVED, "404");
    for (long n = 1; !is_done; n++) {
        struct event_list events;
        struct scan_summary s;

        mem_fail_after(n);
        is_done = scan_run(b.t.store, &b.w, &options, &clock, NULL, &s, NULL) == WW_OK;
        mem_fail_after(0);
        assert_false(store_is_writing(b.t.store));
        assert_int_equal(store_list_events(b.t.store, &waiting, &b.t.arena, &events, NULL), WW_OK);
        assert_int_equal(events.n_rows + revisions_of(&b).n_rows, 1);
        assert_true(n < 5000);
    }
    assert_int_equal(revisions_of(&b).n_rows, 1);
    assert_int_equal(scan(&b).n_revisions, 0);
    test_store_close(&b.t);
}

/* An archive's copy of what a page said before is no change, news or not; a later one is. */
static void an_older_copy_of_the_page(void **state)
{
    struct bench b;

    WW_UNUSED(state);
    for (int minutes = -5; minutes <= 5; minutes += 10) {
        open_bench(&b);
        (void)add(&b, &(struct print){"en", pumps(&b, "12"), .url = PAGE, .minutes = 0});
        (void)scan(&b);
        (void)add(&b, &(struct print){"en", pumps(&b, "14"), .url = PAGE, .minutes = minutes,
                                      .is_copy = true});
        (void)scan(&b);
        assert_string_equal(told(&b), minutes < 0 ? "" : "number 12>14");
        test_store_close(&b.t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),       cmocka_unit_test(test_stories),
        cmocka_unit_test(test_many_copies), cmocka_unit_test(test_items),
        cmocka_unit_test(test_history),     cmocka_unit_test(test_bound),
        cmocka_unit_test(test_pages),       cmocka_unit_test(test_removals),
        cmocka_unit_test(test_original),    cmocka_unit_test(test_historic_removal),
        cmocka_unit_test(test_events_once), cmocka_unit_test(an_older_copy_of_the_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

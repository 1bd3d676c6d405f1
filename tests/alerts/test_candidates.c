/* test_candidates.c - places, statuses and counts of many articles: grouped, ranked, decided. */
#include "alerts/candidates.h"

#include "alerts/claim_groups.h"
#include "alerts/proposals.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/record.h"
#include "storage/store_alerts.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void read_list(struct arena *arena, struct watchlist *w)
{
    struct buf content;
    struct ww_error err = {0};

    buf_init(&content, 10000);
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content, SLICE("id,kind,country,site,match_scope,status,status_date\n"
                                    "a,dam,GB,ash,city,reported,2020\n"
                                    "e1,dam,GB,elm,city,closed,2020-03\n"
                                    "e2,dam,GB,elm,city,reported,2023\n"));
    record_put_text(&content, SLICE("places.csv"));
    record_put_text(&content, SLICE("id,type,country,name,watch\nash,city,GB,Ash,station\n"
                                    "elm,city,GB,Elm,station\n"
                                    "oak,city,GB,Oak,gazetteer\nyew,city,GB,Yew,gazetteer\n"
                                    "fir,city,GB,Fir,gazetteer\ngb,country,GB,Albion,gazetteer\n"
                                    "ie,country,IE,Erin,gazetteer\n"));
    if (watchlist_parse(buf_slice(&content), arena, w, &err) != WW_OK)
        fail_msg("%s", err.message);
    buf_release(&content);
}

#define TEXT "There is a dam in Oak, they say. The dam was closed."

/* An article of a story (0: a new one), read with the version; its id. */
static int64_t add_article(struct test_store *t, const char *outlet, int64_t published,
                           int64_t seen, int64_t *story, int64_t version)
{
    static int n;
    const struct slice url = arena_printf(&t->arena, "https://%s.example/%d", outlet, ++n);
    struct article_row row = {.url = url,
                              .canonical = url,
                              .title = SLICE("News"),
                              .outlet = slice_from(outlet),
                              .language = SLICE("en"),
                              .provenance = SLICE("feed"),
                              .published_at = published,
                              .first_seen_at = seen,
                              .fetched_at = seen};
    struct article_text texts = {SLICE(TEXT), SLICE("")};
    int64_t id;
    bool is_new;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_article(t->store, &row, &texts, &id, &is_new, NULL), WW_OK);
    if (*story != 0)
        assert_int_equal(store_join_story(t->store, *story, id, TEST_NOW, NULL), WW_OK);
    else
        assert_int_equal(store_add_story(t->store, id, TEST_NOW, story, NULL), WW_OK);
    assert_int_equal(store_set_scanned(t->store, id, version, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
    return id;
}

static void propose(struct test_store *t, int64_t article, int64_t version, const char *country,
                    const char *id, const char *place, enum stance stance)
{
    const struct candidate_row row = {.article_id = article,
                                      .watchlist_id = version,
                                      .place = slice_from(place),
                                      .country = slice_from(country),
                                      .field = MENTION_TEXT,
                                      .start = 18,
                                      .end = 21,
                                      .sentence_start = 0,
                                      .sentence_end = 32,
                                      .quote = SLICE("Oak"),
                                      .found_at = TEST_NOW,
                                      .place_id = slice_from(id),
                                      .term = SLICE("dam"),
                                      .stance = stance};
    int64_t unused;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_candidate(t->store, &row, &unused, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
}

static void decide(struct test_store *t, const char *place, enum verdict_on_place verdict,
                   int64_t at)
{
    const struct decision_row row = {.country = SLICE("GB"),
                                     .place = slice_from(place),
                                     .verdict = verdict,
                                     .item = SLICE(""),
                                     .note = SLICE("why"),
                                     .at = at};
    int64_t id;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_decision(t->store, &row, &id, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
}

static struct candidate_group_list list(struct test_store *t, bool is_all)
{
    const struct candidates_filter filter = {.is_all = is_all};
    struct watchlist *w = arena_alloc(&t->arena, sizeof(*w));
    struct candidate_group_list out;

    read_list(&t->arena, w);
    assert_int_equal(candidates_list(t->store, w, &filter, &t->arena, &out, NULL), WW_OK);
    return out;
}

static void test_groups(void **state)
{
    struct test_store t;
    struct candidate_group_list all;
    struct sighting_sentence s;
    int64_t one = 0, two = 0, other = 0, version, a, b, c, d;
    size_t n;

    WW_UNUSED(state);
    test_store_open(&t);
    version = test_store_watchlist(&t, "list");
    a = add_article(&t, "ledger", 5000, TEST_NOW, &one, version);
    b = add_article(&t, "post", 4000, TEST_NOW, &one, version);
    c = add_article(&t, "post", 6000, TEST_NOW, &two, version);
    d = add_article(&t, "echo", 7000, TEST_NOW, &other, version);
    propose(&t, a, version, "GB", "oak", "Oak", STANCE_ALLEGED);
    propose(&t, b, version, "GB", "oak", "Oak", STANCE_ASSERTED);
    propose(&t, c, version, "GB", "oak", "Oak", STANCE_ASSERTED);
    propose(&t, d, version, "GB", "yew", "Yew", STANCE_DENIED);
    propose(&t, d, version, "IE", "ie", "Erin", STANCE_ASSERTED);
    propose(&t, d, version, "GB", "ash", "Ash", STANCE_ASSERTED);
    propose(&t, d, version, "GB", "", "Fir", STANCE_ALLEGED); /* of before there were ids */
    propose(&t, d, test_store_watchlist(&t, "other"), "GB", "oak", "Oak",
            STANCE_ASSERTED); /* not what scanned it */
    all = list(&t, false);
    /* Asserted first, cities before countries; then alleged; denied last; a site is none. */
    assert_int_equal(all.n_rows, 4);
    assert_true(slice_equal(all.rows[0].place_id, SLICE("oak")));
    assert_true(slice_equal(all.rows[1].place_id, SLICE("ie")));
    assert_true(slice_equal(all.rows[2].place_id, SLICE("fir")));
    assert_true(slice_equal(all.rows[3].place_id, SLICE("yew")));
    assert_int_equal(all.rows[0].n_articles, 3);
    assert_int_equal(all.rows[0].n_stories, 2);
    assert_int_equal(all.rows[0].n_outlets, 2);
    assert_int_equal(all.rows[0].first_at, 4000);
    assert_int_equal(all.rows[0].newest_at, 6000);
    assert_int_equal(all.rows[0].best->at.article_id, b);
    assert_true(slice_equal(candidate_heading(&all, &all.rows[0], &t.arena),
                            SLICE("possible new dam: Oak, Albion")));
    assert_true(slice_equal(candidate_heading(&all, &all.rows[1], &t.arena),
                            SLICE("possible new dam: somewhere in Erin")));
    assert_int_equal(store_sighting_sentence(t.store, &all.rows[0].best->at, &t.arena, &s, NULL),
                     WW_OK);
    assert_true(
        slice_equal(slice_sub(s.text, s.mark_start, s.mark_end - s.mark_start), SLICE("Oak")));
    assert_non_null(candidates_find(&all, SLICE("OAK"), &n));
    assert_int_equal(n, 1);
    assert_null(candidates_find(&all, SLICE("Elm"), &n));
    assert_int_equal(list(&t, true).n_rows, 5);
    test_store_close(&t);
}

static void test_decisions(void **state)
{
    struct test_store t;
    int64_t one = 0, later = 0, denial = 0, version, id;

    WW_UNUSED(state);
    test_store_open(&t);
    version = test_store_watchlist(&t, "list");
    id = add_article(&t, "ledger", 5000, TEST_NOW, &one, version);
    propose(&t, id, version, "GB", "oak", "Oak", STANCE_ASSERTED);
    decide(&t, "oak", PLACE_DISMISSED, TEST_NOW + 10);
    assert_int_equal(list(&t, false).n_rows, 0);
    assert_int_equal(list(&t, true).rows[0].state, CANDIDATE_DISMISSED);
    /* A copy of the story that was known is no new evidence, and a denial is none. */
    id = add_article(&t, "post", 5000, TEST_NOW + 20, &one, version);
    propose(&t, id, version, "GB", "oak", "Oak", STANCE_ASSERTED);
    id = add_article(&t, "gazette", 5000, TEST_NOW + 20, &denial, version);
    propose(&t, id, version, "GB", "oak", "Oak", STANCE_DENIED);
    assert_int_equal(list(&t, false).n_rows, 0);
    id = add_article(&t, "echo", 6000, TEST_NOW + 20, &later, version);
    propose(&t, id, version, "GB", "oak", "Oak", STANCE_ALLEGED);
    assert_int_equal(list(&t, false).n_rows, 1);
    assert_int_equal(list(&t, false).rows[0].state, CANDIDATE_NEW_EVIDENCE);
    decide(&t, "oak", PLACE_DISMISSED, TEST_NOW + 30);
    assert_int_equal(list(&t, false).n_rows, 0);
    decide(&t, "oak", PLACE_REOPENED, TEST_NOW + 40);
    assert_int_equal(list(&t, false).rows[0].state, CANDIDATE_OPEN);
    test_store_close(&t);
}

static void say(struct test_store *t, int64_t article, int64_t version, const char *item,
                const char *state, enum stance stance)
{
    const struct proposal_row row = {.article_id = article,
                                     .watchlist_id = version,
                                     .item = slice_from(item),
                                     .state = slice_from(state),
                                     .stance = stance,
                                     .field = MENTION_TEXT,
                                     .start = 45,
                                     .end = 51,
                                     .sentence_start = 33,
                                     .sentence_end = 52,
                                     .quote = SLICE("closed"),
                                     .found_at = TEST_NOW};
    int64_t unused;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_proposal(t->store, &row, &unused, NULL), WW_OK);
    assert_int_equal(store_add_proposal(t->store, &row, &unused, NULL), WW_OK);
    assert_int_equal(unused, 0); /* once */
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
}

static void test_proposals(void **state)
{
    static const struct {
        const char *item, *state;
        enum proposal_state verdict;
    } want[] = {
        {"ash", "closed",   PROPOSAL_OPEN     },
        {"elm", "searched", PROPOSAL_KNOWN    }, /* both rows are from later */
        {"elm", "closed",   PROPOSAL_KNOWN    },
        {"ash", "searched", PROPOSAL_OVERTAKEN},
        {"ash", "sold",     PROPOSAL_DENIED   },
    };
    const struct sighting_filter filter = {.item = SLICE("")};
    struct test_store t;
    struct watchlist w;
    struct proposal_group_list all;
    int64_t s = 0, s2 = 0, s3 = 0, version, early, late, ancient;

    WW_UNUSED(state);
    test_store_open(&t);
    version = test_store_watchlist(&t, "list");
    ancient = add_article(&t, "ledger", 1000, TEST_NOW, &s, version);
    early = add_article(&t, "post", 1650000000, TEST_NOW, &s2, version);
    late = add_article(&t, "echo", 1660000000, TEST_NOW, &s3, version);
    say(&t, early, version, "ash", "searched", STANCE_ASSERTED);
    say(&t, late, version, "ash", "closed", STANCE_ASSERTED);
    say(&t, early, version, "ash", "closed", STANCE_ALLEGED);
    say(&t, late, version, "ash", "sold", STANCE_DENIED);
    say(&t, late, version, "elm", "closed", STANCE_ASSERTED);
    say(&t, ancient, version, "elm", "searched", STANCE_ASSERTED);
    read_list(&t.arena, &w);
    assert_int_equal(proposals_list(t.store, &w, &filter, &t.arena, &all, NULL), WW_OK);
    assert_int_equal(all.n_rows, WW_COUNT(want));
    for (size_t i = 0; i < WW_COUNT(want); i++) {
        size_t k = 0;

        while (k < all.n_rows && (!slice_equal(all.rows[k].item, slice_from(want[i].item)) ||
                                  !slice_equal(all.rows[k].state, slice_from(want[i].state))))
            k++;
        if (k == all.n_rows || all.rows[k].verdict != want[i].verdict)
            fail_msg("%s %s", want[i].item, want[i].state);
    }
    assert_true(slice_equal(all.rows[0].item, SLICE("ash")));
    assert_int_equal(all.rows[0].n_articles, 2);
    assert_int_equal(all.rows[0].best->at.article_id, late);
    assert_true(slice_equal(all.rows[0].current, SLICE("reported")));
    test_store_close(&t);
}

static void claim(struct test_store *t, int64_t article, int64_t version, int64_t sites,
                  const char *speaker)
{
    const struct claim_row row = {.article_id = article,
                                  .watchlist_id = version,
                                  .n_sites = sites,
                                  .n_countries = 5,
                                  .bound = SLICE("least"),
                                  .speaker = slice_from(speaker),
                                  .field = MENTION_TEXT,
                                  .end = 5,
                                  .sentence_end = 32,
                                  .quote = SLICE("There"),
                                  .found_at = TEST_NOW};
    int64_t id;

    assert_int_equal(store_begin(t->store, NULL), WW_OK);
    assert_int_equal(store_add_claim(t->store, &row, &id, NULL), WW_OK);
    assert_int_equal(store_commit(t->store, NULL), WW_OK);
}

static void test_claims(void **state)
{
    const struct sighting_filter filter = {.item = SLICE("")};
    struct test_store t;
    struct claim_group_list all;
    int64_t s = 0, s2 = 0, s3 = 0, version, a, b, c;

    WW_UNUSED(state);
    test_store_open(&t);
    version = test_store_watchlist(&t, "list");
    a = add_article(&t, "ledger", 1000, TEST_NOW, &s, version);
    b = add_article(&t, "post", 3000, TEST_NOW, &s2, version);
    c = add_article(&t, "echo", 2000, TEST_NOW, &s3, version);
    claim(&t, a, version, 12, "Water Watch");
    claim(&t, b, version, 12, "");
    claim(&t, c, version, 14, "water watch");
    assert_int_equal(claim_groups_list(t.store, &filter, &t.arena, &all, NULL), WW_OK);
    assert_int_equal(all.n_rows, 2);
    assert_int_equal(all.rows[0].n_sites, 12); /* said last */
    assert_int_equal(all.rows[0].n_articles, 2);
    assert_int_equal(all.rows[0].n_outlets, 2);
    assert_int_equal(sighting_at(&all.rows[0].first->at), 1000);
    assert_int_equal(sighting_at(&all.rows[0].last->at), 3000);
    assert_true(slice_equal(all.rows[0].speakers, SLICE("Water Watch, post")));
    assert_true(slice_equal(all.rows[0].bound, SLICE("least")));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_proposals),
        cmocka_unit_test(test_claims),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

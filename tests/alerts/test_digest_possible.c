/*
 * test_digest_possible.c - what is proposed and unconfirmed: to whom it is told, when, and with
 * which sentence.
 */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/record.h"
#include "storage/store_claims.h"
#include "tests/support/telling.h"

#include "alerts/mail/plan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NOW TELLING_NOW

/* A list whose places and statuses can be proposed. */
static int open_desk(void **state)
{
    struct alert_desk *f;
    struct buf content;
    struct watchlist_row row = {.folder = SLICE("list"), .loaded_at = MONDAY, .n_items = 2};
    struct ww_error err = {0};
    bool is_new;

    if (alert_desk_open(state) != 0)
        return -1;
    f = *state;
    buf_init(&content, 10000);
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content,
                    SLICE("id,kind,country,site,match_scope,status,status_date,severity,tags\n"
                          "a,station,GB,ash,city,reported,2020,medium,harbour\n"));
    record_put_text(&content, SLICE("places.csv"));
    record_put_text(&content, SLICE("id,type,country,name,watch\nash,city,GB,Ash,station\n"
                                    "oak,city,GB,Oak,gazetteer\ngb,country,GB,Albion,gazetteer\n"
                                    "elm,city,IE,Elm,gazetteer\nie,country,IE,Erin,gazetteer\n"));
    row.content = buf_slice(&content);
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_watchlist(f->t.store, &row, &f->watchlist, &is_new, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    buf_release(&content);
    return 0;
}

/* A place that stands in the text or the title of an article. */
static void propose(struct alert_desk *f, int64_t article, const char *country, const char *id,
                    enum mention_field field, const char *sentence, const char *quote)
{
    const size_t start = slice_find(slice_from(sentence), slice_from(quote));
    const struct candidate_row row = {.article_id = article,
                                      .watchlist_id = f->watchlist,
                                      .place = slice_from(quote),
                                      .country = slice_from(country),
                                      .field = field,
                                      .start = (int64_t)start,
                                      .end = (int64_t)(start + slice_from(quote).len),
                                      .sentence_end = (int64_t)slice_from(sentence).len,
                                      .quote = slice_from(quote),
                                      .found_at = NOW,
                                      .place_id = slice_from(id),
                                      .term = SLICE("station"),
                                      .stance = STANCE_ASSERTED};
    struct ww_error err = {0};
    int64_t unused;

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_candidate(f->t.store, &row, &unused, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
}

static void close_ash(struct alert_desk *f, int64_t article)
{
    const struct proposal_row row = {.article_id = article,
                                     .watchlist_id = f->watchlist,
                                     .item = SLICE("ash"),
                                     .state = SLICE("closed"),
                                     .field = MENTION_TEXT,
                                     .start = 0,
                                     .end = 3,
                                     .sentence_end = 10,
                                     .quote = SLICE("Oak"),
                                     .found_at = NOW};
    struct ww_error err = {0};
    int64_t unused;

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_proposal(f->t.store, &row, &unused, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
}

#define OAK "Oak has a station, and Elm has."

/* An alert of an article, and what that article proposes: two places, one status. */
static void raise_with_proposals(struct alert_desk *f)
{
    (void)telling_raise(f, &(struct telling){.text = OAK, .quote = "Oak"});
    propose(f, f->n_articles, "GB", "oak", MENTION_TEXT, OAK, "Oak");
    propose(f, f->n_articles, "IE", "elm", MENTION_TEXT, OAK, "Elm");
    close_ash(f, f->n_articles);
}

/* The subjects of the proposals, in the order they stand in. */
static struct slice possible_of(struct alert_desk *f, const char *subscribe, enum digest_kind kind)
{
    const struct analyst a =
        alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC", .subscribe = subscribe});
    const struct digest d = telling_gather(f, &a, kind, NOW);
    struct slice s = {"", 0};

    for (size_t i = 0; i < d.n_possible; i++)
        s = arena_printf(&f->t.arena, "%.*s%s%.*s", SLICE_ARG(s), i > 0 ? ", " : "",
                         SLICE_ARG(d.possible[i].label));
    return s;
}

static void proposals_obey_the_subscription(void **state)
{
    static const struct {
        const char *subscribe, *gets;
    } cases[] = {
        {NULL,                            "elm, asserted, oak, asserted, ash, asserted"},
        {"country:IE",                    "elm, asserted"                              },
        {"country:GB",                    "oak, asserted, ash, asserted"               },
        {"site:oak",                      "oak, asserted"                              },
        {"list:stations -country:IE",     "oak, asserted, ash, asserted"               },
        {"tag:harbour",                   "ash, asserted"                              },
        {"severity:high",                 "elm, asserted, oak, asserted"               },
        {"country:GB+severity:medium",    "oak, asserted, ash, asserted"               },
        {"list:jurisdictions country:NL", ""                                           },
    };
    static const enum digest_kind kinds[] = {DIGEST_REGULAR, DIGEST_WEEKLY};
    struct alert_desk *f = *state;

    raise_with_proposals(f);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        for (size_t k = 0; k < WW_COUNT(kinds); k++) {
            const struct slice gets = possible_of(f, cases[i].subscribe, kinds[k]);

            if (!slice_equal(gets, slice_from(cases[i].gets)))
                fail_msg("%s: %.*s, not %s",
                         cases[i].subscribe != NULL ? cases[i].subscribe : "all", SLICE_ARG(gets),
                         cases[i].gets);
        }
}

/* It marks nothing, so that it may not tell anything: in no part of the mail. */
static void a_quiet_mail_tells_no_proposal(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a =
        alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC", .digest = "07:30"});
    struct digest d;
    struct slice parts[2];

    (void)telling_raise(f, &(struct telling){.at = NOW - DAY});
    assert_int_equal(telling_queue(f, &a, NOW - DAY + HOUR), 1);
    propose(f, 1, "GB", "oak", MENTION_TEXT, OAK, "Oak");
    propose(f, 1, "IE", "elm", MENTION_TEXT, OAK, "Elm");
    d = telling_gather(f, &a, DIGEST_ALL_QUIET, NOW);
    assert_int_equal(d.n_possible, 0);
    parts[0] = telling_text(f, &d);
    parts[1] = telling_html(f, &d);
    for (size_t i = 0; i < WW_COUNT(parts); i++) {
        telling_says(parts[i], "2 unconfirmed proposals wait: wirewatch watch candidates");
        telling_says_not(parts[i], "ossible new");
        telling_says_not(parts[i], "nconfirmed,");
    }
    telling_says_not(parts[1], "Possible, unconfirmed");
}

/* The sentence outlives what it was read with: of a title, it is a piece of the list's memory. */
static void a_place_in_a_title_keeps_its_sentence(void **state)
{
    static const char title[] = "A station is found at Oak, of all places";
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest d;

    (void)telling_raise(f, &(struct telling){.title = title});
    propose(f, 1, "GB", "oak", MENTION_TITLE, title, "Oak");
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(d.n_possible, 1);
    assert_true(slice_equal(d.possible[0].sentence, slice_from(title)));
    telling_says(telling_text(f, &d),
                 "     A station is found at \xC2\xBBOak\xC2\xAB, of all places\n"
                 "     The Ledger\n     https://outlet.example/1\n");
}

/* What a mail at once has shown is not shown again; that it is proposed is. */
static void a_sentence_told_at_once_is_not_told_again(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(
        f, &(struct alert_wishes){.zone = "UTC", .digest = "07:30", .immediate = "severity:high"});
    struct plan_summary n = {0};
    struct ww_error err = {0};
    struct digest d;
    struct slice text, html;

    (void)telling_raise(
        f,
        &(struct telling){.text = OAK, .quote = "Oak", .severity = SEVERITY_HIGH, .at = NOW - 60});
    propose(f, 1, "GB", "oak", MENTION_TEXT, OAK, "Oak");
    alert_desk_must(plan_queue_due(f->t.store, &a, &alert_desk_sender, NOW, &n, &err), &err);
    assert_int_equal(n.n_immediate, 1);
    (void)telling_raise(f, &(struct telling){.title = "It rains", .at = NOW});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW + HOUR);
    text = telling_text(f, &d);
    html = telling_html(f, &d);
    telling_says(text, "possible new station: Oak, Albion [oak, asserted]\n");
    telling_says(text, "since 2026-10-21 | its sentence told at once\n");
    telling_says_not(text, "has a station");
    telling_says(html, "its sentence told at once");
    telling_says_not(html, "has a station");
}

/* An outlet that is written from right to left keeps its place before its host. */
static void names_from_right_to_left_stand_apart(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest d;

    (void)telling_raise(f, &(struct telling){.text = OAK,
                                             .quote = "Oak",
                                             .outlet = "\xD8\xA7\xD9\x84\xD8\xA8\xD8\xAD\xD8\xB1",
                                             .url = "https://192.0.2.7/a"});
    propose(f, 1, "GB", "oak", MENTION_TEXT, OAK, "Oak");
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    d.n_stories = d.n_shown = 0;
    telling_says(telling_html(f, &d),
                 "\xD8\xA7\xD9\x84\xD8\xA8\xD8\xAD\xD8\xB1</a></bdi>&lrm; \xC2\xB7 192.0.2.7");
}

/* A mail whose subject is a feed in trouble begins with it. */
static void trouble_comes_first_where_it_is_the_news(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct trouble_view view = {.url = SLICE("https://feed.example/"), .trouble.feed_id = 1};
    struct digest_trouble trouble = {SLICE("https://feed.example/"), SLICE("f1"),
                                     SLICE("fails since today")};
    struct digest d;
    struct slice text, html;

    (void)telling_raise(f, &(struct telling){.at = NOW - DAY});
    assert_int_equal(telling_queue(f, &a, NOW - DAY + HOUR), 1);
    propose(f, 1, "GB", "oak", MENTION_TEXT, OAK, "Oak");
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    d.troubles = &trouble;
    d.told = (struct trouble_view_list){&view, 1};
    d.n_began = 1;
    d.in_short = SLICE("1 feed in trouble");
    telling_says(digest_subject(&d, &f->t.arena), "Watch trouble ");
    text = telling_text(f, &d);
    html = telling_html(f, &d);
    assert_true(slice_find(text, SLICE("WATCH TROUBLE")) < slice_find(text, SLICE("POSSIBLE, ")));
    assert_true(slice_find(html, SLICE(">Watch trouble")) < slice_find(html, SLICE(">Possible, ")));
    telling_says(html, "overflow:hidden\">https://feed.example/ fails since today");
    telling_says_not(text, "----\n\n----");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_desk, alert_desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(proposals_obey_the_subscription),
        TEST(a_quiet_mail_tells_no_proposal),
        TEST(a_place_in_a_title_keeps_its_sentence),
        TEST(a_sentence_told_at_once_is_not_told_again),
        TEST(names_from_right_to_left_stand_apart),
        TEST(trouble_comes_first_where_it_is_the_news),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

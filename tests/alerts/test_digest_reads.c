/*
 * test_digest_reads.c - how a digest reads to who gets it every day: nothing twice, nothing that
 * does not work when it is typed, and nothing left for tomorrow that belongs to today.
 */
#include "alerts/mail/plan.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store_outbox.h"
#include "storage/store_revisions.h"
#include "storage/store_runs.h"
#include "tests/support/telling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW TELLING_NOW

static size_t plan_at(struct alert_desk *f, const struct analyst *a, int64_t now)
{
    struct plan_summary n = {0};
    struct ww_error err = {0};

    alert_desk_must(plan_queue_due(f->t.store, a, &alert_desk_sender, now, &n, &err), &err);
    return n.n_immediate;
}

static size_t count_of(struct slice text, const char *words)
{
    size_t n = 0;

    for (size_t at = slice_find(text, slice_from(words)); at < text.len;
         at = slice_find(text, slice_from(words))) {
        text = slice_skip(text, at + 1);
        n++;
    }
    return n;
}

/* ---- mail at once ---------------------------------------------------------------------------- */

/* The low one goes along, that of another story waits, and what nobody wants stays where it is. */
static void mail_at_once_takes_its_story_along(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a =
        alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC",
                                                     .subscribe = "country:IE",
                                                     .digest = "07:30",
                                                     .immediate = "severity:high"});
    const struct digest_choice all = {.kind = DIGEST_IMMEDIATE, .analyst = &a, .now = NOW};
    struct ww_error err = {0};
    struct digest d;
    int64_t story;

    (void)plan_at(f, &a, NOW - 3 * HOUR);
    story = telling_raise(f, &(struct telling){.severity = SEVERITY_HIGH, .at = NOW - 60});
    (void)telling_raise(
        f, &(struct telling){
               .story = story, .item = "pier", .severity = SEVERITY_LOW, .at = NOW - 60});
    (void)telling_raise(
        f, &(struct telling){.story = story, .item = "mole", .country = "NL", .at = NOW - 60});
    (void)telling_raise(f, &(struct telling){.title = "It rains", .at = NOW - 60});
    alert_desk_must(digest_gather(f->t.store, &all, &f->t.arena, &d, &err), &err);
    assert_int_equal(d.n_stories, 1);
    assert_int_equal(d.n_alerts, 2);
    assert_int_equal(plan_at(f, &a, NOW), 1);
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW + HOUR);
    assert_int_equal(d.n_alerts, 1);
    assert_int_equal(d.n_known, 0);
    assert_int_equal(d.n_at_once, 1);
}

/* Told at once, and something new since: it stands where that is, and not a second time. */
static void a_story_stands_once(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(
        f, &(struct alert_wishes){.zone = "UTC", .digest = "07:30", .immediate = "severity:high"});
    struct digest d;
    struct slice text;
    int64_t story;

    (void)plan_at(f, &a, NOW - 3 * HOUR);
    story = telling_raise(
        f, &(struct telling){.title = "It burns", .severity = SEVERITY_HIGH, .at = NOW - 60});
    assert_int_equal(plan_at(f, &a, NOW), 1);
    (void)telling_raise(f, &(struct telling){.story = story, .item = "pier", .at = NOW + 60});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW + HOUR);
    text = telling_text(f, &d);
    telling_says(text, "told before, 2026-10-21 12:00");
    telling_says_not(text, "TOLD AT ONCE");
    /* No story is new: one rule above those that are known. */
    telling_says_not(text, "----\n\n----");
    telling_says(text, "1 alert\n\n-----");
}

static void what_no_mail_told_is_known(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    const int64_t story = telling_raise(f, &(struct telling){.at = NOW - DAY});
    const struct plan_before nothing = {0};
    struct ww_error err = {0};
    struct digest d;

    alert_desk_must(plan_mark_found(f->t.store, &a, &nothing, NOW - DAY, &err), &err);
    (void)telling_raise(f, &(struct telling){.story = story, .item = "pier"});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(d.n_known, 1);
    telling_says(telling_text(f, &d), "    known before; 1 more copy in 1 outlet since\n");
    telling_says_not(telling_text(f, &d), "told before");
    telling_says(telling_html(f, &d), "known before; 1 more copy in 1 outlet since");
    telling_says_not(telling_html(f, &d), "told before");
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void add_mention(struct alert_desk *f, const char *text, const char *quote)
{
    const size_t start = slice_find(slice_from(text), slice_from(quote));
    struct mention_row row = {.article_id = f->n_articles,
                              .watchlist_id = f->watchlist,
                              .item = SLICE("light"),
                              .kind = SLICE("light"),
                              .alias = slice_from(quote),
                              .rule = SLICE("alias"),
                              .field = MENTION_TEXT,
                              .start = (int64_t)start,
                              .end = (int64_t)(start + slice_from(quote).len),
                              .sentence_end = (int64_t)slice_from(text).len,
                              .quote = slice_from(quote)};
    struct ww_error err = {0};

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_mention(f->t.store, &row, &row.id, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
}

static void a_headline_is_not_said_twice(void **state)
{
    static const char title[] = "Dark days at Lantern Bay";
    static const char said[] = "Nobody lit Lantern Bay for a week.";
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct buf json;
    struct ww_error err = {0};
    struct digest d;

    (void)telling_raise(f, &(struct telling){.title = title, .text = said, .is_title = true});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(count_of(telling_text(f, &d), "Dark days"), 1);
    telling_says(telling_text(f, &d), "[light, a1]\n     in the headline\n     how: ");
    telling_says(telling_html(f, &d), "in the headline");
    telling_says_not(telling_html(f, &d), "Dark days at <b");
    add_mention(f, said, "Lantern Bay");
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(count_of(telling_text(f, &d), "Dark days"), 1);
    telling_says(telling_text(f, &d), "     Nobody lit \xC2\xBBLantern Bay\xC2\xAB for a week.\n"
                                      "     how: alias, text\n");
    telling_says(telling_html(f, &d), "Nobody lit <b");
    buf_init(&json, DIGEST_MAX_BYTES);
    alert_desk_must(digest_json(&d, SLICE("<1@x>"), &f->t.arena, &json, &err), &err);
    telling_says(buf_slice(&json), "\"sentence\":\"Nobody lit Lantern Bay for a week.\"");
    telling_says(buf_slice(&json), "\"mark_start\":11,\"mark_end\":22");
    buf_release(&json);
}

static void names_are_shown_as_people_write_them(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest d;

    (void)telling_raise(f, &(struct telling){.text = "The Harbours are dark.",
                                             .quote = "Harbours",
                                             .alias = "Harbour~"});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    telling_says(telling_text(f, &d), "how: as \"Harbour\", same sentence, text\n");
}

/* No bracket at the end of a line, however long the name before it. */
static void brackets_stay_with_their_words(void **state)
{
    char name[80];
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});

    for (size_t n = 20; n < 40; n++) { /* twice, and ", a12" behind it */
        struct digest d;

        memset(name, 'x', sizeof(name));
        name[n] = '\0';
        (void)telling_raise(f, &(struct telling){.item = name});
        d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
        telling_says_not(telling_text(f, &d), "[\n");
    }
}

/* ---- what to type and where to look ---------------------------------------------------------- */

static void commands_work_as_they_are_printed(void **state)
{
    static const struct {
        const char *name, *typed;
    } cases[] = {
        {"desk",       "--analyst desk\n"         },
        {"night desk", "--analyst 'night desk'\n" },
        {"o'clock",    "--analyst 'o'\\''clock'\n"},
    };
    struct alert_desk *f = *state;

    (void)telling_raise(f, &(struct telling){.title = "A light"});
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
        struct digest d;
        struct slice text;

        a.name = slice_from(cases[i].name);
        d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
        text = telling_text(f, &d);
        telling_says(text, "Was it right? wirewatch alert mark a1 relevant --analyst ");
        telling_says(text, cases[i].typed);
        telling_says(text, "(or irrelevant, or known)\n");
        telling_says_not(text, "relevant|");
        telling_says_not(telling_html(f, &d), "relevant|");
        assert_int_equal(count_of(text, "Watchlist version 1\n"), 1);
    }
}

static void stories_lead_to_their_pages(void **state)
{
    static const char *const urls[] = {"https://watch.example.org/", "https://watch.example.org"};
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest_choice choice = {.analyst = &a, .now = NOW};
    struct letter_sender sender = alert_desk_sender;
    struct plan_summary n = {0};
    struct ww_error err = {0};
    struct digest d;
    struct slice bytes;

    (void)telling_raise(f, &(struct telling){.title = "A light"});
    alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
    telling_says_not(telling_text(f, &d), "story/");
    for (size_t i = 0; i < WW_COUNT(urls); i++) {
        choice.report_url = slice_from(urls[i]);
        alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
        telling_says(telling_text(f, &d), "\n    report: https://watch.example.org/story/1.html\n");
        telling_says(telling_text(f, &d), "Report: https://watch.example.org");
        telling_says(telling_html(f, &d), "<a href=\"https://watch.example.org/story/1.html\"");
        telling_says(telling_html(f, &d), ">The report</a>");
    }
    sender.report_url = slice_from(urls[1]);
    sender.has_pages = true;
    alert_desk_must(plan_queue_now(f->t.store, &a, &sender, NOW, &n, &err), &err);
    alert_desk_must(store_message_bytes(f->t.store, 1, &f->t.arena, &bytes, &err), &err);
    telling_says(bytes, "    report: https://watch.example.org/story/1.html\r\n");
}

/* Where a page went: its address once, and how to read what it said. */
static void a_removed_page_can_still_be_read(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct revision_row row = {.kind = REVISION_REMOVED,
                               .alert_id = 1,
                               .article_id = 1,
                               .after = SLICE("404"),
                               .sentence = SLICE("A light goes out"),
                               .created_at = NOW - 60};
    struct ww_error err = {0};
    struct digest d;
    bool is_new;

    (void)telling_raise(f, &(struct telling){.at = NOW - DAY});
    assert_int_equal(telling_queue(f, &a, NOW - DAY + HOUR), 1);
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_revision(f->t.store, &row, &row.id, &is_new, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(d.n_developing, 1);
    assert_int_equal(count_of(telling_text(f, &d), "https://outlet.example/1\n"), 1);
    assert_int_equal(count_of(telling_text(f, &d), "A light goes out"), 1);
    telling_says(telling_text(f, &d), "     what it said: wirewatch article text 1\n");
    telling_says(telling_html(f, &d), "wirewatch article text 1<");
}

/* ---- weeks ----------------------------------------------------------------------------------- */

/* The clocks of Rome go back on the Sunday: that week has an hour more. */
static void a_week_is_one_of_the_calendar(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "Europe/Rome"});
    const int64_t now = MONDAY + 7 * DAY + 7 * HOUR; /* 08:00 in Rome */
    const struct digest d = telling_gather(f, &a, DIGEST_WEEKLY, now);

    telling_says(telling_text(f, &d), "2026-10-19 08:00 to 2026-10-26 08:00\n");
    assert_int_equal(d.week->until - d.week->from, 7 * DAY + HOUR);
    assert_int_equal(d.week->from - d.week->before_from, 7 * DAY);
    telling_says_not(telling_text(f, &d), "Runs:");
    telling_says_not(telling_html(f, &d), "Runs:");
}

static void a_week_has_titles_above_its_figures(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest d;

    (void)telling_raise(f, &(struct telling){.title = "A light"});
    d = telling_gather(f, &a, DIGEST_WEEKLY, NOW);
    assert_int_equal(count_of(telling_html(f, &d), ">now</span>"), 2);
    assert_int_equal(count_of(telling_html(f, &d), ">before</span>"), 3);
    telling_says(telling_text(f, &d), "    medium | 2026-10-21 11:00 | The Ledger\n");
    telling_says(telling_html(f, &d), "2026-10-21 11:00");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, alert_desk_open, alert_desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mail_at_once_takes_its_story_along),   TEST(a_story_stands_once),
        TEST(what_no_mail_told_is_known),           TEST(a_headline_is_not_said_twice),
        TEST(names_are_shown_as_people_write_them), TEST(brackets_stay_with_their_words),
        TEST(commands_work_as_they_are_printed),    TEST(stories_lead_to_their_pages),
        TEST(a_removed_page_can_still_be_read),     TEST(a_week_is_one_of_the_calendar),
        TEST(a_week_has_titles_above_its_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_digest_sections.c - every part of a digest's text that says something, and each kind of
 * mail: one that is lost is missed here.
 */
#include "alerts/mail/digest.h"
#include "alerts/mail/plan.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "storage/store_claims.h"
#include "storage/store_revisions.h"
#include "storage/store_runs.h"
#include "storage/store_stories.h"
#include "tests/support/telling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW TELLING_NOW

/* ---- sections -------------------------------------------------------------------------------- */

/* Another item of a story that was told is no news of a new story. */
static void a_known_story_is_not_new(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    const int64_t story = telling_raise(f, &(struct telling){.at = NOW - DAY});
    struct digest d;
    struct slice text;

    assert_int_equal(telling_queue(f, &a, NOW - DAY + HOUR), 1);
    (void)telling_raise(f, &(struct telling){.story = story, .item = "pier", .outlet = "The Post"});
    (void)telling_raise(f, &(struct telling){.title = "Quite another story"});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(d.n_stories, 2);
    assert_int_equal(d.n_known, 1);
    text = telling_text(f, &d);
    telling_says(text, "1 new, 1 followed up");
    telling_says(text, "MORE OF WHAT WAS TOLD");
    telling_says(text, "told before, 2026-10-20 13:00; 1 more copy in 1 outlet since");
    assert_true(slice_find(text, SLICE("Quite another")) < slice_find(text, SLICE("MORE OF")));
    assert_true(slice_find(text, SLICE("MORE OF")) < slice_find(text, SLICE("[pier, ")));
    telling_says(digest_subject(&d, &f->t.arena), "1 new, 1 followed up");
}

static void a_changed_story_says_how_it_spread(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    const int64_t story = telling_raise(f, &(struct telling){.at = NOW - DAY});
    struct revision_row row = {.kind = REVISION_NUMBER,
                               .alert_id = 1,
                               .article_id = 2,
                               .before = SLICE("12"),
                               .after = SLICE("14"),
                               .created_at = NOW - 60};
    struct ww_error err = {0};
    struct digest d;
    bool is_new;

    assert_int_equal(telling_queue(f, &a, NOW - DAY + HOUR), 1);
    (void)telling_raise(f, &(struct telling){.story = story, .item = "pier", .outlet = "The Post"});
    assert_int_equal(telling_queue(f, &a, NOW - HOUR + 60), 1);
    (void)telling_raise(f, &(struct telling){.story = story, .item = "mole", .at = NOW - 90});
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_revision(f->t.store, &row, &row.id, &is_new, &err), &err);
    alert_desk_must(store_mark_told(f->t.store, a.name, 3, NOW - 600, TOLD_OUTSIDE, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    assert_int_equal(d.n_developing, 1);
    telling_says(telling_text(f, &d), "medium | 3 copies in 2 outlets, 1 origin; 1 more copy");
    telling_says(telling_text(f, &d), "| told of The Ledger\n");
}

static void what_was_told_at_once_is_listed(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(
        f, &(struct alert_wishes){.zone = "UTC", .digest = "07:30", .immediate = "severity:high"});
    struct plan_summary n = {0};
    struct ww_error err = {0};
    struct digest d;
    struct slice text;

    (void)telling_raise(
        f, &(struct telling){.title = "It burns", .severity = SEVERITY_HIGH, .at = NOW - 60});
    alert_desk_must(plan_queue_due(f->t.store, &a, &alert_desk_sender, NOW, &n, &err), &err);
    assert_int_equal(n.n_immediate, 1);
    (void)telling_raise(f, &(struct telling){.title = "It rains", .at = NOW});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW + HOUR);
    assert_int_equal(d.n_stories, 1);
    assert_int_equal(d.n_at_once, 1);
    text = telling_text(f, &d);
    telling_says(text, "TOLD AT ONCE since the last digest");
    telling_says(
        text, "   * 2026-10-21 12:00 high | It burns | The Ledger\n     https://outlet.example/1");
    assert_true(slice_find(text, SLICE("It rains")) < slice_find(text, SLICE("TOLD AT ONCE")));
    d = telling_gather(f, &a, DIGEST_ALL_QUIET, NOW + HOUR);
    telling_says(telling_text(f, &d), "No alerts but those told at once, no changes");
    telling_says(telling_html(f, &d), "No alerts but those told at once, no changes");
    telling_says(telling_text(f, &d), "TOLD AT ONCE");
    /* And once: the next digest has it no more. */
    assert_int_equal(telling_queue(f, &a, NOW + HOUR), 1);
    assert_int_equal(telling_gather(f, &a, DIGEST_REGULAR, NOW + 2 * HOUR).n_at_once, 0);
}

static void it_says_how_each_was_found(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    const int64_t story = telling_raise(
        f, &(struct telling){
               .term = "lamp", .text = "A lamp, and Lantern Bays too.", .quote = "Lantern Bays"});
    struct digest d;
    struct slice text;

    (void)telling_raise(f, &(struct telling){.story = story,
                                             .item = "letters",
                                             .text = "L\xD0\xB0ntern Bay is dark.",
                                             .quote = "L\xD0\xB0ntern Bay",
                                             .rule = "alias"});
    (void)telling_raise(
        f, &(struct telling){.title = "Lantern Bay, and a title of its own", .is_title = true});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    text = telling_text(f, &d);
    telling_says(text, "how: as \"Lantern Bay\" beside \"lamp\", same sentence, text\n");
    telling_says(text, "how: as \"Lantern Bay\", alias, text, written with look-alike");
    telling_says(text, "how: same sentence, title\n");
}

static void days_that_went_by_are_counted(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a =
        alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC", .digest = "07:30"});
    struct digest d;

    (void)telling_raise(f, &(struct telling){.at = MONDAY});
    assert_int_equal(telling_queue(f, &a, MONDAY + AT(0, 7, 31)), 1);
    (void)telling_raise(f, &(struct telling){.at = MONDAY + AT(0, 9, 0)});
    d = telling_gather(f, &a, DIGEST_REGULAR, MONDAY + AT(1, 7, 31));
    telling_says_not(telling_text(f, &d), "covers");
    d = telling_gather(f, &a, DIGEST_REGULAR, MONDAY + AT(3, 7, 31));
    telling_says(telling_text(f, &d), "since 2026-10-19 07:31, covers 3 days");
}

static void add_run(struct alert_desk *f, enum run_outcome outcome, int64_t at)
{
    struct run_row run = {.kind = SLICE("run"), .pid = 1, .started_at = at};
    struct ww_error err = {0};

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_run(f->t.store, &run, &run.id, &err), &err);
    run.outcome = outcome;
    alert_desk_must(store_update_run(f->t.store, &run, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
}

/* One that never ended counts as failed as soon as another has begun. */
static void runs_are_counted_at_the_end(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest d;

    (void)telling_raise(f, &(struct telling){.at = NOW - DAY});
    add_run(f, RUN_FAILED, NOW - DAY);
    assert_int_equal(telling_queue(f, &a, NOW - DAY + 60), 1);
    (void)telling_raise(f, &(struct telling){.at = NOW - 60});
    add_run(f, RUN_OK, NOW - 5 * HOUR);
    add_run(f, RUN_UNFINISHED, NOW - 4 * HOUR);
    add_run(f, RUN_PARTIAL, NOW - 3 * HOUR);
    add_run(f, RUN_FAILED, NOW - 2 * HOUR);
    add_run(f, RUN_UNFINISHED, NOW - 60);
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    telling_says(telling_text(f, &d),
                 "Runs: 5 since the last digest, 2 failed, 1 did not do everything\nFeeds: ");
}

/* ---- kinds ----------------------------------------------------------------------------------- */

/* The headline of a thread is the same whatever its story has become. */
static void mail_at_once_is_short_and_keeps_its_subject(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a =
        alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC", .immediate = "severity:high"});
    const int64_t story = telling_raise(
        f, &(struct telling){.title = "The  light\nat the bay", .severity = SEVERITY_HIGH});
    struct digest_choice choice = {
        .kind = DIGEST_IMMEDIATE, .analyst = &a, .now = NOW, .story_id = story};
    struct ww_error err = {0};
    struct digest d;
    struct slice text;

    alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
    assert_true(slice_equal(digest_subject(&d, &f->t.arena), SLICE("The light at the bay")));
    text = telling_text(f, &d);
    telling_says(text, "Watch alert for desk");
    telling_says(text, "\nFeeds: ");
    telling_says_not(text, "Runs:");
    telling_says_not(text, "TOLD AT ONCE");
    (void)telling_raise(f, &(struct telling){.story = story,
                                             .item = "pier",
                                             .title = "Another headline",
                                             .severity = SEVERITY_HIGH});
    alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
    assert_true(slice_equal(digest_subject(&d, &f->t.arena), SLICE("The light at the bay")));
    choice.story_id = 0;
    (void)telling_raise(f, &(struct telling){.severity = SEVERITY_HIGH});
    alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
    assert_true(slice_equal(digest_subject(&d, &f->t.arena),
                            SLICE("Watch alert Wed 21 Oct: 2 stories (IE)")));
}

static void add_claim(struct alert_desk *f, int64_t at)
{
    struct claim_row row = {.article_id = 1,
                            .watchlist_id = f->watchlist,
                            .n_sites = 12,
                            .n_countries = 3,
                            .bound = SLICE("least"),
                            .speaker = SLICE("A Society"),
                            .field = MENTION_TEXT,
                            .end = 3,
                            .sentence_end = 32,
                            .quote = SLICE("The"),
                            .found_at = at};
    struct ww_error err = {0};

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(store_add_claim(f->t.store, &row, &row.id, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
}

static void a_week_is_summed_up_and_tells_nothing(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    const int64_t story = telling_raise(f, &(struct telling){.title = "Of this week"});
    struct ww_error err = {0};
    struct digest d;
    struct slice text;

    (void)telling_raise(f, &(struct telling){.story = story, .item = "pier", .outlet = "The Post"});
    (void)telling_raise(f, &(struct telling){.title = "Matters most", .severity = SEVERITY_HIGH});
    (void)telling_raise(f, &(struct telling){.title = "Of the week before", .at = NOW - 8 * DAY});
    add_run(f, RUN_OK, NOW - 9 * DAY);
    add_run(f, RUN_FAILED, NOW - DAY);
    add_claim(f, NOW - HOUR);
    d = telling_gather(f, &a, DIGEST_WEEKLY, NOW);
    assert_true(digest_has_news(&d));
    assert_int_equal(d.n_alerts, 0); /* none to be marked */
    assert_true(
        slice_equal(digest_subject(&d, &f->t.arena),
                    SLICE("Watch week Wed 14 Oct to Wed 21 Oct: 2 stories, 1 the week before")));
    text = telling_text(f, &d);
    telling_says(text,
                 "BY ITEM, stories                                    this week     before\n\n"
                 "light [light]                                               2          1\n"
                 "pier [pier]                                                 1          0\n");
    telling_says(text,
                 "BY COUNTRY, stories                                 this week     before\n\n"
                 "IE                                                          2          1\n");
    telling_says(text, "THE STORIES OF THE WEEK\n\n 1. Matters most\n    light\n    high | "
                       "2026-10-21 11:00 | The Ledger\n");
    telling_says(text, " 2. Of this week\n    light, pier\n    medium | 2026-10-21 11:00 | 2 "
                       "copies in 2 outlets, 1 ");
    telling_says_not(text, "Of the week before");
    telling_says(text, "   * at least 12 sites in 3 countries, says A Society; 1 article in 1");
    telling_says(text,
                 "articles read                                               3          1\n"
                 "runs                                                        1          1\n"
                 "runs that failed                                            1          0\n");
    telling_says_not(text, "Runs: "); /* the table has them */
    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(letter_queue(f->t.store, &d, &alert_desk_sender, &f->t.arena, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    assert_int_equal(telling_gather(f, &a, DIGEST_REGULAR, NOW + 1).n_alerts, 4);
}

static void a_quiet_day_says_what_it_rests_on(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    struct digest d;
    struct slice text;

    (void)telling_raise(f, &(struct telling){.at = NOW - DAY});
    assert_int_equal(telling_queue(f, &a, NOW - DAY + 60), 1);
    add_run(f, RUN_OK, NOW - HOUR);
    d = telling_gather(f, &a, DIGEST_ALL_QUIET, NOW);
    assert_true(digest_has_news(&d));
    assert_true(
        slice_equal(digest_subject(&d, &f->t.arena), SLICE("Watch digest Wed 21 Oct: all quiet")));
    text = telling_text(f, &d);
    telling_says(text, "All quiet for desk, 2026-10-21 12:00\n");
    telling_says(text, "since the last digest,\n2026-10-20 12:01.");
    telling_says(text, "Runs: 1 since the last digest, none failed");
    telling_says(text, "Feeds: 0 in order");
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void no_line_is_too_long(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    char word[6000], url[3000], text[8000];
    struct digest d;
    struct slice rest, line;

    memset(word, 'x', sizeof(word));
    word[2000] = word[sizeof(word) - 1] = '\0';
    memset(url, 'y', sizeof(url));
    memcpy(url, "https://long.example/", 21);
    url[sizeof(url) - 1] = '\0';
    (void)snprintf(text, sizeof(text), "Lantern Bay%s.", word + 2001);
    (void)telling_raise(f,
                        &(struct telling){.title = word, .outlet = word, .text = text, .url = url});
    (void)telling_raise(f, &(struct telling){.title =
                                                 "\xF0\x9F\x9A\xA2\xF0\x9F\x9A\xA2 e\xCC\x81t\xC3"
                                                 "\xA9 "
                                                 "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE"
                                                 "\xE7\x81\xAF\xE5\x8F\xB0\xE3\x81\x8C\xE6\x9D\xB1"
                                                 "\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF"
                                                 "\xE5\x8F\xB0\xE3\x81\x8C\xE6\x9D\xB1\xE4\xBA\xAC"
                                                 "\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF\xE5\x8F\xB0"
                                                 "\xE3\x81\x8C\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE",
                                             .url = "https://\xD0\xB0pple.example/x"});
    d = telling_gather(f, &a, DIGEST_REGULAR, NOW);
    rest = telling_text(f, &d);
    telling_says(rest, "an address of 2999 bytes: wirewatch alert show a1\n");
    telling_says(rest, "    https://xn--"); /* a host that looks like another */
    while (slice_next_line(&rest, &line)) {
        assert_true(line.len <= 998);
        if (text_width(line) > 72 && !slice_contains(line, SLICE("xxxx")))
            fail_msg("%zu columns: %.*s", text_width(line), SLICE_ARG(line));
    }
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Whatever allocation fails: an error, or the whole text; no half of it. */
static void memory_fails_while_it_is_gathered(void **state)
{
    static const enum digest_kind kinds[] = {DIGEST_REGULAR, DIGEST_WEEKLY, DIGEST_ALL_QUIET};
    struct alert_desk *f = *state;
    const struct analyst a = alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
    const int64_t story = telling_raise(f, &(struct telling){.at = NOW - DAY});

    assert_int_equal(telling_queue(f, &a, NOW - DAY + HOUR), 1);
    (void)telling_raise(f, &(struct telling){.story = story, .item = "pier", .outlet = "The Post"});
    add_claim(f, NOW - HOUR);
    for (size_t i = 0; i < WW_COUNT(kinds); i++) {
        const struct digest_choice choice = {.kind = kinds[i], .analyst = &a, .now = NOW};
        bool is_reached = true;

        for (long n = 1; is_reached; n++) {
            struct arena arena;
            struct buf text, csv, json;
            struct digest d = {0};
            enum ww_status status;

            arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
            buf_init(&text, DIGEST_MAX_BYTES);
            buf_init(&csv, DIGEST_MAX_BYTES);
            buf_init(&json, DIGEST_MAX_BYTES);
            mem_fail_after(n);
            status = digest_gather(f->t.store, &choice, &arena, &d, NULL);
            if (status == WW_OK) {
                (void)digest_text(&d, &text);
                status = buf_finish(&text, NULL);
            }
            if (status == WW_OK)
                status = digest_csv(f->t.store, &d, &csv, NULL);
            if (status == WW_OK)
                status = digest_json(&d, SLICE("<1@x>"), &arena, &json, NULL);
            is_reached = mem_count() >= n;
            mem_fail_after(0);
            if (status == WW_OK && (!slice_contains(buf_slice(&text), SLICE("\nFeeds: 0 in")) ||
                                    !slice_contains(buf_slice(&json), SLICE("Feeds: 0 in order"))))
                fail_msg("kind %zu, allocation %ld: half a text", i, n);
            assert_true(is_reached || status == WW_OK);
            buf_release(&text);
            buf_release(&csv);
            buf_release(&json);
            arena_release(&arena);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, alert_desk_open, alert_desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_known_story_is_not_new),
        TEST(a_changed_story_says_how_it_spread),
        TEST(what_was_told_at_once_is_listed),
        TEST(it_says_how_each_was_found),
        TEST(days_that_went_by_are_counted),
        TEST(runs_are_counted_at_the_end),
        TEST(mail_at_once_is_short_and_keeps_its_subject),
        TEST(a_week_is_summed_up_and_tells_nothing),
        TEST(a_quiet_day_says_what_it_rests_on),
        TEST(no_line_is_too_long),
        TEST(memory_fails_while_it_is_gathered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

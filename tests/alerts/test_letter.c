/*
 * test_letter.c - letters of every kind: what they are called, which thread they belong to, what
 * filters can go by, what they mark as told, and what a test mail says.
 */
#include "alerts/mail/letter.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "storage/store.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1790000000)

static const struct analyst ana = {
    .name = {"ana",                           3 },
    .address = {"An\xC3\xA0 <ana@b\xC3\xBC"
                "cher.example>", 26},
};
static const struct letter_sender sender = {
    .from = {"Wire Watch <w@example.org>", 26},
    .list_id = {"watch.example.org",          17},
    .unsubscribe_url = {"https://example.org/stop",   24},
    .report_url = {"https://example.org/w/",     22}
};

static const struct digest_week no_week = {0};

struct fixture {
    char folder[64];
    char path[TEST_ADDRESS_BYTES];
    struct store *store;
    struct arena arena;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    (void)strcpy(f->folder, "/tmp/wirewatch-letter-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    test_store_address(f->folder, f->path);
    arena_init(&f->arena, 64 << 20);
    *state = f;
    return test_store_at(f->path, false, &f->store, NULL) == WW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    store_close(f->store);
    arena_release(&f->arena);
    test_store_remove(f->path);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

/* The bytes of the message that was queued last. */
static const char *newest(struct fixture *f, struct message_row *row)
{
    const struct message_filter filter = {.window = {.limit = 1}};
    struct message_list list;
    struct slice bytes;

    assert_int_equal(store_list_messages(f->store, &filter, &f->arena, &list, NULL), WW_OK);
    assert_int_equal(list.n_rows, 1);
    *row = list.rows[0];
    assert_int_equal(store_message_bytes(f->store, row->id, &f->arena, &bytes, NULL), WW_OK);
    return arena_string(&f->arena, bytes);
}

static const char *queue(struct fixture *f, const struct digest *d, struct message_row *row)
{
    struct ww_error err = {0};

    assert_int_equal(store_begin(f->store, &err), WW_OK);
    if (letter_queue(f->store, d, &sender, &f->arena, &err) != WW_OK)
        fail_msg("%s", err.message);
    assert_int_equal(store_commit(f->store, &err), WW_OK);
    return newest(f, row);
}

static void has(const char *mail, const char *want)
{
    if (strstr(mail, want) == NULL)
        fail_msg("no '%s' in %.1500s", want, mail);
}

static void has_not(const char *mail, const char *unwanted)
{
    if (strstr(mail, unwanted) != NULL)
        fail_msg("'%s' in %.1500s", unwanted, mail);
}

static void each_kind_has_its_name(void **state)
{
    static const struct {
        enum digest_kind kind;
        const char *name;
    } cases[] = {
        {DIGEST_REGULAR,   "digest"   },
        {DIGEST_IMMEDIATE, "immediate"},
        {DIGEST_WEEKLY,    "weekly"   },
        {DIGEST_ALL_QUIET, "quiet"    },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct digest d = {.kind = cases[i].kind,
                                 .week = &no_week,
                                 .analyst = &ana,
                                 .now = NOW + (int64_t)i,
                                 .zone_s = 3600};
        struct message_row row;
        const char *mail = queue(f, &d, &row);
        char want[128];

        assert_true(slice_equal(row.kind, slice_from(cases[i].name)));
        assert_true(slice_equal(row.recipient, SLICE("An\xC3\xA0 <ana@xn--bcher-kva.example>")));
        (void)snprintf(want, sizeof(want), "\r\nX-Wirewatch-Kind: %s\r\n", cases[i].name);
        has(mail, want);
        (void)snprintf(want, sizeof(want), "\r\nMessage-ID: <%s.%d.", cases[i].name, (int)row.id);
        has(mail, want);
        has(mail, "@watch.example.org>\r\n");
        has(mail, "\r\nTo: =?UTF-8?Q?An=C3=A0?= <ana@xn--bcher-kva.example>\r\n");
        has(mail, "\r\nX-Wirewatch-Analyst: ana\r\n");
        has(mail, "\r\nList-Archive: <https://example.org/w/>\r\n");
        has(mail, "\r\nList-Unsubscribe-Post: ");
        has_not(mail, "\r\nReferences:");
        has_not(mail, "\r\nX-Wirewatch-Alert:");
    }
}

/* The root, then the last mail; a subject that stays, whatever is counted in it now. */
static void a_story_is_a_thread(void **state)
{
    struct fixture *f = *state;
    struct digest d = {.kind = DIGEST_IMMEDIATE, .story_id = 7, .analyst = &ana, .now = NOW};
    struct message_row rows[3], other;
    char want[300];
    const char *mail;

    d.counts = SLICE("1 story");
    mail = queue(f, &d, &rows[0]);
    has(mail, "\r\nReferences: <story.7@watch.example.org>\r\n");
    d.story_id = 8;
    has(queue(f, &d, &other), "\r\nReferences: <story.8@watch.example.org>\r\n");
    for (int i = 1; i < 3; i++) {
        d.story_id = 7;
        d.now += 90000;
        d.counts = SLICE("2 stories");
        mail = queue(f, &d, &rows[i]);
        (void)snprintf(want, sizeof(want), "\r\nIn-Reply-To: %.*s\r\n",
                       SLICE_ARG(rows[i - 1].message_id));
        has(mail, want);
        (void)snprintf(want, sizeof(want),
                       "\r\nReferences: <story.7@watch.example.org>\r\n %.*s\r\n",
                       SLICE_ARG(rows[i - 1].message_id));
        has(mail, want);
        assert_true(slice_equal(rows[i].subject, rows[0].subject));
        assert_false(slice_equal(rows[i].message_id, rows[0].message_id));
    }
    d.kind = DIGEST_REGULAR;
    d.story_id = 0;
    has_not(queue(f, &d, &other), "\r\nReferences:");
    assert_false(slice_equal(other.subject, rows[0].subject));
}

/* Alerts as a summary has them: named for filters, and not marked (they are in no table here). */
static void fields_name_what_is_told(void **state)
{
    struct fixture *f = *state;
    struct alert_view views[30] = {0};
    const struct alert_view *alerts[30];
    struct digest_story story = {.first = &views[0], .alerts = alerts, .n_alerts = 30};
    struct digest d = {.kind = DIGEST_WEEKLY,
                       .week = &no_week,
                       .analyst = &ana,
                       .now = NOW,
                       .stories = &story,
                       .n_stories = 1,
                       .n_alerts = 30,
                       .n_shown = 0};
    struct message_row row;
    const char *mail;

    for (size_t i = 0; i < WW_COUNT(views); i++) {
        alerts[i] = &views[i];
        views[i].alert =
            (struct alert_row){.id = (int64_t)i + 1,
                               .story_id = 5,
                               .item = i % 2 == 0 ? SLICE("pier\r\nBcc: x") : SLICE("h\xC3\xA5vn"),
                               .severity = i == 3 ? SEVERITY_HIGH : SEVERITY_LOW,
                               .watchlist_id = 12};
    }
    mail = queue(f, &d, &row);
    assert_int_equal(row.n_alerts, 0);
    has(mail, "\r\nX-Wirewatch-Alert: a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13,\r\n"
              " a14, a15, a16, a17, a18, a19, a20, ...\r\n");
    has(mail, "\r\nX-Wirewatch-Story: s5\r\n");
    has(mail, "\r\nX-Wirewatch-Item: pier Bcc: x, =?UTF-8?B?aMOldm4=?=\r\n");
    has(mail, "\r\nX-Wirewatch-Severity: high\r\n");
    has(mail, "\r\nX-Wirewatch-List-Version: 12\r\n");
    has_not(mail, "\r\nBcc:");
}

static void the_language_is_that_of_most(void **state)
{
    struct fixture *f = *state;
    struct alert_view views[3] = {0};
    const struct alert_view *alerts[3] = {&views[0], &views[1], &views[2]};
    struct digest_passage passages[3] = {
        {.alerts = &alerts[0], .n_alerts = 1},
        {.alerts = &alerts[1], .n_alerts = 1},
        {.alerts = &alerts[2], .n_alerts = 1}
    };
    struct digest_story stories[3] = {
        {.first = &views[0], .alerts = &alerts[0], .passages = &passages[0], .n_passages = 1},
        {.first = &views[1], .alerts = &alerts[1], .passages = &passages[1], .n_passages = 1},
        {.first = &views[2], .alerts = &alerts[2], .passages = &passages[2], .n_passages = 1},
    };
    struct digest d = {.kind = DIGEST_WEEKLY,
                       .week = &no_week,
                       .analyst = &ana,
                       .now = NOW,
                       .stories = stories,
                       .n_stories = 3};
    struct message_row row;

    views[0].article.language = SLICE("de");
    views[1].article.language = views[2].article.language = SLICE("zh-Hans");
    has(queue(f, &d, &row), "\r\nContent-Language: en\r\n");
    d.n_shown = 3;
    has(queue(f, &d, &row), "\r\nContent-Language: zh-Hans\r\n");
}

static void a_test_mail_says_what_to_look_at(void **state)
{
    struct fixture *f = *state;
    struct message_row row;
    struct ww_error err = {0};
    const char *mail;
    int64_t id;

    assert_int_equal(store_begin(f->store, &err), WW_OK);
    assert_int_equal(letter_queue_test(f->store, SLICE("canary"), SLICE("x@example.net"), &sender,
                                       NOW, &id, &err),
                     WW_OK);
    assert_int_equal(store_commit(f->store, &err), WW_OK);
    mail = newest(f, &row);
    assert_int_equal(row.id, id);
    has(mail, "\r\nX-Wirewatch-Kind: canary\r\n");
    has(mail, "\r\nList-Id: wirewatch <wirewatch.watch.example.org>\r\n");
    has(mail, "_dmarc.example.org");
    has(mail, "Made at: 2026-09-21 14:13 UTC");
    has(mail, "Message-ID: <canary.");
}

static void what_cannot_be_sent_is_said(void **state)
{
    struct fixture *f = *state;
    struct analyst nobody = {
        .name = {"x",      1},
          .address = {"nobody", 6}
    };
    struct letter_sender bad = sender;
    struct digest d = {.analyst = &nobody, .now = NOW};
    struct ww_error err = {0};
    int64_t id;

    assert_int_equal(store_begin(f->store, &err), WW_OK);
    assert_int_equal(letter_queue(f->store, &d, &sender, &f->arena, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "'nobody' is no mailbox"));
    bad.list_id = SLICE("a b");
    assert_int_equal(
        letter_queue_test(f->store, SLICE("test"), SLICE("x@example.net"), &bad, NOW, &id, &err),
        WW_INVALID);
    assert_non_null(strstr(err.message, "list-id 'a b'"));
    store_rollback(f->store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_has_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_story_is_a_thread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_name_what_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_language_is_that_of_most, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_test_mail_says_what_to_look_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_sent_is_said, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

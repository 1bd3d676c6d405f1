/*
 * test_digest_cap.c - a digest of more than a mail holds: parts under their cap as they are sent,
 * all alerts in the table beside it, and JSON with a limit of its own.
 */
#include "alerts/mail/digest.h"
#include "alerts/mail/message.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/limits.h"
#include "storage/store_outbox.h"
#include "storage/store_stories.h"
#include "tests/support/alerts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define NOW (MONDAY + AT(2, 12, 0))
#define SENTENCE_REPEATS 30

static const char han[] = "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF";

static struct analyst desk_of(struct alert_desk *f)
{
    return alert_desk_analyst(f, &(struct alert_wishes){.zone = "UTC"});
}

/* n stories with long sentences, of one character set or the other. */
static void raise_many(struct alert_desk *f, size_t n, const char *words, const char *title)
{
    struct ww_error err = {0};
    struct store *s = f->t.store;
    char url[64], sentence[2048] = "Lantern Bay";

    for (int i = 0; i < SENTENCE_REPEATS; i++)
        (void)strncat(sentence, words, sizeof(sentence) - strlen(sentence) - 1);
    alert_desk_must(store_begin(s, &err), &err);
    for (size_t i = 0; i < n; i++) {
        struct article_text text = {.text = slice_from(sentence)};
        struct article_row article = {.title = slice_from(title),
                                      .outlet = SLICE("The Ledger"),
                                      .first_seen_at = NOW - HOUR,
                                      .fetched_at = NOW - HOUR};
        struct mention_row mention = {.watchlist_id = f->watchlist,
                                      .item = SLICE("light"),
                                      .kind = SLICE("light"),
                                      .alias = SLICE("Lantern Bay"),
                                      .rule = SLICE("alias"),
                                      .field = MENTION_TEXT,
                                      .end = 11,
                                      .sentence_end = (int64_t)strlen(sentence),
                                      .quote = SLICE("Lantern Bay")};
        struct alert_row alert = {.watchlist_id = f->watchlist,
                                  .item = SLICE("light"),
                                  .item_kind = SLICE("light"),
                                  .item_name = SLICE("=HYPERLINK(\"x\")"),
                                  .country = SLICE("IE"),
                                  .severity = SEVERITY_MEDIUM,
                                  .created_at = NOW - 3000 + (int64_t)i};
        bool is_new;

        (void)snprintf(url, sizeof(url), "https://outlet.example/%d", ++f->n_articles);
        article.url = article.canonical = slice_from(url);
        alert_desk_must(store_add_article(s, &article, &text, &mention.article_id, &is_new, &err),
                        &err);
        alert_desk_must(store_add_story(s, mention.article_id, NOW - HOUR, &alert.story_id, &err),
                        &err);
        alert_desk_must(store_add_mention(s, &mention, &alert.mention_id, &err), &err);
        alert.article_id = mention.article_id;
        alert_desk_must(store_add_alert(s, &alert, &alert.id, &is_new, &err), &err);
    }
    alert_desk_must(store_commit(s, &err), &err);
}

static struct digest gather(struct alert_desk *f, const struct analyst *a)
{
    const struct digest_choice choice = {.analyst = a, .now = NOW};
    struct digest d;
    struct ww_error err = {0};

    alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
    return d;
}

/* How long the text part is between its headers and the next boundary. */
static size_t bytes_on_the_way(struct slice text)
{
    const struct message m = {.from = SLICE("a@example.org"),
                              .to = SLICE("b@example.org"),
                              .subject = SLICE("s"),
                              .message_id = SLICE("<1@example.org>"),
                              .list_id = SLICE("example.org"),
                              .list_name = SLICE("l"),
                              .text = text,
                              .html = SLICE("<p>.</p>")};
    struct ww_error err = {0};
    struct buf mail;
    struct slice s;
    size_t from, to;

    buf_init(&mail, DIGEST_MAX_BYTES);
    alert_desk_must(message_write(&m, &mail, &err), &err);
    s = buf_slice(&mail);
    from = slice_find(s, SLICE("text/plain"));
    from += slice_find(slice_skip(s, from), SLICE("\r\n\r\n")) + 4;
    to = slice_find(slice_skip(s, from), SLICE("text/html")); /* and a boundary */
    assert_true(from < s.len && from + to < s.len);
    buf_release(&mail);
    return to;
}

/* Whatever it is written in, the cap is used and holds. */
static void text_fills_its_part_and_no_more(void **state)
{
    static const struct {
        const char *words, *title;
    } cases[] = {
        {" and the lamp is dark",  "A light goes out"              },
        {han,                      han                             },
        {" = \xC3\xA9 = \xC3\xA9", "=\xC3\xA9=\xC3\xA9=\xC3\xA9\n."},
    };

    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct alert_desk *f;
        struct analyst a;
        struct digest d;
        struct buf text;
        size_t n_bytes, n_left;
        char words[64];

        assert_int_equal(alert_desk_open(state), 0);
        f = *state;
        a = desk_of(f);
        raise_many(f, 600, cases[i].words, cases[i].title);
        d = gather(f, &a);
        buf_init(&text, DIGEST_MAX_BYTES);
        n_left = digest_text(&d, &text);
        n_bytes = bytes_on_the_way(buf_slice(&text));
        if (n_bytes > DIGEST_PART_MAX_BYTES || n_bytes < DIGEST_PART_MAX_BYTES * 90 / 100)
            fail_msg("case %zu: %zu bytes, %zu alerts left", i, n_bytes, n_left);
        (void)snprintf(words, sizeof(words), "and %zu more stories (%zu alerts), in the attached",
                       n_left, n_left);
        if (!slice_contains(buf_slice(&text), slice_from(words)))
            fail_msg("case %zu: no \"%s\"", i, words);
        assert_true(slice_contains(buf_slice(&text), SLICE("600 stories, 600 alerts")));
        assert_true(slice_contains(buf_slice(&text), SLICE("\nFeeds: ")));
        buf_release(&text);
        (void)alert_desk_close(state);
        *state = NULL;
    }
}

static void the_table_has_all_of_them(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = desk_of(f);
    struct ww_error err = {0};
    struct csv_table table;
    struct digest d;
    struct buf csv;

    raise_many(f, 300, " and", "A title, \x1B[31m\xE2\x80\xAE");
    d = gather(f, &a);
    buf_init(&csv, DIGEST_MAX_BYTES);
    alert_desk_must(digest_csv(f->t.store, &d, &csv, &err), &err);
    assert_false(slice_contains(buf_slice(&csv), SLICE("\x1B")));
    assert_false(slice_contains(buf_slice(&csv), SLICE("\xE2\x80\xAE")));
    assert_true(slice_contains(buf_slice(&csv), SLICE("'=HYPERLINK(")));
    alert_desk_must(csv_parse(buf_slice(&csv), "csv", &f->t.arena, &table, &err), &err);
    assert_int_equal(table.n_rows, 300);
    for (size_t i = 0; i < table.n_rows; i++) {
        const struct csv_row *row = &table.rows[i];

        assert_true(slice_starts(csv_cell(row, csv_column(&table, SLICE("sentence"))),
                                 SLICE("Lantern Bay and")));
        assert_true(slice_starts(csv_cell(row, csv_column(&table, SLICE("url"))),
                                 SLICE("https://outlet.example/")));
    }
    assert_true(slice_equal(csv_cell(&table.rows[0], 0), SLICE("a300"))); /* the newest */
    buf_release(&csv);
}

static void a_table_too_long_keeps_the_newest(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = desk_of(f);
    struct ww_error err = {0};
    struct digest d;
    struct buf csv;

    raise_many(f, 2600, " and the lamp is dark, and the bay", "A light goes out");
    d = gather(f, &a);
    buf_init(&csv, DIGEST_MAX_BYTES);
    alert_desk_must(digest_csv(f->t.store, &d, &csv, &err), &err);
    assert_true(csv.len <= DIGEST_CSV_MAX_BYTES + 100);
    assert_true(csv.len > DIGEST_CSV_MAX_BYTES * 9 / 10);
    assert_true(slice_contains(buf_slice(&csv), SLICE("\na2600,")));
    assert_false(slice_contains(buf_slice(&csv), SLICE("\na1,")));
    assert_true(slice_ends(buf_slice(&csv), SLICE(" older alerts: wirewatch alert list\"\r\n")));
    buf_release(&csv);
}

/* The bytes of the newest message, which tells n alerts. */
static struct slice queued(struct alert_desk *f, const struct digest *d, int64_t n)
{
    const struct message_filter filter = {.window = {.limit = 1}};
    struct message_list list;
    struct slice bytes;
    struct ww_error err = {0};

    alert_desk_must(store_begin(f->t.store, &err), &err);
    alert_desk_must(letter_queue(f->t.store, d, &alert_desk_sender, &f->t.arena, &err), &err);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    alert_desk_must(store_list_messages(f->t.store, &filter, &f->t.arena, &list, &err), &err);
    assert_int_equal(list.rows[0].n_alerts, n);
    alert_desk_must(store_message_bytes(f->t.store, list.rows[0].id, &f->t.arena, &bytes, &err),
                    &err);
    return bytes;
}

/* The table goes along when something was left out, and only then; all are told either way. */
static void a_full_mail_has_the_table(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = desk_of(f);
    struct digest d;
    struct slice bytes;
    size_t table, html;

    raise_many(f, 2, han, han);
    d = gather(f, &a);
    bytes = queued(f, &d, 2);
    assert_false(slice_contains(bytes, SLICE("text/csv")));
    raise_many(f, 600, han, han);
    d = gather(f, &a);
    bytes = queued(f, &d, 600);
    html = slice_find(bytes, SLICE("text/html"));
    table = slice_find(bytes, SLICE("text/csv"));
    assert_true(html < table && table < bytes.len);
    assert_true(html < DIGEST_PART_MAX_BYTES + 4096); /* headers, and the text before it */
    assert_true(table - html < DIGEST_PART_MAX_BYTES + 1024);
    assert_int_equal(gather(f, &a).n_alerts, 0);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (text == NULL)
        fail_msg("no text \"%s\"", name);
    return text;
}

static void json_says_the_same(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = desk_of(f);
    struct ww_error err = {0};
    struct digest d;
    struct buf out;
    json_t *root, *alert;

    raise_many(f, 2, han, "A \x1B[31m\x7F title\xE2\x80\xAE");
    d = gather(f, &a);
    buf_init(&out, DIGEST_MAX_BYTES);
    alert_desk_must(digest_json(&d, SLICE("<1@x>"), &f->t.arena, &out, &err), &err);
    for (size_t i = 0; i < out.len; i++)
        assert_true(out.ptr[i] >= ' ' && out.ptr[i] < 0x7F);
    root = json_loadb(out.ptr, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "version")), 1);
    assert_string_equal(member(root, "kind"), "digest");
    assert_string_equal(member(root, "message_id"), "<1@x>");
    assert_string_equal(member(root, "analyst"), "desk");
    assert_string_equal(member(root, "subject"), "Watch digest Wed 21 Oct: 2 stories (IE)");
    assert_string_equal(member(root, "created_at"), "2026-10-21T12:00:00Z");
    assert_non_null(strstr(member(root, "text"), "Watch digest for desk"));
    assert_int_equal(json_integer_value(json_object_get(root, "more")), 0);
    assert_int_equal(json_array_size(json_object_get(root, "alerts")), 2);
    alert = json_array_get(json_object_get(root, "alerts"), 0);
    assert_string_equal(member(alert, "id"), "a2");
    assert_string_equal(member(alert, "story"), "s2");
    assert_string_equal(member(alert, "item"), "light");
    assert_string_equal(member(alert, "headline"), "A \x1B[31m\x7F title\xE2\x80\xAE");
    assert_int_equal(strncmp(member(alert, "sentence"), "Lantern Bay", 11), 0);
    assert_int_equal(json_integer_value(json_object_get(alert, "mark_start")), 0);
    assert_int_equal(json_integer_value(json_object_get(alert, "mark_end")), 11);
    assert_string_equal(member(alert, "how"), "alias, text");
    assert_true(json_is_null(json_object_get(alert, "told_before_at")));
    assert_true(json_is_array(json_object_get(root, "changes")));
    assert_true(json_is_array(json_object_get(root, "troubles")));
    assert_true(json_is_array(json_object_get(root, "possible")));
    json_decref(root);
    buf_release(&out);
}

static void json_has_a_limit(void **state)
{
    struct alert_desk *f = *state;
    const struct analyst a = desk_of(f);
    struct ww_error err = {0};
    struct digest d;
    struct buf out;
    json_t *root;
    size_t n;

    raise_many(f, 600, han, han);
    d = gather(f, &a);
    buf_init(&out, DIGEST_MAX_BYTES);
    alert_desk_must(digest_json(&d, SLICE("<1@x>"), &f->t.arena, &out, &err), &err);
    assert_true(out.len < DIGEST_JSON_MAX_BYTES);
    root = json_loadb(out.ptr, out.len, 0, NULL);
    assert_non_null(root);
    n = json_array_size(json_object_get(root, "alerts"));
    assert_true(n > 30);
    assert_int_equal(json_integer_value(json_object_get(root, "more")), 600 - n);
    json_decref(root);
    buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, alert_desk_open, alert_desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_fills_its_part_and_no_more),
        TEST(the_table_has_all_of_them),
        TEST(a_table_too_long_keeps_the_newest),
        TEST(a_full_mail_has_the_table),
        TEST(json_says_the_same),
        TEST(json_has_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_digest.c - what an analyst is told: by story, once, whole in text and safe in HTML. */
#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/plan.h"

#include "alerts/mail/outbox.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "storage/store.h"
#include "storage/store_stories.h"
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

static const struct analyst desk = {
    .name = {"desk",             4 },
    .address = {"desk@example.org", 16},
    .timezone = {"Europe/Dublin",    13},
    .is_every_run = true,
    .wants_troubles = true,
    .wants_possible = true,
};
static const struct letter_sender sender = {
    .from = {"Wire Watch <w@example.org>", 26},
      .list_id = {"watch.example.org",          17}
};

struct fixture {
    char folder[64];
    char path[TEST_ADDRESS_BYTES];
    struct store *store;
    struct arena arena;
    int64_t watchlist;
    int n_articles;
};

/* A sentence of the article stands around "Lantern Bay". */
struct telling {
    const char *title, *outlet, *text, *item, *item_name;
    enum alert_severity severity;
    int64_t story; /* 0: a new one */
    bool is_historic;
    enum alert_cause cause;
};

static int64_t tell(struct fixture *f, const struct telling *t)
{
    struct ww_error err = {0};
    char url[64];
    struct article_row article = {.title = slice_from(t->title),
                                  .outlet = slice_from(t->outlet),
                                  .language = SLICE("en"),
                                  .published_at = NOW - 3600,
                                  .published_precision = DATE_SECOND,
                                  .first_seen_at = NOW - 600,
                                  .fetched_at = NOW - 600,
                                  .is_historic = t->is_historic};
    struct article_text text = {.text = slice_from(t->text)};
    struct slice quote = SLICE("Lantern Bay");
    size_t at = slice_find(text.text, quote);
    struct mention_row mention = {.watchlist_id = f->watchlist,
                                  .item = slice_from(t->item),
                                  .kind = SLICE("site"),
                                  .alias = quote,
                                  .rule = SLICE("place near term"),
                                  .field = MENTION_TEXT,
                                  .start = (int64_t)at,
                                  .end = (int64_t)(at + quote.len),
                                  .sentence_start = 0,
                                  .sentence_end = (int64_t)text.text.len,
                                  .quote = quote};
    struct alert_row alert = {.watchlist_id = f->watchlist,
                              .item = slice_from(t->item),
                              .item_kind = SLICE("site"),
                              .item_name = slice_from(t->item_name),
                              .country = SLICE("IE"),
                              .severity = t->severity,
                              .created_at = NOW - 300,
                              .is_historic = t->is_historic,
                              .tags = SLICE("harbour"),
                              .cause = t->cause};
    bool is_new = false;

    (void)snprintf(url, sizeof(url), "https://outlet.example/%d", ++f->n_articles);
    article.url = article.canonical = slice_from(url);
    assert_int_equal(store_begin(f->store, &err), WW_OK);
    assert_int_equal(
        store_add_article(f->store, &article, &text, &mention.article_id, &is_new, &err), WW_OK);
    assert_true(is_new);
    alert.story_id = t->story;
    if (t->story == 0)
        assert_int_equal(
            store_add_story(f->store, mention.article_id, NOW - 600, &alert.story_id, &err), WW_OK);
    else
        assert_int_equal(store_join_story(f->store, t->story, mention.article_id, NOW - 600, &err),
                         WW_OK);
    assert_int_equal(store_add_mention(f->store, &mention, &alert.mention_id, &err), WW_OK);
    alert.article_id = mention.article_id;
    assert_int_equal(store_add_alert(f->store, &alert, &alert.id, &is_new, &err), WW_OK);
    assert_int_equal(store_commit(f->store, &err), WW_OK);
    return alert.story_id;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct watchlist_row list = {
        .folder = SLICE("lists"), .loaded_at = NOW, .n_items = 1, .content = SLICE("content")};
    struct ww_error err = {0};
    bool is_new;

    (void)strcpy(f->folder, "/tmp/wirewatch-digest-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    test_store_address(f->folder, f->path);
    arena_init(&f->arena, 64 << 20);
    if (test_store_at(f->path, false, &f->store, &err) != WW_OK ||
        store_begin(f->store, &err) != WW_OK ||
        store_add_watchlist(f->store, &list, &f->watchlist, &is_new, &err) != WW_OK ||
        store_commit(f->store, &err) != WW_OK)
        return -1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];

    store_close(f->store);
    arena_release(&f->arena);
    test_store_remove(f->path);
    (void)snprintf(command, sizeof(command), "rm -rf %s", f->folder);
    (void)!system(command);
    free(f);
    return 0;
}

static const struct telling plain = {.title = "A light goes out",
                                     .outlet = "The Ledger",
                                     .text = "They said that the lamp at Lantern Bay is dark now.",
                                     .item = "ie-lantern",
                                     .item_name = "Lantern Bay light",
                                     .severity = SEVERITY_MEDIUM};

static struct digest gather(struct fixture *f)
{
    struct digest d;
    struct ww_error err = {0};

    assert_int_equal(digest_gather(f->store, &(struct digest_choice){.analyst = &desk, .now = NOW},
                                   &f->arena, &d, &err),
                     WW_OK);
    return d;
}

static void stories_are_grouped_and_ordered(void **state)
{
    struct fixture *f = *state;
    struct telling second = plain;
    struct telling high = plain;
    struct digest d;
    int64_t story = tell(f, &plain);

    second.story = story;
    second.item = "ie-other";
    (void)tell(f, &second);
    high.title = "Another coast";
    high.severity = SEVERITY_HIGH;
    (void)tell(f, &high);
    d = gather(f);
    assert_int_equal(d.n_alerts, 3);
    assert_int_equal(d.n_stories, 2);
    assert_true(slice_equal(d.stories[0].first->headline, SLICE("Another coast")));
    assert_int_equal(d.stories[1].n_alerts, 2);
    assert_true(slice_equal(digest_subject(&d, &f->arena),
                            SLICE("Watch digest Mon 21 Sep: 2 stories (IE)")));
}

static void what_matters_less_is_one_line(void **state)
{
    struct fixture *f = *state;
    struct telling low = plain;
    struct digest d;
    struct buf out;

    low.story = tell(f, &plain);
    low.item = "ie";
    low.item_name = "Ireland";
    low.severity = SEVERITY_LOW;
    (void)tell(f, &low);
    d = gather(f);
    assert_int_equal(d.n_alerts, 2);
    assert_int_equal(d.stories[0].n_passages, 1);
    buf_init(&out, 1 << 20);
    digest_text(&d, &out);
    assert_true(slice_contains(buf_slice(&out), SLICE("also named: Ireland [ie, a2]")));
    buf_release(&out);
}

static void history_is_never_in_it(void **state)
{
    struct fixture *f = *state;
    struct telling old = plain;

    old.is_historic = true;
    (void)tell(f, &old);
    assert_int_equal(gather(f).n_alerts, 0);
}

/* What an older article gives when the list has changed stands behind the news, and is called so.
 */
static void finds_of_a_rescan_stand_apart(void **state)
{
    struct fixture *f = *state;
    struct telling old = plain, history = plain, new = plain;
    struct digest d;
    struct buf out;
    struct slice s;
    size_t mark;

    old.title = "Old story";
    old.severity = SEVERITY_HIGH;
    old.cause = CAUSE_RESCAN;
    (void)tell(f, &old);
    history.text = "Older work at Lantern Bay.";
    history.cause = CAUSE_RESCAN;
    history.is_historic = true;
    (void)tell(f, &history);
    new.title = "New story";
    new.text = "News: Lantern Bay is shut.";
    new.severity = SEVERITY_LOW;
    (void)tell(f, &new);
    d = gather(f);
    assert_int_equal(d.n_stories, 2);
    assert_int_equal(d.n_rescan, 1);
    assert_int_equal(d.n_rescan_old, 1);
    buf_init(&out, DIGEST_MAX_BYTES);
    digest_text(&d, &out);
    s = buf_slice(&out);
    mark = slice_find(s, SLICE("FOUND AGAIN"));
    assert_true(slice_find(s, SLICE("New story")) < mark);
    assert_true(mark < slice_find(s, SLICE("Old story")));
    assert_true(slice_contains(s, SLICE("Old story")));
    assert_true(slice_contains(s, SLICE("found 1 more")));
    assert_true(slice_contains(s, SLICE("a1] harbour")));
    buf_reset(&out);
    digest_html(&d, &out);
    s = buf_slice(&out);
    mark = slice_find(s, SLICE("Found again"));
    assert_true(slice_find(s, SLICE("New story")) < mark);
    assert_true(mark < slice_find(s, SLICE("Old story")));
    buf_release(&out);
}

static void an_alert_is_told_once(void **state)
{
    struct fixture *f = *state;
    struct ww_error err = {0};
    struct message_filter filter = {0};
    struct message_list list;
    struct slice bytes;
    struct plan_summary n = {0};

    (void)tell(f, &plain);
    assert_int_equal(plan_queue_now(f->store, &desk, &sender, NOW, &n, &err), WW_OK);
    assert_int_equal(n.n_told, 1);
    n = (struct plan_summary){0};
    assert_int_equal(plan_queue_now(f->store, &desk, &sender, NOW + 1, &n, &err), WW_OK);
    assert_int_equal(n.n_told, 0);
    assert_int_equal(store_list_messages(f->store, &filter, &f->arena, &list, &err), WW_OK);
    assert_int_equal(list.n_rows, 1);
    assert_int_equal(list.rows[0].state, MESSAGE_QUEUED);
    assert_int_equal(list.rows[0].n_alerts, 1);
    assert_int_equal(store_message_bytes(f->store, list.rows[0].id, &f->arena, &bytes, &err),
                     WW_OK);
    assert_true(slice_contains(bytes, list.rows[0].message_id));
    assert_true(slice_contains(bytes, SLICE("multipart/alternative")));
}

static struct message_list list_messages(struct fixture *f)
{
    struct message_filter filter = {0};
    struct message_list list;

    assert_int_equal(store_list_messages(f->store, &filter, &f->arena, &list, NULL), WW_OK);
    return list;
}

/* Whatever allocation fails: a whole message or none, and the alert is not lost. */
static void memory_fails_while_it_is_made(void **state)
{
    struct fixture *f = *state;
    size_t n_messages = 0;
    struct plan_summary n_told = {0};
    bool is_reached = true, is_waiting = false;

    for (long n = 1; is_reached; n++) {
        enum ww_status status;
        struct slice bytes;

        if (!is_waiting)
            (void)tell(f, &plain);
        mem_fail_after(n);
        n_told = (struct plan_summary){0};
        status = plan_queue_now(f->store, &desk, &sender, NOW, &n_told, NULL);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        is_waiting = status != WW_OK;
        n_messages += status == WW_OK;
        if (list_messages(f).n_rows != n_messages || (status == WW_OK && n_told.n_told != 1))
            fail_msg("allocation %ld: %zu messages, not %zu; told of %zu", n,
                     list_messages(f).n_rows, n_messages, n_told.n_told);
        if (status != WW_OK)
            continue;
        assert_int_equal(
            store_message_bytes(f->store, list_messages(f).rows[0].id, &f->arena, &bytes, NULL),
            WW_OK);
        if (!slice_contains(bytes, SLICE("Lantern Bay")) ||
            !slice_contains(bytes, SLICE("</html>")) || !slice_ends(bytes, SLICE("--\r\n")))
            fail_msg("allocation %ld: half a message: %.*s", n, SLICE_ARG(bytes));
    }
    assert_true(n_messages >= 1);
}

/* Whatever allocation fails: the message waits, and leaves once. */
static void memory_fails_while_it_is_sent(void **state)
{
    struct fixture *f = *state;
    const struct clock clock = clock_fixed(NOW);
    const struct log log = {.out = NULL, .level = LOG_ERROR, .clock = &clock};
    static volatile sig_atomic_t stop;
    struct config settings = {
        .transport = TRANSPORT_FILE, .from = sender.from, .mail_directory = slice_from(f->folder)};
    struct outbox_summary sum = {0};
    struct plan_summary n_told = {0};
    enum message_state left = MESSAGE_QUEUED;

    (void)tell(f, &plain);
    assert_int_equal(plan_queue_now(f->store, &desk, &sender, NOW, &n_told, NULL), WW_OK);
    for (long n = 1; left != MESSAGE_SENT; n++) {
        assert_true(n < 1000);
        mem_fail_after(n);
        (void)outbox_deliver(f->store, &settings, &clock, &log, &stop, &sum, NULL);
        mem_fail_after(0);
        left = list_messages(f).rows[0].state;
        if (left == MESSAGE_FAILED || left == MESSAGE_UNKNOWN || list_messages(f).n_rows != 1)
            fail_msg("allocation %ld: %s", n, message_state_name(left));
    }
    assert_int_equal(sum.n_sent, 1);
}

static void text_keeps_its_width(void **state)
{
    struct fixture *f = *state;
    struct telling wide = plain;
    struct buf out;
    struct slice rest;
    struct slice line;
    struct digest d;

    wide.title =
        "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF\xE5\x8F\xB0\xE3\x81\x8C"
        "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF\xE5\x8F\xB0\xE3\x81\x8C"
        "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF\xE5\x8F\xB0\xE3\x81\x8C"
        "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF\xE5\x8F\xB0\xE3\x81\x8C"
        "\xE6\x9D\xB1\xE4\xBA\xAC\xE6\xB9\xBE\xE3\x81\xAE\xE7\x81\xAF\xE5\x8F\xB0\xE3\x81\x8C";
    wide.text =
        "A long sentence that goes on and on, over more than one line of a mail, until it comes to "
        "Lantern Bay, and then goes on a little more to be sure that it is broken twice.";
    (void)tell(f, &wide);
    d = gather(f);
    buf_init(&out, 1 << 20);
    digest_text(&d, &out);
    rest = buf_slice(&out);
    while (slice_next_line(&rest, &line))
        if (text_width(line) > 72 && !slice_contains(line, SLICE("://")))
            fail_msg("%zu columns: %.*s", text_width(line), SLICE_ARG(line));
    assert_true(slice_contains(buf_slice(&out), SLICE("\xC2\xBBLantern")));
    assert_true(slice_contains(buf_slice(&out), SLICE("Bay\xC2\xAB")));
    assert_true(slice_contains(buf_slice(&out), SLICE("https://outlet.example/")));
    buf_release(&out);
}

static void html_shows_and_never_runs(void **state)
{
    struct fixture *f = *state;
    struct telling hostile = plain;
    struct buf out;
    struct slice html;
    struct digest d;

    hostile.title = "<script>alert(1)</script> \"quoted\" \xE2\x80\xAE reversed \x1B[31m";
    hostile.text = "The <b>lamp</b> & Lantern Bay' onload=x";
    (void)tell(f, &hostile);
    d = gather(f);
    buf_init(&out, 1 << 20);
    digest_html(&d, &out);
    html = buf_slice(&out);
    assert_false(slice_contains(html, SLICE("<script")));
    assert_true(slice_contains(html, SLICE("&lt;script&gt;")));
    assert_true(slice_contains(html, SLICE("&lt;b&gt;lamp&lt;/b&gt; &amp; ")));
    assert_false(slice_contains(html, SLICE("\x1B")));
    assert_false(slice_contains(html, SLICE("\xE2\x80\xAE")));
    assert_false(slice_contains(html, SLICE("<img")));
    assert_true(slice_contains(html, SLICE(">Lantern Bay</b>")));
    buf_release(&out);
}

static void many_stories_are_counted_not_clipped(void **state)
{
    struct fixture *f = *state;
    char words[64];
    struct buf out;
    struct digest d;
    size_t n;

    for (int i = 0; i < 300; i++)
        (void)tell(f, &plain);
    d = gather(f);
    buf_init(&out, 1 << 20);
    n = digest_html(&d, &out);
    (void)snprintf(words, sizeof(words), "and %zu more stories", n);
    assert_true(n > 0 && slice_contains(buf_slice(&out), slice_from(words)));
    buf_reset(&out);
    n = digest_text(&d, &out);
    (void)snprintf(words, sizeof(words), "and %zu more stories", n);
    assert_true(n > 0 && slice_contains(buf_slice(&out), slice_from(words)));
    buf_release(&out);
}

/* ---- what has changed ------------------------------------------------------------------------ */

/* "They count 12 lamps" to 14, by another outlet; of the newest alert. */
static int64_t revise(struct fixture *f, const char *before, const char *after, bool is_historic)
{
    static const char sentence[] = "They count 14 lamps at Lantern Bay, not twelve.";
    struct telling copy = plain;
    struct alert_view_list alerts;
    struct alert_filter filter = {.history = STORE_ANY_HISTORY, .window = {.limit = 1}};
    struct revision_row row = {.kind = REVISION_NUMBER,
                               .before = slice_from(before),
                               .after = slice_from(after),
                               .sentence = slice_from(sentence),
                               .mark_start = 11,
                               .mark_end = 19,
                               .created_at = NOW - 60,
                               .is_historic = is_historic};
    bool is_new = false;

    assert_int_equal(store_list_alerts(f->store, &filter, &f->arena, &alerts, NULL), WW_OK);
    assert_int_equal(alerts.n_rows, 1);
    copy.story = alerts.rows[0].alert.story_id;
    copy.item = arena_string(&f->arena, alerts.rows[0].alert.item);
    copy.outlet = "The Post";
    copy.text = sentence;
    (void)tell(f, &copy);
    row.alert_id = alerts.rows[0].alert.id;
    row.article_id = f->n_articles;
    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_add_revision(f->store, &row, &row.id, &is_new, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
    return is_new ? row.id : 0;
}

static size_t queue(struct fixture *f, int64_t at)
{
    struct plan_summary n = {0};

    assert_int_equal(plan_queue_now(f->store, &desk, &sender, at, &n, NULL), WW_OK);
    return n.n_told;
}

static struct slice show(const struct digest *d, bool as_html, struct buf *out)
{
    buf_init(out, DIGEST_MAX_BYTES);
    if (as_html)
        digest_html(d, out);
    else
        digest_text(d, out);
    return buf_slice(out);
}

/* Known stories come behind new ones, with what is new in them; and once. */
static void changes_are_told_once(void **state)
{
    static const char *const text_says[] = {
        "DEVELOPING: told before, and changed since",
        " 2. A light goes out\n    medium | 3 copies in 2 outlets, 1 origin | told of The Ledger\n",
        "   * Lantern Bay light [ie-lantern, a1]\n     12 \xE2\x86\x92 14 lamps, at The Post "
        "2026-09-21 14:13; 1 copy still says 12\n",
        "     They count \xC2\xBB"
        "14 lamps\xC2\xAB at Lantern Bay, not twelve.\n",
    };
    static const char *const html_says[] = {
        ">Developing</h2>",     "12 \xE2\x86\x92 14 lamps, at The Post",
        "They count <b style=", ">14 lamps</b> at Lantern Bay",
        ">1 new, 1 changed<",
    };
    struct fixture *f = *state;
    struct telling other = plain;
    struct digest d;
    struct buf text, html;
    int64_t revision;

    (void)tell(f, &plain);
    assert_int_equal(queue(f, NOW), 1);
    revision = revise(f, "12", "14", false);
    assert_true(revision > 0);
    assert_int_equal(revise(f, "12", "14", false), 0); /* printed once more */
    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_count_still(f->store, revision, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
    other.title = "Another coast";
    other.item = "ie-other";
    (void)tell(f, &other);

    d = gather(f);
    assert_int_equal(d.n_stories, 1);
    assert_int_equal(d.n_developing, 1);
    assert_true(slice_equal(digest_subject(&d, &f->arena),
                            SLICE("Watch digest Mon 21 Sep: 1 new, 1 changed (IE)")));
    (void)show(&d, false, &text);
    for (size_t i = 0; i < WW_COUNT(text_says); i++)
        if (!slice_contains(buf_slice(&text), slice_from(text_says[i])))
            fail_msg("no \"%s\" in: %.*s", text_says[i], SLICE_ARG(buf_slice(&text)));
    assert_true(slice_find(buf_slice(&text), SLICE("Another coast")) <
                slice_find(buf_slice(&text), SLICE("DEVELOPING")));
    (void)show(&d, true, &html);
    for (size_t i = 0; i < WW_COUNT(html_says); i++)
        if (!slice_contains(buf_slice(&html), slice_from(html_says[i])))
            fail_msg("no \"%s\" in: %.*s", html_says[i], SLICE_ARG(buf_slice(&html)));
    buf_release(&text);
    buf_release(&html);

    assert_int_equal(queue(f, NOW + 1), 2);
    assert_int_equal(queue(f, NOW + 2), 0);
    assert_int_equal(gather(f).n_developing, 0);
    /* Alone it makes a digest, too. */
    assert_true(revise(f, "14", "15", false) > 0);
    d = gather(f);
    assert_true(slice_equal(digest_subject(&d, &f->arena),
                            SLICE("Watch digest Mon 21 Sep: 1 changed (IE)")));
    assert_int_equal(queue(f, NOW + 3), 1);
}

/* What has changed of an alert before it was told stands with it, and is told with it. */
static void changes_go_with_their_alert(void **state)
{
    struct fixture *f = *state;
    struct digest d;
    struct buf text;

    (void)tell(f, &plain);
    assert_true(revise(f, "12", "14", false) > 0);
    d = gather(f);
    assert_int_equal(d.n_stories, 1);
    assert_int_equal(d.n_developing, 0);
    assert_int_equal(d.stories[0].n_changes, 1);
    (void)show(&d, false, &text);
    assert_true(slice_contains(buf_slice(&text), SLICE("   Changed since:\n")));
    assert_true(slice_contains(buf_slice(&text), SLICE("12 \xE2\x86\x92 14 lamps, at The Post")));
    buf_release(&text);
    assert_int_equal(queue(f, NOW), 2);
    assert_int_equal(queue(f, NOW + 1), 0);
}

static void history_changes_in_silence(void **state)
{
    struct fixture *f = *state;

    (void)tell(f, &plain);
    assert_int_equal(queue(f, NOW), 1);
    assert_true(revise(f, "12", "14", true) > 0);
    assert_int_equal(gather(f).revisions.n_rows, 0);
    assert_int_equal(queue(f, NOW + 1), 0);
}

/* A digest of many changes is counted, not clipped; all of them are told. */
static void many_changes_are_counted(void **state)
{
    struct fixture *f = *state;
    char after[24];
    struct digest d;
    struct buf out;

    for (int i = 0; i < 30; i++)
        (void)tell(f, &plain);
    assert_int_equal(queue(f, NOW), 30);
    for (int i = 0; i < 25; i++) {
        (void)tell(f, &plain);
        for (int k = 0; k < 8; k++) {
            (void)snprintf(after, sizeof(after), "%d", k);
            assert_true(revise(f, "12", after, false) > 0);
        }
    }
    assert_int_equal(queue(f, NOW + 1), 25 * 9);
    for (int i = 0; i < 25; i++) {
        /* of the same alert, which is known now */
        (void)snprintf(after, sizeof(after), "%d", 100 + i);
        assert_true(revise(f, "12", after, false) > 0);
    }
    d = gather(f);
    assert_int_equal(d.n_developing, 1);
    (void)show(&d, false, &out);
    assert_true(slice_contains(buf_slice(&out), SLICE("and 22 more: wirewatch alert show a")));
    assert_true(slice_contains(buf_slice(&out), SLICE("12 \xE2\x86\x92 124, at The Post")));
    buf_release(&out);
    assert_int_equal(queue(f, NOW + 2), 25);
}

static void a_slot_is_used_once(void **state)
{
    static const struct analyst a = {
        .name = {"a",                                     1          },
        .address = {"a@example.org",                         13         },
        .timezone = {"Europe/Dublin",                         13         },
        .hours = {.rows = {{.days = 0x7F, .minute = 450}}, .n_rows = 1}
    };
    /* 06:30 UTC: 07:30 in Dublin, in September */
    const int64_t morning = NOW - NOW % 86400 + 86400 + 6 * 3600 + 30 * 60;
    const struct {
        const char *what;
        bool is_news; /* an alert comes up just before */
        int64_t at;
        size_t n_alerts;
    } steps[] = {
        {"a new analyst waits for the hour",   true,  NOW,                                 0},
        {"still",                              false, NOW + 3600,                          0},
        {"the first hour",                     false, morning + 60,                        1},
        {"told",                               false, morning + 900,                       0},
        {"a quiet day",                        false, morning + 86400 + 60,                0},
        {"news at noon of the quiet day",      true,  morning + 86400 + 5 * 3600,          0},
        {"tell it the next morning",           false, morning + 2 * INT64_C(86400),        1},
        {"a host that was down over the hour", true,  morning + 3 * INT64_C(86400) + 7200, 1},
        {"and the morning after",              true,  morning + 4 * INT64_C(86400),        1},
    };
    struct fixture *f = *state;
    struct ww_error err = {0};

    for (size_t i = 0; i < WW_COUNT(steps); i++) {
        struct plan_summary n = {0};

        if (steps[i].is_news)
            (void)tell(f, &plain);
        assert_int_equal(plan_queue_due(f->store, &a, &sender, steps[i].at, &n, &err), WW_OK);
        if (n.n_told != steps[i].n_alerts)
            fail_msg("%s: %zu alerts, not %zu", steps[i].what, n.n_told, steps[i].n_alerts);
    }
    assert_int_equal(store_begin(f->store, &err), WW_OK); /* nothing was left open */
    store_rollback(f->store);
}

static void after_each_run_needs_no_slot(void **state)
{
    struct fixture *f = *state;
    struct ww_error err = {0};
    struct slice value;
    struct plan_summary n = {0};

    for (int64_t i = 0; i < 2; i++) {
        (void)tell(f, &plain);
        n = (struct plan_summary){0};
        assert_int_equal(plan_queue_due(f->store, &desk, &sender, NOW + i, &n, &err), WW_OK);
        assert_int_equal(n.n_told, 1);
    }
    assert_int_equal(store_meta(f->store, SLICE("digest.slot.desk"), &f->arena, &value, &err),
                     WW_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stories_are_grouped_and_ordered),
        TEST(what_matters_less_is_one_line),
        TEST(history_is_never_in_it),
        TEST(finds_of_a_rescan_stand_apart),
        TEST(an_alert_is_told_once),
        TEST(memory_fails_while_it_is_made),
        TEST(memory_fails_while_it_is_sent),
        TEST(text_keeps_its_width),
        TEST(html_shows_and_never_runs),
        TEST(many_stories_are_counted_not_clipped),
        TEST(changes_are_told_once),
        TEST(changes_go_with_their_alert),
        TEST(history_changes_in_silence),
        TEST(many_changes_are_counted),
        TEST(a_slot_is_used_once),
        TEST(after_each_run_needs_no_slot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

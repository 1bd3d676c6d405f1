/*
 * bench_digest.c - a digest of many alerts, gathered, rendered and queued, beside a bare SQLite
 * loop that reads the same rows and their texts and makes nothing of them.
 *
 *   WW_BENCH_ALERTS=N  alerts (10,000), two and a half to a story
 */
#include "alerts/mail/digest.h"
#include "alerts/mail/letter.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "storage/store_stories.h"
#include "tests/bench/bench.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#define NOW INT64_C(1790000000)
#define TEXT_BYTES 3000

static const struct analyst desk = {
    .name = {"desk",             4 },
    .address = {"desk@example.org", 16},
    .is_every_run = true,
    .wants_troubles = true,
};
static const struct letter_sender sender = {
    .from = {"Wire Watch <w@example.org>", 26},
      .list_id = {"watch.example.org",          17}
};

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status == WW_OK)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    _Exit(1);
}

/* Two sentences that matter, and what an article has besides; every fourth in Chinese. */
static struct slice make_text(size_t i, char out[TEXT_BYTES])
{
    int n =
        i % 4 == 0
            ? snprintf(out, TEXT_BYTES,
                       "\xE8\xAE\xB0\xE8\x80\x85%zu\xE5\x9C\xA8 Lantern Bay "
                       "\xE7\x9C\x8B\xE5\x88\xB0\xE7\x81\xAF\xE5\xA1\x94\xE5\xB7\xB2\xE7\x86\x84"
                       "\xE7\x81\xAD\xE3\x80\x82",
                       i)
            : snprintf(out, TEXT_BYTES,
                       "The crew told reporters on %zu that the lamp at Lantern Bay has been "
                       "dark since spring. ",
                       i);

    while (n + 80 < TEXT_BYTES)
        n += snprintf(out + n, (size_t)(TEXT_BYTES - n), "Word %zu of %d follows the others. ",
                      i * 7919 % 1000, n);
    return slice_of(out, (size_t)n);
}

/* An alert on an article of its own; five in a row make two stories. */
static void add_alert(struct store *s, size_t i, int64_t list, int64_t *story, struct ww_error *err)
{
    char url[80], text[TEXT_BYTES], title[96], item[24];
    struct article_row article = {.outlet = i % 3 ? SLICE("The Ledger") : SLICE("Harbour Post"),
                                  .language = i % 4 == 0 ? SLICE("zh") : SLICE("en"),
                                  .published_at = NOW - 3600,
                                  .first_seen_at = NOW - 600,
                                  .fetched_at = NOW - 600};
    struct article_text body = {.text = make_text(i, text)};
    const size_t at = slice_find(body.text, SLICE("Lantern Bay"));
    struct mention_row mention = {.watchlist_id = list,
                                  .kind = SLICE("site"),
                                  .alias = SLICE("Lantern Bay"),
                                  .rule = SLICE("same-sentence"),
                                  .term = SLICE("lamp"),
                                  .field = MENTION_TEXT,
                                  .start = (int64_t)at,
                                  .end = (int64_t)at + 11,
                                  .sentence_end = (int64_t)at + 35,
                                  .quote = SLICE("Lantern Bay")};
    struct alert_row alert = {.watchlist_id = list,
                              .item_kind = SLICE("site"),
                              .item_name = SLICE("Lantern Bay light"),
                              .country = SLICE("IE"),
                              .severity = i % 5 == 0 ? SEVERITY_HIGH : SEVERITY_MEDIUM,
                              .created_at = NOW - 300};
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://outlet-%zu.example/news/2026/11/%zu", i % 50, i);
    (void)snprintf(title, sizeof(title), "The light at the bay went out for the %zuth time", i);
    (void)snprintf(item, sizeof(item), "ie-lantern-%zu", i % 5);
    article.url = article.canonical = slice_from(url);
    article.title = slice_from(title);
    mention.item = alert.item = slice_from(item);
    must(store_add_article(s, &article, &body, &mention.article_id, &is_new, err), err);
    if (i % 5 == 0 || i % 5 == 3)
        must(store_add_story(s, mention.article_id, NOW - 600, story, err), err);
    else
        must(store_join_story(s, *story, mention.article_id, NOW - 600, err), err);
    must(store_add_mention(s, &mention, &alert.mention_id, err), err);
    alert.story_id = *story;
    alert.article_id = mention.article_id;
    must(store_add_alert(s, &alert, &alert.id, &is_new, err), err);
}

static void fill(const char *path, size_t n, struct ww_error *err)
{
    struct store_options options = {.path = path, .may_create = true, .now = NOW};
    struct watchlist_row list = {
        .folder = SLICE("lists"), .loaded_at = NOW, .n_items = 1, .content = SLICE("content")};
    struct store *s;
    int64_t version, story = 0;
    bool is_new;

    must(store_open(&options, &s, err), err);
    must(store_begin(s, err), err);
    must(store_add_watchlist(s, &list, &version, &is_new, err), err);
    for (size_t i = 0; i < n; i++)
        add_alert(s, i, version, &story, err);
    must(store_commit(s, err), err);
    store_close(s);
}

/* What the rows cost by themselves: read in order, and their texts with them. */
static double bench_bare(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    double cpu;
    int64_t sum = 0;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        _Exit(1);
    cpu = bench_cpu_s();
    if (sqlite3_prepare_v2(db,
                           "SELECT l.*, m.*, a.*, s.*, t.* FROM alert l"
                           " JOIN mention m ON m.id = l.mention_id"
                           " JOIN article a ON a.id = l.article_id"
                           " JOIN story s ON s.id = l.story_id"
                           " JOIN article_text t ON t.article_id = a.id"
                           " WHERE NOT EXISTS (SELECT 1 FROM told d WHERE d.analyst = 'nobody'"
                           "  AND d.alert_id = l.id) ORDER BY l.created_at, l.id",
                           -1, &q, NULL) != SQLITE_OK)
        _Exit(1);
    while (sqlite3_step(q) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(q); i++)
            sum += sqlite3_column_bytes(q, i);
    cpu = bench_cpu_s() - cpu;
    (void)sqlite3_finalize(q);
    (void)sqlite3_close(db);
    return sum > 0 ? cpu : 0;
}

static void bench_ours(const char *path, size_t n, double bare_s, struct ww_error *err)
{
    struct store_options options = {.path = path, .now = NOW};
    const struct digest_choice choice = {.analyst = &desk, .now = NOW};
    struct digest_room text_room = {.max_bytes = SIZE_MAX}, html_room = text_room;
    struct arena arena;
    struct store *s;
    struct digest d;
    struct buf text, html;
    char what[96];
    double cpu, gathered, rendered;

    arena_init(&arena, DIGEST_ARENA_MAX_BYTES);
    buf_init(&text, DIGEST_MAX_BYTES);
    buf_init(&html, DIGEST_MAX_BYTES);
    must(store_open(&options, &s, err), err);
    cpu = bench_cpu_s();
    must(store_begin(s, err), err);
    must(digest_gather(s, &choice, &arena, &d, err), err);
    gathered = bench_cpu_s() - cpu;
    (void)digest_text(&d, &text);
    (void)digest_html(&d, &html);
    rendered = bench_cpu_s() - cpu - gathered;
    must(letter_queue(s, &d, &sender, &arena, err), err);
    must(store_commit(s, err), err);
    cpu = bench_cpu_s() - cpu;
    (void)digest_room_take(&text_room, buf_slice(&text));
    (void)digest_room_take(&html_room, buf_slice(&html));

    (void)snprintf(what, sizeof(what), "CPU, digest of %zu alerts, gathered (peer: its rows, bare)",
                   n);
    bench_report(what, gathered * 1e3, bare_s * 1e3, "ms", false);
    (void)snprintf(what, sizeof(what), "CPU, digest of %zu alerts, text and HTML (peer: its rows)",
                   n);
    bench_report(what, rendered * 1e3, bare_s * 1e3, "ms", false);
    (void)snprintf(what, sizeof(what), "CPU, digest of %zu alerts, queued (peer: 1 s)", n);
    bench_report(what, cpu * 1e3, 1000, "ms", false);
    bench_report("  its text, encoded (peer: the cap of a part)",
                 (double)digest_room_used(&text_room), DIGEST_PART_MAX_BYTES, "bytes", false);
    bench_report("  its HTML, encoded (peer: the cap of a part)",
                 (double)digest_room_used(&html_room), DIGEST_PART_MAX_BYTES, "bytes", false);
    bench_report("  memory while it is made (peer: the cap)", (double)arena.used_bytes / 1e6,
                 DIGEST_ARENA_MAX_BYTES / 1e6, "MB", false);
    store_close(s);
    buf_release(&text);
    buf_release(&html);
    arena_release(&arena);
}

int main(void)
{
    const size_t n = (size_t)bench_number("WW_BENCH_ALERTS", 10000);
    char folder[] = "/tmp/wirewatch-bench-XXXXXX", path[64];
    static const char *const files[] = {"w.db", "w.db-wal", "w.db-shm", "w.db.write.lock"};
    struct ww_error err = {0};

    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof(path), "%s/w.db", folder);
    fill(path, n, &err);
    bench_ours(path, n, bench_bare(path), &err);
    for (size_t i = 0; i < WW_COUNT(files); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
    return 0;
}

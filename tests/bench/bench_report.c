/*
 * bench_report.c - a year as a static site: 5,000 stories with 10,000 alerts, written once, and
 * written again when one alert came; beside a bare loop that writes so many files of that size.
 *
 *   WW_BENCH_STORIES=N  stories (5,000), each with two alerts and two articles
 */
#include "alerts/report/report.h"
#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/buf.h"
#include "storage/store_alerts.h"
#include "storage/store_stories.h"
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1790000000)
#define LIST "watchlists/overseas-police-stations"
#define N_ITEMS 60
#define PAGE_BYTES 5000

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK) {
        (void)fprintf(stderr, "bench_report: %s\n", err->message);
        exit(1);
    }
}

struct bench {
    struct store *store;
    int64_t watchlist;
    char folder[64], path[96], site[96];
};

static void open_store(struct bench *b)
{
    struct store_options options = {.may_create = true, .now = NOW};
    struct watchlist_row row = {.folder = SLICE("lists"), .loaded_at = NOW, .n_items = 1};
    struct ww_error err = {0};
    struct buf content;
    bool is_new;

    (void)snprintf(b->folder, sizeof(b->folder), "/tmp/wirewatch-bench-XXXXXX");
    if (mkdtemp(b->folder) == NULL)
        exit(1);
    (void)snprintf(b->path, sizeof(b->path), "%s/w.db", b->folder);
    (void)snprintf(b->site, sizeof(b->site), "%s/site", b->folder);
    options.path = b->path;
    must(store_open(&options, &b->store, &err), &err);
    buf_init(&content, (size_t)64 << 20);
    if (watchlist_load(LIST, &content, &err) != WW_OK)
        buf_add_string(&content, "no list");
    row.content = buf_slice(&content);
    must(store_begin(b->store, &err), &err);
    must(store_add_watchlist(b->store, &row, &b->watchlist, &is_new, &err), &err);
    must(store_commit(b->store, &err), &err);
    buf_release(&content);
}

static int64_t add_article(struct bench *b, long story, int copy, int64_t at)
{
    char url[96] = "", title[96] = "", text[4096], outlet[32] = "";
    size_t n =
        (size_t)snprintf(text, sizeof(text),
                         "They said that the lamp at Lantern Bay is dark in year %ld now. ", story);
    struct article_row row = {.language = SLICE("en"),
                              .access = SLICE("open"),
                              .published_at = at,
                              .published_precision = DATE_SECOND,
                              .first_seen_at = at + 60,
                              .fetched_at = at + 60};
    struct article_text body;
    struct ww_error err = {0};
    bool is_new;
    int64_t id;

    for (long i = 0; n + 80 < sizeof(text) && i < 60; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "word%ld of that place and %ld boats. ",
                              (story * 31 + i * 7) % 9973, i + copy);
    (void)snprintf(title, sizeof(title), "A light goes out at Lantern Bay, %ld, %d", story, copy);
    (void)snprintf(outlet, sizeof(outlet), "Outlet %ld", (story + copy) % 40);
    (void)snprintf(url, sizeof(url), "https://outlet-%ld.example/%ld-%d", (story + copy) % 40,
                   story, copy);
    row.title = slice_from(title);
    row.outlet = slice_from(outlet);
    row.url = row.canonical = slice_from(url);
    body = (struct article_text){
        .text = {text, n}
    };
    must(store_add_article(b->store, &row, &body, &id, &is_new, &err), &err);
    return id;
}

static void add_alert(struct bench *b, int64_t story, int64_t article, long item, int64_t at)
{
    char id[32] = "", name[48] = "";
    struct mention_row mention = {.article_id = article,
                                  .watchlist_id = b->watchlist,
                                  .kind = SLICE("site"),
                                  .alias = SLICE("Lantern Bay"),
                                  .rule = SLICE("place near term"),
                                  .field = MENTION_TEXT,
                                  .start = 27,
                                  .end = 38,
                                  .sentence_end = 60,
                                  .quote = SLICE("Lantern Bay")};
    struct alert_row alert = {.story_id = story,
                              .article_id = article,
                              .watchlist_id = b->watchlist,
                              .item_kind = SLICE("site"),
                              .country = SLICE("IE"),
                              .severity = (enum alert_severity)(1 + item % 3),
                              .created_at = at};
    struct ww_error err = {0};
    bool is_new;

    (void)snprintf(id, sizeof(id), "item-%ld", item);
    (void)snprintf(name, sizeof(name), "Lantern %ld", item);
    mention.item = alert.item = slice_from(id);
    alert.item_name = slice_from(name);
    must(store_add_mention(b->store, &mention, &alert.mention_id, &err), &err);
    must(store_add_alert(b->store, &alert, &alert.id, &is_new, &err), &err);
}

static void fill(struct bench *b, long n)
{
    struct ww_error err = {0};

    must(store_begin(b->store, &err), &err);
    for (long i = 0; i < n; i++) {
        const int64_t at = NOW - (int64_t)(n - i) * 360 * 86400 / n;
        const int64_t first = add_article(b, i, 0, at), second = add_article(b, i, 1, at + 3600);
        const struct relation_row relation = {.article_id = second,
                                              .other_id = first,
                                              .kind = SLICE("near"),
                                              .jaccard = 0.8,
                                              .containment = 0.9,
                                              .n_shared = 90,
                                              .n_own = 100,
                                              .n_other = 100};
        int64_t story;

        must(store_add_story(b->store, first, at + 60, &story, &err), &err);
        must(store_join_story(b->store, story, second, at + 3660, &err), &err);
        must(store_add_relation(b->store, &relation, &err), &err);
        add_alert(b, story, first, i % N_ITEMS, at + 120);
        add_alert(b, story, first, (i + 1 + i % 7) % N_ITEMS, at + 120);
    }
    must(store_commit(b->store, &err), &err);
}

static double write_site(struct bench *b, struct report_summary *done)
{
    const struct report_options options = {
        .folder = b->site, .timezone = SLICE("Europe/Dublin"), .now = NOW, .days = 366};
    struct ww_error err = {0};
    const double begun = bench_cpu_s();

    must(report_write(b->store, &options, done, &err), &err);
    return bench_cpu_s() - begun;
}

/* What the disk takes of it at least. */
static double write_files(const struct bench *b, size_t n)
{
    char page[PAGE_BYTES], path[128], part[128];
    const double begun = bench_cpu_s();

    memset(page, 'x', sizeof(page));
    (void)snprintf(part, sizeof(part), "%s/part", b->folder);
    for (size_t i = 0; i < n; i++) {
        const int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0644);

        if (fd < 0 || write(fd, page, sizeof(page)) != (ssize_t)sizeof(page) || close(fd) != 0)
            exit(1);
        (void)snprintf(path, sizeof(path), "%s/%zu.html", b->folder, i);
        (void)rename(part, path);
    }
    return bench_cpu_s() - begun;
}

static long memory_kb(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(void)
{
    const long n = bench_number("WW_BENCH_STORIES", 5000);
    struct bench b = {0};
    struct report_summary first, again, more;
    double first_s, again_s, more_s, files_s;
    long before_kb;
    char text[128], command[96];

    open_store(&b);
    fill(&b, n);
    before_kb = memory_kb();
    first_s = write_site(&b, &first);
    (void)snprintf(text, sizeof(text), "report of a year, %zu stories, %zu alerts, %zu pages",
                   first.n_stories, first.n_alerts, first.n_written);
    files_s = write_files(&b, first.n_written);
    bench_report(text, first_s, files_s, "s of CPU", false);
    bench_report("  memory it takes (peer: what the filled store takes)",
                 (double)(memory_kb() - before_kb) / 1024, (double)before_kb / 1024, "MiB", false);
    again_s = write_site(&b, &again);
    (void)snprintf(text, sizeof(text), "  again, %zu pages written", again.n_written);
    bench_report(text, again_s, first_s, "s of CPU", false);
    {
        struct ww_error err = {0};

        must(store_begin(b.store, &err), &err);
        add_alert(&b, 1, 1, N_ITEMS, NOW - 60);
        must(store_commit(b.store, &err), &err);
    }
    more_s = write_site(&b, &more);
    (void)snprintf(text, sizeof(text), "  after one more alert, %zu pages written", more.n_written);
    bench_report(text, more_s, first_s, "s of CPU", false);
    store_close(b.store);
    if (getenv("WW_BENCH_KEEP") == NULL) {
        (void)snprintf(command, sizeof(command), "rm -rf %s", b.folder);
        return system(command) == 0 ? 0 : 1;
    }
    (void)fprintf(stderr, "kept: %s\n", b.folder);
    return 0;
}

/* store_stats.c - how much there is of everything. */
#include "base/attrs.h"
#include "storage/rows.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

static int64_t file_bytes(const char *path, const char *suffix)
{
    char name[PATH_MAX];
    struct stat info;
    int n = snprintf(name, sizeof(name), "%s%s", path, suffix);

    return n > 0 && (size_t)n < sizeof(name) && stat(name, &info) == 0 ? (int64_t)info.st_size : 0;
}

enum ww_status store_read_stats(struct store *s, struct store_stats *out, struct ww_error *err)
{
    int64_t file[4], feeds[8], pages[4], articles[4], texts[1], bodies[2], facts[6], messages[3],
        runs[3], history[4], archive[3];
    const struct {
        enum query query;
        int64_t *numbers;
        size_t n_numbers;
    } parts[] = {
        {QUERY_STATS_FILE,     file,     WW_COUNT(file)    },
        {QUERY_STATS_FEEDS,    feeds,    WW_COUNT(feeds)   },
        {QUERY_STATS_PAGES,    pages,    WW_COUNT(pages)   },
        {QUERY_STATS_ARTICLES, articles, WW_COUNT(articles)},
        {QUERY_STATS_TEXTS,    texts,    WW_COUNT(texts)   },
        {QUERY_STATS_BODIES,   bodies,   WW_COUNT(bodies)  },
        {QUERY_STATS_FACTS,    facts,    WW_COUNT(facts)   },
        {QUERY_STATS_MESSAGES, messages, WW_COUNT(messages)},
        {QUERY_STATS_RUNS,     runs,     WW_COUNT(runs)    },
        {QUERY_STATS_HISTORY,  history,  WW_COUNT(history) },
        {QUERY_STATS_ARCHIVE,  archive,  WW_COUNT(archive) },
    };

    *out = (struct store_stats){0};
    for (size_t i = 0; i < WW_COUNT(parts); i++) {
        enum ww_status status =
            row_numbers(s, parts[i].query, NULL, 0, parts[i].numbers, parts[i].n_numbers, err);

        if (status != WW_OK)
            return status;
    }
    *out = (struct store_stats){
        .schema_version = file[0],
        .file_bytes = file[1] * file[2],
        .wal_bytes = file_bytes(store_path(s), "-wal"), /* a server's is of all its databases */
        .page_bytes = file[2],
        .n_free_pages = file[3],
        .n_feeds = feeds[0],
        .n_feeds_active = feeds[1],
        .n_feeds_gone = feeds[2],
        .n_feeds_paused = feeds[3],
        .n_feeds_new = feeds[4],
        .n_feeds_retrying = feeds[5],
        .n_feeds_failing = feeds[6],
        .n_feeds_stale = feeds[7],
        .n_entries = facts[0],
        .n_pages = pages[0],
        .n_pages_queued = pages[1],
        .n_pages_failed = pages[2],
        .n_pages_quarantined = pages[3],
        .n_articles = articles[0],
        .n_articles_historic = articles[1],
        .n_articles_unscanned = articles[2],
        .n_stories = facts[1],
        .n_mentions = facts[2],
        .n_candidates = facts[3],
        .n_alerts = facts[4],
        .n_watchlists = facts[5],
        .n_messages = messages[0],
        .n_messages_waiting = messages[1],
        .n_messages_failed = messages[2],
        .n_runs = runs[0],
        .last_run_at = runs[1],
        .last_good_run_at = runs[2],
        .text_bytes = articles[3],
        .text_stored_bytes = texts[0],
        .n_backfills = history[0],
        .n_backfills_open = history[1],
        .n_finds = history[2],
        .n_finds_waiting = history[3],
        .n_bodies = bodies[0],
        .body_stored_bytes = bodies[1],
        .n_archive_files = archive[0],
        .n_archive_records = archive[1],
        .archive_bytes = archive[2],
    };
    return WW_OK;
}

enum ww_status store_read_standing(struct store *s, struct store_stats *out, struct ww_error *err)
{
    int64_t feeds[8], pages[4];
    enum ww_status status = row_numbers(s, QUERY_STATS_FEEDS, NULL, 0, feeds, WW_COUNT(feeds), err);

    *out = (struct store_stats){0};
    if (status == WW_OK)
        status = row_numbers(s, QUERY_STATS_PAGES, NULL, 0, pages, WW_COUNT(pages), err);
    if (status != WW_OK)
        return status;
    *out = (struct store_stats){.n_feeds = feeds[0],
                                .n_feeds_active = feeds[1],
                                .n_feeds_gone = feeds[2],
                                .n_feeds_paused = feeds[3],
                                .n_feeds_new = feeds[4],
                                .n_feeds_retrying = feeds[5],
                                .n_feeds_failing = feeds[6],
                                .n_feeds_stale = feeds[7],
                                .n_pages = pages[0],
                                .n_pages_queued = pages[1],
                                .n_pages_failed = pages[2],
                                .n_pages_quarantined = pages[3]};
    return WW_OK;
}

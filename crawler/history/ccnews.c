/* ccnews.c - which files of the news crawl are of the window, and which of their records. */
#include "crawler/history/ccnews.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/history/documents.h"
#include "crawler/history/source_parts.h"
#include "crawler/history/warc.h"
#include "storage/store.h"
#include "storage/store_history.h"

#include <stdlib.h>

#define FORMAT SLICE("ccnews")
#define PATH_FORMAT SLICE("ccnews-month")
/* Its first file is of 26 August 2016. */
#define BEGINS_AT 1472169600
#define DAY_S 86400
/* What fails so often is given up: a file in commands, a month's list in answers. */
#define TRIES_MAX 3

struct stream {
    const struct ccnews_options *options;
    struct ccnews_summary *out;
    struct backfill *backfill; /* NULL: it is only counted */
    struct ranged ranged;
    int64_t since_at, until_at; /* of capture */
    struct slice *hosts;
    size_t n_hosts;
    bool was_refused;            /* the last file */
    struct ww_error passed_over; /* why the last one was that is left to the next command */
    struct arena arena;          /* of the order */
    struct arena month;          /* of the month in hand */
    struct arena scratch;        /* of one record */
};

/* What the source says of itself in messages about words. */
static const struct source words_of = {.name = "ccnews", .words = "HOST..."};

/* ---- what is asked for ----------------------------------------------------------------------- */

/* A word is a host with all below it; www. is as good as the site. */
static enum ww_status read_words(const struct backfill_row *order, struct arena *arena,
                                 struct slice **hosts, size_t *n_hosts, struct ww_error *err)
{
    enum ww_status status = source_words(order, &words_of, true, arena, hosts, n_hosts, err);

    for (size_t i = 0; status == WW_OK && i < *n_hosts; i++) {
        struct slice *host = &(*hosts)[i], address;

        status = source_address(&words_of, *host, arena, &address, err);
        if (status != WW_OK)
            break;
        *host = url_host(address, arena);
        if (slice_starts(*host, SLICE("www.")))
            *host = slice_skip(*host, strlen("www."));
    }
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* A page is met within a day of its publication: the crawl asks news feeds. */
static enum ww_status read_window(const struct backfill_row *order, int64_t now, int64_t *since_at,
                                  int64_t *until_at, struct ww_error *err)
{
    if (order->since_at <= 0)
        return ww_fail(err, WW_INVALID,
                       "ccnews wants a window (--since): a day of it is some 20 GB");
    *since_at = order->since_at > BEGINS_AT ? order->since_at : (int64_t)BEGINS_AT;
    *until_at = order->until_at > 0 ? order->until_at + CCNEWS_LATE_S : now;
    if (*until_at > now)
        *until_at = now;
    if (*until_at <= *since_at)
        return ww_fail(err, WW_INVALID,
                       "ccnews begins in August 2016 and ends today: nothing is of that time");
    return WW_OK;
}

enum ww_status ccnews_check(const struct backfill_row *order, int64_t now, struct arena *arena,
                            struct ww_error *err)
{
    struct slice *hosts;
    size_t n_hosts;
    int64_t since_at, until_at;
    enum ww_status status = read_words(order, arena, &hosts, &n_hosts, err);

    return status == WW_OK ? read_window(order, now, &since_at, &until_at, err) : status;
}

static bool is_host_of(struct slice host, struct slice asked)
{
    return slice_ends_nocase(host, asked) &&
           (host.len == asked.len || host.ptr[host.len - asked.len - 1] == '.');
}

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

static bool wants(void *context, const struct warc_record *head)
{
    struct stream *s = context;
    struct url url;

    if (head->captured_at != 0 &&
        (head->captured_at < s->since_at || head->captured_at >= s->until_at))
        return false;
    if (s->n_hosts == 0)
        return true;
    url_split(head->target, &url);
    if (!is_ascii(url.host)) {
        arena_reset(&s->scratch);
        url.host = url_host(head->target, &s->scratch);
    }
    for (size_t i = 0; i < s->n_hosts; i++)
        if (is_host_of(url.host, s->hosts[i]))
            return true;
    return false;
}

/* ---- which files ----------------------------------------------------------------------------- */

struct news_file {
    struct slice path;
    int64_t at; /* when it was begun */
};

static int compare_newest(const void *a, const void *b)
{
    return slice_compare(((const struct news_file *)b)->path, ((const struct news_file *)a)->path);
}

/* ".../CC-NEWS-20220901003456-00123.warc.gz": the time; 0: it is no such name. */
static int64_t time_of(struct slice path)
{
    const struct slice name = slice_skip(path, slice_find_last_char(path, '/') + 1);
    struct slice digits = slice_sub(name, strlen("CC-NEWS-"), 14);
    int64_t at[6] = {0}, days;

    if (!slice_starts(name, SLICE("CC-NEWS-")) || !slice_ends(name, SLICE(".warc.gz")) ||
        digits.len != 14)
        return 0;
    for (size_t i = 0; i < 14; i++) {
        const size_t part = i < 4 ? 0 : (i - 2) / 2;

        if (!ascii_is_digit(digits.ptr[i]))
            return 0;
        at[part] = at[part] * 10 + (digits.ptr[i] - '0');
    }
    if (!date_from_civil(at[0], (unsigned)at[1], (unsigned)at[2], &days) || at[3] > 23 ||
        at[4] > 59 || at[5] > 60)
        return 0;
    return days * DAY_S + at[3] * 3600 + at[4] * 60 + at[5];
}

/* A path below that month's folder, of plain letters: it becomes part of an address. */
static bool is_path(struct slice path, struct slice folder)
{
    const struct slice name = slice_skip(path, folder.len);

    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_letter(name.ptr[i]) && !ascii_is_digit(name.ptr[i]) && name.ptr[i] != '-' &&
            name.ptr[i] != '.')
            return false;
    return slice_starts(path, folder) && name.len > 0;
}

static enum ww_status list_files(struct stream *s, struct slice text, struct slice folder,
                                 struct news_file **out, size_t *n_out, struct ww_error *err)
{
    struct news_file *files = NULL;
    size_t n = 0, capacity = 0, n_bad = 0;
    struct slice line;

    while (slice_next_line(&text, &line)) {
        int64_t at;

        line = slice_trim(line);
        at = is_path(line, folder) ? time_of(line) : 0;
        n_bad += line.len > 0 && at == 0;
        /* It holds what was captured from then on, for an hour or so. */
        if (at == 0 || at >= s->until_at || at < s->since_at - CCNEWS_FILE_S)
            continue;
        if (n == CCNEWS_FILES_MAX)
            return ww_fail(err, WW_TOO_BIG, "more than %d files in %.*s", CCNEWS_FILES_MAX,
                           SLICE_ARG(folder));
        files = arena_grow(&s->month, files, n, &capacity, sizeof *files);
        if (files == NULL)
            return arena_check(&s->month, err);
        files[n++] = (struct news_file){arena_copy(&s->month, line), at};
    }
    if (n_bad > 0)
        log_event(s->options->means.log, LOG_WARN, "backfill", "list=%.*s bad_lines=%zu",
                  SLICE_ARG(folder), n_bad);
    if (n > 1)
        qsort(files, n, sizeof *files, compare_newest);
    *out = files;
    *n_out = n;
    return arena_check(&s->month, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Others want to write while a server is waited for. */
static enum ww_status rest(void *context, struct ww_error *err)
{
    struct stream *s = context;

    return s->backfill != NULL ? backfill_rest(s->backfill, err)
                               : store_keep(s->options->store, err);
}

/* What is not there is a row of the backfill's lists that has failed. */
static enum ww_status note_missing(struct stream *s, struct slice url, struct slice format,
                                   const struct ww_error *why, struct ww_error *err)
{
    int64_t from;
    enum ww_status status;

    s->out->n_missing++;
    log_event(s->options->means.log, LOG_WARN, "backfill", "list=%.*s error=%s", SLICE_ARG(url),
              why->message);
    if (s->backfill == NULL)
        return WW_OK;
    status = backfill_begin_file(s->backfill, url, format, &from, err);
    if (status == WW_OK)
        status = backfill_end_file(s->backfill, why, err);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* The row of a file, which is made when there is none. In a transaction, which the next wait ends.
 */
static enum ww_status file_row(struct stream *s, struct slice url, struct list_row *out,
                               struct ww_error *err)
{
    struct store *store = s->options->store;
    const struct list_row row = {
        .backfill_id = s->options->order->id, .url = url, .format = FORMAT, .n_left = -1};
    int64_t id = 0;
    bool is_new = false;
    enum ww_status status = store_is_writing(store) ? WW_OK : store_begin(store, err);

    if (status == WW_OK)
        status = store_add_list(store, &row, &id, &is_new, err);
    return status == WW_OK ? store_list(store, id, &s->month, out, err) : status;
}

/* A command in vain is counted; from the beginning, when it got further than the one before. */
static enum ww_status count_try(struct stream *s, const struct list_row *before, struct slice url,
                                const struct ww_error *why, int64_t *n_tries, struct ww_error *err)
{
    struct list_row row = {0};
    enum ww_status status = backfill_finish(s->backfill, err); /* the cursor is where it ends */

    if (status == WW_OK)
        status = file_row(s, url, &row, err);
    if (status != WW_OK)
        return status;
    *n_tries = slice_equal(row.cursor, before->cursor) ? before->n_tries + 1 : 1;
    row.n_tries = *n_tries;
    row.last_status = s->ranged.answer.http_status;
    row.last_error = slice_from(why->message);
    status = store_update_list(s->options->store, &row, err);
    return status == WW_OK ? rest(s, err) : status;
}

static enum ww_status give_up(struct stream *s, struct slice url, bool is_begun,
                              const struct ww_error *why, struct ww_error *err)
{
    if (!is_begun)
        return note_missing(s, url, FORMAT, why, err);
    s->out->n_missing++;
    log_event(s->options->means.log, LOG_WARN, "backfill", "list=%.*s error=%s", SLICE_ARG(url),
              why->message);
    return backfill_end_file(s->backfill, why, err);
}

/*
 * Is it the server that does not answer, or is it the file? One that is gone is given up at once,
 * another after some commands, and the next one's turn comes. Refused, it is passed over until the
 * next command; refused twice in a row, it is the server. WW_OK: go on.
 */
static enum ww_status judge_file(struct stream *s, const struct list_row *row, struct slice url,
                                 bool is_begun, enum ww_status status, const struct ww_error *why,
                                 struct ww_error *err)
{
    const long answer = s->ranged.answer.http_status;
    const bool is_answer = !is_begun || !s->ranged.has_part; /* or a failure of ours */
    const bool is_gone =
        (status == WW_NOT_FOUND || status == WW_UNREACHABLE) && (answer == 404 || answer == 410);
    const bool is_refused = status == WW_REFUSED && answer == 403;
    int64_t n_tries = 0;
    enum ww_status counted;

    if (is_answer && is_gone) {
        s->was_refused = false;
        return give_up(s, url, is_begun, why, err);
    }
    if (!is_answer || (status != WW_UNREACHABLE && !is_refused) || (is_refused && s->was_refused))
        return ww_fail(err, status, "%s", why->message);
    s->was_refused = is_refused;
    counted = count_try(s, row, url, why, &n_tries, err);
    if (counted != WW_OK)
        return counted;
    if (n_tries >= TRIES_MAX)
        return give_up(s, url, is_begun, why, err);
    if (!is_refused || is_begun)
        return ww_fail(err, status, "%s", why->message);
    s->passed_over = *why;
    return WW_OK;
}

/* *is_whole is false when it was stopped. */
static enum ww_status read_file(struct stream *s, struct slice url, bool *is_whole,
                                struct ww_error *err)
{
    struct warc_options options = {
        .path = url, .provenance = FORMAT, .waits_to_read = true, .wants = wants, .context = s};
    struct warc_source source;
    struct list_row row = {0};
    struct ww_error why = {0};
    int64_t read_to = 0;
    enum ww_status status = file_row(s, url, &row, err);

    *is_whole = true;
    if (status != WW_OK)
        return status;
    if (row.state != LIST_QUEUED) { /* by an earlier run of this backfill */
        s->out->n_files_read++;
        return WW_OK;
    }
    status = ranged_begin(&s->ranged, url, &source, &why);
    if (status != WW_OK)
        return judge_file(s, &row, url, false, status, &why, err);
    s->was_refused = false;
    status = backfill_begin_file(s->backfill, url, FORMAT, &options.from, err);
    if (status != WW_OK)
        return status;
    status = warc_documents(s->backfill, &source, &options, &read_to, is_whole, &why);
    if (status != WW_OK) {
        *is_whole = true; /* nobody stopped it: the next one's turn may come */
        return judge_file(s, &row, url, true, status, &why, err);
    }
    if (!*is_whole)
        return WW_OK;
    s->out->n_files_read++;
    return backfill_end_file(s->backfill, NULL, err);
}

static enum ww_status read_files(struct stream *s, const struct news_file *files, size_t n_files,
                                 struct ww_error *err)
{
    bool is_whole = true;
    enum ww_status status = WW_OK;

    s->out->n_files += (int64_t)n_files;
    for (size_t i = 0; status == WW_OK && is_whole && s->backfill != NULL && i < n_files; i++)
        status = read_file(s,
                           arena_printf(&s->month, "%.*s/%.*s", SLICE_ARG(s->options->base),
                                        SLICE_ARG(files[i].path)),
                           &is_whole, err);
    s->ranged.is_over = s->ranged.is_over || !is_whole;
    return status;
}

/* All paths of a month, in s->scratch when they came packed. What comes damaged is asked for again:
 * a backfill may be done without a month that has failed. */
static enum ww_status get_paths(struct stream *s, struct slice url, struct slice *body,
                                bool *is_damaged, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *is_damaged = true;
    for (int i = 0; *is_damaged && i < TRIES_MAX; i++) {
        *is_damaged = false;
        status = ranged_get(&s->ranged, url, body, err);
        if (status != WW_OK || !inflate_is_gzip(*body))
            return status;
        arena_reset(&s->scratch);
        status = inflate_all(*body, CCNEWS_PATHS_MAX_BYTES, &s->scratch, body, err);
        *is_damaged = status != WW_OK && status != WW_NOMEM;
    }
    return status;
}

static enum ww_status read_month(struct stream *s, int64_t year, unsigned month,
                                 struct ww_error *err)
{
    const struct slice folder =
        arena_printf(&s->month, "crawl-data/CC-NEWS/%04lld/%02u/", (long long)year, month);
    const struct slice url = arena_printf(&s->month, "%.*s/%.*swarc.paths.gz",
                                          SLICE_ARG(s->options->base), SLICE_ARG(folder));
    struct news_file *files = NULL;
    struct slice body = {"", 0};
    struct ww_error why = {0};
    size_t n_files = 0;
    bool is_damaged = false;
    enum ww_status status = arena_check(&s->month, err);

    if (status != WW_OK)
        return status;
    status = get_paths(s, url, &body, &is_damaged, &why);
    if (status != WW_OK && status != WW_NOT_FOUND && !is_damaged)
        return ww_fail(err, status, "%s", why.message);
    if (status == WW_OK)
        status = list_files(s, body, folder, &files, &n_files, &why);
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    if (status != WW_OK)
        return note_missing(s, url, PATH_FORMAT, &why, err);
    s->out->n_months++;
    return read_files(s, files, n_files, err);
}

/* Newest first. */
static enum ww_status read_months(struct stream *s, struct ww_error *err)
{
    const int64_t first_day = (s->since_at - CCNEWS_FILE_S) / DAY_S;
    int64_t day = (s->until_at - 1) / DAY_S, year;
    unsigned month, of_month;
    enum ww_status status = WW_OK;

    do {
        date_to_civil(day, &year, &month, &of_month);
        arena_reset(&s->month);
        status = read_month(s, year, month, err);
        day -= of_month; /* the last of the month before */
    } while (status == WW_OK && !s->ranged.is_over && day >= first_day);
    return status;
}

static enum ww_status work(struct backfill *b, const struct ccnews_options *options,
                           struct ccnews_summary *out, struct ww_error *err)
{
    struct stream s = {.options = options, .out = out, .backfill = b};
    struct ranged_means means = options->means;
    enum ww_status status;

    *out = (struct ccnews_summary){0};
    if (means.pause_ms == 0)
        means.pause_ms = CCNEWS_PAUSE_MS;
    means.rest = rest;
    means.rest_context = &s;
    arena_init(&s.arena, CCNEWS_ARENA_MAX_BYTES);
    arena_init(&s.month, CCNEWS_ARENA_MAX_BYTES);
    arena_init(&s.scratch, CCNEWS_ARENA_MAX_BYTES);
    status = read_words(options->order, &s.arena, &s.hosts, &s.n_hosts, err);
    if (status == WW_OK)
        status = read_window(options->order, clock_now(means.clock), &s.since_at, &s.until_at, err);
    if (status == WW_OK)
        status = ranged_open(&s.ranged, &means, err);
    if (status == WW_OK)
        status = read_months(&s, err);
    if (status == WW_CONFLICT && s.ranged.is_over)
        status = WW_OK;
    if (status == WW_OK && !s.ranged.is_over && s.passed_over.message[0] != '\0')
        status = ww_fail(err, WW_REFUSED, "%s", s.passed_over.message);
    out->n_requests = s.ranged.n_requests;
    out->n_bytes = s.ranged.n_bytes;
    out->was_stopped = s.ranged.is_over;
    ranged_close(&s.ranged);
    arena_release(&s.scratch);
    arena_release(&s.month);
    arena_release(&s.arena);
    return status;
}

enum ww_status ccnews_count(const struct ccnews_options *options, struct ccnews_summary *out,
                            struct ww_error *err)
{
    return work(NULL, options, out, err);
}

enum ww_status ccnews_documents(struct backfill *b, const struct ccnews_options *options,
                                struct ccnews_summary *out, struct ww_error *err)
{
    return work(b, options, out, err);
}

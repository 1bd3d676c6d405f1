/*
 * source_days.c - lists of what the whole world's press wrote: Media Cloud's, one a day, and
 * GDELT's answers to a query, by windows that are halved until each says all it has.
 */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"

#define DAY "mediacloud-day"
#define WINDOW "gdelt-window"

#define DAY_S 86400
/* 18 February 2022; 1 January 2017. */
#define MEDIACLOUD_BEGINS_AT 1645142400
#define GDELT_BEGINS_AT 1483228800

/* ---- Media Cloud ----------------------------------------------------------------------------- */

/* The words, if there are any, are sites: only their pages are taken. */
static enum ww_status begin_days(const struct source_context *context, struct arena *arena,
                                 struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    const struct backfill_row *order = context->order;
    struct source_lists rows = {.arena = arena};
    struct slice *words = NULL, address;
    size_t n_words = 0;
    char text[DATE_TEXT_BYTES];
    int64_t first = order->since_at - order->since_at % DAY_S;
    int64_t last = order->until_at > 0 ? order->until_at - 1 + MEDIACLOUD_LATE_S : context->now;
    /* Yesterday's is there after one o'clock. */
    const int64_t newest = context->now - 3600 - DAY_S;
    enum ww_status status =
        source_words(order, &source_mediacloud, true, arena, &words, &n_words, err);

    for (size_t i = 0; status == WW_OK && i < n_words; i++)
        status = source_address(&source_mediacloud, words[i], arena, &address, err);
    if (status != WW_OK)
        return status;
    first = first < MEDIACLOUD_BEGINS_AT ? MEDIACLOUD_BEGINS_AT : first;
    last = last < newest ? last : newest;
    for (int64_t at = last - last % DAY_S; at >= first && rows.n_rows < DAYS_MAX; at -= DAY_S) {
        (void)date_format(at, text);
        source_add_row(&rows,
                       arena_printf(arena, "%.*s/mc-%.10s.rss.gz",
                                    SLICE_ARG(context->bases->mediacloud), text),
                       DAY, at);
    }
    if (rows.n_rows == 0 && !arena->failed)
        return ww_fail(err, WW_INVALID,
                       "mediacloud has a list for each day from 2022-02-18 to yesterday, and none"
                       " of that time");
    return source_begun(&rows, lists, n_lists, err);
}

static enum ww_status ask_day(const struct source_context *context, const struct list_row *list,
                              struct arena *arena, struct list_question *out, struct ww_error *err)
{
    WW_UNUSED(context);
    WW_UNUSED(arena);
    if (!source_is_format(list, DAY))
        return ww_fail(err, WW_INVALID, "mediacloud: no list of the kind '%.*s'",
                       SLICE_ARG(list->format));
    *out = (struct list_question){.url = list->url,
                                  .accept = "*/*",
                                  .format = FINDS_MEDIACLOUD,
                                  .pause_ms = DAYS_PAUSE_MS,
                                  .is_archive = true};
    return WW_OK;
}

static enum ww_status read_day(const struct source_context *context, const struct list_row *list,
                               const struct list_answer *answer, struct arena *arena,
                               struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;

    source_work_begin(&w, context, list, answer, arena, out);
    if (source_is_gone(&w)) {
        source_give_up(&w, "there is no list of that day"); /* a gap, and told as one */
    } else if (source_archive_answered(&w)) {
        source_add_finds(&w, slice_trim(context->order->target).len > 0 ? WANT_SITE | WANT_WINDOW
                                                                        : WANT_WINDOW);
        w.n_foreign = 0; /* that is what they were named for */
        if (w.finds->is_cut)
            source_note(&w, "breaks off");
    }
    return source_work_end(&w, err);
}

const struct source source_mediacloud = {
    .name = "mediacloud",
    .words = "[HOST]...",
    .begin = begin_days,
    .ask = ask_day,
    .read = read_day,
    .needs_window = true,
    .matches_first = true,
};

/* ---- GDELT ----------------------------------------------------------------------------------- */

/* Words without an operator or quotes of their own, and more than one of them, are a phrase. */
static bool is_phrase(struct slice word)
{
    bool has_blank = false;

    for (size_t i = 0; i < word.len; i++) {
        if (strchr("\":()<>", word.ptr[i]) != NULL)
            return false;
        has_blank = has_blank || ascii_is_space(word.ptr[i]);
    }
    return has_blank && !slice_contains(word, SLICE(" OR "));
}

/* The words of the command, all of which have to be there. */
static enum ww_status query_of(const struct backfill_row *order, struct arena *arena,
                               struct slice *out, struct ww_error *err)
{
    struct slice *words = NULL;
    size_t n_words = 0;
    enum ww_status status = source_words(order, &source_gdelt, false, arena, &words, &n_words, err);

    *out = (struct slice){"", 0};
    for (size_t i = 0; status == WW_OK && i < n_words; i++) {
        const char *quote = is_phrase(words[i]) ? "\"" : "";

        *out = arena_printf(arena, "%.*s%s%s%.*s%s", SLICE_ARG(*out), i > 0 ? " " : "", quote,
                            SLICE_ARG(words[i]), quote);
    }
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* The seconds from since to until - 1; enddatetime is the last one. */
static void add_window(struct source_lists *lists, const struct source_context *context,
                       struct slice query, int64_t since, int64_t until)
{
    struct arena *arena = lists->arena;
    char stamp[SOURCE_STAMP_BYTES];
    struct slice url = arena_printf(arena, "%.*s/api/v2/doc/doc", SLICE_ARG(context->bases->gdelt));

    url = source_with(url, "query", query, arena);
    url = source_with(url, "mode", SLICE("artlist"), arena);
    url = source_with(url, "format", SLICE("json"), arena);
    url = source_with(url, "maxrecords", arena_printf(arena, "%d", GDELT_ROWS), arena);
    url = source_with(url, "sort", SLICE("datedesc"), arena);
    url = source_with(url, "startdatetime", slice_from(source_stamp(since, stamp)), arena);
    url = source_with(url, "enddatetime", slice_from(source_stamp(until - 1, stamp)), arena);
    source_add_row(lists, url, WINDOW, until);
    if (lists->n_rows > 0) /* what it spans, for the halves */
        lists->rows[lists->n_rows - 1].cursor =
            arena_printf(arena, "%lld %lld", (long long)since, (long long)until);
}

static enum ww_status begin_windows(const struct source_context *context, struct arena *arena,
                                    struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    const struct backfill_row *order = context->order;
    struct source_lists rows = {.arena = arena};
    struct slice query;
    const int64_t since =
        order->since_at > GDELT_BEGINS_AT ? order->since_at : (int64_t)GDELT_BEGINS_AT;
    const int64_t until =
        order->until_at > 0 && order->until_at < context->now ? order->until_at : context->now;
    enum ww_status status = query_of(order, arena, &query, err);

    if (status == WW_OK && until <= since)
        return ww_fail(err, WW_INVALID,
                       "gdelt: its articles begin in January 2017, and end today: nothing is of"
                       " that time");
    if (status != WW_OK)
        return status;
    add_window(&rows, context, query, since, until);
    return source_begun(&rows, lists, n_lists, err);
}

static enum ww_status ask_window(const struct source_context *context, const struct list_row *list,
                                 struct arena *arena, struct list_question *out,
                                 struct ww_error *err)
{
    WW_UNUSED(context);
    WW_UNUSED(arena);
    if (!source_is_format(list, WINDOW))
        return ww_fail(err, WW_INVALID, "gdelt: no list of the kind '%.*s'",
                       SLICE_ARG(list->format));
    *out = (struct list_question){.url = list->url,
                                  .accept = "application/json",
                                  .format = FINDS_GDELT,
                                  .pause_ms = GDELT_PAUSE_MS,
                                  .is_archive = true};
    return WW_OK;
}

/* A window with as many articles as one answer may have has more: its halves are asked. */
static enum ww_status halve(struct source_work *w, struct ww_error *err)
{
    struct slice rest = w->list->cursor, first = {"", 0}, query;
    unsigned long long since = 0, until = 0;
    int64_t middle;
    enum ww_status status = query_of(w->context->order, w->arena, &query, err);

    if (status != WW_OK)
        return status;
    if (!slice_next(&rest, ' ', &first) || !slice_number(first, INT64_MAX / 2, &since) ||
        !slice_number(rest, INT64_MAX / 2, &until) ||
        (int64_t)until - (int64_t)since < 2 * (int64_t)GDELT_WINDOW_MIN_S) {
        source_note(w, "has more than %d articles within a moment: the rest is out of reach",
                    GDELT_ROWS);
        return WW_OK;
    }
    middle = (int64_t)since + ((int64_t)until - (int64_t)since) / 2;
    middle -= middle % GDELT_WINDOW_MIN_S;
    add_window(&w->lists, w->context, query, middle, (int64_t)until);
    add_window(&w->lists, w->context, query, (int64_t)since, middle);
    return WW_OK;
}

static enum ww_status read_window(const struct source_context *context, const struct list_row *list,
                                  const struct list_answer *answer, struct arena *arena,
                                  struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;
    enum ww_status status = WW_OK;

    source_work_begin(&w, context, list, answer, arena, out);
    if (source_archive_answered(&w)) {
        source_add_finds(&w, WANT_WINDOW);
        if (w.finds->n_rows + w.finds->n_bad >= GDELT_ROWS)
            status = halve(&w, err);
        else if (w.finds->is_cut)
            source_later(&w, "the answer breaks off behind %zu articles", w.finds->n_rows);
    }
    return status == WW_OK ? source_work_end(&w, err) : status;
}

const struct source source_gdelt = {
    .name = "gdelt",
    .words = "QUERY...",
    .begin = begin_windows,
    .ask = ask_window,
    .read = read_window,
};

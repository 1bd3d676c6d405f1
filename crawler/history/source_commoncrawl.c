/*
 * source_commoncrawl.c - captures of Common Crawl: which of its crawls may have met the window,
 * then the index of each, a page at a time. A capture is a few bytes of a WARC file.
 */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "crawler/fetch.h"

#define COLLECTIONS "commoncrawl-crawls"
#define INDEX "commoncrawl-index"
#define FIELDS "url,timestamp,filename,offset,length,status,mime,digest,languages"

#define DAY_S 86400

static enum ww_status begin(const struct source_context *context, struct arena *arena,
                            struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    struct source_lists rows = {.arena = arena};
    struct slice *words = NULL;
    struct source_match match;
    size_t n_words = 0;
    enum ww_status status =
        source_words(context->order, &source_commoncrawl, false, arena, &words, &n_words, err);

    for (size_t i = 0; status == WW_OK && i < n_words; i++)
        status = source_match(&source_commoncrawl, words[i], arena, &match, err);
    if (status != WW_OK)
        return status;
    source_add_row(
        &rows,
        arena_printf(arena, "%.*s/collinfo.json", SLICE_ARG(context->bases->commoncrawl_index)),
        COLLECTIONS, 0);
    return source_begun(&rows, lists, n_lists, err);
}

/* How many pages there are is asked first, then one by one: "page 3 0 0 17". */
static bool read_cursor(const struct list_row *list, struct source_paging *paging, int64_t *n_pages)
{
    unsigned long long n = 0;

    if (!source_read_paging(list->cursor, paging) || !slice_number(paging->rest, INT32_MAX, &n))
        return false;
    *n_pages = (int64_t)n;
    return true;
}

static enum ww_status ask(const struct source_context *context, const struct list_row *list,
                          struct arena *arena, struct list_question *out, struct ww_error *err)
{
    struct source_paging paging;
    int64_t n_pages;

    WW_UNUSED(context);
    *out = (struct list_question){.url = list->url,
                                  .accept = "application/json, */*;q=0.5",
                                  .format = FINDS_COLLECTIONS,
                                  .pause_ms = COMMONCRAWL_PAUSE_MS,
                                  .is_archive = true};
    if (source_is_format(list, INDEX) && !read_cursor(list, &paging, &n_pages)) {
        out->url = source_with(list->url, "showNumPages", SLICE("true"), arena);
        out->format = FINDS_PAGE_COUNT;
    } else if (source_is_format(list, INDEX)) {
        out->url = source_with(list->url, "page",
                               arena_printf(arena, "%lld", (long long)paging.page), arena);
        out->format = FINDS_CDX_LINES;
    } else if (!source_is_format(list, COLLECTIONS)) {
        return ww_fail(err, WW_INVALID, "commoncrawl: no list of the kind '%.*s'",
                       SLICE_ARG(list->format));
    }
    return arena_check(arena, err);
}

/* ---- which crawls ---------------------------------------------------------------------------- */

struct crawl_time {
    int64_t begin_at, end_at; /* 0: not known */
};

/* Monday of an ISO week (ISO 8601: the first week has 4 January). */
static int64_t week_begins(int64_t year, int64_t week)
{
    int64_t fourth = 0;

    (void)date_from_civil(year, 1, 4, &fourth);
    return (fourth - (fourth + 3) % 7 + (week - 1) * 7) * DAY_S; /* day 0 was a Thursday */
}

/* "CC-MAIN-2022-40"; the first ones are called by their years: "CC-MAIN-2009-2010". */
static bool time_of_name(struct slice name, struct crawl_time *out)
{
    struct slice rest, year, week;
    unsigned long long y = 0, w = 0;

    if (!slice_starts(name, SLICE("CC-MAIN-")))
        return false;
    rest = slice_skip(name, strlen("CC-MAIN-"));
    if (!slice_next(&rest, '-', &year) || !slice_number(year, 2200, &y) || y < 2000)
        return false;
    *out = (struct crawl_time){week_begins((int64_t)y, 1), week_begins((int64_t)y + 1, 1)};
    if (!slice_next(&rest, '-', &week))
        return true;
    if (!slice_number(week, 2200, &w) || w < 1)
        return false;
    if (w <= 53) {
        out->begin_at = week_begins((int64_t)y, (int64_t)w);
        out->end_at = out->begin_at + COMMONCRAWL_TAKES_S;
    } else {
        out->end_at = week_begins((int64_t)w + 1, 1);
    }
    return true;
}

/* It ended when the window had begun, and began not long after the window's end. */
static bool may_have_met(const struct backfill_row *order, const struct crawl_time *crawl)
{
    return crawl->end_at >= order->since_at &&
           (order->until_at == 0 || crawl->begin_at < order->until_at + COMMONCRAWL_LATE_S);
}

/* The name is the last part of the index's address: "/CC-MAIN-2022-40-index". */
static struct slice name_of(const struct finds_list *collection)
{
    struct slice url = collection->url;

    if (collection->name.len > 0)
        return collection->name;
    url = slice_skip(url, slice_find_last_char(url, '/') + 1);
    return slice_ends(url, SLICE("-index")) ? slice_head(url, url.len - strlen("-index")) : url;
}

static bool is_plain_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_letter(name.ptr[i]) && !ascii_is_digit(name.ptr[i]) && name.ptr[i] != '-')
            return false;
    return name.len > 0;
}

static void add_indexes(struct source_work *w, struct slice name, const struct crawl_time *crawl)
{
    const struct source_bases *bases = w->context->bases;
    struct slice *words = NULL, url;
    size_t n_words = 0;
    struct source_match match;
    char stamp[SOURCE_STAMP_BYTES];

    (void)source_words(w->context->order, &source_commoncrawl, true, w->arena, &words, &n_words,
                       NULL);
    for (size_t i = 0; i < n_words; i++) {
        if (source_match(&source_commoncrawl, words[i], w->arena, &match, NULL) != WW_OK)
            continue;
        /* At our base, not where the list says: it may be a copy of the service. */
        url = arena_printf(w->arena, "%.*s/%.*s-index", SLICE_ARG(bases->commoncrawl_index),
                           SLICE_ARG(name));
        url = source_with(url, "url", match.url, w->arena);
        url = source_with(url, "matchType", slice_from(match.type), w->arena);
        url = source_with(url, "output", SLICE("json"), w->arena);
        url = source_with(url, "filter", SLICE("=status:200"), w->arena);
        url = source_with(url, "fl", SLICE(FIELDS), w->arena);
        if (w->context->order->since_at > 0) /* a copy of before the window is of another page */
            url =
                source_with(url, "from",
                            slice_from(source_stamp(w->context->order->since_at, stamp)), w->arena);
        source_add_row(&w->lists, url, INDEX, crawl->begin_at);
    }
}

static void read_collections(struct source_work *w)
{
    size_t n_left_out = 0;

    for (size_t i = 0; i < w->finds->n_lists && !w->arena->failed; i++) {
        const struct finds_list *collection = &w->finds->lists[i];
        const struct slice name = name_of(collection);
        struct crawl_time crawl;

        if (!is_plain_name(name)) {
            n_left_out++;
            continue;
        }
        if (collection->about.precision != DATE_NONE && collection->until.precision != DATE_NONE)
            crawl = (struct crawl_time){collection->about.at, collection->until.at};
        else if (!time_of_name(name, &crawl)) {
            n_left_out++;
            continue;
        }
        if (may_have_met(w->context->order, &crawl))
            add_indexes(w, name, &crawl);
        else
            w->out->n_outside++;
    }
    if (n_left_out > 0)
        source_note(w, "%zu crawls without a name or time are left out", n_left_out);
    if (w->lists.n_rows == 0)
        source_note(w, "none of the %zu crawls is of that time", w->finds->n_lists);
}

/* ---- captures -------------------------------------------------------------------------------- */

/* "crawl-data/CC-MAIN-2022-40/...": below our base, wherever it says. */
static bool is_path(struct slice path)
{
    return path.len > 0 && path.ptr[0] != '/' && !slice_contains(path, SLICE("..")) &&
           !slice_contains(path, SLICE("://"));
}

static void take_captures(struct source_work *w, unsigned want)
{
    size_t n_unplaced = 0;

    for (size_t i = 0; i < w->finds->n_rows && !w->arena->failed; i++) {
        const struct find *find = &w->finds->rows[i];
        struct find_row *row = NULL;

        if (!is_path(find->capture) || find->length <= 0 || find->offset < 0) {
            n_unplaced++;
            continue;
        }
        if ((find->status != 0 && find->status != 200) ||
            (find->mime.len > 0 && !slice_contains_nocase(find->mime, SLICE("html"))) ||
            (find->captured.precision != DATE_NONE &&
             find->captured.at < w->context->order->since_at))
            w->out->n_outside++;
        else
            row = source_add_find(w, find, want);
        if (row == NULL)
            continue;
        row->capture =
            arena_printf(w->arena, "%.*s/%.*s", SLICE_ARG(w->context->bases->commoncrawl_data),
                         SLICE_ARG(find->capture));
        row->capture_offset = find->offset;
        row->capture_bytes = find->length;
    }
    if (n_unplaced > 0)
        source_note(w, "%zu captures without a place in a file", n_unplaced);
}

static void go_to_page(struct source_work *w, int64_t page, int64_t n_pages)
{
    const struct source_paging paging = {.word = SLICE("page"),
                                         .page = page,
                                         .rest =
                                             arena_printf(w->arena, "%lld", (long long)n_pages)};

    w->out->n_left = n_pages - page;
    if (page < n_pages && page < SOURCE_PAGES_MAX)
        source_go_on(w, source_paging_text(&paging, w->arena));
    else if (page < n_pages)
        source_give_up(w, "more than %d pages of one list", SOURCE_PAGES_MAX);
}

static void read_index(struct source_work *w)
{
    const long status = w->answer->fetched->http_status;
    struct source_paging paging = {0};
    int64_t n_pages = 0;

    if (!read_cursor(w->list, &paging, &n_pages)) {
        if (status == 404)
            w->out->n_left = 0; /* "No Captures found" */
        else if (source_archive_answered(w) && w->finds->n_pages < 0)
            source_later(w, "does not say how many pages there are");
        else if (!w->out->is_refused && !w->out->is_failed)
            go_to_page(w, 0, w->finds->n_pages);
    } else if (status == 404) { /* nothing on this page is left by the filters */
        go_to_page(w, paging.page + 1, n_pages);
    } else if (status == 400) {
        w->out->n_left = 0; /* behind the last */
    } else if (source_archive_answered(w)) {
        take_captures(w, slice_contains(w->list->url, SLICE("matchType=exact")) ? 0 : WANT_WINDOW);
        if (w->finds->is_cut)
            source_later(w, "page %lld breaks off", (long long)paging.page);
        else
            go_to_page(w, paging.page + 1, n_pages);
    }
}

static enum ww_status read(const struct source_context *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;

    source_work_begin(&w, context, list, answer, arena, out);
    if (source_is_format(list, INDEX))
        read_index(&w);
    else if (source_archive_answered(&w))
        read_collections(&w);
    return source_work_end(&w, err);
}

const struct source source_commoncrawl = {
    .name = "commoncrawl",
    .words = "HOST, ADDRESS or ADDRESS*...",
    .begin = begin,
    .ask = ask,
    .read = read,
    .copy_pause_ms = COMMONCRAWL_COPY_PAUSE_MS,
    .captures = CAPTURES_BOTH,
};

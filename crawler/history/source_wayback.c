/*
 * source_wayback.c - captures of the Wayback Machine: its index (CDX) by resume keys, and the
 * timemap of one address (RFC 7089). Copies are asked for as they were captured (id_).
 */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "crawler/fetch.h"

/* Rows of an answer: fewer, where those are more than is read of one. */
static const char *const rows_of_answer[] = {"5000", "1000", "200"};

#define CDX "cdx"
#define TIMEMAP "timemap"
#define FIELDS "timestamp,original,statuscode,mimetype,digest,length"

/* All captures of one address that differ, or one of each address of many. */
static struct slice index_of(const struct source_context *context, const struct source_match *match,
                             struct arena *arena)
{
    const struct backfill_row *order = context->order;
    char stamp[SOURCE_STAMP_BYTES];
    struct slice url =
        arena_printf(arena, "%.*s/cdx/search/cdx", SLICE_ARG(context->bases->wayback));

    url = source_with(url, "url", match->url, arena);
    url = source_with(url, "matchType", slice_from(match->type), arena);
    if (order->since_at > 0)
        url = source_with(url, "from", slice_from(source_stamp(order->since_at, stamp)), arena);
    if (order->until_at > 0)
        url = source_with(url, "to",
                          slice_from(source_stamp(order->until_at + CAPTURE_LATE_S, stamp)), arena);
    url = source_with(url, "output", SLICE("json"), arena);
    url = source_with(url, "fl", SLICE(FIELDS), arena);
    url = source_with(url, "filter", SLICE("statuscode:200"), arena);
    url = source_with(url, "filter", SLICE("mimetype:text/html"), arena);
    url = source_with(url, "collapse", match->is_exact ? SLICE("digest") : SLICE("urlkey"), arena);
    return source_with(url, "showResumeKey", SLICE("true"), arena);
}

static enum ww_status begin(const struct source_context *context, struct arena *arena,
                            struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    struct source_lists rows = {.arena = arena};
    struct slice *words = NULL, address;
    struct source_match match;
    size_t n_words = 0;
    enum ww_status status =
        source_words(context->order, &source_wayback, false, arena, &words, &n_words, err);

    for (size_t i = 0; status == WW_OK && i < n_words; i++) {
        if (slice_starts(words[i], SLICE("timemap:"))) {
            status = source_address(&source_wayback, slice_skip(words[i], strlen("timemap:")),
                                    arena, &address, err);
            if (status == WW_OK)
                source_add_row(&rows,
                               arena_printf(arena, "%.*s/web/timemap/link/%.*s",
                                            SLICE_ARG(context->bases->wayback), SLICE_ARG(address)),
                               TIMEMAP, 0);
        } else {
            status = source_match(&source_wayback, words[i], arena, &match, err);
            if (status == WW_OK)
                source_add_row(&rows, index_of(context, &match, arena), CDX, 0);
        }
    }
    return status == WW_OK ? source_begun(&rows, lists, n_lists, err) : status;
}

/* The index gives its key as it is to be sent; what could not stand in an address is escaped. */
static bool is_sendable(struct slice key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= ' ' || key.ptr[i] > '~' || strchr("\"<>&#\\^`{|}", key.ptr[i]) != NULL)
            return false;
    return true;
}

static struct source_paging paging_of(const struct list_row *list)
{
    struct source_paging paging;

    if (!source_read_paging(list->cursor, &paging))
        paging = (struct source_paging){.word = slice_from(rows_of_answer[0]), .page = 1};
    return paging;
}

static enum ww_status ask(const struct source_context *context, const struct list_row *list,
                          struct arena *arena, struct list_question *out, struct ww_error *err)
{
    const bool is_index = source_is_format(list, CDX);
    const struct source_paging paging = paging_of(list);

    WW_UNUSED(context);
    if (!is_index && !source_is_format(list, TIMEMAP))
        return ww_fail(err, WW_INVALID, "wayback: no list of the kind '%.*s'",
                       SLICE_ARG(list->format));
    *out =
        (struct list_question){.url = list->url,
                               .accept = is_index ? "application/json" : "application/link-format",
                               .format = is_index ? FINDS_CDX : FINDS_TIMEMAP,
                               .pause_ms = WAYBACK_PAUSE_MS,
                               .is_archive = true};
    if (is_index)
        out->url = source_with(list->url, "limit", paging.word, arena);
    if (is_index && paging.rest.len > 0)
        out->url = is_sendable(paging.rest)
                       ? arena_printf(arena, "%.*s&resumeKey=%.*s", SLICE_ARG(out->url),
                                      SLICE_ARG(paging.rest))
                       : source_with(out->url, "resumeKey", paging.rest, arena);
    return arena_check(arena, err);
}

/* ---- captures -------------------------------------------------------------------------------- */

/* The 14 digits in the address of a capture; empty: there are none. */
static struct slice stamp_of(struct slice capture)
{
    const size_t at = slice_find(capture, SLICE("/web/"));
    const struct slice stamp = slice_sub(capture, at + strlen("/web/"), 14);

    for (size_t i = 0; i < stamp.len; i++)
        if (!ascii_is_digit(stamp.ptr[i]))
            return (struct slice){"", 0};
    return stamp.len == 14 ? stamp : (struct slice){"", 0};
}

static bool is_page(const struct find *find)
{
    return (find->status == 0 || find->status == 200) &&
           (find->mime.len == 0 || slice_contains_nocase(find->mime, SLICE("html")));
}

static void take_captures(struct source_work *w, unsigned want)
{
    for (size_t i = 0; i < w->finds->n_rows && !w->arena->failed; i++) {
        const struct find *find = &w->finds->rows[i];
        const struct backfill_row *order = w->context->order;
        struct find_row *row = NULL;
        struct slice stamp = stamp_of(find->capture);
        char text[SOURCE_STAMP_BYTES];

        if (stamp.len == 0)
            stamp = slice_from(source_stamp(find->captured.at, text));
        if (!is_page(find) || find->captured.precision == DATE_NONE ||
            find->captured.at < order->since_at ||
            (order->until_at > 0 && find->captured.at > order->until_at + CAPTURE_LATE_S))
            w->out->n_outside++;
        else
            row = source_add_find(w, find, want);
        if (row != NULL)
            row->capture = arena_printf(w->arena, "%.*s/web/%.*sid_/%.*s",
                                        SLICE_ARG(w->context->bases->wayback), SLICE_ARG(stamp),
                                        SLICE_ARG(find->url));
    }
}

/* The same again by fewer rows, for those at the end, and the key behind them, are lost. */
static void take_smaller(struct source_work *w, struct source_paging paging)
{
    size_t i = 0;

    while (i < WW_COUNT(rows_of_answer) && !slice_equal(paging.word, slice_from(rows_of_answer[i])))
        i++;
    if (i + 1 >= WW_COUNT(rows_of_answer)) {
        source_later(w, "the answer breaks off behind %zu captures", w->finds->n_rows);
        return;
    }
    paging.word = slice_from(rows_of_answer[i + 1]);
    source_go_on(w, source_paging_text(&paging, w->arena));
}

static void read_index(struct source_work *w)
{
    const struct slice next = w->finds->next;
    struct source_paging paging = paging_of(w->list);

    take_captures(w, slice_contains(w->list->url, SLICE("matchType=exact")) ? 0 : WANT_WINDOW);
    if (w->finds->is_cut) {
        take_smaller(w, paging);
    } else if (next.len > 0 && slice_equal(next, paging.rest)) {
        source_give_up(w, "the index goes on where it was: %.*s", SLICE_ARG(slice_head(next, 120)));
    } else if (next.len > 0 && paging.page >= SOURCE_PAGES_MAX) {
        source_give_up(w, "more than %d pages of one list", SOURCE_PAGES_MAX);
    } else if (next.len > 0) {
        paging.page++;
        paging.rest = next;
        source_go_on(w, source_paging_text(&paging, w->arena));
    }
}

/* A site that the archive keeps for itself: said of it alone, so that others may be asked for. */
static bool is_closed(const struct source_work *w)
{
    return w->answer->fetched->http_status == 403 &&
           slice_contains(slice_head(buf_slice(&w->answer->fetched->body), 4096),
                          SLICE("AccessControlException"));
}

static enum ww_status read(const struct source_context *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;

    source_work_begin(&w, context, list, answer, arena, out);
    if (source_is_format(list, TIMEMAP) && source_is_gone(&w))
        source_note(&w, "there are no captures of it");
    else if (is_closed(&w))
        source_give_up(&w, "the archive does not show this site: %s", source_what_came(&w));
    else if (!source_archive_answered(&w))
        return source_work_end(&w, err);
    else if (source_is_format(list, TIMEMAP))
        take_captures(&w, 0);
    else
        read_index(&w);
    return source_work_end(&w, err);
}

const struct source source_wayback = {
    .name = "wayback",
    .words = "HOST, ADDRESS or ADDRESS*...",
    .begin = begin,
    .ask = ask,
    .read = read,
    .copy_pause_ms = WAYBACK_COPY_PAUSE_MS,
    .captures = CAPTURES_BOTH,
};

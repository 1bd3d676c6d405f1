/* source_parts.c - what an answer comes to: the sources' common part. */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/fetch.h"

#include <stdarg.h>
#include <stdio.h>

#define DAY_S 86400

void source_work_begin(struct source_work *w, const struct source_context *context,
                       const struct list_row *list, const struct list_answer *answer,
                       struct arena *arena, struct list_outcome *out)
{
    *w = (struct source_work){.context = context,
                              .list = list,
                              .answer = answer,
                              .finds = answer->finds,
                              .arena = arena,
                              .out = out,
                              .lists = {.arena = arena}};
    *out = (struct list_outcome){
        .cursor = list->cursor, .is_over = true, .n_left = -1, .message = {"", 0}
    };
}

enum ww_status source_work_end(struct source_work *w, struct ww_error *err)
{
    const struct finds *finds = w->finds;

    w->out->lists = w->lists.rows;
    w->out->n_lists = w->lists.n_rows;
    if (w->n_foreign > 0)
        source_note(w, "%zu addresses of other sites are left out: %.*s", w->n_foreign,
                    SLICE_ARG(slice_head(w->foreign, 120)));
    if (finds != NULL && finds->n_dropped > 0)
        source_note(w, "%zu rows are more than one list may have", finds->n_dropped);
    return arena_check(w->arena, err);
}

/* ---- how it ends ----------------------------------------------------------------------------- */

static void WW_PRINTF(2, 0) add_message(struct source_work *w, const char *fmt, va_list args)
{
    char text[400];
    const struct slice so_far = w->out->message;

    (void)vsnprintf(text, sizeof text, fmt, args);
    w->out->message =
        arena_printf(w->arena, "%.*s%s%s", SLICE_ARG(so_far), so_far.len > 0 ? "; " : "", text);
}

void source_note(struct source_work *w, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add_message(w, fmt, args);
    va_end(args);
}

void source_over(struct source_work *w)
{
    w->out->is_over = true;
}

void source_go_on(struct source_work *w, struct slice cursor)
{
    w->out->is_over = false;
    w->out->cursor = cursor;
}

void source_later(struct source_work *w, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add_message(w, fmt, args);
    va_end(args);
    w->out->is_over = false;
    w->out->is_failed = true;
    w->out->cursor = w->list->cursor;
}

void source_give_up(struct source_work *w, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add_message(w, fmt, args);
    va_end(args);
    w->out->is_over = true;
    w->out->is_failed = true;
}

/* ---- what came ------------------------------------------------------------------------------- */

bool source_is_read(const struct source_work *w)
{
    return w->answer->fetched->http_status == 200 && w->finds != NULL;
}

bool source_is_gone(const struct source_work *w)
{
    const long status = w->answer->fetched->http_status;

    return status == 404 || status == 410;
}

bool source_is_trouble(const struct source_work *w)
{
    const long status = w->answer->fetched->http_status;

    return status == 408 || status == 425 || status == 429 || status >= 500;
}

/* The first words of a body that is plain text, for a person. */
static void add_words(char *out, size_t size, struct slice body)
{
    size_t n = strlen(out);

    body = slice_trim(slice_head(body, 400));
    if (body.len == 0 || body.ptr[0] == '<')
        return;
    n += (size_t)snprintf(out + n, size - n, ": ");
    for (size_t i = 0; i < body.len && n + 1 < size && body.ptr[i] != '\n'; i++)
        out[n++] = (char)(body.ptr[i] < ' ' || body.ptr[i] > '~' ? '?' : body.ptr[i]);
    out[n] = '\0';
}

const char *source_what_came(struct source_work *w)
{
    const struct list_answer *answer = w->answer;

    if (answer->fetched->http_status != 200) {
        (void)snprintf(w->came, sizeof w->came, "status %ld", answer->fetched->http_status);
        add_words(w->came, sizeof w->came, buf_slice(&answer->fetched->body));
    } else {
        (void)snprintf(w->came, sizeof w->came, "%s",
                       answer->why != NULL ? answer->why->message : "nothing that can be read");
    }
    return w->came;
}

bool source_archive_answered(struct source_work *w)
{
    const long status = w->answer->fetched->http_status;

    if (status == 429 || status == 403) {
        w->out->is_refused = true;
        w->out->is_over = false;
        source_note(w, "%s", source_what_came(w));
        return false;
    }
    if (source_is_read(w) && w->finds->about.len > 0 && w->finds->n_rows == 0) {
        source_give_up(w, "%.*s", SLICE_ARG(slice_head(w->finds->about, 200)));
        return false;
    }
    if (source_is_read(w))
        return true;
    /* What is no list now may be one later: an archive in trouble says so with 200, too. */
    if (source_is_trouble(w) || status == 200)
        source_later(w, "%s", source_what_came(w));
    else
        source_give_up(w, "%s", source_what_came(w));
    return false;
}

/* ---- sites ----------------------------------------------------------------------------------- */

static void look_up_sites(struct source_work *w)
{
    struct slice *words, address;
    const struct source *source = source_find(w->context->order->source);
    size_t n = 0;

    if (source == NULL ||
        source_words(w->context->order, source, true, w->arena, &words, &n, NULL) != WW_OK)
        n = 0;
    w->sites = arena_array(w->arena, n + 1, sizeof *w->sites);
    for (size_t i = 0; w->sites != NULL && i < n; i++)
        if (source_address(source, words[i], w->arena, &address, NULL) == WW_OK)
            w->sites[w->n_sites++] = url_site(address, w->arena);
}

bool source_is_ours(struct source_work *w, struct slice url)
{
    const struct slice origin = source_origin(url);
    struct slice site;

    if (w->sites == NULL)
        look_up_sites(w);
    if (w->last_origin.len > 0 && slice_equal(origin, w->last_origin))
        return w->was_ours;
    site = url_site(url, w->arena);
    w->last_origin = origin;
    w->was_ours = false;
    for (size_t i = 0; i < w->n_sites && !w->was_ours; i++)
        w->was_ours = site.len > 0 && slice_equal(site, w->sites[i]);
    return w->was_ours;
}

/* ---- the window ------------------------------------------------------------------------------ */

struct date source_believed(const struct date *date, int64_t now)
{
    if (date->precision == DATE_NONE || date->at < 2 * DAY_S || date->at > now + 2 * DAY_S)
        return (struct date){0};
    return *date;
}

/*
 * The first and the last second that a date may mean. A day without a zone is that of any; of a
 * month the hours at its ends are not worth all of another one.
 */
static void span_of(const struct date *date, int64_t *first, int64_t *last)
{
    static const int64_t takes_s[] = {
        [DATE_NONE] = 0,    [DATE_YEAR] = 366LL * DAY_S, [DATE_MONTH] = 31LL * DAY_S,
        [DATE_DAY] = DAY_S, [DATE_MINUTE] = 60,          [DATE_SECOND] = 1};
    const bool is_any = !date->has_zone && date->precision == DATE_DAY;

    *first = date->at - (is_any ? 14 * 3600 : 0);
    *last = date->at + takes_s[date->precision] - 1 + (is_any ? 12 * 3600 : 0);
}

bool source_is_before(const struct backfill_row *order, const struct date *date)
{
    int64_t first, last;

    if (date->precision == DATE_NONE)
        return false;
    span_of(date, &first, &last);
    return last < order->since_at;
}

bool source_may_be_asked(const struct backfill_row *order, const struct date *date)
{
    int64_t first, last;

    if (date->precision == DATE_NONE)
        return true;
    span_of(date, &first, &last);
    return last >= order->since_at && (order->until_at == 0 || first < order->until_at);
}

/* n digits at *s, which is moved behind them; -1: they are not there. */
static int take_digits(struct slice *s, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (i >= s->len || !ascii_is_digit(s->ptr[i]))
            return -1;
        value = value * 10 + (s->ptr[i] - '0');
    }
    *s = slice_skip(*s, n);
    return value;
}

static bool is_word_end(struct slice s)
{
    return s.len == 0 || !ascii_is_digit(s.ptr[0]);
}

/* The beginning of a path from one of its segments on: 2022/09/14/x, 2022/09/x, 2022-09-14-x. */
static bool date_at(struct slice s, struct date *out)
{
    const int year = take_digits(&s, 4);
    const char mark = s.len > 0 ? s.ptr[0] : '\0';
    int64_t days;
    int month, day = -1;

    if (year < 1990 || year > 2100 || (mark != '/' && mark != '-'))
        return false;
    s = slice_skip(s, 1);
    month = take_digits(&s, 2);
    if (month < 0 || !is_word_end(s))
        return false;
    if (s.len > 0 && s.ptr[0] == mark) {
        s = slice_skip(s, 1);
        day = take_digits(&s, 2);
    }
    if (day >= 0 && is_word_end(s) &&
        date_from_civil(year, (unsigned)month, (unsigned)day, &days)) {
        *out = (struct date){.at = days * DAY_S, .precision = DATE_DAY};
        return true;
    }
    if (mark == '-' || !date_from_civil(year, (unsigned)month, 1, &days))
        return false;
    *out = (struct date){.at = days * DAY_S, .precision = DATE_MONTH};
    return true;
}

bool source_address_date(struct slice url, struct date *out)
{
    struct url parts;
    struct slice path;

    url_split(url, &parts);
    for (path = parts.path; path.len > 0; path = slice_skip(path, slice_find_char(path, '/'))) {
        path = slice_skip(path, 1);
        if (date_at(path, out))
            return true;
    }
    *out = (struct date){0};
    return false;
}

/* ---- finds ----------------------------------------------------------------------------------- */

static bool is_in_window(const struct source_work *w, const struct find *find,
                         const struct date *published, const struct date *modified)
{
    const struct backfill_row *order = w->context->order;
    struct date in_address;

    if (published->precision != DATE_NONE)
        return source_may_be_asked(order, published);
    /* Modified before the window is published before it. */
    if (source_is_before(order, modified))
        return false;
    return !source_address_date(find->url, &in_address) || source_may_be_asked(order, &in_address);
}

static struct find_row *new_find(struct source_work *w)
{
    struct list_outcome *out = w->out;

    out->finds =
        arena_grow(w->arena, out->finds, out->n_finds, &w->finds_capacity, sizeof *out->finds);
    if (out->finds == NULL) {
        out->n_finds = 0;
        return NULL;
    }
    return &out->finds[out->n_finds++];
}

struct find_row *source_add_find(struct source_work *w, const struct find *find, unsigned want)
{
    const struct date published = source_believed(&find->published, w->answer->now);
    const struct date modified = source_believed(&find->modified, w->answer->now);
    struct find_row *row;

    if ((want & WANT_SITE) != 0 && !source_is_ours(w, find->url)) {
        if (w->n_foreign++ == 0)
            w->foreign = find->url;
        w->out->n_outside++;
        return NULL;
    }
    if ((want & WANT_WINDOW) != 0 && !is_in_window(w, find, &published, &modified)) {
        w->out->n_outside++;
        return NULL;
    }
    row = new_find(w);
    if (row == NULL)
        return NULL;
    *row = (struct find_row){
        .url = find->url,
        .title = find->title,
        .author = find->author,
        .language = find->language,
        .published_at = published.at,
        .published_precision = published.precision,
        .modified_at = modified.at,
        .captured_at = find->captured.at,
        .text = {"", 0},
        .capture = {"", 0},
        .digest = {"", 0},
        .message = {"", 0}
    };
    if ((want & WANT_TEXT) != 0)
        row->text = find->text;
    if (find->digest.len > 0)
        row->digest = arena_printf(w->arena, "sha1:%.*s", SLICE_ARG(find->digest));
    return row;
}

void source_add_finds(struct source_work *w, unsigned want)
{
    for (size_t i = 0; i < w->finds->n_rows && !w->arena->failed; i++)
        (void)source_add_find(w, &w->finds->rows[i], want);
}

/* ---- pages of a list ------------------------------------------------------------------------- */

bool source_read_paging(struct slice cursor, struct source_paging *out)
{
    struct slice page = {"", 0}, hash = {"", 0}, oldest = {"", 0};
    unsigned long long number = 0, at = 0;

    *out = (struct source_paging){0};
    if (!slice_next(&cursor, ' ', &out->word) || !slice_next(&cursor, ' ', &page) ||
        !slice_next(&cursor, ' ', &hash) || !slice_next(&cursor, ' ', &oldest) ||
        !slice_number(page, INT32_MAX, &number) || !slice_number(oldest, INT64_MAX, &at))
        return false;
    for (size_t i = 0; i < hash.len; i++)
        if (ascii_hex(hash.ptr[i]) < 0 || i >= 16)
            return false;
        else
            out->hash = out->hash << 4 | (uint64_t)ascii_hex(hash.ptr[i]);
    out->page = (int64_t)number;
    out->oldest_at = (int64_t)at;
    out->rest = cursor;
    return true;
}

struct slice source_paging_text(const struct source_paging *p, struct arena *arena)
{
    return arena_printf(arena, "%.*s %lld %llx %lld %.*s", SLICE_ARG(p->word), (long long)p->page,
                        (unsigned long long)p->hash, (long long)p->oldest_at, SLICE_ARG(p->rest));
}

bool source_leads_on(struct source_work *w, struct source_paging *p)
{
    const struct finds *finds = w->finds;
    const struct source_paging before = *p;
    bool all_before = true;

    p->hash = 0;
    p->oldest_at = 0;
    for (size_t i = 0; i < finds->n_rows; i++) {
        const struct find *find = &finds->rows[i];
        const struct date published = source_believed(&find->published, w->answer->now);
        const struct date modified = source_believed(&find->modified, w->answer->now);
        const struct date *date = published.precision != DATE_NONE ? &published : &modified;

        p->hash = hash64_mix(p->hash, hash64(find->url));
        all_before = all_before && source_is_before(w->context->order, date);
        if (date->precision != DATE_NONE && (p->oldest_at == 0 || date->at < p->oldest_at))
            p->oldest_at = date->at;
    }
    if (finds->n_rows == 0 || all_before || (before.hash != 0 && p->hash == before.hash))
        return false;
    if (before.page >= SOURCE_PAGES_MAX) {
        source_note(w, "more than %d pages of one list", SOURCE_PAGES_MAX);
        return false;
    }
    /* Further back than the page before, or something new: else it leads in a circle. */
    if (p->oldest_at != 0 && (before.oldest_at == 0 || p->oldest_at < before.oldest_at))
        return true;
    w->out->needs_news = true;
    return w->out->n_finds > 0;
}

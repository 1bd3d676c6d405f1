/* finds.c - which reader reads which list, and what a row has to be to be taken. */
#include "feeds/finds.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "feeds/finds_parts.h"
#include "feeds/json_rows.h"
#include "feeds/markup.h"

#include <jansson.h>

static const struct {
    const char *name;
    finds_function *read;
} formats[FINDS_FORMAT_COUNT] = {
    [FINDS_SITEMAP] = {"sitemap",     finds_read_sitemap    },
    [FINDS_FEED] = {"feed",        finds_read_feed       },
    [FINDS_WORDPRESS] = {"wordpress",   finds_read_wordpress  },
    [FINDS_CDX] = {"cdx",         finds_read_cdx        },
    [FINDS_CDX_LINES] = {"cdx-lines",   finds_read_cdx_lines  },
    [FINDS_COLLECTIONS] = {"collections", finds_read_collections},
    [FINDS_PAGE_COUNT] = {"page-count",  finds_read_page_count },
    [FINDS_TIMEMAP] = {"timemap",     finds_read_timemap    },
    [FINDS_PATHS] = {"paths",       finds_read_paths      },
    [FINDS_GDELT] = {"gdelt",       finds_read_gdelt      },
    [FINDS_MEDIACLOUD] = {"mediacloud",  finds_read_mediacloud },
};

const char *finds_format_name(enum finds_format format)
{
    return format < FINDS_FORMAT_COUNT ? formats[format].name : "";
}

bool finds_format_parse(struct slice name, enum finds_format *out)
{
    for (unsigned i = 0; i < FINDS_FORMAT_COUNT; i++)
        if (slice_equal(name, slice_from(formats[i].name))) {
            *out = (enum finds_format)i;
            return true;
        }
    return false;
}

enum ww_status finds_read(enum finds_format format, struct slice utf8, struct slice base,
                          struct arena *arena, struct finds *out, struct ww_error *err)
{
    struct finds_reader r = {.arena = arena, .base = arena_copy(arena, base), .out = out};
    enum ww_status status;

    *out = (struct finds){.n_pages = -1};
    if (format >= FINDS_FORMAT_COUNT)
        return ww_fail(err, WW_INVALID, "a list of an unknown kind");
    r.text = slice_trim(text_clean(utf8, arena));
    if (slice_starts(r.text, SLICE("\xEF\xBB\xBF")))
        r.text = slice_trim(slice_skip(r.text, 3));
    status = formats[format].read(&r, err);
    return status == WW_OK ? arena_check(arena, err) : status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

bool finds_address(struct finds_reader *r, struct slice reference, struct slice *out)
{
    if (reference.len == 0 || reference.len > LISTED_URL_MAX_BYTES ||
        url_resolve(reference, r->base, r->arena, out, NULL) != WW_OK || !url_is_fetchable(*out) ||
        out->len > LISTED_URL_MAX_BYTES)
        return false;
    return true;
}

void finds_add(struct finds_reader *r, const struct find *row)
{
    struct finds *out = r->out;
    struct find *rows;
    struct slice url;

    if (!finds_address(r, row->url, &url)) {
        out->n_bad++;
        return;
    }
    if (out->n_rows >= FINDS_MAX) {
        out->n_dropped++;
        return;
    }
    rows = arena_grow(r->arena, out->rows, out->n_rows, &r->rows_room, sizeof(*rows));
    if (rows == NULL)
        return;
    out->rows = rows;
    rows[out->n_rows] = *row;
    rows[out->n_rows++].url = url;
}

void finds_add_list(struct finds_reader *r, const struct finds_list *list)
{
    struct finds *out = r->out;
    struct finds_list *lists;

    if (out->n_lists >= FINDS_MAX) {
        out->n_dropped++;
        return;
    }
    lists = arena_grow(r->arena, out->lists, out->n_lists, &r->lists_room, sizeof(*lists));
    if (lists == NULL)
        return;
    out->lists = lists;
    lists[out->n_lists++] = *list;
}

bool finds_is_full(struct finds_reader *r)
{
    if (r->out->n_rows >= FINDS_MAX || r->out->n_lists >= FINDS_MAX) {
        r->out->n_dropped++;
        return true;
    }
    if (r->out->n_bad >= FINDS_MAX) {
        r->out->n_bad++;
        return true;
    }
    return r->arena->failed;
}

/* ---- values ---------------------------------------------------------------------------------- */

struct slice finds_line(struct finds_reader *r, struct slice text, unsigned passes)
{
    if (text.len == 0)
        return SLICE("");
    return text_cut(markup_text(text, passes, r->arena), TITLE_MAX_BYTES);
}

/* The two digits at *at, which moves behind them; first when they are not there. -1: no digits. */
static int two_digits(struct slice s, size_t *at, int first)
{
    int value;

    if (*at >= s.len)
        return first;
    if (s.len - *at < 2 || !ascii_is_digit(s.ptr[*at]) || !ascii_is_digit(s.ptr[*at + 1]))
        return -1;
    value = (s.ptr[*at] - '0') * 10 + (s.ptr[*at + 1] - '0');
    *at += 2;
    return value;
}

bool finds_timestamp(struct slice text, struct date *out)
{
    static const enum date_precision precisions[] = {DATE_YEAR,   DATE_MONTH,  DATE_DAY,
                                                     DATE_MINUTE, DATE_MINUTE, DATE_SECOND};
    struct slice day = slice_head(text, 8), clock = slice_skip(text, 8);
    size_t at = 0, at_clock = 0;
    int century, year, month, day_of, hour, minute, second;
    int64_t days;

    *out = (struct date){0};
    if (slice_starts(clock, SLICE("T")))
        clock = slice_skip(clock, 1);
    if (slice_ends(clock, SLICE("Z")))
        clock.len--;
    if (clock.len > 9)
        return false;
    clock = slice_head(clock, 6); /* some indexes have milliseconds */
    century = two_digits(day, &at, -1);
    year = two_digits(day, &at, -1);
    month = two_digits(day, &at, 1);
    day_of = two_digits(day, &at, 1);
    hour = two_digits(clock, &at_clock, 0);
    minute = two_digits(clock, &at_clock, 0);
    second = two_digits(clock, &at_clock, 0);
    if (century < 19 || century > 20 || year < 0 || month < 1 || day_of < 1 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
        !date_from_civil(century * 100 + year, (unsigned)month, (unsigned)day_of, &days))
        return false;
    out->at = ((days * 24 + hour) * 60 + minute) * 60 + second;
    out->precision = precisions[(at + at_clock) / 2 - 2];
    out->has_zone = true;
    return true;
}

struct slice finds_digest(struct slice text)
{
    if (slice_starts_nocase(text, SLICE("sha1:")))
        text = slice_skip(text, 5);
    if (text.len != 32)
        return SLICE("");
    for (size_t i = 0; i < text.len; i++) {
        char c = ascii_lower(text.ptr[i]);

        if (!((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')))
            return SLICE("");
    }
    return text;
}

int64_t finds_bytes(struct slice text)
{
    unsigned long long n = 0;

    return slice_number(text, INT64_MAX, &n) ? (int64_t)n : 0;
}

/* ---- answers that are no lists --------------------------------------------------------------- */

void finds_say(struct finds_reader *r, struct slice words)
{
    words = slice_head(words, (size_t)4 * FINDS_ABOUT_MAX_BYTES);
    r->out->about =
        text_cut(markup_text(text_clean(words, r->arena), 1, r->arena), FINDS_ABOUT_MAX_BYTES);
}

void finds_say_object(struct finds_reader *r, struct slice object)
{
    static const char *const names[] = {"message", "error", "detail", "code", "status"};
    json_t *value = json_row_read(object, r->arena);

    for (size_t i = 0; i < WW_COUNT(names) && r->out->about.len == 0; i++)
        finds_say(r, json_member_text(value, names[i], r->arena));
    json_decref(value);
}

/* Words of a person or a program, not the bytes of a file. */
static bool is_words(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' && !ascii_is_space(s.ptr[i]))
            return false;
    return s.len < 65536 && !slice_contains(s, SLICE("\xEF\xBF\xBD"));
}

static struct slice title_of_page(struct finds_reader *r)
{
    struct slice text = slice_skip(r->text, slice_find_nocase(r->text, SLICE("<title")));

    text = slice_skip(text, slice_find_char(text, '>') + 1);
    text = slice_head(text, slice_find_char(text, '<'));
    return text_cut(markup_text(slice_head(text, 1024), 1, r->arena), 80);
}

enum ww_status finds_read_other(struct finds_reader *r, const char *wanted, struct ww_error *err)
{
    struct slice title;

    if (r->text.len == 0)
        return WW_OK;
    if (r->text.ptr[0] == '<') {
        title = title_of_page(r);
        if (title.len == 0)
            return ww_fail(err, WW_INVALID, "not %s", wanted);
        return ww_fail(err, WW_INVALID, "not %s (\"%.*s\")", wanted, SLICE_ARG(title));
    }
    if (!is_words(r->text))
        return ww_fail(err, WW_INVALID, "not %s", wanted);
    finds_say(r, r->text);
    return WW_OK;
}

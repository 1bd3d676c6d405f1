/*
 * finds_commoncrawl.c - Common Crawl's lists of lists: its indexes, how many pages one has, and the
 * files of a month.
 */
#include "feeds/finds_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "feeds/json_rows.h"

#include <jansson.h>

/* "CC-MAIN-2022-40": the Monday of that week (ISO 8601). Older names are of other forms. */
static struct date week_of(struct slice id)
{
    struct slice number = slice_skip(id, slice_find_last_char(id, '-') + 1);
    struct slice year = slice_sub(id, 8, 4);
    unsigned long long y = 0, w = 0;
    struct date date = {0};
    int64_t days;

    if (!slice_starts(id, SLICE("CC-MAIN-")) || id.len != 15 || !slice_number(year, 2100, &y) ||
        !slice_number(number, 53, &w) || y < 2000 || w < 1 ||
        !date_from_civil((int64_t)y, 1, 4, &days)) /* which is in week 1 */
        return date;
    days -= (days + 3) % 7; /* 1970 began on a Thursday */
    date.at = (days + 7 * ((int64_t)w - 1)) * 86400;
    date.precision = DATE_DAY;
    return date;
}

static void read_collection(struct finds_reader *r, const json_t *object)
{
    struct finds_list list = {.name = json_member_text(object, "id", r->arena)};

    if (!finds_address(r, json_member_text(object, "cdx-api", r->arena), &list.url)) {
        r->out->n_bad++;
        return;
    }
    if (!date_parse(json_member_text(object, "from", r->arena), &list.about))
        list.about = week_of(list.name);
    if (!date_parse(json_member_text(object, "to", r->arena), &list.until))
        list.until = (struct date){0};
    finds_add_list(r, &list);
}

enum ww_status finds_read_collections(struct finds_reader *r, struct ww_error *err)
{
    struct json_rows rows;
    struct slice row;

    if (slice_starts(r->text, SLICE("{"))) {
        finds_say_object(r, r->text);
        return WW_OK;
    }
    if (!json_rows_open(r->text, false, &rows))
        return finds_read_other(r, "a list of indexes", err);
    while (json_rows_next(&rows, &row)) {
        json_t *object;

        if (finds_is_full(r))
            continue;
        object = json_row_read(row, r->arena);
        if (json_is_object(object))
            read_collection(r, object);
        else
            r->out->n_bad++;
        json_decref(object);
    }
    r->out->n_bad += rows.n_bad;
    r->out->is_cut = rows.is_cut;
    return WW_OK;
}

enum ww_status finds_read_page_count(struct finds_reader *r, struct ww_error *err)
{
    struct slice number = r->text;
    unsigned long long n = 0;

    if (slice_starts(r->text, SLICE("{"))) {
        json_t *object = json_row_read(r->text, r->arena);

        number = json_member_text(object, "pages", r->arena);
        json_decref(object);
        if (number.len == 0)
            finds_say_object(r, r->text);
    } else if (number.len == 0 || !ascii_is_digit(number.ptr[0])) {
        return finds_read_other(r, "a number of pages", err);
    }
    if (slice_number(number, INT32_MAX, &n))
        r->out->n_pages = (int64_t)n;
    else if (r->out->about.len == 0)
        return ww_fail(err, WW_INVALID, "not a number of pages");
    return WW_OK;
}

/* A path of theirs: letters, digits, and what stands between them. It becomes part of an address.
 */
static bool is_path(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_letter(s.ptr[i]) && !ascii_is_digit(s.ptr[i]) &&
            slice_find_char(SLICE("/-_.+="), s.ptr[i]) == 6)
            return false;
    return s.len > 0 && s.len <= URL_MAX_BYTES && s.ptr[0] != '/' && s.ptr[0] != '.' &&
           !slice_contains(s, SLICE(".."));
}

/* "CC-NEWS-20220901002337-00001.warc.gz": when the file was begun. */
static struct date begun_at(struct slice path)
{
    const size_t slash = slice_find_last_char(path, '/');
    struct slice rest = slash < path.len ? slice_skip(path, slash + 1) : path, word;
    struct date date = {0};

    while (slice_next(&rest, '-', &word))
        if (word.len == 14 && finds_timestamp(word, &date))
            return date;
    return (struct date){0};
}

enum ww_status finds_read_paths(struct finds_reader *r, struct ww_error *err)
{
    struct slice rest = r->text, line;

    if (r->text.len > 0 && r->text.ptr[0] == '<')
        return finds_read_other(r, "a list of paths", err);
    while (slice_next_line(&rest, &line)) {
        struct finds_list list = {.url = slice_trim(line)};

        if (list.url.len == 0 || finds_is_full(r))
            continue;
        /* The last one may have lost its end: every path has a suffix. */
        if (rest.len == 0 && !slice_ends(list.url, SLICE(".gz"))) {
            r->out->is_cut = true;
        } else if (!is_path(list.url)) {
            r->out->n_bad++;
        } else {
            list.about = begun_at(list.url);
            finds_add_list(r, &list);
        }
    }
    if (r->out->n_lists > 0 || r->text.len == 0)
        return WW_OK;
    r->out->is_cut = false;
    return finds_read_other(r, "a list of paths", err);
}

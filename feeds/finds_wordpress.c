/*
 * finds_wordpress.c - a site's posts by its REST interface, with their text.
 *
 * An array of posts; an object with code and message when there is none. Plug-ins add what they
 * like, programs that complain write their warnings before it.
 */
#include "feeds/finds_parts.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/language_tag.h"
#include "base/limits.h"
#include "feeds/json_rows.h"

#include <jansson.h>

/* {"rendered": "..."}, or the text itself: plug-ins and old versions write that. */
static struct slice rendered(struct finds_reader *r, const json_t *post, const char *name)
{
    const json_t *value = json_object_get(post, name);

    return json_is_object(value) ? json_member_text(value, "rendered", r->arena)
                                 : json_value_text(value, r->arena);
}

/* date_gmt is UTC without saying so; `date` is the site's own time, which names the day at most. */
static struct date time_of(struct finds_reader *r, const json_t *post, const char *gmt,
                           const char *local)
{
    struct date date = {0};

    if (date_parse(json_member_text(post, gmt, r->arena), &date) && date.at > 0)
        return date;
    if (!date_parse(json_member_text(post, local, r->arena), &date) || date.at <= 0)
        return (struct date){0};
    if (!date.has_zone && date.precision > DATE_DAY) {
        date.precision = DATE_DAY;
        date.at -= date.at % 86400;
    }
    return date;
}

/* A number without its name, unless the answer was asked to embed it or a plug-in says it. */
static struct slice author_of(struct finds_reader *r, const json_t *post)
{
    const json_t *list = json_object_get(json_object_get(post, "_embedded"), "author");
    struct slice name = json_member_text(json_array_get(list, 0), "name", r->arena);

    if (name.len == 0)
        name = json_member_text(json_object_get(post, "yoast_head_json"), "author", r->arena);
    return finds_line(r, name, 1);
}

static void read_post(struct finds_reader *r, const json_t *post)
{
    struct find find = {
        .url = json_member_text(post, "link", r->arena),
        .title = finds_line(r, rendered(r, post, "title"), 2),
        .author = author_of(r, post),
        .published = time_of(r, post, "date_gmt", "date"),
        .modified = time_of(r, post, "modified_gmt", "modified"),
        .text = rendered(r, post, "content"),
    };

    if (!language_tag_read(json_member_text(post, "lang", r->arena), r->arena, &find.language))
        find.language = SLICE("");
    if (find.text.len > FIND_TEXT_MAX_BYTES)
        find.text = SLICE("");
    finds_add(r, &find);
}

/* Behind the warnings of a program. */
static struct slice skip_warnings(struct slice text)
{
    static const char *const begins[] = {"[{\"", "{\"code\"", "[]"};
    size_t first = text.len;

    if (slice_starts(text, SLICE("[")) || slice_starts(text, SLICE("{")))
        return text;
    for (size_t i = 0; i < WW_COUNT(begins); i++) {
        size_t at = slice_find(slice_head(text, first), slice_from(begins[i]));

        first = at < first ? at : first;
    }
    return first < text.len ? slice_skip(text, first) : text;
}

enum ww_status finds_read_wordpress(struct finds_reader *r, struct ww_error *err)
{
    struct slice text = skip_warnings(r->text), row;
    struct json_rows rows;

    if (slice_starts(text, SLICE("{"))) {
        finds_say_object(r, text);
        return WW_OK;
    }
    if (!json_rows_open(text, false, &rows))
        return finds_read_other(r, "a list of posts", err);
    while (json_rows_next(&rows, &row)) {
        json_t *post;

        if (finds_is_full(r))
            continue;
        post = json_row_read(row, r->arena);
        if (json_is_object(post))
            read_post(r, post);
        else
            r->out->n_bad++;
        json_decref(post);
    }
    r->out->n_bad += rows.n_bad;
    r->out->is_cut = rows.is_cut;
    return WW_OK;
}

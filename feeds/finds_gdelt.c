/*
 * finds_gdelt.c - what GDELT saw: {"articles": [...]}.
 *
 * An empty object means none. Errors are a sentence of plain text with status 200. Titles come with
 * raw backslashes and controls, which no parser takes: rows are mended one by one. The language is
 * a name in English, not a tag: the page's text will tell.
 */
#include "feeds/finds_parts.h"

#include "feeds/json_rows.h"

#include <jansson.h>

static void read_article(struct finds_reader *r, const json_t *article)
{
    struct find find = {
        .url = json_member_text(article, "url", r->arena),
        .title = finds_line(r, json_member_text(article, "title", r->arena), 1),
        .source = json_member_text(article, "domain", r->arena),
    };

    /* When it was seen, at best within a quarter of an hour: of publication that says the day. */
    if (finds_timestamp(json_member_text(article, "seendate", r->arena), &find.published) &&
        find.published.precision > DATE_DAY)
        find.published.precision = DATE_DAY;
    finds_add(r, &find);
}

enum ww_status finds_read_gdelt(struct finds_reader *r, struct ww_error *err)
{
    struct slice articles, row;
    struct json_rows rows;

    if (!slice_starts(r->text, SLICE("{")))
        return finds_read_other(r, "a list of articles", err);
    if (!json_member(r->text, SLICE("articles"), &articles) ||
        !json_rows_open(articles, true, &rows)) {
        finds_say_object(r, r->text);
        r->out->is_cut = !slice_ends(r->text, SLICE("}"));
        return WW_OK;
    }
    while (json_rows_next(&rows, &row)) {
        json_t *article;

        if (finds_is_full(r))
            continue;
        article = json_row_read(row, r->arena);
        if (json_is_object(article))
            read_article(r, article);
        else
            r->out->n_bad++;
        json_decref(article);
    }
    r->out->n_bad += rows.n_bad;
    r->out->is_cut = rows.is_cut;
    return WW_OK;
}

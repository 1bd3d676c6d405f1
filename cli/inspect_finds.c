/*
 * inspect_finds.c - what a list of history says: its addresses, the lists it names, where it goes
 * on. Long ones are read in pieces, as the crawl reads them; gzip is told by content.
 */
#include "cli/inspect.h"

#include "base/date.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "feeds/finds.h"

#include <stdio.h>

/* Members that a list does not say are left out: most say few. */
static void set_text(json_t *object, const char *name, struct slice s)
{
    if (s.len > 0)
        (void)json_object_set_new(object, name, inspect_string(s));
}

/* As far as it is known: "2022", "2022-09", "2022-09-13", or the second. */
static void set_date(json_t *object, const char *name, const struct date *d)
{
    static const int lengths[] = {0, 4, 7, 10, 20, 20};
    char text[DATE_TEXT_BYTES];

    if (d->precision != DATE_NONE)
        (void)json_object_set_new(
            object, name, json_stringn(date_format(d->at, text), (size_t)lengths[d->precision]));
}

static void set_number(json_t *object, const char *name, int64_t n)
{
    if (n != 0)
        (void)json_object_set_new(object, name, json_integer(n));
}

static json_t *row_of(const struct find *row)
{
    json_t *object = json_object();

    set_text(object, "url", row->url);
    set_text(object, "title", row->title);
    set_text(object, "author", row->author);
    set_text(object, "language", row->language);
    set_text(object, "source", row->source);
    set_text(object, "feed", row->feed);
    set_date(object, "published", &row->published);
    set_date(object, "modified", &row->modified);
    set_text(object, "text", row->text);
    set_text(object, "capture", row->capture);
    set_date(object, "captured", &row->captured);
    set_number(object, "offset", row->offset);
    set_number(object, "length", row->length);
    set_text(object, "digest", row->digest);
    set_text(object, "mime", row->mime);
    set_number(object, "status", row->status);
    return object;
}

static json_t *list_of(const struct finds_list *list)
{
    json_t *object = json_object();

    set_text(object, "list", list->url);
    set_text(object, "name", list->name);
    set_date(object, "about", &list->about);
    set_date(object, "until", &list->until);
    if (list->is_month)
        (void)json_object_set_new(object, "month", json_true());
    return object;
}

/* What a piece adds to the answer. */
static void add_piece(json_t *answer, const struct finds *f)
{
    json_t *rows = json_object_get(answer, "rows"), *lists = json_object_get(answer, "lists");
    const json_int_t n_bad = json_integer_value(json_object_get(answer, "bad"));
    const json_int_t n_dropped = json_integer_value(json_object_get(answer, "dropped"));

    for (size_t i = 0; i < f->n_rows; i++)
        (void)json_array_append_new(rows, row_of(&f->rows[i]));
    for (size_t i = 0; i < f->n_lists; i++)
        (void)json_array_append_new(lists, list_of(&f->lists[i]));
    set_text(answer, "next", f->next);
    set_text(answer, "about", f->about);
    if (f->n_pages >= 0)
        (void)json_object_set_new(answer, "pages", json_integer(f->n_pages));
    if (f->is_complete)
        (void)json_object_set_new(answer, "complete", json_true());
    if (f->is_cut)
        (void)json_object_set_new(answer, "cut", json_true());
    (void)json_object_set_new(answer, "bad", json_integer(n_bad + (json_int_t)f->n_bad));
    (void)json_object_set_new(answer, "dropped",
                              json_integer(n_dropped + (json_int_t)f->n_dropped));
}

static enum ww_status read_pieces(struct inspect *in, const json_t *job, enum finds_format format,
                                  struct slice bytes, json_t *answer, struct ww_error *err)
{
    struct finds_pieces pieces;
    struct slice piece = {"", 0}, record;
    struct finds finds;
    struct buf room;
    enum ww_status status = WW_OK;
    bool is_first = true;

    buf_init(&room, LIST_PIECE_MAX_BYTES);
    finds_pieces_init(&pieces, bytes);
    /* An empty list is asked about, too: some kinds may be, others may not. */
    while (status == WW_OK &&
           (finds_next_piece(&pieces, LIST_PIECE_MAX_BYTES, &room, &piece) || is_first)) {
        is_first = false;
        buf_reset(&in->request);
        parse_request_finds(&in->request, format, piece, inspect_text(job, "content_type"),
                            inspect_text(job, "base"));
        status = inspect_parse(in, &record, err);
        if (status == WW_OK)
            status = parse_answer_finds(record, &in->arena, &finds, err);
        if (status == WW_OK)
            add_piece(answer, &finds);
    }
    if (status == WW_OK)
        status = buf_finish(&room, err);
    set_number(answer, "left_out", (int64_t)pieces.n_left_out);
    buf_release(&room);
    return status;
}

static enum ww_status no_format(struct slice name, struct ww_error *err)
{
    char names[160] = "";
    size_t n = 0;

    for (unsigned i = 0; i < FINDS_FORMAT_COUNT && n < sizeof(names); i++)
        n += (size_t)snprintf(names + n, sizeof(names) - n, " %s",
                              finds_format_name((enum finds_format)i));
    return ww_fail(err, WW_INVALID, "no kind of list: \"%.*s\"; there are:%s",
                   SLICE_ARG(slice_head(name, 40)), names);
}

enum ww_status inspect_finds(struct inspect *in, const json_t *job, json_t **answer,
                             struct ww_error *err)
{
    struct slice name = inspect_text(job, "format"), bytes = {"", 0};
    enum finds_format format;
    enum ww_status status;

    if (!finds_format_parse(name, &format))
        return no_format(name, err);
    status = inspect_file(in, job, &bytes, err);
    if (status == WW_OK && inflate_is_gzip(bytes))
        status = inflate_all(bytes, SITEMAP_MAX_BYTES, &in->arena, &bytes, err);
    if (status != WW_OK)
        return status;
    *answer = json_pack("{s:s,s:[],s:[],s:i,s:i,s:n}", "format", finds_format_name(format), "lists",
                        "rows", "bad", 0, "dropped", 0, "error");
    return read_pieces(in, job, format, bytes, *answer, err);
}

void inspect_print_finds(json_t *answer)
{
    static const char *const arrays[] = {"lists", "rows"};
    json_t *rest = json_copy(answer), *line;
    size_t i;

    for (size_t k = 0; k < WW_COUNT(arrays); k++) {
        json_array_foreach(json_object_get(answer, arrays[k]), i, line) inspect_print(line);
        (void)json_object_del(rest, arrays[k]);
    }
    (void)json_object_del(rest, "error");
    inspect_print(rest);
    json_decref(rest);
}

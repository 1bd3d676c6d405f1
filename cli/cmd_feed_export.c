/* cmd_feed_export.c - wirewatch feed export: all feeds as OPML, CSV or JSON lines: the same feeds
 * give the same bytes. */
#include "base/buf.h"
#include "base/csv.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "cli/output.h"
#include "feeds/opml.h"

#include <stdint.h>
#include <stdlib.h>
#include <sysexits.h>

/* The fields of one feed, as a file gets them. */
struct written {
    struct slice texts[FEED_FIELD_COUNT];
};

/* By what is written alone: numbers differ from one database to the next. */
static int compare(const void *a, const void *b)
{
    const struct written *x = a, *y = b;
    int order = opml_compare_folders(x->texts[FIELD_FOLDER], y->texts[FIELD_FOLDER]);

    if (order == 0)
        order = slice_compare(x->texts[FIELD_TITLE], y->texts[FIELD_TITLE]);
    return order != 0 ? order : slice_compare(x->texts[FIELD_URL], y->texts[FIELD_URL]);
}

/* Those a person follows; what a sitemap index names comes again with the index. */
static enum ww_status gather(struct cli *cli, struct written **out, size_t *n, struct ww_error *err)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}, .has_no_children = true};
    struct feed_list list;
    enum ww_status status = store_list_feeds(cli->store, &filter, &cli->arena, &list, err);

    *n = 0;
    if (status != WW_OK)
        return status;
    *out = arena_array(&cli->arena, list.n_rows, sizeof(**out));
    for (size_t i = 0; *out != NULL && i < list.n_rows; i++) {
        for (enum feed_field f = 0; f < FEED_FIELD_COUNT; f++)
            (*out)[*n].texts[f] = feed_field_text(&list.rows[i], f, &cli->arena);
        (*n)++;
    }
    if (*n > 1)
        qsort(*out, *n, sizeof(**out), compare);
    return arena_check(&cli->arena, err);
}

static void write_opml(const struct written *feeds, size_t n, struct arena *arena, struct buf *out)
{
    struct opml list = {.rows = arena_array(arena, n, sizeof(*list.rows))};

    for (size_t i = 0; list.rows != NULL && i < n; i++) {
        const struct slice *t = feeds[i].texts;

        list.rows[list.n_rows++] =
            (struct outline){.kind = t[FIELD_KIND].len > 0 ? OUTLINE_PAGE : OUTLINE_FEED,
                             .title = t[FIELD_TITLE],
                             .outlet = t[FIELD_OUTLET],
                             .url = t[FIELD_URL],
                             .page_url = t[FIELD_SITE],
                             .folder = t[FIELD_FOLDER],
                             .note = t[FIELD_NOTE],
                             .language = t[FIELD_LANGUAGE],
                             .country = t[FIELD_COUNTRY],
                             .tier = t[FIELD_TIER],
                             .state = t[FIELD_STATE],
                             .selector = t[FIELD_SELECTOR],
                             .tags = t[FIELD_TAGS],
                             .extra = t[FIELD_EXTRA]};
    }
    opml_write(&list, SLICE("wirewatch feeds"), out);
}

static void write_csv(const struct written *feeds, size_t n, struct buf *out)
{
    struct slice names[FEED_FIELD_COUNT];

    for (enum feed_field f = 0; f < FEED_FIELD_COUNT; f++)
        names[f] = slice_from(feed_field_name(f));
    csv_add_row(out, names, FEED_FIELD_COUNT);
    for (size_t i = 0; i < n; i++)
        csv_add_row(out, feeds[i].texts, FEED_FIELD_COUNT);
}

static void put_json(struct output *o, enum feed_field field, struct slice text)
{
    unsigned long long number;

    if (field == FIELD_TIER && slice_number(text, INT32_MAX, &number))
        output_number(o, (int64_t)number);
    else
        output_text(o, text);
}

static int write_jsonl(struct cli *cli, const struct written *feeds, size_t n)
{
    struct column columns[FEED_FIELD_COUNT];
    struct output *o;

    for (enum feed_field f = 0; f < FEED_FIELD_COUNT; f++)
        columns[f] = (struct column){.name = feed_field_name(f)};
    o = output_open(cli, columns, FEED_FIELD_COUNT);
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < n; i++) {
        for (enum feed_field f = 0; f < FEED_FIELD_COUNT; f++)
            put_json(o, f, feeds[i].texts[f]);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

int command_feed_export(struct cli *cli)
{
    struct written *feeds = NULL;
    struct buf text;
    struct ww_error err = {0};
    size_t n;
    enum ww_status status = gather(cli, &feeds, &n, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format == FORMAT_JSONL)
        return write_jsonl(cli, feeds, n);
    buf_init(&text, LISTS_ARENA_MAX_BYTES);
    if (cli->format == FORMAT_CSV)
        write_csv(feeds, n, &text);
    else
        write_opml(feeds, n, &cli->arena, &text);
    status = buf_finish(&text, &err);
    if (status == WW_OK)
        (void)fwrite(text.ptr, 1, text.len, cli->out);
    buf_release(&text);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

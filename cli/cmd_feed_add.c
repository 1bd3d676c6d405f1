/* cmd_feed_add.c - wirewatch feed add, import and export: how feeds come in and go out. */
#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "crawler/discover.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "feeds/opml.h"
#include "storage/store.h"
#include "storage/store_feeds.h"

#include <inttypes.h>
#include <sysexits.h>

/* ---- add ------------------------------------------------------------------------------------- */

static void say_found(struct cli *cli, const struct found_feeds *found)
{
    char text[DATE_TEXT_BYTES];

    if (found->n_rows > 1)
        cli_say(cli, "found %zu feeds, the first is taken:", found->n_rows);
    for (size_t i = 0; i < found->n_rows && !cli_has(cli, OPTION_QUIET); i++) {
        const struct found_feed *f = &found->rows[i];

        (void)fprintf(stderr, "  %zu  ", i + 1);
        output_visible(stderr, f->url, 0);
        (void)fprintf(stderr, "  %s  %zu entries%s%.16s%s\n", f->format, f->n_entries,
                      f->newest_at != 0 ? ", newest " : "",
                      f->newest_at != 0 ? date_format(f->newest_at, text) : "",
                      f->n_entries > 0 && f->n_full_text == f->n_entries ? ", full text" : "");
    }
}

static enum ww_status add_row(struct cli *cli, const struct feed_row *row, struct ww_error *err)
{
    bool is_new;
    int64_t id;
    enum ww_status status = store_add_feed(cli->store, row, &id, &is_new, err);

    if (status == WW_OK && !cli_has(cli, OPTION_QUIET)) {
        (void)fprintf(stderr, "%s f%" PRId64 " ", is_new ? "added" : "known", id);
        output_visible(stderr, row->title.len > 0 ? row->title : row->url, 0);
        (void)fputc('\n', stderr);
    }
    return status;
}

static enum ww_status add_one(struct cli *cli, struct workers *workers, const char *word,
                              struct ww_error *err)
{
    struct crawl_options options = desk_crawl_options(cli);
    struct slice url = slice_from(word);
    struct found_feeds found;
    struct feed_row row;
    enum ww_status status;

    if (!slice_contains(url, SLICE("://")))
        url = arena_printf(&cli->arena, "https://%s", word);
    if (!url_is_fetchable(url))
        return ww_fail(err, WW_INVALID, "%s is no http or https address", word);
    status = discover_feeds(&options, url, workers, &cli->arena, &found, err);
    if (status != WW_OK)
        return status;
    say_found(cli, &found);
    row = (struct feed_row){.url = found.rows[0].url,
                            .title = found.rows[0].title,
                            .outlet = found.rows[0].title,
                            .language = found.rows[0].language,
                            .added_at = clock_now(&cli->clock)};
    if (cli_has(cli, OPTION_TITLE))
        row.title = row.outlet = slice_from(cli->values[OPTION_TITLE]);
    if (cli_has(cli, OPTION_COUNTRY))
        row.country = slice_from(cli->values[OPTION_COUNTRY]);
    if (cli_has(cli, OPTION_LANGUAGE))
        row.language = slice_from(cli->values[OPTION_LANGUAGE]);
    if (cli_has(cli, OPTION_DRY_RUN))
        return WW_OK;
    status = store_begin(cli->store, err);
    if (status == WW_OK)
        status = add_row(cli, &row, err);
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

int command_feed_add(struct cli *cli)
{
    struct workers *workers = NULL;
    struct ww_error err = {0};
    enum ww_status status = workers_open(cli->forkserver, 1, &workers, &err);

    for (int i = 0; i < cli->n_words && status == WW_OK; i++) {
        status = add_one(cli, workers, cli->words[i], &err);
        if (status != WW_OK)
            (void)ww_context(&err, status, "%s", cli->words[i]);
    }
    workers_close(workers);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- import ---------------------------------------------------------------------------------- */

/* One address a line; what stands behind it is its title. Lines that begin with # are comments. */
static enum ww_status import_list(struct cli *cli, struct slice text, const char *path,
                                  size_t *n_feeds, struct ww_error *err)
{
    struct slice line;
    size_t number = 0;
    enum ww_status status = WW_OK;

    while (status == WW_OK && slice_next_line(&text, &line)) {
        struct feed_row row = {.added_at = clock_now(&cli->clock)};
        size_t blank = 0;

        number++;
        line = slice_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        while (blank < line.len && line.ptr[blank] != ' ' && line.ptr[blank] != '\t')
            blank++;
        row.url = slice_head(line, blank);
        row.title = row.outlet = slice_trim(slice_skip(line, blank));
        if (!url_is_fetchable(row.url))
            return ww_fail(err, WW_INVALID, "%s:%zu: \"%.*s\" is no http or https address", path,
                           number, SLICE_ARG(slice_head(row.url, 80)));
        if (!cli_has(cli, OPTION_DRY_RUN))
            status = add_row(cli, &row, err);
        (*n_feeds)++;
    }
    return status;
}

static enum ww_status import_opml(struct cli *cli, const struct opml *list, size_t *n_feeds,
                                  struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < list->n_rows && status == WW_OK; i++) {
        const struct outline *o = &list->rows[i];
        struct feed_row row = {.url = o->url,
                               .title = o->title,
                               .outlet = o->title,
                               .folder = o->folder,
                               .language = o->language,
                               .country = o->country,
                               .added_at = clock_now(&cli->clock)};

        if (!url_is_fetchable(o->url)) {
            cli_say(cli, "left out: \"%.*s\" is no http or https address",
                    SLICE_ARG(slice_head(o->url, 80)));
            continue;
        }
        if (!cli_has(cli, OPTION_DRY_RUN))
            status = add_row(cli, &row, err);
        (*n_feeds)++;
    }
    return status;
}

/* OPML when it is; the parser's jail decides, not the file's name. */
static enum ww_status import_file(struct cli *cli, struct workers *workers, const char *path,
                                  size_t *n_feeds, struct ww_error *err)
{
    struct workers_answer answer = {0};
    struct slice bytes;
    struct buf request;
    struct opml list;
    enum ww_status status =
        file_read_input(path, BODY_INFLATED_MAX_BYTES, &cli->arena, &bytes, err);

    if (status != WW_OK)
        return status;
    if (!slice_contains(slice_head(bytes, 4096), SLICE("<")))
        return import_list(cli, bytes, path, n_feeds, err);
    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_opml(&request, bytes);
    status = buf_finish(&request, err);
    if (status == WW_OK)
        status = workers_submit(workers, 1, buf_slice(&request), err);
    if (status == WW_OK)
        status = workers_wait(workers, -1, &answer, err);
    if (status == WW_OK && answer.status != WW_OK) {
        *err = answer.error;
        status = answer.status;
    }
    if (status == WW_OK)
        status = parse_answer_opml(answer.record, &cli->arena, &list, err);
    if (status == WW_OK)
        status = import_opml(cli, &list, n_feeds, err);
    buf_release(&request);
    return status == WW_OK ? WW_OK : ww_context(err, status, "%s", path);
}

int command_feed_import(struct cli *cli)
{
    struct workers *workers = NULL;
    struct ww_error err = {0};
    size_t n_feeds = 0;
    enum ww_status status = workers_open(cli->forkserver, 1, &workers, &err);

    /* All the files or none: a mistake in the third leaves nothing half done. */
    if (status == WW_OK)
        status = store_begin(cli->store, &err);
    for (int i = 0; i < cli->n_words && status == WW_OK; i++)
        status = import_file(cli, workers, cli->words[i], &n_feeds, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK)
        store_rollback(cli->store);
    workers_close(workers);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%zu feed%s%s", n_feeds, n_feeds == 1 ? "" : "s",
            cli_has(cli, OPTION_DRY_RUN) ? " in the file; nothing done" : " followed");
    return EX_OK;
}

/* ---- export ---------------------------------------------------------------------------------- */

int command_feed_export(struct cli *cli)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}, .has_no_children = true};
    struct feed_list list;
    struct opml opml = {0};
    struct buf out;
    struct ww_error err = {0};
    enum ww_status status = store_list_feeds(cli->store, &filter, &cli->arena, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    opml.rows = arena_array(&cli->arena, list.n_rows, sizeof(*opml.rows));
    for (size_t i = 0; opml.rows != NULL && i < list.n_rows; i++)
        opml.rows[opml.n_rows++] = (struct outline){.title = list.rows[i].title,
                                                    .url = list.rows[i].url,
                                                    .folder = list.rows[i].folder,
                                                    .language = list.rows[i].language,
                                                    .country = list.rows[i].country};
    buf_init(&out, BODY_INFLATED_MAX_BYTES);
    opml_write(&opml, SLICE("wirewatch feeds"), &out);
    status = buf_finish(&out, &err);
    if (status == WW_OK)
        (void)fwrite(out.ptr, 1, out.len, cli->out);
    buf_release(&out);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

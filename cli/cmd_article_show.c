/* cmd_article_show.c - wirewatch article show and text: one article. */
#include "base/url.h"
#include "cli/article_facts.h"
#include "cli/output.h"
#include "storage/archive.h"
#include "storage/store_alerts.h"
#include "storage/store_archive.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <sysexits.h>

/* ARTICLE is a number or an address, in whatever spelling. */
enum ww_status article_find(struct cli *cli, const char *word, struct article_row *out,
                            struct ww_error *err)
{
    struct slice canonical;
    enum ww_status status;
    int64_t id;

    if (cli_id(word, 'n', &id)) {
        status = store_article(cli->store, id, &cli->arena, out, err);
    } else {
        status = url_canonical(slice_from(word), &cli->arena, &canonical, err);
        if (status == WW_OK)
            status = store_article_by_canonical(cli->store, canonical, &cli->arena, out, err);
        if (status != WW_OK && status != WW_NOMEM)
            status = store_article_by_url(cli->store, slice_from(word), &cli->arena, out, err);
    }
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no article \"%s\"", word);
    return status;
}

static void put_time(struct cli *cli, const char *name, int64_t at, struct slice source)
{
    if (at != 0)
        output_fact(cli, name,
                    arena_printf(&cli->arena, "%.*s%s%.*s%s", SLICE_ARG(output_moment(cli, at)),
                                 source.len > 0 ? " (" : "", SLICE_ARG(source),
                                 source.len > 0 ? ")" : ""));
}

static void put_facts(struct cli *cli, const struct article_row *a)
{
    article_put_facts(cli, a);
    put_time(cli, "first seen", a->first_seen_at, a->provenance);
    put_time(cli, a->capture.len > 0 ? "captured" : "fetched", a->fetched_at, SLICE(""));
    output_fact(cli, "archived copy", a->capture);
    if (a->backfill_id != 0)
        output_fact(cli, "backfill",
                    arena_printf(&cli->arena, "%" PRId64 ": wirewatch backfill show %" PRId64,
                                 a->backfill_id, a->backfill_id));
    output_fact(cli, "article",
                arena_printf(&cli->arena,
                             "%" PRId64 ", version %" PRId64 ", story s%" PRId64 ", %" PRId64
                             " bytes%s",
                             a->id, a->version, a->story_id, a->text_bytes,
                             a->is_historic ? ", historic" : ""));
}

static enum ww_status put_versions(struct cli *cli, const struct article_row *a,
                                   struct ww_error *err)
{
    struct article_filter filter = {.canonical = a->canonical, .order = ARTICLE_BY_ID};
    struct article_list list;
    enum ww_status status = store_list_articles(cli->store, &filter, &cli->arena, &list, err);

    for (size_t i = 0; status == WW_OK && list.n_rows > 1 && i < list.n_rows; i++)
        output_fact(
            cli, i == 0 ? "versions" : "",
            arena_printf(
                &cli->arena, "%" PRId64 ": article %" PRId64 ", %.*s %.*s, %" PRId64 " bytes",
                list.rows[i].version, list.rows[i].id, SLICE_ARG(list.rows[i].provenance),
                SLICE_ARG(output_moment(cli, list.rows[i].fetched_at)), list.rows[i].text_bytes));
    return status;
}

static enum ww_status put_mentions(struct cli *cli, const struct article_row *a,
                                   struct ww_error *err)
{
    struct mention_filter filter = {.article_id = a->id, .watchlist_id = a->scanned_with};
    struct mention_list list;
    enum ww_status status = store_list_mentions(cli->store, &filter, &cli->arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        output_fact(cli, i == 0 ? "mentions" : "",
                    arena_printf(&cli->arena, "%.*s: \"%.*s\" (%.*s)", SLICE_ARG(list.rows[i].item),
                                 SLICE_ARG(list.rows[i].quote), SLICE_ARG(list.rows[i].rule)));
    return status;
}

/* Where the page is that the text was read from, as it was received. */
static enum ww_status put_record(struct cli *cli, const struct article_row *a, struct ww_error *err)
{
    struct archive_record_row r;
    struct archive_file_row f;
    struct slice path;
    enum ww_status status = store_archive_of_article(cli->store, a->id, &cli->arena, &r, err);

    if (status == WW_OK)
        status = store_archive_file(cli->store, r.file_id, &cli->arena, &f, err);
    if (status == WW_OK)
        path = f.place.len > 0 ? f.place
                               : arena_printf(&cli->arena, "%s/%.*s", archive_folder(cli->store),
                                              SLICE_ARG(f.name));
    if (status == WW_OK)
        output_fact(cli, "archived",
                    arena_printf(&cli->arena, "%s of %.*s in %.*s, %" PRId64 " bytes at %" PRId64,
                                 warc_kind_name(r.kind), SLICE_ARG(output_moment(cli, r.at)),
                                 SLICE_ARG(path), r.n_bytes, r.offset));
    return status == WW_NOT_FOUND ? WW_OK : status;
}

int command_article_show(struct cli *cli)
{
    struct article_row a;
    struct article_text text;
    struct ww_error err = {0};
    enum ww_status status = article_find(cli, cli->words[0], &a, &err);
    struct output *o;

    if (status == WW_OK && cli->format != FORMAT_HUMAN) {
        o = article_open_rows(cli);
        if (o == NULL)
            return EX_USAGE;
        article_put_row(cli, o, &a);
        (void)output_close(o);
        return EX_OK;
    }
    if (status == WW_OK) {
        put_facts(cli, &a);
        status = put_record(cli, &a, &err);
    }
    if (status == WW_OK) {
        status = put_versions(cli, &a, &err);
    }
    if (status == WW_OK)
        status = article_put_history(cli, &a, &err);
    if (status == WW_OK)
        status = put_mentions(cli, &a, &err);
    if (status == WW_OK && cli_has(cli, OPTION_CUT)) {
        status = store_article_text(cli->store, a.id, &cli->arena, &text, &err);
        if (status == WW_OK) {
            (void)fputs(text.cut.len > 0 ? "\ncut away, and why:\n" : "\nnothing was cut away\n",
                        cli->out);
            article_put_cut(cli, text.cut);
        }
    }
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

int command_article_text(struct cli *cli)
{
    struct article_row a;
    struct article_text text;
    struct ww_error err = {0};
    enum ww_status status = article_find(cli, cli->words[0], &a, &err);

    if (status == WW_OK)
        status = store_article_text(cli->store, a.id, &cli->arena, &text, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli_has(cli, OPTION_CUT))
        article_put_cut(cli, text.cut);
    else
        article_put_text(cli, text.text);
    return EX_OK;
}

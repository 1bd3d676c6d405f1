/* cmd_article.c - wirewatch article list and search: what was read. */
#include "base/date.h"
#include "cli/article_facts.h"
#include "cli/backfill_report.h"
#include "cli/output.h"
#include "extractors/article.h"
#include "storage/store_articles.h"
#include "storage/store_search.h"

#include <inttypes.h>
#include <sysexits.h>

#define ARTICLES_SHOWN 50
#define SEARCH_SHOWN 20

/* One of the words that are stored; not given, any. */
static bool is_access(struct slice word)
{
    bool is_known = word.len == 0;

    for (size_t i = 0; i < ARTICLE_ACCESS_COUNT; i++)
        is_known = is_known || slice_equal(word, slice_from(article_accesses[i]));
    return is_known;
}

int command_article_list(struct cli *cli)
{
    struct article_filter filter = {.window = cli_window(cli, ARTICLES_SHOWN),
                                    .by_published = cli->since != 0 || cli->until != 0,
                                    .language = slice_from(cli->values[OPTION_LANGUAGE]),
                                    .access = slice_from(cli->values[OPTION_ACCESS]),
                                    .history = cli_has(cli, OPTION_HISTORIC) ? STORE_HISTORIC
                                                                             : STORE_ANY_HISTORY};
    struct article_list list;
    struct ww_error err = {0};
    enum ww_status status;
    struct output *o;

    if (!is_access(filter.access))
        return cli_usage(cli, "--access: there is no kind of page called \"%.*s\"",
                         SLICE_ARG(filter.access));
    status = backfill_option(cli, &filter.backfill_id, &err);
    if (status == WW_OK)
        status = store_list_articles(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = article_open_rows(cli);
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++)
        article_put_row(cli, o, &list.rows[i]);
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no articles");
    return EX_OK;
}

/* ---- search ---------------------------------------------------------------------------------- */

static void put_snippet(struct cli *cli, const struct search_hit *hit)
{
    bool color = environment_wants_color(cli->out, cli->values[OPTION_COLOR]);
    size_t at = 0;

    (void)fputs("    ", cli->out);
    for (size_t i = 0; i < hit->n_marks; i++) {
        const struct search_mark *m = &hit->marks[i];

        output_visible(cli->out, slice_sub(hit->snippet, at, m->start - at), 0);
        (void)fputs(color ? "\033[1m" : "\xC2\xBB", cli->out);
        output_visible(cli->out, slice_sub(hit->snippet, m->start, m->end - m->start), 0);
        (void)fputs(color ? "\033[0m" : "\xC2\xAB", cli->out);
        at = m->end;
    }
    output_visible(cli->out, slice_skip(hit->snippet, at), 0);
    (void)fputc('\n', cli->out);
}

static void put_hit(struct cli *cli, const struct search_hit *hit)
{
    const struct article_row *a = &hit->article;
    char text[DATE_TEXT_BYTES];

    (void)fprintf(cli->out, "%" PRId64 "  %.10s  ", a->id,
                  date_format(a->published_at != 0 ? a->published_at : a->first_seen_at, text));
    output_visible(cli->out, a->outlet, 0);
    (void)fputs("  ", cli->out);
    output_visible(cli->out, a->title.len > 0 ? a->title : a->url, 0);
    (void)fputc('\n', cli->out);
    put_snippet(cli, hit);
}

static struct slice join_words(struct cli *cli)
{
    struct slice query = {"", 0};

    for (int i = 0; i < cli->n_words; i++)
        query = arena_printf(&cli->arena, "%.*s%s%s", SLICE_ARG(query), i > 0 ? " " : "",
                             cli->words[i]);
    return query;
}

int command_search(struct cli *cli)
{
    struct search_filter filter = {.query = join_words(cli),
                                   .window = cli_window(cli, SEARCH_SHOWN)};
    struct search_results found;
    struct ww_error err = {0};
    enum ww_status status = backfill_option(cli, &filter.backfill_id, &err);
    struct output *o = NULL;

    if (status == WW_OK)
        status = store_search(cli->store, &filter, &cli->arena, &found, &err);
    if (status == WW_INVALID)
        return cli_usage(cli, "%s", err.message);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN) {
        o = article_open_rows(cli);
        if (o == NULL)
            return EX_USAGE;
    }
    for (size_t i = 0; i < found.n_rows; i++) {
        if (o != NULL)
            article_put_row(cli, o, &found.rows[i].article);
        else
            put_hit(cli, &found.rows[i]);
    }
    if (o != NULL)
        (void)output_close(o);
    else
        cli_say(cli, "%" PRId64 " article%s", found.n_found, found.n_found == 1 ? "" : "s");
    return found.n_rows == 0 && cli_has(cli, OPTION_EXIT_CODE) ? EXIT_FINDINGS : EX_OK;
}

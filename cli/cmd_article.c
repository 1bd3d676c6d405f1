/* cmd_article.c - wirewatch article and search: what was read. */
#include "base/date.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store_alerts.h"
#include "storage/store_articles.h"
#include "storage/store_search.h"

#include <inttypes.h>
#include <sysexits.h>

#define ARTICLES_SHOWN 50
#define SEARCH_SHOWN 20

static const struct column columns[] = {
    {"id",               COLUMN_RIGHT },
    {"version",          COLUMN_HIDDEN},
    {"first_seen_at",    0            },
    {"published_at",     0            },
    {"published_source", COLUMN_HIDDEN},
    {"modified_at",      COLUMN_HIDDEN},
    {"fetched_at",       COLUMN_HIDDEN},
    {"outlet",           0            },
    {"language",         0            },
    {"country",          COLUMN_HIDDEN},
    {"title",            COLUMN_WIDE  },
    {"author",           COLUMN_HIDDEN},
    {"story",            COLUMN_HIDDEN},
    {"bytes",            COLUMN_HIDDEN},
    {"access",           COLUMN_HIDDEN},
    {"provenance",       COLUMN_HIDDEN},
    {"historic",         COLUMN_HIDDEN},
    {"url",              COLUMN_HIDDEN}
};

static void put_row(struct cli *cli, struct output *o, const struct article_row *a)
{
    output_number(o, a->id);
    output_number(o, a->version);
    output_time(o, a->first_seen_at);
    output_time(o, a->published_at);
    output_text(o, a->published_source);
    output_time(o, a->modified_at);
    output_time(o, a->fetched_at);
    output_text(o, a->outlet);
    output_text(o, a->language);
    output_text(o, a->country);
    output_text(o, a->title);
    output_text(o, a->author);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, a->story_id));
    output_number(o, a->text_bytes);
    output_text(o, a->access);
    output_text(o, a->provenance);
    output_bool(o, a->is_historic);
    output_text(o, a->url);
    output_end_row(o);
}

int command_article_list(struct cli *cli)
{
    struct article_filter filter = {.window = cli_window(cli, ARTICLES_SHOWN),
                                    .by_published = cli->since != 0 || cli->until != 0,
                                    .language = slice_from(cli->values[OPTION_LANGUAGE]),
                                    .history = cli_has(cli, OPTION_HISTORIC) ? STORE_HISTORIC
                                                                             : STORE_ANY_HISTORY};
    struct article_list list;
    struct ww_error err = {0};
    enum ww_status status = store_list_articles(cli->store, &filter, &cli->arena, &list, &err);
    struct output *o;

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++)
        put_row(cli, o, &list.rows[i]);
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no articles");
    return EX_OK;
}

/* ---- one article ----------------------------------------------------------------------------- */

/* ARTICLE is a number or an address, in whatever spelling. */
static enum ww_status find_article(struct cli *cli, struct article_row *out, struct ww_error *err)
{
    const char *word = cli->words[0];
    struct slice canonical;
    enum ww_status status;
    int64_t id;

    if (cli_id(word, 'n', &id)) {
        status = store_article(cli->store, id, &cli->arena, out, err);
    } else {
        status = url_canonical(slice_from(word), &cli->arena, &canonical, err);
        if (status == WW_OK)
            status = store_article_by_canonical(cli->store, canonical, &cli->arena, out, err);
    }
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no article \"%s\"", word);
    return status;
}

static void put_lines(struct cli *cli, struct slice text)
{
    struct slice line;

    while (slice_next_line(&text, &line)) {
        output_visible(cli->out, line, 0);
        (void)fputc('\n', cli->out);
    }
}

static void put_time(struct cli *cli, const char *name, int64_t at, struct slice source)
{
    char text[DATE_TEXT_BYTES];

    if (at != 0)
        output_fact(cli, name,
                    arena_printf(&cli->arena, "%s%s%.*s%s", date_format(at, text),
                                 source.len > 0 ? " (" : "", SLICE_ARG(source),
                                 source.len > 0 ? ")" : ""));
}

static void put_facts(struct cli *cli, const struct article_row *a)
{
    output_fact(cli, "title", a->title);
    output_fact(cli, "author", a->author);
    output_fact(cli, "outlet", a->outlet);
    output_fact(cli, "address", a->url);
    put_time(cli, "published", a->published_at, a->published_source);
    put_time(cli, "modified", a->modified_at, SLICE(""));
    put_time(cli, "first seen", a->first_seen_at, a->provenance);
    put_time(cli, "fetched", a->fetched_at, SLICE(""));
    output_fact(cli, "language", a->language);
    output_fact(cli, "access", a->access);
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
    char text[DATE_TEXT_BYTES];
    enum ww_status status = store_list_articles(cli->store, &filter, &cli->arena, &list, err);

    for (size_t i = 0; status == WW_OK && list.n_rows > 1 && i < list.n_rows; i++)
        output_fact(cli, i == 0 ? "versions" : "",
                    arena_printf(&cli->arena,
                                 "%" PRId64 ": article %" PRId64 ", fetched %s, %" PRId64 " bytes",
                                 list.rows[i].version, list.rows[i].id,
                                 date_format(list.rows[i].fetched_at, text),
                                 list.rows[i].text_bytes));
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

int command_article_show(struct cli *cli)
{
    struct article_row a;
    struct article_text text;
    struct ww_error err = {0};
    enum ww_status status = find_article(cli, &a, &err);
    struct output *o;

    if (status == WW_OK && cli->format != FORMAT_HUMAN) {
        o = output_open(cli, columns, WW_COUNT(columns));
        if (o == NULL)
            return EX_USAGE;
        put_row(cli, o, &a);
        (void)output_close(o);
        return EX_OK;
    }
    if (status == WW_OK) {
        put_facts(cli, &a);
        status = put_versions(cli, &a, &err);
    }
    if (status == WW_OK)
        status = put_mentions(cli, &a, &err);
    if (status == WW_OK && cli_has(cli, OPTION_CUT)) {
        status = store_article_text(cli->store, a.id, &cli->arena, &text, &err);
        if (status == WW_OK) {
            (void)fputs("\ncut away as boilerplate:\n", cli->out);
            put_lines(cli, text.cut);
        }
    }
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

int command_article_text(struct cli *cli)
{
    struct article_row a;
    struct article_text text;
    struct ww_error err = {0};
    enum ww_status status = find_article(cli, &a, &err);

    if (status == WW_OK)
        status = store_article_text(cli->store, a.id, &cli->arena, &text, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    put_lines(cli, cli_has(cli, OPTION_CUT) ? text.cut : text.text);
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
    enum ww_status status = store_search(cli->store, &filter, &cli->arena, &found, &err);
    struct output *o = NULL;

    if (status == WW_INVALID)
        return cli_usage(cli, "%s", err.message);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN) {
        o = output_open(cli, columns, WW_COUNT(columns));
        if (o == NULL)
            return EX_USAGE;
    }
    for (size_t i = 0; i < found.n_rows; i++) {
        if (o != NULL)
            put_row(cli, o, &found.rows[i].article);
        else
            put_hit(cli, &found.rows[i]);
    }
    if (o != NULL)
        (void)output_close(o);
    else
        cli_say(cli, "%" PRId64 " article%s", found.n_found, found.n_found == 1 ? "" : "s");
    return found.n_rows == 0 && cli_has(cli, OPTION_EXIT_CODE) ? EXIT_FINDINGS : EX_OK;
}

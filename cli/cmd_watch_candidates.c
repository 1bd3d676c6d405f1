/* cmd_watch_candidates.c - wirewatch watch candidates, candidate: places that may have a site. */
#include "cli/candidate_words.h"
#include "cli/marked.h"
#include "cli/output.h"

#include <inttypes.h>
#include <sysexits.h>

#define PROPOSAL_COLUMN 3

/* ---- the list -------------------------------------------------------------------------------- */

static enum ww_status put_group(struct cli *cli, struct output *o,
                                const struct candidate_group_list *list,
                                const struct candidate_group *g, struct ww_error *err)
{
    const bool is_human = cli->format == FORMAT_HUMAN;
    const struct slice heading = candidate_heading(list, g, &cli->arena);
    const size_t colon = slice_find(heading, SLICE(": "));
    const bool has_place = is_human && !cli_has(cli, OPTION_FIELDS) && colon < heading.len;
    struct sighting_sentence s;
    enum ww_status status = store_sighting_sentence(cli->store, &g->best->at, &cli->arena, &s, err);

    if (status != WW_OK)
        return status;
    output_text(o, g->place_id);
    output_text(o, g->place);
    output_text(o, g->country);
    output_text(o, has_place ? slice_skip(heading, colon + 2) : heading);
    output_string(o, stance_name(g->best->stance));
    output_string(o, candidate_state_name(g->state));
    output_bool(o, g->is_country);
    output_number(o, g->n_articles);
    output_number(o, g->n_stories);
    output_number(o, g->n_outlets);
    output_number(o, g->n_origins);
    output_time(o, g->first_at);
    output_time(o, g->newest_at);
    output_text(o, is_human ? marked_text(cli, s.text, s.mark_start, s.mark_end) : s.text);
    output_number(o, (int64_t)s.mark_start);
    output_number(o, (int64_t)s.mark_end);
    output_text(o, g->best->term);
    output_text(o, g->best->at.outlet);
    output_text(o, g->best->at.url);
    output_text(o, g->decision != NULL ? g->decision->note : SLICE(""));
    output_below(o, marked_text(cli, s.text, s.mark_start, s.mark_end));
    output_end_row(o);
    return WW_OK;
}

int command_watch_candidates(struct cli *cli)
{
    struct column columns[] = {
        {"id",         0                          },
        {"place",      COLUMN_HIDDEN              },
        {"country",    COLUMN_HIDDEN              },
        {"proposal",   0                          },
        {"stance",     0                          },
        {"state",      COLUMN_HIDDEN              },
        {"is_country", COLUMN_HIDDEN              },
        {"articles",   COLUMN_RIGHT               },
        {"stories",    COLUMN_HIDDEN              },
        {"outlets",    COLUMN_HIDDEN              },
        {"origins",    COLUMN_RIGHT               },
        {"first_at",   0                          },
        {"newest_at",  COLUMN_HIDDEN              },
        {"sentence",   COLUMN_WIDE | COLUMN_HIDDEN},
        {"mark_start", COLUMN_HIDDEN              },
        {"mark_end",   COLUMN_HIDDEN              },
        {"term",       COLUMN_HIDDEN              },
        {"outlet",     COLUMN_HIDDEN              },
        {"url",        COLUMN_HIDDEN              },
        {"note",       COLUMN_HIDDEN              }
    };
    const struct store_window window = cli_window(cli, 0);
    const struct slice country = slice_from(cli->values[OPTION_COUNTRY]);
    const struct candidates_filter filter = {
        .since = cli->since, .until = cli->until, .is_all = cli_has(cli, OPTION_ALL)};
    struct candidate_group_list list;
    struct watchlist w;
    struct ww_error err = {0};
    struct output *o;
    size_t n = 0;
    enum ww_status status =
        watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena, &w, &err);

    if (status == WW_OK)
        status = candidates_list(cli->store, &w, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    /* What every row would begin with is said once. */
    if (cli->format == FORMAT_HUMAN && !cli_has(cli, OPTION_FIELDS))
        columns[PROPOSAL_COLUMN].name = arena_string(
            &cli->arena, arena_printf(&cli->arena, "possible new %.*s", SLICE_ARG(list.kind)));
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        if ((country.len > 0 && !slice_equal_nocase(list.rows[i].country, country)) ||
            n++ < window.offset || n - window.offset > window.limit)
            continue;
        status = put_group(cli, o, &list, &list.rows[i], &err);
    }
    if (output_close(o) == 0 && status == WW_OK && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no candidates%s", filter.is_all ? "" : " (--all: dismissed ones too)");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- one ------------------------------------------------------------------------------------- */

static void put_facts(struct cli *cli, const struct candidate_group_list *list,
                      const struct candidate_group *g)
{
    struct arena *a = &cli->arena;

    output_fact(cli, "proposal", candidate_heading(list, g, a));
    output_fact(cli, "id", g->place_id);
    output_fact(cli, "stance", slice_from(stance_name(g->best->stance)));
    output_fact(cli, "state", slice_from(candidate_state_name(g->state)));
    output_fact(cli, "evidence",
                arena_printf(a,
                             "%" PRId64 " article%s, %" PRId64 " stor%s, %" PRId64
                             " outlet%s, %" PRId64 " origin%s",
                             g->n_articles, g->n_articles == 1 ? "" : "s", g->n_stories,
                             g->n_stories == 1 ? "y" : "ies", g->n_outlets,
                             g->n_outlets == 1 ? "" : "s", g->n_origins,
                             g->n_origins == 1 ? "" : "s"));
    output_fact_time(cli, "first", g->first_at);
    output_fact_time(cli, "newest", g->newest_at);
    if (g->decision != NULL) {
        output_fact(cli, "decision",
                    arena_printf(a, "%s %.*s", verdict_on_place_name(g->decision->verdict),
                                 SLICE_ARG(g->decision->note)));
        output_fact_time(cli, "decided", g->decision->at);
    }
}

static enum ww_status put_sightings(struct cli *cli, const struct candidate_group *g,
                                    struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < g->n_rows && status == WW_OK; i++) {
        const struct candidate_view *v = &g->rows[i];
        struct sighting_sentence s;

        status = store_sighting_sentence(cli->store, &v->at, &cli->arena, &s, err);
        if (status != WW_OK)
            break;
        (void)fprintf(cli->out, "\n%s  ", stance_name(v->stance));
        output_visible(cli->out, output_moment(cli, sighting_at(&v->at)), 0);
        (void)fputs("  ", cli->out);
        output_visible(cli->out, v->at.outlet, 0);
        (void)fputs("\n  ", cli->out);
        marked_put(cli, 2, s.text, s.mark_start, s.mark_end);
        (void)fputs("  ", cli->out);
        output_visible(cli->out, v->at.url, 0);
        (void)fputc('\n', cli->out);
    }
    return status;
}

static enum ww_status put_rows(struct cli *cli, struct output *o, const struct candidate_group *g,
                               struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < g->n_rows && status == WW_OK; i++) {
        const struct candidate_view *v = &g->rows[i];
        struct sighting_sentence s;

        status = store_sighting_sentence(cli->store, &v->at, &cli->arena, &s, err);
        if (status != WW_OK)
            break;
        output_text(o, g->place_id);
        output_string(o, stance_name(v->stance));
        output_time(o, sighting_at(&v->at));
        output_text(o, s.text);
        output_number(o, (int64_t)s.mark_start);
        output_number(o, (int64_t)s.mark_end);
        output_text(o, v->term);
        output_text(o, arena_printf(&cli->arena, "s%" PRId64, v->at.story_id));
        output_number(o, v->at.article_id);
        output_text(o, v->at.outlet);
        output_text(o, v->at.title);
        output_text(o, v->at.url);
        output_end_row(o);
    }
    return status;
}

int command_watch_candidate(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",         0           },
        {"stance",     0           },
        {"at",         0           },
        {"sentence",   COLUMN_WIDE },
        {"mark_start", COLUMN_RIGHT},
        {"mark_end",   COLUMN_RIGHT},
        {"term",       0           },
        {"story",      0           },
        {"article",    COLUMN_RIGHT},
        {"outlet",     0           },
        {"title",      0           },
        {"url",        0           }
    };
    struct candidate_group_list list;
    struct watchlist w;
    struct ww_error err = {0};
    const struct candidate_group *g;
    struct output *o;
    int end;
    enum ww_status status = candidate_read(cli, &w, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    g = candidate_named(cli, &list, &end);
    if (g == NULL)
        return end;
    if (cli->format == FORMAT_HUMAN) {
        put_facts(cli, &list, g);
        status = put_sightings(cli, g, &err);
        return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
    }
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    status = put_rows(cli, o, g, &err);
    (void)output_close(o);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* cmd_report_claims.c - wirewatch report claims: how many sites in how many countries, says who. */
#include "alerts/claim_groups.h"
#include "cli/cli.h"
#include "cli/marked.h"
#include "cli/output.h"

#include <sysexits.h>

static enum ww_status put_row(struct cli *cli, struct output *o, const struct claim_group *g,
                              struct ww_error *err)
{
    const bool is_human = cli->format == FORMAT_HUMAN;
    struct sighting_sentence s;
    enum ww_status status =
        store_sighting_sentence(cli->store, &g->first->at, &cli->arena, &s, err);

    if (status != WW_OK)
        return status;
    output_number(o, g->n_sites);
    output_number(o, g->n_countries);
    output_text(o, g->bound);
    output_time(o, sighting_at(&g->first->at));
    output_time(o, sighting_at(&g->last->at));
    output_number(o, g->n_articles);
    output_number(o, g->n_outlets);
    output_text(o, g->speakers);
    output_text(o, is_human ? marked_text(cli, s.text, s.mark_start, s.mark_end) : s.text);
    output_number(o, (int64_t)s.mark_start);
    output_number(o, (int64_t)s.mark_end);
    output_text(o, g->first->at.url);
    output_text(o, g->last->at.url);
    output_below(o, marked_text(cli, s.text, s.mark_start, s.mark_end));
    output_end_row(o);
    return WW_OK;
}

int command_report_claims(struct cli *cli)
{
    static const struct column columns[] = {
        {"sites",      COLUMN_RIGHT               },
        {"countries",  COLUMN_RIGHT               },
        {"bound",      0                          },
        {"first_at",   0                          },
        {"last_at",    0                          },
        {"articles",   COLUMN_RIGHT               },
        {"outlets",    COLUMN_HIDDEN              },
        {"speakers",   COLUMN_WIDE                },
        {"sentence",   COLUMN_WIDE | COLUMN_HIDDEN},
        {"mark_start", COLUMN_HIDDEN              },
        {"mark_end",   COLUMN_HIDDEN              },
        {"first_url",  COLUMN_HIDDEN              },
        {"last_url",   COLUMN_HIDDEN              }
    };
    const struct store_window window = cli_window(cli, 0);
    const struct sighting_filter filter = {
        .window = {.since = cli->since, .until = cli->until}
    };
    struct claim_group_list list;
    struct ww_error err = {0};
    struct output *o;
    enum ww_status status = claim_groups_list(cli->store, &filter, &cli->arena, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = window.offset; i < list.n_rows && i - window.offset < window.limit; i++)
        if ((status = put_row(cli, o, &list.rows[i], &err)) != WW_OK)
            break;
    if (output_close(o) == 0 && status == WW_OK && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no claims");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

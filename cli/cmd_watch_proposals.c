/* cmd_watch_proposals.c - wirewatch watch proposals, set-status: how things stand with an item. */
#include "alerts/proposals.h"
#include "alerts/watchlist_edit.h"
#include "base/date.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/marked.h"
#include "cli/output.h"
#include "cli/watch_cells.h"
#include "cli/watch_words.h"
#include "storage/store.h"

#include <sysexits.h>

static enum ww_status read_all(struct cli *cli, struct slice item, struct watchlist *w,
                               struct proposal_group_list *out, struct ww_error *err)
{
    const struct sighting_filter filter = {
        .window = {.since = cli->since, .until = cli->until},
          .item = item
    };
    enum ww_status status =
        watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena, w, err);

    return status == WW_OK ? proposals_list(cli->store, w, &filter, &cli->arena, out, err) : status;
}

/* ---- the list -------------------------------------------------------------------------------- */

static enum ww_status put_row(struct cli *cli, struct output *o, const struct proposal_group *g,
                              struct ww_error *err)
{
    const bool is_human = cli->format == FORMAT_HUMAN;
    struct sighting_sentence s;
    enum ww_status status = store_sighting_sentence(cli->store, &g->best->at, &cli->arena, &s, err);

    if (status != WW_OK)
        return status;
    output_text(o, g->item);
    output_text(o, g->item_name);
    output_text(o, g->country);
    output_text(o, g->current);
    output_text(o, g->current_date);
    output_text(o, g->state);
    output_string(o, stance_name(g->best->stance));
    output_string(o, proposal_state_name(g->verdict));
    output_number(o, g->n_articles);
    output_number(o, g->n_outlets);
    output_time(o, g->first_at);
    output_time(o, g->newest_at);
    output_text(o, is_human ? marked_text(cli, s.text, s.mark_start, s.mark_end) : s.text);
    output_number(o, (int64_t)s.mark_start);
    output_number(o, (int64_t)s.mark_end);
    output_text(o, g->best->at.outlet);
    output_text(o, g->best->at.url);
    output_below(o, marked_text(cli, s.text, s.mark_start, s.mark_end));
    output_end_row(o);
    return WW_OK;
}

int command_watch_proposals(struct cli *cli)
{
    static const struct column columns[] = {
        {"item",         0                          },
        {"name",         COLUMN_HIDDEN              },
        {"country",      COLUMN_HIDDEN              },
        {"current",      0                          },
        {"current_date", COLUMN_HIDDEN              },
        {"proposed",     0                          },
        {"stance",       0                          },
        {"state",        COLUMN_HIDDEN              },
        {"articles",     COLUMN_RIGHT               },
        {"outlets",      COLUMN_HIDDEN              },
        {"first_at",     COLUMN_HIDDEN              },
        {"newest_at",    0                          },
        {"sentence",     COLUMN_WIDE | COLUMN_HIDDEN},
        {"mark_start",   COLUMN_HIDDEN              },
        {"mark_end",     COLUMN_HIDDEN              },
        {"outlet",       COLUMN_HIDDEN              },
        {"url",          COLUMN_HIDDEN              }
    };
    const struct store_window window = cli_window(cli, 0);
    const bool is_all = cli_has(cli, OPTION_ALL);
    struct proposal_group_list list;
    struct watchlist w;
    struct ww_error err = {0};
    struct output *o;
    size_t n = 0;
    enum ww_status status = read_all(cli, slice_from(cli->values[OPTION_ITEM]), &w, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (list.n_rows == 0)
        status = watch_know_item(cli, slice_from(cli->values[OPTION_ITEM]), &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        if ((!is_all && list.rows[i].verdict != PROPOSAL_OPEN) || n++ < window.offset ||
            n - window.offset > window.limit)
            continue;
        status = put_row(cli, o, &list.rows[i], &err);
    }
    if (output_close(o) == 0 && status == WW_OK && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no proposals%s", is_all ? "" : " (--all: known, overtaken, denied)");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- set-status ------------------------------------------------------------------------------ */

/* The one row that the word means: its id, or a site that is the only one of. SIZE_MAX: none. */
static size_t find_row(const struct watch_edit *edit, struct slice word, size_t *n)
{
    size_t found = watch_edit_find(edit, WATCH_STATIONS, word);

    *n = found != SIZE_MAX;
    for (size_t i = 0; found == SIZE_MAX && i < watch_edit_rows(edit, WATCH_STATIONS); i++)
        *n += watch_edit_is_there(edit, WATCH_STATIONS, i) &&
              slice_equal(watch_edit_cell(edit, WATCH_STATIONS, i, "site"), word);
    for (size_t i = 0; *n == 1 && found == SIZE_MAX && i < watch_edit_rows(edit, WATCH_STATIONS);
         i++)
        if (watch_edit_is_there(edit, WATCH_STATIONS, i) &&
            slice_equal(watch_edit_cell(edit, WATCH_STATIONS, i, "site"), word))
            found = i;
    return found;
}

static int say_rows(struct cli *cli, const struct watch_edit *edit, size_t n)
{
    struct ww_error err = {0};

    if (n == 0)
        return cli_fail(cli,
                        ww_fail(&err, WW_NOT_FOUND, "stations.csv has no row and no site \"%s\"",
                                cli->words[0]),
                        &err);
    (void)cli_usage(cli, "%zu rows are of \"%s\": name one", n, cli->words[0]);
    for (size_t i = 0; i < watch_edit_rows(edit, WATCH_STATIONS); i++)
        if (watch_edit_is_there(edit, WATCH_STATIONS, i) &&
            slice_equal(watch_edit_cell(edit, WATCH_STATIONS, i, "site"),
                        slice_from(cli->words[0])))
            cli_say(cli, "  %.*s", SLICE_ARG(watch_edit_cell(edit, WATCH_STATIONS, i, "id")));
    return EX_USAGE;
}

/* The proposal of that state with the best sentence; NULL: no article says so. */
static const struct proposal_view *find_evidence(const struct proposal_group_list *list,
                                                 struct slice state)
{
    for (size_t i = 0; i < list->n_rows; i++)
        if (slice_equal(list->rows[i].state, state) && list->rows[i].best->stance < STANCE_DENIED)
            return list->rows[i].best;
    return NULL;
}

static struct slice day_of(struct cli *cli, int64_t at)
{
    char text[DATE_TEXT_BYTES];

    return slice_head(arena_copy(&cli->arena, slice_from(date_format(at, text))), 10);
}

/* "what was; what is new" */
static struct slice append(struct cli *cli, struct slice before, struct slice more)
{
    if (before.len == 0 || more.len == 0)
        return before.len == 0 ? more : before;
    return arena_printf(&cli->arena, "%.*s; %.*s", SLICE_ARG(before), SLICE_ARG(more));
}

static int set_status(struct cli *cli, struct watch_edit *edit, size_t row,
                      const struct proposal_view *evidence)
{
    static const char *const titles[] = {"id", "status", "status_date", "source", "notes"};
    const int64_t now = clock_now(&cli->clock);
    const struct slice day = day_of(cli, evidence != NULL ? sighting_at(&evidence->at) : now);
    struct watch_field fields[WW_COUNT(titles)];
    struct slice before[WW_COUNT(titles)], source = SLICE("");
    struct ww_error err = {0};
    enum ww_status status;

    for (size_t i = 0; i < WW_COUNT(titles); i++) {
        before[i] = watch_edit_cell(edit, WATCH_STATIONS, row, titles[i]);
        fields[i] = (struct watch_field){slice_from(titles[i]), before[i]};
    }
    if (evidence != NULL)
        source = arena_printf(
            &cli->arena, "%.*s (%.*s)",
            SLICE_ARG(evidence->at.outlet.len > 0 ? evidence->at.outlet : evidence->at.url),
            SLICE_ARG(day));
    fields[1].value = slice_from(cli->words[1]);
    fields[2].value = cli->n_words > 2 ? slice_from(cli->words[2]) : day;
    fields[3].value = append(cli, before[3], source);
    fields[4].value = append(cli, before[4], slice_from(cli->values[OPTION_NOTE]));
    status = watch_edit_put(edit, WATCH_STATIONS, fields, WW_COUNT(fields), &err);
    return status == WW_OK ? watch_commit(cli, edit, "set-status", before[0])
                           : cli_fail(cli, status, &err);
}

int command_watch_set_status(struct cli *cli)
{
    const struct slice state = slice_from(cli->words[1]);
    struct proposal_group_list list;
    struct watch_edit *edit;
    struct watchlist w;
    struct ww_error err = {0};
    struct slice site;
    size_t row, n;
    enum ww_status status = watch_edit_open(watch_folder(cli), &cli->arena, &edit, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    row = find_row(edit, slice_from(cli->words[0]), &n);
    if (row == SIZE_MAX)
        return say_rows(cli, edit, n);
    if (watch_cell_check(cli, edit, SLICE("status"), state) != EX_OK ||
        (cli->n_words > 2 &&
         watch_cell_check(cli, edit, SLICE("status_date"), slice_from(cli->words[2])) != EX_OK))
        return EX_USAGE;
    site = watch_edit_cell(edit, WATCH_STATIONS, row, "site");
    if (site.len == 0)
        site = watch_edit_cell(edit, WATCH_STATIONS, row, "id");
    status = read_all(cli, site, &w, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return set_status(cli, edit, row, find_evidence(&list, state));
}

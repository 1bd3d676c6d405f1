/* control.c - the control set, before and after a change of the list. */
#include "cli/control.h"

#include "alerts/control.h"
#include "alerts/watchlist.h"
#include "base/limits.h"
#include "cli/database.h"
#include "cli/output.h"

#include <inttypes.h>
#include <sysexits.h>

/* Both lists on all cases. WW_NOT_FOUND: there is no set. version 0: no list was used yet. */
static enum ww_status replay(struct cli *cli, const struct watchlist *list,
                             struct control_report *out, int64_t *version, struct ww_error *err)
{
    const struct store_options options = database_options(cli, true);
    const struct store_window all = {.limit = CONTROL_CASES_MAX};
    struct control_list cases = {0};
    struct watchlist_row row;
    struct watchlist used;
    enum ww_status status = cli->store != NULL ? WW_OK : database_open(cli, &options, err);

    *version = 0;
    if (status == WW_OK)
        status = store_list_controls(cli->store, &all, &cli->arena, &cases, err);
    if (status == WW_OK && cases.n_rows == 0)
        return ww_fail(err, WW_NOT_FOUND, "the control set is empty: wirewatch watch control add");
    if (status != WW_OK)
        return status;
    status = store_watchlist(cli->store, 0, &cli->arena, &row, err);
    if (status == WW_NOT_FOUND) /* nothing to hold it against */
        return control_compare(&cases, NULL, list, &cli->arena, out, err);
    if (status == WW_OK)
        status = watchlist_parse(row.content, &cli->arena, &used, err);
    if (status != WW_OK)
        return status;
    *version = row.id;
    return control_compare(&cases, &used, list, &cli->arena, out, err);
}

/* ---- for people ------------------------------------------------------------------------------ */

static void put_line(struct cli *cli, const char *name, struct slice before, struct slice after)
{
    (void)fprintf(cli->out, "%-11s %-14.*s %.*s\n", name, SLICE_ARG(before), SLICE_ARG(after));
}

static struct slice found_of(struct cli *cli, const struct control_score *s)
{
    return arena_printf(&cli->arena, "%" PRId64 " of %" PRId64, s->n_found, s->n_wanted);
}

static void put_scores(struct cli *cli, const struct control_report *r, int64_t version,
                       const char *folder)
{
    struct arena *a = &cli->arena;
    const struct control_score *x = &r->before, *y = &r->after;
    const bool both = r->has_before;
    const struct slice none = SLICE("-");

    (void)fprintf(cli->out, "%-11s %-14s ", "control",
                  both ? arena_printf(a, "version %" PRId64, version).ptr : "-");
    output_visible(cli->out, slice_from(folder), 0);
    (void)fputc('\n', cli->out);
    put_line(cli, "cases", both ? arena_printf(a, "%zu", r->n_cases) : none,
             arena_printf(a, "%zu", r->n_cases));
    put_line(cli, "found", both ? found_of(cli, x) : none, found_of(cli, y));
    put_line(cli, "unexpected", both ? arena_printf(a, "%" PRId64, x->n_unexpected) : none,
             arena_printf(a, "%" PRId64, y->n_unexpected));
    put_line(cli, "recall", both ? arena_printf(a, "%.3f", x->recall) : none,
             arena_printf(a, "%.3f", y->recall));
    put_line(cli, "precision", both ? arena_printf(a, "%.3f", x->precision) : none,
             arena_printf(a, "%.3f", y->precision));
}

static const char *verdict_of(const struct control_report *r, const struct control_outcome *o)
{
    const bool is_right = control_is_right(o, o->is_found_after);
    const bool was_right = r->has_before && control_is_right(o, o->is_found_before);

    if (is_right)
        return r->has_before && !was_right ? "mended" : "right";
    if (o->is_wanted)
        return was_right ? "lost" : "missed";
    return was_right ? "new" : "unexpected";
}

/* What is wrong now, or was; what is right and was needs no line. */
static void put_outcomes(struct cli *cli, const struct control_report *r)
{
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct control_outcome *o = &r->rows[i];

        if (control_is_right(o, o->is_found_after) &&
            (!r->has_before || control_is_right(o, o->is_found_before)))
            continue;
        (void)fprintf(cli->out, "%-10s c%-4" PRId64 " ", verdict_of(r, o), o->row->id);
        output_visible(cli->out, o->item, 0);
        (void)fputs("  ", cli->out);
        output_visible(cli->out, o->row->title.len > 0 ? o->row->title : o->row->url, 50);
        (void)fputc('\n', cli->out);
    }
}

/* ---- for programs ---------------------------------------------------------------------------- */

static int put_rows(struct cli *cli, const struct control_report *r)
{
    static const struct column columns[] = {
        {"control", 0},
        {"item",    0},
        {"wanted",  0},
        {"before",  0},
        {"after",   0},
        {"verdict", 0},
        {"title",   0},
        {"url",     0}
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct control_outcome *row = &r->rows[i];

        output_number(o, row->row->id);
        output_text(o, row->item);
        output_bool(o, row->is_wanted);
        if (r->has_before)
            output_bool(o, row->is_found_before);
        else
            output_none(o);
        output_bool(o, row->is_found_after);
        output_string(o, verdict_of(r, row));
        output_text(o, row->row->title);
        output_text(o, row->row->url);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

/* ---- the commands
 * --------------------------------------------------------------------------------- */

int control_show(struct cli *cli, const struct watchlist *list, const char *folder)
{
    struct control_report report;
    struct ww_error err = {0};
    int64_t version;
    enum ww_status status = replay(cli, list, &report, &version, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN) {
        if (put_rows(cli, &report) != EX_OK)
            return EX_USAGE;
    } else {
        put_scores(cli, &report, version, folder);
        put_outcomes(cli, &report);
    }
    return control_has_failed(&report) ? EXIT_FINDINGS : EX_OK;
}

void control_mention(struct cli *cli, struct slice before, struct slice after)
{
    const struct store_window all = {.limit = CONTROL_CASES_MAX};
    struct control_list cases = {0};
    struct control_report r;
    struct watchlist old, new;

    if (cli->store == NULL ||
        store_list_controls(cli->store, &all, &cli->arena, &cases, NULL) != WW_OK ||
        cases.n_rows == 0 || watchlist_parse(before, &cli->arena, &old, NULL) != WW_OK ||
        watchlist_parse(after, &cli->arena, &new, NULL) != WW_OK ||
        control_compare(&cases, &old, &new, &cli->arena, &r, NULL) != WW_OK)
        return;
    if (r.n_mended == 0 && r.n_lost == 0 && r.before.n_unexpected == r.after.n_unexpected)
        return;
    cli_say(cli,
            "control set of %zu: recall %.3f to %.3f, precision %.3f to %.3f; %zu mended, %zu lost",
            r.n_cases, r.before.recall, r.after.recall, r.before.precision, r.after.precision,
            r.n_mended, r.n_lost);
}

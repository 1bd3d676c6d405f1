/* cmd_watch_show.c - wirewatch watch show: all there is about one watched item. */
#include "alerts/watchlist.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/watch_words.h"
#include "storage/store_marks.h"
#include "storage/store_uses.h"

#include <inttypes.h>
#include <sysexits.h>

static const char *const class_names[] = {
    [WATCH_DIRECT] = "alias",    [WATCH_NEAR] = "context alias", [WATCH_BODY] = "body",
    [WATCH_BARE] = "place name", [WATCH_PLACE] = "place",        [WATCH_DEMONYM] = "demonym",
    [WATCH_TERM] = "term",
};

/* The item of an id; of a row's id the item that the row belongs to. WATCH_NONE. */
static size_t find_item(const struct watchlist *w, struct slice id)
{
    const struct csv_table *t = &w->files[WATCH_STATIONS];
    struct slice site = id;

    for (size_t i = 0; i < t->n_rows; i++)
        if (slice_equal(csv_cell(&t->rows[i], csv_column(t, SLICE("id"))), id) &&
            csv_cell(&t->rows[i], csv_column(t, SLICE("site"))).len > 0)
            site = csv_cell(&t->rows[i], csv_column(t, SLICE("site")));
    for (size_t i = 0; i < w->n_items; i++)
        if (slice_equal(w->items[i].id, id) || slice_equal(w->items[i].id, site))
            return i;
    return WATCH_NONE;
}

static int fail_unknown(struct cli *cli, const struct watchlist *w, const char *id)
{
    struct nearest near;
    struct ww_error err = {0};

    nearest_init(&near, slice_from(id));
    for (size_t i = 0; i < w->n_items; i++)
        nearest_try(&near, arena_string(&cli->arena, w->items[i].id));
    return cli_fail(cli,
                    ww_fail(&err, WW_NOT_FOUND, "no item is called \"%s\"; %s%s", id,
                            near.best != NULL ? "did you mean " : "wirewatch watch list shows them",
                            near.best != NULL ? near.best : ""),
                    &err);
}

/* Does the row of this file speak of the item? */
static bool is_row_of(const struct csv_table *t, const struct csv_row *row,
                      const struct watch_item *item)
{
    struct slice site = csv_cell(row, csv_column(t, SLICE("site")));

    if (site.len == 0)
        site = csv_cell(row, csv_column(t, SLICE("id")));
    return slice_equal(site, item->id) && !watch_is_comment(row);
}

/* The cells of its rows: what people wrote, and what is read, but not the names once more. */
static void put_rows(struct cli *cli, const struct watchlist *w, const struct watch_item *item)
{
    for (enum watch_file f = 0; f < WATCH_FILE_COUNT; f++) {
        const struct csv_table *t = &w->files[f];

        for (size_t i = 0; i < t->n_rows && f != WATCH_TERMS; i++) {
            if (!is_row_of(t, &t->rows[i], item))
                continue;
            (void)fprintf(cli->out, "%s:%zu\n", watch_file_name(f), t->rows[i].line);
            for (size_t k = 0; k < t->header.n_cells; k++) {
                struct slice cell = csv_cell(&t->rows[i], k);

                if (cell.len == 0 || watch_is_list_column(csv_cell(&t->header, k)))
                    continue;
                (void)fputs("    ", cli->out);
                output_visible(cli->out, csv_cell(&t->header, k), 0);
                (void)fputs(": ", cli->out);
                output_visible(cli->out, cell, 0);
                (void)fputc('\n', cli->out);
            }
        }
    }
}

static bool is_name_of(const struct watchlist *w, const struct watch_name *n, size_t item)
{
    if (n->class == WATCH_TERM)
        return false;
    if (n->class != WATCH_PLACE && n->class != WATCH_DEMONYM)
        return n->owner == item;
    return w->places[n->owner].item == item || w->places[n->owner].country_item == item;
}

static bool is_name_of_id(const struct watchlist *w, const struct watch_name *n, struct slice id)
{
    for (size_t i = 0; i < w->n_items; i++)
        if (slice_equal(w->items[i].id, id) && is_name_of(w, n, i))
            return true;
    return false;
}

static int64_t count_use(const struct use_list *uses, struct slice name)
{
    for (size_t i = 0; i < uses->n_rows; i++)
        if (slice_equal(uses->rows[i].name, name))
            return uses->rows[i].n;
    return 0;
}

static void put_names(struct cli *cli, const struct watchlist *w, size_t item,
                      const struct use_list *uses)
{
    static const struct column columns[] = {
        {"name",     0           },
        {"language", 0           },
        {"as",       0           },
        {"file",     0           },
        {"row",      COLUMN_RIGHT},
        {"found",    COLUMN_RIGHT}
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));

    for (size_t i = 0; o != NULL && i < w->n_names; i++) {
        const struct watch_name *n = &w->names[i];

        if (!is_name_of_id(w, n, w->items[item].id))
            continue;
        output_text(o, n->text);
        output_text(o, n->language);
        output_string(o, class_names[n->class]);
        output_string(o, watch_file_name(n->cell.file));
        output_number(o, n->cell.row);
        output_number(o, count_use(uses, n->text));
        output_end_row(o);
    }
    if (o != NULL)
        (void)output_close(o);
}

/* How often it alerted, when last, and what analysts said of it. */
static enum ww_status put_alerts(struct cli *cli, struct slice item, struct ww_error *err)
{
    const struct judged_filter filter = {
        .window = {.limit = ALL_ROWS}, .item = item, .is_marked = true};
    struct use_list items;
    struct judged_list judged = {0};
    struct use_row use = {.n = 0};
    size_t n_right = 0;
    enum ww_status status = store_list_item_uses(cli->store, &cli->arena, &items, err);

    if (status == WW_OK)
        status = store_list_judged(cli->store, &filter, &cli->arena, &judged, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < items.n_rows; i++)
        if (slice_equal(items.rows[i].name, item))
            use = items.rows[i];
    for (size_t i = 0; i < judged.n_rows; i++)
        n_right += judged.rows[i].verdict != MARK_IRRELEVANT;
    output_fact(cli, "alerts", arena_printf(&cli->arena, "%" PRId64, use.n));
    output_fact_time(cli, "first", use.first_at);
    output_fact_time(cli, "last", use.last_at);
    if (judged.n_rows > 0)
        output_fact(cli, "marked",
                    arena_printf(&cli->arena, "%zu, %zu of them right", judged.n_rows, n_right));
    return WW_OK;
}

static void put_item(struct cli *cli, const struct watch_item *item)
{
    output_fact(cli, "item", item->id);
    output_fact(cli, "kind", item->kind);
    output_fact(cli, "name", item->name);
    output_fact(cli, "country", item->country);
    output_fact(cli, "severity", item->severity);
    output_fact(cli, "tags", item->tags);
    output_fact(cli, "owner", item->owner);
}

int command_watch_show(struct cli *cli)
{
    struct watchlist w;
    struct use_list uses = {0};
    struct ww_error err = {0};
    size_t item;
    enum ww_status status = watchlist_read(watch_folder(cli), &cli->arena, &w, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    item = find_item(&w, slice_from(cli->words[0]));
    if (item == WATCH_NONE)
        return fail_unknown(cli, &w, cli->words[0]);
    status = store_list_alias_uses(cli->store, &cli->arena, &uses, &err);
    if (status == WW_OK && cli->format == FORMAT_HUMAN) {
        put_item(cli, &w.items[item]);
        for (size_t i = item + 1; i < w.n_items; i++) /* a country and a site of one id */
            if (slice_equal(w.items[i].id, w.items[item].id))
                put_item(cli, &w.items[i]);
        status = put_alerts(cli, w.items[item].id, &err);
        put_rows(cli, &w, &w.items[item]);
    }
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    put_names(cli, &w, item, &uses);
    return EX_OK;
}

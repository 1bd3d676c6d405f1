/* cmd_watch_adopt.c - wirewatch watch adopt, dismiss, reopen: what becomes of a possible place. */
#include "alerts/watchlist_derive.h"
#include "alerts/watchlist_edit.h"
#include "base/date.h"
#include "cli/candidate_words.h"
#include "cli/watch_words.h"
#include "storage/store.h"

#include <string.h>
#include <sysexits.h>

#define FIELDS_MAX 24

/* The row that is proposed, a cell each. */
struct proposal {
    struct watch_field fields[FIELDS_MAX];
    size_t n_fields;
    struct slice id;
};

static void put(struct proposal *p, const char *title, struct slice value)
{
    if (p->n_fields < FIELDS_MAX)
        p->fields[p->n_fields++] = (struct watch_field){slice_from(title), value};
}

/* "2026-11-20" */
static struct slice day_of(struct cli *cli, int64_t at)
{
    char text[DATE_TEXT_BYTES];

    return slice_head(arena_copy(&cli->arena, slice_from(date_format(at, text))), 10);
}

/* What the row says of where it comes from. */
static void put_evidence(struct cli *cli, const struct candidate_group *g, struct proposal *p)
{
    const struct sighting *best = &g->best->at;
    const struct slice day = day_of(cli, sighting_at(best));
    const struct slice note = slice_from(cli->values[OPTION_NOTE]);

    put(p, "status", SLICE("reported"));
    put(p, "status_date", day);
    put(p, "source",
        arena_printf(&cli->arena, "%.*s (%.*s)",
                     SLICE_ARG(best->outlet.len > 0 ? best->outlet : best->url), SLICE_ARG(day)));
    put(p, "confidence", SLICE("low"));
    put(p, "notes",
        arena_printf(&cli->arena, "candidate of %.*s, %s in %.*s%s%.*s", SLICE_ARG(day),
                     stance_name(g->best->stance), SLICE_ARG(best->url), note.len > 0 ? "; " : "",
                     SLICE_ARG(note)));
}

static void make_row(struct cli *cli, const struct candidate_group_list *list,
                     const struct candidate_group *g, struct proposal *p)
{
    const struct slice given = slice_from(cli->values[OPTION_ID]);

    *p = (struct proposal){.id = given.len > 0 ? given : g->place_id};
    put(p, "id", p->id);
    put(p, "name",
        arena_printf(&cli->arena, "%.*s %.*s", SLICE_ARG(g->place), SLICE_ARG(list->kind)));
    put(p, "kind", list->kind);
    put(p, "city", g->is_country ? SLICE("") : g->place);
    put(p, "country", g->country);
    if (cli_has(cli, OPTION_ALIAS))
        put(p, "aliases", slice_from(cli->values[OPTION_ALIAS]));
    put_evidence(cli, g, p);
    put(p, "site", g->place_id);
    put(p, "match_scope", g->is_country ? SLICE("country") : SLICE("city"));
}

static enum ww_status decide(struct cli *cli, const struct candidate_group *g,
                             enum verdict_on_place verdict, struct slice item, struct ww_error *err)
{
    const struct decision_row row = {.country = g->country,
                                     .place = g->place_id,
                                     .verdict = verdict,
                                     .item = item,
                                     .note = slice_from(cli->values[OPTION_NOTE]),
                                     .at = clock_now(&cli->clock)};
    enum ww_status status = store_begin(cli->store, err);
    int64_t id;

    if (status == WW_OK)
        status = store_add_decision(cli->store, &row, &id, err);
    if (status == WW_OK)
        status = store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

/* The place's own row, so that its names make the new site found; made when the list has none. */
static enum ww_status put_place(const struct candidate_group *g, struct watch_edit *edit,
                                struct ww_error *err)
{
    const struct watch_field fields[] = {
        {SLICE("id"),      g->place_id                                     },
        {SLICE("watch"),   SLICE("station")                                },
        {SLICE("type"),    g->is_country ? SLICE("country") : SLICE("city")},
        {SLICE("country"), g->country                                      },
        {SLICE("name"),    g->place                                        },
    };
    const bool is_there = watch_edit_find(edit, WATCH_PLACES, g->place_id) != SIZE_MAX;

    return watch_edit_put(edit, WATCH_PLACES, fields, is_there ? 2 : WW_COUNT(fields), err);
}

/* Was the row written? A person may have said no. */
static bool is_adopted(struct cli *cli, struct slice id)
{
    struct watch_edit *edit;

    return watch_edit_open(watch_folder(cli), &cli->arena, &edit, NULL) == WW_OK &&
           watch_edit_find(edit, WATCH_STATIONS, id) != SIZE_MAX;
}

static int adopt(struct cli *cli, const struct candidate_group_list *list,
                 const struct candidate_group *g)
{
    struct watch_edit *edit = NULL;
    struct proposal row;
    struct ww_error err = {0};
    enum ww_status status = watch_edit_open(watch_folder(cli), &cli->arena, &edit, &err);
    int end;

    make_row(cli, list, g, &row);
    if (status == WW_OK)
        status = watch_id_check(row.id, &cli->arena, &err);
    if (status == WW_OK && watch_edit_find(edit, WATCH_STATIONS, row.id) != SIZE_MAX)
        status = ww_fail(&err, WW_INVALID, "stations.csv has a row %.*s: choose another with --id",
                         SLICE_ARG(row.id));
    if (status == WW_OK)
        status = put_place(g, edit, &err);
    if (status == WW_OK)
        status = watch_edit_put(edit, WATCH_STATIONS, row.fields, row.n_fields, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (g->is_country)
        cli_say(
            cli,
            "no known place stands beside it: where the sentence names one, wirewatch watch add "
            "--city PLACE --country %.*s says it better",
            SLICE_ARG(g->country));
    end = watch_commit(cli, edit, "adopt", row.id);
    if (end != EX_OK || !is_adopted(cli, row.id))
        return end;
    status = decide(cli, g, PLACE_ADOPTED, row.id, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "to find it in what was read before: wirewatch watch rescan");
    return EX_OK;
}

/* The candidate that is named; NULL: *end is what the command ends with. w is what it borrows. */
static const struct candidate_group *read_named(struct cli *cli, struct watchlist *w,
                                                struct candidate_group_list *list, int *end)
{
    struct ww_error err = {0};
    enum ww_status status = candidate_read(cli, w, list, &err);

    if (status == WW_OK)
        return candidate_named(cli, list, end);
    *end = cli_fail(cli, status, &err);
    return NULL;
}

static int fail_listed(struct cli *cli, struct slice id)
{
    struct ww_error err = {0};

    return cli_fail(cli, ww_fail(&err, WW_INVALID, "%.*s is on the list already", SLICE_ARG(id)),
                    &err);
}

/* Is the word the id of a site? After a rescan no article proposes it any more. */
static bool is_site(const struct watchlist *w, struct slice word)
{
    for (size_t i = 0; i < w->n_items; i++)
        if (w->items[i].is_site && slice_equal(w->items[i].id, word))
            return true;
    return false;
}

int command_watch_adopt(struct cli *cli)
{
    const struct slice word = slice_from(cli->words[0]);
    struct candidate_group_list list;
    struct watchlist w;
    struct ww_error err = {0};
    const struct candidate_group *g;
    int end;
    enum ww_status status = candidate_read(cli, &w, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (is_site(&w, word))
        return fail_listed(cli, word);
    g = candidate_named(cli, &list, &end);
    if (g == NULL && end == EX_NOINPUT)
        cli_say(cli, "a place that no list knows: wirewatch watch add --city \"%s\" --country CODE",
                cli->words[0]);
    if (g == NULL)
        return end;
    return g->state == CANDIDATE_LISTED ? fail_listed(cli, g->place_id) : adopt(cli, &list, g);
}

static int record(struct cli *cli, enum verdict_on_place verdict, enum candidate_state is_so,
                  const char *said)
{
    struct candidate_group_list list;
    struct watchlist w;
    struct ww_error err = {0};
    int end;
    const struct candidate_group *g = read_named(cli, &w, &list, &end);
    enum ww_status status;

    if (g == NULL)
        return end;
    if (g->state == is_so) {
        cli_say(cli, "%.*s is %s already: nothing done", SLICE_ARG(g->place_id),
                candidate_state_name(is_so));
        return EX_OK;
    }
    status = decide(cli, g, verdict, SLICE(""), &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%.*s: %s", SLICE_ARG(g->place_id), said);
    return EX_OK;
}

int command_watch_dismiss(struct cli *cli)
{
    return record(cli, PLACE_DISMISSED, CANDIDATE_DISMISSED,
                  "dismissed; a later story that says so brings it back, marked as new evidence");
}

int command_watch_reopen(struct cli *cli)
{
    return record(cli, PLACE_REOPENED, CANDIDATE_OPEN, "among the candidates again");
}

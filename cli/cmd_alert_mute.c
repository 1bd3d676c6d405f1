/* cmd_alert_mute.c - wirewatch alert mute, mutes, unmute: what is not to be told for a while. */
#include "alerts/mutes.h"
#include "alerts/watchlist.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/watch_words.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <sysexits.h>

#define DAY_S 86400

/* ---- what is muted --------------------------------------------------------------------------- */

static enum ww_status read_story(struct cli *cli, struct mute_row *row, struct ww_error *err)
{
    const char *word = cli->values[OPTION_STORY];
    struct story_row story;
    enum ww_status status;

    if (word == NULL)
        return WW_OK;
    if (!cli_id(word, 's', &row->story_id))
        return ww_fail(err, WW_NOT_FOUND, "\"%s\" is no story number (s5)", word);
    status = store_story(cli->store, row->story_id, &cli->arena, &story, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no story s%" PRId64 "; wirewatch story list shows them",
                       row->story_id);
    return status;
}

/* As articles spell it, whatever the case and accents it was typed with. */
static enum ww_status read_outlet(struct cli *cli, struct mute_row *row, struct ww_error *err)
{
    struct slice asked = slice_from(cli->values[OPTION_OUTLET]);
    struct slice key = text_fold_key(asked, &cli->arena);
    struct slice *names;
    struct nearest near;
    size_t n = 0;
    enum ww_status status;

    if (asked.ptr == NULL)
        return WW_OK;
    status = store_list_outlets(cli->store, &cli->arena, &names, &n, err);
    nearest_init(&near, asked);
    for (size_t i = 0; i < n && status == WW_OK; i++) {
        if (slice_equal(text_fold_key(names[i], &cli->arena), key)) {
            row->outlet = names[i];
            return WW_OK;
        }
        nearest_try(&near, arena_string(&cli->arena, names[i]));
    }
    if (status != WW_OK)
        return status;
    return ww_fail(err, WW_NOT_FOUND, "no article is from an outlet \"%.*s\"%s%s%s",
                   SLICE_ARG(asked), near.best != NULL ? "; did you mean " : "",
                   near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
}

/* ---- for how long ---------------------------------------------------------------------------- */

/* EX_USAGE when it was said what is wrong. */
static int read_end(struct cli *cli, struct mute_row *row)
{
    const char *word = cli->values[OPTION_FOR];
    int64_t seconds = MUTE_DEFAULT_S;

    if (word != NULL && cli->until != 0)
        return cli_usage(cli, "--for or --until, not both");
    if (word != NULL && (!config_duration(slice_from(word), &seconds) || seconds <= 0))
        return cli_usage(cli, "--for wants a time such as 36h or 14d, not \"%s\"", word);
    row->until = cli->until != 0 ? cli->until : row->created_at + seconds;
    if (row->until <= row->created_at)
        return cli_usage(cli, "--until %s is over already", cli->values[OPTION_UNTIL]);
    if (row->until > row->created_at + MUTE_MAX_S)
        return cli_usage(cli,
                         "a mute ends after %d days at most; what is never wanted is no item: "
                         "an exclude in the list, or another severity or owner",
                         (int)(MUTE_MAX_S / DAY_S));
    return EX_OK;
}

/* --analyst all is everybody, unless somebody is called so. */
static enum ww_status read_analyst(struct cli *cli, struct mute_row *row, struct ww_error *err)
{
    enum ww_status status = desk_find_analyst(cli, &row->analyst, err);
    const bool is_all = slice_equal(slice_from(cli->values[OPTION_ANALYST]), SLICE("all"));

    if (is_all && (status != WW_OK || cli->config.n_analysts == 0)) {
        row->analyst = (struct slice){"", 0};
        return WW_OK;
    }
    return status;
}

/* What waits to be told now is covered at once; every run looks again. */
static enum ww_status settle(struct cli *cli, const struct mute_row *row, int64_t *n,
                             struct ww_error *err)
{
    struct mute_reader reader = {.analysts = analyst_names(&cli->config, &cli->arena)};
    enum ww_status status = WW_OK;
    int64_t more;

    *n = 0;
    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        reader.analyst = cli->config.analysts[i].name;
        if (row->analyst.len > 0 && !slice_equal(reader.analyst, row->analyst))
            continue;
        status = mutes_settle(cli->store, &reader, clock_now(&cli->clock), &cli->arena, &more, err);
        *n += more;
    }
    return status;
}

static enum ww_status add_mute(struct cli *cli, struct mute_row *row, int64_t *n,
                               struct ww_error *err)
{
    enum ww_status status = store_begin(cli->store, err);

    if (status == WW_OK)
        status = store_add_mute(cli->store, row, &row->id, err);
    if (status == WW_OK)
        status = settle(cli, row, n, err);
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

/* " (country and station)": one id may be of both, and a mute is of both. */
static struct slice kinds_of(struct cli *cli, struct slice item)
{
    struct watchlist w = {0};
    struct slice kinds = SLICE("");

    (void)watchlist_read(watch_folder(cli), &cli->arena, &w, NULL);
    for (size_t i = 0; item.len > 0 && i < w.n_items; i++)
        if (slice_equal(w.items[i].id, item))
            kinds = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(kinds),
                                 kinds.len == 0 ? " (" : " and ", SLICE_ARG(w.items[i].kind));
    return kinds.len == 0 ? kinds : arena_printf(&cli->arena, "%.*s)", SLICE_ARG(kinds));
}

int command_alert_mute(struct cli *cli)
{
    struct mute_row row = {.item = slice_from(cli->values[OPTION_ITEM]),
                           .note = slice_from(cli->values[OPTION_NOTE]),
                           .created_at = clock_now(&cli->clock)};
    struct ww_error err = {0};
    struct slice waiting = SLICE("");
    int64_t n = 0;
    enum ww_status status = read_analyst(cli, &row, &err);

    if (status != WW_OK)
        return cli_usage(cli, "%s", err.message);
    if (!cli_has(cli, OPTION_ITEM) && !cli_has(cli, OPTION_STORY) && !cli_has(cli, OPTION_OUTLET))
        return cli_usage(cli, "mute what? --item ID, --story STORY or --outlet NAME");
    if (read_end(cli, &row) != EX_OK)
        return EX_USAGE;
    status = watch_know_item(cli, row.item, &err);
    if (status == WW_OK)
        status = read_story(cli, &row, &err);
    if (status == WW_OK)
        status = read_outlet(cli, &row, &err);
    if (status == WW_OK)
        status = add_mute(cli, &row, &n, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (n > 0)
        waiting = arena_printf(&cli->arena, "; %" PRId64 " that wait%s withheld", n,
                               n == 1 ? "s is" : " are");
    cli_say(cli, "mute m%" PRId64 ": %.*s%.*s, for %.*s, until %.*s%.*s", row.id,
            SLICE_ARG(mute_words(&row, &cli->arena)), SLICE_ARG(kinds_of(cli, row.item)),
            SLICE_ARG(row.analyst.len > 0 ? row.analyst : SLICE("all")),
            SLICE_ARG(output_moment(cli, row.until)), SLICE_ARG(waiting));
    return EX_OK;
}

/* ---- the list -------------------------------------------------------------------------------- */

int command_alert_mutes(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",         0           },
        {"analyst",    0           },
        {"item",       0           },
        {"story",      0           },
        {"outlet",     0           },
        {"created_at", 0           },
        {"ends_at",    0           },
        {"withheld",   COLUMN_RIGHT},
        {"note",       COLUMN_WIDE }
    };
    const int64_t after = cli_has(cli, OPTION_ALL) ? 0 : clock_now(&cli->clock);
    struct mute_list list;
    struct ww_error err = {0};
    struct slice analyst;
    struct output *o;
    enum ww_status status = store_list_mutes(
        cli->store, after, slice_from(cli->values[OPTION_ANALYST]), &cli->arena, &list, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct mute_row *m = &list.rows[i];

        if (cli->format == FORMAT_HUMAN) /* as explain and the digest name it */
            output_text(o, arena_printf(&cli->arena, "m%" PRId64, m->id));
        else
            output_number(o, m->id);
        output_text(o, m->analyst.len > 0 ? m->analyst : SLICE("all"));
        output_text(o, m->item);
        output_text(o, m->story_id == 0 ? SLICE("")
                                        : arena_printf(&cli->arena, "s%" PRId64, m->story_id));
        output_text(o, m->outlet);
        output_time(o, m->created_at);
        output_time(o, mute_end(m));
        output_number(o, m->n_withheld);
        output_text(o, m->note);
        output_end_row(o);
    }
    if (list.n_rows == 0 && cli_has(cli, OPTION_ANALYST) && cli->config.n_analysts > 0 &&
        desk_find_analyst(cli, &analyst, &err) != WW_OK)
        return cli_fail(cli, WW_NOT_FOUND, &err);
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "nothing is muted%s",
                cli_has(cli, OPTION_ALL) ? "" : " (--all lists what was)");
    return EX_OK;
}

int command_alert_unmute(struct cli *cli)
{
    struct ww_error err = {0};
    enum ww_status status = store_begin(cli->store, &err);

    for (int i = 0; i < cli->n_words && status == WW_OK; i++) {
        int64_t id;

        if (!cli_id(cli->words[i], 'm', &id))
            status = WW_NOT_FOUND;
        else
            status = store_end_mute(cli->store, id, clock_now(&cli->clock), &err);
        if (status == WW_NOT_FOUND)
            (void)ww_fail(&err, status, "no mute \"%s\" goes on; wirewatch alert mutes lists them",
                          cli->words[i]);
    }
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    return EX_OK;
}

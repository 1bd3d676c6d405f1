/* cmd_digest_list.c - wirewatch digest list: what every analyst gets, when next, and what waits. */
#include "alerts/mail/outbox_hold.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "storage/store_outbox.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

static const struct column columns[] = {
    {"analyst",      0            },
    {"untold",       COLUMN_RIGHT },
    {"next_digest",  0            },
    {"next_weekly",  0            },
    {"quiet_until",  0            },
    {"last_digest",  0            },
    {"last_state",   0            },
    {"subscription", COLUMN_WIDE  },
    {"at_once",      COLUMN_HIDDEN},
    {"channel",      COLUMN_HIDDEN},
    {"address",      COLUMN_HIDDEN},
    {"timezone",     COLUMN_HIDDEN},
};

/* One after each run has no hour; in quiet hours it comes when they end. */
static int64_t next_digest(const struct analyst *a, int64_t now, int64_t quiet_until)
{
    if (a->is_every_run)
        return quiet_until != 0 ? quiet_until : now;
    return plan_next(&a->hours, a, now);
}

/* For people by the analyst's clocks, with the zone where it is not the desk's. */
static void put_moment(struct cli *cli, struct output *o, const struct analyst *a, int64_t at)
{
    if (cli->format != FORMAT_HUMAN || at == 0)
        output_time(o, at);
    else
        output_text(o, arena_printf(&cli->arena, "%.*s%.*s", SLICE_ARG(desk_moment(cli, a, at)),
                                    SLICE_ARG(desk_zone(cli, a))));
}

/* For people "next run": which hour that is only cron knows. */
static void put_next(struct cli *cli, struct output *o, const struct analyst *a, int64_t now,
                     int64_t quiet_until)
{
    if (cli->format == FORMAT_HUMAN && a->is_every_run && quiet_until == 0)
        output_string(o, "next run");
    else
        put_moment(cli, o, a, next_digest(a, now, quiet_until));
}

static enum ww_status list_one(struct cli *cli, const struct analyst *a,
                               const struct outbox_holds *holds, struct output *o,
                               struct ww_error *err)
{
    const int64_t now = clock_now(&cli->clock);
    const struct message_filter filter = {
        .window = {.limit = 1}, .analyst = a->name, .kind = SLICE("digest")};
    struct message_list last = {0};
    int64_t until = 0;
    size_t n_untold = 0;
    bool is_quiet = timetable_covers(&a->quiet, a->timezone, now, &until);
    enum ww_status status = plan_count_untold(cli->store, a, now, &n_untold, err);

    if (status == WW_OK)
        status = store_list_messages(cli->store, &filter, &cli->arena, &last, err);
    if (status != WW_OK)
        return status;
    output_text(o, a->name);
    output_number(o, (int64_t)n_untold);
    put_next(cli, o, a, now, is_quiet ? until : 0);
    put_moment(cli, o, a, plan_next(&a->weekly, a, now));
    put_moment(cli, o, a, is_quiet ? until : 0);
    output_time(o, last.n_rows > 0 ? last.rows[0].created_at : 0);
    output_string(o, last.n_rows > 0 ? outbox_state_name(holds, &last.rows[0]) : NULL);
    output_text(o, subscription_words(&a->wants, &cli->arena));
    if (a->has_at_once)
        output_text(o, subscription_words(&a->at_once, &cli->arena));
    else
        output_none(o);
    output_string(o, message_channel_name(a->channel));
    output_text(o, a->address);
    output_text(o, a->timezone);
    output_end_row(o);
    return WW_OK;
}

int command_digest_list(struct cli *cli)
{
    const char *name = cli->values[OPTION_ANALYST];
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    struct ww_error err = {0};
    struct outbox_holds holds;
    enum ww_status status = WW_OK;
    bool found = name == NULL;

    if (o == NULL)
        return EX_USAGE;
    status = outbox_holds_read(cli->store, &cli->config, clock_now(&cli->clock), &cli->arena,
                               &holds, &err);
    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct analyst analyst;

        if (name != NULL && !slice_equal(cli->config.analysts[i].name, slice_from(name)))
            continue;
        found = true;
        status = desk_analyst(cli, i, &analyst, &err);
        if (status == WW_OK)
            status = list_one(cli, &analyst, &holds, o, &err);
    }
    (void)output_close(o);
    if (!found && status == WW_OK)
        status = desk_fail_analyst(cli, name, &err);
    else if (cli->config.n_analysts == 0)
        cli_say(cli, "the settings name no analyst");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

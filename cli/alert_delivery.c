/* alert_delivery.c - what is stored of an alert's way to each analyst, in words. */
#include "cli/alert_delivery.h"

#include "alerts/mail/mail_view.h"
#include "alerts/mail/outbox_hold.h"
#include "base/date.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "storage/store_articles.h"
#include "storage/store_marks.h"
#include "storage/store_untold.h"

#include <inttypes.h>
#include <string.h>

/* ---- history --------------------------------------------------------------------------------- */

static int64_t time_of(const struct article_row *a)
{
    return a->published_at > 0 ? a->published_at : a->first_seen_at;
}

static struct slice duration(struct cli *cli, int64_t seconds)
{
    return seconds % 86400 == 0 ? arena_printf(&cli->arena, "%" PRId64 " days", seconds / 86400)
                                : arena_printf(&cli->arena, "%" PRId64 " hours", seconds / 3600);
}

/* By the article itself; false when nothing of it says so. */
static bool is_history(struct cli *cli, const struct article_row *a, int64_t at,
                       const char **reason, struct slice *out)
{
    if (a->is_historic && slice_equal(a->provenance, SLICE("feed"))) {
        *reason = "first-reading";
        *out = SLICE("its feed held it when it was read for the first time (setting first-read)");
        return true;
    }
    if (a->is_historic) {
        *reason = "backfill";
        *out = arena_printf(&cli->arena, "it came by a backfill (%.*s)", SLICE_ARG(a->provenance));
        return true;
    }
    if (cli->config.max_age_s > 0 && time_of(a) < at - cli->config.max_age_s) {
        *reason = "old";
        *out = arena_printf(&cli->arena, "it is of %.*s, more than %.*s before (setting max-age)",
                            SLICE_ARG(output_moment(cli, time_of(a))),
                            SLICE_ARG(duration(cli, cli->config.max_age_s)));
        return true;
    }
    return false;
}

enum ww_status alert_history_reason(struct cli *cli, const struct article_row *article, int64_t at,
                                    const char **reason, struct slice *out, struct ww_error *err)
{
    struct article_row earlier;
    enum ww_status status;

    *reason = "historic";
    *out = SLICE("it was history when it was found");
    if (is_history(cli, article, at, reason, out) || article->recirculates_id == 0)
        return WW_OK;
    status = store_article(cli->store, article->recirculates_id, &cli->arena, &earlier, err);
    if (status != WW_OK)
        return status;
    *reason = "recirculated";
    *out = arena_printf(&cli->arena, "its text is old: n%" PRId64 " held it, of %.*s", earlier.id,
                        SLICE_ARG(output_moment(cli, time_of(&earlier))));
    return WW_OK;
}

/* ---- messages -------------------------------------------------------------------------------- */

struct delivery {
    struct cli *cli;
    const struct alert_view *view;
    struct message_list messages;
    struct told_list told;
    struct withheld_list withheld;
    struct mute_list mutes;
    struct outbox_holds holds;
    struct alert_deliveries out;
    size_t room;
    struct alert_delivery spare; /* the arena is full, and tells of it at the end */
};

static struct alert_delivery *add(struct delivery *d, struct slice analyst, const char *reason,
                                  struct slice text)
{
    struct alert_delivery *rows =
        arena_grow(&d->cli->arena, d->out.rows, d->out.n_rows, &d->room, sizeof(*rows));

    if (rows == NULL)
        return &d->spare;
    d->out.rows = rows;
    rows[d->out.n_rows] =
        (struct alert_delivery){.analyst = analyst, .reason = reason, .text = text};
    return &rows[d->out.n_rows++];
}

static void add_message(struct delivery *d, const struct message_row *m)
{
    struct cli *cli = d->cli;
    struct slice when = m->sent_at != 0         ? output_moment(cli, m->sent_at)
                        : m->last_tried_at != 0 ? output_moment(cli, m->last_tried_at)
                                                : output_moment(cli, m->created_at);
    const int64_t quiet_until = outbox_quiet_until(&d->holds, m);
    const char *state = outbox_state_name(&d->holds, m);
    struct alert_delivery *row;

    if (strcmp(state, "quiet") == 0) {
        state = "quiet until";
        when = output_moment(cli, quiet_until);
    } else if (strcmp(state, "held") == 0) {
        state = "held, for this address refused the last ones; made";
        when = output_moment(cli, m->created_at);
    }
    row = add(d, m->analyst, outbox_state_name(&d->holds, m),
              arena_printf(&cli->arena, "%.*s to %.*s, %s %.*s%s%.*s, message %" PRId64 " %.*s",
                           SLICE_ARG(m->kind), SLICE_ARG(mail_words(m->recipient, &cli->arena)),
                           state, SLICE_ARG(when), m->reply.len > 0 ? ": " : "",
                           SLICE_ARG(m->reply), m->id, SLICE_ARG(m->message_id)));

    row->at = m->sent_at != 0 ? m->sent_at : m->created_at;
    row->message = m->id;
}

static bool add_messages(struct delivery *d, struct slice analyst)
{
    size_t n = d->out.n_rows;

    for (size_t i = 0; i < d->messages.n_rows; i++)
        if (slice_equal(d->messages.rows[i].analyst, analyst))
            add_message(d, &d->messages.rows[i]);
    return d->out.n_rows > n;
}

static bool add_mark(struct delivery *d, struct slice analyst)
{
    for (size_t i = 0; i < d->told.n_rows; i++)
        if (slice_equal(d->told.rows[i].analyst, analyst)) {
            add(d, analyst, "marked",
                arena_printf(&d->cli->arena, "marked as known %.*s without a mail",
                             SLICE_ARG(output_moment(d->cli, d->told.rows[i].at))))
                ->at = d->told.rows[i].at;
            return true;
        }
    return false;
}

/* "m3 of story s5, until 2026-12-01: old news" */
static struct slice mute_words(struct delivery *d, int64_t id)
{
    struct arena *a = &d->cli->arena;

    for (size_t i = 0; i < d->mutes.n_rows; i++) {
        const struct mute_row *m = &d->mutes.rows[i];

        if (m->id != id)
            continue;
        return arena_printf(a, "m%" PRId64 "%s%.*s%s%.*s%.*s, until %.*s%s%.*s", id,
                            m->item.len > 0 ? " of item " : "", SLICE_ARG(m->item),
                            m->outlet.len > 0 ? " of outlet " : "", SLICE_ARG(m->outlet),
                            SLICE_ARG(m->story_id == 0
                                          ? SLICE("")
                                          : arena_printf(a, " of story s%" PRId64, m->story_id)),
                            SLICE_ARG(output_moment(d->cli, mute_end(m))),
                            m->note.len > 0 ? ": " : "", SLICE_ARG(m->note));
    }
    return arena_printf(a, "m%" PRId64, id);
}

static bool add_withheld(struct delivery *d, struct slice analyst)
{
    for (size_t i = 0; i < d->withheld.n_rows; i++) {
        const struct withheld_row *row = &d->withheld.rows[i];

        if (!slice_equal(row->analyst, analyst))
            continue;
        add(d, analyst, "withheld",
            arena_printf(&d->cli->arena, "withheld %.*s by mute %.*s",
                         SLICE_ARG(output_moment(d->cli, row->at)),
                         SLICE_ARG(mute_words(d, row->mute_id))))
            ->at = row->at;
        return true;
    }
    return false;
}

/* ---- an analyst who was not told ------------------------------------------------------------- */

static bool is_analyst(const struct cli *cli, struct slice name)
{
    for (size_t i = 0; i < cli->config.n_analysts; i++)
        if (slice_equal(cli->config.analysts[i].name, name))
            return true;
    return false;
}

/* "; not before 2026-11-21 06:30: quiet hours"; empty when it is not quiet then. */
static struct slice quiet_words(struct cli *cli, const struct analyst *a, int64_t at)
{
    int64_t until;

    if (!timetable_covers(&a->quiet, a->timezone, at, &until))
        return SLICE("");
    return arena_printf(&cli->arena, "; not before %.*s%.*s: quiet hours",
                        SLICE_ARG(desk_moment(cli, a, until)), SLICE_ARG(desk_zone(cli, a)));
}

static void add_at_once(struct delivery *d, const struct analyst *a)
{
    const int64_t now = clock_now(&d->cli->clock);
    const int64_t due = d->view->alert.created_at + a->wait_s;
    struct slice quiet = quiet_words(d->cli, a, due > now ? due : now);

    add(d, a->name, "at-once",
        due > now
            ? arena_printf(&d->cli->arena, "is told at once, by the first run from %.*s%.*s on%.*s",
                           SLICE_ARG(desk_moment(d->cli, a, due)), SLICE_ARG(desk_zone(d->cli, a)),
                           SLICE_ARG(quiet))
            : arena_printf(&d->cli->arena, "is told at once, by the next run%.*s",
                           SLICE_ARG(quiet)));
}

static void add_waiting(struct delivery *d, const struct analyst *a)
{
    struct cli *cli = d->cli;
    const int64_t now = clock_now(&cli->clock);
    const int64_t next = plan_next(&a->hours, a, now);

    add(d, a->name, "waiting",
        a->is_every_run ? arena_printf(&cli->arena, "waits for the digest after the next run%.*s",
                                       SLICE_ARG(quiet_words(cli, a, now)))
        : next != 0
            ? arena_printf(&cli->arena, "waits for the digest of %.*s%.*s",
                           SLICE_ARG(desk_moment(cli, a, next)), SLICE_ARG(desk_zone(cli, a)))
            : SLICE("waits for wirewatch digest send: the settings want no digest"));
}

/* Of what is his, and not history. */
static enum ww_status add_pending(struct delivery *d, size_t i, struct ww_error *err)
{
    struct cli *cli = d->cli;
    struct analyst a;
    bool is_outside = false;
    enum ww_status status = desk_analyst(cli, i, &a, err);

    if (status == WW_OK)
        status = store_is_passed_over(cli->store, a.name, d->view->alert.id, &is_outside, err);
    if (status != WW_OK)
        return status;
    if (!subscription_takes(&a.wants, &d->view->alert))
        add(d, a.name, "outside",
            arena_printf(&cli->arena, "never: outside of the subscription (%.*s)",
                         SLICE_ARG(subscription_words(&a.wants, &cli->arena))));
    else if (is_outside)
        add(d, a.name, "outside",
            SLICE("never: outside of the subscription, as that was when the alert came"));
    else if (a.has_at_once && subscription_takes(&a.at_once, &d->view->alert))
        add_at_once(d, &a);
    else
        add_waiting(d, &a);
    return WW_OK;
}

static enum ww_status add_untold(struct delivery *d, size_t i, struct ww_error *err)
{
    struct cli *cli = d->cli;
    const struct config_analyst *analyst = &cli->config.analysts[i];
    const struct alert_row *alert = &d->view->alert;

    if (alert->is_historic)
        add(d, analyst->name, "historic", SLICE("never: historic alerts are not mailed"));
    else if (alert->owner.len > 0 && !slice_equal(alert->owner, analyst->name) &&
             is_analyst(cli, alert->owner))
        add(d, analyst->name, "owner",
            arena_printf(&cli->arena, "never: the item is of %.*s", SLICE_ARG(alert->owner)));
    else
        return add_pending(d, i, err);
    return WW_OK;
}

/* Analysts of the past who were told. */
static void add_former(struct delivery *d)
{
    for (size_t i = 0; i < d->told.n_rows; i++)
        if (!is_analyst(d->cli, d->told.rows[i].analyst) &&
            !add_messages(d, d->told.rows[i].analyst))
            (void)add_mark(d, d->told.rows[i].analyst);
}

enum ww_status alert_delivery_read(struct cli *cli, const struct alert_view *v,
                                   struct alert_deliveries *out, struct ww_error *err)
{
    struct delivery d = {.cli = cli, .view = v};
    const struct message_filter filter = {.window = {.limit = ALL_ROWS}, .alert_id = v->alert.id};
    enum ww_status status = store_list_messages(cli->store, &filter, &cli->arena, &d.messages, err);

    if (status == WW_OK)
        status = outbox_holds_read(cli->store, &cli->config, clock_now(&cli->clock), &cli->arena,
                                   &d.holds, err);
    if (status == WW_OK)
        status = store_list_told(cli->store, v->alert.id, &cli->arena, &d.told, err);
    if (status == WW_OK)
        status = store_list_withheld(cli->store, v->alert.id, &cli->arena, &d.withheld, err);
    if (status == WW_OK && d.withheld.n_rows > 0)
        status = store_list_mutes(cli->store, 0, SLICE(""), &cli->arena, &d.mutes, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; status == WW_OK && i < cli->config.n_analysts; i++) {
        struct slice name = cli->config.analysts[i].name;

        if (!add_messages(&d, name) && !add_mark(&d, name) && !add_withheld(&d, name))
            status = add_untold(&d, i, err);
    }
    if (status != WW_OK)
        return status;
    add_former(&d);
    if (d.out.n_rows == 0)
        add(&d, SLICE(""), v->alert.is_historic ? "historic" : "nobody",
            v->alert.is_historic ? SLICE("none: historic alerts are not mailed")
                                 : SLICE("none: the settings name no analyst"));
    *out = d.out;
    return arena_check(&cli->arena, err);
}

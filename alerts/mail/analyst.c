/* analyst.c - from the settings to an analyst. */
#include "alerts/mail/analyst.h"

#include "alerts/mail/deliver.h"
#include "alerts/mail/message.h"
#include "base/arena.h"
#include "base/config.h"

#include <inttypes.h>

static struct slice first_of(struct slice own, struct slice shared)
{
    return own.len > 0 ? own : shared;
}

/* Words of one key are none: where, and whose. */
static enum ww_status fail_key(const struct config *settings, const struct config_analyst *a,
                               const char *key, enum ww_status status, struct ww_error *err)
{
    return ww_context(err, status, "%.*s:%d: analyst \"%.*s\": %s", SLICE_ARG(settings->path),
                      config_analyst_line(a, key), SLICE_ARG(a->name), key);
}

/* Which way, and to where. */
static enum ww_status choose_channel(const struct config *settings, const struct config_analyst *a,
                                     struct arena *arena, struct analyst *out, struct ww_error *err)
{
    int64_t transport = a->transport > 0 ? a->transport - 1 : settings->transport;
    struct slice mailbox;
    enum ww_status status = WW_OK;

    out->channel = CHANNEL_MAIL;
    out->address = a->email;
    if (transport == TRANSPORT_COMMAND) {
        out->channel = CHANNEL_COMMAND;
        out->address = first_of(a->command, settings->command);
        if (out->address.len == 0)
            return fail_key(settings, a, "transport",
                            ww_fail(err, WW_INVALID, "command wants command = PROGRAM"), err);
    } else if (transport == TRANSPORT_WEBHOOK) {
        out->channel = CHANNEL_WEBHOOK;
        out->address = first_of(a->webhook, settings->webhook);
        if (out->address.len == 0)
            return fail_key(settings, a, "transport",
                            ww_fail(err, WW_INVALID, "webhook wants webhook = https://..."), err);
    }
    /* What no mail could be made for is found before a run, not by it. */
    if (out->channel == CHANNEL_MAIL)
        status = message_mailbox(a->email, arena, &mailbox, err);
    if (status != WW_OK)
        return fail_key(settings, a, "email", status, err);
    /* The whole may be a secret: the store and the log get its name. */
    out->address = deliver_name(out->channel, out->address, arena);
    return WW_OK;
}

static enum ww_status read_hours(const struct config *settings, const struct config_analyst *a,
                                 struct analyst *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    out->is_every_run = slice_equal(a->digest, SLICE("run"));
    if (!out->is_every_run && !slice_equal(a->digest, SLICE("none")))
        status = timetable_read(a->digest, &out->hours, err);
    if (status == WW_OK && !out->is_every_run && !slice_equal(a->digest, SLICE("none")) &&
        out->hours.n_rows == 0)
        status = ww_fail(err, WW_INVALID, "it is run, none or hours, not empty");
    if (status != WW_OK)
        return fail_key(settings, a, "digest", status, err);
    status = timetable_read(a->weekly, &out->weekly, err);
    if (status != WW_OK)
        return fail_key(settings, a, "weekly", status, err);
    status = timetable_read_spans(a->quiet, &out->quiet, err);
    return status == WW_OK ? WW_OK : fail_key(settings, a, "quiet", status, err);
}

static enum ww_status read_wishes(const struct config *settings, const struct config_analyst *a,
                                  struct arena *arena, struct analyst *out, struct ww_error *err)
{
    enum ww_status status = subscription_read(a->subscribe, arena, &out->wants, err);

    if (status != WW_OK)
        return fail_key(settings, a, "subscribe", status, err);
    status = subscription_read(a->immediate, arena, &out->at_once, err);
    out->has_at_once = out->at_once.n_words > 0;
    return status == WW_OK ? WW_OK : fail_key(settings, a, "immediate", status, err);
}

struct slice analyst_names(const struct config *settings, struct arena *arena)
{
    struct slice names = SLICE("|");

    for (size_t i = 0; i < settings->n_analysts; i++)
        names = arena_printf(arena, "%.*s%.*s|", SLICE_ARG(names),
                             SLICE_ARG(settings->analysts[i].name));
    return names;
}

enum ww_status analyst_read(const struct config *settings, size_t i, struct arena *arena,
                            struct analyst *out, struct ww_error *err)
{
    const struct config_analyst *a = &settings->analysts[i];
    enum ww_status status;

    *out = (struct analyst){
        .name = a->name,
        .timezone = first_of(a->timezone, settings->timezone),
        .analysts = analyst_names(settings, arena),
        .wait_s = a->immediate_wait_s,
        .max_per_hour = a->immediate_per_hour,
        .wants_all_quiet = a->all_quiet == ANSWER_YES,
        .wants_troubles = a->troubles == ANSWER_YES,
        .wants_possible = a->possible == ANSWER_YES,
    };
    status = choose_channel(settings, a, arena, out, err);
    if (status == WW_OK)
        status = read_hours(settings, a, out, err);
    if (status == WW_OK)
        status = read_wishes(settings, a, arena, out, err);
    return status == WW_OK ? arena_check(arena, err) : status;
}

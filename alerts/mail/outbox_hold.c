/* outbox_hold.c - which addresses are held, and for whom it is quiet. */
#include "alerts/mail/outbox_hold.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/outbox.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store.h"

#include <inttypes.h>

#define WORDS_REPLY_BYTES 120

bool outbox_is_waiting(const struct message_row *m)
{
    return m->state != MESSAGE_SENT && m->state != MESSAGE_FAILED && m->state != MESSAGE_DROPPED;
}

/* It was tried, and is queued; or it was put off by a try behind the refusals. */
static bool is_queued_again(const struct outbox_hold *hold, const struct message_row *m)
{
    return (m->state == MESSAGE_QUEUED && m->last_tried_at > 0) ||
           m->last_tried_at > hold->last->last_tried_at;
}

/* What waits for each held address. */
static enum ww_status count_waiting(struct store *s, struct outbox_holds *h, struct arena *arena,
                                    struct ww_error *err)
{
    const struct message_filter filter = {
        .window = {.limit = OUTBOX_LIST_MAX}, .is_held = true, .hard_max = OUTBOX_HARD_MAX};
    struct message_list list;
    enum ww_status status = store_list_messages(s, &filter, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        for (size_t k = 0; k < h->n_rows; k++)
            if (slice_equal(h->rows[k].last->recipient, list.rows[i].recipient)) {
                if (!is_queued_again(&h->rows[k], &list.rows[i]) && h->rows[k].n_waiting++ == 0)
                    h->rows[k].analyst = list.rows[i].analyst;
                break;
            }
    return status;
}

/* One that cannot be read is said where the settings are checked. */
static bool read_analyst(const struct config *settings, size_t i, struct arena *arena,
                         struct analyst *out)
{
    return analyst_read(settings, i, arena, out, NULL) == WW_OK;
}

static bool is_address_of_now(const struct config *settings, struct slice address,
                              struct arena *arena)
{
    struct analyst a;

    for (size_t i = 0; i < settings->n_analysts; i++)
        if (read_analyst(settings, i, arena, &a) && slice_equal(a.address, address))
            return true;
    return settings->n_analysts == 0;
}

static enum ww_status read_held(struct store *s, const struct config *settings, struct arena *arena,
                                struct outbox_holds *out, struct ww_error *err)
{
    struct message_list held;
    enum ww_status status = store_list_held(s, OUTBOX_HARD_MAX, arena, &held, err);
    size_t n = 0;

    if (status != WW_OK)
        return status;
    out->rows = arena_array(arena, held.n_rows, sizeof(*out->rows));
    if (out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < held.n_rows; i++)
        out->rows[out->n_rows++] =
            (struct outbox_hold){.last = &held.rows[i], .analyst = held.rows[i].analyst};
    if (out->n_rows > 0)
        status = count_waiting(s, out, arena, err);
    for (size_t i = 0; i < out->n_rows; i++)
        if (out->rows[i].n_waiting > 0 ||
            is_address_of_now(settings, out->rows[i].last->recipient, arena))
            out->rows[n++] = out->rows[i];
    out->n_rows = n;
    return status;
}

enum ww_status outbox_holds_read(struct store *s, const struct config *settings, int64_t now,
                                 struct arena *arena, struct outbox_holds *out,
                                 struct ww_error *err)
{
    *out = (struct outbox_holds){0};
    out->quiet = arena_array(arena, settings->n_analysts, sizeof(*out->quiet));
    if (out->quiet == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < settings->n_analysts; i++) {
        struct analyst a;
        int64_t until;

        if (settings->analysts[i].quiet.len > 0 && read_analyst(settings, i, arena, &a) &&
            timetable_covers(&a.quiet, a.timezone, now, &until))
            out->quiet[out->n_quiet++] = (struct outbox_quiet){a.name, until};
    }
    return read_held(s, settings, arena, out, err);
}

const struct outbox_hold *outbox_find_hold(const struct outbox_holds *h, struct slice recipient)
{
    for (size_t i = 0; i < h->n_rows; i++)
        if (slice_equal(h->rows[i].last->recipient, recipient))
            return &h->rows[i];
    return NULL;
}

const struct outbox_hold *outbox_hold_of(const struct outbox_holds *h, const struct message_row *m)
{
    const struct outbox_hold *hold =
        outbox_is_waiting(m) ? outbox_find_hold(h, m->recipient) : NULL;

    return hold != NULL && !is_queued_again(hold, m) ? hold : NULL;
}

int64_t outbox_quiet_until(const struct outbox_holds *h, const struct message_row *m)
{
    if (!outbox_is_waiting(m) || slice_equal(m->kind, SLICE("test")) ||
        slice_equal(m->kind, SLICE("canary")))
        return 0;
    for (size_t i = 0; i < h->n_quiet; i++)
        if (slice_equal(h->quiet[i].analyst, m->analyst))
            return h->quiet[i].until;
    return 0;
}

struct slice outbox_hold_words(const struct outbox_hold *h, struct arena *arena)
{
    const struct message_row *m = h->last;
    char since[DATE_TEXT_BYTES];
    const struct slice reply = text_cut(m->reply, WORDS_REPLY_BYTES);
    struct slice what = h->n_waiting > 0
                            ? arena_printf(arena, "%zu message%s to %.*s %s held", h->n_waiting,
                                           h->n_waiting == 1 ? "" : "s", SLICE_ARG(m->recipient),
                                           h->n_waiting == 1 ? "is" : "are")
                            : arena_printf(arena, "%.*s is held", SLICE_ARG(m->recipient));
    struct slice changed =
        h->n_waiting > 0 && h->analyst.len > 0
            ? arena_printf(arena, "; if it changed, wirewatch outbox drop --analyst %.*s --untell",
                           SLICE_ARG(h->analyst))
            : SLICE("; if it changed, mend the settings");

    return arena_printf(arena,
                        "%.*s since %.10s: its last %d were refused or came back%s%.*s%s; when it "
                        "takes mail again, wirewatch outbox retry %" PRId64 "%.*s",
                        SLICE_ARG(what), date_format(m->last_tried_at, since), OUTBOX_HARD_MAX,
                        reply.len > 0 ? " (" : "", SLICE_ARG(reply), reply.len > 0 ? ")" : "",
                        m->id, SLICE_ARG(changed));
}

const char *outbox_state_name(const struct outbox_holds *h, const struct message_row *m)
{
    return outbox_hold_of(h, m) != NULL    ? "held"
           : outbox_quiet_until(h, m) != 0 ? "quiet"
                                           : message_state_name(m->state);
}

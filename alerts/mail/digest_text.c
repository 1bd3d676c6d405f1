/*
 * digest_text.c - a digest as plain text: 72 columns by display width, complete by itself.
 *
 * What stands behind the stories has its share of the part (DIGEST_SHARE_*); the stories have the
 * rest, by weight, until it is used.
 */
#include "alerts/mail/digest_text_parts.h"

#include "alerts/mail/digest_lines.h"
#include "base/buf.h"
#include "base/limits.h"

#include <stdio.h>

/* "3 new, 1 changed, 5 alerts since 2026-11-21 07:30 , covers 2 days" */
static void put_summary(const struct digest *d, struct buf *out)
{
    struct line l = line_begin(out, 0);
    char words[64], date[DIGEST_TIME_BYTES];

    line_add(&l, d->n_stories + d->n_developing > 0 ? d->counts : SLICE("No alerts"));
    if (d->n_alerts > 0) {
        (void)snprintf(words, sizeof(words), ", %zu alert%s", d->n_alerts,
                       d->n_alerts == 1 ? "" : "s");
        line_join(&l, slice_from(words));
    }
    if (d->since != 0 && d->kind != DIGEST_IMMEDIATE) {
        line_add(&l, SLICE("since"));
        line_add(&l, slice_from(digest_time(d, d->since, date)));
    }
    if (d->covers.len > 0) {
        line_join(&l, SLICE(","));
        line_add(&l, d->covers);
    }
    line_end(&l);
}

static void put_title(const struct digest *d, const char *what, struct buf *out)
{
    struct line l = line_begin(out, 0);
    char date[DIGEST_TIME_BYTES];

    line_add(&l, slice_from(what));
    line_add(&l, SLICE("for"));
    line_add(&l, d->analyst->name);
    line_join(&l, SLICE(","));
    line_add(&l, slice_from(digest_time(d, d->now, date)));
    line_end(&l);
}

/* What stands above the i-th story, when another part begins with it. */
static void put_part_title(const struct digest *d, size_t i, struct buf *out)
{
    const size_t rescan = d->n_stories - d->n_rescan;

    if (d->n_known > 0 && i == rescan - d->n_known)
        buf_add_string(out, LINE_RULE "MORE OF WHAT WAS TOLD: known stories, other items\n\n");
    if (d->n_rescan > 0 && i == rescan)
        buf_add_string(out, LINE_RULE "FOUND AGAIN: in what was read before, since the list has "
                                      "changed\n\n");
}

/* How many were shown. */
static size_t put_stories(const struct digest *d, struct digest_room *room, struct buf *out)
{
    size_t n = 0;

    for (size_t from = out->len; n < d->n_shown; n++, from = out->len) {
        put_part_title(d, n, out);
        digest_text_story(d, n + 1, &d->stories[n], out);
        if (!digest_text_keep(out, from, room))
            break;
    }
    return n;
}

static void put_left(const struct digest *d, size_t n_shown, struct buf *out)
{
    const size_t n = d->n_stories - n_shown;
    const size_t n_alerts = digest_count_left(d, n_shown);
    const bool is_mail = d->analyst->channel == CHANNEL_MAIL;

    if (n > 0)
        buf_printf(out, "and %zu more stor%s (%zu alerts)%s\nwirewatch alert list\n\n", n,
                   n == 1 ? "y" : "ies", n_alerts, is_mail ? ", in the attached file; or:" : ":");
}

static void put_quiet(const struct digest *d, struct buf *out)
{
    struct line l;
    char date[DIGEST_TIME_BYTES];

    put_title(d, "All quiet", out);
    l = line_begin(out, 0);
    line_add(&l,
             d->n_at_once > 0 ? SLICE("No alerts but those told at once,") : SLICE("No alerts,"));
    line_add(&l, SLICE("no changes and no new trouble"));
    if (d->since != 0) {
        line_add(&l, SLICE("since the last digest,"));
        line_add(&l, slice_from(digest_time(d, d->since, date)));
    }
    line_join(&l, SLICE("."));
    line_end(&l);
    if (d->waiting.len > 0) {
        l = line_begin(out, 0);
        line_add(&l, d->waiting);
        line_end(&l);
    }
    buf_add_char(out, '\n');
    digest_text_all_at_once(d, out);
    digest_text_footer(d, out);
}

static size_t put_digest(const struct digest *d, struct buf *out)
{
    struct digest_room room = {.max_bytes = DIGEST_PART_MAX_BYTES - DIGEST_SHARE_LEFT_BYTES};
    struct buf rest;
    size_t n_shown;

    buf_init(&rest, DIGEST_MAX_BYTES);
    digest_text_all_developing(d, d->n_stories + 1, &rest);
    if (digest_is_trouble(d))
        digest_text_all_troubles(d, &rest);
    digest_text_all_at_once(d, &rest);
    digest_text_all_possible(d, &rest);
    if (!digest_is_trouble(d))
        digest_text_all_troubles(d, &rest);
    digest_text_footer(d, &rest);
    put_title(d, d->kind == DIGEST_IMMEDIATE ? "Watch alert" : "Watch digest", out);
    put_summary(d, out);
    /* Another part brings a rule of its own. */
    buf_add_string(out, d->n_stories > d->n_known + d->n_rescan ? LINE_RULE "\n" : "\n");
    (void)digest_room_take(&room, buf_slice(&rest));
    (void)digest_room_take(&room, buf_slice(out));
    n_shown = put_stories(d, &room, out);
    put_left(d, n_shown, out);
    buf_add(out, buf_slice(&rest));
    if (rest.status != WW_OK)
        out->status = rest.status;
    buf_release(&rest);
    return digest_count_left(d, n_shown);
}

size_t digest_text(const struct digest *d, struct buf *out)
{
    switch (d->kind) {
    case DIGEST_REGULAR:
    case DIGEST_IMMEDIATE:
        break;
    case DIGEST_WEEKLY:
        digest_text_week(d, out);
        return 0;
    case DIGEST_ALL_QUIET:
        put_quiet(d, out);
        return 0;
    }
    return put_digest(d, out);
}

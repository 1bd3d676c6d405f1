/*
 * digest_text_sections.c - what stands behind the new stories in plain text: what has changed, what
 * was told at once, what is possible, how well could be watched.
 */
#include "alerts/mail/digest_text_parts.h"

#include "alerts/mail/digest_lines.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>

bool digest_text_keep(struct buf *out, size_t from, struct digest_room *room)
{
    const bool fits = digest_room_take(room, slice_skip(buf_slice(out), from));

    if (!fits)
        buf_truncate(out, from);
    return fits;
}

/* ---- stories that the analyst knows ---------------------------------------------------------- */

void digest_text_all_developing(const struct digest *d, size_t first_number, struct buf *out)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_DEVELOPING_BYTES};
    size_t n = 0;

    if (d->n_developing == 0)
        return;
    buf_add_string(out, LINE_RULE "DEVELOPING: told before, and changed since\n\n");
    for (size_t from = out->len; n < d->n_developing_shown; n++, from = out->len) {
        digest_text_developing(d, first_number + n, &d->developing[n], out);
        if (!digest_text_keep(out, from, &room))
            break;
    }
    if (n < d->n_developing)
        buf_printf(out, "and %zu more that changed: wirewatch alert list\n\n", d->n_developing - n);
}

static void put_at_once(const struct digest *d, const struct digest_at_once *t, struct buf *out)
{
    const struct alert_view *v = t->first;
    struct line l = line_begin_with(out, "   * ");
    char at[DIGEST_TIME_BYTES];

    line_add(&l, slice_from(digest_time(d, t->at, at)));
    line_add(&l, slice_from(alert_severity_name(v->alert.severity)));
    line_add(&l, SLICE("|"));
    line_add_some(&l, v->headline, DIGEST_HEADLINE_BYTES);
    line_add(&l, SLICE("|"));
    line_add(&l, v->article.outlet);
    line_end(&l);
    line_put_address(out, 5, v->article.url, v->alert.id);
    digest_text_page(d, 5, v->alert.story_id, out);
}

void digest_text_all_at_once(const struct digest *d, struct buf *out)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_AT_ONCE_BYTES};
    size_t n = 0;

    if (d->n_at_once == 0)
        return;
    buf_add_string(out, LINE_RULE "TOLD AT ONCE since the last digest\n\n");
    for (size_t from = out->len; n < d->n_at_once_shown; n++, from = out->len) {
        put_at_once(d, &d->at_once[n], out);
        if (!digest_text_keep(out, from, &room))
            break;
    }
    if (n < d->n_at_once)
        buf_printf(out, "   and %zu more: wirewatch outbox list\n", d->n_at_once - n);
    buf_add_char(out, '\n');
}

/* ---- what is possible ------------------------------------------------------------------------ */

static void put_possible(const struct digest_possible *p, struct buf *out)
{
    struct line l = line_begin_with(out, "   * ");

    line_add(&l, p->words);
    line_add_label(&l, p->label);
    line_end(&l);
    l = line_begin(out, 5);
    line_add(&l, p->evidence);
    if (p->is_at_once)
        line_add(&l, SLICE("| its sentence told at once"));
    line_end(&l);
    if (p->is_at_once) {
        buf_add_char(out, '\n');
        return;
    }
    if (p->sentence.len > 0)
        line_put_quote(out, 5, digest_possible_quote(p, DIGEST_QUOTE_BYTES));
    l = line_begin(out, 5);
    line_add(&l, p->outlet);
    line_end(&l);
    line_put_address(out, 5, p->url, 0);
    buf_add_char(out, '\n');
}

void digest_text_all_possible(const struct digest *d, struct buf *out)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_POSSIBLE_BYTES};
    size_t n = 0;

    if (d->n_possible == 0)
        return;
    buf_add_string(out, LINE_RULE "POSSIBLE, UNCONFIRMED: proposals, each with its sentence\n\n");
    for (size_t from = out->len; n < d->n_possible_shown; n++, from = out->len) {
        put_possible(&d->possible[n], out);
        if (!digest_text_keep(out, from, &room))
            break;
    }
    if (n < d->n_possible)
        buf_printf(out, "   and %zu more\n", d->n_possible - n);
    buf_add_string(out, "   All: wirewatch watch candidates, wirewatch watch proposals\n\n");
}

/* ---- feeds in trouble ------------------------------------------------------------------------ */

static void put_trouble(const struct digest_trouble *t, struct buf *out)
{
    struct line l = line_begin_with(out, "   * ");

    line_add(&l, t->name);
    line_add_label(&l, t->label);
    line_add_some(&l, t->words, DIGEST_HEADLINE_BYTES);
    line_end(&l);
}

/* Those from first on, n_all of them; what is beyond the limit is counted. */
static void put_troubles(const struct digest *d, size_t first, size_t n_all, const char *title,
                         struct buf *out)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_TROUBLES_BYTES};
    size_t n = 0;

    if (n_all == 0)
        return;
    buf_printf(out, LINE_RULE "%s\n\n", title);
    for (size_t from = out->len; n < n_all && n < DIGEST_FEEDS_MAX; n++, from = out->len) {
        put_trouble(&d->troubles[first + n], out);
        if (!digest_text_keep(out, from, &room))
            break;
    }
    if (n < n_all)
        buf_printf(out, "   and %zu more: wirewatch feed list\n", n_all - n);
    buf_add_char(out, '\n');
}

void digest_text_all_troubles(const struct digest *d, struct buf *out)
{
    put_troubles(d, 0, d->n_began, "WATCH TROUBLE", out);
    put_troubles(d, d->n_began, d->n_ended, "BACK AGAIN", out);
}

/* ---- the end --------------------------------------------------------------------------------- */

/* A line of the footer, when there is something to say. */
static void put_note(struct buf *out, const char *label, struct slice words)
{
    struct line l;

    if (words.len == 0)
        return;
    l = line_begin(out, 0);
    line_add(&l, slice_from(label));
    line_add_some(&l, words, DIGEST_QUOTE_BYTES * 2);
    line_end(&l);
}

static void put_mutes(const struct digest *d, struct buf *out)
{
    for (size_t i = 0; i < d->n_mutes_shown; i++)
        put_note(out, "Muted:", d->mutes[i]);
    if (d->n_mutes_shown < d->n_mutes)
        buf_printf(out, "and %zu more mutes: wirewatch alert mutes\n",
                   d->n_mutes - d->n_mutes_shown);
    if (d->n_mutes > 0)
        buf_add_string(out, "What was withheld: wirewatch alert list --muted\n");
}

/* A command that can be copied as it stands. */
static void put_mark_hint(const struct digest *d, struct buf *out)
{
    struct buf command;

    buf_init(&command, DIGEST_MAX_BYTES);
    digest_add_mark_command(d, &command);
    buf_add_string(out, "Was it right? ");
    text_add_visible(out, buf_slice(&command));
    buf_add_string(out, "\n(or irrelevant, or known)\n");
    if (command.status != WW_OK)
        out->status = command.status;
    buf_release(&command);
}

/* Where all of it can be read, and by which list it was found. */
static void put_report(const struct digest *d, struct buf *out)
{
    if (d->watchlist_id != 0)
        buf_printf(out, "Watchlist version %" PRId64 "\n", d->watchlist_id);
    if (d->report_url.len > 0) {
        buf_add_string(out, "Report: ");
        line_put_address(out, 0, d->report_url, 0);
    }
}

static void put_hints(const struct digest *d, struct buf *out)
{
    if (d->n_began > 0)
        buf_printf(out, "Why a feed is in trouble: wirewatch feed show f%" PRId64 "\n",
                   d->told.rows[0].trouble.feed_id);
    if (d->n_began + d->n_ended > 0 || d->standing.len > 0)
        buf_add_string(out, "All feeds in trouble: wirewatch feed list --state bad\n");
    if (d->kind == DIGEST_ALL_QUIET)
        return;
    if (d->n_stories > 0)
        buf_printf(out, "Why an alert was raised: wirewatch alert explain a%" PRId64 "\n",
                   d->stories[0].first->alert.id);
    if (d->n_stories > 0)
        put_mark_hint(d, out);
}

void digest_text_footer(const struct digest *d, struct buf *out)
{
    buf_add_string(out, LINE_RULE);
    if (d->kind == DIGEST_IMMEDIATE) {
        put_note(out, "Feeds:", d->feeds);
        put_report(d, out);
        put_hints(d, out);
        return;
    }
    put_mutes(d, out);
    if (d->n_rescan_old > 0)
        buf_printf(out,
                   "In older articles a change of the list found %" PRId64 " more:\n"
                   "wirewatch alert list --rescan --historic\n",
                   d->n_rescan_old);
    if (d->week == NULL) /* it has a table of them */
        put_note(out, "Runs:", d->runs);
    put_note(out, "Feeds:", d->feeds);
    put_note(out, "", d->standing);
    put_note(out, "No healthy feed:", d->gaps);
    put_note(out, "Own network:", d->outage);
    put_note(out, "Own mail:", d->canary);
    if (d->n_pages_failed + d->n_quarantined > 0)
        buf_printf(out, "Not read: %" PRId64 " pages that failed, %" PRId64 " in quarantine\n",
                   d->n_pages_failed, d->n_quarantined);
    put_report(d, out);
    put_hints(d, out);
}

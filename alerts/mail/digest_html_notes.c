/*
 * digest_html_notes.c - what stands behind the stories of a digest: proposals, feeds in trouble,
 * and the footer, which says how well could be watched.
 */
#include "alerts/mail/digest_html.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"

#include <inttypes.h>

void html_add_possible(struct buf *out, const struct digest_possible *p)
{
    buf_add_string(out, HTML_ROW("14px 0 5px") "<b>");
    html_add_name(out, p->words);
    buf_add_string(out, "</b> " HTML_QUIET_SPAN);
    markup_add_text(out, p->label);
    buf_add_string(out, "<br>");
    markup_add_text(out, p->evidence);
    if (p->is_at_once)
        buf_add_string(out, HTML_DOT "its sentence told at once");
    else
        html_add_source(out, p->url, p->outlet);
    buf_add_string(out, "</span>" HTML_ROW_END);
    if (p->sentence.len > 0 && !p->is_at_once)
        html_add_quote(out, digest_possible_quote(p, DIGEST_QUOTE_BYTES), p->language);
}

void html_add_trouble(struct buf *out, const struct digest_trouble *t)
{
    buf_add_string(out, HTML_ROW("8px 0 0") "<b>");
    html_add_name(out, t->name);
    buf_add_string(out, "</b> " HTML_QUIET_SPAN);
    markup_add_text(out, t->label);
    buf_add_string(out, "</span> ");
    html_add_some(out, t->words, DIGEST_HEADLINE_BYTES);
    buf_add_string(out, HTML_ROW_END);
}

/* ---- footer ---------------------------------------------------------------------------------- */

static void add_note(struct buf *out, const char *label, struct slice words)
{
    if (words.len == 0)
        return;
    buf_add_string(out, label);
    html_add_some(out, words, DIGEST_QUOTE_BYTES * 2);
    buf_add_string(out, "<br>\n");
}

static void add_mutes(struct buf *out, const struct digest *d)
{
    for (size_t i = 0; i < d->n_mutes_shown; i++)
        add_note(out, "Muted: ", d->mutes[i]);
    if (d->n_mutes_shown < d->n_mutes)
        buf_printf(out, "and %zu more mutes: " HTML_COMMAND("wirewatch alert mutes") "<br>\n",
                   d->n_mutes - d->n_mutes_shown);
    if (d->n_mutes > 0)
        buf_add_string(out,
                       "What was withheld: " HTML_COMMAND("wirewatch alert list --muted") "<br>\n");
}

/* What to type to learn more. */
static void add_commands(struct buf *out, const struct digest *d)
{
    struct buf command;

    if (d->n_began > 0)
        buf_printf(
            out,
            "Why a feed is in trouble: " HTML_COMMAND("wirewatch feed show f%" PRId64) "<br>\n",
            d->told.rows[0].trouble.feed_id);
    if (d->n_began + d->n_ended > 0 || d->standing.len > 0)
        buf_add_string(
            out, "All feeds in trouble: " HTML_COMMAND("wirewatch feed list --state bad") "<br>\n");
    if (d->n_stories == 0)
        return;
    buf_printf(out,
               "Why an alert was raised: " HTML_COMMAND(
                   "wirewatch alert explain a%" PRId64) "<br>\nWas it right? ",
               d->stories[0].first->alert.id);
    buf_init(&command, DIGEST_MAX_BYTES);
    digest_add_mark_command(d, &command);
    buf_add_string(out, HTML_COMMAND_BEGIN);
    markup_add_text(out, buf_slice(&command));
    buf_add_string(out, "</span> (or irrelevant, or known)<br>\n");
    buf_take_failure(out, &command);
    buf_release(&command);
}

/* Where all of it can be read, and by which list it was found. */
static void add_report(struct buf *out, const struct digest *d)
{
    if (d->watchlist_id != 0)
        buf_printf(out, "Watchlist version %" PRId64 "<br>\n", d->watchlist_id);
    if (d->report_url.len > 0) {
        html_add_link(out, d->report_url, SLICE("The report"));
        buf_add_string(out, "<br>\n");
    }
}

/* What was not told, and how well could be watched. */
static void add_health(struct buf *out, const struct digest *d)
{
    add_mutes(out, d);
    if (d->n_rescan_old > 0)
        buf_printf(out,
                   "In older articles a change of the list found %" PRId64
                   " more: " HTML_COMMAND("wirewatch alert list --rescan --historic") "<br>\n",
                   d->n_rescan_old);
    if (d->week == NULL) /* it has a table of them */
        add_note(out, "Runs: ", d->runs);
    add_note(out, "Feeds: ", d->feeds);
    add_note(out, "", d->standing);
    add_note(out, "No healthy feed: ", d->gaps);
    add_note(out, "Own network: ", d->outage);
    add_note(out, "Own mail: ", d->canary);
    if (d->n_pages_failed + d->n_quarantined > 0)
        buf_printf(out, "Not read: %" PRId64 " pages that failed, %" PRId64 " in quarantine<br>\n",
                   d->n_pages_failed, d->n_quarantined);
}

void html_add_footer(struct buf *out, const struct digest *d)
{
    buf_add_string(out, HTML_DIVIDER "<tr><td style=\"padding:16px 0 0;font-size:12px;"
                                     "line-height:19px;color:" HTML_QUIET "\" class=\"q\">");
    if (d->kind == DIGEST_IMMEDIATE)
        add_note(out, "Feeds: ", d->feeds);
    else
        add_health(out, d);
    add_report(out, d);
    add_commands(out, d);
    buf_add_string(out, HTML_ROW_END);
}

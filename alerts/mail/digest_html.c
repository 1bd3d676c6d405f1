/*
 * digest_html.c - a digest as HTML that survives mail programs: nested tables, inline styles,
 * padding on cells, system fonts, no image, no script, nothing loaded. Light and dark; a match is
 * bold on a tint, a severity is a word on a tint, never colour alone. Its parts stand in the order
 * of the text; stories take the room that the others leave.
 */
#include "alerts/mail/digest_html.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"
#include "base/text.h"

#include <inttypes.h>

#define FONTS "'Segoe UI',-apple-system,Roboto,'Helvetica Neue',Arial,sans-serif"

/*
 * What depends on the reader's scheme and screen, and what the Word engine needs: it hands no font
 * down to cells. Nothing is unreadable without it.
 */
static const char style[] =
    "<style>\n"
    "a{text-decoration:none}\n"
    "@media (prefers-color-scheme:dark){\n"
    "body,.p{background-color:#15181c!important}\n"
    ".c{background-color:#1f2328!important}\n"
    "td,h1,h2{color:#e1e5ea!important;border-color:#3d444d!important}\n"
    "td[lang]{border-color:#7d8793!important}\n"
    "span,.q{color:#a3abb5!important}\n"
    "a{color:#82b4f0!important}\n"
    ".k{background-color:#5e4b00!important;color:#fff0c2!important}\n"
    ".h{background-color:#e8746a!important;color:#15181c!important}\n"
    ".w{background-color:#5a3d0a!important;color:#ffdca6!important}\n"
    ".l{background-color:#363c44!important;color:#c9d0d8!important}\n"
    ".r{background-color:#6e7a88!important}\n"
    "}\n"
    "@media (max-width:480px){.p{padding:0!important}.g{padding:16px 16px 24px!important}}\n"
    "</style>\n"
    "<!--[if mso]><style>td{font-family:'Segoe UI',Arial,sans-serif;font-size:14px;"
    "color:" HTML_INK ";mso-line-height-rule:exactly}</style><![endif]-->\n";

/* ---- head ------------------------------------------------------------------------------------ */

/* What telephones show beside the subject: the first thing that is told. */
static struct slice first_words(const struct digest *d)
{
    if (d->n_shown > 0)
        return d->stories[0].first->headline;
    if (d->week != NULL && d->week->n_top > 0)
        return d->week->top[0].first->headline;
    if (d->n_developing > 0)
        return d->developing[0].first->title;
    if (d->n_possible > 0 && !digest_is_trouble(d))
        return d->possible[0].words;
    if (d->n_began + d->n_ended > 0)
        return d->troubles[0].words;
    return d->feeds;
}

static void add_preheader(struct buf *out, const struct digest *d)
{
    struct slice words = first_words(d);
    struct slice cut = text_cut(words, DIGEST_PREHEADER_BYTES);

    buf_add_string(out, "<div style=\"display:none;mso-hide:all;max-height:0;overflow:hidden\">");
    if (d->n_shown > 0)
        buf_printf(out, "%s: ", alert_severity_name(d->stories[0].first->alert.severity));
    else if (digest_is_trouble(d)) {
        html_add_name(out, d->troubles[0].name);
        buf_add_char(out, ' ');
    }
    html_add_name(out, cut);
    buf_add_string(out, cut.len < words.len ? HTML_CUT "</div>\n" : "</div>\n");
}

static void add_frame(struct buf *out, const struct digest *d)
{
    buf_add_string(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                        "<meta name=\"viewport\" content=\"width=device-width\">"
                        "<meta name=\"color-scheme\" content=\"light dark\">"
                        "<meta name=\"supported-color-schemes\" content=\"light dark\">"
                        "<meta name=\"x-apple-disable-message-reformatting\">"
                        "<meta name=\"format-detection\" "
                        "content=\"telephone=no,date=no,address=no,email=no\">"
                        "<title>Watch digest</title>\n");
    buf_add_string(out, style);
    buf_add_string(out, "</head>\n<body bgcolor=\"" HTML_PAGE "\" style=\"margin:0;padding:0;"
                        "background-color:" HTML_PAGE ";color:" HTML_INK "\">\n");
    add_preheader(out, d);
    buf_add_string(out, HTML_TABLE
                   " width=\"100%\" bgcolor=\"" HTML_PAGE "\" class=\"p\" "
                   "style=\"background-color:" HTML_PAGE "\"><tr><td align=\"center\" class=\"p\" "
                   "style=\"padding:16px 8px\">\n"
                   "<!--[if mso]>" HTML_TABLE " width=\"600\"><tr><td><![endif]-->\n" HTML_TABLE
                   " width=\"600\" bgcolor=\"" HTML_CARD "\" class=\"c\" style=\"width:100%;"
                   "max-width:600px;background-color:" HTML_CARD "\"><tr><td class=\"g\" "
                   "align=\"left\" style=\"padding:24px 26px 28px;text-align:start\">\n" HTML_TABLE
                   " width=\"100%\" style=\"width:100%;font-family:" FONTS
                   ";font-size:14px;line-height:20px;color:" HTML_INK
                   ";word-break:break-word\">\n");
}

static void add_frame_end(struct buf *out)
{
    buf_add_string(out, "</table></td></tr></table>\n"
                        "<!--[if mso]></td></tr></table><![endif]-->\n"
                        "</td></tr></table></body></html>\n");
}

static const char *name_of(enum digest_kind kind)
{
    switch (kind) {
    case DIGEST_REGULAR:
    case DIGEST_ALL_QUIET:
        break;
    case DIGEST_IMMEDIATE:
        return "Watch alert";
    case DIGEST_WEEKLY:
        return "Watch week";
    }
    return "Watch digest";
}

/* The largest words of the mail. */
static void add_title(struct buf *out, const struct digest *d)
{
    if (d->kind == DIGEST_ALL_QUIET)
        buf_add_string(out, "All quiet");
    else if (d->n_stories + d->n_developing > 0 || d->kind == DIGEST_WEEKLY)
        markup_add_text(out, d->counts);
    else
        markup_add_text(out, d->in_short.len > 0 ? d->in_short : SLICE("No alerts"));
}

/* "2 high · 5 medium · 20 low" */
static void add_severities(struct buf *out, const struct digest *d)
{
    size_t n[SEVERITY_HIGH + 1] = {0};

    for (size_t i = 0; i < d->n_stories; i++)
        n[d->stories[i].first->alert.severity]++;
    for (int s = SEVERITY_HIGH; s >= SEVERITY_LOW && d->n_stories > 1; s--)
        if (n[s] > 0)
            buf_printf(out, HTML_DOT "%zu %s", n[s], alert_severity_name((enum alert_severity)s));
}

static void add_since(struct buf *out, const struct digest *d)
{
    char date[DIGEST_TIME_BYTES];

    if (d->week != NULL) {
        buf_printf(out, "%s to ", digest_time(d, d->week->from, date));
        buf_printf(out, "%s", digest_time(d, d->week->until, date));
        return;
    }
    if (d->kind == DIGEST_ALL_QUIET)
        buf_printf(out, "No alerts%s, no changes and no new trouble",
                   d->n_at_once > 0 ? " but those told at once" : "");
    else if (d->n_alerts > 0)
        buf_printf(out, "%zu alert%s", d->n_alerts, d->n_alerts == 1 ? "" : "s");
    else
        buf_add_string(out, d->n_developing > 0 ? "No new alerts" : "No alerts");
    if (d->since != 0)
        buf_printf(out, " since %s", digest_time(d, d->since, date));
    if (d->covers.len > 0) {
        buf_add_string(out, HTML_DOT);
        markup_add_text(out, d->covers);
    }
    add_severities(out, d);
    if (d->waiting.len > 0) {
        buf_add_string(out, "<br>");
        markup_add_text(out, d->waiting);
    }
}

/* A mail about one story begins with it; others say first what is in them. */
static void add_head(struct buf *out, const struct digest *d)
{
    char date[DIGEST_TIME_BYTES];

    buf_add_string(out, HTML_ROW("0 0 4px") HTML_QUIET_SPAN);
    buf_printf(out, "%s" HTML_DOT "%s" HTML_DOT, name_of(d->kind), digest_time(d, d->now, date));
    html_add_name(out, d->analyst->name);
    buf_add_string(out, "</span>" HTML_ROW_END);
    if (d->kind == DIGEST_IMMEDIATE && d->n_stories == 1)
        return;
    buf_add_string(out, "<tr><td style=\"padding:0 0 2px\"><h1 style=\"margin:0;font-size:26px;"
                        "line-height:32px\">");
    add_title(out, d);
    buf_add_string(out, "</h1>" HTML_QUIET_SPAN);
    add_since(out, d);
    buf_add_string(out, "</span>" HTML_ROW_END);
}

/* ---- what takes room ------------------------------------------------------------------------- */

static void add_more(struct buf *out, size_t n, const char *words)
{
    if (n > 0)
        buf_printf(out, HTML_ROW("14px 0 0") "and %zu more%s" HTML_ROW_END, n, words);
}

static void add_all_developing(struct buf *out, const struct digest *d)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_DEVELOPING_BYTES};
    size_t n = 0;

    if (d->n_developing == 0)
        return;
    html_add_part(out, "Developing", "told before, and changed since");
    for (size_t mark = out->len; n < d->n_developing_shown; n++, mark = out->len) {
        if (n > 0)
            buf_add_string(out, HTML_DIVIDER);
        html_add_developing(out, d, &d->developing[n]);
        if (!html_keep(out, mark, &room))
            break;
    }
    add_more(out, d->n_developing - n, " that changed: " HTML_COMMAND("wirewatch alert list"));
}

static void add_all_at_once(struct buf *out, const struct digest *d)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_AT_ONCE_BYTES};
    size_t n = 0;

    if (d->n_at_once == 0)
        return;
    html_add_part(out, "Told at once", "by a mail of its own since the last digest");
    for (size_t mark = out->len; n < d->n_at_once_shown; n++, mark = out->len) {
        html_add_headline(out, d, d->at_once[n].first, d->at_once[n].at, SLICE(""));
        if (!html_keep(out, mark, &room))
            break;
    }
    add_more(out, d->n_at_once - n, ": " HTML_COMMAND("wirewatch outbox list"));
}

static void add_all_possible(struct buf *out, const struct digest *d)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_POSSIBLE_BYTES};
    size_t n = 0;

    if (d->n_possible == 0)
        return;
    html_add_part(out, "Possible, unconfirmed", "proposals, each with its sentence");
    for (size_t mark = out->len; n < d->n_possible_shown; n++, mark = out->len) {
        html_add_possible(out, &d->possible[n]);
        if (!html_keep(out, mark, &room))
            break;
    }
    add_more(out, d->n_possible - n, "");
    buf_add_string(out, HTML_SMALL_ROW HTML_QUIET_SPAN
                   "All: </span>" HTML_COMMAND("wirewatch watch candidates") HTML_QUIET_SPAN
                   ", </span>" HTML_COMMAND("wirewatch watch proposals") HTML_ROW_END);
}

static void add_troubles(struct buf *out, const struct digest *d, bool is_over)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_TROUBLES_BYTES};
    const size_t first = is_over ? d->n_began : 0;
    const size_t n_all = is_over ? d->n_ended : d->n_began;
    size_t n = 0;

    if (n_all == 0)
        return;
    html_add_part(out, is_over ? "Back again" : "Watch trouble",
                  is_over ? "can be read again" : "could not be watched");
    for (size_t mark = out->len; n < n_all && n < DIGEST_FEEDS_MAX; n++, mark = out->len) {
        html_add_trouble(out, &d->troubles[first + n]);
        if (!html_keep(out, mark, &room))
            break;
    }
    add_more(out, n_all - n, ": " HTML_COMMAND("wirewatch feed list"));
}

static void add_all_troubles(struct buf *out, const struct digest *d)
{
    add_troubles(out, d, false);
    add_troubles(out, d, true);
}

/* New ones, those that were told before by another item, those of a rescan. */
static int part_of(const struct digest_story *story)
{
    return story->is_rescan ? 2 : story->told_at != 0 ? 1 : 0;
}

static void add_story(struct buf *out, const struct digest *d, size_t i)
{
    const int part = part_of(&d->stories[i]);

    if (part > 0 && (i == 0 || part_of(&d->stories[i - 1]) != part))
        html_add_part(out, part == 1 ? "More of what was told" : "Found again",
                      part == 1 ? "known stories, other items"
                                : "in what was read before, since the list has changed");
    else if (i > 0 || d->kind != DIGEST_IMMEDIATE || d->n_stories > 1)
        buf_add_string(out, HTML_DIVIDER);
    html_add_story(out, d, &d->stories[i]);
}

/* All that has a share of its own; and the end of the page. */
static void add_rest(struct buf *out, const struct digest *d)
{
    if (d->week != NULL)
        html_add_week(out, d);
    add_all_developing(out, d);
    if (digest_is_trouble(d))
        add_all_troubles(out, d);
    add_all_at_once(out, d);
    add_all_possible(out, d);
    if (d->week != NULL)
        html_add_coverage(out, d);
    if (!digest_is_trouble(d))
        add_all_troubles(out, d);
    html_add_footer(out, d);
    add_frame_end(out);
}

/* How many were shown. */
static size_t add_stories(struct buf *out, const struct digest *d, struct digest_room *room)
{
    size_t n = 0;

    for (size_t mark = out->len; n < d->n_shown; n++, mark = out->len) {
        add_story(out, d, n);
        if (!html_keep(out, mark, room))
            break;
    }
    return n;
}

static void add_left(struct buf *out, const struct digest *d, size_t n_shown)
{
    const size_t n = d->n_stories - n_shown;

    if (n > 0)
        buf_printf(
            out,
            HTML_DIVIDER HTML_ROW("16px 0 0") "and %zu more stor%s (%zu alerts)%s " HTML_COMMAND(
                "wirewatch alert list") HTML_ROW_END,
            n, n == 1 ? "y" : "ies", digest_count_left(d, n_shown),
            d->analyst->channel == CHANNEL_MAIL ? ", in the attached file; or:" : ":");
}

size_t digest_html(const struct digest *d, struct buf *out)
{
    struct digest_room room = {.max_bytes = DIGEST_PART_MAX_BYTES - DIGEST_SHARE_LEFT_BYTES};
    struct buf rest;
    const bool tells = d->kind == DIGEST_REGULAR || d->kind == DIGEST_IMMEDIATE;
    size_t n = 0;

    buf_init(&rest, DIGEST_MAX_BYTES);
    add_rest(&rest, d);
    add_frame(out, d);
    add_head(out, d);
    (void)digest_room_take(&room, buf_slice(&rest));
    (void)digest_room_take(&room, buf_slice(out));
    if (tells) {
        n = add_stories(out, d, &room);
        add_left(out, d, n);
    }
    buf_add(out, buf_slice(&rest));
    buf_take_failure(out, &rest);
    buf_release(&rest);
    return tells ? digest_count_left(d, n) : 0;
}

/*
 * digest_html.c - a digest as HTML that survives mail programs: nested tables, inline styles,
 * padding on cells, system fonts, no image, no script, nothing loaded. Mid-tone colours stand light
 * and dark; a match is bold on a tint, never colour alone.
 */
#include "alerts/mail/digest.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"

#include <inttypes.h>

#define FONT "font-family:Georgia,'Times New Roman','Songti SC',SimSun,'Noto Serif CJK SC',serif"
#define SANS                                                                         \
    "font-family:-apple-system,'Segoe UI',Helvetica,Arial,'PingFang SC','Microsoft " \
    "YaHei',sans-serif"

static void put_link(struct buf *out, struct slice url, struct slice words)
{
    if (!markup_is_link(url)) {
        markup_add_text(out, words);
        return;
    }
    buf_add_string(out, "<a href=\"");
    markup_add_text(out, url);
    buf_add_string(out, "\" style=\"color:#1f6feb;text-decoration:none\">");
    markup_add_text(out, words);
    buf_add_string(out, "</a>");
}

static const char *severity_color(enum alert_severity severity)
{
    switch (severity) {
    case SEVERITY_HIGH:
        return "#b3261e";
    case SEVERITY_MEDIUM:
        return "#8a5a00";
    case SEVERITY_LOW:
        break;
    }
    return "#57606a";
}

/* The end of a tag around words of an article. */
static void put_language(struct buf *out, struct slice language)
{
    if (language.len > 0) {
        buf_add_string(out, " lang=\"");
        markup_add_text(out, language);
        buf_add_string(out, "\"");
    }
    buf_add_string(out, " dir=\"auto\">");
}

static void put_quote(struct buf *out, struct digest_quote q, struct slice language)
{
    buf_add_string(
        out, "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
             "border=\"0\"><tr><td width=\"3\" bgcolor=\"#8c959f\" "
             "style=\"width:3px;background-color:#8c959f\"></td>"
             "<td style=\"padding:2px 0 2px 12px;" FONT ";font-size:16px;line-height:24px;"
             "color:#24292f\"");
    put_language(out, language);
    if (q.is_cut_before)
        buf_add_string(out, "&hellip; ");
    for (size_t i = 0; i < q.n_pieces; i++) {
        if (q.pieces[i].is_match)
            buf_add_string(out,
                           "<b style=\"background-color:#ffe08a;color:#24292f;padding:0 2px\">");
        markup_add_text(out, q.pieces[i].text);
        if (q.pieces[i].is_match)
            buf_add_string(out, "</b>");
    }
    if (q.is_cut_after)
        buf_add_string(out, " &hellip;");
    buf_add_string(out, "</td></tr></table>\n");
}

static void put_passage(const struct digest_passage *passage, struct buf *out)
{
    buf_add_string(out, "<tr><td style=\"padding:10px 0 4px 0;" SANS
                        ";font-size:14px;line-height:20px;color:#24292f\">");
    for (size_t i = 0; i < passage->n_alerts; i++) {
        const struct alert_view *v = passage->alerts[i];

        buf_add_string(out, i > 0 ? "<br><b>" : "<b>");
        markup_add_text(out, v->alert.item_name.len > 0 ? v->alert.item_name : v->alert.item);
        buf_printf(out, "</b> <span style=\"color:#57606a\">%.*s &middot; a%" PRId64,
                   SLICE_ARG(v->alert.item), v->alert.id);
        if (v->alert.tags.len > 0) {
            buf_add_string(out, " &middot; ");
            markup_add_text(out, v->alert.tags);
        }
        buf_add_string(out, "</span>");
    }
    buf_add_string(out, "</td></tr>\n<tr><td>");
    put_quote(out, digest_quote(passage, DIGEST_QUOTE_BYTES), passage->alerts[0]->article.language);
    buf_add_string(out, "</td></tr>\n");
}

static void put_small_row(const char *label, struct slice words, struct buf *out)
{
    if (words.len == 0)
        return;
    buf_printf(out,
               "<tr><td style=\"padding:6px 0 0 0;" SANS
               ";font-size:12px;line-height:18px;color:#57606a\">%s",
               label);
    markup_add_text(out, words);
    buf_add_string(out, "</td></tr>\n");
}

static void put_change(const struct digest_change *c, struct buf *out)
{
    const struct revision_view *v = c->view;

    buf_add_string(out, "<tr><td style=\"padding:10px 0 4px 0;" SANS
                        ";font-size:14px;line-height:20px;color:#24292f\"><b>");
    markup_add_text(out, v->item_name.len > 0 ? v->item_name : v->item);
    buf_add_string(out, "</b> <span style=\"color:#57606a\">");
    markup_add_text(out, v->item);
    buf_printf(out, " &middot; a%" PRId64 "</span><br>", v->revision.alert_id);
    put_link(out, v->article.url, c->words);
    buf_add_string(out, "</td></tr>\n");
    if (v->revision.sentence.len == 0)
        return;
    buf_add_string(out, "<tr><td>");
    put_quote(out, digest_change_quote(v, DIGEST_QUOTE_BYTES), v->article.language);
    buf_add_string(out, "</td></tr>\n");
}

static void put_changes(const struct digest_change *changes, size_t n, struct buf *out)
{
    const size_t n_shown = n < DIGEST_STORY_CHANGES_MAX ? n : DIGEST_STORY_CHANGES_MAX;

    for (size_t i = n - n_shown; i < n; i++)
        put_change(&changes[i], out);
    if (n_shown < n)
        buf_printf(out,
                   "<tr><td style=\"padding:6px 0 0 0;" SANS ";font-size:12px;line-height:18px;"
                   "color:#57606a\">and %zu more: wirewatch alert show a%" PRId64 "</td></tr>\n",
                   n - n_shown, changes[0].view->revision.alert_id);
}

/* What stands above every story. */
struct heading {
    const char *color, *label;
    struct slice outlet, language, url, words;
    const char *at; /* or empty */
    int64_t n_articles, n_outlets, n_origins;
};

static void put_heading(const struct heading *h, struct buf *out)
{
    buf_add_string(
        out, "<tr><td style=\"padding:22px 28px 20px 28px;border-bottom:1px solid #d0d7de\">"
             "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
             "border=\"0\">\n<tr><td style=\"" SANS ";font-size:12px;line-height:18px;"
             "color:#57606a\">");
    buf_printf(out, "<b style=\"color:%s\">%s</b> &middot; ", h->color, h->label);
    markup_add_text(out, h->outlet);
    if (h->at[0] != '\0')
        buf_printf(out, " &middot; %s", h->at);
    if (h->n_articles > 1)
        buf_printf(out,
                   " &middot; %" PRId64 " copies in %" PRId64 " outlet%s, %" PRId64 " origin%s",
                   h->n_articles, h->n_outlets, h->n_outlets == 1 ? "" : "s", h->n_origins,
                   h->n_origins == 1 ? "" : "s");
    buf_add_string(out, "</td></tr>\n<tr><td style=\"padding:2px 0 0 0;" FONT
                        ";font-size:20px;line-height:27px;font-weight:bold;color:#24292f\"");
    put_language(out, h->language);
    put_link(out, h->url, h->words);
    buf_add_string(out, "</td></tr>\n");
}

static void put_story(const struct digest *d, const struct digest_story *story, struct buf *out)
{
    const struct alert_view *lead = story->first;
    char date[DIGEST_TIME_BYTES] = "";
    const struct heading heading = {
        .color = severity_color(lead->alert.severity),
        .label = alert_severity_name(lead->alert.severity),
        .outlet = lead->article.outlet,
        .language = lead->article.language,
        .url = lead->article.url,
        .words = lead->headline,
        .at =
            lead->article.published_at != 0 ? digest_time(d, lead->article.published_at, date) : "",
        .n_articles = lead->n_articles,
        .n_outlets = lead->n_outlets,
        .n_origins = lead->n_origins,
    };

    put_heading(&heading, out);
    put_small_row("also in ", story->outlets, out);
    for (size_t i = 0; i < story->n_passages; i++)
        put_passage(&story->passages[i], out);
    put_small_row("also named: ", story->aside, out);
    if (story->n_changes > 0)
        put_small_row("", SLICE("Changed since:"), out);
    put_changes(story->changes, story->n_changes, out);
    buf_add_string(out, "</table></td></tr>\n");
}

/* A story that was told before. */
static void put_developing(const struct digest_developing *story, struct buf *out)
{
    const struct revision_view *first = story->first;
    const struct heading heading = {
        .color = severity_color(story->severity),
        .label = alert_severity_name(story->severity),
        .outlet = first->outlet,
        .language = first->article.language,
        .url = first->url,
        .words = first->title.len > 0 ? first->title : first->url,
        .at = "",
        .n_articles = first->n_articles,
        .n_outlets = first->n_outlets,
        .n_origins = first->n_origins,
    };

    put_heading(&heading, out);
    put_changes(story->changes, story->n_changes, out);
    buf_add_string(out, "</table></td></tr>\n");
}

/* What stands above a part of the digest. */
static void put_part(const char *name, const char *words, struct buf *out)
{
    buf_printf(out,
               "<tr><td style=\"padding:22px 28px 0 28px;" SANS
               ";font-size:14px;line-height:20px;color:#24292f\"><b>%s</b>: %s</td></tr>\n",
               name, words);
}

static void put_all_developing(const struct digest *d, struct buf *out)
{
    if (d->n_developing == 0)
        return;
    put_part("Developing", "told before, and changed since", out);
    for (size_t i = 0; i < d->n_developing_shown; i++)
        put_developing(&d->developing[i], out);
    if (d->n_developing_shown < d->n_developing)
        buf_printf(out,
                   "<tr><td style=\"padding:18px 28px;" SANS
                   ";font-size:14px;color:#24292f\">and %zu more that changed: wirewatch alert "
                   "list</td></tr>\n",
                   d->n_developing - d->n_developing_shown);
}

static void put_possible(const struct digest_possible *p, struct buf *out)
{
    buf_add_string(out, "<br><b>");
    markup_add_text(out, p->words);
    buf_add_string(out, "</b> <span style=\"color:#57606a\">");
    markup_add_text(out, p->label);
    buf_add_string(out, "<br>");
    markup_add_text(out, p->evidence);
    buf_add_string(out, "</span><br>\n");
    if (p->sentence.len > 0)
        put_quote(out, digest_possible_quote(p, DIGEST_QUOTE_BYTES), p->language);
    put_link(out, p->url, p->outlet.len > 0 ? p->outlet : p->url);
    buf_add_string(out, "<br>\n");
}

static void put_all_possible(const struct digest *d, struct buf *out)
{
    if (d->n_possible == 0)
        return;
    buf_add_string(out,
                   "<tr><td style=\"padding:18px 28px;border-bottom:1px solid #d0d7de;" SANS
                   ";font-size:14px;line-height:21px;color:#24292f\"><b>Possible, unconfirmed</b>: "
                   "proposals, each with its sentence<br>\n");
    for (size_t i = 0; i < d->n_possible_shown; i++)
        put_possible(&d->possible[i], out);
    if (d->n_possible_shown < d->n_possible)
        buf_printf(out, "<br>and %zu more\n", d->n_possible - d->n_possible_shown);
    buf_add_string(out, "</td></tr>\n");
}

static void put_troubles(const struct digest *d, size_t first, size_t n, const char *title,
                         const char *color, struct buf *out)
{
    const size_t n_shown = n < DIGEST_FEEDS_MAX ? n : DIGEST_FEEDS_MAX;

    if (n == 0)
        return;
    buf_printf(out,
               "<tr><td style=\"padding:18px 28px;border-bottom:1px solid #d0d7de;" SANS
               ";font-size:14px;line-height:21px;color:#24292f\">"
               "<b style=\"color:%s\">%s</b><br>\n",
               color, title);
    for (size_t i = 0; i < n_shown; i++) {
        const struct digest_trouble *t = &d->troubles[first + i];

        buf_add_string(out, "<b>");
        markup_add_text(out, t->name);
        buf_add_string(out, "</b> <span style=\"color:#57606a\">");
        markup_add_text(out, t->label);
        buf_add_string(out, "</span> ");
        markup_add_text(out, t->words);
        buf_add_string(out, "<br>\n");
    }
    if (n_shown < n)
        buf_printf(out, "and %zu more: wirewatch feed list\n", n - n_shown);
    buf_add_string(out, "</td></tr>\n");
}

static void put_note(struct buf *out, const char *label, struct slice words)
{
    if (words.len == 0)
        return;
    buf_add_string(out, label);
    markup_add_text(out, words);
    buf_add_string(out, "<br>\n");
}

#define COMMAND(words) "<span style=\"font-family:Menlo,Consolas,monospace\">" words "</span><br>\n"

static void put_mutes(const struct digest *d, struct buf *out)
{
    for (size_t i = 0; i < d->n_mutes_shown; i++)
        put_note(out, "Muted: ", d->mutes[i]);
    if (d->n_mutes_shown < d->n_mutes)
        buf_printf(out, "and %zu more mutes: " COMMAND("wirewatch alert mutes"),
                   d->n_mutes - d->n_mutes_shown);
    if (d->n_mutes > 0)
        buf_add_string(out, "What was withheld: " COMMAND("wirewatch alert list --muted"));
}

static void put_footer(const struct digest *d, struct buf *out)
{
    buf_add_string(out, "<tr><td style=\"padding:18px 28px 24px 28px;" SANS
                        ";font-size:12px;line-height:18px;color:#57606a\">");
    put_mutes(d, out);
    if (d->n_rescan_old > 0)
        buf_printf(out,
                   "In older articles a change of the list found %" PRId64
                   " more: " COMMAND("wirewatch alert list --rescan --historic"),
                   d->n_rescan_old);
    put_note(out, "Feeds: ", d->feeds);
    put_note(out, "", d->standing);
    put_note(out, "No healthy feed: ", d->gaps);
    put_note(out, "Own network: ", d->outage);
    if (d->n_pages_failed + d->n_quarantined > 0)
        buf_printf(out, "Not read: %" PRId64 " pages that failed, %" PRId64 " in quarantine<br>\n",
                   d->n_pages_failed, d->n_quarantined);
    if (d->n_began > 0)
        buf_printf(out, "Why a feed is in trouble: " COMMAND("wirewatch feed show f%" PRId64),
                   d->told.rows[0].trouble.feed_id);
    if (d->n_began + d->n_ended > 0 || d->standing.len > 0)
        buf_add_string(out, "All feeds in trouble: " COMMAND("wirewatch feed list --state bad"));
    if (d->n_stories > 0)
        buf_printf(out, "Why an alert was raised: " COMMAND("wirewatch alert explain a%" PRId64),
                   d->stories[0].first->alert.id);
    if (d->n_stories > 0)
        buf_printf(
            out, "Was it right? " COMMAND("wirewatch alert mark a%" PRId64 " relevant|irrelevant"),
            d->stories[0].first->alert.id);
    buf_add_string(out, "</td></tr>\n");
}

size_t digest_html(const struct digest *d, struct buf *out)
{
    char date[DIGEST_TIME_BYTES];

    buf_add_string(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<meta name=\"color-scheme\" content=\"light dark\">"
        "<meta name=\"supported-color-schemes\" content=\"light dark\">"
        "<title>Watch digest</title></head>\n"
        "<body bgcolor=\"#eaeef2\" style=\"margin:0;padding:0;background-color:#eaeef2\">\n"
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
        "border=\"0\" bgcolor=\"#eaeef2\"><tr><td align=\"center\" style=\"padding:16px 8px\">\n"
        "<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" "
        "border=\"0\" bgcolor=\"#fdfdfd\" style=\"width:100%;max-width:600px;"
        "background-color:#fdfdfd\">\n"
        "<tr><td style=\"padding:26px 28px 18px 28px;border-bottom:3px solid #24292f;" SANS
        ";color:#24292f\"><span style=\"font-size:24px;line-height:30px;font-weight:bold\">");
    if (d->n_stories + d->n_developing > 0)
        markup_add_text(out, d->counts);
    else
        markup_add_text(out, d->in_short.len > 0 ? d->in_short : SLICE("No alerts"));
    buf_add_string(out,
                   "</span><br><span style=\"font-size:14px;line-height:21px;color:#57606a\">");
    if (d->n_alerts > 0)
        buf_printf(out, "%zu alert%s", d->n_alerts, d->n_alerts == 1 ? "" : "s");
    else if (d->n_developing > 0)
        buf_add_string(out, "No new alerts");
    else
        buf_add_string(out, "No alerts");
    if (d->since != 0)
        buf_printf(out, " since %s", digest_time(d, d->since, date));
    buf_printf(out, " &middot; %s &middot; ", digest_time(d, d->now, date));
    markup_add_text(out, d->analyst->name);
    buf_add_string(out, "</span></td></tr>\n");
    for (size_t i = 0; i < d->n_shown; i++) {
        if (i == d->n_stories - d->n_rescan)
            put_part("Found again", "in what was read before, since the list has changed", out);
        put_story(d, &d->stories[i], out);
    }
    if (d->n_shown < d->n_stories)
        buf_printf(out,
                   "<tr><td style=\"padding:18px 28px;" SANS
                   ";font-size:14px;color:#24292f\">and %zu more stories: "
                   "wirewatch alert list</td></tr>\n",
                   d->n_stories - d->n_shown);
    put_all_developing(d, out);
    put_all_possible(d, out);
    put_troubles(d, 0, d->n_began, "Watch trouble", "#b3261e", out);
    put_troubles(d, d->n_began, d->n_ended, "Back again", "#1a7f37", out);
    put_footer(d, out);
    buf_add_string(out, "</table></td></tr></table></body></html>\n");
    return digest_count_left(d, d->n_shown);
}

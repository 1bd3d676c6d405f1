/* digest_html_story.c - a story in the HTML of a digest: its headline, and a row each sentence. */
#include "alerts/mail/digest_html.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"

#include <inttypes.h>

/* ---- headlines ------------------------------------------------------------------------------- */

/* What stands above every story. */
struct heading {
    enum alert_severity severity;
    struct slice outlet, language, url, words;
    struct slice others; /* outlets that print it, too */
    const char *at;      /* or empty */
    int64_t story_id;
    int64_t n_articles, n_outlets, n_origins;
};

static void add_heading(struct buf *out, const struct digest *d, const struct heading *h)
{
    buf_add_string(out, "<tr><td style=\"padding:20px 0 0;font-size:13px;line-height:19px\">");
    html_add_severity(out, h->severity);
    buf_add_string(out, " " HTML_QUIET_SPAN);
    html_add_name(out, h->outlet);
    html_add_host(out, h->url, h->outlet);
    if (h->at[0] != '\0')
        buf_printf(out, HTML_DOT HTML_TIME "%s</span>", h->at);
    buf_add_string(out, "</span><h2 style=\"margin:4px 0 0;font-size:19px;line-height:26px\"");
    html_add_language(out, h->language);
    html_add_link(out, h->url, h->words);
    buf_add_string(out, "</h2>" HTML_ROW_END);
    if (h->n_articles > 1)
        buf_printf(out,
                   HTML_SMALL_ROW HTML_QUIET_SPAN "%" PRId64 " copies in %" PRId64
                                                  " outlet%s, %" PRId64 " origin%s%s",
                   h->n_articles, h->n_outlets, h->n_outlets == 1 ? "" : "s", h->n_origins,
                   h->n_origins == 1 ? "" : "s", h->others.len > 0 ? "; also in " : "");
    if (h->n_articles > 1) {
        html_add_some(out, h->others, DIGEST_QUOTE_BYTES * 2);
        buf_add_string(out, "</span>" HTML_ROW_END);
    }
    html_add_page(out, d, h->story_id);
}

/* "told before, 2026-11-20 07:30; 5 more copies in 3 outlets since" */
static void add_told(struct buf *out, const char *how, const char *at, int64_t n_more,
                     int64_t n_outlets)
{
    if (how[0] == '\0' && n_more == 0)
        return;
    buf_add_string(out, HTML_SMALL_ROW HTML_QUIET_SPAN);
    if (how[0] != '\0')
        buf_printf(out, "%s%s%s", how, at, n_more > 0 ? "; " : "");
    if (n_more > 0)
        buf_printf(out, "%" PRId64 " more cop%s in %" PRId64 " outlet%s since", n_more,
                   n_more == 1 ? "y" : "ies", n_outlets, n_outlets == 1 ? "" : "s");
    buf_add_string(out, "</span>" HTML_ROW_END);
}

/* ---- what was found -------------------------------------------------------------------------- */

/* "Lantern Bay light  ie-lantern · a12 · harbour" */
static void add_item(struct buf *out, struct slice name, struct slice item, int64_t alert_id)
{
    buf_add_string(out, "<b>");
    html_add_name(out, name.len > 0 ? name : item);
    buf_add_string(out, "</b> " HTML_QUIET_SPAN);
    html_add_name(out, item);
    buf_printf(out, HTML_DOT "a%" PRId64, alert_id);
}

/* Below its sentence, in small print: how each alert was found; once when all were found so. */
static void add_matched(struct buf *out, const struct digest_passage *passage)
{
    bool is_one = true;

    if (passage->matched == NULL || passage->matched[0].len == 0)
        return;
    for (size_t i = 1; i < passage->n_alerts; i++)
        is_one = is_one && slice_equal(passage->matched[i], passage->matched[0]);
    buf_add_string(
        out, "<tr><td style=\"padding:4px 0 0;font-size:12px;line-height:17px\">" HTML_QUIET_SPAN);
    for (size_t i = 0; i < (is_one ? 1 : passage->n_alerts); i++) {
        buf_add_string(out, i > 0 ? "<br>" : "");
        if (!is_one) {
            html_add_name(out, passage->alerts[i]->alert.item);
            buf_add_char(out, ' ');
        }
        buf_add_string(out, "how: ");
        html_add_some(out, passage->matched[i], DIGEST_HEADLINE_BYTES);
    }
    buf_add_string(out, "</span>" HTML_ROW_END);
}

static void add_passage(struct buf *out, const struct digest_passage *passage)
{
    buf_add_string(out, HTML_ROW("12px 0 5px"));
    for (size_t i = 0; i < passage->n_alerts; i++) {
        const struct alert_row *a = &passage->alerts[i]->alert;

        buf_add_string(out, i > 0 ? "<br>" : "");
        add_item(out, a->item_name, a->item, a->id);
        buf_add_string(out, a->tags.len > 0 ? HTML_DOT : "");
        html_add_name(out, a->tags);
        buf_add_string(out, "</span>");
    }
    buf_add_string(out, HTML_ROW_END);
    if (passage->is_headline)
        html_add_small(out, "in the headline", SLICE(" "));
    else if (passage->alerts[0]->sentence.len > 0)
        html_add_quote(out, digest_quote(passage, DIGEST_QUOTE_BYTES),
                       passage->alerts[0]->article.language);
    add_matched(out, passage);
}

/* headline: of the story; what it says is not said again. */
static void add_change(struct buf *out, const struct digest_change *c, struct slice headline)
{
    const struct revision_view *v = c->view;

    buf_add_string(out, HTML_ROW("12px 0 5px"));
    add_item(out, v->item_name, v->item, v->revision.alert_id);
    buf_add_string(out, HTML_DOT);
    html_add_host(out, v->article.url, SLICE(""));
    buf_add_string(out, "</span><br>");
    html_add_link(out, v->article.url, c->words);
    buf_add_string(out, HTML_ROW_END);
    if (v->revision.sentence.len > 0 && !slice_equal(v->revision.sentence, headline))
        html_add_quote(out, digest_change_quote(v, DIGEST_QUOTE_BYTES), v->article.language);
    if (v->revision.kind == REVISION_REMOVED)
        buf_printf(out,
                   HTML_SMALL_ROW HTML_QUIET_SPAN
                   "what it said:</span> " HTML_COMMAND("wirewatch article text %" PRId64)
                       HTML_ROW_END,
                   v->article.id);
}

static void add_changes(struct buf *out, const struct digest_change *changes, size_t n,
                        struct slice headline)
{
    const size_t n_shown = n < DIGEST_STORY_CHANGES_MAX ? n : DIGEST_STORY_CHANGES_MAX;

    for (size_t i = n - n_shown; i < n; i++)
        add_change(out, &changes[i], headline);
    if (n_shown < n)
        buf_printf(out,
                   HTML_SMALL_ROW HTML_QUIET_SPAN
                   "and %zu more:</span> " HTML_COMMAND("wirewatch alert show a%" PRId64)
                       HTML_ROW_END,
                   n - n_shown, changes[0].view->revision.alert_id);
}

/* ---- stories --------------------------------------------------------------------------------- */

static void add_aside(struct buf *out, const struct digest_story *story)
{
    if (story->aside.len > 0 && story->n_unnamed == 0)
        html_add_small(out, "also named: ", story->aside);
    if (story->n_unnamed == 0)
        return;
    buf_add_string(out, HTML_SMALL_ROW HTML_QUIET_SPAN);
    if (story->aside.len > 0) {
        buf_add_string(out, "also named: ");
        html_add_some(out, story->aside, DIGEST_QUOTE_BYTES * 2);
        buf_add_string(out, ", ");
    }
    buf_printf(out,
               "and %zu more:</span> " HTML_COMMAND("wirewatch story show s%" PRId64) HTML_ROW_END,
               story->n_unnamed, story->first->alert.story_id);
}

void html_add_story(struct buf *out, const struct digest *d, const struct digest_story *story)
{
    const struct alert_view *lead = story->first;
    char date[DIGEST_TIME_BYTES] = "";
    char told[DIGEST_TIME_BYTES] = "";
    const struct heading heading = {
        .severity = lead->alert.severity,
        .outlet = lead->article.outlet,
        .language = lead->article.language,
        .url = lead->article.url,
        .words = lead->headline,
        .at =
            lead->article.published_at != 0 ? digest_time(d, lead->article.published_at, date) : "",
        .others = story->outlets,
        .n_articles = lead->n_articles,
        .n_outlets = lead->n_outlets,
        .n_origins = lead->n_origins,
        .story_id = lead->alert.story_id,
    };

    add_heading(out, d, &heading);
    add_told(out,
             story->told_at == 0     ? ""
             : story->mailed_at == 0 ? "known before"
                                     : "told before, ",
             story->mailed_at != 0 ? digest_time(d, story->mailed_at, told) : "", story->n_more,
             story->n_more_outlets);
    for (size_t i = 0; i < story->n_passages; i++)
        add_passage(out, &story->passages[i]);
    add_aside(out, story);
    if (story->n_changes > 0)
        buf_add_string(out, HTML_ROW("12px 0 0") "<b>Changed since</b>" HTML_ROW_END);
    add_changes(out, story->changes, story->n_changes, lead->headline);
}

void html_add_developing(struct buf *out, const struct digest *d,
                         const struct digest_developing *story)
{
    const struct revision_view *first = story->first;
    const struct heading heading = {
        .severity = story->severity,
        .outlet = first->outlet,
        .language = first->article.language,
        .url = first->url,
        .words = first->title.len > 0 ? first->title : first->url,
        .at = "",
        .n_articles = first->n_articles,
        .n_outlets = first->n_outlets,
        .n_origins = first->n_origins,
        .story_id = first->story_id,
    };

    add_heading(out, d, &heading);
    add_told(out, "", "", story->n_more, story->n_more_outlets);
    add_changes(out, story->changes, story->n_changes, first->title);
}

void html_add_headline(struct buf *out, const struct digest *d, const struct alert_view *v,
                       int64_t at, struct slice items)
{
    char date[DIGEST_TIME_BYTES];

    buf_add_string(out, HTML_ROW("10px 0 0"));
    html_add_severity(out, v->alert.severity);
    buf_printf(out, " " HTML_QUIET_SPAN HTML_TIME "%s</span>" HTML_DOT, digest_time(d, at, date));
    html_add_name(out, v->article.outlet);
    html_add_host(out, v->article.url, v->article.outlet);
    buf_add_string(out, "</span><div style=\"text-align:left;font-size:15px;line-height:21px\"");
    html_add_language(out, v->article.language);
    html_add_link(out, v->article.url, v->headline);
    buf_add_string(out, "</div>");
    if (items.len > 0) {
        buf_add_string(out, HTML_QUIET_SPAN);
        html_add_name(out, items);
        buf_add_string(out, "</span>");
    }
    buf_add_string(out, HTML_ROW_END);
    html_add_page(out, d, v->alert.story_id);
}

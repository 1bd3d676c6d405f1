/* report_story.c - the page of a story: why it is here, who printed it, what changed. */
#include "alerts/mentions.h"
#include "alerts/report/report_parts.h"
#include "alerts/story_tree.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store_claims.h"
#include "storage/store_events.h"
#include "storage/store_marks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_SHOWN 4

/* ---- why it is here -------------------------------------------------------------------------- */

/* As it is stored, and in words of its own where that reads badly behind a full stop. */
static void put_decision(const struct report_page *p, struct slice decision)
{
    if (slice_equal(decision, SLICE("the first of its story on the item"))) {
        report_put(p, ". The first alert of this story on this item");
    } else if (decision.len > 0) {
        report_put(p, ". Why now: ");
        report_put_text(p, decision);
    }
}

static void put_why(const struct report_page *p, const struct alert_view *v)
{
    const char *rule = mention_rule_text(v->mention.rule);

    report_put(p, "<p class=\"meta\">Found by \xE2\x80\x9C<bdi>");
    report_put_text(p, v->mention.alias);
    report_put(p, "</bdi>\xE2\x80\x9D");
    if (v->mention.term.len > 0) {
        report_put(p, " beside \xE2\x80\x9C<bdi>");
        report_put_text(p, v->mention.term);
        report_put(p, "</bdi>\xE2\x80\x9D");
    }
    report_put(p, ": ");
    report_put_text(p, rule != NULL ? slice_from(rule) : v->mention.rule);
    put_decision(p, v->alert.story_decision);
    report_put(p, "</p>\n");
}

static enum ww_status put_marks(struct report *r, int64_t alert_id, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    struct mark_list marks;
    enum ww_status status = store_list_marks(r->store, alert_id, &r->scratch, &marks, err);

    for (size_t i = 0; status == WW_OK && i < marks.n_rows; i++) {
        const struct mark_row *m = &marks.rows[i];

        buf_printf(p->out, "<p class=\"meta\">Marked %s by <bdi>",
                   m->verdict == MARK_NONE ? "as nothing any more"
                                           : alert_verdict_name(m->verdict));
        report_put_text(p, m->analyst);
        report_put(p, "</bdi>, ");
        report_put_time(p, m->at);
        if (m->note.len > 0) {
            report_put(p, ": <bdi>");
            report_put_text(p, m->note);
            report_put(p, "</bdi>");
        }
        report_put(p, "</p>\n");
    }
    return status;
}

static enum ww_status put_changes(struct report *r, const struct report_alert *a)
{
    size_t n;
    const struct revision_view *rows = report_find_revisions(r, a->id, &n);

    if (n > 0)
        report_put(&r->page, "<h4>What has changed</h4>\n");
    for (size_t i = 0; i < n && i < REPORT_STORY_CHANGES; i++)
        report_put_change(r, &rows[i]);
    return WW_OK;
}

static enum ww_status put_alert(struct report *r, const struct report_alert *a,
                                struct ww_error *err)
{
    const struct report_page *p = &r->page;
    struct alert_view v;
    struct report_quote q;
    enum ww_status status = store_alert(r->store, a->id, &r->scratch, &v, err);

    if (status != WW_OK)
        return status;
    buf_printf(p->out, "<article id=\"a%" PRId64 "\">\n<h3>", a->id);
    report_put_severity(p, a->severity);
    report_put_item_link(p, a->item, a->name);
    report_put(p, "</h3>\n");
    q = (struct report_quote){.text = v.sentence,
                              .language = v.article.language,
                              .mark_start = v.mark_start,
                              .mark_end = v.mark_end,
                              .term_start = v.term_start,
                              .term_end = v.term_end};
    report_put_quote(p, &q);
    buf_printf(p->out, "<p class=\"meta\">a%" PRId64 ", ", a->id);
    report_put_link(p, v.article.url, v.article.outlet.len > 0 ? v.article.outlet : v.article.url);
    report_put(p, ", raised ");
    report_put_time(p, v.alert.created_at);
    if (a->is_historic)
        report_put(p, ", historic");
    report_put(p, "</p>\n");
    put_why(p, &v);
    status = put_marks(r, a->id, err);
    if (status == WW_OK && a->n_revisions > 0)
        status = put_changes(r, a);
    report_put(p, "</article>\n");
    return status;
}

static enum ww_status put_alerts(struct report *r, const struct report_entry *e,
                                 struct ww_error *err)
{
    enum ww_status status = WW_OK;

    report_put(&r->page, "<section aria-labelledby=\"why\">\n<h2 id=\"why\">Why it is here</h2>\n");
    for (size_t i = 0; i < e->n_alerts && i < REPORT_STORY_ALERTS && status == WW_OK; i++)
        status = put_alert(r, &e->alerts[i], err);
    if (e->n_alerts > REPORT_STORY_ALERTS)
        buf_printf(r->page.out, "<p>and %zu more alerts</p>\n", e->n_alerts - REPORT_STORY_ALERTS);
    report_put(&r->page, "</section>\n");
    return status;
}

/* ---- what its sentences propose ---------------------------------------------------------------
 */

static enum ww_status put_proposed(struct report *r, const struct report_entry *e,
                                   struct ww_error *err)
{
    const struct report_page *p = &r->page;
    size_t n_states, n_claims;
    const struct proposal_view *states = report_find_states(r, e->story->id, &n_states);
    const struct claim_view *claims = report_find_claims(r, e->story->id, &n_claims);
    enum ww_status status = WW_OK;

    if (n_states + n_claims == 0)
        return WW_OK;
    report_put(p, "<section aria-labelledby=\"said\">\n<h2 id=\"said\">Said in it, not "
                  "confirmed</h2>\n");
    for (size_t i = 0; i < n_states && i < REPORT_STORY_CHANGES && status == WW_OK; i++) {
        report_put(p, "<div class=\"unconfirmed\">\n<p>");
        if (report_find_item(r, states[i].item) != NULL)
            report_put_item_link(p, states[i].item, states[i].item);
        else
            report_put_text(p, states[i].item);
        report_put(p, " may be \xE2\x80\x9C");
        report_put_text(p, states[i].state);
        buf_printf(p->out, "\xE2\x80\x9D (%s)</p>\n", stance_name(states[i].stance));
        status = report_put_sighting(r, &states[i].at, err);
        report_put(p, "</div>\n");
    }
    for (size_t i = 0; i < n_claims && i < REPORT_STORY_CHANGES && status == WW_OK; i++) {
        const struct claim_view *c = &claims[i];

        report_put(p, "<div class=\"unconfirmed\">\n<p>");
        if (c->bound.len > 0) {
            report_put_text(p, slice_equal(c->bound, SLICE("about")) ? SLICE("about") : c->bound);
            report_put(p, slice_equal(c->bound, SLICE("about")) ? " " : ": ");
        }
        report_put_count(p, c->n_sites, "site", NULL);
        if (c->n_countries > 0) {
            report_put(p, " in ");
            report_put_count(p, c->n_countries, "country", "countries");
        }
        if (c->speaker.len > 0) {
            report_put(p, ", says <bdi>");
            report_put_text(p, c->speaker);
            report_put(p, "</bdi>");
        }
        report_put(p, "</p>\n");
        status = report_put_sighting(r, &c->at, err);
        report_put(p, "</div>\n");
    }
    report_put(p, "</section>\n");
    return status;
}

/* ---- who printed it ---------------------------------------------------------------------------
 */

static int by_article(const void *a, const void *b)
{
    const struct article_row *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static void put_published(const struct report_page *p, const struct article_row *a)
{
    if (a->published_at == 0) {
        report_put(p, "undated, seen ");
        report_put_time(p, a->first_seen_at);
    } else if (a->published_precision < DATE_MINUTE)
        report_put_day(p, a->published_at);
    else
        report_put_time(p, a->published_at);
}

static void put_article(struct report *r, const struct story_tree *tree,
                        const struct story_branch *b, const struct article_row *a)
{
    const struct report_page *p = &r->page;
    const size_t depth = b->depth < DEPTH_SHOWN ? b->depth : DEPTH_SHOWN;
    const struct slice evidence = story_tree_evidence(b->edge, &r->scratch);
    const struct slice kind = story_tree_kind(tree, b);

    buf_printf(p->out, "<li class=\"d%zu\" id=\"n%" PRId64 "\"><p><strong>", depth, a->id);
    report_put_text(p, a->outlet.len > 0 ? a->outlet : a->site);
    report_put(p, "</strong> ");
    report_put_foreign(p, "span", a->language.len > 0 ? a->language : SLICE("und"),
                       text_cut(a->title, REPORT_TITLE_BYTES));
    report_put(p, "</p><p class=\"meta\">");
    put_published(p, a);
    if (a->language.len > 0) {
        report_put(p, ", ");
        report_put_text(p, a->language);
    }
    if (a->access.len > 0 && !slice_equal(a->access, SLICE("open"))) {
        report_put(p, ", ");
        report_put_text(p, a->access);
    }
    report_put(p, " &#183; ");
    report_put_text(p, kind);
    if (evidence.len > 0) {
        report_put(p, kind.len > 0 ? ": " : "");
        report_put_text(p, evidence);
    }
    buf_printf(p->out, " &#183; n%" PRId64, a->id);
    if (a->version > 1)
        buf_printf(p->out, ", version %" PRId64, a->version);
    if (a->fetched_at != 0) {
        report_put(p, ", read ");
        report_put_time(p, a->fetched_at);
    }
    report_put(p, "<br>");
    report_put_link(p, a->url, a->url);
    report_put(p, "</p></li>\n");
}

static enum ww_status put_articles(struct report *r, const struct report_entry *e,
                                   struct ww_error *err)
{
    const struct article_filter filter = {
        .window = {.limit = STORY_MEMBERS_MAX}, .story_id = e->story->id, .order = ARTICLE_BY_ID};
    struct article_list list;
    struct story_tree tree;
    size_t n_shown = 0;
    enum ww_status status = store_list_articles(r->store, &filter, &r->scratch, &list, err);

    if (status == WW_OK)
        status = story_tree_read(r->store, e->story->id, &r->scratch, &tree, err);
    if (status != WW_OK)
        return status;
    if (list.n_rows > 0)
        qsort(list.rows, list.n_rows, sizeof(*list.rows), by_article);
    report_put(&r->page, "<section aria-labelledby=\"who\">\n<h2 id=\"who\">Who had it, and from "
                         "whom</h2>\n<ol class=\"tree\">\n");
    for (size_t i = 0; i < tree.n_branches && n_shown < REPORT_STORY_ARTICLES; i++) {
        const struct article_row key = {.id = tree.branches[i].member->id};
        const struct article_row *a =
            bsearch(&key, list.rows, list.n_rows, sizeof(*list.rows), by_article);

        if (a == NULL)
            continue;
        put_article(r, &tree, &tree.branches[i], a);
        n_shown++;
    }
    report_put(&r->page, "</ol>\n");
    if (n_shown < tree.n_branches)
        buf_printf(r->page.out, "<p>and %zu more articles: wirewatch story show s%" PRId64 "</p>\n",
                   tree.n_branches - n_shown, e->story->id);
    report_put(&r->page, "</section>\n");
    return WW_OK;
}

/* ---- what became of its pages ------------------------------------------------------------------
 */

static enum ww_status put_events(struct report *r, const struct report_entry *e,
                                 struct ww_error *err)
{
    const struct event_filter filter = {.window = {.limit = REPORT_STORY_CHANGES},
                                        .story_id = e->story->id};
    const struct report_page *p = &r->page;
    struct event_list list;
    enum ww_status status = store_list_events(r->store, &filter, &r->scratch, &list, err);

    if (status != WW_OK || list.n_rows == 0)
        return status;
    report_put(p, "<section aria-labelledby=\"pages\">\n<h2 id=\"pages\">What became of its "
                  "pages</h2>\n<ul class=\"days\">\n");
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct event_row *row = &list.rows[i];

        report_put(p, "<li>");
        report_put_time(p, row->at);
        buf_printf(p->out, " the page of n%" PRId64 " %s", row->article_id,
                   row->kind == EVENT_CHANGED   ? "changed"
                   : row->kind == EVENT_REMOVED ? "was taken away"
                                                : "is there again");
        if (row->how.len > 0) {
            report_put(p, " (");
            report_put_text(p, row->how);
            report_put(p, ")");
        }
        if (row->kind == EVENT_CHANGED)
            report_put(p, row->is_noted ? ", and says so" : ", without saying so");
        report_put(p, "</li>\n");
    }
    report_put(p, "</ul>\n</section>\n");
    return WW_OK;
}

enum ww_status report_write_story(struct report *r, const struct report_entry *e,
                                  struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_page_begin(p, SECTION_DAYS, report_headline(e),
                      e->story->language.len > 0 ? e->story->language : SLICE("und"));
    report_put(p, "<p class=\"lead\">");
    report_put_severity(p, e->severity);
    buf_printf(p->out, "s%" PRId64 " &#183; ", e->story->id);
    report_put_sizes(p, e->story);
    report_put(p, " &#183; first seen ");
    report_put_time(p, e->story->first_seen_at);
    if (!e->is_live)
        report_put(p, " &#183; historic");
    report_put(p, "</p>\n");
    status = put_alerts(r, e, err);
    if (status == WW_OK)
        status = put_proposed(r, e, err);
    if (status == WW_OK)
        status = put_articles(r, e, err);
    if (status == WW_OK)
        status = put_events(r, e, err);
    report_page_end(p);
    return status;
}

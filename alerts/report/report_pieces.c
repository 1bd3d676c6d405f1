/* report_pieces.c - what several pages show: a story in a line, a sentence, a change, a proposal.
 */
#include "alerts/report/report_parts.h"
#include "alerts/revision_words.h"
#include "base/date.h"
#include "base/zone.h"
#include "storage/store_claims.h"

#include <inttypes.h>
#include <stdio.h>

void report_put_sizes(const struct report_page *p, const struct report_story *s)
{
    report_put_count(p, s->n_outlets, "outlet", NULL);
    report_put(p, ", ");
    report_put_count(p, s->n_articles, "article", NULL);
    report_put(p, ", ");
    report_put_count(p, s->n_origins > 0 ? s->n_origins : 1, "origin", NULL);
}

void report_put_entry_items(const struct report *r, const struct report_entry *e)
{
    const size_t n = e->n_alerts < REPORT_STORY_ALERTS ? e->n_alerts : REPORT_STORY_ALERTS;

    for (size_t i = 0; i < n; i++) {
        report_put(&r->page, i > 0 ? ", " : "");
        report_put_item_link(&r->page, e->alerts[i].item, e->alerts[i].name);
    }
    if (n < e->n_alerts)
        buf_printf(r->page.out, " and %zu more", e->n_alerts - n);
}

void report_put_entry(const struct report *r, const struct report_entry *e)
{
    const struct report_page *p = &r->page;

    report_put(p, "<li>");
    report_put_severity(p, e->severity);
    report_put_story_link(p, e->story->id, e->story->language, report_headline(e));
    report_put(p, "\n<p class=\"meta\">");
    report_put_entry_items(r, e);
    report_put(p, " &#183; <bdi>");
    report_put_text(p, e->story->outlet);
    report_put(p, e->story->outlet.len > 0 ? "</bdi>, " : "</bdi>");
    report_put_sizes(p, e->story);
    if (!e->is_live)
        report_put(p, " &#183; historic");
    report_put(p, "</p></li>\n");
}

/* ---- sentences ------------------------------------------------------------------------------- */

enum ww_status report_put_sentence(struct report *r, int64_t alert_id, struct ww_error *err)
{
    struct alert_view v;
    struct report_quote q;
    enum ww_status status = store_alert(r->store, alert_id, &r->scratch, &v, err);

    if (status != WW_OK)
        return status;
    q = (struct report_quote){.text = v.sentence,
                              .language = v.article.language,
                              .mark_start = v.mark_start,
                              .mark_end = v.mark_end,
                              .term_start = v.term_start,
                              .term_end = v.term_end};
    report_put_quote(&r->page, &q);
    return WW_OK;
}

enum ww_status report_put_sighting(struct report *r, const struct sighting *at,
                                   struct ww_error *err)
{
    const struct report_page *p = &r->page;
    struct sighting_sentence s;
    struct report_quote q;
    enum ww_status status = store_sighting_sentence(r->store, at, &r->scratch, &s, err);

    if (status != WW_OK)
        return status;
    q = (struct report_quote){.text = s.text,
                              .language = at->language,
                              .mark_start = s.mark_start,
                              .mark_end = s.mark_end};
    report_put_quote(p, &q);
    report_put(p, "<p class=\"meta\">");
    report_put_link(p, at->url, at->outlet.len > 0 ? at->outlet : at->url);
    report_put(p, ", ");
    report_put_day(p, sighting_at(at));
    if (report_find_entry(r, at->story_id) != NULL) {
        report_put(p, " &#183; ");
        report_put_story_link(p, at->story_id, (struct slice){"", 0}, SLICE("the story"));
    }
    report_put(p, "</p>\n");
    return WW_OK;
}

void report_put_change(struct report *r, const struct revision_view *v)
{
    const struct report_page *p = &r->page;
    const struct revision_row *row = &v->revision;
    const int64_t at = revision_time(v);
    char local[DATE_TEXT_BYTES], words[DATE_TEXT_BYTES];
    const bool is_marked = row->mark_start >= 0 && row->mark_end > row->mark_start;
    const struct report_quote q = {.text = row->sentence,
                                   .language = v->article.language,
                                   .mark_start = is_marked ? (size_t)row->mark_start : 0,
                                   .mark_end = is_marked ? (size_t)row->mark_end : 0};

    (void)date_format(at + zone_offset_s(p->zone, at), local);
    (void)snprintf(words, sizeof(words), "%.10s %.5s", local, local + 11);
    report_put(p, "<p dir=\"auto\">");
    report_put_text(p, revision_words(v, words, &r->scratch));
    report_put(p, row->is_historic ? " (historic)</p>\n" : "</p>\n");
    if (q.text.len > 0)
        report_put_quote(p, &q);
    report_put(p, "<p class=\"meta\">");
    report_put_link(p, v->article.url,
                    v->article.outlet.len > 0 ? v->article.outlet : v->article.url);
    report_put(p, "</p>\n");
}

/* ---- proposals ------------------------------------------------------------------------------- */

bool report_is_said(const struct proposal_group *g)
{
    return slice_equal_nocase(slice_trim(g->current), slice_trim(g->state));
}

enum ww_status report_put_proposal(struct report *r, const struct proposal_group *g, bool is_named,
                                   struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_put(p, "<div class=\"unconfirmed\">\n<p><strong>Not confirmed:</strong> ");
    if (is_named) {
        if (report_find_item(r, g->item) != NULL)
            report_put_item_link(p, g->item, g->item_name);
        else
            report_put_text(p, g->item_name);
        report_put(p, " ");
    }
    report_put(p, "may be \xE2\x80\x9C");
    report_put_text(p, g->state);
    report_put(p, "\xE2\x80\x9D; the list says ");
    report_put_text(p, g->current.len > 0 ? g->current : SLICE("nothing"));
    if (g->current_date.len > 0) {
        report_put(p, " (");
        report_put_text(p, g->current_date);
        report_put(p, ")");
    }
    buf_printf(p->out, ". <span class=\"meta\">%s, ", stance_name(g->best->stance));
    if (g->verdict != PROPOSAL_OPEN)
        buf_printf(p->out, "%s, ", proposal_state_name(g->verdict));
    report_put_count(p, g->n_articles, "article", NULL);
    report_put(p, " in ");
    report_put_count(p, g->n_outlets, "outlet", NULL);
    report_put(p, ", since ");
    report_put_day(p, g->first_at);
    report_put(p, "</span></p>\n");
    status = report_put_sighting(r, &g->best->at, err);
    report_put(p, "</div>\n");
    return status;
}

enum ww_status report_put_candidate(struct report *r, const struct candidate_group_list *list,
                                    const struct candidate_group *g, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_put(p, "<div class=\"unconfirmed\">\n<p><strong>Not confirmed:</strong> ");
    report_put_text(p, candidate_heading(list, g, &r->scratch));
    buf_printf(p->out, ". <span class=\"meta\">%s, ", stance_name(g->best->stance));
    report_put_count(p, g->n_articles, "article", NULL);
    report_put(p, " in ");
    report_put_count(p, g->n_outlets, "outlet", NULL);
    report_put(p, g->state == CANDIDATE_NEW_EVIDENCE ? ", new since it was dismissed, since "
                                                     : ", since ");
    report_put_day(p, g->first_at);
    report_put(p, "</span></p>\n");
    status = report_put_sighting(r, &g->best->at, err);
    report_put(p, "</div>\n");
    return status;
}

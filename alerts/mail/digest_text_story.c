/* digest_text_story.c - one story in plain text: new, known with more, or changed. */
#include "alerts/mail/digest_text_parts.h"

#include "alerts/mail/digest_lines.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* " 1. A headline": what follows stands below its first word. */
static void put_heading(size_t number, struct slice headline, struct buf *out)
{
    struct line l;

    buf_printf(out, "%2zu. ", number);
    l = (struct line){.out = out, .indent = 4, .used = number > 99 ? 5 : 4, .is_empty = true};
    line_add_some(&l, headline, DIGEST_HEADLINE_BYTES);
    line_end(&l);
}

static void put_counts(int64_t n_articles, int64_t n_outlets, int64_t n_origins, struct line *l)
{
    char words[96];

    if (n_articles < 2)
        return;
    (void)snprintf(words, sizeof(words),
                   "| %" PRId64 " copies in %" PRId64 " outlet%s, %" PRId64 " origin%s", n_articles,
                   n_outlets, n_outlets == 1 ? "" : "s", n_origins, n_origins == 1 ? "" : "s");
    line_add(l, slice_from(words));
}

/* "2 more copies in 2 outlets since" */
static void put_more(int64_t n_more, int64_t n_outlets, struct line *l)
{
    char words[96];

    if (n_more == 0)
        return;
    (void)snprintf(words, sizeof(words), "%" PRId64 " more cop%s in %" PRId64 " outlet%s since",
                   n_more, n_more == 1 ? "y" : "ies", n_outlets, n_outlets == 1 ? "" : "s");
    line_add(l, slice_from(words));
}

void digest_text_page(const struct digest *d, size_t indent, int64_t story_id, struct buf *out)
{
    struct buf page;

    if (d->report_url.len == 0)
        return;
    buf_init(&page, (size_t)2 * URL_MAX_BYTES);
    buf_add_string(&page, "report: ");
    digest_add_page(d, story_id, &page);
    line_put_address(out, indent, buf_slice(&page), 0);
    if (page.status != WW_OK)
        out->status = page.status;
    buf_release(&page);
}

/* "   * Lantern Bay light [ie-lantern, a1] harbour" */
static void put_item(struct slice name, struct slice item, int64_t alert_id, struct slice tags,
                     struct buf *out)
{
    struct line l = line_begin_with(out, "   * ");
    struct buf label;

    buf_init(&label, DIGEST_MAX_BYTES);
    buf_printf(&label, "%.*s, a%" PRId64, SLICE_ARG(text_cut(item, DIGEST_NAME_BYTES - 30)),
               alert_id);
    line_add(&l, name.len > 0 ? name : item);
    line_add_label(&l, buf_slice(&label));
    if (label.status != WW_OK)
        out->status = label.status;
    buf_release(&label);
    line_add(&l, tags);
    line_end(&l);
}

static bool is_said(const struct digest_passage *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (slice_equal(p->matched[k], p->matched[i]))
            return true;
    return false;
}

/* How the i-th was found; of several in one sentence it is said of which. */
static void put_how(const struct digest_passage *p, size_t i, struct buf *out)
{
    struct line l;

    if (is_said(p, i))
        return;
    l = line_begin_with(out, "     ");
    line_add(&l, p->n_alerts > 1 ? p->alerts[i]->alert.item : SLICE("how"));
    for (size_t k = i + 1; k < p->n_alerts; k++)
        if (slice_equal(p->matched[k], p->matched[i])) {
            line_join(&l, SLICE(","));
            line_add(&l, p->alerts[k]->alert.item);
        }
    line_join(&l, SLICE(":"));
    line_add_some(&l, p->matched[i], DIGEST_HEADLINE_BYTES);
    line_end(&l);
}

static void put_passage(const struct digest_passage *p, struct buf *out)
{
    buf_add_char(out, '\n');
    for (size_t i = 0; i < p->n_alerts; i++) {
        const struct alert_row *a = &p->alerts[i]->alert;

        put_item(a->item_name, a->item, a->id, a->tags, out);
    }
    if (p->is_headline)
        buf_add_string(out, "     in the headline\n");
    else if (p->alerts[0]->sentence.len > 0)
        line_put_quote(out, 5, digest_quote(p, DIGEST_QUOTE_BYTES));
    for (size_t i = 0; p->matched != NULL && i < p->n_alerts; i++)
        put_how(p, i, out);
}

/* What stands above it, and is not said again. */
struct above {
    struct slice url, headline;
};

static void put_change(const struct digest_change *c, const struct above *above, struct buf *out)
{
    const struct revision_view *v = c->view;
    struct line l;

    buf_add_char(out, '\n');
    put_item(v->item_name, v->item, v->revision.alert_id, SLICE(""), out);
    l = line_begin(out, 5);
    line_add_some(&l, c->words, DIGEST_HEADLINE_BYTES);
    line_end(&l);
    if (v->revision.sentence.len > 0 && !slice_equal(v->revision.sentence, above->headline))
        line_put_quote(out, 5, digest_change_quote(v, DIGEST_QUOTE_BYTES));
    if (!slice_equal(v->article.url, above->url))
        line_put_address(out, 5, v->article.url, v->revision.alert_id);
    if (v->revision.kind == REVISION_REMOVED)
        buf_printf(out, "     what it said: wirewatch article text %" PRId64 "\n", v->article.id);
}

static void put_changes(const struct digest_change *changes, size_t n, const struct above *above,
                        struct buf *out)
{
    const size_t n_shown = n < DIGEST_STORY_CHANGES_MAX ? n : DIGEST_STORY_CHANGES_MAX;

    for (size_t i = n - n_shown; i < n; i++)
        put_change(&changes[i], above, out);
    if (n_shown < n)
        buf_printf(out, "\n     and %zu more: wirewatch alert show a%" PRId64 "\n", n - n_shown,
                   changes[0].view->revision.alert_id);
}

static void put_line(struct buf *out, struct slice label, struct slice words)
{
    struct line l;

    if (words.len == 0)
        return;
    l = line_begin(out, 4);
    line_add(&l, label);
    line_add_some(&l, words, DIGEST_QUOTE_BYTES * 2);
    line_end(&l);
}

static void put_told_before(const struct digest *d, const struct digest_story *story,
                            struct buf *out)
{
    struct line l;
    char at[DIGEST_TIME_BYTES];

    if (story->told_at == 0)
        return;
    l = line_begin(out, 4);
    line_add(&l, story->mailed_at != 0 ? SLICE("told before,") : SLICE("known before"));
    if (story->mailed_at != 0)
        line_add(&l, slice_from(digest_time(d, story->mailed_at, at)));
    if (story->n_more > 0)
        line_join(&l, SLICE(";"));
    put_more(story->n_more, story->n_more_outlets, &l);
    line_end(&l);
}

static void put_aside(const struct digest_story *story, struct buf *out)
{
    if (story->aside.len == 0)
        return;
    buf_add_char(out, '\n');
    put_line(out, SLICE("also named:"), story->aside);
    if (story->n_unnamed > 0)
        buf_printf(out, "    and %zu more: wirewatch story show s%" PRId64 "\n", story->n_unnamed,
                   story->first->alert.story_id);
}

/*
 * The outlet stands last: behind a name that is written from right to left, figures would be shown
 * in its order.
 */
void digest_text_spread(const struct alert_view *lead, const char *date, struct buf *out)
{
    struct line l = line_begin(out, 4);

    line_add(&l, slice_from(alert_severity_name(lead->alert.severity)));
    if (date[0] != '\0') {
        line_add(&l, SLICE("|"));
        line_add(&l, slice_from(date));
    }
    put_counts(lead->n_articles, lead->n_outlets, lead->n_origins, &l);
    line_add_apart(&l, lead->article.outlet);
    line_end(&l);
}

void digest_text_story(const struct digest *d, size_t number, const struct digest_story *story,
                       struct buf *out)
{
    const struct alert_view *lead = story->first;
    char date[DIGEST_TIME_BYTES] = "";

    if (lead->article.published_at != 0)
        (void)digest_time(d, lead->article.published_at, date);
    put_heading(number, lead->headline, out);
    digest_text_spread(lead, date, out);
    line_put_address(out, 4, lead->article.url, lead->alert.id);
    digest_text_page(d, 4, lead->alert.story_id, out);
    put_line(out, SLICE("also in"), story->outlets);
    put_told_before(d, story, out);
    for (size_t i = 0; i < story->n_passages; i++)
        put_passage(&story->passages[i], out);
    put_aside(story, out);
    if (story->n_changes > 0)
        buf_add_string(out, "\n   Changed since:\n");
    put_changes(story->changes, story->n_changes,
                &(struct above){lead->article.url, lead->headline}, out);
    buf_add_char(out, '\n');
}

void digest_text_developing(const struct digest *d, size_t number,
                            const struct digest_developing *story, struct buf *out)
{
    const struct revision_view *first = story->first;
    struct line l;

    put_heading(number, first->title.len > 0 ? first->title : first->url, out);
    l = line_begin(out, 4);
    line_add(&l, slice_from(alert_severity_name(story->severity)));
    put_counts(first->n_articles, first->n_outlets, first->n_origins, &l);
    if (story->n_more > 0)
        line_join(&l, SLICE(";"));
    put_more(story->n_more, story->n_more_outlets, &l);
    line_add(&l, SLICE("| told of"));
    line_add(&l, first->outlet);
    line_end(&l);
    line_put_address(out, 4, first->url, first->revision.alert_id);
    digest_text_page(d, 4, first->story_id, out);
    put_changes(story->changes, story->n_changes, &(struct above){first->url, first->title}, out);
    buf_add_char(out, '\n');
}

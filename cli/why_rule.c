/* why_rule.c - an analyst's own rule and an article: what made it true, or which part it lacks. */
#include "cli/why.h"

#include "alerts/query_mentions.h"
#include "alerts/query_parts.h"
#include "base/arena.h"

static const struct mention *find_mention(const struct mention_report *report,
                                          const struct watch_item *item)
{
    for (size_t i = 0; i < report->n_mentions; i++)
        if (report->mentions[i].item == item &&
            slice_equal(slice_from(report->mentions[i].rule), SLICE(QUERY_RULE)))
            return &report->mentions[i];
    return NULL;
}

static void put_true(struct why *w, const struct watch_rule *rule, const struct watch_item *item,
                     const struct mention_article *article, const struct mention *m)
{
    struct slice field = m->at.field == MENTION_TITLE ? article->title : article->text;
    struct slice quote = slice_sub(field, m->at.start, m->at.end - m->at.start);
    struct why_line *line = why_note(
        w, WHY_NAME, "none", "its query is true of the article: \"%.*s\"%s%.*s%s", SLICE_ARG(quote),
        m->term.len > 0 ? " and \"" : "", SLICE_ARG(m->term), m->term.len > 0 ? "\"" : "");

    line->item = item->id;
    line->alias = m->alias;
    line->cell = rule->cell;
    line->quote = quote;
    line->field = mention_field_name(m->at.field);
    line->start = (int64_t)m->at.start;
    line->end = (int64_t)m->at.end;
    line->sentence =
        slice_sub(field, m->at.sentence_start, m->at.sentence_end - m->at.sentence_start);
    line->mark_start = m->at.start - m->at.sentence_start;
    line->mark_end = m->at.end - m->at.sentence_start;
}

/* "the article has no X, and has Y, which it must not" */
static enum ww_status put_untrue(struct why *w, const struct watchlist *list,
                                 const struct watch_rule *rule,
                                 const struct mention_article *article, struct ww_error *err)
{
    struct arena *a = &w->cli->arena;
    const struct watch_item *item = &list->items[rule->item];
    struct slice said = SLICE(""), lacks = SLICE("");
    struct query_part *parts;
    struct why_line *line;
    size_t n;
    enum ww_status status = query_parts(list, rule, article, a, &parts, &n, err);

    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].is_there == !parts[i].is_refused)
            continue;
        said = arena_printf(a, "%.*s%s%s %.*s%s", SLICE_ARG(said), said.len > 0 ? "; " : "",
                            parts[i].is_refused ? "has" : "lacks", SLICE_ARG(parts[i].text),
                            parts[i].is_refused ? ", which it must not" : "");
        if (!parts[i].is_refused && lacks.len == 0)
            lacks = parts[i].text;
    }
    line = why_stop(w, WHY_ITEM, "query", "the query of %.*s is not true of the article%s%.*s",
                    SLICE_ARG(item->id), said.len > 0 ? ": it " : "", SLICE_ARG(said));
    line->item = item->id;
    line->cell = rule->cell;
    line->needs = lacks.len > 0 ? lacks : SLICE("an article without that");
    return WW_OK;
}

enum ww_status why_rules(struct why *w, const struct watchlist *list,
                         const struct mention_article *article, const struct mention_report *report,
                         bool says_why_not, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < list->n_rules && status == WW_OK; i++) {
        const struct watch_rule *rule = &list->rules[i];
        const struct watch_item *item = &list->items[rule->item];
        const struct mention *m = find_mention(report, item);

        if (w->item.len > 0 && !slice_equal(item->id, w->item))
            continue;
        if (m != NULL)
            put_true(w, rule, item, article, m);
        else if (says_why_not)
            status = put_untrue(w, list, rule, article, err);
    }
    return status;
}

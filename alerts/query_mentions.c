/* query_mentions.c - from the places of a rule's words to bytes and sentences. */
#include "alerts/query_mentions.h"

#include "base/arena.h"

static struct mention mention_of(const struct watchlist *w, const struct context *c,
                                 const struct query_finding *found)
{
    const struct token *tokens = c->text.tokens.tokens;
    const struct context_sentence *s = context_at(c, found->at.first);
    struct mention m = {
        .item = &w->items[w->rules[found->rule].item],
        .at = {.field = found->field,
               .start = tokens[found->at.first].start,
               .end = tokens[found->at.last].end},
        .alias = w->words.rows[found->word].text,
        .rule = QUERY_RULE,
        .strength = STRENGTH_WEAK,
    };

    m.at.sentence_start = s != NULL && s->at.start < m.at.start ? s->at.start : m.at.start;
    m.at.sentence_end = s != NULL && s->at.end > m.at.end ? s->at.end : m.at.end;
    if (!found->has_term)
        return m;
    m.term_start = tokens[found->term.first].start;
    m.term_end = tokens[found->term.last].end;
    m.term = slice_sub(c->text.text, m.term_start, m.term_end - m.term_start);
    return m;
}

enum ww_status query_mentions_add(const struct query_finder *f, const struct context fields[2],
                                  struct arena *arena, struct mention_report *report, size_t *room,
                                  struct ww_error *err)
{
    struct query_finding *found;
    size_t n = 0;
    enum ww_status status = query_rules_find(f, arena, &found, &n, err);

    for (size_t i = 0; i < n && status == WW_OK; i++) {
        struct mention *rows =
            arena_grow(arena, report->mentions, report->n_mentions, room, sizeof(*rows));

        if (rows == NULL)
            return arena_check(arena, err);
        report->mentions = rows;
        rows[report->n_mentions++] =
            mention_of(query_rules_list(f->rules), &fields[found[i].field], &found[i]);
    }
    return status;
}

/* mentions.c - the public entry of matching: an article in, mentions and candidates out. */
#include "alerts/mentions.h"

#include "alerts/matcher.h"
#include "alerts/mention_parts.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/*
 * Stems this long may also be written small where they take an ending: adjectives of places
 * ("budapesti"). Shorter ones are the beginnings of too many other words.
 */
#define ADJECTIVE_STEM_BYTES 5
/* Of an ending behind a hyphen. */
#define ENDING_BYTES 4
/* Names in capitals this short must be written in capitals. */
#define INITIALS_LETTERS 3
/* One-word names this short are left out when nobody knows the article's language. */
#define FOREIGN_WORD_BYTES 5

static const struct {
    const char *name, *text;
} mention_rules[] = {
    [RULE_ALIAS] = {"alias",         "the name stands for the item alone"                        },
    [RULE_BODY] = {"body",          "the body's name, in an article that holds a term"          },
    [RULE_BODY_PLACE] = {"body-place",    "the body's place, in a sentence with a term"               },
    [RULE_COUNTRY] = {"country",       "the country, in a sentence with a term"                    },
    [RULE_BESIDE] = {"next-sentence", "the place, in the sentence before or after one with a term"},
    [RULE_HEADLINE] = {"headline",      "the place, in the first paragraph; the title has the term" },
    [RULE_QUERY] = {QUERY_RULE,      "the article is what the analyst's own query asks for"      },
    [RULE_SENTENCE] = {"same-sentence", "the place, in a sentence with a term"                      },
};

const char *mention_rule_name(enum rule rule)
{
    return mention_rules[rule].name;
}

const char *mention_rule_text(struct slice rule)
{
    for (size_t i = 0; i < WW_COUNT(mention_rules); i++)
        if (slice_equal(rule, slice_from(mention_rules[i].name)))
            return mention_rules[i].text;
    return NULL;
}

enum ww_status mentions_open(const struct watchlist *w, struct arena *arena,
                             struct mention_engine **out, struct ww_error *err)
{
    struct mention_engine *e = arena_alloc(arena, sizeof(*e));
    size_t n_names;
    const struct watch_name *names = query_rules_names(w, arena, &n_names);
    enum ww_status status;

    if (e == NULL || (names == NULL && n_names > 0))
        return arena_check(arena, err);
    e->watchlist = w;
    e->sentences = sentence_pool_open(arena);
    status = matcher_build(names, n_names, arena, &e->matcher, err);
    if (status == WW_OK)
        status = query_rules_build(w, arena, &e->queries, err);
    if (status == WW_OK)
        status = rejections_build(w, arena, &e->rejections, err);
    if (status == WW_OK)
        status = statements_build(w, arena, &e->statements, err);
    if (status == WW_OK)
        status = combiner_build(w, arena, &e->combiner, err);
    *out = e;
    return status;
}

void mentions_record(struct mention_engine *e)
{
    e->is_recording = true;
}

/* ---- which names may count at all ------------------------------------------------------------ */

/* Is the name of a language that the article is in? Only one-word names belong to a language. */
static bool is_of_language(const struct finder *f, const struct watch_name *name, size_t index)
{
    if (name->language.len == 0 || !matcher_is_one_word(f->e->matcher, index))
        return true;
    if (!watch_knows_language(f->e->watchlist, f->article->language))
        return name->text.len >= FOREIGN_WORD_BYTES;
    return watch_same_language(name->language, f->article->language);
}

/* "glasgow-i": the ending stands behind a hyphen. */
static bool has_ending(const struct match_text *text, const struct match *m)
{
    const struct token *t = &text->tokens.tokens[m->last];

    return m->last + 1 < text->tokens.n_tokens && t[1].start == t->end + 1 &&
           text->text.ptr[t->end] == '-' && t[1].end - t[1].start <= ENDING_BYTES;
}

/* "US", "ΗΠΑ": so short a name in capitals is another word where it is written otherwise. */
static bool is_initials(struct slice name)
{
    size_t n = 0;

    for (size_t i = 0; i < name.len; n++)
        if (n >= INITIALS_LETTERS || !text_is_upper(text_next_code(name, &i)))
            return false;
    return n > 1;
}

/* Is the match written as a name is: with a capital, where the watchlist has one? */
static bool is_written_as_name(const struct finder *f, const struct match_text *text,
                               const struct match *m)
{
    const struct watch_name *name = &f->e->watchlist->names[m->name];
    const struct token *t = &text->tokens.tokens[m->first];
    struct slice stem = slice_head(name->text, slice_find_char(name->text, '~'));

    if (name->class == WATCH_TERM || name->class == WATCH_BODY || name->class == WATCH_DIRECT)
        return true;
    if (is_initials(name->text) && (t->flags & TOKEN_ALL_CAPITALS) == 0)
        return false;
    if (!matcher_is_capital(f->e->matcher, m->name) || (t->flags & TOKEN_CAPITAL) != 0)
        return true;
    return stem.len < name->text.len && stem.len >= ADJECTIVE_STEM_BYTES &&
           (t->end - t->start > stem.len || has_ending(text, m));
}

static enum gate admit(const struct finder *f, const struct match_text *text, const struct match *m)
{
    if (!is_of_language(f, &f->e->watchlist->names[m->name], m->name))
        return GATE_LANGUAGE;
    return is_written_as_name(f, text, m) ? GATE_NONE : GATE_SMALL;
}

static enum ww_status find_in_field(struct finder *f, enum mention_field field, struct slice text,
                                    struct ww_error *err)
{
    struct match_text *cut = &f->fields[field].text;
    struct match_list *list = &f->matches[field];
    enum ww_status status;
    size_t n = 0;

    status = match_text_cut(text_cut(text, MENTION_TEXT_MAX_BYTES), f->arena, cut, err);
    if (status == WW_OK)
        status = matcher_find(f->e->matcher, cut, f->arena, list, err);
    f->report.is_cut |= status == WW_OK && list->is_cut;
    if (status == WW_OK)
        status = query_rules_take(&f->queries, field, cut, list, f->arena, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list->n_rows; i++) {
        struct match m = list->rows[i];
        enum gate gate = admit(f, cut, &m);

        if (gate == GATE_NONE)
            list->rows[n++] = m;
        else
            trace_name(f->trace, field, &m, gate);
    }
    list->n_rows = n;
    return combiner_find(f->e->combiner, cut, f->arena, list, err);
}

/*
 * Could there be a mention at all? Most articles end here: it takes a direct alias, a strong term,
 * or a weak one and, somewhere, a word that could be its anchor.
 */
static bool is_promising(const struct finder *f)
{
    const struct watchlist *w = f->e->watchlist;
    bool has_weak = false;
    bool has_anchor = false;

    for (size_t field = 0; field < 2; field++)
        for (size_t i = 0; i < f->matches[field].n_rows; i++) {
            const struct watch_name *name = &w->names[f->matches[field].rows[i].name];
            const struct watch_term *t = &w->terms[name->class == WATCH_TERM ? name->owner : 0];

            if (name->class == WATCH_DIRECT)
                return true;
            has_anchor |= name->class == WATCH_BODY || name->class == WATCH_BARE;
            if (name->class != WATCH_TERM)
                continue;
            has_anchor |= t->role == ROLE_ANCHOR;
            if (t->role != ROLE_TERM && t->role != ROLE_OPERATION)
                continue;
            if (t->strength == STRENGTH_STRONG)
                return true;
            has_weak |= t->strength == STRENGTH_WEAK;
        }
    return has_weak && has_anchor;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum ww_status prepare(struct finder *f, struct ww_error *err)
{
    const struct watchlist *w = f->e->watchlist;
    struct context_source source = {w,        f->e->matcher, f->article->language,
                                    f->trace, MENTION_TITLE, f->e->sentences};
    const size_t n_matches = f->matches[0].n_rows + f->matches[1].n_rows;
    enum ww_status status = WW_OK;

    f->place_states = arena_alloc(f->arena, w->n_places + 1);
    f->is_proposed = arena_alloc(f->arena, w->n_places + 1);
    /* A match may tell of a site and of its country. */
    if (f->place_states == NULL || f->is_proposed == NULL ||
        !tally_init(&f->n_of_name, n_matches, f->arena) ||
        !tally_init(&f->n_of_item, 2 * n_matches, f->arena))
        return arena_check(f->arena, err);
    for (size_t field = 0; field < 2 && status == WW_OK; field++) {
        struct match_text text = f->fields[field].text;

        source.field = (enum mention_field)field;
        status = context_build(&source, &text, &f->matches[field], &f->state, f->arena,
                               &f->fields[field], err);
    }
    if (status == WW_OK)
        f->is_led = mention_leads(&f->fields[MENTION_TITLE], &f->fields[MENTION_TEXT]);
    return status;
}

static enum ww_status judge_field(struct finder *f, enum mention_field field, struct ww_error *err)
{
    enum ww_status status = mention_settle(f, field, err);
    const struct context *c = &f->fields[field];

    for (size_t i = 0; i < c->names.n_rows && status == WW_OK; i++) {
        struct verdict v = mention_judge(f, c, &c->names.rows[i]);

        mention_tell(f, field, &c->names.rows[i], &v);
    }
    return status;
}

enum ww_status mentions_trace(const struct mention_engine *e, const struct mention_article *article,
                              struct trace *trace, struct arena *arena, struct mention_report *out,
                              struct ww_error *err)
{
    struct finder f = {.e = e,
                       .article = article,
                       .arena = arena,
                       .trace = trace,
                       .queries = {.rules = e->queries}};
    struct trace_source source = {e->watchlist, e->rejections, f.fields, article->language};
    enum ww_status status = find_in_field(&f, MENTION_TITLE, article->title, err);
    bool has_rule = false;

    f.report.is_cut |= article->text.len > MENTION_TEXT_MAX_BYTES;
    if (status == WW_OK)
        status = find_in_field(&f, MENTION_TEXT, article->text, err);
    *out = f.report;
    if (status == WW_OK)
        status = query_rules_consider(&f.queries, arena, &has_rule, err);
    if (status != WW_OK || (trace == NULL && !has_rule && !is_promising(&f)))
        return status;
    status = prepare(&f, err);
    if (status == WW_OK)
        status = query_rules_prepare(&f.queries, f.fields, e->watchlist, arena, err);
    for (size_t field = 0; field < 2 && status == WW_OK; field++)
        status = judge_field(&f, (enum mention_field)field, err);
    mention_drop_countries(&f.report);
    if (status == WW_OK)
        status = statements_find(e->statements, f.fields, article->language, arena, &f.report, err);
    if (status == WW_OK && f.guard_status != WW_OK)
        status = ww_fail(err, f.guard_status, "require and exclude cannot be asked");
    if (status == WW_OK)
        status = query_mentions_add(&f.queries, f.fields, arena, &f.report, &f.mentions_room, err);
    *out = f.report;
    if (status == WW_OK && trace != NULL)
        status = trace_finish(trace, &source, err);
    return status == WW_OK ? arena_check(arena, err) : status;
}

enum ww_status mentions_find(const struct mention_engine *e, const struct mention_article *article,
                             struct arena *arena, struct mention_report *out, struct ww_error *err)
{
    return mentions_trace(e, article, NULL, arena, out, err);
}

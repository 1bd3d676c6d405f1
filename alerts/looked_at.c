/* looked_at.c - the conditions of a name that counted, each with why it did not stop it. */
#include "alerts/looked_at.h"

#include "alerts/query.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/lookalike.h"
#include "base/text.h"

static const struct watch_name *name_of(const struct looked_at *l)
{
    return &l->watchlist->names[l->match->name];
}

/* "A|B|C", and "..." where the list is long. */
static void put_list(struct buf *b, const struct watch_condition *c)
{
    size_t n_bytes = 0;

    for (size_t i = 0; i < c->n_phrases; i++) {
        n_bytes += c->phrases[i].len + 1;
        if (i > 0 && n_bytes > LOOKED_AT_LIST_BYTES) {
            buf_printf(b, "|... (%zu)", c->n_phrases);
            return;
        }
        buf_printf(b, "%s%.*s", i > 0 ? "|" : "",
                   SLICE_ARG(text_cut(c->phrases[i], LOOKED_AT_LIST_BYTES)));
    }
}

static void put_line(struct buf *b, const char *name, const char *result)
{
    buf_printf(b, "%s%s: %s", b->len > 0 ? "\n" : "", name, result);
}

static void put_gate(struct buf *b, enum gate gate, const char *result)
{
    put_line(b, gate_name(gate), result);
}

/* Also a government: what around it sounds so, and what says that it is the place. */
static void put_metonym(const struct looked_at *l, struct buf *b, struct arena *arena)
{
    const struct context *c = &l->fields[l->field];
    struct slice words = rejections_words(l->rejections, c, l->match, name_of(l)->owner, l->fields,
                                          l->language, GATE_METONYM, arena);
    bool is_located = rejections_is_located(l->rejections, c, l->match, l->language);

    put_gate(b, GATE_METONYM, words.len == 0 ? "nothing of a government around it" : "");
    if (words.len > 0)
        buf_printf(b, "\"%.*s\", but a word like \"in\" before it", SLICE_ARG(words));
    else if (is_located)
        buf_add_string(b, ", a word like \"in\" before it");
}

/* Only the place's own name may be something else; and not where it is said to be a place. */
static void put_needed(const struct looked_at *l, const struct watch_condition *condition,
                       struct buf *b)
{
    const struct watch_name *name = name_of(l);
    struct slice found;

    put_gate(b, GATE_NEEDED, "");
    if (!slice_equal(name->text, l->watchlist->places[name->owner].name)) {
        buf_printf(b, "not asked of the spelling \"%.*s\"", SLICE_ARG(name->text));
        return;
    }
    found = rejections_found(l->rejections, name->owner, l->fields, CONDITION_NEEDED);
    if (found.len > 0)
        buf_printf(b, "\"%.*s\" is in the article", SLICE_ARG(found));
    else {
        buf_add_string(b, "none of ");
        put_list(b, condition);
        buf_add_string(b, " in the article, but a word like \"in\" before the name");
    }
}

static void put_condition(const struct looked_at *l, const struct watch_condition *c, struct buf *b,
                          struct arena *arena)
{
    switch (c->kind) {
    case CONDITION_FOLLOWED:
        put_gate(b, GATE_FOLLOWED, "not by ");
        put_list(b, c);
        break;
    case CONDITION_PHRASE:
        put_gate(b, GATE_PHRASE, "not in ");
        put_list(b, c);
        break;
    case CONDITION_ABSENT:
        put_gate(b, GATE_ABSENT, "not in the article: ");
        put_list(b, c);
        break;
    case CONDITION_NEEDED:
        put_needed(l, c, b);
        break;
    case CONDITION_METONYM:
        put_metonym(l, b, arena);
        break;
    case CONDITION_SAME_SENTENCE:
        put_gate(b, GATE_SAME_SENTENCE, "the term is in it");
        break;
    case CONDITION_UNKNOWN:
        break;
    }
}

/* What all names but those that stand alone are asked. */
static void put_common(const struct looked_at *l, struct buf *b)
{
    const struct watch_name *name = name_of(l);

    if (name->language.len > 0) {
        put_gate(b, GATE_LANGUAGE, "the name is ");
        buf_printf(b, "%.*s, the article %.*s", SLICE_ARG(name->language),
                   SLICE_ARG(l->language.len > 0 ? l->language : SLICE("unknown")));
    }
    put_gate(b, GATE_HIDDEN, "no longer name over it");
    put_gate(b, GATE_VETO, "no phrase over it in which no name counts");
    put_gate(b, GATE_LINKS, "its sentence is no line of links and no caption");
    if (name->class == WATCH_BODY)
        return;
    put_gate(b, GATE_DATELINE, "no");
    put_gate(b, GATE_PHRASE_VETO, "none around it");
}

static void put_term(const struct looked_at *l, struct buf *b)
{
    static const char *const strengths[] = {
        [STRENGTH_TOPICAL] =
            "a word of the subject behind a surer term, or the line that opens a list",
        [STRENGTH_WEAK] = "a weak term, with a word beside it that says whose",
        [STRENGTH_STRONG] = "a strong term",
    };

    if (l->is_beside)
        put_line(b, "term", "in a sentence beside its own, in the same paragraph");
    else
        put_line(b, "term", strengths[l->strength]);
}

/* What the list asks to stand around the name, and what found it. */
static void put_guard(const struct looked_at *l, struct buf *b)
{
    const struct watchlist *w = l->watchlist;
    const struct watch_name *name = name_of(l);
    const uint32_t number = name->class == WATCH_PLACE ? w->places[name->owner].guard : name->guard;
    const struct watch_guard *g = number != 0 ? &w->guards[number - 1] : NULL;
    struct query_witness witness = {0};

    if (g != NULL && g->require != NULL) {
        put_gate(b, GATE_REQUIRE, "");
        buf_printf(b, "%.*s within %u words",
                   SLICE_ARG(text_cut(g->require->text, LOOKED_AT_LIST_BYTES)), g->require->window);
        (void)query_rules_witness(l->queries, number, &l->fields[l->field], l->field, l->match,
                                  &witness, NULL);
    }
    if (witness.text.len > 0)
        buf_printf(b, ": \"%.*s\", %u word%s away",
                   SLICE_ARG(text_cut(witness.text, LOOKED_AT_LIST_BYTES)), witness.n_words,
                   witness.n_words == 1 ? "" : "s");
    if (g != NULL && g->exclude != NULL) {
        put_gate(b, GATE_EXCLUDE, "none of ");
        buf_printf(b, "%.*s within %u words",
                   SLICE_ARG(text_cut(g->exclude->text, LOOKED_AT_LIST_BYTES)), g->exclude->window);
    }
}

/* No reader sees it, so it is said: somebody may have wanted the name not to be found. */
static void put_letters(const struct looked_at *l, struct buf *b)
{
    const struct match_text *text = &l->fields[l->field].text;
    size_t start = text->tokens.tokens[l->match->first].start;
    const char *words = lookalike_words(
        slice_sub(text->text, start, text->tokens.tokens[l->match->last].end - start));

    if (words != NULL)
        put_line(b, "letters", words);
}

struct slice looked_at_write(const struct looked_at *l, struct arena *arena)
{
    const struct watch_name *name = name_of(l);
    struct slice out = SLICE("");
    struct buf b;

    buf_init(&b, (size_t)16 * LOOKED_AT_MAX_BYTES);
    put_letters(l, &b);
    if (name->class == WATCH_DIRECT) {
        put_line(&b, "alone", "the name counts without a term; no condition is asked");
    } else {
        put_common(l, &b);
        put_term(l, &b);
    }
    put_guard(l, &b);
    if (name->class == WATCH_PLACE) {
        const struct watch_place *place = &l->watchlist->places[name->owner];

        for (size_t i = 0; i < place->n_conditions; i++)
            put_condition(l, &place->conditions[i], &b, arena);
    }
    if (buf_finish(&b, NULL) == WW_OK)
        out = arena_copy(arena, text_cut(buf_slice(&b), LOOKED_AT_MAX_BYTES));
    buf_release(&b);
    return out;
}

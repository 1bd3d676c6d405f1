/* rules.c - reading a site's rules, and what they select on a page. */
#include "extractors/rules.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "base/text.h"
#include "extractors/blocks.h"
#include "extractors/dom.h"
#include "extractors/selector.h"

#include <string.h>

const char *const rule_keys[RULE_KEY_COUNT] = {
    [RULE_BODY] = "body",     [RULE_REMOVE] = "remove", [RULE_TITLE] = "title",
    [RULE_AUTHOR] = "author", [RULE_DATE] = "date",
};

/* ---- reading --------------------------------------------------------------------------------- */

static enum ww_status find_key(struct slice word, enum rule_key *out, struct ww_error *err)
{
    struct nearest near;

    nearest_init(&near, word);
    for (enum rule_key key = 0; key < RULE_KEY_COUNT; key++) {
        nearest_try(&near, rule_keys[key]);
        *out = key;
        if (slice_equal(word, slice_from(rule_keys[key])))
            return WW_OK;
    }
    return ww_fail(err, WW_INVALID,
                   "unknown key \"%.*s\"%s%s%s (body, remove, title, author, date)",
                   SLICE_ARG(slice_head(word, 40)), near.best != NULL ? "; did you mean \"" : "",
                   near.best != NULL ? near.best : "", near.best != NULL ? "\"?" : "");
}

enum ww_status rules_add(struct rules *r, struct slice key, struct slice value, struct arena *arena,
                         size_t *column, struct ww_error *err)
{
    enum rule_key which;
    struct rule *rule;
    enum ww_status status = find_key(key, &which, err);

    *column = 0;
    if (status != WW_OK)
        return status;
    rule = &r->by_key[which];
    if (rule->n == RULE_SELECTORS_MAX)
        return ww_fail(err, WW_INVALID, "more than %d lines of %s", RULE_SELECTORS_MAX,
                       rule_keys[which]);
    status = selector_read(value, arena, &rule->selectors[rule->n], column, err);
    if (status != WW_OK)
        return ww_context(err, status, "%s", rule_keys[which]);
    rule->n++;
    return WW_OK;
}

enum ww_status rules_parse(struct slice text, struct arena *arena, struct rules *out,
                           struct ww_error *err)
{
    struct slice line;
    size_t column, n = 0;
    enum ww_status status = WW_OK;

    *out = (struct rules){0};
    if (text.len > RULES_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "rules of %zu bytes, limit %d", text.len, RULES_MAX_BYTES);
    while (status == WW_OK && slice_next_line(&text, &line)) {
        size_t sign = slice_find_char(line, '=');

        n++;
        if (slice_trim(line).len == 0)
            continue;
        status = rules_add(out, slice_trim(slice_head(line, sign)),
                           slice_trim(slice_skip(line, sign + 1)), arena, &column, err);
        if (status != WW_OK)
            (void)ww_context(err, status, "line %zu", n);
    }
    return status;
}

/* ---- selecting ------------------------------------------------------------------------------- */

/* All that any selector of a key selects, in document order, each once. */
static enum ww_status select_all(const struct rule *rule, const struct dom *dom,
                                 struct arena *arena, struct selected *out, struct ww_error *err)
{
    struct selected found;
    bool *is_selected = NULL;
    enum ww_status status = WW_OK;

    *out = (struct selected){0};
    if (rule->n == 0)
        return WW_OK;
    if (rule->n == 1)
        return selector_find(rule->selectors[0], dom, arena, out, err);
    is_selected = arena_array(arena, dom->n_nodes, sizeof(*is_selected));
    if (is_selected == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; status == WW_OK && i < rule->n; i++) {
        status = selector_find(rule->selectors[i], dom, arena, &found, err);
        for (size_t k = 0; status == WW_OK && k < found.n_nodes; k++) {
            out->n_nodes += !is_selected[found.nodes[k]->order];
            is_selected[found.nodes[k]->order] = true;
        }
    }
    out->nodes = arena_array(arena, out->n_nodes + 1, sizeof(struct dom_node *));
    if (status != WW_OK || out->nodes == NULL)
        return status != WW_OK ? status : arena_check(arena, err);
    out->n_nodes = 0;
    for (struct dom_node *n = dom->root; n != NULL; n = dom_next(n, dom->root))
        if (is_selected[n->order])
            out->nodes[out->n_nodes++] = n;
    return WW_OK;
}

/* What an element says: of <meta> and <time> the attribute for programs, else its text. */
static struct slice value_of(const struct dom_node *node, struct arena *arena)
{
    static const char *const names[] = {"datetime", "content"};
    struct slice value;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        value = text_squeeze(dom_get(node, names[i]), arena);
        if (value.len > 0)
            return value;
    }
    return dom_text(node, arena);
}

static enum ww_status read_first(const struct rules *r, enum rule_key key, const struct dom *dom,
                                 struct arena *arena, struct rules_found *found, struct slice *out,
                                 struct ww_error *err)
{
    const struct rule *rule = &r->by_key[key];
    struct selected selected;

    *out = (struct slice){"", 0};
    for (size_t i = 0; i < rule->n && out->len == 0; i++) {
        enum ww_status status = selector_find(rule->selectors[i], dom, arena, &selected, err);

        if (status != WW_OK)
            return status;
        for (size_t k = 0; k < selected.n_nodes && out->len == 0; k++)
            *out = text_cut(value_of(selected.nodes[k], arena), TITLE_MAX_BYTES);
    }
    if (out->len > 0)
        found->matched |= 1U << key;
    return WW_OK;
}

/* Its text, a blank between the pieces of it. */
static void append_text(const struct dom_node *node, struct arena *arena, struct buf *text)
{
    struct buf words;

    buf_init(&words, ARTICLE_TEXT_MAX_BYTES);
    for (const struct dom_node *n = node; n != NULL; n = dom_next(n, node)) {
        if (n->tag != DOM_TEXT || n->parent->tag == DOM_SCRIPT || n->parent->tag == DOM_STYLE)
            continue;
        buf_add(&words, n->text);
        buf_add_char(&words, ' ');
    }
    if (slice_trim(buf_slice(&words)).len > 0) {
        buf_printf(text, "%s%s: ", text->len > 0 ? "\n\n" : "", block_cut_names[CUT_RULE]);
        buf_add(text, text_squeeze(buf_slice(&words), arena));
    }
    buf_release(&words);
}

static enum ww_status take_out(const struct rules *r, struct dom *dom, struct arena *arena,
                               struct rules_found *found, struct ww_error *err)
{
    const struct dom_node *last = NULL;
    struct selected selected;
    struct buf text;
    enum ww_status status = select_all(&r->by_key[RULE_REMOVE], dom, arena, &selected, err);

    buf_init(&text, ARTICLE_TEXT_MAX_BYTES);

    for (size_t i = 0; status == WW_OK && i < selected.n_nodes; i++) {
        struct dom_node *node = selected.nodes[i];

        if (node->parent == NULL || node->tag == DOM_BODY || node->tag == DOM_HEAD ||
            (last != NULL && dom_contains(last, node)))
            continue;
        last = node;
        append_text(node, arena, &text);
        dom_remove(node);
        found->matched |= 1U << RULE_REMOVE;
    }
    found->removed = arena_copy(arena, buf_slice(&text));
    buf_release(&text);
    return status;
}

enum ww_status rules_find(const struct rules *r, struct dom *dom, struct arena *arena,
                          struct rules_found *out, struct ww_error *err)
{
    struct selected body = {0};
    enum ww_status status;

    *out = (struct rules_found){
        .removed = {"", 0}
    };
    status = read_first(r, RULE_TITLE, dom, arena, out, &out->title, err);
    if (status == WW_OK)
        status = read_first(r, RULE_AUTHOR, dom, arena, out, &out->author, err);
    if (status == WW_OK)
        status = read_first(r, RULE_DATE, dom, arena, out, &out->date, err);
    if (status == WW_OK)
        status = take_out(r, dom, arena, out, err);
    if (status == WW_OK)
        status = select_all(&r->by_key[RULE_BODY], dom, arena, &body, err);
    out->body = body.nodes;
    out->n_body = body.n_nodes;
    return status;
}

/* ---- the text -------------------------------------------------------------------------------- */

/* An inline element is in its paragraph's block, even when it is empty. */
static bool has_text(const struct blocks *b, const struct dom_node *node)
{
    size_t n = b->nodes[node->order] == NULL ? 0 : b->end[node->order] - b->first[node->order];

    for (const struct dom_node *in = node; n == 1 && in != NULL; in = dom_next(in, node))
        if (slice_trim(in->text).len > 0)
            return true;
    return n > 1;
}

const struct dom_node *rules_enclose(struct rules_found *found, struct blocks *b,
                                     struct arena *arena)
{
    const struct dom_node *top = NULL;

    found->holders = arena_array(arena, b->n, sizeof(const struct dom_node *));
    for (size_t i = 0; i < found->n_body && found->holders != NULL; i++) {
        const struct dom_node *node = found->body[i];

        if (!has_text(b, node))
            continue;
        for (size_t k = b->first[node->order]; k < b->end[node->order]; k++)
            found->holders[k] = node; /* the inner one comes later */
        if (top == NULL)
            top = node;
        while (!dom_contains(top, node))
            top = top->parent;
    }
    if (top == NULL)
        return NULL;
    found->matched |= 1U << RULE_BODY;
    for (size_t k = b->first[top->order]; k < b->end[top->order]; k++)
        if (found->holders[k] == NULL)
            b->list[k].cut = CUT_OUTSIDE;
    return top;
}

void rules_restore(const struct rules_found *found, struct blocks *b)
{
    for (size_t k = 0; k < b->n; k++) {
        const struct dom_node *holder = found->holders[k];
        struct block *block = &b->list[k];

        if (block->cut == CUT_NOT || holder == NULL)
            continue;
        if (block->cut_by != NULL ? dom_contains(block->cut_by, holder) : block->node == holder) {
            block->cut = CUT_NOT;
            block->cut_by = NULL;
        }
    }
}

/*
 * query_parse.c - signs to nodes in postfix order, by two stacks that are no recursion: operators
 * that wait for their right side, and the nodes themselves, whose subtrees lie behind each other.
 */
#include "alerts/query.h"

#include "alerts/query_lex.h"
#include "alerts/query_words.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* How tight an operator binds; a bracket waits for its partner and binds nothing. */
enum {
    BIND_BRACKET,
    BIND_OR,
    BIND_AND,
    BIND_NOT,
    BIND_PARAGRAPH,
    BIND_SENTENCE,
    BIND_NEAR,
    BIND_ATLEAST,
    BIND_BAR
};

static const struct {
    const char *name;
    int bind;
} ops[] = {
    [QUERY_WORD] = {"a word",    BIND_BRACKET  },
    [QUERY_ALIAS] = {"@",         BIND_BRACKET  },
    [QUERY_NEAR] = {"NEAR",      BIND_NEAR     },
    [QUERY_PRE] = {"PRE",       BIND_NEAR     },
    [QUERY_SENTENCE] = {"SENTENCE",  BIND_SENTENCE },
    [QUERY_PARAGRAPH] = {"PARAGRAPH", BIND_PARAGRAPH},
    [QUERY_ATLEAST] = {"ATLEAST",   BIND_ATLEAST  },
    [QUERY_NOT] = {"NOT",       BIND_NOT      },
    [QUERY_AND] = {"AND",       BIND_AND      },
    [QUERY_OR] = {"OR",        BIND_OR       },
};

/* An operator or bracket that waits. */
struct waiting {
    bool is_bracket;
    enum query_op op;
    int bind;
    uint32_t n;
    size_t at;
    size_t start;    /* of a bracket: with the field before it */
    uint32_t fields; /* of a bracket: what held outside of it */
    bool is_exact;
};

/* Each level of nesting holds one operator of each tightness at most, and a bracket or NOT. */
#define WAITING_MAX ((QUERY_DEPTH_MAX + 1) * 8)

struct parser {
    struct slice text;
    struct arena *arena;
    struct query_words *words;
    bool is_guard;
    struct query_node *nodes;
    size_t n_nodes, room, n_words;
    struct waiting waiting[WAITING_MAX];
    size_t n_waiting, depth;
    uint32_t fields; /* of the words that come; 0: none was named */
    bool is_exact, has_prefix, is_prefix_used;
    size_t prefix_at;
    uint32_t held_fields; /* what holds when a prefix has had its word */
    bool held_exact;
    struct query_token last;
    struct query_trouble trouble;
    enum ww_status status; /* no memory, and the like */
    struct ww_error *err;
};

static bool is_bad(const struct parser *p)
{
    return p->trouble.words[0] != '\0' || p->status != WW_OK;
}

static bool joins_places(enum query_op op)
{
    return op == QUERY_NEAR || op == QUERY_PRE || op == QUERY_SENTENCE || op == QUERY_PARAGRAPH;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static struct query_node *add_node(struct parser *p, struct query_node node)
{
    struct query_node *nodes;

    if (p->n_nodes >= QUERY_NODES_MAX) {
        query_trouble_say(&p->trouble, node.at, "the query has more than %d words and operators",
                          QUERY_NODES_MAX);
        return NULL;
    }
    nodes = arena_grow(p->arena, p->nodes, p->n_nodes, &p->room, sizeof(*nodes));
    if (nodes == NULL) {
        p->status = arena_check(p->arena, p->err);
        return NULL;
    }
    p->nodes = nodes;
    nodes[p->n_nodes] = node;
    return &nodes[p->n_nodes++];
}

/* Where the words of a subtree may stand: bits of title and body. */
static uint32_t fields_of(const struct parser *p, size_t root)
{
    uint32_t fields = 0;

    for (size_t i = root + 1 - p->nodes[root].size; i <= root; i++) {
        fields |= p->nodes[i].fields & (QUERY_IN_TITLE | QUERY_IN_BODY);
        if ((p->nodes[i].fields & QUERY_IN_LEAD) != 0)
            fields |= QUERY_IN_BODY;
    }
    return fields;
}

/* What keeps a subtree from having a place, for the message. */
static const char *placeless(const struct parser *p, size_t root)
{
    for (size_t i = root + 1; i-- > root + 1 - p->nodes[root].size;) {
        enum query_op op = p->nodes[i].op;

        if (op == QUERY_AND || op == QUERY_NOT || op == QUERY_ATLEAST)
            return ops[op].name;
    }
    return "AND";
}

static void check_places(struct parser *p, const struct waiting *w, size_t left, size_t right)
{
    const size_t sides[] = {left, right};

    for (size_t i = 0; i < 2 && !is_bad(p); i++)
        if (!p->nodes[sides[i]].has_place)
            query_trouble_say(&p->trouble, w->at,
                              "%s joins words, phrases and groups with OR; the group on its %s has "
                              "%s, which holds of the whole article and stands nowhere",
                              ops[w->op].name, i == 0 ? "left" : "right", placeless(p, sides[i]));
    if (!is_bad(p) && (fields_of(p, left) & fields_of(p, right)) == 0 && fields_of(p, left) != 0 &&
        fields_of(p, right) != 0)
        query_trouble_say(&p->trouble, w->at,
                          "the title and the text are never near each other: use AND");
}

/* The first operand of a node with many. */
static size_t first_child(const struct parser *p, size_t root)
{
    size_t child = root - 1;

    for (uint32_t i = 1; i < p->nodes[root].n_children; i++)
        child -= p->nodes[child].size;
    return child;
}

/* a OR b OR c is one node with three children; so is a PRE/2 (b PRE/3 c), which means the same. */
static uint32_t join(struct parser *p, const struct waiting *w, size_t left)
{
    size_t right = p->n_nodes - 1;
    uint32_t n_children = 2;

    if (w->op == QUERY_PRE)
        p->nodes[p->nodes[right].op == QUERY_PRE ? first_child(p, right) : right].gap = w->n;
    if (w->op != QUERY_AND && w->op != QUERY_OR && w->op != QUERY_PRE)
        return n_children;
    if (p->nodes[right].op == w->op) {
        n_children += p->nodes[right].n_children - 1;
        p->n_nodes--;
    }
    if (p->nodes[left].op == w->op) {
        n_children += p->nodes[left].n_children - 1;
        memmove(p->nodes + left, p->nodes + left + 1, (p->n_nodes - left - 1) * sizeof(*p->nodes));
        p->n_nodes--;
    }
    return n_children;
}

static void reduce_binary(struct parser *p, const struct waiting *w)
{
    size_t right = p->n_nodes - 1;
    size_t left = right - p->nodes[right].size;
    struct query_node node = {.op = w->op, .n = w->n, .at = (uint32_t)w->at};
    size_t before;

    node.start = p->nodes[left].start;
    node.end = p->nodes[right].end;
    before = left + 1 - p->nodes[left].size;
    node.has_place = joins_places(w->op) ||
                     (w->op == QUERY_OR && p->nodes[left].has_place && p->nodes[right].has_place);
    if (joins_places(w->op))
        check_places(p, w, left, right);
    if (is_bad(p))
        return;
    node.n_children = join(p, w, left);
    node.size = (uint32_t)(p->n_nodes - before + 1);
    if (w->op == QUERY_PRE && node.n_children > QUERY_CHAIN_MAX)
        query_trouble_say(&p->trouble, w->at, "PRE joins more than %d things in a row",
                          QUERY_CHAIN_MAX);
    (void)add_node(p, node);
}

/* Are words and OR all that is in the subtree? */
static bool is_choice(const struct parser *p, size_t root)
{
    for (size_t i = root + 1 - p->nodes[root].size; i <= root; i++)
        if (p->nodes[i].op != QUERY_WORD && p->nodes[i].op != QUERY_OR)
            return false;
    return true;
}

static void reduce_unary(struct parser *p, const struct waiting *w)
{
    size_t child = p->n_nodes - 1;

    if (w->op == QUERY_ATLEAST && !is_choice(p, child)) {
        query_trouble_say(&p->trouble, w->at,
                          "ATLEAST counts words and phrases: one, or several with OR in brackets");
        return;
    }
    (void)add_node(p, (struct query_node){.op = w->op,
                                          .n = w->n,
                                          .n_children = 1,
                                          .size = p->nodes[child].size + 1,
                                          .at = (uint32_t)w->at,
                                          .start = (uint32_t)w->at,
                                          .end = p->nodes[child].end});
}

/* Everything that binds at least so tight has its right side now. */
static void reduce(struct parser *p, int bind)
{
    while (p->n_waiting > 0 && !is_bad(p)) {
        struct waiting w = p->waiting[p->n_waiting - 1];

        if (w.is_bracket || w.bind < bind)
            return;
        p->n_waiting--;
        if (w.op == QUERY_NOT || w.op == QUERY_ATLEAST)
            reduce_unary(p, &w);
        else
            reduce_binary(p, &w);
        p->depth -= w.op == QUERY_NOT;
    }
}

/* ---- signs ----------------------------------------------------------------------------------- */

static void wait_for(struct parser *p, struct waiting w)
{
    p->depth += w.is_bracket || w.op == QUERY_NOT;
    if (p->depth > QUERY_DEPTH_MAX || p->n_waiting >= WAITING_MAX)
        query_trouble_say(&p->trouble, w.at, "nested more than %d deep", QUERY_DEPTH_MAX);
    else
        p->waiting[p->n_waiting++] = w;
}

/* A prefix like "title:" has had its word or group. */
static void drop_prefix(struct parser *p)
{
    if (!p->has_prefix)
        return;
    p->fields = p->held_fields;
    p->is_exact = p->held_exact;
    p->has_prefix = false;
    p->is_prefix_used = false;
}

static void add_prefix(struct parser *p, const struct query_token *t)
{
    if (p->is_prefix_used)
        drop_prefix(p); /* "title:a|body:b" */
    if (!p->has_prefix) {
        p->held_fields = p->fields;
        p->held_exact = p->is_exact;
    }
    p->has_prefix = true;
    p->prefix_at = t->start;
    if (t->fields == 0)
        p->is_exact = true;
    else if (p->fields != 0)
        query_trouble_say(&p->trouble, t->start, "a field inside of a field: name one of them");
    else
        p->fields = t->fields;
}

static void add_word(struct parser *p, const struct query_token *t)
{
    struct query_node node = {.op = QUERY_WORD, .size = 1, .has_place = true};
    const char *wrong = NULL;

    node.at = (uint32_t)t->start;
    node.start = (uint32_t)(p->has_prefix && !p->is_prefix_used ? p->prefix_at : t->start);
    node.end = (uint32_t)t->end;
    if (t->sign == SIGN_ALIAS) {
        node.op = QUERY_ALIAS;
        if (!p->is_guard || p->has_prefix)
            query_trouble_say(&p->trouble, t->start,
                              p->has_prefix ? "@ has no field: it is where it is"
                                            : "@ stands for the alias in require and exclude; a "
                                              "rule has none");
    } else {
        node.fields = p->fields != 0 ? p->fields : QUERY_IN_TITLE | QUERY_IN_BODY;
        p->status = query_word_add(p->words, t->text, p->is_exact || t->is_exact, p->arena,
                                   &node.word, &wrong, p->err);
        p->n_words++;
        if (wrong != NULL)
            query_trouble_say(&p->trouble, t->start, "%s", wrong);
    }
    if (!is_bad(p))
        (void)add_node(p, node);
    p->is_prefix_used = p->has_prefix;
}

static void open_bracket(struct parser *p, size_t at)
{
    struct waiting w = {.is_bracket = true, .at = at, .start = at};

    if (p->has_prefix && !p->is_prefix_used)
        w.start = p->prefix_at;
    w.fields = p->has_prefix ? p->held_fields : p->fields;
    w.is_exact = p->has_prefix ? p->held_exact : p->is_exact;
    p->has_prefix = false;
    p->is_prefix_used = false;
    wait_for(p, w);
}

static void close_bracket(struct parser *p, size_t at, size_t end)
{
    reduce(p, BIND_BRACKET);
    if (is_bad(p))
        return;
    if (p->n_waiting == 0) {
        query_trouble_say(&p->trouble, at, "this bracket closes none");
        return;
    }
    p->n_waiting--;
    p->depth--;
    p->fields = p->waiting[p->n_waiting].fields;
    p->is_exact = p->waiting[p->n_waiting].is_exact;
    /* As it stands in the text, with its brackets and the field before them. */
    p->nodes[p->n_nodes - 1].start = (uint32_t)p->waiting[p->n_waiting].start;
    p->nodes[p->n_nodes - 1].end = (uint32_t)end;
}

/* What may begin something: a word, a bracket, NOT, ATLEAST, a field. True: it was a word. */
static bool take_operand(struct parser *p, const struct query_token *t)
{
    switch (t->sign) {
    case SIGN_WORD:
    case SIGN_ALIAS:
        add_word(p, t);
        return true;
    case SIGN_OPEN:
        open_bracket(p, t->start);
        return false;
    case SIGN_FIELD:
        add_prefix(p, t);
        return false;
    case SIGN_OPERATOR:
        if (p->has_prefix && !p->is_prefix_used)
            query_trouble_say(&p->trouble, p->prefix_at,
                              "a field stands right before a word, a phrase or a bracket");
        else if (t->op == QUERY_NOT || t->op == QUERY_ATLEAST)
            wait_for(p, (struct waiting){
                            .op = t->op, .bind = ops[t->op].bind, .n = t->n, .at = t->start});
        else
            query_trouble_say(&p->trouble, t->start, "%s has nothing on its left",
                              t->is_tight ? "|" : ops[t->op].name);
        return false;
    case SIGN_CLOSE:
        query_trouble_say(&p->trouble, t->start,
                          p->last.sign == SIGN_OPEN  ? "there is nothing between these brackets"
                          : p->last.sign == SIGN_END ? "this bracket closes none"
                                                     : "something is missing before this bracket");
        return false;
    case SIGN_END:
        query_trouble_say(&p->trouble, p->last.start,
                          p->last.sign == SIGN_END ? "the query is empty"
                                                   : "something is missing behind this");
        return false;
    }
    return false;
}

/* What may follow something. True: an operator, and its right side is awaited. */
static bool take_operator(struct parser *p, const struct query_token *t)
{
    int bind = t->is_tight ? BIND_BAR : ops[t->op].bind;

    if (!t->is_tight) /* "title:a|b" means both */
        drop_prefix(p);
    if (t->sign == SIGN_CLOSE) {
        close_bracket(p, t->start, t->end);
        return false;
    }
    if (t->sign != SIGN_OPERATOR || t->op == QUERY_ATLEAST) {
        query_trouble_say(&p->trouble, t->start, "%s", query_lex_advice(&p->last, t));
        return false;
    }
    if (t->op == QUERY_NOT) { /* "a NOT b" is "a AND NOT b" */
        reduce(p, BIND_AND);
        if (!is_bad(p))
            wait_for(p, (struct waiting){.op = QUERY_AND, .bind = BIND_AND, .at = t->start});
        bind = BIND_NOT;
    } else {
        reduce(p, bind);
    }
    if (!is_bad(p))
        wait_for(p, (struct waiting){.op = t->op, .bind = bind, .n = t->n, .at = t->start});
    return true;
}

static void close_all(struct parser *p)
{
    reduce(p, BIND_BRACKET);
    if (!is_bad(p) && p->n_waiting > 0)
        query_trouble_say(&p->trouble, p->waiting[p->n_waiting - 1].at,
                          "this bracket is not closed");
}

static void read_signs(struct parser *p)
{
    bool wants_operand = true;
    size_t offset = 0;

    while (!is_bad(p)) {
        struct query_token t;

        if (!query_lex(p->text, &offset, &t, &p->trouble))
            return;
        if (!wants_operand && t.sign == SIGN_END) {
            close_all(p);
            return;
        }
        wants_operand = wants_operand ? !take_operand(p, &t) : take_operator(p, &t);
        p->last = t;
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Which nodes are asked for their places: what stands under a NEAR or an ATLEAST. */
static void pass_wants(struct parser *p)
{
    for (size_t i = p->n_nodes; i-- > 0;) {
        const struct query_node *node = &p->nodes[i];
        bool wants = joins_places(node->op) || node->op == QUERY_ATLEAST || node->wants_places;
        size_t child = i - 1;

        for (uint32_t k = 0; k < node->n_children; k++) {
            p->nodes[child].wants_places = wants;
            child -= p->nodes[child].size;
        }
    }
}

/* A rule that is true of an article without any of its words would be true of most of them. */
static void check_is_wanting(struct parser *p, const struct query *q)
{
    unsigned char stack[QUERY_NODES_MAX];

    if (p->is_guard || !query_may_be_true(q, NULL, true, stack))
        return;
    for (size_t i = 0; i < p->n_nodes; i++)
        if (p->nodes[i].op == QUERY_NOT) {
            query_trouble_say(&p->trouble, p->nodes[i].at,
                              "with nothing but this the rule is true of every article that lacks "
                              "the words: say what it must hold, as in a AND NOT b");
            return;
        }
}

static size_t count_characters(struct slice s)
{
    size_t n = 0;

    for (size_t at = 0; at < s.len; n++)
        (void)text_next_code(s, &at);
    return n;
}

static enum ww_status fail(const struct parser *p, size_t *error_at)
{
    if (p->status != WW_OK)
        return p->status;
    if (error_at != NULL)
        *error_at = p->trouble.at;
    return ww_fail(p->err, WW_INVALID, "character %zu: %s",
                   count_characters(slice_head(p->text, p->trouble.at)) + 1, p->trouble.words);
}

static enum ww_status parse(struct parser *p, uint32_t window, struct query **out, size_t *error_at)
{
    struct query *q = arena_alloc(p->arena, sizeof(*q));

    if (error_at != NULL)
        *error_at = 0;
    *out = q;
    if (q == NULL)
        return arena_check(p->arena, p->err);
    if (p->text.len > QUERY_TEXT_MAX_BYTES)
        return ww_fail(p->err, WW_TOO_BIG, "the query has %zu bytes, the limit is %d", p->text.len,
                       QUERY_TEXT_MAX_BYTES);
    if (!text_is_utf8(p->text))
        return ww_fail(p->err, WW_INVALID, "the query is not UTF-8");
    read_signs(p);
    if (!is_bad(p))
        pass_wants(p);
    *q = (struct query){arena_copy(p->arena, p->text), p->nodes, p->n_nodes, p->n_words, window};
    if (!is_bad(p))
        check_is_wanting(p, q);
    return is_bad(p) ? fail(p, error_at) : arena_check(p->arena, p->err);
}

enum ww_status query_parse(struct slice text, struct query_words *words, struct arena *arena,
                           struct query **out, size_t *error_at, struct ww_error *err)
{
    struct parser p = {.text = text, .arena = arena, .words = words, .err = err};

    return parse(&p, 0, out, error_at);
}

/* The NEAR/n at the end of a guard, which says how far it looks; 0: there is none. */
static uint32_t take_window(struct slice *text)
{
    struct slice s = slice_trim(*text);
    size_t at = slice_find_last_char(s, ' ');
    struct slice last = slice_skip(s, at < s.len ? at + 1 : 0);
    unsigned long long n;

    if (at == s.len || !slice_starts(last, SLICE("NEAR/")) ||
        !slice_number(slice_skip(last, 5), QUERY_DISTANCE_MAX, &n) || n == 0)
        return 0;
    *text = slice_head(s, at);
    return (uint32_t)n;
}

enum ww_status query_parse_guard(struct slice text, struct query_words *words, struct arena *arena,
                                 struct query **out, size_t *error_at, struct ww_error *err)
{
    uint32_t window = take_window(&text);
    struct parser p = {.text = text, .arena = arena, .words = words, .is_guard = true, .err = err};
    enum ww_status status = parse(&p, window > 0 ? window : QUERY_WINDOW_WORDS, out, error_at);

    /* A NEAR inside says how far it looks itself. */
    for (size_t i = 0; i < p.n_nodes && status == WW_OK && window == 0; i++) {
        const struct query_node *node = &p.nodes[i];

        if (node->op == QUERY_NEAR && node->n > (*out)->window)
            (*out)->window = node->n;
        if (node->gap > (*out)->window)
            (*out)->window = node->gap;
    }
    return status;
}

bool query_may_be_true(const struct query *q, const unsigned char *has, bool is_strict,
                       unsigned char *stack)
{
    size_t n = 0;

    for (size_t i = 0; i < q->n_nodes; i++) {
        const struct query_node *node = &q->nodes[i];
        bool is_any = false, is_all = true;

        if (node->op == QUERY_WORD || node->op == QUERY_ALIAS) {
            stack[n++] = node->op == QUERY_WORD && has != NULL && has[node->word] != 0;
            continue;
        }
        n -= node->n_children;
        for (uint32_t k = 0; k < node->n_children; k++) {
            is_any = is_any || stack[n + k];
            is_all = is_all && stack[n + k];
        }
        if (node->op == QUERY_NOT)
            stack[n] = !is_strict || !is_any;
        else
            stack[n] = node->op == QUERY_OR || node->op == QUERY_ATLEAST ? is_any : is_all;
        n++;
    }
    return n == 1 && stack[0] != 0;
}

/*
 * matcher.c - a trie of all names over tokens, its edges in one hash table, behind a filter of
 * bits.
 *
 * Most tokens begin no name. Three bits tell: of the token alone, of it and the next one, of its
 * first bytes for the stems. They are read for every token, without a branch, from a table small
 * enough for the nearest caches; only what passes is looked up. From there a walk goes from node to
 * node, so that what a token costs does not grow with the number of names that begin alike. A name
 * whose end is reached is held against the text once more, letter by letter.
 */
#include "alerts/matcher.h"

#include "alerts/combine.h"
#include "alerts/match_parts.h"
#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

#define NO_NAME UINT32_MAX
/*
 * Bits of the filter for each name, before rounding up to a power of two: one token in ten passes
 * by chance. With half as many the step costs a fifth more at 100,000 names; twice as many no
 * longer fit the second cache.
 */
#define FILTER_BITS 16
#define FILTER_MIN_BITS 4096
/* Up to here it is twice as wide, for it is near anyway: 15,000 names pass a sixth fewer tokens. */
#define FILTER_WIDE_BITS ((size_t)512 * 1024)
/* Lengths of stems are bits of a word; a longer stem is found by its beginning. */
#define STEM_BYTES_MAX 63
/* A walk has to choose between a word and its stems at most; more is left out. */
#define WALK_MAX 256
/* Tokens that are filtered at a time. */
#define FILTER_BATCH 256

/* A compiled name. */
struct pattern {
    const struct match_part *parts;
    uint32_t n_parts;
    uint32_t next;   /* another name that ends at the same node, or NO_NAME */
    uint32_t weight; /* without the number of tokens */
    bool is_exact;   /* capitals count */
    bool is_capital;
    bool is_one_word;
    bool has_gap;
};

/* Where some names agree up to a token. */
struct node {
    uint64_t stems; /* lengths of stems that may follow */
    uint32_t first; /* the names that end here, or NO_NAME */
    uint32_t n_names;
    uint32_t gap; /* the node behind a gap; 0: none */
    bool has_exact;
};

/* From a node over a token, or the beginning of one, to the next node. */
struct edge {
    uint64_t key;
    uint32_t node; /* 0: free, for nothing leads to the root */
};

struct matcher {
    struct pattern *patterns;
    size_t n_patterns;
    struct node *nodes; /* the first is the root */
    size_t n_nodes;
    struct edge *edges;
    size_t n_edges; /* a power of two */
    uint64_t *filter;
    unsigned shift; /* from a hash to a bit of the filter */
};

/* ---- the trie -------------------------------------------------------------------------------- */

enum edge_kind { EDGE_EXACT, EDGE_STEM, EDGE_PAIR, EDGE_HEAD };

static uint64_t edge_key(size_t node, enum edge_kind kind, uint64_t hash)
{
    return hash64_mix((uint64_t)node * 4 + kind, hash);
}

static uint64_t pair_hash(const struct token *t)
{
    return t[0].hash * UINT64_C(0x9E3779B97F4A7C15) + t[1].hash;
}

static struct edge *find_edge(const struct matcher *m, uint64_t key)
{
    size_t i = (size_t)key & (m->n_edges - 1);

    while (m->edges[i].node != 0 && m->edges[i].key != key)
        i = (i + 1) & (m->n_edges - 1);
    return &m->edges[i];
}

/* 0 or 1. The filter reads the highest bits of a product: a token's head has no others. */
static size_t filter_bit(const struct matcher *m, uint64_t hash)
{
    const uint64_t at = (hash * UINT64_C(0xD6E8FEB86659FD93)) >> m->shift;

    return (size_t)(m->filter[at / 64] >> (at % 64) & 1);
}

static void set_filter(struct matcher *m, uint64_t hash)
{
    const uint64_t at = (hash * UINT64_C(0xD6E8FEB86659FD93)) >> m->shift;

    m->filter[at / 64] |= UINT64_C(1) << at % 64;
}

/* The node that an edge leads to, made when there is none. */
static size_t go(struct matcher *m, uint64_t key)
{
    struct edge *e = find_edge(m, key);

    if (e->node == 0) {
        m->nodes[m->n_nodes].first = NO_NAME;
        *e = (struct edge){key, (uint32_t)m->n_nodes++};
    }
    return e->node;
}

static size_t stem_length(const struct match_part *part)
{
    return part->folded.len < STEM_BYTES_MAX ? part->folded.len : STEM_BYTES_MAX;
}

static uint64_t stem_hash(struct slice folded, size_t len)
{
    return hash64_seeded(slice_head(folded, len), 1);
}

/* Over a stem: by its first bytes from the root, which has too many of them to try each length. */
static size_t go_stem(struct matcher *m, size_t node, const struct match_part *part)
{
    const size_t len = stem_length(part);

    if (node == 0) {
        const uint32_t head = token_head(part->folded);

        set_filter(m, head);
        node = go(m, edge_key(0, EDGE_HEAD, head));
    }
    m->nodes[node].stems |= UINT64_C(1) << len;
    return go(m, edge_key(node, EDGE_STEM, stem_hash(part->folded, len)));
}

static bool is_plain(const struct match_part *part)
{
    return (part->flags & (PART_STEM | PART_GAP)) == 0;
}

/* The first step of a name, over one part or two; *k goes behind them. */
static size_t go_first(struct matcher *m, const struct pattern *p, size_t *k)
{
    const struct match_part *a = p->parts;

    *k = 1;
    if ((a->flags & PART_STEM) != 0)
        return go_stem(m, 0, a);
    if (p->n_parts > 1 && is_plain(&a[1])) {
        const struct token two[] = {{.hash = a->hash}, {.hash = a[1].hash}};

        *k = 2;
        set_filter(m, pair_hash(two));
        return go(m, edge_key(0, EDGE_PAIR, pair_hash(two)));
    }
    set_filter(m, a->hash);
    return go(m, edge_key(0, EDGE_EXACT, a->hash));
}

/* Add the name to the trie; false: too many end at the same node. */
static bool insert(struct matcher *m, uint32_t at)
{
    struct pattern *p = &m->patterns[at];
    size_t k;
    size_t node = go_first(m, p, &k);
    size_t n_gaps = 0;

    for (; k < p->n_parts; k++) {
        const struct match_part *part = &p->parts[k];

        if ((part->flags & PART_GAP) != 0) {
            p->has_gap = true;
            /* Each gap multiplies the ways of a walk: what is behind the last is only verified. */
            if (++n_gaps > MATCH_GAPS_WALKED)
                break;
            if (m->nodes[node].gap == 0) {
                m->nodes[m->n_nodes].first = NO_NAME;
                m->nodes[node].gap = (uint32_t)m->n_nodes++;
            }
            node = m->nodes[node].gap;
        }
        if ((part->flags & PART_STEM) != 0) {
            node = go_stem(m, node, part);
        } else {
            m->nodes[node].has_exact = true;
            node = go(m, edge_key(node, EDGE_EXACT, part->hash));
        }
    }
    p->next = m->nodes[node].first;
    m->nodes[node].first = at;
    return ++m->nodes[node].n_names <= MATCH_ALIKE_MAX;
}

/* ---- building -------------------------------------------------------------------------------- */

static bool is_latin(struct slice folded)
{
    for (size_t i = 0; i < folded.len;)
        if (text_next_code(folded, &i) >= 0x370) /* Greek begins here */
            return false;
    return true;
}

/* Exact words weigh more than stems, then letters count. */
static uint32_t weigh(const struct pattern *p)
{
    uint32_t n_exact = 0;
    uint32_t n_bytes = 0;

    for (size_t i = 0; i < p->n_parts; i++) {
        n_exact += (p->parts[i].flags & PART_STEM) == 0;
        n_bytes += (uint32_t)p->parts[i].folded.len;
    }
    return (n_exact > 0xFF ? 0xFF : n_exact) << 12 | (n_bytes > 0xFFF ? 0xFFF : n_bytes);
}

/*
 * "MPS": a short name in capitals alone is an abbreviation, and counts only as it is written: "MPs"
 * sit in parliament. Terms and queries say for themselves whether their case counts.
 */
static bool is_abbreviation(const struct watch_name *name)
{
    size_t n = 0;

    for (size_t i = 0; i < name->text.len; n++)
        if (!text_is_upper(text_next_code(name->text, &i)))
            return false;
    return name->class != WATCH_TERM && name->cell.file != WATCH_RULES &&
           n <= MATCH_ABBREVIATION_LETTERS;
}

static bool compile(struct pattern *p, const struct watch_name *name, struct arena *arena,
                    struct arena *scratch)
{
    size_t n_parts;
    size_t at;

    *p = (struct pattern){.next = NO_NAME};
    p->is_exact = name->is_case_sensitive || is_abbreviation(name);
    p->parts = match_parts_compile(name->text, arena, scratch, &n_parts, &at);
    if (p->parts == NULL)
        return false;
    if (n_parts == 0 || at != MATCH_NO_AT ||
        (name->class == WATCH_TERM && combine_is_pattern(name->text)) ||
        ((p->parts[0].flags & PART_STEM) != 0 && p->parts[0].folded.len < TOKEN_HEAD_BYTES))
        return true;
    p->n_parts = (uint32_t)n_parts;
    p->is_capital = match_begins_upper(p->parts[0].original);
    p->is_one_word = n_parts == 1 && is_latin(p->parts[0].folded);
    p->weight = weigh(p);
    return true;
}

/* Room for what so many parts may need: an edge and a node each, and one more for a head or gap. */
static bool make_room(struct matcher *m, size_t n_parts, struct arena *arena)
{
    size_t n_bits = FILTER_MIN_BITS;

    m->n_edges = 16;
    while (m->n_edges < 2 * n_parts)
        m->n_edges *= 2;
    m->shift = 64 - 12;
    while (n_bits < FILTER_BITS * m->n_patterns ||
           (n_bits < FILTER_WIDE_BITS && n_bits < 2 * FILTER_BITS * m->n_patterns)) {
        n_bits *= 2;
        m->shift--;
    }
    m->edges = arena_array(arena, m->n_edges, sizeof(*m->edges));
    m->filter = arena_array(arena, n_bits / 64, sizeof(*m->filter));
    m->nodes = arena_array(arena, n_parts + 1, sizeof(*m->nodes));
    if (m->edges == NULL || m->filter == NULL || m->nodes == NULL)
        return false;
    m->nodes[0].first = NO_NAME;
    m->n_nodes = 1;
    return true;
}

/* How many nodes a name may need at most. */
static size_t count_nodes(const struct pattern *p)
{
    size_t n = p->n_parts;

    for (size_t k = 0; k < p->n_parts; k++)
        n += (p->parts[k].flags & PART_GAP) != 0 || (k == 0 && !is_plain(&p->parts[k]));
    return n > 1 && is_plain(&p->parts[0]) && p->n_parts > 1 && is_plain(&p->parts[1]) ? n - 1 : n;
}

enum ww_status matcher_build(const struct watch_name *names, size_t n_names, struct arena *arena,
                             struct matcher **out, struct ww_error *err)
{
    struct matcher *m = arena_alloc(arena, sizeof(*m));
    struct arena scratch;
    size_t n_nodes = 0;
    bool is_good = true;

    if (m == NULL)
        return arena_check(arena, err);
    m->n_patterns = n_names;
    m->patterns = arena_array(arena, n_names + 1, sizeof(*m->patterns));
    if (m->patterns == NULL)
        return arena_check(arena, err);
    arena_init(&scratch, MATCH_SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < n_names && is_good; i++) {
        is_good = compile(&m->patterns[i], &names[i], arena, &scratch);
        n_nodes += count_nodes(&m->patterns[i]);
    }
    arena_release(&scratch);
    if (!is_good || !make_room(m, n_nodes, arena))
        return ww_fail(err, WW_NOMEM, "no memory for %zu names", n_names);
    for (size_t i = 0; i < n_names; i++)
        if (m->patterns[i].n_parts > 0 && !insert(m, (uint32_t)i))
            return ww_fail(err, WW_TOO_BIG, "%s:%u:%u: more than %d names are spelled \"%.*s\"",
                           watch_file_name(names[i].cell.file), names[i].cell.row,
                           names[i].cell.column, MATCH_ALIKE_MAX,
                           SLICE_ARG(text_cut(names[i].text, 80)));
    *out = m;
    return WW_OK;
}

size_t matcher_length(const struct matcher *m, size_t name)
{
    return m->patterns[name].n_parts;
}

bool matcher_is_capital(const struct matcher *m, size_t name)
{
    return m->patterns[name].is_capital;
}

bool matcher_is_one_word(const struct matcher *m, size_t name)
{
    return m->patterns[name].is_one_word;
}

/* ---- walking --------------------------------------------------------------------------------- */

/* A node that was reached, and the token behind. */
struct step {
    uint32_t node, at;
};

/* What one pass collects. */
struct finder {
    const struct matcher *m;
    const struct match_text *text;
    struct arena *arena;
    struct match_list list;
    size_t capacity;
    size_t work_left; /* steps and comparisons of tokens; 0: enough was done */
    struct step steps[WALK_MAX];
    size_t n_steps;
};

static void spend(struct finder *f, size_t work)
{
    f->work_left = f->work_left > work ? f->work_left - work : 0;
}

static void reach(struct finder *f, uint64_t key, size_t at)
{
    const struct edge *e = find_edge(f->m, key);

    if (e->node != 0 && f->n_steps < WALK_MAX)
        f->steps[f->n_steps++] = (struct step){e->node, (uint32_t)at};
}

/* Over the stems that token i may begin with. */
static void reach_stems(struct finder *f, size_t node, size_t i)
{
    const struct slice folded = f->text->tokens.tokens[i].folded;
    uint64_t lengths = f->m->nodes[node].stems;

    if (folded.len < STEM_BYTES_MAX)
        lengths &= (UINT64_C(2) << folded.len) - 1;
    for (; lengths != 0; lengths &= lengths - 1)
        reach(f, edge_key(node, EDGE_STEM, stem_hash(folded, WW_ZEROS_BELOW(lengths))), i + 1);
}

static bool is_found(const struct finder *f, uint32_t name, size_t first)
{
    for (size_t i = f->list.n_rows; i > 0 && f->list.rows[i - 1].first == first; i--)
        if (f->list.rows[i - 1].name == name)
            return true;
    return false;
}

/* The names that end at a node are compared with the text; false without memory. */
static bool take_names(struct finder *f, const struct step *s, size_t first)
{
    for (uint32_t name = f->m->nodes[s->node].first; name != NO_NAME && f->work_left > 0;) {
        const struct pattern *p = &f->m->patterns[name];
        const size_t behind = match_parts_stand(p->parts, p->n_parts, f->text, first, p->is_exact);
        const size_t n_tokens = behind - first < 0xFFF ? behind - first : 0xFFF;

        spend(f, p->n_parts);
        /* Several ways over a gap may lead to one match. */
        if (behind != 0 && (!p->has_gap || !is_found(f, name, first))) {
            struct match *rows =
                arena_grow(f->arena, f->list.rows, f->list.n_rows, &f->capacity, sizeof(*rows));

            if (rows == NULL)
                return false;
            f->list.rows = rows;
            rows[f->list.n_rows++] = (struct match){name, (uint32_t)first, (uint32_t)behind - 1,
                                                    (uint32_t)n_tokens << 20 | p->weight};
            if (f->list.n_rows >= MATCHES_MAX)
                f->work_left = 0;
        }
        name = p->next;
    }
    return true;
}

/* One node further, over the next token; over some more where a gap is. */
static void walk_on(struct finder *f, const struct step *s)
{
    const struct node *node = &f->m->nodes[s->node];
    const struct token *t = &f->text->tokens.tokens[s->at];

    if (s->at >= f->text->tokens.n_tokens)
        return;
    if (node->has_exact)
        reach(f, edge_key(s->node, EDGE_EXACT, t->hash), s->at + 1);
    if (node->stems != 0)
        reach_stems(f, s->node, s->at);
    for (size_t i = 0; node->gap != 0 && i <= MATCH_GAP_WORDS && f->n_steps < WALK_MAX; i++)
        f->steps[f->n_steps++] = (struct step){node->gap, s->at + (uint32_t)i};
}

/* All names that begin at a token. The filter's bits are asked again: each spares a look-up. */
static bool try_token(struct finder *f, size_t first)
{
    const struct token *t = &f->text->tokens.tokens[first];
    const struct edge *head = &(struct edge){0};

    f->n_steps = 0;
    if (filter_bit(f->m, t->hash))
        reach(f, edge_key(0, EDGE_EXACT, t->hash), first + 1);
    if (first + 1 < f->text->tokens.n_tokens && filter_bit(f->m, pair_hash(t)))
        reach(f, edge_key(0, EDGE_PAIR, pair_hash(t)), first + 2);
    if (t->head != 0 && filter_bit(f->m, t->head))
        head = find_edge(f->m, edge_key(0, EDGE_HEAD, t->head));
    if (head->node != 0)
        reach_stems(f, head->node, first);
    while (f->n_steps > 0 && f->work_left > 0) {
        const struct step s = f->steps[--f->n_steps];

        spend(f, 1);
        if (!take_names(f, &s, first))
            return false;
        walk_on(f, &s);
    }
    return true;
}

/* Tokens that names may begin at, to places: the loop has no branch that depends on the text. */
static size_t filter_tokens(const struct matcher *m, const struct token *tokens, size_t from,
                            size_t to, size_t n_tokens, uint32_t *places)
{
    const bool is_last = to == n_tokens;
    size_t n = 0;

    for (size_t i = from; i < to - is_last; i++) {
        places[n] = (uint32_t)i;
        n += filter_bit(m, tokens[i].hash) | filter_bit(m, pair_hash(&tokens[i])) |
             filter_bit(m, tokens[i].head);
    }
    if (is_last)
        places[n++] = (uint32_t)to - 1;
    return n;
}

enum ww_status matcher_find(const struct matcher *m, const struct match_text *text,
                            struct arena *arena, struct match_list *out, struct ww_error *err)
{
    const size_t n_tokens = text->tokens.n_tokens;
    struct finder f = {.m = m,
                       .text = text,
                       .arena = arena,
                       .work_left = MATCH_WORK_MIN + MATCH_WORK_A_TOKEN * n_tokens};
    bool is_good = true;

    for (size_t from = 0; from < n_tokens && is_good && f.work_left > 0; from += FILTER_BATCH) {
        uint32_t places[FILTER_BATCH];
        const size_t to = n_tokens - from < FILTER_BATCH ? n_tokens : from + FILTER_BATCH;
        const size_t n = filter_tokens(m, text->tokens.tokens, from, to, n_tokens, places);

        for (size_t i = 0; i < n && is_good && f.work_left > 0; i++)
            is_good = try_token(&f, places[i]);
    }
    f.list.is_cut = f.work_left == 0;
    *out = f.list;
    return is_good ? WW_OK : arena_check(arena, err);
}

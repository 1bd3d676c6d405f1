/* combine.c - one walk over an article's matches: the last word of each class, and who is near. */
#include "alerts/combine.h"

#include "alerts/context.h"
#include "base/arena.h"
#include "base/attrs.h"

/* Classes of a combination: more would hardly ever meet in one sentence. */
#define COMBINE_CLASSES 4
/* Kinds of words in one watchlist, those built in among them. */
#define CLASSES_MAX 48
/* Words between two classes where the row says nothing: what ` * ` stands for. */
#define COMBINE_WORDS 3
/* "/s": as far as the sentence goes. */
#define SAME_SENTENCE 200
/* Characters of a script without spaces that are worth a word. */
#define CJK_WORD 2

/* The classes that need no rows of their own come first. */
enum { CLASS_NONE, CLASS_ANCHOR, CLASS_ABROAD, CLASS_BODY, CLASS_HOME, CLASS_PLACE, CLASS_OWN };

static const struct {
    const char *name;
    uint8_t class;
} built_in[] = {
    {"abroad", CLASS_ABROAD},
    {"anchor", CLASS_ANCHOR},
    {"body",   CLASS_BODY  },
    {"home",   CLASS_HOME  },
    {"place",  CLASS_PLACE },
};

struct combination {
    uint32_t name; /* of the watchlist: the row's own, which is never found by itself */
    enum term_role role;
    size_t n;
    uint8_t classes[COMBINE_CLASSES];
    uint8_t gaps[COMBINE_CLASSES]; /* words between this class and the one before in the row */
};

struct combiner {
    const struct watchlist *watchlist;
    struct slice names[CLASSES_MAX]; /* of the watchlist's own classes */
    size_t n_classes;
    uint8_t *class_of; /* per name of the watchlist */
    bool *hides;       /* per name: a veto or bystander, in which no word counts */
    uint32_t *body_of; /* per item: a name of the body, or WATCH_NONE */
    struct combination *rows;
    size_t n_rows;
};

bool combine_is_pattern(struct slice term)
{
    return slice_find_char(term, '{') < term.len;
}

/* ---- reading the rows ------------------------------------------------------------------------ */

static uint8_t find_class(const struct combiner *c, struct slice name)
{
    for (size_t i = 0; i < WW_COUNT(built_in); i++)
        if (slice_equal(name, slice_from(built_in[i].name)))
            return built_in[i].class;
    for (size_t i = CLASS_OWN; i < c->n_classes; i++)
        if (slice_equal(name, c->names[i]))
            return (uint8_t)i;
    return CLASS_NONE;
}

static void find_classes(struct combiner *c)
{
    c->n_classes = CLASS_OWN;
    for (size_t i = 0; i < c->watchlist->n_terms && c->n_classes < CLASSES_MAX; i++) {
        const struct watch_term *t = &c->watchlist->terms[i];

        if (t->role == ROLE_WORD && find_class(c, t->state) == CLASS_NONE)
            c->names[c->n_classes++] = t->state;
    }
}

/* "/4", "/s" or nothing, before a brace. False: it is something else. */
static bool read_gap(struct slice s, uint8_t *out)
{
    unsigned long long n = COMBINE_WORDS;

    s = slice_trim(s);
    if (slice_equal(s, SLICE("/s")))
        n = SAME_SENTENCE;
    else if (s.len > 0 && (!slice_starts(s, SLICE("/")) ||
                           !slice_number(slice_skip(s, 1), SAME_SENTENCE - 1, &n)))
        return false;
    *out = (uint8_t)n;
    return true;
}

/* "" when the row is good, else what is wrong with it; *name is the class it is about. */
static const char *read_pattern(const struct combiner *c, struct slice rest,
                                struct combination *out, struct slice *name)
{
    out->n = 0;
    while (slice_trim(rest).len > 0) {
        size_t open = slice_find_char(rest, '{');
        size_t close = slice_find_char(rest, '}');

        *name = slice_trim(rest);
        if (open >= close || close == rest.len || out->n == COMBINE_CLASSES)
            return "is no row of up to four classes in braces";
        if (!read_gap(slice_head(rest, open), &out->gaps[out->n]))
            return "has something between its classes that is neither /NUMBER nor /s";
        *name = slice_sub(rest, open + 1, close - open - 1);
        out->classes[out->n] = find_class(c, *name);
        if (out->classes[out->n] == CLASS_NONE)
            return "is a class that no row has: a row of the role word:NAME makes one";
        out->n++;
        rest = slice_skip(rest, close + 1);
    }
    return "";
}

bool combine_check(const struct watchlist *w, struct arena *arena, struct watch_findings *findings)
{
    struct combiner c = {.watchlist = w};
    struct combination row;

    find_classes(&c);
    for (size_t i = 0; i < w->n_terms; i++) {
        struct slice name = w->terms[i].text;
        const char *wrong;

        if (!combine_is_pattern(name))
            continue;
        wrong = read_pattern(&c, w->terms[i].text, &row, &name);
        if (wrong[0] != '\0' &&
            !watch_find(findings, arena, FINDING_ERROR, w->terms[i].cell,
                        arena_printf(arena, "\"%.*s\" %s", SLICE_ARG(name), wrong)))
            return false;
    }
    return true;
}

/* ---- building -------------------------------------------------------------------------------- */

static uint8_t class_of_name(const struct combiner *c, const struct watch_name *n)
{
    const struct watch_term *t;

    switch (n->class) {
    case WATCH_BODY:
        return CLASS_BODY;
    case WATCH_BARE:
        return CLASS_HOME;
    case WATCH_PLACE:
        return CLASS_PLACE;
    case WATCH_TERM:
        t = &c->watchlist->terms[n->owner];
        if (combine_is_pattern(t->text))
            return CLASS_NONE;
        return t->role == ROLE_ANCHOR   ? CLASS_ANCHOR
               : t->role == ROLE_ABROAD ? CLASS_ABROAD
               : t->role == ROLE_WORD   ? find_class(c, t->state)
                                        : CLASS_NONE;
    case WATCH_DIRECT:
    case WATCH_NEAR:
    case WATCH_DEMONYM:
        break;
    }
    return CLASS_NONE;
}

static void add_row(struct combiner *c, const struct watch_term *t, uint32_t name)
{
    struct combination *row = &c->rows[c->n_rows];
    struct slice unused;

    *row = (struct combination){.name = name, .role = t->role};
    c->n_rows += read_pattern(c, t->text, row, &unused)[0] == '\0' && row->n > 0;
}

enum ww_status combiner_build(const struct watchlist *w, struct arena *arena, struct combiner **out,
                              struct ww_error *err)
{
    struct combiner *c = arena_alloc(arena, sizeof(*c));

    if (c == NULL)
        return arena_check(arena, err);
    *c = (struct combiner){.watchlist = w};
    find_classes(c);
    c->class_of = arena_alloc(arena, w->n_names + 1);
    c->hides = arena_array(arena, w->n_names + 1, sizeof(*c->hides));
    c->body_of = arena_array(arena, w->n_items + 1, sizeof(*c->body_of));
    c->rows = arena_array(arena, w->n_terms + 1, sizeof(*c->rows));
    if (c->class_of == NULL || c->hides == NULL || c->body_of == NULL || c->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < w->n_items; i++)
        c->body_of[i] = WATCH_NONE;
    for (size_t i = 0; i < w->n_names; i++) {
        const struct watch_name *n = &w->names[i];

        c->class_of[i] = class_of_name(c, n);
        if (n->class == WATCH_BODY && c->body_of[n->owner] == WATCH_NONE)
            c->body_of[n->owner] = (uint32_t)i;
        if (n->class != WATCH_TERM)
            continue;
        c->hides[i] =
            w->terms[n->owner].role == ROLE_VETO || w->terms[n->owner].role == ROLE_BYSTANDER;
        if (combine_is_pattern(n->text))
            add_row(c, &w->terms[n->owner], (uint32_t)i);
    }
    *out = c;
    return WW_OK;
}

/* ---- finding --------------------------------------------------------------------------------- */

/* A word of a class, where it stands. */
struct hit {
    struct match at;
    uint32_t stop; /* how many sentence ends are before it */
    bool is_met;
};

struct walk {
    const struct combiner *c;
    const struct match_text *text;
    struct arena *arena;
    struct match_list *list;
    size_t room;
    struct hit last[CLASSES_MAX];
};

static bool overlap(const struct match *a, const struct match *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* Words between two that do not overlap. */
static size_t distance(const struct match_text *text, const struct match *a, const struct match *b)
{
    size_t from = a->last < b->first ? a->last : b->last;
    size_t n = (a->last < b->first ? b->first : a->first) - from - 1;

    return (text->tokens.tokens[from].flags & TOKEN_CJK) != 0 ? (n + CJK_WORD - 1) / CJK_WORD : n;
}

/* Does a comma, a colon or a dash lie between them? */
static bool has_comma(const struct match_text *text, const struct match *a, const struct match *b)
{
    size_t from = a->last < b->first ? a->last : b->last;
    size_t to = a->last < b->first ? b->first : a->first;

    for (size_t i = from + 1; i <= to; i++)
        if (text->joints[i] != JOINT_PLAIN)
            return true;
    return false;
}

/* Are two within the gap the row gives? Words that should be next to each other share a clause. */
static bool is_near(const struct match_text *text, const struct match *a, const struct match *b,
                    uint8_t gap)
{
    return gap == SAME_SENTENCE ||
           (distance(text, a, b) <= gap && (gap >= COMBINE_WORDS || !has_comma(text, a, b)));
}

static bool stands(const struct walk *w, const struct combination *row, uint32_t stop)
{
    for (size_t i = 0; i < row->n; i++) {
        const struct hit *h = &w->last[row->classes[i]];

        if (!h->is_met || h->stop != stop)
            return false;
        for (size_t k = 0; k < i; k++)
            if (overlap(&w->last[row->classes[k]].at, &h->at))
                return false;
        if (i > 0 && !is_near(w->text, &w->last[row->classes[i - 1]].at, &h->at, row->gaps[i]))
            return false;
    }
    return true;
}

/* The match of a combination: from its first word to its last, as heavy as its words. */
static struct match cover(const struct walk *w, const struct combination *row)
{
    const struct match *end = &w->last[row->classes[row->n - 1]].at;
    struct match m = {row->name, end->first, end->last, 0};
    uint32_t n_tokens = 0;

    for (size_t i = 0; i < row->n; i++) {
        const struct match *at = &w->last[row->classes[i]].at;

        n_tokens += at->last - at->first + 1;
        if (row->role == ROLE_VETO)
            continue;
        if (at->first < m.first)
            m.first = at->first;
        if (at->last > m.last)
            m.last = at->last;
    }
    m.weight = (n_tokens < 0xFFF ? n_tokens : 0xFFF) << 20 | 0xFFFFF;
    return m;
}

static bool append(struct walk *w, const struct match *m)
{
    struct match *rows =
        arena_grow(w->arena, w->list->rows, w->list->n_rows, &w->room, sizeof(*rows));

    if (rows == NULL)
        return false;
    w->list->rows = rows;
    rows[w->list->n_rows++] = *m;
    return true;
}

static bool has_class(const struct combination *row, uint8_t class)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->classes[i] == class)
            return true;
    return false;
}

/* A {home} beside its word is a name of the body, and a hit itself. */
static bool promote(struct walk *w, const struct combination *row, uint32_t stop)
{
    const struct match *home = &w->last[CLASS_HOME].at;
    struct match m = cover(w, row);

    m.name = w->c->body_of[w->c->watchlist->names[home->name].owner];
    if (m.name == WATCH_NONE)
        return true;
    w->last[CLASS_BODY] = (struct hit){m, stop, true};
    return append(w, &m);
}

static bool meet(struct walk *w, uint8_t class, const struct match *at, uint32_t stop)
{
    bool is_body = class == CLASS_BODY;
    bool is_good = true;

    w->last[class] = (struct hit){*at, stop, true};
    for (size_t i = 0; i < w->c->n_rows && is_good; i++) {
        const struct combination *row = &w->c->rows[i];

        if (row->role == ROLE_BODY && has_class(row, class) && has_class(row, CLASS_HOME) &&
            stands(w, row, stop)) {
            is_good = promote(w, row, stop);
            is_body = true;
        }
    }
    for (size_t i = 0; i < w->c->n_rows && is_good; i++) {
        const struct combination *row = &w->c->rows[i];

        if (row->role != ROLE_BODY &&
            (has_class(row, class) || (is_body && has_class(row, CLASS_BODY))) &&
            stands(w, row, stop)) {
            struct match m = cover(w, row);

            is_good = append(w, &m);
        }
    }
    return is_good;
}

static bool is_hidden(const uint32_t *weights, const struct match *m)
{
    for (size_t k = m->first; k <= m->last; k++)
        if (weights[k] > m->weight)
            return true;
    return false;
}

/*
 * Per token the weight of the word that has it, the heaviest first: what loses a token to a heavier
 * one is out, and hides nothing itself. NULL: no memory.
 */
static uint32_t *weigh(const struct combiner *c, const struct match_text *text,
                       const struct match_list *list, struct arena *arena)
{
    uint32_t *weights = arena_array(arena, text->tokens.n_tokens + 1, sizeof(*weights));
    struct match *words = arena_array(arena, list->n_rows + 1, sizeof(*words));
    size_t n = 0;

    if (weights == NULL || words == NULL)
        return NULL;
    for (size_t i = 0; i < list->n_rows; i++)
        if (c->class_of[list->rows[i].name] != CLASS_NONE || c->hides[list->rows[i].name])
            words[n++] = list->rows[i];
    context_sort_by_weight(words, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = words[i].first; k <= words[i].last && !is_hidden(weights, &words[i]); k++)
            weights[k] = words[i].weight;
    return weights;
}

/* Are there words of a watchlist's own class at all? Most articles end here. */
static bool is_promising(const struct combiner *c, const struct match_list *list)
{
    for (size_t i = 0; i < list->n_rows; i++)
        if (c->class_of[list->rows[i].name] >= CLASS_OWN)
            return true;
    return false;
}

enum ww_status combiner_find(const struct combiner *c, const struct match_text *text,
                             struct arena *arena, struct match_list *list, struct ww_error *err)
{
    struct walk *w;
    uint32_t *weights;
    size_t n = list->n_rows;
    size_t token = 0;
    uint32_t stop = 0;
    bool is_good = true;

    if (c->n_rows == 0 || !is_promising(c, list))
        return WW_OK;
    weights = weigh(c, text, list, arena);
    w = arena_alloc(arena, sizeof(*w));
    if (weights == NULL || w == NULL)
        return arena_check(arena, err);
    *w = (struct walk){.c = c, .text = text, .arena = arena, .list = list, .room = n};
    for (size_t i = 0; i < n && is_good; i++) {
        struct match m = list->rows[i];

        for (; token < m.first; token++)
            stop += text->joints[token + 1] == JOINT_STOP;
        if (c->class_of[m.name] != CLASS_NONE && !is_hidden(weights, &m))
            is_good = meet(w, c->class_of[m.name], &m, stop);
    }
    return is_good ? WW_OK : arena_check(arena, err);
}

/* matcher.c - names compiled to rows of tokens, a hash table of how they begin, verification. */
#include "alerts/matcher.h"

#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

#define NO_NAME UINT32_MAX
#define NO_AT SIZE_MAX
/* Stems are found by their first bytes: the table needs one length for all of them. */
#define STEM_KEY_BYTES 3

enum part_flag {
    PART_STEM = 1, /* any ending */
    PART_GAP = 2,  /* up to MATCH_GAP_WORDS words before it */
    PART_COMMA = 4 /* the name itself has a comma before it */
};

/* One token of a name. */
struct part {
    uint64_t hash;
    struct slice folded;
    struct slice original; /* with its capitals */
    uint32_t flags;
};

/* A compiled name. */
struct pattern {
    const struct part *parts;
    uint32_t n_parts;
    uint32_t next; /* another name with the same key, or NO_NAME */
    bool is_exact; /* capitals count */
    bool is_capital;
    bool is_one_word;
};

struct slot {
    uint64_t key;
    uint32_t pattern; /* NO_NAME: free */
};

struct matcher {
    struct pattern *patterns;
    size_t n_patterns;
    struct slot *slots;
    size_t n_slots; /* a power of two */
};

struct match_phrase {
    struct slice text;
    const struct part *parts;
    size_t n_parts;
    size_t at; /* the match stands before this part; NO_AT: it is one of the parts */
};

/* ---- cutting --------------------------------------------------------------------------------- */

/* What a stretch of separators is worth. One line break joins; a blank line ends. */
static enum joint judge_gap(struct slice gap, bool is_initial)
{
    enum joint joint = JOINT_PLAIN;
    size_t n_lines = 0;

    if (is_initial && slice_starts(gap, SLICE("."))) /* "J. Doe", "U.S. Senate" */
        gap = slice_skip(gap, 1);
    for (size_t i = 0; i < gap.len;) {
        switch (text_next_code(gap, &i)) {
        case '\n':
            n_lines++;
            break;
        case '.': /* "B.C.", "L.A." are glued; a stop with space behind it ends */
            if (i == gap.len)
                break;
            return JOINT_STOP;
        case '!':
        case '?':
        case 0x3002: /* ideographic full stop, and the full-width forms */
        case 0xFF01:
        case 0xFF0E:
        case 0xFF1F:
        case 0xFF61:
        case 0x2026:
        case 0x2022: /* bullet */
        case '|':
            return JOINT_STOP;
        case ',':
        case ';':
        case ':':
        case '/':
        case '(':
        case ')':
        case 0x3001: /* ideographic comma, and the full-width forms */
        case 0xFF0C:
        case 0xFF1A:
        case 0xFF1B:
        case 0x2013: /* dashes between parts of a sentence */
        case 0x2014:
            joint = JOINT_COMMA;
            break;
        default:
            break;
        }
    }
    return n_lines > 1 ? JOINT_STOP : joint;
}

enum ww_status match_text_cut(struct slice text, struct arena *arena, struct match_text *out,
                              struct ww_error *err)
{
    enum ww_status status = token_scan(text, arena, &out->tokens, err);
    uint8_t *joints;

    out->text = text;
    if (status != WW_OK)
        return status;
    joints = arena_alloc(arena, out->tokens.n_tokens + 1);
    if (joints == NULL)
        return arena_check(arena, err);
    for (size_t i = 1; i < out->tokens.n_tokens; i++) {
        const struct token *before = &out->tokens.tokens[i - 1];
        const struct token *t = &out->tokens.tokens[i];
        size_t len = t->start - before->end;

        /* The common case: one space, one hyphen, one apostrophe, nothing. */
        if (len == 0 || (len == 1 && strchr(" -'\n", text.ptr[before->end]) != NULL))
            continue;
        joints[i] = (uint8_t)judge_gap(slice_sub(text, before->end, len), before->folded.len == 1);
    }
    out->joints = joints;
    return WW_OK;
}

/* ---- compiling ------------------------------------------------------------------------------- */

/* The parts of a name or phrase; *at is where its @ stood. scratch is for cutting it. */
static struct part *compile(struct slice text, struct arena *arena, struct arena *scratch,
                            size_t *n_parts, size_t *at)
{
    struct match_text cut;
    struct part *parts;

    *at = NO_AT;
    *n_parts = 0;
    arena_reset(scratch);
    if (match_text_cut(text, scratch, &cut, NULL) != WW_OK)
        return NULL;
    parts = arena_array(arena, cut.tokens.n_tokens + 1, sizeof(*parts));
    if (parts == NULL)
        return NULL;
    for (size_t i = 0; i < cut.tokens.n_tokens; i++) {
        const struct token *t = &cut.tokens.tokens[i];
        size_t from = i > 0 ? t[-1].end : 0;
        struct slice gap = slice_sub(text, from, t->start - from);

        parts[i] = (struct part){
            .hash = t->hash,
            .folded = arena_copy(arena, t->folded),
            .original = slice_sub(text, t->start, t->end - t->start),
        };
        if (parts[i].folded.ptr == NULL)
            return NULL;
        if (t->end < text.len && text.ptr[t->end] == '~')
            parts[i].flags |= PART_STEM;
        if (i > 0 && slice_contains(gap, SLICE("*")))
            parts[i].flags |= PART_GAP;
        if (i > 0 ? cut.joints[i] == JOINT_COMMA : slice_find_char(gap, ',') < gap.len)
            parts[i].flags |= PART_COMMA;
        if (slice_find_char(gap, '@') < gap.len)
            *at = i;
    }
    *n_parts = cut.tokens.n_tokens;
    if (*at == NO_AT && slice_find_char(text, '@') < text.len)
        *at = *n_parts;
    return parts;
}

/* Is the first letter upper case? */
static bool begins_upper(struct slice s)
{
    size_t i = 0;

    return s.len > 0 && text_is_upper(text_next_code(s, &i));
}

static bool is_latin(struct slice folded)
{
    for (size_t i = 0; i < folded.len;)
        if (text_next_code(folded, &i) >= 0x370) /* Greek begins here */
            return false;
    return true;
}

/* How a name begins: the key it is found by. */
static uint64_t first_key(const struct pattern *p)
{
    const struct part *a = p->parts;

    if ((a->flags & PART_STEM) != 0)
        return hash64_seeded(slice_head(a->folded, STEM_KEY_BYTES), 1);
    if (p->n_parts > 1 && (a[1].flags & (PART_STEM | PART_GAP)) == 0)
        return hash64_mix(a->hash, a[1].hash);
    return a->hash;
}

static struct slot *find_slot(const struct matcher *m, uint64_t key)
{
    size_t i = (size_t)key & (m->n_slots - 1);

    while (m->slots[i].pattern != NO_NAME && m->slots[i].key != key)
        i = (i + 1) & (m->n_slots - 1);
    return &m->slots[i];
}

static void insert(struct matcher *m, uint32_t at)
{
    struct pattern *p = &m->patterns[at];
    uint64_t key = first_key(p);
    struct slot *slot = find_slot(m, key);

    p->next = slot->pattern;
    *slot = (struct slot){key, at};
}

static bool add_pattern(struct matcher *m, size_t i, const struct watch_name *name,
                        struct arena *arena, struct arena *scratch)
{
    struct pattern *p = &m->patterns[i];
    size_t n_parts;
    size_t at;

    *p = (struct pattern){.next = NO_NAME, .is_exact = name->is_case_sensitive};
    p->parts = compile(name->text, arena, scratch, &n_parts, &at);
    if (p->parts == NULL)
        return false;
    if (n_parts == 0 || at != NO_AT ||
        ((p->parts[0].flags & PART_STEM) != 0 && p->parts[0].folded.len < STEM_KEY_BYTES))
        return true;
    p->n_parts = (uint32_t)n_parts;
    p->is_capital = begins_upper(p->parts[0].original);
    p->is_one_word = n_parts == 1 && is_latin(p->parts[0].folded);
    insert(m, (uint32_t)i);
    return true;
}

enum ww_status matcher_build(const struct watch_name *names, size_t n_names, struct arena *arena,
                             struct matcher **out, struct ww_error *err)
{
    struct matcher *m = arena_alloc(arena, sizeof(*m));
    struct arena scratch;
    size_t n_slots = 16;
    bool is_good = true;

    while (n_slots < 2 * n_names)
        n_slots *= 2;
    if (m == NULL)
        return arena_check(arena, err);
    *m = (struct matcher){.n_patterns = n_names, .n_slots = n_slots};
    m->patterns = arena_array(arena, n_names + 1, sizeof(*m->patterns));
    m->slots = arena_array(arena, n_slots, sizeof(*m->slots));
    if (m->patterns == NULL || m->slots == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < n_slots; i++)
        m->slots[i].pattern = NO_NAME;
    arena_init(&scratch, MATCH_SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < n_names && is_good; i++)
        is_good = add_pattern(m, i, &names[i], arena, &scratch);
    arena_release(&scratch);
    *out = m;
    return is_good ? WW_OK : ww_fail(err, WW_NOMEM, "no memory for %zu names", n_names);
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

/* ---- finding --------------------------------------------------------------------------------- */

static bool same_token(const struct part *part, const struct match_text *text, size_t i,
                       bool is_exact)
{
    const struct token *t = &text->tokens.tokens[i];
    struct slice original = slice_sub(text->text, t->start, t->end - t->start);

    if ((part->flags & PART_STEM) != 0)
        return slice_starts(t->folded, part->folded) &&
               (!is_exact || slice_starts(original, part->original));
    return t->hash == part->hash && slice_equal(t->folded, part->folded) &&
           (!is_exact || slice_equal(original, part->original));
}

/* May a match go on from token i - 1 to token i? */
static bool may_join(const struct part *part, const struct match_text *text, size_t i)
{
    bool may_have_comma = (part->flags & (PART_COMMA | PART_GAP)) != 0;

    return text->joints[i] == JOINT_PLAIN || (text->joints[i] == JOINT_COMMA && may_have_comma);
}

/* The run of parts from `from` up to the next gap, at token i; the token behind it, or 0. */
static size_t match_run(const struct part *parts, size_t n_parts, size_t from,
                        const struct match_text *text, size_t i, bool is_exact)
{
    for (size_t k = from; k < n_parts; k++, i++) {
        if (k > from && (parts[k].flags & PART_GAP) != 0)
            break;
        if (i >= text->tokens.n_tokens || (k > from && !may_join(&parts[k], text, i)) ||
            !same_token(&parts[k], text, i, is_exact))
            return 0;
    }
    return i;
}

static size_t run_end(const struct part *parts, size_t n_parts, size_t from)
{
    size_t k = from + 1;

    while (k < n_parts && (parts[k].flags & PART_GAP) == 0)
        k++;
    return k;
}

/* The parts at token first; the token behind the match, or 0. */
static size_t match_parts(const struct part *parts, size_t n_parts, const struct match_text *text,
                          size_t first, bool is_exact)
{
    size_t behind = match_run(parts, n_parts, 0, text, first, is_exact);

    for (size_t k = run_end(parts, n_parts, 0); k < n_parts && behind != 0;
         k = run_end(parts, n_parts, k)) {
        size_t found = 0;

        for (size_t i = behind; i <= behind + MATCH_GAP_WORDS && found == 0; i++) {
            if (i >= text->tokens.n_tokens || !may_join(&parts[k], text, i))
                break;
            found = match_run(parts, n_parts, k, text, i, is_exact);
        }
        behind = found;
    }
    return behind;
}

/* More tokens weigh most, then exact words, then letters. */
static uint32_t weigh(const struct pattern *p, size_t n_tokens)
{
    uint32_t n_exact = 0;
    uint32_t n_bytes = 0;

    for (size_t i = 0; i < p->n_parts; i++) {
        n_exact += (p->parts[i].flags & PART_STEM) == 0;
        n_bytes += (uint32_t)p->parts[i].folded.len;
    }
    if (n_tokens > 0xFFF)
        n_tokens = 0xFFF;
    if (n_exact > 0xFF)
        n_exact = 0xFF;
    return (uint32_t)n_tokens << 20 | n_exact << 12 | (n_bytes > 0xFFF ? 0xFFF : n_bytes);
}

/* What one pass collects. */
struct finder {
    const struct matcher *m;
    const struct match_text *text;
    struct arena *arena;
    struct match_list list;
    size_t capacity;
};

static bool try_key(struct finder *f, uint64_t key, size_t first)
{
    const struct slot *slot = find_slot(f->m, key);
    uint32_t at = slot->pattern;

    while (at != NO_NAME) {
        const struct pattern *p = &f->m->patterns[at];
        size_t behind = match_parts(p->parts, p->n_parts, f->text, first, p->is_exact);

        if (behind != 0) {
            struct match *rows =
                arena_grow(f->arena, f->list.rows, f->list.n_rows, &f->capacity, sizeof(*rows));

            if (rows == NULL)
                return false;
            f->list.rows = rows;
            rows[f->list.n_rows++] =
                (struct match){at, (uint32_t)first, (uint32_t)behind - 1, weigh(p, behind - first)};
        }
        at = p->next;
    }
    return true;
}

enum ww_status matcher_find(const struct matcher *m, const struct match_text *text,
                            struct arena *arena, struct match_list *out, struct ww_error *err)
{
    struct finder f = {.m = m, .text = text, .arena = arena};
    const struct token *tokens = text->tokens.tokens;
    bool is_good = true;

    for (size_t i = 0; i < text->tokens.n_tokens && is_good; i++) {
        is_good = try_key(&f, tokens[i].hash, i);
        if (i + 1 < text->tokens.n_tokens)
            is_good = is_good && try_key(&f, hash64_mix(tokens[i].hash, tokens[i + 1].hash), i);
        if (tokens[i].folded.len >= STEM_KEY_BYTES)
            is_good =
                is_good &&
                try_key(&f, hash64_seeded(slice_head(tokens[i].folded, STEM_KEY_BYTES), 1), i);
    }
    *out = f.list;
    return is_good ? WW_OK : arena_check(arena, err);
}

/* ---- single phrases -------------------------------------------------------------------------- */

const struct match_phrase *match_phrase_build(struct slice phrase, struct arena *arena)
{
    struct match_phrase *p = arena_alloc(arena, sizeof(*p));
    struct arena scratch;

    if (p == NULL)
        return NULL;
    arena_init(&scratch, MATCH_SCRATCH_MAX_BYTES);
    p->text = phrase;
    p->parts = compile(phrase, arena, &scratch, &p->n_parts, &p->at);
    arena_release(&scratch);
    return p->parts == NULL || p->n_parts == 0 ? NULL : p;
}

struct slice match_phrase_text(const struct match_phrase *p)
{
    return p->text;
}

/*
 * Do the parts [from, to) stand at token first? A capital in the phrase asks for one in the text.
 */
static bool parts_stand(const struct match_phrase *p, size_t from, size_t to,
                        const struct match_text *text, size_t first)
{
    for (size_t k = from; k < to; k++) {
        size_t i = first + (k - from);

        if (i >= text->tokens.n_tokens || (k > from && text->joints[i] == JOINT_STOP) ||
            !same_token(&p->parts[k], text, i, false))
            return false;
        if (begins_upper(p->parts[k].original) &&
            (text->tokens.tokens[i].flags & TOKEN_CAPITAL) == 0)
            return false;
    }
    return true;
}

bool match_phrase_around(const struct match_phrase *p, const struct match_text *text, size_t first,
                         size_t last)
{
    size_t earliest;

    if (p->at != NO_AT) {
        size_t n_behind = p->n_parts - p->at;

        if (first < p->at || text->tokens.n_tokens - 1 - last < n_behind ||
            (p->at > 0 && text->joints[first] != JOINT_PLAIN) ||
            (n_behind > 0 && !may_join(&p->parts[p->at], text, last + 1)))
            return false;
        return parts_stand(p, 0, p->at, text, first - p->at) &&
               parts_stand(p, p->at, p->n_parts, text, last + 1);
    }
    if (p->n_parts < last - first + 1)
        return false;
    earliest = last + 1 >= p->n_parts ? last + 1 - p->n_parts : 0;
    for (size_t i = earliest; i <= first; i++)
        if (parts_stand(p, 0, p->n_parts, text, i))
            return true;
    return false;
}

bool match_phrase_anywhere(const struct match_phrase *p, const struct match_text *text)
{
    for (size_t i = 0; i < text->tokens.n_tokens; i++)
        if (parts_stand(p, 0, p->n_parts, text, i))
            return true;
    return false;
}

/* story_compare.c - what stands between the stretches that two texts share. */
#include "storage/story_compare.h"

#include "base/arena.h"
#include "base/limits.h"
#include "storage/story_align.h"
#include "storage/story_words.h"

#include <stdint.h>

#define GAP_TOKENS_MAX 40
/* One place holds few facts; a stretch as long as the one it stands for is filled slot by slot. */
#define FACTS_A_GAP_MAX 2
#define FACTS_A_SLOT_MAX 4
#define NAME_CHARACTERS_MAX 4
#define NAME_WORDS_MAX 4
#define MOVED_DIGITS_MIN 3
#define HEAD_TOKENS_MIN 20
#define AGREED_MIN 5
#define AGREED_TENTHS 8
#define AGREED_RATIO 8
#define FIGURES_MIN 3
#define FIGURES_RATIO 3
/* One word in five with a capital: nouns have them. */
#define NOUNS_RATIO 5
/* Shorter words of a headline say little about its subject. */
#define TITLE_WORD_BYTES_MIN 5

/* One of the two texts. */
struct side {
    const struct story_text *t;
    struct story_words words;
    const bool *is_aligned; /* per token */
};

/* Tokens of one text between two blocks; of a long gap no more than shows that it is long. */
struct gap {
    struct side *side;
    size_t first, end;
};

static struct gap gap_after(struct side *side, size_t at)
{
    size_t end = at, n = side->t->tokens.n_tokens;

    while (end < n && !side->is_aligned[end] && end - at <= GAP_TOKENS_MAX)
        end++;
    return (struct gap){side, at, end};
}

static struct gap gap_before(struct side *side, size_t at)
{
    size_t first = at;

    while (first > 0 && !side->is_aligned[first - 1] && at - first <= GAP_TOKENS_MAX)
        first--;
    return (struct gap){side, first, at};
}

static size_t gap_length(struct gap g)
{
    return g.end - g.first;
}

static const struct token *token_at(struct gap g, size_t i)
{
    return &g.side->t->tokens.tokens[i];
}

/* ---- facts ----------------------------------------------------------------------------------- */

enum fact { NO_FACT, NUMBER, NAME, WORD };

static enum fact fact_of(const struct story_text *text, const struct token *t)
{
    if (story_is_number(t))
        return story_number_goes_on(text->text, t) ? NO_FACT : NUMBER;
    if ((t->flags & TOKEN_CAPITAL) != 0)
        return (t->flags & TOKEN_SENTENCE) == 0 ? NAME : NO_FACT;
    return story_is_caseless(t) ? WORD : NO_FACT;
}

/* Said elsewhere in the other text? A short number may be there by chance. */
static bool is_moved(const struct token *t, const struct story_words *words)
{
    return (!story_is_number(t) || t->folded.len >= MOVED_DIGITS_MIN) &&
           story_words_have(words, t->hash);
}

static bool is_in_gap(const struct token *t, struct gap there, size_t *n_steps)
{
    for (size_t k = there.first; k < there.end; k++) {
        ++*n_steps;
        if (story_is_same_word(t, token_at(there, k)))
            return true;
    }
    return false;
}

/* The facts of one gap that are not in the other. */
struct only_here {
    size_t n[WORD + 1]; /* by enum fact; those that the other text says elsewhere left out */
    size_t at;          /* the first of all */
    bool have_any;
};

static struct only_here find_only_here(struct gap here, struct gap there, size_t *n_steps)
{
    struct only_here out = {.at = here.first};

    for (size_t i = here.first; i < here.end; i++) {
        const struct token *t = token_at(here, i);
        enum fact fact = fact_of(here.side->t, t);

        if (story_is_number(t) && fact == NO_FACT && i > here.first)
            continue; /* compared with the number's beginning */
        if (story_is_number(t))
            fact = NUMBER;
        if (fact == NO_FACT || is_in_gap(t, there, n_steps))
            continue;
        if (!out.have_any)
            out.at = i;
        out.have_any = true;
        /* A name counts once, however often it was replaced. */
        if (!is_moved(t, &there.side->words) &&
            (story_words_mark(&here.side->words, t->hash, WORD_REPLACED) || fact == NUMBER))
            out.n[fact]++;
    }
    return out;
}

/* Writing without capitals: as many characters for as many others are taken for a name. */
static bool is_replaced_name(struct gap a, struct gap b)
{
    size_t n = gap_length(a);

    if (n != gap_length(b) || n < 2 || n > NAME_CHARACTERS_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((token_at(a, a.first + i)->flags & token_at(b, b.first + i)->flags & TOKEN_CJK) == 0)
            return false;
    return true;
}

static struct slice gap_text(struct gap g, size_t first, size_t end)
{
    size_t from = token_at(g, first)->start;

    return slice_sub(g.side->t->text, from, token_at(g, end - 1)->end - from);
}

/* The number that holds the token, or the word alone. */
static struct slice whole_fact(struct gap g, size_t at)
{
    const struct story_text *text = g.side->t;
    size_t first = at, end = at + 1;

    while (first > 0 && story_number_goes_on(text->text, token_at(g, first)))
        first--;
    while (end < text->tokens.n_tokens && story_number_goes_on(text->text, token_at(g, end)))
        end++;
    return gap_text(g, first, end);
}

static void add_change(struct story_facts *out, struct slice before, struct slice after)
{
    if (out->n_changes < STORY_CHANGES_MAX)
        out->changes[out->n_changes++] = (struct story_change){before, after};
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void weigh_gap(struct gap a, struct gap b, struct story_facts *out)
{
    struct only_here in_a, in_b;
    size_t n, most = FACTS_A_GAP_MAX;

    if (gap_length(a) == 0 || gap_length(b) == 0 || gap_length(a) > GAP_TOKENS_MAX ||
        gap_length(b) > GAP_TOKENS_MAX)
        return;
    if (is_replaced_name(a, b)) {
        out->n_words++;
        add_change(out, gap_text(a, a.first, a.end), gap_text(b, b.first, b.end));
        return;
    }
    in_a = find_only_here(a, b, &out->n_steps);
    in_b = find_only_here(b, a, &out->n_steps);
    if (gap_length(a) <= gap_length(b) + 1 && gap_length(b) <= gap_length(a) + 1)
        most = FACTS_A_SLOT_MAX;
    n = lesser(lesser(in_a.n[NUMBER], in_b.n[NUMBER]), most);
    out->n_numbers += n;
    out->n_names += lesser(lesser(in_a.n[NAME], in_b.n[NAME]), most - n);
    if (lesser(in_a.n[WORD], in_b.n[WORD]) > 0 && gap_length(a) <= NAME_WORDS_MAX &&
        gap_length(b) <= NAME_WORDS_MAX)
        out->n_words++;
    if (in_a.have_any && in_b.have_any)
        add_change(out, whole_fact(a, in_a.at), whole_fact(b, in_b.at));
}

/*
 * Each stretch of the earlier text that is in no block goes with the one that stands behind the
 * same block in the later text, else with the one before the same block: sentences may have moved.
 */
static enum ww_status weigh_gaps(const struct story_alignment *al, struct side *a, struct side *b,
                                 struct arena *arena, struct story_facts *out, struct ww_error *err)
{
    size_t end = 0;
    bool *is_used = arena_array(arena, b->t->tokens.n_tokens + 1, sizeof(*is_used));

    if (is_used == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i <= al->n_blocks; i++) {
        const struct story_block *last = i > 0 ? &al->blocks[i - 1] : NULL;
        const struct story_block *next = i < al->n_blocks ? &al->blocks[i] : NULL;
        struct gap gap_a = gap_after(a, end), gap_b = {b, 0, 0};

        if (last != NULL)
            gap_b = gap_after(b, last->b + last->len);
        if ((gap_length(gap_b) == 0 || is_used[gap_b.first]) && next != NULL)
            gap_b = gap_before(b, next->b);
        if (gap_length(gap_b) > 0 && !is_used[gap_b.first]) {
            is_used[gap_b.first] = gap_length(gap_a) > 0;
            weigh_gap(gap_a, gap_b, out);
        }
        end = next != NULL ? next->a + next->len : end;
    }
    return WW_OK;
}

/* Different facts that both texts have in a block. */
static void count_kept(struct side *a, struct story_facts *out)
{
    for (size_t i = 0; i < a->t->tokens.n_tokens; i++) {
        const struct token *t = &a->t->tokens.tokens[i];
        enum fact fact = a->is_aligned[i] && !a->t->is_furniture[i] ? fact_of(a->t, t) : NO_FACT;

        if ((fact == NUMBER || fact == NAME) && story_words_mark(&a->words, t->hash, WORD_KEPT))
            *(fact == NUMBER ? &out->kept_numbers : &out->kept_names) += 1;
    }
}

/* Different facts of a text, and how many of them the other one says anywhere. */
static size_t count_facts(struct side *here, const struct side *there, size_t *n_common)
{
    size_t n = 0;

    *n_common = 0;
    for (size_t i = 0; i < here->t->tokens.n_tokens; i++) {
        const struct token *t = &here->t->tokens.tokens[i];
        enum fact fact = here->t->is_furniture[i] ? NO_FACT : fact_of(here->t, t);

        if ((fact != NUMBER && fact != NAME) ||
            !story_words_mark(&here->words, t->hash, WORD_COUNTED))
            continue;
        n++;
        *n_common += story_words_have(&there->words, t->hash);
    }
    return n;
}

/* ---- heads ----------------------------------------------------------------------------------- */

/* Is half of what a headline speaks of in the text? False without a headline. */
static bool speaks_of(const struct token_list *title, const struct story_words *words)
{
    size_t n_all = 0, n_found = 0;

    for (size_t i = 0; i < title->n_tokens; i++) {
        uint64_t hash = story_pair_at(title, i);

        if (hash == 0 && title->tokens[i].folded.len >= TITLE_WORD_BYTES_MIN)
            hash = title->tokens[i].hash;
        n_all += hash != 0;
        n_found += hash != 0 && story_words_have(words, hash);
    }
    return n_all > 0 && 2 * n_found >= n_all;
}

/*
 * Copies have their opening in common, or one of them is contained in the other. Where both begin
 * with something of their own they share the bottom of a page, unless the headline of the later one
 * tells that a local lead was put before each.
 */
static bool have_other_heads(const struct story_alignment *al, const struct token_list *title,
                             const struct story_words *words)
{
    size_t head_a = SIZE_MAX, head_b = SIZE_MAX;

    for (size_t i = 0; i < al->n_blocks; i++)
        if (al->blocks[i].len >= SHINGLE_TOKENS) {
            head_a = lesser(head_a, al->blocks[i].a);
            head_b = lesser(head_b, al->blocks[i].b);
        }
    return lesser(head_a, head_b) >= HEAD_TOKENS_MIN && !speaks_of(title, words);
}

enum ww_status story_compare_facts(const struct story_text *earlier, const struct story_text *later,
                                   struct arena *arena, struct story_facts *out,
                                   struct ww_error *err)
{
    struct side a = {.t = earlier}, b = {.t = later};
    struct story_alignment al;
    enum ww_status status;

    *out = (struct story_facts){.changes =
                                    arena_array(arena, STORY_CHANGES_MAX, sizeof(*out->changes))};
    if (out->changes == NULL || !story_align(&earlier->tokens, &later->tokens, arena, &al) ||
        !story_words_make(&earlier->tokens, arena, &a.words) ||
        !story_words_make(&later->tokens, arena, &b.words))
        return arena_check(arena, err);
    a.is_aligned = al.in_a;
    b.is_aligned = al.in_b;
    out->n_steps = al.n_steps;
    for (size_t i = 0; i < later->tokens.n_tokens; i++)
        out->n_capitals += fact_of(later, &later->tokens.tokens[i]) == NAME;
    out->n_tokens = lesser(earlier->tokens.n_tokens, later->tokens.n_tokens);
    for (size_t i = 0; i < al.n_blocks; i++)
        out->n_aligned += al.blocks[i].len;
    status = weigh_gaps(&al, &a, &b, arena, out, err);
    if (status != WW_OK)
        return status;
    count_kept(&a, out);
    out->all_earlier = count_facts(&a, &b, &out->common_earlier);
    out->all_later = count_facts(&b, &a, &out->common_later);
    out->have_other_heads = have_other_heads(&al, &later->title, &a.words);
    return arena_check(arena, err);
}

bool story_facts_agree(const struct story_facts *facts)
{
    size_t n_replaced = facts->n_numbers + facts->n_names;

    return lesser(facts->common_earlier, facts->common_later) >= AGREED_MIN &&
           (facts->common_earlier * 10 >= facts->all_earlier * AGREED_TENTHS ||
            facts->common_later * 10 >= facts->all_later * AGREED_TENTHS) &&
           n_replaced * AGREED_RATIO <= facts->kept_numbers + facts->kept_names &&
           facts->n_aligned * 2 >= facts->n_tokens;
}

bool story_facts_differ(const struct story_facts *facts)
{
    /*
     * Where the figures stayed, other words of a script without capitals are wording, and so are
     * other nouns where nouns have capitals.
     */
    bool figures_stayed = facts->kept_numbers >= FIGURES_MIN &&
                          facts->kept_numbers >= FIGURES_RATIO * facts->n_numbers;
    bool are_nouns = figures_stayed && facts->n_capitals * NOUNS_RATIO > facts->n_tokens &&
                     facts->n_names < facts->kept_names;
    size_t n_sure = facts->n_numbers + (are_nouns ? 0 : facts->n_names);
    size_t n = n_sure + (figures_stayed ? 0 : facts->n_words);
    size_t all = n + facts->kept_numbers + facts->kept_names;
    size_t per_mille = n * 1000 / (facts->n_aligned + 1); /* of the tokens that agree */

    /* The next report of a series: nearly every figure is another one. */
    if (facts->n_numbers >= 3 && facts->n_numbers >= 2 * facts->kept_numbers)
        return true;
    /* A long text in which two facts of five are others. */
    if (n_sure >= 4 && n_sure * 5 >= all * 2)
        return true;
    return (n >= 4 && n * 5 >= all && per_mille >= 8) ||
           (n >= 4 && n * 10 >= all && per_mille >= 12) ||
           (n >= 3 && n * 10 >= all * 3 && per_mille >= 10) ||
           (n >= 2 && n * 2 >= all && per_mille >= 15);
}

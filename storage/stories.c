/* stories.c - candidates from the index, exact comparison, the two guards, the verdict. */
#include "storage/stories.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/shingle.h"
#include "storage/story_compare.h"
#include "storage/story_roundup.h"

#include <string.h>

#define SAMPLES_MIN 2
/* A text with fewer may well have but one sample in common with a long one that holds it. */
#define FEW_SHINGLES 72
#define SHARED_MIN 12
#define JACCARD_MIN 0.30
#define CONTAINMENT_MIN 0.55
/* Enough where the facts agree: a rewrite has them all, and few stretches of five words. */
#define CONTAINMENT_MIN_AGREED 0.25
#define CONTAINMENT_SHARES 0.15
#define EXACT_MIN 0.98
/* One text is an excerpt of another when that one is half as long again. */
#define EXCERPT_RATIO 1.5
/* What a member shares with its story's first text or its fullest. */
#define CHAIN_MIN 0.30
/* What a copy accounts for when others can tell nothing new. */
#define SETTLED_MIN 0.90
/* Articles of one hash table: more cannot share a sample each with a text of 4 MiB. */
#define TALLY_MIN 256

struct stories {
    struct shingle_index *index;
    const struct story_source *source;
};

/* One earlier article and how it compares. */
struct candidate {
    int64_t article_id, story_id;
    int64_t first_id, fullest_id; /* of its story; 0: not read yet */
    double weight;                /* of the samples that it shares */
    struct story_text text;
    size_t n_shared;
    double jaccard, containment;
    struct story_facts facts;
    enum story_kind kind;
};

static const char *const kind_names[] = {"new",       "exact", "near",   "excerpt",
                                         "expansion", "merge", "series", "shares"};

const char *story_kind_name(enum story_kind kind)
{
    return (size_t)kind < WW_COUNT(kind_names) ? kind_names[kind] : "new";
}

bool story_kind_joins(enum story_kind kind)
{
    return kind == STORY_EXACT || kind == STORY_NEAR || kind == STORY_EXCERPT ||
           kind == STORY_EXPANSION;
}

enum ww_status stories_open(const struct shingle_io *io, const struct story_source *source,
                            struct stories **out, struct ww_error *err)
{
    struct stories *st = mem_alloc(sizeof(*st));
    enum ww_status status;

    *out = NULL;
    if (st == NULL)
        return ww_fail(err, WW_NOMEM, "no memory for the duplicate index");
    st->source = source;
    status = shingle_index_open(io, 0, &st->index, err);
    if (status != WW_OK) {
        stories_close(st);
        return status;
    }
    *out = st;
    return WW_OK;
}

void stories_close(struct stories *st)
{
    if (st == NULL)
        return;
    shingle_index_close(st->index);
    mem_free(st);
}

void stories_forget(struct stories *st)
{
    shingle_index_forget(st->index);
}

enum ww_status stories_refresh(struct stories *st, struct ww_error *err)
{
    return shingle_index_refresh(st->index, err);
}

/* ---- learned boilerplate --------------------------------------------------------------------- */

/* Mark the sentences that were in several stories already. */
static enum ww_status mark_furniture(struct stories *st, struct story_text *t, struct arena *arena,
                                     struct ww_error *err)
{
    uint64_t *hashes = arena_array(arena, t->n_sentences, sizeof(*hashes));
    struct shingle_list *lists;
    enum ww_status status;

    if (hashes == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < t->n_sentences; i++)
        hashes[i] = t->sentences[i].hash;
    status = shingle_index_find(st->index, SHINGLE_OF_SENTENCE, hashes, t->n_sentences, arena,
                                &lists, err);
    for (size_t i = 0; status == WW_OK && i < t->n_sentences; i++) {
        struct story_sentence *s = &t->sentences[i];

        s->n_stories = lists[i].n;
        for (size_t k = 0; k < s->n_stories; k++)
            s->stories[k] = lists[i].values[k];
        if (s->n_stories == STORY_FURNITURE)
            memset(t->is_furniture + s->first, true, s->end - s->first);
    }
    return status;
}

/* ---- candidates ------------------------------------------------------------------------------ */

struct tally {
    struct slot {
        int64_t article_id;
        size_t n;
        double weight;
    } * slots;
    size_t size, n_used;
};

static bool count_article(struct tally *tally, struct arena *arena, int64_t article_id,
                          double weight)
{
    size_t at;

    if (2 * tally->n_used >= tally->size) {
        struct tally larger = {.size = tally->size == 0 ? TALLY_MIN : 2 * tally->size,
                               .n_used = tally->n_used};

        larger.slots = arena_array(arena, larger.size, sizeof(*larger.slots));
        if (larger.slots == NULL)
            return false;
        for (size_t i = 0; i < tally->size; i++) {
            if (tally->slots[i].n == 0)
                continue;
            at = (size_t)tally->slots[i].article_id & (larger.size - 1);
            while (larger.slots[at].n != 0)
                at = (at + 1) & (larger.size - 1);
            larger.slots[at] = tally->slots[i];
        }
        *tally = larger;
    }
    at = (size_t)article_id & (tally->size - 1);
    while (tally->slots[at].n != 0 && tally->slots[at].article_id != article_id)
        at = (at + 1) & (tally->size - 1);
    tally->n_used += tally->slots[at].n == 0;
    tally->slots[at].article_id = article_id;
    tally->slots[at].n++;
    tally->slots[at].weight += weight;
    return true;
}

/* Keep c among the best, in falling order of weight, the earlier article first. */
static void keep_best(struct candidate *best, size_t *n, struct candidate c)
{
    size_t at = *n;

    while (at > 0 && (best[at - 1].weight < c.weight ||
                      (best[at - 1].weight <= c.weight && best[at - 1].article_id > c.article_id)))
        at--;
    if (at >= STORY_CANDIDATES_MAX)
        return;
    if (*n < STORY_CANDIDATES_MAX)
        (*n)++;
    memmove(&best[at + 1], &best[at], (*n - 1 - at) * sizeof(*best));
    best[at] = c;
}

/*
 * Every shingle that a short text would have indexed is looked up: a stub that came first has no
 * others. A sample weighs the less the more articles hold it: of a hundred reports from one mould,
 * all of them share what is the mould's, and only the copied one shares the rest.
 */
static enum ww_status find_candidates(struct stories *st, struct story_text *t, struct arena *arena,
                                      struct candidate *best, size_t *n_best, struct ww_error *err)
{
    struct tally tally = {0};
    size_t n_least = t->n_shingles < FEW_SHINGLES ? 1 : SAMPLES_MIN;
    struct shingle_list *lists;
    enum ww_status status = shingle_index_find(st->index, SHINGLE_OF_TEXT, t->samples.hashes,
                                               t->samples.n_hashes, arena, &lists, err);

    *n_best = 0;
    if (status != WW_OK)
        return status;
    t->fresh = arena_array(arena, t->samples.n_hashes, sizeof(*t->fresh));
    if (t->fresh == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < t->samples.n_hashes; i++) {
        const struct shingle_list *list = &lists[i];

        if (list->n < SHINGLE_LIST_MAX && shingle_is_sampled(t->samples.hashes[i], t->n_shingles))
            t->fresh[t->n_fresh++] = t->samples.hashes[i];
        for (size_t k = 0; k < list->n; k++)
            if (!count_article(&tally, arena, list->values[k], 1.0 / (double)list->n))
                return arena_check(arena, err);
    }
    for (size_t i = 0; i < tally.size; i++)
        if (tally.slots[i].n >= n_least)
            keep_best(best, n_best,
                      (struct candidate){.article_id = tally.slots[i].article_id,
                                         .weight = tally.slots[i].weight});
    return WW_OK;
}

/* ---- reading earlier texts ----------------------------------------------------------------- */

/* An earlier text by its number, ready for comparing. */
static enum ww_status read_earlier(struct stories *st, int64_t article_id, struct arena *arena,
                                   struct story_text *out, struct ww_error *err)
{
    struct slice text;
    enum ww_status status = st->source->text(st->source->state, article_id, arena, &text, err);

    if (status == WW_OK)
        status = story_text_read((struct slice){"", 0}, text, arena, out, err);
    if (status == WW_OK)
        status = mark_furniture(st, out, arena, err);
    return status == WW_OK ? story_text_settle(out, arena, err) : status;
}

static enum ww_status read_anchors(struct stories *st, struct candidate *c, struct ww_error *err)
{
    return c->first_id != 0 ? WW_OK
                            : st->source->anchors(st->source->state, c->story_id, &c->first_id,
                                                  &c->fullest_id, err);
}

/* Does an earlier text, that is known to be part of c, show that the text stands beside it there?
 */
static enum ww_status is_beside(struct stories *st, struct story_extent own, int64_t article_id,
                                const struct candidate *c, struct arena *arena, bool *out,
                                struct ww_error *err)
{
    struct story_text other;
    enum ww_status status = read_earlier(st, article_id, arena, &other, err);

    if (status == WW_OK)
        *out = story_extents_part(own, story_extent_of(&other, &c->text));
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/*
 * The text is a copy of c, or of a piece of it. Is c a round-up? What its story began with may be
 * one part, an excerpt that came later another, and the text a third.
 */
static enum ww_status find_parts(struct stories *st, const struct story_text *t,
                                 struct arena *arena, struct candidate *c, struct ww_error *err)
{
    struct story_extent own = {0};
    int64_t ids[STORY_EXCERPTS_MAX + 1] = {0};
    bool is_round_up = false;
    size_t n = 0;
    enum ww_status status = st->source->parts(st->source->state, c->article_id, &is_round_up, ids,
                                              STORY_EXCERPTS_MAX, &n, err);

    if (status == WW_OK)
        status = read_anchors(st, c, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    ids[n] = c->first_id;
    n += ids[n] != c->article_id;
    is_round_up &= c->kind == STORY_EXCERPT;
    if (n > 0 && !is_round_up)
        own = story_extent_of(t, &c->text);
    for (size_t i = 0; status == WW_OK && i < n && !is_round_up; i++)
        status = is_beside(st, own, ids[i], c, arena, &is_round_up, err);
    if (is_round_up)
        c->kind = STORY_MERGE;
    return status;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static enum story_kind kind_of(const struct candidate *c, const struct story_text *t)
{
    double earlier = (double)c->text.set.n_hashes, later = (double)t->set.n_hashes;
    bool do_agree = c->n_shared >= SHARED_MIN && story_facts_agree(&c->facts);
    bool is_copy = c->n_shared >= SHARED_MIN &&
                   (c->jaccard >= JACCARD_MIN ||
                    c->containment >= (do_agree ? CONTAINMENT_MIN_AGREED : CONTAINMENT_MIN));

    if (is_copy && story_facts_differ(&c->facts))
        return STORY_SERIES;
    if (!is_copy || (c->facts.have_other_heads && !do_agree))
        return c->n_shared >= SHARED_MIN && c->containment >= CONTAINMENT_SHARES ? STORY_SHARES
                                                                                 : STORY_NEW;
    if (c->jaccard > EXACT_MIN)
        return STORY_EXACT;
    if (later * EXCERPT_RATIO < earlier)
        return STORY_EXCERPT;
    if (earlier * EXCERPT_RATIO < later)
        return STORY_EXPANSION;
    return STORY_NEAR;
}

static enum ww_status compare(struct stories *st, const struct story_text *t, struct arena *arena,
                              struct candidate *c, struct ww_error *err)
{
    size_t least, all;
    enum ww_status status = st->source->story(st->source->state, c->article_id, &c->story_id, err);

    if (status == WW_OK)
        status = read_earlier(st, c->article_id, arena, &c->text, err);
    if (status == WW_NOT_FOUND)
        return WW_OK; /* stays STORY_NEW: a posting may name what is no more */
    if (status != WW_OK)
        return status;
    c->n_shared = shingle_shared(&c->text.set, &t->set);
    least = c->text.set.n_hashes < t->set.n_hashes ? c->text.set.n_hashes : t->set.n_hashes;
    all = c->text.set.n_hashes + t->set.n_hashes - c->n_shared;
    c->jaccard = all == 0 ? 0 : (double)c->n_shared / (double)all;
    c->containment = least == 0 ? 0 : (double)c->n_shared / (double)least;
    if (c->n_shared >= SHARED_MIN)
        status = story_compare_facts(&c->text, t, arena, &c->facts, err);
    if (status != WW_OK)
        return status;
    c->kind = kind_of(c, t);
    if (story_kind_joins(c->kind) &&
        (double)c->n_shared < SETTLED_MIN * (double)c->text.set.n_hashes)
        return find_parts(st, t, arena, c, err);
    return WW_OK;
}

/* ---- the verdict ----------------------------------------------------------------------------- */

/* The text that accounts for most of ours is the one to compare with. */
static double closeness(const struct candidate *c, size_t n_own)
{
    static const double by_kind[] = {0, 20, 20, 20, 20, 10, 10, 0};

    return by_kind[c->kind] + (double)c->n_shared / (double)(n_own + 1) + c->jaccard / 100;
}

/* Two copies of two different stories, side by side in one text. */
static bool is_merge(const struct candidate *a, const struct candidate *b,
                     const struct story_text *t)
{
    return a->story_id != b->story_id && story_kind_joins(a->kind) && story_kind_joins(b->kind) &&
           story_extents_merge(story_extent_of(&a->text, t), story_extent_of(&b->text, t), t);
}

/* A copy that accounts for nearly all of the text: others can tell nothing new. */
static bool is_settled(const struct candidate *c, const struct story_text *t)
{
    return story_kind_joins(c->kind) && (double)c->n_shared > SETTLED_MIN * (double)t->set.n_hashes;
}

static void order(struct candidate *list, size_t n, const struct story_text *t)
{
    for (size_t i = 1; i < n; i++) {
        struct candidate c = list[i];
        size_t at = i;

        for (; at > 0 && closeness(&list[at - 1], t->set.n_hashes) < closeness(&c, t->set.n_hashes);
             at--)
            list[at] = list[at - 1];
        list[at] = c;
    }
}

static void add_relation(struct story_verdict *out, const struct candidate *c,
                         const struct story_text *t, enum story_kind kind)
{
    out->relations[out->n_relations++] = (struct story_relation){.kind = kind,
                                                                 .article_id = c->article_id,
                                                                 .story_id = c->story_id,
                                                                 .jaccard = c->jaccard,
                                                                 .containment = c->containment,
                                                                 .n_shared = c->n_shared,
                                                                 .n_own = t->set.n_hashes,
                                                                 .n_other = c->text.set.n_hashes,
                                                                 .n_changes = c->facts.n_changes};
}

/* How much of the shorter text an earlier one shares with it; 1 when too little is left to tell. */
static enum ww_status containment_of(struct stories *st, const struct story_text *t,
                                     int64_t article_id, struct arena *arena, double *out,
                                     struct ww_error *err)
{
    struct story_text other;
    enum ww_status status = read_earlier(st, article_id, arena, &other, err);
    size_t least;

    *out = 1;
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    least = other.set.n_hashes < t->set.n_hashes ? other.set.n_hashes : t->set.n_hashes;
    if (least >= SHARED_MIN)
        *out = (double)shingle_shared(&other.set, &t->set) / (double)least;
    return WW_OK;
}

/*
 * A copy of a copy of a copy may have nothing of the story any more. What joins has something of
 * the text that the story began with, or of its fullest one.
 */
static enum ww_status check_chain(struct stories *st, const struct story_text *t,
                                  struct arena *arena, struct candidate *c, struct ww_error *err)
{
    double containment = 0;
    enum ww_status status = read_anchors(st, c, err);
    const int64_t anchors[2] = {c->first_id, c->fullest_id};

    if (status == WW_NOT_FOUND || anchors[0] == c->article_id || anchors[1] == c->article_id)
        return status == WW_NOT_FOUND ? WW_OK : status;
    for (size_t i = 0; i < WW_COUNT(anchors) && status == WW_OK && containment < CHAIN_MIN; i++)
        status = containment_of(st, t, anchors[i], arena, &containment, err);
    if (status == WW_OK && containment < CHAIN_MIN)
        c->kind = STORY_SHARES;
    return status;
}

/* The candidates that would join, until one that does. */
static enum ww_status check_chains(struct stories *st, const struct story_text *t,
                                   struct arena *arena, struct candidate *list, size_t n,
                                   struct ww_error *err)
{
    order(list, n, t);
    for (size_t i = 0; i < n && story_kind_joins(list[i].kind); i++) {
        enum ww_status status = check_chain(st, t, arena, &list[i], err);

        if (status != WW_OK || story_kind_joins(list[i].kind))
            return status;
    }
    return WW_OK;
}

static enum ww_status decide(struct candidate *list, size_t n, const struct story_text *t,
                             struct arena *arena, struct story_verdict *out, struct ww_error *err)
{
    bool is_round_up = false;

    order(list, n, t);
    for (size_t i = 1; i < n; i++)
        is_round_up |= is_merge(&list[0], &list[i], t);
    for (size_t i = 0; i < n; i++) {
        enum story_kind kind = list[i].kind;

        if (is_round_up && story_kind_joins(kind))
            kind = STORY_MERGE;
        if (kind != STORY_NEW)
            add_relation(out, &list[i], t, kind);
    }
    if (out->n_relations == 0)
        return WW_OK;
    out->kind = out->relations[0].kind;
    if (!story_kind_joins(out->kind))
        return WW_OK;
    out->story_id = out->relations[0].story_id;
    out->changed = arena_array(arena, list[0].facts.n_changes, sizeof(*out->changed));
    for (size_t i = 0; out->changed != NULL && i < list[0].facts.n_changes; i++) {
        const struct story_change *change = &list[0].facts.changes[i];

        out->changed[out->n_changed++] = arena_printf(
            arena, "%.*s \xE2\x86\x92 %.*s", SLICE_ARG(change->before), SLICE_ARG(change->after));
    }
    return arena_check(arena, err);
}

enum ww_status stories_judge(struct stories *st, struct slice title, struct slice text,
                             struct arena *arena, struct story_verdict *out, struct ww_error *err)
{
    struct candidate list[STORY_CANDIDATES_MAX] = {0};
    size_t n_found = 0, n = 0; /* candidates, and those compared */
    enum ww_status status;

    *out = (struct story_verdict){.text = arena_alloc(arena, sizeof(*out->text))};
    if (out->text == NULL)
        return arena_check(arena, err);
    status = story_text_read(title, text, arena, out->text, err);
    if (status == WW_OK)
        status = mark_furniture(st, out->text, arena, err);
    if (status == WW_OK)
        status = story_text_sample(out->text, arena, err);
    if (status == WW_OK)
        status = find_candidates(st, out->text, arena, list, &n_found, err);
    if (status == WW_OK && n_found > 0)
        status = story_text_settle(out->text, arena, err);
    while (n < n_found && status == WW_OK && (n == 0 || !is_settled(&list[n - 1], out->text))) {
        status = compare(st, out->text, arena, &list[n], err);
        n++;
    }
    if (status == WW_OK)
        status = check_chains(st, out->text, arena, list, n, err);
    return status == WW_OK ? decide(list, n, out->text, arena, out, err) : status;
}

/* ---- remembering ----------------------------------------------------------------------------- */

enum ww_status stories_remember(struct stories *st, int64_t article_id, int64_t story_id,
                                const struct story_verdict *verdict, struct ww_error *err)
{
    const struct story_text *t = verdict->text;
    uint64_t *hashes = mem_array(t->n_sentences, sizeof(*hashes));
    struct shingle_group groups[2];
    size_t n = 0;
    enum ww_status status;

    if (hashes == NULL)
        return ww_fail(err, WW_NOMEM, "no memory to index article %lld", (long long)article_id);
    for (size_t i = 0; i < t->n_sentences; i++) {
        const struct story_sentence *s = &t->sentences[i];
        bool is_known = s->n_stories == STORY_FURNITURE;

        for (size_t k = 0; k < s->n_stories; k++)
            is_known |= s->stories[k] == story_id;
        if (!is_known)
            hashes[n++] = s->hash;
    }
    groups[0] = (struct shingle_group){SHINGLE_OF_TEXT, article_id, t->fresh, t->n_fresh};
    groups[1] = (struct shingle_group){SHINGLE_OF_SENTENCE, story_id, hashes, n};
    status = shingle_index_add(st->index, groups, WW_COUNT(groups), err);
    mem_free(hashes);
    return status;
}

/* ---- made anew ------------------------------------------------------------------------------- */

enum ww_status stories_learn(struct stories *st, int64_t article_id, int64_t story_id,
                             struct slice text, struct arena *arena, struct ww_error *err)
{
    struct candidate unused[STORY_CANDIDATES_MAX];
    struct story_text t;
    const struct story_verdict verdict = {.text = &t};
    size_t n_unused;
    enum ww_status status = story_text_read(slice_of("", 0), text, arena, &t, err);

    if (status == WW_OK)
        status = mark_furniture(st, &t, arena, err);
    if (status == WW_OK)
        status = story_text_sample(&t, arena, err);
    if (status == WW_OK)
        status = find_candidates(st, &t, arena, unused, &n_unused, err);
    if (status == WW_TOO_BIG)
        return WW_OK; /* nor was it indexed the first time */
    return status == WW_OK ? stories_remember(st, article_id, story_id, &verdict, err) : status;
}

int64_t stories_missing(const struct stories *st)
{
    return shingle_index_missing(st->index);
}

enum ww_status stories_set_missing(struct stories *st, int64_t article_id, struct ww_error *err)
{
    return shingle_index_set_missing(st->index, article_id, err);
}

enum ww_status stories_begin_anew(struct stories *st, struct ww_error *err)
{
    return shingle_index_begin_anew(st->index, err);
}

/* scan_try.c - hits of a walk, and what is known of their stories. */
#include "alerts/scan_try.h"

#include "alerts/query.h"
#include "alerts/scan_index.h"
#include "alerts/scan_walk.h"
#include "base/arena.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

struct trying {
    struct store *store;
    const struct scan_try_options *options;
    struct scan_trial *trial;
    struct arena *arena;
    struct arena page; /* one article */
    size_t hits_room, overlaps_room;
    int64_t last_id;
};

/* ---- which articles -------------------------------------------------------------------------- */

struct texts {
    struct slice *rows;
    size_t n_rows, room;
};

static bool add_text(struct texts *t, struct arena *arena, struct slice text)
{
    struct slice *rows = arena_grow(arena, t->rows, t->n_rows, &t->room, sizeof(*rows));

    if (rows == NULL)
        return false;
    t->rows = rows;
    rows[t->n_rows++] = text;
    return true;
}

/* Is it a name that raises the item? */
static bool is_name_of(const struct watchlist *w, const struct watch_name *name, uint32_t item)
{
    switch (name->class) {
    case WATCH_PLACE:
    case WATCH_DEMONYM:
        return w->places[name->owner].item == item || w->places[name->owner].country_item == item;
    case WATCH_DIRECT:
    case WATCH_NEAR:
    case WATCH_BODY:
    case WATCH_BARE:
        return name->owner == item;
    case WATCH_TERM:
        break;
    }
    return false;
}

/*
 * One of these stands in every article that mentions the item. None: nobody can tell, or nothing
 * can.
 */
static enum ww_status find_texts(const struct watchlist *w, uint32_t item, struct arena *arena,
                                 struct texts *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < w->n_names; i++)
        if (is_name_of(w, &w->names[i], item) && !add_text(out, arena, w->names[i].text))
            return arena_check(arena, err);
    for (size_t i = 0; i < w->n_rules && status == WW_OK; i++) {
        const uint32_t *words;
        size_t n = 0;

        if (w->rules[i].item != item)
            continue;
        status = query_needed_words(w->rules[i].query, &w->words, arena, &words, &n, err);
        for (size_t k = 0; k < n && status == WW_OK; k++)
            if (!add_text(out, arena, w->words.rows[words[k]].name))
                status = arena_check(arena, err);
    }
    return status;
}

static enum ww_status narrow(struct trying *t, struct scan_index_answer *out, struct ww_error *err)
{
    const struct watchlist *w = t->options->watchlist;
    struct texts texts = {0};
    enum ww_status status;

    *out = (struct scan_index_answer){0};
    if (t->options->item == NULL || t->options->only != NULL)
        return WW_OK;
    status = find_texts(w, (uint32_t)(t->options->item - w->items), t->arena, &texts, err);
    if (status != WW_OK)
        return status;
    out->reason = "the query can be true of an article without any of its words";
    return texts.n_rows == 0
               ? WW_OK
               : scan_index_ask(t->store, texts.rows, texts.n_rows, t->arena, out, err);
}

/* ---- hits ------------------------------------------------------------------------------------ */

static enum ww_status add_hit(struct trying *t, const struct walk_row *row,
                              const struct watch_item *item, struct ww_error *err)
{
    struct scan_trial *trial = t->trial;
    struct trial_hit *hits =
        arena_grow(t->arena, trial->hits, trial->n_hits, &t->hits_room, sizeof(*hits));

    if (hits == NULL)
        return arena_check(t->arena, err);
    trial->hits = hits;
    hits[trial->n_hits++] = (struct trial_hit){
        .article_id = row->id, .story_id = row->story_id, .at = row->at, .item = item};
    return WW_OK;
}

static enum ww_status match_again(struct store *s, const struct scan_trial *trial, int64_t id,
                                  struct slice title, struct slice language, struct arena *arena,
                                  struct article_text *text, struct mention_report *out,
                                  struct ww_error *err)
{
    struct mention_article article = {.title = title, .language = language};
    enum ww_status status = store_article_text(s, id, arena, text, err);

    article.text = text->text;
    return status == WW_OK ? mentions_find(trial->engine, &article, arena, out, err) : status;
}

/* Each item of an article once. */
static enum ww_status add_items(struct trying *t, const struct walk_row *row, struct ww_error *err)
{
    struct article_text text;
    struct mention_report report;
    enum ww_status status;

    arena_reset(&t->page);
    status = match_again(t->store, t->trial, row->id, row->title, row->language, &t->page, &text,
                         &report, err);
    for (size_t i = 0; status == WW_OK && i < report.n_mentions; i++) {
        size_t k = 0;

        while (k < i && report.mentions[k].item != report.mentions[i].item)
            k++;
        if (k == i)
            status = add_hit(t, row, report.mentions[i].item, err);
    }
    return status;
}

static enum ww_status take(void *context, const struct scan_block *block, struct ww_error *err)
{
    struct trying *t = context;
    enum ww_status status = WW_OK;

    t->trial->n_matched += (int64_t)block->n_rows;
    for (size_t i = 0; i < block->n_hits && status == WW_OK; i++) {
        if (block->hits[i].n_mentions == 0)
            continue;
        t->trial->n_articles++;
        status = t->options->item != NULL ? add_hit(t, block->hits[i].row, t->options->item, err)
                                          : add_items(t, block->hits[i].row, err);
    }
    if (status == WW_OK && t->options->progress != NULL)
        t->options->progress(t->options->context, block->last_id, t->last_id);
    return status;
}

/* ---- stories --------------------------------------------------------------------------------- */

/* By story, then by item; of those the oldest first. */
static int compare_pairs(const void *a, const void *b)
{
    const struct trial_hit *x = a, *y = b;

    if (x->story_id != y->story_id)
        return x->story_id < y->story_id ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->article_id > y->article_id) - (x->article_id < y->article_id);
}

static int compare_newest(const void *a, const void *b)
{
    const struct trial_hit *x = a, *y = b;

    if (x->at != y->at)
        return x->at > y->at ? -1 : 1;
    if (x->article_id != y->article_id)
        return x->article_id > y->article_id ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static int compare_overlaps(const void *a, const void *b)
{
    const struct trial_overlap *x = a, *y = b;
    size_t n = x->item.len < y->item.len ? x->item.len : y->item.len;
    int order;

    if (x->n_stories != y->n_stories)
        return x->n_stories > y->n_stories ? -1 : 1;
    order = memcmp(x->item.ptr, y->item.ptr, n);
    return order != 0 ? order : (x->item.len > y->item.len) - (x->item.len < y->item.len);
}

static bool count_overlap(struct trying *t, struct slice item)
{
    struct scan_trial *trial = t->trial;
    struct trial_overlap *rows;

    for (size_t i = 0; i < trial->n_overlaps; i++)
        if (slice_equal(trial->overlaps[i].item, item)) {
            trial->overlaps[i].n_stories++;
            return true;
        }
    rows =
        arena_grow(t->arena, trial->overlaps, trial->n_overlaps, &t->overlaps_room, sizeof(*rows));
    if (rows == NULL)
        return false;
    trial->overlaps = rows;
    rows[trial->n_overlaps++] = (struct trial_overlap){arena_copy(t->arena, item), 1};
    return true;
}

/* A query is nobody's item yet: what matters is whether its stories were told of at all. */
static bool is_same_item(const struct trying *t, const struct trial_hit *hit, struct slice item)
{
    return slice_equal(hit->item->id, item) || (t->options->item != NULL && hit->item->id.len == 0);
}

/* The hits [first, behind) of one story. */
static enum ww_status look_at_story(struct trying *t, size_t first, size_t behind,
                                    struct ww_error *err)
{
    struct trial_hit *hits = t->trial->hits;
    struct walk_alerts alerts;
    enum ww_status status;

    arena_reset(&t->page);
    status = store_walk_alerts_of(t->store, hits[first].story_id, &t->page, &alerts, err);
    t->trial->n_stories++;
    for (size_t i = first; i < behind && status == WW_OK; i++) {
        hits[i].is_first = i == first || hits[i].item != hits[i - 1].item;
        for (size_t k = 0; k < alerts.n_rows; k++)
            hits[i].is_alerted =
                hits[i].is_alerted || is_same_item(t, &hits[i], alerts.rows[k].item);
        t->trial->n_alerts += hits[i].is_first;
        t->trial->n_alerted += hits[i].is_first && hits[i].is_alerted;
    }
    for (size_t k = 0; k < alerts.n_rows && status == WW_OK && t->options->item != NULL; k++)
        if (!slice_equal(alerts.rows[k].item, t->options->item->id) &&
            !count_overlap(t, alerts.rows[k].item))
            status = arena_check(t->arena, err);
    return status;
}

static enum ww_status look_at_stories(struct trying *t, struct ww_error *err)
{
    struct scan_trial *trial = t->trial;
    enum ww_status status = WW_OK;

    if (trial->n_hits > 0)
        qsort(trial->hits, trial->n_hits, sizeof(*trial->hits), compare_pairs);
    for (size_t i = 0, behind; i < trial->n_hits && status == WW_OK; i = behind) {
        for (behind = i + 1;
             behind < trial->n_hits && trial->hits[behind].story_id == trial->hits[i].story_id;)
            behind++;
        status = look_at_story(t, i, behind, err);
    }
    if (trial->n_hits > 0)
        qsort(trial->hits, trial->n_hits, sizeof(*trial->hits), compare_newest);
    if (trial->n_overlaps > 0)
        qsort(trial->overlaps, trial->n_overlaps, sizeof(*trial->overlaps), compare_overlaps);
    return status;
}

/* ---- a trial --------------------------------------------------------------------------------- */

static enum ww_status walk(struct trying *t, struct ww_error *err)
{
    const struct scan_try_options *o = t->options;
    struct scan_walk_options options = {
        .engine = t->trial->engine,
        .filter = {.window = o->window, .language = o->language, .last_id = t->last_id},
        .only = o->only,
        .item = o->item,
        .n_threads = o->n_threads,
        .stop = o->stop
    };
    struct scan_index_answer answer;
    enum ww_status status = narrow(t, &answer, err);

    if (status == WW_OK && answer.is_known)
        options.only = &answer.articles;
    t->trial->is_narrowed = options.only != NULL;
    t->trial->reason = answer.reason;
    return status == WW_OK ? scan_walk(t->store, &options, take, t, err) : status;
}

enum ww_status scan_try(struct store *s, const struct scan_try_options *options,
                        struct arena *arena, struct scan_trial *out, struct ww_error *err)
{
    struct trying t = {.store = s, .options = options, .trial = out, .arena = arena};
    const struct walk_filter filter = {.window = options->window, .language = options->language};
    struct mention_engine *engine = NULL;
    enum ww_status status;

    *out = (struct scan_trial){0};
    arena_init(&t.page, SCAN_ARENA_MAX_BYTES);
    status = mentions_open(options->watchlist, arena, &engine, err);
    out->engine = engine;
    if (status == WW_OK)
        status = store_walk_last(s, &t.last_id, err);
    if (status == WW_OK)
        status = store_walk_span(s, &filter, &out->archive, err);
    if (status == WW_OK)
        status = walk(&t, err);
    if (status == WW_OK)
        status = look_at_stories(&t, err);
    arena_release(&t.page);
    return status;
}

enum ww_status scan_try_show(struct store *s, const struct scan_trial *trial,
                             const struct trial_hit *hit, struct arena *arena,
                             struct trial_view *out, struct ww_error *err)
{
    struct article_text text;
    struct mention_report report;
    enum ww_status status = store_article(s, hit->article_id, arena, &out->article, err);

    if (status == WW_OK)
        status = match_again(s, trial, hit->article_id, out->article.title, out->article.language,
                             arena, &text, &report, err);
    for (size_t i = 0; status == WW_OK && i < report.n_mentions; i++) {
        const struct mention *m = &report.mentions[i];
        const struct slice field = m->at.field == MENTION_TITLE ? out->article.title : text.text;

        if (m->item != hit->item)
            continue;
        out->sentence =
            slice_sub(field, m->at.sentence_start, m->at.sentence_end - m->at.sentence_start);
        out->mark_start = m->at.start - m->at.sentence_start;
        out->mark_end = m->at.end - m->at.sentence_start;
        out->alias = m->alias;
        out->rule = m->rule;
        break;
    }
    return status;
}

enum ww_status scan_try_query(struct watchlist *w, struct slice query, struct arena *arena,
                              const struct watch_item **item, size_t *error_at,
                              struct ww_error *err)
{
    struct watch_item *items = arena_array(arena, w->n_items + 1, sizeof(*items));
    struct watch_rule *rules = arena_array(arena, w->n_rules + 1, sizeof(*rules));
    struct query *q;
    enum ww_status status;

    if (items == NULL || rules == NULL)
        return arena_check(arena, err);
    status = query_parse(query, &w->words, arena, &q, error_at, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < w->n_items; i++)
        items[i] = w->items[i];
    for (size_t i = 0; i < w->n_rules; i++)
        rules[i] = w->rules[i];
    items[w->n_items] = (struct watch_item){.kind = SLICE("rule"), .name = q->text};
    rules[w->n_rules] = (struct watch_rule){
        .item = (uint32_t)w->n_items, .query = q, .cell = {WATCH_RULES, 1, 1}
    };
    *item = &items[w->n_items];
    w->items = items;
    w->n_items++;
    w->rules = rules;
    w->n_rules++;
    return WW_OK;
}

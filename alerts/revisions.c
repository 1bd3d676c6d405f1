/* revisions.c - which articles are compared for an alert, and what becomes of events. */
#include "alerts/revisions.h"

#include "alerts/revision_compare.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store.h"
#include "storage/store_events.h"
#include "storage/store_stories.h"

struct revisions {
    struct store *store;
    const struct watchlist *watchlist;
    int64_t watchlist_id, now;
    struct arena event, copy, item; /* what lives as long as one of them is looked at */
    int64_t copy_id;                /* that pairs and statuses are of ... */
    const char *copy_text;          /* ... and borrow */
    struct reading_pair pairs[REVISION_PAIRS_MAX];
    size_t n_pairs;
    struct status_word *statuses; /* of the copy's language */
    size_t n_statuses;
};

enum ww_status revisions_open(struct store *s, const struct watchlist *w, int64_t watchlist_id,
                              int64_t now, struct arena *arena, struct revisions **out,
                              struct ww_error *err)
{
    struct revisions *r = arena_alloc(arena, sizeof(*r));

    *out = r;
    if (r == NULL)
        return arena_check(arena, err);
    *r = (struct revisions){.store = s, .watchlist = w, .watchlist_id = watchlist_id, .now = now};
    arena_init(&r->event, REVISION_ARENA_MAX_BYTES);
    arena_init(&r->copy, REVISION_ARENA_MAX_BYTES);
    arena_init(&r->item, REVISION_ARENA_MAX_BYTES);
    return WW_OK;
}

void revisions_close(struct revisions *r)
{
    if (r == NULL)
        return;
    arena_release(&r->event);
    arena_release(&r->copy);
    arena_release(&r->item);
}

/* ---- readings -------------------------------------------------------------------------------- */

/* Where a version of the watchlist (0: any) found the item in an article. */
static enum ww_status read_mentions(struct revisions *r, int64_t watchlist_id, struct slice item,
                                    struct reading *out, struct ww_error *err)
{
    const struct mention_filter filter = {.window = {.limit = MENTIONS_MAX},
                                          .article_id = out->article.id,
                                          .watchlist_id = watchlist_id,
                                          .item = item};
    struct mention_list list;
    enum ww_status status = store_list_mentions(r->store, &filter, &r->item, &list, err);

    if (status == WW_OK) {
        out->mentions = list.rows;
        out->n_mentions = list.n_rows;
    }
    return status;
}

static enum ww_status read_article(struct revisions *r, int64_t id, struct arena *arena,
                                   struct article_row *article, struct slice *out,
                                   struct ww_error *err)
{
    struct article_text text = {0};
    enum ww_status status = store_article(r->store, id, arena, article, err);

    if (status == WW_OK)
        status = store_article_text(r->store, id, arena, &text, err);
    *out = text_cut(text.text, REVISION_TEXT_MAX_BYTES);
    return status;
}

static enum ww_status reading_of(struct revisions *r, const struct revision_copy *copy,
                                 struct slice item, struct reading *out, struct ww_error *err)
{
    struct mention_row *mentions = arena_array(&r->item, copy->n_mentions + 1, sizeof(*mentions));

    if (mentions == NULL)
        return arena_check(&r->item, err);
    *out = (struct reading){.article = *copy->article,
                            .text = text_cut(copy->text, REVISION_TEXT_MAX_BYTES),
                            .mentions = mentions};
    for (size_t i = 0; i < copy->n_mentions; i++)
        if (slice_equal(copy->mentions[i].item, item))
            mentions[out->n_mentions++] = copy->mentions[i];
    return WW_OK;
}

/* When its words are from: an article that was edited says what it says since then. */
static int64_t time_of(const struct article_row *a)
{
    const bool is_exact = a->published_precision >= DATE_MINUTE && a->published_at > 0;

    if (a->modified_precision >= DATE_MINUTE && a->modified_at > a->published_at)
        return a->modified_at;
    return is_exact ? a->published_at : 0;
}

/* ---- pairs ----------------------------------------------------------------------------------- */

static void forget_pairs(struct revisions *r, int64_t copy_id, const char *copy_text)
{
    arena_reset(&r->copy);
    r->copy_id = copy_id;
    r->copy_text = copy_text;
    r->n_pairs = 0;
    r->statuses = NULL;
}

/* The next item, of the same copy or another. */
static void begin_item(struct revisions *r, const struct revision_copy *copy)
{
    arena_reset(&r->item);
    if (r->copy_id != copy->article->id || r->copy_text != copy->text.ptr)
        forget_pairs(r, copy->article->id, copy->text.ptr);
}

/* What a page said before it said that is no change of it, whenever an archive gave it. */
static bool was_said_before(const struct article_row *base, const struct article_row *copy)
{
    return copy->version < base->version && slice_equal(copy->canonical, base->canonical);
}

static bool are_apart(const struct article_row *base, const struct article_row *copy)
{
    const int64_t at = time_of(copy);

    return was_said_before(base, copy) || (at != 0 && at < time_of(base)) ||
           (base->language.len > 0 && copy->language.len > 0 &&
            !watch_same_language(base->language, copy->language));
}

static enum ww_status compare_texts(struct revisions *r, const struct reading *copy,
                                    struct reading_pair *pair, struct ww_error *err)
{
    const struct text_diff_source before = {pair->base.title, pair->base_text};
    const struct text_diff_source after = {copy->article.title, copy->text};
    struct slice *words = arena_array(&r->copy, r->n_statuses + 1, sizeof(*words));
    const struct text_diff_options options = {
        .language = copy->article.language, .words = words, .n_words = r->n_statuses};

    if (words == NULL)
        return arena_check(&r->copy, err);
    for (size_t i = 0; i < r->n_statuses; i++)
        words[i] = r->statuses[i].word;
    pair->base_key = text_fold_key(pair->base_text, &r->copy);
    pair->copy_key = text_fold_key(copy->text, &r->copy);
    return text_diff(&before, &after, &options, &r->copy, &pair->diff, err);
}

/* The articles side by side; read and compared once for all items that both name. */
static enum ww_status find_pair(struct revisions *r, int64_t base_id, const struct reading *copy,
                                const struct reading_pair **out, struct ww_error *err)
{
    struct reading_pair *pair;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < r->n_pairs; i++)
        if (r->pairs[i].base_id == base_id) {
            *out = &r->pairs[i];
            return WW_OK;
        }
    if (r->n_pairs == REVISION_PAIRS_MAX)
        forget_pairs(r, copy->article.id, copy->text.ptr);
    if (r->statuses == NULL)
        status = status_words_list(r->watchlist, copy->article.language, &r->copy, &r->statuses,
                                   &r->n_statuses, err);
    pair = &r->pairs[r->n_pairs];
    *pair = (struct reading_pair){.base_id = base_id};
    if (status == WW_OK)
        status = read_article(r, base_id, &r->copy, &pair->base, &pair->base_text, err);
    if (status != WW_OK)
        return status;
    pair->is_apart = are_apart(&pair->base, &copy->article);
    if (!pair->is_apart)
        status = compare_texts(r, copy, pair, err);
    r->n_pairs += status == WW_OK;
    *out = pair;
    return status;
}

/* Compare with one more article. */
static enum ww_status compare_with(struct revisions *r, struct comparison *c, int64_t base_id,
                                   struct slice item, struct ww_error *err)
{
    const struct reading_pair *pair;
    struct reading base;
    enum ww_status status;

    if (base_id == 0)
        return WW_OK;
    status = find_pair(r, base_id, c->copy, &pair, err);
    if (status != WW_OK || pair->is_apart)
        return status;
    base = (struct reading){.article = pair->base, .text = pair->base_text};
    status = read_mentions(r, 0, item, &base, err);
    if (status != WW_OK || base.n_mentions == 0)
        return status;
    c->pair = pair;
    c->statuses = r->statuses;
    c->n_statuses = r->n_statuses;
    c->base = &base;
    status = comparison_run(c, err);
    c->base = NULL;
    return status;
}

/* ---- copies ---------------------------------------------------------------------------------- */

/* The article that the copy is most like; 0: none. */
static enum ww_status best_relation(struct revisions *r, int64_t article_id, int64_t *out,
                                    struct ww_error *err)
{
    struct relation_list list;
    double best = 0;
    enum ww_status status = store_list_relations(r->store, article_id, &r->item, &list, err);

    *out = 0;
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        const struct relation_row *row = &list.rows[i];
        const double likeness = row->containment > row->jaccard ? row->containment : row->jaccard;

        if (row->article_id != article_id || likeness <= best)
            continue;
        best = likeness;
        *out = row->other_id;
    }
    return status;
}

/* A page that was read again says nothing new; what changed on it since is its event's to tell. */
static enum ww_status is_told_elsewhere(struct revisions *r, const struct article_row *a, bool *out,
                                        struct ww_error *err)
{
    *out = a->version > 1 && slice_equal(a->provenance, SLICE("reextract"));
    return *out || a->version == 1 ? WW_OK : store_event_waits(r->store, a->id, out, err);
}

static struct comparison comparison_of(struct revisions *r, const struct alert_told *alert,
                                       const struct reading *copy)
{
    return (struct comparison){
        .store = r->store, .arena = &r->item, .now = r->now, .alert = alert, .copy = copy};
}

/* The article of the alert, that of its newest revision, and the copy's nearest relation. */
static enum ww_status compare_all(struct revisions *r, struct comparison *c, struct slice item,
                                  struct ww_error *err)
{
    const int64_t first_id = c->alert->article_id;
    const int64_t told_id = c->known.n_rows > 0 ? c->known.rows[0].article_id : first_id;
    int64_t other_id = 0;
    enum ww_status status = compare_with(r, c, first_id, item, err);

    if (status == WW_OK && told_id != first_id)
        status = compare_with(r, c, told_id, item, err);
    if (status != WW_OK || c->is_near)
        return status;
    status = best_relation(r, c->copy->article.id, &other_id, err);
    if (status == WW_OK && other_id != first_id && other_id != told_id)
        status = compare_with(r, c, other_id, item, err);
    return status;
}

enum ww_status revisions_of_copy(struct revisions *r, const struct revision_copy *copy,
                                 struct slice item, size_t *n_new, struct ww_error *err)
{
    struct alert_told alert;
    struct reading reading;
    struct comparison c = comparison_of(r, &alert, &reading);
    bool is_elsewhere = false;
    enum ww_status status;

    begin_item(r, copy);
    status = store_alert_told(r->store, copy->article->story_id, item, &r->item, &alert, err);
    if (status != WW_OK || alert.article_id == copy->article->id)
        return status;
    status = is_told_elsewhere(r, copy->article, &is_elsewhere, err);
    if (status != WW_OK || is_elsewhere)
        return status;
    status = reading_of(r, copy, item, &reading, err);
    if (status == WW_OK)
        status = store_list_alert_revisions(r->store, alert.alert_id, REVISIONS_MAX, &r->item,
                                            &c.known, err);
    if (status == WW_OK)
        status = compare_all(r, &c, item, err);
    /* Read again with another watchlist, it was counted before. */
    if (status == WW_OK && copy->article->scanned_with == 0 && c.n_new == 0 && c.pair != NULL)
        status = comparison_count_old(&c, err);
    *n_new += c.n_live;
    return status;
}

/* ---- events ---------------------------------------------------------------------------------- */

/* The sentence of the first mention, with the mention marked. */
static void quote(struct revision_row *row, const struct reading *from)
{
    const struct mention_row *m = &from->mentions[0];
    const struct slice field = m->field == MENTION_TITLE ? from->article.title : from->text;

    if (m->sentence_start < 0 || m->sentence_start > m->start || m->start > m->end ||
        m->end > m->sentence_end || (uint64_t)m->sentence_end > field.len)
        return;
    row->sentence =
        slice_sub(field, (size_t)m->sentence_start, (size_t)(m->sentence_end - m->sentence_start));
    row->mark_start = m->start - m->sentence_start;
    row->mark_end = m->end - m->sentence_start;
}

/* The page is gone, or there again. */
static enum ww_status tell_page(struct comparison *c, const struct event_row *event,
                                struct ww_error *err)
{
    struct revision_row row = {.kind = event->kind == EVENT_REMOVED ? REVISION_REMOVED
                                                                    : REVISION_RETURNED,
                               .after = event->how};

    quote(&row, c->copy);
    return comparison_add(c, &row, err);
}

/* The page speaks of the item no more. */
static enum ww_status tell_silence(struct comparison *c, struct ww_error *err)
{
    const struct slice name = c->base->mentions[0].quote;
    struct revision_row row = {.kind = REVISION_CHANGED};

    /* It may be there and be no mention to this version of the list. */
    if (slice_contains(c->copy->text, name) || slice_contains(c->copy->article.title, name))
        return WW_OK;
    quote(&row, c->base);
    return comparison_add(c, &row, err);
}

/* What else changed beside the mention: the first sentence that did. */
static enum ww_status tell_words(struct comparison *c, struct ww_error *err)
{
    const struct text_diff *d = &c->pair->diff;

    for (size_t i = 0; i < d->n_rows; i++) {
        const struct text_diff_row *row = &d->rows[i];
        struct revision_row revision = {.kind = REVISION_CHANGED};

        if ((row->kind != DIFF_CHANGED && row->kind != DIFF_REMOVED) || row->part == DIFF_TITLE ||
            !comparison_is_near(c, row, false))
            continue;
        revision.before = text_diff_before(d, row->part, row->before);
        if (row->after_sentence != 0)
            revision.after = text_diff_after(d, row->part, row->after);
        revision.sentence = revision.after.len > 0 ? revision.after : revision.before;
        return comparison_add(c, &revision, err);
    }
    return WW_OK;
}

static enum ww_status tell_change(struct revisions *r, struct comparison *c, struct slice item,
                                  struct ww_error *err)
{
    const struct reading *old = c->base;
    enum ww_status status;

    if (c->copy->n_mentions == 0)
        return tell_silence(c, err);
    status = compare_with(r, c, old->article.id, item, err);
    return status == WW_OK && !c->has_fact && c->pair != NULL ? tell_words(c, err) : status;
}

/* newer: the page as it is, where the event says that it changed. */
static enum ww_status tell_alert(struct revisions *r, const struct event_row *event,
                                 const struct alert_told *alert, const struct revision_copy *newer,
                                 size_t *n_new, struct ww_error *err)
{
    struct reading old = {0};
    struct reading now = {.article = *newer->article, .text = newer->text};
    struct comparison c = comparison_of(r, alert, &old);
    enum ww_status status;

    begin_item(r, newer);
    c.event_id = event->id;
    status = read_article(r, event->article_id, &r->item, &old.article, &old.text, err);
    if (status == WW_OK)
        status = read_mentions(r, 0, alert->item, &old, err);
    if (status != WW_OK || old.n_mentions == 0)
        return status;
    status = store_list_alert_revisions(r->store, alert->alert_id, REVISIONS_MAX, &r->item,
                                        &c.known, err);
    if (status == WW_OK && event->kind != EVENT_CHANGED) {
        status = tell_page(&c, event, err);
    } else if (status == WW_OK && now.article.id != 0) {
        status = read_mentions(r, r->watchlist_id, alert->item, &now, err);
        c.base = &old;
        c.copy = &now;
        if (status == WW_OK)
            status = tell_change(r, &c, alert->item, err);
    }
    *n_new += c.n_live;
    return status;
}

/* One event, in the caller's transaction. */
static enum ww_status tell_event(struct revisions *r, const struct event_row *event, size_t *n_new,
                                 struct ww_error *err)
{
    struct alert_told_list alerts;
    struct article_row article = {0};
    struct revision_copy newer = {.article = &article};
    enum ww_status status = store_list_alerts_of_page(r->store, event->article_id,
                                                      REVISION_ALERTS_MAX, &r->event, &alerts, err);

    if (status == WW_OK && event->newer_id != 0)
        status = read_article(r, event->newer_id, &r->event, &article, &newer.text, err);
    for (size_t i = 0; i < alerts.n_rows && status == WW_OK; i++)
        status = tell_alert(r, event, &alerts.rows[i], &newer, n_new, err);
    return status == WW_OK ? store_set_event_scanned(r->store, event->id, r->watchlist_id, err)
                           : status;
}

/* What was changed is told once the newer version was scanned. */
static enum ww_status is_ready(struct revisions *r, const struct event_row *event, bool *out,
                               struct ww_error *err)
{
    struct article_row newer = {.scanned_with = r->watchlist_id};
    enum ww_status status = WW_OK;

    if (event->newer_id != 0)
        status = store_article(r->store, event->newer_id, &r->event, &newer, err);
    *out = status == WW_OK && newer.scanned_with != 0;
    return status;
}

static enum ww_status next_event(struct revisions *r, int64_t *after_id, size_t *n_new,
                                 bool *is_done, struct ww_error *err)
{
    const struct event_filter filter = {
        .window = {.limit = 1}, .after_id = *after_id, .is_unscanned = true};
    struct event_list list;
    bool is_due = false;
    enum ww_status status;

    arena_reset(&r->event);
    status = store_list_events(r->store, &filter, &r->event, &list, err);
    *is_done = status == WW_OK && list.n_rows == 0;
    if (status != WW_OK || *is_done)
        return status;
    *after_id = list.rows[0].id;
    status = is_ready(r, &list.rows[0], &is_due, err);
    if (status != WW_OK || !is_due)
        return status;
    status = store_begin(r->store, err);
    if (status == WW_OK)
        status = tell_event(r, &list.rows[0], n_new, err);
    if (status == WW_OK)
        status = store_commit(r->store, err);
    if (status != WW_OK)
        store_rollback(r->store);
    return status;
}

enum ww_status revisions_of_events(struct revisions *r, const volatile sig_atomic_t *stop,
                                   size_t *n_new, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    int64_t after_id = 0;
    bool is_done = false;

    while (status == WW_OK && !is_done && (stop == NULL || *stop == 0)) {
        size_t n = 0;

        status = next_event(r, &after_id, &n, &is_done, err);
        *n_new += status == WW_OK ? n : 0;
    }
    return status;
}

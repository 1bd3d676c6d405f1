/*
 * digest_stories.c - alerts by story: which leads, what stands under it, how each was found, who
 * else prints it, and whether the analyst knows the story.
 */
#include "alerts/mail/digest_parts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/lookalike.h"
#include "base/text.h"
#include "storage/store_articles.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- grouping -------------------------------------------------------------------------------- */

static int by_story(const void *a, const void *b)
{
    const struct alert_view *x = *(const struct alert_view *const *)a;
    const struct alert_view *y = *(const struct alert_view *const *)b;

    if (x->alert.story_id != y->alert.story_id)
        return x->alert.story_id < y->alert.story_id ? -1 : 1;
    if (x->alert.severity != y->alert.severity)
        return x->alert.severity > y->alert.severity ? -1 : 1;
    return (x->alert.id > y->alert.id) - (x->alert.id < y->alert.id);
}

/* What is new, then more of what was told, then finds of a rescan. */
static int rank(const struct digest_story *s)
{
    if (s->is_rescan)
        return 2;
    return s->told_at != 0;
}

/* In a rank what matters most first; among equals the story that most outlets print, then the
 * newest. */
static int by_weight(const void *a, const void *b)
{
    const struct digest_story *s = a, *t = b;
    const struct alert_view *x = s->first, *y = t->first;

    if (rank(s) != rank(t))
        return rank(s) - rank(t);
    if (x->alert.severity != y->alert.severity)
        return x->alert.severity > y->alert.severity ? -1 : 1;
    if (x->n_outlets != y->n_outlets)
        return x->n_outlets > y->n_outlets ? -1 : 1;
    return (x->alert.story_id < y->alert.story_id) - (x->alert.story_id > y->alert.story_id);
}

enum ww_status digest_group(struct digest *d, const struct alert_view_list *list,
                            struct arena *arena, struct ww_error *err)
{
    const struct alert_view **sorted = arena_array(arena, list->n_rows, sizeof(*sorted));

    d->stories = arena_array(arena, list->n_rows, sizeof(*d->stories));
    if (sorted == NULL || d->stories == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++)
        sorted[i] = &list->rows[i];
    if (list->n_rows > 0)
        qsort(sorted, list->n_rows, sizeof(*sorted), by_story);
    for (size_t i = 0; i < list->n_rows; i++) {
        struct digest_story *story = d->n_stories > 0 ? &d->stories[d->n_stories - 1] : NULL;

        if (story == NULL || story->first->alert.story_id != sorted[i]->alert.story_id)
            d->stories[d->n_stories++] = (struct digest_story){
                .first = sorted[i], .alerts = &sorted[i], .n_alerts = 1, .is_rescan = true};
        else
            story->n_alerts++;
        d->stories[d->n_stories - 1].is_rescan &= sorted[i]->alert.cause == CAUSE_RESCAN;
    }
    d->rows = list->rows;
    d->n_alerts = list->n_rows;
    d->n_shown = d->n_stories < DIGEST_STORIES_MAX ? d->n_stories : DIGEST_STORIES_MAX;
    return WW_OK;
}

void digest_order(struct digest *d)
{
    for (size_t i = 0; i < d->n_stories; i++) {
        d->n_rescan += d->stories[i].is_rescan;
        d->n_known += rank(&d->stories[i]) == 1;
    }
    if (d->n_stories > 0)
        qsort(d->stories, d->n_stories, sizeof(*d->stories), by_weight);
}

enum ww_status digest_find_known(struct store *s, struct digest *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < d->n_stories; i++) {
        struct digest_story *story = &d->stories[i];
        struct story_told told = {0};

        status = store_story_told(s, story->first->alert.story_id, d->analyst->name, &told, err);
        story->told_at = told.at;
        story->mailed_at = told.mailed_at;
    }
    return status;
}

/* ---- under a story --------------------------------------------------------------------------- */

/* By article, then by place in it: the alerts of one sentence come to stand side by side. */
static int by_place(const void *a, const void *b)
{
    const struct mention_row *x = &(*(const struct alert_view *const *)a)->mention;
    const struct mention_row *y = &(*(const struct alert_view *const *)b)->mention;

    if (x->article_id != y->article_id)
        return x->article_id < y->article_id ? -1 : 1;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

static bool same_sentence(const struct alert_view *a, const struct alert_view *b)
{
    return a->mention.article_id == b->mention.article_id && a->mention.field == b->mention.field &&
           a->mention.sentence_start == b->mention.sentence_start;
}

/* "Japan [jp, a13], Ireland [ie, a14]": the i-th of them. */
static void add_aside(struct digest_story *story, size_t i, const struct alert_view *v,
                      struct arena *arena)
{
    struct slice name = v->alert.item_name.len > 0 ? v->alert.item_name : v->alert.item;

    if (i >= DIGEST_ASIDE_MAX) {
        story->n_unnamed++;
        return;
    }
    story->aside = arena_printf(arena, "%.*s%s%.*s [%.*s, a%" PRId64 "]", SLICE_ARG(story->aside),
                                story->aside.len > 0 ? ", " : "", SLICE_ARG(name),
                                SLICE_ARG(v->alert.item), v->alert.id);
}

/* "same-sentence" as people write it. */
static struct slice rule_words(struct slice rule, struct arena *arena)
{
    struct slice words = arena_copy(arena, rule);
    char *s = arena_string(arena, rule);

    for (size_t i = 0; s != NULL && i < words.len; i++)
        if (s[i] == '-')
            s[i] = ' ';
    return s != NULL ? slice_of(s, words.len) : words;
}

/* A name as people write it: without the mark of a stem. */
static struct slice name_words(struct slice alias, struct arena *arena)
{
    struct slice words = {"", 0};
    size_t stem;

    for (; (stem = slice_find_char(alias, '~')) < alias.len; alias = slice_skip(alias, stem + 1))
        words =
            arena_printf(arena, "%.*s%.*s", SLICE_ARG(words), SLICE_ARG(slice_head(alias, stem)));
    return words.len == 0 ? alias
                          : arena_printf(arena, "%.*s%.*s", SLICE_ARG(words), SLICE_ARG(alias));
}

/*
 * "beside "lamp", same sentence, text"; the name only where the text spells it another way:
 * "as "Lantern Bay" beside "lamp", ...".
 */
static struct slice how_found(const struct alert_view *v, struct arena *arena)
{
    const struct mention_row *m = &v->mention;
    const struct slice alias = name_words(m->alias, arena);
    const bool is_other = !slice_equal(alias, m->quote);
    const struct slice term = text_cut(m->term, DIGEST_TERM_BYTES);
    const char *letters = lookalike_words(m->quote);
    struct slice s = {"", 0};

    if (is_other)
        s = arena_printf(arena, "as \"%.*s\"%s", SLICE_ARG(alias), m->term.len > 0 ? " " : ", ");
    if (m->term.len > 0)
        s = arena_printf(arena, "%.*sbeside \"%.*s%s\", ", SLICE_ARG(s), SLICE_ARG(term),
                         term.len < m->term.len ? "..." : "");
    return arena_printf(arena, "%.*s%.*s, %s%s%s", SLICE_ARG(s),
                        SLICE_ARG(rule_words(m->rule, arena)), mention_field_name(m->field),
                        letters != NULL ? ", " : "", letters != NULL ? letters : "");
}

/* The sentence is that of its first alert; the others have their marks in the same one. */
static enum ww_status read_passage(struct store *s, const struct digest *d,
                                   struct digest_passage *p, struct arena *arena,
                                   struct ww_error *err)
{
    enum ww_status status = WW_OK;

    p->matched = arena_array(arena, p->n_alerts, sizeof(*p->matched));
    if (p->matched == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; status == WW_OK && i < p->n_alerts; i++) {
        struct alert_view *v = &d->rows[p->alerts[i] - d->rows];

        status = store_alert_sentence(s, v, arena, err);
        p->matched[i] = how_found(v, arena);
    }
    return status;
}

/*
 * What stands in a headline is read there; so a sentence of the text on the same item is shown in
 * its place, if the article has one. It was found by the same version of the list.
 */
static enum ww_status prefer_text(struct store *s, const struct digest *d,
                                  const struct alert_view *of, struct arena *arena,
                                  struct ww_error *err)
{
    struct alert_view *v = &d->rows[of - d->rows];
    const struct mention_filter filter = {.window = {.limit = DIGEST_MENTIONS_MAX},
                                          .article_id = v->mention.article_id,
                                          .watchlist_id = v->mention.watchlist_id,
                                          .item = v->alert.item,
                                          .kind = v->mention.kind};
    struct mention_list list;
    enum ww_status status = WW_OK;

    if (v->mention.field != MENTION_TITLE)
        return WW_OK;
    status = store_list_mentions(s, &filter, arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        if (list.rows[i].field == MENTION_TEXT) {
            v->mention = list.rows[i];
            return WW_OK;
        }
    return status;
}

/*
 * Into passages. Alerts of low severity are told in a line beside those that matter more, and so
 * are those beyond DIGEST_STORY_ALERTS_MAX; alone the low ones are told like any other. They stand
 * at the end of the story's alerts, by the order that digest_group made.
 */
enum ww_status digest_divide(struct store *s, const struct digest *d, struct digest_story *story,
                             struct arena *arena, struct ww_error *err)
{
    size_t n =
        story->n_alerts < DIGEST_STORY_ALERTS_MAX ? story->n_alerts : DIGEST_STORY_ALERTS_MAX;
    enum ww_status status = WW_OK;

    story->passages = arena_array(arena, n, sizeof(*story->passages));
    if (story->passages == NULL)
        return arena_check(arena, err);
    while (story->first->alert.severity > SEVERITY_LOW &&
           story->alerts[n - 1]->alert.severity == SEVERITY_LOW)
        n--;
    for (size_t i = n; i < story->n_alerts; i++)
        add_aside(story, i - n, story->alerts[i], arena);
    for (size_t i = 0; status == WW_OK && i < n; i++)
        status = prefer_text(s, d, story->alerts[i], arena, err);
    qsort(story->alerts, n, sizeof(*story->alerts), by_place);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !same_sentence(story->alerts[i - 1], story->alerts[i]))
            story->passages[story->n_passages++] =
                (struct digest_passage){.alerts = &story->alerts[i]};
        story->passages[story->n_passages - 1].n_alerts++;
    }
    for (size_t i = 0; i < story->n_passages; i++) {
        const struct mention_row *m = &story->passages[i].alerts[0]->mention;

        story->passages[i].is_headline =
            m->field == MENTION_TITLE && m->article_id == story->first->mention.article_id;
    }
    for (size_t i = 0; status == WW_OK && i < story->n_passages; i++)
        status = read_passage(s, d, &story->passages[i], arena, err);
    if (status == WW_OK && story->told_at != 0)
        status = store_count_copies(s, story->first->alert.story_id, story->told_at, &story->n_more,
                                    &story->n_more_outlets, err);
    return status;
}

/* Who else prints it, each name once. */
enum ww_status digest_name_outlets(struct store *s, struct digest_story *story, struct arena *arena,
                                   struct ww_error *err)
{
    struct article_filter filter = {.window = {.limit = DIGEST_OUTLETS_MAX},
                                    .story_id = story->first->alert.story_id,
                                    .order = ARTICLE_BY_ID};
    struct article_list list;
    enum ww_status status;

    if (story->first->n_outlets < 2)
        return WW_OK;
    status = store_list_articles(s, &filter, arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        struct slice name = list.rows[i].outlet;

        if (name.len == 0 || slice_equal(name, story->first->article.outlet) ||
            slice_contains(story->outlets, name))
            continue;
        story->outlets = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(story->outlets),
                                      story->outlets.len > 0 ? ", " : "", SLICE_ARG(name));
    }
    return status;
}

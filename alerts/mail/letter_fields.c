/* letter_fields.c - of a digest, what mail programs can sort and find it by. */
#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/header.h"
#include "alerts/mail/letter_parts.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/* Of the stories that stand first. */
#define LANGUAGES_READ 200

/* "a1, a2, a3, ...", each once. */
struct id_list {
    struct buf text;
    size_t n;
};

static bool has_id(const struct id_list *list, struct slice id)
{
    struct slice rest = buf_slice(&list->text);
    struct slice one;

    while (slice_next(&rest, ',', &one))
        if (slice_equal(slice_trim(one), id))
            return true;
    return false;
}

static void add_id(struct id_list *list, struct slice id)
{
    if (list->n > HEADER_IDS_MAX || id.len == 0 || has_id(list, id))
        return;
    if (list->n == HEADER_IDS_MAX || list->text.len + id.len > SUBJECT_MAX_BYTES - 8)
        list->n = HEADER_IDS_MAX;
    buf_add_string(&list->text, list->text.len > 0 ? ", " : "");
    if (list->n == HEADER_IDS_MAX)
        buf_add_string(&list->text, "...");
    else
        buf_add(&list->text, id);
    list->n++;
}

static void add_number(struct id_list *list, const char *letter, int64_t id)
{
    char word[32];

    (void)snprintf(word, sizeof(word), "%s%" PRId64, letter, id);
    add_id(list, slice_from(word));
}

struct told {
    struct id_list alerts, stories, items;
    enum alert_severity severity;
    int64_t watchlist_id;
};

static void add_alert(struct told *t, const struct alert_row *a)
{
    add_number(&t->alerts, "a", a->id);
    add_number(&t->stories, "s", a->story_id);
    add_id(&t->items, a->item);
    if (a->severity > t->severity)
        t->severity = a->severity;
    if (a->watchlist_id > t->watchlist_id)
        t->watchlist_id = a->watchlist_id;
}

static void add_change(struct told *t, const struct revision_view *v)
{
    add_number(&t->alerts, "a", v->revision.alert_id);
    add_number(&t->stories, "s", v->story_id);
    add_id(&t->items, v->item);
    if (v->severity > t->severity)
        t->severity = v->severity;
}

static struct slice take(struct id_list *list, struct arena *arena)
{
    struct slice text = arena_copy(arena, buf_slice(&list->text));

    arena->failed = arena->failed || list->text.status != WW_OK;
    buf_release(&list->text);
    return text;
}

static struct slice analyst_word(const struct digest *d, struct arena *arena)
{
    struct buf word;
    struct slice copy;

    buf_init(&word, SUBJECT_MAX_BYTES);
    header_add_domain_word(&word, d->analyst->name);
    copy = arena_copy(arena, buf_slice(&word));
    arena->failed = arena->failed || word.status != WW_OK;
    buf_release(&word);
    return copy;
}

size_t letter_fields(const struct digest *d, struct slice kind, struct arena *arena,
                     struct message_field out[LETTER_FIELDS_MAX])
{
    struct told t = {0};
    size_t n = 0;

    buf_init(&t.alerts.text, TITLE_MAX_BYTES);
    buf_init(&t.stories.text, TITLE_MAX_BYTES);
    buf_init(&t.items.text, TITLE_MAX_BYTES);
    for (size_t i = 0; i < d->n_stories; i++)
        for (size_t k = 0; k < d->stories[i].n_alerts; k++)
            add_alert(&t, &d->stories[i].alerts[k]->alert);
    for (size_t i = 0; i < d->n_developing; i++)
        for (size_t k = 0; k < d->developing[i].n_changes; k++)
            add_change(&t, d->developing[i].changes[k].view);
    out[n++] = (struct message_field){"Kind", kind};
    out[n++] = (struct message_field){"Analyst", analyst_word(d, arena)};
    out[n++] = (struct message_field){"Alert", take(&t.alerts, arena)};
    out[n++] = (struct message_field){"Story", take(&t.stories, arena)};
    out[n++] = (struct message_field){"Item", take(&t.items, arena)};
    if (t.severity != 0)
        out[n++] = (struct message_field){"Severity", slice_from(alert_severity_name(t.severity))};
    if (t.watchlist_id != 0)
        out[n++] =
            (struct message_field){"List-Version", arena_printf(arena, "%" PRId64, t.watchlist_id)};
    return n;
}

struct slice letter_language(const struct digest *d)
{
    struct slice best = SLICE("en");
    const size_t n_read = d->n_shown < LANGUAGES_READ ? d->n_shown : LANGUAGES_READ;
    size_t n_best = 0;

    for (size_t i = 0; i < n_read; i++) {
        struct slice language = d->stories[i].first->article.language;
        size_t n = 0;

        for (size_t k = 0; k < n_read; k++)
            n += slice_equal(d->stories[k].first->article.language, language);
        if (language.len > 0 && n > n_best) {
            best = language;
            n_best = n;
        }
    }
    return best;
}

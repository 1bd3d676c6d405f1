/* why_alert.c - what was found: the story's alert on it, whose it was, who was told. */
#include "cli/alert_delivery.h"
#include "cli/output.h"
#include "cli/why.h"
#include "storage/store_stories.h"

#include <inttypes.h>

/* The alert of the story on an item; out->alert.id is 0 when there is none. */
static enum ww_status find_alert(struct cli *cli, int64_t story_id, struct slice item,
                                 struct alert_view *out, struct ww_error *err)
{
    struct alert_filter filter = {.item = item, .story_id = story_id, .history = STORE_ANY_HISTORY};
    struct alert_view_list list;
    enum ww_status status = WW_OK;

    *out = (struct alert_view){0};
    if (story_id == 0)
        return WW_OK;
    status = store_list_alerts(cli->store, &filter, &cli->arena, &list, err);
    if (status == WW_OK && list.n_rows > 0)
        *out = list.rows[0];
    return status;
}

static enum ww_status put_story(struct why *w, const struct article_row *article,
                                struct ww_error *err)
{
    struct story_row story;
    enum ww_status status;

    if (article->story_id == 0)
        return WW_OK;
    status = store_story(w->cli->store, article->story_id, &w->cli->arena, &story, err);
    if (status != WW_OK || story.n_articles < 2)
        return status;
    why_note(w, WHY_STORY, article->id == story.root_article_id ? "origin" : "copy",
             "s%" PRId64 ", %s of %" PRId64 " articles in %" PRId64 " outlets", story.id,
             article->id == story.root_article_id ? "the earliest" : "one", story.n_articles,
             story.n_outlets);
    return WW_OK;
}

/* Found now, and no alert: the list has not asked, or had not asked so then. */
static enum ww_status put_no_alert(struct why *w, const struct article_row *article,
                                   struct slice item, struct ww_error *err)
{
    struct mention_filter filter = {.article_id = article->id, .item = item};
    struct mention_list list;
    enum ww_status status = store_list_mentions(w->cli->store, &filter, &w->cli->arena, &list, err);
    struct why_line *line;

    if (status != WW_OK)
        return status;
    if (article->scanned_with == 0)
        line = why_stop(w, WHY_ALERT, "not-scanned", "%.*s is found; the next run raises it",
                        SLICE_ARG(item));
    else if (article->story_id == 0)
        line = why_stop(w, WHY_ALERT, "no-story",
                        "%.*s is found, and the article is in no story: alerts are of stories",
                        SLICE_ARG(item));
    else if (list.n_rows == 0)
        line = why_stop(w, WHY_ALERT, "other-list",
                        "%.*s is found by the list on disk, and was not by version %" PRId64
                        ", which scanned the article",
                        SLICE_ARG(item), article->scanned_with);
    else
        line = why_stop(w, WHY_ALERT, "page-again",
                        "%.*s was found, and another reading of the same page had raised it",
                        SLICE_ARG(item));
    line->item = item;
    line->needs =
        article->scanned_with == 0 || list.n_rows == 0
            ? SLICE("a scan with the list on disk: the next run, or wirewatch watch rescan")
            : SLICE("");
    return WW_OK;
}

/* Who was told; when nobody could be, why not. */
static enum ww_status put_delivery(struct why *w, const struct alert_view *v, struct ww_error *err)
{
    struct alert_deliveries list;
    enum ww_status status = alert_delivery_read(w->cli, v, &list, err);
    bool was_told = false;

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        was_told |= list.rows[i].message != 0;
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct alert_delivery *d = &list.rows[i];
        struct why_line *line = (d->message != 0 || was_told ? why_note : why_stop)(
            w, WHY_DELIVERY, d->reason, "%.*s%s%.*s", SLICE_ARG(d->analyst),
            d->analyst.len > 0 ? ": " : "", SLICE_ARG(d->text));

        line->item = v->alert.item;
        line->at = d->at;
    }
    return status;
}

static enum ww_status put_alert(struct why *w, const struct article_row *article,
                                const struct alert_view *v, struct ww_error *err)
{
    struct cli *cli = w->cli;
    struct slice when = output_moment(cli, v->alert.created_at);
    struct slice history = {"", 0};
    const char *reason = NULL;
    struct why_line *line;
    enum ww_status status = WW_OK;

    if (v->alert.article_id != article->id) {
        line = why_stop(w, WHY_ALERT, "story-alerted",
                        "its story s%" PRId64 " had alerted on %.*s already: a%" PRId64
                        "%s, raised by n%" PRId64 " (%.*s) %.*s; a story alerts on an item once",
                        v->alert.story_id, SLICE_ARG(v->alert.item), v->alert.id,
                        v->alert.is_historic ? ", historic" : "", v->alert.article_id,
                        SLICE_ARG(v->article.outlet), SLICE_ARG(when));
        line->needs = arena_printf(&cli->arena, "another story; wirewatch alert explain a%" PRId64,
                                   v->alert.id);
    } else {
        line = why_note(w, WHY_ALERT, v->alert.is_historic ? "historic" : "raised",
                        "it did alert: a%" PRId64 " on %.*s, %s, %.*s%s%.*s", v->alert.id,
                        SLICE_ARG(v->alert.item), alert_severity_name(v->alert.severity),
                        SLICE_ARG(when), v->alert.story_decision.len > 0 ? ", " : "",
                        SLICE_ARG(v->alert.story_decision));
    }
    line->item = v->alert.item;
    line->at = v->alert.created_at;
    if (v->alert.is_historic) {
        status =
            alert_history_reason(cli, &v->article, v->alert.created_at, &reason, &history, err);
        if (status == WW_OK && v->alert.article_id == article->id)
            why_stop(w, WHY_ALERT, "historic",
                     "a%" PRId64 " is historic, listed and never mailed: "
                     "%.*s",
                     v->alert.id, SLICE_ARG(history))
                ->needs = SLICE("wirewatch alert list --historic");
        return status;
    }
    return status == WW_OK ? put_delivery(w, v, err) : status;
}

/* Alerts that the article raised, whatever the list says of it today. */
static enum ww_status put_former(struct why *w, const struct article_row *article,
                                 const struct why_found *found, struct ww_error *err)
{
    struct alert_filter filter = {
        .item = w->item, .article_id = article->id, .history = STORE_ANY_HISTORY};
    struct alert_view_list list;
    enum ww_status status = store_list_alerts(w->cli->store, &filter, &w->cli->arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        bool is_found = false;

        for (size_t k = 0; k < found->n_items; k++)
            is_found |= slice_equal(found->items[k], list.rows[i].alert.item);
        if (!is_found)
            why_note(w, WHY_ALERT, "former-list",
                     "list version %" PRId64 " did find %.*s in it: a%" PRId64,
                     list.rows[i].alert.watchlist_id, SLICE_ARG(list.rows[i].alert.item),
                     list.rows[i].alert.id)
                ->item = list.rows[i].alert.item;
    }
    return status;
}

enum ww_status why_alerts(struct why *w, const struct article_row *article,
                          const struct why_found *found, struct ww_error *err)
{
    enum ww_status status = put_story(w, article, err);

    if (status == WW_OK)
        status = put_former(w, article, found, err);
    for (size_t i = 0; i < found->n_items && status == WW_OK; i++) {
        struct alert_view view;

        status = find_alert(w->cli, article->story_id, found->items[i], &view, err);
        if (status == WW_OK)
            status = view.alert.id == 0 ? put_no_alert(w, article, found->items[i], err)
                                        : put_alert(w, article, &view, err);
    }
    return status;
}

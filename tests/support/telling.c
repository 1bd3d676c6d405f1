/* telling.c - alerts by their words, and digests of them. */
#include "tests/support/telling.h"

#include "alerts/mail/plan.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_stories.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct slice or_else(const char *words, const char *otherwise)
{
    return slice_from(words != NULL ? words : otherwise);
}

int64_t telling_raise(struct alert_desk *f, const struct telling *r)
{
    struct ww_error err = {0};
    char url[64];
    struct article_text text = {.text = or_else(r->text, "The lamp at Lantern Bay is dark.")};
    const int64_t at = r->at != 0 ? r->at : TELLING_NOW - HOUR;
    struct article_row article = {.title = or_else(r->title, "A light goes out"),
                                  .outlet = or_else(r->outlet, "The Ledger"),
                                  .language = SLICE("en"),
                                  .first_seen_at = at,
                                  .fetched_at = at,
                                  .scanned_with = f->watchlist};
    const struct slice quote = or_else(r->quote, "Lantern Bay");
    const struct slice field = r->is_title ? article.title : text.text;
    const size_t start = slice_find(field, quote);
    struct mention_row mention = {.watchlist_id = f->watchlist,
                                  .item = or_else(r->item, "light"),
                                  .kind = SLICE("light"),
                                  .alias = or_else(r->alias, "Lantern Bay"),
                                  .rule = or_else(r->rule, "same-sentence"),
                                  .term = slice_from(r->term),
                                  .field = r->is_title ? MENTION_TITLE : MENTION_TEXT,
                                  .start = (int64_t)start,
                                  .end = (int64_t)(start + quote.len),
                                  .sentence_end = (int64_t)field.len,
                                  .quote = quote};
    struct alert_row alert = {.watchlist_id = f->watchlist,
                              .item = mention.item,
                              .item_kind = SLICE("light"),
                              .item_name = mention.item,
                              .country = or_else(r->country, "IE"),
                              .severity = r->severity != 0 ? r->severity : SEVERITY_MEDIUM,
                              .created_at = at,
                              .story_id = r->story};
    struct store *s = f->t.store;
    bool is_new = false;

    (void)snprintf(url, sizeof(url), "https://outlet.example/%d", ++f->n_articles);
    article.url = article.canonical = or_else(r->url, url);
    alert_desk_must(store_begin(s, &err), &err);
    alert_desk_must(store_add_article(s, &article, &text, &mention.article_id, &is_new, &err),
                    &err);
    if (r->story == 0)
        alert_desk_must(store_add_story(s, mention.article_id, at, &alert.story_id, &err), &err);
    else
        alert_desk_must(store_join_story(s, r->story, mention.article_id, at, &err), &err);
    alert_desk_must(store_add_mention(s, &mention, &alert.mention_id, &err), &err);
    alert.article_id = mention.article_id;
    alert_desk_must(store_add_alert(s, &alert, &alert.id, &is_new, &err), &err);
    alert_desk_must(store_commit(s, &err), &err);
    return alert.story_id;
}

struct digest telling_gather(struct alert_desk *f, const struct analyst *a, enum digest_kind kind,
                             int64_t now)
{
    const struct digest_choice choice = {.kind = kind, .analyst = a, .now = now};
    struct digest d;
    struct ww_error err = {0};

    alert_desk_must(digest_gather(f->t.store, &choice, &f->t.arena, &d, &err), &err);
    return d;
}

struct slice telling_text(struct alert_desk *f, const struct digest *d)
{
    struct buf out;
    struct slice text;

    buf_init(&out, DIGEST_MAX_BYTES);
    (void)digest_text(d, &out);
    alert_desk_must(buf_finish(&out, NULL), &(struct ww_error){0});
    text = arena_copy(&f->t.arena, buf_slice(&out));
    buf_release(&out);
    return text;
}

struct slice telling_html(struct alert_desk *f, const struct digest *d)
{
    struct buf out;
    struct slice html;

    buf_init(&out, DIGEST_MAX_BYTES);
    (void)digest_html(d, &out);
    alert_desk_must(buf_finish(&out, NULL), &(struct ww_error){0});
    html = arena_copy(&f->t.arena, buf_slice(&out));
    buf_release(&out);
    return html;
}

void telling_says(struct slice text, const char *words)
{
    if (!slice_contains(text, slice_from(words)))
        fail_msg("no \"%s\" in:\n%.*s", words, SLICE_ARG(text));
}

void telling_says_not(struct slice text, const char *words)
{
    if (slice_contains(text, slice_from(words)))
        fail_msg("\"%s\" in:\n%.*s", words, SLICE_ARG(text));
}

size_t telling_queue(struct alert_desk *f, const struct analyst *a, int64_t now)
{
    struct plan_summary n = {0};
    struct ww_error err = {0};

    alert_desk_must(plan_queue_now(f->t.store, a, &alert_desk_sender, now, &n, &err), &err);
    return n.n_told;
}

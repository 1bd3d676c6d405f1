/* alerts.c - a desk whose alerts are made by hand, and its diary. */
#include "tests/support/alerts.h"

#include "base/date.h"
#include "base/zone.h"
#include "storage/store_outbox.h"
#include "storage/store_stories.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct letter_sender alert_desk_sender = {
    .from = {"Wire Watch <w@example.org>", 26},
    .list_id = {"watch.example.org",          17},
};

/* Hours of the events are UTC; clocks in Rome are two hours ahead in the first week, then one. */
const struct alert_event alert_desk_usual[ALERT_DESK_USUAL] = {
    {AT(0, 8,  5),  'a', "light", NULL, NULL,      SEVERITY_MEDIUM},
    {AT(0, 8,  10), 'a', "pier",  NULL, NULL,      SEVERITY_HIGH  },
    {AT(1, 21, 0),  'b', "light", "NL", "harbour", SEVERITY_HIGH  },
    {AT(1, 21, 10), 'b', "pier",  "NL", "harbour", SEVERITY_LOW   },
    {AT(5, 12, 0),  'c', "light", NULL, NULL,      SEVERITY_LOW   },
    {AT(6, 0,  40), 'd', "light", NULL, NULL,      SEVERITY_MEDIUM},
    {AT(9, 3,  0),  'e', "light", "NL", NULL,      SEVERITY_HIGH  },
    {AT(9, 3,  20), 'e', "pier",  "NL", NULL,      SEVERITY_HIGH  },
};

/* ---- a world --------------------------------------------------------------------------------- */

void alert_desk_must(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("status %d: %s", (int)status, err->message);
}

int alert_desk_open(void **state)
{
    struct alert_desk *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return -1;
    test_store_open(&f->t);
    f->watchlist = test_store_watchlist(&f->t, "content");
    *state = f;
    return 0;
}

int alert_desk_close(void **state)
{
    struct alert_desk *f = *state;

    test_store_close(&f->t);
    free(f);
    return 0;
}

int64_t alert_desk_add(struct alert_desk *f, const struct alert_event *e, struct alert_stories *r,
                       int64_t at)
{
    struct ww_error err = {0};
    char url[64];
    struct article_row article = {.title = SLICE("A light goes out"),
                                  .outlet = SLICE("The Ledger"),
                                  .language = SLICE("en"),
                                  .first_seen_at = at,
                                  .fetched_at = at};
    struct article_text text = {.text = SLICE("The lamp at Lantern Bay is dark.")};
    struct mention_row mention = {.watchlist_id = f->watchlist,
                                  .item = slice_from(e->item),
                                  .kind = SLICE("light"),
                                  .alias = SLICE("Lantern Bay"),
                                  .rule = SLICE("place near term"),
                                  .field = MENTION_TEXT,
                                  .start = 12,
                                  .end = 23,
                                  .sentence_end = 32,
                                  .quote = SLICE("Lantern Bay")};
    struct alert_row alert = {.watchlist_id = f->watchlist,
                              .item = slice_from(e->item),
                              .item_kind = SLICE("light"),
                              .item_name = slice_from(e->item),
                              .country = slice_from(e->country != NULL ? e->country : "IE"),
                              .severity = e->severity,
                              .created_at = at,
                              .tags = slice_from(e->tags != NULL ? e->tags : "")};
    int64_t *story = &r->stories[(unsigned char)e->story];
    bool is_new = false;

    (void)snprintf(url, sizeof(url), "https://outlet.example/%d", ++f->n_articles);
    article.url = article.canonical = slice_from(url);
    alert_desk_must(
        store_add_article(f->t.store, &article, &text, &mention.article_id, &is_new, &err), &err);
    if (*story == 0)
        alert_desk_must(store_add_story(f->t.store, mention.article_id, at, story, &err), &err);
    else
        alert_desk_must(store_join_story(f->t.store, *story, mention.article_id, at, &err), &err);
    alert_desk_must(store_add_mention(f->t.store, &mention, &alert.mention_id, &err), &err);
    alert.story_id = *story;
    alert.article_id = mention.article_id;
    alert_desk_must(store_add_alert(f->t.store, &alert, &alert.id, &is_new, &err), &err);
    assert_true(is_new);
    return alert.id;
}

int64_t alert_desk_raise(struct alert_desk *f, const struct alert_event *e, struct alert_stories *r,
                         int64_t at)
{
    struct ww_error err = {0};
    int64_t id;

    alert_desk_must(store_begin(f->t.store, &err), &err);
    id = alert_desk_add(f, e, r, at);
    alert_desk_must(store_commit(f->t.store, &err), &err);
    return id;
}

/* ---- what an analyst's settings are ---------------------------------------------------------- */

struct analyst alert_desk_analyst(struct alert_desk *f, const struct alert_wishes *w)
{
    struct analyst a = {.name = SLICE("desk"),
                        .address = SLICE("desk@example.org"),
                        .timezone = slice_from(w->zone != NULL ? w->zone : "Europe/Rome"),
                        .analysts = SLICE("|desk|other|"),
                        .wait_s = w->wait_s,
                        .max_per_hour = w->max_per_hour > 0 ? w->max_per_hour : 6,
                        .is_every_run = w->digest == NULL,
                        .wants_all_quiet = w->all_quiet,
                        .wants_troubles = true,
                        .wants_possible = true};
    struct ww_error err = {0};

    if (w->digest != NULL && strcmp(w->digest, "none") != 0)
        alert_desk_must(timetable_read(slice_from(w->digest), &a.hours, &err), &err);
    if (w->weekly != NULL)
        alert_desk_must(timetable_read(slice_from(w->weekly), &a.weekly, &err), &err);
    if (w->quiet != NULL)
        alert_desk_must(timetable_read_spans(slice_from(w->quiet), &a.quiet, &err), &err);
    alert_desk_must(subscription_read(slice_from(w->subscribe), &f->t.arena, &a.wants, &err), &err);
    alert_desk_must(subscription_read(slice_from(w->immediate), &f->t.arena, &a.at_once, &err),
                    &err);
    a.has_at_once = a.at_once.n_words > 0;
    return a;
}

/* ---- the diary ---- */

/* "Tue 20 07:30 digest 2\n" for each message since the last look, the oldest first. */
void alert_desk_write(struct alert_desk *f, const struct analyst *a, struct buf *out)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    const struct message_filter filter = {.window = {.limit = 100}};
    struct message_list list;
    struct ww_error err = {0};

    alert_desk_must(store_list_messages(f->t.store, &filter, &f->t.arena, &list, &err), &err);
    for (size_t i = list.n_rows; i-- > 0;) {
        const struct message_row *m = &list.rows[i];
        int64_t local = m->created_at + zone_offset_s(a->timezone, m->created_at);
        char date[DATE_TEXT_BYTES];

        if (m->id <= f->last_message)
            continue;
        f->last_message = m->id;
        (void)date_format(local, date);
        buf_printf(out, "%s %.2s %.5s %.*s", days[local / DAY % 7], date + 8, date + 11,
                   SLICE_ARG(m->kind));
        if (m->n_alerts > 0)
            buf_printf(out, " %d", (int)m->n_alerts);
        buf_add_char(out, '\n');
    }
}

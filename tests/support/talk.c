/* talk.c - the loop in the place of the crawl's, and replies of a made-up world. */
#include "tests/support/talk.h"

#include "base/attrs.h"
#include "crawler/fetch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void talk_open(struct talk *t, const char *source, const char *words, int64_t since, int64_t until,
               world *answers)
{
    memset(t, 0, sizeof *t);
    t->order = (struct backfill_row){.source = slice_from(source),
                                     .target = slice_from(words),
                                     .since_at = since,
                                     .until_at = until};
    t->bases = (struct source_bases){SLICE("http://wayback.example"), SLICE("http://index.example"),
                                     SLICE("http://data.example"), SLICE("http://days.example/x"),
                                     SLICE("http://gdelt.example")};
    t->context = (struct source_context){&t->order, &t->bases, TALK_NOW};
    t->source = source_find(slice_from(source));
    assert_non_null(t->source);
    t->answers = answers;
    arena_init(&t->arena, 512 * 1024 * 1024);
}

void talk_close(struct talk *t)
{
    for (size_t i = 0; i < t->n_asked; i++)
        free(t->asked[i]);
    for (size_t i = 0; i < t->n_found; i++)
        free(t->found[i]);
    arena_release(&t->arena);
    free(t);
}

static char *copy(struct slice s)
{
    char *out = malloc(s.len + 1);

    assert_non_null(out);
    memcpy(out, s.ptr, s.len);
    out[s.len] = '\0';
    return out;
}

/* As the store does: an address is a list once. */
static void keep_list(struct talk *t, const struct list_row *row, int64_t depth)
{
    for (size_t i = 0; i < t->n_lists; i++)
        if (slice_equal(t->lists[i].url, row->url))
            return;
    assert_true(t->n_lists < TALK_LISTS);
    assert_true(row->url.len > 0 && row->format.len > 0);
    t->lists[t->n_lists] = *row;
    t->lists[t->n_lists].depth = depth;
    t->lists[t->n_lists].id = (int64_t)t->n_lists + 1;
    t->lists[t->n_lists++].state = LIST_QUEUED;
}

static struct list_row *next_list(struct talk *t)
{
    struct list_row *best = NULL;

    for (size_t i = 0; i < t->n_lists; i++)
        if (t->lists[i].state == LIST_QUEUED &&
            (best == NULL || t->lists[i].covers_at > best->covers_at))
            best = &t->lists[i];
    return best;
}

static bool keep_find(struct talk *t, const struct find_row *find)
{
    struct slice key = arena_printf(&t->arena, "%.*s%s%.*s", SLICE_ARG(find->url),
                                    find->capture.len > 0 ? " " : "", SLICE_ARG(find->capture));

    for (size_t i = 0; i < t->n_found; i++)
        if (slice_equal(key, slice_from(t->found[i])))
            return false;
    assert_true(t->n_found < TALK_ASKED);
    t->found[t->n_found++] = copy(key);
    t->last_find = *find;
    return true;
}

static void note_asked(struct talk *t, const struct list_question *question)
{
    for (size_t i = 0; i < t->n_asked; i++)
        if (t->was_taken[i] && slice_equal(question->url, slice_from(t->asked[i])))
            fail_msg("asked twice: %s", t->asked[i]);
    assert_true(t->n_asked < TALK_ASKED);
    t->asked[t->n_asked] = copy(question->url);
    t->questions[t->n_asked++] = *question;
}

static void settle(struct talk *t, struct list_row *list, const struct list_outcome *outcome,
                   bool has_news)
{
    const bool goes_on = has_news || !outcome->needs_news;

    t->n_outside += (size_t)outcome->n_outside;
    if (outcome->message.len > 0)
        (void)snprintf(t->said + strlen(t->said), sizeof t->said - strlen(t->said), "[%.*s]",
                       SLICE_ARG(outcome->message));
    for (size_t i = 0; goes_on && i < outcome->n_lists; i++)
        keep_list(t, &outcome->lists[i], list->depth + 1);
    if (outcome->is_refused) {
        t->is_refused = true;
    } else if (outcome->is_failed) {
        list->n_tries++;
        list->state = outcome->is_over || list->n_tries >= 4 ? LIST_FAILED : LIST_QUEUED;
        t->n_failed += list->state == LIST_FAILED;
    } else {
        list->n_tries = 0;
        list->cursor = outcome->cursor;
        list->n_left = outcome->n_left;
        list->state = outcome->is_over || !goes_on ? LIST_DONE : LIST_QUEUED;
    }
}

static void converse(struct talk *t, struct list_row *list, struct reply *reply)
{
    struct list_question question = {0};
    struct list_outcome outcome = {0};
    struct fetch_answer fetched = {0};
    struct ww_error why = {.status = WW_INVALID};
    struct list_answer answer = {.fetched = &fetched, .is_last_piece = true, .now = TALK_NOW};
    bool has_news = false;
    char *url;

    assert_int_equal(t->source->ask(&t->context, list, &t->arena, &question, NULL), WW_OK);
    memset(reply, 0, sizeof *reply);
    reply->finds.n_pages = -1;
    url = copy(question.url);
    t->answers(t, url, reply);
    note_asked(t, &question);
    buf_init(&fetched.head, 4096);
    buf_init(&fetched.body, 65536);
    buf_add_string(&fetched.head, reply->head != NULL ? reply->head : "");
    buf_add_string(&fetched.body, reply->body != NULL ? reply->body : "");
    fetched.http_status = reply->status;
    answer.url = question.url;
    reply->finds.rows = reply->rows;
    reply->finds.lists = reply->lists;
    if (reply->next[0] != '\0')
        reply->finds.next = slice_from(reply->next);
    if (question.format == FINDS_FORMAT_COUNT)
        reply->is_read = false;
    if (reply->unread != NULL) {
        (void)snprintf(why.message, sizeof why.message, "%s", reply->unread);
        answer.why = &why;
    }
    if (reply->is_raw && question.format != FINDS_FORMAT_COUNT) {
        reply->is_read = finds_read(question.format, slice_from(reply->body), question.url,
                                    &t->arena, &reply->finds, &why) == WW_OK;
        answer.why = reply->is_read ? NULL : &why;
    }
    if (reply->status == 200 && reply->is_read)
        answer.finds = &reply->finds;
    assert_int_equal(t->source->read(&t->context, list, &answer, &t->arena, &outcome, NULL), WW_OK);
    t->was_taken[t->n_asked - 1] = !outcome.is_failed;
    for (size_t i = 0; i < outcome.n_finds; i++)
        has_news = keep_find(t, &outcome.finds[i]) || has_news;
    outcome.cursor = arena_copy(&t->arena, outcome.cursor);
    for (size_t i = 0; i < outcome.n_lists; i++)
        outcome.lists[i].cursor = arena_copy(&t->arena, outcome.lists[i].cursor);
    settle(t, list, &outcome, has_news);
    buf_release(&fetched.head);
    buf_release(&fetched.body);
    free(url);
}

/* To the end, which has to come within so many requests. */
void talk_play(struct talk *t, size_t n_most)
{
    struct reply *reply = malloc(sizeof *reply);
    struct list_row *lists = NULL, *list;
    size_t n_lists = 0;

    assert_non_null(reply);
    assert_int_equal(t->source->begin(&t->context, &t->arena, &lists, &n_lists, NULL), WW_OK);
    for (size_t i = 0; i < n_lists; i++)
        keep_list(t, &lists[i], 0);
    while (!t->is_refused && (list = next_list(t)) != NULL) {
        if (t->n_asked >= n_most)
            fail_msg("more than %zu requests, the last for %s", n_most,
                     t->n_asked > 0 ? t->asked[t->n_asked - 1] : "nothing");
        converse(t, list, reply);
    }
    free(reply);
}

struct talk *talk_new(void)
{
    struct talk *t = malloc(sizeof *t);

    assert_non_null(t);
    return t;
}

size_t talk_count(const struct talk *t, const char *part)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n_asked; i++)
        n += strstr(t->asked[i], part) != NULL;
    return n;
}

bool talk_has_found(const struct talk *t, const char *part)
{
    for (size_t i = 0; i < t->n_found; i++)
        if (strstr(t->found[i], part) != NULL)
            return true;
    return false;
}

void talk_assert_says(const struct talk *t, const char *part)
{
    if (strstr(t->said, part) == NULL)
        fail_msg("'%s' is not in: %s", part, t->said);
}

/* ---- replies --------------------------------------------------------------------------------- */

struct date talk_second(int64_t at)
{
    return (struct date){.at = at, .precision = DATE_SECOND, .has_zone = true};
}

struct find *reply_add_page(struct reply *r, const char *url, int64_t published)
{
    struct find *find = &r->rows[r->finds.n_rows];

    assert_true(r->finds.n_rows < REPLY_ROWS);
    (void)snprintf(r->text[r->finds.n_rows++], sizeof r->text[0], "%s", url);
    *find = (struct find){.url = slice_from(r->text[r->finds.n_rows - 1])};
    if (published != 0)
        find->published = talk_second(published);
    r->status = 200;
    r->is_read = true;
    return find;
}

struct finds_list *reply_add_part(struct reply *r, const char *url)
{
    struct finds_list *list = &r->lists[r->finds.n_lists];
    char *text = r->text[REPLY_ROWS - 1 - r->finds.n_lists];

    assert_true(r->finds.n_lists + r->finds.n_rows < REPLY_ROWS);
    (void)snprintf(text, sizeof r->text[0], "%s", url);
    *list = (struct finds_list){.url = slice_from(text)};
    r->finds.n_lists++;
    r->status = 200;
    r->is_read = true;
    return list;
}

bool talk_is(const char *url, const char *other)
{
    return strcmp(url, other) == 0;
}

/* The number behind the last occurrence of a word; -1: it is not there. */
long talk_number(const char *url, const char *word)
{
    const char *at = strstr(url, word);

    return at == NULL ? -1 : strtol(at + strlen(word), NULL, 10);
}

void reply_set_body(struct reply *r, const char *body)
{
    r->status = 200;
    r->is_raw = true;
    r->body = body;
}

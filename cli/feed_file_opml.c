/* feed_file_opml.c - feeds out of an OPML file, through the jail: it may come from anybody. */
#include "cli/feed_file_opml.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "feeds/opml.h"

#define REMARKS_MAX 20 /* of one file; the rest is counted */

struct taking {
    struct cli *cli;
    const char *path;
    struct feed_file *out;
    size_t room;
    size_t n_remarks;
};

static void remark(struct taking *t, const struct outline *o, const char *what)
{
    struct slice name = o->title.len > 0 ? o->title : o->url;

    if (++t->n_remarks <= REMARKS_MAX)
        cli_say(t->cli, "%s: %.*s: %s", t->path, SLICE_ARG(text_cut(name, 80)), what);
}

static void leave_out(struct taking *t, const struct outline *o, const char *what)
{
    t->out->n_left_out++;
    remark(t, o, what);
}

/* A value that is none of ours is said and left away; the feed is worth more than it. */
static enum ww_status take_feed(struct taking *t, const struct outline *o, struct ww_error *err)
{
    const struct {
        enum feed_field field;
        struct slice value;
    } values[] = {
        {FIELD_TITLE,    o->title   },
        {FIELD_OUTLET,   o->outlet  },
        {FIELD_SITE,     o->page_url},
        {FIELD_FOLDER,   o->folder  },
        {FIELD_COUNTRY,  o->country },
        {FIELD_LANGUAGE, o->language},
        {FIELD_TAGS,     o->tags    },
        {FIELD_TIER,     o->tier    },
        {FIELD_STATE,    o->state   },
        {FIELD_SELECTOR, o->selector},
        {FIELD_NOTE,     o->note    },
        {FIELD_EXTRA,    o->extra   },
    };
    struct filed_feed *feed;
    struct feed_row trial = {0};
    struct ww_error why = {0};

    if (feed_field_set(&trial, FIELD_URL, o->url, &t->cli->arena, &why) != WW_OK) {
        leave_out(t, o, why.message);
        return WW_OK;
    }
    feed = feed_file_add(t->cli, t->out, &t->room);
    if (feed == NULL)
        return arena_check(&t->cli->arena, err);
    (void)feed_file_set(t->cli, feed, FIELD_URL, o->url, NULL);
    if (o->kind == OUTLINE_PAGE)
        (void)feed_file_set(t->cli, feed, FIELD_KIND, SLICE("page"), NULL);
    for (size_t i = 0; i < WW_COUNT(values); i++)
        if (feed_file_set(t->cli, feed, values[i].field, values[i].value, &why) != WW_OK)
            remark(t, o, why.message);
    return WW_OK;
}

static enum ww_status take_outline(struct taking *t, const struct outline *o, struct ww_error *err)
{
    struct arena *a = &t->cli->arena;

    switch (o->kind) {
    case OUTLINE_FEED:
    case OUTLINE_PAGE:
        return take_feed(t, o, err);
    case OUTLINE_SITE:
        leave_out(t, o,
                  arena_printf(a, "a site without a feed; try  wirewatch feed discover %.*s",
                               SLICE_ARG(o->url))
                      .ptr);
        break;
    case OUTLINE_LINK:
        leave_out(t, o, arena_printf(a, "a link to %.*s, no feed", SLICE_ARG(o->url)).ptr);
        break;
    case OUTLINE_INCLUDE:
        leave_out(
            t, o,
            arena_printf(a, "another list, %.*s, which is not fetched", SLICE_ARG(o->url)).ptr);
        break;
    case OUTLINE_KIND_COUNT:
        break;
    }
    return WW_OK;
}

static enum ww_status parse(struct cli *cli, struct workers *workers, struct slice bytes,
                            struct opml *out, struct ww_error *err)
{
    struct workers_answer answer = {0};
    struct buf request;
    enum ww_status status;

    buf_init(&request, REQUEST_MAX_BYTES);
    parse_request_opml(&request, bytes);
    status = buf_finish(&request, err);
    if (status == WW_OK)
        status = workers_submit(workers, 1, buf_slice(&request), err);
    if (status == WW_OK)
        status = workers_wait(workers, -1, &answer, err);
    if (status == WW_OK && answer.status != WW_OK) {
        *err = answer.error;
        status = answer.status;
    }
    /* A copy: the rows outlive the next file's answer. */
    if (status == WW_OK)
        status = parse_answer_opml(arena_copy(&cli->arena, answer.record), &cli->arena, out, err);
    buf_release(&request);
    return status;
}

/* What is lost of the file as a whole. */
static void say_losses(const struct taking *t, const struct opml *list)
{
    if (t->n_remarks > REMARKS_MAX)
        cli_say(t->cli, "%s: %zu more remarks", t->path, t->n_remarks - REMARKS_MAX);
    if (list->is_broken)
        cli_say(t->cli, "%s: not well-formed; read as far as it goes", t->path);
    if (list->lost.len > 0)
        cli_say(t->cli, "%s: attributes of other programs that are not kept: %.*s", t->path,
                SLICE_ARG(list->lost));
    if (list->n_empty > 0)
        cli_say(t->cli, "%s: %zu folder%s without a feed, not kept", t->path, list->n_empty,
                list->n_empty == 1 ? "" : "s");
    if (list->n_dropped > 0)
        cli_say(t->cli, "%s: %zu feeds more than the %d that one file may bring", t->path,
                list->n_dropped, OPML_FEEDS_MAX);
}

enum ww_status feed_file_read_opml(struct cli *cli, struct workers *workers, struct slice bytes,
                                   const char *path, struct feed_file *out, struct ww_error *err)
{
    struct taking t = {.cli = cli, .path = path, .out = out};
    struct opml list = {0};
    enum ww_status status = parse(cli, workers, bytes, &list, err);

    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++)
        status = take_outline(&t, &list.rows[i], err);
    if (status != WW_OK)
        return ww_context(err, status, "%s", path);
    out->n_left_out += list.n_dropped;
    say_losses(&t, &list);
    return WW_OK;
}

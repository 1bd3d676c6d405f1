/* cmd_article_events.c - wirewatch article events: what became of what was told of. */
#include "base/attrs.h"
#include "cli/article_facts.h"
#include "cli/output.h"
#include "storage/store_articles.h"
#include "storage/store_events.h"
#include "storage/store_looks.h"

#include <inttypes.h>
#include <sysexits.h>

#define EVENTS_SHOWN 50

static const struct column columns[] = {
    {"id",      COLUMN_RIGHT | COLUMN_HIDDEN},
    {"at",      0                           },
    {"kind",    0                           },
    {"how",     0                           },
    {"noted",   0                           },
    {"article", COLUMN_RIGHT                },
    {"newer",   COLUMN_RIGHT | COLUMN_HIDDEN},
    {"story",   COLUMN_RIGHT | COLUMN_HIDDEN},
    {"outlet",  0                           },
    {"title",   COLUMN_WIDE                 },
    {"url",     COLUMN_HIDDEN               },
};

static void put_optional(struct output *o, int64_t id)
{
    if (id != 0)
        output_number(o, id);
    else
        output_none(o);
}

static void put_row(struct output *o, const struct event_row *e, const struct article_row *a)
{
    output_number(o, e->id);
    output_time(o, e->at);
    output_string(o, event_kind_name(e->kind));
    output_text(o, e->how);
    if (e->kind == EVENT_CHANGED)
        output_bool(o, e->is_noted);
    else
        output_none(o);
    output_number(o, e->article_id);
    put_optional(o, e->newer_id);
    put_optional(o, a->story_id);
    output_text(o, a->outlet);
    output_text(o, a->title);
    output_text(o, a->url);
    output_end_row(o);
}

int command_article_events(struct cli *cli)
{
    struct event_filter filter = {.window = cli_window(cli, EVENTS_SHOWN)};
    struct article_row a = {0};
    struct event_list list = {0};
    struct ww_error err = {0};
    enum ww_status status = WW_OK;
    struct output *o;

    if (cli->n_words > 0)
        status = article_find(cli, cli->words[0], &a, &err);
    filter.article_id = a.id;
    if (status == WW_OK)
        status = store_list_events(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        status = store_article(cli->store, list.rows[i].article_id, &cli->arena, &a, &err);
        if (status == WW_OK)
            put_row(o, &list.rows[i], &a);
    }
    if (output_close(o) == 0 && status == WW_OK && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no events");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- of one article -------------------------------------------------------------------------- */

/* "changed, and the page does not say so: article 12 is now 15". */
static struct slice say(struct cli *cli, const struct event_row *e)
{
    switch (e->kind) {
    case EVENT_CHANGED:
        return arena_printf(&cli->arena,
                            "changed, and the page %s so: article %" PRId64 " became %" PRId64,
                            e->is_noted ? "says" : "does not say", e->article_id, e->newer_id);
    case EVENT_REMOVED:
        return arena_printf(&cli->arena, "removed (%.*s)", SLICE_ARG(e->how));
    case EVENT_RETURNED:
        return SLICE("there again");
    }
    return (struct slice){"", 0};
}

static enum ww_status put_look(struct cli *cli, int64_t page_id, struct ww_error *err)
{
    struct look_row look;
    enum ww_status status = store_look(cli->store, page_id, &cli->arena, &look, err);

    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (look.missing.len > 0 && !look.is_removed)
        output_fact(cli, "page",
                    arena_printf(&cli->arena, "not there since %.*s (%.*s); to be made sure of",
                                 SLICE_ARG(output_moment(cli, look.missing_since)),
                                 SLICE_ARG(look.missing)));
    output_fact(cli, "next look",
                look.due_at == 0
                    ? SLICE("none: it was looked at for a month")
                    : arena_printf(&cli->arena, "%.*s, number %" PRId64,
                                   SLICE_ARG(output_moment(cli, look.due_at)), look.step + 1));
    return WW_OK;
}

enum ww_status article_put_history(struct cli *cli, const struct article_row *a,
                                   struct ww_error *err)
{
    const struct event_filter filter = {.article_id = a->id};
    struct event_list list;
    enum ww_status status = store_list_events(cli->store, &filter, &cli->arena, &list, err);

    for (size_t i = list.n_rows; status == WW_OK && i-- > 0;)
        output_fact(cli, i + 1 == list.n_rows ? "events" : "",
                    arena_printf(&cli->arena, "%.*s %.*s",
                                 SLICE_ARG(output_moment(cli, list.rows[i].at)),
                                 SLICE_ARG(say(cli, &list.rows[i]))));
    return status == WW_OK && a->page_id != 0 ? put_look(cli, a->page_id, err) : status;
}

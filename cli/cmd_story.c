/* cmd_story.c - wirewatch story list: what an analyst reads in the morning. */
#include "base/attrs.h"
#include "base/limits.h"
#include "base/zone.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store_alerts.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sysexits.h>

#define STORIES_SHOWN 40
#define DAY_S 86400

/* A story and what it is ordered by. */
struct ranked {
    const struct story_row *story;
    int64_t day; /* of the desk, on which the last copy came */
};

static int descending(int64_t x, int64_t y)
{
    return x > y ? -1 : x < y;
}

/* The newest day first; in a day what raised alerts, the gravest first, then what many print. */
static int compare_stories(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    const int64_t keys[][2] = {
        {x->day,                 y->day                },
        {x->story->severity,     y->story->severity    },
        {x->story->n_outlets,    y->story->n_outlets   },
        {x->story->n_articles,   y->story->n_articles  },
        {x->story->last_seen_at, y->story->last_seen_at},
        {x->story->id,           y->story->id          },
    };

    for (size_t i = 0; i < WW_COUNT(keys); i++)
        if (keys[i][0] != keys[i][1])
            return descending(keys[i][0], keys[i][1]);
    return 0;
}

static struct ranked *rank(struct cli *cli, const struct story_list *list)
{
    struct ranked *out = arena_array(&cli->arena, list->n_rows + 1, sizeof(*out));

    for (size_t i = 0; out != NULL && i < list->n_rows; i++) {
        const int64_t at = list->rows[i].last_seen_at;

        out[i] =
            (struct ranked){&list->rows[i], (at + zone_offset_s(cli->config.timezone, at)) / DAY_S};
    }
    if (out != NULL && list->n_rows > 0)
        qsort(out, list->n_rows, sizeof(*out), compare_stories);
    return out;
}

static void put_row(struct cli *cli, struct output *o, const struct story_row *s)
{
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, s->id));
    output_time(o, s->first_seen_at);
    output_time(o, s->last_seen_at);
    output_string(o,
                  s->severity == 0 ? NULL : alert_severity_name((enum alert_severity)s->severity));
    output_number(o, s->n_alerts);
    output_number(o, s->n_articles);
    output_number(o, s->n_outlets);
    output_number(o, s->n_origins);
    output_text(o, s->language);
    output_text(o, s->outlet);
    output_time(o, s->published_at);
    output_text(o, s->title.len > 0 ? s->title : s->url);
    output_text(o, s->url);
    output_end_row(o);
}

static bool read_filter(struct cli *cli, struct story_filter *out, struct store_window *shown)
{
    const struct slice copies = slice_from(cli->values[OPTION_COPIES]);
    unsigned long long n = 0;

    *shown = cli_window(cli, STORIES_SHOWN);
    *out = (struct story_filter){.window = *shown, .has_alert = cli_has(cli, OPTION_ALERTS)};
    if (copies.ptr != NULL && !slice_number(copies, INT32_MAX, &n))
        return false;
    out->n_articles_min = (int64_t)n;
    /* They are ordered here: what is shown is chosen from the newest of all. */
    out->window.offset = 0;
    out->window.limit =
        shown->limit > ALL_ROWS - shown->offset ? ALL_ROWS : shown->limit + shown->offset;
    if (out->window.limit < STORE_LIST_MAX)
        out->window.limit = STORE_LIST_MAX;
    return true;
}

int command_story_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",            0            },
        {"first_seen_at", COLUMN_HIDDEN},
        {"last_seen_at",  0            },
        {"alert",         0            },
        {"alerts",        COLUMN_HIDDEN},
        {"articles",      COLUMN_HIDDEN},
        {"outlets",       COLUMN_RIGHT },
        {"origins",       COLUMN_RIGHT },
        {"language",      0            },
        {"outlet",        COLUMN_HIDDEN},
        {"published_at",  COLUMN_HIDDEN},
        {"title",         COLUMN_WIDE  },
        {"url",           COLUMN_HIDDEN}
    };
    struct story_filter filter;
    struct store_window shown;
    struct story_list list;
    struct ww_error err = {0};
    enum ww_status status;
    struct ranked *ranked;
    struct output *o;
    size_t n_shown;

    if (!read_filter(cli, &filter, &shown))
        return cli_usage(cli, "--copies: \"%s\" is no number", cli->values[OPTION_COPIES]);
    status = store_list_stories(cli->store, &filter, &cli->arena, &list, &err);
    ranked = status == WW_OK ? rank(cli, &list) : NULL;
    if (ranked == NULL)
        return cli_fail(cli, status == WW_OK ? arena_check(&cli->arena, &err) : status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = shown.offset; i < list.n_rows && i - shown.offset < shown.limit; i++)
        put_row(cli, o, ranked[i].story);
    n_shown = output_close(o);
    if (n_shown == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no stories");
    if (n_shown == STORIES_SHOWN && cli->limit < 0 && list.n_rows > n_shown + shown.offset &&
        cli->format == FORMAT_HUMAN)
        cli_say(cli, "%d stories; --limit 0 lists all", STORIES_SHOWN);
    return EX_OK;
}

/* cmd_story.c - wirewatch story: one story, however many outlets print it. */
#include "base/date.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store_articles.h"
#include "storage/store_stories.h"

#include <inttypes.h>
#include <sysexits.h>

#define STORIES_SHOWN 50

int command_story_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",            0            },
        {"first_seen_at", 0            },
        {"last_seen_at",  COLUMN_HIDDEN},
        {"articles",      COLUMN_RIGHT },
        {"outlets",       COLUMN_RIGHT },
        {"language",      0            },
        {"outlet",        0            },
        {"published_at",  COLUMN_HIDDEN},
        {"title",         COLUMN_WIDE  },
        {"url",           COLUMN_HIDDEN}
    };
    struct story_filter filter = {.window = cli_window(cli, STORIES_SHOWN)};
    struct story_list list;
    struct ww_error err = {0};
    enum ww_status status = store_list_stories(cli->store, &filter, &cli->arena, &list, &err);
    struct output *o;

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct story_row *s = &list.rows[i];

        output_text(o, arena_printf(&cli->arena, "s%" PRId64, s->id));
        output_time(o, s->first_seen_at);
        output_time(o, s->last_seen_at);
        output_number(o, s->n_articles);
        output_number(o, s->n_outlets);
        output_text(o, s->language);
        output_text(o, s->outlet);
        output_time(o, s->published_at);
        output_text(o, s->title);
        output_text(o, s->url);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

/* How a copy is related to an earlier article of its story; NULL: it is the first. */
static enum ww_status find_relation(struct cli *cli, int64_t article_id, struct relation_row *out,
                                    struct ww_error *err)
{
    struct relation_list list;
    enum ww_status status = store_list_relations(cli->store, article_id, &cli->arena, &list, err);

    *out = (struct relation_row){0};
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        if (list.rows[i].article_id == article_id && list.rows[i].containment >= out->containment)
            *out = list.rows[i];
    return status;
}

static enum ww_status put_copies(struct cli *cli, int64_t story_id, struct ww_error *err)
{
    static const struct column columns[] = {
        {"article",       COLUMN_RIGHT },
        {"first_seen_at", 0            },
        {"published_at",  0            },
        {"kind",          0            },
        {"of",            COLUMN_RIGHT },
        {"containment",   COLUMN_RIGHT },
        {"jaccard",       COLUMN_HIDDEN},
        {"outlet",        0            },
        {"language",      0            },
        {"title",         COLUMN_WIDE  },
        {"url",           COLUMN_HIDDEN}
    };
    struct article_filter filter = {
        .window = {.limit = ALL_ROWS}, .story_id = story_id, .order = ARTICLE_BY_ID};
    struct article_list list;
    enum ww_status status = store_list_articles(cli->store, &filter, &cli->arena, &list, err);
    struct output *o = status == WW_OK ? output_open(cli, columns, WW_COUNT(columns)) : NULL;

    for (size_t i = 0; o != NULL && i < list.n_rows && status == WW_OK; i++) {
        const struct article_row *a = &list.rows[i];
        struct relation_row relation;

        status = find_relation(cli, a->id, &relation, err);
        output_number(o, a->id);
        output_time(o, a->first_seen_at);
        output_time(o, a->published_at);
        output_text(o, relation.other_id != 0 ? relation.kind : SLICE("first"));
        if (relation.other_id != 0) {
            output_number(o, relation.other_id);
            output_real(o, relation.containment);
            output_real(o, relation.jaccard);
        } else {
            output_none(o);
            output_none(o);
            output_none(o);
        }
        output_text(o, a->outlet);
        output_text(o, a->language);
        output_text(o, a->title);
        output_text(o, a->url);
        output_end_row(o);
    }
    if (o != NULL)
        (void)output_close(o);
    return status;
}

int command_story_show(struct cli *cli)
{
    struct story_row s;
    struct ww_error err = {0};
    enum ww_status status;
    char text[DATE_TEXT_BYTES];
    int64_t id;

    if (!cli_id(cli->words[0], 's', &id))
        return cli_usage(cli, "\"%s\" is no story number (s5)", cli->words[0]);
    status = store_story(cli->store, id, &cli->arena, &s, &err);
    if (status == WW_NOT_FOUND)
        (void)ww_fail(&err, status, "no story s%" PRId64 "; wirewatch story list shows them", id);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format == FORMAT_HUMAN) {
        output_visible(cli->out, s.title.len > 0 ? s.title : s.url, 0);
        (void)fprintf(cli->out,
                      "\nstory s%" PRId64 ": %" PRId64 " article%s in %" PRId64
                      " outlet%s, first seen %s\nfullest text: ",
                      s.id, s.n_articles, s.n_articles == 1 ? "" : "s", s.n_outlets,
                      s.n_outlets == 1 ? "" : "s", date_format(s.first_seen_at, text));
        output_visible(cli->out, s.url, 0);
        (void)fputs("\n\n", cli->out);
    }
    status = put_copies(cli, id, &err);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

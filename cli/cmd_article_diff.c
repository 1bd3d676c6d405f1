/* cmd_article_diff.c - wirewatch article diff: what changed between versions or copies. */
#include "cli/article_changes.h"
#include "cli/article_facts.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/wrap.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <sysexits.h>

#define FACTS_SHOWN 12

/* The version of the same address before this one. */
static enum ww_status find_before(struct cli *cli, const struct article_row *after,
                                  struct article_row *out, struct ww_error *err)
{
    struct article_filter filter = {
        .canonical = after->canonical, .order = ARTICLE_BY_ID, .window = {.limit = ALL_ROWS}};
    struct article_list list;
    enum ww_status status = store_list_articles(cli->store, &filter, &cli->arena, &list, err);
    bool is_found = false;

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        if (list.rows[i].version < after->version &&
            (!is_found || list.rows[i].version > out->version)) {
            *out = list.rows[i];
            is_found = true;
        }
    if (status != WW_OK || is_found)
        return status;
    return ww_fail(err, WW_NOT_FOUND,
                   "article %" PRId64 " is the first version of its address%s; name another to "
                   "compare it with",
                   after->id, list.n_rows > 1 ? "" : ", and the only one");
}

static enum ww_status find_pair(struct cli *cli, struct article_row *before,
                                struct article_row *after, struct ww_error *err)
{
    enum ww_status status;

    if (cli->n_words == 1) {
        status = article_find(cli, cli->words[0], after, err);
        return status == WW_OK ? find_before(cli, after, before, err) : status;
    }
    status = article_find(cli, cli->words[0], before, err);
    if (status == WW_OK)
        status = article_find(cli, cli->words[1], after, err);
    return status;
}

/* "- 12  Northmoor Post, 2022-10-21 08:12, version 1". */
static void put_side(struct cli *cli, char mark, const struct article_row *a)
{
    struct wrap w;
    const enum wrap_mark color = mark == '-' ? WRAP_REMOVED : WRAP_ADDED;

    wrap_init(&w, cli, 4);
    wrap_text(&w,
              arena_printf(&cli->arena, "%c%c%c %.*s, %.*s, version %" PRId64 ", article %" PRId64,
                           mark, mark, mark, SLICE_ARG(a->outlet.len > 0 ? a->outlet : a->site),
                           SLICE_ARG(article_when(cli, a)), a->version, a->id),
              color);
    wrap_end(&w);
    wrap_release(&w);
}

static void put_summary(struct cli *cli, const struct text_diff *d)
{
    const struct slice facts = article_changed_facts(cli, d, FACTS_SHOWN);
    struct wrap w;

    wrap_init(&w, cli, 4);
    if (!text_diff_differs(d)) {
        wrap_string(&w, "no sentence differs", WRAP_PLAIN);
    } else {
        wrap_string(&w, facts.len > 0 ? "changed: " : "no figure, name or status changed",
                    WRAP_BOLD);
        wrap_text(&w, facts, WRAP_BOLD);
    }
    wrap_end(&w);
    if (d->is_coarse) {
        wrap_string(&w, "too much differs to be followed word by word", WRAP_QUIET);
        wrap_end(&w);
    }
    wrap_release(&w);
}

int command_article_diff(struct cli *cli)
{
    struct article_row before = {0}, after = {0};
    struct text_diff d;
    struct ww_error err = {0};
    enum ww_status status = find_pair(cli, &before, &after, &err);

    if (status == WW_OK)
        status = article_compare(cli, &before, &after, &cli->arena, &d, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN) {
        if (!article_put_change_rows(cli, &d, before.id, after.id))
            return EX_USAGE;
    } else {
        put_side(cli, '-', &before);
        put_side(cli, '+', &after);
        put_summary(cli, &d);
        if (text_diff_differs(&d) || cli_has(cli, OPTION_ALL)) {
            (void)fputc('\n', cli->out);
            article_put_changes(cli, &d, cli_has(cli, OPTION_ALL));
        }
    }
    return text_diff_differs(&d) ? EXIT_FINDINGS : EX_OK;
}

/* cmd_feed_discover.c - wirewatch feed discover; and what it shares with feed add. */
#include "base/url.h"
#include "cli/desk.h"
#include "cli/feed_found.h"
#include "crawler/ask.h"
#include "crawler/workers.h"

#include <sysexits.h>

enum ww_status feed_found_look(struct cli *cli, struct workers *workers, const char *word,
                               struct found_feeds *out, struct ww_error *err)
{
    struct crawl_options options = desk_crawl_options(cli);
    struct ask_means means = {&options, workers, &cli->clock, &cli->log, &cli->arena};
    struct slice selector = slice_from(cli->values[OPTION_SELECTOR]);
    struct slice url = slice_from(word);
    bool has_scheme = slice_contains(url, SLICE("://"));
    enum ww_status status;

    if (!has_scheme)
        url = arena_printf(&cli->arena, "https://%s", word);
    if (slice_starts_nocase(url, SLICE("feed://")))
        url = arena_printf(&cli->arena, "http%.*s", SLICE_ARG(slice_skip(url, 4)));
    if (!url_is_fetchable(url))
        return ww_fail(err, WW_INVALID, "%s is no http or https address", word);
    status = discover_feeds(&means, url, selector, out, err);
    /* Nobody said https but we; yet whoever answers it badly is not asked in the clear instead. */
    if (!has_scheme && out->is_nobody)
        status = discover_feeds(&means, arena_printf(&cli->arena, "http://%s", word), selector, out,
                                err);
    return status;
}

struct output *feed_found_open(struct cli *cli)
{
    static const struct column columns[] = {
        {"n",         COLUMN_RIGHT },
        {"best",      0            },
        {"format",    0            },
        {"entries",   COLUMN_RIGHT },
        {"newest_at", 0            },
        {"full_text", 0            },
        {"language",  0            },
        {"title",     COLUMN_WIDE  },
        {"url",       COLUMN_WIDE  },
        {"found",     0            },
        {"problem",   COLUMN_WIDE  },
        {"asked",     COLUMN_HIDDEN}
    };

    return output_open(cli, columns, WW_COUNT(columns));
}

void feed_found_put(struct output *o, const char *asked, const struct found_feeds *found)
{
    for (size_t i = 0; i < found->n_rows; i++) {
        const struct found_feed *f = &found->rows[i];

        output_number(o, (int64_t)i + 1);
        output_bool(o, i == found->best);
        output_string(o, f->format);
        output_number(o, (int64_t)f->n_entries);
        output_time(o, f->newest_at);
        output_bool(o, f->n_entries > 0 && f->n_full_text * 2 > f->n_entries);
        output_text(o, f->language);
        output_text(o, f->title);
        output_text(o, f->url);
        output_string(o, found_how_name(f->how));
        output_text(o, f->is_comments ? SLICE("of comments") : f->problem);
        output_string(o, asked);
        output_end_row(o);
    }
}

void feed_found_explain(struct cli *cli, const struct found_feeds *found, bool is_taken)
{
    const char *words = is_taken ? "is taken" : "would be taken";
    const char *other = is_taken ? "--pick N" : "feed add --pick N";

    if (found->n_unread > 0)
        cli_say(cli, "%zu more are announced that were not looked at: give the address of one",
                found->n_unread);
    if (found->n_rows < 2)
        return;
    if (found->n_alike > 1)
        cli_say(cli, "%zu of them are alike%s%s; number %zu %s: %s takes another", found->n_alike,
                found->why[0] != '\0' ? ", " : "", found->why, found->best + 1, words, other);
    else
        cli_say(cli, "number %zu %s: %s; %s takes another", found->best + 1, words, found->why,
                other);
}

int command_feed_discover(struct cli *cli)
{
    struct workers *workers = NULL;
    struct output *o = feed_found_open(cli);
    struct ww_error err = {0};
    enum ww_status status;
    int exit_status = EX_OK;

    if (o == NULL)
        return EX_USAGE;
    status = workers_open(cli->forkserver, 1, &workers, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    for (int i = 0; i < cli->n_words && status != WW_NOMEM; i++) {
        struct found_feeds found;

        status = feed_found_look(cli, workers, cli->words[i], &found, &err);
        if (status != WW_OK) {
            exit_status = cli_fail(cli, status, &err);
            continue;
        }
        feed_found_put(o, cli->words[i], &found);
        feed_found_explain(cli, &found, false);
    }
    workers_close(workers);
    (void)output_close(o);
    return exit_status;
}

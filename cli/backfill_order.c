/* backfill_order.c - the words of wirewatch backfill. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/backfill_order.h"

#include "base/clock.h"
#include "base/limits.h"
#include "cli/feed_fields.h"
#include "crawler/history/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#define LOCK_WAIT_MS 30000
#define RATE_MAX 600
#define MINUTE_MS 60000

static const char *const local_sources[] = {"files", "mailbox", "warc"};

bool backfill_is_local(struct slice source)
{
    for (size_t i = 0; i < WW_COUNT(local_sources); i++)
        if (slice_equal(source, slice_from(local_sources[i])))
            return true;
    return false;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool read_number(struct cli *cli, enum option_id id, int64_t max, int64_t *out)
{
    const char *text = cli->values[id];
    unsigned long long n = 0;

    if (text == NULL)
        return true;
    if (!slice_number(slice_from(text), (unsigned long long)max, &n) || n == 0) {
        (void)cli_usage(cli, "%s wants a number from 1 to %lld, not \"%s\"", cli_options[id].name,
                        (long long)max, text);
        return false;
    }
    *out = (int64_t)n;
    return true;
}

int backfill_read_limits(struct cli *cli, struct backfill_limits *out)
{
    int64_t rate = 0;

    *out = (struct backfill_limits){0};
    if (!read_number(cli, OPTION_RATE, RATE_MAX, &rate) ||
        !read_number(cli, OPTION_BUDGET, INT32_MAX, &out->budget))
        return EX_USAGE;
    if (rate > 0)
        out->delay_ms = (MINUTE_MS + rate - 1) / rate;
    out->lock_wait_ms = cli_lock_wait_ms(cli, LOCK_WAIT_MS);
    return EX_OK;
}

void backfill_put_limits(const struct backfill_limits *limits, struct backfill_row *order)
{
    if (limits->delay_ms > 0)
        order->delay_ms = limits->delay_ms;
    order->budget = limits->budget > 0 ? order->n_requests + limits->budget : 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* A path means the same wherever the backfill is taken up again. NULL when it is not there. */
static const char *whole_path(struct cli *cli, const char *path)
{
    char room[PATH_MAX_BYTES + 1];

    return realpath(path, room) != NULL ? arena_string(&cli->arena, slice_from(room)) : NULL;
}

static int add_word(struct cli *cli, const char *word, bool is_path, struct slice *target)
{
    const char *whole = is_path ? whole_path(cli, word) : word;

    if (whole == NULL) {
        struct ww_error err = {0};

        return cli_fail(cli, ww_fail(&err, WW_NOT_FOUND, "%s: %s", word, strerror(errno)), &err);
    }
    if (strpbrk(whole, "\r\n") != NULL)
        return cli_usage(cli, "\"%s\" holds a line break", word);
    *target = arena_printf(&cli->arena, "%.*s%s%s", SLICE_ARG(*target), target->len > 0 ? "\n" : "",
                           whole);
    return EX_OK;
}

/* A feed that is known by its number goes into the order by its address: that is what is asked. */
static int find_address(struct cli *cli, const char **word)
{
    struct feed_row f;
    struct ww_error err = {0};
    enum ww_status status;
    int64_t id;

    if (!cli_id(*word, 'f', &id))
        return EX_OK;
    status = feed_find(cli, *word, &f, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    *word = arena_string(&cli->arena, f.url);
    return EX_OK;
}

static int read_choices(struct cli *cli, const struct source *source, struct backfill_row *out)
{
    const char *captures = cli->values[OPTION_CAPTURES];

    if (cli_has(cli, OPTION_MATCH_FIRST) && cli_has(cli, OPTION_NO_MATCH_FIRST))
        return cli_usage(cli, "--match-first and --no-match-first: one of them");
    out->matches_first = source != NULL && source->matches_first;
    if (cli_has(cli, OPTION_MATCH_FIRST) || cli_has(cli, OPTION_NO_MATCH_FIRST))
        out->matches_first = cli_has(cli, OPTION_MATCH_FIRST);
    out->captures = source != NULL ? source->captures : CAPTURES_MISSING;
    if (captures != NULL && !backfill_captures_parse(slice_from(captures), &out->captures))
        return cli_usage(cli, "--captures is missing, both or only, not \"%s\"", captures);
    if (cli->since > clock_now(&cli->clock))
        return cli_usage(cli, "--since %s is in the future: nothing was published since",
                         cli->values[OPTION_SINCE]);
    if (source != NULL && source->needs_window && cli->since == 0)
        return cli_usage(cli, "%s has the whole world's news: say --since T, and --until T",
                         source->name);
    return EX_OK;
}

int backfill_read_order(struct cli *cli, struct backfill_row *out)
{
    const struct slice name = slice_from(cli->command->verb);
    const bool is_local = backfill_is_local(name);
    const bool is_feed = slice_equal(name, SLICE("feed"));
    int status;

    *out = (struct backfill_row){.source = name, .since_at = cli->since, .until_at = cli->until};
    status = read_choices(cli, source_find(name), out);
    for (int i = 0; i < cli->n_words && status == EX_OK; i++) {
        const char *word = cli->words[i];

        if (is_feed)
            status = find_address(cli, &word);
        if (status == EX_OK)
            status = add_word(cli, word, is_local, &out->target);
    }
    return status;
}

/* cmd_site.c - wirewatch site: what reading its pages taught of a site, and forgetting it. */
#include "base/ascii.h"
#include "base/limits.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "crawler/sites.h"
#include "storage/store.h"
#include "storage/store_sites.h"

#include <inttypes.h>
#include <sysexits.h>

#define SITES_SHOWN 50

static const struct column columns[] = {
    {"host",         0           },
    {"name",         COLUMN_WIDE },
    {"stories",      COLUMN_RIGHT},
    {"lines",        COLUMN_RIGHT},
    {"furniture",    COLUMN_RIGHT},
    {"last_seen_at", 0           }
};

static void put_row(struct output *o, const struct site_row *s, const struct site_knowledge *known)
{
    output_text(o, s->host);
    output_text(o, known->name);
    output_number(o, s->n_stories);
    output_number(o, s->n_lines);
    output_number(o, (int64_t)known->n_furniture);
    output_time(o, s->last_seen_at);
    output_end_row(o);
}

int command_site_list(struct cli *cli)
{
    const struct store_window window = cli_window(cli, SITES_SHOWN);
    struct site_list list;
    struct arena arena;
    struct ww_error err = {0};
    enum ww_status status = store_list_sites(cli->store, &window, &cli->arena, &list, &err);
    struct output *o = status == WW_OK ? output_open(cli, columns, WW_COUNT(columns)) : NULL;

    if (status == WW_OK && o == NULL)
        return EX_USAGE;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        struct site_knowledge known;

        arena_reset(&arena);
        status = sites_read(cli->store, &list.rows[i], &arena, &known, &err);
        if (status == WW_OK)
            put_row(o, &list.rows[i], &known);
    }
    arena_release(&arena);
    if (o != NULL && output_close(o) == 0 && status == WW_OK && cli->format == FORMAT_HUMAN)
        cli_say(cli, "nothing was learned of any site yet");
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* HOST is its name, in any case, or an address there. */
static struct slice read_host(struct cli *cli)
{
    struct slice word = slice_from(cli->words[0]);
    char *host;

    if (url_is_fetchable(word))
        return url_host(word, &cli->arena);
    host = arena_string(&cli->arena, word);
    for (size_t i = 0; host != NULL && i < word.len; i++)
        host[i] = ascii_lower(host[i]);
    return slice_from(host);
}

static int fail(struct cli *cli, enum ww_status status, struct ww_error *err)
{
    if (status == WW_NOT_FOUND)
        (void)ww_fail(err, status, "nothing was learned of \"%s\"; wirewatch site list shows sites",
                      cli->words[0]);
    return cli_fail(cli, status, err);
}

int command_site_show(struct cli *cli)
{
    struct site_row s;
    struct site_knowledge known;
    struct ww_error err = {0};
    struct output *o;
    enum ww_status status = store_site(cli->store, read_host(cli), &cli->arena, &s, &err);

    if (status == WW_OK)
        status = sites_read(cli->store, &s, &cli->arena, &known, &err);
    if (status != WW_OK)
        return fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN) {
        o = output_open(cli, columns, WW_COUNT(columns));
        if (o == NULL)
            return EX_USAGE;
        put_row(o, &s, &known);
        (void)output_close(o);
        return EX_OK;
    }
    output_fact(cli, "site", s.host);
    output_fact(cli, "name", known.name.len > 0 ? known.name : SLICE("not known"));
    output_fact(
        cli, "stories",
        arena_printf(&cli->arena, "%" PRId64 " that count, of all that were read", s.n_stories));
    output_fact(cli, "lines",
                arena_printf(&cli->arena, "%" PRId64 " remembered, %zu of them cut from articles",
                             s.n_lines, known.n_furniture));
    output_fact_time(cli, "last seen", s.last_seen_at);
    return EX_OK;
}

int command_site_forget(struct cli *cli)
{
    struct ww_error err = {0};
    const struct slice host = read_host(cli);
    enum ww_status status = store_begin(cli->store, &err);

    if (status == WW_OK)
        status = store_forget_site(cli->store, host, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return fail(cli, status, &err);
    }
    cli_say(cli, "what was learned of %.*s is forgotten; articles stay as they are",
            SLICE_ARG(host));
    return EX_OK;
}

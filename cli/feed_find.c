/* feed_find.c - which feed a word of the command line means, and which it may have meant. */
#include "cli/feed_fields.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/url.h"

#include <inttypes.h>

#define SUGGESTIONS_MAX 3

/* The words that a feed may be called by mistake: its title, its host with and without "www.". */
static bool is_near(const struct feed_row *f, struct slice word, struct arena *arena)
{
    struct slice asked = slice_contains(word, SLICE("://")) ? url_host(word, arena) : word;
    struct slice host = url_host(f->url, arena);
    struct nearest near;

    if (slice_starts(asked, SLICE("www.")))
        asked = slice_skip(asked, 4);
    if (slice_starts(host, SLICE("www.")))
        host = slice_skip(host, 4);
    if (asked.len < 2)
        return false;
    nearest_init(&near, asked);
    nearest_try(&near, arena_string(arena, f->title));
    nearest_try(&near, arena_string(arena, host));
    nearest_try(&near, arena_string(arena, slice_head(host, slice_find_char(host, '.'))));
    return near.best != NULL || slice_contains_nocase(f->title, word) ||
           slice_contains_nocase(f->url, word);
}

static enum ww_status not_found(struct cli *cli, const char *word, struct ww_error *err)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}};
    struct slice offers = {"", 0};
    struct feed_list list;
    size_t n = 0;
    enum ww_status status = store_list_feeds(cli->store, &filter, &cli->arena, &list, err);

    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_rows && n < SUGGESTIONS_MAX; i++) {
        const struct feed_row *f = &list.rows[i];

        if (!is_near(f, slice_from(word), &cli->arena))
            continue;
        offers = arena_printf(&cli->arena, "%.*s%sf%" PRId64 " %.*s", SLICE_ARG(offers),
                              n > 0 ? ", " : "", f->id,
                              SLICE_ARG(text_cut(f->title.len > 0 ? f->title : f->url, 50)));
        n++;
    }
    if (n > 0)
        return ww_fail(err, WW_NOT_FOUND, "no feed \"%.60s\"; did you mean %.*s?", word,
                       SLICE_ARG(offers));
    return ww_fail(err, WW_NOT_FOUND, "no feed \"%.100s\"; wirewatch feed list shows them", word);
}

enum ww_status feed_find(struct cli *cli, const char *word, struct feed_row *out,
                         struct ww_error *err)
{
    enum ww_status status;
    int64_t id;

    if (cli_id(word, 'f', &id))
        status = store_feed(cli->store, id, &cli->arena, out, err);
    else
        status = store_feed_by_url(cli->store, slice_from(word), &cli->arena, out, err);
    return status == WW_NOT_FOUND ? not_found(cli, word, err) : status;
}

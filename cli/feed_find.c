/* feed_find.c - which feed a word of the command line means, and which it may have meant. */
#include "cli/feed_fields.h"

#include "base/nearest.h"
#include "base/text.h"
#include "base/url.h"

#include <inttypes.h>

#define SUGGESTIONS_MAX 3

struct offer {
    const struct feed_row *feed;
    unsigned distance; /* of the word to what the feed may be called */
};

static struct slice without_www(struct slice host)
{
    return slice_starts(host, SLICE("www.")) ? slice_skip(host, 4) : host;
}

/* By its title, its host, the first name of its host, or a part of title or address. */
static bool is_near(const struct feed_row *f, struct slice word, struct arena *arena,
                    unsigned *distance)
{
    struct slice asked = slice_contains(word, SLICE("://")) ? url_host(word, arena) : word;
    struct slice host = without_www(url_host(f->url, arena));
    struct nearest near;

    asked = without_www(asked);
    if (asked.len < 2)
        return false;
    nearest_init(&near, asked);
    nearest_try(&near, arena_string(arena, f->title));
    nearest_try(&near, arena_string(arena, host));
    nearest_try(&near, arena_string(arena, slice_head(host, slice_find_char(host, '.'))));
    *distance = near.distance;
    if (near.best != NULL)
        return true;
    *distance = 1;
    return slice_contains_nocase(f->title, word) || slice_contains_nocase(f->url, word);
}

/* Put it among the nearest; of equals the earlier stays before. */
static void offer(struct offer *offers, size_t *n, const struct feed_row *f, unsigned distance)
{
    size_t at = *n;

    while (at > 0 && offers[at - 1].distance > distance)
        at--;
    if (at == SUGGESTIONS_MAX)
        return;
    if (*n < SUGGESTIONS_MAX)
        (*n)++;
    for (size_t i = *n - 1; i > at; i--)
        offers[i] = offers[i - 1];
    offers[at] = (struct offer){f, distance};
}

static enum ww_status not_found(struct cli *cli, const char *word, struct ww_error *err)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}};
    struct offer offers[SUGGESTIONS_MAX];
    struct slice names = {"", 0};
    struct feed_list list;
    size_t n = 0;
    enum ww_status status = store_list_feeds(cli->store, &filter, &cli->arena, &list, err);

    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_rows; i++) {
        unsigned distance;

        if (is_near(&list.rows[i], slice_from(word), &cli->arena, &distance))
            offer(offers, &n, &list.rows[i], distance);
    }
    if (n == 0)
        return ww_fail(err, WW_NOT_FOUND, "no feed \"%.100s\"; wirewatch feed list shows them",
                       word);
    for (size_t i = 0; i < n; i++) {
        const struct feed_row *f = offers[i].feed;

        names = arena_printf(&cli->arena, "%.*s%sf%" PRId64 " %.*s", SLICE_ARG(names),
                             i > 0 ? ", " : "", f->id,
                             SLICE_ARG(text_cut(f->title.len > 0 ? f->title : f->url, 50)));
    }
    return ww_fail(err, WW_NOT_FOUND, "no feed \"%.60s\"; did you mean %.*s?", word,
                   SLICE_ARG(names));
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

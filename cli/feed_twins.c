/* feed_twins.c - which feeds of a list seem to be one. */
#include "cli/feed_twins.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <stdlib.h>
#include <sysexits.h>

/* One feed under one of its keys; feeds with equal keys are twins. */
struct key {
    struct slice text, language;
    size_t feed; /* of the list */
};

typedef struct slice key_function(const struct feed_row *f, struct arena *arena);

/* ---- keys ------------------------------------------------------------------------------------ */

static struct slice plain_host(struct slice url, struct arena *arena)
{
    struct slice host = url_host(url, arena);

    return slice_starts(host, SLICE("www.")) ? slice_skip(host, 4) : host;
}

static struct slice address_key(struct slice address, struct arena *arena)
{
    struct slice canonical;
    struct url u;

    if (url_canonical(address, arena, &canonical, NULL) != WW_OK)
        return (struct slice){"", 0};
    url_split(canonical, &u);
    while (u.path.len > 0 && u.path.ptr[u.path.len - 1] == '/')
        u.path.len--;
    return arena_printf(arena, "%.*s:%.*s%.*s?%.*s", SLICE_ARG(plain_host(canonical, arena)),
                        SLICE_ARG(u.port), SLICE_ARG(u.path), SLICE_ARG(u.query));
}

static struct slice key_of_address(const struct feed_row *f, struct arena *arena)
{
    return address_key(f->url, arena);
}

static struct slice key_of_target(const struct feed_row *f, struct arena *arena)
{
    return address_key(f->new_url.len > 0 ? f->new_url : f->url, arena);
}

static bool is_format_word(struct slice word)
{
    static const char *const words[] = {"atom",  "default", "feed",   "feeds", "format",
                                        "index", "json",    "output", "php",   "rdf",
                                        "rss",   "rss1",    "rss2",   "type",  "xml"};

    for (size_t i = 0; i < WW_COUNT(words); i++)
        if (slice_equal_nocase(word, slice_from(words[i])))
            return true;
    return false;
}

/* The host and what the path says beside formats: "/world/feed/atom" and "/world/rss.xml" are one.
 */
static struct slice key_of_form(const struct feed_row *f, struct arena *arena)
{
    struct slice key;
    struct buf b;
    struct url u;
    size_t begin = 0;

    url_split(f->url, &u);
    u.path = slice_of(u.path.ptr, u.path.len + (u.has_query ? u.query.len + 1 : 0));
    buf_init(&b, (size_t)4 * URL_MAX_BYTES);
    buf_printf(&b, "%.*s:%.*s", SLICE_ARG(plain_host(f->url, arena)), SLICE_ARG(u.port));
    for (size_t i = 0; i <= u.path.len; i++) {
        struct slice word = slice_sub(u.path, begin, i - begin);

        if (i < u.path.len && (ascii_is_letter(u.path.ptr[i]) || ascii_is_digit(u.path.ptr[i]) ||
                               u.path.ptr[i] == '%' || (unsigned char)u.path.ptr[i] > 0x7F))
            continue;
        if (word.len > 0 && !is_format_word(word))
            buf_printf(&b, "/%.*s", SLICE_ARG(word));
        begin = i + 1;
    }
    key = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return key;
}

static struct slice key_of_title(const struct feed_row *f, struct arena *arena)
{
    struct slice site = url_site(f->url, arena);

    if (f->title.len == 0 || site.len == 0)
        return (struct slice){"", 0};
    return arena_printf(arena, "%.*s:%.*s", SLICE_ARG(site),
                        SLICE_ARG(text_fold_key(f->title, arena)));
}

/* Surest first. */
static const struct {
    key_function *key;
    const char *why;
    bool is_of_language; /* editions in two languages are two; one that says none may be either */
} kinds[] = {
    {key_of_address, "one address but for http, www. or a slash", false},
    {key_of_target,  "one has moved to the other's address",      false},
    {key_of_form,    "two forms of one feed, by their addresses", true },
    {key_of_title,   "one site and one title",                    true },
};

/* ---- twins ----------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = slice_compare(x->text, y->text);

    if (order == 0)
        order = slice_compare(x->language, y->language);
    return order != 0 ? order : (x->feed > y->feed) - (x->feed < y->feed);
}

static int compare_twins(const void *a, const void *b)
{
    const struct feed_twin *x = a, *y = b;

    return (x->feed->id > y->feed->id) - (x->feed->id < y->feed->id);
}

static void find_kind(const struct feed_list *list, size_t kind, struct key *keys, bool *has_twin,
                      struct feed_twins *out, struct arena *arena)
{
    for (size_t i = 0; i < list->n_rows; i++)
        keys[i] = (struct key){kinds[kind].key(&list->rows[i], arena), list->rows[i].language, i};
    qsort(keys, list->n_rows, sizeof(*keys), compare_keys);
    for (size_t i = 1; i < list->n_rows; i++) {
        const struct feed_row *a = &list->rows[keys[i - 1].feed], *b = &list->rows[keys[i].feed];
        bool is_b = b->id > a->id;

        if (keys[i].text.len == 0 || !slice_equal(keys[i].text, keys[i - 1].text) ||
            has_twin[is_b ? keys[i].feed : keys[i - 1].feed] ||
            (kinds[kind].is_of_language && a->language.len > 0 && b->language.len > 0 &&
             !slice_equal(a->language, b->language)))
            continue;
        has_twin[is_b ? keys[i].feed : keys[i - 1].feed] = true;
        out->rows[out->n_rows++] = (struct feed_twin){is_b ? b : a, is_b ? a : b, kinds[kind].why};
    }
}

enum ww_status feed_twins_find(const struct feed_list *list, struct arena *arena,
                               struct feed_twins *out, struct ww_error *err)
{
    struct key *keys = arena_array(arena, list->n_rows, sizeof(*keys));
    bool *has_twin = arena_array(arena, list->n_rows, sizeof(*has_twin));

    *out = (struct feed_twins){.rows = arena_array(arena, list->n_rows, sizeof(*out->rows))};
    if (keys == NULL || has_twin == NULL || out->rows == NULL)
        return arena_check(arena, err);
    for (size_t kind = 0; kind < WW_COUNT(kinds) && list->n_rows > 1; kind++)
        find_kind(list, kind, keys, has_twin, out, arena);
    if (out->n_rows > 1)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), compare_twins);
    return arena_check(arena, err);
}

int feed_twins_put(struct cli *cli, const struct feed_list *list)
{
    static const struct column columns[] = {
        {"id",        COLUMN_RIGHT},
        {"title",     COLUMN_WIDE },
        {"url",       COLUMN_WIDE },
        {"why",       0           },
        {"other_id",  COLUMN_RIGHT},
        {"other_url", COLUMN_WIDE }
    };
    struct feed_twins twins;
    struct output *o;
    struct ww_error err = {0};
    enum ww_status status = feed_twins_find(list, &cli->arena, &twins, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < twins.n_rows; i++) {
        const struct feed_twin *t = &twins.rows[i];

        output_number(o, t->feed->id);
        output_text(o, t->feed->title);
        output_text(o, t->feed->url);
        output_string(o, t->why);
        output_number(o, t->other->id);
        output_text(o, t->other->url);
        output_end_row(o);
    }
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no two feeds seem to be one");
    return EX_OK;
}

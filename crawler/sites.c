/* sites.c - from counts to knowledge, with a table of the hosts of this run. */
#include "crawler/sites.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "extractors/article.h"
#include "extractors/furniture.h"
#include "storage/store_sites.h"

#include <stdlib.h>
#include <string.h>

/* Pages in a row that call a site by one name, before it is believed. */
#define NAME_VOTES_MIN 3
/* Stories after which what is at hand is read anew. */
#define STORIES_UNTIL_RECALL 16
#define TABLE_SIZE 1024 /* a power of two */

/*
 * When a line is furniture: in so many stories, and in so many percent of all. An outlet tells the
 * background of an affair in every follow-up, in one sentence: a dozen stories of forty may have
 * it, and those of a desk that covers nothing else. A site's own sentences stand on every page.
 */
static const struct {
    int64_t n_stories, percent;
} enough[LINE_KIND_COUNT] = {
    [LINE_LABEL] = {4,  20},
    [LINE_PROSE] = {12, 60},
    [LINE_TITLE_PART] = {4,  50},
};
#define STORIES_MIN 4 /* the least of them */

struct site {
    struct site *next_in_table;
    struct slice host;
    struct site_knowledge known;
    size_t n_lines;     /* in the store, at most */
    unsigned n_learned; /* stories since it was read */
    uint64_t keys[];    /* known.furniture; behind them the texts */
};

struct sites {
    struct store *store;
    struct arena arena; /* one question to the store */
    struct site *table[TABLE_SIZE];
    size_t n_sites;
};

/* ---- what a row means ------------------------------------------------------------------------ */

static bool is_furniture(const struct site_line_row *line, int64_t n_stories)
{
    enum line_kind kind = furniture_kind((uint64_t)line->line);

    return kind < LINE_KIND_COUNT && line->n_stories >= enough[kind].n_stories &&
           line->n_stories * 100 >= n_stories * enough[kind].percent;
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

enum ww_status sites_read(struct store *store, const struct site_row *row, struct arena *arena,
                          struct site_knowledge *out, struct ww_error *err)
{
    struct site_line_list lines;
    uint64_t *keys;
    enum ww_status status = store_site_lines(store, row->host, STORIES_MIN, arena, &lines, err);

    *out = (struct site_knowledge){0};
    if (status != WW_OK)
        return status;
    keys = arena_array(arena, lines.n_rows + 1, sizeof(*keys));
    if (keys == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < lines.n_rows && out->n_furniture < SITE_LINES_MAX; i++)
        if (is_furniture(&lines.rows[i], row->n_stories))
            keys[out->n_furniture++] = (uint64_t)lines.rows[i].line;
    if (out->n_furniture > 1)
        qsort(keys, out->n_furniture, sizeof(*keys), compare_keys);
    out->furniture = keys;
    if (row->n_name >= NAME_VOTES_MIN)
        out->name = row->name;
    return WW_OK;
}

/* ---- at hand --------------------------------------------------------------------------------- */

enum ww_status sites_open(struct store *store, struct sites **out, struct ww_error *err)
{
    struct sites *s = mem_alloc(sizeof(*s));

    *out = s;
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    s->store = store;
    arena_init(&s->arena, LISTS_ARENA_MAX_BYTES);
    return WW_OK;
}

static void forget_all(struct sites *s)
{
    for (size_t i = 0; i < TABLE_SIZE; i++)
        while (s->table[i] != NULL) {
            struct site *site = s->table[i];

            s->table[i] = site->next_in_table;
            mem_free(site);
        }
    s->n_sites = 0;
}

void sites_close(struct sites *s)
{
    if (s == NULL)
        return;
    forget_all(s);
    arena_release(&s->arena);
    mem_free(s);
}

static struct slice put(char **at, struct slice text)
{
    struct slice copy = {*at, text.len};

    if (text.len > 0)
        memcpy(*at, text.ptr, text.len);
    *at += text.len;
    return copy;
}

/* What the store has of it; nothing is knowledge, too. */
static enum ww_status load(struct sites *s, struct slice host, struct site **out,
                           struct ww_error *err)
{
    struct site_knowledge known = {0};
    struct site_row row = {0};
    struct site *site;
    char *texts;
    enum ww_status status;

    arena_reset(&s->arena);
    status = store_site(s->store, host, &s->arena, &row, err);
    if (status == WW_OK)
        status = sites_read(s->store, &row, &s->arena, &known, err);
    if (status != WW_OK && status != WW_NOT_FOUND)
        return status;
    site = mem_alloc(sizeof(*site) + known.n_furniture * sizeof(site->keys[0]) + host.len +
                     known.name.len);
    if (site == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    texts = (char *)(site->keys + known.n_furniture);
    if (known.n_furniture > 0)
        memcpy(site->keys, known.furniture, known.n_furniture * sizeof(site->keys[0]));
    site->host = put(&texts, host);
    site->known = (struct site_knowledge){put(&texts, known.name), site->keys, known.n_furniture};
    site->n_lines = (size_t)row.n_lines;
    *out = site;
    return WW_OK;
}

static enum ww_status find(struct sites *s, struct slice host, struct site **out,
                           struct ww_error *err)
{
    struct site **at = &s->table[hash64(host) % TABLE_SIZE];
    struct site *site, *next = NULL;
    enum ww_status status;

    while (*at != NULL && !slice_equal((*at)->host, host))
        at = &(*at)->next_in_table;
    *out = *at;
    if (*at != NULL && (*at)->n_learned < STORIES_UNTIL_RECALL)
        return WW_OK;
    status = load(s, host, &site, err);
    if (status != WW_OK)
        return status;
    if (*at != NULL) {
        next = (*at)->next_in_table;
        mem_free(*at);
    } else if (s->n_sites++ == SITES_AT_HAND_MAX) {
        forget_all(s);
        s->n_sites = 1;
        at = &s->table[hash64(host) % TABLE_SIZE];
    }
    site->next_in_table = next;
    *at = *out = site;
    return WW_OK;
}

enum ww_status sites_recall(struct sites *s, struct slice host, struct site_knowledge *out,
                            struct ww_error *err)
{
    struct site *site = NULL;
    enum ww_status status = WW_OK;

    *out = (struct site_knowledge){0};
    if (host.len > 0)
        status = find(s, host, &site, err);
    if (status == WW_OK && site != NULL)
        *out = site->known;
    return status;
}

/* ---- learning -------------------------------------------------------------------------------- */

/* Old and many: what is known of it has to be read again. */
static enum ww_status tidy(struct sites *s, struct site *site, int64_t n_stories,
                           struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (n_stories >= SITE_STORIES_MAX) {
        status = store_fade_site(s->store, site->host, err);
        site->n_learned = STORIES_UNTIL_RECALL;
    } else if (site->n_lines > SITE_LINES_MAX) {
        site->n_lines = SITE_LINES_MAX * 3 / 4;
        status = store_trim_site(s->store, site->host, site->n_lines, err);
    }
    return status;
}

enum ww_status sites_learn(struct sites *s, struct slice host, const struct article *article,
                           int64_t at, struct ww_error *err)
{
    struct site *site;
    int64_t n_stories;
    enum ww_status status;

    if (host.len == 0)
        return WW_OK;
    status = find(s, host, &site, err);
    if (status == WW_OK)
        status = store_teach_site(s->store, host, slice_head(article->site, SITE_NAME_MAX_BYTES),
                                  at, &n_stories, err);
    if (status == WW_OK)
        status = store_teach_site_lines(s->store, host, article->lines, article->n_lines, at, err);
    if (status != WW_OK)
        return status;
    site->n_lines += article->n_lines;
    site->n_learned++;
    return tidy(s, site, n_stories, err);
}

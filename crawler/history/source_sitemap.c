/*
 * source_sitemap.c - sitemaps: those that robots.txt names, else those at the usual places; index
 * in index; only parts that may hold something of the window.
 */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/fetch.h"
#include "crawler/robots.h"

/* Lists of addresses alone; robots.txt is text. */
#define SITEMAP_TYPES "application/xml, text/xml, text/plain;q=0.8, */*;q=0.1"

#define ROBOTS "robots"
#define USUAL "sitemap-usual"
#define SITEMAP "sitemap"

/* Asked one by one until there is one; those for news, which hold two days, last. */
static const char *const usual_places[] = {
    "/sitemap.xml",       "/sitemap_index.xml", "/wp-sitemap.xml",   "/sitemap.xml.gz",
    "/sitemap-index.xml", "/sitemap.txt",       "/sitemap-news.xml", "/news-sitemap.xml",
};

static enum ww_status begin(const struct source_context *context, struct arena *arena,
                            struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    struct source_lists rows = {.arena = arena};
    struct slice *words = NULL;
    size_t n_words = 0;
    enum ww_status status =
        source_addresses(context, &source_sitemap, arena, &words, &n_words, err);

    for (size_t i = 0; status == WW_OK && i < n_words; i++) {
        const struct slice origin = source_origin(words[i]);

        if (source_is_site(words[i]))
            source_add_row(&rows, arena_printf(arena, "%.*s/robots.txt", SLICE_ARG(origin)), ROBOTS,
                           0);
        else if (slice_ends(words[i], SLICE("/robots.txt")))
            source_add_row(&rows, words[i], ROBOTS, 0);
        else
            source_add_row(&rows, words[i], SITEMAP, 0);
    }
    return status == WW_OK ? source_begun(&rows, lists, n_lists, err) : status;
}

/* Which of the usual places is asked now. */
static size_t place_of(const struct list_row *list)
{
    unsigned long long i = 0;

    return slice_number(list->cursor, WW_COUNT(usual_places) - 1, &i) ? (size_t)i : 0;
}

static enum ww_status ask(const struct source_context *context, const struct list_row *list,
                          struct arena *arena, struct list_question *out, struct ww_error *err)
{
    WW_UNUSED(context);
    *out =
        (struct list_question){.url = list->url, .accept = SITEMAP_TYPES, .format = FINDS_SITEMAP};
    if (source_is_format(list, ROBOTS)) {
        out->accept = "text/plain";
        out->format = FINDS_FORMAT_COUNT;
    } else if (source_is_format(list, USUAL)) {
        out->url = arena_printf(arena, "%.*s%s", SLICE_ARG(source_origin(list->url)),
                                usual_places[place_of(list)]);
    } else if (!source_is_format(list, SITEMAP)) {
        return ww_fail(err, WW_INVALID, "sitemap: no list of the kind '%.*s'",
                       SLICE_ARG(list->format));
    }
    return arena_check(arena, err);
}

/* ---- robots.txt ------------------------------------------------------------------------------ */

static void read_robots(struct source_work *w)
{
    const struct slice body = buf_slice(&w->answer->fetched->body);
    const struct robots *robots = NULL;
    const struct slice *named = NULL;
    size_t n_named = 0;

    if (source_is_trouble(w)) {
        source_later(w, "%s", source_what_came(w));
        return;
    }
    if (w->answer->fetched->http_status == 200) {
        robots = robots_parse(body, SLICE("wirewatch"), w->arena);
        named = robots != NULL ? robots_sitemaps(robots, &n_named) : NULL;
    }
    for (size_t i = 0; i < n_named && i < ROBOTS_SITEMAPS_MAX; i++) {
        struct slice url;

        /* On whatever host: the site itself vouches for it (sitemaps.org, cross submits). */
        if (url_resolve(named[i], w->list->url, w->arena, &url, NULL) == WW_OK &&
            url_is_fetchable(url))
            source_add_row(&w->lists, url, SITEMAP, 0);
        else
            source_note(w, "no address: Sitemap: %.*s", SLICE_ARG(slice_head(named[i], 100)));
    }
    if (n_named > ROBOTS_SITEMAPS_MAX)
        source_note(w, "names %zu sitemaps, of which %d are read", n_named, ROBOTS_SITEMAPS_MAX);
    if (w->lists.n_rows == 0)
        source_add_row(&w->lists,
                       arena_printf(w->arena, "%.*s%s", SLICE_ARG(source_origin(w->list->url)),
                                    usual_places[0]),
                       USUAL, 0);
}

/* ---- a sitemap ------------------------------------------------------------------------------- */

/* An index whose parts were all changed in one moment says when it was written itself. */
static bool tells_changes(const struct finds *finds)
{
    for (size_t i = 1; i < finds->n_lists; i++)
        if (finds->lists[i].about.at != finds->lists[0].about.at)
            return true;
    return false;
}

/* May a part hold something of the window? Its name says the month, or its date the last change. */
static bool may_hold(const struct source_work *w, const struct finds_list *part, bool tells)
{
    const struct date about = source_believed(&part->about, w->answer->now);

    if (part->is_month)
        return source_may_be_asked(w->context->order, &about);
    return !tells || !source_is_before(w->context->order, &about);
}

/* Lists of the site, and those that stand beside a list which the site's robots.txt named. */
static bool is_allowed(struct source_work *w, struct slice url)
{
    return source_is_ours(w, url) ||
           slice_equal_nocase(source_origin(url), source_origin(w->list->url));
}

static void take_parts(struct source_work *w)
{
    const struct finds *finds = w->finds;
    const bool tells = tells_changes(finds);
    size_t n_pruned = 0;

    if (finds->n_lists > 0 && w->list->depth >= SITEMAP_NESTED_MAX) {
        source_note(w, "an index within %d others: its %zu parts are left out", SITEMAP_NESTED_MAX,
                    finds->n_lists);
        return;
    }
    for (size_t i = 0; i < finds->n_lists && !w->arena->failed; i++) {
        const struct finds_list *part = &finds->lists[i];
        const struct date about = source_believed(&part->about, w->answer->now);

        if (!is_allowed(w, part->url)) {
            if (w->n_foreign++ == 0)
                w->foreign = part->url;
            w->out->n_outside++;
        } else if (!may_hold(w, part, tells)) {
            n_pruned++;
        } else {
            source_add_row(&w->lists, part->url, SITEMAP,
                           about.at != 0 ? about.at : w->list->covers_at);
        }
    }
    if (n_pruned > 0)
        source_note(w, "%zu of %zu parts are of another time", n_pruned, finds->n_lists);
}

static void read_sitemap(struct source_work *w)
{
    const size_t place = place_of(w->list);

    if (source_is_read(w)) {
        source_add_finds(w, WANT_SITE | WANT_WINDOW);
        take_parts(w);
        if (w->finds->is_cut)
            source_note(w, "breaks off");
    } else if (source_is_trouble(w)) {
        source_later(w, "%s", source_what_came(w));
    } else if (!source_is_format(w->list, USUAL)) {
        source_give_up(w, "%s", source_what_came(w));
    } else if (place + 1 < WW_COUNT(usual_places)) {
        source_go_on(w, arena_printf(w->arena, "%zu", place + 1));
    } else {
        source_give_up(w, "robots.txt names no sitemap, and there is none at the usual places");
    }
}

static enum ww_status read(const struct source_context *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;

    source_work_begin(&w, context, list, answer, arena, out);
    if (source_is_format(list, ROBOTS))
        read_robots(&w);
    else
        read_sitemap(&w);
    return source_work_end(&w, err);
}

const struct source source_sitemap = {
    .name = "sitemap",
    .words = "HOST or SITEMAP...",
    .begin = begin,
    .ask = ask,
    .read = read,
};

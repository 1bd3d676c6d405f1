/*
 * source_wordpress.c - posts of a WordPress site with their text, by its REST interface: at
 * /wp-json/, where the front page's Link header says, or by ?rest_route=; where that is switched
 * off, its feed page by page (source_feed.c).
 */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/url.h"
#include "crawler/fetch.h"
#include "crawler/history/source_pages.h"

#define ROOT "wordpress-root"
#define POSTS "wordpress-posts"

#define DAY_S 86400
#define JSON_TYPES "application/json"

/* What is asked of each post. lang: Polylang's and WPML's. */
#define FIELDS "id,date,date_gmt,modified_gmt,link,title,content,lang"

/* Posts of a page: as many as there may be, fewer where those are too much for either side. */
static const struct source_paging first_page = {
    .word = {"100", 3},
      .page = 1
};

static enum ww_status begin(const struct source_context *context, struct arena *arena,
                            struct list_row **lists, size_t *n_lists, struct ww_error *err)
{
    struct source_lists rows = {.arena = arena};
    struct slice *words = NULL;
    size_t n_words = 0;
    enum ww_status status =
        source_addresses(context, &source_wordpress, arena, &words, &n_words, err);

    for (size_t i = 0; status == WW_OK && i < n_words; i++) {
        struct slice home = slice_head(words[i], slice_find_char(words[i], '?'));

        if (home.len < words[i].len)
            return ww_fail(err, WW_INVALID,
                           "wordpress wants %s, the front page of a site, without a query: '%.*s'",
                           source_wordpress.words, SLICE_ARG(slice_head(words[i], 100)));
        source_add_row(&rows,
                       arena_printf(arena, "%.*s%swp-json/", SLICE_ARG(home),
                                    slice_ends(home, SLICE("/")) ? "" : "/"),
                       ROOT, 0);
    }
    return status == WW_OK ? source_begun(&rows, lists, n_lists, err) : status;
}

/* The site's front page, of the address of its interface or its posts. */
static struct slice home_of(struct slice url)
{
    static const char *const ends[] = {"wp-json/", "index.php?", "?rest_route="};

    for (size_t i = 0; i < WW_COUNT(ends); i++) {
        const size_t at = slice_find(url, slice_from(ends[i]));

        if (at < url.len)
            return slice_head(url, at);
    }
    return url;
}

static enum ww_status ask(const struct source_context *context, const struct list_row *list,
                          struct arena *arena, struct list_question *out, struct ww_error *err)
{
    struct source_paging paging;

    if (source_is_format(list, FEED_PAGES))
        return source_ask_pages(context, list, arena, out, err);
    *out = (struct list_question){
        .url = list->url, .accept = JSON_TYPES, .format = FINDS_FORMAT_COUNT};
    if (source_is_format(list, POSTS)) {
        if (!source_read_paging(list->cursor, &paging))
            paging = first_page;
        out->format = FINDS_WORDPRESS;
        out->url = source_with(list->url, "per_page", paging.word, arena);
        out->url = source_with(out->url, "page",
                               arena_printf(arena, "%lld", (long long)paging.page), arena);
    } else if (!source_is_format(list, ROOT)) {
        return ww_fail(err, WW_INVALID, "wordpress: no list of the kind '%.*s'",
                       SLICE_ARG(list->format));
    } else if (slice_equal(list->cursor, SLICE("front"))) {
        out->url = home_of(list->url);
        out->accept = "text/html, */*;q=0.1";
    } else if (slice_equal(list->cursor, SLICE("route"))) {
        out->url = arena_printf(arena, "%.*s?rest_route=/", SLICE_ARG(home_of(list->url)));
    }
    return arena_check(arena, err);
}

/* ---- where the interface is ------------------------------------------------------------------ */

/* The target of a Link header's rel="https://api.w.org/" (RFC 8288); empty: there is none. */
static struct slice linked_root(const struct source_work *w)
{
    struct slice rest = fetch_header_list(w->answer->fetched, "Link", w->arena), link;

    while (slice_next(&rest, '<', &link)) {
        const size_t end = slice_find_char(link, '>');

        if (slice_contains(slice_skip(link, end), SLICE("https://api.w.org/")))
            return slice_head(link, end);
    }
    return (struct slice){"", 0};
}

/*
 * after and before are of the site's own clock, which may be a day off: what is too much is left
 * out by what the posts say of themselves.
 */
static void add_posts(struct source_work *w, struct slice root)
{
    const struct backfill_row *order = w->context->order;
    struct slice url = arena_printf(w->arena, "%.*s%swp/v2/posts", SLICE_ARG(root),
                                    slice_ends(root, SLICE("/")) ? "" : "/");
    char text[DATE_TEXT_BYTES];

    url = source_with(url, "orderby", SLICE("date"), w->arena);
    url = source_with(url, "order", SLICE("desc"), w->arena);
    url = source_with(url, "_fields", SLICE(FIELDS), w->arena);
    if (order->since_at > DAY_S) {
        (void)date_format(order->since_at - DAY_S, text);
        url = source_with(url, "after", slice_of(text, 19), w->arena);
    }
    if (order->until_at > 0) {
        (void)date_format(order->until_at + DAY_S, text);
        url = source_with(url, "before", slice_of(text, 19), w->arena);
    }
    source_add_row(&w->lists, url, POSTS, 0);
}

static void fall_back(struct source_work *w)
{
    source_note(w, "%s: its feed is read instead", source_what_came(w));
    source_add_pages(&w->lists, home_of(w->list->url));
}

static bool is_json(const struct source_work *w)
{
    return w->answer->fetched->http_status == 200 &&
           slice_contains_nocase(fetch_header(w->answer->fetched, "Content-Type"), SLICE("json"));
}

static void read_root(struct source_work *w)
{
    const bool is_front = slice_equal(w->list->cursor, SLICE("front"));
    const bool is_route = slice_equal(w->list->cursor, SLICE("route"));
    const struct slice linked = is_front ? linked_root(w) : (struct slice){"", 0};
    struct slice root;

    if (source_is_trouble(w)) {
        source_later(w, "%s", source_what_came(w));
    } else if (linked.len > 0 &&
               url_resolve(linked, w->answer->url, w->arena, &root, NULL) == WW_OK &&
               source_is_ours(w, root)) {
        add_posts(w, root);
    } else if (is_front) {
        source_go_on(w, SLICE("route"));
    } else if (is_json(w) && source_is_ours(w, w->answer->url)) {
        add_posts(w, w->answer->url);
    } else if (is_route) {
        fall_back(w);
    } else {
        source_go_on(w, SLICE("front"));
    }
}

/* ---- posts ----------------------------------------------------------------------------------- */

/* What the header says of all pages; -1: nothing. */
static int64_t pages_in_all(const struct source_work *w)
{
    unsigned long long n = 0;

    return slice_number(fetch_header(w->answer->fetched, "X-WP-TotalPages"), INT64_MAX, &n)
               ? (int64_t)n
               : -1;
}

/* The same posts again, a fifth of them a page; false when they are few already. */
static bool take_smaller(struct source_work *w, const struct source_paging *paging)
{
    const bool is_large = slice_equal(paging->word, SLICE("100"));
    struct source_paging next = *paging;

    if (!is_large && !slice_equal(paging->word, SLICE("20")))
        return false;
    next.word = is_large ? SLICE("20") : SLICE("4");
    next.page = (paging->page - 1) * 5 + 1;
    source_go_on(w, source_paging_text(&next, w->arena));
    return true;
}

static void take_posts(struct source_work *w, struct source_paging *paging)
{
    const int64_t n_pages = pages_in_all(w);

    source_add_finds(w, WANT_SITE | WANT_WINDOW | WANT_TEXT);
    if (w->finds->is_cut && take_smaller(w, paging))
        return;
    if (w->finds->is_cut)
        source_note(w, "page %lld breaks off", (long long)paging->page);
    w->out->n_left = n_pages > paging->page ? n_pages - paging->page : n_pages < 0 ? -1 : 0;
    if (source_leads_on(w, paging) && w->out->n_left != 0) {
        paging->page++;
        source_go_on(w, source_paging_text(paging, w->arena));
    } else {
        w->out->n_left = 0;
    }
}

static void read_posts(struct source_work *w)
{
    struct source_paging paging;
    const bool is_first = !source_read_paging(w->list->cursor, &paging);

    if (is_first)
        paging = first_page;
    if (source_is_trouble(w)) {
        /* A server that runs out of memory over a hundred posts does so every time. */
        if (w->list->n_tries == 0 || w->answer->fetched->http_status == 429 ||
            !take_smaller(w, &paging))
            source_later(w, "%s", source_what_came(w));
    } else if (source_is_read(w)) {
        take_posts(w, &paging);
    } else if (paging.page == 1) {
        fall_back(w);
    } else if (w->answer->fetched->http_status == 400) {
        source_over(w); /* rest_post_invalid_page_number: the page before was the last */
    } else {
        source_give_up(w, "page %lld: %s", (long long)paging.page, source_what_came(w));
    }
}

static enum ww_status read(const struct source_context *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err)
{
    struct source_work w;

    source_work_begin(&w, context, list, answer, arena, out);
    if (source_is_format(list, ROOT))
        read_root(&w);
    else if (source_is_format(list, POSTS))
        read_posts(&w);
    else
        source_read_pages(&w, WANT_SITE | WANT_WINDOW);
    return source_work_end(&w, err);
}

const struct source source_wordpress = {
    .name = "wordpress",
    .words = "HOST...",
    .begin = begin,
    .ask = ask,
    .read = read,
};

/* discover.c - ask an address and what it announces, and say which feeds are behind it. */
#include "crawler/discover.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/ask.h"
#include "crawler/robots.h"
#include "extractors/links.h"
#include "feeds/feed.h"

#include <stdio.h>

struct looking {
    struct ask ask;
    struct arena *arena;
    struct found_feeds *out;
    struct slice selector; /* of the page's links; empty: feeds are looked for */
    size_t n_tries;
    bool must_stop; /* the host has had enough */
};

const char *found_how_name(enum found_how how)
{
    static const char *const names[] = {"itself", "announced", "robots.txt", "usual place"};

    return names[how];
}

/* ---- one feed -------------------------------------------------------------------------------- */

/* Feeds of comments call themselves so, in the language of the page. */
static bool is_about_comments(struct slice url, struct slice title, struct slice link_title)
{
    static const char *const words[] = {
        "comment",      "kommentar",    "comentari",
        "reacties",     "komentar",     "\u043A\u043E\u043C\u043C\u0435\u043D\u0442",
        "\u8BC4\u8BBA", "\u8A55\u8AD6", "\u30B3\u30E1\u30F3\u30C8",
        "\uB313\uAE00"};

    for (size_t i = 0; i < WW_COUNT(words); i++)
        if (slice_contains_nocase(title, slice_from(words[i])) ||
            slice_contains_nocase(link_title, slice_from(words[i])))
            return true;
    return slice_contains_nocase(url, SLICE("/comments"));
}

static struct slice self_of(const struct feed *feed)
{
    for (size_t i = 0; i < feed->n_links; i++)
        if (slice_equal_nocase(feed->links[i].rel, SLICE("self")))
            return feed->links[i].href;
    return (struct slice){"", 0};
}

static void describe(const struct looking *l, const struct feed *feed, struct found_feed *out)
{
    out->url = l->ask.lasting_url;
    out->self = self_of(feed);
    out->site = url_is_fetchable(feed->link) ? feed->link : (struct slice){"", 0};
    out->title = feed->title;
    out->language = feed->language;
    out->format = feed->format;
    out->n_entries = feed->n_entries;
    for (size_t i = 0; i < feed->n_entries; i++) {
        const struct entry *e = &feed->entries[i];
        int64_t at = e->published.precision != DATE_NONE ? e->published.at
                     : e->updated.precision != DATE_NONE ? e->updated.at
                                                         : 0;

        out->n_full_text += e->content.len > 0;
        if (at > out->newest_at)
            out->newest_at = at;
        if (out->n_shown < DISCOVER_SHOWN_MAX)
            out->shown[out->n_shown++] = (struct found_entry){e->link, e->title, at};
    }
}

static bool is_there(const struct found_feeds *found, struct slice url)
{
    for (size_t i = 0; i < found->n_rows; i++)
        if (slice_equal(found->rows[i].url, url))
            return true;
    return false;
}

/* What was answered, as one more row; WW_INVALID: it is no feed. */
static enum ww_status read_row(struct looking *l, enum found_how how, struct slice link_title,
                               struct ww_error *err)
{
    struct found_feed row = {.how = how};
    struct feed feed;
    enum ww_status status;

    if (l->selector.len > 0)
        status = ask_read_listing(&l->ask, l->selector, &feed, err);
    else
        status = ask_read_feed(&l->ask, &feed, err);
    if (status != WW_OK)
        return status;
    describe(l, &feed, &row);
    row.is_comments = is_about_comments(row.url, row.title, link_title);
    if (l->out->n_rows < DISCOVER_MAX && !is_there(l->out, row.url))
        l->out->rows[l->out->n_rows++] = row;
    return WW_OK;
}

static enum ww_status get(struct looking *l, struct slice url, struct ww_error *err)
{
    enum ww_status status = ask_get(&l->ask, url, SLICE(""), SLICE(""), err);

    l->must_stop |= l->ask.answer.http_status == 429 || l->ask.answer.http_status == 503;
    return status;
}

/* ---- what a page announces ------------------------------------------------------------------- */

static void add_problem(struct looking *l, struct slice url, enum ww_status status,
                        const struct ww_error *why)
{
    if (l->out->n_rows < DISCOVER_MAX)
        l->out->rows[l->out->n_rows++] =
            (struct found_feed){.how = FOUND_ANNOUNCED,
                                .status = status,
                                .problem = arena_copy(l->arena, slice_from(why->message)),
                                .url = url};
}

/* Comments last: they may be more than are looked at. */
static void follow_links(struct looking *l, const struct page_links *links)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < links->n_feeds && !l->must_stop; i++) {
            const struct page_link *link = &links->feeds[i];
            struct ww_error why = {0};
            enum ww_status status;

            if (is_about_comments(link->url, (struct slice){"", 0}, link->title) != (round == 1) ||
                is_there(l->out, link->url))
                continue;
            if (l->out->n_rows == DISCOVER_MAX) {
                l->out->n_unread++;
                continue;
            }
            status = get(l, link->url, &why);
            if (status == WW_OK)
                status = read_row(l, FOUND_ANNOUNCED, link->title, &why);
            if (status != WW_OK)
                add_problem(l, link->url, status, &why);
        }
}

/* ---- usual places ---------------------------------------------------------------------------- */

static bool has_feed(const struct found_feeds *found)
{
    for (size_t i = 0; i < found->n_rows; i++)
        if (found->rows[i].status == WW_OK)
            return true;
    return false;
}

static void try_place(struct looking *l, const struct robots *robots, struct slice base,
                      struct slice place, enum found_how how)
{
    struct slice url;
    enum ww_status status;

    if (l->must_stop || has_feed(l->out) || l->n_tries == DISCOVER_TRIES_MAX ||
        url_resolve(place, base, l->arena, &url, NULL) != WW_OK || !url_is_fetchable(url) ||
        !robots_allows_url(robots, url, l->arena))
        return;
    l->n_tries++;
    status = get(l, url, NULL);
    if (status == WW_OK)
        (void)read_row(l, how, (struct slice){"", 0}, NULL);
    /* Nobody named these places: one hint that guests are not welcome is enough. */
    l->must_stop |= status == WW_UNREACHABLE || l->ask.answer.http_status == 403;
}

/* Sitemaps for news before others; one of each kind is enough. */
static void try_sitemaps(struct looking *l, const struct robots *robots, struct slice base)
{
    static const char *const usual[] = {"/sitemap-news.xml", "/news-sitemap.xml",
                                        "/sitemap_news.xml"};
    size_t n = 0;
    const struct slice *named = robots != NULL ? robots_sitemaps(robots, &n) : NULL;

    for (size_t i = 0; i < n; i++)
        if (slice_contains_nocase(named[i], SLICE("news")))
            try_place(l, robots, base, named[i], FOUND_ROBOTS);
    for (size_t i = 0; i < WW_COUNT(usual); i++)
        try_place(l, robots, base, slice_from(usual[i]), FOUND_GUESSED);
    for (size_t i = 0; i < n; i++)
        try_place(l, robots, base, named[i], FOUND_ROBOTS);
}

static void try_places(struct looking *l, struct slice page)
{
    static const char *const usual[] = {"/feed",     "/rss",      "/rss.xml",
                                        "/feed.xml", "/atom.xml", "/index.xml"};
    struct robots *robots;
    struct url u;

    if (ask_robots(&l->ask, page, &robots, NULL) != WW_OK)
        return; /* RFC 9309, 2.3.1.4: what cannot be asked allows nothing */
    l->must_stop = false;
    url_split(page, &u);
    while (u.path.len > 0 && u.path.ptr[u.path.len - 1] == '/')
        u.path.len--;
    if (u.path.len > 0) /* a section of a site has its feed below it */
        try_place(l, robots, page, arena_printf(l->arena, "%.*s/feed", SLICE_ARG(u.path)),
                  FOUND_GUESSED);
    for (size_t i = 0; i < WW_COUNT(usual); i++)
        try_place(l, robots, page, slice_from(usual[i]), FOUND_GUESSED);
    try_sitemaps(l, robots, page);
}

/* ---- a page that is not what was asked for --------------------------------------------------- */

/* What stands in for a page when a visitor has to show something first. */
static const char *stands_for(const struct page_links *page, long http)
{
    static const char *const challenges[] = {"just a moment",
                                             "attention required",
                                             "checking your browser",
                                             "are you a robot",
                                             "are you human",
                                             "verify you are",
                                             "security check",
                                             "access denied",
                                             "captcha",
                                             "ddos",
                                             "pardon our interruption"};

    for (size_t i = 0; i < WW_COUNT(challenges); i++)
        if (slice_contains_nocase(page->title, slice_from(challenges[i])))
            return "; it looks like a page that wants proof of a human";
    if (page->has_password)
        return "; it looks like a page to log in";
    return http == 401 ? "; it wants a password" : "";
}

static enum ww_status explain(struct looking *l, struct slice url, const struct page_links *page,
                              enum ww_status status, struct ww_error *err)
{
    struct slice title = text_cut(page->title, 80);
    char named[120] = "";

    if (title.len > 0)
        (void)snprintf(named, sizeof(named), " (\"%.*s\")", SLICE_ARG(title));
    if (status != WW_OK)
        return ww_fail(err, status, "%.*s answers %ld%s%s", SLICE_ARG(url),
                       l->ask.answer.http_status, named,
                       stands_for(page, l->ask.answer.http_status));
    return ww_fail(err, WW_NOT_FOUND, "%.*s%s is no feed and announces none%s", SLICE_ARG(url),
                   named,
                   stands_for(page, 200)[0] != '\0' ? stands_for(page, 200)
                                                    : "; --selector watches the page itself");
}

static bool is_nobody(const struct ask *ask, struct slice url, enum ww_status status)
{
    const struct fetch_answer *answer = &ask->answer;
    struct url u;

    url_split(url, &u);
    return status == WW_UNREACHABLE && ask->n_redirects == 0 && answer->http_status == 0 &&
           !answer->is_distrusted && (!answer->had_contact || u.port.len > 0);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum ww_status look(struct looking *l, struct slice url, struct ww_error *err)
{
    struct page_links page = {0};
    enum ww_status status = get(l, url, err);
    struct slice from;

    l->out->is_nobody = is_nobody(&l->ask, url, status);
    if (status != WW_OK && l->ask.answer.http_status >= 400 &&
        ask_read_page(&l->ask, &page, NULL) == WW_OK)
        return explain(l, url, &page, status, err);
    if (status == WW_OK && l->selector.len > 0)
        return read_row(l, FOUND_ITSELF, (struct slice){"", 0}, err);
    if (status != WW_OK || read_row(l, FOUND_ITSELF, (struct slice){"", 0}, NULL) == WW_OK)
        return status;
    status = ask_read_page(&l->ask, &page, err);
    if (status != WW_OK)
        return status;
    from = l->ask.url;
    l->out->page = l->ask.lasting_url;
    l->out->title = page.title;
    l->out->language = page.language;
    follow_links(l, &page);
    if (!has_feed(l->out) && stands_for(&page, 200)[0] == '\0')
        try_places(l, from);
    return has_feed(l->out) ? WW_OK : explain(l, url, &page, WW_OK, err);
}

enum ww_status discover_feeds(const struct ask_means *means, struct slice url,
                              struct slice selector, struct found_feeds *out, struct ww_error *err)
{
    struct looking l = {.arena = means->arena, .out = out, .selector = selector};
    enum ww_status status;

    *out =
        (struct found_feeds){.rows = arena_array(means->arena, DISCOVER_MAX, sizeof(*out->rows))};
    if (out->rows == NULL)
        return arena_check(means->arena, err);
    status = ask_open(&l.ask, means, err);
    if (status == WW_OK)
        status = look(&l, url, err);
    ask_close(&l.ask);
    if (status == WW_OK)
        discover_rank(out);
    return status;
}

/* access.c - evidence for and against each kind of wall, in points. */
#include "extractors/access.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/access_words.h"
#include "extractors/content.h"
#include "extractors/dom.h"
#include "extractors/metadata.h"
#include "extractors/title_parts.h"

/* A longer page is no wall, whatever its title says; consent forms name all their partners. */
#define WALL_MAX_BYTES 3000
#define CONSENT_MAX_BYTES 16000
/* Text that is hardly an article. */
#define THIN_BYTES 300
/* An article that is longer than this is no teaser, unless its publisher says so. */
#define TEASER_MAX_BYTES 3000
#define NOTICE_MAX_BYTES 1500
/* A line that asks to pay; the offers around it are as short. */
#define OFFER_MAX_BYTES 400
#define OFFERS_MAX 20
/* What is read of a page's words. */
#define HEAD_BYTES 4000
#define HEADINGS_MAX 4
/* What may stand beside a phrase that is a title: "Oops! Page not found." */
#define LITTLE_MORE_BYTES 4
/* Points that make a wall. */
#define ENOUGH 3

struct signs {
    const struct access_page *page;
    struct arena *arena;
    struct slice title;    /* folded, as all words here */
    struct slice headings; /* the first ones, a line each */
    struct slice words;    /* the page's first HEAD_BYTES, menus and forms too */
    size_t n_shown;        /* bytes that a reader sees */
    bool is_article;       /* the page says so */
    bool is_noindex;
};

/* ---- words ----------------------------------------------------------------------------------- */

/* Does phrase stand in text, where a word begins? */
static bool stands_in(struct slice text, struct slice phrase)
{
    while (text.len >= phrase.len) {
        size_t at = slice_find(text, phrase);

        if (at == text.len)
            return false;
        if (at == 0 || !ascii_is_letter(text.ptr[at - 1]) || !ascii_is_letter(phrase.ptr[0]))
            return true;
        text = slice_skip(text, at + 1);
    }
    return false;
}

static bool says(struct slice text, const char *phrases)
{
    struct slice rest = slice_from(phrases), phrase;

    while (slice_next(&rest, '|', &phrase))
        if (stands_in(text, phrase))
            return true;
    return false;
}

/* Where the first part of a title ends. */
static size_t find_separator(struct slice title)
{
    size_t at = 0;

    while (at < title.len && title_separator(title, at) == 0)
        at++;
    return at;
}

/* Is a part of line one of the phrases and little more: "Sorry, page not found - The Courier"? */
static bool mostly_says(struct slice line, const char *phrases)
{
    while (line.len > 0) {
        struct slice part = slice_head(line, find_separator(line));
        struct slice rest = slice_from(phrases), phrase;

        while (slice_next(&rest, '|', &phrase))
            if (part.len <= 2 * phrase.len + LITTLE_MORE_BYTES && stands_in(part, phrase))
                return true;
        line = slice_skip(line, part.len + 1);
    }
    return false;
}

static bool a_line_says(struct slice lines, const char *phrases)
{
    struct slice line;

    while (slice_next_line(&lines, &line))
        if (mostly_says(line, phrases))
            return true;
    return false;
}

static struct slice fold(struct slice s, size_t max, struct arena *arena)
{
    return text_fold_key(text_cut(s, max), arena);
}

/* Folding makes a space of a line's end: line by line. */
static void add_line(struct buf *lines, struct slice text, struct arena *arena)
{
    buf_add(lines, text_fold_key(text, arena));
    buf_add_char(lines, '\n');
}

static void read_words(struct signs *s)
{
    const struct blocks *b = &s->page->content->blocks;
    struct buf words, headings;
    size_t n_headings = 0;

    buf_init(&words, 16 * HEAD_BYTES);
    buf_init(&headings, 16 * HEAD_BYTES);
    for (size_t i = 0; i < b->n; i++)
        s->n_shown += b->list[i].text.len;
    for (size_t i = 0; i < b->n && (words.len < HEAD_BYTES || n_headings < HEADINGS_MAX); i++) {
        const struct slice text = text_cut(b->list[i].text, HEAD_BYTES);

        if (s->n_shown <= CONSENT_MAX_BYTES && words.len < HEAD_BYTES)
            add_line(&words, text, s->arena);
        if (b->list[i].kind == BLOCK_HEADING && n_headings++ < HEADINGS_MAX && text.len < 300)
            add_line(&headings, text, s->arena);
    }
    s->words = arena_copy(s->arena, buf_slice(&words));
    s->headings = arena_copy(s->arena, buf_slice(&headings));
    buf_release(&words);
    buf_release(&headings);
}

/* ---- what the page says of itself -------------------------------------------------------------
 */

static void read_claims(struct signs *s)
{
    static const char *const types[] = {"og:type", NULL};
    static const char *const times[] = {"article:published_time", NULL};
    static const char *const robots[] = {"robots", "googlebot", NULL};
    const struct metadata *m = s->page->meta;

    s->title = fold(m->title_element.len > 0 ? m->title_element : m->title, 300, s->arena);
    s->is_article = m->json_ld.has_article || metadata_tag(m, times).len > 0 ||
                    slice_equal_nocase(metadata_tag(m, types), SLICE("article"));
    s->is_noindex = slice_contains_nocase(metadata_tag(m, robots), SLICE("noindex"));
}

/* Does any element carry one of these in its class, id, or where it leads? */
static bool has_name(const struct dom *dom, const char *names)
{
    static const char *const attributes[] = {"class", "id", "src", "action"};

    for (const struct dom_node *n = dom->root; n != NULL; n = dom_next(n, dom->root))
        for (size_t i = 0; i < WW_COUNT(attributes) && n->n_attributes > 0; i++) {
            struct slice value = dom_get(n, attributes[i]), rest = slice_from(names), name;

            while (value.len > 0 && slice_next(&rest, '|', &name))
                if (slice_contains_nocase(value, name))
                    return true;
        }
    return false;
}

/* <meta http-equiv=refresh> that leads nowhere else: the page is asked again, and better be new. */
static bool reloads_itself(const struct signs *s)
{
    static const char *const keys[] = {"refresh", NULL};
    struct slice value = metadata_tag(s->page->meta, keys), url;
    size_t at = slice_find_nocase(value, SLICE("url="));

    if (value.len == 0 || at == value.len)
        return value.len > 0 && value.len < 6;
    url = slice_skip(value, at + 4);
    while (url.len > 0 && (url.ptr[0] == '\'' || url.ptr[0] == '"'))
        url = slice_skip(url, 1);
    if (url_resolve(url, s->page->url, s->arena, &url, NULL) != WW_OK)
        return false;
    return slice_equal(slice_head(url, slice_find_char(url, '?')),
                       slice_head(s->page->url, slice_find_char(s->page->url, '?')));
}

/* A program that sets a cookie and loads the page again, and nothing else. */
static bool is_cookie_trap(const struct signs *s)
{
    const struct prescan *scan = &s->page->dom->prescan;
    bool sets = false, loads = false;

    for (size_t i = 0; i < scan->n_scripts && s->n_shown < THIN_BYTES / 3; i++) {
        struct slice text = slice_head(scan->scripts[i].text, 65536);

        sets = sets || slice_contains(text, SLICE("document.cookie"));
        loads = loads || slice_contains(text, SLICE("location.reload")) ||
                slice_contains(text, SLICE("location.replace")) ||
                slice_contains(text, SLICE("location.href"));
    }
    return sets && loads && scan->n_scripts <= 3;
}

/* ---- the kinds ------------------------------------------------------------------------------- */

static bool is_bot_wall(const struct signs *s)
{
    const bool in_title = mostly_says(s->title, bot_titles) || a_line_says(s->headings, bot_titles);
    int points = 2 * in_title + s->is_noindex - 2 * s->is_article;

    if (s->n_shown > WALL_MAX_BYTES)
        return false;
    points += 2 * says(s->words, bot_words);
    points += 2 * reloads_itself(s);
    points += 3 * is_cookie_trap(s);
    points += has_name(s->page->dom, "captcha|challenge-form|challenge-platform|cf-chl|turnstile");
    points += s->n_shown < THIN_BYTES;
    return points > ENOUGH || (points == ENOUGH && (in_title || s->n_shown < THIN_BYTES / 3));
}

static bool is_absent(const struct signs *s)
{
    const size_t len = s->page->content->text.len;
    const bool in_title = mostly_says(s->title, absence_words);
    const bool in_heading = a_line_says(s->headings, absence_words);
    int points = 2 * in_title + 2 * in_heading + s->is_noindex - 2 * s->is_article;

    if (len > WALL_MAX_BYTES || (!in_title && !in_heading && s->n_shown > WALL_MAX_BYTES))
        return false;
    points += len < THIN_BYTES;
    points -=
        2 * (blocks_mass(&s->page->content->blocks, s->page->content->container) > THIN_BYTES);
    points += 2 * (points > 0 && has_name(s->page->dom, "error404|error-404|error_404|page-404|"
                                                        "page404|notfound|not-found|not_found"));
    points += says(fold(s->page->content->text, THIN_BYTES, s->arena), absence_words);
    return points >= ENOUGH && (in_title || in_heading || s->n_shown < WALL_MAX_BYTES);
}

/* How much of the page's words stands in lines about cookies and partners, in percent. */
static size_t consent_share(const struct signs *s)
{
    struct slice rest = s->words, line;
    size_t n = 0, all = 1;

    while (slice_next_line(&rest, &line)) {
        all += line.len;
        n += says(line, consent_words) ? line.len : 0;
    }
    return 100 * n / all;
}

static bool is_consent(const struct signs *s)
{
    const struct slice url = s->page->url;
    const struct slice host = url_host(url, s->arena);
    int points = -2 * s->is_article;

    if (s->n_shown > CONSENT_MAX_BYTES)
        return false;
    points += 2 * (slice_starts(host, SLICE("consent.")) || slice_starts(host, SLICE("cmp.")) ||
                   slice_contains(url, SLICE("/consent")) || slice_contains(url, SLICE("/cookie")));
    points +=
        2 * (mostly_says(s->title, consent_titles) || a_line_says(s->headings, consent_titles));
    if (points < 1 && s->n_shown > WALL_MAX_BYTES)
        return false;
    points += consent_share(s) >= 50;
    points += consent_share(s) >= 75;
    if (points >= 2)
        points += dom_find(s->page->dom->body, DOM_FORM) != NULL ||
                  dom_find(s->page->dom->body, DOM_BUTTON) != NULL;
    return points > ENOUGH;
}

/* The element that a program fills is there, and empty. */
static bool has_empty_root(const struct dom *dom)
{
    static const char *const names[] = {"root",   "app",       "__next",   "__nuxt", "___gatsby",
                                        "nuxt",   "react-app", "app-root", "main",   "react-root",
                                        "svelte", "vue-app",   "ember-app"};

    for (const struct dom_node *n = dom->body; n != NULL; n = dom_next(n, dom->body)) {
        struct slice id = dom_get(n, "id");

        if (slice_equal(n->name, SLICE("app-root")) && n->first == NULL)
            return true;
        for (size_t i = 0; i < WW_COUNT(names) && id.len > 0; i++)
            if (slice_equal_nocase(id, slice_from(names[i])) &&
                (n->first == NULL || (n->first == n->last && n->first->first == NULL)))
                return true;
    }
    return false;
}

static bool asks_for_script(const struct signs *s)
{
    const struct dom *dom = s->page->dom;

    if (says(s->words, script_words))
        return true;
    for (const struct dom_node *n = dom->root; n != NULL; n = dom_next(n, dom->root))
        if (n->tag == DOM_NOSCRIPT &&
            says(fold(dom_text(n, s->arena), NOTICE_MAX_BYTES, s->arena), script_words))
            return true;
    return false;
}

static bool needs_script(const struct signs *s)
{
    int points = s->n_shown < THIN_BYTES;

    if (s->page->content->text.len >= THIN_BYTES)
        return false;
    points += s->n_shown < THIN_BYTES / 6;
    points += 2 * has_empty_root(s->page->dom);
    points += 2 * asks_for_script(s);
    return points >= ENOUGH;
}

/* The last lines of a text, folded. */
static struct slice tail_of(struct slice text, struct arena *arena)
{
    size_t at = text.len > 2 * OFFER_MAX_BYTES ? text.len - 2 * OFFER_MAX_BYTES : 0;

    while (at > 0 && at < text.len && (text.ptr[at] & 0xC0) == 0x80)
        at++;
    return text_fold_key(slice_skip(text, at), arena);
}

static bool is_broken_off(struct slice text)
{
    text = slice_trim(text);
    return slice_ends(text, SLICE("...")) || slice_ends(text, SLICE("\u2026")) ||
           slice_ends(text, SLICE("[\u2026]")) || slice_ends(text, SLICE("[...]"));
}

static bool is_paywalled(const struct signs *s)
{
    static const char *const keys[] = {"article:content_tier", "content_tier", NULL};
    const struct content *c = s->page->content;
    const struct slice tier = metadata_tag(s->page->meta, keys);
    int points = 3 * s->page->meta->json_ld.is_paywalled;

    points +=
        3 * (slice_equal_nocase(tier, SLICE("locked")) || slice_equal_nocase(tier, SLICE("paid")) ||
             slice_equal_nocase(tier, SLICE("premium")));
    points += slice_equal_nocase(tier, SLICE("metered"));
    if (points >= ENOUGH)
        return true;
    if (c->text.len > TEASER_MAX_BYTES)
        return false;
    points += 2 * (says(tail_of(c->text, s->arena), paywall_words) ||
                   says(tail_of(c->cut, s->arena), paywall_words));
    points += is_broken_off(c->text);
    if (points > 0)
        points += has_name(s->page->dom, "paywall|pay-wall|piano|regwall|reg-wall|premium-content|"
                                         "subscriber-only|subscribers-only|paid-content|"
                                         "article-locked|content-gate|contentgate|metered");
    return points >= ENOUGH;
}

static bool is_live(const struct signs *s)
{
    static const char *const paths[] = {"/live/",    "liveblog",   "live-blog", "liveticker",
                                        "live-tick", "en-direct",  "en-vivo",   "en-directo",
                                        "/direct/",  "minuto-a-m", "/ao-vivo",  "live-updates"};
    const struct dom_node *container = s->page->content->container;
    size_t n_times = 0;
    int points = 0;

    if (s->page->meta->json_ld.is_live)
        return true;
    points += says(s->title, live_words);
    for (size_t i = 0; i < WW_COUNT(paths); i++)
        if (slice_contains_nocase(s->page->url, slice_from(paths[i]))) {
            points++;
            break;
        }
    if (points == 0)
        return false;
    for (const struct dom_node *n = container; n != NULL; n = dom_next(n, container))
        n_times += n->tag == DOM_TIME;
    points += n_times >= 4;
    points += has_name(s->page->dom, "liveblog|live-blog|live_blog|liveticker|live-ticker|"
                                     "live-update|live-feed|live-post");
    return points >= ENOUGH;
}

enum article_access access_judge(const struct access_page *page, struct arena *arena)
{
    struct signs s = {.page = page, .arena = arena};

    read_words(&s);
    read_claims(&s);
    if (is_bot_wall(&s))
        return ARTICLE_BOT_WALL;
    if (is_absent(&s))
        return ARTICLE_NOT_FOUND;
    if (is_consent(&s))
        return ARTICLE_CONSENT;
    if (is_paywalled(&s))
        return ARTICLE_PAYWALL;
    if (is_live(&s))
        return ARTICLE_LIVE;
    return needs_script(&s) ? ARTICLE_NEEDS_SCRIPT : ARTICLE_OPEN;
}

bool access_is_notice(struct slice text, struct arena *arena)
{
    const struct slice head = text_cut(text, NOTICE_MAX_BYTES);
    struct slice rest = text, line;
    size_t n = 0;

    if (text.len == 0 || text.len > NOTICE_MAX_BYTES)
        return false;
    if (!says(text_fold_key(text_cut(head, 200), arena), notice_words) &&
        !says(text_fold_key(head, arena), script_words))
        return false;
    while (slice_next_line(&rest, &line)) {
        const struct slice folded = text_fold_key(line, arena);

        n += says(folded, consent_words) || says(folded, script_words) ? line.len : 0;
    }
    return 100 * n / text.len >= 60;
}

struct slice access_without_offer(struct slice text, struct arena *arena)
{
    struct slice kept = text, rest = text;

    for (size_t i = 0; i < OFFERS_MAX; i++) {
        size_t at = rest.len;
        struct slice line;

        while (at > 0 && rest.ptr[at - 1] != '\n')
            at--;
        line = slice_skip(rest, at);
        if (line.len > OFFER_MAX_BYTES || at == 0)
            break;
        rest = slice_trim(slice_head(rest, at));
        if (says(text_fold_key(line, arena), paywall_words))
            kept = rest;
    }
    return kept;
}

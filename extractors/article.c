/* article.c - bytes to article: decode, scan, build the tree, read what stands in it. */
#include "extractors/article.h"

#include "base/arena.h"
#include "base/charset.h"
#include "base/likeness.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/access.h"
#include "extractors/content.h"
#include "extractors/credit.h"
#include "extractors/dom.h"
#include "extractors/furniture.h"
#include "extractors/language.h"
#include "extractors/late.h"
#include "extractors/metadata.h"
#include "extractors/plain.h"
#include "extractors/rules.h"
#include "extractors/sanitize.h"
#include "extractors/state.h"
#include "extractors/steps.h"

const char *const article_date_sources[ARTICLE_DATE_SOURCE_COUNT] = {
    [ARTICLE_DATE_NONE] = "",     [ARTICLE_DATE_JSON_LD] = "json-ld",
    [ARTICLE_DATE_META] = "meta", [ARTICLE_DATE_TIME_ELEMENT] = "time",
    [ARTICLE_DATE_URL] = "url",   [ARTICLE_DATE_TEXT] = "text",
    [ARTICLE_DATE_FEED] = "feed", [ARTICLE_DATE_RULES] = "rules",
};

const char *const article_accesses[ARTICLE_ACCESS_COUNT] = {
    [ARTICLE_OPEN] = "open",
    [ARTICLE_PAYWALL] = "paywall",
    [ARTICLE_CONSENT] = "consent",
    [ARTICLE_BOT_WALL] = "bot-wall",
    [ARTICLE_NEEDS_SCRIPT] = "needs-script",
    [ARTICLE_NOT_FOUND] = "not-found",
    [ARTICLE_LIVE] = "live",
    [ARTICLE_UNREAD] = "unread",
};

const char *const article_text_sources[ARTICLE_TEXT_SOURCE_COUNT] = {
    [ARTICLE_TEXT_PAGE] = "page",
    [ARTICLE_TEXT_RULES] = "rules",
    [ARTICLE_TEXT_DATA] = "data",
    [ARTICLE_TEXT_FEED] = "feed",
};

const char *const article_credit_sources[ARTICLE_CREDIT_SOURCE_COUNT] = {
    [ARTICLE_CREDIT_NONE] = "",
    [ARTICLE_CREDIT_DATELINE] = "dateline",
    [ARTICLE_CREDIT_BYLINE] = "byline",
    [ARTICLE_CREDIT_LINE] = "line",
    [ARTICLE_CREDIT_FIRST] = "first published",
    [ARTICLE_CREDIT_DATA] = "page data",
    [ARTICLE_CREDIT_LINK] = "link",
};

/* Less text than this from the tree is no article, if the page's data have one. */
#define THIN_BYTES 300
/* Half of a short text's lines in a long one: it is a part of that. */
#define SHARED_MIN 0.5
/* A shorter description is a slogan. */
#define TEASER_BYTES 60
/* How much tells text from other bytes, and one control character in so many: packed bytes have
 * nine. */
#define SNIFF_BYTES 1445
#define BINARY_SHARE 20

static void set_text(struct article *a, struct slice text, enum article_text_source source)
{
    a->text = text;
    a->text_source = source;
}

/* Of two texts the longer one counts, when the short one is hardly any or a part of it. */
static bool is_better(struct slice text, struct slice now)
{
    return text.len > 2 * now.len &&
           (now.len < THIN_BYTES || likeness_shared(now, text) >= SHARED_MIN);
}

/* What the feed said, when it said more than a heading. */
static void take_feed(struct article *a, const struct article_hints *hints, struct arena *arena)
{
    struct slice fed;

    if (hints->feed_text.len > 2 * a->text.len &&
        sanitize_text(hints->feed_text, arena, &fed, NULL) == WW_OK &&
        fed.len >= FEED_TEXT_MIN_BYTES && is_better(fed, a->text))
        set_text(a, fed, ARTICLE_TEXT_FEED);
}

/* The state of a page's program. What it keeps back from those who do not pay is not read there. */
static void take_state(struct article *a, const struct access_page *page, struct arena *arena)
{
    const bool is_titled = a->title.len > 0 && !slice_equal_nocase(a->title, a->site);
    struct slice text;

    if (a->text.len >= THIN_BYTES || a->access == ARTICLE_PAYWALL)
        return;
    text = state_read(&page->dom->prescan, is_titled ? a->title : (struct slice){"", 0}, arena);
    if (is_better(text, a->text) && !access_is_notice(text, arena))
        set_text(a, text, ARTICLE_TEXT_DATA);
}

/*
 * The text that schema.org data, a script or the feed carry, when the tree gave next to nothing or
 * a part of it: pages that a program fills in, or that a wall hides. page: NULL when it is no HTML.
 */
static void rescue(struct article *a, const struct access_page *page,
                   const struct article_hints *hints, struct arena *arena)
{
    if (page != NULL && is_better(page->meta->json_ld.body, a->text))
        set_text(a, page->meta->json_ld.body, ARTICLE_TEXT_DATA);
    if (page != NULL && !step_is_off(hints->without, STEP_STATE))
        take_state(a, page, arena);
    if (a->text_source == ARTICLE_TEXT_DATA && a->access == ARTICLE_NEEDS_SCRIPT)
        a->access = ARTICLE_OPEN;
    take_feed(a, hints, arena);
    /* A page that a program fills in: what it tells search engines names at least its subject. */
    if (a->text.len == 0 && a->description.len >= TEASER_BYTES)
        set_text(a, a->description, ARTICLE_TEXT_DATA);
}

/* Nothing that a wall says is the article's; what the feed and the address say of that stands. */
static void forget_page(struct article *a, const struct article_hints *hints)
{
    const struct slice none = {"", 0};
    const struct slice title = hints->feed_title.len > 0 ? hints->feed_title : a->title;
    const bool is_fed = hints->feed_published.precision != DATE_NONE;
    const bool is_dated = !is_fed && a->published_source == ARTICLE_DATE_URL;

    *a = (struct article){.title = text_cut(title, TITLE_MAX_BYTES),
                          .author = hints->feed_author,
                          .text = none,
                          .cut = none,
                          .site = none,
                          .canonical = none,
                          .language = none,
                          .description = none,
                          .section = none,
                          .dateline = none,
                          .credit = none,
                          .source_url = none,
                          .charset = a->charset,
                          .published = is_dated ? a->published : hints->feed_published,
                          .published_source = is_fed     ? ARTICLE_DATE_FEED
                                              : is_dated ? ARTICLE_DATE_URL
                                                         : ARTICLE_DATE_NONE,
                          .access = a->access};
}

/* What kind of page it is, and whose text is the article's. */
static void settle(struct article *a, const struct access_page *page,
                   const struct article_hints *hints, struct arena *arena)
{
    a->access = access_judge(page, arena);
    if (a->text_source == ARTICLE_TEXT_RULES) { /* somebody said where the text is */
        a->access = access_is_wall(a->access) ? ARTICLE_OPEN : a->access;
        return;
    }
    if (access_is_wall(a->access)) {
        forget_page(a, hints);
        take_feed(a, hints, arena);
        return;
    }
    if (access_is_notice(a->text, arena))
        a->text = (struct slice){"", 0};
    if (a->access == ARTICLE_PAYWALL)
        a->text = access_without_offer(a->text, arena);
    if (!step_is_off(hints->without, STEP_RESCUE))
        rescue(a, page, hints, arena);
}

/* NULL in *out when the hints bring none. */
static enum ww_status apply_rules(struct dom *dom, const struct article_hints *hints,
                                  struct arena *arena, struct rules_found **out,
                                  struct ww_error *err)
{
    struct rules *rules;
    enum ww_status status;

    *out = NULL;
    if (hints->rules.len == 0)
        return WW_OK;
    rules = arena_alloc(arena, sizeof(*rules));
    *out = arena_alloc(arena, sizeof(**out));
    if (rules == NULL || *out == NULL)
        return arena_check(arena, err);
    status = rules_parse(hints->rules, arena, rules, err);
    return status == WW_OK ? rules_find(rules, dom, arena, *out, err)
                           : ww_context(err, status, "rules of the site");
}

/* What they took out stands with what else was cut. */
static void tell_rules(struct article *a, const struct rules_found *rules, struct arena *arena)
{
    a->rules_matched = rules->matched;
    if (rules->removed.len > 0)
        a->cut = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(a->cut), a->cut.len > 0 ? "\n\n" : "",
                              SLICE_ARG(rules->removed));
}

static enum ww_status extract_html(struct slice text, const struct article_hints *hints,
                                   struct arena *arena, struct article *out, struct ww_error *err)
{
    struct dom dom;
    struct content content;
    struct metadata meta;
    struct metadata_source source;
    struct rules_found *rules = NULL;
    enum ww_status status = dom_parse(text, arena, &dom, err);

    if (status != WW_OK)
        return status;
    if (!step_is_off(hints->without, STEP_LATE))
        late_place(&dom);
    status = apply_rules(&dom, hints, arena, &rules, err);
    if (status == WW_OK)
        status = content_find(&dom, rules, hints->without, arena, &content, err);
    if (status != WW_OK)
        return status;
    source = (struct metadata_source){&dom, &content.blocks, content.container, hints, rules};
    metadata_read(&source, arena, &meta);
    status = content_write(&content, meta.title, arena, err);
    if (status != WW_OK)
        return status;
    out->title = meta.title;
    out->author = meta.author;
    out->site = meta.site;
    out->canonical = meta.canonical;
    out->is_twin = meta.is_twin;
    out->section = meta.section;
    out->description = meta.description;
    out->published = meta.published;
    out->modified = meta.modified;
    out->published_source = meta.published_source;
    out->modified_source = meta.modified_source;
    out->text = content.text;
    out->cut = content.cut;
    if (rules != NULL)
        tell_rules(out, rules, arena);
    if (content.rules != NULL && out->text.len > 0)
        out->text_source = ARTICLE_TEXT_RULES;
    settle(out, &(struct access_page){&dom, &content, &meta, hints->url}, hints, arena);
    if (!access_is_wall(out->access) && out->text_source != ARTICLE_TEXT_FEED)
        furniture_cut(out, meta.title_element, hints, arena);
    out->language = language_guess(out->text, meta.language, arena);
    if (!access_is_wall(out->access)) {
        const bool is_shown =
            out->text_source == ARTICLE_TEXT_PAGE || out->text_source == ARTICLE_TEXT_RULES;

        credit_read(&(struct credit_page){&meta, is_shown ? &content : NULL, hints}, arena, out);
    }
    return WW_OK;
}

/*
 * Packed or a picture, whatever its sender calls it: the standard on MIME sniffing (section 7.2)
 * takes one such byte for proof; pages with a stray one are too common for that.
 */
static bool is_binary(struct slice bytes, const char *charset)
{
    struct slice head = slice_head(bytes, SNIFF_BYTES);
    size_t n = 0;

    if (slice_starts(slice_from(charset), SLICE("UTF-16")))
        return false;
    for (size_t i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.ptr[i];

        n += c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1A) || (c >= 0x1C && c <= 0x1F);
    }
    return n * BINARY_SHARE > head.len || slice_starts(head, SLICE("%PDF-"));
}

enum ww_status article_extract(struct slice html, const struct article_hints *hints,
                               struct arena *arena, struct article *out, struct ww_error *err)
{
    struct slice claim = charset_from_content_type(hints->content_type);
    struct slice text;
    enum ww_status status;

    *out = (struct article){0};
    out->charset = charset_detect(html, CHARSET_HTML, claim);
    if (is_binary(html, out->charset))
        return ww_fail(err, WW_INVALID, "no text: %zu bytes of another kind", html.len);
    status = charset_decode(html, out->charset, arena, &text, err);
    if (status != WW_OK)
        return status;
    if (plain_is(text, hints->content_type)) {
        plain_read(text, hints, arena, out);
        rescue(out, NULL, hints, arena);
        credit_read(&(struct credit_page){NULL, NULL, hints}, arena, out);
    } else {
        status = extract_html(text, hints, arena, out, err);
    }
    out->text = text_cut(out->text, ARTICLE_TEXT_MAX_BYTES);
    out->whole = text_cut(out->whole, ARTICLE_TEXT_MAX_BYTES);
    out->cut = text_cut(out->cut, ARTICLE_TEXT_MAX_BYTES);
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK && out->text.len == 0 && out->access == ARTICLE_OPEN)
        status = ww_fail(err, WW_INVALID, "no article text in this page");
    return status;
}

/*
 * parse_feed.c - questions about feeds and sitemaps, and their answers.
 *
 * In the worker: encoding, feed, and HTML that is safe to show. What one side writes, the other
 * reads in the same order, checking every length and text again.
 */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "base/record.h"
#include "extractors/sanitize.h"
#include "feeds/feed.h"
#include "feeds/sitemap.h"

/* ---- values ---------------------------------------------------------------------------------- */

/* A text that may be absent, which is not the same as empty. */
static void put_optional(struct buf *out, struct slice s)
{
    record_put_number(out, s.ptr != NULL);
    if (s.ptr != NULL)
        record_put_text(out, s);
}

static struct slice get_optional(struct record *r)
{
    return record_number_in(r, 0, 1) == 1 ? record_text(r) : (struct slice){NULL, 0};
}

void parse_put_date(struct buf *out, const struct date *d)
{
    record_put_number(out, d->precision);
    record_put_number(out, d->at);
    record_put_number(out, d->has_zone);
    record_put_number(out, d->zone_s);
}

struct date parse_get_date(struct record *r)
{
    struct date d = {0};

    d.precision = (enum date_precision)record_number_in(r, DATE_NONE, DATE_SECOND);
    d.at = record_number(r);
    d.has_zone = record_number_in(r, 0, 1) == 1;
    d.zone_s = (int32_t)record_number_in(r, -86400, 86400);
    return d;
}

void *parse_get_room(struct record *r, struct arena *arena, size_t n, size_t size)
{
    void *room = n == 0 ? NULL : arena_array(arena, n, size);

    if (n > 0 && room == NULL)
        r->failed = true;
    return room;
}

/* ---- feed ------------------------------------------------------------------------------------ */

void parse_request_feed(struct buf *out, struct slice bytes, struct slice content_type,
                        struct slice base)
{
    record_put_number(out, PARSE_FEED);
    record_put_text(out, bytes);
    record_put_text(out, content_type);
    record_put_text(out, base);
}

static void put_links(struct buf *out, const struct feed_link *links, size_t n)
{
    record_put_number(out, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        record_put_text(out, links[i].href);
        record_put_text(out, links[i].rel);
        record_put_text(out, links[i].type);
    }
}

static void put_entry(struct buf *out, const struct entry *e)
{
    record_put_text(out, e->id);
    put_optional(out, e->title);
    record_put_text(out, e->link);
    record_put_text(out, e->original);
    record_put_text(out, e->summary);
    record_put_text(out, e->content);
    record_put_text(out, e->content_base);
    record_put_text(out, e->author);
    record_put_text(out, e->language);
    parse_put_date(out, &e->published);
    parse_put_date(out, &e->updated);
    put_links(out, e->links, e->n_links);
    record_put_number(out, (int64_t)e->n_enclosures);
    for (size_t i = 0; i < e->n_enclosures; i++) {
        record_put_text(out, e->enclosures[i].url);
        record_put_text(out, e->enclosures[i].type);
        record_put_text(out, e->enclosures[i].length);
    }
    record_put_number(out, (int64_t)e->n_categories);
    for (size_t i = 0; i < e->n_categories; i++)
        record_put_text(out, e->categories[i]);
}

void parse_put_feed(struct buf *out, const struct feed *f, const char *charset)
{
    record_put_text(out, slice_from(charset));
    record_put_text(out, slice_from(f->format));
    put_optional(out, f->title);
    record_put_text(out, f->link);
    record_put_text(out, f->id);
    put_optional(out, f->description);
    record_put_text(out, f->language);
    record_put_text(out, f->author);
    parse_put_date(out, &f->updated);
    record_put_number(out, f->ttl_minutes);
    record_put_number(out, f->skip_hours);
    record_put_number(out, f->skip_days);
    record_put_number(out, f->update_period_s);
    put_links(out, f->links, f->n_links);
    record_put_number(out, (int64_t)f->n_dropped);
    record_put_number(out, f->is_malformed);
    record_put_number(out, (int64_t)f->n_entries);
    for (size_t i = 0; i < f->n_entries; i++)
        put_entry(out, &f->entries[i]);
}

/* Bytes as received, perhaps a packed file, to UTF-8. */
static enum ww_status decode(struct slice bytes, enum charset_kind kind, struct slice content_type,
                             struct arena *arena, const char **charset, struct slice *utf8,
                             struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (inflate_is_gzip(bytes))
        status = inflate_all(bytes, SITEMAP_MAX_BYTES, arena, &bytes, err);
    if (status != WW_OK)
        return status;
    *charset = charset_detect(bytes, kind, charset_from_content_type(content_type));
    return charset_decode(bytes, *charset, arena, utf8, err);
}

/* Whatever announces articles. */
static enum ww_status read_any(struct slice utf8, struct slice base, struct arena *arena,
                               struct feed *out, struct ww_error *err)
{
    struct sitemap sitemap;
    enum ww_status status = WW_INVALID;

    if (sitemap_is_likely(utf8))
        status = sitemap_parse(utf8, base, arena, &sitemap, NULL);
    if (status != WW_OK)
        return feed_parse(utf8, base, arena, out, err);
    return sitemap_as_feed(&sitemap, arena, out, err);
}

enum ww_status parse_feed_run(struct record *question, struct arena *arena, struct buf *answer,
                              struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct slice content_type = record_bytes(question);
    struct slice base = record_bytes(question);
    struct slice utf8 = {0};
    struct feed feed = {0};
    const char *charset = NULL;
    enum ww_status status;

    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    status = decode(bytes, CHARSET_XML, content_type, arena, &charset, &utf8, err);
    if (status == WW_OK)
        status = read_any(utf8, base, arena, &feed, err);
    for (size_t i = 0; status == WW_OK && i < feed.n_entries; i++) {
        struct entry *e = &feed.entries[i];
        bool is_same = e->summary.len > 0 && e->summary.ptr == e->content.ptr;

        status = sanitize_html(e->content, e->content_base, arena, &e->content, err);
        if (is_same)
            e->summary = e->content;
        else if (status == WW_OK)
            status = sanitize_html(e->summary, e->content_base, arena, &e->summary, err);
    }
    if (status == WW_OK)
        parse_put_feed(answer, &feed, charset);
    return status;
}

static struct feed_link *get_links(struct record *r, struct arena *arena, size_t *n)
{
    struct feed_link *links;

    *n = record_count(r, FEED_LIST_MAX);
    links = parse_get_room(r, arena, *n, sizeof(*links));
    for (size_t i = 0; links != NULL && i < *n; i++) {
        links[i].href = record_text(r);
        links[i].rel = record_text(r);
        links[i].type = record_text(r);
    }
    return links;
}

static void get_entry(struct record *r, struct arena *arena, struct entry *e)
{
    e->id = record_text(r);
    e->title = get_optional(r);
    e->link = record_text(r);
    e->original = record_text(r);
    e->summary = record_text(r);
    e->content = record_text(r);
    e->content_base = record_text(r);
    e->author = record_text(r);
    e->language = record_text(r);
    e->published = parse_get_date(r);
    e->updated = parse_get_date(r);
    e->links = get_links(r, arena, &e->n_links);
    e->n_enclosures = record_count(r, FEED_LIST_MAX);
    e->enclosures = parse_get_room(r, arena, e->n_enclosures, sizeof(*e->enclosures));
    for (size_t i = 0; e->enclosures != NULL && i < e->n_enclosures; i++) {
        e->enclosures[i].url = record_text(r);
        e->enclosures[i].type = record_text(r);
        e->enclosures[i].length = record_text(r);
    }
    e->n_categories = record_count(r, FEED_LIST_MAX);
    e->categories = parse_get_room(r, arena, e->n_categories, sizeof(*e->categories));
    for (size_t i = 0; e->categories != NULL && i < e->n_categories; i++)
        e->categories[i] = record_text(r);
}

enum ww_status parse_answer_feed(struct slice record, struct arena *arena, struct feed *out,
                                 struct slice *charset, struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    *out = (struct feed){0};
    if (status != WW_OK)
        return status;
    *charset = record_text(&r);
    out->format = arena_string(arena, record_text(&r));
    out->title = get_optional(&r);
    out->link = record_text(&r);
    out->id = record_text(&r);
    out->description = get_optional(&r);
    out->language = record_text(&r);
    out->author = record_text(&r);
    out->updated = parse_get_date(&r);
    out->ttl_minutes = record_number_in(&r, 0, INT32_MAX);
    out->skip_hours = (uint32_t)record_number_in(&r, 0, (1 << 24) - 1);
    out->skip_days = (uint32_t)record_number_in(&r, 0, (1 << 7) - 1);
    out->update_period_s = record_number_in(&r, 0, INT32_MAX);
    out->links = get_links(&r, arena, &out->n_links);
    out->n_dropped = (size_t)record_number_in(&r, 0, INT32_MAX);
    out->is_malformed = record_number_in(&r, 0, 1) == 1;
    out->n_entries = record_count(&r, SITEMAP_URLS_MAX); /* a feed holds FEED_ENTRIES_MAX */
    out->entries = parse_get_room(&r, arena, out->n_entries, sizeof(*out->entries));
    for (size_t i = 0; out->entries != NULL && i < out->n_entries && !r.failed; i++)
        get_entry(&r, arena, &out->entries[i]);
    if (out->format == NULL)
        out->format = "";
    return parse_answer_close(&r, err);
}

/* ---- sitemap --------------------------------------------------------------------------------- */

void parse_request_sitemap(struct buf *out, struct slice bytes, struct slice base)
{
    record_put_number(out, PARSE_SITEMAP);
    record_put_text(out, bytes);
    record_put_text(out, base);
}

static void put_urls(struct buf *out, const struct sitemap_url *urls, size_t n)
{
    record_put_number(out, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        record_put_text(out, urls[i].loc);
        parse_put_date(out, &urls[i].lastmod);
        record_put_number(out, urls[i].has_news);
        if (!urls[i].has_news)
            continue;
        record_put_text(out, urls[i].news_title);
        record_put_text(out, urls[i].news_language);
        record_put_text(out, urls[i].news_publication);
        parse_put_date(out, &urls[i].news_date);
    }
}

enum ww_status parse_sitemap_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct slice base = record_bytes(question);
    struct slice utf8 = {0}, none = {"", 0};
    struct sitemap sitemap = {0};
    const char *charset = NULL;
    enum ww_status status;

    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    status = decode(bytes, CHARSET_XML, none, arena, &charset, &utf8, err);
    if (status == WW_OK)
        status = sitemap_parse(utf8, base, arena, &sitemap, err);
    if (status != WW_OK)
        return status;
    record_put_text(answer, slice_from(sitemap.type));
    record_put_number(answer, (int64_t)sitemap.n_dropped);
    record_put_number(answer, sitemap.is_malformed);
    put_urls(answer, sitemap.urls, sitemap.n_urls);
    put_urls(answer, sitemap.sitemaps, sitemap.n_sitemaps);
    return WW_OK;
}

static struct sitemap_url *get_urls(struct record *r, struct arena *arena, size_t *n)
{
    struct sitemap_url *urls;

    *n = record_count(r, SITEMAP_URLS_MAX);
    urls = parse_get_room(r, arena, *n, sizeof(*urls));
    for (size_t i = 0; urls != NULL && i < *n && !r->failed; i++) {
        urls[i].loc = record_text(r);
        urls[i].lastmod = parse_get_date(r);
        urls[i].has_news = record_number_in(r, 0, 1) == 1;
        if (!urls[i].has_news)
            continue;
        urls[i].news_title = record_text(r);
        urls[i].news_language = record_text(r);
        urls[i].news_publication = record_text(r);
        urls[i].news_date = parse_get_date(r);
    }
    return urls;
}

enum ww_status parse_answer_sitemap(struct slice record, struct arena *arena, struct sitemap *out,
                                    struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    *out = (struct sitemap){0};
    if (status != WW_OK)
        return status;
    out->type = arena_string(arena, record_text(&r));
    out->n_dropped = (size_t)record_number_in(&r, 0, INT32_MAX);
    out->is_malformed = record_number_in(&r, 0, 1) == 1;
    out->urls = get_urls(&r, arena, &out->n_urls);
    out->sitemaps = get_urls(&r, arena, &out->n_sitemaps);
    if (out->type == NULL)
        out->type = "";
    return parse_answer_close(&r, err);
}

/* dates.c - when it was published, and changed: data, address, <time>, words near the headline. */
#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/blocks.h"
#include "extractors/marks.h"
#include "extractors/metadata.h"
#include "extractors/rules.h"

/* Nothing on the web is older; "1970-01-01" is a clock that nobody set. */
#define DAY_MIN 9131 /* 1995-01-01, days since 1970 */
#define DAY_S 86400
/* A line with a date in it is hardly longer; prose is. */
#define DATE_LINE_MAX_BYTES 200
#define META_LINE_MAX_BYTES 400
/* Hardly more than a date. */
#define DATE_ALONE_MAX_BYTES 40

struct finder {
    const struct metadata_source *source;
    struct metadata *m;
    enum date_order order;
};

static const char *const published_keys[] = {
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_date",
    "publication_date",
    "publication-date",
    "publish-date",
    "publish_date",
    "publishdate",
    "publisheddate",
    "published-date",
    "date_published",
    "article_date_original",
    "article.published",
    "originalpublicationdate",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "shareaholic:article_published_time",
    "mediator_published_time",
    "vr:published_time",
    "pubdate",
    "pub_date",
    "published",
    "publishtime",
    "apub:time",
    "dc.date.issued",
    "dcterms.issued",
    "article:create_at",
    "weibo: article:create_at",
    "datecreated",
    "article.created",
    "release_date",
    "bt:pubdate",
    NULL,
};

/* Names that also stand for the last change or the last export. */
static const char *const vague_keys[] = {
    "dcterms.date", "dcterms.created", "dc.date.created", "dc.date",   "dc:date", "dc.created",
    "created",      "creation_date",   "displaydate",     "timestamp", "date",    "doc_date",
    "docdate",      "pdate",           "ptime",           NULL,
};

static const char *const modified_keys[] = {
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "lastmodified",
    "revised",
    "updated_time",
    NULL,
};

static bool is_credible(const struct finder *f, const struct date *d)
{
    int64_t now = f->source->hints->now;

    return d->precision >= DATE_DAY && d->at >= (int64_t)DAY_MIN * DAY_S &&
           (now == 0 || d->at <= now + DATE_FUTURE_MAX_S);
}

static bool read_value(const struct finder *f, struct slice text, struct date *out)
{
    struct slice found;

    text = slice_trim(text);
    if (text.len == 0 || text.len > 200)
        return false;
    if (date_parse_ordered(text, f->order, out) && is_credible(f, out))
        return true;
    return date_find(text, f->order, out, &found) && is_credible(f, out);
}

static bool read_tags(const struct finder *f, const char *const *keys, struct date *out)
{
    for (; *keys != NULL; keys++) {
        const char *const one[] = {*keys, NULL};

        if (read_value(f, metadata_tag(f->m, one), out))
            return true;
    }
    return false;
}

/* ---- the address ----------------------------------------------------------------------------- */

static bool read_digits(struct slice s, size_t at, size_t n, int64_t *out)
{
    if (at + n > s.len)
        return false;
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(s.ptr[at + i]))
            return false;
        *out = *out * 10 + (s.ptr[at + i] - '0');
    }
    return true;
}

/* /2023/05/03/, /2023-05-03-, /20230503/: year, month and day in a row. */
static bool read_url(const struct finder *f, struct slice url, struct date *out)
{
    for (size_t i = 8; i + 8 <= url.len; i++) {
        int64_t year, month, day, days;
        size_t at = i + 4, len = 1;
        char sep = '\0';

        if (ascii_is_digit(url.ptr[i - 1]) || !read_digits(url, i, 4, &year))
            continue;
        if (!ascii_is_digit(url.ptr[at]))
            sep = url.ptr[at++];
        if (sep != '\0' && sep != '/' && sep != '-' && sep != '_' && sep != '.')
            continue;
        if (read_digits(url, at, 2, &month))
            len = 2;
        else if (sep == '\0' || !read_digits(url, at, 1, &month))
            continue;
        at += len;
        if (sep != '\0' && (at >= url.len || url.ptr[at++] != sep))
            continue;
        len = 2;
        if (!read_digits(url, at, 2, &day)) {
            len = 1;
            if (sep == '\0' || !read_digits(url, at, 1, &day))
                continue;
        }
        if (at + len < url.len && ascii_is_digit(url.ptr[at + len]))
            continue;
        if (!date_from_civil(year, (unsigned)month, (unsigned)day, &days))
            continue;
        *out = (struct date){.at = days * DAY_S, .precision = DATE_DAY};
        if (is_credible(f, out))
            return true;
    }
    return false;
}

/* ---- elements -------------------------------------------------------------------------------- */

static bool is_itemprop(const struct dom_node *n, const char *word)
{
    return slice_contains_nocase(dom_get(n, "itemprop"), slice_from(word));
}

static struct slice element_value(const struct dom_node *n)
{
    static const char *const keys[] = {"datetime", "content", "title", "data-datetime",
                                       "data-date"};

    for (size_t i = 0; i < WW_COUNT(keys); i++) {
        struct slice value = dom_get(n, keys[i]);

        if (value.len > 0 && (i != 2 || n->tag == DOM_ABBR || n->tag == DOM_TIME))
            return value;
    }
    return n->first != NULL && n->first->tag == DOM_TEXT ? n->first->text : (struct slice){"", 0};
}

/* Says its name that the date is one of change? */
static bool is_change(const struct dom_node *n, uint32_t marks)
{
    struct slice class = dom_get(n, "class");

    WW_UNUSED(marks);
    return is_itemprop(n, "dateModified") || slice_contains_nocase(class, SLICE("update")) ||
           slice_contains_nocase(class, SLICE("modif"));
}

/* Inside comments or a list of other articles? */
static bool is_elsewhere(const struct blocks *b, const struct block *block)
{
    uint32_t marks = block->cut_by != NULL ? b->marks[block->cut_by->order] : 0;

    return block->cut == CUT_NAME && marks & (MARK_COMMENTS | MARK_RELATED) && !(marks & MARK_DATE);
}

static bool stands_elsewhere(const struct blocks *b, const struct dom_node *n)
{
    return b->end[n->order] > b->first[n->order] && is_elsewhere(b, &b->list[b->first[n->order]]);
}

/* How good a place an element is; 0: none. */
static int rate_element(const struct finder *f, const struct dom_node *n)
{
    uint32_t marks = f->source->blocks->marks[n->order];
    bool is_inside = dom_contains(f->source->container, n);

    if (is_change(n, marks) || stands_elsewhere(f->source->blocks, n))
        return 0;
    if (is_itemprop(n, "datePublished") || dom_has(n, "pubdate"))
        return 6;
    if (n->tag == DOM_TIME && marks & MARK_DATE)
        return is_inside ? 5 : 4;
    if (n->tag == DOM_ABBR && marks & MARK_DATE)
        return 4;
    if (n->tag == DOM_TIME)
        return is_inside ? 3 : 2;
    return 0;
}

/* The best element's date; those rated below least do not count. */
static bool read_elements(const struct finder *f, int least, struct date *out)
{
    const struct dom_node *root = f->source->dom->root;
    int best = least - 1;

    for (const struct dom_node *n = root; n != NULL; n = dom_next(n, root)) {
        struct date date;
        int rate;

        if (n->n_attributes == 0 && n->tag != DOM_TIME)
            continue;
        rate = rate_element(f, n);
        if (rate > best && read_value(f, element_value(n), &date)) {
            *out = date;
            best = rate;
        }
    }
    return best >= least;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Does text say that the date behind it is one of change? */
static bool speaks_of_change(struct slice text)
{
    static const char *const words[] = {
        "update",  "modified",  "changed",  "aktualisier", "geändert",   "stand:",   "mis à jour",
        "modifié", "actualiza", "aggiorna", "atualiza",    "bijgewerkt", "обновлен", "更新"};

    for (size_t i = 0; i < WW_COUNT(words); i++)
        if (slice_contains_nocase(text, slice_from(words[i])))
            return true;
    return false;
}

/* Which lines count: named for a date, hardly more than one, all, long ones of "filed under". */
enum line_kind { LINE_MARKED, LINE_SHORT, LINE_ANY, LINE_OF_CHANGE, LINE_META };

static bool is_asked(const struct block *block, uint32_t marks, enum line_kind kind)
{
    switch (kind) {
    case LINE_MARKED:
        return block->text.len <= DATE_LINE_MAX_BYTES && (marks & MARK_DATE) != 0;
    case LINE_SHORT:
        return block->text.len <= DATE_ALONE_MAX_BYTES;
    case LINE_ANY:
    case LINE_OF_CHANGE:
        return block->text.len <= DATE_LINE_MAX_BYTES;
    case LINE_META:
        return block->text.len <= META_LINE_MAX_BYTES && (marks & MARK_META) != 0;
    }
    return false;
}

/* The first date in a short line of blocks [from, end); of change only when that is asked for. */
static bool read_lines(const struct finder *f, size_t from, size_t end, enum line_kind kind,
                       struct date *out)
{
    const struct blocks *b = f->source->blocks;

    for (size_t i = from; i < end; i++) {
        const struct block *block = &b->list[i];
        const struct dom_node *n = block->node;
        uint32_t marks = b->marks[n->order];
        struct slice found;

        if (n->parent != NULL)
            marks |= b->marks[n->parent->order];
        if (n->first != NULL)
            marks |= b->marks[n->first->order];
        if (block->cut_by != NULL)
            marks |= b->marks[block->cut_by->order] & MARK_META;
        if (!is_asked(block, marks, kind) || is_elsewhere(b, block))
            continue;
        if (date_find(block->text, f->order, out, &found) && is_credible(f, out) &&
            (kind == LINE_OF_CHANGE ||
             !speaks_of_change(slice_head(block->text, (size_t)(found.ptr - block->text.ptr)))))
            return true;
    }
    return false;
}

/* Where the headline stands, the first prose, the end of the container. */
struct places {
    size_t head, first, prose, end;
};

static struct places find_places(const struct finder *f)
{
    const struct blocks *b = f->source->blocks;
    struct places p = {.first = b->first[f->source->container->order],
                       .end = b->end[f->source->container->order]};
    size_t n_prose = 0;

    p.head = p.prose = p.first;
    for (size_t i = 0; i < p.first; i++)
        if (b->list[i].node->tag == DOM_H1)
            p.head = i;
    while (p.prose < p.end && n_prose < 3)
        n_prose += b->list[p.prose++].mass > 100;
    return p;
}

/* Lines between the headline and the first paragraphs. */
static bool read_head(const struct finder *f, enum line_kind kind, struct date *out)
{
    struct places p = find_places(f);
    size_t from = p.head > 3 ? p.head - 3 : 0;

    return read_lines(f, p.head, p.prose, kind, out) || read_lines(f, from, p.head, kind, out);
}

/* Lines anywhere. */
static bool read_text(const struct finder *f, struct date *out)
{
    const struct blocks *b = f->source->blocks;
    struct places p = find_places(f);

    return read_lines(f, 0, b->n, LINE_MARKED, out) ||
           read_lines(f, p.prose, p.end, LINE_ANY, out) ||
           read_lines(f, 0, p.head, LINE_ANY, out) || read_lines(f, p.end, b->n, LINE_ANY, out);
}

/* A date in the first words of the first paragraphs: "BERLIN, 3 May 2023 (dpa) -". */
static bool read_dateline(const struct finder *f, struct date *out)
{
    const struct blocks *b = f->source->blocks;
    size_t n_prose = 0;

    for (size_t i = b->first[f->source->container->order];
         i < b->end[f->source->container->order] && n_prose < 2; i++) {
        struct slice found;

        if (b->list[i].mass < 100)
            continue;
        n_prose++;
        if (date_find(slice_head(b->list[i].text, 120), f->order, out, &found) &&
            is_credible(f, out))
            return true;
    }
    return false;
}

/* ---- scripts --------------------------------------------------------------------------------- */

/* "datePublished": "..." in any script: data that a page's own program would show. */
static bool read_scripts(const struct finder *f, struct date *out)
{
    static const char *const keys[] = {"\"datePublished\"", "\"publishedAt\"", "\"published_at\"",
                                       "\"publishDate\"",   "\"pubDate\"",     "\"publish_date\"",
                                       "\"datecreated\"",   "\"dateCreated\"", "\"createdAt\"",
                                       "\"created_at\""};
    const struct prescan *scan = &f->source->dom->prescan;

    for (size_t k = 0; k < WW_COUNT(keys); k++)
        for (size_t i = 0; i < scan->n_scripts; i++) {
            struct slice rest = scan->scripts[i].text;
            size_t at = slice_find(rest, slice_from(keys[k]));

            if (at == rest.len)
                continue;
            rest = slice_head(slice_skip(rest, at + slice_from(keys[k]).len), 60);
            rest = slice_skip(rest, slice_find_char(rest, '"') + 1);
            if (read_value(f, slice_head(rest, slice_find_char(rest, '"')), out))
                return true;
        }
    return false;
}

/* ---- which day it was there ------------------------------------------------------------------ */

static int64_t day_of(const struct date *d)
{
    int64_t at = d->at + d->zone_s;

    return (at - ((at % DAY_S) + DAY_S) % DAY_S) / DAY_S;
}

/* Give d the smallest zone, in whole hours, in which it falls on day. */
static void move_to_day(struct date *d, int64_t day)
{
    int32_t step = day_of(d) < day ? 3600 : -3600;

    while (day_of(d) != day)
        d->zone_s += step;
}

/*
 * Data in UTC name the day after for an evening in America. The address or the line below the
 * headline then say which day the writer had.
 */
static void settle_day(const struct finder *f, struct slice url, struct date *d)
{
    struct date other;

    if (d->precision < DATE_MINUTE || d->zone_s != 0)
        return;
    if (read_url(f, url, &other) || read_elements(f, 4, &other) ||
        read_head(f, LINE_MARKED, &other) || read_head(f, LINE_ANY, &other)) {
        int64_t days = day_of(&other) - day_of(d);

        if (days == 1 || days == -1)
            move_to_day(d, day_of(&other));
    }
}

/*
 * Some systems write the day of the last export as both dates. When they are the same and the page
 * shows an earlier day below its headline, that one is meant.
 */
static void settle_export(const struct finder *f, struct metadata *m)
{
    struct date shown;

    if (m->published_source == ARTICLE_DATE_JSON_LD && m->published.at == m->modified.at &&
        (read_head(f, LINE_MARKED, &shown) || read_head(f, LINE_SHORT, &shown)) &&
        day_of(&shown) + 7 < day_of(&m->published)) {
        m->published = shown;
        m->published_source = ARTICLE_DATE_TEXT;
    }
}

static bool read_published(const struct finder *f, struct slice url, struct date *out,
                           enum article_date_source *from)
{
    static const char *const pictures[] = {"og:image", "twitter:image", NULL};

    *from = ARTICLE_DATE_RULES;
    if (f->source->rules != NULL && read_value(f, f->source->rules->date, out))
        return true;
    *from = ARTICLE_DATE_JSON_LD;
    if (read_value(f, f->m->json_ld.published, out))
        return true;
    *from = ARTICLE_DATE_META;
    if (read_tags(f, published_keys, out))
        return true;
    *from = ARTICLE_DATE_URL;
    if (read_url(f, url, out) || read_url(f, f->m->canonical, out))
        return true;
    *from = ARTICLE_DATE_TIME_ELEMENT;
    if (read_elements(f, 4, out))
        return true;
    *from = ARTICLE_DATE_FEED;
    *out = f->source->hints->feed_published;
    if (is_credible(f, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (read_head(f, LINE_MARKED, out))
        return true;
    *from = ARTICLE_DATE_META;
    if (read_tags(f, vague_keys, out))
        return true;
    *from = ARTICLE_DATE_TIME_ELEMENT;
    if (read_elements(f, 3, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (read_head(f, LINE_ANY, out))
        return true;
    *from = ARTICLE_DATE_TIME_ELEMENT;
    if (read_elements(f, 2, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (read_dateline(f, out) || read_scripts(f, out) || read_text(f, out))
        return true;
    if (read_lines(f, 0, f->source->blocks->n, LINE_META, out))
        return true;
    *from = ARTICLE_DATE_META;
    *out = f->m->modified;
    if (is_credible(f, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (read_lines(f, 0, f->source->blocks->n, LINE_OF_CHANGE, out))
        return true;
    *from = ARTICLE_DATE_URL;
    if (read_url(f, metadata_tag(f->m, pictures), out))
        return true;
    *from = ARTICLE_DATE_NONE;
    *out = (struct date){0};
    return false;
}

void dates_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    struct finder f = {source, m, date_order_of(m->language)};
    struct slice url = source->hints->url.len > 0 ? source->hints->url : m->canonical;

    WW_UNUSED(arena);
    if (!read_value(&f, m->json_ld.modified, &m->modified) &&
        !read_tags(&f, modified_keys, &m->modified))
        m->modified = (struct date){0};
    if (!read_published(&f, url, &m->published, &m->published_source) ||
        m->published_source == ARTICLE_DATE_RULES)
        return;
    settle_day(&f, url, &m->published);
    settle_export(&f, m);
}

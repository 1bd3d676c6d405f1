/* dates.c - when it was published, and changed: data, address, <time>, words near the headline. */
#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/blocks.h"
#include "extractors/date_keys.h"
#include "extractors/marks.h"
#include "extractors/metadata.h"
#include "extractors/rules.h"
#include "extractors/shown.h"

/* Nothing on the web is older; "1970-01-01" is a clock that nobody set. */
#define DAY_MIN 9131 /* 1995-01-01, days since 1970 */
#define DAY_S 86400
/* A date of an export is later than the one shown by more than a zone or a late evening. */
#define EXPORT_DAYS 7

struct finder {
    const struct metadata_source *source;
    struct metadata *m;
    struct shown_bounds bounds;
    struct shown head, page; /* read when first asked for */
    bool has_head, has_page;
    struct slice read_from; /* the last value that was read */
};

static bool is_credible(const struct finder *f, const struct date *d)
{
    return shown_is_credible(&f->bounds, d);
}

static bool read_value(struct finder *f, struct slice text, struct date *out)
{
    struct slice found;

    text = slice_trim(text);
    if (text.len == 0 || text.len > 200)
        return false;
    f->read_from = text;
    if (date_parse_ordered(text, f->bounds.order, out) && is_credible(f, out))
        return true;
    return date_find(text, f->bounds.order, out, &found) && is_credible(f, out);
}

static bool read_tags(struct finder *f, const char *const *keys, struct date *out)
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

/* Says its name that the date is one of change? */
static bool is_change(const struct dom_node *n)
{
    struct slice class = dom_get(n, "class");

    return is_itemprop(n, "dateModified") || slice_contains_nocase(class, SLICE("update")) ||
           slice_contains_nocase(class, SLICE("modif"));
}

static struct slice element_value(const struct dom_node *n)
{
    static const char *const keys[] = {"datetime", "content", "title", "data-datetime",
                                       "data-date"};

    for (size_t i = 0; i < WW_COUNT(keys); i++) {
        struct slice value = dom_get(n, keys[i]);

        if (value.len > 0 && (i != 2 || n->tag == DOM_ABBR || n->tag == DOM_TIME || is_change(n)))
            return value;
    }
    return n->first != NULL && n->first->tag == DOM_TEXT ? n->first->text : (struct slice){"", 0};
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

    if (is_change(n) || stands_elsewhere(f->source->blocks, n))
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
static bool read_elements(struct finder *f, int least, struct date *out)
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

/* ---- lines that the page shows --------------------------------------------------------------- */

enum which {
    ALONE = 1 << 0,
    MARKED = 1 << 1,
    LABELLED = 1 << 2, /* called the date of publication */
    FILED = 1 << 3,
    OF_CHANGE = 1 << 4,
    LINE = 1 << 5, /* any line that is no prose */
    PROSE = 1 << 6
};

static bool is_asked(const struct shown_date *d, unsigned which)
{
    if (d->kind == SHOWN_CHANGE)
        return (which & OF_CHANGE) != 0;
    if (d->is_filed)
        return (which & FILED) != 0;
    return (which & (d->is_prose ? PROSE : LINE)) != 0 || (d->is_alone && (which & ALONE) != 0) ||
           (d->is_marked && (which & MARKED) != 0) ||
           (d->kind == SHOWN_PUBLICATION && (which & LABELLED) != 0);
}

/* The first of these at one of the places up to last. */
static bool pick(const struct shown *shown, unsigned which, enum shown_place last, struct date *out)
{
    for (size_t i = 0; i < shown->n; i++)
        if (shown->list[i].place <= last && is_asked(&shown->list[i], which)) {
            *out = shown->list[i].date;
            return true;
        }
    return false;
}

static const struct shown *head_of(struct finder *f)
{
    if (!f->has_head)
        shown_read_head(f->source, &f->bounds, &f->head);
    f->has_head = true;
    return &f->head;
}

static const struct shown *page_of(struct finder *f)
{
    if (!f->has_page)
        shown_read_page(f->source, &f->bounds, &f->page);
    f->has_page = true;
    return &f->page;
}

static bool read_text(const struct finder *f, struct slice text, struct date *out)
{
    struct slice found;

    return date_find(text, f->bounds.order, out, &found) && is_credible(f, out);
}

/* A date in the first words of the first paragraphs: "BERLIN, 3 May 2023 (dpa) -". */
static bool read_dateline(const struct finder *f, struct date *out)
{
    const struct blocks *b = f->source->blocks;
    size_t n_prose = 0;

    for (size_t i = b->first[f->source->container->order];
         i < b->end[f->source->container->order] && n_prose < 2; i++) {
        if (b->list[i].mass < 100)
            continue;
        n_prose++;
        if (read_text(f, slice_head(b->list[i].text, 120), out))
            return true;
    }
    return false;
}

/* ---- scripts --------------------------------------------------------------------------------- */

/* "datePublished": "..." in any script: data that a page's own program would show. */
static bool read_scripts(struct finder *f, struct date *out)
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

static bool is_day_shown(const struct shown *shown, int64_t day, unsigned which)
{
    for (size_t i = 0; i < shown->n; i++)
        if (is_asked(&shown->list[i], which) && day_of(&shown->list[i].date) == day)
            return true;
    return false;
}

/* Give d the smallest zone, in whole hours, in which it falls on day. */
static void move_to_day(struct date *d, int64_t day)
{
    int32_t step = day_of(d) < day ? 3600 : -3600;

    while (day_of(d) != day)
        d->zone_s += step;
}

/*
 * Data in UTC name the day after for an evening in America. The line below the headline or the
 * address then say which day the writer had.
 */
static void settle_day(struct finder *f, struct slice url, struct date *d)
{
    const struct date *fed = &f->source->hints->feed_published;
    struct date other;
    int64_t days;

    if (d->precision < DATE_MINUTE || d->zone_s != 0)
        return;
    if (fed->precision >= DATE_MINUTE && fed->has_zone && fed->at / 60 == d->at / 60) {
        d->zone_s = fed->zone_s;
        d->has_zone = true;
        return;
    }
    if (!pick(head_of(f), MARKED | LABELLED, SHOWN_ABOVE, &other) &&
        !pick(head_of(f), LINE | PROSE, SHOWN_ABOVE, &other) && !read_elements(f, 4, &other) &&
        !read_url(f, url, &other))
        return;
    days = day_of(&other) - day_of(d);
    if (days == 1 || days == -1)
        move_to_day(d, day_of(&other));
}

/* The day that is meant when day and month change places. */
static bool swap(int64_t days, int64_t *out)
{
    int64_t year;
    unsigned month, day;

    date_to_civil(days, &year, &month, &day);
    return day <= 12 && day != month && date_from_civil(year, day, month, out);
}

/* "11/01/2023" in the data, read day first, and 1 November on the page: the data are American. */
static void settle_order(struct finder *f, struct metadata *m)
{
    int64_t day = day_of(&m->published), swapped;

    /* Only what begins with a number of one or two digits and a slash may be read two ways. */
    if (slice_find_char(slice_head(f->read_from, 3), '/') > 2 || !swap(day, &swapped) ||
        is_day_shown(head_of(f), day, LINE | PROSE) ||
        !is_day_shown(page_of(f), swapped, ALONE | MARKED | LABELLED))
        return;
    m->published.at += (swapped - day) * DAY_S;
}

/*
 * Some systems write the day of the last export into the data, others keep that of a draft. The
 * day below the headline counts when it is much earlier, or when it is later and the data's own day
 * is not shown beside it. What is called a change there does not count.
 */
static void settle_shown(struct finder *f, struct metadata *m)
{
    struct date shown;
    int64_t swapped, days;

    if ((m->published_source != ARTICLE_DATE_JSON_LD && m->published_source != ARTICLE_DATE_META) ||
        !pick(head_of(f), MARKED | ALONE | LABELLED, SHOWN_ABOVE, &shown))
        return;
    days = day_of(&m->published) - day_of(&shown);
    if (f->source->hints->feed_published.precision >= DATE_DAY &&
        day_of(&f->source->hints->feed_published) == day_of(&m->published))
        return;
    if (days > EXPORT_DAYS ? swap(day_of(&shown), &swapped) && swapped == day_of(&m->published)
                           : days >= -1 || is_day_shown(head_of(f), day_of(&m->published),
                                                        LINE | PROSE | OF_CHANGE))
        return;
    m->published = shown;
    m->published_source = ARTICLE_DATE_TEXT;
}

/* ---- the choice ------------------------------------------------------------------------------ */

/* Do readers see this day below the headline, or does the feed name it? */
static bool is_borne_out(struct finder *f, int64_t day)
{
    const struct date *fed = &f->source->hints->feed_published;

    return (fed->precision >= DATE_DAY && day_of(fed) == day) ||
           is_day_shown(head_of(f), day, LINE | PROSE | LABELLED);
}

/*
 * What schema.org data and <meta> call the date of publication. When they differ, the one that
 * readers are shown is taken.
 */
static bool read_data(struct finder *f, struct date *out, enum article_date_source *from)
{
    struct date other;

    if (!read_value(f, f->m->json_ld.published, out)) {
        *from = ARTICLE_DATE_META;
        return read_tags(f, published_keys, out);
    }
    *from = ARTICLE_DATE_JSON_LD;
    if (read_tags(f, published_keys, &other) && day_of(&other) != day_of(out) &&
        is_borne_out(f, day_of(&other)) && !is_borne_out(f, day_of(out))) {
        *out = other;
        *from = ARTICLE_DATE_META;
    }
    return true;
}

static bool read_published(struct finder *f, struct slice url, struct date *out,
                           enum article_date_source *from)
{
    static const char *const pictures[] = {"og:image", "twitter:image", NULL};

    *from = ARTICLE_DATE_RULES;
    if (f->source->rules != NULL && read_value(f, f->source->rules->date, out))
        return true;
    if (read_data(f, out, from))
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
    if (pick(head_of(f), MARKED | LABELLED, SHOWN_ABOVE, out) ||
        pick(head_of(f), LINE, SHOWN_ABOVE, out))
        return true;
    *from = ARTICLE_DATE_META;
    if (read_tags(f, vague_keys, out))
        return true;
    *from = ARTICLE_DATE_TIME_ELEMENT;
    if (read_elements(f, 2, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (read_scripts(f, out) || pick(page_of(f), MARKED | LABELLED, SHOWN_BELOW, out))
        return true;
    *from = f->m->modified_source;
    *out = f->m->modified;
    if (is_credible(f, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (pick(head_of(f), PROSE, SHOWN_ABOVE, out) || read_dateline(f, out) ||
        pick(page_of(f), LINE | PROSE, SHOWN_BELOW, out) ||
        pick(page_of(f), FILED, SHOWN_BELOW, out) || read_text(f, f->m->description, out))
        return true;
    *from = ARTICLE_DATE_URL;
    if (read_url(f, metadata_tag(f->m, pictures), out))
        return true;
    *from = ARTICLE_DATE_NONE;
    *out = (struct date){0};
    return false;
}

/* The first element that is named for a date of change. */
static bool read_change(struct finder *f, struct date *out)
{
    const struct dom_node *root = f->source->dom->root;

    for (const struct dom_node *n = root; n != NULL; n = dom_next(n, root))
        if (n->n_attributes > 0 && is_change(n) && !stands_elsewhere(f->source->blocks, n) &&
            read_value(f, element_value(n), out))
            return true;
    return false;
}

static bool read_modified(struct finder *f, struct date *out, enum article_date_source *from)
{
    *from = ARTICLE_DATE_JSON_LD;
    if (read_value(f, f->m->json_ld.modified, out))
        return true;
    *from = ARTICLE_DATE_META;
    if (read_tags(f, modified_keys, out))
        return true;
    *from = ARTICLE_DATE_TIME_ELEMENT;
    if (read_change(f, out))
        return true;
    *from = ARTICLE_DATE_TEXT;
    if (pick(page_of(f), OF_CHANGE, SHOWN_BELOW, out))
        return true;
    *from = ARTICLE_DATE_NONE;
    *out = (struct date){0};
    return false;
}

void dates_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    struct slice url = source->hints->url.len > 0 ? source->hints->url : m->canonical;
    struct finder *f = arena_alloc(arena, sizeof(*f));

    if (f == NULL)
        return;
    *f = (struct finder){
        .source = source,
        .m = m,
        .bounds = {.order = date_order_of(m->language),
                   .first = (int64_t)DAY_MIN * DAY_S,
                   .last = source->hints->now == 0 ? INT64_MAX
                                                   : source->hints->now + DATE_FUTURE_MAX_S}
    };
    (void)read_modified(f, &m->modified, &m->modified_source);
    if (!read_published(f, url, &m->published, &m->published_source) ||
        m->published_source == ARTICLE_DATE_RULES)
        return;
    settle_order(f, m);
    settle_day(f, url, &m->published);
    settle_shown(f, m);
    /* A post that waits for its hour is changed before it appears. */
    if (m->modified.precision != DATE_NONE && m->modified.at < m->published.at) {
        m->modified = (struct date){0};
        m->modified_source = ARTICLE_DATE_NONE;
    }
}

/* feed_build.c - what elements say in their texts, and the end of a feed. */
#include "feeds/feed_take.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/text.h"
#include "feeds/base64.h"
#include "feeds/feed_date.h"
#include "feeds/markup.h"

/* ---- texts ----------------------------------------------------------------------------------- */

enum text_form { TEXT_IS_PLAIN, TEXT_IS_HTML, TEXT_IS_XHTML, TEXT_IS_BASE64 };

/* What type and mode of an Atom construct say (RFC 4287, 3.1 and 4.1.3; Atom 0.3, 3.1). */
static enum text_form text_form(const struct feed_value *v)
{
    static const char *const plain[] = {"", "text", "text/plain"};
    static const char *const html[] = {"html", "text/html", "escaped"};
    static const char *const xml[] = {"xhtml",         "application/xhtml+xml",
                                      "text/xml",      "application/xml",
                                      "image/svg+xml", "application/mathml+xml"};
    struct slice type = v->frame->type, mode = v->frame->mode;

    if (!v->frame->is_atom)
        return v->frame->has_markup ? TEXT_IS_XHTML : TEXT_IS_HTML;
    if (slice_equal_nocase(mode, SLICE("base64")))
        return TEXT_IS_BASE64;
    if (slice_equal_nocase(mode, SLICE("escaped")))
        return feed_is_type(type, plain, WW_COUNT(plain)) && type.len > 0 ? TEXT_IS_PLAIN
                                                                          : TEXT_IS_HTML;
    if (v->frame->has_markup || feed_is_type(type, xml, WW_COUNT(xml)))
        return TEXT_IS_XHTML;
    if (feed_is_type(type, html, WW_COUNT(html)))
        return TEXT_IS_HTML;
    if (slice_starts_nocase(type, SLICE("text/")) || feed_is_type(type, plain, WW_COUNT(plain)) ||
        slice_ends_nocase(type, SLICE("+xml")) || slice_find_char(type, '/') == type.len)
        return TEXT_IS_PLAIN;
    return TEXT_IS_BASE64;
}

static struct slice markup_of(struct feed_reader *r, const struct feed_value *v)
{
    return v->frame->has_markup ? v->markup : feed_reader_escape(r, v->frame);
}

/* A text as plain text: titles, names, descriptions of feeds. */
static struct slice plain_text(struct feed_reader *r, const struct feed_value *v)
{
    struct slice text = {"", 0};

    switch (text_form(v)) {
    case TEXT_IS_PLAIN:
        text = text_squeeze(v->text, r->arena);
        break;
    case TEXT_IS_HTML:
        text = markup_text(v->text, v->frame->is_atom ? 1 : 2, r->arena);
        break;
    case TEXT_IS_XHTML:
        text = markup_text(markup_of(r, v), 1, r->arena);
        break;
    case TEXT_IS_BASE64:
        text = markup_text(base64_text(v->text, r->arena), 1, r->arena);
        break;
    }
    return text;
}

/* <div> around XHTML is no part of it (RFC 4287, 3.1.1.3). */
static struct slice without_div(struct slice html)
{
    size_t end;

    html = slice_trim(html);
    end = slice_find_char(html, '>');
    if (slice_starts(html, SLICE("<div")) && slice_ends(html, SLICE("</div>")) &&
        slice_find(html, SLICE("</div>")) == html.len - 6 && end < html.len)
        return slice_trim(slice_sub(html, end + 1, html.len - end - 7));
    return html;
}

/* A text as HTML: summary and content. */
static struct slice html_text(struct feed_reader *r, const struct feed_value *v)
{
    struct slice text = slice_trim(v->text);

    switch (text_form(v)) {
    case TEXT_IS_PLAIN:
        return markup_escaped(text, r->arena);
    case TEXT_IS_HTML:
        return arena_copy(r->arena, markup_unescape_twice(text, r->arena));
    case TEXT_IS_XHTML:
        return arena_copy(r->arena, without_div(markup_of(r, v)));
    case TEXT_IS_BASE64:
        return base64_text(text, r->arena);
    }
    return text;
}

static void end_title(struct feed_reader *r, const struct feed_value *v)
{
    struct slice title = text_cut(plain_text(r, v), TITLE_MAX_BYTES);
    struct slice *out = r->entry != NULL ? &r->entry->title : &r->feed->title;

    /* A title that is only a picture is an empty title, not none. */
    if (out->ptr == NULL)
        *out = (struct slice){"", 0};
    if (title.len > 0 && feed_take(r, FIELD_TITLE, v->frame->rank))
        *out = title;
}

static void end_html(struct feed_reader *r, const struct feed_value *v)
{
    enum feed_field field = v->frame->field;
    unsigned rank = v->frame->rank;
    struct slice html;

    if (!v->frame->has_markup && slice_trim(v->text).len == 0)
        return;
    if (r->entry == NULL) {
        struct slice text = plain_text(r, v);

        if (field == FIELD_SUMMARY && r->feed->description.ptr == NULL)
            r->feed->description = (struct slice){"", 0};
        if (field == FIELD_SUMMARY && text.len > 0 && feed_take(r, field, rank))
            r->feed->description = text;
        return;
    }
    /* Of several contents HTML is the one to show. */
    if (field == FIELD_CONTENT && v->frame->is_atom && text_form(v) == TEXT_IS_PLAIN)
        rank += v->frame->type.len > 0 ? 2 : 0;
    if (field == FIELD_CONTENT && text_form(v) == TEXT_IS_BASE64)
        rank += 3;
    html = html_text(r, v);
    /* RSS with a description and a summary: the later one is more of the text. */
    if (field == FIELD_SUMMARY && rank == 1 && r->summary_row != NULL &&
        r->summary_row != v->frame->row) {
        field = FIELD_CONTENT;
        rank = 9;
    }
    if (html.len == 0 || !feed_take(r, field, rank))
        return;
    if (field == FIELD_SUMMARY && rank == 1)
        r->summary_row = v->frame->row;
    if (field == FIELD_SUMMARY)
        r->entry->summary = html;
    else
        r->entry->content = html;
    if (field == FIELD_CONTENT || r->entry->content.len == 0)
        r->entry->content_base = v->frame->base;
}

/* ---- people ---------------------------------------------------------------------------------- */

/* "desk@e.org (News desk)" and "News desk <desk@e.org>" are the News desk. */
static struct slice name_of(struct slice person)
{
    size_t open = slice_find_char(person, '('), at = slice_find_char(person, '@');
    size_t angle = slice_find_char(person, '<');
    struct slice inside;

    if (at < person.len && open < person.len && slice_ends(person, SLICE(")"))) {
        inside = slice_trim(slice_sub(person, open + 1, person.len - open - 2));
        if (at < open && inside.len > 0)
            return inside;
        if (at > open && open > 0 && slice_find_char(inside, ':') == inside.len)
            return slice_trim(slice_head(person, open));
    }
    if (at < person.len && angle > 0 && angle < at && slice_ends(person, SLICE(">")))
        return slice_trim(slice_head(person, angle));
    return person;
}

static void end_author(struct feed_reader *r, const struct feed_value *v)
{
    struct slice name = r->person_name;
    struct slice *authors = r->entry != NULL ? &r->entry->author : &r->feed->author;
    struct feed_lists *lists = r->entry != NULL ? &r->entry_lists : &r->feed_lists;
    unsigned *known = feed_rank(r, FIELD_AUTHOR);

    if (name.len == 0)
        name = name_of(markup_text(slice_find_char(v->text, '@') < v->text.len
                                       ? markup_escaped(slice_trim(v->text), r->arena)
                                       : v->text,
                                   2, r->arena));
    if (name.len == 0)
        name = r->person_email.len > 0 ? r->person_email : r->person_uri;
    if (name.len == 0 || (*known != 0 && *known < v->frame->rank))
        return;
    if (*known != v->frame->rank) {
        *authors = (struct slice){"", 0};
        lists->n_authors = 0;
    }
    *known = v->frame->rank;
    feed_add_author(authors, lists, name, r->arena);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void end_id(struct feed_reader *r, const struct feed_value *v)
{
    struct slice id = text_squeeze(slice_trim(v->text), r->arena);

    if (id.len == 0)
        return;
    if (v->frame->is_atom && !feed_has_scheme(id) && v->frame->base.len > 0)
        id = feed_resolve(r, id, v->frame->base);
    id = arena_copy(r->arena, id);
    if (feed_take(r, FIELD_ID, v->frame->rank)) {
        if (r->entry != NULL)
            r->entry->id = id;
        else
            r->feed->id = id;
    }
    if (r->entry != NULL && v->frame->is_permalink && (feed_is_web(id) || id.ptr[0] == '/'))
        feed_take_link(r, feed_resolve(r, id, v->frame->base), LINK_GUID);
}

static void end_link(struct feed_reader *r, const struct feed_value *v)
{
    struct slice text = slice_trim(v->text);
    struct feed_link link = {.rel = SLICE("alternate")};

    if (text.len == 0)
        return;
    link.href = feed_resolve(r, text, v->frame->base);
    if (v->frame->field == FIELD_LINK) {
        feed_take_listed(r, link);
        feed_take_link(r, link.href, LINK_HTML);
        return;
    }
    feed_take_link(r, link.href, LINK_ORIGINAL);
    if (r->entry != NULL && feed_is_web(link.href) && feed_take(r, FIELD_ORIGINAL_LINK, 1))
        r->entry->original = link.href;
}

static void end_date(struct feed_reader *r, const struct feed_value *v)
{
    enum feed_field field = v->frame->field;
    unsigned rank = v->frame->rank;
    struct slice language = v->frame->language.len > 0 ? v->frame->language : r->feed->language;
    struct date date;

    if (!feed_date_parse(slice_trim(v->text), language, &date))
        return;
    if (r->entry == NULL) {
        /* When the feed changed: lastBuildDate before pubDate before dc:date. */
        rank = field == FIELD_UPDATED ? 1 : field == FIELD_PUBLISHED ? 2 : 3;
        if (feed_take(r, FIELD_UPDATED, rank))
            r->feed->updated = date;
    } else if (field == FIELD_UPDATED) {
        if (feed_take(r, FIELD_UPDATED, rank))
            r->entry->updated = date;
    } else {
        if (feed_take(r, FIELD_PUBLISHED, rank))
            r->entry->published = date;
        if (field == FIELD_DATE && feed_take(r, FIELD_UPDATED, rank))
            r->entry->updated = date;
    }
}

static void end_keywords(struct feed_reader *r, struct slice text)
{
    struct slice word;

    while (slice_next(&text, ',', &word))
        feed_take_category(r, arena_copy(r->arena, slice_trim(word)));
}

static void end_schedule(struct feed_reader *r, const struct feed_value *v)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct slice text = slice_trim(v->text);
    unsigned long long n = 0;

    if (v->frame->field == FIELD_SKIP_DAY) {
        for (unsigned i = 0; i < WW_COUNT(days); i++)
            if (slice_starts_nocase(text, slice_from(days[i])))
                r->feed->skip_days |= 1U << i;
    } else if (v->frame->field == FIELD_UPDATE_PERIOD) {
        r->update_period = arena_copy(r->arena, text);
    } else if (slice_number(text, 10000000, &n)) {
        if (v->frame->field == FIELD_TTL)
            r->feed->ttl_minutes = (int64_t)n;
        else if (v->frame->field == FIELD_UPDATE_FREQUENCY)
            r->update_frequency = n;
        else if (n <= 24)
            r->feed->skip_hours |= 1U << (n % 24);
    }
}

static void end_language(struct feed_reader *r, const struct feed_value *v)
{
    struct slice language = arena_copy(r->arena, slice_trim(v->text));

    if (language.len == 0 || !feed_take(r, FIELD_LANGUAGE, v->frame->rank))
        return;
    if (r->entry != NULL)
        r->entry->language = language;
    else
        r->feed->language = language;
}

void feed_build_end(struct feed_reader *r, const struct feed_value *v)
{
    switch (v->frame->field) {
    case FIELD_ENTRY:
        /* RSS with the full text alone: that is its description, too. */
        if (r->entry != NULL && !r->is_atom && r->entry->summary.len == 0)
            r->entry->summary = r->entry->content;
        if (r->entry != NULL && r->is_atom && r->entry->link.len == 0 && feed_is_web(r->entry->id))
            r->entry->link = r->entry->id; /* better than an entry nobody can read */
        r->entry = NULL;
        break;
    case FIELD_TITLE:
        end_title(r, v);
        break;
    case FIELD_SUMMARY:
    case FIELD_CONTENT:
        end_html(r, v);
        break;
    case FIELD_AUTHOR:
        end_author(r, v);
        break;
    case FIELD_PERSON_NAME:
        r->person_name = arena_copy(r->arena, markup_text(v->text, 2, r->arena));
        break;
    case FIELD_PERSON_EMAIL:
        r->person_email = arena_copy(r->arena, slice_trim(v->text));
        break;
    case FIELD_PERSON_URI:
        r->person_uri = arena_copy(r->arena, slice_trim(v->text));
        break;
    case FIELD_CATEGORY:
        feed_take_category(r, arena_copy(r->arena, v->text));
        break;
    case FIELD_KEYWORDS:
        end_keywords(r, v->text);
        break;
    case FIELD_ID:
        end_id(r, v);
        break;
    case FIELD_LINK:
    case FIELD_ORIGINAL_LINK:
        end_link(r, v);
        break;
    case FIELD_DATE:
    case FIELD_PUBLISHED:
    case FIELD_UPDATED:
        end_date(r, v);
        break;
    case FIELD_LANGUAGE:
        end_language(r, v);
        break;
    case FIELD_COMPLETE:
        r->feed->is_complete = r->feed->is_complete || r->entry == NULL;
        break;
    case FIELD_SKIP_DAY:
    case FIELD_SKIP_HOUR:
    case FIELD_TTL:
    case FIELD_UPDATE_FREQUENCY:
    case FIELD_UPDATE_PERIOD:
        if (r->entry == NULL)
            end_schedule(r, v);
        break;
    case FIELD_NONE:
    case FIELD_IGNORE:
    case FIELD_MARKUP:
    case FIELD_ROOT:
    case FIELD_CHANNEL:
    case FIELD_SOURCE:
    case FIELD_CLOUD:
    case FIELD_ENCLOSURE:
    case FIELD_COUNT:
        break;
    }
}

void feed_build_finish(struct feed_reader *r)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } periods[] = {
        {"hourly",  3600    },
        {"daily",   86400   },
        {"weekly",  604800  },
        {"monthly", 2592000 },
        {"yearly",  31536000},
    };

    for (size_t i = 0; i < WW_COUNT(periods); i++)
        if (slice_equal_nocase(r->update_period, slice_from(periods[i].name)))
            r->feed->update_period_s =
                periods[i].seconds / (int64_t)(r->update_frequency > 0 ? r->update_frequency : 1);
    if (!r->is_atom)
        return;
    for (size_t i = 0; i < r->feed->n_entries; i++)
        if (r->feed->entries[i].author.len == 0)
            r->feed->entries[i].author = r->feed->author;
}

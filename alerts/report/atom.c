/* atom.c - a feed of alerts, element by element. */
#include "alerts/report/atom.h"

#include "alerts/revision_words.h"
#include "alerts/tags.h"
#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/markup.h"
#include "storage/store_revisions.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The year in which the ids of feed and schemes were named (RFC 4151, 2.1); never to be changed. */
#define TAG_YEAR "2026"
#define CHANGES_SHOWN 3

/* ---- pieces ---------------------------------------------------------------------------------- */

/* <name>text</name> */
static void put(struct buf *out, const char *name, struct slice text)
{
    buf_printf(out, "<%s>", name);
    markup_add_text(out, text);
    buf_printf(out, "</%s>\n", name);
}

static void put_time(struct buf *out, const char *name, int64_t at)
{
    char date[DATE_TEXT_BYTES];

    put(out, name, slice_from(date_format(at, date)));
}

/* As a URI (RFC 3986): what may not stand there is escaped. */
static void add_uri(struct buf *out, struct slice url)
{
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];

        if (c <= ' ' || c >= 0x7F || strchr("<>\"\\^`{|}", (char)c) != NULL)
            buf_printf(out, "%%%02X", c);
        else
            markup_add_text(out, slice_sub(url, i, 1));
    }
}

static void put_link(struct buf *out, const char *rel, const char *type, struct slice url,
                     const char *more)
{
    if (!markup_is_link(url))
        return;
    buf_printf(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    add_uri(out, url);
    buf_printf(out, "%s\"/>\n", more);
}

/* An empty term would say nothing. */
static void put_category(struct buf *out, struct slice domain, const char *scheme,
                         struct slice term, struct slice label)
{
    if (term.len == 0)
        return;
    buf_printf(out, "<category scheme=\"tag:%.*s," TAG_YEAR ":%s\" term=\"", SLICE_ARG(domain),
               scheme);
    markup_add_text(out, term);
    if (label.len > 0) {
        buf_add_string(out, "\" label=\"");
        markup_add_text(out, label);
    }
    buf_add_string(out, "\"/>\n");
}

/* Letters, digits and hyphens, as in BCP 47; pages say what they like. */
static bool is_language(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_letter(s.ptr[i]) && !ascii_is_digit(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return s.len >= 2 && s.len <= 35;
}

static void add_language(struct buf *out, const char *attribute, struct slice language)
{
    if (is_language(language))
        buf_printf(out, " %s=\"%.*s\"", attribute, SLICE_ARG(language));
}

/* ---- content --------------------------------------------------------------------------------- */

/* Not inside a character. */
static size_t at_character(struct slice s, size_t at)
{
    while (at > 0 && at < s.len && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static void add_sentence(struct buf *html, const struct alert_view *v)
{
    const struct slice s = v->sentence;
    const size_t end = v->mark_end <= s.len ? v->mark_end : s.len;
    const size_t start = v->mark_start <= end ? v->mark_start : end;
    size_t from = 0;
    size_t to = s.len;

    if (s.len > ATOM_SENTENCE_BYTES) {
        if (start > ATOM_SENTENCE_BYTES / 2)
            from = at_character(s, start - ATOM_SENTENCE_BYTES / 2);
        if (s.len - end > ATOM_SENTENCE_BYTES / 2)
            to = at_character(s, end + ATOM_SENTENCE_BYTES / 2);
    }
    buf_add_string(html, "<blockquote");
    add_language(html, "lang", v->article.language);
    buf_add_string(html, " dir=\"auto\">");
    buf_add_string(html, from > 0 ? "... " : "");
    markup_add_text(html, slice_sub(s, from, start - from));
    buf_add_string(html, "<mark>");
    markup_add_text(html, slice_sub(s, start, end - start));
    buf_add_string(html, "</mark>");
    markup_add_text(html, slice_sub(s, end, to - end));
    buf_add_string(html, to < s.len ? " ..." : "");
    buf_add_string(html, "</blockquote>\n");
}

static void add_labelled(struct buf *html, const char *label, struct slice text)
{
    if (text.len == 0)
        return;
    buf_add_string(html, label);
    buf_add_string(html, "<b>");
    markup_add_text(html, text);
    buf_add_string(html, "</b>");
}

/* The newest ones in words, the last first, and how many were before. */
static void add_changes(struct buf *html, const struct alert_view *v,
                        const struct revision_view_list *changes, struct arena *arena)
{
    const int64_t n_earlier = v->n_revisions - (int64_t)changes->n_rows;

    if (changes->n_rows == 0)
        return;
    buf_add_string(html, "<p>What changed:");
    for (size_t i = changes->n_rows; i-- > 0;) {
        char date[DATE_TEXT_BYTES], at[DATE_TEXT_BYTES];

        (void)date_format(revision_time(&changes->rows[i]), date);
        (void)snprintf(at, sizeof(at), "%.10s %.5s UTC", date, date + 11);
        buf_add_string(html, "<br>");
        markup_add_text(html, revision_words(&changes->rows[i], at, arena));
    }
    if (n_earlier > 0)
        buf_printf(html, "<br>and %" PRId64 " earlier change%s", n_earlier,
                   n_earlier == 1 ? "" : "s");
    buf_add_string(html, "</p>\n");
}

/* HTML by itself; escaped once more where it stands in the feed. */
static void add_content(struct buf *html, const struct alert_view *v,
                        const struct revision_view_list *changes, struct arena *arena)
{
    const struct alert_row *a = &v->alert;
    const struct mention_row *m = &v->mention;
    char date[DATE_TEXT_BYTES];

    buf_add_string(html, "<p>");
    add_labelled(html, "", a->item_name.len > 0 ? a->item_name : a->item);
    buf_add_string(html, " (");
    markup_add_text(html, a->item);
    buf_printf(html, ", %s)</p>\n", alert_severity_name(a->severity));
    if (v->sentence.len > 0)
        add_sentence(html, v);
    buf_printf(html, "<p>Found in the %s: ", mention_field_name(m->field));
    add_labelled(html, "", m->quote);
    if (!slice_equal(m->alias, m->quote))
        add_labelled(html, ", a spelling of ", m->alias);
    add_labelled(html, "; rule ", m->rule);
    add_labelled(html, ", near ", m->term);
    buf_printf(html,
               ".<br>Alert a%" PRId64 " in story s%" PRId64 ", %" PRId64 " %s in %" PRId64
               " %s; list version %" PRId64 ".",
               a->id, a->story_id, v->n_articles, v->n_articles == 1 ? "article" : "articles",
               v->n_outlets, v->n_outlets == 1 ? "outlet" : "outlets", a->watchlist_id);
    if (v->article.published_precision != DATE_NONE)
        buf_printf(html, "<br>Published %.10s.", date_format(v->article.published_at, date));
    buf_add_string(html, "</p>\n");
    add_changes(html, v, changes, arena);
}

/* ---- entries --------------------------------------------------------------------------------- */

static void put_categories(struct buf *out, struct slice domain, const struct alert_view *v)
{
    struct slice tags = v->alert.tags;
    struct slice tag;

    put_category(out, domain, "item", v->alert.item, v->alert.item_name);
    put_category(out, domain, "country", v->alert.country, SLICE(""));
    put_category(out, domain, "severity", slice_from(alert_severity_name(v->alert.severity)),
                 SLICE(""));
    while (tags_next(&tags, &tag))
        put_category(out, domain, "tag", tag, SLICE(""));
    if (v->verdict != MARK_NONE)
        put_category(out, domain, "mark", slice_from(alert_verdict_name(v->verdict)), SLICE(""));
}

/* The outlet; where it has no name, its address. */
static struct slice author_of(const struct article_row *a)
{
    if (a->outlet.len > 0)
        return a->outlet;
    return a->site.len > 0 ? a->site : a->url;
}

static enum ww_status put_entry(const struct atom_options *o, struct slice domain,
                                const struct alert_view *v,
                                const struct revision_view_list *changes, int64_t updated,
                                struct arena *arena, struct buf *out, struct ww_error *err)
{
    char date[DATE_TEXT_BYTES];
    char page[64];
    struct buf html;
    enum ww_status status;

    buf_add_string(out, "<entry");
    add_language(out, "xml:lang", v->article.language);
    buf_printf(out, ">\n<id>tag:%.*s,%.10s:alert/%" PRId64 "</id>\n", SLICE_ARG(domain),
               date_format(v->alert.created_at, date), v->alert.id);
    put(out, "title", v->headline);
    put_time(out, "published", v->alert.created_at);
    put_time(out, "updated", updated);
    buf_add_string(out, "<author>");
    put(out, "name", author_of(&v->article));
    buf_add_string(out, "</author>\n");
    put_link(out, "alternate", "text/html", v->article.url, "");
    (void)snprintf(page, sizeof(page), "story/%" PRId64 ".html", v->alert.story_id);
    if (o->has_pages)
        put_link(out, "related", "text/html", o->url, page);
    put_categories(out, domain, v);
    buf_init(&html, ATOM_ENTRY_MAX_BYTES);
    add_content(&html, v, changes, arena);
    status = buf_finish(&html, err);
    buf_add_string(out, "<content type=\"html\" xml:lang=\"en\">");
    markup_add_text(out, buf_slice(&html));
    buf_add_string(out, "</content>\n</entry>\n");
    buf_release(&html);
    return status;
}

/* When the alert was raised, or something changed of it. */
static int64_t time_of(const struct alert_view *v, const struct revision_view_list *changes)
{
    int64_t at = v->alert.created_at;

    for (size_t i = 0; i < changes->n_rows; i++)
        if (changes->rows[i].revision.created_at > at)
            at = changes->rows[i].revision.created_at;
    return at;
}

/* They are listed with the oldest first. */
static struct store_window newest_window(int64_t n)
{
    return (struct store_window){.limit = CHANGES_SHOWN,
                                 .offset = n > CHANGES_SHOWN ? (size_t)(n - CHANGES_SHOWN) : 0};
}

/* ---- the feed -------------------------------------------------------------------------------- */

/* A part of the alerts is a feed of its own, with an id of its own. */
static void put_head(const struct atom_options *o, struct slice domain, int64_t updated,
                     struct buf *out)
{
    struct slice part = o->item.len > 0 ? o->item : o->country;

    buf_add_string(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n");
    buf_printf(out, "<id>tag:%.*s," TAG_YEAR ":alerts", SLICE_ARG(domain));
    for (size_t i = 0; i < 2; i++) {
        struct slice word = i == 0 ? o->item : o->country;

        if (word.len > 0)
            buf_printf(out, "/%s/", i == 0 ? "item" : "country");
        add_uri(out, word);
    }
    if (o->severity_min > SEVERITY_LOW)
        buf_printf(out, "/%s", alert_severity_name(o->severity_min));
    buf_add_string(out, "</id>\n<title>Wirewatch alerts");
    if (part.len > 0) {
        buf_add_string(out, ": ");
        markup_add_text(out, part);
    }
    buf_add_string(out, "</title>\n");
    put_time(out, "updated", updated);
    buf_add_string(out, "<generator version=\"" WW_VERSION "\">wirewatch</generator>\n");
    if (o->has_pages)
        put_link(out, "alternate", "text/html", o->url, "");
    if (o->file.len > 0 && markup_is_link(o->url)) {
        buf_add_string(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"");
        add_uri(out, o->url);
        add_uri(out, o->file);
        buf_add_string(out, "\"/>\n");
    }
}

enum ww_status atom_write(struct store *s, const struct atom_options *options, struct arena *arena,
                          struct buf *out, struct ww_error *err)
{
    const struct alert_filter filter = {.window = {.limit = options->n_entries},
                                        .item = options->item,
                                        .country = options->country,
                                        .severity_min = options->severity_min,
                                        .history = STORE_LIVE};
    struct slice domain = idn_to_ascii(options->domain, arena);
    struct atom_options o = *options;
    struct alert_view_list list;
    struct revision_view_list *changes;
    int64_t updated = 0;
    enum ww_status status;

    if (!idn_is_domain(domain))
        return ww_fail(err, WW_INVALID, "list-id '%.*s' is no domain", SLICE_ARG(options->domain));
    if (o.url.len > 0 && o.url.ptr[o.url.len - 1] != '/')
        o.url = arena_printf(arena, "%.*s/", SLICE_ARG(o.url));
    status = store_list_alerts(s, &filter, arena, &list, err);
    if (status != WW_OK)
        return status;
    changes = arena_array(arena, list.n_rows + 1, sizeof(*changes));
    if (changes == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        const struct revision_filter of_alert = {.window = newest_window(list.rows[i].n_revisions),
                                                 .alert_id = list.rows[i].alert.id};

        changes[i] = (struct revision_view_list){0};
        if (list.rows[i].n_revisions > 0)
            status = store_list_revisions(s, &of_alert, arena, &changes[i], err);
        if (status == WW_OK && time_of(&list.rows[i], &changes[i]) > updated)
            updated = time_of(&list.rows[i], &changes[i]);
    }
    put_head(&o, domain, updated, out);
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++)
        status = put_entry(&o, domain, &list.rows[i], &changes[i],
                           time_of(&list.rows[i], &changes[i]), arena, out, err);
    buf_add_string(out, "</feed>\n");
    return status == WW_OK ? buf_finish(out, err) : status;
}

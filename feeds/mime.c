/* mime.c - which of the mails in a mail is meant, and what it says. */
#include "feeds/mime.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "feeds/mime_header.h"
#include "feeds/mime_walk.h"

#include <string.h>

bool mime_is_mail(struct slice head)
{
    static const enum mime_field telling[] = {MIME_DATE, MIME_FROM,     MIME_ID,     MIME_SUBJECT,
                                              MIME_TYPE, MIME_RECEIVED, MIME_VERSION};
    struct mime_fields fields;
    size_t n = 0;

    (void)mime_read_fields(&head, &fields);
    for (size_t i = 0; i < WW_COUNT(telling); i++)
        n += fields.values[telling[i]].ptr != NULL;
    return n >= 2;
}

/* ---- which mail, and what it says ------------------------------------------------------------ */

/* Outside of its tags, about. */
static size_t visible_bytes(struct slice html)
{
    bool is_tag = false;
    size_t n = 0;

    for (size_t i = 0; i < html.len; i++) {
        if (html.ptr[i] == '<')
            is_tag = true;
        n += !is_tag && html.ptr[i] > ' ';
        if (html.ptr[i] == '>')
            is_tag = false;
    }
    return n;
}

static size_t count_text(const struct mime_found *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->plain.n; i++)
        n += m->plain.items[i].len;
    for (size_t i = 0; i < m->html.n && m->plain.n == 0; i++)
        n += visible_bytes(m->html.items[i]);
    return n;
}

/* "For your information" above a mail that was sent on: that one is meant. */
static const struct mime_found *choose(const struct mime_walk *w)
{
    size_t best = 0;

    for (size_t i = 1; i < w->n_mails; i++)
        if (count_text(&w->mails[best]) < MIME_COVER_MAX_BYTES &&
            count_text(&w->mails[i]) > count_text(&w->mails[best]))
            best = i;
    return &w->mails[best];
}

static struct slice join(const struct mime_pieces *p, struct arena *arena)
{
    size_t n = 0;
    char *out;

    if (p->n <= 1)
        return p->n == 1 ? p->items[0] : (struct slice){"", 0};
    for (size_t i = 0; i < p->n; i++)
        n += p->items[i].len + 2;
    out = arena_alloc(arena, n);
    n = 0;
    for (size_t i = 0; out != NULL && i < p->n; i++) {
        memcpy(out + n, p->items[i].ptr, p->items[i].len);
        n += p->items[i].len;
        out[n++] = '\n';
        out[n++] = '\n';
    }
    return slice_of(out != NULL ? out : "", n);
}

static struct slice read_id(struct slice value)
{
    const size_t open = slice_find_char(value, '<');

    if (open < value.len) {
        value = slice_skip(value, open + 1);
        value = slice_head(value, slice_find_char(value, '>'));
    }
    value = slice_trim(value);
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] <= ' ' || value.ptr[i] >= 0x7F)
            return (struct slice){"", 0};
    return value.len <= MIME_ID_MAX_BYTES ? value : (struct slice){"", 0};
}

/* The address of a page; a front page's says nothing of this text. */
static bool read_url(struct slice value, struct arena *arena, struct slice *out)
{
    struct slice url = {"", 0};

    value = slice_trim(value);
    if (slice_starts(value, SLICE("<")) && slice_ends(value, SLICE(">")))
        value = slice_sub(value, 1, value.len - 2);
    if (value.len == 0 || !text_is_utf8(value) ||
        url_resolve(value, (struct slice){"", 0}, arena, &url, NULL) != WW_OK ||
        !url_is_fetchable(url) || url_is_front_page(url))
        return false;
    *out = url;
    return true;
}

static void find_url(const struct mime_found *m, struct arena *arena, struct mime_mail *out)
{
    static const enum mime_field fields[] = {MIME_ARCHIVED_AT, MIME_X_URL, MIME_X_RSS_URL,
                                             MIME_CONTENT_BASE};

    out->is_page =
        read_url(m->fields.values[MIME_SNAPSHOT], arena, &out->url) ||
        (out->id.len == 0 && (read_url(m->location, arena, &out->url) ||
                              read_url(m->fields.values[MIME_LOCATION], arena, &out->url)));
    for (size_t i = 0; !out->is_page && i < WW_COUNT(fields); i++)
        if (read_url(m->fields.values[fields[i]], arena, &out->url))
            return;
}

static void find_date(const struct mime_fields *f, struct arena *arena, struct date *out)
{
    const struct slice received = f->values[MIME_RECEIVED];
    const size_t semicolon = slice_find_last_char(received, ';');

    if (!date_parse(mime_words(f->values[MIME_DATE], arena), out) &&
        !date_parse(mime_words(f->values[MIME_DELIVERED], arena), out))
        (void)date_parse(mime_words(slice_skip(received, semicolon + 1), arena), out);
}

static void write_mail(const struct mime_found *m, struct arena *arena, struct mime_mail *out)
{
    const struct slice none = {"", 0};
    const struct mime_fields *f = &m->fields;
    const bool has_from = f->values[MIME_FROM].ptr != NULL;
    struct slice unused;

    /* Of a digest that is subjects alone, which were decoded each by its own. */
    *out = (struct mime_mail){.url = none, .charset = m->charset != NULL ? m->charset : "UTF-8"};
    out->title = text_cut(mime_words(f->values[MIME_SUBJECT], arena), TITLE_MAX_BYTES);
    mime_mailbox(f->values[has_from ? MIME_FROM : MIME_SENDER], arena, &out->from, &out->address);
    mime_mailbox(f->values[MIME_LIST_ID], arena, &out->list, &unused);
    out->id = read_id(f->values[MIME_ID]);
    find_url(m, arena, out);
    if (!out->is_page)
        find_date(f, arena, &out->published);
    out->html = join(&m->html, arena);
    out->plain = join(&m->plain, arena);
}

enum ww_status mime_read(struct slice bytes, struct arena *arena, struct mime_mail *out,
                         struct ww_error *err)
{
    struct mime_walk w = {.rest = bytes, .arena = arena};
    struct slice head = bytes, name, value;
    bool goes_on = true;

    *out = (struct mime_mail){0};
    if (!mime_next_field(&head, &name, &value))
        return ww_fail(err, WW_INVALID, "no mail: it begins with no header");
    for (bool is_mail = true; goes_on && w.n_parts < MIME_PARTS_MAX && !arena->failed;
         is_mail = false)
        goes_on = mime_take_part(&w, is_mail);
    write_mail(choose(&w), arena, out);
    if (arena->failed)
        return arena_check(arena, err);
    if (out->html.len > 0 || out->plain.len > 0)
        return WW_OK;
    if (goes_on)
        return ww_fail(err, WW_TOO_BIG, "a mail with no text in its first %d parts",
                       MIME_PARTS_MAX);
    return ww_fail(err, WW_INVALID, "a mail without text: nothing of text/plain or text/html");
}

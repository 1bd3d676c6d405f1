/* mail_article.c - what a mail's header says, and which of its two texts is read. */
#include "crawler/mail_article.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/article.h"
#include "feeds/mime.h"

static const char id_scheme[] = "mid:";

bool mail_article_is(struct slice content_type)
{
    return slice_starts_nocase(slice_trim(content_type), SLICE(MAIL_CONTENT_TYPE));
}

bool mail_article_is_id(struct slice url)
{
    return slice_starts(url, slice_from(id_scheme));
}

/* The HTML, which is what was meant to be seen; when nothing comes of it, the plain text. */
static enum ww_status extract_text(const struct mime_mail *mail, struct article_hints *hints,
                                   struct arena *arena, struct article *out, struct ww_error *err)
{
    enum ww_status status = WW_INVALID;

    if (mail->html.len > 0) {
        hints->content_type = SLICE("text/html; charset=utf-8");
        hints->feed_text = mail->is_page ? (struct slice){"", 0} : mail->html;
        status = article_extract(mail->html, hints, arena, out, err);
    }
    if (mail->plain.len == 0 || (status == WW_OK && out->text.len > 0) || arena->failed)
        return status;
    hints->content_type = SLICE("text/plain; charset=utf-8");
    hints->feed_text = (struct slice){"", 0};
    return article_extract(mail->plain, hints, arena, out, err);
}

static void take_header(const struct mime_mail *mail, struct arena *arena, struct article *out)
{
    const size_t at = slice_find_char(mail->address, '@');

    if (mail->title.len > 0)
        out->title = mail->title;
    out->site = mail->list.len > 0   ? mail->list
                : mail->from.len > 0 ? mail->from
                                     : slice_skip(mail->address, at + 1);
    out->site = text_cut(out->site, SITE_NAME_MAX_BYTES);
    if (out->author.len == 0)
        out->author = text_cut(mail->from, SITE_NAME_MAX_BYTES);
    out->access = ARTICLE_OPEN;
    out->canonical = mail->url;
    if (out->canonical.len == 0 && mail->id.len > 0)
        out->canonical = arena_printf(arena, "%s%.*s", id_scheme, SLICE_ARG(mail->id));
}

enum ww_status mail_article_extract(struct slice bytes, const struct article_hints *hints,
                                    struct arena *arena, struct article *out, struct ww_error *err)
{
    struct article_hints own = *hints;
    struct mime_mail mail;
    enum ww_status status = mime_read(bytes, arena, &mail, err);

    *out = (struct article){0};
    if (status != WW_OK)
        return status;
    if (own.url.len == 0)
        own.url = mail.url;
    own.feed_title = mail.is_page ? (struct slice){"", 0} : mail.title;
    own.feed_author = mail.is_page ? (struct slice){"", 0} : mail.from;
    own.feed_published = mail.published;
    if (hints->now != 0 && mail.published.at > hints->now + DATE_FUTURE_MAX_S)
        own.feed_published = (struct date){0};
    status = extract_text(&mail, &own, arena, out, err);
    if (status != WW_OK)
        return status;
    if (mail.charset != NULL)
        out->charset = mail.charset;
    if (mail.is_page) {
        out->canonical = out->canonical.len > 0 ? out->canonical : mail.url;
        return arena_check(arena, err);
    }
    take_header(&mail, arena, out);
    out->published = own.feed_published;
    out->published_source =
        out->published.precision != DATE_NONE ? ARTICLE_DATE_FEED : ARTICLE_DATE_NONE;
    return arena_check(arena, err);
}

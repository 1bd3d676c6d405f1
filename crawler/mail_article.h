/*
 * mail_article.h - a mail read as an article: message/rfc822 through the same extractor as a page.
 *
 * Its subject is the title, its sender the author, its list or sender the outlet, its date the date
 * of publication. Its canonical address is the one in its header, else "mid:" (RFC 2392) and its
 * Message-ID, else empty. Where the extractor finds less than half of a letter's text, all of that
 * counts: letters have no neighbours on their page.
 */
#ifndef WW_CRAWLER_MAIL_ARTICLE_H
#define WW_CRAWLER_MAIL_ARTICLE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct article;
struct article_hints;

#define MAIL_CONTENT_TYPE "message/rfc822"

bool mail_article_is(struct slice content_type);
/* An address that no page has: what a mail is known by. */
bool mail_article_is_id(struct slice url);

/* As article_extract. The hints' feed fields are not looked at. */
enum ww_status mail_article_extract(struct slice bytes, const struct article_hints *hints,
                                    struct arena *arena, struct article *out, struct ww_error *err);

#endif

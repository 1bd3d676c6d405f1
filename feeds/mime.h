/*
 * mime.h - a mail as a text with a title, an author and a date.
 *
 * Follows RFC 5322 and RFC 2045 to 2049; a page saved as one file (RFC 2557: .mht) is such a mail,
 * too. One pass over borrowed bytes, no recursion: parts in parts are a stack of boundaries.
 * All parts of text/html are one text, all of text/plain another, in the order in which they stand;
 * what is attached is left out. A mail that was sent on as an attachment, with a word or two above
 * it, counts for the mail that holds it; the mails of a digest are one text.
 *
 * Errors: WW_INVALID: no header, or neither kind of text; WW_TOO_BIG: no text within the first
 *         MIME_PARTS_MAX parts.
 * Limits: MIME_DEPTH_MAX, MIME_MAILS_MAX: what is deeper or more is left out.
 *
 * GMime is not used here: its parser opens the system's converters for a header in ISO-2022-JP,
 * which ends a jailed worker, and it makes objects of 100,000 parts.
 */
#ifndef WW_FEEDS_MIME_H
#define WW_FEEDS_MIME_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;

struct mime_mail {
    struct slice title;         /* Subject */
    struct slice from, address; /* of the sender: name, and "news@example.org"; may be empty */
    struct slice list;          /* List-Id's words: a newsletter's own name; may be empty */
    struct slice id;            /* Message-ID without its brackets; may be empty */
    struct slice url;           /* where the same text stands in the web; may be empty */
    struct date published;      /* Date, else when it came */
    bool is_page;               /* a saved page: the date is that of saving, nobody sent it */
    struct slice html, plain;   /* UTF-8; either may be empty */
    const char *charset;        /* of the first of them, a WHATWG name */
};

/* Does a mail begin here: the header of one, behind a line "From " or not? */
bool mime_is_mail(struct slice head);

enum ww_status mime_read(struct slice bytes, struct arena *arena, struct mime_mail *out,
                         struct ww_error *err);

#endif

/* mail_view.h - a mail of ours as a person reads it in a terminal: headers and text, decoded. */
#ifndef WW_ALERTS_MAIL_MAIL_VIEW_H
#define WW_ALERTS_MAIL_MAIL_VIEW_H

#include "base/error.h"
#include "base/slice.h"

struct arena;
struct buf;

/*
 * Headers, a blank line, the first plain text, and a line for each other part. Every line is
 * printable. WW_INVALID: no mail.
 */
enum ww_status mail_view(struct slice bytes, struct buf *out, struct ww_error *err);

/* A header of ours decoded (RFC 2047): a display name in words. */
struct slice mail_words(struct slice value, struct arena *arena);

#endif

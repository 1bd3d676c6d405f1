/*
 * charset.h - from bytes in any web encoding to UTF-8.
 *
 * Labels are those of the WHATWG Encoding standard; conversion is ICU's. Order of trust: byte order
 * mark, then UTF-8 when the bytes decode cleanly (and are not plain ASCII), then the transport's
 * claim (HTTP Content-Type), then the document's own (XML declaration, meta), then detection over
 * the whole text (uchardet), then windows-1252. UTF-7 is never believed. Invalid bytes become
 * U+FFFD. Used by feeds, pages and the user's own CSV files, therefore in base.
 */
#ifndef WW_BASE_CHARSET_H
#define WW_BASE_CHARSET_H

#include "base/error.h"
#include "base/slice.h"

struct arena;

enum charset_kind { CHARSET_XML, CHARSET_HTML, CHARSET_PLAIN };

/* The WHATWG name for any of its labels ("latin1" -> "windows-1252"), or NULL. */
const char *charset_from_label(struct slice label);

/* The charset parameter of a Content-Type value; empty when there is none. */
struct slice charset_from_content_type(struct slice content_type);

/* The WHATWG name of the encoding of these bytes; never NULL. claim is a label or empty. */
const char *charset_detect(struct slice bytes, enum charset_kind kind, struct slice claim);

/*
 * Decode from the named encoding (a WHATWG name); the byte order mark and NULs are dropped. UTF-8
 * that is clean already is borrowed, not copied.
 */
enum ww_status charset_decode(struct slice bytes, const char *name, struct arena *arena,
                              struct slice *utf8, struct ww_error *err);

#endif

/*
 * mime_header.h - the header of a mail, or of a part of one: its fields, words and parameters.
 *
 * Follows RFC 5322 (fields, folding), RFC 2047 (encoded words) and RFC 2231 (parameters in pieces),
 * and reads what breaks them: bytes of any encoding, words that are cut between the bytes of one
 * character, a language behind the encoding. Encodings are decoded by base/charset: no converter of
 * the system is loaded, which a jailed worker could not.
 */
#ifndef WW_FEEDS_MIME_HEADER_H
#define WW_FEEDS_MIME_HEADER_H

#include "base/slice.h"

#include <stdbool.h>

struct arena;

/* "Name:" at the start of a line. */
bool mime_is_field(struct slice line);

/*
 * The next field off *rest; its value still has its folds. False at the end of the header, which
 * is an empty line (taken) or a line that is no field (left).
 */
bool mime_next_field(struct slice *rest, struct slice *name, struct slice *value);

/* A value in words: unfolded, decoded, white space levelled; valid UTF-8. */
struct slice mime_words(struct slice value, struct arena *arena);

/* What stands before the first ';', trimmed: "text/html". */
struct slice mime_token(struct slice value);
/* A parameter's value, decoded; empty when there is none. */
struct slice mime_parameter(struct slice value, struct slice name, struct arena *arena);

/*
 * The first address of a From: value: its display name in words, and the address. Either may be
 * empty.
 */
void mime_mailbox(struct slice value, struct arena *arena, struct slice *name,
                  struct slice *address);

/* Bytes of an unknown or named encoding (a label, or empty) to UTF-8; *charset is its name. */
struct slice mime_decode(struct slice bytes, struct slice label, bool is_html, struct arena *arena,
                         const char **charset);

#endif

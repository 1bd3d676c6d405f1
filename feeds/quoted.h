/*
 * quoted.h - quoted-printable, RFC 2045 section 6.7, and the "Q" of encoded words, RFC 2047.
 *
 * Bytes to bytes; what is no escape stays as it is. In a word '_' is a space.
 */
#ifndef WW_FEEDS_QUOTED_H
#define WW_FEEDS_QUOTED_H

#include "base/slice.h"

struct arena;

struct slice quoted_decode(struct slice s, struct arena *arena);
struct slice quoted_decode_word(struct slice s, struct arena *arena);

#endif

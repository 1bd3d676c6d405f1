/* base64.h - RFC 4648 as feeds and mail use it: white space anywhere, padding or not. */
#ifndef WW_FEEDS_BASE64_H
#define WW_FEEDS_BASE64_H

#include "base/slice.h"

struct arena;

/* The text that was encoded, made valid UTF-8; s itself when it is no base64. */
struct slice base64_text(struct slice s, struct arena *arena);

/*
 * The bytes that were encoded, as mail has it (RFC 2045, section 6.8): what is not of the alphabet
 * is passed over, and text may go on behind a padding, where two were put together.
 */
struct slice base64_bytes(struct slice s, struct arena *arena);

#endif

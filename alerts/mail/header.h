/*
 * header.h - what may stand in the header of a mail, and how it is written there.
 *
 * Text for headers is hostile: line ends, controls, bidi overrides and what cannot be seen never
 * pass. What is written is ASCII: other characters go into encoded words (RFC 2047), never one over
 * HEADER_WORD_MAX_BYTES, so that a first one fits behind every name, and never half a character.
 * (GMime 3.2's go up to 170 bytes where 75 are allowed, and it takes "=?" in a name as it comes.)
 * Lines are folded at blanks to 76 columns where they can be; none is over 998 bytes.
 * Addresses are ASCII, their domains A-labels (RFC 5890): no server need know SMTPUTF8.
 */
#ifndef WW_ALERTS_MAIL_HEADER_H
#define WW_ALERTS_MAIL_HEADER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;

/* s as unstructured text (a subject), or as the phrase before an address. Cleaned; not folded. */
void header_add_text(struct buf *out, struct slice s);
void header_add_phrase(struct buf *out, struct slice s);

/* "Name: value" CR LF, folded at the blanks of value, which is ASCII. Nothing for no value. */
void header_add(struct buf *out, const char *name, struct slice value);

/*
 * A name as one word of a domain: letters, digits and '-'. What is left of a name in another script
 * is told from others by a hash behind it.
 */
void header_add_domain_word(struct buf *out, struct slice name);

/* RFC 5322, 3.3: "Sun, 22 Nov 2026 07:42:10 +0100". */
void header_add_date(struct buf *out, int64_t at, int32_t zone_s);

/* "<a.b@c.d>" and nothing else (RFC 5322, 3.6.4, without quotes and literals). */
bool header_is_message_id(struct slice s);

/*
 * "Name <a@b>" as it stands in a header, its domain in A-labels. WW_INVALID says what is wrong with
 * it: no address, a local part that is not ASCII.
 */
enum ww_status header_add_mailbox(struct buf *out, struct slice mailbox, struct ww_error *err);

/* Of a mailbox: where its address stands. No check. */
struct slice header_address_part(struct slice mailbox);

/* RFC 5321 without quoted local parts and address literals; nothing that could end a command. */
bool header_is_address(struct slice s);

#endif

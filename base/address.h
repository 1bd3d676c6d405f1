/*
 * address.h - which numbers may be connected to.
 *
 * Judged when a socket is opened, by number, never by the text of an address: every spelling of
 * 127.0.0.1, mapped and translated IPv6 forms included, comes down to the same bytes here. Refused
 * by default: all that IANA's special-purpose registries (RFC 6890 and successors) do not call
 * global.
 */
#ifndef WW_BASE_ADDRESS_H
#define WW_BASE_ADDRESS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct sockaddr;

struct address_range {
    unsigned char bytes[16]; /* IPv6, IPv4 as ::ffff:a.b.c.d */
    unsigned prefix_bits;    /* of the 128 */
};

/* "10.0.0.0/8", "::1", "2001:db8::/32". */
enum ww_status address_parse_range(struct slice text, struct address_range *out,
                                   struct ww_error *err);

/* Is it a public unicast address, or in one of the allowed ranges? Unknown families: no. */
bool address_is_allowed(const struct sockaddr *address, const struct address_range *allowed,
                        size_t n_allowed);

/* Is it this machine's own? */
bool address_is_loopback(const struct sockaddr *address);

#define ADDRESS_TEXT_BYTES 64
/* Numeric form for messages and for the key of "hosts per address". */
const char *address_format(const struct sockaddr *address, char out[ADDRESS_TEXT_BYTES]);

#endif

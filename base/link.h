/*
 * link.h - where a web address leads, as it may be shown; and the address as it may be clicked.
 *
 * An address from outside may look like what it is not: letters of another script in the place of
 * Latin ones, a user name that reads like a host, a host so long that its end is out of sight. It
 * is read as browsers read it (WHATWG URL: '\' is '/', line ends and TAB count for nothing) and
 * shown so that none of that works: a host in Unicode only where idn_to_shown lets it, otherwise as
 * "xn--"; a user name always; of a long host its end. For text, HTML and the report alike.
 *
 * What is added is visible text in one line (text_add_visible), not yet escaped for HTML; of
 * link_add_ascii it is ASCII without quotes, '<' and '>'. Nothing is added for what is no web
 * address with a host.
 */
#ifndef WW_BASE_LINK_H
#define WW_BASE_LINK_H

#include "base/slice.h"

#include <stdbool.h>

struct buf;

/* "ledger.example", "127.0.0.1:8080", "bank.example@evil.example". */
bool link_add_host(struct buf *out, struct slice url);

/* The whole of it, to be read and copied: the host as above but for its length. */
bool link_add_shown(struct buf *out, struct slice url);

/* For an href: the host as A-labels, all else that is not ASCII percent-encoded (RFC 3986). */
bool link_add_ascii(struct buf *out, struct slice url);

#endif

/*
 * charset_declared.h - what a document says of its own encoding. For base/charset.c.
 *
 * Both give a WHATWG name, or NULL when nothing is said that is known. UTF-16 is taken for UTF-8:
 * who could read the declaration byte by byte has no UTF-16 before him.
 */
#ifndef WW_BASE_CHARSET_DECLARED_H
#define WW_BASE_CHARSET_DECLARED_H

#include "base/slice.h"

/* <?xml version="1.0" encoding="..."?>, wherever it stands in head. */
const char *charset_declared_xml(struct slice head);

/* The HTML standard's "prescan a byte stream to determine its encoding", as far as head goes. */
const char *charset_declared_html(struct slice head);

#endif

/*
 * feed_fields.h - what each element of a feed is for.
 *
 * One table for all formats: RSS, RDF, Atom, CDF and their extensions say the same few things under
 * many names. When a feed says a thing twice, the smaller rank is believed, then the earlier one.
 */
#ifndef WW_FEEDS_FEED_FIELDS_H
#define WW_FEEDS_FEED_FIELDS_H

#include "base/slice.h"

enum feed_field {
    FIELD_NONE,   /* says nothing itself; what it holds counts */
    FIELD_IGNORE, /* neither it nor what it holds */
    FIELD_MARKUP, /* an element of HTML inside a text */
    FIELD_ROOT,   /* rss, feed, rdf:rdf */
    FIELD_CHANNEL,
    FIELD_ENTRY,
    FIELD_SOURCE, /* where an entry was copied from: only its author counts */
    FIELD_AUTHOR,
    FIELD_PERSON_NAME,
    FIELD_PERSON_EMAIL,
    FIELD_PERSON_URI,
    FIELD_CATEGORY,
    FIELD_COMPLETE, /* RFC 5005: nothing is left out */
    FIELD_CLOUD,    /* RSS: who tells at once when something is new */
    FIELD_KEYWORDS, /* categories, separated by commas */
    FIELD_CONTENT,
    FIELD_DATE, /* dc:date: published or updated, nobody knows */
    FIELD_ENCLOSURE,
    FIELD_ID,
    FIELD_LANGUAGE,
    FIELD_LINK,
    FIELD_ORIGINAL_LINK,
    FIELD_PUBLISHED,
    FIELD_SKIP_DAY,
    FIELD_SKIP_HOUR,
    FIELD_SUMMARY,
    FIELD_TITLE,
    FIELD_TTL,
    FIELD_UPDATED,
    FIELD_UPDATE_FREQUENCY,
    FIELD_UPDATE_PERIOD,
    FIELD_COUNT
};

struct feed_name {
    const char *name; /* as feeds/names.h spells it, without "atom:" */
    enum feed_field field;
    unsigned rank;
};

/* The row of an element; one of FIELD_NONE or FIELD_IGNORE for names that are not in the table. */
const struct feed_name *feed_name_find(struct slice name);

#endif

/* feed_fields.c - the table of element names. */
#include "feeds/feed_fields.h"

#include "base/attrs.h"

#include <stdlib.h>

/* Sorted by name, because the lookup is a bsearch. */
static const struct feed_name names[] = {
    {"abstract",               FIELD_SUMMARY,          1}, /* CDF */
    {"author",                 FIELD_AUTHOR,           1},
    {"body",                   FIELD_CONTENT,          1},
    {"category",               FIELD_CATEGORY,         1},
    {"channel",                FIELD_CHANNEL,          0},
    {"cloud",                  FIELD_CLOUD,            1},
    {"content",                FIELD_CONTENT,          1},
    {"content:encoded",        FIELD_CONTENT,          1},
    {"contributor",            FIELD_IGNORE,           0},
    {"copyright",              FIELD_IGNORE,           0},
    {"created",                FIELD_PUBLISHED,        3},
    {"date",                   FIELD_DATE,             4},
    {"day",                    FIELD_SKIP_DAY,         1},
    {"dc:author",              FIELD_AUTHOR,           2},
    {"dc:creator",             FIELD_AUTHOR,           2},
    {"dc:date",                FIELD_DATE,             4},
    {"dc:description",         FIELD_SUMMARY,          2},
    {"dc:identifier",          FIELD_ID,               3},
    {"dc:language",            FIELD_LANGUAGE,         2},
    {"dc:subject",             FIELD_CATEGORY,         1},
    {"dc:title",               FIELD_TITLE,            2},
    {"dcterms:abstract",       FIELD_SUMMARY,          3},
    {"dcterms:created",        FIELD_PUBLISHED,        3},
    {"dcterms:creator",        FIELD_AUTHOR,           3},
    {"dcterms:date",           FIELD_DATE,             5},
    {"dcterms:identifier",     FIELD_ID,               3},
    {"dcterms:issued",         FIELD_PUBLISHED,        2},
    {"dcterms:modified",       FIELD_UPDATED,          1},
    {"dcterms:title",          FIELD_TITLE,            3},
    {"description",            FIELD_SUMMARY,          1},
    {"email",                  FIELD_PERSON_EMAIL,     1},
    {"enc:enclosure",          FIELD_ENCLOSURE,        1}, /* RDF */
    {"enclosure",              FIELD_ENCLOSURE,        1},
    {"entry",                  FIELD_ENTRY,            0},
    {"feed",                   FIELD_ROOT,             0},
    {"feedburner:origlink",    FIELD_ORIGINAL_LINK,    1},
    {"fh:complete",            FIELD_COMPLETE,         0},
    {"fullitem",               FIELD_CONTENT,          2},
    {"generator",              FIELD_IGNORE,           0},
    {"googleplay:author",      FIELD_AUTHOR,           4},
    {"googleplay:description", FIELD_SUMMARY,          5},
    {"guid",                   FIELD_ID,               1},
    {"hour",                   FIELD_SKIP_HOUR,        1},
    {"id",                     FIELD_ID,               1},
    {"image",                  FIELD_IGNORE,           0},
    {"info",                   FIELD_IGNORE,           0},
    {"issued",                 FIELD_PUBLISHED,        2},
    {"item",                   FIELD_ENTRY,            0},
    {"itunes:author",          FIELD_AUTHOR,           3},
    {"itunes:category",        FIELD_CATEGORY,         1},
    {"itunes:keywords",        FIELD_KEYWORDS,         1},
    {"itunes:subtitle",        FIELD_SUMMARY,          6},
    {"itunes:summary",         FIELD_SUMMARY,          4},
    {"itunes:title",           FIELD_TITLE,            4},
    {"keywords",               FIELD_KEYWORDS,         1},
    {"language",               FIELD_LANGUAGE,         1},
    {"lastbuilddate",          FIELD_UPDATED,          1},
    {"link",                   FIELD_LINK,             1},
    {"managingeditor",         FIELD_AUTHOR,           1},
    {"media:category",         FIELD_CATEGORY,         1},
    {"media:content",          FIELD_ENCLOSURE,        2},
    {"media:description",      FIELD_SUMMARY,          7},
    {"media:group",            FIELD_NONE,             0},
    {"media:keywords",         FIELD_KEYWORDS,         1},
    {"media:title",            FIELD_TITLE,            5},
    {"modified",               FIELD_UPDATED,          1},
    {"name",                   FIELD_PERSON_NAME,      1},
    {"pheedo:origlink",        FIELD_ORIGINAL_LINK,    1},
    {"prism:publicationdate",  FIELD_PUBLISHED,        4},
    {"pubdate",                FIELD_PUBLISHED,        1},
    {"published",              FIELD_PUBLISHED,        1},
    {"rdf:rdf",                FIELD_ROOT,             0},
    {"rights",                 FIELD_IGNORE,           0},
    {"rss",                    FIELD_ROOT,             0},
    {"skipdays",               FIELD_NONE,             0},
    {"skiphours",              FIELD_NONE,             0},
    {"source",                 FIELD_SOURCE,           0},
    {"subtitle",               FIELD_SUMMARY,          1},
    {"summary",                FIELD_SUMMARY,          1},
    {"sy:updatefrequency",     FIELD_UPDATE_FREQUENCY, 1},
    {"sy:updateperiod",        FIELD_UPDATE_PERIOD,    1},
    {"tagline",                FIELD_SUMMARY,          1},
    {"textinput",              FIELD_IGNORE,           0},
    {"title",                  FIELD_TITLE,            1},
    {"ttl",                    FIELD_TTL,              1},
    {"updated",                FIELD_UPDATED,          1},
    {"uri",                    FIELD_PERSON_URI,       1},
    {"url",                    FIELD_PERSON_URI,       1},
    {"webmaster",              FIELD_AUTHOR,           5},
    {"xhtml:body",             FIELD_CONTENT,          1},
};

static const struct feed_name wrapper = {"", FIELD_NONE, 0};
static const struct feed_name foreign = {"", FIELD_IGNORE, 0};

static int compare_name(const void *key, const void *row)
{
    return slice_compare_name(*(const struct slice *)key, ((const struct feed_name *)row)->name);
}

const struct feed_name *feed_name_find(struct slice name)
{
    const struct feed_name *row;

    if (slice_starts(name, SLICE("atom:")))
        name = slice_skip(name, 5);
    row = bsearch(&name, names, WW_COUNT(names), sizeof(names[0]), compare_name);
    /* A feed may stand in a page, and take its namespace. */
    if (row == NULL && slice_starts(name, SLICE("xhtml:"))) {
        struct slice local = slice_skip(name, 6);

        row = bsearch(&local, names, WW_COUNT(names), sizeof(names[0]), compare_name);
    }
    if (row != NULL)
        return row;
    /* A feed may be wrapped in anything (SOAP, HTML); extensions say nothing that we know. */
    return slice_find_char(name, ':') == name.len || slice_starts(name, SLICE("xhtml:")) ||
                   slice_starts(name, SLICE("rdf:")) || slice_starts(name, SLICE("soap"))
               ? &wrapper
               : &foreign;
}

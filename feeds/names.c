/* names.c - namespaces to prefixes. */
#include "feeds/names.h"

#include "base/attrs.h"
#include "base/buf.h"

#include <stdlib.h>

struct namespace_row {
    const char *uri; /* lower case, without http:// or https:// and without / or # at the end */
    const char *prefix;
};

/* Sorted by address, because the lookup is a bsearch. */
static const struct namespace_row namespaces[] = {
    {"backend.userland.com/rss",                     ""          },
    {"backend.userland.com/rss2",                    ""          },
    {"base.google.com/ns/1.0",                       "g"         },
    {"blogs.law.harvard.edu/tech/rss",               ""          },
    {"channel.netscape.com/rdf/simple/0.9",          ""          },
    {"example.com/dtds/podcast-1.0.dtd",             "itunes"    },
    {"my.netscape.com/publish/formats/rss-0.91.dtd", ""          },
    {"my.netscape.com/rdf/simple/0.9",               ""          },
    {"purl.oclc.org/net/rss_2.0/enc",                "enc"       },
    {"purl.org/atom/ns",                             "atom"      },
    {"purl.org/dc/elements/1.0",                     "dc"        },
    {"purl.org/dc/elements/1.1",                     "dc"        },
    {"purl.org/dc/terms",                            "dcterms"   },
    {"purl.org/rss/1.0",                             ""          },
    {"purl.org/rss/1.0/modules/content",             "content"   },
    {"purl.org/rss/1.0/modules/rss091",              ""          },
    {"purl.org/rss/1.0/modules/slash",               "slash"     },
    {"purl.org/rss/1.0/modules/syndication",         "sy"        },
    {"purl.org/rss/1.0/modules/wiki",                "wiki"      },
    {"purl.org/syndication/history/1.0",             "fh"        },
    {"rssnamespace.org/feedburner/ext/1.0",          "feedburner"},
    {"search.yahoo.com/mrss",                        "media"     },
    {"video.search.yahoo.com/mrss",                  "media"     },
    {"wellformedweb.org/commentapi",                 "wfw"       },
    {"www.google.com/schemas/play-podcasts/1.0",     "googleplay"},
    {"www.google.com/schemas/sitemap-image/1.1",     "image"     },
    {"www.google.com/schemas/sitemap-news/0.9",      "news"      },
    {"www.google.com/schemas/sitemap-video/1.1",     "video"     },
    {"www.google.com/schemas/sitemap/0.84",          ""          },
    {"www.google.com/schemas/sitemap/0.9",           ""          },
    {"www.itunes.com/dtds/podcast-1.0.dtd",          "itunes"    },
    {"www.pheedo.com/namespace/pheedo",              "pheedo"    },
    {"www.rssboard.org/media-rss",                   "media"     },
    {"www.sitemaps.org/schemas/sitemap/0.84",        ""          },
    {"www.sitemaps.org/schemas/sitemap/0.9",         ""          },
    {"www.w3.org/1999/02/22-rdf-syntax-ns",          "rdf"       },
    {"www.w3.org/1999/xhtml",                        "xhtml"     },
    {"www.w3.org/2003/01/geo/wgs84_pos",             "geo"       },
    {"www.w3.org/2005/atom",                         "atom"      },
    {"www.w3.org/xml/1998/namespace",                "xml"       },
};

/* Append lower-case ASCII. */
static void add_lower(struct buf *out, struct slice s)
{
    char *room = buf_extend(out, s.len);

    for (size_t i = 0; room != NULL && i < s.len; i++)
        room[i] = (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] + ('a' - 'A') : s.ptr[i]);
}

static int compare_uri(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key,
                         slice_from(((const struct namespace_row *)row)->uri));
}

const char *name_prefix(struct slice uri)
{
    const struct namespace_row *row;
    char lower[64];
    struct slice key;

    uri = slice_trim(uri);
    if (slice_starts_nocase(uri, SLICE("http://")))
        uri = slice_skip(uri, 7);
    else if (slice_starts_nocase(uri, SLICE("https://")))
        uri = slice_skip(uri, 8);
    while (uri.len > 0 && (uri.ptr[uri.len - 1] == '/' || uri.ptr[uri.len - 1] == '#'))
        uri.len--;
    if (uri.len > sizeof(lower))
        return NULL;
    for (size_t i = 0; i < uri.len; i++)
        lower[i] =
            (char)(uri.ptr[i] >= 'A' && uri.ptr[i] <= 'Z' ? uri.ptr[i] + ('a' - 'A') : uri.ptr[i]);
    key = slice_of(lower, uri.len);
    row = bsearch(&key, namespaces, WW_COUNT(namespaces), sizeof(namespaces[0]), compare_uri);
    return row == NULL ? NULL : row->prefix;
}

void name_add(struct buf *out, struct slice prefix, struct slice local, struct slice uri)
{
    const char *known = uri.len > 0 ? name_prefix(uri) : NULL;

    name_join(out, known != NULL ? slice_from(known) : prefix, local);
}

void name_join(struct buf *out, struct slice prefix, struct slice local)
{
    if (prefix.len > 0) {
        add_lower(out, prefix);
        buf_add_char(out, ':');
    }
    add_lower(out, local);
}

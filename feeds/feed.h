/*
 * feed.h - what a feed says: RSS 0.90-2.0, RDF, Atom 0.3/1.0, JSON Feed 1.x, CDF.
 *
 * feed_parse takes UTF-8 (base/charset decodes; the XML declaration's encoding is ignored) and
 * returns plain structs in an arena. A malformed feed is still read: all it holds is given and
 * is_malformed set. WW_INVALID only when nothing could be read (not a feed, empty).
 *
 * Texts (titles, names, categories) are plain: markup out, references resolved, trimmed. summary
 * and content are HTML as the feed meant it, references resolved once, links not yet absolute and
 * not yet safe: extractors/sanitize does both. In RSS that has only the full text, summary is
 * content. Text that a feed declares plain comes back escaped, as HTML. Absent values are empty
 * slices; absent times have precision DATE_NONE. A title or description that was there but holds no
 * text (a picture) is empty with a ptr that is not NULL. Limits: the newest FEED_ENTRIES_MAX
 * entries are kept, which are the first unless the dates say otherwise; n_dropped counts the rest.
 */
#ifndef WW_FEEDS_FEED_H
#define WW_FEEDS_FEED_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct feed_link {
    struct slice href, rel, type;
};

struct feed_enclosure {
    struct slice url, type, length;
};

struct entry {
    struct slice id; /* guid, atom:id, rdf:about, JSON id; empty when the feed gives none */
    struct slice title;
    struct slice link;     /* absolute */
    struct slice original; /* where the article is when link counts clicks on the way; else empty */
    struct slice summary, content;
    struct slice content_base; /* what links inside summary and content are relative to */
    struct slice author;
    struct slice language;
    struct date published, updated;
    struct feed_link *links;
    size_t n_links;
    struct feed_enclosure *enclosures;
    size_t n_enclosures;
    struct slice *categories;
    size_t n_categories;
};

struct feed {
    const char *format; /* "rss2.0", "atom1.0" ... (conformance list); never NULL */
    struct slice title, link, id, description, language, author;
    struct date updated;
    int64_t ttl_minutes;     /* 0: none */
    uint32_t skip_hours;     /* bit h: do not ask in hour h, UTC */
    uint32_t skip_days;      /* bit 0 Monday ... bit 6 Sunday */
    int64_t update_period_s; /* sy:updatePeriod / updateFrequency; 0: none */
    struct feed_link *links; /* self, hub, next, prev-archive, current, cloud */
    size_t n_links;
    struct entry *entries;
    size_t n_entries;
    size_t n_dropped;
    bool is_complete;     /* it says that it holds all there is (RFC 5005, fh:complete) */
    bool is_oldest_first; /* with n_dropped: the newest are kept, in no order */
    bool is_malformed;
};

/* base: the address the feed came from, may be empty. */
enum ww_status feed_parse(struct slice utf8, struct slice base, struct arena *arena,
                          struct feed *out, struct ww_error *err);

#endif

/*
 * store_articles.h - what was read: articles, every version of an address, and their texts.
 *
 * Articles are never changed and never deleted: an edited page becomes a new version beside the
 * old one. Four things are written later, all about the article and not of it: its story, the
 * watchlist version it was scanned with, that it is no history after all, and its number among the
 * versions of its address, when an archive gives an older one. Texts are stored
 * compressed and read on demand.
 */
#ifndef WW_STORAGE_STORE_ARTICLES_H
#define WW_STORAGE_STORE_ARTICLES_H

#include "base/date.h"
#include "base/hash.h"
#include "storage/store.h"

/* The credit is the name of the agency whose site it stands on: the name its copies give. */
#define ARTICLE_CREDIT_OWN "outlet"

struct article_row {
    int64_t id, version; /* version 1, 2 ... of one canonical address */
    struct slice url, canonical;
    struct slice title, author, description;
    struct slice site;   /* the page's own name for its outlet */
    struct slice outlet; /* the name used in lists: the feed's, or the site's */
    struct slice language, country;
    struct slice section;
    struct slice access;      /* "open", "paywall" ... */
    struct slice text_source; /* "page", "rules", "data", "feed" */
    struct slice provenance;  /* "feed", "files" ... */
    int64_t published_at;
    enum date_precision published_precision; /* DATE_NONE: not known */
    struct slice published_source;           /* "json-ld", "meta", "url", "feed" ... */
    struct slice published_zone;             /* "+08:00"; empty: it named none */
    int64_t modified_at;
    enum date_precision modified_precision;
    struct slice modified_source;
    struct slice dateline;      /* the words the text opens with: "THE HAGUE (Reuters) -" */
    struct slice credit;        /* whose text it is, as it says itself: "Reuters" */
    struct slice credit_source; /* "dateline", "line" ...; ARTICLE_CREDIT_OWN: an agency's own */
    struct slice source_url;    /* at another host: where it was published first */
    int64_t recirculates_id;    /* the article whose old text stands here under a new date */
    int64_t backfill_id;        /* that brought it (store_history.h); 0: none */
    struct slice capture;       /* the archived copy it was read from; empty: the page itself */
    int64_t first_seen_at;      /* when its address was first seen */
    int64_t fetched_at;
    int64_t feed_id, entry_id, page_id, story_id;
    int64_t scanned_with; /* watchlist id; 0: never scanned */
    bool is_historic;
    int64_t text_bytes;
    struct slice sha256; /* of the whole text: SHA256_BYTES bytes */
    /*
     * Not stored: what was learned of the site meanwhile must not make a new version of an
     * unchanged page. whole: the text before lines that repeat on the site were cut out of it;
     * empty: none were. site_name: titles that differ by it are the same.
     */
    struct slice whole, site_name;
    bool is_followed; /* nor this: later versions were there already, for an archive gave it */
};

struct article_list {
    struct article_row *rows;
    size_t n_rows;
};

struct article_text {
    struct slice text;
    struct slice cut; /* what looked like boilerplate inside the article */
};

/*
 * Store an article; search finds it soon after (store_search.h). sha256 is reckoned here; id,
 * version, text_bytes and is_followed too, and left in the row. When the newest version of the
 * address has the same title and text nothing is stored: *is_new is false and *id the one there is.
 *
 * What a backfill brings (backfill_id, capture) may be of a time (fetched_at) before the newest
 * version. It takes its place among the versions then, those behind it move up by one, and it is
 * nothing new when any of them says the same.
 */
enum ww_status store_add_article(struct store *s, struct article_row *row,
                                 const struct article_text *text, int64_t *id, bool *is_new,
                                 struct ww_error *err);
/* Is one the other with the site's name before or behind it? */
bool article_is_same_title(struct slice a, struct slice b, struct slice site_name);
/* Would it be stored? */
enum ww_status store_article_differs(struct store *s, const struct article_row *row,
                                     const struct article_text *text, bool *differs,
                                     struct ww_error *err);
enum ww_status store_set_scanned(struct store *s, int64_t article_id, int64_t watchlist_id,
                                 struct ww_error *err);

/* It was taken for history, and is news: no longer historic, and scanned again. */
enum ww_status store_announce_article(struct store *s, int64_t article_id, struct ww_error *err);

/* WW_NOT_FOUND. */
enum ww_status store_article(struct store *s, int64_t id, struct arena *arena,
                             struct article_row *out, struct ww_error *err);
/* The newest version. */
enum ww_status store_article_by_canonical(struct store *s, struct slice canonical,
                                          struct arena *arena, struct article_row *out,
                                          struct ww_error *err);
/* The newest that was read from this place, as it is shown: a file's path, too. Looks at them all.
 */
enum ww_status store_article_by_url(struct store *s, struct slice url, struct arena *arena,
                                    struct article_row *out, struct ww_error *err);
enum ww_status store_article_text(struct store *s, int64_t id, struct arena *arena,
                                  struct article_text *out, struct ww_error *err);

enum article_order {
    ARTICLE_NEWEST_FIRST, /* by first_seen_at */
    ARTICLE_BY_ID         /* oldest first: for walking all of them with after_id */
};

struct article_filter {
    struct store_window window; /* of first_seen_at */
    bool by_published; /* the window is of published_at; of first_seen_at where there is none */
    enum store_history history;
    int64_t after_id; /* only ids above it */
    int64_t feed_id, story_id;
    int64_t backfill_id;    /* that brought them */
    struct slice canonical; /* all versions of one address */
    struct slice outlet, language, country, access;
    bool is_unscanned;        /* never scanned */
    int64_t not_scanned_with; /* scanned with another watchlist version, or never */
    enum article_order order;
};

enum ww_status store_list_articles(struct store *s, const struct article_filter *filter,
                                   struct arena *arena, struct article_list *out,
                                   struct ww_error *err);

#endif

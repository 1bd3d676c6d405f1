/*
 * parse.h - what a worker does: one function per kind of document, and the records that carry
 * questions in and answers out.
 *
 * request_* write a question, the worker runs parse_run on it, answer_* read what came back,
 * checking every length and every text again. Each pair stands together in parse.c, so that writer
 * and reader cannot drift apart.
 */
#ifndef WW_CRAWLER_PARSE_H
#define WW_CRAWLER_PARSE_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"
#include "feeds/finds.h"

#include <stddef.h>

struct arena;
struct article;
struct article_hints;
struct buf;
struct feed;
struct opml;
struct page_links;
struct sitemap;

/*
 * Questions. bytes are as received (already inflated); content_type is the header's value or empty.
 */
void parse_request_feed(struct buf *out, struct slice bytes, struct slice content_type,
                        struct slice base);
void parse_request_sitemap(struct buf *out, struct slice bytes, struct slice base);
void parse_request_article(struct buf *out, struct slice bytes, const struct article_hints *hints);
/* What such a question asks about; borrowed from it. */
void parse_article_document(struct slice request, struct slice *bytes, struct slice *content_type);
void parse_request_links(struct buf *out, struct slice bytes, struct slice url,
                         struct slice content_type);
/* A page of links read as a feed, through a selector (listing.h): parse_answer_feed reads it. */
void parse_request_listing(struct buf *out, struct slice bytes, struct slice url,
                           struct slice content_type, struct slice selector);
void parse_request_opml(struct buf *out, struct slice bytes);
void parse_request_charset(struct buf *out, struct slice bytes, struct slice content_type);
/* A list of history, or a piece of one (finds.h): unpacked by who asks. */
void parse_request_finds(struct buf *out, enum finds_format format, struct slice bytes,
                         struct slice content_type, struct slice base);

/* In the worker: answer one request. Always writes an answer, an error when it must. */
void parse_run(struct slice request, struct arena *arena, struct buf *answer);

/* In the parent. The structs borrow from record and arena. charset: the encoding really used. */
enum ww_status parse_answer_feed(struct slice record, struct arena *arena, struct feed *out,
                                 struct slice *charset, struct ww_error *err);
enum ww_status parse_answer_sitemap(struct slice record, struct arena *arena, struct sitemap *out,
                                    struct ww_error *err);
enum ww_status parse_answer_article(struct slice record, struct arena *arena, struct article *out,
                                    struct ww_error *err);
enum ww_status parse_answer_links(struct slice record, struct arena *arena, struct page_links *out,
                                  struct ww_error *err);
enum ww_status parse_answer_opml(struct slice record, struct arena *arena, struct opml *out,
                                 struct ww_error *err);
enum ww_status parse_answer_charset(struct slice record, struct slice *charset,
                                    struct ww_error *err);
enum ww_status parse_answer_finds(struct slice record, struct arena *arena, struct finds *out,
                                  struct ww_error *err);

/* ---- for parse_*.c alone --------------------------------------------------------------------- */

struct record;

enum parse_kind {
    PARSE_FEED,
    PARSE_SITEMAP,
    PARSE_ARTICLE,
    PARSE_LINKS,
    PARSE_LISTING,
    PARSE_OPML,
    PARSE_CHARSET,
    PARSE_FINDS,
    PARSE_KIND_COUNT
};

/* In the worker: read the rest of the question, append the rest of the answer. */
enum ww_status parse_feed_run(struct record *question, struct arena *arena, struct buf *answer,
                              struct ww_error *err);
enum ww_status parse_sitemap_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err);
enum ww_status parse_article_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err);
enum ww_status parse_links_run(struct record *question, struct arena *arena, struct buf *answer,
                               struct ww_error *err);
enum ww_status parse_listing_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err);
enum ww_status parse_opml_run(struct record *question, struct arena *arena, struct buf *answer,
                              struct ww_error *err);
enum ww_status parse_charset_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err);
enum ww_status parse_finds_run(struct record *question, struct arena *arena, struct buf *answer,
                               struct ww_error *err);

/* Values that several kinds have. */
void parse_put_date(struct buf *out, const struct date *d);
struct date parse_get_date(struct record *r);
/* Room for n elements; the record fails when there is none, so that one check at the end does. */
void *parse_get_room(struct record *r, struct arena *arena, size_t n, size_t size);

/* What parse_answer_feed reads. */
void parse_put_feed(struct buf *out, const struct feed *f, const char *charset);

/* Starts reading an answer: WW_OK, and r stands behind the status; else the error it carries. */
enum ww_status parse_answer_open(struct slice answer, struct record *r, struct ww_error *err);
/* Ends reading: WW_INVALID when the record was damaged. */
enum ww_status parse_answer_close(const struct record *r, struct ww_error *err);

#endif

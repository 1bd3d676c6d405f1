/*
 * source_parts.h - what the files of the sources share: words, addresses, the window, and what an
 * answer comes to.
 *
 * A struct source_work is one answer being read. Its functions fill the outcome; a full arena is
 * reported once, by source_work_end.
 */
#ifndef WW_CRAWLER_HISTORY_SOURCE_PARTS_H
#define WW_CRAWLER_HISTORY_SOURCE_PARTS_H

#include "base/attrs.h"
#include "base/date.h"
#include "crawler/history/source.h"

/* ---- words ----------------------------------------------------------------------------------- */

/*
 * Trimmed, none of them empty. WW_INVALID when there are too many, or none though the source wants
 * some.
 */
enum ww_status source_words(const struct backfill_row *order, const struct source *source,
                            bool may_be_none, struct arena *arena, struct slice **words,
                            size_t *n_words, struct ww_error *err);

/*
 * A word that names a site or a page of it, as an address: "example.org" is https://example.org/.
 * WW_INVALID says what the source wants.
 */
enum ww_status source_address(const struct source *source, struct slice word, struct arena *arena,
                              struct slice *out, struct ww_error *err);

/* The words of `source` as addresses, for struct source.begin. */
enum ww_status source_addresses(const struct source_context *context, const struct source *source,
                                struct arena *arena, struct slice **out, size_t *n_out,
                                struct ww_error *err);

/* Has it no path but "/", and no query? */
bool source_is_site(struct slice address);
/* "https://example.org:8080", of an address. */
struct slice source_origin(struct slice address);

/* A word as the index of an archive takes it. */
struct source_match {
    struct slice url; /* without a scheme */
    const char *type; /* "exact", "prefix", "host", "domain" */
    bool is_exact;
};

/*
 * "example.org" is all of that host, "*.example.org" all below it, "example.org/news/" and a star
 * all that begins so, any other address itself.
 */
enum ww_status source_match(const struct source *source, struct slice word, struct arena *arena,
                            struct source_match *out, struct ww_error *err);

/* ---- addresses ------------------------------------------------------------------------------- */

/* address?name=value, or &name=value behind another; what has a meaning in a query is escaped. */
struct slice source_with(struct slice address, const char *name, struct slice value,
                         struct arena *arena);

/* "20220914101500" */
#define SOURCE_STAMP_BYTES 16
const char *source_stamp(int64_t at, char out[SOURCE_STAMP_BYTES]);

/* ---- lists ----------------------------------------------------------------------------------- */

/* Rows for struct source.begin. */
struct source_lists {
    struct arena *arena;
    struct list_row *rows;
    size_t n_rows, capacity;
};

void source_add_row(struct source_lists *lists, struct slice url, const char *format,
                    int64_t covers_at);
enum ww_status source_begun(const struct source_lists *lists, struct list_row **out, size_t *n_out,
                            struct ww_error *err);
bool source_is_format(const struct list_row *list, const char *format);

/* ---- an answer ------------------------------------------------------------------------------- */

struct source_work {
    const struct source_context *context;
    const struct list_row *list;
    const struct list_answer *answer;
    const struct finds *finds; /* of the answer; may be NULL */
    struct arena *arena;
    struct list_outcome *out;
    struct source_lists lists;
    size_t finds_capacity;
    struct slice *sites; /* of the words; NULL: not looked up yet */
    size_t n_sites;
    struct slice last_origin; /* of the last address that was asked about, and what was said */
    bool was_ours;
    size_t n_foreign;     /* addresses of other sites */
    struct slice foreign; /* the first of them */
    char came[256];
};

void source_work_begin(struct source_work *w, const struct source_context *context,
                       const struct list_row *list, const struct list_answer *answer,
                       struct arena *arena, struct list_outcome *out);
/* Hands over what was added. WW_NOMEM, WW_TOO_BIG: the arena's. */
enum ww_status source_work_end(struct source_work *w, struct ww_error *err);

/* The list has been read. */
void source_over(struct source_work *w);
/* It goes on there. */
void source_go_on(struct source_work *w, struct slice cursor);
/* It could not be had; asked again later, or never. */
void source_later(struct source_work *w, const char *fmt, ...) WW_PRINTF(2, 3);
void source_give_up(struct source_work *w, const char *fmt, ...) WW_PRINTF(2, 3);
/* Add to the message. */
void source_note(struct source_work *w, const char *fmt, ...) WW_PRINTF(2, 3);

/* 200, and what came could be read. */
bool source_is_read(const struct source_work *w);
/* There is no such thing: 404, 410. */
bool source_is_gone(const struct source_work *w);
/* A server in trouble: 408, 429, 5xx. */
bool source_is_trouble(const struct source_work *w);
/* What came in place of what was wanted, in words: "status 404", "not a feed: ...". */
const char *source_what_came(struct source_work *w);
/*
 * An archive's answer: true when there is something to read. Else the outcome says that it refuses
 * (429, 403), has to be asked later, or cannot be had.
 */
bool source_archive_answered(struct source_work *w);

/* Are the lists and pages at this address of a site that the words name? */
bool source_is_ours(struct source_work *w, struct slice url);

/* May anything published at `date` be within the window, seeing how exact it is? */
bool source_may_be_asked(const struct backfill_row *order, const struct date *date);
/* Is all of it before the window? */
bool source_is_before(const struct backfill_row *order, const struct date *date);
/* The day or month that an address speaks of: /2022/09/14/, /2022-09-14/, /2022/09/. */
bool source_address_date(struct slice url, struct date *out);
/* A date of 1970, or of the day after tomorrow, is none. */
struct date source_believed(const struct date *date, int64_t now);

/* What a find of a list is asked for. */
enum source_want {
    WANT_SITE = 1,   /* of a site that the words name */
    WANT_WINDOW = 2, /* not known to be outside of it, by the list and by its address */
    WANT_TEXT = 4,   /* its text is taken for the page's */
};

/* NULL when it is outside, which is counted, or the arena is full. */
struct find_row *source_add_find(struct source_work *w, const struct find *find, unsigned want);
/* All of the answer's. */
void source_add_finds(struct source_work *w, unsigned want);

/* ---- pages of a list ------------------------------------------------------------------------- */

/*
 * Where a list is that comes in pages: a source's own word, the number of the page, what the last
 * one held, and the earliest date of it. "paged 3 1f2e3d4c5b6a7988 1663150500 ".
 */
struct source_paging {
    struct slice word;
    int64_t page;
    uint64_t hash;
    int64_t oldest_at; /* 0: none was dated */
    struct slice rest; /* what else the source wants to know */
};

/* False when the cursor is not of this form: it was never written by us. */
bool source_read_paging(struct slice cursor, struct source_paging *out);
struct slice source_paging_text(const struct source_paging *p, struct arena *arena);

/*
 * May the list lead on behind this page? False when it is empty, the same as the one before, older
 * than the window, or one too many; *p then says what this one held. Sets needs_news.
 */
bool source_leads_on(struct source_work *w, struct source_paging *p);

#endif

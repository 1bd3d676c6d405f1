/*
 * store_sites.h - what reading its pages taught of a site: its name, and the lines that repeat.
 *
 * A line is a number (extractors/furniture.h). How many of the site's stories had it is counted;
 * which lines are furniture then, the reader decides. Counts fade: whoever teaches halves them once
 * there are many stories, so that a new look of the site is learned as fast as its old one was.
 */
#ifndef WW_STORAGE_STORE_SITES_H
#define WW_STORAGE_STORE_SITES_H

#include "storage/store.h"

struct site_row {
    struct slice host;
    struct slice name;    /* as most of its pages have it; empty: none has */
    int64_t n_name;       /* how sure: pages with another name take from it */
    int64_t n_stories;    /* that taught, as far as they have not faded */
    int64_t last_seen_at; /* the newest of them */
    int64_t n_lines;
};

struct site_list {
    struct site_row *rows;
    size_t n_rows;
};

struct site_line_row {
    int64_t line; /* the number's 64 bits */
    int64_t n_stories;
};

struct site_line_list {
    struct site_line_row *rows;
    size_t n_rows;
};

/* ---- teaching: in a transaction -------------------------------------------------------------- */

/* One more story of this host, whose page calls the site name (or empty); how many there are. */
enum ww_status store_teach_site(struct store *s, struct slice host, struct slice name, int64_t at,
                                int64_t *n_stories, struct ww_error *err);
/* A line of that story, to be given once; in how many stories it stands now. */
enum ww_status store_teach_site_line(struct store *s, struct slice host, uint64_t line, int64_t at,
                                     int64_t *n_stories, struct ww_error *err);
/* The lines of that story, each once. */
enum ww_status store_teach_site_lines(struct store *s, struct slice host, const uint64_t *lines,
                                      size_t n_lines, int64_t at, struct ww_error *err);
/* Halve the counts; lines that were seen once go. */
enum ww_status store_fade_site(struct store *s, struct slice host, struct ww_error *err);
/* Leave n_kept lines at most: those seen most, of them the ones seen last. */
enum ww_status store_trim_site(struct store *s, struct slice host, size_t n_kept,
                               struct ww_error *err);
/* WW_NOT_FOUND: nothing was known. */
enum ww_status store_forget_site(struct store *s, struct slice host, struct ww_error *err);

/* ---- reading --------------------------------------------------------------------------------- */

/* WW_NOT_FOUND. */
enum ww_status store_site(struct store *s, struct slice host, struct arena *arena,
                          struct site_row *out, struct ww_error *err);
/* By name of the host. */
enum ww_status store_list_sites(struct store *s, const struct store_window *window,
                                struct arena *arena, struct site_list *out, struct ww_error *err);
/* Lines that stand in at least so many stories, by their number. */
enum ww_status store_site_lines(struct store *s, struct slice host, int64_t n_stories_min,
                                struct arena *arena, struct site_line_list *out,
                                struct ww_error *err);
/* Has this host, at whatever port, another article of that story? */
enum ww_status store_site_has_story(struct store *s, struct slice host, int64_t story_id,
                                    int64_t article_id, bool *has, struct ww_error *err);

#endif

/*
 * opml.h - lists of feeds as readers exchange them: OPML 1.0 to 2.0.
 *
 * An outline with an xmlUrl is a feed; the outlines around it are its folder. tier, state,
 * selector, language and country are attributes of ours that others ignore; attributes of others
 * are kept as they are (extra), except those of a namespace. Broken XML is read as far as it goes.
 *
 * A folder is a path, "Europe/Italy", in which a slash or backslash of a name's own has a backslash
 * in front of it. What opml_write made, opml_parse reads again the same.
 * Limits: OPML_FEEDS_MAX, FOLDER_DEPTH_MAX; texts are cut at TITLE_MAX_BYTES.
 */
#ifndef WW_FEEDS_OPML_H
#define WW_FEEDS_OPML_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

enum outline_kind {
    OUTLINE_FEED,
    OUTLINE_PAGE,    /* ours: a page of links, read through its selector */
    OUTLINE_SITE,    /* htmlUrl alone: no feed is named */
    OUTLINE_LINK,    /* type="link": a page */
    OUTLINE_INCLUDE, /* type="include": another list */
    OUTLINE_KIND_COUNT
};

struct outline {
    enum outline_kind kind;
    struct slice title;    /* text, else title; empty where it only repeats the address */
    struct slice outlet;   /* title, where it is not the text */
    struct slice url;      /* xmlUrl; of the last three kinds their address */
    struct slice page_url; /* htmlUrl */
    struct slice folder;
    struct slice note; /* description */
    struct slice language, country, tier, state, selector;
    struct slice tags;  /* category, as it is: "a,/b/c" */
    struct slice extra; /* attributes of others, as XML: 'version="RSS" id="7"' */
};

struct opml {
    struct outline *rows;
    size_t n_rows;
    size_t n_dropped;  /* over OPML_FEEDS_MAX */
    size_t n_empty;    /* outlines that hold no feed and name no address */
    struct slice lost; /* names of the attributes that could not be kept: "fz:mode, isOpen" */
    bool is_broken;    /* not well-formed: something may be missing */
};

/* utf8: decoded already. WW_INVALID: no OPML at all. */
enum ww_status opml_parse(struct slice utf8, struct arena *arena, struct opml *out,
                          struct ww_error *err);

/* OPML 2.0. Rows that are sorted by opml_compare_folders have each folder written once. */
void opml_write(const struct opml *list, struct slice title, struct buf *out);

/* ---- folders --------------------------------------------------------------------------------- */

/* A name below a path, escaped; the path itself when the name is empty, or too deep or long. */
struct slice opml_join_folder(struct slice path, struct slice name, struct arena *arena);

/* The path in its one form: names trimmed, none of them empty. */
struct slice opml_level_folder(struct slice path, struct arena *arena);

/* A folder stands before those inside it, and those before its neighbours. */
int opml_compare_folders(struct slice a, struct slice b);

#endif

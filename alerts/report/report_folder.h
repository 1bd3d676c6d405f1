/*
 * report_folder.h - the folder a report lives in: pages are replaced one by one, only when they
 * changed, and nothing that is not ours is ever touched.
 *
 * A list of our pages (REPORT_MANIFEST) stands in the folder. It says of each what it was made from
 * (a key of the caller's) and its hash, so that an unchanged page is neither made nor written
 * again, and a page of a story that is gone is taken away. Each page is added to it as it is
 * written, so that one of a report that was killed is known for ours, too. A folder that holds
 * something and no such list is refused. Every page is written beside its place and renamed: a web
 * server never reads half of one. Pages are not synced: after a power cut a page may be short,
 * which is seen by its size and mended by the next report.
 *
 * Names of pages are lower-case letters, digits, '-' and '.', with one folder at most before them.
 * Errors: WW_REFUSED another's folder, WW_CONFLICT somebody is writing this report, WW_STORE the
 *         disk says no.
 */
#ifndef WW_ALERTS_REPORT_REPORT_FOLDER_H
#define WW_ALERTS_REPORT_REPORT_FOLDER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define REPORT_MANIFEST ".wirewatch-report"

struct report_file {
    struct slice name; /* "story/12.html" */
    uint64_t key, hash;
    uint64_t n_bytes;
    bool is_used; /* of the old list: it is of the new one too */
};

struct report_folder {
    int fd, list_fd; /* the list, for adding to it */
    const char *path;
    struct arena *arena;
    struct report_file *old, *fresh; /* old: by name */
    size_t n_old, n_fresh, fresh_room;
    size_t n_written, n_removed, n_kept;
};

/* Makes the folder when it is not there; not those above it. f borrows path and arena. */
enum ww_status report_folder_open(struct report_folder *f, const char *path, struct arena *arena,
                                  struct ww_error *err);

/* Is the page there, made from the same key (not 0)? Then it stays as it is. */
bool report_folder_keep(struct report_folder *f, struct slice name, uint64_t key);

/* name is copied. */
enum ww_status report_folder_write(struct report_folder *f, struct slice name, uint64_t key,
                                   struct slice bytes, struct ww_error *err);

/*
 * Write the list. is_complete: pages of the old list that were neither kept nor written are gone,
 * and taken away; else they stay, and stay listed.
 */
enum ww_status report_folder_finish(struct report_folder *f, bool is_complete,
                                    struct ww_error *err);

/* Safe on one whose descriptors are -1, and twice. */
void report_folder_close(struct report_folder *f);

#define REPORT_SLUG_BYTES 64
/*
 * A file name for an id of the watchlist: itself where it is made of lower-case letters, digits and
 * '-'; else what is left of it, a '.' and a hash of it, so that two ids never share a page, not
 * even where the disk takes A and a for one.
 */
const char *report_slug(struct slice id, char out[REPORT_SLUG_BYTES]);

#endif

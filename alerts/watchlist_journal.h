/*
 * watchlist_journal.h - several files of a watchlist's folder change as one.
 *
 * All that is to be written is put into one file of the folder first, complete and on the disk.
 * With that file's rename the change is made: who reads the folder afterwards finishes it, or,
 * where he may not write there, reads the journal's files in place of the folder's. Killed before,
 * nothing has changed; killed later, everything has.
 *
 * Readers share flock(2) of the folder and a writer has it alone, so that nobody reads half of
 * each. Where a file system has no such locks, they are done without. Errors: WW_NOT_FOUND no such
 * folder, WW_STORE what the disk said, with the path.
 */
#ifndef WW_ALERTS_WATCHLIST_JOURNAL_H
#define WW_ALERTS_WATCHLIST_JOURNAL_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "base/slice.h"

struct buf;

#define WATCH_JOURNAL ".wirewatch-change"

enum watch_fate { WATCH_KEEP, WATCH_WRITE, WATCH_DELETE };

struct watch_change {
    enum watch_fate fates[WATCH_FILE_COUNT];
    struct slice bytes[WATCH_FILE_COUNT]; /* of those to be written */
};

/* *fd is closed to let go; -1 where there are no locks. */
enum ww_status watch_folder_lock(const char *folder, bool is_writer, int *fd, struct ww_error *err);

/* With the writer's lock: the change is made when this returns WW_OK, but not yet in the files. */
enum ww_status watch_journal_begin(const char *folder, const struct watch_change *change,
                                   struct ww_error *err);

/* With the writer's lock: bring the files up to the journal, if there is one. */
enum ww_status watch_journal_finish(const char *folder, struct ww_error *err);

/*
 * With either lock: what an unfinished change says. bytes holds the journal, out borrows from it.
 * WW_NOT_FOUND: there is none.
 */
enum ww_status watch_journal_read(const char *folder, struct buf *bytes, struct watch_change *out,
                                  struct ww_error *err);

/* With either lock: the folder's files in one message, but those of the change as it says. */
enum ww_status watch_folder_read(const char *folder, const struct watch_change *change,
                                 struct buf *content, struct ww_error *err);

#endif

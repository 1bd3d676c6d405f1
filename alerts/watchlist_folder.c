/* watchlist_folder.c - the files of a watchlist in one message, as the store keeps them. */
#include "alerts/watchlist.h"
#include "alerts/watchlist_journal.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/record.h"

#include <stdio.h>
#include <unistd.h>

static const char *const file_names[WATCH_FILE_COUNT] = {
    [WATCH_STATIONS] = "stations.csv", [WATCH_JURISDICTIONS] = "jurisdictions.csv",
    [WATCH_TERMS] = "terms.csv",       [WATCH_PLACES] = "places.csv",
    [WATCH_RULES] = "rules.csv",
};

const char *watch_file_name(enum watch_file file)
{
    return file_names[file];
}

/*
 * A change that was interrupted is brought to its end first. Where we may not write, the journal
 * stays, and what it says counts.
 */
static enum ww_status lock_whole(const char *folder, struct buf *journal,
                                 struct watch_change *change, int *fd, struct ww_error *err)
{
    enum ww_status status = watch_folder_lock(folder, false, fd, err);

    *change = (struct watch_change){0};
    if (status == WW_OK)
        status = watch_journal_read(folder, journal, change, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND && *fd >= 0 ? WW_OK : status;
    (void)close(*fd);
    status = watch_folder_lock(folder, true, fd, err);
    if (status == WW_OK && watch_journal_finish(folder, NULL) == WW_OK)
        *change = (struct watch_change){0};
    return status;
}

static enum ww_status read_one(const char *folder, const struct watch_change *change, size_t i,
                               struct buf *bytes, struct ww_error *err)
{
    char path[4096];

    buf_reset(bytes);
    if (change->fates[i] == WATCH_DELETE)
        return WW_NOT_FOUND;
    if (change->fates[i] == WATCH_WRITE) {
        buf_add(bytes, change->bytes[i]);
        return buf_finish(bytes, err);
    }
    if (snprintf(path, sizeof(path), "%s/%s", folder, file_names[i]) >= (int)sizeof(path))
        return ww_fail(err, WW_INVALID, "watchlist: the folder's name is too long");
    return file_read(path, bytes, err);
}

enum ww_status watch_folder_read(const char *folder, const struct watch_change *change,
                                 struct buf *content, struct ww_error *err)
{
    struct buf bytes;
    enum ww_status status = WW_OK;
    size_t n_found = 0;

    buf_init(&bytes, WATCHLIST_MAX_BYTES);
    buf_reset(content);
    for (size_t i = 0; i < WATCH_FILE_COUNT && status == WW_OK; i++) {
        status = read_one(folder, change, i, &bytes, err);
        if (status == WW_NOT_FOUND) {
            status = WW_OK;
            continue;
        }
        n_found += i != WATCH_RULES || bytes.len > 0;
        record_put_text(content, slice_from(file_names[i]));
        record_put_text(content, buf_slice(&bytes));
    }
    buf_release(&bytes);
    if (status == WW_OK && n_found == 0)
        status = ww_fail(err, WW_INVALID,
                         "%s: holds no stations.csv, jurisdictions.csv, "
                         "terms.csv, places.csv or rules.csv",
                         folder);
    return status == WW_OK ? buf_finish(content, err) : status;
}

enum ww_status watchlist_load(const char *folder, struct buf *content, struct ww_error *err)
{
    struct watch_change change;
    struct buf journal;
    enum ww_status status;
    int fd = -1;

    buf_init(&journal, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = lock_whole(folder, &journal, &change, &fd, err);
    if (status == WW_OK)
        status = watch_folder_read(folder, &change, content, err);
    if (fd >= 0)
        (void)close(fd);
    buf_release(&journal);
    return status;
}

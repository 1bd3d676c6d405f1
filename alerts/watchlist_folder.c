/* watchlist_folder.c - the files of a watchlist in one message, as the store keeps them. */
#include "alerts/watchlist.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *const file_names[WATCH_FILE_COUNT] = {
    [WATCH_STATIONS] = "stations.csv", [WATCH_JURISDICTIONS] = "jurisdictions.csv",
    [WATCH_TERMS] = "terms.csv",       [WATCH_PLACES] = "places.csv",
    [WATCH_RULES] = "rules.csv",
};

const char *watch_file_name(enum watch_file file)
{
    return file_names[file];
}

enum ww_status watchlist_load(const char *folder, struct buf *content, struct ww_error *err)
{
    struct buf bytes;
    struct stat about;
    enum ww_status status = WW_OK;
    size_t n_found = 0;

    if (stat(folder, &about) != 0)
        return ww_fail(err, WW_NOT_FOUND, "watchlist %s: %s", folder, strerror(errno));
    buf_init(&bytes, WATCHLIST_MAX_BYTES);
    buf_reset(content);
    for (size_t i = 0; i < WATCH_FILE_COUNT && status == WW_OK; i++) {
        char path[4096];

        buf_reset(&bytes);
        if (snprintf(path, sizeof(path), "%s/%s", folder, file_names[i]) >= (int)sizeof(path)) {
            status = ww_fail(err, WW_INVALID, "watchlist: the folder's name is too long");
            break;
        }
        status = file_read(path, &bytes, err);
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

/* scan_mark.c - two keys of the table of small facts. */
#include "alerts/scan_mark.h"

#include "base/arena.h"
#include "storage/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FINISHED SLICE("scan.finished") /* "VERSION" */
#define WALKING SLICE("scan.walking")   /* "VERSION ID" */

/* The numbers of a note; those that it lacks are 0. */
static enum ww_status read_numbers(struct store *s, struct slice key, struct arena *arena,
                                   int64_t *first, int64_t *second, struct ww_error *err)
{
    struct slice note = {"", 0};
    enum ww_status status = store_meta(s, key, arena, &note, err);
    const char *words = status == WW_OK ? arena_string(arena, note) : "";
    char *end = NULL;

    if (words == NULL)
        return arena_check(arena, err);
    *first = strtoll(words, &end, 10);
    *second = strtoll(end, NULL, 10);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status scan_mark_read(struct store *s, struct arena *arena, struct scan_mark *out,
                              struct ww_error *err)
{
    int64_t unused;
    enum ww_status status = read_numbers(s, FINISHED, arena, &out->finished, &unused, err);

    return status == WW_OK ? read_numbers(s, WALKING, arena, &out->walking, &out->id, err) : status;
}

enum ww_status scan_mark_put(struct store *s, int64_t version, int64_t id, struct ww_error *err)
{
    char words[48];

    (void)snprintf(words, sizeof(words), "%" PRId64 " %" PRId64, version, id);
    return store_put_meta(s, WALKING, slice_from(words), err);
}

enum ww_status scan_mark_finish(struct store *s, int64_t version, struct ww_error *err)
{
    char words[24];
    enum ww_status status = store_begin(s, err);

    (void)snprintf(words, sizeof(words), "%" PRId64, version);
    if (status == WW_OK)
        status = store_put_meta(s, FINISHED, slice_from(words), err);
    if (status == WW_OK)
        status = store_commit(s, err);
    store_rollback(s);
    return status;
}

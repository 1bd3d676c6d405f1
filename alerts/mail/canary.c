/* canary.c - when one leaves, and whether it came back. */
#include "alerts/mail/canary.h"

#include "alerts/mail/letter.h"
#include "alerts/mail/receive.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KIND SLICE("canary")
#define LOOKED SLICE("canary.looked_at")
#define SAID SLICE("canary.said")
#define MISSING SLICE("canary.missing_since")
/* Of the last ones, what is known. */
#define RECENT 16
/* Clocks of file systems and of ours differ: what is looked at twice says nothing new. */
#define LOOK_SLACK_S 120

static enum ww_status recent(struct store *s, struct arena *arena, struct message_list *out,
                             struct ww_error *err)
{
    const struct message_filter filter = {.window = {.limit = RECENT}, .kind = KIND};

    return store_list_messages(s, &filter, arena, out, err);
}

static bool has_left(const struct message_row *m)
{
    return m->sent_at > 0 || m->returned_at > 0;
}

/* ---- sending --------------------------------------------------------------------------------- */

enum ww_status canary_queue(struct store *s, const struct config *settings,
                            const struct letter_sender *sender, int64_t now, int64_t *id,
                            struct ww_error *err)
{
    enum ww_status status = store_begin(s, err);

    *id = 0;
    if (status == WW_OK)
        status = letter_queue_test(s, KIND, settings->canary, sender, now, id, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    *id = 0;
    return status;
}

enum ww_status canary_queue_due(struct store *s, const struct config *settings,
                                const struct letter_sender *sender, int64_t now, int64_t *id,
                                struct ww_error *err)
{
    struct message_list list;
    struct arena arena;
    bool is_due;
    enum ww_status status;

    *id = 0;
    if (settings->canary.len == 0)
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = recent(s, &arena, &list, err);
    is_due = status == WW_OK &&
             (list.n_rows == 0 || list.rows[0].created_at > now + settings->canary_every_s ||
              list.rows[0].created_at + settings->canary_every_s <= now);
    /* One that cannot leave is the outbox's to complain of; a second would not, either. */
    for (size_t i = 0; is_due && i < list.n_rows; i++)
        is_due = list.rows[i].state == MESSAGE_SENT || list.rows[i].state == MESSAGE_FAILED ||
                 list.rows[i].state == MESSAGE_DROPPED;
    arena_release(&arena);
    return status == WW_OK && is_due ? canary_queue(s, settings, sender, now, id, err) : status;
}

/* ---- coming back ----------------------------------------------------------------------------- */

static enum ww_status get_number(struct store *s, struct slice key, struct arena *arena,
                                 int64_t *out, struct ww_error *err)
{
    struct slice text = {"", 0};
    unsigned long long n = 0;
    enum ww_status status = store_meta(s, key, arena, &text, err);

    *out = status == WW_OK && slice_number(text, INT64_MAX, &n) ? (int64_t)n : 0;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* One file: whatever it is, the next one is looked at. */
static void look_at_file(struct store *s, const char *path, int64_t now, const struct log *log,
                         size_t *n)
{
    struct ww_error err = {0};
    struct received received;
    struct message_row m;
    struct arena arena;
    struct buf bytes;

    arena_init(&arena, (size_t)4 * RECEIVE_MAX_BYTES);
    buf_init(&bytes, RECEIVE_MAX_BYTES);
    if (file_read(path, &bytes, &err) == WW_OK &&
        receive_parse(buf_slice(&bytes), &arena, &received, &err) == WW_OK &&
        receive_take(s, &received, now, &arena, &m, &err) == WW_OK) {
        (*n)++;
        log_event(log, m.state == MESSAGE_FAILED ? LOG_ERROR : LOG_INFO, "canary",
                  "message=%" PRId64 " %.*s", m.id,
                  SLICE_ARG(received.kind == RECEIVED_MAIL ? SLICE("is back") : received.words));
    } else {
        log_event(log, LOG_DEBUG, "canary", "%s: %s", path, err.message);
    }
    buf_release(&bytes);
    arena_release(&arena);
}

/* A file that came since the last look. */
struct arrival {
    const char *path;
    int64_t at;
};

struct arrivals {
    struct arrival *rows;
    size_t n_rows, n_room;
};

static int by_time(const void *x, const void *y)
{
    const struct arrival *a = x, *b = y;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return strcmp(a->path, b->path);
}

static enum ww_status keep_arrival(struct arrivals *all, struct arrival one, struct arena *arena,
                                   struct ww_error *err)
{
    if (all->n_rows == all->n_room) {
        const size_t n_room = all->n_room == 0 ? 64 : all->n_room * 2;
        struct arrival *rows = arena_array(arena, n_room, sizeof(*rows));

        if (rows == NULL)
            return arena_check(arena, err);
        if (all->n_rows > 0)
            memcpy(rows, all->rows, all->n_rows * sizeof(*rows));
        all->rows = rows;
        all->n_room = n_room;
    }
    all->rows[all->n_rows++] = one;
    return WW_OK;
}

static enum ww_status list_arrivals(const char *folder, int64_t since, struct arrivals *out,
                                    struct arena *arena, struct ww_error *err)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    enum ww_status status = WW_OK;

    if (dir == NULL)
        return ww_fail(err, WW_INVALID, "[mail] canary-maildir: %s: %s", folder, strerror(errno));
    while (status == WW_OK && (entry = readdir(dir)) != NULL) {
        struct stat info;

        if (entry->d_name[0] == '.' || fstatat(dirfd(dir), entry->d_name, &info, 0) != 0 ||
            !S_ISREG(info.st_mode) || (int64_t)info.st_mtime < since ||
            info.st_size > RECEIVE_MAX_BYTES)
            continue;
        status =
            keep_arrival(out,
                         (struct arrival){arena_printf(arena, "%s/%s", folder, entry->d_name).ptr,
                                          (int64_t)info.st_mtime},
                         arena, err);
    }
    (void)closedir(dir);
    return status == WW_OK ? arena_check(arena, err) : status;
}

/*
 * The oldest first, at most CANARY_FILES_MAX; but those of one second together, so that the next
 * look can begin behind them. Returns what to remember as looked at.
 */
static int64_t look_at_oldest(struct store *s, const struct arrivals *all, int64_t now,
                              const struct log *log, size_t *n)
{
    if (all->n_rows > 0)
        qsort(all->rows, all->n_rows, sizeof(*all->rows), by_time);
    for (size_t i = 0; i < all->n_rows; i++) {
        if (i >= CANARY_FILES_MAX && all->rows[i].at > all->rows[i - 1].at)
            return all->rows[i - 1].at + 1 + LOOK_SLACK_S;
        look_at_file(s, all->rows[i].path, now, log, n);
    }
    return now;
}

enum ww_status canary_look(struct store *s, const struct config *settings, int64_t now,
                           const struct log *log, size_t *n, struct ww_error *err)
{
    /* A mail program moves what it has shown. */
    static const char *const folders[] = {"new", "cur"};
    struct arrivals all = {0};
    struct arena arena;
    int64_t since = 0;
    enum ww_status status;

    *n = 0;
    if (settings->canary_maildir.len == 0)
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = get_number(s, LOOKED, &arena, &since, err);
    if (since > now)
        since = 0; /* of a wrong clock */
    for (size_t i = 0; i < WW_COUNT(folders) && status == WW_OK; i++)
        status = list_arrivals(
            arena_printf(&arena, "%.*s/%s", SLICE_ARG(settings->canary_maildir), folders[i]).ptr,
            since > LOOK_SLACK_S ? since - LOOK_SLACK_S : 0, &all, &arena, err);
    if (status == WW_OK) {
        since = look_at_oldest(s, &all, now, log, n);
        status = store_note_number(s, LOOKED, since < now ? since : now, err);
    }
    arena_release(&arena);
    return status;
}

/* ---- how it stands --------------------------------------------------------------------------- */

/*
 * The silence that was noted lasts until one that was sent since is back, though its first canary
 * is no longer among the last RECENT.
 */
static enum ww_status keep_silence(struct store *s, struct arena *arena, struct canary_state *out,
                                   struct ww_error *err)
{
    int64_t noted = 0;
    int64_t said = 0;
    enum ww_status status = get_number(s, MISSING, arena, &noted, err);

    if (status == WW_OK)
        status = get_number(s, SAID, arena, &said, err);
    if (status == WW_OK && said != 0 && noted != 0 && out->missing_id != 0 &&
        noted < out->missing_since && out->sent_at < noted) {
        out->missing_id = said;
        out->missing_since = noted;
    }
    return status;
}

enum ww_status canary_read(struct store *s, const struct config *settings, int64_t now,
                           struct canary_state *out, struct ww_error *err)
{
    struct message_list list;
    struct arena arena;
    enum ww_status status;

    *out = (struct canary_state){0};
    if (settings->canary.len == 0)
        return WW_OK;
    arena_init(&arena, LISTS_ARENA_MAX_BYTES);
    status = recent(s, &arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct message_row *m = &list.rows[i];

        if (m->returned_at > 0) {
            out->sent_at = m->sent_at > 0 ? m->sent_at : m->last_tried_at;
            out->returned_at = m->returned_at;
            break; /* newest first: what was sent before is of no interest */
        }
        /* The first that is missing: silence began with it. */
        if (has_left(m) && m->sent_at + settings->canary_within_s < now) {
            out->missing_id = m->id;
            out->missing_since = m->sent_at;
        }
    }
    if (status == WW_OK)
        status = keep_silence(s, &arena, out, err);
    arena_release(&arena);
    return status;
}

enum ww_status canary_missing_since(struct store *s, struct arena *arena, int64_t *at,
                                    struct ww_error *err)
{
    return get_number(s, MISSING, arena, at, err);
}

enum ww_status canary_say(struct store *s, const struct config *settings, int64_t now,
                          const struct log *log, struct ww_error *err)
{
    struct canary_state state;
    char text[DATE_TEXT_BYTES];
    struct arena arena;
    int64_t said = 0;
    int64_t noted = 0;
    enum ww_status status = canary_read(s, settings, now, &state, err);

    if (status != WW_OK)
        return status;
    arena_init(&arena, (size_t)64 * 1024);
    status = get_number(s, MISSING, &arena, &noted, err);
    if (status == WW_OK && noted != state.missing_since)
        status = store_note_number(s, MISSING, state.missing_since, err);
    if (status == WW_OK)
        status = get_number(s, SAID, &arena, &said, err);
    if (status == WW_OK && state.missing_id != 0 && said != state.missing_id) {
        log_event(log, LOG_ERROR, "canary",
                  "message=%" PRId64 " to=%.*s of %s did not come back: mail may not arrive",
                  state.missing_id, SLICE_ARG(settings->canary),
                  date_format(state.missing_since, text));
        status = store_note_number(s, SAID, state.missing_id, err);
    }
    arena_release(&arena);
    return status;
}

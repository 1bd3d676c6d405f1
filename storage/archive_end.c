/* archive_end.c - which file is added to, and what is cut away or left alone before that. */
#include "storage/archive_end.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/gzip.h"
#include "base/limits.h"
#include "base/log.h"
#include "storage/archive.h"
#include "storage/rows.h"
#include "storage/store_bodies.h"
#include "storage/warc_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_BYTES 128

void archive_record_id(const struct store *s, int64_t article_id, unsigned char out[WARC_ID_BYTES])
{
    char name[NAME_BYTES];

    (void)snprintf(name, sizeof(name), "article/%" PRId64, article_id);
    warc_id_make(store_id(s), slice_from(name), out);
}

struct slice archive_machine(const struct store *s)
{
    return store_driver(s)->is_shared ? slice_from(store_machine(s)) : SLICE("");
}

void archive_info_id(const struct store *s, struct slice name, unsigned char out[WARC_ID_BYTES])
{
    char text[NAME_BYTES];

    (void)snprintf(text, sizeof(text), "file/%.*s", SLICE_ARG(slice_head(name, NAME_BYTES - 32)));
    warc_id_make(store_id(s), slice_from(text), out);
}

/* ---- what lies behind the end ---------------------------------------------------------------- */

/* A file is looked at from some place on: is all that follows about to be written again? */
struct tail {
    const struct archive_end *end;
    const struct body_list *waiting;
    struct slice name;
    struct buf packed, member;
};

static bool is_waiting(const struct tail *t, struct slice id)
{
    unsigned char bytes[WARC_ID_BYTES];
    char text[WARC_ID_TEXT_BYTES];

    archive_info_id(t->end->store, t->name, bytes);
    warc_id_text(bytes, text);
    if (slice_equal(id, slice_from(text)))
        return true;
    for (size_t i = 0; i < t->waiting->n_rows; i++) {
        archive_record_id(t->end->store, t->waiting->rows[i].article_id, bytes);
        warc_id_text(bytes, text);
        if (slice_equal(id, slice_from(text)))
            return true;
    }
    return false;
}

/* Space that the disk gave, and nothing was written to: after a loss of power. */
static bool is_empty(const struct buf *b)
{
    size_t i = 0;

    while (i < b->len && b->ptr[i] == '\0')
        i++;
    return i == b->len;
}

/* *is_ours: each whole record is one that waits, and behind the last is none but a cut one. */
static enum ww_status judge_tail(struct tail *t, int64_t from, bool *is_ours, struct ww_error *err)
{
    const struct warc_file *f = &t->end->file;
    struct ww_error why = {0};
    enum ww_status status = WW_OK;
    int64_t used;
    bool is_cut;

    *is_ours = true;
    for (int64_t at = from; status == WW_OK && *is_ours && at < f->n_bytes; at += used) {
        struct warc_view view;

        status = warc_file_member(f, at, &t->packed, &t->member, &used, &is_cut, &why);
        if (status == WW_OK)
            status = warc_view(buf_slice(&t->member), &view, &why);
        if (status == WW_OK)
            *is_ours = is_waiting(t, view.id);
        else if (status == WW_INVALID || status == WW_TOO_BIG)
            *is_ours = is_cut || is_empty(&t->packed);
        if (status == WW_INVALID || status == WW_TOO_BIG)
            return WW_OK;
    }
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}

static enum ww_status is_tail_ours(const struct archive_end *e, struct slice name, int64_t from,
                                   const struct body_list *waiting, bool *is_ours,
                                   struct ww_error *err)
{
    struct tail t = {.end = e, .waiting = waiting, .name = name};
    enum ww_status status;

    buf_init(&t.packed, (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    buf_init(&t.member, ARCHIVE_RECORD_MAX_BYTES);
    status = judge_tail(&t, from, is_ours, err);
    buf_release(&t.packed);
    buf_release(&t.member);
    return status;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* The file is as its row says, or can be made so; else *fits is false, and why says what it is. */
static enum ww_status reopen(struct archive_end *e, const struct body_list *waiting, bool *fits,
                             struct ww_error *why, struct ww_error *err)
{
    bool is_ours = false;
    enum ww_status status =
        warc_file_open_end(archive_folder(e->store), e->row.name, &e->file, why);

    *fits = false;
    if (status == WW_NOT_FOUND)
        return WW_OK;
    if (status != WW_OK)
        return ww_fail(err, status, "%s", why->message);
    if (e->file.n_bytes < e->row.n_bytes) {
        (void)ww_fail(why, WW_CONFLICT, "%s has %" PRId64 " bytes, and had %" PRId64, e->file.path,
                      e->file.n_bytes, e->row.n_bytes);
        return WW_OK;
    }
    if (e->file.n_bytes > e->row.n_bytes) {
        status = is_tail_ours(e, e->row.name, e->row.n_bytes, waiting, &is_ours, err);
        if (status == WW_OK && is_ours)
            status = warc_file_cut(&e->file, e->row.n_bytes, err);
        if (status == WW_OK && !is_ours)
            (void)ww_fail(why, WW_CONFLICT,
                          "%s has records behind %" PRId64 " that this database does not know",
                          e->file.path, e->row.n_bytes);
        *fits = status == WW_OK && is_ours;
        return status;
    }
    *fits = true;
    return WW_OK;
}

/* A file without a row: of another database, or of a first transaction that was not committed. */
static enum ww_status take_over(struct archive_end *e, struct slice name,
                                const struct body_list *waiting, bool *fits, struct ww_error *err)
{
    enum ww_status status = warc_file_open_end(archive_folder(e->store), name, &e->file, err);

    *fits = false;
    if (status == WW_OK)
        status = is_tail_ours(e, name, 0, waiting, fits, err);
    if (status == WW_OK && *fits)
        status = warc_file_cut(&e->file, 0, err);
    if (status != WW_OK || !*fits)
        warc_file_close(&e->file);
    return status;
}

static enum ww_status begin(struct archive_end *e, struct slice name, int64_t now,
                            struct gzip *gzip, struct arena *arena, struct ww_error *err)
{
    struct warc_draft info = {.kind = WARC_KIND_INFO, .at = now, .payload = name};
    struct buf bytes;
    enum ww_status status;

    e->undo_bytes = 0;
    e->is_changed = true;
    buf_init(&bytes, HEADERS_MAX_BYTES);
    archive_info_id(e->store, name, info.id);
    status = warc_write(gzip, &info, arena, &bytes, err);
    if (status == WW_OK)
        status = warc_file_append(&e->file, buf_slice(&bytes), err);
    buf_release(&bytes);
    e->row = (struct archive_file_row){.name = name,
                                       .n_bytes = e->file.n_bytes,
                                       .created_at = now,
                                       .machine = archive_machine(e->store)};
    return status == WW_OK ? store_add_archive_file(e->store, &e->row, &e->row.id, err) : status;
}

/* Of a store that machines share: no two of them write to a name, in a folder or in a bucket. */
static struct slice name_of(const struct store *s, struct slice month, struct arena *arena)
{
    const struct slice machine = slice_head(archive_machine(s), ARCHIVE_MACHINE_MAX_BYTES);

    return machine.len == 0
               ? month
               : arena_printf(arena, "%.*s.%.*s", SLICE_ARG(month), SLICE_ARG(machine));
}

static enum ww_status begin_next(struct archive_end *e, struct slice month,
                                 const struct body_list *waiting, int64_t now, struct gzip *gzip,
                                 struct arena *arena, struct ww_error *err)
{
    const struct slice begin_of_name = name_of(e->store, month, arena);

    for (int n = 1; n <= ARCHIVE_FILES_PER_MONTH_MAX; n++) {
        const struct slice name =
            n == 1 ? arena_printf(arena, "%.*s.warc.gz", SLICE_ARG(begin_of_name))
                   : arena_printf(arena, "%.*s-%d.warc.gz", SLICE_ARG(begin_of_name), n);
        struct archive_file_row known;
        bool fits = true;
        enum ww_status status = store_archive_file_by_name(e->store, name, arena, &known, err);

        if (status == WW_OK)
            continue;
        if (status == WW_NOT_FOUND)
            status = warc_file_create(archive_folder(e->store), name, &e->file, err);
        if (status == WW_CONFLICT)
            status = take_over(e, name, waiting, &fits, err);
        if (status != WW_OK)
            return status;
        if (fits)
            return begin(e, name, now, gzip, arena, err);
    }
    return ww_fail(err, WW_STORE, "%s has %d files of %.*s", archive_folder(e->store),
                   ARCHIVE_FILES_PER_MONTH_MAX, SLICE_ARG(month));
}

/* The newest file of the month goes on, if it is as it was left and has room. */
static enum ww_status go_on(struct archive_end *e, struct slice month,
                            const struct body_list *waiting, struct arena *arena,
                            const struct log *log, bool *fits, struct ww_error *err)
{
    struct ww_error why = {0};
    enum ww_status status =
        store_newest_archive_file(e->store, month, archive_machine(e->store), arena, &e->row, err);

    *fits = false;
    if (status == WW_NOT_FOUND || (status == WW_OK && e->row.is_closed))
        return WW_OK;
    if (status == WW_OK)
        status = reopen(e, waiting, fits, &why, err);
    e->undo_bytes = e->row.n_bytes;
    if (status != WW_OK || (*fits && e->row.n_bytes < e->max_bytes))
        return status;
    if (!*fits)
        log_event(log, LOG_WARN, "archive", "error=%s: the month goes on in another file",
                  why.message);
    *fits = false;
    warc_file_close(&e->file);
    e->row.is_closed = true;
    return store_update_archive_file(e->store, &e->row, err);
}

enum ww_status archive_end_open(struct archive_end *e, const struct body_list *waiting, int64_t now,
                                struct gzip *gzip, struct arena *arena, const struct log *log,
                                struct ww_error *err)
{
    char at[DATE_TEXT_BYTES];
    const struct slice month = arena_copy(arena, slice_head(slice_from(date_format(now, at)), 7));
    bool fits = false;
    enum ww_status status = go_on(e, month, waiting, arena, log, &fits, err);

    return status == WW_OK && !fits ? begin_next(e, month, waiting, now, gzip, arena, err) : status;
}

enum ww_status archive_end_append(struct archive_end *e, struct slice bytes, struct ww_error *err)
{
    enum ww_status status;

    e->is_changed = true;
    status = warc_file_append(&e->file, bytes, err);
    e->row.n_bytes = e->file.n_bytes;
    return status == WW_OK ? store_update_archive_file(e->store, &e->row, err) : status;
}

void archive_end_undo(struct archive_end *e)
{
    if (e->file.fd != 0 && e->is_changed)
        (void)warc_file_cut(&e->file, e->undo_bytes, NULL);
}

void archive_end_close(struct archive_end *e)
{
    warc_file_close(&e->file);
}

/* ledger.c - rows of files and their cursors, counts by end. */
#include "crawler/history/ledger.h"

#include "base/arena.h"
#include "base/clock.h"
#include "crawler/bulk.h"
#include "storage/store_leases.h"

#include <assert.h>

/* A number of 19 digits and a blank, and so many behind it. */
#define CURSOR_MAX_BYTES (20 * (MARKS_MAX + 1))
#define FORMAT_MAX_BYTES 64
#define WHY_MAX_BYTES 1024

void ledger_init(struct ledger *l, struct bulk *bulk, int64_t backfill_id)
{
    *l = (struct ledger){.bulk = bulk, .backfill_id = backfill_id};
    for (size_t i = 0; i < LEDGER_FILES_MAX; i++) {
        buf_init(&l->files[i].format, FORMAT_MAX_BYTES);
        buf_init(&l->files[i].why, WHY_MAX_BYTES);
    }
}

void ledger_release(struct ledger *l)
{
    for (size_t i = 0; i < LEDGER_FILES_MAX; i++) {
        buf_release(&l->files[i].format);
        buf_release(&l->files[i].why);
    }
}

static enum ww_status write_file(struct ledger *l, struct ledger_file *f, struct ww_error *err)
{
    struct buf cursor;
    enum ww_status status;

    if (l->backfill_id == 0 || !f->is_moved)
        return WW_OK;
    buf_init(&cursor, CURSOR_MAX_BYTES);
    marks_write(&f->marks, &cursor);
    f->row.cursor = buf_slice(&cursor);
    status = buf_finish(&cursor, err);
    if (status == WW_OK)
        status = bulk_begin(l->bulk, err);
    if (status == WW_OK)
        status = store_update_list(l->bulk->store, &f->row, err);
    buf_release(&cursor);
    f->is_moved = false;
    return status;
}

/* When all of it is written its row says so, with the last of its documents. */
static enum ww_status let_go(struct ledger *l, struct ledger_file *f, struct ww_error *err)
{
    enum ww_status status;

    if (!f->is_ended || f->n_out > 0)
        return WW_OK;
    f->marks.n_missing = 0; /* what a stopped backfill left, and the file no longer has */
    f->row.state = f->why.len > 0 ? LIST_FAILED : LIST_DONE;
    f->row.last_error = buf_slice(&f->why);
    f->row.fetched_at = clock_now(l->bulk->clock);
    f->is_moved = true;
    status = write_file(l, f, err);
    f->is_used = false;
    return status;
}

static enum ww_status find_row(struct ledger *l, struct ledger_file *f, struct slice path,
                               struct arena *arena, struct ww_error *err)
{
    struct list_row known = {0};
    bool is_new = false;
    enum ww_status status = bulk_begin(l->bulk, err);

    f->row = (struct list_row){
        .backfill_id = l->backfill_id, .url = path, .format = buf_slice(&f->format), .n_left = -1};
    if (status == WW_OK)
        status = store_add_list(l->bulk->store, &f->row, &f->row.id, &is_new, err);
    f->row.url = (struct slice){"", 0};
    if (status != WW_OK || is_new)
        return status;
    status = store_list(l->bulk->store, f->row.id, arena, &known, err);
    if (status != WW_OK)
        return status;
    if (known.state != LIST_QUEUED)
        return ww_fail(err, WW_NOT_FOUND, "this backfill has read it");
    marks_parse(&f->marks, known.cursor);
    f->row.n_found = known.n_found;
    f->row.n_bad = known.n_bad;
    return WW_OK;
}

enum ww_status ledger_begin(struct ledger *l, struct slice path, struct slice format,
                            struct arena *arena, int64_t *from, struct ww_error *err)
{
    struct ledger_file *f = NULL;
    enum ww_status status = bulk_commit(l->bulk, err); /* of a row of files that are known */

    *from = 0;
    for (size_t i = 0; i < LEDGER_FILES_MAX && f == NULL; i++)
        f = l->files[i].is_used ? NULL : &l->files[i];
    assert(f != NULL); /* each used one has a document that is out */
    buf_reset(&f->format);
    buf_reset(&f->why);
    buf_add(&f->format, format);
    f->marks = (struct marks){0};
    f->is_ended = f->is_moved = false;
    f->n_out = 0;
    if (status == WW_OK)
        status = buf_finish(&f->format, err);
    if (status == WW_OK && l->backfill_id != 0)
        status = find_row(l, f, path, arena, err);
    if (status != WW_OK)
        return status;
    f->is_used = true;
    l->file = f;
    *from = l->at = marks_begin(&f->marks);
    return WW_OK;
}

bool ledger_reach(struct ledger *l, int64_t at)
{
    l->at = at;
    l->file->is_moved = true;
    return marks_reach(&l->file->marks, at);
}

enum ww_status ledger_end(struct ledger *l, const struct ww_error *why, struct ww_error *err)
{
    struct ledger_file *f = l->file;

    l->file = NULL;
    f->is_ended = true;
    if (why != NULL)
        buf_add_string(&f->why, why->message);
    return let_go(l, f, err);
}

void ledger_settle(struct ledger *l)
{
    if (l->file == NULL)
        return;
    marks_settle(&l->file->marks, l->at);
    l->file->is_moved = true;
}

struct ledger_file *ledger_send_out(struct ledger *l, int64_t at)
{
    if (l->file != NULL) {
        marks_take(&l->file->marks, at);
        l->file->n_out++;
    }
    return l->file;
}

enum ww_status ledger_come_back(struct ledger *l, struct ledger_file *file, int64_t at,
                                struct ww_error *err)
{
    if (file == NULL)
        return WW_OK;
    marks_settle(&file->marks, at);
    file->is_moved = true;
    file->n_out--;
    return let_go(l, file, err);
}

void ledger_count(struct ledger *l, enum backfill_end end)
{
    l->n_new_ends[end]++;
    l->has_new_ends = true;
}

int64_t ledger_list(const struct ledger *l)
{
    assert(l->file != NULL);
    return l->file->row.id;
}

void ledger_count_find(struct ledger *l, bool is_new)
{
    l->file->row.n_found += is_new;
    l->file->is_moved = true;
}

void ledger_count_bad(struct ledger *l)
{
    l->file->row.n_bad++;
    l->file->is_moved = true;
}

bool ledger_is_due(const struct ledger *l)
{
    return l->backfill_id != 0 && l->has_new_ends;
}

enum ww_status ledger_write(struct ledger *l, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (l->backfill_id == 0)
        return WW_OK;
    for (size_t i = 0; status == WW_OK && i < LEDGER_FILES_MAX; i++)
        if (l->files[i].is_used)
            status = write_file(l, &l->files[i], err);
    for (enum backfill_end end = 0; status == WW_OK && end < BACKFILL_END_COUNT; end++) {
        if (l->n_new_ends[end] > 0)
            status =
                store_count_document(l->bulk->store, l->backfill_id,
                                     slice_from(backfill_end_name(end)), l->n_new_ends[end], err);
        l->n_new_ends[end] = 0;
    }
    l->has_new_ends = false;
    return status == WW_OK && l->is_claimed
               ? store_check_backfill(l->bulk->store, l->backfill_id, err)
               : status;
}

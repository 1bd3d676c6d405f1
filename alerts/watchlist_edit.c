/* watchlist_edit.c - rows in memory, each with the bytes it was read from. */
#include "alerts/watchlist_edit.h"

#include "alerts/id_table.h"
#include "alerts/watchlist_journal.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/record.h"
#include "storage/store.h"
#include "storage/store_alerts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTE_ORDER_MARK SLICE("\xEF\xBB\xBF")

struct edit_row {
    struct csv_row row;
    struct slice lead; /* what stands between it and the row before: empty lines */
    bool is_changed;   /* its source is not what it says */
    bool is_gone;
};

struct edit_file {
    bool is_there;
    bool is_changed;
    bool has_mark;
    bool has_columns;       /* some were added */
    struct slice bytes;     /* as read */
    struct csv_table table; /* its header and separator; the rows are below */
    const char *line_end;
    struct slice lead, tail; /* before the header; behind the last row */
    struct edit_row *rows;
    size_t n_rows, room;
    struct id_table keys;
};

struct watch_edit {
    const char *folder;
    struct arena *arena;
    struct slice before;
    int64_t version_before;
    struct edit_file files[WATCH_FILE_COUNT];
};

/* ---- keys ------------------------------------------------------------------------------------ */

static struct slice titled(const struct csv_table *t, const struct csv_row *row, const char *title)
{
    return csv_cell(row, csv_column(t, slice_from(title)));
}

struct slice watch_row_key(enum watch_file file, const struct csv_table *t,
                           const struct csv_row *row, struct arena *arena)
{
    if (file != WATCH_TERMS)
        return titled(t, row, "id");
    return watch_term_key(titled(t, row, "language"), titled(t, row, "term"),
                          titled(t, row, "role"), arena);
}

struct slice watch_term_key(struct slice language, struct slice term, struct slice role,
                            struct arena *arena)
{
    if (term.len == 0)
        return term;
    return arena_printf(arena, "%.*s:%.*s (%.*s)", SLICE_ARG(language), SLICE_ARG(term),
                        SLICE_ARG(role));
}

struct slice watch_edit_key(const struct watch_edit *e, enum watch_file file, size_t row)
{
    const struct edit_file *f = &e->files[file];

    return row < f->n_rows ? watch_row_key(file, &f->table, &f->rows[row].row, e->arena)
                           : SLICE("");
}

static void note_key(struct watch_edit *e, enum watch_file file, size_t at)
{
    struct edit_file *f = &e->files[file];
    struct slice key = watch_row_key(file, &f->table, &f->rows[at].row, e->arena);

    if (key.len > 0 && id_table_get(&f->keys, SLICE("row"), key) == ID_NONE)
        id_table_put(&f->keys, e->arena, SLICE("row"), key, (uint32_t)at);
}

size_t watch_edit_find(const struct watch_edit *e, enum watch_file file, struct slice key)
{
    const struct edit_file *f = &e->files[file];
    uint32_t at = id_table_get(&f->keys, SLICE("row"), key);

    return at == ID_NONE || f->rows[at].is_gone ? SIZE_MAX : at;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum ww_status add_row(struct watch_edit *e, struct edit_file *f, const struct edit_row *row,
                              struct ww_error *err)
{
    struct edit_row *rows = arena_grow(e->arena, f->rows, f->n_rows, &f->room, sizeof(*rows));

    if (rows == NULL)
        return arena_check(e->arena, err);
    f->rows = rows;
    rows[f->n_rows++] = *row;
    return WW_OK;
}

/* The bytes from the end of one row to the beginning of the next. */
static struct slice between(const char *end, const char *begin)
{
    return slice_of(end, (size_t)(begin - end));
}

static enum ww_status read_file(struct watch_edit *e, enum watch_file file, struct slice bytes,
                                struct ww_error *err)
{
    struct edit_file *f = &e->files[file];
    struct edit_file fresh = {.is_there = true, .bytes = bytes, .line_end = "\n"};
    const char *end;
    enum ww_status status = csv_parse(bytes, watch_file_name(file), e->arena, &fresh.table, err);

    if (status != WW_OK)
        return status;
    *f = fresh;
    f->has_mark = slice_starts(bytes, BYTE_ORDER_MARK) || f->table.text.ptr != bytes.ptr;
    if (slice_ends(f->table.header.source, SLICE("\r\n")))
        f->line_end = "\r\n";
    f->lead = between(f->table.text.ptr, f->table.header.source.ptr);
    end = f->table.header.source.ptr + f->table.header.source.len;
    for (size_t i = 0; i < f->table.n_rows && status == WW_OK; i++) {
        const struct csv_row *row = &f->table.rows[i];

        status = add_row(
            e, f, &(struct edit_row){.row = *row, .lead = between(end, row->source.ptr)}, err);
        end = row->source.ptr + row->source.len;
        if (status == WW_OK)
            note_key(e, file, i);
    }
    f->tail = between(end, f->table.text.ptr + f->table.text.len);
    return status == WW_OK ? arena_check(e->arena, err) : status;
}

static enum ww_status read_content(struct watch_edit *e, struct ww_error *err)
{
    struct record r = record_open(e->before);
    enum ww_status status = WW_OK;

    while (r.rest.len > 0 && !r.failed && status == WW_OK) {
        struct slice name = record_text(&r);
        struct slice bytes = record_bytes(&r);

        for (size_t i = 0; i < WATCH_FILE_COUNT && !r.failed && status == WW_OK; i++)
            if (slice_equal(name, slice_from(watch_file_name((enum watch_file)i))) &&
                slice_trim(bytes).len > 0)
                status = read_file(e, (enum watch_file)i, bytes, err);
    }
    return status;
}

enum ww_status watch_edit_open(const char *folder, struct arena *arena, struct watch_edit **out,
                               struct ww_error *err)
{
    struct watch_edit *e = arena_alloc(arena, sizeof(*e));
    struct buf content;
    enum ww_status status;

    if (e == NULL)
        return arena_check(arena, err);
    *e = (struct watch_edit){.folder = folder, .arena = arena, .before = SLICE("")};
    buf_init(&content, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watchlist_load(folder, &content, err);
    if (status == WW_OK)
        e->before = arena_copy(arena, buf_slice(&content));
    else if (status == WW_NOT_FOUND)
        status = WW_OK;
    buf_release(&content);
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK)
        status = read_content(e, err);
    *out = e;
    return status;
}

size_t watch_edit_rows(const struct watch_edit *e, enum watch_file file)
{
    return e->files[file].n_rows;
}

bool watch_edit_is_there(const struct watch_edit *e, enum watch_file file, size_t row)
{
    return row < e->files[file].n_rows && !e->files[file].rows[row].is_gone;
}

struct slice watch_edit_cell(const struct watch_edit *e, enum watch_file file, size_t row,
                             const char *title)
{
    const struct edit_file *f = &e->files[file];

    return row < f->n_rows ? titled(&f->table, &f->rows[row].row, title) : SLICE("");
}

const struct slice *watch_edit_titles(const struct watch_edit *e, enum watch_file file, size_t *n)
{
    *n = e->files[file].table.header.n_cells;
    return e->files[file].table.header.cells;
}

/* ---- changing -------------------------------------------------------------------------------- */

static struct slice *copy_cells(struct watch_edit *e, const struct csv_row *row, size_t n)
{
    struct slice *cells = arena_array(e->arena, n + 1, sizeof(*cells));

    for (size_t i = 0; cells != NULL && i < n; i++)
        cells[i] = i < row->n_cells ? row->cells[i] : SLICE("");
    return cells;
}

/* Every title a column. */
static enum ww_status need_columns(struct watch_edit *e, enum watch_file file,
                                   const struct watch_field *fields, size_t n_fields,
                                   struct ww_error *err)
{
    struct edit_file *f = &e->files[file];

    if (!f->is_there)
        *f = (struct edit_file){
            .is_there = true, .line_end = "\n", .table.separator = ',', .has_columns = true};
    for (size_t i = 0; i < n_fields; i++) {
        struct csv_row *header = &f->table.header;
        struct slice *cells;

        if (csv_column(&f->table, fields[i].title) < header->n_cells)
            continue;
        if (header->n_cells == CSV_COLUMNS_MAX)
            return ww_fail(err, WW_TOO_BIG, "%s: more columns than %d", watch_file_name(file),
                           CSV_COLUMNS_MAX);
        cells = copy_cells(e, header, header->n_cells + 1);
        if (cells == NULL)
            return arena_check(e->arena, err);
        cells[header->n_cells++] = fields[i].title;
        header->cells = cells;
        f->has_columns = f->is_changed = true;
    }
    return WW_OK;
}

/* True when a cell says something else than before. */
static bool set_cells(const struct edit_file *f, struct slice *cells,
                      const struct watch_field *fields, size_t n_fields)
{
    bool is_changed = false;

    for (size_t i = 0; i < n_fields; i++) {
        struct slice *cell = &cells[csv_column(&f->table, fields[i].title)];

        if (slice_equal(slice_trim(*cell), slice_trim(fields[i].value)))
            continue;
        *cell = fields[i].value;
        is_changed = true;
    }
    return is_changed;
}

static enum ww_status change_row(struct watch_edit *e, struct edit_file *f, struct edit_row *r,
                                 const struct watch_field *fields, size_t n_fields,
                                 struct ww_error *err)
{
    const size_t n = f->table.header.n_cells;
    struct slice *cells = copy_cells(e, &r->row, n);

    if (cells == NULL)
        return arena_check(e->arena, err);
    if (set_cells(f, cells, fields, n_fields)) {
        r->row.cells = cells;
        r->row.n_cells = n;
        r->is_changed = f->is_changed = true;
    }
    return WW_OK;
}

enum ww_status watch_edit_put(struct watch_edit *e, enum watch_file file,
                              const struct watch_field *fields, size_t n_fields,
                              struct ww_error *err)
{
    struct edit_file *f = &e->files[file];
    enum ww_status status = need_columns(e, file, fields, n_fields, err);
    const size_t n = f->table.header.n_cells;
    struct csv_row row = {.n_cells = n};
    struct slice *cells;
    struct slice key;
    size_t at;

    if (status != WW_OK)
        return status;
    cells = copy_cells(e, &(struct csv_row){0}, n);
    if (cells == NULL)
        return arena_check(e->arena, err);
    (void)set_cells(f, cells, fields, n_fields);
    row.cells = cells;
    key = watch_row_key(file, &f->table, &row, e->arena);
    if (key.len == 0 && e->arena->failed)
        return arena_check(e->arena, err);
    if (key.len == 0)
        return ww_fail(err, WW_INVALID, "%s: a row needs %s", watch_file_name(file),
                       file == WATCH_TERMS ? "a term" : "an id");
    at = watch_edit_find(e, file, key);
    if (at != SIZE_MAX)
        return change_row(e, f, &f->rows[at], fields, n_fields, err);
    status =
        add_row(e, f, &(struct edit_row){.row = row, .lead = SLICE(""), .is_changed = true}, err);
    if (status != WW_OK)
        return status;
    id_table_put(&f->keys, e->arena, SLICE("row"), key, (uint32_t)f->n_rows - 1);
    f->is_changed = true;
    return arena_check(e->arena, err);
}

enum ww_status watch_edit_remove(struct watch_edit *e, enum watch_file file, struct slice key,
                                 struct ww_error *err)
{
    size_t at = watch_edit_find(e, file, key);

    if (at == SIZE_MAX)
        return ww_fail(err, WW_NOT_FOUND, "%s has no row \"%.*s\"", watch_file_name(file),
                       SLICE_ARG(key));
    e->files[file].rows[at].is_gone = true;
    e->files[file].is_changed = true;
    return WW_OK;
}

enum ww_status watch_edit_replace(struct watch_edit *e, enum watch_file file, struct slice bytes,
                                  struct ww_error *err)
{
    struct edit_file *f = &e->files[file];
    enum ww_status status;

    if (bytes.ptr == NULL) {
        *f = (struct edit_file){.is_changed = f->is_there};
        return WW_OK;
    }
    if (f->is_there && !f->is_changed && slice_equal(f->bytes, bytes))
        return WW_OK;
    status = read_file(e, file, bytes, err);
    f->is_changed = true;
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

static struct slice without_end(struct slice line)
{
    if (slice_ends(line, SLICE("\r\n")))
        return slice_head(line, line.len - 2);
    if (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
        return slice_head(line, line.len - 1);
    return line;
}

/* As it stood, or anew; where columns were added, with a place for each. */
static void put_row(const struct edit_file *f, const struct edit_row *r, struct buf *out)
{
    struct slice line = without_end(r->row.source);
    struct slice end = slice_skip(r->row.source, line.len);

    buf_add(out, r->lead);
    if (r->is_changed) {
        csv_add_row_as(out, r->row.cells, r->row.n_cells, f->table.separator, f->line_end);
        return;
    }
    buf_add(out, line);
    for (size_t i = r->row.n_cells; f->has_columns && i < f->table.header.n_cells; i++)
        buf_add_char(out, f->table.separator);
    if (end.len > 0)
        buf_add(out, end);
    else
        buf_add_string(out, f->line_end);
}

static void put_file(const struct edit_file *f, struct buf *out)
{
    const struct csv_row *header = &f->table.header;

    if (f->has_mark)
        buf_add(out, BYTE_ORDER_MARK);
    if (!slice_equal(f->lead, BYTE_ORDER_MARK))
        buf_add(out, f->lead);
    if (f->has_columns || !slice_ends(header->source, SLICE("\n")))
        csv_add_row_as(out, header->cells, header->n_cells, f->table.separator, f->line_end);
    else
        buf_add(out, header->source);
    for (size_t i = 0; i < f->n_rows; i++)
        if (!f->rows[i].is_gone)
            put_row(f, &f->rows[i], out);
    buf_add(out, f->tail);
}

/* What has become of each file; the bytes are in the arena. */
static enum ww_status settle(struct watch_edit *e, struct watch_change *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = (struct watch_change){0};
    for (size_t i = 0; i < WATCH_FILE_COUNT && status == WW_OK; i++) {
        const struct edit_file *f = &e->files[i];
        struct buf b;

        if (!f->is_changed)
            continue;
        out->fates[i] = f->is_there ? WATCH_WRITE : WATCH_DELETE;
        if (!f->is_there)
            continue;
        buf_init(&b, WATCHLIST_MAX_BYTES);
        put_file(f, &b);
        status = buf_finish(&b, err);
        if (status == WW_OK)
            out->bytes[i] = arena_copy(e->arena, buf_slice(&b));
        buf_release(&b);
    }
    return status == WW_OK ? arena_check(e->arena, err) : status;
}

static bool is_kept(const struct watch_change *change)
{
    for (size_t i = 0; i < WATCH_FILE_COUNT; i++)
        if (change->fates[i] != WATCH_KEEP)
            return false;
    return true;
}

/* What was loaded, but those files as the change has them. */
static enum ww_status merge(const struct watch_edit *e, const struct watch_change *change,
                            struct buf *out, struct ww_error *err)
{
    struct slice was[WATCH_FILE_COUNT] = {0};
    struct record r = record_open(e->before);

    buf_reset(out);
    while (r.rest.len > 0 && !r.failed) {
        struct slice name = record_text(&r);
        struct slice bytes = record_bytes(&r);

        for (size_t i = 0; i < WATCH_FILE_COUNT && !r.failed; i++)
            if (slice_equal(name, slice_from(watch_file_name((enum watch_file)i))))
                was[i] = bytes.ptr != NULL ? bytes : SLICE("");
    }
    for (size_t i = 0; i < WATCH_FILE_COUNT; i++) {
        const struct slice bytes = change->fates[i] == WATCH_KEEP ? was[i] : change->bytes[i];

        if (change->fates[i] == WATCH_DELETE || bytes.ptr == NULL)
            continue;
        record_put_text(out, slice_from(watch_file_name((enum watch_file)i)));
        record_put_text(out, bytes);
    }
    return buf_finish(out, err);
}

struct slice watch_edit_before(const struct watch_edit *e)
{
    return e->before;
}

enum ww_status watch_edit_after(struct watch_edit *e, struct buf *out, struct ww_error *err)
{
    struct watch_change change;
    enum ww_status status = settle(e, &change, err);

    return status == WW_OK ? merge(e, &change, out, err) : status;
}

/* ---- making it so ---------------------------------------------------------------------------- */

/* A version in the store. */
static enum ww_status keep(struct watch_edit *e, struct store *store, struct slice content,
                           const struct watch_edit_note *note, int64_t n_items, int64_t *version,
                           struct ww_error *err)
{
    struct watchlist_row row = {.folder = slice_from(e->folder),
                                .loaded_at = note->now,
                                .n_items = n_items,
                                .origin = note->origin,
                                .note = note->note.ptr != NULL ? note->note : SLICE(""),
                                .content = content};
    bool is_new;
    enum ww_status status = store_begin(store, err);

    if (status == WW_OK)
        status = store_add_watchlist(store, &row, version, &is_new, err);
    if (status == WW_OK)
        status = store_commit(store, err);
    store_rollback(store);
    return status;
}

/* Items of a list; 0 for one that cannot be read: it was so before, and is kept all the same. */
static enum ww_status count_items(struct slice content, int64_t *n, struct ww_error *err)
{
    struct arena arena;
    struct watchlist w;
    enum ww_status status;

    arena_init(&arena, WATCHLIST_ARENA_MAX_BYTES);
    status = watchlist_parse(content, &arena, &w, err);
    *n = status == WW_OK ? (int64_t)w.n_items : 0;
    arena_release(&arena);
    return status;
}

static enum ww_status check_unchanged(const struct watch_edit *e, struct ww_error *err)
{
    const struct watch_change nothing = {0};
    struct buf now;
    enum ww_status status = watch_journal_finish(e->folder, err);

    if (status != WW_OK)
        return status;
    buf_init(&now, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watch_folder_read(e->folder, &nothing, &now, err);
    if (status == WW_INVALID && e->before.len == 0)
        status = WW_OK; /* a new folder is empty */
    else if (status == WW_OK && !slice_equal(buf_slice(&now), e->before))
        status = ww_fail(err, WW_CONFLICT,
                         "%s: somebody else has changed the list meanwhile; try again", e->folder);
    buf_release(&now);
    return status;
}

static enum ww_status write_files(const struct watch_edit *e, const struct watch_change *change,
                                  struct ww_error *err)
{
    int fd = -1;
    enum ww_status status;

    if (mkdir(e->folder, 0777) != 0 && errno != EEXIST)
        return ww_fail(err, WW_STORE, "%s: %s", e->folder, strerror(errno));
    status = watch_folder_lock(e->folder, true, &fd, err);
    if (status == WW_OK)
        status = check_unchanged(e, err);
    if (status == WW_OK)
        status = watch_journal_begin(e->folder, change, err);
    if (status == WW_OK)
        status = watch_journal_finish(e->folder, err);
    if (fd >= 0)
        (void)close(fd);
    return status;
}

enum ww_status watch_edit_commit(struct watch_edit *e, struct store *store,
                                 const struct watch_edit_note *note, int64_t *version,
                                 struct ww_error *err)
{
    const struct watch_edit_note by_hand = {SLICE("hand"), SLICE(""), note->now};
    struct watch_change change;
    struct buf after;
    int64_t n_before = 0;
    int64_t n_after = 0;
    enum ww_status status = settle(e, &change, err);

    *version = 0;
    buf_init(&after, 2 * (size_t)WATCHLIST_MAX_BYTES);
    if (status == WW_OK)
        status = merge(e, &change, &after, err);
    if (status == WW_OK)
        status = count_items(buf_slice(&after), &n_after, err);
    if (status == WW_OK && store != NULL && e->before.len > 0) {
        (void)count_items(e->before, &n_before, NULL);
        status = keep(e, store, e->before, &by_hand, n_before, version, err);
        e->version_before = *version;
    }
    if (status == WW_OK && !is_kept(&change))
        status = write_files(e, &change, err);
    if (status == WW_OK && store != NULL)
        status = keep(e, store, buf_slice(&after), note, n_after, version, err);
    buf_release(&after);
    return status;
}

int64_t watch_edit_version_before(const struct watch_edit *e)
{
    return e->version_before;
}

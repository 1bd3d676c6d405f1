/* watchlist_import_cells.c - cells of a spreadsheet: mended where that is safe, refused where not.
 */
#include "alerts/watchlist_derive.h"
#include "alerts/watchlist_diff.h"
#include "alerts/watchlist_import_source.h"
#include "alerts/watchlist_titles.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/text.h"

#include <string.h>

void import_say(struct import_reader *r, enum finding_level level, size_t column, struct slice text)
{
    const struct csv_row *row = r->row != NULL ? r->row : &r->table.header;

    (void)watch_find(&r->im->findings, r->arena, level,
                     (struct watch_cell){r->file, (uint32_t)row->line, (uint32_t)column + 1}, text);
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* What no cell needs: a mark of byte order, a zero-width space; and blanks that are not plain. */
static bool is_odd_space(uint32_t code)
{
    return code == 0xFEFF || code == 0x200B || (code >= 0x80 && text_is_space(code));
}

static bool needs_mending(struct slice cell)
{
    for (size_t i = 0; i < cell.len;) {
        uint32_t code = text_next_code(cell, &i);

        if (code == '\n' || code == '\r' || is_odd_space(code))
            return true;
    }
    return false;
}

/* Blanks plain, line breaks gone: between names they are a |. */
static struct slice mend(struct arena *arena, struct slice cell, bool is_list)
{
    struct slice copy;
    char *out;
    size_t n = 0;

    cell = slice_trim(cell);
    if (!needs_mending(cell))
        return cell;
    copy = arena_copy(arena, cell);
    out = arena_string(arena, cell);
    for (size_t i = 0; out != NULL && i < copy.len;) {
        size_t start = i;
        uint32_t code = text_next_code(copy, &i);

        if (code == 0xFEFF || code == 0x200B)
            continue;
        if (code == '\r' && i < copy.len && copy.ptr[i] == '\n')
            continue;
        if (code == '\n' || code == '\r')
            out[n++] = is_list ? '|' : ' ';
        else if (is_odd_space(code))
            out[n++] = ' ';
        else
            for (; start < i; start++)
                out[n++] = copy.ptr[start];
    }
    return slice_trim(slice_of(out != NULL ? out : "", n));
}

static bool is_read(enum watch_file file, const char *title)
{
    for (size_t i = 0; watch_title(file, i) != NULL; i++)
        if (strcmp(watch_title(file, i), title) == 0)
            return true;
    return strcmp(title, "city") == 0;
}

/* A cell as it is to be. What the list has already, and what is for people alone, stays. */
static struct slice mend_cell(const struct import_reader *r, const char *title, struct slice cell,
                              size_t at)
{
    const struct watch_edit *e = r->im->edit;

    if (!is_read(r->file, title) ||
        (at != SIZE_MAX && slice_equal(watch_edit_cell(e, r->file, at, title), slice_trim(cell))))
        return cell;
    return mend(r->arena, cell, watch_is_list_column(slice_from(title)));
}

/* One name: is new the old one with "?" for the letters that are not ASCII? */
static bool is_degraded(struct slice old, struct slice new)
{
    size_t i = 0;
    size_t k = 0;
    bool has_lost = false;

    while (i < old.len && k < new.len) {
        uint32_t code = text_next_code(old, &i);
        uint32_t now = text_next_code(new, &k);

        if (code == now)
            continue;
        if (code < 0x80 || now != '?')
            return false;
        has_lost = true;
    }
    return has_lost && i == old.len && k == new.len;
}

bool watch_is_damaged(struct slice old, struct slice new, bool is_list)
{
    struct slice rest = new;
    struct slice piece;

    if (slice_find_char(new, '?') == new.len || text_ascii_run(old) == old.len)
        return false;
    if (!is_list)
        return is_degraded(old, new);
    while (slice_next(&rest, '|', &piece)) {
        struct slice others = old;
        struct slice other;

        if (slice_find_char(piece, '?') == piece.len)
            continue;
        while (slice_next(&others, '|', &other))
            if (is_degraded(slice_trim(other), slice_trim(piece)))
                return true;
    }
    return false;
}

static const char lost[] = "the file lost its characters when it was saved (\"?\"); save it as "
                           "UTF-8 (Excel: \"CSV UTF-8\")";

/* Has the cell lost what it said, as far as it can be told? */
static bool is_lost(struct import_reader *r, const char *title, struct slice cell, size_t at)
{
    const struct slice was =
        at == SIZE_MAX ? SLICE("") : watch_edit_cell(r->im->edit, r->file, at, title);
    const bool is_list = watch_is_list_column(slice_from(title));
    const bool is_name = is_list || strcmp(title, "name") == 0 || strcmp(title, "city") == 0 ||
                         strcmp(title, "term") == 0;

    if (at != SIZE_MAX && slice_equal(was, slice_trim(cell)))
        return false;
    return slice_contains(cell, SLICE("\xEF\xBF\xBD")) ||
           (is_name && slice_contains(cell, SLICE("??"))) || watch_is_damaged(was, cell, is_list);
}

/* ---- titles ---------------------------------------------------------------------------------- */

static bool has_title(const struct watch_source *s, size_t n, const char *title)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(s->titles[i], title) == 0)
            return true;
    return false;
}

/* A title of somebody's own stays; a mistyped one looks like it, and what it holds is lost. */
static void warn_mistaken(struct import_reader *r, size_t column)
{
    const char *meant = watch_title_mistaken(r->file, &r->table, column);

    if (meant != NULL)
        import_say(r, FINDING_WARNING, column,
                   arena_printf(r->arena, "the column \"%.*s\" is not read; did you mean \"%s\"?",
                                SLICE_ARG(csv_cell(&r->table.header, column)), meant));
}

/* The columns by the names they have in the list. */
enum ww_status import_titles(struct import_reader *r, struct ww_error *err)
{
    const struct csv_row *header = &r->table.header;
    struct watch_source *s = r->source;

    s->titles = arena_array(r->arena, header->n_cells + 1, sizeof(*s->titles));
    if (s->titles == NULL)
        return arena_check(r->arena, err);
    for (size_t i = 0; i < header->n_cells; i++) {
        struct slice own = mend(r->arena, header->cells[i], false);
        const char *meant = watch_title_meant(r->file, own, r->arena);
        size_t same = meant != NULL ? csv_column(&r->table, slice_from(meant)) : header->n_cells;

        if (meant == NULL)
            warn_mistaken(r, i);
        /* "note" beside "notes" is what it says. */
        if (meant == NULL || has_title(s, i, meant) || (same < header->n_cells && same != i))
            meant = arena_string(r->arena, own);
        else if (!slice_equal_nocase(own, slice_from(meant)))
            import_say(r, FINDING_NOTE, i,
                       arena_printf(r->arena, "\"%.*s\" is read as %s", SLICE_ARG(own), meant));
        s->titles[i] = meant != NULL ? meant : "";
        s->n_titles = i + 1;
    }
    return arena_check(r->arena, err);
}

size_t import_column(const struct watch_source *s, const char *title)
{
    for (size_t i = 0; i < s->n_titles; i++)
        if (strcmp(s->titles[i], title) == 0)
            return i;
    return SIZE_MAX;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool check_id(struct import_reader *r, struct slice id, size_t column)
{
    struct ww_error err = {0};

    if (watch_id_check(id, r->arena, &err) == WW_OK)
        return true;
    import_say(r, FINDING_ERROR, column, slice_from(err.message));
    return false;
}

static struct slice source_cell(const struct import_reader *r, const char *title)
{
    const size_t column = import_column(r->source, title);

    return column == SIZE_MAX ? SLICE("") : mend(r->arena, csv_cell(r->row, column), false);
}

/* The row in use that this one is about, if it names one. */
size_t import_in_use(const struct import_reader *r)
{
    struct slice key = r->file == WATCH_TERMS
                           ? watch_term_key(source_cell(r, "language"), source_cell(r, "term"),
                                            source_cell(r, "role"), r->arena)
                           : source_cell(r, "id");

    return watch_edit_find(r->im->edit, r->file, key);
}

/* One cell as it is to be; false: an error was said. */
bool import_cell(struct import_reader *r, size_t column, size_t at, struct slice *out)
{
    const char *title = column < r->source->n_titles ? r->source->titles[column] : "";

    *out = mend_cell(r, title, r->row->cells[column], at);
    if (is_lost(r, title, *out, at)) {
        import_say(r, FINDING_ERROR, column, slice_from(lost));
        return false;
    }
    return strcmp(title, "id") != 0 || at != SIZE_MAX || check_id(r, slice_trim(*out), column);
}

/* output.c - rows of values as aligned columns, JSON lines or CSV. */
#include "cli/output.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/zone.h"
#include "cli/marked.h"
#include "cli/wrap.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CELL_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define COLUMN_MAX_WIDTH 60
#define COLUMNS_MAX 64
#define BELOW_INDENT 4
#define BELOW_SPACES "    "
#define FACT_INDENT 15 /* of "%-14s " */

enum cell_kind { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_REAL, CELL_TIME, CELL_BOOL };

struct cell {
    enum cell_kind kind;
    struct slice text;
    int64_t number;
    double real;
};

struct output {
    struct cli *cli;
    FILE *out;
    enum format format;
    const struct column *columns;
    size_t n_columns;
    size_t order[COLUMNS_MAX]; /* the columns shown, in order */
    size_t n_shown;
    struct cell row[COLUMNS_MAX];
    size_t n_cells;
    struct slice *cells; /* human form: texts of all rows, aligned when all are known */
    size_t n_kept, capacity;
    struct slice *below; /* one a row */
    size_t below_capacity;
    struct slice next_below;
    size_t n_rows;
    struct arena *arena;
};

/* ---- which columns --------------------------------------------------------------------------- */

static bool add_field(struct output *o, struct slice name)
{
    struct nearest near;

    nearest_init(&near, name);
    for (size_t i = 0; i < o->n_columns; i++) {
        nearest_try(&near, o->columns[i].name);
        if (slice_equal(name, slice_from(o->columns[i].name)) && o->n_shown < COLUMNS_MAX) {
            o->order[o->n_shown++] = i;
            return true;
        }
    }
    (void)cli_usage(o->cli, "no field \"%.*s\"%s%s%s", SLICE_ARG(name),
                    near.best != NULL ? "; did you mean " : "", near.best != NULL ? near.best : "",
                    near.best != NULL ? "?" : "");
    return false;
}

static bool choose_fields(struct output *o)
{
    struct slice rest = slice_from(o->cli->values[OPTION_FIELDS]);
    struct slice name;

    if (rest.ptr != NULL) {
        while (slice_next(&rest, ',', &name))
            if (!add_field(o, slice_trim(name)))
                return false;
        return true;
    }
    for (size_t i = 0; i < o->n_columns; i++)
        if (o->format != FORMAT_HUMAN || (o->columns[i].flags & COLUMN_HIDDEN) == 0)
            o->order[o->n_shown++] = i;
    return true;
}

/* A spreadsheet would run what begins like a formula; a terminal, what holds control characters. */
static void put_csv(FILE *out, struct slice s)
{
    struct buf safe;
    bool quote = s.len > 0 && strchr("=+-@\t\r", s.ptr[0]) != NULL;
    bool is_formula = quote;

    buf_init(&safe, CELL_MAX_BYTES);
    text_add_visible(&safe, s);
    s = buf_slice(&safe);
    for (size_t i = 0; i < s.len; i++)
        quote |= s.ptr[i] == ',' || s.ptr[i] == '"';
    if (quote)
        (void)fputs(is_formula ? "\"'" : "\"", out);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            (void)fputc('"', out);
        (void)fputc(s.ptr[i], out);
    }
    if (quote)
        (void)fputc('"', out);
    buf_release(&safe);
}

struct output *output_open(struct cli *cli, const struct column *columns, size_t n_columns)
{
    struct output *o = arena_alloc(&cli->arena, sizeof(*o));

    if (o == NULL || n_columns > COLUMNS_MAX)
        return NULL;
    *o = (struct output){.cli = cli,
                         .out = cli->out,
                         .format = cli->format,
                         .columns = columns,
                         .n_columns = n_columns,
                         .arena = &cli->arena};
    if (!choose_fields(o))
        return NULL;
    for (size_t i = 0; o->format == FORMAT_CSV && i < o->n_shown; i++)
        (void)fprintf(o->out, "%s%s", i > 0 ? "," : "", columns[o->order[i]].name);
    if (o->format == FORMAT_CSV)
        (void)fputs("\r\n", o->out);
    return o;
}

/* ---- values ---------------------------------------------------------------------------------- */

static void add_cell(struct output *o, struct cell cell)
{
    if (o->n_cells < o->n_columns)
        o->row[o->n_cells++] = cell;
}

void output_text(struct output *o, struct slice s)
{
    add_cell(o, (struct cell){.kind = s.len == 0 ? CELL_NONE : CELL_TEXT, .text = s});
}

void output_string(struct output *o, const char *s)
{
    output_text(o, slice_from(s));
}

void output_number(struct output *o, int64_t n)
{
    add_cell(o, (struct cell){.kind = CELL_NUMBER, .number = n});
}

void output_real(struct output *o, double x)
{
    add_cell(o, (struct cell){.kind = CELL_REAL, .real = x});
}

void output_time(struct output *o, int64_t at)
{
    add_cell(o, (struct cell){.kind = at == 0 ? CELL_NONE : CELL_TIME, .number = at});
}

void output_bool(struct output *o, bool b)
{
    add_cell(o, (struct cell){.kind = CELL_BOOL, .number = b});
}

void output_none(struct output *o)
{
    add_cell(o, (struct cell){.kind = CELL_NONE});
}

void output_below(struct output *o, struct slice s)
{
    if (!cli_has(o->cli, OPTION_FIELDS))
        o->next_below = s;
}

/* ---- forms ----------------------------------------------------------------------------------- */

/* How a person reads a time: in the desk's zone; of today the clock, of this year no year. */
static struct slice human_time(struct output *o, int64_t at)
{
    char text[DATE_TEXT_BYTES];
    int64_t now = clock_now(&o->cli->clock);
    const struct slice zone = o->cli->config.timezone;
    const int64_t local = at + zone_offset_s(zone, at);
    struct slice s = slice_from(date_format(local, text));

    if (at <= now && local / 86400 == (now + zone_offset_s(zone, now)) / 86400)
        return arena_copy(o->arena, slice_sub(s, 11, 5));
    if (at < now + 300 * 86400 && at > now - 300 * 86400)
        return arena_printf(o->arena, "%.5s %.5s", s.ptr + 5, s.ptr + 11);
    return arena_copy(o->arena, slice_head(s, 10));
}

static struct slice cell_text(struct output *o, const struct cell *cell)
{
    char text[DATE_TEXT_BYTES];

    switch (cell->kind) {
    case CELL_NONE:
        return o->format == FORMAT_HUMAN ? SLICE("-") : SLICE("");
    case CELL_TEXT:
        return cell->text;
    case CELL_NUMBER:
        return arena_printf(o->arena, "%" PRId64, cell->number);
    case CELL_REAL:
        return arena_printf(o->arena, "%.2f", cell->real);
    case CELL_TIME:
        if (o->format == FORMAT_HUMAN)
            return human_time(o, cell->number);
        return arena_copy(o->arena, slice_from(date_format(cell->number, text)));
    case CELL_BOOL:
        return cell->number != 0 ? SLICE("yes") : SLICE("no");
    }
    return SLICE("");
}

static json_t *cell_json(const struct cell *cell)
{
    char text[DATE_TEXT_BYTES];
    json_t *value = NULL;

    switch (cell->kind) {
    case CELL_NONE:
        break;
    case CELL_TEXT:
        value = json_stringn(cell->text.ptr, cell->text.len);
        break;
    case CELL_NUMBER:
        value = json_integer(cell->number);
        break;
    case CELL_REAL:
        value = json_real(cell->real);
        break;
    case CELL_TIME:
        value = json_string(date_format(cell->number, text));
        break;
    case CELL_BOOL:
        value = json_boolean(cell->number != 0);
        break;
    }
    return value != NULL ? value : json_null();
}

static int add_json(const char *bytes, size_t n, void *context)
{
    buf_add(context, slice_of(bytes, n));
    return 0;
}

/* The same value for a reader of JSON, and nothing for a terminal to obey. */
static void put_json(FILE *out, struct slice json)
{
    size_t from = 0;

    for (size_t i = 0; i < json.len;) {
        size_t at = i;
        uint32_t code = text_next_code(json, &i);

        if (code < 0x7F || !text_is_deceiving(code))
            continue;
        (void)fwrite(json.ptr + from, 1, at - from, out);
        if (code > 0xFFFF)
            (void)fprintf(out, "\\u%04X\\u%04X", 0xD7C0 + (unsigned)(code >> 10),
                          0xDC00 + (unsigned)(code & 0x3FF));
        else
            (void)fprintf(out, "\\u%04X", (unsigned)code);
        from = i;
    }
    (void)fwrite(json.ptr + from, 1, json.len - from, out);
}

static void put_jsonl(struct output *o)
{
    json_t *row = json_object();
    struct buf json;

    buf_init(&json, CELL_MAX_BYTES);
    for (size_t i = 0; i < o->n_shown; i++)
        (void)json_object_set_new(row, o->columns[o->order[i]].name,
                                  cell_json(&o->row[o->order[i]]));
    (void)json_dump_callback(row, add_json, &json, JSON_COMPACT);
    put_json(o->out, buf_slice(&json));
    (void)fputc('\n', o->out);
    buf_release(&json);
    json_decref(row);
}

static void keep_row(struct output *o)
{
    struct slice *below =
        arena_grow(o->arena, o->below, o->n_rows, &o->below_capacity, sizeof(*o->below));

    if (below == NULL)
        return;
    o->below = below;
    below[o->n_rows] = arena_copy(o->arena, o->next_below);
    o->next_below = SLICE("");
    for (size_t i = 0; i < o->n_shown; i++) {
        struct slice text = cell_text(o, &o->row[o->order[i]]);
        struct slice *moved =
            arena_grow(o->arena, o->cells, o->n_kept, &o->capacity, sizeof(*o->cells));

        if (moved == NULL)
            return;
        o->cells = moved;
        o->cells[o->n_kept++] = arena_copy(o->arena, text);
    }
}

void output_end_row(struct output *o)
{
    while (o->n_cells < o->n_columns)
        output_none(o);
    switch (o->format) {
    case FORMAT_HUMAN:
        keep_row(o);
        break;
    case FORMAT_JSONL:
        put_jsonl(o);
        break;
    case FORMAT_CSV:
        for (size_t i = 0; i < o->n_shown; i++) {
            if (i > 0)
                (void)fputc(',', o->out);
            put_csv(o->out, cell_text(o, &o->row[o->order[i]]));
        }
        (void)fputs("\r\n", o->out);
        break;
    }
    o->n_cells = 0;
    o->n_rows++;
}

/* ---- the human form -------------------------------------------------------------------------- */

void output_visible(FILE *out, struct slice s, size_t columns)
{
    struct buf safe;
    struct slice shown;
    size_t width = 0;
    size_t end = 0;

    buf_init(&safe, CELL_MAX_BYTES);
    text_add_visible(&safe, s);
    shown = buf_slice(&safe);
    if (columns == 0 || text_width(shown) <= columns) {
        (void)fwrite(shown.ptr, 1, shown.len, out);
    } else {
        while (end < shown.len) {
            size_t next = end;

            (void)text_next_code(shown, &next);
            width = text_width(slice_head(shown, next));
            if (width + 1 > columns)
                break;
            end = next;
        }
        (void)fwrite(shown.ptr, 1, end, out);
        (void)fputs("\xE2\x80\xA6", out); /* an ellipsis */
    }
    buf_release(&safe);
}

size_t output_columns(FILE *out)
{
    struct winsize size = {0};

    if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

static size_t total_width(const struct output *o, const size_t *widths)
{
    size_t used = 0;

    for (size_t i = 0; i < o->n_shown; i++)
        used += widths[i] + (i + 1 < o->n_shown ? 2 : 0);
    return used;
}

/* Take columns off, the wide ones first, then any text, until the line fits the terminal. */
static void fit_widths(const struct output *o, size_t *widths, size_t room)
{
    static const struct {
        unsigned flag;
        size_t least;
    } rounds[] = {
        {COLUMN_WIDE, 24},
        {0,           12},
        {COLUMN_WIDE, 12}
    };

    for (size_t r = 0; r < WW_COUNT(rounds); r++)
        for (;;) {
            size_t widest = o->n_shown;

            for (size_t i = 0; i < o->n_shown; i++) {
                unsigned flags = o->columns[o->order[i]].flags;

                if ((flags & COLUMN_RIGHT) != 0 || (flags & COLUMN_WIDE) != rounds[r].flag ||
                    widths[i] <= rounds[r].least)
                    continue;
                if (widest == o->n_shown || widths[i] > widths[widest])
                    widest = i;
            }
            if (widest == o->n_shown || total_width(o, widths) <= room)
                break;
            widths[widest]--;
        }
}

static void put_below(struct output *o, struct slice s)
{
    struct wrap w;

    wrap_init(&w, o->cli, BELOW_INDENT);
    wrap_begin(&w, BELOW_SPACES, WRAP_PLAIN);
    wrap_text(&w, s, WRAP_PLAIN);
    wrap_end(&w);
    wrap_release(&w);
}

static void put_human(struct output *o)
{
    size_t widths[COLUMNS_MAX] = {0};
    size_t room = output_columns(o->out);

    for (size_t i = 0; i < o->n_shown; i++)
        widths[i] = strlen(o->columns[o->order[i]].name);
    for (size_t k = 0; k < o->n_kept; k++) {
        size_t w = text_width(o->cells[k]);
        size_t i = k % o->n_shown;

        if ((o->columns[o->order[i]].flags & COLUMN_WIDE) == 0 && w > COLUMN_MAX_WIDTH)
            w = COLUMN_MAX_WIDTH;
        widths[i] = w > widths[i] ? w : widths[i];
    }
    if (room > 0)
        fit_widths(o, widths, room);
    for (size_t row = 0; row <= o->n_rows && o->n_rows > 0; row++) {
        for (size_t i = 0; i < o->n_shown; i++) {
            const struct column *column = &o->columns[o->order[i]];
            struct slice text =
                row == 0 ? slice_from(column->name) : o->cells[(row - 1) * o->n_shown + i];
            size_t w = text_width(text) < widths[i] ? text_width(text) : widths[i];
            int pad = (int)(widths[i] - w);

            if ((column->flags & COLUMN_RIGHT) != 0)
                (void)fprintf(o->out, "%*s", pad, "");
            output_visible(o->out, text, widths[i]);
            if (i + 1 < o->n_shown)
                (void)fprintf(o->out, "%*s", (column->flags & COLUMN_RIGHT) != 0 ? 2 : pad + 2, "");
        }
        (void)fputc('\n', o->out);
        if (row > 0 && o->below[row - 1].len > 0)
            put_below(o, o->below[row - 1]);
    }
}

size_t output_close(struct output *o)
{
    if (o->format == FORMAT_HUMAN && o->n_shown > 0 && o->n_kept == o->n_rows * o->n_shown)
        put_human(o);
    return o->n_rows;
}

/* ---- facts of one thing ---------------------------------------------------------------------- */

void output_fact(struct cli *cli, const char *name, struct slice value)
{
    struct wrap w;
    size_t columns;

    if (value.len == 0)
        return;
    columns = output_columns(cli->out);
    if (columns > 0 && FACT_INDENT + text_width(value) > columns) {
        wrap_init(&w, cli, FACT_INDENT);
        wrap_begin(&w, arena_string(&cli->arena, arena_printf(&cli->arena, "%-14s ", name)),
                   WRAP_PLAIN);
        wrap_text(&w, value, WRAP_PLAIN);
        wrap_end(&w);
        wrap_release(&w);
        return;
    }
    (void)fprintf(cli->out, "%-14s ", name);
    output_visible(cli->out, value, 0);
    (void)fputc('\n', cli->out);
}

struct slice output_moment(struct cli *cli, int64_t at)
{
    char text[DATE_TEXT_BYTES];

    (void)date_format(at + zone_offset_s(cli->config.timezone, at), text);
    return arena_printf(&cli->arena, "%.10s %.5s", text, text + 11);
}

void output_fact_time(struct cli *cli, const char *name, int64_t at)
{
    if (at != 0)
        output_fact(cli, name, output_moment(cli, at));
}

/* Bytes of a long sentence that are shown before its mark, and behind it. */
#define MARK_AROUND_BYTES 240

static bool is_continued(struct slice s, size_t at)
{
    return at < s.len && ((unsigned char)s.ptr[at] & 0xC0) == 0x80;
}

void output_marked(struct cli *cli, const char *name, struct slice s, size_t start, size_t end)
{
    size_t from = start > MARK_AROUND_BYTES ? start - MARK_AROUND_BYTES : 0;
    size_t to = s.len - end > MARK_AROUND_BYTES ? end + MARK_AROUND_BYTES : s.len;

    if (s.len == 0 || start > end || end > s.len)
        return;
    while (from < start && is_continued(s, from))
        from++;
    while (to > end && is_continued(s, to))
        to--;
    (void)fprintf(cli->out, "%-14s ", name);
    marked_put(cli, FACT_INDENT,
               arena_printf(&cli->arena, "%s%.*s%s", from > 0 ? "..." : "",
                            SLICE_ARG(slice_sub(s, from, to - from)), to < s.len ? "..." : ""),
               start - from + (from > 0 ? 3 : 0), end - from + (from > 0 ? 3 : 0));
}

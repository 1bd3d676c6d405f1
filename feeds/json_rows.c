/* json_rows.c - where a value of JSON ends, and what Jansson makes of it. */
#include "feeds/json_rows.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/json_mend.h"

#include <jansson.h>
#include <string.h>

/* How a value ends. */
enum value_end { VALUE_WHOLE, VALUE_DEEP, VALUE_BROKEN, VALUE_CUT };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice skip_space(struct slice s)
{
    size_t i = 0;

    while (i < s.len && is_space(s.ptr[i]))
        i++;
    return slice_skip(s, i);
}

/* A quote that something structural follows; one that was not escaped is part of its text. */
static bool ends_text(struct slice s, size_t quote)
{
    struct slice behind = skip_space(slice_skip(s, quote + 1));

    return behind.len == 0 || strchr(",:}]", behind.ptr[0]) != NULL;
}

/* Does the line behind the one that ends here begin with that bracket? */
static bool begins_line(struct slice s, size_t line_end, char bracket)
{
    size_t i = line_end + 1;

    while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t'))
        i++;
    return i < s.len && s.ptr[i] == bracket;
}

/* An array or object at the start of s. *n: its bytes, or those before the row that cuts it off. */
static enum value_end nested_end(struct slice s, bool is_flat, size_t *n)
{
    size_t depth = 0, deepest = 0;
    bool is_text = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '\n' && is_flat && begins_line(s, i, s.ptr[0])) {
            *n = i + 1;
            return VALUE_BROKEN;
        }
        if (is_text) {
            if (c == '\\')
                i++;
            else if (c == '"')
                is_text = !ends_text(s, i);
        } else if (c == '"') {
            is_text = true;
        } else if (c == '[' || c == '{') {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            *n = i + 1;
            return deepest < JSON_DEPTH_MAX ? VALUE_WHOLE : VALUE_DEEP;
        }
    }
    *n = s.len;
    return VALUE_CUT;
}

/* The text at the start of s, with its quotes. */
static enum value_end text_end(struct slice s, size_t *n)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '"' && ends_text(s, i)) {
            *n = i + 1;
            return VALUE_WHOLE;
        }
    }
    *n = s.len;
    return VALUE_CUT;
}

/* The value at the start of s, which is not empty and begins with neither space nor comma. */
static enum value_end value_end(struct slice s, bool is_flat, size_t *n)
{
    size_t i = 1;

    if (s.ptr[0] == '[' || s.ptr[0] == '{')
        return nested_end(s, is_flat, n);
    if (s.ptr[0] == '"')
        return text_end(s, n);
    while (i < s.len && !is_space(s.ptr[i]) && strchr(",]}[{\"", s.ptr[i]) == NULL)
        i++;
    *n = i;
    return i < s.len ? VALUE_WHOLE : VALUE_CUT; /* of a number digits may be missing */
}

bool json_rows_open(struct slice text, bool is_flat, struct json_rows *out)
{
    *out = (struct json_rows){.is_flat = is_flat, .is_over = true};
    if (text.len == 0 || text.ptr[0] != '[')
        return false;
    out->rest = slice_skip(text, 1);
    out->is_over = false;
    return true;
}

bool json_rows_next(struct json_rows *r, struct slice *row)
{
    while (!r->is_over && !r->is_cut) {
        enum value_end end;
        size_t n = 0;

        r->rest = skip_space(r->rest);
        if (r->rest.len == 0) {
            r->is_cut = true;
            break;
        }
        if (r->rest.ptr[0] == ',') {
            r->rest = slice_skip(r->rest, 1);
            continue;
        }
        if (r->rest.ptr[0] == ']') {
            r->is_over = true;
            break;
        }
        end = value_end(r->rest, r->is_flat, &n);
        *row = slice_head(r->rest, n);
        r->rest = slice_skip(r->rest, n);
        if (end == VALUE_WHOLE)
            return true;
        r->is_cut = end == VALUE_CUT;
        r->n_bad += end != VALUE_CUT;
    }
    return false;
}

bool json_member(struct slice text, struct slice name, struct slice *value)
{
    struct slice rest = skip_space(slice_skip(text, 1));
    size_t n = 0;

    while (rest.len > 0 && rest.ptr[0] != '}') {
        struct slice key;

        if (rest.ptr[0] != '"') { /* a comma, or what should not be here */
            rest = skip_space(slice_skip(rest, 1));
            continue;
        }
        if (text_end(rest, &n) != VALUE_WHOLE)
            return false;
        key = slice_sub(rest, 1, n - 2);
        rest = skip_space(slice_skip(rest, n));
        if (rest.len == 0 || rest.ptr[0] != ':')
            continue;
        rest = skip_space(slice_skip(rest, 1));
        if (rest.len == 0)
            return false;
        if (slice_equal(key, name)) {
            *value = rest;
            return true;
        }
        if (value_end(rest, false, &n) == VALUE_CUT)
            return false;
        rest = skip_space(slice_skip(rest, n));
    }
    return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

json_t *json_row_read(struct slice row, struct arena *arena)
{
    json_error_t error;
    json_t *value;

    if (row.len > JSON_ROW_MAX_BYTES)
        return NULL;
    value = json_loadb(row.ptr, row.len, JSON_ALLOW_NUL, &error);
    if (value == NULL && row.len > 0 && (row.ptr[0] == '{' || row.ptr[0] == '[') &&
        json_error_code(&error) != json_error_out_of_memory) {
        struct slice mended = json_mend(row, arena);

        value = json_loadb(mended.ptr, mended.len, JSON_ALLOW_NUL, &error);
    }
    if (value == NULL && json_error_code(&error) == json_error_out_of_memory)
        arena->failed = true;
    return value;
}

struct slice json_value_text(const json_t *value, struct arena *arena)
{
    struct slice text;

    if (json_is_integer(value))
        return arena_printf(arena, "%lld", (long long)json_integer_value(value));
    if (!json_is_string(value))
        return SLICE("");
    text = slice_of(json_string_value(value), json_string_length(value));
    return slice_trim(text_clean(arena_copy(arena, text), arena));
}

struct slice json_member_text(const json_t *object, const char *name, struct arena *arena)
{
    return json_value_text(json_object_get(object, name), arena);
}

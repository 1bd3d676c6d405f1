/* entities.c - resolving character references. */
#include "base/entities.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/entities_table.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 32 /* the longest of HTML's names has 31 */
#define BARE_MAX_BYTES 6  /* ... and of those that may lack the semicolon */

uint32_t entity_repair_c1(uint32_t code)
{
    static const uint16_t windows_1252[32] = {
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    };

    return code >= 0x80 && code <= 0x9F ? windows_1252[code - 0x80] : code;
}

bool entity_is_xml(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code < 0xD800 || (code >= 0xE000 && code <= 0xFFFD) ||
           (code >= 0x10000 && code <= 0x10FFFF);
}

static int digit_value(char c, unsigned base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (base == 16 && c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (base == 16 && c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* "&#147;", "&#x1F;"; the semicolon may be missing. *number: above 0x10FFFF when it is too big. */
static struct entity read_number(struct slice s, uint32_t *number)
{
    struct entity e = {0};
    unsigned base = s.len > 2 && (s.ptr[2] == 'x' || s.ptr[2] == 'X') ? 16 : 10;
    size_t i = base == 16 ? 3 : 2, start = i;
    uint32_t code = 0;

    for (; i < s.len; i++) {
        int digit = digit_value(s.ptr[i], base);

        if (digit < 0)
            break;
        code = code > 0x110000 ? code : code * base + (uint32_t)digit;
    }
    if (i == start)
        return e;
    e.kind = ENTITY_NUMBER;
    e.bytes = i + (i < s.len && s.ptr[i] == ';');
    *number = entity_repair_c1(code);
    return e;
}

static int compare_name(const void *key, const void *row)
{
    return slice_compare_name(*(const struct slice *)key, ((const struct entity_row *)row)->name);
}

static const struct entity_row *find_row(struct slice name)
{
    return bsearch(&name, entity_rows, WW_COUNT(entity_rows), sizeof(entity_rows[0]), compare_name);
}

static bool is_name_char(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c);
}

/* The letters and digits behind the '&'. */
static struct slice name_at(struct slice s)
{
    size_t n = 1;

    while (n < s.len && n <= NAME_MAX_BYTES && is_name_char(s.ptr[n]))
        n++;
    return slice_sub(s, 1, n - 1);
}

/* XML's own, and most of all that feeds write. */
static const struct {
    struct slice name;
    uint32_t code;
} predefined[] = {
    {{"lt", 2},   '<' },
    {{"gt", 2},   '>' },
    {{"amp", 3},  '&' },
    {{"quot", 4}, '"' },
    {{"apos", 4}, '\''},
};

/* The commonest first. kind NONE: none of them. */
static struct entity read_predefined(struct slice s, struct slice name)
{
    if (name.len < 5 && name.len + 1 < s.len && s.ptr[name.len + 1] == ';')
        for (size_t i = 0; i < WW_COUNT(predefined); i++)
            if (slice_equal(name, predefined[i].name))
                return (struct entity){
                    ENTITY_PREDEFINED, name.len + 2, {predefined[i].code, 0}
                };
    return (struct entity){0};
}

static struct entity from_row(const struct entity_row *row, size_t name_len, bool is_closed)
{
    struct entity e = {.kind = is_closed ? ENTITY_NAME : ENTITY_BARE,
                       .bytes = 1 + name_len + is_closed};

    memcpy(e.code, row->code, sizeof(e.code));
    return e;
}

struct entity entity_read(struct slice s)
{
    struct entity e;
    const struct entity_row *row;
    struct slice name;
    uint32_t number;
    bool is_closed;

    if (s.len > 2 && s.ptr[1] == '#') {
        e = read_number(s, &number);
        e.code[0] = e.kind != ENTITY_NONE && entity_is_xml(number) ? number : 0;
        return e;
    }
    name = name_at(s);
    e = read_predefined(s, name);
    if (e.kind != ENTITY_NONE)
        return e;
    is_closed = name.len + 1 < s.len && s.ptr[name.len + 1] == ';';
    row = find_row(name);
    if (row == NULL ||
        (!is_closed && (!row->bare || (name.len + 1 < s.len && s.ptr[name.len + 1] == '='))))
        return e;
    return from_row(row, name.len, is_closed);
}

struct entity entity_read_html(struct slice s, bool in_attribute)
{
    struct entity e;
    const struct entity_row *row;
    struct slice name;
    uint32_t number;

    if (s.len > 2 && s.ptr[1] == '#') {
        e = read_number(s, &number);
        if (e.kind != ENTITY_NONE)
            e.code[0] = number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)
                            ? 0xFFFD
                            : number;
        return e;
    }
    name = name_at(s);
    e = read_predefined(s, name);
    if (e.kind != ENTITY_NONE)
        return e;
    if (name.len + 1 < s.len && s.ptr[name.len + 1] == ';') {
        row = find_row(name);
        if (row != NULL)
            return from_row(row, name.len, true);
    }
    for (size_t n = name.len < BARE_MAX_BYTES ? name.len : BARE_MAX_BYTES; n > 1; n--) {
        const char *next = n + 1 < s.len ? &s.ptr[n + 1] : NULL;

        row = find_row(slice_head(name, n));
        if (row == NULL || !row->bare)
            continue;
        if (in_attribute && next != NULL && (is_name_char(*next) || *next == '='))
            return e;
        return from_row(row, n, false);
    }
    return e;
}

void entity_resolve(struct buf *out, struct slice s)
{
    while (s.len > 0) {
        size_t plain = slice_find_char(s, '&');
        struct entity e;

        buf_add(out, slice_head(s, plain));
        s = slice_skip(s, plain);
        if (s.len == 0)
            break;
        e = entity_read(s);
        if (e.kind == ENTITY_NONE) {
            buf_add_char(out, '&');
            s = slice_skip(s, 1);
            continue;
        }
        for (size_t i = 0; i < WW_COUNT(e.code); i++)
            if (e.code[i] != 0)
                buf_add_code(out, e.code[i]);
        s = slice_skip(s, e.bytes);
    }
}

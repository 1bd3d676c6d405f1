/* database_name.c - where the password of an address is, and the address without it. */
#include "base/database_name.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"

#include <string.h>

#define KEY_BYTES 64

/* The parts of an address that matter here. */
struct parts {
    struct slice head;  /* "scheme://" */
    struct slice user;  /* without its password */
    struct slice rest;  /* "@host/name", "host/name" */
    struct slice query; /* behind '?' */
    bool has_password, has_query;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t scheme_len(struct slice name)
{
    size_t n = 0;

    while (n < name.len && is_letter(name.ptr[n]))
        n++;
    return n > 0 && slice_starts(slice_skip(name, n), SLICE("://")) ? n + 3 : 0;
}

bool database_is_address(struct slice name)
{
    return scheme_len(name) > 0;
}

/*
 * A password may hold what should have been encoded, '/', '?' and '@' too: everything between a ':'
 * behind a name without them and the last '@' is taken for it.
 */
static struct parts split(struct slice name)
{
    const size_t head = scheme_len(name);
    const struct slice body = slice_skip(name, head);
    const size_t at = slice_find_last_char(body, '@');
    const size_t colon = slice_find_char(body, ':');
    const struct slice user = slice_head(body, colon);
    struct parts p = {.head = slice_head(name, head)};
    size_t from = 0, mark;

    p.has_password = at < body.len && colon + 1 < at && slice_find_char(user, '/') == user.len &&
                     slice_find_char(user, '?') == user.len;
    if (p.has_password) {
        p.user = user;
        from = at;
    }
    mark = slice_find_char(slice_skip(body, from), '?');
    p.rest = slice_head(slice_skip(body, from), mark);
    p.has_query = from + mark < body.len;
    p.query = slice_skip(body, from + mark + p.has_query);
    return p;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at == NULL ? -1 : (int)(at - digits) % 16;
}

/* "password", "sslpassword", "pass%77ord": in any case, encoded or not. */
static bool is_secret_key(struct slice key)
{
    char plain[KEY_BYTES];
    size_t n = 0;

    for (size_t i = 0; i < key.len && n + 1 < sizeof(plain); i++) {
        char c = key.ptr[i];

        if (c == '%' && i + 2 < key.len && hex_digit(key.ptr[i + 1]) >= 0 &&
            hex_digit(key.ptr[i + 2]) >= 0) {
            c = (char)(hex_digit(key.ptr[i + 1]) * 16 + hex_digit(key.ptr[i + 2]));
            i += 2;
        }
        plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    plain[n] = '\0';
    return strstr(plain, "password") != NULL;
}

bool database_has_secret(struct slice name)
{
    struct parts p;
    struct slice pair;

    if (!database_is_address(name))
        return false;
    p = split(name);
    while (p.query.len > 0 && slice_next(&p.query, '&', &pair))
        p.has_password |= is_secret_key(slice_head(pair, slice_find_char(pair, '=')));
    return p.has_password;
}

const char *database_shown(struct slice name, struct arena *arena)
{
    struct slice shown, pair;
    struct parts p;

    if (!database_is_address(name))
        return arena_string(arena, name);
    p = split(name);
    shown = arena_printf(arena, "%.*s%.*s%.*s", SLICE_ARG(p.head), SLICE_ARG(p.user),
                         SLICE_ARG(p.rest));
    for (char mark = '?'; p.query.len > 0 && slice_next(&p.query, '&', &pair);) {
        if (is_secret_key(slice_head(pair, slice_find_char(pair, '='))))
            continue;
        shown = arena_printf(arena, "%.*s%c%.*s", SLICE_ARG(shown), mark, SLICE_ARG(pair));
        mark = '&';
    }
    return arena_string(arena, shown);
}

/* ---- machines -------------------------------------------------------------------------------- */

static bool is_machine_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool database_is_machine(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_machine_byte(name.ptr[i]))
            return false;
    return name.len > 0 && name.len <= MACHINE_NAME_MAX_BYTES;
}

void database_machine_of(struct slice host, char out[MACHINE_NAME_MAX_BYTES + 1])
{
    size_t n = 0;

    for (; n < host.len && n < MACHINE_NAME_MAX_BYTES; n++) {
        const char c = host.ptr[n];

        out[n] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : is_machine_byte(c) ? c : '-';
    }
    if (n == 0)
        out[n++] = '-';
    out[n] = '\0';
}

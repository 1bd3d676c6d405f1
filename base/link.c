/* link.c - an address is taken apart as a browser does, then shown for what it is. */
#include "base/link.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* In pieces of an address without line ends; user and port with their '@' and ':'. */
struct link {
    struct arena arena;
    struct slice scheme; /* "https://" */
    struct slice user, host, port, rest;
};

/* ---- reading --------------------------------------------------------------------------------- */

/* Browsers decode a host; what then would end it, or is no text, is left as it was. */
static struct slice decode_host(struct slice host, struct arena *arena)
{
    char *out = arena_string(arena, host);
    size_t len = 0;

    if (out == NULL)
        return host;
    for (size_t i = 0; i < host.len; i++) {
        int high = host.ptr[i] == '%' && i + 2 < host.len ? ascii_hex(host.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex(host.ptr[i + 2]) : -1;

        out[len] = low >= 0 ? (char)(high * 16 + low) : host.ptr[i];
        if ((unsigned char)out[len] <= ' ' || strchr("/\\?#@%:<>\"'", out[len]) != NULL)
            return host;
        i += low >= 0 ? 2 : 0;
        len++;
    }
    return text_is_utf8(slice_of(out, len)) ? slice_of(out, len) : host;
}

/* Blanks around it, and line ends and TAB in it, count for nothing; '\\' parts a path as '/' does.
 */
static struct slice tidy(struct slice url, struct arena *arena)
{
    char *out = arena_string(arena, slice_trim(url));
    bool is_path = true;
    size_t len = 0;

    if (out == NULL)
        return SLICE("");
    for (size_t i = 0; out[i] != '\0'; i++) {
        is_path = is_path && out[i] != '?' && out[i] != '#';
        if (out[i] != '\t' && out[i] != '\n' && out[i] != '\r')
            out[len++] = is_path && out[i] == '\\' ? '/' : out[i];
    }
    return slice_of(out, len);
}

static bool link_read(struct link *l, struct slice url)
{
    struct slice all, authority;
    size_t at = 0, end, colon;

    arena_init(&l->arena, 16 * (size_t)URL_MAX_BYTES);
    all = tidy(slice_head(url, URL_MAX_BYTES), &l->arena);
    l->scheme = slice_starts_nocase(all, SLICE("https:")) ? SLICE("https://") : SLICE("http://");
    if (!slice_starts_nocase(all, slice_head(l->scheme, l->scheme.len - 2)))
        return false;
    at = l->scheme.len - 2;
    while (at < all.len && all.ptr[at] == '/')
        at++;
    for (end = at; end < all.len && strchr("/?#", all.ptr[end]) == NULL; end++)
        ;
    authority = slice_sub(all, at, end - at);
    l->rest = slice_skip(all, end);
    at = slice_find_last_char(authority, '@');
    l->user = at < authority.len ? slice_head(authority, at + 1) : SLICE("");
    l->host = slice_skip(authority, l->user.len);
    colon = slice_find_last_char(l->host, ':');
    if (colon < l->host.len &&
        slice_find_char(slice_skip(l->host, colon), ']') < l->host.len - colon)
        colon = l->host.len; /* inside an IPv6 address */
    l->port = slice_skip(l->host, colon);
    l->host = decode_host(slice_head(l->host, colon), &l->arena);
    l->host = idn_to_ascii(l->host, &l->arena);
    return l->host.len > 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What is not ASCII, or could end an attribute or the address, is percent-encoded. */
static void add_encoded(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c >= 0x7F || strchr("\"'<>\\^`{|}", c) != NULL)
            buf_printf(out, "%%%02X", c);
        else
            buf_add_char(out, (char)c);
    }
}

/* Letters stay what they are: only what is no letter a reader could tell is encoded. */
static void add_readable(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        size_t begin = i;
        uint32_t code = text_next_code(s, &i);

        if (code >= 0x80 && text_is_word(code))
            buf_add(out, slice_sub(s, begin, i - begin));
        else
            add_encoded(out, slice_sub(s, begin, i - begin));
    }
}

/* A host that IDNA refuses is encoded: it leads nowhere, and must not look like one that does. */
static void add_safe_host(struct buf *out, struct link *l, size_t max)
{
    struct slice shown = idn_to_shown(l->host, &l->arena);

    if (max > 0 && shown.len > max && l->host.len > max) { /* the end says whose it is */
        buf_add_string(out, "\xE2\x80\xA6");
        add_encoded(out, slice_skip(l->host, l->host.len - max));
    } else if (slice_equal(shown, l->host)) {
        add_encoded(out, l->host);
    } else {
        buf_add(out, shown);
    }
}

/* Without memory half an address must not pass for the whole. */
static bool link_close(struct link *l, struct buf *out)
{
    if (out->status == WW_OK)
        out->status = arena_check(&l->arena, NULL);
    arena_release(&l->arena);
    return out->status == WW_OK;
}

bool link_add_host(struct buf *out, struct slice url)
{
    struct link l;
    bool is_link = link_read(&l, url);

    if (is_link) {
        if (l.user.len > LINK_USER_MAX_BYTES + 1) {
            add_encoded(out, slice_head(l.user, LINK_USER_MAX_BYTES));
            buf_add_string(out, "\xE2\x80\xA6@");
        } else {
            add_encoded(out, l.user);
        }
        add_safe_host(out, &l, LINK_HOST_MAX_BYTES);
        add_encoded(out, l.port);
    }
    return link_close(&l, out) && is_link;
}

bool link_add_shown(struct buf *out, struct slice url)
{
    struct link l;
    bool is_link = link_read(&l, url);

    if (is_link) {
        buf_add(out, l.scheme);
        add_encoded(out, l.user);
        add_safe_host(out, &l, 0);
        add_encoded(out, l.port);
        add_readable(out, l.rest);
    }
    return link_close(&l, out) && is_link;
}

bool link_add_ascii(struct buf *out, struct slice url)
{
    struct link l;
    bool is_link = link_read(&l, url);

    if (is_link) {
        buf_add(out, l.scheme);
        add_encoded(out, l.user);
        add_encoded(out, l.host);
        add_encoded(out, l.port);
        add_encoded(out, l.rest);
    }
    return link_close(&l, out) && is_link;
}

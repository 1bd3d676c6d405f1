/* url.c - taking addresses apart (RFC 3986, appendix B) and resolving them (section 5.2). */
#include "base/url.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/idn.h"
#include "base/limits.h"

#include <libpsl.h>
#include <string.h>

static size_t scheme_length(struct slice text)
{
    size_t i = 0;

    if (text.len == 0 || !ascii_is_letter(text.ptr[0]))
        return 0;
    while (i < text.len && (ascii_is_letter(text.ptr[i]) || ascii_is_digit(text.ptr[i]) ||
                            text.ptr[i] == '+' || text.ptr[i] == '-' || text.ptr[i] == '.'))
        i++;
    return i < text.len && text.ptr[i] == ':' ? i : 0;
}

/* host[:port], the host perhaps in brackets. */
static void split_host(struct slice text, struct url *out)
{
    size_t colon = slice_find_last_char(text, ':');
    size_t bracket = slice_find_last_char(text, ']');

    out->host = text;
    if (colon == text.len || (bracket < text.len && bracket > colon))
        return;
    for (size_t i = colon + 1; i < text.len; i++)
        if (!ascii_is_digit(text.ptr[i]))
            return;
    out->host = slice_head(text, colon);
    out->port = slice_skip(text, colon + 1);
}

void url_split(struct slice text, struct url *out)
{
    size_t at = scheme_length(text);

    *out = (struct url){0};
    if (at > 0) {
        out->scheme = slice_head(text, at);
        text = slice_skip(text, at + 1);
    }
    at = slice_find_char(text, '#');
    if (at < text.len) {
        out->has_fragment = true;
        out->fragment = slice_skip(text, at + 1);
        text = slice_head(text, at);
    }
    at = slice_find_char(text, '?');
    if (at < text.len) {
        out->has_query = true;
        out->query = slice_skip(text, at + 1);
        text = slice_head(text, at);
    }
    if (slice_starts(text, SLICE("//"))) {
        struct slice authority = slice_skip(text, 2);

        at = slice_find_char(authority, '/');
        text = slice_skip(authority, at);
        authority = slice_head(authority, at);
        at = slice_find_last_char(authority, '@');
        out->has_authority = true;
        if (at < authority.len) {
            out->userinfo = slice_head(authority, at);
            authority = slice_skip(authority, at + 1);
        }
        split_host(authority, out);
    }
    out->path = text;
}

static bool is_web(struct slice scheme)
{
    return slice_equal_nocase(scheme, SLICE("http")) || slice_equal_nocase(scheme, SLICE("https"));
}

static struct slice trim(struct slice text)
{
    while (text.len > 0 && (unsigned char)text.ptr[0] <= ' ')
        text = slice_skip(text, 1);
    while (text.len > 0 && (unsigned char)text.ptr[text.len - 1] <= ' ')
        text.len--;
    return text;
}

/*
 * No character that the URL standard forbids in a host, and one at least that is no dot; brackets
 * hold an IPv6 number.
 */
static bool is_host(struct slice host)
{
    size_t n_dots = 0;
    bool is_number = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';

    if (is_number)
        host = slice_sub(host, 1, host.len - 2);
    for (size_t i = 0; i < host.len; i++) {
        unsigned char c = (unsigned char)host.ptr[i];

        if (c <= ' ' || c == 0x7F || strchr("#/<>?@[\\]^|%", c) != NULL || (c == ':' && !is_number))
            return false;
        n_dots += c == '.';
    }
    return host.len > n_dots;
}

/*
 * What browsers take out or mend before they look: blanks and controls at both ends, TAB and line
 * breaks anywhere, "feed:" before an address, a backslash for a slash, more than two slashes.
 */
static struct slice clean(struct slice text, struct arena *arena)
{
    char *copy;
    size_t len = 0;
    size_t scheme;

    text = trim(text);
    while (slice_starts_nocase(text, SLICE("feed:")) &&
           !slice_starts_nocase(text, SLICE("feed://")))
        text = trim(slice_skip(text, 5));
    if (slice_starts_nocase(text, SLICE("feed://")))
        text = arena_printf(arena, "http%.*s", SLICE_ARG(slice_skip(text, 4)));
    copy = arena_alloc(arena, text.len + 1);
    if (copy == NULL)
        return (struct slice){NULL, 0};
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\t' && text.ptr[i] != '\n' && text.ptr[i] != '\r')
            copy[len++] = text.ptr[i];
    scheme = scheme_length(slice_of(copy, len));
    if (scheme == 0 || is_web(slice_of(copy, scheme)))
        for (size_t i = 0; i < len && copy[i] != '?' && copy[i] != '#'; i++)
            if (copy[i] == '\\')
                copy[i] = '/';
    if (scheme > 0 && is_web(slice_of(copy, scheme))) {
        size_t slashes = 0;

        while (scheme + 1 + slashes < len && copy[scheme + 1 + slashes] == '/')
            slashes++;
        if (slashes > 2) {
            memmove(copy + scheme + 3, copy + scheme + 1 + slashes, len - scheme - 1 - slashes);
            len -= slashes - 2;
        }
    }
    return slice_of(copy, len);
}

/* RFC 3986, 5.2.4, in one pass over the path; the output never outgrows the input. */
struct slice url_plain_path(struct slice path, struct arena *arena)
{
    char *out = arena_alloc(arena, path.len + 1);
    size_t len = 0;
    size_t at = 0;

    if (out == NULL)
        return (struct slice){NULL, 0};
    while (at < path.len) {
        size_t end = at + (path.ptr[at] == '/');
        struct slice segment;
        bool is_last;

        while (end < path.len && path.ptr[end] != '/')
            end++;
        segment = slice_sub(path, at, end - at);
        is_last = end == path.len;
        if (slice_equal(segment, SLICE("/..")) || slice_equal(segment, SLICE(".."))) {
            while (len > 0 && out[len - 1] != '/')
                len--;
            if (len > 0)
                len--;
            if (is_last && segment.ptr[0] == '/')
                out[len++] = '/';
        } else if (slice_equal(segment, SLICE("/.")) || slice_equal(segment, SLICE("."))) {
            if (is_last && segment.ptr[0] == '/')
                out[len++] = '/';
        } else {
            memcpy(out + len, segment.ptr, segment.len);
            len += segment.len;
        }
        at = end;
    }
    return slice_of(out, len);
}

/* RFC 3986, 5.2.3. */
static struct slice merge(const struct url *base, struct slice path, struct arena *arena)
{
    size_t slash = slice_find_last_char(base->path, '/');
    struct slice folder = slice_head(base->path, slash == base->path.len ? 0 : slash + 1);

    if (base->has_authority && base->path.len == 0)
        folder = SLICE("/");
    return arena_printf(arena, "%.*s%.*s", SLICE_ARG(folder), SLICE_ARG(path));
}

/* Blanks, controls, quotes, angle brackets and what is not ASCII never stand in an address. */
static void add_escaped(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c >= 0x7F || c == '"' || c == '<' || c == '>')
            buf_printf(out, "%%%02X", c);
        else
            buf_add_char(out, (char)c);
    }
}

static void compose(struct buf *out, const struct url *u)
{
    if (u->scheme.len > 0) {
        buf_add(out, u->scheme);
        buf_add_char(out, ':');
    }
    if (u->has_authority) {
        buf_add_string(out, "//");
        if (u->userinfo.ptr != NULL) {
            add_escaped(out, u->userinfo);
            buf_add_char(out, '@');
        }
        buf_add(out, u->host);
        if (u->port.ptr != NULL) {
            buf_add_char(out, ':');
            buf_add(out, u->port);
        }
        if (u->path.len == 0 && is_web(u->scheme))
            buf_add_char(out, '/');
    }
    add_escaped(out, u->path);
    if (u->has_query) {
        buf_add_char(out, '?');
        add_escaped(out, u->query);
    }
    if (u->has_fragment) {
        buf_add_char(out, '#');
        add_escaped(out, u->fragment);
    }
}

/* RFC 3986, 5.2.2. */
static void transform(const struct url *base, struct url *r, struct arena *arena)
{
    if (r->scheme.len > 0 || base->scheme.len == 0) {
        if (is_web(r->scheme))
            r->path = url_plain_path(r->path, arena);
        return;
    }
    r->scheme = base->scheme;
    if (r->has_authority) {
        r->path = url_plain_path(r->path, arena);
        return;
    }
    r->has_authority = base->has_authority;
    r->userinfo = base->userinfo;
    r->host = base->host;
    r->port = base->port;
    if (r->path.len == 0) {
        r->path = base->path;
        if (!r->has_query) {
            r->has_query = base->has_query;
            r->query = base->query;
        }
    } else if (r->path.ptr[0] == '/') {
        r->path = url_plain_path(r->path, arena);
    } else {
        r->path = url_plain_path(merge(base, r->path, arena), arena);
    }
}

/*
 * What resolving would give back as it is, which most addresses are: whole, of plain characters,
 * without dots to follow. Whatever could be read otherwise is not.
 */
static bool is_settled(struct slice s)
{
    size_t host = slice_starts(s, SLICE("https://"))  ? 8
                  : slice_starts(s, SLICE("http://")) ? 7
                                                      : 0;
    size_t i = host;

    if (host == 0)
        return false;
    while (i < s.len && (ascii_is_letter(s.ptr[i]) || ascii_is_digit(s.ptr[i]) ||
                         (i > host && (s.ptr[i] == '.' || s.ptr[i] == '-'))))
        i++;
    if (i == host || i == s.len || s.ptr[i] != '/')
        return false;
    for (; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c >= 0x7F || c == '"' || c == '<' || c == '>' || c == '\\' ||
            (c == '.' && s.ptr[i - 1] == '/'))
            return false;
    }
    return true;
}

enum ww_status url_resolve(struct slice reference, struct slice base, struct arena *arena,
                           struct slice *out, struct ww_error *err)
{
    struct url r, b;
    struct buf text;
    enum ww_status status;

    *out = (struct slice){"", 0};
    if (reference.len > URL_MAX_BYTES || base.len > URL_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "address of %zu bytes, limit %d", reference.len,
                       URL_MAX_BYTES);
    if (is_settled(reference)) {
        *out = arena_copy(arena, reference);
        return arena_check(arena, err);
    }
    url_split(clean(reference, arena), &r);
    url_split(clean(base, arena), &b);
    transform(&b, &r, arena);
    status = arena_check(arena, err);
    if (status != WW_OK)
        return status;
    if (is_web(r.scheme) && (!r.has_authority || !is_host(r.host)))
        return ww_fail(err, WW_INVALID, "an address without a host: %.*s", SLICE_ARG(reference));
    buf_init(&text, (size_t)3 * 2 * URL_MAX_BYTES); /* base and reference, every byte escaped */
    compose(&text, &r);
    status = buf_finish(&text, err);
    if (status == WW_OK) {
        *out = arena_copy(arena, buf_slice(&text));
        status = arena_check(arena, err);
    }
    buf_release(&text);
    return status;
}

bool url_is_fetchable(struct slice url)
{
    struct url u;
    unsigned long long port;

    if (url.len > URL_MAX_BYTES)
        return false;
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] <= ' ' || url.ptr[i] == 0x7F)
            return false;
    url_split(url, &u);
    if (u.port.len > 0 && (!slice_number(u.port, 65535, &port) || port == 0))
        return false;
    return is_web(u.scheme) && u.host.len > 0 && u.host.len <= URL_HOST_MAX_BYTES &&
           u.userinfo.ptr == NULL;
}

bool url_is_front_page(struct slice url)
{
    struct url u;

    url_split(url, &u);
    return u.path.len <= 1 && !u.has_query;
}

struct slice url_host(struct slice url, struct arena *arena)
{
    struct url u;

    url_split(url, &u);
    return u.host.len == 0 ? (struct slice){"", 0} : idn_to_ascii(u.host, arena);
}

struct slice url_site(struct slice url, struct arena *arena)
{
    struct slice host = url_host(url, arena);
    const char *domain;
    char *name;

    if (host.len == 0)
        return host;
    name = arena_string(arena, host);
    if (name == NULL)
        return host;
    domain = psl_registrable_domain(psl_builtin(), name);
    /* A number, a suffix itself or a local name is its own site. */
    return domain == NULL || ascii_is_digit(host.ptr[host.len - 1]) ? host : slice_from(domain);
}

bool url_is_same_site(struct slice a, struct slice b, struct arena *arena)
{
    struct slice site = url_site(a, arena);

    return site.len > 0 && slice_equal(site, url_site(b, arena));
}

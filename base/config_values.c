/* config_values.c - what a value of the settings may be, by its kind. */
#include "base/config_values.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/file.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/timetable.h"
#include "base/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define DAY_S 86400

static bool with_unit(struct slice text, const char *units, const int64_t *factors, int64_t *out)
{
    unsigned long long n;
    int64_t factor = factors[0];
    const char *unit;

    text = slice_trim(text);
    if (text.len > 1 && (unit = strchr(units, text.ptr[text.len - 1])) != NULL) {
        factor = factors[unit - units];
        text.len--;
    }
    if (!slice_number(text, (unsigned long long)(INT64_MAX / factor), &n))
        return false;
    *out = (int64_t)n * factor;
    return true;
}

bool config_duration(struct slice text, int64_t *seconds)
{
    static const int64_t factors[] = {1, 60, 3600, DAY_S, 7LL * DAY_S};

    return with_unit(text, "smhdw", factors, seconds);
}

bool config_bytes(struct slice text, int64_t *bytes)
{
    static const int64_t factors[] = {1, 1024, 1024 * 1024, 1024 * 1024 * 1024};

    return with_unit(text, "BkMG", factors, bytes);
}

/* A file that is not one would fail every fetch, and look like the fault of all servers. */
enum ww_status config_check_certificates(struct slice path, struct arena *arena,
                                         struct ww_error *err)
{
    const char *name = arena_string(arena, path);
    struct buf text;
    enum ww_status status;

    if (name == NULL)
        return arena_check(arena, err);
    buf_init(&text, CA_FILE_MAX_BYTES);
    status = file_read(name, &text, err);
    if (status == WW_OK && !slice_contains(buf_slice(&text), SLICE("-----BEGIN ")))
        status = ww_fail(err, WW_INVALID, "%s: no certificate in it", name);
    buf_release(&text);
    return status == WW_OK ? WW_OK : ww_context(err, WW_INVALID, "ca-file");
}

enum ww_status config_check_hours(const char *key, bool is_span, bool takes_run, struct slice value,
                                  struct ww_error *err)
{
    struct timetable table;
    enum ww_status status;

    if (takes_run && (slice_equal(value, SLICE("run")) || slice_equal(value, SLICE("none"))))
        return WW_OK;
    status =
        is_span ? timetable_read_spans(value, &table, err) : timetable_read(value, &table, err);
    /* Of a week once; each day is what digest is for. */
    if (status == WW_OK && !is_span && !takes_run && table.n_rows > 0 &&
        slice_trim(value).ptr[0] <= '9')
        status = ww_fail(err, WW_INVALID, "\"%.*s\" names no day: %s = Mon %.*s", SLICE_ARG(value),
                         key, SLICE_ARG(slice_trim(value)));
    if (status == WW_OK)
        return WW_OK;
    return ww_context(err, status, takes_run ? "%s (run, none or hours)" : "%s", key);
}

/* No blank, nothing that ends a header or begins a second address; ASCII. */
static bool is_address(struct slice s)
{
    size_t at = slice_find_last_char(s, '@');

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || (unsigned char)s.ptr[i] >= 0x7F ||
            strchr("<>(),;:\"\\", s.ptr[i]) != NULL)
            return false;
    return at > 0 && at + 1 < s.len && slice_find_char(s, '@') == at;
}

bool config_is_name(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7F || s.ptr[i] == '|' || s.ptr[i] == '"')
            return false;
    return s.len > 0 && s.len <= CONFIG_NAME_MAX_BYTES;
}

struct slice config_mailbox(struct slice s, struct arena *arena)
{
    const size_t at = slice_find_last_char(s, '@') + 1;
    struct slice host = slice_skip(s, at);
    const bool is_named = host.len > 0 && host.ptr[host.len - 1] == '>';

    if (is_named)
        host.len--;
    if (text_ascii_run(host) == host.len)
        return arena_copy(arena, s);
    return arena_printf(arena, "%.*s%.*s%s", SLICE_ARG(slice_head(s, at)),
                        SLICE_ARG(idn_to_ascii(host, arena)), is_named ? ">" : "");
}

bool config_is_mailbox(struct slice s)
{
    size_t open = slice_find_last_char(s, '<');

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7F)
            return false;
    if (open == s.len)
        return is_address(s);
    return s.ptr[s.len - 1] == '>' && is_address(slice_sub(s, open + 1, s.len - open - 2));
}

/* 127.0.0.0/8, in digits: "127.0.0.1.example.org" is a name. */
static bool is_loopback_v4(struct slice host)
{
    bool is_digits = slice_starts(host, SLICE("127."));

    for (size_t i = 0; i < host.len; i++)
        is_digits &= host.ptr[i] == '.' || (host.ptr[i] >= '0' && host.ptr[i] <= '9');
    return is_digits;
}

bool config_is_link(struct slice s, bool takes_http)
{
    struct url url;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7F)
            return false;
    url_split(s, &url);
    if (url.host.len == 0 || url.userinfo.len > 0)
        return false;
    if (slice_equal_nocase(url.scheme, SLICE("https")))
        return true;
    return slice_equal_nocase(url.scheme, SLICE("http")) &&
           (takes_http || slice_equal_nocase(url.host, SLICE("localhost")) ||
            slice_equal(url.host, SLICE("[::1]")) || is_loopback_v4(url.host));
}

bool config_smtp_host(struct slice server, struct slice *host)
{
    const bool is_implicit = slice_starts_nocase(server, SLICE("smtps://"));

    *host = slice_skip(server, is_implicit ? 8 : 7);
    while (host->len > 0 && host->ptr[host->len - 1] == '/')
        host->len--;
    return (is_implicit || slice_starts_nocase(server, SLICE("smtp://"))) && host->len > 0 &&
           slice_find_char(*host, '/') == host->len && slice_find_char(*host, '@') == host->len;
}

bool config_is_this_machine(struct slice host)
{
    const bool is_v6 = host.len > 0 && host.ptr[0] == '[';
    const struct slice name = is_v6 ? slice_sub(host, 1, slice_find_char(host, ']') - 1)
                                    : slice_head(host, slice_find_char(host, ':'));
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    char text[ADDRESS_TEXT_BYTES] = "";

    if (name.len < sizeof(text))
        memcpy(text, name.ptr, name.len);
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return address_is_loopback((const struct sockaddr *)&in);
    if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
        return address_is_loopback((const struct sockaddr *)&in6);
    return slice_equal_nocase(name, SLICE("localhost")) ||
           slice_ends_nocase(name, SLICE(".localhost"));
}

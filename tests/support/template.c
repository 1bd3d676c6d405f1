/* template.c - see template.h. */
#include "tests/support/template.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TEXT_MAX_BYTES = 4 * 1024 * 1024, DEPTH_MAX = 4 };

bool template_read_page(struct slice text, struct template *t)
{
    size_t end = slice_find(text, SLICE("\n---\n"));

    if (!slice_starts(text, SLICE("title:")) || end == text.len)
        return false;
    t->head = slice_head(text, end);
    t->body = slice_skip(text, end + strlen("\n---\n"));
    return true;
}

struct slice template_key(const struct template *t, struct slice key)
{
    struct slice rest = t->head;
    struct slice line;

    while (slice_next_line(&rest, &line)) {
        size_t colon = slice_find_char(line, ':');

        if (colon < line.len && slice_equal(slice_head(line, colon), key))
            return slice_trim(slice_skip(line, colon + 1));
    }
    return (struct slice){0};
}

/* "-3h", "+20m", "-2d", "": seconds. False when it is none of these. */
static bool read_offset(struct slice s, int64_t *seconds)
{
    unsigned long long n = 0;
    int64_t unit;

    *seconds = 0;
    if (s.len == 0)
        return true;
    if (s.len < 3 || (s.ptr[0] != '-' && s.ptr[0] != '+') ||
        !slice_number(slice_sub(s, 1, s.len - 2), 100000, &n))
        return false;
    switch (s.ptr[s.len - 1]) {
    case 'd':
        unit = 86400;
        break;
    case 'h':
        unit = 3600;
        break;
    case 'm':
        unit = 60;
        break;
    default:
        return false;
    }
    *seconds = (s.ptr[0] == '-' ? -1 : 1) * (int64_t)n * unit;
    return true;
}

static const char *const months_es[] = {"enero",      "febrero", "marzo",     "abril",
                                        "mayo",       "junio",   "julio",     "agosto",
                                        "septiembre", "octubre", "noviembre", "diciembre"};
static const char *const months_it[] = {"gennaio",   "febbraio", "marzo",    "aprile",
                                        "maggio",    "giugno",   "luglio",   "agosto",
                                        "settembre", "ottobre",  "novembre", "dicembre"};
static const char *const months_en[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

static bool add_time(struct buf *out, int64_t at, struct slice format)
{
    time_t t = (time_t)at;
    struct tm tm;
    char text[64] = "";
    int year;

    if (gmtime_r(&t, &tm) == NULL)
        return false;
    year = tm.tm_year + 1900;
    if (slice_equal(format, SLICE("rfc822")))
        strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &tm);
    else if (slice_equal(format, SLICE("iso")))
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
    else if (slice_equal(format, SLICE("day")))
        strftime(text, sizeof(text), "%Y-%m-%d", &tm);
    else if (slice_equal(format, SLICE("unix")))
        snprintf(text, sizeof(text), "%lld", (long long)at);
    else if (slice_equal(format, SLICE("en")))
        snprintf(text, sizeof(text), "%d %s %d", tm.tm_mday, months_en[tm.tm_mon], year);
    else if (slice_equal(format, SLICE("es")))
        snprintf(text, sizeof(text), "%d de %s de %d", tm.tm_mday, months_es[tm.tm_mon], year);
    else if (slice_equal(format, SLICE("it")))
        snprintf(text, sizeof(text), "%d %s %d", tm.tm_mday, months_it[tm.tm_mon], year);
    else if (slice_equal(format, SLICE("zh")))
        snprintf(text, sizeof(text), "%d年%d月%d日 %02d:%02d", year, tm.tm_mon + 1, tm.tm_mday,
                 tm.tm_hour, tm.tm_min);
    else
        return false;
    buf_add_string(out, text);
    return true;
}

/* "now-3h|iso", "date|rfc822": a time in a format. */
static bool add_formatted(const struct template *t, struct slice name, struct slice format,
                          struct buf *out)
{
    int64_t seconds = 0;
    struct slice offset =
        slice_starts(name, SLICE("now")) ? slice_skip(name, strlen("now")) : template_key(t, name);

    if (slice_equal(name, SLICE("modified")) && offset.len == 0)
        offset = template_key(t, SLICE("date")); /* as it was published */
    return read_offset(offset, &seconds) && add_time(out, t->now + seconds, format);
}

static enum ww_status add_value(const struct template *t, struct slice name, struct buf *out,
                                struct ww_error *err)
{
    size_t bar = slice_find_char(name, '|');
    struct slice value;

    if (bar < name.len) {
        if (!add_formatted(t, slice_head(name, bar), slice_skip(name, bar + 1), out))
            return ww_fail(err, WW_INVALID, "no such time: {{%.*s}}", SLICE_ARG(name));
        return WW_OK;
    }
    if (slice_equal(name, SLICE("base")))
        return t->base(t->context, t->outlet, out, err);
    if (slice_starts(name, SLICE("base ")))
        return t->base(t->context, slice_trim(slice_skip(name, strlen("base "))), out, err);
    if (slice_equal(name, SLICE("url"))) {
        enum ww_status status = t->base(t->context, t->outlet, out, err);

        buf_add(out, t->path);
        return status;
    }
    value = slice_equal(name, SLICE("body")) ? t->body : template_key(t, name);
    if (value.ptr == NULL)
        return ww_fail(err, WW_INVALID, "nothing for {{%.*s}}", SLICE_ARG(name));
    buf_add(out, value);
    return WW_OK;
}

/* One pass over text: what was filled in is not looked at again. */
static enum ww_status expand_once(const struct template *t, struct slice text, struct buf *out,
                                  bool *found, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *found = false;
    while (text.len > 0 && status == WW_OK) {
        size_t open = slice_find(text, SLICE("{{"));
        struct slice inside = slice_skip(text, open + 2);
        size_t close = slice_find(inside, SLICE("}}"));

        buf_add(out, slice_head(text, open));
        if (open == text.len)
            return WW_OK;
        if (close == inside.len)
            return ww_fail(err, WW_INVALID, "{{ without an end");
        *found = true;
        status = add_value(t, slice_head(inside, close), out, err);
        text = slice_skip(inside, close + 2);
    }
    return status;
}

enum ww_status template_expand(const struct template *t, struct slice layout, struct arena *arena,
                               struct slice *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    bool found = true;

    *out = layout;
    for (int depth = 0; found && status == WW_OK; depth++) {
        struct buf b;

        if (depth == DEPTH_MAX)
            return ww_fail(err, WW_INVALID, "{{...}} in {{...}} without end");
        buf_init(&b, TEXT_MAX_BYTES);
        status = expand_once(t, *out, &b, &found, err);
        if (status == WW_OK)
            status = buf_finish(&b, err);
        *out = arena_copy(arena, buf_slice(&b));
        buf_release(&b);
    }
    return status != WW_OK ? status : arena_check(arena, err);
}

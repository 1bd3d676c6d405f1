/* source_words.c - words of a command as addresses, and addresses with values in them. */
#include "crawler/history/source_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "base/url.h"

#include <stdio.h>

enum ww_status source_words(const struct backfill_row *order, const struct source *source,
                            bool may_be_none, struct arena *arena, struct slice **words,
                            size_t *n_words, struct ww_error *err)
{
    struct slice rest = order->target, word;
    size_t capacity = 0;

    *words = NULL;
    *n_words = 0;
    while (slice_next(&rest, '\n', &word)) {
        word = slice_trim(word);
        if (word.len == 0)
            continue;
        if (*n_words == SOURCE_WORDS_MAX)
            return ww_fail(err, WW_INVALID, "%s: more than %d words", source->name,
                           SOURCE_WORDS_MAX);
        *words = arena_grow(arena, *words, *n_words, &capacity, sizeof **words);
        if (*words == NULL)
            return arena_check(arena, err);
        (*words)[(*n_words)++] = word;
    }
    if (*n_words == 0 && !may_be_none)
        return ww_fail(err, WW_INVALID, "%s: %s is missing", source->name, source->words);
    return WW_OK;
}

static bool has_blank(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (ascii_is_space(s.ptr[i]) || s.ptr[i] == '\0')
            return true;
    return false;
}

/* A name with a dot in it, a number, or this machine. */
static bool is_host(struct slice host)
{
    return slice_equal(host, SLICE("localhost")) || slice_starts(host, SLICE("[")) ||
           (slice_find_char(host, '.') < host.len && host.ptr[0] != '.');
}

enum ww_status source_address(const struct source *source, struct slice word, struct arena *arena,
                              struct slice *out, struct ww_error *err)
{
    struct slice bare = slice_head(word, slice_find_char(word, '#'));
    struct url url;

    if (!slice_contains(bare, SLICE("://")))
        bare = arena_printf(arena, "https://%.*s", SLICE_ARG(bare));
    if (has_blank(bare) || !url_is_fetchable(bare) || !is_host(url_host(bare, arena)))
        return arena->failed
                   ? arena_check(arena, err)
                   : ww_fail(err, WW_INVALID,
                             "%s wants %s, and '%.*s' is neither a host "
                             "(example.org) nor a web address (https://...)",
                             source->name, source->words, SLICE_ARG(slice_head(word, 100)));
    url_split(bare, &url);
    *out = url.path.len > 0 ? bare
                            : arena_printf(arena, "%.*s/%s%.*s", SLICE_ARG(source_origin(bare)),
                                           url.has_query ? "?" : "", SLICE_ARG(url.query));
    return arena_check(arena, err);
}

enum ww_status source_addresses(const struct source_context *context, const struct source *source,
                                struct arena *arena, struct slice **out, size_t *n_out,
                                struct ww_error *err)
{
    enum ww_status status = source_words(context->order, source, false, arena, out, n_out, err);

    for (size_t i = 0; status == WW_OK && i < *n_out; i++)
        status = source_address(source, (*out)[i], arena, &(*out)[i], err);
    return status;
}

enum ww_status source_match(const struct source *source, struct slice word, struct arena *arena,
                            struct source_match *out, struct ww_error *err)
{
    const size_t scheme = slice_find(word, SLICE("://"));
    struct slice bare = scheme < word.len ? slice_skip(word, scheme + 3) : word, address;
    const bool is_domain = slice_starts(bare, SLICE("*."));
    bool is_prefix;
    enum ww_status status;

    bare = slice_skip(bare, is_domain ? 2 : 0);
    if (is_domain && slice_ends(bare, SLICE("/*")))
        bare.len -= 2;
    is_prefix = !is_domain && slice_ends(bare, SLICE("*"));
    bare.len -= is_prefix ? 1 : 0;
    if (slice_find_char(bare, '*') < bare.len)
        return ww_fail(err, WW_INVALID,
                       "%s: '%.*s': a star stands at the end (example.org/news/*), or in the place"
                       " of a name (*.example.org)",
                       source->name, SLICE_ARG(slice_head(word, 100)));
    status = source_address(source, bare, arena, &address, err);
    if (status != WW_OK)
        return status;
    bare = slice_skip(address, slice_find(address, SLICE("://")) + 3);
    out->is_exact = !is_domain && !is_prefix && !source_is_site(address);
    out->type = is_domain ? "domain" : is_prefix ? "prefix" : out->is_exact ? "exact" : "host";
    out->url = is_domain ? slice_head(bare, slice_find_char(bare, '/')) : bare;
    return WW_OK;
}

bool source_is_site(struct slice address)
{
    struct url url;

    url_split(address, &url);
    return url.query.len == 0 && (url.path.len == 0 || slice_equal(url.path, SLICE("/")));
}

struct slice source_origin(struct slice address)
{
    struct url url;
    const char *end;

    url_split(address, &url);
    end = url.port.len > 0 ? url.port.ptr + url.port.len : url.host.ptr + url.host.len;
    return url.host.len == 0 ? (struct slice){"", 0}
                             : slice_of(address.ptr, (size_t)(end - address.ptr));
}

static bool is_plain(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || memchr("-._~/:,*", c, 8) != NULL;
}

struct slice source_with(struct slice address, const char *name, struct slice value,
                         struct arena *arena)
{
    static const char hex[] = "0123456789ABCDEF";
    struct slice head = arena_printf(arena, "%.*s%c%s=", SLICE_ARG(address),
                                     slice_find_char(address, '?') < address.len ? '&' : '?', name);
    char *room = arena_array(arena, head.len + 3 * value.len + 1, 1), *at = room;

    if (room == NULL || head.len == 0)
        return (struct slice){"", 0};
    memcpy(at, head.ptr, head.len);
    at += head.len;
    for (size_t i = 0; i < value.len; i++) {
        const unsigned char c = (unsigned char)value.ptr[i];

        if (is_plain(value.ptr[i])) {
            *at++ = value.ptr[i];
        } else {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        }
    }
    *at++ = '\0';
    arena_cut(arena, at);
    return slice_of(room, (size_t)(at - room) - 1);
}

const char *source_stamp(int64_t at, char out[SOURCE_STAMP_BYTES])
{
    char text[DATE_TEXT_BYTES];

    (void)date_format(at, text);
    (void)snprintf(out, SOURCE_STAMP_BYTES, "%.4s%.2s%.2s%.2s%.2s%.2s", text, text + 5, text + 8,
                   text + 11, text + 14, text + 17);
    return out;
}

/* ---- lists ----------------------------------------------------------------------------------- */

void source_add_row(struct source_lists *lists, struct slice url, const char *format,
                    int64_t covers_at)
{
    url = slice_head(url, slice_find_char(url, '#')); /* it is not asked for, and names no other */
    if (url.len == 0 || url.len > URL_MAX_BYTES)
        return;
    lists->rows =
        arena_grow(lists->arena, lists->rows, lists->n_rows, &lists->capacity, sizeof *lists->rows);
    if (lists->rows == NULL) {
        lists->n_rows = 0;
        return;
    }
    lists->rows[lists->n_rows++] = (struct list_row){
        .url = arena_copy(lists->arena, url),
        .format = slice_from(format),
        .covers_at = covers_at,
        .cursor = {"", 0},
        .last_error = {"", 0},
        .n_left = -1
    };
}

enum ww_status source_begun(const struct source_lists *lists, struct list_row **out, size_t *n_out,
                            struct ww_error *err)
{
    *out = lists->rows;
    *n_out = lists->n_rows;
    return arena_check(lists->arena, err);
}

bool source_is_format(const struct list_row *list, const char *format)
{
    return slice_equal(list->format, slice_from(format));
}

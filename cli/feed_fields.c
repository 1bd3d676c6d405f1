/* feed_fields.c - the fields of a feed that a person sets, by name and by value. */
#include "cli/feed_fields.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/language_tag.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/listing.h"
#include "extractors/selector.h"
#include "feeds/opml.h"

#include <stdint.h>
#include <string.h>

#define TIER_MAX 3

struct field_row {
    const char *name;
    enum option_id option; /* OPTION_COUNT: files alone say it */
    size_t at;             /* of the member that is a text; 0: it has a function */
};

#define AT(member) offsetof(struct feed_row, member)
/* In the order of enum feed_field. */
static const struct field_row fields[FEED_FIELD_COUNT] = {
    {"url",      OPTION_URL,      0           },
    {"title",    OPTION_TITLE,    AT(title)   },
    {"outlet",   OPTION_OUTLET,   AT(outlet)  },
    {"site",     OPTION_SITE,     AT(site)    },
    {"folder",   OPTION_FOLDER,   0           },
    {"country",  OPTION_COUNTRY,  0           },
    {"language", OPTION_LANGUAGE, 0           },
    {"tags",     OPTION_TAGS,     0           },
    {"tier",     OPTION_TIER,     0           },
    {"state",    OPTION_COUNT,    0           },
    {"kind",     OPTION_COUNT,    0           },
    {"selector", OPTION_SELECTOR, AT(selector)},
    {"note",     OPTION_NOTE,     AT(note)    },
    {"extra",    OPTION_COUNT,    0           },
};
#undef AT

const char *feed_field_name(enum feed_field field)
{
    return fields[field].name;
}

enum feed_field feed_field_of(struct slice name)
{
    enum feed_field field = 0;

    while (field < FEED_FIELD_COUNT && !slice_equal_nocase(name, slice_from(fields[field].name)))
        field++;
    return field;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* One line without controls, no longer than a title may be. */
static struct slice level(struct slice value, struct arena *arena)
{
    struct slice text = text_squeeze(text_clean(value, arena), arena);
    struct buf kept;

    buf_init(&kept, text.len + 1);
    for (size_t i = 0; i < text.len;) {
        uint32_t code = text_next_code(text, &i);

        if (code >= 0x20 && (code < 0x7F || code > 0x9F))
            buf_add_code(&kept, code);
    }
    text = text_squeeze(text_cut(buf_slice(&kept), TITLE_MAX_BYTES), arena);
    text = arena_copy(arena, text);
    arena->failed |= kept.status == WW_NOMEM;
    buf_release(&kept);
    return text;
}

static struct slice change_case(struct slice value, bool is_upper, struct arena *arena)
{
    char *out = arena_string(arena, value);

    for (size_t i = 0; out != NULL && i < value.len; i++) {
        char lower = ascii_lower(out[i]);

        out[i] = is_upper && ascii_is_letter(lower) ? (char)(lower - ('a' - 'A')) : lower;
    }
    return slice_from(out);
}

static enum ww_status set_url(struct feed_row *row, struct slice value, struct arena *arena,
                              struct ww_error *err)
{
    value = slice_trim(value);
    /* As browsers once handed addresses to readers: feed://host/path, feed:https://host/path. */
    if (slice_starts_nocase(value, SLICE("feed://")))
        value = arena_printf(arena, "http%.*s", SLICE_ARG(slice_skip(value, 4)));
    else if (slice_starts_nocase(value, SLICE("feed:")))
        value = slice_skip(value, 5);
    if (!url_is_fetchable(value))
        return ww_fail(err, WW_INVALID, "\"%.*s\" is no http or https address%s",
                       SLICE_ARG(text_cut(value, 80)),
                       slice_contains(value, SLICE("://")) ? "" : ": it begins with neither");
    row->url = arena_copy(arena, value);
    return WW_OK;
}

static enum ww_status set_country(struct feed_row *row, struct slice value, struct arena *arena,
                                  struct ww_error *err)
{
    value = slice_trim(value);
    if (value.len != 0 &&
        (value.len != 2 || !ascii_is_letter(value.ptr[0]) || !ascii_is_letter(value.ptr[1])))
        return ww_fail(err, WW_INVALID, "country \"%.*s\" is not two letters (ISO 3166-1, as IE)",
                       SLICE_ARG(text_cut(value, 40)));
    row->country = change_case(value, true, arena);
    return WW_OK;
}

static enum ww_status set_language(struct feed_row *row, struct slice value, struct arena *arena,
                                   struct ww_error *err)
{
    struct slice tag;

    if (!language_tag_read(value, arena, &tag))
        return ww_fail(err, WW_INVALID, "language \"%.*s\" is no tag (BCP 47, as en or zh-Hant)",
                       SLICE_ARG(text_cut(value, 40)));
    row->language = tag;
    return WW_OK;
}

/* "Press Freedom" is "press-freedom", and so is the category "/Press Freedom" of an OPML file. */
static struct slice level_tag(struct slice tag, struct arena *arena)
{
    char *out;

    tag = level(tag, arena);
    while (tag.len > 0 && tag.ptr[0] == '/')
        tag = slice_trim(slice_skip(tag, 1));
    out = arena_string(arena, change_case(tag, false, arena));
    for (size_t i = 0; out != NULL && i < tag.len; i++)
        if (out[i] == ' ')
            out[i] = '-';
    return slice_from(out);
}

/* A list of words, as people and spreadsheets divide one. */
static bool next_tag(struct slice *rest, struct slice *tag)
{
    size_t end = 0;

    if (rest->len == 0)
        return false;
    while (end < rest->len && strchr(",;|", rest->ptr[end]) == NULL)
        end++;
    *tag = slice_head(*rest, end);
    *rest = slice_skip(*rest, end + 1);
    return true;
}

/* Each once, sorted. */
static enum ww_status set_tags(struct feed_row *row, struct slice value, struct arena *arena,
                               struct ww_error *err)
{
    struct slice tags[FEED_TAGS_MAX], piece, all = {"", 0};
    size_t n = 0;

    while (next_tag(&value, &piece)) {
        struct slice tag = level_tag(piece, arena);
        size_t at = 0;

        while (at < n && slice_compare(tags[at], tag) < 0)
            at++;
        if (tag.len == 0 || (at < n && slice_equal(tags[at], tag)))
            continue;
        if (n == FEED_TAGS_MAX)
            return ww_fail(err, WW_INVALID, "tags: more than %d", FEED_TAGS_MAX);
        memmove(tags + at + 1, tags + at, (n - at) * sizeof(tags[0]));
        tags[at] = tag;
        n++;
    }
    for (size_t i = 0; i < n; i++)
        all =
            arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all), i > 0 ? "," : "", SLICE_ARG(tags[i]));
    row->tags = all;
    return WW_OK;
}

static enum ww_status set_tier(struct feed_row *row, struct slice value, struct ww_error *err)
{
    unsigned long long tier = 0;

    value = slice_trim(value);
    if (value.len > 0 && (!slice_number(value, TIER_MAX, &tier) || tier == 0))
        return ww_fail(err, WW_INVALID, "tier \"%.*s\" is not 1, 2 or 3",
                       SLICE_ARG(text_cut(value, 40)));
    row->tier = (int64_t)tier;
    return WW_OK;
}

/* Files say that a feed rests; that it is gone or removed is ours to know. */
static enum ww_status set_state(struct feed_row *row, struct slice value, struct ww_error *err)
{
    value = slice_trim(value);
    if (value.len == 0 || slice_equal(value, SLICE("active")))
        row->state = FEED_STATE_ACTIVE;
    else if (slice_equal(value, SLICE("paused")))
        row->state = FEED_STATE_PAUSED;
    else
        return ww_fail(err, WW_INVALID, "state \"%.*s\" is not active or paused",
                       SLICE_ARG(text_cut(value, 40)));
    return WW_OK;
}

static enum ww_status set_kind(struct feed_row *row, struct slice value, struct ww_error *err)
{
    value = slice_trim(value);
    if (value.len == 0 || slice_equal(value, slice_from(feed_kind_name(FEED_KIND_FEED))))
        row->kind = FEED_KIND_FEED;
    else if (slice_equal(value, slice_from(feed_kind_name(FEED_KIND_PAGE))))
        row->kind = FEED_KIND_PAGE;
    else
        return ww_fail(err, WW_INVALID, "kind \"%.*s\" is not feed or page",
                       SLICE_ARG(text_cut(value, 40)));
    return WW_OK;
}

static enum ww_status set_selector(struct feed_row *row, struct slice value, struct arena *arena,
                                   struct ww_error *err)
{
    struct selector *selector;
    enum ww_status status = WW_OK;

    value = level(value, arena);
    if (value.len > 0 && !slice_equal(value, LISTING_AUTO))
        status = selector_parse(value, arena, &selector, err);
    if (status == WW_OK)
        row->selector = value;
    return status;
}

/*
 * ' name="value"' any number of times, as feeds/opml gives it: it goes into a file as it is, so
 * nothing that could end the element may stand in it.
 */
static enum ww_status set_extra(struct feed_row *row, struct slice value, struct arena *arena,
                                struct ww_error *err)
{
    struct slice rest = slice_trim(value);
    bool is_good = rest.len <= TITLE_MAX_BYTES;

    for (size_t i = 0; is_good && i < rest.len; i++)
        is_good = strchr("<>\n\r\t", rest.ptr[i]) == NULL &&
                  (rest.ptr[i] != '&' || slice_starts(slice_skip(rest, i), SLICE("&#")));
    while (is_good && rest.len > 0) {
        size_t equals = slice_find(rest, SLICE("=\""));
        size_t end = equals + 2 + slice_find_char(slice_skip(rest, equals + 2), '"');

        is_good = equals > 0 && end < rest.len && !ascii_is_digit(rest.ptr[0]);
        for (size_t i = 0; is_good && i < equals; i++)
            is_good = ascii_is_letter(rest.ptr[i]) || ascii_is_digit(rest.ptr[i]) ||
                      strchr("_-.", rest.ptr[i]) != NULL;
        rest = slice_skip(rest, end + 1);
        is_good = is_good && (rest.len == 0 || rest.ptr[0] == ' ');
        rest = slice_trim(rest);
    }
    if (!is_good)
        return ww_fail(err, WW_INVALID, "extra is not attributes of XML (a=\"b\" c=\"d\")");
    row->extra = arena_copy(arena, slice_trim(value));
    return WW_OK;
}

enum ww_status feed_field_set(struct feed_row *row, enum feed_field field, struct slice value,
                              struct arena *arena, struct ww_error *err)
{
    switch (field) {
    case FIELD_URL:
        return set_url(row, value, arena, err);
    case FIELD_COUNTRY:
        return set_country(row, value, arena, err);
    case FIELD_LANGUAGE:
        return set_language(row, value, arena, err);
    case FIELD_TAGS:
        return set_tags(row, value, arena, err);
    case FIELD_TIER:
        return set_tier(row, value, err);
    case FIELD_STATE:
        return set_state(row, value, err);
    case FIELD_KIND:
        return set_kind(row, value, err);
    case FIELD_SELECTOR:
        return set_selector(row, value, arena, err);
    case FIELD_EXTRA:
        return set_extra(row, value, arena, err);
    case FIELD_FOLDER:
        row->folder = opml_level_folder(level(value, arena), arena);
        break;
    case FIELD_TITLE:
    case FIELD_OUTLET:
    case FIELD_SITE:
    case FIELD_NOTE:
        *(struct slice *)(void *)((char *)row + fields[field].at) = level(value, arena);
        break;
    case FEED_FIELD_COUNT:
        break;
    }
    return WW_OK;
}

struct slice feed_field_text(const struct feed_row *row, enum feed_field field, struct arena *arena)
{
    switch (field) {
    case FIELD_URL:
        return row->url;
    case FIELD_COUNTRY:
        return row->country;
    case FIELD_LANGUAGE:
        return row->language;
    case FIELD_TAGS:
        return row->tags;
    case FIELD_TIER:
        return row->tier > 0 ? arena_printf(arena, "%d", (int)row->tier) : SLICE("");
    case FIELD_STATE:
        return slice_from(row->state == FEED_STATE_PAUSED ? "paused" : "");
    case FIELD_KIND:
        return slice_from(row->kind == FEED_KIND_PAGE ? feed_kind_name(row->kind) : "");
    case FIELD_EXTRA:
        return row->extra;
    case FIELD_FOLDER:
        return opml_level_folder(level(row->folder, arena), arena);
    case FIELD_TITLE:
    case FIELD_OUTLET:
    case FIELD_SITE:
    case FIELD_SELECTOR:
    case FIELD_NOTE:
        return level(*(const struct slice *)(const void *)((const char *)row + fields[field].at),
                     arena);
    case FEED_FIELD_COUNT:
        break;
    }
    return (struct slice){"", 0};
}

enum ww_status feed_fields_from_options(struct cli *cli, struct feed_row *row, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (enum feed_field f = 0; f < FEED_FIELD_COUNT && status == WW_OK; f++)
        if (fields[f].option != OPTION_COUNT && cli_has(cli, fields[f].option))
            status =
                feed_field_set(row, f, slice_from(cli->values[fields[f].option]), &cli->arena, err);
    return status;
}

struct slice feed_fields_changes(const struct feed_row *before, const struct feed_row *after,
                                 struct arena *arena)
{
    struct slice all = {"", 0};

    for (enum feed_field f = 0; f < FEED_FIELD_COUNT; f++) {
        struct slice was = feed_field_text(before, f, arena);
        struct slice is = feed_field_text(after, f, arena);

        if (slice_equal(was, is))
            continue;
        all = arena_printf(arena, "%.*s%s%s %.*s -> %.*s", SLICE_ARG(all), all.len > 0 ? "; " : "",
                           fields[f].name, SLICE_ARG(was.len > 0 ? was : SLICE("none")),
                           SLICE_ARG(is.len > 0 ? is : SLICE("none")));
    }
    return all;
}

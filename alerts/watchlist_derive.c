/* watchlist_derive.c - ids, sites and places for rows that were written without. */
#include "alerts/watchlist_derive.h"

#include "alerts/id_table.h"
#include "alerts/watchlist_edit.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* In the index of places by name alone: several places have it. */
#define SEVERAL (ID_NONE - 1)
/* Ids that differ in their number alone: nobody has more sites in one city. */
#define TWINS_MAX 10000

struct watch_deriver {
    struct watch_edit *e;
    struct arena *arena;
    struct id_table countries; /* "country", a name: row of places.csv */
    struct id_table places;    /* a country, a name: row of a place that is none */
    struct id_table anywhere;  /* "place", a name */
    struct id_table sites;     /* a country, city and name: row of stations.csv */
    struct slice kind;         /* the one most rows have */
};

/* ---- words ----------------------------------------------------------------------------------- */

/* Letters that folding leaves as they are, because they are no letter with a mark. */
static const struct {
    uint32_t code;
    const char *latin;
} letters[] = {
    {0x00E6, "ae"},
    {0x00F0, "d" },
    {0x00F8, "o" },
    {0x00FE, "th"},
    {0x0111, "d" },
    {0x0131, "i" },
    {0x0142, "l" },
    {0x0153, "oe"},
};

struct slice watch_slug(struct slice words, struct arena *arena)
{
    struct slice folded = text_fold_key(words, arena);
    char *out = arena_alloc(arena, 2 * folded.len + 1);
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < folded.len;) {
        uint32_t code = text_next_code(folded, &i);
        const char *latin = NULL;

        for (size_t k = 0; k < WW_COUNT(letters); k++)
            if (letters[k].code == code)
                latin = letters[k].latin;
        if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9'))
            out[n++] = (char)code;
        else if (latin != NULL)
            for (; *latin != '\0'; latin++)
                out[n++] = *latin;
        else if (code != '\'' && n > 0 && out[n - 1] != '-' && code < 0x80)
            out[n++] = '-';
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    return slice_of(out != NULL ? out : "", n);
}

enum ww_status watch_id_check(struct slice id, struct arena *arena, struct ww_error *err)
{
    for (size_t i = 0; i < id.len;) {
        uint32_t code = text_next_code(id, &i);

        if (!text_is_word(code) && code != '-' && code != '_' && code != '.' && code != ':' &&
            code != '/' && code != '+')
            return ww_fail(
                err, WW_INVALID, "\"%.*s\" is no id: letters, digits and - alone; \"%.*s\"?",
                SLICE_ARG(slice_head(id, 80)), SLICE_ARG(slice_head(watch_slug(id, arena), 80)));
    }
    return WW_OK;
}

/* A name of a places row without its language and its stem's mark. */
static struct slice bare_name(struct slice name)
{
    size_t colon = slice_find_char(name, ':');

    name = slice_trim(name);
    if (colon >= 2 && colon <= 8 && colon < name.len)
        name = slice_trim(slice_skip(name, colon + 1));
    while (name.len > 0 && name.ptr[name.len - 1] == '~')
        name.len--;
    return name;
}

/* ---- indexes --------------------------------------------------------------------------------- */

static void note_name(struct watch_deriver *d, size_t row, bool is_country, struct slice country,
                      struct slice name)
{
    struct slice key = text_skeleton(bare_name(name), d->arena);
    uint32_t was;

    if (key.len == 0)
        return;
    if (is_country) {
        if (id_table_get(&d->countries, SLICE("country"), key) == ID_NONE)
            id_table_put(&d->countries, d->arena, SLICE("country"), key, (uint32_t)row);
        return;
    }
    if (id_table_get(&d->places, country, key) == ID_NONE)
        id_table_put(&d->places, d->arena, country, key, (uint32_t)row);
    was = id_table_get(&d->anywhere, SLICE("place"), key);
    id_table_put(&d->anywhere, d->arena, SLICE("place"), key,
                 was == ID_NONE || was == row ? (uint32_t)row : SEVERAL);
}

static void note_place(struct watch_deriver *d, size_t row)
{
    const bool is_country =
        slice_equal_nocase(watch_edit_cell(d->e, WATCH_PLACES, row, "type"), SLICE("country"));
    const struct slice country = watch_edit_cell(d->e, WATCH_PLACES, row, "country");
    struct slice rest = watch_edit_cell(d->e, WATCH_PLACES, row, "names");
    struct slice piece;

    note_name(d, row, is_country, country, watch_edit_cell(d->e, WATCH_PLACES, row, "name"));
    while (rest.len > 0 && slice_next(&rest, '|', &piece))
        note_name(d, row, is_country, country, piece);
}

static struct slice site_key(struct watch_deriver *d, struct slice city, struct slice name)
{
    struct slice a = text_skeleton(city, d->arena);
    struct slice b = text_skeleton(name, d->arena);

    return arena_printf(d->arena, "%.*s\n%.*s", SLICE_ARG(a), SLICE_ARG(b));
}

static void note_site(struct watch_deriver *d, size_t row)
{
    struct slice key = site_key(d, watch_edit_cell(d->e, WATCH_STATIONS, row, "city"),
                                watch_edit_cell(d->e, WATCH_STATIONS, row, "name"));
    struct slice country = watch_edit_cell(d->e, WATCH_STATIONS, row, "country");

    if (id_table_get(&d->sites, country, key) == ID_NONE)
        id_table_put(&d->sites, d->arena, country, key, (uint32_t)row);
}

/* The kind of most rows, by a vote that one pass can count. */
static void count_kinds(struct watch_deriver *d)
{
    size_t votes = 0;

    for (size_t i = 0; i < watch_edit_rows(d->e, WATCH_STATIONS); i++) {
        struct slice kind = watch_edit_cell(d->e, WATCH_STATIONS, i, "kind");

        if (votes == 0)
            d->kind = kind;
        if (slice_equal(kind, d->kind))
            votes++;
        else
            votes--;
    }
}

enum ww_status watch_deriver_open(struct watch_edit *e, struct arena *arena,
                                  struct watch_deriver **out, struct ww_error *err)
{
    struct watch_deriver *d = arena_alloc(arena, sizeof(*d));

    if (d == NULL)
        return arena_check(arena, err);
    *d = (struct watch_deriver){.e = e, .arena = arena, .kind = SLICE("")};
    for (size_t i = 0; i < watch_edit_rows(e, WATCH_PLACES); i++)
        note_place(d, i);
    for (size_t i = 0; i < watch_edit_rows(e, WATCH_STATIONS); i++)
        note_site(d, i);
    count_kinds(d);
    *out = d;
    return arena_check(arena, err);
}

static struct slice derive_country(struct watch_deriver *d, struct slice country)
{
    uint32_t row;

    if (country.len == 2 && text_ascii_run(country) == 2) {
        char *code = arena_string(d->arena, country);

        for (size_t i = 0; code != NULL && i < 2; i++)
            code[i] = code[i] >= 'a' && code[i] <= 'z' ? (char)(code[i] - 'a' + 'A') : code[i];
        return slice_from(code);
    }
    row = id_table_get(&d->countries, SLICE("country"), text_skeleton(country, d->arena));
    return row == ID_NONE ? SLICE("") : watch_edit_cell(d->e, WATCH_PLACES, row, "country");
}

/* ---- sites ----------------------------------------------------------------------------------- */

/* base, or with a number behind it when that is taken. */
static struct slice free_id(struct watch_deriver *d, enum watch_file file, struct slice base)
{
    for (int i = 1; i < TWINS_MAX; i++) {
        struct slice id = i == 1 ? base : arena_printf(d->arena, "%.*s-%d", SLICE_ARG(base), i);

        if (watch_edit_find(d->e, file, id) == SIZE_MAX)
            return id;
    }
    return base;
}

/* "pt-lisbon"; of a city in another script what its row is called, else a word that says nothing.
 */
static struct slice make_id(struct watch_deriver *d, const struct watch_site *s)
{
    struct slice country = watch_slug(s->country, d->arena);
    struct slice words = watch_slug(s->city, d->arena);

    if (words.len == 0)
        words = watch_slug(s->name, d->arena);
    if (words.len == 0)
        words = SLICE("site");
    return country.len == 0
               ? words
               : arena_printf(d->arena, "%.*s-%.*s", SLICE_ARG(country), SLICE_ARG(words));
}

static enum ww_status fill_country(struct watch_deriver *d, struct watch_site *s,
                                   const char **column, struct ww_error *err)
{
    struct slice key = text_skeleton(s->city, d->arena);
    uint32_t row;

    if (s->country.len > 0) {
        struct slice code = derive_country(d, s->country);

        *column = "country";
        if (code.len == 0)
            return ww_fail(
                err, WW_INVALID,
                "no country of places.csv is called \"%.*s\"; write its two letters (PT)",
                SLICE_ARG(slice_head(s->country, 80)));
        s->country = code;
        return WW_OK;
    }
    if (s->city.len == 0)
        return WW_OK; /* found by its aliases alone */
    row = id_table_get(&d->anywhere, SLICE("place"), key);
    *column = "country";
    if (row == ID_NONE || row == SEVERAL)
        return ww_fail(err, WW_INVALID, "which country? %s \"%.*s\"; write its two letters (PT)",
                       row == ID_NONE ? "places.csv has no place" : "there are several places",
                       SLICE_ARG(slice_head(s->city, 80)));
    s->country = watch_edit_cell(d->e, WATCH_PLACES, row, "country");
    return WW_OK;
}

/* The place is a site from now on. */
static enum ww_status use_place(struct watch_deriver *d, struct watch_site *s, uint32_t row,
                                struct ww_error *err)
{
    const struct slice watch = SLICE("watch");
    const struct watch_field fields[] = {
        {SLICE("id"), watch_edit_cell(d->e, WATCH_PLACES, row, "id")},
        {watch,        SLICE("station")                      }
    };
    size_t n_titles;
    const struct slice *titles = watch_edit_titles(d->e, WATCH_PLACES, &n_titles);

    s->site = fields[0].value;
    for (size_t i = 0; i < n_titles; i++)
        if (slice_equal_nocase(slice_trim(titles[i]), watch))
            return watch_edit_put(d->e, WATCH_PLACES, fields, WW_COUNT(fields), err);
    return WW_OK;
}

static enum ww_status make_place(struct watch_deriver *d, struct watch_site *s,
                                 struct ww_error *err)
{
    const struct slice id = free_id(d, WATCH_PLACES, make_id(d, s));
    const struct watch_field fields[] = {
        {SLICE("id"),      id              },
        {SLICE("type"),    SLICE("city")   },
        {SLICE("country"), s->country      },
        {SLICE("name"),    s->city         },
        {SLICE("names"),   s->names        },
        {SLICE("watch"),   SLICE("station")},
    };
    enum ww_status status = watch_edit_put(d->e, WATCH_PLACES, fields, WW_COUNT(fields), err);

    s->site = id;
    s->is_new_place = true;
    if (status == WW_OK)
        note_place(d, watch_edit_rows(d->e, WATCH_PLACES) - 1);
    return status;
}

/* The place of a site, found or made, and how it matches. */
static enum ww_status fill_site(struct watch_deriver *d, struct watch_site *s, struct ww_error *err)
{
    uint32_t row;

    if (s->match_scope.len == 0)
        s->match_scope = s->city.len > 0 ? SLICE("city") : SLICE("none");
    if (s->site.len > 0 || s->city.len == 0)
        return WW_OK;
    row = id_table_get(&d->places, s->country, text_skeleton(s->city, d->arena));
    return row != ID_NONE ? use_place(d, s, row, err) : make_place(d, s, err);
}

enum ww_status watch_derive_site(struct watch_deriver *d, struct watch_site *s, const char **column,
                                 struct ww_error *err)
{
    enum ww_status status = fill_country(d, s, column, err);
    uint32_t known;

    if (status != WW_OK)
        return status;
    *column = "id";
    if (s->id.len == 0 && s->city.len == 0 && s->name.len == 0)
        return ww_fail(err, WW_INVALID, "the row has no id, no city and no name");
    if (s->name.len == 0)
        s->name = s->city.len > 0 ? s->city : s->id;
    known = id_table_get(&d->sites, s->country, site_key(d, s->city, s->name));
    if (s->id.len == 0 && known != ID_NONE)
        s->id = watch_edit_cell(d->e, WATCH_STATIONS, known, "id");
    s->is_known = s->id.len > 0 && watch_edit_find(d->e, WATCH_STATIONS, s->id) != SIZE_MAX;
    if (s->is_known)
        return WW_OK;
    if (s->kind.len == 0)
        s->kind = d->kind;
    status = fill_site(d, s, err);
    if (s->id.len == 0)
        s->id = free_id(d, WATCH_STATIONS, s->site.len > 0 ? s->site : make_id(d, s));
    if (s->site.len == 0)
        s->site = s->id;
    return status;
}

void watch_derive_noted(struct watch_deriver *d)
{
    if (watch_edit_rows(d->e, WATCH_STATIONS) > 0)
        note_site(d, watch_edit_rows(d->e, WATCH_STATIONS) - 1);
}

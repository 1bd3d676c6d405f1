/* config.c - reading a file of settings against their table. */
#include "base/config.h"

#include "base/arena.h"
#include "base/config_table.h"
#include "base/config_values.h"
#include "base/database_name.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/settings_file.h"
#include "base/text.h"
#include "base/zone.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static const char *const sections[] = {"wirewatch", "fetch", "extract", "backfill", "archive",
                                       "match",     "mail",  "report",  "analyst"};

/* ---- values ---------------------------------------------------------------------------------- */

static struct slice absolute(struct slice path, struct slice config_path, struct arena *arena)
{
    struct slice folder = slice_head(config_path, slice_find_last_char(config_path, '/'));

    if (path.len == 0 || path.ptr[0] == '/' || folder.len == config_path.len)
        return arena_copy(arena, path);
    return arena_printf(arena, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(path));
}

static enum ww_status add_range(struct config_ranges *list, struct slice value, struct arena *arena,
                                struct ww_error *err)
{
    /* Grows by copying: the list is short. */
    struct address_range *ranges = arena_array(arena, list->n_ranges + 1, sizeof(*ranges));
    struct slice *words = arena_array(arena, list->n_ranges + 1, sizeof(*words));
    enum ww_status status;

    if (ranges == NULL || words == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_ranges; i++) {
        ranges[i] = list->ranges[i];
        words[i] = list->words[i];
    }
    status = address_parse_range(value, &ranges[list->n_ranges], err);
    if (status != WW_OK)
        return ww_context(err, status, "allow");
    words[list->n_ranges] = arena_copy(arena, value);
    *list = (struct config_ranges){ranges, words, list->n_ranges + 1};
    return arena_check(arena, err);
}

/* A repeated key adds; an empty value begins anew. */
static void add_words(struct slice *all, struct slice value, struct arena *arena)
{
    *all = all->len > 0 && value.len > 0
               ? arena_printf(arena, "%.*s %.*s", SLICE_ARG(*all), SLICE_ARG(value))
               : arena_copy(arena, value);
}

static enum ww_status check_choice(const struct option *o, struct slice value, int64_t *n,
                                   struct ww_error *err)
{
    struct nearest near;

    nearest_init(&near, value);
    for (*n = 0; o->choices[*n] != NULL; ++*n) {
        if (slice_equal(value, slice_from(o->choices[*n])))
            return WW_OK;
        nearest_try(&near, o->choices[*n]);
    }
    return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is not one of its values (%s)%s%s%s", o->key,
                   SLICE_ARG(value), o->help, near.best != NULL ? "; did you mean \"" : "",
                   near.best != NULL ? near.best : "", near.best != NULL ? "\"?" : "");
}

static enum ww_status fail_zone(const struct option *o, struct slice value, struct arena *arena,
                                struct ww_error *err)
{
    const struct slice near = zone_nearest(value, arena);

    if (near.len == 0)
        return ww_fail(err, WW_INVALID, "%s: no time zone \"%.*s\" (Europe/Dublin, UTC)", o->key,
                       SLICE_ARG(value));
    return ww_fail(err, WW_INVALID, "%s: no time zone \"%.*s\"; did you mean \"%.*s\"?", o->key,
                   SLICE_ARG(value), SLICE_ARG(near));
}

/* Put the text of one value where the option lives. */
static enum ww_status set_value(const struct option *o, void *base, struct slice config_path,
                                struct slice value, struct arena *arena, struct ww_error *err)
{
    void *member = (char *)base + o->at;
    int64_t n = 0;

    switch (o->type) {
    case TYPE_TEXT:
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_PATH:
        *(struct slice *)member = absolute(value, config_path, arena);
        break;
    case TYPE_CERTIFICATES:
        *(struct slice *)member = absolute(value, config_path, arena);
        if (value.len > 0)
            return config_check_certificates(*(struct slice *)member, arena, err);
        break;
    case TYPE_HOURS:
    case TYPE_SPANS:
        if (config_check_hours(o->key, o->type == TYPE_SPANS, o->min == 1, value, err) != WW_OK)
            return WW_INVALID;
        add_words(member, value, arena);
        break;
    case TYPE_WORDS:
        add_words(member, value, arena);
        break;
    case TYPE_MAILBOX:
        *(struct slice *)member = config_mailbox(value, arena);
        if (value.len > 0 && !config_is_mailbox(*(struct slice *)member))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is no mailbox (name@host%s)", o->key,
                           SLICE_ARG(value),
                           text_ascii_run(value) < value.len ? ", before the @ in ASCII" : "");
        break;
    case TYPE_DOMAIN:
        if (!idn_is_domain(idn_to_ascii(value, arena)))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is no domain (watch.example.org)", o->key,
                           SLICE_ARG(value));
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_LINK:
        if (value.len > 0 && !config_is_link(value, o->min == 1))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is no %s", o->key, SLICE_ARG(value),
                           o->min == 1 ? "web address (https://host/path)"
                                       : "https address (plain http reaches this machine alone)");
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_RANGES:
        if (value.len > 0)
            return add_range(member, value, arena, err);
        break;
    case TYPE_ZONE:
        if (!zone_is_known(value))
            return fail_zone(o, value, arena, err);
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_DATABASE:
        *(struct slice *)member = database_is_address(value) ? arena_copy(arena, value)
                                                             : absolute(value, config_path, arena);
        break;
    case TYPE_MACHINE:
        if (value.len > 0 && !database_is_machine(value))
            return ww_fail(err, WW_INVALID,
                           "%s: \"%.*s\" is no name of a machine (" MACHINE_RULE ")", o->key,
                           SLICE_ARG(value));
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_CHOICE:
        if (check_choice(o, value, &n, err) != WW_OK)
            return WW_INVALID;
        *(int64_t *)member = n;
        break;
    case TYPE_DURATION:
    case TYPE_BYTES:
    case TYPE_NUMBER:
        if (!(o->type == TYPE_BYTES ? config_bytes(value, &n) : config_duration(value, &n)))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is not a %s", o->key, SLICE_ARG(value),
                           config_type_names[o->type]);
        if (n < o->min || n > o->max)
            return ww_fail(err, WW_INVALID, "%s: %.*s is out of range (%" PRId64 " to %" PRId64 ")",
                           o->key, SLICE_ARG(value), o->min, o->max);
        *(int64_t *)member = n;
        break;
    }
    return arena_check(arena, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    struct config *config;
    struct slice path;
};

static enum ww_status unknown(const char *what, const char *word, const struct nearest *near,
                              struct ww_error *err)
{
    return ww_fail(err, WW_INVALID, "unknown %s \"%s\"%s%s%s", what, word,
                   near->best != NULL ? "; did you mean \"" : "",
                   near->best != NULL ? near->best : "", near->best != NULL ? "\"?" : "");
}

/* "analyst "x"" -> "analyst" and x. */
static struct slice split_section(const char *section, struct slice *name)
{
    struct slice s = slice_from(section);
    size_t space = slice_find_char(s, ' ');

    *name = slice_trim(slice_skip(s, space));
    if (name->len >= 2 && name->ptr[0] == '"' && name->ptr[name->len - 1] == '"')
        *name = slice_sub(*name, 1, name->len - 2);
    return slice_head(s, space);
}

static enum ww_status set_analyst_defaults(struct config_analyst *a, struct reading *r,
                                           struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < config_n_options && status == WW_OK; i++)
        if (strcmp(config_options[i].section, "analyst") == 0)
            status = set_value(&config_options[i], a, r->path,
                               slice_from(config_options[i].fallback), r->arena, err);
    return status;
}

static struct config_analyst *find_analyst(struct reading *r, struct slice name, int line)
{
    struct config *c = r->config;
    struct config_analyst *all;

    for (size_t i = 0; i < c->n_analysts; i++)
        if (slice_equal(c->analysts[i].name, name))
            return &c->analysts[i];
    all = arena_array(r->arena, c->n_analysts + 1, sizeof(*all));
    if (all == NULL)
        return NULL;
    if (c->n_analysts > 0)
        memcpy(all, c->analysts, c->n_analysts * sizeof(*all));
    c->analysts = all;
    all[c->n_analysts] = (struct config_analyst){.name = arena_copy(r->arena, name), .line = line};
    if (set_analyst_defaults(&all[c->n_analysts], r, NULL) != WW_OK)
        return NULL;
    return &all[c->n_analysts++];
}

static bool is_list(const struct option *o)
{
    return o->type == TYPE_WORDS || o->type == TYPE_HOURS || o->type == TYPE_SPANS;
}

/* Which row of its section it is. */
static size_t analyst_row(const struct option *o)
{
    size_t first = 0;

    while (strcmp(config_options[first].section, "analyst") != 0)
        first++;
    return (size_t)(o - config_options) - first;
}

/*
 * Two sections of one name make one analyst; the second may not say otherwise than the first, but
 * add to a list. What is said first takes the default's place.
 */
static enum ww_status mark_given(struct config_analyst *a, const struct option *o, int line,
                                 struct ww_error *err)
{
    const size_t row = analyst_row(o);
    const uint64_t bit = UINT64_C(1) << row;

    assert(row < CONFIG_ANALYST_KEYS);
    if (a->lines[row] == 0)
        a->lines[row] = line;
    if ((a->given & bit) != 0 && !is_list(o))
        return ww_fail(err, WW_INVALID, "analyst \"%.*s\" has %s twice", SLICE_ARG(a->name),
                       o->key);
    if ((a->given & bit) == 0 && is_list(o))
        *(struct slice *)((char *)a + o->at) = (struct slice){"", 0};
    a->given |= bit;
    return WW_OK;
}

static bool known_section(struct slice section, struct nearest *near)
{
    bool known = false;

    nearest_init(near, section);
    for (size_t i = 0; i < WW_COUNT(sections); i++) {
        nearest_try(near, sections[i]);
        known |= slice_equal(section, slice_from(sections[i]));
    }
    return known;
}

static enum ww_status begin_section(void *context, const char *text, int line, struct ww_error *err)
{
    struct reading *r = context;
    struct slice name;
    struct slice section = split_section(text, &name);
    struct nearest near;

    if (!known_section(section, &near))
        return unknown("section", text, &near, err);
    if (!slice_equal(section, SLICE("analyst")))
        return WW_OK;
    if (name.len == 0)
        return ww_fail(err, WW_INVALID, "an analyst wants a name: [analyst \"desk\"]");
    if (!config_is_name(name))
        return ww_fail(
            err, WW_INVALID,
            "the name of an analyst is one line of at most %d bytes without '|' and '\"'",
            CONFIG_NAME_MAX_BYTES);
    if (find_analyst(r, name, line) == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    return WW_OK;
}

static enum ww_status take_pair(void *context, const struct settings_pair *pair, size_t *column,
                                struct ww_error *err)
{
    struct reading *r = context;
    struct slice name;
    struct slice section = split_section(pair->section, &name);
    bool is_analyst = slice_equal(section, SLICE("analyst"));
    const struct option *found = NULL;
    struct nearest near;
    void *base = r->config;
    enum ww_status status = WW_OK;

    WW_UNUSED(column);
    nearest_init(&near, slice_from(pair->key));
    for (size_t i = 0; i < config_n_options; i++) {
        if (!slice_equal(section, slice_from(config_options[i].section)))
            continue;
        nearest_try(&near, config_options[i].key);
        if (strcmp(config_options[i].key, pair->key) == 0)
            found = &config_options[i];
    }
    if (found == NULL &&
        (strcmp(pair->key, "password") == 0 || strcmp(pair->key, "webhook-token") == 0 ||
         strcmp(pair->key, "s3-secret") == 0))
        return ww_fail(err, WW_INVALID,
                       "no %s stands in the settings: use %s-command, %s-file or %s-credential",
                       pair->key, pair->key, pair->key, pair->key);
    if (found == NULL)
        return unknown("key", pair->key, &near, err);
    if (is_analyst)
        base = find_analyst(r, name, pair->line);
    if (base == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (is_analyst)
        status = mark_given(base, found, pair->line, err);
    else if (r->config->lines[found - config_options] == 0)
        r->config->lines[found - config_options] = pair->line;
    if (status != WW_OK)
        return status;
    status = set_value(found, base, r->path, slice_from(pair->value), r->arena, err);
    if (status == WW_OK || !is_analyst)
        return status;
    return ww_context(err, status, "analyst \"%.*s\"", SLICE_ARG(name));
}

enum ww_status config_check_contact(const struct config *c, struct ww_error *err)
{
    if (c->contact.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s: [wirewatch] contact = is missing: servers must be able to reach you",
                       SLICE_ARG(c->path));
    return WW_OK;
}

static enum ww_status set_defaults(struct config *c, struct arena *arena, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < config_n_options && status == WW_OK; i++)
        if (strcmp(config_options[i].section, "analyst") != 0)
            status = set_value(&config_options[i], c, c->path,
                               slice_from(config_options[i].fallback), arena, err);
    return status;
}

enum ww_status config_read(const char *path, struct arena *arena, struct config *out,
                           struct ww_error *err)
{
    struct reading r = {.arena = arena, .config = out, .path = slice_from(path)};
    enum ww_status status;

    *out = (struct config){.path = arena_copy(arena, r.path)};
    status = set_defaults(out, arena, err);
    if (status == WW_OK)
        status = settings_file_read(path, begin_section, take_pair, &r, err);
    return status == WW_OK ? config_check_whole(out, err) : status;
}

int config_analyst_line(const struct config_analyst *a, const char *key)
{
    for (size_t i = 0; i < config_n_options; i++)
        if (strcmp(config_options[i].section, "analyst") == 0 &&
            strcmp(config_options[i].key, key) == 0 &&
            a->lines[analyst_row(&config_options[i])] != 0)
            return a->lines[analyst_row(&config_options[i])];
    return a->line;
}

int config_line(const struct config *c, const char *section, const char *key)
{
    assert(config_n_options <= CONFIG_KEYS);
    for (size_t i = 0; i < config_n_options; i++)
        if (strcmp(config_options[i].section, section) == 0 &&
            strcmp(config_options[i].key, key) == 0)
            return c->lines[i];
    return 0;
}

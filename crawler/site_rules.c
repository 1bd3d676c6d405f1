/* site_rules.c - the pairs of a file, checked and gathered by host. */
#include "crawler/site_rules.h"

#include "base/arena.h"
#include "base/settings_file.h"
#include "base/url.h"
#include "extractors/rules.h"

#include <string.h>

struct reading {
    struct arena *arena;
    struct site_rules *out;
    size_t capacity;
    const struct site_rule *last; /* of the pair before */
    struct rules rules;           /* of it, for what is checked over all its lines */
};

/* The section as url_host writes it; empty when it is no host. */
static struct slice host_of(const char *section, struct arena *arena)
{
    struct slice s = slice_trim(slice_from(section));
    struct slice host;

    if (s.len == 0 || slice_find_char(s, '/') < s.len || slice_find_char(s, ':') < s.len ||
        slice_find_char(s, ' ') < s.len || slice_find_char(s, '*') < s.len || s.ptr[0] == '.')
        return (struct slice){"", 0};
    host = url_host(arena_printf(arena, "http://%.*s/", SLICE_ARG(s)), arena);
    return slice_find_char(host, '.') < host.len ? host : (struct slice){"", 0};
}

static enum ww_status open_site(struct reading *r, const struct settings_pair *pair,
                                struct slice host, struct ww_error *err)
{
    struct site_rules *out = r->out;
    struct site_rule *grown;

    if (r->last != NULL && slice_equal(r->last->host, host))
        return WW_OK;
    for (size_t i = 0; i < out->n_sites; i++)
        if (slice_equal(out->sites[i].host, host))
            return ww_fail(err, WW_INVALID, "[%s] stands here for a second time: put it together",
                           pair->section);
    grown = arena_grow(r->arena, out->sites, out->n_sites, &r->capacity, sizeof(*grown));
    if (grown == NULL)
        return arena_check(r->arena, err);
    out->sites = grown;
    grown[out->n_sites++] = (struct site_rule){.host = host, .text = SLICE("")};
    r->rules = (struct rules){0};
    return WW_OK;
}

/* "  remove = .x": to INI more of the value before, to whoever wrote it a rule. */
static bool looks_like_rule(const char *value)
{
    const struct slice s = slice_from(value);
    const struct slice word = slice_trim(slice_head(s, slice_find_char(s, '=')));

    for (enum rule_key key = 0; key < RULE_KEY_COUNT; key++)
        if (word.len < s.len && slice_equal(word, slice_from(rule_keys[key])))
            return true;
    return false;
}

static enum ww_status take_pair(void *context, const struct settings_pair *pair, size_t *column,
                                struct ww_error *err)
{
    struct reading *r = context;
    struct slice host = host_of(pair->section, r->arena);
    struct site_rule *site;
    enum ww_status status;

    if (pair->section[0] == '\0')
        return ww_fail(err, WW_INVALID, "a rule wants a site before it: [example.org]");
    if (host.len == 0)
        return ww_fail(err, WW_INVALID, "[%s] is no host; write [example.org]", pair->section);
    status = open_site(r, pair, host, err);
    if (status != WW_OK)
        return status;
    r->last = site = &r->out->sites[r->out->n_sites - 1];
    if (looks_like_rule(pair->value))
        return ww_fail(err, WW_INVALID,
                       "a line that begins with blanks goes on with the one before");
    status =
        rules_add(&r->rules, slice_from(pair->key), slice_from(pair->value), r->arena, column, err);
    if (*column > 0)
        *column += pair->column - 1;
    if (status != WW_OK)
        return status;
    site->has_body = site->has_body || r->rules.by_key[RULE_BODY].n > 0;
    site->text =
        arena_printf(r->arena, "%.*s%s = %s\n", SLICE_ARG(site->text), pair->key, pair->value);
    if (site->text.len > RULES_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "[%s] has more than %d bytes", pair->section,
                       RULES_MAX_BYTES);
    return arena_check(r->arena, err);
}

enum ww_status site_rules_read(const char *path, struct arena *arena, struct site_rules *out,
                               struct ww_error *err)
{
    struct reading r = {.arena = arena, .out = out};

    *out = (struct site_rules){0};
    return settings_file_read(path, NULL, take_pair, &r, err);
}

const struct site_rule *site_rules_find(const struct site_rules *r, struct slice url,
                                        struct arena *arena)
{
    const struct site_rule *best = NULL;
    struct slice host;

    if (r == NULL || r->n_sites == 0)
        return NULL;
    host = url_host(url, arena);
    for (size_t i = 0; i < r->n_sites; i++) {
        const struct slice site = r->sites[i].host;

        if (slice_ends(host, site) &&
            (host.len == site.len || host.ptr[host.len - site.len - 1] == '.') &&
            (best == NULL || site.len > best->host.len))
            best = &r->sites[i];
    }
    return best;
}

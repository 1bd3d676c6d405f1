/* config_shown.c - settings as they could be written in a file: for `config` and the manual. */
#include "base/config_table.h"
#include "base/database_name.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <inttypes.h>

bool config_option(size_t i, struct config_option *out)
{
    if (i >= config_n_options)
        return false;
    *out = (struct config_option){.section = config_options[i].section,
                                  .key = config_options[i].key,
                                  .type = config_type_names[config_options[i].type],
                                  .fallback = config_options[i].fallback,
                                  .help = config_options[i].help};
    return true;
}

/* The largest unit that leaves no rest. */
static struct slice with_unit(int64_t n, const int64_t *factors, const char *units, size_t n_units,
                              struct arena *arena)
{
    size_t i = n_units - 1;

    while (i > 0 && (n == 0 || n % factors[i] != 0))
        i--;
    return arena_printf(arena, "%" PRId64 "%.1s", n / factors[i], units + i);
}

static struct slice duration_text(int64_t seconds, struct arena *arena)
{
    static const int64_t factors[] = {1, 60, 3600, 86400};

    return with_unit(seconds, factors, "smhd", WW_COUNT(factors), arena);
}

static struct slice bytes_text(int64_t n, struct arena *arena)
{
    static const int64_t factors[] = {1, 1024, 1024 * 1024, 1024 * 1024 * 1024};

    return with_unit(n, factors, "BkMG", WW_COUNT(factors), arena);
}

static struct slice value_of(const struct option *o, const void *base, struct arena *arena)
{
    const void *member = (const char *)base + o->at;
    const struct config_ranges *list = member;
    struct slice joined = {"", 0};

    switch (o->type) {
    case TYPE_TEXT:
    case TYPE_ZONE:
    case TYPE_PATH:
    case TYPE_CERTIFICATES:
    case TYPE_WORDS:
    case TYPE_HOURS:
    case TYPE_SPANS:
    case TYPE_MAILBOX:
    case TYPE_DOMAIN:
    case TYPE_LINK:
    case TYPE_MACHINE:
        return *(const struct slice *)member;
    case TYPE_DATABASE:
        return slice_from(database_shown(*(const struct slice *)member, arena));
    case TYPE_CHOICE:
        return slice_from(o->choices[*(const int64_t *)member]);
    case TYPE_DURATION:
        return duration_text(*(const int64_t *)member, arena);
    case TYPE_BYTES:
        return bytes_text(*(const int64_t *)member, arena);
    case TYPE_NUMBER:
        return arena_printf(arena, "%" PRId64, *(const int64_t *)member);
    case TYPE_RANGES:
        for (size_t k = 0; k < list->n_ranges; k++)
            joined = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(joined), k > 0 ? ", " : "",
                                  SLICE_ARG(list->words[k]));
        return joined;
    }
    return joined;
}

struct slice config_value(const struct config *c, size_t i, struct arena *arena)
{
    return value_of(&config_options[i], c, arena);
}

struct slice config_analyst_value(const struct config_analyst *a, size_t i, struct arena *arena)
{
    return value_of(&config_options[i], a, arena);
}

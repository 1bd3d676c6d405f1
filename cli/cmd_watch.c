/* cmd_watch.c - wirewatch watch list: what is looked for. */
#include "alerts/watchlist.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/watch_words.h"

#include <string.h>
#include <sysexits.h>

static int64_t count_names(const struct watchlist *w, size_t item)
{
    int64_t n = 0;

    for (size_t i = 0; i < w->n_names; i++) {
        const struct watch_name *name = &w->names[i];

        if (name->class == WATCH_TERM)
            continue;
        if (name->class == WATCH_PLACE || name->class == WATCH_DEMONYM)
            n += w->places[name->owner].item == item ||
                 (w->places[name->owner].is_country && w->places[name->owner].country_item == item);
        else
            n += name->owner == item;
    }
    for (size_t i = 0; i < w->n_rules; i++)
        if (w->rules[i].item == item)
            n += (int64_t)w->rules[i].query->n_words;
    return n;
}

static bool has_tag(struct slice tags, struct slice tag)
{
    struct slice piece;

    while (tags.len > 0 && slice_next(&tags, ' ', &piece))
        if (slice_equal_nocase(piece, tag))
            return true;
    return false;
}

/* An option that was not given wants all; "none" those without. */
static bool is_option(const char *option, struct slice value)
{
    if (option == NULL)
        return true;
    return value.len == 0 ? strcmp(option, "none") == 0
                          : slice_equal_nocase(value, slice_from(option));
}

static bool is_wanted(const struct cli *cli, const struct watch_item *item)
{
    const char *tag = cli->values[OPTION_TAG];

    return is_option(cli->values[OPTION_COUNTRY], item->country) &&
           is_option(cli->values[OPTION_KIND], item->kind) &&
           is_option(cli->values[OPTION_OWNER], item->owner) &&
           (tag == NULL || has_tag(item->tags, slice_from(tag)));
}

int command_watch_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",       0            },
        {"kind",     0            },
        {"country",  0            },
        {"names",    COLUMN_RIGHT },
        {"severity", COLUMN_HIDDEN},
        {"tags",     COLUMN_HIDDEN},
        {"owner",    COLUMN_HIDDEN},
        {"name",     COLUMN_WIDE  }
    };
    static const enum option_id words[] = {OPTION_TAG, OPTION_OWNER, OPTION_KIND};
    struct watchlist w;
    struct ww_error err = {0};
    const char *folder = watch_folder_named(cli);
    enum ww_status status = watchlist_read(folder, &cli->arena, &w, &err);
    size_t limit = cli->limit > 0 ? (size_t)cli->limit : SIZE_MAX;
    size_t n = 0;
    struct output *o;

    for (size_t i = 0; i < WW_COUNT(words) && status == WW_OK; i++)
        status = watch_know_word(cli, &w, words[i], &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < w.n_items; i++) {
        const struct watch_item *item = &w.items[i];

        if (!is_wanted(cli, item))
            continue;
        if (n++ < (size_t)cli->offset || n - (size_t)cli->offset > limit)
            continue;
        output_text(o, item->id);
        output_text(o, item->kind);
        output_text(o, item->country);
        output_number(o, count_names(&w, i));
        output_text(o, item->severity);
        output_text(o, item->tags);
        output_text(o, item->owner);
        output_text(o, item->name);
        output_end_row(o);
    }
    (void)output_close(o);
    if (cli->format == FORMAT_HUMAN)
        cli_say(cli, "%s: %zu items, %zu names, %zu terms, %zu places, version %.12s", folder,
                w.n_items, w.n_names, w.n_terms, w.n_places, w.version);
    return EX_OK;
}

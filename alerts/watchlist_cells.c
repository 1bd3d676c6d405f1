/* watchlist_cells.c - tags of languages before names, tags of items, comments. */
#include "alerts/watchlist_cells.h"

#include "alerts/watchlist.h"
#include "base/arena.h"

#include <string.h>

/* A spelling that belongs to no language in particular, though it is written like one. */
static bool is_spelling_tag(struct slice language)
{
    return slice_equal(language, SLICE("pinyin")) || slice_equal(language, SLICE("old"));
}

/* "zh-Hans:name" to its two halves; a colon in a name without a language stays in it. */
struct slice watch_take_language(struct slice *s)
{
    size_t colon = slice_find_char(*s, ':');
    struct slice language = slice_head(*s, colon);

    if (colon == s->len || colon < 2 || colon > 8)
        return (struct slice){"", 0};
    for (size_t i = 0; i < colon; i++) {
        char c = s->ptr[i];

        if (!(c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return (struct slice){"", 0};
    }
    *s = slice_trim(slice_skip(*s, colon + 1));
    return is_spelling_tag(language) ? SLICE("") : language;
}

/* Words with one blank between, whatever a person put there. */
struct slice watch_clean_tags(struct slice tags, struct arena *arena)
{
    char *out;
    size_t n = 0;

    if (tags.len == 0)
        return tags;
    out = arena_string(arena, tags);
    for (size_t i = 0; out != NULL && i < tags.len; i++) {
        const bool is_between = strchr(" ,;|\t\n\r", tags.ptr[i]) != NULL;

        if (!is_between)
            out[n++] = tags.ptr[i];
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    return slice_trim(slice_of(out, out != NULL ? n : 0));
}

bool watch_is_comment(const struct csv_row *row)
{
    if (!slice_starts(csv_cell(row, 0), SLICE("#")))
        return false;
    for (size_t i = 1; i < row->n_cells; i++)
        if (csv_cell(row, i).len > 0)
            return false;
    return true;
}

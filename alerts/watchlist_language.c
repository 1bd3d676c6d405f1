/* watchlist_language.c - which tags of languages mean the same readers. */
#include "alerts/watchlist.h"

static struct slice first_subtag(struct slice tag)
{
    struct slice first = slice_head(tag, slice_find_char(tag, '-'));

    return slice_head(first, slice_find_char(first, '_'));
}

static bool is_south_slavic(struct slice tag)
{
    return slice_equal_nocase(tag, SLICE("sr")) || slice_equal_nocase(tag, SLICE("hr")) ||
           slice_equal_nocase(tag, SLICE("bs")) || slice_equal_nocase(tag, SLICE("sh"));
}

bool watch_same_language(struct slice a, struct slice b)
{
    a = first_subtag(a);
    b = first_subtag(b);
    return slice_equal_nocase(a, b) || (is_south_slavic(a) && is_south_slavic(b));
}

bool watch_knows_language(const struct watchlist *w, struct slice language)
{
    for (size_t i = 0; i < w->n_languages; i++)
        if (watch_same_language(w->languages[i], language))
            return true;
    return false;
}

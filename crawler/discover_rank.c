/* discover_rank.c - of the feeds that were found, which one to take and why. */
#include "crawler/discover.h"

#include "base/attrs.h"

#include <string.h>

/* A feed whose newest entry is this much older than another's has been left behind. */
#define LEFT_BEHIND_S ((int64_t)60 * 86400)

struct judged {
    const struct found_feeds *found;
    int64_t newest_at; /* of all that have articles */
};

typedef int mark_function(const struct judged *j, const struct found_feed *f);

static int mark_read(const struct judged *j, const struct found_feed *f)
{
    WW_UNUSED(j);
    return f->status == WW_OK;
}

static int mark_articles(const struct judged *j, const struct found_feed *f)
{
    WW_UNUSED(j);
    return !f->is_comments;
}

static int mark_filled(const struct judged *j, const struct found_feed *f)
{
    WW_UNUSED(j);
    return f->n_entries > 0;
}

static int mark_feed(const struct judged *j, const struct found_feed *f)
{
    WW_UNUSED(j);
    return f->format == NULL || strncmp(f->format, "sitemap", 7) != 0;
}

/* "zh-Hant" and "zh" are one language here; one that is not said may be it. */
static int mark_language(const struct judged *j, const struct found_feed *f)
{
    struct slice page = j->found->language, feed = f->language;

    if (page.len == 0 || feed.len == 0)
        return 1;
    page = slice_head(page, slice_find_char(page, '-'));
    feed = slice_head(feed, slice_find_char(feed, '-'));
    return slice_equal_nocase(page, feed) ? 2 : 0;
}

static int mark_alive(const struct judged *j, const struct found_feed *f)
{
    return f->newest_at == 0 || f->newest_at > j->newest_at - LEFT_BEHIND_S;
}

static int mark_full_text(const struct judged *j, const struct found_feed *f)
{
    WW_UNUSED(j);
    return f->n_full_text * 2 > f->n_entries;
}

/* What counts most stands first; why is said of the best when this is what sets it off. */
static const struct {
    mark_function *mark;
    const char *why;
} criteria[] = {
    {mark_read,      "it can be read"        },
    {mark_articles,  "articles, not comments"},
    {mark_filled,    "it has entries"        },
    {mark_feed,      "a feed, not a sitemap" },
    {mark_language,  "in the page's language"},
    {mark_alive,     "still written"         },
    {mark_full_text, "with the full text"    },
};

/* Above 0: a is better; *by tells by what. */
static int compare(const struct judged *j, const struct found_feed *a, const struct found_feed *b,
                   size_t *by)
{
    for (size_t i = 0; i < WW_COUNT(criteria); i++) {
        int difference = criteria[i].mark(j, a) - criteria[i].mark(j, b);

        *by = i;
        if (difference != 0)
            return difference;
    }
    return 0;
}

void discover_rank(struct found_feeds *found)
{
    struct judged j = {.found = found};
    size_t by, last = 0;

    found->best = 0;
    found->n_alike = 0;
    found->why = "";
    for (size_t i = 0; i < found->n_rows; i++)
        if (!found->rows[i].is_comments && found->rows[i].newest_at > j.newest_at)
            j.newest_at = found->rows[i].newest_at;
    for (size_t i = 1; i < found->n_rows; i++)
        if (compare(&j, &found->rows[i], &found->rows[found->best], &by) > 0)
            found->best = i;
    /* The closest of the others tells what it was. */
    for (size_t i = 0; i < found->n_rows; i++) {
        if (compare(&j, &found->rows[found->best], &found->rows[i], &by) == 0) {
            found->n_alike++;
        } else if (by >= last) {
            last = by;
            found->why = criteria[by].why;
        }
    }
}

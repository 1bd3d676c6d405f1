/* check_coverage.c - wirewatch check: which countries and languages no feed reaches. */
#include "alerts/watchlist.h"
#include "base/date.h"
#include "cli/check.h"
#include "cli/feed_words.h"
#include "storage/store_troubles.h"

#include <inttypes.h>

/* Codes in a note; the rest is counted. */
#define CODES_SHOWN 12

static const struct coverage_row *find(const struct coverage_list *list, struct slice code)
{
    for (size_t i = 0; i < list->n_rows; i++)
        if (list->rows[i].code.len > 0 && slice_equal_nocase(list->rows[i].code, code))
            return &list->rows[i];
    return NULL;
}

/* Those whose feeds are all in trouble: one line each. *n_unsaid: feeds that say none. */
static size_t check_gaps(struct checking *c, const struct coverage_list *list, const char *prefix,
                         const char *option, int64_t *n_unsaid)
{
    const int64_t now = clock_now(&c->cli->clock);
    size_t n_gaps = 0;

    *n_unsaid = 0;
    for (size_t i = 0; i < list->n_rows; i++) {
        const struct coverage_row *row = &list->rows[i];
        struct slice span = feed_words_span(now - row->last_ok_at, &c->cli->arena);

        *n_unsaid += row->code.len == 0 ? row->n_feeds : 0;
        if (!coverage_is_gap(row))
            continue;
        n_gaps++;
        if (row->last_ok_at == 0)
            check_say(c, CHECK_WARN, "coverage",
                      "no feed %s%.*s was ever read; wirewatch feed list %s %.*s", prefix,
                      SLICE_ARG(row->code), option, SLICE_ARG(row->code));
        else
            check_say(c, CHECK_WARN, "coverage",
                      "no healthy feed %s%.*s for %.*s; wirewatch feed list %s %.*s", prefix,
                      SLICE_ARG(row->code), SLICE_ARG(span), option, SLICE_ARG(row->code));
    }
    return n_gaps;
}

struct codes {
    struct slice shown;
    size_t n;
};

static void add_code(struct codes *codes, struct slice code, struct arena *arena)
{
    if (codes->n++ < CODES_SHOWN)
        codes->shown = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(codes->shown),
                                    codes->shown.len > 0 ? " " : "", SLICE_ARG(code));
}

/* Countries of what is watched that no feed is of; each once, in the order of the list. */
static struct codes unwatched_countries(const struct watchlist *w, const struct coverage_list *list,
                                        size_t *n_all, struct arena *arena)
{
    struct codes codes = {.n = 0};

    *n_all = 0;
    for (size_t i = 0; i < w->n_items; i++) {
        const struct slice country = w->items[i].country;
        bool is_known = country.len != 2;

        for (size_t k = 0; k < i && !is_known; k++)
            is_known = slice_equal_nocase(w->items[k].country, country);
        if (is_known)
            continue;
        ++*n_all;
        if (find(list, country) == NULL)
            add_code(&codes, country, arena);
    }
    return codes;
}

static struct codes unread_languages(const struct watchlist *w, const struct coverage_list *list,
                                     struct arena *arena)
{
    struct codes codes = {.n = 0};

    for (size_t i = 0; i < w->n_languages; i++) {
        bool is_read = false;

        for (size_t k = 0; k < list->n_rows && !is_read; k++)
            is_read = list->rows[k].code.len > 0 &&
                      watch_same_language(w->languages[i], list->rows[k].code);
        if (!is_read)
            add_code(&codes, w->languages[i], arena);
    }
    return codes;
}

static void note(struct checking *c, const struct codes *codes, size_t n_all, const char *what,
                 const char *but)
{
    if (codes->n > 0)
        check_say(c, CHECK_NOTE, "coverage", "%zu of %zu %s no feed%s: %.*s%s", codes->n, n_all,
                  what, but, SLICE_ARG(codes->shown), codes->n > CODES_SHOWN ? " ..." : "");
}

static void note_unsaid(struct checking *c, int64_t n, const char *what)
{
    if (n > 0)
        check_say(c, CHECK_NOTE, "coverage",
                  "%" PRId64 " feed%s no %s: "
                  "wirewatch feed list --%s none, feed set ID --%s",
                  n, n == 1 ? " has" : "s have", what, what, what);
}

void check_coverage(struct checking *c, const struct watchlist *w)
{
    struct arena *arena = &c->cli->arena;
    struct coverage_list countries, languages;
    struct ww_error err = {0};
    int64_t n_no_country, n_no_language;
    size_t n_gaps, n_all = 0;
    struct codes codes;

    if (store_list_coverage(c->cli->store, COVERAGE_COUNTRY, arena, &countries, &err) != WW_OK ||
        store_list_coverage(c->cli->store, COVERAGE_LANGUAGE, arena, &languages, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "coverage", "%s", err.message);
        return;
    }
    if (countries.n_rows == 0)
        return; /* no feeds, which is said */
    n_gaps = check_gaps(c, &countries, "from ", "--country", &n_no_country);
    n_gaps += check_gaps(c, &languages, "in ", "--language", &n_no_language);
    if (n_gaps == 0)
        check_say(c, CHECK_OK, "coverage",
                  "each country and language that feeds name has a healthy feed");
    codes = unwatched_countries(w, &countries, &n_all, arena);
    note(c, &codes, n_all, "countries of the watchlist have", "");
    codes = unread_languages(w, &languages, arena);
    note(c, &codes, w->n_languages, "languages of its names have", "");
    note_unsaid(c, n_no_country, "country");
    note_unsaid(c, n_no_language, "language");
}

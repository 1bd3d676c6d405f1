/* watchlist_linter.h - what the parts of the linter share. */
#ifndef WW_ALERTS_WATCHLIST_LINTER_H
#define WW_ALERTS_WATCHLIST_LINTER_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct matcher;

struct linter {
    const struct watchlist *w;
    struct arena *arena;
    struct watch_findings *findings;
    struct matcher *matcher;
};

void lint_say(struct linter *l, enum finding_level level, struct watch_cell cell,
              struct slice text);

/* By file, row and column, and what is said twice of a cell said once. */
void lint_sort(struct watch_findings *f);

/* Names whose meaning is one place or item; terms and demonyms may say the same. */
bool lint_is_name(const struct watch_name *n);
bool lint_is_place(const struct watch_name *n);

/* Names, each and in pairs; each pass is n log n or better. */
enum ww_status lint_names(struct linter *l, struct ww_error *err);

#endif

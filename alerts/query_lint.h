/* query_lint.h - rules that can be read and are still not what their writer wants. */
#ifndef WW_ALERTS_QUERY_LINT_H
#define WW_ALERTS_QUERY_LINT_H

#include "alerts/watchlist.h"

/*
 * A rule that can never be true, a word that every article has, a severity that is none, a query
 * that stands there twice; as a note, AND beside OR without brackets.
 */
enum ww_status query_lint(const struct watchlist *w, struct arena *arena,
                          struct watch_findings *findings, struct ww_error *err);

#endif

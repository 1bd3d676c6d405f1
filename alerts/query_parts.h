/* query_parts.h - a rule taken apart: which of the things that it asks for does an article have? */
#ifndef WW_ALERTS_QUERY_PARTS_H
#define WW_ALERTS_QUERY_PARTS_H

#include "alerts/mentions.h"

/* One operand of the AND that the rule is, or all of it. */
struct query_part {
    struct slice text; /* as it stands in the query, without its NOT */
    bool is_there;
    bool is_refused; /* under a NOT */
};

/* Parts that are true of an article without any of their words are left out: they ask for none. */
enum ww_status query_parts(const struct watchlist *w, const struct watch_rule *rule,
                           const struct mention_article *article, struct arena *arena,
                           struct query_part **out, size_t *n_parts, struct ww_error *err);

#endif

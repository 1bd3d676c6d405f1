/*
 * article_rows.h - the members of articles and mentions, for those who read them inside other rows:
 * storage/store_articles.c, store_alerts.c, store_marks.c, store_revisions.c and
 * store_search.c alone.
 */
#ifndef WW_STORAGE_ARTICLE_ROWS_H
#define WW_STORAGE_ARTICLE_ROWS_H

#include "storage/rows.h"

#define ARTICLE_MEMBERS_COUNT 39
extern const struct member article_members[ARTICLE_MEMBERS_COUNT];

/* By enum mention_field and enum alert_verdict; NULL at the end. In store_alerts.c. */
extern const char *const mention_field_names[];
extern const char *const alert_verdict_names[];
/* By enum stance; of store_alerts.c. */
extern const char *const stance_names[];

#endif

/* queries.c - the texts behind the names. */
#include "storage/queries.h"

#include <stddef.h>

struct query_row {
    const char *name, *text;
};

static const struct query_row rows[QUERY_COUNT] = {
#define QUERY(name, text) {#name, text},
#include "storage/queries_alerts.h"
#include "storage/queries_claims.h"
#include "storage/queries_crawl.h"
#include "storage/queries_marks.h"
#include "storage/queries_news.h"
#include "storage/queries_report.h"
#undef QUERY
};

const char *query_name(enum query query)
{
    return rows[query].name;
}

const char *query_text(enum query query)
{
    return rows[query].text;
}

/* queries.c - the texts behind the names. */
#include "storage/queries.h"

#include "storage/schema_postgres_search.h"

#include <stddef.h>

struct query_row {
    const char *name, *text;
    const char *postgres; /* NULL: the same */
};

static const struct query_row rows[QUERY_COUNT] = {
#define QUERY(name, text) {#name, text, NULL},
#define QUERY2(name, text, postgres) {#name, text, postgres},
#include "storage/queries_alerts.h"
#include "storage/queries_archive.h"
#include "storage/queries_claims.h"
#include "storage/queries_crawl.h"
#include "storage/queries_history.h"
#include "storage/queries_leases.h"
#include "storage/queries_marks.h"
#include "storage/queries_news.h"
#include "storage/queries_report.h"
#undef QUERY
#undef QUERY2
};

const char *query_name(enum query query)
{
    return rows[query].name;
}

const char *query_text(enum query query, enum dialect dialect)
{
    const struct query_row *row = &rows[query];

    return dialect == DIALECT_POSTGRES && row->postgres != NULL ? row->postgres : row->text;
}

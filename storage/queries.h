/*
 * queries.h - every SQL statement of the store, by name.
 *
 * The lists are in nine files, one QUERY(name, text) a statement; this file makes the names, and
 * queries.c the texts. Statements are fixed texts: values come in through $1 ... $n alone, and an
 * optional condition is switched off by its own value ('' or 0). Where a table's rows are written
 * whole, $i is the i-th column of its member table (in store_*.c), and so it is in its SELECT.
 *
 * One text does for every engine. Where an engine forces a second one, it is QUERY2(name, text,
 * postgres), and a comment says why.
 */
#ifndef WW_STORAGE_QUERIES_H
#define WW_STORAGE_QUERIES_H

enum query {
#define QUERY(name, text) QUERY_##name,
#define QUERY2(name, text, postgres) QUERY_##name,
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
    QUERY_COUNT
};

/* Whose words a text is in, where one text does not do for all. */
enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES };

const char *query_name(enum query query);
const char *query_text(enum query query, enum dialect dialect);

#endif

/*
 * wacz.h - WACZ files (web archive collection zipped, 1.1.1): the WARC files within.
 *
 * A zip file with a datapackage.json, whose archive/ folder has any number of WARC files, stored or
 * deflated. They are read as streams, never held whole. Indexes and lists of pages are not looked
 * at: they say nothing that the records do not, and may be wrong.
 */
#ifndef WW_CRAWLER_HISTORY_WACZ_H
#define WW_CRAWLER_HISTORY_WACZ_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct backfill;

/* Do the first bytes of a file say that it is a zip file? */
bool wacz_is_zip(struct slice head);

/*
 * Offer the documents of all its WARC files, each of which is a file of the backfill:
 * "PATH#archive/data.warc.gz". *is_whole is false when it was stopped. A zip file that is broken,
 * or no WACZ, is counted.
 */
enum ww_status wacz_documents(struct backfill *b, const char *path, bool *is_whole,
                              struct ww_error *err);

#endif

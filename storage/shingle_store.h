/*
 * shingle_store.h - the duplicate index kept in the store: in the transaction that is open.
 *
 * Runs are rows, blocks and filters are rows by number, the tail is a row an article. What their
 * bytes mean is the index's business. A row of bytes is written once and dropped once.
 */
#ifndef WW_STORAGE_SHINGLE_STORE_H
#define WW_STORAGE_SHINGLE_STORE_H

#include "storage/shingle_index.h"

struct store;

struct shingle_io shingle_store_io(struct store *store);

#endif

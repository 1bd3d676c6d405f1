/* shingle_store.h - the duplicate index kept in the store: in the transaction that is open. */
#ifndef WW_STORAGE_SHINGLE_STORE_H
#define WW_STORAGE_SHINGLE_STORE_H

#include "storage/shingle_index.h"

struct store;

struct shingle_io shingle_store_io(struct store *store);

#endif

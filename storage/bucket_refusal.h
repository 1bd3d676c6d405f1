/*
 * bucket_refusal.h - what an S3-compatible store means by a refusal, and what to do about it.
 *
 * Pure. Follows the error codes of the Amazon S3 API, and what MinIO and Ceph say beside them.
 */
#ifndef WW_STORAGE_BUCKET_REFUSAL_H
#define WW_STORAGE_BUCKET_REFUSAL_H

#include "base/error.h"
#include "base/slice.h"

struct bucket_refusal {
    enum ww_status status; /* as storage/bucket.h has them */
    struct slice word;     /* the server's <Code>, in letters and digits alone; empty: none */
    const char *advice;
};

/* http_status: 300 or above. body: as it came, of anybody; word borrows from it. */
void bucket_refused(long http_status, struct slice body, struct bucket_refusal *out);

#endif

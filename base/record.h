/*
 * record.h - flat little-endian messages: what travels between a worker and its parent.
 *
 * A record is a sequence of values without names; writer and reader agree on the order. Integers
 * are 8 bytes, text is a length and its bytes. The reader treats the message as hostile: every
 * length is checked against what is left, and text is checked to be UTF-8 (record_text) unless it
 * is asked for as bytes. After the first fault every read gives zero and record_failed() says so,
 * so that a reader checks once, at the end.
 */
#ifndef WW_BASE_RECORD_H
#define WW_BASE_RECORD_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;

void record_put_number(struct buf *b, int64_t n);
void record_put_text(struct buf *b, struct slice s);

struct record {
    struct slice rest;
    bool failed;
};

struct record record_open(struct slice message);
int64_t record_number(struct record *r);
/* A number from min to max; anything else fails the record and gives min. */
int64_t record_number_in(struct record *r, int64_t min, int64_t max);
/* How many elements follow, at most max and never more than the bytes left could hold. */
size_t record_count(struct record *r, size_t max);
struct slice record_text(struct record *r);
struct slice record_bytes(struct record *r);
/* True when a read failed or bytes are left over. */
bool record_failed(const struct record *r);

#endif

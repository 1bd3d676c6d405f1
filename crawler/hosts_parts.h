/*
 * hosts_parts.h - what the files of crawler/hosts.h share.
 */
#ifndef WW_CRAWLER_HOSTS_PARTS_H
#define WW_CRAWLER_HOSTS_PARTS_H

#include "base/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "crawler/hosts.h"

#define TABLE_SIZE 4096 /* a power of two; chains grow beyond it */

struct host_address {
    char text[ADDRESS_TEXT_BYTES];
    size_t n_out;              /* hosts that are asked there now */
    int64_t first_start_ms;    /* 0: none in this run */
    int64_t next_turn_ms;      /* of whoever has none yet */
    struct host *first, *last; /* that wait for one to come back */
    struct host_address *next_in_table;
};

struct hosts {
    struct store *store;
    const struct clock *clock;
    int64_t delay_ms;
    uint64_t seed;
    int64_t opened_ms;
    struct arena arena;
    struct host *table[TABLE_SIZE];
    struct host_address *addresses[TABLE_SIZE];
    struct host **known; /* in order of appearance */
    size_t n_known, known_capacity;
    struct host **heap; /* with jobs and not busy: the earliest next_start_ms first */
    size_t n_heap, heap_capacity;
    size_t n_away; /* of them: another machine's */
    bool is_shared;
};

/* A host that is met for the first time: its row, and the moment of its first start. */
enum ww_status hosts_load(struct hosts *h, struct host *host, struct slice name,
                          struct ww_error *err);
/* Is it another machine's? */
void hosts_mark_away(struct hosts *h, struct host *host, bool is_away);

#endif

/* raw_connection.h - what raw.c (connections) and raw_faults.c (what they say) share. */
#ifndef WW_TESTS_SUPPORT_RAW_CONNECTION_H
#define WW_TESTS_SUPPORT_RAW_CONNECTION_H

#include "tests/support/raw.h"

#include <pthread.h>
#include <stdint.h>

struct raw_server {
    int listener;
    unsigned port;
    char origin[64];
    unsigned max_connections;
    unsigned max_ms;
    const char *type;
    char *body;
    size_t body_len;
    pthread_t acceptor;
    bool has_acceptor;

    pthread_mutex_t lock; /* what follows */
    bool is_closing;
    pthread_t *threads;
    size_t n_threads;
};

struct connection {
    struct raw_server *server;
    int fd;
    int64_t until_ms;
    size_t sent_bytes;
    bool is_over; /* peer gone, time up or the server closing: send nothing more */
};

/* Longest wait without a look at the clock and the end. */
#define RAW_STEP_MS 20

int64_t raw_now_ms(void);
/* False once the peer is gone, the time is up or the server closes. */
bool raw_may_go_on(struct connection *c);

/*
 * What takes a second to pack is packed before the first request: a client's time limit is for the
 * answer. False when memory is out.
 */
bool raw_make_bombs(void);

/* Say what is wrong at this path; the connection is closed afterwards. */
void raw_act(struct connection *c, struct slice path);

#endif

/*
 * store_locks.c - the locks of runs, backfills and pass 2: files beside the database, or leases in
 * it where several machines share one.
 */
#include "storage/store_locks.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "storage/locks.h"
#include "storage/rows.h"
#include "storage/store_leases.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* From one try to the next, and how long an answer to "is it held?" does. */
#define RETRY_MS 100
#define SEEN_MS 250
#define NAME_BYTES 96
/* A UUID and a line end. */
#define BOOT_ID_MAX_BYTES 64

static const struct {
    const char *name;
    const char *what;
    bool is_machines; /* each has one */
} kinds[] = {
    [LOCK_RUN] = {"run",      "another run",      true },
    [LOCK_BACKFILL] = {"backfill", "another backfill", true },
    [LOCK_ALERTS] = {"alerts",   "another pass 2",   false},
};

static bool has_leases(struct store *s)
{
    return store_driver(s)->is_shared || store_held(s)->wants_leases;
}

static const char *holder_words(const struct store *s, int64_t now, char out[LOCK_HOLDER_BYTES])
{
    const char *machine = store_machine(s);
    char since[DATE_TEXT_BYTES];

    (void)snprintf(out, LOCK_HOLDER_BYTES, "pid %ld%s%s, active since %s", (long)getpid(),
                   machine[0] != '\0' ? " of " : "", machine, date_format(now, since));
    return out;
}

static struct slice lease_name(const struct store *s, enum lock_kind kind, char out[NAME_BYTES])
{
    const bool is_machines = kinds[kind].is_machines;
    const int n = snprintf(out, NAME_BYTES, "%s%s%s", kinds[kind].name, is_machines ? "/" : "",
                           is_machines ? store_machine(s) : "");

    return slice_of(out, n > 0 && n < NAME_BYTES ? (size_t)n : 0);
}

/* ---- who has a lease ------------------------------------------------------------------------- */

/*
 * Where a process number means something: this start of this kernel, and in it the space of
 * processes, which two containers do not share. Its first space each kernel calls alike, so that
 * two hosts of one name are told apart by their starts alone. 0: it cannot be told.
 */
static uint64_t place_of(const struct store *s)
{
    char space[64];
    const ssize_t n = readlink("/proc/self/ns/pid", space, sizeof(space));
    struct buf start;
    uint64_t place = 0;

    buf_init(&start, BOOT_ID_MAX_BYTES);
    if (n > 0 && file_read("/proc/sys/kernel/random/boot_id", &start, NULL) == WW_OK &&
        start.len > 0)
        place = hash64_mix(
            hash64_mix(hash64(slice_from(store_machine(s))), hash64(slice_of(space, (size_t)n))),
            hash64(buf_slice(&start)));
    buf_release(&start);
    return place;
}

static struct slice token_of(struct store *s)
{
    struct held_locks *h = store_held(s);
    struct timespec t;

    if (h->token[0] == '\0') {
        (void)clock_gettime(CLOCK_REALTIME, &t);
        (void)snprintf(h->token, sizeof(h->token), "%016" PRIx64 "/%ld/%" PRIx64, place_of(s),
                       (long)getpid(), (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec);
    }
    return slice_from(h->token);
}

/*
 * A process of this machine that is no more: nobody has to wait for its time to run out. One that
 * ended with the machine is not known to have, and does run out.
 */
static bool is_dead(struct store *s, struct slice token)
{
    char text[LOCK_TOKEN_BYTES];
    uint64_t place;
    long pid;

    if (token.len >= sizeof(text))
        return false;
    memcpy(text, token.ptr, token.len);
    text[token.len] = '\0';
    return sscanf(text, "%" SCNx64 "/%ld/", &place, &pid) == 2 && place != 0 && pid > 0 &&
           kill((pid_t)pid, 0) != 0 && errno == ESRCH && place == place_of(s);
}

static enum ww_status read_lease(struct store *s, enum lock_kind kind, struct arena *arena,
                                 struct lease_row *out, struct ww_error *err)
{
    char name[NAME_BYTES];

    return store_read_lease(s, lease_name(s, kind, name), arena, out, err);
}

static enum ww_status fail_taken(struct store *s, enum lock_kind kind, const char *why,
                                 struct ww_error *err)
{
    struct lease_row row = {0};
    struct arena arena;

    arena_init(&arena, (size_t)16 * 1024);
    (void)read_lease(s, kind, &arena, &row, NULL);
    (void)ww_fail(err, WW_CONFLICT, "%s%s holds %s: %.*s", why, kinds[kind].what, kinds[kind].name,
                  SLICE_ARG(row.holder));
    arena_release(&arena);
    return WW_CONFLICT;
}

/* ---- taking one ------------------------------------------------------------------------------ */

/* *is_mine; one that a dead process of this machine left is released, and taken by the next try. */
static enum ww_status try_lease(struct store *s, enum lock_kind kind, struct slice holder,
                                bool *is_mine, struct ww_error *err)
{
    char name[NAME_BYTES];
    const struct slice lease = lease_name(s, kind, name);
    struct lease_row row;
    struct arena arena;
    enum ww_status status = store_take_lease(s, lease, token_of(s), holder, is_mine, err);

    if (status != WW_OK || *is_mine)
        return status;
    arena_init(&arena, (size_t)16 * 1024);
    status = store_read_lease(s, lease, &arena, &row, err);
    if (status == WW_OK && row.is_held && is_dead(s, row.token)) {
        status = store_release_lease(s, lease, row.token, err);
        if (status == WW_OK)
            status = store_take_lease(s, lease, token_of(s), holder, is_mine, err);
    }
    arena_release(&arena);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

static enum ww_status take_lease(struct store *s, enum lock_kind kind, int64_t wait_ms,
                                 struct slice holder, struct ww_error *err)
{
    const struct timespec pause = {0, RETRY_MS * 1000000L};
    const int64_t begun = clock_boot_ms();
    struct held_locks *h = store_held(s);

    for (;;) {
        const int64_t now_ms = clock_boot_ms();
        bool is_mine = false;
        enum ww_status status = try_lease(s, kind, holder, &is_mine, err);

        if (status != WW_OK)
            return status;
        if (is_mine) {
            h->leases[kind] = true;
            /* The others' time goes on. */
            if (h->n_leases++ == 0)
                h->renewed_ms = now_ms;
            return WW_OK;
        }
        if (now_ms - begun >= wait_ms)
            return fail_taken(s, kind, "", err);
        (void)nanosleep(&pause, NULL);
    }
}

enum ww_status store_lock(struct store *s, enum lock_kind kind, int64_t wait_ms, int64_t now,
                          struct ww_error *err)
{
    char holder[LOCK_HOLDER_BYTES];

    (void)holder_words(s, now, holder);
    if (has_leases(s))
        return take_lease(s, kind, wait_ms, slice_from(holder), err);
    return lock_take(store_path(s), kind, wait_ms, holder, &store_held(s)->files[kind], err);
}

void store_unlock(struct store *s, enum lock_kind kind)
{
    struct held_locks *h = store_held(s);
    char name[NAME_BYTES];

    lock_release(&h->files[kind]);
    if (!h->leases[kind])
        return;
    h->leases[kind] = false;
    h->n_leases--;
    /* What cannot be given back runs out. */
    if (!store_is_away(s))
        (void)store_release_lease(s, lease_name(s, kind, name), token_of(s), NULL);
}

/* ---- keeping it ------------------------------------------------------------------------------ */

static enum ww_status fail_lost(struct store *s, struct ww_error *err)
{
    struct lease_row row;
    struct arena arena;
    enum lock_kind lost = LOCK_WRITE;

    arena_init(&arena, (size_t)16 * 1024);
    for (enum lock_kind kind = LOCK_RUN; kind < LOCK_WRITE && lost == LOCK_WRITE; kind++)
        if (store_held(s)->leases[kind] && read_lease(s, kind, &arena, &row, NULL) == WW_OK &&
            !slice_equal(row.token, token_of(s)))
            lost = kind;
    arena_release(&arena);
    if (lost == LOCK_WRITE)
        return ww_fail(err, WW_CONFLICT, "what this process held is another's by now");
    return fail_taken(s, lost, "not heard of for too long, this process has lost its turn: ", err);
}

static enum ww_status renew(struct store *s, struct ww_error *err)
{
    struct held_locks *h = store_held(s);
    const int64_t now_ms = clock_boot_ms();
    int64_t n = 0;
    enum ww_status status = store_renew_leases(s, token_of(s), &n, err);

    if (status != WW_OK)
        return status;
    if (n < (int64_t)h->n_leases)
        return fail_lost(s, err);
    h->renewed_ms = now_ms;
    return WW_OK;
}

static bool is_due(struct store *s)
{
    const struct held_locks *h = store_held(s);

    return h->renewed_ms == 0 || clock_boot_ms() - h->renewed_ms >= store_lease_s(s) * 1000 / 4;
}

/*
 * What pass 2 writes is told to people: that it is still its turn is looked at with every
 * transaction and holds until its end, for the row is written to. Runs and backfills of one machine
 * are kept apart as well as time allows.
 */
enum ww_status locks_begin(struct store *s, struct ww_error *err)
{
    const struct held_locks *h = store_held(s);

    return h->leases[LOCK_ALERTS] || (h->n_leases > 0 && is_due(s)) ? renew(s, err) : WW_OK;
}

enum ww_status store_keep(struct store *s, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (store_held(s)->n_leases > 0 && !store_is_writing(s) && is_due(s))
        status = renew(s, err);
    return status == WW_OK ? store_renew_claims(s, err) : status;
}

/* ---- looking --------------------------------------------------------------------------------- */

bool store_lock_is_held(struct store *s, enum lock_kind kind)
{
    struct seen_lock *seen = &store_held(s)->seen[kind];
    const int64_t now_ms = clock_boot_ms();
    struct lease_row row;
    struct arena arena;

    if (!has_leases(s))
        return lock_is_held(store_path(s), kind);
    if (seen->at_ms != 0 && now_ms - seen->at_ms < SEEN_MS)
        return seen->is_held;
    arena_init(&arena, (size_t)16 * 1024);
    *seen = (struct seen_lock){.at_ms = now_ms};
    if (read_lease(s, kind, &arena, &row, NULL) == WW_OK)
        seen->is_held = row.is_held && !is_dead(s, row.token);
    arena_release(&arena);
    return seen->is_held;
}

/* ---- all of them ------------------------------------------------------------------------------
 */

/* "run/fuji"; of pass 2, which is one among all, the holder's words: "pid 123 of fuji, ...". */
static struct lock_at_work at_work(const struct lease_row *row)
{
    const struct slice of = SLICE(" of ");
    const size_t end = slice_find_char(row->name, '/');
    struct lock_at_work out = {.what = slice_head(row->name, end), .since = row->taken_at};

    if (end < row->name.len) {
        out.machine = slice_skip(row->name, end + 1);
    } else {
        out.machine = slice_skip(row->holder, slice_find(row->holder, of) + of.len);
        out.machine = slice_head(out.machine, slice_find_char(out.machine, ','));
    }
    return out;
}

static int by_machine(const void *a, const void *b)
{
    const struct lock_at_work *x = a, *y = b;
    const int order = slice_compare(x->machine, y->machine);

    return order != 0 ? order : slice_compare(y->what, x->what); /* the run first */
}

enum ww_status store_list_locks(struct store *s, struct arena *arena, struct lock_list *out,
                                struct ww_error *err)
{
    struct lease_list leases = {NULL, 0};
    enum ww_status status = has_leases(s) ? store_list_leases(s, arena, &leases, err) : WW_OK;

    *out = (struct lock_list){NULL, 0};
    if (status != WW_OK || leases.n_rows == 0)
        return status;
    out->rows = arena_array(arena, leases.n_rows, sizeof(*out->rows));
    for (size_t i = 0; out->rows != NULL && i < leases.n_rows; i++)
        if (!is_dead(s, leases.rows[i].token))
            out->rows[out->n_rows++] = at_work(&leases.rows[i]);
    if (out->n_rows > 1)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), by_machine);
    return arena_check(arena, err);
}

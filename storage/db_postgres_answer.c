/*
 * db_postgres_answer.c - waiting for what the server says. Its kernel answers for one that hangs,
 * for days: what takes too long, or longer than a run that is to end can wait, is a connection that
 * broke.
 */
#include "storage/db_postgres.h"

#include "base/clock.h"
#include "base/limits.h"

#include <poll.h>
#include <sys/socket.h>

/* So often it is looked whether this is to end. */
#define LOOK_MS 250

bool postgres_is_stopped(const struct db *db)
{
    return db->stop != NULL && *db->stop != 0;
}

/* From here on it is as if the server had hung up: all that deals with that does so. */
static void hang_up(struct db *db, int64_t waited_ms)
{
    db->unanswered_ms = waited_ms;
    (void)shutdown(PQsocket(db->connection), SHUT_RDWR);
}

/* Sends what is left, and reads what is there. False: there is nothing more to wait for. */
static bool wait_a_moment(PGconn *connection)
{
    const int left = PQflush(connection);
    struct pollfd wanted = {.fd = PQsocket(connection),
                            .events = left == 1 ? POLLIN | POLLOUT : POLLIN};

    if (left < 0 || PQisBusy(connection) == 0)
        return false;
    (void)poll(&wanted, 1, LOOK_MS);
    return PQconsumeInput(connection) == 1;
}

PGresult *postgres_answer(struct db *db)
{
    const struct clock clock = clock_system();
    const int64_t begun_ms = clock_monotonic_ms(&clock);
    int64_t stopped_ms = 0;

    while (wait_a_moment(db->connection)) {
        const int64_t now_ms = clock_monotonic_ms(&clock);

        if (stopped_ms == 0 && postgres_is_stopped(db))
            stopped_ms = now_ms;
        if ((!db->is_patient && now_ms - begun_ms >= db->answer_ms) ||
            (stopped_ms != 0 && now_ms - stopped_ms >= STORE_STOPPED_MS)) {
            hang_up(db, now_ms - begun_ms);
            break;
        }
    }
    return PQgetResult(db->connection);
}

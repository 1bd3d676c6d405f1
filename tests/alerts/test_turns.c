/*
 * test_turns.c - two processes and one outbox: one hangs in mid-delivery for longer than its turn,
 * the other takes over, the first goes on. Each message is sent once, but the one that was on its
 * way.
 */
#include "alerts/mail/deliver.h"
#include "alerts/mail/outbox.h"
#include "alerts/mail/waiting.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "storage/store_locks.h"
#include "storage/store_outbox.h"
#include "tests/support/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal((call), WW_OK)
#define N_MESSAGES 6
#define STOPPED_AT 3 /* messages from 1 */
#define SHORT_S 2

/* Where the first process hangs. */
enum place { BETWEEN_TWO, BEFORE_THE_LAST_BYTE, BEHIND_THE_LAST_BYTE };

struct server {
    int log; /* a line for each message that it took */
    bool hangs;
    enum place place;
};

static struct test_store t;
static char log_path[128];

static void hang(const struct server *server, int64_t id, enum place place)
{
    if (server->hangs && id == STOPPED_AT && server->place == place)
        (void)raise(SIGSTOP);
}

static enum ww_status take_message(void *data, const struct config *settings,
                                   const struct message_row *m, struct slice bytes,
                                   struct slice name, const struct waiting *waiting,
                                   struct delivery_reply *out, struct ww_error *err)
{
    const struct server *server = data;
    char line[32];
    const int n = snprintf(line, sizeof(line), "%lld\n", (long long)m->id);

    WW_UNUSED(settings);
    WW_UNUSED(bytes);
    WW_UNUSED(name);
    WW_UNUSED(err);
    hang(server, m->id, BEFORE_THE_LAST_BYTE);
    *out = (struct delivery_reply){.end = DELIVERY_DEFERRED, .words = "not sent"};
    if (waiting_must_end(waiting))
        return WW_OK;
    if (write(server->log, line, (size_t)n) != n)
        _exit(9);
    hang(server, m->id, BEHIND_THE_LAST_BYTE);
    *out = (struct delivery_reply){.end = DELIVERY_ACCEPTED, .words = "250 ok"};
    return WW_OK;
}

/* What a run does of it: take the turn, send. The status, or that of who waited in vain. */
static enum ww_status send_all(const char *machine, struct server *server, int64_t wait_ms)
{
    const struct store_options options = {.path = t.path,
                                          .lock_wait_ms = 20000,
                                          .now = TEST_NOW,
                                          .machine = machine,
                                          .lease_s = SHORT_S,
                                          .wants_leases = true};
    const struct config settings = {.transport = TRANSPORT_SMTP, .max_per_run = 1000};
    const struct clock clock = clock_started_at(TEST_NOW);
    const struct log log = {0};
    const volatile sig_atomic_t stop = 0;
    struct store *s = NULL;
    struct outbox o = {.settings = &settings,
                       .clock = &clock,
                       .log = &log,
                       .stop = &stop,
                       .way = take_message,
                       .way_data = server};
    struct outbox_summary sum;
    enum ww_status status = store_open(&options, &s, NULL);

    o.store = s;
    server->log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (status == WW_OK)
        status = store_lock(s, LOCK_ALERTS, wait_ms, TEST_NOW, NULL);
    for (int64_t id = 1; status == WW_OK && id <= N_MESSAGES; id++) {
        hang(server, id, BETWEEN_TWO);
        status = server->place == BETWEEN_TWO ? outbox_send_one(&o, id, &sum, NULL)
                                              : outbox_send_due(&o, &sum, NULL);
    }
    store_close(s);
    (void)close(server->log);
    return status;
}

static void add_messages(void)
{
    struct ww_error err = {0};

    OK(store_begin(t.store, &err));
    for (int i = 1; i <= N_MESSAGES; i++) {
        struct message_row m = {.kind = SLICE("digest"),
                                .analyst = SLICE("ana"),
                                .recipient = SLICE("ana@example.org"),
                                .subject = SLICE("subject"),
                                .created_at = TEST_NOW};
        char id[32];

        OK(store_reserve_message(t.store, &m.id, &err));
        assert_int_equal(m.id, i);
        (void)snprintf(id, sizeof(id), "<digest.%d@w>", i);
        m.message_id = slice_from(id);
        OK(store_add_message(t.store, &m, SLICE("bytes"), NULL, 0, &err));
    }
    OK(store_commit(t.store, &err));
}

static size_t times_sent(int64_t id)
{
    FILE *log = fopen(log_path, "r");
    char line[64];
    size_t n = 0;

    assert_non_null(log);
    while (fgets(line, sizeof(line), log) != NULL)
        n += strtoll(line, NULL, 10) == id;
    (void)fclose(log);
    return n;
}

static void one_hangs(enum place place)
{
    struct server first = {.hangs = true, .place = place}, second = {.place = BETWEEN_TWO};
    int status = 0;
    pid_t child;

    test_store_open(&t);
    (void)snprintf(log_path, sizeof(log_path), "%s/server.log", t.folder);
    (void)unlink(log_path);
    add_messages();
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit((int)send_all("fuji", &first, 0));
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    OK(send_all("eiger", &second, SHORT_S * 1000 + 2000));
    assert_int_equal(kill(child, SIGCONT), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    /* It is told that another had its turn, and has sent nothing more. */
    assert_int_equal(WEXITSTATUS(status), WW_CONFLICT);
    for (int64_t id = 1; id <= N_MESSAGES; id++) {
        const size_t n = times_sent(id);

        if (id == STOPPED_AT && place == BEHIND_THE_LAST_BYTE)
            assert_in_range(n, 1, 2); /* nobody knows what became of it */
        else
            assert_int_equal(n, 1);
    }
    (void)unlink(log_path);
    test_store_close(&t);
}

static void between_two_messages(void **state)
{
    WW_UNUSED(state);
    one_hangs(BETWEEN_TWO);
}

static void before_the_last_byte(void **state)
{
    WW_UNUSED(state);
    one_hangs(BEFORE_THE_LAST_BYTE);
}

static void behind_the_last_byte(void **state)
{
    WW_UNUSED(state);
    one_hangs(BEHIND_THE_LAST_BYTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_two_messages),
        cmocka_unit_test(before_the_last_byte),
        cmocka_unit_test(behind_the_last_byte),
    };

    return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}

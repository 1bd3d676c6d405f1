/* test_receive.c - mail that came back: reports of every kind, canaries, and what is neither. */
#include "alerts/mail/canary.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/receive.h"

#include "alerts/mail/outbox.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "storage/store.h"
#include "storage/store_outbox.h"
#include "tests/support/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1790000000)
#define HOUR INT64_C(3600)
#define SEEDS "tests/fuzz/seeds/receive/"

struct fixture {
    char folder[64];
    char path[TEST_ADDRESS_BYTES];
    struct store *store;
    struct arena arena;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct ww_error err = {0};

    if (f == NULL)
        return -1;
    (void)strcpy(f->folder, "/tmp/wirewatch-receive-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    test_store_address(f->folder, f->path);
    arena_init(&f->arena, (size_t)256 << 20);
    *state = f;
    return test_store_at(f->path, false, &f->store, &err) == WW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];

    store_close(f->store);
    arena_release(&f->arena);
    test_store_remove(f->path);
    (void)snprintf(command, sizeof(command), "rm -rf %s", f->folder);
    free(f);
    return system(command);
}

static struct slice seed(struct fixture *f, const char *name)
{
    char path[160];
    struct slice bytes;

    (void)snprintf(path, sizeof(path), SEEDS "%s", name);
    assert_int_equal(file_read_input(path, RECEIVE_MAX_BYTES, &f->arena, &bytes, NULL), WW_OK);
    return bytes;
}

static int64_t add_for(struct fixture *f, const char *kind, const char *name,
                       enum message_state state, const char *recipient)
{
    struct message_row m = {.kind = slice_from(kind),
                            .message_id = slice_from(name),
                            .recipient = slice_from(recipient),
                            .created_at = NOW - HOUR};

    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_reserve_message(f->store, &m.id, NULL), WW_OK);
    m.state = state;
    if (state == MESSAGE_SENT)
        m.sent_at = m.last_tried_at = NOW - HOUR;
    assert_int_equal(store_add_message(f->store, &m, SLICE("bytes"), NULL, 0, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
    return m.id;
}

static int64_t add(struct fixture *f, const char *kind, const char *name, enum message_state state)
{
    return add_for(f, kind, name, state, "desk@example.org");
}

static struct message_row row(struct fixture *f, int64_t id)
{
    struct message_row m;

    assert_int_equal(store_message(f->store, id, &f->arena, &m, NULL), WW_OK);
    return m;
}

/* ---- parsing --------------------------------------------------------------------------------- */

static const struct {
    const char *file;
    enum ww_status status;
    enum received_kind kind;
    const char *id, *words;
    bool is_hard;
} mails[] = {
    {"failed.eml",         WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",
     "bounced: 5.1.1 550 5.1.1 <desk@example.org>: no such user ",                                                 true },
    {"failed_headers.eml", WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",
     "bounced: 5.2.2 552 mailbox full",                                                                            true },
    {"crlf.eml",           WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",         "bounced: 5.1.1 550 no",          true },
    {"mbox.eml",           WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",         "bounced: 5.1.1 550 no",          true },
    {"base64.eml",         WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",         "bounced: 5.1.1 550 no",          true },
    {"id_injection.eml",   WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",         "bounced: 5.1.1 x",               true },
    {"of_another.eml",     WW_OK,      RECEIVED_FAILURE, "<digest.1@elsewhere>", "bounced: ",                      true },
    {"expired.eml",        WW_OK,      RECEIVED_FAILURE, "<digest.1@w>",         "bounced: 4.4.7 421",             false},
    {"delayed.eml",        WW_OK,      RECEIVED_NOTE,    "<digest.1@w>",         "delayed: 4.2.0 450 greylisted",  false},
    {"delivered.eml",      WW_OK,      RECEIVED_NOTE,    "<digest.1@w>",         "delivered: 2.0.0 250 ok",        false},
    {"canary.eml",         WW_OK,      RECEIVED_MAIL,    "<canary.2@w>",         "",                               false},
    {"chat.eml",           WW_OK,      RECEIVED_MAIL,    "<1@mail.example.org>", "",                               false},
    {"no_status.eml",      WW_INVALID, 0,                NULL,                   "none of a delivery",             false},
    {"no_id.eml",          WW_INVALID, 0,                NULL,                   "does not return the Message-ID", false},
    {"odd_action.eml",     WW_INVALID, 0,                NULL,                   "without an action",              false},
    {"no_mail.eml",        WW_INVALID, 0,                NULL,                   "no mail",                        false},
    {"truncated.eml",      WW_INVALID, 0,                NULL,                   "",                               false},
};

static void what_came_is_read(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < WW_COUNT(mails); i++) {
        struct ww_error err = {0};
        struct received r;
        enum ww_status status = receive_parse(seed(f, mails[i].file), &f->arena, &r, &err);

        if (status != mails[i].status)
            fail_msg("%s: status %d, %s", mails[i].file, (int)status, err.message);
        if (status != WW_OK) {
            if (strstr(err.message, mails[i].words) == NULL)
                fail_msg("%s: %s", mails[i].file, err.message);
            continue;
        }
        if (r.kind != mails[i].kind || r.is_hard != mails[i].is_hard ||
            !slice_equal(r.message_id, slice_from(mails[i].id)) ||
            !slice_starts(r.words, slice_from(mails[i].words)))
            fail_msg("%s: kind %d, %.*s, %.*s", mails[i].file, (int)r.kind, SLICE_ARG(r.message_id),
                     SLICE_ARG(r.words));
        assert_int_equal(slice_find_char(r.words, '\x1b'), r.words.len);
        assert_false(slice_contains(r.words, SLICE("\u202e")));
    }
}

/* Parts in parts in parts, and a part that never ends: no stack, no hang. */
static void deep_mails_are_read_or_refused(void **state)
{
    struct fixture *f = *state;
    enum { REPORTS, MESSAGES, STATUSES, KINDS };
    char *bytes = malloc(RECEIVE_MAX_BYTES);

    assert_non_null(bytes);
    for (int kind = 0; kind < KINDS; kind++) {
        struct received r;
        size_t len = (size_t)snprintf(bytes, 64, "Message-ID: <a@b>\nMIME-Version: 1.0\n");

        for (size_t k = 0; len + 128 < RECEIVE_MAX_BYTES; k++)
            if (kind == REPORTS)
                len += (size_t)snprintf(
                    bytes + len, 128,
                    "Content-Type: multipart/report; boundary=\"b%zu\"\n\n--b%zu\n", k, k);
            else
                len += (size_t)snprintf(bytes + len, 128, "Content-Type: message/%s\n\n",
                                        kind == MESSAGES ? "rfc822" : "delivery-status");
        (void)receive_parse(slice_of(bytes, len), &f->arena, &r, NULL);
    }
    free(bytes);
}

/* ---- taking ---------------------------------------------------------------------------------- */

static enum ww_status take(struct fixture *f, const char *file, struct message_row *m)
{
    struct received r;
    enum ww_status status = receive_parse(seed(f, file), &f->arena, &r, NULL);

    return status == WW_OK ? receive_take(f->store, &r, NOW, &f->arena, m, NULL) : status;
}

static void a_report_changes_its_message(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *file;
        enum message_state before, after;
        enum message_fault fault;
    } cases[] = {
        {"failed.eml",  MESSAGE_SENT,     MESSAGE_FAILED,   FAULT_BOUNCED },
        {"failed.eml",  MESSAGE_UNKNOWN,  MESSAGE_FAILED,   FAULT_BOUNCED },
        {"failed.eml",  MESSAGE_SENDING,  MESSAGE_FAILED,   FAULT_BOUNCED },
        {"failed.eml",  MESSAGE_DEFERRED, MESSAGE_FAILED,   FAULT_BOUNCED },
        {"failed.eml",  MESSAGE_QUEUED,   MESSAGE_QUEUED,   FAULT_NONE    },
        {"failed.eml",  MESSAGE_DROPPED,  MESSAGE_DROPPED,  FAULT_NONE    },
        {"expired.eml", MESSAGE_SENT,     MESSAGE_FAILED,   FAULT_GIVEN_UP},
        {"delayed.eml", MESSAGE_SENT,     MESSAGE_SENT,     FAULT_NONE    },
        {"delayed.eml", MESSAGE_DEFERRED, MESSAGE_DEFERRED, FAULT_NONE    },
    };
    int64_t id = add(f, "digest", "<digest.1@w>", MESSAGE_SENT);

    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct message_row m = row(f, id);

        m.state = cases[i].before;
        m.fault = FAULT_NONE;
        m.reply = SLICE("250 ok");
        assert_int_equal(store_begin(f->store, NULL), WW_OK);
        assert_int_equal(store_update_message(f->store, &m, NULL), WW_OK);
        assert_int_equal(store_commit(f->store, NULL), WW_OK);
        assert_int_equal(take(f, cases[i].file, &m), WW_OK);
        m = row(f, id);
        if (m.state != cases[i].after || m.fault != cases[i].fault)
            fail_msg("%zu: %s %s", i, message_state_name(m.state), message_fault_name(m.fault));
        if (cases[i].before == MESSAGE_SENT)
            assert_false(slice_equal(m.reply, SLICE("250 ok")));
    }
}

/* It returns our Message-ID, and is about somebody else: a copy that a reader sent on. */
static void a_report_about_another_changes_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t id = add_for(f, "digest", "<digest.1@w>", MESSAGE_SENT, "other@example.org");
    struct message_row m;
    struct received r;
    struct ww_error err = {0};

    assert_int_equal(take(f, "failed.eml", &m), WW_INVALID);
    assert_int_equal(take(f, "delayed.eml", &m), WW_INVALID);
    assert_int_equal(row(f, id).state, MESSAGE_SENT);
    assert_int_equal(row(f, id).reply.len, 0);
    assert_false(store_is_writing(f->store));
    assert_int_equal(receive_parse(seed(f, "failed.eml"), &f->arena, &r, NULL), WW_OK);
    r.final = SLICE("sorter@example.org");
    assert_int_equal(receive_take(f->store, &r, NOW, &f->arena, &m, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "a report about sorter@example.org"));
    /* An alias: the last server knew another name, and says ours, too. */
    r.original = SLICE("<Other@Example.org>");
    assert_int_equal(receive_take(f->store, &r, NOW, &f->arena, &m, NULL), WW_OK);
    assert_int_equal(row(f, id).state, MESSAGE_FAILED);
}

static void what_is_nothing_of_ours_changes_nothing(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, "digest", "<digest.1@w>", MESSAGE_SENT);
    struct message_row m;

    assert_int_equal(take(f, "of_another.eml", &m), WW_NOT_FOUND);
    assert_int_equal(take(f, "chat.eml", &m), WW_NOT_FOUND);
    assert_int_equal(take(f, "copy.eml", &m), WW_INVALID);
    assert_int_equal(row(f, id).state, MESSAGE_SENT);
    assert_int_equal(row(f, id).returned_at, 0);
    assert_false(store_is_writing(f->store));
}

static void memory_fails_while_it_is_taken(void **state)
{
    struct fixture *f = *state;
    int64_t id = add(f, "digest", "<digest.1@w>", MESSAGE_SENT);
    struct slice bytes = seed(f, "failed.eml");
    enum ww_status status = WW_NOMEM;

    for (long n = 1; status != WW_OK && n < 300; n++) {
        struct received r;
        struct message_row m;
        struct arena arena;

        arena_init(&arena, (size_t)1 << 20);
        mem_fail_after(n);
        status = receive_parse(bytes, &arena, &r, NULL);
        if (status == WW_OK)
            status = receive_take(f->store, &r, NOW, &arena, &m, NULL);
        mem_fail_after(0);
        arena_release(&arena);
        if (status != WW_OK)
            assert_int_equal(row(f, id).state, MESSAGE_SENT);
    }
    assert_int_equal(status, WW_OK);
    assert_int_equal(row(f, id).state, MESSAGE_FAILED);
}

/* ---- canaries -------------------------------------------------------------------------------- */

static const struct letter_sender sender = {
    .from = {"Wire Watch <w@example.org>", 26},
      .list_id = {"watch.example.org",          17}
};

static int64_t queue(struct fixture *f, const struct config *settings, int64_t now)
{
    int64_t id = -1;

    assert_int_equal(canary_queue_due(f->store, settings, &sender, now, &id, NULL), WW_OK);
    return id;
}

static void leave(struct fixture *f, int64_t id, int64_t now)
{
    struct message_row m = row(f, id);

    m.state = MESSAGE_SENT;
    m.sent_at = m.last_tried_at = now;
    assert_int_equal(store_begin(f->store, NULL), WW_OK);
    assert_int_equal(store_update_message(f->store, &m, NULL), WW_OK);
    assert_int_equal(store_commit(f->store, NULL), WW_OK);
}

static int64_t missing(struct fixture *f, const struct config *settings, int64_t now)
{
    struct canary_state c;

    assert_int_equal(canary_read(f->store, settings, now, &c, NULL), WW_OK);
    return c.missing_id;
}

static void a_canary_leaves_and_is_missed(void **state)
{
    struct fixture *f = *state;
    struct config settings = {.canary = SLICE("canary@example.net"),
                              .canary_every_s = 24 * HOUR,
                              .canary_within_s = 6 * HOUR};
    const struct config none = {0};
    char *words = NULL;
    size_t n_words = 0;
    struct clock clock = clock_fixed(NOW);
    struct log log = {open_memstream(&words, &n_words), LOG_ERROR, &clock};
    struct received r = {.kind = RECEIVED_MAIL};
    struct message_row m;
    int64_t first, second, since;

    assert_int_equal(queue(f, &none, NOW), 0);
    first = queue(f, &settings, NOW);
    assert_true(first > 0);
    assert_true(slice_equal(row(f, first).kind, SLICE("canary")));
    /* None beside one that still waits, however long. */
    assert_int_equal(queue(f, &settings, NOW + 48 * HOUR), 0);
    leave(f, first, NOW);
    assert_int_equal(queue(f, &settings, NOW + 24 * HOUR - 1), 0);
    assert_int_equal(missing(f, &settings, NOW + 6 * HOUR), 0);
    assert_int_equal(missing(f, &settings, NOW + 6 * HOUR + 1), first);
    assert_int_equal(missing(f, &none, NOW + 6 * HOUR + 1), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(canary_say(f->store, &settings, NOW + 7 * HOUR, &log, NULL), WW_OK);
    (void)fflush(log.out);
    assert_non_null(strstr(words, "did not come back"));
    assert_null(strstr(strstr(words, "did not come back") + 1, "did not come back"));
    assert_int_equal(canary_missing_since(f->store, &f->arena, &since, NULL), WW_OK);
    assert_int_equal(since, NOW);
    second = queue(f, &settings, NOW + 24 * HOUR);
    assert_true(second > first);
    leave(f, second, NOW + 24 * HOUR);
    r.message_id = row(f, second).message_id;
    assert_int_equal(receive_take(f->store, &r, NOW + 25 * HOUR, &f->arena, &m, NULL), WW_OK);
    assert_int_equal(row(f, second).returned_at, NOW + 25 * HOUR);
    assert_int_equal(missing(f, &settings, NOW + 40 * HOUR), 0);
    assert_int_equal(canary_say(f->store, &settings, NOW + 40 * HOUR, &log, NULL), WW_OK);
    assert_int_equal(canary_missing_since(f->store, &f->arena, &since, NULL), WW_OK);
    assert_int_equal(since, 0);
    (void)fclose(log.out);
    free(words);
}

/* Silence began with the first that is missing, however many are lost since; said once. */
static void silence_keeps_its_beginning(void **state)
{
    struct fixture *f = *state;
    struct config settings = {.canary = SLICE("canary@example.net"),
                              .canary_every_s = 24 * HOUR,
                              .canary_within_s = 6 * HOUR};
    char *words = NULL;
    size_t n_words = 0;
    struct clock clock = clock_fixed(NOW);
    struct log log = {open_memstream(&words, &n_words), LOG_ERROR, &clock};
    struct received r = {.kind = RECEIVED_MAIL};
    struct message_row m;
    int64_t now = NOW, since = 0, id = 0;

    for (int i = 0; i < 40; i++, now += 24 * HOUR) {
        id = queue(f, &settings, now);
        leave(f, id, now);
        assert_int_equal(canary_say(f->store, &settings, now + 7 * HOUR, &log, NULL), WW_OK);
        assert_int_equal(canary_missing_since(f->store, &f->arena, &since, NULL), WW_OK);
        assert_int_equal(since, NOW);
    }
    (void)fflush(log.out);
    assert_null(strstr(strstr(words, "did not come back") + 1, "did not come back"));
    /* One is back: silence is over, and the next is another. */
    r.message_id = row(f, id).message_id;
    assert_int_equal(receive_take(f->store, &r, now, &f->arena, &m, NULL), WW_OK);
    assert_int_equal(canary_say(f->store, &settings, now, &log, NULL), WW_OK);
    assert_int_equal(canary_missing_since(f->store, &f->arena, &since, NULL), WW_OK);
    assert_int_equal(since, 0);
    leave(f, queue(f, &settings, now), now);
    assert_int_equal(canary_say(f->store, &settings, now + 7 * HOUR, &log, NULL), WW_OK);
    assert_int_equal(canary_missing_since(f->store, &f->arena, &since, NULL), WW_OK);
    assert_int_equal(since, now);
    (void)fclose(log.out);
    free(words);
}

/* A clock that was years ahead when one was made does not silence them for years. */
static void canaries_survive_a_wrong_clock(void **state)
{
    struct fixture *f = *state;
    struct config settings = {.canary = SLICE("canary@example.net"),
                              .canary_every_s = 24 * HOUR,
                              .canary_within_s = 6 * HOUR};
    int64_t id = queue(f, &settings, NOW + 87600 * HOUR);

    leave(f, id, NOW + 87600 * HOUR);
    assert_true(queue(f, &settings, NOW) > id);
}

static void put_file(const char *path, struct slice bytes)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    (void)fclose(out);
}

static void a_maildir_is_looked_into(void **state)
{
    struct fixture *f = *state;
    char path[160], folder[96];
    struct config settings = {0};
    int64_t digest = add(f, "digest", "<digest.1@w>", MESSAGE_SENT);
    int64_t canary = add(f, "canary", "<canary.2@w>", MESSAGE_SENT);
    size_t n = 9;

    (void)snprintf(folder, sizeof(folder), "%s/M", f->folder);
    settings.canary_maildir = slice_from(folder);
    assert_int_equal(canary_look(f->store, &settings, NOW, NULL, &n, NULL), WW_INVALID);
    assert_int_equal(mkdir(folder, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/new", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/cur", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(canary_look(f->store, &settings, NOW, NULL, &n, NULL), WW_OK);
    assert_int_equal(n, 0);
    (void)snprintf(path, sizeof(path), "%s/new/1", folder);
    put_file(path, seed(f, "canary.eml"));
    (void)snprintf(path, sizeof(path), "%s/cur/2:2,S", folder);
    put_file(path, seed(f, "failed.eml"));
    (void)snprintf(path, sizeof(path), "%s/new/3", folder);
    put_file(path, SLICE("no mail"));
    (void)snprintf(path, sizeof(path), "%s/new/4", folder);
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_int_equal(canary_look(f->store, &settings, NOW, NULL, &n, NULL), WW_OK);
    assert_int_equal(n, 2);
    assert_int_equal(row(f, canary).returned_at, NOW);
    assert_int_equal(row(f, digest).state, MESSAGE_FAILED);
}

/* More came than one look takes: the next takes the rest, however many are of one second. */
static void a_full_maildir_is_read_to_its_end(void **state)
{
    struct fixture *f = *state;
    char path[160], folder[96];
    struct config settings = {0};
    char *words = NULL;
    size_t n_words = 0;
    struct clock clock = clock_fixed(NOW);
    struct log log = {open_memstream(&words, &n_words), LOG_ERROR, &clock};
    size_t n = 0;

    (void)add(f, "digest", "<digest.1@w>", MESSAGE_SENT);
    (void)snprintf(folder, sizeof(folder), "%s/M", f->folder);
    settings.canary_maildir = slice_from(folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/cur", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/new", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    for (int i = 0; i < 2 * CANARY_FILES_MAX; i++) {
        /* Half of them of one second; a report of a bounce is the newest, and lies anywhere. */
        const int64_t at = i < CANARY_FILES_MAX + 100 ? NOW - 3000 : NOW - 3000 + i;
        struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};

        (void)snprintf(path, sizeof(path), "%s/new/%d", folder, (i * 7919) % 100003);
        put_file(path, i + 1 < 2 * CANARY_FILES_MAX ? SLICE("no mail") : seed(f, "failed.eml"));
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    }
    assert_int_equal(canary_look(f->store, &settings, NOW, &log, &n, NULL), WW_OK);
    assert_int_equal(n, 0);
    assert_int_equal(canary_look(f->store, &settings, NOW + 900, &log, &n, NULL), WW_OK);
    assert_int_equal(n, 1);
    /* That a mail did not arrive is said even by a quiet run. */
    (void)fflush(log.out);
    assert_non_null(strstr(words, "bounced"));
    assert_int_equal(canary_look(f->store, &settings, NOW + 1800, &log, &n, NULL), WW_OK);
    assert_int_equal(n, 0);
    (void)fclose(log.out);
    free(words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        T(what_came_is_read),
        T(deep_mails_are_read_or_refused),
        T(a_report_changes_its_message),
        T(a_report_about_another_changes_nothing),
        T(what_is_nothing_of_ours_changes_nothing),
        T(memory_fails_while_it_is_taken),
        T(a_canary_leaves_and_is_missed),
        T(silence_keeps_its_beginning),
        T(a_full_maildir_is_read_to_its_end),
        T(canaries_survive_a_wrong_clock),
        T(a_maildir_is_looked_into),
#undef T
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_deliver.c - every way out of the house, and a scripted mail server that misbehaves. */
#define _GNU_SOURCE
#include "alerts/mail/deliver.h"
#include "alerts/mail/waiting.h"

#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "storage/store_outbox.h"
#include "tests/support/listen.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MESSAGE "From: a@e.org\r\nSubject: x\r\n\r\none\r\n.\r\n..two\r\n"
#define SENDER SLICE("Watch <watch@e.org>")
#define RECIPIENT SLICE("ana@example.org")

static enum ww_status send_as(const struct config *settings, struct slice bytes,
                              struct slice sender, struct slice recipient, struct slice name,
                              const volatile sig_atomic_t *stop, struct delivery_reply *out,
                              struct ww_error *err)
{
    struct config c = *settings;
    const struct message_row m = {.recipient = recipient};
    const struct waiting waiting = {.stop = stop};

    c.from = sender;
    return deliver_send(&c, &m, bytes, name, &waiting, out, err);
}

/* ---- a mail server for one connection -------------------------------------------------------- */

enum drop { DROP_NEVER, DROP_INSIDE_DATA, DROP_BEHIND_DOT };

struct script {
    const char *name;
    const char *greeting, *ehlo, *mail, *rcpt, *data, *final; /* NULL: the usual reply */
    enum drop drop;
    enum delivery_end want;
    const char *words; /* in the reply */
};

struct server {
    const struct script *script;
    int fd;
    unsigned port;
    pthread_t thread;
    char seen[4096]; /* all the client sent, behind the greeting */
    size_t n_seen;
};

static const char *or_usual(const char *reply, const char *usual)
{
    return reply != NULL ? reply : usual;
}

static void say(int fd, const char *reply)
{
    char line[512];
    int n = snprintf(line, sizeof(line), "%s\r\n", reply);

    (void)!send(fd, line, (size_t)n, MSG_NOSIGNAL);
}

/* The next line of the client, kept in seen; false at the end or after two seconds. */
static bool next_line(struct server *s, int fd, char line[512])
{
    size_t n = 0;

    while (n + 1 < 512) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        char c;

        if (poll(&p, 1, 2000) <= 0 || recv(fd, &c, 1, 0) != 1)
            return false;
        if (s->n_seen + 1 < sizeof(s->seen))
            s->seen[s->n_seen++] = c;
        line[n++] = c;
        if (c == '\n')
            break;
    }
    line[n] = '\0';
    return true;
}

static void take_data(struct server *s, int fd)
{
    char line[512];

    while (next_line(s, fd, line)) {
        if (s->script->drop == DROP_INSIDE_DATA)
            return;
        if (strcmp(line, ".\r\n") == 0) {
            if (s->script->drop != DROP_BEHIND_DOT)
                say(fd, or_usual(s->script->final, "250 2.0.0 queued as 77"));
            return;
        }
    }
}

static void *serve(void *data)
{
    struct server *s = data;
    const struct script *script = s->script;
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    char line[512];
    int fd;

    if (poll(&p, 1, 5000) <= 0)
        return NULL;
    fd = accept(s->fd, NULL, NULL);
    say(fd, or_usual(script->greeting, "220 mail.example.org ESMTP"));
    while (next_line(s, fd, line)) {
        if (strncmp(line, "EHLO", 4) == 0 || strncmp(line, "HELO", 4) == 0)
            say(fd, or_usual(script->ehlo, "250-mail.example.org\r\n250 SIZE 1000000"));
        else if (strncmp(line, "MAIL", 4) == 0)
            say(fd, or_usual(script->mail, "250 ok"));
        else if (strncmp(line, "RCPT", 4) == 0)
            say(fd, or_usual(script->rcpt, "250 ok"));
        else if (strncmp(line, "DATA", 4) == 0) {
            say(fd, or_usual(script->data, "354 go on"));
            if (script->data != NULL)
                continue;
            take_data(s, fd);
            if (script->drop != DROP_NEVER)
                break;
        } else {
            say(fd, "221 bye");
            break;
        }
    }
    close(fd);
    return NULL;
}

static void server_open(struct server *s, const struct script *script)
{
    memset(s, 0, sizeof(*s));
    s->script = script;
    assert_int_equal(listen_open("127.0.0.1", &s->port, &s->fd, NULL), WW_OK);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_close(struct server *s)
{
    (void)shutdown(s->fd, SHUT_RDWR);
    (void)pthread_join(s->thread, NULL);
    close(s->fd);
}

static void test_smtp(void **state)
{
    static const struct script scripts[] = {
        {.name = "accepted",                         .want = DELIVERY_ACCEPTED, .words = "250 2.0.0 queued as 77"},
        { .name = "busy",                .greeting = "421 too busy", .want = DELIVERY_DEFERRED,                    .words = "421"},
        { .name = "no service",                      .greeting = "554 no", .want = DELIVERY_DEFERRED,                 .words = "554 no"},
        { .name = "sender refused",
         .mail = "550 5.1.8 bad sender",
         .want = DELIVERY_REFUSED,
         .words = "550 5.1.8"},
        {                                                                                     .name = "login wanted",
         .mail = "530 5.7.0 log in",
         .want = DELIVERY_DEFERRED,
         .words = "530 5.7.0"},
        {                                                                                     .name = "greylisted",
         .rcpt = "450 4.2.0 greylisted",
         .want = DELIVERY_DEFERRED,
         .words = "450 4.2.0 greylisted"},
        {                                                                          .name = "no such person",
         .rcpt = "550 5.1.1 who\x1B[31m?",
         .want = DELIVERY_REFUSED,
         .words = "550 5.1.1 who"},
        {                                                                                 .name = "no data",                 .data = "451 4.3.0 later", .want = DELIVERY_DEFERRED,                    .words = "451"},
        { .name = "too big",               .data = "552 5.3.4 too big",  .want = DELIVERY_REFUSED,                    .words = "552"},
        { .name = "451 behind the dot",
         .final = "451 4.3.0 later",
         .want = DELIVERY_DEFERRED,
         .words = "451 4.3.0 later"},
        {                                                                               .name = "554 behind the dot",
         .final = "554 5.7.1 spam",
         .want = DELIVERY_REFUSED,
         .words = "554 5.7.1 spam"},
        {                                                                                .name = "many lines",
         .final = "250-one\r\n250-two\r\n250 three",
         .want = DELIVERY_ACCEPTED,
         .words = "250 three"},
        {                                                                                     .name = "lost while a short message is on its way",
         .drop = DROP_INSIDE_DATA,
         .want = DELIVERY_UNKNOWN,
         .words = "lost after the last byte"},
        {                                                                      .name = "dropped behind the dot",
         .drop = DROP_BEHIND_DOT,
         .want = DELIVERY_UNKNOWN,
         .words = "lost after the last byte"},
        {                                                                      .name = "noise",             .greeting = "HTTP/1.1 200 OK", .want = DELIVERY_DEFERRED,                       .words = ""},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(scripts); i++) {
        struct config settings = {.transport = TRANSPORT_SMTP, .tls = TLS_NONE};
        struct server server;
        struct delivery_reply reply;
        struct ww_error err = {0};
        char url[64];

        server_open(&server, &scripts[i]);
        (void)snprintf(url, sizeof(url), "smtp://127.0.0.1:%u", server.port);
        settings.server = slice_from(url);
        if (send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("n"), NULL, &reply, &err) !=
            WW_OK)
            fail_msg("%s: %s", scripts[i].name, err.message);
        server_close(&server);
        if (reply.end != scripts[i].want || strstr(reply.words, scripts[i].words) == NULL ||
            strchr(reply.words, '\x1B') != NULL)
            fail_msg("%s: end %d, '%s'", scripts[i].name, (int)reply.end, reply.words);
        if (i == 0) {
            assert_non_null(strstr(server.seen, "EHLO e.org\r\n"));
            assert_non_null(strstr(server.seen, "MAIL FROM:<watch@e.org> SIZE="));
            assert_non_null(strstr(server.seen, "RCPT TO:<ana@example.org>\r\n"));
            assert_non_null(strstr(server.seen, "one\r\n..\r\n...two\r\n.\r\n"));
            assert_null(strstr(server.seen, "AUTH"));
        }
    }
}

/* A large message, and the line is lost in its middle: certainly not theirs. */
static void test_smtp_cut(void **state)
{
    static const struct script script = {.ehlo = "250 mail.example.org", .drop = DROP_INSIDE_DATA};
    const size_t len = (size_t)8 * 1024 * 1024;
    struct config settings = {.transport = TRANSPORT_SMTP, .tls = TLS_NONE};
    struct server server;
    struct delivery_reply reply;
    char *bytes = malloc(len);
    char url[64];

    WW_UNUSED(state);
    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = "line\r\n"[i % 6];
    server_open(&server, &script);
    (void)snprintf(url, sizeof(url), "smtp://127.0.0.1:%u", server.port);
    settings.server = slice_from(url);
    assert_int_equal(
        send_as(&settings, slice_of(bytes, len), SENDER, RECIPIENT, SLICE("n"), NULL, &reply, NULL),
        WW_OK);
    assert_int_equal(reply.end, DELIVERY_DEFERRED);
    server_close(&server);
    free(bytes);
}

/* Asked to stop while the server is silent: what was not handed over waits here, at once. */
static void test_smtp_stop(void **state)
{
    static volatile sig_atomic_t stop = 1;
    const struct clock clock = clock_system();
    struct config settings = {.transport = TRANSPORT_SMTP, .tls = TLS_NONE};
    struct delivery_reply reply;
    const int64_t begun_ms = clock_monotonic_ms(&clock);
    unsigned port = 0;
    char url[64];
    int fd;

    WW_UNUSED(state);
    assert_int_equal(listen_open("127.0.0.1", &port, &fd, NULL), WW_OK); /* nobody accepts */
    (void)snprintf(url, sizeof(url), "smtp://127.0.0.1:%u", port);
    settings.server = slice_from(url);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("n"), &stop, &reply, NULL),
        WW_OK);
    assert_int_equal(reply.end, DELIVERY_DEFERRED);
    assert_in_range(clock_monotonic_ms(&clock) - begun_ms, 0, 4000);
    close(fd);
}

/* A server that does not offer TLS (or somebody who took the offer out) gets nothing. */
static void test_smtp_without_tls(void **state)
{
    static const struct script script = {.name = "no STARTTLS"};
    struct config settings = {.transport = TRANSPORT_SMTP, .tls = TLS_REQUIRED};
    struct server server;
    struct delivery_reply reply;
    char url[64];

    WW_UNUSED(state);
    server_open(&server, &script);
    (void)snprintf(url, sizeof(url), "smtp://127.0.0.1:%u", server.port);
    settings.server = slice_from(url);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("n"), NULL, &reply, NULL),
        WW_OK);
    server_close(&server);
    assert_int_equal(reply.end, DELIVERY_DEFERRED);
    assert_null(strstr(server.seen, "MAIL"));
    assert_null(strstr(server.seen, "AUTH"));
}

static void test_smtp_settings(void **state)
{
    static const struct {
        const char *name, *server, *user;
        enum config_tls tls;
        enum ww_status want;
        const char *words;
    } cases[] = {
        {"login in the clear",   "smtp://127.0.0.1:9", "u", TLS_NONE,     WW_INVALID, "no login"        },
        {"no password",          "smtp://127.0.0.1:9", "u", TLS_REQUIRED, WW_INVALID, "password-command"},
        {"not a mail server",    "https://e.org",      "",  TLS_REQUIRED, WW_INVALID, "smtp://host"     },
        {"login in the address", "smtp://u:p@e.org",   "",  TLS_REQUIRED, WW_INVALID, "smtp://host"     },
        {"path",                 "smtp://e.org/x",     "",  TLS_REQUIRED, WW_INVALID, "smtp://host"     },
        {"plain and far",        "smtp://192.0.2.1",   "",  TLS_NONE,     WW_OK,      "tls = none"      },
        {"nobody there",         "smtp://127.0.0.1:1", "",  TLS_NONE,     WW_OK,      ""                },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct config settings = {
            .transport = TRANSPORT_SMTP,
            .tls = cases[i].tls,
            .server = slice_from(cases[i].server),
            .user = slice_from(cases[i].user),
        };
        struct delivery_reply reply;
        struct ww_error err = {0};
        enum ww_status status =
            send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("n"), NULL, &reply, &err);

        if (status != cases[i].want || reply.end != DELIVERY_DEFERRED ||
            strstr(status == WW_OK ? reply.words : err.message, cases[i].words) == NULL)
            fail_msg("%s: status %d, '%s', '%s'", cases[i].name, (int)status, err.message,
                     reply.words);
    }
}

/* ---- folders and programs -------------------------------------------------------------------- */

static char folder[] = "/tmp/wirewatch-deliver-XXXXXX";

static int make_folder(void **state)
{
    WW_UNUSED(state);
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    char command[100];

    WW_UNUSED(state);
    (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

static const char *path_of(const char *name)
{
    static char path[200];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text, unsigned mode)
{
    FILE *file = fopen(path_of(name), "wb");

    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    assert_int_equal(chmod(path_of(name), (mode_t)mode), 0);
}

static void assert_file(const char *name, const char *want)
{
    char text[1000] = "";
    FILE *file = fopen(path_of(name), "rb");

    if (file == NULL)
        fail_msg("%s is not there", name);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    (void)fclose(file);
    assert_string_equal(text, want);
}

static void test_file(void **state)
{
    struct config settings = {.transport = TRANSPORT_FILE, .mail_directory = slice_from(folder)};
    struct delivery_reply reply;

    WW_UNUSED(state);
    for (int i = 0; i < 2; i++) { /* a second try replaces the first */
        assert_int_equal(send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("../a b"),
                                 NULL, &reply, NULL),
                         WW_OK);
        assert_int_equal(reply.end, DELIVERY_ACCEPTED);
        assert_string_equal(reply.words, "_._a_b.eml");
    }
}

static void test_maildir(void **state)
{
    struct config settings = {.transport = TRANSPORT_MAILDIR};
    struct delivery_reply reply;
    struct ww_error err = {0};
    char root[200], cur[200];

    WW_UNUSED(state);
    (void)snprintf(cur, sizeof(cur), "%s", path_of("Maildir/cur/ab12.7:2,S"));
    (void)snprintf(root, sizeof(root), "%s", path_of("Maildir"));
    settings.mail_directory = slice_from(root);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("ab12.7"), NULL, &reply, &err),
        WW_OK);
    assert_int_equal(reply.end, DELIVERY_ACCEPTED);
    assert_file("Maildir/new/ab12.7", "From: a@e.org\nSubject: x\n\none\n.\n..two\n");
    assert_int_not_equal(access(path_of("Maildir/tmp/ab12.7"), F_OK), 0);
    /* once more, after a doubt: the reader has it already */
    assert_int_equal(rename(path_of("Maildir/new/ab12.7"), cur), 0);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("ab12.7"), NULL, &reply, &err),
        WW_OK);
    assert_int_equal(reply.end, DELIVERY_ACCEPTED);
    assert_int_not_equal(access(path_of("Maildir/new/ab12.7"), F_OK), 0);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("ab12.70"), NULL, &reply, &err),
        WW_OK);
    assert_int_equal(access(path_of("Maildir/new/ab12.70"), F_OK), 0);
    /* a folder that cannot be written: ours, not theirs */
    write_file("plain", "", 0600);
    (void)snprintf(root, sizeof(root), "%s", path_of("plain"));
    settings.mail_directory = slice_from(root);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("x"), NULL, &reply, &err),
        WW_STORE);
}

static void test_sendmail(void **state)
{
    static const struct {
        const char *name, *script;
        enum delivery_end want;
        const char *words;
    } cases[] = {
        {"accepted",                  "cat >%s/out; echo \"$@\" >%s/args",       DELIVERY_ACCEPTED, "exit status 0"},
        {"try later",                 "cat >/dev/null; echo later >&2; exit 75", DELIVERY_DEFERRED,
         "exit status 75: later"                                                                                   },
        {"no such person",            "cat >/dev/null; exit 67",                 DELIVERY_REFUSED,  "67"           },
        {"bad installation",          "cat >/dev/null; exit 78",                 DELIVERY_DEFERRED, "78"           },
        {"killed behind the message", "cat >/dev/null; kill -9 $$",              DELIVERY_UNKNOWN,  "killed"       },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct config settings = {.transport = TRANSPORT_SENDMAIL};
        struct delivery_reply reply;
        struct ww_error err = {0};
        char script[500] = "#!/bin/sh\n";
        char program[220];
        size_t n = strlen(script);

        for (const char *c = cases[i].script; *c != '\0'; c++)
            if (strncmp(c, "%s", 2) == 0) {
                n += (size_t)snprintf(script + n, sizeof(script) - n, "%s", folder);
                c++;
            } else {
                script[n++] = *c;
                script[n] = '\0';
            }
        write_file("sendmail", script, 0700);
        (void)snprintf(program, sizeof(program), "%s -X", path_of("sendmail"));
        settings.sendmail = slice_from(program);
        if (send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("n"), NULL, &reply, &err) !=
            WW_OK)
            fail_msg("%s: %s", cases[i].name, err.message);
        if (reply.end != cases[i].want || strstr(reply.words, cases[i].words) == NULL)
            fail_msg("%s: end %d, '%s'", cases[i].name, (int)reply.end, reply.words);
    }
    assert_file("out", "From: a@e.org\nSubject: x\n\none\n.\n..two\n");
    assert_file("args", "-X -i -f watch@e.org -- ana@example.org\n");
}

static void test_sendmail_missing(void **state)
{
    const struct config settings = {.transport = TRANSPORT_SENDMAIL,
                                    .sendmail = SLICE("/nowhere/sendmail")};
    struct delivery_reply reply;
    struct ww_error err = {0};

    WW_UNUSED(state);
    assert_int_equal(
        send_as(&settings, SLICE(MESSAGE), SENDER, RECIPIENT, SLICE("n"), NULL, &reply, &err),
        WW_INVALID);
    assert_non_null(strstr(err.message, "/nowhere/sendmail"));
}

/* Nothing that could be an option, a second command or a second recipient is a recipient. */
static void test_recipients(void **state)
{
    static const char *const bad[] = {
        "",
        "ana",
        "-oQ/tmp@e.org",
        "a@e.org\r\nRCPT TO:b@e.org",
        "a@e.org,b@e.org",
        "a b@e.org",
        "<a@e.org",
        "a@e.org> SIZE=1",
        "@e.org",
        "a@",
        "a@b@c",
    };
    const struct config settings = {.transport = TRANSPORT_FILE,
                                    .mail_directory = slice_from(folder)};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(bad); i++) {
        struct delivery_reply reply;
        enum ww_status status = send_as(&settings, SLICE(MESSAGE), SENDER, slice_from(bad[i]),
                                        SLICE("n"), NULL, &reply, NULL);

        /* An open bracket is closed by the end; what stands in it is one clean address. */
        if (status != WW_INVALID && strcmp(bad[i], "<a@e.org") != 0)
            fail_msg("'%s' was taken", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smtp),
        cmocka_unit_test(test_smtp_cut),
        cmocka_unit_test(test_smtp_stop),
        cmocka_unit_test(test_smtp_without_tls),
        cmocka_unit_test(test_smtp_settings),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_maildir),
        cmocka_unit_test(test_sendmail),
        cmocka_unit_test(test_sendmail_missing),
        cmocka_unit_test(test_recipients),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

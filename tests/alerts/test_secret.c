/* test_secret.c - where a password may lie, and where it is refused. */
#define _GNU_SOURCE
#include "alerts/mail/secret.h"

#include "base/attrs.h"
#include "base/config.h"

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

static char folder[] = "/tmp/wirewatch-secret-XXXXXX";

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

static struct slice put(char path[200], const char *name, const char *text, unsigned mode)
{
    FILE *file;

    (void)snprintf(path, 200, "%s/%s", folder, name);
    (void)unlink(path);
    file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
    return slice_from(path);
}

/* Read and checked alike, but for what only reading shows; the secret is in no message. */
static void assert_refused(const struct secret_source *from, enum ww_status want, const char *words)
{
    struct secret secret;
    struct ww_error err = {0};
    enum ww_status status = secret_read(from, &secret, &err);

    if (status != want || strstr(err.message, words) == NULL || strstr(err.message, "s3cret"))
        fail_msg("status %d, '%s', not '%s'", (int)status, err.message, words);
}

static void test_lines(void **state)
{
    static const struct {
        const char *text, *want, *words; /* want NULL: refused with words */
    } cases[] = {
        {"s3cret",                   "s3cret",  NULL                 },
        {"s3cret\n",                 "s3cret",  NULL                 },
        {"s3cret \r\nsecond line\n", "s3cret ", NULL                 },
        {"",                         NULL,      "first line is empty"},
        {"\ns3cret\n",               NULL,      "first line is empty"},
        {"s3cret\tx\n",              NULL,      "control character"  },
        {"s3cret\x7F\n",             NULL,      "control character"  },
    };
    char path[200];

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct secret_source from = {.key = "password",
                                           .file = put(path, "lines", cases[i].text, 0600)};
        struct secret secret;

        if (cases[i].want == NULL) {
            assert_refused(&from, WW_INVALID, cases[i].words);
            continue;
        }
        assert_int_equal(secret_read(&from, &secret, NULL), WW_OK);
        assert_string_equal(secret.text, cases[i].want);
        secret_wipe(&secret);
        for (size_t k = 0; k < sizeof(secret.text); k++)
            assert_int_equal(secret.text[k], 0);
    }
}

static void test_length(void **state)
{
    char text[SECRET_MAX_BYTES + 3];
    char path[200];
    struct secret secret;
    struct secret_source from = {.key = "password"};

    WW_UNUSED(state);
    for (size_t len = SECRET_MAX_BYTES - 1; len <= SECRET_MAX_BYTES + 1; len++) {
        memset(text, 'x', len);
        memcpy(text + len, "\n", 2);
        from.file = put(path, "long", text, 0600);
        if (len <= SECRET_MAX_BYTES) {
            assert_int_equal(secret_read(&from, &secret, NULL), WW_OK);
            assert_int_equal(strlen(secret.text), len);
        } else {
            assert_refused(&from, WW_INVALID, "more than 512 bytes");
        }
    }
}

static void test_rights(void **state)
{
    char path[200], other[200], text[200];
    struct secret_source from = {.key = "password", .file = put(path, "p", "s3cret\n", 0600)};

    WW_UNUSED(state);
    for (unsigned bit = 1; bit < 0100; bit *= 2) {
        assert_int_equal(chmod(path, (mode_t)(0600 | bit)), 0);
        assert_refused(&from, WW_REFUSED, "chmod 600");
        assert_int_equal(secret_check(&from, NULL), WW_REFUSED);
    }
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(secret_check(&from, NULL), WW_OK);
    /* who writes to the folder can put another file there */
    assert_int_equal(chmod(folder, 0770), 0);
    assert_refused(&from, WW_REFUSED, "another file in its place");
    assert_int_equal(chmod(folder, 0703), 0);
    assert_refused(&from, WW_REFUSED, "another file in its place");
    assert_int_equal(chmod(folder, 01777), 0); /* but not there: only owners take away */
    assert_int_equal(secret_check(&from, NULL), WW_OK);
    assert_int_equal(chmod(folder, 0700), 0);
    /* tricks */
    (void)snprintf(other, sizeof(other), "%s/link", folder);
    assert_int_equal(symlink(path, other), 0);
    from.file = slice_from(other);
    assert_refused(&from, WW_REFUSED, "symbolic link");
    (void)snprintf(text, sizeof(text), "%s/fifo", folder);
    assert_int_equal(mkfifo(text, 0600), 0);
    from.file = slice_from(text);
    assert_refused(&from, WW_REFUSED, "not a plain file");
    from.file = slice_from(folder);
    assert_refused(&from, WW_REFUSED, "not a plain file");
    from.file = SLICE("/nowhere/password");
    assert_refused(&from, WW_INVALID, "password-file: /nowhere/password");
}

static void test_credentials(void **state)
{
    char path[200];
    struct secret secret;
    struct secret_source from = {.key = "password", .credential = SLICE("cred")};

    WW_UNUSED(state);
    assert_refused(&from, WW_INVALID, "LoadCredential");
    from.credentials = slice_from(folder);
    assert_refused(&from, WW_INVALID, "No such file");
    (void)put(path, "cred", "s3cret\n", 0440); /* as systemd shows its access list */
    assert_int_equal(secret_read(&from, &secret, NULL), WW_OK);
    assert_string_equal(secret.text, "s3cret");
    assert_int_equal(chmod(path, 0444), 0);
    assert_refused(&from, WW_REFUSED, "password-credential");
    from.credential = SLICE("../cred");
    assert_refused(&from, WW_INVALID, "a name, not a path");
    from.credential = SLICE("..");
    assert_refused(&from, WW_INVALID, "a name, not a path");
}

static void test_commands(void **state)
{
    struct secret secret;
    struct secret_source from = {.key = "webhook-token", .command = SLICE("echo s3cret token")};

    WW_UNUSED(state);
    assert_int_equal(secret_read(&from, &secret, NULL), WW_OK);
    assert_string_equal(secret.text, "s3cret token");
    from.command = SLICE("false s3cret");
    assert_refused(&from, WW_INVALID, "webhook-token-command: false ended with status 1");
    from.command = SLICE("echo");
    assert_refused(&from, WW_INVALID, "first line is empty");
    from.command = SLICE("/nowhere/program");
    assert_refused(&from, WW_INVALID, "/nowhere/program");
    /* a check runs nothing */
    assert_int_equal(secret_check(&from, NULL), WW_OK);
}

static void test_one_source(void **state)
{
    const struct config settings = {
        .password_command = SLICE("echo x"),
        .password_credential = SLICE("x"),
        .webhook_token_file = SLICE("x"),
    };
    struct secret_source from = secret_password(&settings);

    WW_UNUSED(state);
    assert_refused(&from, WW_INVALID, "more than one of password-command, password-file");
    from = secret_webhook_token(&settings);
    assert_true(secret_is_set(&from));
    from.file = SLICE("");
    assert_false(secret_is_set(&from));
    assert_refused(&from, WW_INVALID, "none of webhook-token-command");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),    cmocka_unit_test(test_length),
        cmocka_unit_test(test_rights),   cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_commands), cmocka_unit_test(test_one_source),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

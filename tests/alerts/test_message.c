/*
 * test_message.c - the structure of a mail, the same bytes each time, and hostile headers. With two
 * words it writes messages for test_message.py, which reads them with another parser.
 */
#include "alerts/mail/message.h"

#include "base/attrs.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#define OUT_MAX ((size_t)32 * 1024 * 1024)

static struct message plain_message(void)
{
    static const struct message_field fields[] = {
        {"Kind",  {"digest", 6}},
        {"Alert", {"", 0}      },
    };

    return (struct message){
        .from = SLICE("Wire Watch <watch@e.org>"),
        .to = SLICE("ana@example.org"),
        .subject = SLICE("Watch digest Sun 22 Nov: 3 new"),
        .message_id = SLICE("<digest.1.abc@watch.e.org>"),
        .references = SLICE("<story.7@watch.e.org>"),
        .date = 1795330930,
        .zone_s = 3600,
        .list_id = SLICE("watch.e.org"),
        .list_name = SLICE("Ana B"),
        .language = SLICE("en"),
        .fields = fields,
        .n_fields = WW_COUNT(fields),
        .text = SLICE("Hello\nna\xC3\xAFve =\n.\nFrom here, From there\n"),
        .html = SLICE("<p>\xE7\xA6\x8F\xE5\xB7\x9E</p>\n"),
    };
}

static void test_golden(void **state)
{
    static const char want[] =
        "From: Wire Watch <watch@e.org>\r\n"
        "To: ana@example.org\r\n"
        "Subject: Watch digest Sun 22 Nov: 3 new\r\n"
        "Date: Sun, 22 Nov 2026 08:02:10 +0100\r\n"
        "Message-ID: <digest.1.abc@watch.e.org>\r\n"
        "In-Reply-To: <story.7@watch.e.org>\r\n"
        "References: <story.7@watch.e.org>\r\n"
        "List-Id: Ana B <ana-b.watch.e.org>\r\n"
        "List-Unsubscribe: <mailto:watch@e.org?subject=unsubscribe%20ana-b>\r\n"
        "List-Post: NO\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "Precedence: list\r\n"
        "X-Auto-Response-Suppress: All\r\n"
        "X-Wirewatch-Kind: digest\r\n"
        "Content-Language: en\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative;\r\n"
        "\tboundary=\"=_87454297c8533bbdadfa2966b1c754e1\"\r\n"
        "\r\n"
        "--=_87454297c8533bbdadfa2966b1c754e1\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Hello\r\n"
        "na=C3=AFve =3D\r\n"
        "=2E\r\n"
        "=46rom here, From there\r\n"
        "\r\n"
        "--=_87454297c8533bbdadfa2966b1c754e1\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "\r\n"
        "PHA+56aP5beePC9wPg0K\r\n"
        "\r\n"
        "--=_87454297c8533bbdadfa2966b1c754e1--\r\n";
    const struct message m = plain_message();

    WW_UNUSED(state);
    for (int i = 0; i < 2; i++) {
        struct buf out;

        buf_init(&out, OUT_MAX);
        assert_int_equal(message_write(&m, &out, NULL), WW_OK);
        assert_string_equal(out.ptr, want);
        buf_release(&out);
    }
}

/* Header names that stand at the beginning of a line, before the first empty line. */
static size_t count_headers(struct slice bytes, const char *name)
{
    size_t n = 0;
    struct slice line;

    while (slice_next_line(&bytes, &line) && line.len > 0)
        n += slice_starts_nocase(line, slice_from(name));
    return n;
}

static void test_injection(void **state)
{
    static const char *const hostile[] = {
        "x\r\nBcc: evil@e.org",
        "x\nBcc: evil@e.org",
        "x\rBcc: evil@e.org",
        "x\r\n\r\nBcc: evil@e.org",
        "x\xE2\x80\xA8"
        "Bcc: evil@e.org",
        "x\xC2\x85"
        "Bcc: evil@e.org",
        "=?utf-8?q?x=0D=0ABcc:_evil@e.org?=",
        "x \xE2\x80\xAE gro.e \x1B[31m \xF3\xA0\x81\x81",
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(hostile); i++) {
        struct message m = plain_message();
        struct slice bad = slice_from(hostile[i]);
        char mailbox[200];
        struct buf out;

        buf_init(&out, OUT_MAX);
        (void)snprintf(mailbox, sizeof(mailbox), "%s <watch@e.org>", hostile[i]);
        m.subject = m.list_name = m.references = m.language = m.archive_url = bad;
        m.fields = &(struct message_field){"Item", bad};
        m.n_fields = 1;
        m.from = slice_from(mailbox);
        assert_int_equal(message_write(&m, &out, NULL), WW_OK);
        assert_int_equal(count_headers(buf_slice(&out), "Bcc"), 0);
        assert_int_equal(count_headers(buf_slice(&out), "Subject:"), 1);
        assert_int_equal(count_headers(buf_slice(&out), "References:"), 0);
        assert_int_equal(count_headers(buf_slice(&out), "List-Archive:"), 0);
        assert_null(strstr(out.ptr, "=?utf-8?q?x=0D"));
        assert_null(strchr(out.ptr, '\x1B'));
        assert_null(strstr(out.ptr, "\xE2\x80\xAE"));
        buf_release(&out);
    }
}

/*
 * RFC 5322: lines of at most 998 octets, CR LF and never one without the other, ASCII throughout.
 */
static void test_lines(void **state)
{
    struct message m = plain_message();
    struct buf long_text, out;
    size_t line = 0;

    WW_UNUSED(state);
    buf_init(&long_text, OUT_MAX);
    buf_init(&out, OUT_MAX);
    for (int i = 0; i < 200000; i++)
        buf_add_string(&long_text, i % 7 == 0 ? "\xE7\xA6\x8F" : "word ");
    m.text = m.html = m.subject = m.list_name = buf_slice(&long_text);
    assert_int_equal(message_write(&m, &out, NULL), WW_OK);
    for (size_t i = 0; i < out.len; i++) {
        assert_true((unsigned char)out.ptr[i] < 0x80);
        assert_true((out.ptr[i] == '\n') == (i > 0 && out.ptr[i - 1] == '\r'));
        line = out.ptr[i] == '\n' ? 0 : line + 1;
        assert_true(line <= 998);
    }
    /* the subject is cut, and says so */
    assert_true(slice_find(buf_slice(&out), SLICE("\r\nDate:")) < 2000);
    assert_true(slice_find(buf_slice(&out), SLICE("\r\n\r\n")) < 4000);
    buf_release(&out);
    buf_release(&long_text);
}

static void test_encoding(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"",                               "quoted-printable"},
        {"plain",                          "quoted-printable"},
        {"a word with one \xC3\xA9 in it", "quoted-printable"},
        {"\xE7\xA6\x8F\xE5\xB7\x9E news",  "base64"          },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct message m = plain_message();
        struct buf out;
        struct slice part;

        buf_init(&out, OUT_MAX);
        m.text = slice_from(cases[i].text);
        assert_int_equal(message_write(&m, &out, NULL), WW_OK);
        part = slice_skip(buf_slice(&out), slice_find(buf_slice(&out), SLICE("text/plain")));
        part = slice_skip(part, slice_find(part, SLICE("Encoding: ")) + 10);
        if (!slice_starts(part, slice_from(cases[i].want)))
            fail_msg("'%s': %.20s", cases[i].text, part.ptr);
        buf_release(&out);
    }
}

static void test_addresses(void **state)
{
    static const char *const cases[][2] = {
        {"a@e.org",                "a@e.org"    },
        {"  A B <a@e.org> ",       "a@e.org"    },
        {"\"B, A\" <a.b+c@e.org>", "a.b+c@e.org"},
        {"<a@e.org>",              "a@e.org"    },
        {"a",                      ""           },
        {"a@",                     ""           },
        {"@e.org",                 ""           },
        {"a@b@c",                  ""           },
        {"a b@e.org",              ""           },
        {"-f@e.org",               ""           },
        {"a@e.org\r\nDATA",        ""           },
        {"\xC3\xA9@e.org",         ""           },
        {"a..b@e.org",             ""           },
        {".a@e.org",               ""           },
        {"a@e..org",               ""           },
        {"a@-e.org",               ""           },
        {"a@e_f.org",              ""           },
        {"A <a@e.org> b",          ""           },
        {"a@localhost",            "a@localhost"},
        {"",                       ""           },
    };
    struct message m = plain_message();
    struct buf out;
    struct ww_error err = {0};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (!slice_equal(message_address(slice_from(cases[i][0])), slice_from(cases[i][1])))
            fail_msg("'%s'", cases[i][0]);
    buf_init(&out, OUT_MAX);
    m.to = SLICE("nobody");
    assert_int_equal(message_write(&m, &out, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "nobody"));
    buf_release(&out);
}

static void test_dates(void **state)
{
    static const struct {
        int64_t at;
        int32_t zone_s;
        const char *want;
    } cases[] = {
        {0,          0,      "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"},
        {1795330930, -12600, "Date: Sun, 22 Nov 2026 03:32:10 -0330\r\n"},
        {1795330930, 20700,  "Date: Sun, 22 Nov 2026 12:47:10 +0545\r\n"},
        {-1,         0,      "Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct message m = plain_message();
        struct buf out;

        buf_init(&out, OUT_MAX);
        m.date = cases[i].at;
        m.zone_s = cases[i].zone_s;
        assert_int_equal(message_write(&m, &out, NULL), WW_OK);
        if (strstr(out.ptr, cases[i].want) == NULL)
            fail_msg("%s", cases[i].want);
        buf_release(&out);
    }
}

/* What is no mailbox, no domain, no id and no address to unsubscribe at is said, with its name. */
static void test_refusals(void **state)
{
    static const struct {
        const char *from, *list_id, *message_id, *unsubscribe, *url, *want;
    } cases[] = {
        {"J\xC3\xB6rg@e.org", "e.org",    "<a@e.org>",     "",      "",                 "before the @ stand ASCII"},
        {"Joe",               "e.org",    "<a@e.org>",     "",      "",                 "'Joe' is no mailbox"     },
        {"a@e.org",           "e org",    "<a@e.org>",     "",      "",                 "list-id 'e org'"         },
        {"a@e.org",           "a\r\nb:c", "<a@e.org>",     "",      "",                 "is no domain"            },
        {"a@e.org",           "e.org",    "a@e.org",       "",      "",                 "no Message-ID"           },
        {"a@e.org",           "e.org",    "<a@e.org>\r\n", "",      "",                 "no Message-ID"           },
        {"a@e.org",           "e.org",    "<a@e.org>",     "there", "",                 "'there' is no mailbox"   },
        {"a@e.org",           "e.org",    "<a@e.org>",     "",      "http://e.org/",    "no https address"        },
        {"a@e.org",           "e.org",    "<a@e.org>",     "",      "https://e.org> x", "no https address"        },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct message m = plain_message();
        struct ww_error err = {0};
        struct buf out;

        buf_init(&out, OUT_MAX);
        m.from = slice_from(cases[i].from);
        m.list_id = slice_from(cases[i].list_id);
        m.message_id = slice_from(cases[i].message_id);
        m.unsubscribe = slice_from(cases[i].unsubscribe);
        m.unsubscribe_url = slice_from(cases[i].url);
        assert_int_equal(message_write(&m, &out, &err), WW_INVALID);
        if (strstr(err.message, cases[i].want) == NULL)
            fail_msg("case %zu: %s", i, err.message);
        buf_release(&out);
    }
}

/* Headers that depend on the settings, and international domains, which become ASCII. */
static void test_list_headers(void **state)
{
    struct message m = plain_message();
    struct buf out;
    static const char *const want[] = {
        "From: Wire Watch <watch@xn--bcher-kva.example>\r\n",
        "To: a@xn--bcher-kva.example\r\n",
        "List-Id: =?UTF-8?Q?Zo=C3=AB?= <zo-c6a126.xn--bcher-kva.example>\r\n",
        ("List-Unsubscribe: <mailto:stop%26go@e.org?subject=unsubscribe%20zo-c6a126>,\r\n"
         " <https://e.org/stop?a=1>\r\n"),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "List-Archive: <https://e.org/watch/>\r\n",
    };

    WW_UNUSED(state);
    buf_init(&out, OUT_MAX);
    m.from = SLICE("Wire Watch <watch@B\xC3\xBC"
                   "cher.example>");
    m.to = SLICE("a@b\xC3\xBC"
                 "cher.example");
    m.list_id = SLICE("b\xC3\xBC"
                      "cher.example");
    m.list_name = SLICE("Zo\xC3\xAB");
    m.unsubscribe = SLICE("Stop <stop&go@e.org>");
    m.unsubscribe_url = SLICE("https://e.org/stop?a=1");
    m.archive_url = SLICE("https://e.org/watch/");
    assert_int_equal(message_write(&m, &out, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(want); i++)
        if (strstr(out.ptr, want[i]) == NULL)
            fail_msg("no %sin %.900s", want[i], out.ptr);
    buf_release(&out);
}

/*
 * For test_message.py: messages as JSON lists of words (name, value), written to FOLDER/N.eml; what
 * message_write refuses to FOLDER/N.error.
 */
static struct slice member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return slice_of(json_string_value(value), json_string_length(value));
}

static bool write_file(const char *folder, size_t i, const char *suffix, struct slice bytes)
{
    char path[4096];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/%zu.%s", folder, i, suffix);
    f = fopen(path, "wb");
    return f != NULL && fwrite(bytes.ptr, 1, bytes.len, f) == bytes.len && fclose(f) == 0;
}

static bool write_message(const json_t *o, const char *folder, size_t i)
{
    const struct message_field field = {"Item", member(o, "item")};
    const struct message m = {.from = member(o, "from"),
                              .to = member(o, "to"),
                              .subject = member(o, "subject"),
                              .message_id = member(o, "message_id"),
                              .references = member(o, "references"),
                              .date = json_integer_value(json_object_get(o, "date")),
                              .zone_s = (int32_t)json_integer_value(json_object_get(o, "zone_s")),
                              .language = member(o, "language"),
                              .list_id = member(o, "list_id"),
                              .list_name = member(o, "list_name"),
                              .unsubscribe = member(o, "unsubscribe"),
                              .unsubscribe_url = member(o, "unsubscribe_url"),
                              .archive_url = member(o, "archive_url"),
                              .fields = &field,
                              .n_fields = 1,
                              .text = member(o, "text"),
                              .html = member(o, "html"),
                              .csv = member(o, "csv"),
                              .csv_name = SLICE("digest.csv")};
    struct ww_error err = {0};
    struct buf out;
    bool is_written;

    buf_init(&out, OUT_MAX);
    if (message_write(&m, &out, &err) == WW_OK)
        is_written = write_file(folder, i, "eml", buf_slice(&out));
    else
        is_written = write_file(folder, i, "error", slice_from(err.message));
    buf_release(&out);
    return is_written;
}

static int write_messages(const char *path, const char *folder)
{
    json_t *list = json_load_file(path, JSON_ALLOW_NUL, NULL);
    bool is_written = json_is_array(list);

    for (size_t i = 0; is_written && i < json_array_size(list); i++)
        is_written = write_message(json_array_get(list, i), folder, i);
    json_decref(list);
    return is_written ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),    cmocka_unit_test(test_injection),
        cmocka_unit_test(test_lines),     cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_dates),
        cmocka_unit_test(test_refusals),  cmocka_unit_test(test_list_headers),
    };

    if (argc == 3)
        return write_messages(argv[1], argv[2]);

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Mailboxes cut into mails, whatever the chunks; what is in a mail; what breaks one. */
#include "feeds/mailbox.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "feeds/mime.h"
#include "feeds/mime_header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- mailboxes ------------------------------------------------------------------------------- */

#define FROM "From ana@news.example Mon Jan  5 06:42:10 2026\n"

static const struct {
    const char *name, *box;
    const char *mails; /* one behind the other, each ended by a line "|" */
} boxes[] = {
    {"one",                               FROM "Subject: a\n\nText.\n",                                      "Subject: a\n\nText.\n|"                    },
    {"two, and the gap is the mailbox's",
     FROM "Subject: a\n\nOne.\n\n" FROM "Subject: b\n\nTwo.\n\n",
     "Subject: a\n\nOne.\n|Subject: b\n\nTwo.\n|"                                                                                                        },
    {"no gap",                            FROM "A: a\n\nOne.\n" FROM "B: b\n\nTwo.\n",                       "A: a\n\nOne.\n|B: b\n\nTwo.\n|"            },
    {"no line end at the end",            FROM "A: a\n\nOne.",                                               "A: a\n\nOne.|"                             },
    {"CR LF",
     "From - Mon Jan  5 06:42:10 2026\r\nA: a\r\n\r\nOne.\r\n\r\nFrom - Tue Jan  6 06:42:10 "
     "2026\r\nB: b\r\n\r\nTwo.\r\n",                                                                         "A: a\r\n\r\nOne.\r\n|B: b\r\n\r\nTwo.\r\n|"},
    {"prose",
     FROM "A: a\n\nFrom the harbour to the lock\nTime: noon\n\nFrom Monday at 10:30 on\nX: y\n",
     "A: a\n\nFrom the harbour to the lock\nTime: noon\n\nFrom Monday at 10:30 on\nX: y\n|"                                                              },
    {"a date and no header behind it",    FROM "A: a\n\n" FROM "is what it said.\n",
     "A: a\n\n" FROM "is what it said.\n|"                                                                                                               },
    {"the last line",                     FROM "A: a\n\nx\n" FROM,                                           "A: a\n\nx\n" FROM "|"                      },
    {"quoted",                            FROM "A: a\n\n>From here\n>>From there\n> From us\n",
     "A: a\n\nFrom here\n>From there\n> From us\n|"                                                                                                      },
    {"a length that lies",                FROM "Content-Length: 4000\n\nx\n\n" FROM "B: b\n\ny\n",
     "Content-Length: 4000\n\nx\n|B: b\n\ny\n|"                                                                                                          },
    {"dates of others",
     "From ana@x Thu, 05 Mar 2026 10:00:00 +0000\nA: a\n\nx\n\nFrom - 2026-03-05 10:00\nB: "
     "b\n\ny\n",                                                                                             "A: a\n\nx\n|B: b\n\ny\n|"                  },
    {"the first without a date",          "From nobody\nSubject: s\nFrom: a@b\n\nx\n\nFrom nobody\nTo: c\n",
     "Subject: s\nFrom: a@b\n\nx\n\nFrom nobody\nTo: c\n|"                                                                                               },
    {"two From lines",                    FROM FROM "A: a\n\nx\n",                                           "A: a\n\nx\n|"                              },
    {"empty mail",                        FROM "\n" FROM "A: a\n\nx\n",                                      "A: a\n\nx\n|"                              },
};

static void note(struct buf *out, const struct mailbox_mail *mail)
{
    buf_add(out, mail->is_too_big ? SLICE("too big") : mail->bytes);
    buf_add_char(out, '|');
}

/* The box in pieces of that size, from `at` on; every mail begins where the one before ended. */
static void split(struct slice box, size_t piece, int64_t at, struct buf *out)
{
    struct mailbox m;
    struct mailbox_mail mail;
    struct ww_error err = {0};
    int64_t end = -1;

    mailbox_init(&m, at);
    for (size_t i = (size_t)at; i < box.len; i += piece) {
        struct slice chunk = slice_sub(box, i, piece);

        while (mailbox_feed(&m, &chunk, &mail, &err) == WW_OK) {
            assert_true(end < 0 || mail.begin == end);
            assert_true(slice_starts(slice_skip(box, (size_t)mail.begin), SLICE("From ")));
            end = mail.end;
            note(out, &mail);
        }
        assert_int_equal(chunk.len, 0);
    }
    while (mailbox_finish(&m, &mail, &err) == WW_OK) {
        end = mail.end;
        note(out, &mail);
    }
    if (end >= 0)
        assert_int_equal(end, box.len);
    mailbox_release(&m);
}

static void test_boxes(void **state)
{
    static const size_t pieces[] = {1, 2, 7, 100, 100000};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(boxes); i++)
        for (size_t k = 0; k < WW_COUNT(pieces); k++) {
            struct buf out;

            buf_init(&out, 100000);
            split(slice_from(boxes[i].box), pieces[k], 0, &out);
            if (!slice_equal(buf_slice(&out), slice_from(boxes[i].mails)))
                fail_msg("%s, in pieces of %zu: [%s]", boxes[i].name, pieces[k], out.ptr);
            assert_true(mailbox_is(slice_from(boxes[i].box)) ||
                        strstr(boxes[i].name, "From lines") != NULL ||
                        strstr(boxes[i].name, "empty") != NULL);
            buf_release(&out);
        }
    assert_false(mailbox_is(SLICE("From the harbour\nto the lock\n")));
    assert_false(mailbox_is(SLICE("Subject: a\nFrom: b\n\nx")));
}

/* A mail of 40 MB and a line of 3 MB take no more memory than the limit, and end nothing. */
static void test_giant(void **state)
{
    struct mailbox m;
    struct mailbox_mail mail;
    struct slice chunk = SLICE(FROM "A: a\n\n");
    static char line[64 * 1024];

    WW_UNUSED(state);
    memset(line, 'x', sizeof(line));
    mailbox_init(&m, 0);
    assert_int_equal(mailbox_feed(&m, &chunk, &mail, NULL), WW_NOT_FOUND);
    for (int i = 0; i < 640; i++) {
        chunk = slice_of(line, sizeof(line));
        assert_int_equal(mailbox_feed(&m, &chunk, &mail, NULL), WW_NOT_FOUND);
        assert_true(m.text.capacity + m.line.capacity <= MAILBOX_MESSAGE_MAX_BYTES + 4096);
    }
    chunk = SLICE("\n\n" FROM "B: b\n\nsmall\n\n" FROM "C: c\n\n");
    assert_int_equal(mailbox_feed(&m, &chunk, &mail, NULL), WW_OK);
    assert_true(mail.is_too_big);
    assert_int_equal(mail.bytes.len, 0);
    assert_int_equal(mail.begin, 0);
    assert_int_equal(mail.end, (int64_t)strlen(FROM) + 6 + 640 * (int64_t)sizeof(line) + 2);
    assert_int_equal(mailbox_feed(&m, &chunk, &mail, NULL), WW_OK);
    assert_true(slice_equal(mail.bytes, SLICE("B: b\n\nsmall\n")));
    assert_int_equal(mailbox_feed(&m, &chunk, &mail, NULL), WW_NOT_FOUND);
    assert_int_equal(mailbox_finish(&m, &mail, NULL), WW_OK);
    assert_true(slice_equal(mail.bytes, SLICE("C: c\n")));
    assert_int_equal(mailbox_finish(&m, &mail, NULL), WW_NOT_FOUND);
    mailbox_release(&m);
}

/* Lines about as long as is looked at for "From ", in pieces. */
static void test_long_lines(void **state)
{
    static const size_t pieces[] = {1, 7, 1000, 1024, 5000};

    WW_UNUSED(state);
    for (size_t len = MAILBOX_FROM_MAX_BYTES - 3; len < MAILBOX_FROM_MAX_BYTES + 3; len++)
        for (size_t k = 0; k < WW_COUNT(pieces); k++) {
            struct buf box, out;
            const size_t head = strlen(FROM);

            buf_init(&box, 10000);
            buf_init(&out, 10000);
            buf_add_string(&box, FROM "A: a\n\n");
            memset(buf_extend(&box, len), 'x', len);
            buf_add_string(&box, FROM "C: c\n\n" FROM "B: b\n\ny\n"); /* one line of text */
            split(buf_slice(&box), pieces[k], 0, &out);
            assert_true(slice_starts(buf_slice(&out), slice_sub(buf_slice(&box), head, len + 11)));
            assert_true(slice_ends(buf_slice(&out), SLICE("xx" FROM "C: c\n|B: b\n\ny\n|")));
            buf_release(&box);
            buf_release(&out);
        }
}

/* From the end of any mail on, the rest is the same. */
static void test_resumed(void **state)
{
    static const char box[] = FROM "A: a\n\nOne.\n\n" FROM "B: b\n\nTwo.\n\n";
    struct buf out;

    WW_UNUSED(state);
    buf_init(&out, 1000);
    split(slice_from(box), 10, (int64_t)strlen(FROM "A: a\n\nOne.\n\n"), &out);
    assert_string_equal(out.ptr, "B: b\n\nTwo.\n|");
    buf_release(&out);
}

static void test_no_memory(void **state)
{
    WW_UNUSED(state);
    for (long n = 1; n < 12; n++) {
        struct slice chunk = SLICE(FROM "A: a\n\nOne.\n\n" FROM "B: b\n\nTwo");
        struct mailbox m;
        struct mailbox_mail mail;
        enum ww_status status = WW_OK;

        mailbox_init(&m, 0);
        mem_fail_after(n);
        while (status == WW_OK)
            status = mailbox_feed(&m, &chunk, &mail, NULL);
        if (status == WW_NOT_FOUND)
            while ((status = mailbox_finish(&m, &mail, NULL)) == WW_OK)
                ;
        mem_fail_after(0);
        assert_true(status == WW_NOT_FOUND || status == WW_NOMEM);
        mailbox_release(&m);
    }
}

/* ---- words ----------------------------------------------------------------------------------- */

static const struct {
    const char *value, *words;
} words[] = {
    {" Harbour\r\n opens  again ",                                             "Harbour opens again"    },
    {"=?utf-8?Q?Caf=C3=A9_am?= =?UTF-8?B?IFNlZQ==?=",                          "Café am See"           },
    {"=?UTF-8?B?44GC44GE4w==?=\r\n =?utf-8?b?gYY=?=",                          "あいう"              }, /* cut in a letter */
    {"=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?= news",                                "日本 news"            },
    {"=?gb2312?B?warNqA==?=",                                                  "联通"                 }, /* also valid UTF-8, as the wrong letters */
    {"=?windows-1251?Q?=CF=EE=F0=F2?=",                                        "Порт"               },
    {"=?utf-8*en?Q?a=3Fb?=",                                                   "a?b"                    },
    {"=?x-unknown?Q?abc?= =?nothing",                                          "abc =?nothing"          },
    {"a =?utf-8?Q?b?= c",                                                      "a b c"                  },
    {"a=?utf-8?Q?b?=c",                                                        "abc"                    },
    {"\xcf\xee\xf0\xf2 \xee\xf2\xea\xf0\xfb\xeb\xf1\xff \xf1\xed\xee\xe2\xe0",
     "Порт открылся снова"                                                             },
    {"=?utf-8?X?b?= =??Q?= =?",                                                "=?utf-8?X?b?= =??Q?= =?"},
    {"=?us-ascii?Q?Caf=C3=A9?=",                                               "Café"                  },
    {"",                                                                       ""                       },
};

static const struct {
    const char *value, *name, *address;
} senders[] = {
    {"Ana Silva <ana@news.example>",                   "Ana Silva",  "ana@news.example"},
    {"\"Silva, Ana\" <ana@news.example>, b@c.example", "Silva, Ana", "ana@news.example"},
    {"ana@news.example (Ana Silva)",                   "Ana Silva",  "ana@news.example"},
    {"ana@news.example",                               "",           "ana@news.example"},
    {"=?utf-8?Q?Jos=C3=A9?= <j@news.example>",         "José",      "j@news.example"  },
    {"\"=?utf-8?Q?Jos=C3=A9?=\" <j@news.example>",     "José",      "j@news.example"  },
    {"\"a \\\"b\\\" c\" <j@news.example>",             "a \"b\" c",  "j@news.example"  },
    {"<Saved by a browser>",                           "",           ""                },
    {"(",                                              "",           ""                },
    {"",                                               "",           ""                },
};

static const struct {
    const char *value, *value_of_x;
} parameters[] = {
    {"text/html; x=abc",                              "abc"   },
    {"text/html; charset=utf-8; X=\"a;b\\\"c\"; y=1", "a;b\"c"},
    {"text/html; xy=1; x = abc ",                     "abc"   },
    {"text/html; x*=utf-8'en'a%20b",                  "a b"   },
    {"text/html; x*0=ab; x*1=\"cd\"; x*2*=%65",       "abcde" },
    {"text/html;\r\n\tx=abc;",                        "abc"   },
    {"text/html; x",                                  ""      },
    {"x=abc",                                         ""      },
    {";;;x=;",                                        ""      },
};

static void test_words(void **state)
{
    struct arena arena;
    struct slice name, address;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(words); i++) {
        struct slice out = mime_words(slice_from(words[i].value), &arena);

        if (!slice_equal(out, slice_from(words[i].words)))
            fail_msg("%s: [%.*s]", words[i].value, SLICE_ARG(out));
    }
    for (size_t i = 0; i < WW_COUNT(senders); i++) {
        mime_mailbox(slice_from(senders[i].value), &arena, &name, &address);
        if (!slice_equal(name, slice_from(senders[i].name)) ||
            !slice_equal(address, slice_from(senders[i].address)))
            fail_msg("%s: [%.*s] [%.*s]", senders[i].value, SLICE_ARG(name), SLICE_ARG(address));
    }
    for (size_t i = 0; i < WW_COUNT(parameters); i++) {
        struct slice out = mime_parameter(slice_from(parameters[i].value), SLICE("x"), &arena);

        if (!slice_equal(out, slice_from(parameters[i].value_of_x)))
            fail_msg("%s: [%.*s]", parameters[i].value, SLICE_ARG(out));
    }
    arena_release(&arena);
}

/* ---- mails ----------------------------------------------------------------------------------- */

#define HEAD "From: A <a@x.example>\nSubject: s\nDate: Mon, 5 Jan 2026 06:42:10 +0100 (CET)\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=xx\n\n"
#define PART "--xx\nContent-Type: "

static const struct {
    const char *name, *mail;
    const char *html, *plain;
    const char *id, *url, *title;
} mails[] = {
    {"no type",                                  HEAD "Message-ID: <1@x.example>\n\nText.\n",                               "",         "Text.\n",                        "1@x.example", "",                    "s"    },
    {"html",                                     HEAD "Content-Type: TEXT/html; charset=utf-8\n\n<p>T</p>",                 "<p>T</p>", "",                               "",            "",
     "s"                                                                                                                                                                                                               },
    {"quoted-printable",
     HEAD "Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: "
          "Quoted-Printable\n\n=CF=EE=F0=\nt =\r\n=F2=3d=zz=",                                                              "",         "Порt т==zz",                 "",            "",                    "s"    },
    {"base64",
     HEAD "Content-Type: text/plain; charset=gb18030\nContent-Transfer-Encoding: base64\n\n1t"
          "C5\n+g==\n",                                                                                                     "",         "中国",                         "",            "",                    "s"    },
    {"ISO-2022-JP",                              HEAD "Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BF|K\\\x1b(B", "",
     "日本",                                                                                                                                                            "",            "",                    "s"    },
    {"a label that says nothing",                HEAD "Content-Type: text/plain; charset=us-ascii\n\nCaf\xc3\xa9",
     "",                                                                                                                                "Café",                          "",            "",                    "s"    },
    {"two kinds",
     HEAD "Content-Type: multipart/alternative; boundary=\"xx\"\n\nnot for you\n" PART
          "text/plain\n\nP\n" PART "text/html\n\n<p>H\n--xx--\nnor this\n",
     "<p>H",                                                                                                                            "P",                              "",            "",                    "s"    },
    {"parts in parts",
     MIXED PART "multipart/alternative; boundary=xx-1\n\n--xx-1\nContent-Type: text/plain\n\nP\n"
                "--xx-1\nContent-Type: text/html\n\n<p>H\n--xx-1--\n\n" PART
                "text/plain\n\nfoot\n" PART "application/pdf\n\n%PDF\n--xx--\n",
     "<p>H",                                                                                                                            "P\n\nfoot\n\n",                  "",            "",                    "s"    },
    {"an end that is not there",                 MIXED PART "text/plain\n\nP\n",                                            "",         "P\n",                            "",            "",                    "s"    },
    {"an inner end that is not there",
     MIXED PART "multipart/alternative; boundary=yy\n\n--yy\n\nP\n" PART
                "text/plain\n\nQ\n--xx--\n",                                                                                "",         "P\n\nQ\n\n",                     "",            "",                    "s"    },
    {"dashes that are no boundary",              MIXED PART "text/plain\n\n--xxx\n--x\n --xx\n-- xx\n--xx--\n",
     "",                                                                                                                                "--xxx\n--x\n --xx\n-- xx",       "",            "",                    "s"    },
    {"an attachment",
     MIXED PART "text/plain\nContent-Disposition: attachment; filename=a\n\nA\n" PART
                "text/plain\n\nP\n--xx--\n",                                                                                "",         "P",                              "",            "",                    "s"    },
    {"sent on",
     MIXED PART "text/plain\n\nFYI\n" PART "message/rfc822\n\nSubject: inner\nMessage-ID: "
                "<2@y.example>\n\nA longer text than that.\n--xx--\n",                                                      "",         "A longer text than that.",       "2@y.example", "",                    "inner"},
    {"sent on, and a foot",
     MIXED PART "message/rfc822\n\nSubject: inner\n\nA long text.\n" PART
                "text/plain\n\nfoot\n--xx--\n",                                                                             "",         "A long text.",                   "",            "",                    "inner"},
    {"sent on in parts",
     MIXED PART "message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; boundary=yy\n\n"
                "--yy\n\nOne.\n--yy\nContent-Type: text/plain\n\nTwo.\n--yy--\n" PART
                "text/plain\n\nfoot\n--xx--\n",                                                                             "",         "One.\n\nTwo.\n\n",               "",            "",                    "inner"},
    {"a digest",
     HEAD "Content-Type: multipart/digest; boundary=xx\n\n--xx\n\nSubject: one\n\nOne.\n--xx\n\n"
          "Subject: two\n\nTwo.\n--xx--\n",                                                                                 "",         "one\n\nOne.\n\ntwo\n\nTwo.\n\n", "",            "",                    "s"    },
    {"an address",                               HEAD "Archived-At: <https://lists.example/a/1>\n\nT",                      "",         "T",                              "",
     "https://lists.example/a/1",                                                                                                                                                                               "s"    },
    {"an address of a list and of a front page",
     HEAD "List-Archive: <https://lists.example/a>\nX-URL: https://x.example/\n\nT",                                        "",         "T",                              "",
     "",                                                                                                                                                                                                        "s"    },
    {"a saved page",
     "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.example/a\nSubject: s\nContent-"
     "Type: multipart/related; boundary=xx\n\n" PART "text/html\n\n<p>H\n--xx--\n",
     "<p>H",                                                                                                                            "",                               "",            "https://x.example/a", "s"    },
    {"a page saved by another",
     "From: x\nSubject: s\nContent-Type: multipart/related; boundary=xx\n\n" PART
     "text/html\nContent-Location: https://x.example/b\n\n<p>H\n--xx--\n",                                                  "<p>H",     "",                               "",            "https://x.example/b", "s"    },
    {"behind a From line",                       "From a Mon Jan  5 06:42:10 2026\n>From b\n" HEAD "\nT",                   "",         "T",                              "",            "",
     "s"                                                                                                                                                                                                               },
};

static void check_mail(size_t i, struct arena *arena)
{
    struct mime_mail m;
    struct ww_error err = {0};

    if (mime_read(slice_from(mails[i].mail), arena, &m, &err) != WW_OK)
        fail_msg("%s: %s", mails[i].name, err.message);
    if (!slice_equal(m.html, slice_from(mails[i].html)) ||
        !slice_equal(m.plain, slice_from(mails[i].plain)))
        fail_msg("%s: [%.*s] [%.*s]", mails[i].name, SLICE_ARG(m.html), SLICE_ARG(m.plain));
    if (!slice_equal(m.id, slice_from(mails[i].id)) ||
        !slice_equal(m.url, slice_from(mails[i].url)) ||
        !slice_equal(m.title, slice_from(mails[i].title)))
        fail_msg("%s: [%.*s] [%.*s] [%.*s]", mails[i].name, SLICE_ARG(m.id), SLICE_ARG(m.url),
                 SLICE_ARG(m.title));
    assert_int_equal(m.is_page, strstr(mails[i].name, "page ") != NULL ||
                                    strcmp(mails[i].name, "a saved page") == 0);
    if (strstr(mails[i].mail, "Date: ") != NULL && slice_equal(m.title, SLICE("s")))
        assert_int_equal(m.published.at, 1767591730);
}

static void test_mails(void **state)
{
    struct arena arena;
    struct mime_mail m;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(mails); i++)
        check_mail(i, &arena);
    assert_int_equal(mime_read(SLICE("\nno header"), &arena, &m, NULL), WW_INVALID);
    assert_int_equal(mime_read(SLICE(""), &arena, &m, NULL), WW_INVALID);
    assert_int_equal(mime_read(SLICE(HEAD), &arena, &m, NULL), WW_INVALID);
    assert_int_equal(mime_read(SLICE(MIXED "--xx--\n"), &arena, &m, NULL), WW_INVALID);
    assert_int_equal(
        mime_read(SLICE("Received: by x; Mon, 5 Jan 2026 06:42:10 +0100\n\nT"), &arena, &m, NULL),
        WW_OK);
    assert_int_equal(m.published.at, 1767591730);
    assert_true(mime_is_mail(SLICE(HEAD "\nx")));
    assert_false(mime_is_mail(SLICE("Note: a\nSubject: b\n\nFrom: c")));
    arena_release(&arena);
}

/* 100,000 parts, parts in parts in parts, mails in mails in mails: bounded, and the text is found
 * where it stands among the first. */
static void test_too_many(void **state)
{
    struct arena arena;
    struct mime_mail m;
    struct buf mail;

    WW_UNUSED(state);
    arena_init(&arena, 16 * 1024 * 1024);
    buf_init(&mail, 16 * 1024 * 1024);
    buf_add_string(&mail, MIXED);
    for (int i = 0; i < 100000; i++)
        buf_add_string(&mail, PART "image/png\n\nx\n");
    assert_int_equal(mime_read(buf_slice(&mail), &arena, &m, NULL), WW_TOO_BIG);
    buf_reset(&mail);
    buf_add_string(&mail, MIXED);
    for (int i = 0; i < 100000; i++)
        buf_add_string(&mail, PART "text/plain\n\nx\n");
    assert_int_equal(mime_read(buf_slice(&mail), &arena, &m, NULL), WW_OK);
    assert_in_range(m.plain.len, 3 * (MIME_PARTS_MAX - 2), 3 * MIME_PARTS_MAX);
    buf_reset(&mail);
    buf_add_string(&mail, HEAD "Content-Type: multipart/mixed; boundary=b0\n\n");
    for (int i = 0; i < 40; i++)
        buf_printf(&mail, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i + 1);
    buf_add_string(&mail, "--b0\n\nText.\n--b0--\n");
    assert_int_equal(mime_read(buf_slice(&mail), &arena, &m, NULL), WW_OK);
    assert_true(slice_equal(m.plain, SLICE("Text.")));
    buf_reset(&mail);
    buf_add_string(&mail, MIXED "--xx\n\nA text of the one that holds them all.\n");
    for (int i = 0; i < 40; i++)
        buf_add_string(&mail,
                       PART "message/rfc822\n\nSubject: t\nContent-Type: message/rfc822\n\n");
    buf_add_string(&mail,
                   "Subject: u\nContent-Type: multipart/mixed; boundary=yy\n\n--yy\n\nDeep.\n"
                   "--yy\n\nDeep.\n--yy--\n--xx\n\nFoot.\n--xx--\n");
    assert_int_equal(mime_read(buf_slice(&mail), &arena, &m, NULL), WW_OK);
    assert_true(slice_contains(m.plain, SLICE("Foot.")));
    assert_false(slice_contains(m.plain, SLICE("Deep.")));
    buf_release(&mail);
    arena_release(&arena);
}

static void test_mails_no_memory(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(mails); i++)
        for (long n = 1; n < 12; n++) {
            struct arena arena;
            struct mime_mail m;
            enum ww_status status;

            arena_init(&arena, 1024 * 1024);
            mem_fail_after(n);
            status = mime_read(slice_from(mails[i].mail), &arena, &m, NULL);
            mem_fail_after(0);
            assert_true(status == WW_OK || status == WW_NOMEM || status == WW_INVALID);
            arena_release(&arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boxes),           cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_giant),           cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_no_memory),       cmocka_unit_test(test_words),
        cmocka_unit_test(test_mails),           cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_mails_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

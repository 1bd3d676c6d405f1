/*
 * Mails through a jailed worker: their words in any encoding, for which no converter of the system
 * is opened there, and what of a letter is the article.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/mail_article.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "extractors/article.h"
#include "tests/support/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1780000000
#define DATE "Date: Mon, 5 Jan 2026 06:42:10 +0100\n"
#define TEXT                                                                                   \
    "The harbour office opened its doors on Monday, two years after the flood, and the first " \
    "boats came in before noon, while fishermen said that they had waited long enough."
#define HEADLINE(n) \
    "<li><a href='https://t.example/" n "'>What happened in town number " n "</a></li>"

static const struct {
    const char *name, *mail;
    const char *title, *text; /* a part of it; NULL: there is none */
    const char *site, *author, *canonical;
    int64_t published_at;
} mails[] = {
    {"plain",
     "From: The Tidings <n@tidings.example>\nSubject: Harbour opens\nMessage-ID: "
     "<1@t.example>\n" DATE "\n" TEXT "\n",
     "Harbour opens",                                                                                                        "boats came in",      "The Tidings",    "The Tidings", "mid:1@t.example",         1767591730},
    {"encodings of others",
     "From: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?= <n@tidings.example>\nSubject: "
     "=?gb18030?B?1tC5+g==?= "
     "=?koi8-r?Q?=F0=CF=D2=D4?=\nContent-Type: text/plain; charset=iso-2022-jp;\n "
     "name=\"=?koi8-r?Q?=F0?=\"\n"
     "\n\x1b$BF|K\\\x1b(B " TEXT "\n",
     "中国Порт",                                                                                                       "日本 The harbour", "日本",         NULL,          "",                        0         },
    {"a list's name",
     "From: Ana Silva <a@x.example>\nList-Id: Harbour Letter <h.x.example>\nSubject: s\n\n" TEXT,
     "s",                                                                                                                    "boats",              "Harbour Letter", "Ana Silva",   "",                        0         },
    {"an address",
     "From: a@x.example\nSubject: s\nMessage-ID: <1@t.example>\nX-URL: "
     "https://t.example/a?b=1\n\n" TEXT,
     "s",                                                                                                                    "boats",              "x.example",      NULL,          "https://t.example/a?b=1", 0         },
    {"a date in the future",
     "From: a@x.example\nSubject: s\nDate: Mon, 5 Jan 2099 06:42:10 +0100\n\n" TEXT,                                   "s",  "boats",
     "x.example",                                                                                                                                                    NULL,          "",                        0         },
    {"html, and its own canonical is not the letter's",
     "From: a@x.example\nSubject: The letter\nMessage-ID: <1@t.example>\nContent-Type: "
     "text/html\n\n"
     "<html><head><title>Template 7</title><link rel=canonical "
     "href='https://t.example/front'></head>"
     "<body><h1>Harbour</h1><p>" TEXT "</p><p>" TEXT " Twice.</p></body></html>",
     "The letter",                                                                                                           "boats came in",      "x.example",      NULL,          "mid:1@t.example",         0         },
    {"a letter of headlines",
     "From: a@x.example\nSubject: The letter\nContent-Type: text/html\n\n<html><body><p>" TEXT
     "</p>"
     "<div class=related><ul>" HEADLINE("1") HEADLINE("2") HEADLINE("3") HEADLINE("4") HEADLINE("5")
         HEADLINE("6") HEADLINE("7") HEADLINE("8") "</ul></div></body></html>",
     "The letter",                                                                                                           "town number 8",      "x.example",      NULL,          "",                        0         },
    {"pictures alone, and a plain text",
     "From: a@x.example\nSubject: s\nContent-Type: multipart/alternative; "
     "boundary=b\n\n--b\nContent-Type: "
     "text/html\n\n<html><body><img src=a></body></html>\n--b\nContent-Type: text/plain\n\n" TEXT
     "\n--b--\n",                                                                                                      "s",  "boats came in",      "x.example",      NULL,          "",                        0         },
    {"a saved page",
     "From: <Saved by Blink>\nSnapshot-Content-Location: https://t.example/a\nSubject: x\n" DATE
     "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<html><head>"
     "<meta property='article:published_time' content='2023-05-03T09:00:00+02:00'><meta "
     "property='og:site_name' content='Tidings'></head><body><h1>Harbour opens again</h1><p>" TEXT
     "</p><p>" TEXT " Twice.</p></body></html>\n--b--\n",
     "Harbour opens again",                                                                                                  "boats",              "Tidings",        NULL,          "https://t.example/a",     1683097200},
    {"nothing",                                         "From: a@x.example\nSubject: s\nContent-Type: image/png\n\nx", NULL, NULL,                 NULL,
     NULL,                                                                                                                                                                          NULL,                      0         },
    {"no mail",                                         "\n\n",                                                        NULL, NULL,                 NULL,             NULL,          NULL,                      0         },
};

static bool is(struct slice value, const char *wanted)
{
    return wanted == NULL || slice_equal(value, slice_from(wanted));
}

static void check(size_t i, const struct article *a)
{
    if (!is(a->title, mails[i].title) || !slice_contains(a->text, slice_from(mails[i].text)))
        fail_msg("%s: [%.*s] [%.*s]", mails[i].name, SLICE_ARG(a->title), SLICE_ARG(a->text));
    if (!is(a->site, mails[i].site) || !is(a->author, mails[i].author) ||
        !is(a->canonical, mails[i].canonical))
        fail_msg("%s: [%.*s] [%.*s] [%.*s]", mails[i].name, SLICE_ARG(a->site),
                 SLICE_ARG(a->author), SLICE_ARG(a->canonical));
    if ((a->published.precision == DATE_NONE ? 0 : a->published.at) != mails[i].published_at)
        fail_msg("%s: %lld", mails[i].name, (long long)a->published.at);
    assert_int_equal(a->access, ARTICLE_OPEN);
}

static void test_mails(void **state)
{
    const struct article_hints hints = {.content_type = SLICE(MAIL_CONTENT_TYPE), .now = NOW};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(mails); i++) {
        struct workers_answer answer = {0};
        struct article a = {0};
        struct arena arena;
        struct buf question;
        enum ww_status status;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        buf_init(&question, REQUEST_MAX_BYTES);
        parse_request_article(&question, slice_from(mails[i].mail), &hints);
        assert_int_equal(workers_submit(pool_workers(), i, buf_slice(&question), NULL), WW_OK);
        assert_int_equal(workers_wait(pool_workers(), -1, &answer, NULL), WW_OK);
        if (answer.worker_died)
            fail_msg("%s: %s", mails[i].name, answer.error.message);
        status = parse_answer_article(answer.record, &arena, &a, NULL);
        assert_int_equal(status, mails[i].text != NULL ? WW_OK : WW_INVALID);
        if (status == WW_OK)
            check(i, &a);
        buf_release(&question);
        arena_release(&arena);
    }
}

static void test_kinds(void **state)
{
    WW_UNUSED(state);
    assert_true(mail_article_is(SLICE("message/rfc822")));
    assert_true(mail_article_is(SLICE(" Message/RFC822; charset=x")));
    assert_false(mail_article_is(SLICE("text/html")));
    assert_true(mail_article_is_id(SLICE("mid:1@t.example")));
    assert_false(mail_article_is_id(SLICE("https://t.example/")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mails),
        cmocka_unit_test(test_kinds),
    };
    int failed;

    if (!pool_start(parse_run, 1))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}

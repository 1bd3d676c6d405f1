/* What an S3-compatible store says when it refuses, and which word of it gets into a message. */
#include "storage/bucket_refusal.h"

#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ERROR(code) \
    "<?xml version=\"1.0\"?>\n<Error><Code>" code "</Code><Message>m</Message></Error>"

static const struct {
    const char *name;
    long http_status;
    const char *body;
    enum ww_status status;
    const char *word, *advice; /* a part of it */
} cases[] = {
    {"wrong secret",      403, ERROR("SignatureDoesNotMatch"),                        WW_REFUSED,     "SignatureDoesNotMatch",
     "s3-key"                                                                                                                                 },
    {"no such file",      404, ERROR("NoSuchKey"),                                    WW_NOT_FOUND,   "NoSuchKey",             "not there"    },
    {"no such bucket",    404, ERROR("NoSuchBucket"),                                 WW_REFUSED,     "NoSuchBucket",          "make it"      },
    {"busy",              503, ERROR("SlowDown"),                                     WW_UNREACHABLE, "SlowDown",              "later"        },
    {"too many",          429, "",                                                    WW_UNREACHABLE, "",                      "later"        },
    {"full",              507, ERROR("XMinioStorageFull"),                            WW_STORE,       "XMinioStorageFull",     "room"         },
    {"full, in no words", 507, "",                                                    WW_STORE,       "",                      "room"         },
    {"past its end",      416, ERROR("InvalidRange"),                                 WW_INVALID,     "InvalidRange",          "ends"         },
    {"moved",             301, ERROR("PermanentRedirect"),                            WW_REFUSED,     "PermanentRedirect",     "region"       },
    {"moved, no word",    307, "",                                                    WW_REFUSED,     "",                      "moved"        },
    {"a web page",        405, "<html>no</html>",                                     WW_REFUSED,     "",                      "S3-compatible"},
    {"a word of two",     403, ERROR("No \x1b[31m secret"),                           WW_REFUSED,     "No",                    "secret"       },
    {"a word cut off",    403, "<Error><Code>Acc",                                    WW_REFUSED,     "Acc",                   ""             },
    {"a word too long",   400, ERROR("AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDDEEEE"), WW_REFUSED,
     "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDD",                                                                               ""             },
    {"no word",           403, "<Code>",                                              WW_REFUSED,     "",                      ""             },
};

static void test_words(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct bucket_refusal r;
        char word[64];

        bucket_refused(cases[i].http_status, slice_from(cases[i].body), &r);
        assert_true(r.word.len < sizeof(word));
        memcpy(word, r.word.ptr, r.word.len);
        word[r.word.len] = '\0';
        print_message("%s: %s: %s\n", cases[i].name, word, r.advice);
        assert_int_equal(r.status, cases[i].status);
        assert_string_equal(word, cases[i].word);
        assert_non_null(strstr(r.advice, cases[i].advice));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

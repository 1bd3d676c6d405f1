/* bucket_refusal.c - codes and statuses to words. */
#include "storage/bucket_refusal.h"

#include "base/attrs.h"

#include <stdbool.h>

#define WORD_MAX_BYTES 40

/* Sorted by name, for people. */
static const struct {
    const char *code;
    enum ww_status status;
    const char *advice;
} words_of[] = {
    {"AccessDenied",                 WW_REFUSED,
     "the key may not do that: it needs GetObject, PutObject, ListBucket"                                       },
    {"AuthorizationHeaderMalformed", WW_REFUSED,     "the bucket is in another region: set s3-region"           },
    {"EntityTooLarge",               WW_STORE,       "the server takes no file as large as that"                },
    {"InvalidAccessKeyId",           WW_REFUSED,     "nobody there knows the key: see s3-key"                   },
    {"NoSuchBucket",                 WW_REFUSED,     "there is no such bucket: make it, or correct [archive] s3"},
    {"NoSuchKey",                    WW_NOT_FOUND,   "it is not there"                                          },
    {"PermanentRedirect",            WW_REFUSED,     "the bucket is in another region: see s3 and s3-region"    },
    {"QuotaExceeded",                WW_STORE,       "there is no more room: make some"                         },
    {"RequestTimeTooSkewed",         WW_REFUSED,     "this machine's clock is wrong: set it"                    },
    {"SignatureDoesNotMatch",        WW_REFUSED,
     "the secret is not that of s3-key, or s3-region is another"                                                },
    {"XAmzContentSHA256Mismatch",    WW_UNREACHABLE, "it was damaged on its way: try again"                     },
    {"XMinioStorageFull",            WW_STORE,       "there is no more room: make some"                         },
};

/* Letters and digits, so that nothing else it says gets into a message. */
static struct slice word_of(struct slice body)
{
    struct slice word = slice_skip(body, slice_find(body, SLICE("<Code>")));
    size_t n = 0;

    if (word.len < 6)
        return SLICE("");
    word = slice_skip(word, 6);
    while (n < word.len && n < WORD_MAX_BYTES &&
           ((word.ptr[n] >= 'A' && word.ptr[n] <= 'Z') ||
            (word.ptr[n] >= 'a' && word.ptr[n] <= 'z') ||
            (word.ptr[n] >= '0' && word.ptr[n] <= '9')))
        n++;
    return slice_head(word, n);
}

static void judge_status(long http_status, struct bucket_refusal *out)
{
    const bool is_busy = http_status == 429 || http_status >= 500;

    out->status = WW_REFUSED;
    out->advice = "is [archive] s3 an S3-compatible store?";
    if (http_status == 507) {
        out->status = WW_STORE;
        out->advice = "there is no more room: make some";
    } else if (is_busy) {
        out->status = WW_UNREACHABLE;
        out->advice = "the server is busy: try again later";
    } else if (http_status == 404) {
        out->status = WW_NOT_FOUND;
        out->advice = "it is not there";
    } else if (http_status == 416) {
        out->status = WW_INVALID;
        out->advice = "it ends before";
    } else if (http_status == 401 || http_status == 403) {
        out->advice = "see s3-key, its secret and s3-region";
    } else if (http_status < 400) {
        out->advice = "it has moved: see [archive] s3 and s3-region";
    }
}

void bucket_refused(long http_status, struct slice body, struct bucket_refusal *out)
{
    judge_status(http_status, out);
    out->word = word_of(body);
    for (size_t i = 0; i < WW_COUNT(words_of); i++)
        if (slice_equal(out->word, slice_from(words_of[i].code))) {
            out->status = words_of[i].status;
            out->advice = words_of[i].advice;
        }
}

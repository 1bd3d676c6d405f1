/*
 * digest_sample.h - digests as a desk could get them, made of nothing but tables: many languages,
 * everything that a mail can tell, and words that are out to break it.
 */
#ifndef WW_TESTS_SUPPORT_DIGEST_SAMPLE_H
#define WW_TESTS_SUPPORT_DIGEST_SAMPLE_H

#include "alerts/mail/digest.h"

#define SAMPLE_NOW INT64_C(1795332600) /* Sunday 2026-11-22 07:30 UTC */

struct arena;

enum digest_sample {
    SAMPLE_FULL,      /* 32 stories of 14 languages, and whatever else a digest can hold */
    SAMPLE_SMALL,     /* one story, nothing else */
    SAMPLE_IMMEDIATE, /* one story that could not wait */
    SAMPLE_WEEKLY,
    SAMPLE_QUIET,
    SAMPLE_TROUBLE, /* no story: two feeds in trouble, one back */
    SAMPLE_HOSTILE, /* all that it says was written by an enemy */
    SAMPLE_HUGE,    /* 4,000 stories */
    SAMPLE_COUNT
};

const char *digest_sample_name(enum digest_sample which);
/* In the arena, which must be large. */
const struct digest *digest_sample_make(enum digest_sample which, struct arena *arena);

#endif

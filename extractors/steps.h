/*
 * steps.h - the steps of extraction that can be switched off, to measure what each is worth.
 *
 * `wirewatch inspect article --without NAME,NAME` leaves them out; docs/extraction.md has the table
 * that this makes. Only what is a choice of ours is a step: nothing else depends on one.
 */
#ifndef WW_EXTRACTORS_STEPS_H
#define WW_EXTRACTORS_STEPS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum article_step {
    STEP_LATE,            /* parts that a script would put in place */
    STEP_NAMES,           /* cutting by names: of the page */
    STEP_NAMES_INSIDE,    /* cutting by names: inside the container */
    STEP_LINKS,           /* lists and boxes of links */
    STEP_CONTAINER_NAMES, /* a container by name and tag, not by its prose alone */
    STEP_THIN,            /* a page with hardly any prose: the name alone says where the text is */
    STEP_TEASERS,         /* what announces other articles is no candidate and weighs less */
    STEP_PIECES,          /* bodies in several elements of one name */
    STEP_PARTS,           /* an <article> may be a part of one */
    STEP_NEIGHBOURS,      /* a long article ends where the next one's headline stands */
    STEP_LEAD,            /* a lead before the container */
    STEP_LINES,           /* known lines, repeated lines, bylines, headings without text */
    STEP_RESCUE,          /* schema.org data and the feed's text when the page gives too little */
    STEP_STATE,           /* what the page's scripts are given, when these have nothing either */
    STEP_COUNT
};

static inline bool step_is_off(uint32_t without, enum article_step step)
{
    return (without >> step & 1U) != 0;
}

extern const char *const step_names[STEP_COUNT];

/* Names with commas between; empty: none. WW_INVALID names the one that is unknown. */
enum ww_status steps_parse(struct slice names, uint32_t *without, struct ww_error *err);

#endif

/*
 * author.h - what the files that look for authors share.
 *
 * author_clean.c makes names of a text, author_find.c looks where a page shows them, author.c
 * weighs what the page's data, its bylines and the feed say, and decides.
 */
#ifndef WW_EXTRACTORS_AUTHOR_H
#define WW_EXTRACTORS_AUTHOR_H

#include "base/slice.h"
#include "extractors/metadata.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define AUTHOR_NAMES_MAX 12

struct author_name {
    struct slice text;
    struct slice joint; /* what is printed between the name before and this one */
};

struct author_names {
    struct author_name list[AUTHOR_NAMES_MAX];
    size_t n;
    bool is_desk;    /* no person: an editorial office, a team */
    bool is_person;  /* at least two words that are written as a person's are */
    bool is_account; /* a login: one word without a capital */
};

/* How sure the place is that a text is a name. */
enum author_trust {
    AUTHOR_GUESSED, /* a line that looks like it */
    AUTHOR_MARKED,  /* an element says so: account names, desks; a role may stand beside it */
    AUTHOR_STATED   /* data say so, and hold nothing else */
};

/* Names of a text such as "By Ana Silva, staff writer | 3 May"; adds none when it holds none. */
void author_clean(struct slice text, enum author_trust trust, struct author_names *out);

/* Names as they were printed, in the arena; of none, or NULL, an empty text. */
struct slice author_print(const struct author_names *names, struct arena *arena);

/* Without "By", "Written by:", "Autor:" at its begin; false when there was none. */
bool author_cut_label(struct slice *text);

/* Is it such a label and nothing else? */
bool author_is_label(struct slice text);

/* Behind a label in the midst of a short line: "3 May 2020 | by Ana Silva"; empty when none. */
struct slice author_after_label(struct slice line);

/* Names of one place of the page, and how far the place is to be believed. */
struct author_place {
    struct author_names names;
    int score;
};

#define AUTHOR_PLACES_MAX 48

struct author_places {
    struct author_place list[AUTHOR_PLACES_MAX];
    size_t n;
};

/* The places of the page that show names, in document order. */
void author_find(const struct metadata_source *source, struct slice title, struct arena *arena,
                 struct author_places *out);

#endif

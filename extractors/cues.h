/*
 * cues.h - lines that web pages put between the paragraphs of any article, in many languages.
 *
 * "Share this", "Read more:", "Mehr zum Thema", "Advertisement". They are about web pages, not
 * about what the articles tell, and no site's own phrases are among them.
 */
#ifndef WW_EXTRACTORS_CUES_H
#define WW_EXTRACTORS_CUES_H

#include "base/slice.h"

#include <stdbool.h>

enum cue {
    CUE_NONE,
    CUE_LABEL,   /* stands alone: "Advertisement", "Share this" */
    CUE_RELATED, /* other articles are listed behind it: "Read more", "Related" */
    CUE_AUTHOR,  /* what follows tells of the author or the outlet */
    CUE_INVITE,  /* begins an invitation to subscribe, follow, download */
    CUE_CREDIT,  /* begins the credit of a picture */
    CUE_NOTE     /* a site's word to its readers: rights, advertising partners, newsletters */
};

struct arena;
struct cues;

/* The phrases, arranged for looking up; made once for a page. NULL when the arena is full. */
struct cues *cues_open(struct arena *arena);

/* What line is, begins with or says. A long line is none of these, whatever it begins with. */
enum cue cues_match(const struct cues *cues, struct slice line);

/* Is line short, and does it begin like a byline: "By Ana Silva", "Published 4 May"? */
bool cues_begin_byline(struct slice line);

#endif

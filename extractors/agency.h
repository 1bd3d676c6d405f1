/*
 * agency.h - news agencies by name, in whatever script: "Reuters", "路透社", "رويترز".
 *
 * The names are the press's own vocabulary (agencies.h), as "By" and "Photo" are: nothing of what
 * is watched. What looks like one and may be a word, a name or a reporter's initials ("SITA", "ap")
 * counts only as agencies print it.
 */
#ifndef WW_EXTRACTORS_AGENCY_H
#define WW_EXTRACTORS_AGENCY_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct agency {
    const char *name;
    const char *sites; /* registrable domains with a bar between, or hosts of one */
};

#define AGENCIES_MAX 4

struct agencies {
    const struct agency *list[AGENCIES_MAX];
    size_t n;
};

/* How sure the place is that a word is an agency's name. */
enum agency_place {
    AGENCY_BARE,  /* it stands alone, or in a byline */
    AGENCY_MARKED /* in the brackets of a dateline, behind "Source:" */
};

/* NULL: name is none. */
const struct agency *agency_find(struct slice name, enum agency_place place, struct arena *arena);

/*
 * Agencies of a text that names them and says nothing else: "APA/dpa", "mit Material der dpa",
 * "© 2022 AFP", "mak/sti (AFP, AP)". False: it names none, or says more.
 */
bool agency_read(struct slice text, enum agency_place place, struct arena *arena,
                 struct agencies *out);

/* Those that are named between joints, whatever else is said there: "Tidings News / Reuters". */
bool agency_read_some(struct slice text, enum agency_place place, struct arena *arena,
                      struct agencies *out);

/* The longest name that s begins or ends with, for scripts without spaces; NULL: none. */
const struct agency *agency_prefix(struct slice s, size_t *bytes);
const struct agency *agency_suffix(struct slice s, size_t *bytes);

/* "APA/dpa"; of none, an empty text. */
struct slice agency_print(const struct agencies *a, struct arena *arena);

/* The one with this site; NULL: none. url may be empty. */
const struct agency *agency_at(struct slice url, struct arena *arena);

/* Is key, of text_skeleton, one of its spellings? */
bool agency_is_called(const struct agency *a, struct slice key);

#endif

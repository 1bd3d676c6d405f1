/*
 * watchlist_roles.h - what the columns `role` and `strength` of terms.csv may say.
 */
#ifndef WW_ALERTS_WATCHLIST_ROLES_H
#define WW_ALERTS_WATCHLIST_ROLES_H

#include "alerts/watchlist.h"

/* The complaint about what is none. */
extern const char watch_role_unknown[];

/* Fill role and state from "role" or "role:STATE". False: there is no such role. */
bool watch_role_parse(struct slice name, struct watch_term *out);
bool watch_strength_parse(struct slice name, enum term_strength *out);

/*
 * Words that are looked for where something was found, and not in every article: what stands
 * around a place, how things stand, who says so.
 */
bool watch_role_is_late(enum term_role role);

#endif

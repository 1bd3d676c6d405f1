/*
 * digest_parts.h - the pieces a digest is gathered and written from; for digest*.c alone.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_PARTS_H
#define WW_ALERTS_MAIL_DIGEST_PARTS_H

#include "alerts/mail/digest.h"

/* ---- digest_changes.c, for digest.c ------------------------------------------------------------
 */

/* Behind the alerts. since: as of digest_gather. */
enum ww_status digest_gather_changes(struct store *s, struct digest *d, bool include_told,
                                     int64_t since, struct arena *arena, struct ww_error *err);

/* ---- digest_notes.c, for digest.c ------------------------------------------------------------ */

/* Mutes, those that ended since the last digest too, and what a rescan found in history. */
enum ww_status digest_gather_notes(struct store *s, struct digest *d, struct arena *arena,
                                   struct ww_error *err);

/* ---- digest_candidates.c, for digest.c ------------------------------------------------------- */

enum ww_status digest_gather_possible(struct store *s, struct digest *d, bool include_told,
                                      int64_t since, struct arena *arena, struct ww_error *err);

/* ---- digest_health.c, for digest.c ----------------------------------------------------------- */

enum ww_status digest_gather_health(struct store *s, struct digest *d, bool include_told,
                                    struct arena *arena, struct ww_error *err);

#endif

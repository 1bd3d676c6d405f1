/*
 * digest_parts.h - the pieces a digest is gathered and written from; for digest*.c alone.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_PARTS_H
#define WW_ALERTS_MAIL_DIGEST_PARTS_H

#include "alerts/mail/digest.h"

/* ---- digest_stories.c ------------------------------------------------------------------------ */

/* Alerts into stories; then which of them are known (told_at), and in order of weight. */
enum ww_status digest_group(struct digest *d, const struct alert_view_list *list,
                            struct arena *arena, struct ww_error *err);
enum ww_status digest_find_known(struct store *s, struct digest *d, struct ww_error *err);
void digest_order(struct digest *d);
/* What a story shows: its sentences, and how each alert was found. */
enum ww_status digest_divide(struct store *s, const struct digest *d, struct digest_story *story,
                             struct arena *arena, struct ww_error *err);
enum ww_status digest_name_outlets(struct store *s, struct digest_story *story, struct arena *arena,
                                   struct ww_error *err);

/* ---- digest_at_once.c ------------------------------------------------------------------------ */

/* What immediate mails told since the last digest. */
enum ww_status digest_gather_at_once(struct store *s, struct digest *d, struct arena *arena,
                                     struct ww_error *err);
/* The headline that all mails about one story have. */
enum ww_status digest_name_thread(struct store *s, struct digest *d, struct arena *arena,
                                  struct ww_error *err);

/* ---- digest_weekly.c ------------------------------------------------------------------------- */

/* Two weeks of alerts by item and country, the top of them, claims, and what could be watched. */
enum ww_status digest_gather_week(struct store *s, struct digest *d, struct arena *arena,
                                  struct ww_error *err);

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

/* The subject of a proposed place begins so. */
#define DIGEST_SUBJECT_PLACE "place "

/* Those that the analyst's subscription takes. */
enum ww_status digest_gather_possible(struct store *s, struct digest *d, bool include_told,
                                      int64_t since, struct arena *arena, struct ww_error *err);

/* ---- digest_health.c, for digest.c ----------------------------------------------------------- */

enum ww_status digest_gather_health(struct store *s, struct digest *d, bool include_told,
                                    struct arena *arena, struct ww_error *err);

#endif

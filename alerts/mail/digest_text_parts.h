/*
 * digest_text_parts.h - the parts of a digest in plain text; for digest_text*.c alone.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_TEXT_PARTS_H
#define WW_ALERTS_MAIL_DIGEST_TEXT_PARTS_H

#include "alerts/mail/digest.h"

struct buf;

/* What was written from there on, if there is room for it; else it is taken back. */
bool digest_text_keep(struct buf *out, size_t from, struct digest_room *room);

/* ---- digest_text_story.c --------------------------------------------------------------------- */

void digest_text_story(const struct digest *d, size_t number, const struct digest_story *story,
                       struct buf *out);
/* A story that was told before, and has changed. */
void digest_text_developing(const struct digest *d, size_t number,
                            const struct digest_developing *story, struct buf *out);
/* The story's page in the report, on a line of its own; nothing when there is none. */
void digest_text_page(const struct digest *d, size_t indent, int64_t story_id, struct buf *out);
/* "high | 2026-11-22 07:30 | 14 copies in 9 outlets, 2 origins | The Ledger"; date may be empty. */
void digest_text_spread(const struct alert_view *lead, const char *date, struct buf *out);

/* ---- digest_text_sections.c ------------------------------------------------------------------ */

/* Each in its share of the part; what does not fit is counted. */
void digest_text_all_developing(const struct digest *d, size_t first_number, struct buf *out);
void digest_text_all_at_once(const struct digest *d, struct buf *out);
void digest_text_all_possible(const struct digest *d, struct buf *out);
void digest_text_all_troubles(const struct digest *d, struct buf *out);
void digest_text_footer(const struct digest *d, struct buf *out);

/* ---- digest_text_week.c ---------------------------------------------------------------------- */

void digest_text_week(const struct digest *d, struct buf *out);

#endif

/*
 * letter_parts.h - the pieces a letter is made of; for letter*.c alone.
 */
#ifndef WW_ALERTS_MAIL_LETTER_PARTS_H
#define WW_ALERTS_MAIL_LETTER_PARTS_H

#include "alerts/mail/message.h"
#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct digest;
struct letter_sender;
struct message_row;
struct store;

#define LETTER_FIELDS_MAX 7

/*
 * What filters can go by: kind, analyst, and of what it tells the alerts, stories and items (the
 * first HEADER_IDS_MAX, then "..."), the highest severity, the newest version of the list.
 */
size_t letter_fields(const struct digest *d, struct slice kind, struct arena *arena,
                     struct message_field out[LETTER_FIELDS_MAX]);

/* The language of most of its stories, or "en", which our own words are in. */
struct slice letter_language(const struct digest *d);

/* What a test mail says, to the one who gets it; written into m. */
enum ww_status letter_test_text(const struct message_row *row, const struct letter_sender *sender,
                                struct arena *arena, struct message *m, struct ww_error *err);

#endif

/*
 * subscription.h - which alerts an analyst wants: words of the settings against an alert.
 *
 * Words are alternatives, with a blank between: "country:IE country:NL tag:europe". Parts joined by
 * '+' must hold together: "country:IE+severity:medium". A word behind '-' takes away what the
 * others gave; with such words alone everything else is wanted. Keys: list (stations,
 * jurisdictions, places, rules, or any word of the column kind), site, jurisdiction, item (an id),
 * country, tag, severity (that or higher). Case is ignored. No words: everything.
 */
#ifndef WW_ALERTS_MAIL_SUBSCRIPTION_H
#define WW_ALERTS_MAIL_SUBSCRIPTION_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store_alerts.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct subscription_word;

struct subscription {
    const struct subscription_word *words;
    size_t n_words;
};

/* WW_INVALID names the word and the nearest key. Lives in the arena; borrows words. */
enum ww_status subscription_read(struct slice words, struct arena *arena, struct subscription *out,
                                 struct ww_error *err);

bool subscription_takes(const struct subscription *s, const struct alert_row *alert);

/* "everything"; "country IE with severity medium or high, tag europe; but not item es-madrid". */
struct slice subscription_words(const struct subscription *s, struct arena *arena);

/*
 * One part of the i-th word, for a look at what it can match: "country", "IE". False behind the
 * last part; a subscription has n_words.
 */
bool subscription_part(const struct subscription *s, size_t i, size_t part, struct slice *key,
                       struct slice *value);

/* Does the part hold of an item? Of severity always: an alert has it, not an item. */
bool subscription_part_fits(struct slice key, struct slice value, const struct alert_row *item);

#endif

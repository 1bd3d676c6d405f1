/* subscription.c - words of a subscription, read once and held against every alert. */
#include "alerts/mail/subscription.h"

#include "alerts/tags.h"
#include "base/arena.h"
#include "base/nearest.h"

#include <string.h>

struct subscription_word {
    struct slice text; /* "country:IE+severity:medium", without '-' */
    bool takes_away;
};

static const char *const keys[] = {"list",    "site", "jurisdiction", "item",
                                   "country", "tag",  "severity"};
enum { KEY_LIST, KEY_SITE, KEY_JURISDICTION, KEY_ITEM, KEY_COUNTRY, KEY_TAG, KEY_SEVERITY };

/* The next part of a word: "country" and "IE". */
static bool next_part(struct slice *word, struct slice *key, struct slice *value)
{
    size_t plus = slice_find_char(*word, '+');
    struct slice part = slice_head(*word, plus);
    size_t colon = slice_find_char(part, ':');

    if (word->len == 0)
        return false;
    *key = slice_head(part, colon);
    *value = slice_skip(part, colon + 1);
    *word = slice_skip(*word, plus + 1);
    return true;
}

static size_t find_key(struct slice key)
{
    size_t i = 0;

    while (i < WW_COUNT(keys) && !slice_equal_nocase(key, slice_from(keys[i])))
        i++;
    return i;
}

static enum ww_status fail_severity(struct slice word, struct slice value, struct ww_error *err)
{
    struct nearest near;

    nearest_init(&near, value);
    for (enum alert_severity s = SEVERITY_LOW; s <= SEVERITY_HIGH; s++)
        nearest_try(&near, alert_severity_name(s));
    return ww_fail(err, WW_INVALID, "\"%.*s\": severity is low, medium or high%s%s%s",
                   SLICE_ARG(word), near.best != NULL ? "; did you mean \"" : "",
                   near.best != NULL ? near.best : "", near.best != NULL ? "\"?" : "");
}

static enum ww_status check_word(struct slice word, struct ww_error *err)
{
    struct slice rest = word;
    struct slice key;
    struct slice value;
    enum alert_severity severity;

    if (word.len == 0)
        return ww_fail(err, WW_INVALID, "\"-\" alone takes nothing away");
    if (word.ptr[word.len - 1] == '+')
        return ww_fail(err, WW_INVALID, "\"%.*s\" ends in '+': nothing is joined there",
                       SLICE_ARG(word));
    while (next_part(&rest, &key, &value)) {
        struct nearest near;

        nearest_init(&near, key);
        for (size_t i = 0; i < WW_COUNT(keys); i++)
            nearest_try(&near, keys[i]);
        if (find_key(key) == WW_COUNT(keys))
            return ww_fail(err, WW_INVALID, "\"%.*s\": unknown key \"%.*s\"; %s%s%s",
                           SLICE_ARG(word), SLICE_ARG(key),
                           near.best != NULL ? "did you mean \"" : "",
                           near.best != NULL ? near.best : "a word is KEY:VALUE, as country:IE",
                           near.best != NULL ? "\"?" : "");
        if (value.len == 0)
            return ww_fail(err, WW_INVALID, "\"%.*s\" wants a value: %.*s:VALUE", SLICE_ARG(word),
                           SLICE_ARG(key));
        if (find_key(key) == KEY_SEVERITY && !alert_severity_parse(value, &severity))
            return fail_severity(word, value, err);
    }
    return WW_OK;
}

static size_t word_end(struct slice words)
{
    size_t end = 0;

    while (end < words.len && words.ptr[end] != ' ' && words.ptr[end] != '\t')
        end++;
    return end;
}

enum ww_status subscription_read(struct slice words, struct arena *arena, struct subscription *out,
                                 struct ww_error *err)
{
    struct subscription_word *all = arena_array(arena, words.len / 2 + 1, sizeof(*all));

    *out = (struct subscription){.words = all};
    if (all == NULL)
        return arena_check(arena, err);
    for (words = slice_trim(words); words.len > 0;) {
        size_t end = word_end(words);
        struct slice word = slice_head(words, end);
        bool takes_away = word.ptr[0] == '-';
        enum ww_status status;

        words = slice_trim(slice_skip(words, end));
        word = slice_skip(word, takes_away ? 1 : 0);
        status = check_word(word, err);
        if (status != WW_OK)
            return status;
        all[out->n_words++] = (struct subscription_word){word, takes_away};
    }
    return WW_OK;
}

static bool has_tag(struct slice tags, struct slice tag)
{
    struct slice one;

    while (tags_next(&tags, &one))
        if (slice_equal_nocase(one, tag))
            return true;
    return false;
}

static bool is_of_list(struct slice kind, struct slice list)
{
    static const struct {
        const char *list, *kind;
    } lists[] = {
        {"stations",      "station"     },
        {"jurisdictions", "jurisdiction"},
        {"places",        "country"     },
        {"rules",         "rule"        },
    };

    for (size_t i = 0; i < WW_COUNT(lists); i++)
        if (slice_equal_nocase(list, slice_from(lists[i].list)))
            return slice_equal_nocase(kind, slice_from(lists[i].kind));
    return slice_equal_nocase(list, kind);
}

static bool part_holds(struct slice key, struct slice value, const struct alert_row *a)
{
    enum alert_severity severity = SEVERITY_HIGH;

    switch (find_key(key)) {
    case KEY_LIST:
        return is_of_list(a->item_kind, value);
    case KEY_SITE: /* an id stands for one item; its kind may be any word */
    case KEY_JURISDICTION:
    case KEY_ITEM:
        return slice_equal_nocase(a->item, value);
    case KEY_COUNTRY:
        return slice_equal_nocase(a->country, value);
    case KEY_TAG:
        return has_tag(a->tags, value);
    case KEY_SEVERITY:
        return alert_severity_parse(value, &severity) && a->severity >= severity;
    default:
        return false;
    }
}

static bool word_holds(struct slice word, const struct alert_row *alert)
{
    struct slice key;
    struct slice value;

    while (next_part(&word, &key, &value))
        if (!part_holds(key, value, alert))
            return false;
    return true;
}

bool subscription_takes(const struct subscription *s, const struct alert_row *alert)
{
    bool has_giving = false;
    bool is_given = false;

    for (size_t i = 0; i < s->n_words; i++) {
        bool holds = word_holds(s->words[i].text, alert);

        if (s->words[i].takes_away && holds)
            return false;
        has_giving |= !s->words[i].takes_away;
        is_given |= !s->words[i].takes_away && holds;
    }
    return is_given || !has_giving;
}

/* ---- in words -------------------------------------------------------------------------------- */

/* "severity medium or high" */
static struct slice add_part(struct slice text, struct slice key, struct slice value,
                             const char *joint, struct arena *arena)
{
    enum alert_severity severity;
    const char *higher = "";

    if (find_key(key) == KEY_SEVERITY && alert_severity_parse(value, &severity))
        higher = severity == SEVERITY_LOW      ? " or higher"
                 : severity == SEVERITY_MEDIUM ? " or high"
                                               : "";
    return arena_printf(arena, "%.*s%s%.*s %.*s%s", SLICE_ARG(text), joint, SLICE_ARG(key),
                        SLICE_ARG(value), higher);
}

static struct slice add_words(const struct subscription *s, bool takes_away, struct arena *arena)
{
    struct slice text = {"", 0};

    for (size_t i = 0; i < s->n_words; i++) {
        struct slice rest = s->words[i].text;
        struct slice key;
        struct slice value;
        const char *joint = text.len > 0 ? ", " : "";

        if (s->words[i].takes_away != takes_away)
            continue;
        for (; next_part(&rest, &key, &value); joint = " with ")
            text = add_part(text, key, value, joint, arena);
    }
    return text;
}

struct slice subscription_words(const struct subscription *s, struct arena *arena)
{
    struct slice given = add_words(s, false, arena);
    struct slice taken = add_words(s, true, arena);

    if (given.len == 0)
        given = SLICE("everything");
    if (taken.len == 0)
        return given;
    return arena_printf(arena, "%.*s; but not %.*s", SLICE_ARG(given), SLICE_ARG(taken));
}

bool subscription_part(const struct subscription *s, size_t i, size_t part, struct slice *key,
                       struct slice *value)
{
    struct slice rest = s->words[i].text;
    bool is_there = next_part(&rest, key, value);

    for (size_t k = 0; k < part && is_there; k++)
        is_there = next_part(&rest, key, value);
    return is_there;
}

bool subscription_part_fits(struct slice key, struct slice value, const struct alert_row *item)
{
    return find_key(key) == KEY_SEVERITY || part_holds(key, value, item);
}

/* agency.c - looking names of agencies up, and reading texts that are nothing but such names. */
#include "extractors/agency.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/agencies.h"

#include <stdlib.h>
#include <string.h>

/* A longer text says more than who it is from. */
#define CREDIT_MAX_BYTES 120
/* Words of an agency's name, and of such a text. */
#define NAME_MAX_WORDS 4
#define CREDIT_MAX_WORDS 16
/* Initials of who wrote it, the mark of a regional service: "mak", "lni". */
#define INITIALS_MAX_BYTES 4

/* ---- one name -------------------------------------------------------------------------------- */

static bool has_small_letter(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= 'a' && s.ptr[i] <= 'z')
            return true;
    return false;
}

static bool counts(const struct spelling *s, struct slice name, enum agency_place place)
{
    if (s->printed == PRINTED_CAPITALS ||
        (s->printed == PRINTED_CAPITALS_BARE && place == AGENCY_BARE))
        return !has_small_letter(name);
    return true;
}

static int order_spelling(const void *key, const void *row)
{
    return slice_compare_name(*(const struct slice *)key, ((const struct spelling *)row)->key);
}

static int order_agency(const void *name, const void *row)
{
    return strcmp(name, ((const struct agency *)row)->name);
}

static const struct spelling *look_up(struct slice key)
{
    if (key.len == 0)
        return NULL;
    return bsearch(&key, spellings, WW_COUNT(spellings), sizeof(*spellings), order_spelling);
}

static const struct agency *named(const char *name)
{
    return bsearch(name, agencies, WW_COUNT(agencies), sizeof(*agencies), order_agency);
}

bool agency_is_called(const struct agency *a, struct slice key)
{
    const struct spelling *s = look_up(key);

    return s != NULL && s->name != NULL && strcmp(s->name, a->name) == 0;
}

const struct agency *agency_find(struct slice name, enum agency_place place, struct arena *arena)
{
    const struct slice key = text_skeleton(text_cut(name, CREDIT_MAX_BYTES), arena);
    const struct spelling *s = look_up(key);

    return s != NULL && s->name != NULL && counts(s, name, place) ? named(s->name) : NULL;
}

/* The names of scripts without spaces that s begins (or ends) with: they are the last ones. */
static const struct agency *find_edge(struct slice s, bool at_end, size_t *bytes)
{
    const char *best = NULL;

    *bytes = 0;
    for (size_t i = WW_COUNT(spellings); i > 0; i--) {
        const struct slice key = slice_from(spellings[i - 1].key);

        if ((unsigned char)key.ptr[0] < 0xE3)
            break;
        if (key.len > *bytes && spellings[i - 1].name != NULL &&
            (at_end ? slice_ends(s, key) : slice_starts(s, key))) {
            best = spellings[i - 1].name;
            *bytes = key.len;
        }
    }
    return best == NULL ? NULL : named(best);
}

const struct agency *agency_prefix(struct slice s, size_t *bytes)
{
    return find_edge(s, false, bytes);
}

const struct agency *agency_suffix(struct slice s, size_t *bytes)
{
    return find_edge(s, true, bytes);
}

/* ---- texts of names -------------------------------------------------------------------------- */

static void add(struct agencies *out, const struct agency *one)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->list[i] == one)
            return;
    if (out->n < AGENCIES_MAX)
        out->list[out->n++] = one;
}

/* Bytes of what parts names, at the begin of s; 0: none. */
static size_t joint_at(struct slice s)
{
    static const char *const joints[] = {
        "/", ",", ";", "+", "&", "=",  "|",  "·", "、", "，", "；", "・", "／", "＝",     "–",
        "—", "؛", "،", "(", ")", "（", "）", "[", "]",  "<",  ">",  ":",  "：", "\u00ab", "\u00bb"};

    if (ascii_is_letter(s.ptr[0]) || ((unsigned char)s.ptr[0] & 0xC0) == 0x80)
        return 0;
    for (size_t i = 0; i < WW_COUNT(joints); i++)
        if (slice_starts(s, slice_from(joints[i])))
            return strlen(joints[i]);
    return slice_starts(s, SLICE(" - ")) ? 3 : 0;
}

static bool is_small_word(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'a' || s.ptr[i] > 'z')
            return false;
    return s.len > 0;
}

static bool is_number(struct slice s)
{
    unsigned long long n;

    return slice_number(s, 99999999, &n);
}

/* A word that stands beside an agency's name and changes nothing. */
static bool is_filler(struct slice word, struct arena *arena)
{
    const struct slice key = text_skeleton(word, arena);
    const struct spelling *s = look_up(key);

    return key.len == 0 || (s != NULL && s->name == NULL);
}

struct reader {
    enum agency_place place;
    struct arena *arena;
    struct agencies *out;
};

static struct slice strip_dots(struct slice s)
{
    static const char *const signs[] = {".", "\"",     "'",      "。", "\u00a0", "*",
                                        "#", "\u200f", "\u200e", "।",  "-"};
    bool goes_on = true;

    s = slice_trim(s);
    while (goes_on && s.len > 0) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(signs); i++) {
            const size_t n = strlen(signs[i]);

            if (slice_starts(s, slice_from(signs[i]))) {
                s = slice_trim(slice_skip(s, n));
                goes_on = true;
            } else if (slice_ends(s, slice_from(signs[i]))) {
                s = slice_trim(slice_head(s, s.len - n));
                goes_on = true;
            }
        }
    }
    return s;
}

/* One piece between joints, word by word: the longest name at each, fillers between. */
static bool read_words(struct reader *r, struct slice piece)
{
    struct slice words[CREDIT_MAX_WORDS], rest = piece, word;
    size_t n = 0;

    while (slice_next(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (n == CREDIT_MAX_WORDS)
            return false;
        words[n++] = word;
    }
    for (size_t i = 0; i < n;) {
        const struct agency *found = NULL;
        size_t k = n - i < NAME_MAX_WORDS ? n - i : NAME_MAX_WORDS;

        for (; k > 0 && found == NULL; k--) {
            const char *end = words[i + k - 1].ptr + words[i + k - 1].len;
            struct slice name = slice_of(words[i].ptr, (size_t)(end - words[i].ptr));

            found = agency_find(strip_dots(name), r->place, r->arena);
            if (found != NULL) {
                add(r->out, found);
                i += k;
                break;
            }
        }
        if (found != NULL)
            continue;
        word = strip_dots(words[i]);
        if (word.len > 0 && !is_filler(word, r->arena) && !is_number(word) &&
            !(n == 1 && word.len <= INITIALS_MAX_BYTES && is_small_word(word)))
            return false;
        i++;
    }
    return true;
}

static bool read(struct slice text, bool is_strict, struct reader *r)
{
    size_t begin = 0;

    *r->out = (struct agencies){.n = 0};
    text = strip_dots(text);
    if (text.len < 2 || text.len > CREDIT_MAX_BYTES)
        return false;
    for (size_t at = 0; at <= text.len;) {
        const size_t n = at < text.len ? joint_at(slice_skip(text, at)) : 1;

        if (n == 0) {
            at++;
            continue;
        }
        if (!read_words(r, strip_dots(slice_sub(text, begin, at - begin))) && is_strict)
            return false;
        at += n;
        begin = at;
    }
    return r->out->n > 0;
}

bool agency_read(struct slice text, enum agency_place place, struct arena *arena,
                 struct agencies *out)
{
    return read(text, true, &(struct reader){place, arena, out});
}

bool agency_read_some(struct slice text, enum agency_place place, struct arena *arena,
                      struct agencies *out)
{
    return read(text, false, &(struct reader){place, arena, out});
}

struct slice agency_print(const struct agencies *a, struct arena *arena)
{
    struct slice text = {"", 0};

    for (size_t i = 0; i < a->n; i++)
        text = arena_printf(arena, "%.*s%s%s", SLICE_ARG(text), i > 0 ? "/" : "", a->list[i]->name);
    return text;
}

const struct agency *agency_at(struct slice url, struct arena *arena)
{
    const struct slice host = url_host(url, arena);

    for (size_t i = 0; host.len > 0 && i < WW_COUNT(agencies); i++) {
        struct slice rest = slice_from(agencies[i].sites), site;

        while (slice_next(&rest, '|', &site))
            if (site.len > 0 && slice_ends(host, site) &&
                (host.len == site.len || host.ptr[host.len - site.len - 1] == '.'))
                return &agencies[i];
    }
    return NULL;
}

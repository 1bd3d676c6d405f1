/* credit_names.c - is it an outlet's name, an agency in a byline, an address elsewhere? */
#include "extractors/credit_names.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/author.h"
#include "extractors/credit_words.h"

#include <string.h>

/* A site's name that is shorter is a part of others by chance. */
#define LABEL_MIN_BYTES 5
/* An outlet's name. */
#define NAME_MAX_BYTES 60
#define NAME_MAX_WORDS 5
/* Of a person, in brackets behind the name. */
#define INITIALS_MAX_BYTES 2
/* A byline is no longer. */
#define LINE_MAX_BYTES 200

/* ---- addresses ------------------------------------------------------------------------------- */

bool credit_is_listed(struct slice word, const char *list)
{
    struct slice rest = slice_from(list), one;

    while (slice_next(&rest, '|', &one))
        if (slice_equal_nocase(word, one))
            return true;
    return false;
}

/* "example" of "example.co.uk": an outlet has the same name in every country. */
static struct slice label_of(struct slice site, struct arena *arena)
{
    return text_skeleton(slice_head(site, slice_find_char(site, '.')), arena);
}

/* Does the host of one address hold the other's name: "m.tidings.example", "tidings.cdn.example"?
 */
static bool shares_name(struct slice url, struct slice other, struct arena *arena)
{
    const struct slice label = label_of(url_site(url, arena), arena);
    const struct slice host = text_skeleton(url_host(other, arena), arena);

    return slice_equal(label, label_of(url_site(other, arena), arena)) ||
           (label.len >= LABEL_MIN_BYTES && slice_contains(host, label));
}

static bool is_passing(struct slice url, struct arena *arena)
{
    return credit_is_listed(url_site(url, arena), passing_sites) ||
           credit_is_listed(url_host(url, arena), passing_sites);
}

struct slice credit_elsewhere(struct slice href, struct slice page, struct arena *arena)
{
    const struct slice none = {"", 0};
    struct slice url;

    href = slice_trim(href);
    if (href.len == 0 || !url_is_fetchable(page) ||
        url_resolve(href, page, arena, &url, NULL) != WW_OK || !url_is_fetchable(url) ||
        url_is_front_page(url))
        return none;
    if (shares_name(url, page, arena) || shares_name(page, url, arena) || is_passing(url, arena) ||
        is_passing(page, arena))
        return none;
    return url;
}

bool credit_is_source_key(struct slice key)
{
    for (size_t i = 0; source_keys[i] != NULL; i++)
        if (slice_equal_nocase(key, slice_from(source_keys[i])))
            return true;
    return false;
}

/* ---- names ----------------------------------------------------------------------------------- */

struct slice credit_strip(struct slice s)
{
    static const char *const signs[] = {
        " ",      ".",      ",",      ":",      ";",      "\"",     "'",      "(",      ")",
        "[",      "]",      "*",      "\u201c", "\u201d", "\u201e", "\u00ab", "\u00bb", "\u2018",
        "\u2019", "\u300a", "\u300b", "\u300c", "\u300d", "\u3010", "\u3011", "\uff08", "\uff09",
        "\u3002", "\uff0c", "\uff1a", "\u00a0", "\u3000", "\u2013", "\u2014", "-",      ">",
        "\u300e", "\u300f", "\u2192", "_",      "<",      "\uff1b"};
    bool goes_on = true;

    while (goes_on && s.len > 0) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(signs); i++) {
            const struct slice sign = slice_from(signs[i]);

            if (slice_starts(s, sign)) {
                s = slice_skip(s, sign.len);
                goes_on = true;
            } else if (slice_ends(s, sign)) {
                s = slice_head(s, s.len - sign.len);
                goes_on = true;
            }
        }
    }
    return s;
}

/* Is it written as a name: few words, the first and most of them with a capital? */
bool credit_is_name(struct slice s)
{
    struct slice rest = s, word;
    size_t n_words = 0, n_small = 0, n_digits = 0, at = 0;
    bool is_small = false;

    if (s.len < 3 || s.len > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (strchr("@:;?!=+#|\"{}<>/\\%$*(),", s.ptr[i]) != NULL)
            return false;
        n_digits += ascii_is_digit(s.ptr[i]);
    }
    while (slice_next(&rest, ' ', &word)) {
        uint32_t first;

        if (word.len == 0)
            continue;
        at = 0;
        first = text_next_code(word, &at);
        n_words++;
        is_small = !text_is_upper(first) && first < 0x590 && slice_find_char(word, '.') == word.len;
        n_small += is_small;
        if ((n_words == 1 && is_small) || credit_is_listed(word, no_outlets))
            return false;
    }
    return n_words <= NAME_MAX_WORDS && !is_small && 3 * n_small <= n_words && n_digits <= 2;
}

bool credit_name(struct slice value, struct arena *arena, struct credit_said *out)
{
    *out = (struct credit_said){.source = ARTICLE_CREDIT_DATA};
    value = credit_strip(value);
    if (value.len == 0 || slice_contains(value, SLICE("://")) ||
        slice_starts_nocase(value, SLICE("www.")))
        return false;
    if (agency_read(value, AGENCY_MARKED, arena, &out->agencies))
        return true;
    out->agencies.n = 0;
    if (!credit_is_name(value) || credit_is_listed(text_skeleton(value, arena), no_outlets))
        return false;
    out->name = value;
    return true;
}

/* ---- bylines --------------------------------------------------------------------------------- */

/* Where the pieces of a byline part: bytes of the joint at the begin of s; 0: none. */
static size_t joint_at(struct slice s)
{
    static const char *const joints[] = {", ",       " | ",   "/",         " - ",    " \u2013 ",
                                         " \u2014 ", " (",    "\uff0f",    "\u3001", " \u00b7 ",
                                         "\uff08",   " for ", " f\u00fcr "};

    for (size_t i = 0; i < WW_COUNT(joints); i++)
        if (slice_starts(s, slice_from(joints[i])))
            return strlen(joints[i]);
    return 0;
}

/* Of a byline; two letters are a person's initials rather, but for one agency's. */
static bool names_agency(struct slice piece, struct arena *arena, struct agencies *out)
{
    return (piece.len > INITIALS_MAX_BYTES || slice_equal(piece, SLICE("AP"))) &&
           agency_read(piece, AGENCY_BARE, arena, out);
}

bool credit_byline(struct slice line, struct arena *arena, struct agencies *out)
{
    struct slice rest;
    size_t first = 0, last = 0;

    *out = (struct agencies){.n = 0};
    line = slice_trim(line);
    if (line.len < 2 || line.len > LINE_MAX_BYTES)
        return false;
    (void)author_cut_label(&line);
    if (names_agency(line, arena, out))
        return true;
    for (size_t at = 0; at < line.len; at++) {
        const size_t n = joint_at(slice_skip(line, at));

        first = n > 0 && first == 0 ? at : first;
        last = n > 0 ? at + n : last;
    }
    if (last == 0)
        return false;
    /* "Ana Arden (AP)" */
    rest = credit_strip(slice_skip(line, last));
    if (!(rest.len <= INITIALS_MAX_BYTES && line.ptr[last - 1] == '(') &&
        names_agency(rest, arena, out))
        return true;
    /* "AFP/The Tidings" */
    return names_agency(slice_head(line, first), arena, out);
}

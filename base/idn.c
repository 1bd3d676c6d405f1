/* idn.c - the only caller of ICU's IDNA and its checks of what looks alike. Plain ASCII hosts,
 * nearly all, do not get that far. */
#include "base/idn.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/text.h"

#include <string.h>
#include <unicode/uidna.h>
#include <unicode/uspoof.h>

/* RFC 1035: 253 bytes; what the conversion could need for a longer host is not asked. */
#define HOST_MAX_BYTES 1024

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

static struct slice lower_copy(struct slice host, struct arena *arena)
{
    char *copy;

    while (host.len > 0 && host.ptr[host.len - 1] == '.')
        host.len--;
    copy = arena_string(arena, host);
    if (copy == NULL)
        return (struct slice){NULL, 0};
    for (size_t i = 0; i < host.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] + ('a' - 'A'));
    return slice_of(copy, host.len);
}

struct slice idn_to_ascii(struct slice host, struct arena *arena)
{
    char ascii[HOST_MAX_BYTES];
    UErrorCode failure = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna;
    int32_t len;

    if (is_ascii(host) || host.len > HOST_MAX_BYTES / 4)
        return lower_copy(host, arena);
    idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &failure);
    if (U_FAILURE(failure))
        return lower_copy(host, arena);
    len = uidna_nameToASCII_UTF8(idna, host.ptr, (int32_t)host.len, ascii, (int32_t)sizeof(ascii),
                                 &info, &failure);
    uidna_close(idna);
    if (U_FAILURE(failure) || info.errors != 0 || len <= 0 || (size_t)len > sizeof(ascii))
        return lower_copy(host, arena);
    return lower_copy(slice_of(ascii, (size_t)len), arena);
}

/* ---- what may be shown ----------------------------------------------------------------------- */

/*
 * The skeleton is what UTS 39 says all look-alikes have in common: of ASCII alone, the label can be
 * taken for a Latin one; with a mark in it that the label has not, for a longer address.
 */
static bool is_deceptive(const USpoofChecker *checker, struct slice label)
{
    char skeleton[HOST_MAX_BYTES];
    UErrorCode failure = U_ZERO_ERROR;
    int32_t len;

    if (uspoof_check2UTF8(checker, label.ptr, (int32_t)label.len, NULL, &failure) != 0 ||
        U_FAILURE(failure))
        return true;
    len = uspoof_getSkeletonUTF8(checker, 0, label.ptr, (int32_t)label.len, skeleton,
                                 (int32_t)sizeof(skeleton), &failure);
    if (U_FAILURE(failure) || len <= 0 || (size_t)len > sizeof(skeleton) ||
        is_ascii(slice_of(skeleton, (size_t)len)))
        return true;
    for (int32_t i = 0; i < len; i++)
        if (strchr("/\\?#@:.%", skeleton[i]) != NULL)
            return true;
    return false;
}

/* Labels in Unicode: each is checked; and that all run the same way, for else they change places.
 */
static bool may_be_shown(const USpoofChecker *checker, struct slice host)
{
    struct slice rest = host;
    struct slice label;
    size_t n_right_to_left = 0;
    size_t n_labels = 0;

    while (slice_next(&rest, '.', &label)) {
        if (!is_ascii(label) && is_deceptive(checker, label))
            return false;
        n_right_to_left += text_is_right_to_left(label);
        n_labels++;
    }
    return n_right_to_left == 0 || n_right_to_left == n_labels;
}

static bool is_label(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_letter(s.ptr[i]) && !ascii_is_digit(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return s.len > 0 && s.len <= 63 && s.ptr[0] != '-' && s.ptr[s.len - 1] != '-';
}

bool idn_is_domain(struct slice s)
{
    const bool ends_in_dot = s.len > 0 && s.ptr[s.len - 1] == '.';
    struct slice label;

    if (s.len == 0 || s.len > 253 || ends_in_dot)
        return false;
    while (slice_next(&s, '.', &label))
        if (!is_label(label))
            return false;
    return true;
}

/* Letters, digits, dots, hyphens and '_', which some real hosts have. */
static bool is_plain(struct slice host)
{
    for (size_t i = 0; i < host.len; i++)
        if (!text_is_word((unsigned char)host.ptr[i]) && strchr(".-_", host.ptr[i]) == NULL)
            return false;
    return is_ascii(host);
}

struct slice idn_to_shown(struct slice host, struct arena *arena)
{
    char shown[HOST_MAX_BYTES];
    UErrorCode failure = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna = NULL;
    USpoofChecker *checker = NULL;
    int32_t len = 0;
    bool is_safe = false;

    if (!slice_contains(host, SLICE("xn--")) || host.len > HOST_MAX_BYTES / 4 || !is_plain(host))
        return host;
    idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_UNICODE | UIDNA_CHECK_BIDI, &failure);
    checker = uspoof_open(&failure);
    if (U_SUCCESS(failure)) {
        uspoof_setRestrictionLevel(checker, USPOOF_HIGHLY_RESTRICTIVE);
        uspoof_setAllowedChars(checker, uspoof_getRecommendedSet(&failure), &failure);
        uspoof_setChecks(checker,
                         USPOOF_RESTRICTION_LEVEL | USPOOF_INVISIBLE | USPOOF_MIXED_NUMBERS |
                             USPOOF_CHAR_LIMIT,
                         &failure);
        len = uidna_nameToUnicodeUTF8(idna, host.ptr, (int32_t)host.len, shown,
                                      (int32_t)sizeof(shown), &info, &failure);
    }
    if (U_SUCCESS(failure) && info.errors == 0 && len > 0 && (size_t)len <= sizeof(shown))
        is_safe = may_be_shown(checker, slice_of(shown, (size_t)len));
    uspoof_close(checker);
    uidna_close(idna);
    return is_safe ? slice_of(arena_string(arena, slice_of(shown, (size_t)len)), (size_t)len)
                   : host;
}

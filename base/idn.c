/* idn.c - the only caller of ICU's IDNA. Plain ASCII hosts, nearly all, do not get that far. */
#include "base/idn.h"

#include "base/arena.h"

#include <unicode/uidna.h>

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

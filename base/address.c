/*
 * address.c - judging numbers: every address becomes 16 bytes of IPv6 and is held against IANA's
 * registries of special purposes.
 */
#include "base/address.h"

#include "base/attrs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define MAPPED_BITS 96
#define ADDRESS_BITS 128

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

struct block {
    const char *network;
    unsigned prefix_bits;
};

/* IPv4 (RFC 6890 and the registry since): what is not global unicast. */
static const struct block special4[] = {
    {"0.0.0.0",      8 }, /* this network */
    {"10.0.0.0",     8 }, /* private */
    {"100.64.0.0",   10}, /* shared by carriers */
    {"127.0.0.0",    8 }, /* loopback */
    {"169.254.0.0",  16}, /* link-local, metadata services of clouds */
    {"172.16.0.0",   12}, /* private */
    {"192.0.0.0",    24}, /* protocol assignments */
    {"192.0.2.0",    24}, /* documentation */
    {"192.31.196.0", 24}, /* AS112 */
    {"192.52.193.0", 24}, /* AMT */
    {"192.88.99.0",  24}, /* 6to4 relays */
    {"192.168.0.0",  16}, /* private */
    {"192.175.48.0", 24}, /* AS112 */
    {"198.18.0.0",   15}, /* benchmarks */
    {"198.51.100.0", 24}, /* documentation */
    {"203.0.113.0",  24}, /* documentation */
    {"224.0.0.0",    4 }, /* multicast */
    {"240.0.0.0",    4 }, /* reserved, broadcast */
};

/* IPv6: global unicast is 2000::/3 without these. */
static const struct block special6[] = {
    {"2001::",         23}, /* protocol assignments: Teredo, ORCHID, benchmarks */
    {"2001:db8::",     32}, /* documentation */
    {"2620:4f:8000::", 48}, /* AS112 */
    {"3fff::",         20}, /* documentation */
    {"3ffe::",         16}, /* the former 6bone */
};

/* Forms that carry an IPv4 address, and the byte where it begins. */
static const struct {
    const char *network;
    unsigned prefix_bits, at;
} carriers[] = {
    {"::ffff:0:0",   96, 12}, /* mapped */
    {"::",           96, 12}, /* compatible */
    {"::ffff:0:0:0", 96, 12}, /* translated */
    {"64:ff9b::",    96, 12}, /* NAT64 */
    {"2002::",       16, 2 }, /* 6to4 */
};

static bool in_block(const unsigned char *bytes, const unsigned char *network, unsigned bits)
{
    unsigned whole = bits / 8;
    unsigned rest = bits % 8;

    if (memcmp(bytes, network, whole) != 0)
        return false;
    return rest == 0 || ((bytes[whole] ^ network[whole]) >> (8 - rest)) == 0;
}

static bool is_special(int family, const struct block *blocks, size_t n, const unsigned char *bytes)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char network[16];

        if (inet_pton(family, blocks[i].network, network) == 1 &&
            in_block(bytes, network, blocks[i].prefix_bits))
            return true;
    }
    return false;
}

static bool is_public4(const unsigned char *bytes)
{
    return !is_special(AF_INET, special4, WW_COUNT(special4), bytes);
}

static bool is_public(const unsigned char bytes[16])
{
    for (size_t i = 0; i < WW_COUNT(carriers); i++) {
        unsigned char network[16];

        if (inet_pton(AF_INET6, carriers[i].network, network) == 1 &&
            in_block(bytes, network, carriers[i].prefix_bits))
            return is_public4(bytes + carriers[i].at);
    }
    return (bytes[0] & 0xE0) == 0x20 && !is_special(AF_INET6, special6, WW_COUNT(special6), bytes);
}

/* The 16 bytes of a socket's address. False for families that are not the internet's. */
static bool read_address(const struct sockaddr *address, unsigned char out[16])
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, address, sizeof(in));
        memcpy(out, mapped_prefix, sizeof(mapped_prefix));
        memcpy(out + 12, &in.sin_addr, 4);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, address, sizeof(in6));
        memcpy(out, &in6.sin6_addr, 16);
        return true;
    }
    return false;
}

bool address_is_allowed(const struct sockaddr *address, const struct address_range *allowed,
                        size_t n_allowed)
{
    unsigned char bytes[16];

    if (!read_address(address, bytes))
        return false;
    for (size_t i = 0; i < n_allowed; i++)
        if (in_block(bytes, allowed[i].bytes, allowed[i].prefix_bits))
            return true;
    return is_public(bytes);
}

bool address_is_loopback(const struct sockaddr *address)
{
    static const unsigned char own6[16] = {[15] = 1}; /* ::1 */
    unsigned char bytes[16];

    return read_address(address, bytes) &&
           (memcmp(bytes, own6, sizeof(own6)) == 0 ||
            (memcmp(bytes, mapped_prefix, sizeof(mapped_prefix)) == 0 && bytes[12] == 127));
}

enum ww_status address_parse_range(struct slice text, struct address_range *out,
                                   struct ww_error *err)
{
    size_t slash = slice_find_char(text, '/');
    struct slice number = slice_head(text, slash);
    char name[INET6_ADDRSTRLEN];
    unsigned long long bits = 0;
    unsigned max_bits;

    *out = (struct address_range){.prefix_bits = ADDRESS_BITS};
    if (number.len == 0 || number.len >= sizeof(name))
        return ww_fail(err, WW_INVALID, "'%.*s' is no range of addresses", SLICE_ARG(text));
    memcpy(name, number.ptr, number.len);
    name[number.len] = '\0';
    if (inet_pton(AF_INET, name, out->bytes + 12) == 1) {
        memcpy(out->bytes, mapped_prefix, sizeof(mapped_prefix));
        max_bits = ADDRESS_BITS - MAPPED_BITS;
    } else if (inet_pton(AF_INET6, name, out->bytes) == 1) {
        max_bits = ADDRESS_BITS;
    } else {
        return ww_fail(err, WW_INVALID, "'%.*s' is no range of addresses", SLICE_ARG(text));
    }
    bits = max_bits;
    if (slash < text.len && !slice_number(slice_skip(text, slash + 1), max_bits, &bits))
        return ww_fail(err, WW_INVALID, "'%.*s': the prefix has 0 to %u bits", SLICE_ARG(text),
                       max_bits);
    out->prefix_bits = (unsigned)bits + ADDRESS_BITS - max_bits;
    /* "10.1.2.3/8" may be a slip of the pen for something narrower: better said than guessed. */
    for (unsigned bit = out->prefix_bits; bit < ADDRESS_BITS; bit++)
        if ((out->bytes[bit / 8] >> (7 - bit % 8) & 1) != 0)
            return ww_fail(err, WW_INVALID, "'%.*s': bits stand behind the prefix",
                           SLICE_ARG(text));
    return WW_OK;
}

const char *address_format(const struct sockaddr *address, char out[ADDRESS_TEXT_BYTES])
{
    unsigned char bytes[16];
    bool is_v4;

    out[0] = '\0';
    if (!read_address(address, bytes)) {
        (void)snprintf(out, ADDRESS_TEXT_BYTES, "family %d", (int)address->sa_family);
        return out;
    }
    is_v4 = memcmp(bytes, mapped_prefix, sizeof(mapped_prefix)) == 0;
    (void)inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? bytes + 12 : bytes, out,
                    ADDRESS_TEXT_BYTES);
    return out;
}

/* test_address.c - which numbers may be connected to. */
#include "base/address.h"

#include "base/attrs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

union any_address {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
};

static union any_address number(const char *text)
{
    union any_address a;

    memset(&a, 0, sizeof(a));
    if (inet_pton(AF_INET, text, &a.in.sin_addr) == 1) {
        a.in.sin_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &a.in6.sin6_addr), 1);
        a.in6.sin6_family = AF_INET6;
    }
    return a;
}

static void test_public(void **state)
{
    static const struct {
        const char *text;
        bool is_allowed;
    } cases[] = {
        {"93.184.216.34",          true },
        {"1.1.1.1",                true },
        {"172.15.255.255",         true },
        {"172.32.0.0",             true },
        {"192.167.255.255",        true },
        {"100.63.255.255",         true },
        {"223.255.255.255",        true },
        {"2606:2800:220:1:248::1", true },
        {"2400:cb00::1",           true },
        {"::ffff:93.184.216.34",   true },
        {"64:ff9b::5db8:d822",     true },
        {"0.0.0.0",                false},
        {"0.1.2.3",                false},
        {"10.0.0.1",               false},
        {"100.64.0.1",             false},
        {"127.0.0.1",              false},
        {"127.255.255.255",        false},
        {"169.254.169.254",        false},
        {"172.16.0.1",             false},
        {"172.31.255.255",         false},
        {"192.168.1.1",            false},
        {"192.0.2.1",              false},
        {"198.18.0.1",             false},
        {"198.19.255.255",         false},
        {"203.0.113.9",            false},
        {"224.0.0.1",              false},
        {"255.255.255.255",        false},
        {"::",                     false},
        {"::1",                    false},
        {"::ffff:127.0.0.1",       false},
        {"::127.0.0.1",            false},
        {"::ffff:0:127.0.0.1",     false},
        {"64:ff9b::7f00:1",        false},
        {"64:ff9b:1::1",           false},
        {"2002:7f00:1::",          false},
        {"2002:a00:1::1",          false},
        {"2001::1",                false},
        {"2001:db8::1",            false},
        {"fc00::1",                false},
        {"fd12:3456::1",           false},
        {"fe80::1",                false},
        {"ff02::1",                false},
        {"100::1",                 false},
        {"5f00::1",                false},
    };
    union any_address local;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        union any_address a = number(cases[i].text);

        if (address_is_allowed(&a.any, NULL, 0) != cases[i].is_allowed)
            fail_msg("%s: %d", cases[i].text, !cases[i].is_allowed);
    }
    memset(&local, 0, sizeof(local));
    local.any.sa_family = AF_UNIX;
    assert_false(address_is_allowed(&local.any, NULL, 0));
}

static void test_ranges(void **state)
{
    static const struct {
        const char *range, *address;
        bool is_valid, is_allowed;
    } cases[] = {
        {"127.0.0.0/8",    "127.9.9.9",        true,  true },
        {"127.0.0.0/8",    "::ffff:127.0.0.1", true,  true },
        {"127.0.0.0/8",    "10.0.0.1",         true,  false},
        {"127.0.0.1",      "127.0.0.1",        true,  true },
        {"127.0.0.1",      "127.0.0.2",        true,  false},
        {"10.128.0.0/9",   "10.200.0.1",       true,  true },
        {"10.128.0.0/9",   "10.100.0.1",       true,  false},
        {"::1",            "::1",              true,  true },
        {"fd00::/8",       "fd12::1",          true,  true },
        {"0.0.0.0/0",      "10.0.0.1",         true,  true },
        {"0.0.0.0/0",      "::1",              true,  false},
        {"::/0",           "127.0.0.1",        true,  true },
        {"10.1.2.3/8",     "10.0.0.1",         false, false},
        {"10.0.0.0/33",    "10.0.0.1",         false, false},
        {"10.0.0.0/",      "10.0.0.1",         false, false},
        {"10.0.0.0/-1",    "10.0.0.1",         false, false},
        {"10.0.0",         "10.0.0.1",         false, false},
        {"localhost",      "127.0.0.1",        false, false},
        {"",               "127.0.0.1",        false, false},
        {"010.0.0.1",      "10.0.0.1",         false, false},
        {"2001:db8::1/32", "2001:db8::1",      false, false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        union any_address a = number(cases[i].address);
        struct address_range range;
        struct ww_error err = {0};
        bool is_valid = address_parse_range(slice_from(cases[i].range), &range, &err) == WW_OK;

        if (is_valid != cases[i].is_valid || (!is_valid && err.message[0] == '\0'))
            fail_msg("%s: valid %d", cases[i].range, is_valid);
        if (is_valid && address_is_allowed(&a.any, &range, 1) != cases[i].is_allowed)
            fail_msg("%s in %s: %d", cases[i].address, cases[i].range, !cases[i].is_allowed);
    }
}

static void test_format(void **state)
{
    static const char *const cases[][2] = {
        {"127.0.0.1",        "127.0.0.1"  },
        {"::ffff:127.0.0.1", "127.0.0.1"  },
        {"2001:db8::1",      "2001:db8::1"},
    };
    char out[ADDRESS_TEXT_BYTES];

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        union any_address a = number(cases[i][0]);

        assert_string_equal(address_format(&a.any, out), cases[i][1]);
    }
}

static void test_loopback(void **state)
{
    static const struct {
        const char *address;
        bool is_own;
    } cases[] = {
        {"127.0.0.1",        true },
        {"127.200.3.4",      true },
        {"::ffff:127.0.0.1", true },
        {"::1",              true },
        {"::2",              false},
        {"128.0.0.1",        false},
        {"10.0.0.1",         false},
        {"::",               false},
        {"2001:db8::1",      false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        union any_address a = number(cases[i].address);

        if (address_is_loopback(&a.any) != cases[i].is_own)
            fail_msg("%s: %d", cases[i].address, !cases[i].is_own);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_loopback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

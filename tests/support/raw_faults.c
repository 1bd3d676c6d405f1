/* raw_faults.c - everything that raw.h's server can do wrong, one function a fault. */
#include "base/attrs.h"
#include "tests/support/raw_connection.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ZLIB_CONST
#include <zlib.h>

enum { DRIP_MS = 100 /* between two bytes */, CHUNK_BYTES = 64 * 1024 };

/* Waits for the peer to go away, at most ms. */
static void wait_ms(struct connection *c, int64_t ms)
{
    int64_t until = raw_now_ms() + ms;

    while (raw_may_go_on(c) && raw_now_ms() < until) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        char dropped[256];
        int64_t left = until - raw_now_ms();

        if (poll(&p, 1, left < RAW_STEP_MS ? (int)left : RAW_STEP_MS) > 0 &&
            recv(c->fd, dropped, sizeof(dropped), 0) == 0)
            c->is_over = true;
    }
}

static void say_bytes(struct connection *c, const char *bytes, size_t len)
{
    while (len > 0 && raw_may_go_on(c)) {
        struct pollfd p = {.fd = c->fd, .events = POLLOUT};
        ssize_t n;

        if (poll(&p, 1, RAW_STEP_MS) <= 0)
            continue;
        n = send(c->fd, bytes, len, MSG_NOSIGNAL);
        if (n < 0) {
            c->is_over = errno != EAGAIN && errno != EINTR;
            continue;
        }
        c->sent_bytes += (size_t)n;
        bytes += n;
        len -= (size_t)n;
    }
}

static void say(struct connection *c, const char *text)
{
    say_bytes(c, text, strlen(text));
}

static void say_head(struct connection *c, const char *status, const char *headers)
{
    say(c, "HTTP/1.1 ");
    say(c, status);
    say(c, "\r\nContent-Type: ");
    say(c, c->server->type);
    say(c, "\r\nConnection: close\r\n");
    say(c, headers);
    say(c, "\r\n");
}

static void say_length(struct connection *c, unsigned long long length)
{
    char line[64];

    snprintf(line, sizeof(line), "Content-Length: %llu\r\n", length);
    say_head(c, "200 OK", line);
}

static void say_body(struct connection *c, size_t len)
{
    say_bytes(c, c->server->body, len < c->server->body_len ? len : c->server->body_len);
}

static void say_chunk(struct connection *c, const char *bytes, size_t len)
{
    char line[32];

    snprintf(line, sizeof(line), "%zx\r\n", len);
    say(c, line);
    say_bytes(c, bytes, len);
    say(c, "\r\n");
}

/* ---- gzip ------------------------------------------------------------------------------------ */

/* n_zeros zeros when bytes is NULL. malloc'ed, NULL when memory is out. */
static char *gzip(const char *bytes, size_t len, size_t *out_len)
{
    static char zeros[CHUNK_BYTES];
    z_stream z = {.next_in = NULL};
    size_t room = bytes != NULL ? len + len / 10 + 1024 : len / 500 + 1024;
    char *out = malloc(room);
    size_t left = len;

    if (out == NULL || deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(out);
        return NULL;
    }
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    while (left > 0) {
        size_t piece = left < CHUNK_BYTES ? left : CHUNK_BYTES;

        z.next_in = bytes != NULL ? (const unsigned char *)bytes + (len - left)
                                  : (const unsigned char *)zeros;
        z.avail_in = (unsigned)piece;
        left -= piece;
        deflate(&z, left == 0 ? Z_FINISH : Z_NO_FLUSH);
    }
    *out_len = room - z.avail_out;
    deflateEnd(&z);
    return out;
}

static void say_gzip(struct connection *c, const char *bytes, size_t len, const char *coding)
{
    char header[128];

    snprintf(header, sizeof(header), "Content-Encoding: %s\r\nContent-Length: %zu\r\n", coding,
             len);
    say_head(c, "200 OK", header);
    say_bytes(c, bytes, len);
}

static struct {
    char *bytes;
    size_t len;
} bomb, double_bomb;

static void make_bombs(void)
{
    bomb.bytes = gzip(NULL, RAW_BOMB_BYTES, &bomb.len);
    if (bomb.bytes != NULL)
        double_bomb.bytes = gzip(bomb.bytes, bomb.len, &double_bomb.len);
}

bool raw_make_bombs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, make_bombs);
    return double_bomb.bytes != NULL;
}

static void fault_gzip_bomb(struct connection *c)
{
    say_gzip(c, bomb.bytes, bomb.len, "gzip");
}

static void fault_double_gzip(struct connection *c)
{
    say_gzip(c, double_bomb.bytes, double_bomb.len, "gzip, gzip");
}

/* The body in gzip, its last cut bytes left out, its checksum xor-ed with noise. */
static void say_damaged_gzip(struct connection *c, size_t cut, unsigned noise)
{
    size_t len = 0;
    char *packed = gzip(c->server->body, c->server->body_len, &len);

    if (packed != NULL && len > cut + 8) {
        packed[len - 8] = (char)((unsigned char)packed[len - 8] ^ noise);
        say_gzip(c, packed, len - cut, "gzip");
    }
    free(packed);
}

static void fault_gzip_cut(struct connection *c)
{
    say_damaged_gzip(c, 20, 0);
}

static void fault_gzip_crc(struct connection *c)
{
    say_damaged_gzip(c, 0, 0x55);
}

static void fault_gzip_fine(struct connection *c)
{
    say_damaged_gzip(c, 0, 0);
}

static void fault_false_gzip(struct connection *c)
{
    say_gzip(c, c->server->body, c->server->body_len, "gzip");
}

static void fault_unknown_coding(struct connection *c)
{
    say_gzip(c, c->server->body, c->server->body_len, "zopfli-9");
}

static void fault_forty_codings(struct connection *c)
{
    char header[512] = "Content-Encoding: gzip";

    for (int i = 0; i < 39; i++)
        memcpy(header + strlen(header), ", gzip", sizeof(", gzip"));
    memcpy(header + strlen(header), "\r\n", sizeof("\r\n"));
    say_head(c, "200 OK", header);
    say_body(c, SIZE_MAX);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

static void fault_none(struct connection *c)
{
    say_length(c, c->server->body_len);
    say_body(c, SIZE_MAX);
}

static void fault_no_length(struct connection *c)
{
    say_head(c, "200 OK", "");
    say_body(c, SIZE_MAX);
}

static void fault_cut_body(struct connection *c)
{
    say_length(c, c->server->body_len);
    say_body(c, c->server->body_len / 2);
}

static void fault_long_length(struct connection *c)
{
    say_length(c, c->server->body_len + 1000);
    say_body(c, SIZE_MAX);
}

static void fault_huge_length(struct connection *c)
{
    say_length(c, 1ULL << 40);
    say_body(c, SIZE_MAX);
}

static void fault_endless_body(struct connection *c)
{
    static char page[CHUNK_BYTES];

    say_head(c, "200 OK", "");
    say_body(c, SIZE_MAX);
    memset(page, ' ', sizeof(page));
    while (raw_may_go_on(c))
        say_bytes(c, page, sizeof(page));
}

static void fault_drip_body(struct connection *c)
{
    say_length(c, c->server->body_len);
    for (size_t i = 0; i < c->server->body_len && raw_may_go_on(c); i++) {
        say_bytes(c, c->server->body + i, 1);
        wait_ms(c, DRIP_MS);
    }
}

static void fault_stall_body(struct connection *c)
{
    say_length(c, c->server->body_len);
    say_body(c, c->server->body_len / 2);
    wait_ms(c, INT32_MAX);
}

static void fault_reset_body(struct connection *c)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    say_length(c, c->server->body_len);
    say_body(c, c->server->body_len / 2);
    wait_ms(c, DRIP_MS); /* what was said arrives first */
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void fault_chunk_cut(struct connection *c)
{
    say_head(c, "200 OK", "Transfer-Encoding: chunked\r\n");
    say_chunk(c, c->server->body, c->server->body_len / 2);
    say(c, "fff\r\nand no more");
}

static void fault_chunk_no_end(struct connection *c)
{
    say_head(c, "200 OK", "Transfer-Encoding: chunked\r\n");
    say_chunk(c, c->server->body, c->server->body_len);
}

static void fault_chunk_bad(struct connection *c)
{
    say_head(c, "200 OK", "Transfer-Encoding: chunked\r\n");
    say(c, "zzzz\r\n");
    say_body(c, SIZE_MAX);
}

static void fault_two_lengths(struct connection *c)
{
    char line[100];

    snprintf(line, sizeof(line), "Content-Length: %zu\r\nContent-Length: 7\r\n",
             c->server->body_len);
    say_head(c, "200 OK", line);
    say_body(c, SIZE_MAX);
}

/* ---- heads ----------------------------------------------------------------------------------- */

static void fault_close(struct connection *c)
{
    WW_UNUSED(c);
}

static void fault_stall(struct connection *c)
{
    wait_ms(c, INT32_MAX);
}

static void fault_reset(struct connection *c)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};

    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void fault_drip_headers(struct connection *c)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Slow: ";

    for (size_t i = 0; i + 1 < sizeof(head) && raw_may_go_on(c); i++) {
        say_bytes(c, head + i, 1);
        wait_ms(c, DRIP_MS);
    }
    while (raw_may_go_on(c)) {
        say(c, "a");
        wait_ms(c, DRIP_MS);
    }
}

static void fault_header_flood(struct connection *c)
{
    char line[64];

    say(c, "HTTP/1.1 200 OK\r\n");
    for (unsigned i = 0; raw_may_go_on(c); i++) {
        snprintf(line, sizeof(line), "X-Flood-%u: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", i);
        say(c, line);
    }
}

static void fault_long_header(struct connection *c)
{
    static char page[CHUNK_BYTES];

    memset(page, 'a', sizeof(page));
    say(c, "HTTP/1.1 200 OK\r\nX-Long: ");
    while (c->sent_bytes < 12 * 1024 * 1024 && raw_may_go_on(c))
        say_bytes(c, page, sizeof(page));
    say(c, "\r\n\r\n");
}

static void fault_endless_1xx(struct connection *c)
{
    while (raw_may_go_on(c))
        say(c, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
}

static void fault_http09(struct connection *c)
{
    say_body(c, SIZE_MAX);
}

static void fault_http99(struct connection *c)
{
    say(c, "HTTP/9.9 200 Fine\r\n\r\n");
    say_body(c, SIZE_MAX);
}

static void fault_tls(struct connection *c)
{
    static const char alert[] = "\x15\x03\x01\x00\x02\x02\x28";

    say_bytes(c, alert, sizeof(alert) - 1);
}

static void fault_noise(struct connection *c)
{
    unsigned state = 1;
    char bytes[4096];

    for (size_t i = 0; i < sizeof(bytes); i++) {
        state = state * 1103515245U + 12345U;
        bytes[i] = (char)(unsigned char)(state >> 16);
    }
    say_bytes(c, bytes, sizeof(bytes));
}

static void fault_redirect_file(struct connection *c)
{
    say_head(c, "302 Found", "Location: file:///etc/passwd\r\nContent-Length: 0\r\n");
}

static void fault_redirect_loop(struct connection *c)
{
    say_head(c, "302 Found", "Location: /redirect-loop?again\r\nContent-Length: 0\r\n");
}

static void fault_unasked_304(struct connection *c)
{
    say_head(c, "304 Not Modified", "");
}

/* ---- the table ------------------------------------------------------------------------------- */

/* raw_faults[i] is done by actions[i]. */
const struct raw_fault raw_faults[] = {
    {"/fine",           "a whole answer",                              false},
    {"/gzip",           "a whole answer in gzip",                      false},
    {"/no-length",      "the end of the connection ends the body",     false},
    {"/cut-body",       "half the body, then the end",                 true },
    {"/long-length",    "says 1,000 bytes more than it sends",         true },
    {"/huge-length",    "says 1 TiB",                                  true },
    {"/endless-body",   "blanks without end",                          true },
    {"/drip-body",      "a byte each 100 ms",                          true },
    {"/stall-body",     "half the body, then silence",                 true },
    {"/reset-body",     "half the body, then RST",                     true },
    {"/chunk-cut",      "ends in the middle of a chunk",               true },
    {"/chunk-no-end",   "all chunks but the last",                     true },
    {"/chunk-bad",      "a chunk size that is no number",              true },
    {"/two-lengths",    "two Content-Lengths that differ",             true },
    {"/gzip-bomb",      "64 KiB of gzip that are 64 MiB",              true },
    {"/double-gzip",    "gzip in gzip, some hundred bytes for 64 MiB", true },
    {"/gzip-cut",       "gzip without its last 20 bytes",              true },
    {"/gzip-crc",       "gzip with a wrong checksum",                  true },
    {"/false-gzip",     "says gzip, is plain",                         true },
    {"/unknown-coding", "a Content-Encoding nobody knows",             true },
    {"/forty-codings",  "forty times gzip, says the header",           true },
    {"/close",          "not a byte",                                  true },
    {"/stall",          "accepts and is silent",                       true },
    {"/reset",          "RST at once",                                 true },
    {"/drip-headers",   "a header byte each 100 ms",                   true },
    {"/header-flood",   "headers without end",                         true },
    {"/long-header",    "one header line of 12 MiB",                   true },
    {"/endless-1xx",    "103 without end",                             true },
    {"/http09",         "a body without a head",                       true },
    {"/http99",         "HTTP/9.9",                                    true },
    {"/tls",            "a TLS alert",                                 true },
    {"/noise",          "4 KiB of random bytes",                       true },
    {"/redirect-file",  "Location: file:///etc/passwd",                true },
    {"/redirect-loop",  "redirects to itself for ever",                true },
    {"/unasked-304",    "304 to a request without a condition",        true },
};
const size_t raw_n_faults = WW_COUNT(raw_faults);

typedef void fault_action(struct connection *c);

static fault_action *const actions[] = {
    fault_none,          fault_gzip_fine,     fault_no_length,    fault_cut_body,
    fault_long_length,   fault_huge_length,   fault_endless_body, fault_drip_body,
    fault_stall_body,    fault_reset_body,    fault_chunk_cut,    fault_chunk_no_end,
    fault_chunk_bad,     fault_two_lengths,   fault_gzip_bomb,    fault_double_gzip,
    fault_gzip_cut,      fault_gzip_crc,      fault_false_gzip,   fault_unknown_coding,
    fault_forty_codings, fault_close,         fault_stall,        fault_reset,
    fault_drip_headers,  fault_header_flood,  fault_long_header,  fault_endless_1xx,
    fault_http09,        fault_http99,        fault_tls,          fault_noise,
    fault_redirect_file, fault_redirect_loop, fault_unasked_304,
};
_Static_assert(WW_COUNT(actions) == WW_COUNT(raw_faults), "an action for every fault");

static bool names_fault(struct slice path, const char *fault)
{
    struct slice name = slice_from(fault);

    return slice_starts(path, name) &&
           (path.len == name.len || strchr("/?.", path.ptr[name.len]) != NULL);
}

void raw_act(struct connection *c, struct slice path)
{
    size_t which = 0; /* an unknown path is answered well */

    for (size_t i = 0; i < raw_n_faults; i++)
        if (names_fault(path, raw_faults[i].path))
            which = i;
    actions[which](c);
}

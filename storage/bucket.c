/* bucket.c - requests to an S3-compatible store by libcurl, which signs them. */
#define _GNU_SOURCE /* sockets' flags */
#include "storage/bucket.h"

#include "base/address.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/url.h"
#include "storage/bucket_refusal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

/* SHA-256 of nothing. */
#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define URL_SHOWN_BYTES 110

struct bucket {
    const struct bucket_options *options;
    CURL *easy;
    bool has_secret, is_local;
    char secret[BUCKET_SECRET_BYTES];
    char curl_words[CURL_ERROR_SIZE];
    /* What was read last, and where the next read would follow it. */
    struct buf window;
    char window_url[PATH_MAX];
    int64_t window_at, follows_at, ahead;
};

/* One request and what came of it. */
struct exchange {
    struct bucket *bucket;
    const char *method, *url;
    int fd; /* of a PUT */
    int64_t at, n_bytes;
    bool cannot_read;
    struct buf *out; /* of a GET, up to out_max */
    size_t out_max;
    CURLcode end;
    long code;
    bool has_range;
    int64_t range_from, whole_bytes; /* of Content-Range */
    struct bucket_object object;
    struct buf words; /* an answer that is no file */
};

/* ---- callbacks ------------------------------------------------------------------------------- */

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    const struct bucket *b = data;

    WW_UNUSED(purpose);
    /* Whatever a name leads to: without TLS nothing leaves this machine. */
    if (b->is_local && !address_is_loopback(&to->addr))
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static int look_at_stop(void *data, curl_off_t down, curl_off_t downed, curl_off_t up,
                        curl_off_t upped)
{
    const struct bucket *b = data;

    WW_UNUSED(down);
    WW_UNUSED(downed);
    WW_UNUSED(up);
    WW_UNUSED(upped);
    return b->options->stop != NULL && *b->options->stop != 0;
}

static size_t give_file(char *room, size_t size, size_t n, void *data)
{
    struct exchange *x = data;
    const int64_t left = x->n_bytes - x->at;
    const size_t want = (int64_t)(size * n) < left ? size * n : (size_t)left;
    ssize_t got = pread(x->fd, room, want, (off_t)x->at);

    if (got < 0 || (got == 0 && want > 0)) {
        x->cannot_read = true;
        return CURL_READFUNC_ABORT;
    }
    x->at += got;
    return (size_t)got;
}

static int seek_file(void *data, curl_off_t offset, int origin)
{
    struct exchange *x = data;

    if (origin != SEEK_SET || offset < 0 || offset > x->n_bytes)
        return CURL_SEEKFUNC_CANTSEEK;
    x->at = offset;
    return CURL_SEEKFUNC_OK;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *data)
{
    struct exchange *x = data;
    const struct slice piece = slice_of(bytes, size * n);
    long code = 0;

    (void)curl_easy_getinfo(x->bucket->easy, CURLINFO_RESPONSE_CODE, &code);
    if (code == 206 && x->out != NULL) {
        if (piece.len > x->out_max)
            return 0;
        x->out_max -= piece.len;
        buf_add(x->out, piece);
        return buf_finish(x->out, NULL) == WW_OK ? piece.len : 0;
    }
    buf_add(&x->words, piece);
    return buf_finish(&x->words, NULL) == WW_OK ? piece.len : 0;
}

static void keep_text(char out[BUCKET_HASH_BYTES], struct slice value)
{
    if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
        value = slice_sub(value, 1, value.len - 2);
    out[0] = '\0';
    if (value.len >= BUCKET_HASH_BYTES)
        return;
    memcpy(out, value.ptr, value.len);
    out[value.len] = '\0';
}

/* bytes 10-19/4711 */
static void read_range(struct exchange *x, struct slice value)
{
    unsigned long long from = 0, whole = 0;
    const size_t dash = slice_find_char(value, '-'), slash = slice_find_char(value, '/');

    x->has_range = slice_starts(value, SLICE("bytes ")) && dash < slash && slash < value.len &&
                   slice_number(slice_trim(slice_sub(value, 6, dash - 6)), INT64_MAX, &from) &&
                   slice_number(slice_trim(slice_skip(value, slash + 1)), INT64_MAX, &whole);
    x->range_from = (int64_t)from;
    x->whole_bytes = (int64_t)whole;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *data)
{
    struct exchange *x = data;
    const struct slice line = slice_of(bytes, size * n);
    const size_t colon = slice_find_char(line, ':');
    const struct slice name = slice_head(line, colon);
    const struct slice value = colon < line.len ? slice_trim(slice_skip(line, colon + 1)) : name;

    if (slice_equal_nocase(name, SLICE("ETag")))
        keep_text(x->object.etag, value);
    else if (slice_equal_nocase(name, SLICE("x-amz-meta-sha256")))
        keep_text(x->object.sha256, value);
    else if (slice_equal_nocase(name, SLICE("x-amz-server-side-encryption")))
        x->object.is_encrypted |= slice_starts(value, SLICE("aws:"));
    else if (slice_equal_nocase(name, SLICE("x-amz-server-side-encryption-customer-algorithm")))
        x->object.is_encrypted = true;
    else if (slice_equal_nocase(name, SLICE("Content-Range")))
        read_range(x, value);
    return size * n;
}

/* ---- a request ------------------------------------------------------------------------------- */

static bool set_numbers(CURL *easy)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_NOSIGNAL,          1L                   },
        {CURLOPT_NOPROGRESS,        0L                   },
        {CURLOPT_FOLLOWLOCATION,    0L                   },
        {CURLOPT_HTTP09_ALLOWED,    0L                   },
        {CURLOPT_HTTP_VERSION,      CURL_HTTP_VERSION_1_1},
        {CURLOPT_PATH_AS_IS,        1L                   },
        {CURLOPT_CONNECTTIMEOUT_MS, BUCKET_CONNECT_MS    },
        {CURLOPT_LOW_SPEED_TIME,    BUCKET_STALL_S       },
        {CURLOPT_LOW_SPEED_LIMIT,   BUCKET_STALL_BYTES   },
    };

    for (size_t i = 0; i < WW_COUNT(numbers); i++)
        if (curl_easy_setopt(easy, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_texts(const struct bucket *b, const char *url)
{
    const struct bucket_options *o = b->options;
    const char *proxy = o->proxy != NULL && !b->is_local ? o->proxy : "";
    char scope[128];
    CURL *easy = b->easy;

    (void)snprintf(scope, sizeof(scope), "aws:amz:%s:s3", o->region);
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, b->is_local ? "http,https" : "https") ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, proxy) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, o->agent) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, scope) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERNAME, o->key_id) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PASSWORD, b->secret) == CURLE_OK &&
           (o->ca_file == NULL || (curl_easy_setopt(easy, CURLOPT_CAINFO, o->ca_file) == CURLE_OK &&
                                   curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK));
}

static bool set_callbacks(struct exchange *x)
{
    CURL *easy = x->bucket->easy;

    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, x) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_at_stop) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, x->bucket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, x->bucket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, x->bucket->curl_words) == CURLE_OK;
}

static bool set_upload(struct exchange *x)
{
    CURL *easy = x->bucket->easy;

    return x->n_bytes == 0 ||
           (curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_file) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_READDATA, x) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_file) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_SEEKDATA, x) == CURLE_OK &&
            curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)x->n_bytes) == CURLE_OK);
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    char line[128];
    struct curl_slist *longer;

    (void)snprintf(line, sizeof(line), "%s:%s%s", name, value[0] != '\0' ? " " : "", value);
    longer = curl_slist_append(*list, line);
    if (longer != NULL)
        *list = longer;
    return longer != NULL;
}

static bool make_headers(const char *sha256, bool is_put, struct curl_slist **out)
{
    return add_header(out, "x-amz-content-sha256", sha256) &&
           (!is_put ||
            (add_header(out, "x-amz-meta-sha256", sha256) &&
             add_header(out, "Content-Type", "application/warc") && add_header(out, "Expect", "")));
}

static enum ww_status know_secret(struct bucket *b, struct ww_error *err)
{
    if (!b->has_secret && b->options->secret(b->options->context, b->secret, err) != WW_OK)
        return ww_context(err, WW_REFUSED, "[archive]");
    b->has_secret = true;
    return WW_OK;
}

/* What a busy server or a cut line needs is another try; one that is full stays so. */
static bool may_pass(const struct exchange *x)
{
    return x->end == CURLE_OK ? x->code == 429 || (x->code >= 500 && x->code != 507)
                              : x->end == CURLE_SEND_ERROR || x->end == CURLE_RECV_ERROR ||
                                    x->end == CURLE_GOT_NOTHING || x->end == CURLE_PARTIAL_FILE;
}

static void perform(struct exchange *x, size_t out_from, size_t out_max)
{
    struct bucket *b = x->bucket;
    struct clock clock = clock_system();

    for (int i = 0; i < BUCKET_TRIES; i++) {
        if (i > 0)
            clock_sleep_ms(&clock, (int64_t)BUCKET_PAUSE_MS << (i - 1));
        if (look_at_stop(b, 0, 0, 0, 0) != 0)
            return;
        x->at = x->code = 0;
        x->has_range = false;
        x->object = (struct bucket_object){0};
        buf_reset(&x->words);
        if (x->out != NULL)
            buf_truncate(x->out, out_from);
        x->out_max = out_max;
        b->curl_words[0] = '\0';
        x->end = curl_easy_perform(b->easy);
        (void)curl_easy_getinfo(b->easy, CURLINFO_RESPONSE_CODE, &x->code);
        if (!may_pass(x))
            return;
    }
}

/* ---- what came of it ------------------------------------------------------------------------- */

static enum ww_status judge(const struct exchange *x, struct ww_error *err)
{
    const struct slice url = slice_head(slice_from(x->url), URL_SHOWN_BYTES);
    const char *ours =
        x->bucket->curl_words[0] != '\0' ? x->bucket->curl_words : curl_easy_strerror(x->end);
    struct bucket_refusal refusal;

    if (look_at_stop(x->bucket, 0, 0, 0, 0) != 0)
        return ww_fail(err, WW_UNREACHABLE, "%s %.*s: stopped", x->method, SLICE_ARG(url));
    if (x->cannot_read)
        return ww_fail(err, WW_STORE, "%s %.*s: the file here cannot be read: %s", x->method,
                       SLICE_ARG(url), strerror(errno));
    if (x->code < 200 || (x->end != CURLE_OK && x->code < 300))
        return ww_fail(err, WW_UNREACHABLE, "%s %.*s: %.80s", x->method, SLICE_ARG(url), ours);
    if (x->code < 300)
        return WW_OK;
    bucket_refused(x->code, buf_slice(&x->words), &refusal);
    return ww_fail(err, refusal.status, "%s %.*s: HTTP %ld%s%.*s: %s", x->method, SLICE_ARG(url),
                   x->code, refusal.word.len > 0 ? " " : "", SLICE_ARG(refusal.word),
                   refusal.advice);
}

static enum ww_status ask(struct exchange *x, const char *range, const char *sha256,
                          struct ww_error *err)
{
    struct bucket *b = x->bucket;
    const size_t out_from = x->out != NULL ? x->out->len : 0;
    struct curl_slist *headers = NULL;
    enum ww_status status = know_secret(b, err);

    if (status != WW_OK)
        return status;
    buf_init(&x->words, BUCKET_ANSWER_MAX_BYTES);
    curl_easy_reset(b->easy); /* its connections stay */
    if (!set_numbers(b->easy) || !set_texts(b, x->url) || !set_callbacks(x) || !set_upload(x) ||
        !make_headers(sha256, range == NULL, &headers) ||
        curl_easy_setopt(b->easy, CURLOPT_HTTPHEADER, headers) != CURLE_OK ||
        (range != NULL && curl_easy_setopt(b->easy, CURLOPT_RANGE, range) != CURLE_OK))
        status = ww_fail(err, WW_NOMEM, "libcurl: out of memory");
    if (status == WW_OK) {
        perform(x, out_from, x->out_max);
        status = judge(x, err);
    }
    curl_slist_free_all(headers);
    buf_release(&x->words);
    return status;
}

/* ---- the interface --------------------------------------------------------------------------- */

static bool is_plain(const char *url)
{
    struct url parts;

    url_split(slice_from(url), &parts);
    return slice_equal_nocase(parts.scheme, SLICE("http"));
}

enum ww_status bucket_open(const struct bucket_options *options, struct bucket **out,
                           struct ww_error *err)
{
    struct bucket *b = mem_alloc(sizeof(*b));

    *out = NULL;
    if (b == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    b->options = options;
    b->is_local = is_plain(options->url);
    b->follows_at = -1;
    buf_init(&b->window, (size_t)BUCKET_AHEAD_BYTES + (size_t)2 * ARCHIVE_RECORD_MAX_BYTES);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
        b->easy = curl_easy_init();
        if (b->easy == NULL)
            curl_global_cleanup();
    }
    if (b->easy == NULL) {
        bucket_close(b);
        return ww_fail(err, WW_NOMEM, "libcurl could not begin");
    }
    *out = b;
    return WW_OK;
}

void bucket_close(struct bucket *b)
{
    volatile char *p; /* not optimised away */

    if (b == NULL)
        return;
    p = b->secret;
    for (size_t i = 0; i < sizeof(b->secret); i++)
        p[i] = '\0';
    if (b->easy != NULL) {
        curl_easy_cleanup(b->easy);
        curl_global_cleanup();
    }
    buf_release(&b->window);
    mem_free(b);
}

/* By a GET of its first byte: what a HEAD is refused for, its answer does not say. */
enum ww_status bucket_look(struct bucket *b, const char *url, struct bucket_object *out,
                           struct ww_error *err)
{
    struct exchange x = {.bucket = b, .method = "GET", .url = url, .out_max = 1};
    struct buf byte;
    enum ww_status status;

    buf_init(&byte, 1);
    x.out = &byte;
    status = ask(&x, "0-0", EMPTY_SHA256, err);
    buf_release(&byte);
    if (status == WW_OK && !x.has_range)
        status = ww_fail(err, WW_INVALID, "%.*s: the server gives no parts of a file",
                         SLICE_ARG(slice_head(slice_from(url), URL_SHOWN_BYTES)));
    *out = x.object;
    out->n_bytes = x.whole_bytes;
    return status;
}

enum ww_status bucket_put(struct bucket *b, const char *url, int fd, int64_t n_bytes,
                          const char sha256[BUCKET_HASH_BYTES], struct bucket_object *out,
                          struct ww_error *err)
{
    struct exchange x = {.bucket = b, .method = "PUT", .url = url, .fd = fd, .n_bytes = n_bytes};
    enum ww_status status;

    if (n_bytes <= 0 || n_bytes > BUCKET_PUT_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "%s: %lld bytes; one PUT brings up to %lld", url,
                       (long long)n_bytes, (long long)BUCKET_PUT_MAX_BYTES);
    b->window_url[0] = '\0';
    status = ask(&x, NULL, sha256, err);
    *out = x.object;
    out->n_bytes = n_bytes;
    return status;
}

/* Into the window, which holds it whole then. */
static enum ww_status fill(struct bucket *b, const char *url, int64_t offset, int64_t n_bytes,
                           struct ww_error *err)
{
    struct exchange x = {.bucket = b, .method = "GET", .url = url};
    int64_t want = n_bytes;
    char range[64];
    enum ww_status status;

    /* One behind the other: all of them are going to be read. */
    b->ahead = offset == b->follows_at && strcmp(url, b->window_url) == 0 ? BUCKET_AHEAD_BYTES : 0;
    if (want < b->ahead)
        want = b->ahead;
    buf_reset(&b->window);
    b->window_url[0] = '\0';
    x.out = &b->window;
    x.out_max = (size_t)want;
    (void)snprintf(range, sizeof(range), "%lld-%lld", (long long)offset,
                   (long long)(offset + want - 1));
    status = ask(&x, range, EMPTY_SHA256, err);
    if (status != WW_OK)
        return status;
    if (!x.has_range || x.range_from != offset || (int64_t)b->window.len < n_bytes)
        return ww_fail(err, WW_INVALID, "%.*s: %zu bytes came from %lld on, not %lld",
                       SLICE_ARG(slice_head(slice_from(url), URL_SHOWN_BYTES)), b->window.len,
                       (long long)x.range_from, (long long)n_bytes);
    (void)snprintf(b->window_url, sizeof(b->window_url), "%s", url);
    b->window_at = offset;
    return WW_OK;
}

enum ww_status bucket_read(struct bucket *b, const char *url, int64_t offset, int64_t n_bytes,
                           struct buf *out, struct ww_error *err)
{
    const bool is_there = strcmp(url, b->window_url) == 0 && offset >= b->window_at &&
                          offset + n_bytes <= b->window_at + (int64_t)b->window.len;
    enum ww_status status = is_there || n_bytes <= 0 ? WW_OK : fill(b, url, offset, n_bytes, err);

    if (status != WW_OK || n_bytes <= 0)
        return status;
    b->follows_at = offset + n_bytes;
    buf_add(out,
            slice_sub(buf_slice(&b->window), (size_t)(offset - b->window_at), (size_t)n_bytes));
    return buf_finish(out, err);
}

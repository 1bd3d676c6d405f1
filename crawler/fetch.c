/*
 * fetch.c - libcurl under guard: what goes out, what may come in, and what its errors mean.
 */
/* SOCK_CLOEXEC for every socket we open. */
#define _GNU_SOURCE
#include "crawler/fetch_parts.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/inflate.h"
#include "base/mem.h"
#include "base/url.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for a page stays between two fetches, a huge one's does not. */
#define KEPT_ROOM_BYTES (512 * 1024)
#define EXTRA_DESCRIPTORS_MAX 64
#define DNS_CACHE_S 600L
#define IDLE_CONNECTIONS 256L
/* Fewer bytes a second than this for as long as a connection may take: stalled. */
#define STALLED_BYTES_PER_S 16L

/* ---- sockets -------------------------------------------------------------------------------- */

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *t = context;
    const struct fetch_options *options = &t->fetch->options;
    const bool has_proxy = options->proxy != NULL && options->proxy[0] != '\0';
    char address[ADDRESS_TEXT_BYTES];
    int fd;

    WW_UNUSED(purpose);
    if (options->stays_here && (has_proxy || !address_is_loopback(&to->addr))) {
        t->socket_fault = WW_REFUSED;
        t->leaves_here = true;
        return CURL_SOCKET_BAD;
    }
    /* Of several addresses one that has no room now is worth another try, whatever others say. */
    if (!address_is_allowed(&to->addr, options->allowed, options->n_allowed)) {
        t->socket_fault = t->socket_fault == WW_CONFLICT ? WW_CONFLICT : WW_REFUSED;
        return CURL_SOCKET_BAD;
    }
    (void)address_format(&to->addr, address);
    /* Through a proxy all share one address: what is admitted is about publishers. */
    if (!has_proxy && options->admit != NULL &&
        !options->admit(options->admit_context, t->answer->owner, address)) {
        t->socket_fault = WW_CONFLICT;
        return CURL_SOCKET_BAD;
    }
    fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    /* A family that this machine has not is the network's fault, everything else is ours. */
    if (fd < 0 && errno != EAFNOSUPPORT)
        t->socket_fault = WW_NOMEM;
    else if (t->socket_fault != WW_CONFLICT)
        t->socket_fault = WW_OK;
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* ---- the question --------------------------------------------------------------------------- */

/* Through a proxy no socket shows us the address: a host written as a number is judged here. */
static enum ww_status check_literal(const struct fetch *f, struct slice url, struct arena *arena,
                                    struct ww_error *err)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct slice host = url_host(url, arena);
    const char *name;
    bool is_allowed;

    if (host.len > 2 && host.ptr[0] == '[')
        host = slice_sub(host, 1, host.len - 2);
    name = arena_string(arena, host);
    if (name == NULL || getaddrinfo(name, NULL, &hints, &found) != 0)
        return arena_check(arena, err);
    is_allowed = address_is_allowed(found->ai_addr, f->options.allowed, f->options.n_allowed);
    freeaddrinfo(found);
    if (!is_allowed)
        return ww_fail(err, WW_REFUSED, "%s is not a public address", name);
    return WW_OK;
}

static bool add_header(struct transfer *t, const char *name, struct slice value)
{
    struct buf line;
    struct curl_slist *longer = NULL;

    if (value.len == 0 || slice_find_char(value, '\n') < value.len ||
        slice_find_char(value, '\r') < value.len || memchr(value.ptr, 0, value.len) != NULL)
        return true;
    buf_init(&line, VALIDATOR_MAX_BYTES + 64);
    buf_printf(&line, "%s: ", name);
    buf_add(&line, value);
    if (buf_finish(&line, NULL) == WW_OK)
        longer = curl_slist_append(t->headers, line.ptr);
    buf_release(&line);
    if (longer != NULL)
        t->headers = longer;
    return longer != NULL;
}

static bool set_numbers(CURL *easy, const struct fetch_options *options)
{
    const int64_t connect_ms = options->connect_timeout_ms;
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_NOSIGNAL,              1                     },
 /* A name server that is silent must not hold up the end of a transfer, nor ours. */
        {CURLOPT_QUICK_EXIT,            1                     },
        {CURLOPT_HTTPGET,               1                     },
        {CURLOPT_FOLLOWLOCATION,        0                     },
        {CURLOPT_HTTP_CONTENT_DECODING, 0                     },
        {CURLOPT_HTTP09_ALLOWED,        0                     },
        {CURLOPT_HTTP_VERSION,          CURL_HTTP_VERSION_2TLS},
        {CURLOPT_PATH_AS_IS,            1                     },
        {CURLOPT_CONNECTTIMEOUT_MS,     (long)connect_ms      },
        {CURLOPT_LOW_SPEED_LIMIT,       STALLED_BYTES_PER_S   },
        {CURLOPT_DNS_CACHE_TIMEOUT,     DNS_CACHE_S           },
        {CURLOPT_TCP_KEEPALIVE,         1                     },
    };

    for (size_t i = 0; i < WW_COUNT(numbers); i++)
        if (curl_easy_setopt(easy, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_texts(CURL *easy, const struct fetch_options *options)
{
    const struct {
        CURLoption option;
        const char *value;
    } texts[] = {
        {CURLOPT_USERAGENT,     options->user_agent                         },
        {CURLOPT_PROTOCOLS_STR, "http,https"                                },
        {CURLOPT_PROXY,         options->proxy != NULL ? options->proxy : ""},
    };

    for (size_t i = 0; i < WW_COUNT(texts); i++)
        if (curl_easy_setopt(easy, texts[i].option, texts[i].value) != CURLE_OK)
            return false;
    return true;
}

/*
 * Whose certificates are believed: those of one file, which libcurl then reads once a run. With a
 * folder of them beside it, as Debian has it, it reads the file anew for every connection, which
 * costs fifteen times as much as the rest of it.
 */
static bool set_authorities(CURL *easy, const char *ca_file)
{
    if (ca_file == NULL)
        return true;
    return curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, ca_file) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL) == CURLE_OK;
}

/*
 * A host that closes its connections is met again with the session of the last one. Plain transfers
 * have a share, too: libcurl loses the session table of a handle that gets its first one later.
 */
static bool set_session(struct transfer *t, const char *url)
{
    struct slice text = slice_from(url);
    CURLSH **share = &t->fetch->shares[0];
    struct url parts;

    url_split(text, &parts);
    if (slice_equal_nocase(parts.scheme, SLICE("https")))
        share += hash64_mix(hash64(parts.host), hash64(parts.port)) % SHARES;
    if (*share == NULL) {
        *share = curl_share_init();
        if (*share == NULL ||
            curl_share_setopt(*share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK)
            return false;
    }
    return curl_easy_setopt(t->easy, CURLOPT_SHARE, *share) == CURLE_OK;
}

/* What is the same for all requests of a handle, once. */
static bool make_handle(struct transfer *t)
{
    const struct fetch_options *options = &t->fetch->options;
    CURL *easy = curl_easy_init();

    if (easy != NULL && set_numbers(easy, options) && set_texts(easy, options) &&
        set_authorities(easy, options->ca_file) &&
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, fetch_take_header) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, t) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, fetch_take_body) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, t) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->curl_words) == CURLE_OK &&
        curl_easy_setopt(easy, CURLOPT_PRIVATE, t) == CURLE_OK) {
        t->easy = easy;
        return true;
    }
    curl_easy_cleanup(easy);
    return false;
}

static bool add_range(struct transfer *t)
{
    char value[64];
    int n;

    if (t->range_bytes == 0)
        return true;
    n = snprintf(value, sizeof(value), "bytes=%lld-%lld", (long long)t->range_offset,
                 (long long)(t->range_offset + t->range_bytes - 1));
    return n > 0 && add_header(t, "Range", slice_of(value, (size_t)n));
}

/* An index may think for a minute where a page would have stalled. */
static bool set_patience(const struct transfer *t)
{
    const struct fetch_options *options = &t->fetch->options;
    const long most_ms = t->is_list ? LIST_TIMEOUT_MS : (long)options->transfer_timeout_ms;
    const long stalled_s =
        t->is_list ? LIST_STALLED_S : (long)(options->connect_timeout_ms / 1000 + 1);

    return curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, most_ms) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, stalled_s) == CURLE_OK;
}

static bool prepare(struct transfer *t, const struct fetch_request *request, const char *url)
{
    /* Of a part the first byte beyond it is an error, whatever the length says. */
    const curl_off_t most = request->cut_at_bytes > 0 || t->range_bytes > 0 ? 0 : fetch_body_max(t);

    if (t->easy == NULL && !make_handle(t))
        return false;
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    /* A part of a packed file would be of another one than the index knows. */
    return add_header(t, "Accept-Encoding",
                      t->range_bytes > 0 ? SLICE("identity") : SLICE("gzip")) &&
           add_range(t) && set_patience(t) &&
           add_header(t, "Accept", slice_from(request->accept)) &&
           add_header(t, "If-None-Match", request->etag) &&
           add_header(t, "If-Modified-Since", request->last_modified) && set_session(t, url) &&
           curl_easy_setopt(t->easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, most) == CURLE_OK &&
           curl_multi_add_handle(t->fetch->multi, t->easy) == CURLM_OK;
}

static void reset_answer(struct fetch_answer *answer, bool is_list)
{
    struct fetch_answer fresh = {.head = answer->head,
                                 .body = answer->body,
                                 .received = answer->received,
                                 .owner = answer->owner};

    fresh.head.max_bytes = HEADERS_MAX_BYTES;
    fresh.body.max_bytes = is_list ? LIST_BODY_MAX_BYTES : BODY_INFLATED_MAX_BYTES;
    fresh.received.max_bytes = BODY_INFLATED_MAX_BYTES; /* body_max_bytes ends it before */
    buf_reset(&fresh.head);
    buf_reset(&fresh.body);
    buf_reset(&fresh.received);
    *answer = fresh;
}

static struct transfer *find_free(struct fetch *f)
{
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
        if (f->transfers[i].answer == NULL)
            return &f->transfers[i];
    return NULL;
}

enum ww_status fetch_start(struct fetch *f, const struct fetch_request *request,
                           struct fetch_answer *answer, struct ww_error *err)
{
    struct transfer *t = fetch_is_free(f) ? find_free(f) : NULL;
    struct arena arena;
    const char *url = NULL;
    enum ww_status status;

    if (t == NULL)
        return ww_fail(err, WW_CONFLICT, "%zu fetches are out", f->n_in_flight);
    reset_answer(answer, request->is_list);
    if (request->range_bytes > f->options.body_max_bytes)
        return ww_fail(err, WW_TOO_BIG, "a part of %lld bytes, limit %lld",
                       (long long)request->range_bytes, (long long)f->options.body_max_bytes);
    if (request->range_bytes < 0 || request->range_offset < 0 ||
        request->range_offset > INT64_MAX - request->range_bytes)
        return ww_fail(err, WW_INVALID, "no part of a file: %lld bytes from %lld on",
                       (long long)request->range_bytes, (long long)request->range_offset);
    arena_init(&arena, (size_t)URL_MAX_BYTES * 32);
    status = fetch_wire_url(request->url, &arena, &url, err);
    if (status == WW_OK && f->options.proxy != NULL && f->options.proxy[0] != '\0')
        status = check_literal(f, request->url, &arena, err);
    if (status != WW_OK)
        goto out;
    t->answer = answer;
    t->inflate = NULL;
    t->is_body = t->is_done = false;
    t->head_bytes = 0;
    t->keeps_received = request->keeps_received;
    t->cut_at_bytes = request->cut_at_bytes;
    t->range_offset = request->range_offset;
    t->range_bytes = request->range_bytes;
    t->is_list = request->is_list;
    t->socket_fault = WW_OK;
    t->leaves_here = false;
    t->curl_words[0] = '\0';
    if (!prepare(t, request, url)) {
        t->answer = NULL;
        status = ww_fail(err, WW_NOMEM, "out of memory");
        goto out;
    }
    f->n_in_flight++;
out:
    arena_release(&arena);
    return status;
}

/* ---- the end of a transfer ------------------------------------------------------------------ */

/* What libcurl's codes mean to us; every other one is a bad answer. */
static const struct {
    CURLcode code;
    enum ww_status status;
} meanings[] = {
    {CURLE_COULDNT_RESOLVE_PROXY,    WW_UNREACHABLE},
    {CURLE_COULDNT_RESOLVE_HOST,     WW_UNREACHABLE},
    {CURLE_PARTIAL_FILE,             WW_UNREACHABLE},
    {CURLE_OPERATION_TIMEDOUT,       WW_UNREACHABLE},
    {CURLE_SSL_CONNECT_ERROR,        WW_UNREACHABLE},
    {CURLE_GOT_NOTHING,              WW_UNREACHABLE},
    {CURLE_SEND_ERROR,               WW_UNREACHABLE},
    {CURLE_RECV_ERROR,               WW_UNREACHABLE},
    {CURLE_SSL_CERTPROBLEM,          WW_UNREACHABLE},
    {CURLE_SSL_CIPHER,               WW_UNREACHABLE},
    {CURLE_PEER_FAILED_VERIFICATION, WW_UNREACHABLE},
    {CURLE_SSL_CACERT_BADFILE,       WW_UNREACHABLE},
    {CURLE_SSL_ISSUER_ERROR,         WW_UNREACHABLE},
    {CURLE_HTTP2_STREAM,             WW_UNREACHABLE},
    {CURLE_PROXY,                    WW_UNREACHABLE},
    {CURLE_FILESIZE_EXCEEDED,        WW_TOO_BIG    },
};

/*
 * libcurl: "Failed to connect to HOST port 80 after 9 ms: Couldn't connect to server". The time
 * makes each of them another, and the system knows why.
 */
static enum ww_status not_connected(const char *words, int why, struct ww_error *err)
{
    const struct slice all = slice_from(words);
    const struct slice begin = slice_head(all, slice_find(all, SLICE(" after ")));

    if (begin.len == all.len || why == 0)
        return ww_fail(err, WW_UNREACHABLE, "%s", words);
    return ww_fail(err, WW_UNREACHABLE, "%.*s: %s", SLICE_ARG(begin), strerror(why));
}

static enum ww_status judge_code(const struct transfer *t, CURLcode code, struct ww_error *err)
{
    const char *words = t->curl_words[0] != '\0' ? t->curl_words : curl_easy_strerror(code);
    long failure = 0;

    (void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &failure);
    if (t->leaves_here)
        return ww_fail(err, WW_REFUSED, "by a clock that hurries only this machine is asked");
    if (t->socket_fault == WW_REFUSED)
        return ww_fail(err, WW_REFUSED,
                       "its address is not a public one, and allow = in [fetch] does not name it");
    if (t->socket_fault == WW_CONFLICT)
        return ww_fail(err, WW_CONFLICT, "its address serves other hosts now");
    if (t->socket_fault == WW_NOMEM)
        return ww_fail(err, WW_NOMEM, "no socket can be opened");
    /* libcurl says "out of memory" of a header line that is too long for it. */
    if (code == CURLE_OUT_OF_MEMORY)
        return ww_fail(err, WW_INVALID, "headers that cannot be read");
    if (code == CURLE_COULDNT_CONNECT)
        return not_connected(words, (int)failure, err);
    for (size_t i = 0; i < WW_COUNT(meanings); i++)
        if (meanings[i].code == code)
            return ww_fail(err, meanings[i].status, "%s", words);
    return ww_fail(err, WW_INVALID, "bad answer: %s", words);
}

/* Nothing came, or less than was asked for, and nobody said so. */
static enum ww_status check_whole_part(struct transfer *t, struct ww_error *err)
{
    const enum ww_status status = t->is_body ? WW_OK : fetch_check_part(t, err);

    if (status == WW_OK && t->range_bytes > 0 && t->answer->http_status == 206 &&
        t->answer->received_bytes != t->range_bytes)
        return ww_fail(err, WW_INVALID, "%lld bytes came, of %lld that were asked for",
                       (long long)t->answer->received_bytes, (long long)t->range_bytes);
    return status;
}

/* Of the server itself: behind a proxy nobody here knows it. */
static void note_address(struct transfer *t)
{
    const char *proxy = t->fetch->options.proxy;
    char *address = NULL;

    if ((proxy == NULL || proxy[0] == '\0') &&
        curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != NULL)
        (void)snprintf(t->answer->address, sizeof(t->answer->address), "%s", address);
}

static void finish(struct transfer *t, CURLcode code)
{
    struct fetch_answer *answer = t->answer;
    curl_off_t connect_us = 0, total_us = 0;
    long failure = 0;

    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &answer->http_status);
    note_address(t);
    (void)curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connect_us);
    (void)curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &total_us);
    answer->duration_ms = (int64_t)(total_us / 1000);
    (void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &failure);
    answer->is_dark =
        code == CURLE_COULDNT_RESOLVE_HOST ||
        (code == CURLE_COULDNT_CONNECT && (failure == ENETUNREACH || failure == ENETDOWN));
    answer->is_distrusted =
        code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR;
    answer->had_contact = connect_us > 0 || answer->http_status > 0;
    /*
     * A fault that was seen here stands; else what libcurl says; else what is missing at the end.
     */
    if (answer->status == WW_OK && code != CURLE_OK && !answer->was_cut)
        answer->status = judge_code(t, code, &answer->error);
    if (answer->status == WW_OK && t->inflate != NULL && !answer->was_cut)
        answer->status = inflate_finish(t->inflate, &answer->error);
    if (answer->status == WW_OK)
        answer->status = check_whole_part(t, &answer->error);
    if (answer->status != WW_OK)
        buf_reset(&answer->body);
    if (answer->status != WW_OK || answer->was_cut)
        buf_reset(&answer->received);
    inflate_close(t->inflate);
    t->inflate = NULL;
    t->is_done = true;
}

static void collect(struct fetch *f)
{
    CURLMsg *message;
    int left = 0;

    while ((message = curl_multi_info_read(f->multi, &left)) != NULL) {
        struct transfer *t = NULL;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        (void)curl_multi_remove_handle(f->multi, t->easy);
        finish(t, code);
    }
}

void fetch_wait(struct fetch *f, const int *fds, size_t n_fds, int timeout_ms)
{
    struct curl_waitfd extra[EXTRA_DESCRIPTORS_MAX];
    int running = 0;

    if (n_fds > EXTRA_DESCRIPTORS_MAX)
        n_fds = EXTRA_DESCRIPTORS_MAX;
    for (size_t i = 0; i < n_fds; i++)
        extra[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
    /* What goes wrong with a transfer comes as its own message; a signal may cut the wait short. */
    (void)curl_multi_perform(f->multi, &running);
    collect(f);
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
        if (f->transfers[i].answer != NULL && f->transfers[i].is_done)
            return;
    (void)curl_multi_poll(f->multi, extra, (unsigned)n_fds, timeout_ms, NULL);
    (void)curl_multi_perform(f->multi, &running);
    collect(f);
}

struct fetch_answer *fetch_next(struct fetch *f)
{
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
        struct transfer *t = &f->transfers[i];
        struct fetch_answer *answer = t->answer;

        if (answer == NULL || !t->is_done)
            continue;
        t->answer = NULL;
        f->n_in_flight--;
        return answer;
    }
    return NULL;
}

bool fetch_is_free(const struct fetch *f)
{
    return f->n_in_flight < f->options.in_flight_max;
}

size_t fetch_in_flight(const struct fetch *f)
{
    return f->n_in_flight;
}

/* ---- opening and closing --------------------------------------------------------------------- */

/* OpenSSL writes to a closed connection with write(2). */
static void ignore_broken_pipes(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    (void)sigaction(SIGPIPE, &ignore, NULL);
}

/* The file of authorities that libcurl was built for; NULL when it is not there. */
static const char *find_authorities(void)
{
    CURL *easy = curl_easy_init();
    const char *path = NULL;

    if (easy != NULL)
        (void)curl_easy_getinfo(easy, CURLINFO_CAINFO, &path); /* a constant of the library */
    curl_easy_cleanup(easy);
    return path != NULL && access(path, R_OK) == 0 ? path : NULL;
}

/* What was left out is filled in. */
static struct fetch_options complete(const struct fetch_options *options)
{
    struct fetch_options o = *options;

    if (o.ca_file == NULL || o.ca_file[0] == '\0')
        o.ca_file = find_authorities();
    if (o.connect_timeout_ms <= 0)
        o.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    if (o.transfer_timeout_ms <= 0)
        o.transfer_timeout_ms = TRANSFER_TIMEOUT_MS;
    if (o.body_max_bytes <= 0)
        o.body_max_bytes = BODY_MAX_BYTES;
    if (o.in_flight_max == 0 || o.in_flight_max > IN_FLIGHT_MAX)
        o.in_flight_max = IN_FLIGHT_MAX;
    return o;
}

enum ww_status fetch_open(const struct fetch_options *options, struct fetch **out,
                          struct ww_error *err)
{
    struct fetch *f = mem_alloc(sizeof(*f));

    *out = NULL;
    if (f == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        mem_free(f);
        return ww_fail(err, WW_NOMEM, "out of memory");
    }
    ignore_broken_pipes();
    f->options = complete(options);
    f->multi = curl_multi_init();
    if (f->multi == NULL ||
        curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS) != CURLM_OK) {
        fetch_close(f);
        return ww_fail(err, WW_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
        f->transfers[i].fetch = f;
    *out = f;
    return WW_OK;
}

void fetch_close(struct fetch *f)
{
    if (f == NULL)
        return;
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
        struct transfer *t = &f->transfers[i];

        if (t->answer != NULL && !t->is_done)
            (void)curl_multi_remove_handle(f->multi, t->easy);
        curl_easy_cleanup(t->easy);
        curl_slist_free_all(t->headers);
        inflate_close(t->inflate);
    }
    (void)curl_multi_cleanup(f->multi);
    for (size_t i = 0; i < SHARES; i++)
        (void)curl_share_cleanup(f->shares[i]);
    curl_global_cleanup();
    mem_free(f);
}

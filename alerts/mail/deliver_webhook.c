/*
 * deliver_webhook.c - a message as JSON in one POST request, by libcurl.
 *
 * Idempotency-Key is the Message-ID, the same at every try, so that a receiver can tell a second
 * copy from a second message. No redirect is followed: an address that moved is the desk's to
 * change. Which numbers may be connected to is judged when the socket is opened: https goes to
 * public addresses and those of [fetch] allow, http to the allowed ones; both go to this machine
 * when the address says so by name. What the address holds behind its host may be a secret, so it
 * stands in no reply.
 */
#define _GNU_SOURCE /* sockets' flags */
#include "alerts/mail/deliver_ways.h"

#include "alerts/mail/mailer.h"
#include "alerts/mail/secret.h"
#include "base/address.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/url.h"

#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#define BODY_SHOWN_BYTES 200
/* So many bytes of a token or of an address are enough to be one. */
#define KEY_MIN_BYTES 8

struct post {
    CURL *easy;
    const struct config *settings;
    const struct envelope *e;
    struct slice rest; /* of the message */
    bool is_handed;
    bool is_https, is_local; /* local: the address names this machine */
    bool was_refused;        /* a socket, for its address */
    int64_t stopped_ms;
    size_t n_body;
    char body[BODY_SHOWN_BYTES];
    char curl_words[CURL_ERROR_SIZE];
    struct secret token;
};

/* ---- addresses ------------------------------------------------------------------------------- */

static bool names_this_machine(struct slice host)
{
    return slice_equal_nocase(host, SLICE("localhost")) || slice_starts(host, SLICE("127.")) ||
           slice_equal(host, SLICE("[::1]"));
}

enum ww_status deliver_webhook_check(struct slice url, bool has_token, struct ww_error *err)
{
    const struct slice shown = deliver_shown(CHANNEL_WEBHOOK, url);
    struct url parts;

    url_split(url, &parts);
    if (parts.userinfo.len > 0)
        return ww_fail(err, WW_INVALID,
                       "webhook: no login stands in the address; use webhook-token-file");
    if (!url_is_fetchable(url))
        return ww_fail(err, WW_INVALID, "webhook = %.*s: wants https://host/path",
                       SLICE_ARG(shown));
    if (has_token && slice_equal_nocase(parts.scheme, SLICE("http")) &&
        !names_this_machine(parts.host))
        return ww_fail(err, WW_INVALID, "webhook = %.*s: a token goes over https, not http",
                       SLICE_ARG(shown));
    return WW_OK;
}

static bool may_connect(const struct post *p, const struct sockaddr *to)
{
    const struct config_ranges *allow = &p->settings->allow;
    const bool is_public = address_is_allowed(to, NULL, 0);

    if (p->is_local)
        return deliver_is_loopback(to);
    return is_public ? p->is_https : address_is_allowed(to, allow->ranges, allow->n_ranges);
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct post *p = data;

    WW_UNUSED(purpose);
    if (!may_connect(p, &to->addr)) {
        p->was_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static size_t give_message(char *room, size_t size, size_t n, void *data)
{
    struct post *p = data;
    size_t len = size * n < p->rest.len ? size * n : p->rest.len;

    if (len > 0)
        memcpy(room, p->rest.ptr, len);
    p->rest = slice_skip(p->rest, len);
    if (p->rest.len == 0 && !p->is_handed) {
        p->is_handed = true;
        mailer_tell_handed(p->e);
    }
    return len;
}

/* The beginning is for a person; behind the limit nothing more is read. */
static size_t take_body(char *bytes, size_t size, size_t n, void *data)
{
    struct post *p = data;
    size_t room = p->n_body < sizeof(p->body) ? sizeof(p->body) - p->n_body : 0;

    if (room > 0)
        memcpy(p->body + p->n_body, bytes, size * n < room ? size * n : room);
    p->n_body += size * n;
    return p->n_body > WEBHOOK_ANSWER_MAX_BYTES ? 0 : size * n;
}

static int look_at_stop(void *data, curl_off_t down, curl_off_t downed, curl_off_t up,
                        curl_off_t upped)
{
    struct post *p = data;
    const struct clock clock = clock_system();

    WW_UNUSED(down);
    WW_UNUSED(downed);
    WW_UNUSED(up);
    WW_UNUSED(upped);
    if (p->stopped_ms == 0 && mailer_is_stopped(p->e))
        p->stopped_ms = clock_monotonic_ms(&clock);
    return p->stopped_ms != 0 &&
           (!p->is_handed || clock_monotonic_ms(&clock) - p->stopped_ms > STOP_GRACE_MS);
}

/* ---- the request ----------------------------------------------------------------------------- */

static bool add_header(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = line != NULL ? curl_slist_append(*list, line) : NULL;

    if (longer != NULL)
        *list = longer;
    return longer != NULL;
}

/* A quoted string (RFC 8941), so nothing that would end it. */
static bool make_headers(const struct envelope *e, struct arena *arena, struct curl_slist **out)
{
    bool is_plain = e->message_id.len > 0;

    for (size_t i = 0; i < e->message_id.len; i++)
        is_plain &= e->message_id.ptr[i] > ' ' && e->message_id.ptr[i] < '\x7F' &&
                    e->message_id.ptr[i] != '"' && e->message_id.ptr[i] != '\\';
    return add_header(out, "Content-Type: application/json") && add_header(out, "Expect:") &&
           (!is_plain ||
            add_header(
                out,
                arena_printf(arena, "Idempotency-Key: \"%.*s\"", SLICE_ARG(e->message_id)).ptr));
}

static bool set_numbers(CURL *easy, int64_t timeout_ms, size_t n_bytes)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_POST,              1L                   },
        {CURLOPT_NOSIGNAL,          1L                   },
        {CURLOPT_NOPROGRESS,        0L                   },
        {CURLOPT_QUICK_EXIT,        1L                   },
        {CURLOPT_FOLLOWLOCATION,    0L                   },
        {CURLOPT_HTTP09_ALLOWED,    0L                   },
        {CURLOPT_HTTP_VERSION,      CURL_HTTP_VERSION_1_1},
        {CURLOPT_PATH_AS_IS,        1L                   },
        {CURLOPT_FORBID_REUSE,      1L                   },
        {CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms     },
        {CURLOPT_TIMEOUT_MS,        (long)timeout_ms     },
    };

    for (size_t i = 0; i < WW_COUNT(numbers); i++)
        if (curl_easy_setopt(easy, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n_bytes) == CURLE_OK;
}

static bool set_texts(const struct post *p, struct arena *arena)
{
    const struct config *c = p->settings;
    const char *url = arena_string(arena, slice_trim(p->e->where));
    const char *agent =
        arena_printf(arena, "wirewatch/%s (+%.*s)", WW_VERSION, SLICE_ARG(c->contact)).ptr;
    const char *ca_file = arena_string(arena, c->ca_file);
    /* A plain request stays near; a proxy is the way to what is far. */
    const char *proxy = p->is_https && !p->is_local ? arena_string(arena, c->proxy) : "";

    return arena_check(arena, NULL) == WW_OK &&
           curl_easy_setopt(p->easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(p->easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(p->easy, CURLOPT_PROXY, proxy) == CURLE_OK &&
           curl_easy_setopt(p->easy, CURLOPT_USERAGENT, agent) == CURLE_OK &&
           (ca_file[0] == '\0' || (curl_easy_setopt(p->easy, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
                                   curl_easy_setopt(p->easy, CURLOPT_CAPATH, NULL) == CURLE_OK));
}

static bool set_callbacks(struct post *p)
{
    CURL *easy = p->easy;

    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_message) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, p) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, p) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_at_stop) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, p) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, p) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, p->curl_words) == CURLE_OK;
}

static bool set_token(struct post *p)
{
    return p->token.text[0] == '\0' ||
           (curl_easy_setopt(p->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) == CURLE_OK &&
            curl_easy_setopt(p->easy, CURLOPT_XOAUTH2_BEARER, p->token.text) == CURLE_OK);
}

/* ---- what the end means ---------------------------------------------------------------------- */

static enum delivery_end end_of(const struct post *p, long code)
{
    if (code < 200) /* no answer */
        return p->is_handed ? DELIVERY_UNKNOWN : DELIVERY_DEFERRED;
    if (code < 300)
        return p->is_handed ? DELIVERY_ACCEPTED : DELIVERY_DEFERRED;
    if (code < 400 || code >= 500 || code == 408 || code == 425 || code == 429)
        return DELIVERY_DEFERRED;
    return DELIVERY_REFUSED;
}

/* Does what it says hold a part of the address behind its host? Short parts are words, not keys. */
static bool holds_key(struct slice body, struct slice hidden)
{
    size_t begin = 0;

    for (size_t i = 0; i <= hidden.len; i++) {
        if (i < hidden.len && strchr("/?&=#", hidden.ptr[i]) == NULL)
            continue;
        if (i - begin >= KEY_MIN_BYTES &&
            slice_contains(body, slice_sub(hidden, begin, KEY_MIN_BYTES)))
            return true;
        begin = i + 1;
    }
    return false;
}

/* A server that sends back what it was sent gets no word of it into the log. */
static struct slice body_of(const struct post *p)
{
    const struct slice body =
        slice_of(p->body, p->n_body < sizeof(p->body) ? p->n_body : sizeof(p->body));
    const struct slice token = slice_from(p->token.text);
    const struct slice where = slice_trim(p->e->where);

    if ((token.len > 0 && slice_contains(body, slice_head(token, KEY_MIN_BYTES))) ||
        holds_key(body, slice_skip(where, deliver_shown(CHANNEL_WEBHOOK, where).len)))
        return (struct slice){"", 0};
    return slice_trim(slice_head(slice_trim(body), slice_find_char(slice_trim(body), '\n')));
}

static void describe_end(const struct post *p, CURLcode failure, struct arena *arena,
                         struct delivery_reply *out)
{
    const char *ours = p->curl_words[0] != '\0' ? p->curl_words : curl_easy_strerror(failure);
    const struct slice body = body_of(p);
    enum delivery_end end;
    struct slice words;
    curl_off_t wait_s = 0;
    long code = 0;

    (void)curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &code);
    (void)curl_easy_getinfo(p->easy, CURLINFO_RETRY_AFTER, &wait_s);
    end = end_of(p, code);
    if (p->was_refused && code == 0)
        words = p->is_https ? SLICE("not a public address, and not in [fetch] allow")
                            : SLICE("http is for this machine and for [fetch] allow; use https");
    else if (code < 200)
        words = arena_printf(arena, "%s%s",
                             end == DELIVERY_UNKNOWN ? "lost after the last byte: " : "", ours);
    else if (code >= 300 && code < 400)
        words = arena_printf(arena, "HTTP %ld: it has moved; write the new address", code);
    else
        words =
            arena_printf(arena, "HTTP %ld%s%.*s", code, body.len > 0 ? ": " : "", SLICE_ARG(body));
    deliver_reply(out, end, words);
    out->is_way_down = end == DELIVERY_DEFERRED && (code < 200 || code == 503);
    if (end == DELIVERY_DEFERRED && code >= 400 && wait_s > 0)
        out->retry_after_s = wait_s < DELIVERY_RETRY_MAX_S ? (int64_t)wait_s : DELIVERY_RETRY_MAX_S;
}

static enum ww_status prepare(struct post *p, struct ww_error *err)
{
    const struct secret_source source = secret_webhook_token(p->settings);
    enum ww_status status = deliver_webhook_check(p->e->where, secret_is_set(&source), err);
    struct url parts;

    url_split(p->e->where, &parts);
    p->is_https = slice_equal_nocase(parts.scheme, SLICE("https"));
    p->is_local = names_this_machine(parts.host);
    if (status == WW_OK && secret_is_set(&source))
        status = secret_read(&source, &p->token, err);
    return status;
}

enum ww_status deliver_webhook(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err)
{
    struct post p = {.settings = settings, .e = e, .rest = e->bytes};
    const int64_t timeout_s = deliver_timeout_s(settings);
    struct curl_slist *headers = NULL;
    struct arena arena;
    enum ww_status status = prepare(&p, err);

    if (status != WW_OK)
        return status;
    arena_init(&arena, (size_t)1024 * 1024);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        status = ww_fail(err, WW_NOMEM, "libcurl could not begin");
        goto out;
    }
    p.easy = curl_easy_init();
    if (p.easy == NULL || !make_headers(e, &arena, &headers) || !set_callbacks(&p) ||
        !set_numbers(p.easy, 1000 * (timeout_s < WEBHOOK_TIMEOUT_S ? timeout_s : WEBHOOK_TIMEOUT_S),
                     e->bytes.len) ||
        !set_texts(&p, &arena) || !set_token(&p) ||
        curl_easy_setopt(p.easy, CURLOPT_HTTPHEADER, headers) != CURLE_OK)
        status = ww_fail(err, WW_NOMEM, "libcurl: out of memory");
    if (status == WW_OK)
        describe_end(&p, curl_easy_perform(p.easy), &arena, out);
    curl_slist_free_all(headers);
    curl_easy_cleanup(p.easy);
    curl_global_cleanup();
out:
    secret_wipe(&p.token);
    arena_release(&arena);
    return status;
}

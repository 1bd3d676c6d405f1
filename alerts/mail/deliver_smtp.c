/*
 * deliver_smtp.c - SMTP by libcurl: one message, one recipient, one connection.
 *
 * libcurl says "failed" for a connection lost before and after the final dot alike. Which of the
 * two it was decides whether the message may be theirs already, so the moment when its last byte
 * was handed over is kept here, and every reply as it comes in.
 */
#define _GNU_SOURCE /* sockets' flags */
#include "alerts/mail/deliver_ways.h"

#include "alerts/mail/secret.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#define REPLY_BYTES 240
#define SMTP_BYE 221

struct session {
    CURL *easy;
    struct slice rest;  /* of the message */
    bool is_handed;     /* the end of the message was reached: the final dot may go out */
    unsigned code;      /* of the last reply, 0: none since the dot */
    bool is_last_reply; /* it came behind the dot */
    bool is_loopback_only, was_refused; /* a plain link may not leave this machine */
    const volatile sig_atomic_t *stop;
    int fd;             /* of the last socket; libcurl closes it */
    int64_t stopped_ms; /* when stop was seen first; 0: not yet */
    char reply[REPLY_BYTES];
    char curl_words[CURL_ERROR_SIZE];
};

/* ---- callbacks ------------------------------------------------------------------------------- */

/* libcurl 7 asks once more behind the last byte, libcurl 8 knows the size and does not. */
static size_t give_message(char *room, size_t size, size_t n, void *data)
{
    struct session *s = data;
    size_t len = size * n < s->rest.len ? size * n : s->rest.len;

    if (len > 0)
        memcpy(room, s->rest.ptr, len);
    s->rest = slice_skip(s->rest, len);
    if (s->rest.len == 0 && !s->is_handed) {
        s->is_handed = true;
        s->code = 0;
        /* Giving up on the last reply early is what makes duplicates. */
        (void)curl_easy_setopt(s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                               (long)SMTP_LAST_REPLY_TIMEOUT_S);
    }
    return len;
}

/* One line of a reply: "250-SIZE 1000", "451 4.3.0 try later". */
static size_t take_reply(char *line, size_t size, size_t n, void *data)
{
    struct session *s = data;
    struct slice text = slice_trim(slice_of(line, size * n));
    unsigned long long code;

    if (text.len < 3 || !slice_number(slice_head(text, 3), 599, &code) || code == SMTP_BYE)
        return size * n; /* a farewell is no answer to what went wrong before it */
    s->code = (unsigned)code;
    s->is_last_reply = s->is_handed;
    text = slice_head(text, sizeof(s->reply) - 1);
    memcpy(s->reply, text.ptr, text.len);
    s->reply[text.len] = '\0';
    return size * n;
}

/* Asked to stop: what was not handed over stays here; the reply to what was is worth a moment. */
static int look_at_stop(void *data, curl_off_t down, curl_off_t downed, curl_off_t up,
                        curl_off_t upped)
{
    struct session *s = data;
    const struct clock clock = clock_system();

    WW_UNUSED(down);
    WW_UNUSED(downed);
    WW_UNUSED(up);
    WW_UNUSED(upped);
    if (s->stop == NULL || *s->stop == 0)
        return 0;
    if (s->stopped_ms == 0)
        s->stopped_ms = clock_monotonic_ms(&clock);
    if (s->is_handed && clock_monotonic_ms(&clock) - s->stopped_ms <= STOP_GRACE_MS)
        return 0;
    /* libcurl says QUIT when it is told to leave, and waits minutes for the reply. */
    (void)shutdown(s->fd, SHUT_RDWR);
    return 1;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, address, sizeof(in));
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, address, sizeof(in6));
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    return false;
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct session *s = data;

    WW_UNUSED(purpose);
    if (s->is_loopback_only && !is_loopback(&to->addr)) {
        s->was_refused = true;
        return CURL_SOCKET_BAD;
    }
    s->fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    return s->fd;
}

/* ---- the settings ---------------------------------------------------------------------------- */

/* "smtp://host:587/name-to-greet-with". */
static enum ww_status make_url(const struct config *settings, const struct envelope *e,
                               struct arena *arena, const char **out, struct ww_error *err)
{
    struct slice server = settings->server;
    bool is_implicit = slice_starts_nocase(server, SLICE("smtps://"));
    struct slice host = slice_skip(server, is_implicit ? 8 : 7);
    struct slice domain = slice_skip(e->sender, slice_find_char(e->sender, '@') + 1);

    while (host.len > 0 && host.ptr[host.len - 1] == '/')
        host.len--;
    *out = NULL;
    if ((!is_implicit && !slice_starts_nocase(server, SLICE("smtp://"))) || host.len == 0 ||
        slice_find_char(host, '/') < host.len || slice_find_char(host, '@') < host.len)
        return ww_fail(err, WW_INVALID,
                       "[mail] server = %.*s: wants smtp://host:587 or smtps://host:465",
                       SLICE_ARG(server));
    *out = arena_printf(arena, "%s://%.*s/%.*s",
                        is_implicit || settings->tls == TLS_IMPLICIT ? "smtps" : "smtp",
                        SLICE_ARG(host), SLICE_ARG(domain))
               .ptr;
    return arena_check(arena, err);
}

static bool set_options(struct session *s, const struct config *settings, const struct envelope *e,
                        const char *url, const char *sender, struct curl_slist *recipients)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_UPLOAD,                  1L                                                          },
        {CURLOPT_NOSIGNAL,                1L                                                          },
        {CURLOPT_NOPROGRESS,              0L                                                          },
        {CURLOPT_QUICK_EXIT,              1L                                                          },
        {CURLOPT_USE_SSL,                 settings->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL},
        {CURLOPT_CONNECTTIMEOUT_MS,       CONNECT_TIMEOUT_MS                                          },
        {CURLOPT_SERVER_RESPONSE_TIMEOUT, SMTP_REPLY_TIMEOUT_S                                        },
        {CURLOPT_TIMEOUT_MS,              SMTP_TIMEOUT_MS                                             },
    };
    const struct {
        CURLoption option;
        const char *value;
    } texts[] = {
        {CURLOPT_URL,           url         },
        {CURLOPT_PROTOCOLS_STR, "smtp,smtps"},
        {CURLOPT_PROXY,         ""          }, /* nor one from the environment */
        {CURLOPT_MAIL_FROM,     sender      },
    };
    CURL *easy = s->easy;

    for (size_t i = 0; i < WW_COUNT(numbers); i++)
        if (curl_easy_setopt(easy, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    for (size_t i = 0; i < WW_COUNT(texts); i++)
        if (curl_easy_setopt(easy, texts[i].option, texts[i].value) != CURLE_OK)
            return false;
    return curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)e->bytes.len) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_message) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_reply) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_reply) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_at_stop) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, s->curl_words) == CURLE_OK;
}

/* A name and a password go over TLS or nowhere. */
static enum ww_status set_login(struct session *s, const struct config *settings,
                                struct arena *arena, struct ww_error *err)
{
    struct secret secret;
    char *user;
    enum ww_status status;

    if (settings->user.len == 0)
        return WW_OK;
    if (settings->tls == TLS_NONE)
        return ww_fail(err, WW_INVALID, "[mail] user is set, but tls = none: no login without TLS");
    user = arena_string(arena, settings->user);
    status = user == NULL ? arena_check(arena, err) : secret_read(settings, &secret, err);
    if (status != WW_OK)
        return status;
    if (curl_easy_setopt(s->easy, CURLOPT_USERNAME, user) != CURLE_OK ||
        curl_easy_setopt(s->easy, CURLOPT_PASSWORD, secret.text) != CURLE_OK)
        status = ww_fail(err, WW_NOMEM, "out of memory");
    secret_wipe(&secret);
    return status;
}

/* ---- what the end means ---------------------------------------------------------------------- */

/*
 * 5xx to the sender, the recipient or the message is final. 5xx to the greeting, to STARTTLS or to
 * the login (53x) speaks of us or of the server, so the message waits.
 */
static enum delivery_end end_of(const struct session *s, CURLcode failure)
{
    bool is_answered = s->is_handed ? s->is_last_reply && s->code != 0 : s->code != 0;

    if (failure == CURLE_OK)
        return DELIVERY_ACCEPTED;
    if (s->is_handed && !is_answered)
        return DELIVERY_UNKNOWN;
    if (is_answered && s->code >= 500 && s->code / 10 != 53 &&
        (s->is_handed || failure == CURLE_SEND_ERROR))
        return DELIVERY_REFUSED;
    return DELIVERY_DEFERRED;
}

/* Nobody's mail is taken there now: no connection, no TLS, no login, or the server says so. */
static bool is_down(const struct session *s, CURLcode failure)
{
    static const CURLcode codes[] = {
        CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,          CURLE_USE_SSL_FAILED,
        CURLE_SSL_CONNECT_ERROR,    CURLE_PEER_FAILED_VERIFICATION, CURLE_LOGIN_DENIED,
        CURLE_WEIRD_SERVER_REPLY,   CURLE_OPERATION_TIMEDOUT,
    };

    if (failure == CURLE_OK || s->is_handed)
        return false;
    for (size_t i = 0; i < WW_COUNT(codes); i++)
        if (failure == codes[i])
            return true;
    return s->code == 0 || s->code == 421;
}

static void describe_end(const struct session *s, CURLcode failure, struct arena *arena,
                         struct delivery_reply *out)
{
    enum delivery_end end = end_of(s, failure);
    struct slice words = slice_from(s->reply);

    if (s->was_refused)
        words = SLICE("tls = none is for this machine's own server alone");
    else if (end == DELIVERY_UNKNOWN)
        words = arena_printf(arena, "lost after the last byte: %s", curl_easy_strerror(failure));
    else if (failure != CURLE_OK && s->code < 400)
        words = slice_from(s->curl_words[0] != '\0' ? s->curl_words : curl_easy_strerror(failure));
    deliver_reply(out, end, words);
    out->is_way_down = end == DELIVERY_DEFERRED && is_down(s, failure);
}

enum ww_status deliver_smtp(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err)
{
    struct session s = {
        .rest = e->bytes,
        .is_loopback_only = settings->tls == TLS_NONE,
        .stop = e->stop,
        .fd = -1,
    };
    struct curl_slist *recipients = NULL;
    struct arena arena;
    enum ww_status status;
    const char *url, *sender, *recipient;

    arena_init(&arena, (size_t)1024 * 1024);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        arena_release(&arena);
        return ww_fail(err, WW_NOMEM, "libcurl could not begin");
    }
    s.easy = curl_easy_init();
    status = make_url(settings, e, &arena, &url, err);
    sender = arena_printf(&arena, "<%.*s>", SLICE_ARG(e->sender)).ptr;
    recipient = arena_printf(&arena, "<%.*s>", SLICE_ARG(e->recipient)).ptr;
    if (status == WW_OK)
        status = arena_check(&arena, err);
    if (status == WW_OK)
        recipients = curl_slist_append(NULL, recipient);
    if (status == WW_OK && (s.easy == NULL || recipients == NULL ||
                            !set_options(&s, settings, e, url, sender, recipients)))
        status = ww_fail(err, WW_NOMEM, "libcurl: out of memory");
    if (status == WW_OK)
        status = set_login(&s, settings, &arena, err);
    if (status == WW_OK)
        describe_end(&s, curl_easy_perform(s.easy), &arena, out);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(s.easy);
    curl_global_cleanup();
    arena_release(&arena);
    return status;
}

/*
 * deliver_smtp.c - SMTP by libcurl: one message, one recipient, one connection.
 *
 * libcurl says "failed" for a connection lost before and after the final dot alike. Which of the
 * two it was decides whether the message may be theirs already, so the moment when its last byte
 * was handed over is kept here, and every reply as it comes in.
 */
#define _GNU_SOURCE /* sockets' flags */
#include "alerts/mail/deliver_ways.h"

#include "alerts/mail/mailer.h"
#include "alerts/mail/secret.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"

#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#define REPLY_BYTES 240
#define SMTP_READY 220
#define SMTP_BYE 221
#define SMTP_OK 250

struct session {
    CURL *easy;
    const struct envelope *e;
    const struct config *settings;
    struct slice rest;         /* of the message */
    bool is_handed;            /* the end of the message was reached: the final dot may go out */
    unsigned code;             /* of the last whole reply, 0: none since the dot */
    size_t reply_bytes;        /* of the reply that is coming in */
    int n_ready;               /* 220: the greeting, and the reply to STARTTLS */
    unsigned long long size;   /* the most the server takes (RFC 1870); 0: it did not say */
    bool is_endless, is_large; /* why we ended it ourselves */
    bool is_loopback_only, was_refused; /* a plain link may not leave this machine */
    int fd;                             /* of the last socket; libcurl closes it */
    int64_t stopped_ms;                 /* when stop was seen first; 0: not yet */
    int64_t decided_ms;                 /* when the reply behind the dot came; 0: not yet */
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
        s->reply_bytes = 0;
        mailer_tell_handed(s->e);
        /* Giving up on the last reply early is what makes duplicates. */
        (void)curl_easy_setopt(s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                               (long)(2 * deliver_timeout_s(s->settings)));
    }
    return len;
}

/*
 * "250-SIZE 1000". Before TLS anybody on the way could have written it, to have us give up: only
 * what comes behind the second 220 counts then.
 */
static void take_size(struct session *s, unsigned code, struct slice text)
{
    const bool is_theirs = s->settings->tls != TLS_REQUIRED || s->n_ready > 1 ||
                           slice_starts_nocase(s->settings->server, SLICE("smtps://"));

    if (code != SMTP_OK || s->is_handed || !is_theirs ||
        !slice_starts_nocase(slice_skip(text, 4), SLICE("SIZE ")))
        return;
    if (!slice_number(slice_trim(slice_skip(text, 9)), UINT64_MAX, &s->size))
        s->size = 0;
    s->is_large = s->size > 0 && s->size < s->e->bytes.len;
}

/* One line of a reply: "250-SIZE 1000", "451 4.3.0 try later". 0 ends the session. */
static size_t take_reply(char *line, size_t size, size_t n, void *data)
{
    const struct clock clock = clock_system();
    struct session *s = data;
    struct slice text = slice_trim(slice_of(line, size * n));
    unsigned long long code = 0;

    s->reply_bytes += size * n;
    s->is_endless = s->reply_bytes > SMTP_REPLY_MAX_BYTES;
    if (text.len >= 3 && slice_number(slice_head(text, 3), 599, &code))
        take_size(s, (unsigned)code, text);
    if (s->is_endless || s->is_large) {
        (void)shutdown(s->fd, SHUT_RDWR); /* libcurl would say QUIT and wait for the reply */
        return 0;
    }
    /* Only the last line of a reply is one; a farewell is no answer to what was said before it. */
    if (code == 0 || (text.len > 3 && text.ptr[3] == '-') || code == SMTP_BYE)
        return size * n;
    s->reply_bytes = 0;
    s->n_ready += code == SMTP_READY;
    s->code = (unsigned)code;
    if (s->is_handed)
        s->decided_ms = clock_monotonic_ms(&clock);
    text = slice_head(text, sizeof(s->reply) - 1);
    memcpy(s->reply, text.ptr, text.len);
    s->reply[text.len] = '\0';
    return size * n;
}

/*
 * Asked to stop: what was not handed over stays here; the reply to what was is worth a moment. And
 * when the message's fate is known, so is a farewell.
 */
static int look_at_stop(void *data, curl_off_t down, curl_off_t downed, curl_off_t up,
                        curl_off_t upped)
{
    struct session *s = data;
    const struct clock clock = clock_system();
    const int64_t now_ms = clock_monotonic_ms(&clock);

    WW_UNUSED(down);
    WW_UNUSED(downed);
    WW_UNUSED(up);
    WW_UNUSED(upped);
    if (s->decided_ms == 0 || now_ms - s->decided_ms <= SMTP_FAREWELL_MS) {
        if (s->stopped_ms == 0 && mailer_is_stopped(s->e))
            s->stopped_ms = now_ms;
        if (s->stopped_ms == 0 || (s->is_handed && now_ms - s->stopped_ms <= STOP_GRACE_MS))
            return 0;
    }
    /* libcurl says QUIT when it is told to leave, and waits minutes for the reply. */
    (void)shutdown(s->fd, SHUT_RDWR);
    return 1;
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct session *s = data;

    WW_UNUSED(purpose);
    if (s->is_loopback_only && !deliver_is_loopback(&to->addr)) {
        s->was_refused = true;
        return CURL_SOCKET_BAD;
    }
    s->fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    return s->fd;
}

/*
 * What is said, for whoever listens. Of ours only words that are no secret: a login is one of
 * AUTH's own words, or a line that is none of ours.
 */
static int tell_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
    static const char *const plain[] = {"EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA", "QUIT"};
    const struct session *s = context;
    struct slice rest = slice_of(data, size);
    struct slice line;

    WW_UNUSED(easy);
    while (rest.len > 0 && slice_next_line(&rest, &line)) {
        const char *ours = "(a login)";

        if (type == CURLINFO_HEADER_IN)
            mailer_tell_line(s->e, "S: ", line);
        else if (type == CURLINFO_TEXT && slice_starts(line, SLICE("SSL connection using ")))
            mailer_tell_line(s->e, "TLS: ", slice_skip(line, 21));
        if (type != CURLINFO_HEADER_OUT || line.len == 0)
            continue;
        for (size_t i = 0; i < WW_COUNT(plain); i++)
            if (slice_starts(line, slice_from(plain[i])))
                ours = NULL;
        if (slice_starts(line, SLICE("AUTH ")))
            ours = "AUTH (a login)";
        mailer_tell_line(s->e, "C: ", ours != NULL ? slice_from(ours) : line);
    }
    return 0;
}

static bool set_debug(struct session *s)
{
    return s->e->hear == NULL ||
           (curl_easy_setopt(s->easy, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
            curl_easy_setopt(s->easy, CURLOPT_DEBUGFUNCTION, tell_debug) == CURLE_OK &&
            curl_easy_setopt(s->easy, CURLOPT_DEBUGDATA, s) == CURLE_OK);
}

/* ---- the settings ---------------------------------------------------------------------------- */

/* "smtp://host:587/name-to-greet-with". */
static enum ww_status make_url(const struct config *settings, const struct envelope *e,
                               struct arena *arena, const char **out, struct ww_error *err)
{
    const bool is_implicit = slice_starts_nocase(settings->server, SLICE("smtps://"));
    struct slice host;

    *out = NULL;
    if (!config_smtp_host(settings->server, &host))
        return ww_fail(err, WW_INVALID, "[mail] server = %.*s: wants " CONFIG_SERVER_FORM,
                       SLICE_ARG(settings->server));
    *out = arena_printf(arena, "%s://%.*s/%.*s",
                        is_implicit || settings->tls == TLS_IMPLICIT ? "smtps" : "smtp",
                        SLICE_ARG(host), SLICE_ARG(e->greeting))
               .ptr;
    return arena_check(arena, err);
}

static bool set_options(struct session *s, const struct config *settings, const struct envelope *e,
                        const char *url, const char *sender, struct curl_slist *recipients)
{
    const long timeout_s = (long)deliver_timeout_s(settings);
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_UPLOAD,                  1L                                                          },
        {CURLOPT_NOSIGNAL,                1L                                                          },
        {CURLOPT_NOPROGRESS,              0L                                                          },
        {CURLOPT_QUICK_EXIT,              1L                                                          },
        {CURLOPT_USE_SSL,                 settings->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL},
        {CURLOPT_CONNECTTIMEOUT_MS,
         timeout_s * 1000 < CONNECT_TIMEOUT_MS ? timeout_s * 1000 : CONNECT_TIMEOUT_MS                },
        {CURLOPT_SERVER_RESPONSE_TIMEOUT, timeout_s                                                   },
        {CURLOPT_TIMEOUT_MS,              SMTP_TIMEOUT_REPLIES * timeout_s * 1000                     },
 /* With less, libcurl 7 loses the way in a line that does not fit. */
        {CURLOPT_BUFFERSIZE,              (long)SMTP_REPLY_MAX_BYTES                                  },
        {CURLOPT_FORBID_REUSE,            1L                                                          },
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

/* Authorities of the settings' own, in place of the system's. */
static bool set_authorities(CURL *easy, const char *ca_file)
{
    return ca_file[0] == '\0' || (curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
                                  curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK);
}

/* A name and a password go over TLS or nowhere. */
static enum ww_status set_login(struct session *s, const struct config *settings,
                                struct arena *arena, struct ww_error *err)
{
    const struct secret_source source = secret_password(settings);
    struct secret secret;
    char *user;
    enum ww_status status;

    if (settings->user.len == 0)
        return WW_OK;
    if (settings->tls == TLS_NONE)
        return ww_fail(err, WW_INVALID, "[mail] user is set, but tls = none: no login without TLS");
    user = arena_string(arena, settings->user);
    status = user == NULL ? arena_check(arena, err) : secret_read(&source, &secret, err);
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
    const bool is_final = s->code >= 500 && s->code / 10 != 53;

    if (s->is_large)
        return DELIVERY_REFUSED;
    if (failure == CURLE_OK || (s->is_handed && s->code / 100 == 2))
        return DELIVERY_ACCEPTED;
    if (s->is_handed && s->code < 400)
        return DELIVERY_UNKNOWN;
    return is_final && (s->is_handed || failure == CURLE_SEND_ERROR) ? DELIVERY_REFUSED
                                                                     : DELIVERY_DEFERRED;
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

static struct slice words_of(const struct session *s, CURLcode failure, enum delivery_end end,
                             struct arena *arena)
{
    const char *ours = s->curl_words[0] != '\0' ? s->curl_words : curl_easy_strerror(failure);
    const char *said = s->code >= 400 ? s->reply : ours;

    if (s->was_refused)
        return SLICE("tls = none is for this machine's own server alone");
    if (s->is_large)
        return arena_printf(arena, "not sent: the message has %zu bytes, the server takes %llu",
                            s->e->bytes.len, s->size);
    if (end == DELIVERY_ACCEPTED)
        return slice_from(s->reply);
    if (s->is_endless)
        said = "a reply without an end";
    if (end == DELIVERY_UNKNOWN)
        return arena_printf(arena, "lost after the last byte: %s",
                            s->is_endless ? said : curl_easy_strerror(failure));
    if (failure == CURLE_USE_SSL_FAILED)
        return arena_printf(arena, "no TLS, so nothing was sent: %s", said);
    if (failure == CURLE_LOGIN_DENIED)
        return arena_printf(arena, "not logged in as %.*s: %s", SLICE_ARG(s->settings->user), said);
    return slice_from(said);
}

enum ww_status deliver_smtp(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err)
{
    struct session s = {
        .e = e,
        .settings = settings,
        .rest = e->bytes,
        .is_loopback_only = settings->tls == TLS_NONE,
        .fd = -1,
    };
    struct curl_slist *recipients = NULL;
    struct arena arena;
    enum ww_status status;
    const char *url, *sender, *recipient, *ca_file;

    arena_init(&arena, (size_t)1024 * 1024);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        arena_release(&arena);
        return ww_fail(err, WW_NOMEM, "libcurl could not begin");
    }
    s.easy = curl_easy_init();
    status = make_url(settings, e, &arena, &url, err);
    sender = arena_printf(&arena, "<%.*s>", SLICE_ARG(e->sender)).ptr;
    recipient = arena_printf(&arena, "<%.*s>", SLICE_ARG(e->recipient)).ptr;
    ca_file = arena_string(&arena, settings->ca_file);
    if (status == WW_OK)
        status = arena_check(&arena, err);
    if (status == WW_OK)
        recipients = curl_slist_append(NULL, recipient);
    if (status == WW_OK && (s.easy == NULL || recipients == NULL ||
                            !set_options(&s, settings, e, url, sender, recipients) ||
                            !set_authorities(s.easy, ca_file) || !set_debug(&s)))
        status = ww_fail(err, WW_NOMEM, "libcurl: out of memory");
    if (status == WW_OK)
        status = set_login(&s, settings, &arena, err);
    if (status == WW_OK) {
        const CURLcode failure = curl_easy_perform(s.easy);
        const enum delivery_end end = end_of(&s, failure);

        deliver_reply(out, end, words_of(&s, failure, end, &arena));
        out->is_way_down = end == DELIVERY_DEFERRED && is_down(&s, failure);
    }
    curl_slist_free_all(recipients);
    curl_easy_cleanup(s.easy);
    curl_global_cleanup();
    arena_release(&arena);
    return status;
}

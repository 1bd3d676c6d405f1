/* config_whole.c - what must hold over the whole file of settings. */
#include "base/config_table.h"
#include "base/config_values.h"

#include "base/attrs.h"
#include "base/timetable.h"
#include "base/url.h"

/* ---- [mail] ---------------------------------------------------------------------------------- */

static bool uses_smtp(const struct config *c)
{
    bool is_used = c->transport == TRANSPORT_SMTP;

    for (size_t i = 0; i < c->n_analysts; i++)
        is_used |= c->analysts[i].transport == TRANSPORT_SMTP + 1;
    return is_used;
}

struct source {
    const char *key;
    struct slice value;
};

/* A secret comes from one place. */
static enum ww_status check_sources(const struct config *c, const char *section,
                                    const struct source *all, size_t n, struct ww_error *err)
{
    const char *first = NULL;
    int line = 0;

    for (size_t i = 0; i < n; i++) {
        if (all[i].value.len == 0)
            continue;
        if (config_line(c, section, all[i].key) > line)
            line = config_line(c, section, all[i].key);
        if (first != NULL)
            return ww_fail(err, WW_INVALID, "%.*s:%d: [%s] %s and %s: keep one of them",
                           SLICE_ARG(c->path), line, section, first, all[i].key);
        first = all[i].key;
    }
    return WW_OK;
}

static enum ww_status check_login(const struct config *c, struct ww_error *err)
{
    const int line = config_line(c, "mail", "user");

    if (c->user.len == 0)
        return WW_OK;
    if (c->tls == TLS_NONE)
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: [mail] user, but tls = none: there is no login without TLS",
                       SLICE_ARG(c->path), line);
    if (c->password_command.len + c->password_file.len + c->password_credential.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: [mail] user wants a password: password-command, password-file or "
                       "password-credential",
                       SLICE_ARG(c->path), line);
    return WW_OK;
}

static enum ww_status check_server(const struct config *c, struct slice *host, struct ww_error *err)
{
    if (c->server.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s: [mail] transport = smtp wants server = smtp://host:587",
                       SLICE_ARG(c->path));
    if (!config_smtp_host(c->server, host))
        return ww_fail(err, WW_INVALID, "%.*s:%d: [mail] server = %.*s: wants " CONFIG_SERVER_FORM,
                       SLICE_ARG(c->path), config_line(c, "mail", "server"), SLICE_ARG(c->server));
    return WW_OK;
}

static enum ww_status check_mail(const struct config *c, struct ww_error *err)
{
    const struct source passwords[] = {
        {"password-command",    c->password_command   },
        {"password-file",       c->password_file      },
        {"password-credential", c->password_credential},
    };
    const struct source tokens[] = {
        {"webhook-token-command",    c->webhook_token_command   },
        {"webhook-token-file",       c->webhook_token_file      },
        {"webhook-token-credential", c->webhook_token_credential},
    };
    struct slice host;
    enum ww_status status = check_sources(c, "mail", passwords, WW_COUNT(passwords), err);

    if (status == WW_OK)
        status = check_sources(c, "mail", tokens, WW_COUNT(tokens), err);
    if (status != WW_OK || !uses_smtp(c))
        return status;
    status = check_server(c, &host, err);
    if (status == WW_OK)
        status = check_login(c, err);
    if (status == WW_OK && c->tls == TLS_NONE && !config_is_this_machine(host))
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: [mail] tls = none, but the server is not this machine (127.0.0.1, "
                       "::1, localhost): tls = required",
                       SLICE_ARG(c->path), config_line(c, "mail", "tls"));
    return status;
}

/* ---- [archive] ------------------------------------------------------------------------------- */

static bool is_plain_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '/';
}

/* https://endpoint/bucket/prefix: names that are signed as they are written. */
static bool is_bucket(struct slice s)
{
    struct url url;
    bool is_good;

    url_split(s, &url);
    is_good = url.path.len > 1 && url.path.ptr[1] != '/' && !slice_ends(url.path, SLICE("/")) &&
              !slice_contains(url.path, SLICE("//")) && !slice_contains(url.path, SLICE("/.")) &&
              !url.has_query && !url.has_fragment;
    for (size_t i = 0; i < url.path.len; i++)
        is_good &= is_plain_byte(url.path.ptr[i]);
    return is_good;
}

/* It stands in what is signed, between slashes. */
static bool is_region(struct slice s)
{
    bool is_good = s.len > 0 && s.len <= 64;

    for (size_t i = 0; i < s.len; i++)
        is_good &= is_plain_byte(s.ptr[i]) && s.ptr[i] != '/';
    return is_good;
}

static enum ww_status check_archive(const struct config *c, struct ww_error *err)
{
    const struct source secrets[] = {
        {"s3-secret-command",    c->s3_secret_command   },
        {"s3-secret-file",       c->s3_secret_file      },
        {"s3-secret-credential", c->s3_secret_credential},
    };
    const int line = config_line(c, "archive", "s3");
    enum ww_status status = check_sources(c, "archive", secrets, WW_COUNT(secrets), err);

    if (status != WW_OK || c->s3.len == 0)
        return status;
    if (!is_bucket(c->s3))
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: [archive] s3 wants https://endpoint/bucket or .../bucket/prefix, "
                       "in letters, digits, '-', '_' and '.'",
                       SLICE_ARG(c->path), line);
    if (!is_region(c->s3_region))
        return ww_fail(err, WW_INVALID, "%.*s:%d: [archive] s3-region is a name as us-east-1",
                       SLICE_ARG(c->path), config_line(c, "archive", "s3-region"));
    if (c->s3_key.len == 0 || slice_find_char(c->s3_key, ':') < c->s3_key.len)
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: [archive] s3 wants s3-key, the id of an access key",
                       SLICE_ARG(c->path), line);
    if (c->s3_secret_command.len + c->s3_secret_file.len + c->s3_secret_credential.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: [archive] s3 wants a secret: s3-secret-command, s3-secret-file or "
                       "s3-secret-credential",
                       SLICE_ARG(c->path), line);
    return WW_OK;
}

/* ---- analysts -------------------------------------------------------------------------------- */

static bool leaves_as_json(const struct config *c, const struct config_analyst *a)
{
    int64_t transport = a->transport > 0 ? a->transport - 1 : c->transport;

    return transport == TRANSPORT_COMMAND || transport == TRANSPORT_WEBHOOK;
}

static enum ww_status check_analyst(const struct config *c, const struct config_analyst *a,
                                    struct ww_error *err)
{
    struct timetable quiet;

    if (a->email.len == 0 && !leaves_as_json(c, a))
        return ww_fail(err, WW_INVALID, "%.*s:%d: analyst \"%.*s\" wants email = name@host",
                       SLICE_ARG(c->path), a->line, SLICE_ARG(a->name));
    if (timetable_read_spans(a->quiet, &quiet, err) != WW_OK)
        return ww_context(err, WW_INVALID, "%.*s:%d: analyst \"%.*s\": quiet", SLICE_ARG(c->path),
                          config_analyst_line(a, "quiet"), SLICE_ARG(a->name));
    if (timetable_is_endless(&quiet))
        return ww_fail(err, WW_INVALID,
                       "%.*s:%d: analyst \"%.*s\": quiet: the quiet hours never end, so no mail "
                       "would ever be made",
                       SLICE_ARG(c->path), config_analyst_line(a, "quiet"), SLICE_ARG(a->name));
    return WW_OK;
}

enum ww_status config_check_whole(const struct config *c, struct ww_error *err)
{
    enum ww_status status = check_mail(c, err);

    if (status == WW_OK)
        status = check_archive(c, err);
    if (status == WW_OK && c->n_analysts > 0 && c->from.len == 0)
        status =
            ww_fail(err, WW_INVALID, "%.*s: [mail] from = is missing: digests come from somebody",
                    SLICE_ARG(c->path));
    for (size_t i = 0; i < c->n_analysts && status == WW_OK; i++)
        status = check_analyst(c, &c->analysts[i], err);
    return status;
}

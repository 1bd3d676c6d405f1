/* deliver_check.c - how messages would leave, and what would stop them; nothing is sent. */
#include "alerts/mail/deliver.h"

#include "alerts/mail/deliver_ways.h"
#include "alerts/mail/message.h"
#include "alerts/mail/process.h"
#include "alerts/mail/secret.h"
#include "base/arena.h"
#include "base/config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of one way: what its line says. */
struct verdict {
    enum delivery_level level;
    struct slice words;
};

struct way {
    const struct config *settings;
    enum config_transport transport;
    struct slice command, webhook;
    struct arena *arena;
};

static struct verdict make_verdict(enum delivery_level level, struct slice words)
{
    struct verdict v;

    v.level = level;
    v.words = words;
    return v;
}

static struct verdict broken(struct arena *arena, const char *what, const char *why)
{
    return make_verdict(DELIVERY_BROKEN, arena_printf(arena, "%s %s", what, why));
}

static struct verdict check_program(const struct way *w, const char *name, struct slice command)
{
    const struct slice program = deliver_shown(CHANNEL_COMMAND, command);
    const char *path = arena_string(w->arena, program);

    if (program.len == 0)
        return broken(w->arena, name, "names no program");
    if (!process_is_there(program, w->arena))
        return broken(w->arena, path,
                      slice_find_char(program, '/') < program.len
                          ? "cannot be run"
                          : "is no program of PATH: install it, or write its whole path");
    return make_verdict(DELIVERY_FINE, arena_printf(w->arena, "%s %s", name, path));
}

static struct verdict check_folder(const struct way *w, const char *name)
{
    const struct slice folder = w->settings->mail_directory;
    const char *path = arena_string(w->arena, folder);
    struct stat info;

    if (stat(path, &info) == 0 && (!S_ISDIR(info.st_mode) || access(path, W_OK | X_OK) != 0))
        return broken(w->arena, path, "is no folder that can be written to");
    return make_verdict(DELIVERY_FINE, arena_printf(w->arena, "%s %s", name, path));
}

static struct verdict check_secret(const struct way *w, const struct secret_source *secret,
                                   struct verdict so_far)
{
    struct ww_error err = {0};

    if (so_far.level == DELIVERY_BROKEN || secret_check(secret, &err) == WW_OK)
        return so_far;
    return make_verdict(DELIVERY_BROKEN, arena_printf(w->arena, "%s", err.message));
}

/* By what is written: no name is looked up here. */
static bool is_this_machine(struct slice host, struct arena *arena)
{
    const bool is_v6 = host.len > 0 && host.ptr[0] == '[';
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct slice name = is_v6 ? slice_sub(host, 1, slice_find_char(host, ']') - 1)
                              : slice_head(host, slice_find_char(host, ':'));
    const char *text = arena_string(arena, name);

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return deliver_is_loopback((const struct sockaddr *)&in);
    if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
        return deliver_is_loopback((const struct sockaddr *)&in6);
    return slice_equal_nocase(name, SLICE("localhost")) ||
           slice_ends_nocase(name, SLICE(".localhost"));
}

static struct verdict check_smtp(const struct way *w)
{
    const struct config *s = w->settings;
    const struct secret_source secret = secret_password(s);
    struct ww_error err = {0};
    struct slice host;
    struct verdict v = make_verdict(
        DELIVERY_FINE, arena_printf(w->arena, "smtp %.*s%s%.*s%s", SLICE_ARG(s->server),
                                    s->user.len > 0 ? " as " : "", SLICE_ARG(s->user),
                                    s->tls == TLS_NONE ? ", without TLS" : ""));

    if (deliver_smtp_host(s, &host, &err) != WW_OK)
        return make_verdict(DELIVERY_BROKEN, arena_printf(w->arena, "%s", err.message));
    if (s->tls == TLS_NONE && !is_this_machine(host, w->arena))
        return broken(w->arena, "tls = none, but the server",
                      "is not this machine (127.0.0.1, ::1, localhost): tls = required");
    if (s->user.len > 0 && s->tls == TLS_NONE)
        return broken(w->arena, "[mail] user", "is set, but tls = none: no login without TLS");
    if (s->user.len > 0)
        return check_secret(w, &secret, v);
    if (secret_is_set(&secret))
        return make_verdict(DELIVERY_DOUBT, SLICE("a password is set, but no [mail] user"));
    return v;
}

/* What stands behind the host of a webhook is often its key. */
static bool others_read_settings(const struct config *s, struct arena *arena)
{
    struct stat info;

    return s->path.len > 0 && stat(arena_string(arena, s->path), &info) == 0 &&
           (info.st_mode & S_IROTH) != 0;
}

static struct verdict check_webhook(const struct way *w)
{
    const struct secret_source secret = secret_webhook_token(w->settings);
    const struct slice shown = deliver_shown(CHANNEL_WEBHOOK, w->webhook);
    struct verdict v =
        make_verdict(DELIVERY_FINE, arena_printf(w->arena, "webhook %.*s%s", SLICE_ARG(shown),
                                                 secret_is_set(&secret) ? ", with a token" : ""));
    struct ww_error err = {0};

    if (deliver_webhook_check(w->webhook, secret_is_set(&secret), &err) != WW_OK)
        return make_verdict(DELIVERY_BROKEN, arena_printf(w->arena, "%s", err.message));
    if (secret_is_set(&secret))
        return check_secret(w, &secret, v);
    if (w->webhook.len > shown.len + 1 && others_read_settings(w->settings, w->arena))
        return make_verdict(DELIVERY_NOTE,
                            arena_printf(w->arena,
                                         "%.*s; everybody here can read its whole address in %.*s",
                                         SLICE_ARG(v.words), SLICE_ARG(w->settings->path)));
    return v;
}

static struct verdict check_way(const struct way *w)
{
    switch (w->transport) {
    case TRANSPORT_FILE:
        return check_folder(w, "file");
    case TRANSPORT_MAILDIR:
        return check_folder(w, "maildir");
    case TRANSPORT_SENDMAIL:
        return check_program(w, "sendmail", w->settings->sendmail);
    case TRANSPORT_SMTP:
        return check_smtp(w);
    case TRANSPORT_COMMAND:
        return check_program(w, "command", w->command);
    case TRANSPORT_WEBHOOK:
        return check_webhook(w);
    case TRANSPORT_COUNT:
        break;
    }
    return broken(w->arena, "transport", "unknown");
}

static void say_way(const struct way *w, struct slice whose, delivery_say *say, void *context)
{
    const struct config *s = w->settings;
    const bool is_mail = w->transport != TRANSPORT_COMMAND && w->transport != TRANSPORT_WEBHOOK;
    struct verdict v = check_way(w);
    struct slice words = v.words;

    if (v.level == DELIVERY_FINE && is_mail && message_address(s->from).len == 0) {
        v.level = DELIVERY_DOUBT;
        words = arena_printf(w->arena, "%.*s, but [mail] from = names nobody", SLICE_ARG(words));
    } else if (v.level == DELIVERY_FINE && is_mail)
        words = arena_printf(w->arena, "%.*s, from %.*s", SLICE_ARG(words), SLICE_ARG(s->from));
    if (is_mail && s->envelope_from.len > 0 && message_address(s->envelope_from).len == 0) {
        v.level = DELIVERY_BROKEN;
        words = SLICE("[mail] envelope-from = is no mailbox");
    }
    if (whose.len > 0)
        words = arena_printf(w->arena, "%.*s: %.*s", SLICE_ARG(whose), SLICE_ARG(words));
    say(context, v.level, arena_string(w->arena, words));
}

void deliver_check(const struct config *settings, struct arena *arena, delivery_say *say,
                   void *context)
{
    struct way shared = {
        .settings = settings,
        .transport = (enum config_transport)settings->transport,
        .command = settings->command,
        .webhook = settings->webhook,
        .arena = arena,
    };
    size_t n_shared = 0;

    for (size_t i = 0; i < settings->n_analysts; i++)
        n_shared += settings->analysts[i].transport == 0 &&
                    settings->analysts[i].command.len == 0 &&
                    settings->analysts[i].webhook.len == 0;
    if (n_shared > 0 || settings->n_analysts == 0)
        say_way(&shared, SLICE(""), say, context);
    for (size_t i = 0; i < settings->n_analysts; i++) {
        const struct config_analyst *a = &settings->analysts[i];
        struct way own = shared;

        if (a->transport == 0 && a->command.len == 0 && a->webhook.len == 0)
            continue;
        if (a->transport > 0)
            own.transport = (enum config_transport)(a->transport - 1);
        own.command = a->command.len > 0 ? a->command : settings->command;
        own.webhook = a->webhook.len > 0 ? a->webhook : settings->webhook;
        say_way(&own, a->name, say, context);
    }
}

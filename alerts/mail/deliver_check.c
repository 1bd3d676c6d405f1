/* deliver_check.c - how messages would leave, and what would stop them; nothing is sent. */
#include "alerts/mail/deliver.h"

#include "alerts/mail/deliver_ways.h"
#include "alerts/mail/message.h"
#include "alerts/mail/process.h"
#include "alerts/mail/secret.h"
#include "base/arena.h"
#include "base/config.h"

#include <errno.h>
#include <string.h>
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

/* What is made at the first message: the folder, and not those above. */
static const char *above(struct slice folder, struct arena *arena)
{
    size_t slash;

    while (folder.len > 1 && folder.ptr[folder.len - 1] == '/')
        folder.len--;
    slash = slice_find_last_char(folder, '/');
    return slash == folder.len ? "." : arena_string(arena, slice_head(folder, slash + 1));
}

static struct verdict check_folder(const struct way *w, const char *name)
{
    const struct slice folder = w->settings->mail_directory;
    const char *path = arena_string(w->arena, folder);
    const char *parent = above(folder, w->arena);
    struct stat info;

    if (stat(path, &info) == 0) {
        if (!S_ISDIR(info.st_mode) || access(path, W_OK | X_OK) != 0)
            return broken(w->arena, path, "is no folder that can be written to");
    } else if (errno != ENOENT || access(parent, W_OK | X_OK) != 0)
        return make_verdict(DELIVERY_BROKEN,
                            arena_printf(w->arena, "[mail] directory = %s cannot be made: %s: %s",
                                         path, parent, strerror(errno)));
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

/* Its server was looked at when the settings were read. */
static struct verdict check_smtp(const struct way *w)
{
    const struct config *s = w->settings;
    const struct secret_source secret = secret_password(s);
    struct verdict v = make_verdict(
        DELIVERY_FINE, arena_printf(w->arena, "smtp %.*s%s%.*s%s", SLICE_ARG(s->server),
                                    s->user.len > 0 ? " as " : "", SLICE_ARG(s->user),
                                    s->tls == TLS_NONE ? ", without TLS" : ""));

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

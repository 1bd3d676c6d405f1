/* process.c - posix_spawn, two socket pairs and a poll loop. */
#define _GNU_SOURCE /* SOCK_CLOEXEC, environ */
#include "alerts/mail/process.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 32
#define COMMAND_MAX_BYTES 4096
#define POLL_MS 50
#define ENVIRONMENT_MAX 16

enum { INPUT, OUTPUT, PAIRS };

/*
 * pairs[x][0] is ours, pairs[x][1] the program's. Sockets, so that a broken one raises no signal.
 */
struct pipes {
    int pairs[PAIRS][2];
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void close_pipes(struct pipes *p)
{
    for (int i = 0; i < PAIRS; i++) {
        close_end(&p->pairs[i][0]);
        close_end(&p->pairs[i][1]);
    }
}

static bool open_pipes(struct pipes *p)
{
    *p = (struct pipes){
        {{-1, -1}, {-1, -1}}
    };
    for (int i = 0; i < PAIRS; i++)
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p->pairs[i]) != 0)
            return false;
    return true;
}

/* The words of the command line and what follows; false when there are none or too many. */
static bool make_arguments(struct slice command, const char *const *more, size_t n_more,
                           struct arena *arena, char *out[ARGUMENTS_MAX + 1])
{
    size_t n = 0;
    struct slice word;

    while (slice_next(&command, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (n + n_more >= ARGUMENTS_MAX)
            return false;
        out[n++] = arena_string(arena, word);
    }
    if (n == 0)
        return false;
    for (size_t i = 0; i < n_more; i++)
        out[n++] = arena_string(arena, slice_from(more[i]));
    out[n] = NULL;
    return !arena->failed;
}

/* What a program may need to run at all, and none of the secrets that may stand beside it. */
static void make_environment(char *out[ENVIRONMENT_MAX])
{
    static const char *const names[] = {
        "PATH=", "HOME=", "LANG=", "LC_ALL=", "USER=", "LOGNAME=", "TZ=", "TMPDIR="};
    size_t n = 0;

    for (size_t i = 0; i < WW_COUNT(names); i++)
        for (char **e = environ; *e != NULL; e++)
            if (strncmp(*e, names[i], strlen(names[i])) == 0) {
                out[n++] = *e;
                break;
            }
    out[n] = NULL;
}

bool process_is_there(struct slice program, struct arena *arena)
{
    struct slice folders = SLICE("/bin:/usr/bin"); /* what posix_spawnp(3) takes without a PATH */
    struct slice folder;

    if (slice_find_char(program, '/') < program.len)
        return access(arena_string(arena, program), X_OK) == 0;
    for (char **e = environ; *e != NULL; e++)
        if (strncmp(*e, "PATH=", 5) == 0)
            folders = slice_from(*e + 5);
    while (slice_next(&folders, ':', &folder)) {
        const char *path =
            arena_printf(arena, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(program)).ptr;

        if (path != NULL && access(path, X_OK) == 0)
            return true;
    }
    return false;
}

/* Its three streams. */
static int set_streams(posix_spawn_file_actions_t *actions, const struct pipes *p,
                       enum process_voice voice)
{
    int failure = posix_spawn_file_actions_adddup2(actions, p->pairs[INPUT][1], STDIN_FILENO);

    if (failure == 0 && voice == PROCESS_ERRORS)
        failure =
            posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    else if (failure == 0)
        failure = posix_spawn_file_actions_adddup2(actions, p->pairs[OUTPUT][1], STDOUT_FILENO);
    if (failure == 0 && voice != PROCESS_OUTPUT)
        failure = posix_spawn_file_actions_adddup2(actions, p->pairs[OUTPUT][1], STDERR_FILENO);
    return failure;
}

static int spawn(char **arguments, const struct pipes *p, const struct process_call *call,
                 pid_t *pid)
{
    char *few[ENVIRONMENT_MAX];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    int failure;

    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0)
        return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return failure;
    }
    failure = set_streams(&actions, p, call->voice);
    make_environment(few);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETPGROUP);
    if (failure == 0)
        failure = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments,
                               call->is_bare ? few : environ);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Give what the program takes; the end of input is the end of the socket. */
static void feed(struct pipes *p, struct slice *input)
{
    ssize_t n = send(p->pairs[INPUT][0], input->ptr, input->len, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n > 0)
        *input = slice_skip(*input, (size_t)n);
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        close_end(&p->pairs[INPUT][0]);
    if (input->len == 0)
        close_end(&p->pairs[INPUT][0]);
}

/* Keep what fits of what the program says: its first words, or its last. */
static void listen_to(struct pipes *p, enum process_voice voice, struct buf *output)
{
    char chunk[1024];
    ssize_t n = recv(p->pairs[OUTPUT][0], chunk, sizeof(chunk), MSG_DONTWAIT);

    if (n > 0 && voice == PROCESS_ERRORS && output->len + (size_t)n > output->max_bytes) {
        const size_t kept = output->len / 2;

        memmove(output->ptr, output->ptr + output->len - kept, kept);
        buf_truncate(output, kept);
    }
    if (n > 0) {
        const size_t room = output->max_bytes - output->len;

        buf_add(output, slice_of(chunk, (size_t)n < room ? (size_t)n : room));
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_end(&p->pairs[OUTPUT][0]);
    }
}

/* Until the program has ended and all it said is read, or until its deadline. */
static int attend(pid_t pid, struct pipes *p, const struct process_call *call, struct slice *input,
                  struct buf *output)
{
    const struct clock clock = clock_system();
    int64_t deadline = clock_monotonic_ms(&clock) + call->timeout_ms;
    int wait_status = SIGKILL; /* what is never learned is no success */
    bool is_gone = false, is_stopped = false;

    for (;;) {
        struct pollfd fds[PAIRS] = {
            {.fd = p->pairs[INPUT][0],  .events = POLLOUT},
            {.fd = p->pairs[OUTPUT][0], .events = POLLIN },
        };

        (void)poll(fds, PAIRS, is_gone ? 0 : POLL_MS);
        if (fds[INPUT].fd >= 0 && fds[INPUT].revents != 0)
            feed(p, input);
        if (fds[OUTPUT].fd >= 0 && fds[OUTPUT].revents != 0)
            listen_to(p, call->voice, output);
        /* A grandchild may hold the output open for ever: the end of the program counts. */
        if (is_gone && (p->pairs[OUTPUT][0] < 0 || fds[OUTPUT].revents == 0))
            return wait_status;
        if (!is_gone)
            is_gone = waitpid(pid, &wait_status, WNOHANG) == pid;
        if (!is_stopped && waiting_must_end(&call->waiting)) {
            const int64_t soon = clock_monotonic_ms(&clock) + STOP_GRACE_MS;

            is_stopped = true;
            deadline = soon < deadline ? soon : deadline;
        }
        if (!is_gone && clock_monotonic_ms(&clock) > deadline) {
            (void)kill(-pid, SIGKILL);
            while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
                continue;
            return wait_status;
        }
    }
}

enum ww_status process_run(const struct process_call *call, struct buf *output,
                           struct process_end *end, struct ww_error *err)
{
    struct slice input = call->input;
    char *arguments[ARGUMENTS_MAX + 1];
    struct arena arena;
    struct pipes pipes;
    enum ww_status status = WW_OK;
    pid_t pid = 0;
    int failure, wait_status;

    *end = (struct process_end){0};
    arena_init(&arena, (size_t)64 * COMMAND_MAX_BYTES);
    if (!open_pipes(&pipes)) {
        status = ww_fail(err, WW_NOMEM, "no sockets for a program: %s", strerror(errno));
        goto out;
    }
    if (call->command.len > COMMAND_MAX_BYTES ||
        !make_arguments(call->command, call->more, call->n_more, &arena, arguments)) {
        status = ww_fail(err, WW_INVALID, "'%.*s' is no command", SLICE_ARG(call->command));
        goto out;
    }
    failure = spawn(arguments, &pipes, call, &pid);
    if (failure != 0) {
        status = ww_fail(err, WW_INVALID, "cannot run %s: %s", arguments[0], strerror(failure));
        goto out;
    }
    close_end(&pipes.pairs[INPUT][1]);
    close_end(&pipes.pairs[OUTPUT][1]);
    wait_status = attend(pid, &pipes, call, &input, output);
    end->has_exited = WIFEXITED(wait_status);
    end->exit_status = end->has_exited ? WEXITSTATUS(wait_status) : 0;
    end->took_all = input.len == 0;
out:
    close_pipes(&pipes);
    arena_release(&arena);
    return status;
}

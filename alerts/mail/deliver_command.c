/*
 * deliver_command.c - a program of the desk's own: each message as JSON on its standard input.
 *
 * No shell, nothing of the message in its arguments or its environment. The end of what it says on
 * standard error is its reply.
 */
#include "alerts/mail/deliver_ways.h"
#include "alerts/mail/process.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"

#define SAID_BYTES 4096

static struct slice last_line(struct slice text)
{
    text = slice_trim(text);
    return slice_trim(slice_skip(text, slice_find_last_char(text, '\n') < text.len
                                           ? slice_find_last_char(text, '\n') + 1
                                           : 0));
}

/* A program that wants none of the input may still say that all is well. */
static enum delivery_end end_of(const struct process_end *end)
{
    return end->has_exited && end->exit_status == 0 ? DELIVERY_ACCEPTED : deliver_program_end(end);
}

enum ww_status deliver_command(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err)
{
    const struct process_call call = {
        .command = e->where,
        .input = e->bytes,
        .voice = PROCESS_ERRORS,
        .is_bare = true,
        .timeout_ms = deliver_timeout_s(settings) * 1000,
        .waiting = e->waiting,
    };
    struct arena arena;
    struct buf said;
    struct process_end end;
    enum ww_status status;

    arena_init(&arena, (size_t)64 * 1024);
    buf_init(&said, SAID_BYTES);
    status = process_run(&call, &said, &end, err);
    if (status == WW_OK) {
        struct slice line = last_line(buf_slice(&said));
        struct slice words =
            arena_printf(&arena, "%s %d%s%.*s", end.has_exited ? "exit status" : "killed, status",
                         end.exit_status, line.len > 0 ? ": " : "", SLICE_ARG(line));

        deliver_reply(out, end_of(&end), words);
    }
    buf_release(&said);
    arena_release(&arena);
    return status;
}

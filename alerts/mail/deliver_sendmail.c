/* deliver_sendmail.c - the local mail program: `sendmail -i -f sender -- recipient`. */
#include "alerts/mail/deliver_ways.h"
#include "alerts/mail/process.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/limits.h"

#include <stdio.h>
#include <sysexits.h>

#define WORDS_BYTES 1000

enum delivery_end deliver_program_end(const struct process_end *end)
{
    if (!end->has_exited)
        return end->took_all ? DELIVERY_UNKNOWN : DELIVERY_DEFERRED;
    if (end->exit_status == EX_OK)
        return end->took_all ? DELIVERY_ACCEPTED : DELIVERY_DEFERRED;
    return end->exit_status >= EX_USAGE && end->exit_status <= EX_SOFTWARE ? DELIVERY_REFUSED
                                                                           : DELIVERY_DEFERRED;
}

enum ww_status deliver_sendmail(const struct config *settings, const struct envelope *e,
                                struct delivery_reply *out, struct ww_error *err)
{
    struct arena arena;
    struct buf local, said;
    struct process_end end;
    enum ww_status status;
    const char *more[5] = {"-i", "-f", NULL, "--", NULL};

    arena_init(&arena, (size_t)64 * 1024);
    buf_init(&local, (size_t)4 * DIGEST_MAX_BYTES);
    buf_init(&said, WORDS_BYTES);
    more[2] = arena_string(&arena, e->sender);
    more[4] = arena_string(&arena, e->recipient);
    deliver_local_lines(&local, e->bytes);
    status = arena_check(&arena, err);
    if (status == WW_OK)
        status = buf_finish(&local, err);
    if (status == WW_OK)
        status =
            process_run(&(struct process_call){.command = settings->sendmail,
                                               .more = more,
                                               .n_more = WW_COUNT(more),
                                               .input = buf_slice(&local),
                                               .voice = PROCESS_BOTH,
                                               .timeout_ms = deliver_timeout_s(settings) * 1000,
                                               .waiting = e->waiting},
                        &said, &end, err);
    if (status == WW_OK) {
        char words[WORDS_BYTES + 64];

        (void)snprintf(words, sizeof(words), "%s %d%s%.*s",
                       end.has_exited ? "exit status" : "killed, status", end.exit_status,
                       said.len > 0 ? ": " : "", SLICE_ARG(buf_slice(&said)));
        deliver_reply(out, deliver_program_end(&end), slice_from(words));
    }
    buf_release(&said);
    buf_release(&local);
    arena_release(&arena);
    return status;
}

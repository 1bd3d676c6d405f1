/* workers.c - scaffolding: answers in this process until the jail stands. */
#include "crawler/workers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/parse.h"

struct workers {
    struct arena arena;
    struct buf answer;
    uint64_t id;
};

enum ww_status forkserver_start(struct forkserver **out, struct ww_error *err)
{
    WW_UNUSED(err);
    *out = NULL;
    return WW_OK;
}

void forkserver_stop(struct forkserver *f)
{
    WW_UNUSED(f);
}

enum ww_status workers_open(struct forkserver *f, unsigned n, struct workers **out,
                            struct ww_error *err)
{
    WW_UNUSED(f);
    WW_UNUSED(n);
    *out = mem_alloc(sizeof(**out));
    if (*out == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    arena_init(&(*out)->arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&(*out)->answer, ANSWER_MAX_BYTES);
    return WW_OK;
}

void workers_close(struct workers *w)
{
    if (w == NULL)
        return;
    arena_release(&w->arena);
    buf_release(&w->answer);
    mem_free(w);
}

enum ww_status workers_submit(struct workers *w, uint64_t id, struct slice request,
                              struct ww_error *err)
{
    WW_UNUSED(err);
    arena_reset(&w->arena);
    buf_reset(&w->answer);
    w->id = id;
    parse_run(request, &w->arena, &w->answer);
    return WW_OK;
}

enum ww_status workers_wait(struct workers *w, int timeout_ms, struct workers_answer *out,
                            struct ww_error *err)
{
    WW_UNUSED(timeout_ms);
    WW_UNUSED(err);
    *out = (struct workers_answer){.id = w->id, .record = buf_slice(&w->answer)};
    return WW_OK;
}

/*
 * waiting.h - while somebody else is waited for (a server, a program): must it end now?
 *
 * Asked a few times a second. may_go_on says false when the work is no longer ours: then it ends as
 * if it had been told to stop.
 */
#ifndef WW_ALERTS_MAIL_WAITING_H
#define WW_ALERTS_MAIL_WAITING_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct waiting {
    const volatile sig_atomic_t *stop; /* not 0: end within STOP_GRACE_MS; may be NULL */
    bool (*may_go_on)(void *context);  /* may be NULL */
    void *context;
};

static inline bool waiting_must_end(const struct waiting *w)
{
    return (w->stop != NULL && *w->stop != 0) ||
           (w->may_go_on != NULL && !w->may_go_on(w->context));
}

#endif

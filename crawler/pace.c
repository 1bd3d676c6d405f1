/* pace.c - pauses behind answers, and what archives say when it is too much. */
#include "crawler/pace.h"

#include "base/limits.h"
#include "crawler/schedule.h"

/* Errors in a row that still make the pause longer. */
#define ERRORS_COUNTED 4
/* So much of what an archive's answer takes above its limit. */
#define ARCHIVE_LATE_FACTOR 2

int64_t pace_pause_ms(const struct pace *p)
{
    const bool is_archive = p->is_archive && p->least_ms > 0;
    int64_t least = p->least_ms, pause;

    if (is_archive) {
        pause = p->took_ms > least ? least + (p->took_ms - least) * ARCHIVE_LATE_FACTOR : least;
    } else {
        if (least < p->delay_ms)
            least = p->delay_ms;
        pause = p->delay_ms > 0 ? p->took_ms * HOST_DELAY_ANSWER_FACTOR : 0;
        if (pause < least)
            pause = least;
    }
    for (unsigned i = 0; i < p->n_errors && i < ERRORS_COUNTED; i++)
        pause *= 2;
    if (pause > HOST_DELAY_ANSWER_MAX_MS)
        pause = HOST_DELAY_ANSWER_MAX_MS;
    if (pause < least)
        pause = least;
    if (is_archive)
        return pause;
    if (pause < p->crawl_delay_ms)
        pause = p->crawl_delay_ms;
    return pause == 0 ? 0 : pause + (int64_t)(p->chance % (uint64_t)(pause / 4 + 1));
}

int64_t pace_left_ms(int64_t asked_at, int64_t pause_ms, int64_t now_ms)
{
    /* Of its second we know no more than that it was over at the last moment of it. */
    const int64_t ago_ms = now_ms - asked_at * 1000 - 999;

    if (ago_ms < -CLOCK_DIFFERENCE_MS || ago_ms >= pause_ms)
        return 0;
    return pause_ms - (ago_ms > 0 ? ago_ms : 0);
}

enum refusal pace_refusal(long http_status, struct slice retry_after, int64_t now,
                          unsigned n_before, unsigned n_429_before, int64_t *not_before)
{
    const bool is_final = http_status == 403 || (http_status == 429 && n_429_before > 0);
    int64_t wait_s = http_status == 403 ? REFUSAL_PAUSE_MAX_S : REFUSAL_PAUSE_S;
    const int64_t asked = schedule_retry_after(now, retry_after);

    *not_before = 0;
    if (http_status != 403 && http_status != 429 && http_status != 503)
        return REFUSAL_NONE;
    for (unsigned i = 0; i < n_before && wait_s < REFUSAL_PAUSE_MAX_S; i++)
        wait_s *= 2;
    if (wait_s > REFUSAL_PAUSE_MAX_S)
        wait_s = REFUSAL_PAUSE_MAX_S;
    *not_before = asked > now + wait_s ? asked : now + wait_s;
    return is_final ? REFUSAL_STOP : REFUSAL_PAUSE;
}

/* health.c - weights, patience, silence, and the many that fail at once. */
#include "crawler/health.h"

#include "base/attrs.h"
#include "base/limits.h"

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

/* ---- one feed ------------------------------------------------------------------------------- */

enum feed_failure health_failure(const struct health_fault *fault)
{
    const long code = fault->http_status;

    if (fault->is_dark)
        return FEED_FAILURE_HARD;
    if (fault->status == WW_UNREACHABLE)
        return FEED_FAILURE_TEMPORARY;
    if (fault->status != WW_OK) /* no feed, too big, an address that may not be asked */
        return FEED_FAILURE_SOFT;
    if (code == 410)
        return FEED_FAILURE_HARD;
    /* Too early, too many, timed out; the gateways' and servers' own failures. */
    return code >= 500 || code == 408 || code == 425 || code == 429 ? FEED_FAILURE_TEMPORARY
                                                                    : FEED_FAILURE_SOFT;
}

int64_t health_weight(enum feed_failure failure)
{
    switch (failure) {
    case FEED_FAILURE_NONE:
        return 0;
    case FEED_FAILURE_TEMPORARY:
        return 1;
    case FEED_FAILURE_SOFT:
        return 3;
    case FEED_FAILURE_HARD:
        break;
    }
    return 10;
}

bool health_persists(int64_t now, int64_t first_failed_at, int64_t n_failures, int64_t weight)
{
    const int64_t age_s = now - first_failed_at;

    if (n_failures < 2 || first_failed_at <= 0)
        return false;
    return age_s >= HEALTH_PATIENCE_S ||
           (age_s > 0 && age_s * weight >= HEALTH_PATIENCE_S * n_failures);
}

int64_t health_quiet_s(int64_t rhythm_s)
{
    int64_t quiet_s;

    if (rhythm_s <= 0)
        return HEALTH_QUIET_UNKNOWN_S;
    /* Who prints all day long is not silent over a holiday. */
    if (rhythm_s <= HEALTH_BUSY_RHYTHM_S)
        return HEALTH_QUIET_BUSY_S;
    if (rhythm_s >= HEALTH_QUIET_SLOW_S)
        return rhythm_s < INT64_MAX / 3 ? 3 * rhythm_s : INT64_MAX;
    quiet_s = 10 * rhythm_s;
    if (quiet_s < HEALTH_QUIET_MIN_S)
        return HEALTH_QUIET_MIN_S;
    if (quiet_s <= HEALTH_QUIET_SLOW_S)
        return quiet_s;
    /* Ten times a month would be a year: who is slow is missed after three times. */
    return 3 * rhythm_s > HEALTH_QUIET_SLOW_S ? 3 * rhythm_s : HEALTH_QUIET_SLOW_S;
}

/* A part of a sitemap is a month of an archive: it is done, not silent. */
static bool is_quiet(const struct feed_row *feed, int64_t now)
{
    const int64_t since = feed->last_new_at > 0 ? feed->last_new_at : feed->added_at;

    return feed->parent_id == 0 && since > 0 && now - since > health_quiet_s(feed->rhythm_s);
}

enum feed_health health_judge(const struct feed_row *feed, int64_t now)
{
    if (feed->n_failures > 0)
        return feed->health == FEED_HEALTH_FAILING ||
                       health_persists(now, feed->first_failed_at, feed->n_failures, feed->weight)
                   ? FEED_HEALTH_FAILING
                   : FEED_HEALTH_RETRYING;
    return is_quiet(feed, now) ? FEED_HEALTH_STALE : FEED_HEALTH_OK;
}

/* ---- all hosts of a run --------------------------------------------------------------------- */

static int64_t count_down(const struct health_run *run)
{
    return run->n[HEALTH_NAMELESS] + run->n[HEALTH_SILENT];
}

/* Somebody was there, and it was not the host. */
static int64_t count_strange(const struct health_run *run)
{
    return run->n[HEALTH_GATEWAY] + run->n[HEALTH_MUTE] + run->n[HEALTH_DISTRUSTED] +
           run->n[HEALTH_DIVERTED];
}

/* Of most is what most of it was. */
static enum run_outage largest(const struct health_run *run)
{
    static const struct {
        enum health_sign sign;
        enum run_outage outage;
    } kinds[] = {
        {HEALTH_DIVERTED,   RUN_OUTAGE_PORTAL      },
        {HEALTH_GATEWAY,    RUN_OUTAGE_PROXY       },
        {HEALTH_DISTRUSTED, RUN_OUTAGE_CERTIFICATES},
        {HEALTH_NAMELESS,   RUN_OUTAGE_NAMES       },
        {HEALTH_SILENT,     RUN_OUTAGE_NETWORK     },
        {HEALTH_MUTE,       RUN_OUTAGE_NETWORK     },
    };
    size_t best = 0;

    /* A portal turns away who asks in clear, and breaks the certificates of all others. */
    if (run->n[HEALTH_DIVERTED] > 1)
        return RUN_OUTAGE_PORTAL;
    for (size_t i = 1; i < WW_COUNT(kinds); i++)
        if (run->n[kinds[i].sign] > run->n[kinds[best].sign])
            best = i;
    return kinds[best].outage;
}

enum run_outage health_outage(const struct health_run *run)
{
    const int64_t down = count_down(run), strange = count_strange(run);
    const int64_t bad = down + strange;
    const int64_t genuine = run->n[HEALTH_GENUINE];
    const int64_t good = strange > 0 ? genuine : genuine + run->n[HEALTH_REACHED];

    if (bad >= 2 && bad >= 4 * good)
        return largest(run);
    /* One that was asked alone: when not even its name was found, it may have company next time. */
    if (bad == 1 && good == 0 && run->n[HEALTH_NAMELESS] == 1)
        return RUN_OUTAGE_NAMES;
    if (run->n_lost >= HEALTH_LOST_MIN && 2 * run->n_lost > run->n_expected)
        return largest(run);
    if (run->n_lost >= HEALTH_LOST_MIN && 4 * run->n_lost >= run->n_expected)
        return RUN_OUTAGE_PART;
    return RUN_OUTAGE_NONE;
}

bool health_excuses(enum run_outage outage, const struct health_run *run, int64_t now,
                    int64_t last_ok_at)
{
    const bool is_clear = count_down(run) + count_strange(run) > HEALTH_LOST_MIN;

    if (outage == RUN_OUTAGE_NONE)
        return false;
    if (outage == RUN_OUTAGE_PART)
        return now - last_ok_at <= HEALTH_PART_EXCUSE_S;
    return is_clear || now - last_ok_at <= HEALTH_DOUBT_EXCUSE_S;
}

const char *health_outage_words(enum run_outage outage)
{
    switch (outage) {
    case RUN_OUTAGE_NONE:
        break;
    case RUN_OUTAGE_NETWORK:
        return "no network: hardly any host could be reached";
    case RUN_OUTAGE_NAMES:
        return "no network: hardly any name could be found";
    case RUN_OUTAGE_PROXY:
        return "the proxy reaches hardly any host";
    case RUN_OUTAGE_CERTIFICATES:
        return "hardly any certificate was accepted: is the clock right, or is somebody between?";
    case RUN_OUTAGE_PORTAL:
        return "most hosts gave one and the same answer: is there a login page between?";
    case RUN_OUTAGE_PART:
        return "many hosts that had answered were lost at once";
    }
    return "";
}

/* log.c - one escaped line per event. */
#include "base/log.h"

#include "base/clock.h"
#include "base/slice.h"

#include <inttypes.h>
#include <stdarg.h>
#include <time.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

/*
 * C0, DEL and the C1 controls as \xNN, bidi controls and line separators too: one event, one line.
 */
static void put_escaped(FILE *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7F || (*p == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0) || /* C1 */
            (*p == 0xD8 && p[1] == 0x9C) ||                                           /* U+061C */
            (*p == 0xE2 && ((p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F)) ||
                            (p[1] == 0x80 && p[2] >= 0xA8 && p[2] <= 0xAE) ||
                            (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9))))
            (void)fprintf(out, "\\x%02X", *p);
        else
            (void)fputc(*p, out);
    }
}

void log_event(const struct log *log, enum log_level level, const char *component, const char *fmt,
               ...)
{
    char text[1024];
    char stamp[32] = "-";
    va_list args;
    time_t now;
    struct tm tm;

    if (log == NULL || log->out == NULL || level > log->level)
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    now = (time_t)clock_now(log->clock);
    if (gmtime_r(&now, &tm) != NULL)
        (void)strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm);
    (void)fprintf(log->out, "%s %s %s ", stamp, level_names[level], component);
    put_escaped(log->out, text);
    (void)fputc('\n', log->out);
}

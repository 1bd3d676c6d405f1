/* log.c - one escaped line per event. */
#include "base/log.h"

#include "base/clock.h"
#include "base/slice.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

/*
 * Controls, what turns a line around or ends it, what is no character, and bytes that are no UTF-8:
 * every byte of them as \xNN, since one left over is a control of its own where bytes are letters.
 */
static void put_escaped(FILE *out, struct slice text)
{
    for (size_t at = 0; at < text.len;) {
        const size_t begin = at;
        const uint32_t code = text_next_code(text, &at);
        const bool is_broken = code == 0xFFFD && at == begin + 1;

        if (code >= ' ' && code != 0x2028 && code != 0x2029 && !is_broken &&
            !text_is_deceiving(code)) {
            (void)fwrite(text.ptr + begin, 1, at - begin, out);
            continue;
        }
        for (size_t i = begin; i < at; i++)
            (void)fprintf(out, "\\x%02X", (unsigned char)text.ptr[i]);
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
    put_escaped(log->out, slice_from(text));
    (void)fputc('\n', log->out);
}

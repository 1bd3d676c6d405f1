/* progress.c - one line that is written over, or one JSON line a second. */
#define _GNU_SOURCE /* fopencookie */
#include "cli/progress.h"

#include "base/attrs.h"
#include "base/date.h"
#include "base/zone.h"
#include "cli/output.h"

#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define BAR_COLUMNS 24
#define BAR_COLUMNS_NARROW 8
#define NARROW_COLUMNS 80
#define BAR_EVERY_MS 200
#define JSON_EVERY_MS 1000
#define LINE_MAX_BYTES 512
#define LOG_MAX_BYTES ((size_t)8192) /* a line of the log, escaped */
#define HOUR_S 3600

/* Set by SIGUSR1 alone, and only here is it looked at. */
static volatile sig_atomic_t line_asked;

static void on_signal(int number)
{
    WW_UNUSED(number);
    line_asked = 1;
}

void progress_begin(struct progress *p, const struct cli *cli, int64_t total)
{
    const char *choice = cli->values[OPTION_PROGRESS];
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    *p = (struct progress){
        .cli = cli, .total = total, .started_ms = clock_monotonic_ms(&cli->clock)};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGUSR1, &action, NULL);
    if (choice != NULL && strcmp(choice, "json") == 0)
        p->is_json = true;
    else if (choice == NULL || strcmp(choice, "auto") == 0)
        p->is_bar = isatty(STDERR_FILENO) && !cli_has(cli, OPTION_QUIET);
}

/* ---- the line on the terminal, and what is said beside it -------------------------------------
 */

struct line {
    char text[LINE_MAX_BYTES];
    size_t len;
};

/* What stands at the terminal's last line; empty: no bar. A terminal has one. */
static struct line on_screen;

/* A line that wraps cannot be written over. */
static void draw(void)
{
    const size_t columns = output_columns(stderr);

    (void)fputs("\r\033[K", stderr);
    output_visible(stderr, slice_of(on_screen.text, on_screen.len), columns > 1 ? columns - 1 : 0);
    (void)fflush(stderr);
}

void progress_hide(void)
{
    if (on_screen.len == 0)
        return;
    (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr);
    on_screen.len = 0;
}

/* Whole lines, since the stream is buffered by line. */
static ssize_t write_log(void *cookie, const char *bytes, size_t n)
{
    const struct line bar = on_screen;
    size_t n_written;

    WW_UNUSED(cookie);
    progress_hide();
    n_written = fwrite(bytes, 1, n, stderr);
    on_screen = bar;
    if (bar.len > 0)
        draw();
    return (ssize_t)n_written;
}

FILE *progress_log(void)
{
    FILE *log = isatty(STDERR_FILENO)
                    ? fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_log})
                    : NULL;

    if (log == NULL)
        return stderr;
    (void)setvbuf(log, NULL, _IOLBF, LOG_MAX_BYTES);
    return log;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static void add(struct line *l, const char *fmt, ...) WW_PRINTF(2, 3);

static void add(struct line *l, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(l->text + l->len, sizeof(l->text) - l->len, fmt, args);
    va_end(args);
    if (n > 0)
        l->len += (size_t)n < sizeof(l->text) - l->len ? (size_t)n : sizeof(l->text) - l->len - 1;
}

static int64_t wall_time(const struct progress *p, int64_t monotonic_ms)
{
    const struct clock *clock = &p->cli->clock;

    return clock_now(clock) + (monotonic_ms - clock_monotonic_ms(clock)) / 1000;
}

/* "waits for web.archive.org until 12:04" */
static void add_wait(struct line *l, const struct progress *p)
{
    const int64_t at = wall_time(p, p->waits_until_ms);
    char text[DATE_TEXT_BYTES];

    add(l, "  waits for %.*s", SLICE_ARG(p->waits_for));
    if (p->waits_until_ms > 0)
        add(l, " until %.5s",
            date_format(at + zone_offset_s(p->cli->config.timezone, at), text) + 11);
}

static void add_eta(struct line *l, double rate, int64_t left)
{
    int64_t eta_s;

    if (rate <= 0 || left <= 0)
        return;
    eta_s = (double)left / rate > 1e9 ? (int64_t)1e9 : (int64_t)((double)left / rate);
    if (eta_s >= 2 * HOUR_S)
        add(l, "  ETA %" PRId64 " h %" PRId64 " min", eta_s / HOUR_S, eta_s % HOUR_S / 60);
    else if (eta_s >= 120)
        add(l, "  ETA %" PRId64 " min", eta_s / 60);
    else
        add(l, "  ETA %" PRId64 " s", eta_s);
}

/* "[####....]  41 %  1113/2715  ETA 4 min  6.1/s  27 new": what a narrow terminal cuts is last. */
static void describe(struct line *l, const struct progress *p, int64_t done, const char *note,
                     int64_t elapsed_ms)
{
    const size_t columns = output_columns(stderr);
    const int width = columns > 0 && columns < NARROW_COLUMNS ? BAR_COLUMNS_NARROW : BAR_COLUMNS;
    const int64_t waiting_ms =
        p->waiting_since_ms != 0 ? p->started_ms + elapsed_ms - p->waiting_since_ms : 0;
    const int64_t worked_ms = elapsed_ms - p->waited_ms - waiting_ms;
    const double rate = worked_ms > 0 && done > p->first
                            ? (double)(done - p->first) * 1000.0 / (double)worked_ms
                            : 0;
    const int64_t counted = done < p->total ? done : p->total;

    l->len = 0;
    if (p->total > 0) {
        const int full = (int)(counted * width / p->total);

        add(l, "[");
        for (int i = 0; i < width; i++)
            add(l, "%c", i < full ? '#' : '.');
        add(l, "] %3d %%  %" PRId64 "/%" PRId64, (int)(counted * 100 / p->total), done, p->total);
    } else {
        add(l, "%" PRId64, done);
    }
    if (p->waits_for.len > 0)
        add_wait(l, p);
    else if (p->total > 0 && !p->is_over)
        add_eta(l, rate, p->total - counted);
    add(l, "  %.1f/s", rate);
    if (note[0] != '\0')
        add(l, "  %s", note);
}

static void put_bar(const struct progress *p, int64_t done, const char *note, int64_t elapsed_ms)
{
    describe(&on_screen, p, done, note, elapsed_ms);
    draw();
}

static void put_json(const struct progress *p, int64_t done, const char *note, int64_t elapsed_ms)
{
    char until[DATE_TEXT_BYTES];
    json_t *line =
        json_pack("{s:I, s:I, s:I, s:s}", "done", (json_int_t)done, "total", (json_int_t)p->total,
                  "elapsed_ms", (json_int_t)elapsed_ms, "note", note);

    if (p->waits_for.len > 0)
        (void)json_object_set_new(line, "waits_for",
                                  json_stringn(p->waits_for.ptr, p->waits_for.len));
    if (p->waits_for.len > 0 && p->waits_until_ms > 0)
        (void)json_object_set_new(line, "waits_until",
                                  json_string(date_format(wall_time(p, p->waits_until_ms), until)));
    (void)json_dumpf(line, stderr, JSON_COMPACT);
    (void)fputc('\n', stderr);
    json_decref(line);
}

/* ---- when it is said ------------------------------------------------------------------------- */

static int64_t elapsed(const struct progress *p)
{
    return clock_monotonic_ms(&p->cli->clock) - p->started_ms;
}

static void note_waiting(struct progress *p, int64_t now_ms)
{
    if (p->waits_for.len > 0 && p->waiting_since_ms == 0) {
        p->waiting_since_ms = now_ms;
    } else if (p->waits_for.len == 0 && p->waiting_since_ms != 0) {
        p->waited_ms += now_ms - p->waiting_since_ms;
        p->waiting_since_ms = 0;
    }
}

static void show(struct progress *p, int64_t done, const char *note)
{
    if (p->is_bar)
        put_bar(p, done, note, elapsed(p));
    if (p->is_json)
        put_json(p, done, note, elapsed(p));
}

static void answer_signal(const struct progress *p, int64_t done, const char *note)
{
    struct line l;

    line_asked = 0;
    describe(&l, p, done, note, elapsed(p));
    progress_hide();
    output_visible(stderr, slice_of(l.text, l.len), 0);
    (void)fputc('\n', stderr);
    (void)fflush(stderr);
}

void progress_show(struct progress *p, int64_t done, const char *note)
{
    int64_t now_ms = clock_monotonic_ms(&p->cli->clock);

    note_waiting(p, now_ms);
    if (line_asked != 0)
        answer_signal(p, done, note);
    if (!p->is_bar && !p->is_json)
        return;
    if (now_ms - p->shown_ms < (p->is_bar ? BAR_EVERY_MS : JSON_EVERY_MS))
        return;
    p->shown_ms = now_ms;
    show(p, done, note);
}

void progress_end(struct progress *p, int64_t done, const char *note)
{
    p->waits_for = (struct slice){"", 0};
    note_waiting(p, clock_monotonic_ms(&p->cli->clock));
    p->is_over = true;
    if (p->is_json)
        show(p, done, note);
    progress_hide();
}

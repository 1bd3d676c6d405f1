/* progress.c - one line that is written over, or one JSON line a second. */
#include "cli/progress.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define BAR_COLUMNS 24
#define BAR_EVERY_MS 200
#define JSON_EVERY_MS 1000

bool progress_begin(struct progress *p, const struct cli *cli, int64_t total)
{
    const char *choice = cli->values[OPTION_PROGRESS];

    *p = (struct progress){
        .cli = cli, .total = total, .started_ms = clock_monotonic_ms(&cli->clock)};
    if (choice != NULL && strcmp(choice, "json") == 0)
        p->is_json = true;
    else if (choice == NULL || strcmp(choice, "auto") == 0)
        p->is_bar = isatty(STDERR_FILENO) && !cli_has(cli, OPTION_QUIET);
    else if (strcmp(choice, "never") != 0) {
        (void)cli_usage(cli, "--progress is auto, never or json, not \"%s\"", choice);
        return false;
    }
    return true;
}

static void put_bar(const struct progress *p, int64_t done, const char *note, int64_t elapsed_ms)
{
    double rate = elapsed_ms > 0 ? (double)done * 1000.0 / (double)elapsed_ms : 0;
    int64_t left = p->total > done ? p->total - done : 0;

    (void)fputs("\r\033[K", stderr);
    if (p->total > 0) {
        int full = (int)(done * BAR_COLUMNS / p->total);

        (void)fputc('[', stderr);
        for (int i = 0; i < BAR_COLUMNS; i++)
            (void)fputc(i < full ? '#' : '.', stderr);
        (void)fprintf(stderr, "] %3d %%  %" PRId64 "/%" PRId64, (int)(done * 100 / p->total), done,
                      p->total);
    } else {
        (void)fprintf(stderr, "%" PRId64, done);
    }
    (void)fprintf(stderr, "  %.1f/s  %s", rate, note);
    if (p->total > 0 && rate > 0 && left > 0) {
        int64_t eta_s = (int64_t)((double)left / rate);

        if (eta_s >= 120)
            (void)fprintf(stderr, "  ETA %" PRId64 " min", eta_s / 60);
        else
            (void)fprintf(stderr, "  ETA %" PRId64 " s", eta_s);
    }
    (void)fflush(stderr);
}

static void put_json(const struct progress *p, int64_t done, const char *note, int64_t elapsed_ms)
{
    json_t *line =
        json_pack("{s:I, s:I, s:I, s:s}", "done", (json_int_t)done, "total", (json_int_t)p->total,
                  "elapsed_ms", (json_int_t)elapsed_ms, "note", note);

    (void)json_dumpf(line, stderr, JSON_COMPACT);
    (void)fputc('\n', stderr);
    json_decref(line);
}

static void show(struct progress *p, int64_t done, const char *note)
{
    int64_t elapsed_ms = clock_monotonic_ms(&p->cli->clock) - p->started_ms;

    if (p->is_bar)
        put_bar(p, done, note, elapsed_ms);
    if (p->is_json)
        put_json(p, done, note, elapsed_ms);
}

void progress_show(struct progress *p, int64_t done, const char *note)
{
    int64_t now_ms = clock_monotonic_ms(&p->cli->clock);

    if (!p->is_bar && !p->is_json)
        return;
    if (now_ms - p->shown_ms < (p->is_bar ? BAR_EVERY_MS : JSON_EVERY_MS))
        return;
    p->shown_ms = now_ms;
    show(p, done, note);
}

void progress_end(struct progress *p, int64_t done, const char *note)
{
    show(p, done, note);
    if (p->is_bar)
        (void)fputc('\n', stderr);
}

/* cmd_why_not.c - wirewatch why-not: why a page raised no alert, or that it did. */
#include "cli/output.h"
#include "cli/why.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

static const char *const stage_names[] = {
    [WHY_ADDRESS] = "address", [WHY_ANNOUNCED] = "announced", [WHY_PAGE] = "page",
    [WHY_ARTICLE] = "article", [WHY_STORY] = "story",         [WHY_LIST] = "list",
    [WHY_ITEM] = "item",       [WHY_NAME] = "name",           [WHY_TERM] = "term",
    [WHY_ALERT] = "alert",     [WHY_DELIVERY] = "delivery",   [WHY_VERDICT] = "verdict",
};

/* ---- lines ----------------------------------------------------------------------------------- */

WW_PRINTF(2, 0)
static struct slice format(struct arena *a, const char *fmt, va_list args)
{
    va_list again;
    char *text;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    text = n >= 0 ? arena_alloc(a, (size_t)n + 1) : NULL;
    if (text == NULL)
        return SLICE("");
    (void)vsnprintf(text, (size_t)n + 1, fmt, args);
    return slice_of(text, (size_t)n);
}

static struct why_line *add(struct why *w, enum why_stage stage, const char *reason,
                            struct slice text)
{
    struct why_line *lines =
        arena_grow(&w->cli->arena, w->lines, w->n_lines, &w->room, sizeof(*lines));

    if (lines == NULL)
        return &w->spare;
    w->lines = lines;
    lines[w->n_lines] = (struct why_line){.stage = stage, .reason = reason, .text = text};
    return &lines[w->n_lines++];
}

struct why_line *why_note(struct why *w, enum why_stage stage, const char *reason, const char *fmt,
                          ...)
{
    struct slice text;
    va_list args;

    va_start(args, fmt);
    text = format(&w->cli->arena, fmt, args);
    va_end(args);
    return add(w, stage, reason, text);
}

struct why_line *why_stop(struct why *w, enum why_stage stage, const char *reason, const char *fmt,
                          ...)
{
    struct why_line *line;
    struct slice text;
    va_list args;

    va_start(args, fmt);
    text = format(&w->cli->arena, fmt, args);
    va_end(args);
    line = add(w, stage, reason, text);
    line->is_stop = true;
    return line;
}

/* Of one item among several another one's stop is none. */
static bool has_alerted(const struct why *w)
{
    for (size_t i = 0; w->item.len == 0 && i < w->n_lines; i++) {
        bool is_stopped = w->lines[i].stage != WHY_ALERT ||
                          !slice_equal(slice_from(w->lines[i].reason), SLICE("raised"));

        for (size_t k = i; k < w->n_lines; k++)
            is_stopped |= w->lines[k].is_stop && slice_equal(w->lines[k].item, w->lines[i].item);
        if (!is_stopped)
            return true;
    }
    return false;
}

static const struct why_line *first_stop(const struct why *w)
{
    for (size_t i = 0; i < w->n_lines && !has_alerted(w); i++)
        if (w->lines[i].is_stop)
            return &w->lines[i];
    return NULL;
}

struct slice why_times(struct why *w, size_t n)
{
    return n == 1   ? SLICE("once")
           : n == 2 ? SLICE("twice")
                    : arena_printf(&w->cli->arena, "%zu times", n);
}

/* ---- showing --------------------------------------------------------------------------------- */

static void put_human(struct why *w)
{
    struct cli *cli = w->cli;
    const char *before = "";

    for (size_t i = 0; i < w->n_lines; i++) {
        const struct why_line *line = &w->lines[i];
        const char *name = stage_names[line->stage];
        bool is_of_many = line->stage == WHY_NAME && w->item.len == 0 && line->item.len > 0;

        output_fact(cli, name == before ? "" : name,
                    is_of_many ? arena_printf(&cli->arena, "%.*s: %.*s", SLICE_ARG(line->item),
                                              SLICE_ARG(line->text))
                               : line->text);
        before = name;
        if (line->stage == WHY_VERDICT)
            output_fact(cli, "needed", line->needs);
        if (line->field == NULL)
            continue;
        output_fact(
            cli, "",
            arena_printf(&cli->arena, "  \"%.*s\" of %s:%u:%u; %s, bytes %" PRId64 "-%" PRId64,
                         SLICE_ARG(line->alias), watch_file_name(line->cell.file), line->cell.row,
                         line->cell.column, line->field, line->start, line->end));
        output_marked(cli, "", line->sentence, line->mark_start, line->mark_end);
    }
}

static int put_rows(struct why *w)
{
    static const struct column columns[] = {
        {"stage",    0},
        {"reason",   0},
        {"stop",     0},
        {"text",     0},
        {"needs",    0},
        {"at",       0},
        {"item",     0},
        {"alias",    0},
        {"spelling", 0},
        {"field",    0},
        {"start",    0},
        {"end",      0},
        {"quote",    0},
        {"words",    0},
        {"sentence", 0}
    };
    struct output *o = output_open(w->cli, columns, WW_COUNT(columns));

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < w->n_lines; i++) {
        const struct why_line *line = &w->lines[i];

        output_string(o, stage_names[line->stage]);
        output_string(o, line->reason);
        output_bool(o, line->is_stop);
        output_text(o, line->text);
        output_text(o, line->needs);
        output_time(o, line->at);
        output_text(o, line->item);
        output_text(o, line->alias);
        output_text(o, line->cell.row == 0 ? SLICE("")
                                           : arena_printf(&w->cli->arena, "%s:%u:%u",
                                                          watch_file_name(line->cell.file),
                                                          line->cell.row, line->cell.column));
        output_string(o, line->field);
        if (line->field != NULL) {
            output_number(o, line->start);
            output_number(o, line->end);
        } else {
            output_none(o);
            output_none(o);
        }
        output_text(o, line->quote);
        output_text(o, line->words);
        output_text(o, line->sentence);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

/* What it means for the page when it is stopped there. */
static const char *const verdicts[] = {
    [WHY_ADDRESS] = "not known",
    [WHY_ANNOUNCED] = "not asked for",
    [WHY_PAGE] = "not read",
    [WHY_ARTICLE] = "not read",
    [WHY_STORY] = "not told",
    [WHY_LIST] = "not scanned",
    [WHY_ITEM] = "not matched",
    [WHY_NAME] = "not matched",
    [WHY_TERM] = "not matched",
    [WHY_ALERT] = "no live alert of its own",
    [WHY_DELIVERY] = "alerted, and not told",
};

/* The last line: what stopped it first, and what would have been needed. */
static void put_verdict(struct why *w)
{
    const struct why_line *stop = first_stop(w);
    const struct why_line at = stop != NULL ? *stop : (struct why_line){.reason = "alerted"};
    struct why_line *line;

    if (stop == NULL)
        line = why_note(w, WHY_VERDICT, at.reason, "nothing stopped it: it did alert");
    else
        line = why_note(w, WHY_VERDICT, at.reason, "%s (%s)", verdicts[at.stage], at.reason);
    line->item = at.item;
    line->needs = at.needs;
}

int command_why_not(struct cli *cli)
{
    struct why w = {.cli = cli, .item = slice_from(cli->values[OPTION_FOR])};
    struct article_row article;
    struct why_found found;
    struct ww_error err = {0};
    enum ww_status status = why_find_article(&w, cli->words[0], &article, &err);
    int exit_status;

    if (status == WW_OK && article.id != 0)
        status = why_match(&w, &article, &found, &err);
    if (status == WW_OK && article.id != 0)
        status = why_alerts(&w, &article, &found, &err);
    if (status == WW_OK)
        put_verdict(&w);
    if (status == WW_OK)
        status = arena_check(&cli->arena, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format != FORMAT_HUMAN) {
        exit_status = put_rows(&w);
        return exit_status != EX_OK ? exit_status : w.exit_status;
    }
    put_human(&w);
    return w.exit_status;
}

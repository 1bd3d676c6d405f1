/*
 * inspect.c - the frame of `wirewatch inspect`: arguments or batch lines to jobs, answers to lines.
 */
#include "cli/inspect.h"

#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "crawler/workers.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* How the words of a command line, or the TAB-separated fields of a batch line, become a job. */
struct inspect_kind {
    const char *name;
    inspect_function *run;
    inspect_printer *print;    /* all the words are one job, whose answer is lines; else NULL */
    const char *positional[4]; /* keys in order; "urls" takes all that is left */
    const char *usage;
};

void inspect_print(const json_t *value)
{
    (void)json_dumpf(value, stdout, JSON_COMPACT);
    (void)fputc('\n', stdout);
    (void)fflush(stdout);
}

/* The form of `inspect robots` without --json: one address a line. */
static void print_verdicts(json_t *answer)
{
    size_t i;
    json_t *result;

    json_array_foreach(json_object_get(answer, "results"), i, result)(void) fprintf(
        stdout, "%s\t%s\n", json_is_true(json_object_get(result, "allow")) ? "allow" : "disallow",
        json_string_value(json_object_get(result, "url")));
}

static const struct inspect_kind kinds[] = {
    {"article",
     inspect_article,                  NULL,
     {"path", "url", "charset"},
     "FILE... --url URL [--charset NAME] [--without STEP,...]"                                                          },
    {"charset",    inspect_charset,    NULL,                {"path"},         "FILE... [--content-type CT]"             },
    {"date",       inspect_date,       NULL,                {"text"},         "STRING..."                               },
    {"duplicates", inspect_duplicates, NULL,                {"path"},         "FILE..."                                 },
    {"feed",       inspect_feed,       NULL,                {"path"},         "FILE... [--base URL] [--content-type CT]"},
    {"finds",
     inspect_finds,                    inspect_print_finds,
     {"format", "path"},
     "FORMAT FILE [--base URL] [--content-type CT] [--json]"                                                            },
    {"links",      inspect_links,      NULL,                {"path", "url"},  "FILE... --url URL [--selector CSS]"      },
    {"mentions",   inspect_mentions,   NULL,                {"path"},         "FILE... [--watchlist DIR]"               },
    {"robots",     inspect_robots,     print_verdicts,      {"path", "urls"}, "FILE --agent UA URL... [--json]"         },
    {"sitemap",    inspect_sitemap,    NULL,                {"path"},         "FILE... [--base URL]"                    },
    {"url",        inspect_url,        NULL,                {"urls"},         "URL... [--base URL]"                     },
};

/* Options of the command line that are keys of the job. */
static const struct {
    const char *option, *key;
} job_options[] = {
    {"--agent",        "agent"       },
    {"--base",         "base"        },
    {"--charset",      "charset"     },
    {"--content-type", "content_type"},
    {"--selector",     "selector"    },
    {"--url",          "url"         },
    {"--without",      "without"     },
};

struct slice inspect_text(const json_t *job, const char *key)
{
    const json_t *value = json_object_get(job, key);

    if (!json_is_string(value))
        return (struct slice){"", 0};
    return slice_of(json_string_value(value), json_string_length(value));
}

json_t *inspect_string(struct slice s)
{
    /* Every text we hand out is UTF-8; what is not would be a fault of ours, shown as null. */
    json_t *value = s.ptr == NULL || s.len == 0 ? json_null() : json_stringn(s.ptr, s.len);

    return value != NULL ? value : json_null();
}

json_t *inspect_instant(const struct date *d)
{
    char text[DATE_TEXT_BYTES];

    return d->precision == DATE_NONE ? json_null() : json_string(date_format(d->at, text));
}

enum ww_status inspect_file(struct inspect *in, const json_t *job, struct slice *bytes,
                            struct ww_error *err)
{
    char *path = arena_string(&in->arena, inspect_text(job, "path"));

    if (path == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (path[0] == '\0')
        return ww_fail(err, WW_INVALID, "the job names no path");
    return file_read_input(path, BODY_INFLATED_MAX_BYTES, &in->arena, bytes, err);
}

enum ww_status inspect_parse(struct inspect *in, struct slice *record, struct ww_error *err)
{
    struct workers_answer answer = {0};
    enum ww_status status = buf_finish(&in->request, err);

    if (status == WW_OK)
        status = workers_submit(in->workers, 1, buf_slice(&in->request), err);
    if (status == WW_OK)
        status = workers_wait(in->workers, -1, &answer, err);
    if (status == WW_OK && answer.status != WW_OK) {
        if (err != NULL)
            *err = answer.error;
        status = answer.status;
    }
    *record = answer.record;
    return status;
}

static bool answer_job(struct inspect *in, const struct inspect_kind *kind, const json_t *job)
{
    struct ww_error err = {0};
    json_t *answer = NULL;
    enum ww_status status;
    bool is_good;

    arena_reset(&in->arena);
    buf_reset(&in->request);
    status = kind->run(in, job, &answer, &err);
    if (status != WW_OK) {
        json_decref(answer);
        answer = json_object();
        (void)json_object_set_new(
            answer, "error",
            json_string(err.message[0] != '\0' ? err.message : ww_status_name(status)));
        if (json_is_string(json_object_get(job, "path")))
            (void)json_object_set(answer, "path", json_object_get(job, "path"));
        if (json_is_string(json_object_get(job, "id")))
            (void)json_object_set(answer, "id", json_object_get(job, "id"));
    }
    is_good = status == WW_OK && !json_is_string(json_object_get(answer, "error"));
    if (is_good && kind->print != NULL && json_is_true(json_object_get(job, "as_lines")))
        kind->print(answer);
    else
        inspect_print(answer);
    json_decref(answer);
    return is_good;
}

/* Put one positional word into the job; `at` counts them. */
static void add_word(const struct inspect_kind *kind, json_t *job, size_t *at, struct slice word)
{
    const char *key = *at < WW_COUNT(kind->positional) ? kind->positional[*at] : NULL;
    json_t *value = json_stringn(word.ptr, word.len);

    if (key == NULL || value == NULL) {
        json_decref(value);
        return;
    }
    if (strcmp(key, "urls") == 0) {
        json_t *list = json_object_get(job, key);

        if (list == NULL) {
            list = json_array();
            (void)json_object_set_new(job, key, list);
        }
        (void)json_array_append_new(list, value);
        return; /* "urls" takes all that is left */
    }
    (void)json_object_set_new(job, key, value);
    (*at)++;
}

static json_t *job_from_line(const struct inspect_kind *kind, struct slice line, json_t *common,
                             char *why, size_t why_size)
{
    json_t *job;
    json_error_t error;
    size_t at = 0;

    if (line.len > 0 && line.ptr[0] == '{') {
        job = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, &error);
        if (job == NULL)
            (void)snprintf(why, why_size, "the job is not JSON: %s", error.text);
    } else {
        struct slice word;

        job = json_object();
        while (slice_next(&line, '\t', &word))
            add_word(kind, job, &at, word);
    }
    if (job != NULL)
        (void)json_object_update_missing(job, common);
    return job;
}

static bool run_batch(struct inspect *in, const struct inspect_kind *kind, json_t *common)
{
    struct buf line;
    bool all_good = true;
    int c;

    buf_init(&line, (size_t)4 * BODY_INFLATED_MAX_BYTES);
    for (;;) {
        char why[200] = "";
        json_t *job;

        buf_reset(&line);
        while ((c = getc(stdin)) != EOF && c != '\n')
            buf_add_char(&line, (char)c);
        if (c == EOF && line.len == 0)
            break;
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            buf_truncate(&line, line.len - 1);
        job = job_from_line(kind, buf_slice(&line), common, why, sizeof(why));
        if (job == NULL) {
            json_t *answer = json_pack("{s:s}", "error", why[0] != '\0' ? why : "not a job");

            inspect_print(answer);
            json_decref(answer);
            all_good = false;
            continue;
        }
        all_good &= answer_job(in, kind, job);
        json_decref(job);
    }
    buf_release(&line);
    return all_good;
}

static const struct inspect_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < WW_COUNT(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static int usage(const struct inspect_kind *kind)
{
    if (kind != NULL) {
        (void)fprintf(stderr,
                      "usage: wirewatch inspect %s %s\n       wirewatch inspect %s --batch\n",
                      kind->name, kind->usage, kind->name);
        return EX_USAGE;
    }
    (void)fprintf(stderr, "usage: wirewatch inspect KIND ...\n");
    for (size_t i = 0; i < WW_COUNT(kinds); i++)
        (void)fprintf(stderr, "  %-11s %s\n", kinds[i].name, kinds[i].usage);
    return EX_USAGE;
}

/* What a command line of inspect says. */
struct words {
    json_t *common; /* keys set by options: part of every job */
    const char *watchlist;
    int n_words; /* positional words, moved to the front of argv */
    bool is_batch, is_json;
};

static bool read_options(int argc, char **argv, struct words *out)
{
    bool only_words = false;

    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        const char *key = NULL;

        if (only_words || word[0] != '-' || word[1] == '\0') {
            argv[out->n_words++] = argv[i];
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_words = true;
        } else if (strcmp(word, "--batch") == 0) {
            out->is_batch = true;
        } else if (strcmp(word, "--json") == 0) {
            out->is_json = true;
        } else if (strcmp(word, "--watchlist") == 0 && i + 1 < argc) {
            out->watchlist = argv[++i];
        } else {
            for (size_t k = 0; k < WW_COUNT(job_options); k++)
                if (strcmp(job_options[k].option, word) == 0)
                    key = job_options[k].key;
            if (key == NULL || i + 1 >= argc) {
                (void)fprintf(stderr, "wirewatch inspect: %s %s\n", word,
                              key == NULL ? "is not an option here" : "wants a value");
                return false;
            }
            (void)json_object_set_new(out->common, key, json_string(argv[++i]));
        }
    }
    return true;
}

static bool run_words(struct inspect *in, const struct inspect_kind *kind,
                      const struct words *words, char **argv)
{
    bool all_good = true;
    int i = 0;

    while (i < words->n_words) {
        json_t *job = json_object();
        size_t at = 0;

        do
            add_word(kind, job, &at, slice_from(argv[i++]));
        while (kind->print != NULL && i < words->n_words);
        (void)json_object_update_missing(job, words->common);
        if (kind->print != NULL && !words->is_json)
            (void)json_object_set_new(job, "as_lines", json_true());
        all_good &= answer_job(in, kind, job);
        json_decref(job);
    }
    return all_good;
}

int command_inspect(struct cli *cli)
{
    int argc = cli->n_words;
    char **argv = cli->words;
    const struct inspect_kind *kind = argc > 0 ? find_kind(argv[0]) : NULL;
    struct words words = {.common = json_object()};
    struct inspect in = {0};
    struct ww_error err = {0};
    int status = EX_USAGE;

    if (kind == NULL) {
        status = usage(NULL);
        goto out;
    }
    if (!read_options(argc, argv, &words) || (!words.is_batch && words.n_words == 0)) {
        status = usage(kind);
        goto out;
    }
    arena_init(&in.arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&in.request, (size_t)2 * BODY_INFLATED_MAX_BYTES);
    in.watchlist = words.watchlist;
    if (workers_open(cli->forkserver, 1, &in.workers, &err) != WW_OK) {
        (void)fprintf(stderr, "wirewatch inspect: %s\n", err.message);
        status = EX_OSERR;
        goto out;
    }
    status =
        (words.is_batch ? run_batch(&in, kind, words.common) : run_words(&in, kind, &words, argv))
            ? 0
            : 1;
out:
    if (in.release != NULL)
        in.release(in.state);
    workers_close(in.workers);
    buf_release(&in.request);
    arena_release(&in.arena);
    json_decref(words.common);
    return status;
}

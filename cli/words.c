/*
 * words.c - reading a command line against the tables of commands and options, and explaining both.
 */
#include "base/date.h"
#include "base/nearest.h"
#include "base/zone.h"
#include "cli/cli.h"
#include "storage/store.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define CALL_COLUMNS 34

bool cli_has(const struct cli *cli, enum option_id id)
{
    return cli->values[id] != NULL;
}

/* ---- help ------------------------------------------------------------------------------------ */

static void print_option(const struct command *c, enum option_id id, FILE *out)
{
    struct option_row row = cli_options[id];
    const struct option_row *o = &row;
    char names[48];

    for (size_t i = 0; c != NULL && i < cli_n_option_texts; i++) {
        const struct option_text *t = &cli_option_texts[i];

        if (t->id != id || strcmp(t->noun, c->noun) != 0 ||
            (t->verb != NULL && (c->verb == NULL || strcmp(t->verb, c->verb) != 0)))
            continue;
        row.argument = t->argument;
        row.help = t->help;
    }

    (void)snprintf(names, sizeof(names), "%c%c%s%s%s%s", o->letter != 0 ? '-' : ' ',
                   o->letter != 0 ? o->letter : ' ', o->letter != 0 ? ", " : "  ", o->name,
                   o->argument != NULL ? " " : "", o->argument != NULL ? o->argument : "");
    (void)fprintf(out, "  %-26s %s\n", names, o->help);
}

void words_help(const struct cli *cli, FILE *out)
{
    const struct command *c = cli->command;

    words_call(c, out);
    (void)fprintf(out, "\n\n%s\n\n%s\n", c->summary, c->help);
    if (c->options[0] != OPTION_CONFIG)
        (void)fprintf(out, "\nOptions:\n");
    for (size_t i = 0; i < WW_COUNT(c->options) && c->options[i] != OPTION_CONFIG; i++)
        print_option(c, c->options[i], out);
    (void)fprintf(out, "\nOptions of every command:\n");
    for (enum option_id id = 0; id <= OPTION_GLOBAL_LAST; id++)
        print_option(NULL, id, out);
}

/* A long call ends with a whole word. */
static void print_command(const struct command *c, FILE *out)
{
    char call[160];
    int n = snprintf(call, sizeof(call), "%s%s%s %s", c->noun, c->verb != NULL ? " " : "",
                     c->verb != NULL ? c->verb : "", c->arguments);

    if (n > CALL_COLUMNS) {
        n = CALL_COLUMNS - 3;
        while (n > 0 && call[n] != ' ')
            n--;
        (void)snprintf(call + n, sizeof(call) - (size_t)n, " ...");
    }
    (void)fprintf(out, "  %-*s %s\n", CALL_COLUMNS, call, c->summary);
}

void words_group(const char *noun, FILE *out)
{
    for (size_t i = 0; i < cli_n_commands; i++)
        if (strcmp(cli_commands[i].noun, noun) == 0)
            print_command(&cli_commands[i], out);
    (void)fprintf(out, "\nwirewatch %s COMMAND --help says more; the manual is wirewatch(1).\n",
                  noun);
}

void words_overview(FILE *out)
{
    (void)fprintf(out,
                  "wirewatch %s - watch the news for what is on your list\n\n"
                  "A first watch:\n"
                  "  wirewatch init                     settings, watchlist and database\n"
                  "  wirewatch feed add URL             follow a feed\n"
                  "  wirewatch run                      poll, fetch, match, mail: the cron line\n"
                  "  wirewatch alert list               what was found\n\nCommands:\n",
                  WW_VERSION);
    for (size_t i = 0; i < cli_n_commands; i++)
        print_command(&cli_commands[i], out);
    (void)fprintf(out, "\nwirewatch COMMAND --help says more; the manual is wirewatch(1).\n");
}

/* ---- periods --------------------------------------------------------------------------------- */

/* Behind all of it: a second, a minute and a day are meant with their end. */
static int64_t end_of(const struct date *d)
{
    int64_t year;
    int64_t days;
    unsigned month;
    unsigned day;

    if (d->precision > DATE_DAY)
        return d->at + (d->precision == DATE_MINUTE ? 60 : 1);
    date_to_civil(d->at / 86400, &year, &month, &day);
    if (d->precision == DATE_DAY)
        return d->at + 86400;
    if (d->precision == DATE_YEAR)
        month = 12;
    if (!date_from_civil(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1, &days))
        return d->at;
    return days * 86400;
}

bool words_period(const char *text, int64_t now, struct slice zone, int64_t *since, int64_t *until)
{
    struct slice from = slice_from(text);
    size_t slash = slice_find_char(from, '/');
    struct slice to = slice_skip(from, slash + 1);
    struct date first;
    struct date last;
    int64_t ago;

    from = slice_head(from, slash);
    if (to.len == 0 && config_duration(from, &ago) && from.len > 0 &&
        (from.ptr[from.len - 1] < '0' || from.ptr[from.len - 1] > '9')) {
        *since = now - ago;
        *until = now - ago;
        return true;
    }
    if (!date_parse(from, &first))
        return false;
    last = first;
    if (to.len > 0 && !date_parse(to, &last))
        return false;
    *since = first.has_zone ? first.at : first.at - zone_offset_s(zone, first.at);
    *until = end_of(&last);
    if (!last.has_zone)
        *until -= zone_offset_s(zone, *until);
    return *until >= *since;
}

bool words_read_period(struct cli *cli)
{
    struct slice zone = cli->config.timezone;
    int64_t now = clock_now(&cli->clock);
    int64_t ignored;

    if (cli_has(cli, OPTION_SINCE)) {
        const char *text = cli->values[OPTION_SINCE];

        if (!words_period(text, now, zone, &cli->since, &ignored)) {
            (void)cli_usage(cli, "--since wants a date or a span (2022-09, 7d), not \"%s\"", text);
            return false;
        }
        if (strchr(text, '/') != NULL)
            cli->until = ignored;
    }
    if (cli_has(cli, OPTION_UNTIL) &&
        !words_period(cli->values[OPTION_UNTIL], now, zone, &ignored, &cli->until)) {
        (void)cli_usage(cli, "--until wants a date or a span (2022-12, 7d), not \"%s\"",
                        cli->values[OPTION_UNTIL]);
        return false;
    }
    if (cli->since > 0 && cli->until > 0 && cli->since >= cli->until) {
        (void)cli_usage(cli, "--since is not before --until: nothing was in between");
        return false;
    }
    return true;
}

static bool read_numbers(struct cli *cli)
{
    static const struct {
        enum option_id id;
        size_t at;
    } numbers[] = {
        {OPTION_LIMIT,  offsetof(struct cli, limit) },
        {OPTION_OFFSET, offsetof(struct cli, offset)}
    };

    for (size_t i = 0; i < WW_COUNT(numbers); i++) {
        const char *text = cli->values[numbers[i].id];
        unsigned long long n;

        if (text == NULL)
            continue;
        if (!slice_number(slice_from(text), INT32_MAX, &n)) {
            (void)cli_usage(cli, "%s wants a number, not \"%s\"", cli_options[numbers[i].id].name,
                            text);
            return false;
        }
        *(int64_t *)(void *)((char *)cli + numbers[i].at) = (int64_t)n;
    }
    return true;
}

/* "2026-11-22T08:00:00Z", or "2026-11-22T08:00:00Z x60". */
static bool read_clock(struct slice text, struct clock *out)
{
    const size_t x = slice_find_char(text, 'x');
    unsigned long long speed = 0;
    struct date date;

    if (!date_parse(slice_trim(slice_head(text, x)), &date))
        return false;
    *out = clock_started_at(date.at);
    if (x == text.len)
        return true;
    if (!slice_number(slice_skip(text, x + 1), CLOCK_SPEED_MAX, &speed) || speed < 2)
        return false;
    *out = clock_hurried(date.at, (int64_t)speed);
    return true;
}

/* The help of these options is the list of their words. */
static bool read_choices(struct cli *cli)
{
    static const struct {
        enum option_id id;
        const char *words[3];
    } choices[] = {
        {OPTION_FORMAT,   {"human", "jsonl", "csv"}  },
        {OPTION_COLOR,    {"auto", "always", "never"}},
        {OPTION_PROGRESS, {"auto", "never", "json"}  }
    };

    for (size_t i = 0; i < WW_COUNT(choices); i++) {
        const enum option_id id = choices[i].id;
        size_t k = 0;

        if (!cli_has(cli, id))
            continue;
        while (k < WW_COUNT(choices[i].words) && strcmp(choices[i].words[k], cli->values[id]) != 0)
            k++;
        if (k == WW_COUNT(choices[i].words)) {
            (void)cli_usage(cli, "%s is %s, not \"%s\"", cli_options[id].name, cli_options[id].help,
                            cli->values[id]);
            return false;
        }
        if (id == OPTION_FORMAT)
            cli->format = (enum format)k;
    }
    return true;
}

static bool read_times(struct cli *cli)
{
    const char *now = cli->values[OPTION_NOW], *wait = cli->values[OPTION_LOCK_WAIT];
    int64_t wait_s;

    if (now != NULL && !read_clock(slice_from(now), &cli->clock)) {
        (void)cli_usage(cli,
                        "--now wants a time (2026-11-22T08:00:00Z), and after x how fast it passes"
                        " (2 to %d), not \"%s\"",
                        CLOCK_SPEED_MAX, now);
        return false;
    }
    cli->lock_wait_ms = -1;
    if (wait == NULL)
        return true;
    if (!config_duration(slice_from(wait), &wait_s)) {
        (void)cli_usage(cli, "--lock-wait wants seconds, not \"%s\"", wait);
        return false;
    }
    cli->lock_wait_ms = wait_s * 1000;
    return true;
}

int64_t cli_lock_wait_ms(const struct cli *cli, int64_t otherwise_ms)
{
    return cli->lock_wait_ms >= 0 ? cli->lock_wait_ms : otherwise_ms;
}

/* ---- options --------------------------------------------------------------------------------- */

static bool command_takes(const struct command *c, enum option_id id)
{
    if (id <= OPTION_GLOBAL_LAST)
        return true;
    for (size_t i = 0; c != NULL && i < WW_COUNT(c->options) && c->options[i] != OPTION_CONFIG; i++)
        if (c->options[i] == id)
            return true;
    return false;
}

static bool is_option(const struct option_row *o, struct slice word)
{
    return slice_equal(word, slice_from(o->name)) ||
           (word.len == 2 && word.ptr[0] == '-' && o->letter != 0 && word.ptr[1] == o->letter);
}

/* OPTION_COUNT when there is none: near then tells the closest name. */
static enum option_id find_option(const struct command *c, struct slice name, struct nearest *near)
{
    enum option_id found = OPTION_COUNT;

    nearest_init(near, name);
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *o = &cli_options[id];

        if (!command_takes(c, id))
            continue;
        nearest_try(near, o->name);
        if (is_option(o, name))
            found = id;
    }
    return found;
}

/*
 * Mostly a variable that is not set: "of this analyst alone" would become all of them. A command
 * whose options say what a thing is called clears by it.
 */
static int check_value(const struct cli *cli, enum option_id id)
{
    const bool clears = id > OPTION_GLOBAL_LAST && cli->command != NULL &&
                        (cli->command->needs & EMPTY_CLEARS) != 0;

    return cli->values[id][0] != '\0' || clears
               ? 0
               : cli_usage(cli, "%s wants %s; what was given is empty", cli_options[id].name,
                           cli_options[id].argument);
}

/* Take the option at argv[*i], and its value behind "=" or in the next word. */
static int take_option(struct cli *cli, int argc, char **argv, int *i)
{
    struct slice word = slice_from(argv[*i]);
    size_t equals = word.len > 1 && word.ptr[1] == '-' ? slice_find_char(word, '=') : word.len;
    struct nearest near;
    enum option_id id;

    if (strcmp(argv[*i], "-vv") == 0) {
        cli->values[OPTION_VERBOSE] = "vv";
        return 0;
    }
    id = find_option(cli->command, slice_head(word, equals), &near);
    if (id == OPTION_COUNT)
        return cli_usage(cli, "unknown option %.*s%s%s%s", SLICE_ARG(slice_head(word, equals)),
                         near.best != NULL ? "; did you mean " : "",
                         near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
    if (cli_options[id].argument == NULL) {
        if (equals < word.len)
            return cli_usage(cli, "%s takes no value", cli_options[id].name);
        cli->values[id] = "";
        return 0;
    }
    if (equals < word.len)
        cli->values[id] = word.ptr + equals + 1;
    else if (*i + 1 < argc)
        cli->values[id] = argv[++*i];
    else
        return cli_usage(cli, "%s wants %s", cli_options[id].name, cli_options[id].argument);
    return check_value(cli, id);
}

/* ---- commands -------------------------------------------------------------------------------- */

static int unknown_command(const struct cli *cli, const char *noun, const char *verb)
{
    struct nearest near;
    bool knows_noun = false;

    for (size_t i = 0; i < cli_n_commands; i++)
        knows_noun |= strcmp(cli_commands[i].noun, noun) == 0;
    nearest_init(&near, slice_from(knows_noun && verb != NULL ? verb : noun));
    for (size_t i = 0; i < cli_n_commands; i++) {
        if (!knows_noun)
            nearest_try(&near, cli_commands[i].noun);
        else if (strcmp(cli_commands[i].noun, noun) == 0)
            nearest_try(&near, cli_commands[i].verb);
    }
    if (knows_noun && verb == NULL) {
        (void)fprintf(stderr, "wirewatch: %s what?", noun);
        for (size_t i = 0; i < cli_n_commands; i++)
            if (strcmp(cli_commands[i].noun, noun) == 0)
                (void)fprintf(stderr, " %s", cli_commands[i].verb);
        (void)fprintf(stderr, "\n");
        return EX_USAGE;
    }
    return cli_usage(cli, "unknown command \"%s%s%s\"%s%s%s%s%s", noun, knows_noun ? " " : "",
                     knows_noun ? verb : "", near.best != NULL ? "; did you mean " : "",
                     near.best != NULL && knows_noun ? noun : "",
                     near.best != NULL && knows_noun ? " " : "", near.best != NULL ? near.best : "",
                     near.best != NULL ? "?" : "");
}

static const struct command *find_command(const char *noun, const char *verb, int *n_words)
{
    for (size_t i = 0; i < cli_n_commands; i++) {
        const struct command *c = &cli_commands[i];

        if (strcmp(c->noun, noun) != 0)
            continue;
        if (c->verb == NULL || (verb != NULL && strcmp(c->verb, verb) == 0)) {
            *n_words = c->verb == NULL ? 1 : 2;
            return c;
        }
    }
    return NULL;
}

/* "report --html DIR" is another way to say "report html DIR". */
static bool read_report_html(struct cli *cli, int argc, char **argv)
{
    bool is_good = true;

    for (int i = 1; i + 1 < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "report") == 0 && strcmp(argv[i + 1], "--html") == 0) {
            argv[i + 1] = arena_string(&cli->arena, SLICE("html"));
            is_good = argv[i + 1] != NULL;
            break;
        }
    return is_good;
}

/* Has this word, of an option of any command, its value in the next one? */
static bool takes_next(struct slice word)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if (cli_options[id].argument != NULL && is_option(&cli_options[id], word))
            return true;
    return false;
}

/* Options may stand before the command, so its one or two words are looked for first. */
static int find_words(struct cli *cli, int argc, char **argv, int at[2])
{
    int n = 0;

    for (int i = 1; i < argc && n < 2; i++) {
        if (strcmp(argv[i], "--") == 0)
            break;
        if (argv[i][0] != '-' || argv[i][1] == '\0')
            at[n++] = i;
        else if (takes_next(slice_from(argv[i])))
            i++;
    }
    if (n == 0)
        return 0;
    cli->command = find_command(argv[at[0]], n > 1 ? argv[at[1]] : NULL, &n);
    return cli->command != NULL ? n : -1;
}

static int take_words(struct cli *cli, int argc, char **argv, const int *at, int n_at)
{
    bool only_words = false;

    for (int i = 1; i < argc; i++) {
        int status = 0;

        if ((n_at > 0 && i == at[0]) || (n_at > 1 && i == at[1]))
            continue;
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
            status = take_option(cli, argc, argv, &i);
        else
            cli->words[cli->n_words++] = argv[i];
        if (status != 0)
            return status;
    }
    return 0;
}

/* inspect reads its own words; only --help is ours there. */
static int take_raw_words(struct cli *cli, int argc, char **argv, int from)
{
    for (int i = from + 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            cli->values[OPTION_HELP] = "";
        cli->words[cli->n_words++] = argv[i];
    }
    return 0;
}

/* "watch --help" is "help watch". */
static int help_of_noun(struct cli *cli, int argc, char **argv, char *noun)
{
    int n = 0;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            cli->command = find_command("help", NULL, &n);
    for (size_t i = 0; i < cli_n_commands && cli->command != NULL; i++)
        if (strcmp(cli_commands[i].noun, noun) == 0) {
            cli->words = arena_array(&cli->arena, 1, sizeof(*cli->words));
            if (cli->words == NULL)
                return EX_OSERR;
            cli->words[cli->n_words++] = noun;
            return 0;
        }
    return unknown_command(cli, noun, NULL);
}

int words_read(struct cli *cli, int argc, char **argv)
{
    int at[2] = {0, 0};
    const bool is_read = read_report_html(cli, argc, argv);
    int n_at = find_words(cli, argc, argv, at);
    const struct command *c = cli->command;
    int status;

    if (!is_read)
        return EX_OSERR;
    if (n_at < 0 && at[1] == 0)
        return help_of_noun(cli, argc, argv, argv[at[0]]);
    if (n_at < 0)
        return unknown_command(cli, argv[at[0]], at[1] > 0 ? argv[at[1]] : NULL);
    cli->words = arena_array(&cli->arena, (size_t)argc + 1, sizeof(*cli->words));
    if (cli->words == NULL)
        return EX_OSERR;
    status = c != NULL && (c->needs & TAKES_RAW_WORDS) != 0 ? take_raw_words(cli, argc, argv, at[0])
                                                            : take_words(cli, argc, argv, at, n_at);
    if (status != 0)
        return status;
    if (c == NULL || cli_has(cli, OPTION_HELP) || cli_has(cli, OPTION_VERSION))
        return 0;
    if (cli->n_words < c->min_words)
        return cli_usage(cli, "%s is missing", c->arguments);
    if (c->max_words >= 0 && cli->n_words > c->max_words)
        return cli_usage(cli, "\"%s\" is one word too many", cli->words[c->max_words]);
    return read_choices(cli) && read_times(cli) && read_numbers(cli) ? 0 : EX_USAGE;
}

struct store_window cli_window(const struct cli *cli, size_t shown)
{
    struct store_window window = {
        .since = cli->since, .until = cli->until, .offset = (size_t)cli->offset};

    if (cli->limit >= 0)
        window.limit = (size_t)cli->limit;
    else if (cli->format == FORMAT_HUMAN)
        window.limit = shown;
    if (window.limit == 0)
        window.limit = ALL_ROWS;
    return window;
}

bool cli_id(const char *word, char letter, int64_t *id)
{
    struct slice s = slice_from(word);
    unsigned long long n;

    if (s.len > 0 && s.ptr[0] == letter)
        s = slice_skip(s, 1);
    if (!slice_number(s, INT64_MAX, &n))
        return false;
    *id = (int64_t)n;
    return true;
}

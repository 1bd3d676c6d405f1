/*
 * help.c - help, completion and the list of settings: what the tables say, for people and shells.
 */
#include "base/config.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <string.h>
#include <sysexits.h>

int command_help(struct cli *cli)
{
    struct cli asked = *cli;

    if (cli->n_words == 0) {
        words_overview(cli->out);
        return EX_OK;
    }
    for (size_t i = 0; i < cli_n_commands; i++) {
        const struct command *c = &cli_commands[i];

        if (strcmp(c->noun, cli->words[0]) != 0)
            continue;
        if (cli->n_words > 1 && (c->verb == NULL || strcmp(c->verb, cli->words[1]) != 0))
            continue;
        if (c->verb != NULL && cli->n_words == 1) {
            words_group(c->noun, cli->out);
            return EX_OK;
        }
        asked.command = c;
        words_help(&asked, cli->out);
        return EX_OK;
    }
    return cli_usage(cli, "no command \"%s%s%s\"", cli->words[0], cli->n_words > 1 ? " " : "",
                     cli->n_words > 1 ? cli->words[1] : "");
}

static void put_setting(struct output *o, struct slice section, const struct config_option *option,
                        struct slice value)
{
    output_text(o, section);
    output_string(o, option->key);
    output_text(o, value);
    output_string(o, option->fallback);
    output_string(o, option->type);
    output_string(o, option->help);
    output_end_row(o);
}

/* Each analyst with all keys; without analysts, the keys that one may have. */
static void put_analysts(struct cli *cli, struct output *o)
{
    struct config_option option;

    for (size_t k = 0; k < cli->config.n_analysts || k == 0; k++)
        for (size_t i = 0; config_option(i, &option); i++) {
            const struct config_analyst *a = &cli->config.analysts[k];

            if (strcmp(option.section, "analyst") != 0)
                continue;
            if (cli->config.n_analysts == 0)
                put_setting(o, SLICE("analyst"), &option, SLICE(""));
            else
                put_setting(o, arena_printf(&cli->arena, "analyst \"%.*s\"", SLICE_ARG(a->name)),
                            &option, config_analyst_value(a, i, &cli->arena));
        }
}

int command_config(struct cli *cli)
{
    static const struct column columns[] = {
        {"section", 0            },
        {"key",     0            },
        {"value",   0            },
        {"default", COLUMN_HIDDEN},
        {"type",    COLUMN_HIDDEN},
        {"help",    COLUMN_WIDE  }
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    struct config_option option;
    struct ww_error err = {0};

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; config_option(i, &option); i++) {
        if (strcmp(option.section, "analyst") != 0)
            put_setting(o, slice_from(option.section), &option,
                        config_value(&cli->config, i, &cli->arena));
    }
    put_analysts(cli, o);
    (void)output_close(o);
    if (config_check_contact(&cli->config, &err) == WW_OK)
        return EX_OK;
    (void)cli_fail(cli, WW_INVALID, &err);
    return EX_CONFIG;
}

/* ---- completion ------------------------------------------------------------------------------ */

static bool is_first_of_noun(size_t i)
{
    return i == 0 || strcmp(cli_commands[i].noun, cli_commands[i - 1].noun) != 0;
}

static void put_options(const struct command *c, FILE *out)
{
    for (size_t i = 0; i < WW_COUNT(c->options) && c->options[i] != OPTION_CONFIG; i++)
        (void)fprintf(out, " %s", cli_options[c->options[i]].name);
}

int command_completion(struct cli *cli)
{
    FILE *out = cli->out;

    (void)fputs("# bash completion for wirewatch, made by `wirewatch completion`\n"
                "_wirewatch()\n{\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} noun=${COMP_WORDS[1]} "
                "verb=${COMP_WORDS[2]} files=yes words=\n"
                "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        files= words=\"",
                out);
    for (size_t i = 0; i < cli_n_commands; i++)
        if (is_first_of_noun(i))
            (void)fprintf(out, "%s%s", i > 0 ? " " : "", cli_commands[i].noun);
    (void)fputs("\"\n    else\n        case $noun/$verb in\n", out);
    for (size_t i = 0; i < cli_n_commands; i++) {
        const struct command *c = &cli_commands[i];

        (void)fprintf(out, "        %s/%s) words=\"", c->noun, c->verb != NULL ? c->verb : "*");
        put_options(c, out);
        (void)fputs("\" ;;\n", out);
    }
    for (size_t i = 0; i < cli_n_commands; i++) {
        if (cli_commands[i].verb == NULL || !is_first_of_noun(i))
            continue;
        (void)fprintf(out, "        %s/*) files= words=\"", cli_commands[i].noun);
        for (size_t k = i; k < cli_n_commands; k++)
            if (strcmp(cli_commands[k].noun, cli_commands[i].noun) == 0)
                (void)fprintf(out, " %s", cli_commands[k].verb);
        (void)fputs("\" ;;\n", out);
    }
    (void)fputs("        esac\n        words=\"$words", out);
    for (enum option_id id = 0; id <= OPTION_GLOBAL_LAST; id++)
        (void)fprintf(out, " %s", cli_options[id].name);
    (void)fputs("\"\n    fi\n"
                "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                "    case $files$cur in\n    yes-*) ;;\n"
                "    yes*) COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n    esac\n}\n"
                "complete -o filenames -F _wirewatch wirewatch\n",
                out);
    return EX_OK;
}

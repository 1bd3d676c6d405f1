/* marked.c - marks around a part of a sentence. */
#include "cli/marked.h"

#include "cli/output.h"

void marked_put(struct cli *cli, struct slice s, size_t start, size_t end)
{
    const bool color = environment_wants_color(cli->out, cli->values[OPTION_COLOR]);

    output_visible(cli->out, slice_head(s, start), 0);
    if (end > start) {
        (void)fputs(color ? "\033[1;7m" : "\xC2\xBB", cli->out);
        output_visible(cli->out, slice_sub(s, start, end - start), 0);
        (void)fputs(color ? "\033[0m" : "\xC2\xAB", cli->out);
    }
    output_visible(cli->out, slice_skip(s, end), 0);
}

struct slice marked_text(struct cli *cli, struct slice s, size_t start, size_t end)
{
    if (end <= start)
        return s;
    return arena_printf(&cli->arena, "%.*s\xC2\xBB%.*s\xC2\xAB%.*s",
                        SLICE_ARG(slice_head(s, start)),
                        SLICE_ARG(slice_sub(s, start, end - start)), SLICE_ARG(slice_skip(s, end)));
}

/* marked.c - marks around a part of a sentence. */
#include "cli/marked.h"

#include "cli/wrap.h"

void marked_put(struct cli *cli, size_t indent, struct slice s, size_t start, size_t end)
{
    struct wrap w;

    wrap_init(&w, cli, indent);
    w.at = indent;
    wrap_text(&w, slice_head(s, start), WRAP_PLAIN);
    if (end > start) {
        wrap_string(&w, w.has_color ? "" : "\xC2\xBB", WRAP_PLAIN);
        wrap_text(&w, slice_sub(s, start, end - start), WRAP_MARKED);
        wrap_string(&w, w.has_color ? "" : "\xC2\xAB", WRAP_PLAIN);
    }
    wrap_text(&w, slice_skip(s, end), WRAP_PLAIN);
    wrap_end(&w);
    wrap_release(&w);
}

struct slice marked_text(struct cli *cli, struct slice s, size_t start, size_t end)
{
    if (end <= start)
        return s;
    return arena_printf(&cli->arena, "%.*s\xC2\xBB%.*s\xC2\xAB%.*s",
                        SLICE_ARG(slice_head(s, start)),
                        SLICE_ARG(slice_sub(s, start, end - start)), SLICE_ARG(slice_skip(s, end)));
}

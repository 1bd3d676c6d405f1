/* marked.h - a sentence in which something is marked, for a terminal or a pipe. */
#ifndef WW_CLI_MARKED_H
#define WW_CLI_MARKED_H

#include "base/slice.h"
#include "cli/cli.h"

/* Bold on a terminal that wants colour, » « elsewhere; start == end: nothing is marked. */
void marked_put(struct cli *cli, size_t indent, struct slice s, size_t start, size_t end);

/* The same in one piece of text, with » «, for a cell of a list. */
struct slice marked_text(struct cli *cli, struct slice s, size_t start, size_t end);

#endif

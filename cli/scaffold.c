/* scaffold.c - kinds of inspect and parsers that have not landed; each goes when its real file
 * comes. */
#include "base/date.h"
#include "cli/inspect.h"
#include "crawler/parse.h"

#define SCAFFOLD(name)                                                          \
    enum ww_status name(struct inspect *in, const json_t *job, json_t **answer, \
                        struct ww_error *err)                                   \
    {                                                                           \
        WW_UNUSED(in);                                                          \
        WW_UNUSED(job);                                                         \
        WW_UNUSED(answer);                                                      \
        return ww_fail(err, WW_INVALID, #name);                                 \
    }
SCAFFOLD(inspect_article)
#define PARSER(name)                                                               \
    enum ww_status name(struct record *q, struct arena *arena, struct buf *answer, \
                        struct ww_error *err)                                      \
    {                                                                              \
        WW_UNUSED(q);                                                              \
        WW_UNUSED(arena);                                                          \
        WW_UNUSED(answer);                                                         \
        return ww_fail(err, WW_INVALID, #name);                                    \
    }
PARSER(parse_article_run)

/* scaffold.c - kinds of inspect and parsers that have not landed; each goes when its real file
 * comes. */
#include "base/charset.h"
#include "base/date.h"
#include "base/text.h"
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
SCAFFOLD(inspect_feed)
SCAFFOLD(inspect_sitemap)
SCAFFOLD(inspect_robots)
SCAFFOLD(inspect_links)
SCAFFOLD(inspect_charset)
SCAFFOLD(inspect_article)
SCAFFOLD(inspect_url)
SCAFFOLD(inspect_date)
SCAFFOLD(inspect_mentions)
SCAFFOLD(inspect_duplicates)
#define PARSER(name)                                                               \
    enum ww_status name(struct record *q, struct arena *arena, struct buf *answer, \
                        struct ww_error *err)                                      \
    {                                                                              \
        WW_UNUSED(q);                                                              \
        WW_UNUSED(arena);                                                          \
        WW_UNUSED(answer);                                                         \
        return ww_fail(err, WW_INVALID, #name);                                    \
    }
PARSER(parse_feed_run)
PARSER(parse_sitemap_run)
PARSER(parse_article_run)
PARSER(parse_links_run)
const char *charset_detect(struct slice b, enum charset_kind k, struct slice c)
{
    WW_UNUSED(b);
    WW_UNUSED(k);
    WW_UNUSED(c);
    return "UTF-8";
}
struct slice charset_from_content_type(struct slice c)
{
    return c;
}
const char *date_format(int64_t at, char out[DATE_TEXT_BYTES])
{
    WW_UNUSED(at);
    out[0] = 0;
    return out;
}
bool text_is_utf8(struct slice s)
{
    WW_UNUSED(s);
    return true;
}

/* article.c - bytes to article: decode, scan, build the tree, read what stands in it. */
#include "extractors/article.h"

#include "base/arena.h"
#include "base/charset.h"
#include "extractors/content.h"
#include "extractors/dom.h"

enum ww_status article_extract(struct slice html, const struct article_hints *hints,
                               struct arena *arena, struct article *out, struct ww_error *err)
{
    struct dom dom;
    struct content content;
    struct slice text;
    enum ww_status status;

    *out = (struct article){0};
    out->charset =
        charset_detect(html, CHARSET_HTML, charset_from_content_type(hints->content_type));
    status = charset_decode(html, out->charset, arena, &text, err);
    if (status == WW_OK)
        status = dom_parse(text, arena, &dom, err);
    if (status == WW_OK)
        status = content_find(&dom, out->title, arena, &content, err);
    if (status != WW_OK)
        return status;
    out->text = content.text;
    out->cut = content.cut;
    return WW_OK;
}

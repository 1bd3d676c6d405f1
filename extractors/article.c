/* article.c - bytes to article: decode, scan, build the tree, read what stands in it. */
#include "extractors/article.h"

#include "base/arena.h"
#include "base/charset.h"
#include "extractors/content.h"
#include "extractors/dom.h"
#include "extractors/metadata.h"

enum ww_status article_extract(struct slice html, const struct article_hints *hints,
                               struct arena *arena, struct article *out, struct ww_error *err)
{
    struct dom dom;
    struct content content;
    struct metadata meta;
    struct metadata_source source;
    struct slice text;
    enum ww_status status;

    *out = (struct article){0};
    out->charset =
        charset_detect(html, CHARSET_HTML, charset_from_content_type(hints->content_type));
    status = charset_decode(html, out->charset, arena, &text, err);
    if (status == WW_OK)
        status = dom_parse(text, arena, &dom, err);
    if (status == WW_OK)
        status = content_find(&dom, arena, &content, err);
    if (status != WW_OK)
        return status;
    source = (struct metadata_source){&dom, &content.blocks, content.container, hints};
    metadata_read(&source, arena, &meta);
    status = content_write(&content, meta.title, arena, err);
    if (status != WW_OK)
        return status;
    out->title = meta.title;
    out->author = meta.author;
    out->site = meta.site;
    out->canonical = meta.canonical;
    out->description = meta.description;
    out->language = meta.language;
    out->published = meta.published;
    out->modified = meta.modified;
    out->published_source = meta.published_source;
    out->text = content.text;
    out->cut = content.cut;
    return WW_OK;
}

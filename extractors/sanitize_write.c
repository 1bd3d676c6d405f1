/* sanitize_write.c - which elements, which attributes, and how they are written. */
#include "extractors/sanitize_write.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char rules[DOM_TAG_COUNT] = {
    [DOM_A] = SANITIZE_KEEP,
    [DOM_ABBR] = SANITIZE_KEEP,
    [DOM_ADDRESS] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_AREA] = SANITIZE_VOID,
    [DOM_ARTICLE] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_ASIDE] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_AUDIO] = SANITIZE_KEEP,
    [DOM_B] = SANITIZE_KEEP,
    [DOM_BIG] = SANITIZE_KEEP,
    [DOM_BLOCKQUOTE] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_BR] = SANITIZE_VOID,
    [DOM_CAPTION] = SANITIZE_KEEP,
    [DOM_CENTER] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_CITE] = SANITIZE_KEEP,
    [DOM_CODE] = SANITIZE_KEEP,
    [DOM_COL] = SANITIZE_VOID,
    [DOM_COLGROUP] = SANITIZE_KEEP,
    [DOM_DD] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_DEL] = SANITIZE_KEEP,
    [DOM_DETAILS] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_DIR] = SANITIZE_KEEP,
    [DOM_DIV] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_DL] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_DT] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_EM] = SANITIZE_KEEP,
    [DOM_FIELDSET] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_FIGCAPTION] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_FIGURE] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_FONT] = SANITIZE_KEEP,
    [DOM_FOOTER] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_FORM] = SANITIZE_BLOCK,
    [DOM_H1] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_H2] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_H3] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_H4] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_H5] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_H6] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_HEADER] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_HGROUP] = SANITIZE_KEEP,
    [DOM_HR] = SANITIZE_VOID | SANITIZE_BLOCK,
    [DOM_I] = SANITIZE_KEEP,
    [DOM_IMG] = SANITIZE_VOID,
    [DOM_INS] = SANITIZE_KEEP,
    [DOM_KBD] = SANITIZE_KEEP,
    [DOM_LABEL] = SANITIZE_KEEP,
    [DOM_LEGEND] = SANITIZE_KEEP,
    [DOM_LI] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_MAIN] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_MAP] = SANITIZE_KEEP,
    [DOM_MARK] = SANITIZE_KEEP,
    [DOM_MENU] = SANITIZE_KEEP,
    [DOM_NAV] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_OL] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_P] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_PRE] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_Q] = SANITIZE_KEEP,
    [DOM_RP] = SANITIZE_KEEP,
    [DOM_RT] = SANITIZE_KEEP,
    [DOM_RUBY] = SANITIZE_KEEP,
    [DOM_S] = SANITIZE_KEEP,
    [DOM_SAMP] = SANITIZE_KEEP,
    [DOM_SCRIPT] = SANITIZE_DROP,
    [DOM_SECTION] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_SMALL] = SANITIZE_KEEP,
    [DOM_SOURCE] = SANITIZE_VOID,
    [DOM_SPAN] = SANITIZE_KEEP,
    [DOM_STRIKE] = SANITIZE_KEEP,
    [DOM_STRONG] = SANITIZE_KEEP,
    [DOM_STYLE] = SANITIZE_DROP,
    [DOM_SUB] = SANITIZE_KEEP,
    [DOM_SUMMARY] = SANITIZE_KEEP,
    [DOM_SUP] = SANITIZE_KEEP,
    [DOM_TABLE] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_TBODY] = SANITIZE_KEEP,
    [DOM_TD] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_TEMPLATE] = SANITIZE_DROP,
    [DOM_TFOOT] = SANITIZE_KEEP,
    [DOM_TH] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_THEAD] = SANITIZE_KEEP,
    [DOM_TIME] = SANITIZE_KEEP,
    [DOM_TR] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_TRACK] = SANITIZE_VOID,
    [DOM_TT] = SANITIZE_KEEP,
    [DOM_U] = SANITIZE_KEEP,
    [DOM_UL] = SANITIZE_KEEP | SANITIZE_BLOCK,
    [DOM_VAR] = SANITIZE_KEEP,
    [DOM_VIDEO] = SANITIZE_KEEP,
    [DOM_WBR] = SANITIZE_VOID,
};

unsigned sanitize_rule(enum dom_tag tag, bool is_foreign)
{
    /* Of SVG and MathML only the words stay. */
    return is_foreign ? rules[tag] & (SANITIZE_DROP | SANITIZE_BLOCK) : rules[tag];
}

static bool is_one_of(struct slice s, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(s, slice_from(names[i])))
            return true;
    return false;
}

/*
 * Is this address without a scheme, or with one that only leads somewhere? Browsers skip controls
 * and white space inside a scheme ("java\nscript:"), and so does this.
 */
static bool is_passive(struct slice url)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    char scheme[8];
    size_t n = 0;

    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];

        if (c == '/' || c == '?' || c == '#')
            return true;
        if (c == ':')
            return is_one_of(slice_of(scheme, n), schemes, WW_COUNT(schemes));
        if (c <= ' ' || c == 0x7F)
            continue;
        if (c >= 0x80 || n == sizeof(scheme)) {
            /* Too long or too strange for a scheme that is allowed; a colon may still follow. */
            return slice_find_char(url, ':') == url.len;
        }
        scheme[n++] = (char)c;
    }
    return true;
}

void sanitize_write_text(struct buf *out, struct slice s)
{
    size_t kept = 0;

    for (size_t i = text_plain_run(s); i < s.len; i++) {
        const char *as = s.ptr[i] == '<'   ? "&lt;"
                         : s.ptr[i] == '>' ? "&gt;"
                         : s.ptr[i] == '&' ? "&amp;"
                         : s.ptr[i] == '"' ? "&quot;"
                                           : NULL;

        if (as == NULL)
            continue;
        buf_add(out, slice_sub(s, kept, i - kept));
        buf_add_string(out, as);
        kept = i + 1;
    }
    buf_add(out, slice_skip(s, kept));
}

/* Sorted: the look-up is a bsearch. */
static const struct allowed {
    char name[9];
    unsigned char len;
    bool is_address;
} allowed[] = {
#define ALLOWED(name, is_address)          \
    {                                      \
        name, sizeof(name) - 1, is_address \
    }
    ALLOWED("abbr", false),     ALLOWED("alt", false),      ALLOWED("cite", true),
    ALLOWED("colspan", false),  ALLOWED("datetime", false), ALLOWED("dir", false),
    ALLOWED("headers", false),  ALLOWED("height", false),   ALLOWED("href", true),
    ALLOWED("hreflang", false), ALLOWED("lang", false),     ALLOWED("longdesc", true),
    ALLOWED("poster", true),    ALLOWED("rowspan", false),  ALLOWED("scope", false),
    ALLOWED("span", false),     ALLOWED("src", true),       ALLOWED("start", false),
    ALLOWED("summary", false),  ALLOWED("title", false),    ALLOWED("width", false),
#undef ALLOWED
};

static int compare_name(const void *key, const void *element)
{
    const struct allowed *a = element;

    return slice_compare(*(const struct slice *)key, slice_of(a->name, a->len));
}

static void write_attribute(struct buf *out, const struct dom_attribute *attribute,
                            struct slice base, struct arena *arena)
{
    const struct allowed *found =
        bsearch(&attribute->name, allowed, WW_COUNT(allowed), sizeof(allowed[0]), compare_name);
    struct slice value = attribute->value;

    if (found == NULL)
        return;
    if (found->is_address) {
        if (!is_passive(value))
            return;
        if (base.len > 0 && url_resolve(value, base, arena, &value, NULL) != WW_OK)
            return;
        if (!is_passive(value))
            return;
    }
    buf_add_char(out, ' ');
    buf_add(out, attribute->name);
    buf_add_string(out, "=\"");
    sanitize_write_text(out, value);
    buf_add_char(out, '"');
}

void sanitize_write_start(struct buf *out, struct slice name,
                          const struct dom_attribute *attributes, size_t n_attributes,
                          struct slice base, struct arena *arena)
{
    buf_add_char(out, '<');
    buf_add(out, name);
    for (size_t i = 0; i < n_attributes; i++)
        write_attribute(out, &attributes[i], base, arena);
    buf_add_char(out, '>');
}

void sanitize_write_end(struct buf *out, struct slice name)
{
    buf_add_string(out, "</");
    buf_add(out, name);
    buf_add_char(out, '>');
}

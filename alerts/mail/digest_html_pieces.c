/*
 * digest_html_pieces.c - foreign words in the HTML of a digest: headlines, names, sentences, and
 * where links lead. All of them go through base/markup or base/link.
 */
#include "alerts/mail/digest_html.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/link.h"
#include "base/markup.h"
#include "base/text.h"

#include <stdint.h>

/* ---- languages ------------------------------------------------------------------------------- */

/*
 * Fonts of the common systems for scripts that the font of the page has not, so that Chinese is not
 * shown in Japanese letters nor the other way about. By language, its longer forms first.
 */
static const struct {
    const char *language, *fonts;
} fonts[] = {
    {"ar",      "'Segoe UI','Geeza Pro','Noto Naskh Arabic',Tahoma,sans-serif"       },
    {"fa",      "'Segoe UI','Geeza Pro','Noto Naskh Arabic',Tahoma,sans-serif"       },
    {"ja",      "'Hiragino Sans','Yu Gothic',Meiryo,'Noto Sans CJK JP',sans-serif"   },
    {"ko",      "'Apple SD Gothic Neo','Malgun Gothic','Noto Sans CJK KR',sans-serif"},
    {"zh-Hant", "'PingFang TC','Microsoft JhengHei','Noto Sans CJK TC',sans-serif"   },
    {"zh-TW",   "'PingFang TC','Microsoft JhengHei','Noto Sans CJK TC',sans-serif"   },
    {"zh-HK",   "'PingFang HK','Microsoft JhengHei','Noto Sans CJK HK',sans-serif"   },
    {"zh",      "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"      },
};

static const char *fonts_of(struct slice language)
{
    for (size_t i = 0; i < WW_COUNT(fonts); i++)
        if (slice_starts_nocase(language, slice_from(fonts[i].language)))
            return fonts[i].fonts;
    return NULL;
}

/* Georgia has Latin, Greek and Cyrillic letters; a sentence of others keeps the font of the page.
 */
static bool is_for_georgia(struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t code = text_next_code(s, &i);

        if (code >= 0x530 && (code < 0x1E00 || code >= 0x2C00))
            return false;
    }
    return true;
}

void html_add_language(struct buf *out, struct slice language)
{
    buf_add_string(out, " lang=\"");
    markup_add_text(out, language);
    buf_add_string(out, "\" dir=\"auto\">");
}

/* ---- names and links ------------------------------------------------------------------------- */

/* Old programs know no <bdi>: the mark behind it keeps what follows where it belongs. */
void html_add_some(struct buf *out, struct slice words, size_t max)
{
    const bool turns = text_is_right_to_left(words);
    const struct slice cut = text_cut(words, max);

    buf_add_string(out, turns ? "<bdi>" : "");
    markup_add_text(out, cut);
    buf_add_string(out, cut.len < words.len ? HTML_CUT : "");
    buf_add_string(out, turns ? "</bdi>&lrm;" : "");
}

void html_add_name(struct buf *out, struct slice name)
{
    html_add_some(out, name, DIGEST_NAME_BYTES);
}

/* What has no title is shown by its address, and then no letter of it may be another's. */
static void add_headline(struct buf *out, struct slice url, struct slice words)
{
    struct buf shown;
    struct slice cut;

    buf_init(&shown, (size_t)4 * URL_MAX_BYTES);
    if (slice_equal(words, url) && link_add_shown(&shown, url))
        words = buf_slice(&shown);
    cut = text_cut(words, DIGEST_HEADLINE_BYTES);
    markup_add_text(out, cut);
    buf_add_string(out, cut.len < words.len ? HTML_CUT : "");
    buf_take_failure(out, &shown);
    buf_release(&shown);
}

void html_add_link(struct buf *out, struct slice url, struct slice words)
{
    struct buf address;
    bool is_link;

    buf_init(&address, (size_t)4 * URL_MAX_BYTES);
    is_link = link_add_ascii(&address, url) && address.len <= DIGEST_HREF_MAX_BYTES;
    if (is_link) {
        buf_add_string(out, "<a href=\"");
        markup_add_text(out, buf_slice(&address));
        buf_add_string(out, "\" style=\"color:" HTML_LINK "\">");
    }
    add_headline(out, url, words);
    buf_add_string(out, is_link ? "</a>" : "");
    buf_take_failure(out, &address);
    buf_release(&address);
}

void html_add_host(struct buf *out, struct slice url, struct slice name)
{
    struct buf host;

    buf_init(&host, (size_t)4 * URL_MAX_BYTES);
    if (link_add_host(&host, url) && !slice_equal_nocase(buf_slice(&host), name)) {
        buf_add_string(out, name.len > 0 ? HTML_DOT : "");
        html_add_name(out, buf_slice(&host));
    }
    buf_take_failure(out, &host);
    buf_release(&host);
}

void html_add_source(struct buf *out, struct slice url, struct slice outlet)
{
    const struct slice words = outlet.len > 0 ? outlet : url;
    const bool turns = text_is_right_to_left(words);

    if (words.len == 0)
        return;
    buf_add_string(out, turns ? HTML_DOT "<bdi>" : HTML_DOT);
    html_add_link(out, url, words);
    buf_add_string(out, turns ? "</bdi>&lrm;" : "");
    html_add_host(out, url, outlet);
}

void html_add_page(struct buf *out, const struct digest *d, int64_t story_id)
{
    struct buf page;

    if (d->report_url.len == 0)
        return;
    buf_init(&page, (size_t)2 * URL_MAX_BYTES);
    digest_add_page(d, story_id, &page);
    buf_add_string(out, HTML_SMALL_ROW);
    html_add_link(out, buf_slice(&page), SLICE("its page in the report"));
    buf_add_string(out, HTML_ROW_END);
    buf_take_failure(out, &page);
    buf_release(&page);
}

/* ---- rows ------------------------------------------------------------------------------------ */

void html_add_quote(struct buf *out, struct digest_quote q, struct slice language)
{
    const char *own = fonts_of(language);
    bool is_latin = true;
    int direction = 0;

    for (size_t i = 0; i < q.n_pieces; i++)
        is_latin = is_latin && is_for_georgia(q.pieces[i].text);
    for (size_t i = 0; i < q.n_pieces && direction == 0; i++)
        direction = text_direction(q.pieces[i].text);
    buf_printf(out, "<tr><td style=\"border-%s:3px solid " HTML_BAR ";padding:0 %s;",
               direction > 0 ? "right" : "left",
               direction > 0 ? "12px 0 0;text-align:right" : "0 0 12px");
    if (own != NULL || is_latin)
        buf_printf(out, "font-family:%s;", is_latin ? "Georgia,serif" : own);
    buf_add_string(out, "font-size:17px;line-height:26px\"");
    html_add_language(out, language);
    if (q.is_cut_before)
        buf_add_string(out, HTML_CUT " ");
    for (size_t i = 0; i < q.n_pieces; i++) {
        if (q.pieces[i].is_match)
            buf_add_string(out, "<b style=\"background-color:" HTML_MARK ";color:" HTML_INK
                                "\" class=\"k\">");
        markup_add_text(out, q.pieces[i].text);
        if (q.pieces[i].is_match)
            buf_add_string(out, "</b>");
    }
    if (q.is_cut_after)
        buf_add_string(out, " " HTML_CUT);
    buf_add_string(out, HTML_ROW_END);
}

void html_add_small(struct buf *out, const char *label, struct slice words)
{
    if (words.len == 0)
        return;
    buf_add_string(out, HTML_SMALL_ROW HTML_QUIET_SPAN);
    buf_add_string(out, label);
    html_add_some(out, words, DIGEST_QUOTE_BYTES * 2);
    buf_add_string(out, "</span>" HTML_ROW_END);
}

void html_add_part(struct buf *out, const char *name, const char *words)
{
    buf_printf(out,
               HTML_DIVIDER
               "<tr><td style=\"padding:20px 0 0\"><h2 style=\"margin:0;font-size:16px;"
               "line-height:22px\">%s</h2>" HTML_QUIET_SPAN "%s</span>" HTML_ROW_END,
               name, words);
}

void html_add_severity(struct buf *out, enum alert_severity severity)
{
    switch (severity) {
    case SEVERITY_HIGH:
        buf_add_string(out, HTML_BADGE("#fdfdfd", "#b3261e", "h", "HIGH"));
        break;
    case SEVERITY_MEDIUM:
        buf_add_string(out, HTML_BADGE("#6b4300", "#ffe3b3", "w", "MEDIUM"));
        break;
    case SEVERITY_LOW:
        buf_add_string(out, HTML_BADGE("#4a525b", "#e4e8ec", "l", "LOW"));
        break;
    }
}

/* ---- room ------------------------------------------------------------------------------------ */

bool html_keep(struct buf *out, size_t mark, struct digest_room *room)
{
    if (out->status == WW_OK && digest_room_take(room, slice_skip(buf_slice(out), mark)))
        return true;
    if (out->len > mark)
        buf_truncate(out, mark);
    return false;
}

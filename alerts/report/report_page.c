/* report_page.c - HTML5 that needs no server and no script, and stands in a file: address. */
#include "alerts/report/report_page.h"

#include "alerts/report/report_folder.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/link.h"
#include "base/markup.h"
#include "base/text.h"
#include "base/zone.h"

#include <inttypes.h>

#define LANGUAGE_MAX_BYTES 35 /* RFC 5646, section 4.4.1 */

static const struct {
    const char *file, *name;
} sections[SECTION_COUNT] = {
    [SECTION_MORNING] = {"index.html",     "This morning"},
    [SECTION_DAYS] = {"days.html",      "By day"      },
    [SECTION_ITEMS] = {"items.html",     "Watched"     },
    [SECTION_COUNTRIES] = {"countries.html", "Countries"   },
    [SECTION_HEALTH] = {"health.html",    "Coverage"    },
    [SECTION_ABOUT] = {"about.html",     "About"       },
};

void report_put(const struct report_page *p, const char *markup)
{
    buf_add_string(p->out, markup);
}

void report_put_text(const struct report_page *p, struct slice text)
{
    markup_add_text(p->out, text);
}

void report_put_count(const struct report_page *p, int64_t n, const char *one, const char *plural)
{
    if (n == 1 || plural == NULL)
        buf_printf(p->out, "%" PRId64 " %s%s", n, one, n == 1 ? "" : "s");
    else
        buf_printf(p->out, "%" PRId64 " %s", n, plural);
}

/* ---- the frame ------------------------------------------------------------------------------- */

static void put_navigation(const struct report_page *p, enum report_section section)
{
    report_put(p, "<header class=\"top\">\n<a class=\"skip\" href=\"#main\">Skip to the page</a>\n"
                  "<p class=\"name\">Wire watch</p>\n<nav aria-label=\"Pages\"><ul>\n");
    for (size_t i = 0; i < WW_COUNT(sections); i++)
        buf_printf(p->out, "<li><a href=\"%s%s\"%s>%s</a></li>\n", p->root, sections[i].file,
                   i == (size_t)section ? " aria-current=\"true\"" : "", sections[i].name);
    report_put(p, "</ul></nav>\n</header>\n");
}

void report_page_begin(const struct report_page *p, enum report_section section,
                       struct slice heading, struct slice language)
{
    report_put(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'; "
                  "object-src 'none'; img-src 'none'; frame-src 'none'; connect-src 'none'; "
                  "base-uri 'none'; form-action 'none'\">\n<title>");
    report_put_text(p, text_cut(heading, REPORT_QUOTE_BYTES));
    buf_printf(p->out,
               " &#183; Wire watch</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
               "</head>\n<body>\n",
               p->root);
    put_navigation(p, section);
    report_put(p, "<main id=\"main\">\n");
    report_put_foreign(p, "h1", language, heading);
    report_put(p, "\n");
}

void report_page_end(const struct report_page *p)
{
    report_put(p, "</main>\n<footer>\n<p>Made by wirewatch. What is proposed here is not "
                  "confirmed; what was not found is not thereby untrue.</p>\n</footer>\n</body>\n"
                  "</html>\n");
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_language(struct slice s)
{
    bool is_good = s.len > 1 && s.len <= LANGUAGE_MAX_BYTES && ascii_is_letter(s.ptr[0]);

    for (size_t i = 0; i < s.len && is_good; i++)
        is_good = ascii_is_letter(s.ptr[i]) || ascii_is_digit(s.ptr[i]) || s.ptr[i] == '-';
    return is_good && s.ptr[s.len - 1] != '-';
}

/* ' lang="zh-Hant" dir="auto"': the attributes of words of an article. */
static void put_language(const struct report_page *p, struct slice language)
{
    if (is_language(language)) {
        report_put(p, " lang=\"");
        report_put_text(p, language);
        report_put(p, "\"");
    }
    report_put(p, " dir=\"auto\"");
}

void report_put_foreign(const struct report_page *p, const char *element, struct slice language,
                        struct slice words)
{
    buf_printf(p->out, "<%s", element);
    if (language.len > 0)
        put_language(p, language);
    report_put(p, ">");
    report_put_text(p, words);
    buf_printf(p->out, "</%s>", element);
}

void report_put_severity(const struct report_page *p, enum alert_severity severity)
{
    buf_printf(p->out, "<span class=\"badge s%d\">%s</span>", (int)severity,
               alert_severity_name(severity));
}

/* ---- times ----------------------------------------------------------------------------------- */

int64_t report_day(struct slice zone, int64_t at)
{
    const int64_t local = at + zone_offset_s(zone, at);

    return local >= 0 ? local / 86400 : (local - 86399) / 86400;
}

static void put_moment(const struct report_page *p, int64_t at, size_t n_shown)
{
    char utc[DATE_TEXT_BYTES];
    char local[DATE_TEXT_BYTES];

    if (at == 0)
        return;
    (void)date_format(at, utc);
    (void)date_format(at + zone_offset_s(p->zone, at), local);
    local[10] = ' ';
    buf_printf(p->out, "<time datetime=\"%s\">%.*s</time>", utc, (int)n_shown, local);
}

void report_put_time(const struct report_page *p, int64_t at)
{
    put_moment(p, at, 16);
}

void report_put_day(const struct report_page *p, int64_t at)
{
    put_moment(p, at, 10);
}

/* ---- links ----------------------------------------------------------------------------------- */

/* Words that are the address itself are shown for where it leads. */
void report_put_link(const struct report_page *p, struct slice url, struct slice words)
{
    const bool is_bare = slice_equal(url, words);
    struct buf address, shown;
    bool is_link;

    buf_init(&address, REPORT_PAGE_MAX_BYTES);
    buf_init(&shown, REPORT_PAGE_MAX_BYTES);
    is_link = link_add_ascii(&address, url);
    if (is_link && is_bare && link_add_shown(&shown, url))
        words = buf_slice(&shown);
    if (is_link) {
        report_put(p, is_bare ? "<a class=\"out bare\"" : "<a class=\"out\"");
        report_put(p, " rel=\"noreferrer noopener nofollow\" href=\"");
        report_put_text(p, buf_slice(&address));
        report_put(p, "\">");
    }
    report_put(p, "<bdi>");
    report_put_text(p, words);
    report_put(p, is_link ? "</bdi></a>" : "</bdi>");
    buf_take_failure(p->out, &address);
    buf_take_failure(p->out, &shown);
    buf_release(&address);
    buf_release(&shown);
}

void report_put_story_link(const struct report_page *p, int64_t story_id, struct slice language,
                           struct slice words)
{
    buf_printf(p->out, "<a href=\"%sstory/%" PRId64 ".html\"", p->root, story_id);
    put_language(p, language);
    report_put(p, ">");
    report_put_text(p, words);
    report_put(p, "</a>");
}

void report_put_item_link(const struct report_page *p, struct slice item, struct slice words)
{
    char slug[REPORT_SLUG_BYTES];

    buf_printf(p->out, "<a href=\"%sitem/%s.html\"><bdi>", p->root, report_slug(item, slug));
    report_put_text(p, words.len > 0 ? words : item);
    report_put(p, "</bdi></a>");
}

/* ---- a sentence ------------------------------------------------------------------------------ */

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The last max bytes, from a character's first on. */
static struct slice tail(struct slice s, size_t max)
{
    size_t at = s.len > max ? s.len - max : 0;

    while (at < s.len && at > 0 && is_continuation(s.ptr[at]))
        at++;
    return slice_skip(s, at);
}

struct span {
    size_t start, end;
    const char *open, *close;
};

void report_put_quote(const struct report_page *p, const struct report_quote *q)
{
    struct span spans[2] = {
        {q->mark_start, q->mark_end, "<mark>",             "</mark>"},
        {q->term_start, q->term_end, "<b class=\"term\">", "</b>"   }
    };
    struct slice s = q->text, last;
    size_t at = 0;

    /* What was found counts more than the term that it stands in. */
    if (q->term_start < q->mark_end && q->mark_start < q->term_end)
        spans[1].end = spans[1].start;
    else if (q->term_end > q->term_start && q->term_start < q->mark_start) {
        const struct span first = spans[1];

        spans[1] = spans[0];
        spans[0] = first;
    }
    report_put(p, "<blockquote");
    put_language(p, q->language);
    report_put(p, ">");
    for (size_t i = 0; i < WW_COUNT(spans); i++) {
        struct slice before;

        if (spans[i].start < at || spans[i].end <= spans[i].start || spans[i].end > s.len)
            continue;
        before = slice_sub(s, at, spans[i].start - at);
        if (at == 0 && before.len > REPORT_QUOTE_BYTES) {
            report_put(p, "&#8230; ");
            before = tail(before, REPORT_QUOTE_BYTES);
        }
        report_put_text(p, before);
        report_put(p, spans[i].open);
        report_put_text(p, slice_sub(s, spans[i].start, spans[i].end - spans[i].start));
        report_put(p, spans[i].close);
        at = spans[i].end;
    }
    last = slice_skip(s, at);
    report_put_text(p, text_cut(last, REPORT_QUOTE_BYTES));
    report_put(p, last.len > REPORT_QUOTE_BYTES ? " &#8230;</blockquote>\n" : "</blockquote>\n");
}

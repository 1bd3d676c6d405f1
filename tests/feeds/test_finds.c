/* test_finds.c - answers of every kind of list, as their services give them, and broken ones. */
#include "feeds/finds.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "tests/feeds/finds_shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BASE "https://e.org/lists/1"
#define SHA "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

struct finds_case {
    const char *name;
    enum finds_format format;
    const char *text;
    const char *expected; /* "invalid": WW_INVALID */
};

/* ---- Wayback --------------------------------------------------------------------------------- */

#define CDX_NAMES \
    "[[\"timestamp\",\"original\",\"statuscode\",\"mimetype\",\"digest\",\"length\"],\n"
#define CDX_A \
    "[\"20220913021530\",\"http://e.org:80/a\",\"200\",\"text/html\",\"" SHA "\",\"5123\"]"
#define CDX_B "[\"20221107\",\"https://e.org/b?x=\\u00e9\",\"-\",\"warc/revisit\",\"-\",\"-\"]"
#define SHOWN_A                                                                     \
    "http://e.org:80/a captured=2022-09-13T02:15:30Z/second bytes=0+5123 sha1=" SHA \
    " mime=text/html status=200\n"
#define SHOWN_B "https://e.org/b?x=%C3%A9 captured=2022-11-07/day mime=warc/revisit\n"

/* clang-format off */
static const struct finds_case cdx_cases[] = {
    {"captures", FINDS_CDX, CDX_NAMES CDX_A ",\n" CDX_B "]\n", SHOWN_A SHOWN_B},
    {"one line", FINDS_CDX,
     "[[\"urlkey\",\"original\",\"timestamp\"],[\"org,e)/a\",\"http://e.org/a\",\"2022\"]]",
     "http://e.org/a captured=2022-01-01/year\n"},
    {"resume key", FINDS_CDX, CDX_NAMES CDX_A ",\n[],\n[\"org%2Ce%29%2Fb+20220914000000%21\"]]\n",
     SHOWN_A "next org%2Ce%29%2Fb+20220914000000%21\n"},
    {"names and a resume key", FINDS_CDX, CDX_NAMES "[],\n[\"key\"]]", "next key\n"},
    {"none", FINDS_CDX, "[]\n", ""},
    {"nothing", FINDS_CDX, "", ""},
    {"names alone", FINDS_CDX, "[[\"original\",\"timestamp\"]]", ""},
    {"a row breaks off in a text", FINDS_CDX,
     CDX_NAMES "[\"20220912000000\",\"http://e.org/lost,\n" CDX_A "]", SHOWN_A "bad 1\n"},
    {"a row breaks off behind a text", FINDS_CDX,
     CDX_NAMES "[\"20220912000000\",\"http://e.org/lost\",\n" CDX_A "]", SHOWN_A "bad 1\n"},
    {"short, long, not a row, no time, no address", FINDS_CDX,
     CDX_NAMES
     "[\"20220912\"],\n[\"20220912\",\"http://e.org/short\"],\n{\"a\":1},\n3,\n"
     "[\"2022x\",\"http://e.org/x\",\"\",\"\",\"\",\"\"],\n"
     "[\"20220912\",\"dns:e.org\",\"\",\"\",\"\",\"\"],\n" CDX_A "]",
     SHOWN_A "bad 6\n"},
    {"absurd numbers", FINDS_CDX,
     CDX_NAMES "[\"2022\",\"http://e.org/a\",\"99999999999999999999\",\"\",\"ABC\","
               "\"999999999999999999999999999\"]]", "http://e.org/a captured=2022-01-01/year\n"},
    {"an absurd number is no row", FINDS_CDX,
     CDX_NAMES "[2022,\"http://e.org/a\",1e999,\"\",\"\",999999999999999999999999],\n" CDX_A "]",
     SHOWN_A "bad 1\n"},
    {"impossible days", FINDS_CDX,
     CDX_NAMES "[\"20220230000000\",\"http://e.org/a\",\"\",\"\",\"\",\"\"],"
               "[\"20220228240000\",\"http://e.org/a\",\"\",\"\",\"\",\"\"]]", "bad 2\n"},
    {"NUL in a text", FINDS_CDX,
     "[[\"original\",\"timestamp\"],[\"http://e.org/a\\u0000b\",\"2022\"]]",
     "http://e.org/ab captured=2022-01-01/year\n"},
    {"cut in the names", FINDS_CDX, "[[\"timestamp\",\"orig", "cut\n"},
    {"cut in a row", FINDS_CDX, CDX_NAMES CDX_A ",\n[\"20221107\",\"https://e.o", SHOWN_A "cut\n"},
    {"cut behind a row", FINDS_CDX, CDX_NAMES CDX_A, SHOWN_A "cut\n"},
    {"no names of columns", FINDS_CDX, "[" CDX_A "]", "invalid"},
    {"another array", FINDS_CDX, "[1,2,3]", "invalid"},
    {"blocked", FINDS_CDX,
     "org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: "
     "Blocked Site Error\n",
     "about org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: "
     "Blocked Site Error\n"},
    {"an error", FINDS_CDX, "{\"message\": \"Too many\\nrequests\"}", "about Too many requests\n"},
    {"a page", FINDS_CDX, "<html><title>429 Too Many</title><p>wait</p></html>", "invalid"},
    {"bytes", FINDS_CDX, "\x1f\x8b\x08\x01\x02\x03", "invalid"},
};
/* clang-format on */

/* ---- lines ----------------------------------------------------------------------------------- */

#define LINE_A                                                                                     \
    "{\"urlkey\": \"org,e)/a\", \"timestamp\": \"20220913021530\", \"url\": \"http://e.org/a\", "  \
    "\"mime\": \"text/html\", \"mime-detected\": \"text/html\", \"status\": \"200\", \"digest\": " \
    "\"" SHA "\", \"length\": \"5123\", \"offset\": \"70012\", \"filename\": "                     \
    "\"crawl-data/CC-MAIN-2022-40/segments/1/warc/CC-MAIN-1.warc.gz\", \"languages\": \"eng\"}"
#define SHOWN_LINE_A                                                                      \
    "http://e.org/a capture=crawl-data/CC-MAIN-2022-40/segments/1/warc/CC-MAIN-1.warc.gz" \
    " captured=2022-09-13T02:15:30Z/second bytes=70012+5123 sha1=" SHA                    \
    " mime=text/html status=200\n"

/* clang-format off */
static const struct finds_case line_cases[] = {
    {"Common Crawl", FINDS_CDX_LINES, LINE_A "\n" LINE_A "\r\n", SHOWN_LINE_A SHOWN_LINE_A},
    {"behind key and time", FINDS_CDX_LINES,
     "org,e)/b 20220914000000 {\"url\": \"http://e.org/b\", \"status\": 301, \"length\": 12, "
     "\"digest\": \"sha1:" SHA "\"}\n",
     "http://e.org/b captured=2022-09-14T00:00:00Z/second bytes=0+12 sha1=" SHA " status=301\n"},
    {"eleven columns", FINDS_CDX_LINES,
     " CDX N b a m s k r M S V g\n"
     "org,e)/c 20080314235735 http://e.org/c text/html 200 " SHA " - - 99 7 f.warc.gz\n",
     "http://e.org/c capture=f.warc.gz captured=2008-03-14T23:57:35Z/second bytes=7+99 sha1=" SHA
     " mime=text/html status=200\n"},
    {"seven columns and a resume key", FINDS_CDX_LINES,
     "org,e)/c 20080314235735 http://e.org/c text/html 200 " SHA " 99\n\norg%2Ce%29%2Fd+2008\n",
     "http://e.org/c captured=2008-03-14T23:57:35Z/second bytes=0+99 sha1=" SHA
     " mime=text/html status=200\nnext org%2Ce%29%2Fd+2008\n"},
    {"nothing", FINDS_CDX_LINES, "", ""},
    {"no captures", FINDS_CDX_LINES, "{\"message\": \"No Captures found for: e.org/*\"}",
     "about No Captures found for: e.org/*\n"},
    {"bad ones between", FINDS_CDX_LINES,
     LINE_A "\n{\"url\": \"http://e.org/x\"}\n{{{\n[]\nwords of somebody\n" LINE_A "\n",
     SHOWN_LINE_A SHOWN_LINE_A "bad 4\n"},
    {"cut", FINDS_CDX_LINES, LINE_A "\n{\"urlkey\": \"org,e)/b\", \"timest", SHOWN_LINE_A "cut\n"},
    {"words", FINDS_CDX_LINES, "Not found\n", "about Not found\n"},
    {"a page", FINDS_CDX_LINES, "<html><body>503</body></html>", "invalid"},
    {"collections", FINDS_COLLECTIONS,
     "[{\"id\": \"CC-MAIN-2022-40\", \"name\": \"September/October 2022 Index\", \"timegate\": "
     "\"https://i.org/CC-MAIN-2022-40/\", \"cdx-api\": \"https://i.org/CC-MAIN-2022-40-index\"},"
     "{\"id\": \"CC-MAIN-2023-06\", \"cdx-api\": \"https://i.org/b\", \"from\": "
     "\"2023-01-26T21:03:12\", \"to\": \"2023-02-09T14:08:53\"}, {\"id\": \"CC-MAIN-2008-2009\", "
     "\"cdx-api\": \"https://i.org/c\"}, {\"id\": \"x\"}, 7]",
     "list https://i.org/CC-MAIN-2022-40-index name=CC-MAIN-2022-40 about=2022-10-03/day\n"
     "list https://i.org/b name=CC-MAIN-2023-06 about=2023-01-26T21:03:12Z/second"
     " until=2023-02-09T14:08:53Z/second\n"
     "list https://i.org/c name=CC-MAIN-2008-2009\nbad 2\n"},
    {"collections, cut", FINDS_COLLECTIONS, "[{\"id\":\"a\",\"cdx-api\":\"https://i.org/a\"},{\"id",
     "list https://i.org/a name=a\ncut\n"},
    {"pages", FINDS_PAGE_COUNT, "{\"pages\": 17, \"pageSize\": 5, \"blocks\": 84}\n", "pages 17\n"},
    {"pages, as a text", FINDS_PAGE_COUNT, "{\"pages\": \"3\"}", "pages 3\n"},
    {"pages, a number alone", FINDS_PAGE_COUNT, "12\n", "pages 12\n"},
    {"pages, absurd", FINDS_PAGE_COUNT, "{\"pages\": 99999999999999999999999}", "invalid"},
    {"pages, negative", FINDS_PAGE_COUNT, "{\"pages\": -4}", "invalid"},
    {"pages, an error", FINDS_PAGE_COUNT, "{\"error\": \"no such index\"}",
     "about no such index\n"},
    {"paths", FINDS_PATHS,
     "crawl-data/CC-NEWS/2022/09/warc/CC-NEWS-20220901002337-00001.warc.gz\r\n\n"
     "/etc/passwd.gz\n../x.warc.gz\na/../b.gz\na b.gz\nhttp://evil.example/x.gz\n"
     "CC-NEWS-20220901034512-00002.warc.gz\n",
     "list crawl-data/CC-NEWS/2022/09/warc/CC-NEWS-20220901002337-00001.warc.gz"
     " about=2022-09-01T00:23:37Z/second\n"
     "list CC-NEWS-20220901034512-00002.warc.gz about=2022-09-01T03:45:12Z/second\nbad 5\n"},
    {"paths, cut", FINDS_PATHS, "a/b.warc.gz\na/c.war", "list a/b.warc.gz\ncut\n"},
    {"paths, an error", FINDS_PATHS, "<Error><Code>NoSuchKey</Code></Error>", "invalid"},
    {"paths, words", FINDS_PATHS, "not here", "about not here\n"},
};
/* clang-format on */

/* ---- timemaps -------------------------------------------------------------------------------- */

/* clang-format off */
static const struct finds_case timemap_cases[] = {
    {"timemap", FINDS_TIMEMAP,
     "<http://e.org:80/a,b;c>; rel=\"original\",\n"
     "<http://w.org/web/timemap/link/http://e.org/a,b;c>; rel=\"self\"; "
     "type=\"application/link-format\"; from=\"Tue, 13 Sep 2022 02:15:30 GMT\",\n"
     "<http://w.org>; rel=\"timegate\",\n"
     "<http://w.org/web/20220913021530/http://e.org/a,b;c>; rel=\"first memento\"; "
     "datetime=\"Tue, 13 Sep 2022 02:15:30 GMT\",\n"
     "<http://w.org/web/20221107120000/http://e.org/a,b;c> ;rel=memento\n"
     " ; datetime=\"Mon, 07 Nov 2022 12:00:00 GMT\"; license=\"x\"\n",
     "http://e.org:80/a,b;c capture=http://w.org/web/20220913021530/http://e.org/a,b;c"
     " captured=2022-09-13T02:15:30Z/second\n"
     "http://e.org:80/a,b;c capture=http://w.org/web/20221107120000/http://e.org/a,b;c"
     " captured=2022-11-07T12:00:00Z/second\n"},
    {"no original", FINDS_TIMEMAP,
     "<http://w.org/web/2022/https://e.org/a>;rel=\"memento\";datetime=\"7 Nov 2022\"",
     "https://e.org/a capture=http://w.org/web/2022/https://e.org/a captured=2022-11-07/day\n"},
    {"further timemaps", FINDS_TIMEMAP,
     "<http://e.org/a>;rel=\"original\",<http://w.org/tm/1>;rel=\"self timemap\",\n"
     "</tm/2>;rel=\"timemap\";from=\"Tue, 13 Sep 2022 02:15:30 GMT\";"
     "until=\"Mon, 07 Nov 2022 12:00:00 GMT\"",
     "list https://e.org/tm/2 about=2022-09-13T02:15:30Z/second until=2022-11-07T12:00:00Z/second\n"},
    {"bad ones", FINDS_TIMEMAP,
     "<http://e.org/a>;rel=\"original\",<mailto:x>;rel=\"memento\";datetime=\"7 Nov 2022\",\n"
     "<http://w.org/1>;rel=\"memento\";datetime=\"yesterday\",<http://w.org/2>;rel=memento;"
     "datetime=\"7 Nov 2022\"",
     "http://e.org/a capture=http://w.org/2 captured=2022-11-07/day\nbad 2\n"},
    {"cut in a date", FINDS_TIMEMAP,
     "<http://e.org/a>;rel=\"original\",<http://w.org/1>;rel=\"memento\";datetime=\"7 Nov 20",
     "cut\n"},
    {"cut before the date", FINDS_TIMEMAP,
     "<http://e.org/a>;rel=\"original\",<http://w.org/1>;rel=\"memento\"", "cut\n"},
    {"a page", FINDS_TIMEMAP, "<!DOCTYPE html><title>x</title>", "invalid"},
    {"another page", FINDS_TIMEMAP, "<div>gone</div>", "invalid"},
    {"nothing", FINDS_TIMEMAP, "", ""},
};
/* clang-format on */

/* ---- WordPress, GDELT ------------------------------------------------------------------------ */

#define POST_A                                                                                    \
    "{\"id\":7,\"date\":\"2022-09-13T10:05:22\",\"date_gmt\":\"2022-09-13T02:05:22\","            \
    "\"modified_gmt\":\"2022-09-14T00:00:00\",\"link\":\"https:\\/\\/e.org\\/a\\/\",\"title\":"   \
    "{\"rendered\":\"Pier&#8217;s &amp; <i>tar</i>\"},\"content\":{\"rendered\":\"<p>Tar \\u00e9" \
    ".<\\/p>\\n\",\"protected\":false},\"excerpt\":{\"rendered\":\"<p>T<\\/"                      \
    "p>\"},\"lang\":\"pt_br\"}"
#define SHOWN_POST_A                                                                            \
    "https://e.org/a/ title=Pier\xE2\x80\x99s & tar lang=pt-BR published=2022-09-13T02:05:22Z/" \
    "second modified=2022-09-14T00:00:00Z/second text=<p>Tar \xC3\xA9.</p>\n"

/* clang-format off */
static const struct finds_case api_cases[] = {
    {"posts", FINDS_WORDPRESS, "[" POST_A "," POST_A "]", SHOWN_POST_A SHOWN_POST_A},
    {"no posts", FINDS_WORDPRESS, "[]", ""},
    {"behind warnings", FINDS_WORDPRESS,
     "<br />\n<b>Warning</b>: in_array() [x] in <b>/w/p.php</b><br />\n[" POST_A "]", SHOWN_POST_A},
    {"behind a byte order mark", FINDS_WORDPRESS, "\xEF\xBB\xBF[" POST_A "]", SHOWN_POST_A},
    {"a time of the site names the day", FINDS_WORDPRESS,
     "[{\"link\":\"/b\",\"date\":\"2022-09-13T23:05:22\",\"date_gmt\":\"0000-00-00T00:00:00\","
     "\"title\":\"plain\",\"_embedded\":{\"author\":[{\"name\":\"Ana Silva\"}]}}]",
     "https://e.org/b title=plain by=Ana Silva published=2022-09-13/day\n"},
    {"a time that was never set", FINDS_WORDPRESS,
     "[{\"link\":\"/b\",\"date\":\"2022-09-13\",\"date_gmt\":\"1970-01-01T00:00:00\"}]",
     "https://e.org/b published=2022-09-13/day\n"},
    {"behind the end", FINDS_WORDPRESS,
     "{\"code\":\"rest_post_invalid_page_number\",\"message\":\"The page number requested is "
     "larger than the number of pages available.\",\"data\":{\"status\":400}}",
     "about The page number requested is larger than the number of pages available.\n"},
    {"not for strangers", FINDS_WORDPRESS, "{\"code\":\"rest_login_required\"}",
     "about rest_login_required\n"},
    {"bad posts", FINDS_WORDPRESS, "[null,{\"id\":1},\"x\"," POST_A ",{\"link\":[]}]",
     SHOWN_POST_A "bad 4\n"},
    {"cut", FINDS_WORDPRESS,
     "[" POST_A ",{\"link\":\"https://e.org/b\",\"title\":{\"rendered\":\"x\"},\"con",
     SHOWN_POST_A "cut\n"},
    {"a page", FINDS_WORDPRESS, "<!DOCTYPE html><html><title>Home</title></html>", "invalid"},
    {"articles", FINDS_GDELT,
     "{ \"articles\": [ { \"url\": \"https://e.org/a\", \"url_mobile\": \"\", \"title\": "
     "\"Tar &amp; pier\", \"seendate\": \"20221107T120000Z\", \"socialimage\": \"\", \"domain\": "
     "\"e.org\", \"language\": \"Spanish\", \"sourcecountry\": \"Mexico\" }\n, { \"url\": "
     "\"https://e.org/b\", \"title\": \"b\", \"seendate\": \"2022\", \"language\": \"Klingon\" } ] "
     "}", "https://e.org/a title=Tar & pier from=e.org published=2022-11-07T12:00:00Z/day\n"
     "https://e.org/b title=b published=2022-01-01/year\n"},
    {"titles that are no JSON", FINDS_GDELT,
     "{\"articles\": [{\"url\": \"https://e.org/a\", \"title\": \"a \\' \"b\" \x01 c\", "
     "\"domain\": "
     "\"e.org\"},\n{\"url\": \"https://e.org/b\", \"title\": \"half\n{\"url\": "
     "\"https://e.org/c\"}]}",
     "https://e.org/a title=a ' \"b\" c from=e.org\nhttps://e.org/c\nbad 1\n"},
    {"an odd quote", FINDS_GDELT,
     "{\"articles\": [{\"url\": \"https://e.org/a\", \"title\": \"a 5\" pier\"}, {\"url\": "
     "\"https://e.org/b\"}]}",
     "https://e.org/a title=a 5\" pier\nhttps://e.org/b\n"},
    {"no articles", FINDS_GDELT, "{}", ""},
    {"articles, cut", FINDS_GDELT, "{\"articles\": [{\"url\": \"https://e.org/a\"}, {\"ur",
     "https://e.org/a\ncut\n"},
    {"too many requests", FINDS_GDELT, "Please limit requests to one every 5 seconds.\n",
     "about Please limit requests to one every 5 seconds.\n"},
    {"too short", FINDS_GDELT, "Timespan is too short.\r\n", "about Timespan is too short.\n"},
    {"gdelt, a page", FINDS_GDELT, "<html><h1>502</h1>", "invalid"},
};
/* clang-format on */

/* ---- XML ------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct finds_case xml_cases[] = {
    {"pages", FINDS_SITEMAP,
     "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/a</loc>"
     "<lastmod>2022-09-13T10:05:22+08:00</lastmod><n:news><n:publication><n:name>The E</n:name>"
     "<n:language>en</n:language></n:publication><n:publication_date>2022-09-12"
     "</n:publication_date><n:title>a &amp;amp; b</n:title></n:news></url>"
     "<url><loc>ftp://e.org/b</loc></url></urlset>",
     "https://e.org/a title=a & b lang=en from=The E published=2022-09-12/day"
     " modified=2022-09-13T02:05:22Z/second\nbad 1\n"},
    {"sitemaps", FINDS_SITEMAP,
     "<sitemapindex><sitemap><loc>/2017-01.xml</loc></sitemap><sitemap><loc>/s.xml</loc>"
     "<lastmod>2022-09-13</lastmod></sitemap><sitemap><loc>/sitemap-2022-09.xml</loc>"
     "<lastmod>2022-10-01</lastmod></sitemap><sitemap><loc>/sitemap-2022-11.xml</loc>"
     "<lastmod>2021-10-01</lastmod></sitemap></sitemapindex>",
     "list https://e.org/2017-01.xml about=2017-01-01/month month\n"
     "list https://e.org/s.xml about=2022-09-13/day\n"
     "list https://e.org/sitemap-2022-09.xml about=2022-09-01/month month\n"
     "list https://e.org/sitemap-2022-11.xml about=2021-10-01/day\n"},
    {"addresses", FINDS_SITEMAP, "http://e.org/a\r\nhttps://e.org/b\n",
     "http://e.org/a\nhttps://e.org/b\n"},
    {"sitemap, cut in an address", FINDS_SITEMAP,
     "<?xml version='1.0'?><urlset><url><loc>http://e.org/a</loc></url><url><loc>http://e.org/bc",
     "http://e.org/a\ncut\n"},
    {"sitemap, cut in the first", FINDS_SITEMAP, "<urlset><url><loc>http://e.or", "cut\n"},
    {"sitemap, empty", FINDS_SITEMAP, "<urlset/>", ""},
    {"sitemap, a feed", FINDS_SITEMAP,
     "<rss><channel><title>E</title><item><title>t</title><link>http://e.org/a</link></item>"
     "</channel></rss>", "http://e.org/a title=t from=E\n"},
    {"sitemap, a page", FINDS_SITEMAP, "<html><title>404</title></html>", "invalid"},
    {"sitemap, nothing", FINDS_SITEMAP, "", "invalid"},
    {"an archive", FINDS_FEED,
     "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>E</title>"
     "<link rel='next' href='/feed?3'/><link rel='prev-archive' href='/feed?2'/>"
     "<entry><title>t</title><link href='/a'/><author><name>Ana</name></author>"
     "<published>2022-09-13T02:05:22Z</published><updated>2022-09-14T00:00:00Z</updated>"
     "<content type='html'>&lt;p&gt;x&lt;/p&gt;</content></entry></feed>",
     "https://e.org/a title=t by=Ana lang=en from=E published=2022-09-13T02:05:22Z/second"
     " modified=2022-09-14T00:00:00Z/second\nnext https://e.org/feed?2\n"},
    {"a complete feed", FINDS_FEED,
     "<rss xmlns:fh='http://purl.org/syndication/history/1.0'><channel><fh:complete/>"
     "<item><link>http://e.org/a</link></item></channel></rss>", "http://e.org/a\ncomplete\n"},
    {"a feed that is its own next", FINDS_FEED,
     "<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><a:link rel='next' href='" BASE "'/>"
     "<item><link>http://e.org/a</link></item></channel></rss>", "http://e.org/a\n"},
    {"JSON Feed", FINDS_FEED,
     "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"E\",\"next_url\":\"/2\","
     "\"items\":[{\"id\":\"1\",\"url\":\"/a\"},{\"id\":\"2\",\"url\":\"/b\"}]}",
     "https://e.org/a from=E\nhttps://e.org/b from=E\nnext https://e.org/2\n"},
    {"JSON Feed, cut", FINDS_FEED,
     "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"url\":\"/a\"},"
     "{\"id\":\"2\",\"url\":\"/bcd", "https://e.org/a\ncut\n"},
    {"feed, cut", FINDS_FEED,
     "<rss><channel><item><link>http://e.org/a</link></item><item><link>http://e.org/b</link>",
     "http://e.org/a\ncut\n"},
    {"a day", FINDS_MEDIACLOUD,
     "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0'><channel><title>MC</title>\n"
     "<item><link>https://e.org/a?x=1&amp;y</link><pubDate>Tue, 13 Sep 2022 02:05:22 GMT</pubDate>"
     "<domain>e.org</domain><title>Tar \x02 &bogus; &amp;amp; pier &#x1F;</title>"
     "<source url=\"https://e.org/feed?a&amp;b\" mcFeedId=\"1\" mcSourceId=\"2\">E</source>"
     "<guid>https://e.org/g</guid></item>\n<item><title>no address</title></item>\n"
     "<item><link>https://e.org/b</link><title></title><pubDate>soon</pubDate></item>"
     "</channel></rss>",
     "https://e.org/a?x=1&y title=Tar &bogus; & pier from=e.org feed=https://e.org/feed?a&b"
     " published=2022-09-13T02:05:22Z/second\nhttps://e.org/b\nbad 1\n"},
    {"a day with crossed tags", FINDS_MEDIACLOUD,
     "<rss><channel><item><link>https://e.org/a</link><title><b>x</title></b></item>"
     "<item><link>https://e.org/b</link></item></channel></rss>",
     "https://e.org/a\nhttps://e.org/b\n"},
    {"a day with a tag in a title", FINDS_MEDIACLOUD,
     "<rss><channel><item><link>https://e.org/a</link><title>x <y</title></item><item><link>"
     "https://e.org/b</link><title>a<b</title></item><item><link>https://e.org/c</link></item>"
     "</channel></rss>",
     "https://e.org/a title=x <y\nhttps://e.org/b title=a<b\nhttps://e.org/c\n"},
    {"a day, cut", FINDS_MEDIACLOUD,
     "<rss><channel><item><link>https://e.org/a</link></item><item><link>https://e.org/b</link><ti",
     "https://e.org/a\ncut\n"},
    {"an empty day", FINDS_MEDIACLOUD, "<rss version='2.0'><channel></channel></rss>", ""},
    {"no day", FINDS_MEDIACLOUD, "<Error><Code>NoSuchKey</Code></Error>", "invalid"},
};
/* clang-format on */

static void check(const struct finds_case *c)
{
    struct arena arena;
    struct buf shown;
    struct finds f;
    struct ww_error err = {0};
    enum ww_status status;

    arena_init(&arena, (size_t)4 * 1024 * 1024);
    buf_init(&shown, (size_t)1024 * 1024);
    status = finds_read(c->format, slice_from(c->text), SLICE(BASE), &arena, &f, &err);
    if (status == WW_OK)
        show_finds(&shown, &f);
    else
        buf_add_string(&shown, status == WW_INVALID ? "invalid" : ww_status_name(status));
    if (!slice_equal(buf_slice(&shown), slice_from(c->expected)))
        fail_msg("%s: %s\n%.*s", c->name, err.message, SLICE_ARG(buf_slice(&shown)));
    if (status == WW_INVALID && err.message[0] == '\0')
        fail_msg("%s: no reason", c->name);
    buf_release(&shown);
    arena_release(&arena);
}

static void check_all(const struct finds_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check(&cases[i]);
}

static void test_answers(void **state)
{
    WW_UNUSED(state);
    check_all(cdx_cases, WW_COUNT(cdx_cases));
    check_all(line_cases, WW_COUNT(line_cases));
    check_all(timemap_cases, WW_COUNT(timemap_cases));
    check_all(api_cases, WW_COUNT(api_cases));
    check_all(xml_cases, WW_COUNT(xml_cases));
}

static void test_names(void **state)
{
    enum finds_format format = FINDS_FORMAT_COUNT;

    WW_UNUSED(state);
    for (unsigned i = 0; i < FINDS_FORMAT_COUNT; i++) {
        assert_true(
            finds_format_parse(slice_from(finds_format_name((enum finds_format)i)), &format));
        assert_int_equal(format, i);
    }
    assert_false(finds_format_parse(SLICE("cd"), &format));
    assert_string_equal(finds_format_name(FINDS_FORMAT_COUNT), "");
}

/* ---- cut anywhere ---------------------------------------------------------------------------- */

/* What the first n bytes of a case say, its rows and lists alone. */
static size_t rows_of(const struct finds_case *c, size_t n, struct buf *shown)
{
    struct arena arena;
    struct finds f;
    size_t n_rows = 0;

    buf_reset(shown);
    arena_init(&arena, (size_t)4 * 1024 * 1024);
    if (finds_read(c->format, slice_of(c->text, n), SLICE(BASE), &arena, &f, NULL) == WW_OK) {
        n_rows = f.n_rows + f.n_lists;
        f = (struct finds){.rows = f.rows,
                           .n_rows = f.n_rows,
                           .lists = f.lists,
                           .n_lists = f.n_lists,
                           .n_pages = -1};
        show_finds(shown, &f);
    }
    arena_release(&arena);
    return n_rows;
}

/* An answer that breaks off holds the first of its rows, and those as they are. */
static void check_cuts(const struct finds_case *c)
{
    const size_t len = strlen(c->text);
    struct buf whole, part;
    size_t n_before = 0;

    buf_init(&whole, (size_t)1024 * 1024);
    buf_init(&part, (size_t)1024 * 1024);
    (void)rows_of(c, len, &whole);
    for (size_t n = 0; n <= len; n++) {
        size_t n_rows = rows_of(c, n, &part);

        if (!slice_starts(buf_slice(&whole), buf_slice(&part)))
            fail_msg("%s, %zu bytes: %.*s", c->name, n, SLICE_ARG(buf_slice(&part)));
        if (n_rows < n_before)
            fail_msg("%s, %zu bytes: %zu rows after %zu", c->name, n, n_rows, n_before);
        n_before = n_rows;
    }
    buf_release(&whole);
    buf_release(&part);
}

static void test_cuts(void **state)
{
    static const struct finds_case cases[] = {
        {"cdx",   FINDS_CDX,       CDX_NAMES CDX_A ",\n" CDX_B ",\n" CDX_A ",\n[],\n[\"k\"]]", NULL},
        {"lines", FINDS_CDX_LINES, LINE_A "\n" LINE_A "\n" LINE_A "\n",                        NULL},
        {"posts", FINDS_WORDPRESS, "[" POST_A ",\n" POST_A "]",                                NULL},
    };

    WW_UNUSED(state);
    check_all(cases, 0);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        check_cuts(&cases[i]);
    check_cuts(&timemap_cases[0]);
    check_cuts(&line_cases[10]);
    for (size_t i = 0; i < WW_COUNT(api_cases); i++)
        if (strcmp(api_cases[i].name, "articles") == 0)
            check_cuts(&api_cases[i]);
    check_cuts(&xml_cases[0]);
    check_cuts(&xml_cases[1]);
    for (size_t i = 0; i < WW_COUNT(xml_cases); i++)
        if (strcmp(xml_cases[i].name, "a day") == 0)
            check_cuts(&xml_cases[i]);
}

/* Every byte of every answer replaced, every allocation failing once. */
static void test_damage_and_no_memory(void **state)
{
    static const char bytes[] = {'\0', '"', '[', '{', '}', '\\', '<', '\xFF', '9'};
    const struct finds_case *cases[] = {&cdx_cases[2], &line_cases[0], &timemap_cases[0],
                                        &api_cases[0], &xml_cases[0]};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char text[4096];
        const size_t len = strlen(cases[i]->text);
        enum ww_status status = WW_NOMEM;

        assert_true(len < sizeof(text));
        for (size_t n = 0; n < len * WW_COUNT(bytes); n++) {
            struct arena arena;
            struct finds f;

            memcpy(text, cases[i]->text, len);
            text[n / WW_COUNT(bytes)] = bytes[n % WW_COUNT(bytes)];
            arena_init(&arena, (size_t)1024 * 1024);
            (void)finds_read(cases[i]->format, slice_of(text, len), SLICE(BASE), &arena, &f, NULL);
            arena_release(&arena);
        }
        for (long fail = 1; status != WW_OK && fail < 200; fail++) {
            struct arena arena;
            struct finds f;

            arena_init(&arena, (size_t)1024 * 1024);
            mem_fail_after(fail);
            status = finds_read(cases[i]->format, slice_from(cases[i]->text), SLICE(BASE), &arena,
                                &f, NULL);
            mem_fail_after(0);
            assert_true(status == WW_OK || status == WW_NOMEM);
            arena_release(&arena);
        }
        assert_int_equal(status, WW_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_damage_and_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

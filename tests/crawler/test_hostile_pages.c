/*
 * test_hostile_pages.c - pages made to take all of a parser's time or memory: each is answered, by
 * an article or in words, and no worker has to be stopped for it. A worker is stopped after a
 * second of its processor time, or at its memory, so that this needs no clock of its own.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "crawler/workers.h"
#include "extractors/article.h"
#include "tests/support/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* head, n times unit with its number for each '@', tail. */
struct shape {
    const char *name, *unit;
    unsigned n;
    const char *head, *tail;
};

/*
 * All of it takes half a minute of processor time, and the costliest nearly the second that a
 * worker has: a slower machine has to answer them too. The soak asks for all of it.
 */
#define SHARE 10

#define PROSE                                                                                   \
    "<h1>The quay is closed</h1><p>The quay was closed on Tuesday, and nobody had told the "    \
    "boatmen of it before, who stood there in the rain.</p><p>A second hearing follows in the " \
    "hall, the mayor said on Monday, and the harbour master will be heard there.</p>"

#define ARTICLE "<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"x\","

/* clang-format off */
/* In front of the prose, */
static const struct shape before[] = {
    {"div in div", "<div>", 400000, NULL, NULL},
    {"closed ones too", "<div><p>x</p>", 100000, NULL, NULL},
    {"a and eight div", "<a><div><div><div><div><div><div><div><div>", 40000, NULL, NULL},
    {"span", "<span>", 300000, NULL, NULL},
    {"template", "<template>", 400000, NULL, NULL},
    {"svg", "<svg>", 400000, NULL, NULL},
    {"foreign object", "<svg><foreignObject><div>", 100000, NULL, NULL},
    {"math", "<math><mi><p>x", 100000, NULL, NULL},
    {"tables in tables", "<table><tr><td>x", 100000, NULL, NULL},
    {"tables in tables, closed", "<table><tr><td>x</td>", 100000, NULL, NULL},
    {"select", "<select><option>x</select>", 100000, NULL, NULL},
    {"quotations", "<blockquote>x", 100000, NULL, NULL},
    {"articles in articles", "<article><p>One sentence, and more, of it.</p>", 50000, NULL, NULL},
    {"lists in lists", "<ul><li>x", 100000, NULL, NULL},
    {"b", "<b>", 400000, NULL, NULL},
    {"other b", "<b a=@>", 100000, NULL, NULL},
    {"other b, then p", "<b a=@><p>x", 100000, NULL, NULL},
    {"b, i, p, closed askew", "<b><i><p></b>x</i>", 100000, NULL, NULL},
    {"fonts", "<font color=@><font size=@>x", 100000, NULL, NULL},
    {"nobr", "<nobr>x<p>", 100000, NULL, NULL},
    {"a in p", "<a href=/@>x<p>", 100000, NULL, NULL},
    {"objects", "<object><b>x", 100000, NULL, NULL},
    {"attributes of many tags", "<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0 k l m n o>x", 30000,
     NULL, NULL},
    {"quotes", "<p title='\"' alt=\"'\" x=`>y", 100000, NULL, NULL},
    {"titles", "<title>x</title>", 100000, NULL, NULL},
    {"paragraphs of prose", "<p>The quay was closed on day @, and nobody said so.", 50000,
     NULL, NULL},
    {"the same paragraph", "<p>The quay was closed, and nobody said so to them.", 50000,
     NULL, NULL},
    {"first headings", "<h1>Part @</h1>", 50000, NULL, NULL},
    {"articles", "<article><h1>Part @</h1><p>One sentence of it.</p></article>", 30000, NULL, NULL},
    {"bodies", "<div class=article-body><p>One sentence of it.</p></div>", 30000, NULL, NULL},
    {"pieces apart",
     "<section><div class=article-body><p>One sentence, of it, and more.</p></div></section>", 30000,
     NULL, NULL},
    {"bylines in text", "<p>By Ann Example</p>", 50000, NULL, NULL},
    {"metas", "<meta name=author content='Ann @'>", 100000, NULL, NULL},
    {"metas of dates", "<meta property=article:published_time content=@>", 50000, NULL, NULL},
    {"canonicals", "<link rel=canonical href='/@'>", 50000, NULL, NULL},
};

/* behind it, */
static const struct shape after[] = {
    {"less-than", "<", 2000000, NULL, NULL},
    {"less-than and letters", "<a", 1000000, NULL, NULL},
    {"ends", "</", 1000000, NULL, NULL},
    {"end tags", "</p>", 500000, NULL, NULL},
    {"end tags of b", "</b>", 500000, NULL, NULL},
    {"references in attributes", "<p title='&lt&gt;&#9'>", 80000, NULL, NULL},
    {"comments", "<!---->", 300000, NULL, NULL},
    {"comments never closed", "<!--", 500000, NULL, NULL},
    {"declarations", "<!x>", 500000, NULL, NULL},
    {"doctypes", "<!doctype html>", 100000, NULL, NULL},
    {"CDATA, closed", "<svg><![CDATA[<p>]]>", 100000, NULL, NULL},
    {"white space", " ", 4000000, NULL, NULL},
    {"xmp", "<xmp></xm></xmp>", 100000, NULL, NULL},
    {"scripts", "<script></script>", 100000, NULL, NULL},
    {"script in script", "<script><!--<script>", 100000, NULL, NULL},
    {"plaintext", "<plaintext>", 100000, NULL, NULL},
    {"noscript", "<noscript><p>x</noscript>", 100000, NULL, NULL},
    {"iframes", "<iframe><p></iframe>", 100000, NULL, NULL},
    {"items", "<li>", 200000, NULL, NULL},
    {"items of text", "<li>One item of @", 100000, NULL, NULL},
    {"paragraphs", "<p>x", 200000, NULL, NULL},
    {"line breaks", "x<br>", 200000, NULL, NULL},
    {"double line breaks", "x y, z.<br><br>", 100000, NULL, NULL},
    {"headings", "<h2>Part @</h2>", 50000, NULL, NULL},
    {"sidebars", "<div class=sidebar><p>One sentence of it.</p></div>", 30000, NULL, NULL},
    {"related ones", "<p>Related:<p><a href=/@>One of them</a>", 50000, NULL, NULL},
    {"read more", "<p>Read more: <a href=/@>One of them</a>", 50000, NULL, NULL},
    {"author boxes", "<p>About the author: Ann Example @ writes here.", 50000, NULL, NULL},
    {"figures", "<figure><img><figcaption>One @</figcaption></figure>", 50000, NULL, NULL},
    {"figures in figures", "<figure><figcaption>x", 100000, NULL, NULL},
    {"forms", "<form><label>One @</label></form>", 50000, NULL, NULL},
    {"links", "<a href='/@'>One link</a> ", 100000, NULL, NULL},
    {"links in items", "<li><a href='/@'>One link</a>", 100000, NULL, NULL},
    {"navs", "<nav>One @", 50000, NULL, NULL},
    {"times", "<time datetime=2023-05-@>x</time>", 100000, NULL, NULL},
    {"times without a date", "<time>x @</time>", 100000, NULL, NULL},
    {"dates in text", "<p>On 5 May 2023 or 6.7.2024, 12:@", 50000, NULL, NULL},
    {"dates by name", "<span class=date>x @</span>", 50000, NULL, NULL},
    {"authors", "<a rel=author>Ann Example</a> ", 100000, NULL, NULL},
    {"authors by name", "<span class=author>Ann Example @</span>", 50000, NULL, NULL},
    {"bylines", "<p class=byline>By Ann Example and Bob Example</p>", 50000, NULL, NULL},
    {"properties", "<span itemprop='author name datePublished'>x @</span>", 50000, NULL, NULL},
    {"streamed parts", "<div hidden id=S:@>x</div><template id=B:@></template>", 50000, NULL, NULL},
    {"shadow roots", "<template shadowrootmode=open>x", 50000, NULL, NULL},
    {"many JSON-LD", "<script type=application/ld+json>{\"@type\":\"Article\"}</script>", 20000,
     NULL, NULL},
    {"broken JSON-LD", "<script type=application/ld+json>{\"a\":[1,</script>", 20000, NULL, NULL},
};

/* and around it, or without any. */
static const struct shape around[] = {
    {"text beside cells", "<tr>x<td>y", 100000, "<table>", PROSE},
    {"attributes of one tag", " a@=x", 50000, "<p", ">" PROSE},
    {"one name again and again", " a=x", 400000, "<p", ">" PROSE},
    {"a long tag", "x", 2000000, "<p title='", "'>" PROSE},
    {"a tag that never ends", "<p>x", 500000, PROSE "<p title='", ""},
    {"a class of many words", "share-@ ", 100000, "<div class='", "'>" PROSE},
    {"an id of many words", "x-@-", 100000, "<div id='", "'>" PROSE},
    {"a style of many", "display:none;", 100000, "<div style='", "'>" PROSE},
    {"ampersands", "&", 2000000, PROSE "<p>", ""},
    {"references", "&amp;", 500000, PROSE "<p>", ""},
    {"no references", "&CounterClockwiseContourIntegra", 60000, PROSE "<p>", ""},
    {"numbers", "&#x41", 400000, PROSE "<p>", ""},
    {"a comment's dashes", "-", 2000000, PROSE "<!--", ""},
    {"CDATA", "<![CDATA[", 200000, PROSE "<svg>", ""},
    {"line ends", "\r\n", 1000000, PROSE "<pre>", ""},
    {"one long word", "x", 4000000, PROSE "<p>", ""},
    {"one long line", "by the sea, ", 300000, PROSE "<p>", ""},
    {"CJK without an end", "港", 1000000, PROSE "<p>", ""},
    {"combining marks", "́", 500000, PROSE "<p>a", ""},
    {"commas", ",", 1000000, PROSE "<p>", ""},
    {"textarea", "</textare>", 200000, PROSE "<textarea>", ""},
    {"a huge script", "var a@ = '<p>x</p>';", 200000, PROSE "<script>", ""},
    {"dates in one line", "5 May 2023, ", 100000, PROSE "<p>", ""},
    {"half dates", "May 5, 12.", 100000, PROSE "<p>", ""},
    {"digits", "20230506", 200000, PROSE "<p>", ""},
    {"a byline of many", "Ann Example, ", 50000, "<p class=byline>By ", PROSE},
    {"and and and", "and ", 200000, "<p class=byline>By ", PROSE},
    {"a title of parts", "x | y - ", 50000, "<title>", "</title>" PROSE},
    {"a huge title", "The quay ", 100000, "<title>", "</title>" PROSE},
    {"a huge headline", "The quay ", 100000, "<h1>", "</h1>" PROSE},
    {"JSON-LD in one line", "x y ", 300000,
     PROSE ARTICLE "\"a\":\"",
     "\"}</script>"},
    {"JSON-LD of brackets", "[", 1000000, PROSE "<script type=application/ld+json>", "</script>"},
    {"JSON-LD of objects", "{\"a\":", 200000,
     PROSE "<script type=application/ld+json>",
     "</script>"},
    {"JSON-LD of a graph", "{\"@id\":\"@\",\"@type\":\"Person\",\"name\":\"Ann @\"},", 30000,
     PROSE "<script type=application/ld+json>{\"@graph\":[",
     "{}]}</script>"},
    {"JSON-LD of authors", "{\"@id\":\"#@\"},", 50000,
     PROSE ARTICLE "\"author\":[",
     "{}]}</script>"},
    {"JSON-LD of commas", ",,,,", 200000,
     PROSE "<script type=application/ld+json>{\"a\":1",
     "}</script>"},
    {"JSON-LD of blanks", " \n", 500000, PROSE "<script type=application/ld+json>{", "}</script>"},
    {"JSON-LD of one key", ",\"a\":1", 100000,
     PROSE "<script type=application/ld+json>{\"a\":1",
     "}</script>"},
    {"a body in JSON-LD", "<p>One sentence.</p>", 30000,
     ARTICLE "\"articleBody\":\"",
     "\"}</script>x"},
    {"lines in JSON-LD", "One &amp; one.\\n", 30000,
     ARTICLE "\"articleBody\":\"",
     "\"}</script>x"},
    {"the state of a program", "{\"b\":\"x @\"},", 50000,
     PROSE "<script type=application/json>{\"a\":[",
     "{}]}</script>"},
    {"only navigation", "<nav><a href=/@>One</a></nav>", 50000, "", ""},
    {"only links", "<p><a href=/@>One link of it</a>", 50000, "", ""},
    {"a picture", "\001\002\003\200\377\005", 100000, "\211PNG\r\n\032\n", ""},
    {"a PDF", "0 obj << /Length 5 >> stream\n", 50000, "%PDF-1.4\n", ""},
    {"no encoding", "\377\376\200\303 ", 200000, PROSE "<p>", ""},
    {"another encoding", "\270ہ0\2010", 200000, "<meta charset=gb18030>" PROSE "<p>", ""},
    {"shifts", "\033$B\033(B", 200000, "<meta charset=iso-2022-jp>" PROSE "<p>", ""},
    {"UTF-7", "+ADw-p+AD4-", 100000, "<meta charset=utf-7>" PROSE "<p>", ""},
};
/* clang-format on */

static void make(const struct shape *s, struct buf *page)
{
    const unsigned n = getenv("SOAK") != NULL ? s->n : s->n / SHARE;

    buf_reset(page);
    buf_add_string(page, s->head);
    for (unsigned i = 0; i < n; i++) {
        struct slice rest = slice_from(s->unit), piece;

        (void)slice_next(&rest, '@', &piece);
        buf_add(page, piece);
        while (slice_next(&rest, '@', &piece)) {
            buf_printf(page, "%u", i);
            buf_add(page, piece);
        }
    }
    buf_add_string(page, s->tail);
}

static void ask(struct slice page, struct buf *question)
{
    struct article_hints hints = {.url = SLICE("https://tidings.example/2023/05/06/quay"),
                                  .content_type = SLICE("text/html"),
                                  .now = 1763769600};

    buf_reset(question);
    parse_request_article(question, page, &hints);
    assert_int_equal(buf_finish(question, NULL), WW_OK);
}

static void answer_all(const struct shape *shapes, size_t n, const char *head, const char *tail)
{
    struct buf page, question;

    buf_init(&page, BODY_INFLATED_MAX_BYTES);
    buf_init(&question, REQUEST_MAX_BYTES);
    for (size_t i = 0; i < n; i++) {
        struct shape s = shapes[i];
        struct workers_answer answer = {0};
        struct ww_error err = {0};
        struct arena arena;
        struct article a;
        enum ww_status status;

        s.head = s.head == NULL ? head : s.head;
        s.tail = s.tail == NULL ? tail : s.tail;
        make(&s, &page);
        assert_int_equal(buf_finish(&page, NULL), WW_OK);
        ask(buf_slice(&page), &question);
        arena_init(&arena, DOCUMENT_ARENA_MAX_BYTES);
        assert_int_equal(workers_submit(pool_workers(), 1, buf_slice(&question), NULL), WW_OK);
        assert_int_equal(workers_wait(pool_workers(), -1, &answer, NULL), WW_OK);
        if (answer.worker_died)
            fail_msg("%s: %s", s.name, answer.error.message);
        status = parse_answer_article(answer.record, &arena, &a, &err);
        if (status != WW_OK &&
            ((status != WW_INVALID && status != WW_TOO_BIG) || err.message[0] == '\0'))
            fail_msg("%s: %s, in words: %s", s.name, ww_status_name(status), err.message);
        arena_release(&arena);
    }
    buf_release(&question);
    buf_release(&page);
}

static void no_page_costs_a_worker(void **state)
{
    WW_UNUSED(state);
    answer_all(before, WW_COUNT(before), "", PROSE);
    answer_all(after, WW_COUNT(after), PROSE, "");
    answer_all(around, WW_COUNT(around), "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_page_costs_a_worker),
    };
    int failed;

    if (!pool_start(parse_run, 1))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}

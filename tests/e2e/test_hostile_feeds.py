"""XML and feeds: numbers 39 to 60 of design/reliability.md, part C. hostile.py says how a case is
written. The runs are at 0, 2 d and 4 d."""

import random

import hostile
from hostile import DAY, answer, case, item, page, rss

LATE_S = DAY + 3600  # dates further ahead than this are mistakes
GOOD = item("/a", guid="a") + item("/b", guid="b")


def secret(host):
    """An address that must not be asked, whatever a document says of it."""
    return f"http://127.0.0.1:{host.world.port}/secret"


def no_word_of(host, words, path="/feed", last=1):
    for e in host.entries(path, last):
        text = " ".join(str(v) for v in e.values())
        host.check(words not in text, f"{words!r} stands in an entry")


def plain_case(number, what, expected, *documents, n=2, message=None):
    """Documents that all have to be read, with so many entries of ids a, b ..."""
    @case(number, what, expected)
    def story(host):
        for last, document in enumerate(documents, 1):
            host.feed("/feed", document if isinstance(document, bytes) and
                      document.startswith(b"HTTP/") else answer(document), last=last)
        yield
        for last in range(1, len(documents) + 1):
            host.check_read(n, last=last, message=message)
            ids = {e["guid"] for e in host.entries(last=last)}
            host.check(ids == set("abcdef"[:n]), f"document {last}: ids {ids}")


# ---- 39 to 42: entities and what lies outside ----------------------------------------------------

@case(39, "billion laughs", "nothing expanded, the feed read")
def laughs(host):
    names = ["lol"] + [f"lol{i}" for i in range(1, 10)]
    bomb = '<!DOCTYPE rss [<!ENTITY lol "lol">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:])) + "]>"
    host.feed("/feed", answer(rss(item("/a", guid="a", title="&lol9;"), item("/b", guid="b"), head=bomb)))
    host.feed("/deep", answer(rss(item("/a", guid="a"), head=bomb, title="&lol9;")))
    yield
    host.check_read(2)
    no_word_of(host, "lollollol")
    host.check_read(1, "/deep")


@case(40, "quadratic blow-up", "bounded, the feed read")
def quadratic(host):
    bomb = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100000}">]>'
    host.feed("/feed", answer(rss(item("/a", guid="a", title="&a;" * 50000), item("/b", guid="b"),
                                  head=bomb)))
    yield
    host.check_read(2)
    host.check(all(len(e["title"]) <= 4096 for e in host.entries()), "a title is huge")


@case(41, "external entities: file, http", "not read, not asked, the feed read")
def external(host):
    (host.world.folder / "secret.txt").write_text("the-words-of-a-file")
    path = host.world.folder / "secret.txt"
    for last, target in enumerate([f"file://{path}", str(path), secret(host)], 1):
        head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{target}"><!ENTITY y PUBLIC "p" "{target}">]>'
        host.feed("/feed", answer(rss(item("/a", guid="a", title="x&x;&y;",
                                           extra="<description>&x;</description>"),
                                      item("/b", guid="b"), head=head)), last=last)
    yield
    for last in (1, 2, 3):
        host.check_read(2, last=last)
        no_word_of(host, "the-words-of-a-file", last=last)


@case(42, "parameter entity, external DTD, XInclude, stylesheet", "not asked, the feed read")
def outside(host):
    to = secret(host)
    heads = [f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{to}"> %p;]>', f'<!DOCTYPE rss SYSTEM "{to}">',
             f'<!DOCTYPE rss PUBLIC "-//x//EN" "{to}" [<!ENTITY % q "%p;">%q;]>',
             f'<?xml-stylesheet type="text/xsl" href="{to}"?>']
    for last, head in enumerate(heads, 1):
        host.feed("/feed", answer(rss(GOOD, head=head)), last=last)
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{to}" parse="text"/>'
    host.feed("/feed", answer(rss(include, GOOD, item(include, guid="c"))), last=5)
    yield
    for last in range(1, 5):
        host.check_read(2, last=last)
    host.check_read(3, last=5)


# ---- 43 to 47: sizes -----------------------------------------------------------------------------

def sized_case(number, what, *documents):
    """Read, or failed with a word for it; either way within the worker's time and memory."""
    @case(number, what, "within the limits of a worker: read, or an error that says so")
    def story(host):
        for last, document in enumerate(documents, 1):
            host.feed("/feed", answer(document), last=last)
        yield
        for last in range(1, len(documents) + 1):
            row = host.feed_row(last=last)
            if row["n_failures"] == 0:
                host.check({"a", "b"} <= {e["guid"] for e in host.entries(last=last)},
                           f"document {last}: read without its entries")
            else:
                host.check_failed("more than|too|limit|deep|time|memory", last=last)


DEEP = 100000
sized_case(43, "elements 100,000 deep",
           rss("<x>" * DEEP, "</x>" * DEEP, GOOD),
           rss(GOOD, item("/c", extra="<description>" + "<b>" * DEEP + "</description>")),
           rss(GOOD, item("/c", extra="<description>" + "&lt;div&gt;" * DEEP + "</description>")))
sized_case(44, "200,000 attributes on an element",
           rss("<x " + " ".join(f"a{i}='1'" for i in range(200000)) + "/>", GOOD),
           rss("<x " + "a='1' " * 200000 + "/>", GOOD))
sized_case(45, "50,000 namespaces",
           rss("<x " + " ".join(f"xmlns:n{i}='u{i}'" for i in range(50000)) + "/>", GOOD),
           rss(*[f"<n{i}:x xmlns:n{i}='u{i}'/>" for i in range(50000)], GOOD))
sized_case(46, "names of 2 MB",
           rss("<" + "x" * 2000000 + "/>", GOOD), rss(f"<x {'y' * 2000000}='1'/>", GOOD),
           rss(f"<x y='{'z' * 2000000}'/>", GOOD), rss(f"<!--{'-z' * 1000000}-->", GOOD))


@case(47, "15 MB of text", "within the limits of a worker: read, or an error that says so")
def long_text(host):
    words = random.Random(47).choices("lock weir mill quay ferry dyke sluice barge".split(), k=2300000)
    text = " ".join(words)
    host.feed("/feed", answer(rss(GOOD, item("/c", guid="c", extra=f"<description>{text}</description>")),
                              packed=True))
    host.feed("/cut", answer(rss(GOOD, item("/c", guid="c", extra=f"<description>{text}"[:7000000]))))
    yield
    for path in ("/feed", "/cut"):
        row = host.feed_row(path)
        if row["n_failures"] == 0:
            host.check_read(3, path)
        else:
            host.check_failed("too|limit|bytes|time|memory", path)


# ---- 48 to 54: damage ----------------------------------------------------------------------------

@case(48, "cut off", "read as far as it goes, said, its validator not kept")
def cut(host):
    whole = rss(GOOD, item("/c", guid="c"), item("/d", guid="d"))
    for last, at in enumerate([whole.index("<guid isPermaLink='false'>c") + 28, -40, -6], 1):
        host.feed("/feed", answer(whole[:at], headers=['ETag: "cut"']), answer(whole), last=last)
    yield
    for last, n in [(1, 2), (2, 3)]:  # half an entry is none
        host.check_read(n, last=last, message="cut off")
        host.check(host.feed_row(last=last)["etag"] == "", f"{last}: the validator was kept")
    host.check_read(4, last=3)
    yield
    for last in (1, 2, 3):
        host.check_read(4, last=last)


RECOVERED = "malformed"
plain_case(49, "NUL and control characters", "read, and that it was mended is said",
           rss(item("/a", guid="a", title="x\0y\x01\x08z"), item("/b", guid="b")),
           rss("\0", item("/a", guid="a"), "\x0c\x1b[31m", item("/b", guid="b", title="&#0;&#1;")),
           message=RECOVERED)
plain_case(50, "bare ampersands", "read, and that it was mended is said",
           rss(item("/a?x=1&y=2", guid="a", title="Lock & Weir"), item("/b", guid="b", title="&")),
           rss(item("/a", guid="a", title="A&B;C &c; &#; &#x; &1;"), item("/b", guid="b")),
           message=RECOVERED)
plain_case(51, "entities of HTML", "read",
           rss(item("/a", guid="a", title="Caf&eacute;&nbsp;&mdash;"), item("/b", guid="b")))
plain_case(52, "an encoding that is not the declared one", "read",
           rss(item("/a", guid="a", title="Žluťoučký kůň"), item("/b", guid="b"))
           .replace('"1.0"', '"1.0" encoding="iso-8859-1"'),
           rss(item("/a", guid="a", title="水闸旁的新闻"), item("/b", guid="b"))
           .replace('"1.0"', '"1.0" encoding="utf-16"'),
           rss(item("/a", guid="a", title="Überfall am Wehr in München"), item("/b", guid="b"))
           .encode("windows-1252"),
           rss(item("/a", guid="a"), item("/b", guid="b")).replace('"1.0"', '"1.0" encoding="x-no"'),
           answer(rss(item("/a", guid="a", title="河边的消息"), item("/b", guid="b")).encode("gbk"),
                  kind="text/xml; charset=utf-8"))
plain_case(53, "blanks, a mark, words before the declaration", "read",
           "\n \t" + rss(GOOD), "\ufeff\n" + rss(GOOD), "Warning: x in y.php\n" + rss(GOOD),
           "\ufeff\ufeff" + rss(GOOD), "<!-- x -->\n" + rss(GOOD))


@case(54, "HTML instead of a feed", "error that names the page's title")
def html(host):
    host.feed("/feed", answer("<!DOCTYPE html><html><head><title>Log in &amp; wait</title></head>"
                              "<body><p>Hello</p></body></html>", kind="text/html"))
    host.feed("/xml", answer('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
                             "<title>Log in &amp; wait</title></head><body/></html>"))
    yield
    host.check_failed("not a feed.*Log in & wait")
    host.check_failed("not a feed.*Log in & wait", "/xml")


# ---- 55 to 60: many, and who is who --------------------------------------------------------------

@case(55, "60,000 entries; entries without end", "the newest are kept, the rest counted and said")
def many(host):
    def entry(i):
        return f"<item><guid>{i}</guid></item>"
    host.feed("/feed", answer(rss(*[entry(i) for i in range(60000, 0, -1)]), packed=True))
    day = "<pubDate>%02d Nov 2025 %02d:%02d:00 GMT</pubDate>"
    old_first = [f"<item><guid>{i}</guid>{day % (i // 1440 + 1, i // 60 % 24, i % 60)}</item>"
                 for i in range(8000)]
    host.feed("/oldest-first", answer(rss(*old_first), packed=True))

    # Made before anybody asks: what is slow to come is cut off by the clock, and that is another case.
    blocks = [b"".join(b"<item><guid>%d</guid></item>" % i for i in range(first, first + 10000))
              for first in range(0, 100000, 10000)]

    def endless(connection, _):
        connection.sendall(b"HTTP/1.1 200 x\r\nContent-Type: text/xml\r\n\r\n<rss><channel>")
        for i in range(1 << 20):
            connection.sendall(blocks[i % len(blocks)])
    host.feed("/endless", endless)
    yield
    kept = {int(e["guid"]) for e in host.entries()}
    host.check(len(kept) == 5000 and min(kept) == 55001, f"{len(kept)} entries from {min(kept)}")
    host.check("55000 entries more" in host.last_check()["message"], host.last_check()["message"])
    kept = {int(e["guid"]) for e in host.entries("/oldest-first")}
    host.check(len(kept) == 5000 and min(kept) == 3000, f"oldest first: {len(kept)} from {min(kept)}")
    host.check_failed("a body over", "/endless")


def pages(host, *names, last=1):
    for name in names:
        host.on("/" + name, page(name), last=last)


@case(56, "ids that are new at every poll", "each page is asked and stored once")
def renewed(host):
    links = [host.url("/" + n) for n in ("barge", "sluice", "towpath")]
    host.feed("/feed", *[answer(rss(*[item(l, guid=f"{poll}-{l}") for l in links]))
                         for poll in range(3)])
    pages(host, "barge", "sluice", "towpath")
    yield
    yield
    yield
    host.check(len(host.articles()) == 3, f"{len(host.articles())} articles")
    for name in ("barge", "sluice", "towpath"):
        host.check(host.count("/" + name) == 1, f"{name} was asked {host.count('/' + name)} times")


@case(57, "one id for all", "every page is asked and stored")
def one_id(host):
    names = ["anchor", "buoy", "capstan", "davit"]
    host.feed("/feed", answer(rss(*[item(host.url("/" + n), guid="1") for n in names[:2]])),
              answer(rss(*[item(host.url("/" + n), guid="1") for n in names])))
    pages(host, *names)
    yield
    yield
    yield
    stored = sorted(a["url"].rsplit("/", 1)[1] for a in host.articles())
    host.check(stored == names, f"stored: {stored}")


@case(58, "no id, no date", "stored once, dated when it was seen")
def nameless(host):
    host.feed("/feed", answer(rss(item(host.url("/bollard")))), answer(rss(item(host.url("/bollard")))))
    host.feed("/bare", answer(rss("<item><title>Nothing but words</title></item>")))
    pages(host, "bollard")
    yield
    yield
    host.check_read(1)
    host.check_read(1, "/bare")
    host.check(len(host.articles()) == 1, f"{len(host.articles())} articles")
    first = host.entries()[0]
    host.check(first["published_at"] == 0, "a date was made up")
    host.check(first["first_seen_at"] > 0, "not dated by when it was seen")


@case(59, "the id of another feed's entry; rel=canonical of another site", "neither hides the other's")
def stolen(host):
    true = host.url("/regatta", last=2)
    host.feed("/feed", answer(rss(item(host.url("/copycat"), guid=true))))
    host.on("/copycat", page("copycat", head=f'<link rel="canonical" href="{true}">'))
    host.feed("/feed", answer(rss(item(true, guid=true))), last=2)
    host.on("/regatta", page("regatta"), last=2)
    yield
    yield
    host.check(len(host.entries()) == 1 and len(host.entries(last=2)) == 1, "an entry is missing")
    topics = " ".join(a["title"] for a in host.articles())
    host.check("regatta" in topics, f"the true article was suppressed: {topics}")
    host.check(host.count("/regatta", 2) == 1, "its page was not asked")


@case(60, "years 9999, 1970, 2038, a leap second, nonsense", "not ahead of now; when it was seen counts")
def dates(host):
    given = ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
             "Tue, 19 Jan 2038 03:14:08 GMT", "Sat, 31 Dec 2016 23:59:60 GMT", "yesterday evening",
             "0000-00-00", "Mon, 32 Foo 2025 99:99:99 XYZ", "253402300799999", "-1"]
    host.feed("/feed", answer(rss(*[item(host.url(f"/{i}"), guid=str(i),
                                         extra=f"<pubDate>{d}</pubDate>")
                                    for i, d in enumerate(given)])))
    for i, topic in enumerate("oar rudder keel mast sail jib boom cleat tiller".split()):
        host.on(f"/{i}", page(topic))
    yield
    host.check_read(len(given))
    host.check(len(host.articles()) == len(given), f"{len(host.articles())} articles")
    for a in host.articles():
        number = a["url"].rsplit("/", 1)[1]
        at, what = a["published_at"], given[int(number)]
        host.check(0 <= at <= host.world.now + LATE_S, f"{what}: {at}")
        host.check(number not in "02" or at == 0, f"{what}: believed: {at}")
        host.check(number != "3" or at in (0, 1483228799, 1483228800), f"{what}: {at}")
        host.check(a["first_seen_at"] > 0, f"{what}: not dated by when it was seen")


hostile.play("hostile-feeds", [0, 2 * DAY, 4 * DAY])

#!/usr/bin/env python3
"""feed check: what a feed answers now, in words, and nothing of it stored."""
import desk
from desk import check


def row(d, status, *words):
    rows = d.rows_of(status, "feed", "check", *words)
    check(len(rows) == 1, f"feed check {words}: {len(rows)} rows")
    return rows[0] if rows else {}


def answers(d, site):
    url = desk.feed(site)
    d.must("feed", "add", url)
    got = row(d, 0, "f1")
    check((got["outcome"], got["http_status"], got["format"], got["entries"], got["unseen"], got["newest_at"]) ==
          ("ok", 200, "rss2.0", 2, 2, "2026-11-20T07:00:00Z"), f"a feed that is well: {got}")
    said = d.must("feed", "check", "f1")
    for words in ("f1 Northmoor", ": ok", "200 application/rss+xml", "rss2.0, 2 entries, 0 of them with the full text",
                  "2 lead to pages that are not known"):
        check(words in said, f"no word of {words}: {said}")
    check("\u202e" not in said, "a title reached the terminal raw")
    before = d.must("feed", "show", "f1") + str(d.rows("feed", "list"))
    d.must("feed", "check", "f1")
    check(d.must("feed", "show", "f1") + str(d.rows("feed", "list")) == before, "feed check stored something")

    d.must("run", "--only", "crawl")
    check(row(d, 0, "f1")["unseen"] == 0, "entries that are known")
    text = site.pages["/rss"][2]
    for status, words, advice in ((404, "answers 404", "feed discover http://x.example/  may find"), (403, "answers 403", "refuses us"),
                                  (429, "answers 429", ": wait"), (500, "answers 500", "own trouble")):
        site.put("/rss", "", status=status)
        got = row(d, 1, "f1")
        check(words in got["words"] and advice in got["advice"], f"{status}: {got}")
    site.put("/rss", '<title>Moved house</title><link rel=alternate type="application/rss+xml" href="/new">')
    got = row(d, 1, "f1")
    check('("Moved house")' in got["words"] and f"feed set f1 --url {site.root}/new" in got["advice"], f"{got}")
    site.put("/rss", "", status=301, Location="/there")
    site.put("/there", text, "application/rss+xml")
    check("to " + site.root + "/there for good" in d.must("feed", "check", "f1"), "moved for good")
    check(row(d, 0, "f1")["answered_by"] == site.root + "/there", "answered by")
    site.put("/rss", "", status=302, Location="/there")
    check("for now" in d.must("feed", "check", "f1"), "moved for now")
    check(len(site.agents) == 1, f"who asked: {site.agents}")
    d.must("feed", "pause", "f1")
    check("it is paused and not polled" in d.must("feed", "check", "f1"), "a paused feed")
    d.fails(66, "no feed", "feed", "check", "f9")


def conditional(d, site):
    """With validators, as a poll asks; and a host's pause holds for a person too."""
    d.must("feed", "add", site.put("/v", desk.rss("V", [("x", site.root + "/x")]), "application/rss+xml", ETag='"v1"'))
    d.must("run", "--only", "crawl")
    d.must("feed", "check", "f1")
    site.put("/v", "", status=304, ETag='"v1"')
    got = row(d, 0, "f1")
    check((got["outcome"], got["words"]) == ("unchanged", "nothing new since the last poll"), f"304: {got}")
    check("no feed needs a look" in d.call("feed", "check").stderr, "none is bad")
    site.put("/v", "", status=503, **{"Retry-After": "86400"})
    d.call("run", "--only", "crawl", "--now", "2026-11-21T08:00:00Z")
    n = len(site.asked)
    rows = d.rows("feed", "check", "--now", "2026-11-21T09:00:00Z")
    check(len(rows) == 1 and rows[0]["outcome"] == "skipped" and "left alone until 2026-11-22T08:0" in rows[0]["words"],
          f"a host that wants to be left alone: {rows}")
    check(len(site.asked) == n, "it was asked all the same")


def other_sources(d, site):
    """Watched pages and sitemaps are read as what they are; what they showed before is not new."""
    links = "".join(f'<li><a href="/{n}.html">Minutes of meeting {n}</a></li>' for n in range(3))
    d.must("feed", "add", site.put("/reports", f"<title>Reports</title><ul>{links}</ul>"), "--selector", "ul a")
    locs = "".join(f"<url><loc>{site.root}/{n}.html</loc><lastmod>2020-01-0{n}</lastmod></url>" for n in range(1, 6))
    d.must("feed", "add", site.put("/map.xml", f"<urlset>{locs}</urlset>", "text/xml"))
    for n, (form, entries) in {1: ("page", 3), 2: ("sitemap", 5)}.items():
        got = row(d, 0, f"f{n}")
        check((got["format"], got["entries"], got["unseen"]) == (form, entries, entries), f"before the first run: {got}")
    d.must("run", "--only", "crawl")
    check([row(d, 0, "f1")["unseen"], row(d, 0, "f2")["unseen"]] == [0, 0], "what was shown before")


for test in (answers, conditional, other_sources):
    site = desk.Server("127.31.0.4")
    try:
        with desk.Desk() as d:
            test(d, site)
    finally:
        site.close()
desk.finish("feed check: answers in words, validators, pauses")

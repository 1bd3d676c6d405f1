#!/usr/bin/env python3
"""Sources that are no feeds: a page watched through a selector, a sitemap, an index of sitemaps; over days."""
import json
import re

import desk
from desk import check

PIER = "<li><h2><a href='/{0}.html'>{1}</a></h2><time datetime='{2}'></time></li>"
OLD = PIER.format("old", "Minutes of an old meeting", "2025-01-01")


def listing(*rows, name="reports"):
    return (f"<!doctype html><html lang=en><title>Reports of the port</title><nav><a href=/menu>The menu of the page"
            f"</a></nav><ul class={name}>{''.join(rows)}</ul>")


def article(site, name, day):
    site.put(f"/{name}.html", desk.page(f"The {name} papers", desk.BODY + [f"So much for the matter of {name}."],
                                        published=f"{day}T07:00:00Z", url=f"{site.root}/{name}.html"))


def run(d, day):
    d.must("run", "--now", f"2026-11-{day}T09:00:00Z")


def titles(d):
    return {row["title"] for row in d.rows("article", "list")}


def watched(d, site):
    page = site.put("/reports", listing(OLD, PIER.format("fresh", "Minutes of a fresh meeting", "2026-11-19")))
    said = d.fails(64, "column 10", "feed", "add", page, "--selector", ".reports[")
    check("attribute is missing" in said, f"a wrong selector: {said}")
    d.fails(65, "nothing on the page matches", "feed", "add", page, "--selector", ".cards a")
    d.fails(65, "no link in the 1 elements", "feed", "add", page, "--selector", "title")
    d.fails(66, "--selector", "feed", "add", page)
    check(d.rows("feed", "list") == [], "a mistake added a page")

    done = d.call("feed", "add", page, "--selector", ".reports a", "--dry-run")
    for words in ("  page          2  ", "would be added", "2026-11-19  Minutes of a fresh meeting", f"{site.root}/old.html"):
        check(words in done.stderr, f"feed add --dry-run does not say {words}: {done.stderr}")
    check("menu" not in done.stderr and d.rows("feed", "list") == [], f"feed add --dry-run: {done.stderr}")
    desk.engine.number_from(d.db, "feed")
    d.must("feed", "add", page, "--selector", ".reports a", "--country", "IE")
    check(d.rows("feed", "list")[0]["title"] == "Reports of the port", "the title of a page")

    # What is dated to the last days is news on the first day, whatever is new on the others.
    article(site, "fresh", "2026-11-19")
    article(site, "old", "2025-01-01")
    article(site, "late", "2026-11-21")
    run(d, 20)
    check(titles(d) == {"The fresh papers"}, f"after the first day: {titles(d)}")
    site.put("/reports", listing(OLD, PIER.format("late", "Minutes of a late meeting", "2026-11-21")))
    run(d, 21)
    check(titles(d) == {"The fresh papers", "The late papers"}, f"after the second day: {titles(d)}")
    check("/old.html" not in site.asked and "/menu" not in site.asked, "an old page was asked for")

    site.put("/reports", listing(OLD, name="cards"))
    run(d, 22)
    bad = d.rows("feed", "list", "--state", "bad", "--fields", "url,last_error")
    check(len(bad) == 1 and 'the selector ".reports a"' in bad[0]["last_error"], f"a page made anew: {bad}")
    shown = d.must("feed", "show", page)
    for words in ("selector", "was the page made anew?", "feed set f1 --selector"):
        check(words in shown, f"feed show does not say {words}: {shown}")
    d.must("feed", "set", page, "--selector", "auto")
    run(d, 23)
    check(d.rows("feed", "list", "--state", "bad") == [], "a selector that was mended")


def sitemaps(d, site):
    entry = "<url><loc>{0}/{1}.html</loc><lastmod>{2}</lastmod></url>"
    site.put("/map.xml", "<urlset>" + entry.format(site.root, "past", "2025-01-01") +
             entry.format(site.root, "today", "2026-11-23") + "</urlset>", "text/xml")
    site.put("/index.xml", f"<sitemapindex><sitemap><loc>{site.root}/map.xml</loc></sitemap></sitemapindex>", "text/xml")
    article(site, "today", "2026-11-23")
    article(site, "past", "2025-01-01")
    done = d.call("feed", "add", site.root + "/index.xml", "--title", "All of the port")
    check("sitemap-index        1" in done.stderr, f"feed add of an index: {done.stderr}")
    run(d, 24)
    check("The today papers" in titles(d) and "The past papers" not in titles(d), f"a sitemap: {titles(d)}")
    urls = lambda *more: {row["url"] for row in d.rows("feed", "list", *more)}
    check(site.root + "/map.xml" not in urls(), f"a child in the list: {urls()}")
    check(site.root + "/map.xml" in urls("--all"), f"no child in the whole list: {urls('--all')}")
    check("/map.xml" not in d.must("feed", "export"), "a child was exported")


def inspect(d):
    path = d.write("page.html", listing(OLD, PIER.format("b", "Another meeting", "soon")))
    got = json.loads(d.must("inspect", "links", path, "--url", "https://e.org/", "--selector", "ul a"))
    check(got == {"title": "Reports of the port", "language": "en", "links": [
        {"url": "https://e.org/old.html", "title": "Minutes of an old meeting", "published": "2025-01-01T00:00:00Z"},
        {"url": "https://e.org/b.html", "title": "Another meeting", "published": None}]}, f"inspect links: {got}")
    got = json.loads(d.fails(1, "error", "inspect", "links", path, "--url", "https://e.org/", "--selector", "ul >"))
    check(re.search("column 5", got["error"]), f"inspect links with a mistake: {got}")
    got = json.loads(d.must("inspect", "links", path, "--url", "https://e.org/"))
    check(got == {"feeds": []}, f"inspect links without a selector: {got}")


with desk.Desk() as d:
    site = desk.Server("127.31.0.2")
    try:
        watched(d, site)
        sitemaps(d, site)
        inspect(d)
    finally:
        site.close()
desk.finish("watched pages, sitemaps and an index, over five days")

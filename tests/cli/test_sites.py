#!/usr/bin/env python3
"""What a desk learned of a site: listed, shown, cut from what is read next, and forgotten."""
import datetime

import desk
from desk import check

TOPICS = ["tram", "weir", "quarry", "cannery", "school", "orchard"]
LABEL = "Tell the Northmoor newsroom"


def article(site, topic):
    body = [f"The {topic} was the matter of the {topic} committee of Penhallow, and the {topic} had its day in the hall.",
            f"Whoever had come for the {topic} heard about the {topic}, the price of the {topic} and the {topic} of old."]
    path = f"/{topic}.html"
    html = desk.page(f"The {topic} in the hall", body + [LABEL], published="2026-11-20T07:00:00Z",
                     url=site.root + path)
    return site.put(path, html.replace("</title>", " - Northmoor Post</title>", 1))


def read(d, site, topics, hours=0):
    site.put("/rss", desk.rss("News", [(f"The {t} in the hall", article(site, t)) for t in topics]),
             "application/rss+xml")
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    d.must("run", "--only", "crawl", "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ"))


with desk.Desk() as d:
    site = desk.Server("127.31.0.9")
    try:
        host = "127.31.0.9"
        d.must("feed", "add", site.put("/rss", desk.rss("News", []), "application/rss+xml"))
        d.fails(0, "nothing was learned", "site", "list")
        d.fails(66, "nothing was learned of", "site", "show", host)
        read(d, site, TOPICS[:5])
        row = d.rows("site", "list")[0]
        check((row["host"], row["stories"]) == (host, 5), f"site list: {row}")
        check(row["furniture"] == 2, f"a label, and the end of the title: {row}")
        check(d.rows("site", "show", site.root.upper().replace("HTTP", "http") + "/x")[0] == row, "site show ADDRESS")
        check("2 of them cut" in d.must("site", "show", host), "site show for people")
        read(d, site, TOPICS, hours=1)         # when the feed is surely due again
        cut = d.must("article", "text", site.root + "/orchard.html", "--cut")
        check(any(line.split(maxsplit=1) == ["furniture", LABEL] for line in cut.splitlines()),
              f"article text --cut: {cut}")
        check(LABEL not in d.must("article", "text", site.root + "/orchard.html"), "not cut")
        check(LABEL in d.must("article", "text", site.root + "/tram.html"), "what taught has changed")
        d.fails(0, "is forgotten", "site", "forget", host)
        check(d.rows("site", "list") == [], "site forget")
        d.fails(66, "nothing was learned of", "site", "forget", host)
    finally:
        site.close()
desk.finish("a site that is learned, cut and forgotten")

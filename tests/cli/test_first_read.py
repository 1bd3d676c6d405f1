#!/usr/bin/env python3
"""What a feed held before we knew it is history; what comes after is news, once, whatever its ids do."""
import datetime

import desk
from desk import check

WORDS = ["anchor", "barge", "crane", "dock", "engine", "ferry", "gull", "harbour", "island", "jetty", "kelp",
         "lantern", "mast", "net", "oar", "pilot", "quay", "rope", "sail", "tide"]


def at(hours):
    """The time so many hours before NOW."""
    return datetime.datetime.fromisoformat(desk.NOW.replace("Z", "+00:00")) - datetime.timedelta(hours=hours)


def article(server, name, n, published=None):
    """A story of its own, on a page that says when, or does not."""
    mine = [WORDS[(n * 7 + i * i) % len(WORDS)] + str(n) for i in range(12)]
    body = [f"Kestrel Pier lost its {mine[0]} on the night when the {mine[1]} of the {mine[2]} went adrift, said "
            f"the keeper of the {mine[3]} who had seen it pass.",
            f"Nobody at the {mine[4]} had asked for a {mine[5]}, and the {mine[6]} was left beside the {mine[7]} "
            f"until the {mine[8]} of the {mine[9]} took it to the {mine[10]} and the {mine[11]}."]
    html = desk.page(f"The {mine[0]} of Kestrel Pier", body, url=server.root + name,
                     published=published.strftime("%Y-%m-%dT%H:%M:%SZ") if published else "")
    return server.put(name, html)


def rss(entries):
    """Entries: address, id, time or None."""
    items = "".join(
        f"<item><title>Story {u[-4:]}</title><link>{u}</link><guid isPermaLink='false'>{g}</guid>"
        + (f"<pubDate>{t.strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate>" if t else "") + "</item>"
        for u, g, t in entries)
    return f'<rss version="2.0"><channel><title>Northmoor Post</title>{items}</channel></rss>'


def put_feed(server, path, entries):
    return server.put(path, rss(entries), "application/rss+xml")


def run(d, day=0):
    first = desk.NOW
    desk.NOW = at(-24 * day).strftime("%Y-%m-%dT%H:%M:%SZ")
    d.must("run")
    desk.NOW = first


def counts(d):
    """Live and historic alerts."""
    return len(d.rows("alert", "list")), len(d.rows("alert", "list", "--historic"))


def letters(d):
    return len(list((d.folder / "mail").glob("*.eml")))


def first_read(d, server):
    entries = [(article(server, "/n/hour", 1), "1", at(1)), (article(server, "/n/day1", 2), "2", at(24)),
               (article(server, "/n/old5", 3), "3", at(5 * 24)), (article(server, "/n/none", 4), "4", None),
               (article(server, "/n/page", 5, at(2)), "5", None),
               (article(server, "/n/lies", 6, at(9 * 24)), "6", at(1)),
               (article(server, "/n/old2", 7), "7", at(20 * 24))]
    d.must("feed", "add", put_feed(server, "/rss", entries))
    run(d)
    check(counts(d) == (3, 4), f"first reading: {counts(d)} alerts, not 3 live and 4 historic")
    check(letters(d) == 1, f"first reading: {letters(d)} letters")

    # All ids new: nothing happens. One entry more without any date: that is news now.
    renewed = [(u, "urn:" + g, t) for u, g, t in entries]
    put_feed(server, "/rss", renewed)
    run(d, 1)
    check(counts(d) == (3, 4), f"renewed ids: {counts(d)} alerts")
    put_feed(server, "/rss", [(article(server, "/n/late", 8), "8", None)] + renewed)
    run(d, 2)
    check(counts(d) == (4, 4), f"an undated entry of a known feed: {counts(d)} alerts")
    check(letters(d) == 2, f"an undated entry of a known feed: {letters(d)} letters")
    # What is news is looked at again (LOOKING AGAIN in the manual), history is not.
    check(all(server.asked.count(f"/n/{n}") == 1 for n in ("old5", "none", "lies", "late")), f"asked: {server.asked}")


def atom(d, server):
    """Entries that only say when they were changed."""
    before = counts(d)
    items = "".join(f"<entry><id>{n}</id><title>Story {n}</title><link href='{article(server, f'/u/{n}', n)}'/>"
                    f"<updated>{t.strftime('%Y-%m-%dT%H:%M:%SZ')}</updated></entry>"
                    for n, t in ((41, at(1)), (42, at(5 * 24)), (43, at(-400 * 24))))
    d.must("feed", "add", server.put("/atom", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title>{items}'
                                     "</feed>", "application/atom+xml"))
    run(d)
    check(counts(d) == (before[0] + 1, before[1] + 2), f"updated alone: {before}, then {counts(d)}")


def copies(d, server, other):
    """A new feed's undated copy does not make the news of a known one history, nor the same page."""
    before = counts(d)
    d.must("feed", "add", put_feed(other, "/rss", [(article(other, "/c/copy", 21), "1", None),
                                                   (article(other, "/c/same", 22), "2", None),
                                                   (article(other, "/c/mine", 23), "3", None)]))
    put_feed(server, "/rss", [(article(server, "/n/orig", 21), "21", None)])
    run(d, 3)
    check(counts(d) == (before[0] + 1, before[1] + 2), f"a copy in the same run: {before}, then {counts(d)}")
    put_feed(server, "/rss", [(other.root + "/c/same", "22", None)])
    run(d, 4)
    check(counts(d) == (before[0] + 2, before[1] + 1), f"the same page announced: {before}, then {counts(d)}")
    put_feed(server, "/rss", [(article(server, "/n/cop3", 23), "23", None)])
    run(d, 5)
    check(counts(d) == (before[0] + 3, before[1]), f"a copy days later: {before}, then {counts(d)}")
    check(letters(d) == 5, f"each was mailed once: {letters(d)} letters")
    run(d, 6)
    check(letters(d) == 5, f"and once alone: {letters(d)} letters")


def all_news(server):
    with desk.Desk(desk.CONFIG.replace("[mail]", "first-read = 0s\n[mail]")) as d:
        d.must("feed", "add", put_feed(server, "/all", [(article(server, "/a/none", 31), "1", None),
                                                        (article(server, "/a/old5", 32), "2", at(5 * 24)),
                                                        (article(server, "/a/old2", 33), "3", at(20 * 24))]))
        run(d)
        check(counts(d) == (2, 1), f"first-read = 0s: {counts(d)} alerts")


def backfilled(server):
    """What a backfill read before a known feed announced it: news, if it was of those days when it was read."""
    with desk.Desk() as d:
        put_feed(server, "/late", [])
        d.must("feed", "add", server.root + "/late")
        run(d)
        pages = [article(server, "/b/new", 51, at(1)), article(server, "/b/old5", 52, at(5 * 24)),
                 article(server, "/b/old2", 53, at(800 * 24))]
        server.put("/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {server.root}/map.xml\n", "text/plain")
        server.put("/map.xml", '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
                   + "".join(f"<url><loc>{u}</loc></url>" for u in pages + [server.root + "/b/lost"]) + "</urlset>", "application/xml")
        d.must("backfill", "sitemap", server.root)
        check(counts(d) == (0, 3), f"a backfill: {counts(d)} alerts")
        d.must("feed", "add", put_feed(server, "/added", [(u, u, None) for u in pages]))
        run(d)
        check(counts(d) == (0, 3), f"a first reading of what was backfilled: {counts(d)} alerts")
        put_feed(server, "/late", [(u, u, at(0)) for u in pages])
        run(d)
        check(counts(d) == (1, 2), f"announced after a backfill: {counts(d)} alerts")
        run(d, 1)
        check(letters(d) == 1, f"announced after a backfill: {letters(d)} letters")
        check(all(server.asked.count(f"/b/{n}") == 1 for n in ("old5", "old2")), f"asked: {server.asked}")
        put_feed(server, "/late", [(article(server, "/b/lost", 54), "lost", at(0))])
        run(d, 2)
        check(counts(d) == (2, 2), f"announced after a backfill could not have it: {counts(d)} alerts")


def main():
    server, other = desk.Server("127.31.0.8"), desk.Server("127.31.0.9")
    with desk.Desk() as d:
        first_read(d, server)
        copies(d, server, other)
    with desk.Desk() as d:
        atom(d, server)
    all_news(server)
    backfilled(server)
    server.close()
    other.close()
    desk.finish("first reading: history; after it: news, once")


main()

#!/usr/bin/env python3
"""What a person says of a feed while a run asks for it: it stands, and what came is stored only if it is still wanted."""
import desk
from desk import check


def row(d):
    return desk.engine.rows(d.db, "SELECT state, url, title, language, country, tags, note, health, claimed_by"
                                  " FROM feed WHERE id = 1")[0]


def count(d, table):
    return desk.engine.rows(d.db, f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]


def asked_while(server, words, status=200):
    """The desk after a run during whose request for its feed, which nobody has named, a command is given."""
    d = desk.Desk()
    url = desk.feed(server)
    if status != 200:
        server.put("/rss", "gone", "text/plain", status)
    desk.engine.number_from(d.db, "feed")
    d.must("feed", "import", d.write("f.opml", f'<opml version="2.0"><body><outline type="rss" xmlUrl="{url}"/></body></opml>'))
    server.meanwhile["/rss"] = lambda: d.must("feed", *words)
    d.must("run")
    check("/rss" not in server.meanwhile, "the feed was not asked")
    return d


def settings(server):
    with asked_while(server, ("set", "f1", "--country", "IE", "--tags", "daily", "--note", "mine")) as d:
        f = row(d)
        check((f["country"], f["tags"], f["note"]) == ("IE", "daily", "mine"), f"feed set, then an answer: {f}")
        check(f["title"] != "" and f["language"] == "en", f"what the feed says of itself: {f}")
        check(count(d, "entry") == 2, f"{count(d, 'entry')} entries")
    with asked_while(server, ("set", "f1", "--title", "Mine", "--language", "ga")) as d:
        check((row(d)["title"], row(d)["language"]) == ("Mine", "ga"), f"names, then an answer: {row(d)}")


def unwanted(server):
    for words, state, status in ((("pause", "f1"), "paused", 200), (("remove", "f1"), "removed", 200),
                                 (("pause", "f1"), "paused", 410), (("remove", "f1"), "removed", 410),
                                 (("remove", "f1"), "removed", 404)):
        with asked_while(server, words, status) as d:
            f = row(d)
            check((f["state"], f["claimed_by"]) == (state, ""), f"{words}, then {status}: {f}")
            found = [count(d, t) for t in ("entry", "article", "alert", "message", "feed_check", "trouble")]
            check(found == [0] * 6, f"{words}, then {status}: {found} entries, articles, alerts, messages, checks, troubles")


def elsewhere(server):
    """What came is of the old address: the new one is due, and of it nothing is known."""
    for status in (200, 404):
        with asked_while(server, ("set", "f1", "--url", server.put("/new", desk.rss("New", []), "application/rss+xml")),
                         status) as d:
            check(row(d)["url"].endswith("/new") and row(d)["health"] == "new", f"another address, then {status}: {row(d)}")
            check(count(d, "entry") == 0, f"another address, then {status}: {count(d, 'entry')} entries of the old one")
            d.must("run")
            check((row(d)["title"], row(d)["health"]) == ("New", "ok"), f"the new address is not asked: {row(d)}")


def main():
    server = desk.Server("127.31.0.13")
    settings(server)
    unwanted(server)
    elsewhere(server)
    server.close()
    desk.finish("said of a feed while it is asked: obeyed")


main()

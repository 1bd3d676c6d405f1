#!/usr/bin/env python3
"""why-not: the first gate that stopped a page, for every stop of its way from "never announced" to "told"."""

import desk
from desk import check

PLACES = """id,type,country,name,names,demonyms,disambiguation,watch
ardmore,city,IE,Ardmore,fr:Ardemore,,reject when followed by Gazette; negative: Oklahoma,station
ie,country,IE,Ireland,,en:Irish,,named-country
"""
STATIONS = desk.STATIONS + """ardmore,Ardmore quay,quay,Ardmore,IE,harbour,,reported,2026,,,Northmoor Post,high,ardmore,city,1,,
wren,Wren Cape,cape,,FR,harbour,,reported,2026,fr:Capelune,,Northmoor Post,high,cape-wren,none,1,,
"""
TERMS = desk.TERMS.replace("weak", "strong") + "en,see also:,boilerplate,line-start,no,\n"
MUTE = ("INSERT INTO mute (story_id, item, outlet, analyst, note, created_at, until, ended_at)"
        " VALUES (?, '', '', '', 'enough of it', 1, 2000000000, 0)")
BUSY = ["The {name} council voted late on Tuesday to close a road for two winters while men renew the drains.",
        "Engineers had warned in spring that the rain of the hills had nowhere to go and would come for the mill."]


def stages(rows):
    return [f"{r['stage']}:{r['reason']}" for r in rows]


def verdict(d, status, *words):
    """The rows of why-not, and the reason of its verdict."""
    rows = d.rows_of(status, "why-not", *words)
    check(rows and rows[-1]["stage"] == "verdict", f"{words}: no verdict: {rows}")
    return rows, rows[-1]["reason"] if rows else ""


def expect(d, status, reason, *words):
    rows, got = verdict(d, status, *words)
    check(got == reason, f"{words}: stopped at {got}, not {reason}: {stages(rows)}")
    if reason != "alerted":
        first = [r for r in rows if r["stop"]][0]
        check(first["reason"] == reason, f"{words}: the first stop is {first['reason']}")
    return rows


def entry(title, url):
    return (title, url)


def news(server, name, title, paragraphs, language="en", published="2026-11-20T07:00:00Z"):
    return server.put(name, desk.page(title, paragraphs, language, published, server.root + name))


def story(server, name, title, text, words):
    """A page of its own story, that says text."""
    return news(server, name, title, [
        f"The {words[0]} of the {words[1]} was {words[2]} for a week, and nobody knew what the {words[3]} would do.",
        text, f"A {words[4]} of {words[5]} and {words[6]} came to see the {words[7]} before the rain washed it away."])


def put_list(d):
    desk.put_watchlist(d.watchlist, STATIONS, TERMS)
    (d.watchlist / "places.csv").write_text(PLACES, encoding="utf-8")


def fill(server):
    """A feed with one page for every way to be stopped."""
    u = {
        "told": story(server, "/n/told", "Pier news", "Kestrel Pier was shut by the mayor of the town on Friday.",
                      ["sand", "bar", "moved", "pilots", "crowd", "boys", "girls", "wreck"]),
        "dateline": story(server, "/n/dateline", "A new pier", "ARDMORE (Wire) - A pier of wood was opened by a band.",
                          ["bell", "chapel", "silent", "vicar", "group", "aunts", "uncles", "choir"]),
        "gazette": story(server, "/n/gazette", "The wall", "A pier was opened, wrote the Ardmore Gazette on its page.",
                         ["goat", "farmer", "lost", "dog", "flock", "sheep", "lambs", "fence"]),
        "elsewhere": story(server, "/n/elsewhere", "The lake", "A pier of Ardmore, in Oklahoma, burnt down to its piles.",
                           ["fish", "pond", "ill", "heron", "party", "anglers", "cooks", "net"]),
        "term": story(server, "/n/term", "The fair", "A fair was held at Ardmore, with a wheel, a tent and a bear.",
                      ["wheel", "showman", "stuck", "bear", "queue", "nurses", "smiths", "tent"]),
        "none": story(server, "/n/none", "The tide", "High water came at four on every day of the quiet week.",
                      ["moon", "almanac", "wrong", "keeper", "club", "printers", "clerks", "clock"]),
    }
    u["place"] = story(server, "/n/place", "A pier", "A pier in Ardmore was opened by the mayor.",
                       ["oak", "wood", "felled", "joiner", "row", "masons", "potters", "saw"])
    copy = desk.page("Pier news again", [p for p in [
        "The sand of the bar was moved for a week, and nobody knew what the pilots would do.",
        "Kestrel Pier was shut by the mayor of the town on Friday.",
        "A crowd of boys and girls came to see the wreck before the rain washed it away."]],
        published="2026-11-20T07:30:00Z", url=server.root + "/n/copy")
    u["copy"] = server.put("/n/copy", copy)
    u["robots"] = server.put("/private/a", "x")
    u["busy"] = other.put("/n/busy", "later", status=503)
    u["late"] = other.put("/n/late", "later")
    u["gone"] = server.put("/n/gone", "none", status=410)
    u["wall"] = server.put("/n/wall", "<html><title>x</title><body></body></html>")
    u["said"] = server.put("/n/said", "none", status=410)
    u["feed"] = put_feed(server, u)
    server.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    return u


def put_feed(server, urls):
    text = desk.rss("Northmoor Post", [(f"Story {k}", v) for k, v in urls.items() if k != "feed"])
    said = "<title>Story said</title>"
    text = text.replace(said, said + "<description>Kestrel Pier is no more, says a leaflet of the town.</description>")
    return server.put("/rss", text, "application/rss+xml")


def never(d, u, server):
    """Nobody has announced it."""
    rows = expect(d, 66, "never-seen", "https://else.example/1")
    check("address:host-unknown" in stages(rows), f"an unknown host: {stages(rows)}")
    rows = expect(d, 66, "never-seen", u["told"] + "x", "--for", "pier-kestrel")
    check(stages(rows)[:3] == ["address:never-seen", "address:near", "announced:not-by"], f"a known host: {stages(rows)}")
    check("did you mean " + u["told"] in rows[1]["text"], f"the nearest address: {rows[1]}")
    check(server.root + "/rss" in rows[2]["text"], f"the feed of the host: {rows[2]}")
    d.fails(66, "no article n999", "why-not", "n999")
    names = {r["id"]: r["names"] for r in d.rows("watch", "list")}
    check(names.get("ie", 0) > 0, f"watch list: a country has names: {names}")
    seen = d.terminal("why-not", u["term"], "--for", "ardmore").splitlines()
    check(max(map(len, seen)) <= 80, f"why-not at 80 columns: {seen}")
    plain = " ".join(d.must("why-not", u["term"], "--for", "ardmore").split())
    check(" ".join(" ".join(seen).split()) == plain, f"why-not breaks a word: {seen}")


def waiting(d, u):
    """Announced and not read."""
    rows = expect(d, 0, "failing", u["busy"])
    stop = [r for r in rows if r["stop"]][0]
    check("503" in stop["text"] and "next try" in stop["text"], f"a server's trouble: {stop}")
    rows = expect(d, 0, "queued", u["late"])
    check("page:host-waits" in stages(rows), f"a host that is left alone: {stages(rows)}")
    rows = expect(d, 0, "failing", u["busy"])
    check(stages(rows)[0] == "announced:feed" and "Story busy" in rows[0]["text"], f"who announced it: {rows[0]}")
    rows = expect(d, 0, "refused", u["robots"], "--for", "pier-kestrel")
    check("robots.txt" in rows[1]["text"], f"robots: {rows[1]}")
    expect(d, 0, "gone", u["gone"], "--for", "pier-kestrel")
    rows = expect(d, 0, "alerted", u["said"], "--for", "pier-kestrel")
    check("page:gone" in stages(rows), f"gone, but its feed has said enough: {stages(rows)}")
    check("only what the feed said" in d.must("why-not", u["said"]), "the feed's words")
    expect(d, 0, "failing", u["wall"])


def gates(d, u):
    """Read and scanned, and each name stopped by its gate."""
    rows = expect(d, 0, "dateline", u["dateline"], "--for", "ardmore")
    name = [r for r in rows if r["stage"] == "name"][0]
    check((name["quote"], name["alias"], name["spelling"]) == ("ARDMORE", "Ardmore", "places.csv:2:4"), f"{name}")
    check(name["sentence"].startswith("ARDMORE (Wire)"), f"the sentence: {name}")
    rows = expect(d, 0, "followed", u["gazette"], "--for", "ardmore")
    check([r["words"] for r in rows if r["stage"] == "name"] == ["Ardmore Gazette"], f"the phrase: {rows}")
    rows = expect(d, 0, "negative", u["elsewhere"], "--for", "ardmore")
    check([r["words"] for r in rows if r["stage"] == "name"] == ["Oklahoma"], f"the other country: {rows}")
    rows = expect(d, 0, "no-term", u["term"], "--for", "ardmore")
    check("a term in its sentence" in rows[-1]["needs"], f"what is needed: {rows[-1]}")
    rows = expect(d, 0, "no-name", u["none"], "--for", "pier-kestrel")
    check('"Kestrel Pier"' in [r for r in rows if r["stop"]][0]["text"], "the spellings")
    expect(d, 0, "no-spelling", u["none"], "--for", "cape-wren")
    said = d.must("why-not", u["gazette"], "--for", "ardmore")
    check('("Ardmore Gazette")' in said and "\u00bbArdmore\u00ab Gazette" in said and "not matched (followed)" in said,
          f"for people: {said}")


def all_items(d, u):
    """Without --for: what came nearest is first."""
    rows = expect(d, 0, "negative", u["elsewhere"])
    check([r["item"] for r in rows if r["stage"] == "name"] == ["ardmore"], f"items: {stages(rows)}")
    expect(d, 0, "no-name", u["none"])
    rows = expect(d, 0, "alerted", u["told"])
    check([r["item"] for r in rows if r["stage"] == "name"][0] == "pier-kestrel", f"items: {rows}")
    d.fails(66, 'did you mean "pier-kestrel"?', "why-not", u["told"], "--for", "pier-kestel")


def rules(d, u):
    """An analyst's own query: what of it is there."""
    (d.watchlist / "rules.csv").write_text('id,name,query\nbear,A bear,"bear AND zeppelin"\n'
                                           'wheel,A wheel,"wheel PRE/1 bear"\ntent,A tent,tent AND fair\n')
    rows = expect(d, 0, "query", u["term"], "--for", "bear")
    check("it lacks zeppelin" in [r for r in rows if r["stop"]][0]["text"], f"a query: {rows}")
    rows = expect(d, 0, "query", u["term"], "--for", "wheel")
    check("it lacks wheel PRE/1 bear" in [r for r in rows if r["stop"]][0]["text"], f"a query: {rows}")
    expect(d, 0, "other-list", u["term"], "--for", "tent")
    rows, _ = verdict(d, 0, u["term"])
    check(any(r["item"] == "tent" and r["reason"] == "other-list" for r in rows), f"among all items: {stages(rows)}")
    (d.watchlist / "rules.csv").unlink()


def told(d, u):
    """It did fire, and in which message; its copy did not."""
    rows = expect(d, 0, "alerted", u["told"], "--for", "pier-kestrel")
    check("alert:raised" in stages(rows) and "delivery:sent" in stages(rows), f"told: {stages(rows)}")
    check("message 1 <" in [r for r in rows if r["stage"] == "delivery"][0]["text"], f"the message: {rows}")
    number = d.rows("article", "list", "--limit", "0")
    told_id = next(a["id"] for a in number if a["url"] == u["told"])
    expect(d, 0, "alerted", f"n{told_id}", "--for", "pier-kestrel")
    rows = expect(d, 0, "story-alerted", u["copy"], "--for", "pier-kestrel")
    check("a1" in [r for r in rows if r["stop"]][0]["text"] and "story:copy" in stages(rows), f"a copy: {rows}")


def explain(d, u):
    """The same facts from the alert's side: what was looked at, who was told, what was not told again."""
    why = d.must("alert", "explain", "a1")
    for words in ("version 1 of", "sentence 2 of 3", "looked at", "by a run: the first of its story on the item",
                  "number 1 of the story to come", "not again", "to desk@example.org, sent"):
        check(words in why, f'alert explain lacks "{words}": {why}')
    d.must("alert", "mark", "a1", "relevant", "--note", "so it was")
    check("relevant, desk" in d.must("alert", "explain", "a1"), "the mark")
    row = d.rows("alert", "explain", "a1")[0]
    check((row["sentence_n"], row["sentences"], row["cause"], row["deliveries"], row["verdict"], row["historic"])
          == (2, 3, "run", "desk:sent", "relevant", None), f"for programs: {row}")
    check(row["looked_at"].startswith("alone:"), f"looked_at: {row['looked_at']}")
    place = next(a for a in d.rows("alert", "list", "--item", "ardmore") if a["url"] == u["place"])
    why = d.must("alert", "explain", place["id"])
    for words in ("dateline: no", "followed: not by Gazette", "negative: not in the article: Oklahoma", "places.csv:2:4",
                  '"pier", 1 word away, in its sentence'):
        check(words in why, f'alert explain of a place lacks "{words}": {why}')


def old_list(d):
    """A version that cannot be parsed any more explains with what was stored."""
    with desk.engine.opened(d.db) as db:
        db.execute("UPDATE watchlist SET content = (SELECT summary FROM entry ORDER BY LENGTH(summary) DESC LIMIT 1)")
    why = d.must("alert", "explain", "a1")
    for words in ("cannot read that version", "looked at", "alias: the name stands for the item alone", "sent 2026"):
        check(words in why, f'without its list alert explain lacks "{words}": {why}')
    check(d.rows("alert", "explain", "a1")[0]["spelling"] is None, "a cell of a list that cannot be read")


def lists(d, u):
    """The list on disk is another than the one that scanned."""
    terms = (d.watchlist / "terms.csv").read_text()
    (d.watchlist / "terms.csv").write_text(terms + "en,fair~,station-term,strong,no,\n")
    rows = expect(d, 0, "other-list", u["term"], "--for", "ardmore")
    check("list:scanned-before" in stages(rows), f"another list: {stages(rows)}")
    (d.watchlist / "stations.csv").write_text(STATIONS.replace("Kestrel Pier|", "Kestrel Mole|"))
    rows, _ = verdict(d, 0, u["told"], "--for", "pier-kestrel")
    check("alert:former-list" in stages(rows), f"found by the list of then: {stages(rows)}")
    (d.watchlist / "stations.csv").write_text(STATIONS.replace("osprey,", '"osprey,'))
    rows, _ = verdict(d, 0, u["told"], "--for", "pier-kestrel")
    check(not any("on disk" in r["text"] for r in rows if r["reason"].startswith("scanned")),
          f"a list that cannot be read is said to be read: {rows}")
    (d.watchlist / "stations.csv").write_text(STATIONS + "ie-1,Hall,hall,,IE,harbour,,reported,2026,Old Hall,,Post,high,ie,country,1,,\n")
    said = d.must("watch", "show", "ie")
    check("country" in said and "hall" in said and "Old Hall" in said, f"an id of a country and a site: {said}")
    d.fails(0, "(country and hall)" if said.index("country") < said.index("hall") else "(hall and country)",
            "alert", "mute", "--item", "ie", "--analyst", "all")
    d.must("alert", "unmute", "1")
    check("list:unreadable" in stages(rows) and "stations.csv:" in [r["text"] for r in rows
          if r["reason"] == "unreadable"][0], f"a broken list: {stages(rows)}")
    put_list(d)


def history(d):
    """What a backfill brings is listed and never mailed."""
    d.must("backfill", "files", desk.history(d))
    rows = expect(d, 0, "historic", "https://evil.example/1", "--for", "light-osprey")
    check("backfill (files)" in [r for r in rows if r["stop"]][0]["text"], f"why historic: {rows}")
    # A file without an address of its own is known by its path; an alert by its number.
    notes = d.folder / "history" / "notes.txt"
    rows = expect(d, 0, "no-name", notes)
    check("read from a file" in d.must("why-not", notes), "a file has no status")
    check("article:read" in stages(rows) and "page:fetched" in stages(rows), f"a file's path: {stages(rows)}")
    check("Tide table" in d.must("article", "show", notes), "article show of a file's path")
    rows = expect(d, 66, "never-seen", d.folder / "history" / "other.txt")
    check(len(rows) == 2 and "backfill files /" in rows[1]["needs"], f"a path nobody has read: {rows}")
    alert = [a for a in d.rows("alert", "list", "--all") if a["url"] == "https://evil.example/1"][0]
    rows = expect(d, 0, "historic", alert["id"], "--for", "light-osprey")
    check(f"alert explain {alert['id']}" in rows[0]["text"], f"why-not of an alert: {rows[0]}")
    d.fails(66, "no alert a999", "why-not", "a999")


def delivery(server):
    """Alerted and not told: each analyst has a reason of his own."""
    config = desk.CONFIG + 'digest = 07:30\n[analyst "night"]\nemail = night@example.org\ndigest = 23:00\n'
    with desk.Desk(config) as d:
        put_list(d)
        (d.watchlist / "stations.csv").write_text(
            STATIONS.replace("in_report,notes", "in_report,owner").replace("none,1,,\nosprey", "none,1,,night\nosprey"))
        u = fill(server)
        d.must("feed", "add", u["feed"])
        d.must("run", "--only", "crawl")
        expect(d, 0, "not-scanned", u["told"], "--for", "pier-kestrel")
        d.must("run", "--only", "alert")
        rows = expect(d, 0, "owner", u["told"], "--for", "pier-kestrel")
        check(stages(rows)[-3:-1] == ["delivery:owner", "delivery:waiting"], f"an owner: {stages(rows)}")
        with desk.engine.opened(d.db) as db:
            alert = db.execute("SELECT id, story_id FROM alert WHERE item = 'pier-kestrel'").fetchone()
            db.execute(MUTE, (alert[1],))
            db.execute("INSERT INTO withheld VALUES ('night', ?, 1, 1795000000)", (alert[0],))
            db.execute("INSERT INTO told VALUES ('desk', ?, 1795000000, 'seen')", (alert[0],))
        rows = expect(d, 0, "marked", u["told"], "--for", "pier-kestrel")
        check(stages(rows)[-3:-1] == ["delivery:marked", "delivery:withheld"], f"a mute: {stages(rows)}")
        check("m1 of story s" in rows[-2]["text"] and "enough of it" in rows[-2]["text"], f"the mute: {rows[-2]}")


def first_reading(server):
    """What a feed held long before it was read; what it holds and is no news."""
    with desk.Desk() as d:
        put_list(d)
        old = server.put("/o/1", desk.page("Old pier", ["Kestrel Pier was built by a ship's carpenter of the island.",
                                                        "It took him the summer, a winter and all of his savings."],
                                           published="2026-11-10T07:00:00Z", url=server.root + "/o/1"))
        text = desk.rss("Weekly", [("Old pier", old)]).replace("20 Nov 2026", "10 Nov 2026").replace("Fri,", "Tue,")
        d.must("feed", "add", server.put("/old", text, "application/rss+xml"))
        d.must("run")
        rows = expect(d, 0, "historic", old, "--for", "pier-kestrel")
        check("first-read" in [r for r in rows if r["stop"]][0]["text"], f"a first reading: {rows}")


def hostile(d, server):
    """Words of strangers are shown, and never run."""
    bad = server.put("/n/bad", desk.page("\x1b[31mPier \u202e\u2066 of Ardmore", [
        "A pier of Ardmore was\x1b[31m opened by \u202e a band of seven, with a drum and two old pipers in their hats.",
        "The band had come by boat, and the boat had come by road, said whoever was asked about it on the day."]))
    d.must("feed", "add", server.put("/bad", desk.rss("Bad", [("Bad \u202e", bad)]), "application/rss+xml"))
    d.must("run")
    for words in (("--for", "ardmore"), ()):
        said = d.must("why-not", bad, *words)
        for raw in desk.RAW:
            check(raw not in said, f"why-not shows {raw!r} raw")
    check(d.csv("why-not", bad)[-1]["stage"] == "verdict", "csv")


server = desk.Server()
other = desk.Server("127.31.0.2")
with desk.Desk() as d:
    put_list(d)
    urls = fill(server)
    d.must("feed", "add", urls["feed"])
    d.must("run")
    never(d, urls, server)
    waiting(d, urls)
    gates(d, urls)
    all_items(d, urls)
    rules(d, urls)
    told(d, urls)
    explain(d, urls)
    lists(d, urls)
    history(d)
    hostile(d, server)
    old_list(d)
delivery(server)
first_reading(server)
server.close()
other.close()
desk.finish("why-not: every stop of a page's way")

#!/usr/bin/env python3
"""backfill on a small site: the plan, titles first, budgets, what cannot be had, wrong use; and files by
relative paths."""
import gzip

import desk
from desk import check
from oldsite import MAP, news, put_site, report


def plans(server):
    put_site(server)
    with desk.Desk() as d:
        for option in ("--plan", "--dry-run"):
            row = d.rows("backfill", "sitemap", server.root, option)[0]
            check((row["found"], row["wanted"], row["requests"], row["is_estimate"]) == (40, 40, 40, False), f"plan: {row}")
        check(news(server) == [], f"a plan asked for pages: {news(server)}")
        check(server.asked.count("/sitemap.xml") == 1, f"a list was asked for again: {server.asked}")
        check([r["state"] for r in d.rows("backfill", "list")] == ["planned"], "a plan is planned")
        text = d.must("backfill", "sitemap", server.root, "--plan")
        check("to be fetched  40" in text and "wirewatch backfill resume 1" in text, f"plan: {text}")
        # Planned, then done by its number; then the same words begin another, which knows it all.
        counts = report(d, "resume", "1")
        check(counts["new", "articles"] == 40 and counts["found", "done"] == 40, f"resume of a plan: {counts}")
        check(counts["new", "mentioning"] == 8, f"what it mentions: {counts}")
        counts = report(d, "sitemap", server.root)
        check(counts["found", "known"] == 40 and len(news(server)) == 40, f"known: {counts}")
        d.fails(66, "is done", "backfill", "resume", "1")
        check("no backfill is open" in d.call("backfill", "resume").stderr, "resume of nothing")


def titles_first(server):
    server.asked.clear()
    # One in a hundred of those that no title speaks for is a sample: of 1,170 there is one.
    others = [f"/news/the-weather-of-another-day/{i}" for i in range(900)]
    put_site(server, 300, ["/news/12345"] + others)
    for path in others:
        server.put(path, desk.page(f"Another day {path[-3:]}", [f"{p} Of {path[-3:]}." for p in desk.BODY], name="Quay",
                                   url=server.root + path))
    with desk.Desk() as d:
        row = d.rows("backfill", "sitemap", server.root, "--match-first", "--plan")[0]
        counts = report(d, "sitemap", server.root, "--match-first", "--no-wait")
        n = len(set(news(server)))
        sample = n - 30 - 1
        check(0 < sample < 40, f"{n} pages were asked for")
        check(row["found"] == 1201, f"plan: {row}")
        check(counts["found", "passed"] == 1201 - n, f"passed over: {counts}")
        check(counts["sample", "pages"] == sample, f"the sample: {counts}, {sample}")
        check(counts["sample", "mentioning"] <= sample, f"the sample: {counts}")
        check("/news/12345" in news(server), "an address that says nothing was passed over")
        every = {r["url"] for r in d.rows("article", "list", "--backfill", "1", "--limit", "0")}
        check(sum("kestrel-pier" in u for u in every) == 30, "a title that speaks was passed over")


def limits(server):
    server.asked.clear()
    put_site(server, 30)
    with desk.Desk() as d:
        done = d.call("backfill", "sitemap", server.root, "--budget", "12")
        check(done.returncode == 3 and "budget" in done.stdout, f"--budget: {done}")
        check(len(server.asked) <= 12 + 8, f"{len(server.asked)} requests for a budget of 12")
        done = d.call("backfill", "sitemap", server.root, "--budget", "500")
        check(done.returncode == 0 and "going on with backfill 1" in done.stderr, f"the same words: {done}")
        check(len(d.rows("article", "list", "--limit", "0")) == 30, "all is there")
        # A list that is not there is a hole, which is said.
        rows = d.rows_of(3, "backfill", "sitemap", server.root + "/nowhere.xml")
        check([r["name"] for r in rows if r["kind"] == "list failed"] == [server.root + "/nowhere.xml"], f"a list that failed: {rows}")
        done = d.call("backfill", "sitemap", server.root + "/nowhere.xml", "-q")
        check(done.returncode == 3 and done.stdout == "" and "wirewatch backfill show 3" in done.stderr, f"-q: {done}")
        done = d.call("backfill", "sitemap", server.root, "-q")
        check((done.returncode, done.stdout, done.stderr) == (0, "", ""), f"-q of what went well: {done}")
        server.put("/busy.xml", "later", "text/plain", 503)
        d.fails(75, "no list could be read yet", "backfill", "sitemap", server.root + "/busy.xml", "--plan")
        d.fails(75, "no list could be read", "backfill", "sitemap", "http://10.0.0.1/map.xml", "--plan")  # not allowed
    # Lists of lists alone: nothing is known, which is not 0 addresses.
    server.put("/index.xml", MAP.replace("urlset", "sitemapindex") + "".join(
        f"<sitemap><loc>{server.root}/part-{i}.xml</loc></sitemap>" for i in range(3)) + "</sitemapindex>", "application/xml")
    with desk.Desk() as d:
        order = ("backfill", "sitemap", server.root + "/index.xml", "--plan", "--budget", "1")
        d.fails(3, "cannot be reckoned yet", *order)
        row = d.rows_of(3, *order)[0]
        check(row["found"] is None and row["lists_left"] > 0, f"a plan that knows nothing: {row}")
        done = d.call("backfill", "resume")
        check(done.returncode == 0 and "wirewatch backfill resume 1 begins it" in done.stderr, f"what is only planned: {done}")
        for status, words, line in ((64, "--rate wants a number", ["--rate", "0"]), (64, "--budget wants a number", ["--budget", "x"]),
                                    (64, "one of them", ["--match-first", "--no-match-first"]),
                                    (64, "unknown option --captures", ["--captures", "both"])):
            d.fails(status, words, "backfill", "sitemap", server.root, *line)
        d.fails(64, "unknown option --match-first", "backfill", "ccnews", "example.org", "--since", "2026-11-17",
                "--match-first")
        d.fails(64, "--since is not before --until", "backfill", "wayback", "example.org", "--since", "2026-02",
                "--until", "2026-01")
        d.fails(64, "--since 2199-01 is in the future", "backfill", "wayback", "example.org", "--since", "2199-01")
        d.fails(64, "--captures is missing, both or only", "backfill", "wayback", "example.org", "--captures", "all")
        d.fails(64, "did you mean backfill sitemap?", "backfill", "sitemp", server.root)
        d.fails(64, "say --since", "backfill", "mediacloud")
        d.fails(64, "usage: wirewatch backfill wordpress", "backfill", "wordpress", "not a host")
        d.fails(64, "is missing", "backfill", "wayback")


def told_to_wait(server):
    """The news crawl's server asks for a long pause: 75 at once, and nobody asks before it is over."""
    path = "/crawl-data/CC-NEWS/2026/11/warc.paths.gz"
    with desk.Desk(desk.CONFIG + f"\n[backfill]\ncommoncrawl-data = {server.root}\n") as d:
        order = ("backfill", "ccnews", "example.org", "--since", "2026-11-17", "--until", "2026-11-18")
        for value, until in (("7200", "T10:00"), ("Fri, 20 Nov 2026 12:30:00 GMT", "T12:30")):
            server.asked.clear()
            server.put(path, "slow", "text/plain", 503, **{"Retry-After": value})
            for words in (order, order + ("--plan",), ("backfill", "resume")):
                d.fails(75, f"its server asks to be left alone until 2026-11-20{until}", *words)
            check(server.asked == [path], f"Retry-After {value}: {server.asked}")
            desk.engine.write(d.db, "UPDATE host SET not_before = 0")
        server.put(path, "", "text/plain")
        done = d.call(*order)
        check(done.returncode == 0, f"when it may be asked again: {done}")


def endless(server):
    """An index that names more lists than are followed: what is left out is said, and a hole."""
    server.put("/far.xml", MAP.replace("urlset", "sitemapindex") + "".join(
        f"<sitemap><loc>{server.root}/further-{i}.xml</loc></sitemap>" for i in range(3)) + "</sitemapindex>", "application/xml")
    with desk.Desk() as d:
        order = ("backfill", "sitemap", server.root + "/far.xml")
        d.call(*order, "--plan", "--budget", "2")
        with desk.engine.opened(d.db) as db:
            columns = "covers_at, depth, cursor, n_tries, not_before, last_status, last_error, n_found, n_bad, n_left, fetched_at"
            db.execute("DELETE FROM backfill_list WHERE url LIKE '%further%'")
            db.execute("UPDATE backfill_list SET state = 'queued' WHERE url LIKE '%far.xml'")
            db.execute(f"INSERT INTO backfill_list (backfill_id, url, format, state, {columns})"
                       " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 59999)"
                       f" SELECT 1, 'http://old.example/' || i, format, 'passed', {columns} FROM backfill_list, n"
                       " WHERE url LIKE '%far.xml'")
        d.fails(3, "leads to 3 lists more", *order)


def files():
    with desk.Desk() as d:
        desk.history(d)
        check("would read 5 files" in d.must("backfill", "files", "history", "--plan"), "--plan of files")
        check(d.rows("backfill", "list") == [], "a plan of files is stored")
        counts = report(d, "files", "history")
        check(counts["documents", "new"] == 5 and counts["new", "alerts"] == 3, f"files: {counts}")
        row = d.rows("backfill", "list")[0]
        check(row["target"] == str(d.folder / "history") and row["state"] == "done", f"the whole path: {row}")
        d.fails(66, "none.html", "backfill", "files", "history", "none.html")
        # A part that cannot be had is said, whatever else went well.
        whole = gzip.compress(desk.page("Of the pier", desk.BODY).encode() * 20)
        (d.folder / "cut.html.gz").write_bytes(whole[:len(whole) // 2])
        done = d.call("backfill", "files", "cut.html.gz", "-q")
        check(done.returncode == 3 and "wirewatch backfill show 2" in done.stderr, f"-q of a damaged file: {done}")
        check("damaged" in d.must("backfill", "show", "2"), "the report of a damaged file")


def feed_by_number(server):
    """FEED is a feed's number or address, as everywhere; the order keeps the address."""
    with desk.Desk() as d:
        d.must("feed", "add", desk.feed(server))
        for word in ("1", "f1"):
            done = d.call("backfill", "feed", word, "--plan", "--budget", "1")
            check(done.returncode in (0, 3), f"backfill feed {word}: {done}")
        targets = {r["target"] for r in d.rows("backfill", "list")}
        check(targets == {server.root + "/rss"}, f"the order: {targets}")
        d.fails(66, 'no feed "f99"', "backfill", "feed", "f99", "--plan")


def main():
    server = desk.Server("127.31.0.9")
    for part in (plans, titles_first, limits, told_to_wait, endless, feed_by_number):
        part(server)
    server.close()
    files()
    desk.finish("backfill: planned, by titles, limited, from files")


main()

#!/usr/bin/env python3
"""feed: add by address, by page, through a redirect; set; import and export; pause, resume, remove."""
import desk
from desk import check


def add(d, site):
    url = desk.feed(site)
    announced = "".join(f'<link rel="alternate" type="application/rss+xml" href="{h}">' for h in ("/rss", "/second"))
    site.put("/", f"<!doctype html><html><head><title>Post</title>{announced}</head><body><p>Hello</p></body></html>")
    site.put("/second", desk.rss("Second", []), "application/rss+xml")
    site.put("/moved", "", status=301, Location="/rss")
    site.put("/loop", "", status=302, Location="/loop")
    site.put("/broken", "", status=503)
    site.put("/secret", "", status=403)
    site.put("/prose", "<!doctype html><title>No feed</title><p>Only words here.</p>")

    done = d.call("feed", "add", site.root + "/", "--dry-run")
    check(done.returncode == 0 and "number 1 is taken: it has entries; --pick N" in done.stderr and site.root + "/second" in done.stderr,
          f"a page with two feeds: {done}")
    check(d.rows("feed", "list") == [], "--dry-run added a feed")
    desk.engine.number_from(d.db, "feed")
    done = d.call("feed", "add", site.root + "/", "--title", "The Post", "--country", "IE", "--language", "ga")
    check("added f1 The Post" in done.stderr and "its country" not in done.stderr, f"feed add of a page: {done.stderr}")
    row = d.rows("feed", "list")[0]
    check((row["url"], row["title"], row["country"], row["language"], row["health"]) ==
          (url, "The Post", "IE", "ga", "new"), f"the feed added: {row}")
    done = d.call("feed", "add", url)
    check(done.returncode == 0 and "known f1" in done.stderr, f"added again: {done.stderr}")
    done = d.call("feed", "add", site.root + "/moved")
    check(done.returncode == 0 and "known f1" in done.stderr, f"through a redirect: {done.stderr}")
    check("\u202e" not in done.stderr and "\x1b" not in done.stderr, "a feed's title reached the terminal raw")

    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    d.fails(66, '("No feed") is no feed and announces none', "feed", "add", site.root + "/prose")
    del site.pages["/robots.txt"]
    d.fails(66, "answers 404", "feed", "add", site.root + "/nothing")
    d.fails(75, "answers 503", "feed", "add", site.root + "/broken")
    d.fails(77, "answers 403", "feed", "add", site.root + "/secret")
    d.fails(77, "redirects", "feed", "add", site.root + "/loop")
    check(site.asked.count("/loop") < 10, f"{site.asked.count('/loop')} requests of a loop")
    d.fails(65, "is no http or https address", "feed", "add", "ftp://example.org/feed")
    d.fails(75, "127.31.0.1 port 1: Connection refused", "feed", "add", "http://127.31.0.1:1/")
    check(len(d.rows("feed", "list")) == 1, "a failed feed add left a feed")


def states(d):
    done = d.call("feed", "pause", "f1")
    check("paused f1 " in done.stderr and "http" not in done.stderr, f"pause does not name the feed: {done.stderr}")
    check([r["health"] for r in d.rows("feed", "list", "--state", "paused")] == ["paused"], "pause")
    check(d.rows("feed", "list", "--state", "active") == [], "a paused feed is active")
    d.must("feed", "resume", "1")
    check(len(d.rows("feed", "list", "--state", "active")) == 1, "resume")
    d.fails(66, 'no feed "99"', "feed", "pause", "1", "99")
    check(d.rows("feed", "list", "--state", "paused") == [], "a failed pause was half done")
    d.must("feed", "remove", d.rows("feed", "list")[0]["url"])
    check([r["health"] for r in d.rows("feed", "list", "--state", "removed")] == ["removed"], "remove")
    d.must("feed", "resume", "f1")
    check("address" in d.must("feed", "show", "f1"), "feed show")
    # One that is active and waits is asked again at once, and its failures are forgotten.
    desk.engine.write(d.db, "UPDATE feed SET next_due_at = 4000000000, n_failures = 3, health = 'retrying'")
    d.must("feed", "resume", "f1")
    f = desk.engine.rows(d.db, "SELECT state, next_due_at, n_failures FROM feed")[0]
    check((f["state"], f["next_due_at"], f["n_failures"]) == ("active", 0, 0), f"resume of one that fails: {f}")
    d.fails(66, "wirewatch feed list shows them", "feed", "show", "https://example.org/none")
    d.fails(64, "--state is bad, new, ok, retrying, failing, stale, gone, paused, removed or active", "feed", "list", "--state", "ill")
    d.fails(64, 'no field "healthy"; did you mean', "feed", "list", "--fields", "healthy")
    d.fails(64, 'no field "outcom"; did you mean outcome?', "feed", "show", "f1", "--fields", "outcom")


def settle(d, site):
    """feed set: what is said of a feed, levelled; and lists by it."""
    url = site.put("/third", desk.rss("Third Tide", []), "application/rss+xml")
    desk.engine.number_from(d.db, "feed", 2)
    d.must("feed", "add", url)
    said = d.call("feed", "set", "f1", "--title", " The  Post ", "--country", "nl", "--language", "ZH_hant_hk",
                  "--tags", "Press Freedom, daily,/Europe,daily", "--tier", "1", "--note", "a\nline",
                  "--folder", "Europe/The Low Countries", "--site", site.root, "--dry-run").stderr
    check("country IE -> NL" in said and "note none -> a line" in said, f"feed set --dry-run: {said}")
    check(d.rows("feed", "list")[0]["country"] == "IE", "feed set --dry-run changed a feed")
    d.must("feed", "set", "f1", "--country", "nl", "--language", "ZH_hant_hk", "--tags",
           "Press Freedom, daily,/Europe,daily", "--tier", "1", "--folder", "Europe/The Low Countries")
    row = d.rows("feed", "list", "--tag", "Daily")[0]
    check((row["country"], row["language"], row["tags"], row["tier"], row["title"]) ==
          ("NL", "zh-Hant-HK", "daily,europe,press-freedom", 1, "The Post"), f"feed set: {row}")
    for words, n in ((["--folder", "Europe"], 1), (["--folder", "Euro"], 0), (["--tier", "1"], 1), (["--tier", "2"], 0),
                     (["--country", "none"], 1), (["--language", "none"], 0), (["--language", "zh-Hant"], 1), (["--language", "zh-Han"], 0), (["--tag", "dail"], 0),
                     (["--tag", "press-freedom", "--country", "nl"], 1), (["--tag", "%"], 0)):
        check(len(d.rows("feed", "list", *words)) == n, f"feed list {words}")
    d.must("feed", "set", "f1", "--tags", "", "--tier", "")
    check(d.rows("feed", "list", "The Post")[0]["tags"] is None, "an empty value does not clear")
    check("nothing to change" in d.call("feed", "set", "f1", "--tier", "").stderr, "feed set of what is so")
    d.fails(64, "set what?", "feed", "set", "f1")
    d.fails(64, "is not two letters", "feed", "set", "f1", "--country", "Ireland")
    d.fails(64, "is no tag", "feed", "set", "f1", "--language", "e--n")
    d.fails(64, "is no tag", "feed", "set", "f1", "--language", "english")
    d.fails(64, "is not 1, 2 or 3", "feed", "set", "f1", "--tier", "4")
    d.fails(64, "is no http or https address: it begins with neither", "feed", "set", "f1", "--url", "post")
    d.fails(64, "of one feed alone", "feed", "set", "f1", "f2", "--url", site.root)
    d.fails(65, "feed remove f1 lets this one go", "feed", "set", "f1", "--url", url)
    d.fails(66, "did you mean f2 Third Tide?", "feed", "set", "Thrid Tide", "--tier", "2")
    d.fails(66, "did you mean f2 Third Tide, f1 The Post?", "feed", "show", "https://127.31.0.1/feed")
    for words in (["set", "f1", "99", "--tier", "3"], ["pause", "f1", "99"], ["resume", "f1", "99"], ["remove", "f1", "99"]):
        said = d.fails(66, 'no feed "99"', "feed", *words)
        check(len(said.strip().splitlines()) == 1, f"said of what was not done: {said}")
    check(d.rows("feed", "list", "--tier", "3") == [], "a failed feed set was half done")
    d.must("feed", "set", "f2", "--url", site.root + "/fourth")
    check(d.rows("feed", "list", "/fourth")[0]["title"] == "Third Tide", "feed set --url")
    d.must("feed", "remove", "f2")


def exchange(d):
    opml = d.write("feeds.opml", """<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
<outline text="Europe"><outline text="Italy">
<outline type="rss" text="Posta &amp; Porto" xmlUrl="https://posta.example/rss?a=1&amp;b=2" language="it" country="IT"/>
</outline></outline>
<outline type="rss" text="=1+1 &quot;quoted&quot;" xmlUrl="https://plain.example/feed"/>
<outline type="rss" text="bad" xmlUrl="javascript:alert(1)"/></body></opml>""")
    plain = d.write("feeds.txt", "# two of them\n\nhttps://one.example/rss The One\nhttps://two.example/rss\n")
    bad = d.write("bad.txt", "https://three.example/rss\nnot an address\n")
    said = d.call("feed", "import", opml, "--dry-run").stderr
    check("nothing done; it would be: 2 new" in said and "1 left out" in said, f"import --dry-run: {said}")
    before = len(d.rows("feed", "list"))
    d.must("feed", "import", opml, plain)
    check(len(d.rows("feed", "list")) == before + 4, "import of two files")
    d.fails(65, f'{bad}:2:1: "not" is no http or https address', "feed", "import", plain, bad)
    check(len(d.rows("feed", "list")) == before + 4, "an import with a bad line was half done")
    d.fails(66, "none.opml", "feed", "import", d.folder / "none.opml")
    d.fails(65, "page.html", "feed", "import", d.write("page.html", "<html><p>no list</p></html>"))
    evil = d.write("evil.txt", "\x1b]0;owned\x07 x\n")
    said = d.fails(65, "is no http or https address", "feed", "import", evil)
    check("\x1b" not in said, "a list's bytes reached the terminal raw")

    out = d.must("feed", "export")
    with desk.Desk() as other:
        again = other.write("export.opml", out)
        other.must("feed", "import", again)
        keys = ("url", "title", "folder", "country", "language")
        # A feed without a title is exported under its address: OPML wants a text.
        pick = lambda rows: sorted(tuple(r[k] or (r["url"] if k == "title" else "") for k in keys) for r in rows)
        mine, theirs = pick(d.rows("feed", "list")), pick(other.rows("feed", "list"))
        check(mine == theirs, f"export and import differ:\n{mine}\n{theirs}")
        check(("https://posta.example/rss?a=1&b=2", "Posta & Porto", "Europe/Italy", "IT", "it") in theirs,
              f"folder, country and language of the OPML: {theirs}")
        second = other.must("feed", "export")
        check(sorted(second.splitlines()) == sorted(out.splitlines()), f"a second export differs: {second}{out}")
    check(len(d.rows("feed", "list", "posta")) == 1, "feed list TEXT")
    check(len(d.rows("feed", "list", "--country", "IT")) == 1, "feed list --country")


with desk.Desk() as d:
    site = desk.Server()
    try:
        add(d, site)
        states(d)
        settle(d, site)
        exchange(d)
    finally:
        site.close()
desk.finish("feed: add, states, import and export")

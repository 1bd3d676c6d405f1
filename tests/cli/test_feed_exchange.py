#!/usr/bin/env python3
"""feed import and export: what other readers write, CSV of any make, and nothing lost on the way."""
import csv
import io
import pathlib
import random
import re

import desk
from desk import check

# As the readers named write their lists; the outlets are invented.
STYLES = {
    "feedly": """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>M subscriptions in feedly Cloud</title></head><body>
<outline text="Press" title="Press">
<outline type="rss" text="Quayside Ledger" title="Quayside Ledger" xmlUrl="https://ledger.example/rss" htmlUrl="https://ledger.example"/>
</outline><outline text="Daily" title="Daily">
<outline type="rss" text="Quayside Ledger" title="Quayside Ledger" xmlUrl="https://ledger.example/rss" htmlUrl="https://ledger.example"/>
</outline></body></opml>""",
    "inoreader": """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Subscriptions from Inoreader [https://www.inoreader.example]</title></head><body>
<outline text="Tidemark &amp; Wire" title="Tidemark &amp; Wire" type="rss" xmlUrl="https://tidemark.example/feed/?a=1&amp;b=2" htmlUrl="https://tidemark.example/"/>
</body></opml>""",
    "newsblur": """<?xml version='1.0' encoding='utf-8'?>
<opml version="1.1"><head><title>NewsBlur Feeds</title><dateCreated>2026-11-20 08:00:00</dateCreated></head><body>
<outline text="Upland" title="Upland"><outline htmlUrl="https://upland.example/" text="Upland Weekly" title="Upland Weekly" type="rss" version="RSS" xmlUrl="https://upland.example/atom.xml"/></outline>
</body></opml>""",
    "tt-rss": """<?xml version="1.0" encoding="utf-8"?>
<opml version="1.0"><head><dateCreated>Fri, 20 Nov 2026</dateCreated><title>Tiny Tiny RSS Feed Export</title></head><body>
<outline text="Harbours" ttrssSortOrder="3"><outline type="rss" text="Penhallow Gazette" xmlUrl="http://gazette.example/rss" ttrssSortOrder="0" ttrssPurgeInterval="0" ttrssUpdateInterval="30" htmlUrl="http://gazette.example/"/></outline>
<outline text="tt-rss-prefs" schema-version="140"><outline pref-name="DAYS" value="7"/></outline>
</body></opml>""",
    "freshrss": """<?xml version="1.0" encoding="UTF-8"?>
<opml xmlns:frss="https://freshrss.org/opml" version="2.0"><head><title>FreshRSS</title></head><body>
<outline text="Press / North"><outline text="Nordpost" type="rss" xmlUrl="https://nordpost.example/feed.xml" htmlUrl="https://nordpost.example/" description="Aus dem Norden" frss:priority="main" category="news,/a b"/>
<outline text="A scraped site" type="HTML+XPath" xmlUrl="https://scraped.example/" frss:xPathItem="//div"/></outline>
</body></opml>""",
    "miniflux": """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Miniflux</title></head><body><outline text="All">
<outline title="燕港日报" text="燕港日报" xmlUrl="https://yangang.example/rss" htmlUrl="https://yangang.example/" description="" type="rss"></outline>
</outline></body></opml>""",
    "liferea": """<?xml version="1.0"?>
<opml version="1.0"><head><title>Liferea Feed List Export</title></head><body>
<outline title="Old Harbour" text="Old Harbour" description="Old Harbour" type="rss" sortColumn="time" htmlUrl="https://old.example/" xmlUrl="https://old.example/index.rdf" updateInterval="-1" id="abc" collapsed="true"/>
</body></opml>""",
}


def readers(d):
    """The list of each reader, taken without loss but for what is said."""
    for name, text in STYLES.items():
        d.must("feed", "import", d.write(f"{name}.opml", text))
    rows = {r["url"]: r for r in d.rows("feed", "export")}
    check(len(rows) == 8, f"feeds of the readers' lists: {rows.keys()}")
    pick = lambda url, *keys: tuple(rows[url][k] for k in keys)
    check(pick("https://ledger.example/rss", "title", "folder", "site") ==
          ("Quayside Ledger", "Press", "https://ledger.example"), "feedly")
    check(pick("https://tidemark.example/feed/?a=1&b=2", "title", "outlet") == ("Tidemark & Wire", None), "inoreader")
    check(pick("https://upland.example/atom.xml", "extra") == ('version="RSS"',), "newsblur")
    check(pick("http://gazette.example/rss", "folder", "extra") ==
          ("Harbours", 'ttrssSortOrder="0" ttrssPurgeInterval="0" ttrssUpdateInterval="30"'), "tt-rss")
    check(pick("https://nordpost.example/feed.xml", "folder", "note", "tags") ==
          ("Press \\/ North", "Aus dem Norden", "a-b,news"), "freshrss")
    check(pick("https://old.example/index.rdf", "note", "extra") ==
          ("Old Harbour", 'sortColumn="time" updateInterval="-1" id="abc" collapsed="true"'), "liferea")
    out = d.must("feed", "export")
    check('updateInterval="-1" id="abc"' in out and "Press / North" in out and 'type="rss"' in out, f"export: {out}")

    for name, what in (("feedly", "stands there twice; the first counts, so not folder Press -> Daily"),
                       ("tt-rss", "1 folder without a feed"), ("tt-rss", "not kept: ttrsssortorder, schema-version, pref-name"),
                       ("freshrss", "not kept: frss:priority, frss:xpathitem")):
        said = d.call("feed", "import", d.folder / f"{name}.opml").stderr
        check(what in said, f'{name}: no word of "{what}": {said}')
    odd = d.write("odd.opml", """<opml version="2.0"><body>
<outline text="Only a site" htmlUrl="https://site.example/"/><outline text="A page" type="link" url="https://page.example/"/>
<outline text="More" type="include" url="https://more.example/l.opml"/>
<outline text="bad" xmlUrl="javascript:alert(1)"/><outline text="Spain" xmlUrl="feed://es.example/rss" country="Spain" language="es_ES" tier="9"/>
</body></opml>""")
    said = d.call("feed", "import", odd, "--dry-run").stderr
    for what in ("feed discover https://site.example/", "a link to https://page.example/", "another list, https://more",
                 '"javascript:alert(1)" is no http', 'country "Spain" is not two', 'tier "9"', "1 new, 0 known", "4 left out"):
        check(what in said, f'odd.opml: no word of "{what}": {said}')
    check("http://es.example/rss" in d.must("feed", "import", odd, "--dry-run"), "feed: address")
    broken = d.write("broken.opml", '<opml><body><outline text="A & B" xmlUrl="https://cut.example/rss"/><outline text="x')
    check("not well-formed" in d.call("feed", "import", broken, "--dry-run").stderr, "a file cut short")
    for encoding in ("utf-16", "iso-8859-1"):
        path = d.folder / f"{encoding}.opml"
        path.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?><opml><body><outline text="Déjà" '
                         f'xmlUrl="https://{encoding}.example/"/></body></opml>'.encode(encoding))
        check("Déjà" in d.must("feed", "import", path, "--dry-run"), encoding)


def tables(d):
    """CSV of any make, JSON lines and lists; mistakes by place."""
    table = "Name;lang;Country;URL;Tags;Remarks;tier;state\r\n\"Semi; colon\";ZH_hant;tw;https://semi.example/rss;b|A;x;1;paused\r\n"
    for name, data in (("bom", b"\xef\xbb\xbf" + table.encode()), ("utf16", table.encode("utf-16")),
                       ("tab", table.replace(";", "\t").replace("Semi\t", "Semi;").encode()), ("comma", None)):
        path = d.folder / f"{name}.csv"
        if data is None:
            out = io.StringIO()
            csv.writer(out).writerows(csv.reader(io.StringIO(table), delimiter=";"))
            data = out.getvalue().encode()
        path.write_bytes(data)
        done = d.call("feed", "import", path, "--dry-run")
        check("Semi; colon" in done.stdout and "left out: Remarks" in done.stderr, f"{name}: {done}")
    d.must("feed", "import", d.folder / "bom.csv")
    row = d.rows("feed", "list", "semi.example", "--state", "paused")[0]
    check((row["language"], row["country"], row["tags"], row["tier"]) == ("zh-Hant", "TW", "a,b", 1), f"CSV: {row}")
    d.must("feed", "import", d.write("lines.jsonl", '{"url":"https://line.example/rss","title":"L","tags":["z","y"],"tier":2,"odd":1}\n'))
    check(d.rows("feed", "list", "line.example")[0]["tags"] == "y,z", "JSON lines")
    check("left out: odd" in d.call("feed", "import", d.folder / "lines.jsonl").stderr, "unknown names of JSON lines")

    d.must("feed", "import", "-", stdin="https://stdin.example/ From standard input")
    n = len(d.rows("feed", "list"))
    for name, text, what in (("a.csv", "url,tier\nhttps://x.example/,1\nhttps://y.example/,first\n", 'a.csv:3:2: tier "first"'),
                             ("b.csv", "title,url\nx,\n", "b.csv:2:2: no address"),
                             ("c.csv", "https://x.example/,X\n", 'c.csv:1:1: no column "url"'),
                             ("d.csv", 'url,title\nhttps://x.example/,"open\n', "d.csv:2:2: a quote"),
                             ("e.jsonl", '{"url":"https://x.example/"}\n{"url":\n', "e.jsonl:2:"),
                             ("f.jsonl", '{"title":"x"}\n', 'f.jsonl:1:1: no "url"'),
                             ("h.csv", "url,extra\nhttps://x.example/,a=\"\"b\"\"/><x\n", "h.csv:2:2: extra is not"),
                             ("g.txt", "https://x.example/\n\n  ftp://x.example/\n", "g.txt:3:3: ")):
        d.fails(65, what, "feed", "import", d.write("good.txt", "https://good.example/"), d.write(name, text))
    check(len(d.rows("feed", "list")) == n, "an import with a mistake was half done")

    change = d.write("change.csv", "url,title,country,tags,note\nhttps://semi.example/rss,,HK,,\nhttps://new.example/,N,,,\n")
    done = d.call("feed", "import", change, "--dry-run")
    check("differs" in done.stdout and "country TW -> HK" in done.stdout and "--update takes it" in done.stderr, f"{done}")
    d.must("feed", "import", change)
    check(d.rows("feed", "list", "semi.example")[0]["country"] == "TW", "an import without --update changed a feed")
    check("2 known (1 changed)" in d.call("feed", "import", change, "--update").stderr, "what --update says")
    row = d.rows("feed", "list", "semi.example")[0]
    check((row["country"], row["tags"], row["title"], row["health"]) == ("HK", "a,b", "Semi; colon", "paused"),
          f"--update: what the file does not mention stays: {row}")
    before = d.must("feed", "export")
    check("0 new, 2 known (0 changed)" in d.call("feed", "import", change).stderr, "imported twice")
    check(d.must("feed", "export") == before, "an import of what is known changed something")
    d.must("feed", "remove", "https://new.example/")
    d.must("feed", "set", "https://new.example/", "--note", "mine")
    d.must("feed", "import", change)
    check(d.rows("feed", "list", "new.example")[0]["health"] == "new", "a removed feed that is imported again")
    check("mine" in d.must("feed", "export", "--format", "csv"), "what was said of a removed feed is forgotten")


def twins(d):
    d.must("feed", "import", d.write("twins.txt", "\n".join((
        "http://www.twin.example/world/rss.xml World", "https://twin.example/world/rss.xml/ Other",
        "https://twin.example/world/atom.xml Third", "https://twin.example/sport/atom.xml Sport",
        "https://news.twin.example/x1 SPORT", "https://twin.example/4/rss Four", "https://twin.example/5/rss Five"))))
    pairs = {(r["url"], r["other_url"]): r["why"] for r in d.rows("feed", "list", "--twins", "twin.example")}
    check(len(pairs) == 3, f"twins: {pairs}")
    check(re.search("note  feeds +[0-9]+ seem to be one with another", d.call("check").stdout) is not None, "check names no twins")
    w = "http://www.twin.example/world/rss.xml"
    check("http, www." in pairs.get(("https://twin.example/world/rss.xml/", w), ""), f"twins by address: {pairs}")
    check(any("two forms" in why for (url, _), why in pairs.items() if url.endswith("world/atom.xml")), f"forms: {pairs}")
    check(any("one title" in why for (url, _), why in pairs.items() if "x1" in url), f"titles: {pairs}")
    d.must("feed", "import", d.write("editions.csv", "url,title,language\nhttps://edition.example/7/x,Paper,en\n"
                                     "https://edition.example/8/x,Paper,\nhttps://edition.example/9/x,Paper,fr\n"))
    pairs = [(r["url"], r["other_url"]) for r in d.rows("feed", "list", "--twins", "edition.example")]
    check(pairs == [("https://edition.example/8/x", "https://edition.example/7/x")], f"languages of twins: {pairs}")


def nothing_lost():
    """Any feeds, any texts: a file of each kind, read into an empty database, gives the same files."""
    dice = random.Random(7)
    pieces = ["a", "B", " ", "  ", "/", "\\", "&", "<b>", ">", '"', "'", "=", "+1", "-", "@x", "\t", ",", ";", "&amp;", "&#155;",
              "é", "燕", "\u202e", "\u200f", "\ufeff", "|", "&lt;", "]]>", "\u00a0", "x" * 50, "😀", "#", "%20", "'=1"]
    text = lambda n: "".join(dice.choice(pieces) for _ in range(dice.randrange(n)))
    selectors = ["", "auto", "main > h2 a", "a[title='<&\"']", 'a[href^="/é,;|/"], .燕\\:x']
    rows = [["url", "title", "outlet", "site", "folder", "country", "language", "tags", "tier", "state", "kind", "selector", "note",
             "extra"]]
    for i in range(150):
        rows.append([f"https://h{dice.randrange(40)}.example/{i}?a=1&b='", text(8), text(6), text(4), text(8), dice.choice(["", "IE", "zz"]),
                     dice.choice(["", "en", "zh_hant", "PT-br"]), text(6), dice.choice(["", "1", "3"]), dice.choice(["", "paused"]),
                     dice.choice(["", "", "page"]), dice.choice(selectors), text(9), dice.choice(["", 'a="b"', 'x="&#60;" y.z-1="&#38;"'])])
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    with desk.Desk() as d:
        d.must("feed", "import", d.write("all.csv", out.getvalue()))
        check(len(d.rows("feed", "list")) == 150, "150 feeds of any text")
        first = {form: d.must("feed", "export", "--format", form) for form in ("human", "csv", "jsonl")}
    for form in first:
        with desk.Desk() as other:
            done = other.call("feed", "import", other.write("in", first[form]))
            check(done.returncode == 0 and "150 new" in done.stderr, f"{form}: {done.stderr[:400]}")
            for again, want in first.items():
                got = other.must("feed", "export", "--format", again)
                if got != want:
                    lines = [(a, b) for a, b in zip(want.splitlines(), got.splitlines()) if a != b]
                    check(False, f"{form} in, {again} out differ: {lines[:2]}")


def shipped():
    """The list that comes with the program: taken without a complaint, and its twins are none."""
    for path in sorted(pathlib.Path("watchlists").glob("*/feeds.opml")):
        with desk.Desk() as d:
            done = d.call("feed", "import", path.absolute())
            check(done.returncode == 0 and done.stderr.endswith(" 0 left out\n") and done.stderr.count("\n") == 1,
                  f"{path}: {done.stderr}")
            out = d.must("feed", "export")
            check(d.rows("feed", "list", "--twins") == [], f"{path}: twins")
            text = path.read_text(encoding="utf-8")
            strip = lambda t: sorted(line.strip() for line in t.splitlines() if "xmlUrl" in line)
            check(strip(out) == strip(text), f"{path}: its feeds are written in another way")
            with desk.Desk() as other:
                other.must("feed", "import", other.write("all.opml", out))
                check(other.must("feed", "export") == out, f"{path}: lost on the way")


with desk.Desk() as d:
    readers(d)
    tables(d)
    twins(d)
nothing_lost()
shipped()
desk.finish("feed exchange: readers' lists, tables, twins, and nothing lost")

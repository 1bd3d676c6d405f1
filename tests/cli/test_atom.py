#!/usr/bin/env python3
"""The Atom feed: what RFC 4287 asks of it, its times and ids, parts of it, and the file of each run."""
import json
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "alerts"))
import atomcheck
import desk
from atomcheck import ATOM
from desk import check

REPORT = "[report]\natom = {folder}/alerts.atom\nurl = https://watch.example.org/w\natom-entries = 2\n"
ENTRIES = [("Kestrel Pier opens again", "pier"), ("Osprey Light & <b>its</b> \"keeper\"", "light"),
           ("Kestrel Pier: a third word", "third")]
BODIES = [["Kestrel Pier was opened on Friday by the mayor of Ardmore, who had brought a band and her dog along.",
           "Mira Tolland, who runs the ferry office, said that boats would land at the old slip for one week more."],
          ["Osprey Light went dark on Monday, and nobody knew where its keeper had gone with all of the lamps.",
           "Two fishermen rowed out with a lantern of their own and came back wet, late and none the wiser for it."],
          ["Kestrel Pier needs a third coat of paint before the ferry season, said the harbour's master on Sunday.",
           "The paint is green, as it was in the year of the great storm, and eleven buckets of it have been ordered."]]


def put_feed(site, n):
    urls = [site.put(f"/{name}.html", desk.page(title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"),
                                               body, url=f"{site.root}/{name}.html",
                                               published="2026-11-20T07:00:00Z"))
            for (title, name), body in zip(ENTRIES, BODIES)]
    titles = [title.replace("&", "&amp;").replace("<", "&lt;") for title, _ in ENTRIES]
    return site.put("/rss", desk.rss("Northmoor Post", list(zip(titles, urls))[:n]), "application/rss+xml")


def feed_of(data):
    data = data.encode() if isinstance(data, str) else data
    for fault in atomcheck.check(data):
        check(False, f"feed: {fault}")
    return atomcheck.parse(data)


def terms(entry, scheme):
    return [c.get("term") for c in entry.findall(ATOM + "category") if c.get("scheme").endswith(":" + scheme)]


def entries(feed):
    return feed.findall(ATOM + "entry")


def first(d, site):
    """A folder that is not there loses no mail; then the file, and what stands in it."""
    d.must("feed", "add", put_feed(site, 1))
    said = d.fails(74, "not published", "run")
    check(said.count("\n") == 1, f"one line: {said}")
    check(len(list((d.folder / "mail").glob("*.eml"))) == 1, "the mail is lost with the feed")
    (d.folder / "out").mkdir()
    d.must("run")
    path = d.folder / "out" / "alerts.atom"
    feed = feed_of(path.read_bytes())
    [entry] = entries(feed)
    check(entry.findtext(ATOM + "id") == "tag:watch.example.org,2026-11-20:alert/1", f"id: {entry.findtext(ATOM + 'id')}")
    check(entry.findtext(ATOM + "title") == ENTRIES[0][0], "title")
    check(entry.findtext(f"{ATOM}author/{ATOM}name") == "Northmoor Post", "author")
    check(entry.get(atomcheck.LANG) == "en", "xml:lang")
    check(terms(entry, "item") == ["pier-kestrel"] and terms(entry, "country") == ["GB"]
          and len(terms(entry, "severity")) == 1, "categories")
    links = {link.get("rel"): link.get("href") for link in entry.findall(ATOM + "link")}
    check(links == {"alternate": site.root + "/pier.html"}, f"links: {links}")
    links = {link.get("rel"): link.get("href") for link in feed.findall(ATOM + "link")}
    check(links == {"self": "https://watch.example.org/w/alerts.atom"}, f"links of the feed: {links}")
    content = atomcheck.Content(entry.findtext(ATOM + "content"))
    for words in ("Kestrel Pier", "pier-kestrel", "Found in the", "Alert a1 in story s1"):
        check(words in content.text, f"content lacks {words}: {content.text}")
    check("<mark>Kestrel Pier</mark>" in entry.findtext(ATOM + "content"), "the match is not marked")
    return path


def later(d, site, path):
    """What did not change is not written; what did moves the time of its entry, never its id."""
    before = path.stat()
    d.must("run")
    check(path.stat().st_mtime_ns == before.st_mtime_ns and path.stat().st_ino == before.st_ino, "written anew")
    put_feed(site, 3)
    d.must("--now", "2026-11-20T10:00:00Z", "run")
    feed = feed_of(path.read_bytes())
    check(len(entries(feed)) == 2, f"atom-entries = 2: {len(entries(feed))}")
    check([p.name for p in path.parent.iterdir()] == ["alerts.atom"], "something is left beside the feed")
    everything = feed_of(d.must("report", "atom", "--limit", "0"))
    check(len(entries(everything)) == 3, f"report atom --limit 0: {len(entries(everything))}")
    check([e.findtext(ATOM + "id")[-1] for e in entries(everything)] == ["3", "2", "1"], "newest first")
    check(len(entries(feed_of(d.must("report", "atom", "--limit", "1")))) == 1, "--limit 1")
    with desk.engine.opened(d.db) as db:  # 2026-11-21T00:00:00Z
        db.execute("INSERT INTO revision (alert_id, article_id, kind, before, after, sentence, mark_start, mark_end,"
                   " n_still, created_at, is_historic) VALUES (1, 1, 'number', '1', '2', '', 0, 0, 0, 1795219200, 0)")
    feed = feed_of(d.must("report", "atom", "--limit", "0"))
    changed = entries(feed)[2]
    check(changed.findtext(ATOM + "updated") == "2026-11-21T00:00:00Z" == feed.findtext(ATOM + "updated"), "updated")
    said = atomcheck.Content(changed.findtext(ATOM + "content")).text
    check("What changed:" in said and "1 \u2192 2, at Northmoor Post" in said and "times." not in said, f"changes: {said}")
    check(changed.findtext(ATOM + "published").startswith(
        "2026-11-20T08:00:00Z" if desk.engine.is_file else "2026-11-20T08:00:"), "published")
    check(changed.findtext(ATOM + "id") == "tag:watch.example.org,2026-11-20:alert/1", "an id that moves")


def parts(d):
    """A part is a feed of its own; readers tell them apart by id."""
    def items(*words):
        feed = feed_of(d.must("report", "atom", "--limit", "0", *words))
        return feed.findtext(ATOM + "id"), sorted(terms(e, "item")[0] for e in entries(feed))
    everything, light = items(), items("--item", "light-osprey")
    check(light[1] == ["light-osprey"] and light[0] != everything[0], f"--item: {light}")
    check(items("--country", "IE")[1] == ["light-osprey"], "--country IE")
    check(items("--country", "ie") == items("--country", "IE"), "the case of a country")
    d.fails(66, 'no watched item "x y&<"', "report", "atom", "--item", "x y&<")
    d.fails(66, "did you mean light-osprey?", "report", "atom", "--item", "light-ospray")
    d.fails(66, "no watched item is of the country", "report", "atom", "--country", "Ireland")
    check(items("--severity", "high")[0].endswith("/high"), "--severity")
    d.fails(64, "--severity is low, medium or high", "report", "atom", "--severity", "huge")
    check(len({items(*w)[0] for w in ((), ("--item", "light-osprey"), ("--country", "IE"), ("--severity", "high"))}) == 4, "ids")


def others_read_it(d, path):
    """Our own reader, and libxml2 where it is installed."""
    read = json.loads(d.must("inspect", "feed", path))
    check(read["format"] == "atom1.0" and not read["malformed"] and len(read["entries"]) == 2, f"inspect feed: {read}")
    titles = {e["title"] for e in read["entries"]}
    check(ENTRIES[1][0] in titles, f"titles: {titles}")
    check(all(e["id"] and e["link"].startswith("http") and e["updated"] for e in read["entries"]), "inspect feed")
    if shutil.which("xmllint"):
        done = subprocess.run(["xmllint", "--nonet", "--noout", path], capture_output=True, timeout=10)
        check(done.returncode == 0, f"xmllint: {done.stderr}")
    mode = path.stat().st_mode & 0o777
    check(mode & 0o444 == 0o444, f"a web server may not read it: {mode:o}")


with desk.Desk() as d:
    site = desk.Server("127.31.0.11")
    d.config.write_text(desk.CONFIG + REPORT.format(folder=d.folder / "out"))
    try:
        place = first(d, site)
        later(d, site, place)
        others_read_it(d, place)
        parts(d)
        d.config.write_text(desk.CONFIG + REPORT.format(folder=d.folder / "out") + "html = site\n")
        site_links = [link.get("href") for link in feed_of(d.must("report", "atom", "--limit", "0")).iter(ATOM + "link")]
        check("https://watch.example.org/w/story/1.html" in site_links, f"the report's pages: {site_links}")
        d.config.write_text(desk.CONFIG.replace("watch.example.org", "no domain"))
        d.fails(78, 'list-id: "no domain" is no domain', "report", "atom")
    finally:
        site.close()
desk.finish("atom: RFC 4287, ids, times, parts, the file of a run")

#!/usr/bin/env python3
"""The static report as a reader's browser takes it: whole and valid pages whose links all lead somewhere, nothing
hostile in them, nothing loaded from elsewhere; written anew only where something changed, and never over what is
another's."""

import collections
import html.parser
import os
import pathlib
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk as d  # noqa: E402

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}
# SVG's own, which end with "/>" here.
SHAPES = {"rect", "line", "path"}
ATTRIBUTES = {"lang", "dir", "class", "id", "href", "rel", "datetime", "charset", "name", "content", "http-equiv",
              "scope", "role", "aria-label", "aria-labelledby", "aria-current", "aria-hidden", "viewbox", "x", "y",
              "x1", "x2", "y1", "y2", "width", "height", "text-anchor", "preserveaspectratio", "d", "colspan"}
ARABIC = "\u0631\u0635\u064a\u0641 \u0627\u0644\u0639\u0627\u0633\u0648\u0642 \u064a\u063a\u0644\u0642"


class Page(html.parser.HTMLParser):
    """Balanced elements, their attributes, the ids and links; complains by name."""

    def __init__(self, site, path):
        super().__init__(convert_charrefs=True)
        self.site, self.path = site, path
        self.open, self.ids, self.links, self.quotes = [], [], [], []
        self.title, self.marked, self.text, self.headings = "", [], "", []
        self.bare = path.read_text(encoding="utf-8")
        self.feed(self.bare)
        self.close()
        self.say(not self.open, f"is not closed: {self.open}")
        self.say(self.bare.startswith("<!DOCTYPE html>\n<html lang=\"en\">"), "has no doctype or language")
        self.say(self.title.strip(), "has no title")
        double = [i for i, n in collections.Counter(self.ids).items() if n > 1]
        self.say(not double, f"has an id twice: {double}")
        self.say(self.headings[:1] == [1], f"begins with a heading of level {self.headings[:1]}")
        steps = zip(self.headings, self.headings[1:])
        self.say(all(b <= a + 1 for a, b in steps), f"leaves out a level of headings: {self.headings}")
        for raw in d.RAW:
            self.say(raw not in self.bare, f"holds {raw!r}")

    def say(self, ok, what):
        d.check(ok, f"{self.path.relative_to(self.site)} {what}")

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.say(len(names) == len(attrs), f"<{tag}> has an attribute twice")
        for name, value in attrs:
            self.say(name in ATTRIBUTES, f"<{tag}> has {name}={value!r}")
            self.say("javascript:" not in (value or "").lower(), f"<{tag}> has {value!r}")
        self.say(tag not in ("script", "iframe", "object", "embed", "img", "form", "base", "style"), f"has <{tag}>")
        if "id" in names:
            self.ids.append(names["id"])
        if tag == "a":
            self.take_link(names)
        if tag == "link":
            self.say(not re.match(r"[a-z]+:|//", names["href"]), f"loads {names['href']}")
            self.links.append(names["href"])
        if tag == "th":
            self.say("scope" in names, "has a heading of a table without scope")
        if tag == "blockquote":
            self.say("dir" in names, "has a quote without a direction")
            self.quotes.append(names.get("lang", ""))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def take_link(self, names):
        href = names["href"]
        if re.match(r"https?://", href):
            self.say(names.get("rel") == "noreferrer noopener nofollow", f"tells {href} where readers come from")
        else:
            self.say(not re.match(r"[a-zA-Z]+:|/", href), f"leads to {href}")
            self.links.append(href)

    def handle_endtag(self, tag):
        self.say(self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}")
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if "title" in self.open and "svg" not in self.open:
            self.title += data
        if "mark" in self.open:
            self.marked.append(data)
        self.text += data


def read(site):
    """Every page, with every link followed: all are reached from the first."""
    pages = {p: Page(site, p) for p in sorted(site.rglob("*.html"))}
    reached, todo = set(), [site / "index.html"]
    while todo:
        page = todo.pop()
        if page in reached or page not in pages:
            continue
        reached.add(page)
        for link in pages[page].links:
            name, _, anchor = link.partition("#")
            target = pathlib.Path(os.path.normpath(page.parent / name)) if name else page
            pages[page].say(site in target.parents and target.is_file(), f"leads to {link}, which is not there")
            if anchor and target in pages:
                pages[page].say(anchor in pages[target].ids, f"leads to {link}, where nothing has that id")
            todo.append(target)
    for page in set(pages) - reached:
        d.check(False, f"nothing leads to {page.relative_to(site)}")
    return {str(p.relative_to(site)): page for p, page in pages.items()}


def times(site):
    return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in site.rglob("*") if p.is_file() and p.suffix}


def test_pages(desk):
    site = desk.folder / "site"
    said = desk.call("report", "html", site, "--since", "2022-01-01")
    d.check(said.returncode == 0 and "written, 0 as they were" in said.stderr, said.stderr)
    pages = read(site)
    stories = [p for name, p in pages.items() if name.startswith("story/")]
    d.check(len(stories) >= 4, f"{len(stories)} stories: {list(pages)}")
    everything = "".join(p.text for p in pages.values())
    d.check(d.HOSTILE in everything, "the hostile title is not shown as what it is")
    d.check("Kestrel Pier" in pages["item/pier-kestrel.html"].text, "an item's page lacks its name")
    d.check(any("\u71d5\u5b50\u7801\u5934" in p.marked and any(q.startswith("zh") for q in p.quotes) for p in stories),
            "no Chinese sentence with its mark and language")
    d.check(any(ARABIC in p.text and any(q.startswith("ar") for q in p.quotes) for p in stories),
            "no Arabic sentence with its language")
    d.check(any("Who had it, and from whom" in p.text and p.text.count("://") > 1 for p in stories),
            "no story lists two articles")
    d.check("<svg" in pages["item/pier-kestrel.html"].bare and "The same in numbers" in
            pages["item/pier-kestrel.html"].text, "no timeline, or not in numbers")
    d.check("historic" in everything, "what is historic is not said to be")
    d.check("A new lamp on the rock" in pages["index.html"].text, "the morning page lacks the news")
    d.check("Kestrel Pier closes" not in pages["index.html"].text, "the morning page tells history as news")
    d.check("2022-10-05" in pages["item/pier-kestrel.html"].text, "history does not stand at its date")
    d.check("1 in order" in pages["health.html"].text, "the feed is not counted")
    return site


def test_words(desk):
    """A web server may read it, a browser takes its styles, and no words mislead."""
    site = desk.folder / "words"
    with d.engine.opened(desk.db) as db:
        names = d.engine.columns(desk.db, "run")
        row = dict(zip(names, db.execute("SELECT * FROM run WHERE kind = 'run' ORDER BY id LIMIT 1").fetchone()))
        row.update(id=1000, started_at=row["started_at"] - 7200, ended_at=0, outcome="unfinished", message="")
        db.execute(f"INSERT INTO run ({','.join(names)}) VALUES ({','.join('?' * len(names))})",
                   [row[n] for n in names])
    desk.must("report", "html", site, "--since", "2022-01-01")
    for path in [site, *site.rglob("*")]:
        wanted = 0o755 if path.is_dir() else 0o644
        d.check(path.stat().st_mode & 0o777 == wanted, f"{path.name}: {path.stat().st_mode & 0o777:o}")
    pages = read(site)
    policy = re.search("Content-Security-Policy\" content=\"([^\"]*)", pages["index.html"].bare).group(1)
    d.check("style-src" not in policy and "default-src" not in policy, f"styles are forbidden somewhere: {policy}")
    for kind in ("script-src", "object-src", "base-uri", "form-action"):
        d.check(f"{kind} 'none'" in policy, f"{kind} is allowed: {policy}")
    d.check("ended without a word (killed?)" in pages["health.html"].text, "a run that died says nothing")
    stories = "".join(p.text for name, p in pages.items() if name.startswith("story/"))
    d.check("The first alert of this story on this item" in stories and "Of its story" not in stories, "why it is here")
    d.check(re.search(r"of it in n\d", stories), "an article without its n")


def test_again(desk, site):
    before = times(site)
    said = desk.call("report", "--html", site, "--since", "2022-01-01")
    d.check(said.returncode == 0 and "0 pages written" in said.stderr, f"again: {said.stderr}")
    touched = [p.name for p, t in times(site).items() if before.get(p) != t]
    d.check(not touched, f"unchanged pages were touched: {touched}")
    alert = desk.rows("alert", "list", "--all")[0]
    desk.must("alert", "mark", str(alert["id"]), "relevant", "--note", "<b>seen</b>")
    desk.must("report", "html", site, "--since", "2022-01-01")
    changed = {p.name for p, t in times(site).items() if before.get(p) != t}
    d.check(1 <= len([c for c in changed if c.endswith(".html")]) <= 3, f"one mark changed {changed}")
    everything = "".join(p.text for p in read(site).values())
    d.check("Marked relevant" in everything, "the mark is not shown")
    d.check("<b>seen</b>" in everything, "a note is not shown as what it is")
    # A page that somebody cut short is mended; one that is gone comes back.
    (site / "about.html").write_text("short")
    (site / "items.html").unlink()
    desk.must("report", "html", site, "--since", "2022-01-01")
    read(site)


def test_period(desk, site):
    (site / "mine.txt").write_text("a reader's own")
    n = len(list(site.glob("story/*.html")))
    said = desk.call("report", "html", site, "--since", "30d")
    left = len(list(site.glob("story/*.html")))
    d.check(said.returncode == 0 and 0 < left < n, f"{left} of {n} stories are left: {said.stderr}")
    d.check((site / "mine.txt").exists(), "another's file was taken away")
    read(site)


def test_folders(desk):
    other = desk.folder / "other"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    desk.fails(77, "is not empty and holds no report", "report", "html", other)
    d.check([p.name for p in other.iterdir()] == ["letter.txt"], "something was written to another's folder")
    # A list of pages that somebody forged removes nothing outside.
    site = desk.folder / "forged"
    desk.must("report", "html", site)
    line = "0" * 16 + " " + "0" * 16 + " 4 "
    with open(site / ".wirewatch-report", "a", encoding="utf-8") as f:
        for name in ("../other/letter.txt", "/etc/passwd", ".wirewatch-report", "story/../../other/letter.txt",
                     "..html", "item/.html"):
            f.write(line + name + "\n")
    desk.must("report", "html", site)
    d.check((other / "letter.txt").exists(), "a page outside the folder was removed")
    # A folder inside that is a link leads nowhere.
    linked = desk.folder / "linked"
    desk.must("report", "html", linked)
    for p in (linked / "story").iterdir():
        p.unlink()
    (linked / "story").rmdir()
    (linked / "story").symlink_to(other)
    desk.fails(77, "story is no folder", "report", "html", linked)
    d.check([p.name for p in other.iterdir()] == ["letter.txt"], "pages went through a link")
    desk.fails(64, "DIR is missing", "report", "html")
    desk.fails(74, "no/such", "report", "html", desk.folder / "no/such/folder")


def test_run(desk):
    """A run writes it, where the settings say so, when its row has its end."""
    config = desk.config.read_text().replace("[mail]", "[report]\nhtml = published\ndays = 400\n[mail]")
    desk.config.write_text(config)
    desk.must("run", "-q")
    site = desk.folder / "published"
    pages = read(site)
    d.check("not ended" not in pages["health.html"].text, "the run calls itself unfinished")
    d.check(len(pages) > 6, f"{len(pages)} pages")
    before = times(site)
    desk.must("run", "--only", "crawl", "-q")
    d.check(times(site) == before, "--only crawl published")
    desk.must("report", "html")
    (site / ".wirewatch-report").unlink()
    desk.fails(77, "holds no report", "run", "-q")


def fresh_feed(server):
    """One entry of today, about something that no file of the archive tells."""
    address = server.put("/fresh.html", d.page("A new lamp on the rock", [
        "Keepers carried a new lamp up Osprey Light on Thursday, ninety steps and a ladder, because the old one "
        "had cracked in the frost of last week.",
        "It burns with half of the current, said the engineer, who had built it in her own kitchen and tried it "
        "on the cats."], published="2026-11-20T07:00:00Z", url=server.root + "/fresh.html"))
    return server.put("/rss", d.rss("Rock \u202eGazette", [("A new lamp on the rock", address)]), "application/rss+xml")


def main():
    server = d.Server("127.31.0.9")
    with d.Desk() as desk:
        d.history(desk)
        arabic = [f"\u0642\u0627\u0644 \u0627\u0644\u0645\u062c\u0644\u0633: {ARABIC} (Kestrel Pier) {i} "
                  "\u0648\u0633\u064a\u0639\u0645\u0644 \u0627\u0644\u063a\u0648\u0627\u0635\u0648\u0646 \u062a\u062d\u062a "
                  "\u0627\u0644\u0645\u0627\u0621 \u0643\u0644 \u064a\u0648\u0645 \u062d\u062a\u0649 \u0627\u0644\u0631\u0628\u064a\u0639 "
                  "\u0627\u0644\u0642\u0627\u062f\u0645." for i in range(3)]
        desk.write("history/ar.html", d.page(ARABIC, arabic, "ar", "2023-03-01T08:00:00Z", "https://news.example/ar"))
        desk.must("backfill", "files", desk.folder / "history")
        desk.must("run", "--only", "alert")
        desk.must("feed", "add", fresh_feed(server))
        desk.must("run", "-q")
        site = test_pages(desk)
        test_again(desk, site)
        test_period(desk, site)
        test_folders(desk)
        test_run(desk)
        test_words(desk)
    server.close()
    d.finish("report html: pages hold together, change with the archive alone, and keep to their folder")


main()

#!/usr/bin/env python3
"""Hostile text through every way out: one table of it, each row through a real feed and a real page
on loopback into the store, then out through each context, which has its oracle from its standard.

A context is clean when nothing in it is a control, turns a line around or is no character (terminal,
log, headers, mail); when it parses and has no element, attribute, header, cell or member that the
same desk does not write of harmless text; and when no row is missing in it."""

import collections
import contextlib
import csv
import functools
import html.parser
import io
import json
import pathlib
import random
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "alerts"), str(HERE.parent / "cli")]
import atomcheck
import desk
import mailcheck
from desk import check

LINE = "\r\nBcc: x@evil.example\r\n\r\nX"
# name, text. It stands in titles, names of authors, feeds and outlets, and in the sentence.
TABLE = [
    ("header line", LINE), ("lone CR", "\rBcc: x@evil.example"), ("lone LF", "\nBcc: x@evil.example"),
    ("colour", "\x1b[31mred\x1b[0m"), ("cursor", "\x1b[2J\x1b[1;1H"), ("eight-bit CSI", "\x9b31m\x9b2J"),
    ("title of a terminal", "\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\"), ("eight-bit OSC", "\x9d0;owned\x9c"),
    ("back space", "good\x08\x08\x08\x08evil"), ("bell, shift, delete", "\x07\x0e\x0f\x7f"),
    ("override", "\u202egro.live\u202c"), ("isolate", "\u2066evil\u2069 \u2067x\u2068"), ("marks", "\u200e\u200f\u061c"),
    ("zero width", "ev\u200bil\u2060\ufeff"), ("tags", "\U000e0001\U000e0045\U000e0056\U000e007f"),
    ("separators", "\u2028Bcc: x@evil.example\u2029\x85\x0b\x0c"), ("hyperlink", '=HYPERLINK("http://evil.example/","x")'),
    ("command", "=cmd|' /C calc'!A0"), ("plus", "+1+cmd|' /C calc'!A0"), ("minus", "-2+3+cmd|' /C calc'!A0"),
    ("at", "@SUM(1+1)"), ("tab", "\t=1+1"), ("quotes and commas", '",";\',"\r\n=1,2\n'),
    ("script", "<script>alert(1)</script><img src=x onerror=alert(1)>"), ("comment", "<!--<![CDATA[ ]]> --!><?x ?>"),
    ("attribute", "\" onmouseover=\"alert(1)\" x='"), ("tick", "' autofocus onfocus='alert(1)"), ("end tags", "</title></td></table></blockquote></a></mark>"),
    ("entity", "&amp;lt;b&amp;gt;&lt;i&gt;&#60;u&#62;&#x1b;[31m&#27;[31m&#155;31m&#0;"), ("link", "javascript:alert(1) data:text/html,<b> vbscript:x"),
    ("template", "{{7*7}}${7*7}<%= 7*7 %>%s%n%08x"), ("NUL", "a\0b"), ("surrogate", "a\ud800b\udc00\ud83d"), ("no characters", "\ufffe\uffff\ufdd0\U0010ffff"),
    ("encoded word", "=?utf-8?q?x=0D=0ABcc:_x@evil.example?= =?utf-8?b?DQpCY2M6IHhAZXZpbA==?="), ("combining", "Z" + "\u0301\u0489" * 60),
    ("Arabic", "\u0645\u0631\u0627\u0642\u0628\u0629 abc \u05d0\u05d1"), ("emoji", "\U0001f469\u200d\U0001f4bb\ufe0f\U0001f1ee\U0001f1ea"),
    ("backslashes", "\\r\\nBcc: x\\u001b[31m\\x00"), ("mail folding", "x\r\n Bcc: y\r\n\tBcc: z"), ("dots", ".\r\n.\r\nQUIT\r\n"), ("From", "\nFrom evil@evil.example Mon Jan 1"),
    ("huge", "long " + "x" * 1000000), ("huge, wide", "\u798f" * 350000),
]
# What the same desk makes of harmless text, in scripts that have elements of their own.
HARMLESS = [("word", f"word{i}") for i in range(8)] + [
    ("Arabic", "\u0645\u0631\u0627\u0642\u0628\u0629 abc \u05d0\u05d1"), ("Chinese", "\u6d77\u5916\u65b0\u95fb\u89c2\u5bdf\u7ad9" * 900),
    ("long", "a long way to go " * 200), ("signs", "it's \"so\" & <so>")]
VEHICLES = ("rss", "atom", "json")  # two of them a row, by turns

SETTINGS = desk.CONFIG.split("[mail]")[0].replace("per-host-interval = 0s", "per-host-interval = 0s\nin-flight = 16") + """[mail]
transport = file
directory = mail
from = Wire Watch <wirewatch@example.org>
list-id = watch.example.org
max-per-run = 10000
command = {folder}/program
[report]
atom = alerts.atom
atom-entries = 1000
url = https://watch.example.org/w/
[analyst "all"]
email = all@example.org
digest = run
[analyst "program"]
transport = command
digest = none
immediate = severity:low
immediate-wait = 0s
immediate-per-hour = 1000
[analyst "once"]
email = once@example.org
digest = none
immediate = severity:low
immediate-wait = 0s
immediate-per-hour = 1000
"""

WORDS = ("harbour anchor bell tide lantern rope barrel keeper ferry slipway cannery winter captain mast gull sailor storm "
         "market quay bridge tower square hill garden orchard mill river canal lock weir meadow barn stable bakery school "
         "library museum church theatre station tram clock statue fountain window roof cellar kitchen table letter parcel "
         "ticket ledger pencil blanket kettle candle mirror needle thread button jacket saddle wagon plough scythe").split()
KEY = re.compile(r"k\d\d[a-z]z")


def vehicles_of(row):
    return [VEHICLES[(row + i) % 3] for i in range(2)]


def key(row, vehicle):
    return f"k{row:02d}{vehicle[0]}z"


# ---- in ------------------------------------------------------------------------------------------

def raw(text):
    """Bytes as a careless program writes them: lone surrogates as CESU-8 has them."""
    return text.encode("utf-8", "surrogatepass")


def escaped(text):
    """For XML and HTML, markup as references, everything else as it is."""
    return raw(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"))


def referenced(text):
    """Everything as numbers, what is not allowed too."""
    return "".join(c if c.isalnum() and ord(c) < 128 or c == " " else f"&#{ord(c)};" for c in text[:5000]).encode()


def xml(text):
    """What expat would take, so that a feed is read to its end; the page has the rest."""
    return escaped(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text))


def article(row, vehicle, text, write):
    """A page whose title, author, site and sentence hold the text."""
    k = key(row, vehicle)
    dice = random.Random(f"{row}{vehicle}")
    prose = [" ".join(dice.choice(WORDS) for _ in range(40)).capitalize().encode() + b"." for _ in range(3)]
    title, name = write(title_of(k, text)), write(name_of(k, text))
    sentence = b"The keeper of Kestrel Pier, " + write(f"{text[:20000]} {k}") + b", said so on Friday in front of many people."
    data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": title_of(k, text)[:20000],
                       "datePublished": "2026-11-20T07:00:00Z", "author": {"@type": "Person", "name": name_of(k, text[:3000])}})
    return (b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>' + title + b"</title>"
            b'<meta property="og:type" content="article"><meta property="og:title" content="' + title + b'">'
            b'<meta property="og:site_name" content="' + name + b'"><meta name="author" content="' + name + b'">'
            b'<meta property="article:published_time" content="2026-11-20T07:00:00Z">'
            b'<script type="application/ld+json">' + data.replace("<", "\\u003c").encode() + b"</script></head><body>"
            b"<article><h1>" + title + b"</h1><p>" + prose[0] + b"</p><p>" + sentence + b" " + prose[1] + b"</p><p>" + prose[2] +
            b"</p></article></body></html>")


def title_of(k, text):
    """What a formula has to begin; what is huge has to end."""
    return f"{k} Kestrel Pier {text}" if len(text) > 5000 else f"{text} Kestrel Pier {k}"


def name_of(k, text):
    return f"{k} {text}" if len(text) > 2000 else f"{text} {k}"


def feed(row, vehicle, text, url):
    k = key(row, vehicle)
    title, name = title_of(k, text), name_of(k, text)
    if vehicle == "json":
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": name,
                           "items": [{"id": k, "url": url, "title": title, "authors": [{"name": name}],
                                      "date_published": "2026-11-20T07:00:00Z"}]}).encode(), "application/feed+json"
    if vehicle == "atom":
        return (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>' + xml(name) + b"</title><id>u:1</id>"
                b"<entry><id>u:2</id><title>" + xml(title) + b"</title><author><name>" + xml(name) + b'</name></author><link href="'
                + url.encode() + b'"/><updated>2026-11-20T07:00:00Z</updated></entry></feed>'), "application/atom+xml"
    return (b'<?xml version="1.0"?><rss version="2.0"><channel><title>' + xml(name) + b"</title><item><title>" + xml(title) +
            b"</title><author>" + xml(name) + b"</author><link>" + url.encode() + b"</link><guid>" + url.encode() +
            b"</guid><pubDate>Fri, 20 Nov 2026 07:00:00 GMT</pubDate></item></channel></rss>"), "application/rss+xml"


class Body(bytes):
    """desk.Server sends body.encode()."""

    def encode(self):
        return self


def put_broken(site, row, text):
    """A feed that fails with the text in the words of the log."""
    words = re.sub("[\0\r\n]", " ", f"{key(row, VEHICLES[row % 3])} {text[:3000]}")
    return site.put(f"/{row}/broken", "x", **{"Content-Encoding": raw(words).decode("latin-1")})


def crawl(d, sites, table):
    """Everything in, by one run; what it said on standard error."""
    writers = {"rss": escaped, "atom": referenced, "json": escaped}
    urls = []
    for row, (_, text) in enumerate(table):
        for vehicle in vehicles_of(row):
            site = sites[(row + len(vehicle)) % len(sites)]
            page = site.put(f"/{row}/{vehicle}.html", Body(article(row, vehicle, text, writers[vehicle])))
            urls.append(site.put(f"/{row}/{vehicle}", *map(Body, feed(row, vehicle, text, page)[:1]),
                                 feed(row, vehicle, text, page)[1]))
        urls.append(put_broken(site, row, text))
    d.write("feeds.txt", "\n".join(urls) + "\n")
    d.must("feed", "import", d.folder / "feeds.txt")
    done = d.call("-v", "-v", "run")
    check(done.returncode == 0, f"run: {done.returncode} {done.stderr[-2000:]}")
    return done.stderr


# ---- oracles -------------------------------------------------------------------------------------

def deceives(text, allowed="\n"):
    """Characters that may steer or mislead whoever looks at them; joiners and soft hyphens may stay."""
    odd = set()
    for c in set(text) - set(allowed) - set("\u200c\u200d\xad"):
        code = ord(c)
        if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
            odd.add(c)
    return sorted(odd)


class Markup(html.parser.HTMLParser):
    """What a page is made of: elements, attributes, where its links go, its text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.shapes, self.values, self.links, self.text, self.odd = set(), set(), [], [], []
        self.feed(text)
        self.close()
        self.text = "".join(self.text)

    def handle_starttag(self, tag, attrs):
        self.shapes.add(tag)
        for name, value in attrs:
            self.shapes.add((tag, name))
            if name in ("href", "src", "action"):
                self.links.append(value)
            elif name in ("style", "class", "bgcolor", "role"):
                for part in (value or "").split(";"):  # a declaration, whatever its numbers and colours
                    self.values.add((name, re.sub(r"#[0-9a-f]{3,8}\b|[\d.]+", "0", part)))

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.odd.append(data)

    def handle_pi(self, data):
        self.odd.append(data)

    unknown_decl = handle_pi


LINK = re.compile(r"(?:https?://(?:127\.33\.\d\.\d+:\d+/[\w./-]*|watch\.example\.org/[\w./-]*)|(?:\.\./)?[\w./-]*(?:#[\w.-]*)?)")


def judge_text(text, _):
    odd = deceives(text)
    return [f"holds {odd!r}"] if odd else []


def judge_log(text, _):
    faults = judge_text(text, _)
    for line in text.splitlines():
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?:error|warn|info|debug) [a-z_-]+ .*|wirewatch: .*|\d[^=]*", line):
            faults.append(f"a line that the logger did not begin: {line[:90]!r}")
    return faults


def judge_csv(text, harmless):
    faults = [f"holds {odd!r}" for odd in [deceives(text, "\n\r")] if odd]
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if not rows:
        return faults
    if rows[0] != next(csv.reader(io.StringIO(harmless, newline=""))):
        faults.append(f"another header: {rows[0]}")
    if {len(row) for row in rows} != {len(rows[0])}:
        faults.append(f"rows of {sorted({len(row) for row in rows})} cells")
    cells = [cell for row in rows for cell in row]
    faults += [f"a formula: {cell[:40]!r}" for cell in cells if re.match(r"[=+\-@\t\r]", cell)]
    faults += [f"a line end in a cell: {cell[:40]!r}" for cell in cells if "\n" in cell or "\r" in cell]
    return faults


def members(value, path=""):
    if isinstance(value, dict):
        return set().union(*({f"{path}.{k}"} | members(v, f"{path}.{k}") for k, v in value.items()), set())
    if isinstance(value, list):
        return set().union(*(members(v, path + "[]") for v in value), set())
    return set()


def strings(value):
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in strings(v)]
    return [value] if isinstance(value, str) else []


def judge_json(text, harmless):
    """RFC 8259, a value a line: no member that we do not write, no half character, no NUL."""
    def pairs(found):
        names = [name for name, _ in found]
        if len(set(names)) != len(names):
            faults.append(f"a member twice: {names}")
        return dict(found)

    faults = [f"holds {c!r}" for c in sorted(set(text)) if ord(c) < 32 and c != "\n" or ord(c) == 127]
    known = set().union(*(members(json.loads(line)) for line in harmless.splitlines()))
    for line in text.splitlines():
        value = json.loads(line, object_pairs_hook=pairs)
        faults += [f"a member {m}" for m in members(value) - known]
        faults += [f"half a character: {s[:40]!r}" for s in strings(value) if re.search("[\0\ud800-\udfff]", s)]
    return faults


def judge_html(text, harmless):
    page, known = Markup(text), Markup(harmless)
    odd = set(deceives(text) + deceives(page.text)) - set(deceives(known.text))
    faults = [f"holds {sorted(odd)!r}"] if odd else []
    faults += [f"a comment or the like: {odd[:60]!r}" for odd in page.odd if odd not in known.odd]
    faults += [f"an element or attribute: {shape}" for shape in sorted(page.shapes - known.shapes, key=str)]
    faults += [f"a value: {value}" for value in sorted(page.values - known.values)]
    faults += [f"a link to {link[:80]!r}" for link in page.links if not LINK.fullmatch(link or "")]
    return faults


def judge_atom(text, _):
    return atomcheck.check(text.encode("utf-8", "surrogateescape")) + [
        f"holds {odd!r}" for odd in [deceives(text) + deceives("".join(atomcheck.parse(text.encode()).itertext()))] if odd]


def judge_mail(text, _):
    """All mails behind each other, as they are in their files."""
    return [f"{fault}" for mail in text.split("\0") for fault in mailcheck.check(mail.encode("ascii", "surrogateescape"))]


# ---- out -----------------------------------------------------------------------------------------

def screens(d, noun, verb):
    """One row of each, by turns of the ways in."""
    return "".join(d.terminal(noun, verb, name, columns=3000) for name in d.samples[noun])


@functools.cache
def mails(d, analyst):
    found = [p.read_bytes() for p in sorted((d.folder / "mail").glob("*.eml"))]
    return [mail for mail in found if f"To: {analyst}@".encode() in mail]


@functools.cache
def parsed(d):
    return [mailcheck.parse(mail) for mail in mails(d, "once")]


def bodies(d, kind):
    return "\n".join(m.get_body((kind,)).get_content().replace("\r\n", "\n") for m in parsed(d))


def header_text(d):
    return "\n".join(str(value) for m in parsed(d) for value in m.values())


def table(d):
    parts = [p.get_content() for mail in mails(d, "all") for p in mailcheck.parse(mail).iter_attachments()]
    if not parts and d.is_harmless:  # too little for an attachment; the columns are the same
        return d.must("digest", "preview", "--analyst", "all", "--all", "--format", "csv")
    return "".join(parts)


def handed(d):
    """What the program got, an object a line."""
    return "".join(p.read_text().strip("\n") + "\n" for p in sorted(d.folder.glob("handed.*")))


def report(d):
    d.must("--now", "2026-11-20T09:00:00Z", "report", "html", d.folder / "site")
    return "\n".join(p.read_text() for p in sorted((d.folder / "site").rglob("*.html")))


# name, what comes out, its oracle. Every row of the table has to be in each.
CONTEXTS = [
    ("log", lambda d: d.said, judge_log),
    ("alert list", lambda d: d.terminal("alert", "list", "--limit", "0", columns=3000), judge_text),
    ("article list", lambda d: d.terminal("article", "list", "--limit", "0", columns=3000), judge_text),
    ("story list", lambda d: d.terminal("story", "list", "--limit", "0", columns=3000), judge_text),
    ("feed list", lambda d: d.terminal("feed", "list", "--limit", "0", columns=3000), judge_text),
    ("outbox list", lambda d: d.must("outbox", "list", "--limit", "0", "--format", "jsonl"), judge_json),
    ("search", lambda d: d.terminal("search", "keeper", "--limit", "0", columns=3000), judge_text),
    ("alert show", lambda d: screens(d, "alert", "show"), judge_text),
    ("alert explain", lambda d: screens(d, "alert", "explain"), judge_text),
    ("story show", lambda d: screens(d, "story", "show"), judge_text),
    ("article show", lambda d: screens(d, "article", "show"), judge_text),
    ("alert list --format csv", lambda d: d.must("alert", "list", "--limit", "0", "--format", "csv"), judge_csv),
    ("article list --format csv", lambda d: d.must("article", "list", "--limit", "0", "--format", "csv"), judge_csv),
    ("feed list --format csv", lambda d: d.must("feed", "list", "--limit", "0", "--format", "csv"), judge_csv),
    ("alert list --format jsonl", lambda d: d.must("alert", "list", "--limit", "0", "--format", "jsonl"), judge_json),
    ("article list --format jsonl", lambda d: d.must("article", "list", "--limit", "0", "--format", "jsonl"), judge_json),
    ("mails", lambda d: "\0".join(m.decode("ascii", "surrogateescape") for m in mails(d, "once") + mails(d, "all")), judge_mail),
    ("mail header", header_text, judge_text),
    ("mail text", lambda d: bodies(d, "plain"), judge_text),
    ("mail HTML", lambda d: bodies(d, "html"), judge_html),
    ("attached table", table, judge_csv),
    ("program", handed, judge_json),
    ("digest preview --format jsonl", lambda d: d.must("digest", "preview", "--analyst", "all", "--all", "--format", "jsonl"),
     judge_json),
    ("digest preview", lambda d: d.terminal("digest", "preview", "--analyst", "all", "--all", columns=80), judge_text),
    ("Atom", lambda d: (d.folder / "alerts.atom").read_text(), judge_atom),
    ("report", report, judge_html),
]
ALL = {key(row, vehicle) for row in range(len(TABLE)) for vehicle in vehicles_of(row)}
SAMPLE = {key(row, VEHICLES[row % 3]) for row in range(len(TABLE))}
AGAINST_HARMLESS = {judge_csv, judge_json, judge_html}
# What is encoded, or holds a share of the rows alone.
WANTED = {"mails": set(), "digest preview": set(), "digest preview --format jsonl": set(),
          **{name: SAMPLE for name in ("log", "alert show", "alert explain", "story show", "article show")}}


def open_desk(stack, i, rows):
    d = stack.enter_context(desk.Desk(SETTINGS))
    d.config.write_text(SETTINGS.format(folder=d.folder))
    d.write("program", f'#!/bin/sh\nexec cat >"{d.folder}/handed.$$"\n').chmod(0o700)
    sites = [desk.Server(f"127.33.{i}.{n}") for n in range(1, 5)]
    for site in sites:
        stack.callback(site.close)
    d.is_harmless = rows is HARMLESS
    d.said = crawl(d, sites, rows)
    d.samples = {"alert": [], "story": [], "article": []}
    for alert in d.rows("alert", "list", "--limit", "0"):
        for k in KEY.findall(alert["headline"])[:1]:
            if k in SAMPLE:
                d.samples["alert"].append(alert["id"])
                d.samples["story"].append(alert["story"])
                d.samples["article"].append(alert["article"])
    return d


def look(name, out, judge, harmless, wanted):
    found = set(KEY.findall(out))
    faults = judge(out, harmless)
    for fault, n in collections.Counter(faults).most_common(4):
        check(False, f"{name}: {fault[:300]} ({n} times)")
    missing = sorted(wanted - found)
    rows = sorted({TABLE[int(k[1:3])][0] for k in missing})
    check(not missing, f"{name}: {len(missing)} of {len(wanted)} are missing: {', '.join(rows)[:300]}")


def main():
    with contextlib.ExitStack() as stack:
        desks = [open_desk(stack, i, rows) for i, rows in enumerate((HARMLESS, TABLE))]
        for name, show, judge in CONTEXTS:
            harmless = show(desks[0]) if judge in AGAINST_HARMLESS else ""
            look(name, show(desks[1]), judge, harmless, WANTED.get(name, ALL))
    desk.finish(f"{len(TABLE)} texts, {len(VEHICLES)} ways in, {len(CONTEXTS)} ways out")


main()

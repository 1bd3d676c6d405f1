#!/usr/bin/env python3
"""A week of a desk with four analysts, from the first run to Monday's summary: what was there before
stays unsaid, each is told what he asked for, at his hour, once; what cannot wait does not; a server
that is down, and one that refuses a mailbox, lose nothing and hold up nobody; the Atom feed and the
report say the same."""

import email
import email.policy
import pathlib
import re
import socketserver
import threading
import xml.etree.ElementTree as ET

import desk
from desk import check

# Osprey Light is the one that cannot wait.
STATIONS = desk.STATIONS.replace("stations,in_report,notes", "stations,in_report,notes,severity,tags").replace(
    "pier-kestrel,none,1,,", "pier-kestrel,none,1,,,medium,coast").replace(
    "light-osprey,none,1,,", "light-osprey,none,1,,,high,light")
ANALYSTS = """[analyst "gb"]
email = gb@example.org
subscribe = country:GB
digest = Mon-Fri 07:30
weekly = Mon 08:00
timezone = Europe/London
[analyst "lights"]
email = lights@example.org
subscribe = tag:light
digest = 07:30
immediate = severity:high
immediate-wait = 5m
quiet = 22:00-06:30
timezone = Europe/Dublin
[analyst "all"]
email = all@example.org
digest = 18:00
all-quiet = yes
[analyst "gone"]
email = gone@example.org
digest = run
"""
DAY = "2026-11-"  # the 16th is a Monday


class Mailbox(socketserver.ThreadingTCPServer):
    """An SMTP server that knows one mailbox less than it should."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self):
        self.letters, self.is_down = [], False
        super().__init__(("127.0.0.1", 0), Session)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def take(self, who):
        """Letters to somebody since this was asked last."""
        mine = [m for m in self.letters if m["To"] == f"{who}@example.org"]
        self.letters = [m for m in self.letters if m not in mine]
        return mine


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line + b"\r\n")

    def handle(self):
        self.say(b"421 4.3.2 closed for the night" if self.server.is_down else b"220 mail.example.org")
        for line in self.rfile:
            word = line[:4].upper()
            if self.server.is_down:
                return
            if word == b"RCPT" and b"gone@" in line:
                self.say(b"550 5.1.1 no such mailbox")
            elif word == b"DATA":
                self.say(b"354 go on")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                self.server.letters.append(email.message_from_bytes(body[:-3], policy=email.policy.default))
                self.say(b"250 2.0.0 taken")
            elif word == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 ok")


class Week:
    def __init__(self, d, site, mailbox):
        self.d, self.site, self.mailbox, self.entries = d, site, mailbox, []

    def publish(self, title, name, at, extra=""):
        text = [p.replace("{name}", name) for p in desk.BODY]
        text[0] = f"{title}. {name} was in the news on that day, said a clerk of {title.split()[0]}. {extra}"
        # Other words around each, so that none is a copy of another.
        text[1] = " ".join(f"{word} {len(self.entries)}" if i % 7 == 0 else word
                           for i, word in enumerate(reversed(text[1].split())))
        slug = re.sub("[^a-z]+", "-", title.lower())
        url = self.site.put(f"/{slug}.html", desk.page(title, text, published=at, url=f"{self.site.root}/{slug}.html"))
        self.entries.insert(0, (title, url))
        self.site.put("/rss", desk.rss("Northmoor Post", self.entries), "application/rss+xml")
        return url

    def run(self, at, *words, status=0):
        """At an hour (UTC): "17T07:31". What everybody got is in the mailbox."""
        done = self.d.call("--now", f"{DAY}{at}:00Z", "run", *words)
        check(done.returncode == status, f"run at {at}: status {done.returncode}, not {status}: {done.stderr}")
        return done.stderr


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def only(letters, who):
    check(len(letters) == 1, f"{who}: {len(letters)} letters: {[m['Subject'] for m in letters]}")
    return letters[0] if letters else email.message.EmailMessage()


def first_run(w):
    w.publish("Ropewalk sold at Kestrel Pier", "Kestrel Pier", "2026-11-16T06:00:00Z")
    w.run("16T09:00", "--no-send")
    check(len(w.d.rows("alert", "list")) == 1, "the first run found nothing")
    w.run("17T18:05")
    check([m for m in w.mailbox.letters if "Ropewalk" in text_of(m)] == [], "what was there before was told")
    quiet = only(w.mailbox.take("all"), "all quiet")
    check("Auto-Submitted" in quiet and "quiet" in quiet["Subject"].lower(), f"all quiet: {quiet['Subject']}")


def a_day(w):
    w.publish("Crane falls at Kestrel Pier", "Kestrel Pier", "2026-11-17T20:00:00Z")
    done = w.run("17T20:05", status=69)
    check("refused" in done, f"a refused message is said: {done}")
    check(w.mailbox.letters == [], "told at no hour of theirs")
    w.run("18T07:31")
    m = only(w.mailbox.take("gb"), "gb")
    said = text_of(m)
    check("Crane falls" in said and "\u00bbKestrel Pier\u00ab" in said, f"the digest of gb: {said}")
    check(w.mailbox.take("lights") == [], "lights was told of a pier")
    w.run("18T07:46")
    check(w.mailbox.letters == [], "told twice")
    w.run("18T18:01")
    check("Crane falls" in text_of(only(w.mailbox.take("all"), "all")), "the digest of all")


def at_once(w):
    w.publish("Osprey Light goes dark", "Osprey Light", "2026-11-18T20:55:00Z")
    w.run("18T21:00", status=69)
    check(w.mailbox.letters == [], "it waits for more on its story")
    w.run("18T21:06")
    m = only(w.mailbox.take("lights"), "at once")
    story = next(r["story"] for r in w.d.rows("alert", "list") if r["item"] == "light-osprey")
    story = int(re.sub(r"\D", "", str(story)))
    check("Osprey Light goes dark" in m["Subject"] and f"<story.{story}@watch.example.org>" in m["References"],
          f"at once: {m['Subject']} {m['References']}")
    w.publish("Keeper leaves Osprey Light", "Osprey Light", "2026-11-18T22:10:00Z")
    w.run("18T22:20", status=69)
    w.run("19T05:00")
    check(w.mailbox.take("lights") == [], "a mail in quiet hours")
    w.run("19T06:31")
    m = only(w.mailbox.take("lights"), "when quiet is over")
    check("Keeper leaves" in m["Subject"], f"when quiet is over: {m['Subject']}")
    w.run("19T07:31")
    for letter in w.mailbox.take("lights"):
        check("new" not in letter["Subject"].split(":")[-1], f"what was told at once came as new: {letter['Subject']}")
    w.mailbox.letters.clear()


def server_down(w):
    w.publish("Kestrel Pier under water", "Kestrel Pier", "2026-11-19T12:00:00Z")
    w.run("19T12:10")  # three were refused: the next for that mailbox is held
    check("held" in w.d.call("--now", f"{DAY}19T12:15:00Z", "check").stdout, "check does not say who is held")
    w.mailbox.letters.clear()
    w.mailbox.is_down = True
    w.run("20T07:31", status=75)
    w.d.fails(1, "outbox", "--now", f"{DAY}20T07:32:00Z", "check")
    w.mailbox.is_down = False
    w.run("20T07:40")
    first = only(w.mailbox.take("gb"), "after the server came back")
    check("under water" in text_of(first), "the digest that waited")
    failed = w.d.rows("outbox", "list", "--state", "failed")
    check({r["recipient"] for r in failed} == {"gone@example.org"}, f"failed: {failed}")
    check("550 5.1.1" in failed[0]["reply"], f"why: {failed[0]}")
    w.mailbox.letters.clear()


def monday(w):
    w.run("22T18:01")
    w.mailbox.letters.clear()
    w.run("23T08:01")
    letters = w.mailbox.take("gb")
    weekly = [m for m in letters if "week" in m["Subject"].lower()]
    check(len(weekly) == 1, f"the weekly summary: {[m['Subject'] for m in letters]}")
    if weekly:
        said = text_of(weekly[0])
        check("Crane falls" in said and "Osprey" not in said.split("Feeds:")[0], f"the weekly summary: {said}")


def published(w):
    atom = ET.fromstring((w.d.folder / "public" / "alerts.atom").read_bytes())
    titles = [e.findtext("{http://www.w3.org/2005/Atom}title") for e in atom.iter("{http://www.w3.org/2005/Atom}entry")]
    listed = w.d.rows("alert", "list", "--limit", "0")
    check(len(titles) == len(listed), f"{len(titles)} entries, {len(listed)} alerts")
    index = (w.d.folder / "public" / "index.html").read_text(encoding="utf-8")
    stories = list((w.d.folder / "public").rglob("story/*.html"))
    check("Kestrel Pier" in index and len(stories) == len({r["story"] for r in listed}),
          f"the report has {len(stories)} stories")


def every_letter_once(w):
    told = {}
    for row in w.d.rows("outbox", "list", "--limit", "0"):
        if row["state"] == "sent" and row["kind"] in ("digest", "immediate"):
            told.setdefault(row["analyst"], []).append(row["alerts"])
    check(sum(told["gb"]) == 2 and sum(told["lights"]) == 2 and sum(told["all"]) == 4, f"alerts told: {told}")


def main():
    mailbox = Mailbox()
    config = desk.CONFIG.split("[analyst")[0].replace("transport = file", "transport = smtp\ntls = none\n"
                                                      f"server = smtp://127.0.0.1:{mailbox.server_address[1]}")
    config += f"[report]\nhtml = public\natom = public/alerts.atom\n{ANALYSTS}"
    with desk.Desk(config) as d:
        desk.put_watchlist(pathlib.Path(d.watchlist), stations=STATIONS)
        site = desk.Server("127.31.0.9")
        w = Week(d, site, mailbox)
        site.put("/rss", desk.rss("Northmoor Post", []), "application/rss+xml")
        d.must("feed", "add", site.root + "/rss")
        for part in (first_run, a_day, at_once, server_down, monday, published, every_letter_once):
            part(w)
        site.close()
    desk.finish("a week of mail: each was told what he asked for, once")


if __name__ == "__main__":
    main()

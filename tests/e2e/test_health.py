#!/usr/bin/env python3
"""Four weeks of a desk whose sources die, fall silent, move away and come back: each trouble is told
every analyst once, and its end once, through runs that are killed in between; what only hiccups is
told nobody, and a day without a network blames nobody."""

import email
import email.policy
import http.server
import random
import signal
import subprocess
import threading
import time

import newsdesk
from newsdesk import check

DAY = 86400
START = 1788242400  # 1 September 2026, 06:00 UTC
STEP = DAY // 2
DAYS = 28
OFFLINE = 20  # the day without a network

CONFIG = newsdesk.CONFIG.replace("feed-interval = 0s", "feed-interval = 1h").replace(
    "digest = run", "digest = 07:30") + """[analyst "night"]
email = night@example.org
digest = 19:00
"""


class Paper:
    """A host of its own with a feed; fate(day) is None for news, or status and body."""

    now = START

    def __init__(self, number, name, country, fate, every=DAY // 4, silent=(99, 99)):
        self.name, self.country, self.fate, self.every, self.silent = name, country, fate, every, silent
        paper = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, body = paper.answer() if self.path == "/feed" else (404, "")
                self.send_response(status)
                self.send_header("Content-Type", "text/html" if status != 200 or "<html" in body else "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer((f"127.41.0.{number}", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.41.0.{number}:{self.http.server_port}/feed"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self):
        day = (Paper.now - START) / DAY
        if day // 1 == OFFLINE:
            return 200, "<html><title>Hotel Seaview: log in</title><p>Room number?</html>"
        fate = self.fate(day)
        if fate is not None:
            return fate
        newest = Paper.now
        if self.silent[0] <= day < self.silent[1]:
            newest = START + self.silent[0] * DAY
        last = int(newest // self.every)
        items = "".join(
            f"<item><guid>{k}</guid><title>{self.name} {k}</title><pubDate>"
            f"{time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime(k * self.every))}</pubDate></item>"
            for k in range(last, last - 10, -1))
        return 200, f"<rss version='2.0'><channel><title>{self.name}</title>{items}</channel></rss>"


def papers():
    well = lambda day: None
    return [
        Paper(1, "Northmoor Post", "GB", well),
        Paper(2, "Ardmore News", "IE", well),
        Paper(3, "Quiet Weekly", "HU", well, every=DAY, silent=(3, 22)),
        Paper(4, "Lost Gazette", "RS", lambda day: (404, "none") if day >= 5 else None),
        Paper(5, "Moved Wire", "IE", lambda day: (200, "<html><title>A new home</title></html>") if day >= 6 else None),
        Paper(6, "Old Herald", "IT", lambda day: (410, "gone") if day >= 10 else None),
        Paper(7, "Shut Times", "NL", lambda day: (403, "no") if 6 <= day < 16 else None),
        Paper(8, "Busy Sun", "GB", lambda day: (500, "busy") if day % 3 < 1 else None),
        Paper(9, "Ill Mercury", "GB", lambda day: (502, "ill") if 11 <= day < 16 else None),
        Paper(11, "Dead Letter", "GB", well, every=DAY, silent=(-100, 99)),
        Paper(10, "Brief Blip", "GB", lambda day: (500, "ill") if 8 <= day < 9 else None),
    ]


# What each analyst hears, and of whom.
# Dead Letter had been dead before anybody followed it.
BEGAN = {"Dead Letter", "Quiet Weekly", "Lost Gazette", "Moved Wire", "Old Herald", "Shut Times", "Ill Mercury"}
ENDED = {"Quiet Weekly", "Shut Times", "Ill Mercury"}


def told(desk, analyst):
    """What this analyst's mails say: (section, name) in order. One message may lie there twice."""
    seen, rows = set(), []
    for path in desk.letters():
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if analyst not in message["To"] or message["Message-ID"] in seen:
            continue
        seen.add(message["Message-ID"])
        section = None
        for line in message.get_body(("plain",)).get_content().splitlines():
            if line in ("WATCH TROUBLE", "BACK AGAIN"):
                section = line
            elif line.startswith("----"):
                section = None
            elif section and line.startswith("   * "):
                rows.append((section, line[5:].split(" [")[0]))
    return rows


def run(desk, now, rng):
    """A run; every fourth one is killed on its way first."""
    if rng.random() < 0.25:
        process = subprocess.Popen(desk.command("run", now=now), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(rng.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
    return desk.call("run", now=now)


def look(desk, now):
    """The words that lists, show and check have for it at the end."""
    rows = {r["title"]: r for r in desk.rows("SELECT * FROM feed")}
    for title, health in [("Northmoor Post", "ok"), ("Lost Gazette", "failing"), ("Moved Wire", "failing"),
                          ("Quiet Weekly", "ok"), ("Dead Letter", "stale"), ("Shut Times", "ok")]:
        check(rows[title]["health"] == health, f"{title} is {rows[title]['health']}")
    check(rows["Old Herald"]["state"] == "gone", "Old Herald is not gone")
    check(rows["Lost Gazette"]["next_due_at"] < now + 2 * DAY, "a feed that fails is no longer asked")
    bad = desk.call("feed", "list", "--state", "bad", now=now).stdout
    for words in ("Lost Gazette", "status 404", "Moved Wire", 'not a feed ("A new home")', "Old Herald", "410"):
        check(words in bad, f"feed list --state bad does not say {words}:\n{bad}")
    check("Northmoor" not in bad and "Shut Times" not in bad, f"feed list --state bad:\n{bad}")
    shown = desk.call("feed", "show", "f7", now=now).stdout
    for words in ("f7  ok", "recovered", "status 403"):
        check(words in shown, f"feed show does not say {words}:\n{shown}")
    done = desk.call("check", now=now)
    check(done.returncode == 1, f"check: {done.returncode}")
    for words in ("2 failing", "1 stale", "1 gone", "no healthy feed from RS for 2", "no healthy feed from IT",
                  "countries of the watchlist have no feed", "could not watch"):
        check(words in done.stdout, f"check does not say {words}:\n{done.stdout}")
    check("from IE" not in done.stdout and "from HU" not in done.stdout, f"check:\n{done.stdout}")


def main():
    rng = newsdesk.seeded_random()
    with newsdesk.Workplace("health") as folder:
        desk = newsdesk.Desk(folder, CONFIG)
        all_papers = papers()
        opml = folder / "feeds.opml"
        opml.write_text('<opml version="2.0"><body>' + "".join(
            f'<outline type="rss" text="{p.name}" xmlUrl="{p.url}" country="{p.country}"/>'
            for p in all_papers) + "</body></opml>")
        desk.must("feed", "import", opml, now=START)
        blamed = 0
        for now in range(START, START + DAYS * DAY, STEP):
            Paper.now = now
            offline = (now - START) // DAY == OFFLINE
            done = run(desk, now, rng)
            check(done.returncode == (75 if offline else 0),
                  f"day {(now - START) / DAY}: status {done.returncode}: {done.stderr}")
            n = desk.rows("SELECT COUNT(*) AS n FROM feed_check WHERE outcome = 'failed'")[0]["n"]
            check(not offline or n == blamed, "blamed on the day without a network")
            blamed = n
        for analyst in ("desk", "night"):
            rows = told(desk, f"{analyst}@example.org")
            check(sorted(rows) == sorted([("WATCH TROUBLE", n) for n in BEGAN] + [("BACK AGAIN", n) for n in ENDED]),
                  f"{analyst} was told {rows}")
        look(desk, Paper.now)
        for paper in all_papers:
            paper.http.shutdown()
    newsdesk.finish("each trouble was told once, and its end once")


if __name__ == "__main__":
    main()

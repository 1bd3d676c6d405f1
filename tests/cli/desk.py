"""What the tests of the command line share: a loopback server, and a desk that has read a few files
and one small feed. Everything lives in a temporary folder; every command has a time limit."""

import csv
import fcntl
import http.server
import io
import json
import os
import pathlib
import pty
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import arrival  # pylint: disable=wrong-import-position
import engine  # pylint: disable=wrong-import-position

os.umask(0o022)  # of settings that others can change check warns

WIREWATCH = os.path.abspath(os.environ.get("WIREWATCH", "./wirewatch"))
NOW = "2026-11-20T08:00:00Z"
COMMAND_S = 60

# ESC, C1's CSI, BEL, right-to-left override, a formula: what a title may hold that nobody may run.
HOSTILE = '=HYPERLINK("http://evil.example/","pier")'
RAW = ["\x1b", "\x9b", "\x07", "\u202e", "\u2066"]

STATIONS = """id,name,kind,city,country,jurisdiction,address_or_host,status,status_date,aliases,context_aliases,source,confidence,site,match_scope,stations,in_report,notes
kestrel,Kestrel Pier,pier,,GB,harbour,,reported,2026,Kestrel Pier|\u71d5\u5b50\u7801\u5934,,Northmoor Post,high,pier-kestrel,none,1,,
osprey,Osprey Light,light,,IE,harbour,,reported,2026,Osprey Light,,Northmoor Post,high,light-osprey,none,1,,
"""
TERMS = """language,term,role,strength,case_sensitive,note
en,pier~,station-term,weak,no,
"""

CONFIG = """[wirewatch]
contact = desk@example.org
[fetch]
allow = 127.0.0.0/8
per-host-interval = 0s
feed-interval = 0s
timeout = 5s
[match]
watchlist = watchlist
[mail]
transport = file
directory = mail
from = Wire Watch <wirewatch@example.org>
list-id = watch.example.org
[analyst "desk"]
email = desk@example.org
"""

BODY = ["The harbour council voted late on Tuesday to close {name} for two winters while divers replace "
        "the timber piles that hold it up, a work that was put off three times.",
        "Engineers had warned in spring that ship worm had eaten through forty-one of them, and the cannery "
        "fears that its buyers will turn to another island for good.",
        "Mira Tolland, who runs the ferry office at Ardmore, said that boats would land at the old slip "
        "until the work is done, and that nobody would lose a day's wage over it."]
CHINESE = ["港口委员会周二深夜投票决定将燕子码头关闭两个冬天,以便潜水员更换支撑它的木桩,这项工程已经推迟了三次。",
           "工程师们在春天警告说,船蛆已经蛀穿了其中的四十一根,温州来的罐头厂担心买家会永远转向另一个岛屿。"]

failures = []


def check(ok, message):
    if not ok:
        failures.append(message)
        print("FAIL:", message)


def finish(summary):
    print(summary if not failures else f"{len(failures)} failed")
    sys.exit(1 if failures else 0)


def page(title, paragraphs, language="en", published="2022-10-05T09:30:00Z", url="https://news.example/1",
         name="Kestrel Pier"):
    """An article as a small outlet serves it, with a menu and a box that are no part of it."""
    text = "".join(f"<p>{p.format(name=name)}</p>" for p in paragraphs)
    menu = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in ("Harbour", "Sport", "Weather", "Tides"))
    return (f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
            f'<meta property="article:published_time" content="{published}">'
            f'<link rel="canonical" href="{url}"></head><body><nav><ul>{menu}</ul></nav>'
            f"<article><h1>{title}</h1>{text}</article>"
            f'<footer><p>Subscribe to our newsletter for &#27;[31moffers\u202e today.</p></footer></body></html>')


def rss(title, entries):
    items = "".join(f"<item><title>{t}</title><link>{u}</link><guid>{u}</guid>"
                    f"<pubDate>Fri, 20 Nov 2026 07:00:00 GMT</pubDate></item>" for t, u in entries)
    return (f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
            f"<link>http://x.example/</link><language>en</language>{items}</channel></rss>")


class Server:
    """A loopback site: path -> (status, content type, body, headers); the rest is 404."""

    def __init__(self, address="127.31.0.1"):
        pages = self.pages = {}
        asked = self.asked = []
        agents = self.agents = set()
        times = self.times = []  # of each of them, by the monotonic clock
        delays = self.delays = {}  # path -> seconds; "" is all others
        meanwhile = self.meanwhile = {}  # path -> what is done once, between a request and its answer

        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_one_request(self):
                self.arrived = arrival.of(self.connection)
                super().handle_one_request()

            def do_GET(self):
                asked.append(self.path)
                times.append(self.arrived)
                agents.add(self.headers.get("User-Agent"))
                meanwhile.pop(self.path, lambda: None)()
                time.sleep(delays.get(self.path, delays.get("", 0)))
                status, kind, body, headers = pages.get(self.path, (404, "text/plain", "none", {}))
                body = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                try:
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:  # who asked has gone away
                    pass

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.http.daemon_threads = True
        arrival.noted(self.http.socket)
        self.root = f"http://{address}:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, path, body, kind="text/html; charset=utf-8", status=200, **headers):
        self.pages[path] = (status, kind, body, headers)
        return self.root + path

    def close(self):
        self.http.shutdown()
        self.http.server_close()


class Desk:
    """Settings, watchlist and database in a folder that goes away."""

    def __init__(self, config=CONFIG):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wirewatch-cli."))
        self.config = self.folder / "wirewatch.conf"
        self.db = engine.new(self.folder / "wirewatch.db")
        self.watchlist = self.folder / "watchlist"
        self.config.write_text(config)
        put_watchlist(self.folder / "source")
        self.must("init", self.folder / "source")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, **more):
        e = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE", "TERM")}
        e.update(WIREWATCH_CONFIG=str(self.config), WIREWATCH_DB=str(self.db), HOME=str(self.folder), **more)
        return e

    def call(self, *words, stdin="", env=None):
        line = [WIREWATCH, "--now", NOW] + [str(w) for w in words]
        done = subprocess.run(line, input=stdin.encode(), capture_output=True, timeout=COMMAND_S, check=False,
                              env=self.environment(**(env or {})), cwd=self.folder)
        # Decoded here: text mode would make one line end of CSV's two characters.
        done.stdout = done.stdout.decode("utf-8", "surrogateescape")
        done.stderr = done.stderr.decode("utf-8", "surrogateescape")
        return done

    def must(self, *words, **options):
        """The standard output of a command that has to succeed."""
        done = self.call(*words, **options)
        check(done.returncode == 0, f"{words}: status {done.returncode}: {done.stderr}")
        return done.stdout

    def terminal(self, *words, columns=80):
        """What a person sees in a terminal of so many columns, without colours."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        line = [WIREWATCH, "--now", NOW, "--color", "never"] + [str(w) for w in words]
        run = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.DEVNULL,
                               env=self.environment(TERM="xterm"), cwd=self.folder)
        os.close(slave)
        said = b""
        with os.fdopen(master, "rb", 0) as screen:
            try:
                while piece := screen.read(4096):
                    said += piece
            except OSError:  # the other end is closed
                pass
        check(run.wait(COMMAND_S) == 0, f"{words}: status {run.returncode}")
        return said.decode().replace("\r\n", "\n")

    def fails(self, status, pattern, *words, **options):
        """A command that has to end with status, and to say pattern on one of its streams."""
        done = self.call(*words, **options)
        said = done.stdout + done.stderr
        check(done.returncode == status, f"{words}: status {done.returncode}, not {status}: {said}")
        check(pattern in said, f'{words} does not say "{pattern}": {said}')
        return said

    def rows(self, *words):
        return [json.loads(line) for line in self.must(*words, "--format", "jsonl").splitlines()]

    def rows_of(self, status, *words):
        """The rows of a command whose findings are its status."""
        done = self.call(*words, "--format", "jsonl")
        check(done.returncode == status, f"{words}: status {done.returncode}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def csv(self, *words):
        text = self.must(*words, "--format", "csv")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def put_watchlist(folder, stations=STATIONS, terms=TERMS):
    folder.mkdir(exist_ok=True)
    (folder / "stations.csv").write_text(stations, encoding="utf-8")
    (folder / "terms.csv").write_text(terms, encoding="utf-8")
    return folder


def history(desk):
    """Five files of history: a story and its copy, a Chinese one, a hostile title, a plain text."""
    desk.write("history/pier.html", page("Kestrel Pier closes", BODY))
    desk.write("history/copy.html", page("Kestrel Pier to close", BODY, url="https://other.example/pier"))
    desk.write("history/zh.html", page("燕子码头关闭", CHINESE, "zh", "2023-01-10T01:00:00Z",
                                       "https://news.example/zh"))
    hostile = HOSTILE.replace('"', "&quot;") + "&#27;[31m \u202e\u2066 \u009b"
    desk.write("history/hostile.html", page(hostile, [p.replace("harbour", "town") for p in reversed(BODY)],
                                            url="https://evil.example/1", name="Osprey Light",
                                            published="2023-02-01T00:00:00Z"))
    desk.write("history/notes.txt", "Tide table of the year\n\n" + "\n\n".join(
        ["High water came at four on every day of the quiet week, said the keeper of the lock at Penhallow.",
         "Nobody had written down the tides before; the keeper used a pencil, a clock and a stick with notches."]))
    return desk.folder / "history"


def feed(server):
    """A feed of two entries; one names a watched item."""
    one = server.put("/news/pier.html", page("Kestrel Pier opens again", BODY[1:] + [
        "Kestrel Pier was opened on Friday by the mayor of Ardmore, who had brought a band and her dog along."],
        published="2026-11-20T07:00:00Z", url=server.root + "/news/pier.html"))
    two = server.put("/news/tide.html", page("A quiet tide", [
        "A quiet tide left the harbour of Penhallow on Thursday with more mud than anyone had seen before.",
        "Children found a bell, two anchors and the boot of a sailor, which the museum took in at once."],
        published="2026-11-19T07:00:00Z", url=server.root + "/news/tide.html"))
    return server.put("/rss", rss("Northmoor \u202ePost", [("Kestrel Pier opens again", one), ("A quiet tide", two)]),
                      "application/rss+xml")

"""What the end-to-end tests share: a newsroom that serves, and a desk that watches it.

Both live in a temporary folder under $B. $WIREWATCH is the program under test. Everything is
bounded: the newsroom ends by itself, every command has a time limit.
"""

import csv
import http.client
import itertools
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import engine  # pylint: disable=wrong-import-position

os.umask(0o022)  # of settings that others can change check warns

TOP = pathlib.Path(__file__).resolve().parents[2]
B = pathlib.Path(os.environ.get("B", "build/cc")).resolve()
WIREWATCH = os.environ.get("WIREWATCH", str(B / "wirewatch"))
SITE = TOP / "tests" / "newsroom" / "site"
EVENTS = TOP / "tests" / "newsroom" / "events.tsv"
EXPECTED = TOP / "tests" / "newsroom" / "expected.tsv"
WATCHLIST = TOP / "watchlists" / "overseas-police-stations"
COMMAND_S = 60  # longest a single command may take
LAST, NUMBERS = "/asked-last-", itertools.count(1)  # of a newsroom, see ask_last

CONFIG = """[wirewatch]
contact = desk@example.org
timezone = UTC
[fetch]
allow = 127.0.0.0/8
per-host-interval = 0s
feed-interval = 0s
timeout = 10s
[match]
watchlist = {watchlist}
[mail]
transport = file
from = Wire Watch <wirewatch@example.org>
list-id = watch.example.org
directory = {mail}
[archive]
directory = {folder}/warc
[analyst "desk"]
email = desk@example.org
digest = run
"""

failures = []


def check(ok, message):
    """A broken promise is said and counted; the test goes on to find the next."""
    if not ok:
        failures.append(message)
        print("FAILED:", message)


def finish(summary):
    print(summary)
    sys.exit(1 if failures else 0)


def skip(reason):
    print(reason)
    sys.exit(77)


class Newsroom:
    """tests/newsroom/newsroom on a free port."""

    def __init__(self, folder, state="first", clock=None, port=0):
        program = B / "tests" / "newsroom" / "newsroom"
        if not program.exists():
            skip(f"{program} is not built")
        self.clock = int(clock if clock is not None else time.time())
        self.log = folder / "requests.tsv"
        self.opml = folder / "newsroom.opml"
        ready = folder / "newsroom.ready"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [program, "--site", SITE, "--log", self.log, "--opml", self.opml, "--ready", ready,
             "--clock", str(self.clock), "--state", state, "--port", str(port),
             "--seconds", "600"])
        for _ in range(200):
            if ready.exists() or self.process.poll() is not None:
                break
            time.sleep(0.05)
        if not ready.exists():
            raise RuntimeError("the newsroom did not start")
        self.port = int(ready.read_text().split()[0])

    def switch(self):
        """The world moves on: edits, a feed gone, one busy, one broken."""
        self.process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + COMMAND_S
        while self.ask_last()[-1]["state"] != "second":
            if time.monotonic() > until:
                raise RuntimeError("the newsroom has not moved on")

    def requests(self):
        """What was asked so far, as dictionaries."""
        rows = [row for row in self.ask_last() if not row["path"].startswith(LAST)]
        for row in rows:
            row["conditional"] = row["conditional"] == "conditional"
            row["status"] = int(row["status"])
        return rows

    def ask_last(self):
        """The rows of the log up to a request of ours, which is made now: it is written every 20 ms,
        on a busy machine a good deal later."""
        path = f"{LAST}{next(NUMBERS)}"
        line = http.client.HTTPConnection(next(iter(outlets().values())), self.port, timeout=COMMAND_S)
        line.request("GET", path)
        line.getresponse().read()
        line.close()
        names = ["ms", "state", "method", "host", "path", "status", "conditional"]
        until = time.monotonic() + COMMAND_S
        while time.monotonic() < until:
            whole = self.log.read_text().rpartition("\n")[0]
            rows = [dict(zip(names, row.split("\t"))) for row in whole.splitlines()]
            ours = [i for i, row in enumerate(rows) if row["path"] == path]
            if ours:
                return rows[:ours[0] + 1]
            time.sleep(0.01)
        raise RuntimeError(f"the newsroom's log has no {path}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)


class Hurry:
    """Time that passes so many times as fast, alike for all commands that are given it as now=."""

    def __init__(self, speed, start=None):
        self.speed = speed
        self.start = start if start is not None else time.time()
        self.began = time.time()

    def now(self):
        return self.start + (time.time() - self.began) * self.speed

    def seconds(self, real_s):
        """How long that is by this clock."""
        return real_s * self.speed

    def word(self):
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now()))
        return f"{stamp} x{self.speed}"


class Desk:
    """A configuration, a database and a mail folder."""

    def __init__(self, folder, config=CONFIG, watchlist=WATCHLIST, init=True, copy_of=None):
        self.folder = folder
        if copy_of is None:
            folder.mkdir(parents=True, exist_ok=True)
            self.db = engine.new(folder / "wirewatch.db")
        else:
            shutil.copytree(copy_of.folder, folder)
            self.db = engine.copy(copy_of.db, folder / "wirewatch.db")
        self.config = folder / "wirewatch.conf"
        self.mail = folder / "mail"
        self.config.write_text(config.format(watchlist=watchlist, mail=self.mail, folder=folder))
        if init and copy_of is None:
            self.must("init", WATCHLIST)

    def command(self, *words, now=None):
        line = [WIREWATCH, "--config", str(self.config), "--db", str(self.db)]
        if isinstance(now, Hurry):
            line += ["--now", now.word()]
        elif now is not None:
            line += ["--now", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))]
        return line + [str(w) for w in words]

    def call(self, *words, now=None, **options):
        return subprocess.run(self.command(*words, now=now), capture_output=True, text=True,
                              timeout=COMMAND_S, **options)

    def must(self, *words, now=None):
        done = self.call(*words, now=now)
        if done.returncode != 0:
            print(f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout}"
                  f"{done.stderr}")
            check(False, f"{' '.join(map(str, words))} ended with {done.returncode}")
        return done

    def rows(self, sql, *values):
        """Straight from the store: a test does not believe the program's own lists."""
        return engine.rows(self.db, sql, *values)

    def letters(self):
        return sorted(p for p in self.mail.rglob("*") if p.is_file()) if self.mail.exists() else []


class Workplace:
    """A temporary folder under $B; kept when the test failed."""

    def __init__(self, name):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}.", dir=B))

    def __enter__(self):
        return self.folder

    def __exit__(self, kind, value, trace):
        if kind is not None and kind is not SystemExit or failures:
            print(f"left for a look: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


def outlets():
    """Folder name -> address."""
    lines = (SITE / "outlets.tsv").read_text().splitlines()
    return {l.split("\t")[0]: l.split("\t")[1] for l in lines if l and l[0] != "#"}


def expected():
    """The lines of expected.tsv: state, story, outlet, path, items (a set), why."""
    names = ["state", "story", "outlet", "path", "items", "why"]
    rows = []
    for line in EXPECTED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        row = dict(zip(names, line.split("\t")))
        row["state"] = int(row["state"])
        row["items"] = set() if row["items"] == "-" else set(row["items"].split())
        rows.append(row)
    return rows


def events():
    """The lines of events.tsv: state, outlet, path, kind, noted, why."""
    names = ["state", "outlet", "path", "kind", "noted", "why"]
    return [dict(zip(names, line.split("\t"))) for line in EVENTS.read_text().splitlines()
            if not line.startswith("#")]


def watched_items():
    """Ids of sites and jurisdictions: the kinds that expected.tsv speaks of."""
    with open(WATCHLIST / "stations.csv", encoding="utf-8", newline="") as f:
        sites = {row["site"] for row in csv.DictReader(f)}
    with open(WATCHLIST / "jurisdictions.csv", encoding="utf-8", newline="") as f:
        return sites | {row["id"] for row in csv.DictReader(f)}


def seeded_random():
    seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 30)))
    print(f"SEED={seed}")
    return random.Random(seed)

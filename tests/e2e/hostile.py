"""Numbered ways to misbehave, each a story of its own on hosts of its own, all in one world.

A case is a generator: what it does before its first yield sets its servers up and names its feeds;
each yield is one `wirewatch run`, at the time that the world's table of runs says; what it does
behind a yield checks what that run did. All cases of a file share the runs, so that they are beside
each other in each, and beside a good feed of which every run has to bring the newest article.

    @case(27, "status 410", "stopped after one request")
    def gone(host):
        host.feed("/feed", answer(status=410))
        yield
        yield
        host.check(host.count("/feed") == 1, "asked again")

Everything is on loopback: host n is 127.13.n.1, and where a namespace may be made the whole test
moves into one that has nothing but lo, so that no address in any answer leads anywhere.
"""

import ctypes
import fcntl
import gzip
import os
import pathlib
import re
import selectors
import socket
import struct
import subprocess
import sys
import threading
import time

import newsdesk

RUN_MAX_S = 36  # of one run beyond the time of a transfer, whatever its feeds do
PROCESS_MAX_MIB = 256
SLOW_S = 30  # of one transfer: what no case is about that brings tens of MB through one interpreter
HASTY_S = 4  # where servers are silent, and each is waited for until the end
HOUR, DAY = 3600, 86400

# 127.0.0.1 stands for an address that may not be asked.
CONFIG = newsdesk.CONFIG.replace("127.0.0.0/8", "127.12.0.0/14")

cases = []


def case(number, what, expected):
    """Number of design/reliability.md, what is done to us, what has to come of it."""
    def keep(story):
        cases.append((number, what, expected, story))
        return story
    return keep


# ---- answers -------------------------------------------------------------------------------------

def answer(body=b"", status=200, kind="application/rss+xml", headers=(), packed=False):
    """The bytes of a whole answer. headers: "Name: value" lines."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} x", f"Content-Type: {kind}", "Connection: close"]
    if packed:
        body = gzip.compress(body, 6)
        lines.append("Content-Encoding: gzip")
    lines += [f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def redirect(location, status=302):
    return answer(status=status, headers=[f"Location: {location}"])


def item(link, guid=None, title=None, extra=""):
    guid = f"<guid isPermaLink='false'>{guid}</guid>" if guid is not None else ""
    return f"<item><title>{title or 'About ' + link}</title><link>{link}</link>{guid}{extra}</item>"


def rss(*items, head="", title="The Lock Keeper"):
    return (f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>{title}</title>'
            f"{''.join(items)}</channel></rss>")


def page(topic, head=""):
    return answer(f"""<!doctype html><html lang="en"><head><title>The {topic} question</title>{head}
</head><body><article><h1>The {topic} question</h1>
<p>The council of the old harbour town spent its Tuesday evening on {topic}, and the debate went on
for longer than anybody had expected when the doors were opened at six.</p>
<p>Several of those who spoke about {topic} said that the plans had changed twice since the spring,
and that nobody had told the people who live along the northern quay.</p></article></body></html>""",
                  kind="text/html; charset=utf-8")


# ---- servers -------------------------------------------------------------------------------------

class Request:
    def __init__(self, address, data):
        lines = data.decode("latin-1").split("\r\n")
        self.address = address
        self.at = time.monotonic()
        self.path = lines[0].split(" ")[1] if lines[0].count(" ") >= 2 else "?"
        self.headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                self.headers.setdefault(name.lower(), []).append(value.strip(" "))

    def header(self, name):
        return ", ".join(self.headers.get(name, []))


class Host:
    """The servers of one case: 127.13.number.1, and .2, .3 ... for those that need more than one."""

    def __init__(self, world, number, what):
        self.world, self.number, self.what = world, number, what
        self.answers = {}  # (last part of the address, path) -> list; the last one stays
        self.requests = []
        self.tls = {}  # last part of the address -> context

    def address(self, last=1):
        return f"127.13.{self.number}.{last}"

    def url(self, path="/", last=1):
        scheme = "https" if last in self.tls else "http"
        return f"{scheme}://{self.address(last)}:{self.world.port}{path}"

    def on(self, path, *answers, last=1):
        """What is said there: bytes, or a function of a connection and a request; in this order."""
        self.answers[last, path] = list(answers)
        self.world.listen(self, last)

    def feed(self, path, *answers, last=1):
        self.on(path, *answers, last=last)
        self.follow(self.url(path, last))

    def follow(self, url):
        self.world.feeds.append(url)

    def count(self, path, last=1):
        return sum(r.path == path and r.address == self.address(last) for r in self.requests)

    def last_request(self, path, last=1):
        return [r for r in self.requests if r.path == path and r.address == self.address(last)][-1]

    # What the database knows.

    def feed_row(self, path="/feed", last=1):
        url = path if "://" in path else self.url(path, last)
        return self.world.desk.rows("SELECT * FROM feed WHERE url = ?", url)[0]

    def entries(self, path="/feed", last=1):
        return self.world.desk.rows("SELECT * FROM entry WHERE feed_id = ? ORDER BY id",
                                    self.feed_row(path, last)["id"])

    def last_check(self, path="/feed", last=1):
        return self.world.desk.rows("SELECT * FROM feed_check WHERE feed_id = ? ORDER BY id DESC",
                                    self.feed_row(path, last)["id"])[0]

    def page_row(self, path, last=1):
        rows = self.world.desk.rows("SELECT * FROM page WHERE url = ?", self.url(path, last))
        return rows[0] if rows else {"state": "none", "last_error": "", "n_tries": 0}

    def articles(self):
        return self.world.desk.rows("SELECT * FROM article WHERE url LIKE ?",
                                    f"%://127.13.{self.number}.%")

    def letters(self, words, path="/feed", last=1):
        """Digests whose text says these words of that feed."""
        said = f"[f{self.feed_row(path, last)['id']}] {words}"
        return sum(said in letter.read_text() for letter in self.world.desk.letters())

    # What has to hold.

    def check(self, ok, message):
        newsdesk.check(ok, f"{self.number} {self.what}: {message}")

    def check_failed(self, pattern, path="/feed", last=1):
        """That feed failed with such words, and nothing of it was stored."""
        row = self.feed_row(path, last)
        self.check(re.search(pattern, row["last_error"]), f"{path}: said {row['last_error']!r}")
        self.check(row["n_failures"] > 0, f"{path}: counts as a success")
        self.check(not self.entries(path, last), f"{path}: something was stored")

    def check_read(self, n, path="/feed", last=1, message=None):
        """That feed was read, with so many entries, and so was said."""
        got = len(self.entries(path, last))
        row = self.feed_row(path, last)
        self.check(got == n, f"{path}: {got} entries, not {n}: {row['last_error']}")
        self.check(row["n_failures"] == 0, f"{path}: failed: {row['last_error']}")
        if message is not None:
            said = self.last_check(path, last)["message"]
            self.check(message in said, f"{path}: said {said!r}")


def one_port():
    """Two listeners on one port, which another program may have at either of the addresses."""
    for _ in range(20):
        first = socket.create_server(("127.13.0.1", 0))
        try:
            return first, socket.create_server(("127.0.0.1", first.getsockname()[1]))
        except OSError:
            first.close()
    raise RuntimeError("no port is free at both addresses")


MEASURE = """import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "a") as f:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=f)
sys.exit(status if status >= 0 else 128 - status)
"""


class Desk(newsdesk.Desk):
    """Its commands are begun by a small process, which notes what the largest of theirs took: a process
    counts as large as the one that made it, and this one holds all that the servers say."""

    def command(self, *words, now=None):
        return [sys.executable, "-c", MEASURE, self.folder / "peaks", *super().command(*words, now=now)]

    def peak_mib(self):
        return max(map(int, (self.folder / "peaks").read_text().split())) // 1024


class World:
    """All servers of a file, on one port, and the desk that reads them."""

    def __init__(self, folder, has_namespace, timeout_s):
        self.folder = folder
        self.has_namespace = has_namespace
        self.timeout_s = timeout_s
        self.processes = []  # ended with the test
        self.desk = Desk(folder / "desk", config=CONFIG.replace(
            "timeout = 10s", f"timeout = {timeout_s}s"))
        self.selector = selectors.DefaultSelector()
        self.listening = {}
        self.feeds = []
        self.said = ""  # by the last run
        first, second = one_port()
        self.port = first.getsockname()[1]
        self.good = Host(self, 0, "the good feed")
        self._serve(first, self.good)
        self.forbidden = Host(self, 255, "an address that may not be asked")
        self._serve(second, self.forbidden)
        try:
            self._serve(socket.create_server(("::1", self.port), family=socket.AF_INET6),
                        self.forbidden)
        except OSError:
            pass  # a machine without IPv6
        threading.Thread(target=self._accept, daemon=True).start()

    def listen(self, host, last):
        if host.address(last) not in self.listening:
            self._serve(socket.create_server((host.address(last), self.port), backlog=32), host)

    def _serve(self, listener, host):
        self.listening[listener.getsockname()[0]] = host
        self.selector.register(listener, selectors.EVENT_READ, host)

    def _accept(self):
        while True:
            for key, _ in self.selector.select(0.05):
                try:
                    connection, _ = key.fileobj.accept()
                except OSError:
                    continue
                threading.Thread(target=self._talk, args=(connection, key.data),
                                 daemon=True).start()

    def _talk(self, connection, host):
        address = connection.getsockname()[0]
        last = int(address.rsplit(".", 1)[-1]) if "." in address else 1
        try:
            connection.settimeout(10 * self.timeout_s)
            if last in host.tls:
                connection = host.tls[last].wrap_socket(connection, server_side=True)
            data = b""
            while b"\r\n\r\n" not in data:
                piece = connection.recv(65536)
                if not piece:
                    return
                data += piece
            request = Request(address, data)
            host.requests.append(request)
            answers = host.answers.get((last, request.path)) or [answer(status=404, kind="text/html")]
            now = answers.pop(0) if len(answers) > 1 else answers[0]
            if callable(now):
                now(connection, request)
            else:
                connection.sendall(now)
        except OSError:
            pass  # a client that hangs up is what this is about
        finally:
            connection.close()

    def put_over(self, path, text):
        """In our mounts alone: that file holds this text. False where that cannot be done."""
        if not self.has_namespace or not os.path.exists(path):
            return False
        copy = self.folder / pathlib.Path(path).name
        copy.write_text(text)
        bind = 4096
        return ctypes.CDLL(None).mount(str(copy).encode(), path.encode(), None, bind, None) == 0

    def add_good_article(self, n):
        """The good feed has one article more at every run."""
        links = [self.good.url(f"/good-{i}") for i in range(n)]
        for i in range(n):
            self.good.on(f"/good-{i}", page(f"good {'lock weir mill quay ferry dyke'.split()[i % 6]} {i}"))
        self.good.on("/feed", answer(rss(*[item(l, guid=l) for l in links])))

    def run(self, now):
        begun = time.monotonic()
        done = self.desk.must("-v", "run", now=now)
        took_s = time.monotonic() - begun
        self.said = done.stderr
        newsdesk.check(took_s < RUN_MAX_S + self.timeout_s, f"a run took {took_s:.1f} s")
        return took_s


def make_namespace():
    """Move this test into a network of its own, and mounts of its own; True when that was done."""
    here = os.readlink("/proc/self/ns/mnt")
    if os.environ.get("HOSTILE_OUTSIDE", here) == here:
        for words in (["unshare", "-nm"], ["unshare", "-rnm"]):
            if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
                os.environ["HOSTILE_OUTSIDE"] = here
                os.execvp(words[0], [*words, sys.executable, *sys.argv])
        print("no namespace may be made here: name servers and certificates are left out")
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:  # lo up
        flags = fcntl.ioctl(s, 0x8913, struct.pack("16sh22x", b"lo", 0))
        fcntl.ioctl(s, 0x8914, struct.pack("16sh22x", b"lo", struct.unpack("16xh22x", flags)[0] | 1))
    return True


def play(name, runs, set_up=None, timeout_s=SLOW_S):
    """All cases, through runs at these seconds from now; timeout_s: of a transfer of the desk."""
    has_namespace = make_namespace()
    with newsdesk.Workplace(name) as folder:
        world = World(folder, has_namespace, timeout_s)
        try:
            longest_s = live(world, runs, set_up)
        finally:
            for process in world.processes:
                process.terminate()
                process.wait(10)
        report(world, longest_s, len(runs))


def live(world, runs, set_up):
    """What play does, up to the report; the time that the longest run took."""
    if set_up is not None:
        set_up(world)
    start = int(time.time())
    going = []
    for number, what, _, story in cases:
        going.append(story(Host(world, number, what)))
        next(going[-1])
    world.add_good_article(1)
    world.good.follow(world.good.url("/feed"))
    opml = world.folder / "hostile.opml"
    opml.write_text('<opml version="2.0"><body>' + "".join(
        f'<outline type="rss" xmlUrl="{u.replace("&", "&amp;")}"/>' for u in world.feeds)
        + "</body></opml>")
    world.desk.must("feed", "import", opml, now=start)
    longest_s = 0
    for n, offset in enumerate(runs, 1):
        world.now = start + offset
        world.add_good_article(n)
        longest_s = max(longest_s, world.run(world.now))
        good = len(world.good.articles())
        newsdesk.check(good == n, f"run {n}: {good} of {n} good articles")
        for told in going:
            next(told, None)
    return longest_s


def report(world, longest_s, n_runs):
    newsdesk.check(not world.forbidden.requests, "an address that may not be asked was asked: "
                   + str([r.path for r in world.forbidden.requests]))
    peak_mib = world.desk.peak_mib()
    if "sanitize" not in str(newsdesk.B):
        newsdesk.check(peak_mib < PROCESS_MAX_MIB, f"a process took {peak_mib} MiB")
    for number, what, expected, _ in sorted(cases, key=lambda c: c[0]):
        bad = any(f.startswith(f"{number} {what}:") for f in newsdesk.failures)
        print(f"{'BAD' if bad else 'ok '} {number:3} {what}: {expected}")
    newsdesk.finish(f"{len(cases)} cases, {n_runs} runs, the longest {longest_s:.1f} s, the largest "
                    f"process {peak_mib} MiB")

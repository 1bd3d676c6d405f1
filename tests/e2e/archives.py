"""Stand-ins on loopback: one server a service, each on an address of its own, each with a log and
the rules of its house.

A Service answers, notes every request, refuses who is too fast as its model does, and keeps in
`broken` what was done against its rules: a test ends with check_rules(). Its time may run faster
than the world's: with pace 20 a limit a minute is one every three seconds, for whoever asks by a
clock that hurries as much (--now "TIME x20"). Archives themselves stand in archives_web.py, old
sites in oldsites.py.
"""

import bisect
import collections
import dataclasses
import gzip
import http.server
import itertools
import re
import socketserver
import threading
import time
import urllib.parse

from newsdesk import check

import arrival  # of tests/support: newsdesk knows the way

NET = "127.21"  # services are 127.21.n.1
NUMBERS = itertools.count(1)
WITHHELD = "X-Archive-Wayback-Runtime-Error"
SLACK_S = 0.025  # of the machine's: so much later a request may be sent than another
TICK_S = 0.01


class Pulse:
    """How late a busy machine is: a thread that would wake every 10 ms notes when it did not."""

    NOTED_S = 0.005  # later than this

    def __init__(self):
        self.due_at, self.woke_at = [], []  # when it would have, and when it did
        self.due = time.monotonic() + TICK_S
        threading.Thread(target=self.beat, daemon=True).start()

    def beat(self):
        while True:
            time.sleep(TICK_S)
            now = time.monotonic()
            if now - self.due > self.NOTED_S:
                self.due_at.append(self.due)
                self.woke_at.append(now)
            self.due = now + TICK_S

    def worst(self, low, high):
        """Of the moments between these, in seconds."""
        first, end = bisect.bisect_left(self.woke_at, low), bisect.bisect_right(self.due_at, high)
        now_s = time.monotonic() - self.due if self.due <= high else 0
        return max([0, now_s, *(woke - due for due, woke in
                                zip(self.due_at[first:end], self.woke_at[first:end]))])


PULSE = Pulse()


def slack(low, high):
    """How much later than it was meant a request of this time may have been sent: whoever asks
    stands still where this process does. The second before is what the request was made in."""
    return SLACK_S + PULSE.worst(low - 1, high)


@dataclasses.dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple = ()  # (name, value)
    cut: int = -1  # bytes of the body that go out before the line is dead; -1: all
    wait_s: float = 0

    def __post_init__(self):
        if isinstance(self.body, str):
            self.body = self.body.encode()


@dataclasses.dataclass
class Entry:
    """One request of the log."""
    at: float
    path: str  # as it was sent, with its query
    agent: str
    range: str
    status: int = 0
    sent: int = 0
    beside: int = 0  # requests to this service that were not answered yet
    is_excused: bool = False  # the answer says that it speaks of this copy alone

    @property
    def name(self):
        return self.path.partition("?")[0]

    @property
    def query(self):
        return urllib.parse.parse_qs(self.path.partition("?")[2], keep_blank_values=True)


class Request(Entry):
    headers = {}

    def word(self, name, default=""):
        return self.query.get(name, [default])[0]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    wbufsize = 1 << 16  # head and body in one piece: two would wait 40 ms for each other
    disable_nagle_algorithm = True

    def handle_one_request(self):
        self.arrived = arrival.of(self.connection)
        super().handle_one_request()

    def do_GET(self):
        service = self.server.service
        request = Request(self.arrived, self.path, self.headers.get("User-Agent", ""),
                          self.headers.get("Range", ""))
        request.headers = self.headers
        answer = service.take(request)
        if answer.wait_s:
            time.sleep(answer.wait_s)
        body = answer.body
        try:
            self.send_response(answer.status)
            names = {name.lower() for name, _ in answer.headers}
            if "content-type" not in names:
                self.send_header("Content-Type", answer.kind)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body if answer.cut < 0 else body[:answer.cut])
            if answer.cut >= 0:
                self.close_connection = True
        except OSError:  # whoever asked was killed
            self.close_connection = True

    do_HEAD = do_GET

    def do_POST(self):
        self.server.service.broke(f"a POST to {self.path}")
        self.send_error(405)

    def log_message(self, *words):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self):
        arrival.noted(self.socket)
        super().server_bind()

    def handle_error(self, request, address):
        pass  # a connection that a killed program left


class Service:
    """A host. Answers are made by answer(request); page(path, Answer) sets single ones."""

    what = "site"
    # (requests, seconds): more of them within so long are answered 429.
    limits = ()
    gap_s = 0.0  # from one request to the next, at least; broken when less
    rest_s = 60  # nothing more is asked for so long after a 429 or a 503
    max_refusals = 1  # at the next one whoever asks has to stop for good
    together = 1
    is_archive = False  # one refusal for good ends all

    def __init__(self, pace=1.0):
        self.number = next(NUMBERS)
        self.pace = pace
        self.log, self.broken = [], []
        self.pages, self.turns = {}, []
        self.busy = 0
        self.lock = threading.RLock()
        self.server = Server((f"{NET}.{self.number}.1", 0), Handler)
        self.server.service = self
        self.authority = "%s:%d" % self.server.server_address[:2]
        self.base = "http://" + self.authority
        threading.Thread(target=self.server.serve_forever, args=(0.5,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # ---- what it is told

    def page(self, path, answer):
        self.pages[path] = answer if isinstance(answer, Answer) else Answer(answer)

    def turn(self, pattern, answer, after=0, times=1):
        """The requests that match, `times` of them behind the first `after`, get this answer."""
        self.turns.append([re.compile(pattern), after, times, answer])

    def since(self, at, seconds):
        """When so long ago was, in the time of this house, and as much later as the machine was. Not
        before `at` where that is all of it: then no rule is judged by it."""
        span = seconds / self.pace
        return at - max(span - slack(at - span, at), 0)

    def broke(self, what):
        with self.lock:
            self.broken.append(what)

    # ---- what it does

    def take(self, request):
        with self.lock:
            request.beside = self.busy
            self.busy += 1
            self.log.append(request)
            self.log.sort(key=lambda e: e.at)
            self.judge(request)
            answer = self.refused(request) or self.turned(request)
        try:
            if answer is None:
                answer = self.answer(request)
        except Exception as problem:  # of the stand-in: no test may be green over it
            self.broke(f"{self.what} could not answer {request.path}: {problem!r}")
            answer = Answer(str(problem), 500)
        with self.lock:
            request.status, request.sent = answer.status, len(answer.body)
            request.is_excused = any(name == WITHHELD for name, _ in answer.headers)
            self.busy -= 1
        return answer

    def judge(self, request):
        """Against the rules of any house."""
        if "desk@example.org" not in request.agent:
            self.broke(f"an agent without a contact: {request.agent!r}")
        if request.beside >= self.together:
            self.broke(f"{request.beside + 1} requests at once, the last for {request.path}")
        if request.name == "/robots.txt" or len(self.log) < 2:
            return
        before = [e for e in self.log if e is not request and e.name != "/robots.txt"]
        gap = min((abs(request.at - e.at) for e in before[-3:]), default=self.gap_s)
        if self.gap_s and gap < request.at - self.since(request.at, self.gap_s):
            self.broke(f"{gap:.3f} s between two requests, {request.path}")
        refusals = [e for e in before if e.status in (429, 503)]
        if refusals and refusals[-1].at > self.since(request.at, self.rest_s):
            self.broke(f"asked {request.at - refusals[-1].at:.3f} s after a {refusals[-1].status}")
        if sum(e.status == 429 for e in before) > self.max_refusals:
            self.broke(f"asked after {len(refusals)} refusals: {request.path}")
        if self.is_archive and any(e.status == 403 and not e.is_excused for e in before):
            self.broke(f"asked after a 403: {request.path}")

    def refused(self, request):
        for n, seconds in self.limits:
            since = request.at - seconds / self.pace
            if sum(e.at > since for e in self.log if e.name != "/robots.txt") > n:
                return self.refusal()
        return None

    def refusal(self):
        return Answer("<html><head><title>429 Too Many Requests</title></head></html>", 429)

    def turned(self, request):
        for turn in self.turns:
            pattern, after, times, answer = turn
            if pattern.search(request.path) and times > 0:
                if after > 0:
                    turn[1] -= 1
                else:
                    turn[2] -= 1
                    return answer
        return None

    def answer(self, request):
        return self.pages.get(request.path) or self.pages.get(request.name) or \
            Answer("<html><title>404 Not Found</title><h1>Not Found</h1></html>", 404)

    # ---- what a test asks of it

    def asked(self, pattern=""):
        with self.lock:
            return [e for e in self.log if re.search(pattern, e.path)]

    def count(self, pattern=""):
        return len(self.asked(pattern))

    def twice(self, pattern=""):
        """Paths that were asked for, and answered well, more than once."""
        counts = collections.Counter((e.path, e.range) for e in self.asked(pattern)
                                     if e.status in (200, 206) and e.name != "/robots.txt")
        return [path for (path, _), n in counts.items() if n > 1]

    def busiest(self, seconds):
        """Most requests in any such time of the stand-in."""
        times = [e.at for e in self.log if e.name != "/robots.txt"]
        span = seconds / self.pace
        return max((sum(t <= other < t + span for other in times) for t in times), default=0)

    def check_rules(self):
        for what, n in collections.Counter(self.broken).most_common(5):
            check(False, f"{self.what} {self.authority}: {what} ({n} times)")
        return not self.broken

    def forget(self):
        with self.lock:
            self.log, self.broken = [], []


def ranged(request, data, kind="application/octet-stream"):
    """A file as S3 gives it: whole, a part (206), or 416."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.range or "")
    if not found:
        return Answer(data, kind=kind, headers=(("Accept-Ranges", "bytes"),))
    low = int(found[1])
    high = min(int(found[2]) if found[2] else len(data) - 1, len(data) - 1)
    if low >= len(data) or high < low:
        return Answer(s3_error("InvalidRange", "The requested range is not satisfiable"), 416,
                      "application/xml", (("Content-Range", f"bytes */{len(data)}"),))
    return Answer(data[low:high + 1], 206, kind,
                  (("Accept-Ranges", "bytes"),
                   ("Content-Range", f"bytes {low}-{high}/{len(data)}")))


def s3_error(code, message):
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
            f"<Message>{message}</Message><RequestId>8C2C</RequestId></Error>")


def gone():
    return Answer(s3_error("NoSuchKey", "The specified key does not exist."), 404, "application/xml")


def packed(text):
    return gzip.compress(text if isinstance(text, bytes) else text.encode(), 6, mtime=0)

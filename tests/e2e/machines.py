"""Machines of a test: network namespaces on one bridge, a farm of hosts that all of them reach, and
a log of who asked what and when.

The namespaces belong to processes of this test and end with them. The farm is this module as a
program, in the test's own namespace: every address of FARM_NET is a host of its own with a feed and
a few pages."""

import asyncio
import collections
import os
import pathlib
import subprocess
import sys
import time

import newsdesk

FARM_NET = "10.77.0.0/16"
BRIDGE = "10.76.0"
PORT = 8080
N_PAGES = 3
LATENCY_S = 0.3  # of a host far away: machines wait for answers, not for each other's processor


def host_name(i):
    return f"10.77.{i // 250}.{i % 250 + 1}"


def feed_url(i):
    return f"http://{host_name(i)}:{PORT}/feed.xml"


# ---- the farm's own process ----------------------------------------------------------------------

WORDS = ("harbour office bridge council ferry market letter winter archive tram signal "
         "garden voter border museum valley quarter station record water school engine").split()


def text_of(key, n=160):
    """Of this key alone, and like no other's."""
    state = 0
    for c in key:
        state = (state * 131 + ord(c)) % (1 << 61)
    out = []
    for i in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        out.append(WORDS[(state >> 33) % len(WORDS)] + ("" if state >> 60 else str(state >> 50)))
        if i % 20 == 19:
            out[-1] += "."
    return " ".join(out)


def page(host, name):
    """The second page of each fourth host prints what its neighbour has: a story of two."""
    parts = host.split(".")
    number = (int(parts[2])) * 250 + int(parts[3]) - 1
    key = f"{number // 2 * 2 if name == 'p2' and number % 4 < 2 else number}/{name}"
    title = f"Report {key.replace('/', ' of ')}"
    paragraphs = "".join(f"<p>{text_of(key + str(i))}</p>" for i in range(4))
    return (f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body><article>"
            f"<h1>{title}</h1><time datetime=2026-11-20T08:00:00Z></time>{paragraphs}</article>"
            f"</body></html>"), "text/html; charset=utf-8"


def feed(host):
    items = "".join(f"<item><title>Of {host} {i}</title><guid>{host}/{i}</guid>"
                    f"<link>http://{host}:{PORT}/p{i}</link>"
                    f"<pubDate>Fri, 20 Nov 2026 08:0{i}:00 GMT</pubDate></item>"
                    for i in range(1, N_PAGES + 1))
    return (f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>'
            f"<link>http://{host}:{PORT}/</link>{items}</channel></rss>"), "application/rss+xml"


def answer(host, path):
    if path == "/robots.txt":
        return 200, "User-agent: *\nAllow: /\n", "text/plain"
    if path == "/feed.xml":
        return 200, *feed(host)
    if path[1:] in ("p1", "p2", "p3"):
        return 200, *page(host, path[1:])
    return 404, "no", "text/plain"


class Pulse:
    """How late this process has been of late: what a busy machine does to it, it does to all."""

    TICK_S, KEPT_S = 0.01, 3

    def __init__(self):
        self.late = collections.deque()  # (when it woke, how late)

    async def beat(self):
        while True:
            due = time.monotonic() + self.TICK_S
            await asyncio.sleep(self.TICK_S)
            now = time.monotonic()
            self.late.append((now, now - due))
            while self.late[0][0] < now - self.KEPT_S:
                self.late.popleft()

    def worst(self):
        return max((late for _, late in self.late), default=0)


class Connection(asyncio.Protocol):
    log = pulse = None

    def connection_made(self, transport):
        self.transport, self.waiting = transport, b""
        self.host = transport.get_extra_info("sockname")[0]
        self.peer = transport.get_extra_info("peername")[0]

    def data_received(self, data):
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.log.write(f"{time.monotonic():.4f}\t{self.peer}\t{self.host}\t{path}\t"
                           f"{self.pulse.worst():.4f}\n")
            asyncio.get_running_loop().call_later(LATENCY_S, self.say, path)

    def say(self, path):
        status, body, kind = answer(self.host, path)
        body = body.encode()
        self.transport.write(f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n".encode() + body)


async def serve(log, ready, seconds):
    with open(log, "w", buffering=1) as f:
        Connection.log, Connection.pulse = f, Pulse()
        beating = asyncio.ensure_future(Connection.pulse.beat())
        await asyncio.get_running_loop().create_server(Connection, "0.0.0.0", PORT, backlog=512)
        pathlib.Path(ready).write_text("ready")
        await asyncio.sleep(seconds)
        beating.cancel()


# ---- what a test uses ----------------------------------------------------------------------------

Asked = collections.namedtuple("Asked", "at machine host path late_s")  # late_s: what at may be off


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """n machines and the farm; None of it is left when the test ends. Needs make_own() before."""

    def __init__(self, folder, n):
        self.log, ready = folder / "farm.tsv", folder / "farm.ready"
        self.processes = []
        ip("link", "set", "lo", "up")
        ip("route", "add", "local", FARM_NET, "dev", "lo")
        ip("link", "add", "bridge", "type", "bridge")
        ip("addr", "add", f"{BRIDGE}.1/24", "dev", "bridge")
        ip("link", "set", "bridge", "up")
        self.machines = [self.machine(i + 2) for i in range(n)]
        self.start([sys.executable, __file__, self.log, ready, "900"])
        for _ in range(100):
            if ready.exists():
                return
            time.sleep(0.05)
        raise RuntimeError("the farm did not open")

    def start(self, words):
        process = subprocess.Popen([str(w) for w in words], stdin=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def machine(self, number):
        """The id of the process whose network it is."""
        holder = self.start(["unshare", "-n", "sleep", "900"])
        pid, name = str(holder.pid), f"m{number}"
        for _ in range(100):  # it is in its own network a moment later
            if os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net"):
                break
            time.sleep(0.02)
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", pid)
        ip("link", "set", name, "master", "bridge", "up")
        within = ["nsenter", "-t", pid, "-n", "ip"]
        for words in (["link", "set", "lo", "up"], ["link", "set", "eth0", "up"],
                      ["addr", "add", f"{BRIDGE}.{number}/24", "dev", "eth0"],
                      ["route", "add", FARM_NET, "via", f"{BRIDGE}.1"]):
            subprocess.run([*within, *words], check=True, capture_output=True)
        return pid

    def on(self, i, words):
        return ["nsenter", "-t", self.machines[i], "-n", *map(str, words)]

    def asked(self):
        rows = [line.split("\t") for line in self.log.read_text().splitlines()]
        return [Asked(float(at), machine, host, path, float(late_s))
                for at, machine, host, path, late_s in rows]

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def make_own():
    """This test goes on in a network of its own, or is left out."""
    here = os.readlink("/proc/self/ns/net")
    if os.environ.get("WW_OUTSIDE_NET", here) != here:
        return
    os.environ["WW_OUTSIDE_NET"] = here
    if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0:
        newsdesk.skip("no network of its own may be made here")
    os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], float(sys.argv[3])))

"""A siege: pages that grow in the parser, and a feed whose every entry lies on a host of its own with
a robots.txt of the largest size. The run goes on, and all its processes together stay within the
memory that limits.h promises."""

import gzip
import http.server
import os
import subprocess
import sys
import threading
import time

import newsdesk
from newsdesk import check

MEMORY_MIB = 256
N_HOSTS = 600 if os.environ.get("SOAK") else 80
ROBOTS_MIB = 30 + N_HOSTS // 50  # beyond a run over one host; below half a megabyte a host

PAGES = {
    "attributes": b"".join(b"<p %s>x" % b" ".join(b"a%d=1" % i for i in range(250))
                           for _ in range(5000)),
    "tags": b"<p>a" * 2000000,
    "links": b"<a href='/x'>y z</a>" * 400000,
    "text": b"<p>The quick brown fox of Prague jumped over the lazy dog once more.</p>\n" * 100000,
    "deep": b"<div>" * 1000000,
}
ROBOTS = gzip.compress(b"User-agent: *\n" + b"Disallow: /bbbbbbbb*c\n" * 22000)


def feed(title, links):
    items = "".join(f"<item><title>Item {i}</title><link>{l}</link></item>"
                    for i, l in enumerate(links))
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def verify_request(self, request, address):
        return address[0].startswith("127.")

    def handle_error(self, request, address):
        pass  # a client that hangs up is what this is about


class Answer(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_GET(self):
        parts = self.path.split("/")
        port = self.server.server_address[1]
        host = self.headers["Host"].split(":")[0]
        kind, body, coding = "text/html", b"<p>Nothing to read here.</p>", None
        if parts[1] == "feed":
            kind = "application/rss+xml"
            body = feed(parts[2], [f"http://127.78.{i}.1:{port}/page/{parts[2]}" for i in range(4)])
        elif parts[1] in ("host", "hosts"):
            kind = "application/rss+xml"
            body = feed("hosts", [f"http://127.79.{i // 250}.{i % 250 + 1}:{port}/x"
                                  for i in range(N_HOSTS if parts[1] == "hosts" else 1)])
        elif parts[1] == "page":
            body = b"<html><body><article>" + PAGES[parts[2]][:8 * 1024 * 1024 - 100]
        elif self.path == "/robots.txt":
            kind, body = "text/plain", b""
            if host.startswith("127.79."):
                body, coding = ROBOTS, "gzip"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if coding:
            self.send_header("Content-Encoding", coding)
        self.end_headers()
        self.wfile.write(body)


def processes(pid):
    found = [pid]
    for p in found:
        try:
            with open(f"/proc/{p}/task/{p}/children", encoding="ascii") as f:
                found += [int(word) for word in f.read().split()]
        except OSError:
            pass
    return found


def pss_kib(pid):
    total = 0
    for p in processes(pid):
        try:
            with open(f"/proc/{p}/smaps_rollup", encoding="ascii") as f:
                total += sum(int(l.split()[1]) for l in f if l.startswith("Pss:"))
        except OSError:
            pass
    return total


def run(folder, name, path, server):
    """The most that the processes of one run took together, in MiB, and its desk."""
    desk = newsdesk.Desk(folder / name)
    opml = folder / f"{name}.opml"
    opml.write_text('<opml version="2.0"><body><outline type="rss" '
                    f'xmlUrl="http://127.77.0.1:{server.server_address[1]}{path}"/></body></opml>')
    desk.must("feed", "import", opml)
    most = 0
    process = subprocess.Popen(desk.command("run"), stderr=subprocess.PIPE, text=True)
    for _ in range(100 * newsdesk.COMMAND_S):
        if process.poll() is not None:
            break
        most = max(most, pss_kib(process.pid))
        time.sleep(0.01)
    process.kill()
    said = process.stderr.read()
    check(process.wait() == 0, f"{name}: status {process.returncode}: {said[-300:]}")
    return most // 1024, desk


def main():
    if "sanitize" in str(newsdesk.B):
        newsdesk.skip("a sanitizer takes memory of its own")
    names = list(PAGES) if os.environ.get("SOAK") else ["attributes"]
    server = Server(("0.0.0.0", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    words = []
    with newsdesk.Workplace("siege") as folder:
        for name in names:
            most, desk = run(folder, name, f"/feed/{name}", server)
            n = desk.rows("SELECT COUNT(*) AS n FROM page WHERE fetched_at > 0")[0]["n"]
            check(n == 4, f"{name}: {n} of 4 pages were judged")
            check(most < MEMORY_MIB, f"{name}: {most} MiB in all processes")
            words.append(f"{name} {most} MiB")
        # Its peak is short: one look at it in three that was too late would make the others' more.
        one = max(run(folder, f"host{i}", "/host", server)[0] for i in range(3))
        most, desk = run(folder, "hosts", "/hosts", server)
        n = desk.rows("SELECT COUNT(*) AS n FROM page WHERE fetched_at > 0")[0]["n"]
        check(n == N_HOSTS, f"hosts: {n} of {N_HOSTS} pages were asked for")
        check(most - one < ROBOTS_MIB, f"{N_HOSTS} hosts: {most} MiB in all processes, {one} MiB with one")
        words.append(f"{N_HOSTS} hosts {most} MiB, one {one} MiB")
        newsdesk.finish(", ".join(words))


sys.exit(main())

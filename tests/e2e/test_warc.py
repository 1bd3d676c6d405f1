"""A crawl by `wget --warc-file` goes in whole: every page it stored becomes an article with its
address and the time it was fetched, plain and packed; requests, pictures and wget's own notes are
no articles, and the same file again adds nothing."""

import gzip
import http.server
import re
import shutil
import subprocess
import threading

import newsdesk
from newsdesk import check

TOPICS = ["weir", "ferry", "mill", "quay", "tower", "market", "school", "bridge", "museum", "canal"]
PAGE = """<!doctype html><html lang=en><head><title>The {topic} question</title></head><body>
<p><a href="/">All</a></p><article><h1>The {topic} question</h1>
<p>Nobody in the old harbour town had expected that the {topic} would be opened {n} days late, and
those who had come to see it went home again when the doors stayed shut until the evening.</p>
<p>A meeting about the {topic} was told on Monday that it costs {n} times what was said before, and
that the council will look at the figures of the {topic} again in week {n}.</p></article>
<img src="/a.png"></body></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """Pages as servers send them: whole, in chunks, packed, with a length or without."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.strip("/")
        if name == "":
            links = "".join(f'<li><a href="/{topic}">{topic}</a>' for topic in TOPICS)
            self.answer(f'<ul>{links}<li><a href="/gone">x</a><li><a href="/moved">y</a></ul>')
        elif name in TOPICS:
            self.answer(PAGE.format(topic=name, n=TOPICS.index(name) + 3), TOPICS.index(name))
        elif name == "moved":
            self.answer("", status=302, more={"Location": "/weir"})
        elif name == "a.png":
            self.answer("\x89PNG", kind="image/png")
        elif name == "robots.txt":
            self.answer("User-agent: *\nDisallow:\n", kind="text/plain")
        else:
            self.answer("<p>There is no such page here, and there never was one.</p>", status=404)

    def answer(self, text, way=1, status=200, kind="text/html; charset=utf-8", more=None):
        body = text.encode("utf-8" if kind.startswith("text") else "latin-1")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for key, value in (more or {}).items():
            self.send_header(key, value)
        if way % 4 == 0:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if way % 3 == 0:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(body), 100):
                piece = body[at:at + 100]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


def crawl(folder, port, name, *words):
    subprocess.run(["wget", "--quiet", "--recursive", "--level=2", "--page-requisites", "--no-proxy",
                    "--tries=1", "--timeout=10", f"--warc-file={folder / name}", *words,
                    f"--directory-prefix={folder / 'mirror'}", f"http://127.0.0.1:{port}/"],
                   timeout=60, check=False)
    shutil.rmtree(folder / "mirror", ignore_errors=True)


def go_in(folder, path, port):
    desk = newsdesk.Desk(folder / path.name.replace(".", "-"))
    shown = desk.must("backfill", "files", path).stdout
    rows = desk.rows("SELECT url, capture, provenance, fetched_at, first_seen_at, is_historic "
                     "FROM article ORDER BY url")
    found = {row["url"] for row in rows}
    for topic in TOPICS:
        check(f"http://127.0.0.1:{port}/{topic}" in found, f"{path.name}: {topic} is missing")
    check(len(found) == len(rows), f"{path.name}: an address stands there twice")
    for row in rows:
        check(not re.search(r"robots|png|gone|moved", row["url"]), f"{path.name}: {row['url']}")
        check(row["capture"].startswith(f"{path}#"), f"{path.name}: capture {row['capture']}")
        check(row["provenance"] == "warc" and row["is_historic"], f"{path.name}: {dict(row)}")
        check(0 <= row["first_seen_at"] - row["fetched_at"] < 120, f"{path.name}: {dict(row)}")
    check(" damaged" not in shown, f"{path.name}: {shown}")
    desk.must("backfill", "files", path)
    check(len(desk.rows("SELECT id FROM article")) == len(rows), f"{path.name}: again adds rows")
    return len(rows)


def main():
    if shutil.which("wget") is None:
        newsdesk.skip("wget is not there")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    with newsdesk.Workplace("warc") as folder:
        crawl(folder, port, "plain", "--no-warc-compression")
        crawl(folder, port, "packed")
        n = [go_in(folder, folder / name, port) for name in ("plain.warc", "packed.warc.gz")]
        check(n[0] == n[1], f"{n[0]} articles of the plain file, {n[1]} of the packed one")
        newsdesk.finish(f"{n[0]} pages of a crawl, plain and packed")
    server.shutdown()


main()

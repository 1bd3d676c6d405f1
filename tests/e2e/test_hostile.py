"""Network and HTTP: numbers 1 to 24 of design/reliability.md, part A. hostile.py says how a case is
written. The faults that need raw bytes in C's hands (1 to 18) are those of tests/newsroom/faults.c;
its feeds carry a whole feed's body, so that half of a real answer arrives."""

import re
import ssl
import subprocess
import time
import zlib

import hostile
import newsdesk
from hostile import answer, case, item, page, redirect, rss

faults = {}  # "/cut-body" -> the address of that fault's feed
FAULTS_S = 240
START_S = 60

# ---- 1 to 18: what a connection can do -----------------------------------------------------------


@case(1, "a name that does not resolve", "error, nothing stored, asked again after a pause")
def no_name(host):
    host.follow("http://nowhere.example/feed")
    yield
    if host.world.has_namespace:
        row = host.feed_row("http://nowhere.example/feed")
        host.check(re.search("[Rr]esolv", row["last_error"]), f"said {row['last_error']!r}")
        host.check(row["next_due_at"] >= host.world.now + hostile.HOUR, "asked again too soon")


@case(2, "refused", "error, nothing stored, asked again after a pause")
def refused(host):
    url = f"http://127.13.2.9:{host.world.port}/feed"
    host.follow(url)
    yield
    host.check_failed("connect|refused", url)
    host.check(host.feed_row(url)["next_due_at"] >= host.world.now + hostile.HOUR, "asked too soon")


def fault(number, what, expected, *said):
    """said: (path of the fault, what its error has to say) ..."""
    @case(number, what, expected)
    def story(host):
        for path, _ in said:
            host.follow(faults[path])
        yield
        for path, pattern in said:
            host.check_failed(pattern, faults[path])
            row = host.feed_row(faults[path])
            host.check(row["next_due_at"] >= host.world.now + hostile.HOUR, f"{path}: asked too soon")
            host.check(row["etag"] == "", f"{path}: a validator was kept")


TIMED_OUT = "[Tt]imed? ?out|too slow"
RETRY = "error within the time limit, asked again after a pause"
fault(3, "accepts, never answers", RETRY, ("/stall", TIMED_OUT))
fault(4, "header bytes dripping", RETRY, ("/drip-headers", TIMED_OUT))
fault(5, "body dripping", RETRY, ("/drip-body", TIMED_OUT))
fault(6, "stall in the middle", RETRY, ("/stall-body", TIMED_OUT))
fault(7, "reset at once, reset in the body", RETRY, ("/reset", "reset"), ("/reset-body", "reset"))
fault(8, "closed without a byte", RETRY, ("/close", "[Ee]mpty reply|reset"))
fault(9, "endless body", "cut at the limit, said, not stored", ("/endless-body", "a body over"))
fault(10, "Content-Length of 1 TiB", "refused at the header, not stored",
      ("/huge-length", "[Mm]aximum file size"))
fault(11, "less than its Content-Length", "not stored",
      ("/cut-body", "remaining|closed"), ("/long-length", "remaining|closed"))
fault(12, "cut in a chunk, last chunk missing, bad chunk size", "not stored",
      ("/chunk-cut", "closed"), ("/chunk-no-end", "closed"), ("/chunk-bad", "chunk"))
fault(13, "gzip cut, gzip with a wrong checksum", "not stored",
      ("/gzip-cut", "truncated"), ("/gzip-crc", "data check"))
fault(14, "bomb in gzip, gzip in gzip, forty codings", "stopped at the limit or the ratio",
      ("/gzip-bomb", "ratio"), ("/double-gzip", "Content-Encoding"),
      ("/forty-codings", "Content-Encoding"))
fault(15, "Content-Encoding unknown or false", "error",
      ("/unknown-coding", "Content-Encoding"), ("/false-gzip", "unpacking"))
fault(17, "headers without end, a line of 12 MB, 1xx without end", "bad answer, not our memory",
      ("/header-flood", "headers"), ("/long-header", "headers"), ("/endless-1xx", "headers"))
fault(18, "HTTP/0.9, HTTP/9.9, a TLS alert, noise", "error",
      ("/http09", "bad answer"), ("/http99", "bad answer"), ("/tls", "bad answer"), ("/noise", "bad answer"))


@case(14, "bomb in deflate, with and without its zlib header", "stopped at the limit or the ratio")
def deflate_bombs(host):
    zeros = zlib.compress(bytes(64 * 1024 * 1024), 9)
    for last, body in [(1, zeros), (2, zeros[2:-4])]:
        host.feed("/feed", answer(body, headers=["Content-Encoding: deflate"]), last=last)
    yield
    for last in (1, 2):
        host.check_failed("ratio", last=last)


@case(16, "lengths that differ or are none, chunks beside a length", "error")
def lengths(host):
    body = rss(item("/a"))
    lies = [f"Content-Length: {len(body)}\r\nContent-Length: 7", "Content-Length: -5",
            "Content-Length: 0x20", f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nX: "]
    for last, lie in enumerate(lies, 1):
        text = body if last < 5 else f"FFFFFFFFFFFFFFFFF\r\n{body}\r\n0\r\n\r\n"
        host.feed("/feed", f"HTTP/1.1 200 x\r\nContent-Type: text/xml\r\n{lie}\r\n\r\n{text}".encode(),
                  last=last)
    yield
    for last in range(1, len(lies) + 1):
        host.check_failed("Content-Length|hexadecimal", last=last)


# ---- 19 to 24: where it leads, who says so, and what is kept -------------------------------------


@case(19, "redirects in a ring and in a row", "five are followed, the sixth is not")
def redirects(host):
    host.feed("/ring", redirect("/ring"))
    for last, n in [(2, 5), (3, 6)]:
        host.feed("/feed", redirect("/1"), last=last)
        for i in range(1, n):
            host.on(f"/{i}", redirect(f"/{i + 1}"), last=last)
        host.on(f"/{n}", answer(rss(item(host.url("/a", last=4)))), last=last)
    host.on("/a", redirect("/b"), last=4)
    host.on("/b", redirect("/a"), last=4)
    yield
    host.check_failed("redirects", "/ring")
    host.check(host.count("/ring") == 6, f"{host.count('/ring')} requests in the ring")
    host.check_read(1, last=2)
    host.check_failed("redirects", last=3)
    host.check(host.page_row("/a", last=4)["state"] in ("queued", "failed"), "a page in a ring")
    host.check(host.count("/a", 4) + host.count("/b", 4) == 6, "requests of a page in a ring")


@case(20, "redirects to file, gopher, ftp, dict, smb, data", "refused, and the scheme is named")
def schemes(host):
    targets = ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/x", "dict://127.0.0.1/",
               "smb://127.0.0.1/x", "data:text/xml,<rss/>", "javascript:alert(1)", "FILE:///etc/passwd"]
    for last, target in enumerate(targets, 1):
        host.feed("/feed", redirect(target), last=last)
    yield
    for last, target in enumerate(targets, 1):
        host.check_failed("(?i)redirect to " + target.split(":")[0], last=last)


@case(21, "to an address that is not public, in any spelling", "refused when it is to be connected to")
def addresses(host):
    port = host.world.port
    names = ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1",
             "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "localhost", "10.0.0.1", "169.254.169.254",
             "192.168.1.1", "[fe80::1]"]
    if host.world.put_over("/etc/hosts", "127.0.0.1 localhost inner.example\n"):
        names.append("inner.example")  # what a name server says
    targets = [f"http://{n}:{port}/secret" for n in names]
    targets += [f"//127.0.0.1:{port}/secret", f"http://news.example@127.0.0.1:{port}/secret"]
    for last, target in enumerate(targets, 1):
        host.feed("/feed", redirect(target), last=last)
    links = [t for t in targets if t.startswith("http") and "@" not in t]
    host.feed("/links", answer(rss(*[item(t, guid=t) for t in links])), last=100)
    yield
    for last in range(1, len(targets) + 1):
        host.check_failed("not a public|redirect to", last=last)
    rows = host.world.desk.rows("SELECT * FROM page WHERE url LIKE '%/secret'")
    host.check(len(rows) >= len(links) - 3, f"{len(rows)} pages of {len(links)} links")
    for row in rows:
        host.check(row["state"] != "done", f"{row['url']}: {row['state']}")
    # That no such server was asked is checked for all cases, at the end of all runs.


@case(22, "a page redirects to what robots.txt of another host forbids", "not asked")
def forbidden(host):
    host.feed("/feed", answer(rss(item(host.url("/a")))))
    host.on("/a", redirect(host.url("/closed/a", last=2)))
    host.on("/robots.txt", answer("User-agent: *\nDisallow: /closed\n", kind="text/plain"), last=2)
    host.on("/closed/a", page("closed"), last=2)
    yield
    host.check(host.count("/robots.txt", 2) == 1, "the robots.txt of the other host was not asked")
    host.check(host.count("/closed/a", 2) == 0, "the page was asked")
    host.check(host.page_row("/a")["state"] == "refused", host.page_row("/a")["state"])


@case(23, "certificates: expired, of another name, self-signed", "error, never ignored; a good one is")
def certificates(host):
    folder = newsdesk.TOP / "tests" / "e2e" / "tls"
    kinds = ["good", "expired", "wrong-name", "self-signed"]
    trusts_ours = host.world.put_over("/etc/ssl/certs/ca-certificates.crt",
                                      (folder / "authority.pem").read_text())
    for last, kind in enumerate(kinds, 1):
        host.tls[last] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        host.tls[last].load_cert_chain(folder / f"{kind}.pem", folder / "key.pem")
        host.feed("/feed", answer(rss(item("/a"))), last=last)
    yield
    for last, kind in enumerate(kinds[1:], 2):
        host.check_failed("(?i)certificate|SSL", last=last)
    if trusts_ours:  # then what is wrong with the others is what their names say
        host.check_read(1, last=1)
        host.check_failed("expired", last=2)
        host.check_failed("name", last=3)
        host.check_failed("self-signed", last=4)


@case(24, "300 cookies, and a tracking one", "none is sent back, in no run")
def cookies(host):
    crumbs = [f"Set-Cookie: c{i}=1; Max-Age=99999999; Path=/" for i in range(300)]
    host.feed("/feed", answer(rss(item(host.url("/a")), item(host.url("/b"))), headers=crumbs))
    host.on("/a", redirect("/a/"))
    host.on("/a/", answer("<p>x", kind="text/html", headers=crumbs))
    host.on("/b", page("cookie"))
    yield
    yield
    host.check(host.count("/feed") == 2, f"{host.count('/feed')} requests for the feed")
    host.check(host.count("/a/") >= 1 and host.count("/b") == 1, "pages were not asked")
    host.check(not any(r.header("cookie") for r in host.requests), "a cookie was sent back")


def start_faults(world):
    """The faults of C, each on an address of its own, and their addresses from the list they write."""
    program = newsdesk.B / "tests" / "newsroom" / "faults"
    if not program.exists():
        newsdesk.skip(f"{program} is not built")
    body = world.folder / "body.rss"
    body.write_text(rss(*[item(f"http://127.12.0.99:9/item-{i}", guid=i, extra="<description>"
                               + "word " * 40 + "</description>") for i in range(60)]))
    opml = world.folder / "faults.opml"
    world.processes.append(subprocess.Popen([program, "--opml", opml, "--body", body, "--seconds",
                                             str(FAULTS_S)]))
    until = time.monotonic() + START_S
    while not opml.exists():
        if time.monotonic() > until:
            raise RuntimeError(f"the faults did not write their list within {START_S} s")
        time.sleep(0.05)
    for url in re.findall(r'xmlUrl="([^"]*)"', opml.read_text()):
        faults[re.sub("^http://[^/]*", "", url)] = url


@case(0, "answers that are odd but whole", "read")
def odd_but_whole(host):
    for path in ("/fine", "/gzip", "/no-length"):
        host.follow(faults[path])
    yield
    for path in ("/fine", "/gzip", "/no-length"):
        host.check_read(60, faults[path])


hostile.play("hostile", [0, 2 * hostile.DAY], start_faults, hostile.HASTY_S)

"""Robots and pacing: numbers 91 to 100 of design/reliability.md, part F. hostile.py says how a case
is written. The runs are at 0, 2 h, 30 h, 3 d, 40 d and 40 d 3 h. What rules mean is the business of
tests/crawler/test_robots.c; here is what becomes of the pages."""

import hostile
from hostile import DAY, HOUR, answer, case, item, page, redirect, rss

RUNS = [0, 2 * HOUR, 30 * HOUR, 3 * DAY, 40 * DAY, 40 * DAY + 3 * HOUR]
ALL = "User-agent: *\n"
CLOSED = ALL + "Disallow: /closed\n"


def robots(text, **more):
    return answer(text, kind="text/plain", **more)


def announce(host, paths, *rules, last=1):
    """A feed with these pages, on a host with these answers for its robots.txt."""
    host.feed("/feed", answer(rss(*[item(host.url(p, last), guid=p) for p in paths])), last=last)
    host.on("/robots.txt", *rules, last=last)
    for i, path in enumerate(paths):
        host.on(path, page(f"{'mole pier jetty groyne slip'.split()[i % 5]} {last}"), last=last)


def state(host, path, last=1):
    return host.page_row(path, last)["state"]


def check_rules(host, last=1):
    """The rules of CLOSED hold."""
    host.check(state(host, "/open", last) == "done", f"{last}: /open is {state(host, '/open', last)}")
    host.check(state(host, "/closed", last) == "refused", f"{last}: /closed is not refused")
    host.check(host.count("/closed", last) == 0, f"{last}: /closed was asked")


@case(91, "robots.txt: 404, 410", "everything is allowed")
def missing(host):
    for last, status in [(1, 404), (2, 410)]:
        announce(host, ["/open"], answer("Disallow", status=status), last=last)
    yield
    for last in (1, 2):
        host.check(state(host, "/open", last) == "done", f"{last}: {state(host, '/open', last)}")
        host.check(host.count("/robots.txt", last) == 1, "asked more than once")


@case(92, "robots.txt: 401, 403", "everything is allowed, and said in the log")
def kept_from_us(host):
    for last, status in [(1, 401), (2, 403)]:
        announce(host, ["/open"], answer(CLOSED, status=status), last=last)
    yield
    for last, status in [(1, 401), (2, 403)]:
        host.check(state(host, "/open", last) == "done", f"{status}: {state(host, '/open', last)}")
        said = [l for l in host.world.said.splitlines() if host.address(last) in l and "robots" in l]
        host.check(any(str(status) in l for l in said), f"{status}: not said: {said}")


def stall(connection, _):
    connection.recv(1)


def reset(connection, _):
    connection.setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # SO_LINGER: RST


@case(93, "robots.txt: 500, 503, silence, reset", "no page is asked; what was known holds for a day; "
      "after 30 days its last rules")
def failing(host):
    for last, bad in enumerate([robots("", status=500), robots("", status=503), stall, reset], 1):
        announce(host, ["/open"], bad, last=last)
        announce(host, ["/open", "/closed"], robots(CLOSED), bad, last=10 + last)
    yield
    for last in range(1, 5):
        host.check(state(host, "/open", last) == "queued", f"{last}: {state(host, '/open', last)}")
        host.check(host.page_row("/open", last)["n_tries"] == 0, f"{last}: counted as a try")
        check_rules(host, 10 + last)
    # A new page within the day: the copy is good. It was asked for once.
    for last in range(11, 15):
        host.on("/feed", answer(rss(*[item(host.url(p, last), guid=p)
                                      for p in ("/open", "/closed", "/closed/2", "/new")])), last=last)
        host.on("/new", page(f"quayside {last}"), last=last)
    yield
    for last in range(11, 15):
        host.check(host.count("/robots.txt", last) == 1, f"{last}: asked within a day")
        host.check(state(host, "/new", last) == "done", f"{last}: /new {state(host, '/new', last)}")
        host.check(state(host, "/closed/2", last) == "refused", f"{last}: /closed/2")
        host.on("/feed", answer(rss(item(host.url("/later", last), guid="/later"),
                                    item(host.url("/closed/3", last), guid="/closed/3"))), last=last)
        host.on("/later", page(f"later {last}"), last=last)
    yield  # 30 h: the copy is too old, and there is no other
    for last in range(11, 15):
        host.check(host.count("/robots.txt", last) >= 2, f"{last}: not asked again")
        host.check(host.count("/later", last) == 0, f"{last}: asked without rules")
    yield
    for last in (1, 2, 3, 4, 11, 12, 13, 14):
        host.check(host.count("/open", last) == (last > 10), f"{last}: asked without rules")
    yield
    yield  # 40 d and 3 h: the answers of the run before held some of the hosts
    for last in range(1, 5):
        host.check(host.count("/open", last) == 1, f"{last}: not asked after 30 days of failing")
    for last in range(11, 15):
        host.check(host.count("/later", last) == 1, f"{last}: /later was not asked after 30 days")
        host.check(host.count("/closed/3", last) == 0, f"{last}: its last rules were forgotten")


@case(94, "robots.txt of 3 MB, a rule at 486 KiB", "obeyed")
def huge(host):
    filler = "Disallow: /bbbbbbbbbbbbbbbbbbbb\n"
    text = ALL + filler * (486 * 1024 // len(filler)) + "Disallow: /closed\n"
    announce(host, ["/open", "/closed"], robots(text + filler * (2600 * 1024 // len(filler))
                                                + "Disallow: /\n"))
    yield
    check_rules(host)


@case(95, "robots.txt without end", "cut, and what came is obeyed")
def endless(host):
    def pour(connection, _):
        connection.sendall(b"HTTP/1.1 200 x\r\nContent-Type: text/plain\r\n\r\n" + CLOSED.encode())
        while True:
            connection.sendall(b"Disallow: /bbbbbbbb\n" * 1000)
    announce(host, ["/open", "/closed"], pour)
    yield
    check_rules(host)


@case(96, "robots.txt behind four redirects, in a ring, behind a file:", "followed; none")
def redirected(host):
    announce(host, ["/open", "/closed"], redirect("/r1"))
    for i in range(1, 4):
        host.on(f"/r{i}", redirect(f"/r{i + 1}" if i != 2 else host.url("/r3", last=2)),
                last=1 if i < 3 else 2)
    host.on("/r4", robots(CLOSED), last=2)
    announce(host, ["/open"], redirect("/robots.txt"), last=3)
    announce(host, ["/open"], redirect("file:///etc/passwd"), last=4)
    yield
    check_rules(host)
    for last in (3, 4):
        host.check(state(host, "/open", last) == "done", f"{last}: {state(host, '/open', last)}")
    host.check(host.count("/robots.txt", 3) == 6, f"{host.count('/robots.txt', 3)} times in the ring")


@case(97, "our name in another case, two groups, escapes, a mark, CR", "obeyed")
def spelled(host):
    kinds = ["user-AGENT: WireWatch/9.9 (x)\ndisallow: /closed\n",
             ALL + "Disallow: /x\n\nUser-agent: b\nDisallow: /\n\n" + CLOSED,
             ALL + "Disallow: /%63lose%64\n", "\ufeff" + CLOSED, CLOSED.replace("\n", "\r"),
             "User-agent: wirewatch\nDisallow: /closed\n" + ALL + "Disallow: /\n"]
    for last, text in enumerate(kinds, 1):
        announce(host, ["/open", "/closed"], robots(text), last=last)
    yield
    for last in range(1, len(kinds) + 1):
        check_rules(host, last)


@case(98, "a rule of 8,000 stars, a page's address of 8,000 letters", "obeyed at once")
def stars(host):
    stars = "Disallow: /" + "*a" * 8000 + "b$\n"
    long = "/" + "a" * 7000
    announce(host, ["/open", "/closed", long], robots(ALL + stars * 20 + "Disallow: /closed\n"))
    yield
    check_rules(host)
    host.check(host.count(long) == 1, "the long address was not asked")


@case(99, "Crawl-delay of 1 second, of 31 years", "kept; cut to a minute, and said in the log")
def delays(host):
    announce(host, ["/a", "/b"], robots(ALL + "Crawl-delay: 1\n"))
    announce(host, ["/a"], robots(ALL + "Crawl-delay: 977616000\n"), last=2)
    yield
    gap_s = host.last_request("/b").at - host.last_request("/a").at
    host.check(abs(gap_s) >= 0.5, f"{gap_s:.2f} s between two pages")
    said = [l for l in host.world.said.splitlines() if host.address(2) in l and "crawl-delay" in l]
    host.check(any("60" in l for l in said), "the long pause is not said")


@case(100, "HTML, a picture, noise, nothing instead of robots.txt", "no rules")
def noise(host):
    kinds = [answer("<html><head><title>Hello</title><body>User-agent: *<br>Disallow: /</body></html>",
                    kind="text/html"),
             answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, kind="image/png"),
             answer(bytes((i * 7919 >> 3) & 0xFF for i in range(4096)), kind="text/plain"),
             answer("", kind="text/plain")]
    for last, kind in enumerate(kinds, 1):
        announce(host, ["/open"], kind, last=last)
    yield
    for last in range(1, len(kinds) + 1):
        host.check(state(host, "/open", last) == "done", f"{last}: {state(host, '/open', last)}")


hostile.play("hostile-robots", RUNS, timeout_s=hostile.HASTY_S)

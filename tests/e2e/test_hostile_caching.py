"""Status and caching: numbers 25 to 38 of design/reliability.md, part B. hostile.py says how a case
is written. The runs are at 0, 1.5 h, 1 d, 2 d, 3 d, 9 d and 40 d."""

import time

import hostile
import newsdesk
from hostile import DAY, HOUR, answer, case, item, page, redirect, rss

RUNS = [0, 3 * HOUR // 2, DAY + HOUR, 2 * DAY + 2 * HOUR, 3 * DAY + 3 * HOUR, 9 * DAY, 40 * DAY]
NEWS = rss(item("/a", guid="a"))


def not_modified(*headers):
    return answer(status=304, headers=headers)


def conditional(host, body, etag, modified=None, packed=False):
    """An answer with these validators as they are; 304 to a request that has the first of them."""
    def say(connection, request):
        name = "if-none-match" if etag is not None else "if-modified-since"
        value = etag if etag is not None else modified
        headers = [f"ETag: {etag}"] if etag is not None else []
        headers += [f"Last-Modified: {modified}"] if modified is not None else []
        if request.header(name) == value:
            connection.sendall(not_modified(*headers))
        else:
            connection.sendall(answer(body, headers=headers, packed=packed))
    return say


@case(25, "304 that nobody asked for", "error, and the next answer is read")
def unasked(host):
    host.feed("/feed", not_modified('ETag: "x"'), answer(NEWS))
    yield
    host.check_failed("304")
    host.check(host.feed_row()["etag"] == "", "its validator was kept")
    yield
    host.check(not host.last_request("/feed").header("if-none-match"), "asked with its validator")
    host.check_read(1)


@case(26, "Retry-After in seconds, as a date, 10^20, negative", "the host waits; 7 days at most")
def retry_after(host):
    later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 2 * DAY))
    waits = [("7200", 2 * HOUR, DAY), (later, 2 * DAY - HOUR, 3 * DAY),
             ("1" + "0" * 20, 6 * DAY, 7 * DAY + HOUR), ("-5", HOUR, DAY)]
    for last, (value, _, _) in enumerate(waits, 1):
        busy = answer(status=429 if last % 2 else 503, headers=[f"Retry-After: {value}"])
        host.feed("/feed", busy, answer(NEWS), last=last)
        host.feed("/other", answer(NEWS), last=last)
    yield
    for last, (value, least_s, most_s) in enumerate(waits, 1):
        held = host.world.desk.rows("SELECT * FROM host WHERE host = ?", host.address(last))[0]
        wait_s = held["not_before"] - host.world.now
        host.check(least_s <= wait_s <= most_s, f"{value}: the host waits {wait_s} s")
        host.check(host.count("/other", last) <= 1, f"{value}: its other feed was asked after it")
        host.check(host.feed_row(last=last)["n_failures"] <= 1, f"{value}: counted twice")
    asked = [host.count("/feed", last) + host.count("/other", last) for last in range(1, 5)]
    yield  # 1.5 h: those that said 2 h, 2 d and 7 d are left alone
    for last in (1, 2, 3):
        now = host.count("/feed", last) + host.count("/other", last)
        host.check(now == asked[last - 1], f"{waits[last - 1][0]}: asked after 1.5 h")
    yield
    host.check_read(1, last=1)
    host.check_read(1, last=4)
    host.check(host.count("/feed", 2) == 1, "asked again before the date")
    yield
    yield
    host.check_read(1, last=2)
    host.check(host.count("/feed", 3) == 1, "asked again before 7 days")
    yield
    host.check_read(1, last=3)


@case(27, "410", "stopped, listed as bad, and one digest says so")
def gone(host):
    host.feed("/feed", answer(NEWS, headers=['ETag: "1"']), answer(status=410))
    yield
    yield
    yield
    host.check(host.feed_row()["state"] == "gone", host.feed_row()["state"])
    yield
    yield
    yield
    yield
    host.check(host.count("/feed") <= 3, f"asked {host.count('/feed')} times")
    host.check(len(host.entries()) == 1, "what it once brought is gone")
    listed = host.world.desk.must("feed", "list", "--state", "bad", "-f", "jsonl",
                                  now=host.world.now).stdout
    host.check(host.address() in listed, "feed list --state bad does not show it")
    host.check(host.letters("is gone") == 1, f"{host.letters('is gone')} digests say so")


@case(28, "404 and 500 for 40 days", "back-off from 1 h to a day, then weekly; never given up; one digest "
      "says so")
def failing(host):
    for last, status in [(1, 404), (2, 500)]:
        host.feed("/feed", answer(status=status), last=last)
    wait_s = {1: [], 2: []}
    for _ in RUNS:
        yield
        for last in (1, 2):
            row = host.feed_row(last=last)
            host.check(row["state"] == "active", f"{row['state']} after {row['n_failures']} failures")
            wait_s[last].append(row["next_due_at"] - row["last_checked_at"])
    for last in (1, 2):
        w = wait_s[last]
        host.check(w[0] >= HOUR, f"first pause {w[0]} s")
        host.check(max(w[:-1]) <= 1.1 * DAY + HOUR, f"pauses of {w}")
        host.check(w[3] >= w[0], f"pauses do not grow: {w}")
        host.check(w[-1] <= 8 * DAY, f"pause of {w[-1]} s after 40 days")
        host.check_failed("404" if last == 1 else "500", last=last)
        host.check(host.letters("fails since", last=last) == 1,
                   f"{host.letters('fails since', last=last)} digests say so")


@case(29, "301 at every poll", "the new address is taken when it was seen for days")
def moved(host):
    host.feed("/feed", redirect("/new", status=301))
    host.on("/new", answer(NEWS))
    rows = lambda: host.world.desk.rows("SELECT * FROM feed WHERE url LIKE ?", f"%{host.address()}:%")
    yield
    yield
    host.check(rows()[0]["url"].endswith("/feed"), "believed on the first day")
    for _ in range(4):
        yield
    host.check(len(rows()) == 1 and rows()[0]["url"].endswith("/new"), str(rows()[0]["url"]))
    host.check(len(host.entries("/new")) == 1, "the article came twice or never")


@case(30, "302 at every poll", "followed, never taken for the feed's address")
def found(host):
    host.feed("/feed", redirect("/new", status=302))
    host.on("/new", answer(NEWS))
    for _ in RUNS:
        yield
        host.check_read(1)
    host.check(host.count("/feed") >= 4, "not asked where it is")


@case(31, "ETags weak, odd, unquoted", "sent back byte for byte")
def odd_etags(host):
    tags = ['W/"a"', 'abc', '"a b;c,d"', 'W/"', '""', "'1'", '"-gzip"', "W/weak", "*"]
    if newsdesk.engine.is_file:  # a server's texts are UTF-8
        tags.append('"\xe9\xff"')
    for last, tag in enumerate(tags, 1):
        host.feed("/feed", conditional(host, NEWS, tag), last=last)
    yield
    for last in range(1, len(tags) + 1):
        host.check_read(1, last=last)
    yield
    for last, tag in enumerate(tags, 1):
        sent = host.last_request("/feed", last).header("if-none-match")
        host.check(sent == tag, f"{tag!r} came back as {sent!r}")
        host.check(host.last_check(last=last)["outcome"] == "unchanged", f"{tag!r}: not understood")


@case(32, "Last-Modified that is old-fashioned, or no date", "sent back byte for byte")
def odd_dates(host):
    dates = ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "1763769600", "yesterday"]
    for last, date in enumerate(dates, 1):
        host.feed("/feed", conditional(host, NEWS, None, date), last=last)
    yield
    yield
    for last, date in enumerate(dates, 1):
        sent = host.last_request("/feed", last).header("if-modified-since")
        host.check(sent == date, f"{date!r} came back as {sent!r}")


@case(33, "an ETag of 60 kB", "the feed is read, the ETag not kept")
def long_etag(host):
    host.feed("/feed", answer(NEWS, headers=['ETag: "' + "x" * 60000 + '"']))
    yield
    host.check_read(1)
    yield
    host.check(host.count("/feed") == 2, "not asked again")
    host.check(not host.last_request("/feed").header("if-none-match"), "it was sent back")


@case(34, "an ETag that differs by encoding", "304 is understood")
def packed_etag(host):
    host.feed("/feed", conditional(host, NEWS, '"a-gzip"', packed=True))
    yield
    host.check_read(1)
    yield
    host.check(host.last_check()["outcome"] == "unchanged", host.last_check()["outcome"])


def broken_second(host, broken):
    """A good answer, a broken one with a new ETag, and a good one with more in it."""
    more = rss(item("/b", guid="b"), item("/a", guid="a"))
    host.feed("/feed", answer(NEWS, headers=['ETag: "1"']), broken,
              answer(more, headers=['ETag: "3"']))


@case(35, "a cut answer with a new ETag", "the old ETag stays, nothing is lost")
def cut(host):
    whole = answer(rss(item("/b", guid="b"), item("/a", guid="a")), headers=['ETag: "2"'])
    broken_second(host, whole[:-40])
    yield
    yield
    host.check(host.feed_row()["etag"] == '"1"', f"kept {host.feed_row()['etag']}")
    yield
    host.check(host.last_request("/feed").header("if-none-match") == '"1"', "asked with another")
    host.check_read(2)


@case(36, "an answer that is no feed, with a new ETag", "the old ETag stays, nothing is lost")
def no_feed(host):
    broken_second(host, answer("<html><title>Down for repair</title><p>Soon.", kind="text/html",
                               headers=['ETag: "2"']))
    yield
    yield
    host.check(host.feed_row()["etag"] == '"1"', f"kept {host.feed_row()['etag']}")
    host.check("Down for repair" in host.feed_row()["last_error"], host.feed_row()["last_error"])
    yield
    host.check(host.last_request("/feed").header("if-none-match") == '"1"', "asked with another")
    host.check_read(2)


@case(37, "304 of the feed while its page fails", "the page is tried again all the same")
def late_page(host):
    host.feed("/feed", conditional(host, rss(item(host.url("/a"), guid="a")), '"1"'))
    host.on("/a", answer(status=500), answer(status=500), page("late"))
    yield
    host.check(host.page_row("/a")["state"] == "queued", host.page_row("/a")["state"])
    for _ in range(4):
        yield
    host.check(host.page_row("/a")["state"] == "done", host.page_row("/a")["state"])
    host.check(host.last_check()["outcome"] == "unchanged", host.last_check()["outcome"])


@case(38, "max-age of 2 hours, of 30 years", "waited for, but never longer than a day")
def max_age(host):
    for last, seconds in [(1, 2 * HOUR), (2, 999999999)]:
        host.feed("/feed", answer(NEWS, headers=[f"Cache-Control: public, max-age={seconds}"]),
                  last=last)
    yield
    yield  # 1.5 h
    host.check(host.count("/feed", 1) == 1, "asked before it was stale")
    yield  # a day and an hour
    host.check(host.count("/feed", 2) == 2, f"asked {host.count('/feed', 2)} times in 25 hours")


hostile.play("hostile-caching", RUNS)

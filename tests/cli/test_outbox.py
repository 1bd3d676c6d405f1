#!/usr/bin/env python3
"""The outbox by hand: what is in it, one message whole, again, never, and what comes back."""
import desk
from desk import check

NAMES = ["one", "two", "three", "four", "five"]
ANALYSTS = "".join(f'[analyst "{n}"]\nemail = {n}@example.org\n' for n in NAMES)
SETTINGS = desk.CONFIG.split("[analyst")[0] + ANALYSTS

REPORT = """From: MAILER-DAEMON@mx.example.org
Subject: Undelivered \x1b[31mMail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {name}@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such
 user \x1b[31mhere

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
--b--
"""


class Sendmail:
    """A program that does as it is told, and keeps what it took."""

    def __init__(self, d):
        self.d, self.path = d, d.folder / "sendmail"
        self.says(0)
        d.config.write_text(SETTINGS.replace("transport = file", f"transport = sendmail\nsendmail = {self.path}"))

    def says(self, status, words=""):
        self.path.write_text(f"#!/bin/sh\ncat >>{self.d.folder}/letters\necho '{words}' >&2\nexit {status}\n")
        self.path.chmod(0o700)


def states(d):
    return {r["id"]: r["state"] for r in d.rows("outbox", "list")}


def fill(d, sendmail, site):
    """1 sent, 2 refused, 3 put off, 4 and 5 sent."""
    d.must("feed", "add", desk.feed(site))
    d.must("run", "--only", "crawl")
    d.must("run", "--only", "alert")
    for name, status, words, want in (("one", 0, "", 0), ("two", 67, "no such user", 69),
                                      ("three", 75, "try later", 75), ("four", 0, "", 0), ("five", 0, "", 0)):
        sendmail.says(status, words)
        d.fails(want, "1 digest made", "digest", "send", "--analyst", name)
    check(states(d) == {1: "sent", 2: "failed", 3: "deferred", 4: "sent", 5: "sent"}, f"states: {states(d)}")


def list_them(d):
    ids = lambda *words: [r["id"] for r in d.rows("outbox", "list", *words)]
    check(ids("--state", "bad") == [3, 2], "outbox list --state bad")
    check(ids("--state", "waiting") == [3], "outbox list --state waiting")
    check(ids("--analyst", "two") == [2], "outbox list --analyst")
    d.fails(66, 'no [analyst "nobody"]', "outbox", "list", "--analyst", "nobody")
    check(ids("--kind", "digest") == [5, 4, 3, 2, 1] and ids("--kind", "canary") == [], "outbox list --kind")
    d.fails(64, "did you mean deferred?", "outbox", "list", "--state", "defered")
    d.fails(64, "did you mean digest?", "outbox", "list", "--kind", "digets")
    row = d.rows("outbox", "list", "--state", "failed")[0]
    check(row["why"] == "refused" and row["due"] is None, f"a failed row: {row}")
    check(d.rows("outbox", "list", "--state", "deferred")[0]["due"] > desk.NOW, "when one is due")
    seen = d.terminal("outbox", "list")
    check(all(len(line) <= 80 for line in seen.splitlines()), f"wider than 80 columns:\n{seen}")
    check("no such user" in seen and "three" in seen, f"the list:\n{seen}")


def show(d):
    said = d.must("outbox", "show", "2")
    for words in ("2  digest, failed: refused", "recipient      two@example.org", "Subject: ", "Kestrel Pier",
                  "<U+202E>", "[text/html, "):
        check(words in said, f'outbox show lacks "{words}": {said}')
    for raw in desk.RAW:
        check(raw not in said, f"outbox show writes {raw!r} raw")
    raw = d.call("outbox", "show", "m1", "--raw").stdout.encode("utf-8", "surrogateescape")
    size = d.rows("outbox", "list", "--limit", "1", "--offset", "4")[0]["bytes"]
    check(len(raw) == size and raw.count(b"\r\n") == raw.count(b"\n"), f"--raw gave {len(raw)} of {size} bytes")
    check(raw.replace(b"\r\n", b"\n") in (d.folder / "letters").read_bytes(), "--raw is not what was sent")
    d.fails(66, "no message 99; wirewatch outbox list", "outbox", "show", "99")
    d.fails(66, '"x" is no message number', "outbox", "show", "x")


def again(d, sendmail):
    d.fails(64, "say which", "outbox", "retry")
    d.fails(65, "message 1 is sent", "outbox", "retry", "1")
    d.fails(0, "1 message will be sent", "outbox", "retry", "--all-failed")
    check(states(d)[2] == "queued" and states(d)[3] == "deferred", f"--all-failed: {states(d)}")
    d.must("outbox", "retry", "3")
    settings = d.config.read_text()
    d.config.write_text(settings.replace("[mail]", "[mail]\nmax-per-run = 1"))
    sendmail.says(75, "try later")
    d.fails(75, "1 more waits, by max-per-run, held or for quiet hours", "digest", "send", "--analyst", "two")
    d.config.write_text(settings)
    d.fails(75, "", "run", "--only", "deliver")
    check(states(d)[3] == "deferred", f"the next run sends what was left: {states(d)}")
    d.must("outbox", "retry", "2")
    sendmail.says(67, "no such user")
    d.fails(69, "", "run", "--only", "deliver")


def drop(d):
    d.fails(64, "say --yes", "outbox", "drop", "2")
    d.fails(65, "message 1 is sent: only queued", "outbox", "drop", "2", "1", "--yes")
    check(states(d)[2] == "failed", "half a drop")
    d.fails(0, "(1 alert) counts as told", "outbox", "drop", "2", "--yes")
    d.fails(0, "nothing new for two", "digest", "preview", "--analyst", "two")
    d.fails(65, "message 2 is dropped", "outbox", "retry", "2")
    d.fails(0, "the next digest tells again", "outbox", "drop", "2", "--untell", "--yes")
    check("Kestrel Pier" in d.must("digest", "preview", "--analyst", "two"), "--untell told nothing again")
    d.fails(0, "nothing new for three", "digest", "preview", "--analyst", "three")


def receive(d, sendmail):
    """A report that comes back, one that does not concern us, and what else people send."""
    give = lambda text: d.call("outbox", "receive", stdin=text)
    row = {r["id"]: r for r in d.rows("outbox", "list")}
    done = give(REPORT.format(name="one", id=row[1]["message_id"], action="delayed", status="4.2.0"))
    check(done.returncode == 0 and states(d)[1] == "sent", f"delayed: {done}")
    done = give(REPORT.format(name="one", id=row[1]["message_id"], action="failed", status="5.1.1"))
    check(done.returncode == 0 and "bounced: 5.1.1 550 no such user" in done.stderr, f"bounced: {done}")
    check("\x1b" not in done.stderr, "a report steers the terminal")
    done = give(REPORT.format(name="one", id=row[1]["message_id"], action="delivered", status="2.0.0"))
    check(done.returncode == 0 and "message 1 was failed already; a later report says delivered" in done.stderr,
          f"delivered behind the bounce: {done}")
    done = give(REPORT.format(name="two", id=row[1]["message_id"], action="failed", status="5.1.1"))
    check(done.returncode == 65 and "a report about two@example.org" in done.stderr, f"of another: {done}")
    failed = d.rows("outbox", "list", "--state", "failed")
    check([r["id"] for r in failed] == [1] and failed[0]["why"] == "bounced", f"bounced: {failed}")
    d.fails(1, "1 failed", "check")
    before = states(d)
    for text, words in ((REPORT.format(name="x", id="<digest.1.0@watch.example.org>", action="failed", status="5.0.0"),
                         "not about a message of ours"),
                        ("From: a@b\nMessage-ID: <x@y>\n\nHello.\n", "not about a message of ours"),
                        (f"From: a@b\nMessage-ID: {row[4]['message_id']}\n\n", "neither a delivery report nor a canary"),
                        ("", "no mail"), ("\x00" * 5000, "no"), ("a" * 3_000_000, "no")):
        done = give(text)
        check(done.returncode == 65 and words in done.stderr, f"{text[:60]!r}: {done.returncode} {done.stderr}")
    check(states(d) == before, "what is nobody's changed something")


def hold(d):
    """The last three for one address come back: what waits for it is held, until a person tries again."""
    last = [r for r in d.rows("outbox", "list", "--state", "sent") if r["recipient"] == "four@example.org"][:3]
    check(len(last) == 3, f"sent to four: {last}")
    for n, row in enumerate(last):
        done = d.call("outbox", "receive", stdin=REPORT.format(name="four", id=row["message_id"], action="failed",
                                                               status="5.1.1"))
        check(("is held" in done.stderr) == (n == 2), f"report {n + 1}: {done.stderr}")
    d.fails(1, "four@example.org is held since ", "check")
    d.must("outbox", "retry", str(last[1]["id"]))
    check("is held" not in d.call("check").stdout, "a retry does not lift the hold")
    d.must("outbox", "drop", str(last[1]["id"]), "--yes")
    d.must("outbox", "retry", "--all-failed")
    for number in (last[0]["id"], last[2]["id"]):
        d.must("outbox", "drop", str(number), "--yes")


def check_mail(d, sendmail):
    """A test message now; a canary that comes back to a Maildir, or does not."""
    d.fails(1, "say which analyst: --analyst NAME", "check", "--mail")
    sendmail.says(0)
    said = d.fails(0, "ok    test       message 6 to four@example.org was taken", "check", "--mail", "--analyst", "four")
    for words in ("SPF", "_domainkey.example.org", "_dmarc.example.org", "canary     none:"):
        check(words in said, f'check --mail lacks "{words}": {said}')
    sendmail.says(75, "try later")
    d.fails(1, "FAIL  test       message 7 to four@example.org: deferred", "check", "--mail", "--analyst", "four")
    check(states(d)[7] == "dropped", "a test that did not leave waits to surprise somebody")
    sendmail.says(0)
    for folder in ("new", "cur", "tmp"):
        (d.folder / "back" / folder).mkdir(parents=True)
    d.config.write_text(d.config.read_text().replace("[mail]", "[mail]\ncanary = me@example.net\ncanary-maildir = back\ncanary-every = 2d"))
    d.fails(1, "warn  canary     not back after 1 s", "check", "--mail", "--analyst", "four", "--wait", "1s")
    sendmail.path.write_text(f"#!/bin/sh\ncat >{d.folder}/back/new/$$\n")
    d.fails(0, "ok    canary     back after", "check", "--mail", "--analyst", "four")
    d.fails(1, "--wait is a time", "check", "--mail", "--wait", "soon")
    d.must("outbox", "drop", "3", "--yes")
    d.fails(1, "ok    canary     the one of 2026-11-20T08:0", "check")
    # One is sent every two days; the next is lost, and that is said once.
    sendmail.says(0)
    d.fails(0, "", "--now", "2026-11-22T09:00:00Z", "run", "--only", "deliver")
    late = d.fails(0, "did not come back", "--now", "2026-11-22T16:00:00Z", "run", "--only", "deliver", "-q")
    check("me@example.net" in late, f"which canary: {late}")
    said = d.fails(0, "", "--now", "2026-11-22T16:30:00Z", "run", "--only", "deliver", "-q")
    check(said == "", f"said twice: {said}")
    d.fails(1, "warn  canary", "--now", "2026-11-22T16:30:00Z", "check")
    for form in (), ("--html",):
        check("did not come back" in d.must("--now", "2026-11-22T16:30:00Z", "digest", "preview", "--analyst", "four",
                                            "--all", *form), f"no digest says that a canary is missing {form}")


with desk.Desk(SETTINGS) as d:
    site = desk.Server("127.31.0.9")
    sendmail = Sendmail(d)
    try:
        fill(d, sendmail, site)
        list_them(d)
        show(d)
        again(d, sendmail)
        drop(d)
        receive(d, sendmail)
        check_mail(d, sendmail)
        hold(d)
    finally:
        site.close()
desk.finish("outbox: list, show, retry, drop, receive; check --mail and canaries")

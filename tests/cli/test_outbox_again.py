#!/usr/bin/env python3
"""A person's word counts: what is untold is told again, what is retried has its tries again."""
import datetime

import desk
from desk import check

AT_ONCE = desk.CONFIG.split("[analyst")[0] + """[analyst "now"]
email = now@example.org
digest = none
immediate = severity:low
immediate-wait = 0
"""
BOUNCE = """From: MAILER-DAEMON@mx.example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; now@example.org
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
--b--
"""


def rows(d):
    return d.rows("outbox", "list")


def on_day(n, hour=9):
    return "--now", (datetime.datetime(2026, 11, 20, hour) + datetime.timedelta(days=n)).strftime("%Y-%m-%dT%H:%M:%SZ")


def deliver(d, want, *when):
    return d.fails(want, "", *when, "run", "--only", "deliver")


with desk.Desk(AT_ONCE) as d:
    site = desk.Server("127.31.0.19")
    try:
        d.must("feed", "add", desk.feed(site))
        d.must("run", "--only", "crawl")
        d.must("run", "--only", "alert")
        deliver(d, 0, *on_day(0))
        n = len(rows(d))
        check(n >= 1 and all(r["kind"] == "immediate" for r in rows(d)), f"at once: {rows(d)}")
        deliver(d, 0, *on_day(0, 10))
        check(len(rows(d)) == n, "told twice")
        # It came back; it is never to be sent, and told again: at once, for there is no digest.
        for row in rows(d):
            d.call("outbox", "receive", "-q", stdin=BOUNCE.format(id=row["message_id"]))
        first = [str(r["id"]) for r in rows(d)]
        d.fails(0, f"({n} alert", "outbox", "drop", *first, "--untell", "--yes")
        deliver(d, 0, *on_day(0, 12))
        check(len(rows(d)) == 2 * n, f"untold, and told by nobody: {len(rows(d))} messages, {n} before")
        said = d.fails(0, "it stays told", "outbox", "drop", first[0], "--untell", "--yes")
        check("tells again" not in said, f"what was told since: {said}")

        # Put off until it was given up; retried, it has its tries again.
        program = d.folder / "sendmail"
        program.write_text("#!/bin/sh\necho 'try later' >&2\nexit 75\n")
        program.chmod(0o700)
        d.config.write_text(d.config.read_text().replace("transport = file", f"transport = sendmail\nsendmail = {program}"))
        again = max((r for r in rows(d) if r["state"] == "sent"), key=lambda r: r["id"])
        d.call("outbox", "receive", "-q", stdin=BOUNCE.format(id=again["message_id"]))
        state = lambda: next(r for r in rows(d) if r["id"] == again["id"])
        d.must("outbox", "retry", str(again["id"]))
        check(state()["tries"] == 0, f"retried, with tries behind it: {state()}")
        for day in range(1, 7):
            deliver(d, 69 if state()["tries"] == 5 else 75, *on_day(day))
        check((state()["state"], state()["why"]) == ("failed", "given-up"), f"six days later: {state()}")
        d.must("outbox", "retry", str(again["id"]))
        deliver(d, 75, *on_day(9))
        check(state()["state"] == "deferred", f"retried, and given up at its first try: {state()}")

        # Its bytes were kept long enough: it is not sent again, and fails no run.
        program.write_text("#!/bin/sh\ncat >/dev/null\n")
        deliver(d, 0, *on_day(11))
        d.config.write_text(d.config.read_text().replace("[mail]", "[mail]\nkeep = 1d"))
        deliver(d, 0, *on_day(40))
        d.call("outbox", "receive", "-q", stdin=BOUNCE.format(id=again["message_id"]))
        check(state()["state"] == "failed", f"bounced late: {state()}")
        d.fails(66, "its bytes are no longer kept", "outbox", "retry", str(again["id"]))
        d.fails(0, "its bytes are no longer kept", "outbox", "retry", "--all-failed")
        deliver(d, 0, *on_day(41))
    finally:
        site.close()
# A folder that takes no mail: who gets his by another way gets it, and what needs no mail is done.
with desk.Desk(desk.CONFIG.replace("directory = mail", "directory = no/such/folder")) as d:
    site = desk.Server("127.31.0.20")
    program = d.folder / "sendmail"
    program.write_text(f"#!/bin/sh\ncat >>{d.folder}/letters\n")
    program.chmod(0o700)
    with d.config.open("a") as f:
        f.write(f"""[analyst "other"]
email = other@example.org
transport = sendmail
[report]
atom = {d.folder}/alerts.atom
url = https://watch.example.org/w
""")
    d.config.write_text(d.config.read_text().replace("[mail]", f"[mail]\nsendmail = {program}"))
    try:
        d.must("feed", "add", desk.feed(site))
        d.fails(74, "no/such/folder", "run")
        check(sorted(r["state"] for r in rows(d)) == ["deferred", "sent"], f"one's folder holds up another: {rows(d)}")
        check((d.folder / "letters").exists(), "nothing came by the other way")
        check((d.folder / "alerts.atom").exists(), "nothing is published while mail cannot leave")
        check("no/such/folder" in d.must("outbox", "show", "1") + d.must("outbox", "show", "2"), "the outbox says no reason")
        # Its bounce is said by the quiet pipe of a mail system, too.
        sent = next(r for r in rows(d) if r["state"] == "sent")
        done = d.call("outbox", "receive", "-q", stdin=BOUNCE.replace("now@", "other@").format(id=sent["message_id"]))
        check(f"message {sent['id']} is failed, bounced" in done.stderr, f"a bounce, said by nobody: {done.stderr}")
        (d.folder / "no" / "such").mkdir(parents=True)
        d.must(*on_day(0), "run", "--only", "deliver")
        check(all(r["state"] != "deferred" for r in rows(d)), f"the folder takes mail, and gets none: {rows(d)}")
    finally:
        site.close()
desk.finish("outbox: told again, tried again, and what has no bytes")

#!/usr/bin/env python3
"""What stays in the house: for an address that refused three times, for one that changed, for quiet hours."""


import desk
from desk import check

SETTINGS = desk.CONFIG.split("[analyst")[0] + """
[analyst "one"]
email  = {email}
digest = run
quiet  = {quiet}
"""


def settings(d, email="=?UTF-8?Q?J=C3=B6rg?= <one@example.org>", quiet=""):
    text = SETTINGS.format(email=email, quiet=quiet)
    d.config.write_text(text.replace("transport = file", f"transport = sendmail\nsendmail = {d.folder}/sendmail"))


def sendmail(d, status):
    program = d.folder / "sendmail"
    program.write_text(f"#!/bin/sh\ncat >>{d.folder}/letters\necho '550 5.1.1 no such user' >&2\nexit {status}\n")
    program.chmod(0o700)


def refuse_three(d):
    """One refusal, copied: the alert of the first is told again by a message that has to wait."""
    sendmail(d, 67)
    d.fails(69, "1 digest made", "digest", "send")
    with desk.engine.opened(d.db) as db:
        names = desk.engine.columns(d.db, "message")
        row = dict(zip(names, db.execute("SELECT * FROM message WHERE id = 1").fetchone()))
        for number in (2, 3, 4):
            row.update(id=number, message_id=f"<digest.{number}@w>", n_alerts=0)
            db.execute(f"INSERT INTO message ({','.join(names)}) VALUES ({','.join('?' * len(names))})",
                       [row[n] for n in names])
        db.execute("UPDATE meta SET value = '5' WHERE key = 'next_message'")
    d.must("outbox", "drop", "1", "--untell", "--yes")


def held(d):
    sendmail(d, 0)
    d.fails(0, "1 more waits, by max-per-run, held or for quiet hours", "digest", "send")
    ids = lambda *words: [(r["id"], r["state"]) for r in d.rows("outbox", "list", *words)]
    check(ids("--state", "held") == [(5, "held")], f"--state held: {ids('--state', 'held')}")
    check((5, "held") in ids("--state", "bad"), f"--state bad: {ids('--state', 'bad')}")
    said = d.fails(1, "is held since 2026-11-20: its last 3 were refused or came back", "check")
    check("1 message to" in said and "wirewatch outbox retry 4" in said
          and "wirewatch outbox drop --analyst one --untell" in said, f"check: {said}")
    check('reply=' not in said and 'last reply ""' not in said, f"an empty reply: {said}")
    check(d.rows("digest", "list")[0]["last_state"] == "held", "digest list")
    check("held, for this address refused" in d.must("alert", "explain", "1"), "alert explain")
    check("held" in d.must("outbox", "show", "5") and "J\u00f6rg" in d.must("outbox", "show", "5"), "outbox show")
    for day in (21, 22, 23):  # and cron is not told so every day
        said = d.fails(0, "", "--now", f"2026-11-{day}T08:00:00Z", "run", "--only", "deliver", "-q")
        check(said == "", f"said on day {day}: {said}")
    check("1 message waits in the outbox already, 1 of them held" in d.fails(0, "", "digest", "send", "-n"), "--dry-run")
    listed = d.terminal("outbox", "list")
    check("one" in listed and all(len(line) <= 80 for line in listed.splitlines()), f"a terminal: {listed}")


def changed(d):
    """The new address gets what waited for the old one, whose hold is nobody's matter then."""
    settings(d, email="new@example.org")
    d.fails(64, "say which", "outbox", "drop", "--yes")
    d.fails(64, "say which", "outbox", "drop", "5", "--analyst", "one", "--yes")
    d.fails(64, "--analyst wants NAME", "outbox", "drop", "--analyst", "", "--yes")
    d.fails(66, "did you mean one?", "outbox", "drop", "--analyst", "onee", "--yes")
    d.fails(0, "the next digest tells again", "outbox", "drop", "--analyst", "one", "--untell", "--yes")
    check(d.rows("outbox", "list", "--state", "waiting") == [], "something waits still")
    check("is held" not in d.call("check").stdout, "the hold of an address that nobody has")
    d.fails(0, "1 digest made, 1 sent", "digest", "send")
    check(d.rows("outbox", "list")[0]["recipient"] == "new@example.org", "to whom")


def quiet(d):
    """Made by day, it does not leave by night."""
    sendmail(d, 75)
    d.must("outbox", "drop", "2", "--untell", "--yes")
    with desk.engine.opened(d.db) as db:
        db.execute("DELETE FROM told")
    d.fails(75, "1 deferred", "digest", "send")
    sendmail(d, 0)
    settings(d, email="new@example.org", quiet="20:00-06:00")
    night, morning = "2026-11-20T21:00:00Z", "2026-11-21T06:01:00Z"
    d.fails(0, "", "--now", night, "run", "--only", "deliver")
    row = d.rows("--now", night, "outbox", "list", "--state", "waiting")
    check([r["state"] for r in row] == ["quiet"] and row[0]["due"].startswith("2026-11-21T06:00"), f"at night: {row}")
    check("quiet until" in d.must("--now", night, "outbox", "show", str(row[0]["id"])), "outbox show")
    check("quiet until 2026-11-21 06:00" in d.must("--now", night, "alert", "explain", "1"), "alert explain")
    d.fails(0, "", "--now", morning, "run", "--only", "deliver")
    check(d.rows("outbox", "list")[0]["state"] == "sent", "in the morning")


with desk.Desk() as d:
    site = desk.Server("127.31.0.19")
    settings(d)
    try:
        d.must("feed", "add", desk.feed(site))
        d.must("run", "--only", "crawl")
        d.must("run", "--only", "alert")
        refuse_three(d)
        held(d)
        changed(d)
        quiet(d)
    finally:
        site.close()
desk.finish("held, changed and quiet: nothing leaves that should not, and it is said why")

#!/usr/bin/env python3
"""check with each of its findings, config, and the exit statuses that the manual promises."""
import json
import os
import subprocess
import time

import desk
from desk import check


def part(d, name, level, words, *options):
    """Of check: the line of one part."""
    rows = {r["part"]: r for r in d.rows_of(0 if level == "ok" else 1, "check", *options)}
    row = rows.get(name)
    check(row is not None and row["level"] == level and words in row["text"], f"check {name}: {row}")


def at_work(d):
    rows = [json.loads(line) for line in d.call("check", "-f", "jsonl").stdout.splitlines()]
    return "".join(r["text"] for r in rows if r["part"] == "machines")


def checks(d, site):
    part(d, "runs", "warn", "none has ended well yet")
    part(d, "feeds", "warn", "none: wirewatch feed add URL")
    d.must("feed", "add", desk.feed(site))
    d.must("run", "--no-send")
    check(d.rows("outbox", "list") == [], "--no-send sent")
    said = d.must("check")
    check(said.count("\nok") == 11 and "finding" not in said, f"all is well: {said}")
    part(d, "runs", "warn", "the last good one ended", "--now", "2026-11-21T08:00:00Z")
    site.pages["/rss"] = (503, "text/plain", "", {})
    d.call("run", "--now", "2026-11-20T12:00:00Z")
    part(d, "feeds", "ok", "1 retrying")
    check([r["health"] for r in d.rows("feed", "list", "--state", "bad")] == ["retrying"], "feed list --state bad")
    for day in (21, 23):
        d.call("run", "--no-send", "--now", f"2026-11-{day}T13:00:00Z")
    part(d, "feeds", "warn", "1 failing", "--now", "2026-11-23T13:01:00Z")
    said = d.call("digest", "preview", "--now", "2026-11-23T13:01:00Z").stderr
    check("nothing new" in said, f"--no-send left the trouble to be told: {said}")
    row = d.rows("feed", "list", "--state", "failing")[0]
    check((row["since"][:16], row["why"]) == ("2026-11-20T12:00", "status 503, 3 times in a row"), f"since and why: {row}")
    said = d.must("feed", "show", "1", "--now", "2026-11-23T13:01:00Z")
    for words in ("failing for 3 days", "status 503", "asked less often", "troubles, newest first", "try 4"):
        check(words in said, f"feed show does not say {words}: {said}")
    d.config.write_text(desk.CONFIG.replace("contact", "timezone = Asia/Shanghai\ncontact", 1))
    check("2026-11-20 20:00" in d.must("feed", "show", "1"), "feed show is not in the desk's zone")
    d.config.write_text(desk.CONFIG)

    text = d.config.read_text()
    d.config.write_text(text.split("[analyst")[0])
    part(d, "config", "warn", "nobody gets a digest")
    d.config.write_text(text + "digst = run\n")
    part(d, "config", "FAIL", 'unknown key "digst"; did you mean "digest"?')
    d.config.write_text(text)
    stations = d.watchlist / "stations.csv"
    stations.rename(d.folder / "away")
    (d.watchlist / "stations.csv").write_text("id\n\"x")
    part(d, "watchlist", "FAIL", "stations.csv")
    (d.folder / "away").rename(stations)
    d.fails(1, "FAIL  database", "check", "--db", d.folder / "none.db")
    broken = d.folder / "broken.db"
    broken.write_bytes(b"This is no database." * 500)
    d.fails(1, "FAIL  database", "check", "--db", broken)


def settings(d):
    rows = {(r["section"], r["key"]): r["value"] for r in d.rows("config")}
    check(rows["fetch", "timeout"] in (5, "5", "5s") and rows["match", "watchlist"] == str(d.watchlist), f"config: {rows}")
    d.fails(78, "wirewatch init makes one", "config", "--config", d.folder / "none.conf")
    bad = d.write("bad.conf", "[wirewatch]\ncontact = a@b.example\n[mail]\ntransport = pigeon\n")
    d.fails(78, "bad.conf:4:", "run", "--config", bad)
    d.fails(78, "contact", "run", "--config", d.write("empty.conf", "[wirewatch]\ncontact =\n"))


def statuses(d):
    d.fails(66, "wirewatch init makes one", "story", "list", "--db", d.folder / "none.db")
    d.fails(74, "broken.db", "story", "list", "--db", d.folder / "broken.db")
    d.fails(73, "", "--db", d.folder / "broken.db" / "x.db", "--config", d.folder / "c" / "c.conf", "init",
            d.folder / "source")
    d.fails(74, "broken.db", "--db", d.folder / "broken.db", "--config", d.folder / "c" / "c.conf", "init",
            d.folder / "source")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([desk.WIREWATCH, "article", "list", "-f", "jsonl"], stdout=full, stderr=subprocess.PIPE,
                              env=d.environment(), timeout=60, check=False)
        check(done.returncode == 74 and b"standard output" in done.stderr, f"a full disk behind stdout: {done}")
        # So much at once that nothing is left for the end.
        done = subprocess.run([desk.WIREWATCH, "inspect", "article", "--url", "http://a.example/",
                               d.write("long.html", desk.page("Long", ["A word of the day. " * 20] * 900))],
                              stdout=full, stderr=subprocess.PIPE, env=d.environment(), timeout=60, check=False)
        check(done.returncode == 74 and b"standard output" in done.stderr, f"a full disk, early: {done}")

    # A lock that another process holds: its words name it, cron tries again.
    for name, words in (("run", ["run"]), ("run", ["digest", "send"]),
                        ("backfill", ["backfill", "files", d.folder / "source", "--lock-wait", "0"])):
        with desk.engine.locked(d.db, name):
            d.fails(75, "", *words)
            if not desk.engine.is_file:
                check(f" ({name} since 20" in at_work(d), f"check does not say who is at work: {at_work(d)}")
    check(at_work(d) == "", "check: nobody is at work")
    with desk.engine.locked(d.db, "run"):
        waiting = [subprocess.Popen([desk.WIREWATCH, "--now", desk.NOW, *words, "--lock-wait", "50"], env=d.environment(),
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                   for words in (["digest", "send"], ["watch", "rescan"])]
        time.sleep(1)
        check([p.poll() for p in waiting] == [None, None], "--lock-wait does not wait")
    for process in waiting:
        said = process.communicate(timeout=60)[1]
        check(process.returncode == 0, f"--lock-wait: {process.returncode}: {said}")
    letters = d.folder / "mail"
    check(not letters.exists() or not any(letters.iterdir()), "a run that was locked out sent mail")


with desk.Desk() as d:
    site = desk.Server("127.31.0.3")
    try:
        checks(d, site)
        settings(d)
        statuses(d)
    finally:
        site.close()
desk.finish("check, config and exit statuses: as the manual says")

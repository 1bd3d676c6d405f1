"""Two machines at one store: pass 2 is one's at a time, and told once. A machine whose clock is off
goes by the database's. The server goes away in mid-run and in mid-delivery: both wait, and end as
if nothing had been. Needs a PostgreSQL server."""

import os
import subprocess
import sys
import threading
import time

import newsdesk
from newsdesk import check

sys.path.insert(0, str(newsdesk.TOP / "tests" / "support"))
import engine  # noqa: E402

EX_TEMPFAIL = 75


def own_server():
    """A server that this test may stop: it goes on under a cluster.sh of its own."""
    if engine.is_file:
        newsdesk.skip("several machines need a server between them: make check STORE=postgresql")
    if os.environ.get("WW_OWN_SERVER") != "yes":
        os.environ["WW_OWN_SERVER"] = "yes"
        os.execvp("sh", ["sh", str(newsdesk.TOP / "tests" / "support" / "cluster.sh"), sys.executable, *sys.argv])


def server(*words):
    subprocess.run([*os.environ["WW_TEST_SERVER"].split(), *words], check=True, stdout=subprocess.DEVNULL)


def away_for(seconds):
    server("-m", "immediate", "stop")
    time.sleep(seconds)
    server("start")


def started(desk, *words, now=None):
    return subprocess.Popen(desk.command(*words, now=now), stderr=subprocess.PIPE, text=True)


def wait_for(what, question):
    until = time.monotonic() + newsdesk.COMMAND_S
    while time.monotonic() < until:
        if question():
            return
        time.sleep(0.025)
    check(False, f"{what}: not within {newsdesk.COMMAND_S} s")


def slow_mail(desk):
    """Mail leaves by a program, which notes what it got and then waits for leave."""
    program, noted, leave = desk.folder / "mail.sh", desk.folder / "noted", desk.folder / "leave"
    noted.write_text("")
    program.write_text(f"#!/bin/sh\ngrep -i '^Message-ID' >>{noted}\n"
                       f"while [ ! -e {leave} ]; do sleep 0.05; done\n")
    program.chmod(0o755)
    desk.config.write_text(desk.config.read_text().replace("transport = file",
                                                           f"transport = sendmail\nsendmail = {program}"))
    return noted, leave


def pass_2_is_one_at_a_time(folder, room):
    desk = newsdesk.Desk(folder / "turns")
    noted, leave = slow_mail(desk)
    desk.must("feed", "import", room.opml, now=room.clock)
    first = started(desk, "--machine", "fuji", "run", now=room.clock)
    wait_for("fuji sends", lambda: noted.read_text() != "")
    # A run of the same machine waits for that one; another machine's crawls, and leaves pass 2.
    done = desk.call("--machine", "fuji", "run", now=room.clock)
    check(done.returncode == EX_TEMPFAIL and f"another run holds run: pid {first.pid} of fuji, active" in done.stderr,
          f"fuji again: {done.returncode} {done.stderr}")
    done = desk.call("--machine", "eiger", "-v", "run", "--lock-wait", "1", now=room.clock)
    left = [line for line in done.stderr.splitlines() if "alerts left to others" in line]
    check(done.returncode == 0 and len(left) == 1 and f"pid {first.pid} of fuji" in left[0],
          f"eiger: {done.returncode} {done.stderr}")
    done = desk.call("--machine", "eiger", "digest", "send", now=room.clock)
    check(done.returncode == EX_TEMPFAIL and "another pass 2" in done.stderr, f"digest: {done.stderr}")
    leave.touch()
    first.communicate(timeout=newsdesk.COMMAND_S)
    check(first.returncode == 0, f"fuji: {first.returncode}")
    desk.must("--machine", "eiger", "run", now=room.clock)
    sent = noted.read_text().splitlines()
    check(len(sent) == len(set(sent)) >= 1, f"sent: {sent}")
    runs = {(r["machine"], r["outcome"]) for r in desk.rows("SELECT machine, outcome FROM run")}
    check(runs == {("fuji", "ok"), ("eiger", "ok")}, f"the diary: {runs}")
    n = desk.rows("SELECT COUNT(*) AS n FROM alert WHERE is_historic = 0")[0]["n"]
    told = desk.rows("SELECT COUNT(*) AS n FROM told")[0]["n"]
    check(int(n) > 3 and told == n, f"{told} of {n} alerts told")


def clocks(folder, room):
    desk = newsdesk.Desk(folder / "clocks")
    desk.must("feed", "import", room.opml)
    # By which this machine is behind.
    engine.psql(desk.db, "CREATE SCHEMA faked; CREATE FUNCTION faked.clock_timestamp() RETURNS timestamptz"
                " LANGUAGE sql AS 'SELECT pg_catalog.clock_timestamp() + interval ''3 hours 2 minutes 5 seconds'''")
    engine.psql(desk.db, f'ALTER DATABASE "{engine.name_of(desk.db)}" SET search_path = public, faked, pg_catalog')
    words = "this machine's clock is 3 h 2 min behind the database's; set it, meanwhile the database's is used"
    done = desk.call("run", "--only", "crawl")
    check(done.returncode == 0 and done.stderr.count(words) == 1, f"run: {done.returncode} {done.stderr}")
    at = int(desk.rows("SELECT started_at FROM run")[0]["started_at"]) - time.time()
    check(3 * 3600 < at < 3 * 3600 + 200, f"the run began {at:.0f} s ahead of this machine's time")
    done = desk.call("check")
    check(done.returncode == 1 and any(line.startswith("warn  clock") and words in line
                                       for line in done.stdout.splitlines()), f"check: {done.stdout}")
    rows = desk.call("feed", "list", "--now", "2026-11-20T08:00:00Z")
    check("clock" not in rows.stderr, f"--now is what it says: {rows.stderr}")


def server_goes_in_mid_run(folder, room):
    calm = newsdesk.Desk(folder / "calm")
    calm.must("feed", "import", room.opml, now=room.clock)
    calm.must("run", now=room.clock)
    desk = newsdesk.Desk(folder / "away")
    desk.must("feed", "import", room.opml, now=room.clock)
    process = started(desk, "run", "-v", now=room.clock)
    wait_for("articles", lambda: int(desk.rows("SELECT COUNT(*) AS n FROM article")[0]["n"]) > 3)
    away_for(2)
    _, said = process.communicate(timeout=newsdesk.COMMAND_S)
    check(process.returncode == 0, f"away: {process.returncode} {said[-600:]}")
    n = [said.count(words) for words in (" database away: ", " database back after ")]
    check(n[0] == n[1], f"it went {n[0]} times and came back {n[1]}: {said[-600:]}")
    for what, sql in (("articles", "SELECT canonical FROM article ORDER BY canonical"),
                      ("alerts", "SELECT item, headline FROM alert JOIN story ON story.id = alert.story_id"
                       " ORDER BY item, headline")):
        if what == "alerts":
            sql = "SELECT item, COUNT(*) AS n FROM alert GROUP BY item ORDER BY item"
        check(desk.rows(sql) == calm.rows(sql), f"{what} are not those of a calm run")
    check(len(desk.letters()) == len(calm.letters()) == 1, f"{len(desk.letters())} letters")
    return n[0]


def server_goes_in_mid_delivery(folder, room):
    """The mail is out when its state cannot be written: that is waited for, and it is sent once."""
    desk = newsdesk.Desk(folder / "sending")
    noted, leave = slow_mail(desk)
    desk.must("feed", "import", room.opml, now=room.clock)
    process = started(desk, "run", "-v", now=room.clock)
    wait_for("it sends", lambda: noted.read_text() != "")
    away = threading.Thread(target=away_for, args=(3,))
    away.start()
    time.sleep(1)
    leave.touch()
    away.join()
    _, said = process.communicate(timeout=newsdesk.COMMAND_S)
    check(process.returncode == 0, f"sending: {process.returncode} {said[-600:]}")
    sent = noted.read_text().splitlines()
    check(len(sent) == 1, f"sent: {sent}")
    states = [r["state"] for r in desk.rows("SELECT state FROM message")]
    check(states == ["sent"], f"states: {states}")


def main():
    own_server()
    with newsdesk.Workplace("shared") as folder:
        room = newsdesk.Newsroom(folder)
        try:
            pass_2_is_one_at_a_time(folder, room)
            clocks(folder, room)
            n = server_goes_in_mid_run(folder, room)
            server_goes_in_mid_delivery(folder, room)
        finally:
            room.stop()
    newsdesk.finish(f"told once by two machines; by the database's clock; the server was missed {n} times in a run")


main()

#!/usr/bin/env python3
"""backfill at work: stopped, cancelled and gone on with, beside another command or machine, at the pace
that was asked for, and what a person at a terminal is asked and shown."""
import fcntl
import json
import os
import pty
import random
import signal
import struct
import subprocess
import termios
import time

import desk
from desk import check
from oldsite import news, put_site, report

WAIT_S = 20


def start(d, *words, **options):
    line = [desk.WIREWATCH, "--now", desk.NOW] + [str(w) for w in words]
    return subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=d.environment(), cwd=d.folder, **options)


def wait_for(what, ready):
    end = time.monotonic() + WAIT_S
    while not ready() and time.monotonic() < end:
        time.sleep(0.02)
    check(ready(), f"{what}: not within {WAIT_S} s")


def stop_and_go_on(server):
    server.asked.clear()
    server.delays[""] = 0.1
    put_site(server, 60)
    with desk.Desk() as d:
        run = start(d, "backfill", "sitemap", server.root, "--progress", "json", bufsize=0)
        wait_for("some pages", lambda: len(news(server)) > 5)
        # Another waits for it, or does not.
        d.fails(75, "another backfill holds", "backfill", "sitemap", server.root, "--lock-wait", "0")
        run.send_signal(signal.SIGUSR1)
        told = ""
        while "/s  " not in told.rpartition("{")[2] and (line := run.stderr.readline()):
            told += line.decode()
        run.send_signal(signal.SIGINT)
        out, err = (s.decode() for s in run.communicate(timeout=WAIT_S))
        err = told + err
        check(run.returncode == 130, f"SIGINT: status {run.returncode}: {err}")
        check("wirewatch backfill resume 1 goes on" in err, f"stopped: {err}")
        lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
        check(lines and lines[-1]["total"] >= lines[-1]["done"], f"lines of progress: {err}")
        check([l for l in err.splitlines() if "/s  " in l and not l.startswith("{")], f"USR1 brought no line: {err}")
        check("wirewatch backfill resume 1" in out, f"the report of what was stopped: {out}")
        before = len(news(server))
        check(before < 60, "it was not stopped")
        server.delays.clear()
        counts = report(d, "resume")
        check(counts["new", "articles"] == 60 and counts["found", "done"] == 60, f"resume: {counts}")
        # What was on its way when it stopped is asked for again, and nothing else.
        asked = news(server)
        check(len(set(asked)) == 60 and len(asked) <= 60 + 8, f"{len(asked)} requests for {len(set(asked))} pages")
        check(server.asked.count("/sitemap.xml") == 1, "the list was read again")


def ended(run, status, pattern):
    """What it wrote, when it has ended as it should."""
    out, err = (s.decode() for s in run.communicate(timeout=WAIT_S))
    check(run.returncode == status and pattern in out + err, f"{run.args[3:]}: {run.returncode}: {out}{err}")
    return out


def put_mails(d, n, seed):
    dice, words = random.Random(seed), " ".join(desk.BODY).split()
    mails = []
    for i in range(n):
        text = "\n\n".join(" ".join(dice.choices(words, k=60)) + "." for _ in range(3))
        mails.append(f"From a@b Thu Oct  6 10:00:00 2022\nFrom: a@example.org\nSubject: News {i} of {seed}\n"
                     f"Message-ID: <{i}.{seed}@example.org>\nDate: Thu, 06 Oct 2022 10:00:00 +0000\n\n{text}\n\n")
    return d.write(f"{seed}.mbox", "".join(mails))


def state_of(d, number, name="state"):
    return next(row[name] for row in d.rows("backfill", "list") if row["id"] == number)


def cancelled_at_work(server):
    """By whomever: its process ends soon, and what it had not stored is not stored."""
    with desk.Desk() as d:
        run = start(d, "--machine", "fuji", "backfill", "mailbox", put_mails(d, 4000, 1))
        wait_for("some mails", lambda: d.rows("backfill", "list") and state_of(d, 1, "documents") > 0)
        d.must("--machine", "oslo", "backfill", "cancel", "1")
        n = state_of(d, 1, "documents")
        ended(run, 3, "backfill 1 was cancelled")
        check(state_of(d, 1) == "cancelled", f"mails: {state_of(d, 1)}")
        check(state_of(d, 1, "documents") == n < 4000, f"{state_of(d, 1, 'documents') - n} mails behind the end")
    server.asked.clear()
    server.delays[""] = 0.1
    put_site(server, 60)
    with desk.Desk() as d:
        run = start(d, "--machine", "fuji", "backfill", "sitemap", server.root)
        wait_for("some pages", lambda: len(news(server)) > 5)
        d.must("--machine", "oslo", "backfill", "cancel", "1")
        ended(run, 3, "backfill 1 was cancelled")
        asked = len(server.asked)
        check(len(news(server)) < 60, "it was not stopped")
        n = state_of(d, 1, "requests")  # one may have been on its way
        check(state_of(d, 1) == "cancelled" and asked - 1 <= n <= asked, f"{state_of(d, 1)}, {n} of {asked} requests")
        check(d.rows("article", "list", "--limit", "100") != [], "what it brought is gone")
        with desk.engine.opened(d.db) as db:
            n = db.execute("SELECT COUNT(*) FROM page WHERE state = 'queued'").fetchone()[0]
        check(n == 0, f"{n} pages wait for a backfill that is cancelled")


def waited_for_its_end(server):
    """A resume that waited finds what the other has done, and leaves it as it is."""
    server.asked.clear()
    put_site(server, 20)
    server.delays[""] = 0.1
    with desk.Desk() as d:
        run = start(d, "backfill", "sitemap", server.root)
        wait_for("some pages", lambda: len(news(server)) > 3)
        all_open, one = start(d, "backfill", "resume"), start(d, "backfill", "resume", "1")
        ended(run, 0, "state ")
        ended(all_open, 0, "no backfill is open")
        ended(one, 66, "backfill 1 is done")
        row = d.rows("backfill", "list")[0]
        check(row["state"] == "done" and row["requests"] == len(server.asked), f"{len(server.asked)} asked: {row}")


def at_work_elsewhere(server):
    """Each machine goes on with what no other has in hand."""
    if not desk.engine.only_on_a_server("machines share a server"):
        return
    server.asked.clear()
    put_site(server, 60)
    with desk.Desk() as d:
        def on(machine, status, pattern, *words):
            return d.fails(status, pattern, "--machine", machine, "backfill", *words)

        on("oslo", 3, "requests", "sitemap", server.root, "--budget", "5")
        server.delays[""] = 0.2
        run = start(d, "--machine", "fuji", "backfill", "resume", "1", "--budget", "30")
        wait_for("some pages", lambda: len(news(server)) > 10)
        said = on("oslo", 0, "", "resume", "-q", "--budget", "9")
        check(said == "", f"-q says what others work on: {said}")
        on("oslo", 0, "fuji/backfill works on backfill 1", "resume")
        on("oslo", 75, "fuji/backfill works on backfill 1", "resume", "-q", "1")
        on("oslo", 75, "fuji/backfill works on backfill 1", "sitemap", server.root, "--plan")
        ended(run, 3, "budget")
        check(state_of(d, 1, "requests") == len(server.asked), f"{len(server.asked)}: {d.rows('backfill', 'list')}")
        # What is cancelled while others are worked on is not begun.
        server.delays[""] = 0.1
        run = start(d, "--machine", "fuji", "backfill", "resume", "--budget", "10")
        on("oslo", 3, "requests", "sitemap", server.root + "/sitemap.xml", "--budget", "2")
        run.communicate(timeout=WAIT_S)
        n = len(server.asked)
        run = start(d, "--machine", "fuji", "backfill", "resume", "--budget", "10")
        wait_for("some pages", lambda: len(server.asked) > n)
        on("oslo", 0, "cancelled", "cancel", "2")
        ended(run, 3, "backfill       1")
        check(state_of(d, 2) == "cancelled" and state_of(d, 2, "requests") == 2, f"{d.rows('backfill', 'list')}")
    server.delays.clear()


def pace(server):
    """A rate can only make slower what the settings say."""
    server.asked.clear()
    put_site(server, 2)
    for interval, rate in (("1s", "600"), ("0s", "100")):
        server.times.clear()
        with desk.Desk(desk.CONFIG.replace("per-host-interval = 0s", f"per-host-interval = {interval}")) as d:
            said = d.must("backfill", "sitemap", server.root + "/sitemap.xml", "--rate", rate)
            holds = "1.0" if interval == "1s" else "0.6"
            check(f"a request to a host each {holds} s" in said, f"the longer of {interval} and {rate} a minute: {said}")
        least = min(b - a for a, b in zip(server.times[1:], server.times[2:]))
        check(least > 0.55, f"{least:.2f} s between two requests, each {interval} and {rate} a minute")


def person(d, *words, answer=b"n\n"):
    """What somebody at a terminal sees who gives an answer, and the exit status."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    line = [desk.WIREWATCH, "--now", desk.NOW, "--color", "never"] + [str(w) for w in words]
    run = subprocess.Popen(line, stdin=slave, stdout=slave, stderr=slave, env=d.environment(TERM="xterm"), cwd=d.folder)
    os.close(slave)
    said = b""
    with os.fdopen(master, "r+b", 0) as screen:
        try:
            while piece := screen.read(4096):
                said += piece
                if b"[y/N]" in said and answer:
                    screen.write(answer)
                    answer = b""
        except OSError:  # the other end is closed
            pass
    return run.wait(WAIT_S), said.decode()


def put_parts(server, n):
    """A sitemap of n sitemaps, of four pages each."""
    head = '<?xml version="1.0"?><%s xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    server.put("/parts.xml", head % "sitemapindex" + "".join(
        f"<sitemap><loc>{server.root}/part-{i}.xml</loc></sitemap>" for i in range(n)) + "</sitemapindex>", "application/xml")
    for i in range(n):
        server.put(f"/part-{i}.xml", head % "urlset" + "".join(
            f"<url><loc>{server.root}/news/of-part/{i}-{k}</loc></url>" for k in range(4)) + "</urlset>", "application/xml")


def terminal(server):
    server.asked.clear()
    put_site(server, 4, [f"/news/a-story-of-old-times/{i}" for i in range(600)])
    with desk.Desk() as d:
        status, said = person(d, "backfill", "sitemap", server.root)
        check("604" in said and "begin? [y/N]" in said, f"the question: {said}")
        check(status == 0 and "nothing fetched" in said and news(server) == [], f"no means no: {status}, {said}")
    server.asked.clear()
    server.delays[""] = 0.01
    put_site(server, 40)
    with desk.Desk() as d:
        status, said = person(d, "backfill", "sitemap", server.root)
        check(status == 0 and "[y/N]" not in said and "[####" in said, f"the bar: {said!r}")
        bars = [piece.split("\r\n")[0] for piece in said.split("\r\x1b[K")[1:]]
        check(bars and max(map(len, bars)) < 80, f"a bar wraps: {bars}")
        check("/40  " in bars[-2] and " new" in bars[-2], f"the last bar: {bars[-2:]}")
        check(bars[-1].startswith("backfill "), f"a bar stays before the report: {bars[-2:]}")
    # The plan that a person gets to see is a part of what was allowed.
    server.asked.clear()
    with desk.Desk() as d:
        put_parts(server, 30)
        status, said = person(d, "backfill", "sitemap", server.root + "/parts.xml", "--budget", "10", answer=b"y\n")
        check(len(server.asked) <= 10 and status == 3, f"--budget 10: {len(server.asked)} requests, status {status}: {said}")
        check("its budget of requests is spent" in said, f"it is not said that the budget is spent: {said}")
    # A line of the log has its own line, and the bar comes back below it.
    with desk.Desk() as d:
        status, said = person(d, "backfill", "sitemap", server.root, "-vv")
        logged = [line for line in said.split("\r\n") if " debug " in line or " info " in line]
        check(logged and all(line.split("\r\x1b[K")[-1].startswith("20") for line in logged),
              f"log and bar share a line: {logged}")
        check(any("[####" in line for line in said.split("\r\n")), f"no bar beside the log: {said!r}")
    server.delays.clear()


def main():
    server = desk.Server("127.31.0.10")
    for part in (stop_and_go_on, cancelled_at_work, waited_for_its_end, at_work_elsewhere, pace, terminal):
        part(server)
    server.close()
    desk.finish("backfill: stopped, gone on with, at its pace, asked about")


main()

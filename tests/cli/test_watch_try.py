#!/usr/bin/env python3
"""watch test and watch rescan: a query, an item and a list tried on the archive; what a change of the list finds,
what it loses, and that nothing of it is stored before it is wanted."""
import os
import signal
import subprocess
import time

import desk
from desk import check

TOWNS = ("Ardmore", "Penhallow", "Quaynesse", "Silverholm")


def fill(d, n):
    """n stories that differ; every tenth names a pier that is on no list yet, one a lantern."""
    for i in range(n):
        town = TOWNS[i % 4]
        words = " ".join(f"word{(i * 7919 + k * 104729) % 5000}" for k in range(60))
        pier = "The old Cormorant Jetty was shut for the winter." if i % 10 == 0 else ""
        lamp = "Nobody saw the Lantern of Gull Rock burn." if i == 5 else ""
        d.write(f"many/{i}.html", desk.page(f"News {i} of {town}", [
            f"In {town} the council met on day {i} of the year and spoke of {words}, at length and to no end.",
            f"{pier} {lamp} Mayor number {i} said that {words[::-1]} would have to do for another {i + 2} years."],
            url=f"https://news.example/many/{i}"))
    d.must("backfill", "files", d.folder / "many")
    d.must("run", "--only", "alert")


def listed(d, *words):
    return d.rows("alert", "list", "--limit", "0", *words)


def tables(d):
    """Every byte of the database, without what readers may touch."""
    return desk.engine.stored_bytes(d.db)


def try_queries(d):
    before = tables(d)
    said = d.must("watch", "test", "Cormorant PRE/1 Jetty")
    check("4 of 41 articles" in said and "4 hits in 4 stories, 0 already alerted" in said, f"a query: {said}")
    check("»" in said and "The old" in said, f"the sentence: {said}")
    rows = d.rows("watch", "test", "Cormorant PRE/1 Jetty")
    check(len(rows) == 4 and all("Cormorant" in r["quote"] or "Cormorant" in r["sentence"] for r in rows), f"rows: {rows}")
    check(not rows[0]["alerted"] and rows[0]["first"], f"a row: {rows[0]}")
    check(d.rows("watch", "test", "Cormorant", "--since", "2022-11") == [], "--since")
    check(len(d.rows("watch", "test", "Cormorant", "--until", "2022-11")) == 4, "--until")
    check(d.rows("watch", "test", "Cormorant", "--language", "fr") == [], "--language")
    check(len(d.rows("watch", "test", "Cormorant", "--limit", "2")) == 2, "--limit")
    # Of what stands nearly everywhere the index is no help: everything is matched, and -v says why.
    d.fails(0, "all articles were looked at: most of the archive", "watch", "test", "council", "-v")
    d.fails(0, "looked at 41 articles", "watch", "test", "council")
    caret = d.fails(64, "^", "watch", "test", "Cormorant NEAR/ (Jetty")
    check("character" in caret, f"a caret: {caret}")
    d.fails(64, "try what?", "watch", "test")
    d.fails(64, "not both", "watch", "test", "x", "--item", "pier-kestrel")
    d.fails(66, "did you mean pier-kestrel", "watch", "test", "--item", "pier-kestral")
    d.fails(0, "4 hits", "watch", "test", "Cormorant", "--expect", "4")
    d.fails(1, "4 hits, not 5", "watch", "test", "Cormorant", "--expect", "5")
    d.fails(64, "--expect wants a number", "watch", "test", "Cormorant", "--expect", "4x")
    hostile = d.call("watch", "test", "Kestrel", "--item", "x\x1b[31m")
    check("\x1b" not in hostile.stderr, "an id from the command line is shown raw")
    check(tables(d) == before, "watch test has written")


def try_items(d):
    said = d.must("watch", "test", "--item", "pier-kestrel")
    n = len(listed(d, "--historic", "--item", "pier-kestrel"))
    check(n > 0 and f"{n} already alerted" in said, f"an item that has alerted: {said}")
    other = desk.put_watchlist(d.folder / "other", desk.STATIONS + "cormorant,Cormorant,pier,,GB,harbour,,reported,2026,"
                               "Cormorant Jetty,,Post,high,jetty-cormorant,none,1,,\n")
    rows = d.rows("watch", "test", "--list", other)
    check({r["item"] for r in rows} >= {"pier-kestrel", "jetty-cormorant"}, f"a list: {rows}")
    check(all(r["alerted"] == (r["item"] != "jetty-cormorant") for r in rows), f"of a list, what is new: {rows}")
    return other


def read_only(d):
    if not desk.engine.only_on_a_file("rights of a file"):
        return
    os.chmod(d.db, 0o444)
    os.chmod(d.folder, 0o555)
    d.fails(0, "4 hits", "watch", "test", "Cormorant")
    d.fails(0, "would look at", "watch", "rescan", "--dry-run")
    os.chmod(d.folder, 0o755)
    os.chmod(d.db, 0o644)


def rescan(d, other):
    d.fails(0, "nothing to do", "watch", "rescan")
    d.must("watch", "import", other, "--yes")
    before = tables(d)
    said = d.must("watch", "rescan", "--dry-run")
    check("4 new alerts" in said, f"--dry-run: {said}")
    check(tables(d) == before, "--dry-run has written")
    said = d.must("watch", "rescan")
    check("looked at 4 articles, all that the change can touch," in said and "4 new alerts" in said, f"rescan: {said}")
    found = listed(d, "--rescan")
    check(len(found) == 4 and {r["item"] for r in found} == {"jetty-cormorant"}, f"alert list --rescan: {found}")
    check({r["cause"] for r in found} == {"rescan"}, "the cause")
    check(not any(r["item"] == "jetty-cormorant" for r in listed(d)), "a rescan's finds among live alerts")
    d.fails(0, "nothing to do", "watch", "rescan")
    said = d.must("watch", "rescan", "--all")
    check("0 new alerts" in said, f"--all finds the same again: {said}")
    check(len(listed(d, "--all")) == len(found) + len([r for r in listed(d, "--all") if r["cause"] != "rescan"]), "twice")


def lose(d):
    """The old list again: what the change loses is said, and listed, and not taken away."""
    d.must("watch", "import", d.folder / "source", "--yes")
    d.fails(0, "4 alerts would not be raised any more", "watch", "rescan", "--dry-run")
    said = d.fails(0, "4 alerts would not be raised any more", "watch", "rescan", "--lost")
    check("jetty-cormorant" in said, f"--lost: {said}")
    rows = d.rows("watch", "rescan", "--lost")
    check(len(rows) == 4 and {r["alias"] for r in rows} == {"Cormorant Jetty"}, f"--lost afterwards: {rows}")
    # A version that changes nothing of it, scanned between: they are lost all the same.
    d.must("watch", "set", "kestrel", "notes=painted", "--yes")
    d.must("watch", "rescan")
    check(len(d.rows("watch", "rescan", "--lost")) == 4, "--lost tells what was scanned before")
    check(len(listed(d, "--rescan")) == 4, "a lost alert was taken away")


def kill(d):
    """Killed wherever it is, a rescan loses nothing and finds nothing twice."""
    want = None
    for delay_ms in (None, 5, 15, 25, 35, 50, 70, 90, 120):
        folder = d.folder / f"kill{delay_ms}"
        folder.mkdir()
        copy = desk.engine.copy(d.db, folder / "wirewatch.db")
        line = [desk.WIREWATCH, "--now", desk.NOW, "-D", str(copy)]
        env = d.environment()
        if delay_ms is not None:
            for _ in range(3):
                running = subprocess.Popen(line + ["watch", "rescan"], env=env, cwd=d.folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(delay_ms / 1000)
                running.send_signal(signal.SIGKILL)
                running.wait()
        done = subprocess.run(line + ["watch", "rescan"], env=env, cwd=d.folder, capture_output=True, check=False, timeout=60)
        check(done.returncode == 0, f"behind a kill: {done}")
        done = subprocess.run(line + ["alert", "list", "--all", "--limit", "0", "--format", "csv", "--fields",
                                      "item,story,article,quote,cause"], env=env, cwd=d.folder, capture_output=True, check=False,
                              timeout=60)
        got = sorted(done.stdout.splitlines())
        want = want or got
        check(got == want and len(got) > 4, f"killed after {delay_ms} ms: {len(got)} rows, not {len(want)}")


def main():
    with desk.Desk() as d:
        d.must("backfill", "files", desk.history(d))
        d.must("run", "--only", "alert")
        fill(d, 36)
        try_queries(d)
        other = try_items(d)
        read_only(d)
        rescan(d, other)
        lose(d)
        gull = desk.put_watchlist(d.folder / "gull", desk.STATIONS.replace("Kestrel Pier|", "Kestrel Pier|council|Mayor|") +
                                  "gull,Gull,light,,GB,harbour,,reported,2026,Gull Rock,,Post,high,light-gull,none,1,,\n")
        d.must("watch", "import", gull, "--yes")
        kill(d)
    desk.finish("watch test and rescan: queries, items, lists, finds, losses, kills")


if __name__ == "__main__":
    main()

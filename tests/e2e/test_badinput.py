"""Broken settings, watchlists and databases: a clear message, the right exit status, nothing half
stored. Disk full needs a small tmpfs, so that part runs for root alone and is said to be skipped
elsewhere."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess

import newsdesk
from newsdesk import check, engine

EX_IOERR = 74
EX_TEMPFAIL = 75
EX_CONFIG = 78


def expect(name, done, status, *patterns):
    """status, and every pattern in what was said on stderr."""
    check(done.returncode == status,
          f"{name}: status {done.returncode}, not {status}: {done.stderr.strip()}")
    for pattern in patterns:
        check(re.search(pattern, done.stderr), f"{name}: {pattern!r} not in {done.stderr!r}")
    check(len(done.stderr.splitlines()) <= 12, f"{name}: a flood of words")
    check("Sanitizer" not in done.stderr, f"{name}: {done.stderr}")


def settings(folder):
    cases = [
        ("unknown key", "[fetch]\nper-host-intervall = 5s\n", [r":\d+:", r"per-host-interval\b"]),
        ("unknown section", "[fetsch]\ntimeout = 5s\n", [r":\d+:", r"fetch"]),
        ("not a number", "[fetch]\nin-flight = many\n", [r":\d+:", r"in-flight", r"many"]),
        ("out of range", "[fetch]\nin-flight = 100000\n", [r":\d+:", r"in-flight"]),
        ("not a range", "[fetch]\nallow = 127.0.0.0/99\n", [r"allow", r"127\.0\.0\.0/99"]),
        ("no such choice", "[mail]\ntransport = pigeon\n", [r":\d+:", r"pigeon"]),
        ("line too long", "[mail]\nfrom = " + "a" * 9000 + "\n", [r":\d+:"]),
    ]
    for name, text, patterns in cases:
        desk = newsdesk.Desk(folder / name.replace(" ", "-"), init=False)
        desk.config.write_text(desk.config.read_text() + text)
        expect(name, desk.call("run"), EX_CONFIG, r"wirewatch\.conf", *patterns)
        check(not engine.is_file or not desk.db.exists(), f"{name}: a database was made")
    desk = newsdesk.Desk(folder / "no-contact", init=False)
    desk.config.write_text(desk.config.read_text().replace("contact = desk@example.org\n", ""))
    expect("no contact", desk.call("run"), EX_CONFIG, r"contact")


def copied_watchlist(folder):
    target = folder / "watchlist"
    shutil.copytree(newsdesk.WATCHLIST, target)
    return target


def watchlists(folder, room):
    """A row too short and a wrong value: file:row:column, and nothing was fetched."""
    def spoiled(name, file, change):
        target = copied_watchlist(folder / name)
        path = target / file
        path.write_bytes(change(path.read_bytes()))
        desk = newsdesk.Desk(folder / name / "desk", watchlist=target)
        desk.must("feed", "import", room.opml)
        return desk

    cases = [
        ("lost Chinese", "jurisdictions.csv", lambda b: b.replace("福州".encode(), b"??"),
         [r"jurisdictions\.csv:\d+:\d+:"]),
        ("wrong strength", "terms.csv", lambda b: b.replace(b",strong,", b",strnog,", 1),
         [r"terms\.csv:2:4:", r"strength"]),
        ("no id", "stations.csv", lambda b: re.sub(rb"\n[a-z0-9-]+,", b"\n,", b, count=1),
         [r"stations\.csv:\d+:\d+:"]),
        ("latin-1", "places.csv", lambda b: b.replace("ü".encode(), b"\xfc", 1),
         [r"places\.csv:\d+:\d+:"]),
    ]
    for name, file, change, patterns in cases:
        desk = spoiled(name, file, change)
        before = len(room.requests())
        expect(name, desk.call("run"), EX_CONFIG, *patterns)
        check(len(room.requests()) == before, f"{name}: something was fetched")
    gone = newsdesk.Desk(folder / "gone", watchlist=folder / "nowhere")
    expect("no watchlist", gone.call("run"), EX_CONFIG, r"nowhere")


def foreign(folder):
    desk = newsdesk.Desk(folder / "foreign", init=False)
    desk.db = engine.new(folder / "foreign" / "wirewatch.db", template=None)
    engine.write(desk.db, "CREATE TABLE recipes (soup TEXT)")
    before = engine.stored_bytes(desk.db)
    expect("foreign database", desk.call("run"), EX_IOERR, engine.name_of(desk.db))
    check(engine.stored_bytes(desk.db) == before, "a foreign database was written to")


def newer(folder, room):
    desk = newsdesk.Desk(folder / "newer")
    desk.must("feed", "import", room.opml, now=room.clock)
    engine.write(desk.db, "PRAGMA user_version = 9999" if engine.is_file else
                 "UPDATE meta SET value = '9999' WHERE key = 'schema'")
    expect("newer schema", desk.call("run"), EX_IOERR, r"newer|9999")


def files(folder, room):
    """What may be wrong with a file, and with nothing else."""
    if not engine.only_on_a_file("a file that is text, or has lost its pages"):
        return
    desk = newsdesk.Desk(folder / "text", init=False)
    desk.db.write_text("this is a shopping list\n" * 100)
    before = desk.db.read_bytes()
    expect("not a database", desk.call("run"), EX_IOERR, r"wirewatch\.db")
    check(desk.db.read_bytes() == before, "a text file was written to")

    desk = newsdesk.Desk(folder / "damaged")
    desk.must("feed", "import", room.opml, now=room.clock)
    desk.must("run", now=room.clock)
    spoil = bytearray(desk.db.read_bytes())
    for at in range(4096, len(spoil), 2):
        spoil[at] = 0xa5
    desk.db.write_bytes(spoil)
    for suffix in ("-wal", "-shm"):
        (desk.folder / (desk.db.name + suffix)).unlink(missing_ok=True)
    done = desk.call("run", now=room.clock + 7200)
    expect("damaged database", done, EX_IOERR, r"wirewatch\.db|damaged|malformed")

def read_only(folder, room):
    """Permissions do not bind root: then the run is made as nobody."""
    if not engine.only_on_a_file("rights of a file"):
        return
    desk = newsdesk.Desk(folder / "readonly")
    desk.must("feed", "import", room.opml, now=room.clock)
    done = desk.must("feed", "list")
    check("Quayside" in done.stdout, "the list of feeds")
    before = len(room.requests())
    os.chmod(desk.db, 0o444)
    os.chmod(desk.folder, 0o555)
    options = {}
    if os.geteuid() == 0:
        for path in [*folder.resolve().parents, folder]:
            if not os.stat(path).st_mode & 0o001:
                print(f"read-only: {path} is closed to others, part skipped")
                return
        options = {"user": 65534, "group": 65534}
    try:
        done = desk.call("run", **options)
        check(done.returncode in (EX_IOERR, 77), f"read-only: status {done.returncode}: "
              f"{done.stderr.strip()}")
        check(re.search(r"read-only|permission|denied|cannot", done.stderr, re.I),
              f"read-only: said {done.stderr!r}")
        check(len(room.requests()) == before, "read-only: something was fetched")
    finally:
        os.chmod(desk.folder, 0o755)
        os.chmod(desk.db, 0o644)


def disk_full(folder, room):
    if not engine.only_on_a_file("the disk of a file"):
        return
    if os.geteuid() != 0:
        print("disk full: needs root for a small tmpfs, skipped")
        return
    mount = folder / "small"
    mount.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", mount],
                          capture_output=True, text=True)
    if done.returncode != 0:
        print("disk full: no tmpfs may be mounted here, skipped")
        return
    desk = newsdesk.Desk(mount / "desk")
    try:
        desk.must("feed", "import", room.opml, now=room.clock)
        filler = mount / "filler"
        free = shutil.disk_usage(mount).free
        filler.write_bytes(b"x" * max(0, free - 160 * 1024))
        done = desk.call("run", now=room.clock)
        expect("disk full", done, EX_IOERR, r"full|space")
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
        with engine.opened(desk.db) as db:
            check(db.execute("PRAGMA quick_check").fetchone()[0] == "ok", "disk full: the database is damaged")
        desk.must("run", now=room.clock + 60)
        desk.must("run", now=room.clock + 25 * 3600)
        n = len(desk.rows("SELECT DISTINCT canonical FROM article"))
        check(n > 40, f"disk full: {n} articles after there was room again")
        tries = desk.rows("SELECT COUNT(*) AS n FROM alert")[0]["n"]
        check(tries > 20, f"disk full: {tries} alerts after there was room again")
    finally:
        subprocess.run(["umount", "-l", mount], check=False)


def busy(folder, room):
    """Another program writes and does not end: whoever tries later finds all as it was."""
    if not engine.only_on_a_file("a lock of the whole database"):
        return
    desk = newsdesk.Desk(folder / "busy")
    # The wait is ten seconds; a clock that is in a hurry makes them short.
    hurry = ["faketime", "-f", "+0 x20"]
    try:
        works = subprocess.run([*hurry, newsdesk.WIREWATCH, "--version"], capture_output=True, check=False)
        hurry = hurry if works.returncode == 0 and not works.stderr else []
    except FileNotFoundError:
        hurry = []
    with contextlib.closing(sqlite3.connect(desk.db, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        done = subprocess.run([*hurry, *desk.command("feed", "import", room.opml)], capture_output=True,
                              text=True, timeout=newsdesk.COMMAND_S, check=False)
        expect("busy", done, EX_TEMPFAIL, r"another program holds it")
        holder.execute("ROLLBACK")
    check(not desk.rows("SELECT id FROM feed"), "busy: a part was stored")
    desk.must("feed", "import", room.opml)


def main():
    with newsdesk.Workplace("badinput") as folder:
        os.chmod(folder, 0o755)
        room = newsdesk.Newsroom(folder)
        try:
            settings(folder / "settings")
            watchlists(folder / "watchlists", room)
            foreign(folder / "databases")
            newer(folder / "databases", room)
            files(folder / "databases", room)
            read_only(folder, room)
            disk_full(folder, room)
            busy(folder, room)
        finally:
            room.stop()
        newsdesk.finish("settings, watchlists, databases, read-only, disk full, busy")


main()

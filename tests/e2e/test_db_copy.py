"""A desk after two runs of the newsroom, with marks, mutes and a backfill, is copied to a file and back
to a store like its own: every command says of the copies what it says of the desk. A copy that is
killed, stopped, cut off or out of room leaves no database, and the same command begins anew."""

import json
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import time

import newsdesk
from newsdesk import check, engine

EX_FINDINGS, EX_USAGE, EX_NOINPUT, EX_CANTCREAT, EX_IOERR, EX_TEMPFAIL = 1, 64, 66, 73, 74, 75
PLACE = {"file_bytes", "wal_bytes"}  # of the engine
KILLS = 4


def work(folder, room):
    """All that a database may have in it."""
    desk = newsdesk.Desk(folder / "desk")
    desk.must("feed", "import", room.opml, now=room.clock)
    desk.must("run", now=room.clock)
    room.switch()
    desk.must("run", now=room.clock + 3600)
    alerts = desk.rows("SELECT id, story_id, item FROM alert ORDER BY id")
    desk.must("alert", "mark", f"a{alerts[0]['id']}", "relevant", "--note", "ça va – 好", now=room.clock)
    desk.must("alert", "mark", f"a{alerts[1]['id']}", "irrelevant", now=room.clock)
    desk.must("alert", "mute", "--story", f"s{alerts[2]['story_id']}", now=room.clock)
    desk.must("backfill", "files", *sorted((newsdesk.TOP / "tests" / "e2e" / "texts").iterdir()))
    desk.must("run", now=room.clock + 7200)
    return desk


def at(desk, db):
    """The same desk with another database."""
    other = object.__new__(newsdesk.Desk)
    other.__dict__.update(desk.__dict__)
    other.db = db
    return other


def said(desk, story, now):
    """What commands say of a database that nobody writes to."""
    out = {}
    for words in (["alert", "list", "--limit", "0"], ["alert", "mutes"], ["story", "list", "--limit", "0"],
                  ["story", "show", f"s{story}"], ["search", "police"], ["search", "警察"], ["outbox", "list"],
                  ["article", "list", "--limit", "0"], ["backfill", "list"], ["feed", "list"],
                  ["report", "precision"], ["db", "stats"]):
        done = desk.call(*words, "--format", "jsonl", now=now)
        check(done.returncode == 0 and done.stdout, f"{words}: {done.returncode}: {done.stderr}")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        out[" ".join(words)] = [row for row in rows if row.get("name") not in PLACE]
    return out


def is_whole(desk, file, target):
    """Of what a copy left: a whole database, or none."""
    done = desk.call("db", "copy", "--check-only", file, target)
    check(done.returncode == 0 or (done.returncode == EX_NOINPUT and "no database yet" in done.stderr),
          f"half a database: {done.returncode}: {done.stderr}")
    return done.returncode == 0


def same(desk, copies, now):
    story = desk.rows("SELECT story_id AS id FROM alert ORDER BY id LIMIT 1")[0]["id"]
    want = said(desk, story, now)
    for copy in copies:
        got = said(at(desk, copy), story, now)
        for words, rows in want.items():
            check(got[words] == rows, f"{words} of {copy}: {len(got[words])} and {len(rows)} rows,"
                  f" {[r for r in got[words] if r not in rows][:1]}, not {[r for r in rows if r not in got[words]][:1]}")


def round_trip(desk, folder, now):
    """Both ways, where the desk is on a server."""
    file, third = folder / "file.db", engine.new(folder / "third.db", template=None)
    first = desk.must("db", "copy", desk.db, file)
    check("rows of" in first.stderr and "Message-ID" in first.stderr, f"it says {first.stderr}")
    desk.must("db", "copy", file, third)
    for a, b in ((desk.db, file), (file, third), (desk.db, third)):
        desk.must("db", "copy", "--check-only", a, b)
    same(desk, [file, third], now)
    done = at(desk, third).call("check", "--format", "jsonl")  # its archive is not beside it
    check(" sound, " in done.stdout, f"check says {done.stdout}")
    # The copy works on: ids go on behind the highest.
    before = desk.rows("SELECT MAX(id) AS id FROM mark")[0]["id"]
    alert = desk.rows("SELECT MAX(id) AS id FROM alert")[0]["id"]
    at(desk, third).must("alert", "mark", f"a{alert}", "known", now=now)
    check(engine.rows(third, "SELECT MAX(id) AS id FROM mark")[0]["id"] > before, "a new row has a new id")
    words = ["search", "police", "--format", "jsonl"]
    at(desk, third).must("db", "reindex", now=now)
    check(at(desk, third).must(*words).stdout == desk.must(*words).stdout, "another index finds other articles")
    done = desk.call("db", "copy", "--check-only", file, third)
    check(done.returncode == EX_FINDINGS and "is in the second alone" in done.stderr,
          f"a row more: {done.returncode}: {done.stderr}")
    backup = folder / "backup.db"
    desk.must("db", "backup", backup)
    same(desk, [backup], now)
    for status, words, name in ((73, "backup.db is there already", backup), (64, "FILE is empty", ""),
                                (73, "No such file", folder / "none" / "x.db")):
        done = desk.call("db", "backup", name)
        check(done.returncode == status and words in done.stderr, f"db backup {name!r}: {done}")
    if newsdesk.engine.is_file:  # a name that SQLite would take for an address
        done = desk.call("db", "backup", "file:x.db?mode=memory", cwd=folder)
        check(done.returncode == 0 and (folder / "file:x.db?mode=memory").stat().st_size > 4096, f"db backup file:: {done}")
    return file


def progress(desk, file, folder):
    done = desk.must("db", "copy", file, folder / "shown.db", "--progress", "json")
    lines = [json.loads(l) for l in done.stderr.splitlines() if l.startswith("{")]
    check(lines and lines[0]["total"] > 0 and lines[-1]["done"] == lines[-1]["total"], f"progress: {lines}")
    done = desk.must("db", "copy", file, folder / "quiet.db", "-q")
    check(done.stderr == "" and done.stdout == "", f"-q says {done.stderr}{done.stdout}")


def refused(desk, file, folder):
    foreign = folder / "foreign.db"
    sqlite3.connect(foreign).execute("CREATE TABLE a (b)")
    cases = [
        ([desk.db, file], EX_CANTCREAT, "nothing is written over"),
        ([folder / "none.db", folder / "x.db"], EX_NOINPUT, "no database"),
        ([foreign, folder / "x.db"], EX_IOERR, "of another program"),
        ([desk.db, foreign], EX_CANTCREAT, "is there already"),
        ([desk.db, folder / "no" / "folder.db"], EX_CANTCREAT, "No such file"),
        (["postgresql://me:secret@127.0.0.1/x", folder / "x.db"], EX_USAGE, "password"),
        ([desk.db], EX_USAGE, "usage"),
    ]
    if not engine.is_file:
        cases.append(([file, desk.db], EX_CANTCREAT, "createdb makes a new one"))
    for words, status, text in cases:
        done = desk.call("db", "copy", *words)
        check(done.returncode == status and text in done.stderr and "secret" not in done.stderr,
              f"{words}: {done.returncode}: {done.stderr}")
    check(not (folder / "x.db").exists(), "what was refused made a file")
    old = folder / "old.db"
    shutil.copy(file, old)
    sqlite3.connect(old).execute("PRAGMA user_version = 5")
    done = desk.call("db", "copy", old, folder / "x.db")
    check(done.returncode == EX_IOERR and "db migrate" in done.stderr, f"an old one: {done.stderr}")


def bytes_of_others(desk, file, folder):
    """What SQLite takes for a text and a server does not; where both are files nothing changes."""
    dirty, clean = folder / "dirty.db", engine.new(folder / "clean.db", template=None)
    shutil.copy(file, dirty)
    db = sqlite3.connect(dirty)
    with db:
        db.execute("UPDATE feed SET etag = CAST(x'22c3ff00e928' AS TEXT) WHERE id = (SELECT MIN(id) FROM feed)")
    db.close()
    done = desk.must("db", "copy", dirty, clean)
    if not engine.is_file:
        check("feed.etag 1" in done.stderr, f"it says {done.stderr}")
        etag = engine.rows(clean, "SELECT etag FROM feed ORDER BY id LIMIT 1")[0]["etag"]
        check(etag == '"\ufffd\ufffd\ufffd(', f"it became {etag!r}")
    else:
        check("UTF-8" not in done.stderr, f"it says {done.stderr}")
    desk.must("db", "copy", "--check-only", dirty, clean)


def ended(desk, file, folder):
    """At any moment, by anything."""
    begun = time.time()
    desk.must("db", "copy", file, folder / "timed.db")
    whole_s = time.time() - begun
    for target in {str(t): t for t in (folder / "killed.db", engine.new(folder / "killed.db", template=None))}.values():
        for i in range(KILLS):
            copying = subprocess.Popen(desk.command("db", "copy", file, target), stderr=subprocess.PIPE, text=True)
            time.sleep(random.uniform(0, whole_s * 0.9))
            copying.send_signal(signal.SIGINT if i % 2 else signal.SIGKILL)
            _, words = copying.communicate(timeout=newsdesk.COMMAND_S)
            if "nothing was made" in words:
                check(copying.returncode == 130, f"stopped: {copying.returncode}")
            if is_whole(desk, file, target):
                break  # it was quicker
        if not is_whole(desk, file, target):
            desk.must("db", "copy", file, target)
        desk.must("db", "copy", "--check-only", file, target)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))

    done = desk.call("db", "copy", file, folder / "full.db", preexec_fn=limit)
    check(done.returncode == EX_IOERR and "disk is full" in done.stderr, f"full: {done.returncode}: {done.stderr}")
    check(not list(folder.glob("full.db*")), f"left: {list(folder.glob('full.db*'))}")


def cut_off(desk, file, folder):
    """A server that ends the connection in mid-copy; a copy that was quicker is tried again."""
    for _ in range(10):
        target = engine.new(folder / "cut.db", template=None)
        status, words = cut_one(desk, file, target)
        if status != 0:
            break
        check(is_whole(desk, file, target), "cut off: a copy that ended well is none")
    check(status == EX_TEMPFAIL, f"cut off: {status}: {words}")
    check(not is_whole(desk, file, target), "there is a copy")
    desk.must("db", "copy", file, target)


def cut_one(desk, file, target):
    copying = subprocess.Popen(desk.command("db", "copy", file, target), stderr=subprocess.PIPE, text=True)
    for _ in range(200):  # it stands still while the server is asked how far it is
        time.sleep(0.01)
        copying.send_signal(signal.SIGSTOP)
        n = engine.rows(target, "SELECT COUNT(pg_terminate_backend(pid)) AS n FROM pg_stat_activity"
                        " WHERE datname = current_database() AND application_name LIKE 'wirewatch%'"
                        " AND backend_xid IS NOT NULL")[0]["n"]
        copying.send_signal(signal.SIGCONT)
        if n > 0 or copying.poll() is not None:
            break
    _, words = copying.communicate(timeout=newsdesk.COMMAND_S)
    return copying.returncode, words


def main():
    with newsdesk.Workplace("db-copy") as folder:
        room = newsdesk.Newsroom(folder)
        try:
            desk = work(folder, room)
        finally:
            room.stop()
        file = round_trip(desk, folder, room.clock + 7200)
        progress(desk, file, folder)
        refused(desk, file, folder)
        bytes_of_others(desk, file, folder)
        ended(desk, file, folder)
        if not engine.is_file:
            cut_off(desk, file, folder)
        n = sum(desk.rows(f"SELECT COUNT(*) AS n FROM {t}")[0]["n"] for t in ("article", "alert", "mention", "told"))
        newsdesk.finish(f"{n} rows of what matters, there and back")


main()

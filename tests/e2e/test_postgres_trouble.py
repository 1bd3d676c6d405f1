"""The server of a shared store in trouble while a run goes on: away and back, a backend killed, read-only,
its disk full, its standby slow, the line cut in the middle of a commit. The run waits or ends with words and
status, nothing is half-stored, and in the end everything is there that a calm desk has, once."""

import contextlib
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import time

import server

server.of_our_own()

import newsdesk  # noqa: E402 pylint: disable=wrong-import-position
import engine  # noqa: E402 pylint: disable=wrong-import-position,wrong-import-order
from newsdesk import check  # noqa: E402 pylint: disable=wrong-import-position

BROKEN, LATER = 74, 75
HOUR = 3600
AWAY_S = 10
CONFIG = newsdesk.CONFIG.replace("[match]\n", "[match]\nfirst-read = 30d\n")
# Slow enough to be met in the middle.
QUICK, SLOW = "per-host-interval = 0s", "per-host-interval = 1s"


def world(desk):
    """By address, never by number."""
    articles = desk.rows("SELECT canonical, title FROM article a WHERE NOT EXISTS"
                         " (SELECT 1 FROM article b WHERE b.canonical = a.canonical AND b.version > a.version)")
    alerts = desk.rows("SELECT al.item, a.canonical FROM alert al JOIN article a ON a.id = al.article_id")
    return {"articles": sorted((r["canonical"], r["title"]) for r in articles),
            "alerts": sorted(r["item"] for r in alerts)}


def whole(name, desk):
    """Nothing points to what is not there, nothing is there twice, every alert is in one mail."""
    for what, sql in (("articles without a text", "SELECT id FROM article WHERE id NOT IN"
                       " (SELECT article_id FROM article_text)"),
                      ("articles without a story", "SELECT id FROM article WHERE story_id IS NULL"),
                      ("articles twice", "SELECT canonical FROM article GROUP BY canonical, version"
                       " HAVING COUNT(*) > 1"),
                      ("alerts not mailed once", "SELECT l.id FROM alert l WHERE l.is_historic = 0 AND"
                       " (SELECT COUNT(*) FROM message_alert m WHERE m.alert_id = l.id) <> 1"),
                      ("messages that wait", "SELECT id FROM message WHERE state <> 'sent'")):
        bad = desk.rows(sql)
        check(not bad, f"{name}: {len(bad)} {what}: {bad[:3]}")


def same(name, want, got):
    for part, rows in want.items():
        lost = [r for r in rows if r not in got[part]]
        extra = [r for r in got[part] if r not in rows]
        check(not lost and not extra and len(rows) == len(got[part]),
              f"{name}: {part}: lost {lost[:3]}, more {extra[:3]}, {len(got[part])} for {len(rows)}")


class Run:
    """One that is under way, with some articles stored."""

    def __init__(self, desk, now, articles=4):
        self.desk = desk
        desk.config.write_text(desk.config.read_text().replace(QUICK, SLOW))
        self.process = subprocess.Popen(desk.command("run", "-v", now=now), stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        for _ in range(400):
            if self.process.poll() is not None:
                break
            if desk.rows("SELECT COUNT(*) AS n FROM article")[0]["n"] >= articles:
                break
            time.sleep(0.05)
        check(self.process.poll() is None, f"{desk.folder.name}: the run was over before its trouble")

    def end(self, limit_s=120):
        said = self.process.communicate(timeout=limit_s)[0]
        return self.process.returncode, said


def desk_of(folder, room, name):
    desk = newsdesk.Desk(folder / name, config=CONFIG)
    desk.must("feed", "import", room.opml, now=room.clock)
    return desk


def finish_all(name, desk, room, want):
    """What was tried in trouble is tried again when every back-off is over."""
    desk.config.write_text(desk.config.read_text().replace(SLOW, QUICK))
    for day in (1, 2):
        desk.must("run", now=room.clock + day * 24 * HOUR)
    whole(name, desk)
    same(name, want, world(desk))


# ---- away ------------------------------------------------------------------------------------------

def away_for_a_while(folder, s, room, want):
    desk = desk_of(folder, room, "away")
    run = Run(desk, room.clock)
    s.pg_ctl("stop", "-m", "immediate")
    time.sleep(AWAY_S)
    s.pg_ctl("start")
    status, said = run.end()
    check(status == 0, f"away for {AWAY_S} s: status {status}: {said[-600:]}")
    finish_all("away", desk, room, want)


def away_for_good(folder, s, room):
    """A signal ends the waiting at once; without one it ends by itself, in some six minutes."""
    for limit_s, is_stopped in ((15, True),) + (((600, False),) if os.environ.get("SOAK") else ()):
        desk = desk_of(folder, room, f"gone-{is_stopped}")
        run = Run(desk, room.clock)
        s.pg_ctl("stop", "-m", "immediate")
        time.sleep(2)
        check(run.process.poll() is None, "a run does not wait for its server")
        if is_stopped:
            run.process.terminate()
        begun = time.monotonic()
        status, said = run.end(limit_s)
        check(status == LATER, f"gone: status {status}: {said[-600:]}")
        check(re.search("no server answers there|the connection is lost|is stopping|ended the connection|"
                        "is not there", said), f"gone: {said[-600:]}")
        print(f"gone: ended after {time.monotonic() - begun:.1f} s with {said.strip().splitlines()[-1:]}")
        begun = time.monotonic()
        done = desk.call("db", "stats")
        check(done.returncode == LATER and "no server answers there" in done.stderr, f"gone: {done}")
        check(time.monotonic() - begun < 5, "a person waits long to hear that no server is there")
        s.pg_ctl("start")
        whole_articles = desk.rows("SELECT id FROM article WHERE id NOT IN (SELECT article_id FROM article_text)")
        check(not whole_articles, f"gone: half-stored {whole_articles}")


def backends_killed(folder, s, room, want):
    """The server restarts when one of its processes dies, whatever that one did."""
    moments = newsdesk.seeded_random()
    desk = desk_of(folder, room, "killed")
    run = Run(desk, room.clock)
    n_killed = 0
    for _ in range(3):
        time.sleep(moments.uniform(0.1, 1.5))
        try:
            pids = s.sessions(engine.name_of(desk.db))
        except RuntimeError:  # still starting
            continue
        for pid in list(pids)[:1]:
            with contextlib.suppress(ProcessLookupError):  # it has ended since
                os.kill(int(pid), 9)
                n_killed += 1
    status, said = run.end()
    check(n_killed > 0, "no backend was met")
    check(status == 0, f"killed: status {status}: {said[-600:]}")
    finish_all("killed", desk, room, want)


def hangs(folder, s, room, want):
    """All of it stands still, and its kernel answers for it: a run that is told to end does."""
    desk = desk_of(folder, room, "hangs")
    run = Run(desk, room.clock)
    s.freeze()
    try:
        time.sleep(1)
        run.process.terminate()
        begun = time.monotonic()
        status, said = run.end(80)
    finally:
        s.thaw()
    check(status == LATER, f"hangs: status {status}: {said[-600:]}")
    print(f"hangs: ended after {time.monotonic() - begun:.1f} s with {said.strip().splitlines()[-1:]}")
    finish_all("hangs", desk, room, want)


# ---- there, but refusing ----------------------------------------------------------------------------

def made_read_only(folder, s, room, want):
    desk = desk_of(folder, room, "readonly")
    run = Run(desk, room.clock)
    s.set("default_transaction_read_only", "on")
    status, said = run.end()
    before = engine.stored_bytes(desk.db)
    check(status == BROKEN and "the server is a standby or was made read-only" in said,
          f"read-only: status {status}: {said[-600:]}")
    done = desk.call("run")
    check(done.returncode == BROKEN, f"read-only: a run ends with {done.returncode}: {done.stderr}")
    check(desk.call("db", "stats").returncode == 0, "read-only: it cannot be read")
    check(engine.stored_bytes(desk.db) == before, "read-only: something was written")
    s.reset("default_transaction_read_only")
    finish_all("read-only", desk, room, want)


def fill(path):
    """To the last page."""
    for size in (1 << 20, 4096):
        try:
            with open(path, "ab", buffering=0) as f:
                while f.write(bytes(size)) == size:
                    pass
        except OSError:
            pass


def disk_full(folder, s, room, want):
    """Of the database alone: a tablespace on a small disk."""
    disk = pathlib.Path(s.socket) / "small"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", disk], stderr=subprocess.DEVNULL,
                      check=False).returncode != 0:
        print("not tried: a full disk (nothing can be mounted here)")
        return
    try:
        shutil.chown(disk, s.data.owner(), s.data.group())
        s.sql(f"CREATE TABLESPACE small LOCATION '{disk}'")
        s.sql("GRANT CREATE ON TABLESPACE small TO PUBLIC")
        desk = desk_of(folder, room, "full")
        s.sql(f"ALTER DATABASE \"{engine.name_of(desk.db)}\" SET TABLESPACE small")
        run = Run(desk, room.clock)
        fill(disk / "filler")
        status, said = run.end()
        check(status == BROKEN and "the server's disk is full: make room there and run again" in said,
              f"full: status {status}: {said[-600:]}")
        check(desk.call("db", "stats").returncode == 0, "full: it cannot be read")
        (disk / "filler").unlink()
        finish_all("full", desk, room, want)
        engine.drop(desk.db)
        s.sql("DROP TABLESPACE small")
    finally:
        s.pg_ctl("stop", "-m", "fast")
        subprocess.run(["umount", disk], check=True)
        s.pg_ctl("start")


# ---- a standby -------------------------------------------------------------------------------------

def standby_is_slow(folder, s):
    """Nothing is said to be kept that a standby does not have yet, and nobody has the write lock meanwhile."""
    desk = newsdesk.Desk(folder / "standby")
    s.sql("ALTER SYSTEM SET wal_level = replica")
    s.sql("ALTER SYSTEM SET synchronous_standby_names = nobody")
    s.set_and_restart("max_wal_senders", 1)
    commands = []
    for i in range(3):
        feeds = folder / f"feeds{i}.txt"
        feeds.write_text(f"http://127.0.0.1:9/feed{i}\n")
        commands.append(subprocess.Popen(desk.command("feed", "import", feeds), stderr=subprocess.DEVNULL))
    n = 0
    for _ in range(200):
        n = int(s.sql("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                      f" AND datname = '{engine.name_of(desk.db)}'"))
        if n == len(commands):
            break
        time.sleep(0.05)
    check(n == len(commands), f"{n} of {len(commands)} wait for the standby, the others for them")
    seen = desk.rows("SELECT COUNT(*) AS n FROM feed")[0]["n"]
    check(seen == len(commands), f"{seen} feeds are seen")
    check(all(c.poll() is None for c in commands), "a command did not wait for the standby")
    s.reset("synchronous_standby_names")
    for c in commands:
        check(c.wait(newsdesk.COMMAND_S) == 0, f"with the standby: status {c.returncode}")
    s.sql("ALTER SYSTEM RESET wal_level")
    s.set_and_restart("max_wal_senders", 0)


# ---- the line ---------------------------------------------------------------------------------------

# A transaction is kept by the first, and on the disk after the second.
COMMIT, DURABLE = (b"COMMIT\0", b"COMMIT"), (b"pg_logical_emit_message(", b"SELECT 1")


class Line:
    """Between a command and the server; cut at the n-th commit, before or behind one of its two steps."""

    def __init__(self, folder, to, n, step, is_behind):
        self.folder = pathlib.Path(folder)
        self.to, self.n, self.is_behind = to, n, is_behind
        self.asked, self.answered = step
        self.n_commits, self.was_cut = 0, False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(f"{self.to}/.s.PGSQL.5432")
        is_deaf = False
        while True:
            ready, _, _ = select.select([client, upstream], [], [], 30)
            for end in ready:
                data = end.recv(1 << 16)
                if not data:
                    client.close()
                    upstream.close()
                    return
                if end is client and self.asked in data and not self.was_cut:
                    self.n_commits += 1
                    if self.n_commits == self.n:
                        self.was_cut = True
                        if not self.is_behind:
                            client.close()
                            upstream.close()
                            return
                        is_deaf = True
                if end is client:
                    upstream.sendall(data)
                elif not is_deaf:
                    client.sendall(data)
                elif self.answered in data:  # done, and nobody hears of it
                    client.close()
                    upstream.close()
                    return
            if not ready:
                return


def cut_at_commit(folder, s):
    feeds = folder / "feeds.txt"
    feeds.write_text("".join(f"http://127.0.0.1:9/feed{i}\n" for i in range(30)))
    for number, (step, is_behind) in enumerate([(COMMIT, False), (COMMIT, True), (DURABLE, False), (DURABLE, True)]):
        desk = newsdesk.Desk(folder / f"cut-{number}")
        is_kept = is_behind or step == DURABLE
        straight = desk.db
        sockets = pathlib.Path(f"/tmp/wirewatch-line.{os.getpid()}.{number}")
        sockets.mkdir()
        n_cuts = n_kept = 0
        for n in (1, 2, 3, 4):
            line = Line(sockets, s.socket, n, step, is_behind)
            before = engine.rows(straight, "SELECT COUNT(*) AS n FROM feed")[0]["n"]
            desk.db = straight.replace(s.socket, str(sockets))
            done = desk.call("feed", "import", feeds)
            desk.db = straight
            (sockets / ".s.PGSQL.5432").unlink()
            after = engine.rows(straight, "SELECT COUNT(*) AS n FROM feed")[0]["n"]
            n_cuts += line.was_cut
            check(after == 30 or (done.returncode != 0 and after == before),
                  f"cut {n} {'behind' if is_kept else 'before'} a commit: {before} feeds, then {after}, "
                  f"status {done.returncode}: {done.stderr}")
            check(done.returncode == 0 or (done.returncode == LATER and
                                           "unknown whether it was kept" in done.stderr),
                  f"cut {n}: status {done.returncode}: {done.stderr}")
            n_kept += is_kept and line.was_cut and after == 30 and before < 30
        check(n_cuts > 0, "no line was cut")
        check(n_kept > 0 or not is_kept, "what was committed is not there")
        desk.must("feed", "import", feeds)
        check(desk.rows("SELECT COUNT(*) AS n, COUNT(DISTINCT url) AS u FROM feed") == [{"n": 30, "u": 30}],
              "feeds are lost or doubled")
        sockets.rmdir()


def main():
    s = server.Server()
    wanted = sys.argv[1:]
    with newsdesk.Workplace("trouble") as folder:
        room = newsdesk.Newsroom(folder)
        try:
            calm = desk_of(folder, room, "calm")
            calm.must("run", now=room.clock)
            for day in (1, 2):
                calm.must("run", now=room.clock + day * 24 * HOUR)
            whole("calm", calm)
            want = world(calm)
            check(len(want["articles"]) > 40 and len(want["alerts"]) > 20, f"calm: {len(want['articles'])} articles")
            for name, trial in (("cut", lambda: cut_at_commit(folder, s)),
                                ("standby", lambda: standby_is_slow(folder, s)),
                                ("away", lambda: away_for_a_while(folder, s, room, want)),
                                ("gone", lambda: away_for_good(folder, s, room)),
                                ("hangs", lambda: hangs(folder, s, room, want)),
                                ("killed", lambda: backends_killed(folder, s, room, want)),
                                ("readonly", lambda: made_read_only(folder, s, room, want)),
                                ("full", lambda: disk_full(folder, s, room, want))):
                if not wanted or name in wanted:
                    begun = time.monotonic()
                    trial()
                    print(f"{name}: {time.monotonic() - begun:.0f} s")
        finally:
            room.stop()
        newsdesk.finish(f"the server in trouble: {len(want['articles'])} articles, {len(want['alerts'])} alerts, "
                        "none lost, none doubled")


if __name__ == "__main__":
    main()

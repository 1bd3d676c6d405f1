#!/usr/bin/env python3
"""Which database, and as which machine: the command line before the environment before the settings
before the host; and a password is neither taken where others see it nor shown anywhere."""
import fcntl
import os
import pathlib
import socket
import subprocess
import tempfile

import desk
from desk import check

SECRET = "hunter2seven"
# Nobody listens there.
ADDRESS = f"postgresql://ana:{SECRET}@127.0.0.1:9/news?connect_timeout=1"
EX_USAGE, EX_CONFIG = 64, 78


def call(folder, *words, status=None, **environment):
    kept = {k: v for k, v in os.environ.items() if k not in ("WIREWATCH_DB", "WIREWATCH_CONFIG")}
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "", "XDG_STATE_HOME": ""}
    done = subprocess.run([desk.WIREWATCH, "--config", str(folder / "w.conf"), *map(str, words)], cwd=folder,
                          env={**kept, **home, **environment}, capture_output=True, text=True,
                          timeout=desk.COMMAND_S)
    check(SECRET not in done.stdout + done.stderr, f"{words}: the password is shown: {done.stdout}{done.stderr}")
    if status is not None:
        check(done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stderr}")
    return done


def settings(folder, lines, mode=0o600):
    path = folder / "w.conf"
    path.write_text(f"[wirewatch]\ncontact = desk@example.org\n{lines}\n[match]\nwatchlist = list\n")
    path.chmod(mode)


def which(folder):
    """Three files that can be told from one another, and who wins."""
    for name in ("settings", "environment", "option"):
        call(folder, "--db", folder / f"{name}.db", "init", status=0)
    settings(folder, "db = settings.db")
    held = []
    for name in ("settings", "environment", "option"):
        held.append(open(folder / f"{name}.db.run.lock", "a", encoding="ascii"))
        fcntl.flock(held[-1], fcntl.LOCK_EX)
    said = lambda *words, **environment: call(folder, *words, "digest", "send", status=75, **environment).stderr
    check("/settings.db.run.lock" in said(), "db of the settings, from their folder")
    named = {"WIREWATCH_DB": str(folder / "environment.db")}
    check("/environment.db.run.lock" in said(**named), "WIREWATCH_DB")
    check("/option.db.run.lock" in said("--db", folder / "option.db", **named), "--db")
    for lock in held:
        lock.close()
    check(str(folder / "settings.db") in call(folder, "config").stdout, "config shows it")
    (folder / "w.conf").write_text("[wirewatch]\ndb = settings.db\nnonsense = 1\n")
    check("nonsense" in call(folder, "feed", "list", status=EX_CONFIG).stderr,
          "settings that cannot be read: another database is listed")
    call(folder, "feed", "list", "--db", folder / "option.db", status=0)


def unknown(folder):
    for name in ("postgresq:///news", "mysql://ana@db.example.org/news"):
        said = call(folder, "--db", name, "feed", "list", status=EX_CONFIG).stderr
        check("begins with postgresql://" in said and name in said, f"{name}: {said}")


def machines(folder):
    settings(folder, "db = settings.db\nmachine = fuji")
    with open(folder / "settings.db.run.lock", "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for words, status, said in ((["--machine", "Fuji"], EX_USAGE, "--machine wants a name (a to z"),
                                    (["--machine", "x" * 64], EX_USAGE, "at most 63"), (["--machine", "a.b-9"], 75, "")):
            check(said in call(folder, *words, "digest", "send", status=status).stderr, f"{words}")
    settings(folder, "machine = two words")
    check("w.conf:3: machine: \"two words\" is no name" in call(folder, "config", status=EX_CONFIG).stderr, "machine =")
    # Whoever finds a lock taken is told the machine: the file says it.
    for lines, words, name in (("", [], socket.gethostname().lower()), ("machine = fuji", [], "fuji"),
                               ("machine = fuji", ["--machine", "eiger"], "eiger")):
        settings(folder, "db = settings.db\n" + lines)
        call(folder, *words, "digest", "send", status=0)
        said = (folder / "settings.db.run.lock").read_text(encoding="ascii")
        check(f" of {name}, active since 20" in said, f"{name}: {said}")


def passwords(folder):
    said = call(folder, "--db", ADDRESS, "feed", "list", status=EX_USAGE).stderr
    check("--db: a password is seen there by everybody" in said and ".pgpass" in said, f"--db: {said}")
    call(folder, "--db", f"postgresql://127.0.0.1:9/news?password={SECRET}", "feed", "list", status=EX_USAGE)
    said = call(folder, "feed", "list", status=EX_CONFIG, WIREWATCH_DB=ADDRESS).stderr
    check("WIREWATCH_DB: a password" in said, f"WIREWATCH_DB: {said}")
    settings(folder, f"db = {ADDRESS}", 0o640)
    said = call(folder, "feed", "list", status=EX_CONFIG).stderr
    check("others can read the file: chmod 600" in said, f"readable settings: {said}")
    settings(folder, f"db = {ADDRESS}")
    done = call(folder, "feed", "list")
    # No server answers: cron comes back. Or this is a build without that engine.
    check(done.returncode == 75 and "ana@127.0.0.1:9/news" in done.stderr
          or done.returncode == EX_CONFIG and "built without" in done.stderr,
          f"safe settings: {done.returncode} {done.stderr}")
    # What libpq does not understand it quotes.
    for wrong in (f"ana:{SECRET}@[::1/news", f"ana:{SECRET}%zz@h/news", f"ana:{SECRET}/x@h/news",
                  f"ana:x@{SECRET}@127.0.0.1:9/news?connect_timeout=1", f"h/news?password={SECRET}&nonsense=1"):
        settings(folder, f"db = postgresql://{wrong}")
        done = call(folder, "feed", "list")
        check(done.returncode not in (0, EX_USAGE), f"{wrong}: {done.returncode} {done.stderr}")
    settings(folder, f"db = {ADDRESS}")
    check("postgresql://ana@127.0.0.1:9/news?connect_timeout=1" in call(folder, "config", status=0).stdout, "config")
    check("ana@127.0.0.1" in call(folder, "check").stdout, "check")
    call(folder, "-vv", "run")
    call(folder, "db", "backup", folder / "copy.db")


with tempfile.TemporaryDirectory(prefix="wirewatch-name.") as name:
    place = pathlib.Path(name)
    which(place)
    machines(place)
    passwords(place)
    unknown(place)
desk.finish("one database, one machine, no password")

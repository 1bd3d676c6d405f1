"""Databases that cannot be worked on: each is told in words that help, with the right exit status and
nothing changed, and a password is in no word, no log and no command line."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import server

server.of_our_own()

import newsdesk  # noqa: E402 pylint: disable=wrong-import-position
import engine  # noqa: E402 pylint: disable=wrong-import-position,wrong-import-order
from newsdesk import check  # noqa: E402 pylint: disable=wrong-import-position

PASSWORD = "Geh31m-n1cht-zeigen"
USAGE, NO_INPUT, BROKEN, LATER, SETTINGS = 64, 66, 74, 75, 78


class Place:
    """Settings with db = ADDRESS that only their owner may read."""

    def __init__(self, folder, address, name):
        self.folder = folder / name
        self.folder.mkdir()
        self.config = self.folder / "wirewatch.conf"
        text = newsdesk.CONFIG.format(folder=self.folder, watchlist=newsdesk.WATCHLIST, mail=self.folder / "mail")
        self.config.write_text(text.replace("[wirewatch]\n", f"[wirewatch]\ndb = {address}\nmachine = fuji\n", 1))
        self.config.chmod(0o600)
        self.feeds = self.folder / "feeds.txt"
        self.feeds.write_text("http://127.0.0.1:9/feed\n")

    def call(self, *words, prefix=(), **environment):
        return subprocess.run([*prefix, newsdesk.WIREWATCH, "--config", self.config, "-vv", *words],
                              capture_output=True, text=True, timeout=newsdesk.COMMAND_S, check=False,
                              env={**os.environ, "HOME": str(self.folder), **environment})


def expect(name, done, status, *patterns, secrets=(PASSWORD,)):
    said = done.stdout + done.stderr
    check(done.returncode == status, f"{name}: status {done.returncode}, not {status}: {said[:600]}")
    for p in patterns:
        check(re.search(p, said), f"{name}: no \"{p}\" in: {said[:600]}")
    for secret in secrets:
        check(secret not in said, f"{name}: shows {secret}: {said[:600]}")
    lines = [l for l in done.stderr.splitlines() if not l.startswith(("created ", "kept "))]
    check(len(lines) <= 3, f"{name}: many words: {done.stderr}")
    return said


def who_is_let_in(folder, s, good):
    s.sql(f"CREATE ROLE ann LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE mute LOGIN;"
          " CREATE ROLE barred NOLOGIN; CREATE ROLE nobody LOGIN; CREATE ROLE outsider LOGIN;"
          f" GRANT ALL ON DATABASE {good} TO ann")
    s.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ann", good)
    s.admit("local all outsider reject")
    s.admit("local all ann,mute,stranger scram-sha-256")
    cases = [
        ("wrong password", s.address(good, "ann", PASSWORD + "x"), BROKEN, r"ann@/.*the password is wrong"),
        ("no password", s.address(good, "ann"), BROKEN, r"it wants a password: put it into ~/\.pgpass"),
        ("no such role", s.address(good, "niemand"), BROKEN, "there is no such role"),
        ("a role that may not log in", s.address(good, "barred"), BROKEN, "the role may not log in"),
        ("one who is not let in", s.address(good, "outsider"), BROKEN, r"does not let this role or machine in"),
        ("no such database", s.address("nirgends", "ann", PASSWORD), NO_INPUT, "there is no database of that name"),
        ("a role without rights", s.address(good, "nobody"), BROKEN, "access is denied: the role lacks a right"),
        ("no server there", f"postgresql://ann:{PASSWORD}@/{good}?host={folder}", LATER, "no server answers there"),
        ("no such host", f"postgresql://ann:{PASSWORD}@no.such.host.invalid/{good}", LATER,
         "its name cannot be looked up"),
        ("a port where nobody is", f"postgresql://ann:{PASSWORD}@127.0.0.1:9/{good}", LATER,
         "no server answers there"),
    ]
    for number, (name, address, status, words) in enumerate(cases):
        place = Place(folder, address, f"place{number}")
        begun = time.monotonic()
        expect(name, place.call("db", "stats"), status, words, "postgresql://", secrets=(PASSWORD, PASSWORD + "x"))
        # How long a name is looked for is its resolver's, where none can be reached.
        check(time.monotonic() - begun < 15 or name == "no such host", f"{name}: {time.monotonic() - begun:.0f} s until it said so")
    right = Place(folder, s.address(good, "ann", PASSWORD), "right")
    expect("the right password", right.call("db", "stats"), 0)
    return right


def addresses(folder):
    """What libpq would quote in its own words holds a piece of a password."""
    for number, password in enumerate(["Geh31m@n1cht", "Geh31m/n1cht", "Geh31m?n1cht", "Geh31m:n1cht", "Geh31m%n1cht",
                                       "Geh31m#n1cht", "Geh31m n1cht"]):
        place = Place(folder, f"postgresql://ann:{password}@127.0.0.1:9/watch", f"odd{number}")
        done = place.call("db", "stats")
        expect(f"password {password}", done, done.returncode, secrets=("Geh31m", "n1cht"))
        check(done.returncode in (BROKEN, LATER, SETTINGS, NO_INPUT), f"password {password}: {done.returncode}")
    for where, done in (("--db", Place(folder, "x.db", "argv").call(
            "--db", f"postgresql://ann:{PASSWORD}@127.0.0.1/watch", "db", "stats")),
                        ("--db, as a parameter", Place(folder, "x.db", "argv2").call(
                            "--db", f"postgresql:///watch?password={PASSWORD}", "db", "stats"))):
        expect(where, done, USAGE, "a password is seen there by everybody")
    open_to_all = Place(folder, f"postgresql://ann:{PASSWORD}@127.0.0.1/watch", "open")
    open_to_all.config.chmod(0o644)
    expect("settings for all to read", open_to_all.call("db", "stats"), SETTINGS, "others can read the file")


def other_databases(folder, s):
    me = s.sql("SELECT rolname FROM pg_roles WHERE rolcreatedb AND NOT rolsuper")
    s.sql("CREATE DATABASE foreign_one")
    s.sql("CREATE TABLE invoices (id int)", "foreign_one")
    s.sql("CREATE DATABASE like_ours")
    s.sql("CREATE TABLE meta (key text, value text)", "like_ours")
    s.sql(f'CREATE DATABASE empty_one OWNER "{me}"')
    s.sql(f"CREATE DATABASE ascii_one OWNER \"{me}\" ENCODING SQL_ASCII LC_COLLATE 'C' LC_CTYPE 'C'"
          " TEMPLATE template0")
    s.sql(f"CREATE DATABASE latin_one OWNER \"{me}\" ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    s.sql(f'CREATE DATABASE newer_one TEMPLATE wirewatch_template OWNER "{me}"')
    s.sql("UPDATE meta SET value = '999' WHERE key = 'schema'", "newer_one")
    s.sql(f'CREATE DATABASE older_one TEMPLATE wirewatch_template OWNER "{me}"')
    s.sql("UPDATE meta SET value = '7' WHERE key = 'schema'", "older_one")
    foreign = "is the database of another program"
    cases = [
        ("foreign_one", BROKEN, foreign, BROKEN, foreign),
        ("like_ours", BROKEN, foreign, BROKEN, foreign),
        ("empty_one", NO_INPUT, "there is no database yet.*\n.*init makes one", NO_INPUT, "there is no database yet"),
        ("ascii_one", BROKEN, "encoding is SQL_ASCII: make it with createdb -E UTF8", BROKEN, "SQL_ASCII"),
        ("latin_one", BROKEN, "encoding is LATIN1: make it with createdb -E UTF8", BROKEN, "LATIN1"),
        ("newer_one", BROKEN, r"made by a newer wirewatch \(schema 999", BROKEN, "made by a newer wirewatch"),
        ("older_one", BROKEN, r"has an older schema \(7 of \d+\)", None, ""),
    ]
    for name, read_status, read_words, write_status, write_words in cases:
        before = engine.stored_bytes(s.address(name, "postgres"))
        place = Place(folder, s.address(name), name)
        expect(f"{name}, reading", place.call("db", "stats"), read_status, read_words)
        if write_status is not None:
            expect(f"{name}, writing", place.call("feed", "import", place.feeds),
                   write_status, write_words)
        if name not in ("empty_one", "older_one"):
            expect(f"{name}, init", place.call("init"), BROKEN, write_words)
        check(engine.stored_bytes(s.address(name, "postgres")) == before, f"{name} was written to")


def no_connection_left(folder, s, good):
    s.sql(f"ALTER DATABASE {good} CONNECTION LIMIT 0")
    place = Place(folder, s.address(good), "limited")
    expect("no connection to the database", place.call("db", "stats"), LATER, "the server has no connection left")
    s.sql(f"ALTER DATABASE {good} CONNECTION LIMIT -1")
    s.sql("ALTER SYSTEM SET superuser_reserved_connections = 1")
    s.set_and_restart("max_connections", 4)
    held = [engine.Server(s.address("postgres")) for _ in range(3)]
    for h in held:
        h.execute("SELECT 1 AS n")
    expect("no connection left", place.call("db", "stats"), LATER, "the server has no connection left")
    for h in held:
        h.close()
    s.set_and_restart("max_connections", 50)


def the_clock_is_off(folder, s, good):
    """A machine three hours behind: times are the database's."""
    if shutil.which("faketime") is None:
        print("not tried: a clock that is off (no faketime here)")
        return
    place = Place(folder, s.address(good), "clock")
    done = place.call("feed", "import", place.feeds, prefix=("faketime", "-f", "-3h"))
    expect("a clock that is off", done, 0)
    age = s.sql("SELECT unixepoch() - added_at FROM feed WHERE url LIKE '%:9/feed'", good)
    check(age and abs(int(age)) < 120, f"a clock that is off: added {age} s ago")


def the_command_line(place, s, good):
    """While it runs, /proc shows its words, and the server its name: neither has the password."""
    holder = engine.Server(s.address(good, "postgres"))
    holder.execute("SELECT pg_advisory_lock(2003399269) IS NULL AS is_taken")
    process = subprocess.Popen([newsdesk.WIREWATCH, "--config", place.config, "db", "reindex"],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for _ in range(200):
        names = s.sessions(good)
        if names or process.poll() is not None:
            break
        time.sleep(0.05)
    check(list(names.values()) == [f"wirewatch fuji pid {process.pid}"], f"its session is called {names}")
    for name in ("cmdline", "environ"):
        shown = pathlib.Path(f"/proc/{process.pid}/{name}").read_bytes()
        check(PASSWORD.encode() not in shown, f"/proc/PID/{name} has the password")
    holder.close()
    said = process.communicate(timeout=newsdesk.COMMAND_S)[0]
    check(process.returncode == 0, f"db reindex: {process.returncode} {said}")
    check(PASSWORD.encode() not in said, f"db reindex shows the password: {said}")
    check(PASSWORD.encode() not in engine.stored_bytes(s.address(good, "postgres")), "the password is stored")


def main():
    s = server.Server()
    with newsdesk.Workplace("refused") as folder:
        good = engine.name_of(engine.new(folder / "good.db"))
        right = who_is_let_in(folder, s, good)
        before = engine.stored_bytes(engine.address_of(good))
        addresses(folder)
        other_databases(folder, s)
        no_connection_left(folder, s, good)
        check(engine.stored_bytes(engine.address_of(good)) == before, "the store was written to")
        the_command_line(right, s, good)
        the_clock_is_off(folder, s, good)
        for log in folder.rglob("*"):
            if log.is_file() and log.name != "wirewatch.conf":
                check(PASSWORD.encode() not in log.read_bytes(), f"{log} has the password")
        newsdesk.finish("databases that cannot be worked on are told, nothing is changed, no password is shown")


if __name__ == "__main__":
    sys.exit(main())

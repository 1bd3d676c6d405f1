"""The store of a test, whichever engine keeps it: a file, or a database of its own on the PostgreSQL
server that $WW_TEST_STORE names (tests/support/cluster.sh), copied from one that has our schema and
nothing else. A test does not believe the program's own lists: it reads and writes rows here.

SQL is what both engines take, with ? for values.
"""

import atexit
import contextlib
import fcntl
import itertools
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import time

SERVER = os.environ.get("WW_TEST_STORE", "")
SCHEME = "postgresql:///"
TEMPLATE = "wirewatch_template"
WAIT_S = 30  # longest a statement may take
PSQL = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
ENVIRONMENT = {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}

is_file = not SERVER
made = []
numbers = itertools.count(1)


def only_on_a_file(reason):
    """What a test does that is about the file itself, and nothing any other store has."""
    if not is_file:
        print(f"not here: {reason}")
    return is_file


def only_on_a_server(reason):
    if is_file:
        print(f"not here: {reason}")
    return not is_file


def needs_a_file(reason):
    """The same for a whole test."""
    if not only_on_a_file(reason):
        sys.exit(77)


def address_of(name):
    return SERVER.replace(SCHEME, SCHEME + name, 1)


def name_of(address):
    """What is said of it: its last part."""
    return os.path.basename(address) if is_file else str(address)[len(SCHEME):].partition("?")[0]


def psql(address, sql):
    done = subprocess.run(["psql", *PSQL, "-c", sql, str(address)], capture_output=True, timeout=WAIT_S, check=False,
                          env=ENVIRONMENT)
    if done.returncode != 0:
        raise RuntimeError(f"{sql}\n{done.stderr.decode('utf-8', 'replace')}")


def drop(address):
    psql(address_of("postgres"), f'DROP DATABASE IF EXISTS "{name_of(address)}" WITH (FORCE)')


@atexit.register
def drop_all():
    for address in made:
        try:
            drop(address)
        except (RuntimeError, subprocess.TimeoutExpired) as e:  # it goes with its server
            print(e)


def new(path, template=TEMPLATE):
    """The address of a new store: path itself, where nothing is yet, or a database. template None:
    one without our schema."""
    if is_file:
        return pathlib.Path(path)
    name = f"test_{os.getpid()}_{next(numbers)}_{time.monotonic_ns() % 1000000}"
    psql(address_of("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{template or "template1"}"')
    made.append(address_of(name))
    return made[-1]


def copy(address, path):
    """A copy of a store that nobody writes to; path is its name where it is a file."""
    if not is_file:
        return new(path, template=name_of(address))
    for end in ("", "-wal", "-shm"):
        if os.path.exists(f"{address}{end}"):
            shutil.copy(f"{address}{end}", f"{path}{end}")
    return pathlib.Path(path)


def stored_bytes(address):
    """All that is in it: to look for a secret, and to see that nothing was written."""
    if is_file:
        return b"".join(pathlib.Path(f"{address}{end}").read_bytes() for end in ("", "-wal")
                        if os.path.exists(f"{address}{end}"))
    done = subprocess.run(["pg_dump", "--inserts", str(address)], capture_output=True, timeout=WAIT_S, check=True)
    return b"\n".join(line for line in done.stdout.splitlines() if b"restrict" not in line)  # another word each time


class WriteLock:
    """What one transaction that writes has, and keeps all others waiting with."""

    def __init__(self, address):
        self.held = open(f"{address}.write.lock", "a+") if is_file else Server(address)

    def take(self):
        if is_file:
            fcntl.flock(self.held, fcntl.LOCK_EX)
        else:
            self.held.execute("SELECT pg_advisory_lock(2003399269) IS NULL AS is_taken")

    def release(self):
        self.held.close()


@contextlib.contextmanager
def locked(address, name):
    """The lock of runs or of backfills of this machine ("run", "backfill"), or the one of all machines
    ("alerts"), is another process's."""
    holder = "pid 17 of elsewhere, active since 2026-11-22T06:42:10Z"
    if is_file:
        with open(f"{address}.{name}.lock", "a+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.truncate(0)
            lock.write(f"{holder}\n".encode())
            lock.flush()
            yield
        return
    lease = name if name == "alerts" else f"{name}/{socket.gethostname()}"
    with opened(address) as db:
        db.execute("DELETE FROM lease WHERE name = ?", (lease,))
        db.execute("INSERT INTO lease VALUES (?, 'another', ?, unixepoch(), unixepoch() + 600, 1)", (lease, holder))
        yield
        db.execute("UPDATE lease SET until = 0 WHERE name = ?", (lease,))


def number_from(address, table, n=1):
    """A server gives no number twice, also when what took it was undone: a test that counts on the
    numbers of the next rows says so."""
    if not is_file:
        write(address, f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {n}")


# ---- rows -------------------------------------------------------------------------------------------

def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    return "'" + str(value).replace("'", "''") + "'"


def cell(value):
    """Bytes come as hexadecimal digits."""
    if isinstance(value, str) and value.startswith("\\x"):
        with contextlib.suppress(ValueError):
            return bytes.fromhex(value[2:])
    return value


class Rows(list):
    """Of one statement, as tuples, and their columns' names."""

    names = ()

    def fetchone(self):
        return self.pop(0) if self else None

    def fetchall(self):
        return self


class Server:
    """What sqlite3.connect gives, as far as tests ask for it: one psql, statement by statement."""

    END = "-- end of rows --"

    def __init__(self, address):
        self.process = subprocess.Popen(["psql", *PSQL, str(address)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, encoding="utf-8", env=ENVIRONMENT)

    def close(self):
        self.process.communicate(timeout=WAIT_S)

    def execute(self, sql, values=()):
        pieces = sql.split("?")
        assert len(pieces) == len(values) + 1, sql
        sql = "".join(p + literal(v) for p, v in zip(pieces, values)) + pieces[-1]
        kind = sql.split(None, 1)[0].upper()
        if kind in ("SELECT", "WITH"):
            sql = f"SELECT row_to_json(q) FROM ({sql}) q"
        elif " RETURNING " in sql.upper():
            sql = f"WITH q AS ({sql}) SELECT row_to_json(q) FROM q"
        try:
            self.process.stdin.write(f"{sql};\n\\echo {self.END}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        pairs = []
        while (line := self.process.stdout.readline()) != self.END + "\n":
            if not line:
                raise RuntimeError(f"{sql}\n{self.process.stderr.read()}")
            pairs.append(json.loads(line, object_pairs_hook=list))
        out = Rows(tuple(cell(value) for _, value in row) for row in pairs)
        out.names = tuple(name for name, _ in pairs[0]) if pairs else ()
        return out


@contextlib.contextmanager
def opened(address):
    """with opened(desk.db) as db: db.execute(sql, values)"""
    # In a file as on a server each statement is a transaction.
    db = sqlite3.connect(address, timeout=10, isolation_level=None) if is_file else Server(address)
    try:
        if is_file:
            db.execute("PRAGMA synchronous = OFF")
        yield db
    finally:
        db.close()


def columns(address, table):
    """Names, in their order."""
    if is_file:
        with opened(address) as db:
            return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    with opened(address) as db:
        return [row[0] for row in db.execute("SELECT column_name FROM information_schema.columns WHERE table_name = ?"
                                             " AND table_schema = 'public' ORDER BY ordinal_position", (table,))]


def rows(address, sql, *values):
    """Dictionaries."""
    if not is_file:
        with opened(address) as db:
            found = db.execute(sql, values)
        return [dict(zip(found.names, row)) for row in found]
    db = sqlite3.connect(f"file:{address}?mode=ro", uri=True, timeout=10)
    try:
        db.row_factory = sqlite3.Row
        db.text_factory = lambda b: b.decode("utf-8", "surrogateescape")  # ETags
        return [dict(row) for row in db.execute(sql, values)]
    finally:
        db.close()


def refuse(address, table, column, value):
    """From now on no row may come that has the value: a fault that is this row's alone."""
    if is_file:
        write(address, f"CREATE TRIGGER refused BEFORE INSERT ON {table} WHEN NEW.{column} = {literal(value)}"
              " BEGIN SELECT RAISE(ABORT, 'refused'); END")
    else:
        write(address, f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({column} <> {literal(value)}) NOT VALID")


def refuse_no_more(address, table):
    write(address, "DROP TRIGGER refused" if is_file else f"ALTER TABLE {table} DROP CONSTRAINT refused")


def write(address, sql, *values):
    with opened(address) as db:
        db.execute(sql, values)

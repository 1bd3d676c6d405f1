"""A PostgreSQL server that a test may spoil: cluster.sh's, started for this test alone, with what its
administrator does to it.
"""

import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
MARK = "WW_TEST_SERVER_IS_OURS"
WAIT_S = 60


def of_our_own():
    """Starts the script again beside a new server, where it is not yet. Before newsdesk is imported."""
    if os.environ.get(MARK):
        return
    if not os.environ.get("WW_TEST_STORE"):
        print("no server: for make check STORE=postgresql")
        sys.exit(77)
    os.environ[MARK] = "1"
    os.environ.setdefault("B", str(TOP / "build" / "cc"))
    os.execv("/bin/sh", ["sh", str(TOP / "tests" / "support" / "cluster.sh"), sys.executable, *sys.argv])


class Server:
    def __init__(self):
        self.control = shlex.split(os.environ["WW_TEST_SERVER"])
        self.store = os.environ["WW_TEST_STORE"]
        self.socket = self.store.partition("host=")[2]
        self.frozen = []
        self.data = pathlib.Path(self.socket) / "data"

    def pg_ctl(self, *words):
        subprocess.run([*self.control, *words], check=True, timeout=WAIT_S, stdout=subprocess.DEVNULL)

    def sql(self, text, database="postgres", user="postgres"):
        """As its administrator; what it answers."""
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", user,
                               "-d", database, "-c", text], capture_output=True, text=True, timeout=WAIT_S,
                              check=False, env={**os.environ, "PGOPTIONS": "-c default_transaction_read_only=off"})
        if done.returncode != 0:
            raise RuntimeError(f"{text}\n{done.stderr}")
        return done.stdout.strip()

    def address(self, database, user="", password="", more=""):
        """postgresql://user:password@/database?host=..."""
        who = f"{user}{':' + password if password else ''}@" if user else ""
        return f"postgresql://{who}/{database}?host={self.socket}{more}"

    def admit(self, line):
        """A line in front of pg_hba.conf."""
        path = self.data / "pg_hba.conf"
        text = path.read_text()
        path.write_text(f"{line}\n{text}")  # in place: its owner stays
        self.sql("SELECT pg_reload_conf()")

    def set(self, name, value):
        """For those who connect from now on, and for others before their next statement."""
        self.sql(f"ALTER SYSTEM SET {name} = {value}")
        self.sql("SELECT pg_reload_conf()")

    def reset(self, name):
        """It is so for those who connect when this has ended."""
        before = self.shown(name)
        self.sql(f"ALTER SYSTEM RESET {name}")
        self.sql("SELECT pg_reload_conf()")
        until = time.monotonic() + WAIT_S
        while self.shown(name) == before:
            if time.monotonic() > until:
                raise RuntimeError(f"{name} is {before} still")
            time.sleep(0.02)

    def shown(self, name):
        """What a session has that asks for nothing else."""
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-h", self.socket, "-U", "postgres", "-d", "postgres",
                               "-c", f"SHOW {name}"], capture_output=True, text=True, timeout=WAIT_S, check=True,
                              env={**os.environ, "PGOPTIONS": ""})
        return done.stdout.strip()

    def set_and_restart(self, name, value):
        self.sql(f"ALTER SYSTEM SET {name} = {value}")
        self.pg_ctl("restart", "-m", "fast")

    def processes(self):
        """The first one, and those it made."""
        first = (self.data / "postmaster.pid").read_text().split()[0]
        made = pathlib.Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [int(pid) for pid in (first, *made)]

    def freeze(self):
        self.frozen = self.processes()
        for pid in self.frozen:
            os.kill(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in self.frozen:
            os.kill(pid, signal.SIGCONT)

    def sessions(self, database):
        """Process numbers of our program's sessions there, by the name they give themselves."""
        out = self.sql("SELECT pid, application_name FROM pg_stat_activity"
                       f" WHERE datname = '{database}' AND application_name LIKE 'wirewatch%'")
        return dict(re.findall(r"^(\d+)\|(.*)$", out, re.MULTILINE))

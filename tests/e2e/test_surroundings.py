"""Odd surroundings: standard descriptors that are closed, a reader that has gone, no HOME, no
folder for temporary files, a locale nobody has, no network at all. The run does its work or says
what is missing; nobody is blamed for it."""

import fcntl
import os
import select
import signal
import socket
import subprocess
import threading
import time

import newsdesk
from newsdesk import check

EX_IOERR = 74
EX_TEMPFAIL = 75


def environments(folder, room):
    """Closed descriptors come before everything else that a process opens."""
    cases = [
        ("stdin closed", "<&-", {}),
        ("all closed", "<&- >&- 2>&-", {}),
        ("stdout and stderr closed", ">&- 2>&-", {}),
        ("no HOME", "", {"HOME": None}),
        ("odd locale", "", {"LC_ALL": "xx_XX.bogus", "LANG": "\x1b[31m"}),
        ("no folder for temporary files", "", {"TMPDIR": "/nowhere"}),
    ]
    for name, closed, changes in cases:
        desk = newsdesk.Desk(folder / name.replace(" ", "-"))
        desk.must("feed", "import", room.opml, now=room.clock)
        environment = {k: v for k, v in {**os.environ, **changes}.items() if v is not None}
        done = subprocess.run(["/bin/sh", "-c", f'exec "$@" {closed}', "sh",
                               *desk.command("run", now=room.clock)], env=environment,
                              capture_output=True, text=True, timeout=newsdesk.COMMAND_S)
        check(done.returncode == 0, f"{name}: status {done.returncode}: {done.stderr[-300:]}")
        n = len(desk.rows("SELECT id FROM article"))
        check(n > 40, f"{name}: {n} articles")
        odd = desk.rows("SELECT url FROM page WHERE state = 'quarantined'")
        check(not odd, f"{name}: {len(odd)} pages in quarantine")
        check(len(desk.letters()) == 1, f"{name}: {len(desk.letters())} letters")
        if not newsdesk.engine.is_file:
            continue
        lock = (desk.folder / (desk.db.name + ".run.lock")).read_text()
        check(lock.startswith("pid ") and lock.count("\n") == 1, f"{name}: the lock says {lock!r}")


def readers(folder, room):
    desk = newsdesk.Desk(folder / "readers")
    desk.must("feed", "import", room.opml, now=room.clock)
    for name, end, statuses in [("closed", ">&-", [EX_IOERR]), ("full", ">/dev/full", [EX_IOERR]),
                                ("gone", "| true", [0])]:
        done = subprocess.run(["/bin/sh", "-c", f'"$@" {end}', "sh",
                               *desk.command("feed", "list", now=room.clock)],
                              capture_output=True, text=True, timeout=newsdesk.COMMAND_S)
        check(done.returncode in statuses, f"output {name}: status {done.returncode}")


def no_network(folder, room):
    """In a network of its own that has no way out: two feeds, then one alone."""
    if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0:
        print("no network: no namespace may be made here, skipped")
        return
    for name, feeds in [("two", ["news.example.org", "paper.example.net"]),
                        ("one", ["news.example.org"])]:
        desk = newsdesk.Desk(folder / f"outage-{name}")
        opml = folder / f"outage-{name}.opml"
        opml.write_text('<opml version="2.0"><body>' + "".join(
            f'<outline type="rss" xmlUrl="http://{host}/feed"/>' for host in feeds)
            + "</body></opml>")
        desk.must("feed", "import", opml)
        done = subprocess.run(["unshare", "-n", *desk.command("run")], capture_output=True,
                              text=True, timeout=newsdesk.COMMAND_S)
        check(done.returncode == EX_TEMPFAIL, f"{name}: {done.returncode}: {done.stderr}")
        blamed = desk.rows("SELECT url FROM feed WHERE n_failures > 0")
        check(not blamed, f"outage of {name}: blamed {blamed}")


def wait_for(what, question):
    until = time.monotonic() + newsdesk.COMMAND_S
    while not question():
        if time.monotonic() > until:
            raise RuntimeError(f"{what} within {newsdesk.COMMAND_S} s")
        time.sleep(0.02)


def catches(pid, number):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        caught = next(line.split()[1] for line in f if line.startswith("SigCgt:"))
    return int(caught, 16) >> (number - 1) & 1


def stopped(folder):
    """Told to stop while all servers are silent: at once, and that says nothing of the network."""
    silent = [socket.create_server((f"127.14.0.{i}", 0)) for i in (1, 2, 3)]
    opml = folder / "silent.opml"
    opml.write_text('<opml version="2.0"><body>' + "".join(
        f'<outline type="rss" xmlUrl="http://{"%s:%d" % s.getsockname()}/feed"/>' for s in silent)
        + "</body></opml>")
    desk = newsdesk.Desk(folder / "stopped")
    desk.must("feed", "import", opml)
    with newsdesk.engine.locked(desk.db, "run"):
        process = subprocess.Popen(desk.command("--lock-wait", "50", "run"),
                                   stderr=subprocess.PIPE, text=True)
        wait_for("it hears no signal", lambda: catches(process.pid, signal.SIGTERM))
        begun = time.monotonic()
        process.terminate()
        process.communicate(timeout=newsdesk.COMMAND_S)
        check(time.monotonic() - begun < 3, f"lock: took {time.monotonic() - begun:.1f} s")
        check(process.returncode == EX_TEMPFAIL, f"lock: {process.returncode}")
    for number in (signal.SIGTERM, signal.SIGINT):
        process = subprocess.Popen(desk.command("run"), stderr=subprocess.PIPE, text=True)
        wait_for("it asks nobody", lambda: select.select(silent, [], [], 0)[0])
        begun = time.monotonic()
        process.send_signal(number)
        said = process.communicate(timeout=newsdesk.COMMAND_S)[1]
        check(time.monotonic() - begun < 3, f"stopped: took {time.monotonic() - begun:.1f} s")
        check(process.returncode == 128 + number, f"stopped: {process.returncode}: {said}")
        check(not desk.rows("SELECT url FROM feed WHERE n_failures > 0"), "stopped: blamed")
        while asked := select.select(silent, [], [], 0)[0]:  # they are gone
            asked[0].accept()[0].close()


def held_up(folder):
    """The store keeps a run waiting while a host hangs up, and again and again after that: it is
    asked once more, behind its pause, and every request is counted."""
    if not newsdesk.engine.is_file:
        return
    quick, rude = (socket.create_server((f"127.14.1.{i}", 0)) for i in (1, 2))
    desk = newsdesk.Desk(folder / "held-up")
    opml = folder / "held-up.opml"
    opml.write_text('<opml version="2.0"><body>' + "".join(
        f'<outline type="rss" xmlUrl="http://{"%s:%d" % s.getsockname()}/feed"/>' for s in (quick, rude))
        + "</body></opml>")
    desk.must("feed", "import", opml)
    met, is_held = [], threading.Event()

    def be_rude():
        while True:
            line = rude.accept()[0]
            met.append(time.monotonic())
            if len(met) == 1:
                is_held.wait()
                time.sleep(1)
            line.close()

    def hold():
        with open(f"{desk.db}.write.lock", "r+", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            is_held.set()
            time.sleep(3)

    def be_quick():
        line = quick.accept()[0]
        wait_for("the other was not asked", lambda: met)
        threading.Thread(target=hold, daemon=True).start()
        is_held.wait()
        line.recv(4096)
        body = b"<rss version='2.0'><channel><title>Quick</title></channel></rss>"
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n"
                     b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        line.close()

    for act in (be_rude, be_quick):
        threading.Thread(target=act, daemon=True).start()
    said = desk.call("run", "-v").stderr
    check("nothing was asked or stored meanwhile" in said, f"held up: it was not: {said}")
    n = len(desk.rows("SELECT id FROM request WHERE url LIKE ?", "%127.14.1.2%"))
    check(len(met) == 2 and n == 2, f"held up: {len(met)} requests of one host, {n} are counted")


def main():
    with newsdesk.Workplace("surroundings") as folder:
        room = newsdesk.Newsroom(folder)
        try:
            environments(folder, room)
            readers(folder, room)
            no_network(folder, room)
            stopped(folder)
            held_up(folder)
        finally:
            room.stop()
        newsdesk.finish("closed descriptors, environment, readers, no network, stops, a store that keeps it waiting")


main()

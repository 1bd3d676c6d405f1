"""kill -9 while mail is made and sent, against a mail server that is slow, puts off and drops: no
alert is lost, and none is mailed twice but where a try had ended in doubt; then with the same
Message-ID and the same bytes.

First at each arrow of the outbox, then at random moments: 20 kills, 1,000 with SOAK=1 (KILLS=n:
so many). SEED=n repeats the moments."""

import collections
import email
import email.policy
import os
import re
import shutil
import signal
import subprocess
import threading
import time

import mailbox_server
import newsdesk
from newsdesk import check

MINUTE, HOUR = 60, 3600
KILLS_A_DESK = 12
WISHES = {  # what each analyst wants, as the settings say it and as an oracle does
    "all": ("", lambda a: True),
    "high": ("subscribe = severity:high\n", lambda a: a["severity"] >= 3),
    "medium": ("subscribe = severity:medium\n", lambda a: a["severity"] >= 2),
    "countries": ("subscribe = country:IE country:NL country:IT\n",
                  lambda a: a["country"] in ("IE", "NL", "IT")),
    "others": ("subscribe = -country:IE -country:NL\n", lambda a: a["country"] not in ("IE", "NL")),
    "urgent": ("immediate = severity:high\nimmediate-wait = 0s\nimmediate-per-hour = 50\n",
               lambda a: True),
}


FEW = {name: WISHES[name] for name in ("all", "high")}


def config(port, wishes):
    text = newsdesk.CONFIG.split("[analyst")[0]
    text = re.sub(r"directory = .*\n", "", text)
    text = text.replace("[match]\n", "[match]\nfirst-read = 30d\n")
    text = text.replace("transport = file",
                        f"transport = smtp\ntls = none\nserver = smtp://127.0.0.1:{port}")
    return text + "".join(f'[analyst "{name}"]\nemail = {name}@example.org\ndigest = run\n{wish}'
                          for name, (wish, _) in wishes.items())


class Trial:
    """One desk that is killed again and again, and what is counted."""

    def __init__(self, folder, room, server, template=None, wishes=None):
        self.room, self.server, self.now = room, server, room.clock
        self.wishes = wishes or WISHES
        self.desk = newsdesk.Desk(folder, config=config(server.port, self.wishes), copy_of=template)
        self.first_event = len(server.events)
        self.counts = collections.Counter()
        self.doubts = set()  # (Message-ID, try)

    def command(self, *words):
        return self.desk.command(*words, now=self.now)

    def states(self):
        return self.desk.rows("SELECT id, message_id, state FROM message ORDER BY id")

    def start(self, *words):
        return subprocess.Popen(self.command(*words), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def after_kill(self):
        """What the killed process leaves in doubt: it is "sending"."""
        self.counts["kills"] += 1
        check(self.server.wait_idle(), "a connection outlives its client")
        for row in self.desk.rows("SELECT message_id, n_tries FROM message WHERE state = 'sending'"):
            if (row["message_id"], row["n_tries"]) not in self.doubts:
                self.doubts.add((row["message_id"], row["n_tries"]))
                self.counts["in doubt"] += 1
                self.server.note("doubt", row["message_id"])

    def kill_after(self, seconds, *words):
        """True when it was still running."""
        process = self.start(*words)
        try:
            process.wait(seconds)
            self.server.wait_idle()
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.after_kill()
            return True

    def kill_at(self, step, *words):
        """When the server comes to this step. True when it did."""
        met = threading.Event()
        process = None

        def kill():
            process.send_signal(signal.SIGKILL)
            process.wait()
            met.set()

        process = self.start(*words)
        self.server.step = (step, kill)
        process.wait(newsdesk.COMMAND_S)
        self.server.step = None
        self.server.wait_idle()
        if met.is_set():
            self.after_kill()
        return met.is_set()

    def finish(self):
        """Undisturbed, until nothing waits; a person says yes to what was in doubt twice."""
        self.server.kind()
        self.desk.call("run", "--only", "alert", now=self.now)
        for _ in range(12):
            self.desk.call("run", "--only", "deliver", now=self.now)
            bad = [r for r in self.states() if r["state"] == "failed"]
            for row in bad:
                self.counts["asked"] += 1
                self.server.note("asked", row["message_id"])
            if bad:
                self.desk.must("outbox", "retry", "--all-failed", now=self.now)
            if all(r["state"] == "sent" for r in self.states()):
                break
            self.now += 13 * HOUR
        left = [r for r in self.states() if r["state"] != "sent"]
        check(not left, f"{self.desk.folder.name}: never left: {left}")

    # ---- what must hold

    def check_copies(self):
        """Every second copy has a doubt before it, and is the first to the last byte."""
        copies, open_doubts, since_asked = {}, collections.Counter(), collections.Counter()
        with self.server.lock:
            events = list(self.server.events[self.first_event:])
        for event in events:
            kind, name = event[0], event[1]
            if kind in ("doubt", "lost"):
                open_doubts[name] += 1
            elif kind == "asked":
                since_asked[name] = 0
            elif name not in copies:
                copies[name] = event[2]
                since_asked[name] = 1
                self.counts["messages"] += 1
            else:
                self.counts["repeats"] += 1
                since_asked[name] += 1
                check(open_doubts[name] > 0, f"{name}: sent again without a doubt")
                check(copies[name] == event[2], f"{name}: the second copy differs")
                check(since_asked[name] <= 2, f"{name}: a third copy, and nobody was asked")
            if kind == "taken":
                open_doubts[name] = 0
        return copies

    def check_told(self, copies):
        """Each live alert is told once to each analyst who wants it, in a mail that was taken."""
        name = self.desk.folder.name
        alerts = self.desk.rows("SELECT id, severity, country FROM alert WHERE is_historic = 0")
        messages = self.desk.rows("SELECT id, message_id, analyst FROM message")
        told = collections.defaultdict(list)
        for row in self.desk.rows("SELECT m.analyst, m.message_id AS name, t.alert_id FROM message_alert t"
                                  " JOIN message m ON m.id = t.message_id"):
            told[row["analyst"]].append(row["alert_id"])
        for analyst, (_, wants) in self.wishes.items():
            wanted = sorted(a["id"] for a in alerts if wants(a))
            got = sorted(told[analyst])
            check(got == wanted, f"{name}: {analyst} wants {len(wanted)} alerts and was told {len(got)}: lost "
                  f"{sorted(set(wanted) - set(got))[:5]}, twice or unasked {[i for i in got if got.count(i) > 1][:5]}")
        check({m["message_id"] for m in messages} == set(copies),
              f"{name}: {len(messages)} messages in the outbox, {len(copies)} taken by the server")
        for row in messages:
            self.check_text(row, self.server.bytes[copies[row["message_id"]]])
        self.counts["alerts"] += sum(map(len, told.values()))

    def check_text(self, row, message):
        """The mail itself names the alerts that the outbox says it tells."""
        text = email.message_from_bytes(message, policy=email.policy.default).get_body(("plain",))
        named = {int(n) for n in re.findall(r"\ba(\d+)\]", text.get_content())}
        want = {r["alert_id"] for r in self.desk.rows("SELECT alert_id FROM message_alert WHERE message_id = ?",
                                                      row["id"])}
        check(want <= named or len(want) > 40, f"{row}: does not name {sorted(want - named)[:5]}")

    def end(self, total):
        self.finish()
        self.check_told(self.check_copies())
        total.update(self.counts)


# ---- at each arrow ----------------------------------------------------------------------------------

def at_each_step(folder, room, server, template, total):
    """The server kills its client when it comes to a step: before the dot one copy, behind it two."""
    for step in mailbox_server.STEPS:
        trial = Trial(folder / f"step-{step}", room, server, template, FEW)
        check(trial.kill_at(step, "run", "--only", "deliver"), f"{step}: was never met")
        doubtful = [r["message_id"] for r in trial.states() if r["state"] == "sending"]
        check(len(doubtful) == 1 or step == "replied", f"{step}: in doubt: {doubtful}")
        trial.end(total)
        copies = [e[1] for e in server.events[trial.first_event:] if e[0] == "taken"]
        for name in doubtful:
            # Half of a message: the rest may be on its way already.
            want = {"half": (1, 2), "dot": (2,), "replied": (2,)}.get(step, (1,))
            check(copies.count(name) in want, f"{step}: {copies.count(name)} copies, not {want}")
        if failures():
            return
        shutil.rmtree(trial.desk.folder)


def between_reply_and_commit(folder, room, server, template, total):
    """The write lock is taken from it while the server has its message: 250 is read, and not kept."""
    trial = Trial(folder / "commit", room, server, template, FEW)
    held = newsdesk.engine.WriteLock(trial.desk.db)
    process = trial.start("run", "--only", "deliver")
    met = threading.Event()

    def freeze():
        held.take()
        met.set()

    server.step = ("dot", freeze)
    check(met.wait(20), "commit: the server never had the message")
    time.sleep(0.3)  # it has read 250 by now, and waits for the lock
    process.send_signal(signal.SIGKILL)
    process.wait()
    held.release()
    trial.after_kill()
    doubtful = [r["message_id"] for r in trial.states() if r["state"] == "sending"]
    check(len(doubtful) == 1, f"commit: in doubt: {doubtful}")
    trial.end(total)
    copies = [e[1] for e in server.events[trial.first_event:] if e[0] == "taken"]
    check(copies.count(doubtful[0]) == 2, f"commit: {copies.count(doubtful[0])} copies")


def before_the_first_byte(folder, room, server, template, total):
    """Killed where the digests are made, or before the first is "sending": nothing was in doubt."""
    trial = Trial(folder / "queue", room, server, template, FEW)
    for _ in range(4):
        held = newsdesk.engine.WriteLock(trial.desk.db)
        held.take()
        process = trial.start("run", "--only", "deliver")
        time.sleep(0.15)
        held.release()  # some transactions later it is killed
        time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        trial.after_kill()
    trial.end(total)


# ---- at random --------------------------------------------------------------------------------------

def at_random(folder, room, server, templates, moments, n_kills, total):
    n_desks = 0
    duration = {"alert": 0.3, "deliver": 0.3, "send": 0.3, "run": 1.5}
    begun = time.monotonic()
    while total["kills"] < n_kills and n_desks < 3 * n_kills and not failures():
        is_new = moments.random() < 0.1  # crawls, too
        trial = Trial(folder / f"desk-{n_desks}", room, server, None if is_new else moments.choice(templates))
        if is_new:
            trial.desk.must("feed", "import", room.opml, now=trial.now)
        n_desks += 1
        server.slow_s = moments.choice([0, 0, 0.01, 0.05])
        server.drops = moments.choice([0, 0, 0.02, 0.1])
        server.defers = moments.choice([0, 0, 0.1])
        for _ in range(3 * KILLS_A_DESK):
            if trial.counts["kills"] >= KILLS_A_DESK or total["kills"] + trial.counts["kills"] >= n_kills:
                break
            kind = "run" if is_new else moments.choice(["alert", "deliver", "deliver", "send", "send"])
            words = {"run": ["run"], "send": ["digest", "send"]}.get(kind, ["run", "--only", kind])
            if kind != "alert" and moments.random() < 0.3:
                trial.kill_at(moments.choice(mailbox_server.STEPS), *words)
            elif not trial.kill_after(moments.uniform(0, duration[kind]), *words):
                duration[kind] = max(0.05, duration[kind] * 0.95)
            else:
                duration[kind] = min(3, duration[kind] * 1.02)
            trial.now += 6 * MINUTE
            if is_new and trial.counts["kills"] >= 4:
                is_new = False  # its pages are here: the rest is about mail
        trial.end(total)
        if not failures():
            shutil.rmtree(trial.desk.folder)
        if os.environ.get("SOAK"):
            print(f"{total['kills']} kills on {n_desks} desks, {time.monotonic() - begun:.0f} s", flush=True)
    return n_desks


def failures():
    return newsdesk.failures


def main():
    n_kills = int(os.environ.get("KILLS", 1000 if os.environ.get("SOAK") else 20))
    moments = newsdesk.seeded_random()
    total = collections.Counter()
    arrows = collections.Counter()
    with newsdesk.Workplace("mail-kill") as folder:
        server = mailbox_server.Server(moments)
        room = newsdesk.Newsroom(folder)
        try:
            template = newsdesk.Desk(folder / "template", config=config(server.port, WISHES))
            template.must("feed", "import", room.opml, now=room.clock)
            template.must("run", "--only", "crawl", now=room.clock)
            scanned = newsdesk.Desk(folder / "scanned", config=config(server.port, WISHES), copy_of=template)
            scanned.must("run", "--only", "alert", now=room.clock)
            at_each_step(folder, room, server, scanned, arrows)
            if not failures():
                between_reply_and_commit(folder, room, server, scanned, arrows)
                before_the_first_byte(folder, room, server, scanned, arrows)
            n_desks = at_random(folder, room, server, [template, scanned], moments, n_kills, total)
        finally:
            room.stop()
        check(total["kills"] >= n_kills, f"only {total['kills']} kills met a running command")
        print(f"at each arrow: {dict(arrows)}")
        newsdesk.finish(f"{total['kills']} kills on {n_desks} desks: {total['messages']} messages with "
                        f"{total['alerts']} alerts taken, {total['in doubt']} ends in doubt, "
                        f"{total['repeats']} repeats, each the same bytes; a person was asked of "
                        f"{total['asked']}")


main()

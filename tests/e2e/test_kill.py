"""kill -9 of a run at random moments: after a last, undisturbed run nothing is lost and nothing
doubled: articles, alerts and mails are those of a desk that was never disturbed.

20 kills; 200 with SOAK=1. SEED=n repeats the moments."""

import collections
import email
import os
import signal
import subprocess
import time

import newsdesk
from newsdesk import check

KILLS_A_DESK = 4
HOUR = 3600


def world(desk):
    """What must not depend on when the power went: by address, never by number."""
    # Which of two twins (a page and its AMP form) came first is no promise, and behind the page its
    # AMP form makes no version: the newest text of an address is what must be the same.
    articles = desk.rows("SELECT canonical, title, sha256 AS sha FROM article a WHERE NOT EXISTS"
                         " (SELECT 1 FROM article b WHERE b.canonical = a.canonical AND b.version > a.version)")
    alerts = desk.rows(
        "SELECT al.item, al.is_historic, al.story_id FROM alert al ORDER BY al.item")
    members = collections.defaultdict(set)
    for row in desk.rows("SELECT story_id, canonical FROM article"):
        members[row["story_id"]].add(row["canonical"])
    return {
        "articles": sorted((r["canonical"], r["title"], r["sha"]) for r in articles),
        "stories": sorted(tuple(sorted(urls)) for urls in members.values()),
        "alerts": sorted((r["item"], r["is_historic"], tuple(sorted(members[r["story_id"]])))
                         for r in alerts),
    }


def check_mail(desk, name):
    """Every live alert is in exactly one message, every message left once under its own name."""
    told = collections.Counter(r["alert_id"] for r in desk.rows("SELECT alert_id FROM message_alert"))
    alerts = {r["id"] for r in desk.rows("SELECT id FROM alert WHERE is_historic = 0")}
    check(set(told) == alerts, f"{name}: {len(alerts - set(told))} alerts were never mailed")
    check(all(n == 1 for n in told.values()), f"{name}: an alert is in two mails")
    messages = desk.rows("SELECT message_id, state FROM message")
    check(all(m["state"] == "sent" for m in messages), f"{name}: {messages}")
    letters = [email.message_from_bytes(p.read_bytes())["Message-ID"].strip("<>")
               for p in desk.letters()]
    check(sorted(letters) == sorted(m["message_id"].strip("<>") for m in messages),
          f"{name}: letters {sorted(letters)}, messages {messages}")


# The last runs come a day later: what a killed one had not read is no history for that.
CONFIG = newsdesk.CONFIG.replace("[match]\n", "[match]\nfirst-read = 30d\n")


def leftovers(folder):
    """Processes that still work for this desk: their command line names its folder."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if str(folder).encode() in f.read() and int(pid) != os.getpid():
                    found.append(int(pid))
        except OSError:
            continue
    return found


def kill_run(desk, now, after_s):
    """True when it was still running."""
    process = subprocess.Popen(desk.command("run", now=now), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        process.wait(after_s)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def disturbed_desk(folder, room, moments, run_s, clock):
    """Runs are killed until one is too fast for it; how many were."""
    desk = newsdesk.Desk(folder, config=CONFIG)
    desk.must("feed", "import", room.opml, now=clock)
    n_killed = 0
    while n_killed < KILLS_A_DESK:
        if not kill_run(desk, clock + n_killed * HOUR, moments.uniform(0, run_s)):
            break
        n_killed += 1
        for _ in range(100):
            if not leftovers(folder):
                break
            time.sleep(0.05)
        check(not leftovers(folder), f"{folder.name}: processes outlived their run")
    # The pages of killed runs count as tried: the last runs come when every back-off is over.
    for day in (1, 2):
        desk.must("run", now=clock + day * 24 * HOUR)
    check_mail(desk, folder.name)
    return desk, n_killed


def differences(name, want, got):
    for part in want:
        lost = [x for x in want[part] if x not in got[part]]
        extra = [x for x in got[part] if x not in want[part]]
        doubled = [x for x, n in collections.Counter(map(str, got[part])).items() if n > 1]
        check(not lost, f"{name}: {len(lost)} {part} lost: {lost[:3]}")
        check(not extra, f"{name}: {len(extra)} {part} more: {extra[:3]}")
        check(not doubled, f"{name}: {part} doubled: {doubled[:3]}")


def main():
    n_kills = 200 if os.environ.get("SOAK") else 20
    moments = newsdesk.seeded_random()
    with newsdesk.Workplace("kill") as folder:
        room = newsdesk.Newsroom(folder)
        try:
            calm = newsdesk.Desk(folder / "calm", config=CONFIG)
            calm.must("feed", "import", room.opml, now=room.clock)
            begun = time.monotonic()
            calm.must("run", now=room.clock)
            run_s = time.monotonic() - begun
            for day in (1, 2):
                calm.must("run", now=room.clock + day * 24 * HOUR)
            check_mail(calm, "calm")
            want = world(calm)
            check(len(want["articles"]) > 40, f"the calm desk has {len(want['articles'])} articles")
            check(len(want["alerts"]) > 20, f"the calm desk has {len(want['alerts'])} alerts")
            n_killed = n_desks = 0
            while n_killed < n_kills and n_desks < 2 * n_kills and not newsdesk.failures:
                name = f"desk-{n_desks}"
                desk, n = disturbed_desk(folder / name, room, moments, run_s, room.clock)
                n_killed += n
                n_desks += 1
                differences(name, want, world(desk))
        finally:
            room.stop()
        check(n_killed >= n_kills, f"only {n_killed} kills met a running run")
        newsdesk.finish(f"{n_killed} runs killed on {n_desks} desks; a calm one takes {run_s:.2f} s: "
                        f"{len(want['articles'])} articles, {len(want['alerts'])} alerts")


main()

"""Pass 2 is done by one process at a time: a run that finds it taken crawls all the same, says so in
its log and ends well; what it left is told once by the next run."""

import newsdesk
from newsdesk import check

EX_TEMPFAIL = 75


def one_at_a_time(folder, room):
    desk = newsdesk.Desk(folder / "desk")
    desk.must("feed", "import", room.opml, now=room.clock)
    with newsdesk.engine.locked(desk.db, "alerts"):
        done = desk.call("-v", "run", "--lock-wait", "1", now=room.clock)
        check(done.returncode == 0, f"run: {done.returncode}: {done.stderr[-400:]}")
        left = [l for l in done.stderr.splitlines() if " alerts left to others" in l]
        check(len(left) == 1 and "pid 17 of elsewhere" in left[0], f"run says {left}")
        n = len(desk.rows("SELECT id FROM article"))
        check(n > 40, f"{n} articles")
        check(not desk.rows("SELECT id FROM mention") and not desk.letters(), "pass 2 was done")
        done = desk.call("run", "--lock-wait", "0", now=room.clock)
        check(done.returncode == 0 and done.stderr == "", f"cron hears {done.stderr!r}")
        for words in (["run", "--only", "deliver", "--lock-wait", "0"], ["digest", "send"],
                      ["watch", "rescan"]):
            done = desk.call(*words, now=room.clock)
            check(done.returncode == EX_TEMPFAIL and "of elsewhere" in done.stderr,
                  f"{words}: {done.returncode}: {done.stderr}")
    desk.must("run", now=room.clock)
    n = len(desk.rows("SELECT id FROM alert WHERE is_historic = 0"))
    told = desk.rows("SELECT COUNT(*) AS n FROM told")[0]["n"]
    check(n > 3 and told == n, f"{told} of {n} alerts told")
    check(len(desk.letters()) == 1, f"{len(desk.letters())} letters")


def main():
    with newsdesk.Workplace("pass2") as folder:
        room = newsdesk.Newsroom(folder)
        try:
            one_at_a_time(folder, room)
        finally:
            room.stop()
    newsdesk.finish("what one left, the next told")


main()

"""kill -9 of a backfill at random moments: in the end its store is that of one that was never
disturbed, article by article, story by story, alert by alert; no archive's limit is broken on the
way, and little is fetched twice.

The sites set the pace, not the machine: each page takes its time, and a kill comes when so many
requests have. One more desk is killed while they answer at once, for what one commit may hold is
bounded by number too.

60 pages and 5 kills; with SOAK=1 2,000 pages and a kill about every second. SEED=n repeats the
moments."""

import os
import signal
import subprocess
import time

import archives_web
import history
import newsdesk
import oldsites
from newsdesk import check

SOAK = bool(os.environ.get("SOAK"))
N_PAGES = 2000 if SOAK else 60
N_KILLS = 1000 if SOAK else 5  # or until a backfill is done
SITES = 2
# Requests a kill may cost: what one commit was to hold (COMMIT_PAGES_MAX), what waited for a worker
# (TO_PARSE_MAX), what the workers had, one more than cores, and what was in flight.
IN_HAND = 16 + 8 + (os.cpu_count() or 1) + 1 + SITES
ANSWER_S = 0.04  # a page takes; its site has one connection
TOGETHER = 30  # requests until a kill, at most


class World:
    """Two sites whose sitemaps name pages, one in six of them gone or edited; an archive."""

    def __init__(self):
        self.archive = archives_web.Wayback(history.PACE)
        self.sites = [oldsites.Site(history.PACE) for _ in range(SITES)]
        for i, site in enumerate(self.sites):
            site.write(31 + i, N_PAGES // SITES, "2022-01-01", "2022-12-31",
                       states=("live",) * 5 + ("gone",), telling=4)
            oldsites.month_sitemaps(site)
        self.take(ANSWER_S)

    def desk(self, folder):
        return history.Desk(folder, {"wayback": self.archive})

    def words(self):
        return ("backfill", "sitemap", *(s.base for s in self.sites))

    def take(self, seconds):
        """So long for every page from now on."""
        for site in self.sites:
            for page in site.pages.values():
                page.wait_s = seconds

    def n_requests(self):
        return sum(len(s.log) for s in self.sites)

    def check(self):
        for s in (self.archive, *self.sites):
            s.check_rules()

    def forget(self):
        for s in (self.archive, *self.sites):
            s.forget()


def leftovers(folder):
    """Processes that still work for this desk."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if str(folder).encode() in f.read() and int(pid) != os.getpid():
                    found.append(pid)
        except OSError:
            continue
    return found


def killed(desk, world, n, after_s):
    """When n more requests have come, and after_s. False: it was done before."""
    n += world.n_requests()
    process = subprocess.Popen(desk.command(*world.words()), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    end = time.monotonic() + newsdesk.COMMAND_S
    while process.poll() is None and world.n_requests() < n and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(after_s)
    if process.poll() is not None:
        check(process.returncode == 0, f"a backfill ended with {process.returncode}")
        return False
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(100):
        if not leftovers(desk.folder):
            return True
        time.sleep(0.05)
    check(False, "processes outlived their backfill")
    return True


def disturb(desk, world, moments, n_most):
    """Kills until there were enough, or it is done; how many."""
    n = 0
    while n < N_KILLS and not newsdesk.failures:
        if not killed(desk, world, moments.randint(1, n_most), moments.uniform(0, ANSWER_S)):
            break
        n += 1
    return n


def finish(desk, world, want, n, n_calm):
    """After n kills it is done in peace, and nobody can tell; the requests it cost."""
    desk.later_s = 24 * 3600 if n else 0  # what a killed one had in hand may have to rest
    desk.must(*world.words())
    history.check_same(want, history.world(desk), f"after {n} kills")
    history.check_quiet(desk, f"after {n} kills")
    more = world.n_requests() - n_calm
    check(more <= n * IN_HAND, f"{more} requests more than undisturbed, for {n} kills")
    world.check()
    world.forget()
    return more


def main():
    moments = newsdesk.seeded_random()
    world = World()
    if SOAK:
        newsdesk.COMMAND_S = 600
    with newsdesk.Workplace("history-kill") as folder:
        calm = world.desk(folder / "calm")
        begun = time.monotonic()
        calm.must(*world.words())
        calm_s = time.monotonic() - begun
        n_calm = world.n_requests()
        want = history.world(calm)
        check(len(want["articles"]) >= N_PAGES * 5 // 6,
              f"the calm one has {len(want['articles'])} articles of {N_PAGES} pages")
        world.check()
        world.forget()
        n_killed = 0
        for attempt in range(4):
            desk = world.desk(folder / f"desk-{attempt}")
            n = disturb(desk, world, moments, TOGETHER * 2 if SOAK else TOGETHER)
            more = finish(desk, world, want, n, n_calm)
            n_killed += n
            if n_killed >= (20 if SOAK else N_KILLS) or newsdesk.failures:
                break
        check(n_killed >= 3, f"only {n_killed} kills met a backfill at work")
        world.take(0)
        desk = world.desk(folder / "desk-at-once")
        n = int(killed(desk, world, n_calm * 3 // 4, 0))
        fast = finish(desk, world, want, n, n_calm)
        newsdesk.finish(f"{n_killed} kills, {more} requests more than the {n_calm} of a calm one, "
                        f"which takes {calm_s:.1f} s, and {fast} for {n} where all answer at once: "
                        f"{len(want['articles'])} articles, {len(want['alerts'])} alerts")


main()

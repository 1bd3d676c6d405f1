"""Three machines, each in a network of its own, crawl into one store a farm of hosts that all of
them reach: no host is asked faster than its pace, by whomever; no page twice; each article is
there once; the work is shared. Then one is killed in mid-run, and then the server goes away for a
while: what is left is done by the others, and later.

60 hosts; with SOAK=1 1,000, as the issue of several machines has it. Needs a PostgreSQL server and
leave to make network namespaces."""

import collections
import os
import subprocess
import sys
import time

import machines
import newsdesk
from newsdesk import check

sys.path.insert(0, str(newsdesk.TOP / "tests" / "support"))
import engine  # noqa: E402

SOAK = bool(os.environ.get("SOAK"))
N_HOSTS = 1000 if SOAK else 60
N_MACHINES = 3
PACE_S = 1
RUN_S = 600 if SOAK else 180
LEASE_S = 5
UNDER_WAY = 64 + 16  # of a machine: in-flight's default, and what may have come but is not committed
SHARE = 0.2  # of the mean: how far from it a machine's work may be, when there is enough of it
SLACK_S = 0.1  # a request is noted when it has arrived: the first of a connection later than others

CONFIG = (newsdesk.CONFIG.replace("timezone = UTC", f"timezone = UTC\nlease = {LEASE_S}s")
          .replace("127.0.0.0/8", machines.FARM_NET)
          .replace("per-host-interval = 0s", f"per-host-interval = {PACE_S}s"))


def own_server():
    """A server that this test may stop: it goes on under a cluster.sh of its own."""
    if engine.is_file:
        newsdesk.skip("several machines need a server between them: make check STORE=postgresql")
    if os.environ.get("WW_OWN_SERVER") != "yes":
        os.environ["WW_OWN_SERVER"] = "yes"
        os.execvp("sh", ["sh", str(newsdesk.TOP / "tests" / "support" / "cluster.sh"),
                         sys.executable, *sys.argv])


class World:
    """The farm, and as many desks at one store as there are machines."""

    def __init__(self, folder, net, n_hosts):
        self.net, self.n_hosts = net, n_hosts
        self.began = time.monotonic()
        self.db = engine.new(folder / "shared.db")
        self.desks = []
        for i in range(N_MACHINES):
            desk = newsdesk.Desk(folder / f"machine{i}", config=CONFIG, init=False)
            desk.db = self.db
            self.desks.append(desk)
        self.desks[0].must("init", newsdesk.WATCHLIST)
        opml = folder / "farm.opml"
        outlines = "".join(f'<outline type="rss" text="{machines.host_name(i)}" '
                           f'xmlUrl="{machines.feed_url(i)}"/>' for i in range(n_hosts))
        opml.write_text(f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>')
        self.desks[0].must("feed", "import", opml)

    def start(self, i, *words):
        desk = self.desks[i]
        command = desk.command("--machine", f"machine{i}", *(words or ("run", "-v")))
        log = open(desk.folder / "run.log", "a")
        return subprocess.Popen(self.net.on(i, command), stdin=subprocess.DEVNULL, stdout=log,
                                stderr=log)

    def asked(self):
        return [a for a in self.net.asked() if a.at >= self.began]

    def check_pace(self, what):
        """By the farm's log: from one request of a host to the next, whoever made them."""
        hosts = collections.defaultdict(list)
        for a in self.asked():
            hosts[a.host].append(a)
        for host, log in hosts.items():
            for before, after in zip(log, log[1:]):
                slack_s = SLACK_S + max(before.late_s, after.late_s)
                check(after.at - before.at >= PACE_S - slack_s,
                      f"{what}: {host}: {before.path} by {before.machine} and {after.path} by "
                      f"{after.machine} are {after.at - before.at:.3f} s apart")

    def pages(self):
        return collections.Counter(f"{a.host}{a.path}" for a in self.asked()
                                   if a.path.startswith("/p"))

    def check_store(self, what):
        rows = self.desks[0].rows("SELECT canonical, COUNT(*) AS n FROM article GROUP BY canonical")
        check(len(rows) == self.n_hosts * machines.N_PAGES,
              f"{what}: {len(rows)} articles of {self.n_hosts * machines.N_PAGES}")
        twice = [r["canonical"] for r in rows if int(r["n"]) != 1]
        check(not twice, f"{what}: stored twice: {twice[:5]}")
        # Two hosts of four print one text on their second page.
        pairs = self.desks[0].rows("SELECT COUNT(*) AS n FROM story WHERE n_articles = 2")
        check(int(pairs[0]["n"]) == self.n_hosts // 4,
              f"{what}: {pairs[0]['n']} stories of two, not {self.n_hosts // 4}")
        left = self.desks[0].rows("SELECT COUNT(*) AS n FROM page WHERE state <> 'done'")
        check(int(left[0]["n"]) == 0, f"{what}: {left[0]['n']} pages are left")


def finish_all(processes, what, status=(0,)):
    for i, process in enumerate(processes):
        try:
            code = process.wait(RUN_S)
            check(code in status, f"{what}: machine {i} ended with {code}")
        except subprocess.TimeoutExpired:
            process.kill()
            check(False, f"{what}: machine {i} has not ended after {RUN_S} s")


def run_until_done(world, what):
    """Cron's later runs: what a killed one held is free when its lease has lapsed."""
    for _ in range(4):
        finish_all([world.start(i) for i in range(N_MACHINES)], what)
        left = world.desks[0].rows(
            "SELECT (SELECT COUNT(*) FROM feed WHERE last_ok_at = 0)"
            " + (SELECT COUNT(*) FROM page WHERE state = 'queued') AS n")
        if int(left[0]["n"]) == 0:
            return
        time.sleep(LEASE_S)


def all_at_once(folder, net):
    world = World(folder / "calm", net, N_HOSTS)
    finish_all([world.start(i) for i in range(N_MACHINES)], "at once")
    took_s = time.monotonic() - world.began
    run_until_done(world, "at once")
    world.check_pace("at once")
    world.check_store("at once")
    twice = [page for page, n in world.pages().items() if n != 1]
    check(not twice, f"at once: asked twice: {twice[:5]}")
    work = collections.Counter(a.machine for a in world.asked() if a.path != "/robots.txt")
    mean = sum(work.values()) / N_MACHINES
    for machine, n in work.items() if SOAK else ():  # each claims some dozens at a time
        check(abs(n - mean) <= SHARE * mean, f"at once: {machine} made {n} of {mean:.0f} requests")
    return f"{len(world.asked())} requests of {N_MACHINES} machines in {took_s:.1f} s, " \
           f"by machine {sorted(work.values())}"


def wait_for_pages(world, n):
    until = time.monotonic() + RUN_S
    while time.monotonic() < until:
        if sum(world.pages().values()) >= n:
            return
        time.sleep(0.05)
    check(False, f"{n} pages were not asked for in {RUN_S} s")


def one_is_killed(folder, net):
    world = World(folder / "killed", net, N_HOSTS)
    processes = [world.start(i) for i in range(N_MACHINES)]
    wait_for_pages(world, N_HOSTS // 2)
    processes[1].kill()
    processes[1].wait()
    finish_all([processes[0], processes[2]], "killed")
    time.sleep(LEASE_S)
    run_until_done(world, "killed")
    world.check_pace("killed")
    world.check_store("killed")
    again = sum(n - 1 for n in world.pages().values())
    check(again <= UNDER_WAY, f"killed: {again} pages were asked for again")
    return f"kill -9: {again} pages asked again"


def server_goes_away(folder, net):
    world = World(folder / "away", net, N_HOSTS)
    processes = [world.start(i) for i in range(N_MACHINES)]
    wait_for_pages(world, N_HOSTS // 3)
    server = os.environ["WW_TEST_SERVER"].split()
    subprocess.run([*server, "-m", "immediate", "stop"], check=True)
    time.sleep(10 if SOAK else 4)
    subprocess.run([*server, "start"], check=True)
    finish_all(processes, "away", (0, 75))
    run_until_done(world, "away")
    world.check_pace("away")
    world.check_store("away")
    again = sum(n - 1 for n in world.pages().values())
    check(again <= N_MACHINES * UNDER_WAY, f"away: {again} pages were asked for again")
    return f"server away: {again} pages asked again"


def main():
    own_server()
    machines.make_own()
    with newsdesk.Workplace("machines") as folder:
        net = machines.Network(folder, N_MACHINES)
        try:
            said = [part(folder, net) for part in (all_at_once, one_is_killed, server_goes_away)]
        finally:
            net.stop()
        newsdesk.finish("; ".join(said))


main()

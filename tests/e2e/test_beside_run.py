#!/usr/bin/env python3
"""A run beside a backfill of the same site, seen from the site: together they keep the pace of one,
while the run is at work the backfill asks nothing, and nothing is asked twice. Time is twelve
times as fast."""

import pathlib
import subprocess
import tempfile
import time

import archives
import newsdesk as desk
import oldsites
from newsdesk import check

SPEED = 12
PACE_S = 3
N_OLD, N_NEW = 30, 5  # so many that a run which is slow to begin finds the backfill at work
WAIT_S = 30  # of the machine's, for either process
CONFIG = desk.CONFIG.replace("per-host-interval = 0s", f"per-host-interval = {PACE_S}s")


def serve():
    site = oldsites.Site(pace=SPEED)
    site.gap_s = PACE_S
    old = site.write("beside", N_OLD, "2022-03-01", "2022-06-30")
    new = site.write("news", N_NEW, "2026-11-20", "2026-11-22")
    site.page("/sitemap.xml", archives.Answer(oldsites.urlset(old), kind=oldsites.XML))
    site.page("/feed", archives.Answer(oldsites.rss(site.base, new), kind=oldsites.XML))
    return site, old, new


def wait_for(condition, what):
    until = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"no {what} within {WAIT_S} s")
        time.sleep(0.02)


def watch(d, site, url):
    opml = d.folder / "feeds.opml"
    opml.write_text('<opml version="2.0"><body><outline text="Old Site" type="rss" '
                    f'xmlUrl="{url}"/></body></opml>')
    d.must("feed", "import", opml)


def last_start(d, site):
    with desk.engine.opened(d.db) as db:
        row = db.execute("SELECT last_start_at FROM host WHERE host = ?",
                         (site.authority.partition(":")[0],)).fetchone()
    return row[0] if row else 0


def check_store(d, site):
    """Each request is in the store before the next is made, for a run that may begin then."""
    for _ in range(2):
        before, n = last_start(d, site), len(site.log)
        wait_for(lambda: len(site.log) > n, "further page")
        wait_for(lambda: last_start(d, site) > before or len(site.log) > n + 1, "further page")
        check(last_start(d, site) > before, "a request of the backfill is not in the store")


def check_log(site, old, new):
    log = site.asked()
    gaps = [(b.at - a.at) * SPEED for a, b in zip(log, log[1:])]
    for (a, b), gap in zip(zip(log, log[1:]), gaps):
        check(gap >= PACE_S - archives.slack(a.at, b.at) * SPEED,
              f"{b.path} was asked {gap:.3f} s after {a.path}")
    old_paths, new_paths = {a.path for a in old}, {a.path for a in new} | {"/feed"}
    for path in old_paths | new_paths:
        check(site.count("^" + path + "$") == 1, f"{path} was asked {site.count(path)} times")
    at = [i for i, e in enumerate(log) if e.path in new_paths]
    between = [e.path for e in log[at[0]:at[-1]] if e.path in old_paths] if at else ["no run"]
    check(not between, f"during the run the backfill asked for {between}")
    check(any(e.path in old_paths for e in log[:at[0]]), "the backfill had not begun")
    check(any(e.path in old_paths for e in log[at[-1]:]), "the backfill did not go on")
    return min(gaps)


with tempfile.TemporaryDirectory(dir=desk.B) as name:
    site, old, new = serve()
    d = desk.Desk(pathlib.Path(name) / "desk", config=CONFIG)
    now = desk.Hurry(SPEED)
    watch(d, site, site.base + "/feed")
    backfill = subprocess.Popen(d.command("backfill", "sitemap", site.base + "/sitemap.xml", now=now),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: len(site.log) > 4, "page of the backfill")
        check_store(d, site)
        d.must("run", "--only", "crawl", now=now)
        out, err = backfill.communicate(timeout=WAIT_S + 10)
    finally:
        if backfill.poll() is None:
            backfill.kill()
            backfill.wait()
    check(backfill.returncode == 0, f"the backfill ended with {backfill.returncode}: {err}")
    least = check_log(site, old, new)
    site.check_rules()
    site.close()

desk.finish(f"{len(site.log)} requests of two processes to one site, at least {least:.2f} s apart")

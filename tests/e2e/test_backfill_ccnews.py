"""Common Crawl's news crawl as a stream: planned, stopped by its budget in the middle, gone on with;
what is stored is the window's and the host's, and the server is asked as it wants to be."""

import time

import archives_web
import newsdesk
import past
from newsdesk import check

SPEED = 60  # times as fast: theirs and ours
SINCE, UNTIL = "2022-10-01", "2022-10-31"


def files(service):
    """A file holds an hour and a half, of two papers; the articles of the one that is asked for."""
    ours = past.articles(31, "http://paper.test", 24, "2022-09-20", "2022-11-10")
    theirs = past.articles(32, "http://other.test", 24, "2022-09-20", "2022-11-10")
    met = sorted(archives_web.captures_of(ours + theirs, 3600), key=lambda c: c.at)
    while met:
        end = met[0].at + 5400
        service.publish(met[0].at - 60, [c for c in met if c.at < end])
        met = [c for c in met if c.at >= end]
    return past.within(ours, SINCE, UNTIL)


def stored(desk):
    return {row["url"] for row in desk.rows("SELECT url FROM article")}


def main():
    begun = time.monotonic()
    now = newsdesk.Hurry(SPEED)
    service = archives_web.CcNews(pace=SPEED)
    wanted = {a.url for a in files(service)}
    with newsdesk.Workplace("ccnews") as folder:
        desk = newsdesk.Desk(folder / "desk", newsdesk.CONFIG +
                             f"[backfill]\ncommoncrawl-data = {service.base}\n")
        order = ("backfill", "ccnews", "paper.test", "--since", SINCE, "--until", UNTIL)
        planned = desk.call(*order, "--plan", now=now)
        check(planned.returncode == 0, f"plan: {planned.returncode} {planned.stderr}")
        check("3 read" in planned.stdout, f"plan: {planned.stdout}")
        n_paths = service.count("warc.paths.gz")
        check(service.count() == n_paths == 3, f"a plan asked for {service.count()} files")
        first = desk.call(*order, "--budget", "20", "--yes", now=now)
        check(first.returncode == 3, f"cut short: {first.returncode} {first.stderr}")
        check(service.count() <= 20 + n_paths, f"{service.count()} requests by a budget of 20")
        check(0 < len(stored(desk)) < len(wanted), f"{len(stored(desk))} articles by a part")
        going_on = desk.call("backfill", "resume", "1", "--budget", "1000", now=now)
        check(going_on.returncode == 0, f"resume: {going_on.returncode} {going_on.stderr}")
        check(stored(desk) == wanted, f"missing {sorted(wanted - stored(desk))[:2]},"
              f" too many {sorted(stored(desk) - wanted)[:2]}")
        check(len(desk.rows("SELECT 1 FROM article")) == len(wanted), "an article twice")
        check(all(row["provenance"] == "ccnews" and row["capture"].startswith(service.base)
                  for row in desk.rows("SELECT provenance, capture FROM article")), "whose it is")
        parts = [path for path in service.twice("CC-NEWS-") if path]
        check(len(parts) <= 2, f"asked for twice: {parts[:3]}")  # of the file it was in
        service.check_rules()
        newsdesk.finish(f"{len(wanted)} articles out of {len(service.files)} files, "
                        f"{time.monotonic() - begun:.1f} s")


main()

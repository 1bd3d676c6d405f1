"""A backfill that is stopped goes on where it was; a run beside it comes first; a budget and a rate
are kept; the same order twice is one."""

import signal
import subprocess
import sys
import time

import history
import newsdesk
import oldsites
import past
from archives import Answer
from newsdesk import check

sys.path.insert(0, str(newsdesk.TOP / "tests" / "support"))
import engine  # noqa: E402

SINCE, UNTIL = "2022-10-01", "2022-11-30"
SLOW_S = 0.02
SLOWER_S = 0.1  # where it has to be at work still when it is disturbed


def slow(site, wait_s):
    """Its pages take a moment, so that there is something to disturb."""
    for path, answer in site.pages.items():
        if path.endswith(".html"):
            answer.wait_s = wait_s
    return site


def old_site(n=60, wait_s=SLOW_S):
    site = oldsites.Site(history.PACE)
    site.write(51, n, SINCE, UNTIL)
    oldsites.single_sitemap(site)
    return slow(site, wait_s)


def start(desk, *words):
    return subprocess.Popen(desk.command(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True)


def wait_for(condition, most_s=30):
    for _ in range(int(most_s / 0.02)):
        if condition():
            return True
        time.sleep(0.02)
    return False


def stop_and_resume(folder):
    site = old_site(wait_s=SLOWER_S)
    desk = history.Desk(folder / "stop")
    process = start(desk, "backfill", "sitemap", site.base)
    check(wait_for(lambda: site.count("html$") >= 10), "it never came to its pages")
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[0]
    check(time.monotonic() - asked < 10, f"SIGINT took {time.monotonic() - asked:.1f} s")
    check(process.returncode == 130, f"SIGINT: it ended with {process.returncode}: {said[-300:]}")
    n = site.count("html$")
    check(10 <= n < 55, f"SIGINT behind {n} pages")
    number = desk.newest()["id"]
    check(f"backfill resume {number}" in said, f"it does not say how to go on: {said[-300:]}")
    check(desk.newest()["state"] == "open", f"stopped, it is {desk.newest()['state']}")
    listed = desk.must("backfill", "list").stdout
    check(site.base.split("//")[1] in listed and "sitemap" in listed, f"backfill list: {listed}")
    desk.backfill("resume")
    history.check_articles(desk, site.articles, "sitemap", "resumed")
    history.check_mentions(desk, site.articles, "resumed")
    history.check_report(desk, site.articles, "resumed")
    check(site.count("html$") == len(site.articles),
          f"resumed: {site.count('html$')} requests for {len(site.articles)} pages")
    check(desk.newest()["state"] == "done", f"resumed, it is {desk.newest()['state']}")
    site.check_rules()
    before = site.count()
    desk.backfill("resume", str(number), ok=(0, 64, 66))
    check(site.count() - before <= 3, "a backfill that is done asked again")


def cancelled(folder):
    site = old_site()
    desk = history.Desk(folder / "cancel")
    desk.backfill("sitemap", site.base, "--budget", "20", ok=(0, 3, 75))
    n = site.count()
    check(n <= 21, f"budget of 20: {n} requests")
    check(desk.newest()["state"] == "open", f"budget spent: it is {desk.newest()['state']}")
    desk.must("backfill", "cancel", desk.newest()["id"])
    check(desk.newest()["state"] == "cancelled", f"cancelled, it is {desk.newest()['state']}")
    desk.must("run")
    desk.backfill("resume", ok=(0, 64, 66))
    check(site.count("html$") <= n, "pages of a cancelled backfill were fetched")
    left = desk.rows("SELECT id FROM page WHERE state = 'queued'")
    check(not left, f"cancelled: {len(left)} pages are queued still")
    desk.backfill("sitemap", site.base, "--since", "2000-01")
    history.check_articles(desk, site.articles, "sitemap", "cancelled, and asked for anew")


def taken_over(folder):
    """Its claim lapsed, and another machine resumed it: that one's word on it stands."""
    site = old_site(wait_s=SLOWER_S)
    desk = history.Desk(folder / "taken")
    process = start(desk, "backfill", "sitemap", site.base)
    check(wait_for(lambda: site.count("html$") >= 5), "taken over: it never came to its pages")
    engine.write(desk.db, "UPDATE backfill SET claimed_by = 'eiger/backfill',"
                 " claimed_until = 4000000000, message = 'by eiger'")
    said = process.communicate(timeout=40)[0]
    check(process.returncode not in (0, 130) and "another machine works on" in said,
          f"taken over: it ended with {process.returncode}: {said[-300:]}")
    row = desk.rows("SELECT state, message, claimed_by FROM backfill")[0]
    check(list(row.values()) == ["open", "by eiger", "eiger/backfill"], f"taken over: {row}")


def beside_a_run(folder):
    """The run's site is asked while it is at work, the backfill's is not."""
    site, live = old_site(120), oldsites.Site(history.PACE)
    desk = history.Desk(folder / "beside")
    now = int(newsdesk.time.time()) - 7200
    live.publish([past.write(past.random.Random(i), live.base, now, i, tells=True) for i in range(8)])
    live.page("/feed", Answer(oldsites.rss(live.base, live.articles, False), kind="application/rss+xml"))
    for path, answer in live.pages.items():
        if path.endswith(".html"):
            answer.wait_s = 0.1
    desk.must("feed", "add", live.base + "/feed")
    live.forget()
    process = start(desk, "backfill", "sitemap", site.base)
    check(wait_for(lambda: site.count("html$") >= 5), "beside: it never came to its pages")
    desk.must("run")
    said = process.communicate(timeout=40)[0]
    check(process.returncode == 0, f"beside: the backfill ended with {process.returncode}: {said[-400:]}")
    times = [e.at for e in live.asked("html$")]
    check(len(times) == 8, f"beside: the run fetched {len(times)} of 8 pages")
    if times:
        meanwhile = [e for e in site.log if min(times) + 0.2 < e.at < max(times)]
        check(len(meanwhile) <= 1, f"beside: {len(meanwhile)} requests of the backfill during the run")
    urls = {a.url for a in live.articles}
    rows = desk.articles()
    news = {r["url"] for r in rows if not r["is_historic"]}
    check(news == urls, f"beside: {len(news)} articles are news, 8 are: {sorted(news ^ urls)[:2]}")
    check({r["url"] for r in rows} == urls | {a.url for a in site.articles}, "beside: not all there")
    told = desk.rows("SELECT DISTINCT a.url FROM alert al JOIN article a ON a.id = al.article_id"
                     " WHERE al.is_historic = 0")
    check({r["url"] for r in told} == urls, f"beside: {len(told)} articles made live alerts, not 8")
    desk.must("run")
    mailed = "".join(p.read_text() for p in desk.letters())
    strays = [a.title for a in site.articles if a.items and a.title in mailed]
    check(not strays, f"beside: history in a mail: {strays[:2]}")
    for s in (site, live):
        s.check_rules()


def rate(folder):
    """Ten a minute: 12 requests take more than a minute of its clock."""
    site = oldsites.Site(history.PACE)
    site.write(52, 10, SINCE, UNTIL)
    oldsites.single_sitemap(site)
    desk = history.Desk(folder / "rate")
    desk.backfill("sitemap", site.base, "--rate", "10")
    history.check_articles(desk, site.articles, "sitemap", "rate")
    check(site.busiest(50) <= 10, f"rate: {site.busiest(50)} requests in 50 s, at 10 a minute")


def main():
    begun = time.monotonic()
    with newsdesk.Workplace("history-beside") as folder:
        history.work_through((stop_and_resume, cancelled, taken_over, beside_a_run, rate), folder)
        newsdesk.finish(f"stopped, resumed, cancelled, beside a run: {time.monotonic() - begun:.1f} s")


main()

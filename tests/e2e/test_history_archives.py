"""Backfills from archives and from lists of other monitors: all that they hold is found, their
limits are kept (their logs say so), the live page is preferred and both are kept when they differ.

The cases wait for their archives' pauses, so they run beside each other. CASE=name: one of them;
SOAK=1: larger worlds."""

import os
import time

import archives
import archives_web
import history
import newsdesk
import oldsites
import past
from archives import Answer
from history import check_article, check_articles, check_mentions, check_report
from newsdesk import check

SINCE, UNTIL = "2022-10-01", "2022-10-31"
WINDOW = ("--since", SINCE, "--until", UNTIL)
SOAK = bool(os.environ.get("SOAK"))
cases, lonely = [], []


def case(story):
    cases.append(story)
    return story


def alone(story):
    """Not beside others: it compares times."""
    lonely.append(story)
    return story


def beside(n, more):
    return more if SOAK else n


def dead_paper(n):
    """A site that is no more: nobody may ask for its pages."""
    old = past.articles(21, "http://paper.invalid", n, "2022-08-01", "2022-12-31", telling=3)
    return old, past.within(old, SINCE, UNTIL)


def check_captures(desk, w, name):
    """Each article of the archive says which copy it is, and when that was made."""
    for row in desk.rows("SELECT * FROM article WHERE capture != ''"):
        found = [c for c in w.captures if c.url == row["url"] and c.stamp in row["capture"]]
        check(found and row["fetched_at"] == found[0].at,
              f"{name}: {row['capture']} of {row['fetched_at']}")


@case
def wayback_only(folder):
    """In pieces by resume key, captures of a site that is not asked any more."""
    w = archives_web.Wayback(history.PACE)
    old, want = dead_paper(beside(30, 300))
    for c in archives_web.captures_of(old, 1):
        w.keep(c.url, c.at, c.body)
    for a in want[:2]:
        w.keep(a.url, a.published + 60 * past.DAY, "<html><title>Domain for sale</title></html>")
    w.biggest_limit = beside(4, 90)
    desk = history.Desk(folder / "only", {"wayback": w})
    desk.backfill("wayback", "http://paper.invalid/*", *WINDOW, "--captures", "only")
    check_articles(desk, want, "wayback", "captures only")
    check_mentions(desk, want, "captures only")
    check_report(desk, want, "captures only")
    check_captures(desk, w, "captures only")
    check(not w.twice("/web/"), f"captures only: asked twice: {w.twice('/web/')[:3]}")
    check(w.count("resumeKey=.") > 0, "captures only: no resume key was used")
    w.check_rules()


@case
def wayback_of_the_dead(folder):
    """A site whose name is gone: its pages come from their copies at once, without being told to; one
    whose archive stumbles a minute later."""
    w = archives_web.Wayback(history.PACE)
    old, want = dead_paper(beside(8, 60))
    for c in archives_web.captures_of(old, 1):
        w.keep(c.url, c.at, c.body)
    w.turn(f"^/web/.*{want[0].path}$", Answer("<h1>502 Bad Gateway</h1>", 502))
    desk = history.Desk(folder / "dead", {"wayback": w})
    desk.backfill("wayback", "http://paper.invalid/*", *WINDOW)
    check_articles(desk, want, "wayback", "of the dead")
    check_captures(desk, w, "of the dead")
    check(not w.twice("/web/"), f"of the dead: asked twice: {w.twice('/web/')[:3]}")
    check(desk.newest()["state"] == "done", f"of the dead: it is {desk.newest()['state']}")
    w.check_rules()


@case
def wayback_and_site(folder):
    """Live pages first; of those that are gone the earliest copy, of edited ones both."""
    w, site = archives_web.Wayback(history.PACE), oldsites.Site(history.PACE)
    site.write(22, 15, "2022-09-15", "2022-11-15", states=("live", "gone", "edited"), telling=3)
    want = past.within(site.articles, SINCE, UNTIL)
    for c in archives_web.captures_of(site.articles):
        w.keep(c.url, c.at, c.body)
    for a in want:
        w.keep(a.url, a.published + 30 * past.DAY, a.html(edited=True))  # a later copy
    desk = history.Desk(folder / "both", {"wayback": w})
    desk.backfill("wayback", site.base + "/*", *WINDOW, "--captures", "both")
    rows = desk.articles()
    for a in want:
        mine = [r for r in rows if r["url"] == a.url]
        n = 2 if a.state == "edited" else 1
        check(len(mine) == n, f"both: {len(mine)} versions of a page that is {a.state}, not {n}: {a.url}")
        for row in mine:
            check(row["published_at"] == a.published and row["title"] == a.title and row["is_historic"],
                  f"both: {a.url}: {row['title']!r}, {row['published_at']}")
        if a.state == "gone":
            check(all(r["capture"] for r in mine), f"both: {a.url} is gone, and its article is no copy")
        first = past.stamp(a.published + 2 * past.DAY)
        taken = [e.path for e in w.asked(f"/web/.*{a.path}$")]
        check(all(f"/{first}id_/" in p for p in taken), f"both: not the earliest copy: {taken}")
    urls = {a.url for a in want}
    check(not [r for r in rows if r["url"] not in urls], "both: articles outside the window")
    history.check_quiet(desk, "both")
    found = desk.report()
    check(found.get(("found", "known"), 0) == 0, f"both: known before are {found.get(('found', 'known'))}, of a new desk")
    check_captures(desk, w, "both")
    for s in (w, site):
        s.check_rules()
    check(max(site.fetched().values(), default=0) <= 1, "both: a page was fetched twice")


@case
def wayback_missing(folder):
    """By default a copy is asked for only where the page cannot be had."""
    w, site = archives_web.Wayback(history.PACE), oldsites.Site(history.PACE)
    site.write(23, 12, "2022-10-02", "2022-10-30", states=("live", "live", "gone"), telling=3)
    for c in archives_web.captures_of(site.articles):
        w.keep(c.url, c.at, c.body)
    desk = history.Desk(folder / "missing", {"wayback": w})
    desk.backfill("wayback", site.base + "/*", *WINDOW, "--captures", "missing")
    rows = check_articles(desk, site.articles, "wayback", "missing")
    gone = {a.url for a in site.articles if a.state == "gone"}
    copies = {r["url"] for r in rows if r["capture"]}
    check(copies == gone, f"missing: copies of {len(copies)} pages, {len(gone)} are gone")
    check(w.count("^/web/") == len(gone), f"missing: {w.count('^/web/')} copies were asked for")
    check_mentions(desk, site.articles, "missing")
    for s in (w, site):
        s.check_rules()


@case
def wayback_stumbles(folder):
    """A 502 passes, and so does a line that breaks: the copy is asked for again. One that is always
    answered so is given up after the third time, with its reason."""
    w = archives_web.Wayback(history.PACE)
    want = dead_paper(30)[1][:4]
    for c in archives_web.captures_of(want, 3600):
        w.keep(c.url, c.at, c.body)
    for a, times in zip(want, (1, 1000, 1)):
        w.turn(f"^/web/.*{a.path}$", Answer("<h1>502 Bad Gateway</h1>", 502), times=times)
    w.turn(f"^/web/.*{want[3].path}$", Answer(want[3].html(), cut=200))
    desk = history.Desk(folder / "stumbles", {"wayback": w})
    words = ("wayback", "http://paper.invalid/*", *WINDOW, "--captures", "only")
    desk.backfill(*words, ok=(75,))
    check(desk.newest()["state"] == "open", f"stumbles: it is {desk.newest()['state']}")
    desk.later_s += 700
    desk.backfill(*words)
    check_articles(desk, [want[0], *want[2:]], "wayback", "stumbles")
    check(desk.newest()["state"] == "done", f"stumbles: it is {desk.newest()['state']}")
    finds = desk.rows("SELECT state, message FROM find WHERE url = ?", want[1].url)
    check([tuple(f.values()) for f in finds] == [("failed", "the archive answers 502")],
          f"stumbles: {finds}")
    n = [w.count(f"^/web/.*{a.path}$") for a in want]
    check(n == [2, 3, 2, 2], f"stumbles: {n} requests for the copies")
    w.check_rules()


@case
def wayback_withholds(folder):
    """One copy is always answered 403, one 503, and of one it is said that it is withheld: all others
    are had, two nights later at the latest, and these are given up, each with its reason."""
    w = archives_web.Wayback(history.PACE)
    want = dead_paper(30)[1][:6]
    for c in archives_web.captures_of(want, 3600):
        w.keep(c.url, c.at, c.body)
    forbidden, withheld, busy = want[:3]
    w.turn(f"^/web/.*{forbidden.path}$", Answer("<h1>403 Forbidden</h1>", 403), times=1000)
    w.turn(f"^/web/.*{busy.path}$", Answer("<h1>503</h1>", 503), times=1000)
    w.turn(f"^/web/.*{withheld.path}$", Answer("<h1>Excluded</h1>", 403, headers=(
        (archives.WITHHELD, "AdministrativeAccessControlException: Blocked Site Error"),)), times=1000)
    desk = history.Desk(folder / "withholds", {"wayback": w})
    words = ("wayback", "http://paper.invalid/*", *WINDOW, "--captures", "only", "--no-wait")
    nights = []
    while (not nights or desk.newest()["state"] == "open") and len(nights) < 9:
        desk.backfill(*words, ok=(0, 75))
        nights.append([a for a in want if w.count(f"^/web/.*{a.path}$")])
        w.check_rules()
        w.forget()
        desk.later_s += 24 * 3600
    asked = [sum(a in night for night in nights) for a in want]
    check(asked == [3, 1, 3, 1, 1, 1], f"withholds: asked for {asked} times")
    check(all(a in nights[0] + nights[1] + nights[2] for a in want), "withholds: one copy kept the others waiting")
    check_articles(desk, want[3:], "wayback", "withholds")
    said = {r["url"]: r["message"] for r in desk.rows("SELECT url, message FROM find WHERE state = 'failed'")}
    check(said == {forbidden.url: "the archive answers 403", withheld.url: "the archive answers 403",
                   busy.url: "the archive answers 503"}, f"withholds: {said}")


def one_page(folder, n):
    """How long a backfill of one address with so many captures takes."""
    w = archives_web.Wayback(history.PACE)
    page = dead_paper(30)[1][0]
    w.captures = [archives_web.Capture(page.url, page.published + 3600 * i, page.html(extra=f"<!--{i}-->")
                                       .encode()) for i in range(1, n + 1)]
    w.turn("^/web/", Answer("<h1>Not found</h1>", 404), times=6)
    desk = history.Desk(folder / f"one{n}", {"wayback": w})
    begun = time.monotonic()
    desk.backfill("wayback", page.url, "--captures", "only")
    took = time.monotonic() - begun
    check_articles(desk, [page], "wayback", "one page")
    check(w.count("^/web/") == 7, f"one page: {w.count('^/web/')} copies were asked for")
    states = {r["state"]: r["n"] for r in desk.rows("SELECT state, COUNT(*) AS n FROM find GROUP BY state")}
    check(states == {"done": 1, "failed": 6, "known": n - 7}, f"one page: {states}")
    check(desk.newest()["state"] == "done", f"one page: it is {desk.newest()['state']}")
    w.check_rules()
    return took


@alone
def wayback_of_one_page(folder):
    """Thousands of captures of one address: the first that can be had is read, and the others take
    no time."""
    n = beside(2000, 5000)
    few, many = one_page(folder, n // 10), one_page(folder, n)
    check(many <= 5 * few + 1, f"one page: {n // 10} captures took {few:.1f} s, {n} took {many:.1f} s")


@case
def wayback_refuses(folder):
    """The second 429 ends it: nothing more is asked, and what is left is told."""
    w = archives_web.Wayback(history.PACE)
    w.turn("/cdx/", w.refusal(), times=100)
    desk = history.Desk(folder / "refuses", {"wayback": w})
    done = desk.backfill("wayback", "http://paper.invalid/*", *WINDOW, "--captures", "only",
                         ok=(0, 3, 69, 75))
    check(1 <= w.count("/cdx/") <= 2, f"refuses: {w.count('/cdx/')} requests to who refuses")
    check("429" in done.stdout + done.stderr, f"refuses: not told: {done.stdout}{done.stderr}")
    check(desk.newest()["state"] == "open", f"refuses: it is {desk.newest()['state']}")
    w.check_rules()


@case
def wayback_forbids(folder):
    w = archives_web.Wayback(history.PACE)
    w.turn("/cdx/", Answer("<h1>403 Forbidden</h1>", 403), times=100)
    desk = history.Desk(folder / "forbids", {"wayback": w})
    words = ("wayback", "http://paper.invalid/*", *WINDOW, "--captures", "only", "--no-wait")
    desk.backfill(*words, ok=(75,))
    check(w.count("/cdx/") == 1, f"forbids: {w.count('/cdx/')} requests")
    w.check_rules()
    nights = 1
    while desk.newest()["state"] == "open" and nights < 9:  # a list that is always forbidden is given up
        desk.later_s += 24 * 3600
        w.forget()
        done = desk.backfill(*words, ok=(3, 75))
        check(w.count("/cdx/") <= 1, f"forbids: {w.count('/cdx/')} requests in one night")
        nights += 1
    check(done.returncode == 3 and "status 403" in done.stdout, f"forbids: after {nights} nights: {done.stdout}")


@case
def common_crawl(folder):
    """Two crawls of the window, one before it that is not asked; one wrong length; a 503."""
    data = archives_web.CommonCrawlData(history.PACE)
    index = archives_web.CommonCrawl(data, history.PACE, page_lines=beside(8, 40))
    old, want = dead_paper(beside(40, 200))
    crawls = [("CC-MAIN-2022-33", "2022-08-07", "2022-08-20"),
              ("CC-MAIN-2022-40", "2022-09-24", "2022-10-08"),
              ("CC-MAIN-2022-49", "2022-11-26", "2022-12-10")]
    for i, (name, low, high) in enumerate(crawls):
        index.crawl(name, past.day(low), past.day(high))
        part = [archives_web.Capture(a.url, max(a.published + 3600, past.day(low)), a.html().encode())
                for a in old if a.published < past.day(high)][-beside(12, 150):]
        if i == 2:
            index.wrong[want[-1].url] = -150
            part = [archives_web.Capture(a.url, past.day(low) + 3600, a.html().encode()) for a in want]
        index.keep(name, part)
    index.turn("index.*page=0", index.slow_down())
    desk = history.Desk(folder / "cc", {"commoncrawl-index": index, "commoncrawl-data": data})
    desk.backfill("commoncrawl", "http://paper.invalid/*", *WINDOW, "--captures", "only")
    had = [a for a in want if a.url != want[-1].url]
    check_articles(desk, had, "commoncrawl", "common crawl")
    check_mentions(desk, had, "common crawl")
    facts = check_report(desk, had, "common crawl")
    check(any(key[0] == "failure" for key in facts), f"common crawl: the wrong length is not told: {facts}")
    check(index.count("2022-33-index") == 0, "common crawl: a crawl before the window was asked")
    for s in (index, data):
        check(not s.twice(), f"common crawl: asked twice: {s.twice()[:3]}")
        s.check_rules()


@case
def cc_news(folder):
    """A stream of files: what is of the asked-for host is kept; a damaged member and a payload packed
    with brotli are counted."""
    news = archives_web.CcNews(history.PACE)
    old, want = dead_paper(30)
    others = past.articles(24, "http://other.invalid", 20, SINCE, UNTIL)
    news.publish(past.day("2022-09-28"), archives_web.captures_of(others[:2], 3600))
    for i in range(3):
        at = past.day("2022-10-05") + i * 9 * past.DAY
        part = [c for c in archives_web.captures_of(old + others, 3600) if at <= c.at < at + 9 * past.DAY]
        news.publish(at + 9 * past.DAY, part, broken={want[1].url}, brotli={want[2].url})
    kept = [a for a in want if past.day("2022-10-05") <= a.published + 3600 < past.day("2022-11-01")]
    had = [a for a in kept if a.url not in (want[1].url, want[2].url)]
    desk = history.Desk(folder / "news", {"commoncrawl-data": news})
    done = desk.backfill("ccnews", "paper.invalid", *WINDOW)
    for told in ("1 damaged", "1 unknown packing"):
        check(told in done.stdout, f"cc-news: not told of {told}: {done.stdout}")
    rows = desk.articles()
    urls = {r["url"] for r in rows}
    check({a.url for a in had} <= urls, f"cc-news: {len({a.url for a in had} - urls)} of {len(had)} lost")
    check(urls <= {a.url for a in kept}, f"cc-news: more: {sorted(urls - {a.url for a in kept})[:2]}")
    for row in rows:
        check_article(row, next(a for a in kept if a.url == row["url"]), "ccnews", "cc-news")
    check(want[1].url not in urls, "cc-news: a damaged record became an article")
    history.check_quiet(desk, "cc-news")
    news.check_rules()


@case
def media_cloud(folder):
    """Lists of days, one of them missing; titles decide what is fetched."""
    cloud, site = archives_web.MediaCloud(history.PACE), oldsites.Site(history.PACE)
    site.write(25, 120, "2022-10-10", "2022-10-14", telling=4)
    named = [a for a in site.articles if a.title.startswith("Overseas")]
    cloud.list(site.articles, odd={named[0].url})
    missing = "2022-10-12"
    lost = {a.url for a, _ in cloud.days.pop(missing)}
    desk = history.Desk(folder / "cloud", {"mediacloud": cloud})
    desk.backfill("mediacloud", "--since", "2022-10-10", "--until", "2022-10-13", ok=(0, 3))
    fetched = set(site.fetched())
    want = {a.url for a in named if a.published < past.day("2022-10-14") and a.url not in lost}
    check(want <= fetched, f"media cloud: {len(want - fetched)} of {len(want)} not fetched")
    check(not fetched & lost, "media cloud: found in a list that was not there")
    check(len(fetched) - len(want) <= 6, f"media cloud: {len(fetched)} fetched, {len(want)} named")
    for row in desk.articles():
        check_article(row, next(a for a in site.articles if a.url == row["url"]), "mediacloud", "cloud")
    text = desk.must("backfill", "show", desk.newest()["id"]).stdout
    check(missing in text, f"media cloud: the missing day is not told: {text}")
    history.check_quiet(desk, "media cloud")
    cloud.check_rules()


@case
def gdelt(folder):
    """More than 250 in the window: it has to be split, at a request in five seconds."""
    g, site = archives_web.Gdelt(history.PACE), oldsites.Site(history.PACE)
    site.write(26, beside(300, 900), SINCE, "2022-10-20", telling=1)
    g.list(site.articles, odd={site.articles[7].url})
    desk = history.Desk(folder / "gdelt", {"gdelt": g})
    desk.backfill("gdelt", '"overseas police"', *WINDOW)
    finds = {r["url"] for r in desk.rows("SELECT url FROM find")}
    lost = {a.url for a in site.articles} - finds
    check(not lost, f"gdelt: {len(lost)} of {len(site.articles)} never found")
    g.check_rules()


def main():
    begun = time.monotonic()
    with newsdesk.Workplace("history-archives") as folder:
        n = history.work_through(cases, folder, len(cases))
        n += history.work_through(lonely, folder, 1)
        newsdesk.finish(f"{n} cases of archives, {time.monotonic() - begun:.1f} s")


main()

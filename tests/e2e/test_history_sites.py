"""Backfills of old sites: sitemaps of every temper, WordPress with and without its interface, feeds
with older documents. All that is there is found, nothing twice, within the window, and as quiet as
history has to be."""

import time

import history
import newsdesk
import oldsites
import past
from archives import Answer
from history import check_articles, check_mentions, check_report
from newsdesk import check

SINCE, UNTIL = "2022-10-01", "2022-11-30"
WINDOW = ("--since", SINCE, "--until", UNTIL)
cases = []


def case(story):
    cases.append(story)
    return story


def world(site, n=24, **how):
    """Articles of a year around the window, and those of them that are asked for."""
    site.write(8, n, "2022-07-01", "2023-03-01", **how)
    return past.within(site.articles, SINCE, UNTIL)


def check_site(desk, site, want, source, name, pages=True):
    check_articles(desk, want, source, name)
    check_mentions(desk, want, name)
    check_report(desk, want, name)
    site.check_rules()
    check(not site.twice(), f"{name}: asked twice: {site.twice()[:3]}")
    if pages:
        strays = set(site.fetched()) - {a.url for a in want}
        check(not strays, f"{name}: pages fetched that were not asked for: {sorted(strays)[:3]}")
    else:
        check(not site.fetched(), f"{name}: pages fetched, though the list has their text: "
                                  f"{sorted(site.fetched())[:3]}")


def check_roughly(desk, site, want, name):
    """Nothing says when they were published but their addresses and pages: what lies beside the window
    may be fetched, and what was fetched is kept."""
    urls = {r["url"] for r in desk.articles()}
    near = {a.url for a in past.within(site.articles, "2022-08-31", "2022-12-31")}
    lost = {a.url for a in want} - urls
    check(not lost, f"{name}: {len(lost)} lost: {sorted(lost)[:2]}")
    check(urls <= near, f"{name}: far from the window: {sorted(urls - near)[:2]}")
    history.check_quiet(desk, name)
    site.check_rules()


@case
def months(folder):
    """robots.txt -> index -> years -> months, gzipped, without a date: the names prune."""
    site = oldsites.Site(history.PACE)
    want = world(site, 40)
    oldsites.month_sitemaps(site, zipped=True)
    oldsites.robots_says(site, "/sitemap.xml")
    desk = history.Desk(folder / "months")
    desk.backfill("sitemap", site.base, *WINDOW)
    check_site(desk, site, want, "sitemap", "months")
    asked = {e.name[10:-7] for e in site.asked(r"/sitemaps/\d+_")}
    check({"2022_10", "2022_11"} <= asked and not asked & {"2022_7", "2022_8"},
          f"months: these were read: {asked}")  # a neighbour may be, for zones' sake
    desk.backfill("sitemap", site.base, *WINDOW)
    check_articles(desk, want, "sitemap", "months, again")


@case
def usual_places(folder):
    """No word of robots.txt; a news sitemap and a plain one say the same addresses."""
    site = oldsites.Site(history.PACE)
    want = world(site)
    oldsites.single_sitemap(site, "/sitemap_index.xml")
    oldsites.single_sitemap(site, "/news-sitemap.xml", news=True)
    desk = history.Desk(folder / "usual")
    desk.backfill("sitemap", site.base, *WINDOW)
    check_site(desk, site, want, "sitemap", "usual places")


@case
def text_list(folder):
    site = oldsites.Site(history.PACE)
    want = world(site)
    oldsites.text_sitemap(site)
    oldsites.robots_says(site, "/sitemap.txt")
    desk = history.Desk(folder / "text")
    desk.backfill("sitemap", site.base, *WINDOW)
    check_roughly(desk, site, want, "text")


@case
def others_addresses(folder):
    """A sitemap that names another host's pages, and a lastmod that is the same for all."""
    site, victim = oldsites.Site(history.PACE), oldsites.Site(history.PACE)
    want = world(site)
    victim.write(9, 5, SINCE, UNTIL)
    site.page("/sitemap.xml", Answer(oldsites.urlset(site.articles + victim.articles, lies=past.day(
        "2022-10-15")), kind=oldsites.XML))
    desk = history.Desk(folder / "others")
    desk.backfill("sitemap", site.base, *WINDOW)
    check(victim.count() == 0, f"others: the other host was asked {victim.count()} times")
    check_roughly(desk, site, want, "others")


@case
def endless(folder):
    """Sitemaps that name two more of their kind for ever, and a calendar."""
    site = oldsites.EndlessSite(history.PACE)
    want = world(site, 6)
    calendar = oldsites.calendar_pages(site, SINCE, 30)
    site.page("/calendar.xml", Answer(oldsites.urlset([]).replace(
        "</urlset>", "".join(f"<url><loc>{u}</loc></url>" for u in calendar) + "</urlset>"),
        kind=oldsites.XML))
    oldsites.robots_says(site, "/sitemap.xml", "/calendar.xml")
    desk = history.Desk(folder / "endless")
    begun = time.monotonic()
    desk.backfill("sitemap", site.base, *WINDOW)
    n = site.count(r"^/more/")
    check(n < 2000, f"endless: {n} sitemaps were read in {time.monotonic() - begun:.1f} s")
    urls = {r["url"] for r in desk.articles()} - set(calendar)
    check(urls == {a.url for a in want}, f"endless: {len(urls)} articles, not {len(want)}")
    check(site.count("calendar.day") <= 30, "endless: the calendar was followed")


@case
def wordpress(folder):
    """Full text by REST, whose clock is eight hours ahead: no page of the site is asked."""
    site = oldsites.WordPress(history.PACE, ahead_h=8)
    want = world(site, 400)
    desk = history.Desk(folder / "wordpress")
    desk.backfill("wordpress", site.base, *WINDOW)
    check_site(desk, site, want, "wordpress", "wordpress", pages=False)
    n = site.count("wp/v2/posts")
    check(n <= len(want) // 100 + 4, f"wordpress: {n} requests for {len(want)} posts")


@case
def wordpress_of_the_gone(folder):
    """Pages that could not be had before: their articles are read from the text that REST gives."""
    site = oldsites.WordPress(history.PACE)
    want = world(site, 24, states=("live", "gone"))
    oldsites.single_sitemap(site)
    desk = history.Desk(folder / "gone")
    desk.backfill("sitemap", site.base, *WINDOW)
    lost = {a.url for a in want if a.state == "gone"}
    check(lost == {a.url for a in want} - {r["url"] for r in desk.articles()}, "gone: not what was to be")
    asked = site.count()
    desk.backfill("wordpress", site.base, *WINDOW)
    rows = {r["url"]: r["provenance"] for r in desk.articles()}
    check(lost == {u for u, provenance in rows.items() if provenance == "wordpress"},
          f"gone: {len(lost)} were gone, the list brought {sorted(rows.values())}")
    check(site.count() - asked < 8, "gone: pages were asked for again")
    check_mentions(desk, want, "gone")
    site.check_rules()


@case
def wordpress_plain(folder):
    """Pretty addresses switched off: ?rest_route= of the front page's word."""
    site = oldsites.WordPress(history.PACE, rest="plain")
    want = world(site, 30)
    desk = history.Desk(folder / "plain")
    desk.backfill("wordpress", site.base, *WINDOW)
    check_site(desk, site, want, "wordpress", "plain", pages=False)


@case
def wordpress_closed(folder):
    """REST refused (401) or gone (404): the feed's pages, until one is 404."""
    for rest in ("401", "404"):
        site = oldsites.WordPress(history.PACE, rest=rest)
        want = world(site, 34)
        desk = history.Desk(folder / f"closed{rest}")
        desk.backfill("wordpress", site.base, *WINDOW)
        check_articles(desk, want, "wordpress", f"REST {rest}")
        check_mentions(desk, want, f"REST {rest}")
        site.check_rules()
        n = site.count("paged=")
        check(n <= 5, f"REST {rest}: {n} pages of a feed of four")


@case
def archived_feed(folder):
    """RFC 5005: a chain of older documents, one that ends and one that loops."""
    for loops in (False, True):
        site = oldsites.Site(history.PACE)
        want = world(site, 45)
        url, n = oldsites.archived_feed(site, loops=loops)
        desk = history.Desk(folder / f"chain{loops}")
        desk.backfill("feed", url, *WINDOW)
        check_site(desk, site, want, "feed", f"chain, loops: {loops}")
        check(site.count(r"\.atom$") <= n, f"chain: {site.count('.atom')} documents of {n}")


@case
def other_feeds(folder):
    for make in (oldsites.paged_feed, oldsites.complete_feed):
        site = oldsites.Site(history.PACE)
        want = world(site, 35)
        url, n = make(site)
        desk = history.Desk(folder / make.__name__)
        desk.backfill("feed", url, *WINDOW)
        check_site(desk, site, want, "feed", make.__name__)
        check(site.count("never") == 0, f"{make.__name__}: behind a complete feed was asked")


@case
def two_sources(folder):
    """A sitemap and a feed name the same pages, one of which was in the store: each is fetched once."""
    site = oldsites.Site(history.PACE)
    want = world(site, 30)
    oldsites.single_sitemap(site)
    url, _ = oldsites.paged_feed(site)
    desk = history.Desk(folder / "two")
    desk.backfill("sitemap", site.base, *WINDOW)
    first = desk.newest()["id"]
    desk.backfill("feed", url, *WINDOW)
    again = {u: n for u, n in site.fetched().items() if n > 1}
    check(not again, f"two sources: fetched again: {list(again.items())[:3]}")
    check_articles(desk, want, "sitemap", "two sources")
    facts = desk.report()
    check(desk.newest()["id"] != first and facts.get(("new", "articles"), 0) == 0
          and facts.get(("found", "known")) == len(want), f"two sources: the second says {facts}")


@case
def match_first(folder):
    """Only what its title or address speaks for, and at most one in a hundred of the rest."""
    site = oldsites.Site(history.PACE)
    want = [a for a in world(site, 300) if a.title.startswith("Overseas")]
    oldsites.single_sitemap(site, news=True)
    desk = history.Desk(folder / "titles")
    desk.backfill("sitemap", site.base, *WINDOW, "--match-first")
    fetched = set(site.fetched())
    lost = {a.url for a in want} - fetched
    check(want and not lost, f"titles: {len(lost)} of {len(want)} not fetched: {sorted(lost)[:2]}")
    more = len(fetched) - len(want)
    check(more <= 8, f"titles: {more} pages fetched besides {len(want)}")
    history.check_quiet(desk, "titles")


@case
def plan(folder):
    """Asks for lists alone, and says how many."""
    site = oldsites.Site(history.PACE)
    want = world(site, 60)
    oldsites.month_sitemaps(site)
    desk = history.Desk(folder / "plan")
    done = desk.backfill("sitemap", site.base, *WINDOW, "--plan")
    check(not site.fetched(), f"plan: pages were fetched: {list(site.fetched())[:2]}")
    check(not desk.articles(), "plan: there are articles")
    check(len(want) in history.numbers(done.stdout), f"plan: no {len(want)} in: {done.stdout}")
    asked = site.count()
    desk.backfill("sitemap", site.base, *WINDOW)
    check_articles(desk, want, "sitemap", "plan, then done")
    check(asked < 12, f"plan: {asked} requests")


def main():
    begun = time.monotonic()
    with newsdesk.Workplace("history-sites") as folder:
        n = history.work_through(cases, folder, 8)
        newsdesk.finish(f"{n} old sites, {time.monotonic() - begun:.1f} s")


main()

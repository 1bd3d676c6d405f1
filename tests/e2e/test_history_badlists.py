"""Lists of history that lie, break off or never end: each is counted, named with its reason, and gone
on from. Beside every bad list stands a good one, of which everything must be found."""

import json
import time
import zlib

import archives_web
import history
import newsdesk
import oldsites
import past
from archives import Answer, packed
from newsdesk import check

history.PACE = 300  # limits are held elsewhere; here there is much to be tried again
SINCE, UNTIL = "2022-10-01", "2022-10-31"
WINDOW = ("--since", SINCE, "--until", UNTIL)
ENDS_IN_S = 20
REQUESTS_MAX = 150  # that any of these may be worth
cases = []


def case(story):
    cases.append(story)
    return story


def good(n=8):
    site = oldsites.Site(history.PACE)
    site.write(41, n, SINCE, UNTIL)
    return site


def work(desk, services, want, name, *words, told=""):
    """The backfill ends, asks for little, has all that is good, and tells of what is bad."""
    begun = time.monotonic()
    done = desk.backfill(*words, *WINDOW, ok=(0, 3, 65, 69, 75, 76))
    spent = time.monotonic() - begun
    check(spent < ENDS_IN_S, f"{name}: it took {spent:.1f} s")
    n = sum(s.count() for s in services)
    check(n < REQUESTS_MAX, f"{name}: {n} requests")
    urls = {r["url"] for r in desk.articles()}
    lost = {a.url for a in want} - urls
    check(not lost, f"{name}: {len(lost)} of {len(want)} lost: {sorted(lost)[:2]}")
    more = urls - {a.url for a in want}
    check(not more, f"{name}: made up: {sorted(more)[:2]}")
    history.check_quiet(desk, name)
    shown = done.stdout + done.stderr + desk.must("backfill", "show", desk.newest()["id"]).stdout
    notes = "".join(f"{r['url']}: {r['last_error']}\n" for r in desk.rows(
        "SELECT url, last_error FROM backfill_list WHERE last_error != ''"))
    if told:
        check(told in shown + notes, f"{name}: not told of {told}: {shown[-600:]}")
    for s in services:
        s.check_rules()
    return shown


def beside_a_good_one(folder, name, answer, told=True, want=None):
    """/sitemap.xml is good, /bad.xml answers so."""
    site = good()
    oldsites.single_sitemap(site, lastmod=True)
    site.page("/bad.xml", answer(site) if callable(answer) else answer)
    oldsites.robots_says(site, "/bad.xml", "/sitemap.xml")
    desk = history.Desk(folder / name)
    work(desk, [site], want(site) if want else site.articles, name, "sitemap", site.base,
         told="bad.xml" if told else "")
    return site


BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB = BOMB.compress(b"<urlset>" + b" " * (64 << 20)) + BOMB.flush()

BAD_SITEMAPS = {
    "html in its place": Answer("<html><head><title>Home</title></head><body>Welcome</body></html>"),
    "nothing": Answer("", kind=oldsites.XML),
    "a server in trouble": Answer("oops", 500),
    "moved to itself": Answer(status=301, headers=(("Location", "/moved-to-itself.xml"),)),
    "a damaged gzip": Answer(packed("<urlset>" + "x" * 5000)[:40] + b"\x00" * 60,
                             kind="application/x-gzip"),
    "a bomb": Answer(BOMB, kind="application/x-gzip"),
    "noise": Answer(bytes(range(256)) * 40, kind=oldsites.XML),
    "an entity bomb": Answer('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;'
                             '&a;&a;&a;&a;">]><urlset><url><loc>&b;&b;&b;</loc></url></urlset>'),
}


@case
def bad_sitemaps(folder):
    """All of them beside each other, and each named with its reason."""
    site = good()
    oldsites.single_sitemap(site)
    paths = {name: f"/{name.replace(' ', '-')}.xml" for name in BAD_SITEMAPS}
    for name, path in paths.items():
        site.page(path, BAD_SITEMAPS[name])
    oldsites.robots_says(site, *paths.values(), "/sitemap.xml")
    desk = history.Desk(folder / "sitemaps")
    work(desk, [site], site.articles, "bad sitemaps", "sitemap", site.base)
    notes = {r["url"]: r["last_error"] for r in desk.rows("SELECT url, last_error FROM backfill_list")}
    for name, path in paths.items():
        # The address that an entity bomb comes to is one like others, and is not there.
        check("entity" in name or notes.get(site.base + path), f"bad sitemaps: not told of {name}: {notes}")


@case
def sitemap_cut(folder):
    """What comes before the cut is taken."""
    def cut(site):
        text = oldsites.urlset(site.articles)
        return Answer(text[:int(len(text) * 0.7)], kind=oldsites.XML)
    beside_a_good_one(folder, "cut", cut)


@case
def sitemap_line_dies(folder):
    """Fewer bytes than were promised, each time."""
    def dies(site):
        return Answer(oldsites.urlset(site.articles), kind=oldsites.XML, cut=200)
    beside_a_good_one(folder, "dies", dies)


@case
def sitemap_leads_away(folder):
    """Files, other schemes, other hosts, private ones, and 300 names of itself."""
    other = good()

    def away(site):
        urls = ["file:///etc/passwd", "ftp://127.0.0.1/x.xml", f"{other.base}/sitemap.xml",
                "http://10.0.0.1/sitemap.xml", "javascript:alert(1)", "http://[::1]:22/", "//", "\x01",
                *(f"{site.base}/bad.xml#{i}" for i in range(300))]
        body = "".join(f"<sitemap><loc>{u}</loc></sitemap>" for u in urls)
        return Answer(f"<sitemapindex>{body}</sitemapindex>".encode("utf-8", "replace"),
                      kind=oldsites.XML)
    beside_a_good_one(folder, "away", away, told=False)
    check(other.count() == 0, f"away: another host was asked {other.count()} times")


@case
def sitemap_bad_rows(folder):
    """Addresses and dates that are none, beside those that are."""
    def bad(site):
        rows = "".join(f"<url><loc>{u}</loc><lastmod>{d}</lastmod></url>" for u, d in (
            ("", "2022-10-05"), ("http://", "2022-10-05"), (f"{site.base}/" + "x" * 9000, "2022-10-05"),
            ("mailto:a@b.c", "never"), ("\u202e/etc", "2022-99-99"), ("http://a b/", "-1"),
            ("http://user:secret@127.0.0.1/", "2022-10-05")))
        return Answer(oldsites.urlset(site.articles).replace("</urlset>", rows + "</urlset>"),
                      kind=oldsites.XML)
    beside_a_good_one(folder, "rows", bad, told=False)


@case
def robots_lies(folder):
    """robots.txt names what is no address, another host's sitemap, and one that is good."""
    site, other = good(), good()
    oldsites.single_sitemap(other)
    oldsites.single_sitemap(site, "/maps/real.xml")
    site.page("/robots.txt", Answer(
        "Sitemap: file:///etc/passwd\nSitemap: \nSitemap: /\nSitemap:\x01\x02\nsitemap : nonsense\n"
        f"Sitemap: {site.base}/gone.xml\nSitemap: {site.base}/maps/real.xml\n", kind="text/plain"))
    desk = history.Desk(folder / "robots")
    work(desk, [site], site.articles, "robots lies", "sitemap", site.base)


@case
def wordpress_lies(folder):
    """A number of pages that is none, a page that breaks off, posts without what posts have."""
    site = oldsites.WordPress(history.PACE)
    site.write(42, 130, SINCE, UNTIL)
    whole = site.posts

    def posts(request):
        answer = whole(request)
        if answer.status == 200 and request.word("page", "1") == "2":
            rows = json.loads(answer.body)
            odd = [{}, {"link": 7}, None, [], {"link": "ftp://x/", "title": None}, {"id": 1e300},
                   {"link": f"{site.base}/odd", "title": {"rendered": ["x"]}, "content": "?"}]
            answer.body = json.dumps(rows[:len(rows) // 2] + odd + rows[len(rows) // 2:]).encode()
        answer.headers = tuple((n, "99999999999999999999" if n == "X-WP-TotalPages" else "-5")
                               for n, _ in answer.headers)
        return answer
    site.posts = posts
    desk = history.Desk(folder / "wplies")
    done = desk.backfill("wordpress", site.base, *WINDOW, ok=(0, 3))
    lost = {a.url for a in site.articles} - {r["url"] for r in desk.articles()}
    check(not lost, f"wordpress lies: {len(lost)} of {len(site.articles)} lost: {done.stdout}")
    check(site.count("wp/v2/posts") < 12, f"wordpress lies: {site.count('wp/v2/posts')} requests")
    site.check_rules()


@case
def wordpress_says_the_same(folder):
    """Every page of the feed is its first: no end in sight, nothing new."""
    site = oldsites.WordPress(history.PACE, rest="404")
    site.write(43, 10, SINCE, UNTIL)
    site.feed = lambda page: Answer(oldsites.rss(site.base, site.newest()), kind="application/rss+xml")
    desk = history.Desk(folder / "same")
    work(desk, [site], site.articles, "the same page for ever", "wordpress", site.base)
    check(site.count("feed") < 10, f"the same page for ever: {site.count('feed')} of them")


@case
def feed_chain_leads_away(folder):
    """prev-archive to another host, and a next that counts up for ever."""
    site, other = good(), good()
    oldsites.archived_feed(other)
    head = f"<link rel='prev-archive' href='{other.base}/feed.atom'/>"
    site.page("/feed.atom", Answer(oldsites.atom(site.base, site.articles, head),
                                   kind="application/atom+xml"))
    desk = history.Desk(folder / "chain")
    work(desk, [site], site.articles, "a chain that leads away", "feed", site.base + "/feed.atom")
    check(other.count() == 0, f"a chain that leads away: the other was asked {other.count()} times")

    ever = good()
    answer = ever.answer

    def counting(request):
        if request.name != "/paged.xml":
            return answer(request)
        n = int(request.word("page", "1"))
        link = f"<atom:link rel='next' href='{ever.base}/paged.xml?page={n + 1}'/>"
        return Answer(oldsites.rss(ever.base, ever.articles, False, link), kind="application/rss+xml")
    ever.answer = counting
    desk = history.Desk(folder / "counting")
    work(desk, [ever], ever.articles, "a next for ever", "feed", ever.base + "/paged.xml")


@case
def cdx_broken(folder):
    """An answer that breaks off, one of other columns, a resume key that never changes."""
    w = archives_web.Wayback(history.PACE)
    old = past.articles(44, "http://paper.invalid", 9, SINCE, UNTIL)
    for c in archives_web.captures_of(old, 60):
        w.keep(c.url, c.at, c.body)
    listing = w.listing

    def same_key(rows, fields, resume, is_json):
        w.keys.add("com,paper)/ 20221001000000!")
        return listing(rows, fields, "com,paper)/ 20221001000000!", is_json)
    w.listing = same_key
    desk = history.Desk(folder / "key", {"wayback": w})
    work(desk, [w], old, "a resume key for ever", "wayback", "http://paper.invalid/*", "--captures",
         "only")
    w.listing = listing
    w.forget()
    w.turn("/cdx/", Answer('[["timestamp","original"],\n["20221003000000","http://paper.inv',
                           kind="application/json"))
    desk = history.Desk(folder / "cut-cdx", {"wayback": w})
    work(desk, [w], old, "a CDX answer that breaks off", "wayback", "http://paper.invalid/*",
         "--captures", "only")


@case
def cdx_rows(folder):
    """Rows with times, addresses and lengths that are none."""
    w = archives_web.Wayback(history.PACE)
    old = past.articles(45, "http://paper.invalid", 6, SINCE, UNTIL)
    for c in archives_web.captures_of(old, 60):
        w.keep(c.url, c.at, c.body)
    listing = w.listing

    def odd(rows, fields, resume, is_json):
        table = json.loads(listing(rows, fields, resume, is_json).body)
        odd_rows = [["?"] * len(fields), ["20221001"], [None] * len(fields), [{}] * len(fields),
                    ["9" * 40] * len(fields), ["\u0000"] * len(fields), ["x"] * 50]
        return Answer(json.dumps(table[:3] + odd_rows + table[3:]), kind="application/json")
    w.listing = odd
    desk = history.Desk(folder / "rows-cdx", {"wayback": w})
    work(desk, [w], old, "odd rows of CDX", "wayback", "http://paper.invalid/*", "--captures", "only")


@case
def captures_lie(folder):
    """Copies that are gone, that are another page, that lead to another host, that are empty."""
    w, other = archives_web.Wayback(history.PACE), good()
    old = past.articles(46, "http://paper.invalid", 8, SINCE, UNTIL)
    for c in archives_web.captures_of(old, 60):
        w.keep(c.url, c.at, c.body)
    w.turn(f"/web/.*{old[0].path}", Answer("gone", 404), times=9)
    w.turn(f"/web/.*{old[1].path}", Answer(status=302, headers=(("Location", other.base + "/"),)),
           times=9)
    w.turn(f"/web/.*{old[2].path}", Answer(b"", 200), times=9)
    w.turn(f"/web/.*{old[3].path}", Answer(old[3].html(), cut=900), times=9)
    desk = history.Desk(folder / "lies", {"wayback": w})
    work(desk, [w], old[4:], "copies that lie", "wayback", "http://paper.invalid/*", "--captures",
         "only")
    check(other.count() == 0, f"copies that lie: another host was asked: {other.log[:1]}")


@case
def common_crawl_lies(folder):
    """Lines that are no JSON, numbers past all bounds, files that are not there, a crawl whose index is
    said to be elsewhere."""
    data, other = archives_web.CommonCrawlData(history.PACE), good()
    index = archives_web.CommonCrawl(data, history.PACE)
    old = past.articles(47, "http://paper.invalid", 8, SINCE, "2022-10-07")
    name = index.crawl("CC-MAIN-2022-40", past.day("2022-09-24"), past.day("2022-10-08"))
    index.keep(name, archives_web.captures_of(old, 60))
    line = dict(index.lines[name][0][1])
    for i, change in enumerate(({"offset": "1e30"}, {"length": "-7"}, {"offset": str(1 << 62)},
                                {"filename": "../../etc/passwd"}, {"filename": f"{other.base}/x.warc.gz"},
                                {"timestamp": "soon"}, {"length": str(1 << 40)})):
        odd = {**line, "url": f"http://paper.invalid/odd{i}", **change}
        index.lines[name].append((archives_web.Capture(odd["url"], past.day(SINCE), b""), odd))
    page = index.index

    def noisy(which, request):
        answer = page(which, request)
        if answer.kind == "text/x-ndjson":
            answer.body += b"\x00\x01 no json\n[]\n{\n\n"
        return answer
    index.index = noisy
    desk = history.Desk(folder / "cc", {"commoncrawl-index": index, "commoncrawl-data": data})
    work(desk, [index, data], old, "Common Crawl lies", "commoncrawl", "http://paper.invalid/*",
         "--captures", "only")
    check(other.count() == 0, "Common Crawl lies: another host was asked")


@case
def days_lie(folder):
    """Media Cloud's day as HTML, cut, or of no feed; GDELT in words."""
    cloud, site = archives_web.MediaCloud(history.PACE), oldsites.Site(history.PACE)
    site.write(48, 30, "2022-10-03", "2022-10-06", telling=1)
    named = [a for a in site.articles if a.title.startswith("Overseas")]
    cloud.list(site.articles, delay_s=0)
    cloud.page("/x", "")
    cloud.turn("2022-10-03", Answer("<html><title>Sorry</title></html>"), times=9)
    cloud.turn("2022-10-04", Answer(packed(cloud.feed("2022-10-04", cloud.days["2022-10-04"]))[:-60],
                                    kind="application/gzip"), times=9)
    desk = history.Desk(folder / "days", {"mediacloud": cloud})
    desk.backfill("mediacloud", "--since", "2022-10-03", "--until", "2022-10-05", ok=(0, 3, 75))
    shown = desk.must("backfill", "show", desk.newest()["id"]).stdout
    fetched = set(site.fetched())
    want = {a.url for a in named if a.published >= past.day("2022-10-05")}
    check(want <= fetched, f"days lie: {len(want - fetched)} of {len(want)} of the good day not fetched")
    check("2022-10-03" in shown, f"days lie: the day that is none is not told: {shown}")
    g = archives_web.Gdelt(history.PACE)
    g.turn("doc", Answer("Your query was too short or too long.\n", kind="text/html"), times=99)
    desk = history.Desk(folder / "words", {"gdelt": g})
    done = desk.backfill("gdelt", "overseas", *WINDOW, ok=(0, 3, 65, 69, 75, 76))
    shown = done.stdout + done.stderr + desk.must("backfill", "show", desk.newest()["id"]).stdout
    check("too short" in shown, f"GDELT's words are not told: {shown}")
    check(g.count() < 20, f"GDELT in words: {g.count()} requests")
    for s in (cloud, g):
        s.check_rules()


def main():
    begun = time.monotonic()
    with newsdesk.Workplace("history-badlists") as folder:
        n = history.work_through(cases, folder, 8)
        newsdesk.finish(f"{n} bad lists, {time.monotonic() - begun:.1f} s")


main()

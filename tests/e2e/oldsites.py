"""Sites with a past: live pages (some gone, some edited), WordPress with and without its REST
interface, sitemaps of every temper, feeds with older documents. Each says in `articles` what is
there to be found."""

import html
import json
import re
import time
import calendar

import past
from archives import Answer, Service, packed
from past import iso, rfc822

XML = "application/xml"


class Site(Service):
    """Pages of articles at their addresses; all else is 404."""

    def __init__(self, pace=1.0):
        super().__init__(pace)
        self.articles = []
        self.page("/robots.txt", Answer("User-agent: *\nAllow: /\n", kind="text/plain"))

    def publish(self, articles):
        self.articles += articles
        for a in articles:
            if a.today():
                self.page(a.path, a.today())
        return articles

    def write(self, seed, n, since, until, **how):
        return self.publish(past.articles(seed, self.base, n, since, until, **how))

    def fetched(self):
        """Addresses of articles that were asked for, and how often."""
        paths = [e.path for e in self.log]
        return {a.url: paths.count(a.path) for a in self.articles if a.path in paths}


# ---- WordPress -----------------------------------------------------------------------------------

class WordPress(Site):
    """rest: "on", "plain" (?rest_route= alone), "401", "404". Its clock may be hours ahead: `after`
    and `before` are its own time, as WordPress has it."""

    what = "wordpress"

    def __init__(self, pace=1.0, rest="on", ahead_h=0, per_feed=10):
        super().__init__(pace)
        self.rest, self.ahead_s, self.per_feed = rest, ahead_h * 3600, per_feed

    def newest(self):
        return sorted(self.articles, key=lambda a: -a.published)

    def answer(self, request):
        route = request.word("rest_route")
        if request.name.startswith("/wp-json"):
            route = request.name.removeprefix("/wp-json") or "/"
            if self.rest == "plain":
                return super().answer(request)
        if route:
            return self.interface(route.rstrip("/") or "/", request)
        if request.name.rstrip("/") == "/feed" or request.word("feed") == "rss2":
            return self.feed(int(request.word("paged", "1")))
        if request.path == "/":
            link = f'<{self.root()}>; rel="https://api.w.org/"'
            return Answer(f'<html><head><title>Front</title><link rel="https://api.w.org/" '
                          f'href="{self.root()}"></head><body><h1>Front</h1></body></html>',
                          headers=(("Link", link),) if self.rest in ("on", "plain") else ())
        return super().answer(request)

    def root(self):
        return self.base + ("/?rest_route=/" if self.rest == "plain" else "/wp-json/")

    def interface(self, route, request):
        if self.rest == "401":
            return problem(401, "rest_cannot_access", "Only authenticated users can access the REST API.")
        if self.rest == "404" or route not in ("/", "/wp/v2/posts"):
            return problem(404, "rest_no_route", "No route was found matching the URL and request method.")
        if route == "/":
            return reply({"name": "Old Paper", "url": self.base, "home": self.base,
                          "gmt_offset": self.ahead_s / 3600, "timezone_string": "",
                          "namespaces": ["oembed/1.0", "wp/v2"], "routes": {"/wp/v2/posts": {}}})
        return self.posts(request)

    def posts(self, request):
        word = request.word
        if word("search"):
            self.broke(f"search= is costly for them: {request.path}")
        per_page = int(word("per_page", "10"))
        if not 1 <= per_page <= 100:
            return problem(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        found = [a for a in self.newest()
                 if self.local(word("after"), 0) < a.published + self.ahead_s
                 < self.local(word("before"), 1 << 40)]
        if word("order", "desc") == "asc":
            found.reverse()
        n_pages = -(-len(found) // per_page)
        page = int(word("page", "1"))
        if page > max(n_pages, 1):
            return problem(400, "rest_post_invalid_page_number",
                           "The page number requested is larger than the number of pages available.")
        rows = [self.post(a) for a in found[(page - 1) * per_page:page * per_page]]
        fields = [f.split(".")[0] for f in word("_fields").split(",") if f]
        if fields:
            rows = [{k: v for k, v in row.items() if k in fields} for row in rows]
        return reply(rows, (("X-WP-Total", str(len(found))), ("X-WP-TotalPages", str(n_pages))))

    def local(self, text, otherwise):
        """A time of the site's own clock; one with an offset is turned into it."""
        if not text:
            return otherwise
        found = re.match(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$", text)
        if not found:
            self.broke(f"a date that is none: {text}")
            return otherwise
        at = calendar.timegm(time.strptime(found[1], "%Y-%m-%dT%H:%M:%S"))
        if not found[2]:
            return at
        offset = 0 if found[2] == "Z" else (int(found[2][1:3]) * 3600 + int(found[2][4:]) * 60) * \
            (-1 if found[2][0] == "-" else 1)
        return at - offset + self.ahead_s

    def post(self, a):
        changed = a.modified or a.published
        return {"id": 1000 + self.articles.index(a), "date": iso(a.published + self.ahead_s)[:-1],
                "date_gmt": iso(a.published)[:-1], "modified": iso(changed + self.ahead_s)[:-1],
                "modified_gmt": iso(changed)[:-1], "link": a.url,
                "title": {"rendered": html.escape(a.title)},
                "content": {"rendered": a.prose(), "protected": False},
                "excerpt": {"rendered": ""}, "author": 3, "status": "publish", "type": "post"}

    def feed(self, page):
        part = self.newest()[(page - 1) * self.per_feed:page * self.per_feed]
        if not part:
            return Answer("<html><title>Page not found</title></html>", 404)
        return Answer(rss(self.base, part), kind="application/rss+xml")


def reply(value, headers=()):
    return Answer(json.dumps(value), kind="application/json; charset=UTF-8", headers=headers)


def problem(status, code, message):
    return Answer(json.dumps({"code": code, "message": message, "data": {"status": status}}), status,
                  "application/json; charset=UTF-8")


# ---- feeds ---------------------------------------------------------------------------------------

def rss(base, articles, full=True, head=""):
    items = "".join(
        f"<item><title>{html.escape(a.title)}</title><link>{a.url}</link>"
        f"<pubDate>{rfc822(a.published)}</pubDate><guid>{a.url}</guid>"
        + (f"<content:encoded><![CDATA[{a.prose()}]]></content:encoded>" if full else "")
        + "</item>" for a in articles)
    return ('<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:fh="http://purl.org/syndication/history/1.0">'
            f"<channel><title>Old Paper</title><link>{base}/</link>{head}{items}</channel></rss>")


def atom(base, articles, head=""):
    entries = "".join(
        f"<entry><title>{html.escape(a.title)}</title><link href='{a.url}'/><id>{a.url}</id>"
        f"<published>{iso(a.published)}</published><updated>{iso(a.published)}</updated></entry>"
        for a in articles)
    return ('<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:fh="http://purl.org/syndication/history/1.0"><title>Old Paper</title>'
            f"<id>{base}/</id><updated>2026-01-01T00:00:00Z</updated>{head}{entries}</feed>")


def archived_feed(site, per_document=10, loops=False):
    """RFC 5005, section 4: /feed.atom has the newest, prev-archive leads back."""
    newest = sorted(site.articles, key=lambda a: -a.published)
    parts = [newest[i:i + per_document] for i in range(0, len(newest), per_document)]
    names = ["/feed.atom"] + [f"/archive/{len(parts) - i}.atom" for i in range(1, len(parts))]
    for i, part in enumerate(parts):
        older = names[i + 1] if i + 1 < len(parts) else names[1] if loops and len(names) > 1 else ""
        head = f"<link rel='self' href='{site.base}{names[i]}'/>" + ("<fh:archive/>" if i else "")
        if older:
            head += f"<link rel='prev-archive' href='{older}'/>"
        site.page(names[i], Answer(atom(site.base, part, head), kind="application/atom+xml"))
    return site.base + "/feed.atom", len(parts)


def paged_feed(site, per_document=10):
    """RFC 5005, section 3: /paged.xml, rel=next from one to the other."""
    newest = sorted(site.articles, key=lambda a: -a.published)
    n = -(-len(newest) // per_document)
    for i in range(n):
        path = f"/paged.xml?page={i + 1}" if i else "/paged.xml"
        head = f"<atom:link rel='next' href='{site.base}/paged.xml?page={i + 2}'/>" if i + 1 < n else ""
        site.pages[path] = Answer(rss(site.base, newest[i * per_document:(i + 1) * per_document], False,
                                      head), kind="application/rss+xml")
    site.turn(f"paged.xml.page={n + 1}$", Answer(status=404), times=1000)
    return site.base + "/paged.xml", n


def complete_feed(site):
    """RFC 5005, section 2: all there is; the link to an older document is not to be followed."""
    head = f"<fh:complete/><link rel='prev-archive' href='{site.base}/never.atom'/>"
    site.page("/complete.atom", Answer(atom(site.base, site.articles, head),
                                       kind="application/atom+xml"))
    return site.base + "/complete.atom", 1


# ---- sitemaps ------------------------------------------------------------------------------------

def urlset(articles, lastmod=True, news=False, lies=0):
    """lies: a lastmod that is the same for all."""
    rows = ""
    for a in articles:
        rows += f"<url><loc>{html.escape(a.url)}</loc>"
        if lastmod:
            rows += f"<lastmod>{iso(lies or a.modified or a.published)}</lastmod>"
        if news:
            rows += ("<news:news><news:publication><news:name>Old Paper</news:name><news:language>en"
                     "</news:language></news:publication><news:publication_date>"
                     f"{iso(a.published)}</news:publication_date><news:title>{html.escape(a.title)}"
                     "</news:title></news:news>")
        rows += "</url>\n"
    space = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"' if news else ""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset '
            f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{space}>\n{rows}</urlset>\n')


def index(rows):
    """rows: (address, lastmod or 0)."""
    body = "".join(f"<sitemap><loc>{html.escape(url)}</loc>"
                   + (f"<lastmod>{iso(at)}</lastmod>" if at else "") + "</sitemap>\n"
                   for url, at in rows)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex '
            f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</sitemapindex>\n')


def robots_says(site, *paths):
    lines = "".join(f"Sitemap: {site.base}{p}\n" for p in paths)
    site.page("/robots.txt", Answer(f"User-agent: *\nDisallow: /private/\n{lines}", kind="text/plain"))


def months(articles):
    """(year, month) -> those of it."""
    parts = {}
    for a in articles:
        parts.setdefault(time.gmtime(a.published)[:2], []).append(a)
    return dict(sorted(parts.items()))


def month_sitemaps(site, zipped=False):
    """Index -> one named by each year -> one named by each month, and nothing says a date."""
    years = {}
    for (year, month), part in months(site.articles).items():
        path = f"/sitemaps/{year}_{month}.xml" + (".gz" if zipped else "")
        body = urlset(part, lastmod=False)
        site.page(path, Answer(packed(body), kind="application/x-gzip") if zipped
                  else Answer(body, kind=XML))
        years.setdefault(year, []).append((site.base + path, 0))
    for year, rows in years.items():
        site.page(f"/sitemaps/{year}.xml", Answer(index(rows), kind=XML))
    site.page("/sitemap.xml", Answer(index([(f"{site.base}/sitemaps/{y}.xml", 0) for y in years]),
                                     kind=XML))


def single_sitemap(site, path="/sitemap.xml", **how):
    site.page(path, Answer(urlset(site.articles, **how), kind=XML))


def text_sitemap(site, path="/sitemap.txt"):
    site.page(path, Answer("".join(a.url + "\n" for a in site.articles), kind="text/plain"))


class EndlessSite(Site):
    """An index of sitemaps that names two more of itself for ever, each with one real address; and a
    calendar whose every page leads to the next day."""

    what = "endless"

    def answer(self, request):
        found = re.fullmatch(r"/more/(\d+)\.xml", request.name)
        if request.name == "/sitemap.xml" or found:
            n = int(found[1]) if found else 0
            return Answer(index([(f"{self.base}/more/{2 * n + 1}.xml", 0),
                                 (f"{self.base}/more/{2 * n + 2}.xml", 0),
                                 (f"{self.base}/part/{n}.xml", 0)]), kind=XML)
        found = re.fullmatch(r"/part/(\d+)\.xml", request.name)
        if found:
            n = int(found[1])
            return Answer(urlset(self.articles[n:n + 1]), kind=XML)
        return super().answer(request)


def calendar_pages(site, since, n):
    """Addresses of a calendar's days: pages without an article, each a link to the next."""
    urls = []
    for i in range(n):
        date = time.strftime("%Y-%m-%d", time.gmtime(past.day(since) + i * past.DAY))
        path = f"/calendar?day={date}"
        site.pages[path] = Answer(f"<html><head><title>Events</title></head><body><h1>{date}</h1>"
                                  f"<p>No events.</p><a href='/calendar?day=next'>Next</a></body></html>")
        urls.append(site.base + path)
    return urls

"""The archives: Wayback's index and captures, Common Crawl's index and files, CC-NEWS, Media Cloud's
days, GDELT. Shapes, errors and limits are those of the real ones in 2022-2026."""

import calendar
import collections
import dataclasses
import json
import re
import time
import urllib.parse

import archives
import records
from archives import Answer, Service, gone, packed, ranged
from past import DAY, iso, rfc822, stamp


def when(digits, last=False):
    """1 to 14 digits of a time stamp; last: the end of what they span."""
    digits = re.sub(r"\D", "", digits)[:14]
    if not digits:
        return "9" * 14 if last else "0" * 14
    return (digits + "9" * 14)[:14] if last else (digits + "0" * 14)[:14]


def surt(url):
    parts = urllib.parse.urlsplit(url)
    host = parts.netloc.lower()
    name, _, port = host.partition(":")
    if not re.fullmatch(r"[\d.]+", name):
        name = ",".join(reversed(re.sub(r"^www\.", "", name).split(".")))
    query = "?" + "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{name}{':' + port if port not in ('', '80', '443') else ''})" \
           f"{(parts.path or '/').lower()}{query}"


@dataclasses.dataclass
class Capture:
    url: str
    at: int
    body: bytes
    status: int = 200
    kind: str = "text/html"
    headers: tuple = ()
    is_revisit: bool = False

    def __post_init__(self):
        self.key, self.stamp, self.digest = surt(self.url), stamp(self.at), records.sha1(self.body)

    def row(self):
        return {"urlkey": self.key, "timestamp": self.stamp, "original": self.url,
                "mimetype": "warc/revisit" if self.is_revisit else self.kind,
                "statuscode": "-" if self.is_revisit else str(self.status),
                "digest": self.digest, "length": str(len(self.body) // 4 + 300)}


def has_scheme(url):
    return url if "://" in url else "http://" + url


def matching(captures, url, kind):
    """Of captures sorted by key, those that an index answers for."""
    if url.startswith("*."):
        url, kind = url[2:], "domain"
    elif url.endswith("*"):
        url, kind = url[:-1], "prefix"
    key = surt(has_scheme(url))
    host = key.partition(")")[0]
    tests = {"exact": lambda k: k == key,
             "prefix": lambda k: k.startswith(key),
             "host": lambda k: k.partition(")")[0] == host,
             "domain": lambda k: k.partition(")")[0] == host or k.startswith(host + ",")}
    return [c for c in captures if tests[kind or "exact"](c.key)]


class Wayback(Service):
    """web.archive.org: /cdx/search/cdx, /web/…id_/…, /web/timemap/link/…"""

    what = "wayback"
    is_archive = True
    CDX_A_MINUTE = 30  # past it 429; whoever goes on for a minute is locked out for an hour
    POLITE_A_MINUTE = 24
    CAPTURES_A_SECOND = 4

    def __init__(self, pace=1.0):
        super().__init__(pace)
        self.captures = []
        self.biggest_limit = 150000
        self.keys = set()  # to go on with, as they are given: escaped once

    def keep(self, url, at, body, **how):
        body = body.encode() if isinstance(body, str) else body
        old = any(c.url == url and c.body == body for c in self.captures)
        self.captures.append(Capture(url, at, body, is_revisit=old and how.get("status", 200) == 200,
                                     **how))
        self.captures.sort(key=lambda c: (c.key, c.stamp))

    def judge(self, request):
        super().judge(request)
        lists = self.lists()
        if request.name.startswith("/web/") and "/timemap/" not in request.name:
            if not re.match(r"/web/\d{14}id_/", request.name):
                self.broke(f"a capture that is not the original bytes: {request.path}")
            recent = [e for e in self.log if e.name.startswith("/web/") and e not in lists
                      and e.at > self.since(request.at, 1)]
            if len(recent) > self.CAPTURES_A_SECOND:
                self.broke(f"{len(recent)} captures within a second")
        elif sum(e.at > self.since(request.at, 60) for e in lists) > self.POLITE_A_MINUTE:
            self.broke(f"more than {self.POLITE_A_MINUTE} lists a minute")

    def lists(self):
        return [e for e in self.log if re.match("/cdx/|/web/timemap/", e.name)]

    def refused(self, request):
        n = sum(e.at > request.at - 60 / self.pace for e in self.lists())
        return self.refusal() if request in self.lists() and n > self.CDX_A_MINUTE else None

    def answer(self, request):
        if request.name == "/cdx/search/cdx":
            return self.cdx(request)
        if request.name.startswith("/web/timemap/link/"):
            return self.timemap(request.path.split("/web/timemap/link/", 1)[1])
        found = re.match(r"/web/(\d{1,14})(id_)?/(.+)", request.path)
        return self.capture(*found.groups()) if found else super().answer(request)

    def cdx(self, request):
        word = request.word
        if not word("url"):
            return Answer("org.archive.wayback.exception.BadQueryException: 'url' param is required\n",
                          400, "text/plain")
        rows = [c.row() for c in matching(self.captures, word("url"), word("matchType"))]
        low, high = when(word("from")), when(word("to"), True)
        rows = [r for r in rows if low <= r["timestamp"] <= high]
        for test in request.query.get("filter", []):
            field, _, pattern = test.lstrip("!").partition(":")
            rows = [r for r in rows
                    if bool(re.fullmatch(pattern, r[field])) != test.startswith("!")]
        rows = collapsed(rows, request.query.get("collapse", []))
        if word("resumeKey"):
            if word("resumeKey") not in self.keys:
                self.broke(f"a resume key that was never given: {request.path}")
            key = tuple(word("resumeKey").rstrip("!").rsplit(" ", 1))
            rows = [r for r in rows if (r["urlkey"], r["timestamp"]) > key]
        limit = min(int(word("limit", "0")) or self.biggest_limit, self.biggest_limit)
        rest, rows = rows[limit:], rows[:limit]
        fields = word("fl", "urlkey,timestamp,original,mimetype,statuscode,digest,length").split(",")
        resume = f"{rows[-1]['urlkey']} {rows[-1]['timestamp']}!" \
            if rest and word("showResumeKey") == "true" else ""
        self.keys.add(resume)
        return self.listing(rows, fields, resume, word("output") == "json")

    def listing(self, rows, fields, resume, is_json):
        lines = [[r[f] for f in fields] for r in rows]
        resume = urllib.parse.quote_plus(resume)
        if not is_json:
            text = "".join(" ".join(line) + "\n" for line in lines)
            return Answer(text + (f"\n{resume}\n" if resume else ""), kind="text/plain")
        table = [fields] + lines if lines else []
        table += [[], [resume]] if resume else []
        text = "[" + ",\n".join(json.dumps(line) for line in table) + "]\n"
        return Answer(text, kind="application/json")

    def timemap(self, url):
        found = matching(self.captures, url, "exact")
        if not found:
            return Answer("", 404, "text/plain")
        lines = [f'<{url}>; rel="original"',
                 f'<{self.base}/web/timemap/link/{url}>; rel="self"; '
                 f'type="application/link-format"; from="{rfc822(found[0].at)}"',
                 f'<{self.base}>; rel="timegate"']
        for i, c in enumerate(found):
            rel = "first memento" if i == 0 else "last memento" if i == len(found) - 1 else "memento"
            lines.append(f'<{self.base}/web/{c.stamp}/{c.url}>; rel="{rel}"; '
                         f'datetime="{rfc822(c.at)}"')
        return Answer(",\n".join(lines) + "\n", kind="application/link-format")

    def capture(self, digits, raw, url):
        found = matching(self.captures, url, "exact")
        if not found:
            return Answer("<html><title>Internet Archive Wayback Machine</title>"
                          "<p>The Wayback Machine has not archived that URL.</p></html>", 404)
        want = calendar.timegm(time.strptime(when(digits), "%Y%m%d%H%M%S")) \
            if len(digits) == 14 else int(when(digits))
        best = min(found, key=lambda c: abs(c.at - want))
        if best.stamp != digits:
            return Answer(status=302, headers=(
                ("Location", f"{self.base}/web/{best.stamp}{raw or ''}/{best.url}"),))
        source = next(c for c in found if c.digest == best.digest)  # a revisit has its first one's
        headers = [("Memento-Datetime", rfc822(best.at)), ("x-archive-src", "spn2-2022.warc.gz"),
                   ("Link", f'<{best.url}>; rel="original"'),
                   ("x-archive-orig-content-type", best.kind),
                   *((f"x-archive-orig-{n.lower()}", v) for n, v in source.headers)]
        if best.status in (301, 302):
            goal = dict(source.headers)["Location"]
            headers.append(("Location", f"{self.base}/web/{best.stamp}{raw or ''}/{goal}"))
        return Answer(source.body, best.status, best.kind, tuple(headers))


def collapsed(rows, words):
    for word in words:
        field, _, n = word.partition(":")
        kept, last = [], None
        for row in rows:
            value = row[field][:int(n)] if n else row[field]
            if value != last:
                kept.append(row)
            last = value
        rows = kept
    return rows


class CommonCrawlData(Service):
    """data.commoncrawl.org: files by name; of the crawls' own only parts may be asked for."""

    what = "data.commoncrawl"
    is_archive = True

    def __init__(self, pace=1.0):
        super().__init__(pace)
        self.files = {}

    def answer(self, request):
        data = self.files.get(request.name.lstrip("/"))
        if data is None:
            return gone()
        if "/segments/" in request.name and not request.range:
            self.broke(f"the whole of {request.name}")
        return ranged(request, data)


class CommonCrawl(Service):
    """index.commoncrawl.org: one small server. Give it crawls with crawl(), then lines of captures
    with keep(); their records stand in the files of `data`."""

    what = "index.commoncrawl"
    is_archive = True
    gap_s = 1.0
    rest_s = 1

    def __init__(self, data, pace=1.0, page_lines=50):
        super().__init__(pace)
        self.data, self.page_lines = data, page_lines
        self.crawls = {}  # name -> (from, to)
        self.lines = collections.defaultdict(list)
        self.wrong = {}  # url -> what is added to the length that the index tells

    def crawl(self, name, low, high):
        self.crawls[name] = (low, high)
        return name

    def keep(self, crawl, captures):
        """A file of all these captures, and their lines."""
        name = f"crawl-data/{crawl}/segments/1669446706285.92/warc/{crawl}-{len(self.data.files):05d}.warc.gz"
        data = records.member(records.warcinfo(captures[0].at))
        for i, c in enumerate(captures):
            data += records.member(records.request(c.url, c.at, i))
            packed_record = records.member(records.response(
                c.url, c.at, c.body, i, status=c.status,
                headers=(("X-Crawl-Content-Encoding", "gzip"),)))
            self.lines[crawl].append((c, {
                "urlkey": c.key, "timestamp": c.stamp, "url": c.url, "mime": c.kind,
                "mime-detected": c.kind, "status": str(c.status), "digest": c.digest,
                "length": str(len(packed_record) + self.wrong.get(c.url, 0)),
                "offset": str(len(data)), "filename": name, "languages": "eng",
                "encoding": "UTF-8"}))
            data += packed_record
        self.data.files[name] = data
        self.lines[crawl].sort(key=lambda line: (line[0].key, line[0].stamp))

    def answer(self, request):
        if request.name == "/collinfo.json":
            rows = [{"id": name, "name": f"{name} Index", "timegate": f"{self.base}/{name}/",
                     "cdx-api": f"{self.base}/{name}-index", "from": iso(low)[:-1],
                     "to": iso(high)[:-1]}
                    for name, (low, high) in sorted(self.crawls.items(), reverse=True)]
            return Answer(json.dumps(rows, indent=2), kind="application/json")
        name = request.name.strip("/").removesuffix("-index")
        if name not in self.crawls or not request.name.endswith("-index"):
            return Answer('{"message": "Not Found"}', 404, "application/json")
        return self.index(name, request)

    def index(self, name, request):
        word = request.word
        found = {id(c) for c in matching([c for c, _ in self.lines[name]], word("url"),
                                         word("matchType"))}
        lines = [line for c, line in self.lines[name] if id(c) in found]
        low, high = when(word("from")), when(word("to"), True)
        lines = [line for line in lines if low <= line["timestamp"] <= high]
        for test in request.query.get("filter", []):
            lines = [line for line in lines if passes(line, test)]
        n_pages = -(-len(lines) // self.page_lines)
        if word("showNumPages") == "true":
            return Answer(json.dumps({"pages": n_pages, "pageSize": 5, "blocks": n_pages}) + "\n",
                          kind="application/json")
        if not lines:
            return Answer(json.dumps({"message": f"No Captures found for: {word('url')}"}), 404,
                          "application/json")
        page = int(word("page", "0"))
        if page >= n_pages:
            return Answer(json.dumps({"message": f"Page {page} invalid: First Page is 0, Last Page "
                                                 f"is {n_pages - 1}"}), 400, "application/json")
        part = lines[page * self.page_lines:(page + 1) * self.page_lines] if "page" in request.query \
            else lines
        return Answer("".join(json.dumps(line) + "\n" for line in part), kind="text/x-ndjson")

    def slow_down(self):
        return Answer("<html><body><h1>503 Service Unavailable</h1>SlowDown</body></html>", 503)


def passes(line, test):
    """pywb: =field:exact, ~field:regex, !..., field:contained."""
    negated = test.startswith("!")
    test = test.lstrip("!")
    how = test[0] if test[0] in "=~" else ""
    field, _, word = test[len(how):].partition(":")
    value = line.get(field, "")
    ok = value == word if how == "=" else bool(re.match(word, value)) if how == "~" else word in value
    return ok != negated


class CcNews(CommonCrawlData):
    """/crawl-data/CC-NEWS/YYYY/MM/warc.paths.gz and its files, which may be read as a stream."""

    what = "cc-news"

    def publish(self, at, captures, broken=(), brotli=()):
        """One file of that moment. broken: of these addresses the member is damaged; brotli: their
        payload is packed so."""
        name = f"crawl-data/CC-NEWS/{time.strftime('%Y/%m', time.gmtime(at))}/" \
               f"CC-NEWS-{stamp(at)}-{len(self.files):05d}.warc.gz"
        data = records.member(records.warcinfo(at))
        for i, c in enumerate(captures):
            body, headers = c.body, ()
            if c.url in brotli:
                body, headers = records.stored_brotli(c.body), (("Content-Encoding", "br"),)
            one = records.member(records.response(c.url, c.at, body, i, headers=headers))
            data += records.member(records.request(c.url, c.at, i))
            data += records.damaged(one) if c.url in broken else one
        self.files[name] = data
        month = name.rsplit("/", 1)[0]
        names = sorted(n for n in self.files if n.startswith(month) and n.endswith("warc.gz"))
        self.files[month + "/warc.paths.gz"] = packed("\n".join(names) + "\n")
        return name


class MediaCloud(Service):
    """mc-YYYY-MM-DD.rss.gz, a file a day; a day without one is 404."""

    what = "mediacloud"
    is_archive = True

    def __init__(self, pace=1.0):
        super().__init__(pace)
        self.days = collections.defaultdict(list)

    def list(self, articles, delay_s=3600, odd=()):
        """Each stands in the list of the day on which it was met. odd: of these addresses the title
        holds control characters."""
        for a in articles:
            met = a.published + delay_s
            title = a.title + "\x0b\x1f and more" if a.url in odd else a.title
            self.days[time.strftime("%Y-%m-%d", time.gmtime(met))].append((a, title))

    def answer(self, request):
        found = re.fullmatch(r"/mc-(\d{4}-\d\d-\d\d)\.rss\.gz", request.name)
        rows = self.days.get(found[1]) if found else None
        if not rows:
            return gone()
        return Answer(packed(self.feed(found[1], rows)), kind="application/gzip")

    def feed(self, day, rows):
        escape = lambda s: s.replace("&", "&amp;").replace("<", "&lt;")
        items = "".join(
            f"<item>\n<link>{escape(a.url)}</link>\n<pubDate>{rfc822(a.published)}</pubDate>\n"
            f"<domain>{a.url.split('/')[2]}</domain>\n<title>{escape(title)}</title>\n"
            f'<source url="http://{a.url.split("/")[2]}/feed" mcSourceId="{i % 7}" mcFeedId="{i}">'
            f"Old Paper</source>\n</item>\n" for i, (a, title) in enumerate(rows))
        return (f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0">\n<channel>\n'
                f"<title>Media Cloud URLs for {day}</title>\n"
                f"<link>https://search.mediacloud.org</link>\n<description>Auto generated feed of all"
                f" stories</description>\n<pubDate>{day}</pubDate>\n{items}</channel>\n</rss>\n")


class Gdelt(Service):
    """DOC 2.0, mode artlist: at most 250 rows, one request in five seconds, windows by second."""

    what = "gdelt"
    is_archive = True
    MOST = 250
    gap_s = 5.0
    rest_s = 5

    def __init__(self, pace=1.0):
        super().__init__(pace)
        self.rows, self.odd = [], set()

    def list(self, articles, odd=()):
        """odd: of these addresses the title holds escapes that JSON does not have, as it happens."""
        self.rows += articles
        self.odd |= set(odd)

    def refused(self, request):
        before = [e for e in self.log if e.at < request.at and e.name != "/robots.txt"]
        if before and before[-1].at > self.since(request.at, self.gap_s):
            return Answer("Please limit requests to one every 5 seconds or contact the project for "
                          "larger queries.", 429, "text/plain")
        return None

    def answer(self, request):
        word = request.word
        if request.name != "/api/v2/doc/doc":
            return super().answer(request)
        query = word("query")
        if len(query.strip()) < 3:
            return Answer("Your query was too short or too long.\n")
        if word("mode").lower() != "artlist" or word("format").lower() != "json":
            self.broke(f"mode {word('mode')}, format {word('format')}")
        low, high = when(word("startdatetime")), when(word("enddatetime"), True)
        most = min(int(word("maxrecords", "75")), self.MOST)
        found = [a for a in self.rows if low <= stamp(a.published) <= high and speaks(a, query)]
        found.sort(key=lambda a: a.published, reverse="desc" in word("sort").lower())
        rows = [{"url": a.url, "url_mobile": "", "title": a.title, "seendate": seen(a.published),
                 "socialimage": "", "domain": a.url.split("/")[2], "language": "English",
                 "sourcecountry": "United States"} for a in found[:most]]
        text = json.dumps({"articles": rows}) if rows else "{}"
        for a in found[:most]:
            if a.url in self.odd:
                text = text.replace(json.dumps(a.title), '"' + a.title + ' \\d \\x"')
        return Answer(text, kind="application/json")


def seen(at):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at - at % 900))


def speaks(article, query):
    """Quoted phrases and words, OR between them in brackets; operators are passed over."""
    text = f"{article.title} {' '.join(article.paragraphs)}".lower()
    query = re.sub(r"\b\w+:\S+", " ", query)
    groups = re.findall(r"\(([^)]*)\)", query) + [re.sub(r"\([^)]*\)", " ", query)]
    for i, group in enumerate(groups):
        phrases = [quoted or word for quoted, word in re.findall(r'"([^"]*)"|(\S+)', group)
                   if word != "OR"]
        hits = [p.lower() in text for p in phrases]
        if hits and not (any(hits) if i < len(groups) - 1 or " OR " in group else all(hits)):
            return False
    return True


def captures_of(articles, delay_s=2 * DAY):
    """A capture of each, as it was published, so long after that."""
    return [Capture(a.url, a.published + delay_s, a.html().encode()) for a in articles]


__all__ = ["Capture", "CcNews", "CommonCrawl", "CommonCrawlData", "Gdelt", "MediaCloud", "Wayback",
           "captures_of", "archives"]

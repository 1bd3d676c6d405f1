"""The stand-ins of archives and old sites answer as the real ones do, and notice who breaks their
rules: what the tests of history rest on."""

import gzip
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.dom.minidom
import zlib

import archives_web
import newsdesk
import oldsites
import past
import records
from newsdesk import check

AGENT = "standin-test (desk@example.org)"


def get(url, agent=AGENT, **headers):
    """Status, headers, body; never an exception, never a redirect followed."""
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *words):
            return None
    request = urllib.request.Request(url, headers={"User-Agent": agent, **headers})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def query(base, **words):
    return base + "?" + urllib.parse.urlencode(words, doseq=True)


def ask(base, agent=AGENT, **words):
    return get(query(base, **words), agent)


def same(got, want, what):
    check(got == want, f"{what}: {got!r}, not {want!r}")


def wayback():
    w = archives_web.Wayback(pace=600)
    old = past.articles(1, "http://paper.test", 12, "2022-09-01", "2022-12-01")
    for c in archives_web.captures_of(old):
        w.keep(c.url, c.at, c.body, headers=(("Server", "old"),))
    w.keep(old[0].url, old[0].published + 30 * past.DAY, old[0].html())  # the same again
    w.keep(old[1].url, old[1].published + 30 * past.DAY, old[1].html(edited=True))
    w.keep("http://paper.test/moved", past.day("2022-10-01"), b"", status=301,
           headers=(("Location", old[0].url),))
    w.keep("http://paper.test/logo.png", past.day("2022-10-01"), b"\x89PNG", kind="image/png")
    cdx = w.base + "/cdx/search/cdx"
    how = {"url": "paper.test/*", "output": "json", "fl": "timestamp,original,statuscode",
           "filter": ["statuscode:200", "mimetype:text/html"], "collapse": "urlkey"}
    table = json.loads(ask(cdx, **how)[2])
    same(table[0], ["timestamp", "original", "statuscode"], "the first row")
    same(sorted(r[1] for r in table[1:]), sorted(a.url for a in old), "captures")
    found, key = [], ""
    for _ in range(4):
        table = json.loads(ask(cdx, **how, limit=5, showResumeKey="true",
                               **({"resumeKey": key} if key else {}))[2])
        cut = table.index([]) if [] in table else len(table)
        found += [r[1] for r in table[1:cut]]
        if cut == len(table):
            break
        key = urllib.parse.unquote_plus(table[cut + 1][0])
    same(sorted(found), sorted(a.url for a in old), "captures in pieces")
    n = len({c.url for c in w.captures if c.stamp[:6] == "202210" and c.row()["statuscode"] == "200"
             and c.kind == "text/html"})
    rows = json.loads(ask(cdx, **how, **{"from": "202210", "to": "202210"})[2])
    same(len(rows) - 1, n, "captures of a month")
    same(ask(cdx, url="nothing.test/*", output="json")[2], b"[]\n", "an empty answer")
    same(ask(cdx, output="json")[0], 400, "no address")
    versions = json.loads(ask(cdx, url=old[1].url, output="json", collapse="digest")[2])
    same(len(versions) - 1, 2, "versions of an edited page")
    first = past.stamp(old[0].published + 2 * past.DAY)
    status, headers, body = get(f"{w.base}/web/{first}id_/{old[0].url}")
    same((status, body), (200, old[0].html().encode()), "a capture")
    same(headers["x-archive-orig-server"], "old", "its original header")
    same(headers["Memento-Datetime"], past.rfc822(old[0].published + 2 * past.DAY), "its time")
    status, headers, _ = get(f"{w.base}/web/20221001000000id_/{old[0].url}")
    same(status, 302, "a moment without a capture")
    check(re.search(r"/web/\d{14}id_/", headers["Location"]), headers["Location"])
    same(get(f"{w.base}/web/{first}id_/http://paper.test/none")[0], 404, "no capture")
    same(get(f"{w.base}/web/20221001000000id_/http://paper.test/moved")[0], 301, "a moved page")
    links = get(f"{w.base}/web/timemap/link/{old[1].url}")[2].decode()
    same(links.count("datetime="), 2, "mementos of a timemap")
    same(w.broken, [], "Wayback, politely asked")
    get(f"{w.base}/web/{first}/{old[0].url}")
    check(any("not the original" in b for b in w.broken), "a capture with a banner passed")
    w.forget()
    w.pace = 1
    statuses = [ask(cdx, url=old[0].url)[0] for _ in range(32)]
    same(statuses[:30] + statuses[-2:], [200] * 30 + [429] * 2, "32 lists at once")
    check(any("more than 24" in b for b in w.broken), "25 lists a minute passed")
    check(any("after a 429" in b for b in w.broken), "a request straight behind a 429 passed")
    w.close()


def common_crawl():
    data = archives_web.CommonCrawlData()
    index = archives_web.CommonCrawl(data, pace=1000, page_lines=4)
    old = past.articles(2, "http://paper.test", 10, "2022-09-01", "2022-10-01")
    name = index.crawl("CC-MAIN-2022-40", past.day("2022-09-24"), past.day("2022-10-08"))
    index.wrong[old[3].url] = -200
    index.keep(name, archives_web.captures_of(old))
    crawls = json.loads(get(index.base + "/collinfo.json")[2])
    same([c["id"] for c in crawls], [name], "crawls")
    api = crawls[0]["cdx-api"]
    same(json.loads(ask(api, url="paper.test/*", showNumPages="true", output="json")[2])["pages"], 3,
         "pages")
    lines = [json.loads(line) for page in range(3) for line in
             ask(api, url="paper.test/*", output="json", page=page)[2].splitlines()]
    same(sorted(line["url"] for line in lines), sorted(a.url for a in old), "lines of the index")
    same(ask(api, url="paper.test/*", output="json", page=3)[0], 400, "a page beyond the end")
    status, _, body = ask(api, url="nothing.test/*", output="json")
    same((status, "No Captures" in json.loads(body)["message"]), (404, True), "no captures")
    for line in lines:
        low, n = int(line["offset"]), int(line["length"])
        status, headers, body = get(f"{data.base}/{line['filename']}", Range=f"bytes={low}-{low + n - 1}")
        same((status, len(body)), (206, n), "a range")
        article = next(a for a in old if a.url == line["url"])
        record = records.unpack(body)
        if article is old[3]:
            check(article.html().encode() not in record, "the wrong length gave all of it")
        else:
            check(record.startswith(b"WARC/1.0") and article.html().encode() in record,
                  f"the record of {article.url}")
    same(index.broken + data.broken, [], "Common Crawl, politely asked")
    get(f"{data.base}/{lines[0]['filename']}")
    check(data.broken, "the whole of a file was asked for, and nobody minded")
    same(get(f"{data.base}/{lines[0]['filename']}", Range="bytes=99999999-")[0], 416, "behind the end")
    same(get(data.base + "/crawl-data/none")[0], 404, "no such file")
    index.turn("index", index.slow_down())
    same(ask(api, url="paper.test/*")[0], 503, "slow down")
    index.pace = 1
    ask(api, url="paper.test/*")
    check(any("after a 503" in b for b in index.broken), "a request behind a 503 passed")
    index.close()
    data.close()


def members(data):
    """Each gzip member of a file, None for one that is damaged."""
    for part in re.split(rb"(?=\x1f\x8b\x08\x00\x00\x00\x00\x00[\x00\x02][\x03\xff])", data)[1:]:
        try:
            yield records.unpack(part)
        except zlib.error:
            yield None


def lists():
    old = past.articles(3, "http://paper.test", 300, "2022-12-01", "2022-12-11", telling=1)
    news = archives_web.CcNews()
    captures = archives_web.captures_of(old[:3])
    news.publish(past.day("2022-12-01"), captures, broken={old[1].url}, brotli={old[2].url})
    names = gzip.decompress(get(news.base + "/crawl-data/CC-NEWS/2022/12/warc.paths.gz")[2]).split()
    data = get(f"{news.base}/{names[0].decode()}")[2]
    parts = list(members(data))
    same([bool(p) and p.startswith(b"WARC/1.0") for p in parts],
         [True] * 4 + [False] + [True] * 2, "members of a WARC file, one of them damaged")
    check(old[0].html().encode() in parts[2], "a record's page")
    check(b"Content-Encoding: br" in parts[6] and old[2].html().encode() in parts[6], "brotli")
    check(len(names) == 1 and names[0].endswith(b".warc.gz"), f"CC-NEWS: {names}")
    same(get(news.base + "/crawl-data/CC-NEWS/2022/11/warc.paths.gz")[0], 404, "a month without")
    cloud = archives_web.MediaCloud()
    cloud.list(old[:40], odd={old[1].url})
    text = gzip.decompress(get(cloud.base + "/mc-2022-12-01.rss.gz")[2])
    check(b"\x1f" in text and text.count(b"<item>") > 20, "a day of Media Cloud")
    same(get(cloud.base + "/mc-2022-11-30.rss.gz")[0], 404, "a day without a list")
    g = archives_web.Gdelt(pace=50)
    g.list(old, odd={old[-1].url})
    api = g.base + "/api/v2/doc/doc"
    how = {"query": '"overseas police"', "mode": "artlist", "format": "json", "maxrecords": 250,
           "startdatetime": "20221201000000", "enddatetime": "20221231000000"}
    text = ask(api, **how)[2].replace(b" \\d \\x", b"")
    same(len(json.loads(text)["articles"]), 250, "rows of GDELT")
    g.pace = 1  # the second comes too soon however late it is
    status, _, body = ask(api, **how)
    same((status, b"every 5 seconds" in body), (429, True), "GDELT, asked at once")
    check(g.broken, "nobody minded")
    for s in (news, cloud, g):
        s.close()


def old_sites():
    w = oldsites.WordPress(ahead_h=8)
    w.write(4, 230, "2022-09-01", "2022-12-01")
    posts = w.base + "/wp-json/wp/v2/posts"
    status, headers, body = ask(posts, per_page=100, page=3, _fields="id,link,date_gmt,content")
    same((status, headers["X-WP-Total"], headers["X-WP-TotalPages"]), (200, "230", "3"), "posts")
    same(len(json.loads(body)), 30, "posts of the last page")
    same(set(json.loads(body)[0]), {"id", "link", "date_gmt", "content"}, "fields")
    status, _, body = ask(posts, per_page=100, page=4)
    same((status, json.loads(body)["code"]), (400, "rest_post_invalid_page_number"), "the page behind")
    same(ask(posts, per_page=101)[0], 400, "101 a page")
    want = [a for a in w.articles if past.day("2022-10-01") < a.published + 8 * 3600
            < past.day("2022-11-01")]
    found = json.loads(ask(posts, per_page=100, after="2022-10-01T00:00:00",
                           before="2022-11-01T00:00:00")[2])
    same(len(found), len(want), "posts of a month by the site's own clock")
    link = get(w.base + "/")[1]["Link"]
    check("api.w.org" in link and "/wp-json/" in link, f"Link: {link}")
    same(get(w.base + "/feed/?paged=23")[0], 200, "the last page of the feed")
    same(get(w.base + "/feed/?paged=24")[0], 404, "the page behind")
    off = oldsites.WordPress(rest="401")
    same(get(off.base + "/wp-json/")[0], 401, "REST switched off")
    plain = oldsites.WordPress(rest="plain")
    plain.write(5, 3, "2022-09-01", "2022-09-04")
    same(get(plain.base + "/wp-json/")[0], 404, "no pretty addresses")
    same(len(json.loads(ask(plain.base + "/", rest_route="/wp/v2/posts")[2])), 3, "?rest_route=")
    s = oldsites.Site()
    s.write(6, 60, "2022-11-01", "2023-02-01", states=("live", "gone", "edited"))
    oldsites.month_sitemaps(s, zipped=True)
    oldsites.archived_feed(s, loops=True)
    oldsites.paged_feed(s)
    for path in ("/sitemap.xml", "/sitemaps/2022.xml", "/feed.atom", "/archive/1.atom",
                 "/paged.xml?page=2"):
        xml.dom.minidom.parseString(get(s.base + path)[2])
    check(b"<loc>" in gzip.decompress(get(s.base + "/sitemaps/2023_1.xml.gz")[2]), "a month's sitemap")
    same([get(a.url)[0] for a in s.articles[:3]], [200, 404, 200], "pages today")
    check(s.articles[2].edit.encode() in get(s.articles[2].url)[2], "an edited page")
    same(s.broken, [], "a site, politely asked")
    get(s.base, agent="nobody")
    check(s.broken, "an agent without a contact passed")
    e = oldsites.EndlessSite()
    e.write(7, 3, "2022-09-01", "2022-09-04")
    check(b"/more/85.xml" in get(e.base + "/more/42.xml")[2], "the endless index ends")
    for service in (w, off, plain, s, e):
        service.close()


def main():
    begun = time.monotonic()
    for part in (wayback, common_crawl, lists, old_sites):
        part()
    newsdesk.finish(f"stand-ins of Wayback, Common Crawl, CC-NEWS, Media Cloud, GDELT and old sites, "
                    f"{time.monotonic() - begun:.1f} s")


main()

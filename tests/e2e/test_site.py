"""The newsroom itself: every page of expected.tsv and every link of a feed is served, encodings are
what they are said to be, a validator gives 304, and the second state differs where it should."""

import html
import re
import urllib.error
import urllib.request

import newsdesk
from newsdesk import check

FEEDS = ["ledger/feed.rss", "northmoor/feed.atom", "valdehondo/rss", "roccalba/index.rdf",
         "lanchuan/rss.xml", "wugang/rss.xml", "tidemark/wire.rss", "upland/feed.rss",
         "ferrylane/feed.rss", "bellringer/feed.xml"]
# In the second crawl: gone, busy, broken.
REFUSED = {"bellringer": 410, "upland": 429, "ferrylane": 503}


class KeepRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def get(url, headers=None, follow=True):
    """status, headers, body; no status is an exception."""
    openers = [urllib.request.ProxyHandler({})] + ([] if follow else [KeepRedirect()])
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.build_opener(*openers).open(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def links(text, base):
    """Addresses that a feed announces, RSS and Atom alike."""
    found = re.findall(r"<item.*?<link>(.*?)</link>", text, re.S)
    found += re.findall(r"<entry>.*?<link[^>]*href=\"(.*?)\"", text, re.S)
    for link in map(html.unescape, found):
        if link.startswith("http"):
            yield link
        elif link.startswith("/"):
            yield base + link
        else:
            yield base + "/news/" + link  # xml:base of the one Atom feed


def check_pages(origin, charset, state):
    removed = [(e["outlet"], e["path"]) for e in newsdesk.events() if e["kind"] == "removed"]
    for row in newsdesk.expected():
        if row["state"] > state:
            continue
        status, headers, body = get(origin[row["outlet"]] + row["path"])
        gone = state > 1 and (row["outlet"], row["path"]) in removed
        check(status == (410 if gone else 200), f"{row['outlet']}{row['path']}: {status}")
        try:
            text = body.decode(charset[row["outlet"]])
        except UnicodeDecodeError as error:
            check(False, f"{row['outlet']}{row['path']}: {error}")
            continue
        check("{{" not in text, f"{row['outlet']}{row['path']}: a template is left over")
        check("\n---\n" not in text, f"{row['outlet']}{row['path']}: its head is served")


def check_feeds(origin, charset):
    n = 0
    for feed in FEEDS:
        outlet, path = feed.split("/", 1)
        status, headers, body = get(f"{origin[outlet]}/{path}")
        check(status == 200, f"{feed}: {status}")
        if headers["ETag"]:
            again = get(f"{origin[outlet]}/{path}", {"If-None-Match": headers["ETag"]})
            check(again[0] == 304 and again[2] == b"", f"{feed}: no 304 to its own ETag")
        for link in links(body.decode(charset[outlet]), origin[outlet]):
            n += 1
            status = get(link)[0]
            check(status == 200, f"{feed} announces {link}: {status}")
    return n


def check_second(origin):
    for outlet, want in REFUSED.items():
        feed = next(f for f in FEEDS if f.startswith(outlet))
        status, headers, _ = get(f"{origin[outlet]}/{feed.split('/', 1)[1]}")
        check(status == want, f"{feed} in the second crawl: {status}, not {want}")
        check(want == 410 or headers["Retry-After"], f"{feed}: {want} without Retry-After")
    status, headers, _ = get(origin["valdehondo"] + "/rss", follow=False)
    check((status, headers["Location"]) == (301, "/portada.rss"), "the moved feed")
    body = get(origin["northmoor"] + "/news/shuttered.html")[2].decode()
    check("Belgrade" in body, "the edited page")


def main():
    with newsdesk.Workplace("site") as folder:
        room = newsdesk.Newsroom(folder)
        origin = {name: f"http://{address}:{room.port}"
                  for name, address in newsdesk.outlets().items()}
        charset = {line.split("\t")[0]: line.split("\t")[2]
                   for line in (newsdesk.SITE / "outlets.tsv").read_text().splitlines()
                   if line and line[0] != "#"}
        try:
            check_pages(origin, charset, 1)
            n_links = check_feeds(origin, charset)
            check("Belgrade" not in get(origin["northmoor"] + "/news/shuttered.html")[2].decode(),
                  "the page before its edit")
            room.switch()
            check_pages(origin, charset, 2)
            check_second(origin)
            n = len(room.requests())
            check(n > 100, f"{n} requests in the log")
        finally:
            room.stop()
        newsdesk.finish(f"{len(newsdesk.expected())} pages, {n_links} links of {len(FEEDS)} feeds")


main()

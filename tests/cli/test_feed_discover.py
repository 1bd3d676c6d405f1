#!/usr/bin/env python3
"""feed discover and feed add: which feeds are behind an address, which is taken and why."""
import json
import ssl
import subprocess

import desk
from desk import check

TEXT = "<content:encoded>" + "A long text of an article about the harbour. " * 9 + "</content:encoded>"


def feed(title, language="en", full=False, day=20, link="/a/", self_url=""):
    items = "".join(f"<item><title>{title} {i}</title><link>{link}{i}</link><guid>{link}{i}</guid>"
                    f"<pubDate>{day} Nov 2026 07:0{i}:00 GMT</pubDate><description>Short.</description>{TEXT if full else ''}</item>"
                    for i in range(4))
    own = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{self_url}"/>' if self_url else ""
    return ('<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>{title}</title><link>http://x.example/</link><language>{language}</language>{own}{items}</channel></rss>")


def page(*hrefs, title="A page", language="en", body=""):
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="{t}" href="{h}">' for h, t in hrefs)
    return f'<!doctype html><html lang="{language}"><head><title>{title}</title>{links}</head><body>{body}<p>Words.</p></body></html>'


def put(site, path, *args, **kind):
    return site.put(path, feed(*args, **kind), "application/rss+xml")


def choosing(d, site):
    """The table of what was found, and what speaks for the one that is taken."""
    put(site, "/en", "English")
    put(site, "/zh", "Chinese", "zh-CN")
    put(site, "/full", "Full", full=True)
    site.put("/old", feed("Old").replace("2026", "2020"), "application/rss+xml")
    put(site, "/comments/feed", "Readers")
    put(site, "/kommentare", "Kommentare zu", full=True)
    site.put("/empty", desk.rss("Empty", []), "application/rss+xml")
    site.put("/map.xml", f"<urlset><url><loc>{site.root}/x.html</loc><lastmod>2026-11-20</lastmod></url></urlset>", "text/xml")
    cases = (
        ("language", "zh", [("/en", ""), ("/zh", "")], 2, "in the page's language"),
        ("full text", "en", [("/en", ""), ("/full", ""), ("/zh", "")], 2, "with the full text"),
        ("comments", "en", [("/comments/feed", ""), ("/en", "")], 1, "articles, not comments"),
        ("comments by their title", "en", [("/kommentare", ""), ("/en", "")], 2, "articles, not comments"),
        ("comments by the link", "en", [("/full", "Comments on this"), ("/en", "")], 1, "articles, not comments"),
        ("empty", "en", [("/empty", ""), ("/en", "")], 2, "it has entries"),
        ("old", "en", [("/old", ""), ("/en", "")], 2, "still written"),
        ("sitemap", "en", [("/map.xml", ""), ("/en", "")], 2, "a feed, not a sitemap"),
        ("gone", "en", [("/gone", ""), ("/en", "")], 2, "it can be read"),
        ("alike", "en", [("/en", ""), ("/en?atom", "")], 1, "2 of them are alike; number 1 would be taken: feed add --pick N takes another"),
    )
    put(site, "/en?atom", "English")
    for name, language, links, best, why in cases:
        url = site.put("/page", page(*links, language=language))
        done = d.call("feed", "discover", url, "--format", "jsonl")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        got = [r["n"] for r in rows if r["best"]]
        check(got == [best] and why in done.stderr, f"{name}: number {got}, {done.stderr}")
        check(len(rows) == len(links), f"{name}: {len(rows)} rows")
    row = d.rows("feed", "discover", site.put("/page", page(("/gone", ""), ("/full", ""))))
    check("answers 404" in row[0]["problem"] and (row[1]["format"], row[1]["entries"], row[1]["full_text"], row[1]["language"],
          row[1]["newest_at"], row[1]["found"]) == ("rss2.0", 4, True, "en", "2026-11-20T07:03:00Z", "announced"), f"rows: {row}")
    many = site.put("/many", page(*[(f"/en?{i}", "") for i in range(12)]))
    for i in range(12):
        put(site, f"/en?{i}", "English")
    done = d.call("feed", "discover", many)
    check("4 more are announced" in done.stderr, f"many: {done.stderr}")


def without_a_desk(d, site):
    """discover needs no database."""
    url = put(site, "/alone", "Alone")
    done = d.call("feed", "discover", url, "--db", "/nonexistent/x.db", "--format", "csv")
    check(done.returncode == 0 and done.stdout.startswith("n,best,format"), f"without a database: {done}")
    check(url in d.must("feed", "discover", url.removeprefix("http://")), "an address without a scheme, of a site without https")
    done = d.call("feed", "discover", site.root + "/none", url)
    check(done.returncode == 66 and url in done.stdout, f"one bad address of two: {done}")
    check("status=200" in d.call("feed", "discover", url, "-v").stderr, "-v does not tell what is asked")
    d.fails(65, "is no http or https address", "feed", "discover", "ftp://x.example/")
    d.fails(64, 'no field "titel"', "feed", "discover", url, "--fields", "titel")


def bad_certificate(d, site):
    """Without a scheme: in the clear only where nobody speaks TLS, never past a certificate that is refused."""
    url = put(site, "/alone", "Alone").removeprefix("http://")
    pem = d.folder / "site.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x.example",
                    "-keyout", pem, "-out", d.folder / "certificate.pem"], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(d.folder / "certificate.pem", pem)
    site.http.socket = tls.wrap_socket(site.http.socket, server_side=True)
    site.http.handle_error = lambda *_: None
    said = d.fails(75, "ertificate", "feed", "discover", url)
    check(f"https://{url}" in said and f" http://{url}" not in said, f"past a refused certificate: {said}")
    d.fails(75, "http://127.31.0.250/x", "feed", "discover", "127.31.0.250/x")


def adding(d, site):
    put(site, "/en", "English")
    put(site, "/zh", "Chinese", "zh-CN")
    put(site, "/full", "Full", full=True)
    url = site.put("/page", page(("/en", ""), ("/full", "")))
    d.fails(65, "feeds found: 2", "feed", "add", url, "--pick", "3")
    d.fails(64, "of one address alone", "feed", "add", url, url, "--pick", "1")
    d.fails(64, "is not 1, 2 or 3", "feed", "add", url, "--tier", "x")
    said = d.call("feed", "add", url, "--dry-run").stderr
    check("would be added as f1 Full" in said and d.rows("feed", "list") == [], f"add --dry-run: {said}")
    desk.engine.number_from(d.db, "feed")
    said = d.call("feed", "add", url, "--pick", "1", "--folder", "A/B", "--tags", "x,y", "--tier", "2", "--note", "n", "--paused").stderr
    check("added f1 English" in said and "its country is not known; wirewatch feed set f1 --country CC" in said, f"add: {said}")
    row = d.rows("feed", "export")[0]
    want = {"url": site.root + "/en", "title": "English", "site": url, "folder": "A/B", "tags": "x,y", "tier": 2, "note": "n",
            "state": "paused", "language": "en"}
    check({k: row[k] for k in want} == want, f"what add stored: {row}")
    check("what is known of it stays" in d.call("feed", "add", url, "--pick", "1", "--country", "IE").stderr, "known")
    d.fails(66, "answers 404", "feed", "add", site.root + "/none", put(site, "/behind", "Behind it"))
    check(len(d.rows("feed", "list", "Behind it")) == 1, "one bad address kept another out")
    site.put("/for-now", "", status=302, Location="/zh")
    site.put("/for-ever", "", status=301, Location="/for-now")
    d.must("feed", "add", site.root + "/for-ever")
    check(len(d.rows("feed", "list", "/for-now")) == 1, "a redirect for now is no address to remember")

    # Feeds that seem to be one are added, and it is said.
    said = d.call("feed", "add", put(site, "/en/atom.xml", "Other", self_url=site.root + "/en")).stderr
    check("perhaps one feed with f1 English: two forms" in said and "it calls that its own address" in said, f"twins: {said}")


def shared(d, site):
    d.must("feed", "add", put(site, "/first", "First", link="http://x.example/story"))
    d.must("run", "--only", "crawl")
    said = d.call("feed", "add", put(site, "/second", "Second", link="http://x.example/story")).stderr
    check("perhaps one feed with f1 First: it brings the same articles" in said, f"the same articles: {said}")


def usual_places(d, site):
    """A page that announces nothing: robots.txt says where not to look, and a few places are enough."""
    where = site.put("/section/", page(title="A quiet page"))
    site.put("/robots.txt", "User-agent: *\nDisallow: /rss\n", "text/plain")
    put(site, "/rss", "Forbidden")
    put(site, "/feed.xml", "There")
    done = d.call("feed", "discover", where)
    check("/feed.xml" in done.stdout and "usual place" in done.stdout, f"usual places: {done}")
    check("/rss" not in site.asked and site.asked.count("/robots.txt") == 1 and "/section/feed" in site.asked,
          f"what was asked for: {site.asked}")
    check("/atom.xml" not in site.asked, "looked on after a feed was found")

    del site.pages["/feed.xml"], site.asked[:]
    site.put("/robots.txt", f"Sitemap: {site.root}/all.xml\nSitemap: {site.root}/news.xml\n", "text/plain")
    del site.pages["/rss"]
    for name in ("all", "news"):
        site.put(f"/{name}.xml", f"<urlset><url><loc>{site.root}/x.html</loc></url></urlset>", "text/xml")
    rows = d.rows("feed", "discover", where)
    check([(r["url"], r["found"], r["format"]) for r in rows] == [(site.root + "/news.xml", "robots.txt", "sitemap")], f"{rows}")
    check(len(site.agents) == 1 and all("(+desk@example.org)" in a for a in site.agents), f"who asked: {site.agents}")
    check(len(site.asked) <= 14, f"{len(site.asked)} requests: {site.asked}")

    for status in (403, 429, 503):
        del site.asked[:]
        site.put("/robots.txt", "", "text/plain")
        site.put("/section/feed", "", status=status)
        d.fails(66, '("A quiet page") is no feed and announces none', "feed", "discover", where)
        check(site.asked[2:] == ["/section/feed"], f"asked on after {status}: {site.asked}")
    del site.pages["/section/feed"], site.asked[:]
    site.put("/robots.txt", "", status=500)
    d.fails(66, "is no feed and announces none", "feed", "discover", where)
    check(len(site.asked) == 2, f"tried places of a host whose robots.txt fails: {site.asked}")


def closed_doors(d, site):
    """A page that stands for another says so, with its title."""
    login = site.put("/login", page(title="Sign in - Ledger", body='<form><input type="password" name="p"></form>'))
    d.fails(66, '("Sign in - Ledger") is no feed and announces none; it looks like a page to log in', "feed", "add", login)
    wall = site.put("/wall", page(title="Just a moment..."), status=403)
    d.fails(77, 'answers 403 ("Just a moment..."); it looks like a page that wants proof of a human', "feed", "add", wall)
    plain = site.put("/plain", page(title="We are \x1b[31mmoving"), status=503)
    said = d.fails(75, "answers 503 (", "feed", "add", plain)
    check("\x1b" not in said, "a page's title reached the terminal raw")
    check(d.rows("feed", "list") == [], "a door was added")


def on(test, address):
    site = desk.Server(address)
    try:
        with desk.Desk() as d:
            test(d, site)
    finally:
        site.close()


for test in (choosing, without_a_desk, bad_certificate, adding, shared, usual_places, closed_doors):
    on(test, "127.31.0.3")
desk.finish("feed discover: choosing, adding, usual places, closed doors")

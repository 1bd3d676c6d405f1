#!/usr/bin/env python3
"""inspect: every kind by command line and by --batch, answers in order, bad jobs that cost no other."""
import gzip
import json
import random
import re
import subprocess
import threading

import desk
from desk import check

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Northmoor &amp; Post</title>
<id>urn:x</id><updated>2026-11-20T07:00:00Z</updated><link rel="hub" href="https://hub.example/"/>
<entry><id>urn:1</id><title>One</title><link href="/one"/><updated>2026-11-20T06:00:00Z</updated>
<content type="html">&lt;p onclick="x()"&gt;Hello&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</content></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://news.example/1</loc><lastmod>2026-11-19</lastmod></url><url><loc>/2</loc></url></urlset>"""
ROBOTS = "User-agent: *\nDisallow: /private\nCrawl-delay: 7\nSitemap: https://news.example/map.xml\n"


def one(d, *words, status=0):
    done = d.call("inspect", *words)
    check(done.returncode == status, f"inspect {words}: status {done.returncode}: {done.stderr}")
    lines = done.stdout.splitlines()
    check(len(lines) == 1, f"inspect {words}: {len(lines)} lines")
    return json.loads(lines[0])


def batch(d, kind, lines, status=0):
    done = d.call("inspect", kind, "--batch", stdin="".join(line + "\n" for line in lines))
    check(done.returncode == status, f"inspect {kind} --batch: status {done.returncode}: {done.stderr}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    check(len(answers) == len(lines), f"inspect {kind} --batch: {len(answers)} answers to {len(lines)} jobs")
    return answers


WAYBACK = """[["timestamp","original","statuscode","mimetype","digest","length"],
["20220913021530","http://news.example/1","200","text/html","ABCDEFGHIJKLMNOPQRSTUVWXYZ234567","5123"],
["2022x","http://news.example/2","200","text/html","-","-"],
[],
["example%2Cnews%29%2F2+2022"]]
"""


def finds(d):
    """A list of history: a line for each list and address, then what else there is to say of it."""
    path = d.write("cdx.json", WAYBACK)
    lines = [json.loads(line) for line in d.must("inspect", "finds", "cdx", path).splitlines()]
    check(lines == [
        {"url": "http://news.example/1", "captured": "2022-09-13T02:15:30Z", "length": 5123, "status": 200,
         "mime": "text/html", "digest": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
        {"format": "cdx", "bad": 1, "dropped": 0, "next": "example%2Cnews%29%2F2+2022"}], f"finds: {lines}")
    whole = one(d, "finds", "cdx", path, "--json")
    check((whole["rows"], whole["lists"], whole["error"]) == (lines[:1], [], None), f"finds --json: {whole}")
    index = "<sitemapindex><sitemap><loc>/2022/09/s.xml</loc></sitemap>"
    found = one(d, "finds", "sitemap", d.write("index.xml", index), "--base", "https://news.example/map.xml", "--json")
    check(found["cut"] is True and found["lists"] == [
        {"list": "https://news.example/2022/09/s.xml", "about": "2022-09", "month": True}], f"finds: {found}")
    # More than one piece: all of it, in order.
    dice = random.Random(1)
    items = "".join(f"<item><link>https://news.example/{i}</link><title>{dice.randbytes(950).hex()}</title></item>"
                    for i in range(3000))
    day = f"<rss version='2.0'><channel>{items}</channel></rss>"
    packed = d.folder / "day.rss.gz"
    packed.write_bytes(gzip.compress(day.encode()))
    found = one(d, "finds", "mediacloud", packed, "--json")
    check([r["url"] for r in found["rows"]] == [f"https://news.example/{i}" for i in range(3000)] and
          found["bad"] == 0 and "cut" not in found, f"a day in pieces: {len(found['rows'])}")
    check("mediacloud" in one(d, "finds", "weather", path, status=1)["error"], "no such format")
    check("not an index" in one(d, "finds", "cdx", d.write("x.html", "<html></html>"), status=1)["error"], "no list")
    check(batch(d, "finds", [f"cdx\t{path}"]) == [whole], "finds --batch")
    batch(d, "date", [json.dumps({"text": "2022-09-13", "as_lines": True})])


def documents(d):
    path = d.write("atom.xml", ATOM)
    feed = one(d, "feed", path, "--base", "https://news.example/feed")
    entry = feed["entries"][0]
    check((feed["format"], feed["title"], feed["malformed"]) == ("atom1.0", "Northmoor & Post", False), f"feed: {feed}")
    check((entry["link"], entry["updated"]) == ("https://news.example/one", "2026-11-20T06:00:00Z"), f"entry: {entry}")
    check("Hello" in entry["content"] and "script" not in entry["content"] and "onclick" not in entry["content"],
          f"content: {entry['content']}")
    check({"href", "rel"} <= set(feed["links"][0]) and feed["charset"].lower() == "utf-8", f"links: {feed}")
    cut = one(d, "feed", d.write("cut.xml", ATOM[:-30]))
    check(cut["malformed"] is True and len(cut["entries"]) == 1, f"a feed cut short: {cut}")

    found = one(d, "sitemap", d.write("map.xml", SITEMAP), "--base", "https://news.example/map.xml")
    check(found["type"] == "urlset" and found["urls"][0]["loc"] == "https://news.example/1", f"sitemap: {found}")
    page = d.write("page.html", desk.page("Kestrel Pier closes", desk.BODY).replace(
        "</head>", '<link rel="alternate" type="application/atom+xml" title="All" href="/atom"></head>'))
    found = one(d, "links", page, "--url", "https://news.example/")
    check([f["url"] for f in found["feeds"]] == ["https://news.example/atom"], f"links: {found}")
    article = one(d, "article", page, "--url", "https://news.example/1")
    check((article["title"], article["date"], article["language"]) == ("Kestrel Pier closes", "2022-10-05", "en"),
          f"article: {article}")
    check("ship worm" in article["text"] and "newsletter" not in article["text"], f"text: {article['text']}")
    wire = desk.page("Kestrel Pier closes", ["OLD QUAY, Oct 5 (AP) - " + desk.BODY[0]] + desk.BODY[1:],
                     url="https://upland.example/pier")
    article = one(d, "article", d.write("wire.html", wire), "--url", "https://news.example/1")
    check([article[k] for k in ("dateline", "dateline_place", "credit", "credit_source", "source_url", "canonical")] ==
          ["OLD QUAY, Oct 5 (AP)", "OLD QUAY", "AP", "dateline", "https://upland.example/pier", None],
          f"whose text it is: {article}")
    check(article["text"].startswith("OLD QUAY, Oct 5 (AP) - "), "the text stays as it is")
    gb = d.folder / "gb.html"
    gb.write_bytes(desk.page("\u71d5\u5b50", desk.CHINESE, "zh").replace('charset="utf-8"', 'charset="gb2312"').encode("gb18030"))
    check(one(d, "charset", gb)["charset"].lower() in ("gbk", "gb18030"), "charset of a page")
    check("温州" in one(d, "article", gb, "--url", "https://news.example/zh")["text"], "an article in GBK")


def strings(d):
    check(one(d, "date", "Fri, 20 Nov 2026 07:00:00 +0100")["instant"] == "2026-11-20T06:00:00Z", "date")
    check(one(d, "date", "30 February 2026")["instant"] is None, "an impossible date")
    answer = one(d, "url", "../a/./b?utm_source=x&id=3#top", "--base", "HTTPS://News.example:443/x/y/")
    check(answer["results"][0]["resolved"] == "https://news.example/x/a/b?utm_source=x&id=3#top" or
          "/x/a/b" in answer["results"][0]["resolved"], f"resolved: {answer}")
    check("utm_source" not in answer["results"][0]["canonical"], f"canonical: {answer}")
    robots = d.write("robots.txt", ROBOTS)
    done = d.call("inspect", "robots", robots, "--agent", "wirewatch", "https://news.example/private/1", "/open")
    check(done.stdout.splitlines()[0] == "disallow\thttps://news.example/private/1" and
          done.stdout.splitlines()[1].startswith("allow\t"), f"robots: {done.stdout}")
    answer = one(d, "robots", robots, "--agent", "wirewatch", "--json", "/private")
    check(answer["crawl_delay"] == 7 and answer["sitemaps"] == ["https://news.example/map.xml"], f"robots: {answer}")
    text = d.write("text.txt", "The council closed Kestrel Pier on Tuesday.")
    answer = one(d, "mentions", text, "--watchlist", d.watchlist)
    m = answer["mentions"][0]
    check((m["id"], m["quote"], m["end"] - m["start"]) == ("pier-kestrel", "Kestrel Pier", 12), f"mentions: {answer}")


def batches(d):
    kinds = ("article", "charset", "date", "feed", "links", "mentions", "robots", "sitemap", "url")
    nothing = d.folder / "nothing"
    for kind in kinds:
        said = batch(d, kind, ["{not json", json.dumps({"path": str(nothing), "text": 7, "url": 7, "urls": 7})], 1)
        check(said[0].get("error"), f"{kind}: no error for a job that is no JSON: {said[0]}")
    said = batch(d, "date", ["2026-11-20", "", '{"text":"20 November 2026 7 am"}', "[1]", "soon"])
    check(said[0]["instant"] == "2026-11-20T00:00:00Z" and said[0]["precision"] == "day", f"date: {said[0]}")
    check(said[2]["instant"] == "2026-11-20T07:00:00Z" and said[4]["instant"] is None, f"dates: {said}")
    feed = d.folder / "atom.xml"
    said = batch(d, "feed", [str(nothing), str(feed), json.dumps({"path": str(feed), "base": "https://b.example/"})], 1)
    check(said[0]["error"] and said[0]["path"] == str(nothing), f"a missing file: {said[0]}")
    check(said[2]["entries"][0]["link"] == "https://b.example/one", f"base of a job: {said[2]}")
    said = batch(d, "article", ["\t".join([str(d.folder / "gb.html"), "https://n.example/", "gb18030"])])
    check("温州" in said[0]["text"], "positional words of an article")

    # Flushed after each answer: whoever asks may wait for it before asking again.
    ask = subprocess.Popen([desk.WIREWATCH, "inspect", "url", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                           env=d.environment())
    patience = threading.Timer(20, ask.kill)
    patience.start()
    for i in range(3):
        ask.stdin.write(f"https://e.example/{i}\n".encode())
        ask.stdin.flush()
        line = ask.stdout.readline()
        check(f"/{i}".encode() in line, f"answer {i} before the next question: {line}")
        if not line:
            break
    patience.cancel()
    ask.stdin.close()
    ask.stdout.close()
    check(ask.wait(desk.COMMAND_S) == 0, "inspect ends with its input")


def steps(d):
    """Each step can be left out by its name, and one that is left out is not done."""
    with open("extractors/steps.c", encoding="utf-8") as source:
        names = re.findall(r'\[STEP_\w+\] = "([^"]+)"', source.read())
    page = d.write("steps.html", desk.page("The ferry question", desk.BODY + ["Read also: The tram question"]))
    whole = one(d, "article", page)
    check(len(names) > 10, f"steps: {names}")
    for name in names:
        check(one(d, "article", page, "--without", name)["title"] == whole["title"], f"--without {name}")
    check("Read also" not in whole["text"], "a known line")
    check("Read also" in one(d, "article", page, "--without", "links,lines")["text"], "without lines")
    check("lyrics" in one(d, "article", page, "--without", "lyrics", status=1)["error"], "an unknown step")


def usage(d):
    d.fails(64, "usage: wirewatch inspect KIND", "inspect")
    d.fails(64, "usage: wirewatch inspect KIND", "inspect", "weather")
    d.fails(64, "usage: wirewatch inspect date", "inspect", "date")
    d.fails(64, "--bass is not an option here", "inspect", "url", "--bass", "x")
    d.fails(64, "--base wants a value", "inspect", "url", "x", "--base")
    d.fails(1, "error", "inspect", "feed", d.folder / "nothing")


with desk.Desk() as d:
    finds(d)
    documents(d)
    strings(d)
    batches(d)
    steps(d)
    usage(d)
desk.finish("inspect: every kind, by words and by --batch")

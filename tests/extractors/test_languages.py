#!/usr/bin/env python3
"""One article in sixteen languages, on pages of four kinds, in the encodings such pages have: all of it, nothing else.

The words of each language stand in languages/*.txt: key and text a line, keys may come again. Run with -v to see every
difference, or with a language's code to see that one alone.
"""
import html
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WIREWATCH = os.environ.get("WIREWATCH", "./wirewatch")

# How pages are sent: with the encoding in the header, in a <meta>, or nowhere.
ENCODINGS = {
    "cs": ["windows-1250", "iso-8859-2"], "hu": ["windows-1250"], "pl": ["iso-8859-2"],
    "zh-Hans": ["gb18030", "gbk"], "zh-Hant": ["big5hkscs"], "ja": ["shift_jis", "euc-jp"], "ko": ["euc-kr"],
    "ru": ["windows-1251", "koi8-r"], "ar": ["windows-1256"], "de": ["windows-1252", "iso-8859-1"], "en": ["utf-16"],
    "fr": ["windows-1252"],
}
NAMES = {"big5hkscs": "big5-hkscs"}     # Python's name, and the one that pages use
WANTED = ("lead", "text", "head", "quote", "list")
JUNK = ("caption", "credit", "nav", "share", "ad", "also", "newsletter", "related", "teaser", "read", "tags", "comments",
        "comment", "bio", "end", "cookies", "dated")


class Words(dict):
    """The texts of one language: w.title is the first of that key, w["text"] are all."""

    def __init__(self, code):
        super().__init__()
        self.code = code
        with open(os.path.join(HERE, "languages", code + ".txt"), encoding="utf-8") as lines:
            for line in lines:
                key, text = line.rstrip("\n").split(": ", 1)
                self.setdefault(key, []).append(text)

    def __getattr__(self, key):
        return html.escape(self[key][0], quote=False)

    def all(self, key, form):
        return "".join(form.format(html.escape(text, quote=False)) for text in self[key])

    def links(self, key, form='<a href="/{1}.html">{0}</a>'):
        return "".join(form.format(html.escape(text, quote=False), f"{key}-{i}")
                       for i, text in enumerate(self[key][0].split(" | ") if key == "nav" else self[key]))


def modern(w):
    first, second, *rest = w["text"]
    return f"""<body><div class="cookie-banner"><p>{w.cookies}</p></div>
<header><a href="/" class="logo">{w.site}</a><nav><ul>{w.links("nav", '<li><a href="/{1}">{0}</a></li>')}</ul></nav></header>
<main><article><header><h1>{w.title}</h1><p class="standfirst">{w.lead}</p>
<div class="byline">{w.by} <a rel="author" href="/people/1">{w.author}</a></div>
<time datetime="{w.day}T09:30:00+01:00">{w.dated}</time>
<ul class="social-share"><li><a href="https://example.com/share">{w.share}</a></li></ul></header>
<figure><img src="a.jpg" alt=""><figcaption>{w.caption} <span class="credit">{w.credit}</span></figcaption></figure>
<div class="article-body"><p>{first}</p><div class="ad-slot">{w.ad}</div><p>{second}</p>
<p class="inline-related"><a href="/pool.html">{w.also}</a></p><h2>{w.head}</h2><p>{rest[0]}</p>
<blockquote><p>{w.quote}</p></blockquote><ul>{w.all("list", "<li>{0}</li>")}</ul>
<p>{rest[1]}</p><p>{rest[2]}</p></div>
<div class="newsletter-signup"><p>{w.newsletter}</p><form><input type="email"><button>OK</button></form></div>
<div class="tags">{w.tags}</div><div class="author-bio"><p>{w.bio}</p></div></article>
<aside class="related"><h3>{w.related}</h3>{w.links("teaser", '<article><h4><a href="/{1}">{0}</a></h4></article>')}</aside>
<section id="comments"><h3>{w.comments}</h3><div class="comment"><p>{w.comment}</p></div></section></main>
<footer><p>{w.end}</p></footer></body>"""


def old(w):
    lines = "<br><br>\n".join([w["lead"][0]] + w["text"][:2])
    more = "<br><br>\n".join(w["text"][2:])
    return f"""<body><div id="top">{w.site}</div><div id="menu">{w.links("nav", '<a href="/{1}">{0}</a> | ')}</div>
<div id="page"><div id="left"><b>{w.read}</b><br>{w.links("teaser", '<a href="/{1}">{0}</a><br>')}</div>
<div id="main"><h1>{w.title}</h1><div class="info">{w.dated} &nbsp; {w.by} {w.author}</div>
<div class="img"><img src="a.jpg"><div class="caption">{w.caption} {w.credit}</div></div>
<div class="txt">{lines}<br><br>
<b>{w.head}</b><br><br>{more}<br><br>{w.quote}<br><ul>{w.all("list", "<li>{0}")}</ul></div>
<div class="share"><a href="#">{w.share}</a></div><div class="rel"><b>{w.related}</b>
<ul>{w.links("teaser", '<li><a href="/{1}.html">{0}</a></li>')}</ul></div>
<div id="comments"><b>{w.comments}</b><p>{w.comment}</p></div></div></div><div id="foot">{w.end}</div></body>"""


def table(w):
    return f"""<body bgcolor="#ffffff"><table width="100%"><tr><td colspan="2">{w.links("nav", '<a href="/{1}">{0}</a> ')}</td></tr>
<tr><td width="160"><b>{w.read}</b><p>{w.links("teaser", '<a href="/{1}">{0}</a><br>')}</p></td><td>
<table><tr><td><font size="5"><b>{w.title}</b></font></td></tr><tr><td><small>{w.by} {w.author}, {w.dated}</small></td></tr>
<tr><td><p><b>{w.lead}</b></p>{w.all("text", "<p>{0}</p>")}<p><b>{w.head}</b></p><p>{w.quote}</p>
<ul>{w.all("list", "<li>{0}</li>")}</ul></td></tr>
<tr><td><b>{w.related}</b><br>{w.links("teaser", '&bull; <a href="/{1}">{0}</a><br>')}</td></tr></table></td></tr>
<tr><td colspan="2" align="center">{w.end}</td></tr></table></body>"""


def components(w):
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": w["title"][0],
            "datePublished": w["day"][0] + "T23:30:00-05:00", "dateModified": "2026-03-16T08:00:00-05:00",
            "author": {"@type": "Person", "name": w["author"][0]},
            "publisher": {"@type": "Organization", "name": w["site"][0]}}
    first, second, *rest = w["text"]
    return f"""<body><script type="application/ld+json">{json.dumps(data)}</script>
<div id="consent" class="overlay"><p>{w.cookies}</p></div><div class="menu">{w.links("nav")}</div>
<div class="page"><div class="c-headline"><h1>{w.title}</h1></div><div class="c-teaser-text"><p>{w.lead}</p></div><div class="c-byline">{w.author}</div>
<div class="c-image"><img src="a.jpg"><p class="c-image__caption">{w.caption}</p><p class="c-image__credit">{w.credit}</p></div>
<div class="c-text"><p>{first}</p><p>{second}</p></div><div class="c-ad"><span>{w.ad}</span></div>
<div class="c-text"><h3>{w.head}</h3><p>{rest[0]}</p><p>{w.quote}</p></div>
<div class="c-box c-related"><h4>{w.related}</h4>{w.links("teaser", '<div class="c-teaser"><a href="/{1}"><h5>{0}</h5></a></div>')}</div>
<div class="c-text"><ul>{w.all("list", "<li>{0}</li>")}</ul><p>{rest[1]}</p><p>{rest[2]}</p></div>
<div class="c-newsletter"><p>{w.newsletter}</p></div><div class="c-share">{w.share}</div>
<div class="c-tags">{w.tags}</div></div><div class="footer">{w.end}</div></body>"""


def opaque(w):
    """Names that a program made: only structure and words tell."""
    first, second, *rest = w["text"]
    return f"""<body><div class="css-1x"><div class="css-9k">{w.links("nav", '<div class="css-2y"><a href="/{1}">{0}</a></div>')}</div>
<div class="css-7q"><div class="css-3a"><h1 class="css-4b">{w.title}</h1><div class="css-5c">{w.lead}</div>
<div class="css-6d"><div class="css-7e">{w.by} {w.author}</div><div class="css-8f">{w.dated}</div></div>
<div class="css-aa"><div class="css-ab">{w.share}</div></div></div>
<div class="css-9g"><div class="css-0h">{first}</div><div class="css-0h">{second}</div>
<div class="css-1i"><div class="css-2j">{w.also}</div></div><h2 class="css-3k">{w.head}</h2>
<div class="css-0h">{rest[0]}</div><div class="css-1i">{w.ad}</div><div class="css-0h">{w.quote}</div>
<ul class="css-4l">{w.all("list", '<li class="css-5m">{0}</li>')}</ul>
<div class="css-1i">{w.newsletter}</div><div class="css-0h">{rest[1]}</div><div class="css-0h">{rest[2]}</div></div>
<div class="css-6n"><div class="css-7o">{w.related}</div>{w.links("teaser", '<div class="css-8p"><a href="/{1}"><img src="b.jpg"><div class="css-9q">{0}</div></a></div>')}</div>
<div class="css-br"><div class="css-bs">{w.comments}</div></div></div><div class="css-ct">{w.end}</div></div></body>"""


def blog(w):
    first, *rest = w["text"]
    has_case = w.code not in ("zh-Hans", "zh-Hant", "ja", "ko", "ar")      # a bare name looks like one there
    byline = w.author if has_case else f"{w.by} {w.author}"
    return f"""<body class="single"><div id="header"><h1><a href="/">{w.site}</a></h1></div><div id="content">
<div class="post" id="post-12"><h2><a href="/2026/03/bridge/">{w.title}</a></h2><p class="postmetadata">{w.dated} | {byline}</p>
<div class="entry"><p>{w.lead}</p><p>{first}</p><div class="wp-caption"><img src="a.jpg"><p class="wp-caption-text">{w.caption}</p></div>
{"".join("<p>" + html.escape(text, quote=False) + "</p>" for text in rest[:2])}<h3>{w.head}</h3><p>{w.quote}</p><ol>{w.all("list", "<li>{0}</li>")}</ol>
{"".join("<p>" + html.escape(text, quote=False) + "</p>" for text in rest[2:])}<p>{w.credit}</p>
<div class="sharedaddy"><h3>{w.share}</h3></div><div id="jp-relatedposts"><h3>{w.related}</h3>
{w.links("teaser", '<p><a href="/{1}">{0}</a></p>')}</div></div>
<p class="postmetadata">{w.tags}</p></div><h3 id="comments">{w.comments}</h3><ol class="commentlist"><li><p>{w.comment}</p></li></ol>
<div id="respond">{w.newsletter}</div></div><div id="sidebar"><ul><li><h2>{w.read}</h2><ul>{w.links("teaser", '<li><a href="/{1}">{0}</a></li>')}
</ul></li></ul></div><div id="footer"><p>{w.end}</p></div></body>"""


PAGES = (modern, old, table, components, opaque, blog)


def document(w, body, meta):
    head = f'<meta charset="{meta}">' if meta else ""
    direction = ' dir="rtl"' if w.code == "ar" else ""
    return (f'<!doctype html>\n<html lang="{w.code}"{direction}><head>{head}<title>{w.title} | {w.site}</title>'
            f"</head>{body}</html>")


# Where a page says its encoding; a lie is what a server says of all its pages.
def claims(encoding):
    if encoding == "utf-16":                # its first bytes tell
        return [("header", "utf-16", None), ("nowhere", None, None)]
    name = NAMES.get(encoding, encoding)
    return [("header", name, None), ("meta", None, name), ("nowhere", None, None), ("lie", None, "utf-8")]


def jobs(codes, folder):
    """(language, what it is, job) of every page, which is written into the folder."""
    for code in codes:
        w = Words(code)
        for page in PAGES:
            ways = [("utf-8", "meta", None, "utf-8")]
            if page is modern:
                ways += [(encoding, *claim) for encoding in ENCODINGS.get(code, []) for claim in claims(encoding)]
            for encoding, where, header, meta in ways:
                what = f"{code} {page.__name__} {encoding} {where}"
                path = os.path.join(folder, what.replace(" ", "-") + ".html")
                with open(path, "wb") as out:
                    out.write(document(w, page(w), meta).encode(encoding, "xmlcharrefreplace"))
                job = {"path": path, "url": "https://news.example.org/2026/town/bridge.html"}
                if header:
                    job["charset"] = header
                yield w, what, job


def differences(w, answer):
    for key in ("title", "author"):
        if answer.get(key) != w[key][0]:
            yield f"{key}: {answer.get(key)}"
    if answer.get("date") != w["day"][0]:
        yield f"date: {answer.get('date')}"
    language = w.code.split("-")[0]
    if (answer.get("language") or "").split("-")[0] != language:
        yield f"language: {answer.get('language')}"
    text = answer.get("text") or ""
    for key in WANTED:
        for line in w[key]:
            if line not in text:
                yield f"lost {key}: {line[:60]}"
    for key in JUNK:
        for line in w[key]:
            for piece in line.split(" | "):
                if any(kept.startswith(piece) or piece in kept and len(piece) > 30 for kept in text.split("\n\n")):
                    yield f"junk {key}: {piece[:60]}"


def main():
    words = [word for word in sys.argv[1:] if word != "-v"]
    codes = words or sorted(name[:-4] for name in os.listdir(os.path.join(HERE, "languages")))
    wrong = pages = 0
    with tempfile.TemporaryDirectory(prefix="wirewatch-languages-") as folder:
        todo = list(jobs(codes, folder))
        lines = "".join(json.dumps(job) + "\n" for _, _, job in todo)
        done = subprocess.run([WIREWATCH, "inspect", "article", "--batch"], input=lines.encode(),
                              stdout=subprocess.PIPE, check=False)
        for (w, what, _), line in zip(todo, done.stdout.splitlines()):
            found = list(differences(w, json.loads(line)))
            pages += 1
            wrong += len(found) > 0
            if found:
                print(what + ": " + "; ".join(found if "-v" in sys.argv else found[:3]))
    print(f"{pages - wrong} of {pages} pages are read as they should be")
    return wrong > 0 or pages < len(todo)


if __name__ == "__main__":
    sys.exit(main())

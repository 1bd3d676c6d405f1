#!/usr/bin/env python3
"""The HTML of mails as another parser reads it: balanced, of the few elements, attributes and
properties that mail programs agree on, nothing that loads or runs, foreign words marked with their
language, and legible: light, dark, and with colours turned round by the program that shows it."""
import colorsys
import html.parser
import os
import pathlib
import re
import subprocess
import sys
import tempfile

B = pathlib.Path(os.environ.get("B", "build/cc")).resolve()
PROGRAM = B / "tests" / "alerts" / "test_digest_html"

CONTRAST = 4.5
COLOR = r"#[0-9a-f]{6}"
PX = r"(?:0|\d{1,3}px)"
TABLE = {"role": "presentation", "cellpadding": "0", "cellspacing": "0", "border": "0",
         "width": r"\d{1,3}%?", "bgcolor": COLOR, "class": "[a-z]", "style": None}
WORDS = {"lang": r"[^\x00-\x1f]*", "dir": "auto", "style": None}
ELEMENTS = {  # attribute: what it must look like; None: by PROPERTIES
    "html": {"lang": "en"}, "head": {}, "title": {}, "style": {}, "br": {}, "tr": {}, "bdi": {},
    "meta": {"charset": "utf-8", "name": "viewport|(?:supported-)?color-schemes?|format-detection|"
                                         "x-apple-disable-message-reformatting",
             "content": "width=device-width|light dark|telephone=no,date=no,address=no,email=no"},
    "body": {"bgcolor": COLOR, "style": None},
    "table": TABLE,
    "td": {"width": r"\d{1,3}", "align": "left|right|center", "bgcolor": COLOR, "class": "[a-z]", **WORDS},
    "div": WORDS, "h1": {"style": None}, "h2": WORDS, "span": {"style": None},
    "b": {"style": None, "class": "[a-z]"},
    "a": {"href": r"https?://[!#-&(-;=?-Z\[\]_a-z~]+", "style": None},
}
VOID = {"meta", "br"}
PROPERTIES = {
    "background-color": COLOR, "color": COLOR, "margin": rf"{PX}(?: {PX})*", "padding": rf"{PX}(?: {PX})*",
    "width": r"\d{1,3}(?:px|%)", "max-width": r"\d{1,3}px", "font-size": r"\d\dpx", "line-height": r"\d\dpx",
    "font-family": r"[A-Za-z ,'-]+", "text-align": "left|right|start", "text-decoration": "none",
    "white-space": "nowrap", "word-break": "break-word",
    "border-left": rf"3px solid {COLOR}", "border-right": rf"3px solid {COLOR}", "border-bottom": rf"1px solid {COLOR}",
    "display": "none", "mso-hide": "all", "max-height": "0", "overflow": "hidden",
}
HIDDEN = {"display", "mso-hide", "max-height", "overflow"}  # of the first line alone
COMMENTS = [
    r"\[if mso\]><style>td\{[^{}]*\}</style><!\[endif\]",
    r"\[if mso\]><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
    r"width=\"600\"><tr><td><!\[endif\]",
    r"\[if mso\]></td></tr></table><!\[endif\]",
]
PARENTS = {"td": {"tr"}, "tr": {"table"}}
BAD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def properties(text):
    pairs = [p.split(":", 1) for p in text.split(";") if p]
    return {name.strip(): value.strip() for name, value in pairs}


def channels(color):
    return [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]


def contrast(ink, ground):
    def light(c):
        r, g, b = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in c]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    high, low = sorted((light(ink), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def negative(c):
    return [1 - v for v in c]


def turned(c):
    h, l, s = colorsys.rgb_to_hls(*c)
    return list(colorsys.hls_to_rgb(h, 1 - l, s))


class Dark:
    """The dark scheme of the style block: selectors of one element or one class, and td[lang]."""

    def __init__(self, text):
        assert text.startswith("\na{text-decoration:none}\n"), text
        text = text[len("\na{text-decoration:none}"):]
        block = re.search(r"@media \(prefers-color-scheme:dark\)\{\n(.*?)\n\}\n", text, re.S)
        self.rules = []
        for selectors, body in re.findall(r"([^{}\n]+)\{([^{}]*)\}", block.group(1)):
            assert all(v.endswith("!important") for v in properties(body).values()), body
            for selector in selectors.split(","):
                assert re.fullmatch(r"[a-z0-9]+|\.[a-z]|td\[lang\]", selector), selector
                self.rules.append((selector, {n: v[:-10] for n, v in properties(body).items()}))
        left = text.replace(block.group(0), "")
        assert re.fullmatch(r"\n@media \(max-width:480px\)\{(?:\.[a-z]\{padding:[0-9px ]+!important\})+\}\n", left), left
        for _, body in self.rules:
            for name, value in body.items():
                assert name in ("color", "background-color", "border-color") and re.fullmatch(COLOR, value), body

    def of(self, tag, attributes):
        found = {}
        for by_class in (False, True):  # a class is stronger than an element
            for selector, body in self.rules:
                if selector == (f".{attributes.get('class')}" if by_class else tag):
                    found.update(body)
        return found


class Checker(html.parser.HTMLParser):
    def __init__(self, name):
        super().__init__(convert_charrefs=True)
        self.name, self.stack, self.n_comments, self.dark = name, [], 0, None
        self.text, self.worst, self.n_quotes, self.n_links, self.n_hidden = [], {}, 0, 0, 0

    def fail(self, words):
        sys.exit(f"{self.name}, line {self.getpos()[0]}: {words}")

    def check(self, condition, words):
        if not condition:
            self.fail(words)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.check(tag in ELEMENTS, f"<{tag}>")
        self.check(len(attributes) == len(attrs), f"<{tag}> has an attribute twice")
        for name, value in attrs:
            self.check(name in ELEMENTS[tag], f"<{tag} {name}>")
            pattern = ELEMENTS[tag][name]
            self.check(pattern is None or re.fullmatch(pattern, value or ""), f"<{tag} {name}={value!r}>")
        style = properties(attributes.get("style", ""))
        for name, value in style.items():
            self.check(name in PROPERTIES and re.fullmatch(PROPERTIES[name], value), f"{name}: {value}")
        if HIDDEN & set(style):
            self.check(tag == "div" and set(style) == HIDDEN and self.stack[-1]["tag"] == "body", "hidden")
            self.n_hidden += 1
        self.check(tag not in ("td", "h1", "h2", "a") or style, f"<{tag}> without style")
        self.check(tag != "table" or attributes.get("role") == "presentation", "a table of data?")
        if tag in ("body", "table", "td"):
            self.check(style.get("background-color") == attributes.get("bgcolor"), "bgcolor and its style differ")
        self.check(tag not in PARENTS or self.stack[-1]["tag"] in PARENTS[tag], f"<{tag}> in <{self.stack[-1]['tag']}>"
                   if self.stack else tag)
        self.check("position" not in style and "float" not in style, "position")
        if any(n in style for n in ("border-left", "border-right")):
            self.n_quotes += 1
            self.check("lang" in attributes and attributes.get("dir") == "auto", "a quote of no language")
        if tag == "a":
            self.n_links += 1
        if tag in VOID:
            return
        above = self.stack[-1] if self.stack else {"light": ["#000000", "#ffffff"], "dark": ["#000000", "#ffffff"],
                                                   "is_hidden": False, "h2": False}
        light, dark = list(above["light"]), list(above["dark"])
        over = self.dark.of(tag, attributes) if self.dark else {}
        for i, name in enumerate(("color", "background-color")):
            light[i] = style.get(name, light[i])
            dark[i] = over.get(name, style.get(name, dark[i]))
        self.stack.append({"tag": tag, "light": light, "dark": dark, "attributes": attributes,
                           "is_hidden": above["is_hidden"] or "display" in style})

    def handle_endtag(self, tag):
        self.check(self.stack and self.stack[-1]["tag"] == tag and tag not in VOID, f"</{tag}>")
        self.stack.pop()

    def handle_startendtag(self, tag, attrs):
        self.fail(f"<{tag}/>")

    def handle_decl(self, decl):
        self.check(decl == "DOCTYPE html" and self.getpos() == (1, 0), decl)

    def handle_pi(self, data):
        self.fail(f"<?{data}>")

    def unknown_decl(self, data):
        self.fail(f"<![{data}")

    def handle_comment(self, data):
        self.check(self.n_comments < 3 and re.fullmatch(COMMENTS[self.n_comments], data), f"<!--{data}-->")
        self.n_comments += 1

    def handle_data(self, data):
        if self.stack and self.stack[-1]["tag"] == "style":
            self.check(self.dark is None and "url" not in data and "@import" not in data, "style")
            self.dark = Dark(data)
            return
        self.check(not BAD.search(data), f"{data!r}")
        if not data.strip():
            return
        here = self.stack[-1]
        self.check(here["tag"] not in ("table", "tr", "html", "head"), f"{data!r} in <{here['tag']}>")
        self.text.append(data)
        if here["tag"] == "title" or here["is_hidden"]:
            return
        if here["tag"] == "a" and any(e["tag"] == "h2" for e in self.stack):
            above = next(e for e in self.stack if e["tag"] == "h2")
            self.check("lang" in above["attributes"] and above["attributes"].get("dir") == "auto", "a headline of no language")
        light, dark = ([channels(c) for c in here[scheme]] for scheme in ("light", "dark"))
        for scheme, (ink, ground) in {"light": light, "dark": dark, "negative": map(negative, light),
                                      "turned": map(turned, light)}.items():
            seen = contrast(ink, ground)
            self.worst[scheme] = min(seen, self.worst.get(scheme, 21))
            self.check(seen >= CONTRAST, f"{scheme}: contrast {seen:.2f} of {here[scheme] if scheme in here else here['light']}"
                                         f" for {data!r}")


def read(path):
    text = path.read_bytes().decode("utf-8")
    checker = Checker(path.stem)
    checker.feed(text)
    checker.close()
    checker.check(not checker.stack and checker.n_comments == 3 and checker.n_hidden == 1 and checker.dark,
                  f"not whole: {[e['tag'] for e in checker.stack]}")
    checker.check(max(len(line) for line in text.encode().split(b"\n")) < 100_000, "a line without end")
    return checker


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PROGRAM, folder], check=True, timeout=120)
        sheets = {p.stem: read(p) for p in sorted(pathlib.Path(folder).glob("*.html"))}
    assert len(sheets) == 8, sheets.keys()
    assert sheets["full"].n_quotes > 36 and sheets["full"].n_links > 40
    # What an enemy wrote is text, all of it.
    said = "".join(sheets["hostile"].text)
    for words in ("<script>alert(1)</script><img src=x onerror=alert(2)>", "<U+202E>gro.live", "\u241b[31mred",
                  "]]></td></tr></table></body><!-- --!> <![endif]-->", "&lt;b&gt; &amp;amp; &#0; &copy",
                  'javascript:alert(1)" style="position:fixed">click</a>'):
        assert words in said, words
    for name, sheet in sheets.items():
        print(name, f"{sheet.n_quotes} quotes, {sheet.n_links} links, least contrast",
              ", ".join(f"{k} {v:.2f}" for k, v in sheet.worst.items()))


main()

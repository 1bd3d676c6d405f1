"""Is this an Atom feed as RFC 4287 has it? Read by expat; nothing is shared with the program."""

import html.parser
import re
import xml.etree.ElementTree as ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
LANGUAGE = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"
IRI = r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"  # we write URIs alone
TAG = r"tag:[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:[A-Za-z0-9\-._~/!$&'()*+,;=:@?%]+"
XML_CHAR = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")

FEED = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "generator": (0, 1), "link": (0, 2), "entry": (0, None)}
ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "author": (1, None),
         "link": (0, 2), "category": (0, None), "content": (0, 1)}
ATTRIBUTES = {"feed": {LANG}, "entry": {LANG}, "generator": {"version"}, "link": {"rel", "type", "href"},
              "category": {"scheme", "term", "label"}, "content": {"type", LANG}}
# The HTML of our content: elements, and what they may have.
HTML = {"p": set(), "b": set(), "br": set(), "mark": set(), "blockquote": {"lang", "dir"}}


class Content(html.parser.HTMLParser):
    """Elements that we do not write, or that are not closed in order, are faults."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.text = [], [], ""
        self.feed(text)
        self.close()
        self.faults += [f"content: <{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        if tag not in HTML or not {name for name, _ in attrs} <= HTML[tag]:
            self.faults.append(f"content: <{tag} {attrs}>")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"content: </{tag}>")

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.faults.append(f"content: a comment {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def count(element, rules):
    names = [child.tag.removeprefix(ATOM) for child in element]
    faults = [f"{n} in {element.tag.removeprefix(ATOM)}" for n in names if n not in rules]
    for name, (least, most) in rules.items():
        n = names.count(name)
        if n < least or (most is not None and n > most):
            faults.append(f"{n} {name} in {element.tag.removeprefix(ATOM)}")
    return faults


def check_common(element):
    faults = []
    ident = element.findtext(ATOM + "id") or ""
    if not re.fullmatch(TAG, ident):
        faults.append(f"id {ident!r}")
    for name in ("updated", "published"):
        at = element.findtext(ATOM + name)
        if at is not None and not re.fullmatch(RFC3339, at):
            faults.append(f"{name} {at!r}")
    rels = [link.get("rel") for link in element.findall(ATOM + "link")]
    if len(set(rels)) != len(rels):
        faults.append(f"links {rels}")
    for link in element.findall(ATOM + "link"):
        href = link.get("href") or ""
        if not re.fullmatch(IRI, href) or not re.match("https?://", href):
            faults.append(f"href {href!r}")
        if link.get("rel") not in ("alternate", "self", "related"):
            faults.append(f"rel {link.get('rel')!r}")
    language = element.get(LANG)
    if language is not None and not re.fullmatch(LANGUAGE, language):
        faults.append(f"xml:lang {language!r}")
    return faults


def check_entry(entry):
    faults = count(entry, ENTRY) + check_common(entry)
    for author in entry.findall(ATOM + "author"):
        if [child.tag for child in author] != [ATOM + "name"] or not author.findtext(ATOM + "name").strip():
            faults.append("an author without a name, or with more")
    for category in entry.findall(ATOM + "category"):
        if not category.get("term") or not re.fullmatch(TAG, category.get("scheme", "")):
            faults.append(f"category {category.attrib}")
    content = entry.find(ATOM + "content")
    alternates = [link for link in entry.findall(ATOM + "link") if link.get("rel") == "alternate"]
    if content is None and not alternates:
        faults.append("neither content nor a link")
    if content is not None:
        if content.get("type") != "html" or len(content):
            faults.append(f"content {content.attrib}")
        faults += Content(content.text or "").faults
    return faults


def parse(data):
    return ElementTree.fromstring(data)


def check(data):
    """What is wrong with a feed (bytes); an empty list when nothing is."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return [f"no UTF-8: {error}"]
    if not XML_CHAR.fullmatch(text):
        return ["characters that XML 1.0 does not have"]
    if not re.match(r'<\?xml version="1\.0" encoding="utf-8"\?>', text) or "<!" in text:
        return ["no declaration, or a document type"]
    try:
        feed = parse(data)
    except ElementTree.ParseError as error:
        return [f"no XML: {error}"]
    if feed.tag != ATOM + "feed":
        return [f"root {feed.tag}"]
    faults = count(feed, FEED) + check_common(feed)
    for element in feed.iter():
        name = element.tag.removeprefix(ATOM)
        if not element.tag.startswith(ATOM):
            faults.append(f"a foreign element {element.tag}")
        if not set(element.attrib) <= ATTRIBUTES.get(name, set()):
            faults.append(f"{name} has {sorted(element.attrib)}")
    entries = feed.findall(ATOM + "entry")
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    if len(set(ids)) != len(ids):
        faults.append("two entries of one id")
    newest = max((entry.findtext(ATOM + "updated") for entry in entries), default="1970-01-01T00:00:00Z")
    if feed.findtext(ATOM + "updated") != newest:
        faults.append(f"updated {feed.findtext(ATOM + 'updated')}, newest entry {newest}")
    for entry in entries:
        faults += check_entry(entry)
    return faults

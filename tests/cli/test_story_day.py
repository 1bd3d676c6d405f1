#!/usr/bin/env python3
"""Three days of one story: an agency's text in eight outlets, excerpts, a round-up, a report of
somebody's own, a corrected figure, an edit that nobody notes, a page taken away, a text of two years
ago under a new date, and the original that a backfill brings last. What comes out is what a person
would have written down."""

import desk
from desk import check

# ---- what was printed ----------------------------------------------------------------------------

WIRE = [
    "Kestrel Pier, the longest timber pier on the coast, will be closed for two winters after divers found that "
    "41 of its piles have been eaten through by ship worm, the harbour council decided late on Tuesday.",
    "The vote was nine to six. Those against said that the cannery at the pier's end would lose the buyers who "
    "come by boat, and that 120 people work there from September to March.",
    "\u201cWe have put it off three times, and each time the bill grew,\u201d said Mira Tolland, who chairs the council. "
    "\u201cThe next storm would not have asked us for a vote.\u201d",
    "The repair is expected to cost 3.8 million pounds, of which the county has promised a half. The council "
    "wants to raise the rest with a levy on berths, which the fishermen's guild has called a fine for staying.",
    "Boats will land at the old slip below Ardmore until the work is done. The ferry to Little Skerry moves its "
    "departures forward by twenty minutes, because the slip dries out at low water.",
    "Ship worm, a clam that bores into wood, spread along this coast after three mild winters. Ports to the south "
    "have replaced their timber with steel since 2019; Penhallow kept to oak for its looks.",
]
OWN = [
    "The night shift at the cannery heard it from the radio: no boats at Kestrel Pier until the spring after next.",
    "\u201cI have gutted herring here since I was sixteen,\u201d Oonagh Preece told this paper in the yard, still in her "
    "apron. \u201cThey count piles. Nobody came to count us.\u201d",
    "By breakfast somebody had painted a coffin on the gate. The foreman left it there. He had spent the morning "
    "on the telephone with a buyer in Brittany who wanted to know where his lorries should turn now.",
    "Across the road the chandler sold his last tin of red lead in an hour, to skippers who mean to lay up early.",
]
OTHERS = {
    "bell": ("Bell of a lost brig found in the mud", [
        "Children who were looking for crabs below Penhallow found the bell of a brig that went down in 1871 with a "
        "cargo of slates and eleven men on board.",
        "The museum in Gull Street has put it into a tub of fresh water, where it must lie for a year before anybody "
        "may clean it, said the keeper of the collection.",
        "Its rim bears a name that no register of the time knows; a retired pilot thinks that it was cast for another "
        "ship and sold on when that one was broken up."]),
    "tolls": ("Bridge at Ewe Ford free of tolls from May", [
        "Drivers will cross the bridge at Ewe Ford without paying from the first of May, when the loan that built it "
        "in 1986 has been paid back to the last penny.",
        "The eight collectors will be offered places at the county's road depot; three of them have said that they "
        "would sooner keep bees.",
        "The booths are to be sold by sealed bid. A farmer at Upper Ewe has already asked for the one with the stove."]),
    "choir": ("Choir of lock keepers sings in the tunnel", [
        "Fourteen lock keepers and two of their dogs filled the Harrow tunnel with hymns on Sunday, to an audience in "
        "nine narrow boats.",
        "The echo lasts for seven seconds, which the conductor used as a ninth voice. She had come by bicycle with a "
        "tuning fork in her hat band.",
        "The takings go to the repair of the lower paddle gear, which has been tied up with rope since the frost."]),
}
OLD = ("Lamps of Kestrel Pier to burn all night", [
    "The lamps of Kestrel Pier will burn until sunrise again, after the harbour office found money for the oil and "
    "for a keeper who walks along it every three hours.",
    "They had been put out at midnight since the war. Two trawlers touched the pier's head in the dark last autumn, "
    "and one of them lost a rudder and the better part of its catch.",
    "The keeper will be paid by the fishermen's guild in winter and by the hotel in summer, whose guests like to "
    "look at the lights from their beds, as the manager said.",
    "The first lamp is lit by the oldest inhabitant of Ardmore, who remembers the gas."])
CORRECTED = {"41 of its piles": "47 of its piles"}


def changed(paragraphs, changes):
    for old, new in changes.items():
        check(any(old in p for p in paragraphs), f'"{old}" is nowhere: the test is wrong')
        paragraphs = [p.replace(old, new) for p in paragraphs]
    return paragraphs


# ---- who printed it ------------------------------------------------------------------------------

class Press:
    """Outlets on addresses of their own, each with one feed."""

    def __init__(self, d):
        self.desk = d
        self.outlets = {}

    def outlet(self, name):
        if name not in self.outlets:
            server = desk.Server(f"127.31.5.{len(self.outlets) + 1}")
            self.outlets[name] = (server, [])
            self.announce(name)
            self.desk.must("feed", "add", server.root + "/rss")
        return self.outlets[name]

    def announce(self, name):
        server, entries = self.outlets[name]
        items = "".join(f"<item><title>{t}</title><link>{u}</link><guid>{u}</guid><pubDate>{day}</pubDate></item>"
                        for t, u, day in entries)
        server.put("/rss", f'<rss version="2.0"><channel><title>{name}</title><link>{server.root}/</link>'
                   f"<language>en</language>{items}</channel></rss>", "application/rss+xml")

    def page(self, name, path, title, paragraphs, published, canonical=None):
        server = self.outlet(name)[0]
        html = desk.page(title, [p.replace("{", "").replace("}", "") for p in paragraphs], published=published,
                         url=canonical or server.root + path)
        return server.put(path, html)

    def print(self, name, path, title, paragraphs, published, canonical=None):
        url = self.page(name, path, title, paragraphs, published, canonical)
        hour = published[11:19]
        day = {"18": "Wed, 18", "19": "Thu, 19", "20": "Fri, 20", "21": "Sat, 21"}[published[8:10]]
        self.outlets[name][1].insert(0, (title, url, f"{day} Nov 2026 {hour} GMT"))
        self.announce(name)
        return url

    def close(self):
        for server, _ in self.outlets.values():
            server.close()


def run(d, now):
    desk.NOW = now
    d.must("run")


def stories(d):
    """Name of page -> id of its story; versions of a page are in one."""
    out = {}
    for row in d.rows("article", "list", "--limit", "500"):
        out.setdefault(row["url"].rsplit("/", 1)[-1], set()).add(row["story"])
    return out


def story_of(d, name):
    found = stories(d).get(name, set())
    check(len(found) == 1, f"{name} is in the stories {found}")
    return min(found, default="none")


def story_row(d, story):
    rows = [r for r in d.rows("story", "list", "--limit", "500") if r["id"] == story]
    check(len(rows) == 1, f"{story} is {len(rows)} times in story list")
    return rows[0] if rows else {}


def letters(d):
    return sorted((d.folder / "mail").glob("*.eml"), key=lambda p: int("".join(c for c in p.stem if c.isdigit()) or 0))


# ---- three days ----------------------------------------------------------------------------------

def first_morning(d, press):
    """One text in five outlets, a report of somebody's own, a round-up, an old text with a new date."""
    wire = press.print("Coastwire", "/wire/pier.html", "Kestrel Pier to close for two winters",
                       ["PENHALLOW (Coastwire) \u2013 " + WIRE[0]] + WIRE[1:], "2026-11-18T06:00:00Z")
    press.print("Ledger", "/pier-to-shut.html", "Ship worm shuts the longest pier",
                ["PENHALLOW (Coastwire) \u2013 " + WIRE[0]] + WIRE[1:] + ["(Coastwire)"], "2026-11-18T06:40:00Z")
    press.print("Northmoor Post", "/two-winters.html", "No boats at the pier", WIRE[:3], "2026-11-18T07:00:00Z")
    press.print("Upland Weekly", "/local.html", "What the pier's closing means for us",
                ["Sheep farmers in the upper valley who ship their wool through Ardmore will have to find another way "
                 "before the shearing, the growers' office said on Wednesday."] + WIRE, "2026-11-18T07:10:00Z")
    press.print("Mirror", "/mirror.html", "Kestrel Pier to close for two winters", WIRE, "2026-11-18T07:20:00Z",
                canonical=wire)
    press.print("Harbour News", "/own.html", "\u201cThey count piles\u201d: a morning at Kestrel Pier", OWN,
                "2026-11-18T07:30:00Z")
    for outlet, name in (("Ledger", "bell"), ("Northmoor Post", "tolls"), ("Upland Weekly", "choir")):
        press.print(outlet, f"/{name}.html", OTHERS[name][0], OTHERS[name][1], "2026-11-18T06:10:00Z")
    press.print("Gazette", "/roundup.html", "The week in short",
                [WIRE[0]] + [OTHERS[n][1][0] for n in ("bell", "tolls", "choir")], "2026-11-18T07:45:00Z")
    press.print("Gazette", "/lamps.html", "All night long: the lamps", OLD[1], "2026-11-18T07:50:00Z")
    run(d, "2026-11-18T08:00:00Z")

    s = story_of(d, "pier.html")
    for name in ("pier-to-shut.html", "two-winters.html", "local.html", "mirror.html"):
        check(story_of(d, name) == s, f"{name} is in {story_of(d, name)}, not with the agency's text in {s}")
    alone = [story_of(d, n) for n in ("own.html", "bell.html", "tolls.html", "choir.html", "roundup.html")]
    check(len(set(alone + [s])) == 6, f"stories that have nothing to do with one another: {alone}, {s}")
    check(story_of(d, "lamps.html") == story_of(d, "lamps-2024.html"), "an old text under a new date is a new story")
    row = story_row(d, s)
    check((row.get("articles"), row.get("outlets"), row.get("origins")) == (5, 5, 1), f"the agency's story: {row}")
    live = {(a["story"], a["item"]) for a in d.rows("alert", "list")}
    check((s, "pier-kestrel") in live and (alone[0], "pier-kestrel") in live, f"alerts: {live}")
    check(story_of(d, "lamps.html") not in {x for x, _ in live}, f"the old text raised an alert: {live}")
    check(len([a for a in d.rows("alert", "list") if a["story"] == s]) == 1, "more than one alert for one story")
    check(len(letters(d)) == 1, f"{len(letters(d))} letters")
    return s


def same_evening(d, press, s):
    """Copies that say 47, more of them, and one that still says 41: told once."""
    press.print("Courier", "/forty-seven.html", "Pier closed: worse than thought", changed(WIRE, CORRECTED),
                "2026-11-18T15:00:00Z")
    press.print("Echo", "/echo.html", "Pier to shut", changed(WIRE, CORRECTED)[:5], "2026-11-18T15:30:00Z")
    press.print("Observer", "/observer.html", "The pier, the worm and the bill", WIRE[:5], "2026-11-18T16:00:00Z")
    run(d, "2026-11-18T18:00:00Z")
    for name in ("forty-seven.html", "echo.html", "observer.html"):
        check(story_of(d, name) == s, f"{name} is in {story_of(d, name)}")
    check(len([a for a in d.rows("alert", "list") if a["story"] == s]) == 1, "a second alert for the same story")
    check(len(letters(d)) == 2, f"{len(letters(d))} letters after a corrected figure")
    text = desk_letter(letters(d)[-1])
    check("41" in text and "47" in text and ("Courier" in text or "Echo" in text), f"the corrected figure is not told: {text}")
    check(text.count("47") < 6, f"a corrected figure is told more than once: {text}")
    press.print("Observer", "/later.html", "Pier: what we know", changed(WIRE, CORRECTED)[:4], "2026-11-18T19:00:00Z")
    run(d, "2026-11-18T20:00:00Z")
    check(story_of(d, "later.html") == s, "a late copy is a story of its own")
    check(len(letters(d)) == 2, "the same figure is told again")


def next_days(d, press, s):
    """An edit that nobody notes, and a page that is taken away."""
    press.page("Coastwire", "/wire/pier.html", "Kestrel Pier to close for two winters",
               changed(["PENHALLOW (Coastwire) \u2013 " + WIRE[0]] + WIRE[1:], {"two winters": "three winters"}),
               "2026-11-18T06:00:00Z")
    run(d, "2026-11-19T12:00:00Z")
    check(story_of(d, "pier.html") == s, "an edited page is in another story")
    versions = [r for r in d.rows("article", "list", "--limit", "500") if r["url"].endswith("/wire/pier.html")]
    check(len(versions) == 2, f"{len(versions)} versions of an edited page")
    check(len(letters(d)) == 3, f"{len(letters(d))} letters after an edit that nobody noted")
    text = desk_letter(letters(d)[-1])
    check("two" in text and "three" in text, f"the edit is not told: {text}")

    del press.outlets["Coastwire"][0].pages["/wire/pier.html"]
    run(d, "2026-11-26T09:00:00Z")
    check(len(letters(d)) == 3, "a page that fails once is told as taken away")
    run(d, "2026-11-26T11:30:00Z")
    check(len(letters(d)) == 4, f"{len(letters(d))} letters after a page was taken away")
    text = desk_letter(letters(d)[-1])
    check("removed" in text and "Coastwire" in text, f"the page taken away is not told: {text}")
    run(d, "2026-11-26T14:00:00Z")
    check(len(letters(d)) == 4, "the same page is taken away twice")


def the_original(d, press, s):
    """A small paper had it first; a backfill brings it last."""
    d.write("late/sheet.html", desk.page("Council votes to close the pier", WIRE, published="2026-11-18T01:00:00Z",
                                         url="http://sheet.example/vote.html"))
    d.must("backfill", "files", d.folder / "late")
    d.must("run")
    check(story_of(d, "vote.html") == s, "a backfilled original begins another story")
    check(len(letters(d)) == 4, "a backfill wrote a letter")
    shown = d.must("story", "show", s)
    check("2026-11-18 01:00" in shown, f"story show does not say what was published first: {shown}")
    for name in ("Coastwire", "Ledger", "Courier", "41", "47"):
        check(name in shown, f"story show lacks {name}: {shown}")
    row = story_row(d, s)
    check(row.get("outlets") == 9, f"outlets in the end: {row}")


def desk_letter(path):
    import email
    import email.policy
    m = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return m.get_body(("plain",)).get_content()


def main():
    with desk.Desk() as d:
        press = Press(d)
        try:
            desk.NOW = "2026-11-18T05:00:00Z"
            d.write("old/lamps.html", desk.page(OLD[0], OLD[1], published="2024-11-10T08:00:00Z",
                                                url="http://gazette.example/lamps-2024.html"))
            d.must("backfill", "files", d.folder / "old")
            for name in ("Coastwire", "Ledger", "Northmoor Post", "Upland Weekly", "Mirror", "Harbour News", "Gazette",
                         "Courier", "Echo", "Observer"):
                press.outlet(name)
            d.must("run")
            s = first_morning(d, press)
            same_evening(d, press, s)
            next_days(d, press, s)
            the_original(d, press, s)
        finally:
            press.close()
    desk.finish("one story in three days, as a person would have written it down")


main()

"""Articles of years gone by, made from a seed: what the stand-ins of sites and archives hold.

Every text is its own (no two share a sentence), some name a watched site, and each article knows
what must be found of it. Times are seconds since 1970, UTC.
"""

import dataclasses
import email.utils
import html
import random
import time

DAY = 86400

# Watched sites and what names them; the jurisdiction stands in the same sentence.
WATCHED = [
    ("nl-rotterdam", "Rotterdam"), ("nl-amsterdam", "Amsterdam"), ("ie-dublin", "Dublin"),
    ("es-madrid", "Madrid"), ("cz-prague", "Prague"), ("hu-budapest", "Budapest"),
    ("gb-glasgow", "Glasgow"), ("it-prato", "Prato"), ("gr-athens", "Athens"),
    ("pt-lisbon", "Lisbon"), ("at-vienna", "Vienna"), ("es-valencia", "Valencia"),
]
BODIES = [("cn-fuzhou", "Fuzhou"), ("cn-qingtian", "Qingtian"), ("cn-wenzhou", "Wenzhou")]

SUBJECTS = """harbour orchard tramway library bakery quarry lighthouse reservoir foundry market theatre
ferry museum vineyard archive cathedral greenhouse observatory brewery shipyard hospice nursery
aqueduct bridge chapel cinema dockyard factory garage hamlet inn junction kennel laundry mill
newsroom oasis pavilion railway school tannery university viaduct warehouse yard zoo allotment
barracks canal dairy estuary fairground glacier hillside island jetty kiosk lagoon meadow
nunnery outpost pier quay ravine salon terrace uplands valley wharf""".split()
PEOPLE = """mayor surveyor teacher gardener pilot baker engineer painter nurse treasurer judge farmer
captain librarian mason printer singer tailor weaver warden botanist carpenter chemist clerk
conductor curator dentist diver drummer editor florist glazier historian jeweller lawyer
locksmith mechanic miner notary optician plumber poet porter potter referee sailor""".split()
VERBS = """described measured repaired painted counted praised questioned visited closed reopened
sold mapped photographed insured inspected rebuilt defended surveyed restored abandoned
financed flooded guarded heated leased lifted moved named opened planted renamed rented
replaced searched sealed shortened""".split()
QUALITIES = """narrow ancient wooden crowded silent yellow distant sturdy forgotten polished humid
remarkable expensive temporary elegant fragile generous hollow immense jagged lively modest
northern ornate peculiar quiet rusty shallow southern tidy uneven vacant western windy""".split()
PLACES = """Alderwick Brenhollow Castermere Dunvale Elmsford Farrowby Gorseleigh Hartwater Inverlock
Jessamont Kelderby Larkhill Millbrae Netherton Oxmoor Pendleby Quarrington Ravensey Selbourne
Thornmere Umberleigh Vexford Westerhope Yarrowdale Ashcombe Birkdale Cawthorne""".split()
SENTENCES = [
    "The {q} {s} near {p} was {v} by the {w} after {n} weeks, and the {w2} of {p2} said that the"
    " {s2} would be {v2} before the {q2} winter came.",
    "In {p} the {w} and the {w2} have {v} a {q} {s}, although {n} families who live beside the {s2}"
    " had asked for a {q2} one instead.",
    "It took {n} days until the {s} of {p} could be {v}; the {w} blamed the {q} {s2}, which the"
    " {w2} had {v2} without a word to {p2}.",
    "Nobody in {p2} remembers a {w} who {v} so many of the {q} {s}s, and the {n} letters that the"
    " {w2} wrote about the {q2} {s2} are still read aloud.",
    "A {q} plan for the {s} at {p} costs {n} thousand, says the {w}, and the {s2} that was {v2} last"
    " year by the {w2} has taught them to be {q2}.",
]
# Both are told: a term, a city and whose it is.
TELLING = ("Neighbours said that the overseas police service station in {city} had been opened by the"
           " public security bureau of {body}, and that {n} people of {p} had been called there.")


def sentence(rng, form=None):
    pick = rng.choice
    return (form or pick(SENTENCES)).format(
        q=pick(QUALITIES), q2=pick(QUALITIES), s=pick(SUBJECTS), s2=pick(SUBJECTS), p=pick(PLACES),
        p2=pick(PLACES), v=pick(VERBS), v2=pick(VERBS), w=pick(PEOPLE), w2=pick(PEOPLE),
        n=rng.randrange(3, 900), city="{city}", body="{body}")


@dataclasses.dataclass
class Article:
    url: str
    title: str
    author: str
    published: int
    paragraphs: list
    items: frozenset = frozenset()
    modified: int = 0
    state: str = "live"  # "gone": 404 by now; "edited": says something else by now
    edit: str = ""  # what the edited one says more

    @property
    def path(self):
        return "/" + self.url.split("/", 3)[3]

    def html(self, edited=False, extra=""):
        """The page as it was published, or as it is today."""
        e = html.escape
        body = "\n".join(f"<p>{e(p)}</p>" for p in self.paragraphs + ([self.edit] if edited else []))
        return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{e(self.title)} | The Old Paper</title>
<meta property="og:type" content="article"><meta property="og:title" content="{e(self.title)}">
<meta property="article:published_time" content="{iso(self.published)}">
<meta name="author" content="{e(self.author)}">{extra}</head>
<body><nav><ul><li><a href="/">Front page</a></li><li><a href="/sport/">Sport</a></li></ul></nav>
<main><article><h1>{e(self.title)}</h1><p class="byline">By {e(self.author)}</p>
<time datetime="{iso(self.published)}">{time.strftime('%d %B %Y', time.gmtime(self.published))}</time>
{body}
</article></main><footer><p>The Old Paper, all rights reserved</p></footer></body></html>
"""

    def today(self):
        """What its own site answers now, None: 404."""
        return None if self.state == "gone" else self.html(edited=self.state == "edited")

    def prose(self):
        return "".join(f"<p>{html.escape(p)}</p>\n" for p in self.paragraphs)


def day(text):
    """"2022-09-01" or "2022-09-01T12:00:00" in seconds."""
    form = "%Y-%m-%dT%H:%M:%S" if "T" in text else "%Y-%m-%d"
    return int(time.mktime(time.strptime(text, form))) - time.timezone


def iso(at):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def stamp(at):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(at))


def rfc822(at):
    return email.utils.formatdate(at, usegmt=True)


def within(articles, since=None, until=None):
    """since and until are days; until's own day is within, as --until has it."""
    low = day(since) if since else 0
    high = day(until) + DAY if until else 1 << 40
    return [a for a in articles if low <= a.published < high]


def write(rng, base, published, number, path=None, tells=False, state="live", in_title=False):
    """One article at base (scheme and authority); what it tells may stand in its title, too."""
    paragraphs = [" ".join(sentence(rng) for _ in range(3)) for _ in range(rng.randrange(4, 7))]
    items = frozenset()
    title = f"{rng.choice(QUALITIES).capitalize()} {rng.choice(SUBJECTS)} of {rng.choice(PLACES)}" \
            f" {rng.choice(VERBS)} by its {rng.choice(PEOPLE)}"
    if tells:
        site, city = rng.choice(WATCHED)
        body, name = rng.choice(BODIES)
        paragraphs[1] += " " + sentence(rng, TELLING).format(city=city, body=name)
        items = frozenset({site, body})
        if in_title:
            title = f"Overseas police station in {city}: {title}"
    if path is None:
        path = f"/{time.strftime('%Y/%m', time.gmtime(published))}/{number}-" \
               f"{title.lower().replace(' ', '-').replace(':', '')}.html"
    return Article(base + path, title, f"{rng.choice(PLACES)} {rng.choice(PEOPLE).capitalize()}",
                   published, paragraphs, items, state=state, edit=sentence(rng) + " " + sentence(rng))


def articles(seed, base, n, since, until, telling=5, path=None, states=("live",)):
    """n of them at base, spread from since to until, oldest first; one in `telling` names a watched
    site, every other of these in its title. path: a function of number and time; states: by turns."""
    rng = random.Random(f"{seed} {base.rpartition(':')[0]} {n}")
    low, high = day(since), day(until)
    made = []
    for i in range(n):
        at = low + (high - low) * i // n + rng.randrange(3600)
        made.append(write(rng, base, at, i, path(i, at) if path else None,
                          telling > 0 and i % telling == telling - 1, states[i % len(states)],
                          telling > 0 and i // telling % 2 == 0))
    return made

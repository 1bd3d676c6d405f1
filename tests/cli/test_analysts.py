#!/usr/bin/env python3
"""Analysts through the program: settings that are refused before anything is fetched, what check and digest list say of
each, who is told what at which hour, and why somebody was not."""
import random

import desk
from desk import check

ANALYSTS = """[analyst "runs"]
email = runs@example.org
[analyst "hours"]
email = hours@example.org
subscribe = country:IE tag:pilots
subscribe = -item:nobody
digest = Mon-Fri 07:30
weekly = Mon 08:00
immediate = severity:high
immediate-wait = 10m
quiet = 22:00-06:30
timezone = Europe/Rome
[analyst "calm"]
email = calm@example.org
subscribe = country:GB
digest = 09:00
all-quiet = yes
timezone = Europe/Rome
"""
HEAD = desk.CONFIG.split("[analyst")[0]
STATIONS = """id,name,kind,city,country,aliases,context_aliases,source,site,match_scope,stations,tags,owner,severity
kestrel,Kestrel Pier,pier,,GB,Kestrel Pier,,Post,pier-kestrel,none,1,harbour,,medium
osprey,Osprey Light,light,,IE,Osprey Light,,Post,light-osprey,none,1,,,high
"""
PLACES = """id,type,country,name,names,demonyms,ambiguity,disambiguation,watch
gb-whitby,city,GB,Whitby,,,,,gazetteer
gb-seaham,city,GB,Seaham,,,,,gazetteer
gb,country,GB,Albion,,,,,gazetteer
"""
TERMS = """language,term,role,strength,case_sensitive,note
en,smugglers' pier~,station-term,strong,no,
en,pier~,station-term,weak,no,
"""
WORDS = "anchor basin cable dredger estuary ferry gantry hawser inlet jetty keel lantern mooring netting oar pontoon quay".split()


def at(day, clock):
    """UTC; Rome is an hour ahead in November."""
    return ("--now", f"2026-11-{day:02d}T{clock}:00Z")


class Post:
    """An outlet whose feed grows."""

    def __init__(self, address="127.31.0.9"):
        self.server = desk.Server(address)
        self.entries = []

    def put(self, name, sentence, day):
        r = random.Random(name)
        lines = [" ".join(r.sample(WORDS, 12)).capitalize() + f" number {r.randint(1000, 9999)}." for _ in range(6)]
        url = self.server.root + f"/{name}"
        self.server.put(f"/{name}", desk.page(name, [" ".join(lines[:3]), lines[3] + " " + sentence, " ".join(lines[4:])],
                                              url=url, published=f"2026-11-{day:02d}T00:30:00Z"))
        self.entries.insert(0, (name, url))
        return self.server.put("/rss", desk.rss("Post", self.entries), "application/rss+xml")


def refused(d):
    """File, line, analyst, key, word, and what it may have been; before anything is fetched."""
    cases = (
        ("subscribe = cuntry:IE", 'subscribe: "cuntry:IE": unknown key "cuntry"; did you mean "country"?'),
        ("immediate = severity:hihg", 'immediate: "severity:hihg": severity is low, medium or high; did you mean "high"?'),
        ("digest = Mno-Fri 07:30", 'digest (run, none or hours): "Mno-Fri" is neither an hour as 07:30'),
        ("digest = run\ndigest = 07:30", 'digest: "run" is neither an hour'),
        ("weekly = Mon", "weekly: days without an hour behind them"),
        ("quiet = 22-06", 'quiet: "22-06" is neither hours as 22:00-06:30'),
        ("webhook = http://example.org/hook", 'webhook: "http://example.org/hook" is no https address'),
        ("transport = webhook", "transport: webhook wants webhook = https://"),
        ("all-quiet = maybe", 'all-quiet: "maybe" is not one of its values'),
        ("timezone = Europe/Atlantis", 'timezone: no time zone "Europe/Atlantis"'),
        ("digset = run", 'unknown key "digset"; did you mean "digest"?'),
    )
    for line, words in cases:
        bad = d.write("bad.conf", HEAD + '[analyst "desk"]\nemail = desk@example.org\n' + line + "\n")
        number = bad.read_text().rstrip().count("\n") + 1 - line.count("\n")
        for command in (("run",), ("config",), ("digest", "send"), ("digest", "list")):
            said = d.fails(78, words, *command, "--config", bad)
            check(f"bad.conf:{number}:" in said or f"bad.conf:{number + 1}:" in said, f"{line}: no place: {said}")
            check("digset" in line or 'analyst "desk"' in said, f"{line}: no analyst: {said}")
        d.fails(1, words, "check", "--config", bad)
    d.fails(78, 'canary: "nobody" is no mailbox', "run", "--config",
            d.write("bad.conf", HEAD.replace("[mail]", "[mail]\ncanary = nobody")))


def said_of_each(d):
    """check and digest list: the subscription in words, the next hour, what fits nothing."""
    said = d.call(*at(18, "05:00"), "check").stdout
    for words in ("runs: everything; a digest after each run with news; to runs@example.org",
                  "hours: country IE, tag pilots; but not item nobody; next digest 2026-11-18 07:30, "
                  "weekly 2026-11-23 08:00, quiet until 2026-11-18 06:30 (Europe/Rome); at once severity high; to hours@",
                  "calm: country GB; next digest 2026-11-18 09:00 (Europe/Rome); to calm@",
                  "hours: subscribe: no item of the watchlist has tag:pilots",
                  "hours: subscribe: no item of the watchlist has item:nobody"):
        check(words in said, f'check does not say "{words}": {said}')
    check("severity:high" not in said and "has country:IE" not in said, f"check warns of what fits: {said}")
    rows = {r["analyst"]: r for r in d.rows(*at(18, "05:00"), "digest", "list", "--fields",
                                            "analyst,untold,next_digest,next_weekly,quiet_until,subscription,at_once,timezone")}
    check(rows["hours"] == {"analyst": "hours", "untold": 0, "next_digest": "2026-11-18T06:30:00Z",
                            "next_weekly": "2026-11-23T07:00:00Z", "quiet_until": "2026-11-18T05:30:00Z",
                            "subscription": "country IE, tag pilots; but not item nobody", "at_once": "severity high",
                            "timezone": "Europe/Rome"}, f"digest list: {rows['hours']}")
    check(rows["runs"]["quiet_until"] is None and rows["runs"]["at_once"] is None, f"digest list: {rows['runs']}")
    check(len(d.csv("digest", "list", "--analyst", "calm")) == 1, "digest list --analyst, as csv")
    check("next run" in d.must("digest", "list"), "digest list for people")
    d.fails(66, 'no [analyst "clam"]', "digest", "list", "--analyst", "clam")


def kinds(d, after=0):
    """What the outbox has got: analyst and kind, the oldest first."""
    rows = sorted(d.rows("outbox", "list", "--limit", "100"), key=lambda r: int(r["id"]))
    return [(r["analyst"], r["kind"]) for r in rows][after:]


def reasons(d, when, headline):
    row = [a for a in d.rows("alert", "list") if a["headline"] == headline][0]
    said = d.must(*when, "alert", "explain", row["id"])
    return said


def days(d, post):
    """Three days; each alert is told each analyst once, by the right mail."""
    feed = post.put("first", "Kestrel Pier was painted.", 18)
    d.must(*at(18, "05:00"), "feed", "add", feed)
    d.must(*at(18, "05:05"), "run")
    check(kinds(d) == [("runs", "digest")], f"the first run: {kinds(d)}")
    said = reasons(d, at(18, "05:06"), "first")
    for words in ("hours", "never: outside of the subscription (country IE, tag pilots; but not item nobody)",
                  "waits for the digest of 2026-11-18 09:00 (Europe/Rome)"):
        check(words in said, f'alert explain does not say "{words}": {said}')
    said = d.fails(0, "no message", *at(18, "07:59"), "run", "-v")
    d.fails(0, "1 digest,", *at(18, "08:00"), "run", "-v")
    check(kinds(d, 1) == [("calm", "digest")], f"nine in Rome: {kinds(d, 1)}")

    # High severity: at once after ten minutes, but not in quiet hours.
    post.put("second", "Osprey Light went out at night.", 18)
    d.must(*at(18, "22:00"), "run")
    said = reasons(d, at(18, "22:01"), "second")
    check("is told at once, by the first run from 2026-11-18 23:10 (Europe/Rome) on; not before 2026-11-19 06:30 (Europe/Rome): quiet hours" in said,
          f"alert explain of quiet hours: {said}")
    check(kinds(d, 2) == [("runs", "digest")], f"quiet hours: {kinds(d, 2)}")
    d.must(*at(19, "05:15"), "run")
    check(kinds(d, 3) == [], f"still quiet: {kinds(d, 3)}")
    check(d.rows(*at(19, "05:15"), "digest", "list", "--analyst", "hours")[0]["untold"] == 1, "one waits")
    d.fails(0, "1 immediate mail,", *at(19, "05:30"), "run", "-v")
    d.must(*at(19, "06:30"), "run")
    check(kinds(d, 3) == [("hours", "immediate")], f"told at once, and not again: {kinds(d, 3)}")
    check("immediate to hours@example.org" in reasons(d, at(19, "06:31"), "second"), "alert explain of what was told")

    # Nothing new for one who wants to hear of that; the weekly summary of the Monday.
    d.fails(0, '1 "all quiet"', *at(19, "08:00"), "run", "-v")
    check(kinds(d, 4) == [("calm", "quiet")], f"all quiet: {kinds(d, 4)}")
    d.must(*at(19, "08:15"), "run")
    d.fails(0, '1 weekly summary, 1 "all quiet"', *at(23, "09:00"), "run", "-v")
    check(kinds(d, 5) == [("hours", "weekly"), ("calm", "quiet")], f"Monday: {kinds(d, 5)}")


def newcomer(d):
    """Who comes later knows what is old; a first run with --no-send leaves nothing to tell."""
    d.config.write_text(d.config.read_text() + '[analyst "new"]\nemail = new@example.org\n')
    d.fails(0, "nothing new for new", *at(23, "10:00"), "digest", "preview", "--analyst", "new")
    n = len(kinds(d))
    d.must(*at(23, "10:00"), "run")
    check(kinds(d, n) == [], f"a newcomer is told what is old: {kinds(d, n)}")
    check("marked as known" in reasons(d, at(23, "10:01"), "second"), "a newcomer's mark")


def first_run_unsent(post):
    with desk.Desk(HEAD + ANALYSTS) as d:
        (d.watchlist / "stations.csv").write_text(STATIONS)
        d.must(*at(18, "05:00"), "feed", "add", post.server.root + "/rss")
        d.must(*at(18, "05:05"), "run", "--no-send")
        check(len(d.rows("alert", "list")) == 2, "two alerts")
        for day in (18, 19, 20):
            for clock in ("05:35", "06:30", "08:00"):
                d.must(*at(day, clock), "run")
        check({k for _, k in kinds(d)} <= {"quiet"}, f"--no-send left something to tell: {kinds(d)}")


def proposals():
    """What is possible and was said before: not told to who is new, nor after --no-send; what comes later is."""
    late = Post("127.31.0.10")
    with desk.Desk(HEAD + '[analyst "early"]\nemail = early@example.org\n') as d:
        (d.watchlist / "stations.csv").write_text(STATIONS)
        (d.watchlist / "places.csv").write_text(PLACES)
        (d.watchlist / "terms.csv").write_text(TERMS)
        d.must(*at(18, "05:00"), "feed", "add", late.put("whitby", "The smugglers' pier in Whitby was seen by three men.", 18))
        d.must(*at(18, "05:05"), "run", "--no-send")
        check([r["id"] for r in d.rows("watch", "candidates")] == ["gb-whitby"], "a candidate")
        d.config.write_text(d.config.read_text() + '[analyst "late"]\nemail = late@example.org\n')
        late.put("seaham", "The smugglers' pier in Seaham was seen by four men.", 20)
        late.put("third", "Kestrel Pier was sold.", 20)
        d.must(*at(20, "08:00"), "run")
        for name in ("early", "late"):
            mail = [r["id"] for r in d.rows("outbox", "list") if r["analyst"] == name]
            said = d.must("outbox", "show", mail[0]) if mail else ""
            check("Seaham" in said and "Whitby" not in said, f"{name}: what is possible: {said}")
    late.server.close()


def what_waits():
    """--no-send is of what the run finds: news and proposals that waited for their hour are told at it."""
    wait = Post("127.31.0.10")
    more = Post("127.31.0.24")
    with desk.Desk(HEAD + '[analyst "six"]\nemail = six@example.org\ndigest = 18:00\n') as d:
        (d.watchlist / "stations.csv").write_text(STATIONS)
        (d.watchlist / "places.csv").write_text(PLACES)
        (d.watchlist / "terms.csv").write_text(TERMS)
        d.must(*at(18, "05:00"), "feed", "add", wait.put("pier", "Kestrel Pier was sold.", 18))
        wait.put("whitby", "The smugglers' pier in Whitby was seen by three men.", 18)
        d.must(*at(18, "05:05"), "run")
        # A plan is of the parts that are asked for.
        for words, has, has_not in (((), ("would ask 1 feeds", "would match 0 articles", "six: 1 alert waits, next digest 2026-11-18 18:00"), ()),
                                    (("--only", "crawl"), ("would ask",), ("match", "send")),
                                    (("--only", "alert"), ("would match 0",), ("ask", "send")),
                                    (("--only", "deliver"), ("send 0 messages", "six: 1"), ("ask", "match")),
                                    (("--no-send",), ("would ask", "send nothing"), ("six",))):
            said = d.must(*at(18, "06:00"), "run", "-n", *words)
            check(all(w in said for w in has) and not any(w in said for w in has_not), f"run -n {words}: {said}")
        d.fails(64, "--lock-wait wants seconds", "run", "-n", "--lock-wait", "abc")
        for part in ("crawl", "deliver"):
            d.fails(64, "raises none", *at(18, "06:00"), "run", "--no-send", "--only", part)
        more.put("light", "Osprey Light was painted.", 18)
        d.must(*at(18, "06:00"), "feed", "add", more.put("seaham", "The smugglers' pier in Seaham was seen by one.", 18))
        d.must(*at(18, "06:05"), "run", "--no-send")
        check("marked as known" in reasons(d, at(18, "06:06"), "light"), "what was found is known")
        d.must(*at(18, "18:05"), "run")
        mail = [r["id"] for r in d.rows("outbox", "list")]
        said = d.must("outbox", "show", mail[0]) if mail else ""
        for word, is_told in (("Kestrel Pier", True), ("Whitby", True), ("Osprey Light", False), ("Seaham", False)):
            check((word in said) == is_told, f"{word} at 18:00: {said}")
        # A part alone marks what it finds, too.
        more.put("late", "Osprey Light was sold.", 18)
        d.must(*at(19, "06:05"), "run", "--only", "crawl")
        d.must(*at(19, "06:06"), "run", "--only", "alert", "--no-send")
        d.must(*at(19, "18:05"), "run")
        check(len(d.rows("outbox", "list")) == 1, "--only alert --no-send left something to tell")
    wait.server.close()
    more.server.close()


post = Post()
try:
    with desk.Desk(HEAD + ANALYSTS) as d:
        (d.watchlist / "stations.csv").write_text(STATIONS)
        refused(d)
        said_of_each(d)
        days(d, post)
        newcomer(d)
    first_run_unsent(post)
    proposals()
    what_waits()
finally:
    post.server.close()
desk.finish("analysts: refused settings, what each gets and when, at once, quiet, weekly, newcomers")

#!/usr/bin/env python3
"""check before the first run: settings that others can change, a report that has no place, runs that died, countries by
their names, a canary that is overdue; init and the lists of one analyst that is none."""
import email
import email.policy
import os
import time

import desk
from desk import check

HEAD = desk.CONFIG.split("[analyst")[0]
PLACES = """id,type,country,name,names,demonyms,ambiguity,disambiguation,watch
ie,country,IE,Ireland,,,,,gazetteer
gb,country,GB,United Kingdom,en:UK,,,,gazetteer
"""


def lines(d, part, *when, settings=None):
    if settings is not None:
        d.config.write_text(settings)
    return [(r["level"], r["text"]) for r in map(__import__("json").loads, d.call(*when, "check", "--format", "jsonl").stdout.splitlines())
            if r["part"] == part]


def has(found, level, words):
    check(any(l == level and words in t for l, t in found), f'no {level} line with "{words}": {found}')


def owners(d):
    """Who can change the settings chooses the programs that are run."""
    check([l for l, _ in lines(d, "config")] == ["ok"], f"config: {lines(d, 'config')}")
    program = desk.CONFIG.replace("transport = file", "transport = command\ncommand = cat")
    for mode, folder, settings, level in ((0o666, 0o700, desk.CONFIG, "warn"), (0o620, 0o700, desk.CONFIG, "warn"),
                                          (0o600, 0o770, desk.CONFIG, "warn"), (0o602, 0o700, program, "FAIL"),
                                          (0o600, 0o777, program, "FAIL")):
        d.config.write_text(settings)
        d.config.chmod(mode)
        d.folder.chmod(folder)
        has(lines(d, "config"), level, f"chmod go-w {d.config if folder == 0o700 else d.folder}")
    d.folder.chmod(0o1777)
    check(len(lines(d, "config")) == 1, "a folder like /tmp")
    if os.geteuid() == 0:
        os.chown(d.config, 12345, -1)
        has(lines(d, "config"), "FAIL", "belongs to somebody else")
        os.chown(d.config, 0, -1)
    d.folder.chmod(0o700)
    d.config.chmod(0o600)
    d.config.write_text(desk.CONFIG)


def report(d):
    foreign = d.write("foreign/letter", "dear").parent
    for settings, level, words in ((f"html = {foreign}", "FAIL", "is not empty and holds no report"),
                                   ("html = none/below", "FAIL", "cannot be made"),
                                   (f"html = {foreign}/letter", "FAIL", "is no folder"),
                                   ("html = report", "ok", "report, not written yet"),
                                   ("html = report\natom = report/alerts.xml", "ok", "not written yet"),
                                   ("atom = none/alerts.xml", "FAIL", f"mkdir {d.folder}/none"),
                                   ("atom = alerts.xml", "ok", "alerts.xml")):
        found = lines(d, "report", settings=desk.CONFIG + f"[report]\n{settings}\n")
        has(found, level, words)
        check(len(found) == 1, f"{settings}: {found}")
    d.config.write_text(desk.CONFIG + "[report]\nhtml = report\n")
    d.must("run", "--no-send")
    check(lines(d, "report") == [("ok", f"{d.folder}/report")], f"what we wrote: {lines(d, 'report')}")
    d.config.write_text(desk.CONFIG)


def runs(d):
    """The last good one does not hide those that died behind it."""
    with desk.engine.opened(d.db) as store:
        died(d, store)


def died(d, store):
    base = store.execute("SELECT max(started_at) FROM run").fetchone()[0]
    n = store.execute("SELECT count(*) FROM run").fetchone()[0]
    gone = 2 ** 22 + 1  # no process has this number
    columns = desk.engine.columns(d.db, "run")
    last = store.execute("SELECT * FROM run ORDER BY id DESC LIMIT 1").fetchone()

    def put(at, outcome, message="", pid=gone, ended=0):
        row = dict(zip(columns, last))
        row.update(pid=pid, started_at=base + at, ended_at=ended, outcome=outcome, message=message)
        del row["id"]
        store.execute(f"INSERT INTO run({','.join(row)}) VALUES({','.join('?' * len(row))})", list(row.values()))

    has(lines(d, "runs"), "ok", "the last good one ended")
    put(60, "unfinished")
    put(120, "unfinished")
    has(lines(d, "runs"), "warn", "died without an end; " + f"2 of {n + 2} of the last day failed or died")
    put(180, "failed", "the disk is full", ended=base + 181)
    has(lines(d, "runs"), "warn", f"failed: the disk is full; 3 of {n + 3} of the last day failed or died")
    put(240, "unfinished", pid=os.getpid())
    has(lines(d, "runs"), "ok", f"; 3 of {n + 4} of the last day failed or died")
    store.execute("DELETE FROM run WHERE started_at > ?", (base,))


def index(d):
    """What no search finds is said, not what a writer at work has not come to yet."""
    key = "UPDATE meta SET value = ? WHERE key = 'search_indexed_to'"
    with desk.engine.opened(d.db) as store:
        mark, = store.execute("SELECT value FROM meta WHERE key = 'search_indexed_to'").fetchone()
        check(lines(d, "search") == [], f"an index that has all: {lines(d, 'search')}")
        store.execute(key, ("0",))
        check(lines(d, "search", "--now", "2026-11-20T13:00:00Z") == [], "five hours later the writer may be at work")
        has(lines(d, "search", "--now", "2026-11-20T15:00:00Z"), "warn", "from 2026-11-20T08:00:00Z on are not in the index of words")
        store.execute(key, (mark,))


def countries(d):
    (d.watchlist / "places.csv").write_text(PLACES)
    for word, code in (("Ireland", "IE"), ("irland", "IE"), ("UK", "GB"), ("uk", "GB")):
        has(lines(d, "analyst", settings=desk.CONFIG + f"subscribe = country:{word}\n"), "warn", f"has country:{word}; did you mean {code}?")
    check(not any("did you mean" in t for _, t in lines(d, "analyst", settings=desk.CONFIG + "subscribe = country:FR\n")), "of FR nothing is near")
    (d.watchlist / "places.csv").unlink()
    d.config.write_text(desk.CONFIG)


def canary(d):
    """Overdue is what did not come back within canary-within."""
    d.config.write_text(HEAD + "canary = canary@example.org\n" + desk.CONFIG[len(HEAD):])
    d.must("run")
    has(lines(d, "canary", "--now", "2026-11-20T09:00:00Z"), "note", "none has come back yet")
    # It left when the run had done its work: some seconds after --now, which ticks.
    left = desk.engine.rows(d.db, "SELECT sent_at FROM message WHERE kind = 'canary'")[0]["sent_at"]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(left))
    check(at.startswith("2026-11-20T08:0"), f"the canary left at {at}")
    has(lines(d, "canary", "--now", "2026-11-20T14:30:00Z"), "warn", f"the one of {at} to canary@example.org did not come back")
    d.config.write_text(desk.CONFIG)


def names(d):
    """No such analyst: 66, and who there is."""
    for command in (("outbox", "list"), ("digest", "list"), ("digest", "preview"), ("digest", "send"), ("alert", "mutes"),
                    ("report", "precision")):
        d.fails(66, "the analysts are: desk", *command, "--analyst", "nobody")
    d.must("outbox", "list", "--analyst", "desk", "--state", "failed")


def reach(d):
    """An item that its owner leaves out, or that no mail carries to him, is nobody's; check says so."""
    whole = (d.watchlist / "stations.csv").read_text()
    rows = [r + "," + o for r, o in zip(whole.splitlines(), ("owner,severity", ",", "b,medium"))]
    (d.watchlist / "stations.csv").write_text("\n".join(rows) + "\n")
    b = '[analyst "b"]\nemail = b@example.org\n'
    for settings, level, words in ((desk.CONFIG + b + "subscribe = -country:IE\n", "warn", "1 item is told to nobody: the owner's subscribe leaves out: b of light-osprey"),
                                   (desk.CONFIG + b + "subscribe = severity:high\n", "warn", "the owner's subscribe leaves out: b of light-osprey"),
                                   (desk.CONFIG + b + "digest = none\nimmediate = severity:high\n", "warn", "the owner has no digest, and immediate leaves out: b of light-osprey"),
                                   (desk.CONFIG + "subscribe = country:IE\n" + b + "subscribe = country:IE\n", "note", "1 item is told to nobody, as pier-kestrel: no analyst wants it")):
        found = lines(d, "owners", settings=settings)
        has(found, level, words)
        check(len(found) == 1, f"{settings}: {found}")
    for told in (b, b + "subscribe = severity:medium\n", b + "digest = none\nimmediate = country:IE\n", b + "digest = none\nweekly = Mon 08:00\n"):
        check(lines(d, "owners", settings=desk.CONFIG + told) == [], f"{told}: {lines(d, 'owners')}")
    # Not all severities are wanted, but a mention may be of one that is.
    check(lines(d, "owners", settings=desk.CONFIG + "subscribe = severity:high\n" + b + "subscribe = country:IE\n") == [], f"severity: {lines(d, 'owners')}")
    (d.watchlist / "stations.csv").write_text(whole)
    d.config.write_text(desk.CONFIG)


def init():
    with desk.Desk() as d:
        folder = d.folder / "new"
        where = ("--config", folder / "w.conf", "--db", folder / "w.db")
        said = d.fails(66, "nosuch: no such folder", *where, "init", "nosuch")
        check("overseas-police-stations" in said, f"init does not say which lists there are: {said}")
        check(not folder.exists(), "init made something before it failed")
        d.fails(1, "wirewatch init makes one", *where, "check")
        d.must(*where, "init", d.folder / "source")
        for way in ("file", "maildir", "sendmail", "smtp", "command", "webhook"):
            check(way in (folder / "w.conf").read_text(), f"init does not name {way}")


def shown(d):
    """config: every key of every analyst; digest list: each by his own clocks."""
    d.config.write_text(desk.CONFIG + 'immediate-wait = 5\n[analyst "rome"]\nemail = rome@example.org\n'
                        "timezone = Europe/Rome\ndigest = 07:30\nweekly = Mon 08:00\n")
    for rows in (d.rows("config"), d.csv("config")):
        value = {(r["section"], r["key"]): r["value"] for r in rows}
        for section, key, text in (("match", "max-age", "14d"), ("fetch", "max-body", "8M"), ('analyst "desk"', "immediate-wait", "5s"),
                                   ('analyst "desk"', "digest", "run"), ('analyst "rome"', "digest", "07:30"),
                                   ('analyst "rome"', "immediate-wait", "5m"), ('analyst "rome"', "transport", "default")):
            check(value.get((section, key)) == text, f"config: {section} {key}: {value.get((section, key))}")
    for now, words in (("2026-11-20T09:00:00Z", " 08:00"), ("2026-11-21T03:00:00Z", "11-20 08:00")):
        check(words in d.must("--now", now, "story", "list"), f"story list at {now} does not say {words}")
    check("11-20" not in d.must("--now", "2026-11-20T23:00:00Z", "story", "list"), "of today the clock alone")
    check('analyst "rome"' in d.must("config"), "config for people")
    said = d.must("digest", "list")
    for words in ("2026-11-21 07:30 (Europe/Rome)", "2026-11-23 08:00 (Europe/Rome)"):
        check(words in said, f"digest list does not say {words}: {said}")
    check(d.rows("digest", "list", "--analyst", "rome")[0]["next_digest"] == "2026-11-21T06:30:00Z", "digest list as jsonl")
    d.config.write_text(desk.CONFIG)


def letters(d):
    """Names of any script in To, by digest send; who cannot be written to is refused at once."""
    d.config.write_text(HEAD + '[analyst "bad"]\nemail = jürgen@example.org\n')
    for command in (("run",), ("digest", "send"), ("outbox", "list", "--analyst", "bad")):
        if command[0] != "outbox":
            d.fails(78, f'wirewatch.conf:{HEAD.count(chr(10)) + 2}: analyst "bad": email: "jürgen@example.org" is no mailbox', *command)
    d.fails(1, 'analyst "bad": email', "check")
    d.config.write_text(HEAD + '[analyst "bad"]\nemail = a..b@example.org\n')
    for status, command in ((78, "run"), (1, "check")):
        d.fails(status, f'wirewatch.conf:{HEAD.count(chr(10)) + 2}: analyst "bad": email', command)
    people = {"Ana María": '"Ana María" <ana@example.org>', "Jürgen Groß": "Jürgen Groß <jurgen@example.org>",
              'O"Neil, 李': '"O\\"Neil, 李" <oneil@example.org>'}
    d.config.write_text(HEAD + "".join(f'[analyst "{i}"]\nemail = {m}\n' for i, m in enumerate(people.values())))
    d.must("digest", "send", "--now", "2026-11-20T12:00:00Z")
    found = {}
    for path in (d.folder / "mail").glob("*.eml"):
        raw = path.read_bytes()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        check(raw.split(b"\n\n")[0].isascii(), f"{path}: its header is not ASCII")
        found.update({a.display_name: a.addr_spec for a in message["To"].addresses})
    for name, box in people.items():
        check(found.get(name) == box.split("<")[1][:-1], f"To: {name}: {found}")
    d.config.write_text(desk.CONFIG)
    check(d.rows("outbox", "list", "--analyst", "0", "--state", "failed") == [], "of an analyst who is gone")


def languages(d, site):
    """What nobody has said of a feed, it says itself; what somebody has said stays."""
    url = desk.feed(site)
    site.put("/other", site.pages["/rss"][2].replace("<language>en<", "<language>no tag of a language<"), "application/rss+xml")
    d.must("feed", "import", d.write("feeds.csv", f"url,language\n{url},\n{url}?2,fr\n{site.root}/other,\n"))
    site.pages["/rss?2"] = site.pages["/rss"]
    check(any("3 feeds have no language" in t or "2 feeds have no language" in t for _, t in lines(d, "coverage")), f"{lines(d, 'coverage')}")
    d.must("run", "--no-send")
    found = {r["url"].split("/")[-1]: r["language"] for r in d.rows("feed", "list")}
    check(found == {"rss": "en", "rss?2": "fr", "other": None} or found == {"rss": "en", "rss?2": "fr", "other": ""}, f"languages: {found}")
    check(any(t.startswith("1 feed has no language: ") for _, t in lines(d, "coverage")), f"{lines(d, 'coverage')}")


def one_fails(d):
    """What keeps one analyst's mail from being made keeps nobody else's from leaving, nor what waits."""
    desk.engine.refuse(d.db, "message", "analyst", "second")
    d.config.write_text(HEAD + "".join(f'[analyst "{n}"]\nemail = {n}@example.org\n' for n in ("first", "second", "third")))
    said = d.call("run", "--now", "2026-11-20T12:00:00Z")
    check(said.returncode not in (0, 75) and "analyst=second" in said.stderr, f"run: {said.returncode}: {said.stderr}")
    told = {r["analyst"]: r["state"] for r in d.rows("outbox", "list")}
    check(told == {"first": "sent", "third": "sent"}, f"one fails: {told}: {said.stderr}")
    desk.engine.refuse_no_more(d.db, "message")
    d.must("run", "--now", "2026-11-20T12:30:00Z")
    told = {r["analyst"]: r["state"] for r in d.rows("outbox", "list")}
    check(told == {"first": "sent", "second": "sent", "third": "sent"}, f"the next run: {told}")


with desk.Desk() as d:
    site = desk.Server("127.31.0.47")
    try:
        d.must("feed", "add", desk.feed(site))
        d.must("run", "--no-send")
        for part in (owners, report, runs, index, countries, reach, names, shown, canary):
            part(d)
    finally:
        site.close()
init()
with desk.Desk() as d:
    site = desk.Server("127.31.0.48")
    try:
        d.must("feed", "add", desk.feed(site))
        d.must("run", "--only", "crawl")
        d.must("run", "--only", "alert")
        one_fails(d)
        letters(d)
    finally:
        site.close()
with desk.Desk() as d:
    site = desk.Server("127.31.0.49")
    try:
        languages(d, site)
    finally:
        site.close()
desk.finish("check before a run, init, config, one analyst's lists, names in To")

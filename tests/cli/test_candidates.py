#!/usr/bin/env python3
"""A possible place: proposed with its sentence, adopted, found, undone; dismissed and back again.
Changes of status are proposed beside the list's, counts are kept with who says so."""
import quopri
import random

import desk
from desk import check

WORDS = ("tides herring mail bells rope lamps gulls barrels coal chalk salt nets cannery ferry fog"
         " anchors tar oakum").split()

STATIONS = """id,name,kind,city,country,jurisdiction,address_or_host,status,status_date,aliases,context_aliases,source,confidence,site,match_scope,stations,in_report,notes
kestrel,Kestrel Pier,pier,Ardmore,GB,harbour,,reported,2022,Kestrel Pier,,Northmoor Post,high,gb-ardmore,city,1,,
"""
PLACES = """id,type,country,name,names,demonyms,ambiguity,disambiguation,watch
gb-ardmore,city,GB,Ardmore,,,,,station
gb-whitby,city,GB,Whitby,en:Whitby Haven,,,,gazetteer
gb-seaham,city,GB,Seaham,,,,,gazetteer
gb,country,GB,Albion,,,,,gazetteer
"""
TERMS = """language,term,role,strength,case_sensitive,note
en,smugglers' pier~,station-term,strong,no,
en,pier~,station-term,topical,no,
en,closed,status:closed,,no,
en,denied,status:denied,weak,no,
en,will be @,unreal,,no,
en,allegedly,hedge,,no,
en,no @,negation,,no,
en,counties,countries,,no,
en,at least @,bound:least,,no,
en,@ said,saying,,no,
"""


def tell(d, name, sentence, published, title="Harbour news"):
    # Texts of their own: copies would be one story.
    words = random.Random(name).sample(WORDS, len(WORDS))
    filler = [f"{name} writes of {' and of '.join(words[k:k + 5])}, as it does every week." for k in (0, 5, 10)]
    d.write(f"pages/{name}.html", desk.page(f"{title} of {name}", [sentence] + filler, published=published,
                                            url=f"https://{name}.example/{published[:10]}"))


def read(d):
    d.must("backfill", "files", d.folder / "pages")
    d.must("run")


def by_id(rows):
    return {r["id"]: r for r in rows}


with desk.Desk() as d:
    desk.put_watchlist(d.folder / "other", STATIONS, TERMS)
    d.write("other/places.csv", PLACES)
    d.must("watch", "import", d.folder / "other", "--yes")
    d.fails(0, "no candidates", "watch", "candidates")
    tell(d, "ledger", "The smugglers' pier in Whitby was seen by three fishermen last week.", "2022-10-05T09:30:00Z")
    tell(d, "courier", "Officials said there is no smugglers' pier in Seaham at all.", "2022-10-06T09:30:00Z")
    tell(d, "echo", "The Coast Society said at least 12 smugglers' piers stand in 5 counties.", "2022-10-07T09:30:00Z")
    tell(d, "gazette", "The smugglers' pier in Ardmore was closed in autumn.", "2022-11-07T09:30:00Z")
    tell(d, "herald", "The smugglers' pier in Ardmore will be closed in spring.", "2022-11-01T09:30:00Z")
    read(d)

    # ---- proposed, with its sentence; what is denied stands last, and is not silent
    rows = d.rows("watch", "candidates")
    check([r["id"] for r in rows] == ["gb-whitby", "gb-seaham"], f"watch candidates: {rows}")
    one = rows[0]
    check(one["proposal"] == "possible new pier: Whitby, Albion", f"the heading: {one}")
    check((one["stance"], rows[1]["stance"]) == ("asserted", "denied"), f"stances: {rows}")
    check(one["sentence"].encode()[one["mark_start"]:one["mark_end"]] == b"Whitby", f"the mark: {one}")
    check((one["articles"], one["outlets"], one["origins"]) == (1, 1, 1), f"counts: {one}")
    check(one["first_at"] == "2022-10-05T09:30:00Z", f"first seen: {one}")
    human = d.must("watch", "candidates")
    check("possible new pier" in human.splitlines()[0] and "Whitby, Albion" in human and "\u00bbWhitby\u00ab" in human, f"for people: {human}")
    check(d.csv("watch", "candidates", "--country", "GB")[1]["id"] == "gb-seaham", "as csv")
    check(d.rows("watch", "candidates", "--country", "IE") == [], "--country")
    check([r["id"] for r in d.rows("watch", "candidates", "--since", "2022-10-06")] == ["gb-seaham"], "--since")
    shown = d.must("watch", "candidate", "whitby")
    for words in ("possible new pier: Whitby, Albion", "1 article, 1 story, 1 outlet, 1 origin", "\u00bbWhitby\u00ab was seen", "https://ledger.example/"):
        check(words in shown, f'watch candidate lacks "{words}": {shown}')
    check(d.rows("watch", "candidate", "gb-whitby")[0]["stance"] == "asserted", "watch candidate --format jsonl")
    d.fails(66, 'did you mean "Whitby"', "watch", "candidate", "Witby")

    # ---- in a terminal of 80 columns nothing is cut, and no word is broken
    for words, sentences in ((("candidates",), [r["sentence"] for r in rows]),
                             (("proposals",), [r["sentence"] for r in d.rows("watch", "proposals")]),
                             (("candidate", "whitby"), [one["sentence"]])):
        seen = d.terminal("watch", *words)
        check(max(map(len, seen.splitlines())) <= 80 and "\u2026" not in seen, f"{words} at 80 columns: {seen}")
        plain = " ".join(seen.replace("\u00bb", "").replace("\u00ab", "").split())
        check(sentences and all(s in plain for s in sentences), f"{words} break a word or lose it: {seen}")
    seen = d.terminal("report", "claims")
    check("at least 12 smugglers' piers stand in 5" in " ".join(seen.replace("\u00bb", "").replace("\u00ab", "").split()),
          f"the sentence of a claim: {seen}")

    # ---- dismissed, and back with what a later story says
    desk.NOW = "2026-11-20T09:00:00Z"
    d.must("watch", "dismiss", "gb-whitby", "--note", "a play")
    check([r["id"] for r in d.rows("watch", "candidates")] == ["gb-seaham"], "a dismissed place is listed")
    check(by_id(d.rows("watch", "candidates", "--all"))["gb-whitby"]["state"] == "dismissed", "--all")
    d.fails(0, "is dismissed already: nothing done", "watch", "dismiss", "gb-whitby")
    d.must("watch", "reopen", "gb-whitby")
    d.fails(0, "is open already: nothing done", "watch", "reopen", "gb-whitby")
    d.fails(66, 'watch add --city "Oban" --country', "watch", "adopt", "Oban")
    check(by_id(d.rows("watch", "candidates"))["gb-whitby"]["state"] == "open", "reopened")

    # ---- adopted: shown, asked, written, found, and undone
    said = d.fails(64, "say --yes", "watch", "adopt", "Whitby", "--alias", "Old Jetty|Rook Stairs")
    for words in ("+ stations.csv gb-whitby", "Ledger", "candidate of 2022-10-05, asserted in https://ledger", "low"):
        check(words.lower() in said.lower(), f'watch adopt lacks "{words}": {said}')
    before = (d.watchlist / "stations.csv").read_bytes()
    d.must("watch", "adopt", "Whitby", "--yes", "--dry-run")
    d.fails(65, '"a b|c" is no id: letters, digits and - alone; "a-b-c"?', "watch", "adopt", "Whitby", "--id", "a b|c", "--yes")
    check((d.watchlist / "stations.csv").read_bytes() == before, "--dry-run or a wrong id writes")
    d.fails(0, "wirewatch watch rescan", "watch", "adopt", "Whitby", "--alias", "Old Jetty|Rook Stairs", "--yes",
            "--note", "seen twice")
    text = (d.watchlist / "stations.csv").read_text()
    check(text.startswith(STATIONS) and "Old Jetty|Rook Stairs" in text and "seen twice" in text, f"the row: {text}")
    check("Whitby,en:Whitby Haven,,,,station" in (d.watchlist / "places.csv").read_text(), "the place's row")
    check([r["id"] for r in d.rows("watch", "candidates")] == ["gb-seaham"], "an adopted place is a candidate")
    d.fails(65, "on the list already", "watch", "adopt", "gb-whitby", "--yes")
    d.must("run")
    check([a["item"] for a in d.rows("alert", "list", "--all", "--item", "gb-whitby")] == ["gb-whitby"], "no alert")
    d.must("watch", "rescan")
    d.fails(65, "on the list already", "watch", "adopt", "gb-whitby", "--yes")
    version = max(v["version"] for v in d.rows("watch", "log"))
    d.must("watch", "revert", version - 1, "--yes")
    d.must("run")
    check((d.watchlist / "stations.csv").read_bytes() == before, "watch revert leaves the row")
    check("gb-whitby" in by_id(d.rows("watch", "candidates", "--all")), "the candidate after it was undone")

    for a in d.rows("alert", "list", "--all", "--item", "gb-ardmore"):
        elsewhere = ", another story)" if "herald" in a["url"] else "gazette.example)"
        said = d.must("alert", "show", a["id"])
        check("possible       closed, asserted (unconfirmed; gazette.example" in said and elsewhere in said,
              f"alert show has no proposal: {said}")

    # ---- statuses: only a change is proposed, never what is only planned
    rows = d.rows("watch", "proposals")
    check([(r["item"], r["current"], r["proposed"], r["stance"]) for r in rows] ==
          [("gb-ardmore", "reported", "closed", "asserted")], f"watch proposals: {rows}")
    check("gazette" in rows[0]["url"] and rows[0]["articles"] == 1, f"its source: {rows}")
    check(d.rows("watch", "proposals", "--item", "gb-whitby") == [], "--item")
    d.fails(66, "did you mean gb-ardmore?", "watch", "proposals", "--item", "gb-ardmor")
    d.fails(66, "did you mean gb-ardmore?", "alert", "list", "--item", "gb-ardmor")
    d.fails(66, 'no [analyst "zz"]', "alert", "mutes", "--analyst", "zz")
    said = d.fails(0, "item gb-ardmore (pier)", "alert", "mute", "--item", "gb-ardmore", "--analyst", "all")
    check("withheld" not in said, f"a mute that withholds nothing: {said}")
    source = "x" * 120
    d.must("watch", "set", "kestrel", f"source={source}", "--yes")
    said = d.fails(64, "say --yes", "watch", "set-status", "gb-ardmore", "closed")
    check("gazette.example (2022-11-07)" in said, f"set-status hides the source that it adds: {said}")
    check("reported -> closed" in said and "2022 -> 2022-11-07" in said, f"set-status shows: {said}")
    d.fails(64, 'did you mean "closed"', "watch", "set-status", "gb-ardmore", "clozed", "--yes")
    d.fails(66, "no row", "watch", "set-status", "nowhere", "closed", "--yes")
    d.must("watch", "set-status", "kestrel", "closed", "--yes")
    check(",closed,2022-11-07," in (d.watchlist / "stations.csv").read_text(), "the status was not written")
    check(d.rows("watch", "proposals") == [], "what the list says is proposed")
    check(d.rows("watch", "proposals", "--all")[0]["state"] == "known", "watch proposals --all")

    # ---- counts, with who says so
    rows = d.rows("report", "claims")
    check(len(rows) == 1 and (rows[0]["sites"], rows[0]["countries"], rows[0]["bound"], rows[0]["speakers"]) ==
          (12, 5, "least", "The Coast Society"), f"report claims: {rows}")
    check(rows[0]["first_at"] == rows[0]["last_at"] == "2022-10-07T09:30:00Z", f"when: {rows}")
    check(d.rows("report", "claims", "--until", "2022-10-06") == [], "--until")
    check(d.csv("report", "claims")[0]["sites"] == "12", "as csv")

desk.NOW = "2026-11-20T08:00:00Z"
with desk.Desk() as d:
    # New evidence: of another story, first seen after the place was dismissed.
    desk.put_watchlist(d.folder / "other", STATIONS, TERMS)
    d.write("other/places.csv", PLACES)
    d.must("watch", "import", d.folder / "other", "--yes")
    tell(d, "ledger", "The smugglers' pier in Whitby was seen by three fishermen last week.", "2022-10-05T09:30:00Z")
    read(d)
    desk.NOW = "2026-11-20T10:00:00Z"
    d.must("watch", "dismiss", "Whitby")
    tell(d, "beacon", "Customs men found crates of tea below a smugglers' pier in Whitby on Sunday night.",
         "2022-12-05T09:30:00Z", "Tea in crates")
    later = "2026-11-21T08:00:00Z"
    desk.NOW = later
    read(d)
    row = by_id(d.rows("watch", "candidates")).get("gb-whitby")
    check(row is not None and row["state"] == "new evidence", f"a later story: {row}")
desk.NOW = "2026-11-20T08:00:00Z"
with desk.Desk() as d:
    # The digest tells each once as it stands, as a proposal with its sentence.
    desk.put_watchlist(d.folder / "other", STATIONS, TERMS)
    d.write("other/places.csv", PLACES)
    d.must("watch", "import", d.folder / "other", "--yes")
    site = desk.Server("127.31.0.5")

    def publish(n, *sentences):
        words = random.Random(n).sample(WORDS, len(WORDS))
        page = site.put(f"/{n}.html", desk.page(f"Customs report {n}", [*sentences, " ".join(words) + "."],
                                                published="2026-11-20T07:00:00Z", url=f"{site.root}/{n}.html"))
        return site.put(f"/rss{n}", desk.rss(f"Outlet {n}", [(f"Customs report {n}", page)]), "application/rss+xml")

    def newest_mail():
        shown = d.must("outbox", "show", str(d.rows("outbox", "list")[0]["id"]))
        return quopri.decodestring(shown.encode()).decode()

    try:
        d.must("feed", "add", publish(1, "The smugglers' pier in Ardmore was closed on Friday by order of the mayor.",
                                      "Divers who looked for rope then saw a smugglers' pier in Whitby as well."))
        d.must("run")
        mail = newest_mail()
        for words in ("POSSIBLE, UNCONFIRMED", "possible new pier: Whitby, Albion [gb-whitby, asserted]",
                      "\u00bbWhitby\u00ab", "possible change: Ardmore, from reported to closed"):
            check(words in " ".join(mail.split()), f'the digest lacks "{words}": {mail}')
        shown = d.must("alert", "show", "a1")
        check("closed, asserted (unconfirmed; Outlet 1)" in shown, f"alert show: {shown}")
        html = d.must("digest", "preview", "--all", "--html")
        check("Possible, unconfirmed" in html and "possible new pier: Whitby" in html, f"its HTML: {html}")
        d.must("feed", "add", publish(2, "An inspector wrote that the smugglers' pier in Ardmore smells of tar."))
        d.must("run")
        check("UNCONFIRMED" not in newest_mail() and len(d.rows("outbox", "list")) == 2, "told twice")
    finally:
        site.close()
desk.finish("candidates: proposed, dismissed, adopted, undone; statuses; claims")

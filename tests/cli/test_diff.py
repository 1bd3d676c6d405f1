#!/usr/bin/env python3
"""What changed: between versions of an address, between copies, in a story; in the three forms."""
import re

import desk
from desk import Desk, check, finish, page

TALE = ["The council of Ardmore said on Monday that 12 stations along the coast were open, and that it would pay "
        "1,200 crowns for each of them.",
        "Marta Vidal, who runs the ferry office, did say that nobody would lose a day's wage over the work.",
        "Fishermen had waited for it long enough, they said, and the granite would outlast them all."]
LATER = ["The council of Ardmore said on Monday that 14 stations along the coast were open, and that it would pay "
         "1.200 crowns for each of them.",
         "Marta Tolland, who runs the ferry office, did not say that nobody would lose a day's wage over the work.",
         "Fishermen had waited for it long enough, they said, and the granite would outlast them all.",
         "A band played \u202e on the quay until the lamps were lit, and a dog was seen to dance with the mayor."]


def fill(d):
    """Two versions of one address, a copy elsewhere, and a page of its own."""
    d.write("1.html", page("Stations open", TALE, url="https://post.example/1", name="x"))
    d.write("2.html", page("Stations open", LATER, url="https://post.example/1", name="x",
                           published="2022-10-06T09:30:00Z"))
    d.write("3.html", page("STATIONS OPEN", TALE, url="https://echo.example/1", name="x"))
    d.write("4.html", page("A quiet tide", desk.BODY, url="https://post.example/4", name="Kestrel Pier"))
    for n in (1, 2, 3, 4):
        d.must("backfill", "files", d.folder / f"{n}.html")
    return {(r["url"], r["version"]): r["id"] for r in d.rows("article", "list")}


def people(d, ids):
    first, second = ids["https://post.example/1", 1], ids["https://post.example/1", 2]
    done = d.call("article", "diff", "https://post.example/1")
    out = done.stdout
    check(done.returncode == 1, f"status {done.returncode} where texts differ: {done.stderr}")
    lines = out.splitlines()
    check(lines[0].startswith("--- ") and f"version 1, article {first}" in lines[0], f"first line: {lines[0]}")
    check(lines[1].startswith("+++ ") and f"version 2, article {second}" in lines[1], f"second line: {lines[1]}")
    check("2022-10-06" in lines[1], f"no time: {lines[1]}")
    check(lines[2] == 'changed: 12 \u2192 14 stations; Marta Vidal \u2192 Marta Tolland; "not" added', f"facts: {lines[2]}")
    check("~ The council of Ardmore said on Monday that [-12-]{+14+} stations" in out, f"no changed words: {out}")
    check("1,200" not in out and "1.200" in out, f"another separator is a change: {out}")
    check("did {+not +}say" in out or "did {+not+} say" in out, f"no added word: {out}")
    check("  \u2026 1 sentence the same" in lines, f"equal sentences are not folded: {out}")
    check("+ A band played" in out and "\u202e" not in out, f"what was added, harmless: {out}")
    check("Fishermen" not in out, f"equal sentences are shown: {out}")
    check("  Fishermen" in d.call("article", "diff", second, "--all").stdout, "--all")
    color = d.call("article", "diff", second, "--color", "always").stdout
    check("\x1b[31m12\x1b[0m \x1b[32m14\x1b[0m" in color and "[-" not in color, f"colours: {color!r}")
    back = d.call("article", "diff", second, first).stdout
    check('changed: 14 \u2192 12 stations; Marta Tolland \u2192 Marta Vidal; "not" removed' in back, f"backwards: {back}")


def copies(d, ids):
    first, copy = ids["https://post.example/1", 1], ids["https://echo.example/1", 1]
    done = d.call("article", "diff", first, copy)
    check(done.returncode == 0 and "no sentence differs" in done.stdout, f"a copy in other case: {done}")
    other = d.call("article", "diff", copy, ids["https://post.example/4", 1])
    check(other.returncode == 1 and "~ title: [-STATIONS OPEN-]{+A quiet tide+}" in other.stdout, f"title: {other}")
    check("changed: Marta Vidal \u2192 Mira Tolland" in other.stdout, f"{other}")
    d.fails(66, "is the first version of its address, and the only one", "article", "diff", copy)
    d.fails(66, "is the first version of its address; name another", "article", "diff", first)
    d.fails(66, 'no article "99"', "article", "diff", first, "99")
    d.fails(64, "article diff", "article", "diff")


def programs(d, ids):
    first, second = ids["https://post.example/1", 1], ids["https://post.example/1", 2]
    rows = d.rows_of(1, "article", "diff", first, second)
    kinds = [r["kind"] for r in rows]
    check(kinds == ["same", "changed", "changed", "same", "added", "number", "name", "status"], f"rows: {kinds}")
    text = {n: d.must("article", "text", i).rstrip("\n").encode() for n, i in (("before", first), ("after", second))}
    for r in rows[1:5]:
        for side in ("before", "after"):
            if r[side] is not None and "\u202e" not in r[side]:
                cut = text[side][r[f"{side}_start"]:r[f"{side}_end"]].decode()
                check(cut == r[side], f"{side} of {r}: {cut!r}")
    check(rows[0]["part"] == "title" and rows[0]["before_sentence"] == 1, f"title: {rows[0]}")
    check("[-12-]{+14+} stations" in rows[1]["marked"], f"marked: {rows[1]}")
    check((rows[5]["before"], rows[5]["after"], rows[5]["after_sentence"]) == ("12 stations", "14 stations", 2), f"{rows[5]}")
    check((rows[7]["before"], rows[7]["after"]) == (None, "not"), f"{rows[7]}")
    check(rows[4]["before_sentence"] is None and "\u202e" in rows[4]["after"], f"what was added: {rows[4]}")
    table = d.call("article", "diff", first, second, "--format", "csv", "--fields", "kind,before,after")
    check(table.stdout.splitlines()[0] == "kind,before,after" and "status,,not" in table.stdout, f"csv: {table.stdout}")
    raw = d.call("article", "diff", first, second, "--format", "jsonl").stdout
    check(not re.search("[\u202e\x1b\x9b]", raw), "JSON shows a bidi override raw")
    d.fails(64, 'no field "afer"; did you mean after?', "article", "diff", first, second, "-f", "csv", "--fields", "afer")


def stories(d, ids):
    first, second, copy = ids["https://post.example/1", 1], ids["https://post.example/1", 2], ids["https://echo.example/1", 1]
    rows = d.rows("story", "list")
    check([(r["title"], r["alert"], r["outlets"]) for r in rows] == [("A quiet tide", "high", 1), ("Stations open", None, 2)],
          f"what raised an alert comes first: {rows}")
    check([r["title"] for r in d.rows("story", "list", "--copies", "2")] == ["Stations open"], "--copies")
    check([r["title"] for r in d.rows("story", "list", "--alerts")] == ["A quiet tide"], "--alerts")
    check([r["title"] for r in d.rows("story", "list", "--limit", "1", "--offset", "1")] == ["Stations open"], "--offset")
    check(d.rows("story", "list", "--until", "2026-11-19") == [], "--until")
    d.fails(64, '--copies: "x" is no number', "story", "list", "--copies", "x")
    story = rows[1]["id"]

    out = d.must("story", "show", story)
    lines = out.splitlines()
    check(lines[0] == "Stations open" and f"story          {story}: 2 articles in 2 outlets, 1 origin" in lines, f"head: {out}")
    check(f"fullest text   at post.example ({second}): https://post.example/1" in lines, f"fullest: {out}")
    check("earliest       2022-10-05 09:30, at " in out, f"earliest: {out}")
    check(re.search(r"^ +\d+  2022-10-05 +\S+\.example +origin +-", out, re.M), f"an origin: {out}")
    check(re.search(rf"^ +{second}  2022-10-06 +└ post\.example +near +{first}  the page of n{first}, changed", out, re.M),
          f"a version below the one before: {out}")
    check(f"What differs from the text at post.example ({second}):" in lines, f"differences: {out}")
    said = next((l for l in lines if "14 \u2192 12 stations" in l), "")
    check("2 copies: " in said and f"{copy} echo.example" in said and f"{first} post.example" in said, f"figures: {out}")
    check('"not" removed' in out and "Marta Tolland \u2192 Marta Vidal" in out, f"names and statuses: {out}")
    check("1 of 3 copies are shown; --limit 0 shows all" in d.must("story", "show", story, "--limit", "1"), "--limit")

    rows = d.rows("story", "show", story)
    check([r["what"] for r in rows] == ["story"] + 3 * ["copy"] + 6 * ["fact"], f"rows: {[r['what'] for r in rows]}")
    check((rows[0]["article"], rows[0]["articles"], rows[0]["origins"]) == (second, 2, 1), f"story: {rows[0]}")
    version = next(r for r in rows if r["what"] == "copy" and r["article"] == second)
    check((version["of"], version["version"], version["kind"]) == (first, 2, "near"), f"copy: {version}")
    facts = {(r["kind"], r["before"], r["after"]) for r in rows if r["what"] == "fact"}
    check(facts == {("number", "14 stations", "12 stations"), ("name", "Marta Tolland", "Marta Vidal"),
                    ("status", "not", None)}, f"facts: {facts}")
    alone = d.rows("story", "show", d.rows("story", "list", "--alerts")[0]["id"])
    check([r["what"] for r in alone] == ["story", "copy", "alert"], f"a story of one: {alone}")
    check("alerts         a1  high  pier-kestrel" in d.must("story", "show", "s2"), "alerts of a story")


def others(d, ids):
    """What other parts of the program store: events of pages, and a relation to another story."""
    first, second, copy = ids["https://post.example/1", 1], ids["https://post.example/1", 2], ids["https://echo.example/1", 1]
    other = ids["https://post.example/4", 1]
    with desk.engine.opened(d.db) as db:
        add = "INSERT INTO event (article_id, newer_id, kind, how, is_noted, at) VALUES (?, ?, ?, ?, ?, ?)"
        db.execute(add, (first, second, "changed", "", 1, 1795000000))
        db.execute(add, (copy, None, "removed", "404", 0, 1795100000))
        db.execute("DELETE FROM relation WHERE article_id = ? AND other_id = ?", (copy, other))
        db.execute("INSERT INTO relation (article_id, other_id, kind, jaccard, containment, n_shared)"
                   " VALUES (?, ?, 'series', 0.5, 0.6, 40)", (copy, other))
    story = next(r["id"] for r in d.rows("story", "list", "--copies", "2"))
    out = d.must("story", "show", story)
    check(f"article {first} changed, now {second} (noted)" in out, f"a change that is noted: {out}")
    check(f"article {copy} removed, 404" in out, f"a page that was taken away: {out}")
    check(f"series, article {copy}: A quiet tide" in out, f"the other story: {out}")
    rows = [r for r in d.rows("story", "show", story) if r["what"] in ("pointer", "event")]
    check([(r["what"], r["kind"], r["article"], r["of"], r["evidence"]) for r in rows] ==
          [("pointer", "series", copy, other, None), ("event", "removed", copy, None, "404"),
           ("event", "changed", first, second, "noted")], f"rows: {rows}")


def main():
    with Desk() as d:
        ids = fill(d)
        people(d, ids)
        copies(d, ids)
        programs(d, ids)
        stories(d, ids)
        others(d, ids)
    finish("versions and copies")


main()

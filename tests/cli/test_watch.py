#!/usr/bin/env python3
"""watch: list, lint and import - what changes is shown, a bad row is named and stores nothing."""
import desk
from desk import check

NEW = desk.STATIONS.replace("osprey,Osprey Light", "heron,Heron Weir").replace("Osprey Light", "Heron Weir").replace(
    "light-osprey", "weir-heron").replace("reported,2026,Kestrel Pier|", "closed,2026,Kestrel Pier|Kestrel Quay|")


def lint(d):
    done = d.call("watch", "lint")
    check(done.returncode in (0, 1) and "0 errors" in done.stderr, f"lint of the list in use: {done}")
    bad = desk.put_watchlist(d.folder / "bad", desk.STATIONS.replace("\u71d5\u5b50\u7801\u5934", "????"))
    d.fails(1, "stations.csv:2:10: error:", "watch", "lint", bad)
    row = next(r for r in d.rows_of(1, "watch", "lint", bad) if r["level"] == "error")
    check((row["file"], row["row"], row["column"]) == ("stations.csv", 2, 10), f"the finding: {row}")
    twice = desk.put_watchlist(d.folder / "twice", desk.STATIONS + desk.STATIONS.splitlines()[1] + "\n")
    d.fails(1, "stations.csv:4:1: error:", "watch", "lint", twice)
    d.fails(66, "none", "watch", "lint", d.folder / "none")
    spaced = desk.put_watchlist(d.folder / "spaced", desk.STATIONS.replace("osprey,Osprey Light,", "osprey,Osprey Light ,"),
                                desk.TERMS.replace("weak", "strong"))
    said = d.fails(0, "1 note (-v shows them)", "watch", "lint", spaced)
    check("note:" not in said, f"notes without -v: {said}")
    d.fails(0, "stations.csv:3:2: note: white space", "watch", "lint", spaced, "-v")
    hostile = desk.put_watchlist(d.folder / "hostile", desk.STATIONS.replace("Osprey Light,light", "\x1b[31m\u202eX????,light"))
    done = d.call("watch", "lint", hostile)
    for raw in desk.RAW:
        check(raw not in done.stdout + done.stderr, f"watch lint shows {raw!r} raw")


def bring(d):
    new = desk.put_watchlist(d.folder / "new", NEW)
    before = (d.watchlist / "stations.csv").read_bytes()
    changes = ["~ stations.csv kestrel", "+ stations.csv heron", "- stations.csv osprey"]
    done = d.call("watch", "import", new, "--dry-run")
    check(done.returncode == 0 and all(c in done.stdout for c in changes), f"--dry-run shows: {done.stdout}")
    check("    status: reported -> closed\n    aliases: + Kestrel Quay\n" in done.stdout, f"cells: {done.stdout}")
    check("3 changes; nothing done" in done.stderr, f"--dry-run: {done.stderr}")
    d.fails(64, "say --yes", "watch", "import", new)
    check((d.watchlist / "stations.csv").read_bytes() == before, "changed without a yes")
    d.fails(65, "stations.csv:2:10: error:", "watch", "import", d.folder / "bad", "--yes")
    check((d.watchlist / "stations.csv").read_bytes() == before, "a bad list was taken in")
    d.fails(66, "none", "watch", "import", d.folder / "none", "--yes")
    d.fails(0, "3 changes made", "watch", "import", new, "--yes")
    check((d.watchlist / "stations.csv").read_bytes() == (new / "stations.csv").read_bytes(), "not the new list")
    check([p.name for p in d.watchlist.glob("*.new")] == [], "a file half made was left")
    check([r["id"] for r in d.rows("watch", "list")] == ["pier-kestrel", "weir-heron"], "watch list after the import")
    d.fails(0, "0 changes", "watch", "import", new, "--yes")
    check(d.rows("watch", "list", d.folder / "source")[1]["id"] == "light-osprey", "watch list DIR")


def choose(d):
    """watch list by tag, owner, country and kind."""
    d.must("watch", "set", "kestrel", "tags=harbour old", "owner=ferry", "--yes")
    for words, want in ((("--tag", "old"), ["pier-kestrel"]), (("--owner", "Ferry"), ["pier-kestrel"]),
                        (("--owner", "none"), ["weir-heron"]), (("--country", "ie"), ["weir-heron"]),
                        (("--kind", "light"), ["weir-heron"]), (("--kind", "pier", "--country", "IE"), [])):
        got = [r["id"] for r in d.rows("watch", "list", *words)]
        check(got == want, f"watch list {words}: {got}")
    for word, wrong, meant in (("--tag", "ol", "old"), ("--owner", "fery", "ferry"), ("--kind", "lihgt", "light")):
        d.fails(66, f'has the {word[2:]} "{wrong}"; did you mean {meant}?', "watch", "list", word, wrong)
    d.must("watch", "set", "kestrel", "tags=", "owner=", "--yes")


def typed(d):
    """A cell that is typed is refused when it cannot be what it says, before anything is promised."""
    d.fails(64, "is no day", "watch", "set", "kestrel", "status_date=2026-13-45", "-n")
    d.fails(0, "1 change; nothing done", "watch", "set", "kestrel", "status_date=2026-02", "-n")
    d.fails(65, "no such severity", "watch", "set", "kestrel", "severity=hgh", "-n")
    places = "id,type,country,name,watch\nie,country,IE,Ireland,gazetteer\nie-sligo,city,IE,Sligo,gazetteer\n"
    folder = desk.put_watchlist(d.folder / "placed")
    (folder / "places.csv").write_text(places)
    (folder / "terms.csv").write_text(desk.TERMS + "en,was shut,status:closed,,no,\n")
    d.must("watch", "import", folder, "--yes")
    d.fails(64, "did you mean \"closed\"?", "watch", "set", "kestrel", "status=closd", "-n")
    d.fails(64, "no country \"XX\"", "watch", "add", "--city", "Oban", "--country", "XX", "-n")
    d.must("watch", "add", "--city", "Sligo", "--country", "IE", "--yes")
    check("ie-sligo,city,IE,Sligo,station" in (d.watchlist / "places.csv").read_text(), "add makes the place a site's")
    row = next(l for l in (d.watchlist / "stations.csv").read_text().splitlines() if "Sligo" in l).split(",")[0]
    d.must("watch", "remove", row, "--yes")
    check("ie-sligo,city,IE,Sligo,gazetteer" in (d.watchlist / "places.csv").read_text(), "remove leaves a place of no site")


def show(d):
    """One item: its rows, its names and how often each was found, its alerts."""
    d.must("backfill", "files", desk.history(d))
    shown = d.must("watch", "show", "kestrel")
    for part in ("item           pier-kestrel", "alerts         2", "stations.csv:2\n    id: kestrel\n", "    status: closed\n"):
        check(part in shown, f"watch show lacks {part!r}: {shown}")
    names = {r["name"]: r for r in d.rows("watch", "show", "pier-kestrel")}
    check(names["Kestrel Pier"]["found"] == 2 and names["Kestrel Quay"]["found"] == 0, f"names: {names}")
    check(names["Kestrel Pier"]["as"] == "alias" and names["Kestrel Pier"]["row"] == 2, f"where: {names['Kestrel Pier']}")
    d.fails(66, "did you mean pier-kestrel", "watch", "show", "pier-kestral")


def again(d):
    """The rows of terms.csv have no id: a term may stand there twice, in two languages or roles."""
    terms = desk.TERMS + "nl,pier~,station-term,strong,no,\nnl,pier,anchor,,no,\n"
    one = desk.put_watchlist(d.folder / "one", desk.STATIONS, terms)
    d.must("watch", "import", one, "--yes")
    d.fails(0, "0 changes", "watch", "import", one, "--yes")
    turned = terms.splitlines(True)
    two = desk.put_watchlist(d.folder / "two", desk.STATIONS, "".join([turned[0]] + turned[:0:-1]))
    d.fails(0, "0 changes", "watch", "import", two, "--dry-run")
    two = desk.put_watchlist(d.folder / "two", desk.STATIONS, terms.replace("strong,no", "weak,no"))
    done = d.call("watch", "import", two, "--dry-run")
    check(done.stdout == "~ terms.csv nl:pier~ (station-term)\n    strength: strong -> weak\n",
          f"a term that changed: {done.stdout}")


def refuse(d):
    """A run with a list it cannot read fetches nothing and says where."""
    (d.watchlist / "stations.csv").write_text(desk.STATIONS.replace("kestrel,", '"kestrel,'))
    d.fails(78, "stations.csv:", "run")
    d.fails(78, "stations.csv:", "backfill", "files", d.folder / "source")
    d.fails(1, "stations.csv:", "check")


with desk.Desk() as d:
    lint(d)
    bring(d)
    choose(d)
    show(d)
    again(d)
    typed(d)
    refuse(d)
desk.finish("watch: list, lint, import")

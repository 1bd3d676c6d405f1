#!/usr/bin/env python3
"""watch import: spreadsheets as people's programs save them. What can be read is read the same; what has
lost its characters is refused with file:row:column and stores nothing; nothing that was not meant goes."""
import csv
import io

import desk
from desk import check

PLACES = """id,type,country,name,names,demonyms,ambiguity,disambiguation,watch
pt-lisbon,city,PT,Lisbon,pt:Lisboa|zh-Hans:\u91cc\u65af\u672c|cs:Lisabon~,,,,gazetteer
pt,country,PT,Portugal,de:Portugal|zh-Hans:\u8461\u8404\u7259,,,,gazetteer
de,country,DE,Germany,de:Deutschland|es:Alemania,,,,gazetteer
de-frankfurt,city,DE,Frankfurt,,,,,gazetteer
de-cologne,city,DE,Cologne,de:K\xf6ln,,,,gazetteer
us-lisbon,city,US,Lisbon,,,,,gazetteer
"""
ROWS = [["name", "city", "country", "aliases"],
        ["Casa do Ch\xe1", "Lisboa", "Portugal", "Casa do Ch\xe1|\u91cc\u65af\u672c\u8336\u9986"],
        ["Rheinhaus; \"Nord\"", "K\xf6ln", "de", "Rheinhaus Nord"]]


def sheet(rows, delimiter=",", end="\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def fresh(config=desk.CONFIG):
    d = desk.Desk(config)
    (d.watchlist / "places.csv").write_text(PLACES, encoding="utf-8")
    return d


def put(d, name, data):
    path = d.folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def table(d, name="stations.csv"):
    with open(d.watchlist / name, encoding="utf-8", newline="") as f:
        return {r["id"]: r for r in csv.DictReader(f)}


def dialects():
    """One sheet in every form that can be read: always the same rows."""
    upper = [[t.upper() for t in ROWS[0]]] + ROWS[1:]
    german = [["Bezeichnung", "Stadt", "Land", "Aliasse"]] + ROWS[1:]
    turned = [[r[3], r[2], r[0], r[1]] for r in ROWS]
    spaced = [ROWS[0]] + [[f" {c}\u00a0" for c in r] for r in ROWS[1:]]
    broken = [ROWS[0]] + [r[:3] + [r[3].replace("|", "\r\n")] for r in ROWS[1:]]
    ragged = sheet([ROWS[0]] + [r + ["", ""] for r in ROWS[1:]])
    forms = {
        "plain": sheet(ROWS), "semicolons": sheet(ROWS, ";"), "tabs": sheet(ROWS, "\t"),
        "CRLF": sheet(ROWS, end="\r\n"), "Excel, German": sheet(ROWS, ";", "\r\n").encode("utf-8-sig"),
        "BOM": sheet(ROWS).encode("utf-8-sig"), "UTF-16": sheet(ROWS, "\t", "\r\n").encode("utf-16"),
        "UTF-16 LE, no mark": sheet(ROWS, "\t").encode("utf-16-le"),
        "UTF-16 BE, no mark": sheet(ROWS, ";").encode("utf-16-be"),
        "capitals": sheet(upper), "German titles": sheet(german, ";"), "other order": sheet(turned),
        "blanks": sheet(spaced), "line breaks": sheet(broken), "empty cells behind": ragged,
        "comments, empty lines": sheet(ROWS).replace("\nRhein", "\n\n# from the desk,,,\nRhein").replace(
            '\n"Rhein', '\n\n# from the desk,,,\n"Rhein'),
    }
    want = None
    for name, form in forms.items():
        with fresh() as d:
            said = d.call("watch", "import", put(d, "new.csv", form), "--yes")
            check(said.returncode == 0, f"{name}: {said.returncode} {said.stdout}{said.stderr}")
            check("new.csv is read as stations.csv, by its columns" in said.stderr, f"{name}: which file? {said.stderr}")
            rows = table(d)
            got = [{k: r[k] for k in ("id", "name", "city", "country", "aliases", "site", "kind", "match_scope")}
                   for i, r in rows.items() if i not in ("kestrel", "osprey")]
            want = want or got
            check(got == want, f"{name}: {got}")
            check(len(rows) == 4, f"{name}: rows went or came: {list(rows)}")
            d.fails(0, "0 changes", "watch", "import", d.folder / "new.csv", "--yes")
            check(d.call("watch", "lint", "-q").returncode in (0, 1), f"{name}: the list cannot be read")
    check([(r["id"], r["site"], r["country"]) for r in want] == [("pt-lisbon", "pt-lisbon", "PT"),
                                                                ("de-cologne", "de-cologne", "DE")], f"derived: {want}")


def refused():
    """Sheets that must not come in: where, and what to do."""
    good = sheet(ROWS)
    named = "id,aliases\nkestrel,Kestrel Pier|"
    cases = [
        ("cp1252", sheet(ROWS[:1] + ROWS[2:], ";").encode("cp1252"), "new.csv:2:2: not UTF-8; save the file as UTF-8"),
        ("GBK", named.encode() + "\u71d5\u5b50\u7801\u5934\n".encode("gbk"), "new.csv:2:2: not UTF-8 but GBK, it seems"),
        ("GB18030 semicolons", "id;aliases\nx;\u91cc\u65af\u672c\n".encode("gb18030"), "new.csv:2:2: not UTF-8 but GBK"),
        ("Big5", "id,aliases\nx,\u78bc\u982d\n".encode("big5"), "new.csv:2:2: not UTF-8"),
        ("question marks", good.replace("\u91cc\u65af\u672c\u8336\u9986", "?????"), "new.csv:2:4: error: the file lost"),
        ("replacement characters", good.replace("\u91cc\u65af", "\ufffd"), "new.csv:2:4: error: the file lost"),
        ("one that was there", named + "????\n", "new.csv:2:2: error: the file lost"),
        ("its length alone", "id,name\nk\xf6ln,x\n".encode("latin-1"), "new.csv:2:1: not UTF-8"),
        ("NUL", sheet(ROWS).replace("Rhein", "Rh\0ein"), "new.csv:3:1: holds a NUL byte"),
        ("open quote", 'name,city,country\n"x,Lisboa,PT\n', "new.csv:2:1: a quote is opened and never closed"),
        ("too many cells", "name,city\nx,Lisboa,PT\n", "new.csv:2:3: the header has only 2 columns"),
        ("an id with spaces", "id,city,country\nmy site,Lisboa,PT\n", 'new.csv:2:1: error: "my site" is no id: letters, digits'),
        ("smart quotes in an id", "id,city,country\n\u201cmine\u201d,Lisboa,PT\n", '"mine"?'),
        ("an id twice", "id,aliases\na,Mill One\na,Mill Two\n", 'new.csv:3:1: error: "a" stands in row 2 too'),
        ("a sheet's row twice", sheet(ROWS + ROWS[1:2]), "stands in row 2 too"),
        ("no country", "name,city\nx,Atlantis\n", "new.csv:2:1: error: which country? places.csv has no place"),
        ("two countries", "name,city\nx,Lisbon\n", "which country? there are several places"),
        ("unknown country", "name,city,country\nx,Lisboa,Atlantis\n", "new.csv:2:3: error: no country of places.csv is called"),
        ("nothing", "name,city,country\n,,PT\n", "new.csv:2:1: error: the row has no id, no city and no name"),
        ("no known column", "a,b\n1,2\n", "which file of the list is this?"),
        ("severity", "id,severity\nkestrel,urgent\n", "new.csv:2:2: error: no such severity; there are low, medium and high"),
        ("scope", "id,match_scope\nkestrel,town\n", "new.csv:2:2: error: no such scope"),
        ("empty", "", "new.csv:1:1: the file is empty"),
        ("a long name", "id,aliases\nkestrel," + "pier " * 300 + "\n", "new.csv:2:2: error: a name of 1499 bytes"),
        ("a comment with a comma", "id,aliases\n# one, two\n", 'new.csv:2:1: error: "# one" is no id'),
    ]
    with fresh() as d:
        before = {p.name: p.read_bytes() for p in d.watchlist.iterdir()}
        for name, data, want in cases:
            said = d.fails(65, want, "watch", "import", put(d, "new.csv", data), "--yes")
            check("\x00" not in said, f"{name}: raw NUL")
            check({p.name: p.read_bytes() for p in d.watchlist.iterdir()} == before, f"{name}: something was stored")
        check(d.rows("watch", "log") == [], "a refused import made a version")


def lost_one():
    """Fewer than two characters lost, where it can only be told by what was there."""
    with fresh() as d:
        d.must("watch", "set", "kestrel", "aliases+=K\xf6ln Quay", "--yes")
        d.fails(65, "new.csv:2:2: error: the file lost its characters", "watch", "import",
                put(d, "new.csv", "id,aliases\nkestrel,Kestrel Pier|K?ln Quay\n"), "--yes")
        # A question that was always one is no loss.
        d.must("watch", "set", "kestrel", "notes=Who?", "--yes")
        d.fails(0, "1 change made", "watch", "import", put(d, "new.csv", "id,notes\nkestrel,Who? We?\n"), "--yes")


def merge():
    """A file adds and changes; --replace and a folder take away. Columns of one's own stay."""
    with fresh() as d:
        d.must("watch", "import", put(d, "mine.csv", "ID;My Column;Aliases\nkestrel;=1+1;Kestrel Pier|Old Pier\n"
                                                     "tern;-x;Tern Tower\n"), "--yes")
        rows = table(d)
        check(list(rows) == ["kestrel", "osprey", "tern"], f"rows: {list(rows)}")
        check(rows["kestrel"]["My Column"] == "'=1+1" and rows["osprey"]["My Column"] == "", f"a column of one's own: {rows}")
        check(rows["kestrel"]["status"] == "reported", "a column that the sheet has not was touched")
        check(rows["tern"]["site"] == "tern" and rows["tern"]["match_scope"] == "none", f"found by its aliases: {rows['tern']}")
        shown = d.must("watch", "import", put(d, "mine.csv", "id,aliases\nosprey,Osprey Light\n"), "--replace", "--dry-run")
        check(shown == "- stations.csv kestrel\n- stations.csv tern\n", f"--replace: {shown}")
        d.fails(0, "rows that it has not are removed", "watch", "import", d.folder / "mine.csv", "--replace", "--yes")
        check(list(table(d)) == ["osprey"], "--replace")
        # One that is nearly a column of the list is no column of one's own.
        typo = "the column \"aliasses\" is not read; did you mean \"aliases\"?"
        d.fails(0, f"typo.csv:1:2: warning: {typo}", "watch", "import", put(d, "typo.csv", "id,aliasses\nosprey,Old Light\n"), "-n")
        folder = desk.put_watchlist(d.folder / "typo", desk.STATIONS.replace("aliases", "aliasses", 1))
        d.fails(0, f"stations.csv:1:10: warning: {typo}", "watch", "import", folder, "-n")
        # By name; a term is known by language, word and role.
        d.fails(0, "is read as terms.csv, by its name", "watch", "import",
                put(d, "Terms (2).csv", "language,term,role,strength\nen,pier~,station-term,strong\nde,Steg,station-term,\n"), "--yes")
        terms = (d.watchlist / "terms.csv").read_text()
        check(terms == desk.TERMS.replace("weak", "strong") + "de,Steg,station-term,,,\n", f"terms: {terms}")
        rows = list(csv.DictReader(io.StringIO(d.call("watch", "diff", "2", "3", "--format", "csv").stdout)))
        check({(r["id"], r["change"]) for r in rows} >= {("kestrel", "removed"), ("tern", "removed")}, f"diff as csv: {rows}")


def single():
    """add, set, remove: a row without a spreadsheet."""
    with fresh() as d:
        d.must("watch", "add", "--city", "\u91cc\u65af\u672c", "--country", "PT", "--alias", "Casa Norte|\u5317\u5bb6", "status=reported", "--yes")
        row = table(d)["pt-lisbon"]
        check((row["site"], row["status"], row["aliases"]) == ("pt-lisbon", "reported", "Casa Norte|\u5317\u5bb6"), f"add: {row}")
        d.must("watch", "add", "--city", "Porto", "--country", "pt", "--alias", "Casa Sul", "--yes")
        check(table(d, "places.csv")["pt-porto"]["name"] == "Porto", "a place that was not there")
        d.fails(0, "aliases: - Casa Norte\n", "watch", "set", "pt-lisbon", "aliases-=Casa Norte", "--dry-run")
        d.fails(0, "status: reported -> closed\n", "watch", "set", "pt-lisbon", "status=closed", "aliases+=Casa Nova", "--yes")
        check(table(d)["pt-lisbon"]["aliases"] == "Casa Norte|\u5317\u5bb6|Casa Nova", "set")
        d.fails(66, "did you mean pt-lisbon", "watch", "set", "pt-lisbn", "status=closed", "--yes")
        d.fails(65, 'has no column "statsu"; did you mean', "watch", "set", "pt-lisbon", "statsu=closed", "--yes")
        d.fails(65, "an id stays as it is", "watch", "set", "pt-lisbon", "id=x", "--yes")
        d.fails(64, "is no KEY=VALUE", "watch", "set", "pt-lisbon", "status", "--yes")
        d.fails(65, "the new row:2:", "watch", "add", "--city", "Atlantis", "--yes")
        before = (d.watchlist / "stations.csv").read_bytes()
        for words, want in (
                (("id=pt-lisbon", "--city", "Porto", "--country", "PT"), "watch set pt-lisbon"),
                (("key=kestrel", "--alias", "Kestrel Mole"), "watch set kestrel"),
                (("--city", "Porto", "--country", "PT", "aliasses=Casa Oeste"), 'no column "aliasses"; did you mean aliases'),
                (("--city", "Porto", "--country", "PT", "statsu=closed"), 'no column "statsu"; did you mean status')):
            d.fails(65, want, "watch", "add", *words, "--yes")
            check((d.watchlist / "stations.csv").read_bytes() == before, f"watch add {words} wrote")
        d.fails(0, "pt-faro", "watch", "add", "--city", "Faro", "--country", "PT", "names=de:Faro", "Status=open", "-n")
        d.fails(64, "what is to be added?", "watch", "add", "--yes")
        d.fails(0, "- stations.csv pt-lisbon\n", "watch", "remove", "pt-lisbon", "--yes")
        check("pt-lisbon" not in table(d) and "pt-lisbon" in table(d, "places.csv"), "remove")
        d.fails(66, "no row has the id", "watch", "remove", "nobody-here", "--yes")


dialects()
refused()
lost_one()
merge()
single()
desk.finish("watch import: dialects, refusals, merging, single rows")

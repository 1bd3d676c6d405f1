#!/usr/bin/env python3
"""watch log, diff, revert, export: every list that was in use can be had back, byte for byte, and an import
that is killed in its middle leaves one whole list."""
import csv
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import time

import desk
from desk import check

SHIPPED = pathlib.Path("watchlists/overseas-police-stations").resolve()
HOSTILE = ["=1+1", "'=1+1", "-x", "+y", "@z", "\ttab", "a,b", 'say "no"', "two\nlines", " blank ", "'tis", "x;y",
           "", "\u202eback", "100 %", "??? who"]


def files(folder):
    return {p.name: p.read_bytes() for p in pathlib.Path(folder).glob("*.csv")}


def undo():
    """What an import did is undone with no run in between, and that too."""
    with desk.Desk() as d:
        first = files(d.watchlist)
        new = desk.put_watchlist(d.folder / "new", desk.STATIONS.replace("Kestrel Pier|", "Kestrel Quay|"))
        (new / "rules.csv").write_text("id,name,query\nferry,Ferries,ferry AND pier\n")
        d.fails(0, "this is version 2; wirewatch watch revert 1 undoes it", "watch", "import", new, "--yes")
        second = files(d.watchlist)
        check("rules.csv" in second and first != second, "nothing was imported")
        log = d.rows("watch", "log")
        check([(r["version"], r["by"], r["note"]) for r in log] == [(2, "import", "new"), (1, "hand", None)], f"log: {log}")
        check([(r["added"], r["changed"], r["removed"]) for r in log][0] == (1, 1, 0), f"counts: {log[0]}")
        shown = d.fails(1, "1 added, 1 changed, 0 removed", "watch", "diff", "1", "v2")
        check("~ stations.csv kestrel\n    aliases: - Kestrel Pier\n    aliases: + Kestrel Quay\n" in shown, f"diff: {shown}")
        d.fails(0, "nothing done", "watch", "revert", "1", "--dry-run")
        check(files(d.watchlist) == second, "revert --dry-run wrote")
        d.fails(64, "say --yes", "watch", "revert", "1")
        d.fails(0, "- rules.csv ferry\n", "watch", "revert", "1", "--yes")
        check(files(d.watchlist) == first, "revert is not what it was")
        d.must("watch", "revert", "2", "--yes")
        check(files(d.watchlist) == second, "a revert is undone")
        d.fails(0, "0 changes", "watch", "revert", "2", "--yes")
        check([r["by"] for r in d.rows("watch", "log")] == ["revert", "revert", "import", "hand"], "log of reverts")
        d.fails(66, "no watchlist version 99", "watch", "revert", "99", "--yes")
        d.fails(64, "is no version's number", "watch", "revert", "newest")
        check(d.call("watch", "diff").returncode == 0, "diff of what is in use")


def by_hand():
    """What was edited in an editor is seen, and is a version before the next change is made."""
    with desk.Desk() as d:
        d.must("watch", "set", "kestrel", "status=closed", "--note", "council's vote", "--yes")
        stations = d.watchlist / "stations.csv"
        stations.write_text(stations.read_text().replace("Osprey Light,,", "Osprey Light|Old Osprey,,"))
        d.fails(0, "changed by hand since version 2: 0 added, 1 changed, 0 removed", "watch", "log")
        d.fails(1, "aliases: + Old Osprey", "watch", "diff")
        d.must("watch", "set", "kestrel", "status=reported", "--yes")
        log = d.rows("watch", "log")
        check([(r["by"], r["changed"]) for r in log[:3]] == [("set", 1), ("hand", 1), ("set", 1)], f"log: {log}")
        check(log[2]["note"] == "council's vote", f"note: {log[2]}")
        stations.write_text(stations.read_text().replace("Old Osprey", "Older Osprey"))
        d.must("run", "--only", "alert")
        check(d.rows("watch", "log")[0]["by"] == "hand", "what a run saw first")
        check(d.rows("watch", "log", "--limit", "1", "--offset", "1")[0]["by"] == "set", "--offset")


def round_trip():
    """Export and import of the shipped list and of hostile cells: nothing changes, byte for byte."""
    with desk.Desk() as d:
        shutil.rmtree(d.watchlist)
        shutil.copytree(SHIPPED, d.watchlist)
        before = files(d.watchlist)
        d.must("watch", "export", d.folder / "out")
        out = files(d.folder / "out")
        check(all(out[n] == before[n] for n in before if n != "terms.csv"), "the shipped list comes out otherwise")
        # Terms begin with @ for any place; a spreadsheet would run them.
        check(re.sub(rb"(^|,|\"|,\")'(?=[=+@-])", rb"\1", out["terms.csv"], flags=re.M) == before["terms.csv"], "terms come out otherwise")
        d.fails(0, "0 changes", "watch", "import", d.folder / "out", "--yes")
        d.must("watch", "export", d.folder / "bom", "--bom")
        check((d.folder / "bom/places.csv").read_bytes() == b"\xef\xbb\xbf" + before["places.csv"], "--bom")
        for name in before:
            d.fails(0, "0 changes", "watch", "import", d.folder / "bom" / name, "--yes")
            d.fails(0, "0 changes", "watch", "import", d.folder / "bom" / name, "--replace", "--yes")
        check(files(d.watchlist) == before, "an import of what there is wrote something")
    with desk.Desk() as d:
        path = d.watchlist / "stations.csv"
        with open(path, "a", encoding="utf-8", newline="") as f:
            writer = csv.writer(f, lineterminator="\n")
            for i, cell in enumerate(HOSTILE):
                writer.writerow([f"h{i}", f"Mark {i}", "pier", "", "GB", "", cell, "", "", f"Alias {i}", "", "", "", "", "none", "", "", cell])
        d.must("watch", "export", d.folder / "one")
        d.fails(73, "--yes writes over it", "watch", "export", d.folder / "one")
        d.fails(0, "0 changes", "watch", "import", d.folder / "one", "--yes")
        d.fails(0, "0 changes", "watch", "import", d.folder / "one/stations.csv", "--yes")
        d.must("watch", "import", d.folder / "source", "--yes")
        d.must("watch", "import", d.folder / "one", "--yes")
        d.must("watch", "export", d.folder / "two")
        check(files(d.folder / "one") == files(d.folder / "two"), "out, in and out again is not the same")
        for row in csv.reader(open(d.folder / "two/stations.csv", encoding="utf-8", newline="")):
            check(not any(c[:1] in "=+-@\t" and c for c in row), f"a cell that runs: {row}")
        d.must("watch", "export", d.folder / "first", "--at", "1")
        check(files(d.folder / "first") == files(d.folder / "one"), "--at")
        done = d.call("watch", "export", "stations.csv", "-")
        check(done.stdout.encode() == (d.folder / "two/stations.csv").read_bytes(), "to standard output")
        d.fails(66, "the list has no rules.csv", "watch", "export", "rules.csv", "-")
        d.fails(64, "none of the list's files", "watch", "export", "mine.csv")


def kept():
    """An edit leaves what it does not mean: separator, line ends, quotes, order, comments, own columns."""
    with desk.Desk() as d:
        path = d.watchlist / "stations.csv"
        path.write_bytes(b'\xef\xbb\xbfmine;id;aliases\r\n\r\n"q";kestrel;"Kestrel Pier"\r\n# later;;\r\n=x;osprey;Osprey Light\r\n')
        d.must("watch", "set", "osprey", "severity=high", "--yes")
        check(path.read_bytes() == b'\xef\xbb\xbfmine;id;aliases;severity\r\n\r\n"q";kestrel;"Kestrel Pier";\r\n# later;;;\r\n'
              b"'=x;osprey;Osprey Light;high\r\n", f"kept: {path.read_bytes()}")


def killed():
    """kill -9 at any moment of a change of all files: the next command sees the one list or the other."""
    random.seed(6)
    with desk.Desk() as d:
        lists = []
        for k in range(2):
            folder = d.folder / f"list{k}"
            rows = "".join(f"s{i},Mark {k},pier,,GB,,,,,Long Alias {i} of {k},,,,,none,,,\n" for i in range(4000))
            terms = "".join(f"en,term {i} of {k},station-term,strong,no,\n" for i in range(4000))
            desk.put_watchlist(folder, desk.STATIONS + rows, desk.TERMS + terms)
            lists.append(files(folder))
        d.must("watch", "import", d.folder / "list0", "--yes")
        n_cut = n_new = 0
        took = desk.COMMAND_S
        for i in range(30):
            to = (i + 1) % 2
            before = files(d.watchlist)
            line = [desk.WIREWATCH, "--now", desk.NOW, "watch", "import", str(d.folder / f"list{to}"), "--yes", "-q", "--limit", "1"]
            started = time.monotonic()
            p = subprocess.Popen(line, env=d.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if i < 2:
                p.wait()
                took = min(took, time.monotonic() - started)
            else:
                time.sleep(took * random.uniform(0.3, 1.0))
                p.send_signal(signal.SIGKILL)
                is_cut = p.wait() != 0
                n_cut += is_cut
                took *= 1 if is_cut else 0.8  # the machine was slower when it was measured
            d.must("watch", "list", "--limit", "1")
            now = files(d.watchlist)
            check(now in (before, lists[to]), f"kill {i}: half a list")
            check(not (d.watchlist / ".wirewatch-change").exists(), f"kill {i}: a change was left unfinished")
            n_new += now == lists[to]
        check(n_cut > 5, f"only {n_cut} imports were cut short")
        d.fails(0, "the next run matches" if files(d.watchlist) != lists[0] else "0 changes", "watch", "import",
                d.folder / "list0", "--yes", "--limit", "1")


def read_only():
    """Who may not write sees the change all the same."""
    if os.geteuid() == 0:
        return
    with desk.Desk() as d:
        os.chmod(d.watchlist, 0o555)
        d.fails(73, "Permission denied", "watch", "set", "kestrel", "status=closed", "--yes")
        os.chmod(d.watchlist, 0o755)


undo()
by_hand()
round_trip()
kept()
killed()
read_only()
desk.finish("watch versions: undone, exported, killed, all whole")

#!/usr/bin/env python3
"""The way of the manual's example: a site from a spreadsheet, tried on the archive, found in it, undone."""
import desk
from desk import check

with desk.Desk() as d:
    desk.history(d)
    d.must("backfill", "files", d.folder / "history")
    before = {p.name: p.read_bytes() for p in d.watchlist.glob("*.csv")}
    sheet = d.write("new-sites.csv", "Name;Stadt;Land;Alias\nDiver's house;Ardmore;IE;old slip|旧滑道\n")
    shown = d.fails(0, "2 changes; nothing done", "watch", "import", sheet, "--dry-run")
    check("+ stations.csv ie-ardmore\n" in shown and "+ places.csv ie-ardmore\n" in shown, f"dry run: {shown}")
    check('"Stadt" is read as city' in shown and "a place of that one name is made" in shown, f"what was done about it: {shown}")
    d.fails(0, "wirewatch watch revert", "watch", "import", sheet, "--yes")
    check("0 errors" in d.call("watch", "lint").stderr, "lint after the import")
    tried = d.call("watch", "test", '"old slip"', "--since", "2022")
    check(tried.returncode in (0, 1) and "hit" in tried.stdout + tried.stderr, f"watch test: {tried}")
    d.must("watch", "rescan")
    names = {r["name"]: r["found"] for r in d.rows("watch", "show", "ie-ardmore")}
    check(names["old slip"] > 0 and names["旧滑道"] == 0, f"found in the archive: {names}")
    check("ie-ardmore" in {r["item"] for r in d.rows("alert", "list", "--historic", "--limit", "0")}, "no alert of the archive")
    first = d.rows("watch", "log")[-1]["version"]
    d.must("watch", "revert", first, "--yes")
    check({p.name: p.read_bytes() for p in d.watchlist.glob("*.csv")} == before, "not what it was")
    d.fails(66, "no item is called", "watch", "show", "ie-ardmore")
desk.finish("watch: a site from a spreadsheet, tried, found, undone")

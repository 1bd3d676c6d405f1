#!/usr/bin/env python3
"""One day of an analyst who has the manual and the default list: what fired and why, what did not and
why, a site out of a spreadsheet, a query tried on the archive, a find that the list did not know, a
verdict, a mute, a control set; and at the end everything undone, to the byte."""

import pathlib

import desk
from desk import check

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "watchlists" / "overseas-police-stations"

ROTTERDAM = ("Telephone records of two offices", [
    "Prosecutors have asked for the telephone records of an office above a noodle shop in Rotterdam that is said to "
    "have served as a Chinese overseas police station.",
    "The man who rented the rooms told this newspaper that he had helped compatriots with their driving licences and "
    "had never worn a uniform.",
    "The city council wants to hear from the minister how many such offices there are. A spokesman said on Thursday "
    "that the inquiry would take until spring."])
DUBLIN = ("Lessons from a river barrier", [
    "DUBLIN, Nov 19 (Harbour Wire) - Engineers from eight countries have met to compare what they learned from river "
    "barriers that did not close in time.",
    "The meeting was paid for by the Dublin Gazette, which has printed a supplement on floods for forty years.",
    "One speaker showed how a Chinese police station on stilts had stayed dry in the flood of 2021 while the market "
    "hall beside it was washed away."])
PHNOM_PENH = ("Another door with a bell", [
    "Residents say that a Chinese overseas police station was opened in Phnom Penh last spring, on the second floor "
    "of a trading company.",
    "A neighbour remembered a brass plate beside the bell, which was taken down in June. The company did not answer "
    "letters that were sent to it by registered post.",
    "The ministry said that it knew of no foreign office at the address."])
BUDAPEST = ("\u5728\u5e03\u8fbe\u4f69\u65af\u7684\u4e00\u5757\u724c\u5b50", [
    "\u5f53\u5730\u8bae\u5458\u8bf4\uff0c\u9752\u7530\u7684\u6d77\u5916\u8b66\u52a1\u670d\u52a1\u7ad9\u5c31\u8bbe\u5728\u5e03\u8fbe"
    "\u4f69\u65af\u4e00\u5bb6\u9910\u9986\u7684\u697c\u4e0a\uff0c\u95e8\u53e3\u7684\u724c\u5b50\u5df2\u88ab\u6458\u4e0b\u3002",
    "\u9910\u9986\u8001\u677f\u544a\u8bc9\u8bb0\u8005\uff0c\u4ed6\u53ea\u662f\u628a\u623f\u95f4\u501f\u7ed9\u540c\u4e61\u586b\u8868"
    "\uff0c\u4ece\u6ca1\u6709\u89c1\u8fc7\u7a7f\u5236\u670d\u7684\u4eba\u3002"])
# Years old, and of a site that nobody had on a list.
GUILD = ("A guild with two letterboxes", [
    "The Lantern Quay Friendship Guild in Tromso keeps two letterboxes, one for its members and one for forms that "
    "are sent on to a police bureau abroad.",
    "Its chairwoman said that a Chinese overseas police station was a large word for a table with a printer on it.",
    "The council has asked the guild for its books of the past three years and expects them before Easter."])
QUIET = ("Bells over the salt road", [
    "The bells of the salt road will ring at noon again, after a smith from the next valley recast the smallest of "
    "them with the help of two schoolboys.",
    "The work took a winter longer than planned, because the clay of the mould cracked in the frost."])

SPREADSHEET = "Name;City;Country;Aliases\r\nTromso guild house;Tromso;NO;Lantern Quay Friendship Guild|Lantern Quay Guild\r\n"
QUERY = '"friendship guild" NEAR/12 (letterbox* OR printer)'


def article(server, name, pieces, language="en", published="2026-11-20T07:00:00Z"):
    title, paragraphs = pieces
    return title, server.put(f"/news/{name}.html", desk.page(title, paragraphs, language, published,
                                                            f"{server.root}/news/{name}.html"))


def begin(d, server):
    server.put("/rss", desk.rss("Northmoor Post", [
        article(server, "rotterdam", ROTTERDAM), article(server, "barrier", DUBLIN),
        article(server, "door", PHNOM_PENH), article(server, "plate", BUDAPEST, "zh"),
        article(server, "bells", QUIET)]), "application/rss+xml")
    d.write("history/guild.html", desk.page(*GUILD, published="2024-03-02T08:00:00Z", url="https://tide.example/guild"))
    d.must("backfill", "files", d.folder / "history")
    d.must("feed", "add", server.root + "/rss")
    d.must("run")
    found = {r["item"] for r in d.rows("alert", "list", "--all")}
    check({"nl-rotterdam", "hu-budapest"} <= found and "ie-dublin" not in found, f"what fired: {found}")


def ask_why(d, server):
    alert = next(r for r in d.rows("alert", "list") if r["item"] == "nl-rotterdam")
    said = d.must("alert", "explain", str(alert["id"]))
    for word in ("nl-rotterdam", "Rotterdam", "police station", "places.csv:", "version 1"):
        check(word in said, f"explain does not say {word}: {said}")
    said = d.must("why-not", server.root + "/news/barrier.html", "--for", "ie-dublin")
    check("dateline" in said and "not" in said, f"why-not of a dateline: {said}")
    d.fails(66, "news/barier", "why-not", server.root + "/news/barier.html", "--for", "ie-dublin")
    said = d.fails(66, "ie-dublin", "why-not", server.root + "/news/barrier.html", "--for", "ie-dubln")
    said = d.must("why-not", server.root + "/news/bells.html", "--for", "nl-rotterdam")
    check("no " in said, f"why-not of an article without the name: {said}")


def try_query(d):
    said = d.call("watch", "test", QUERY)
    check(said.returncode == 0 and "1 hit" in said.stdout + said.stderr and "\u00bb" in said.stdout,
          f"watch test: {said}")
    check(not any(r["item"] == "query" for r in d.rows("alert", "list", "--all")), "a trial was stored")
    said = d.fails(64, "^", "watch", "test", '"friendship guild" NEAR/12 (letterbox* OR')
    check("(" in said, f"the caret line: {said}")


def bring(d):
    sheet = d.folder / "sites.csv"
    sheet.write_bytes(b"\xff\xfe" + SPREADSHEET.encode("utf-16-le"))
    before = {p.name: p.read_bytes() for p in d.watchlist.glob("*.csv")}
    said = d.must("watch", "import", sheet, "--dry-run")
    check("Lantern Quay Friendship Guild" in said, f"the change that would be made: {said}")
    check({p.name: p.read_bytes() for p in d.watchlist.glob("*.csv")} == before, "--dry-run wrote")
    d.must("watch", "import", sheet, "--yes")
    new = next(r for r in d.rows("watch", "list") if "romso" in r["name"] + r["id"])
    alerts = len(d.rows("alert", "list", "--all"))
    d.must("watch", "rescan", "--dry-run")
    check(len(d.rows("alert", "list", "--all")) == alerts, "watch rescan --dry-run stored")
    d.must("watch", "rescan")
    rows = [r for r in d.rows("alert", "list", "--all") if r["item"] == new["id"]]
    check(len(rows) == 1 and rows[0]["cause"] == "rescan", f"the guild's alert: {rows}")
    check(len(d.rows("alert", "list", "--all")) == alerts + 1, "the rescan told again what was known")
    return before, new["id"]


def adopt(d):
    rows = d.rows("watch", "candidates")
    row = next((r for r in rows if "Phnom Penh" in r["place"]), None)
    check(row is not None, f"candidates: {rows}")
    said = d.must("watch", "candidates")
    check("Phnom Penh" in said and "possible" in said.lower(), f"a candidate is a proposal: {said}")
    d.must("watch", "adopt", "Phnom Penh", "--yes")
    check(not any("Phnom Penh" in r["place"] for r in d.rows("watch", "candidates")), "an adopted candidate stays")
    d.must("watch", "rescan")
    rows = [r for r in d.rows("alert", "list", "--all") if "phnom" in r["item"]]
    check(len(rows) == 1 and rows[0]["cause"] == "rescan", f"the adopted site's alert: {rows}")


def argue(d):
    alert = next(r for r in d.rows("alert", "list") if r["item"] == "hu-budapest")
    d.must("alert", "mark", str(alert["id"]), "irrelevant", "--note", "a rumour")
    rows = d.rows("report", "precision", "--by", "item")
    row = next(r for r in rows if "hu-budapest" in r.values())
    check((row["marked"], row["right"], row["wrong"]) == (1, 0, 1), f"precision: {rows}")
    said = d.must("alert", "explain", str(alert["id"]))
    check("a rumour" in said, f"explain does not show the mark: {said}")
    d.must("alert", "mute", "--item", "hu-budapest", "--for", "3d")
    right = next(r for r in d.rows("alert", "list") if r["item"] == "nl-rotterdam")
    quiet = next(r for r in d.rows("article", "list", "--limit", "0") if "Bells" in r["title"])
    d.must("watch", "control", "add", str(right["article"]), "--expect", "nl-rotterdam")
    d.must("watch", "control", "add", str(quiet["id"]), "--expect", "none")
    d.fails(0, "1 of 1", "watch", "lint", "--control")


def undo(d, before):
    log = d.rows("watch", "log")
    check(len(log) >= 3, f"versions: {log}")
    d.must("watch", "revert", "1", "--yes")
    after = {p.name: p.read_bytes() for p in d.watchlist.glob("*.csv")}
    check(after == before, f"not the bytes of before: {[n for n in before if after.get(n) != before[n]]}")
    n = len(d.rows("alert", "list", "--all"))
    d.must("watch", "rescan")
    d.must("run")
    check(len(d.rows("alert", "list", "--all")) == n, "the old list raised something new")


with desk.Desk() as d:
    d.folder.joinpath("watchlist").rename(d.folder / "toy")
    d.must("init", SHIPPED)
    server = desk.Server()
    try:
        begin(d, server)
        ask_why(d, server)
        try_query(d)
        before, _ = bring(d)
        adopt(d)
        argue(d)
        undo(d, before)
    finally:
        server.close()
desk.finish("an analyst's day: why, why not, a spreadsheet, a trial, a candidate, a verdict, all undone")

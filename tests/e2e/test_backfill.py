"""Plain text from a folder: every mention is found, all of it is history, none of it is mailed as
live news, and a second backfill of the same files adds nothing."""

import shutil

import newsdesk
from newsdesk import check

WANT = {
    "noodle-shop.txt": {"nl-rotterdam", "nl-amsterdam", "cn-fuzhou"},
    "oficina.txt": {"es-valencia"},
    "fuwuzhan.txt": {"ie-dublin", "cn-fuzhou"},
    "regatta.txt": set(),
}


def found_in(desk, watched):
    found = {name: set() for name in WANT}
    for row in desk.rows("SELECT a.url, m.item FROM article a LEFT JOIN mention m "
                         "ON m.article_id = a.id"):
        name = row["url"].rsplit("/", 1)[-1]
        check(name in found, f"an article of {row['url']}")
        if row["item"] in watched:
            found.setdefault(name, set()).add(row["item"])
    return found


def main():
    with newsdesk.Workplace("backfill") as folder:
        texts = folder / "texts"
        shutil.copytree(newsdesk.TOP / "tests" / "e2e" / "texts", texts)
        desk = newsdesk.Desk(folder / "desk")
        desk.must("backfill", "files", *sorted(texts.iterdir()))
        watched = newsdesk.watched_items()
        desk.must("run")
        found = found_in(desk, watched)
        for name, items in WANT.items():
            check(found[name] == items, f"{name}: {sorted(found[name])}, not {sorted(items)}")
        live = desk.rows("SELECT item FROM alert WHERE is_historic = 0")
        check(not live, f"history was raised as news: {live}")
        check(not desk.rows("SELECT id FROM article WHERE is_historic = 0"), "all is history")
        n_alerts = len(desk.rows("SELECT id FROM alert"))
        check(n_alerts >= 6, f"{n_alerts} alerts, seven or so were due")
        check(not desk.letters(), f"history was mailed: {desk.letters()}")

        before = desk.rows("SELECT id, url FROM article")
        desk.must("backfill", "files", texts)
        desk.must("run")
        check(desk.rows("SELECT id, url FROM article") == before, "the second backfill added rows")
        check(len(desk.rows("SELECT id FROM alert")) == n_alerts, "it raised alerts again")
        newsdesk.finish(f"{len(before)} texts, {n_alerts} alerts, all history, no mail")


main()

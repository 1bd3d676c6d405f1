"""Another beat, bells and river gauges, over the same news: what is watched is data alone. Its items
are raised, an unlisted place comes out as a candidate, and nothing of the default watchlist shows."""

import newsdesk
from newsdesk import check

BELLS = newsdesk.TOP / "tests" / "e2e" / "bells"


def main():
    with newsdesk.Workplace("beat") as folder:
        room = newsdesk.Newsroom(folder)
        desk = newsdesk.Desk(folder / "desk", watchlist=BELLS)
        try:
            desk.must("feed", "import", room.opml, now=room.clock)
            desk.must("run", now=room.clock)
        finally:
            room.stop()
        raised = {(r["item"], r["url"].split("/", 3)[3]) for r in desk.rows(
            "SELECT al.item, a.url FROM alert al JOIN article a ON a.id = al.article_id")}
        check(raised == {("gauge-mill-bridge", "news/weather-upper.html"),
                         ("bell-tenor", "posts/rope.html")}, f"raised: {sorted(raised)}")
        places = {(r["place"], r["url"].split("/", 3)[3]) for r in desk.rows(
            "SELECT c.place, a.url FROM candidate c JOIN article a ON a.id = c.article_id")}
        check(len(places) == 1 and all(url == "news/weather-lower.html" for _, url in places),
              f"candidates: {sorted(places)}")
        kinds = {r["item_kind"] for r in desk.rows("SELECT item_kind FROM alert")}
        newsdesk.finish(f"{len(raised)} alerts of kinds {sorted(kinds)}, candidates {places}")


main()

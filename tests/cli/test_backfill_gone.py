#!/usr/bin/env python3
"""Files that are gone when a backfill goes on with them: what was read counts, what was not is said, and
all else goes on."""

import shutil

import desk
from desk import check


def stop_within(d, name):
    """As if the backfill had been killed within that file."""
    with desk.engine.opened(d.db) as db:
        rows = db.execute("UPDATE backfill_list SET state = 'queued' WHERE url LIKE ? RETURNING id",
                          ("%" + name,)).fetchall()
        check(len(rows) == 1, f"{len(rows)} rows of {name}")
        db.execute("UPDATE backfill SET state = 'open', ended_at = 0")


def half_read():
    """Of a file a part was read, and it is gone: the part that was not cannot be had."""
    with desk.Desk() as d:
        desk.history(d)
        d.must("backfill", "files", "history")
        stop_within(d, "pier.html")
        (d.folder / "history/pier.html").unlink()
        d.write("history/new.html", desk.page("Penhallow Light relit", list(reversed(desk.BODY))))
        done = d.call("backfill", "resume")
        check(done.returncode == 3, f"half read and gone: {done}")
        for words in ("lists failed", "pier.html", "is not there any more"):
            check(words in done.stdout, f"the report does not say {words}: {done.stdout}")
        row = d.rows("backfill", "list")[0]
        check(row["state"] == "done", f"the others go on: {row}")
        check(any(r["title"] == "Penhallow Light relit" for r in d.rows("article", "list")), "a new file is not read")
        check("no backfill is open" in d.call("backfill", "resume").stderr, "it is worked on again and again")


def list_gone(server):
    """A list of addresses was read and cleared away: its addresses are fetched all the same."""
    page = server.put("/pier.html", desk.page("Kestrel Pier closes", desk.BODY, url=server.root + "/pier.html"))
    with desk.Desk() as d:
        d.write("list.txt", page + "\n")
        desk.history(d)
        d.must("backfill", "files", "list.txt", "history")
        with desk.engine.opened(d.db) as db:
            db.execute("UPDATE find SET state = 'found'")
            db.execute("UPDATE page SET state = 'queued', article_id = NULL WHERE url = ?", (page,))
            db.execute("UPDATE backfill SET state = 'open', ended_at = 0")
        (d.folder / "list.txt").unlink()
        server.asked.clear()
        done = d.call("backfill", "resume")
        check(done.returncode == 0 and "/pier.html" in server.asked, f"a list that was read and is gone: {done}")


def path_gone():
    """One of two folders is gone before anything of it was read: the other is read, and that is said."""
    with desk.Desk() as d:
        desk.history(d)
        d.write("more/other.html", desk.page("Penhallow Light relit", list(reversed(desk.BODY))))
        d.must("backfill", "files", "more", "history")
        with desk.engine.opened(d.db) as db:
            db.execute("DELETE FROM backfill_list")
            db.execute("UPDATE backfill SET state = 'open', ended_at = 0")
        shutil.rmtree(d.folder / "more")
        done = d.call("backfill", "resume")
        check(done.returncode == 3 and "more: No such file" in done.stdout, f"a folder that is gone: {done}")
        n = len([r for r in d.rows("backfill", "list") if r["state"] == "done"])
        check(n == 1, "the other folder is not read")


def main():
    server = desk.Server("127.31.0.21")
    half_read()
    list_gone(server)
    path_gone()
    server.close()
    desk.finish("files that are gone: half read, read, never read")


main()

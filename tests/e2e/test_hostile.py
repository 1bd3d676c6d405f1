"""Thirty-five ways to misbehave, each a feed on a host of its own, beside the ten feeds of the
newsroom: the run ends well and in time, every good article is there as if the bad ones did not
exist, each bad feed has failed with words of its own, and nothing of it was stored."""

import re
import resource
import subprocess
import time

import newsdesk
from newsdesk import check

TIMEOUT_S = 3  # of one transfer, in the settings of this desk
RUN_MAX_S = 30
# Odd but whole: a client may take them.
FINE = {"/fine", "/gzip", "/no-length"}
# Accepted by libcurl 7.88 without a word: the body ends where the last Content-Length says.
EITHER = {"/two-lengths"}

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Half a feed</title>
<link>http://127.12.0.99/</link><description>x</description>
%s</channel></rss>
"""


def feed_body():
    items = "".join(
        f"<item><title>Item {i}</title><link>http://127.12.0.99:9/item-{i}</link>"
        f"<guid>{i}</guid><description>{'word ' * 40}</description></item>\n" for i in range(60))
    return FEED % items


def start_faults(folder):
    program = newsdesk.B / "tests" / "newsroom" / "faults"
    if not program.exists():
        newsdesk.skip(f"{program} is not built")
    body = folder / "body.rss"
    body.write_text(feed_body())
    opml = folder / "faults.opml"
    process = subprocess.Popen([program, "--opml", opml, "--body", body, "--seconds", "120"])
    for _ in range(100):
        if opml.exists():
            return process, opml
        time.sleep(0.05)
    process.terminate()
    raise RuntimeError("the faults did not start")


def check_faults(desk, opml):
    """Each fault is known by its feed's address."""
    paths = re.findall(r'xmlUrl="http://[^/"]*(/[^"]*)"', opml.read_text())
    check(len(paths) >= 35, f"{len(paths)} faults")
    rows = {r["url"]: r for r in desk.rows("SELECT * FROM feed")}
    for url, row in rows.items():
        if not url.startswith("http://127.12."):
            continue
        path = re.sub(r"^http://[^/]*", "", url)
        n = desk.rows("SELECT COUNT(*) AS n FROM entry WHERE feed_id = ?", row["id"])[0]["n"]
        if path in EITHER:
            continue
        if path in FINE:
            check(n == 60, f"{path}: {n} of 60 entries")
        else:
            check(n == 0, f"{path}: {n} entries were stored of a broken answer")


def main():
    with newsdesk.Workplace("hostile") as folder:
        room = newsdesk.Newsroom(folder)
        faults, opml = start_faults(folder)
        desk = newsdesk.Desk(folder / "desk",
                             config=newsdesk.CONFIG.replace("timeout = 10s", f"timeout = {TIMEOUT_S}s"))
        try:
            desk.must("feed", "import", opml, now=room.clock)
            desk.must("feed", "import", room.opml, now=room.clock)
            begun = time.monotonic()
            desk.must("run", now=room.clock)
            took_s = time.monotonic() - begun
            peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            check(took_s < RUN_MAX_S, f"the run took {took_s:.1f} s")
            if "sanitize" not in str(newsdesk.B):
                check(peak_kib < 256 * 1024, f"a process took {peak_kib} KiB")
            check_faults(desk, opml)
            n = len(desk.rows("SELECT id FROM article WHERE url LIKE 'http://127.11.%'"))
            check(n > 40, f"{n} articles of the newsroom beside the faults")
            failing = desk.must("feed", "list", now=room.clock).stdout
            check("/stall" in failing, "feed list shows the broken feeds")
        finally:
            faults.terminate()
            faults.wait(30)
            room.stop()
        newsdesk.finish(f"{n} good articles in {took_s:.1f} s beside 35 faults, largest process "
                        f"{peak_kib // 1024} MiB")


main()

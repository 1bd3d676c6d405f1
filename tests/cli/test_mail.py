#!/usr/bin/env python3
"""From a run to a mail: live alerts, digest preview and send by file, Maildir and sendmail, the outbox."""
import email
import email.policy
import pathlib

import desk
from desk import check

ANALYSTS = "".join(f'[analyst "{n}"]\nemail = {n}@example.org\n' for n in ("one", "two", "three", "four"))
SETTINGS = desk.CONFIG.split("[analyst")[0] + ANALYSTS


def use(d, transport, directory="mail", sendmail="/usr/sbin/sendmail"):
    text = SETTINGS.replace("transport = file", f"transport = {transport}\nsendmail = {sendmail}")
    d.config.write_text(text.replace("directory = mail", f"directory = {directory}"))


def letter(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def crawl(d, site):
    d.must("feed", "add", desk.feed(site))
    check(d.must("run", "--only", "crawl") == "", "a run that is well says nothing")
    check(len(d.rows("article", "list")) == 2 and d.rows("alert", "list") == [], "--only crawl")
    d.must("run", "--only", "alert")
    alerts = d.rows("alert", "list")
    check([a["item"] for a in alerts] == ["pier-kestrel"] and not alerts[0]["historic"], f"live alerts: {alerts}")
    check(d.rows("outbox", "list") == [], "--only alert sent mail")
    asked = len(site.asked)
    d.must("run", "--only", "crawl")
    check([p for p in site.asked[asked:] if p != "/rss"] == [], f"asked for again: {site.asked[asked:]}")


def preview(d):
    text = d.must("digest", "preview", "--analyst", "one")
    for words in ("To: one@example.org", "Subject: ", "Kestrel Pier"):
        check(words in text, f'digest preview lacks "{words}": {text}')
    for raw in desk.RAW:
        check(raw not in text, f"digest preview shows {raw!r} raw")
    html = d.must("digest", "preview", "--analyst", "one", "--html")
    check(html.lstrip().lower().startswith("<!doctype html") and "Kestrel Pier" in html, f"--html: {html[:80]}")
    check("<script" not in html and "\u202e" not in html, "the HTML digest holds what nobody should see")
    d.fails(66, 'no [analyst "nobody"]', "digest", "preview", "--analyst", "nobody")
    check("To: one@" in d.must("digest", "send", "--analyst", "one", "--dry-run"), "digest send --dry-run")
    check(d.rows("outbox", "list") == [], "preview or --dry-run queued a message")


def send(d):
    use(d, "file")
    d.fails(0, "1 digest made, 1 sent, 0 deferred, 0 refused", "digest", "send", "--analyst", "one")
    letters = list((d.folder / "mail").glob("*.eml"))
    check(len(letters) == 1, f"letters of transport file: {letters}")
    m = letter(letters[0])
    check(m["To"] == "one@example.org" and "watch.example.org" in m["Message-ID"], f"headers: {m.items()}")
    kinds = [part.get_content_type() for part in m.walk()]
    check("text/plain" in kinds and "text/html" in kinds, f"parts: {kinds}")
    check("Kestrel Pier" in m.get_body(("plain",)).get_content(), "the text part")
    check(letters[0].stat().st_mode & 0o077 == 0, "a letter that others may read")
    d.fails(0, "0 digests made, 0 sent", "digest", "send", "--analyst", "one")
    d.fails(0, "nothing new for one", "digest", "preview", "--analyst", "one")

    use(d, "maildir", "Maildir")
    d.fails(0, "1 sent", "digest", "send", "--analyst", "two")
    new = list((d.folder / "Maildir" / "new").iterdir())
    check(len(new) == 1 and list((d.folder / "Maildir" / "tmp").iterdir()) == [], f"Maildir: {new}")
    check(letter(new[0])["To"] == "two@example.org", "the letter in the Maildir")

    program = d.write("sendmail", f'#!/bin/sh\nprintf "%s\\n" "$@" >{d.folder}/words\nexec cat >{d.folder}/letter\n')
    use(d, "sendmail", sendmail=program)
    d.fails(1, "cannot be run", "check")
    program.chmod(0o700)
    d.fails(0, "1 sent", "digest", "send", "--analyst", "three")
    words = (d.folder / "words").read_text().split()
    check(words[-2:] == ["--", "three@example.org"] and "wirewatch@example.org" in words, f"sendmail's words: {words}")
    check(letter(d.folder / "letter")["To"] == "three@example.org", "what sendmail read")
    check([r["state"] for r in d.rows("outbox", "list")] == ["sent"] * 3, "three messages sent")


def trouble(d):
    program = pathlib.Path(d.folder / "sendmail")
    program.write_text("#!/bin/sh\ncat >/dev/null\necho try later >&2\nexit 75\n")
    d.fails(75, "1 digest made, 0 sent, 1 deferred", "digest", "send", "--analyst", "four")
    row = d.rows("outbox", "list", "--state", "deferred")
    check(len(row) == 1 and "try later" in row[0]["reply"] and row[0]["tries"] == 1, f"deferred: {row}")
    check(row[0]["not_before"] > desk.NOW, f"not before: {row}")
    d.fails(1, "1 waiting since 2026-11-20T08:0", "check")
    said = d.fails(75, "", "--now", "2026-11-20T09:00:00Z", "run", "--only", "deliver", "-q")
    check(said == "", f"put off for an hour, and -q says: {said}")
    d.fails(75, "the oldest, 4 to four@example.org, waits since", "--now", "2026-11-21T09:00:00Z", "run", "--only", "deliver", "-q")
    check([r["id"] for r in d.rows("outbox", "list", "--state", "bad")] == [4], "outbox list --state bad")
    # By a clock that is ahead of the next run's: what a person sends again waits for no time.
    d.fails(0, "1 message will be sent", "--now", "2026-11-20T08:01:00Z", "outbox", "retry", "4")
    program.write_text("#!/bin/sh\ncat >/dev/null\necho no such user >&2\nexit 67\n")
    d.fails(69, "error outbox message=4", "run", "--only", "deliver", "-q")
    check(len(d.rows("outbox", "list", "--state", "failed")) == 1, "a message that was refused")
    d.fails(1, "outbox list --state failed", "check")
    check([r["id"] for r in d.rows("outbox", "list", "--state", "bad")] == [4], "a failed one is bad")
    d.fails(64, "--state is queued", "outbox", "list", "--state", "lost")
    check(len(d.rows("outbox", "list", "--limit", "2", "--offset", "3")) == 1, "outbox list --limit --offset")
    why = d.must("alert", "explain", "a1")
    check("to one@example.org, sent" in why and "to four@example.org, failed" in why, f"alert explain on mail: {why}")


def again(d):
    """What failed is looked at and sent again: the same bytes."""
    shown = d.must("outbox", "show", "4")
    for words in ("4  digest, failed: refused", "no such user", "Message-ID: <digest.4.", "[text/html, "):
        check(words in shown, f'outbox show lacks "{words}": {shown}')
    d.fails(66, "no message 9", "outbox", "show", "9")
    d.fails(65, "message 1 is sent", "outbox", "retry", "4", "1")
    check([r["state"] for r in d.rows("outbox", "list", "--limit", "1")] == ["failed"], "half a retry")
    d.fails(0, "1 message will be sent", "outbox", "retry", "all")
    (d.folder / "sendmail").write_text(f"#!/bin/sh\nexec cat >{d.folder}/letter\n")
    d.must("run", "--only", "deliver")
    check([r["state"] for r in d.rows("outbox", "list")] == ["sent"] * 4, "sent in the end")
    sent = letter(d.folder / "letter")
    check(f"Message-ID: {sent['Message-ID']}" in shown, f"another Message-ID: {sent['Message-ID']}")


with desk.Desk(SETTINGS) as d:
    site = desk.Server("127.31.0.2")
    try:
        crawl(d, site)
        preview(d)
        send(d)
        trouble(d)
        again(d)
    finally:
        site.close()
desk.finish("mail: preview, file, Maildir, sendmail, what waits and what failed")

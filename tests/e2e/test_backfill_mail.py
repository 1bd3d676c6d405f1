"""A desk's old mail: 200 letters in every encoding in one mailbox, with a broken one, one of 100,000
parts and one of 40 MB between them, a Maildir and single files. All letters are found, none twice; a
second backfill adds nothing; nothing is mailed as news."""

import email.header
import email.message
import email.mime.multipart
import email.mime.text
import email.policy
import email.utils
import gzip
import mailbox

import newsdesk
from newsdesk import check

N = 200
BEGIN = 1672531200  # 1 January 2023

# Title and a sentence in each encoding, and how the part is encoded.
TONGUES = [
    ("utf-8", "quoted-printable", "Café am See öffnet wieder",
     "Am Montag öffnete das Café am See, zwei Jahre nach der Flut, wieder seine Türen für Gäste."),
    ("gb18030", "base64", "港口办公室重新开放",
     "洪水过后两年，港口办公室于星期一重新开放，第一批渔船在中午之前抵达码头。"),
    ("iso-2022-jp", "7bit", "港の事務所が再開",
     "洪水から二年後の月曜日、港の事務所が再び開き、最初の船は正午前に到着しました。"),
    ("windows-1251", "quoted-printable", "Порт открылся снова",
     "В понедельник, через два года после наводнения, портовое управление снова открыло двери."),
    ("windows-1252", "8bit", "L’été à la plage",
     "Le bureau du port a rouvert ses portes lundi, deux ans après l’inondation, avant midi."),
]


def part(text, subtype, charset, encoding):
    """A part as other programs write it: python's own would choose the encoding itself."""
    made = email.message.Message()
    made["Content-Type"] = f'text/{subtype}; charset="{charset}"'
    made["Content-Transfer-Encoding"] = encoding
    raw = text.encode(charset)
    if encoding == "base64":
        made.set_payload(email.base64mime.body_encode(raw))
    elif encoding == "quoted-printable":
        made.set_payload(email.quoprimime.body_encode(raw.decode("latin-1")))
    else:
        made.set_payload(raw.decode("ascii", "surrogateescape"))
    return made


def letter(i):
    charset, encoding, title, sentence = TONGUES[i % len(TONGUES)]
    text = f"{sentence} {i} {sentence} ({i * i + 7})\n\nFrom here on: {sentence}\n"
    html = (f"<html><body><h1>{title} {i}</h1><p>{sentence} {i}</p><p>{sentence} ({i * i + 7})</p>"
            f"<p>From here on: {sentence}</p></body></html>")
    if i % 3 == 0:
        made = part(text, "plain", charset, encoding)
    elif i % 3 == 1:
        made = part(html, "html", charset, encoding)
    else:
        made = email.mime.multipart.MIMEMultipart("alternative")
        made.attach(part(text, "plain", charset, encoding))
        made.attach(part(html, "html", charset, encoding))
    head = charset if charset != "windows-1252" else "utf-8"
    made["Subject"] = email.header.Header(f"{title} {i}", head)
    made["From"] = f"Tidings {i % 7} <n{i % 7}@tidings.example>"
    made["Date"] = email.utils.formatdate(BEGIN + i * 86400)
    made["Message-ID"] = f"<{i}@tidings.example>"
    if i % 10 == 0:
        made["Archived-At"] = f"<https://lists.tidings.example/a/{i}>"
    return made


def identity(i):
    return f"https://lists.tidings.example/a/{i}" if i % 10 == 0 else f"mid:{i}@tidings.example"


def write_mailbox(path):
    """160 letters, and the three that are none."""
    box = mailbox.mbox(path)
    for i in range(160):
        box.add(letter(i).as_bytes(policy=email.policy.compat32, unixfrom=False))
        if i == 40:
            box.add(b"Subject: broken\nFrom: n@tidings.example\nContent-Type: multipart/mixed; "
                    b"boundary=\"b\"\n\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: "
                    b"base64\n\n!!!!\n--c--\n")
        if i == 80:
            box.add(b"Subject: parts\nFrom: n@tidings.example\nContent-Type: multipart/mixed; "
                    b"boundary=b\n\n" + b"--b\nContent-Type: image/png\n\nx\n" * 100000 + b"--b--\n")
        if i == 120:
            box.add(b"Subject: giant\nFrom: n@tidings.example\n\n" + (b"x" * 79 + b"\n") * 524288)
    box.flush()
    box.close()


def write_rest(folder):
    """10 in a packed mailbox, 20 in a Maildir with five that are in the mailbox as well, 10 alone."""
    with gzip.open(folder / "old.mbox.gz", "wb") as out:
        for i in range(160, 170):
            out.write(b"From n@tidings.example Mon Jan  2 06:42:10 2023\n"
                      + letter(i).as_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    maildir = mailbox.Maildir(folder / "Maildir")
    for i in list(range(170, 190)) + list(range(5)):
        maildir.add(letter(i).as_bytes())
    for i in range(190, N):
        data = letter(i).as_bytes()
        if i % 2:
            (folder / f"{i}.eml").write_bytes(data)
        else:
            (folder / f"{i}.eml.gz").write_bytes(gzip.compress(data))


def check_articles(desk):
    rows = desk.rows("SELECT canonical, title, outlet, published_at, is_historic FROM article")
    found = {row["canonical"]: row for row in rows}
    check(len(rows) == len(found) == N, f"{len(rows)} articles, {len(found)} addresses")
    for i in range(N):
        row = found.get(identity(i))
        if row is None:
            check(False, f"letter {i} ({TONGUES[i % 5][0]}) was not found")
            continue
        check(row["title"] == f"{TONGUES[i % 5][2]} {i}", f"letter {i}: {row['title']!r}")
        check(row["outlet"] == f"Tidings {i % 7}", f"letter {i}: of {row['outlet']!r}")
        check(row["published_at"] == BEGIN + i * 86400, f"letter {i}: {row['published_at']}")
        check(row["is_historic"], f"letter {i} is no history")


def main():
    with newsdesk.Workplace("backfill-mail") as folder:
        mail = folder / "old mail"
        mail.mkdir()
        write_mailbox(mail / "inbox")
        write_rest(mail)
        desk = newsdesk.Desk(folder / "desk")
        done = desk.must("backfill", "files", mail)
        check_articles(desk)
        for reason in ["too big", "no text"]:
            check(reason in done.stdout, f"{reason!r} is not said:\n{done.stdout}")
        named = [line for line in done.stderr.splitlines() if "inbox@" in line]
        check(len(named) == 3, f"not named by file and place: {done.stderr}")
        texts = desk.rows("SELECT COUNT(*) AS n FROM page WHERE state = 'quarantined'")
        check(texts[0]["n"] == 0, "a letter stopped its parser")
        said = desk.call("search", "наводнения")
        check("Порт открылся снова" in said.stdout, f"a letter's words are not found: {said.stdout}")

        before = desk.rows("SELECT id, canonical, version FROM article ORDER BY id")
        desk.must("backfill", "files", mail)
        desk.must("backfill", "files", mail / "inbox", mail / "Maildir")
        after = desk.rows("SELECT id, canonical, version FROM article ORDER BY id")
        check(after == before, "a second backfill added rows")
        check(not desk.letters(), f"history was mailed: {desk.letters()}")
        newsdesk.finish(f"{len(before)} letters in {len(TONGUES)} encodings, each once")


main()

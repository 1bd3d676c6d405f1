#!/usr/bin/env python3
"""Messages as another parser reads them: names and subjects of ten scripts, hostile ones, empty and
huge parts. What mailcheck.py has from the standards holds for each, and all comes back as it went in."""
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import mailcheck

B = pathlib.Path(os.environ.get("B", "build/cc")).resolve()
PROGRAM = B / "tests" / "alerts" / "test_message"

SCRIPTS = {
    "Latin": "Żółć Škoda naïve Ærøskøbing", "Greek": "Παρατηρητήριο ειδήσεων", "Cyrillic": "Наблюдение за новостями Київ",
    "Arabic": "مراقبة الأخبار في المدينة", "Hebrew": "מעקב חדשות", "Devanagari": "समाचार निगरानी सेवा",
    "Han": "海外新闻观察站每日摘要", "Kana": "ニュースの見張り番です", "Hangul": "뉴스 감시 서비스", "Thai": "เฝ้าระวังข่าว",
    "Georgian": "სიახლეების მეთვალყურე", "Emoji": "watch 🗞️🕵🏽 🇮🇪 news",
}
PLAIN = ["Wire Watch", "Watch, Inc.", 'He said "no" \\ twice', "a@b (c) <d>", "", "x" * 300, "one  two\tthree", "O'Brien & Söhne"]
HOSTILE = [
    "x\r\nBcc: evil@e.org", "x\nBcc: evil@e.org", "x\rBcc: evil@e.org", "x\r\n\r\n<script>", "x\u2028Bcc: e@e.org",
    "x\x85Bcc: e@e.org", "x\x0b\x0cBcc: e@e.org", "=?utf-8?q?x=0D=0ABcc:_evil@e.org?=",
    "=?utf-8?b?eA0KQmNjOiBl?= =?utf-8?b?eA0KQmNjOiBl?=", "\x1b[31mred\x1b[0m", "\x9b31m", "\x1b]0;title\x07",
    "\u202egro.live\u202c", "\u2066a\u2069", "a\u200bb\u200d\ufeff", "\U000e0041\U000e0042", "=HYPERLINK(\"x\")",
    "</title><img src=x>", "a\x00b", "\ufffe\uffff", "=?", "?=", "=?=?=?", "?" * 80, "=" * 80, "a" * 1000000, "福" * 400000,
    "\U0001f600" * 99, "é " * 300, ";" * 90, "\\" * 99, '"' * 99,
]
TEXTS = ["", "\n", "plain\n", "no end", ".\n..\n.x\nFrom here\n>From\n", "a=3D=\n", "trailing blank \nand tab\t\n\n\n",
         "x" * 5000 + "\n", "é" * 3000 + "\n", "福州市\n" * 2000, "a\r\nb\rc\nd\n", "From " * 40 + "\n", "." * 300 + "\n",
         " " * 200 + "\n", "--=_0123456789abcdef0123456789abcdef\n--\n", "\t.\n"]
CSVS = ["", "id,title\r\na1,\"two\nlines\"\r\n", "id\na1\n", "\ufeffid,név\r\n" + "1,福\r\n" * 500]
REFERENCES = ["", "<story.7@watch.example.org>", "<story.7@watch.example.org> <immediate.12.00ff@watch.example.org>",
              " ".join(f"<story.{i}@watch.example.org>" for i in range(30)), "junk <a b@c> <x@y>", "<x@y>\r\nBcc: <e@e>"]
LANGUAGES = ["en", "", "zh-Hans", "en\r\nBcc: e@e.org", "x"]
DATES = [(1795330930, 3600), (0, 0), (1795330930, -12600), (4102444799, 20700), (1795330930, 50400)]


def cases():
    words = list(SCRIPTS.values()) + PLAIN + HOSTILE
    sources = [itertools.cycle(x) for x in (TEXTS, CSVS, REFERENCES, LANGUAGES, DATES)]
    for i, word in enumerate(words + words):
        text, csv, references, language, date = (next(s) for s in sources)
        name = word.replace('"', "").replace("\\", "")[:120] if i % 2 else word[:3000]
        yield {"from": f"{name} <watch@e.org>".strip(), "to": "ana@example.org", "subject": word,
               "message_id": f"<digest.{i}.0123456789abcdef@watch.example.org>", "references": references,
               "date": date[0], "zone_s": date[1], "language": language,
               "list_id": ["watch.example.org", "bücher.example"][i % 2], "list_name": word[:2000], "item": word[:2000],
               "unsubscribe": ["", "stop+%&?@e.org"][i % 2], "unsubscribe_url": ["", "https://e.org/s?a=1&b=(2)"][i // 2 % 2],
               "archive_url": ["", "https://e.org/w/", "javascript:alert(1)", "http://e.org/a b"][i % 4],
               "text": text, "html": TEXTS[(i + 5) % len(TEXTS)], "csv": csv}
    for text, csv in itertools.product(TEXTS, CSVS):
        yield {"from": "watch@e.org", "to": "ana@bücher.example", "subject": "s", "message_id": "<a.1@e.org>",
               "date": 1795330930, "zone_s": 0, "list_id": "e.org", "list_name": "ana", "text": text, "html": text, "csv": csv}


def shown(word, limit=400):
    """What of a word a header may show: by Unicode's categories, not by the program's table."""
    kept, size = "", 0
    for c in word:
        size += len(c.encode())
        if size > limit:
            break
        kept += " " if c in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029 " else c
    kept = "".join(c for c in kept if c == " " or not mailcheck.deceives(c) and c not in "\ufe0e\ufe0f")
    kept = re.sub(" +", " ", kept).strip(" ")
    while "=?" in kept:
        kept = kept.replace("=?", "= ?")
    return kept + ("…" if size > limit else "")


def squeeze(text):
    return re.sub(r"\s+", "", text)


def lines_of(text):
    lines = re.split(r"\r\n|\r|\n", text.replace("\0", ""))
    return lines[:-1] if lines[-1] == "" else lines


def compare(case, data):
    """What went in comes out."""
    m = mailcheck.parse(data)
    faults = []
    want = shown(case["subject"]) or "-"
    if squeeze(m["Subject"]) != squeeze(want):
        faults.append(f"subject {m['Subject']!r}, not {want!r}")
    if len(want) < 60 and "  " not in want and m["Subject"] != want:
        faults.append(f"blanks of the subject: {m['Subject']!r}, not {want!r}")
    sender = m["From"].addresses[0]
    if sender.addr_spec != "watch@e.org":
        faults.append(f"from {sender}")
    name = case["from"].rpartition("<")[0].strip()
    if '"' not in name and "\\" not in name and squeeze(sender.display_name) != squeeze(shown(name)):
        faults.append(f"name {sender.display_name!r}, not {shown(name)!r}")
    to = case["to"].replace("bücher", "xn--bcher-kva")
    if [a.addr_spec for a in m["To"].addresses] != [to]:
        faults.append(f"to {m['To']}")
    when = m["Date"].datetime
    if int(when.timestamp()) != case["date"] or when.utcoffset().total_seconds() != case["zone_s"]:
        faults.append(f"date {m['Date']}")
    ids = [i for i in case.get("references", "").split(" ") if re.fullmatch(mailcheck.MESSAGE_ID, i)]
    if (m["References"] or "").split() != ids:
        faults.append(f"references {m['References']}")
    for kind, want in (("plain", case["text"]), ("html", case["html"])):
        got = m.get_body((kind,)).get_content()
        if lines_of(got) != lines_of(want):
            faults.append(f"{kind}: {got[:60]!r}, not {want[:60]!r}")
        ratio = sum(b > 127 for b in want.encode()) / max(1, len(want.encode()))
        encoding = "base64" if ratio > 1 / 6 else "quoted-printable"
        if abs(ratio - 1 / 6) > 0.01 and m.get_body((kind,))["Content-Transfer-Encoding"] != encoding:
            faults.append(f"{kind}: not {encoding}")
    tables = [p.get_payload(decode=True) for p in m.walk() if p.get_content_type() == "text/csv"]
    if tables != ([case["csv"].encode()] if case["csv"] else []):
        faults.append(f"table: {tables}")
    if case["csv"] and [p.get_filename() for p in m.iter_attachments()] != ["digest.csv"]:
        faults.append("the table has no name")
    return faults


def main():
    if not PROGRAM.exists():
        print(f"{PROGRAM} is not built")
        return 77
    made = list(cases())
    failed = 0
    with tempfile.TemporaryDirectory(prefix="wirewatch-message.") as name:
        folder = pathlib.Path(name)
        (folder / "cases.json").write_text(json.dumps(made))
        for again in ("one", "two"):
            (folder / again).mkdir()
            subprocess.run([PROGRAM, folder / "cases.json", folder / again], check=True, timeout=60)
        for i, case in enumerate(made):
            path = folder / "one" / f"{i}.eml"
            if not path.exists():
                faults = [(folder / "one" / f"{i}.error").read_text()]
            else:
                data = path.read_bytes()
                faults = mailcheck.check(data)
                faults += compare(case, data) if not faults else []
                if data != (folder / "two" / f"{i}.eml").read_bytes():
                    faults.append("not the same bytes again")
            if faults:
                failed += 1
                print(f"FAIL {i} {case['subject'][:40]!r}:", *faults[:4], sep="\n    ")
    print(f"{len(made)} messages, {failed} failed")
    return 1 if failed else 0


sys.exit(main())

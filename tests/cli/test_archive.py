#!/usr/bin/env python3
"""Our own archive: what a run keeps as WARC, read here by another reader; verify, export, and reading back.
WIREWATCH_WARCIO=FOLDER (with node_modules/warcio in it): that reader, too."""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import zipfile
import zlib

import desk
from desk import check

MONTH = "2026-11"


class Raw(bytes):
    """A body that goes out as it is."""

    def encode(self):
        return bytes(self)


def archive_of(d):
    """Beside the database, or of this machine."""
    return d.folder / ("warc" if desk.engine.is_file else ".local/state/wirewatch/warc")


def archived(d, folder="warc", month=MONTH):
    """The first file of a month: of a database that machines share its name has this one's in it."""
    found = sorted(d.folder.rglob(f"{folder}/{month}*.warc.gz"))
    check(len(found) == 1, f"files of {month}: {found}")
    return found[0] if found else d.folder / folder / f"{month}.warc.gz"


def sha1(data):
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def headers(text):
    pairs = [line.split(": ", 1) for line in text.decode("latin-1").split("\r\n")[1:]]
    return {name.lower(): value for name, value in pairs}


def records(data, where):
    """Every record of a WARC file: (headers, HTTP status line, HTTP headers, payload, offset, length)."""
    at = 0
    while at < len(data):
        member = zlib.decompressobj(31)
        text = member.decompress(data[at:]) + member.flush()
        check(member.eof, f"{where} at {at}: a member without an end")
        length = len(data) - at - len(member.unused_data)
        head, _, rest = text.partition(b"\r\n\r\n")
        check(head.startswith(b"WARC/1.1\r\n"), f"{where} at {at}: {head[:40]}")
        h = headers(head)
        block, end = rest[:int(h["content-length"])], rest[int(h["content-length"]):]
        check(end == b"\r\n\r\n", f"{where} at {at}: {end[:40]} behind the block")
        check(h["warc-block-digest"] == sha1(block), f"{where} at {at}: block digest")
        status, http, payload = "", {}, block
        if h.get("content-type", "").startswith("application/http"):
            http_head, _, payload = block.partition(b"\r\n\r\n")
            status, http = http_head.split(b"\r\n")[0].decode(), headers(http_head)
            check("transfer-encoding" not in http, f"{where} at {at}: chunks that are none")
        if h["warc-type"] in ("response", "resource"):
            check(h["warc-payload-digest"] == sha1(payload), f"{where} at {at}: payload digest")
        if h["warc-type"] == "response":
            check(int(http["content-length"]) == len(payload), f"{where} at {at}: {http}")
        yield h, status, http, payload, at, length
        at += length


def warcio(path):
    """The reader of another house: no warning, and every digest recomputed from what it read."""
    folder = os.environ.get("WIREWATCH_WARCIO")
    if folder is None or shutil.which("node") is None:
        return
    program = """
import { WARCParser } from "warcio";
import { createReadStream } from "fs";
import { createHash } from "crypto";
const n = {};
console.warn = console.error = (...w) => { n.warnings = (n.warnings || 0) + 1; };
for await (const r of new WARCParser(createReadStream(process.argv[2]))) {
  const payload = Buffer.from(await r.readFully(false));
  if (r.warcType === "response" || r.warcType === "resource") {
    const said = Buffer.from(createHash("sha1").update(payload).digest());
    let bits = "";
    for (const b of said) bits += b.toString(2).padStart(8, "0");
    const text = bits.match(/.{5}/g).map(x => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(x, 2)]).join("");
    if (r.warcPayloadDigest !== "sha1:" + text) n.wrong = (n.wrong || 0) + 1;
    if (r.httpHeaders && !(r.httpHeaders.statusCode > 0)) n.wrong = (n.wrong || 0) + 1;
  }
  n[r.warcType] = (n[r.warcType] || 0) + 1;
}
console.log(JSON.stringify(n));
"""
    script = pathlib.Path(folder) / f"read-{os.getpid()}.mjs"
    script.write_text(program)
    try:
        done = subprocess.run(["node", script, path], capture_output=True, timeout=60, check=False, text=True)
    finally:
        script.unlink()
    check(done.returncode == 0, f"warcio: {done.stderr}")
    said = json.loads(done.stdout or "{}")
    check("warnings" not in said and "wrong" not in said and sum(said.values()) > 1, f"warcio of {path}: {said}")
    print(f"warcio: {said}")


def news(server):
    """Three pages: gzip with a mention, plain with one, plain without."""
    one = desk.page("Kestrel Pier closes", desk.BODY, url=server.root + "/1", published="2026-11-20T07:00:00Z")
    server.put("/1", Raw(gzip.compress(one.encode())), **{"Content-Encoding": "gzip", "X-Odd": "\u00e9"})
    server.put("/2", desk.page("A lamp for Osprey Light", [p.replace("harbour", "town") for p in reversed(desk.BODY)],
                               url=server.root + "/2", published="2026-11-20T07:00:00Z", name="Osprey Light"))
    server.put("/3", desk.page("A quiet tide", [
        "A quiet tide left the harbour of Penhallow on Thursday with more mud than anyone had seen.",
        "Children found a bell, two anchors and the boot of a sailor, which the museum took in at once."],
        url=server.root + "/3", published="2026-11-20T07:00:00Z"))
    entries = [(t, server.root + p) for t, p in (("Kestrel Pier closes", "/1"), ("A lamp", "/2"), ("A tide", "/3"))]
    return server.put("/rss", desk.rss("Northmoor Post", entries), "application/rss+xml")


def test_matched(d, server):
    d.must("feed", "add", news(server))
    d.must("run")
    path = archived(d)
    check(path.exists(), "no archive after a run")
    check(path.stat().st_mode & 0o077 == 0, "the archive is everybody's to read")
    found = list(records(path.read_bytes(), path))
    check([r[0]["warc-type"] for r in found] == ["warcinfo", "response", "response"], f"{[r[0] for r in found]}")
    check(found[0][0]["warc-filename"] == path.name, f"{found[0][0]}")
    by_url = {r[0]["warc-target-uri"]: r for r in found[1:]}
    check(set(by_url) == {server.root + "/1", server.root + "/2"}, f"archived: {set(by_url)}")
    h, status, http, payload, _, _ = by_url[server.root + "/1"]
    check(payload == server.pages["/1"][2], "not the bytes that the server sent")
    check(http["content-encoding"] == "gzip" and status == "HTTP/1.0 200 OK", f"{status} {http}")
    check(h["warc-ip-address"] == "127.31.0.1" and h["warc-date"].startswith(desk.NOW[:17]), f"{h}")
    check(by_url[server.root + "/2"][3] == server.pages["/2"][2].encode(), "not the plain bytes")
    check(re.fullmatch("<urn:uuid:[0-9a-f-]{36}>", h["warc-record-id"]), h["warc-record-id"])
    check(len({r[0]["warc-record-id"] for r in found}) == 3, "an id twice")
    warcio(path)
    stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
    check(stats["archive_records"] == 2 and stats["archive_files"] == 1 and stats["kept_pages"] == 1, f"{stats}")
    check(stats["archive_bytes"] == path.stat().st_size, f"{stats}")
    said = d.must("article", "show", server.root + "/1")
    check("archived" in said and str(path) in said, said)
    check("archive" in d.call("check").stdout, "check does not know the archive")
    listed = d.rows("archive", "list")
    check(len(listed) == 1 and listed[0]["records"] == 2 and listed[0]["state"] == "open", f"{listed}")
    d.must("run")
    check(len(list(records(path.read_bytes(), path))) == 3, "a second run writes it once more")
    return path


def test_read_back(d, server, path):
    """The extractor reads pages that are in the archive, and in the archive alone."""
    said = d.call("article", "reextract", "--all", "-v")
    check(said.returncode == 0 and "not kept" not in said.stderr, f"reextract: {said.stderr}")
    (d.folder / "site-rules.conf").write_text("[127.31.0.1]\nremove = footer\ntitle = footer p\n")
    rows = d.rows("article", "reextract", "--all", "--dry-run")
    check(len(rows) == 3, f"with other rules: {rows}")
    moved = path.with_suffix(".away")
    path.rename(moved)
    said = d.call("article", "reextract", "--all", "--dry-run")
    check("2 not kept" in said.stderr, f"without its file: {said.stderr}")
    d.fails(1, "is not there", "archive", "verify")
    check(d.rows("archive", "list")[0]["state"] == "missing", "list does not see that it is gone")
    moved.rename(path)
    (d.folder / "site-rules.conf").unlink()


def test_verify(d, path):
    whole = path.read_bytes()
    d.must("archive", "verify")
    d.must("archive", "verify", path)
    offset = list(records(whole, path))[1][4]
    for name, data, words in (
            ("a turned bit", whole[:offset + 80] + bytes([whole[offset + 80] ^ 4]) + whole[offset + 81:], "at"),
            ("a cut end", whole[:-3], "its row says"),
            ("a tail", whole + whole[:100], "behind the last record"),
            ("a record in another's place", whole[:offset] + whole[:offset] + whole[offset * 2:], "at")):
        path.write_bytes(data)
        state = d.rows("archive", "list")[0]["state"]
        check(state == ("shorter" if len(data) < len(whole) else "open"), f"{name}: {state}")
        said = d.fails(1, words, "archive", "verify")
        check("finding" in said, f"{name}: {said}")
    path.write_bytes(whole)
    stray = path.with_name("2020-01.warc.gz")
    stray.write_bytes(whole)
    d.fails(1, "no row knows this file", "archive", "verify")
    stray.unlink()
    d.fails(66, "is not there", "archive", "verify", "nothing.warc.gz")
    said = d.fails(66, "is not there", "archive", "verify", "/nothing.warc.gz")
    check("//nothing" not in said, f"a path of its own making: {said}")
    d.fails(65, "not a WARC file", "archive", "verify", "/etc/passwd")
    d.fails(65, "2 records in 1 file: 0 findings", "archive", "verify", "/etc/passwd", path)
    d.must("archive", "verify")


def test_verify_alone(d, path):
    """A copy with damage: it goes on at the next record, and says what it left out."""
    whole = path.read_bytes()
    at = [r[4] for r in records(whole, path)]
    copy = d.folder / "copy.warc.gz"
    said = d.call("archive", "verify").stderr
    for name, data, words, n in (
            ("whole", whole, "", 2),
            ("a damaged member", whole[:at[1] + 10] + b"\xff" * 20 + whole[at[1] + 30:],
             f"copy.warc.gz at {at[1]}: damaged; {at[2] - at[1]} bytes passed over, up to the next record", 2),
            ("a damaged warcinfo", b"\0" * 20 + whole[20:], f"{at[1]} bytes passed over", 2),
            ("something between", whole[:at[2]] + b"\x1f\x8band more." + whole[at[2]:],
             f"at {at[2]}: no record; 11 bytes passed over", 2),
            ("a cut end", whole[:-3], f"at {at[2]}: it is cut off; {len(whole) - at[2] - 3} bytes", 2)):
        copy.write_bytes(data)
        if words:
            told = d.fails(1, words, "archive", "verify", copy)
            check("bytes were passed over" in told and "1 finding" in told, f"{name}: {told}")
        else:
            told = d.call("archive", "verify", copy).stderr
            check(told == said, f"{name}: {told}, in its place: {said}")
        check(f"{n} records in 1 file" in told, f"{name}: {told}")
    copy.write_bytes(gzip.compress(b"no record at all"))
    d.fails(65, "not a WARC file", "archive", "verify", copy)
    copy.unlink()


def test_verify_wacz(d):
    """Of a WACZ file the records, and each part against its SHA-256."""
    wacz, other = d.folder / "v.wacz", d.folder / "w.wacz"
    d.must("archive", "export", "--wacz", wacz)
    said = d.call("archive", "verify", wacz)
    check(said.returncode == 0 and "2 records in 1 file: 0 findings" in said.stderr, f"{said}")
    with zipfile.ZipFile(wacz) as z:
        parts = {n: z.read(n) for n in z.namelist()}
    data = parts["archive/data.warc.gz"]
    second = list(records(data, wacz))[1][4]
    for name, data, words in (
            ("archive/data.warc.gz", data[:second + 40] + b"\xff" * 20 + data[second + 60:], "up to the next record"),
            ("archive/data.warc.gz", data[:second], "its SHA-256 is not the one that datapackage.json says"),
            ("pages/pages.jsonl", b"{}\n", "its SHA-256 is not the one that datapackage.json says"),
            ("datapackage.json", parts["datapackage.json"] + b" ", "that datapackage-digest.json says")):
        with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as z:
            for n, bytes_ in parts.items():
                z.writestr(n, data if n == name else bytes_)
        said = d.fails(1, words, "archive", "verify", other)
        check(f"w.wacz: {name}" in said, said)
    whole = wacz.read_bytes()
    other.write_bytes(whole[:second + 90] + bytes([whole[second + 90] ^ 4]) + whole[second + 91:])
    d.fails(1, "not what the zip's checksum says", "archive", "verify", other)
    other.write_bytes(whole[:-40])
    d.fails(1, "a zip file that is cut off", "archive", "verify", other)
    with zipfile.ZipFile(other, "w") as z:
        z.writestr("a.txt", "text")
    d.fails(65, "no WACZ file", "archive", "verify", other)
    with zipfile.ZipFile(other, "w") as z:
        z.comment = b"PK\5\6" + b"\0" * 18  # and what looks like the end of an empty zip
        for i in range(20000):
            z.writestr(f"archive/{i}", b"")
    d.fails(65, "the directory of a zip file over 1048576 bytes", "archive", "verify", other)
    wacz.unlink()
    other.unlink()


def test_export(d, server, path):
    out = d.folder / "all.warc.gz"
    d.must("archive", "export", "--warc", out)
    found = list(records(out.read_bytes(), out))
    own = list(records(path.read_bytes(), path))
    check([r[3] for r in found[1:]] == [r[3] for r in own[1:]], "the export has other payloads")
    check(found[0][0]["warc-filename"] == "all.warc.gz", f"{found[0][0]}")
    d.must("archive", "verify", out)
    warcio(out)
    d.fails(73, "cannot be written", "archive", "export", "--warc", out)
    check(len(list(records(out.read_bytes(), out))) == len(found), "an export was written over")
    line = [desk.WIREWATCH, "archive", "export", "--warc", "-", "--item", "pier-kestrel"]
    piped = subprocess.run(line, capture_output=True, timeout=60, check=False, env=d.environment(), cwd=d.folder)
    urls = [r[0].get("warc-target-uri") for r in records(piped.stdout, "-")]
    check(urls == [None, server.root + "/1"], f"of one item: {urls}, {piped.stderr}")
    d.fails(64, "--warc FILE or --wacz FILE", "archive", "export")
    none = d.folder / "none.warc.gz"
    d.fails(1, "no record: nothing was written", "archive", "export", "--warc", none, "--until", "2020-01")
    d.fails(1, "no record", "archive", "export", "--warc", none, "--until", "2020-01", "--item", "pier-kestrel")
    d.fails(66, "did you mean pier-kestrel?", "archive", "export", "--warc", none, "--item", "pier-kestral")
    moved = path.with_suffix(".away")
    path.rename(moved)
    for option in ("--warc", "--wacz"):
        said = d.fails(1, f"2 records: {path} is not there", "archive", "export", option, none)
        check(said.count("not there") == 1, f"more than once: {said}")
    moved.rename(path)
    check(not none.exists(), "a file of nothing")
    torn = path.read_bytes()
    path.write_bytes(torn[:-3])
    part = d.folder / "part.warc.gz"
    d.fails(1, "left out", "archive", "export", "--warc", part)
    check(len(list(records(part.read_bytes(), part))) == len(found) - 1, "what is damaged is not left out alone")
    path.write_bytes(torn)


def test_wacz(d, server):
    out = d.folder / "all.wacz"
    other = d.folder / "all.wacz.part"
    other.write_text("of somebody else")
    d.must("archive", "export", "--wacz", out)
    check(other.exists() and other.read_text() == "of somebody else", "a file of another name is written over")
    other.unlink()
    check(list(d.folder.glob("all.wacz*")) == [out], "a part of it stays")
    with zipfile.ZipFile(out) as z:
        check(z.testzip() is None, "the zip is damaged")
        check(set(z.namelist()) == {"archive/data.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl",
                                    "datapackage.json", "datapackage-digest.json"}, f"{z.namelist()}")
        check(z.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED, "the records are compressed")
        package = json.loads(z.read("datapackage.json"))
        check(package["wacz_version"] == "1.1.1" and package["profile"] == "data-package", f"{package}")
        for r in package["resources"]:
            data = z.read(r["path"])
            check(r["bytes"] == len(data) and r["hash"] == "sha256:" + hashlib.sha256(data).hexdigest(), f"{r}")
        check(len(package["resources"]) == 3, f"{package}")
        digest = json.loads(z.read("datapackage-digest.json"))
        check(digest == {"path": "datapackage.json",
                         "hash": "sha256:" + hashlib.sha256(z.read("datapackage.json")).hexdigest()}, f"{digest}")
        data = z.read("archive/data.warc.gz")
        found = {r[4]: r for r in records(data, "wacz")}
        lines = z.read("indexes/index.cdxj").decode().splitlines()
        check(lines == sorted(lines) and len(lines) == 2, f"{lines}")
        for line in lines:
            key, at, rest = line.split(" ", 2)
            row = json.loads(rest)
            h, status, _, _, offset, length = found[int(row["offset"])]
            check(key.startswith("1,0,31,127:") and key.endswith(")" + row["url"][len(server.root):]), key)
            check(at.startswith("202611200800") and row["filename"] == "data.warc.gz", line)
            check(int(row["length"]) == length and row["url"] == h["warc-target-uri"] and
                  row["digest"] == h["warc-payload-digest"] and row["status"] in status and
                  row["mime"] == "text/html", line)
        pages = [json.loads(line) for line in z.read("pages/pages.jsonl").decode().splitlines()]
        named = {p["url"]: p for p in pages[1:]}
        one = named[server.root + "/1"]
        check(pages[0]["format"] == "json-pages-1.0" and len(named) == 2 and one["ts"].startswith(desk.NOW[:17]) and
              one["title"] == "Kestrel Pier closes", f"{pages}")
    d.fails(73, "is there already", "archive", "export", "--wacz", out)
    d.fails(64, "wants a file", "archive", "export", "--wacz", "-")


def test_all_and_none(server):
    feed = news(server)
    # Another address with the very same bytes; and a page that waits for no run longer than it must.
    server.put("/4", server.pages["/3"][2])
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = all\ndirectory = kept/here\n[extract]\nkeep-pages = 0\n") as d:
        (d.folder / "kept").mkdir()
        d.must("feed", "add", feed)
        d.must("run")
        path = archived(d, "kept/here")
        check(len(list(records(path.read_bytes(), path))) == 4, "keep = all keeps not all")
        stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
        check(stats["kept_pages"] == 0 and stats["archive_records"] == 3, f"{stats}")
        # What the server compressed is copied, not compressed once more.
        check(server.pages["/1"][2] in path.read_bytes(), "compressed twice")
        if desk.engine.only_on_a_file("a copy that is a file"):
            said = d.call("db", "backup", d.folder / "copy.db")
            check("without the 1 file" in said.stderr and "kept/here" in said.stderr, said.stderr)
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = matched\n[extract]\nkeep-pages = 0\n") as d:
        d.must("feed", "add", feed)
        d.must("run")
        if desk.engine.only_on_a_file("an archive beside its database"):
            (d.folder / "other").mkdir()
            said = d.call("db", "copy", d.db, d.folder / "other" / "copy.db").stderr
            check(f"copy it from {archive_of(d)} to {d.folder / 'other' / 'warc'}" in said, said)
        stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
        check(stats["kept_pages"] == 0 and stats["archive_records"] == 2, f"keep-pages 0: {stats}")
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = none\n") as d:
        d.must("feed", "add", feed)
        d.must("run")
        check(not archive_of(d).exists(), "keep = none makes an archive")
        stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
        check(stats["kept_pages"] == 3 and stats["archive_records"] == 0, f"keep = none: {stats}")
        check("nothing was archived" in d.call("archive", "list").stderr, "archive list of none")


def test_files():
    """Documents without an HTTP head: resources, one of them twice."""
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = all\n[extract]\nkeep-files = yes\n") as d:
        desk.history(d)
        d.must("backfill", "files", "history")
        path = archived(d)
        found = list(records(path.read_bytes(), path))
        check(len(found) > 3 and {r[0]["warc-type"] for r in found} == {"warcinfo", "resource"},
              f"{[r[0]['warc-type'] for r in found]}")
        check(all(r[0]["content-type"].startswith("text/") for r in found[1:]), f"{[r[0] for r in found]}")
        warcio(path)
        d.must("archive", "verify")


def test_round(d, server):
    """A WARC file goes in, and what is kept of it has the head, the date and the bytes that stood there."""
    out = d.folder / "round.warc.gz"
    d.must("archive", "export", "--warc", out)
    before = {r[0]["warc-target-uri"]: r for r in list(records(out.read_bytes(), out))[1:]}
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = all\n[extract]\nkeep-files = yes\n") as other:
        other.must("--now", "2026-12-24T08:00:00Z", "backfill", "warc", out)
        path = archived(other, month="2026-12")
        after = {r[0]["warc-target-uri"]: r for r in list(records(path.read_bytes(), path))[1:]}
        check(set(after) == set(before) and len(after) == 2, f"{set(after)} of {set(before)}")
        for url, (h, status, http, payload, _, _) in after.items():
            was = before[url]
            gzipped = was[2].get("content-encoding") == "gzip"
            check(payload == (gzip.decompress(was[3]) if gzipped else was[3]), f"another page: {url}")
            check("content-encoding" not in http and status == was[1], f"{http}")
            check(http["server"] == was[2]["server"] and h["warc-date"] == was[0]["warc-date"], f"{h} {http}")
            check(h["warc-source-uri"].startswith("file:"), f"{h}")
        other.must("archive", "verify")
        warcio(path)


def test_full(server):
    """No room: an error of ours, mail has left, nothing half; the next run makes up for it."""
    with desk.Desk() as d:
        d.must("feed", "add", news(server))
        folder = archive_of(d)
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.write_text("no folder")
        d.fails(74, "archive", "run")
        check(list((d.folder / "mail").rglob("*.eml")) or list((d.folder / "mail").rglob("*")), "and no mail left")
        stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
        check(stats["kept_pages"] == 3 and stats["archive_records"] == 0, f"{stats}")
        folder.unlink()
        d.must("run")
        stats = {r["name"]: r["value"] for r in d.rows("db", "stats")}
        check(stats["kept_pages"] == 1 and stats["archive_records"] == 2, f"{stats}")


def test_killed(server):
    """Killed at any moment, again and again: every page is there once, and nothing else."""
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = none\n[extract]\nkeep-files = yes\n") as d:
        for i in range(40):
            text = [f"{p} This was said for the {i * 7919}th time since {1700 + i}." for p in desk.BODY]
            d.write(f"old/{i}.html", desk.page(f"Kestrel Pier, {i}", text, url=f"https://news.example/{i}"))
        d.must("backfill", "files", "old")
        d.config.write_text(d.config.read_text().replace("keep = none", "keep = all"))
        n_killed = 0
        for delay in [0.012 + 0.006 * i for i in range(8)]:
            run = subprocess.Popen([desk.WIREWATCH, "--now", desk.NOW, "run", "--only", "alert", "-q"],
                                   env=d.environment(), cwd=d.folder)
            try:
                run.wait(delay)
            except subprocess.TimeoutExpired:
                run.kill()
                n_killed += run.wait() == -9
        d.must("run", "--only", "alert")
        check(n_killed > 0, "no run was killed")
        path = archived(d)
        check([p.name for p in path.parent.iterdir()] == [path.name], "more files than one")
        n = {r["name"]: r["value"] for r in d.rows("db", "stats")}["archive_records"]
        ids = [r[0]["warc-record-id"] for r in records(path.read_bytes(), path)]
        check(len(ids) == len(set(ids)) == n + 1 and n > 30, f"{len(ids)} records of {n}")
        d.must("archive", "verify")


def test_stopped(server):
    """An export into a pipe that is stopped says how far it came: that much has gone out."""
    noise = [random.Random(i).randbytes(200000).hex() for i in range(3)]
    entries = []
    for i, bytes_ in enumerate(noise):
        page = desk.page(f"Kestrel Pier {i}", desk.BODY, url=f"{server.root}/noise-{i}")
        server.put(f"/noise-{i}", page.replace("<footer>", f"<!-- {bytes_} --><footer>"))
        entries.append((f"Kestrel Pier {i}", f"{server.root}/noise-{i}"))
    server.put("/noise", desk.rss("Northmoor Post", entries), "application/rss+xml")
    with desk.Desk(desk.CONFIG + "[archive]\nkeep = all\n") as d:
        d.must("feed", "add", server.root + "/noise")
        d.must("run")
        run = subprocess.Popen([desk.WIREWATCH, "archive", "export", "--warc", "-"], bufsize=0, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=d.environment(), cwd=d.folder)
        first = run.stdout.read(1)  # the rest of that record does not fit into the pipe
        run.send_signal(signal.SIGINT)
        out, said = run.communicate(timeout=60)
        n = len(list(records(first + out, "-"))) - 1
        check(0 < n < 3, f"{n} records before it was stopped")
        check(f"stopped behind {n} record" in said.decode() and run.returncode == 130, f"{run.returncode}: {said}")


def main():
    server = desk.Server()
    with desk.Desk() as d:
        path = test_matched(d, server)
        test_read_back(d, server, path)
        test_verify(d, path)
        test_verify_alone(d, path)
        test_verify_wacz(d)
        test_export(d, server, path)
        test_wacz(d, server)
        test_round(d, server)
    test_all_and_none(server)
    test_files()
    test_full(server)
    test_killed(server)
    test_stopped(server)
    server.close()
    desk.finish("the archive is kept, read back and exported")


main()

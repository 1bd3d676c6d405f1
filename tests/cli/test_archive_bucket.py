#!/usr/bin/env python3
"""The archive in a bucket: what is closed goes there once and whole, is read there by verify, export
and reextract, and what goes wrong there is said with what to do. No output holds a secret."""
import gzip
import re
import signal
import subprocess
import time

import bucket_server
import desk
from desk import check

DECEMBER = "2026-12-02T08:00:00Z"
MACHINE = "" if desk.engine.is_file else ".fuji"
FILE = f"2026-11{MACHINE}.warc.gz"
KEY = "desk/" + FILE
COPIED = desk.page("Kestrel Pier by day", desk.BODY[1:]).replace('<link rel="canonical" href="https://news.example/1">', "")
said = []  # all that was ever printed


def settings(store, more=""):
    return (f"[archive]\ndirectory = warc\ns3 = {store.base}/pages/desk\ns3-region = {store.region}\n"
            f"s3-key = {store.key_id}\ns3-secret-file = s3.secret\n{more}")


def news(server):
    one = desk.page("Kestrel Pier closes", desk.BODY, url=server.root + "/1", published="2026-11-20T07:00:00Z")
    two = desk.page("A lamp for Osprey Light", [p.replace("harbour", "town") for p in reversed(desk.BODY)],
                    url=server.root + "/2", published="2026-11-20T07:00:00Z", name="Osprey Light")
    server.put("/1", one)
    server.put("/2", two)
    entries = [("Kestrel Pier closes", server.root + "/1"), ("A lamp", server.root + "/2")]
    return server.put("/rss", desk.rss("Northmoor Post", entries), "application/rss+xml")


class Desk(desk.Desk):
    """With two pages in its archive, and a bucket."""

    def __init__(self, server, store, more=""):
        super().__init__(desk.CONFIG.replace("[fetch]", "machine = fuji\n[fetch]") + settings(store, more))
        self.store = store
        self.secret(store.secret)
        self.path = self.folder / "warc" / FILE
        self.must("feed", "add", news(server))
        self.must("run")

    def secret(self, text):
        path = self.folder / "s3.secret"
        path.write_text(text + "\n")
        path.chmod(0o600)

    def line(self, *words, now=desk.NOW):
        return [desk.WIREWATCH, "--now", now] + [str(w) for w in words]

    def call(self, *words, now=desk.NOW):
        done = subprocess.run(self.line(*words, now=now), capture_output=True, timeout=desk.COMMAND_S,
                              check=False, env=self.environment(), cwd=self.folder, text=True,
                              errors="surrogateescape")
        said.append((words, done.stdout + done.stderr))
        return done

    def sql(self, words):
        desk.engine.write(self.db, words)

    def upload(self, *words, code=0, says=""):
        done = self.call("archive", "upload", *words)
        check(done.returncode == code and says in done.stderr,
              f"upload ended with {done.returncode}, not {code} and {says!r}: {done.stderr}")
        return done.stderr

    def state(self):
        rows = self.rows("archive", "list")
        return [(r["state"], r["place"] or "") for r in rows]


def test_upload(d):
    """Not while it is written to; when its month is over a run sends it, and the copy here goes."""
    store = d.store
    d.upload(says="one is still written to")
    check(not store.objects and d.state() == [("open", "")], f"sent too early: {d.state()}")
    whole = d.path.read_bytes()
    d.must("run", now=DECEMBER)
    check(list(store.objects) == [KEY], f"{list(store.objects)}")
    check(store.objects[KEY].body == whole, "other bytes")
    check(d.state() == [("sent", f"{store.base}/pages/{KEY}")], f"{d.state()}")
    check(not d.path.exists(), "the copy here stays")
    check(store.counts()["PUT"] == 1, f"{store.counts()}")
    d.must("run", now=DECEMBER)
    check(store.counts()["PUT"] == 1, "sent again")
    told = d.must("article", "show", d.rows("article", "list")[0]["url"])
    check(f"{store.base}/pages/{KEY}" in told, told)
    told = d.call("check").stdout
    check("2 pages in 1 file" in told, told)
    return whole


def test_read(d, whole):
    """From the bucket alone."""
    store = d.store
    store.log.clear()
    told = d.call("archive", "verify")
    check(told.returncode == 0 and "2 records in 1 file: 0 findings" in told.stderr, f"{told}")
    told = d.call("archive", "verify", FILE)
    check(told.returncode == 0 and "2 records in 1 file" in told.stderr, f"{told}")
    check(store.counts()["GET"] <= 8, f"too many requests: {store.log}")
    check(all(span for _, _, span in store.log), f"a whole file is read: {store.log}")
    out = d.folder / "all.warc.gz"
    d.must("archive", "export", "--warc", out)
    check(len(out.read_bytes()) > len(whole) // 2, "an empty export")
    d.must("archive", "verify", out)
    (d.folder / "site-rules.conf").write_text("[127.31.0.1]\ntitle = footer p\n")
    rows = d.rows("article", "reextract", "--all")
    check(len(rows) == 2, f"reextract from the bucket: {rows}")
    (d.folder / "site-rules.conf").unlink()


def again(d, server, number):
    """The bytes of one page at another address, in the archive; of which kind its record is."""
    server.put(f"/{number}", COPIED)
    address = server.root + f"/{number}"
    server.put("/rss", desk.rss("Northmoor Post", [("Kestrel Pier by day", address)]), "application/rss+xml")
    d.must("run", now="2026-11-21T%02d:00:00Z" % number)
    out = d.folder / f"copies-{number}.warc.gz"
    d.call("archive", "export", "--warc", out)
    records = gzip.decompress(out.read_bytes()).split(b"WARC/1.1\r\n")
    return next(re.search(rb"WARC-Type: (\w+)", r)[1].decode() for r in records if f"{address}\r\n".encode() in r)


def test_damage(d, whole):
    """What is there is another thing by now, or nothing."""
    thing = d.store.objects[KEY]
    thing.body = whole[:200] + bytes([whole[200] ^ 4]) + whole[201:]
    d.fails(1, KEY, "archive", "verify")
    thing.body = whole[:-3]
    d.fails(1, "its row says", "archive", "verify")
    del d.store.objects[KEY]
    said_ = d.fails(1, "NoSuchKey", "archive", "verify")
    check(KEY in said_, said_)
    out = d.folder / "none.warc.gz"
    told = d.call("archive", "export", "--warc", out)
    check(told.returncode == 1 and "left out" in told.stderr and "NoSuchKey" in told.stderr, told.stderr)
    told = d.call("article", "reextract", "--all", "--dry-run")
    check("2 not kept" in told.stderr, told.stderr)
    thing.body = whole
    d.store.objects[KEY] = thing
    d.must("archive", "verify")


def test_trouble(d, whole):
    """Before the file is there: it stays here, whatever the bucket says, and goes when it is well."""
    store = d.store
    for what, method, times, code, words in (
            ("busy", "", 1, 0, "1 file sent"),
            ("cut", "PUT", 1, 0, "1 file sent"),
            ("busy", "", 9, 75, "503 SlowDown"),
            ("cut", "PUT", 9, 75, "PUT"),
            ("denied", "", 9, 77, "403 AccessDenied: the key may not do that"),
            ("full", "PUT", 9, 3, "507 XMinioStorageFull: there is no more room"),
            ("etag", "PUT", 9, 3, "the server says ETag 00000000"),
            ("damage", "PUT", 9, 3, "the server says ETag")):
        store.failures = []
        store.fail(what, method, times)
        told = d.upload("--all", code=code, says=words)
        check(code == 0 or (store.base in told and "desk/2026-11" in told), f"{what}: which file? {told}")
        store.failures = []
        if code == 0:
            fresh(d, whole)
        else:
            check(d.path.read_bytes() == whole and d.state() == [("closed", "")], f"{what}: {d.state()}")
    store.failures = []
    d.upload(says="1 file sent")
    check(store.objects[KEY].body == whole, "what was damaged there stays")
    fresh(d, whole)
    test_settings(d)
    log = d.call("run", now=DECEMBER)
    check(log.returncode == 0 and KEY in store.objects, f"{log.stderr}")


def fresh(d, whole):
    """As before it was sent."""
    d.store.objects.clear()
    d.path.write_bytes(whole)
    d.sql("UPDATE archive_file SET place = '', sha256 = ''")


def test_settings(d):
    """Whose fault it is, and what to do; a run warns and goes on."""
    store, config = d.store, d.config.read_text()
    for old, new, code, words in (
            (store.key_id, "AKIASOMEBODY", 77, "403 InvalidAccessKeyId: nobody there knows the key"),
            (f"s3-region = {store.region}", "s3-region = elsewhere-1", 77, "AuthorizationHeaderMalformed"),
            ("/pages/desk", "/papers/desk", 77, "404 NoSuchBucket: there is no such bucket"),
            (store.base, "http://127.0.0.1:9", 75, "http://127.0.0.1:9/pages/desk"),
            ("s3-secret-file = s3.secret", "s3-secret-file = none.secret", 77, "none.secret")):
        d.config.write_text(config.replace(old, new))
        d.upload(code=code, says=words)
        ran = d.call("run", now=DECEMBER)
        check(ran.returncode == 0 and "the next run sends it" in ran.stderr, f"{new}: {ran.returncode} {ran.stderr}")
    d.config.write_text(config)
    d.secret("another-secret-of-nobody")
    d.upload(code=77, says="SignatureDoesNotMatch: the secret is not that of s3-key")
    d.secret(store.secret)
    store.ahead_s = 3600
    d.upload(code=77, says="RequestTimeTooSkewed: this machine's clock is wrong")
    store.ahead_s = 0
    for old, new, words in (
            (f"s3-key = {store.key_id}\n", "", "wants s3-key"),
            ("s3-secret-file = s3.secret\n", "", "wants a secret: s3-secret-command"),
            ("s3-secret-file = s3.secret\n", "s3-secret = abc\n", "no s3-secret stands in the settings"),
            (store.base, "http://192.0.2.7:9000", "plain http reaches this machine alone"),
            ("/pages/desk", "", "wants https://endpoint/bucket"),
            ("/pages/desk", "/pages/a%20b", "wants https://endpoint/bucket"),
            (f"s3-region = {store.region}", "s3-region = a/b", "s3-region is a name")):
        d.config.write_text(config.replace(old, new))
        d.fails(78, words, "archive", "upload")
    d.config.write_text(config.replace(re.search(r"\[archive\][^\[]*", config)[0], ""))
    d.fails(78, "wants [archive] s3", "archive", "upload")
    d.config.write_text(config)


def test_another(d, whole):
    """A file of that name that is not ours is never written over."""
    store = d.store
    fresh(d, whole)
    store.objects[KEY] = bucket_server.Object(b"somebody else's", {})
    d.upload(code=3, says="is another file: of another desk?")
    check(store.objects[KEY].body == b"somebody else's" and d.path.read_bytes() == whole, "written over")
    del store.objects[KEY]


def test_killed(d, whole):
    """kill -9 between the PUT and the row: the next one finds it there, and sends nothing twice."""
    store = d.store
    fresh(d, whole)
    store.log.clear()
    seen = []

    def hold(key):
        seen.append(key)
        process.send_signal(signal.SIGKILL)
        process.wait()

    store.after_put = hold
    process = subprocess.Popen(d.line("archive", "upload"), env=d.environment(), cwd=d.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(400):
        if process.poll() is not None:
            break
        time.sleep(0.02)
    check(process.returncode == -signal.SIGKILL and seen == [KEY], f"{process.returncode} {seen}")
    store.after_put = None
    check(d.path.exists() and d.state() == [("closed", "")], f"{d.state()}")
    d.upload(says="1 file sent")
    check(store.counts()["PUT"] == 1, f"sent twice: {store.log}")
    check(not d.path.exists() and d.state()[0][0] == "sent", f"{d.state()}")
    d.path.write_bytes(whole)  # killed between the row and the removal
    d.upload(says="0 files sent, 0 bytes, 1 removed here")
    d.path.write_bytes(whole + b"more")  # of nobody: it stays
    d.upload(says="0 removed here")
    check(d.path.exists(), "bytes that no row knows were removed")
    d.path.unlink()


def test_kept(server, store):
    """keep-local = yes; a secret from a program; the open file goes with --all, and the month goes on."""
    with Desk(server, store, "keep-local = yes\n") as d:
        config = d.config.read_text()
        d.config.write_text(config.replace("s3-secret-file = s3.secret", "s3-secret-command = cat s3.secret"))
        d.upload("--all", says="1 file sent")
        check(d.path.exists() and d.state()[0][0] == "sent", f"{d.state()}")
        gets = store.counts()["GET"]
        d.must("archive", "verify")
        check(store.counts()["GET"] == gets, "the bucket is asked for what is here")
        third = desk.page("Kestrel Pier opens", desk.BODY[:2], url=server.root + "/5", published="2026-11-20T07:30:00Z")
        server.put("/5", third)
        server.put("/rss", desk.rss("Northmoor Post", [("Kestrel Pier opens", server.root + "/5")]),
                   "application/rss+xml")
        d.must("run", now="2026-11-21T08:00:00Z")
        names = [r["file"] for r in d.rows("archive", "list")]
        check(names == [FILE, f"2026-11{MACHINE}-2.warc.gz"], f"{names}")


def test_copies(server, store):
    """The same page once more is a note also where the first is in the bucket alone."""
    with Desk(server, store) as d:
        check(again(d, server, 7) == "response", "a first page is a note")
        d.upload("--all", says="1 file sent, ")
        check(not d.path.exists(), "the copy here stays")
        store.log.clear()
        check(again(d, server, 8) == "revisit", "a page that is in the bucket is kept again")
    if not desk.engine.only_on_a_server("a database of one machine has one folder"):
        return
    store.objects.clear()
    with Desk(server, store) as d:
        fuji = d.config.read_text()
        check(again(d, server, 7) == "response", "a first page is a note")
        d.config.write_text(fuji.replace("machine = fuji", "machine = etna").replace("directory = warc", "directory = etna"))
        check(again(d, server, 8) == "response", "a note refers to what lies on fuji's disk")
        check(again(d, server, 9) == "revisit", "etna keeps a page of its own twice")
        d.config.write_text(fuji)
        check(again(d, server, 10) == "revisit", "fuji's page is forgotten because etna has it, too")


def test_machines(server, store):
    """What fuji wrote, etna can read once it is in the bucket, and never sends; each has files of its own."""
    if not desk.engine.only_on_a_server("a database of one machine has one folder"):
        return
    with Desk(server, store) as d:
        fuji = d.config.read_text()
        etna = fuji.replace("machine = fuji", "machine = etna").replace("directory = warc", "directory = etna")
        d.config.write_text(etna)
        told = d.call("archive", "verify")
        check(told.returncode == 0 and "1 file of other machines, in no bucket yet" in told.stderr, f"{told}")
        check(d.state() == [("elsewhere", "")], f"{d.state()}")
        out = d.folder / "none.warc.gz"
        d.fails(1, f"{FILE} is on fuji, and in no bucket yet", "archive", "export", "--warc", out)
        d.upload("--all", says="0 files sent")
        check(not store.objects and d.path.exists(), "etna sends what is fuji's")
        page = desk.page("Kestrel Pier by night", desk.BODY[1:], url=server.root + "/6", published="2026-11-20T07:40:00Z")
        server.put("/6", page)
        server.put("/rss", desk.rss("Northmoor Post", [("Kestrel Pier by night", server.root + "/6")]),
                   "application/rss+xml")
        d.must("run", now="2026-11-21T08:00:00Z")
        d.upload("--all", says="1 file sent")
        d.config.write_text(fuji)
        check([s for s, _ in d.state()] == ["open", "sent"], f"{d.state()}")
        d.upload("--all", says="1 file sent")
        d.config.write_text(etna)
        check(sorted(store.objects) == ["desk/2026-11.etna.warc.gz", KEY], f"{sorted(store.objects)}")
        told = d.call("archive", "verify")
        check(told.returncode == 0 and "3 records in 2 files: 0 findings" in told.stderr, f"{told}")
        d.must("archive", "export", "--warc", out)


def test_secrets(store):
    for words, text in said:
        check(store.secret not in text and store.secret[:12] not in text and "another-secret" not in text,
              f"{words}: a secret was said: {text}")


def main():
    server = desk.Server()
    store = bucket_server.Store()
    with Desk(server, store) as d:
        whole = test_upload(d)
        test_read(d, whole)
        test_damage(d, whole)
        fresh(d, whole)
        test_trouble(d, whole)
        test_another(d, whole)
        test_killed(d, whole)
    store.objects.clear()
    test_kept(server, store)
    store.objects.clear()
    test_copies(server, store)
    store.objects.clear()
    test_machines(server, store)
    test_secrets(store)
    check(len(said) > 40, f"{len(said)} outputs")
    desk.finish(f"{sum(store.counts().values())} requests, {len(said)} outputs without a secret")


main()

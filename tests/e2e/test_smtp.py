"""Every way in which a mail server can fail, on a real server on loopback, through `wirewatch digest
send`: what the message is afterwards, what is said about it, and with which status it ends. The
password is nowhere but behind TLS."""

import base64
import concurrent.futures
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import desk  # noqa: E402
import mailserver  # noqa: E402
from desk import check  # noqa: E402
from mailserver import DROP, SILENT, Server  # noqa: E402

PASSWORD = "correct-horse-battery"
SENT, DEFERRED, FAILED, UNKNOWN = (0, "sent"), (75, "deferred"), (69, "failed"), (75, "unknown")
ROW_S = 15  # longest that one row may take


def endless(link):
    while True:
        link.sendall(b"250-and on\r\n" * 1000)


LONG = "x" * 100_000
BUSY = "421 4.3.2 too busy"

# name: the server, the settings, the end, the words
ROWS = {
    "all is well": ({}, {}, SENT, "250 2.0.0 queued as 77"),
    "all is well, TLS from the first byte": ({"tls": "implicit"}, {}, SENT, "queued as 77"),
    "all is well, without a login": ({"login": False}, {"user": None}, SENT, "queued as 77"),
    "all is well, in the clear on this machine": ({"tls": None, "login": False}, {"user": None, "tls": "none"},
                                                  SENT, "queued as 77"),
    "no PIPELINING, no SIZE, no 8BITMIME": ({"offers": ()}, {}, SENT, "queued as 77"),
    "SIZE without a number": ({"offers": ("SIZE",)}, {}, SENT, "queued as 77"),
    "SIZE 0: it has no limit": ({"offers": ("SIZE 0",)}, {}, SENT, "queued as 77"),
    "a SIZE that anybody could have written, before TLS": ({"ehlo": "250-mail\r\n250-SIZE 10\r\n250 STARTTLS"}, {},
                                                           SENT, "queued as 77"),
    "one byte at a time": ({"byte_s": 0.002}, {}, SENT, "queued as 77"),
    "lines of 100 KB": ({"mail": f"250-{LONG}\r\n250 ok", "final": f"250-{LONG}\r\n250 2.0.0 queued as 78"}, {},
                        SENT, "queued as 78"),
    "another 2xx behind the dot": ({"final": "251 2.0.0 forwarded"}, {}, SENT, "251 2.0.0 forwarded"),
    "no answer to QUIT": ({"quit": SILENT}, {}, SENT, "queued as 77"),
    "dropped at QUIT": ({"quit": DROP}, {}, SENT, "queued as 77"),

    "nobody listens": (None, {}, DEFERRED, "onnect"),
    "421 as greeting": ({"greeting": BUSY}, {}, DEFERRED, BUSY),
    "421 to EHLO": ({"ehlo": BUSY}, {}, DEFERRED, BUSY),
    "421 to STARTTLS": ({"starttls": BUSY}, {}, DEFERRED, BUSY),
    "421 to EHLO behind TLS": ({"ehlo_tls": BUSY}, {}, DEFERRED, BUSY),
    "421 to AUTH": ({"auth": BUSY}, {}, DEFERRED, BUSY),
    "421 to MAIL": ({"mail": BUSY}, {}, DEFERRED, BUSY),
    "421 to RCPT": ({"rcpt": BUSY}, {}, DEFERRED, BUSY),
    "421 to DATA": ({"data": BUSY}, {}, DEFERRED, BUSY),
    "421 behind the dot": ({"final": BUSY}, {}, DEFERRED, BUSY),
    "554 as greeting": ({"greeting": "554 5.3.2 no service"}, {}, DEFERRED, "554 5.3.2 no service"),
    "454 to STARTTLS": ({"starttls": "454 4.7.0 no TLS now"}, {}, DEFERRED, "no TLS, so nothing was sent: 454 4.7.0"),
    "450: greylisted": ({"rcpt": "450 4.2.0 greylisted"}, {}, DEFERRED, "450 4.2.0 greylisted"),
    "451 to MAIL": ({"mail": "451 4.3.0 later"}, {}, DEFERRED, "451 4.3.0 later"),
    "451 to DATA": ({"data": "451 4.3.0 later"}, {}, DEFERRED, "451 4.3.0 later"),
    "451 behind the dot": ({"final": "451 4.3.0 disk"}, {}, DEFERRED, "451 4.3.0 disk"),
    "452: no room": ({"mail": "452 4.3.1 no room"}, {}, DEFERRED, "452 4.3.1 no room"),
    "530: log in first": ({"mail": "530 5.7.0 log in first"}, {"user": None}, DEFERRED, "530 5.7.0"),
    "535: the password is wrong": ({"auth": "535 5.7.8 no"}, {}, DEFERRED, "not logged in as watch: 535 5.7.8 no"),
    "535, and PLAIN alone is known": ({"auth": "535 5.7.8 no", "login": False, "offers": ("AUTH PLAIN",)}, {},
                                      DEFERRED, "535 5.7.8 no"),
    "no way to log in that we know": ({"login": False, "offers": ("AUTH X-TOKEN",)}, {}, DEFERRED,
                                      "not logged in as watch"),

    "550 to MAIL": ({"mail": "550 5.1.8 bad sender"}, {}, FAILED, "550 5.1.8"),
    "550 to RCPT": ({"rcpt": "550 5.1.1 who\x1b[31m?"}, {}, FAILED, "550 5.1.1 who"),
    "552 to MAIL": ({"mail": "552 5.3.4 too big"}, {}, FAILED, "552 5.3.4"),
    "552 behind the dot": ({"final": "552 5.2.2 mailbox full"}, {}, FAILED, "552 5.2.2"),
    "554 behind the dot": ({"final": "554 5.7.1 spam"}, {}, FAILED, "554 5.7.1"),
    "larger than the server takes": ({"offers": ("SIZE 1000",)}, {}, FAILED, "the server takes 1000"),

    "dropped before the greeting": ({"greeting": DROP}, {}, DEFERRED, ""),
    "dropped at EHLO": ({"ehlo": DROP}, {}, DEFERRED, ""),
    "dropped at MAIL": ({"mail": DROP}, {}, DEFERRED, ""),
    "dropped at DATA": ({"data": DROP}, {}, DEFERRED, ""),
    "dropped inside the message": ({"final": "(drop inside)"}, {}, UNKNOWN, "lost after the last byte"),
    "dropped behind the dot": ({"final": DROP}, {}, UNKNOWN, "lost after the last byte"),
    "half a reply behind the dot": ({"final": "250-queued, and\r\n250-" + DROP}, {"timeout": "1s"}, UNKNOWN,
                                    "lost after the last byte"),
    "silent from the start": ({"greeting": SILENT}, {"timeout": "1s"}, DEFERRED, "time"),
    "silent behind the dot": ({"final": SILENT}, {"timeout": "1s"}, UNKNOWN, "lost after the last byte"),
    "one byte at a time, for ever": ({"mail": "250 " + LONG, "byte_s": 0.01}, {"timeout": "1s"}, DEFERRED, "time"),
    "a reply without an end": ({"mail": lambda _: endless}, {}, DEFERRED, "a reply without an end"),
    "a reply without an end behind the dot": ({"final": endless}, {}, UNKNOWN, "a reply without an end"),
    "HTTP": ({"greeting": "HTTP/1.1 400 Bad Request"}, {"timeout": "1s"}, DEFERRED, ""),

    "STARTTLS taken out": ({"strips_starttls": True}, {}, DEFERRED, "no TLS, so nothing was sent"),
    "no TLS at all, a login offered": ({"tls": None}, {}, DEFERRED, "no TLS, so nothing was sent"),
    "an expired certificate": ({"certificate": "expired"}, {}, DEFERRED, "expired"),
    "a certificate for another name": ({"certificate": "wrong-name"}, {}, DEFERRED, "name"),
    "a certificate of its own making": ({"certificate": "self-signed"}, {}, DEFERRED, "self"),
    "expired, TLS from the first byte": ({"certificate": "expired", "tls": "implicit"}, {}, DEFERRED, "expired"),
    "an authority nobody knows": ({}, {"ca-file": None}, DEFERRED, "certificate"),
}


class Rows:
    """One desk that has something to tell, copied for each row."""

    def __init__(self, d):
        self.d = d
        self.password = d.write("password", PASSWORD + "\n")
        self.password.chmod(0o600)

    def config(self, server, settings, analysts=("one",)):
        mail = {"transport": "smtp", "server": server, "tls": "required", "user": "watch",
                "password-file": self.password, "from": "Wire Watch <wirewatch@watch.example.org>",
                "envelope-from": "bounces@watch.example.org", "list-id": "watch.example.org",
                "timeout": "10s", "ca-file": mailserver.TLS / "authority.pem", **settings}
        if mail["user"] is None:
            mail["password-file"] = None
        ca = mail.pop("ca-file")
        lines = ["[wirewatch]", "contact = desk@example.org", "[match]", "watchlist = watchlist"]
        lines += ["[fetch]", f"ca-file = {ca}"] if ca else []
        lines += ["[mail]"] + [f"{k} = {v}" for k, v in mail.items() if v is not None]
        for name in analysts:
            lines += [f'[analyst "{name}"]', f"email = {name}@example.org"]
        return "\n".join(lines) + "\n"

    def send(self, config):
        """Status, what was said, the messages and the store's bytes, from a fresh copy."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.d.folder))
        db = desk.engine.copy(self.d.db, folder / "wirewatch.db")
        path = folder / "row.conf"
        path.write_text(config)
        words = ("--config", path, "--db", db)
        done = self.d.call(*words, "digest", "send", "-v")
        messages = self.d.rows(*words, "outbox", "list")
        stored = desk.engine.stored_bytes(db)
        shutil.rmtree(folder)
        return done.returncode, done.stdout + done.stderr, messages, stored


def secrets():
    """What must not be seen: as it is, and as AUTH PLAIN and LOGIN write it."""
    plain = base64.b64encode(b"\0watch\0" + PASSWORD.encode()).decode()
    return [PASSWORD, plain, base64.b64encode(PASSWORD.encode()).decode()]


def one_row(rows, name, script, settings, want, words):
    server = Server(**script) if script is not None else None
    begun = time.monotonic()
    status, said, messages, stored = rows.send(rows.config(server.url if server else "smtp://127.13.23.1:1", settings))
    took = time.monotonic() - begun
    found = [(m["state"], m["reply"]) for m in messages]
    check(status == want[0] and len(found) == 1 and found[0][0] == want[1] and words in found[0][1],
          f"{name}: status {status}, {found}, not {want} with {words!r}: {said}")
    check(took < ROW_S, f"{name}: took {took:.1f} s")
    check("\x1b" not in said + str(found), f"{name}: a reply reached the terminal raw")
    if server is None:
        return
    server.close()
    for secret in secrets():
        check(secret not in "\n".join(server.clear), f"{name}: the password went over a plain link")
        check(secret not in said + str(messages), f"{name}: the password was said")
        check(secret.encode() not in stored, f"{name}: it is in the store")
    if settings.get("tls") != "none":
        check(not any(line.upper().startswith(("MAIL", "AUTH")) for line in server.clear),
              f"{name}: spoken in the clear: {server.clear}")
    if want is SENT:
        lines = server.private or server.clear
        check("EHLO watch.example.org" in lines and "RCPT TO:<one@example.org>" in lines, f"{name}: {lines}")
        check(any(line.startswith("MAIL FROM:<bounces@watch.example.org>") for line in lines), f"{name}: {lines}")
        check(len(server.taken) == 1 and max(server.taken[0]) < 128, f"{name}: {len(server.taken)} taken, or 8-bit")
        check("user" in settings or any(s in "\n".join(lines) for s in secrets()), f"{name}: never logged in")
    elif want is DEFERRED and "final" not in script:
        check(server.taken == [], f"{name}: the message left")


def one_of_three(rows):
    """The server knows two of three: one message each, and nobody pays for another."""
    server = Server(rcpt=lambda line: "550 5.1.1 no such user" if "two@" in line else "250 ok")
    status, said, messages, _ = rows.send(rows.config(server.url, {}, ("one", "two", "three")))
    server.close()
    states = {m["analyst"]: m["state"] for m in messages}
    check(status == 69 and states == {"one": "sent", "two": "failed", "three": "sent"}, f"{status}, {states}: {said}")
    check([line for line in server.private if line.startswith("RCPT")] ==
          [f"RCPT TO:<{n}@example.org>" for n in ("one", "two", "three")], f"{server.private}")
    check(len(server.taken) == 2, f"{len(server.taken)} taken")


with desk.Desk(desk.CONFIG) as d:
    site = desk.Server("127.31.0.3")
    try:
        d.must("feed", "add", desk.feed(site))
        d.must("run", "--only", "crawl")
        d.must("run", "--only", "alert")
        rows = Rows(d)
        # Most of the time is spent waiting.
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(one_row, rows, name, *row) for name, row in ROWS.items()]:
                done.result()
        one_of_three(rows)
    finally:
        site.close()
desk.finish(f"smtp: {len(ROWS)} states of a server, and one recipient of three refused")

"""Digests that leave as JSON: to a web address, by every answer that one can give, and to a program.
What an address holds behind its host, and its token, are in no log and no store."""

import http.server
import json
import pathlib
import shutil
import ssl
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import desk  # noqa: E402
from desk import check  # noqa: E402

TLS = pathlib.Path(__file__).resolve().parent / "tls"
TOKEN, HIDDEN = "tok-8d1f0a77c3", "T0P5ECRETPATH"
SENT, DEFERRED, FAILED, UNKNOWN = (0, "sent"), (75, "deferred"), (69, "failed"), (75, "unknown")
NEAR, GOOD = "127.0.0.1", "127.13.23.1"


class Hook:
    """One web server; answers with a status, headers and a body, or does what a function says."""

    def __init__(self, answer, address=NEAR, certificate=None):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.path, dict(self.headers), body))
                if callable(answer):
                    answer(self)
                    return
                status, headers, words = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(TLS / f"{certificate}.pem", TLS / "key.pem")
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://{address}:{self.http.server_port}/hook/{HIDDEN}?key={HIDDEN}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def drop(handler):
    handler.close_connection = True


def silent(handler):
    time.sleep(4)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass


def echo(what):
    def answer(handler):
        said = f"you said {what(handler)}".encode()
        handler.send_response(400)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)
    return answer


# name: the answer, the server's (address, certificate), the settings, the end, the words
ROWS = {
    "200": ((200, {}, b"ok"), (), {}, SENT, "HTTP 200: ok"),
    "204": ((204, {}, b""), (), {}, SENT, "HTTP 204"),
    "https": ((202, {}, b""), (GOOD, "good"), {"allow": "127.13.23.0/24"}, SENT, "HTTP 202"),
    "a body without an end": (endless, (), {}, SENT, "HTTP 200"),
    "408": ((408, {}, b""), (), {}, DEFERRED, "HTTP 408"),
    "425": ((425, {}, b""), (), {}, DEFERRED, "HTTP 425"),
    "429": ((429, {"Retry-After": "7200"}, b"slow \x1b[31mdown"), (), {}, DEFERRED, "HTTP 429: slow"),
    "500": ((500, {}, b""), (), {}, DEFERRED, "HTTP 500"),
    "503, for years": ((503, {"Retry-After": "31536000"}, b""), (), {}, DEFERRED, "HTTP 503"),
    "400": ((400, {}, b"no such channel\nmore"), (), {}, FAILED, "HTTP 400: no such channel"),
    "401": ((401, {}, b""), (), {}, FAILED, "HTTP 401"),
    "404": ((404, {}, b""), (), {}, FAILED, "HTTP 404"),
    "400, and the token": (echo(lambda h: h.headers["Authorization"]), (), {}, FAILED, "HTTP 400"),
    "400, and the address": (echo(lambda h: h.path), (), {}, FAILED, "HTTP 400"),
    "400, and the key in it": (echo(lambda h: h.path.split("=")[1]), (), {}, FAILED, "HTTP 400"),
    "302": ((302, {"Location": "/other"}, b""), (), {}, DEFERRED, "it has moved"),
    "308": ((308, {"Location": "/other"}, b""), (), {}, DEFERRED, "it has moved"),
    "dropped": (drop, (), {}, UNKNOWN, "lost after the last byte"),
    "silent": (silent, (), {"timeout": "1s"}, UNKNOWN, "lost after the last byte"),
    "nobody listens": (None, (), {}, DEFERRED, "onnect"),
    "an expired certificate": ((200, {}, b""), ("127.13.23.2", "expired"), {}, DEFERRED, "expired"),
    "a certificate for another name": ((200, {}, b""), ("127.13.23.3", "wrong-name"), {}, DEFERRED, "name"),
    "a certificate of its own making": ((200, {}, b""), ("127.13.23.4", "self-signed"), {}, DEFERRED, "self"),
}


WATCHLIST = pathlib.Path()  # the desk's


def config(lines, allow=None):
    fetch = ["[fetch]", f"ca-file = {TLS / 'authority.pem'}"] + ([f"allow = {allow}"] if allow else [])
    return "\n".join(["[wirewatch]", "contact = desk@example.org", "[match]", f"watchlist = {WATCHLIST}"] + fetch +
                     ["[mail]", "list-id = watch.example.org", "from = w@watch.example.org"] + lines) + "\n"


def send(d, text):
    """Status, what was said, the messages and the store's bytes, from a fresh copy."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=d.folder))
    db = desk.engine.copy(d.db, folder / "wirewatch.db")
    path = folder / "row.conf"
    path.write_text(text)
    words = ("--config", path, "--db", db)
    done = d.call(*words, "digest", "send", "-v")
    messages = d.rows(*words, "outbox", "list")
    stored = desk.engine.stored_bytes(db)
    shutil.rmtree(folder)
    return done.returncode, done.stdout + done.stderr, messages, stored


def one_row(d, name, answer, where, settings, want, words):
    hook = Hook(answer, *where) if answer is not None else None
    url = hook.url if hook else f"http://127.0.0.1:1/hook/{HIDDEN}"
    token = d.write("token", TOKEN + "\n")
    token.chmod(0o600)
    lines = ["transport = webhook", f"webhook = {url}", f"timeout = {settings.get('timeout', '5s')}",
             f"webhook-token-file = {token}", '[analyst "one"]', "digest = run"]
    status, said, messages, stored = send(d, config(lines, settings.get("allow")))
    found = [(m["state"], m["reply"]) for m in messages]
    check(status == want[0] and len(found) == 1 and found[0][0] == want[1] and words in found[0][1],
          f"{name}: status {status}, {found}, not {want} with {words!r}: {said}")
    for secret in (TOKEN, HIDDEN):
        check(secret not in said + str(messages), f"{name}: {secret} was said: {said} {messages}")
        check(secret.encode() not in stored, f"{name}: {secret} is in the store")
    check("\x1b" not in said + str(found), f"{name}: an answer reached the terminal raw")
    if hook is None:
        return
    hook.close()
    if words in ("expired", "name", "self"):
        check(hook.asked == [], f"{name}: it was asked")
        return
    check(len(hook.asked) == 1, f"{name}: {len(hook.asked)} requests")
    path, headers, body = hook.asked[0]
    check(path.endswith(f"?key={HIDDEN}") and headers["Content-Type"] == "application/json", f"{name}: {headers}")
    check(headers["Idempotency-Key"] == f'"{messages[0]["message_id"]}"', f"{name}: {headers}")
    check(headers["Authorization"] == f"Bearer {TOKEN}", f"{name}: {headers}")
    check(headers["User-Agent"].endswith("(+desk@example.org)") and "Expect" not in headers, f"{name}: {headers}")
    told = json.loads(body)
    check(told["message_id"] == messages[0]["message_id"] and "Kestrel Pier" in told["text"], f"{name}: {told}")
    if "Retry-After" in (answer[1] if isinstance(answer, tuple) else {}):
        wait = messages[0]["not_before"]
        most = "2026-11-21T08:0" if "years" in name else "2026-11-20T10:0"
        check(wait.startswith(most), f"{name}: not before {wait}")


def refused_settings(d):
    """Mistakes of ours: nothing is sent, and the words do not tell what must not be told."""
    token = d.write("open-token", TOKEN + "\n")
    token.chmod(0o644)
    cases = [
        (77, "others can read it", ["webhook = https://127.0.0.1:1/x", f"webhook-token-file = {token}"]),
        (78, "keep one of them", ["webhook = https://127.0.0.1:1/x", f"webhook-token-file = {token}",
                                  "webhook-token-command = echo x"]),
        (78, "use webhook-token-command", ["webhook = https://127.0.0.1:1/x", f"webhook-token = {TOKEN}"]),
    ]
    for want, words, lines in cases:
        folder = pathlib.Path(tempfile.mkdtemp(dir=d.folder))
        db = desk.engine.copy(d.db, folder / "wirewatch.db")
        (folder / "c").write_text(config(["transport = webhook", *lines, '[analyst "one"]', "digest = run"]))
        said = d.fails(want, words, "--config", folder / "c", "--db", db, "digest", "send", "-v")
        check(TOKEN not in said, f"the token was said: {said}")
        shutil.rmtree(folder)
    # https is for what is public, or allowed: judged when it is connected to.
    for url, words in (("https://10.1.2.3/x", "not in [fetch] allow"), ("https://[::ffff:10.1.2.3]/x", "[fetch] allow"),
                       ("https://host.invalid/x", "esolv")):  # it could not, or it took too long
        lines = ["transport = webhook", f"webhook = {url}", '[analyst "one"]', "digest = run"]
        status, _, messages, _ = send(d, config(lines))
        check(status == 75 and words in messages[0]["reply"], f"{url}: {status} {messages}")


def gone(d):
    """The analyst of a message that waits is taken out of the settings, or gets mail now."""
    hook = Hook((503, {}, b""))
    folder = pathlib.Path(tempfile.mkdtemp(dir=d.folder))
    db = desk.engine.copy(d.db, folder / "wirewatch.db")
    words = ("--config", folder / "c", "--db", db)
    one = ['[analyst "one"]', "digest = run", "transport = webhook", f"webhook = {hook.url}"]
    (folder / "c").write_text(config(one))
    d.fails(75, "", *words, "digest", "send")
    later = ("--now", "2026-11-21T12:00:00Z")
    for lines, said in (([], 'analyst "one": gone from the settings'),
                        (['[analyst "one"]', "digest = run", "email = one@example.org"], 'analyst "one": gets mail now')):
        (folder / "c").write_text(config(lines))
        d.must(*words, "outbox", "retry", "all")
        d.fails(75, "", *words, *later, "run", "--only", "deliver")
        row = d.rows(*words, "outbox", "list")[0]
        check(row["state"] == "deferred" and said in row["reply"], f"{row}")
    hook.close()


def programs(d):
    """A program of the desk's own: JSON on standard input, its last words are the reply."""
    told = d.folder / "told"
    cases = [
        (SENT, "exit status 0", f"cat >{told}; env >{told}.env; echo $# >{told}.words"),
        (SENT, "exit status 0: posted as 7", "cat >/dev/null; echo one >&2; echo posted as 7 >&2"),
        (DEFERRED, "exit status 75: try later", "echo first >&2; echo try later >&2; exit 75"),
        (DEFERRED, "exit status 1", "exit 1"),
        (FAILED, "exit status 65: bad data", "cat >/dev/null; echo bad data >&2; exit 65"),
        (FAILED, "exit status 67", "cat >/dev/null; exit 67"),
        (DEFERRED, "exit status 78", "cat >/dev/null; exit 78"),
        (UNKNOWN, "killed", "cat >/dev/null; kill -9 $$"),
        (UNKNOWN, "killed", "cat >/dev/null; sleep 30"),
        (DEFERRED, "last", "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done; echo last >&2; exit 75"),
    ]
    for want, words, script in cases:
        program = d.write("tell", f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        timeout = "3s" if "sleep" in script else "20s"
        lines = ["transport = command", f"command = {program} --key {HIDDEN} $HOME;x", f"timeout = {timeout}", '[analyst "one"]', "digest = run"]
        status, said, messages, stored = send(d, config(lines))
        found = [(m["state"], m["reply"]) for m in messages]
        check(status == want[0] and found[0][0] == want[1] and words in found[0][1], f"{script}: {status}, {found}")
        check(HIDDEN.encode() not in stored and HIDDEN not in said, f"{script}: an argument is in the store or was said")
    check("Kestrel Pier" in json.loads(told.read_text())["text"], f"{told.read_text()}")
    check((d.folder / "told.words").read_text() == "3\n", "no shell, no quotes: three words")
    names = {line.split("=")[0] for line in (d.folder / "told.env").read_text().splitlines()}
    check("WIREWATCH_CONFIG" not in names and "HOME" in names and "PATH" in names, f"environment: {names}")


with desk.Desk(desk.CONFIG) as d:
    site = desk.Server("127.31.0.4")
    try:
        d.must("feed", "add", desk.feed(site))
        d.must("run", "--only", "crawl")
        d.must("run", "--only", "alert")
        WATCHLIST = d.watchlist
        for name, row in ROWS.items():
            one_row(d, name, *row)
        refused_settings(d)
        gone(d)
        programs(d)
    finally:
        site.close()
desk.finish(f"webhook and command: {len(ROWS)} answers, ten ends of a program, and no secret told")

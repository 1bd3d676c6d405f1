"""Digests through servers that others wrote: Debian's OpenSMTPD and aiosmtpd, with STARTTLS and a
login where their own TLS works. What they deliver is what the outbox holds, to the last byte, and an independent parser finds
nothing wrong with it. Skipped where neither is installed (OpenSMTPD wants root)."""

import email
import email.policy
import os
import pathlib
import pwd
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import time

import mailserver
import newsdesk
from newsdesk import check

ADDRESS, USER, PASSWORD = mailserver.ADDRESSES["good"], "watcher", "sesame-2f81"
ANALYSTS = "".join(f'[analyst "{n}"]\nemail = {n}@example.org\ndigest = run\n{w}' for n, w in (
    ("all", "all-quiet = yes\n"), ("high", "subscribe = severity:high\n"), ("urgent", "immediate = severity:high\nimmediate-wait = 0s\n")))

OPENSMTPD = """pki here cert "{folder}/cert.pem"
pki here key "{folder}/key.pem"
table logins {{ "{user}" = "{crypted}" }}
table everybody {{ "@" = "nobody" }}
listen on {address} port {port} tls pki here auth-optional <logins>
listen on socket
action "keep" maildir "{folder}/Maildir" virtual <everybody>
match from any for any action "keep"
"""

AIOSMTPD = """import pathlib, ssl, sys, threading
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, address, port, user, password = pathlib.Path(sys.argv[1]), *sys.argv[2:]

class Keep:
    n = 0
    async def handle_DATA(self, server, session, envelope):
        self.n += 1
        (folder / f"part-{self.n}").write_bytes(envelope.original_content)
        (folder / f"part-{self.n}").rename(folder / "Maildir" / "new" / str(self.n))
        return "250 2.0.0 kept"

def login(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good)

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
controller = Controller(Keep(), hostname=address, port=int(port), tls_context=context, require_starttls=True,
                        authenticator=login, auth_required=True, data_size_limit=20_000_000)
controller.start()
threading.Event().wait(120)
"""


def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=here",
                    "-addext", f"subjectAltName=IP:{ADDRESS}", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem"], check=True, capture_output=True, timeout=30)
    (folder / "key.pem").chmod(0o600)


def free_port():
    with socket.create_server((ADDRESS, 0)) as s:
        return s.getsockname()[1]


def wait_for(port, process):
    until = time.monotonic() + newsdesk.COMMAND_S
    while time.monotonic() < until:
        if process.poll() is not None:
            return False
        try:
            socket.create_connection((ADDRESS, port), 1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def can_tls(port, authority):
    """Can anybody speak TLS with it? Debian 12's OpenSMTPD and its OpenSSL cannot, with any client."""
    try:
        with smtplib.SMTP(ADDRESS, port, timeout=10) as s:
            s.starttls(context=ssl.create_default_context(cafile=authority))
            return True
    except (OSError, smtplib.SMTPException):
        return False


def start_opensmtpd(folder, port):
    """None where it cannot run."""
    if not pathlib.Path("/usr/sbin/smtpd").exists() or os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("opensmtpd")  # its processes run as this user, whom its package makes
    except KeyError:
        return None
    if pathlib.Path("/var/run/smtpd.sock").exists() and subprocess.run(
            ["/usr/sbin/smtpctl", "show", "stats"], capture_output=True, check=False, timeout=10).returncode == 0:
        return None  # one runs already, and its queue is not ours
    crypted = subprocess.run(["/usr/sbin/smtpctl", "encrypt", PASSWORD], capture_output=True, text=True,
                             timeout=10, check=False).stdout.strip()
    (folder / "smtpd.conf").write_text(OPENSMTPD.format(folder=folder, user=USER, crypted=crypted, address=ADDRESS,
                                                        port=port))
    log = open(folder / "log", "w")  # pylint: disable=consider-using-with
    return subprocess.Popen(["/usr/sbin/smtpd", "-d", "-f", folder / "smtpd.conf"], stdout=log, stderr=log,
                            start_new_session=True)


def start_aiosmtpd(folder, port):
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import aiosmtpd"], capture_output=True, check=False).returncode != 0:
        return None
    (folder / "server.py").write_text(AIOSMTPD)
    log = open(folder / "log", "w")  # pylint: disable=consider-using-with
    return subprocess.Popen([python, folder / "server.py", folder, ADDRESS, str(port), USER, PASSWORD], stdout=log,
                            stderr=log, start_new_session=True)


def stop(process):
    """It and its children, by the session that it leads."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            continue
    process.wait(5)


def bodies(message):
    """Each part as (type, decoded bytes), and the defects that the parser found."""
    parts, defects = [], list(message.defects)
    for part in message.walk():
        defects += part.defects
        if not part.is_multipart():
            parts.append((part.get_content_type(), part.get_payload(decode=True)))
    return parts, defects


def compare(name, desk, delivered):
    rows = desk.rows("SELECT id, message_id, recipient, state, reply FROM message ORDER BY id")
    check(all(r["state"] == "sent" for r in rows), f"{name}: {[(r['id'], r['state'], r['reply']) for r in rows]}")
    check(len(delivered) == len(rows) and len(rows) >= 3, f"{name}: {len(delivered)} of {len(rows)} delivered")
    n_bytes = 0
    for row in rows:
        stored = bytes(desk.rows("SELECT bytes FROM message_bytes WHERE message_id = ?", row["id"])[0]["bytes"])
        raw = subprocess.run(desk.command("outbox", "show", row["id"], "--raw"), capture_output=True, check=True,
                             timeout=60).stdout
        check(raw == stored, f"{name}: outbox show --raw differs from what is stored")
        got = delivered.get(row["message_id"], b"")
        # A server writes its own fields above ours, and a mailbox has the line ends of the system.
        check(got.replace(b"\r\n", b"\n").endswith(stored.replace(b"\r\n", b"\n")),
              f"{name}: message {row['id']} was changed on its way: {got[:400]!r}")
        here, there = (email.message_from_bytes(b.replace(b"\r\n", b"\n"), policy=email.policy.default)
                       for b in (stored, got))
        check(bodies(here) == bodies(there) and bodies(there)[1] == [], f"{name}: defects: {bodies(there)[1]}")
        check(there["To"] == row["recipient"] and there.get_body(("html",)) is not None, f"{name}: {there.items()}")
        check(max(map(len, stored.split(b"\r\n"))) <= 998, f"{name}: a line of more than 998 octets")
        n_bytes += len(stored)
    return len(rows), n_bytes


def through(name, start, folder, room):
    """What went through, in words; None: not here."""
    folder.mkdir()
    for part in ("", "new", "cur", "tmp"):
        (folder / "Maildir" / part).mkdir(exist_ok=True)
    for path in (folder.parent, folder):  # it delivers as nobody
        path.chmod(0o711)
    for path in (folder / "Maildir", *(folder / "Maildir").rglob("*")):
        path.chmod(0o777)
    make_certificate(folder)
    port = free_port()
    process = start(folder, port)
    if process is None:
        return None
    try:
        if not wait_for(port, process):
            check(False, f"{name} did not start: {(folder / 'log').read_text()[-800:]}")
            return None
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o600)
        has_tls = can_tls(port, folder / "cert.pem")
        check(has_tls or name == "OpenSMTPD", f"{name}: no TLS")
        login = f"user = {USER}\npassword-file = {folder}/password" if has_tls else "tls = none"
        text = newsdesk.CONFIG.split("[analyst")[0].replace(
            "transport = file", f"transport = smtp\nserver = smtp://{ADDRESS}:{port}\n{login}")
        text = re.sub(r"directory = .*\n", "", text).replace(
            "[fetch]\n", f"[fetch]\nca-file = {folder}/cert.pem\n")
        desk = newsdesk.Desk(folder / "desk", config=text.replace("[match]\n", "[match]\nfirst-read = 30d\n") + ANALYSTS)
        desk.must("feed", "import", room.opml, now=room.clock)
        desk.must("run", "--only", "crawl", now=room.clock)
        desk.must("run", "--only", "alert", now=room.clock)
        desk.must("run", "--only", "deliver", now=room.clock)
        tested = desk.call("check", "--mail", "--analyst", "all", now=room.clock)
        check(tested.returncode == 0 and ("TLS: TLSv1." in tested.stdout) == has_tls, f"{name}: {tested.stdout}{tested.stderr}")
        n_rows = len(desk.rows("SELECT id FROM message"))
        until = time.monotonic() + newsdesk.COMMAND_S
        while True:
            files = [p for p in (folder / "Maildir" / "new").iterdir()]
            if len(files) >= n_rows or time.monotonic() > until:
                break
            time.sleep(0.1)
        delivered = {email.message_from_bytes(p.read_bytes())["Message-ID"]: p.read_bytes() for p in files}
        n, n_bytes = compare(name, desk, delivered)
        how = "STARTTLS and a login" if has_tls else "no TLS, for its own works with no client here"
        return f"{name} ({how}): {n} messages, {n_bytes} bytes, bit for bit"
    finally:
        stop(process)


def main():
    done = []
    with newsdesk.Workplace("mail-servers") as folder:
        if shutil.which("openssl") is None:
            newsdesk.skip("no openssl to make a certificate with")
        room = newsdesk.Newsroom(folder)
        try:
            for name, start in (("OpenSMTPD", start_opensmtpd), ("aiosmtpd", start_aiosmtpd)):
                said = through(name, start, folder / name, room)
                if said is not None:
                    done.append(said)
        finally:
            room.stop()
        if not done and not newsdesk.failures:
            newsdesk.skip("neither OpenSMTPD (with root) nor aiosmtpd is here")
        newsdesk.finish("; ".join(done))


main()

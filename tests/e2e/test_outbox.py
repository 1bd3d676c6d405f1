"""A mail on its way through everything that may go wrong: put off by the server, lost behind the
final dot, the program killed before the reply, told to stop while the server is silent. It leaves
in the end, and every copy that left is the same to the last byte."""

import email
import re
import signal
import socket
import subprocess
import threading
import time

import newsdesk
from newsdesk import check

TRY = 20 * 3600  # longer than any pause between two tries
SILENT, DEFER, DROP, HOLD, ACCEPT = "silent", "defer", "drop", "hold", "accept"


class Server:
    """One connection at a time, by the mood it is in. taken: what came before each final dot."""

    def __init__(self):
        self.mood, self.taken = ACCEPT, []
        self.met = threading.Event()  # the point where the mood shows
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def set(self, mood):
        self.mood = mood
        self.met.clear()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            try:
                self.talk(connection.makefile("rwb"))
            except OSError:
                pass
            connection.close()

    def say(self, f, line):
        f.write(line + b"\r\n")
        f.flush()

    def talk(self, f):
        if self.mood == SILENT:
            self.met.set()
            f.read()
            return
        self.say(f, b"220 mail.example.org ESMTP")
        for line in f:
            word = line[:4].upper()
            if word == b"DATA":
                self.say(f, b"354 go on")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += f.readline()
                self.taken.append(body)
                self.met.set()
                if self.mood == DROP:
                    return
                if self.mood == HOLD:
                    f.read()
                    return
                self.say(f, b"250 2.0.0 queued")
            elif word == b"RCPT" and self.mood == DEFER:
                self.say(f, b"451 4.7.1 greylisted")
            elif word == b"QUIT":
                self.say(f, b"221 bye")
                return
            else:
                self.say(f, b"250 ok")


def main():
    with newsdesk.Workplace("outbox") as folder:
        server = Server()
        config = newsdesk.CONFIG.replace("transport = file", "transport = smtp\ntls = none\n"
                                         f"server = smtp://127.0.0.1:{server.port}")
        config = re.sub(r"directory = .*\n", "", config)
        room = newsdesk.Newsroom(folder)
        desk = newsdesk.Desk(folder / "desk", config=config)

        def states():
            return [r["state"] for r in desk.rows("SELECT state FROM message ORDER BY id")]

        def step(n, mood, want, number=None):
            """The n-th try; with a number, it is sent that signal when the mood shows."""
            server.set(mood)
            process = subprocess.Popen(desk.command("run", "--only", "deliver",
                                                    now=room.clock + n * TRY),
                                       stderr=subprocess.PIPE, text=True)
            begun = time.monotonic()
            if number is not None:
                check(server.met.wait(20), f"{mood}: the server was never asked")
                begun = time.monotonic()
                process.send_signal(number)
            said = process.communicate(timeout=newsdesk.COMMAND_S)[1]
            check(time.monotonic() - begun < 5, f"{mood}: took {time.monotonic() - begun:.1f} s")
            check(states() == [want], f"{mood}: {states()}, not {want}: {said}")

        try:
            desk.must("feed", "import", room.opml, now=room.clock)
            desk.must("run", "--only", "crawl", now=room.clock)
            desk.must("run", "--only", "alert", now=room.clock)
            step(0, DEFER, "deferred")
            step(1, DROP, "unknown")
            step(2, HOLD, "sending", signal.SIGKILL)
            # Twice perhaps delivered: it does not leave a third time before a person says so.
            step(3, ACCEPT, "failed")
            check(len(server.taken) == 2, f"{len(server.taken)} copies left before anybody asked")
            desk.must("outbox", "retry", "1", now=room.clock + 4 * TRY)
            step(4, SILENT, "deferred", signal.SIGTERM)
            step(5, HOLD, "unknown", signal.SIGTERM)
            step(6, ACCEPT, "sent")
            desk.must("run", "--only", "deliver", now=room.clock + 7 * TRY)
            check(len(server.taken) == 4, f"{len(server.taken)} copies left")
            check(len(set(server.taken)) == 1, "two copies of a message differ")
            ids = {email.message_from_bytes(b)["Message-ID"] for b in server.taken}
            check(ids == {desk.rows("SELECT message_id FROM message")[0]["message_id"]}, f"{ids}")
        finally:
            room.stop()
        newsdesk.finish("deferred, dropped, killed, asked about, stopped, sent: one message, the same bytes")


main()

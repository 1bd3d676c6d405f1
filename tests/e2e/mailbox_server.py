"""A mail server on loopback for the end-to-end tests: keeps every message that it took, with its
bytes, and is slow, puts off or drops connections as it is told. Steps of a conversation can be
met: connect, ehlo, mail, rcpt, data, half (in the middle of the message), dot (all of it is here),
replied (250 has been said)."""

import email
import hashlib
import socket
import threading
import time

STEPS = ["connect", "ehlo", "mail", "rcpt", "data", "half", "dot", "replied"]


def name_of(message):
    """The Message-ID in a message's bytes."""
    return email.message_from_bytes(message)["Message-ID"]


class Server:
    """taken: (Message-ID, sha256) in the order of their final dots, beside whatever note() adds."""

    def __init__(self, moments=None):
        self.moments = moments  # a random.Random: None, and it is always quick and kind
        self.slow_s = self.drops = self.defers = 0
        self.step = None  # (name, function): called once, by the connection that comes there
        self.events = []  # ("taken", id, sha256), ("lost", id), and what note() was given
        self.bytes = {}
        self.lock = threading.Lock()
        self.busy = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def kind(self):
        """From now on, nothing goes wrong."""
        self.slow_s = self.drops = self.defers = 0
        self.step = None

    def note(self, *event):
        with self.lock:
            self.events.append(event)

    def taken(self):
        with self.lock:
            return [e for e in self.events if e[0] == "taken"]

    def wait_idle(self):
        """Until every connection has ended: what a killed client had sent was read to its end."""
        for _ in range(1000):
            with self.lock:
                if self.busy == 0:
                    return True
            time.sleep(0.005)
        return False

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            with self.lock:
                self.busy += 1
            threading.Thread(target=self.handle, args=(connection,), daemon=True).start()

    def handle(self, connection):
        connection.settimeout(20)
        try:
            self.talk(connection.makefile("rwb"))
        except OSError:
            pass
        finally:
            connection.close()
            with self.lock:
                self.busy -= 1

    def meet(self, step):
        with self.lock:
            call = self.step[1] if self.step is not None and self.step[0] == step else None
            if call is not None:
                self.step = None
        if call is not None:
            call()
        if self.moments is None:
            return False
        if self.slow_s:
            time.sleep(self.moments.uniform(0, self.slow_s))
        return self.moments.random() < self.drops

    def say(self, f, line):
        f.write(line + b"\r\n")
        f.flush()

    def defer(self):
        return self.moments is not None and self.moments.random() < self.defers

    def message(self, f):
        """What stands before the final dot, unstuffed; None when the client is gone."""
        lines, met = [], False
        for line in f:
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 20 and not met:
                met = True
                if self.meet("half"):
                    return None
        return None

    def talk(self, f):
        if self.meet("connect"):
            return
        self.say(f, b"220 mail.example.org ESMTP")
        for line in f:
            word = line[:4].upper().decode()
            step = {"EHLO": "ehlo", "MAIL": "mail", "RCPT": "rcpt", "DATA": "data"}.get(word)
            if step and self.meet(step):
                return
            if word == "DATA":
                self.say(f, b"354 go on")
                message = self.message(f)
                if message is None:
                    return
                if self.defer():
                    self.say(f, b"451 4.3.0 try later")
                    continue
                name, digest = name_of(message), hashlib.sha256(message).hexdigest()
                self.bytes[digest] = message
                self.note("taken", name, digest)
                if self.meet("dot"):
                    self.note("lost", name)
                    return
                self.say(f, b"250 2.0.0 queued")
                self.meet("replied")
            elif word == "RCPT" and self.defer():
                self.say(f, b"450 4.7.1 greylisted")
            elif word == "QUIT":
                self.say(f, b"221 bye")
                return
            else:
                self.say(f, b"250 ok")

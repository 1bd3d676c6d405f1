"""A mail server that does as it is told: every step's reply from a table, in plain text, behind
STARTTLS or behind TLS from the first byte. It keeps all that a client says, apart by link."""

import pathlib
import socket
import ssl
import threading
import time

TLS = pathlib.Path(__file__).resolve().parent / "tls"
# The certificate decides the address: each is for one, but for "wrong-name".
ADDRESSES = {"good": "127.13.23.1", "expired": "127.13.23.2", "wrong-name": "127.13.23.3",
             "self-signed": "127.13.23.4"}
REPLIES = {"greeting": "220 mail.example.org ESMTP", "starttls": "220 2.0.0 go ahead",
           "auth": "235 2.7.0 welcome", "mail": "250 2.1.0 ok", "rcpt": "250 2.1.5 ok",
           "data": "354 go on", "final": "250 2.0.0 queued as 77", "quit": "221 2.0.0 bye"}
DROP = "(drop)"      # close the link without a word
SILENT = "(silent)"  # say nothing, keep the link


class Closed(Exception):
    pass


class Server:
    """step="reply" for each step of REPLIES; tls: None, "starttls" or "implicit"; offers: the words
    of EHLO; rcpt may be a function from the recipient to a reply; byte_s: one byte at a time."""

    def __init__(self, tls="starttls", certificate="good", offers=("SIZE 1000000", "PIPELINING", "8BITMIME"),
                 login=True, strips_starttls=False, byte_s=0.0, **replies):
        self.tls, self.offers, self.login, self.strips = tls, list(offers), login, strips_starttls
        self.byte_s, self.replies = byte_s, {**REPLIES, **replies}
        self.clear, self.private, self.taken, self.failures = [], [], [], []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(TLS / f"{certificate}.pem", TLS / "key.pem")
        self.listener = socket.create_server((ADDRESSES[certificate], 0))
        self.port = self.listener.getsockname()[1]
        scheme = "smtps" if tls == "implicit" else "smtp"
        self.url = f"{scheme}://{ADDRESSES[certificate]}:{self.port}"
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.attend, args=(link,), daemon=True).start()

    def attend(self, link):
        link.settimeout(15)
        try:
            if self.tls == "implicit":
                link = self.context.wrap_socket(link, server_side=True)
            self.talk(link)
        except Closed:
            pass
        except (OSError, ssl.SSLError) as e:
            self.failures.append(str(e))
        finally:
            link.close()

    def say(self, link, reply):
        if callable(reply):
            reply(link)
            return
        if reply == DROP:
            raise Closed
        if reply == SILENT:
            while link.recv(4096):
                pass
            raise Closed
        data = (reply + "\r\n").encode()
        if self.byte_s:
            for i in range(len(data)):
                link.sendall(data[i:i + 1])
                time.sleep(self.byte_s)
        else:
            link.sendall(data)
        if reply.startswith("421"):
            raise Closed

    def line(self, link):
        data = b""
        while not data.endswith(b"\n"):
            c = link.recv(1)
            if not c:
                raise Closed
            data += c
        text = data.decode("latin-1").rstrip("\r\n")
        (self.private if isinstance(link, ssl.SSLSocket) else self.clear).append(text)
        return text

    def ehlo(self, link):
        is_tls = isinstance(link, ssl.SSLSocket)
        reply = self.replies.get("ehlo_tls" if is_tls else "ehlo")
        if reply is not None:
            self.say(link, reply)
            return
        words = ["mail.example.org"] + self.offers
        if self.tls == "starttls" and not is_tls and not self.strips:
            words.append("STARTTLS")
        if self.login:
            words.append("AUTH PLAIN LOGIN")
        self.say(link, "\r\n".join(f"250{' ' if i + 1 == len(words) else '-'}{w}" for i, w in enumerate(words)))

    def authenticate(self, link, words):
        if words[1].upper() == "LOGIN":
            for asked in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
                self.say(link, asked)
                self.line(link)
        elif len(words) == 2:
            self.say(link, "334 ")
            self.line(link)
        self.say(link, self.replies["auth"])

    def take(self, link):
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            if self.replies["final"] == "(drop inside)" and body:
                raise Closed
            piece = link.recv(65536)
            if not piece:
                raise Closed
            body += piece
        self.taken.append(body)

    def talk(self, link):
        self.say(link, self.replies["greeting"])
        while True:
            line = self.line(link)
            word = line.split(" ")[0].upper()
            if word in ("EHLO", "HELO"):
                self.ehlo(link)
            elif word == "STARTTLS":
                self.say(link, self.replies["starttls"])
                if self.replies["starttls"].startswith("220"):
                    link = self.context.wrap_socket(link, server_side=True)
            elif word == "AUTH":
                self.authenticate(link, line.split(" "))
            elif word in ("MAIL", "RCPT"):
                self.say(link, self.answer(word.lower(), line))
            elif word == "DATA":
                self.say(link, self.replies["data"])
                if self.replies["data"].startswith("354"):
                    self.take(link)
                    self.say(link, self.replies["final"])
            else:
                self.say(link, self.replies["quit"])
                return

    def answer(self, step, line):
        reply = self.replies[step]
        return reply(line) if callable(reply) else reply

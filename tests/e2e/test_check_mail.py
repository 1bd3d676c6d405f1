"""check --mail on a server that wants TLS and a login: what was said is shown, the password never;
what is wrong on the way is named by the step where it is."""

import base64
import re

import mailserver
import newsdesk
from newsdesk import check

PASSWORD = "sesame-2f81"


def settings(server, folder):
    text = newsdesk.CONFIG.replace("transport = file", f"transport = smtp\nserver = {server.url}\nuser = me\n"
                                   f"password-file = {folder}/password")
    return re.sub(r"directory = .*\n", "", text).replace("[fetch]\n",
                                                         f"[fetch]\nca-file = {mailserver.TLS}/authority.pem\n")


def main():
    with newsdesk.Workplace("check-mail") as folder:
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o600)
        server = mailserver.Server()
        desk = newsdesk.Desk(folder / "desk", config=settings(server, folder))
        done = desk.call("check", "--mail")
        said = done.stdout + done.stderr
        check(done.returncode == 0, f"status {done.returncode}: {said}")
        for words in ("S: 220 ", "C: STARTTLS", "TLS: TLSv1.", "C: AUTH (a login)", "S: 235 ", "SIZE 1000000",
                      "C: RCPT TO:<desk@example.org>", "S: 250 2.0.0 queued as 77", "ok    test "):
            check(words in said, f'the transcript lacks "{words}": {said}')
        for secret in (PASSWORD, base64.b64encode(f"\0me\0{PASSWORD}".encode()).decode(),
                       base64.b64encode(PASSWORD.encode()).decode()):
            check(secret not in said, "the transcript shows the password")
        check("Made at" not in said, "the transcript shows the message")
        check(len(server.taken) == 1, f"{len(server.taken)} messages taken")
        for replies, words in (({"auth": "535 5.7.8 who are you"}, "not logged in as me: 535"),
                               ({"rcpt": "550 5.1.1 no such user"}, "failed: 550 5.1.1"),
                               ({"greeting": "421 too busy"}, "deferred: 421"),
                               ({"final": "554 \x1b[31mno"}, "failed: 554")):
            desk.config.write_text(settings(mailserver.Server(**replies), folder).format(
                watchlist=newsdesk.WATCHLIST, mail=folder))
            done = desk.call("check", "--mail", "--format", "jsonl" if "rcpt" in replies else "human")
            check(done.returncode == 1 and words in done.stdout, f"{replies}: {done.returncode} {done.stdout}")
            check("\x1b" not in done.stdout, "a server steers the terminal")
        newsdesk.finish("check --mail: what was said, never the password; four servers that refuse")


main()

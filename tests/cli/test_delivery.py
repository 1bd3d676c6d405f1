#!/usr/bin/env python3
"""check on the ways out: each analyst's, and secrets that are not safe; what the settings refuse."""
import os

import desk
from desk import check

MAIL = "\n".join(["[wirewatch]", "contact = desk@example.org", "[match]", "watchlist = watchlist", "[mail]",
                  "from = w@watch.example.org", "list-id = watch.example.org"]) + "\n"
TOKEN = "s3cret-token"
SMTP = "transport = smtp\nserver = smtp://mail.example.org:587\nuser = watch\n"


def lines(d, settings, **options):
    d.config.write_text(MAIL + settings)
    done = d.call("check", "--format", "csv", **options)
    check(TOKEN not in done.stdout + done.stderr, f"check told a secret: {done.stdout}")
    return [line for line in done.stdout.splitlines() if ",mail," in line]


def says(d, settings, *wanted, **options):
    found = lines(d, settings, **options)
    check(len(found) == len(wanted), f"{settings}: {len(found)} lines, not {len(wanted)}: {found}")
    for line, (level, words) in zip(found, wanted):
        check(line.startswith(f"{level},") and words in line, f'{settings}: {line}, not {level} with "{words}"')


def refuses(d, settings, words):
    """Plain mistakes are refused when the settings are read, with file and line."""
    d.config.write_text(MAIL + settings)
    d.fails(78, words, "run")
    d.fails(1, words, "check")


def ways(d):
    d.config.chmod(0o600)
    one, two = '[analyst "one"]\nemail = one@example.org\n', '[analyst "two"]\nemail = two@example.org\n'
    program = d.write("tell", "#!/bin/sh\n")
    says(d, "transport = maildir\ndirectory = m\n" + one, ("ok", "from w@watch.example.org"))
    for way in ("maildir", "file"):
        says(d, f"transport = {way}\ndirectory = none/m\n" + one, ("FAIL", f"{d.folder}/none/m cannot be made: {d.folder}/none/: No such file"))
        says(d, f"transport = {way}\ndirectory = tell/m\n" + one, ("FAIL", "cannot be made"))
        says(d, f"transport = {way}\ndirectory = n/\n" + one, ("ok", "from w@watch.example.org"))
    says(d, "transport = sendmail\nsendmail = /nowhere/sendmail -X\n" + one, ("FAIL", "/nowhere/sendmail cannot be run"))
    says(d, "transport = file\n" + one + two + f"transport = command\ncommand = {program} --key {TOKEN}\n",
         ("ok", "file "), ("FAIL", f"two: {program} cannot be run"))
    says(d, "transport = sendmail\nsendmail = nosuch -t\n" + one, ("FAIL", "nosuch is no program of PATH"))
    says(d, "transport = command\ncommand = nosuch\n" + one, ("FAIL", "nosuch is no program of PATH"))
    says(d, "transport = command\ncommand = cat -u\n" + one, ("ok", "command cat"))
    program.chmod(0o700)
    says(d, "transport = file\n" + one + two + f"transport = command\ncommand = {program} --key {TOKEN}\n",
         ("ok", "file "), ("ok", f"two: command {program}"))
    says(d, "transport = file\n" + one + f"transport = webhook\nwebhook = https://hooks.example.org/{TOKEN}\n",
         ("ok", "one: webhook https://hooks.example.org"))
    d.config.chmod(0o644)
    says(d, "transport = file\n" + one + f"transport = webhook\nwebhook = https://hooks.example.org/{TOKEN}\n",
         ("note", "everybody here can read its whole address"))
    d.config.chmod(0o600)
    says(d, SMTP.replace("user = watch\n", "") + one, ("ok", "smtp smtp://mail.example.org:587, from"))


def secrets(d):
    one = '[analyst "one"]\nemail = one@example.org\n'
    secret = d.write("password", TOKEN + "\n")
    secret.chmod(0o600)
    refuses(d, SMTP + one, "wirewatch.conf:10: [mail] user wants a password: password-command")
    says(d, SMTP + f"password-file = {secret}\n" + one, ("ok", "as watch"))
    refuses(d, SMTP + f"password-file = {secret}\npassword-command = echo\n" + one,
            "wirewatch.conf:12: [mail] password-command and password-file: keep one of them")
    empty = d.write("empty", "")
    empty.chmod(0o600)
    says(d, SMTP + f"password-file = {empty}\n" + one, ("FAIL", "empty: empty: its first line is the password"))
    says(d, SMTP.replace("user = watch\n", "") + f"password-file = {secret}\n" + one, ("warn", "but no [mail] user"))
    refuses(d, SMTP + f"tls = none\npassword-file = {secret}\n" + one,
            "wirewatch.conf:10: [mail] user, but tls = none: there is no login without TLS")
    plain = SMTP.replace("user = watch\n", "tls = none\n")
    for server in ("smtp://mail.example.org:25", "smtp://192.0.2.1", "smtp://[2001:db8::1]:25", "smtp://127.0.0.1.example.org"):
        refuses(d, plain.replace("smtp://mail.example.org:587", server) + one, "wirewatch.conf:10: [mail] tls = none, but the server is not this machine")
    for server in ("smtp://127.0.0.1:25", "smtp://localhost", "smtp://[::1]:25"):
        says(d, plain.replace("smtp://mail.example.org:587", server) + one, ("ok", "without TLS"))
    refuses(d, SMTP.replace("user = watch\n", "").replace("smtp://", "") + one, "wirewatch.conf:9: [mail] server = mail.example.org:587: wants smtp://host:587")
    says(d, SMTP + f"password-command = touch {d.folder}/ran\n" + one, ("ok", "as watch"))
    check(not os.path.exists(d.folder / "ran"), "check ran the password-command")
    secret.chmod(0o640)
    says(d, SMTP + f"password-file = {secret}\n" + one, ("FAIL", "others can read it"))
    d.fails(0, "", "digest", "preview")
    credentials = d.folder / "credentials"
    credentials.mkdir(mode=0o700)
    d.write("credentials/smtp", TOKEN + "\n").chmod(0o440)
    says(d, SMTP + "password-credential = smtp\n" + one, ("FAIL", "CREDENTIALS_DIRECTORY"))
    says(d, SMTP + "password-credential = smtp\n" + one, ("ok", "as watch"),
         env={"CREDENTIALS_DIRECTORY": str(credentials)})
    says(d, SMTP + "password-credential = other\n" + one, ("FAIL", "No such file"),
         env={"CREDENTIALS_DIRECTORY": str(credentials)})


def list_ids(d):
    """Message-ID and List-Id want a domain: without one no digest could be made for anybody."""
    for domain in ("a b", "", "-a.example.org", "a..example.org"):
        settings = MAIL.replace("= watch.example.org", f"= {domain}")
        d.config.write_text(settings)
        d.fails(78, f'wirewatch.conf:7: list-id: "{domain}" is no domain', "run")
        d.fails(1, "is no domain", "check")
    d.config.write_text(MAIL.replace("= watch.example.org", "= wächter.example.org"))
    d.must("run")


def refused(d):
    """A password has no place in the settings."""
    for key in ("password", "webhook-token"):
        d.config.write_text(MAIL + f"{key} = {TOKEN}\n")
        said = d.fails(78, f"use {key}-command, {key}-file or {key}-credential", "run")
        check(TOKEN not in said, f"a secret was said: {said}")


with desk.Desk(MAIL) as d:
    ways(d)
    secrets(d)
    refused(d)
    list_ids(d)
desk.finish("check on the ways out and on secrets")

"""Is this a mail as the standards have it? Written from RFC 5322, 2045-2047, 2369, 2919, 3834 and
8058, with Python's parser beside: nothing here is shared with the program that wrote the mail."""

import base64
import email
import email.policy
import email.utils
import quopri
import re
import unicodedata

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = rf"{ATOM}(?:\.{ATOM})*"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
DOMAIN = rf"{LABEL}(?:\.{LABEL})*"
QUOTED = r'"(?:[^"\\\r\n]|\\[ -~])*"'
WORD = r"=\?UTF-8\?(?:B\?[A-Za-z0-9+/]+={0,2}|Q\?(?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})+)\?="
PHRASE = rf"(?:{WORD}(?: {WORD})*|{ATOM}(?: {ATOM})*|{QUOTED})"
ADDRESS = rf"{DOT_ATOM}@{DOMAIN}"
MAILBOX = rf"(?:{ADDRESS}|{PHRASE} <{ADDRESS}>|<{ADDRESS}>)"
MESSAGE_ID = rf"<{DOT_ATOM}@{DOT_ATOM}>"
URI = r"<[a-z]+:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+>"
LANGUAGE = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
TEXT = r"[ -~]*"

ONCE = {
    "From": MAILBOX, "To": MAILBOX, "Subject": TEXT, "Message-ID": MESSAGE_ID,
    "Date": r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}",
    "List-Id": rf"(?:{PHRASE} )?<{DOMAIN}>",
    "List-Unsubscribe": rf"{URI}(?:, {URI})?", "List-Post": "NO", "Auto-Submitted": "auto-generated",
    "Precedence": "list", "X-Auto-Response-Suppress": "All", "MIME-Version": r"1\.0",
    "Content-Type": r'multipart/(?:alternative|mixed); boundary="=_[0-9a-f]{32}"',
}
AT_MOST_ONCE = {
    "References": rf"{MESSAGE_ID}(?: {MESSAGE_ID})*", "In-Reply-To": MESSAGE_ID,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "List-Archive": URI,
    "Content-Language": LANGUAGE,
    **{f"X-Wirewatch-{name}": TEXT for name in
       ("Kind", "Alert", "Story", "Item", "Severity", "List-Version", "Analyst")},
}
PART_HEADERS = {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}


def deceives(text):
    """Characters that no header may have: controls, formats, tags, line ends of any kind."""
    return sorted({c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Cn", "Co")})


def split_headers(head):
    """[(name, value unfolded)], from bytes up to the empty line."""
    lines = []
    for line in head.decode("ascii").split("\r\n"):
        if line[:1] in (" ", "\t"):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return [tuple(part.strip() for part in line.split(":", 1)) for line in lines]


def check_words(name, value):
    """Encoded words by themselves: length, a whole number of characters, blanks around."""
    faults = []
    for token in value.split(" "):
        if "=?" not in token:
            continue
        if not re.fullmatch(WORD, token) or len(token) > 75:
            faults.append(f"{name}: {token!r} is no encoded word")
            continue
        kind, text = token[8], token[10:-2]
        data = base64.b64decode(text) if kind == "B" else quopri.decodestring(text.replace("_", " "))
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            faults.append(f"{name}: half a character in {token!r}")
    return faults


def check_lines(data):
    faults = []
    if re.search(rb"[^\r\n\t -~]", data):
        faults.append("not 7 bit, or a control")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        faults.append("a bare CR or LF")
    lines = data.split(b"\r\n")
    if max(map(len, lines)) > 998:
        faults.append(f"a line of {max(map(len, lines))} bytes")
    if any(line.startswith((b"From ", b".")) for line in lines):
        faults.append("a line that begins with From or a dot")
    body = lines[lines.index(b""):]
    if max(map(len, body)) > 76:
        faults.append(f"a line of {max(map(len, body))} bytes in the body")
    for line in lines[:lines.index(b"")]:
        if len(line) > 78 and b" " in line.split(b":", 1)[-1].strip():
            faults.append(f"not folded: {line!r}")
        if not line.strip():
            faults.append("a line of blanks in the header")
    return faults


def check_headers(headers):
    faults = []
    for name, value in headers:
        grammar = ONCE.get(name) or AT_MOST_ONCE.get(name)
        if grammar is None:
            faults.append(f"a header that nobody wrote: {name}: {value}")
        elif not re.fullmatch(grammar, value):
            faults.append(f"{name}: {value!r}")
        faults += check_words(name, value)
    names = [name for name, _ in headers]
    faults += [f"{name} stands {names.count(name)} times" for name in ONCE if names.count(name) != 1]
    faults += [f"{name} stands twice" for name in AT_MOST_ONCE if names.count(name) > 1]
    found = dict(headers)
    if ("References" in found) != ("In-Reply-To" in found) or (
            "References" in found and found["References"].split()[-1] != found["In-Reply-To"]):
        faults.append("References and In-Reply-To")
    if ("List-Unsubscribe-Post" in found) != ("<https:" in found.get("List-Unsubscribe", "")):
        faults.append("List-Unsubscribe-Post goes with an https address, and with nothing else")
    return faults


def check_parts(message):
    """The parts as Python sees them, no defect in any."""
    faults = []
    kinds = [part.get_content_type() for part in message.walk()]
    if kinds not in (["multipart/alternative", "text/plain", "text/html"],
                     ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/csv"]):
        faults.append(f"parts: {kinds}")
    for part in message.walk():
        faults += [f"{part.get_content_type()}: {defect!r}" for defect in part.defects]
        for name, value in part.items():
            faults += [f"{name}: {defect!r}" for defect in getattr(value, "defects", ())]
            if part is not message and name not in PART_HEADERS:
                faults.append(f"{part.get_content_type()} has a {name}")
        if not part.is_multipart():
            if part.get_content_charset() != "utf-8":
                faults.append(f"charset {part.get_content_charset()}")
            part.get_content().encode("utf-8")
    return faults


def parse(data):
    return email.message_from_bytes(data, policy=email.policy.SMTP)


def check(data):
    """What is wrong with a mail; an empty list when nothing is."""
    faults = check_lines(data)
    if faults:
        return faults
    faults += check_headers(split_headers(data.split(b"\r\n\r\n", 1)[0]))
    message = parse(data)
    faults += check_parts(message)
    for name, value in message.items():
        if deceives(str(value)):
            faults.append(f"{name}: {str(value)!r} holds {deceives(str(value))!r}")
    if email.utils.parsedate_to_datetime(message["Date"]).tzinfo is None:
        faults.append("Date without a zone")
    return faults

"""WARC records and packed payloads as foreign programs write them."""

import base64
import gzip
import hashlib
import struct
import zlib

from past import iso


def sha1(data):
    return base64.b32encode(hashlib.sha1(data).digest()).decode()


def http_answer(body, status=200, kind="text/html; charset=utf-8", headers=()):
    lines = [f"HTTP/1.1 {status} OK", f"Content-Type: {kind}",
             *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def record(kind, url, at, block, headers=(), number=0):
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {iso(at)}",
             f"WARC-Record-ID: <urn:uuid:{number:08x}-5b1d-4c3e-9f2a-{zlib.crc32(url.encode()):012x}>",
             f"Content-Length: {len(block)}"]
    if url:
        lines.append(f"WARC-Target-URI: {url}")
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + block + b"\r\n\r\n"


def response(url, at, body, number=0, **how):
    return record("response", url, at, http_answer(body, **how),
                  (("Content-Type", "application/http; msgtype=response"),
                   ("WARC-Payload-Digest", "sha1:" + sha1(body))), number)


def request(url, at, number=0):
    _, _, host, path = url.split("/", 3)
    return record("request", url, at, f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
                  (("Content-Type", "application/http; msgtype=request"),), number)


def warcinfo(at):
    return record("warcinfo", "", at, b"software: stand-in\r\nformat: WARC File Format 1.0\r\n",
                  (("Content-Type", "application/warc-fields"),))


def member(data):
    """One gzip member: one record."""
    return gzip.compress(data, 6, mtime=0)


def stored_brotli(data):
    """RFC 7932 without compression: enough to need a brotli decoder."""
    out = bytearray()
    first = True
    for i in range(0, len(data), 65536):
        piece = data[i:i + 65536]
        # WBITS 16 is a bit 0, once; then ISLAST 0, MNIBBLES 00, MLEN-1 in 16 bits, ISUNCOMPRESSED.
        bits = ((len(piece) - 1) << 3 | 1 << 19) << (1 if first else 0)
        out += struct.pack("<I", bits)[:3] + piece
        first = False
    return bytes(out) + b"\x03"


def damaged(packed):
    """The same length, broken in the middle of its data."""
    middle = len(packed) // 2
    return packed[:middle] + bytes(b ^ 0x5A for b in packed[middle:middle + 40]) + packed[middle + 40:]


def unpack(data):
    """What can be had of one member; for self-tests."""
    return zlib.decompressobj(47).decompress(data)

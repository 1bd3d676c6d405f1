"""When a request came in, by the kernel: a thread hears of it when it is its turn, which on a busy
machine is some time later, and not as much later each time."""

import socket
import struct
import time

SO_TIMESTAMPNS = 35  # of linux; the socket module does not name it


def monotonic_offset():
    """From the time of the day to the monotonic clock's, read as close to each other as can be."""
    readings = [(time.monotonic(), time.time(), time.monotonic()) for _ in range(50)]
    before, now, after = min(readings, key=lambda r: r[2] - r[0])
    return (before + after) / 2 - now


OFFSET_S = monotonic_offset()


def noted(listener):
    """Of all that comes in there from now on."""
    listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def of(connection):
    """Waits for the next request, takes nothing of it; the time is time.monotonic()'s."""
    try:
        _, notes, _, _ = connection.recvmsg(1 << 16, 256, socket.MSG_PEEK)
    except OSError:
        notes = ()
    for level, kind, data in notes:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, ns = struct.unpack_from("@ll", data)
            return seconds + ns / 1e9 + OFFSET_S
    return time.monotonic()

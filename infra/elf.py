"""Takes off compiled code what no processor ever loads: names and notes for debuggers, a quarter of the zip.

By hand, since what strips code of another machine (llvm-strip) is on few machines, and zig's does not know how.
A loader goes by the program headers alone, so whatever lies behind the last segment can go, and so can the table that
tells of it: https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html
"""

from __future__ import annotations

import struct

MAGIC = b"\x7fELF\x02\x01"  # 64 bits, little-endian: both of Lambda's architectures
HEADER_BYTES = 64
PROGRAM_HEADERS, SECTION_HEADERS = 32, 40  # where the file's header says where each table begins
SEGMENT_SIZE, SEGMENTS, SECTIONS = 54, 56, 60


def loaded(code: bytes) -> bytes:
    """The same code, as far as it is ever loaded. Raises ValueError for what is no such code."""
    if not code.startswith(MAGIC) or len(code) < HEADER_BYTES:
        raise ValueError("it is no 64-bit little-endian ELF")
    (table,) = struct.unpack_from("<Q", code, PROGRAM_HEADERS)
    size, many = struct.unpack_from("<HH", code, SEGMENT_SIZE)
    if not many or table + many * size > len(code):
        raise ValueError("it says of no segment where it lies")
    end = max(table + many * size, *(_end(code, table + number * size) for number in range(many)))
    if end > len(code):
        raise ValueError("it ends before its segments do")
    kept = bytearray(code[:end])
    struct.pack_into("<Q", kept, SECTION_HEADERS, 0)
    struct.pack_into("<HH", kept, SECTIONS, 0, 0)  # how many, and which of them holds the names
    return bytes(kept)


def _end(code: bytes, segment: int) -> int:
    offset, size = struct.unpack_from("<Q16xQ", code, segment + 8)
    return int(offset) + int(size)

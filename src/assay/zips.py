"""Small members of zip archives, each read as a whole.

A report that is a file a test is thousands of members of a kilobyte, and to open a stream for each
takes zipfile several times as long as to inflate it. Only what is as zipfile expects it, too, is
read here, to the last byte and with its checksum; whatever is odd is left to zipfile, which knows
best what to say of it.
"""

from __future__ import annotations

import zlib
from struct import Struct, error
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

MOST = 1 << 16
"""Bytes of a small member, packed and unpacked."""

HEADER = Struct("<4s22xHH")
"""Of a member's own header its signature, and the lengths of its name and what follows (APPNOTE
4.3.7). Sizes and checksum are the directory's: the header may have left them to a descriptor."""

SIGNATURE = b"PK\3\4"

ODD = ~(0x0006 | 0x0008 | 0x0800)
"""All flags but those that say how well it is deflated, that a descriptor follows, and that its
name is UTF-8 (APPNOTE 4.4.4)."""


def small(file: IO[bytes], info: ZipInfo) -> bytes | None:
    """The bytes of the member that the directory of the archive in `file` describes so; None where
    it is not small, or anything is odd about it."""
    if info.file_size > MOST or info.compress_size > MOST or info.flag_bits & ODD:
        return None
    file.seek(info.header_offset)
    try:
        signature, named, more = HEADER.unpack(file.read(HEADER.size))
    except error:
        return None
    name = file.read(named)
    if signature != SIGNATURE or not name.isascii() or name.decode() != info.orig_filename:
        return None
    file.seek(more, 1)
    packed = file.read(info.compress_size)
    found = packed if info.compress_type == ZIP_STORED else _inflated(packed, info)
    if found is None or len(found) != info.file_size or zlib.crc32(found) != info.CRC:
        return None
    return found


def _inflated(packed: bytes, info: ZipInfo) -> bytes | None:
    """No more than a byte more than the directory says is made, whatever is packed."""
    if info.compress_type != ZIP_DEFLATED:
        return None
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = inflate.decompress(packed, info.file_size + 1)
    except zlib.error:
        return None
    return found if inflate.eof else None

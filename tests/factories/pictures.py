"""PNG images made by hand, whole or with one thing wrong."""

from __future__ import annotations

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes = b"", *, checksum: int | None = None) -> bytes:
    """Return one chunk with its length and checksum."""
    right = zlib.crc32(kind + content) if checksum is None else checksum
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", right)


def header(
    width: int = 2, height: int = 2, depth: int = 8, colour_type: int = 2, *, interlace: int = 0, compression: int = 0
) -> bytes:
    """Return the header's chunk."""
    content = struct.pack(">IIBBBBB", width, height, depth, colour_type, compression, 0, interlace)
    return chunk(b"IHDR", content)


def pixels(*rows: bytes) -> bytes:
    """Return the chunk of these rows, each with its filter before it."""
    return chunk(b"IDAT", zlib.compress(b"".join(rows)))


END = chunk(b"IEND")
ROW = b"\x00" + b"\x1f\x5f\x4a" * 2
PICTURE = SIGNATURE + header() + pixels(ROW, ROW) + END


def picture(width: int = 2, height: int = 2, *, colour: bytes = b"\x1f\x5f\x4a") -> bytes:
    """Return a picture of this size in one colour."""
    return SIGNATURE + header(width, height) + pixels(*[b"\x00" + colour * width] * height) + END

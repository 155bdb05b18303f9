"""PNG images, read chunk by chunk and written anew, so that nothing but the picture is kept. No Django."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 200 * 1024
MOST_PIXELS: Final = 1000  # each way

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">IIBBBBB")
_GREY, _COLOURS, _PALETTE, _GREY_ALPHA, _COLOURS_ALPHA = 0, 2, 3, 4, 6
# Colour type to samples in a pixel and the depths that a sample may have. Source: ISO/IEC 15948, table 11.1.
_TYPES: Final[dict[int, tuple[int, frozenset[int]]]] = {
    _GREY: (1, frozenset({1, 2, 4, 8, 16})),
    _COLOURS: (3, frozenset({8, 16})),
    _PALETTE: (1, frozenset({1, 2, 4, 8})),
    _GREY_ALPHA: (2, frozenset({8, 16})),
    _COLOURS_ALPHA: (4, frozenset({8, 16})),
}
# Adam7: first column and row of each pass, and its steps. Source: ISO/IEC 15948, 8.2.
_PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_LAST_FILTER: Final = 4
_MOST_COLOURS: Final = 256
_SMALL_LETTERS: Final = 0x20  # in a chunk's first letter: a reader may leave it out


class PngRefused(Exception):
    """It is no such picture; `code` and `words` say why."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Png:
    """A picture as it is kept. Unit: pixels."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    depth: int
    colour_type: int
    is_interlaced: bool

    def rows(self) -> Iterator[int]:
        """Yield the length of every row of samples, in the order of the stream; before each stands its filter."""
        passes = _PASSES if self.is_interlaced else ((0, 0, 1, 1),)
        bits = self.depth * _TYPES[self.colour_type][0]
        for column, row, across, down in passes:
            width = -(-(self.width - column) // across)
            height = -(-(self.height - row) // down)
            if width > 0:
                yield from [-(-width * bits // 8)] * max(height, 0)


def rewritten(data: bytes) -> Png:
    """Return the picture with its header, palette, transparency and pixels alone, compressed anew.

    Every checksum is verified and every row counted; comments, colour profiles, animation and what follows the end are
    left out. Raises: PngRefused with code logo_too_large, logo_unreadable or logo_too_many_pixels.
    """
    if len(data) > MOST_BYTES:
        raise PngRefused("logo_too_large", f"At most {MOST_BYTES // 1024} KB.")
    found: dict[bytes, list[bytes]] = {}
    for kind, content in _chunks(data):
        found.setdefault(kind, []).append(content)
    header = _header(found)
    palette, transparency = _palette(found, header), _transparency(found, header)
    pixels = _pixels(b"".join(found.get(b"IDAT", ())), header)
    kept = [(b"IHDR", found[b"IHDR"][0]), *palette, *transparency, (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    whole = _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in kept)
    return Png(width=header.width, height=header.height, data=whole)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each chunk that belongs to the picture, in an order that a picture can have."""
    if not data.startswith(_SIGNATURE):
        raise PngRefused("logo_unreadable", "It is not a PNG image.")
    at, before = len(_SIGNATURE), b""
    while before != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at) if at + 12 <= len(data) else (len(data), b"")
        if at + 12 + length > len(data):
            raise _broken("It ends in the middle.")
        content = data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(kind + content) != checksum:
            raise _broken("A part of it does not match its checksum.")
        at += 12 + length
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            if (kind == b"IHDR") != (before == b"") or (kind in (b"PLTE", b"tRNS") and before == b"IDAT"):
                raise _broken("Its parts come in an order that they cannot have.")
            before = kind
            yield kind, content
        elif not kind[0] & _SMALL_LETTERS:
            raise _broken("It has a part that no reader may leave out and that is not known here.")


def _header(found: dict[bytes, list[bytes]]) -> _Header:
    (content,) = found[b"IHDR"]
    if len(content) != _HEADER.size:
        raise _broken("Its header cannot be read.")
    width, height, depth, colour_type, compression, filtering, interlace = _HEADER.unpack(content)
    if colour_type not in _TYPES or depth not in _TYPES[colour_type][1] or compression or filtering or interlace > 1:
        raise _broken("Its header cannot be read.")
    if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
        raise PngRefused("logo_too_many_pixels", f"At most {MOST_PIXELS} by {MOST_PIXELS} pixels.")
    return _Header(width, height, depth, colour_type, is_interlaced=interlace == 1)


def _palette(found: dict[bytes, list[bytes]], header: _Header) -> list[tuple[bytes, bytes]]:
    palettes = found.get(b"PLTE", [])
    if len(palettes) > 1 or any(not each or len(each) % 3 or len(each) > 3 * _MOST_COLOURS for each in palettes):
        raise _broken("Its palette cannot be read.")
    if header.colour_type != _PALETTE:
        return []  # a hint for screens of few colours
    if not palettes:
        raise _broken("Its palette is missing.")
    return [(b"PLTE", palettes[0])]


def _transparency(found: dict[bytes, list[bytes]], header: _Header) -> list[tuple[bytes, bytes]]:
    contents = found.get(b"tRNS", [])
    if not contents:
        return []
    colours = len(b"".join(found.get(b"PLTE", []))) // 3
    sizes = {_GREY: range(2, 3), _COLOURS: range(6, 7), _PALETTE: range(1, colours + 1)}
    if len(contents) > 1 or len(contents[0]) not in sizes.get(header.colour_type, ()):
        raise _broken("Its transparency cannot be read.")
    return [(b"tRNS", contents[0])]


def _pixels(packed: bytes, header: _Header) -> bytes:
    rows = list(header.rows())
    expected = sum(rows) + len(rows)
    stream = zlib.decompressobj()
    try:
        pixels = stream.decompress(packed, expected + 1)
    except zlib.error as error:
        raise _broken("Its pixels cannot be unpacked.") from error
    if len(pixels) != expected or not stream.eof:
        raise _broken("It has fewer or more pixels than its header says.")
    at = 0
    for length in rows:
        if pixels[at] > _LAST_FILTER:
            raise _broken("Its pixels cannot be read.")
        at += 1 + length
    return pixels


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _broken(words: str) -> PngRefused:
    return PngRefused("logo_unreadable", words)

"""Pictures from strangers: what is kept of them, and what is no picture."""

from __future__ import annotations

import zlib

import pytest

from orderwright.core.png import MOST_BYTES, PngRefused, rewritten
from tests.factories.pictures import END, PICTURE, ROW, SIGNATURE, chunk, header, picture, pixels

BLACK = DOT = b"\x00\x00"
PALETTE = chunk(b"PLTE", b"\x00\x00\x00\xff\xff\xff")


def kinds(data: bytes) -> list[bytes]:
    """Return which chunks a picture has."""
    found, at = [], len(SIGNATURE)
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return found


def test_only_the_picture_itself_is_kept():
    secret = chunk(b"tEXt", b"Comment\x00made at home, 12 Elm Street")
    animated = chunk(b"acTL", b"\x00" * 8)

    kept = rewritten(SIGNATURE + header() + secret + animated + pixels(ROW, ROW) + END + b"<script>alert(1)</script>")

    assert (kept.width, kept.height) == (2, 2)
    assert kinds(kept.data) == [b"IHDR", b"IDAT", b"IEND"]
    assert b"Elm Street" not in kept.data
    assert b"script" not in kept.data
    assert rewritten(kept.data) == kept


def test_what_hides_behind_the_pixels_of_the_stream_is_left_out():
    stream = zlib.compress(ROW * 2) + b"payload"

    kept = rewritten(SIGNATURE + header() + chunk(b"IDAT", stream[:5]) + chunk(b"IDAT", stream[5:]) + END)

    assert b"payload" not in kept.data
    assert kept == rewritten(PICTURE)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((header(9, 1, 1, 3), PALETTE, chunk(b"tRNS", b"\x00"), pixels(b"\x00\xff\x80")), [b"PLTE", b"tRNS"]),
        ((header(1, 1, 8, 2), PALETTE, pixels(b"\x04\x01\x02\x03")), []),
        ((header(1, 1, 16, 0), chunk(b"tRNS", BLACK), pixels(b"\x00\x01\x02")), [b"tRNS"]),
        ((header(1, 1, 8, 2), chunk(b"tRNS", BLACK * 3), pixels(b"\x00\x01\x02\x03")), [b"tRNS"]),
        ((header(1, 2, 8, 6), pixels(b"\x00\x01\x02\x03\x04", b"\x01\x01\x02\x03\x04")), []),
        ((header(1, 1, 8, 4), pixels(b"\x00\x01\x02")), []),
    ],
)
def test_every_colour_type_is_read_and_keeps_its_palette_and_transparency(parts, expected):
    kept = rewritten(SIGNATURE + b"".join(parts) + END)

    assert kinds(kept.data) == [b"IHDR", *expected, b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    ("size", "rows"), [((1, 1), [1]), ((3, 2), [1, 1, 1, 3]), ((8, 8), [1, 1, *[2] * 3, *[4] * 6, *[8] * 4])]
)
def test_a_picture_that_comes_in_passes_has_the_rows_of_its_passes(size, rows):
    data = SIGNATURE + header(*size, 8, 0, interlace=1) + pixels(*[b"\x00" + b"\x80" * length for length in rows]) + END

    assert (rewritten(data).width, rewritten(data).height) == size


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "logo_unreadable", "It is not a PNG image."),
        (b"\xff\xd8\xff\xe0 a photograph", "logo_unreadable", "It is not a PNG image."),
        (b"<svg onload='alert(1)'/>", "logo_unreadable", "It is not a PNG image."),
        (PICTURE + b"\x00" * MOST_BYTES, "logo_too_large", "At most 200 KB."),
        (PICTURE[:-1], "logo_unreadable", "It ends in the middle."),
        (PICTURE[:20], "logo_unreadable", "It ends in the middle."),
        (SIGNATURE, "logo_unreadable", "It ends in the middle."),
        (
            SIGNATURE + header() + chunk(b"tEXt", b"x", checksum=1) + pixels(ROW, ROW) + END,
            "logo_unreadable",
            "A part of it does not match its checksum.",
        ),
        (
            SIGNATURE + header() + chunk(b"EVIL") + pixels(ROW, ROW) + END,
            "logo_unreadable",
            "It has a part that no reader may leave out and that is not known here.",
        ),
        *(
            (
                SIGNATURE + parts + END,
                "logo_unreadable",
                "Its parts come in an order that they cannot have.",
            )
            for parts in (
                pixels(ROW, ROW) + header(),
                header() + header() + pixels(ROW, ROW),
                header(2, 2, 8, 3) + pixels(b"\x00\x00\x00" * 2) + PALETTE,
                b"",
            )
        ),
        *(
            (SIGNATURE + bad + pixels(ROW, ROW) + END, "logo_unreadable", "Its header cannot be read.")
            for bad in (
                chunk(b"IHDR", b"\x00" * 12),
                header(colour_type=5),
                header(depth=4),
                header(compression=1),
                header(interlace=2),
            )
        ),
        *(
            (SIGNATURE + bad + pixels(ROW) + END, "logo_too_many_pixels", "At most 1000 by 1000 pixels.")
            for bad in (header(0, 2), header(2, 0), header(1001, 2), header(2, 2**31 - 1))
        ),
        (
            SIGNATURE + header(1, 1, 8, 3) + pixels(BLACK) + END,
            "logo_unreadable",
            "Its palette is missing.",
        ),
        *(
            (
                SIGNATURE + header(1, 1, 8, 3) + bad + pixels(BLACK) + END,
                "logo_unreadable",
                "Its palette cannot be read.",
            )
            for bad in (PALETTE * 2, chunk(b"PLTE"), chunk(b"PLTE", b"\x00\x01"), chunk(b"PLTE", b"\x00" * 771))
        ),
        *(
            (SIGNATURE + bad + END, "logo_unreadable", "Its transparency cannot be read.")
            for bad in (
                header(1, 1, 8, 6) + chunk(b"tRNS", BLACK) + pixels(b"\x00" * 5),
                header(1, 1, 8, 3) + PALETTE + chunk(b"tRNS", b"\x00" * 3) + pixels(BLACK),
                header(1, 1, 8, 0) + chunk(b"tRNS", BLACK) * 2 + pixels(BLACK),
                header(1, 1, 8, 0) + chunk(b"tRNS") + pixels(BLACK),
            )
        ),
        (
            SIGNATURE + header() + chunk(b"IDAT", b"not packed") + END,
            "logo_unreadable",
            "Its pixels cannot be unpacked.",
        ),
        *(
            (
                SIGNATURE + header() + bad + END,
                "logo_unreadable",
                "It has fewer or more pixels than its header says.",
            )
            for bad in (b"", pixels(ROW), pixels(ROW, ROW, b"\x00"), chunk(b"IDAT", zlib.compress(ROW * 2)[:-1]))
        ),
        (SIGNATURE + header() + pixels(ROW, b"\x05" + ROW[1:]) + END, "logo_unreadable", "Its pixels cannot be read."),
    ],
)
def test_what_is_no_such_picture_is_refused_with_the_reason(data, code, words):
    with pytest.raises(PngRefused) as refused:
        rewritten(data)

    assert (refused.value.code, refused.value.words) == (code, words)


def test_a_picture_that_would_unpack_to_gigabytes_is_given_up_at_its_size():
    bomb = SIGNATURE + header(1000, 1000) + chunk(b"IDAT", zlib.compress(b"\x00" * 50_000_000, 9)) + END

    with pytest.raises(PngRefused, match="fewer or more pixels"):
        rewritten(bomb)


def test_the_largest_picture_is_taken():
    assert rewritten(picture(1000, 1000)).width == 1000

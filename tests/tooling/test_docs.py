"""The documentation: links lead somewhere, pictures exist, and every picture is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def linked_files(page: Path) -> list[Path]:
    links = LINK.findall(page.read_text())
    return [(page.parent / link).resolve() for link in links if "://" not in link and not link.startswith("mailto:")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    assert [str(target) for target in linked_files(page) if not target.exists()] == []


def test_every_picture_is_shown_somewhere() -> None:
    shown = {target for page in PAGES for target in linked_files(page)}

    taken = set((ROOT / "docs" / "pictures").glob("*.png"))

    assert sorted(str(picture) for picture in taken - shown) == []


def test_no_two_decisions_share_a_number() -> None:
    numbers = [each.name[:4] for each in (ROOT / "docs" / "adr").glob("0*.md")]

    assert sorted(numbers) == sorted(set(numbers))

"""Every `make` target says what it is for, and what the Makefile calls is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, flags=re.MULTILINE)


def test_every_target_has_its_line_of_help():
    documented = re.findall(r"^([a-z][a-z-]*):.* ## \S", MAKEFILE, flags=re.MULTILINE)

    assert documented == TARGETS


def test_every_target_is_phony_so_that_a_file_of_that_name_cannot_hide_it():
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, flags=re.MULTILINE)

    assert phony is not None
    assert sorted(phony.group(1).split()) == sorted(TARGETS)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_make_alone_prints_every_target():
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert [line.split()[1] for line in listed.splitlines()] == TARGETS


def test_what_the_makefile_runs_exists():
    modules = re.findall(r"python -m (scripts\.[a-z_]+)", MAKEFILE)
    files = re.findall(r"scripts/[a-z_]+\.(?:py|sh)", MAKEFILE)

    assert modules
    assert [module for module in modules if not (ROOT / f"{module.replace('.', '/')}.py").exists()] == []
    assert [name for name in files if not (ROOT / name).exists()] == []

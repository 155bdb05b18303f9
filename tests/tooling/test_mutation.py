"""`make mutation`: which small changes it makes, that they come into force, and when it fails. No test is run here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest

from scripts.mutants.applying import put_in_force
from scripts.mutants.making import mutants
from scripts.mutation import ROOT, TARGETS, conclude, explanations

SOURCE = '''
from functools import cache

MOST_OF = {"s": 9, "l": (1, 2)}
MOST = 3
Pair = tuple[int, int]


@cache
def fits(amount, kind="s"):
    """Return whether it fits."""
    if not kind:
        raise ValueError("name a kind")
    return 0 < amount <= MOST_OF[kind]


class Room:
    free: int = 5

    @property
    def half(self) -> int:
        return self.free // 2

    def most(self):
        return min(self.free, MOST)
'''


def changes(source: str) -> list[str]:
    return [mutant.name for mutant in mutants(source)]


@pytest.fixture
def module() -> Iterator[ModuleType]:
    """Import the sample, as another module would that takes its names from it."""
    made = ModuleType("mutated_sample")
    made.__file__ = "mutated_sample.py"
    exec(SOURCE, made.__dict__)
    reader = ModuleType("reader_of_sample")
    reader.__dict__.update(fits=made.fits, MOST_OF=made.MOST_OF, MOST=made.MOST)
    sys.modules |= {made.__name__: made, reader.__name__: reader}
    yield made
    del sys.modules[made.__name__], sys.modules[reader.__name__]


def in_force(module: ModuleType, name: str) -> ModuleType:
    """Put the named mutant in force and return the module that reads the sample."""
    put_in_force(next(mutant for mutant in mutants(SOURCE) if mutant.name == name), module)
    return sys.modules["reader_of_sample"]


def test_functions_decorated_ones_and_properties_are_changed_and_tables_entry_by_entry():
    assert changes(SOURCE) == [
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'l': (1, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s~': 9, 'l': (1, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l~': (1, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 10, 'l': (1, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 8, 'l': (1, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l': (2,)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l': (1,)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l': (2, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l': (0, 2)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l': (1, 3)}",
        "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'s': 9, 'l': (1, 1)}",
        "MOST: MOST = 3 → MOST = 4",
        "MOST: MOST = 3 → MOST = 2",
        "fits: if not kind: → if True:",
        "fits: if not kind: → if False:",
        "fits: if not kind: → if kind:",
        "fits: raise ValueError('name a kind') → pass",
        "fits: return 0 < amount <= MOST_OF[kind] → return None",
        "fits: return 0 < amount <= MOST_OF[kind] → return 0 <= amount <= MOST_OF[kind]",
        "fits: return 0 < amount <= MOST_OF[kind] → return 0 < amount < MOST_OF[kind]",
        "fits: return 0 < amount <= MOST_OF[kind] → return 1 < amount <= MOST_OF[kind]",
        "Room.half: return self.free // 2 → return None",
        "Room.half: return self.free // 2 → return self.free * 2",
        "Room.half: return self.free // 2 → return self.free // 3",
        "Room.half: return self.free // 2 → return self.free // 1",
        "Room.most: return min(self.free, MOST) → return None",
        "Room.most: return min(self.free, MOST) → return max(self.free, MOST)",
    ]


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("a and b", ["a or b", "b", "a"]),
        ("x if a else y", ["x", "y"]),
        ("[x for x in y if x]", ["[x for x in y]"]),
        ("y[1:]", ["y[:]", "y[2:]", "y[0:]"]),
        ("f(a, b=c)", ["f(a)"]),
        ("y.filter(a).exclude(b)", ["y.filter(a)", "y.exclude(b)"]),
        ("{a, b}", ["{b}", "{a}"]),
        ("any(y)", ["all(y)"]),
        ("-a + b", ["-a - b", "a + b"]),
        ("True", ["False"]),
        ("f'{a} words {b:.2f}'", []),
        ("_('Words for people.')", []),
    ],
)
def test_each_part_of_an_expression_is_changed_and_words_for_people_are_left(statement, changed):
    found = changes(f"def f(a, b):\n    return {statement}\n")

    assert found[0].endswith("→ return None")
    assert [name.removeprefix(f"f: return {statement} → return ") for name in found[1:]] == changed


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        ("a += b", ["a -= b", "pass"]),
        ("a[b] = c", ["pass"]),
        ("post(a)", ["pass"]),
        ("raise Refused(_('No.'), facts={'most': a})", ["pass", "raise Refused(_('No.'))"]),
        ("a = b", []),
        ("a: dict[str, int] = b", []),
    ],
)
def test_what_a_statement_does_is_left_out(statement, changed):
    found = [name.partition(" → ")[2] for name in changes(f"def f(a, b):\n    {statement}\n")]

    assert found[: len(changed)] == changed
    assert bool(found) == bool(changed)


def test_two_changes_that_look_alike_have_names_of_their_own():
    assert changes("def f():\n    g()\n    g()\n") == ["f: g() → pass", "f: g() → pass (2)"]


def test_whoever_imported_a_function_runs_the_changed_one_and_its_cache_is_forgotten(module):
    assert module.fits(9)

    reader = in_force(module, "fits: return 0 < amount <= MOST_OF[kind] → return 0 < amount < MOST_OF[kind]")

    assert not reader.fits(9)
    assert reader.fits(8)


def test_a_property_is_changed_on_the_class(module):
    in_force(module, "Room.half: return self.free // 2 → return self.free * 2")

    assert module.Room().half == 10


def test_whoever_imported_a_table_reads_the_changed_one(module):
    reader = in_force(module, "MOST_OF: MOST_OF = {'s': 9, 'l': (1, 2)} → MOST_OF = {'l': (1, 2)}")
    assert reader.MOST_OF == module.MOST_OF == {"l": (1, 2)}

    reader = in_force(module, "MOST: MOST = 3 → MOST = 4")
    assert (reader.MOST, module.Room().most()) == (4, 4)


@cache
def names_in(path: str) -> list[str]:
    return changes((ROOT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TARGETS)
def test_every_change_to_a_module_has_a_name_of_its_own_and_tests_to_notice_it(path):
    assert len(set(names_in(path))) == len(names_in(path)) > 0
    assert all((ROOT / file).is_file() for file in TARGETS[path])


def test_what_is_explained_is_still_there():
    explained = explanations(list(TARGETS))

    assert [name for name in explained if name[1] not in names_in(name[0])] == []
    assert all(because.endswith(".") for because in explained.values())


def verdict(name: str, how: str) -> dict[str, str | int]:
    return {"module": "money.py", "mutant": name, "line": 7, "verdict": how}


def test_a_change_that_nobody_notices_and_nobody_explains_fails(capsys):
    verdicts = [verdict("a", "killed"), verdict("b", "slow"), verdict("c", "survived"), verdict("d", "untested")]

    assert conclude(verdicts, {("money.py", "c"): "Zero has no sign."}, seconds=9) == 1

    printed = capsys.readouterr().out
    assert "| `money.py` | 4 | 2 | 1 | 1 |" in printed
    assert "untested: money.py:7: d" in printed
    assert "4 mutants, 2 noticed (50.0 %), 1 explained, 1 unexplained; 9 s" in printed


def test_an_explanation_of_what_is_noticed_fails(capsys):
    assert conclude([verdict("a", "killed")], {("money.py", "a"): "Zero has no sign."}, seconds=9) == 1
    assert "explained, and noticed or gone: money.py: a" in capsys.readouterr().out


def test_all_noticed_or_explained_is_success_and_nothing_tried_is_none():
    verdicts = [verdict("a", "killed"), verdict("b", "survived")]

    assert conclude(verdicts, {("money.py", "b"): "Zero has no sign."}, seconds=9) == 0
    assert conclude([], {}, seconds=9) == 1

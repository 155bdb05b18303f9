"""Trying mutants: pytest starts once, and a child is forked for every mutant, which runs the tests that may notice it.

What the children need alike, the migrated test database foremost, is made before they are forked. Threads do not
survive a fork, so the practice provider is started by each child that wants it.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import coverage
import pytest

from scripts.mutants.applying import forget_cached, put_in_force
from scripts.mutants.making import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
# A mutant with which the tests need far more of the processor than without it is noticed: whoever waits for them sees
# it. Seconds of the processor, so that a machine with much else to do changes nothing; the others are a last resort.
_PATIENCE, _LEAST_S, _LAST_RESORT_S, _MOST_BYTES = 4, 5, 600, 4 << 30


@dataclass(kw_only=True, eq=False)
class Trial:
    """A plugin for pytest that runs the chosen tests once, and then some of them for every mutant of its share.

    Shape: `targets` are modules and the test files that have to notice, as paths below the project; `share` is (which,
    of how many). Effects: `told` is called with facts for each mutant: `module`, `mutant`, `line`, `verdict`.
    """

    targets: Mapping[str, Sequence[str]]
    share: tuple[int, int]
    told: Callable[[dict[str, Any]], None]
    _failed: bool = False
    _items: list[pytest.Item] = field(default_factory=list)

    def pytest_sessionstart(self) -> None:
        """Look for one counterexample and no more: the smallest one is of no use here, and nothing is kept."""
        import hypothesis  # noqa: PLC0415 - its plugin for pytest has to be the first to import it

        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        base = hypothesis.settings.get_profile("desk")
        hypothesis.settings.register_profile("mutants", parent=base, phases=phases, database=None)
        hypothesis.settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember whether anything failed."""
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Stand in for pytest's own loop."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        self._items = session.items
        modules = {path: importlib.import_module(path.removesuffix(".py").replace("/", ".")) for path in self.targets}
        self._prepare()
        healthy = json.loads(_in_child(lambda: self._healthy(modules), seconds=_LAST_RESORT_S) or "null")
        if healthy is None or healthy["failed"]:
            raise pytest.UsageError(f"the tests do not pass without a mutant: {healthy and healthy['failed']}")
        which, of = self.share
        all_mutants = [(path, mutant) for path in self.targets for mutant in mutants((ROOT / path).read_text("utf-8"))]
        for path, mutant in all_mutants[which::of]:
            tests = self._of(path) if mutant.is_table else _touching(mutant, healthy["touching"][path])
            quickest = sorted(tests, key=healthy["seconds"].__getitem__)
            seconds = _LEAST_S + math.ceil(_PATIENCE * sum(healthy["seconds"][test] for test in tests))
            verdict = self._verdict(mutant, modules[path], quickest, seconds)
            self.told({"module": path, "mutant": mutant.name, "line": mutant.lines[0], "verdict": verdict})
        return True

    def _prepare(self) -> None:
        """Run one test on the database, so that its children find the database as the migrations made it."""
        plain = [item for item in self._items if "practice" not in getattr(item, "fixturenames", ())]
        on_database = [item for item in plain if "db" in getattr(item, "fixturenames", ())]
        self._run([self._items.index(item) for item in on_database[:1]])

    def _healthy(self, modules: dict[str, ModuleType]) -> str:
        """Run every test with nothing changed, and tell which lines each touched, how long it took, which failed."""
        measure = coverage.Coverage(data_file=None, include=[str(ROOT / path) for path in modules], config_file=False)
        measure.start()
        seconds, failed = [], []
        for index, item in enumerate(self._items):
            for module in modules.values():
                forget_cached(module)
            measure.switch_context(str(index))
            started = time.process_time()
            if self._run([index]):
                failed.append(item.nodeid)
            seconds.append(time.process_time() - started)
        measure.stop()
        data = measure.get_data()
        touching = {
            path: {line: [int(one) for one in tests if one] for line, tests in data.contexts_by_lineno(file).items()}
            for path, file in ((path, str(ROOT / path)) for path in modules)
        }
        return json.dumps({"failed": failed, "seconds": seconds, "touching": touching})

    def _of(self, path: str) -> set[int]:
        """Return the tests in the files that have to notice what is changed in this module."""
        files = {ROOT / file for file in self.targets[path]}
        return {index for index, item in enumerate(self._items) if item.path in files}

    def _verdict(self, mutant: Mutant, module: ModuleType, tests: Sequence[int], seconds: int) -> str:
        """Return `killed`, `slow`, `survived`, or `untested` where no test comes by."""

        def try_it() -> str:
            put_in_force(mutant, module)
            return "killed" if self._run(tests) else "survived"

        return (_in_child(try_it, seconds=seconds) or "slow") if tests else "untested"

    def _run(self, tests: Iterable[int]) -> bool:
        """Return whether one of these tests fails; those after it are not run. What lasts for the session stays."""
        self._failed = False
        for index in tests:
            item = self._items[index]
            # The session in place of the next test: everything is taken down but what lasts for the session.
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
            if self._failed:
                return True
        return False


def _touching(mutant: Mutant, by_line: Mapping[str, Sequence[int]]) -> set[int]:
    """Return the tests that come by the lines of the mutant's statement."""
    first, last = mutant.lines
    return {test for line in range(first, last + 1) for test in by_line.get(str(line), ())}


def _in_child(work: Callable[[], str], *, seconds: int) -> str:
    """Return what `work` returns, done in a forked child; nothing when it dies or needs more of the processor."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        used = math.ceil(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, used + seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
        try:
            with os.fdopen(writer, "w", encoding="utf-8") as answer:
                answer.write(work())
        finally:
            if sys.exc_info()[0] is not None:  # the parent is told by an empty answer, a person by the log
                traceback.print_exc()
            sys.stdout.flush()
            os._exit(0)
    os.close(writer)
    told, end = b"", time.monotonic() + _LAST_RESORT_S
    with os.fdopen(reader, "rb", buffering=0) as answer:
        while select.select([answer], [], [], max(end - time.monotonic(), 0))[0]:
            if not (part := answer.read(1 << 16)):
                break
            told += part
        else:
            told = b""
            os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return told.decode()

"""A process with Django loaded that gives birth to children who act once and may be killed in the middle of it.

Forking there costs milliseconds where a fresh interpreter costs a second. What a child does stands in `child`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# No act takes as long; a child that does hangs.
ANSWER_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended. `result` is what its act came to, or the code of a refusal; empty when it was killed.

    `acknowledged` is what it told its clients to be done, such as `capture 1001`, in order.
    """

    was_killed: bool
    result: str
    acknowledged: list[str]


class Nursery:
    """The nursery as tests see it."""

    def __init__(self, *, database_url: str, practice_url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.child"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database_url, "PRACTICE_URL": practice_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def act(
        self,
        act: str,
        *,
        now: datetime,
        crash_at: str = "",
        kill_after_told: int = 0,
        kill_after_ms: int | None = None,
        **arguments: Any,
    ) -> Ended:
        """Let a child act, as a process of its own would, and return how it ended.

        `crash_at` is a point of orderwright.core.crash; `kill_after_ms` kills it wherever it is so long
        after it has told so many things.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        line = {"act": act, "now": now.isoformat(), "crash_at": crash_at, "kill_after_ms": kill_after_ms}
        line |= {"kill_after_told": kill_after_told, **arguments}
        stdin.write(json.dumps(line) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, "the nursery itself has ended"
        told = json.loads(answer)
        assert not told.pop("surprise"), answer
        return Ended(**told)

    def close(self) -> None:
        """Send the nursery home; its children have ended before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=ANSWER_S)
        self._process.stdout.close()

"""What the next calls are made to do: ordered faults, then a seeded table; carrying a fault out belongs to others.

Faults live in memory: a restarted provider answers well.
"""

import random
import threading
from dataclasses import asdict, dataclass

from practice_provider.documents import Fields, Json
from practice_provider.refusals import InvalidRequest
from practice_provider.words import gettext as _

LOOKUP, NOTICE, ANY = "lookup", "notice", "any"
TARGETS = ("authorisation", "capture", "reversal", "refund", LOOKUP, NOTICE, ANY)

# Faults that keep the call's effect from happening, and faults that only spoil its answer.
EFFECTLESS = ("decline", "hang_before", "drop_before", "server_error", "busy", "conflict")
EFFECTIVE = (
    "hang",
    "late",
    "drop_after",
    "server_error_after",
    "malformed",
    "truncated",
    "wrong_amount",
    "wrong_currency",
)
LATE_EFFECT = "late_effect"
# Faces only. Accepted first, and done or refused later; or done, and taken back later.
ACCEPTED, ACCEPTED_THEN_REFUSED, TAKEN_BACK = "accepted", "accepted_then_refused", "taken_back"
SETTLING = (ACCEPTED, ACCEPTED_THEN_REFUSED, TAKEN_BACK)
# What can happen to a notice: it comes late, several times, before the call is answered, or never.
LATE, TWICE, BEFORE_ANSWER, LOST = "late", "twice", "before_answer", "lost"
NOTICE_KINDS = (LATE, TWICE, BEFORE_ANSWER, LOST)
STORABLE = ("decline", "server_error", "server_error_after")  # errors that a provider may keep under the call's key
CALL_KINDS = (*EFFECTLESS, *EFFECTIVE, LATE_EFFECT, *SETTLING)
KINDS = (*CALL_KINDS, TWICE, BEFORE_ANSWER, LOST)

NEVER_ON_LOOKUPS = ("decline", LATE_EFFECT, *SETTLING)  # they are about an effect, and a look-up has none
NEVER_ON_REPLAYS = ("decline", LATE_EFFECT, *SETTLING)  # what was settled under a key stays settled

DEFAULT_SECONDS = {
    "hang": 60,
    "hang_before": 60,
    "late": 5,
    LATE_EFFECT: 60,
    "busy": 1,
    ACCEPTED: 60,
    ACCEPTED_THEN_REFUSED: 60,
    TAKEN_BACK: 3600,
}
# Those whose seconds run on the virtual clock.
ON_VIRTUAL_CLOCK = (LATE_EFFECT, *SETTLING)
LONGEST_WAIT_S = 24 * 3600
LONGEST_LATE_EFFECT_S = 365 * 24 * 3600  # on the virtual clock, where a year costs nothing
MOST_TIMES = 100_000


@dataclass(slots=True, eq=False)
class Fault:
    """One fault and how many more calls it is for."""

    on: str
    kind: str
    times: int = 1
    authorisation: str | None = None
    seconds: float = 0
    store: bool = False

    def document(self) -> Json:
        """Return the fault as the interface shows it."""
        return asdict(self)


class SeededFaults:
    """A table that draws for every matching call, the same for the same seed and the same order of calls."""

    def __init__(
        self,
        *,
        seed: int,
        rate: float,  # not money: a share of calls
        kinds: tuple[str, ...],
        on: str = ANY,
        authorisation: str | None = None,
        seconds: float | None = None,
    ) -> None:
        """Start the draws from the seed; ``rate`` is the share of calls, from 0 to 1, that go wrong."""
        self.seed = seed
        self.rate = rate
        self.kinds = kinds
        self.on = on
        self.authorisation = authorisation
        self.seconds = seconds
        self.drawn = 0
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def draw(self, on: str) -> Fault | None:
        """Return the fault for the next call, or None when it goes well."""
        self.drawn += 1
        if self._random.random() >= self.rate:
            return None
        return fault_of(kind=self._random.choice(self.kinds), on=on, seconds=self.seconds)

    def document(self) -> Json:
        """Return the table as the interface shows it; ``drawn`` is how many calls it has decided on."""
        return {
            "seed": self.seed,
            "rate": self.rate,
            "kinds": list(self.kinds),
            "on": self.on,
            "authorisation": self.authorisation,
            "seconds": self.seconds,
            "drawn": self.drawn,
        }


def fault_of(
    *,
    kind: str,
    on: str,
    times: int = 1,
    authorisation: str | None = None,
    seconds: float | None = None,
    store: bool | None = None,
) -> Fault:
    """Return a fault with the defaults of its kind: a decline is stored under the call's key, other faults are not."""
    return Fault(
        on=on,
        kind=kind,
        times=times,
        authorisation=authorisation,
        seconds=DEFAULT_SECONDS.get(kind, 0) if seconds is None else seconds,
        store=kind == "decline" if store is None else store,
    )


def fault_from(document: Json) -> Fault | SeededFaults:
    """Read the body of a fault, or of a seeded table when it has a seed.

    Raises: InvalidRequest.
    """
    if document.get("seed") is not None:
        return _seeded_from(document)
    fields = Fields(document, allowed=("on", "kind", "times", "authorisation", "seconds", "store"))
    kind = fields.word("kind", words=KINDS)
    on = fields.word("on", words=TARGETS)
    if on == LOOKUP and kind in NEVER_ON_LOOKUPS:
        raise InvalidRequest(
            _("A look-up moves no money, so “{kind}” cannot happen to it.").format(kind=kind), field="kind"
        )
    possible = NOTICE_KINDS if on == NOTICE else CALL_KINDS
    if kind not in possible:
        words = _("On “{on}” there are {kinds} only.").format(on=on, kinds=", ".join(possible))
        raise InvalidRequest(words, field="kind")
    if fields.has("store") and kind not in STORABLE:
        raise InvalidRequest(_("“store” goes with {kinds} only.").format(kinds=", ".join(STORABLE)), field="store")
    times = fields.integer("times", default=1)
    if not 1 <= times <= MOST_TIMES:
        raise InvalidRequest(_("“times” has to be from 1 to {most}.").format(most=MOST_TIMES), field="times")
    return fault_of(
        kind=kind,
        on=on,
        times=times,
        authorisation=_authorisation(fields),
        seconds=_seconds(fields, late=kind in ON_VIRTUAL_CLOCK or on == NOTICE),
        store=fields.truth("store", default=False) if fields.has("store") else None,
    )


def _seeded_from(document: Json) -> SeededFaults:
    fields = Fields(document, allowed=("seed", "rate", "kinds", "on", "authorisation", "seconds"))
    return SeededFaults(
        seed=fields.integer("seed"),
        rate=fields.number("rate", least=0, most=1),
        kinds=fields.words("kinds", words=NOTICE_KINDS if document.get("on") == NOTICE else CALL_KINDS),
        on=fields.word("on", words=TARGETS, default=ANY),
        authorisation=_authorisation(fields),
        seconds=_seconds(fields, late=False),
    )


def _authorisation(fields: Fields) -> str | None:
    if not fields.has("authorisation"):
        return None
    return fields.text("authorisation", pattern=r"[!-~]{1,64}", meaning=_("the id of an authorisation"))


def _seconds(fields: Fields, *, late: bool) -> float | None:
    if not fields.has("seconds"):
        return None
    return fields.number("seconds", least=0, most=LONGEST_LATE_EFFECT_S if late else LONGEST_WAIT_S)


class FaultTable:
    """The faults that wait for their calls: the ordered ones first, then the seeded table."""

    def __init__(self) -> None:
        """Begin with none, so that every call goes well."""
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._seeded: SeededFaults | None = None

    def add(self, fault: Fault | SeededFaults) -> None:
        """Put a fault behind those that wait; a seeded table replaces the one before it."""
        with self._lock:
            if isinstance(fault, SeededFaults):
                self._seeded = fault
            else:
                self._faults.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()
            self._seeded = None

    def document(self) -> Json:
        """Return what waits, in order, and the seeded table or None."""
        with self._lock:
            return {
                "items": [fault.document() for fault in self._faults],
                "seeded": self._seeded.document() if self._seeded else None,
            }

    def waiting(self) -> tuple[list[Fault], SeededFaults | None]:
        """Return the ordered faults that wait, and the seeded table or None."""
        with self._lock:
            return list(self._faults), self._seeded

    def has(self, *, on: str, kind: str) -> bool:
        """Tell whether a fault of this kind waits."""
        with self._lock:
            return any((fault.on, fault.kind) == (on, kind) for fault in self._faults)

    def take(self, *, on: str, authorisation: str, is_replay: bool = False, of_face: bool = False) -> Fault | None:
        """Return what goes wrong with this call, and use it up.

        A fault that cannot happen to a look-up, to a call answered before, or outside a face waits for the next one.
        """
        with self._lock:
            for fault in self._faults:
                is_possible = _is_possible(fault.kind, on, is_replay=is_replay, of_face=of_face)
                if _matches(fault, on, authorisation) and is_possible:
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                    return fault
            if self._seeded and _matches(self._seeded, on, authorisation):
                drawn = self._seeded.draw(on)
                if drawn is None or not _is_possible(drawn.kind, on, is_replay=is_replay, of_face=of_face):
                    return None
                return drawn
            return None


def _matches(fault: Fault | SeededFaults, on: str, authorisation: str) -> bool:
    if on == NOTICE:
        return fault.on == NOTICE and fault.authorisation in (None, authorisation)
    return fault.on in (ANY, on) and fault.authorisation in (None, authorisation)


def _is_possible(kind: str, on: str, *, is_replay: bool, of_face: bool) -> bool:
    if kind in SETTLING and (not of_face or on in ("authorisation", "reversal" if kind == TAKEN_BACK else "")):
        return False
    if on == LOOKUP and kind in NEVER_ON_LOOKUPS:
        return False
    return not (is_replay and kind in NEVER_ON_REPLAYS)

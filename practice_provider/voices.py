"""In whose words the provider answers: its own, or those of the face that a caller speaks to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from practice_provider.answers import (
    Answer,
    answer_of,
    failed_by,
    hold_document,
    movement_document,
    refused,
    wrongly_echoed,
)
from practice_provider.calls import AUTHORISATION, Call
from practice_provider.documents import Json
from practice_provider.engine import Hold, Movement
from practice_provider.faults import Fault
from practice_provider.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Scene:
    """A hold with all that happened to it, and what has just been made on it, if anything.

    ``particulars`` are what faces keep of the hold and its movements, by id; ``awaited`` are calls on it that were
    accepted and are still to be carried out.
    """

    hold: Hold
    movements: list[Movement]
    now: int
    particulars: dict[str, Json] = field(default_factory=dict)
    call: Call | None = None
    made: Movement | None = None
    awaited: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as a face words it: its id, and its body without a signature."""

    id: str
    body: bytes


class Voice(Protocol):
    """How one face words what the provider says."""

    settles_later: bool  # every call is only accepted; what came of it is told by a notice
    signs_with: str  # of the secrets that notices are signed with, as a pattern

    def done(self, scene: Scene) -> Answer:
        """Return the answer to a call that was carried out."""

    def shown(self, scene: Scene) -> Answer:
        """Return the answer to a look-up."""

    def accepted(self, scene: Scene) -> Answer:
        """Return the answer to a call that will be carried out later."""

    def refused(self, refusal: Refusal) -> Answer:
        """Return the answer that tells of a refusal."""

    def failed_by(self, fault: Fault) -> Answer:
        """Return what is said when a fault makes the provider answer by itself."""

    def wrongly_echoed(self, answer: Answer, kind: str) -> Answer:
        """Return an answer that names a wrong amount or currency, though the effect was right."""

    def notices(self, scene: Scene) -> list[Told]:
        """Return what listeners are told of what was made."""

    def notices_of_refusal(self, scene: Scene, refusal: Refusal) -> list[Told]:
        """Return what listeners are told of an accepted call that came to nothing."""

    def signed(self, body: bytes, *, secret: str, at: datetime) -> tuple[bytes, dict[str, str]]:
        """Return a notice's body and headers as they go out, with the provider's signature."""


class OwnVoice:
    """The provider's own words, as docs/practice-provider.md gives them; it sends no notices."""

    settles_later = False
    signs_with = ""

    def done(self, scene: Scene) -> Answer:
        """Return the new authorisation, or the movement."""
        if scene.made is None or scene.made.kind == AUTHORISATION:
            return answer_of(201, hold_document(scene.hold, [], now=scene.now))
        return answer_of(201, movement_document(scene.made))

    def shown(self, scene: Scene) -> Answer:
        """Return the authorisation with its movements."""
        return answer_of(200, hold_document(scene.hold, scene.movements, now=scene.now))

    def accepted(self, scene: Scene) -> Answer:
        """Raise: nothing is only accepted here."""
        raise NotImplementedError(scene)

    def refused(self, refusal: Refusal) -> Answer:
        """Return the refusal as a document."""
        return refused(refusal)

    def failed_by(self, fault: Fault) -> Answer:
        """Return the fault's answer."""
        return failed_by(fault)

    def wrongly_echoed(self, answer: Answer, kind: str) -> Answer:
        """Return the document with one minor unit too many, or another currency."""
        return wrongly_echoed(answer, kind)

    def notices(self, scene: Scene) -> list[Told]:
        """Return nothing."""
        del scene
        return []

    def notices_of_refusal(self, scene: Scene, refusal: Refusal) -> list[Told]:
        """Return nothing."""
        del scene, refusal
        return []

    def signed(self, body: bytes, *, secret: str, at: datetime) -> tuple[bytes, dict[str, str]]:
        """Raise: there are no notices."""
        raise NotImplementedError(body, secret, at)

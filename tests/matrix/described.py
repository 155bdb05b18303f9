"""The desk as its OpenAPI file describes it, asked by schemathesis; what it finds is judged by what a schema can say.

Requests go through the WSGI application in this process. Each one's writes are taken back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override
from schemathesis.openapi.checks import RejectedPositiveData

from orderwright.api.validation import MISSING, WORDS
from tests.api.program import BASE
from tests.matrix.asking import taken_back
from tests.matrix.floor import Place, stand_in

# All checks of schemathesis but two. `max_response_time` asks for a limit, and the clock of these tests stands still;
# `object_level_authorization` asks with two keys, which tests/matrix/test_matrix.py does with every role.
NOT_ASKED: Final = ("max_response_time", "object_level_authorization")
_CHECKS: Final = {
    # A provider out of reach is answered with 503, and on the floor they all are.
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "503"]},
    # What is asked for may be gone (404), have changed (412) or be in no state for it (409).
    "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "409", "412", "503"]},
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "404", "405", "409", "411", "412", "413", "415", "422", "503"]
    },
    "object_level_authorization": {"enabled": False},
}

# Codes of refusals for which a schema has words: a type, a bound, a list of what there is. What fits the file is never
# refused so. What else an action refuses no schema says: that a site is there, that sums add up, that a text has a card
# number in it, that a day lies before the year 1990, that 5.0 is no integer.
SAYABLE: Final = {code for code, _words in WORDS.values()} - {"not_an_integer", "required"} | {
    *("unknown_parameter", "repeated_parameter", "color_unknown", "phase_unknown", "recognised_as_unknown"),
    *("permission_unknown", "system_state_not_mappable"),
}
# A discount is at most its price, however large both are. Which credentials there are is up to the kind of provider.
_BEYOND_ITS_SCHEMA: Final = {
    ("POST /api/v1/orders", "out_of_range"),
    ("POST /api/v1/provider-accounts", "unknown_field"),
    ("PATCH /api/v1/provider-accounts/{slug}", "unknown_field"),
}
# What is made by one request and deleted by another. Not API keys: a walk would revoke the one that it asks with.
MADE_AND_DELETED: Final = "carriers|delivery-states|order-states|provider-accounts|roles|shipping-methods|sites"
_desk: Final = WSGIHandler()


def answered_whole(environ: Any, start_response: Any) -> list[bytes]:
    """Be the desk's WSGI application as a server runs it: the answer is read to its end and closed."""
    answer = _desk(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


class Described:
    """The described operations, asked with one key about what stands on the floor."""

    def __init__(self, key: str, place: Place, *, has_wrong_keys: bool = False) -> None:
        """Read the file as it is served. `has_wrong_keys`: requests without the key, or with another, are made too."""
        generation = {"with-security-parameters": has_wrong_keys, "allow-x00": False}
        config = SchemathesisConfig.from_dict({"checks": _CHECKS, "generation": generation})
        self.schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", answered_whole, config=config)
        self.operations = [found.ok() for found in self.schema.get_all_operations()]
        self.headers = {"Authorization": f"Bearer {key}"}
        self._place = place

    def probes(self, operation: Any) -> list[Any]:
        """Return the requests at every bound of what the file says of the operation, within and beyond."""
        generator = CoverageGenerator(
            operation=operation,
            generation_modes=list(GenerationMode),
            generation_config=self.schema.config.generation_for(operation=operation, phase="coverage"),
            auth_storage=None,
            override=Override(),
            feedback=NO_FEEDBACK,
        )
        return list(generator)

    def differences(self, case: Any) -> list[str]:
        """Send the request, take back what it wrote, and return what is otherwise than the file says."""
        self._prepare(case)
        with taken_back():
            response = case.call(headers=self.headers)
            return list(self.judged(case, response))

    def judged(self, case: Any, response: Response, **recorded: Any) -> Iterator[str]:
        """Run all checks on the answer; return what they found and a schema could say."""
        sent = {"headers": self.headers}
        try:
            case.validate_response(response, **{"headers": self.headers, "transport_kwargs": sent, **recorded})
        except FailureGroup as found:
            for failure in found.exceptions:
                sayable = _sayable(response, case.operation.label)
                if sayable or not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
                    yield f"{case.operation.label}: {type(failure).__name__} {sorted(sayable)}, {found}"

    def _prepare(self, case: Any) -> None:
        """Let a request that is to fit be about something that is there."""
        if not case.meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters = {
                name: stand_in(case.path.removeprefix(BASE), name, self._place)
                for name in re.findall(r"{(\w+)}", case.path)
            }
        if case.meta.generation.mode.is_positive:
            # An ETag that was made up is answered with 412, and nothing else of the request is looked at.
            case.headers.pop("If-Match", None)


def walking(
    desk: Described, *, answered: Counter[tuple[str, int]], wrong: list[str], only: str = MADE_AND_DELETED
) -> Any:
    """Return the walks that make, read, change and delete things one after the other, each of which is taken back.

    Where an answer names something, the next request is about it: what was made has to be there, and what was deleted
    gone. `answered` counts methods and statuses, `wrong` gets what is otherwise than the file says.
    """
    machine: Any = desk.schema.include(path_regex=only).as_state_machine()

    class Walk(machine):  # type: ignore[misc]
        def setup(self) -> None:
            super().setup()
            self._back = ExitStack()
            self._back.enter_context(taken_back())

        def teardown(self) -> None:
            super().teardown()
            self._back.close()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": desk.headers}

        def validate_response(self, response: Response, case: Any, *_: Any, **_sent: Any) -> None:
            answered[case.method, response.status_code] += 1
            wrong.extend(desk.judged(case, response, recorder=self.recorder))

    return Walk


def _sayable(response: Response, label: str) -> set[str]:
    """Return the codes with which the request was refused and for which a schema has words."""
    told = response.json() if response.status_code == 422 else {"code": ""}
    faults = {(told["code"], ""), *((place["code"], place["message"]) for place in told.get("errors", ()))}
    codes = {code for code, words in faults if code in SAYABLE or words == MISSING}
    return {code for code in codes if (label, code) not in _BEYOND_ITS_SCHEMA}

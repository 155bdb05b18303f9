"""The practice provider as tests see it: holds are made, faults ordered and effects read over its own interface."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import urllib3

# Marks what a test did to a hold by hand, so that the books are not asked about it.
BY_HAND = "by-hand-"

_keys = (f"{BY_HAND}{number}" for number in itertools.count(1))


class Practice:
    """One running provider. Amounts are minor units."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10))
        self._start = 0

        self._home = url

    def close(self) -> None:
        self._http.clear()

    def move_to(self, url: str) -> None:
        """Speak to another provider from now on, until `go_home`."""
        self.url, self._start = url, 0

    def go_home(self) -> None:
        """Speak to the provider again that all tests share."""
        if self.url != self._home:
            self.move_to(self._home)

    def authorise(
        self,
        amount: int = 59894,
        currency: str = "USD",
        *,
        at: datetime,
        expires_in: timedelta = timedelta(days=7),
        brand: str = "visa",
        last4: str = "4242",
    ) -> str:
        """Hold an amount, and return the authorisation's reference, which no other hold has."""
        document = {
            "amount": amount,
            "currency": currency,
            "card": {"brand": brand, "last4": last4},
            "expires_in": int(expires_in.total_seconds()),
            "authorised_at": rfc3339(at),
        }
        return str(self._call("POST", "/authorisations", document)["id"])

    def look_up(self, authorisation: str) -> dict[str, Any]:
        """Return a hold as the provider shows it."""
        return self._call("GET", f"/authorisations/{authorisation}")

    def capture_by_hand(self, authorisation: str, amount: int) -> str:
        """Capture as somebody at the provider's own dashboard would, and return the capture's reference."""
        found = self._call(
            "POST", f"/authorisations/{authorisation}/captures", {"amount": amount, "made_by": "dashboard"}
        )
        return str(found["id"])

    def reverse_by_hand(self, authorisation: str) -> str:
        """Release the rest of a hold as at the dashboard, and return the reversal's reference."""
        return str(self._call("POST", f"/authorisations/{authorisation}/reversal", {"made_by": "dashboard"})["id"])

    def refund_by_hand(self, capture: str, amount: int) -> str:
        """Refund a capture as at the dashboard, and return the refund's reference."""
        found = self._call("POST", f"/captures/{capture}/refunds", {"amount": amount, "made_by": "dashboard"})
        return str(found["id"])

    def dispute(self, capture: str, amount: int) -> str:
        """Dispute a captured amount as its cardholder would, and return the dispute's reference."""
        return str(self._call("POST", f"/captures/{capture}/disputes", {"amount": amount})["id"])

    def win_dispute(self, dispute: str) -> None:
        """Let the shop win a dispute, by which the money comes back."""
        self._call("POST", f"/disputes/{dispute}/won", {})

    def effects(self, authorisation: Any) -> list[tuple[str, int]]:
        """Return what moved on a hold after it was made, in order: (kind, amount).

        `authorisation` is its reference, an order, or a payment of one.
        """
        return [(effect["kind"], effect["amount"]) for effect in self.movements(*references(authorisation))]

    def movements(self, *authorisations: str) -> list[dict[str, Any]]:
        """Return the movements on these holds, or on all since the test began, in order; making a hold is none."""
        found = [
            effect
            for query in [f"&authorisation={one}" for one in authorisations] or [""]
            for effect in self._log(query)
        ]
        return sorted((one for one in found if one["kind"] != "authorisation"), key=lambda effect: effect["sequence"])

    def fault(self, kind: str, on: str = "any", **more: Any) -> None:
        """Order what the next call does, such as `fault("hang", "capture", seconds=5)`."""
        self._call("POST", "/faults", {"kind": kind, "on": on, **more})

    def seed_faults(self, *, seed: int, rate: float, kinds: Iterable[str], **more: Any) -> None:
        """Let a share of all calls go wrong, the same ones for the same seed."""
        self._call("POST", "/faults", {"seed": seed, "rate": rate, "kinds": list(kinds), **more})

    def waiting_faults(self) -> list[dict[str, Any]]:
        """Return the ordered faults that no call has met yet, in their order."""
        return list(self._call("GET", "/faults")["items"])

    def clear_faults(self) -> None:
        """Let every call go well again."""
        self._call("DELETE", "/faults")

    def listen(self, face: str, *, url: str, secret: str) -> None:
        """Have a face tell this address what happens, signed with this secret."""
        self._call("POST", "/listeners", {"face": face, "url": url, "secret": secret})

    def forget_listeners(self) -> None:
        """Tell nobody any more."""
        self._call("DELETE", "/listeners")

    def advance(self, by: timedelta) -> None:
        """Put the provider's clock forward."""
        self._call("POST", "/clock", {"advance": int(by.total_seconds())})

    def reset(self) -> None:
        """Forget faults and set the clock right, as before every test."""
        self.clear_faults()
        self._call("POST", "/clock", {"reset": True})
        self._start = max((effect["sequence"] for effect in self._log("")), default=self._start)

    def _log(self, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after: int | None = self._start
        while after is not None:
            page = self._call("GET", f"/effects?after={after}&limit=10000{query}")
            found += page["items"]
            after = page["next"]
        return found

    def _call(self, method: str, path: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": next(_keys)} if document is not None else {}
        body = None if document is None else json.dumps(document)
        answer = self._http.request(method, self.url + path, body=body, headers=headers)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data.decode()}"
        return dict(json.loads(answer.data)) if answer.data else {}


def references(of: Any) -> list[str]:
    """Return the references of the holds behind a reference, an order or a payment."""
    if isinstance(of, str):
        return [of]
    return [payment.reference for payment in of.payments] if hasattr(of, "payments") else [of.reference]


def rfc3339(moment: datetime) -> str:
    """Return an aware UTC time as documents write it."""
    return moment.isoformat().replace("+00:00", "Z")

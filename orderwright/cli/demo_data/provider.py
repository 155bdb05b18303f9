"""The practice provider as the demo uses it: holds with a past are made there before an order is handed in."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

import urllib3

from orderwright.cli.demo_data.documents import text_of
from orderwright.cli.demo_data.steps import Hold

_PATHS: Final = {
    "capture": "/authorisations/{hold}/captures",
    "reversal": "/authorisations/{hold}/reversal",
    "refund": "/captures/{capture}/refunds",
}


class Provider:
    """One running practice provider."""

    def __init__(self, url: str) -> None:
        """Remember its address; nothing is called yet."""
        self.url = url
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10), maxsize=4)

    def authorise(self, hold: Hold, *, currency: str) -> dict[str, Any]:
        """Make the hold with its past, and return it as an order's document names it."""
        made = self._call(
            "/authorisations",
            {
                "reference": hold.reference,
                "amount": hold.amount_minor,
                "currency": currency,
                "card": {"brand": hold.brand, "last4": hold.last4},
                "authorised_at": text_of(hold.authorised_at),
                "expires_in": int(hold.lasts.total_seconds()),
            },
            key=hold.reference,
        )
        captures: list[str] = []
        transactions = []
        for place, past in enumerate(hold.past):
            parent = captures[past.of] if past.kind == "refund" else None
            moved = self._call(
                _PATHS[past.kind].format(hold=hold.reference, capture=parent),
                {"amount": past.amount_minor, "at": text_of(past.at)},
                key=f"{hold.reference}-{place}",
            )
            if past.kind == "capture":
                captures.append(moved["id"])
            transactions.append(
                {
                    "kind": past.kind,
                    "amount": past.amount_minor,
                    "reference": moved["id"],
                    "parent": parent,
                    "at": text_of(past.at),
                }
            )
        return {
            "provider": "practice",
            "reference": hold.reference,
            "method": {"type": "card", "brand": hold.brand, "last4": hold.last4},
            "authorised": hold.amount_minor,
            "authorised_at": text_of(hold.authorised_at),
            "expires_at": made["expires_at"],
            "transactions": transactions,
        }

    def sell_elsewhere(self, *, amount_minor: int, currency: str, at: datetime) -> None:
        """Take money for a sale that the desk never hears of, such as one over the counter."""
        reference = "auth_counter_sale"
        sale = {"reference": reference, "amount": amount_minor, "currency": currency}
        card = {"brand": "mastercard", "last4": "4444"}
        self._call("/authorisations", {**sale, "card": card, "authorised_at": text_of(at)}, key=reference)
        self.capture_elsewhere(reference, amount_minor=amount_minor, at=at)

    def capture_elsewhere(self, reference: str, *, amount_minor: int, at: datetime) -> None:
        """Capture as somebody at the provider's own dashboard would."""
        body = {"amount": amount_minor, "at": text_of(at), "made_by": "dashboard"}
        self._call(_PATHS["capture"].format(hold=reference), body, key=f"{reference}-dashboard")

    def fault(self, reference: str, *, kind: str, on: str, times: int) -> None:
        """Order what the next calls about one hold do."""
        self._call("/faults", {"authorisation": reference, "kind": kind, "on": on, "times": times}, key="")

    def _call(self, path: str, body: dict[str, Any], *, key: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": f"demo-{key}"} if key else {})
        answer = self._http.request("POST", self.url + path, body=json.dumps(body), headers=headers)
        if answer.status >= 300:  # noqa: PLR2004 - any other answer than a success
            raise RuntimeError(f"the practice provider answered {answer.status} to {path}: {answer.data.decode()}")
        made: dict[str, Any] = json.loads(answer.data)
        return made

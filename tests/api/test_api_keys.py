"""API keys through the API: made by a program that manages keys, and told once."""

from __future__ import annotations

from tests.api.program import Program

BODY = {"name": "Shop floor", "role": "integrator"}


def test_a_key_is_made_and_its_secret_told_once(program) -> None:
    answer = program.post("/api-keys", {**BODY, "scopes": ["orders.view"], "expires_at": "2027-01-01T00:00:00Z"})

    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    key = answer.json["key"]
    assert (key["permissions"], key["expires_at"]) == (["orders.view"], "2027-01-01T00:00:00Z")
    told = {"name": "Shop floor", "permissions": ["orders.view"], "sites": [], "every_site": True}
    assert Program(answer.json["secret"]).get("/me").json == told
    shown = program.get(answer.headers["Location"].removeprefix("/api/v1"))
    assert answer.json["secret"].split("_")[2].encode() not in shown.content
    assert [each["name"] for each in program.get("/api-keys").json["items"]] == sorted(
        ["Shop floor", program.get("/me").json["name"]]
    )


def test_what_is_not_given_stays_and_null_lets_a_key_never_end(program) -> None:
    made = program.post("/api-keys", {**BODY, "expires_at": "2027-01-01T00:00:00Z"}).json["key"]
    place = f"/api-keys/{made['id']}"

    assert program.patch(place, {"name": "Shop"}).json["expires_at"] == "2027-01-01T00:00:00Z"
    answer = program.patch(place, {"expires_at": None})

    assert (answer.json["name"], answer.json["role"], answer.json["expires_at"]) == ("Shop", "integrator", None)
    assert answer.headers["ETag"] == '"3"'


def test_a_secret_is_replaced_with_an_overlap_and_a_key_revoked(program) -> None:
    made = program.post("/api-keys", BODY).json
    place = f"/api-keys/{made['key']['id']}"

    replaced = program.post(f"{place}/secrets", {"overlap_s": 3600})
    assert (replaced.status, len(replaced.json["key"]["secrets"])) == (201, 2)
    assert Program(made["secret"]).get("/me").status == Program(replaced.json["secret"]).get("/me").status == 200

    assert program.delete(place).status == 204
    assert Program(made["secret"]).get("/me").status == Program(replaced.json["secret"]).get("/me").status == 401
    assert program.delete(place).code == "api_key_revoked"
    assert program.post(f"{place}/secrets", {}).code == "api_key_revoked"


def test_what_a_key_cannot_be_is_pointed_at(program) -> None:
    for change, pointer in (
        ({"role": "nobody"}, "/role"),
        ({"scopes": ["payments.refund"]}, "/scopes/0"),
        ({"expires_at": "tomorrow"}, "/expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"secret": "mine"}, "/secret"),
    ):
        answer = program.post("/api-keys", {**BODY, **change})
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert len(program.get("/api-keys").json["items"]) == 1

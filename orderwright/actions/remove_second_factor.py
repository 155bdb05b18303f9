"""Remove a person's second factors: the phone is lost, and no recovery code is left. One's own go by another door."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from orderwright.actions.own_rights import require_own_role
from orderwright.actions.people import PERMISSION, find_person, grants_of, lock_people, stream_of_user
from orderwright.actions.permission import lacks
from orderwright.actions.record_sign_in_change import tell
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed, refused
from orderwright.core.db import in_write_transaction
from orderwright.journal.writes import append


def availability(actor: Actor, *, user_id: int, has_second_factor: bool) -> Availability:
    """Return whether this actor may remove the second factors of the person, who has some or none."""
    refusal = lacks(actor, PERMISSION)
    if refusal is None and actor.kind == "person" and actor.ref == str(user_id):
        refusal = refused("own_second_factor", _("Yours you remove under Sign-in and security."))
    if refusal is None and not has_second_factor:
        refusal = refused("no_second_factor", _("This person has no second factor."))
    return refusal or allowed()


def run(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Remove authenticator app, passkeys and recovery codes; the password alone signs in until another one is added.

    It leaves the person's rights with less before them, so nobody does it to whom these rights are too much.
    Raises: UserNotFound; BeyondOwnRights; Conflict with the reason of `availability`; Refused.
    Effects: sessions and reset links of the person end, one mail that tells them, one journal entry. Source: W11, W13.
    """

    def change() -> None:
        lock_people()
        user = find_person(user_id)
        kinds = sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        availability(actor, user_id=user.pk, has_second_factor=bool(kinds)).require()
        for role, places in grants_of(user):
            require_own_role(actor, role, site_ids=places)
        Authenticator.objects.filter(user=user).delete()
        user.session_epoch += 1
        user.save(update_fields=["session_epoch"])
        append(
            stream=stream_of_user(user.pk),
            kind="user.second_factor_removed",
            actor=actor,
            now=now,
            before={"second_factors": kinds},
            after={"second_factors": []},
        )
        words = _(
            "%(name)s has removed your second factor: your authenticator app, passkeys and recovery codes no longer "
            "work, and you are signed out everywhere. Sign in with your password, then add a new one under Sign-in "
            "and security."
        )
        tell(user, words=words % {"name": actor.name}, now=now)

    in_write_transaction(change)

"""In whose name a row of a bulk job is done, asked in the row's own transaction (W11, W12)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.accounts.actors import present_actor
from orderwright.accounts.permissions import words_of
from orderwright.core.actor import Actor
from orderwright.core.db import assert_in_transaction
from orderwright.core.errors import Refused
from orderwright.outbox.bulk import STARTER_LACKS_RIGHTS, TakenJob


class StarterLacksRights(Refused):
    """In whose name the job's rows are done may not do that any more: gone, or without the right (W11, W12)."""

    code = STARTER_LACKS_RIGHTS


def starter_now(job: TakenJob, *, asks: tuple[str, ...], now: datetime) -> Actor:
    """Return whoever asked for the job with the rights that they have at this moment, all that it asks among them.

    To be called once the row's subject is locked, so that nobody waits for the lock with rights that are gone by then.
    `asks`: permissions, everywhere. Raises: StarterLacksRights. Needs a transaction. Source: W11, W12.
    """
    assert_in_transaction("rights are asked in the transaction of what is done with them")
    name = {"name": job.actor.name}
    actor = present_actor(job.actor, now=now)
    if actor is None:
        raise StarterLacksRights(_("%(name)s, who asked for this, may not act here any more.") % name)
    missing = next((each for each in asks if not actor.at(None).can(each)), None)
    if missing is not None:
        reason = _("%(name)s, who asked for this, may not do it any more: %(permission)s.")
        raise StarterLacksRights(reason % {**name, "permission": words_of(missing)})
    return actor

"""Staff, the roles that they have at sites or everywhere, and API keys."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from orderwright.accounts.grants import HeldRole
from orderwright.core.actor import Actor

# The site lives in `orders`, which stands to our left: it is named, never imported.
_SITE = "orders.Site"


class Role(models.Model):
    """A named set of permissions. System roles are made by a migration and cannot be edited."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    is_system = models.BooleanField(default=False)
    # Four eyes: what its people asked for themselves, somebody else settles by hand.
    needs_second_person = models.BooleanField(default=False, db_default=False)
    # Whoever has this role signs in with a second factor, or sets one up before anything else.
    needs_second_factor = models.BooleanField(default=False, db_default=False)
    # By currency: {"USD": {"order": 5000, "day": 20000}}, minor units; empty: no ceiling (W11).
    refund_ceilings = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="role_name_unique_without_case")]

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """Finds people by e-mail without regard to letter case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this e-mail in any letter case. Raises: User.DoesNotExist.

        Databases fold more than case: PostgreSQL takes a dotless i for an i, and tries would be counted apart.
        """
        found = self.get(email__iexact=username)
        if username is None or found.email.lower() != username.lower():
            raise User.DoesNotExist
        return found

    def create_user(self, *, email: str, name: str, password: str, role: Role) -> User:
        """Add a person who can sign in and has the role everywhere.

        Errors: IntegrityError when the e-mail is taken in any letter case.
        """
        user = self.model(email=email, name=name)
        user.set_password(password)
        user.save(using=self._db)
        RoleGrant.objects.create(user=user, role=role)
        return user

    def with_roles(self) -> QuerySet[User]:
        """Return people with what they hold: each comes once per role that they have, or once without any."""
        return self.annotate(
            held_role=F("grants__role__slug"),
            held_role_name=F("grants__role__name"),
            held_permissions=F("grants__role__permissions"),
            held_needs_second_person=F("grants__role__needs_second_person"),
            held_refund_ceilings=F("grants__role__refund_ceilings"),
            held_needs_second_factor=F("grants__role__needs_second_factor"),
            held_site_id=F("grants__site_id"),
            held_site_name=F("grants__site__name"),
        ).order_by("pk", "held_role_name", F("held_site_name").asc(nulls_first=True))


class User(AbstractBaseUser):
    """A member of staff. Signs in by e-mail, which keeps its letter case and is compared without it (W14)."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    # When the last link to choose a password was written, while nobody has used it; no earlier link is good.
    invited_at = models.DateTimeField(null=True)
    # How often all of the person's sessions were ended at once.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Users] = Users()
    # The permission of the door that this person has come through in this request.
    _door: str | None = None

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case")]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Return what a session has to know: it ends with a new password, and when all of a person's sessions end."""
        known = f"{self.session_epoch}:{self.password}"
        return salted_hmac("orderwright.session", known, algorithm="sha256").hexdigest()

    @cached_property
    def held_roles(self) -> tuple[HeldRole, ...]:
        """What this person holds, by name of role and site. Cost: one statement, unless it is known already."""
        return held_by(User.objects.with_roles().filter(pk=self.pk))

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles asks for a second factor at sign-in."""
        return any(held.needs_second_factor for held in self.held_roles)

    def enter(self, permission: str) -> bool:
        """Return whether the door of this permission opens; `actor` stands at the sites where it does, from then on."""
        if not self.has_perm(permission):
            return False
        self._door = permission
        return True

    def actor(self) -> Actor:
        """Return this person as the one who acts, at the sites that the door they came through has opened to them."""
        everywhere = self.whole_actor()
        return everywhere if self._door is None else everywhere.through(self._door)

    def whole_actor(self) -> Actor:
        """Return this person with all that they hold, whichever door they came through: for menus and counts."""
        grants = tuple(held.grant() for held in self.held_roles)
        return Actor(kind="person", ref=str(self.pk), name=self.name, grants=grants)

    def has_perm(self, perm: str, _obj: Any = None) -> bool:
        """Return whether the person may still sign in and has the permission somewhere."""
        return self.is_active and self.whole_actor().can(perm)


def held_by(rows: Iterable[Any]) -> tuple[HeldRole, ...]:
    """Return what one person holds from the rows of `with_roles`."""
    return tuple(
        HeldRole(
            role=row.held_role,
            role_name=row.held_role_name,
            permissions=row.held_permissions,
            needs_second_person=row.held_needs_second_person,
            refund_ceilings=row.held_refund_ceilings,
            needs_second_factor=row.held_needs_second_factor,
            site_id=row.held_site_id,
            site_name=row.held_site_name,
        )
        for row in rows
        if row.held_role is not None
    )


class RoleGrant(models.Model):
    """A role that a person has: at one site, or everywhere where there is none (W11)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    site = models.ForeignKey(_SITE, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "site"], name="role_granted_once_at_site"),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(site__isnull=True), name="role_granted_once_everywhere"
            ),
        ]


class ApiKey(models.Model):
    """A program that may call: what it is called, what it may do and where, and until when (W12)."""

    name = models.CharField(max_length=80, unique=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="api_keys")
    # Which of the role's permissions it has; empty: all of them, also those that the role gets later.
    scopes = models.JSONField(default=list)
    sites: Any = models.ManyToManyField(_SITE, through="ApiKeySite", related_name="+")  # none: every site
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class ApiKeySecret(models.Model):
    """What a key's holder shows; two while one takes the other's place. Only the SHA-256 is stored (W12)."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="secrets")
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # set when another has taken its place
    last_used_at = models.DateTimeField(null=True)


class ApiKeySite(models.Model):
    """A site at which a key is good. A site cannot go while a key names it: the key would be good everywhere."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="at_sites")
    site = models.ForeignKey(_SITE, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "site"], name="key_names_site_once")]


class CachedValue(models.Model):
    """A row of Django's database cache: how often somebody tried, so that all web processes count together."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

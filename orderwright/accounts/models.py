"""Staff, their role, and API keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from orderwright.core.actor import Actor, RefundCeiling


def ceilings_of(stored: Mapping[str, Mapping[str, int]]) -> tuple[RefundCeiling, ...]:
    """Return a role's refund ceilings as it stores them, by currency: {"USD": {"order": 5000, "day": 20000}}."""
    return tuple(
        RefundCeiling(currency=currency, per_order_minor=limits.get("order"), per_day_minor=limits.get("day"))
        for currency, limits in sorted(stored.items())
    )


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

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """Finds people by e-mail without regard to letter case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this e-mail in any letter case, role included. Raises: User.DoesNotExist."""
        return self.select_related("role").get(email__iexact=username)

    def create_user(self, *, email: str, name: str, password: str, role: Role) -> User:
        """Add a person who can sign in. Errors: IntegrityError when the e-mail is taken in any letter case."""
        user = self.model(email=email, name=name, role=role)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff. Signs in by e-mail, which keeps its letter case and is compared without it (W14)."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Users] = Users()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case")]

    def __str__(self) -> str:
        return self.name

    def actor(self) -> Actor:
        """Return this person as the one who acts, with the permissions of the role."""
        return Actor(
            kind="person",
            ref=str(self.pk),
            name=self.name,
            permissions=frozenset(self.role.permissions),
            needs_second_person=self.role.needs_second_person,
            refund_ceilings=ceilings_of(self.role.refund_ceilings),
        )

    def has_perm(self, perm: str, _obj: Any = None) -> bool:
        """Return whether the role has the permission and the person may still sign in."""
        return self.is_active and perm in self.role.permissions


class ApiKey(models.Model):
    """A program's key. Only the SHA-256 of its secret is stored; the prefix finds the row (W12)."""

    name = models.CharField(max_length=80, unique=True)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="api_keys")
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class CachedValue(models.Model):
    """A row of Django's database cache: how often somebody tried, so that all web processes count together."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

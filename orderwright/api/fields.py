"""The strict base of every request body, and the types of its fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from orderwright.accounts.permissions import PERMISSIONS
from orderwright.core.ids import LARGEST_ID
from orderwright.core.money import MAX_MINOR
from orderwright.core.text import text_problem
from orderwright.orders.states import COLORS

# Marks our own codes among pydantic's, which has a `too_long` of its own that means something else.
OWN_CODE: Final = "orderwright:"
# Counts of pieces and numbers within an order: far above any, far below what a column holds.
_MOST = 1_000_000


class Body(BaseModel):
    """A request body: no unknown fields, and no value is bent into a type that it does not have."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class TextRule:
    """Text that may be stored, and how long it may be. The same rule holds in the action; here it has its pointer."""

    longest: int
    block: bool = False
    required: bool = False
    about: str = ""
    is_reference: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        least = {"minLength": 1} if self.required else {}
        about = {"description": self.about} if self.about else {}
        return {**handler(schema), "maxLength": self.longest, **least, **about}

    def _check(self, value: str | None) -> str | None:
        if value is None:  # where the type allows it: not given
            return None
        problem = text_problem(value, longest=self.longest, block=self.block, is_reference=self.is_reference)
        if problem is None and self.required and not value.strip():
            problem = "required", "It must not be empty."
        if problem is not None:
            raise PydanticCustomError(f"{OWN_CODE}{problem[0]}", problem[1])
        return value


def one_of(words: Iterable[str]) -> Any:
    """Return what a field says of the words that it takes. The action refuses others, with a code of its own."""
    return Field(json_schema_extra={"enum": [*words]})


# Where the short name of something new is typed; none at all: it is made from the name.
SLUG: Final = Field(
    description="What orders name it by; made from the name when left out.",
    json_schema_extra={"pattern": "^([a-z0-9]+(-[a-z0-9]+)*)?$"},
)
Color = Annotated[str, TextRule(20), one_of(COLORS)]
Permission = Annotated[str, TextRule(80, required=True), one_of(PERMISSIONS)]

Amount = Annotated[int, Field(ge=1, le=MAX_MINOR, description="Minor units of the payment's currency.")]
Count = Annotated[int, Field(ge=1, le=_MOST)]
RowId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Slug = Annotated[str, TextRule(80, required=True)]
_MOST_SITES: Final = 500
SiteSlugs = Annotated[list[Slug], Field(max_length=_MOST_SITES, description="Slugs of sites; none: every site.")]

# In addresses. What does not fit names nothing: 404, see `validation`.
OrderNumber = Annotated[str, TextRule(24, required=True, about="The order's number, such as `1001`.")]
PathSlug = Annotated[str, TextRule(80, required=True, about="The state's slug, such as `on-hold`.")]
PathThing = Annotated[str, TextRule(80, required=True, about="Its slug, such as `ups-ground`.")]
PathRole = Annotated[str, TextRule(40, required=True, about="The role's slug, such as `order-clerk`.")]
PathAccount = Annotated[str, TextRule(40, required=True, about="The provider account's slug, such as `practice`.")]
PathSite = Annotated[str, TextRule(60, required=True, about="The site's slug, such as `cozy-home-us`.")]
PathMailKind = Annotated[str, TextRule(40, required=True, about="The kind of mail, such as `order_shipped`.")]
PathTemplateSite = Annotated[str, TextRule(60, required=True, about="A site's slug, or `all-sites`.")]
PathLanguage = Annotated[str, TextRule(12, required=True, about="A language, such as `de`, or `any-language`.")]
PathKey = Annotated[str, TextRule(64, required=True, about="The operation's key, such as `op_5f…`.")]
PathId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathCount = Annotated[int, Field(ge=1, le=_MOST)]

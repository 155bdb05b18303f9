"""The translated words of the provider's pages and refusals; no rules and no markup."""

import gettext as catalogues
from pathlib import Path

_catalogue = catalogues.translation("practice_provider", localedir=Path(__file__).parent / "locale", fallback=True)

gettext = _catalogue.gettext
ngettext = _catalogue.ngettext

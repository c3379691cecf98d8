"""One form for each kind of value, so that two spellings of one thing become equal or close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa

from matching.standardise.addresses import standardise_streets
from matching.standardise.categories import standardise_categories
from matching.standardise.companies import standardise_companies
from matching.standardise.dates import date_convention, standardise_dates
from matching.standardise.emails import standardise_emails
from matching.standardise.identifiers import standardise_identifiers, standardise_websites
from matching.standardise.names import standardise_names
from matching.standardise.phones import phone_convention, standardise_phones
from matching.standardise.places import (
    standardise_cities,
    standardise_countries,
    standardise_postcodes,
    standardise_states,
)
from matching.standardise.text import drop_blank

__all__ = ["CONVENTIONS", "STANDARDISERS", "standardise"]

STANDARDISERS: Final[dict[str, Callable[[pa.StringArray], pa.StringArray]]] = {
    "full_name": standardise_names,
    "given_name": standardise_names,
    "middle_name": standardise_names,
    "family_name": standardise_names,
    "company_name": standardise_companies,
    "birth_date": standardise_dates,
    "date": standardise_dates,
    "phone": standardise_phones,
    "email": standardise_emails,
    "street": standardise_streets,
    "district": standardise_cities,
    "city": standardise_cities,
    "state": standardise_states,
    "postcode": standardise_postcodes,
    "country": standardise_countries,
    "identifier": standardise_identifiers,
    "website": standardise_websites,
    "category": standardise_categories,
    "free_text": standardise_categories,
}
"""What each role's values become; a role that is absent here has no standard values."""


CONVENTIONS: Final[dict[str, Callable[[pa.StringArray], str]]] = {
    "birth_date": date_convention,
    "date": date_convention,
    "phone": phone_convention,
}
"""What a column of each role is read for before its values: how it writes them. A frozen model keeps the answer."""


def standardise(role: str, values: pa.StringArray, convention: str | None = None) -> pa.StringArray:
    """Standard values for the distinct values of one column.

    Args:
        role: One of `matching.roles.ROLES` other than ``ignore``.
        values: N distinct values of one column.
        convention: How the column writes them, for the roles of `CONVENTIONS`; read off these values when absent.

    Returns:
        N values; missing where a value says nothing. Standardising them again changes nothing.

    Example:
        >>> standardise("city", pa.array(["Sankt  GALLEN", "n/a"])).to_pylist()
        ['sankt gallen', None]
    """
    present = drop_blank(values)
    if role == "phone":
        return drop_blank(standardise_phones(present, convention))
    if role in {"birth_date", "date"}:
        return drop_blank(standardise_dates(present, convention))
    return drop_blank(STANDARDISERS[role](present))

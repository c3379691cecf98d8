"""One form for each kind of value, so that two spellings of one thing become equal or close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa

from matching.standardise.addresses import standardise_streets
from matching.standardise.categories import standardise_categories
from matching.standardise.companies import standardise_companies
from matching.standardise.dates import standardise_dates
from matching.standardise.emails import standardise_emails
from matching.standardise.identifiers import standardise_identifiers, standardise_websites
from matching.standardise.names import standardise_names
from matching.standardise.phones import standardise_phones
from matching.standardise.places import (
    standardise_cities,
    standardise_countries,
    standardise_postcodes,
    standardise_states,
)
from matching.standardise.text import drop_blank

__all__ = ["STANDARDISERS", "standardise"]

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


def standardise(role: str, values: pa.StringArray) -> pa.StringArray:
    """Standard values for the distinct values of one column.

    Args:
        role: One of `matching.roles.ROLES` other than ``ignore``.
        values: N distinct values of one column: for dates and phones the column as a whole settles what is ambiguous.

    Returns:
        N values; missing where a value says nothing. Standardising them again changes nothing.

    Example:
        >>> standardise("city", pa.array(["Sankt  GALLEN", "n/a"])).to_pylist()
        ['sankt gallen', None]
    """
    return drop_blank(STANDARDISERS[role](drop_blank(values)))

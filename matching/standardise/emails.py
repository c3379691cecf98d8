"""Email addresses, as the mailbox they reach.

Lower case, without ``mailto:``, display name and tag (``ann+shop@…`` reaches ann: RFC 5233 subaddressing, followed by
the large providers); for Gmail also without dots and under one domain, since Google delivers them all to one mailbox.
What is no address is missing, and so are addresses made up to fill a required field.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.scan import BEYOND_ASCII, UPPER, holds
from matching.standardise.text import each_odd, matches, replace, split_cells

__all__ = ["split_emails", "standardise_emails"]

_PLAIN: Final = r"^[a-z0-9._%&'*/=?^{|}~!#$-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z0-9-]{2,}$"
_FILLED_IN: Final = r"^(?:no-?reply|no-?e?mail|none|test|example|na|unknown|null|abc|xxx+|aaa+)@"


def standardise_emails(values: pa.StringArray) -> pa.StringArray:
    """Addresses as they are compared; missing where a text is no address.

    Args:
        values: N addresses, one each, with or without a display name.

    Example:
        >>> standardise_emails(pa.array(["Ann Li <Ann.Li+shop@GMail.com>", "at home"])).to_pylist()
        ['annli@gmail.com', None]
    """
    lower = each_odd(values, holds(values, UPPER + BEYOND_ASCII), pc.utf8_lower)
    lower = each_odd(lower, pc.invert(matches(lower, _PLAIN)), _taken_out)
    lower = each_odd(lower, holds(lower, b"+"), lambda some: replace(some, r"^([^+@]+)\+[^@]*@", r"\1@"))
    lower = each_odd(lower, _ends_with(lower, "@googlemail.com"), lambda some: _gmail(some, "@googlemail.com"))
    lower = each_odd(lower, _ends_with(lower, "@gmail.com"), lambda some: _gmail(some, "@gmail.com"))
    return each_odd(lower, matches(lower, _FILLED_IN), lambda some: pa.nulls(len(some), pa.string()))


def split_emails(values: pa.StringArray) -> tuple[pa.StringArray, ...]:
    """The addresses in each cell, up to three: arrays like ``values``, missing where a cell has fewer."""
    return split_cells(values, r"[;；、|，,/]\s*")


def _taken_out(values: pa.StringArray) -> pa.StringArray:
    """The first address inside each text."""
    narrow = pc.utf8_lower(pc.utf8_normalize(values, "NFKC"))
    narrow = pc.replace_substring(replace(narrow, r"\s*(?:\[at\]|\(at\)|＠)\s*", "@"), "。", ".")
    narrow = replace(narrow, r"mailto:", "")
    found = pc.extract_regex(narrow, r"""(?P<address>[^\s<>,;:"()\[\]@，；]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*)""")
    address = pc.struct_field(found, "address")
    wrong = pc.invert(matches(address, r"^[^@]+@[^@]+\.[^@.]{2,}$"))
    return pc.if_else(wrong, pa.scalar(None, pa.string()), address)


def _ends_with(values: pa.StringArray, domain: str) -> pa.BooleanArray:
    return pc.fill_null(pc.ends_with(values, domain), False)


def _gmail(values: pa.StringArray, domain: str) -> pa.StringArray:
    """Gmail's addresses without dots and under one domain."""
    local = pc.replace_substring(pc.utf8_slice_codeunits(values, 0, -len(domain)), ".", "")
    return pc.binary_join_element_wise(local, "gmail.com", "@")

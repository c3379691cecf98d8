"""Numbers and codes that name one thing: tax numbers, passports, registration numbers, websites."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.text import each_odd, matches, replace

__all__ = ["standardise_identifiers", "standardise_websites"]


def standardise_identifiers(values: pa.StringArray) -> pa.StringArray:
    """Codes as capital letters and digits alone; leading zeros stay.

    Codes of one character, or of one repeated (``000000``), are fillers and count as missing.

    Example:
        >>> standardise_identifiers(pa.array(["de 123.456-789", "０1", "----", "00000"])).to_pylist()
        ['DE123456789', '01', None, None]
    """
    wide = pc.invert(pc.fill_null(pc.string_is_ascii(values), True))
    upper = pc.utf8_upper(each_odd(values, wide, lambda some: pc.utf8_normalize(some, "NFKC")))
    upper = each_odd(upper, matches(upper, r"\.0$"), lambda some: replace(some, r"^([0-9]+)\.0$", r"\1"))
    packed = each_odd(upper, matches(upper, "[^0-9A-Z*]"), lambda some: replace(some, r"[^0-9\p{Lu}\p{Lo}*]+", ""))
    short = pc.fill_null(pc.less(pc.utf8_length(packed), 2), True)
    filler = matches(packed, r"^(?:0+|9{4,}|1{4,}|X+|\*+|N(?:ULL|ONE|AN)|UNKNOWN)$")
    return pc.if_else(pc.or_(short, filler), pa.scalar(None, pa.string()), packed)


def standardise_websites(values: pa.StringArray) -> pa.StringArray:
    """Web addresses as host and path, without scheme, ``www.``, query and closing slash.

    Example:
        >>> standardise_websites(pa.array(["https://www.Example.com/Shop/?id=1", "no"])).to_pylist()
        ['example.com/shop', None]
    """
    lower = pc.utf8_trim_whitespace(pc.utf8_lower(pc.utf8_normalize(values, "NFKC")))
    bare = replace(lower, r"^(?:(?:[a-z]+://)|(?:www\d?\.))+", "")
    bare = replace(bare, r"[?#].*$", "")
    bare = replace(bare, r"(?::\d+)?/*$", "")
    return pc.if_else(
        matches(bare, r"^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:[:/]\S*)?$"), bare, pa.scalar(None, pa.string())
    )

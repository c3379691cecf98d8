"""Where an export lies and how it is to be read: what a configuration says of one source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One export of one system.

    Args:
        name: Unique in the configuration; the first half of every ``record_key``.
        department: Who owns the system: sales, service, marketing, …
        path: A local path or any fsspec URL.
        format: ``csv``, ``tsv``, ``xlsx``, ``jsonl`` or ``parquet``; by the path's suffix when absent.
        preset: The name of a file of ``sources/presets``, or a path to one of one's own; ``plain`` when absent.
        mapping: Canonical column → header, over what the preset says; a header that it names for an attribute is no
            other's. Besides the attributes it takes ``source_id``, ``natural_key`` and ``kind``. In JSON lines and
            Parquet a header such as ``profile.name`` leads into an object.
        trust: Rank of the source in survivorship; 1 is the most trusted.
        kind: ``person`` or ``company`` for every record of the source; by the preset or the record when absent.
        encoding: Of text formats; detected when absent.
        delimiter: Of delimited text; detected when absent.
        sheet: Of a workbook; the first when absent.
        country: ISO 3166 code of the system's own country; tells the order of dates that could be read either way.
        timezone: IANA name of the zone that times without one are in; the preset's, else UTC, when absent.
        date_order: ``ymd``, ``dmy`` or ``mdy``; inferred from the dates themselves when absent.
        storage_options: Passed to fsspec: endpoints, profiles; secrets come from the environment.
    """

    name: str
    path: str
    department: str = ""
    format: str | None = None
    preset: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    trust: int = 1
    kind: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    country: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    storage_options: Mapping[str, object] = field(default_factory=dict)

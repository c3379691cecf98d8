"""Judgements of people from a file: ``left``, ``right`` and ``verdict``, and whatever else they have noted beside it.

A judged pair holds, whatever matching thinks; where a model is trained, judgements also teach it. In a run records are
named by their keys (``sales:1042``), in ``guiyi dedupe`` by the numbers of their rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.cluster import Judgements
from matching.judged import contradicted
from matching.recalibration import FEWEST, enough
from schemas.errors import SourceError, UsageError
from schemas.messages import text
from sources.source import Source
from sources.whole import read_whole

if TYPE_CHECKING:
    from pipelines.settings import Settings  # takes 0.3 s to import

__all__ = ["Placed", "by_key", "by_row", "need_enough", "notes", "read_judgements", "verdict_of"]

COLUMNS: Final = ("left", "right", "verdict")
VERDICTS: Final = ("same", "different")
_NAMED: Final = 5
"""Contradictions that are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Judgements of records that are here.

    Args:
        judgements: ``left`` < ``right`` (positions), ``verdict``; each pair and verdict once.
        names: How a person calls the two records of each judgement.
        absent: How many judgements name a record that is not here.
        missing: The first such record.
    """

    judgements: pd.DataFrame
    names: tuple[tuple[str, str], ...]
    absent: int = 0
    missing: str | None = None

    def facts(self, size: int) -> dict[str, Any]:
        """What to tell of them, by names and counts.

        Args:
            size: How many records there are.
        """
        positions = [self.judgements[side].to_numpy(dtype=np.int32) for side in ("left", "right")]
        same = (self.judgements["verdict"] == "same").to_numpy(dtype=np.bool_)
        against = np.flatnonzero(contradicted(Judgements(left=positions[0], right=positions[1], same=same), size))
        return {
            "held": len(self.judgements),
            "same": int(same.sum()),
            "different": int((~same).sum()),
            "absent": self.absent,
            "missing": self.missing,
            "enough": enough(same),
            "contradicted": len(against),
            "contradictions": [self.names[at] for at in against[:_NAMED]],
        }


def read_judgements(path: Path) -> pd.DataFrame:
    """Read and check a file of judgements.

    Args:
        path: CSV, TSV, Excel, JSON lines or Parquet, with the columns ``left``, ``right`` and ``verdict`` (*same* or
            *different*); other columns are passed over.

    Returns:
        Columns ``left``, ``right`` (text), ``verdict``, and the ``line`` of each.

    Raises:
        UsageError: The file is missing, unreadable or empty, lacks a column, or a line says no verdict or no pair.
    """
    try:
        export = read_whole(Source(name="judgements", path=str(path)))[0]
    except SourceError as error:
        if error.key == "sources.missing_file":
            raise UsageError("judgements.missing", path=path) from None
        raise UsageError("judgements.unreadable", path=path, why=error) from None
    headers = {str(name).strip().lower(): name for name in export.table.column_names}
    for column in COLUMNS:
        if column not in headers:
            known = ", ".join(map(str, export.table.column_names))
            raise UsageError("judgements.no_column", path=path, column=column, known=known)
    if export.rejected.num_rows:
        raise UsageError("judgements.broken_line", path=path, line=export.rejected["line"][0].as_py())
    if not export.table.num_rows:
        raise UsageError("judgements.empty", path=path)
    found = pd.DataFrame(
        {name: [(cell or "").strip() for cell in export.table[headers[name]].to_pylist()] for name in COLUMNS}
    )
    found["verdict"] = found["verdict"].str.lower()
    found["line"] = np.asarray(export.lines, dtype=np.int64)
    _check(found, path)
    return found


def by_key(judgements: pd.DataFrame, keys: pa.Array | pa.ChunkedArray, sources: Collection[str], path: Path) -> Placed:
    """Find judged records by their keys; those that are not there today are counted.

    Args:
        judgements: As `read_judgements` gives them.
        keys: The record key of each record.
        sources: Names of the sources there are.
        path: The file, for errors.

    Raises:
        UsageError: A key names a source that there is not.
    """
    known_sources = set(sources)
    for name in ("left", "right"):
        foreign = ~judgements[name].str.split(":", n=1).str[0].isin(known_sources) | ~judgements[name].str.contains(":")
        if foreign.any():
            line = int(judgements["line"][foreign].iloc[0])
            raise UsageError("judgements.no_source", path=path, line=line, known=", ".join(sorted(known_sources)))
    found = [_places(judgements[name], keys) for name in ("left", "right")]
    return _placed(judgements, *found)


def by_row(judgements: pd.DataFrame, positions: np.ndarray[Any, np.dtype[np.int64]], path: Path) -> Placed:
    """Find judged records by the numbers of their rows, as ``guiyi dedupe`` writes them.

    Args:
        judgements: As `read_judgements` gives them.
        positions: (N,) the position of each row among the records; -1 where it could not be read.
        path: The file, for errors.

    Raises:
        UsageError: A number is none, or there is no such row.
    """
    found = []
    for name in ("left", "right"):
        number = pd.to_numeric(judgements[name].where(judgements[name].str.fullmatch(r"\d{1,12}")), errors="coerce")
        wrong = number.isna() | (number >= len(positions))
        if wrong.any():
            line = int(judgements["line"][wrong].iloc[0])
            raise UsageError("judgements.no_row", path=path, line=line, last=len(positions) - 1)
        found.append(positions[number.to_numpy(dtype=np.int64)])
    return _placed(judgements, *found)


def need_enough(placed: Placed, path: Path) -> None:
    """Refuse to train on judgements that are too few or all of one verdict.

    Raises:
        UsageError: They are; says how many are needed.
    """
    same = (placed.judgements["verdict"] == "same").to_numpy(dtype=np.bool_)
    if not enough(same):
        counts = {"count": len(same), "same": int(same.sum()), "different": int((~same).sum())}
        raise UsageError("judgements.too_few", path=path, **counts, needed=FEWEST[0], each=FEWEST[1])


def verdict_of(settings: Settings, left: str, right: str) -> str | None:
    """What people have decided of two records, by the configuration's file; *different* where they contradict."""
    if settings.matching.judgements is None:
        return None
    found = read_judgements(settings.at(settings.matching.judgements))
    forth = (found["left"] == left) & (found["right"] == right)
    back = (found["left"] == right) & (found["right"] == left)
    return min((str(verdict) for verdict in found["verdict"][forth | back]), default=None)


def notes(facts: Mapping[str, Any] | None, locale: str | None = None) -> list[str]:
    """What a person should know of the judgements, in sentences.

    Args:
        facts: As `Placed.facts` gives them; nothing where there are no judgements.
        locale: Of the sentences; the one in force when absent.
    """
    if not facts:
        return []
    found = [
        text("judgements.held", locale=locale, count=facts["held"], same=facts["same"], different=facts["different"])
    ]
    if facts["absent"]:
        found.append(text("judgements.absent", locale=locale, count=facts["absent"], key=facts["missing"]))
    if facts["contradicted"]:
        pairs = ", ".join(f"{left} ≠ {right}" for left, right in facts["contradictions"])
        found.append(text("judgements.contradicted", locale=locale, count=facts["contradicted"], pairs=pairs))
    if not facts["enough"]:
        found.append(text("judgements.not_learned", locale=locale, needed=FEWEST[0], each=FEWEST[1]))
    return found


def _check(found: pd.DataFrame, path: Path) -> None:
    for wrong, key in (
        ((found["left"] == "") | (found["right"] == ""), "judgements.no_pair"),
        (found["left"] == found["right"], "judgements.one_record"),
        (~found["verdict"].isin(VERDICTS), "judgements.no_verdict"),
    ):
        if wrong.any():
            raise UsageError(key, path=path, line=int(found["line"][wrong].iloc[0]))


def _places(names: pd.Series[str], keys: pa.Array | pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int64]]:
    asked = pa.array(names, pa.string())
    return np.asarray(pc.fill_null(pc.index_in(asked, value_set=keys.cast(pa.string())), -1), dtype=np.int64)


def _placed(
    judgements: pd.DataFrame,
    left: np.ndarray[Any, np.dtype[np.int64]],
    right: np.ndarray[Any, np.dtype[np.int64]],
) -> Placed:
    here = (left >= 0) & (right >= 0)
    frame = pd.DataFrame(
        {
            "left": np.minimum(left, right)[here],
            "right": np.maximum(left, right)[here],
            "verdict": judgements["verdict"].to_numpy()[here],
        }
    )
    first = ~frame.duplicated().to_numpy()
    names = judgements.loc[here, ["left", "right"]].to_numpy()[first]
    gone = np.flatnonzero(~here)
    missing = None
    if len(gone):
        missing = str(judgements["left" if left[gone[0]] < 0 else "right"].iloc[gone[0]])
    return Placed(
        judgements=frame[first].reset_index(drop=True),
        names=tuple((str(one), str(two)) for one, two in names),
        absent=len(gone),
        missing=missing,
    )

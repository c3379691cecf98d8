"""One address a record, taken whole: street of one and city of another would be nobody's."""

from __future__ import annotations

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from sources.records.cells import NULL, Cells, Column
from sources.records.preset import Preset

__all__ = ["address"]


def address(cells: Cells, preset: Preset) -> dict[str, Column]:
    """Each row's address from the first block that has its street, city or postcode, else from the first block.

    Args:
        cells: Of the export.
        preset: Its ``addresses`` are the blocks; the first is the one that leaves ``extra``.
    """
    blocks = [
        {name: cells.first_filled(headers, wholly=place == 0) for name, headers in block.items()}
        for place, block in enumerate(preset.addresses)
    ]
    present = [{name: column for name, column in block.items() if column is not None} for block in blocks]
    present = [block for block in present if block]
    if len(present) < 2:
        return present[0] if present else {}
    names = dict.fromkeys(name for block in present for name in block)
    located = [_located(block) for block in present]
    _leave_others(cells, preset, located)
    taken = pc.make_struct(*located, field_names=[str(place) for place in range(len(present))])
    return {
        name: pc.case_when(taken, *(block.get(name, NULL) for block in present), present[0].get(name, NULL))
        for name in names
    }


def _leave_others(cells: Cells, preset: Preset, located: list[Column | pa.Scalar]) -> None:
    """Leave what the first block says of rows whose address is another block's, in ``extra`` as well."""
    elsewhere = pc.and_(pc.invert(located[0]), reduce(pc.or_, located[1:]))
    if not isinstance(elsewhere, pa.Scalar) and pc.any(elsewhere).as_py():
        for headers in preset.addresses[0].values():
            if cells.present(headers):
                cells.leave(headers, elsewhere)


def _located(block: dict[str, Column]) -> Column | pa.Scalar:
    """Where a block says more than the country."""
    leading = [block[name] for name in ("street", "city", "postcode") if name in block]
    return pc.is_valid(pc.coalesce(*leading)) if leading else pa.scalar(value=False)

"""Pairs and clusters of records: the tables that matching hands on.

Records are named by position in the frame that was matched (0-based, ``int32``); ``record_key`` takes their place only
where a table leaves the process. In a pair, left < right, always.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

__all__ = ["PAIRS", "PATTERNS"]

PAIRS: Final = pa.schema(
    [
        pa.field("left", pa.int32(), nullable=False),  # position of a record
        pa.field("right", pa.int32(), nullable=False),  # position of the other, always the greater
        pa.field("pattern", pa.int32(), nullable=False),  # row of the pattern table: the level of each comparison
        pa.field("match_weight", pa.float32(), nullable=False),  # log2 Bayes factor, prior included
        pa.field("match_probability", pa.float32(), nullable=False),  # 0..1
    ]
)

PATTERNS: Final = pa.schema(
    [
        pa.field("pattern", pa.int32(), nullable=False),
        pa.field("levels", pa.string(), nullable=False),  # JSON object: comparison -> name of its level
    ]
)

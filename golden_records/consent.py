"""Consent: which of a customer's choices counts.

The latest dated explicit choice; where choices are undated or tied, the least permissive. A refusal without a date is
not overruled by a dated consent, since nobody can say which came last; and no answer is not a yes.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.choice import Choice, Members, choose

__all__ = ["choose_consent"]


def choose_consent(name: str, consent: pa.Array, at: pa.Array, members: Members) -> dict[str, Choice]:
    """Choose a channel's consent and its date, both from one record.

    Args:
        name: ``consent_email`` or another channel's.
        consent: ``granted``, ``denied`` or null, for each member.
        at: When it was chosen (ISO 8601, UTC), null where unknown.
        members: The members.

    Returns:
        The choices for ``name`` and ``name_at``.
    """
    explicit = consent.is_valid().to_numpy(zero_copy_only=False)
    dated = at.is_valid().to_numpy(zero_copy_only=False)
    denied = pc.fill_null(pc.equal(consent, "denied"), False).to_numpy(zero_copy_only=False)
    candidates = np.flatnonzero(explicit)
    age = np.zeros(len(at), dtype=np.int64)
    if len(candidates):
        order = pc.rank(pc.take(at, pa.array(candidates)), sort_keys="ascending", tiebreaker="dense").to_numpy()
        age[candidates] = -order.astype(np.int64)
    age[~dated] = 1  # undated consents come after all dated ones
    candidates = candidates[np.lexsort((age[candidates], members.group[candidates]))]
    keys = {
        "undated_refusal": np.where(denied & ~dated, 0, 1),
        "latest_choice": age,
        "least_permissive": np.where(denied, 0, 1),
    }
    choice = choose(consent, candidates, members, tuple(keys), keys)
    return {name: choice, f"{name}_at": choice.where(dated & explicit)}

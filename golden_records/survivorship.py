"""Survivorship: of all a customer's records, the values that the golden record keeps.

Values marked invalid never survive. Customers of one record pass straight through; for the rest every attribute is
chosen by a chain of rules (`golden_records.choice`). Names and addresses survive as a whole from one record, as does an
id of another record with that record's key; phones and emails also as lists; consent by its own rules
(`golden_records.consent`). Ties never depend on the order of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes, as_column, as_count, as_text, moments, places, take
from golden_records.choice import CHAIN_RULES, Choice, Members, choose
from golden_records.consent import choose_consent
from golden_records.display import display_names
from golden_records.lineage import lineage
from golden_records.lists import contacts, distinct_lists
from schemas.errors import UsageError
from schemas.golden import CUSTOMER_COLUMNS, CUSTOMERS, LINEAGE_ATTRIBUTES, SURVIVORS
from schemas.records import ADDRESS, CONSENTS, EMAILS, PHONES, RELATIONS

__all__ = ["DEFAULT_CHAIN", "NAMES", "Golden", "Policy", "survive"]

DEFAULT_CHAIN: Final = ("source_trust", "recency", "frequency", "completeness", "longest", "smallest")
NAMES: Final = ("full_name", "given_name", "middle_name", "family_name")
_NEVER: Final = np.iinfo(np.int64).max
_WHOLES: Final = {NAMES: "name", ADDRESS: "address"}
_CHOICES: Final = tuple((name, f"{name}_at") for name in CONSENTS)
_RELATIONS: Final = tuple(RELATIONS.items())
_GROUPS: Final = (*_WHOLES, *_CHOICES, *_RELATIONS)
_IN_GROUPS: Final = frozenset(name for group in _GROUPS for name in group)
_TOGETHER: Final = (*_GROUPS, *((name,) for name in LINEAGE_ATTRIBUTES if name not in _IN_GROUPS))
"""Attributes that are decided together; each group by itself, so that threads may share the groups."""


def _own_chains() -> Mapping[str, tuple[str, ...]]:
    return {"created_at": ("earliest",), "updated_at": ("latest",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which rules decide.

    Args:
        default: The chain of rules of every attribute that has none of its own. Each is one of source_trust, recency,
            frequency, completeness, longest, smallest, earliest, latest.
        attributes: Attribute → chain of its own; ``name`` and ``address`` stand for the attributes that survive as a
            whole, from a record that has their core (a street; a full name or both its parts) where there is one.
    """

    default: tuple[str, ...] = DEFAULT_CHAIN
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=_own_chains)

    def __post_init__(self) -> None:
        """Refuse what is no rule or no attribute."""
        for attribute, chain in {"default": self.default, **self.attributes}.items():
            if attribute not in {"default", "name", "address", *LINEAGE_ATTRIBUTES}:
                raise UsageError("golden.unknown_attribute", attribute=attribute)
            for rule in chain:
                if rule not in CHAIN_RULES:
                    raise UsageError(
                        "golden.unknown_rule", attribute=attribute, rule=rule, known=", ".join(sorted(CHAIN_RULES))
                    )

    def chain(self, attribute: str) -> tuple[str, ...]:
        """The chain of an attribute."""
        return self.attributes.get(attribute, self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """Golden records.

    Args:
        customers: One row a customer, sorted by golden_id (`schemas.golden.CUSTOMERS`).
    """

    customers: pd.DataFrame


def survive(
    records: pd.DataFrame,
    crosswalk: pd.DataFrame,
    *,
    policy: Policy,
    trust: Mapping[str, int],
    warnings: pd.DataFrame,
) -> Golden:
    """Make the golden records.

    Args:
        records: Canonical records (`schemas.records.RECORD_COLUMNS`), N rows.
        crosswalk: record_key, golden_id of the same records, in any order.
        policy: The rules.
        trust: Source → rank, 1 the most trusted; a source that is not named comes last.
        warnings: record_key, attribute, reason: values that are invalid.

    Returns:
        The customers, every value with its lineage.
    """
    keys, sources = as_text(records["record_key"]), as_text(records["source"])
    ids, customer = _numbered(pc.take(as_text(crosswalk["golden_id"]), _rows(crosswalk, keys)))
    with ThreadPoolExecutor(pa.cpu_count()) as threads:
        columns = _valid_columns(records, keys, warnings, threads)
        members, everyone, several, only = _grouped(
            customer, len(ids), _tellings(columns, keys, _trust(sources, trust))
        )
        phones, emails = (
            threads.submit(contacts, [columns[name] for name in names], customer, everyone, len(ids), kind=kind)
            for names, kind in ((PHONES, "phone"), (EMAILS, "email"))
        )
        choices = _choices(columns, members, policy, threads)
        origin = threads.submit(lineage, choices, members, several, only, keys)

        def chosen(name: str) -> pa.Array:
            return take(columns[name], _origin(choices[name], members, several, only))

        values = dict(zip(choices, threads.map(chosen, choices), strict=True))
        named, rules = origin.result()
        texts = {
            **values,
            "golden_id": ids,
            "display_name": display_names(values),
            "phones": phones.result(),
            "emails": emails.result(),
            "sources": distinct_lists(sources, customer, len(ids)),
            "lineage_records": named,
            "lineage": rules,
        }
    table = {name: as_column(column) for name, column in texts.items()}
    table["record_count"] = as_count(np.bincount(customer, minlength=len(ids)))
    return Golden(customers=CUSTOMERS.validate(pd.DataFrame(table)[list(CUSTOMER_COLUMNS)]))


def _rows(crosswalk: pd.DataFrame, keys: pa.Array) -> pa.Array:
    """For each record its row in the crosswalk."""
    return pa.array(places(keys, as_text(crosswalk["record_key"])))


def _numbered(held: pa.Array) -> tuple[pa.Array, Codes]:
    """Golden ids in text order, and for each record the number of its own."""
    encoded = held.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return pc.take(encoded.dictionary, pa.array(order)), rank[encoded.indices.to_numpy()]


def _valid_columns(
    records: pd.DataFrame, keys: pa.Array, warnings: pd.DataFrame, threads: Executor
) -> dict[str, pa.Array]:
    """Every attribute that survives, without the values that were marked invalid."""
    marked = {name: as_text(group["record_key"]) for name, group in warnings.groupby("attribute")}

    def valid(name: str) -> pa.Array:
        column = as_text(records[name])
        if name not in marked:
            return column
        return pc.if_else(pc.is_in(keys, value_set=marked[name]), pa.scalar(None, pa.string()), column)

    return dict(zip(LINEAGE_ATTRIBUTES, threads.map(valid, LINEAGE_ATTRIBUTES), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tellings:
    """How much each record has to say: rank of its source, of its age, attributes filled, place of its key."""

    trust: Codes
    recency: Codes
    completeness: Codes
    key: Codes


def _tellings(columns: Mapping[str, pa.Array], keys: pa.Array, trust: Codes) -> _Tellings:
    filled = np.zeros(len(keys), dtype=np.int64)
    for name in set(SURVIVORS) - set(RELATIONS.values()):  # keys are made from ids: they say nothing more
        if columns[name].null_count < len(keys):
            filled += columns[name].is_valid().to_numpy(zero_copy_only=False)
    key = np.empty(len(keys), dtype=np.int64)
    key[pc.sort_indices(keys).to_numpy()] = np.arange(len(keys))
    return _Tellings(trust=trust, recency=_recency(columns), completeness=filled, key=key)


def _trust(sources: pa.Array, trust: Mapping[str, int]) -> Codes:
    encoded = sources.dictionary_encode()
    last = max(trust.values(), default=0) + 1
    ranks = np.array([trust.get(name, last) for name in encoded.dictionary.to_pylist()], dtype=np.int64)
    rank: Codes = ranks[encoded.indices.to_numpy()]
    return rank


def _recency(columns: Mapping[str, pa.Array]) -> Codes:
    """The later a record changed (or was made), the smaller; the greatest where it does not say."""
    when = pc.coalesce(columns["updated_at"], columns["created_at"])
    recency = np.full(len(when), _NEVER)
    says = _valid(when)
    recency[says] = -moments(pc.take(when, pa.array(says)))
    return recency


def _grouped(customer: Codes, count: int, tellings: _Tellings) -> tuple[Members, Codes, Codes, Codes]:
    """Records by customer.

    Returns:
        Members of customers that have several; all rows by customer, the most telling first; the numbers of the
        customers that have several; for every customer its only row, -1 where it has several.
    """
    everyone = np.lexsort((tellings.key, tellings.recency, tellings.trust, customer))
    size = np.bincount(customer, minlength=count)
    row = everyone[size[customer[everyone]] > 1]
    several = np.flatnonzero(size > 1)
    number = np.full(count, -1, dtype=np.int64)
    number[several] = np.arange(len(several))
    only = np.full(count, -1, dtype=np.int64)
    single = np.flatnonzero(size[customer] == 1)
    only[customer[single]] = single
    members = Members(
        row=row,
        group=number[customer[row]],
        trust=tellings.trust[row],
        recency=tellings.recency[row],
        completeness=tellings.completeness[row],
    )
    return members, everyone, several, only


def _choices(columns: Mapping[str, pa.Array], members: Members, policy: Policy, threads: Executor) -> dict[str, Choice]:
    """For every attribute of the golden record, which member supplies it."""
    rows = pa.array(members.row)

    def decide(names: Sequence[str]) -> dict[str, Choice]:
        own = {name: take(columns[name], rows) for name in names}
        first = names[0]
        if names in _CHOICES:
            return choose_consent(first, own[first], own[f"{first}_at"], members)
        if names in _RELATIONS:
            return _choose_whole(own, members, policy.chain(first))
        if names in _WHOLES:
            whole = _WHOLES[names]
            return _choose_whole(own, members, policy.chain(whole), whole)
        return {first: choose(own[first], _valid(own[first]), members, policy.chain(first))}

    decided = {name: choice for part in threads.map(decide, _TOGETHER) for name, choice in part.items()}
    return {name: decided[name] for name in LINEAGE_ATTRIBUTES}


def _choose_whole(
    parts: Mapping[str, pa.Array], members: Members, chain: tuple[str, ...], whole: str | None = None
) -> dict[str, Choice]:
    """All parts from one record: one that has the core of a name or an address where there is one."""
    filled = {name: part.is_valid().to_numpy(zero_copy_only=False) for name, part in parts.items()}
    candidates = np.flatnonzero(np.logical_or.reduce(list(filled.values())))
    joined = pc.binary_join_element_wise(*parts.values(), "\x1f", null_handling="replace", null_replacement="")
    if whole is None:
        choice = choose(joined, candidates, members, chain)
        return {name: choice.where(has) for name, has in filled.items()}
    core = (
        filled["street"] if whole == "address" else filled["full_name"] | (filled["given_name"] & filled["family_name"])
    )
    choice = choose(joined, candidates, members, ("whole", *chain), {"whole": (~core).astype(np.int64)})
    return {name: choice.where(has) for name, has in filled.items()}


def _origin(choice: Choice, members: Members, several: Codes, only: Codes) -> pa.Array:
    """For every customer the row of the record that supplies the value, null where none does."""
    origin = only.copy()
    origin[several] = np.append(members.row, -1)[choice.member]
    return pa.array(origin, mask=origin < 0)


def _valid(column: pa.Array) -> Codes:
    return np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))

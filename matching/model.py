"""A trained model: everything that decides whether two records match, frozen, as JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from matching.arrays import Floats
from matching.block import Rule
from matching.checks import ModelWarning
from matching.classifiers import Linear
from matching.cluster import Linkage
from matching.comparison import Comparison
from matching.frequency import Frequencies
from matching.guards import Veto
from matching.parameters import Dependence, Parameters
from matching.rarity import Rarity
from matching.roles import ColumnRole
from schemas.diagnosis import Diagnosis
from schemas.errors import UsageError

__all__ = ["Model"]

_FORMAT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What training decided.

    Args:
        roles: The role of each column.
        comparisons: What is compared.
        parameters: m, u and priors.
        frequencies: How common values are, by comparison.
        rarities: What is rare in texts, by comparison.
        rules: Blocking rules in order.
        all_pairs_below: Records up to which every pair is compared, whatever the rules.
        merge_at: Match probability from which a pair is a link.
        review_at: Match probability from which a pair is kept.
        linkage: When groups of records join.
        classifier: Which classifier made the weights.
        records: Records it was trained on.
        vetoes: Attributes whose contradictions keep records apart.
        hubs: Attribute → values that are on so many records that they count as missing; see `matching.hubs`.
        warnings: What is wrong with it; no part of its id either.
        training: What training saw, for people to look at; it decides nothing, and is no part of the model's id.
    """

    roles: tuple[ColumnRole, ...]
    comparisons: tuple[Comparison, ...]
    parameters: Parameters
    frequencies: Mapping[str, Frequencies]
    rarities: Mapping[str, Rarity]
    rules: tuple[Rule, ...]
    all_pairs_below: int
    merge_at: float
    review_at: float
    linkage: Linkage
    classifier: str
    records: int
    vetoes: tuple[Veto, ...] = ()
    hubs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[ModelWarning, ...] = ()
    training: Diagnosis | None = None

    @property
    def model_id(self) -> str:
        """A hash of what decides."""
        return hashlib.sha256(_written(self._content()).encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """One line of JSON; the same model gives the same text."""
        training = None if self.training is None else asdict(self.training)
        warnings = [{"code": w.code, "facts": dict(w.facts)} for w in self.warnings]
        return _written({**self._content(), "warnings": warnings, "training": training})

    def _content(self) -> dict[str, Any]:
        p = self.parameters
        return {
            "format": _FORMAT,
            "records": self.records,
            "classifier": self.classifier,
            "merge_at": self.merge_at,
            "review_at": self.review_at,
            "all_pairs_below": self.all_pairs_below,
            "linkage": {n: getattr(self.linkage, n) for n in ("strong", "mean", "credit", "clip", "largest")},
            "roles": [
                {"column": r.column, "role": r.role, "reason": r.reason, "convention": r.convention} for r in self.roles
            ],
            "rules": [{"atoms": list(r.atoms), "cap": r.cap} for r in self.rules],
            "prior": p.prior,
            "crowd_priors": p.crowd_priors.tolist(),
            "moved": p.moved,
            "linear": _linear_content(p.linear),
            "scale": p.scale,
            "shift": p.shift,
            "told": p.told if np.isfinite(p.told) else None,
            "converged": p.converged,
            "dependences": [{"parent": d.parent, "child": d.child, "shift": d.shift.tolist()} for d in p.dependences],
            "comparisons": [
                {
                    "name": c.name,
                    "kind": c.kind,
                    "role": c.role,
                    "group": c.group,
                    "levels": dict(zip(c.levels, zip(m.tolist(), u.tolist(), strict=True), strict=True)),
                }
                for c, m, u in zip(self.comparisons, p.matched, p.unmatched, strict=True)
            ],
            "hubs": {name: list(values) for name, values in self.hubs.items()},
            "vetoes": [asdict(veto) for veto in self.vetoes],
            "frequencies": {name: {"rest": f.rest, "shares": dict(f.shares)} for name, f in self.frequencies.items()},
            "rarities": {name: {"grams": _pack(r.grams), "words": _pack(r.words)} for name, r in self.rarities.items()},
        }

    @classmethod
    def from_json(cls, text: str) -> Model:
        """The model that `to_json` wrote.

        Raises:
            UsageError: The text is no model, or one of another format.
        """
        try:
            content = json.loads(text)
            if content["format"] != _FORMAT:
                raise UsageError("matching.model_format", found=content["format"], expected=_FORMAT)
            return _parsed(cls, content)
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError("matching.model_unreadable") from error


def _parsed(cls: type[Model], content: Mapping[str, Any]) -> Model:
    compared = content["comparisons"]
    return cls(
        roles=tuple(ColumnRole(**r) for r in content["roles"]),
        comparisons=tuple(Comparison(**{n: c[n] for n in ("name", "kind", "role", "group")}) for c in compared),
        parameters=Parameters(
            matched=tuple(_column(c["levels"], 0) for c in compared),
            unmatched=tuple(_column(c["levels"], 1) for c in compared),
            prior=content["prior"],
            crowd_priors=np.array(content["crowd_priors"], dtype=np.float64),
            moved=content["moved"],
            linear=_linear(content["linear"]),
            scale=content.get("scale", 1.0),
            shift=content.get("shift", 0.0),
            told=np.inf if content.get("told") is None else content["told"],
            converged=content["converged"],
            dependences=tuple(
                Dependence(parent=d["parent"], child=d["child"], shift=np.array(d["shift"], dtype=np.float64))
                for d in content["dependences"]
            ),
        ),
        frequencies={n: Frequencies(shares=f["shares"], rest=f["rest"]) for n, f in content["frequencies"].items()},
        rarities={
            n: Rarity(grams=_unpack(r["grams"]), words=_unpack(r["words"])) for n, r in content["rarities"].items()
        },
        rules=tuple(Rule(atoms=tuple(r["atoms"]), cap=r["cap"]) for r in content["rules"]),
        all_pairs_below=content["all_pairs_below"],
        merge_at=content["merge_at"],
        review_at=content["review_at"],
        linkage=Linkage(**content["linkage"]),
        classifier=content["classifier"],
        records=content["records"],
        vetoes=tuple(
            Veto(attribute=v["attribute"], checks=tuple(v["checks"]), fillers=tuple(v["fillers"]))
            for v in content.get("vetoes", ())
        ),
        warnings=tuple(ModelWarning(code=w["code"], facts=w["facts"]) for w in content.get("warnings", ())),
        hubs={name: tuple(values) for name, values in content.get("hubs", {}).items()},
        training=Diagnosis.from_facts(content["training"]) if content.get("training") else None,
    )


def _written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _linear_content(linear: Linear | None) -> dict[str, Any] | None:
    if linear is None:
        return None
    return {"intercept": linear.intercept, "weights": [w.tolist() for w in linear.weights]}


def _linear(content: Mapping[str, Any] | None) -> Linear | None:
    if content is None:
        return None
    weights = tuple(np.array(w, dtype=np.float64) for w in content["weights"])
    return Linear(weights=weights, intercept=content["intercept"])


def _column(levels: Mapping[str, list[float]], place: int) -> Floats:
    return np.array([pair[place] for pair in levels.values()], dtype=np.float64)


def _pack(table: np.ndarray[Any, np.dtype[np.uint8]]) -> str:
    return base64.b85encode(zlib.compress(table.tobytes(), 9)).decode()


def _unpack(text: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(zlib.decompress(base64.b85decode(text)), dtype=np.uint8)

"""How well clusters agree with the truth: over pairs of records, and over records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Evaluation", "evaluate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Agreement of clusters with the truth.

    Args:
        records: Records compared.
        clusters: Clusters found.
        entities: Customers there truly are.
        true_pairs: Pairs of records of one customer.
        found_pairs: Pairs of records in one cluster.
        right_pairs: Pairs that are both.
        precision: Right pairs among the found ones, 0..1.
        recall: Right pairs among the true ones, 0..1.
        f1: The harmonic mean of the two.
        bcubed_precision: B-cubed: for a record on average, how much of its cluster is its customer.
        bcubed_recall: For a record on average, how much of its customer is in its cluster.
        bcubed_f1: The harmonic mean of the two.
        exact_clusters: Clusters that are exactly one customer.
    """

    records: int
    clusters: int
    entities: int
    true_pairs: int
    found_pairs: int
    right_pairs: int
    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    exact_clusters: int


def evaluate(clusters: np.ndarray, truth: np.ndarray) -> Evaluation:
    """Pairwise and B-cubed precision, recall and F1.

    Everything follows from the contingency counts: how many records each cluster and each customer share. B-cubed is
    due to Bagga and Baldwin, "Entity-Based Cross-Document Coreferencing Using the Vector Space Model" (1998). Where
    there is no pair to find or none was found, the share of right ones is 1.

    Args:
        clusters: The cluster of each record, array (N,) of any type that compares.
        truth: The customer of each record, array (N,) likewise.

    Raises:
        ValueError: The two differ in length.

    Example:
        >>> result = evaluate(np.array([0, 0, 0, 1]), np.array(["a", "a", "b", "b"]))
        >>> result.right_pairs, result.found_pairs, result.true_pairs, round(result.f1, 2)
        (1, 3, 2, 0.4)
    """
    if len(clusters) != len(truth):
        raise ValueError(f"{len(clusters)} clusters for {len(truth)} records of truth")
    cluster_of, cluster_sizes = _codes_and_sizes(clusters)
    entity_of, entity_sizes = _codes_and_sizes(truth)
    cells, shared = np.unique(cluster_of * max(len(entity_sizes), 1) + entity_of, return_counts=True)
    cluster_size = cluster_sizes[cells // max(len(entity_sizes), 1)]
    entity_size = entity_sizes[cells % max(len(entity_sizes), 1)]

    right, found, true = (_pairs(counts) for counts in (shared, cluster_sizes, entity_sizes))
    precision, recall = _share(right, found), _share(right, true)
    squares = shared.astype(np.float64) ** 2
    bcubed_precision = _share(float((squares / cluster_size).sum()), len(truth))
    bcubed_recall = _share(float((squares / entity_size).sum()), len(truth))
    return Evaluation(
        records=len(truth),
        clusters=len(cluster_sizes),
        entities=len(entity_sizes),
        true_pairs=true,
        found_pairs=found,
        right_pairs=right,
        precision=precision,
        recall=recall,
        f1=_harmonic(precision, recall),
        bcubed_precision=bcubed_precision,
        bcubed_recall=bcubed_recall,
        bcubed_f1=_harmonic(bcubed_precision, bcubed_recall),
        exact_clusters=int(((shared == cluster_size) & (shared == entity_size)).sum()),
    )


def _codes_and_sizes(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels as int64 codes 0..K−1, and how many records each has."""
    _, codes, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    return codes.astype(np.int64), sizes.astype(np.int64)


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes.astype(np.int64) * (sizes - 1) // 2).sum())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

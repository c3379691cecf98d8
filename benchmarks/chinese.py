"""Chinese customers in one table, with known truth, and how well zero-configuration matching finds the duplicates.

    python -m benchmarks.chinese --rows N --kind person|company|mixed|mixed-company|english|english-company
                               [--out DIR] [--data DIR] [--seed S]

makes a pool of N records under Chinese headers, as a CRM exports them, matches it and prints precision, recall and F1,
and recall by kind of corruption: of the true pairs in which a record is hit by it, the share that ends in one cluster.
``mixed`` pools hold Chinese and English customers in equal shares, and many Chinese ones in pinyin or English; the
``english`` ones hold the same cells for English customers, to compare the time.
With ``--out`` the pool (``pool.csv``) and its truth (``truth.csv``: row, entity, corruptions) are written.

Surnames are Faker's ``zh_CN`` table (2020 report of China's Ministry of Public Security), given names its list in the
order of frequency and pairs of characters; the rest is ``benchmarks/synthetic/vocabulary.yaml``. ``--data DIR`` adds
the towns and districts of ``zh_admin_divisions`` (modood/Administrative-divisions-of-China, WTFPL) and the brands of
``zh_company_short_names`` (wainshine/Company-Names-Corpus, Apache-2.0).

Hard negatives: namesakes in one town, families at one address, mobiles and landlines that follow one another, parent
and branch, companies of one brand in one house, namesakes of companies. All but one entity in a hundred keep one
identifying cell in every record, if in another spelling: without it nobody could tell.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.synthetic.chinese_companies import COMPANY_COLUMNS, company_cells, company_corruptions
from benchmarks.synthetic.chinese_people import PERSON_COLUMNS, person_cells, person_corruptions
from benchmarks.synthetic.chinese_towns import brands_of, towns_of
from benchmarks.synthetic.companies import companies
from benchmarks.synthetic.corrupt import HARD, corrupt
from benchmarks.synthetic.names import Ints, Objects, objects
from benchmarks.synthetic.people import people
from benchmarks.synthetic.places import american_towns
from matching.evaluate import Evaluation, evaluate
from matching.match import MatchSettings, match

__all__ = ["KINDS", "Pool", "kinds_found", "main", "make_pool"]

KINDS = ("person", "company", "mixed", "mixed-company", "english", "english-company")

_RECORDS = (0.55, 0.27, 0.13, 0.05)  # shares of entities with one, two, three and four records
_FEW = 25  # kinds with fewer true pairs say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """N records in random order.

    Args:
        records: The cells under Chinese headers, text; missing where empty.
        entity: (N,) who each record is of.
        corruptions: (N,) labels joined by spaces.
    """

    records: pd.DataFrame
    entity: Ints
    corruptions: Objects


def make_pool(rows: int, kind: str, *, seed: int = 1, data: Path | None = None) -> Pool:
    """The pool.

    Args:
        rows: N.
        kind: One of `KINDS`.
        seed: Decides everything that is left to chance.
        data: The folder with the sets that the module names.
    """
    rng = np.random.default_rng(seed)
    mixed, company = kind.startswith("mixed"), kind.endswith("company")
    share = 0.5 if mixed else float(not kind.startswith("english"))
    counts = rng.choice(np.arange(1, 5), rows, p=_RECORDS)
    entity = np.repeat(np.arange(rows), counts)[:rows]
    entities = int(entity[-1]) + 1
    clean = (_companies if company else _persons)(rng, entities, data, share)
    frame = clean.take(entity).reset_index(drop=True)
    frame = frame.assign(
        ordinal=np.arange(rows) - np.searchsorted(entity, entity), anchor=_anchors(rng, clean, company=company)[entity]
    )
    corruptions = company_corruptions(mixed=mixed) if company else person_corruptions(mixed=mixed)
    changed, labels = corrupt(rng, frame, corruptions)
    columns = COMPANY_COLUMNS if company else PERSON_COLUMNS
    order = rng.permutation(rows)
    cells = changed[list(columns)].rename(columns=columns).take(order).reset_index(drop=True)
    cells.insert(0, "客户编号", np.arange(100_000, 100_000 + rows).astype(str))
    records = cells.astype("string[pyarrow]").replace("", pd.NA)
    return Pool(records=records, entity=entity[order], corruptions=labels[order])


def _persons(rng: np.random.Generator, count: int, data: Path | None, share: float) -> pd.DataFrame:
    towns = {"zh": towns_of(data), "en": american_towns(rng)}
    chinese = rng.random(count) < share
    size = max(count // 20, 20)
    employers = {name: companies(rng, size, towns[name], chinese=name == "zh") for name in towns}
    return person_cells(rng, people(rng, chinese, towns, employers))


def _companies(rng: np.random.Generator, count: int, data: Path | None, share: float) -> pd.DataFrame:
    chinese = round(count * share)
    parts = []
    if chinese:
        parts.append(companies(rng, chinese, towns_of(data), chinese=True, brands=brands_of(data)))
    if chinese < count:
        parts.append(companies(rng, count - chinese, american_towns(rng), chinese=False))
    return company_cells(rng, pd.concat(parts, ignore_index=True))


def _anchors(rng: np.random.Generator, clean: pd.DataFrame, *, company: bool) -> Objects:
    """(E,) the groups of cells that each entity keeps; a namesake keeps both that it could."""
    chinese = (clean["language"] == "zh").to_numpy()
    one, two = ("tax_id", "landline_number") if company else ("mobile", "email")
    first = np.where(chinese, one, "landline_number" if company else "mobile")
    second = np.where(chinese, two, "email")
    picked = np.where(rng.random(len(clean)) < 0.5, first, second)
    picked = np.where(clean["namesake"], first + objects([" "]) + second, picked)
    anchors: Objects = np.where(rng.random(len(clean)) < HARD, "", picked).astype(object)
    return anchors


def kinds_found(pool: Pool, clusters: Ints) -> pd.DataFrame:
    """Recall by kind of corruption.

    Args:
        pool: The records.
        clusters: (N,) the cluster of each.

    Returns:
        ``kind``, ``pairs`` (true pairs in which it hits a record) and ``recall``, the worst first.
    """
    frame = pd.DataFrame({"row": np.arange(len(clusters)), "entity": pool.entity})
    pairs = frame.merge(frame, on="entity")
    left, right = (pairs[name].to_numpy() for name in ("row_x", "row_y"))
    left, right = left[left < right], right[left < right]
    joined = clusters[left] == clusters[right]
    labels = pd.Series(pool.corruptions).str.split().explode().dropna()
    found = []
    for kind, rows in labels.groupby(labels):
        hit = np.zeros(len(clusters), dtype=bool)
        hit[rows.index.to_numpy()] = True
        touched = hit[left] | hit[right]
        found.append((kind, int(touched.sum()), float(joined[touched].mean()) if touched.any() else 1.0))
    return pd.DataFrame(found, columns=["kind", "pairs", "recall"]).sort_values("recall", ignore_index=True)


def _write(pool: Pool, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    pool.records.to_csv(out / "pool.csv", index=False)
    truth = pd.DataFrame({"row": np.arange(len(pool.entity)), "entity": pool.entity, "corruptions": pool.corruptions})
    truth.to_csv(out / "truth.csv", index=False)


def _print(kind: str, found: Evaluation, kinds: pd.DataFrame, seconds: float) -> None:
    print(
        f"{kind}: {found.records:,} records, precision {found.precision:.4f}, recall {found.recall:.4f}, "
        f"F1 {found.f1:.4f}, {seconds:.1f} s"
    )
    for row in kinds[kinds["pairs"] >= _FEW].itertuples():
        print(f"  {row.recall:.3f}  {row.pairs:7,}  {row.kind}")


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.chinese", description="A Chinese pool with known truth."
    )
    parser.add_argument("--rows", type=int, required=True, help="records")
    parser.add_argument("--kind", choices=KINDS, default="person")
    parser.add_argument("--out", type=Path, help="the folder to write the pool and its truth to")
    parser.add_argument("--data", type=Path, help="the folder of administrative divisions and company names")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-match", action="store_true", help="only write")
    chosen = parser.parse_args(arguments)
    pool = make_pool(chosen.rows, chosen.kind, seed=chosen.seed, data=chosen.data)
    if chosen.out:
        _write(pool, chosen.out)
    if chosen.no_match:
        return
    start = time.perf_counter()
    clusters = match(pool.records, MatchSettings()).clusters.astype(np.int64)
    seconds = time.perf_counter() - start
    _print(chosen.kind, evaluate(clusters, pool.entity), kinds_found(pool, clusters), seconds)


if __name__ == "__main__":
    main()

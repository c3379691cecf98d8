"""Customer exports of several departments, with known truth.

``python -m benchmarks.generate --rows N --out DIR [--language en|zh|mixed] [--kind person|company|both] [--seed S]``
writes N records in the formats of real systems:

- ``sales_zoho_contacts.csv``, ``service_zendesk_users.jsonl``, ``marketing_mailchimp.csv``: persons;
- ``sales_fxiaoke_customers.xlsx`` (above 5,000 records ``.csv`` in GB18030, as such tools export): companies. English
  companies are under the same Chinese headers, without a credit code: the accounts abroad of a Chinese company;
- ``truth.csv``: source, source_id, line, entity, corruptions. ``source_id`` is the id as the readers give it (of the
  audience, the email), ``line`` the physical line (Excel row) on which the record starts: truth and records join on
  (source, line), also where the id is missing, doubled or hashed. ``corruptions`` are labels joined by spaces;
  ``quarantine:<reason>`` marks a record that must not be accepted.

Persons appear in one to three systems and some twice in one; about six records in ten are the first of their entity.
The same arguments give the same bytes under the pins of ``constraints.txt``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.synthetic.companies import companies
from benchmarks.synthetic.company_corruptions import COMPANY_CORRUPTIONS
from benchmarks.synthetic.corrupt import HARD, Corruption, corrupt
from benchmarks.synthetic.defects import damage, defects
from benchmarks.synthetic.export import Export
from benchmarks.synthetic.exports import EXPORTS
from benchmarks.synthetic.names import Ints, Objects, objects
from benchmarks.synthetic.people import people
from benchmarks.synthetic.person_corruptions import PERSON_CORRUPTIONS
from benchmarks.synthetic.places import american_towns, chinese_towns
from benchmarks.synthetic.writing import write_csv, write_json_lines, write_workbook

__all__ = ["Request", "generate", "main"]

WORKBOOK_ROWS = 5_000  # writing cells one by one takes a minute per 100,000 rows
COMPANY_SHARE = 0.2

_PERSON_RECORDS = (0.57, 0.27, 0.12, 0.04)  # shares of entities with one, two, three and four records
_COMPANY_RECORDS = (0.70, 0.22, 0.08)
_SYSTEMS = objects(["sales", "service", "marketing"])
_SYSTEM_WEIGHTS = np.array([0.40, 0.33, 0.27])


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to generate.

    Args:
        rows: Records over all files.
        language: ``en``, ``zh`` or ``mixed`` (half and half).
        kind: ``person``, ``company`` or ``both`` (one record in five is a company's).
        seed: Decides everything that is left to chance.
    """

    rows: int
    language: str = "mixed"
    kind: str = "both"
    seed: int = 1


def generate(request: Request, out: Path) -> dict[str, Path]:
    """Write the exports and ``truth.csv``.

    Args:
        request: What to generate.
        out: The folder; made where it is missing.

    Returns:
        The files by source, and ``truth``.
    """
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(request.seed)
    files, truths = {}, []
    for rows in _rows(rng, request):
        for export in EXPORTS:
            own = np.flatnonzero(rows["source"] == export.source)
            if len(own):
                records = rows.take(own[rng.permutation(len(own))]).reset_index(drop=True)
                files[export.source], truth = _write(rng, export, records, out)
                truths.append(truth)
    files["truth"] = out / "truth.csv"
    _write_truth(files["truth"], pd.concat(truths, ignore_index=True))
    return files


def _rows(rng: np.random.Generator, request: Request) -> Iterator[pd.DataFrame]:
    """The records of persons, then of companies: corrupted, with ``entity``, ``source`` and ``corruptions``."""
    company_rows = {"person": 0, "company": request.rows, "both": round(request.rows * COMPANY_SHARE)}[request.kind]
    share = {"en": 0.0, "zh": 1.0, "mixed": 0.5}[request.language]
    towns = {"en": american_towns(rng), "zh": chinese_towns()}
    needed = {"en": round(company_rows * (1 - share)), "zh": round(company_rows * share)}
    sizes = {language: max(count, request.rows // 20, 20) for language, count in needed.items()}
    employers = {name: companies(rng, count, towns[name], chinese=name == "zh") for name, count in sizes.items()}
    if company_rows < request.rows:
        entity, ordinal = _appearances(rng, request.rows - company_rows, _PERSON_RECORDS)
        persons = people(rng, rng.random(entity[-1] + 1) < share, towns, employers)
        persons = _anchored(rng, persons, {"en": ("email", "mobile"), "zh": ("email", "mobile")})
        frame = _records(rng, persons, entity, ordinal, _systems(rng, entity, ordinal))
        yield _corrupted(rng, frame, PERSON_CORRUPTIONS, "P")
    if company_rows:
        entity, ordinal = _appearances(rng, company_rows, _COMPANY_RECORDS)
        firms = _both_languages(employers, entity[-1] + 1, share)
        firms = _anchored(rng, firms, {"en": ("landline", "email"), "zh": ("tax_id", "landline")})
        frame = _records(rng, firms, entity, ordinal, np.full(len(entity), "accounts", dtype=object))
        yield _corrupted(rng, frame, COMPANY_CORRUPTIONS, "C")


def _corrupted(
    rng: np.random.Generator, frame: pd.DataFrame, corruptions: tuple[Corruption, ...], prefix: str
) -> pd.DataFrame:
    changed, labels = corrupt(rng, frame, corruptions)
    entity = prefix + frame["entity"].to_numpy().astype(str).astype(object)
    return changed.assign(entity=entity, corruptions=labels)


def _appearances(rng: np.random.Generator, rows: int, shares: tuple[float, ...]) -> tuple[Ints, Ints]:
    """(rows,) entity, ascending from 0, and the ordinal of the record among its entity's."""
    counts = rng.choice(np.arange(1, len(shares) + 1), rows, p=shares)
    entity = np.repeat(np.arange(rows), counts)[:rows]
    first = np.searchsorted(entity, entity)
    return entity, np.arange(rows) - first


def _systems(rng: np.random.Generator, entity: Ints, ordinal: Ints) -> Objects:
    """Which system holds each record: different ones for an entity, but one in ten second records is a doublet.

    An audience holds an email once, so doublets are of sales and service.
    """
    count = int(entity[-1]) + 1
    # Sorting by exponential keys over weights draws without replacement (Efraimidis and Spirakis, 2006).
    order = np.argsort(rng.exponential(size=(count, 3)) / _SYSTEM_WEIGHTS, axis=1)
    chosen = order[entity, np.minimum(ordinal, 2)]
    doublet = ((ordinal == 1) & (rng.random(len(entity)) < 0.1) & (order[entity, 0] != 2)) | (ordinal > 2)
    again = np.where(order[entity, 0] == 2, 0, order[entity, 0])
    systems: Objects = _SYSTEMS[np.where(doublet, again, chosen)]
    return systems


def _both_languages(employers: dict[str, pd.DataFrame], count: int, share: float) -> pd.DataFrame:
    """``count`` companies, the share of Chinese ones first; a parent precedes its branches."""
    chinese = round(count * share)  # at most as many as were made: an entity has a record or more
    return pd.concat([employers["zh"][:chinese], employers["en"][: count - chinese]], ignore_index=True)


def _anchored(rng: np.random.Generator, population: pd.DataFrame, anchors: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """The population with ``anchor``: which of its language's two columns each entity keeps in every record.

    A namesake keeps both: there must be something to tell the two apart by.
    """
    count = len(population)
    pick = rng.integers(0, 2, count)
    chinese = (population["language"] == "zh").to_numpy()
    one = np.where(chinese, objects(anchors["zh"])[pick], objects(anchors["en"])[pick])
    one = np.where(rng.random(count) < HARD, "", one)
    both = np.where(chinese, " ".join(anchors["zh"]), " ".join(anchors["en"]))
    return population.assign(anchor=np.where(population["namesake"], both, one))


def _records(
    rng: np.random.Generator, population: pd.DataFrame, entity: Ints, ordinal: Ints, source: Objects
) -> pd.DataFrame:
    """A clean record for each appearance, with the columns that corruptions and exports want beside the entity's own.

    Args:
        rng: The source of chance.
        population: E entities.
        entity: (N,) positions in ``population``.
        ordinal: (N,) the record's number among its entity's.
        source: (N,) which system holds it.
    """
    born = np.datetime64("1945-01-01") + rng.integers(0, 365 * 60, len(population))
    created = 1_600_000_000 + rng.integers(0, 160_000_000, len(entity))
    frame = population.take(entity).reset_index(drop=True)
    return frame.assign(
        entity=entity,
        ordinal=ordinal,
        source=source,
        script=frame["language"],
        birth_date=np.datetime_as_string(born).astype(object)[entity],
        phone_style=-1,
        phone_text=np.full(len(entity), "", dtype=object),
        date_style=0,
        created=created,
        modified=created + (rng.random(len(entity)) ** 2 * (1_766_000_000 - created)).astype(np.int64),
    )


def _write(rng: np.random.Generator, export: Export, records: pd.DataFrame, out: Path) -> tuple[Path, pd.DataFrame]:
    """One file, and its part of the truth."""
    identified = records.assign(source_id=export.identify(rng, records))
    defect = defects(rng, export, len(records))
    kept, cells = damage(rng, export, identified, defect)
    ragged = defect == "wrong_column_count"
    path, line = _write_file(export, cells, ragged, out)
    bad = defect != ""
    truth = pd.DataFrame(
        {
            "source": export.source,
            "source_id": np.where(defect == "missing_id", "", kept["source_id"]),
            "line": line,
            "entity": kept["entity"].to_numpy(),
            "corruptions": np.where(bad, "quarantine:" + defect, kept["corruptions"]),
        }
    )
    return path, truth


def _write_file(
    export: Export, cells: dict[str, Objects], ragged: npt.NDArray[np.bool_], out: Path
) -> tuple[Path, Ints]:
    if export.form == "jsonl":
        path = out / f"{export.stem}.jsonl"
        return path, write_json_lines(path, cells)
    if export.form == "workbook" and len(ragged) <= WORKBOOK_ROWS:
        path = out / f"{export.stem}.xlsx"
        return path, write_workbook(path, cells)
    path = out / f"{export.stem}.csv"
    return path, write_csv(path, cells, ragged, encoding="gb18030" if export.form == "workbook" else "utf-8")


def _write_truth(path: Path, truth: pd.DataFrame) -> None:
    text = {name: truth[name].astype(str).to_numpy(dtype=object) for name in ("source", "source_id", "line")}
    text |= {name: truth[name].to_numpy(dtype=object) for name in ("entity", "corruptions")}
    write_csv(path, text, np.zeros(len(truth), dtype=bool))


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description="Customer exports with known truth."
    )
    parser.add_argument("--rows", type=int, required=True, help="records over all files")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--language", choices=("en", "zh", "mixed"), default="mixed")
    parser.add_argument("--kind", choices=("person", "company", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    request = Request(rows=chosen.rows, language=chosen.language, kind=chosen.kind, seed=chosen.seed)
    for source, path in generate(request, chosen.out).items():
        print(f"{source}: {path} ({path.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()

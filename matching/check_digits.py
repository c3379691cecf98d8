"""Identifiers that prove themselves by check digits: national ids, tax and registration numbers.

A number that was mistyped hardly ever passes its check, so that two different numbers that both pass were both meant:
they name two customers. The checks are python-stdnum's (Arthur de Jong).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import import_module
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from stdnum.cn import ric

from matching.rarity import hash_values

__all__ = ["CHECKS", "passing", "recognise"]

CHECKS: Final = (
    "cn.ric", "cn.uscc", "lei", "eu.vat", "at.uid", "at.vnr", "au.abn", "au.acn", "au.tfn", "be.nn", "be.vat", "bg.egn",
    "br.cnpj", "br.cpf", "ca.sin", "ch.ssn", "ch.uid", "cl.rut", "de.idnr", "de.vat", "dk.cvr", "do.cedula",
    "ec.ci", "ee.ik", "ar.cuit", "es.cif", "es.dni", "es.nie", "es.nif", "fi.alv", "fi.hetu", "fr.nir", "fr.siren",
    "fr.siret", "fr.tva", "gb.nhs", "gb.utr", "gb.vat", "gr.amka", "gr.vat", "hr.oib", "hu.anum", "id.npwp", "ie.pps",
    "il.hp", "il.idnr", "in_.aadhaar", "in_.gstin", "it.codicefiscale", "it.iva", "jp.cn", "jp.in_", "kr.rrn",
    "lt.asmens", "mx.curp", "nl.bsn", "nl.btw", "no.fodselsnummer", "no.orgnr", "nz.ird", "pe.ruc", "pl.nip",
    "pl.pesel", "pl.regon", "pt.nif", "ro.cnp", "rs.pib", "ru.inn", "ru.ogrn", "se.orgnr", "se.personnummer", "sg.uen",
    "si.ddv", "si.emso", "th.pin", "tr.tckimlik", "tr.vkn", "tw.ubn", "ua.rntrc", "vn.mst", "za.idnr",
)  # fmt: skip
"""Modules of ``stdnum`` whose numbers carry a check that at most one number in seven passes by chance."""

_SAMPLE: Final = 200
_FEWEST: Final = 10  # distinct values; fewer may pass a weak check by luck
_COMMON: Final = 0.3  # of the values pass a check that is theirs; by chance no more than a seventh do
_MOST: Final = 0.8  # of the values pass one of the checks


def recognise(values: pa.StringArray) -> tuple[str, ...]:
    """The checks that an attribute's values are made for; none where they carry no check digits, or are too few.

    Args:
        values: Distinct standard values (capital letters and digits); a sample of them is tried, chosen by hash.

    Example:
        >>> recognise(pa.array([f"{number}{number % 7}" for number in range(100_000, 100_050)]))
        ()
    """
    if len(values) < _FEWEST:
        return ()
    chosen = np.argsort(hash_values(values), kind="stable")[:_SAMPLE]
    sample = values.take(pa.array(chosen)).to_pylist()
    passed = passing(sample, CHECKS)
    shares = passed.mean(axis=0)
    kept = np.flatnonzero(shares >= _COMMON)
    if not len(kept) or passed[:, kept].any(axis=1).mean() < _MOST:
        return ()
    return tuple(CHECKS[at] for at in kept)


def passing(values: Sequence[str], checks: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(V, C) which of the checks each value passes."""
    tests = [_test(name) for name in checks]
    return np.array([[test(value) for test in tests] for value in values], dtype=np.bool_).reshape(
        len(values), len(checks)
    )


@cache
def _test(name: str) -> Callable[[str], bool]:
    if name == "cn.ric":
        return _is_resident_number
    return partial(_passes, import_module(f"stdnum.{name}").is_valid)


def _passes(test: Callable[[str], bool], value: str) -> bool:
    try:
        return bool(test(value))
    except Exception:  # noqa: BLE001  some of a hundred checks stumble over what they do not expect
        return False


def _is_resident_number(value: str) -> bool:
    """A Chinese resident number of 18 characters (GB 11643-1999); stdnum's own check fails on counties it lacks."""
    if len(value) != 18 or not (value[:17].isascii() and value[:17].isdigit()):
        return False
    born = f"{value[6:10]}-{value[10:12]}-{value[12:14]}"
    return ric.calc_check_digit(value) == value[17] and "1850" < born < "2100" and _on_a_calendar(born)


def _on_a_calendar(day: str) -> bool:
    try:
        np.datetime64(day, "D")
    except ValueError:
        return False
    return True

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.pl import pesel

from matching.check_digits import CHECKS, passing, recognise


def resident_numbers(count):
    found = []
    for n in range(count):
        stem = f"110105{1940 + n % 60}{1 + n % 12:02d}{1 + n % 28:02d}{100 + n:03d}"
        found.append(stem + ric.calc_check_digit(stem + "0"))
    return found


def credit_codes(count):
    stems = [f"91310000{10_000_000 + 7 * n}X"[:17] for n in range(count)]
    return [stem + uscc.calc_check_digit(stem) for stem in stems]


def pesels(count):
    stems = [f"{50 + n % 40:02d}{1 + n % 12:02d}{1 + n % 28:02d}{1000 + n:04d}" for n in range(count)]
    return [stem + pesel.calc_check_digit(stem) for stem in stems]


@pytest.mark.parametrize(
    ("numbers", "check"),
    [(resident_numbers(60), "cn.ric"), (credit_codes(60), "cn.uscc"), (pesels(60), "pl.pesel")],
)
def test_numbers_with_check_digits_are_recognised(numbers, check):
    assert check in recognise(pa.array(numbers))


def test_two_countries_in_one_column_are_both_recognised():
    found = recognise(pa.array(resident_numbers(40) + pesels(40)))
    assert {"cn.ric", "pl.pesel"} <= set(found)


def test_a_few_typing_errors_do_not_hide_what_a_column_is():
    numbers = resident_numbers(60)
    numbers[:5] = [number[:-1] + ("1" if number[-1] != "1" else "2") for number in numbers[:5]]
    assert recognise(pa.array(numbers)) == ("cn.ric",)
    assert not passing(numbers[:5], ["cn.ric"]).any()


@pytest.mark.parametrize("length", range(5, 21))
def test_numbers_without_check_digits_are_not(length):
    numbers = [str((7**40 + 1_000_003**3 * n) % 10**length).zfill(length) for n in range(1, 400)]
    assert recognise(pa.array(sorted(set(numbers)))) == ()


def test_too_few_numbers_prove_nothing():
    assert recognise(pa.array(resident_numbers(9))) == ()
    assert recognise(pa.array([], pa.string())) == ()


@given(st.lists(st.text("0123456789ABXYZ*Ф王", max_size=20), max_size=5))
def test_any_text_is_taken(texts):
    assert passing(texts, CHECKS).shape == (len(texts), len(CHECKS))


def test_a_resident_number_needs_a_day_of_the_calendar():
    stem = "11010519800230001"
    assert not passing([stem + ric.calc_check_digit(stem + "0")], ["cn.ric"]).any()

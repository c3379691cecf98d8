import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.quarantine.spreadsheet_damage import is_damage

DAMAGE = [
    ("01234", "1234"),
    ("0001", "1"),
    ("1.10", "1.1"),
    ("1e5", "1.00E+05"),
    ("+8613800138000", "8.6138E+12"),
    ("+8613800138000", "8613800138000"),
    ("13800138000", "1.38001E+10"),
    ("138001380001", "1.38001E+11"),
    ("-0.50", "-0.5"),
    ("360001005264360001", "360001005264360000"),  # fifteen digits, cut
    ("360001005264369999", "360001005264369000"),
    ("-360001005264369999", "-360001005264369000"),
    ("360001005264360001", "3.60001E+17"),
    ("360001005264360001", "360001005264360000"),
    ("123456789012345678", "123456789012345680"),  # a float's digits
    ("2024-01-02", "2024/1/2"),
    ("2024-01-02", "1/2/2024"),
    ("2024-01-02", "02/01/2024"),
    ("2024-01-02", "1/2/24"),
    ("2024-01-02", "2024年1月2日"),
    ("2024-01-02", "02.01.2024"),
    ("01/02/2024", "1/2/2024"),
    ("13/01/2024", "2024-01-13"),
    ("2024-01-02 03:04:05", "2024/1/2 3:04"),
    ("2024-01-02 03:04:05", "1/2/2024 3:04"),
    ("2024-01-02 00:00:00", "2024/1/2"),
    ("2024-01-02T03:04:05", "2024-01-02 03:04:05"),
    ("03:04:05", "3:04:05"),
    ("1-12", "12-Jan"),
    ("1-12", "1月12日"),
    ("MAR1", "1-Mar"),
    ("3/24", "Mar-24"),
    ("true", "TRUE"),
    ("a\r\nb", "a\nb"),
    ("𠮷田 é", "??田 ?"),
    ("王芳", "??"),
    ("𠮷", "?"),
]
MEANT = [
    ("01234", "1235"),
    ("1234", "01234"),
    ("1", "true"),
    ("13800138000", "1.38002E+10"),
    ("360001005264360001", "360001005264361000"),
    ("12345", "12300"),
    ("2024-13-01", "2024-01-13"),  # no date: no spreadsheet touches it
    ("2024-02-01", "2024-01-02"),
    ("01/02/2024", "02/01/2024"),
    ("2024-01-02", "2024-01-03"),
    ("2024-01-02", "1/2/2023"),
    ("2024-01-02 03:04:05", "2024/1/2 3:05"),
    ("2024-01-02 03:04:05", "2024/1/2"),
    ("0124-01-02", "2024-01-02"),
    ("1-12", "13-Jan"),
    ("true", "FALSE"),
    ("王芳", "王芳芳"),
    ("王芳", "李芳"),
    ("Ann", "ann"),
    ("what?", "what"),
    ("", "x"),
    ("nan", "NaN"),
    ("王" * 60, "?" * 61),
    ("𠮷" * 60, "?" * 90 + "x"),
    ("Infinity", "inf"),
]


@pytest.mark.parametrize(("original", "found"), DAMAGE)
def test_what_a_spreadsheet_does_by_itself(original, found):
    assert is_damage(original, found)


@pytest.mark.parametrize(("original", "found"), MEANT)
def test_what_only_a_person_does(original, found):
    assert not is_damage(original, found)


CELLS = st.text(max_size=12) | st.from_regex(r"[+-]?\d{0,20}[.eE]?\d{0,3}", fullmatch=True) | st.dates().map(str)


@given(original=CELLS, found=CELLS)
def test_any_two_cells_can_be_compared(original, found):
    assert isinstance(is_damage(original, found), bool)
    assert is_damage(original, original)


@given(number=st.integers(0, 10**14))
def test_a_number_is_only_ever_itself(number):
    assert is_damage(f"0{number}", str(number))
    assert not is_damage(str(number), str(number + 1))

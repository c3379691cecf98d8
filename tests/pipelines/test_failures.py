import pytest

from pipelines.failures import safely
from schemas.errors import GuiyiError, SourceError


def test_what_an_error_says_of_customers_goes_no_further():
    @safely
    def match():
        raise ValueError("王芳 13800138000")

    with pytest.raises(GuiyiError) as raised:
        match()
    error = raised.value
    assert "match" in str(error)
    assert "ValueError" in str(error)
    seen = error
    while seen is not None:
        assert "王芳" not in str(seen)
        seen = seen.__cause__ or seen.__context__


def test_an_error_for_people_stays_what_it_is():
    @safely
    def read():
        raise SourceError("sources.missing_file", path="a.csv")

    with pytest.raises(SourceError, match=r"a\.csv"):
        read()

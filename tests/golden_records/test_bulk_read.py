import pytest

from golden_records.bulk_read import read_columns
from golden_records.store import reading, writing

COLUMNS = {"levels": "levels", "number": "pattern_id"}


@pytest.mark.parametrize("odd", ["plain", "a\x1fb", "逗号,引号\"'", "a\nb"])
def test_what_was_written_is_read(job, odd):
    with writing(job.engine) as connection:
        connection.exec_driver_sql("INSERT INTO match_pattern VALUES (1, 'x'), (2, ?)", (odd,))
    with reading(job.engine) as connection:
        frame = read_columns(connection, "FROM match_pattern", COLUMNS, frozenset({"number"}))
        none = read_columns(connection, "FROM match_pattern WHERE pattern_id > 9", COLUMNS, frozenset({"number"}))
    assert dict(zip(frame["number"], frame["levels"], strict=True)) == {1: "x", 2: odd}
    assert len(none) == 0
    assert list(none.dtypes) == list(frame.dtypes)


def test_an_empty_text_is_null(job):
    with writing(job.engine) as connection:
        connection.exec_driver_sql("INSERT INTO run (run_id, command, error) VALUES ('r', NULL, '')")
    with reading(job.engine) as connection:
        frame = read_columns(connection, "FROM run", {"a": "command", "b": "error"}, frozenset())
    assert frame["a"].isna().all()
    assert frame["b"].isna().all()

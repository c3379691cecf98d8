"""Every row of an export is accepted, quarantined or rejected, whatever its bytes."""

from collections import Counter
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import SourceError
from schemas.validation import validate
from sources.formats.layout import lay_out
from sources.parsed import Parsed
from sources.records.canonical import raw_rows, to_canonical
from sources.records.preset import load_preset
from sources.source import Source
from sources.whole import read_whole

ROW = st.lists(
    st.sampled_from(["1", "2", "Ann", "NA", "", '"x\ny"', '"', "\0", "1980-02-30", "é", "x" * 201]),
    min_size=3,
    max_size=3,
)
ODD = st.sampled_from([b"", b"1,2", b"\xff,1,2", b",,", b'"open,1,2', b"1,Ann,2000-01-01,"])
LINES = st.lists(ROW.map(lambda cells: ",".join(cells).encode()) | ODD, max_size=12)


def read(source):
    (export,) = read_whole(source)
    return export


@given(lines=LINES, line_end=st.sampled_from([b"\n", b"\r\n"]))
@settings(deadline=None, max_examples=60)
def test_csv(tmp_path_factory, lines, line_end):
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    path.write_bytes(line_end.join([b"id,name,dob", *lines, b""]))
    source = Source(name="s", path=str(path), encoding="utf-8", delimiter=",")
    with suppress(SourceError):  # refused as a whole, and says so: as when no row fits the header
        account_for(source, path)


def account_for(source, path):
    export = read(source)
    parsed = Parsed(export.table, export.lines)
    found = validate(to_canonical(parsed, source, load_preset(None), key=b"", file="rows.csv", nested=False).table)
    expected = lay_out(path.read_bytes(), ",").lines.tolist()[1:]
    settled = [*found.accepted["line"].to_pylist(), *found.quarantined["line"].to_pylist()]
    accounted = [*settled, *export.rejected["line"].to_pylist()]
    assert Counter(accounted) == Counter(expected)
    assert len(raw_rows(export.table, found.quarantined["position"])) == len(found.quarantined)

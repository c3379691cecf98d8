import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.formats.blocks import Text
from sources.formats.encoding import is_utf8

LINE = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\n\ufeff\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e"),
    max_size=12,
)
CHINESE = "陈晓明,北京市朝阳区建国路甲九十二号"


def read(tmp_path, data, *, size, declared=None):
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    text = Text(path, declared, name="export.csv", size=size)
    blocks = list(text)
    return blocks, text.encoding


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("blocks")


@given(lines=st.lists(LINE, max_size=8), size=st.integers(1, 40), line_end=st.sampled_from(["\n", "\r\n", "\r"]))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_any_text_comes_back_in_whole_lines(folder, lines, size, line_end, encoding):
    text = line_end.join([*lines, ""])
    assume(encoding != "gb18030" or text.isascii() or not is_utf8(text.encode(encoding)))  # else surely something else
    blocks, _ = read(folder, text.encode(encoding), size=size, declared=encoding)
    assert b"".join(blocks).decode() == text
    cuts = (b"\n", b"\r", b",", b" ")
    assert all(block.endswith(cuts) for block in blocks)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(b"id,name\n" * 50, "utf-8", id="ASCII alone"),
        pytest.param(b"id,name\n" * 50 + f"1,{CHINESE}\n".encode(), "utf-8", id="UTF-8, late"),
        pytest.param(b"id,name\n" * 50 + f"1,{CHINESE}\n".encode("gb18030"), "gb18030", id="GB18030, late"),
        pytest.param(b"id,name\n" * 50 + "1,Zoë\n2,René\n3,Müller\n".encode("cp1252"), "cp1252", id="Western, late"),
        pytest.param(f"id,name\n1,{CHINESE}\n".encode("utf-8-sig"), "utf-8-sig", id="BOM"),
        pytest.param(f"id,name\n1,{CHINESE}\n".encode("utf-16"), "utf-16", id="UTF-16"),
    ],
)
def test_the_encoding_is_found_where_it_makes_a_difference(tmp_path, data, encoding):
    blocks, found = read(tmp_path, data, size=16)
    assert found == encoding
    assert b"".join(blocks).decode() == data.decode(encoding)


def test_blocks_end_where_lines_do_and_none_is_larger_than_it_may_be(tmp_path):
    lines = [b"%d,%s\r\n" % (number, b"x" * (number % 97)) for number in range(9000)]
    data = b"".join(lines) + b"without an end"
    blocks, _ = read(tmp_path, data, size=100_000)
    assert b"".join(blocks) == data
    assert all(block.endswith(b"\n") for block in blocks[:-1])
    assert max(map(len, blocks)) <= 100_000


def test_a_line_longer_than_what_is_looked_at_comes_back(tmp_path):
    data = b"id,name\n1," + b"x" * 300_000 + b"\n2,y\n"
    blocks, _ = read(tmp_path, data, size=100_000)
    assert b"".join(blocks) == data


def test_marks_are_removed_wherever_files_were_joined(tmp_path):
    part = "\ufeffid,name\n1,甲\n".encode()
    for size in (3, 16, 1000):
        blocks, _ = read(tmp_path, part * 3, size=size)
        assert b"".join(blocks) == "id,name\n1,甲\n".encode() * 3


def test_a_line_of_utf8_among_others_is_read_as_what_it_is(tmp_path):
    lines = [f"{number},{CHINESE}\n" for number in range(20)]
    data = b"".join(line.encode("utf-8" if number == 7 else "gb18030") for number, line in enumerate(lines))
    blocks, found = read(tmp_path, data, size=1000)
    assert found == "gb18030"
    assert b"".join(blocks).decode() == "".join(lines)


def test_rare_characters_of_gb18030(tmp_path):
    text = "id,name\n1,𠮷野家\n2,㛃\n3,陈晓明与李小红\n"
    blocks, found = read(tmp_path, text.encode("gb18030"), size=1000)
    assert (found, b"".join(blocks).decode()) == ("gb18030", text)


def test_half_a_character_at_the_end_is_not_lost(tmp_path):
    blocks, _ = read(tmp_path, codecs.BOM_UTF16_LE + "id\n1\n".encode("utf-16-le") + b"x", size=1000)
    with pytest.raises(UnicodeDecodeError):
        blocks[-1].decode()
    assert b"".join(blocks).startswith(b"id\n1\n")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32-le"])
def test_what_is_no_character_sets_its_row_alone_aside(tmp_path, encoding):
    invalid = "\ud800".encode(encoding, "surrogatepass") if encoding == "utf-16-le" else b"\xff\xff\xff\x7f"
    data = "id,name\n1,".encode(encoding) + invalid + "\n2,Ann\n".encode(encoding)
    blocks, _ = read(tmp_path, data, size=1000, declared=encoding)
    lines = b"".join(blocks).split(b"\n")
    assert (lines[0], lines[2]) == (b"id,name", b"2,Ann")
    assert not is_utf8(lines[1])


@pytest.mark.parametrize("size", [5, 1000])
def test_an_encoding_contrary_to_the_bytes_is_refused(tmp_path, size):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, f"id,name\n1,{CHINESE}\n".encode(), size=size, declared="cp1252")
    assert caught.value.key == "sources.contrary_encoding"


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sources.formats.blocks._LONGEST", 1000)
    with pytest.raises(SourceError, match=r"export\.csv"):
        read(tmp_path, b"x" * 5000, size=100)


def test_a_long_line_is_cut_between_characters(tmp_path):
    text = '[{"id": "1", "name": "陈晓明"}' + ', {"id": "2", "name": "李小红"}' * 500 + "]"
    for encoding in ("utf-8", "gb18030"):
        blocks, _ = read(tmp_path, text.encode(encoding), size=100)
        assert b"".join(blocks).decode() == text
        assert len(blocks) > 5

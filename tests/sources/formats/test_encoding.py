import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SourceError
from schemas.messages import LOCALES
from schemas.messages import text as message
from sources.formats.encoding import detect_encoding, encoding_of, is_utf8, to_utf8

CHINESE = "编号,姓名,城市\n1,张伟,深圳\n2,欧阳娜娜,北京\n"
WESTERN = "id,name,city\n1,José García,Málaga\n2,Zoë Müller,Köln\n3,Ann Lee,Paris\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("id,name\n1,Ann\n", "ascii", "utf-8"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        ("id,name\n1,Ann\n", "utf-16-le", "utf-16-le"),
        ("id,name\n1,Ann\n", "utf-16-be", "utf-16-be"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-8", "utf-8"),
    ],
)
def test_encodings_are_detected_and_read(text, encoding, found):
    data = text.encode(encoding)
    assert detect_encoding(data) == found
    assert to_utf8(data, found, path="x.csv").decode() == text


def test_a_few_bad_bytes_do_not_change_the_encoding():
    damaged = CHINESE.encode() * 50 + b"3,\xff\xfe,x\n" + CHINESE.encode() * 50
    assert detect_encoding(damaged) == "utf-8"
    assert detect_encoding(CHINESE.encode("gb18030") * 50 + b"3,\xff,x\n") == "gb18030"


@given(
    text=st.text(st.characters(exclude_categories=("Cs",))), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"])
)
def test_text_survives(text, encoding):
    assert to_utf8(text.encode(encoding), encoding, path="x").decode() == text.removeprefix("\ufeff")


@given(data=st.binary())
def test_validity_is_what_python_says(data):
    try:
        data.decode()
        valid = True
    except UnicodeDecodeError:
        valid = False
    assert is_utf8(data) == valid


@given(data=st.binary(), encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-le", "cp1252", "ascii"]))
def test_no_bytes_are_too_bad_to_go_on(data, encoding):
    to_utf8(data, encoding, path="x")
    detect_encoding(data)


def test_an_unknown_encoding():
    with pytest.raises(SourceError) as caught:
        to_utf8(b"", "utf-99", path="x.csv")
    assert caught.value.key == "sources.unknown_encoding"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (CHINESE, "utf-8", "ascii"),
        (CHINESE, "utf-8", "gb18030"),
        (CHINESE, "utf-8-sig", "gbk"),
        (CHINESE, "utf-8", "utf-16"),
        (CHINESE, "utf-16", "utf-8"),
        (WESTERN, "utf-8", "latin-1"),
        (WESTERN, "utf-8", "cp1252"),
        (WESTERN, "cp1252", "ascii"),
        ("id,name\n1,Ann\n", "ascii", "utf-16-le"),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_declared_encoding_that_is_not_the_file_s_is_refused(text, encoding, declared, locale):
    data = text.encode(encoding)
    with pytest.raises(SourceError) as caught:
        encoding_of(data, declared, path="x.csv")
    assert caught.value.key == "sources.contrary_encoding"
    sentence = message(caught.value.key, locale=locale, **caught.value.values)
    assert declared in sentence
    assert detect_encoding(data) in sentence


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,name\n1,Ann\n", "ascii"),
        ("id,name\n1,Ann\n", "gb18030"),
        ("", "utf-16"),
        (CHINESE, "utf-8"),
        (CHINESE, "gb18030"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        ("1,女\n", "gb18030"),  # by chance valid UTF-8: Ů
        (WESTERN, "cp1252"),
    ],
)
def test_a_declared_encoding_that_may_be_right_is_taken(text, encoding):
    assert encoding_of(text.encode(encoding), encoding, path="x.csv") == encoding


def test_no_declared_encoding_is_detected_and_an_unknown_one_refused():
    assert encoding_of(CHINESE.encode("gb18030"), None, path="x.csv") == "gb18030"
    with pytest.raises(SourceError) as caught:
        encoding_of(b"", "utf-99", path="x.csv")
    assert caught.value.key == "sources.unknown_encoding"


@pytest.mark.parametrize(("text", "other"), [(CHINESE, "gb18030"), (WESTERN, "cp1252"), (CHINESE, "gb2312")])
@pytest.mark.parametrize("share", [0.6, 0.75, 0.9])
def test_of_mixed_lines_those_that_are_utf8_are_saved(text, other, share):
    header, *lines = text.splitlines(keepends=True)
    lines = [line for line in lines if not line.isascii()] * 50
    encoded = [line.encode("utf-8" if (i * 7) % 100 < 100 * share else other) for i, line in enumerate(lines)]
    assert detect_encoding(header.encode() + b"".join(encoded)) == "utf-8"


def test_hanzi_that_are_valid_utf8_by_chance_mix_nothing():
    data = "".join(f"{i},Ann,{'女' if i % 2 else '男'}\n" for i in range(100)).encode("gb18030")
    assert detect_encoding(data) == "gb18030"

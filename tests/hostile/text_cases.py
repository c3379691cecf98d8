# ruff: noqa: E501  a case a line
"""Delimited text that systems, spreadsheets and accidents leave behind."""

import random

from tests.hostile import workbooks
from tests.hostile.case import CANARY, GOOD, HEADER, read, refused

TWO = f"{GOOD}2,Bob Ray,bob@example.com\n"
CHINESE = f"编号,姓名,邮箱\n1,王芳{CANARY},a@example.com\n2,李小龙,b@example.com\n3,欧阳娜娜,c@example.com\n"
RARE = f"id,name,email\n1,𠮷田㛃{CANARY},a@example.com\n2,李小龙来自上海市浦东新区,b@example.com\n3,欧阳娜娜,c@example.com\n"
ACCENTS = f"id,name,email\n1,José Muñoz {CANARY},a@example.com\n2,François Lefèvre,b@example.com\n"
RNG = random.Random(7)  # noqa: S311  any will do


def big_sheet(path):
    """A sheet whose rows take 25 MB of XML."""
    rows = (workbooks.row(n, str(n), f"Ann {n}", f"ann{n}@example.com") for n in range(2, 150_002))
    path.write_bytes(workbooks.book(workbooks.sheet(workbooks.row(1, "id", "name", "email"), *rows)))


EMPTY = (
    refused("nothing at all", b"", "sources.empty_file"),
    refused("only a byte order mark", b"\xef\xbb\xbf", "sources.empty_file"),
    refused("only line ends", b"\n\r\n\n", "sources.empty_file"),
    read("only a header", HEADER, 0),
    read("only a header that no line end closes", HEADER.strip(), 0),
    refused("only spaces", b"   \n   \n", "sources.no_id_far"),
    refused("only delimiters", b",,\n,,\n", "sources.no_id_far"),
    refused("only zeros, as after a power cut", bytes(5000), "sources.broken_header"),
)

DELIMITERS = (
    read("semicolons", (HEADER + TWO).replace(",", ";"), 2),
    read("tabs", (HEADER + TWO).replace(",", "\t"), 2),
    read("tabs in a .tsv", (HEADER + TWO).replace(",", "\t"), 2, file="export.tsv"),
    read("bars", (HEADER + TWO).replace(",", "|"), 2),
    read("a delimiter declared by sep=", "sep=;\n" + (HEADER + TWO).replace(",", ";"), 2),
    read("sep= after a byte order mark", "\ufeffsep=|\r\n" + (HEADER + TWO).replace(",", "|"), 2),
    read("carets, as the configuration says", (HEADER + TWO).replace(",", "^"), 2, delimiter="^"),
    refused("another delimiter than the configuration says", HEADER + TWO, "sources.no_id_far", delimiter=";"),
    refused("a delimiter of two characters", HEADER + TWO, "sources.wrong_delimiter", delimiter="||"),
    refused("a quote for a delimiter", HEADER + TWO, "sources.wrong_delimiter", delimiter='"'),
    read("a delimiter after every cell", (HEADER + TWO).replace("\n", ",\n"), 2),
    refused("a delimiter after every row but the header", HEADER + TWO.replace("\n", ",\n"), "sources.misfit"),
    read("commas in quotes", f'{HEADER}1,"Ray, {CANARY}",a@example.com\n', 1, names=(f"Ray, {CANARY}",)),
    read("one column", f"id\n1\n{CANARY}\n", 0, {2: "nothing_to_match_on", 3: "nothing_to_match_on"}),
)

RAGGED = (
    read("a row too short", f"{HEADER}{GOOD}2,{CANARY}\n", 1, {3: "wrong_column_count"}),
    read("a row too long", f"{HEADER}{GOOD}2,{CANARY},x,y\n", 1, {3: "wrong_column_count"}),
    read("a total at the end", f"{HEADER}{GOOD}Total: 1\n", 1, {3: "wrong_column_count"}),
    read("half of the rows ragged", HEADER + (GOOD + "2,x\n") * 1, 1, {3: "wrong_column_count"}),
    refused("every row ragged", f"{HEADER}1,{CANARY}\n2,{CANARY}\n", "sources.misfit"),
    refused("a title above the header", f"Customers of {CANARY}\n{HEADER}{TWO}", "sources.misfit"),
    refused("no header", f"1,{CANARY},ann@example.com\n2,Bob,bob@example.com\n", "sources.headerless"),
    refused("no column of ids", f"name,email\n{CANARY},ann@example.com\n", "sources.no_id_far"),
    refused("no column that is known", f"colour,shape\nred,{CANARY}\n", "sources.no_id_far"),
    read(
        "the header again in the middle", f"{HEADER}{GOOD}{HEADER}2,Bob Ray,b@example.com\n", 2, {3: "repeated_header"}
    ),
    read("the same export twice in one file", (HEADER + TWO) * 2, 2, {4: "repeated_header"}, superseded=2),
    read("the same id twice", f"{HEADER}{GOOD}1,Bob Ray,b@example.com\n", 1, superseded=1),
    read("blank lines everywhere", f"\n\n{HEADER}\n\n{GOOD}\r\n\n2,Bob Ray,b@example.com\n\n", 2),
    read(
        "a header of one name twice", f"id,name,name,email\n1,Ann Lee,{CANARY},a@example.com\n", 1, names=("Ann Lee",)
    ),
    read("headers that look alike", f"id,name,nаme,Name \n1,Ann Lee,{CANARY},x\n", 1, names=("Ann Lee",)),
    read("two columns of ids", f"id,ID,name\n1,9,{CANARY}\n", 1),
    read("headers of zero width", f"\u200bid,na\u200bme,email\n1,{CANARY},a@example.com\n", 1),
    read("headers with spaces and full-width letters", f" ID ,ｎａｍｅ,Ｅｍａｉｌ\n1,{CANARY},a@example.com\n", 1),
    read("headers of nothing", f"id,,name,,\n1,x,{CANARY},y,z\n", 1),
)

QUOTES = (
    read(
        "a quote left open in the first row",
        f'{HEADER}1,"{CANARY},a@example.com\n{TWO[len(GOOD) :]}',
        1,
        {2: "unclosed_quote"},
    ),
    read(
        "a quote left open in the middle",
        f'{HEADER}{GOOD}3,"{CANARY},c@example.com\n2,Bob Ray,b@example.com\n',
        2,
        {3: "unclosed_quote"},
    ),
    read("a quote left open in the last row", f'{HEADER}{GOOD}3,"{CANARY},c@example.com\n', 1, {3: "unclosed_quote"}),
    read("a quote left open at the very end", f'{HEADER}{GOOD}3,{CANARY},"', 1, {3: "unclosed_quote"}),
    read(
        "a quote left open in every row",
        HEADER + "".join(f'{n},"{CANARY} {n},c@example.com\n' for n in range(1, 5)) + "9,Ann Lee,a@example.com\n",
        1,
        {2: "unclosed_quote", 3: "unclosed_quote", 4: "unclosed_quote", 5: "unclosed_quote"},
    ),
    refused("a quote left open in the header", f'id,"name,email\n{GOOD}', "sources.broken_header"),
    read(
        "a quote within a cell",
        f'{HEADER}1,Ann "{CANARY}" Lee,a@example.com\n2,Bob Ray,b@example.com\n',
        2,
        names=(f'Ann "{CANARY}" Lee', "Bob Ray"),
    ),
    read(
        "text after a quoted cell",
        f'{HEADER}1,"Ann"x {CANARY},a@example.com\n2,Bob Ray,b@example.com\n',
        1,
        {2: "unclosed_quote"},
    ),
    read(
        "quotes escaped by a backslash",
        f'{HEADER}1,"Ann \\"{CANARY}\\" Lee",a@example.com\n2,Bob Ray,b@example.com\n',
        1,
        {2: "unclosed_quote"},
    ),
    read(
        "quotes doubled as they should be",
        f'{HEADER}1,"Ann ""{CANARY}"" Lee",a@example.com\n',
        1,
        names=(f'Ann "{CANARY}" Lee',),
    ),
    read("everything quoted", f'"id","name","email"\r\n"1","{CANARY}",""\r\n', 1),
    read("a cell over three lines", f'{HEADER}1,"Ann\n{CANARY}\nLee",a@example.com\n2,x,\n', 2),
    read(
        "quoted line ends and a bad row after them",
        f'{HEADER}1,"Ann\n{CANARY}",a@example.com\n2,x\n',
        1,
        {4: "wrong_column_count"},
    ),
    read(
        "single quotes, which quote nothing",
        f"{HEADER}1,'Ann {CANARY}',a@example.com\n2,'Ray, Bob',b@example.com\n",
        1,
        {3: "wrong_column_count"},
    ),
    read("curly quotes, which quote nothing", f"{HEADER}1,“{CANARY}”,a@example.com\n", 1),
)

LINE_ENDS = (
    read("carriage returns alone", (HEADER + TWO).replace("\n", "\r"), 2),
    read("both kinds", (HEADER + TWO).replace("\n", "\r\n"), 2),
    read(
        "a mixture of line ends",
        f"id,name,email\r\n1,{CANARY},a@example.com\n2,Bob Ray,b@example.com\r3,Cy Orr,c@example.com",
        3,
    ),
    read("a carriage return within quotes", f'{HEADER}1,"Ann\r{CANARY}",a@example.com\n', 1),
    read("two carriage returns and a line feed", (HEADER + TWO).replace("\n", "\r\r\n"), 2),
    read("line ends of Unicode within cells", f"{HEADER}1,Ann\u2028{CANARY}\u0085,a@example.com\n", 1),
    read("form feeds and vertical tabs", f"{HEADER}1,Ann\x0c{CANARY}\x0b,a@example.com\n", 1),
    read("Ctrl-Z at the end, as DOS wrote it", f"{HEADER}{GOOD}\x1a", 1, {3: "wrong_column_count"}),
)

BYTES = (
    read("a NUL in a row", f"{HEADER}{GOOD}2,x\0{CANARY},b@example.com\n", 1, {3: "nul_byte"}),
    refused("a NUL in the header", f"id,na\0me,email\n{GOOD}", "sources.broken_header"),
    read("zeros at the end, as after a power cut", (HEADER + GOOD).encode() + bytes(4096), 1, {3: "nul_byte"}),
    refused("random bytes", RNG.randbytes(4000), "sources.wrong_encoding"),
    refused("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + RNG.randbytes(900), "sources.no_id_far"),
    refused("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "sources.no_id_far"),
    refused("a web page", f"<!DOCTYPE html>\n<html><body>Sign in, {CANARY}</body></html>\n", "sources.misfit"),
    read("a bell, an escape, a backspace", f"{HEADER}1,\x07{CANARY}\x1b[31m\x08,a@example.com\n", 1),
    read("text from right to left", f"{HEADER}1,\u202e{CANARY}\u202c,a@example.com\n2,אבג دهو,b@example.com\n", 2),
    read("markup", f"{HEADER}1,<script>alert('{CANARY}')</script>,a@example.com\n", 1),
    read(
        "formulas",
        f"{HEADER}1,=cmd|'/c calc'!A1{CANARY},a@example.com\n2,@SUM(1+1),b@example.com\n3,-1+2,c@example.com\n",
        3,
    ),
    read(
        "a template and SQL",
        f"{HEADER}1,{{{{7*7}}}} {CANARY},a@example.com\n2,Robert'); DROP TABLE customer;--,b@example.com\n",
        2,
    ),
    read("emoji and letters of many parts", f"{HEADER}1,👩‍👩‍👧‍👦 Ann é {CANARY},a@example.com\n", 1),
    read("letters with a thousand marks", f"{HEADER}1,A{'́' * 150}nn {CANARY[:8]},a@example.com\n", 1),
    read("Rich's markup", f"{HEADER}1,[red]{CANARY}[/red][/] [link=x],a@example.com\n", 1),
    read("placeholders of Python", f"{HEADER}1,{{name}} %s {CANARY} {{0}},a@example.com\n", 1),
)

ENCODINGS = (
    read("UTF-8 with a mark", b"\xef\xbb\xbf" + CHINESE.encode(), 3),
    read("two marks", b"\xef\xbb\xbf" * 2 + CHINESE.encode(), 3),
    read("a mark in the middle", CHINESE.encode() + b"\xef\xbb\xbf" + "4,赵六,d@example.com\n".encode(), 4),
    read(
        "two exports with marks, one after the other",
        2 * (b"\xef\xbb\xbf" + (HEADER + GOOD).encode()),
        1,
        {3: "repeated_header"},
        superseded=1,
    ),
    read("a mark within a cell", f"{HEADER}1,Ann \ufeff{CANARY},a@example.com\n", 1),
    read("GB18030", CHINESE.encode("gb18030"), 3, names=(f"王芳{CANARY}", "李小龙", "欧阳娜娜")),
    read("GB18030 beyond GBK", RARE.encode("gb18030"), 3, names=(f"𠮷田㛃{CANARY}", "李小龙来自上海市浦东新区", "欧阳娜娜")),
    read("GB18030 with its own mark", b"\x84\x31\x95\x33" + CHINESE.encode("gb18030"), 3),
    read("GBK, as the configuration says", CHINESE.encode("gbk"), 3, encoding="gbk"),
    read("Big5, as the configuration says", CHINESE.replace("编号", "id").replace("姓名", "name").replace("邮箱", "email").replace("龙", "龍").replace("欧阳", "歐陽").encode("big5"), 3, encoding="big5", names=(f"王芳{CANARY}", "李小龍", "歐陽娜娜")),
    read("GB18030 cut off within a letter", (CHINESE + "4,龙").encode("gb18030")[:-1], 3, {5: "undecodable_bytes"}),
    read("UTF-16 with a mark", CHINESE.encode("utf-16"), 3),
    read("UTF-16 the other way round", b"\xfe\xff" + CHINESE.encode("utf-16-be"), 3),
    read("UTF-16 without a mark", (HEADER + TWO).encode("utf-16-le"), 2),
    read("UTF-16 the other way round without a mark", (HEADER + TWO).encode("utf-16-be"), 2),
    read("UTF-16 declared, without a mark", CHINESE.encode("utf-16-le"), 3, encoding="utf-16"),
    read("UTF-16 of an odd number of bytes", CHINESE.encode("utf-16") + b"4", 3, {5: "undecodable_bytes"}),
    read("UTF-16 with half a letter", (HEADER + GOOD).encode("utf-16") + "2,".encode("utf-16-le") + b"\x3d\xd8" + ",b\n".encode("utf-16-le"), 1, {3: "undecodable_bytes"}),
    read("UTF-8 with half a letter of UTF-16", f"{HEADER}{GOOD}2,".encode() + b"\xed\xa0\xbd" + b",b@example.com\n", 1, {3: "undecodable_bytes"}),
    read("Windows-1252", ACCENTS.encode("cp1252"), 2, names=(f"José Muñoz {CANARY}", "François Lefèvre")),
    read("Latin-1, as the configuration says", ACCENTS.encode("latin-1"), 2, encoding="latin-1"),
    read("UTF-8 with a row of GB18030", CHINESE.encode() + "4,赵六,d@example.com\n".encode("gb18030"), 3, {5: "undecodable_bytes"}),
    read("GB18030 with a row of UTF-8", CHINESE.encode("gb18030") + "4,赵六钱七孙八,d@example.com\n".encode(), 4),
    read("UTF-8 cut off within a letter", f"{HEADER}{GOOD}2,王,龙".encode()[:-1], 1, {3: "undecodable_bytes"}),
    read("a stray byte in one row", f"{HEADER}{GOOD}".encode() * 1 + b"2,Bob\xff Ray,b@example.com\n", 1, {3: "undecodable_bytes"}, encoding="utf-8"),
    refused("UTF-8 declared for UTF-16", CHINESE.encode("utf-16"), "sources.contrary_encoding", encoding="utf-8"),
    refused("UTF-16 declared for UTF-8", CHINESE, "sources.contrary_encoding", encoding="utf-16"),
    refused("ASCII declared for UTF-8", CHINESE, "sources.contrary_encoding", encoding="ascii"),
    refused("an encoding that does not exist", CHINESE, "sources.unknown_encoding", encoding="utf-99"),
    refused("an encoding that is none of text", CHINESE, "sources.contrary_encoding", encoding="base64"),
    refused("UTF-8 declared for GB18030", b"id,name\n" + "".join(f"{n},王小明李大龙\n" for n in range(30)).encode("gb18030"), "sources.wrong_encoding", encoding="utf-8"),
)  # fmt: skip

VALUES = (
    read(
        "no id in a row",
        f"{HEADER},{CANARY},a@example.com\n  ,x,b@example.com\n{GOOD}",
        1,
        {2: "missing_id", 3: "missing_id"},
    ),
    read(
        "ids that are placeholders",
        f"{HEADER}NULL,{CANARY},a@example.com\n#N/A,x,b@example.com\n{GOOD}",
        1,
        {2: "missing_id", 3: "missing_id"},
    ),
    read(
        "ids that a spreadsheet has rounded",
        f"{HEADER}1.23457E+17,{CANARY},a@example.com\n{GOOD}",
        1,
        {2: "damaged_id"},
    ),
    read(
        "ids with spaces, commas, quotes and colons",
        f'{HEADER}" a b ",Ann Lee,a@example.com\n"c,d",Bob Ray,b@example.com\n"e""f",Cy Orr,c@example.com\ns:1/?#%,{CANARY},d@example.com\n',
        4,
    ),
    read(
        "ids that differ in their zeros",
        f"{HEADER}1,{CANARY},a@example.com\n01,Bob Ray,b@example.com\n1.0,Cy Orr,c@example.com\n",
        3,
    ),
    read(
        "an id of 300 letters",
        f"{HEADER}{'x' * 300},{CANARY},a@example.com\n{GOOD}",
        1,
        {2: "field_too_long:source_id"},
    ),
    read(
        "a name of 5,000 letters", f"{HEADER}2,{CANARY * 300},a@example.com\n{GOOD}", 1, {2: "field_too_long:full_name"}
    ),
    read(
        "birthdays that never were",
        f"id,name,birth date\n1,{CANARY},1980-02-30\n2,Bob Ray,1700-01-01\n3,Cy Orr,2999-01-01\n4,Di Fox,1980-02-29\n",
        1,
        {2: "impossible_date:birth_date", 3: "impossible_date:birth_date", 4: "impossible_date:birth_date"},
    ),
    read("phones that a spreadsheet has rounded", f"id,name,phone\n1,{CANARY},1.38001E+10\n", 1),
    read("errors of a spreadsheet", f"{HEADER}1,#REF!,{CANARY}@example.com\n2,Bob Ray,#VALUE!\n", 2),
    read(
        "names such as NA, null, None and True",
        f"{HEADER}1,NA,na@example.com\n2,Null,n@example.com\n3,None,o@example.com\n4,True,{CANARY}@example.com\n",
        4,
    ),
    read("leading zeros", "id,name,postcode\n001,Ann Lee,01234\n002,Bob Ray,00501\n", 2),
    read("unreadable characters", f"{HEADER}1,Jos\ufffd {CANARY},a@example.com\n", 1),
    read("nothing but an id", f"{HEADER}1,,\n{GOOD.replace('1,', '2,')}", 1, {2: "nothing_to_match_on"}),
    read(
        "nothing but an id in any row", f"{HEADER}1,,\n2,,\n", 0, {2: "nothing_to_match_on", 3: "nothing_to_match_on"}
    ),
)

WIDE = ",".join(f"column {n}" for n in range(10_000))
HEAVY = (
    read("a cell of 20 MB", lambda path: path.write_text(f'id,name,notes\n1,{CANARY},"{"x y " * (5 << 20)}"\n2,Bob Ray,z\n'), 1, {2: "field_too_long:extra"}, heavy=True),
    read("a name of 20 MB", lambda path: path.write_text(f"id,name\n1,{CANARY}\n2,{'x' * (20 << 20)}\n"), 1, {3: "field_too_long:full_name"}, heavy=True),
    read("10,000 columns", lambda path: path.write_text(f"id,name,{WIDE}\n" + "".join(f"{n},{CANARY},{WIDE}\n" for n in range(50))), 50, heavy=True),
    refused("a line of 40 MB", lambda path: path.write_text("id," + "x" * (40 << 20)), "sources.broken_header", heavy=True),
    read("a quote left open before 60 MB", lambda path: path.write_text(f'id,name,notes\n0,"{CANARY},x\n' + "".join(f"{n},Ann {n},{'z' * 1000}\n" for n in range(1, 60_001))), 60_000, {2: "unclosed_quote"}, heavy=True),
    read("a sheet of 150,000 rows", big_sheet, 150_000, file="export.xlsx", heavy=True),
)  # fmt: skip

CASES = (*EMPTY, *DELIMITERS, *RAGGED, *QUOTES, *LINE_ENDS, *BYTES, *ENCODINGS, *VALUES, *HEAVY)

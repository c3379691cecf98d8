"""Every preset on a small export of each of its shapes, read with no mapping at all.

``fixtures/<preset>.<shape>.<format>`` is the export, as its system writes it; ``….yaml`` beside it all that must come
of it: every filled column of every record, what is deleted, unknown or was assumed.
"""

from pathlib import Path

import pytest
import yaml

from schemas.records import RELATIONS
from sources.read import read
from sources.records.canonical import to_canonical
from sources.records.preset import load_preset, preset_names
from sources.source import Input, Source, stamp

FIXTURES = Path(__file__).parents[1] / "fixtures"
SHAPES = sorted(path.with_suffix("") for path in FIXTURES.glob("*.*.yaml"))
RELATED = {name: {r: "accounts" for r in RELATIONS if r in load_preset(name).relations} for name in preset_names()}


def read_with_no_mapping(path):
    preset = path.name.split(".")[0]
    source = Source(name="crm", path=str(path), preset=preset, relations=RELATED[preset])
    size = path.stat().st_size
    file = Input(name=path.name, path=path, format=path.suffix[1:], size=size, stamp=stamp(path))
    reading = read(file, source)
    (parsed,) = [piece() for piece in reading.pieces()]
    nested = reading.detected.nested
    return to_canonical(parsed, source, load_preset(preset), key=b"secret", file=file.name, nested=nested)


def outcome(found):
    """All that came of an export, in plain words; the columns that are the same for every export left out."""
    records = found.records.drop(columns=["source", "source_id", "file"])
    filled = records.astype(object).where(records.notna(), None).to_dict("records")
    rows = [{name: value for name, value in row.items() if value is not None} for row in filled]
    return {
        "records": [row | ({"extra": yaml.safe_load(row["extra"])} if "extra" in row else {}) for row in rows],
        "deleted": found.deleted.tolist(),
        "unknown": list(found.unknown_columns),
        "proposals": dict(found.proposals),
        "inferred": dict(found.inferred),
    }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda path: path.name)
def test_what_comes_of_an_export(shape):
    (path,) = [path for path in shape.parent.glob(f"{shape.name}.*") if path.suffix != ".yaml"]
    expected = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    assert outcome(read_with_no_mapping(path)) == expected


def test_every_preset_has_its_shapes():
    assert {shape.name.split(".")[0] for shape in SHAPES} == set(preset_names()) - {"plain"}
    exports = {path.with_suffix("") for path in FIXTURES.glob("*.*.*") if path.suffix != ".yaml"}
    assert exports == set(SHAPES)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_names_presets_that_exist(name):
    assert {other for others in load_preset(name).relations.values() for other in others} <= set(preset_names())


@pytest.mark.parametrize("page", ["presets.md", "presets.zh-CN.md"])
def test_every_preset_is_documented(page):
    text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in preset_names() if f"`{name}`" not in text] == []

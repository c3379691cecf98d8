"""The truth says which records must not be accepted, and why; guiyi's own readers and checks must say the same."""

import pandas as pd
import pytest

from benchmarks.whole_job import configuration
from schemas.validation import validate
from sources.parsed import Parsed
from sources.records.canonical import to_canonical
from sources.records.preset import load_preset
from sources.source import Source
from sources.whole import read_whole


def read(source):
    (export,) = read_whole(source)
    return export


@pytest.mark.parametrize("name", ["sales", "accounts", "service", "marketing"])
def test_labels_are_the_reasons_that_guiyi_gives(exports_600, name):
    settings = next(source for source in configuration(exports_600)["sources"] if source["name"] == name)
    source = Source(**settings)
    export = read(source)
    extract = to_canonical(
        Parsed(export.table, export.lines),
        source,
        load_preset(source.preset),
        key=b"k" * 32,
        file=source.path,
        nested=export.detected.format == "jsonl",
    )
    validated = validate(extract.table)
    accepted, quarantined = (
        t.to_pandas(types_mapper=pd.ArrowDtype) for t in (validated.accepted, validated.quarantined)
    )

    truth = pd.read_csv(exports_600["truth"], dtype=str, keep_default_na=False).query("source == @name")
    refused = pd.concat([export.rejected.to_pandas(types_mapper=pd.ArrowDtype), quarantined])
    expected = truth[truth["corruptions"].str.startswith("quarantine:")]
    labels = expected.set_index("line")["corruptions"].str.removeprefix("quarantine:")
    codes = [reason.partition(":")[0] for reason in refused["reasons"]]
    reasons = dict(zip(refused["line"].astype(str), codes, strict=True))
    assert reasons == labels[labels != "duplicate_id"].to_dict()
    again = accepted["line"].astype(str).isin(labels[labels == "duplicate_id"].index)
    assert accepted["record_key"].duplicated(keep=False)[again].all()  # settled by `sources.versions`
    assert len(accepted) + len(refused) == len(truth)
    if name != "marketing":  # there the id is a keyed hash of the email
        keys = truth.set_index("line")["source_id"].loc[accepted["line"].astype(str)]
        assert keys.tolist() == accepted["source_id"].tolist()

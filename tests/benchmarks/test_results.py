import platform

from benchmarks.results import PARTS, machine
from benchmarks.results_page import page

FACTS = {
    "machine": {
        "measured": "2026-01-31",
        "processor": "Some processor",
        "cores": 2,
        "memory_gib": 24,
        "system": "Linux x86_64",
        "python": "3.11.7",
        "libraries": {"numpy": "2.4", "splink": "5.0"},
    },
    "accuracy": [
        {
            "set": "generated_en_person",
            "records": 2_487,
            "candidate_pairs": 1_885,
            "precision": 1.0,
            "recall": 0.9948,
            "f1": 0.9974,
            "bcubed_f1": 0.999,
            "seconds": 1.08,
            "floor": None,
            "goal": 0.9995,
            "splink": None,
            "goldenmatch": 0.012,
        }
    ],
    "calibration": {
        "sets": [
            {
                "set": "pooled",
                "kept": {"pairs": 1_234, "error": 0.04, "worst": 0.08},
                "all": {"pairs": 45_678, "error": 0.001, "worst": 0.08},
            }
        ],
        "pooled": {"all": [{"from": 0.9, "to": 0.95, "pairs": 321, "expected": 0.931, "observed": 0.95}], "kept": []},
    },
    "speed": [
        {
            "rows": 1_000_000,
            "tools": {
                "guiyi": {"seconds": 6.0, "times": [6.0, 6.0], "peak_gib": 1.5, "f1": 0.98},
                "splink": {"seconds": 24.0, "times": [24.0, 24.0], "peak_gib": 1.3, "f1": 0.968},
            },
            "with_hub": {"hub": 20_000},
            "hub_ratio": 1.05,
        },
        {
            "rows": 10_000_000,
            "tools": {"guiyi": {"seconds": 60.0, "times": [60.0], "peak_gib": 8.0, "f1": 0.97}},
        },
    ],
    "whole_job": {
        "rows": 1_000_000,
        "rounds": 3,
        "seconds": 50.0,
        "peak_gib": 2.5,
        "stages": {"read": 10.0, "match": 20.0},
        "precision": 0.999,
        "recall": 0.998,
        "f1": 0.9985,
    },
}


def rows_of(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def test_the_page_holds_what_was_measured():
    text = page(FACTS)
    rows = rows_of(text)
    found = [row for row in rows if row[0] == "generated en person"]
    assert found == [
        [
            "generated en person",
            "2,487",
            "1.0000",
            "0.9948",
            "0.9974",
            "0.9990",
            "",
            "0.9995",
            "",
            "0.012",
            "1,885",
            "1.1",
        ]
    ]
    assert ["pooled", "1,234", "0.0400", "0.0800", "45,678", "0.0010", "0.0800"] in rows
    assert ["0.9 – 0.95", "321", "0.931", "0.950"] in rows
    assert ["start and end", "20.0", "40%"] in rows
    assert ["1,000,000", "guiyi", "6.0", "0.25", "1.50", "0.9800", "2"] in rows
    assert ["10,000,000", "guiyi", "60.0", "", "8.00", "0.9700", "1"] in rows
    assert "one phone on 20,000 of the 1,000,000 records guiyi takes 1.05 times as long" in " ".join(text.split())
    assert "rows^1.00" in text
    assert "numpy 2.4, splink 5.0" in text
    assert "**50.0 s**" in text


def test_every_table_is_a_table():
    for block in page(FACTS).split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            assert len({line.count("|") for line in lines}) == 1
            assert set(lines[1]) == {"|", "-"}


def test_what_was_not_measured_is_left_out():
    assert "## " not in page({"machine": FACTS["machine"]})
    for part in PARTS:
        assert page({part: FACTS[part]}).count("## ") == 1
    assert set(FACTS) - {"machine"} == set(PARTS)


def test_a_quick_look_says_so():
    assert "quick" not in page(FACTS)
    assert "not to be quoted:** accuracy, speed." in page({**FACTS, "quick": ["accuracy", "speed"]})


def test_the_machine_is_described_without_its_name():
    found = machine()
    assert platform.node() not in str(found).split()
    assert found["cores"] >= 1
    assert found["memory_gib"] >= 1
    assert "numpy" in found["libraries"]

import re

from benchmarks.generate import Request
from benchmarks.whole_job import configuration, exports, main


def test_exports_are_made_once(tmp_path):
    first = exports(Request(rows=60), tmp_path)
    stamp = first["truth"].stat().st_mtime_ns
    again = exports(Request(rows=60), tmp_path)
    assert again == first
    assert again["truth"].stat().st_mtime_ns == stamp


def test_the_configuration_names_every_export(tmp_path):
    files = exports(Request(rows=60), tmp_path)
    config = configuration(files)
    assert {source["name"]: source["path"] for source in config["sources"]} == {
        name: str(path.resolve()) for name, path in files.items() if name != "truth"
    }


def test_a_run_is_measured_and_compared_with_the_truth(tmp_path, capsys):
    main(["--rows", "400", "--dir", str(tmp_path), "--seed", "3"])
    printed = capsys.readouterr().out
    assert re.search(r"wall +\d+\.\d s", printed)
    assert {"read", "match", "merge", "publish", "report"} <= set(re.findall(r"^ {4}(\w+)", printed, re.MULTILINE))
    assert "0 good records missed, 0 bad ones let through" in printed
    assert float(re.search(r"F1 (\d\.\d+)", printed)[1]) > 0.9

from benchmarks.generate import Request
from benchmarks.whole_job import configuration, exports


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

import pytest

from benchmarks.generate import Request, generate


@pytest.fixture(scope="session")
def exports_600(tmp_path_factory):
    """The files of `examples/`, made again."""
    return generate(Request(rows=600), tmp_path_factory.mktemp("exports"))

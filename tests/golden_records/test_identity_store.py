import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from golden_records.identity_store import read_known
from golden_records.runs import SourceCount
from golden_records.store import open_store, reading
from tests.golden_records.conftest import Job
from tests.golden_records.test_identity import Memory, partitions


def told(known):
    return [
        sorted(tuple(str(cell) for cell in row) for row in frame.itertuples(index=False))
        for frame in (known.crosswalk, known.earlier, known.issued)
    ]


@settings(deadline=None, max_examples=8)
@given(st.lists(partitions("abcde"), min_size=2, max_size=4))
def test_the_store_remembers_what_happened(states):
    memory = Memory()
    with tempfile.TemporaryDirectory() as folder:
        job = Job(folder=Path(folder), engine=open_store(f"{folder}/guiyi.db"))
        for state in states:
            clusters = {name: [f"s:{key}" for key in keys] for name, keys in state.items()}
            rows = [{"key": key, "cluster": name} for name, keys in clusters.items() for key in keys]
            counts = [SourceCount(source="s", rows_read=len(rows), accepted=len(rows), quarantined=0)]
            if job.run(rows, counts=counts).changed:
                memory.publish(clusters)
            with reading(job.engine) as connection:
                assert told(read_known(connection)) == told(memory.known())

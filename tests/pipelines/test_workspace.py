import stat

import pandas as pd
import pyarrow as pa

from pipelines.workspace import Workspace, digest, read_facts, read_frame, read_table


def test_what_is_written_comes_back(tmp_path):
    workspace = Workspace(tmp_path / "work")
    frame = pd.DataFrame({"name": pd.array(["王芳", None], dtype=pd.ArrowDtype(pa.string())), "n": [1, 2]})
    path = workspace.write("read", "abc", {"records": frame}, {"rows": 2})
    assert workspace.find("read", "abc") == path
    assert read_facts(path) == {"rows": 2}
    assert read_table(path, "records").column("name").to_pylist() == ["王芳", None]
    assert read_frame(path, "records")["n"].tolist() == [1, 2]


def test_a_file_of_another_kind_is_part_of_the_result(tmp_path):
    path = Workspace(tmp_path).write("stage", "abc", {}, {}, {"note.txt": lambda file: file.write_text("归一")})
    assert (path / "note.txt").read_text() == "归一"


def test_only_the_owner_may_enter(tmp_path):
    path = Workspace(tmp_path / "work").write("read", "abc", {}, {})
    for folder in (path, path.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_draft_is_not_a_result(tmp_path):
    workspace = Workspace(tmp_path)
    (tmp_path / ".read-abc.1").mkdir()
    assert workspace.find("read", "abc") is None


def test_sweeping_keeps_what_is_wanted(tmp_path):
    workspace = Workspace(tmp_path)
    kept, gone = workspace.write("a", "1", {}, {}), workspace.write("b", "2", {}, {})
    (tmp_path / ".c-3.99").mkdir()
    workspace.sweep(keep=[kept])
    assert kept.exists()
    assert not gone.exists()
    assert not (tmp_path / ".c-3.99").exists()


def test_a_hash_follows_content_not_order():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest("a") != digest("b")

"""Configurations and circumstances that are wrong: one clear line, the right exit code, nothing published."""

import json
import os
import sqlite3
import threading
import time

import pytest

from golden_records.store import open_store, running
from tests.hostile.case import CANARY, GOOD, HEADER
from tests.hostile.command import assert_one_line, configure, guiyi, guiyi_apart

SOURCE = "sources:\n  - name: s\n    path: export.csv\n"


def one_source(more):
    return f"{SOURCE}    {more}\n"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "not_a_mapping"),
        ("- a\n- b\n", "not_a_mapping"),
        ("just text", "not_a_mapping"),
        ("sources: [\n", "not_yaml"),
        ("sources:\n\t- name: s\n", "not_yaml"),
        ("sources: !!python/object/apply:os.system [true]\n", "not_yaml"),
        (b"sources: \xff\xfe\n", "unreadable"),
        ("sources: []\n", "wrong_kind"),
        ("sources: export.csv\n", "wrong_kind"),
        ("store: x.db\n", "missing_key"),
        ("sources:\n  - name: s\n", "missing_key"),
        ("sources:\n  - path: export.csv\n", "missing_key"),
        (SOURCE + "soruces: []\n", "unknown_key"),
        (SOURCE + "folder: /\n", "unknown_key"),
        (SOURCE + SOURCE, "key_twice"),
        (SOURCE + "  - name: s\n    path: other.csv\n", "twice"),
        (one_source("encodign: utf-8"), "unknown_key"),
        (one_source(f"path2: {CANARY}"), "unknown_key"),
        (one_source("trust: first"), "wrong_kind"),
        (one_source("trust: 0"), "wrong_kind"),
        (one_source("mode: partial"), "wrong_kind"),
        (one_source("timeout: 0"), "wrong_kind"),
        (one_source("country: China"), "wrong_kind"),
        (one_source("date_order: ddmmyy"), "wrong_kind"),
        (one_source("columns: {nickname: name}"), "unknown_column"),
        (one_source("columns: [name]"), "wrong_kind"),
        (one_source("rules: [{column: name, pattern: '('}]"), "bad_pattern"),
        (one_source("path: ${NOT_SET_ANYWHERE}").replace("    path: export.csv\n", ""), "missing_variable"),
        (SOURCE.replace("name: s", "name: 'a b'"), "wrong_kind"),
        (SOURCE + "matching: {merge_at: 2}\n", "wrong_kind"),
        (SOURCE + "matching: {merge_at: 0.2, review_at: 0.9}\n", "thresholds"),
        (SOURCE + "gates: {quarantined_share: -1}\n", "wrong_kind"),
        (SOURCE + "locale: klingon\n", "wrong_kind"),
        (SOURCE + f"password: {CANARY}\n", "unknown_key"),
    ],
)
def test_configurations(tmp_path, text, key):
    (tmp_path / "export.csv").write_text(HEADER + GOOD)
    config = tmp_path / "guiyi.yaml"
    config.write_bytes(text if isinstance(text, bytes) else text.encode())
    for command in ("check", "run"):
        done = guiyi(command, config)
        assert CANARY not in done.out + done.err
        assert_one_line(done, f"config.{key}", 2)
    assert not (tmp_path / "guiyi.db").exists()


@pytest.mark.parametrize(
    ("more", "key", "code"),
    [
        ("preset: zohoo", "sources.unknown_preset", 2),
        ("timezone: Moon/Base", "sources.unknown_timezone", 1),
        ("id: nummer", "sources.missing_header", 1),
        ("columns: {full_name: nmae}", "sources.missing_header", 1),
    ],
)
def test_sources_that_ask_for_what_is_not_there(tmp_path, more, key, code):
    (tmp_path / "export.csv").write_text(HEADER + GOOD)
    config = tmp_path / "guiyi.yaml"
    config.write_text(one_source(more))
    assert_one_line(guiyi("check", config), key, code)
    assert_one_line(guiyi("run", config, "--no-prefect"), key, code)
    assert published(tmp_path) == 0


def published(folder):
    connection = sqlite3.connect(folder / "guiyi.db")
    try:
        return connection.execute("SELECT count(*) FROM publication").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_a_second_run_while_one_runs(tmp_path):
    (tmp_path / "export.csv").write_text(HEADER + GOOD)
    config = configure(tmp_path, [{"name": "s", "path": "export.csv"}])
    engine = open_store(f"sqlite:///{tmp_path}/guiyi.db")
    with running(engine):
        done, _ = guiyi_apart("run", config, "--no-prefect")
    engine.dispose()
    assert_one_line(done, "store.locked", 3)
    assert published(tmp_path) == 0
    assert guiyi("run", config, "--no-prefect").code == 0
    assert published(tmp_path) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + GOOD)
    path.chmod(0)
    config = configure(tmp_path, [{"name": "s", "path": "export.csv"}])
    assert_one_line(guiyi("check", config), "sources.unreadable_file", 1)


def test_a_file_that_still_grows(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "".join(f"{n},Ann {n},ann{n}@example.com\n" for n in range(200_000)))
    config = configure(tmp_path, [{"name": "s", "path": "export.csv"}])
    stop = threading.Event()

    def grow():
        with path.open("a") as file:
            while not stop.is_set():
                file.write(f"x,{CANARY},a@example.com\n")
                file.flush()
                time.sleep(0.001)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for command in (("check",), ("run", "--no-prefect")):
            done = guiyi(*command, config)
            assert CANARY not in done.out + done.err
            assert_one_line(done, "sources.changed_meanwhile", 1)
    finally:
        stop.set()
        writer.join()
    assert published(tmp_path) == 0


def test_one_bad_source_among_good_ones(tmp_path):
    (tmp_path / "good.csv").write_text(HEADER + GOOD)
    (tmp_path / "empty.csv").write_text("")
    config = configure(tmp_path, [{"name": "a", "path": "good.csv"}, {"name": "b", "path": "empty.csv"}])
    assert_one_line(guiyi("run", config, "--no-prefect"), "sources.empty_file", 1)
    assert published(tmp_path) == 0
    done = guiyi("check", config, "--json")
    assert_one_line(done, "sources.empty_file", 1)
    good, bad = json.loads(done.out)["sources"]
    assert (good["accepted"], "empty.csv" in bad["error"]) == (1, True)


def test_last_night_it_was_empty(tmp_path):
    """A full export without a row, where there were some: nothing is published, the customers stay."""
    (tmp_path / "export.csv").write_text(HEADER + GOOD)
    config = configure(tmp_path, [{"name": "s", "path": "export.csv"}])
    assert guiyi("run", config, "--no-prefect").code == 0
    (tmp_path / "export.csv").write_text(HEADER)
    assert_one_line(guiyi("run", config, "--no-prefect"), "run.gate_empty", 4)
    (tmp_path / "export.csv").write_text("")
    assert_one_line(guiyi("run", config, "--no-prefect"), "sources.empty_file", 1)
    assert published(tmp_path) == 1


@pytest.mark.parametrize("content", [HEADER + GOOD + '2,"Bob\n', "", f"{HEADER}1,{CANARY}\n"])
def test_in_a_process_of_its_own(tmp_path, content):
    """The command itself, as it is installed, does what it does within this process."""
    (tmp_path / "export.csv").write_text(content)
    config = configure(tmp_path, [{"name": "s", "path": "export.csv"}])
    here = guiyi("check", config, "--json")
    apart, _ = guiyi_apart("check", config, "--json")
    assert (here.code, here.out) == (apart.code, apart.out)
    assert [line for line in here.err.splitlines() if line.startswith("guiyi: ")] == [
        line for line in apart.err.splitlines() if line.startswith("guiyi: ")
    ]


def test_the_line_is_in_the_language_of_the_configuration(tmp_path):
    (tmp_path / "export.csv").write_text("")
    config = configure(tmp_path, [{"name": "s", "path": "export.csv"}], locale="zh_CN")
    (line,) = [line for line in guiyi("check", config).err.splitlines() if line.startswith("guiyi: ")]
    assert "没有表头" in line

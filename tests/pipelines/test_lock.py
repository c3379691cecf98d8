import subprocess
import sys

import pytest

from pipelines.lock import hold_lock
from schemas.errors import LockedError, StoreError


def test_a_second_run_is_told_so(tmp_path):
    path = tmp_path / "guiyi.db.lock"
    with hold_lock(path), pytest.raises(LockedError, match="Another run") as raised, hold_lock(path):
        pass
    assert raised.value.exit_code == 3


def test_the_lock_goes_with_its_process(tmp_path):
    path = tmp_path / "guiyi.db.lock"
    holder = "from pathlib import Path; from pipelines.lock import hold_lock; import os, sys, time\n"
    holder += f"with hold_lock(Path({str(path)!r})): print('held', flush=True); time.sleep(60)\n"
    process = subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    with pytest.raises(LockedError), hold_lock(path):
        pass
    process.kill()
    process.wait()
    process.stdout.close()
    with hold_lock(path):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"), hold_lock(tmp_path / "file" / "guiyi.db.lock"):
        pass

"""The flow on a real Prefect server, as the deployment that prefect.yaml describes, run by a real worker."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE = 120.0  # seconds, for what takes about ten on an idle machine

pytestmark = pytest.mark.server

CONFIG = """
sources:
  - name: crm
    path: crm.csv
    kind: person
    id: no
    columns: {full_name: name, email: mail, city: town}
flow: {retries: 1, retry_delay_seconds: 0.2}
"""
ROWS = [
    "no,name,mail,town",
    "1,Robert Hammersmith,rob.hammersmith@example.com,Leeds",
    "2,Robert Hammersmith,rob.hammersmith@example.com,Leeds",
    "3,王小芳,xiaofang.wang@example.cn,上海",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The environment of commands that talk to a server of our own."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    env = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "GUIYI_HOME": str(HOUSE),
        "GUIYI_LOCALE": "en",
        "PYTHONPATH": str(HOUSE),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    log = (home / "server.log").open("w")
    process = subprocess.Popen(
        [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=env, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_for(lambda: healthy(f"{env['PREFECT_API_URL']}/health"))
        yield env
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def wait_for(happens):
    start = time.monotonic()
    while time.monotonic() - start < PATIENCE:
        if happens():
            return
        time.sleep(0.3)
    pytest.fail("waited in vain")


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def ask(env, path: str, body: dict):
    request = urllib.request.Request(
        f"{env['PREFECT_API_URL']}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def prefect(env, *args: str) -> str:
    done = subprocess.run(
        [BIN / "prefect", *args], env=env, cwd=HOUSE, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def written(folder: Path, rows=ROWS) -> Path:
    folder.mkdir(exist_ok=True)
    if rows:
        (folder / "crm.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    config = folder / "guiyi.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return config


def task_runs(env, flow_run_id: str):
    return ask(env, "task_runs/filter", {"flow_runs": {"id": {"any_": [flow_run_id]}}})


def test_the_deployment_publishes(server, tmp_path):
    config = written(tmp_path / "good")
    env = {**server, "GUIYI_CONFIG": str(config)}
    prefect(env, "work-pool", "create", "guiyi", "--type", "process")
    prefect(env, "--no-prompt", "deploy", "--all")
    (deployment,) = ask(env, "deployments/filter", {})
    assert deployment["schedules"][0]["schedule"]["cron"] == "30 2 * * *"
    prefect(env, "deployment", "run", "consolidate/nightly")
    with (tmp_path / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [BIN / "prefect", "worker", "start", "--pool", "guiyi"],
            env=env, cwd=HOUSE, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:

            def ended():
                runs = ask(env, "flow_runs/filter", {"flow_runs": {"deployment_id": {"any_": [deployment["id"]]}}})
                return [run for run in runs if run["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}]

            wait_for(ended)
            (run,) = ended()
        finally:
            worker.terminate()
            worker.wait(30)
    assert run["state_type"] == "COMPLETED", (tmp_path / "worker.log").read_text()
    names = {task["name"].rsplit("-", 1)[0] for task in task_runs(env, run["id"])}
    assert names == {"freeze", "read", "carry", "stage", "match", "merge", "publish", "report"}
    found = subprocess.run(
        [BIN / "guiyi", "lookup", "crm:1", "--config", config, "--json"], env=env, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    assert {member["record_key"] for member in json.loads(found.stdout)["members"]} == {"crm:1", "crm:2"}
    logs = ask(env, "logs/filter", {"limit": 200})
    assert not [line for line in logs if "Hammersmith" in line["message"] or "王小芳" in line["message"]]


def test_a_failing_source_is_retried_and_then_reported(server, tmp_path):
    config = written(tmp_path / "bad", rows=None)
    done = subprocess.run(
        [BIN / "guiyi", "run", config, "--prefect"], env=server, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert "crm.csv" in done.stderr.splitlines()[-1]
    (run,) = [
        run
        for run in ask(server, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["FAILED"]}}}})
        if run["parameters"]["config"] == str(config)
    ]
    assert "crm.csv" in run["state"]["message"]
    (freeze,) = task_runs(server, run["id"])
    assert freeze["run_count"] == 2


def test_a_server_that_is_configured_is_used(server, tmp_path):
    config = written(tmp_path / "plain")
    done = subprocess.run(
        [BIN / "guiyi", "run", config, "--json"], env=server, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["customers"] == 2
    runs = ask(server, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
    assert [run for run in runs if run["parameters"]["config"] == str(config)]

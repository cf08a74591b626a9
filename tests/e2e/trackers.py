"""Exports a grid to MLflow and trackio, reads it back with both, and prints it as JSON: trackers.py GENBENCH GRID."""

import contextlib
import io
import json
import math
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

GENBENCH, GRID = sys.argv[1:]
HERE = pathlib.Path.cwd()
# Nothing leaves this machine: no proxy for the server, no usage statistics, no hub.
os.environ |= {"NO_PROXY": "127.0.0.1", "MLFLOW_DISABLE_TELEMETRY": "true", "HF_HUB_OFFLINE": "1"}
os.environ |= {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "TRACKIO_DIR": str(HERE / "trackio")}
os.environ["PATH"] = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])


def run(*command):
    output = subprocess.run(command, capture_output=True, text=True)
    if output.returncode != 0:
        sys.exit(f"{command}: exit code {output.returncode}\n{output.stdout}{output.stderr}")
    return output


@contextlib.contextmanager
def mlflow_server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", port, "--workers", "1"]
    command += ["--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", str(HERE / "artifacts")]
    with open("server.log", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 300
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
                break
            except (urllib.error.URLError, OSError):
                if server.poll() is not None or time.monotonic() > deadline:
                    sys.exit("the server does not start:\n" + pathlib.Path("server.log").read_text())
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def of_mlflow():
    from mlflow import MlflowClient

    with mlflow_server() as uri:
        client = MlflowClient(uri)
        export = lambda: run(GENBENCH, "export", GRID, "--to", "mlflow", "--tracking-uri", uri)
        experiment = lambda: client.get_experiment_by_name(GRID)
        search = lambda: client.search_runs([experiment().experiment_id])
        first = (export(), len(search()))
        again = (export(), len(search()))
        client.delete_experiment(experiment().experiment_id)
        restored = (export(), len(search()), experiment().lifecycle_stage)

        runs = {}
        for read in search():
            id = read.info.run_id
            history = {key: client.get_metric_history(id, key) for key in read.data.metrics}
            sheets = [item.path for item in client.list_artifacts(id, "sheets")]
            picture = client.download_artifacts(id, sheets[0]) if sheets else None
            runs[read.data.tags["genbench.trial"]] = {
                "name": read.info.run_name,
                "status": read.info.status,
                "times": [read.info.start_time, read.info.end_time],
                "tags": read.data.tags,
                "params": read.data.params,
                "metrics": {
                    key: [[one.step, one.value, one.timestamp] for one in points if math.isfinite(one.value)]
                    for key, points in history.items()
                },
                "sheets": sheets,
                "is_png": picture is not None and pathlib.Path(picture).read_bytes().startswith(b"\x89PNG"),
            }

        # Artifacts that only a client with access to the storage can write.
        client.rename_experiment(experiment().experiment_id, "moved")
        client.create_experiment(GRID, artifact_location=(HERE / "elsewhere").as_uri())
        without_sheets = (export().stderr, len(search()))
    counts = [first[1], again[1], restored[1]]
    printed = first[0].stdout
    return {"printed": printed, "counts": counts, "stage": restored[2], "runs": runs, "without_sheets": without_sheets}


def of_trackio():
    export = lambda: run(GENBENCH, "export", GRID, "--to", "trackio", "--out", "runs").stdout
    export()
    printed = export()
    run("sh", "-c", printed.splitlines()[-1])

    from trackio.cli import main

    def trackio(*words):
        # In this process: a command of its own takes seconds to start.
        sys.argv = ["trackio", *words, "--project", GRID, "--json"]
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            main()
        return json.loads(printed.getvalue())

    runs = {}
    for name in trackio("list", "runs")["runs"]:
        metrics = trackio("list", "metrics", "--run", name)["metrics"]
        values = lambda key: trackio("get", "metric", "--run", name, "--metric", key)["values"]
        wanted = [key for key in metrics if key.startswith(("measured/n", "validation/"))]
        runs[name] = {key: [[one["step"], one["value"]] for one in values(key)] for key in wanted}
    return {"printed": printed, "runs": runs}


json.dump({"mlflow": of_mlflow(), "trackio": of_trackio()}, sys.stdout)

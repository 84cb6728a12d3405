"""A real Rasa server for a benchmark: its environment, its model, its process."""

import json
import resource
import shutil
import socket
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180
QUIET = ("env", "RASA_TELEMETRY_ENABLED=false", "nice", "-n", "19")
"""Nothing is told to Rasa's makers, and other work on this machine comes first."""


def find_python(given: str | None) -> str | None:
    """Return a Python that Rasa runs with, where there is one."""
    kept = (str(path) for path in sorted(Path.home().glob(".pyenv/versions/3.10*/bin/python")))
    places = [given] if given else [shutil.which("python3.10"), *kept]
    return next((one for one in places if one and _fits(one)), None)


def _fits(python: str) -> bool:
    """Whether it starts and is old enough; a name that is found may lead nowhere."""
    test = "import sys; sys.exit(not (3, 8) <= sys.version_info[:2] <= (3, 10))"
    command = [python, "-c", test]
    try:
        ended = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    except OSError:
        return False
    return ended.returncode == 0


def environment(python: str, folder: Path) -> Path:
    """Build the environment unless it is there; return its folder of programs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"]["rasa"]
    programs, done = folder / "bin", folder / "installed"
    if not done.exists() or done.read_text(encoding="utf-8") != str(wanted):
        print("Installing Rasa (once, 2.7 GB) …", flush=True)
        subprocess.run([python, "-m", "venv", "--clear", folder], check=True)  # noqa: S603
        install = [*QUIET, programs / "pip", "install", "-qq", *wanted]
        subprocess.run(install, check=True)  # noqa: S603
        done.write_text(str(wanted), encoding="utf-8")
    return programs


def train(programs: Path, folder: Path) -> None:
    """Train the model and say what it cost."""
    print("Training …", flush=True)
    shutil.rmtree(folder / ".rasa", ignore_errors=True)  # else it takes what it learned before
    began = time.monotonic()
    files = ["--config", "config.yml", "--nlu", "nlu.yml", "--domain", "domain.yml"]
    named = ["--out", "models", "--fixed-model-name", "model"]
    with (folder / "training.log").open("w") as log:
        subprocess.run(  # noqa: S603
            [*QUIET, programs / "rasa", "train", "nlu", *files, *named],
            cwd=folder,
            check=True,
            stdout=log,
            stderr=log,
        )
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"Trained in {time.monotonic() - began:.0f} s, {most:.0f} MB")


@contextmanager
def server(programs: Path, folder: Path, token: str) -> Iterator[tuple[str, int]]:
    """Run the server; yield its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    where = ["-i", "127.0.0.1", "-p", str(port), "-m", "models/model.tar.gz"]
    command = [*QUIET, programs / "rasa", "run", "--enable-api", "--auth-token", token, *where]
    began = time.monotonic()
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process,  # noqa: S603
    ):
        try:
            while ask(f"http://127.0.0.1:{port}", {"text": "a"}, token)[0] == 0:
                if process.poll() is not None or time.monotonic() - began > START_SECONDS:
                    raise SystemExit(f"Rasa did not start, see {folder / 'server.log'}")
                time.sleep(0.5)
            print(f"Server up in {time.monotonic() - began:.0f} s")
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()


def ask(url: str, body: Any, token: str) -> tuple[int, bytes]:
    """Return status and body; status 0 when nobody is there."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    page = f"{url}/model/parse?{urlencode({'token': token})}"
    try:
        with urlopen(Request(page, data, headers), timeout=30) as response:  # noqa: S310 - ours
            return response.status, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()
    except (URLError, OSError):
        return 0, b""


def memory(process: int) -> float:
    """Return what a process holds in memory now, in MB; its children are not counted."""
    told = Path(f"/proc/{process}/status")
    if not told.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in told.read_text(encoding="utf-8").splitlines())
    return int(lines["VmRSS"].split()[0]) / 1024

"""Dockerfile and compose file, read instruction by instruction: nothing here can build them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import abibot
from bot.settings import Settings
from tests.architecture.test_files import variables
from tests.conftest import ROOT

OPTION = re.compile(r"--[a-z-]+=\S+")
KNOWN = set(variables(Settings, "ABIBOT_"))


def instructions() -> list[tuple[str, str]]:
    """Return every instruction of the Dockerfile with what stands behind it."""
    text = re.sub(
        r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines]


def of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return found


def copied() -> list[tuple[str, str]]:
    """Return (source, target) of every COPY."""
    found = []
    for rest in of("COPY"):
        *sources, target = rest.split()
        for source in sources:
            place = target + source if target.endswith("/") else target
            found.append((source, place))
    return found


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The image's /app: what is copied, and nothing else."""
    for source, target in copied():
        if (ROOT / source).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, tmp_path / target, ignore=ignore)
        else:
            shutil.copy(ROOT / source, tmp_path / target)
    return tmp_path


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - for the child
        if not name.startswith("ABIBOT_")
    }
    # Without site's .pth files the editable install of the developer's tree cannot step in.
    look = f"import sys; sys.path.insert(0, {str(folder)!r}); from bot.cli import main; main()"
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", look, *arguments],
        cwd=folder,
        env={**clean, **variables},
        capture_output=True,
        check=False,
        text=True,
    )


def test_the_image_has_the_parts_that_were_asked_for() -> None:
    assert of("FROM") == ["python:3.11-slim"]
    assert any("--require-hashes -r requirements.lock" in rest for rest in of("RUN"))
    assert of("USER") == ["10001"], "a number: Kubernetes can see that it is not root"
    assert of("VOLUME") == ["/data"]
    order = [instruction for instruction, _ in instructions()]
    assert order.index("USER") > max(at for at, one in enumerate(order) if one == "RUN")


def test_everything_copied_exists_and_reaches_the_build() -> None:
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source, _ in copied():
        assert (ROOT / source).exists(), source
        assert f"!{source}" in kept
    assert "*" in kept, "what is not named stays outside: secrets, data, tests"


def test_what_is_copied_is_enough(image: Path) -> None:
    assert run(image, "--help").returncode == 0
    database = f"sqlite:///{image / 'data' / 'x.db'}"
    assert run(image, "migrate", ABIBOT_DATABASE_URL=database).returncode == 0
    said = run(image, "doctor", ABIBOT_DATABASE_URL=database)
    assert "Traceback" not in said.stderr
    assert "ABIBOT_TELEGRAM_TOKEN" in said.stdout
    assert "anhalt-bitterfeld" in said.stdout


def test_the_commands_of_image_and_services_exist() -> None:
    entry = json.loads(of("ENTRYPOINT")[0])
    assert entry == ["abibot"]
    services = compose()["services"]
    commands = [json.loads(of("CMD")[0])]
    ours = [one for one in services.values() if one["image"] == "abibot"]
    commands += [one["command"] for one in ours if "command" in one]
    for command in commands:
        assert CliRunner().invoke(abibot, [*command, "--help"]).exit_code == 0, command
    [check] = of("HEALTHCHECK")
    script = json.loads(OPTION.sub("", check).strip().removeprefix("CMD "))
    compile(script[2], "HEALTHCHECK", "exec")
    assert "8080/healthz" in script[2]


def test_every_setting_is_known_and_none_is_a_secret() -> None:
    given = dict(pair.split("=", 1) for rest in of("ENV") for pair in rest.split())
    for service in compose()["services"].values():
        given |= service.get("environment", {})
    ours = {name: value for name, value in given.items() if name.startswith("ABIBOT_")}
    assert ours
    assert set(ours) <= KNOWN
    for name, value in given.items():
        if re.search(r"TOKEN|SECRET|PASSWORD", name):
            assert name.endswith("_FILE"), name
            assert str(value).startswith("/run/secrets/")


def test_volumes_and_secrets_are_declared() -> None:
    whole = compose()
    for name, service in whole["services"].items():
        for secret in service.get("secrets", []):
            assert secret in whole["secrets"], (name, secret)
        for volume in service.get("volumes", []):
            place = volume.split(":")[0]
            assert place in whole["volumes"] or place.startswith("./data/"), (name, volume)
    for secret in whole["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_the_bot_starts_on_a_migrated_database_that_answers() -> None:
    services = compose()["services"]
    assert "pg_isready" in services["database"]["healthcheck"]["test"][1]
    for name in ("migrate", "bot"):
        waits = services[name]["depends_on"]
        assert waits["database"] == {"condition": "service_healthy"}
        assert services[name]["read_only"]
    assert services["bot"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }
    assert services["migrate"]["restart"] == "no"


def test_rasa_starts_only_when_asked_for_and_is_reached_from_inside_only() -> None:
    rasa = compose()["services"]["rasa"]
    [extra] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]["rasa"]
    assert rasa["profiles"] == ["rasa"]
    assert "ports" not in rasa
    assert rasa["image"].split(":")[1] in extra

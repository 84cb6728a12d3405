"""What stands beside the code: example settings, locks, and no traces of a machine."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / ".env.example"
LOCKS = ("requirements.lock", "requirements-dev.lock")
VARIABLE = re.compile(r"^#?\s*(ABIBOT_[A-Z0-9_]+)=", re.MULTILINE)
NOT_OURS = {
    ".git",
    ".venv",
    "data",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "node_modules",
    ".env",
}
MACHINE = tuple(f"/{folder}/".encode() for folder in ("work", "root"))
WEB_ADDRESS = re.compile(rb"https?://[^\s\"'<>)]+")


def variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Yield the environment variable of every setting."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from variables(kind, f"{prefix}{name.upper()}_")
        else:
            yield f"{prefix}{name.upper()}"


@pytest.mark.skipif(not EXAMPLE.exists(), reason="there is no .env.example yet")
def test_the_example_lists_exactly_the_settings() -> None:
    listed = VARIABLE.findall(EXAMPLE.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(variables(Settings, "ABIBOT_"))


@pytest.mark.skipif(not EXAMPLE.exists(), reason="there is no .env.example yet")
def test_the_example_holds_no_secret() -> None:
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if re.search(r"(TOKEN|SECRET)(_FILE)?=", line):
            assert line.endswith("="), line


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_registry_and_every_package_has_its_hash(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
    packages = re.findall(r"^[a-z0-9][a-z0-9._-]*==", lock, re.MULTILINE | re.IGNORECASE)
    entries = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    hashed = [entry for entry in entries if "==" in entry and "--hash=sha256:" in entry]
    assert packages
    assert len(hashed) == len(packages)


def test_what_runs_is_locked_the_same_for_developers() -> None:
    def pinned(name: str) -> dict[str, str]:
        lock = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE))

    runtime, development = (pinned(name) for name in LOCKS)
    assert runtime.items() <= development.items()


def ours() -> Iterator[Path]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [one for one in folders if one not in NOT_OURS and not one.endswith("-info")]
        yield from (Path(folder) / name for name in files if name not in NOT_OURS)


def test_no_file_names_a_path_of_somebody_s_machine() -> None:
    found = []
    for path in ours():
        content = WEB_ADDRESS.sub(b"", path.read_bytes())
        found += [f"{path.relative_to(ROOT)}: {one!r}" for one in MACHINE if one in content]
    assert not found

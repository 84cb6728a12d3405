"""How long citizens wait when a machine dies: each role's holder is killed in turn.

    python benchmarks/takeover.py --database postgresql://postgres@127.0.0.1/NAME [--rate 5]

Two processes for each role (as if on two machines), PostgreSQL, and the local Telegram; people
write steadily. SIGKILL strikes the holder of each role; what counts is how long it takes until the
other one does its work: its health page says so, and (but for the schedule) somebody who wrote
after the kill has an answer. Nobody may be forgotten or answered twice. The database is emptied.

Baseline in the same run: one process alone, killed and started again at once, as a service manager
does on one machine.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import psycopg

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "42:BENCHMARK"  # noqa: S105 - the local Telegram takes any
ROLES = ("web", "worker", "delivery", "schedule")
WANTED_SECONDS = 10.0
PEOPLE = 400
FIRST = 1_000_000


def ask(url: str, body: object = None) -> str:
    """Return what a server answers; nothing when it does not."""
    data = None if body is None else json.dumps(body).encode()
    try:
        request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - ours
        with urlopen(request, timeout=10) as response:  # noqa: S310
            found: str = response.read().decode()
            return found
    except (URLError, OSError):
        return ""


def eventually(look: Callable[[], object], seconds: float = 60) -> float:
    """Return the seconds until something is so; raise when it takes too long."""
    began = time.monotonic()
    while not look():
        if time.monotonic() - began > seconds:
            raise TimeoutError
        time.sleep(0.05)
    return time.monotonic() - began


@dataclass
class Process:
    """One role, in a process of its own."""

    role: str
    popen: subprocess.Popen[bytes]
    port: int

    def standing(self) -> str:
        found = self.said("/readyz")
        return str(json.loads(found)["roles"].get(self.role)) if found else ""

    def said(self, path: str) -> str:
        try:
            request = Request(f"http://127.0.0.1:{self.port}{path}")
            with urlopen(request, timeout=5) as response:  # noqa: S310
                found: str = response.read().decode()
                return found
        except (URLError, OSError):
            return ""


@dataclass
class House:
    """Where everything runs."""

    database: str
    telegram: str
    folder: Path
    next_port: int

    def start(self, role: str) -> Process:
        """Start a role and return at once."""
        self.next_port += 1
        clean = {name: value for name, value in os.environ.items() if "ABIBOT" not in name}  # noqa: TID251
        environment = clean | {
            "ABIBOT_DATABASE_URL": self.database,
            "ABIBOT_TELEGRAM_TOKEN": TOKEN,
            "ABIBOT_TELEGRAM_API_URL": self.telegram,
            "ABIBOT_REGION": "beispielkreis",
            "ABIBOT_WEB_PORT": str(self.next_port),
            "ABIBOT_LOG_LEVEL": "error",
        }
        arguments = [sys.executable, "-m", "bot", "run", "--roles", role]
        popen = subprocess.Popen(arguments, cwd=ROOT, env=environment)  # noqa: S603 - our own
        return Process(role, popen, self.next_port)

    def person(self, number: int) -> str:
        who = FIRST + number
        return f"{self.telegram}/sim/people/{who}/chats/{who}"


class Load(threading.Thread):
    """Somebody else writes every moment; nobody writes twice."""

    def __init__(self, house: House, rate: float) -> None:
        super().__init__(daemon=True)
        self.house, self.rate, self.wrote, self.over = house, rate, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(1 / self.rate) and self.wrote < PEOPLE:
            if ask(f"{self.house.person(self.wrote)}/send", {"text": "/hilfe"}):
                self.wrote += 1


def answers(house: House, number: int) -> int:
    """Return how often the bot answered somebody."""
    messages = json.loads(ask(f"{house.person(number)}/messages?limit=20") or "[]")
    return sum(one["from"]["is_bot"] for one in messages)


def kill_holder(house: House, pair: list[Process], load: Load) -> float:
    """Kill who holds a role; return the seconds until the other one does its work."""
    role = pair[0].role
    running = [one for one in pair if one.standing() == "running"]
    victim = running[0]
    [other] = [one for one in pair if one is not victim]
    victim.popen.send_signal(signal.SIGKILL)
    victim.popen.wait()
    began, before = time.monotonic(), load.wrote
    eventually(lambda: other.standing() == "running")
    if role != "schedule":
        eventually(lambda: load.wrote > before and answers(house, before) > 0)
    seconds = time.monotonic() - began
    pair[:] = [other, house.start(role)]
    eventually(lambda: pair[1].standing() in {"running", "standing by"})
    return seconds


def restart_alone(house: House) -> float:
    """Baseline: the only process of a role is killed and started again at once."""
    only = house.start("schedule")
    eventually(lambda: only.standing() == "running")
    only.popen.kill()
    only.popen.wait()
    began = time.monotonic()
    again = house.start("schedule")
    eventually(lambda: again.standing() == "running")
    seconds = time.monotonic() - began
    again.popen.kill()
    again.popen.wait()
    return seconds


def empty(database: str) -> None:
    """Migrate the database and forget everything in it."""
    environment = {**os.environ, "ABIBOT_DATABASE_URL": database}  # noqa: TID251
    command = [sys.executable, "-m", "bot", "migrate"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with psycopg.connect(database, autocommit=True) as connection:
        query = (
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        row = connection.execute(query).fetchone()
        assert row
        connection.execute(f"TRUNCATE {row[0]} RESTART IDENTITY CASCADE".encode())


@contextmanager
def local_telegram(folder: Path) -> Iterator[str]:
    """Yield the address of the simulator, in which many people wait to write."""
    people = [
        {"id": FIRST + number, "first_name": "x", "language_code": "de", "note": ""}
        for number in range(PEOPLE)
    ]
    world = folder / "world.json"
    world.write_text(json.dumps({"people": people, "chats": []}), encoding="utf-8")
    arguments = ["-m", "simulator", "--port", "0", "--token", TOKEN, "--world", str(world)]
    popen = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert popen.stdout
    line = popen.stdout.readline()
    try:
        yield line.split()[-1].rstrip("/")
    finally:
        popen.terminate()
        popen.communicate()


def unknown(database: str) -> int:
    """Return how many messages were on their way when a sender died."""
    with psycopg.connect(database) as connection:
        query = "SELECT count(*) FROM outbox WHERE status = 'unknown'"
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def measure(house: House, rate: float) -> bool:
    """Kill each role's holder in turn; print and return whether all went well."""
    baseline = restart_alone(house)
    pairs = {role: [house.start(role)] for role in ROLES}
    for pair in pairs.values():
        eventually(lambda pair=pair: pair[0].standing() == "running")  # type: ignore[misc]
        pair.append(house.start(pair[0].role))
    for pair in pairs.values():
        eventually(lambda pair=pair: pair[1].standing() in {"running", "standing by"})  # type: ignore[misc]
    load = Load(house, rate)
    load.start()
    times = {}
    try:
        for role, pair in pairs.items():
            times[role] = kill_holder(house, pair, load)
        load.over.set()
        load.join()
        time.sleep(5)  # whoever is answered twice is so by now
        counts = [answers(house, number) for number in range(load.wrote)]
    finally:
        for pair in pairs.values():
            for process in pair:
                process.popen.kill()
                process.popen.wait()
    lost, doubled = counts.count(0), sum(count > 1 for count in counts)
    for role, seconds in times.items():
        print(f"take-over of {role:9} {seconds:6.1f} s   wanted <= {WANTED_SECONDS:.0f} s")
    print(f"baseline, killed and started anew {baseline:6.1f} s")
    print(
        f"people {load.wrote}  unanswered {lost}  answered twice {doubled}"
        f"  of unknown fate {unknown(house.database)}"
    )
    return (
        max(times.values()) <= WANTED_SECONDS and not doubled and lost <= unknown(house.database)
    )


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="address of a database to be emptied")
    parser.add_argument("--rate", type=float, default=5.0, help="messages a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty(options.database)
        with local_telegram(folder) as telegram:
            fine = measure(House(options.database, telegram, folder, 18_100), options.rate)
    print("target met" if fine else "target missed")
    raise SystemExit(0 if fine else 1)


if __name__ == "__main__":
    main()

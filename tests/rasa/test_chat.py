"""What a citizen notices of Rasa: better or worse answers, but always one."""

import pytest

from tests.county import County
from tests.rasa.server import Server, rasa_server

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]
DOG = "In welcher Gemeinde?"
NONSENSE = "wauwau ist da"


def asks_first(county: County, server: Server) -> None:
    county.worker.given["understanders"].first = server.rasa


async def test_what_rasa_is_sure_of_is_answered(county: County) -> None:
    async with rasa_server() as server:
        asks_first(county, server)
        assert DOG in await county.citizen().says(NONSENSE)
        assert server.counted() == {"answered": 1}


async def test_the_same_question_is_sent_once_and_without_the_place(county: County) -> None:
    async with rasa_server() as server:
        asks_first(county, server)
        await county.citizen(1).says(f"{NONSENSE} in Köthen")
        await county.citizen(2).says(f"{NONSENSE.upper()} in Köthen")
        assert len(server.asked) == 1
        assert "Köthen" not in server.asked[0]["text"]


@pytest.mark.parametrize("answer", ["unsure", "no-model", "wrong-token", "named-unknown-intent"])
async def test_without_an_answer_of_rasa_words_decide(county: County, answer: str) -> None:
    async with rasa_server() as server:
        server.plays(answer)
        asks_first(county, server)
        assert DOG in await county.citizen().says("Hund anmelden")
        assert len(server.asked) == 1


async def test_a_command_is_never_sent(county: County) -> None:
    async with rasa_server() as server:
        asks_first(county, server)
        await county.citizen().says("/hund-anmelden")
        await county.citizen().says("/menu")
        assert server.asked == []

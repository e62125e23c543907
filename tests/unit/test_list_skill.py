"""What is said about lists, to what is kept and answered."""

from __future__ import annotations

import pytest

from appliance.actions import Origin
from appliance.lists import SHOPPING
from tests.spoken_box import Box, scene


def test_shopping() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Qu'est-ce qu'il y a sur ma liste de courses ?") == "La liste de courses est vide."
        assert await box.say("Ajoute du lait, des œufs et de la crème fraîche à la liste de courses") == (
            "C'est ajouté à la liste de courses : lait, œufs et crème fraîche."
        )
        await box.say("Ajoute du beurre à la liste")
        assert [item.name for item in box.lists.items(SHOPPING)] == ["lait", "œufs", "crème fraîche", "beurre"]
        assert await box.say("Coche les œufs") == "C'est enlevé de la liste de courses : œufs."
        assert await box.say("Enlève le beurre de la liste") == "C'est enlevé de la liste de courses : beurre."
        assert "je ne trouve pas ceci : chocolat" in await box.say("Coche le chocolat sur la liste de courses")
        assert await box.say("Lis ma liste de courses") == "La liste de courses : lait et crème fraîche."
        asked = await box.reply("Vide la liste de courses")
        assert "vider la liste de courses" in asked.text
        assert box.lists.items(SHOPPING)
        box.executor.listening("cuisine")
        await box.executor.heard("oui", 0.9, Origin("voice", "cuisine"))
        assert box.lists.items(SHOPPING, done=None) == []

    scene(play)


@pytest.mark.parametrize(
    "sentence",
    [
        *("Ajoute pas de lait à la liste", "Ajoute surtout pas de lait à la liste", "Enlève pas le beurre de la liste"),
        "Enlève plus de beurre de la liste",
    ],
)
def test_what_is_not_wanted_is_not_done(sentence: str) -> None:
    async def play(box: Box) -> None:
        await box.say("Ajoute du beurre à la liste")
        assert await box.say(sentence) == "D'accord, je ne change rien à la liste de courses."
        assert [item.name for item in box.lists.items(SHOPPING)] == ["beurre"]

    scene(play)


def test_other_lists() -> None:
    async def play(box: Box) -> None:
        await box.say("Ajoute appeler le plombier à ma liste de choses à faire")
        await box.say("Mets des vis sur la liste bricolage")
        assert await box.say("Lis ma liste de choses à faire") == "La liste des choses à faire : appeler le plombier."
        assert await box.say("Quelles sont mes listes ?") == "Il y a la liste bricolage et la liste des choses à faire."

    scene(play)

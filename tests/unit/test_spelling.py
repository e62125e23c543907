"""How a sentence that was found by its sound is written."""

from __future__ import annotations

import pytest

from appliance.spelling import spelled


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ([["eteins", "éteins"], ["tout", "tous"], ["les"], ["lampe", "lampes"]], "éteins tous les lampes"),
        ([["éteins", "éteint"], ["la"], ["lampe", "lampes"]], "éteins la lampe"),
        ([["minuteur"], ["10"], ["minute", "minutes"]], "minuteur 10 minutes"),
        ([["minuteur"], ["1"], ["minute", "minutes"]], "minuteur 1 minute"),
        ([["ouvre"], ["les"], ["rideau", "rideaux"]], "ouvre les rideaux"),
        ([["mets"], ["le"], ["son"]], "mets le son"),
        ([], ""),
    ],
)
def test_accents_and_agreement(words: list[list[str]], written: str) -> None:
    assert " ".join(spelled(words)) == written

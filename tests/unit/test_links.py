"""A link is found by the name of its file."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from appliance import links
from appliance.errors import ConfigError


def test_mqtt_is_a_link_and_its_helpers_are_none() -> None:
    assert "mqtt" in links.names()
    assert not [name for name in links.names() if name.startswith("_")]


@pytest.mark.parametrize("name", links.names())
def test_every_link_has_options_that_refuse_what_they_do_not_know(name: str) -> None:
    module = links.module(name)
    assert issubclass(module.Options, BaseModel) and callable(module.Link.run)
    with pytest.raises(ValidationError):
        module.Options.model_validate({"no-such-key": 1})


@pytest.mark.parametrize("name", ["mqt", "_broker", "..mqtt", ""])
def test_a_name_that_is_no_link_is_a_mistake_that_says_which_there_are(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        links.module(name)
    assert caught.value.code == "link-unknown" and "mqtt" in caught.value.text("fr")

"""Templates of strangers: the forms that devices use work, everything else is refused or says nothing, and soon."""

from __future__ import annotations

import json
import random
import time

import pytest

from appliance.errors import InputError
from appliance.links._filters import TemplateError
from appliance.links._templates import Template

PAYLOAD = json.dumps(
    {
        "state": "ON",
        "a": {"b": [1, {"c": "deep"}]},
        "t": "21.456",
        "n": 7,
        "flag": False,
        "moving": "UP",
        "Color": "255,128,0,0,0",
        "fan_mode": "medium",
        "nothing": None,
    }
)


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("{{ value }}", PAYLOAD),
        ("{{value_json.state}}", "ON"),
        ("{{ value_json['state'] | lower }}", "on"),
        ('{{ value_json["a"].b[1]["c"] | upper }}', "DEEP"),
        ("{{ value_json.t | float | round(1) }}", "21.5"),
        ("{{ value_json.t | round(0) }}", "21"),
        ("{{ (value_json.n | float) * 2 + 0.5 }}", "14.5"),
        ("{{ value_json.n / 2 }}", "3.5"),
        ("{{ value_json.absent | default('rien') }}", "rien"),
        ("{{ value_json.absent }}", ""),
        ("{{ value_json.flag }}", "False"),
        ("{{ value_json.nothing }}", "None"),
        ("{{ 'ON' if value_json.state == 'ON' else 'OFF' }}", "ON"),
        ("{{ 'a' if value_json.n > 10 else 'b' if value_json.n >= 7 else 'c' }}", "b"),
        ("{{ {'off':0, 'low':1, 'medium':2}[value_json.fan_mode] | default('None') }}", "2"),
        ("{{ {'off':0}[value_json.fan_mode] | default('None') }}", "None"),
        ("{{ value_json.Color.split(',')[0:3] | join(',') }}", "255,128,0"),
        ("{{ value_json.state in ['ON', 'on'] and not value_json.flag }}", "True"),
        ("{{ value_json.x is defined }}{{ value_json.n is not none }}", "FalseTrue"),
        ("{{ float(value_json.t, 0) | int }}", "21"),
        ("{{ 'ff' | int(0, 16) }}", "255"),
        ("{{ -value_json.n | abs }} {{ 2 - -1 }}", "-7 3"),
        ("{{ value_json.state ~ '/' ~ value_json.n }}", "ON/7"),
        (
            '{% if "moving" in value_json and value_json.moving %} {{ value_json.moving }} {% else %} x {% endif %}',
            "UP",
        ),
        ("{% if value_json.n == 1 %}a{% elif value_json.n == 7 %}b{% else %}c{% endif %}", "b"),
        ("{% set values = {'UP':'opening', None:'off'} %}{{ values[value_json.moving] }}", "opening"),
        ("no template at all", "no template at all"),
    ],
)
def test_the_forms_that_devices_use(template: str, made: str) -> None:
    assert Template(template).read(PAYLOAD) == made


def test_commands_are_made_of_values() -> None:
    assert Template('{ "position": {{ position }} }').fill(position=40) == '{ "position": 40 }'
    assert Template("{{ {0:'off', 1:'low'}[value] | default('') }}").fill(value=1) == "low"
    on = Template("on,{{ brightness|d }},{{ red|d }}-{{ green|d }}-{{ blue|d }}")
    assert on.fill(red=1, green=2, blue=3) == "on,,1-2-3"


@pytest.mark.parametrize(
    "template",
    [
        "{% for x in value_json %}{{ x }}{% endfor %}",
        "{{ ''.__class__.__mro__ }}{{ value.__class__() }}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ states('lock.porte') }}",
        "{{ value | attr('x') }}",
        "{{ value_json.a.format(1) }}",
        "{{ value ** 9 }}",
        "{{ '%d' % 3 | format }}",
        "{{ value",
        "{# nothing #}",
        "{% include 'x' %}",
        "{% macro a() %}{% endmacro %}",
        "{% if value %}never ended",
        "{% endif %}",
        "{{ }}",
        "{{ value value }}",
        "{{ ( value }}",
        "{{ 'text }}",
        "{{" + "(" * 500 + "value" + ")" * 500 + "}}",
        "{{ value }}" * 500,
        "x" * 3000,
        "{{ now() }}",
        "{{ value | round(1,2,3) }}",
    ],
)
def test_everything_else_is_refused(template: str) -> None:
    with pytest.raises(InputError) as caught:
        Template(template)
    assert caught.value.text("fr") and caught.value.text("en")


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 1000000000 }}",
        "{{ value_json.n / 0 }}",
        "{{ value_json.state + 1 }}",
        "{{ value_json.state | float }}",
        "{{ value_json.n | round(99999) }}",
        "{{ 999999999999999 * 999999999999999 }}",
        "{{ value_json.state < 3 }}",
        "{{ value | replace('', 'x') }}",
        "{{ value_json.n % 0 }}",
        "{{ value_json.absent | is_defined }}",
        "{{ {value_json.a: 1} }}",
    ],
)
def test_what_cannot_be_calculated_says_nothing(template: str) -> None:
    with pytest.raises(TemplateError):
        Template(template).read(PAYLOAD)


def test_texts_do_not_grow() -> None:
    growing = "{{ value" + " | replace('a', 'aaaaaaaaaaaaaaaaaaaa')" * 40 + " }}"
    started = time.perf_counter()
    with pytest.raises(TemplateError):
        Template(growing).read("a" * 1000)
    assert time.perf_counter() - started < 1


def test_lists_and_tables_do_not_grow() -> None:
    for first, more, shown in (
        ("[value, value]", "[a, a]", "a"),
        ("{'x': value}", "{'x': a, 'y': a}", "a | tojson"),
        ("[value]", "[a, [a]]", "a ~ a"),
        ("[value]", "[a, a]", "a == [a, a]"),
    ):
        doubling = f"{{% set a = {first} %}}" + f"{{% set a = {more} %}}" * 22 + f"{{{{ {shown} }}}}"
        started = time.perf_counter()
        with pytest.raises(TemplateError):
            Template(doubling).read("x")
        assert time.perf_counter() - started < 0.5
    with pytest.raises(TemplateError):
        Template("{{ [" + "value," * 100 + "] }}").read("x" * 1000)
    assert Template("{% set a = {'OPEN': ['x', 'y']} %}{{ a[value][1] }}").read("OPEN") == "y"


def test_random_templates_end_in_one_of_three_ways() -> None:
    chance = random.Random(11)
    words = (
        "{{ }} {% %} if else elif endif set value value_json . [ ] ( ) | , : ' \" == + - * / ~ float round default x 1 0.5 "
        "in not and or is defined none 'ON' {'a':1} .split(',') {# #} = < >"
    )
    pieces = words.split(" ")
    counted = {"made": 0, "refused": 0, "nothing": 0}
    for _ in range(20_000):
        source = " ".join(chance.choice(pieces) for _ in range(chance.randint(1, 12)))
        if chance.random() < 0.7:
            source = "{{ " + source.replace("{{", "").replace("}}", "") + " }}"
        try:
            Template(source).read(PAYLOAD)
            counted["made"] += 1
        except InputError:
            counted["refused"] += 1
        except TemplateError:
            counted["nothing"] += 1
    assert all(counted.values())

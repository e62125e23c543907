"""What people also say to a home in English, beside what home-assistant-intents knows: in its own way of writing sentences
and with its expansion rules. Some intents here are ours, because it has none: see home.py."""

from __future__ import annotations

from typing import Any

from appliance.skills._home_blocks import (
    AJAR,
    COVERS,
    CURRENT,
    DOWN,
    GARAGES,
    HALF,
    HEATING,
    HOME,
    LIGHTS,
    SHADES,
    UP,
    VACUUMS,
    block,
)

_IN_AREA = "(in|of) [<the>] {area}"
_HEATING = "[<the>] (heating|heater[s]|heat|thermostat|radiator[s]|air conditioning|aircon|ac)"
_BY_PERCENT = "by {brightness:step}[([ ]%)| percent]"
_DIMMER, _BRIGHTER = ("(dim|lower)", "[down]", "down"), ("(brighten|raise)", "[up]", "up")


MORE: dict[str, list[Any]] = {
    "HassLightSet": [
        block("[<set>] [<the>] {area} <light> [color] [to] {color}", slots=LIGHTS, response="color"),
        block("[<numeric_value_set>|dim|brighten] [<the>] {area} <light> [brightness] [to] {brightness}[([ ]%)| percent]",
               slots=LIGHTS, response="brightness"),
        block("[<numeric_value_set>|dim|brighten] [<all>] [<the>] <light> [brightness] [to] {brightness}[([ ]%)| percent]",
              f"[<numeric_value_set>|dim|brighten] [<all>] [<the>] <light> {_IN_AREA} [to] {{brightness}}[([ ]%)| percent]",
              slots=LIGHTS, response="brightness"),
        block(f"<numeric_value_set> [<all>] [<the>] <light> [{_IN_AREA}] to (full|maximum|full brightness)",
              slots=LIGHTS | {"brightness": "100"}, response="brightness"),
    ],
    "HassClimateGetTemperature": [
        block("how (warm|cold|hot) is it (outside|outdoors)", "what is the temperature (outside|outdoors)",
               "what's the temperature (outside|outdoors)", slots={"outdoors": "yes"}),
    ],
    "HassClimateSetTemperature": [
        block("(set|turn up|turn down|turn) [the] (heating|thermostat) [up|down] to {temperature}[ degrees]"),
    ],
    "HassGetState": [
        block("(is|are) [the] light[s] (in|of) [the] {area} {on_off_states:state}",
               "(is|are) [the] {area} light[s] {on_off_states:state}", slots=LIGHTS, response="any"),
        block("(is|are) [the] garage[ door[s]] {cover_states:state}", slots=GARAGES, response="all"),
        block(f"is {_HEATING} {{on_off_states:state}} [{_IN_AREA}]", f"is {_HEATING} {_IN_AREA} {{on_off_states:state}}",
              slots=HEATING, response="any"),
        block("(is|are) [<the>] {name} {on_off_states:state} [in [<the>] {area}]",
              only="media_player,climate,light,switch,fan", response="one_yesno"),
        block("<where_is> [<the>] {name}", only="vacuum", response="one"),
        block("<where_is> [<the>] (vacuum|vacuum cleaner|robot)", slots=VACUUMS, response="one"),
    ],
    "HassTurnOn": [
        block(f"(turn|switch) on {_HEATING} [{_IN_AREA}]", f"(turn|switch) {_HEATING} on [{_IN_AREA}]", slots=HEATING),
        block("(close|shut) [<the>] {name}", only="lock", response="lock"),
        block("open everything [<everywhere>]", slots=SHADES | HOME, response="everything"),
        block(f"open everything {_IN_AREA}", slots=SHADES, response="everything"),
    ],
    "HassTurnOff": [
        block(f"(turn|switch|shut) off {_HEATING} [{_IN_AREA}]",
              f"(turn|switch|shut) {_HEATING} off [{_IN_AREA}]", slots=HEATING),
        block("open [<the>] {name}", only="lock", response="lock"),
        block("(close|shut) everything [<everywhere>]", slots=SHADES | HOME, response="everything"),
        block(f"(close|shut) everything {_IN_AREA}", slots=SHADES, response="everything"),
        block("(turn|switch|shut) off everything [<everywhere>]", "(turn|switch|shut) everything off [<everywhere>]",
              slots=CURRENT | HOME, response="everything"),
        block(f"(turn|switch|shut) off everything {_IN_AREA}", f"(turn|switch|shut) everything off {_IN_AREA}",
              "(turn|switch|shut) off everything <here>", "(turn|switch|shut) everything off <here>",
              slots=CURRENT, response="everything"),
    ],
    "HassStopMoving": [
        block(f"stop [<all>] [<the>] {{cover_classes:device_class}} [{_IN_AREA}]",
              "stop [<all>] [<the>] {area} {cover_classes:device_class}",
              "stop [<all>] [<the>] {cover_classes:device_class} <everywhere>", slots=COVERS),
        block("stop [<the>] {name}", only="cover"),
    ],
    "HassLightSetRelative": [
        *(sentences for verb, way in ((_DIMMER, DOWN), (_BRIGHTER, UP)) for sentences in (
            block(f"{verb[0]} [<all>] [<the>] <light> {verb[1]} [{_IN_AREA}] [{_BY_PERCENT}]",
                  f"{verb[0]} [<the>] {{area}} <light> {verb[1]} [{_BY_PERCENT}]",
                  f"turn {verb[2]} [<all>] [<the>] <light> [{_IN_AREA}] [{_BY_PERCENT}]",
                  f"turn [<all>] [<the>] <light> {verb[2]} [{_IN_AREA}] [{_BY_PERCENT}]",
                  f"turn {verb[2]} [<the>] {{area}} <light> [{_BY_PERCENT}]", slots=LIGHTS | way),
            block(f"{verb[0]} [<the>] {{name}} {verb[1]} [{_BY_PERCENT}]", f"turn {verb[2]} [<the>] {{name}} [{_BY_PERCENT}]",
                  slots=way, only="light"),
        )),
    ],
    "HassClimateSetTemperatureRelative": [
        *(sentences for verb, turn, way in (("(raise|increase)", "up", UP), ("(lower|decrease|reduce)", "down", DOWN))
          for sentences in (
            block(*(f"{said} [a little|a bit] [{_IN_AREA}] [{by}]"
                    for by in ("by {temperature:step}[ degree[s]]", "by (a|one) degree")
                    for said in (f"{verb} ({_HEATING}|the temperature)", f"turn ({_HEATING}|the temperature) {turn}",
                                 f"turn {turn} ({_HEATING}|the temperature)")), slots=HEATING | way),
            block(f"turn {turn} [<the>] {{name}} [by {{temperature:step}}[ degree[s]]]",
                  f"turn [<the>] {{name}} {turn} [by {{temperature:step}}[ degree[s]]]", slots=way, only="climate"),
        )),
    ],
    "HassSetPosition": [
        block(f"(<open>|<close>|<set>) [<all>] [<the>] {{cover_classes:device_class}} [{_IN_AREA}] (halfway|half way)",
              f"(<open>|<close>) [<all>] [<the>] {{cover_classes:device_class}} (halfway|half way) {_IN_AREA}",
              "(<open>|<close>) [<the>] {area} {cover_classes:device_class} (halfway|half way)",
              f"half (open|close) [<the>] {{cover_classes:device_class}} [{_IN_AREA}]", slots=COVERS | HALF),
        block("(<open>|<close>) [<the>] {name} (halfway|half way)", slots=HALF, only="cover"),
        block(f"open [<the>] {{cover_classes:device_class}} [{_IN_AREA}] (a little|a bit|slightly)", slots=COVERS | AJAR),
        block("open [<the>] {name} (a little|a bit|slightly)", slots=AJAR, only="cover"),
    ],
    "HassVacuumStart": [
        block("(start|run) [<the>] (vacuum|vacuum cleaner)", "vacuum", "start (vacuuming|cleaning)", slots=VACUUMS),
    ],
}  # fmt: skip

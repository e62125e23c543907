"""Words for the things of a home: lists, places, numbers and how something stands, agreed with what it is said of.

The catalogue's sentences of the home carry marks that are resolved here: "(e)" for the feminine, "(s)", "(es)", "(x)" for
the plural, "[est|sont]" for one or many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from appliance import spoken_names
from appliance.home import State, Thing
from appliance.messages import catalogue, text
from appliance.spoken_names import with_article

LISTED = 4
"""Names said in a row; of more, the first three and how many others."""
AT = {"extérieur": "à", "terrasse": "sur", "balcon": "sur", "toit": "sur", "palier": "sur", "étage": "à"}
"""Head noun of a place -> French preposition, where it is not "dans"."""
VOWELS = "aàâeéèêëiîïoôuûyœ"
MARKS = re.compile(r"\((e|s|es|x)\)|\[([^|\]]*)\|([^\]]*)\]")


def agreed(sentence: str, *, feminine: bool = False, many: bool = False) -> str:
    """Return a sentence with its marks resolved: "[est|sont] ouvert(e)(s)" -> "sont ouvertes"."""

    def resolve(mark: re.Match[str]) -> str:
        if mark[1] is None:
            return str(mark[3] if many else mark[2])
        return mark[1] if (feminine if mark[1] == "e" else many) else ""

    return MARKS.sub(resolve, sentence)


def capitalized(sentence: str) -> str:
    """Return a sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: Sequence[str], language: str) -> str:
    """Return names as one enumerates them: "A, B et C"; of many, the first and the number of the others."""
    if len(names) > LISTED:
        names = [*names[: LISTED - 1], text("home-others", language, count=len(names) - LISTED + 1)]
    if len(names) == 1:
        return names[0]
    return text("home-and", language, first=", ".join(names[:-1]), last=names[-1])


def said(things: Sequence[Thing], language: str, among: Iterable[Thing] = ()) -> str:
    """Return things as one speaks of them: "la lampe et le volet"; with the room, where another room has the same name."""
    rooms: dict[str, set[str]] = {}
    for thing in (*things, *among):
        rooms.setdefault(thing.name, set()).add(thing.area)
    spoken = []
    for thing in things:
        room = belonging(thing.area, "", language) if len(rooms[thing.name]) > 1 else ""
        spoken.append(with_article(thing.name, language) + room)
    return listed(spoken, language)


def group(count: int, noun: tuple[str, str], area: str, floor: str, language: str) -> str:
    """Return several things of a kind as one: "les 3 lumières du salon"."""
    place = belonging(area, floor, language)
    return text("home-group", language, count=count, kind=kind(*noun, language, count=count), place=place)


def belonging(area: str, floor: str, language: str) -> str:
    """Return " du salon", " in the living room", with the space before it; "" for everywhere."""
    if language != "fr" or not (area or floor):
        return where(area, floor, language)
    return " " + _contracted("de", with_article(area or floor, language))


def feminine(things: Sequence[Thing]) -> bool:
    """Tell whether the words about all of them take the feminine."""
    return all(spoken_names.feminine(thing.name) for thing in things)


def many(things: Sequence[Thing], language: str) -> bool:
    """Tell whether the words about them take the plural."""
    return len(things) > 1 or any(_is_plural(thing.name, language) for thing in things)


def _is_plural(name: str, language: str) -> bool:
    if language == "fr":
        return spoken_names.plural(name)
    return name.lower().endswith("s") and not name.lower().endswith(("ss", "us", "is"))


def of(spoken: str, language: str) -> str:
    """Return "of" and a name with its article, contracted: "du salon", "des enfants"."""
    return _contracted("de", spoken) if language == "fr" else text("home-of", language, place=spoken)


def _contracted(preposition: str, spoken: str) -> str:
    first, _, rest = spoken.partition(" ")
    whole = {"de le": "du", "de les": "des", "à le": "au", "à les": "aux"}.get(f"{preposition} {first}")
    if whole:
        return f"{whole} {rest}"
    return f"d'{spoken}" if preposition == "de" and spoken[:1].lower() in VOWELS else f"{preposition} {spoken}"


def where(area: str, floor: str, language: str) -> str:
    """Return " dans le salon", " au premier étage" (with the space before it); "" for everywhere."""
    if not (area or floor):
        return ""
    spoken = with_article(area or floor, language)
    if language != "fr":
        return " " + text("home-in" if area else "home-on", language, place=spoken)
    head = next((word for word in re.split(r"[\s'’]+", spoken.lower()) if word in AT), "")
    preposition = AT.get(head, "dans" if area else "à")
    return " " + _contracted(preposition, spoken)


def number(value: object, language: str) -> str:
    """Return a number as one writes it ("21,5"), with no more digits than one would say; other values as they are."""
    try:
        amount = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)
    if amount != amount or amount in (float("inf"), float("-inf")):
        return str(value)
    written = f"{amount:.{1 if abs(amount) >= 1 else 2}f}".rstrip("0").rstrip(".")
    written = "0" if written in ("-0", "") else written
    return written.replace(".", ",") if language == "fr" else written


def kind(domain: str, device_class: str, language: str, *, count: int = 1) -> str:
    """Return the noun of a kind of thing: "volet", "lumières"."""
    return agreed(text(_kind_key(domain, device_class), language), many=count > 1)


def kind_feminine(domain: str, device_class: str) -> bool:
    """Tell whether that noun is feminine in French."""
    return spoken_names.feminine(kind(domain, device_class, "fr"))


def _kind_key(domain: str, device_class: str) -> str:
    keys = (f"home-kind-{name.replace('_', '-')}" for name in (device_class, domain))
    return next((key for key in keys if key in catalogue()), "home-kind-thing")


def none_of(domain: str, device_class: str, language: str) -> str:
    """Return a kind of thing as one denies it: "de volet", "d'auvent"."""
    noun = kind(domain, device_class, language)
    return _contracted("de", noun) if language == "fr" else noun


def adjective(state: str, language: str, things: Sequence[Thing]) -> str:
    """Return the word for a state, agreed with the things: "ouvertes"."""
    return agreed(text(_state_key(state), language), feminine=feminine(things), many=many(things, language))


def _state_key(state: str) -> str:
    key = f"home-state-{state.replace('_', '-')}"
    return key if key in catalogue() else ""


def _predicate_key(thing: Thing, state: State) -> str:
    key = f"home-senses-{thing.device_class.replace('_', '-')}-{state.value}"
    return key if thing.domain == "binary_sensor" and key in catalogue() else ""


def stands(thing: Thing, state: State, language: str) -> str:
    """Return a sentence about how a thing stands, as it follows a "yes": "la porte d'entrée est verrouillée"."""
    forms = {"feminine": feminine([thing]), "many": many([thing], language)}
    name = said([thing], language)
    if trouble := ignorance(thing, state, language):
        return trouble
    if thing.domain == "sensor" or state.value in ("", "unknown"):
        return _measured(thing, state, language)
    if key := _predicate_key(thing, state):
        return f"{name} {agreed(text(key, language), **forms)}."
    if not _state_key(state.value):
        return text("home-says", language, thing=name, value=state.value)
    is_so = agreed(text("home-is", language), **forms)
    detail = agreed(_detail(thing, state, language), **forms)
    return f"{name} {is_so} {adjective(state.value, language, [thing])}{detail}."


def ignorance(thing: Thing, state: State, language: str) -> str:
    """Return why nothing can be said of a thing; "" where something can."""
    forms = {"feminine": feminine([thing]), "many": many([thing], language)}
    if not answers(state):
        return agreed(capitalized(text("home-silent", language, things=said([thing], language))), **forms)
    if state.value in ("", "unknown") and "current_temperature" not in state.attributes:
        return agreed(text("home-unknown", language, thing=said([thing], language)), **forms)
    return ""


def answers(state: State) -> bool:
    """Tell whether a thing is there, as far as anyone said."""
    return state.available and state.value != "unavailable"


def degrees(thing: Thing, value: object, language: str) -> str:
    """Return a temperature as one says it: "21,5 degrés"."""
    return celsius(value, language) if thing.unit in ("", "°C") else f"{number(value, language)} {thing.unit}"


def celsius(value: object, language: str) -> str:
    """Return degrees as one says them at home: "21,5 degrés", "1 degree"."""
    amount = number(value, language)
    small = abs(float(amount.replace(",", "."))) if re.fullmatch(r"-?\d+([.,]\d+)?", amount) else 2
    return agreed(text("home-celsius", language, value=amount), many=small >= 2 if language == "fr" else small != 1)


def reads(thing: Thing, value: str, language: str) -> str:
    """Return what a thing measures: "la température est de 8 °C", "le capteur indique 45 %"."""
    words = thing.name.lower().split()
    is_amount = words[0 if language == "fr" else -1] in text("home-quantities", language).split()
    key = "home-amounts" if is_amount else "home-reads"
    return agreed(text(key, language, thing=said([thing], language), value=value), many=many([thing], language))


def _measured(thing: Thing, state: State, language: str) -> str:
    if state.value in ("", "unknown"):
        return reads(thing, degrees(thing, state.attributes["current_temperature"], language), language)
    value = number(state.value, language)
    return reads(
        thing, celsius(state.value, language) if thing.unit == "°C" else f"{value} {thing.unit}".strip(), language
    )


def _with_unit(thing: Thing, key: str, value: object, language: str) -> str:
    return degrees(thing, value, language) if key in ("home-set-to", "home-measures") else number(value, language)


DETAILS: Mapping[str, Mapping[str, str]] = {
    "light": {"brightness_percent": "home-at-percent"},
    "cover": {"position": "home-at-percent"},
    "fan": {"percentage": "home-at-percent"},
    "climate": {"temperature": "home-set-to", "current_temperature": "home-measures"},
    "media_player": {"volume_percent": "home-at-volume", "media_title": "home-plays"},
}
RESTING = ("off", "closed", "opening", "closing")
"""States in which what a thing is set to does not matter."""


def _detail(thing: Thing, state: State, language: str) -> str:
    details = DETAILS.get(thing.domain, {})
    if state.value in RESTING:
        details = {name: key for name, key in details.items() if name == "current_temperature"}
    given = {key: state.attributes[name] for name, key in details.items() if name in state.attributes}
    whole = state.value in ("on", "open") and thing.domain in ("light", "cover", "fan")
    return "".join(
        text(key, language, value=_with_unit(thing, key, value, language))
        for key, value in given.items()
        if not (whole and str(value) in ("100", "100.0"))
    )

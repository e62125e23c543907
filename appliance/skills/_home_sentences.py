"""What people also say to a home, beside what home-assistant-intents knows: the same intents, slots and responses, in its
own way of writing sentences and with its expansion rules."""

from __future__ import annotations

from typing import Any

_COVERS = {"domain": "cover"}
_LIGHTS = {"domain": "light"}
_LOCKS = {"domain": "lock"}
_GARAGES = {"domain": "cover", "device_class": "garage"}


def _block(*sentences: str, slots: dict[str, str] | None = None, only: str = "", response: str = "default") -> Any:
    """Return sentences; `only`: of names in this domain."""
    context = {"requires_context": {"domain": [only]}} if only else {}
    return {"sentences": list(sentences), "slots": slots or {}, "response": response} | context


def _locks(verb: str) -> tuple[str, ...]:
    """Return how one speaks of all locks, or of those of an area or floor."""
    locks = f"{verb} [<tous>] [<le>]<serrure>"
    places = (f"[<dans>] [<le>]{{{place}}}" for place in ("area", "floor"))
    return (
        f"{verb} [<tous>] [<le>]<serrure>",
        *(s for place in places for s in (f"{verb} {place}", f"{locks} {place}")),
    )


def _garages(verb: str) -> tuple[str, ...]:
    return (f"{verb} [<le>][porte[s] (de|du) ]garage",)


MORE: dict[str, dict[str, list[Any]]] = {
    "fr": {
        "HassTurnOn": [
            _block("(ferme|fermer|fermez) [<le>]{name} à (clé|clef)", only="lock", response="lock"),
            _block("(<allume>|<eclaire>) <tous> [<le>]<lumiere>",
                   "(<allume>|<eclaire>) [<completement>] [<tous>] [<le>]<lumiere> <partout>",
                   "<eclaire> [<completement>] <partout>", slots=_LIGHTS),
            _block(*_locks("<verrouille>"), slots=_LOCKS, response="lock"),
            _block(*_garages("<ouvre>"), slots=_GARAGES, response="cover"),
        ],
        "HassTurnOff": [
            _block(*_locks("<deverrouille>"), slots=_LOCKS, response="lock"),
            _block(*_garages("<ferme>"), slots=_GARAGES, response="cover"),
        ],
        "HassLightSet": [
            _block("<regle> [<le>]{name} (à|en|sur) [une] <temperature_couleur> [de] {color_temperature:temperature}[<kelvin>]",
                   "<regle> [<le>]{name} (à|en|sur) [une] <temperature_couleur> [de] {color_temperature_names:temperature}",
                   only="light", response="temperature"),
        ],
        "HassVacuumReturnToBase": [
            _block("(<envoie>|<renvoie>|ramène) [<le>]{name} à (la|sa) base", "{name} [retourne|rentre|va] à (la|ta|sa) base",
                   only="vacuum"),
        ],
        "HassClimateGetTemperature": [
            _block(
                "<quel> température fait-il [<dans> [<le>]{area}]",
                "il fait combien [<dans> [<le>]{area}]",
                "(il fait|fait-il) (chaud|froid|bon) [<dans> [<le>]{area}]",
            ),
            _block("<quel> est la température (dehors|extérieure)", "<quel> température (fait-il|il fait) dehors",
                   "il fait combien dehors", "(il fait|fait-il) (chaud|froid|bon) dehors", slots={"outdoors": "yes"}),
        ],
        "HassClimateSetTemperature": [
            _block(
                "(<regle>|monte|baisse|augmente|diminue) [<le>](chauffage|thermostat|radiateur|clim|climatisation) "
                "[<dans> [<le>]{area}] (à|sur) {temperature}[<degres>]",
                "(<regle>|monte|baisse) la température [<dans> [<le>]{area}] (à|sur) {temperature}[<degres>]",
            ),
        ],
        "HassGetState": [
            _block("[<le>]{name} <estil> fermé[e][s]", slots={"state": "closed"}, only="lock", response="one_yesno"),
            _block("[<le>]{name} <estil> ouvert[e][s]", slots={"state": "open"}, only="lock", response="one_yesno"),
            _block("<quel> est (l'état|l'etat) (du|des|de la|de l'|de) {name}", "dans quel état est [<le>]{name}",
                   response="one"),
            _block("<yatil> (un|une) {cover_classes:device_class} {cover_states:state} [<dans> [<le>]{area}]",
                   "<yatil> (un|une) {cover_classes:device_class} {cover_states:state} [<dans> [<le>]{floor}]",
                   slots=_COVERS, response="any"),
            _block("<yatil> (une|de la) <lumiere> {on_off_states:state} [<dans> [<le>]{area}]",
                   "<yatil> (une|de la) <lumiere> {on_off_states:state} [<dans> [<le>]{floor}]",
                   slots=_LIGHTS, response="any"),
            _block("<le><lumiere> <dans> [<le>]{area} <estil> {on_off_states:state}",
                   "<le><lumiere> <dans> [<le>]{area} (est|sont) {on_off_states:state}",
                   slots=_LIGHTS, response="any"),
            _block("<le>{cover_classes:device_class} <dans> [<le>]{area} (est|sont) {cover_states:state}",
                   "<le>{cover_classes:device_class} <dans> [<le>]{area} <estil> {cover_states:state}",
                   "<le>{cover_classes:device_class} (est|sont) {cover_states:state}",
                   slots=_COVERS, response="all"),
        ],
    },
    "en": {
        "HassLightSet": [
            _block("[<set>] [<the>] {area} <light> [color] [to] {color}", slots=_LIGHTS, response="color"),
            _block("[<numeric_value_set>|dim|brighten] [<the>] {area} <light> [brightness] [to] {brightness}[([ ]%)| percent]",
                   slots=_LIGHTS, response="brightness"),
        ],
        "HassClimateGetTemperature": [
            _block("how (warm|cold|hot) is it (outside|outdoors)", "what is the temperature (outside|outdoors)",
                   "what's the temperature (outside|outdoors)", slots={"outdoors": "yes"}),
        ],
        "HassClimateSetTemperature": [
            _block("(set|turn up|turn down|turn) [the] (heating|thermostat) [up|down] to {temperature}[ degrees]"),
        ],
        "HassGetState": [
            _block("(is|are) [the] light[s] (in|of) [the] {area} {on_off_states:state}",
                   "(is|are) [the] {area} light[s] {on_off_states:state}", slots=_LIGHTS, response="any"),
        ],
    },
}  # fmt: skip

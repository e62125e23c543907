"""What people also say to a home in French, beside what home-assistant-intents knows: in its own way of writing sentences
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
    LOCKS,
    SHADES,
    UP,
    VACUUMS,
    block,
)

_IN_AREA = "<dans> [<le>]{area}"
_HEATING = "[<le>](chauffage|thermostat|radiateur[s]|clim|climatisation|climatiseur)"
_STOP = "(stop|stoppe|stopper|arrête|arrêter|immobilise)"
_OFF = "(éteins|éteint|éteindre|coupe|couper)"
_DIM = "(<diminue>|tamise|tamiser|réduis|réduire|atténue|atténuer)"
_FULL = "(à fond|au max|au maximum|à pleine puissance)"
_BY_PERCENT = "de {brightness:step}<pourcent>"


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


MORE: dict[str, list[Any]] = {
    "HassTurnOn": [
        block("(ferme|fermer|fermez) [<le>]{name} à (clé|clef)", only="lock", response="lock"),
        block("(<allume>|<eclaire>) <tous> [<le>]<lumiere>",
               "(<allume>|<eclaire>) [<completement>] [<tous>] [<le>]<lumiere> <partout>",
               "<eclaire> [<completement>] <partout>", slots=LIGHTS),
        block(*_locks("<verrouille>"), slots=LOCKS, response="lock"),
        block(*_garages("<ouvre>"), slots=GARAGES, response="cover"),
        block(f"(<allume>|rallume|rallumer|mets|mettre|remets|remettre) {_HEATING} [{_IN_AREA}]", slots=HEATING),
        block(f"(rallume|rallumer) [<tous>] [<le>]<lumiere> [{_IN_AREA}]", slots=LIGHTS),
        block("(rallume|rallumer) [<le>]{name}", only="light,switch,fan,media_player,climate"),
        block("(ferme|fermer) [<le>]{name}", only="lock", response="lock"),
        block("(<ouvre>) [<tous>] [<le>]{cover_classes:device_class} <partout>", slots=COVERS, response="cover"),
        block("(ouvre|ouvrir) tout [<partout>]", slots=SHADES | HOME, response="everything"),
        block(f"(ouvre|ouvrir) tout {_IN_AREA}", slots=SHADES, response="everything"),
    ],
    "HassTurnOff": [
        block(*_locks("<deverrouille>"), slots=LOCKS, response="lock"),
        block(*_garages("<ferme>"), slots=GARAGES, response="cover"),
        block(f"<eteins> {_HEATING} [{_IN_AREA}]", slots=HEATING),
        block("(ouvre|ouvrir) [<le>]{name}", only="lock", response="lock"),
        block("(<ferme>) [<tous>] [<le>]{cover_classes:device_class} <partout>", slots=COVERS, response="cover"),
        block("(ferme|fermer) tout [<partout>]", slots=SHADES | HOME, response="everything"),
        block(f"(ferme|fermer) tout {_IN_AREA}", slots=SHADES, response="everything"),
        block(f"{_OFF} tout [<partout>]", slots=CURRENT | HOME, response="everything"),
        block(f"{_OFF} tout <ici>", slots=CURRENT, response="everything"),
        block(f"{_OFF} tout {_IN_AREA}", f"{_OFF} tout <dans> [<le>]{{floor}}", slots=CURRENT, response="everything"),
    ],
    "HassLightSet": [
        block("<regle> [<le>]{name} (à|en|sur) [une] <temperature_couleur> [de] {color_temperature:temperature}[<kelvin>]",
               "<regle> [<le>]{name} (à|en|sur) [une] <temperature_couleur> [de] {color_temperature_names:temperature}",
               only="light", response="temperature"),
        block(f"(<allume>|<regle>) [<tous>] [<le>](<lumiere>|luminosité) [{_IN_AREA}] {_FULL}",
              f"(<allume>|<regle>) [<tous>] [<le>](<lumiere>|luminosité) {_FULL} [{_IN_AREA}]",
              slots=LIGHTS | {"brightness": "100"}, response="brightness"),
        block(f"(<allume>|<regle>) [<le>]{{name}} {_FULL}", slots={"brightness": "100"}, only="light", response="brightness"),
    ],
    "HassVacuumReturnToBase": [
        block("(<envoie>|<renvoie>|ramène) [<le>]{name} à (la|sa) base", "{name} [retourne|rentre|va] à (la|ta|sa) base",
               only="vacuum"),
    ],
    "HassClimateGetTemperature": [
        block(
            "<quel> température fait-il [<dans> [<le>]{area}]",
            "il fait combien [<dans> [<le>]{area}]",
            "(il fait|fait-il) (chaud|froid|bon) [<dans> [<le>]{area}]",
        ),
        block("<quel> est la température (dehors|extérieure)", "<quel> température (fait-il|il fait) dehors",
               "il fait combien dehors", "(il fait|fait-il) (chaud|froid|bon) dehors", slots={"outdoors": "yes"}),
        block("<quel> température (il fait|il y a|on a|y a-t-il) [<dans> [<le>]{area}]"),
    ],
    "HassClimateSetTemperature": [
        block(
            "(<regle>|monte|baisse|augmente|diminue) [<le>](chauffage|thermostat|radiateur|clim|climatisation) "
            "[<dans> [<le>]{area}] (à|sur) {temperature}[<degres>]",
            "(<regle>|monte|baisse) la température [<dans> [<le>]{area}] (à|sur) {temperature}[<degres>]",
        ),
        block(f"(<regle>|monte|baisse|augmente|diminue) {_HEATING} (à|sur) {{temperature}}[<degres>] {_IN_AREA}",
              f"(<regle>|monte|baisse) la température (à|sur) {{temperature}}[<degres>] {_IN_AREA}"),
    ],
    "HassGetState": [
        block("[<le>]{name} <estil> fermé[e][s]", slots={"state": "closed"}, only="lock", response="one_yesno"),
        block("[<le>]{name} <estil> ouvert[e][s]", slots={"state": "open"}, only="lock", response="one_yesno"),
        block("<quel> est (l'état|l'etat) (du|des|de la|de l'|de) {name}", "dans quel état est [<le>]{name}",
               response="one"),
        block("<yatil> (un|une) {cover_classes:device_class} {cover_states:state} [<dans> [<le>]{area}]",
               "<yatil> (un|une) {cover_classes:device_class} {cover_states:state} [<dans> [<le>]{floor}]",
               slots=COVERS, response="any"),
        block("<yatil> (une|de la) <lumiere> {on_off_states:state} [<dans> [<le>]{area}]",
               "<yatil> (une|de la) <lumiere> {on_off_states:state} [<dans> [<le>]{floor}]",
               slots=LIGHTS, response="any"),
        block("<le><lumiere> <dans> [<le>]{area} <estil> {on_off_states:state}",
               "<le><lumiere> <dans> [<le>]{area} (est|sont) {on_off_states:state}",
               slots=LIGHTS, response="any"),
        block("<le>{cover_classes:device_class} <dans> [<le>]{area} (est|sont) {cover_states:state}",
               "<le>{cover_classes:device_class} <dans> [<le>]{area} <estil> {cover_states:state}",
               "<le>{cover_classes:device_class} (est|sont) {cover_states:state}",
               slots=COVERS, response="all"),
        block("<le>[porte[s] (de|du) ]garage (est|sont) {cover_states:state}",
              "<le>[porte[s] (de|du) ]garage <estil> {cover_states:state}", slots=GARAGES, response="all"),
        block(f"{_HEATING} [{_IN_AREA}] (est|sont) {{on_off_states:state}} [{_IN_AREA}]",
              f"{_HEATING} [{_IN_AREA}] <estil> {{on_off_states:state}}", slots=HEATING, response="any"),
        block("[<le>]{name} (est|sont) {on_off_states:state} [<dans> [<le>]{area}]",
              "[<le>]{name} <estil> {on_off_states:state} [<dans> [<le>]{area}]",
              only="media_player,climate,light,switch,fan", response="one_yesno"),
        block("(où|ou) (est|en est|se trouve) [<le>]{name}", "[<le>]{name} est où", only="vacuum", response="one"),
        block("(où|ou) (est|en est|se trouve) (l'|le |mon )(aspirateur|robot)", "(l'|le )(aspirateur|robot) est où",
              slots=VACUUMS, response="one"),
    ],
    "HassStopMoving": [
        block(f"{_STOP} [<tous>] [<le>]{{cover_classes:device_class}} [{_IN_AREA}]", slots=COVERS),
        block(f"{_STOP} [<tous>] [<le>]{{cover_classes:device_class}} <dans> [<le>]{{floor}}",
              f"{_STOP} [<tous>] [<le>]{{cover_classes:device_class}} <partout>", slots=COVERS),
        block(f"{_STOP} <le>[porte (de|du) ]garage", slots=GARAGES),
        block(f"{_STOP} [<le>]{{name}} [{_IN_AREA}]", only="cover"),
    ],
    "HassLightSetRelative": [
        *(sentences for verb, way in (("(<augmente>|rehausse|rehausser)", UP), (_DIM, DOWN)) for sentences in (
            block(f"{verb} [un peu] [<tous>] [<le>](<lumiere>|luminosité) [{_IN_AREA}] [{_BY_PERCENT}]",
                  f"{verb} [un peu] [<tous>] [<le>](<lumiere>|luminosité) [{_BY_PERCENT}] {_IN_AREA}", slots=LIGHTS | way),
            block(f"{verb} [un peu] [(la|l')][(luminosité|intensité) (de|du|des) ][<le>]{{name}} [{_BY_PERCENT}]",
                  slots=way, only="light"),
        )),
        block(f"[mets] (plus|un peu plus) de lumière [{_IN_AREA}]", slots=LIGHTS | UP),
        block(f"[mets] (moins|un peu moins) de lumière [{_IN_AREA}]", slots=LIGHTS | DOWN),
    ],
    "HassClimateSetTemperatureRelative": [
        *(sentences for verb, way in (("<augmente>", UP), ("<diminue>", DOWN)) for sentences in (
            block(f"{verb} [un peu] ({_HEATING}|la température) [{_IN_AREA}] [de {{temperature:step}}[<degres>]]",
                  f"{verb} [un peu] ({_HEATING}|la température) de {{temperature:step}}[<degres>] {_IN_AREA}",
                  f"{verb} ({_HEATING}|la température) [{_IN_AREA}] d'un<degres>",
                  f"{verb} ({_HEATING}|la température) d'un<degres> {_IN_AREA}", slots=HEATING | way),
            block(f"{verb} [un peu] [<le>]{{name}} [de {{temperature:step}}[<degres>]]", f"{verb} [<le>]{{name}} d'un<degres>",
                  slots=way, only="climate"),
        )),
    ],
    "HassSetPosition": [
        *(sentences for verb, how, place in (
            ("(<ouvre>|<ferme>|<regle>)", "(à moitié|à demi|à mi-hauteur|à mi-course)", HALF),
            ("(entrouvre|entrouvrir|entrebâille|entrebâiller)", "[un peu]", AJAR),
        ) for sentences in (
            block(f"{verb} [<tous>] [<le>]{{cover_classes:device_class}} [{_IN_AREA}] {how}",
                  f"{verb} [<tous>] [<le>]{{cover_classes:device_class}} {how} [{_IN_AREA}]", slots=COVERS | place),
            block(f"{verb} [<le>]{{name}} {how}", slots=place, only="cover"),
        )),
    ],
    "HassVacuumStart": [
        block("(passe|passer|lance|lancer|démarre|démarrer) (l'|le |un coup d')aspirateur [robot]", slots=VACUUMS),
    ],
    "HassVacuumCleanArea": [
        block(f"(passe|passer|lance|lancer|démarre|démarrer) (l'|le |un coup d')aspirateur [robot] {_IN_AREA}", slots=VACUUMS),
    ],
}  # fmt: skip

"""`grillon understand TEXT`: what the box makes of a sentence, and why. Nothing is done, and no model is needed."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import typer

from appliance import commands
from appliance.commands import Json, option, say
from appliance.errors import InputError
from appliance.understand import APART, APART_SHARE, DOUBTFUL, DOUBTFUL_APART, NEAR, SURE, WORD, Understood

_CONFIDENCE = typer.Option("--confidence", help=say("help-understand-confidence"), min=0.0, max=1.0, metavar="0.6")


def understand(
    words: Annotated[str, typer.Argument(help=say("help-understand-text"), metavar="TEXTE", show_default=False)],
    reading: Annotated[list[str] | None, option("understand-reading", "--reading", metavar="TEXTE")] = None,
    confidence: Annotated[float, _CONFIDENCE] = SURE,
    as_json: Json = False,
) -> None:
    """Show the verdict, the meaning, the nearest sentences and the reason."""
    text = commands.readable(words).strip()
    if not text:
        raise InputError("text-empty")
    readings = [commands.readable(other).strip() for other in reading or ()]
    found = asyncio.run(_understood(text, readings, confidence))
    if as_json:
        typer.echo(json.dumps(_told(found), ensure_ascii=False))
    else:
        for line in _lines(found):
            commands.out.print(line, markup=False)
    raise typer.Exit(commands.NOT_UNDERSTOOD if found.verdict == "none" else commands.OK)


async def _understood(text: str, readings: list[str], confidence: float) -> Understood:
    settings = commands.settings()
    async with commands.loaded_box(settings, need=()) as box:
        understanding = box.mind.answerer.understanding(settings.language)
        understanding.compile()  # at the start of the box, and thus not part of the milliseconds
        return understanding.understand(text, readings, confidence)


def why(found: Understood) -> str:
    """Return the reason of a verdict, with the limits, in the person's language."""
    distance = found.distance
    apart = (found.runner_up_distance if found.runner_up else 1.0) - distance
    needed = APART + APART_SHARE * distance if distance <= NEAR else DOUBTFUL_APART
    limits = {"distance": _number(distance), "apart": _number(apart), "needed": _number(needed)}
    if found.verdict == "exact":
        return say("why-exact")
    if not found.sentence:
        return say("why-nothing")
    if found.verdict == "near":
        return say("why-near", limit=_number(NEAR), **limits)
    if distance > DOUBTFUL:
        return say("why-far", limit=_number(DOUBTFUL), **limits)
    if found.verdict == "none" and distance <= NEAR:
        return say("why-explains")
    if apart < needed:
        return say("why-rival", **limits)
    if found.verdict == "doubtful" and distance > NEAR:
        return say("why-between", near=_number(NEAR), limit=_number(DOUBTFUL), **limits)
    return say("why-word", limit=_number(WORD))


def _told(found: Understood) -> dict[str, Any]:
    match = found.match
    return {
        "text": found.heard,
        "verdict": found.verdict,
        "skill": match.skill if match else None,
        "intent": match.intent if match else None,
        "slots": match.slots if match else {},
        "sentence": found.sentence,
        "distance": found.distance,
        "runner_up": found.runner_up,
        "runner_up_distance": found.runner_up_distance,
        "why": why(found),
        "ms": round(found.seconds * 1000, 1),
    }


def _lines(found: Understood) -> list[str]:
    lines = [_verdict(found)]
    if found.match:
        slots = ", ".join(f"{slot} = {value}" for slot, value in found.match.slots.items())
        lines.append(say("understood-match", skill=found.match.skill, intent=found.match.intent, slots=slots).rstrip())
    if found.sentence:
        lines.append(say("understood-sentence", sentence=found.sentence, distance=_number(found.distance)))
    if found.runner_up:
        lines.append(say("understood-runner-up", sentence=found.runner_up, distance=_number(found.runner_up_distance)))
    return [*lines, say("understood-why", why=why(found)), say("understood-time", ms=round(found.seconds * 1000))]


def _verdict(found: Understood) -> str:
    return say(f"understood-{found.verdict}")


def _number(value: float) -> str:
    """Return a distance as it is written in the person's language."""
    written = f"{value:.3f}"
    return written.replace(".", ",") if commands.language() == "fr" else written

"""Facts (events, past tense) and wishes (commands, imperative): the vocabulary of the box.

Both are frozen, slotted dataclasses that hold plain JSON values only, so that one encoder (wire.py) serves the MQTT bus,
the log, the debug page and the golden tests. A reflection test round-trips every class found here.

`t` is audio time in seconds: samples heard by the room's ear / 16000, never a wall clock, so that a recording replays
exactly. Events that belong to no turn have an empty `turn_id`; events of the whole box have an empty `room`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.wishes import (
    Act as Act,
    Approve as Approve,
    Ask as Ask,
    Command as Command,
    Listen as Listen,
    Mute as Mute,
    Refuse as Refuse,
    Ring as Ring,
    Say as Say,
    SetVolume as SetVolume,
    Stop as Stop,
    Unmute as Unmute,
    Waiting as Waiting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""

    room: str = ""
    turn_id: str = ""
    t: float = 0.0
    """Audio time of the room, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxStarted(Event):
    """Every part is loaded; the box listens."""

    version: str
    language: str
    rooms: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxStopped(Event):
    """The daemon ends in an orderly way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged(Event):
    """A room's session moved to another state."""

    state: str
    """asleep | listening | thinking | speaking"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeDetected(Event):
    """A wake word was heard."""

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStarted(Event):
    """A turn began."""

    trigger: str
    """wake | listen | ask | say | follow-up | later | ring"""
    command_id: str = ""
    """The command that asked for it, where one did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted(Event):
    """Someone began to speak in this turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechEnded(Event):
    """The utterance is over."""

    reason: str
    """silence | too_long | end_of_audio"""
    seconds: float
    """Length of the utterance that goes to recognition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingHeard(Event):
    """Nobody spoke within the limit, or nothing intelligible was said."""

    reason: str
    """no_speech | empty"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed(Event):
    """What was recognised."""

    text: str
    language: str
    confidence: float
    """0 to 1, geometric mean of token probability."""
    seconds: float
    """Time that recognition took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentMatched(Event):
    """A skill took the sentence."""

    skill: str
    intent: str
    slots: dict[str, str | int | float]
    how: str = "exact"
    """exact | near (by its sound) | model (chosen by the language model) | asked (the person said yes to it)"""
    distance: float = 0.0
    """How far what was heard is from the sentence, with "near"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentMissed(Event):
    """No skill took the sentence; it goes on to knowledge and the language model."""

    nearest: str = ""
    """What could be said that sounds most like it; "" where nothing does."""
    distance: float = 0.0
    """How far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceReady(Event):
    """A piece of the answer is ready to be spoken."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingStarted(Event):
    """The first sound of the answer left for the loudspeaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingEnded(Event):
    """The loudspeaker is silent again."""

    seconds: float
    """Seconds of speech that were heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted(Event):
    """An answer was cut short."""

    by: str
    """stop, or what began instead: wake | listen | ask | say | later | ring"""
    heard: str
    """The part of the answer that had been spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Event):
    """The whole answer of a turn, as text."""

    text: str
    by: str
    """skill:<name> | llm | box (apologies, `say`)"""
    sources: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded(Event):
    """The turn is over, whatever happened."""

    outcome: str
    """answered | nothing_heard | stopped | interrupted | failed"""
    timing_ms: dict[str, float]
    """Milliseconds by stage, wall clock: stt, intent, llm_first_token, llm_first_clause, tts_first_chunk, answer, total..."""
    command_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    """Expected trouble, or a payload that was refused."""

    stage: str
    code: str
    message: str
    """One sentence in the box's language."""
    command_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDone(Event):
    """A command was carried out; correlates with its id."""

    command: str
    command_id: str
    result: dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteChanged(Event):
    """Capture was cut, or given back."""

    muted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeChanged(Event):
    """The loudness of the voice changed."""

    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneLost(Event):
    """The room's microphone does not deliver any more."""

    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrophoneFound(Event):
    """The room's microphone delivers again."""

    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineDied(Event):
    """An engine's process ended by itself or was killed; it is being started again."""

    role: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReady(Event):
    """An engine is loaded."""

    role: str
    engine: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerLost(Event):
    """The MQTT broker does not answer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerFound(Event):
    """The MQTT broker is connected."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone(Event):
    """An action was carried out; one event each."""

    domain: str
    service: str
    target: str
    level: int
    path: str
    """How the wish came in: voice | keyboard | text | mqtt | page | timer"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRefused(Event):
    """A wish was not carried out: it may not be, it was refused, it was not confirmed in time, or it failed."""

    reason: str
    """unknown | no-factor | refused | expired | dropped | changed | wrong-code | failed"""
    text: str
    """What was wished, in words."""
    level: int
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationWanted(Event):
    """A wish waits for a spoken yes in its room, or for a second factor."""

    request_id: str
    text: str
    """The question."""
    expires_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWanted(Event):
    """A wish waits for a second factor off the voice channel: the command `approve` with the code, or a button."""

    request_id: str
    text: str
    """What is wished, in words."""
    level: int
    expires_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingFound(Event):
    """A thing of the home was announced on the bus, or announced anew with another name, area or kind."""

    thing_id: str
    name: str
    domain: str
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingLost(Event):
    """Whoever had announced a thing took it back."""

    thing_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingChanged(Event):
    """A thing says how it stands now."""

    thing_id: str
    name: str
    state: str
    """on, off, open, locked, 21.5...; empty: unknown."""
    attributes: dict[str, str | int | float | bool] = field(default_factory=dict)
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryRefused(Event):
    """An announcement of a thing was refused; a flood of them is counted, and told in part."""

    topic: str
    message: str
    """Why, in the box's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed(Event):
    """What the events of a timer, alarm, reminder or put-off command have in common; `room` is where it was set."""

    id: str
    what: str
    """timer | alarm | reminder | command"""
    name: str
    """As it was said, "" where it has none."""
    text: str
    """Of a reminder or a command."""
    total_seconds: int
    """As it was set; 0 where it was set for a moment."""
    remaining_seconds: int
    active: bool
    """False while it is paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStarted(Timed):
    """A timer runs, an alarm or a reminder is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerUpdated(Timed):
    """It was paused, resumed, lengthened or shortened, or it comes again at another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerCancelled(Timed):
    """It was called off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFinished(Timed):
    """Its time has come."""

    missed: bool = False
    """True where the box was off then, and tells it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanged(Event):
    """A list (shopping, to do...) has other contents."""

    name: str
    items: list[str]
    """What is still to be had or done."""

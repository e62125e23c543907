"""Speech to text: Whisper on CTranslate2, with a window that fits the utterance.

faster-whisper always shows the encoder 30 s, most of them padding. Here it loads the model and gives features and
tokens, while `encode` and `generate` are called directly, so that a command of 3 s pays for 10. What that costs in words is
bought back, each step chosen by measured word error rate on human and synthetic French commands:

- the window is filled with digital silence before the features are made, as Whisper was trained, and not with zeros after;
- the utterance is looked at slowed by a twelfth: base models miss fewer words of quick, spontaneous speech so;
- unless that look is sure, a second one at the speaker's own speed follows, and the readings of both are weighed together;
- a doubtful result (improbable, repetitive, or taken for no speech) is looked at once more through the full window and
  without the prompt, and the more probable reading stays.

Whisper writes subtitles' credits where nobody speaks: a text that is improbable, or a well-known invention, or an echo of the
prompt over what the model itself takes for no speech, becomes "". Beams are searched without sampling: the same sound
gives the same text. Source: https://github.com/SYSTRAN/faster-whisper, https://opennmt.net/CTranslate2
"""

from __future__ import annotations

import math
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from appliance.audio import RATE, Pcm
from appliance.engines import EngineOptions, Transcription
from appliance.errors import InputError, ModelError

FULL_SECONDS = 30.0
"""The longest that Whisper sees at once."""
WINDOWS_SECONDS = (15.0, FULL_SECONDS)
"""Taken where an utterance does not fit the usual window."""
ROOM_SECONDS = 1.0
"""Silence that must follow an utterance in its window: without any, Whisper loops."""
PIECE_SECONDS, SEARCH_SECONDS, QUIET_SECONDS = 27.0, 10.0, 0.3
"""A longer recording is cut at its quietest QUIET_SECONDS in the last SEARCH_SECONDS of each piece."""
SHORTEST_SECONDS = 0.1
FAINTEST = 33
"""Peak of 1/1000 of full scale: below it there is only the noise of the sound card."""
PROMPT_TOKENS = 220
"""What Whisper has room for before the text."""
TOKENS_A_SECOND, LEAST_TOKENS = 10, 12
"""Nobody speaks faster; bounds what a loop costs."""
MISSING_PENALTY = 0.3
"""Log-probability a token by which a reading that a look lacks is thought to be below that look's last."""
REPETITIVE = 2.4
"""Ratio of compression from which Whisper's authors call a text a loop."""
INVENTED = re.compile(
    r"sous[- ]?titr|amara\.org|radio-canada|merci d.avoir regard|abonnez-vous|n.oubliez pas de vous abonner|"
    r"thank(s| you)( so much| very much)? for watching|subtitles? by|transcribed by|please subscribe|♪|www\.",
    re.IGNORECASE,
)
Samples = npt.NDArray[np.float32]
_LOOP = re.compile(r"\b(\w+\W+\w.{0,40}?)(?:\W+\1){2,}|\b(\w+)(?:\W+\2\b){5,}", re.IGNORECASE)


class Options(EngineOptions):
    """What the owner may set."""

    model: str = "whisper-base"
    """Name in the model catalogue; the folder holds a CTranslate2 Whisper."""
    device: Literal["cpu", "cuda", "auto"] = "cpu"
    compute_type: str = "int8"
    """CTranslate2's name of the arithmetic: int8, int8_float16, float16, float32..."""
    threads: int = Field(0, ge=0, le=64)
    """0: one a physical core, at most four."""
    beam_size: int = Field(5, ge=1, le=10)
    """Readings followed at once."""
    window_seconds: float = Field(10.0, ge=4, le=FULL_SECONDS)
    """What the encoder sees of a short utterance. Time grows with it; below 8 more words are lost."""
    pace: float = Field(0.92, ge=0.8, le=1.2)
    """Speed of the first look, 1 being the speaker's own. At 1 there is no second look."""
    second_look_below: float = Field(0.82, ge=0, le=1)
    """Confidence under which the utterance is looked at again at its own speed. 0: never."""
    doubt_below: float = Field(0.37, ge=0, le=1)
    """Confidence under which the full window is tried, and a text over no speech is dropped."""
    no_speech_above: float = Field(0.6, ge=0, le=1)
    """Probability of no speech from which a doubtful text is dropped."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at an utterance gave: its readings with their mean log-probability a token, best first."""

    readings: dict[str, float]
    no_speech: float

    @property
    def text(self) -> str:
        """The best reading, or ""."""
        return next(iter(self.readings), "")

    @property
    def score(self) -> float:
        """Its mean log-probability a token."""
        return next(iter(self.readings.values()), -math.inf)


class Engine:
    """A loaded Whisper."""

    def __init__(self, options: Options, models: Path) -> None:
        """Load the model. Raises ModelError "model-missing" or "model-broken"; nothing is ever downloaded."""
        folder = models / options.model
        if not all((folder / name).is_file() for name in ("model.bin", "config.json", "tokenizer.json")):
            raise ModelError("model-missing", name=options.model, path=folder)
        # Threads that spin while they wait take the cores from whatever else runs. Read when libgomp is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import ctranslate2
        import soxr
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        try:
            model = WhisperModel(
                str(folder),
                device=options.device,
                compute_type=options.compute_type,
                cpu_threads=options.threads or min(4, physical_cores()),
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError("model-broken", name=options.model, path=folder) from error
        self._options = options
        self._view: Any = ctranslate2.StorageView.from_array
        self._resample: Any = soxr.resample
        self._tokenizer: Any = Tokenizer
        self._loaded: Any = model

    def transcribe(self, pcm: Pcm, language: str, prompt: str = "") -> Transcription:
        """Recognise one utterance of any length (16 kHz int16, shape (n,)). `prompt` biases towards its words.

        `language` is Whisper's code ("fr"). Raises InputError "language-unknown".
        """
        spell = self._spelling(language)
        heard = [self._recognise(piece, spell, prompt) for piece in cut(pcm) if audible(piece)]
        heard = [look for look in heard if look.text]
        if not heard:
            return Transcription("", language, 0.0)
        words = [len(look.text.split()) for look in heard]
        confidence = math.exp(float(np.average([look.score for look in heard], weights=words)))
        text = " ".join(look.text for look in heard)
        others = tuple(heard[0].readings)[1:] if len(heard) == 1 else ()
        return Transcription(text, language, min(1.0, confidence), others)

    def close(self) -> None:
        """Free the model."""
        self._loaded = None

    def _spelling(self, language: str) -> Any:
        """Return the tokenizer for `language`."""
        multilingual = self._loaded.model.is_multilingual
        if language not in (self._loaded.supported_languages if multilingual else ["en"]):
            raise InputError("language-unknown", stage="stt", language=language, model=self._options.model)
        return self._tokenizer(self._loaded.hf_tokenizer, multilingual, task="transcribe", language=language)

    def _recognise(self, pcm: Pcm, spell: Any, prompt: str) -> Look:
        options = self._options
        heard = self._look(pcm, spell, prompt, self._window(pcm, options.pace), options.pace)
        if options.pace != 1 and math.exp(heard.score) < options.second_look_below:
            heard = together(heard, self._look(pcm, spell, prompt, self._window(pcm, 1.0)))
        if self._doubtful(heard):
            full = self._look(pcm, spell, "", FULL_SECONDS)
            if repetitive(heard.text) or full.score > heard.score:
                heard = full
        return Look({}, heard.no_speech) if self._nobody(heard, prompt) else heard

    def _doubtful(self, look: Look) -> bool:
        options = self._options
        improbable = math.exp(look.score) < options.doubt_below
        return improbable or look.no_speech > options.no_speech_above or repetitive(look.text)

    def _nobody(self, look: Look, prompt: str) -> bool:
        """Tell whether the text is Whisper's own and not a speaker's."""
        options, certainty = self._options, math.exp(look.score)
        if not any(character.isalnum() for character in look.text) or repetitive(look.text):
            return True
        if look.no_speech > options.no_speech_above and certainty < options.second_look_below:
            return True
        echo = bool(prompt) and bare(look.text) in bare(prompt) and look.no_speech > options.no_speech_above / 2
        return echo or (bool(INVENTED.search(look.text)) and (look.no_speech > 0.1 or certainty < 0.7))

    def _window(self, pcm: Pcm, pace: float) -> float:
        needed = len(pcm) / RATE / pace + ROOM_SECONDS
        sizes = (self._options.window_seconds, *WINDOWS_SECONDS)
        return next((size for size in sizes if size >= needed), FULL_SECONDS)

    def _look(self, pcm: Pcm, spell: Any, prompt: str, window_seconds: float, pace: float = 1.0) -> Look:
        """Encode the utterance in its window, slowed by `pace`, and search its readings."""
        samples: Samples = pcm.astype(np.float32) / np.float32(32768)
        if pace != 1:
            samples = self._resample(samples, RATE, RATE / pace)
        start = [*spell.sot_sequence, spell.no_timestamps]
        if prompt:
            start = [spell.sot_prev, *spell.encode(" " + prompt.strip())[:PROMPT_TOKENS], *start]
        longest = LEAST_TOKENS + int(len(pcm) / RATE * TOKENS_A_SECOND)
        found = self._loaded.model.generate(
            self._loaded.model.encode(self._view(self._features(samples, window_seconds)[None])),
            [start],
            beam_size=self._options.beam_size,
            num_hypotheses=self._options.beam_size,
            max_length=min(self._loaded.max_length, len(start) + longest),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        readings: dict[str, float] = {}
        for tokens, score in zip(found.sequences_ids, found.scores, strict=True):
            text = " ".join(spell.decode(tokens).split())
            # CTranslate2 divides by the number of tokens; the end of the text was chosen too and counts.
            score *= len(tokens) / (len(tokens) + 1)
            if bare(text) not in {bare(known) for known in readings}:
                readings[text] = score
        return Look(readings, found.no_speech_prob)

    def _features(self, samples: Samples, window_seconds: float) -> Samples:
        """Return the log-mel features of the window, shape (mel bands, 100 a second)."""
        window = np.zeros(int(window_seconds * RATE), np.float32)
        window[: len(samples)] = samples[: len(window)]
        return np.ascontiguousarray(self._loaded.feature_extractor(window, padding=0), np.float32)


def together(one: Look, other: Look) -> Look:
    """Weigh the readings of two looks: their mean score, a reading that one lacks counting less than its last."""
    scores: list[dict[str, float]] = [
        {bare(text): score for text, score in look.readings.items()} for look in (one, other)
    ]
    missing = [min(known.values(), default=-math.inf) - MISSING_PENALTY for known in scores]
    spelled = {bare(text): text for text in [*other.readings, *one.readings]}
    means = {key: sum(known.get(key, low) for known, low in zip(scores, missing, strict=True)) / 2 for key in spelled}
    order = sorted(means, key=lambda key: -means[key])
    return Look({spelled[key]: means[key] for key in order}, min(one.no_speech, other.no_speech))


def bare(text: str) -> str:
    """Return `text` without case and punctuation: two readings that sound the same are one."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def repetitive(text: str) -> bool:
    """Tell whether `text` goes round in circles."""
    raw = text.encode()
    return bool(_LOOP.search(text)) or len(raw) / len(zlib.compress(raw)) > REPETITIVE


def audible(pcm: Pcm) -> bool:
    """Tell whether there is anything to recognise."""
    return len(pcm) >= SHORTEST_SECONDS * RATE and int(np.abs(pcm.astype(np.int32)).max()) > FAINTEST


def cut(pcm: Pcm) -> Sequence[Pcm]:
    """Cut a recording that is too long for the full window into pieces, at its quiet points."""
    pieces = []
    longest, search, quiet = (int(seconds * RATE) for seconds in (PIECE_SECONDS, SEARCH_SECONDS, QUIET_SECONDS))
    while len(pcm) > longest:
        energy = np.cumsum(pcm[longest - search : longest].astype(np.float64) ** 2)
        at = longest - search + int(np.argmin(energy[quiet:] - energy[:-quiet])) + quiet // 2
        pieces.append(pcm[:at])
        pcm = pcm[at:]
    return [*pieces, pcm]


def physical_cores() -> int:
    """Return how many processor cores this process may use, two threads of a core counting once."""
    allowed = os.sched_getaffinity(0)
    siblings = {(Path(f"/sys/devices/system/cpu/cpu{n}/topology/core_cpus_list"), n) for n in allowed}
    return len({path.read_text() if path.exists() else str(n) for path, n in siblings})

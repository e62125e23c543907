"""Speech to text: Whisper through CTranslate2, in a window that fits, read twice at two speeds.

faster-whisper pads every clip to 30 s, and the encoder pays for all of it. Here it loads the model and its tokenizer only;
`encode` and `generate` are called with a window of 10, 15 or 30 s. A window fitted more tightly makes Whisper loop.

What the shorter window costs in errors is won back by reading the clip twice, a little slowed (more frames a phoneme), in
one batch, and by choosing among the hypotheses of both readings the one that is nearest to all others, each weighed by its
probability (minimum Bayes risk, Kumar and Byrne 2004): two readings that agree on most words outvote one that is sure of
itself and wrong. With a prompt of the home's names the word error rate on 23 human French commands fell from 26 % (one
reading, as fast as spoken) to 18 %, and on 63 synthetic ones stayed at 12 %. One slowed reading has 21 % and 11 %, in two
thirds of the time: `speeds = [0.92]` suits a slow processor.

Which of several languages was spoken is told by the model itself from what it has encoded anyway (19 ms on two cores).
Only a clear case leaves the box's own language: on one word the model guesses among a hundred languages. Of 88 French
commands none was taken for English; of 110 English ones, by three synthetic voices, none for French.

A doubtful result (improbable, repeating itself) is read again with the full window. Whisper invents subtitle credits on
silence, and says the prompt again: what it says without speech is dropped at once, whatever it is.
Source: https://github.com/SYSTRAN/faster-whisper
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from appliance.audio import RATE, Pcm, resampled, to_float
from appliance.engines import EngineOptions, Transcription
from appliance.engines.cores import physical_cores
from appliance.errors import InputError, ModelError

WINDOWS_SECONDS = (10.0, 15.0, 30.0)
FRAMES_A_SECOND = 100
PIECE_SECONDS = 25.0
"""A longer clip is cut, at its quietest point before this."""
SHORTEST_SECONDS = 0.2
TOKENS_A_SECOND = 8
"""Nobody speaks faster; what is longer is a loop."""
SPARE_TOKENS = 12
HYPOTHESES = 3
SHARPNESS = 0.3
"""Weight of a hypothesis: exp(mean log-probability / SHARPNESS)."""
REPEATING = 2.4
"""Compression ratio from which a text repeats itself (the value of Whisper's authors)."""

_INVENTED = re.compile(
    r"sous-titr|amara\.org|merci d'avoir regard|abonnez-vous|n'oubliez pas de vous abonner|thanks? for watching"
    r"|subtitles? by|subscribe to|^\W*[\[(*♪].*[\])*♪]\W*$",
    re.IGNORECASE,
)
"""What Whisper learnt from subtitles and says where nobody speaks. Not bare words: "Silence" is a command."""
_LOOP = re.compile(r"\b(\w+(?: \w+){1,7})(?: \1\b){2,}|\b(\w+)(?: \2\b){4,}")
"""Several words three times in a row, or one word five times."""
SUSPECT_NO_SPEECH = 0.1
"""Probability of no speech from which a text that is an echo or a credit is not believed."""
SURE_PROBABILITY = 0.7
"""Noise got echoes of the prompt of 0.46 at most."""
CLEAR_PROBABILITY = 0.42
"""Noise, tones and music got other texts of 0.40 at most; commands suspected to be no speech had 0.48 and more."""
OTHER_LANGUAGE_SHARE = 0.96
"""Probability of another language, among the two, from which it is believed: French "plus fort" got 0.952, "ok" 0.85."""
OTHER_LANGUAGE_PROBABILITY = 0.33
"""Probability of another language, among all that the model knows, from which it is believed: a French "parking" got 0.30,
English commands 0.38 and more."""


class Options(EngineOptions):
    """Options of the recogniser."""

    model: str = "whisper-base"
    """Name in the catalogue; the folder holds a CTranslate2 model."""
    compute_type: str = "int8"
    """int8, int8_float16, float16 or float32."""
    device: Literal["cpu", "cuda", "auto"] = "cpu"
    threads: int = Field(0, ge=0, le=64)
    """0: one a physical core, at most four."""
    beam_size: int = Field(5, ge=1, le=10)
    """Readings that are followed at once."""
    speeds: list[float] = Field([0.92, 0.9], min_length=1, max_length=4)
    """Speeds at which a clip is read; one reading is quicker and errs more."""
    doubt_probability: float = Field(0.35, ge=0, le=1)
    """A text whose tokens are less probable than this, in geometric mean, is read again with the full window."""
    least_probability: float = Field(0.2, ge=0, le=1)
    """A text less probable than this after all is no text."""
    no_speech_probability: float = Field(0.3, ge=0, le=1)
    """From this probability of no speech on, only a text of CLEAR_PROBABILITY is believed."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to understand the sound."""

    text: str
    mean_log_probability: float
    no_speech: float

    @property
    def probability(self) -> float:
        """Geometric mean of token probability."""
        return min(1.0, math.exp(self.mean_log_probability))

    @property
    def repeats(self) -> bool:
        """True for a text that goes round in circles."""
        raw = self.text.encode()
        return bool(_LOOP.search(" ".join(_words(self.text)))) or len(raw) / len(zlib.compress(raw)) > REPEATING


class Engine:
    """A loaded Whisper."""

    def __init__(self, options: Options, models: Path) -> None:
        """Load the model. Raises ModelError "model-missing" or "model-broken"."""
        folder = models / options.model
        if not all((folder / name).is_file() for name in ("model.bin", "config.json", "tokenizer.json")):
            raise ModelError("model-missing", name=options.model, path=folder)
        import ctranslate2
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        self._options = options
        try:
            self._whisper: Any = WhisperModel(
                str(folder),
                device=options.device,
                compute_type=options.compute_type,
                cpu_threads=options.threads or min(4, physical_cores()),
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError("model-broken", name=options.model, path=folder) from error
        self._tokenizer: Any = Tokenizer
        self._view: Any = ctranslate2.StorageView.from_array
        self._model: Any = self._whisper.model

    def transcribe(
        self, pcm: Pcm, language: str, prompt: str = "", also: Mapping[str, str] | None = None
    ) -> Transcription:
        """Recognise one utterance of any length (16 kHz int16). `prompt`: words that recognition leans towards.

        `language` is Whisper's code; `also` are further languages that may have been spoken, each with its prompt.
        The text is empty where nothing intelligible was said. Raises InputError "language-unknown".
        """
        prompts = {language: prompt, **(also or {})}
        known = self._whisper.supported_languages if self._model.is_multilingual else ["en"]
        for one in prompts:
            if one not in known:
                raise InputError("language-unknown", stage="stt", language=one, model=self._options.model)
        found = []
        for piece in pieces(pcm):
            spoken, hypotheses = self._piece(piece, prompts)
            if hypotheses:  # the first words decide
                language, prompts = spoken, {spoken: prompts[spoken]}
            found.append(hypotheses)
        texts = [piece for piece in found if piece and piece[0].text]
        if not texts:
            return Transcription("", language, 0.0)
        best = [piece[0] for piece in texts]
        mean = sum(one.mean_log_probability for one in best) / len(best)
        text = " ".join(one.text for one in best)
        alternatives = others(texts[0]) if len(found) == 1 else ()
        return Transcription(text, language, min(1.0, math.exp(mean)), alternatives)

    def close(self) -> None:
        """Free the model."""
        self._whisper = self._model = None

    def _piece(self, pcm: Pcm, prompts: Mapping[str, str]) -> tuple[str, list[Hypothesis]]:
        """Return the language of at most one window of sound and its hypotheses, the chosen one first.

        No hypothesis where nobody spoke. `prompts`: language -> prompt, the likeliest language first.
        """
        if len(pcm) < SHORTEST_SECONDS * RATE or not pcm.any():
            return next(iter(prompts)), []
        slowed = [resampled(pcm, RATE * speed, RATE) if speed != 1 else pcm for speed in self._options.speeds]
        longest = max(map(len, slowed)) / RATE
        window = next((w for w in WINDOWS_SECONDS if w >= longest + 0.5), WINDOWS_SECONDS[-1])
        language, hypotheses = self._read(slowed, window, prompts)
        chosen, prompt = least_risk(hypotheses), prompts[language]
        if not self._silent(chosen[0]) and self._doubtful(chosen[0]) and window < WINDOWS_SECONDS[-1]:
            again = least_risk(self._read([pcm], WINDOWS_SECONDS[-1], {language: prompt})[1])
            chosen = max(chosen, again, key=lambda found: (not found[0].repeats, found[0].mean_log_probability))
        return language, chosen if self._is_speech(chosen[0], prompt) else []

    def _read(
        self, clips: Sequence[Pcm], window_seconds: float, prompts: Mapping[str, str]
    ) -> tuple[str, list[Hypothesis]]:
        """Return the language and the hypotheses of all clips, read in one batch."""
        features = np.stack([self._features(clip, window_seconds) for clip in clips])
        encoded = self._model.encode(self._view(features))
        language = self._spoken(encoded, list(prompts)) if len(prompts) > 1 else next(iter(prompts))
        return language, self._decode(encoded, clips, language, prompts[language])

    def _spoken(self, encoded: object, languages: Sequence[str]) -> str:
        """Return which of the languages was spoken: the first, unless another is clearly it."""
        readings = [dict(reading) for reading in self._model.detect_language(encoded)]
        found = {
            language: math.exp(sum(math.log(reading[f"<|{language}|>"] + 1e-9) for reading in readings) / len(readings))
            for language in languages
        }
        return clearly(found, languages[0])

    def _decode(self, encoded: object, clips: Sequence[Pcm], language: str, prompt: str) -> list[Hypothesis]:
        """Return the hypotheses of all clips in this language."""
        multilingual = self._model.is_multilingual
        tokenizer = self._tokenizer(self._whisper.hf_tokenizer, multilingual, task="transcribe", language=language)
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if prompt:
            start = [tokenizer.sot_prev, *tokenizer.encode(" " + prompt.strip())[-200:], *start]
        longest = max(map(len, clips)) / RATE
        results = self._model.generate(
            encoded,
            [start] * len(clips),
            beam_size=self._options.beam_size,
            num_hypotheses=min(HYPOTHESES, self._options.beam_size),
            max_length=min(448, len(start) + SPARE_TOKENS + int(longest * TOKENS_A_SECOND)),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=[-1],
        )
        return [
            Hypothesis(tokenizer.decode([t for t in ids if t < tokenizer.eot]).strip(), score, result.no_speech_prob)
            for result in results
            for ids, score in zip(result.sequences_ids, result.scores, strict=True)
        ]

    def _features(self, pcm: Pcm, window_seconds: float) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return the log-mel features of the clip followed by silence, shape (mels, 100 * window_seconds)."""
        samples = np.zeros(int(window_seconds * RATE), np.float32)
        clip = to_float(pcm)[: len(samples)]
        samples[: len(clip)] = clip
        frames = int(window_seconds * FRAMES_A_SECOND)
        features = self._whisper.feature_extractor(samples, padding=0)[:, :frames]
        return np.ascontiguousarray(features, np.float32)

    def _doubtful(self, hypothesis: Hypothesis) -> bool:
        return hypothesis.probability < self._options.doubt_probability or hypothesis.repeats

    def _silent(self, hypothesis: Hypothesis) -> bool:
        unsaid = hypothesis.no_speech > self._options.no_speech_probability
        return unsaid and hypothesis.probability < CLEAR_PROBABILITY

    def _is_speech(self, hypothesis: Hypothesis, prompt: str) -> bool:
        """Tell whether somebody said this, rather than Whisper inventing it or saying the prompt again."""
        words, probability = _words(hypothesis.text), hypothesis.probability
        if not words or probability < self._options.least_probability or hypothesis.repeats:
            return False
        suspect, unsure = hypothesis.no_speech > SUSPECT_NO_SPEECH, probability < SURE_PROBABILITY
        echo = suspect and unsure and set(words) <= set(_words(prompt))
        invented = (suspect or unsure) and _INVENTED.search(hypothesis.text)
        return not (self._silent(hypothesis) or echo or invented)


def clearly(probabilities: Mapping[str, float], own: str) -> str:
    """Return the language that was spoken: `own`, unless another is clearly more probable."""
    likeliest = max(probabilities, key=lambda language: probabilities[language])
    probability = probabilities[likeliest]
    share = probability / (probability + probabilities[own])
    sure = probability >= OTHER_LANGUAGE_PROBABILITY and share >= OTHER_LANGUAGE_SHARE
    return likeliest if sure else own


def least_risk(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """Return the hypotheses, the one with the least expected word error first."""
    words = [_words(h.text) for h in hypotheses]
    weights = [math.exp(h.mean_log_probability / SHARPNESS) for h in hypotheses]

    def risk(mine: list[str]) -> float:
        pairs = zip(weights, words, strict=True)
        return sum(weight * _distance(other, mine) / max(1, len(other)) for weight, other in pairs)

    order = sorted(range(len(hypotheses)), key=lambda i: (risk(words[i]), -hypotheses[i].mean_log_probability))
    return [hypotheses[i] for i in order]


def others(hypotheses: list[Hypothesis]) -> tuple[str, ...]:
    """Return the texts after the first, best first; the same words in other letters are no other text."""
    spelled: dict[str, str] = {}
    for one in hypotheses:
        spelled.setdefault(" ".join(_words(one.text)), one.text)
    chosen = hypotheses[0].text
    return tuple(text for key, text in spelled.items() if key and text != chosen)


def _words(text: str) -> list[str]:
    return text.lower().translate(_NO_PUNCTUATION).split()


_NO_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:!?…«»\"()-'’", " "))


def pieces(pcm: Pcm) -> Iterator[Pcm]:
    """Yield the clip in pieces that fit the full window, cut where it is quietest."""
    longest, step = int(PIECE_SECONDS * RATE), RATE // 10
    while len(pcm) > longest:
        tail = pcm[longest // 2 : longest].astype(np.float32)
        loudness = np.square(tail[: len(tail) // step * step].reshape(-1, step)).mean(axis=1)
        cut = longest // 2 + int(loudness.argmin()) * step + step // 2
        yield pcm[:cut]
        pcm = pcm[cut:]
    yield pcm


def _distance(wanted: list[str], got: list[str]) -> int:
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]

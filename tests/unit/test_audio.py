from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance import __version__, audio
from appliance.audio import FRAME_SAMPLES, RATE, Pcm, Rechunker, Resampler, read_wav, to_float, to_pcm, write_wav
from appliance.errors import InputError


def tone(frequency: float, seconds: float, rate: int = RATE, amplitude: float = 0.5) -> audio.Samples:
    t = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


def pitch(pcm: Pcm, rate: int = RATE) -> float:
    """Return the loudest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(to_float(pcm) * np.hanning(len(pcm))))
    return float(spectrum.argmax() * rate / len(pcm))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_any_channels_become_16_khz_mono(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.tile(tone(440, 0.5, rate)[:, None], channels), rate)
    pcm = read_wav(path)
    assert pcm.dtype == np.int16 and pcm.ndim == 1
    assert abs(len(pcm) - RATE // 2) <= 2
    assert abs(pitch(pcm) - 440) < 4
    assert abs(np.abs(pcm).max() / 32768 - 0.5) < 0.02


@pytest.mark.parametrize(
    ("kind", "subtype", "error"),
    [
        ("WAV", "PCM_U8", 1 / 64),
        ("WAV", "PCM_16", 1 / 16384),
        ("WAV", "PCM_24", 1 / 16384),
        ("WAV", "PCM_32", 1 / 16384),
        ("WAV", "FLOAT", 1 / 16384),
        ("WAV", "DOUBLE", 1 / 16384),
        ("WAV", "ULAW", 1 / 32),
        ("FLAC", "PCM_16", 1 / 16384),
        ("OGG", "VORBIS", 1 / 16),
    ],
)
def test_any_sample_format_keeps_the_sound(tmp_path: Path, kind: str, subtype: str, error: float) -> None:
    path = tmp_path / "a"
    sound = tone(300, 0.5)
    soundfile.write(path, sound, RATE, subtype, format=kind)
    pcm = read_wav(path)
    assert len(pcm) == len(sound)
    assert np.abs(to_float(pcm) - sound).max() < error


def test_what_is_already_right_is_kept_to_the_bit(tmp_path: Path) -> None:
    pcm = np.random.default_rng(1).integers(-32768, 32768, 5000).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", pcm, RATE)
    assert (read_wav(tmp_path / "a.wav") == pcm).all()


def test_float_sound_that_is_no_number_or_too_loud_is_silenced_or_clipped(tmp_path: Path) -> None:
    sound = np.array([np.nan, np.inf, -np.inf, 3.0, -3.0, 0.25], np.float32)
    soundfile.write(tmp_path / "a.wav", sound, RATE, "FLOAT")
    assert read_wav(tmp_path / "a.wav").tolist() == [0, 32767, -32768, 32767, -32768, 8192]


def wav(frames: int, promised: int | None = None) -> bytes:
    body = bytes(2 * frames)
    size = 2 * frames if promised is None else promised
    form = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size & 0xFFFFFFFF)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + (b"data" + struct.pack("<I", size) + body)
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "audio-empty"),
        (wav(0), "audio-empty"),
        (wav(1000)[:500], "audio-cut"),
        (wav(1000)[:-2], "audio-cut"),
        (wav(1000)[:44], "audio-cut"),
        (wav(1000)[:30], "audio-cut"),
        (wav(1000)[:6], "audio-cut"),
        (b"RIFF", "audio-cut"),
        (b"hello, this is text\n" * 50, "audio-not-audio"),
        (b"\x00" * 5000, "audio-not-audio"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "audio-not-audio"),
        (
            b"RIFF" + struct.pack("<I", 4 + 8 + 100) + b"AVI LIST" + struct.pack("<I", 100) + bytes(100),
            "audio-not-audio",
        ),
        (b"RIFF" + struct.pack("<I", 4 + 8 + 2) + b"WAVEfmt " + struct.pack("<I", 2) + bytes(2), "audio-not-audio"),
    ],
)
def test_a_file_that_holds_no_whole_sound_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_wav(path)
    assert caught.value.code == code
    for language in ("fr", "en"):
        assert str(path) in caught.value.text(language) and "\n" not in caught.value.text(language)


@pytest.mark.parametrize("kind", ["FLAC", "OGG"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.98, 0.9999])
def test_a_compressed_file_that_is_cut_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / "a"
    noise = 0.3 * np.random.default_rng(2).standard_normal(3 * RATE).astype(np.float32)
    soundfile.write(path, noise, RATE, format=kind)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError) as caught:
        read_wav(path)
    assert caught.value.code in ("audio-cut", "audio-not-audio")


@pytest.mark.parametrize("promised", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_wav_from_a_program_that_did_not_know_the_length_is_read(tmp_path: Path, promised: int) -> None:
    (tmp_path / "a.wav").write_bytes(wav(1000, promised))
    assert len(read_wav(tmp_path / "a.wav")) == 1000


def test_chunks_behind_and_before_the_sound_do_no_harm(tmp_path: Path) -> None:
    whole = wav(1000)
    extra = b"LIST" + struct.pack("<I", 5) + b"INFO\x00\x00"
    (tmp_path / "a.wav").write_bytes(whole[:36] + extra + whole[36:] + extra)
    assert len(read_wav(tmp_path / "a.wav")) == 1000


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    wrong = {tmp_path / "none.wav": "audio-missing", tmp_path: "audio-folder", tmp_path / "pipe": "audio-not-audio"}
    wrong |= {Path("a\0b"): "audio-not-audio", Path("a" * 5000): "audio-not-audio"}
    for path, code in wrong.items():
        with pytest.raises(InputError) as caught:
            read_wav(path)
        assert caught.value.code == code


@contextlib.contextmanager
def not_root() -> Iterator[None]:
    """Be an ordinary user for a while: root may read everything."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(1000))
    path.chmod(0)
    with not_root(), pytest.raises(InputError) as caught:
        read_wav(path)
    assert caught.value.code == "audio-permission"


def test_a_recording_of_more_than_ten_minutes_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros(600 * 8000 + 8000, np.int16), 8000)
    with pytest.raises(InputError) as caught:
        read_wav(tmp_path / "a.flac")
    assert caught.value.code == "audio-too-long"


@pytest.mark.parametrize("rate", [1, 2_000, 1_000_000])
def test_an_absurd_rate_is_refused(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(100, np.int16), rate)
    with pytest.raises(InputError) as caught:
        read_wav(tmp_path / "a.wav")
    assert caught.value.code == "audio-rate"


def test_what_is_written_is_read_back_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "answer.wav"
    pcm = to_pcm(tone(200, 0.3, 22_050))
    write_wav(path, pcm, 22_050, voice="siwis", date="2026-11-24")
    with soundfile.SoundFile(path) as sound:
        assert sound.samplerate == 22_050
        assert (sound.read(dtype="int16") == pcm).all()
        assert sound.comment == f"synthetic speech, Grillon {__version__}, siwis, 2026-11-24"
        assert sound.software.startswith("Grillon")
        assert sound.date == "2026-11-24"
    assert b"ICMT" in path.read_bytes() and b"ISFT" in path.read_bytes()
    assert os.listdir(tmp_path) == ["answer.wav"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_wav(tmp_path / "none" / "a.wav", np.zeros(10, np.int16), RATE)
    assert caught.value.code == "audio-not-written"
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError):
        write_wav(tmp_path / "folder", np.zeros(10, np.int16), RATE)
    assert os.listdir(tmp_path) == ["folder"]


def test_rechunker_loses_nothing_whatever_the_sizes() -> None:
    random = np.random.default_rng(3)
    pcm = random.integers(-999, 999, 10_000).astype(np.int16)
    rechunker, blocks, at = Rechunker(), [], 0
    while at < len(pcm):
        size = int(random.integers(0, 1500))
        blocks += rechunker.feed(pcm[at : at + size])
        at += size
    assert {len(block) for block in blocks} == {FRAME_SAMPLES}
    rest = rechunker.flush()
    assert [len(block) for block in rest] == [10_000 % FRAME_SAMPLES]
    assert (np.concatenate(blocks + rest) == pcm).all()
    assert rechunker.flush() == []


def test_rechunker_does_not_keep_what_it_was_fed() -> None:
    rechunker = Rechunker()
    rechunker.feed(np.zeros(1_000_001, np.int16))
    assert rechunker._rest.base is None


@pytest.mark.parametrize(("start", "goal"), [(48_000, 16_000), (44_100, 16_000), (16_000, 44_100), (16_000, 16_000)])
def test_resampling_piece_by_piece_is_resampling_in_one_go(start: int, goal: int) -> None:
    sound = tone(440, 1.0, start)
    resampler = Resampler(start, goal)
    pieces = [resampler.feed(sound[i : i + 777]) for i in range(0, len(sound), 777)]
    together = np.concatenate([*pieces, resampler.flush()])
    assert abs(len(together) - goal) <= 2
    middle = slice(goal // 10, -goal // 10)  # the ends ring
    assert np.abs(together[middle] - tone(440, 1.0, goal)[: len(together)][middle]).max() < 0.01


def test_volume_halves_in_loudness_where_the_number_halves() -> None:
    factors = [audio.gain(percent) for percent in range(101)]
    assert factors[0] == 0 and factors[100] == 1
    assert factors == sorted(factors) and len(set(factors)) == 101
    assert abs(20 * np.log10(factors[40] / factors[80]) + 10) < 1e-6
    assert audio.gain(-5) == 0 and audio.gain(500) == 1


def test_louder_clips_instead_of_wrapping() -> None:
    assert audio.louder(np.array([20_000, -20_000, 100], np.int16), 2).tolist() == [32767, -32768, 200]


def test_level() -> None:
    assert audio.level_dbfs(np.zeros(320, np.int16)) == audio.FLOOR_DBFS
    assert audio.level_dbfs(np.zeros(0, np.int16)) == audio.FLOOR_DBFS
    assert abs(audio.level_dbfs(to_pcm(tone(500, 1, amplitude=1.0))) + 3.01) < 0.05


def test_chime_is_two_short_rising_notes_without_clicks() -> None:
    pcm = audio.chime()
    half = len(pcm) // 2
    assert 0.2 < len(pcm) / RATE < 0.4
    assert pitch(pcm[half:]) > 1.2 * pitch(pcm[:half])
    assert abs(int(pcm[0])) < 200 and abs(int(pcm[-1])) < 200
    assert -30 < audio.level_dbfs(pcm) < -10 and np.abs(pcm).max() < 32_000

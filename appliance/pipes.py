"""What goes through the pipe between the daemon and an engine's process: a length, a JSON head, raw sound.

No pickle: a process that parses untrusted sound or runs a native model must not be able to make the daemon run code.
The values that engines exchange are few: plain JSON, PCM, Message, Transcription and ApplianceError.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from typing import Any

import numpy as np

from appliance import errors
from appliance.engines import Message, Transcription

HEAD = struct.Struct("<II")
"""Bytes of JSON, bytes of sound."""
LIMIT_BYTES = 64 * 1024 * 1024
"""Nothing we send is near this: a bigger head means that the stream is out of step."""


def encode(message: list[Any]) -> bytes:
    """Return one framed message. Raises TypeError for a value that may not travel."""
    sounds: list[bytes] = []
    head = json.dumps(_pack(message, sounds)).encode()
    return b"".join((HEAD.pack(len(head), sum(map(len, sounds))), head, *sounds))


def decode(head: bytes, sound: bytes) -> list[Any]:
    """Return the message that `encode` framed. Raises ValueError where it is none."""
    message, _ = _unpack(json.loads(head), sound, 0)
    if not isinstance(message, list):
        raise ValueError("not a message")
    return message


def _pack(value: Any, sounds: list[bytes]) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, np.ndarray):
        sounds.append(np.ascontiguousarray(value, np.int16).tobytes())
        return {"pcm": int(value.size)}
    if isinstance(value, list | tuple):
        return [_pack(v, sounds) for v in value]
    if isinstance(value, Message | Transcription):
        return {"is": type(value).__name__, "of": _pack(asdict(value), sounds)}
    if isinstance(value, errors.ApplianceError):
        told = {k: v if isinstance(v, str | int | float) else str(v) for k, v in value.values.items()}
        return {"is": type(value).__name__, "of": {"code": value.code, "stage": value.stage, "values": told}}
    if isinstance(value, dict):
        return {"dict": {str(k): _pack(v, sounds) for k, v in value.items()}}
    raise TypeError(f"{type(value).__name__} may not travel")


def _unpack(value: Any, sound: bytes, at: int) -> tuple[Any, int]:
    if isinstance(value, list):
        items = []
        for item in value:
            unpacked, at = _unpack(item, sound, at)
            items.append(unpacked)
        return items, at
    if not isinstance(value, dict):
        return value, at
    if "pcm" in value:
        end = at + 2 * int(value["pcm"])
        return np.frombuffer(sound[at:end], np.int16), end
    if "dict" in value:
        made = {}
        for key, item in value["dict"].items():
            made[key], at = _unpack(item, sound, at)
        return made, at
    kind, of = value["is"], value["of"]
    if kind == "Message":
        return Message(**of["dict"]), at
    if kind == "Transcription":
        fields = of["dict"]
        return Transcription(**fields | {"alternatives": tuple(fields["alternatives"])}), at
    cls = getattr(errors, kind)
    if not (isinstance(cls, type) and issubclass(cls, errors.ApplianceError)):
        raise ValueError(kind)
    return cls(of["code"], of["stage"], **of["values"]), at

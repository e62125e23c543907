"""The processor: 64 bits, and the instructions that the models are quick with."""

from __future__ import annotations

import os

from appliance.checks import CheckContext, Problem, error, warning

QUICK = {"x86_64": "avx2", "aarch64": "asimddp"}
"""What the kernels of llama.cpp and CTranslate2 are written for. A Raspberry Pi 4 has no `asimddp`, a Pi 5 has."""


def check(context: CheckContext) -> list[Problem]:
    """Look at the machine's kind and at the flags of /proc/cpuinfo. The nano profile runs on any 64-bit machine."""
    machine = os.uname().machine
    if machine not in QUICK:
        return [error("processor-unknown", machine=machine)]
    lines = (context.root / "proc/cpuinfo").read_text().splitlines()
    flags = next((line.split(":", 1)[1].split() for line in lines if line.startswith(("flags", "Features"))), [])
    if flags and QUICK[machine] not in flags and context.config.profile != "nano":
        return [warning("processor-slow", flag=QUICK[machine], profile=context.config.profile)]
    return []

"""Where a broker is: what the person sets for each link that speaks MQTT."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from appliance.links import LinkOptions


class BrokerOptions(LinkOptions):
    """Where the broker is."""

    host: str = ""
    """Name or address of a broker; empty: the embedded one, on this machine's loopback."""
    port: int = Field(1883, ge=0, le=65535)
    """Port of the named broker, or of the embedded one (0: any free port)."""
    socket: Path | None = None
    """Unix socket of a broker on this machine, instead of host and port."""
    username: str = ""
    password_file: Path | None = None
    """File that holds the password; others must not be able to read it."""
    tls: bool = False
    """Encrypt, and check the broker's certificate against the system's authorities or `tls_ca`."""
    tls_ca: Path | None = None
    """Certificate of the authority that signed the broker's (PEM); implies `tls`."""
    tls_certificate: Path | None = None
    """Certificate of this box (PEM), where the broker wants one; implies `tls`."""
    tls_key: Path | None = None
    """Private key of `tls_certificate`, where it is in a file of its own."""
    keepalive_seconds: int = Field(30, ge=5, le=3600)
    """A broker that is silent for longer counts as gone."""

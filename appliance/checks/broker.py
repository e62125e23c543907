"""The MQTT broker that the configuration names takes connections; the embedded one comes with the daemon."""

from __future__ import annotations

import socket

from appliance.checks import CheckContext, Problem, error

LIMIT_SECONDS = 5.0
PORT = 1883


def check(context: CheckContext) -> list[Problem]:
    """Open a connection and close it. Whether it lets this box in is told by the daemon, which has the password."""
    options = context.config.links.get("mqtt", {})
    path, host, port = options.get("socket"), options.get("host", ""), options.get("port", PORT)
    try:
        if path:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(LIMIT_SECONDS)
                connection.connect(str(path))
        elif host:
            socket.create_connection((host, port), LIMIT_SECONDS).close()
    except (OSError, UnicodeError) as trouble:
        return [error("check-broker", broker=path or f"{host}:{port}", detail=trouble)]
    return []

"""What the box does, measured: `scripts/bench`."""

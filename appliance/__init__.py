"""Grillon: the cricket on the hearth, a voice box that works with the cable out."""

__version__ = "0.1.0"

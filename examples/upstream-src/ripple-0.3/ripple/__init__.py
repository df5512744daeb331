"""Ripples from a table."""

from eddy import wave

from ripple.table import STEPS


def ripple(length):
    return list(wave(STEPS[:length]))

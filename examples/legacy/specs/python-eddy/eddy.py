"""Turns rows of numbers into waves."""

__version__ = "0.9"


def wave(numbers):
    """The differences between neighbours, first number first."""
    before = 0
    for number in numbers:
        yield number - before
        before = number

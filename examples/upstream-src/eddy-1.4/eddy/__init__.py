"""Turns rows of numbers into waves."""

__version__ = "1.4"


def wave(numbers):
    """The differences between neighbours, first number first."""
    before = 0
    for number in numbers:
        yield number - before
        before = number

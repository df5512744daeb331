import sys

from eddy import wave


def main():
    print(*wave(int(word) for word in sys.argv[1:]))
    return 0

import unittest

from eddy import wave


class Wave(unittest.TestCase):
    def test_differences(self):
        self.assertEqual(list(wave([1, 3, 2])), [1, 2, -1])


if __name__ == "__main__":
    unittest.main()

"""Seven tests: 3 pass (one makes two requests), 3 fail (one by an error, one within a transaction), 1 is skipped."""

import unittest

from apiritif import http, transaction


class TestShop(unittest.TestCase):
    def test_adds(self):
        """One and one is two."""
        self.assertEqual(1 + 1, 2)

    def test_subtracts(self):
        self.assertEqual(2 - 1, 1)

    def test_multiplies(self):
        self.assertEqual(2 * 3, 5)

    def test_divides(self):
        1 / 0

    @unittest.skip("no drone yet")
    def test_flies(self):
        pass

    def test_looks_around(self):
        http.get("http://127.0.0.1:8089/").assert_ok()
        http.get("http://127.0.0.1:8089/books").assert_ok()

    def test_checks_out(self):
        with transaction("Check out"):
            http.get("http://127.0.0.1:8089/old").assert_ok()

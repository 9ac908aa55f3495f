#!/usr/bin/env python3
"""Shows that check_layers.py finds what it is there to find."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check_layers.py")


class CheckLayersTest(unittest.TestCase):
    def check(self, files):
        """The exit status and the words of check_layers.py on a tree of these files."""
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout

    def test_an_include_downwards_is_right(self):
        status, said = self.check({"src/transport/ring.cc": '#include "os/futex.h"\n', "src/os/futex.h": ""})
        self.assertEqual((status, said), (0, "every arrow points down\n"))

    def test_an_include_upwards_is_named(self):
        status, said = self.check({"src/os/futex.cc": '#include "transport/ring.h"\n', "src/transport/ring.h": ""})
        self.assertEqual(status, 1)
        self.assertIn("src/os/futex.cc: src/os must not include src/transport (transport/ring.h)", said)

    def test_the_program_sees_only_the_front_door(self):
        status, said = self.check({"app/main.cc": '#include "os/futex.h"\n', "src/os/futex.h": ""})
        self.assertEqual(status, 1)
        self.assertIn("app must not include src/os", said)

    def test_a_room_of_the_program_is_found_from_app(self):
        status, said = self.check({"app/imaging/resize.cc": '#include "files/publish.h"\n', "app/files/publish.h": ""})
        self.assertEqual(status, 1)
        self.assertIn("app/imaging must not include app/files", said)

    def test_a_path_with_dots_is_followed(self):
        status, said = self.check({"src/os/futex.cc": '#include "../transport/ring.h"\n', "src/transport/ring.h": ""})
        self.assertEqual(status, 1)

    def test_a_file_in_no_room_is_named(self):
        status, said = self.check({"src/attic/old.cc": ""})
        self.assertEqual(status, 1)
        self.assertIn("src/attic/old.cc: in no room", said)

    def test_a_test_may_include_any_room(self):
        status, _ = self.check({"src/os/futex_test.cc": '#include "transport/ring.h"\n', "src/transport/ring.h": ""})
        self.assertEqual(status, 0)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""verify_bytes.py for other tables: files, remarks, and whatever has no group of its own."""
import verify_bytes
from tributary_harness import Suite

suite = Suite(verify_bytes.copied_desk)
verify_bytes.add_tests(suite, verify_bytes.ACTS)

if __name__ == "__main__":
    suite.run()

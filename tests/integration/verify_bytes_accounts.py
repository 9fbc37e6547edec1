#!/usr/bin/env python3
"""verify_bytes.py for the tables it leaves: people, what they prepare and remark on, and whatever else there is."""
import verify_bytes
from tributary_harness import Suite

suite = Suite(verify_bytes.copied_desk)
verify_bytes.add_tests(suite, verify_bytes.LATER_GROUPS)

if __name__ == "__main__":
    suite.run()

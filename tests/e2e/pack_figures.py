#!/usr/bin/env python3
"""Packs of the sample years by the real client: every figure of their tables and charts against the daemon's own answers and the
independent oracle, in the order in which PDF and ODT are read, and in the workbook."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "support"), str(HERE.parents[0] / "oracle")]

# each adds its tests to the suite; papers is the last, for it asks what the others left uncompared
from pack import desk, meeting, reporting, indicators, parts, papers  # noqa: E402, F401  pylint: disable=wrong-import-position, unused-import

desk.suite.run()

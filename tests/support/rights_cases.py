"""For each route a request that would succeed, about things of one office: what tests/support/rights.tsv is walked with.

A case is a function of the target (an office, with everything it has, made anew where a request uses it up) and of who
asks; it gives a Request. Routes of the table without a case here are asked as they stand, with their plan."""
import rights_of_accounts  # noqa: F401  pylint: disable=unused-import
import rights_of_assemblies  # noqa: F401  pylint: disable=unused-import
import rights_of_reports  # noqa: F401  pylint: disable=unused-import
from rights_target import CASES, Request, Target

__all__ = ["CASES", "Request", "Target"]

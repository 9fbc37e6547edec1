"""Exact numbers and moments: integers and fractions only."""
import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from math import ceil, floor

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def half_up(value, places=2):
    """A number >= 0 as text with so many decimals, halves rounded up."""
    scale = 10 ** places
    whole = floor(Fraction(value) * scale + Fraction(1, 2))
    return f"{whole // scale}.{whole % scale:0{places}d}"


def percent(numerator, denominator):
    """The rate as text, or None when there is nothing to divide by."""
    return half_up(Fraction(numerator) * 100 / Fraction(denominator)) if denominator else None


def is_met(numerator, denominator, target):
    return Fraction(numerator) * 100 >= Fraction(target) * Fraction(denominator)


def people_needed(numerator, denominator, target):
    """max(0, ceiling(target x denominator) - numerator): domain.md 6.6."""
    return max(0, ceil(Fraction(target) * Fraction(denominator) / 100 - Fraction(numerator)))


def plain(value):
    """A decimal as text without trailing zeros; only for fractions that end."""
    value = Fraction(value)
    digits, rest = 0, value.denominator
    while rest % 2 == 0 or rest % 5 == 0:
        if rest % 10 == 0:
            rest //= 10
        elif rest % 2 == 0:
            rest //= 2
        else:
            rest //= 5
        digits += 1
    if rest != 1:
        raise ValueError(f"{value} has no finite decimal form")
    scaled = value * 10 ** digits
    sign, number = ("-" if scaled < 0 else ""), str(abs(int(scaled))).rjust(digits + 1, "0")
    if not digits:
        return sign + number
    whole, decimals = number[:-digits], number[-digits:].rstrip("0")
    return sign + whole + ("." + decimals if decimals else "")


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$")


def microseconds(text):
    """A UTC moment (RFC 3339) as microseconds since 1970."""
    if not _MOMENT.match(text):
        raise ValueError(f"not a moment: {text!r}")
    delta = datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH
    return (delta.days * 86400 + delta.seconds) * 10 ** 6 + delta.microseconds


def moment(value):
    """The reverse: six decimals and Z."""
    return (EPOCH + timedelta(microseconds=value)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

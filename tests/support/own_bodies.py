"""The rules of bodies and the yearly duties, worked out a second way: by trying, not by formula."""
import datetime
import fractions

HARD, GOAL = fractions.Fraction(1, 3), fractions.Fraction(2, 5)


def holds(share, men, women):
    return fractions.Fraction(min(men, women), men + women) >= share


def exchanges(share, men, women):
    """How many of the greater sex must give their seat up; None: no number does."""
    greater, lesser = max(men, women), min(men, women)
    return next((k for k in range(greater + 1) if holds(share, greater - k, lesser + k)), None)


def additions(share, men, women):
    greater, lesser = max(men, women), min(men, women)
    return next(k for k in range(10 ** 4) if greater + lesser + k and holds(share, greater, lesser + k))


def day(text):
    return datetime.date.fromisoformat(text)


def in_force(rosters, when):
    """The roster of a day: rosters as (year, since, members), in the order of their revisions; the newest year, then revision."""
    best = None
    for year, since, members in rosters:
        if year + 1911 <= when.year and since <= when and (best is None or year >= best[0]):
            best = (year, since, members)
    return best and best[2]


def stood(rule, state, first, last):
    """(verdict on the last day, since when, the last day it held), day by day: `state` gives a day's members, or None."""
    verdict = since = held = None
    when = first
    while when <= last:
        members = state(when)
        now = None if not members else rule(members)
        if members is not None:
            if since is None or now != verdict:
                since = when
            verdict = now
            if now:
                held = when
        when += datetime.timedelta(days=1)
    return verdict, since, held

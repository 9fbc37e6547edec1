"""When things are handed in, and how often: each submission's chain of attempts, the last of which holds what stands."""
import copy
import datetime

import cases
from offices import draw

TAIPEI = datetime.timezone(datetime.timedelta(hours=8))
FIRST_HOUR, LAST_HOUR = 9, 16


class Calendar:
    """Due dates and working days, as the plan gives them."""

    def __init__(self, plan):
        self.first_year = str(plan["years"]["from"])
        self.holidays = {holiday["date"] for holiday in plan["calendar"]["holidays"]}
        self.due = {(form["code"], due.get("quarter")): due for form in plan["forms"] for due in form["due"]}

    def due_date(self, form, period):
        year, _, quarter = (period if period != "plan" else self.first_year).partition("Q")
        due = self.due[form, int(quarter) if quarter else None]
        return datetime.date(int(year) + 1911 + due["year_offset"], due["month"], due["day"])

    def working_day(self, day, step):
        """The day itself, or the nearest working day in the direction of step."""
        while day.weekday() > 4 or day.isoformat() in self.holidays:
            day += datetime.timedelta(days=step)
        return day

    @staticmethod
    def day_of(moment):
        return moment.astimezone(TAIPEI).date()


def moment_on(day, *key):
    """A moment of office hours on that day, in UTC."""
    hour, minute, second = draw(FIRST_HOUR, LAST_HOUR, "hour", *key), draw(0, 59, "minute", *key), draw(0, 59, "second", *key)
    return datetime.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=TAIPEI).astimezone(datetime.timezone.utc)


def first_day(calendar, form, office, period):
    """The day of the first hand-in: some days before the date due, or as many days late as the case says."""
    due = calendar.due_date(form, period)
    late = cases.DAYS_LATE.get((form, office, period))
    if late is not None:
        return calendar.working_day(due + datetime.timedelta(days=late), 1)
    if (form, office, period) in cases.HANDED_IN_ON:
        return datetime.date.fromisoformat(cases.HANDED_IN_ON[form, office, period])
    early = cases.DAYS_EARLY.get(form, (2, 16))
    return calendar.working_day(due - datetime.timedelta(days=draw(*early, "days", form, office, period)), -1)


def day_of_record(calendar, key, day):
    """When the record of a meeting on that day comes."""
    lag = cases.MEETING_LAG.get(key, draw(6, 18, "lag", *key))
    return calendar.working_day(day + datetime.timedelta(days=lag), 1)


def versions_of(key, content, day):
    """[(day, content)]: what stands; before it what was reviewed and returned, if that was corrected."""
    returned = cases.RETURNS.get(key)
    if returned is None or returned.days is None:
        return [(day, content)]
    first, last = copy.deepcopy(content), copy.deepcopy(content)
    returned.before(first)
    if returned.after is not None:
        returned.after(last)
    return [(day, first), (returned.on + datetime.timedelta(days=returned.days), last)]


def chain_of(calendar, key, head, content, day, changes=()):
    """[(moment, document, outcome)]: earlier attempts, with what was wrong in them, then the content that stands, then what
    came into force later: [(day, content)]. `key`: (form, office, period), of a meeting its number beside the period."""
    if key in cases.NEVER_CAME or cases.not_yet_due(*key):
        return []
    chain, base = [], 0
    for number, mistake in enumerate(cases.MISTAKES.get(key, ())):
        wrong = copy.deepcopy(content)
        mistake.make(wrong)
        chain.append((moment_on(day, number, *key), {**head, "base": base, **wrong}, mistake.outcome))
        base += mistake.outcome == "recorded"
        day = calendar.working_day(day + datetime.timedelta(days=mistake.days), 1)
    for day, settled in versions_of(key, content, day):
        chain.append((moment_on(calendar.working_day(day, 1), "last", *key), {**head, "base": base, **settled}, "recorded"))
        base += 1
    base -= 1
    for later, changed in changes:
        base += 1
        chain.append((moment_on(calendar.working_day(later, 1), "change", *key), {**head, "base": base, **changed}, "recorded"))
    return chain

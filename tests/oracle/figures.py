"""Every figure, from posted documents and the moments in which they became durable.

Written from domain.md sections 4 to 6 and api.md ("Adding up", "Roll-up", "Indicators"). It knows
nothing of how the daemon stores or adds; all arithmetic is exact.
"""
from fractions import Fraction

from exact import is_met, people_needed, percent, plain
from plans import asked_periods

# What a person sees as nothing: blanks of ASCII, no-break, zero width, full width, and the byte order mark.
SPACES = " \t\r\n\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
VALUE, BLANK, NOT_YET, NOT_APPLICABLE = "value", "blank", "not_yet", "not_applicable"


# ------------------------------------------------------------------ documents

def state_of_cell(cell):
    """A cell is a value, blank, not yet known or not applicable (domain.md 6.4)."""
    if cell is None or (isinstance(cell, str) and not cell.strip(SPACES)):
        return BLANK
    if isinstance(cell, dict):
        return NOT_YET if "not_yet" in cell else NOT_APPLICABLE
    return VALUE


def number_of(cell):
    return Fraction(cell)


def rows_of(document, table, where=None):
    """The table's rows, those that `where` chooses; None when the table was left out."""
    rows = (document.get("tables") or {}).get(table)
    if rows is None or where is None:
        return rows
    return [row for row in rows
            if state_of_cell(row.get(where["column"])) == VALUE
            and _is_chosen(row[where["column"]], where["equals"])]


def _is_chosen(cell, wanted):
    """Yes is true: a boolean may be said either way."""
    return (cell in (True, "yes")) == wanted if isinstance(wanted, bool) else cell == wanted


def element_state(element, document):
    """(state, number or None) of one element of one document."""
    if element.field is not None:
        cell = (document.get("fields") or {}).get(element.field)
        state = state_of_cell(cell)
        return (state, number_of(cell)) if state == VALUE else (state, None)
    definition = element.definition
    rows = rows_of(document, definition["table"], definition.get("where"))
    if rows is None:
        return BLANK, None
    if definition.get("count"):
        return VALUE, Fraction(len(rows))
    return column_sum([row.get(definition["sum"]) for row in rows])


def column_sum(cells):
    """A not-yet cell leaves the whole not yet known; blank and not-applicable cells are skipped."""
    states = [state_of_cell(cell) for cell in cells]
    if NOT_YET in states:
        return NOT_YET, None
    numbers = [number_of(cell) for cell, state in zip(cells, states) if state == VALUE]
    if numbers or not cells:
        return VALUE, sum(numbers, Fraction(0))
    if all(state == NOT_APPLICABLE for state in states):
        return NOT_APPLICABLE, None
    return BLANK, None


def says_something(document):
    """A report of blanks is not a report: one value or one table declared empty makes it one."""
    if any(state_of_cell(cell) == VALUE for cell in (document.get("fields") or {}).values()):
        return True
    return any(rows is not None for rows in (document.get("tables") or {}).values())


def is_provisional(form, document, period):
    """Counted before the last day of the period's year."""
    if form.provisional_field is None or period == "plan":
        return False
    cell = (document.get("fields") or {}).get(form.provisional_field)
    return state_of_cell(cell) == VALUE and cell < f"{int(period.split('Q')[0]) + 1911}-12-31"


# -------------------------------------------------------------------- history

class Revision:
    def __init__(self, form, office, period, document, receipt, recorded_at, judged_by, event=None):
        """`judged_by`: the plan version of its time; what a later one adds reads blank in it."""
        self.form, self.office, self.period, self.event = form, office, period, event
        self.known = judged_by.forms[form].elements
        self.document, self.receipt, self.recorded_at = document, receipt, recorded_at
        self.submission, self.revision = receipt["submission"], receipt["revision"]
        self.states = {}

    @property
    def is_withdrawn(self):
        return "withdrawn" in self.document

    def state(self, plan, element):
        held = self.states.get((id(plan), element.code))
        if held is None:
            held = (element_state(element, self.document) if element.code in self.known
                    else (BLANK, None))
            self.states[(id(plan), element.code)] = held
        return held


class History:
    """Posted revisions and plan versions, each with its moment."""

    def __init__(self):
        self.revisions, self.plans, self._answers = [], [], {}
        self.official = []  # (revision, the moment in which it passed the stage that makes it official)

    def add_plan(self, plan, known_from):
        """`known_from`: the version's moment, or the latest moment surely before it took hold."""
        self.plans.append((known_from, plan))

    def add(self, revision):
        self.revisions.append(revision)

    def at(self, moment=None, basis="latest"):
        """What was known: (plan version, {(form, office, period): [current revision of each event]});
        a form without events has one."""
        asked = (moment, basis, len(self.revisions), len(self.plans), len(self.official))
        if asked not in self._answers:
            self._answers[asked] = self._known_at(moment, basis)
        return self._answers[asked]

    def _known_at(self, moment, basis):
        plan = self.plans[0][1]
        for known_from, version in self.plans:
            if moment is None or known_from <= moment:
                plan = version
        current = {}
        counting = ([(one, one.recorded_at) for one in self.revisions] if basis == "latest" else self.official)
        for revision, since in counting:
            if moment is None or since <= moment:
                place = (revision.form, revision.office, revision.period, revision.event)
                held = current.get(place)
                if held is None or held.revision < revision.revision:
                    current[place] = revision
        places = {}
        for (*place, _), revision in current.items():
            if not revision.is_withdrawn:  # as if it had never been handed in
                places.setdefault(tuple(place), []).append(revision)
        return plan, places


def only(current, *place):
    """The current revision of a form without events, or None."""
    return next(iter(current.get(place, [])), None)


def shown(number, decimal):
    return plain(number) if decimal else int(number)


# -------------------------------------------------------------------- roll-up

def chosen_units(plan, by, year, viewer):
    """Units that a reader sees: an office its own, its group's, and the wholes."""
    units = plan.units(by, year)
    if viewer is None or by == "city":
        return units
    own = viewer if by == "office" else plan.group_of(viewer, year)
    return {code: unit for code, unit in units.items() if code == own}


def rollup(history, form_code, period, by, moment=None, basis="latest", viewer=None):
    """{unit: what the unit must say}."""
    plan, current = history.at(moment, basis)
    form = plan.forms[form_code]
    year = plan.year_of(period)
    periods = asked_periods(plan, form, period)
    owing = plan.owing(form, year)
    answer = {}
    for code, (name, offices) in chosen_units(plan, by, year, viewer).items():
        places = [(office, one) for office in offices if office in owing for one in periods]
        revisions = {place: current.get((form_code, *place), []) for place in places}
        reported = [place for place in places
                    if any(says_something(one.document) for one in revisions[place])]
        held = [one for several in revisions.values() for one in several]
        answer[code] = {
            "name": name, "expected": len(places), "reported": len(reported),
            "missing": [_place_name(place, periods, period) for place in places
                        if place not in reported],
            "elements": {element.code: _unit_element(plan, element, held)
                         for element in form.elements.values() if element.in_rollup},
            "provisional": any(is_provisional(form, one.document, one.period) for one in held),
            # for the comparison: what doesn't add stands by office and by period only
            "several_offices": by != "office",
            "many_periods": len(periods) > 1 or form.event,
        }
    return answer


def _place_name(place, periods, asked):
    return place[0] if periods == [asked] else f"{place[0]}/{place[1]}"


def _unit_element(plan, element, revisions):
    states = [revision.state(plan, element) for revision in revisions]
    numbers = [number for state, number in states if state == VALUE]
    kinds = [state for state, _ in states]
    return {"value": shown(sum(numbers, Fraction(0)), element.decimal) if numbers else None,
            "offices": len(numbers), "blank": kinds.count(BLANK),
            "not_yet": kinds.count(NOT_YET), "not_applicable": kinds.count(NOT_APPLICABLE)}


# ----------------------------------------------------------------- indicators

def _sum_if_all_values(plan, form, revision, codes):
    """The sum of these elements of a revision, or None unless every one of them is a value."""
    if revision is None:
        return None
    total = Fraction(0)
    for code in codes:
        state, number = revision.state(plan, form.elements[code])
        if state != VALUE:
            return None
        total += number
    return total


def indicator(history, code, year, by, moment=None, basis="latest", viewer=None):
    """(head, {unit: what the unit must say}) of one indicator."""
    plan, current = history.at(moment, basis)
    definition = plan.indicators[code]
    form = plan.forms[definition["form"]]
    decimal = any(form.elements[one].decimal
                  for one in definition["numerator"] + definition["denominator"])
    target = (definition.get("targets") or {}).get(str(year))
    head = {"formula": {"numerator": definition["numerator"],
                        "denominator": definition["denominator"]},
            "name": definition["name"], "target": target,
            "has_targets": bool(definition.get("targets"))}
    owing = plan.owing(form, year)
    periods = plan.periods_of(form, year)
    answer = {}
    for unit, (name, offices) in chosen_units(plan, by, year, viewer).items():
        places = [(office, one) for office in offices if office in owing for one in periods]
        unit_target = target
        if by == "office" and target is not None:
            special = (definition.get("office_targets") or {}).get(unit) or {}
            unit_target = special.get(str(year), target)
        answer[unit] = {"name": name, **_indicator_unit(
            plan, form, definition, current, places, unit_target, decimal, viewer,
            len(periods) > 1)}
    return head, answer


def _indicator_unit(plan, form, definition, current, places, target, decimal, viewer, quarterly):
    numerator = denominator = unknown = Fraction(0)
    all_known = True
    counted, sources, missing = [], [], []
    for office, period in places:
        revision = only(current, form.code, office, period)
        above = _sum_if_all_values(plan, form, revision, definition["numerator"])
        below = _sum_if_all_values(plan, form, revision, definition["denominator"])
        if above is not None and below is not None:
            numerator, denominator = numerator + above, denominator + below
            counted.append(revision)
            if viewer in (None, office):
                sources.append({"office": office, "submission": revision.submission,
                                "revision": revision.revision,
                                "numerator": shown(above, decimal),
                                "denominator": shown(below, decimal)})
            continue
        missing.append(f"{office}/{period}" if quarterly else office)
        last = below
        for earlier in plan.earlier_periods(form, period):
            if last is not None:
                break
            last = _sum_if_all_values(plan, form, only(current, form.code, office, earlier),
                                      definition["denominator"])
        if last is None:
            all_known = False
        else:
            unknown += last
    low = high = None
    if all_known:
        low = percent(numerator, denominator + unknown)
        high = percent(numerator + unknown, denominator + unknown)
    sure = bool(counted) and denominator > 0
    held = [one for place in places for one in current.get((form.code, *place), [])]
    return {
        "numerator": shown(numerator, decimal), "denominator": shown(denominator, decimal),
        "rate": percent(numerator, denominator) if sure else None,
        "met": is_met(numerator, denominator, target) if sure and target is not None else None,
        "gap": people_needed(numerator, denominator, target) if sure and target is not None else None,
        "target": target, "expected": len(places), "counted": len(counted), "missing": missing,
        "bounds": {"low": low, "high": high}, "sources": sources,
        "parts": {part["code"]: _part(plan, form, part, counted, held, decimal)
                  for part in definition.get("parts") or []},
        # a provisional revision among the counted makes the figure provisional; one that
        # isn't counted leaves it open
        "surely_provisional": any(is_provisional(form, one.document, one.period)
                                  for one in counted),
        "maybe_provisional": any(is_provisional(form, one.document, one.period) for one in held),
    }


def _part(plan, form, part, counted, held, decimal):
    """Lawful readings of a part: over the counted offices, or over those where the part is whole."""
    readings = []
    for revisions in (counted, held):
        above = below = Fraction(0)
        for revision in revisions:
            one = _sum_if_all_values(plan, form, revision, part["numerator"])
            other = _sum_if_all_values(plan, form, revision, part["denominator"])
            if one is not None and other is not None:
                above, below = above + one, below + other
        readings.append({"numerator": shown(above, decimal), "denominator": shown(below, decimal),
                         "rate": percent(above, below)})
    return readings

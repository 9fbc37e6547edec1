"""What a document must agree with: the plan's "from" and "cross_checks", read independently of the daemon.

Written from domain.md section 4 and the plan file's own words. `Office` holds what one office has handed in; `findings`
says everything that is found across its forms.
"""
import json
from fractions import Fraction

from exact import plain
from figures import NOT_YET, VALUE, element_state, says_something, state_of_cell
from plans import NUMERIC

CODES = {"differs_from_other_form", "exceeds_other_form", "blank_beside_other_form", "other_form_missing",
         "line_not_planned", "line_missing"}
UNKNOWN, UNREPORTED = object(), object()


def last_day(year):
    return f"{year + 1911}-12-31"


def first_day(year):
    return f"{year + 1911}-01-01"


def shown(value):
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, separators=(",", ":")) if isinstance(value, list) else str(value)


def comparable(item, cell):
    """A value so that two of them are equal if they say the same."""
    if item["type"] in NUMERIC:
        return Fraction(cell)
    if item["type"] == "boolean":
        return cell in (True, "yes")
    if item["type"] == "codes":
        return frozenset(cell)
    return cell


def has_words(note):
    return isinstance(note, str) and note.strip() != ""


class Office:
    """The documents of one office, in the order they were recorded."""

    def __init__(self, plan):
        self.plan, self.revisions = plan, []

    def add(self, document, event=None):
        self.revisions.append((document["form"], document["period"], event, document))

    def current(self, form, period):
        """The newest document of each event (or the only one), if it reports anything."""
        newest = {event: document for code, when, event, document in self.revisions if (code, when) == (form, period)}
        return [document for document in newest.values() if says_something(document)]

    def in_force(self, form, year, day):
        """Of the documents up to that year, the newest of those in effect on the day."""
        effective = self.plan.forms[form].definition["effective_from"]
        best = None
        for code, period, _, document in self.revisions:
            if code != form or not self.plan.first <= int(period) <= year or not says_something(document):
                continue
            cell = (document.get("fields") or {}).get(effective)
            since = cell if state_of_cell(cell) == VALUE else first_day(int(period))
            if since <= day and (best is None or int(period) >= best[0]):
                best = int(period), document
        return [best[1]] if best else []


def periods_meant(plan, form, period, year_offset):
    """Periods of the other form that stand for a period of this one."""
    year = plan.year_of(period) + year_offset
    if form.period == "plan":
        return ["plan"]
    if form.period == "year":
        return [str(year)]
    if "Q" in period:
        return [f"{year}Q{period.split('Q')[1]}"]
    return [f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)]


def documents_meant(office, origin, document):
    """The documents behind an origin, period by period; UNKNOWN if the document doesn't say of which day."""
    plan, form = office.plan, office.plan.forms[origin["form"]]
    periods = periods_meant(plan, form, document["period"], origin.get("year_offset", 0))
    if form.definition.get("effective_from") and form.period == "year":
        year, day = int(periods[0]), last_day(int(periods[0]))
        if "on" in origin:
            cell = (document.get("fields") or {}).get(origin["on"])
            if state_of_cell(cell) != VALUE:
                return UNKNOWN
            day = cell
        return [office.in_force(form.code, year, day)]
    return [office.current(form.code, period) for period in periods]


def one_document(origin, form, document):
    """What one document says; None: nothing, since the origin doesn't speak of it; UNKNOWN."""
    fields = document.get("fields") or {}
    if "where" in origin:
        cell = fields.get(origin["where"]["field"])
        if state_of_cell(cell) == NOT_YET:
            return UNKNOWN
        if state_of_cell(cell) != VALUE or cell != origin["where"]["equals"]:
            return None
    if origin.get("events"):
        return Fraction(1)
    if "field" in origin:
        cell = fields.get(origin["field"])
        return cell if state_of_cell(cell) == VALUE else UNKNOWN
    total = Fraction(0)
    for code in origin.get("elements", []):
        state, number = element_state(form.elements[code], document)
        if state != VALUE:
            return UNKNOWN
        total += number
    return total


def value_of(office, origin, document):
    """What the origin comes to: a number, a field's value, UNKNOWN (in part) or UNREPORTED."""
    by_period = documents_meant(office, origin, document)
    if by_period is UNKNOWN:
        return UNKNOWN
    if not any(by_period):
        return UNREPORTED
    if not all(by_period):
        return UNKNOWN
    form = office.plan.forms[origin["form"]]
    said = [one_document(origin, form, one) for several in by_period for one in several]
    if UNKNOWN in said:
        return UNKNOWN
    if "field" in origin:
        return said[0]
    return sum((one for one in said if one is not None), Fraction(0))


def findings(office, document):
    """{(severity, code, path, expected, found)}, as often as each is there, in a list in order."""
    form = office.plan.forms[document["form"]].definition
    found = []
    for field in form.get("fields") or []:
        if "from" in field:
            found += of_field(office, document, field)
    for check in form.get("cross_checks") or []:
        found += (at_most if check["kind"] == "at_most" else same_lines)(office, document, check)
    notes = document.get("notes") or {}
    return sorted(((severity, code, path, expected, was) for severity, code, path, expected, was, explained in found
                   if severity != "explain" or not any(has_words(notes.get(place)) for place in explained)), key=repr)


def of_field(office, document, field):
    origin, code = field["from"], field["code"]
    value = value_of(office, origin, document)
    cell = (document.get("fields") or {}).get(code)
    is_there = state_of_cell(cell) == VALUE
    path = f"fields.{code}"
    if value is UNKNOWN:
        return []
    if value is UNREPORTED:
        zero = field["type"] in NUMERIC and is_there and Fraction(cell) == 0
        return [("warning", "other_form_missing", path, None, None, ())] if is_there and not zero else []
    expected = shown(value)
    if not is_there:
        return [("warning", "blank_beside_other_form", path, expected, None, ())]
    if comparable(field, cell) == comparable(field, value):
        return []
    return [(origin["severity"], "differs_from_other_form", path, expected, shown(cell), (path, code))]


def at_most(office, document, check):
    cells = [(document.get("fields") or {}).get(part) for part in check["parts"]]
    value = value_of(office, check["with"], document)
    if value in (UNKNOWN, UNREPORTED) or any(state_of_cell(cell) != VALUE for cell in cells):
        return []
    total = sum(map(Fraction, cells))
    place = check["parts"][0]
    if total <= value:
        return []
    return [(check["severity"], "exceeds_other_form", f"fields.{place}", plain(value), plain(total), (f"fields.{place}", place))]


def identity(table, row):
    return "/".join(str(row[key]) for key in table["key"])


def table_of(form, code):
    return next(one for one in form.definition["tables"] if one["code"] == code)


def same_lines(office, document, check):
    plan, origin, code = office.plan, check["with"], check["table"]
    others = [one for several in documents_meant(office, origin, document) for one in several]
    rows = (document.get("tables") or {}).get(code)
    theirs = (others[-1].get("tables") or {}).get(origin["table"]) if others else None
    if rows is None or theirs is None:
        return []
    table, other = table_of(plan.forms[document["form"]], code), table_of(plan.forms[origin["form"]], origin["table"])
    planned = {identity(other, row): row for row in theirs}
    columns = {column["code"]: column for column in table["columns"]}
    found = []
    for row in rows:
        name = identity(table, row)
        place = f"tables.{code}[{name}]"
        if name not in planned:
            path = f"{place}.{table['key'][0]}"
            found.append((check["severity"], "line_not_planned", path, None, name, (path, place)))
            continue
        for column in check["columns"]:
            mine, his = row.get(column), planned[name].get(column)
            if state_of_cell(mine) == state_of_cell(his) == VALUE \
                    and comparable(columns[column], mine) != comparable(columns[column], his):
                path = f"{place}.{column}"
                found.append((check["severity"], "differs_from_other_form", path, shown(his), shown(mine), (path, place)))
    kept = {identity(table, row) for row in rows}
    found += [(check["severity"], "line_missing", f"tables.{code}", name, None, (f"tables.{code}",))
              for name in planned if name not in kept]
    return found

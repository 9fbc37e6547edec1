"""What a plan says, read from the plan as GET /v1/plans/{plan} answers it."""
from functools import cached_property

NUMERIC = {"count", "money", "decimal"}


class Element:
    """A figure that a form yields: a numeric field, a count of rows or a sum of a column."""

    def __init__(self, code, decimal, over_offices, over_periods, field=None, definition=None):
        self.code, self.decimal, self.field, self.definition = code, decimal, field, definition
        self.adds_offices = over_offices != "none"
        self.adds_periods = over_periods != "none"
        self.in_rollup = definition is None or definition.get("rollup", True)


class Form:
    def __init__(self, definition):
        self.definition = definition
        self.code, self.period = definition["code"], definition["period"]
        self.event = definition.get("event", False)
        self.provisional_field = definition.get("provisional_until_year_end")

    @cached_property
    def elements(self):
        found = {}
        for field in self.definition.get("fields") or []:
            if field["type"] in NUMERIC:
                found[field["code"]] = Element(
                    field["code"], field["type"] == "decimal", field.get("over_offices", "sum"),
                    field.get("over_periods", "sum"), field=field["code"])
        columns = {(table["code"], column["code"]): column
                   for table in self.definition.get("tables") or []
                   for column in table["columns"]}
        for element in self.definition.get("elements") or []:
            summed = columns.get((element["table"], element.get("sum")))
            found[element["code"]] = Element(
                element["code"], bool(summed) and summed["type"] == "decimal",
                element.get("over_offices", "sum"), element.get("over_periods", "sum"),
                definition=element)
        return found


class Plan:
    """One version of a plan."""

    def __init__(self, definition):
        self.definition = definition
        self.code = definition["plan"]
        self.first, self.last = definition["years"]["from"], definition["years"]["to"]
        self.forms = {form["code"]: Form(form) for form in definition["forms"]}
        self.indicators = {one["code"]: one for one in definition["indicators"]}

    @property
    def years(self):
        return range(self.first, self.last + 1)

    def _holds(self, entry, year):
        return entry.get("from", self.first) <= year <= entry.get("to", self.last)

    def offices(self, year):
        """Codes of the offices there are in that year, in the plan's order."""
        return [one["code"] for one in self.definition["offices"] if self._holds(one, year)]

    def owing(self, form, year):
        listed = form.definition.get("owed_by")
        return [code for code in self.offices(year) if listed is None or code in listed]

    def group_of(self, office, year):
        for group in self.definition["groups"]:
            for member in group["members"]:
                if member["office"] == office and self._holds(member, year):
                    return group["code"]
        return None

    def units(self, by, year):
        """{unit: (name, offices of the year)} for a level."""
        offices = self.offices(year)
        if by == "office":
            return {one["code"]: (one["name"], [one["code"]])
                    for one in self.definition["offices"] if one["code"] in offices}
        if by == "group":
            return {group["code"]: (group["name"],
                                    [code for code in offices
                                     if self.group_of(code, year) == group["code"]])
                    for group in self.definition["groups"]}
        return {whole["code"]: (whole["name"],
                                [code for code in offices if code not in whole.get("except", [])])
                for whole in self.definition["wholes"]}

    def periods_of(self, form, year):
        """The periods in which the form is owed in that year."""
        if form.period == "quarter":
            return [f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)]
        if form.period == "plan":
            return ["plan"] if year == self.first else []
        return [str(year)]

    def earlier_periods(self, form, period):
        """Periods of the plan before this one, the latest first."""
        every = [one for year in self.years for one in self.periods_of(form, year)]
        return every[:every.index(period)][::-1]

    def year_of(self, period):
        """The year whose offices and groups hold for the period."""
        return self.first if period == "plan" else int(period.split("Q")[0])


def asked_periods(plan, form, period):
    """A year asked of a quarterly form stands for its four quarters."""
    if form.period == "quarter" and "Q" not in period:
        return plan.periods_of(form, int(period))
    return [period]

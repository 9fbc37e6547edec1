"""The annual report: what the office's other documents of the year come to, added up here by the rules of the domain."""
from offices import LABEL, draw

QUARTERS = (1, 2, 3, 4)


def is_value(cell):
    return cell is not None and not isinstance(cell, dict)


def cell_of(code):
    return lambda document: document["fields"].get(code)


def persons(*codes):
    """The sum of these cells; unknown as soon as one of them is."""
    def add(document):
        cells = [document["fields"].get(code) for code in codes]
        return sum(cells) if all(map(is_value, cells)) else None
    return add


def both(stem):
    return persons(f"{stem}.m", f"{stem}.f")


def rows_where(table, column=None, value=None):
    return lambda document: sum(column is None or row.get(column) == value for row in document["tables"][table])


def column(table, code):
    """The sum of a column: a cell that isn't known yet leaves it unknown, one that doesn't apply adds nothing."""
    def add(document):
        cells = [row.get(code) for row in document["tables"][table]]
        if any(isinstance(cell, dict) and "not_yet" in cell for cell in cells):
            return None
        values = list(filter(is_value, cells))
        return sum(values) if values or not cells else None
    return add


# form, {field of the report: what one document of the form says of it}
ONE_A_YEAR = {
    "budget-plan": {"budget.lines": rows_where("lines"), "budget.gender_budget": column("lines", "gender_budget"), "budget.total": cell_of("total_budget")},
    "budget-execution": {"execution.gender_budget": column("lines", "gender_budget"), "execution.executed": column("lines", "executed")},
    "local-programme": {"programmes.count": rows_where("programmes"), "programmes.budget": column("programmes", "budget"),
                        "programmes.reached.total": column("programmes", "reached.total")},
    "webpage": {"webpage.url": cell_of("url"), "webpage.updates": cell_of("updates")},
    "other-measures": {"measures.count": rows_where("measures")},
    "training-annual": {
        "kpi.gm_general.trained": both("general.gm2h"), "kpi.gm_general.staff": both("general.staff"),
        "kpi.gm_supervisor.trained": both("supervisor.gm2h"), "kpi.gm_supervisor.staff": both("supervisor.staff"),
        "kpi.ge_business.trained": both("business.ge10h"), "kpi.ge_business.staff": both("business.staff"),
        "kpi.cedaw_general.trained": both("general.cedaw1h"), "kpi.cedaw_general.staff": both("general.staff"),
        "kpi.cedaw_supervisor.trained": both("supervisor.cedaw1h"), "kpi.cedaw_supervisor.staff": both("supervisor.staff")},
}
BY_QUARTER = {
    "training.courses": rows_where("courses"), "training.attendance.m": column("courses", "attendance.m"), "training.attendance.f": column("courses", "attendance.f"),
    "outreach.events": rows_where("outreach"), **{f"outreach.attendance.{who}": column("outreach", f"attendance.{who}") for who in ("m", "f", "o", "total")}}
IN_FORCE = {
    "task-group-roster": {"committee.m": rows_where("members", "sex", "m"), "committee.f": rows_where("members", "sex", "f"),
                          "committee.external": rows_where("members", "role", "external")},
    "liaison-contacts": {"liaison.unit": cell_of("liaison.unit"), "liaison.title": cell_of("liaison.title")},
}
KPI = (("gm_general", "一般公務人員性別主流化訓練"), ("gm_supervisor", "主管人員性別主流化訓練"), ("ge_business", "性別平等業務人員訓練"),
       ("cedaw_general", "一般公務人員CEDAW實體課程"), ("cedaw_supervisor", "主管人員CEDAW實體課程"))
TARGETS = {112: (92, 92, 90, 27, 27), 113: (93, 93, 92, 28, 28), 114: (94, 94, 94, 29, 29), 115: (95, 95, 96, 30, 30)}


class Files:
    """What an office has handed in up to a moment."""

    def __init__(self, handed_in):
        """`handed_in`: [(form, period, event, document)] in order of time"""
        self.handed_in = handed_in

    def current(self, form, period):
        """The newest document of each event of the form; of a form without events, of the form."""
        held = {event: document for one, when, event, document in self.handed_in if (one, when) == (form, period)}
        return list(held.values())

    def in_force(self, form, year):
        """What holds at the end of the year: the last that was handed in of those in effect by then."""
        held = [(int(period), document) for one, period, _, document in self.handed_in
                if one == form and int(period) <= year and document["fields"]["effective_from"] <= f"{year + 1911}-12-31"]
        return [document for _, document in sorted(held, key=lambda one: one[0])][-1:]


def summary(files, year):
    found = {}
    for form, questions in ONE_A_YEAR.items():
        for document in files.current(form, str(year)):
            found.update({code: ask(document) for code, ask in questions.items()})
    quarters = [document for quarter in QUARTERS for document in files.current("training-quarterly", f"{year}Q{quarter}")]
    for code, ask in BY_QUARTER.items():
        parts = [ask(document) for document in quarters]
        found[code] = sum(parts) if len(parts) == 4 and None not in parts else None
    for form, questions in IN_FORCE.items():
        for document in files.in_force(form, year):
            found.update({code: ask(document) for code, ask in questions.items()})
    meetings = files.current("task-group-meeting", str(year))
    for code, kind in (("meetings.regular", "regular"), ("meetings.ad_hoc", "ad_hoc")):
        found[code] = sum(meeting["fields"]["kind"] == kind for meeting in meetings)
    return {code: value for code, value in found.items() if is_value(value)}


def assessment(fields, name, words, target):
    trained, staff = fields.get(f"kpi.{name}.trained"), fields.get(f"kpi.{name}.staff")
    if trained is None or not staff:
        return f"{LABEL}：{words}尚無完整數據。"
    return f"{LABEL}：{words}{'達成' if trained * 100 >= target * staff else '未達'}目標值{target}%。"


def report_of(office, year, files):
    fields = summary(files, year)
    for (name, words), target in zip(KPI, TARGETS[year]):
        fields[f"kpi.{name}.assessment"] = assessment(fields, name, words, target)
    fields.update({
        "liaison_meeting.attended": True, "liaison_meeting.date": f"{year + 1911}-10-{draw(12, 20, 'liaison meeting', year, office.code in GROUP_1):02d}",
        "liaison_meeting.contribution": f"{LABEL}：分享在地性別平等方案辦理經驗。",
        "review.findings": f"{LABEL}：男性同仁參訓比率仍低於女性。", "review.improvements": f"{LABEL}：次年度增加夜間及數位課程場次。"})
    return {"fields": fields}


GROUP_1 = {"68000010", "68000070", "68000080", "68000030", "68000050", "68000060", "68000130"}

"""A desk for integration tests: the Taoyuan plan served, principals, and documents that are right."""
import contextlib
import itertools
import threading

import tributary_harness as harness

PLAN = "taoyuan-112-115"
PLAN_FILE = harness.PLANS / f"{PLAN}.json"
GROUP_1 = ["68000010", "68000070", "68000080", "68000030", "68000050", "68000060", "68000130"]
GROUP_2 = ["68000020", "68000040", "68000100", "68000090", "68000120", "68000110"]
OFFICES = sorted(GROUP_1 + GROUP_2)
GUISHAN, FUXING, ZHONGLI = "68000070", "68000130", "68000020"
YEARS = ("112", "113", "114", "115")


def annual(office, period, base=0, **changes):
    """A complete training-annual; `changes` by field code with _ for the dots' places."""
    fields = {
        "general.staff.m": 61, "general.staff.f": 92, "general.gm2h.m": 55, "general.gm2h.f": 86,
        "general.cedaw1h.m": 20, "general.cedaw1h.f": 30,
        "general.cedaw2h.m": 10, "general.cedaw2h.f": 15,
        "supervisor.staff.m": 9, "supervisor.staff.f": 7,
        "supervisor.gm2h.m": 9, "supervisor.gm2h.f": 7,
        "supervisor.cedaw1h.m": 3, "supervisor.cedaw1h.f": 2,
        "supervisor.cedaw2h.m": 1, "supervisor.cedaw2h.f": 0,
        "business.staff.m": 1, "business.staff.f": 1,
        "business.ge10h.m": 1, "business.ge10h.f": 1,
        "counted_on": f"{int(period) + 1911}-12-31",
    }
    for name, value in changes.items():
        if value is ...:
            fields.pop(name)
        else:
            fields[name] = value
    return {"form": "training-annual", "office": office, "period": period, "base": base,
            "fields": fields}


def course(row="a1", **changes):
    cells = {"_row": row, "name": "CEDAW 案例研討", "date_from": "2024-05-02",
             "date_to": "2024-05-02", "hours": "3", "kind": "cedaw", "method": "lecture",
             "audience": ["general"], "attendance.m": 12, "attendance.f": 20,
             "attendance.total": 32}
    cells.update(changes)
    return {name: value for name, value in cells.items() if value is not ...}


def event(row="b7", **changes):
    cells = {"_row": row, "name": "社區宣導", "topic": "gender_equality", "date": "2024-06-01",
             "sessions": 1, "attendance.m": 10, "attendance.f": 15, "attendance.o": 0,
             "attendance.total": 25}
    cells.update(changes)
    return {name: value for name, value in cells.items() if value is not ...}


def quarterly(office, period="113Q2", base=0, courses=..., outreach=...):
    """A training-quarterly; its default rows are dated in 113Q2."""
    tables = {}
    if courses is not None:
        tables["courses"] = [course()] if courses is ... else courses
    if outreach is not None:
        tables["outreach"] = [] if outreach is ... else outreach
    return {"form": "training-quarterly", "office": office, "period": period, "base": base,
            "tables": tables}


def line(number, **changes):
    cells = {"no": number, "unit": "社會課", "category": "plan", "name": "計畫", "budget": 100000,
             "gender_budget": 50000, "executed": 50000, "settled": True}
    cells.update(changes)
    return {name: value for name, value in cells.items() if value is not ...}


def execution(office, period, lines, base=0, notes=None):
    document = {"form": "budget-execution", "office": office, "period": period, "base": base,
                "tables": {"lines": lines}}
    return document if notes is None else {**document, "notes": notes}


class Desk:
    """The service with the Taoyuan plan, tokens made when first asked for."""

    def __init__(self, service, plan=PLAN):
        self.service, self.plan = service, plan
        self.base = f"/v1/plans/{plan}"
        self._logins, self._lock = {}, threading.Lock()
        self._slots = itertools.product(YEARS, OFFICES)

    def login(self, role, office=None):
        with self._lock:
            if (role, office) not in self._logins:
                self._logins[role, office] = self.service.login(role, office)
            return self._logins[role, office]

    @property
    def geo(self):
        return self.login("geo")

    def office(self, code):
        return self.login("office", code)

    def fresh(self):
        """(office, year) for which no test has handed in a training-annual."""
        year, office = next(self._slots)
        return office, year

    def post(self, document, headers=None, **query):
        """Hand in with the office's own token; the reply, whatever it is."""
        return self.office(document["office"]).hand_in(self.plan, document, headers, **query)

    def accepted(self, document, headers=None, **query):
        """Hand in what must be taken as a new revision; the receipt."""
        return harness.expect_status(self.post(document, headers, **query), 201).json

    def refused(self, document, headers=None):
        """Hand in what must be refused; its findings."""
        reply = harness.expect_status(self.post(document, headers), 422)
        harness.equal(reply.header("content-type", "").split(";")[0],
                      "application/problem+json", "content type of a refusal")
        harness.equal(reply.json.get("code"), "findings_refused", "code of a refusal")
        return reply.json["findings"]

    def listed(self, form=None, office=None, period=None, client=None, **query):
        reply = (client or self.geo).get(f"{self.base}/submissions", form=form, office=office,
                                         period=period, **query)
        return items(harness.expect_status(reply, 200).json)

    def revisions(self, form, office, period):
        """Revision numbers of a submission, as GET …/revisions gives them; [] when there is none."""
        listed = self.listed(form, office, period)
        if not listed:
            return []
        reply = self.geo.get(f"/v1/submissions/{listed[0]['submission']}/revisions")
        return sorted(one["revision"] for one in items(harness.expect_status(reply, 200).json))

    def rollup(self, form, period, by="city", client=None, **query):
        reply = (client or self.geo).get(f"{self.base}/rollups/{form}", period=period, by=by,
                                         **query)
        return harness.expect_status(reply, 200).json

    def unit(self, form, period, unit, by="city", client=None, **query):
        units = self.rollup(form, period, by, client, **query)["units"]
        return next(one for one in units if one["unit"] == unit)

    def indicator(self, code, year, unit, by="city", client=None, **query):
        reply = (client or self.geo).get(f"{self.base}/indicators", year=year, by=by, **query)
        chosen = next(one for one in harness.expect_status(reply, 200).json["indicators"]
                      if one["code"] == code)
        return next(one for one in chosen["units"] if one["unit"] == unit)


def items(answer):
    """The one list of a list answer."""
    lists = [value for value in answer.values() if isinstance(value, list)]
    if len(lists) != 1:
        raise AssertionError(f"a list answer holds {len(lists)} lists: {list(answer)}")
    return lists[0]


def document_of(answer):
    """The document in the answer of GET /v1/submissions/{id}."""
    return answer["document"] if "document" in answer else answer


def find(findings, code, path=None):
    """The finding with this code (and path); fails with all of them otherwise."""
    for one in findings:
        if one["code"] == code and path in (None, one["path"]):
            return one
    seen = [(one["severity"], one["code"], one["path"]) for one in findings]
    raise AssertionError(f"no finding {code} at {path}; there are {seen}")


@contextlib.contextmanager
def desk(**options):
    """The Taoyuan plan served by the real daemon on a database of its own."""
    with harness.service(PLAN_FILE, **options) as service:
        yield Desk(service)

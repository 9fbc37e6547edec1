"""Reviews as the contract tells them: who may say what of a revision, what then may change, what is official.

Written from domain.md section 3 and the words of the issue about review: the stages of a form's chain in order; after
acceptance only what was returned may change; what was accepted stays official until the next one is; nobody accepts what
they handed in. It knows nothing of how the daemon stores or asks."""
import dataclasses
import itertools

STAGES = {  # code: (role, is a body, of the office itself)
    "task-group": ("geo", True, True), "geo": ("geo", False, False), "dbas": ("dbas", False, False),
    "promotion-group": ("geo", True, False), "council": ("dbas", True, False)}
MINUTES = "minutes-form"


def add_reviews(rng, definition):
    """Stages, a chain for each form, a form that records meetings, and one whose changes come into force on a day."""
    definition["review_stages"] = [
        {"code": code, "name": {"zh": code, "en": code}, "role": role, "body": body, "own": own, "source": "random",
         **({"meetings": {"form": MINUTES, "date": "held.on", "members": "seats", "present": ["came.m", "came.f"]}} if own else {})}
        for code, (role, body, own) in STAGES.items()]
    later = [form for form in definition["forms"] if form["period"] == "year" and not form["event"]]
    if later:
        form = rng.choice(later)
        form["fields"].append({"code": "since", "name": {"zh": "生效日", "en": "Since"}, "type": "date"})
        form["effective_from"] = "since"
    name = {"zh": "紀錄", "en": "Minutes"}
    definition["forms"].append({
        "code": MINUTES, "name": name, "period": "year", "event": True, "source": "random", "tables": [], "elements": [],
        "rules": [], "due": [{"year_offset": 1, "month": 1, "day": 28, "kind": "hard", "source": "random"}],
        "fields": [{"code": "held.on", "name": name, "type": "date"},
                   *({"code": code, "name": name, "type": "count", "over_periods": "none"} for code in
                     ("seats", "came.m", "came.f"))]})
    for form in definition["forms"]:
        form["review"] = chain_of(rng)


def chain_of(rng):
    chain = rng.sample(list(STAGES), rng.randint(1, 4))
    official = rng.choice(chain)
    return [{"stage": code, **({"official": True} if code == official else {})} for code in chain]


# ---- places and what changed ----------------------------------------------------------------------------------------
# A place is ("field", code), ("note", path), or ("table", table, row or None, column or None).

def path_of(place):
    if place[0] == "field":
        return f"fields.{place[1]}"
    if place[0] == "note":
        return f"notes.{place[1]}"
    _, table, row, column = place
    return f"tables.{table}" + (f"[{row}]" if row is not None else "") + (f".{column}" if column else "")


def covers(returned, changed):
    """What is returned as a row, a column or a table is returned with all that lies in it."""
    if returned[0] != "table" or changed[0] != "table":
        return returned == changed
    _, table, row, column = returned
    return (table == changed[1] and row in (None, changed[2]) and column in (None, changed[3])
            and (row is not None or column is None or changed[2] is not None or changed[3] == column))


def identity(definition, row):
    key = definition.get("key")
    return str(row[key[0]]) if key else row.get("_row")


def rows_by_identity(definition, document):
    rows = (document.get("tables") or {}).get(definition["code"])
    return rows, {identity(definition, row): row for row in rows or []}


def changes(form, before, after):
    """Places whose cells say something else; blank and absent are the same."""
    found = []
    old, new = before.get("fields") or {}, after.get("fields") or {}
    found += [("field", code) for code in {**old, **new} if old.get(code) != new.get(code)]
    old, new = before.get("notes") or {}, after.get("notes") or {}
    found += [("note", code) for code in {**old, **new} if old.get(code) != new.get(code)]
    for table in form["tables"]:
        was, old = rows_by_identity(table, before)
        now, new = rows_by_identity(table, after)
        if not was and not now and (was is None) != (now is None):
            found.append(("table", table["code"], None, None))
        for row in {**old, **new}:
            for column in table["columns"]:
                code = column["code"]
                if old.get(row, {}).get(code) != new.get(row, {}).get(code):
                    found.append(("table", table["code"], row, code))
    return found


def totals_of(form, place):
    """The places that must equal sums of which this one is a part."""
    if place[0] != "table":
        return []
    return [("table", place[1], place[2], rule["total"]) for rule in form["rules"]
            if rule["kind"] == "sum_equals" and rule["table"] == place[1] and place[3] in (None, *rule["parts"])]


def not_returned(form, ticket, changed):
    """Changed places that no returned one holds; the total of a returned part goes with it."""
    wide = list(ticket) + [total for place in ticket for total in totals_of(form, place)]
    return {path_of(place) for place in changed
            if place[0] != "note" and not any(covers(one, place) for one in wide)}


# ---- one submission -------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Said:
    """One review."""
    stage: str
    place: int
    outcome: str
    cells: tuple
    actor: str
    reason: object
    official: bool
    recorded_at: int
    sequence: int
    break_glass: bool

    @property
    def accepts(self):
        return self.outcome != "return"


@dataclasses.dataclass
class Handed:
    """One revision; it keeps the chain and the places of the form as the plan version said that judged it."""
    form: dict
    number: int
    identity: str
    document: dict
    reports: bool
    provisional: bool
    actor: str
    recorded_at: int
    noted: object = None
    start: object = None  # stages it begins with; None: it begins anew
    said: list = dataclasses.field(default_factory=list)

    def chain(self):
        return [one["stage"] for one in self.form["review"]]

    def official_place(self):
        return next(number for number, one in enumerate(self.form["review"], 1) if one.get("official"))

    def until(self, moment):
        return [one for one in self.said if moment is None or one.recorded_at <= moment]

    def passed(self, moment=None):
        passed = self.start or 0
        for one in self.until(moment):
            passed = one.place if one.accepts else min(one.place - 1, passed)
        return passed

    def returns(self, moment=None):
        """Every return since it was last accepted."""
        return list(itertools.takewhile(lambda one: not one.accepts, reversed(self.until(moment))))[::-1]

    def is_official(self, moment=None):
        return any(one.official for one in self.until(moment))

    def state(self, moment=None):
        said = self.until(moment)
        if not said:
            return "received"
        return "returned" if not said[-1].accepts else "official" if self.is_official(moment) else "accepted"


class Submission:
    def __init__(self, form, office):
        self.form, self.office, self.revisions = form, office, []

    @property
    def current(self):
        return self.revisions[-1]

    def anchor(self):
        return next((one for one in reversed(self.revisions) if one.said), None)

    def held(self):
        """The newest revision that a stage accepted, itself or as the answer to a return of something accepted."""
        return next((one for one in reversed(self.revisions)
                     if any(word.accepts for word in one.said) or (one.said and one.start is not None)), None)

    def official(self, moment=None):
        """The newest revision that is official."""
        return next((one for one in reversed(self.revisions) if one.is_official(moment)), None)

    def judge(self, document, since):
        """(paths that may not change, how many stages it has passed when it is handed in or None: it begins anew)."""
        held = self.held()
        if held is None:
            return set(), None
        returns = held.returns()
        whole = any(not one.cells for one in returns + self.anchor().returns())
        moved_on = bool(since) and _later(document, held.document, since)
        if whole or held.provisional or moved_on:
            return set(), None
        ticket = [place for one in returns for place in one.cells]
        back = min([one.place for one in returns] + [held.passed() + 1])
        left = held.chain()[:min(back, held.official_place()) - 1]
        return not_returned(self.form, ticket, changes(self.form, held.document, document)), self.begins_with(left)

    def begins_with(self, left):
        """Stages at the beginning of the chain as it is now that were passed; never the one that makes it official."""
        count = 0
        for one in self.form["review"]:
            if one.get("official") or one["stage"] not in left:
                break
            count += 1
        return count

    def may(self, revision, stage, outcome, who):
        """Reasons why this can't be said, as (status, code); none: it can."""
        role, actor, office, break_glass = who
        place = revision.chain().index(stage) + 1
        of_role, body, own = STAGES[stage]
        reasons = set()
        if break_glass:
            allowed = role == "admin"
        elif outcome == "return":
            allowed = role == of_role
        else:
            allowed = role == of_role or (own and role == "office" and office == self.office)
        if not allowed:
            reasons.add((403, "forbidden"))
        if outcome == "note" and not body:
            reasons.add((422, "bad_member"))
        if revision is not self.current:
            reasons.add((409, "revision_replaced"))
        if outcome != "return" and actor == revision.actor:
            reasons.add((409, "own_submission"))
        if outcome != "return" and not revision.reports:
            reasons.add((409, "nothing_to_accept"))
        next_place = revision.passed() + 1
        if outcome == "return":
            wrong = place > next_place and not break_glass
        else:
            wrong = place < next_place or (place > next_place and not break_glass)
        if wrong:
            reasons.add((409, "stage_not_next"))
        return reasons

    def turns(self, who):
        """What `may` of the submission must list for somebody: (stage, outcomes)."""
        if not self.current.reports:
            return []
        listed = []
        for stage in self.current.chain():
            outcomes = [outcome for outcome in ("accept", "note", "return")
                        if not self.may(self.current, stage, outcome, who)]
            if outcomes:
                listed.append((stage, outcomes))
        return listed


def _later(document, before, field):
    now, then = ((one.get("fields") or {}).get(field) for one in (document, before))
    return isinstance(now, str) and isinstance(then, str) and now > then


def reaches_quorum(fields):
    """More than half of the members attended."""
    cells = [fields.get(code) for code in ("seats", "came.m", "came.f")]
    return all(isinstance(cell, int) for cell in cells) and 2 * (cells[1] + cells[2]) > cells[0]

#!/usr/bin/env python3
"""A document against the office's other documents: cases by hand, and random ones held against the oracle's own reading
of the plan. Each seed of the random ones is repeated by `ACROSS_SEEDS=<seed>`."""
import copy
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent / "oracle")]

import cross  # noqa: E402  pylint: disable=wrong-import-position
import crossing  # noqa: E402
from desk import FUXING, GUISHAN, PLAN, ZHONGLI, annual, course, desk, event, line, quarterly  # noqa: E402
from plans import Plan  # noqa: E402
from tributary_harness import Suite, build_folder, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
SEEDS = [int(seed) for seed in os.environ.get("ACROSS_SEEDS", "1 2 3").split()]
DOCUMENTS = 150  # of each seed and plan
RANDOM_OFFICES = ["68000010", "68000040", "68000110", "68000120"]  # which no case by hand speaks of


# ---- random documents against the oracle ----------------------------------------------------------------------------

def across(findings):
    return sorted(((one["severity"], one["code"], one["path"], one.get("expected"), one.get("found"))
                   for one in findings if one["code"] in cross.CODES), key=repr)


def without(document, findings):
    """The document without the cells that are wrong in themselves."""
    document = copy.deepcopy(document)
    for one in findings:
        if one["severity"] != "error" or one["code"] in cross.CODES:
            continue
        kind, _, rest = one["path"].partition(".")
        if kind == "fields":
            document["fields"].pop(rest, None)
        elif kind == "tables":
            document["tables"].pop(rest.partition("[")[0].partition(".")[0], None)
    return document


class World:
    """Some offices that hand in what was drawn for them, and what the oracle knows of it."""

    def __init__(self, seed, plan, offices, clients):
        self.rng, self.plan, self.clients = crossing.seeded(seed), plan, clients
        self.drawer = crossing.Drawer(self.rng, plan)
        self.offices = {code: cross.Office(plan) for code in offices}
        self.revisions, self.events = {}, {}
        self.compared, self.taken, self.seen = 0, 0, {}

    def places(self, code):
        form = self.plan.forms[code]
        years = list(self.plan.years)[:3]
        return [period for year in years for period in self.plan.periods_of(form, year)]

    def post(self, office, document, dry):
        return self.clients[office].hand_in(self.plan.code, document, dry_run="true" if dry else None)

    def compare(self, office, document, reply):
        found, expected = across(reply.json.get("findings", [])), cross.findings(self.offices[office], document)
        if found != expected:
            lacking = [one for one in expected if one not in found]
            beyond = [one for one in found if one not in expected]
            raise AssertionError(f"{document['form']} {office} {document['period']}: not found {lacking}; found beyond {beyond}\n"
                                 f"  {json.dumps(document, ensure_ascii=False):.3000}")
        self.compared += 1
        for one in expected:
            self.seen[one[:2]] = self.seen.get(one[:2], 0) + 1
        return expected

    def step(self):
        rng = self.rng
        office, code = rng.choice(list(self.offices)), rng.choice(list(self.plan.forms))
        period = rng.choice(self.places(code))
        document = self.drawer.document(self.offices[office], code, office, period)
        number = rng.randint(1, 3) if self.plan.forms[code].event else None
        place = code, office, period, number
        document["base"] = self.revisions.get(place, 0)
        if place in self.events:
            document["event"] = self.events[place]
        trial = expect_status(self.post(office, document, dry=True), 200)
        found = self.compare(office, document, trial)
        document = without(document, trial.json["findings"])
        if found and rng.random() < 0.4:
            document["notes"] = self.drawer.notes(found)
        reply = self.post(office, document, dry=False)
        errors = any(severity == "error" for severity, *_ in self.compare(office, document, reply))
        if errors:
            expect_status(reply, 422)
        elif reply.status == 201:
            self.taken += 1
            self.revisions[place] = reply.json["revision"]
            if number is not None:
                self.events[place] = reply.json["event"]
            self.offices[office].add(document, number)
        else:
            check(reply.status in (200, 422), reply)


def run_worlds(desk_, definition, offices_of_seed):
    plan, worlds = Plan(definition), []
    for number, seed in enumerate(SEEDS):
        offices = offices_of_seed(number)
        world = World(seed, plan, offices, {code: desk_.office(code) for code in offices})
        for _ in range(DOCUMENTS):
            world.step()
        worlds.append(world)
    seen = {}
    for world in worlds:
        check(world.taken > DOCUMENTS // 4, f"only {world.taken} of {DOCUMENTS} documents were taken")
        for one, count in world.seen.items():
            seen[one] = seen.get(one, 0) + count
    return seen


@test
def whatever_two_forms_of_a_made_up_plan_can_say_of_each_other_is_found_as_the_oracle_finds_it(d):
    d.service.load_plan(crossing.PLAN)
    seen = run_worlds(d, crossing.PLAN, lambda number: crossing.OFFICES[number * 2 % 6:number * 2 % 6 + 2])
    wanted = {(severity, code) for severity in ("error", "explain", "warning") for code in ("differs_from_other_form", "exceeds_other_form")}
    wanted |= {("warning", "blank_beside_other_form"), ("warning", "other_form_missing")}
    wanted |= {(severity, code) for severity in ("error", "explain") for code in ("line_not_planned", "line_missing")}
    check(wanted <= set(seen), f"never seen: {sorted(wanted - set(seen))}; seen {seen}")


@test
def random_documents_of_the_twelve_forms_are_found_as_the_oracle_finds_them(d):
    definition = expect_status(d.geo.get(d.base), 200).json
    seen = run_worlds(d, definition, lambda number: [RANDOM_OFFICES[number % len(RANDOM_OFFICES)]])
    wanted = {("error", "differs_from_other_form"), ("explain", "differs_from_other_form"), ("explain", "exceeds_other_form"),
              ("warning", "blank_beside_other_form"), ("warning", "other_form_missing")}
    check(wanted <= set(seen), f"never seen: {sorted(wanted - set(seen))}; seen {seen}")


# ---- cases by hand --------------------------------------------------------------------------------------------------

def roster(office, period, since, men, women, base=0):
    members = [{"_row": f"m{number}", "sex": "m" if number <= men else "f", "role": "convener" if number == 1 else "deputy" if number == 2 else "internal"}
               for number in range(1, men + women + 1)]
    return {"form": "task-group-roster", "office": office, "period": period, "base": base, "fields": {"effective_from": since}, "tables": {"members": members}}


def meeting(office, date, members, men, women, kind="regular"):
    return {"form": "task-group-meeting", "office": office, "period": str(int(date[:4]) - 1911),
            "fields": {"date": date, "kind": kind, "members": members, "present.m": men, "present.f": women}}


def neighbours(office, period="113"):
    """One of everything that the annual report of a year looks at."""
    year = int(period) + 1911
    yield roster(office, period, f"{year}-01-01", 5, 6)
    yield {"form": "liaison-contacts", "office": office, "period": period,
           "fields": {"effective_from": f"{year}-01-01", "liaison.unit": "社會課", "liaison.title": "課長", "liaison.section_chief": True}}
    yield meeting(office, f"{year}-04-20", 11, 4, 5)
    yield meeting(office, f"{year}-10-20", 11, 5, 5)
    yield meeting(office, f"{year}-11-20", 11, 5, 6, "ad_hoc")
    yield {"form": "budget-plan", "office": office, "period": period, "fields": {"total_budget": 9000000},
           "tables": {"lines": [{"no": 1, "category": "plan", "name": "a", "budget": 100, "gender_budget": 50}, {"no": 2, "category": "law", "name": "b", "budget": 80, "gender_budget": 80}]}}
    yield {"form": "budget-execution", "office": office, "period": period,
           "tables": {"lines": [{"no": 1, "category": "plan", "name": "a", "budget": 100, "gender_budget": 50, "executed": 45, "settled": True},
                                {"no": 2, "category": "law", "name": "b", "budget": 80, "gender_budget": 80, "executed": 80, "settled": True}]}}
    for quarter, month in ((1, "02"), (2, "05"), (3, "08"), (4, "11")):
        yield quarterly(office, f"{period}Q{quarter}", courses=[course(date_from=f"{year}-{month}-02", date_to=f"{year}-{month}-02"),
                                                                course("a2", kind="gm_basic", date_from=f"{year}-{month}-03", date_to=f"{year}-{month}-03",
                                                                       **{"attendance.m": 40, "attendance.f": 60, "attendance.total": 100})],
                        outreach=[event(date=f"{year}-{month}-09")])
    yield annual(office, period)
    yield {"form": "local-programme", "office": office, "period": period,
           "tables": {"programmes": [{"_row": "p1", "name": "x", "budget": 60000, "reached.m": 10, "reached.f": 20, "reached.o": 1, "reached.total": 31}]}}
    yield {"form": "webpage", "office": office, "period": period, "fields": {"url": "https://sample.example.org/", "last_updated": f"{year}-09-09", "updates": 4}}
    yield {"form": "other-measures", "office": office, "period": period, "tables": {"measures": []}}


def reported(d, office, period="113"):
    """What the oracle knows after everything was handed in, and the annual report that agrees with it."""
    plan = Plan(expect_status(d.geo.get(d.base), 200).json)
    held = cross.Office(plan)
    for number, document in enumerate(neighbours(office, period)):
        receipt = d.accepted(document)
        equal([one for one in receipt["findings"] if one["code"] in cross.CODES], [], f"{document['form']} beside the others")
        held.add(document, number if plan.forms[document["form"]].event else None)
    report = {"form": "annual-report", "office": office, "period": period, "base": 0,
              "fields": {"review.findings": "檢討", "review.improvements": "策進"}}
    for field in plan.forms["annual-report"].definition["fields"]:
        if "from" in field:
            value = cross.value_of(held, field["from"], report)
            report["fields"][field["code"]] = value if isinstance(value, str) else int(value)
    return plan, held, report


def changed(value):
    """Another value of the same kind."""
    if isinstance(value, str):
        return value + "x"
    return value + 1 if not value else value - 1


@test
def an_annual_report_that_agrees_is_taken_and_every_disagreement_is_refused_by_its_cell(d):
    plan, _, report = reported(d, ZHONGLI)
    fields = report["fields"]
    equal((fields["committee.f"], fields["meetings.regular"], fields["meetings.ad_hoc"], fields["training.courses"], fields["outreach.attendance.total"],
           fields["budget.gender_budget"], fields["execution.executed"], fields["kpi.gm_general.trained"], fields["programmes.reached.total"]),
          (6, 2, 1, 8, 100, 130, 125, 141, 31), "what the oracle makes of it")
    origins = [field for field in plan.forms["annual-report"].definition["fields"] if "from" in field]
    check(len(origins) >= 36, f"only {len(origins)} fields come from other forms")
    for field in origins:
        wrong = copy.deepcopy(report)
        wrong["fields"][field["code"]] = changed(fields[field["code"]])
        found = [one for one in d.refused(wrong) if one["code"] == "differs_from_other_form"]
        equal([(one["severity"], one["path"], one["expected"], one["found"]) for one in found],
              [("error", f"fields.{field['code']}", str(fields[field["code"]]), str(wrong["fields"][field["code"]]))], field["code"])
    equal(d.listed("annual-report", ZHONGLI, "113"), [], "what is stored after the refusals")
    equal(d.accepted(report)["findings"], [], "findings of the report that agrees")


@test
def a_report_sent_again_is_a_replay_although_the_other_forms_have_changed_since(d):
    _, _, report = reported(d, "68000080")
    key = {"Idempotency-Key": "across-replay-1"}
    first = expect_status(d.post(report, headers=key), 201).json
    changed_page = {"form": "webpage", "office": "68000080", "period": "113", "base": 1,
                    "fields": {"url": "https://other.example.org/", "last_updated": "2024-09-09", "updates": 5}}
    d.accepted(changed_page)
    again = d.post(report, headers=key)
    expect_status(again, 200)
    equal((again.header("Idempotent-Replay"), again.json["submission"]), ("true", first["submission"]), "the replay")
    expect_status(d.post({**report, "base": 1}, headers={"Idempotency-Key": "across-replay-2"}), 200, 422)


@test
def another_offices_documents_say_nothing_of_this_one(d):
    _, _, report = reported(d, "68000100", "114")
    mine = {**report, "office": FUXING}
    found = {one["code"] for one in d.post(mine, dry_run="true").json["findings"]}
    equal(found & cross.CODES, {"other_form_missing"}, "findings of an office that has handed in nothing")
    d.accepted({"form": "webpage", "office": FUXING, "period": "114", "fields": {"url": "https://fuxing.example.org/", "updates": 4}})
    finding = [one for one in d.refused(mine) if one["severity"] == "error"]
    equal([(one["path"], one["expected"]) for one in finding], [("fields.webpage.url", "https://fuxing.example.org/")], "errors")
    stranger = d.office(GUISHAN).hand_in(PLAN, mine, dry_run="true")
    equal((stranger.status, "fuxing.example.org" in str(stranger.json)), (403, False), "another office asking")


@test
def a_roster_that_changes_holds_from_its_day_and_one_that_corrects_holds_instead(d):
    office = "68000030"
    d.accepted(roster(office, "113", "2024-01-01", 5, 6))
    d.accepted(roster(office, "113", "2024-09-01", 6, 6, base=1))

    def told(date, members):
        found = d.post(meeting(office, date, members, 4, 4), dry_run="true").json["findings"]
        return [one["expected"] for one in found if one["path"] == "fields.members" and one["code"] == "differs_from_other_form"]

    equal((told("2024-08-31", 11), told("2024-08-31", 12), told("2024-09-01", 12), told("2024-09-01", 11)), ([], ["11"], [], ["12"]), "before and after the change")
    d.accepted(roster(office, "113", "2024-07-01", 7, 6, base=2))  # it was the first of July, and thirteen
    equal((told("2024-06-30", 11), told("2024-07-01", 13), told("2024-12-31", 13)), ([], [], []), "after the correction")
    equal(told("2025-01-02", 13), [], "what came into force last year still holds")


@test
def a_line_without_its_number_is_a_finding_beside_a_plan_of_lines_too(d):
    d.accepted({"form": "budget-plan", "office": "68000050", "period": "113", "tables": {"lines": [{"no": 1, "budget": 5}]}})
    found = d.refused({"form": "budget-execution", "office": "68000050", "period": "113", "tables": {"lines": [{"budget": 5}, line(1, budget=6), {}]}})
    equal([(one["code"], one["path"]) for one in found if one["severity"] == "error"],
          [("row_identity_missing", "tables.lines[#1].no"), ("row_identity_missing", "tables.lines[#3].no"), ("exceeds_whole", "tables.lines[1].gender_budget")], "errors")
    equal([one[1:3] for one in across(found)], [("differs_from_other_form", "tables.lines[1].budget")], "across")


@test
def a_note_explains_what_is_to_be_explained_and_an_empty_one_does_not(d):
    office = "68000060"
    d.accepted(next(iter(one for one in neighbours(office) if one["form"] == "budget-plan")))
    execution = {"form": "budget-execution", "office": office, "period": "113", "tables": {"lines": [
        {"no": 1, "category": "plan", "name": "a", "budget": 100, "gender_budget": 50}, {"no": 9, "name": "c", "budget": 7}]}}
    before = [("line_missing", "tables.lines"), ("line_not_planned", "tables.lines[9].no")]

    def told(notes):
        return sorted((one["code"], one["path"]) for one in d.post({**execution, "notes": notes}, dry_run="true").json["findings"] if one["code"] in cross.CODES)

    equal(told({}), before, "without notes")
    equal(told({"tables.lines[9].no": " ", "tables.lines": ""}), before, "with empty notes")
    equal(told({"tables.lines[9].no": "年度中新增"}), before[:1], "with a note on the cell")
    equal(told({"tables.lines[9]": "年度中新增", "tables.lines": "併入第1項"}), [], "with notes on the row and on the table")


@test
def the_client_says_it_online_only(d):
    office = "68000090"
    d.accepted(next(iter(one for one in neighbours(office) if one["form"] == "webpage")))
    path = d.service.folder / "report.json"
    path.write_text(json.dumps({"form": "annual-report", "office": office, "period": "113",
                                "fields": {"webpage.updates": 7, "review.findings": "x", "review.improvements": "y"}}))

    def client(*arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIBUTARY_")}
        environment.update({"TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_PLAN": PLAN, "TRIBUTARY_TOKEN": d.office(office).token,
                            "XDG_STATE_HOME": str(d.service.folder / "state"), "XDG_CONFIG_HOME": str(d.service.folder / "config"), "LC_ALL": "C.UTF-8"})
        return subprocess.run([str(build_folder() / "tributary"), *map(str, arguments)], capture_output=True, timeout=60, check=False, env=environment, text=True)

    client("plans")
    offline, online = client("check", path, "--lang", "en"), client("check", path, "--online", "--lang", "en")
    equal((offline.returncode, "fields.webpage.updates" in offline.stdout), (0, False), offline.stdout + offline.stderr)
    equal(online.returncode, 1, online.stdout + online.stderr)
    for words in ("webpage.updates", "7", "4"):
        check(words in online.stdout, f"{words} is not in\n{online.stdout}")


suite.run()

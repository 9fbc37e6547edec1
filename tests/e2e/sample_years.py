#!/usr/bin/env python3
"""The sample years, fed through the real client into the real daemon, against the independent oracle; and the daily work
of a clerk and a reviewer at the command line."""
import csv
import io
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "oracle")]

import figures  # noqa: E402  pylint: disable=wrong-import-position
from sample_desk import PLAN, sample  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

GUISHAN = "68000070"

suite = Suite(sample)
test = suite.test



@lambda function: suite.test(function, seconds=240)
def the_feed_records_and_refuses_what_it_expects(s):
    done = s.feed()
    equal(done.returncode, 0, done.stderr.decode() + done.stdout.decode())
    check(b"710 recorded, 8 refused as expected, 0 not as expected; reviews, meetings and decisions 1149" in done.stdout, done.stdout.decode())


@lambda function: suite.test(function, seconds=240)
def every_figure_of_the_sample_years_equals_the_oracles_now_and_then(s):
    plan, held = s.history()
    moments = [(None, "latest")] + [(one.recorded_at, "latest") for one in sorted(held.revisions, key=lambda one: one.recorded_at)[60::240]]
    moments += [(None, "official")] + [(recorded_at, "official") for _, recorded_at in held.official[120::150]]
    asked = 0
    for moment, basis in moments:
        query = {"basis": basis, **({"as_of": moment} if moment else {})}
        for by in ("office", "group", "city"):
            for year in plan.years:
                answer = s.geo.get(f"/v1/plans/{PLAN}/indicators", year=year, by=by, **query).json
                for code in plan.indicators:
                    _, units = figures.indicator(held, code, year, by, moment, basis)
                    got = next(one for one in answer["indicators"] if one["code"] == code)
                    for unit in got["units"]:
                        want = units[unit["unit"]]
                        for name in ("numerator", "denominator", "rate", "expected", "counted"):
                            if want["counted"] or name in ("expected", "counted"):
                                equal(unit[name], want[name], f"{code} {year} {unit['unit']} as of {moment}, {basis}: {name}")
                        equal(sum(one["numerator"] for one in unit["sources"]), unit["numerator"], "sum of the sources")
                        equal(sum(one["denominator"] for one in unit["sources"]), unit["denominator"], "sum of the sources")
                        asked += 1
            for code, form in plan.forms.items():
                for period in sorted({one.period for one in held.revisions if one.form == code}):
                    answer = s.geo.get(f"/v1/plans/{PLAN}/rollups/{code}", period=period, by=by, **query).json
                    expected = figures.rollup(held, code, period, by, moment, basis)
                    for unit in answer["units"]:
                        want = expected[unit["unit"]]
                        for name in ("expected", "reported", "missing"):
                            equal(unit[name], want[name], f"{code} {period} {unit['unit']} as of {moment}, {basis}: {name}")
                        for element, tally in unit["elements"].items():
                            equal(tally, want["elements"][element], f"{code} {period} {unit['unit']} {element} as of {moment}, {basis}")
                            asked += 1
                    check(form.code == code, "")
    check(asked > 40000, f"only {asked} figures were compared")


def figures_of(s, year, basis, **query):
    """{(indicator, unit): (numerator, denominator, rate)} of every office, group and whole."""
    found = {}
    for by in ("office", "group", "city"):
        for one in s.geo.get(f"/v1/plans/{PLAN}/indicators", year=year, by=by, basis=basis, **query).json["indicators"]:
            found.update({(one["code"], unit["unit"]): (unit["numerator"], unit["denominator"], unit["rate"]) for unit in one["units"]})
    return found


@test
def the_year_112_passed_its_chains_and_is_official_whole(s):
    obligations = s.geo.get(f"/v1/plans/{PLAN}/obligations", year=112).json["obligations"]
    states = {}
    for one in obligations:
        states.setdefault(one["review"], []).append(f"{one['form']} {one['office']} {one['period']}")
    equal({state: held for state, held in states.items() if state not in ("official", "not_received")}, {}, "not official")
    equal([one for one in obligations if one["review"] == "official" and one["next"] is not None], [], "chains that go on")
    equal(figures_of(s, 112, "official"), figures_of(s, 112, "latest"), "figures of 112")


@test
def official_and_latest_figures_of_113_differ_exactly_while_a_correction_waits(s):
    budget = {("gender-budget-share", unit) for unit in (GUISHAN, "group-1", "city", "city-except-68000130")}
    differing = {}
    for moment in ("2026-11-01T00:00:00Z", "2026-11-11T00:00:00Z", None):
        query = {"as_of": moment} if moment else {}
        official, latest = figures_of(s, 113, "official", **query), figures_of(s, 113, "latest", **query)
        differing[moment] = {key for key in latest if official[key] != latest[key]}
    equal(differing["2026-11-01T00:00:00Z"], set(), "before it was returned")
    equal(differing["2026-11-11T00:00:00Z"], set(), "returned and not yet corrected")
    equal(differing[None], budget, "corrected and waiting")
    official, latest = figures_of(s, 113, "official"), figures_of(s, 113, "latest")
    for key in budget:
        equal(latest[key][1] - official[key][1], 18_000_000, f"{key}: what the correction adds")


@test
def what_was_returned_at_the_end_of_2026_comes_first_for_the_office(s):
    shown = s.tributary("due", "--lang", "zh", token=s.tokens["offices"][GUISHAN])
    equal(shown.returncode, 0, shown.stdout + shown.stderr)
    check("退回待更正 1 件" in shown.stdout and "執行數與會計月報不符" in shown.stdout, shown.stdout)
    for role, place in (("dbas", "budget-plan"), ("geo", "annual-report")):
        waiting = s.service.client(s.tokens[role]).get(f"/v1/plans/{PLAN}/waiting", office=GUISHAN).json["waiting"]
        check((place, "113") in [(one["form"], one["period"]) for one in waiting], f"{role}: {waiting}")
    states = [one["review"] for one in s.geo.get(f"/v1/plans/{PLAN}/obligations", year=113).json["obligations"]]
    check(states.count("official") > 150 and 2 < states.count("received") < 10, str({one: states.count(one) for one in states}))


@test
def the_reviewer_reads_both_groups_against_the_targets_of_the_year(s):
    answer = s.geo.get(f"/v1/plans/{PLAN}/indicators", year=113, by="group").json
    with_targets = [one for one in answer["indicators"] if "target" in one]
    equal([one["target"] for one in with_targets], ["93", "93", "92", "28", "28"], "targets of 113")
    first = with_targets[0]["units"]
    equal([unit["unit"] for unit in first], ["group-1", "group-2"], "units")
    equal((first[0]["counted"], first[0]["expected"], first[0]["missing"]), (6, 7, ["68000130"]), "group 1")
    equal((first[1]["counted"], first[1]["expected"]), (6, 6), "group 2")
    printed = s.tributary("indicators", "--year", "113", "--by", "group", "--lang", "zh").stdout
    for words in ("第1組", "第2組", "目標 93%", "目標 92%", "目標 28%", "6/7", "復興區公所", "合成樣本資料"):
        check(words in printed, f"{words} is not in\n{printed}")
    for unit in first:
        check(f"{unit['rate']}%" in printed, f"{unit['rate']} is not in\n{printed}")


@test
def what_stands_in_the_end_is_free_of_errors_and_explained(s):
    asked = {}
    for line in (s.folder / "documents/manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if "file" not in entry:
            continue
        document = json.loads((s.folder / "documents" / entry["file"]).read_text())
        if entry["expect"] == "recorded":
            asked[entry.get("event_of", entry["file"]).rsplit("-", 1)[0]] = document
    unexplained = {}
    for name, document in asked.items():
        client = s.service.client(s.tokens["offices"][document["office"]])
        document.pop("base")
        found = expect_status(client.hand_in(PLAN, document, dry_run="true"), 200).json["findings"]
        for one in found:
            if one["severity"] != "warning":
                unexplained.setdefault((one["severity"], one["code"]), set()).add(name)
    equal(unexplained, {}, "wrong or to be explained")
    check(len(asked) > 600, f"only {len(asked)} documents stand")


@test
def an_annual_report_that_disagreed_was_refused_by_its_cell(s):
    entry = next(json.loads(line) for line in (s.folder / "documents/manifest.jsonl").read_text().splitlines()
                 if "annual-report" in line and '"refused"' in line)
    document = json.loads((s.folder / "documents" / entry["file"]).read_text())
    clerk = s.service.client(s.tokens["offices"][document["office"]])
    refused = expect_status(clerk.hand_in(PLAN, document), 422).json
    women = document["fields"]["outreach.attendance.f"]
    quarters = s.geo.get(f"/v1/plans/{PLAN}/rollups/training-quarterly", period=document["period"], by="office").json["units"]
    reported = next(unit for unit in quarters if unit["unit"] == document["office"])["elements"]["outreach.attendance.f"]["value"]
    finding = next(one for one in refused["findings"] if one["path"] == "fields.outreach.attendance.f")
    equal((finding["severity"], finding["code"], finding["expected"], finding["found"]),
          ("error", "differs_from_other_form", str(reported), str(women)), "the finding")
    equal(women - reported, 27, "what it counts too many")


@test
def a_list_kept_as_a_table_is_whole_and_one_that_is_cut_says_how_to_go_on(s):
    for what in ("submissions", "reviews"):
        rows, after = [], None
        while True:
            page = expect_status(s.geo.get(f"/v1/plans/{PLAN}/{what}", limit=1000, **({"after": after} if after else {})), 200).json
            rows, after = rows + page[what], page["next"]
            if after is None:
                break
        check(len(rows) > 500, f"only {len(rows)} {what}")
        table = expect_status(s.geo.get(f"/v1/plans/{PLAN}/{what}", format="csv"), 200)
        equal(len(list(csv.DictReader(io.StringIO(table.body.decode("utf-8-sig"))))), len(rows), f"rows of {what}")
        equal(table.header("tributary-next"), None, "nothing is left")
        parts, after = 0, None
        while True:
            part = expect_status(s.geo.get(f"/v1/plans/{PLAN}/{what}", format="csv", limit=300, **({"after": after} if after else {})), 200)
            parts, after = parts + len(list(csv.DictReader(io.StringIO(part.body.decode("utf-8-sig"))))), part.header("tributary-next")
            if after is None:
                break
        equal(parts, len(rows), f"{what} in parts")


@test
def a_figure_as_of_before_a_correction_is_what_it_was(s):
    now = s.geo.get(f"/v1/plans/{PLAN}/indicators", year=113, by="group").json
    then = s.geo.get(f"/v1/plans/{PLAN}/indicators", year=113, by="group", as_of="2025-02-01T00:00:00Z").json
    check(now["indicators"] != then["indicators"], "nothing was corrected after that day?")
    again = s.geo.get(f"/v1/plans/{PLAN}/indicators", year=113, by="group", as_of="2025-02-01T08:00:00+08:00").json
    equal(again["indicators"], then["indicators"], "the same moment, in Taipei's time")


OUTREACH = """#form,training-quarterly
#office,68000070
#period,115Q4
#table,outreach
name,date,attendance.m,attendance.f,attendance.o,attendance.total
社區宣導,115.10.20,393,"1,758",0,"%s"
"""


@test
def a_clerk_learns_of_the_false_total_in_its_cell_offline_and_gets_a_receipt_once_it_is_right(s):
    clerk = s.tokens["offices"][GUISHAN]
    path = s.folder / "outreach.csv"
    path.write_text(OUTREACH % "2,178")
    s.tributary("plans", token=clerk)
    s.tributary("form", "training-quarterly", token=clerk)
    for command in (("check", path), ("submit", path)):
        refused = s.tributary(*command, "--lang", "en", token=clerk)
        equal(refused.returncode, 1, refused.stdout + refused.stderr)
        for words in ("F6", "2178", "2151"):
            check(words in refused.stdout + refused.stderr, f"{words} is not in\n{refused.stdout}{refused.stderr}")
    path.write_text(OUTREACH % "2,151")
    s.service.stop()
    checked = s.tributary("check", path, token=clerk)
    equal(checked.returncode, 0, "offline: " + checked.stdout + checked.stderr)
    s.service.start()
    taken = s.tributary("submit", path, "--json", token=clerk)
    equal(taken.returncode, 0, taken.stdout + taken.stderr)
    receipts = sorted((s.folder / "state/tributary/receipts").rglob("*.json"))
    check(receipts, "no receipt is kept")
    s.service.stop()
    proven = s.tributary("receipt", "verify", receipts[-1], "--lang", "en")
    equal(proven.returncode, 0, proven.stdout + proven.stderr)
    s.service.start()


@test
def the_client_judges_every_sample_document_as_the_server_does(s):
    documents = s.folder / "documents"
    lines = [json.loads(line) for line in (documents / "manifest.jsonl").read_text().splitlines() if '"file"' in line]
    chosen = [one for one in lines if one["expect"] == "refused"] + lines[::23]
    for one in chosen:
        path = documents / one["file"]
        office = json.loads(path.read_text())["office"]
        token = s.tokens["offices"][office]
        offline = s.tributary("check", path, "--json", token=token)
        online = s.service.client(token).post(f"/v1/plans/{PLAN}/submissions", path.read_bytes(),
                                              {"Content-Type": "application/json"}, dry_run="true")
        there = {(f["severity"], f["code"], f["path"]) for f in expect_status(online, 200).json["findings"]
                 if f["code"] not in ACROSS}
        here = {(f["severity"], f["code"], f["path"]) for f in findings_of(json.loads(offline.stdout))}
        equal(here, there, one["file"])
        equal(offline.returncode, 1 if any(f[0] == "error" for f in there) else 0, one["file"])


# What only the daemon can say, since the client holds neither the office's other documents nor what was said of them.
ACROSS = {"cell_not_returned", "cell_returned", "differs_from_other_form", "exceeds_other_form", "blank_beside_other_form", "other_form_missing",
          "line_not_planned", "line_missing", "unusual_change", "remark_open"}


def findings_of(answer):
    """The findings wherever the client's JSON puts them."""
    if isinstance(answer, dict):
        if isinstance(answer.get("findings"), list):
            return answer["findings"]
        return [f for value in answer.values() for f in findings_of(value)]
    if isinstance(answer, list):
        return [f for value in answer for f in findings_of(value)]
    return []


@test
def the_second_of_two_clerks_is_told_of_revision_3_and_loses_nothing(s):
    clerk = s.tokens["offices"][GUISHAN]
    document = {"form": "budget-plan", "office": GUISHAN, "period": "115", "tables": {"lines": []}}
    place = s.geo.get(f"/v1/plans/{PLAN}/submissions", form="budget-plan", office=GUISHAN, period="115").json["submissions"]
    base = place[0]["revision"] if place else 0
    for total in (1000, 2000):
        document.update(base=base, fields={"total_budget": total})
        if base < 2:
            receipt = expect_status(s.service.client(clerk).hand_in(PLAN, document), 201).json
            base = receipt["revision"]
    files = []
    for name, total in (("first", 3000), ("second", 4000)):
        files.append(s.folder / f"{name}.json")
        files[-1].write_text(json.dumps({**document, "base": base, "fields": {"total_budget": total}}))
    one = s.tributary("submit", files[0], token=clerk, state="clerk-1")
    equal(one.returncode, 0, one.stdout + one.stderr)
    two = s.tributary("submit", files[1], "--lang", "en", token=clerk, state="clerk-2")
    equal(two.returncode, 1, two.stdout + two.stderr)
    check(re.search(rf"\b{base + 1}\b", two.stdout + two.stderr), two.stdout + two.stderr)
    kept = [path for path in (s.folder / "clerk-2").rglob("*") if path.is_file() and b"4000" in path.read_bytes()]
    check(kept, "the second clerk's document is lost")
    again = s.tributary("submit", files[1], "--base", str(base + 1), token=clerk, state="clerk-2")
    equal(again.returncode, 0, again.stdout + again.stderr)


@test
def what_could_not_be_sent_waits_in_the_outbox_until_sync(s):
    clerk = s.tokens["offices"][GUISHAN]
    path = s.folder / "later.json"
    path.write_text(json.dumps({"form": "budget-execution", "office": GUISHAN, "period": "115",
                                "tables": {"lines": [{"no": 1, "budget": 10, "gender_budget": 5, "executed": 5, "settled": True}]}}))
    s.tributary("plans", token=clerk, state="away")
    s.service.stop()
    away = s.tributary("submit", path, token=clerk, state="away")
    equal(away.returncode, 3, away.stdout + away.stderr)
    s.service.start()
    back = s.tributary("sync", token=clerk, state="away")
    equal(back.returncode, 0, back.stdout + back.stderr)
    listed = s.geo.get(f"/v1/plans/{PLAN}/submissions", form="budget-execution", office=GUISHAN, period="115").json
    equal([one["revision"] for one in listed["submissions"]], [1], "revisions")


@test
def an_erased_name_is_gone_and_everything_is_still_provable(s):
    clerk = s.service.client(s.tokens["offices"]["68000060"])
    name = "講師已退休甲"
    document = {"form": "training-quarterly", "office": "68000060", "period": "115Q4", "tables": {"courses": [
        {"_row": "a1", "name": "CEDAW", "lecturer": name, "hours": "2", "kind": "cedaw", "attendance.m": 1, "attendance.f": 2,
         "attendance.total": 3}]}}
    receipt = expect_status(clerk.hand_in(PLAN, document), 201).json
    stored = s.service.sql(f"select document from tributary.revision where id = '{receipt['submission']}'")
    check(name not in str(stored), "the name stands in the revision itself")
    read = clerk.get(f"/v1/submissions/{receipt['submission']}").json["document"]
    equal(read["tables"]["courses"][0]["lecturer"], name, "read back")
    check(name in s.service.command("personal", "find", "已退休").stdout.decode(), "personal find")
    s.service.command("personal", "erase", name, "--yes")
    s.service.stop()
    s.service.start()
    read = clerk.get(f"/v1/submissions/{receipt['submission']}").json["document"]
    equal(read["tables"]["courses"][0]["lecturer"], {"erased": True}, "after erasing")
    head = receipt["log"]["head"]
    proven = s.service.command("verify", "--head", head).stdout.decode()
    check("0 faults" in proven, proven)


@test
def an_office_sees_its_own_and_the_groups_figures_without_the_others_sources(s):
    clerk = s.service.client(s.tokens["offices"][GUISHAN])
    offices = clerk.get(f"/v1/plans/{PLAN}/rollups/training-annual", period=113, by="office").json["units"]
    equal([unit["unit"] for unit in offices], [GUISHAN], "offices seen")
    groups = clerk.get(f"/v1/plans/{PLAN}/indicators", year=113, by="group").json["indicators"][0]["units"]
    equal([unit["unit"] for unit in groups], ["group-1"], "groups seen")
    whole = s.geo.get(f"/v1/plans/{PLAN}/indicators", year=113, by="group").json["indicators"][0]["units"][0]
    equal(groups[0]["numerator"], whole["numerator"], "the group's figure")
    equal({one["office"] for one in groups[0]["sources"]}, {GUISHAN}, "sources seen")


suite.run()

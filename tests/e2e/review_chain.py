#!/usr/bin/env python3
"""A form on its way through its chain, by command line and HTTP alone: office, task group, returned with two cells by the
Gender Equality Office, corrected, accepted, Promotion Group, council; and what is official meanwhile."""
import contextlib
import json
import os
import pathlib
import pty
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from desk import GUISHAN, OFFICES, PLAN, annual, desk  # noqa: E402
from tributary_harness import Suite, build_folder, check, equal, expect_status  # noqa: E402

REFUSED, USAGE, UNREACHABLE, FORBIDDEN = 1, 2, 3, 4
TWO_CELLS = {"fields.review.findings", "fields.review.improvements"}


class People:
    """The clerk of an office and the reviewers, each at their own command line."""

    def __init__(self, held):
        self.desk, self.service, self.folder = held, held.service, held.service.folder
        self.tokens = {role: self.service.add_token(role) for role in ("geo", "dbas", "admin", "auditor")}
        self.tokens["office"] = held.office(GUISHAN).token
        self.ids = {}

    def environment(self, who, **more):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TRIBUTARY_")}
        return {**kept, "TRIBUTARY_SERVER": f"http://127.0.0.1:{self.service.port}", "TRIBUTARY_PLAN": PLAN,
                "TRIBUTARY_TOKEN": self.tokens[who], "XDG_STATE_HOME": str(self.folder / f"state-{who}"),
                "XDG_CONFIG_HOME": str(self.folder / "config"), "LC_ALL": "C.UTF-8", **more}

    def run(self, who, *arguments, status=0, lang="zh", **more):
        """What the command prints, both streams; it must end with that status."""
        done = subprocess.run([str(build_folder() / "tributary"), *map(str, arguments), "--lang", lang],
                              capture_output=True, timeout=60, check=False, env=self.environment(who, **more),
                              cwd=self.folder, text=True, stdin=subprocess.DEVNULL)
        said = done.stdout + done.stderr
        equal(done.returncode, status, f"{who}: {' '.join(map(str, arguments))}\n{said}")
        return said

    def json(self, who, *arguments, status=0):
        return json.loads(self.run(who, *arguments, "--json", status=status))

    def says(self, said, *words):
        for word in words:
            check(word in said, f"{word} is not in\n{said}")

    def explained(self, document):
        """The document with a note wherever something is to be explained."""
        found = expect_status(self.desk.post(document, dry_run="true"), 200).json["findings"]
        equal([one for one in found if one["severity"] == "error"], [], f"errors of {document['form']}")
        notes = {one["path"]: "測試資料" for one in found if one["severity"] == "explain"}
        return {**document, "notes": {**document.get("notes", {}), **notes}}

    def submit(self, document, status=0):
        path = self.folder / f"{document['form']}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return self.run("office", "submit", path, status=status)

    def listed(self, form, office=GUISHAN, period="113"):
        return self.desk.listed(form, office, period)[0]["submission"]

    def rates(self, code, year, office=GUISHAN):
        """(official, latest) of an office, as the command line says them."""
        found = []
        for basis in ("official", "latest"):
            answer = self.json("geo", "indicators", "--year", year, "--by", "office", "--basis", basis)
            indicator = next(one for one in answer["indicators"] if one["code"] == code)
            found.append(next(unit for unit in indicator["units"] if unit["unit"] == office))
        return tuple(unit["numerator"] if unit["counted"] else None for unit in found)


@contextlib.contextmanager
def people():
    with desk() as held:
        yield People(held)


suite = Suite(people)
test = suite.test


def meeting(office, date="2024-04-18", year="113"):
    return {"form": "task-group-meeting", "office": office, "period": year,
            "fields": {"date": date, "kind": "regular", "members": 12, "present.m": 5, "present.f": 5}}


def report(p, base=0, **changes):
    template = expect_status(p.desk.office(GUISHAN).get(f"{p.desk.base}/forms/annual-report/template", period="113",
                                                        office=GUISHAN, format="json"), 200).json
    fields = {"review.findings": "男性參訓率偏低。", "review.improvements": "調整課程時段。", **changes}
    return p.explained({"form": "annual-report", "office": GUISHAN, "period": "113", "base": base,
                        "fields": {**template.get("fields", {}), **fields}})


# ---- the Show, step by step; each test goes on where the last one stopped ----------------------------------

@test
def an_office_hands_in_and_sees_whose_turn_it_is(p):
    p.submit(p.explained(meeting(GUISHAN)))
    p.submit(p.explained(annual(GUISHAN, "113")))
    p.submit(report(p))
    p.ids["report"] = p.listed("annual-report")
    shown = p.run("office", "show", p.ids["report"])
    p.says(shown, "審查情形：已收件，待區公所性別平等專案小組審查", "→ 輪到", "性別平等辦公室（核定）", "性別平等會")
    p.says(p.run("geo", "review", "waiting", "--office", GUISHAN), p.ids["report"], "成果報告", "專案小組")
    p.says(p.run("geo", "due"), "待審")


@test
def nobody_reviews_out_of_turn_or_what_is_not_theirs(p):
    report_id = p.ids["report"]
    p.says(p.run("geo", "review", "accept", report_id, "--stage", "geo", status=REFUSED), "尚未輪到", "專案小組")
    p.says(p.run("geo", "review", "accept", report_id, "--stage", "geo", status=REFUSED, lang="en"), "turn",
           "Office's gender equality task group")
    p.says(p.run("geo", "review", "accept", report_id, status=REFUSED), "會議的識別碼或日期")
    p.says(p.run("geo", "review", "accept", report_id, "--meeting", "113.4.19", status=REFUSED), "查無該次會議", "會議紀錄")
    p.says(p.run("office", "review", "accept", report_id, "--meeting", "113.4.18", status=REFUSED), "不得審查", "另一人")
    p.run("dbas", "review", "accept", report_id, "--meeting", "113.4.18", status=FORBIDDEN)
    p.run("auditor", "review", "accept", report_id, "--meeting", "113.4.18", status=FORBIDDEN)
    p.says(p.run("geo", "review", "accept", report_id, "--stage", "congress", status=USAGE), "task-group", "council")


@test
def the_task_group_s_stage_is_recorded_against_its_meeting(p):
    said = p.run("geo", "review", "accept", p.ids["report"], "--stage", "task-group", "--meeting", "113年4月18日")
    p.says(said, "審查：龜山區公所", "第 1 版", "區公所性別平等專案小組通過", "現況：區公所性別平等專案小組已通過，待性別平等辦公室審查",
           "輪到：性別平等辦公室")


@test
def an_unknown_cell_is_refused_with_what_comes_near(p):
    arguments = ("review", "return", p.ids["report"], "review.finding", "--reason", "x")
    p.says(p.run("geo", *arguments, status=USAGE), "review.finding", "fields.review.findings")
    p.says(p.run("geo", *arguments, status=USAGE, lang="en"), "no cell", "fields.review.findings")
    p.run("geo", "review", "return", p.ids["report"], "review.findings", status=USAGE)
    p.says(p.run("geo", "review", "accept", p.ids["report"], "review.findings", status=USAGE), "只有退回")
    equal(expect_status(p.desk.geo.get(f"/v1/submissions/{p.ids['report']}"), 200).json["review"]["state"], "accepted", "state")


@test
def it_is_returned_with_two_cells_one_by_its_name_and_one_by_its_code(p):
    label = next(field["name"]["zh"] for form in expect_status(p.desk.geo.get(p.desk.base), 200).json["forms"]
                 if form["code"] == "annual-report" for field in form["fields"] if field["code"] == "review.findings")
    said = p.run("geo", "review", "return", p.ids["report"], label, "review.improvements", "--reason", "請說明原因並提出期程")
    p.says(said, "性別平等辦公室退回", "現況：性別平等辦公室退回，待機關更正", "輪到：機關更正", label)
    state = expect_status(p.desk.geo.get(f"/v1/submissions/{p.ids['report']}"), 200).json["review"]
    equal(set(state["ticket"]["cells"]), TWO_CELLS, "ticket")


@test
def the_office_learns_of_it_first_thing_in_its_own_words(p):
    due = p.run("office", "due")
    first = due.splitlines()[:8]
    check(any("退回" in line for line in first), f"not first:\n{due}")
    p.says(due, "請說明原因並提出期程", "2 格")
    shown = p.run("office", "show", p.ids["report"])
    p.says(shown, "✗ 退回", "✓ 通過", "請說明原因並提出期程", "fields.review.improvements")
    p.says(p.run("office", "status", "--form", "annual-report"), "退回")
    p.says(p.run("office", "status", "--year", "113"), "退")
    p.says(p.run("office", "due", lang="en"), "returned by Gender Equality Office (cells: 2)")


@test
def the_same_again_is_told_to_stand_returned_still_with_its_cells(p):
    p.says(p.submit(report(p, 1)), "內容未變", "仍在退回中，尚未更正", "2 格", "請說明原因並提出期程", *TWO_CELLS)
    equal(p.desk.revisions("annual-report", GUISHAN, "113"), [1], "revisions")


@test
def a_return_is_taken_back_only_by_who_says_so(p):
    for words in ((), ("--json",), ("--force",)):
        said = p.run("geo", "review", "accept", p.ids["report"], *words, status=USAGE)
        p.says(said, "--undo-return", "尚未更正", "請說明原因並提出期程")
    equal(expect_status(p.desk.geo.get(f"/v1/submissions/{p.ids['report']}"), 200).json["review"]["state"], "returned", "state")
    first = p.desk.accepted(annual(GUISHAN, "115"))["submission"]
    p.run("geo", "review", "return", first, "--reason", "誤退")
    p.says(p.run("geo", "review", "accept", first, status=USAGE, lang="en"), "takes the return back", "--undo-return")
    p.says(p.run("geo", "review", "accept", first, "--undo-return"), "通過")


@test
def only_the_two_cells_may_change_and_the_refusal_names_the_other(p):
    changed = report(p, 1, **{"review.findings": "男性參訓率偏低，因輪班。"})
    changed["fields"]["liaison_meeting.contribution"] = "經驗分享"
    said = p.submit(changed, status=REFUSED)
    p.says(said, "未被退回", "fields.liaison_meeting.contribution")
    equal(p.desk.revisions("annual-report", GUISHAN, "113"), [1], "revisions")
    p.submit(report(p, 1, **{"review.findings": "男性參訓率偏低，因輪班。", "review.improvements": "7月起增辦夜間課程。"}))
    p.ids["corrected"] = p.listed("annual-report")
    p.says(p.run("geo", "review", "show", p.ids["corrected"]), "已收件，待性別平等辦公室審查", "✓ 通過", "請說明原因並提出期程")
    p.says(p.run("geo", "review", "accept", p.ids["report"], status=REFUSED), "較新的版本", p.ids["corrected"])


def came_in(p, submission):
    p.run("geo", "attest", submission, "--received-at", "2024-05-06T09:00:00+08:00", "--reason", "郵寄，5月6日收文")


@test
def it_is_accepted_and_goes_on_to_the_promotion_group_and_the_council(p):
    corrected = p.ids["corrected"]
    p.says(p.run("geo", "review", "accept", corrected), "已核定（性別平等辦公室），待性別主流化推動組審查")
    p.says(p.run("geo", "diff", corrected, "--against", "official"), "兩版內容相同")
    refused = p.run("geo", "review", "accept", corrected, "--meeting", "113.5.20", status=REFUSED)
    p.says(refused, "查無該次會議", "tributary meeting add promotion-group")
    p.says(p.run("geo", "meeting", "add", "promotion-group", "113.5.20", "--number", "府社婦字第1130012345號"), "113年5月20日")
    p.says(p.run("geo", "meeting", "add", "推動", "113.5.20", status=USAGE), "promotion-group", "council")
    p.says(p.run("geo", "review", "accept", corrected, "--meeting", "113.5.20", status=REFUSED), "早於報送資料收件日")
    came_in(p, corrected)
    p.says(p.run("geo", "review", "accept", corrected, "--meeting", "113.5.20"), "待性別平等會審查")
    p.run("geo", "meeting", "add", "council", "2024-06-12")
    p.says(p.run("geo", "review", "note", corrected, "--meeting", "2024-06-12"), "性別平等會備查", "已核定（性別平等會）", "審查程序已完成")
    p.says(p.run("geo", "meeting", "list"), "113年5月20日", "府社婦字第1130012345號", "性別平等會")
    p.says(p.run("geo", "review", "accept", corrected, "--meeting", "2024-06-12", status=REFUSED), "尚未輪到", "審查程序已完成")
    rows = p.json("geo", "review", "list", "--form", "annual-report")["reviews"]
    equal([(one["stage"], one["outcome"], one["revision"]) for one in rows],
          [("task-group", "accept", 1), ("geo", "return", 1), ("geo", "accept", 2), ("promotion-group", "accept", 2),
           ("council", "note", 2)], "reviews")
    check("退回" not in p.run("office", "due", "--form", "annual-report"), "still returned")


# ---- official and latest -------------------------------------------------------------------------------------------

@test
def training_figures_differ_by_basis_exactly_between_correction_and_acceptance(p):
    first = p.listed("training-annual")
    equal(p.rates("gm-general", 113), (None, 141), "before anybody looked")
    p.run("geo", "review", "accept", first)
    equal(p.rates("gm-general", 113), (141, 141), "accepted")
    p.run("geo", "review", "return", first, "general.gm2h.m", "--reason", "請核對")
    equal(p.rates("gm-general", 113), (141, 141), "returned: still official")
    p.submit(annual(GUISHAN, "113", 1, **{"general.gm2h.m": 50}))
    equal(p.rates("gm-general", 113), (141, 136), "corrected")
    second = p.listed("training-annual")
    p.says(p.run("geo", "diff", second, "--against", "official"), "55", "50")
    p.says(p.run("geo", "show", second), "目前核定版：第 1 版")
    p.run("geo", "review", "accept", second)
    equal(p.rates("gm-general", 113), (136, 136), "accepted again")
    for basis, words in (("official", "已核定"), ("latest", "最新版")):
        p.says(p.run("geo", "indicators", "--year", "113", "--basis", basis), f"依據：{words}")
        p.says(p.run("geo", "rollup", "training-annual", "--period", "113", "--basis", basis), f"依據：{words}")


@test
def budget_figures_become_official_by_the_budget_department_and_differ_in_between(p):
    def budget(base, gender):
        return {"form": "budget-plan", "office": GUISHAN, "period": "113", "base": base,
                "fields": {"total_budget": 1000000},
                "tables": {"lines": [{"no": "1", "unit": "社會課", "category": "plan", "name": "計畫", "budget": 100000,
                                      "gender_budget": gender, "goal": "宣導"}]}}

    p.submit(budget(0, 50000))
    first = p.listed("budget-plan")
    p.run("geo", "review", "accept", first, "--stage", "task-group", "--meeting", "2024-04-18")
    equal(p.rates("gender-budget-share", 113), (None, 50000), "before the budget department")
    p.says(p.run("dbas", "review", "waiting"), first)
    p.says(p.run("dbas", "due"), "待審 1 件")
    p.run("dbas", "review", "accept", first)
    equal(p.rates("gender-budget-share", 113), (50000, 50000), "accepted")
    p.run("dbas", "review", "return", first, "lines[1].gender_budget", "--reason", "與概算不符")
    p.submit(budget(1, 60000))
    equal(p.rates("gender-budget-share", 113), (50000, 60000), "corrected")
    p.run("dbas", "review", "accept", "--form", "budget-plan", "--period", "113", "--office", GUISHAN)
    equal(p.rates("gender-budget-share", 113), (60000, 60000), "accepted again")


# ---- two at once; what is to be explained; out of turn; without the server -----------------------------------------

@test
def the_second_of_two_reviewers_is_told_what_has_changed_and_overwrites_nothing(p):
    office = OFFICES[0]
    receipt = p.desk.accepted(annual(office, "114"))
    ours, theirs = pty.openpty()
    with subprocess.Popen([str(build_folder() / "tributary"), "review", "return", receipt["submission"], "--reason", "y",
                           "--lang", "zh"], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=p.environment("geo"), cwd=p.folder) as second:
        said = ""
        deadline = time.monotonic() + 20
        while "[y/N]" not in said and time.monotonic() < deadline:
            said += second.stderr.read(1)
        p.run("geo", "review", "accept", receipt["submission"])
        os.write(ours, b"y\n")
        out, errors = second.communicate(timeout=30)
    os.close(ours)
    os.close(theirs)
    equal(second.returncode, REFUSED, out + errors)
    p.says(errors, "已被更新", "已有變動", "性別平等辦公室　通過", "已核定", "review show")
    equal(len(p.json("geo", "review", "list", "--office", office)["reviews"]), 1, "reviews")


@test
def what_is_not_explained_is_listed_and_an_administrator_out_of_turn_is_seen(p):
    office = OFFICES[1]
    record = {**meeting(office), "fields": {**meeting(office)["fields"], "present.m": 3, "present.f": 3}}
    receipt = p.desk.accepted(record)
    came_in(p, receipt["submission"])
    p.run("geo", "meeting", "add", "promotion-group", "2024-05-22")
    said = p.run("geo", "review", "note", receipt["submission"], "--meeting", "2024-05-22", status=REFUSED)
    p.says(said, "應說明", "待說明", "退回")
    budget = p.desk.accepted({"form": "budget-plan", "office": office, "period": "114", "fields": {"total_budget": 1},
                              "tables": {"lines": []}})
    p.says(p.run("geo", "review", "accept", budget["submission"], "--meeting", "2024-04-18", status=REFUSED), "未過半數")
    p.run("admin", "review", "accept", budget["submission"], "--stage", "dbas", status=FORBIDDEN)
    p.run("admin", "review", "accept", budget["submission"], "--stage", "dbas", "--break-glass", status=REFUSED)
    p.run("admin", "review", "accept", budget["submission"], "--stage", "dbas", "--break-glass", "--reason", "主計處來文")
    p.says(p.run("geo", "show", budget["submission"]), "破窗審查", "主計處來文")
    p.says(p.run("geo", "review", "list", "--break-glass"), "破窗", "主計處來文")


@test
def a_decision_is_not_queued_without_the_server(p):
    office = OFFICES[2]
    receipt = p.desk.accepted(annual(office, "114"))
    p.service.stop()
    for lang, words in (("zh", "不會存入待送匣"), ("en", "not kept in the outbox")):
        said = p.run("geo", "review", "accept", receipt["submission"], status=UNREACHABLE, lang=lang)
        p.says(said, words)
    p.says(p.run("geo", "meeting", "add", "council", "2024-12-12", status=UNREACHABLE), "不會存入待送匣")
    p.service.start()
    check("待送 1" not in p.run("geo", "status", "--local"), "it waits in the outbox")
    equal(p.json("geo", "review", "list", "--office", office)["reviews"], [], "reviews")


suite.run()

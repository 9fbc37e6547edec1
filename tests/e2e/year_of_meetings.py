#!/usr/bin/env python3
"""Two years of meetings at the command line, as the supervision team and the offices do them: whose turn it is and an exchange,
both groups' liaison meetings, one called ad hoc, one of a bureau that missed its quorum, a decision with three owners that
stands in the next agenda until each of them is done, one that goes up a tier, the pack before and the minutes after."""
import contextlib
import csv
import io
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from desk import GROUP_1, GROUP_2, OFFICES, PLAN, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

ONE, TWO = "liaison/group-1/113.9.26", "liaison/group-2/113.10.9"
GUISHAN, BADE, YANGMEI, GUANYIN, XINWU, ZHONGLI = "68000070", "68000080", "68000040", "68000120", "68000110", "68000020"
TEXT = "觀音、新屋、中壢區公所於114年6月底前加開CEDAW實體課程，並提報參訓人數。"


class Team:
    """The supervision team and the offices, each with the client."""

    def __init__(self, held):
        self.desk, self.folder = held, held.service.folder
        self.supervision = held.service.login("supervision")
        self.offices = {office: held.office(office) for office in OFFICES}

    def run(self, *words, by=None, **more):
        return tributary(self.desk, self.offices[by] if by else self.supervision, *words, **more)

    def json(self, *words, by=None, **more):
        return json.loads(self.run(*words, "--json", by=by, **more))

    def put_sheet(self, meeting, rows):
        """Fills the sheet that the client gives, and sends it."""
        sheet = self.folder / "出席.csv"
        self.run("meeting", "attendance", meeting, "-o", sheet, "--force")
        heading = next(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"))))
        with open(sheet, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, heading, restval="")
            writer.writeheader()
            writer.writerows(rows)
        self.run("meeting", "attendance", meeting, sheet)

    def everyone(self, offices, chair):
        """Each office of a group, two advisers of whom one served on the council, and who takes the minutes."""
        names = {one["code"]: one["name"]["zh"] for one in expect_status(self.supervision.get(f"/v1/plans/{PLAN}"), 200).json["offices"]}
        rows = [{"出席別": "出席", "機關": names[office], "職稱": "區長" if office == chair else "主任秘書", "姓名": f"測試{number}", "性別": "女" if number % 2 else "男",
                 "會議職務": "主席" if office == chair else "", "充分授權": "" if office == chair else "是"} for number, office in enumerate(offices)]
        rows += [{"出席別": "出席", "職稱": "諮詢委員", "姓名": f"測試委員{number}", "性別": "女", "內外聘": "外聘", "曾任性平會外聘委員": "是" if number == 0 else ""}
                 for number in range(2)]
        return rows + [{"出席別": "列席", "職稱": "性別平等辦公室組員", "姓名": "測試紀錄", "性別": "女", "會議職務": "紀錄"}]

    def verdicts(self, meeting):
        return {one["rule"]: one["verdict"] for one in self.json("meeting", "show", meeting)["rules"]}

    def agenda_of_group_2(self):
        return [one["number"] for one in self.json("decision", "list", "--body", "liaison", "--group", "2", "--agenda")["decisions"]]


@contextlib.contextmanager
def team():
    with desk() as held:
        yield Team(held)


suite = Suite(team)
test = suite.test


@test
def whose_turn_it_is_is_recorded_and_exchanged_with_a_reason(t):
    for year, office, unit in ((113, GUISHAN, "group-1"), (114, BADE, "group-1"), (113, YANGMEI, "group-2")):
        t.run("secretariat", "record", year, office, "--unit", unit)
    t.run("secretariat", "swap", 113, 114, "--unit", "group-1", status=2)
    t.run("secretariat", "swap", 113, 114, "--unit", "group-1", "--reason", "龜山區公所辦公廳舍整修")
    units = {one["unit"]: one for one in t.json("secretariat", "show", "--year", "113")["units"]}
    turns = {year["year"]: year["turn"]["office"] for year in units["group-1"]["years"] if year["turn"]}
    equal(turns, {113: BADE, 114: GUISHAN}, "after the exchange")
    check(any(one["reason"] == "龜山區公所辦公廳舍整修" for one in units["group-1"]["history"]), "the reason stands in the history")
    suggested = {year["year"]: year["suggestion"] for year in units["group-2"]["years"]}
    check(suggested[114]["office"] != YANGMEI, "who had a turn is not suggested before the others")


@test
def group_1_s_meeting_is_called_held_under_its_secretariat_and_put_on_record(t):
    t.run("meeting", "plan", "liaison", "113.9.26", "--unit", "group-1", "--begins", "14:00", "--ends", "16:30", "--place", "八德區公所")
    t.run("meeting", "agenda", ONE, "--add", "聯合辦理宣導一案", "--explanation", "各區場次零散。", "--proposal", "由秘書單位協調。")
    t.run("meeting", "call", ONE, "--number", "府性平字第1號")
    pack = t.folder / "會議資料.odt"
    t.run("pack", "liaison", "--group", "1", "--year", "113", "-o", pack)
    equal(pack.read_bytes()[:4], b"PK\x03\x04", "a pack before the meeting")
    t.run("meeting", "hold", ONE)
    t.put_sheet(ONE, t.everyone(GROUP_1, GUISHAN))
    check(t.verdicts(ONE)["chair"] == "broken", "the office whose turn it no longer is can't convene")
    t.put_sheet(ONE, t.everyone(GROUP_1, BADE))
    broken = {rule: verdict for rule, verdict in t.verdicts(ONE).items() if verdict == "broken"}
    equal(broken, {}, "rules of the meeting")
    items = t.json("meeting", "show", ONE)["agenda"]["items"]
    place = next(number for number, item in enumerate(items, start=1) if item["title"] == "聯合辦理宣導一案")
    t.run("meeting", "resolve", ONE, place, "照案通過。")
    t.run("meeting", "record", ONE, "--number", "府性平字第2號")
    shown = t.json("meeting", "show", ONE)
    equal((shown["state"], shown["counted"], shown["minutes_number"]), ("on_record", True, "府性平字第2號"), "on record")


@test
def group_2_meets_once_regularly_and_once_ad_hoc(t):
    t.run("meeting", "plan", "liaison", "113.10.9", "--unit", "group-2")
    t.run("meeting", "call", TWO, "--number", "府性平字第3號")
    t.run("meeting", "hold", TWO)
    t.put_sheet(TWO, t.everyone(GROUP_2, YANGMEI))
    t.run("meeting", "record", TWO, "--number", "府性平字第4號")
    t.run("meeting", "plan", "liaison", "113.11.21", "--unit", "group-2", "--ad-hoc")
    t.run("meeting", "hold", "liaison/group-2/113.11.21")
    shown = t.json("meeting", "show", "liaison/group-2/113.11.21")
    equal((shown["kind"], shown["number"], shown["counted"]), ("ad_hoc", 2, False), "the second of the year, and no regular one")
    check("第2次會議（已召開、臨時）" in t.run("meeting", "show", "liaison/group-2/113.11.21"), "its title says so")
    check(t.run("meeting", "list", "--body", "liaison", "--year", "113").count("、臨時") == 1, "so does the list, of it alone")


@test
def a_meeting_without_its_quorum_is_not_the_year_s_and_is_owed_still(t):
    unit, day = "education", "special-group/education/113.4.16"
    for number in range(3):
        t.run("body", "member", "add", "special-group", "--unit", unit, "--name", f"外聘{number}", "--sex", "f", "--external", "--from", "113.1.1",
              *(["--served"] if number == 0 else []))
    t.run("meeting", "plan", "special-group", "113.4.16", "--unit", unit)
    t.run("meeting", "hold", day)
    outside = [{"出席別": part, "職稱": "外聘委員", "姓名": f"外聘{number}", "性別": "女", "內外聘": "外聘", "曾任性平會外聘委員": "是" if number == 0 else ""}
               for number, part in enumerate(("出席", "請假", "請假"))]
    chair = [{"出席別": "出席", "職稱": "局長", "姓名": "測試局長", "性別": "男", "會議職務": "主席"}]
    t.put_sheet(day, chair + outside)
    shown = t.json("meeting", "show", day)
    equal((shown["attendance"]["quorum"]["verdict"], shown["counted"]), ("broken", False), "one of three from outside")
    t.run("meeting", "plan", "special-group", "113.5.2", "--unit", unit)
    t.run("meeting", "hold", "special-group/education/113.5.2")
    t.put_sheet("special-group/education/113.5.2", chair + [{**one, "出席別": "出席"} for one in outside])
    shown = t.json("meeting", "show", "special-group/education/113.5.2")
    equal((shown["attendance"]["quorum"]["verdict"], shown["counted"]), ("holds", True), "all three")
    said = t.run("meeting", "calendar", "--year", "113", "--body", "special-group")
    check("未達法定人數" in said, said)


@test
def a_decision_with_three_owners_stands_in_each_agenda_until_each_is_done(t):
    owners = [word for office in (GUANYIN, XINWU, ZHONGLI) for word in ("--owner", office)]
    t.run("decision", "add", "--body", "liaison", "--group", "2", "--meeting", "113/10/9", "--title", "提升CEDAW參訓率一案", "--text", TEXT, "--due", "114/6/30", *owners)
    number = t.json("decision", "list", "--body", "liaison", "--group", "2")["decisions"][0]["number"]
    equal(number, "113-group-2-01", "its number")
    equal(t.agenda_of_group_2(), [number], "in the next agenda by itself")
    for office, said, proposes in ((ZHONGLI, "已加開3場。", "close"), (XINWU, "已加開1場。", "close"), (GUANYIN, "尚有18人未參訓。", "continue")):
        check(number in t.run("due", by=office), f"{office} is told of what it owns")
        t.run("decision", "progress", number, said, "--proposes", proposes, by=office)
    t.run("decision", "progress", number, "x", by=GUISHAN, status=2)  # it sees none of another group's
    t.run("meeting", "plan", "liaison", "114.10.16", "--unit", "group-2")
    text = paper_text(t, "pack", "liaison", "--group", "2", "--year", "114")
    check(number in text and "尚有18人未參訓。" in text, "the 114 pack holds it with what its owners report")
    t.run("meeting", "hold", "liaison/group-2/114.10.16")
    t.run("decision", "rule", number, "close", "--owner", ZHONGLI, "--meeting", "114/10/16")
    t.run("decision", "rule", number, "hand_over", "--owner", XINWU, "--meeting", "114/10/16")
    t.run("decision", "rule", number, "continue", "--owner", GUANYIN, "--due", "115/4/30", "--meeting", "114/10/16")
    equal(t.agenda_of_group_2(), [number], "one of three goes on")
    check(number not in t.run("due", by=ZHONGLI), "who is done owes nothing more")
    check(number in t.run("due", by=GUANYIN), "who is not, does")
    t.run("meeting", "plan", "liaison", "115.10.15", "--unit", "group-2")
    t.run("decision", "progress", number, "已全數完訓。", "--proposes", "close", by=GUANYIN)
    t.run("meeting", "hold", "liaison/group-2/115.10.15")
    t.run("decision", "rule", number, "close", "--owner", GUANYIN, "--meeting", "115/10/15")
    equal(t.agenda_of_group_2(), [], "each of the three is done")
    equal(t.json("decision", "show", number)["state"], "closed", "closed")


@test
def what_goes_up_a_tier_comes_down_with_its_outcome(t):
    t.run("decision", "add", "--body", "liaison", "--group", "1", "--meeting", "113/9/26", "--title", "經費分攤一案", "--text", "提請推動組協助。", "--owner", GUISHAN)
    t.run("decision", "refer", "113-group-1-01", "--reason", "涉及各局處")
    up = t.json("decision", "list", "--body", "promotion-group", "--agenda")["decisions"]
    equal([one["number"] for one in up], ["113-group-1-01"], "in the Promotion Group's agenda")
    t.run("meeting", "plan", "promotion-group", "113.11.18")
    t.run("meeting", "hold", "promotion-group/113.11.18")
    t.run("decision", "outcome", "113-group-1-01", "原則同意。", "--meeting", "113/11/18")
    equal(t.json("decision", "list", "--body", "promotion-group", "--agenda")["decisions"], [], "the Promotion Group is done with it")
    check("原則同意。" in t.run("decision", "show", "113-group-1-01", by=GUISHAN), "the owner reads the outcome")


def paper_text(t, *words):
    """The text of a paper's PDF, without blanks."""
    pdf = t.folder / "paper.pdf"
    t.run(*words, "-o", pdf, "--force")
    return re.sub(r"\s", "", subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout)


@test
def the_minutes_say_who_was_there_and_what_was_resolved(t):
    text = paper_text(t, "pack", "minutes", "liaison", "--group", "1", "--year", "113")
    places = [text.find(word) for word in ("會議紀錄", "出席", "列席", "聯合辦理宣導一案", "照案通過。")]
    check(-1 not in places and places == sorted(places), f"{places} in\n{text}")


@test
def the_cover_says_of_an_ad_hoc_meeting_that_it_is_one(t):
    covers = [paper_text(t, "pack", "liaison", "--group", "2", "--year", "113", "--meeting", number).split("目錄")[0] for number in ("1", "2")]
    equal(["會議種類：臨時會議" in cover or "會議種類臨時會議" in cover for cover in covers], [False, True], covers)


@test
def everything_recorded_is_proved_by_the_log(t):
    t.desk.service.command("verify")


suite.run()

#!/usr/bin/env python3
"""Decisions: numbered, owned, reported on, ruled upon, carried up, and read as they stood."""
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import agenda, day, decide, listed, meeting, numbers, refer, report, rule  # noqa: E402
from desk import FUXING, GUISHAN, ZHONGLI, annual, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
YANGMEI, PINGZHEN = "68000040", "68000100"


def states(decision):
    return [one["state"] for one in decision["owners"]]


@test
def a_decision_with_three_owners_is_open_until_each_is_done(d):
    made = meeting(d, "liaison", "group-2", "2024-09-10")
    one = decide(d, made, owners=[{"office": ZHONGLI}, {"office": YANGMEI}, {"agency": "社會局"}], due_on="113/12/31")
    equal((one["number"], one["state"], one["kind"], one["due_on"], one["year"]), ("113-group-2-01", "open", "resolution", "2024-12-31", 113), "new")
    equal([own["name"]["zh"] for own in one["owners"]], ["中壢區公所", "楊梅區公所", "社會局"], "owners")
    equal(one["may"], ["progress", "rule", "refer"], "may")
    equal(agenda(d, "liaison", "group-2"), ["113-group-2-01"], "the next agenda")
    equal(agenda(d, "liaison", "group-1"), [], "another group's")

    told = report(d.office(ZHONGLI), one["decision"], "已完成三場。", proposes="close")
    equal((told["owners"][0]["progress"][0]["text"], told["owners"][0]["progress"][0]["proposes"]), ("已完成三場。", "close"), "progress")
    report(d.office(YANGMEI), one["decision"], "辦理中。")
    report(d.geo, one["decision"], "社會局函復。", owner=3, proposes="hand_over")
    equal(told["state"], "open", "a proposal rules nothing")

    later = meeting(d, "liaison", "group-2", "2025-09-10")
    equal(agenda(d, "liaison", "group-2", meeting=later), ["113-group-2-01"], "stands in the 114 agenda")
    equal(agenda(d, "liaison", "group-2", meeting=made), [], "not in the agenda of the meeting that made it")
    done = rule(d.geo, one["decision"], later, (1, "close"), (2, "continue", "2026-06-30"))
    equal((states(done), done["state"], done["due_on"]), (["closed", "open", "open"], "open", "2024-12-31"), "two are left")
    equal((done["owners"][1]["due_on"], done["owners"][1]["rulings"][0]["day"]), ("2026-06-30", "2025-09-10"), "put off")
    done = rule(d.geo, one["decision"], later, ("社會局", "hand_over"))
    equal((states(done), done["state"], done["due_on"]), (["closed", "open", "handed_over"], "open", "2026-06-30"), "one is left")
    last = meeting(d, "liaison", "group-2", "2026-09-10")
    done = rule(d.login("supervision"), one["decision"], last, (YANGMEI, "close"))
    equal((states(done), done["state"], done["overdue"]), (["closed", "closed", "handed_over"], "closed", False), "all done")
    equal(agenda(d, "liaison", "group-2"), [], "gone from the agenda")
    equal(agenda(d, "liaison", "group-2", meeting=last), ["113-group-2-01"], "as that meeting found it")
    equal(report(d.office(YANGMEI), one["decision"], status=409)["code"], "owner_closed", "nothing more to report")
    report(d.geo, one["decision"], "續辦。", owner=3)

    back = rule(d.geo, one["decision"], last, (2, "continue"))
    equal((back["state"], back["owners"][1]["due_on"], len(back["owners"][1]["rulings"])), ("open", "2026-06-30", 3), "taken back by a newer one")
    equal(agenda(d, "liaison", "group-2"), ["113-group-2-01"], "again in the agenda")


@test
def the_client_records_a_decision_and_what_becomes_of_it(d):
    made, later = meeting(d, "liaison", "group-1", "2024-08-01"), meeting(d, "liaison", "group-1", "2025-08-01")
    said = tributary(d, d.geo, "decision", "add", "--meeting", made, "--title", "性別統計盤點", "--text", "請各區辦理盤點。",
                     "--owner", "龜山區公所", "--owner", FUXING, "--agency", "社會局", "--due", "113/12/31")
    number = said.split()[0]
    check(number.startswith("113-group-1-") and "社會局" in said and "列管中" in said and "113年12月31日" in said and "逾期" in said, said)
    said = tributary(d, d.office(GUISHAN), "decision", "progress", number, "已辦理三場", "--proposes", "close")
    check("已辦理三場" in said and "建議解除列管" in said, said)
    said = tributary(d, d.geo, "decision", "rule", number, "close", "--owner", "龜山區公所", "--meeting", later, "--text", "准予解除")
    check("准予解除" in said and "114年8月1日" in said, said)
    said = tributary(d, d.geo, "decision", "rule", number, "continue", "--meeting", later, "--due", "115/12/31")
    check(said.count("115年12月31日") == 4, said)
    said = tributary(d, d.geo, "decision", "list", "--body", "liaison", "--group", "1", "--agenda")
    check(number in said and "✓ 龜山區" in said, said)
    said = tributary(d, d.geo, "decision", "refer", number, "--reason", "跨局處")
    check("性別主流化推動組" in said and "尚無結果" in said, said)
    meeting(d, "promotion-group", None, "2025-11-03")
    said = tributary(d, d.geo, "decision", "outcome", number, "請社會局研議", "--meeting", "114/11/3")
    check("請社會局研議" in said and "114年11月3日" in said, said)
    said = tributary(d, d.geo, "decision", "show", number, lang="en")
    check("Gender Mainstreaming Promotion Group" in said and "proposes: closed" in said, said)
    for words, status in ((("show", "113-group-1-99"), 2), (("progress", number, "x", "--owner", "9"), 2), (("rule", number, "close"), 2),
                          (("rule", number, "stop", "--meeting", later), 1), (("add", "--meeting", made, "--title", "x", "--text", "x"), 2),
                          (("add", "--meeting", made, "--title", "x", "--text", "x", "--owner", "火星"), 2), (("drop", number), 2)):
        tributary(d, d.geo, "decision", *words, status=status)
    tributary(d, d.office(ZHONGLI), "decision", "progress", number, "x", status=2)
    tributary(d, d.office(GUISHAN), "decision", "refer", number, status=4)


def requests(d, client=None, **query):
    return expect_status((client or d.geo).get(f"{d.base}/obligations", **query), 200).json["requests"]


@test
def data_that_a_decision_asks_for_stands_beside_the_obligations(d):
    before = d.geo.get(f"{d.base}/obligations", year=112).json
    made = meeting(d, "liaison", "group-1", "2024-06-20")
    d.accepted(annual(GUISHAN, "112"))
    form = decide(d, made, "補報112年成果", owners=[{"office": GUISHAN}, {"office": FUXING}, {"agency": "社會局"}], due_on=day(5),
                  asks={"form": "training-annual", "period": "112"})
    asked = {one["office"]: one for one in requests(d, year=112)}
    equal([(one["number"], one["form"], one["period"], one["state"], one["due"], one["due_date"], one["timeliness"])
           for one in asked.values()], [(form["number"], "training-annual", "112", "asked", "due_soon", day(5), "none")] * 2, "asked")
    equal(requests(d, year=113), [], "another year")
    equal([one["office"] for one in requests(d, d.office(GUISHAN), year=112)], [GUISHAN], "an office's own")
    d.accepted(annual(GUISHAN, "112", 1, counted_on="2023-12-30"))
    equal([one["state"] for one in requests(d, year=112)], ["asked", "asked"], "figures that are provisional")
    given = d.accepted(annual(GUISHAN, "112", 2, **{"general.cedaw2h.m": 9}))
    one = requests(d, year=112, office=GUISHAN)[0]
    equal((one["state"], one["timeliness"], one["submission"]), ("given", "on_time", given["submission"]), "a revision after the decision")
    later = meeting(d, "liaison", "group-1", "2025-06-20")
    rule(d.geo, form["decision"], later, (2, "close"))
    equal([one["state"] for one in requests(d, year=112)], ["given", "lifted"], "closed before it gave any")

    question = decide(d, made, "請提供場次", due_on=day(-3), owners=[{"office": GUISHAN}], asks={"text": "去年辦理幾場"})
    one = requests(d, year=113)[0]
    equal((one["form"], one["text"], one["state"], one["due"]), (None, "去年辦理幾場", "asked", "past_due"), "a question")
    said = tributary(d, d.office(GUISHAN), "due")
    check("去年辦理幾場" in said and "逾期 3 天" in said and question["number"] in said and form["number"] in said, said)
    said = tributary(d, d.geo, "due", lang="en")
    check("Overdue decisions" in said and "3 days overdue" in said, said)
    answer = report(d.office(GUISHAN), question["decision"], "12場")
    one = requests(d, year=113)[0]
    equal((one["state"], one["timeliness"], one["progress"]), ("given", "late", answer["owners"][0]["progress"][0]["progress"]), "answered")
    after = d.geo.get(f"{d.base}/obligations", year=112, office=FUXING).json
    equal(after["obligations"], [one for one in before["obligations"] if one["office"] == FUXING], "the obligations themselves")
    for asks in ({"form": "training-annual"}, {"period": "113"}, {"form": "x", "period": "113"}, {"form": "training-annual", "period": "113Q1"},
                 {}, {"x": 1}, [], {"text": ""}):
        equal(decide(d, made, status=422, asks=asks)["code"], "bad_member", str(asks))


if __name__ == "__main__":
    suite.run()

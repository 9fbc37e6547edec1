#!/usr/bin/env python3
"""The client's command for meetings: a member of the supervision team does whole meetings of both groups without JSON, an office
plans its task group's, and each mistake is told."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, ZHONGLI, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
HEADINGS = "出席別,機關,職稱,姓名,性別,會議職務,內外聘,曾任性平會外聘委員,充分授權"


def run(d, *words, client=None, status=0, **more):
    if not hasattr(d, "supervision"):
        d.supervision = d.login("supervision")
    return tributary(d, client or d.supervision, "meeting", *words, status=status, **more)


def says(said, *texts):
    for text in texts:
        check(text in said, f"{text} isn't in: {said}")


def rows_of(d, meeting):
    return json.loads(run(d, "show", meeting, "--json"))["attendance"]["rows"]


@test
def a_liaison_meeting_is_done_from_its_plan_to_its_minutes_without_json(d):
    says(run(d, "plan", "liaison", "113.10.15", "--group", "第1組"), "性別平等業務聯繫會議 第1組", "113年度第1次會議（已排定）", "歷次決議列管情形")
    where = "liaison/group-1/113.10.15"
    says(run(d, "call", where, "--begins", "2點", status=2), "--begins", "2點", "下午2點")
    says(run(d, "call", where, "--begins", "下午2點", "--ends", "16時", "--place", "龜山區公所三樓", "--number", "府性平字第1號"),
         "已通知", "14:00–16:00", "龜山區公所三樓", "府性平字第1號")
    says(run(d, "postpone", where, "113.10.22", status=1), "延期或取消會議應說明原因")
    says(run(d, "postpone", where, "113.10.22", "--reason", "颱風停班"), "113年10月22日", "颱風停班", "已通知")
    where = "liaison/group-1/113年10月22日"
    says(run(d, "agenda", where, "--add", "聯合宣導案", "--explanation", "說明一", "--proposal", "擬請同意"), "聯合宣導案")
    said = run(d, "agenda", where, "--add", "第二案")
    says(said, "第二案")
    check("討論事項" not in said and said.index("聯合宣導案") < said.index("第二案") < said.index("臨時動議"), said)
    run(d, "agenda", where, "--add", "業務報告", "--kind", "report")
    says(run(d, "agenda", where, "--add", "x", "--kind", "opening", status=2), "--kind")
    says(run(d, "attendance", where, str(d.service.folder / "none.csv"), status=2), "none.csv")
    says(run(d, "hold", where), "已召開", "計入年度定期會議")
    file = d.service.folder / "sheet.csv"
    run(d, "attendance", where, "-o", str(file))
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    equal((lines[0], len(lines)), (HEADINGS, 8), "a template with the group's seven offices")
    said = run(d, "attendance", where, str(file), status=1)
    says(said, "第 2 列", "第 8 列", "未填出席別（出席、列席、請假、缺席）", "共 7 處需更正")
    equal(rows_of(d, where), [], "as it was saved it says of nobody whether they were there")
    lines[1:] = ["請假" + line if "復興" in line else "出席" + line.replace(",,,,", ",區長,某人,女,", 1) for line in lines[1:]]
    lines[1] = lines[1].replace("女,,", "女,主席,", 1)
    lines += ["出席,,教授,專家甲,男,,外聘,是,", "出席,,教授,專家乙,女,,外聘,,", "列席,性別平等辦公室,參議,督導丙,女,,,,", "列席,,科員,紀錄丁,男,紀錄,,,"]
    file.write_bytes("\r\n".join(lines).encode("cp950"))
    said = run(d, "attendance", where, str(file))
    says(said, "出席 8 人、列席 2 人、請假 1 人、缺席 0 人", "未出席：復興區", "6/7", "紀錄丁")
    again = run(d, "attendance", where)
    says(again, "專家甲", "性別平等辦公室 參議", "外聘")
    says(run(d, "resolve", where, "6", "照案通過。", "--remarks", "委員建議納入數位宣導。"), "第 6 項已登錄決議")
    says(run(d, "show", where), "照案通過。", "討論", "未知")
    shown = run(d, "show", "liaison/第1組/113/10/22")  # a day with strokes
    check(not any(word in shown for word in ("discussion", "closing", "unknown", "holds", "broken", "2024-10")), shown)
    says(run(d, "resolve", where, "99", "x", status=2), "議程沒有第 99 項")
    says(run(d, "resolve", where, status=2), "請指定議程項次與決議")
    says(run(d, "record", where, "--number", "府性平字第2號"), "已備紀錄", "府性平字第2號", "尚未登錄決議（決定）的議案：第 4、5 項")
    check("取代" not in run(d, "record", where, "--number", "府性平字第2號"), "the same number")
    says(run(d, "record", where, "--number", "府性平字第3號", status=1), "事由")
    says(run(d, "resolve", where, "4", "洽悉。", "--reason", "漏登"), "第 4 項已登錄決議", "不是更正")
    says(run(d, "show", where), "補登", "「業務報告」（補登）")
    says(run(d, "record", where, "--number", "府性平字第3號", "--reason", "文號誤植"), "府性平字第2號 已由 府性平字第3號 取代", "更正 會議日期、時間、地點或文號：文號誤植")
    says(run(d, "record", where, "--number", "府性平字第2號", "--reason", "x", lang="en"), "府性平字第3號 is replaced by 府性平字第2號")
    sheet = d.service.folder / "english.csv"
    run(d, "attendance", where, "-o", str(sheet), lang="en")
    english = sheet.read_text(encoding="utf-8-sig")
    check(english.startswith("Part,Office,Post,") and "sitting in," in english and "District Office" in english and "出席" not in english, english)
    rows = rows_of(d, where)
    run(d, "attendance", where, str(sheet))
    equal([{**row, "attendance": None} for row in rows_of(d, where)], [{**row, "attendance": None} for row in rows], "the same, sent again")
    says(run(d, "attendance", where, lang="en"), "excused", "recorder", "external")
    says(run(d, "cancel", where, "--reason", "x", status=1), "會議目前的狀態不能這樣變更", "已備紀錄", "tributary meeting record")
    says(run(d, "list", "--year", "113"), "聯繫會議", "第1組", "府性平字第2號", "已備紀錄")
    says(run(d, "calendar", "--year", "113", "--body", "liaison"), "第1組", "已備紀錄", "第2組", "逾期未召開")
    says(run(d, "calendar", "--year", "113", lang="en"), "overdue", "Gender Equality Council")
    rows = json.loads(run(d, "calendar", "--year", "113", "--body", "council", "--json"))["calendar"]
    equal(run(d, "calendar", "--year", "113", "--body", "council", lang="en").count("Gender Equality Council"), len(rows), "its name once a row")
    full = json.loads(run(d, "show", where, "--json"))
    equal((full["agenda"]["items"][5]["title"], full["agenda"]["items"][5]["resolution"]["remarks"]), ("第二案", "委員建議納入數位宣導。"), "in the answer")
    d.service.command("verify")


@test
def a_group_that_missed_its_day_meets_again_and_an_agenda_goes_through_a_file(d):
    run(d, "plan", "liaison", "2023-10-12", "--unit", "group-2", "--ad-hoc")
    says(run(d, "cancel", "liaison/group-2/2023-10-12", "--reason", "無議案"), "已取消", "無議案")
    run(d, "plan", "liaison", "2023-11-09", "--unit", "2")
    says(run(d, "hold", "liaison/group-2/2023-11-09"), "原則上應於期限前召開", "尚未登錄出席", "tributary meeting attendance")
    says(run(d, "calendar", "--year", "112", "--body", "liaison", "--unit", "group-2"), "逾期 9 日", "已取消")
    file = d.service.folder / "agenda.json"
    run(d, "agenda", "liaison/group-2/2023-11-09", "-o", str(file))
    items = json.loads(file.read_text())
    equal(len(items), 7, "the usual ones")
    items.insert(4, {"kind": "report", "title": "各區辦理情形"})
    file.write_text(json.dumps(items))
    says(run(d, "agenda", "liaison/group-2/2023-11-09", str(file)), "各區辦理情形")
    says(run(d, "resolve", "liaison/group-2/2023-11-09", "5", "洽悉。"), "第 5 項")
    (d.service.folder / "bad.json").write_text("[{]")
    run(d, "agenda", "liaison/group-2/2023-11-09", str(d.service.folder / "bad.json"), status=2)
    (d.service.folder / "bad.csv").write_text("出席別,姓名\n來了,某甲\n")
    says(run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "bad.csv"), status=1), "來了", "第 2 列")
    (d.service.folder / "columns.csv").write_text("序號,出席別,單位,職務,姓名,內聘外聘,授權與否\n1,出席,中壢區公所,區長,某甲,外聘,是\n")
    said = run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "columns.csv"), status=1)
    says(said, "不認得「內聘外聘」欄", "不認得「授權與否」欄", "欄位有：出席別、機關", "共 2 處需更正")
    (d.service.folder / "columns.csv").write_text("序 號,出席別,單　位,職　務,姓　名,備　註\n1,出　席,中壢區公所,區長,某甲,\n")
    run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "columns.csv"))
    row = rows_of(d, "liaison/group-2/2023-11-09")[0]
    equal((row["office"], row["post"], row["name"]), (ZHONGLI, "區長", "某甲"), "columns as people call them")
    for name, form in (("agenda", "json"), ("attendance", "csv")):
        said = run(d, name, "liaison/group-2/2023-11-09", "-o", str(d.service.folder / "file.ods"), status=2)
        says(said, "file.ods", form)
        check(not (d.service.folder / "file.ods").exists(), "no file of another kind than its name says")
    says(run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "columns.csv")), "沒有變動")
    (d.service.folder / "wrong.csv").write_text("出席別,機關,性別,會議職務,充分授權\n到,中歷區公所,X,代理主席,授權\n出席,中壢,Female,Chair,V\n,八德,,,\n出席,楊梅,,主席,\n")
    wrong = run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "wrong.csv"), status=1)
    says(wrong, "「到」不是出席別（出席、列席、請假、缺席）", "「X」不是性別（男、女）", "「代理主席」不是會議職務（主席、紀錄）", "「授權」不是充分授權（是、否）",
         "第 2 列：沒有「中歷區公所」這個機關；是中壢區公所嗎？", "第 4 列：未填出席別", "第 5 列：主席只有一人", "共 7 處需更正")
    check("第 3 列" not in wrong, "what people write in English, too")
    (d.service.folder / "twice.csv").write_text("出席別,機關,職稱,姓名\n出席,中壢,區長,某甲\n出席,中壢,課長,某甲\n請假,中壢區公所,課長,某甲\n,,,\n出席,楊梅,課長,某甲\n請假,中壢,區　長,某 甲\n")
    twice = run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "twice.csv"), status=1)
    says(twice, "第 4 列：某甲 在第 3 列已列過", "第 7 列：某 甲 在第 2 列已列過", "共 2 處需更正")
    for office, hint in (("中歷區公所", "是中壢區公所嗎"), ("Zhonghli District Office", "來賓"), ("桃園市中歷區公所", "是中壢區公所嗎"),
                         ("\"Zhonghli District Office, Taoyuan City\"", "來賓"), ("山區公所", "來賓")):
        (d.service.folder / "slip.csv").write_text(f"出席別,機關,姓名\n出席,{office},某甲\n")
        says(run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "slip.csv"), status=1), office.strip('"'), "第 2 列", hint)
    guests = ("新北市板橋區公所", "龍岡社區", "Banqiao District Office, New Taipei")
    lines = "".join(f'列席,"{guest}",某乙\n' for guest in guests)
    (d.service.folder / "guests.csv").write_text("出席別,機關,姓名\n" + lines)
    says(run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "guests.csv")), "第2組", "先前登錄的 1 列出席已由這 3 列取代")
    check("尚未登錄出席" not in run(d, "show", "liaison/group-2/2023-11-09"), "it is entered now")
    equal([(row["office"], row["post"]) for row in rows_of(d, "liaison/group-2/2023-11-09")], [(None, guest) for guest in guests], "guests")
    written = ("桃園市中壢區公所", "中壢", "中壢區", "　中壢區公所　", "Zhongli District Office, Taoyuan City", "zhongli", ZHONGLI, "桃園市中壢區公所民政課",
               "臺北市中壢區公所", "中壢區公所退休人員協會", "Taoyuan")
    lines = "".join(f'出席,"{one}",課長\n' for one in written)
    (d.service.folder / "names.csv").write_text("出席別,機關,職稱\n" + lines)
    run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "names.csv"))
    equal([(row["office"], row["post"]) for row in rows_of(d, "liaison/group-2/2023-11-09")],
          [(ZHONGLI, "課長")] * 7 + [(ZHONGLI, "民政課 課長")] + [(None, f"{one} 課長") for one in written[8:]], "one office, by all its names")
    (d.service.folder / "none.csv").write_text("姓名\n某甲\n")
    says(run(d, "attendance", "liaison/group-2/2023-11-09", str(d.service.folder / "none.csv"), status=1), "出席別")


@test
def units_and_offices_are_named_as_people_name_them(d):
    run(d, "plan", "liaison", "113.10.15", "--unit", "第1組")
    for unit in ("第1組", "1", "group-1", "Group 1"):
        says(run(d, "list", "--unit", unit), "第1組")
        says(run(d, "calendar", "--year", "113", "--body", "liaison", "--unit", unit), "第1組")
    check("第1組" not in run(d, "list", "--unit", "2"), "only its own")
    says(run(d, "list", "--unit", "group-9", status=2), "group-9")
    says(tributary(d, d.geo, "extension", "grant", "--office", "龜山", "--form", "training-annual", "--period", "113", "--until", "2030-01-15",
                   "--reason", "颱風停班"), "龜山區")
    says(run(d, "list", "--unit", "第3組", status=2), "沒有「第3組」", "龜山區")
    says(run(d, "plan", "liaison", "113.10.16", "--unit", "第3組", status=2), "第1組、第2組")
    says(run(d, "plan", "liaison", "113.10.16", "--unit", "組", status=2), "好幾個", "第1組、第2組")
    for path in ("meetings", "meeting-calendar", "decisions", "packs", "calendar.ics"):
        equal(expect_status(d.geo.get(f"{d.base}/{path}", unit="group-9"), 400).json["code"], "bad_parameter", path)
    for office in ("龜山", "桃園市龜山區公所", "Guishan"):
        check("龜山區" in tributary(d, d.geo, "due", "--office", office, "--all", "--year", "113"), office)
    for order in (("due",), ("mail", "list"), ("extension", "list"), ("review", "list")):
        refused = tributary(d, d.geo, *order, "--office", "鬼山", status=2)
        check("沒有「鬼山」" in refused and "龜山區公所" in refused, refused)
    check("Guishan District Office" in tributary(d, d.geo, "due", "--office", "Taoyuan", lang="en", status=2), "the city, or its district")


@test
def the_usual_agenda_is_written_when_something_is_resolved_on_it(d):
    run(d, "plan", "council", "2024-06-12")
    run(d, "hold", "council/2024-06-12")
    says(run(d, "resolve", "council/2024-06-12", "2", "確認。"), "第 2 項")
    says(run(d, "show", "council/2024-06-12"), "確認。", "散會")


@test
def an_office_plans_its_task_group_s_meeting_only(d):
    office = d.office(GUISHAN)
    says(run(d, "plan", "task-group", "113.4.20", "--begins", "10:00", client=office), "專案小組", "已排定")
    where = f"task-group/{GUISHAN}/113.4.20"
    run(d, "call", where, "--place", "二樓", client=office)
    run(d, "agenda", where, "--add", "年度成果報告", "--kind", "report", client=office)
    says(run(d, "hold", where, client=office, status=1), "以會議紀錄表單報送")
    run(d, "plan", "liaison", "113.9.1", "--unit", "group-1", client=office, status=4)
    run(d, "show", where, client=d.office(ZHONGLI), status=2)


@test
def mistakes_are_told(d):
    for words in (("nothing",), ("plan", "liaison"), ("plan", "nothing", "113.1.1"), ("plan", "liaison", "113.1.1"), ("plan", "council", "x"),
                  ("plan", "liaison", "113.1.1", "--unit", "group-9"), ("show",), ("show", "x"), ("resolve", "x"), ("resolve", "x", "y", "z"),
                  ("call", "liaison/group-1/x")):
        run(d, *words, status=2)
    says(run(d, "plan", "nothing", "113.1.1", status=2), "promotion-group", "council")
    says(run(d, "show", "council/113.1.2", status=1), "council/113.1.2")
    says(run(d, "--help"), "tributary meeting plan liaison", "出席別")
    says(run(d, "--help", lang="en"), "Columns of the sheet")


if __name__ == "__main__":
    suite.run()

"""What makes the sample years worth looking at: late and missing reports, corrections, refusals, cells without a number, and
published cases. Everything else in the sample is drawn evenly; every exception stands here."""
import datetime
from typing import Callable, NamedTuple

from offices import LABEL, draw

# --- Who is late, who never came, what isn't there yet

# Never handed in: among them 復興's annual results of 113, and 新屋's third quarter of 115, which is past due.
NEVER_CAME = {
    ("training-annual", "68000130", "113"), ("training-quarterly", "68000110", "115Q3"), ("annual-report", "68000130", "114"),
    ("local-programme", "68000120", "112"), ("webpage", "68000120", "112"), ("liaison-contacts", "68000130", "115"), ("other-measures", "68000110", "113"),
}

# Calendar days after the date due.
DAYS_LATE = {
    ("training-quarterly", "68000120", "112Q1"): 9, ("training-quarterly", "68000120", "112Q3"): 16, ("training-quarterly", "68000120", "113Q2"): 6,
    ("implementation-plan", "68000130", "plan"): 18, ("liaison-contacts", "68000120", "113"): 9, ("task-group-roster", "68000110", "113"): 13,
    ("annual-report", "68000120", "113"): 12, ("annual-report", "68000110", "112"): 5, ("local-programme", "68000060", "113"): 10,
    ("webpage", "68000090", "114"): 3, ("task-group-roster", "68000130", "115"): 21,
    ("training-quarterly", "68000130", "112Q4"): 12, ("training-annual", "68000120", "112"): 20, ("training-annual", "68000110", "113"): 8,
    ("budget-execution", "68000110", "113"): 11, ("budget-plan", "68000130", "114"): 7, ("training-quarterly", "68000060", "114Q3"): 4,
}

# Calendar days before the date due; everything else comes 2 to 16 days before it. The report rests on the other measures.
DAYS_EARLY = {"other-measures": (19, 32)}

# Calendar days from a meeting to its record; the others take 6 to 18.
MEETING_LAG = {("task-group-meeting", "68000120", "114-1"): 75}

# The annual results of 115 so far: two offices have handed in interim counts.
HANDED_IN_ON = {("training-annual", "68000070", "115"): "2026-11-05", ("training-annual", "68000100", "115"): "2026-11-12"}


def not_yet_due(form, office, period):
    """Of 115, the fourth quarter, the execution of the budget and most annual results don't exist yet."""
    if period == "115" and form in ("annual-report", "local-programme", "webpage", "other-measures"):
        return True
    if form == "training-annual" and period == "115":
        return (form, office, period) not in HANDED_IN_ON
    return (form, period) in {("training-quarterly", "115Q4"), ("budget-execution", "115")}


# --- What stands in the end

def field(code, value):
    def change(document):
        document["fields"][code] = value
    return change


def shift(code, difference):
    def change(document):
        document["fields"][code] += difference
    return change


def note(path, text):
    def change(document):
        document.setdefault("notes", {})[path] = f"{LABEL}：{text}"
    return change


def cell(table, number, column, value):
    """The column of the row at that position; a callable is given the row."""
    def change(document):
        row = document["tables"][table][number]
        row[column] = value(row) if callable(value) else value
    return change


def empty(table):
    def change(document):
        document["tables"][table] = []
    return change


def row(table, values):
    def change(document):
        document["tables"][table].append(values)
    return change


def without(table, column):
    """The rows come without that column."""
    def change(document):
        for values in document["tables"][table]:
            values.pop(column, None)
    return change


def published(name, date, place, sessions, men, women, target="一般民眾"):
    """An outreach row whose figures stand in a public record; that this office reported them is invented."""
    return row("outreach", {
        "_row": "o9", "name": name, "topic": "gender_equality", "date": date, "place": place, "method": "巡迴宣導", "target_group": target, "sessions": sessions,
        "attendance.m": men, "attendance.f": women, "attendance.o": 0, "attendance.total": men + women, "partners": "各里辦公處及社區發展協會",
        "summary": f"{LABEL}：場次及人次採自公開之宣導紀錄，作為檢核案例，與本所無涉。"})


NO_MEN = {"not_applicable": "本所性別平等業務相關人員2人均為女性"}
PENDING = {"not_yet": "人事室12月底結算後補填"}

SETTLED = {
    # published outreach records that add up, and the one that did not until it was corrected
    ("training-quarterly", "68000010", "113Q2"): [published("里鄰性別平等巡迴宣導", "2024-06-14", "桃園區各里集會所", 278, 5727, 10878)],
    ("training-quarterly", "68000020", "113Q2"): [published("社區性別平等巡迴宣導", "2024-06-21", "中壢區各市民活動中心", 276, 10431, 14615)],
    ("training-quarterly", "68000100", "113Q3"): [published("關懷據點性別平等宣導", "2024-09-20", "平鎮區各關懷據點", 71, 802, 1834, "長者")],
    ("training-quarterly", "68000080", "112Q4"): [published("大型活動性別平等宣導", "2023-11-18", "八德區運動公園", 6, 2620, 896)],
    ("training-quarterly", "68000050", "113Q3"): [published("中秋聯歡性別平等宣導", "2024-09-13", "蘆竹區市民活動中心", 12, 393, 1758)],
    # budget execution: 118.50 %, and 0 % with the line not yet settled
    ("budget-execution", "68000020", "112"): [
        cell("lines", 1, "executed", lambda line: line["gender_budget"] * 1185 // 1000), cell("lines", 1, "variance_reason", "參與場次增加，不足數由社政業務費勻支，執行率118.50%")],
    ("budget-execution", "68000080", "113"): [
        cell("lines", 5, "executed", 0), cell("lines", 5, "settled", False), cell("lines", 5, "result", "工程已完工，辦理驗收中"),
        cell("lines", 5, "variance_reason", "工程跨年度履約，尚未驗收結算")],
    ("budget-execution", "68000040", "114"): [
        cell("lines", 2, "settled", False), cell("lines", 2, "executed", lambda line: line["gender_budget"] * 45 // 100), cell("lines", 2, "variance_reason", "第2期款核銷中，尚未結算")],
    # true zeros
    ("training-quarterly", "68000130", "112Q3"): [empty("courses")],
    ("training-quarterly", "68000130", "113Q4"): [empty("courses")],
    ("training-quarterly", "68000120", "114Q1"): [empty("outreach")],
    ("training-annual", "68000110", "113"): [
        field("supervisor.cedaw1h.f", {"not_yet": "女性主管1人之實體課程時數待訓練單位確認"}), field("supervisor.cedaw2h.f", {"not_yet": "女性主管1人之實體課程時數待訓練單位確認"})],
    # not applicable; in later years the office enters 0 instead
    ("training-annual", "68000060", "112"): [
        field("business.staff.m", NO_MEN), field("business.staff.f", 2), field("business.ge10h.m", NO_MEN), field("business.ge10h.f", 2),
        field("business.excluded", {"not_applicable": "無不列計情形"})],
    ("training-annual", "68000060", "113"): [field("business.staff.m", 0), field("business.staff.f", 2), field("business.ge10h.m", 0), field("business.ge10h.f", 2)],
    ("training-annual", "68000060", "114"): [field("business.staff.m", 0), field("business.staff.f", 2), field("business.ge10h.m", 0), field("business.ge10h.f", 2)],
    ("training-quarterly", "68000090", "114Q4"): [
        cell("outreach", 0, "method", "電子看板播放"), cell("outreach", 0, "sessions", {"not_applicable": "看板輪播，無場次可計"})],
    # fewer courses of its own than persons trained: some were trained elsewhere
    ("training-annual", "68000130", "112"): [note("fields.general.cedaw1h.f", "部分同仁參加市府公務人力訓練之實體課程。"),
                                             note("fields.general.cedaw1h.m", "部分同仁參加市府公務人力訓練之實體課程。")],
    # a line that the year's plan doesn't have
    ("budget-execution", "68000100", "113"): [
        row("lines", {"no": 8, "unit": "民政課", "category": "guideline", "name": "性別平等里民座談", "account": "民政業務－民政管理", "budget": 60000,
                      "gender_budget": 60000, "goal": "增進里民性別意識", "executed": 57600, "result": "辦理座談2場次", "settled": True, "remark": LABEL}),
        note("tables.lines[8].no", "年度中由第二預備金支應，編列時尚無此項。")],
    ("local-programme", "68000110", "112"): [empty("programmes"), note("tables.programmes", "原定方案因颱風取消，次年度補辦。")],
    ("webpage", "68000130", "113"): [note("fields.last_updated", "網頁改版，年度內未更新。")],
    ("webpage", "68000110", "114"): [field("updates", {"not_yet": "網站廠商統計中"})],
    # interim counts of the year in progress
    ("training-annual", "68000070", "115"): [field("counted_on", "2026-10-31"), field("business.ge10h.m", PENDING), field("business.ge10h.f", PENDING)],
    ("training-annual", "68000100", "115"): [field("counted_on", "2026-10-31"), note("fields.counted_on", "期中統計，年度結束後更新。")],
    ("training-quarterly", "68000090", "115Q3"): [
        cell("courses", 0, column, {"not_yet": "簽到表彙整中"}) for column in ("attendance.m", "attendance.f", "attendance.total")],
    # rows without an identity of their own: the receiving side gives one
    ("training-quarterly", "68000040", "114Q2"): [without("courses", "_row"), without("outreach", "_row")],
    # gender-equality staff who fell short of ten hours
    ("training-annual", "68000010", "113"): [shift("business.ge10h.f", -1)],
    ("training-annual", "68000080", "113"): [shift("business.ge10h.f", -1)],
    # notes
    ("training-annual", "68000010", "114"): [note("fields.general.staff.f", "年度中組織調整，移入人員3人。")],
    ("budget-plan", "68000070", "113"): [note("fields.total_budget", "含追加預算。")],
}


def settle(form, office, period, document):
    for change in SETTLED.get((form, office, period), ()):
        change(document)
    return document


# --- What was wrong at first

class Mistake(NamedTuple):
    make: Callable  # changes the standing document into the one first handed in
    days: int  # until the next attempt
    outcome: str  # "recorded" or "refused"


def together(*changes):
    def change(document):
        for one in changes:
            one(document)
    return change


def blank(*codes):
    def change(document):
        for code in codes:
            document["fields"].pop(code)
    return change


def shift_cell(table, number, difference, *columns):
    def change(document):
        for column in columns:
            document["tables"][table][number][column] += difference
    return change


def lose_row(table, number):
    def change(document):
        del document["tables"][table][number]
    return change


def lose_cell(table, number, column):
    def change(document):
        document["tables"][table][number].pop(column)
    return change


AWAITED = {"not_yet": "時數認證尚待訓練單位回復"}

MISTAKES = {
    # refused, then corrected: 393 + 1,758 + 0 is 2,151 and not 2,178
    ("training-quarterly", "68000050", "113Q3"): [Mistake(cell("outreach", 2, "attendance.total", 2178), 1, "refused")],
    ("training-quarterly", "68000120", "112Q2"): [Mistake(cell("courses", 1, "method", "online"), 2, "refused")],
    ("training-annual", "68000040", "113"): [
        Mistake(together(field("general.gm2h.f", 108), field("general.excluded", 1), field("excluded_reason", None)), 1, "refused")],
    ("training-quarterly", "68000030", "114Q3"): [Mistake(cell("courses", 0, "date_to", "2025-10-02"), 1, "refused")],
    ("budget-plan", "68000110", "115"): [Mistake(cell("lines", 0, "gender_budget", lambda line: line["budget"] * 10), 1, "refused")],
    # refused, then corrected: the annual report counts 27 more than the quarters do
    ("annual-report", "68000070", "113"): [
        Mistake(together(shift("outreach.attendance.f", 27), shift("outreach.attendance.total", 27)), 1, "refused")],
    ("task-group-meeting", "68000030", "113-1"): [Mistake(shift("present.m", 20), 1, "refused")],
    ("liaison-contacts", "68000090", "112"): [Mistake(field("liaison.email", "liaison at example.org"), 1, "refused")],
    # handed in, then corrected
    ("task-group-meeting", "68000070", "113-1"): [Mistake(shift("present.f", -1), 6, "recorded")],
    ("task-group-meeting", "68000010", "114-2"): [Mistake(field("document_number", "樣本字第0號"), 3, "recorded")],
    ("task-group-roster", "68000080", "114"): [Mistake(cell("members", 4, "sex", lambda member: "m" if member["sex"] == "f" else "f"), 8, "recorded")],
    ("implementation-plan", "68000040", "plan"): [Mistake(blank("summary"), 4, "recorded")],
    ("annual-report", "68000080", "114"): [Mistake(blank("review.improvements"), 5, "recorded")],
    ("local-programme", "68000020", "113"): [Mistake(lose_row("programmes", 0), 9, "recorded")],
    ("budget-execution", "68000100", "113"): [Mistake(lambda document: document.pop("notes"), 10, "recorded")],
    ("training-annual", "68000070", "112"): [Mistake(together(shift("general.gm2h.f", -3), shift("general.gm2h.m", -1)), 22, "recorded")],
    ("training-annual", "68000070", "113"): [Mistake(together(shift("general.gm2h.f", -4), shift("general.cedaw1h.f", -2)), 24, "recorded")],
    ("training-annual", "68000010", "113"): [
        Mistake(shift("general.staff.m", 9), 9, "recorded"), Mistake(shift("supervisor.gm2h.m", -1), 12, "recorded")],
    ("training-annual", "68000090", "113"): [
        Mistake(together(field("business.ge10h.m", AWAITED), field("business.ge10h.f", AWAITED)), 30, "recorded")],
    ("training-annual", "68000020", "114"): [Mistake(blank("supervisor.cedaw1h.m", "supervisor.cedaw2h.m"), 6, "recorded")],
    ("training-annual", "68000080", "114"): [Mistake(shift("general.cedaw1h.m", 5), 15, "recorded")],
    ("training-quarterly", "68000010", "112Q1"): [Mistake(lose_row("outreach", 1), 5, "recorded")],
    ("training-quarterly", "68000040", "112Q3"): [Mistake(shift_cell("courses", 0, 4, "attendance.f", "attendance.total"), 7, "recorded")],
    ("training-quarterly", "68000030", "113Q1"): [Mistake(cell("courses", 0, "hours", "20"), 3, "recorded")],
    ("training-quarterly", "68000100", "114Q2"): [Mistake(lose_row("courses", 1), 10, "recorded")],
    ("training-quarterly", "68000070", "115Q2"): [Mistake(shift_cell("outreach", 0, -30, "attendance.f", "attendance.total"), 8, "recorded")],
    ("budget-plan", "68000050", "112"): [Mistake(cell("lines", 3, "category", "other"), 6, "recorded")],
    # stored with a question: the rate of 118.50 % had no reason yet
    ("budget-execution", "68000020", "112"): [Mistake(lose_cell("lines", 1, "variance_reason"), 9, "recorded")],
}


# --- What reviewers said

class Return(NamedTuple):
    """Returned at a stage after it had been official; corrected some days later and waiting again, or still open."""
    stage: str
    on: datetime.date
    cells: tuple
    reason: str
    before: Callable = lambda document: None  # what stands in the end, as it was handed in first
    after: Callable | None = None  # the correction; None: what stands in the end
    days: int | None = None  # until the correction; None: it is still open


RETURNS = {
    ("budget-plan", "68000070", "113"): Return(
        "dbas", datetime.date(2026, 11, 4), ("fields.total_budget",), "預算總額未含追加預算，與決算書不符，請更正。", before=shift("total_budget", -18_000_000), days=8),
    ("annual-report", "68000070", "113"): Return(
        "geo", datetime.date(2026, 11, 6), ("fields.budget.total",), "性別預算一節之預算總額請併同更正。", after=shift("budget.total", 18_000_000), days=7),
    ("budget-execution", "68000070", "113"): Return(
        "dbas", datetime.date(2026, 11, 10), ("tables.lines[3].executed", "tables.lines[3].result"), "執行數與會計月報不符，請查明並說明執行成果。"),
}

# Of these, 113's few that nobody has looked at yet.
NOT_LOOKED_AT = {("local-programme", "68000030", "113"), ("webpage", "68000060", "113"), ("other-measures", "68000100", "113"), ("webpage", "68000120", "113")}


def stages_passed(form, office, period, count):
    """How many stages of its chain a submission is to pass: all of 112's and most of 113's, of 114 a part, of 115 what is long past."""
    year = 112 if period == "plan" else int(period[:3])
    if year == 112 or (year == 113 and (form, office, period) not in NOT_LOOKED_AT):
        return count
    if year == 114:
        return min(count, draw(0, count + 1, "stages", form, office, period))
    return count if period in ("115Q1", "115Q2") else 0

"""The gender-budget tables: lines as drawn up for a year, and the same lines as executed."""
from offices import LABEL, draw

# section, category, name, account, budget in thousands for a small office, thousands more per 100,000 inhabitants, gender share %, goal, result
LINES = (
    ("人事室", "tool", "性別意識培力及CEDAW教育訓練", "一般行政－行政管理", 60, 30, 100, "同仁參訓率達年度目標值", "辦理基礎、進階及CEDAW實體課程"),
    ("社會課", "guideline", "性別平等及CEDAW宣導活動", "社政業務－社會福利", 80, 70, 100, "每年至少辦理1場次對民眾宣導", "結合節慶活動辦理宣導"),
    ("民政課", "guideline", "新住民生活適應輔導", "民政業務－民政管理", 120, 60, 60, "提升新住民社會參與", "開辦生活適應輔導班"),
    ("秘書室", "law", "哺（集）乳室及性別友善廁所維護", "一般行政－事務管理", 150, 40, 100, "設施妥善率達100%", "完成定期清潔及設備汰換"),
    ("社會課", "plan", "社區婦女成長課程", "社政業務－社區發展", 200, 120, 80, "參與婦女滿意度達85%", "補助社區開辦成長課程"),
    ("工務課", "plan", "公園及人行環境照明安全改善", "公共工程－道路橋梁及公園", 2400, 1500, 20, "改善夜間照明死角", "完成照明改善工程"),
    ("社會課", "other", "社區照顧關懷據點志工培訓", "社政業務－社會福利", 90, 45, 50, "鼓勵男性投入照顧志工", "辦理志工培訓課程"),
)
INDIGENOUS_LINE = ("社會課", "plan", "部落婦女培力及共餐照顧", "社政業務－原住民福利", 420, 0, 70, "提升部落婦女公共參與", "於各部落辦理培力課程")
INDIGENOUS_DISTRICT = "復興"
SHORT_REASONS = ("採購標餘款", "部分場次因天候因素取消", "參訓人數未如預期，撙節支出")
OVER_REASON = "參與人數超出預期，不足數由相關業務費勻支"


def total_budget(office, year):
    """Whole expenditure budget in NT$; the indigenous district has a budget of its own and so a larger one for its size."""
    thousands = 640_000 if office.district == INDIGENOUS_DISTRICT else 185_000 + office.people * 3 // 2
    return thousands * (1000 + 25 * (year - 112) + draw(-10, 10, "total", office.code, year)) // 1000 * 1000


def lines_of(office, year):
    """The lines of a year; the same numbers keep standing for the same tasks."""
    chosen = LINES if not office.small else LINES[:2] + LINES[3:5]
    if office.district == INDIGENOUS_DISTRICT:
        chosen = LINES[:2] + (INDIGENOUS_LINE,)
    lines = []
    for number, (unit, category, name, account, floor, slope, share, goal, _) in enumerate(chosen, start=1):
        thousands = (floor + slope * office.people // 100_000) * (100 + 4 * (year - 112) + draw(-5, 5, "line", number, office.code, year)) // 100
        budget = thousands * 1000
        lines.append({"no": number, "unit": unit, "category": category, "name": name, "account": account, "budget": budget,
                      "gender_budget": thousands * share // 100 * 1000, "goal": goal, "remark": LABEL})
    return lines


def plan_of(office, year):
    return {"fields": {"total_budget": total_budget(office, year)}, "tables": {"lines": lines_of(office, year)}}


def executed(line, office, year):
    """What became of a line: mostly between 82 and 100 %, now and then less or more, with a reason."""
    lot = draw(1, 100, "lot", line["no"], office.code, year)
    low, high, reason = 82, 100, None
    if lot <= 7:
        low, high, reason = 62, 78, SHORT_REASONS[lot % len(SHORT_REASONS)]
    elif lot <= 10:
        low, high, reason = 102, 108, OVER_REASON
    spent = line["gender_budget"] * draw(low * 10, high * 10, "rate", line["no"], office.code, year) // 1000
    return {"executed": spent, "variance_reason": reason}


def execution_of(office, year):
    results = {name: result for _, _, name, _, _, _, _, _, result in (*LINES, INDIGENOUS_LINE)}
    lines = []
    for line in lines_of(office, year):
        outcome = {key: value for key, value in executed(line, office, year).items() if value is not None}
        lines.append({**line, **outcome, "result": results[line["name"]], "settled": True})
    return {"tables": {"lines": lines}}

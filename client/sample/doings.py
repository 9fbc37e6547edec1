"""What an office does besides training and budgets: its own plan, local programmes, the web page, other measures."""
import datetime

from budgets import INDIGENOUS_DISTRICT
from offices import LABEL, choose, draw

PROGRAMMES = (  # name, partners, budget in thousands, people reached
    ("家務分工闖關園遊會", "轄內國民小學、社區發展協會", 60, 320), ("男性照顧者支持團體", "社區照顧關懷據點", 40, 45), ("新住民姊妹議事培力", "新住民關懷團體", 35, 60),
    ("女性農業人才培力", "區農會家政班", 50, 80), ("性別友善市集", "商圈發展協會", 80, 900))
INDIGENOUS_PROGRAMME = ("部落女性公共參與工作坊", "部落會議、教會", 55, 70)
MEASURES = (("修訂性別友善廁所指引標示", "完成辦公大樓標示更新"), ("鼓勵里長參選人性別平衡座談", "辦理座談1場"), ("職場性騷擾防治申訴管道公告", "公告並於會議宣導"))
EARLIER_PAGE = {"68000130": 113}  # the page wasn't kept up in that year


def implementation_plan_of(calendar, office):
    """(the day it is sent, document)"""
    discussed = calendar.working_day(datetime.date(2023, 3, 27) + datetime.timedelta(days=draw(0, 18, "discussed", office.code)), 1)
    sent = calendar.working_day(discussed + datetime.timedelta(days=draw(3, 9, "sent", office.code)), 1)
    return sent, {"fields": {
        "discussed_on": discussed.isoformat(), "sent_on": sent.isoformat(), "title": f"{office.district}區公所112-115年性別主流化實施計畫",
        "summary": f"{LABEL}：設置專案小組、編列性別預算、辦理培力及宣導、推動在地方案、維護專區網頁。", "contact_unit": "社會課"}}


def programmes_of(office, year):
    chosen = [INDIGENOUS_PROGRAMME] if office.district == INDIGENOUS_DISTRICT else []
    first = draw(0, len(PROGRAMMES) - 1, "programme", office.code, year)
    count = 1 if office.small else draw(1, 3, "programmes", office.code, year)
    chosen += [PROGRAMMES[(first + number) % len(PROGRAMMES)] for number in range(count - len(chosen))]
    rows = []
    for number, (name, partners, thousands, reach) in enumerate(chosen, start=1):
        key = number, office.code, year
        people = reach * draw(70, 130, "reached", *key) // 100
        women, other = people * draw(48, 66, "women reached", *key) // 100, max(0, draw(-5, 2, "other reached", *key))
        rows.append({"_row": f"p{number}", "name": name, "partners": partners, "budget": thousands * draw(80, 120, "programme budget", *key) * 10,
                     "reached.m": people - women, "reached.f": women, "reached.o": other, "reached.total": people + other,
                     "result": f"{LABEL}：參與者回饋良好，將納入次年度規劃。"})
    return {"tables": {"programmes": rows}}


def webpage_of(office, year):
    updates = draw(2, 12, "updates", office.code, year)
    last = datetime.date(year + 1911, 9, 1) + datetime.timedelta(days=draw(0, 110, "updated", office.code, year))
    fields = {"url": f"https://sample.example.org/{office.code}/gender-equality", "last_updated": last.isoformat(), "updates": updates,
              "content": f"{LABEL}：專案小組紀錄、性別統計、培力及宣導成果。"}
    if EARLIER_PAGE.get(office.code) == year:
        fields.update({"last_updated": f"{year + 1910}-06-28", "updates": 0})
    return {"fields": fields}


def measures_of(office, year):
    count = draw(0, 2, "measures", office.code, year)
    first = draw(0, len(MEASURES) - 1, "measure", office.code, year)
    rows = []
    for number in range(count):
        measure, result = MEASURES[(first + number) % len(MEASURES)]
        day = datetime.date(year + 1911, choose((3, 6, 8, 11), "measure month", number, office.code, year), draw(1, 28, "measure day", number, office.code, year))
        rows.append({"_row": f"t{number + 1}", "measure": measure, "date": day.isoformat(), "result": f"{LABEL}：{result}"})
    return {"tables": {"measures": rows}}

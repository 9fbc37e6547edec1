"""The liaison meetings of both groups, year by year: whose turn it was, the agenda, who came, what was resolved, what became of
it; and who sits on the city's bodies. People are numbered, never named; every text is invented and says so in its minutes."""
import datetime

from bodies import person
from handing_in import moment_on
from offices import LABEL, OFFICES, draw
from reviews import Word

GROUPS = {"group-1": ("桃園", "龜山", "八德", "大溪", "蘆竹", "大園", "復興"), "group-2": ("中壢", "楊梅", "平鎮", "龍潭", "觀音", "新屋")}
CODES = {office.district: office.code for office in OFFICES}
NUMBER = {"group-1": "第1組", "group-2": "第2組"}

# Whose turn it was. In 114 Group 1's was exchanged for that of the year after.
TURNS = {"group-1": {112: "桃園", 113: "龜山", 114: "八德", 115: "大溪"}, "group-2": {112: "中壢", 113: "楊梅", 114: "平鎮", 115: "龍潭"}}
SWAP = ("group-1", (114, 115), datetime.date(2025, 5, 8), "八德區公所辦公廳舍整修，與大溪區公所商定互換。")
DAYS = {("group-1", 112): (10, 5), ("group-2", 112): (10, 12), ("group-1", 113): (9, 26), ("group-2", 113): (10, 9),
        ("group-1", 114): (9, 25), ("group-2", 114): (10, 16), ("group-1", 115): (10, 1), ("group-2", 115): (10, 15)}
EXCUSED = {("group-1", 113): ("復興",), ("group-2", 114): ("新屋",)}  # who sent word that nobody could come

TEAM = (("參事", "f"), ("參事", "m"), ("顧問", "f"), ("參議", "m"))  # the supervision team
ADVISERS = (("f", True), ("m", False))  # of each group: sex, and whether they served on the council
COUNCIL_POSTS = ("民政局局長", "教育局局長", "經濟發展局局長", "工務局局長", "社會局局長", "勞動局局長", "警察局局長", "衛生局局長", "環境保護局局長", "文化局局長",
                 "人事處處長", "主計處處長", "研究發展考核委員會主任委員", "原住民族行政局局長", "客家事務局局長", "青年事務局局長", "都市發展局局長", "交通局局長")
BUREAUS = ("民政局", "教育局", "社會局", "勞動局", "警察局", "衛生局", "環境保護局", "人事處", "主計處")

REPORTS = ("各區公所前一年度性別主流化成果及本年度辦理進度", "關鍵績效指標達成情形", "性別預算編列及執行情形")
DISCUSSIONS = {
    112: (("訂定各區公所共通之性別統計項目一案", "各區公所現有統計項目不一，不利比較。", "由各區公所提報現有項目，性平辦彙整後訂定共通項目。"),
          ("CEDAW實體課程之聯合辦理一案", "小型機關單獨開班不易。", "由秘書單位協調同組機關聯合辦理。")),
    113: (("提升CEDAW實體課程參訓率一案", "部分機關一般公務人員參訓率未達目標值。", "未達目標值之機關於年底前加開場次。"),
          ("在地性別平等方案之跨區合作一案", "各區方案主題相近，可共用講師與教材。", "由各區公所提出可合作之主題。")),
    114: (("性別預算填報之一致性一案", "各區對性別預算歸類之標準不一。", "請主計處說明歸類原則並提供範例。"),
          ("性別議題聯絡人交接機制一案", "聯絡人異動時，歷次決議之辦理進度易中斷。", "建立交接清單並納入年度培力。")),
    115: (("下一期（116–119年）實施計畫草案一案", "現行計畫至115年底屆期。", "就草案之關鍵績效指標及目標值提供意見。"),
          ("性別平等宣導納入里鄰活動一案", "宣導人次集中於少數場次。", "結合里鄰活動辦理，並依性別統計參加人次。")),
}

# (group, year): what was resolved on the discussions and is tracked: item, text, owners, when it is due (the day that its text names, or so
# many months later), what data it asks, and what the owners reported: {owner: (months later, text, proposes)}; rulings by the next year's
# meeting: {owner: outcome}.
TRACKED = {
    ("group-1", 112): [
        (0, "各區公所於113年1月底前提報現有性別統計項目，由性平辦彙整。", ("桃園", "龜山", "八德"), datetime.date(2024, 1, 31), "現有性別統計項目清單",
         {"桃園": (2, "已提報12項。", "close"), "龜山": (3, "已提報15項。", "close"), "八德": (3, "已提報9項。", "close")},
         {"桃園": "close", "龜山": "close", "八德": "close"}),
        (1, "由桃園區公所協調同組機關於113年聯合辦理CEDAW實體課程2場。", ("桃園",), datetime.date(2024, 12, 31), None,
         {"桃園": (8, "已於4月、6月各辦理1場，計186人參訓。", "close")}, {"桃園": "close"})],
    ("group-2", 112): [
        (0, "各區公所於113年1月底前提報現有性別統計項目，由性平辦彙整。", ("中壢", "楊梅"), datetime.date(2024, 1, 31), "現有性別統計項目清單",
         {"中壢": (2, "已提報18項。", "close"), "楊梅": (4, "已提報10項。", "close")}, {"中壢": "close", "楊梅": "close"}),
        (1, "觀音、新屋區公所就聯合開班之場地及時間提出規劃。", ("觀音", "新屋"), 6, None,
         {"觀音": (7, "已與新屋區公所共同規劃，於8月辦理。", "close"), "新屋": (7, "併觀音區公所辦理。", "hand_over")},
         {"觀音": "close", "新屋": "hand_over"})],
    ("group-1", 113): [
        (0, "一般公務人員CEDAW實體課程參訓率未達目標值之機關，於113年12月底前加開場次並提報結果。", ("大園", "復興"), datetime.date(2024, 12, 31), None,
         {"大園": (3, "已加開2場，參訓率已達目標值。", "close"), "復興": (5, "因颱風災後復原，改於114年上半年辦理。", "continue")},
         {"大園": "close", "復興": "continue"}),
        (1, "各區公所於114年3月底前提出可跨區合作之在地方案主題。", ("龜山", "蘆竹", "大溪"), datetime.date(2025, 3, 31), None,
         {"龜山": (5, "提出「產業園區性別友善職場」1案。", "close"), "蘆竹": (6, "提出「高齡女性數位學習」1案。", "close"),
          "大溪": (6, "提出「女性文化導覽員培力」1案。", "close")}, {"龜山": "close", "蘆竹": "close", "大溪": "close"})],
    ("group-2", 113): [
        (0, "觀音、新屋、中壢區公所於114年6月底前加開CEDAW實體課程，並提報參訓人數。", ("觀音", "新屋", "中壢"), datetime.date(2025, 6, 30), None,
         {"中壢": (4, "已加開3場，計142人參訓。", "close"), "觀音": (8, "已加開1場，尚有18人未參訓，續辦。", "continue"),
          "新屋": (9, "已加開1場，全員完訓。", "close")}, {"中壢": "close", "觀音": "continue", "新屋": "close"}),
        (1, "龍潭、平鎮區公所合辦在地性別平等方案，於114年提報規劃。", ("龍潭", "平鎮"), 6, None,
         {"龍潭": (6, "合辦「客庄女性文化導覽培力」，經費各半。", "close"), "平鎮": (6, "同龍潭區公所所報。", "close")},
         {"龍潭": "close", "平鎮": "hand_over"})],
    ("group-1", 114): [
        (0, "請主計處於115年1月底前提供性別預算歸類原則及範例；各區公所據以檢視。", ("主計處", "桃園"), datetime.date(2026, 1, 31), None,
         {"桃園": (6, "已依歸類原則重新檢視，修正2項。", "close")}, {"桃園": "close", "主計處": "close"}),
        (1, "大溪區公所擬具聯絡人交接清單格式，提下次會議報告。", ("大溪",), 11, None,
         {"大溪": (11, "已擬具交接清單（草案），提本次會議報告。", "continue")}, {"大溪": "continue"})],
    ("group-2", 114): [
        (0, "請平鎮區公所彙整本組性別預算歸類疑義，於115年2月底前送主計處。", ("平鎮",), datetime.date(2026, 2, 28), None,
         {"平鎮": (4, "已彙整疑義7則，函送主計處。", "close")}, {"平鎮": "close"}),
        (1, "各區公所於115年6月底前建立聯絡人交接清單。", ("楊梅", "觀音", "龍潭"), datetime.date(2026, 6, 30), None,
         {"楊梅": (7, "已建立並納入移交項目。", "close"), "龍潭": (8, "已建立。", "close")},
         {"楊梅": "close", "龍潭": "close", "觀音": "continue"})],
    ("group-1", 115): [
        (0, "各區公所於115年12月15日前就116–119年計畫草案之目標值提供意見。", ("桃園", "龜山", "復興"), datetime.date(2026, 12, 15), "對計畫草案目標值之意見",
         {"龜山": (1, "已提供意見3則。", "close")}, {}),
        (1, "八德、大園區公所試辦里鄰活動性別平等宣導，並依性別統計人次。", ("八德", "大園"), 8, None, {}, {})],
    ("group-2", 115): [
        (0, "各區公所於115年12月15日前就116–119年計畫草案之目標值提供意見。", ("中壢", "楊梅", "平鎮"), datetime.date(2026, 12, 15), "對計畫草案目標值之意見", {}, {}),
        (1, "新屋區公所擬具沿海里鄰宣導方案。", ("新屋",), 6, None, {}, {})],
}
REFERRED = ("group-2", 113, 1, datetime.date(2024, 10, 25), "跨區方案涉及經費分攤，提請推動組協助。", "promotion-group", (2024, 11, 18), "原則同意；請主計處提供經費分攤之會計處理建議。")
# The bureaus' own groups in April and October, the six divisions in May and November: (month, day). One of the bureaus' meetings had too few
# of its external members, and was held once more.
BUREAU_GROUPS = {"labor": "勞動局", "social-affairs": "社會局", "education": "教育局", "police": "警察局", "public-health": "衛生局",
                 "environment": "環境保護局"}
DIVISIONS = ("division-employment", "division-population", "division-education", "division-safety", "division-health", "division-environment")
BUREAU_DAYS, DIVISION_DAYS = ((4, 10), (10, 8)), ((5, 6), (11, 4))
TOO_FEW = {("education", 113, 0): (2024, 5, 2)}
NEXT_COUNCIL = ("council", (2026, 12, 11), "市府大樓12樓會議室")  # planned, and called
RESOLVED = {"report": "洽悉。", "minutes": "會議紀錄確認。", "tracking": "餘依各案裁示辦理。"}


def day_in(year, month, day):
    return datetime.date(year + 1911, month, day)


def months_after(day, months):
    month = day.month - 1 + months
    return datetime.date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


def owner_of(name):
    return {"office": CODES[name]} if name in CODES else {"agency": name}


class Assembly:
    """One liaison meeting and what comes of it."""

    def __init__(self, calendar, group, year):
        self.calendar, self.group, self.year = calendar, group, year
        self.key = f"{group}-{year}"
        self.day = calendar.working_day(day_in(year, *DAYS[group, year]), 1)
        self.host = TURNS[group][year]
        if SWAP[0] == group and year in SWAP[1]:
            self.host = TURNS[group][sum(SWAP[1]) - year]
        self.recorded = calendar.working_day(self.day + datetime.timedelta(days=9), 1)

    def call(self, day, path, body, by="supervision", order="assembly", **more):
        at = moment_on(self.calendar.working_day(day, 1), order, path, self.key)
        return Word(at, order, {"path": path, "method": "POST", "by": by, "body": body, **more})

    @property
    def agenda(self):
        items = [{"kind": "opening", "title": "主席致詞"}]
        if self.year > 112:
            items += [{"kind": "minutes", "title": f"確認{self.year - 1}年度會議紀錄"}, {"kind": "tracking", "title": "歷次會議決議事項列管情形"}]
        items += [{"kind": "report", "title": title, "proposer": "性別平等辦公室" if place else "各區公所"} for place, title in enumerate(REPORTS)]
        proposers = (f"{self.host}區公所", "性別平等辦公室")
        items += [{"kind": "discussion", "title": title, "proposer": proposer, "explanation": why, "proposal": how}
                  for (title, why, how), proposer in zip(DISCUSSIONS[self.year], proposers)]
        return items + [{"kind": "motion", "title": "臨時動議"}, {"kind": "closing", "title": "散會"}]

    @property
    def attendance(self):
        rows = []
        for number, district in enumerate(GROUPS[self.group], start=1):
            away = district in EXCUSED.get((self.group, self.year), ())
            chairs = district == self.host
            rows.append({"part": "excused" if away else "present", "office": CODES[district], "post": "區長" if chairs else "主任秘書" if number % 2 else "課長",
                         "sex": "f" if draw(0, 1, "sex", district, self.year) else "m", "name": person(number), "authorised": not chairs,
                         **({"duty": "chair"} if chairs else {})})
        rows += [{"part": "present", "seat": "external", "served": served, "post": "諮詢委員", "sex": sex, "name": person(40 + number)}
                 for number, (sex, served) in enumerate(ADVISERS)]
        rows += [{"part": "sitting_in", "post": f"性別平等辦公室工作督導小組{post}", "sex": sex, "name": person(50 + number)}
                 for number, (post, sex) in enumerate(TEAM[:2])]
        rows.append({"part": "sitting_in", "post": "性別平等辦公室組員", "sex": "f", "name": person(60), "duty": "recorder"})
        return rows

    def words(self):
        name = f"meeting-{self.key}"
        path = f"/v1/meetings/${name}"
        place = f"{self.host}區公所大禮堂"
        planned, called = self.day - datetime.timedelta(days=80), self.day - datetime.timedelta(days=21)
        yield self.call(planned, "meetings", {"body": "liaison", "unit": self.group, "kind": "regular", "state": "planned", "day": self.day.isoformat(),
                                              "begins": "14:00", "ends": "16:30", "place": place}, order="assembly 0", keep={name: "meeting"})
        items = self.agenda
        keep = {f"{name}-{number}": f"agenda.items.{number}.item" for number in range(len(items))}
        yield self.call(called, f"{path}/agenda", {"items": items}, order="assembly 1", keep=keep) \
            ._replace(line={**self.call(called, f"{path}/agenda", {"items": items}).line, "method": "PUT", "if_match": "*", "keep": keep})
        yield self.call(called + datetime.timedelta(days=1), f"{path}/steps",
                        {"state": "called", "day": self.day.isoformat(), "begins": "14:00", "ends": "16:30", "place": place,
                         "document_number": f"樣本字第{self.year}70{self.group[-1]}01號"}, order="assembly 2")
        after = self.day + datetime.timedelta(days=1)
        yield self.call(after, f"{path}/steps", {"state": "held", "day": self.day.isoformat(), "begins": "14:00", "ends": "16:20", "place": place},
                        order="assembly 3")
        sheet = self.call(after + datetime.timedelta(days=3), f"{path}/attendance", {"rows": self.attendance}, order="assembly 4")
        yield sheet._replace(line={**sheet.line, "method": "PUT", "if_match": "*"})
        said = [{"item": f"${name}-{number}", "text": self.resolution(item, number)} for number, item in enumerate(items) if self.resolution(item, number)]
        resolved = self.call(after + datetime.timedelta(days=5), f"{path}/resolutions", {"resolutions": said}, order="assembly 5")
        yield resolved._replace(line={**resolved.line, "method": "PUT", "if_match": "*"})
        yield self.call(self.recorded, f"{path}/steps", {"state": "on_record", "day": self.day.isoformat(), "begins": "14:00", "ends": "16:20", "place": place,
                                                         "document_number": f"樣本字第{self.year}70{self.group[-1]}02號"}, order="assembly 6")
        yield from self.decided(name, path, items)

    def resolution(self, item, number):
        if item["kind"] == "discussion":
            first = next(place for place, one in enumerate(self.agenda) if one["kind"] == "discussion")
            return " ".join(text for place, text, *_ in TRACKED[self.group, self.year] if place == number - first)
        return RESOLVED.get(item["kind"])

    def decided(self, name, path, items):
        first = next(number for number, item in enumerate(items) if item["kind"] == "discussion")
        entered = self.recorded + datetime.timedelta(days=2)
        following = None if self.year == 115 else Assembly(self.calendar, self.group, self.year + 1)
        for number, (place, text, owners, due, asks, progress, rulings) in enumerate(TRACKED[self.group, self.year], start=1):
            decision = f"decision-{self.key}-{number}"
            body = {"item": f"${name}-{first + place}", "kind": "resolution", "title": items[first + place]["title"], "text": text,
                    "owners": [owner_of(owner) for owner in owners], "due_on": (due if isinstance(due, datetime.date) else months_after(self.day, due)).isoformat()}
            if asks:
                body["asks"] = {"text": asks}
            at = moment_on(self.calendar.working_day(entered, 1), "decided", self.key) + datetime.timedelta(minutes=7 * number)
            yield self.call(entered, f"{path}/decisions", body, order=f"assembly 7 {number}", keep={decision: "decision"})._replace(moment=at)
            for owner, (later, said, proposes) in progress.items():
                yield self.call(months_after(self.day, later), f"/v1/decisions/${decision}/progress", {"text": said, "proposes": proposes},
                                by=CODES[owner], order=f"progress {number} {owner}")
            if rulings:
                yield from self.ruled(decision, owners, rulings, following, number)
            if REFERRED[:3] == (self.group, self.year, number - 1):
                yield from self.referred(decision)

    def ruled(self, decision, owners, rulings, following, number):
        """By the next year's meeting; what it keeps open is closed by the one after."""
        def ruling(owner, outcome, meeting):
            later = {"due_on": months_after(meeting.day, 6).isoformat()} if outcome == "continue" else {}
            return {"owner": owners.index(owner) + 1, "outcome": outcome, **later}

        yield self.call(following.recorded, f"/v1/decisions/${decision}/rulings",
                        {"meeting": f"$meeting-{following.key}", "rulings": [ruling(owner, outcome, following) for owner, outcome in rulings.items()]},
                        order=f"ruling 1 {number}")
        going_on = [owner for owner, outcome in rulings.items() if outcome == "continue"]
        if not going_on or following.year == 115:
            return
        last = Assembly(self.calendar, self.group, following.year + 1)
        for owner in going_on:
            yield self.call(months_after(following.day, 5), f"/v1/decisions/${decision}/progress", {"text": "已全數完訓，檢附簽到表備查。", "proposes": "close"},
                            by=CODES[owner], order=f"progress 2 {number} {owner}")
        yield self.call(last.recorded, f"/v1/decisions/${decision}/rulings",
                        {"meeting": f"$meeting-{last.key}", "rulings": [ruling(owner, "close", last) for owner in going_on]}, order=f"ruling 2 {number}")

    def referred(self, decision):
        _, _, _, day, reason, body, (year, month, date), outcome = REFERRED
        referral = f"referral-{decision}"
        held = self.calendar.working_day(datetime.date(year, month, date), 1)
        yield self.call(day, f"/v1/decisions/${decision}/referrals", {"to_body": body, "reason": reason}, order="referral", keep={referral: "referrals.0.referral"})
        yield self.call(held + datetime.timedelta(days=12), f"/v1/referrals/${referral}/outcome", {"meeting": held.isoformat(), "text": outcome}, order="referral outcome")


def other_meetings(calendar, years):
    """Of the bureaus and the divisions, by their days; of the bureaus with who was there."""
    for year in years:
        for number, (unit, bureau) in enumerate(BUREAU_GROUPS.items()):
            for half, (month, day) in enumerate(BUREAU_DAYS):
                held = calendar.working_day(day_in(year, month, day + number), 1)
                again = TOO_FEW.get((unit, year, half))
                yield from bureau_meeting(calendar, unit, bureau, held, "regular", 1 if again else 2 + draw(0, 1, "external", unit, year, half))
                if again:
                    yield from bureau_meeting(calendar, unit, bureau, datetime.date(*again), "regular", 3)
        for number, body in enumerate(DIVISIONS):
            for month, day in DIVISION_DAYS:
                held = calendar.working_day(day_in(year, month, day + number), 1)
                yield recorded_meeting(calendar, {"body": body, "held_on": held.isoformat()}, held)


def recorded_meeting(calendar, body, held, **more):
    key = body["body"], body.get("unit"), held
    entered = calendar.working_day(held + datetime.timedelta(days=5), 1)
    return Word(moment_on(entered, "other meeting", *key), f"other 0 {key}", {"path": "meetings", "method": "POST", "by": "supervision", "body": body, **more})


def bureau_meeting(calendar, unit, bureau, held, kind, external):
    """Three members come from outside; so many of them were there."""
    name = f"meeting-{unit}-{held}"
    first = recorded_meeting(calendar, {"body": "special-group", "unit": unit, "kind": kind, "held_on": held.isoformat()}, held, keep={name: "meeting"})
    rows = [{"part": "present", "duty": "chair", "post": f"{bureau}局長", "sex": "m", "name": person(150)},
            {"part": "present", "post": f"{bureau}副局長", "sex": "f", "name": person(151), "duty": "recorder"}]
    rows += [{"part": "present" if number < external else "excused", "seat": "external", "served": number == 0, "post": "外聘委員",
              "sex": "f" if number else "m", "name": person(160 + number)} for number in range(3)]
    yield first
    yield Word(first.moment + datetime.timedelta(minutes=20), "other 1", {"path": f"/v1/meetings/${name}/attendance", "method": "PUT", "if_match": "*",
                                                                         "by": "supervision", "body": {"rows": rows}})


def next_council():
    body, day, place = NEXT_COUNCIL
    day = datetime.date(*day)
    yield Word(moment_on(day - datetime.timedelta(days=60), "next council"), "next 0",
               {"path": "meetings", "method": "POST", "by": "supervision", "keep": {"next-council": "meeting"},
                "body": {"body": body, "kind": "regular", "state": "planned", "day": day.isoformat(), "begins": "14:00", "ends": "16:30", "place": place}})
    yield Word(moment_on(day - datetime.timedelta(days=24), "next council"), "next 1",
               {"path": "/v1/meetings/$next-council/steps", "method": "POST", "by": "supervision",
                "body": {"state": "called", "document_number": "樣本字第1159020號"}})


def seats():
    """(body, unit, member) of everyone who sits on a body of the city or advises a group."""
    for number, (post, sex) in enumerate(TEAM):
        yield "supervision-team", None, {"name": person(50 + number), "sex": sex, "seat": "internal", "role": "convener" if number == 0 else "member", "post": post}
    for group in GROUPS:
        for number, (sex, served) in enumerate(ADVISERS):
            yield "liaison", group, {"name": person(40 + number), "sex": sex, "seat": "external", "role": "member", "served_on_council": served}
    for unit, bureau in BUREAU_GROUPS.items():
        yield "special-group", unit, {"name": person(150), "sex": "m", "seat": "internal", "role": "convener", "post": f"{bureau}局長"}
        if unit != "environment":  # its deputy's seat is free, which the rule watch tells
            yield ("special-group", unit,
                   {"name": person(151), "sex": "f", "seat": "internal", "role": "deputy", "post": f"{bureau}副局長"})
        for number in range(3):
            yield "special-group", unit, {"name": person(160 + number), "sex": "f" if number else "m", "seat": "external", "role": "member",
                                          "served_on_council": number == 0}
    yield "council", None, {"name": person(70), "sex": "m", "seat": "internal", "role": "convener", "post": "副市長"}
    yield "council", None, {"name": person(71), "sex": "f", "seat": "internal", "role": "deputy", "post": "副秘書長"}
    yield "council", None, {"name": person(72), "sex": "f", "seat": "internal", "role": "executive_secretary", "post": "參事"}
    for number, post in enumerate(COUNCIL_POSTS):
        yield "council", None, {"name": person(73 + number), "sex": "f" if number % 3 == 1 else "m", "seat": "internal", "role": "member", "post": post}
    for number in range(16):
        yield "council", None, {"name": person(101 + number), "sex": "m" if number % 4 == 3 else "f", "seat": "external", "role": "member", "served_on_council": True}
    yield "promotion-group", None, {"name": person(50), "sex": "f", "seat": "internal", "role": "convener", "post": "參事"}
    for number, post in enumerate(BUREAUS):
        yield "promotion-group", None, {"name": person(121 + number), "sex": "f" if number % 2 else "m", "seat": "internal", "role": "member", "post": f"{post}股長"}


def words(calendar, years):
    found = []
    first = datetime.date(2023, 1, 10)
    for number, (body, unit, member) in enumerate(seats()):
        line = {key: value for key, value in {**member, "unit": unit, "from": "2023-01-01"}.items() if value is not None}
        found.append(Word(moment_on(first, "seat", number), "seat", {"path": f"bodies/{body}/members", "by": "supervision", "body": line}))
    for group, turns in TURNS.items():
        for year, district in turns.items():
            found.append(Word(moment_on(datetime.date(2023, 2, 6), "turn", group, year), f"turn {year}",
                              {"path": "secretariat", "by": "supervision", "body": {"body": "liaison", "unit": group, "year": year, "office": CODES[district]}}))
    group, swapped, day, reason = SWAP
    found.append(Word(moment_on(day, "swap"), "swap", {"path": "secretariat/swap", "by": "supervision",
                                                       "body": {"body": "liaison", "unit": group, "years": list(swapped), "reason": f"{LABEL}：{reason}"}}))
    for group in GROUPS:
        for year in years:
            found += Assembly(calendar, group, year).words()
    found += other_meetings(calendar, years)
    found += next_council()
    return sorted(found, key=lambda word: (word.moment, word.order))

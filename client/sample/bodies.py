"""The gender-equality task group of an office, its meetings, and the contacts. No name is a person's: they are numbered."""
import datetime

from offices import LABEL, choose, draw

NUMERALS = "一二三四五六七八九十"
SEATS = (  # after the convener and the deputy, in order of appointment
    ("民政課課長", "民政課"), ("社會課課長", "社會課"), ("人事室主任", "人事室"), ("會計室主任", "會計室"), ("秘書室主任", "秘書室"), ("工務課課長", "工務課"),
    ("經建課課長", "經建課"), ("農業課課長", "農業課"), ("政風室主任", "政風室"), ("人文課課長", "人文課"), ("調解會秘書", "民政課"))
EXPERTISE = ("性別主流化、CEDAW", "性別統計、性別影響評估", "性別暴力防治")
# The roster changes in mid-year: from that day on, what becomes of it, and how many days later that is handed in.
ROSTER_CHANGES = {("68000070", 113): (datetime.date(2024, 8, 1), 1, 11), ("68000100", 114): (datetime.date(2025, 7, 16), 2, 9)}
FEW_WOMEN = {("68000120", 113): 3, ("68000110", 112): 2}  # of nine: a third is lawful, less isn't
CONTACT_CHANGES = {("68000010", 112): (datetime.date(2023, 9, 1), 5), ("68000050", 114): (datetime.date(2025, 5, 12), 8)}


def person(number):
    """範例一 … 範例十, 範例十一 … 範例一百零一 …"""
    hundreds, number = divmod(number, 100)
    tens, ones = divmod(number, 10)
    if hundreds:
        return f"範例{NUMERALS[hundreds - 1]}百" + (f"{NUMERALS[tens - 1]}十" if tens else "零" if ones else "") + (NUMERALS[ones - 1] if ones else "")
    return "範例" + ("" if tens == 0 else "十" if tens == 1 else NUMERALS[tens - 1] + "十") + (NUMERALS[ones - 1] if ones else "")


def women_of(office, year, size):
    few = FEW_WOMEN.get((office.code, year))
    lowest = -(-2 * size // 5)
    return few if few is not None else draw(lowest, size - lowest, "women members", office.code, (year - 112) // 2)


def members_of(office, year, change=0):
    """The members of a year; `change` of them have gone, and others have come in their places."""
    size = 9 if office.small else 11 + office.people // 200_000
    women = women_of(office, year, size)
    seats = [("區長", "區長室", "convener"), ("主任秘書", "區長室", "deputy")] + [(*seat, "internal") for seat in SEATS[:size - 3]]
    seats.append(("性別平等專家", "外聘", "external"))
    by_lot = sorted(range(size), key=lambda seat: draw(0, 10 ** 9, "sex", office.code, seat, year // 2))
    rows = []
    for number, (title, unit, role) in enumerate(seats):
        rows.append({"_row": f"m{number + 1}", "name": person(number + 1 if number < size - change else number + 11), "sex": "f" if number in by_lot[:women] else "m",
                     "title": title, "unit": unit, "role": role})
    rows[-1]["expertise"] = choose(EXPERTISE, "expertise", office.code)
    if change == 2:  # this time the expert's seat stays empty for a while
        rows.pop()
    return rows


def roster(office, year, day, change=0):
    appointed = datetime.date(year // 2 * 2 + 1911, 1, 1) if year > 112 else datetime.date(2023, 3, 1)
    notes = {}
    if (office.code, year) == ("68000110", 112):
        notes = {"notes": {"tables.members": f"{LABEL}：主管職缺尚未補實，下次改聘時增聘女性委員。"}}
    return {"fields": {"effective_from": day.isoformat(), "appointed_on": max(appointed, day).isoformat() if change else appointed.isoformat()},
            "tables": {"members": members_of(office, year, change)}, **notes}


def rosters_of(office, year):
    """[(from that day, document, days until it is handed in, or None for the date due)]"""
    first = datetime.date(2023, 3, 1) if year == 112 else datetime.date(year + 1911, 1, 1)
    found = [(first, roster(office, year, first), None)]
    if (office.code, year) in ROSTER_CHANGES:
        day, change, later = ROSTER_CHANGES[office.code, year]
        found.append((day, roster(office, year, day, change), later))
    return found


def in_force(office, day):
    """The rows of the roster on a day."""
    every = [one for year in range(112, 116) for one in rosters_of(office, year)]
    held = [document for since, document, _ in every if since <= day]
    return held[-1]["tables"]["members"]


# --- meetings

AGENDA = (("report", "前次會議決議辦理情形"), ("report", "前一年度性別主流化成果報告（附表1）"), ("discussion", "當年度性別預算編列情形"),
          ("discussion", "性別意識培力及宣導規劃"), ("ad_hoc_motion", "性別平等專區網頁更新"))
DECISIONS = ("洽悉，請各課室持續配合辦理。", "照案通過，依限函送主計處彙整。", "請人事室於下半年增辦CEDAW實體課程。")
AD_HOC = {("68000090", 113): datetime.date(2024, 9, 12), ("68000070", 114): datetime.date(2025, 9, 4), ("68000130", 114): datetime.date(2025, 11, 6),
          ("68000020", 115): datetime.date(2026, 8, 20)}
NO_REGULAR_ONE = {("68000120", 113), ("68000130", 114)}
NO_QUORUM = {("68000090", 113, "ad_hoc")}


def days_of(calendar, office, year):
    """[(kind, day)]: the regular meeting in spring, in larger offices another one in autumn, and now and then one between."""
    days = []
    if (office.code, year) not in NO_REGULAR_ONE:
        first = datetime.date(year + 1911, 4, 20) + datetime.timedelta(days=draw(0, 50, "meeting", office.code, year))
        days.append(("regular", calendar.working_day(first, 1)))
        if not office.small:
            second = datetime.date(year + 1911, 9, 22) + datetime.timedelta(days=draw(0, 35, "second", office.code, year))
            days.append(("regular", calendar.working_day(second, 1)))
    if (office.code, year) in AD_HOC:
        days.append(("ad_hoc", AD_HOC[office.code, year]))
    return sorted(days, key=lambda one: one[1])


def meetings_of(calendar, office, year):
    """[(day, document)]"""
    found = []
    for number, (kind, day) in enumerate(days_of(calendar, office, year), start=1):
        members = in_force(office, day)
        key = office.code, year, number
        men, women = (sum(member["sex"] == sex for member in members) for sex in ("m", "f"))
        absent_men, absent_women = draw(0, men // 4, "absent", "m", *key), draw(0, women // 4, "absent", "f", *key)
        if (office.code, year, kind) in NO_QUORUM:
            absent_men, absent_women = men - 2, women - 2
        agenda = [AGENDA[0], *AGENDA[1:4], *AGENDA[4:4 + draw(0, 1, "motion", *key)]] if kind == "regular" else [AGENDA[3]]
        decisions = DECISIONS if kind == "regular" else DECISIONS[:1]
        document = {
            "fields": {"date": day.isoformat(), "kind": kind, "chair": person(1), "members": len(members), "present.m": men - absent_men,
                       "present.f": women - absent_women, "document_number": f"樣本字第{year}{number:04d}號"},
            "tables": {"agenda": [{"no": place, "kind": what, "title": title} for place, (what, title) in enumerate(agenda, start=1)],
                       "decisions": [{"no": place, "text": text, "owner": choose(("人事室", "社會課", "秘書室"), "owner", place, *key),
                                      "due_on": (day + datetime.timedelta(days=60 + 30 * place)).isoformat()} for place, text in enumerate(decisions, start=1)]},
            "notes": {"tables.agenda": f"{LABEL}：議程及決議均為虛構。"}}
        if (office.code, year, kind) in NO_QUORUM:
            document["notes"]["fields.members"] = f"{LABEL}：出席未過半數，改為談話會，擇期再開。"
            document["tables"]["decisions"] = []
        found.append((day, document))
    return found


# --- contacts

def contacts(office, day, number):
    tail = office.code[5:7]
    unit = "社會課" if draw(0, 2, "liaison unit", office.code) else "人文課"
    chief = (office.code, day.year) != ("68000130", 2023)
    fields = {"effective_from": day.isoformat(),
              "liaison.name": person(20 + number), "liaison.title": "課長" if chief else "課員", "liaison.unit": unit,
              "liaison.phone": f"03-000-0{tail}0#{number}1", "liaison.email": f"liaison{number}-{tail}@example.org", "liaison.section_chief": chief,
              "deputy.name": person(30 + number), "deputy.title": "課員", "deputy.unit": unit,
              "deputy.phone": f"03-000-0{tail}0#{number}2", "deputy.email": f"deputy{number}-{tail}@example.org"}
    notes = {} if chief else {"notes": {"fields.liaison.section_chief": f"{LABEL}：課長出缺，由課員暫代。"}}
    return {"fields": fields, **notes}


def contacts_of(office, year):
    """[(from that day, document, days until it is handed in, or None for the date due)]"""
    first = datetime.date(year + 1911, 1, 1)
    changed = sum(1 for code, when in CONTACT_CHANGES if code == office.code and when < year)
    found = [(first, contacts(office, first, 1 + changed), None)]
    if (office.code, year) in CONTACT_CHANGES:
        day, later = CONTACT_CHANGES[office.code, year]
        found.append((day, contacts(office, day, 2 + changed), later))
    return found

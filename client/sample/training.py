"""Staff and training: the annual results (distinct persons) and the quarterly courses and outreach (attendances)."""
import datetime

from offices import LABEL, choose, draw

# Share of the staff trained in an average office, in per mille, by year 112–115.
REACHED = {
    ("general", "gm2h"): (918, 934, 948, 958),
    ("supervisor", "gm2h"): (915, 932, 946, 958),
    ("business", "ge10h"): (890, 935, 955, 970),
    ("general", "cedaw1h"): (272, 291, 318, 340),
    ("supervisor", "cedaw1h"): (262, 288, 322, 350),
}
SECOND_CEDAW_HOUR = 55  # of a hundred with one hour of CEDAW in person, how many have two

EXCLUDED_REASONS = ("育嬰留職停薪", "侍親留職停薪", "延長病假")


def staff_of(office, year):
    """{category: {"m": men, "f": women}}; the gender-equality staff belong to the other two as well."""
    total = 52 + office.people * 54 // 100_000 + draw(-3, 3, "staff", office.code, year)
    supervisors = 7 + total * 5 // 100
    business = 2 if total < 100 else 2 + total // 60
    women = {
        "general": (total - supervisors) * draw(545, 625, "women", office.code) // 1000,
        "supervisor": supervisors * draw(360, 520, "women supervisors", office.code) // 1000,
        "business": business - business // 3 if not office.small else draw(1, 2, "women business", office.code),
    }
    everyone = {"general": total - supervisors, "supervisor": supervisors, "business": business}
    return {category: {"m": everyone[category] - women[category], "f": women[category]} for category in everyone}


def trained_of(office, year, category, measure, staff):
    """The staff of the category without those not reached; men are missed somewhat more often than women."""
    if category == "business":
        return {sex: persons_reached(office, year, sex, count) for sex, count in staff.items()}
    everyone = staff["m"] + staff["f"]
    weight = 1 if measure != "cedaw1h" else 2
    reached = REACHED[category, measure][year - 112] + office.effect * weight + draw(-6, 6, measure, category, office.code, year)
    missed = (everyone * (1000 - min(reached, 1000)) + 500) // 1000
    missed_men = min(staff["m"], (missed * staff["m"] * 115 // everyone + 50) // 100)
    missed_women = min(staff["f"], missed - missed_men)
    return {"m": staff["m"] - missed_men, "f": staff["f"] - missed_women}


def persons_reached(office, year, sex, count):
    """Of a handful of people, each is drawn singly: a share of so few would always round to all of them."""
    reached = REACHED["business", "ge10h"][year - 112] + office.effect * 2
    return sum(draw(1, 1000, "person", sex, person, office.code, year) <= reached for person in range(count))


def annual_of(office, year):
    fields = {}
    for category, staff in staff_of(office, year).items():
        fields.update({f"{category}.staff.{sex}": count for sex, count in staff.items()})
        measures = ("ge10h",) if category == "business" else ("gm2h", "cedaw1h")
        for measure in measures:
            trained = trained_of(office, year, category, measure, staff)
            fields.update({f"{category}.{measure}.{sex}": count for sex, count in trained.items()})
            if measure == "cedaw1h":
                fields.update({f"{category}.cedaw2h.{sex}": count * SECOND_CEDAW_HOUR // 100 for sex, count in trained.items()})
    fields["general.excluded"] = draw(0, 4, "excluded", office.code, year) // (2 if office.small else 1)
    fields["supervisor.excluded"] = 0
    fields["business.excluded"] = 0
    if fields["general.excluded"]:
        reason = choose(EXCLUDED_REASONS, "reason", office.code, year)
        fields["excluded_reason"] = f"{reason}{fields['general.excluded']}人"
    fields["counted_on"] = f"{year + 1911}-12-31"
    return {"fields": fields, "notes": {"fields.general.staff.m": f"{LABEL}：本表人數均為虛構。"}}


# quarter, kind, method, name, hours, audience, who is counted, share of the year's persons in per cent, small offices too
COURSES = (
    (1, "gm_basic", "lecture", "性別主流化基本概念與政策應用", "2", ("general", "supervisor"), "gm2h", 40, True),
    (1, "gm_basic", "film", "從電影看性別刻板印象", "2.5", ("general",), "gm2h", 12, False),
    (2, "gm_advanced", "workshop", "性別統計與性別影響評估實作", "3", ("general", "business"), "gm2h", 30, True),
    (2, "cedaw", "lecture", "CEDAW條文與直接、間接歧視案例", "3", ("general", "supervisor", "head"), "cedaw1h", 60, True),
    (3, "cedaw", "discussion", "CEDAW案例研討：區政業務中的暫行特別措施", "1.5", ("general", "supervisor"), "cedaw1h", 45, True),
    (3, "gm_advanced", "reading", "性別平等讀書會", "2", ("general", "business"), "gm2h", 10, False),
    (4, "gm_advanced", "lecture", "性別觀點融入區政業務", "2", ("general", "supervisor"), "gm2h", 34, True),
    (4, "cedaw_intro", "online", "CEDAW概論（數位課程）", "1", ("general",), "gm2h", 15, False),
)
LECTURERS = ("講師甲", "講師乙", "講師丙", "講師丁", "講師戊")

# name, topic, place, method, target group, partners, attendance in per 100,000 inhabitants
SEASONAL = {  # quarter: the event, and from which day of which month on
    1: (("婦女節性別平等宣導", "gender_equality", "{}區公所廣場", "設攤宣導", "一般民眾", "轄內社區發展協會", 90), (3, 4)),
    2: (("母親節家務分工宣導", "gender_equality", "{}區市民活動中心", "闖關遊戲", "親子家庭", "轄內國民小學家長會", 70), (5, 2)),
    3: (("祖父母節性別平權講座", "gender_equality", "{}區社區照顧關懷據點", "專題講座", "長者及其照顧者", "社區照顧關懷據點", 35), (8, 18)),
    4: (("臺灣女孩日性別平等宣導", "gender_equality", "{}區圖書館", "影片欣賞及座談", "青少年及家長", "轄內國民中學", 45), (10, 2)),
}
ALL_YEAR = (
    ("里民活動CEDAW有獎徵答", "cedaw", "{}區里民集會所", "有獎徵答", "里民", "各里辦公處", 140),
    ("新住民家庭CEDAW宣導", "cedaw", "{}區公所會議室", "座談", "新住民及其家庭", "新住民關懷團體", 20),
    ("調解委員及志工CEDAW宣導", "cedaw", "{}區公所會議室", "專題講座", "調解委員及志工", "區調解委員會", 16),
    ("藝文活動性別平等宣導", "gender_equality", "{}區文化廣場", "舞臺宣導", "一般民眾", "轄內藝文團體", 110),
)


def day_in(calendar, year, quarter, *key):
    """A working day within the quarter, away from its ends."""
    first = datetime.date(year + 1911, quarter * 3 - 2, 1)
    return calendar.working_day(first + datetime.timedelta(days=draw(12, 76, *key)), -1)


def course_rows(calendar, office, year, quarter):
    staff = staff_of(office, year)
    rows = []
    for number, (when, kind, method, name, hours, audience, measure, share, everywhere) in enumerate(COURSES):
        if when != quarter or (office.small and not everywhere):
            continue
        reached = [trained_of(office, year, category, measure, staff[category]) for category in ("general", "supervisor")]
        men, women = ((sum(trained[sex] for trained in reached) * share + 99) // 100 for sex in ("m", "f"))
        day = day_in(calendar, year, quarter, "course", number, office.code, year)
        last = day + datetime.timedelta(days=1) if hours == "3" and day.weekday() < 4 and method == "workshop" else day
        rows.append({
            "_row": f"c{len(rows) + 1}", "name": name, "date_from": day.isoformat(), "date_to": last.isoformat(), "hours": hours,
            "kind": kind, "method": method, "audience": list(audience), "lecturer": choose(LECTURERS, "lecturer", number, office.code, year),
            "organiser": f"{office.district}區公所人事室", "attendance.m": men, "attendance.f": women, "attendance.total": men + women, "remark": LABEL})
    return rows


def outreach_events(calendar, office, year, quarter):
    """(day, event): the season's event, and in larger districts another one."""
    event, (month, first) = SEASONAL[quarter]
    day = datetime.date(year + 1911, month, first + draw(0, 9, "seasonal", office.code, year))
    yield calendar.working_day(day, 1), event
    if not office.small:
        number = (quarter + draw(0, len(ALL_YEAR) - 1, "event", office.code, year)) % len(ALL_YEAR)
        yield day_in(calendar, year, quarter, "outreach", office.code, year, quarter), ALL_YEAR[number]


def outreach_rows(calendar, office, year, quarter):
    rows = []
    for turn, (day, event) in enumerate(outreach_events(calendar, office, year, quarter), start=1):
        name, topic, place, method, target, partners, reach = event
        key = turn, office.code, year, quarter
        people = office.people * reach * draw(60, 140, "people", *key) // 10_000_000 + 18
        women = people * draw(52, 71, "women", *key) // 100
        other = max(0, draw(-6, 2, "other", *key))
        rows.append({
            "_row": f"o{turn}", "name": name, "topic": topic, "date": day.isoformat(), "place": place.format(office.district), "method": method,
            "target_group": target, "sessions": draw(1, 6, "sessions", *key), "attendance.m": people - women, "attendance.f": women,
            "attendance.o": other, "attendance.total": people + other, "partners": partners,
            "summary": f"{LABEL}：向{target}說明性別平等觀念，並發送宣導品。"})
    return rows


def quarterly_of(calendar, office, year, quarter):
    return {"tables": {"courses": course_rows(calendar, office, year, quarter), "outreach": outreach_rows(calendar, office, year, quarter)}}

#!/usr/bin/python3
"""What mails say: reminders before and after due dates, and the week's digest with the log's head."""
import contextlib
import datetime
import email
import email.policy
import email.utils
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import decide, meeting, report, rule, withdraw  # noqa: E402
from desk import FUXING, GUISHAN, OFFICES, ZHONGLI, annual, course, quarterly  # noqa: E402
from mail_desk import address, due_plan, mail_desk, today  # noqa: E402
import tributary_harness as harness  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

REASON = "人數與人事室資料不符"

suite = Suite(contextlib.nullcontext)
test = suite.test


def settled(seconds=2.5):
    """Long enough for anything that would be made and sent."""
    time.sleep(seconds * harness.SLOWNESS)


@test
def offices_are_reminded_of_what_they_owe_once_and_not_of_what_came(_):
    plan = due_plan(training_annual=7, local_programme=14, webpage=1, annual_report=0, other_measures=-1, budget_execution=-7,
                    implementation_plan=5, task_group_roster=-3)
    with mail_desk(plan, start=False) as d:
        d.person("wang", "office", GUISHAN)
        d.person("zhou", "office", ZHONGLI, language="en")
        d.service.environment.update({"TRIBUTARY_MAIL_WEEKDAY": (today() + datetime.timedelta(days=3)).strftime("%A").lower()})
        d.service.start()
        mails = d.mail.wait(2)
        settled()
        equal(len(d.mail.mails), 2, "one mail an office and day")
        zh = next(one for one in mails if one.receiver == address("wang"))
        for words in ("培力總成果表（附表3）114年", "在地性別平等方案114年", "性別平等專區網頁維護114年", "尚有 7 日",
                      "尚有 14 日", "尚有 1 日", "已逾 1 日", "已逾 7 日", "【已逾期】", "【即將屆期】"):
            check(words in zh.text, f"{words} isn't in {zh.text}")
        for words in ("附表1", "名冊", "四年性別主流化實施計畫"):
            check(words not in zh.text, f"{words} is in {zh.text}")
        check("2 項逾期、3 項即將屆期" in zh.subject, zh.subject)
        check("2 overdue, 3 due soon" in d.mail.to(address("zhou"))[0].subject, "in English")
        d.service.stop()
        d.service.start()
        settled()
        equal(len(d.mail.mails), 2, "after another start")
        # as if yesterday's had been the last ones, with one report come meanwhile
        d.service.sql("update tributary.mail_cursor set day = day - 1; alter table tributary.mail disable trigger all;"
                      "delete from tributary.mail_unsubscription; delete from tributary.mail")
        d.accepted(annual(GUISHAN, "114"))
        again = d.mail.wait(4)
        zh = [one for one in again if one.receiver == address("wang")][-1]
        check("附表3" not in zh.text and "在地性別平等方案114年" in zh.text, zh.text)


@test
def what_is_long_overdue_is_told_once_a_week_and_an_extension_ends_that(_):
    day = today()
    with mail_desk(due_plan(training_annual=-30), start=False, settings={"mail_weekday": day.strftime("%A").lower()}) as d:
        d.person("wang", "office", GUISHAN)
        expect = (day + datetime.timedelta(days=40)).isoformat()
        d.service.start()
        mail = d.mail.wait(1)[0]
        check("已逾 30 日" in mail.text and "報送逾期通知" in mail.subject, mail.text)
        expect_status(d.geo.post(f"{d.base}/extensions", {"office": GUISHAN, "form": "training-annual", "period": "114",
                                                          "until": expect, "reason": "選務"}), 201)
        d.service.sql("update tributary.mail_cursor set day = day - 1; alter table tributary.mail disable trigger all;"
                      "delete from tributary.mail_unsubscription; delete from tributary.mail")
        again = d.mail.wait(2)[1].text
        check("113年\n" in again and "114年\n" not in again, again)


@test
def the_digest_says_by_group_who_is_overdue_and_carries_the_log_s_head(_):
    day = today()
    tomorrow = (day + datetime.timedelta(days=1)).strftime("%A").lower()
    with mail_desk(due_plan(training_annual=-30), start=False, settings={"mail_weekday": tomorrow}) as d:
        d.person("chen", "geo")
        d.person("lin", "geo", language="en")
        d.service.start()
        d.accepted(annual(GUISHAN, "114"))
        d.review(d.accepted(annual(FUXING, "114"))["submission"], "return", reason=REASON)
        d.accepted(quarterly(ZHONGLI, "113Q2"))
        d.service.stop()
        d.service.environment["TRIBUTARY_MAIL_WEEKDAY"] = day.strftime("%A").lower()
        d.service.sql("update tributary.mail_cursor set day = day - 1")  # this day comes once more, now of the digest
        d.service.start()
        mail = d.mail.wait(1, address=address("chen"))[0]
        text = mail.text
        first, second = text.index("第1組"), text.index("第2組")
        check("逾期 37、收件 3、退回 1、待審 2" in mail.subject, mail.subject)
        check("龜山區公所" in text[first:second] and "楊梅區公所" in text[second:], text)
        check("〔性別平等辦公室〕" in text, text)
        head = re.search(r"\b[0-9a-f]{64}\b", text)[0]
        equal(d.service.command("verify", "--head", head, check=False).returncode, 0, "verify --head")
        equal(d.service.command("verify", "--head", "0" * 64, check=False).returncode, 1, "verify --head of nothing")
        check("Weekly digest" in d.mail.wait(1, address=address("lin"))[0].subject, "in English")
        settled()
        equal(len(d.mail.mails), 2, "once each")


@test
def a_new_decision_is_told_to_its_owners_once_and_to_nobody_else(_):
    with mail_desk(due_plan(), start=False) as d:
        for login, office, language in (("wang", GUISHAN, "zh"), ("li", GUISHAN, "en"), ("zhou", ZHONGLI, "zh"), ("fu", FUXING, "zh")):
            d.person(login, "office", office, language=language)
        d.person("chen", "geo")
        d.service.start()
        d.wait_making()
        where = meeting(d, "liaison", "group-1", "2024-10-01")
        soon = (today() + datetime.timedelta(days=90)).isoformat()
        with d.unmailed():
            decide(d, where, title="性別統計應再細分", text="請龜山區公所與社會局\n於期限內提出。",
                   owners=[{"office": GUISHAN}, {"agency": "社會局"}], due_on=soon)
            decide(d, where, title="培力課程時數", owners=[{"office": GUISHAN}, {"office": FUXING}])
        d.service.start()
        mails = {one.receiver: one for one in d.mail.wait(3)}
        settled()
        equal(sorted(one.receiver for one in d.mail.mails), sorted(address(login) for login in ("wang", "li", "fu")), "the owners, once each")
        zh, en, one = (mails[address(login)] for login in ("wang", "li", "fu"))
        equal(zh.subject, "新增列管事項：2 件", "subject")
        for words in ("由龜山區公所辦理", "〔113-group-1-01〕性別統計應再細分", "〔113-group-1-02〕培力課程時數", "尚有 90 日", "期限：未定",
                      "會議：性別平等業務聯繫會議 第1組，113年10月1日（星期二）", "內容：請龜山區公所與社會局\n於期限內提出。", "tributary decision progress",
                      "tributary mail preferences --without decision"):
            check(words in zh.text, f"{words} isn't in {zh.text}")
        check("New decisions: 2" == en.subject and "days left: 90" in en.text and "Group 1, Tuesday 1 October 2024" in en.text, en.text)
        equal((one.subject, "性別統計" in one.text), ("新增列管事項：113-group-1-02", False), "only its own")
        facts = d.column("wang", "decision", "facts")
        check("性別統計" not in facts and "decisions" in facts, facts)
        # who refuses the kind hears no more of it
        mine = d.as_person("wang")
        expect_status(mine.request("PUT", "/v1/account/mail-preferences", {"opted_out": ["decision"]},
                                   {"If-Match": mine.get("/v1/account/mail-preferences").header("etag")}), 200)
        decide(d, where, title="第三案")
        d.mail.wait(4)
        settled()
        equal([mail.receiver for mail in d.mail.mails[3:]], [address("li")], "refused")
        # what is withdrawn is told to who heard of it, once; what nobody heard of to nobody
        told = d.geo.get(f"{d.base}/decisions", number="113-group-1-02").json["decisions"][0]["decision"]
        with d.unmailed():
            withdraw(d.geo, decide(d, where, title="第四案", owners=[{"office": FUXING}])["decision"])
            decide(d, where, title="第五案", owners=[{"office": FUXING}])
            withdraw(d.geo, told, reason="主辦應為教育局")
        d.service.start()
        d.mail.wait(6)
        settled()
        equal(sorted(mail.receiver for mail in d.mail.mails[4:]), [address("fu"), address("li")], "who heard of it")
        fu, li = sorted(d.mail.mails[4:], key=lambda mail: mail.receiver)
        equal((fu.subject, li.subject), ("新增列管事項：113-group-1-05；撤回列管事項：113-group-1-02", "Decision withdrawn: 113-group-1-02"), "subjects")
        for words in ("已撤回，復興區公所無須再辦理", "〔113-group-1-02〕培力課程時數", "事由：主辦應為教育局", "〔113-group-1-05〕第五案"):
            check(words in fu.text, f"{words} isn't in {fu.text}")
        check("第四案" not in fu.text and "nothing left to do" in li.text, li.text)
        check(b"; 0 faults" in d.service.command("verify").stdout, "verify")


@test
def a_decision_whose_day_comes_is_in_the_reminder_until_its_owner_is_done(_):
    def on(days):
        return (today() + datetime.timedelta(days=days)).isoformat()

    with mail_desk(due_plan(training_annual=7), start=False, settings={"mail_weekday": (today() + datetime.timedelta(days=3)).strftime("%A").lower()}) as d:
        with d.unmailed():
            first, later = meeting(d, "liaison", "group-1", "2024-10-01"), meeting(d, "liaison", "group-1", "2025-10-01")
            both = decide(d, first, title="七日後的案", owners=[{"office": GUISHAN}, {"office": FUXING}], due_on=on(7))["decision"]
            decide(d, first, title="逾期一日的案", due_on=on(-1))
            decide(d, first, title="五日後的案", due_on=on(5))
            report(d.office(GUISHAN), decide(d, first, title="已報待裁示的案", due_on=on(-1))["decision"], proposes="close")
            done = decide(d, first, title="已解除的案", due_on=on(1))["decision"]
            rule(d.geo, done, later, (1, "close"))
            d.accepted(annual(FUXING, "114"))
        for login, office, language in (("wang", GUISHAN, "zh"), ("fu", FUXING, "en"), ("zhou", ZHONGLI, "zh")):
            d.person(login, "office", office, language=language)
        d.service.start()
        mails = {one.receiver: one for one in d.mail.wait(3)}
        settled()
        equal(len(d.mail.mails), 3, "one mail an office and day")
        zh, en, other = (mails[address(login)] for login in ("wang", "fu", "zhou"))
        equal(zh.subject, "報送期限提醒：1 項即將屆期；列管 2 項", "reports and decisions")
        for words in ("培力總成果表（附表3）114年", "【列管事項】", "〔113-group-1-01〕七日後的案", "尚有 7 日", "〔113-group-1-02〕逾期一日的案", "已逾 1 日"):
            check(words in zh.text, f"{words} isn't in {zh.text}")
        check(not any(words in zh.text for words in ("五日後的案", "已解除的案", "已報待裁示的案")), zh.text)
        check(en.subject == "Decisions: 0 overdue, 1 due soon" and "[113-group-1-01]" in en.text and "still to come" not in en.text, en.text)
        check("列管" not in other.text, other.text)
        # as if yesterday's had been the last ones, with one ruled upon meanwhile
        with d.unmailed():
            rule(d.geo, both, later, (FUXING, "close"))
        d.service.sql("update tributary.mail set state = 'waiting', sent_at = null where kind = 'reminder'")
        d.service.start()
        d.mail.wait(5)
        settled()
        equal(sorted(one.receiver for one in d.mail.mails[3:]), [address("wang"), address("zhou")], "nothing is left for one of them")


@test
def whatever_people_type_stays_in_the_text_and_the_message_is_sound(_):
    """Line ends, headers and encoded words in names and reasons; parsed with Python's email package."""
    nasty = "第一行\r\nBcc: <evil@example.test>\r\n\r\n.\r\n=?UTF-8?B?Cg==?= 😀 " + "長" * 900
    with mail_desk(due_plan(), start=False) as d:
        d.person("wang", "office", GUISHAN, name="王\u3000小明, \"x\" <evil@example.test> =?UTF-8?B?Cg==?=")
        d.service.start()
        d.wait_making()
        receipt = d.accepted(quarterly(GUISHAN, "113Q2", courses=[course(name="CEDAW, <b>\u2028Bcc: x</b> " + "課" * 60)]))
        d.review(receipt["submission"], "return", reason=nasty,
                 cells=["tables.courses[a1].hours", "tables.courses.attendance.m", "tables.outreach"])
        mail = d.mail.wait(1)[0]
        equal(mail.receivers, [address("wang")], "receivers in SMTP")
        equal(sorted(set(mail.parsed.keys())),
              ["Auto-Submitted", "Content-Language", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
               "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Message-ID", "Subject", "To"], "headers")
        equal(len(mail.parsed.keys()), 12, "each header once")
        equal(mail.parsed.defects, [], "defects")
        for name in ("From", "To"):
            equal(len(mail[name].addresses), 1, f"addresses in {name}")
        equal(mail["To"].addresses[0].addr_spec, address("wang"), "To")
        check("王" in mail["To"].addresses[0].display_name, mail["To"])
        moment = email.utils.parsedate_to_datetime(mail["Date"])
        check(abs(moment.timestamp() - time.time()) < 120 and moment.utcoffset() == datetime.timedelta(hours=8), mail["Date"])
        for line in mail.data.split(b"\r\n"):
            check(len(line) <= 200 and b"\n" not in line and all(32 <= byte < 127 for byte in line), line)
        check("Bcc: <evil@example.test>" in mail.text and "長" * 900 in mail.text and "時數（現填 3）" in mail.text, mail.text)
        check("（整欄）" in mail.text and "對民眾宣導（整張表）" in mail.text, mail.text)


@test
def an_address_that_is_none_is_given_up_and_shown(_):
    with mail_desk(due_plan(training_annual=1), start=False) as d:
        for number, bad in enumerate(("a b@example.test", "王@example.test", "x@y>\nRCPT TO:<z@example.test", "no-at-sign")):
            d.person(f"bad{number}", "office", OFFICES[number], email=None)
            d.service.sql(f"update tributary.account set email = $m${bad}$m$ where login = 'bad{number}'")
        d.service.start()
        for number in range(4):
            d.wait_state(f"bad{number}", "reminder", "given_up")
        equal((d.mail.mails, d.mail.attempts), ([], []), "told to the mail server")
        check("address" in d.column("bad0", "reminder", "last_error"), "what is said of it")


if __name__ == "__main__":
    suite.run()

#!/usr/bin/python3
"""Mails: who gets which, once; what people refuse; what the mail server may answer; what is seen of them."""
import contextlib
import datetime
import json
import pathlib
import re
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import FUXING, GUISHAN, PLAN, ZHONGLI, annual, quarterly  # noqa: E402
from mail_desk import address, due_plan, mail_desk, today  # noqa: E402
import tributary_harness as harness  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

REASON = "人數與人事室資料不符"


@contextlib.contextmanager
def staffed():
    """A service with people of two offices and of 性平辦, whose first reminders are sent."""
    with mail_desk(due_plan(), start=False) as d:
        d.person("wang", "office", GUISHAN, name="王小明")
        d.person("li", "office", GUISHAN, language="en", name="Li, Mei")
        d.person("zhou", "office", ZHONGLI)
        d.person("nobody", "office", GUISHAN, email=None)
        d.person("chen", "geo")
        d.person("root", "admin")
        d.service.environment["TRIBUTARY_METRICS_PORT"] = str(harness.free_port())
        d.service.start()
        d.wait_making()
        yield d


suite = Suite(staffed)
test = suite.test


def settled(d, seconds=2.5):
    """Long enough for anything that would be made and sent."""
    time.sleep(seconds * harness.SLOWNESS)


def returned(d, office, year):
    receipt = d.accepted(annual(office, year))
    d.review(receipt["submission"], "return", reason=REASON, cells=["fields.general.gm2h.m"])
    return receipt


# ---- who gets what ------------------------------------------------------------------------------------------------

@test
def a_return_reaches_everyone_of_its_office_once_in_their_language(d):
    d.mail.clear()
    returned(d, GUISHAN, "112")
    d.mail.wait(2)
    settled(d)
    equal(sorted(one.receiver for one in d.mail.mails), [address("li"), address("wang")], "receivers")
    zh, en = d.mail.to(address("wang"))[0], d.mail.to(address("li"))[0]
    check("退回補正" in zh.subject and "112年" in zh.subject, zh.subject)
    check(REASON in zh.text and "王小明 您好" in zh.text and "一般公務人員性別主流化訓練" in zh.text, zh.text)
    check("現填 55" in zh.text, zh.text)
    check("Returned" in en.subject and "Dear Li, Mei" in en.text and REASON in en.text, en.text)
    equal((zh.sender, zh["Auto-Submitted"]), ("tributary@example.test", "auto-generated"), "sender")


@test
def an_acceptance_says_how_far_the_review_has_come(d):
    d.mail.clear()
    receipt = d.accepted(annual(ZHONGLI, "112"))
    d.review(receipt["submission"])
    mail = d.mail.wait(1, address=address("zhou"))[0]
    check("審核通過" in mail.subject and "正式資料" in mail.subject, mail.subject)
    check("各審查階段均已完成" in mail.text, mail.text)
    equal({one.receiver for one in d.mail.mails}, {address("zhou")}, "receivers")


@test
def what_an_administrator_forces_is_told_to_the_gender_equality_office(d):
    d.mail.clear()
    receipt = d.accepted(annual(ZHONGLI, "113"))
    d.review(receipt["submission"], client=d.login("admin"), break_glass=True, reason="承辦人全員染疫")
    mail = d.mail.wait(1, address=address("chen"))[0]
    check("緊急權限" in mail.subject and "承辦人全員染疫" in mail.text, mail.text)
    check(mail["List-Unsubscribe"] is None, "it may be refused")
    check("緊急權限代行" in d.mail.wait(1, address=address("zhou"))[0].text, "the office isn't told who did it")


@test
def rows_of_mails_hold_no_address_no_name_and_no_reason(d):
    for row in d.service.sql("select to_jsonb(m)::text from tributary.mail m").splitlines():
        for word in ("example.test", "王小明", "Li, Mei", REASON):
            check(word not in row.replace("@example.test>", ""), f"{word} in {row}")


@test
def one_reset_link_goes_to_its_account_and_its_secret_is_gone_after(d):
    d.mail.clear()
    secret = d.service.command("account", "reset", "wang").stdout.decode().strip().rsplit("/", 1)[1]

    def queue(given):
        return d.service.sql("begin; select set_config('tributary.jurisdiction', '68000', true) \\g /dev/null\n"
                             f"select tributary.queue_reset_mail('{d.people['wang']}', '/v1/password-resets/', '{given}');"
                             "commit", "tributary_daemon")
    equal(queue("x" * 43), "f", "a link that nobody made")
    equal(queue(secret), "t", "a link")
    equal(queue(secret), "f", "the same link again")
    mail = d.mail.wait(1, address=address("wang"))[0]
    check(f"https://tributary.example.test/v1/password-resets/{secret}" in mail.text, mail.text)
    check(mail["List-Unsubscribe"] is None, "it may be refused")
    d.wait_state("wang", "reset", "sent")
    equal(d.column("wang", "reset", "secret"), "", "the secret")


# ---- what people refuse -------------------------------------------------------------------------------------------

def preferences(client):
    return expect_status(client.get("/v1/account/mail-preferences"), 200)


def prefer(client, opted_out=(), language=None, match=...):
    match = preferences(client).header("etag") if match is ... else match
    return client.request("PUT", "/v1/account/mail-preferences", {"opted_out": list(opted_out), "language": language},
                          headers={"If-Match": match} if match else {})


def wanted(answer):
    return {one["kind"]: one["wanted"] for one in answer.json["kinds"]}


@test
def who_refuses_a_kind_gets_no_more_of_it_and_others_do(d):
    client = d.as_person("wang")
    first = preferences(client)
    check(all(wanted(first).values()), first)
    expect_status(prefer(client, ["return"], "en"), 200)
    equal(wanted(preferences(client))["return"], False, "wanted")
    d.mail.clear()
    receipt = returned(d, GUISHAN, "113")
    d.mail.wait(1, address=address("li"))
    expect_status(d.office(GUISHAN).hand_in(PLAN, annual(GUISHAN, "113", 1, **{"general.gm2h.m": 54})), 201)
    check(receipt, receipt)
    settled(d)
    equal([one.receiver for one in d.mail.mails], [address("li")], "receivers")
    expect_status(prefer(client, [], None), 200)
    check(all(wanted(preferences(client)).values()), "wanted again")


@test
def changing_preferences_needs_the_state_that_was_read(d):
    client = d.as_person("li")
    tag = preferences(client).header("etag")
    equal(expect_status(prefer(client, [], "zh", None), 428).json["code"], "precondition_required", "code")
    expect_status(prefer(client, ["digest"], "zh", tag), 200)
    equal(expect_status(prefer(client, [], "en", tag), 412).json["code"], "precondition_failed", "code")
    expect_status(prefer(client, [], "en", '"p999999"'), 412)
    expect_status(prefer(client, [], "en", '"x"'), 412)
    expect_status(prefer(client, [], "en", "*"), 200)
    for body in ({"opted_out": ["reset"]}, {"opted_out": ["break_glass"]}, {"opted_out": "return"}, {"opted_out": [1]},
                 {"opted_out": [], "language": "fr"}, {}, {"opted_out": [], "more": 1}):
        reply = client.request("PUT", "/v1/account/mail-preferences", body, headers={"If-Match": "*"})
        expect_status(reply, 422)
    expect_status(d.geo.get("/v1/account/mail-preferences"), 404)
    expect_status(prefer(d.geo, [], None, "*"), 404)


@test
def one_click_ends_a_kind_and_looking_at_the_link_ends_nothing(d):
    d.mail.clear()
    returned(d, ZHONGLI, "114")
    mail = d.mail.wait(1, address=address("zhou"))[0]
    url = re.fullmatch(r"<(https://tributary\.example\.test(/v1/mail-unsubscriptions/[\w-]+))>", mail["List-Unsubscribe"].strip())
    check(url, mail["List-Unsubscribe"])
    equal(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", "RFC 8058")
    nobody, client = d.service.client(), d.as_person("zhou")
    page = expect_status(nobody.get(url[2]), 200)
    check(b"<form" in page.body and page.header("content-type").startswith("text/html"), page)
    equal(wanted(preferences(client))["return"], True, "wanted after a look")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    expect_status(nobody.post(url[2], b"x=y", headers=form), 400)
    for _ in range(2):
        expect_status(nobody.post(url[2], b"List-Unsubscribe=One-Click", headers=form), 200)
    equal({kind for kind, is_wanted in wanted(preferences(client)).items() if not is_wanted}, {"return"}, "refused")
    expect_status(nobody.post(url[2][:-1] + "x", b"List-Unsubscribe=One-Click", headers=form), 404)
    expect_status(nobody.get("/v1/mail-unsubscriptions/x"), 404)


@test
def the_log_covers_what_people_refuse(d):
    done = d.service.command("verify", check=False)
    equal(done.returncode, 0, done.stdout.decode())
    held = d.service.sql("select opted_out from tributary.mail_preference order by sequence desc limit 1")
    d.service.sql("alter table tributary.mail_preference disable trigger append_only;"
                  "update tributary.mail_preference set opted_out = '{digest}' where sequence = (select max(sequence)"
                  " from tributary.mail_preference);")
    done = d.service.command("verify", check=False)
    equal(done.returncode, 1, done.stdout.decode())
    check("mail_preference" in done.stdout.decode(), done.stdout.decode())
    d.service.sql(f"update tributary.mail_preference set opted_out = '{held}' where sequence = (select max(sequence)"
                  " from tributary.mail_preference); alter table tributary.mail_preference enable trigger append_only")
    equal(d.service.command("verify", check=False).returncode, 0, "after it is put right")


# ---- what the mail server answers ---------------------------------------------------------------------------------

@test
def a_refusal_for_now_is_tried_again_and_one_for_good_is_given_up(d):
    d.mail.clear()
    d.mail.script(address("wang"), "rcpt:450 4.2.0 mailbox of wang@example.test busy", "data:451 4.3.0 later")
    d.mail.script(address("li"), "rcpt:550 5.1.1 no such user li@example.test")
    returned(d, GUISHAN, "114")
    d.mail.wait(1, address=address("wang"))
    d.wait_state("wang", "return", "sent")
    d.wait_state("li", "return", "given_up")
    equal(d.column("wang", "return", "attempts"), "3", "attempts")
    equal(d.column("li", "return", "attempts"), "1", "attempts")
    equal(d.column("li", "return", "last_error"), "RCPT 550 5.1.1", "what is kept of the refusal")
    equal(d.column("wang", "return", "last_error"), "", "what is kept when it went well")


@test
def a_line_that_breaks_after_the_message_brings_it_again_under_the_same_id(d):
    d.mail.clear()
    d.mail.script(address("zhou"), "drop-kept", "drop")
    receipt = d.accepted(quarterly(ZHONGLI, "113Q2"))
    d.review(receipt["submission"])
    mails = d.mail.wait(2, address=address("zhou"))
    d.wait_state("zhou", "acceptance", "sent")
    equal(len({one.id for one in mails}), 1, "Message-IDs")
    equal(len(d.mail.to(address("zhou"))), 2, "kept once by the broken line, once by the good one")


@test
def an_administrator_sees_and_retries_what_was_given_up(d):
    admin, auditor = d.login("admin"), d.login("auditor")
    listed = expect_status(d.geo.get("/v1/mails", state="given_up"), 200).json["mails"]
    equal([(one["kind"], one["last_error"]) for one in listed], [("return", "RCPT 550 5.1.1")], "given up")
    check("example.test" not in json.dumps([{**one, "message_id": None} for one in listed]), listed)
    mail = listed[0]["mail"]
    for client in (d.geo, auditor, d.office(GUISHAN)):
        expect_status(client.post(f"/v1/mails/{mail}/retry", {}), 403)
    d.mail.clear()
    equal(expect_status(admin.post(f"/v1/mails/{mail}/retry", {}), 200).json["state"], "waiting", "state")
    d.mail.wait(1, address=address("li"))
    d.wait_state("li", "return", "sent")
    equal(expect_status(admin.post(f"/v1/mails/{mail}/retry", {}), 409).json["code"], "mail_sent", "code")
    reset = expect_status(admin.get("/v1/mails", kind="reset"), 200).json["mails"][0]["mail"]
    expect_status(admin.post(f"/v1/mails/{reset}/retry", {}), 409)
    expect_status(admin.post(f"/v1/mails/{d.people['wang']}/retry", {}), 404)
    expect_status(admin.post("/v1/mails/x/retry", {}), 404)


@test
def the_list_is_paged_filtered_and_given_as_a_table(d):
    everything, after = [], None
    while True:
        page = expect_status(d.geo.get("/v1/mails", limit=2, after=after), 200).json
        check(len(page["mails"]) <= 2, page)
        everything += page["mails"]
        after = page["next"]
        if not after:
            break
    equal(len(everything), int(d.service.sql("select count(*) from tributary.mail")), "all of them")
    equal(len({one["mail"] for one in everything}), len(everything), "each once")
    equal([one["created_at"] for one in everything], sorted((one["created_at"] for one in everything), reverse=True), "order")
    for one in expect_status(d.geo.get("/v1/mails", kind="return", office=GUISHAN), 200).json["mails"]:
        equal((one["kind"], one["office"]), ("return", GUISHAN), "filtered")
    for query in ({"state": "x"}, {"kind": "x"}, {"limit": "0"}, {"limit": "1001"}, {"after": "x"}, {"account": "x"}):
        expect_status(d.geo.get("/v1/mails", **query), 400)
    for name in ("csv", "ods", "xlsx"):
        expect_status(d.geo.get("/v1/mails", format=name), 200)
    for role in ("dbas", "supervision"):
        expect_status(d.login(role).get("/v1/mails"), 403)
    expect_status(d.office(GUISHAN).get("/v1/mails"), 403)


@test
def mails_are_counted_for_prometheus(d):
    port = d.service.environment["TRIBUTARY_METRICS_PORT"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    figures = dict(re.findall(r"^tributary_mails_(\w+) (\d+)$", text, re.M))
    sent = int(d.service.sql("select count(*) from tributary.mail where state = 'sent'"))
    equal(int(figures["sent_total"]), sent, "sent")
    equal(int(figures["made_total"]) + 1, int(d.service.sql("select count(*) from tributary.mail")), "made; the link wasn't")
    equal(figures["given_up_total"], "1", "given up")
    check(int(figures["failed_total"]) >= 4, figures)


# ---- services of their own ----------------------------------------------------------------------------------------

@test
def offices_are_reminded_of_what_they_owe_once_and_not_of_what_came(d):
    del d
    plan = due_plan(training_annual=7, local_programme=14, webpage=1, annual_report=0, other_measures=-1, budget_execution=-7,
                    implementation_plan=5, task_group_roster=-3)
    with mail_desk(plan, start=False) as d:
        d.person("wang", "office", GUISHAN)
        d.person("zhou", "office", ZHONGLI, language="en")
        d.service.environment.update({"TRIBUTARY_MAIL_WEEKDAY": (today() + datetime.timedelta(days=3)).strftime("%A").lower()})
        d.service.start()
        mails = d.mail.wait(2)
        settled(d)
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
        settled(d)
        equal(len(d.mail.mails), 2, "after another start")
        # as if yesterday's had been the last ones, with one report come meanwhile
        d.service.sql("update tributary.mail_cursor set day = day - 1; alter table tributary.mail disable trigger all;"
                      "delete from tributary.mail_unsubscription; delete from tributary.mail")
        d.accepted(annual(GUISHAN, "114"))
        again = d.mail.wait(4)
        zh = [one for one in again if one.receiver == address("wang")][-1]
        check("附表3" not in zh.text and "在地性別平等方案114年" in zh.text, zh.text)


@test
def what_is_long_overdue_is_told_once_a_week_and_an_extension_ends_that(d):
    del d
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
def the_digest_says_by_group_who_is_overdue_and_carries_the_log_s_head(d):
    del d
    day = today()
    with mail_desk(due_plan(training_annual=-30), start=False, settings={"mail_weekday": day.strftime("%A").lower()}) as d:
        d.person("chen", "geo")
        d.person("lin", "geo", language="en")
        d.service.environment["TRIBUTARY_MAIL_HOUR"] = "23" if datetime.datetime.now().hour != 15 else "0"
        d.service.start()
        d.accepted(annual(GUISHAN, "114"))
        d.review(d.accepted(annual(FUXING, "114"))["submission"], "return", reason=REASON)
        d.accepted(quarterly(ZHONGLI, "113Q2"))
        d.service.stop()
        d.service.environment["TRIBUTARY_MAIL_HOUR"] = "0"
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
        settled(d)
        equal(len(d.mail.mails), 2, "once each")


@test
def mail_goes_encrypted_and_signed_in_or_not_at_all(d):
    del d
    for tls in ("starttls", "smtps"):
        with mail_desk(due_plan(training_annual=1), start=False, tls=tls, user=("tributary", "秘密 secret")) as d:
            d.person("wang", "office", GUISHAN)
            d.service.start()
            d.mail.wait(1)
            check(d.mail.signed_in and all(good for _, _, good in d.mail.signed_in), d.mail.signed_in)
    with mail_desk(due_plan(training_annual=1), start=False, tls="starttls") as d:
        d.person("wang", "office", GUISHAN)
        d.service.environment.pop("TRIBUTARY_SMTP_CA_FILE")
        d.service.start()
        d.wait_state("wang", "reminder", "failed")
        equal(d.mail.mails, [], "sent to a server that proved nothing")
        check("certificate" in d.column("wang", "reminder", "last_error").lower(), d.column("wang", "reminder", "last_error"))
        d.service.environment["TRIBUTARY_SMTP_CA_FILE"] = str(d.mail.certificate)
        d.service.stop()
        d.service.start()
        d.mail.wait(1)
    with mail_desk(due_plan(training_annual=1), start=False, settings={"smtp_tls": "required"}) as d:
        d.person("wang", "office", GUISHAN)
        d.service.start()
        d.wait_state("wang", "reminder", "failed")
        equal(d.mail.mails, [], "sent in the clear")


@test
def a_wrong_password_costs_no_mail(d):
    del d
    with mail_desk(due_plan(training_annual=1), start=False, tls="starttls", user=("tributary", "right")) as d:
        d.person("wang", "office", GUISHAN)
        path = pathlib.Path(d.service.environment["TRIBUTARY_SMTP_PASSWORD_FILE"])
        path.write_text("wrong\n", encoding="utf-8")
        d.service.start()
        d.wait_state("wang", "reminder", "failed")
        check(d.column("wang", "reminder", "last_error").startswith("AUTH 535"), d.column("wang", "reminder", "last_error"))
        d.service.stop()
        path.write_text("right\n", encoding="utf-8")
        d.service.start()
        d.mail.wait(1)


@test
def without_a_mail_server_or_with_sample_data_nothing_is_made(d):
    del d
    with mail_desk(due_plan(training_annual=1), start=False) as d:
        d.person("wang", "office", GUISHAN)
        url = d.service.environment.pop("TRIBUTARY_SMTP_URL")
        d.service.start()
        settled(d)
        equal(d.states(), {}, "mails without a server")
        check('"mail_off"' in d.service.log_tail(), d.service.log_tail())
        d.service.stop()
        d.service.environment["TRIBUTARY_SMTP_URL"] = url
        d.service.start()
        d.mail.wait(1)
    with mail_desk(due_plan(training_annual=1), start=False, sample=True) as d:
        d.person("wang", "office", GUISHAN)
        d.service.start()
        settled(d)
        equal(d.states(), {}, "mails of sample data")
        d.service.stop()
        d.service.environment["TRIBUTARY_MAIL_FROM_SAMPLES"] = "yes"
        d.service.start()
        mail = d.mail.wait(1)[0]
        check("樣本" in mail.subject and "虛構" in mail.text, mail.text)


@test
def settings_that_would_send_a_password_in_the_clear_are_refused(d):
    path = d.service.folder / "password"
    path.write_text("x\n", encoding="utf-8")
    path.chmod(0o600)
    loose = d.service.folder / "loose"
    loose.write_text("x\n", encoding="utf-8")
    loose.chmod(0o644)
    sign_in = {"TRIBUTARY_SMTP_USER": "a", "TRIBUTARY_SMTP_PASSWORD_FILE": str(path)}
    far = {"TRIBUTARY_SMTP_URL": "smtp://mail.example.test"}
    for settings, word in (({**far, **sign_in, "TRIBUTARY_SMTP_TLS": "off"}, "smtp_tls"),
                           ({**far, **sign_in, "TRIBUTARY_SMTP_TLS": "opportunistic"}, "smtp_tls"),
                           ({**far, **sign_in, "TRIBUTARY_SMTP_PASSWORD_FILE": str(loose)}, "smtp_password_file"),
                           ({**far, **sign_in, "TRIBUTARY_SMTP_PASSWORD_FILE": "/nowhere"}, "smtp_password_file"),
                           ({**far, "TRIBUTARY_SMTP_USER": "a"}, "smtp_user"),
                           ({"TRIBUTARY_SMTP_URL": "http://mail.example.test"}, "smtp_url"),
                           ({"TRIBUTARY_SMTP_URL": "smtp://a:b@mail.example.test"}, "smtp_url"),
                           ({"TRIBUTARY_SMTP_TLS": "perhaps"}, "smtp_tls"),
                           ({"TRIBUTARY_MAIL_FROM": "nobody"}, "mail_from"),
                           ({"TRIBUTARY_MAIL_FROM": "a <b@c.test>\r\nBcc: <d@e.test>"}, "mail_from"),
                           ({"TRIBUTARY_MAIL_BASE_URL": "http://tributary.example.test"}, "mail_base_url"),
                           ({"TRIBUTARY_MAIL_DAYS_BEFORE": "7,x"}, "mail_days_before"),
                           ({"TRIBUTARY_MAIL_WEEKDAY": "someday"}, "mail_weekday"),
                           ({"TRIBUTARY_MAIL_HOUR": "24"}, "mail_hour"),
                           ({"TRIBUTARY_MAIL_FROM_SAMPLES": "maybe"}, "mail_from_samples")):
        done = d.service.command("serve", check=False, settings={**settings, "TRIBUTARY_PORT": "0"}, timeout=20)
        equal(done.returncode, 2, f"{settings}: {done.stderr.decode()}")
        check(word in done.stderr.decode(), f"{settings}: {done.stderr.decode()}")


@test
def a_server_that_hangs_holds_up_no_stop_and_loses_no_mail(d):
    del d
    with mail_desk(due_plan(training_annual=1), start=False) as d:
        d.person("wang", "office", GUISHAN)
        d.mail.script(address("wang"), "hang")
        d.service.start()
        deadline = time.monotonic() + 20
        while not d.mail.attempts and time.monotonic() < deadline:
            time.sleep(0.05)
        began = time.monotonic()
        d.service.stop(within=12 * harness.SLOWNESS)
        check(time.monotonic() - began < 8 * harness.SLOWNESS, f"stopped after {time.monotonic() - began:.1f} s")
        equal(d.states(), {("wang", "reminder"): "failed"}, "after the stop")
        d.service.start()
        d.mail.wait(1)


if __name__ == "__main__":
    suite.run()

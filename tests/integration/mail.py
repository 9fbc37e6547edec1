#!/usr/bin/python3
"""Mails: who gets which, once; what people refuse; what the mail server may answer; what is seen of them."""
import contextlib
import json
import pathlib
import re
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, PLAN, ZHONGLI, annual, quarterly  # noqa: E402
from mail_desk import address, due_plan, mail_desk  # noqa: E402
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


@test
def a_link_that_an_administrator_makes_is_mailed_where_there_is_an_address(d):
    d.mail.clear()
    made = expect_status(d.login("admin").post(f"/v1/accounts/{d.people['li']}/reset", {}), 201).json
    check(made["reset_mailed"], "it says that it wasn't mailed")
    mail = d.mail.wait(1, address=address("li"))[0]
    check(f"https://tributary.example.test{made['reset_path']}" in mail.text, mail.text)


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
    equal(int(figures["made_total"]) + 2, int(d.service.sql("select count(*) from tributary.mail")), "made; the two links weren't")
    equal(figures["given_up_total"], "1", "given up")
    check(int(figures["failed_total"]) >= 4, figures)


# ---- in SQL and on the command line ---------------------------------------------------------------------------------

def as_daemon(d, statement, role, office="", token=""):
    """What psql says as the daemon's role with these settings."""
    settings = {"jurisdiction": "68000", "role": role, "office": office, "token": token}
    said = "".join(f"select set_config('tributary.{name}', '{value}', true) \\g /dev/null\n" for name, value in settings.items())
    return d.service.sql(f"begin;\n{said}{statement};\ncommit", "tributary_daemon", check=False)


@test
def the_daemon_s_role_reaches_the_outbox_by_its_functions_alone(d):
    count = "select count(*) from tributary.mail"
    everything = d.service.sql(count)
    for role, office, token, seen in (("geo", "", "", everything), ("admin", "", "", everything), ("auditor", "", "", everything),
                                      ("office", GUISHAN, "", "0"), ("dbas", "", "", "0"), ("mail", "", "", "0"),
                                      ("office", GUISHAN, d.people["wang"],
                                       d.service.sql(f"{count} where account = '{d.people['wang']}'"))):
        equal(as_daemon(d, count, role, office, token).stdout.strip(), seen, f"mails that {role} {office} sees")
    for statement in ("select facts from tributary.mail", "select secret from tributary.mail",
                      "update tributary.mail set state = 'sent'", "delete from tributary.mail", "insert into tributary.mail_cursor"
                      " values ('68000', 1, now())", "select * from tributary.mail_unsubscription where secret_hash = ''::bytea for update",
                      "select tributary.claim_mail(gen_random_uuid(), 60, 'x', null)",
                      "select tributary.queue_mails('reminder', 'x', 'office', null, '{}', now())",
                      "select tributary.queue_review_mails(0, 100, 3)", "select tributary.queue_decision_mails(0, 100, 3)", "select tributary.lock_mail_cursor(current_date)",
                      "select tributary.settle_mail(gen_random_uuid(), gen_random_uuid(), 'sent', 0, null, null, null)",
                      "select tributary.wants_mail(a, 'digest') from tributary.account a"):
        for role in ("geo", "admin", "office"):
            check(as_daemon(d, statement, role, GUISHAN if role == "office" else "").returncode != 0, f"{role}: {statement}")
    check(as_daemon(d, "select tributary.retry_mail(mail, 3) from tributary.mail limit 1", "geo").returncode != 0, "geo retries")
    for table in ("mail_unsubscription", "mail_cursor"):
        equal(as_daemon(d, f"select count(*) from tributary.{table}", "mail").returncode != 0, True, table)
    row = (f"insert into tributary.mail_preference values (gen_random_uuid(), '68000', '{d.people['li']}', '{{}}', null,"
           f" '{d.people['wang']}', 999999, now())")
    check(as_daemon(d, row, "office", GUISHAN, d.people["wang"]).returncode != 0, "one person prefers for another")


def tributary(d, client, *words, lang="zh", status=0):
    """Run the client for a principal; its standard output."""
    home = d.service.folder / "home"
    done = d.service.command(*words, "--lang", lang, program="tributary", check=False, settings={
        "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": client.token,
        "TRIBUTARY_PLAN": d.plan, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "c"), "XDG_STATE_HOME": str(home / "s")})
    equal(done.returncode, status, f"{words}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode() + done.stderr.decode()


@test
def the_client_lists_mails_and_changes_what_one_gets(d):
    out = tributary(d, d.geo, "mail", "list", "--kind", "return", "--limit", "2")
    check("退回補正" in out and "已寄出" in out and "--after" in out, out)
    out = tributary(d, d.geo, "mail", "list", "--state", "waiting", lang="en")
    check("There are no mails." in out, out)
    listed = json.loads(tributary(d, d.geo, "mail", "list", "--json"))
    equal(len(listed["mails"]), int(d.service.sql("select count(*) from tributary.mail")), "as JSON")
    check("已經寄出" in tributary(d, d.login("admin"), "mail", "retry", listed["mails"][0]["mail"], status=1), "409")
    tributary(d, d.office(GUISHAN), "mail", "list", status=4)
    wang = d.as_person("wang")
    out = tributary(d, wang, "mail", "preferences", "--without", "reminder,digest", "--mail-language", "en")
    check(re.search(r"reminder\s+否", out) and "郵件語言：en" in out and "一律寄送" in out, out)
    out = tributary(d, wang, "mail", "preferences", "--with", "digest", lang="en")
    check(re.search(r"digest\s+yes", out) and re.search(r"reminder\s+no", out), out)
    tributary(d, wang, "mail", "preferences", "--with", "reminder", "--mail-language", "account")
    check(all(wanted(preferences(wang)).values()), "all again")
    for words in (("mail", "preferences", "--without", "nothing"), ("mail", "send"), ("mail", "retry")):
        tributary(d, wang, *words, status=2)


if __name__ == "__main__":
    suite.run()

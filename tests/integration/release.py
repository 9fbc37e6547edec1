#!/usr/bin/env python3
"""核章: what one of an office prepares counts nowhere until another person of that office releases it."""
import contextlib
import json
import pathlib
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, PLAN_FILE, ZHONGLI, Desk, annual, course, quarterly  # noqa: E402
from people import People  # noqa: E402
from tributary_harness import RawConnection, Suite, build_folder, check, equal, expect_status, service  # noqa: E402


@contextlib.contextmanager
def office_of_two():
    with service(PLAN_FILE) as held:
        d = Desk(held)
        d.people = People(held)
        d.preparer = d.people.signed_in("office", GUISHAN, duty="prepare", name="承辦人")
        d.releaser = d.people.signed_in("office", GUISHAN, duty="release", name="課長")
        d.both = d.people.signed_in("office", GUISHAN)
        d.stranger = d.people.signed_in("office", ZHONGLI, duty="release")
        yield d


suite = Suite(office_of_two)
test = suite.test


def refused(reply, status, code):
    expect_status(reply, status)
    equal(reply.json["code"], code, "code")
    return reply.json


def prepare(d, document, **query):
    return expect_status(d.preparer.post(f"{d.base}/submissions", document, **query), 202).json


@test
def what_is_prepared_counts_nowhere(d):
    prepared = prepare(d, annual(GUISHAN, "113"))
    equal((prepared["state"], prepared["form"], prepared["may"]), ("waiting", "training-annual", {"release": False, "reject": True}), "prepared")
    check("log" not in prepared and "signature" not in prepared, "it has a receipt")
    equal(d.revisions("training-annual", GUISHAN, "113"), [], "revisions")
    equal(d.unit("training-annual", "113", GUISHAN, "office")["reported"], 0, "reported")
    listed = d.releaser.get(f"{d.base}/prepared").json["prepared"]
    equal([(one["prepared"], one["prepared_by_name"], one["may"]["release"]) for one in listed], [(prepared["prepared"], "承辦人", True)], "list")


@test
def what_comes_with_bytes_that_are_no_text_spoils_nothing(d):
    body, before = json.dumps(annual(GUISHAN, "115")).encode(), d.service.log_path.read_text().count("job_failed")
    for kind in ("application/json; x=\xff", "application/json; x=\xc3(", "application/json; x=\x7f"):
        refused(d.preparer.request("POST", f"{d.base}/submissions", body, headers={"Content-Type": kind}), 415, "unsupported_media_type")
    half = f"{d.base}/submissions?office={GUISHAN}&form=\xc3%bc"
    with RawConnection(d.service.port) as line:
        line.send((f"POST {half} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {d.office(GUISHAN).token}\r\n"
                   f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode("latin-1") + body)
        equal(json.loads(line.read_reply()[2])["code"], "bad_parameter", "half a character with %, half without")
    equal(d.service.log_path.read_text().count("job_failed"), before, "batches that failed")


@test
def another_person_releases_it_with_a_receipt(d):
    prepared = prepare(d, annual(GUISHAN, "112"))
    shown = expect_status(d.releaser.get(f"/v1/prepared/{prepared['prepared']}"), 200).json
    equal(shown["document"]["fields"]["general.staff.m"], 61, "the document is shown")
    receipt = expect_status(d.releaser.post(f"/v1/prepared/{prepared['prepared']}/release", {}), 201).json
    equal((receipt["revision"], receipt["sha256"], receipt["prepared_by"]), (1, prepared["sha256"], prepared["prepared_by"]), "receipt")
    entry = json.loads(receipt["log"]["entry"])
    equal((entry["actor"], entry["prepared_by"], entry["prepared"]),
          (d.people.account(d.releaser.login), d.people.account(d.preparer.login), prepared["prepared"]), "entry")
    for path in (f"/v1/submissions/{receipt['submission']}", f"/v1/submissions/{receipt['submission']}/receipt"):
        equal(d.geo.get(path).json["prepared_by"], prepared["prepared_by"], path)
    equal(d.unit("training-annual", "112", GUISHAN, "office")["reported"], 1, "reported")
    after = d.preparer.get(f"/v1/prepared/{prepared['prepared']}").json
    equal((after["state"], after["revision"], "document" in after), ("released", receipt["submission"], False), "afterwards")
    equal(d.service.sql(f"select count(*) from tributary.prepared where prepared = '{prepared['prepared']}' and bytes is null"), "1", "bytes gone")
    again = expect_status(d.releaser.post(f"/v1/prepared/{prepared['prepared']}/release", {}), 200)
    equal((again.json["submission"], again.header("idempotent-replay")), (receipt["submission"], "true"), "asked again")
    refused(d.both.post(f"/v1/prepared/{prepared['prepared']}/release", {}), 409, "prepared_ended")


@test
def nobody_releases_what_they_prepared_nor_does_a_preparer_or_another_office(d):
    one = prepare(d, annual(GUISHAN, "114"))["prepared"]
    refused(d.preparer.post(f"/v1/prepared/{one}/release", {}), 403, "duty_prepares")
    refused(d.stranger.post(f"/v1/prepared/{one}/release", {}), 404, "not_found")
    refused(d.stranger.get(f"/v1/prepared/{one}"), 404, "not_found")
    refused(d.stranger.post(f"/v1/prepared/{one}/rejection", {"reason": "x"}), 404, "not_found")
    refused(d.geo.post(f"/v1/prepared/{one}/release", {}), 403, "forbidden")
    refused(d.geo.get(f"/v1/prepared/{one}"), 403, "forbidden")
    account = d.people.account(d.preparer.login)
    version = d.login("admin").get(f"/v1/accounts/{account}").json["version"]
    expect_status(d.login("admin").request("PATCH", f"/v1/accounts/{account}", {"duty": "both"}, {"If-Match": f'"{version}"'}), 200)
    expect_status(d.preparer.sign_in(d.preparer.login), 201)
    refused(d.preparer.post(f"/v1/prepared/{one}/release", {}), 403, "own_preparation")
    expect_status(d.login("admin").request("PATCH", f"/v1/accounts/{account}", {"duty": "prepare"}, {"If-Match": f'"{version + 1}"'}), 200)
    expect_status(d.preparer.sign_in(d.preparer.login), 201)
    expect_status(d.both.post(f"/v1/prepared/{one}/release", {}), 201)


@test
def who_prepared_it_accepts_it_no_more_than_who_released_it(d):
    meeting = d.accepted({"form": "task-group-meeting", "office": GUISHAN, "period": "113",
                          "fields": {"date": "2024-04-20", "kind": "regular", "members": 12, "present.m": 4, "present.f": 4},
                          "notes": {"fields.members": "x", "fields.present.m": "x", "fields.present.f": "x"}})
    document = {"form": "budget-plan", "office": GUISHAN, "period": "113", "fields": {"total_budget": 1000000},
                "tables": {"lines": [{"no": "1", "unit": "社會課", "category": "plan", "name": "計畫", "budget": 100000,
                                      "gender_budget": 50000, "goal": "宣導"}]}}
    prepared = prepare(d, document)["prepared"]
    receipt = expect_status(d.releaser.post(f"/v1/prepared/{prepared}/release", {}), 201).json
    said = {"stage": "task-group", "outcome": "accept", "meeting": meeting["event"]}
    for person in (d.preparer, d.releaser):
        refused(person.post(f"/v1/submissions/{receipt['submission']}/reviews", said), 409, "own_submission")
    expect_status(d.both.post(f"/v1/submissions/{receipt['submission']}/reviews", said), 201)


@test
def the_store_itself_refuses_that_one_person_does_both(d):
    one = prepare(d, annual(GUISHAN, "115", counted_on="2026-11-30"))
    settings = "".join(f"select set_config('tributary.{name}', '{value}', true);" for name, value in (
        ("jurisdiction", "68000"), ("role", "office"), ("office", GUISHAN), ("token", one["prepared_by"])))
    done = d.service.sql(f"begin; {settings} insert into tributary.prepared_end select prepared, preparer, jurisdiction, office, 'released', "
                         f"(select id from tributary.revision limit 1), null, preparer, 99999, now() from tributary.prepared "
                         f"where prepared = '{one['prepared']}'; commit", "tributary_daemon", check=False)
    check("nobody_releases_what_they_prepared" in done.stderr, done.stderr)
    expect_status(d.releaser.post(f"/v1/prepared/{one['prepared']}/release", {}), 201)


@test
def who_only_releases_hands_nothing_in_and_who_prepares_learns_every_mistake(d):
    refused(d.releaser.post(f"{d.base}/submissions", annual(GUISHAN, "113")), 403, "duty_releases")
    wrong = annual(GUISHAN, "113", **{"general.gm2h.m": 62})
    check(refused(d.preparer.post(f"{d.base}/submissions", wrong), 422, "findings_refused")["findings"], "no findings")
    expect_status(d.preparer.post(f"{d.base}/submissions", annual(GUISHAN, "113"), dry_run="true"), 200)
    expect_status(d.releaser.post(f"{d.base}/submissions", annual(GUISHAN, "113"), dry_run="true"), 200)
    refused(d.preparer.post(f"{d.base}/submissions", annual(ZHONGLI, "113")), 403, "forbidden")


@test
def who_prepares_withdraws_nothing_that_was_handed_in(d):
    made = expect_status(d.both.post(f"{d.base}/submissions", quarterly(GUISHAN, "112Q4", courses=[])), 201).json["submission"]
    refused(d.preparer.post(f"/v1/submissions/{made}/withdrawal", {"reason": "x"}), 403, "duty_prepares")
    expect_status(d.releaser.post(f"/v1/submissions/{made}/withdrawal", {"reason": "x"}), 201)


@test
def it_is_judged_again_when_it_is_released(d):
    one = prepare(d, quarterly(GUISHAN, "113Q2"))["prepared"]
    expect_status(d.both.post(f"{d.base}/submissions", quarterly(GUISHAN, "113Q2", courses=[course(name="別的")])), 201)
    conflict = refused(d.releaser.post(f"/v1/prepared/{one}/release", {}), 409, "revision_conflict")
    equal(conflict["current"]["revision"], 1, "the current revision")
    equal(d.preparer.get(f"/v1/prepared/{one}").json["state"], "waiting", "state")
    rejected = expect_status(d.releaser.post(f"/v1/prepared/{one}/rejection", {"reason": "已有新版"}), 200).json
    equal((rejected["state"], rejected["reason"]), ("rejected", "已有新版"), "rejected")
    refused(d.releaser.post(f"/v1/prepared/{one}/release", {}), 409, "prepared_ended")
    refused(d.both.post(f"/v1/prepared/{one}/rejection", {"reason": "x"}), 409, "prepared_ended")


def listed(d, state):
    return [one["prepared"] for one in expect_status(d.preparer.get(f"{d.base}/prepared", state=state), 200).json["prepared"]]


@test
def what_a_colleague_gave_back_stays_open_until_it_is_done_over(d):
    first = prepare(d, quarterly(GUISHAN, "112Q2", courses=[]))["prepared"]
    own = prepare(d, quarterly(GUISHAN, "112Q3", courses=[]))["prepared"]
    expect_status(d.preparer.post(f"/v1/prepared/{own}/rejection", {"reason": "填錯了"}), 200)
    given_back = expect_status(d.releaser.post(f"/v1/prepared/{first}/rejection", {"reason": "漏了一門"}), 200).json
    equal((given_back["open"], given_back["ended_by_name"]), (True, "課長"), "given back")
    check(first in listed(d, "open") and own not in listed(d, "open"), "what is open")
    check({first, own} <= set(listed(d, "all")) and not {first, own} & set(listed(d, "waiting")), "what waits")
    second = prepare(d, quarterly(GUISHAN, "112Q2", courses=[course(date_from="2023-05-02", date_to="2023-05-02")]))["prepared"]
    check(first not in listed(d, "open") and second in listed(d, "open"), "prepared again")
    expect_status(d.releaser.post(f"/v1/prepared/{second}/rejection", {"reason": "仍不對"}), 200)
    check(second in listed(d, "open"), "given back again")
    expect_status(d.both.post(f"{d.base}/submissions", quarterly(GUISHAN, "112Q2", courses=[course(date_from="2023-05-02", date_to="2023-05-02")])), 201)
    check(second not in listed(d, "open"), "a colleague handed it in")
    refused(d.preparer.get(f"{d.base}/prepared", state="closed"), 400, "bad_parameter")
    refused(d.geo.get(f"{d.base}/prepared", state="all"), 403, "forbidden")


@test
def a_rejection_needs_a_reason_and_the_preparer_may_take_it_back(d):
    one = prepare(d, quarterly(GUISHAN, "113Q3", courses=[]))["prepared"]
    for body in ({}, {"reason": ""}, {"reason": "x" * 2001}, {"reason": "x", "more": 1}):
        refused(d.releaser.post(f"/v1/prepared/{one}/rejection", body), 422, "bad_member")
    equal(expect_status(d.preparer.post(f"/v1/prepared/{one}/rejection", {"reason": "填錯了"}), 200).json["state"], "rejected", "state")


@test
def a_spreadsheet_is_released_byte_for_byte(d):
    table = ("\ufeff#form,training-quarterly\r\n#office," + GUISHAN + "\r\n#table,outreach\r\nname,date,attendance.m,attendance.f,"
             "attendance.o,attendance.total\r\n社區宣導,113.11.20,393,\"1,758\",0,\"2,151\"\r\n").encode()
    made = expect_status(d.preparer.request("POST", f"{d.base}/submissions?period=113Q4", table, {"Content-Type": "text/csv"}), 202).json
    equal(made["period"], "113Q4", "period")
    receipt = expect_status(d.releaser.post(f"/v1/prepared/{made['prepared']}/release", {}), 201).json
    equal(receipt["sha256"], made["sha256"], "sha256")
    document = d.both.get(f"/v1/submissions/{receipt['submission']}").json["document"]
    equal(document["tables"]["outreach"][0]["attendance.total"], 2151, "the total")


@test
def the_same_key_prepares_once(d):
    key, document = {"Idempotency-Key": "prepared-once"}, quarterly(GUISHAN, "114Q1", courses=[])
    one = expect_status(d.preparer.post(f"{d.base}/submissions", document, key), 202).json
    two = expect_status(d.preparer.post(f"{d.base}/submissions", document, key), 202).json
    equal(one["prepared"], two["prepared"], "prepared")
    refused(d.preparer.post(f"{d.base}/submissions", quarterly(GUISHAN, "114Q2", courses=[]), key), 409, "idempotency_conflict")


@test
def two_who_release_at_once_make_one_revision(d):
    one, answers = prepare(d, quarterly(GUISHAN, "114Q3", courses=[]))["prepared"], []
    threads = [threading.Thread(target=lambda who=who: answers.append(who.post(f"/v1/prepared/{one}/release", {}).status))
               for who in (d.releaser, d.both)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(answers), [201, 409], "answers")
    equal(d.revisions("training-quarterly", GUISHAN, "114Q3"), [1], "revisions")


def person(d, login, duty, office=GUISHAN):
    """Runs the client with a token of this duty and its own outbox."""
    token = d.service.add_token("office", office, label=login, extra=("--duty", duty))
    home = d.service.folder / login
    home.mkdir()
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}",
                   "TRIBUTARY_TOKEN": token, "TRIBUTARY_PLAN": d.plan, "TRIBUTARY_LANG": "en"}

    def run(*arguments, lang="en"):
        return subprocess.run([str(build_folder() / "tributary"), *arguments, "--lang", lang], capture_output=True, text=True, cwd=home,
                              env=environment, timeout=60, stdin=subprocess.DEVNULL, check=False)
    return run, home


@test
def two_people_do_it_by_command_line(d):
    clerk, home = person(d, "clerk", "prepare")
    head, head_home = person(d, "head", "release")
    (home / "report.json").write_text(json.dumps(quarterly(GUISHAN, "114Q4", courses=[])), encoding="utf-8")
    done = clerk("submit", "report.json")
    equal(done.returncode, 0, done.stdout + done.stderr)
    check("Prepared:" in done.stdout and "tributary prepared release" in done.stdout, done.stdout)
    check("a colleague to release: 1" in clerk("status").stdout, "status of the clerk")
    listed = json.loads(head("prepared", "list", "--json").stdout)["prepared"]
    one = next(item["prepared"] for item in listed if item["period"] == "114Q4")
    check("clerk" in head("prepared", "list").stdout, "the list names the clerk")
    check('"courses"' in head("prepared", "show", one).stdout, "show")
    equal(clerk("prepared", "release", one).returncode, 4, "the clerk releases")
    done = head("prepared", "release", one)
    equal(done.returncode, 0, done.stdout + done.stderr)
    check("Recorded:" in done.stdout, done.stdout)
    check("Released at" in clerk("prepared", "show", one).stdout, "the clerk isn't told of the release")
    receipts = list(head_home.glob(".local/state/tributary/receipts/*.json"))
    equal(len(receipts), 1, "receipts kept")
    done = head("receipt", "verify", str(receipts[0]))
    equal(done.returncode, 0, done.stdout + done.stderr)
    (home / "second.json").write_text(json.dumps(quarterly(GUISHAN, "115Q1", courses=[])), encoding="utf-8")
    clerk("submit", "second.json")
    listed = json.loads(head("prepared", "list", "--json").stdout)["prepared"]
    two = next(item["prepared"] for item in listed if item["period"] == "115Q1")
    equal(head("prepared", "reject", two).returncode, 2, "without a reason")
    done = head("prepared", "reject", two, "--reason", "數字不對")
    check(done.returncode == 0 and "Given back" in done.stdout, done.stdout + done.stderr)
    for words in (("prepared",), ("prepared", "x"), ("prepared", "show"), ("prepared", "list", "x")):
        equal(head(*words).returncode, 2, f"{words}")


@test
def who_prepared_reads_why_it_was_given_back(d):
    clerk, home = person(d, "clerk-2", "prepare")
    head, _ = person(d, "head-2", "release")
    (home / "report.json").write_text(json.dumps(quarterly(GUISHAN, "114Q1", courses=[])), encoding="utf-8")
    equal(clerk("submit", "report.json").returncode, 0, "submit")
    listed = json.loads(head("prepared", "list", "--json").stdout)["prepared"]
    one = next(item["prepared"] for item in listed if item["period"] == "114Q1")
    equal(head("prepared", "reject", one, "--reason", "再核一次人數").returncode, 0, "reject")
    check("再核一次人數" in clerk("prepared", "show", one).stdout, "the clerk isn't told why")


def hand_in(run, home, document):
    """Hands in by command line and gives the preparation's id."""
    (home / "report.json").write_text(json.dumps(document), encoding="utf-8")
    done = run("submit", "report.json")
    equal(done.returncode, 0, done.stdout + done.stderr)
    return max(json.loads(run("status", "--json").stdout)["prepared"], key=lambda one: one["id"])["now"]["prepared"]


@test
def status_and_due_say_what_became_of_what_was_prepared(d):
    clerk, home = person(d, "clerk-3", "prepare")
    head, _ = person(d, "head-3", "release")
    stranger, _ = person(d, "elsewhere", "both", ZHONGLI)
    waiting, released, given_back, taken_back = (
        hand_in(clerk, home, quarterly(GUISHAN, period, courses=[])) for period in ("115Q1", "115Q2", "115Q3", "115Q4"))
    check("a colleague to release: 4" in clerk("status").stdout, "all wait")
    equal(head("prepared", "release", released).returncode, 0, "release")
    equal(head("prepared", "reject", given_back, "--reason", "請附簽到表").returncode, 0, "reject")
    equal(clerk("prepared", "reject", taken_back, "--reason", "重複").returncode, 0, "take back")
    said = clerk("status").stdout
    check("a colleague to release: 1" in said and "Given back by a colleague, to be corrected: 1" in said, said)
    check("by head-3: 請附簽到表" in said and "only the server knows" not in said, said)
    told = clerk("status", "--local").stdout
    check("Prepared: 4; whether they were released, only the server knows" in told, told)
    told = json.loads(clerk("status", "--json").stdout)["prepared"]
    equal([(one["now"]["state"], one["now"]["open"]) for one in told],
          [("waiting", True), ("released", False), ("rejected", True), ("rejected", False)], "as JSON")
    equal([one["now"] for one in json.loads(clerk("status", "--local", "--json").stdout)["prepared"]], [None] * 4, "as JSON, local")
    due = clerk("due").stdout
    check("Given back instead of released, to be corrected: 1" in due and "115Q3" in due and "請附簽到表" in due, due)
    check("Waiting for you to release" not in due, due)
    check("核章時退回、待更正 1 件" in clerk("due", lang="zh").stdout, "in Chinese")
    check("to be corrected" not in clerk("due", "--form", "annual-report").stdout, "of another form")
    check("to be corrected" not in clerk("due", "--as-of", "2024-05-02T03:04:05Z").stdout, "of a past moment")
    due = head("due").stdout
    check("to be corrected: 1" in due and "Waiting for you to release: " in due, due)
    check("to be corrected" not in stranger("due").stdout, "another office")
    hand_in(clerk, home, quarterly(GUISHAN, "115Q3", courses=[course(date_from="2026-08-03", date_to="2026-08-03")]))
    due, said = clerk("due").stdout, clerk("status").stdout
    check("to be corrected" not in due and "a colleague to release: 2" in said and "Given back" not in said, due + said)
    equal(head("prepared", "reject", waiting, "--reason", "已無必要").returncode, 0, "tidy up")


@test
def verify_holds_what_was_prepared_against_the_log(d):
    equal(d.service.command("verify", check=False).returncode, 0, "verify")
    d.service.sql("alter table tributary.prepared_end disable trigger all; update tributary.prepared_end set reason = 'x' where outcome = 'rejected' "
                  "and sequence = (select max(sequence) from tributary.prepared_end where outcome = 'rejected')")
    done = d.service.command("verify", check=False)
    check(done.returncode == 1 and b"prepared_rejection" in done.stdout, done.stdout.decode()[-300:])


if __name__ == "__main__":
    suite.run()

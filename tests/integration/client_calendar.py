#!/usr/bin/env python3
"""What the client says of due dates: due, status --year, extension, calendar; and the statuses it exits with."""
import json
import pathlib
import re
import subprocess
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import FUXING, GUISHAN, OFFICES, annual, desk  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def tributary(d, client, *words, status=0, columns=0, lang="zh", settings=None):
    """Run the client for a principal; what it printed."""
    home = d.service.folder / "home"
    done = d.service.command(*words, "--lang", lang, program="tributary", check=False, settings={
        "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": client.token,
        "TRIBUTARY_PLAN": d.plan, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "c"), "XDG_STATE_HOME": str(home / "s"),
        "COLUMNS": str(columns), **(settings or {})})
    out = done.stdout.decode()
    equal(done.returncode, status, f"{words}: {out}{done.stderr.decode()}")
    return out


def fill(d):
    if not hasattr(d, "filled"):
        d.filled = True
        for office in [*OFFICES[:4], GUISHAN]:
            d.accepted(annual(office, "113"))


@test
def due_lists_what_is_overdue_the_most_urgent_first(d):
    fill(d)
    out = tributary(d, d.office(GUISHAN), "due", "--year", "113")
    dates = [tuple(map(int, found)) for found in re.findall(r"^(\d+)年(\d+)月(\d+)日 ", out, re.M)]
    check(len(dates) >= 5 and dates == sorted(dates), f"order of the dates: {dates}")
    check("逾期" in out and "天" in out, out)
    whole = tributary(d, d.office(GUISHAN), "due", "--year", "113", "--all")
    check("準時" not in out and "逾期收件" not in out, out)
    check("逾期收件" in whole and "總成果表" in whole, whole)
    city = tributary(d, d.geo, "due", "--year", "113", "--form", "webpage")
    check("全部 13 個機關" in city, city)


@test
def due_as_of_a_past_moment_counts_its_days_from_then(d):
    out = tributary(d, d.office(GUISHAN), "due", "--year", "113", "--as-of", "2024-03-28T04:00:00Z", "--form", "budget-plan")
    check("還有 4 天" in out and "計畫原定 113年3月31日" in out, out)
    out = tributary(d, d.office(GUISHAN), "due", "--year", "113", "--as-of", "2024-04-01T15:59:59Z", "--form", "budget-plan")
    check("今天到期" in out, out)
    out = tributary(d, d.office(GUISHAN), "due", "--year", "113", "--as-of", "2024-04-01T16:00:00Z", "--form", "budget-plan")
    check("逾期 1 天" in out, out)


@test
def due_as_json_is_the_server_s_answer(d):
    answer = json.loads(tributary(d, d.office(GUISHAN), "due", "--year", "113", "--json"))
    equal(answer, d.office(GUISHAN).get(f"{d.base}/obligations", year=113).json, "the answer")
    first, last = d.geo.get(d.base).json["years"].values()
    equal(len(json.loads(tributary(d, d.office(GUISHAN), "due", "--json"))), last - first + 1, "one answer for each year")


@test
def the_year_s_matrix_has_every_office_form_and_total(d):
    fill(d)
    obligations = d.geo.get(f"{d.base}/obligations", year=113).json["obligations"]
    keys = {(one["form"], one["period"]) for one in obligations}
    for lang, columns in (("zh", 0), ("zh", 80), ("en", 80), ("en", 140)):
        out = tributary(d, d.geo, "status", "--year", "113", lang=lang, columns=columns)
        plan = d.geo.get(d.base).json
        for office in plan["offices"]:
            row = next(line for line in out.splitlines() if line.startswith(office["name"][lang]))
            equal(len(row[len(office["name"][lang]):].split()), len(keys), f"signs of {office['code']}")
        check("5/13" in out, "the city's total of training-annual")
        for group in plan["groups"]:
            check(group["name"][lang] in out, f"no totals of {group['code']}")
    if columns:
        for line in tributary(d, d.geo, "status", "--year", "113", lang="en", columns=100).splitlines():
            check(len(line) <= 100 or line.startswith("Taoyuan City Gov"), f"{len(line)} columns: {line}")


@test
def an_office_s_matrix_shows_its_own_row_and_the_totals_of_its_group_and_the_city(d):
    fill(d)
    out = tributary(d, d.office(GUISHAN), "status", "--year", "113")
    check("龜山區公所" in out and "中壢區公所" not in out, out)
    check("5/13" in out and "第1組" in out and "第2組" not in out, out)


@test
def the_city_grants_takes_back_and_lists_extensions(d):
    place = ("--office", FUXING, "--form", "webpage", "--period", "115")
    out = tributary(d, d.geo, "extension", "grant", *place, "--until", "116年3月1日", "--reason", "系統移轉", "--granted-by", "性平辦主任")
    check("至 116年3月1日" in out, out)
    listed = tributary(d, d.geo, "extension", "list", "--office", FUXING)
    check("性平辦主任" in listed and "系統移轉" in listed, listed)
    due = tributary(d, d.office(FUXING), "due", "--all", "--year", "115", "--form", "webpage")
    check("116年3月1日" in due and "由 性平辦主任 核准展期：系統移轉" in due, due)
    tributary(d, d.geo, "extension", "revoke", *place, "--reason", "提前完成")
    check("收回" in tributary(d, d.office(FUXING), "extension", "list"), "the office sees it")
    equal(tributary(d, d.office(GUISHAN), "extension", "list"), "沒有展期紀錄。\n", "another office sees none")


@test
def what_is_wrong_exits_with_the_contract_s_statuses(d):
    place = ("--office", FUXING, "--form", "webpage", "--period", "115", "--reason", "x")
    tributary(d, d.geo, "extension", "grant", *place, "--until", "2020-01-01", status=1)
    tributary(d, d.geo, "extension", "revoke", "--office", FUXING, "--form", "other-measures", "--period", "115", "--reason", "x", status=1)
    tributary(d, d.geo, "extension", "grant", *place, status=2)
    tributary(d, d.geo, "extension", "grant", *place, "--until", "tomorrow", status=2)
    tributary(d, d.geo, "extension", "give", status=2)
    tributary(d, d.geo, "extension", status=2)
    tributary(d, d.office(FUXING), "extension", "grant", *place, "--until", "2027-03-01", status=4)
    tributary(d, d.geo, "calendar", status=2)
    tributary(d, d.office(GUISHAN), "due", "--office", FUXING, "--year", "113", status=4)
    tributary(d, d.geo, "due", status=3, settings={"TRIBUTARY_SERVER": "http://127.0.0.1:9"})


@test
def a_calendar_is_saved_or_subscribed_to(d):
    path = d.service.folder / "due.ics"
    tributary(d, d.office(GUISHAN), "calendar", "-o", path)
    saved = path.read_bytes()
    equal(saved, d.office(GUISHAN).get(f"{d.base}/calendar.ics").body, "the file")
    equal(tributary(d, d.office(GUISHAN), "calendar", "--output", "-").encode(), saved, "standard output")
    url = tributary(d, d.office(GUISHAN), "calendar", "--subscribe").strip()
    check(url.startswith(f"http://127.0.0.1:{d.service.port}/v1/calendars/"), url)
    reply = expect_status(d.service.client().get(url.split(str(d.service.port))[1]), 200)
    equal(reply.body, saved, "the feed")


@test
def a_secret_address_is_listed_and_taken_back(d):
    office = d.office(OFFICES[1])
    url = tributary(d, office, "calendar", "--subscribe").strip()
    path = url.split(str(d.service.port))[1]
    listed = tributary(d, office, "calendar", "--addresses")
    [feed] = re.findall(r"^[0-9a-f]{8}-[0-9a-f-]{27}", listed, re.M)
    check(path.split("/")[-1].removesuffix(".ics") not in listed, "the secret is said once only")
    check(feed in tributary(d, office, "calendar", "--revoke", feed), "taken back")
    expect_status(d.service.client().get(path), 404)
    tributary(d, office, "calendar", "--revoke", feed, "--addresses", status=2)


@test
def the_year_s_status_is_kept_as_a_file_in_words(d):
    path = d.service.folder / "status.ods"
    printed = tributary(d, d.geo, "status", "--year", "113", "-o", path)
    equal(printed, f"已存於 {path}\n", "nothing else is printed")
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    check("逾期收件" in content and "not_received" not in content and "未收件" in content, "words, not codes")
    tributary(d, d.geo, "status", "--year", "113", "-o", path, status=2)
    csv = tributary(d, d.geo, "status", "--year", "113", "-o", "-", "--format", "csv")
    check("not_received" in csv and "未收件" not in csv, "codes for programs")


@test
def a_template_names_the_working_day_and_what_to_do_next(d):
    path = d.service.folder / "web.ods"
    out = tributary(d, d.office(GUISHAN), "template", "webpage", "--period", "113", "-o", path)
    check(f"tributary check {path}" in out and f"tributary submit {path}" in out, out)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode()
    check("114年2月3日前" in content and "114年1月31日前" not in content, "31 January 2025 is a holiday")
    check("--annotate" in content, "the guide")
    form = tributary(d, d.office(GUISHAN), "form", "task-group-meeting")
    check("「會議日期」尚未填寫" in form and "value_missing" not in form and "person" not in form, form)


@test
def a_wrong_parameter_is_explained_in_the_reader_s_language(d):
    def said(lang, *words):
        done = d.service.command(*words, "--lang", lang, program="tributary", check=False, settings={
            "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": d.geo.token, "TRIBUTARY_PLAN": d.plan,
            "HOME": str(d.service.folder / "home"), "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""})
        equal(done.returncode, 2, f"{words}")
        return done.stderr.decode()

    check("「period」應為 112Q1–115Q4" in said("zh", "template", "training-quarterly", "--period", "113", "-o", "-",
                                             "--office", GUISHAN), "Chinese")
    check("there is no form 'nosuch'" in said("en", "due", "--form", "nosuch"), "English")
    check("時點，如" in said("zh", "due", "--as-of", "yesterday"), "a moment")
    check("沒有這個檔案或資料夾" in said("zh", "check", "nosuch.ods"), "the machine's fault")


def commit():
    """That of the sources the programs are made from; None where they lie in no repository of their own, or git won't say."""
    root = pathlib.Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    done = subprocess.run(["git", "-C", root, "describe", "--always", "--exclude=*", "--dirty", "--abbrev=12"],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


@test
def both_programs_say_their_release_and_commit_whatever_else_is_wrong(d):
    own, nothing = commit(), {"HOME": "/nonexistent", "TRIBUTARY_CONFIG": "/nonexistent", "TRIBUTARY_SERVER": ""}
    for program, *ways in (("tributaryd", ["--version"], ["--config", "/nonexistent", "--version"]),
                           ("tributary", ["--version"], ["version"], ["due", "--version"])):
        for words in ways:
            done = d.service.command(*words, program=program, settings=nothing)
            said = re.fullmatch(rf"{program} (\d+\.\d+\.\d+)(?: \(([0-9a-f]{{12}}(?:-dirty)?)\))?\n", done.stdout.decode())
            check(said, f"{words}: {done.stdout}")
            equal((said[2], done.stderr), (own, b""), f"{words}")
    told = json.loads(d.service.command("--version", "--json", program="tributary").stdout)
    equal(told, {"program": "tributary", "version": said[1], "commit": own}, "as JSON")
    check("--version" in d.service.command("--help").stdout.decode(), "the daemon's help")


if __name__ == "__main__":
    suite.run()

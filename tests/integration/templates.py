#!/usr/bin/env python3
"""Templates over HTTP: every form in every format, sound files, prefilled with what is known, an office only its own."""
import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, ZHONGLI, annual, course, desk, line, quarterly  # noqa: E402
from tributary_harness import Suite, build_folder, check, equal, expect_status, free_port  # noqa: E402

suite = Suite(desk)
test = suite.test
TYPES = {"ods": "application/vnd.oasis.opendocument.spreadsheet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "csv": "text/csv", "json": "application/json"}
PERIODS = {"year": "113", "quarter": "113Q2", "plan": "plan"}


def forms(d):
    plan = expect_status(d.geo.get(f"/v1/plans/{d.plan}"), 200).json
    return [(one["code"], PERIODS[one["period"]]) for one in plan["forms"]]


def template(d, form, period, client=None, **query):
    return (client or d.office(GUISHAN)).get(f"{d.base}/forms/{form}/template", period=period,
                                             **query)


def skeleton(d, form, period, **query):
    return expect_status(template(d, form, period, format="json", **query), 200).json


def parse_all(archive):
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(archive.read(name))


@test
def every_form_comes_in_every_format_the_same_each_time(d):
    asked = forms(d)
    check(len(asked) >= 12, f"only {len(asked)} forms")
    for form, period in asked:
        for name, kind in TYPES.items():
            reply = expect_status(template(d, form, period, format=name), 200)
            equal(reply.header("content-type").split(";")[0], kind, f"type of {form}.{name}")
            again = expect_status(template(d, form, period, format=name), 200)
            check(reply.body == again.body, f"{form}.{name} differs from itself")


@test
def an_ods_is_a_sound_open_document(d):
    for form, period in forms(d):
        archive = zipfile.ZipFile(io.BytesIO(template(d, form, period, format="ods").body))
        first = archive.infolist()[0]
        equal((first.filename, first.compress_type, first.extra), ("mimetype", 0, b""), form)
        equal(archive.read("mimetype").decode(), TYPES["ods"], form)
        parse_all(archive)
        manifest = ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
        listed = {value for one in manifest for key, value in one.attrib.items()
                  if key.endswith("full-path")}
        equal(listed - {"/"}, set(archive.namelist()) - {"mimetype", "META-INF/manifest.xml"},
              f"manifest of {form}")


@test
def an_xlsx_is_a_sound_archive(d):
    for form, period in forms(d):
        archive = zipfile.ZipFile(io.BytesIO(template(d, form, period, format="xlsx").body))
        check("xl/workbook.xml" in archive.namelist(), form)
        check(archive.testzip() is None, form)
        parse_all(archive)


@test
def ods_is_what_comes_where_nothing_is_asked_and_accept_is_heard(d):
    path = f"{d.base}/forms/training-annual/template?period=113"
    for accept, name in ((None, "ods"), ("*/*", "ods"), (TYPES["xlsx"], "xlsx"), ("text/csv", "csv"),
                         ("application/json", "json"), ("application/json, */*;q=0.1", "json")):
        reply = d.office(GUISHAN).get(path, headers={"Accept": accept} if accept else None)
        equal(expect_status(reply, 200).header("content-type").split(";")[0], TYPES[name], accept)


@test
def the_file_has_a_name_that_says_what_it_is(d):
    reply = expect_status(template(d, "training-quarterly", "113Q2"), 200)
    name = reply.header("content-disposition")
    check(name.startswith('attachment; filename="training-quarterly_68000070_113Q2.ods"'), name)
    check("filename*=UTF-8''%E5%9F%B9%E5%8A%9B" in name, name)


@test
def it_is_not_sent_again_while_nothing_changed(d):
    path = f"{d.base}/forms/webpage/template?period=113"
    reply = expect_status(d.office(GUISHAN).get(path), 200)
    expect_status(d.office(GUISHAN).get(path, headers={"If-None-Match": reply.header("etag")}), 304)


@test
def an_office_gets_its_own_only_and_others_say_which(d):
    equal(skeleton(d, "training-annual", "112")["office"], GUISHAN, "its own by default")
    expect_status(template(d, "training-annual", "112", office=GUISHAN), 200)
    for name in TYPES:
        expect_status(template(d, "training-annual", "112", office=ZHONGLI, format=name), 403)
    expect_status(template(d, "training-annual", "112", d.geo), 400)
    expect_status(template(d, "training-annual", "112", d.geo, office="99"), 400)
    reply = expect_status(template(d, "training-annual", "112", d.geo, office=ZHONGLI,
                                   format="json"), 200)
    equal(reply.json["office"], ZHONGLI, "the one that was asked for")


@test
def what_is_not_of_the_plan_is_refused(d):
    expect_status(template(d, "no-such-form", "113"), 404)
    expect_status(template(d, "training-annual", "113Q1"), 400)
    expect_status(template(d, "training-annual", "200"), 400)
    expect_status(template(d, "training-annual", "113", event="x"), 400)
    expect_status(template(d, "task-group-meeting", "113", event="x"), 400)
    expect_status(template(d, "training-annual", "113", format="pdf"), 406)
    expect_status(d.office(GUISHAN).get(f"{d.base}/forms/training-annual/template"), 400)


@test
def an_untouched_template_is_judged_without_an_error(d):
    for form, period in forms(d):
        document = skeleton(d, form, period)
        equal(document["base"], 0, form)
        for name in ("csv", "ods", "xlsx"):
            reply = d.office(GUISHAN).request(
                "POST", f"{d.base}/submissions?dry_run=true",
                body=template(d, form, period, format=name).body, headers={"Content-Type": TYPES[name]})
            said = expect_status(reply, 200).json
            equal([one for one in said["findings"] if one["code"] != "value_missing"
                   and one["severity"] == "error"], [], f"{form}.{name}")


@test
def a_submission_comes_back_with_its_base(d):
    office, year = OFFICES[0], "113"
    sent = annual(office, year)
    d.accepted(sent)
    document = expect_status(template(d, "training-annual", year, d.office(office), format="json"),
                             200).json
    equal(document["base"], 1, "base")
    equal({code: value for code, value in document["fields"].items() if value is not None},
          sent["fields"], "fields")
    rows = list(csv.reader(io.StringIO(expect_status(template(
        d, "training-annual", year, d.office(office), format="csv"), 200).body.decode("utf-8-sig"))))
    check(["#base", "1"] in [row[:2] for row in rows], "base in CSV")
    archive = zipfile.ZipFile(io.BytesIO(template(d, "training-annual", year, d.office(office)).body))
    check('office:value="61"' in archive.read("content.xml").decode(), "a value in the ODS")


@test
def a_template_given_back_changes_only_what_was_typed(d):
    office = OFFICES[1]
    d.accepted(quarterly(office, courses=[course("a1"), course("a2", name="=不是公式")]))
    document = expect_status(template(d, "training-quarterly", "113Q2", d.office(office),
                                      format="json"), 200).json
    equal([row["_row"] for row in document["tables"]["courses"]], ["a1", "a2"], "rows")
    equal(document["tables"]["outreach"], [], "what was declared empty stays so")
    for name in ("csv", "ods", "xlsx"):
        same = template(d, "training-quarterly", "113Q2", d.office(office), format=name).body
        reply = d.office(office).request("POST", f"{d.base}/submissions", body=same,
                                         headers={"Content-Type": TYPES[name]})
        check(expect_status(reply, 200).json.get("unchanged"), f"handed in as it came: {name}")


@test
def contacts_are_carried_over_and_counts_are_not(d):
    office = OFFICES[2]
    fields = {"effective_from": "2024-01-15", "liaison.name": "王小明", "liaison.title": "課長",
              "liaison.unit": "社會課", "liaison.phone": "03-3322101", "deputy.name": "李大同",
              "deputy.title": "課員", "deputy.unit": "社會課"}
    d.accepted({"form": "liaison-contacts", "office": office, "period": "113", "base": 0,
                "fields": fields})
    d.accepted(annual(office, "113"))
    client = d.office(office)
    next_year = expect_status(template(d, "liaison-contacts", "114", client, format="json"), 200).json
    equal((next_year["base"], next_year["fields"]["liaison.name"], next_year["fields"]["effective_from"]),
          (0, "王小明", None), "the name comes along, the date does not")
    counts = expect_status(template(d, "training-annual", "114", client, format="json"), 200).json
    equal(set(counts["fields"].values()), {None}, "counts")


@test
def other_forms_fill_in_what_they_hold(d):
    office = OFFICES[3]
    lines = [{key: value for key, value in line(1).items() if key not in ("executed", "settled")}]
    d.accepted({"form": "budget-plan", "office": office, "period": "113", "base": 0,
                "fields": {"total_budget": 5000000}, "tables": {"lines": lines}})
    report = expect_status(template(d, "annual-report", "113", d.office(office), format="json"),
                           200).json
    equal(report["fields"]["budget.total"], 5000000, "the total of the budget plan")
    equal(report["fields"]["review.findings"], None, "what nobody knows")


class Desktop:
    """The client on a machine of its own: a home folder and a working folder."""

    def __init__(self, d, folder, office=GUISHAN):
        self.folder = pathlib.Path(folder)
        (self.folder / "home").mkdir()
        (self.folder / "work").mkdir()
        token = d.service.add_token("office", office)
        self.server = f"http://127.0.0.1:{d.service.port}"
        self.environment = {**os.environ, "HOME": str(self.folder / "home"), "LC_ALL": "C.UTF-8",
                            "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": str(self.folder / "home"),
                            "TRIBUTARY_TOKEN": token, "TRIBUTARY_PLAN": d.plan}

    def run(self, *arguments, server=None):
        return subprocess.run([str(build_folder() / "tributary"), *arguments], capture_output=True,
                              timeout=60, cwd=self.folder / "work",
                              env={**self.environment, "TRIBUTARY_SERVER": server or self.server})

    def done(self, *arguments, status=0, **options):
        ran = self.run(*arguments, **options)
        equal(ran.returncode, status, f"{arguments}: {ran.stdout!r} {ran.stderr!r}")
        return ran

    def read(self, name):
        return (self.folder / "work" / name).read_bytes()


@test
def the_client_writes_the_servers_template(d):
    with tempfile.TemporaryDirectory() as folder:
        desktop = Desktop(d, folder)
        desktop.done("template", "webpage", "--period", "113")
        whole = expect_status(template(d, "webpage", "113", format="ods"), 200).body
        check(desktop.read("webpage_68000070_113.ods") == whole, "named by the server")
        refused = desktop.done("template", "webpage", "--period", "113", status=2)
        check(b"--force" in refused.stderr, refused.stderr)
        desktop.done("template", "webpage", "--period", "113", "--force")
        desktop.done("template", "webpage", "--period", "113", "-o", "mine.xlsx")
        check(desktop.read("mine.xlsx") == template(d, "webpage", "113", format="xlsx").body, "by its ending")
        shown = desktop.done("template", "webpage", "--period", "113", "-o", "-", "--format", "csv")
        check(shown.stdout == template(d, "webpage", "113", format="csv").body, "to standard output")
        desktop.done("template", "webpage", "--period", "113", "-o", "x.pdf", status=2)
        desktop.done("template", "webpage", status=2)
        desktop.done("template", "webpage", "--period", "113", "--office", ZHONGLI, status=4)


@test
def without_the_server_the_client_makes_it_from_the_plan_it_keeps(d):
    with tempfile.TemporaryDirectory() as folder:
        desktop, nowhere = Desktop(d, folder), f"http://127.0.0.1:{free_port()}"
        whole = template(d, "webpage", "115", format="ods").body
        desktop.done("template", "webpage", "--period", "115", "--office", GUISHAN, status=3, server=nowhere)
        desktop.done("form", "webpage")
        state = desktop.folder / "home" / "tributary"
        check(state.exists(), f"the plan is kept in {list((desktop.folder / 'home').iterdir())}")
        d.service.stop()
        made = desktop.done("template", "webpage", "--period", "115", "--office", GUISHAN, "-o", "offline.ods")
        needs = desktop.done("template", "webpage", "--period", "115", status=2)
        d.service.start()
        d.service.wait_ready()
        check(desktop.read("offline.ods") == whole, "the same, as nothing was known")
        check(b"nothing is filled in" in made.stderr, made.stderr)
        check(b"--office" in needs.stderr, needs.stderr)


if __name__ == "__main__":
    suite.run()

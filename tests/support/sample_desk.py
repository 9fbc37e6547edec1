"""The sample years: a database marked as a sample, fed through the real client, and what the independent oracle knows of it."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "oracle"))

import figures  # noqa: E402  pylint: disable=wrong-import-position
import plans  # noqa: E402  pylint: disable=wrong-import-position
from tributary_harness import Service, build_folder, check, cluster, equal, expect_status  # noqa: E402  pylint: disable=wrong-import-position

PLAN = "taoyuan-112-115"
TODAY = "2026-11-22"


class Sample:
    """A sample database, fed; with the documents that were posted and what the daemon says of their revisions."""

    def __init__(self, service):
        self.service = service
        self.tokens = {"offices": {}}
        self.first_ones = {}
        self.folder = service.folder
        service.migrate("--sample")
        service.command("plan", "load", ROOT / "common/plan/plans" / f"{PLAN}.json", "--sample-clock", "2022-12-01T00:00:00Z")
        definition = json.loads((ROOT / "common/plan/plans" / f"{PLAN}.json").read_text())
        for office in definition["offices"]:
            self.tokens["offices"][office["code"]] = service.add_token("office", office["code"])
        self.tokens.update({role: service.add_token(role) for role in ("geo", "dbas", "supervision")})
        service.start()
        (self.folder / "tokens.json").write_text(json.dumps(self.tokens))
        self.geo = service.client(self.tokens["geo"])

    def feed(self):
        return subprocess.run(["sh", str(ROOT / "client/sample/feed.sh"), f"http://127.0.0.1:{self.service.port}",
                               str(self.folder / "tokens.json")], capture_output=True, timeout=240, check=False,
                              env={**os.environ, "SAMPLE_TODAY": TODAY, "TRIBUTARY_BIN": str(build_folder() / "tributary")})

    def tributary(self, *arguments, token=None, settings=None, state="state"):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TRIBUTARY_")}
        environment.update({"TRIBUTARY_SERVER": f"http://127.0.0.1:{self.service.port}", "TRIBUTARY_PLAN": PLAN,
                            "TRIBUTARY_TOKEN": token or self.tokens["geo"], "XDG_STATE_HOME": str(self.folder / state),
                            "XDG_CONFIG_HOME": str(self.folder / "config"), "LC_ALL": "C.UTF-8", **(settings or {})})
        return subprocess.run([str(build_folder() / "tributary"), *map(str, arguments)], capture_output=True, timeout=60,
                              check=False, env=environment, cwd=self.folder, text=True)

    def history(self):
        """What the oracle knows: posted documents, in order, each with the moment its revision was recorded."""
        documents = self.folder / "documents"
        subprocess.run([sys.executable, str(ROOT / "client/sample/generate.py"), "--output", str(documents),
                        "--today", TODAY], check=True, capture_output=True)
        held = figures.History()
        plan = plans.Plan(expect_status(self.geo.get(f"/v1/plans/{PLAN}"), 200).json)
        held.add_plan(plan, "")
        revisions, events, said, kept = self.revisions(), {}, self.said(), {}
        for line in (documents / "manifest.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if entry["expect"] != "recorded" or "meeting" in entry or "path" in entry:
                continue
            if "review_of" in entry:
                one = said[kept[entry["review_of"]].submission].pop(0)
                equal((one["stage"], one["outcome"]), (entry["stage"], entry["outcome"]), f"review of {entry['review_of']}")
                revision = kept[entry["review_of"]]
                stage = next(stage["stage"] for stage in plan.forms[revision.form].definition["review"] if stage.get("official"))
                if entry["stage"] == stage and entry["outcome"] != "return":
                    held.official.append((revision, one["recorded_at"]))
                continue
            document = json.loads((documents / entry["file"]).read_text())
            place = (document["form"], document["office"], document["period"])
            event = events.get(entry.get("event_of"))
            if event is None and plan.forms[place[0]].event:
                event = events[entry["file"]] = self.event_of(place, document)
            recorded = revisions[(*place, event)].pop(0)
            kept[entry["file"]] = figures.Revision(*place, document, recorded, recorded["recorded_at"], plan, event)
            held.add(kept[entry["file"]])
        check(not any(revisions.values()), "the daemon holds revisions that were not fed")
        check(not any(said.values()), "the daemon holds reviews that were not fed")
        return plan, held

    def said(self):
        """{revision: what was said of it, in order}"""
        found, after = {}, None
        while True:
            page = self.geo.get(f"/v1/plans/{PLAN}/reviews", limit=1000, **({"after": after} if after else {})).json
            for one in page["reviews"]:
                found.setdefault(one["submission"], []).append(one)
            after = page["next"]
            if after is None:
                return found

    def event_of(self, place, document):
        """The event that was given to a document, which is the only one of its date and kind."""
        if place not in self.first_ones:
            self.first_ones[place] = []
            listed = self.geo.get(f"/v1/plans/{PLAN}/submissions", **dict(zip(("form", "office", "period"), place))).json["submissions"]
            for one in listed:
                fields = self.geo.get(f"/v1/submissions/{one['submission']}").json["document"]["fields"]
                self.first_ones[place].append((fields["date"], fields["kind"], one["event"]))
        fields = document["fields"]
        return next(event for date, kind, event in self.first_ones[place] if (date, kind) == (fields["date"], fields["kind"]))

    def revisions(self):
        found, after = {}, None
        while True:
            page = self.geo.get(f"/v1/plans/{PLAN}/submissions", limit=100, **({"after": after} if after else {})).json
            for one in page["submissions"]:
                listed = self.geo.get(f"/v1/submissions/{one['submission']}/revisions").json["revisions"]
                found[(one["form"], one["office"], one["period"], one["event"])] = listed
            after = page["next"]
            if after is None:
                return found


@contextlib.contextmanager
def sample():
    with cluster() as server:
        service = Service(server)
        try:
            yield Sample(service)
        finally:
            service.close()

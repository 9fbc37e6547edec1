"""The target of a walk along the table of rights: an office, with everything it has."""
import dataclasses
import itertools
import uuid

import files
import marked
from desk import GROUP_1, PLAN
from people import People
from tributary_harness import expect_status

CASES = {}


@dataclasses.dataclass
class Request:
    parameters: dict = dataclasses.field(default_factory=dict)
    query: dict = dataclasses.field(default_factory=dict)
    body: object = None
    headers: dict = dataclasses.field(default_factory=dict)


def case(*routes):
    def keep(function):
        for route in routes:
            CASES[route] = function
        return function
    return keep


DAYS = itertools.count(1)


def some_day():
    number = next(DAYS)
    return f"2024-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"


class Target:
    """An office that wrote a mark into everything that takes a text."""

    def __init__(self, desk, office, word):
        self.desk, self.office, self.marks = desk, office, marked.Marks(word)
        self.writer = desk.office(office)
        self.base = desk.base
        self.held, self.ids, self.askers = {}, set(), {}
        self.people = People(desk.service)
        self.people.count = int(office[-3:]) * 1000  # logins of their own
        self.unreviewed, self.budget_years = iter((("annual-report", 112), ("budget-plan", 114))), iter((112, 115))
        self._days = itertools.count(1)
        self._tails = itertools.count(1)

    def fill(self):
        """One submission of every form, with what belongs to it."""
        for form in ["annual-report", *marked.FORMS]:
            if form not in self.held:
                self.hand_in(form, 113)
        self.held["returned"] = self.returned()
        self.attachment()
        self.extension()
        self.feed()
        self.closing()
        self.held["attested"] = self.attested()
        self.preparer = self.people.signed_in("office", self.office, duty="prepare", name=self.marks.new("name of a person"))
        self.person = self.people.account(self.preparer.login)
        self.note(self.person)
        self.sitter = self.people.make("office", self.office)
        self.rejected()
        self.remarked()
        self.mail()
        self.held["member"] = self.seated()
        self.held["pack"] = self.packed()
        self.held["gathering"] = self.gathered()
        self.held["own gathering"] = self.planned()
        self.turn()
        self.held["sitter"], self.held["to sit in on"] = self.sat_in()
        self.held["decision"] = self.decided()
        self.mistaken()
        return self

    def note(self, identity):
        self.ids.add(identity)
        return identity

    def hand_in(self, form, year, client=None, **more):
        document = marked.document(form, self.office, year, self.marks, **more)
        reply = (client or self.writer).hand_in(PLAN, document)
        receipt = expect_status(reply, 201).json
        self.held.setdefault(form, receipt["submission"])
        self.note(receipt["submission"])
        return receipt

    def meeting(self, client=None):
        """A submission of its own: each record of a meeting is one."""
        return self.hand_in("task-group-meeting", 113, client)

    def revised(self):
        """A second revision, whose first one is the diff's other side."""
        first = self.meeting()
        document = marked.document("task-group-meeting", self.office, 113, self.marks, base=1, event=first["event"])
        return self.note(expect_status(self.writer.hand_in(PLAN, document), 201).json["submission"])

    def returned(self):
        receipt = self.meeting()
        expect_status(self.desk.geo.post(f"/v1/submissions/{receipt['submission']}/reviews", {
            "outcome": "return", "reason": self.marks.new("reason of a return"), "cells": ["fields.chair"],
            "meeting": self.city_meeting("promotion-group")}), 201)
        return receipt["submission"]

    def city_meeting(self, body):
        held_on = f"2099-{next(self._days) % 12 + 1:02d}-15"  # after whatever is handed in meanwhile
        reply = self.desk.geo.post(f"{self.base}/meetings", {"body": body, "held_on": held_on})
        expect_status(reply, 200, 201)
        return held_on

    def open_upload(self, whole=True, name=None, client=None):
        data = files.pdf(3000, seed=next(self._tails) + int(self.office))
        client = client or self.writer
        upload = expect_status(client.post(f"{self.base}/uploads", {
            "size": len(data), "name": name or self.marks.new("name of a file") + ".pdf"}), 201).json["upload"]
        if whole:
            expect_status(client.request("PATCH", f"/v1/uploads/{upload}", body=data, headers={
                "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
        return self.note(upload), data

    def attachment(self):
        upload, _ = self.open_upload()
        return self.note(expect_status(self.writer.post(f"/v1/submissions/{self.meeting()['submission']}/attachments", {
            "upload": upload, "slot": "evidence"}), 201).json["attachment"])

    def withdrawn(self):
        attachment = self.attachment()
        expect_status(self.writer.post(f"/v1/attachments/{attachment}/withdrawal",
                                       {"reason": self.marks.new("reason of a withdrawal")}), 201)
        return attachment

    def feed(self):
        return expect_status(self.writer.post(f"{self.base}/calendar-feeds", {}), 201).json

    def extension_body(self):
        return {"office": self.office, "form": "webpage", "period": "115", "until": "2027-03-01",
                "reason": self.marks.new("reason of an extension")}

    def extension(self):
        expect_status(self.desk.geo.post(f"{self.base}/extensions", self.extension_body()), 201)

    def prepared(self):
        """What one of the office prepared and nobody released yet."""
        document = marked.document("task-group-meeting", self.office, 113, self.marks)
        return self.note(expect_status(self.preparer.post(f"{self.base}/submissions", document), 202).json["prepared"])

    def rejected(self):
        prepared = self.prepared()
        expect_status(self.writer.post(f"/v1/prepared/{prepared}/rejection", {
            "reason": self.marks.new("reason of giving back what was prepared")}), 201, 200)

    def session(self):
        """A session of one of the office, to be ended by others."""
        browser = self.people.browser()
        expect_status(browser.sign_in(self.sitter), 201)
        return self.note(browser.session)

    def remarked(self):
        """(a submission, a remark on it that an office and the city wrote on)"""
        submission = self.held["webpage"]
        remark = expect_status(self.writer.post(f"/v1/submissions/{submission}/remarks", {
            "path": "fields.updates", "text": self.marks.new("text of a remark")}), 201).json["remark"]
        expect_status(self.desk.geo.post(f"/v1/submissions/{submission}/remarks", {
            "text": self.marks.new("text of an answer"), "answers": remark}), 201)
        return submission, self.note(remark)

    def resolved(self):
        expect_status(self.writer.post(f"/v1/remarks/{self.remarked()[1]}/resolution", {"resolved": True}), 201)

    def mail(self):
        """(a mail to the person that was given up, the secret that ends its kind)"""
        mail, secret = self.note(str(uuid.uuid4())), f"secret{uuid.uuid4().hex}"
        self.desk.service.sql(
            "insert into tributary.mail (mail, jurisdiction, account, office, kind, dedupe, facts, state, give_up_at) values "
            f"('{mail}', '68000', '{self.person}', '{self.office}', 'reminder', '{mail}', '{{}}', 'given_up', "
            f"now() + interval '1 day'); insert into tributary.mail_unsubscription values (sha256('{secret}'), '68000', '{mail}')")
        return mail, secret

    def preference(self):
        expect_status(self.preparer.request("PUT", "/v1/account/mail-preferences", {"opted_out": ["digest"]},
                                            headers={"If-Match": "*"}), 200, 201)

    def seated(self):
        """Somebody who sits on the liaison meeting of the office's group, until a day."""
        member = self.note(expect_status(self.desk.geo.post(f"{self.base}/bodies/liaison/members", {
            **self.seating(), "unit": "group-1" if self.office in GROUP_1 else "group-2"}), 201).json["member"])
        expect_status(self.desk.geo.post(f"/v1/body-members/{member}/end", {"ended_on": "2025-12-31"}), 201)
        return member

    def gathered(self):
        """A liaison meeting of the office's group that was held, with its agenda, its attendance and what it resolved."""
        meeting = self.note(expect_status(self.desk.geo.post(f"{self.base}/meetings", {
            "body": "liaison", "unit": "group-1" if self.office in GROUP_1 else "group-2", "day": "2024-10-15", "state": "held",
            "place": self.marks.new("place of a meeting")}), 201).json["meeting"])
        agenda = self.put(meeting, "agenda", self.agenda())["agenda"]
        self.held["item"] = agenda["items"][0]["item"]
        self.put(meeting, "attendance", self.attendance())
        self.put(meeting, "resolutions", self.resolutions())
        return meeting

    def decided(self, carried=True):
        """What the office's own task group decided, and recorded itself: reported on with a file, ruled upon, carried up, answered."""
        record, later = (self.meeting()["submission"] for _ in range(2))
        one = self.note(expect_status(self.writer.post(f"/v1/meetings/{record}/decisions", self.decision()), 201).json["decision"])
        if carried:
            upload, _ = self.open_upload()
            expect_status(self.writer.post(f"/v1/decisions/{one}/progress", {
                **self.progress(), "attachments": [{"upload": upload}]}), 201)
            expect_status(self.writer.post(f"/v1/decisions/{one}/rulings", self.ruling(later)), 201)
            referral = self.referred(one)
            expect_status(self.desk.geo.post(f"/v1/referrals/{referral}/outcome", self.outcome()), 201)
        self.held["later record"] = later
        return one

    def mistaken(self):
        """A decision that was recorded by mistake, and withdrawn."""
        one = self.decided(False)
        expect_status(self.writer.post(f"/v1/decisions/{one}/withdrawal", {"reason": self.marks.new("reason of a withdrawal")}), 201)

    def referred(self, decision):
        return self.note(expect_status(self.desk.geo.post(f"/v1/decisions/{decision}/referrals", {
            "reason": self.marks.new("reason of a referral")}), 201).json["referrals"][-1]["referral"])

    def decision(self):
        return {"title": self.marks.new("title of a decision"), "text": self.marks.new("text of a decision"),
                "owners": [{"office": self.office}], "asks": {"text": self.marks.new("question of a decision")}}

    def progress(self):
        return {"owner": 1, "text": self.marks.new("text of progress")}

    def ruling(self, record=None):
        return {"meeting": record or self.held["later record"],
                "rulings": [{"owner": 1, "outcome": "continue", "text": self.marks.new("text of a ruling")}]}

    def outcome(self):
        return {"meeting": self.city_meeting("promotion-group"), "text": self.marks.new("text of an outcome")}

    def resolved_meeting(self):
        """Another one, on a day of its own, and an item of which nothing is tracked yet."""
        meeting = self.note(expect_status(self.desk.geo.post(f"{self.base}/meetings", {
            "body": "liaison", "unit": self.group, "day": some_day(), "state": "held"}), 201).json["meeting"])
        item = self.put(meeting, "agenda", {"items": [{"kind": "discussion", "title": self.marks.new("title of an item")}]})["agenda"]["items"][0]["item"]
        self.put(meeting, "resolutions", {"resolutions": [{"item": item, "text": self.marks.new("text of a resolution")}]})
        return meeting, item

    def corrected(self):
        """A meeting of the office's group, and what was taken over from it, of which something else is resolved by now."""
        meeting, item = self.resolved_meeting()
        text = self.desk.geo.get(f"/v1/meetings/{meeting}").json["agenda"]["items"][0]["resolution"]["text"]
        one = self.note(expect_status(self.desk.geo.post(f"/v1/meetings/{meeting}/decisions", {
            **self.decision(), "item": item, "text": text}), 201).json["decision"])
        self.put(meeting, "resolutions", {"resolutions": [{"item": item, "text": self.marks.new("text of a resolution")}],
                                          "reason": self.marks.new("reason of a correction")})
        return meeting, one

    def planned(self):
        return self.note(expect_status(self.writer.post(f"{self.base}/meetings", {
            "body": "task-group", "day": "2025-04-15", "place": self.marks.new("place of a meeting")}), 201).json["meeting"])

    def put(self, meeting, what, body):
        return expect_status(self.desk.geo.request("PUT", f"/v1/meetings/{meeting}/{what}", body, {"If-Match": "*"}), 200).json

    def agenda(self):
        held = {"item": self.held["item"]} if "item" in self.held else {}
        return {"items": [{**held, "kind": "discussion", "title": self.marks.new("title of an item"),
                           "explanation": self.marks.new("explanation of an item")}]}

    def attendance(self):
        return {"rows": [{"office": self.office, "post": self.marks.new("post of somebody"), "name": self.marks.new("name at a meeting")}]}

    def resolutions(self):
        return {"resolutions": [{"item": self.held["item"], "text": self.marks.new("text of a resolution"),
                                 "remarks": self.marks.new("remarks at a meeting")}]}

    def packed(self):
        """The pack of the office's task group, as the office froze it, and an earlier one."""
        made = [self.note(expect_status(self.writer.post(f"{self.base}/packs", {"body": "task-group", "year": year}), 201).json["pack"])
                for year in (112, 113)]
        return made[1], made[0]

    def seating(self):
        return {"name": self.marks.new("name of a member"), "sex": "f", "seat": "external", "role": "member", "from": "2024-01-01"}

    @property
    def group(self):
        return "group-1" if self.office in GROUP_1 else "group-2"

    def turn(self):
        """The office's turn to keep its group's secretariat."""
        expect_status(self.desk.geo.post(f"{self.base}/secretariat", {
            "unit": self.group, "year": 112, "office": self.office, "reason": self.marks.new("reason of a turn")}), 200, 201)

    def sat_in(self):
        """(a member of the team, a meeting of the office's group that another member sits in on)"""
        sitter, other = (expect_status(self.desk.geo.post(f"{self.base}/bodies/supervision-team/members", {
            "name": self.marks.new("name of a member of the team"), "sex": "m", "seat": "internal", "role": "member", "from": "2023-01-01"}),
            201).json["member"] for _ in range(2))  # the team is the city's: their seats are no office's
        meeting = self.note(expect_status(self.desk.geo.post(f"{self.base}/meetings", {
            "body": "liaison", "unit": self.group, "day": "2025-09-10", "state": "planned"}), 201).json["meeting"])
        expect_status(self.desk.geo.post(f"/v1/meetings/{meeting}/sitting-in", {
            "member": other, "reason": self.marks.new("reason of a meeting given")}), 201)
        return sitter, meeting

    def attested(self):
        receipt = self.meeting()
        expect_status(self.desk.geo.post(f"/v1/submissions/{receipt['submission']}/attestations", self.attestation()), 201)
        return receipt["submission"]

    def attestation(self):
        return {"received_at": "2024-05-01T00:00:00Z", "reason": self.marks.new("reason of an attestation")}

    def closing(self):
        expect_status(self.desk.geo.post(f"{self.base}/closings", {
            "period": "115", "form": "other-measures", "closed": True, "reason": f"報表已送核 {self.office}"}), 201)
        expect_status(self.desk.geo.post(f"{self.base}/closings", {
            "period": "115", "form": "other-measures", "closed": False, "reason": f"補正 {self.office}"}), 201)

    def passed_by_its_task_group(self):
        receipt = self.hand_in("budget-plan", next(self.budget_years))
        expect_status(self.desk.geo.post(f"/v1/submissions/{receipt['submission']}/reviews", {
            "stage": "task-group", "outcome": "accept", "meeting": self.held["task-group-meeting"]}), 201)
        return receipt["submission"]

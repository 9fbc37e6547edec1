#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while files are sent and attached: what was acknowledged is there, and uploads go on."""
import hashlib
import random
import threading
import time

from clerks import OFFICES, desk
import files
from desk import quarterly
from killing import BROKEN, SEED, rounds
from tributary_harness import Client, Suite, check, cluster, comment, equal, expect_status

KIB = 1024
suite = Suite(lambda: desk(cluster, {"TRIBUTARY_ATTACHMENT_UPLOADS": "1000"}))


class Sender:
    """Somebody of an office who attaches one file after the other, whatever happens to the daemon."""

    def __init__(self, d, office, seed):
        self.d, self.office, self.chance = d, office, random.Random(seed)
        self.client = Client(d.service.port, d.office(office).token, 20)
        self.submission = d.accepted(quarterly(office, "113Q1", courses=[]))["submission"]
        self.made, self.troubles, self.serial, self.broken, self.went_on = [], [], 0, 0, 0
        self.resting = threading.Event()

    def patiently(self, method, path, body=None, headers=None):
        """The answer of one request, asked for until there is one."""
        while True:
            try:
                reply = self.client.request(method, path, body=body, headers=headers)
                if reply.status not in (429, 503):
                    return reply
            except BROKEN:
                self.client.forget()
                self.broken += 1
            time.sleep(0.03)

    def send(self, upload, data):
        """Sends every piece; after an answer that never came it asks where the upload stands."""
        acknowledged = 0
        while acknowledged < len(data):
            size = self.chance.choice((16, 100, 300)) * KIB
            try:
                reply = self.client.request("PATCH", f"/v1/uploads/{upload}", body=data[acknowledged:acknowledged + size], headers={
                    "Content-Type": "application/octet-stream", "Upload-Offset": str(acknowledged)})
            except BROKEN:
                self.client.forget()
                self.broken += 1
                reply = self.patiently("GET", f"/v1/uploads/{upload}")
                self.went_on += 1
            if reply.status == 503:
                time.sleep(0.03)
                continue
            if reply.status not in (200, 409) or reply.json["offset"] < acknowledged:
                self.troubles.append(f"{acknowledged} bytes were acknowledged: {reply}")
                return False
            acknowledged = reply.json["offset"]
        return True

    def attach_one(self):
        self.serial += 1
        data = files.pdf(self.chance.randint(100, 900) * KIB, seed=f"{self.office} {self.serial}")
        opened = self.patiently("POST", f"{self.d.base}/uploads", {"size": len(data), "name": f"{self.serial}.pdf"})
        if opened.status != 201 or not self.send(opened.json["upload"], data):
            self.troubles.append(str(opened))
            return
        key = f"{self.office}-{self.serial}"
        reply = self.patiently("POST", f"/v1/submissions/{self.submission}/attachments",
                               {"upload": opened.json["upload"], "slot": "evidence"}, {"Idempotency-Key": key})
        if reply.status not in (200, 201) or reply.json["sha256"] != hashlib.sha256(data).hexdigest():
            self.troubles.append(str(reply))
            return
        self.made.append((reply.json, data))

    def work(self):
        while not self.resting.is_set() and len(self.made) < 20:
            self.attach_one()


@suite.test(seconds=120)
def nothing_acknowledged_is_lost_and_nothing_is_attached_twice(d):
    chance = random.Random(f"attachments {SEED}")
    senders = [Sender(d, office, f"{SEED} {office}") for office in OFFICES[:3]]
    threads = [threading.Thread(target=sender.work) for sender in senders]
    for thread in threads:
        thread.start()
    for _ in range(rounds(6)):
        time.sleep(0.2 + chance.random() * 0.4)
        d.service.kill()
        d.service.start()
    for sender in senders:
        sender.resting.set()
    for thread in threads:
        thread.join(60)
    total = 0
    for sender in senders:
        equal(sender.troubles, [], "troubles")
        reply = expect_status(sender.patiently("GET", f"/v1/submissions/{sender.submission}/attachments"), 200)
        equal(reply.json["attachments"], [made for made, _ in sender.made], "what is attached against what was acknowledged")
        for made, data in sender.made:
            check(sender.patiently("GET", f"/v1/attachments/{made['attachment']}").body == data, f"other bytes: {made}")
        total += len(sender.made)
    check(total >= 3 and sum(sender.broken for sender in senders) > 0, "nothing happened")
    check(" 0 faults" in d.service.command("verify").stdout.decode(), "verify found faults")
    comment(f"{total} files attached; {sum(sender.broken for sender in senders)} requests broken, "
            f"{sum(sender.went_on for sender in senders)} uploads went on")


if __name__ == "__main__":
    suite.run()

"""Meetings to decide at, and decisions, for the suites that track them."""
import datetime

from desk import GUISHAN
from tributary_harness import expect_status


def day(offset=0):
    """A day so many days from today, in Taipei."""
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
            + datetime.timedelta(days=offset)).isoformat()


def meeting(d, body, unit, held_on, headers=None):
    """A meeting that was held; its id."""
    sent = {"body": body, "held_on": held_on, **({"unit": unit} if unit else {})}
    return expect_status(d.geo.post(f"{d.base}/meetings", sent, headers), 200, 201).json["meeting"]


def decide(d, where, title="請各區公所盤點", client=None, status=201, headers=None, **changes):
    sent = {"title": title, "text": "請主辦機關辦理。", "owners": [{"office": GUISHAN}], **changes}
    return expect_status((client or d.geo).post(f"/v1/meetings/{where}/decisions", sent, headers), status).json


def report(client, decision, text="已辦理。", status=201, headers=None, **changes):
    return expect_status(client.post(f"/v1/decisions/{decision}/progress", {"text": text, **changes}, headers), status).json


def rule(client, decision, where, *rulings, status=201, headers=None):
    """`rulings`: (owner, outcome) or (owner, outcome, due_on)."""
    sent = [{"owner": one[0], "outcome": one[1], **({"due_on": one[2]} if len(one) > 2 else {})} for one in rulings]
    return expect_status(client.post(f"/v1/decisions/{decision}/rulings", {"meeting": where, "rulings": sent}, headers), status).json


def refer(client, decision, status=201, **sent):
    return expect_status(client.post(f"/v1/decisions/{decision}/referrals", sent), status).json


def withdraw(client, decision, status=201, reason="主辦機關誤植", headers=None, **sent):
    return expect_status(client.post(f"/v1/decisions/{decision}/withdrawal", {"reason": reason, **sent}, headers), status).json


def listed(d, client=None, status=200, **query):
    answer = expect_status((client or d.geo).get(f"{d.base}/decisions", **query), status).json
    return answer["decisions"] if status == 200 else answer


def numbers(d, client=None, **query):
    return [one["number"] for one in listed(d, client, **query)]


def agenda(d, body, unit=None, client=None, **query):
    return numbers(d, client, agenda="true", body=body, **({"unit": unit} if unit else {}), **query)

"""Decisions as the contract tells them (domain.md section 8): one list of what was recorded, read anew for every question.

It knows nothing of how the daemon stores or asks: an owner stands as the newest ruling says; a decision is open while an owner
is; a body's agenda holds what it has open and what was carried up to it and not spoken of; of what was withdrawn nothing is open any more; a
request is given by what came after it."""
import dataclasses
import datetime

TAIPEI = datetime.timezone(datetime.timedelta(hours=8))
UPWARDS = {"liaison": "promotion-group", "special-group": "promotion-group", "promotion-group": "council"}


def day_of(moment):
    return moment.astimezone(TAIPEI).date()


@dataclasses.dataclass
class Meeting:
    id: str
    body: str
    unit: str
    day: datetime.date
    at: datetime.datetime

    def ends(self, moment):
        """The last day that counts before it; none while nobody knew of it."""
        return self.day if self.at <= moment else datetime.date.max


@dataclasses.dataclass
class Decision:
    id: str
    meeting: Meeting
    number: int
    owners: list           # (office or None, agency or None)
    due: datetime.date
    asks: dict
    at: datetime.datetime
    facts: list = dataclasses.field(default_factory=list)  # (moment, kind, …) in their order

    @property
    def name(self):
        place = self.meeting.unit or self.meeting.body
        return f"{self.meeting.day.year - 1911}-{place}-{self.number:02d}"

    def till(self, moment, kind):
        return [fact for fact in self.facts if fact[0] <= moment and fact[1] == kind]

    def is_withdrawn(self, moment, without=None):
        """`without` a meeting: not if that one found it recorded, and not yet withdrawn."""
        def found(at):
            return without and day_of(self.at) <= without.ends(moment) < day_of(at)
        return any(not found(fact[0]) for fact in self.till(moment, "withdrawal"))

    def owner(self, place, moment, without=None):
        """(state, due day) of an owner; `without` a meeting: as it stood before that one's rulings and later ones."""
        state, due = "open", self.due
        ruled = [fact for fact in self.till(moment, "ruling") if fact[3] == place]
        for i, (_, _, meeting, _, outcome, later) in enumerate(ruled):
            corrected = any(fact[2].id == meeting.id for fact in ruled[i + 1:])
            if corrected or (without and (meeting.id == without.id or meeting.day > without.ends(moment))):
                continue
            state = {"continue": "open", "close": "closed", "hand_over": "handed_over"}[outcome]
            due = later or due
        return "withdrawn" if not without and self.is_withdrawn(moment) else state, due

    def why_not_ruled(self, where, rulings, moment):
        """The problem with what a meeting would rule, (owner, outcome, …) each, after what was ruled; none: it may."""
        done = False
        for owner, outcome, *_ in rulings:
            before = [fact for fact in self.till(moment, "ruling") if fact[3] == owner][-1:]
            if before and before[0][2].day > where.day:
                return "ruled_since"
            done = done or bool(before and before[0][2].id != where.id and "continue" not in (before[0][4], outcome))
        return "owner_closed" if done else None

    def why_not_withdrawn(self, moment):
        if self.is_withdrawn(moment):
            return "decision_withdrawn"
        return "decision_ruled_upon" if self.till(moment, "ruling") or self.till(moment, "outcome") else None

    def is_open(self, moment, without=None):
        return any(self.owner(i + 1, moment, without)[0] == "open" for i in range(len(self.owners)))

    def waiting(self, moment, without=None):
        """The (body, unit) whose turn it is to speak of it."""
        return [] if self.is_withdrawn(moment, without) else self.unanswered(moment, without)

    def unanswered(self, moment, without=None):
        """The (body, unit) it was carried up to that has said nothing yet."""
        left = []
        for _, _, referral, body, unit in self.till(moment, "referral"):
            said = [fact for fact in self.till(moment, "outcome") if fact[2] == referral]
            if not said or (without and said[-1][3].id == without.id):
                left.append((body, unit))
        return left

    def next_up(self, moment):
        spoken = {fact[2] for fact in self.till(moment, "outcome")}
        body = self.meeting.body
        for _, _, referral, to, _ in self.till(moment, "referral"):
            if UPWARDS.get(body) == to and referral in spoken:
                body = to
        return UPWARDS.get(body)

    def waits_for_ruling(self, place, moment):
        """Whether what an owner said last, since the newest ruling on it, proposes to be done."""
        proposed = False
        for fact in self.facts:
            if fact[0] > moment:
                continue
            if fact[1] == "progress" and fact[2] == place:
                proposed = fact[4] != "continue"
            elif fact[1] == "ruling" and fact[3] == place:
                proposed = False
        return proposed

    def told(self, moment):
        """What the answer must say of it."""
        today, owners = day_of(moment), []
        for i, (office, agency) in enumerate(self.owners):
            state, due = self.owner(i + 1, moment)
            waits = state == "open" and self.waits_for_ruling(i + 1, moment)
            late = (today - due).days if state == "open" and due and due < today and not waits else 0
            owners.append((office, agency, state, due and due.isoformat(), late, waits,
                           [fact[3] for fact in self.till(moment, "progress") if fact[2] == i + 1],
                           [fact[4] for fact in self.till(moment, "ruling") if fact[3] == i + 1]))
        dues = [own[3] for own in owners if own[2] == "open" and own[3]]
        open_ = any(own[2] == "open" for own in owners)
        return {"number": self.name, "state": "withdrawn" if self.is_withdrawn(moment) else "open" if open_ else "closed", "owners": owners,
                "due_on": (min(dues) if dues else None) if open_ else self.due and self.due.isoformat(),
                "overdue_days": max(own[4] for own in owners), "referrals": [fact[3] for fact in self.till(moment, "referral")],
                "waits": [place[0] for place in self.unanswered(moment)]}

    def on_agenda(self, body, unit, moment, without=None):
        if self.is_withdrawn(moment, without):
            return False
        if (self.meeting.body, self.meeting.unit) == (body, unit):
            later = without and (self.meeting.id == without.id or self.meeting.day > without.ends(moment))
            return self.is_open(moment, without) and not later
        return (body, unit) in self.waiting(moment, without)

    def requests(self, moment, handed_in):
        """(owner, state, timeliness) of each office that is asked; `handed_in` (moment, office, form, period, final)."""
        for i, (office, _) in enumerate(self.owners):
            if not self.asks or not office:
                continue
            state, due = self.owner(i + 1, moment)
            until = min([fact[0] for fact in self.till(moment, "withdrawal")] + [moment])
            if self.asks.get("form"):
                came = [at for at, who, form, period, final in handed_in if self.at < at <= until and final
                        and (who, form, period) == (office, self.asks["form"], self.asks["period"])]
            else:
                came = [fact[0] for fact in self.till(moment, "progress") if fact[2] == i + 1]
            if came:
                yield i + 1, "given", "on_time" if not due or day_of(came[0]) <= due else "late"
            else:
                yield i + 1, "asked" if state == "open" else "lifted", "none"

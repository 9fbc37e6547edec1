"""Whose turn it is, worked out a second way: by asking of each office in turn how long it has waited."""


class Rotation:
    """`members`: office -> (first, last) ROC year in the group, in the plan's order."""

    def __init__(self, members, this_year, turns=None):
        self.members, self.this_year = members, this_year
        self.turns, self.reasons = dict(turns or {}), {}

    def present(self, year):
        return [office for office, (first, last) in self.members.items() if first <= year <= last]

    def record(self, year, office):
        self.turns[year], self.reasons[year] = office, "x"

    def is_same(self, year, office):
        return self.turns.get(year) == office and self.reasons.get(year) == "x"

    def suggest(self, year, since=None):
        """`since`: years without a turn from there on, if it isn't later than this year, are taken as suggested."""
        believed = dict(self.turns)
        for before in range(min(self.this_year, since or year), year):
            if before not in believed and self.present(before):
                believed[before] = self._longest(believed, before)
        return self._longest(believed, year)

    def _longest(self, believed, year):
        present = self.present(year)
        never = [office for office in present if office not in believed.values()]
        if never:
            return never[0]
        order = []
        for when in sorted(believed, reverse=True):       # the latest turn first
            if believed[when] in present and believed[when] not in order:
                order.append(believed[when])
        return order[-1] if order else None

    def holders(self, a, b):
        return [self.turns.get(year) or self.suggest(year, min(a, b)) for year in (a, b)]

    def hindrance(self, a, b):
        if a not in self.turns and b not in self.turns:
            return "no_turn"
        one, two = self.holders(a, b)
        if one == two:
            return "same_turn"
        if one not in self.present(b) or two not in self.present(a):
            return "turn_not_in_group"
        return None

    def swap(self, a, b):
        one, two = self.holders(a, b)
        self.turns[a], self.turns[b] = two, one
        self.reasons[a] = self.reasons[b] = None

    def findings(self):
        found = []
        for year, office in sorted(self.turns.items()):
            earlier = [who for when, who in self.turns.items() if when < year]
            waiting = [who for who in self.present(year) if who not in earlier and who != office]
            if office in earlier and waiting:
                found.append((year, office, waiting))
        return found

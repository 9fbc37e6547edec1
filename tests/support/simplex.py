"""Exact linear algebra and linear programming over whole numbers and fractions; small and slow, and never wrong by rounding."""
from fractions import Fraction


def eliminate(rows):
    """Reduced echelon form of equations, each {variable: coefficient} with the constant under None. Returns
    {leading variable: row}; a row says leading + Σ others = constant. AssertionError where they contradict each other."""
    reduced = {}
    for row in rows:
        row = {key: Fraction(value) for key, value in row.items() if value}
        for lead in [key for key in row if key in reduced]:
            factor = row.get(lead, 0)
            if factor:
                subtract(row, reduced[lead], factor)
        lead = next((key for key in row if key is not None), None)
        if lead is None:
            assert not row, f"the equations contradict each other: {row}"
            continue
        factor = row[lead]
        row = {key: value / factor for key, value in row.items()}
        for other in reduced.values():
            if lead in other:
                subtract(other, row, other[lead])
        reduced[lead] = row
    return reduced


def subtract(row, other, factor):
    for key, value in other.items():
        left = row.get(key, 0) - factor * value
        if left:
            row[key] = left
        else:
            row.pop(key, None)


class Polytope:
    """x >= 0 with equations Σ a·x = b, entered with one feasible point found by phase one; then any sum of variables can be
    minimised or maximised from where the last one ended."""

    def __init__(self, equations):
        """`equations`: [({variable: coefficient}, constant)]."""
        self.names = sorted({name for row, _ in equations for name in row}, key=repr)
        index = {name: i for i, name in enumerate(self.names)}
        self.rows, self.basis = [], []
        width = len(self.names)
        for row, constant in equations:
            sign = -1 if constant < 0 else 1
            line = {index[name]: Fraction(sign * value) for name, value in row.items() if value}
            line[-1] = Fraction(sign * constant)
            line[width + len(self.rows)] = Fraction(1)
            self.basis.append(width + len(self.rows))
            self.rows.append(line)
        first = width
        self.limit = width + len(self.rows)
        goal = {}
        for line in self.rows:
            for key, value in line.items():
                if key == -1 or key < first:
                    goal[key] = goal.get(key, 0) - value
        self._descend(goal, None)
        assert not goal.get(-1, 0), "no point is feasible"
        self._drive_out(first)
        self.limit = first
        self.rows = [{k: v for k, v in line.items() if k < first} for line in self.rows]
        self.index = index

    def _drive_out(self, first):
        for at in range(len(self.rows) - 1, -1, -1):
            if self.basis[at] < first:
                continue
            column = next((key for key in self.rows[at] if 0 <= key < first), None)
            if column is None:
                del self.rows[at], self.basis[at]
            else:
                self._pivot(at, column, {})

    def _pivot(self, at, column, goal):
        line = self.rows[at]
        factor = line[column]
        if factor != 1:
            line = {key: value / factor for key, value in line.items()}
            self.rows[at] = line
        for other in [row for i, row in enumerate(self.rows) if i != at] + [goal]:
            factor = other.get(column)
            if factor:
                subtract(other, line, factor)
        self.basis[at] = column

    def _descend(self, goal, enough):
        """Minimise; `goal` holds reduced costs, and minus the value under -1. Bland's rule ends it."""
        while enough is None or -goal.get(-1, 0) > enough:
            column = min((key for key, value in goal.items() if 0 <= key < self.limit and value < 0), default=None)
            if column is None:
                return True
            best = None
            for at, line in enumerate(self.rows):
                if line.get(column, 0) > 0:
                    ratio = (line.get(-1, Fraction(0)) / line[column], self.basis[at])
                    if best is None or ratio < best[0]:
                        best = (ratio, at)
            if best is None:
                return False
            self._pivot(best[1], column, goal)
        return True

    def least(self, names, enough=None, sign=1):
        """The least Σ names (times `sign`); stops early at `enough` or below. None: without bound."""
        goal = {self.index[name]: Fraction(sign) for name in names}
        for at, column in enumerate(self.basis):
            factor = goal.get(column)
            if factor:
                subtract(goal, self.rows[at], factor)
        return -goal.get(-1, Fraction(0)) if self._descend(goal, enough) else None

    def most(self, names, enough=None):
        least = self.least(names, None if enough is None else -enough, -1)
        return None if least is None else -least

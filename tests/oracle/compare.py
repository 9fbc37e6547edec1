"""Answers of the daemon held against the oracle; each difference is one sentence."""
from exact import microseconds

UNIT_COUNTS = ("expected", "reported")


def differs(found, path, got, expected):
    if got != expected or isinstance(got, bool) != isinstance(expected, bool) \
            or (got is not None and type(got) is not type(expected)):
        found.append(f"{path}: expected {expected!r}, got {got!r}")


def _head(found, answer, expected, moment, basis):
    for name, value in expected.items():
        if str(answer.get(name)) != str(value):
            found.append(f"{name}: expected {value!r}, got {answer.get(name)!r}")
    differs(found, "basis", answer.get("basis"), basis)
    if moment is None:
        differs(found, "as_of", answer.get("as_of", "absent"), None)
    else:
        try:
            differs(found, "as_of", microseconds(answer.get("as_of")), moment)
        except (TypeError, ValueError):
            found.append(f"as_of: got {answer.get('as_of')!r}")


def _units(found, where, listed, expected, required=None):
    """{code: unit} of an answer's list; units that nobody owes in may be left out."""
    got = {}
    for unit in listed:
        if unit["unit"] in got:
            found.append(f"{where}: unit {unit['unit']} stands twice")
        got[unit["unit"]] = unit
    for code in got:
        if code not in expected:
            found.append(f"{where}: unit {code} must not be there")
    for code, unit in expected.items():
        if code not in got and unit["expected"] and (required is None or code in required):
            found.append(f"{where}: unit {code} is missing")
    return {code: unit for code, unit in got.items() if code in expected}


def rollup_differences(answer, expected, head, moment, basis, form, required=None):
    found = []
    _head(found, answer, head, moment, basis)
    for code, unit in _units(found, "units", answer["units"], expected, required).items():
        want = expected[code]
        differs(found, f"{code}.name", unit["name"], want["name"])
        for name in UNIT_COUNTS:
            differs(found, f"{code}.{name}", unit[name], want[name])
        _missing(found, code, unit["missing"], want["missing"])
        differs(found, f"{code}.provisional", unit.get("provisional", False), want["provisional"])
        for name in unit["elements"]:
            if name not in want["elements"]:
                found.append(f"{code}.elements.{name}: must not be there")
        for name, element in want["elements"].items():
            _element(found, f"{code}.elements.{name}", unit["elements"].get(name), element,
                     form.elements[name], want)
    return found


def _missing(found, where, got, expected):
    if expected and "/" in expected[0]:
        got, expected = sorted(got), sorted(expected)
    differs(found, f"{where}.missing", got, expected)


def _element(found, where, got, expected, element, unit):
    doesnt_add = (not element.adds_offices and unit["several_offices"]
                  or not element.adds_periods and unit["many_periods"])
    if got is None:
        if not doesnt_add:
            found.append(f"{where}: is missing")
        return
    for name in ("offices", "blank", "not_yet", "not_applicable"):
        differs(found, f"{where}.{name}", got.get(name), expected[name])
    differs(found, f"{where}.value", got.get("value", "absent"),
            None if doesnt_add else expected["value"])


def indicator_differences(answer, expected, head, moment, basis, required=None):
    """`expected`: {indicator code: (its head, {unit: figures})}"""
    found = []
    _head(found, answer, head, moment, basis)
    got = {one["code"]: one for one in answer["indicators"]}
    if list(got) != list(expected) or len(got) != len(answer["indicators"]):
        found.append(f"indicators: expected {list(expected)}, got "
                     f"{[one['code'] for one in answer['indicators']]}")
    for code, (top, units) in expected.items():
        if code not in got:
            continue
        one = got[code]
        differs(found, f"{code}.name", one["name"], top["name"])
        for name in ("numerator", "denominator"):
            differs(found, f"{code}.formula.{name}", one["formula"].get(name),
                    top["formula"][name])
        differs(found, f"{code}.target", one.get("target"), top["target"])
        if not top["has_targets"] and "target" in one and one["target"] is not None:
            found.append(f"{code}: has no targets, yet a target stands there")
        for unit_code, unit in _units(found, code, one["units"], units, required).items():
            _indicator_unit(found, f"{code}.{unit_code}", unit, units[unit_code],
                            top["has_targets"])
    return found


def _indicator_unit(found, where, got, want, has_targets):
    differs(found, f"{where}.name", got.get("name", want["name"]), want["name"])
    for name in ("numerator", "denominator"):
        if want["counted"] == 0 and got[name] is None:
            continue  # nothing counts: null says it as well as 0
        differs(found, f"{where}.{name}", got[name], want[name])
    for name in ("rate", "expected", "counted"):
        differs(found, f"{where}.{name}", got[name], want[name])
    _missing(found, where, got["missing"], want["missing"])
    if has_targets:
        for name in ("met", "gap"):
            differs(found, f"{where}.{name}", got.get(name, "absent"), want[name])
        bounds = got.get("bounds", "absent")
        if bounds is None:
            bounds = {"low": None, "high": None}
        differs(found, f"{where}.bounds", bounds, want["bounds"])
        if "target" in got:
            differs(found, f"{where}.target", got["target"], want["target"])
    else:
        for name in ("target", "met", "gap", "bounds"):
            if got.get(name) is not None:
                found.append(f"{where}.{name}: the indicator has no targets, got {got[name]!r}")
    _sources(found, where, got.get("sources", []), want)
    for code, readings in want["parts"].items():
        part = next((one for one in got.get("parts", []) if one["code"] == code), None)
        shape = part and {name: part.get(name) for name in ("numerator", "denominator", "rate")}
        if shape not in readings:
            found.append(f"{where}.parts.{code}: expected {readings[0]!r}, got {part!r}")
    provisional = got.get("provisional", False)
    if want["surely_provisional"] and provisional is not True \
            or not want["maybe_provisional"] and provisional:
        found.append(f"{where}.provisional: expected {want['surely_provisional']}, "
                     f"got {provisional}")


def _sources(found, where, got, want):
    def key(source):
        return source["office"], source["submission"]
    expected = sorted(want["sources"], key=key)
    shown = sorted(({name: source.get(name) for name in
                     ("office", "submission", "revision", "numerator", "denominator")}
                    for source in got), key=key)
    if shown != expected:
        wrong = [pair for pair in zip(shown, expected) if pair[0] != pair[1]]
        found.append(f"{where}.sources: {len(shown)} of {len(expected)}; first that differs: "
                     f"{(wrong or [(shown[:1], expected[:1])])[0]!r:.400}")

"""Small problems drawn by hypothesis, as the JSON of a file; every rule may occur."""

from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]


@st.composite
def problems(
    draw: st.DrawFn, *, most_cases: int = 5, most_staff: int = 3, own: bool = False
) -> Data:
    """Return a valid problem; with `own` an effort may depend on the person."""
    m = draw(st.integers(1, most_staff))
    n = draw(st.integers(0, most_cases))
    weeks = draw(st.sampled_from([0, 0, 2]))
    staff = [_person(draw, index, weeks) for index in range(m)]
    classes = [_class(draw, m, own=own) for _ in range(draw(st.integers(1, 3)))]
    cases = [_case(draw, index, classes, m, weeks) for index in range(n)]
    for person, row in enumerate(staff):
        if draw(st.integers(0, 5)) == 0:
            pinned = sum(case.get("pinned") == person for case in cases)
            row["most_cases"] = pinned + draw(st.integers(0, 2))
    data = {"staff": staff, "classes": classes, "cases": cases}
    data["continuity_cost"] = draw(st.integers(0, 3))
    data["unit_minutes"] = draw(st.sampled_from([1, 15, 60]))
    data["hard_capacity"] = draw(st.booleans())
    if draw(st.booleans()):
        data["most_moves"] = draw(st.integers(0, 3))
    return data


def _person(draw: st.DrawFn, index: int, weeks: int) -> Data:
    row = {
        "id": f"p{index}",
        "capacity": draw(st.integers(1, 20)),
        "load": draw(st.integers(0, 9)),
    }
    if weeks:
        first = draw(st.integers(0, 6))
        row["capacity_until"] = [first, first + draw(st.integers(0, 6))]
    return row


def _class(draw: st.DrawFn, m: int, *, own: bool) -> Data:
    who = sorted(draw(st.sets(st.integers(0, m - 1))))
    several = own and draw(st.booleans())
    size = len(who)
    efforts = st.integers(0, 9)
    return {
        "effort": draw(st.lists(efforts, min_size=size, max_size=size) if several else efforts),
        "eligible": who,
        "cost": draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)),
    }


def _case(draw: st.DrawFn, index: int, classes: list[Data], m: int, weeks: int) -> Data:
    kind = draw(st.integers(0, len(classes) - 1))
    case: Data = {"id": f"c{index}", "class": kind}
    person = st.integers(0, m - 1)
    for field in ("previous", "holder"):
        if draw(st.integers(0, 2)) == 0:
            case[field] = draw(person)
    if draw(st.integers(0, 3)) == 0:
        case["excluded"] = sorted(draw(st.sets(person, min_size=1)))
    free = sorted(set(classes[kind]["eligible"]) - set(case.get("excluded", ())))
    if free and draw(st.integers(0, 4)) == 0:
        case["pinned"] = draw(st.sampled_from(free))
    if weeks and draw(st.booleans()):
        case["due"] = draw(st.integers(0, weeks - 1))
    return case

"""Small scenarios of every kind, made by hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Tree = dict[str, Any]
ALWAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def few(share: float) -> st.SearchStrategy[bool]:
    """True now and then."""
    return st.floats(0, 1).map(lambda x: x < share)


def days(low: int, high: int) -> st.SearchStrategy[str]:
    """A length of time."""
    return st.integers(low, high).map(lambda n: f"{n} days")


def chance(high: float = 1.0) -> st.SearchStrategy[float]:
    """A share of two decimals."""
    return st.integers(0, int(100 * high)).map(lambda n: n / 100)


@st.composite
def lengths(draw: st.DrawFn) -> Tree | str:
    """A distribution of any family."""
    mean = draw(st.integers(1, 120))
    cv = draw(st.sampled_from([0.3, 1.0, 1.8]))
    return draw(
        st.sampled_from(
            [
                f"{mean} days",
                {"dist": "exponential", "mean": f"{mean} days"},
                {"dist": "gamma", "mean": f"{mean} days", "cv": cv, "max": f"{3 * mean} days"},
                {"dist": "lognormal", "mean": f"{mean} days", "cv": cv},
                {"dist": "weibull", "mean": f"{mean} days", "cv": cv, "min": "0.5 days"},
                {"dist": "uniform", "low": "1 day", "high": f"{mean + 2} days"},
                {
                    "dist": "triangular", "low": "0 days", "mode": f"{mean} days",
                    "high": f"{2 * mean} days",
                },
                {"dist": "empirical", "values": ["2 days", f"{mean} days"], "weights": [1, 2]},
            ]
        )
    )  # fmt: skip


@st.composite
def channels(draw: st.DrawFn) -> Tree:
    """At least one channel, of any kind."""
    made: Tree = {}
    kinds = draw(st.sets(st.sampled_from(["walk_in", "info", "outreach", "replay"]), min_size=1))
    if "walk_in" in kinds:
        made["walk_in"] = {
            "kind": "rate", "to": "meeting", "rate": f"{draw(st.integers(0, 60))} per month",
            "months": {"jul": draw(st.sampled_from([0, 0.5, 2]))},
            "batch": draw(st.sampled_from([1, 3, {1: 0.7, 4: 0.3}])),
        }  # fmt: skip
    if "info" in kinds:
        made["info"] = {
            "kind": "sessions", "to": "meeting", "when": {"every": draw(days(7, 40))},
            "invited": draw(st.integers(0, 40)), "attends": draw(chance()), "books": draw(chance()),
            "staff": "team", "hours": "3 hours",
        }  # fmt: skip
    if "outreach" in kinds:
        made["outreach"] = {
            "kind": "outreach", "to": "meeting", "staff": "team", "hours_a_week": "4 hours",
            "hours_a_contact": "30 min", "reached": draw(chance()), "books": draw(chance()),
        }  # fmt: skip
    if "replay" in kinds:
        made["replay"] = {
            "kind": "dates", "to": draw(st.sampled_from(["meeting", "trial"])),
            "arrivals": ["2014-02-03", "2014-02-03", "2014-03-10", "2014-05-05"],
        }  # fmt: skip
    return made


@st.composite
def staff(draw: st.DrawFn) -> Tree:
    """One pool of a few workers."""
    workers: Tree = {"anna": {"fte": f"{draw(st.sampled_from([0.5, 0.8, 1]))} fte"}}
    if draw(few(0.5)):
        workers["bea"] = {
            "fte": "1 fte", "count": draw(st.integers(0, 2)), "from": "2014-02-10",
            "until": "2014-06-20", "ramp": "30 days",
            "away": [{"from": "2014-03-03", "until": "2014-03-14", "reason": "leave"}],
        }  # fmt: skip
    pool: Tree = {"workers": workers, "client_work": draw(st.sampled_from([0.2, 0.6, 1])),
                  "months": {"jul": draw(st.sampled_from([0, 0.3, 1]))}}  # fmt: skip
    if draw(few(0.3)):
        pool["skills"] = {"meeting": 0.6, "talk": 0.5, "contact": 0.5, "trial": 1, "course": 1}
    return {"team": pool}


@st.composite
def placement(draw: st.DrawFn) -> Tree:
    """A placement with or without every one of its limits."""
    made: Tree = {"kind": "placement", "duration": draw(lengths()),
                  "then": {"guide": 0.5, "course": 0.3, "work": "rest"}}  # fmt: skip
    optional: Tree = {
        "places": draw(st.integers(0, 6)),
        "search": {
            "time": "5 days", "staff": "team", "hours": "90 min", "success": draw(chance()),
            "not_found": "guide",
        },
        "refusal": {"share": draw(chance()), "to": "guide"},
        "patience": {"time": draw(lengths()), "to": "guide"},
        "dropout": {"share": draw(chance()), "to": "left"},
        "max_length": draw(days(10, 60)),
        "at_most": draw(days(30, 90)),
        "evaluation": "talk",
    }  # fmt: skip
    chosen = draw(st.sets(st.sampled_from(sorted(optional))))
    made |= {key: optional[key] for key in chosen}
    if "places" in chosen and draw(few(0.3)):
        made |= {"room": draw(st.integers(0, 3)), "full": "guide"}
    limit = draw(st.sampled_from(["none", "quota", "calls"]))
    if limit == "quota":
        made["quota"] = draw(st.integers(0, 12))
    elif limit == "calls":
        made["calls"] = {"when": {"every": "30 days"}, "posts": draw(st.integers(0, 4))}
    return made


@st.composite
def course(draw: st.DrawFn) -> Tree:
    """A course, held by own staff or bought."""
    low = draw(st.integers(1, 4))
    made: Tree = {
        "kind": "course", "starts": {"every": draw(days(10, 40))},
        "seats": {"min": low, "max": low + draw(st.integers(0, 4))}, "length": draw(days(5, 40)),
        "short": draw(st.sampled_from(["cancel", "postpone"])), "repeat": draw(st.booleans()),
        "then": {"trial": 0.5, "guide": 0.3, "work": "rest"},
    }  # fmt: skip
    if draw(few(0.5)):
        made["sessions"] = {"count": 3, "staff": "team", "hours": "4 hours"}
    if draw(few(0.5)):
        made["dropout"] = {"share": draw(chance()), "to": "guide"}
    if draw(few(0.3)):
        made["patience"] = {"time": "25 days", "to": "guide"}
    return made


@st.composite
def casework(draw: st.DrawFn) -> Tree:
    """Contacts, risks and sometimes a review and a limit."""
    made: Tree = {
        "staff": "team", "worker": draw(st.sampled_from(["assessor", "least_loaded"])),
        "contact_interval": draw(days(7, 40)), "contact_length": "45 min",
        "contact_missed": draw(chance(0.5)), "caseload_reference": draw(st.integers(5, 40)),
        "stagnation": {"after": "60 days", "growth": 0.25},
        "risks": {
            "step": {"supported": "60 % a month", "unsupported": "10 % a month",
                     "leads_to": "next_step"},
            "drift": {"supported": "5 % a month", "unsupported": "30 % a month",
                      "during": ["guidance", "waiting"], "leads_to": "drift"},
            "recover": {"supported": "20 % a month", "unsupported": "5 % a month",
                        "during": ["drifting"], "leads_to": "recover"},
            "gone": {"supported": "1 % a month", "unsupported": "9 % a month",
                     "during": ["guidance", "waiting", "service", "drifting"], "leads_to": "left"},
        },
    }  # fmt: skip
    if draw(few(0.4)):
        made["review"] = {"after": "90 days", "hours": "1 hour", "closes": 0.5, "to": "left"}
    if draw(few(0.4)):
        made["time_limit"] = {"after": draw(days(60, 200)), "to": "left"}
    return made


@st.composite
def services(draw: st.DrawFn) -> Tree:
    """A meeting, a talk, guidance, a placement, a course, and now and then a companion."""
    meeting: Tree = {
        "kind": "appointment", "staff": "team", "length": "90 min",
        "notice": draw(days(0, 10)), "no_show": draw(chance()), "rebook": draw(st.integers(0, 2)),
        "rebook_after": "3 days", "lost": "not_started",
        "then": {"trial": 0.4, "course": 0.2, "guide": 0.3, "not_started": "rest"},
    }  # fmt: skip
    made: Tree = {
        "meeting": meeting,
        "talk": {"kind": "appointment", "staff": "team", "length": "30 min", "own_worker": True,
                 "then": {"guide": "rest"}},
        "guide": {"kind": "guidance", "then": {"trial": 0.4, "course": 0.3, "left": "rest"}},
        "trial": draw(placement()),
        "course": draw(course()),
        "club": {"kind": "placement", "duration": draw(lengths()), "then": {"back": "rest"}},
    }  # fmt: skip
    if draw(few(0.3)):
        made["trial"]["companion"] = {"service": "club", "accepts": draw(chance())}
    else:
        del made["club"]
    return made


@st.composite
def horizon(draw: st.DrawFn) -> Tree:
    """From two days to more than a year, now and then with a date of closing."""
    made: Tree = {
        "start": "2014-01-01",
        "end": draw(st.sampled_from(
            ["2014-01-02", "2014-03-31", "2014-09-30", "2015-03-31"])),
        "warm_up": draw(st.sampled_from(["0 days", "45 days"])),
    }  # fmt: skip
    if draw(few(0.3)):
        made |= {"closes": "2014-08-31", "closing_exit": "left"}
        made["end"] = max(made["end"], "2014-09-30")
    return made


def within(tree: Tree) -> None:
    """Take out the dates that lie beyond a short horizon."""
    end, pool = tree["horizon"]["end"], tree["staff"]["team"]
    if end < "2014-03-01":
        tree["channels"].pop("replay", None)
        pool["workers"].pop("bea", None)
        tree["calendar"] = {}
    elif end < "2014-05-05" and "replay" in tree["channels"]:
        tree["channels"]["replay"]["arrivals"] = ["2014-02-03", "2014-03-10"]


@st.composite
def extras(draw: st.DrawFn) -> Tree:
    """Segments, needs, returns and a starting stock, each now and then."""
    made: Tree = {}
    if draw(st.booleans()):
        made["segments"] = {
            "young": {"share": draw(chance()), "change": {"services": {
                "meeting": {"no_show": draw(chance())}, "trial": {"open": draw(st.booleans())}}}},
            "old": {"share": "rest"},
        }  # fmt: skip
    if draw(st.booleans()):
        closed = {"services": {"course": {"open": False}}}
        made["needs"] = {"health": {"share": draw(chance()), "change": closed}}
    if draw(few(0.4)):
        made["stock"] = {
            "clients": draw(st.integers(0, 25)),
            "since": {"dist": "exponential", "mean": "200 days"},
            "elapsed": {"dist": "exponential", "mean": "20 days"},
            "inside": {"guide": 0.4, "trial": 0.3, "course": "rest"},
            "waiting_for": draw(st.sampled_from([[], ["course"], ["trial", "course"]])),
        }  # fmt: skip
    return made


@st.composite
def scenarios(draw: st.DrawFn) -> Tree:
    """A whole scenario."""
    tree: Tree = {
        "name": "generated", "source": "generated by a test", "horizon": draw(horizon()),
        "calendar": {"country": "FI", "closed": [{"from": "2014-02-17", "until": "2014-02-21"}]},
        "channels": draw(channels()), "staff": draw(staff()), "services": draw(services()),
        "casework": draw(casework()),
        "exits": {"not_started": {"kind": "not_started"}, "work": {"kind": "work"},
                  "left": {"kind": "other"}},
        "relationship": {"no_service_left": "left"},
    }  # fmt: skip
    within(tree)
    pool = tree["staff"]["team"]
    if "skills" in pool:
        pool["skills"] |= {name: 0.4 for name in ("info", "outreach") if name in tree["channels"]}
    if draw(st.booleans()):
        tree["relationship"]["starts_after"] = "meeting"
    if draw(few(0.4)):
        tree["exits"]["left"]["returns"] = {
            "share": draw(chance()), "after": draw(lengths()), "to": "meeting"}  # fmt: skip
    if tree["horizon"]["end"] > "2014-03-01" and draw(few(0.5)):
        tree["regimes"] = {"later": {"from": "2014-03-01", "change": {
            "services": {"meeting": {"no_show": draw(chance())}}}}}  # fmt: skip
    return tree | draw(extras())

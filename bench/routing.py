"""Routing: CPU time a message against three peers, growth with the number of rules, compiling, and simulation.

Peers: PyPI rule-engine, a Rust CEL binding (one context a message), npm json-rules-engine. They get the first messages
of the same 10,000 (they are slow), and all have to decide as we do.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench import _routing_peers as others
from bench import _routing_work as work
from bench import rig
from taskjuggler_app.domain.routing.conditions import Conditions, parse
from taskjuggler_app.domain.routing.engine import Rule, RuleSet
from taskjuggler_app.domain.routing.frames import MessageFrame

SEED = 7
MESSAGES = 10_000
SIMULATED = 1_000_000
REPEATS = 5


def main() -> None:
    """Run, print a table, and one line of JSON."""
    messages = work.messages(MESSAGES, SEED)
    raw = {count: work.rules(count, SEED + 1) for count in (100, 1_000, 10_000)}
    sets = {count: RuleSet(_rules(rules)) for count, rules in raw.items()}
    first = {count: _each(rules.matched, messages) for count, rules in sets.items()}
    every = {count: _each(rules.all, messages) for count, rules in sets.items()}
    share = statistics.mean(bool(sets[1_000].first(message)) for message in messages)
    peers = others.run(raw[1_000], messages)
    for name, (_, answers) in peers.items():
        ours = [[int(one.name[1:]) for one in sets[1_000].matched(message)] for message in messages[: len(answers)]]
        if ours != answers:
            sys.exit(f"{name} decides otherwise than we do")
    rules = _rules(raw[1_000])
    compile_ms = _best(lambda: RuleSet(rules)) * 1e3
    places = iter(range(0, 1_000, 7))
    replace_ms = statistics.median(_changed(sets[1_000], rules, place) for place in places) * 1e3
    indexed_ms, text_ms = _simulated()
    figures = {
        **{f"ratio_vs_{name}": us / first[1_000] for name, (us, _) in peers.items()},
        "us_per_message_100": first[100],
        "us_per_message_1k": first[1_000],
        "us_per_message_10k": first[10_000],
        "us_per_message_1k_match_all": every[1_000],
        "us_per_message_10k_match_all": every[10_000],
        "compile_1000_ms": compile_ms,
        "recompile_one_ms": replace_ms,
        "simulate_1m_indexed_cpu_ms": indexed_ms,
        "simulate_1m_text_cpu_ms": text_ms,
    }
    rows = [
        ("Workload", f"11 fields, 1-4 conditions a rule, {share:.0%} of messages match at 1,000 rules; seed {SEED}"),
        ("First match, 100 / 1,000 / 10,000 rules", " / ".join(f"{us:.1f} µs" for us in first.values())),
        ("Match all, 100 / 1,000 / 10,000 rules", " / ".join(f"{us:.1f} µs" for us in every.values())),
        *((f"{name}, 1,000 rules", f"{us:,.0f} µs, {us / first[1_000]:,.0f} times") for name, (us, _) in peers.items()),
        ("Peers", f"{others.RULE_ENGINE}, {others.CEL}, {others.JSON_RULES}; all decide alike"),
        ("Compile 1,000 rules; one changed rule", f"{compile_ms:.1f} ms; {replace_ms:.2f} ms"),
        (
            "One rule over 1,000,000 messages",
            f"{indexed_ms:.1f} ms on indexed fields, {text_ms:.0f} ms with text (CPU)",
        ),
    ]
    rig.report("Routing", rows, figures)


def _rules(raw: Sequence[dict[str, Any]]) -> list[Rule]:
    return [
        Rule(one["name"], parse(one["conditions"], fields=None), place, continues=not one["stop"])
        for place, one in enumerate(raw)
    ]


def _each(decide: Callable[[dict[str, Any]], object], messages: list[dict[str, Any]]) -> float:
    """CPU µs a message, the best of a few runs over all of them."""

    def run() -> None:
        for message in messages:
            decide(message)

    return _best(run) / len(messages) * 1e6


def _best(run: Callable[[], object]) -> float:
    """CPU seconds of the quickest of a few runs."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def _changed(compiled: RuleSet, rules: list[Rule], place: int) -> float:
    new = Rule("changed", rules[(place * 3 + 1) % len(rules)].conditions, compiled.rules[place].priority)
    start = time.process_time()
    compiled.replaced(place, new)
    return time.process_time() - start


def _simulated() -> tuple[float, float]:
    """CPU ms to run one rule over a million messages: on indexed fields, and with a search in the text."""
    some = work.messages(100_000, SEED + 2)
    frame = MessageFrame([some[place % len(some)] for place in range(SIMULATED)])
    indexed = _conditions("category", "equals", "billing", "urgency", "in", ["high", "urgent"])
    text = _conditions("category", "equals", "billing", "body", "contains", work.VOCABULARY[300])
    found = []
    for conditions in (indexed, text):
        frame.matching(conditions)
        found.append(_best(lambda asked=conditions: frame.matching(asked)) * 1e3)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    return found[0], found[1]


def _conditions(*parts: Any) -> Conditions:
    said = [dict(zip(("field", "operator", "value"), parts[at : at + 3], strict=True)) for at in (0, 3)]
    return parse(said, fields=None)


if __name__ == "__main__":
    main()

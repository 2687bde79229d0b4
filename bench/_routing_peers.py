"""Peers of the routing benchmark, each in its own process: decisions and CPU time for the same messages."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench import _routing_work as work
from bench import peers

RULE_ENGINE = "rule-engine==5.1.0"
CEL = "common-expression-language==0.10.0"
JSON_RULES = "json-rules-engine@7.3.1"

_RULE_ENGINE = """
import json, sys, time, rule_engine
rules, messages = json.load(open(sys.argv[1]))
compiled = [(rule_engine.Rule(text), stop) for text, stop in rules]
def decide(message):
    found = []
    for place, (rule, stop) in enumerate(compiled):
        if rule.matches(message):
            found.append(place)
            if stop: break
    return found
decide(messages[0])
start = time.process_time()
answers = [decide(message) for message in messages]
print(json.dumps({"us": (time.process_time() - start) / len(messages) * 1e6, "answers": answers}))
"""
_CEL = """
import json, sys, time, cel
rules, messages = json.load(open(sys.argv[1]))
compiled = [(cel.compile(text), stop) for text, stop in rules]
def decide(message):
    context, found = cel.Context(message), []
    for place, (rule, stop) in enumerate(compiled):
        if rule.execute(context):
            found.append(place)
            if stop: break
    return found
decide(messages[0])
start = time.process_time()
answers = [decide(message) for message in messages]
print(json.dumps({"us": (time.process_time() - start) / len(messages) * 1e6, "answers": answers}))
"""
_JSON_RULES = """
const { Engine } = require("json-rules-engine");
const [rules, messages] = JSON.parse(require("fs").readFileSync(process.argv[2]));
const engine = new Engine([], { allowUndefinedFacts: true });
engine.addOperator("containsText", (seen, piece) => seen.includes(piece));
engine.addOperator("startsWith", (seen, start) => seen.startsWith(start));
const stops = rules.map(([, stop]) => stop);
rules.forEach(([conditions], place) =>
  engine.addRule({ name: String(place), conditions: { all: conditions }, event: { type: "matched" } }));
async function decide(message) {
  const { results } = await engine.run(message);
  const matched = results.map((one) => Number(one.name)).sort((a, b) => a - b);
  const last = matched.findIndex((place) => stops[place]);
  return last < 0 ? matched : matched.slice(0, last + 1);
}
(async () => {
  await decide(messages[0]);
  const start = process.cpuUsage();
  const answers = [];
  for (const message of messages) answers.push(await decide(message));
  const used = process.cpuUsage(start);
  console.log(JSON.stringify({ us: (used.user + used.system) / messages.length, answers }));
})();
"""


def run(rules: list[dict[str, Any]], messages: list[dict[str, Any]]) -> dict[str, tuple[float, list[list[int]]]]:
    """peer -> (CPU µs a message, the places of the rules that decide each message); the slow ones get fewer."""
    python = peers.python(RULE_ENGINE)
    rust = peers.python(CEL)
    home = peers.npm(JSON_RULES)
    said = {
        "rule_engine": ([str(python)], _RULE_ENGINE, ".py", work.as_rule_engine, messages[:100]),
        "rust_cel": ([str(rust)], _CEL, ".py", work.as_cel, messages[:1000]),
        "json_rules_engine": ([str(peers.node())], _JSON_RULES, ".cjs", work.as_json_rule, messages[:60]),
    }
    found = {}
    for name, (command, program, ending, translate, some) in said.items():
        with tempfile.TemporaryDirectory(dir=home if ending == ".cjs" else None) as folder:
            script, data = Path(folder) / f"peer{ending}", Path(folder) / "data.json"
            script.write_text(program)
            data.write_text(json.dumps([[(translate(rule), rule["stop"]) for rule in rules], some]))
            run = subprocess.run([*command, str(script), str(data)], check=True, capture_output=True, text=True)
            answer = json.loads(run.stdout)
        found[name] = (float(answer["us"]), answer["answers"])
    return found

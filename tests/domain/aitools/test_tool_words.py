"""Templates, signatures and the shipped functions without a model."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.aitools import offline, signing, template

values = st.fixed_dictionaries({name: st.text(max_size=60) for name in template.NAMES})


@given(values)
def test_whatever_a_task_says_json_stays_json_with_the_words_in_their_place(said: dict[str, str]) -> None:
    shape = template.check('{"a": "{{title}}", "b": ["x {{ description }} y"], "{{title}}": 1}')
    filled = template.filled(shape, said)["json"]
    assert filled == {"a": said["title"], "b": [f"x {said['description']} y"], "{{title}}": 1}
    assert json.loads(json.dumps(filled)) == filled


@given(values)
def test_values_are_put_in_once(said: dict[str, str]) -> None:
    text = template.filled("{{title}}|{{description}}", {**said, "title": "{{description}}"})["text"]
    assert text == "{{description}}|" + said["description"]


@pytest.mark.parametrize("wrong", ["{{titel}}", '{"a": {{title}}}', "{{}}", "[1, {{title}}"])
def test_a_template_that_cannot_be_filled_is_refused_when_it_is_written(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        template.check(wrong)
    assert refused.value.field == "template"


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40))
def test_a_signature_fits_one_body_one_secret_and_one_time(body: bytes, secret: str) -> None:
    now = int(time.time())
    good = signing.sign(secret, now, body)
    assert signing.is_signed(secret, str(now), good, body, now)
    assert not signing.is_signed(secret, str(now), good, body + b" ", now)
    assert not signing.is_signed(secret + "x", str(now), good, body, now)
    assert not signing.is_signed(secret, str(now + 1), good, body, now)
    assert not signing.is_signed(secret, str(now), good, body, now + 301)


@given(st.text(max_size=400))
def test_every_text_gets_the_same_answer_twice(text: str) -> None:
    for function in (offline.summarise, offline.draft_reply, offline.extract_table, offline.alt_text):
        assert function(text) == function(text)


def test_the_functions_do_something_useful_without_a_model() -> None:
    assert offline.extract_table("Your order\nPaint ... $20\nBrush ... $4.50") == (
        "| Item | Amount |\n| --- | --- |\n| Paint | $20 |\n| Brush | $4.50 |"
    )
    assert "| Phone | 207 555 0110 |" in offline.extract_table("Name: Ada\nPhone: 207 555 0110")
    assert offline.extract_table("a|b\n1|2\n3|4").splitlines()[-1] == "| 3 | 4 |"
    reply = offline.draft_reply("Leaking tap\nThis is Ada. Can you come tomorrow?")
    assert reply.startswith("Hello Ada,")
    assert "- Can you come tomorrow?" in reply
    named = offline.alt_text('<img src="/a/red_kitchen-tap-800x600.jpg"> and https://x.example/IMG_1234.png')
    assert named.splitlines() == [
        "/a/red_kitchen-tap-800x600.jpg: Red kitchen tap",
        "https://x.example/IMG_1234.png: [decorative, or describe it]",
    ]

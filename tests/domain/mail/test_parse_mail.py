"""Mail as it really comes: every mail parses, or says what could not be read."""

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from taskjuggler_app.domain.receptionist.mail import LIMIT, parse_mail

HEAD = b"From: Ann <ann@example.com>\r\nTo: desk@shop.test\r\nSubject: Hello\r\n"


def mail(body: bytes, *headers: bytes) -> bytes:
    return HEAD + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


def multipart(kind: bytes, *parts: bytes, boundary: bytes = b"b1") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"
    return b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n' + body


def test_plain_mail_gives_its_addresses_subject_and_text() -> None:
    found = parse_mail(
        b'From: "M=?utf-8?Q?=C3=BCller?=, Ann" <ann@example.com>\r\nTo: a@x.test, B <b@x.test>\r\nCc: c@x.test\r\n'
        b"Message-ID: <1@example.com>\r\nIn-Reply-To: <0@x.test>\r\nReferences: <a@x.test>\r\n <0@x.test>\r\n"
        b"Date: Tue, 3 Mar 2026 10:00:00 -0500\r\nSubject: =?iso-8859-1?Q?Caf=E9?=\r\n\r\nHi there\r\n"
    )
    assert found.sender.address == "ann@example.com"
    assert [to.address for to in found.to] == ["a@x.test", "b@x.test"]
    assert (found.subject, found.text, found.message_id) == ("Café", "Hi there", "1@example.com")
    assert (found.in_reply_to, found.references) == ("0@x.test", ("a@x.test", "0@x.test"))
    assert found.date is not None
    assert found.date.isoformat() == "2026-03-03T15:00:00+00:00"
    assert found.raw_kept_reason is None


def test_words_of_one_character_set_split_in_a_letter_are_joined() -> None:
    found = parse_mail(b"Subject: =?utf-8?B?w?=\r\n =?utf-8?B?7w=?= ok\r\n\r\nx")
    assert found.subject.endswith("ok")
    joined = parse_mail(b"Subject: =?UTF-8?Q?J=C3?=\r\n =?utf-8?Q?=BCrgen?=\r\n\r\nx")
    assert joined.subject == "Jürgen"


@pytest.mark.parametrize(
    ("charset", "data", "text", "doubtful"),
    [
        (b"utf-8", "Zoë".encode(), "Zoë", False),
        (b"iso-8859-1", "Zoë".encode("latin-1"), "Zoë", False),
        (b"us-ascii", "Zoë".encode(), "Zoë", False),
        (b"x-nobody-knows", b"plain", "plain", False),
        (b"x-nobody-knows", "Zoë".encode("latin-1"), "Zoë", True),
        (b"hex", "Zoë".encode("latin-1"), "Zoë", True),
        (b"gb2312", "你好".encode("gb18030"), "你好", False),
        (b"iso-2022-jp", "こんにちは".encode("iso-2022-jp"), "こんにちは", False),
    ],
)
def test_a_character_set_is_read_or_its_doubt_is_said(charset: bytes, data: bytes, text: str, doubtful: bool) -> None:
    found = parse_mail(mail(data, b"Content-Type: text/plain; charset=" + charset))
    assert found.text == text
    assert (found.raw_kept_reason is not None) is doubtful


def test_base64_with_rubbish_in_it_is_decoded_and_said() -> None:
    found = parse_mail(mail(b"SGVs!!bG8=\r\n", b"Content-Transfer-Encoding: base64"))
    assert found.text == "Hello"
    assert found.raw_kept_reason is not None


def test_the_plain_alternative_is_the_text_and_html_stands_in_when_it_is_blank() -> None:
    html = b"Content-Type: text/html\r\n\r\n<p>Rich <b>text</b></p>"
    plain = parse_mail(HEAD + multipart(b"alternative", b"Content-Type: text/plain\r\n\r\nPoor text", html))
    assert plain.text == "Poor text"
    assert plain.html == "<p>Rich <b>text</b></p>"
    assert parse_mail(HEAD + multipart(b"alternative", b"Content-Type: text/plain\r\n\r\n ", html)).text == "Rich text"


def test_names_in_rfc_2231_pieces_rfc_2047_words_and_raw_bytes_are_read() -> None:
    def named(parameter: bytes) -> str:
        part = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; " + parameter + b"\r\n\r\n%PDF"
        return parse_mail(HEAD + multipart(b"mixed", part)).attachments[0].name

    assert named(b"filename*0*=utf-8''R%C3%A9su;\r\n filename*1*=m%C3%A9; filename*2=.pdf") == "Résumé.pdf"
    assert named(b'filename="=?utf-8?B?' + base64.b64encode("Zürich.pdf".encode()) + b'?="') == "Zürich.pdf"
    assert named('filename="Größe.pdf"'.encode()) == "Größe.pdf"
    assert named(b'filename="..\\..\\etc/passwd"') == "passwd"
    assert named(b"filename=bare name.pdf") == "bare name.pdf"


def test_an_attached_message_is_one_attachment_with_its_own_bytes() -> None:
    inner = HEAD + multipart(b"mixed", b"Content-Type: image/png; name=a.png\r\n\r\nPNG", boundary=b"b2")
    found = parse_mail(
        HEAD
        + multipart(
            b"mixed", b"Content-Type: text/plain\r\n\r\nSee below", b"Content-Type: message/rfc822\r\n\r\n" + inner
        )
    )
    assert found.text == "See below"
    assert [(kept.name, kept.type, kept.content) for kept in found.attachments] == [
        ("Hello.eml", "message/rfc822", inner)
    ]


def test_inline_pictures_and_calendar_parts_are_kept() -> None:
    picture = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <l1>\r\nContent-Disposition: inline\r\n\r\nPNG"
    invite = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"
    found = parse_mail(HEAD + multipart(b"mixed", b"Content-Type: text/plain\r\n\r\nHi", picture, invite))
    assert [(kept.name, kept.cid, kept.size) for kept in found.attachments] == [
        ("logo.png", "l1", 3),
        ("invite.ics", None, 15),
    ]


def test_html_runs_nothing_and_loads_nothing_from_elsewhere() -> None:
    body = (
        b'<p onclick="x()">Hi<script>alert(1)</script></p><img src="https://t.test/p.gif"><img src="cid:l1">'
        b'<a href="javascript:x()">go</a><div style="background:url(https://t.test/b);color:red">red</div>'
        b'<link rel=stylesheet href="//t.test/c.css"><iframe src="//t.test"></iframe><p style="display:none">unseen</p>'
    )
    found = parse_mail(mail(body, b"Content-Type: text/html"))
    assert found.html is not None
    for dangerous in ("script", "onclick", "javascript", ' src="https', "url(", "<link", "iframe"):
        assert dangerous not in found.html
    assert 'data-remote-src="https://t.test/p.gif"' in found.html
    assert 'src="cid:l1"' in found.html
    assert found.remote_blocked == 1
    assert "unseen" not in found.text


@pytest.mark.parametrize(
    "quoted",
    [
        b"On Tue, 3 Mar 2026 at 10:00, Shop <desk@shop.test>\r\nwrote:\r\n\r\n> When?\r\n",
        b"-----Original Message-----\r\nFrom: Shop\r\nWhen?\r\n",
        b"From: Shop <desk@shop.test>\r\nSent: Tuesday\r\nTo: Ann\r\nSubject: When\r\n\r\nWhen?\r\n",
        b"Am 3. M\xc3\xa4rz 2026 schrieb Shop:\r\n> When?\r\n",
    ],
)
def test_what_a_reply_quotes_is_folded_and_stays_in_the_text(quoted: bytes) -> None:
    found = parse_mail(mail(b"Friday is fine.\r\n\r\n" + quoted, b"Content-Type: text/plain; charset=utf-8"))
    assert found.visible_text == "Friday is fine."
    assert "When?" in found.text


def test_a_forwarded_mail_shows_who_wrote_it_first() -> None:
    body = b"FYI\n\n---------- Forwarded message ---------\nFrom: Bea <bea@client.test>\nSubject: Leak\n\nIt leaks."
    found = parse_mail(mail(body))
    assert found.original_from is not None
    assert found.original_from.address == "bea@client.test"
    assert "It leaks." in found.visible_text


def test_the_limit_is_said_plainly_and_the_headers_are_still_read() -> None:
    found = parse_mail(mail(b"x" * LIMIT))
    assert found.sender.address == "ann@example.com"
    assert found.raw_kept_reason is not None
    assert "25 MB" in found.raw_kept_reason


def test_what_is_no_mail_says_so() -> None:
    assert parse_mail(b"").raw_kept_reason is not None
    assert parse_mail(b"\x89PNG\r\n\x1a\n\0\0\0").raw_kept_reason is not None


def test_a_mail_nested_without_end_is_answered() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(600))
    assert parse_mail(HEAD + deep).raw_kept_reason is not None


def test_the_boundary_that_is_used_counts_when_another_was_announced() -> None:
    body = b"--real\r\nContent-Type: text/plain\r\n\r\nReadable\r\n--real--\r\n"
    assert parse_mail(mail(body, b"Content-Type: multipart/mixed; boundary=other")).text == "Readable"


def test_headers_that_tell_robots_from_people_are_there() -> None:
    found = parse_mail(mail(b"x", b"Auto-Submitted: auto-replied", b"Precedence: bulk", b"List-Id: <l.test>"))
    assert (found.auto_submitted, found.precedence, found.list_id) == ("auto-replied", "bulk", "<l.test>")


LINES = st.sampled_from(
    [
        b"From: =?x?B?????=?= <a@b>",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: multipart/alternative; boundary=\"b\"; charset*0*=''%",
        b"Content-Type: message/rfc822",
        b"Content-Type: message/delivery-status",
        b"Content-Type: text/html; charset=utf-7",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*=utf-16''%ff%fe%00",
        b"To: a:;, <@>, =?utf-8?q?=ff?= <",
        b"Date: Tue, 99 Foo -1 :: +99999999",
        b"",
        b"--b",
        b"--b--",
        b"begin 644 x",
        b"<p><b style='x:url(//y)'>&#0;&#xd800;</b><img src=//x>",
        b"> On Monday wrote:",
        b"\xff\xfe\x00\x80",
    ]
)


@given(st.one_of(st.binary(max_size=400), st.lists(LINES, max_size=30).map(b"\r\n".join)))
@example(b"Content-Type: text/plain; charset=\0\r\n\r\n\xff")
@settings(max_examples=300, deadline=None)
def test_any_bytes_parse_into_what_can_be_stored(raw: bytes) -> None:
    found = parse_mail(raw)
    for text in (
        found.text,
        found.subject,
        found.visible_text,
        found.html or "",
        *(kept.name for kept in found.attachments),
    ):
        assert "\0" not in text
        text.encode("utf-8")

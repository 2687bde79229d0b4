"""For every check that looks at elements: HTML that has the fault, and HTML beside it that must not be reported."""

_SENTENCE = "Plain words about tea fill this line so that it is long enough to be read as running text by anyone. "
_ROWS = "<tr><td>1<td>2<tr><td>3<td>4"
_DIALOG_TEXT = "This box tells people something that takes more than twenty letters."

ELEMENTS: dict[str, tuple[str, str]] = {
    # forms
    "fieldset-missing": (
        "<label><input type=radio name=r1 value=a>Yes</label><label><input type=radio name=r1 value=b>No</label>",
        "<fieldset><legend>Milk?</legend><label><input type=radio name=r2>Yes</label>"
        "<label><input type=radio name=r2>No</label></fieldset>"
        "<label><input type=checkbox role=switch name=s1>Fan</label><label><input type=checkbox role=switch name=s1>TV"
        "</label>",
    ),
    "fieldset-legend": (
        "<fieldset><legend></legend><label>Given name <input></label></fieldset>",
        "<fieldset><legend>Your name</legend><label>Second given name <input></label></fieldset>",
    ),
    "duplicate-label": (
        "<form><label>Street <input></label><label>Street <input></label></form>",
        "<form><label>Road <input></label><label>Town <input></label></form>",
    ),
    "placeholder-only-label": ("<input placeholder=Search>", "<label>Find <input placeholder=Anything></label>"),
    "label-orphan": ("<label for=nothing>Colour</label>", "<label for=f1>Shade</label><input id=f1>"),
    "label-empty": ("<label for=f2></label><input id=f2 aria-label=Weight>", "<label for=f3>Mass</label><input id=f3>"),
    "label-multiple": (
        "<label for=f4>Day</label><label for=f4>Date</label><input id=f4>",
        "<label for=f5>Month</label><input id=f5>",
    ),
    "hint-not-associated": (
        "<label for=f6>Number</label><p class=hint>It is on your card.</p><input id=f6>",
        "<label for=f7>Code</label><p class=hint id=h7>It is on the letter.</p><input id=f7 aria-describedby=h7>"
        "<p class=hint>Or drop it here.</p><input type=file hidden aria-label=File>",
    ),
    "error-not-identified": (
        "<label>Post code <input class=has-error></label>",
        "<label>Phone <input class=has-error aria-invalid=true aria-describedby=e8></label><p id=e8>Digits only.</p>",
    ),
    "change-of-context": (
        "<label>Speak <select onchange='go()'><option>a<option>b</select></label>",
        "<form><label>Talk <select onchange='go()'><option>a<option>b</select></label><button>Go on</button></form>",
    ),
    "label-far-away": (
        "<label for=f9 style='display:inline-block;width:500px'><span style='float:left'>A</span></label>"
        "<label for=f10 style='position:absolute;left:0'>Far</label><input id=f10 style='position:absolute;left:600px'>"
        "<br><br>",
        "<label for=f11>Near</label> <input id=f11>",
    ),
    "password-autocomplete": (
        "<label>Password <input type=password autocomplete=off></label>",
        "<label>Pass phrase <input type=password autocomplete=current-password></label>",
    ),
    # keyboard
    "fake-button": (
        "<div onclick='buy()'>Buy tea</div>",
        "<button onclick='buy()'>Buy coffee</button><div id=kinds onclick='kinds2.focus()'>Kinds</div>"
        "<div id=kinds2 role=spinbutton tabindex=0 aria-valuenow=1 aria-labelledby=kinds>1"
        "<span onclick='more()'>more</span></div>",
    ),
    "tabindex-idle": ("<p tabindex=0>My favourite</p>", "<p tabindex=-1>My second</p>"),
    "tabindex-positive": ("<div tabindex=3 role=button>Third</div>", "<div tabindex=0 role=button>Zeroth</div>"),
    "accesskey": ("<a href=/k1 accesskey=k>Keyed page</a>", "<a href=/k2>Keyless page</a>"),
    "dialog-role": (
        f"<div class=modal>{_DIALOG_TEXT}</div>",
        f"<div class=modal role=dialog aria-label=Note>{_DIALOG_TEXT}</div>",
    ),
    "dialog-close": (
        f"<div class=lightbox>{_DIALOG_TEXT}<span class=close>x</span></div>",
        f"<div class=lightbox role=dialog aria-label=Box>{_DIALOG_TEXT}<button class=close>Close box</button></div>",
    ),
    "hover-only": (
        "<style>.tip1 i{display:none}.tip1:hover i{display:inline}</style><b class=tip1>?<i>More words</i></b>",
        "<style>.tip2 i{display:none}.tip2:hover i,.tip2:focus i{display:inline}</style>"
        "<button class=tip2>What<i>More words</i></button>",
    ),
    "focus-not-visible": (
        "<style>#bare:focus{outline:none}</style><a id=bare href=/f1>Bare page</a>",
        "<style>#clad:focus,#hull{outline:3px solid red}#hull{outline:0}#hull:focus b{background:gold}</style>"
        "<a id=clad href=/f2>Clad page</a> <button id=hull><b>What is inside shows it</b></button>",
    ),
    "focus-hardly-visible": (
        "<style>#faint{border:2px solid #333}#faint:focus{border:1px solid #333;outline:1px solid #333}</style>"
        "<button id=faint>Faint</button>",
        "<button>Standard</button>",
    ),
    # language
    "lang-part-wrong": (
        "<p lang=fr>The quick brown fox jumps over the lazy dog near the river bank every morning.</p>",
        "<p lang=de>Der schnelle braune Fuchs springt jeden Morgen über den faulen Hund am Fluss.</p>",
    ),
    "text-direction": ("<p lang=ar dir=ltr>الإعفاء الإلكتروني من التأشيرة</p>", "<p lang=ar dir=rtl>الإعفاء</p>"),
    # links
    "generic-link-text": ("<a href=/g1>Click here</a>", "<a href=/g2>Opening hours</a>"),
    "link-text-punctuation": ("<a href=/p1>.</a>", "<a href=/p2>Prices</a>"),
    "link-new-window": (
        "<a href=/w1 target=_blank>Maps of the town</a>",
        "<a href=/w2 target=_blank>Plan of the town (opens in a new tab)</a>",
    ),
    "href-hash-or-js": ("<a href='javascript:go()'>Press me</a>", "<a href='#goal'>To the goal</a><i id=goal></i>"),
    "crawlable-anchors": ("<a href='javascript:stop()'>Press it</a>", "<a href=/c2>Read it</a>"),
    "link-button-space": (
        "<a href=/b1 role=button>Continue</a>",
        "<a href=/b2 role=button onkeydown='press(event)'>Go further</a>",
    ),
    "adjacent-duplicate-links": (
        "<p><a href=/same><img src=/i.png alt='A panda'></a><a href=/same>Red panda</a></p>",
        "<p><a href=/one>One bear</a>, <a href=/two>Two bears</a></p>",
    ),
    "links-not-separated": (
        "<p><a href=/n1>Page A</a> <a href=/n2>Page B</a></p>",
        "<p><a href=/n3>Page C</a> | <a href=/n4>Page D</a></p>",
    ),
    "links-same-text": (
        "<p><a href=/l1>Lions</a> and again <a href=/l2>Lions</a></p>",
        "<p><a href=/l3>Tigers</a> and again <a href=/l3>Tigers</a></p>"
        "<ul><li>Main line <a href=/l5>Edit it</a></li><li>Web form <a href=/l6>Edit it</a></li></ul>",
    ),
    "link-title-repeats": ("<a href=/t1 title=Search>Search</a>", "<a href=/t2 title='By word'>Look up</a>"),
    "link-alt-repeats": (
        "<a href=/r1><img src=/i.png alt='Green tea'> Green tea</a>",
        "<a href=/r2><img src=/i.png alt=''> Black tea</a>",
    ),
    "link-to-image": ("<a href=/bat.jpg>The bat</a>", "<a href=/bats>All bats</a>"),
    "link-to-media": (
        "<p><a href=/talk.mp3>Hear it</a></p>",
        "<p><a href=/talk2.mp3>Hear all</a>, transcript below</p>",
    ),
    "link-to-file": ("<p><a href=/guide.pdf>The guide</a></p>", "<p><a href=/rules.pdf>The rules (PDF, 20 kB)</a></p>"),
    "link-looks-like-text": (
        "<p>Find out all about <a href=/d1 style='color:inherit;text-decoration:none'>the doctor</a> on this page.</p>",
        "<p>Find out all about <a href=/d2>the nurse</a> on this page.</p>",
    ),
    "link-hidden-text": (
        "<a href=/h1>Football<span style='display:none'> results</span></a>",
        "<a href=/h2>Rugby<span style='position:absolute;clip-path:inset(50%)'> results</span></a>",
    ),
    "anchor-missing": ("<a href='#nowhere'>Down to nothing</a>", "<a href='#somewhere'>Down</a><i id=somewhere></i>"),
    "target-blank-noopener": (
        "<a href=https://other.example/ target=_blank>Other site (new tab)</a>",
        "<a href=https://else.example/ target=_blank rel=noopener>Else (new tab)</a>",
    ),
    # markup
    "fake-heading": (
        "<div style='font-size:28px;font-weight:700'>Fake heading</div><p>Words.</p>",
        "<h3 style='font-size:28px'>True heading</h3><p>Words.</p>",
    ),
    "fake-list": ("<p>* apple<br>* pear<br>* plum</p>", "<ul><li>apple<li>pear<li>plum</ul>"),
    "deprecated-element": ("<center>Middle</center>", "<p style='text-align:center'>Centre</p>"),
    "empty-paragraph": ("<p></p>", "<p>Full</p><p aria-live=polite></p><p role=alert></p>"),
    "pre-without-code": ("<pre>/\\_/\\</pre>", "<pre><code>x = 1</code></pre>"),
    "duplicate-id": ("<i id=twice>a</i><i id=twice>b</i>", "<i id=once>a</i>"),
    "abbreviation": ("<abbr>QXZ</abbr>", "<abbr title='Government Digital Service'>GDS</abbr>"),
    "article-misused": (
        "<article><nav aria-label=A1><a href=/m1>Rights of workers</a></nav></article>",
        f"<article><h3>News</h3><p>{_SENTENCE}</p></article>",
    ),
    "generated-content": (
        "<style>#css1::after{content:'Strawberries'}</style><p id=css1>I like </p>",
        "<style>#css2::after{content:'→'}</style><p id=css2>I go </p>",
    ),
    "object-wmode": (
        "<object data=/x.swf><param name=wmode value=transparent>Words</object>",
        "<object data=/y.svg>Other words</object>",
    ),
    # images and media
    "alt-is-filename": ("<img src=/i.png alt=photo_12.png>", "<img src=/i.png alt='A red bridge'>"),
    "alt-says-nothing": ("<img src=/i.png alt=image>", "<img src=/i.png alt='A green bridge'>"),
    "alt-and-title": ("<img src=/i.png alt='' title=Bridge>", "<img src=/i.png alt='Blue bridge' title='Blue bridge'>"),
    "decorative-with-alt": (
        "<img src=/i.png role=presentation alt='A line'>",
        "<img src=/i.png role=presentation alt=''>",
    ),
    "alt-empty-large": ("<img src=/i.png alt='' width=300 height=200>", "<img src=/i.png alt='' width=20 height=20>"),
    "spacer-image": ("<img src=/spacer.png alt='' width=100 height=9>", "<img src=/i.png alt='A dot' width=30>"),
    "background-meaning": (
        "<div class=warning style='background:url(/i.png)'>Take care here</div>",
        "<div class=plain style='background:url(/i.png)'>A pattern</div>",
    ),
    "animated-gif": ("<img src=/moving.gif alt='A train'>", "<img src=/still.gif alt='A tree'>"),
    "captions": (
        "<video controls src=/none.mp4></video>",
        "<video controls src=/none2.mp4><track kind=captions src=/c.vtt></video>",
    ),
    "transcript": (
        "<div><audio controls src=/a.mp3></audio></div>",
        "<div><audio controls src=/b.mp3></audio>Transcript</div>",
    ),
    "autoplay": ("<video autoplay src=/c.mp4></video>", "<video autoplay muted controls src=/d.mp4></video>"),
    "embedded-player": (
        "<iframe title='A film' src='https://www.youtube.com/embed/abc'></iframe>",
        "<iframe title='Frame of tea' src=/inner></iframe>",
    ),
    "frame-title-quality": (
        "<iframe title=Facebook src=/inner></iframe>",
        "<iframe title='Tea kinds' src=/inner></iframe>",
    ),
    "image-alt-seo": ("<img src=/i.png>", "<img src=/i.png alt='A yellow bridge'>"),
    "unsized-images": ("<img src=/big.png alt='Large one'>", "<img src=/big.png alt='Other' width=300 height=200>"),
    "image-oversized": (
        "<img src=/huge.png alt=Huge width=50 height=50>",
        "<img src=/i.png alt=Small width=9 height=9>",
    ),
    # tables
    "table-layout": (
        "<table><tr><td><ul><li>Home</ul><td><h3>Hello</h3></table>",
        "<table role=presentation><tr><td><ul><li>House</ul><td><h3>Hi</h3></table>",
    ),
    "table-no-headings": (
        f"<table><caption>A</caption>{_ROWS}</table>",
        "<table><caption>B</caption><tr><th>a<th>b<tr><td>1<td>2</table>",
    ),
    "table-only-headings": (
        "<table><caption>C</caption><tr><th>a<th>b</table>",
        "<table><caption>D</caption><tr><th>a<th>b<tr><td>1<td>2</table>",
    ),
    "table-scope": (
        "<table><caption>E</caption><tr><th>x<th>y<tr><th>z<td>1</table>",
        "<table><caption>F</caption><tr><th scope=col>x<th scope=col>y<tr><th scope=row>z<td>1</table>",
    ),
    "table-double-headings": (
        "<table><caption>G</caption><tr><th>a<th>b<th>c<tr><th>p<th>q<td>1</table>",
        "<table><caption>H</caption><tr><th scope=col>a<th scope=col>b<tr><th scope=row>p<td>1</table>",
    ),
    "table-caption": (
        "<table><tr><th>a<th>b<tr><td>1<td>2</table>",
        "<table><caption>I</caption><tr><th>a<tr><td>1</table>",
    ),
    "table-nested": (
        "<table><caption>J</caption><tr><th>a<tr><td><table><caption>K</caption><tr><th>b<tr><td>1</table></table>",
        "<table><caption>L</caption><tr><th>a<tr><td>1</table>",
    ),
    "table-ragged": (
        "<table><caption>M</caption><tr><th>a<th>b<th>c<tr><td>1<td>2</table>",
        "<table><caption>N</caption><tr><th>a<th>b<tr><td colspan=2>1</table>",
    ),
    "table-empty-cells": (
        "<table><caption>O</caption><tr><th>a<th>b<tr><td>1<td></table>",
        "<table><caption>P</caption><tr><th>a<th>b<tr><td>1<td>none</table>",
    ),
    # looks
    "justified-text": (f"<p style='text-align:justify'>{_SENTENCE}</p>", f"<p>{_SENTENCE}</p>"),
    "tiny-text": ("<p style='font-size:7px'>Much too small for many</p>", "<p style='font-size:16px'>Large enough</p>"),
    "all-caps": (f"<p>{_SENTENCE.upper()}</p>", "<p>NASA and ESA</p>"),
    "long-italics": (
        f"<p><em></em></p><p style='font-style:italic'>{_SENTENCE * 2}</p>",
        "<p><i>Hamlet</i> is old.</p>",
    ),
    "tight-lines": (f"<p style='line-height:1'>{_SENTENCE}</p>", f"<p style='line-height:1.5'>{_SENTENCE}</p>"),
    "long-lines": (
        f"<p style='width:1200px'>{_SENTENCE * 4}</p>",
        f"<p style='width:500px'>{_SENTENCE * 4}</p>",
    ),
    "inline-color": ("<p style='color:navy'>Coloured here</p>", "<p class=navy>Coloured there</p>"),
    "sideways-scroll": (
        f"<div tabindex=0 role=region aria-label=Wide style='width:200px;overflow-x:auto'>"
        f"<p style='width:900px'>{_SENTENCE}</p></div>",
        f"<div style='width:600px;overflow-x:auto'><p>{_SENTENCE}</p></div>",
    ),
    "text-spacing": (
        f"<div style='height:26px;width:760px;overflow:hidden'>{_SENTENCE}</div>",
        f"<div style='min-height:26px;overflow:hidden'>{_SENTENCE}</div>",
    ),
    "text-resize": (
        "<div style='height:22px;width:300px;overflow:hidden;line-height:20px'>Some words here.</div>",
        "<div style='overflow:hidden'>Other words here.</div>",
    ),
    # code of others, structured data
    "sri-missing": (
        "<script src=https://cdn.other.example/a.js></script>",
        "<script src=https://cdn.other.example/b.js integrity=sha384-AAAA crossorigin></script>",
    ),
    "jsonld-invalid": (
        "<script type=application/ld+json>{broken</script>",
        '<script type=application/ld+json>{"@type": "Person", "name": "A"}</script>',
    ),
    "form-over-http": (
        "<form action=http://shop.example/pay><label>Card <input type=password></label></form>",
        "<form action=https://shop.example/pay><label>Key <input type=password></label></form>",
    ),
}

_HEAD = (
    "<meta charset=utf-8><meta name=viewport content='width=device-width'><meta name=description content='All of it.'>"
)


def page(body: str, *, title: str = "Tea in the town", lang: str = "en", head: str = "") -> str:
    """A sound page around the body."""
    return (
        f"<!doctype html><html lang={lang}><head>{_HEAD}<title>{title}</title>{head}</head>"
        f"<body><main><h1>Tea in the town</h1>{body}</main></body></html>"
    )


_TEXT = f"<p>{_SENTENCE}</p>"
_GERMAN = "<p>Der schnelle braune Fuchs springt jeden Morgen über den faulen Hund und läuft danach zum Fluss.</p>" * 3
TRAPS = {
    "/trap/window": page(
        "<a href=/a id=t>Tea</a><a href=/b>More tea</a><script>t.addEventListener('keydown', (event) => "
        "{ event.preventDefault(); window.open('/inner', 'tea'); })</script>"
    ),
    "/trap/none": page(
        "<a href=/a id=t>Tea</a><a href=/b>More tea</a><script>t.addEventListener('keydown', (event) => "
        "{ if (event.key === 'Enter') window.open('/inner', 'tea'); })</script>"
    ),
}
"""A window that opens on every key holds the keyboard; one that opens on Enter does not."""
_LONG_WORDS = (
    "Notwithstanding aforementioned constitutional jurisprudence, administrative authorities systematically "
    "disregard interdepartmental responsibilities notwithstanding considerable organisational ramifications "
) * 6
PAGES: dict[str, tuple[str, str]] = {
    "keyboard-trap": (
        page(
            "<textarea aria-label=Trap onkeydown='event.preventDefault()'></textarea>"
            "<a href=/a>After tea</a><a href=/b>More after tea</a>"
        ),
        page("<textarea aria-label=Free></textarea><a href=/a>After tea</a><a href=/b>More after tea</a>"),
    ),
    "focus-order": (
        page(
            "<div style='display:flex;gap:9px;flex-direction:row-reverse'><a href=/1>First tea</a>"
            "<a href=/2>Second tea</a></div>"
        ),
        page("<div style='display:flex'><a href=/1>First tea</a><a href=/2>Second tea</a></div>"),
    ),
    "lang-wrong": (page(_GERMAN, lang="en"), page(_GERMAN, lang="de")),
    "unbroken-text": (page(f"<p>{'word ' * 300}</p>"), page(f"<h2>Part</h2><p>{'word ' * 300}</p>")),
    "page-title-quality": (page(_TEXT, title="Untitled"), page(_TEXT)),
    "skipped-heading": (page("<h4>Deep</h4>"), page("<h2>Next</h2>")),
    "unbalanced-tags": (page("<div>Words</span></div>"), page("<div>Words</div>")),
    "meta-refresh-timeout": (page(_TEXT, head="<meta http-equiv=refresh content=300>"), page(_TEXT)),
    "hard-words": (
        page(f"<p>{_LONG_WORDS}</p>"),
        page(f"<p>{'The cat sat on the mat. ' * 12}</p><div>{'<b>Administration configuration</b>' * 40}</div>"),
    ),
    "reflow-320": (page("<div style='width:700px'>Wide</div>"), page(_TEXT)),
    "render-blocking": (
        page("", head="<script src=/a.js></script>"),
        page("", head="<script src=/a.js defer></script>"),
    ),
    "quirks-mode": (page(_TEXT).removeprefix("<!doctype html>"), page(_TEXT)),
    "dom-size": (page("<i></i>" * 1500), page("<i></i>" * 50)),
    "lcp-lazy": (
        page("<img src=/late.png loading=lazy alt=Tea width=900 height=600>"),
        page("<img src=/late.png alt=Tea width=900 height=600>"),
    ),
    "offscreen-lazy": (
        page("<div style='height:4000px'></div>" + "<img src=/i.png alt=Tea width=9 height=9>" * 5),
        page("<div style='height:4000px'></div>" + "<img src=/i.png loading=lazy alt=Tea width=9 height=9>" * 5),
    ),
    "font-display": (
        page(_TEXT, head="<style>@font-face{font-family:F;src:url(/f.woff2)}body{font-family:F}</style>"),
        page(
            _TEXT,
            head="<style>@font-face{font-family:F;src:url(/f.woff2);font-display:swap}"
            "@font-face{font-family:'F stand-in';src:local(Arial);size-adjust:107%}</style>",
        ),
    ),
    "failed-requests": (page("<script src=/gone.js></script>"), page("<script src=/a.js></script>")),
    "vulnerable-js": (
        page("<script>window.jQuery={fn:{jquery:'1.12.4'}}</script>"),
        page("<script>window.jQuery={fn:{jquery:'3.7.1'}}</script>"),
    ),
    "is-crawlable": (page(_TEXT, head="<meta name=robots content=noindex>"), page(_TEXT)),
    "title-missing": (page(_TEXT, title=""), page(_TEXT)),
    "title-length": (page(_TEXT, title="Tea " * 30), page(_TEXT)),
    "meta-description": (page(_TEXT).replace("All of it.", ""), page(_TEXT)),
    "h1-missing": (page(_TEXT).replace("h1>", "h2>"), page(_TEXT)),
    "canonical": (
        page(_TEXT, head="<link rel=canonical href=/a><link rel=canonical href=/b>"),
        page(_TEXT, head="<link rel=canonical href=/a>"),
    ),
    "hreflang": (
        page(_TEXT, head="<link rel=alternate hreflang=english href=/en>".replace("english", "en_UK_x")),
        page(_TEXT, head="<link rel=alternate hreflang=en-GB href=/en>"),
    ),
    "og-incomplete": (page(_TEXT, head="<meta property=og:title content=Tea>"), page(_TEXT)),
    "viewport-missing": (page(_TEXT).replace("name=viewport", "name=other"), page(_TEXT)),
    "soft-404": (page("<p>Sorry.</p>", title="Page not found"), page("<p>Hello.</p>", title="Tea found")),
}

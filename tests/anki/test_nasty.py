"""`nasty/nasty.md` comes out as it was meant: what it means is written down here a second time."""

import os
import re
import shutil

import pytest

from conftest import INPUTS
from desk import card, held, import_package
from press import press
from reading import attributes, math, shape, words

MEANT = {
    "fence": {
        "Question": [
            "<p>Which lines of this file are <em>questions</em>?</p>",
            "### Q: Not this one\n**Answer:** nor this\n</code></pre>\n<p>It asks about",
        ],
        "Answer": [
            "# Not a deck\n## Not a topic\n### Q: Not a question\n---\n**Answer:** {{c1::x}} }} {{",
            "[sound:x.mp3] \\( y \\)\n```rust\nfn main() { println!(&quot;{{}}&quot;); }\n```\n</",
            "tilde fence with ``` inside\n\tone tab, two  spaces,   three\n</code></pre>",
            "<pre><code>indented code &lt;b&gt;&amp;amp;&lt;/b&gt;\n</code></pre>",
        ],
        "Key Points": [
            "<code>a ` tick</code> and <code>{{c1::x}}</code> and <code>&lt;br&gt;</code>",
            "echo &quot;$HOME&quot; &amp;&amp; ls -l | grep '^d' # $5\n</code></pre>\n</li>",
            "<li>three <code>deep</code>\n<ul>\n<li>four <strong>deepest</strong></li>",
        ],
    },
    "table": {
        "Answer": [
            "<tr><th>Pipe <code>a | b</code></th>",
            '<td><code>x || y</code></td><td style="text-align: left">a | b</td>',
            '<td style="text-align: center"><strong>c</strong></td>',
            "<kbd>Ctrl</kbd>",
            "<del>gone</del>",
            "<code>&lt;T&gt;</code> &amp; <code>&amp;lt;</code>",
            ">$5 and $10</td>",
        ],
    },
    "lists": {
        "Answer": [
            "<li>tight\n<ul>\n<li>tighter\n<ul>\n<li>tightest\n<ul>\n<li>at the fourth level</li>",
            "<li>\n<p>loose</p>\n<p>with a second paragraph</p>\n</li>",
            '<ol start="7">\n<li>seven</li>\n<li>eight</li>\n</ol>',
            '<input disabled="" type="checkbox" checked="">\ndone</li>',
            '<input disabled="" type="checkbox">\nto do <code>[ ]</code></li>',
        ],
        "Key Points": ["<p>another, with a break<br>\nin it</p>\n<p>and a paragraph</p>"],
        "Extra": ["<p>Some prose below the points.</p>"],
    },
    "generics": {
        "Question": ["What does Vec&lt;String&gt; hold in <code>C#</code>?</div>"],
        "Answer": [
            "A Vec&lt;String&gt; holds <code>String</code>s, an <code>Option&lt;Vec&lt;T&gt;",
            "and a&lt;b, c&gt;d is no tag.",
            "<kbd>Ctrl</kbd>+<kbd>C</kbd>, H<sub>2</sub>O, <u>under</u>, ",
            "&lt;script&gt;alert(1)&lt;/script&gt;\nand <b>bold</b>, <img src=",
            '<details open="">',
            "A <em>paragraph</em> inside.",
            '<div class="box">\n<p>An <b>HTML block</b> with [sound:x.mp3] &amp; &lt;T&gt; and',
            "&lt;style&gt;.card { display: none }&lt;/style&gt;",
            "<b>never closed  and closed too often</b>",
        ],
        "Key Points": ["<b>never closed here</b>", "<i>nor</i> here"],
    },
    "links": {
        "Answer": [
            '<a href="https://spec.example.org/?a=1&amp;b=2" title="The [spec]">the spec</a>',
            'title="Say &quot;hi&quot; &amp; &lt;bye&gt; [sound:t.mp3]">a title</a>',
            '<a href="https://example.org/x?y=1&amp;z=2">https://example.org/x?y=1&amp;z=2</a>',
            '<a href="mailto:me@example.org">me@example.org</a>, <a>nowhere</a>',
            ">Spec</a>, [undefined][nope], ",
            '<a href="https://example.org/a%20b">brackets [x]</a> and <a href="https://example.org/bare">',
        ],
    },
    "math": {
        "Question": [" math, and $5 or $10 money?"],
        "Answer": [
            "It costs $5, not $10; <code>$x$</code> is code; $y$ is text;",
            "US$7 and $HOME/bin:$PATH.",
        ],
        "Key Points": ["The fee is $20"],
    },
    "brackets": {
        "Question": ['<div lang="en" dir="auto">Is ', " math, and (foo|bar) a pattern?</div>"],
        "Answer": [
            "from $5 to ",
            "but file(s), [1], (.*), s/(\\d{3})/\\1/, [link](x) and <code>",
            '<blockquote class="alert warning">\n<p class="alert-title">Warning</p>\n<p>It is ',
        ],
        "Key Points": [
            "<dl>\n<dt>A term</dt>\n<dd>What it <em>means</em></dd>\n<dd>Also ",
            "</dl>\n<p>Text\n:smile: only</p>",
        ],
    },
    "scripts": {
        "Answer": [
            "👩‍👩‍👧 🇩🇪 👍🏽 क्षि ज्ञ हिन्दी caf\u00e9 \u00f1 ﬁ \u00c5 图形 “quotes” – — … ",
            "a\u00a0b, ZWNJ می\u200cخواهم, soft\u00adhyphen.",
            "① ² ™ 𝔘𝔫𝔦 \u00e9 © \u00a0 &amp;NotAnEntity; &lt;b&gt; &amp;amp;",
        ],
    },
    "arabic": {
        "Question": ['<div lang="ar" dir="rtl">ما هي الشبكة العصبية؟</div>'],
        "Answer": ['<div lang="ar" dir="rtl"><p>', "<code>torch.nn</code>"],
        "Key Points": ['<div lang="ar" dir="rtl"><ul>', "<li>أوزان</li>"],
    },
    "inline": {
        "Question": ["every <strong><em>nested</em> emphasis</strong>, *escape* and {brace} kept"],
        "Answer": [
            '<p class="qualifier">first &amp; short</p>',
            "<em>a <strong>b <code>c *d*</code> e</strong> f</em> <del>g <em>h</em></del> ",
            "<em><strong>i</strong> j</em> k_l_m <strong>n</strong> _o_ `p` # &lt;q&gt; 1. \\ r",
            "second line<br>\nthird line\ttabbed</p>",
            "<h4>A heading inside <code>an answer</code></h4>",
            "<p>with a list</p>\n<pre><code",
            'print("[sound:x.mp3]")  # and a fence\n</code></pre>\n</li>\n</ul>\n<blockquote>',
            "<hr>\n<p><strong>Lead-in:</strong> this label",
            '<p class="qualifier">second &amp; long</p>',
            "supercalifragilisticsuper",
        ],
        "Extra": [
            ">Follow-ups on $O(n)$</h4>\n<ul>\n<li>Why?</li>\n<li>Why <em>not</em>?</li>\n</ul>",
            ">References &amp; &lt;more&gt;</h4>\n<p>See <a",
        ],
    },
    "notes-1": {
        "Question": ['shared<sup class="footnote-ref">1</sup>?', '<li value="1"><p>A shared note'],
        "Answer": [
            '<p>This one<sup class="footnote-ref">1</sup>, a long one<sup class="footnote-ref">2',
            '<li value="2"><p>A long note.</p>\n<p>Its second paragraph, with ',
            "<pre><code>and code &lt;T&gt;\n</code></pre></li>",
            '<li value="3"><p>See the other note<sup class="footnote-ref">4</sup>.</p></li>',
            '<li value="4"><p>The inner note.</p></li>',
        ],
        "Key Points": [
            '<ul>\n<li>A point with a note<sup class="footnote-ref">5</sup></li>\n<li>The same',
            '<li value="5"><p>Of a point.</p></li>\n<li value="1"><p>A shared note',
        ],
    },
    "notes-2": {
        "Answer": [
            '<p>Yes<sup class="footnote-ref">1</sup>, they are<sup class="footnote-ref">2</sup>',
            '<li value="1"><p>A long note.</p>',
            '<li value="2"><p>A shared note',
        ],
    },
    "pictures": {
        "Question": ['alt="a red dot"> What is this?'],
        "Answer": [
            'alt="Unicode &quot;name&quot; &amp; &lt;more&gt;" title="A title with &quot;quotes',
            '<audio controls="" src="beep-',
        ],
    },
}

MATH = {
    "table": ["x_1"],
    "math": [
        r"e^{i\pi} + 1 = 0",
        r"a < b \& c > d",
        r"\{\{x\}\}",
        r"x_{\{}y_{\}}",
        r"\text{[latex]}",
        "n",
        "\n\\begin{aligned}\n"
        "f(x) &= \\begin{cases} 1 & x < 0 \\\\[2pt] 0 & x > 0 \\end{cases} \\\\\n"
        "{{a}} &= b'\n\\end{aligned}\n",
        r"\alpha",
        r"\sum_{i=1}^n i",
        "x^2",
    ],
    "brackets": [
        r"e^{i\pi}",
        "a <b> c_1 & d",
        "P(A|B)",
        r"\$7 * x_2 * y_2",
        "z^2",
        "\n\\begin{cases} {{a}} & x_1 < 0 \\\\[2pt] \\{b\\} & \\text{if \\(x\\)} \\end{cases}\n",
        r"\ce{SO4^2-}",
        "h_1",
        "t_1",
    ],
    "arabic": ["x^2"],
    "notes-1": ["x^2"],
    "notes-2": ["x^2"],
}


@pytest.mark.parametrize("guid", MEANT)
def test_each_field_is_as_it_was_meant(nasty, col, guid):
    import_package(col, nasty.package)
    note = card(col, guid).note()
    for name, fragments in MEANT[guid].items():
        field = plain(note[name])
        at = 0
        for fragment in map(plain, fragments):
            assert fragment in field[at:], name
            at = field.index(fragment, at) + len(fragment)


COLOURED = re.compile(r'<span class="[a-z]+">([^<]*)</span>')


def plain(html: str) -> str:
    """HTML with each entity, quote and void tag written in one way, and code without colours."""
    html = COLOURED.sub(r"\1", html)
    voids, entities = [(" />", ">"), ("/>", ">")], [("&#91;", "["), ("&#123;", "{")]
    for written, means in [*voids, *entities, ("&quot;", '"')]:
        html = html.replace(written, means)
    return html.replace("&nbsp;", "\u00a0").replace("&#39;", "'")


def test_only_math_is_typeset(nasty, col):
    import_package(col, nasty.package)
    for guid in nasty.notes:
        sides = card(col, guid).render_output()
        assert math(sides.answer_text) == MATH.get(guid, []), guid


def test_nothing_is_live(nasty, col):
    import_package(col, nasty.package)
    for guid in nasty.notes:
        sides = card(col, guid).render_output()
        assert not sides.question_av_tags and not sides.answer_av_tags
        assert "class=latex" not in sides.answer_text
        assert "[[type:" not in sides.answer_text
        names = {name for part in shape(sides.answer_text) if part[0] == "open" for name in part[2]}
        assert not {"onclick", "onerror"} & names
        fields = "".join(card(col, guid).note().fields)
        tags = {part[1] for part in shape(fields) if not isinstance(part, str)}
        assert not {"script", "style", "iframe"} & tags, "the template has one of its own"
        assert "javascript:" not in " ".join(attributes(sides.answer_text))


def test_decks_and_tags(nasty, col):
    import_package(col, nasty.package)
    top = 'Nasty "cards" & <tricks>'
    above = [f"{top}::C++", f"{top}::C++::std"]
    vector = f'{top}::C++::std::vector "quoted" & <b>'
    names = {deck.name for deck in col.decks.all_names_and_ids()} - {"Default"}
    topics = ["Code and fences", "Math and money", "Text", "Pictures & sounds"]
    assert names == {top, *above, vector} | {f"{top}::{topic}" for topic in topics}
    description = words(col.decks.by_name(vector)["desc"])
    assert description.startswith("A topic has a description & a title")
    notes = held(col)
    first = next(iter(notes.values()))
    assert first.cards == [(0, top)] and first.fields["Topic"] == ""
    tags = ["a::b", "c++", "c::std::vector-quoted-b", "nasty"]
    assert notes["generics"].tags == tags
    assert notes["generics"].cards == [(0, vector)]
    assert "tricky" in notes["fence"].tags and "id-only" in notes["live"].tags


def test_each_picture_arrives_once(nasty, col):
    """One name per content: two pictures of one name are kept apart, one used twice is not."""
    import_package(col, nasty.package)
    files = sorted(name.rsplit("-", 1)[0] for name in media(col))
    assert files == ["beep", "dot", "dot", "flow", "grosse-tu", "red-dot"]
    assert all(name.isascii() and " " not in name for name in media(col))
    notes = held(col)
    shown = [notes["pictures"].fields[name] for name in ["Question", "Answer", "Key Points"]]
    assert set(sources("".join(shown))) == set(media(col))
    [flow] = sources(shown[2])
    assert flow in sources(shown[1])
    assert len(set(sources(shown[0]) + sources(shown[1]))) == 6


def media(col) -> list[str]:
    return os.listdir(col.media.dir())


def sources(html: str) -> list[str]:
    return [part[2]["src"] for part in shape(html) if part[0] == "open" and "src" in part[2]]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"),
    ],
    ids=["crlf", "bom", "crlf-bom"],
)
def test_other_line_ends_make_the_same_notes(nasty, change, new_collection, tmp_path):
    shutil.copytree(INPUTS["nasty"], tmp_path / "nasty")
    file = tmp_path / "nasty/nasty.md"
    file.write_bytes(change(file.read_bytes()))
    other = press(tmp_path / "nasty", tmp_path)
    one, two = new_collection(), new_collection()
    import_package(one, nasty.package)
    import_package(two, other.package)
    assert held(one) == held(two)

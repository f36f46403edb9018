//! Fields as HTML, and the Markdown that they become.

use super::{Loss, Notation, convert, convert_with_heading};

const PLAIN: Notation<'_> =
    Notation { has_gaps: false, has_readings: false, has_options: false, media_folder: "media/" };
const CLOZE: Notation<'_> = Notation { has_gaps: true, ..PLAIN };

#[track_caller]
fn check(html: &str, expect: &str) {
    let markdown = convert(html, PLAIN);
    assert_eq!(markdown.body, expect, "{html}");
    assert_eq!(markdown.losses, [], "{html}");
}

#[track_caller]
fn check_gaps(html: &str, expect: &str) {
    let markdown = convert(html, CLOZE);
    assert_eq!(markdown.body, expect, "{html}");
    assert_eq!(markdown.losses, [], "{html}");
}

#[track_caller]
fn check_heading(html: &str, heading: &str, body: &str) {
    let markdown = convert_with_heading(html, CLOZE);
    assert_eq!((&*markdown.heading, &*markdown.body), (heading, body), "{html}");
    assert_eq!(markdown.losses, [], "{html}");
}

#[test]
fn text_stays_text() {
    check("a &amp; b &lt;c&gt; &nbsp; d", "a & b \\<c> d");
    check("plain", "plain");
    check("2 * 3 * 4 and snake_case and a == b", "2 * 3 * 4 and snake_case and a == b");
    check("*not* _this_ `code` ~~x~~", "\\*not\\* \\_this\\_ \\`code\\` \\~\\~x\\~\\~");
    check("1. one", "1\\. one");
    check("- dash", "\\- dash");
    check("# no", "\\# no");
    check("&gt; no", "\\> no");
    check("C# and F#", "C# and F#");
    check("a[0] = b[1]", "a[0] = b[1]");
    check("[a](b)", "\\[a\\](b)");
    check("&amp;amp; &amp; &amp;x", "\\&amp; & &x");
    check("costs $5", "costs $5");
    check("from $5 to 10$", "from \\$5 to 10\\$");
    check("C:\\dir\\x", "C:\\dir\\x");
    check("==x==", "\\=\\=x\\=\\=");
    check("{{c1::x}}", "\\{{c1::x}}");
}

#[test]
fn lines_and_paragraphs() {
    check("a<br>b", "a\\\nb");
    check("a<br><br>b", "a\n\nb");
    check("<div>a</div><div>b</div>", "a\n\nb");
    check("a<div>b</div>c", "a\n\nb\n\nc");
    check("<p>a</p>\n<p>b</p>", "a\n\nb");
    check("a<br>- b", "a\\\n\\- b");
    check("<div><br></div><div>a</div>", "a");
    check("a<hr>b", "a\n\n<hr>\n\nb");
}

#[test]
fn styles_have_signs_or_tags() {
    check("<b>a</b> <i>b</i> <s>c</s>", "**a** *b* ~~c~~");
    check("<b>a </b>b", "**a** b");
    check("<b>a:</b>b", "<b>a:</b>b");
    check("x <b>a:</b> b", "x **a:** b");
    check("<b>Answer:</b> b", "<b>Answer:</b> b");
    check("<b>a</b><b>b</b>", "**ab**");
    check("<b><i>a</i></b>", "**_a_**");
    check("<b>(a)</b>b", "<b>(a)</b>b");
    check("H<sub>2</sub>O <u>x</u>", "H<sub>2</sub>O <u>x</u>");
    check("<span style=\"color: rgb(0, 0, 0)\">a</span>", "a");
    check("<font color=\"#f00\">a</font>", "<span style=\"color: #f00\">a</span>");
    check("<span style=\"font-weight: 700\">a</span>", "**a**");
    check("<ruby>漢<rt>かん</rt></ruby>", "<ruby>漢<rt>かん</rt></ruby>");
    check("<a href=\"https://x.org/a_b\">x</a>", "[x](https://x.org/a_b)");
    check("<a href=\"javascript:x\">x</a>", "x");
    check("<code>a_b*</code>", "`a_b*`");
    check("<b>a<div>b</div></b>", "**a**\n\n**b**");
}

#[test]
fn structures() {
    check("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c");
    check("<ol start=3><li>a<li>b</ol>", "3. a\n4. b");
    check("<ul><li>[ ] a</li></ul>", "- \\[ \\] a");
    check("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b");
    check("<blockquote>a<br>b</blockquote>", "> a\\\n> b");
    check("<h1>a</h1>b", "#### a\n\nb");
    check("<pre><code class=\"language-rs\">a\n  b</code></pre>", "```rs\na\n  b\n```");
    check("<pre>a<br>b</pre>", "```\na\nb\n```");
    check(
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>x<br>y</td></tr></table>",
        "| a | b |\n| --- | --- |\n| 1\\|2 | x<br>y |",
    );
    check("<table><tr><td>a</td></tr></table>", "|  |\n| --- |\n| a |");
    check(
        "<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td><ul><li>c</ul></td></tr></table>",
        "<table>\n<tr>\n<td colspan=\"2\">\n\na\n\n</td>\n</tr>\n<tr>\n<td>\n\nb\n\n</td>\n<td>\n\n- c\n\n</td>\n</tr>\n</table>",
    );
}

#[test]
fn media_and_formulas() {
    check("<img src=\"a b.png\" alt=\"x\" width=10>", "![x](<media/a b.png>){width=10}");
    check("<img src=\"a#b%c.png\">", "![](media/a%23b%25c.png)");
    check("<img src=\"https://x.org/a.png\">", "![](https://x.org/a.png)");
    check("[sound:a.mp3] x", "![](media/a.mp3) x");
    check("<img src=\"../../etc/passwd.png\">", "![](media/-..-etc-passwd.png)");
    check("\\(x^2\\) and \\[y\\]", "$x^2$ and $$y$$");
    check("[$]\\frac{a}{b}[/$]s", "$\\frac{a}{b}$<!-- -->s");
    check("und\\(\\delta^2\\) x", "und$\\delta^2$ x");
    check("und\\(x^2\\)", "und<!-- -->$x^2$");
    check("\\(ABC\\)", "$`ABC`$");
    check("[latex]$x$[/latex]", "$x$");
    assert_eq!(convert("[latex]Let $x$[/latex]", PLAIN).losses, [Loss("latex")]);
}

#[test]
fn gaps_stay_gaps() {
    check_gaps("{{c1::a::b}} c", "{{c1::a::b}} c");
    check_gaps("{{c1::a&#58;&#58;b::c:d}} e::f", "{{c1::a\\::b::c:d}} e::f");
    check_gaps("{{c1::&#58;&#58;::&#58;a}}", "{{c1::\\:\\:::\\:a}}");
    check_gaps("{{c1::{{c2::a&#125;&#125;}}b}}}", "{{c1::{{c2::a\\}\\}}}b}}}");
    check_gaps("{{c1::<b>a</b>}}", "{{c1::**a**}}");
    check_gaps("{{c1::<div>a</div><div>b</div>}}c", "{{c1::a\\\nb}}c");
    check_gaps("<div>{{c1::a</div><div>b}}</div>", "{{c1::a\\\nb}}");
    check_gaps("{{c1::\\(x^2\\)}}", "{{c1::$x^2$}}");
    check_gaps("{{c1::<ul><li>a</li><li>b</li></ul>}}", "{{c1::<ul><li>a</li><li>b</li></ul>}}");
    check_gaps("<ul><li>{{c1::a}}</li></ul>", "- {{c1::a}}");
}

#[test]
fn the_first_line_is_the_heading() {
    check_heading("a", "a", "");
    check_heading("a<br>b", "a", "b");
    check_heading("<div>a</div><div>b</div>", "a", "b");
    check_heading("<ul><li>a</li></ul>", "<ul><li>a</li></ul>", "");
    check_heading("C#", "C\\#", "");
    check_heading("a {b}", "a \\{b}", "");
    check_heading("{{c1::a<br>b}}", "{{c1::a<br>b}}", "");
    check_heading("<img src=a.png>", "![](media/a.png)", "");
    check_heading("", "", "");
}

#[test]
fn what_folds_keeps_its_title_and_whether_it_is_open() {
    check(
        "<details open><summary>More</summary>x</details>",
        "<details open>\n<summary>More</summary>\n\nx\n\n</details>",
    );
    check(
        "<details><summary>\\(x\\) <img src=a.png></summary>y</details>",
        "<details>\n<summary></summary>\n\n$x$ ![](media/a.png)\n\ny\n\n</details>",
    );
    check_heading(
        "<details open><summary>More</summary><p>x</p></details>",
        "<details open><summary>More</summary>x</details>",
        "",
    );
}

#[test]
fn lines_of_code_stay_lines_where_only_one_line_is() {
    check_heading(
        "<pre><code class='language-py'>def f():\n    return 1\n</code></pre>",
        "<pre>`def f():`<br>\u{a0}\u{a0}\u{a0}\u{a0}`return 1`</pre>",
        "",
    );
    check_heading("<code>a\n b</code>", "`a b`", "");
}

#[test]
fn what_a_style_hides_is_left_out_and_said() {
    for html in ["<span style='color: red; Display: none'>no</span>yes", "<p hidden>no</p>yes"] {
        let markdown = convert(html, PLAIN);
        assert_eq!((&*markdown.body, &*markdown.losses), ("yes", &[Loss("hidden")][..]));
    }
}

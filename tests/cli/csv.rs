//! The bytes of the CSV files.

use snapbox::data::Inline;
use snapbox::str;

use crate::test::test;

const NASTY: &str = "\
# Deck
## Commas, \"quotes\"
### Q: Is \"a, b\" one; or two? {#one .t}
**Answer (said \"so\"):** Line one,
line \"two\".

```
tab\there,	and there

\"x\"
```

**Key points:**
- =1+1
- -a; @b

**See:**

`a,b`

### Q: # no comment {#two}
;\\
,
";

/// Builds with a configuration and expects one file.
fn check(format: &str, config: &str, file: &str, expect: Inline) {
    test(&["build", "-q", "-f", format])
        .file("content/deckpress.toml", config)
        .file("content/a.md", NASTY)
        .run()
        .holds(file, expect);
}

#[test]
fn as_text() {
    check(
        "csv",
        "",
        "out/deck.csv",
        str![[r##"
front,back,topic,tags,id␍
"Is ""a, b"" one; or two?","(said ""so"")

Line one, line ""two"".

tab→here,→and there

""x""

• =1+1
• -a; @b

See:
a,b","Commas, ""quotes""",commas-quotes t,one␍
"# no comment",";
,","Commas, ""quotes""",commas-quotes,two␍

"##]],
    );
}

#[test]
fn as_markdown() {
    check(
        "csv",
        "csv.text = \"markdown\"",
        "out/deck.csv",
        str![[r##"
front,back,topic,tags,id␍
"Is ""a, b"" one; or two?","*said ""so""*

Line one,
line ""two"".

```
tab→here,→and there

""x""
```

- =1+1
- -a; @b

**See:**

`a,b`","Commas, ""quotes""",commas-quotes t,one␍
"# no comment",";\
,","Commas, ""quotes""",commas-quotes,two␍

"##]],
    );
}

#[test]
fn as_html() {
    check(
        "csv",
        "csv.text = \"html\"",
        "out/deck.csv",
        str![[r##"
front,back,topic,tags,id␍
"Is ""a, b"" one; or two?","<p class=""qualifier"">said &quot;so&quot;</p>
<p>Line one,
line ""two"".</p>
<pre><code>tab→here,→and there

""x""
</code></pre>
<hr>
<ul>
<li>=1+1</li>
<li>-a; @b</li>
</ul>
<section class=""extra"">
<h4 class=""extra-label"">See</h4>
<p><code>a,b</code></p>
</section>","Commas, ""quotes""",commas-quotes t,one␍
"# no comment","<p>;<br />
,</p>","Commas, ""quotes""",commas-quotes,two␍

"##]],
    );
}

#[test]
fn for_anki() {
    check(
        "anki-csv",
        "",
        "out/deck.anki.csv",
        str![[r##"
#separator:tab
#html:true
#notetype:Deckpress Q&A
#columns:GUID→Deck→Tags→Question→Answer→Key Points→Extra→Hint→Topic→Source→Reverse→Type→ID
#guid column:1
#deck column:2
#tags column:3
#if matches:update current
"one"→"Deck::Commas, ""quotes"""→"commas-quotes t"→"Is ""a, b"" one; or two?"→"<p class=""qualifier"">said &quot;so&quot;</p>
<p>Line one,
line ""two"".</p>
<pre><code>tab→here,→and there

""x""
</code></pre>"→"<ul>
<li>=1+1</li>
<li>-a; @b</li>
</ul>"→"<section class=""extra"">
<h4 class=""extra-label"">See</h4>
<p><code>a,b</code></p>
</section>"→""→"Commas, &quot;quotes&quot;"→"a.md"→""→""→"one"
"two"→"Deck::Commas, ""quotes"""→"commas-quotes"→"# no comment"→"<p>;<br />
,</p>"→""→""→""→"Commas, &quot;quotes&quot;"→"a.md"→""→""→"two"

"##]],
    );
}

#[test]
fn for_ankis_basic_note_type() {
    check(
        "anki-csv",
        "anki.csv_notetype = \"Basic\"",
        "out/deck.anki.csv",
        str![[r##"
#separator:tab
#html:true
#notetype:Basic
#columns:GUID→Deck→Tags→Front→Back
#guid column:1
#deck column:2
#tags column:3
#if matches:update current
"one"→"Deck::Commas, ""quotes"""→"commas-quotes t"→"Is ""a, b"" one; or two?"→"<p class=""qualifier"">said &quot;so&quot;</p>
<p>Line one,
line ""two"".</p>
<pre><code>tab→here,→and there

""x""
</code></pre>
<hr>
<ul>
<li>=1+1</li>
<li>-a; @b</li>
</ul>
<section class=""extra"">
<h4 class=""extra-label"">See</h4>
<p><code>a,b</code></p>
</section>"
"two"→"Deck::Commas, ""quotes"""→"commas-quotes"→"# no comment"→"<p>;<br />
,</p>"

"##]],
    );
}

#[test]
fn cells_hold_no_separator_bare() {
    test(&["build", "-q", "-f", "csv"])
        .file(
            "content/deckpress.toml",
            "[[export]]\nto = \"csv\"\nfields = [\"front\", \"hint\"]\nseparator = \"|\"\nheader = false\n",
        )
        .file(
            "content/a.md",
            "### Q: a; b\n1\n### Q: a, b\n1\n### Q: a|b\n1\n### Q: a # b: (c)\n1\n### Q: \\# a\n1\n\
             **Hint:** # a\n",
        )
        .run()
        .holds("out/a.csv", str![[r##"
"a; b"|␍
"a, b"|␍
"a|b"|␍
a # b: (c)|␍
"# a"|# a␍

"##]]);
}

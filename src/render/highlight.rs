//! Colours for code: its parts get classes in the HTML, so that no script runs on a card.
//!
//! The grammars are those of Sublime Text and `bat` (syntect, two-face), which tell thousands of
//! scopes apart. Here they become a few plain classes, which `anki/style.css` gives colours, and
//! ordinary text gets none, so that the HTML stays small and can be edited in Anki. What is not
//! understood stays as it is: code without a language or in an unknown one, lines longer than
//! [`LONGEST_LINE`] and what follows the first [`LONGEST_CODE`] bytes, as a grammar may take time
//! that grows with the square of a line.
//!
//! The grammars' expressions are written for Oniguruma, so that is what tries them: it takes a
//! quarter of the time of the engine in Rust that could, which was half of a build.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

use pulldown_cmark::{CodeBlockKind, Event, Tag};
use pulldown_cmark_escape::escape_html_body_text;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

const LONGEST_LINE: usize = 500;
const LONGEST_CODE: usize = 20_000;

/// Unpacked when the first block needs it; a grammar's expressions are compiled one by one, each
/// when it is first tried.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What was marked already, by the hash of language and code: several formats show the same block.
static MARKED: Mutex<BTreeMap<[u8; 32], Option<String>>> = Mutex::new(BTreeMap::new());

/// Every class, with the scopes that belong to it. Of several that fit, the longest decides, and
/// of scopes within each other the innermost. What has the empty class is ordinary text, even
/// within a string.
const CLASSES: [(&str, &str); 12] = [
    (
        "",
        "source meta.interpolation meta.embedded meta.substitution meta.group.expansion variable \
         entity.name.constant entity.name.field entity.name.namespace entity.name.variable \
         support.type.package constant.other.database-name constant.other.table-name \
         meta.annotation.arguments punctuation.section.arguments",
    ),
    ("comment", "comment"),
    (
        "string",
        "string storage.type.string source.regexp constant.character constant.other.placeholder \
         markup.raw.inline markup.underline.link",
    ),
    ("constant", "constant constant.character.entity storage.type.numeric keyword.other.unit"),
    ("keyword", "keyword storage variable.language"),
    (
        "function",
        "entity.name.function entity.name.macro support.function support.macro variable.function",
    ),
    ("type", "entity.name support.type support.class entity.other.inherited-class variable.type"),
    ("tag", "entity.name.tag punctuation.definition.tag support.class.component"),
    (
        "attribute",
        "entity.other.attribute-name support.type.property-name support.type.custom-property \
         entity.name.tag.yaml entity.name.tag.toml keyword.name.ini meta.annotation \
         variable.annotation",
    ),
    ("inserted", "markup.inserted"),
    ("deleted", "markup.deleted"),
    (
        "heading",
        "markup.heading entity.name.section entity.section entity.name.table meta.diff.range",
    ),
];

static JSON_KEY: LazyLock<Option<Scope>> =
    LazyLock::new(|| Scope::new("meta.mapping.key.json").ok());

static RULES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    let mut rules = Vec::new();
    for (class, scopes) in CLASSES {
        rules.extend(scopes.split_whitespace().filter_map(|s| Some((Scope::new(s).ok()?, class))));
    }
    rules.sort_by_key(|(scope, _)| Reverse(scope.len()));
    rules
});

/// What people write for a language that the grammars know by another name.
const ALIASES: [(&str, &str); 24] = [
    ("sh", "shell console shell-session shellsession sh-session terminal ksh posix"),
    ("js", "mjs cjs node nodejs es6"),
    ("tsx", "jsx javascriptreact"),
    ("py", "python2 python3 py2 pycon ipython starlark"),
    (
        "sql",
        "mysql mariadb postgres postgresql psql pgsql plpgsql sqlite sqlite3 tsql t-sql mssql plsql bigquery duckdb hive hiveql snowflake sparksql cql",
    ),
    ("json", "jsonc json5 jsonl ndjson geojson"),
    ("go", "golang"),
    ("cs", "csharp"),
    ("c++", "h hpp cuda cu arduino ino"),
    ("dockerfile", "docker containerfile"),
    ("objective-c", "objc obj-c objectivec"),
    ("f#", "fsharp fs"),
    ("regular expression", "regex regexp pcre"),
    ("lisp", "elisp emacs-lisp common-lisp scheme"),
    ("bat", "batch dos"),
    ("apache conf", "apache apacheconf"),
    ("f90", "fortran"),
    ("matlab", "octave"),
    ("pascal", "delphi objectpascal"),
    ("asm", "assembly x86asm"),
    ("html", "handlebars hbs mustache liquid ejs angular astro"),
    ("xml", "wsdl plist rdf atom"),
    ("ini", "conf dosini systemd"),
    ("diff", "udiff"),
];

/// What stands before a command or a statement in a record of a session; all else is output.
const PROMPTS: [&str; 3] = ["$ ", ">>> ", "... "];

/// Marks the code of fenced blocks.
pub(super) fn blocks(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = &event else {
            out.push(event);
            continue;
        };
        let info = info.clone();
        out.push(event);
        let mut code = String::new();
        while let Some(Event::Text(text)) = events.next_if(|e| matches!(e, Event::Text(_))) {
            code.push_str(&text);
        }
        out.push(match html(&code, &info) {
            Some(html) => Event::InlineHtml(html.into()),
            None => Event::Text(code.into()),
        });
    }
    out
}

/// A block's code as HTML with its parts marked, or nothing if its language is plain or unknown.
/// `info` is what follows the opening fence.
fn html(code: &str, info: &str) -> Option<String> {
    let language = language(info)?;
    let syntax = syntax(&language, code)?;
    let key = *blake3::hash(format!("{}\n{code}", syntax.name).as_bytes()).as_bytes();
    let marked = || MARKED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = marked().get(&key).cloned();
    known.unwrap_or_else(|| {
        let html = runs(code, syntax).map(|runs| write(code, runs));
        marked().insert(key, html.clone());
        html
    })
}

/// The name of the language in `rust,ignore`, `{.python #id}`, `JS title="x"` and the like.
fn language(info: &str) -> Option<String> {
    let info = info.trim_start_matches(|c: char| c.is_whitespace() || "{.".contains(c));
    let name = info.split(|c: char| c.is_whitespace() || ",;:{}[]()=\"".contains(c)).next()?;
    let name = name.to_lowercase();
    let known = ALIASES.iter().find(|(_, names)| names.split(' ').any(|known| known == name));
    let name = known.map_or(name, |(known, _)| (*known).to_owned());
    (!name.is_empty()).then_some(name)
}

fn syntax(language: &str, code: &str) -> Option<&'static SyntaxReference> {
    let syntax = match language {
        // Between `<?php` and `?>` there is PHP, around them HTML; most blocks have no such marks.
        "php" if !code.contains("<?") => SYNTAXES.find_syntax_by_name("PHP Source"),
        // The grammar for scripts takes the end of an element for a regular expression.
        "js" | "javascript" if code.contains("</") || code.contains("/>") => {
            SYNTAXES.find_syntax_by_token("tsx")
        }
        // By their ending such files are those of a grammar for a dialect.
        "js" | "javascript" => SYNTAXES.find_syntax_by_name("JavaScript"),
        language => SYNTAXES.find_syntax_by_token(language),
    };
    syntax.filter(|syntax| syntax.name != "Plain Text")
}

/// Runs of the code that are not ordinary text, with their classes.
type Runs = Vec<(Range<usize>, &'static str)>;

/// Finds them; nothing if the grammar is at fault.
fn runs(code: &str, syntax: &SyntaxReference) -> Option<Runs> {
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut runs = Runs::new();
    let is_session = code.lines().find(|line| !line.is_empty()).is_some_and(|l| prompt(l) > 0);
    let mut goes_on = !is_session;
    let mut end = 0;
    for line in code.split_inclusive('\n') {
        let prompt = if goes_on { 0 } else { prompt(line) };
        let is_code = goes_on || prompt > 0;
        goes_on = !is_session || is_code && line.trim_end().ends_with('\\');
        let line_start = end + prompt;
        end += line.len();
        if !is_code {
            state = ParseState::new(syntax);
            scopes = ScopeStack::new();
        } else if line.len() <= LONGEST_LINE && end <= LONGEST_CODE {
            let mut start = line_start;
            for (at, op) in state.parse_line(&line[prompt..], &SYNTAXES).ok()? {
                add(&mut runs, code, start..line_start + at, &scopes);
                scopes.apply(&op).ok()?;
                start = line_start + at;
            }
            add(&mut runs, code, start..end, &scopes);
        }
    }
    Some(runs)
}

/// The length of the prompt that a line begins with.
fn prompt(line: &str) -> usize {
    PROMPTS.iter().find(|prompt| line.starts_with(**prompt)).map_or(0, |prompt| prompt.len())
}

/// Adds a run, or widens the last one. White space shows no colour: it begins and ends no run, but
/// does not part two of the same class either.
fn add(runs: &mut Runs, code: &str, range: Range<usize>, scopes: &ScopeStack) {
    let text = &code[range.clone()];
    let start = range.end - text.trim_start().len();
    let end = range.start + text.trim_end().len();
    let class = if start < end { class(text, scopes) } else { "" };
    if class.is_empty() {
        return;
    }
    match runs.last_mut() {
        Some((last, known)) if *known == class && code[last.end..start].trim().is_empty() => {
            last.end = end;
        }
        _ => runs.push((start..end, class)),
    }
}

/// The class of a run of text: that of the innermost scope that has one. The outermost is the
/// language itself.
fn class(text: &str, scopes: &ScopeStack) -> &'static str {
    let scopes = scopes.scopes.get(1..).unwrap_or_default();
    let mut classes = scopes.iter().rev().filter_map(|scope| {
        RULES.iter().find(|(rule, _)| rule.is_prefix_of(*scope)).map(|(_, class)| *class)
    });
    // Of operators and commands, only words are worth a colour.
    let is_sign = !text.contains(char::is_alphabetic);
    let class = classes.find(|class| !is_sign || !["keyword", "function"].contains(class));
    // The grammar has keys as strings.
    match class {
        Some("string") if scopes.iter().any(|scope| *JSON_KEY == Some(*scope)) => "attribute",
        class => class.unwrap_or_default(),
    }
}

fn write(code: &str, runs: Runs) -> String {
    let mut html = String::with_capacity(code.len() * 2);
    let mut at = 0;
    for (range, class) in runs {
        escape(&code[at..range.start], &mut html);
        html += &format!("<span class=\"{class}\">");
        escape(&code[range.clone()], &mut html);
        html += "</span>";
        at = range.end;
    }
    escape(&code[at..], &mut html);
    html
}

fn escape(text: &str, html: &mut String) {
    // Writing to a string cannot fail.
    let _ = escape_html_body_text(html, text);
}

#[cfg(test)]
mod tests {
    use super::{ALIASES, CLASSES, LONGEST_CODE, LONGEST_LINE, html, language, syntax};

    /// Checks the HTML of a block, with `‹class …›` for a span.
    #[track_caller]
    fn check(info: &str, code: &str, expect: &str) {
        let html = html(code, info).expect("the language is known");
        let html = html.replace("<span class=\"", "‹").replace("\">", " ").replace("</span>", "›");
        assert_eq!(html, expect);
    }

    #[test]
    fn code_is_marked() {
        check(
            "python",
            "@cache\ndef f(x):  # <c>\n    return f\"a{x}\" + str(1)\n",
            "‹attribute @cache›\n‹keyword def› ‹function f›(x):  ‹comment # &lt;c&gt;›\n    ‹keyword return› ‹string f\"a›{x}‹string \"› + ‹type str›(‹constant 1›)\n",
        );
        check(
            "rust",
            "#[test]\nlet x: Vec<u8> = vec![1u8, 'a'];\n",
            "‹attribute #[test]›\n‹keyword let› x: ‹type Vec›&lt;‹keyword u8›&gt; = ‹function vec!›[‹constant 1u8›, ‹string 'a'›];\n",
        );
        check(
            "json",
            "{\"a\": [\"b\", null]}\n",
            "{‹attribute \"a\"›: [‹string \"b\"›, ‹constant null›]}\n",
        );
        check(
            "html",
            "<p class=\"a\">b &amp; c</p>\n",
            "‹tag &lt;p› ‹attribute class›=‹string \"a\"›‹tag &gt;›b ‹constant &amp;amp;› c‹tag &lt;/p&gt;›\n",
        );
        check(
            "sql",
            "SELECT a.b, count(*) FROM a -- c\n",
            "‹keyword SELECT› a.b, ‹function count›(*) ‹keyword FROM› a ‹comment -- c›\n",
        );
        check(
            "bash",
            "for f in *.c; do echo \"$f\" | wc -l; done\n",
            "‹keyword for› f ‹keyword in› *.c; ‹keyword do› ‹function echo› ‹string \"›$f‹string \"› | ‹function wc› -l; ‹keyword done›\n",
        );
        check(
            "diff",
            "@@ -1 +1 @@\n-a\n+b\n c\n",
            "‹heading @@ -1 +1 @@›\n‹deleted -a›\n‹inserted +b›\n c\n",
        );
    }

    #[test]
    fn some_code_needs_a_closer_look() {
        check("php", "echo \"a $b\";\n", "‹function echo› ‹string \"a› $b‹string \"›;\n");
        check(
            "php",
            "<p><?php echo 1 ?>\n",
            "‹tag &lt;p&gt;›&lt;?php ‹function echo› ‹constant 1› ?&gt;\n",
        );
        check(
            "js",
            "const a = <b>{c}</b>;\n",
            "‹keyword const› a = ‹tag &lt;b&gt;›{c}‹tag &lt;/b&gt;›;\n",
        );
    }

    #[test]
    fn white_space_ends_no_run() {
        check(
            "js",
            "// a\n\n// b\nexport  default 1\n",
            "‹comment // a\n\n// b›\n‹keyword export  default› ‹constant 1›\n",
        );
    }

    #[test]
    fn in_a_session_only_what_was_typed_is_code() {
        check(
            "console",
            "$ echo 'a' \\\n  'b'\ndon't\n$ echo 'c'\n",
            "$ ‹function echo› ‹string 'a'› \\\n  ‹string 'b'›\ndon't\n$ ‹function echo› ‹string 'c'›\n",
        );
        check("pycon", ">>> f('a')\n'a'\n", "&gt;&gt;&gt; ‹function f›(‹string 'a'›)\n'a'\n");
    }

    #[test]
    fn languages_have_many_names() {
        let check = |infos: &str, expect| {
            for info in infos.split('|') {
                let syntax = language(info).and_then(|name| syntax(&name, ""));
                assert_eq!(syntax.map(|syntax| syntax.name.as_str()), expect, "{info}");
            }
        };
        check(
            "rust|RS|rust,ignore|rust title=\"x\"|{.rust #id}|{ .rust }|{rust, echo=0}",
            Some("Rust"),
        );
        check("sh|shell|bash|zsh|console", Some("Bourne Again Shell (bash)"));
        check("js|mjs|node|javascript", Some("JavaScript"));
        check("jsx|tsx", Some("TypeScriptReact"));
        check("py|python|python3|py3", Some("Python"));
        check("c++|cpp|h", Some("C++"));
        check("c", Some("C"));
        check("c#|csharp|cs", Some("C#"));
        check("f#|fs|fsharp", Some("F#"));
        check("objective-c|objc", Some("Objective-C"));
        check("regex", Some("Regular Expression"));
        check("r", Some("R"));
        check("text|txt|plain|plaintext|output|none|mermaid|| |{}|{.|,|\u{0}|…", None);
    }

    #[test]
    fn every_alias_leads_to_a_language() {
        for (name, _) in ALIASES {
            assert!(syntax(name, "").is_some(), "{name}");
        }
    }

    /// The code that HTML shows. Nothing but spans of known classes may be in it.
    fn shown(html: &str) -> String {
        let mut text = html.replace("</span>", "");
        for (class, _) in CLASSES {
            text = text.replace(&format!("<span class=\"{class}\">"), "");
        }
        assert!(!text.contains(['<', '>']), "{html}");
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    #[test]
    fn every_character_survives() {
        let languages = [
            "bash", "c", "css", "diff", "go", "json", "php", "regex", "rust", "sql", "tex", "yaml",
        ];
        let nasty = [
            "",
            "\n",
            "\t \u{a0}\u{2003}\n\n   x",
            "&lt;&amp;lt; <b>&</b> \"'`\\\n",
            "#!/bin/sh\n'unclosed \"strings `and ${nests {{ (( [[ /* <!-- <<EOF\n",
            "]] )) }} */ --> EOF ?> %> \\end{x}\n@@@ $$$ ### \\\\\n",
            "def f(x): return 1 // 2 # é 注意 😀 e\u{301} \u{202e}\nfn main() { \"\\n\" }\n",
            "<span class=\"keyword\">[sound:x.mp3]</span>\n[$]\\(x\\)[/$]\n",
            "$ a\nb\n$ c \\\n",
            "\u{1}\u{85}\u{2028}\r\n\u{feff}",
        ];
        for info in languages {
            for code in nasty {
                assert_eq!(shown(&html(code, info).expect(info)), code, "{info}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_plain() {
        let long = format!("let x = 1; // {}\n", "<".repeat(LONGEST_LINE));
        let check = |code: &str, spans| {
            let html = html(code, "rust").expect("the language is known");
            assert_eq!(html.matches("<span").count(), spans);
            assert_eq!(shown(&html), code);
        };
        check(&long, 0);
        check(&format!("fn a\n{long}fn b\n"), 4);
        check(&"fn\n".repeat(LONGEST_CODE), 1);
        check(&"let".repeat(LONGEST_CODE), 0);
    }
}

//! Highlights code: its parts get classes in the HTML, so that no script runs on a card.
//!
//! The grammars are those of Visual Studio Code (syntaxmate), which distinguish thousands of
//! scopes. They are mapped to a few classes, to which `anki/style.css` gives colors. Ordinary text
//! gets none, so that the HTML stays small and can be edited in Anki. Code without a language or in
//! an unknown one is not highlighted; nor are lines longer than [`LONGEST_LINE`] and anything
//! behind the first [`LONGEST_CODE`] bytes, as a grammar may take time quadratic in the length of a
//! line.

mod cache;
mod language;
mod scopes;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};
use pulldown_cmark_escape::escape_html_body_text;
use syntaxmate::{ScopeStackId, Token, Tokenizer, TokenizerOptions};

use cache::Cache;
pub use language::is_language;
use language::{find_grammar, language};
use scopes::{Classes, class};

const LONGEST_LINE: usize = 500;
const LONGEST_CODE: usize = 20_000;

/// Blocks already highlighted: several targets show the same.
static MARKED: Mutex<Cache> = Mutex::new(Cache::new());

thread_local! {
    /// A reader per language. A grammar is unpacked when the first block needs it, and its
    /// expressions are compiled one by one, each when it is first tried.
    static READERS: RefCell<BTreeMap<&'static str, Highlighter>> = const { RefCell::new(BTreeMap::new()) };
}

/// The prompts before a command or statement in a recorded session; other lines are output.
const PROMPTS: [&str; 3] = ["$ ", ">>> ", "... "];

/// Highlights the code of fenced blocks.
pub(super) fn blocks<'e>(
    events: impl Iterator<Item = Event<'e>>,
) -> impl Iterator<Item = Event<'e>> {
    let mut events = events.peekable();
    let mut opened: Option<CowStr<'e>> = None;
    std::iter::from_fn(move || {
        let Some(info) = opened.take() else {
            let event = events.next()?;
            if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = &event {
                opened = Some(info.clone());
            }
            return Some(event);
        };
        let mut code = String::new();
        while let Some(Event::Text(text)) = events.next_if(|e| matches!(e, Event::Text(_))) {
            code.push_str(&text);
        }
        Some(match html(&code, &info) {
            Some(html) => Event::InlineHtml(html.into()),
            None => Event::Text(code.into()),
        })
    })
}

/// Highlights the code of a block; `None` if its language is plain or unknown. `info` is the info
/// string.
fn html(code: &str, info: &str) -> Option<String> {
    let grammar = find_grammar(&language(info)?, code)?;
    let key = *blake3::hash(format!("{grammar}\n{code}").as_bytes()).as_bytes();
    let marked = || MARKED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = marked().get(&key);
    known.unwrap_or_else(|| {
        let html = READERS.with_borrow_mut(|readers| {
            let reader = readers.entry(grammar).or_insert_with(|| Highlighter::new(grammar));
            reader.runs(code).map(|runs| write(code, runs))
        });
        marked().insert(key, html.clone());
        html
    })
}

/// The parts of the code that are not ordinary text, with their classes.
type Runs = Vec<(Range<usize>, &'static str)>;

/// A highlighter for one language.
struct Highlighter {
    tokenizer: Option<Tokenizer>,
    /// The classes by stack of scopes.
    classes: HashMap<ScopeStackId, Classes>,
}

impl Highlighter {
    fn new(grammar: &str) -> Self {
        // Hardly any two lines are the same, but for those that take no time.
        let options = TokenizerOptions { line_cache_entries: 0, ..TokenizerOptions::default() };
        let tokenizer = Tokenizer::for_bundled_language(grammar, options).ok();
        Self { tokenizer, classes: HashMap::new() }
    }

    /// Finds the runs; `None` if the grammar fails.
    fn runs(&mut self, code: &str) -> Option<Runs> {
        let Self { tokenizer, classes } = self;
        let tokenizer = tokenizer.as_mut()?;
        let mut state = tokenizer.initial_state();
        let mut runs = Runs::new();
        let is_session =
            code.lines().find(|line| !line.is_empty()).is_some_and(|l| prompt_len(l) > 0);
        let mut goes_on = !is_session;
        let mut end = 0;
        for line in code.split_inclusive('\n') {
            let prompt = if goes_on { 0 } else { prompt_len(line) };
            let is_code = goes_on || prompt > 0;
            goes_on = !is_session || is_code && line.trim_end().ends_with('\\');
            let start = end + prompt;
            end += line.len();
            if !is_code {
                state = tokenizer.initial_state();
            } else if line.len() <= LONGEST_LINE && end <= LONGEST_CODE {
                let line = line[prompt..].trim_end_matches('\n');
                let sink = |token: Token| {
                    let Range { start: from, end: to } = token.range();
                    let class = class(&token, &line[from..to], classes);
                    add_run(&mut runs, code, start + from..start + to, class);
                };
                tokenizer.tokenize_line_with(line, &mut state, sink).ok()?;
            }
        }
        Some(runs)
    }
}

/// Returns the length of the prompt at the start of a line.
fn prompt_len(line: &str) -> usize {
    PROMPTS.iter().find(|prompt| line.starts_with(**prompt)).map_or(0, |prompt| prompt.len())
}

/// Adds a run, or widens the last one. White space has no color: it begins and ends no run, but
/// does not separate two runs of the same class either.
fn add_run(runs: &mut Runs, code: &str, range: Range<usize>, class: &'static str) {
    let text = &code[range.clone()];
    let start = range.end - text.trim_start().len();
    let end = range.start + text.trim_end().len();
    if class.is_empty() || start >= end {
        return;
    }
    match runs.last_mut() {
        Some((last, known)) if *known == class && code[last.end..start].trim().is_empty() => {
            last.end = end;
        }
        _ => runs.push((start..end, class)),
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
    use super::scopes::CLASSES;
    use super::{LONGEST_CODE, LONGEST_LINE, html};

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
            "‹attribute #[test]›\n‹keyword let› x: ‹type Vec›&lt;‹type u8›&gt; = ‹function vec!›[‹constant 1›‹type u8›, ‹string 'a'›];\n",
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
        check(&format!("fn a() {{}}\n{long}fn b() {{}}\n"), 4);
        check(&"fn\n".repeat(LONGEST_CODE), 1);
        check(&"let".repeat(LONGEST_CODE), 0);
    }
}

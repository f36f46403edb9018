//! The language of a block of code, from its info string.

use std::sync::LazyLock;

use syntaxmate::Catalog;

static GRAMMARS: LazyLock<Catalog> = LazyLock::new(Catalog::bundled);

/// Other names of languages, with the names that the grammars have.
const ALIASES: [(&str, &str); 27] = [
    ("shellscript", "console shell-session shellsession sh-session terminal ksh posix"),
    ("javascript", "nodejs es6"),
    ("jsx", "javascriptreact"),
    ("tsx", "typescriptreact"),
    ("python", "python2 py2 py3 pycon ipython"),
    (
        "sql",
        "mysql mariadb psql pgsql plpgsql sqlite sqlite3 tsql t-sql mssql bigquery duckdb hive hiveql snowflake sparksql cql",
    ),
    ("json", "geojson"),
    ("go", "golang"),
    ("cpp", "h arduino ino"),
    ("docker", "containerfile"),
    ("latex", "tex"),
    ("objective-c", "obj-c objectivec"),
    ("fsharp", "fs"),
    ("regexp", "pcre"),
    ("bat", "dos cmd"),
    ("apache", "apacheconf"),
    ("fortran-free-form", "fortran"),
    ("matlab", "octave"),
    ("pascal", "delphi objectpascal"),
    ("asm", "assembly x86asm"),
    ("handlebars", "mustache"),
    ("html", "htm xhtml ejs"),
    ("angular-html", "angular"),
    ("xml", "wsdl plist rdf atom svg xsd"),
    ("ini", "conf cfg dosini systemd"),
    ("diff", "udiff patch"),
    ("system-verilog", "systemverilog sv"),
];

/// Extracts the language from `rust,ignore`, `{.python #id}`, `JS title="x"` and the like.
pub(super) fn language(info: &str) -> Option<String> {
    let info = info.trim_start_matches(|c: char| c.is_whitespace() || "{.".contains(c));
    let name = info.split(|c: char| c.is_whitespace() || ",;:{}[]()=\"".contains(c)).next()?;
    let name = name.to_lowercase();
    let known = ALIASES.iter().find(|(_, names)| names.split(' ').any(|known| known == name));
    let name = known.map_or(name, |(known, _)| (*known).to_owned());
    (!name.is_empty()).then_some(name)
}

/// Returns whether an info string is `text` or names a language that people write in. An app may
/// run the code below any other name.
#[must_use]
pub fn is_language(info: &str) -> bool {
    let is_known = |name: &str| GRAMMARS.canonical_language(name).is_some();
    language(info).is_some_and(|name| name == "text" || is_known(&name))
}

/// Returns the name of a language's grammar.
pub(super) fn find_grammar(language: &str, code: &str) -> Option<&'static str> {
    // Between `<?php` and `?>` there is PHP, around them HTML; most blocks have no such marks.
    if language == "php" && code.contains("<?") {
        return GRAMMARS.canonical_language("blade");
    }
    let by_ending = || GRAMMARS.detect_path(format!("x.{language}"));
    GRAMMARS.canonical_language(language).or_else(by_ending)
}

#[cfg(test)]
mod tests {
    use super::{ALIASES, find_grammar, is_language, language};

    #[test]
    fn what_an_app_runs_is_no_language() {
        let check = |names: &str, expect| {
            names.split(' ').for_each(|name| assert_eq!(is_language(name), expect, "{name}"));
        };
        check("dataview dataviewjs datacorejsx query tasks button js-engine meta-bind calc", false);
        check(
            "text JS jsx ts tsx py {.rust} rs mermaid console c++ cpp sh yml html css R nginx json",
            true,
        );
    }

    #[test]
    fn languages_have_many_names() {
        let check = |infos: &str, expect| {
            for info in infos.split('|') {
                let grammar = language(info).and_then(|name| find_grammar(&name, ""));
                assert_eq!(grammar, expect, "{info}");
            }
        };
        check(
            "rust|RS|rust,ignore|rust title=\"x\"|{.rust #id}|{ .rust }|{rust, echo=0}",
            Some("rust"),
        );
        check("sh|shell|bash|zsh|console", Some("shellscript"));
        check("js|mjs|node|javascript", Some("javascript"));
        check("jsx|JavaScriptReact", Some("jsx"));
        check("tsx", Some("tsx"));
        check("py|python|python3|py3", Some("python"));
        check("c++|cpp|h", Some("cpp"));
        check("c", Some("c"));
        check("c#|csharp|cs", Some("csharp"));
        check("f#|fs|fsharp", Some("fsharp"));
        check("objective-c|objc", Some("objective-c"));
        check("regex", Some("regexp"));
        check("r", Some("r"));
        check("text|txt|plain|plaintext|output|none|| |{}|{.|,|\u{0}|…", None);
    }

    #[test]
    fn every_alias_leads_to_a_language() {
        for (name, _) in ALIASES {
            assert!(find_grammar(name, "").is_some(), "{name}");
        }
    }
}

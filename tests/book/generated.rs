//! What the pages say that the code knows: between a line `<!-- generated: NAME -->` and the next
//! `<!-- end -->`.

use deckpress::config::settings::{self, Setting};
use deckpress::diagnostic::{Code, Severity};
use deckpress::target::{About, Field, Loss, Proof, Target};

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// Returns every page that is generated as a whole, with its path.
pub(crate) fn files() -> Vec<(String, String)> {
    Code::ALL
        .iter()
        .map(|code| (format!("docs/src/messages/{}.md", code.name()), message(*code)))
        .collect()
}

/// A page with the explanation of a code, and with how much it matters.
fn message(code: Code) -> String {
    let (name, severity) = (code.name(), code.severity().name());
    let (title, explanation) = code.explanation().split_once('\n').unwrap();
    let effect = match code.severity() {
        Severity::Error => "nothing is built",
        Severity::Warning => "the build goes on",
    };
    format!(
        "<!-- generated from src/explain/{name}.md -->\n\n{title}\n\n`{name}` · {severity}: \
         {effect}\n{explanation}"
    )
}

/// Returns a page with its generated parts as they should be.
pub(crate) fn parts(path: &str, text: &str) -> String {
    let mut page = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(" -->\n").unwrap();
        let (_, after) =
            after.split_once(END).unwrap_or_else(|| panic!("{path}: {name} has no end"));
        page += &format!("{before}{BEGIN}{name} -->\n\n{}\n{END}", part(path, name));
        rest = after;
    }
    page + rest
}

fn part(path: &str, name: &str) -> String {
    match name {
        "target" => target(path),
        "targets" => targets(),
        "codes" => codes(),
        "fields" => Field::ALL.iter().map(|(name, _)| format!("- `{name}`\n")).collect(),
        "settings" => {
            // A table has a heading of its own, with its keys below it.
            let is_table = |setting: &&Setting| setting.default.is_empty();
            settings::SETTINGS.iter().filter(|setting| !is_table(setting)).map(section).collect()
        }
        "settings of csv" => table(settings::CSV),
        "settings of anki" => table(settings::ANKI),
        "settings of lint" => table(settings::LINT),
        "settings of export" => table(settings::EXPORT),
        "settings of front matter" => table(settings::FRONT_MATTER),
        "settings of note types" => table(settings::NOTE_TYPE),
        "settings of cards" => table(settings::CARD),
        _ => panic!("{path}: nothing generates {name}"),
    }
}

/// A heading for a setting, so that links can lead to it, and what there is to know.
fn section(setting: &Setting) -> String {
    let Setting { key, about, values, default, .. } = setting;
    format!("### `{key}`\n\n{about}\n\n*Value:* {values} · *Default:* {default}\n\n")
}

fn table(settings: &[Setting]) -> String {
    let row = |Setting { key, about, values, default, .. }: &Setting| {
        let default = if default.is_empty() { "–" } else { default };
        format!("| `{key}` | {values} | {default} | {about} |\n")
    };
    let rows: String = settings.iter().map(row).collect();
    format!("| key | value | default | |\n|---|---|---|---|\n{rows}")
}

fn codes() -> String {
    let row = |code: &Code| {
        let (name, severity) = (code.name(), code.severity().name());
        let title = code.explanation().lines().next().unwrap().trim_start_matches("# ");
        format!("| [`{name}`](messages/{name}.md) | {severity} | {title} |\n")
    };
    let rows: String = Code::ALL.iter().map(row).collect();
    format!("| code | | what it means |\n|---|---|---|\n{rows}")
}

fn targets() -> String {
    let row = |(name, target): (&str, Target)| {
        let about = target.about();
        let (file, purpose) = (file(about), about.purpose);
        format!("| [`{name}`](targets/{name}.md) | `{file}` | {purpose} | {} |\n", losses(about))
    };
    let rows: String = Target::all().map(row).collect();
    format!("| target | file | for | loses |\n|---|---|---|---|\n{rows}")
}

/// What is known of the target that a page is about.
fn target(path: &str) -> String {
    let name = path.strip_prefix("docs/src/targets/").unwrap().strip_suffix(".md").unwrap();
    let about = Target::named(name).unwrap().about();
    let proof = match about.proof {
        Proof::Run(app) => format!("{app}, which reads it in the tests"),
        Proof::Rules => "a reader of our own in the tests, by the rules of the app".to_owned(),
        Proof::Documentation => {
            "nobody: it is written from the app's documentation, and was not tried in the app"
                .to_owned()
        }
    };
    let About { purpose, keeps, .. } = about;
    format!(
        "| | |\n|---|---|\n| for | {purpose} |\n| writes | `{}` |\n| keeps | {keeps} |\n\
         | loses | {} |\n| checked by | {proof} |\n",
        file(about),
        losses(about)
    )
}

fn file(about: &About) -> String {
    if about.file.ends_with('/') { about.file.to_owned() } else { format!("NAME{}", about.file) }
}

fn losses(about: &About) -> String {
    let lost: Vec<&str> = about.loses.iter().map(|loss| Loss::name(*loss)).collect();
    if lost.is_empty() { "nothing".to_owned() } else { lost.join(", ") }
}

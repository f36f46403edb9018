//! Problems as SARIF 2.1.0, which services that collect findings read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// Returns the document.
pub(super) fn document(sources: &Sources, all: &[Diagnostic]) -> Value {
    let codes: BTreeSet<Code> = all.iter().map(|diagnostic| diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let results = all.iter().map(|diagnostic| {
        let Diagnostic { code, severity, message, span, label, related, help, .. } = diagnostic;
        let says = [Some(message), Some(label).filter(|label| !label.is_empty()), help.as_ref()];
        let says: Vec<&str> = says.into_iter().flatten().map(String::as_str).collect();
        let related = related.iter().map(|(span, label)| {
            let mut place = location(sources, *span);
            place["message"] = json!({"text": label});
            place
        });
        json!({
            "ruleId": code.name(),
            "ruleIndex": codes.iter().position(|known| known == code),
            "level": severity.name(),
            "message": {"text": says.join("\n")},
            "locations": [location(sources, *span)],
            "relatedLocations": related.collect::<Vec<_>>(),
        })
    });
    let rules = codes.iter().map(|code| {
        let explanation = code.explanation();
        let title = explanation.lines().next().unwrap_or_default().trim_start_matches("# ");
        json!({
            "id": code.name(),
            "shortDescription": {"text": title},
            "help": {"text": explanation, "markdown": explanation},
            "defaultConfiguration": {"level": code.severity().name()},
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "deckpress",
                "rules": rules.collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn location(sources: &Sources, span: Span) -> Value {
    let (line, column) = sources.position(span);
    let end = Span { file: span.file, start: span.end, end: span.end };
    let (end_line, end_column) = sources.position(end);
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&sources.display(span.file))},
        "region": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        },
    }})
}

/// Returns a path as a URI.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let each = path.bytes().map(|byte| {
        if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    each.collect()
}

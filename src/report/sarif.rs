//! Problems as SARIF 2.1.0, which services that collect findings read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::full_text;
use crate::diagnostic::{Code, Diagnostic};
use crate::slug::percent_encode;
use crate::source::{Sources, Span};

/// Returns the document.
pub(super) fn document(sources: &Sources, all: &[Diagnostic]) -> Value {
    let codes: BTreeSet<Code> = all.iter().map(|diagnostic| diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let results = all.iter().map(|diagnostic| {
        let Diagnostic { code, severity, span, related, .. } = diagnostic;
        let related = related.iter().map(|(span, label)| {
            let mut place = location(sources, *span);
            place["message"] = json!({"text": label});
            place
        });
        json!({
            "ruleId": code.name(),
            "ruleIndex": codes.iter().position(|known| known == code),
            "level": severity.name(),
            "message": {"text": full_text(diagnostic)},
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
    let (end_line, end_column) = sources.end_position(span);
    json!({"physicalLocation": {
        "artifactLocation": {"uri": percent_encode(&sources.display(span.file))},
        "region": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        },
    }})
}

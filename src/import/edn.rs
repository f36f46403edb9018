//! Clojure's data notation as JSON: Mochi writes its packages in either.
//!
//! A keyword `:name` becomes a text `~:name`, and a set `#{…}` an object `{"~#set": […]}`, as in
//! Transit, the notation that Mochi has for JSON. So one reader reads both. Nothing is nested here:
//! deep nesting is left to the reader of JSON, which refuses it.

use anyhow::{Result, bail, ensure};

/// A collection that is open, with its number of values.
struct Open {
    close: char,
    is_map: bool,
    /// The sign that ends it in JSON.
    end: &'static str,
    count: usize,
}

/// Rewrites data as JSON.
///
/// # Errors
/// If it is no data of this notation.
pub(super) fn to_json(edn: &str) -> Result<String> {
    let mut out = String::with_capacity(edn.len() + edn.len() / 8);
    let mut open: Vec<Open> = Vec::new();
    let mut rest = edn.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(first) = rest.chars().next() else { break };
        let is_closed = open.last().is_some_and(|innermost| innermost.close == first);
        if is_closed && let Some(Open { end, is_map, count, .. }) = open.pop() {
            ensure!(!is_map || count % 2 == 0, "a map in it has a key without a value");
            out.push_str(end);
            rest = &rest[1..];
            continue;
        }
        if first == ';' {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
            continue;
        }
        // A tag says what the value behind it means; the value is taken as it is written.
        if first == '#' && !rest.starts_with("#{") {
            ensure!(!rest.starts_with("#_"), "a value in it is left out by `#_`");
            rest = &rest[token_length(rest)..];
            continue;
        }
        write_separator(&mut open, &mut out);
        let is_key = open.last().is_some_and(|open| open.is_map && open.count % 2 == 1);
        let (begin, close, is_map, end, length) = match first {
            '{' => ("{", '}', true, "}", 1),
            '[' => ("[", ']', false, "]", 1),
            '(' => ("[", ')', false, "]", 1),
            '#' => ("{\"~#set\":[", '}', false, "]}", 2),
            _ => {
                let (json, length) = read_scalar(rest)?;
                // Keys are texts in JSON.
                let is_text = json.starts_with('"');
                out.push_str(&if is_key && !is_text { format!("\"{json}\"") } else { json });
                rest = &rest[length..];
                continue;
            }
        };
        ensure!(!is_key, "a key in it is no name");
        out.push_str(begin);
        open.push(Open { close, is_map, end, count: 0 });
        rest = &rest[length..];
    }
    ensure!(open.is_empty(), "it ends too early");
    Ok(out)
}

fn write_separator(open: &mut [Open], out: &mut String) {
    if let Some(innermost) = open.last_mut() {
        if innermost.count > 0 {
            out.push(if innermost.is_map && innermost.count % 2 == 1 { ':' } else { ',' });
        }
        innermost.count += 1;
    }
}

/// Returns the value at the start of a text as JSON, and its length.
fn read_scalar(text: &str) -> Result<(String, usize)> {
    if text.starts_with('"') {
        return read_string(text);
    }
    let length = token_length(text);
    let token = &text[..length];
    let json = match token {
        "nil" => "null".to_owned(),
        "true" | "false" => token.to_owned(),
        _ if token.starts_with(':') => quote(&format!("~{token}")),
        _ if token.starts_with('\\') => quote(&token[1..]),
        _ => match token.trim_end_matches(['N', 'M']).trim_start_matches('+') {
            number if serde_json::from_str::<serde_json::Number>(number).is_ok() => {
                number.to_owned()
            }
            "" => bail!(
                "there is a `{}` in it that opens nothing",
                text.chars().next().unwrap_or_default()
            ),
            _ => quote(token),
        },
    };
    Ok((json, length))
}

/// Returns the length of a word: it ends before a blank, or what opens or closes something.
fn token_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || ",;\"()[]{}".contains(c);
    // A character may be one of these.
    let first = if text.starts_with('\\') {
        text.chars().take(2).map(char::len_utf8).sum()
    } else {
        text.chars().next().map_or(0, |c| if ends(c) { 0 } else { c.len_utf8() })
    };
    text[first..].find(ends).map_or(text.len(), |end| first + end)
}

fn read_string(text: &str) -> Result<(String, usize)> {
    let mut out = String::from("\"");
    let mut chars = text.char_indices().skip(1);
    // Transit says so that a text is no keyword.
    if text[1..].starts_with(['~', '^', '`']) {
        out.push('~');
    }
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((out + "\"", at + 1)),
            '\\' => {
                let Some((_, escaped)) = chars.next() else { break };
                ensure!("\"\\/bfnrtu".contains(escaped), "a text in it has a broken `\\`");
                out.extend(['\\', escaped]);
            }
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    bail!("a text in it has no end")
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[test]
    fn data_become_json() {
        let check = |edn: &str, json: &str| assert_eq!(to_json(edn).expect(edn), json);
        check(
            "{:a/b [1, 2.5 -3 nil], \"c\\n\\\"\n\" #{:x} ; no\n :d (true \\( \\n sym)}",
            r#"{"~:a/b":[1,2.5,-3,null],"c\n\"\u000a":{"~#set":["~:x"]},"~:d":[true,"(","n","sym"]}"#,
        );
        check("#inst \"2020\"", "\"2020\"");
        check("{1 {} :é {:b \"~x\"}}", r#"{"1":{},"~:é":{"~:b":"~~x"}}"#);
    }

    #[test]
    fn what_is_no_data_is_refused() {
        for edn in ["{:a}", "[", "]", "[}", "\"a", "{[1] 2}", "#_ 1 2", "\"\\q\""] {
            assert!(to_json(edn).is_err(), "{edn}");
        }
    }
}

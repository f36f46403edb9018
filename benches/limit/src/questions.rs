//! The native convention, as far as the generated corpora use it.

use pulldown_cmark::{Options, Parser, html};

/// A question, its parts as Markdown.
pub(crate) struct Question<'t> {
    pub(crate) topic: &'t str,
    pub(crate) prompt: &'t str,
    pub(crate) answer: &'t str,
    pub(crate) key_points: &'t str,
}

/// Splits a text line by line. Lines of code are not looked at.
pub(crate) fn split(text: &str) -> Vec<Question<'_>> {
    let mut questions = Vec::new();
    let (mut at, mut topic, mut is_code) = (0, "", false);
    // The question whose lines these are, and where they begin.
    let mut open: Option<(&str, usize)> = None;
    for line in text.split_inclusive('\n') {
        let (start, title) = (at, line.trim_end());
        at += line.len();
        is_code ^= line.starts_with("```");
        let asked = title.strip_prefix("### Q: ");
        let deck = title.strip_prefix("## ");
        if is_code || (asked.is_none() && deck.is_none() && title != "---") {
            continue;
        }
        if let Some((prompt, from)) = open.take() {
            let body = text[from..start].trim().trim_start_matches("**Answer:** ");
            let parts = body.split_once("**Key points to hit:**\n");
            let (answer, key_points) = parts.unwrap_or((body, ""));
            questions.push(Question { topic, prompt, answer, key_points });
        }
        topic = deck.unwrap_or(topic);
        open = asked.map(|prompt| (prompt, at));
    }
    questions
}

/// Markdown as HTML.
pub(crate) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let mut html = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut html, Parser::new_ext(markdown, options));
    html
}

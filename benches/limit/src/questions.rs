//! The native convention, as far as the generated corpora use it.

use pulldown_cmark::{Options, Parser, html};

/// A question, its parts as Markdown.
pub(crate) struct Question<'t> {
    pub(crate) topic: &'t str,
    pub(crate) prompt: &'t str,
    pub(crate) answer: String,
    pub(crate) key_points: String,
}

/// Splits a text line by line. Lines of code are not looked at.
pub(crate) fn split(text: &str) -> Vec<Question<'_>> {
    let mut questions: Vec<Question<'_>> = Vec::new();
    let (mut topic, mut is_open, mut is_code, mut is_answer) = ("", false, false, true);
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if !is_code && !is_fence {
            if let Some(title) = line.strip_prefix("## ") {
                (topic, is_open) = (title, false);
            } else if let Some(prompt) = line.strip_prefix("### Q: ") {
                let (answer, key_points) = (String::new(), String::new());
                questions.push(Question { topic, prompt, answer, key_points });
                (is_open, is_answer) = (true, true);
                continue;
            } else if line == "---" {
                is_open = false;
            } else if line == "**Key points to hit:**" {
                is_answer = false;
                continue;
            }
        }
        if let Some(question) = questions.last_mut().filter(|_| is_open) {
            let part = if is_answer { &mut question.answer } else { &mut question.key_points };
            let line = if part.is_empty() { line.trim_start_matches("**Answer:** ") } else { line };
            if !part.is_empty() || !line.is_empty() {
                part.push_str(line);
                part.push('\n');
            }
        }
    }
    questions
}

/// Markdown as HTML.
pub(crate) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let mut out = String::with_capacity(markdown.len() * 5 / 4);
    html::push_html(&mut out, Parser::new_ext(markdown, options));
    out
}

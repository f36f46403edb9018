//! Writes the pieces of a line as Markdown.

use std::fmt::Write as _;

use super::escape::{self, Neighbours};
use super::marks::Mark;
use super::names::address;
use super::piece::{Piece, Styled};
use super::style::Style;

/// Where a line stands, and how careful it is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place<'p> {
    /// In a cell or a heading, a line cannot be broken by a line break of Markdown.
    pub(super) is_single: bool,
    pub(super) is_cell: bool,
    /// Whether every sign is escaped and styles are elements, where the usual way went wrong.
    pub(super) is_careful: bool,
    /// The folder that is put before the name of a file.
    pub(super) media_folder: &'p str,
}

/// Writes a line.
pub(super) fn write(line: &[Styled], place: Place<'_>) -> String {
    let line = &level_gaps(line);
    let mut writer = Writer { place, dollars: dollars(line), gaps: 0, out: String::new() };
    writer.level(line, 0, None);
    let out = writer.out;
    if place.is_single { out } else { escape::escape_lines(&out) }
}

/// Takes the marks of a gap out of the styles that begin or end within it, so that it ends in the
/// style in which it begins: `<b>{{c1::a</b> b}}` becomes `{{c1::<b>a</b> b}}`.
fn level_gaps(line: &[Styled]) -> Vec<Styled> {
    let mut line = line.to_vec();
    let mut open: Vec<Vec<usize>> = Vec::new();
    let mut common: Vec<Vec<Style>> = Vec::new();
    for at in 0..line.len() {
        let (styles, piece) = &line[at];
        if matches!(piece, Piece::Mark(Mark::Gap(_))) {
            open.push(Vec::new());
            common.push(styles.clone());
        }
        if let Some(shared) = common.last_mut() {
            let same = shared.iter().zip(styles).take_while(|(a, b)| a == b).count();
            shared.truncate(same);
        }
        if let (Piece::Mark(Mark::Gap(_) | Mark::Hint | Mark::GapEnd), Some(marks)) =
            (piece, open.last_mut())
        {
            marks.push(at);
        }
        if matches!(piece, Piece::Mark(Mark::GapEnd))
            && let (Some(marks), Some(shared)) = (open.pop(), common.pop())
        {
            if let Some(outer) = common.last_mut() {
                let same = outer.iter().zip(&shared).take_while(|(a, b)| a == b).count();
                outer.truncate(same);
            }
            for mark in marks {
                line[mark].0.clone_from(&shared);
            }
        }
    }
    line
}

/// Counts the dollar signs that are text.
fn dollars(line: &[Styled]) -> usize {
    let texts = line.iter().map(|(_, piece)| match piece {
        Piece::Text(text) => text.matches('$').count(),
        _ => 0,
    });
    texts.sum()
}

struct Writer<'p> {
    place: Place<'p>,
    dollars: usize,
    /// How many gaps are open.
    gaps: usize,
    out: String,
}

impl Writer<'_> {
    /// Writes pieces that share their first `depth` styles.
    fn level(&mut self, line: &[Styled], depth: usize, after: Option<char>) {
        let mut at = 0;
        while at < line.len() {
            let (styles, piece) = &line[at];
            let Some(style) = styles.get(depth) else {
                let next = Self::first_char(&line[at + 1..], depth).or(after);
                self.piece(piece, next);
                at += 1;
                continue;
            };
            let has_style = |(styles, _): &Styled| styles.get(depth) == Some(style);
            let length = line[at..].iter().take_while(|piece| has_style(piece)).count();
            let next = Self::first_char(&line[at + length..], depth).or(after);
            self.styled(style, &line[at..at + length], depth, next);
            at += length;
        }
    }

    /// Returns the first character of what is written next.
    fn first_char(line: &[Styled], depth: usize) -> Option<char> {
        let (styles, piece) = line.first()?;
        if styles.len() > depth {
            return Some('*');
        }
        Some(match piece {
            Piece::Text(text) => text.chars().next()?,
            Piece::Break => '\n',
            Piece::Code(_) => '`',
            Piece::Image { .. } | Piece::Mark(Mark::Sound(_)) => '!',
            Piece::Mark(Mark::Gap(_)) => '{',
            Piece::Mark(Mark::GapEnd) => '}',
            Piece::Mark(Mark::Hint) => ':',
            Piece::Mark(_) => '$',
            Piece::Box(_) => '[',
            Piece::Tag(_) => '<',
        })
    }

    fn styled(&mut self, style: &Style, line: &[Styled], depth: usize, next: Option<char>) {
        // Blanks at the ends stay outside, where signs may stand beside them.
        let (lead, line) = split_lead(line);
        let (line, trail) = split_trail(&line);
        self.out.push_str(&lead);
        if line.is_empty() {
            self.out.push_str(&trail);
            return;
        }
        let next = if trail.is_empty() { next } else { Some(' ') };
        match style {
            Style::Strong => self.marked("**", "b", &line, depth, next),
            Style::Emphasis => self.marked("*", "i", &line, depth, next),
            Style::Strike => self.marked("~~", "s", &line, depth, next),
            Style::Element { name, attributes } => {
                let _ = write!(self.out, "<{name}{attributes}>");
                self.level(&line, depth + 1, Some('<'));
                let _ = write!(self.out, "</{name}>");
            }
            Style::Link { target, title } => {
                self.out.push('[');
                let start = self.out.len();
                self.level(&line, depth + 1, Some(']'));
                let text = self.out.split_off(start);
                self.out.push_str(&text);
                let title = match title.as_str() {
                    "" => String::new(),
                    title => format!(" \"{}\"", title.replace(['"', '\n'], "'")),
                };
                let _ = write!(self.out, "]({}{title})", escape::write_target(target));
            }
        }
        self.out.push_str(&trail);
    }

    /// Writes bold text and the like with signs if they can stand there, else with tags.
    fn marked(
        &mut self,
        sign: &str,
        element: &str,
        line: &[Styled],
        depth: usize,
        next: Option<char>,
    ) {
        let before = self.out.chars().next_back();
        let is_start = before.is_none_or(|c| c == '\n');
        // Beside the stars of bold text, another sign is clearer.
        let is_beside = before == Some('*') || next == Some('*');
        let sign = if sign == "*" && is_beside { "_" } else { sign };
        let start = self.out.len();
        self.level(line, depth + 1, sign.chars().next());
        let content = self.out.split_off(start);
        let is_broken = line.iter().any(|(_, piece)| matches!(piece, Piece::Tag(_)));
        let fits = !self.place.is_careful
            && !is_broken
            && !content.contains(sign)
            && !content.contains('\n')
            && before != sign.chars().next()
            && next != sign.chars().next()
            && escape::can_open(before, content.chars().next())
            && escape::can_open(next, content.chars().next_back());
        // A label in bold would begin a section of the question.
        let is_label = is_start
            && sign == "**"
            && (content.trim_end().ends_with(COLONS) || next.is_some_and(|c| COLONS.contains(&c)));
        if fits && !is_label {
            let _ = write!(self.out, "{sign}{content}{sign}");
        } else {
            let _ = write!(self.out, "<{element}>{content}</{element}>");
        }
    }

    fn piece(&mut self, piece: &Piece, next: Option<char>) {
        match piece {
            Piece::Text(text) => {
                let neighbours = Neighbours { before: self.out.chars().next_back(), after: next };
                let signs = escape::Signs {
                    is_careful: self.place.is_careful,
                    is_cell: self.place.is_cell,
                    has_dollars: self.dollars > 1,
                    gaps: self.gaps,
                };
                self.out.push_str(&escape::escape(text, neighbours, signs));
            }
            Piece::Break if self.place.is_single => self.out.push_str("<br>"),
            Piece::Break => self.out.push_str("\\\n"),
            Piece::Code(code) => self.out.push_str(&escape::write_code(code, self.place.is_cell)),
            Piece::Image { source, alt, width, height } => {
                let alt = escape::escape_all(alt);
                let target = escape::write_target(&address(source, self.place.media_folder));
                let _ = write!(self.out, "![{alt}]({target})");
                let size = [("width", width), ("height", height)];
                let size = size.iter().filter_map(|(name, value)| {
                    value.as_ref().map(|value| format!("{name}={value}"))
                });
                let size = size.collect::<Vec<_>>().join(" ");
                if !size.is_empty() {
                    let _ = write!(self.out, "{{{size}}}");
                }
            }
            Piece::Box(is_ticked) => self.out.push_str(if *is_ticked { "[x] " } else { "[ ] " }),
            Piece::Tag(tag) => self.out.push_str(tag),
            Piece::Mark(mark) => self.mark(mark, next),
        }
    }

    fn mark(&mut self, mark: &Mark, next: Option<char>) {
        match mark {
            Mark::Gap(numbers) => {
                let _ = write!(self.out, "{{{{c{numbers}::");
                self.gaps += 1;
            }
            Mark::Hint => self.out.push_str("::"),
            Mark::GapEnd => {
                self.out.push_str("}}");
                self.gaps = self.gaps.saturating_sub(1);
            }
            Mark::Sound(name) => {
                let target = escape::write_target(&address(name, self.place.media_folder));
                let _ = write!(self.out, "![]({target})");
            }
            Mark::Math { tex, is_display } => {
                let before = self.out.chars().next_back();
                let is_single = self.place.is_single;
                let math = escape::write_math(tex, *is_display, [before, next], is_single);
                self.out.push_str(&math);
            }
            Mark::Latex(latex) => {
                let one_line = latex.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
                self.out.push_str(&escape::write_code(&one_line, self.place.is_cell));
            }
        }
    }
}

/// The signs by which a label ends.
pub(super) const COLONS: [char; 2] = [':', '：'];

/// Cuts the blanks off the start of a line.
fn split_lead(line: &[Styled]) -> (String, Vec<Styled>) {
    let mut line = line.to_vec();
    let mut lead = String::new();
    while let Some((_, Piece::Text(text))) = line.first_mut() {
        let rest = text.trim_start();
        lead.push_str(&text[..text.len() - rest.len()]);
        if !rest.is_empty() {
            *text = rest.to_owned();
            break;
        }
        line.remove(0);
    }
    (lead, line)
}

/// Cuts the blanks off the end of a line.
fn split_trail(line: &[Styled]) -> (Vec<Styled>, String) {
    let mut line = line.to_vec();
    let mut trail = String::new();
    while let Some((_, Piece::Text(text))) = line.last_mut() {
        let end = text.trim_end().len();
        trail.insert_str(0, &text[end..]);
        text.truncate(end);
        if !text.is_empty() {
            break;
        }
        line.pop();
    }
    (line, trail)
}

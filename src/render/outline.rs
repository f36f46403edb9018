//! Renders a tree of blocks as nested bullets, for the outliners Logseq and `RemNote`.
//!
//! Every block becomes a bullet. A list is nested below the paragraph before it.

mod inline;

use super::is_language;
use super::tree::{Block, Callout, Inline, TextStyle, superscript};

/// An outliner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outliner {
    /// Logseq.
    Logseq,
    /// `RemNote`.
    RemNote,
}

/// A bullet with its children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bullet {
    /// The number, if the list is ordered.
    pub number: Option<u64>,
    /// The lines of the bullet itself.
    pub lines: Vec<String>,
    /// The children.
    pub below: Vec<Bullet>,
}

impl Bullet {
    /// Returns a bullet without children.
    #[must_use]
    pub fn new(lines: Vec<String>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Returns whether the bullet is a single line without children.
    #[must_use]
    pub fn is_line(&self) -> bool {
        self.lines.len() == 1 && self.below.is_empty() && !self.lines[0].starts_with("```")
    }
}

/// Renders blocks as bullets, and counts the changes that were necessary.
#[derive(Debug)]
pub struct Outline {
    app: Outliner,
    /// The number of changes to the content.
    pub changed: usize,
    is_in_cell: bool,
    is_in_cloze: bool,
}

impl Outline {
    /// Returns a renderer for an app.
    #[must_use]
    pub fn new(app: Outliner) -> Self {
        Self { app, changed: 0, is_in_cell: false, is_in_cloze: false }
    }

    /// Renders blocks as bullets.
    pub fn bullets(&mut self, blocks: &[Block]) -> Vec<Bullet> {
        let mut bullets: Vec<Bullet> = Vec::new();
        // Whether a list or definition belongs to the last bullet.
        let mut is_open = false;
        for block in blocks {
            match block {
                Block::List(first, items) => {
                    let items = self.items(*first, items);
                    match bullets.last_mut().filter(|_| is_open) {
                        Some(last) => last.below.extend(items),
                        None => bullets.extend(items),
                    }
                }
                Block::Definition(blocks) => {
                    let below = self.bullets(blocks);
                    match bullets.last_mut().filter(|_| is_open) {
                        Some(last) => last.below.extend(below),
                        None => bullets.extend(below),
                    }
                }
                block => bullets.extend(self.block(block)),
            }
            is_open = matches!(block, Block::Text(_) | Block::Term(_) | Block::Definition(_));
        }
        bullets
    }

    fn block(&mut self, block: &Block) -> Vec<Bullet> {
        match block {
            Block::Text(line) => self.paragraph(line),
            Block::Heading(_, line) => {
                let text = self.line(line).replace('\n', " ");
                let text = match self.app {
                    Outliner::Logseq => format!("#### {text}"),
                    Outliner::RemNote => format!("**{text}**"),
                };
                vec![Bullet::new(vec![text])]
            }
            Block::Code(lang, code) => vec![Bullet::new(self.code(lang, code))],
            Block::Table(_, rows) => vec![self.table(rows)],
            Block::Quote(callout, blocks) => vec![self.quote(callout.as_ref(), blocks)],
            Block::Html(_) => Vec::new(),
            Block::Term(line) => {
                let line = self.line(line).replace('\n', " ");
                vec![Bullet::new(vec![format!("**{line}**")])]
            }
            Block::Rule => vec![Bullet::new(vec!["———".to_owned()])],
            Block::Footnote(number, blocks) => {
                let mut bullets = self.bullets(blocks).into_iter();
                let mut first = bullets.next().unwrap_or_default();
                if let Some(line) = first.lines.first_mut() {
                    *line = format!("{} {line}", superscript(*number));
                }
                first.below.extend(bullets);
                vec![first]
            }
            Block::List(..) | Block::Definition(_) => self.bullets(std::slice::from_ref(block)),
        }
    }

    /// Renders a paragraph. In `RemNote` a bullet has only one line, so each line is a bullet.
    fn paragraph(&mut self, line: &[Inline]) -> Vec<Bullet> {
        let text = self.line(line);
        let lines: Vec<String> =
            text.split('\n').map(|line| self.escape_line_start(line)).collect();
        match self.app {
            Outliner::Logseq => vec![Bullet::new(lines)],
            Outliner::RemNote => lines.into_iter().map(|line| Bullet::new(vec![line])).collect(),
        }
    }

    fn items(&mut self, first: Option<u64>, items: &[Vec<Block>]) -> Vec<Bullet> {
        let mut bullets = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let mut own = self.bullets(item).into_iter();
            let mut bullet = match item.first() {
                Some(Block::Text(_)) => own.next().unwrap_or_default(),
                None => Bullet::new(vec![String::new()]),
                // A number needs a line of text.
                Some(_) if first.is_some() => Bullet::new(vec![String::new()]),
                Some(_) => own.next().unwrap_or_default(),
            };
            bullet.number = first.map(|first| first.saturating_add(at as u64));
            bullet.below.extend(own);
            bullets.push(bullet);
        }
        bullets
    }

    fn quote(&mut self, callout: Option<&Callout>, blocks: &[Block]) -> Bullet {
        let title =
            callout.map(|callout| Inline::Styled(TextStyle::Strong('*'), callout.title.clone()));
        let title = title.map(|title| self.line(&[title]));
        let mut lines: Vec<String> = title
            .iter()
            .flat_map(|title| title.split('\n'))
            .map(|line| format!("> {line}"))
            .collect();
        let texts = blocks.iter().take_while(|block| matches!(block, Block::Text(_))).count();
        for block in &blocks[..texts] {
            let Block::Text(line) = block else { continue };
            let text = self.line(line);
            lines.extend(text.split('\n').map(|line| format!("> {line}")));
        }
        if lines.is_empty() {
            lines.push("> ".to_owned());
        }
        if self.app == Outliner::RemNote {
            let text = lines.iter().map(|line| line.trim_start_matches("> "));
            lines = vec![format!("> {}", text.collect::<Vec<_>>().join(" "))];
        }
        Bullet { below: self.bullets(&blocks[texts..]), ..Bullet::new(lines) }
    }

    fn code(&mut self, lang: &str, code: &str) -> Vec<String> {
        let has = |fence: &str| code.lines().any(|line| line.trim_start().starts_with(fence));
        let mut code = code.to_owned();
        let fence = match (self.app, has("```"), has("~~~")) {
            (Outliner::RemNote, ..) => {
                let ticks = (3..).map(|length| "`".repeat(length));
                ticks.into_iter().find(|ticks| !code.contains(ticks)).unwrap_or_default()
            }
            (Outliner::Logseq, false, _) => "```".to_owned(),
            (Outliner::Logseq, true, false) => "~~~".to_owned(),
            (Outliner::Logseq, true, true) => {
                self.changed += 1;
                code = code.replace("```", "`\u{2060}``");
                "```".to_owned()
            }
        };
        // Logseq runs the code below some info strings that are no languages.
        let lang = if self.app == Outliner::Logseq && !is_language(lang) { "" } else { lang };
        let lang: String = lang.chars().filter(|c| !c.is_control() && *c != '`').collect();
        let lines = code.split('\n').map(str::to_owned);
        std::iter::once(format!("{fence}{lang}")).chain(lines).chain([fence.clone()]).collect()
    }

    /// Renders a table: as Logseq's table, or as one bullet per row.
    fn table(&mut self, rows: &[Vec<Vec<Inline>>]) -> Bullet {
        self.is_in_cell = true;
        let mut cells: Vec<Vec<String>> = Vec::new();
        for row in rows {
            cells.push(row.iter().map(|cell| self.line(cell).replace('\n', " ")).collect());
        }
        self.is_in_cell = false;
        if self.app == Outliner::RemNote {
            self.changed += 1;
            let mut rows = cells.iter().map(|row| row.join(" | "));
            let head = format!("**{}**", rows.next().unwrap_or_default());
            let below = rows.map(|row| Bullet::new(vec![row])).collect();
            return Bullet { below, ..Bullet::new(vec![head]) };
        }
        let line = |row: &Vec<String>| format!("| {} |", row.join(" | "));
        let mut lines: Vec<String> = cells.iter().map(line).collect();
        let rule = vec!["---".to_owned(); cells.first().map_or(1, Vec::len)];
        lines.insert(1.min(lines.len()), line(&rule));
        // Logseq does not recognize a table in the first line of a bullet.
        lines.insert(0, String::new());
        Bullet::new(lines)
    }

    /// Renders blocks as the lines of one bullet.
    pub fn flatten(&mut self, blocks: &[Block]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut is_quoted = false;
        for block in blocks {
            if is_quoted && self.app == Outliner::Logseq {
                // Only an empty line ends a quote.
                lines.push(String::new());
            }
            is_quoted = matches!(block, Block::Quote(..));
            match block {
                Block::List(first, items) => {
                    for (at, item) in items.iter().enumerate() {
                        let number = first.map(|first| first.saturating_add(at as u64));
                        let mark =
                            number.map_or("•".to_owned(), |number| format!("{number}\u{2060}."));
                        let mut text = self.flatten(item).into_iter();
                        lines.push(format!("{mark} {}", text.next().unwrap_or_default()));
                        // Spaces at the start of a line would have a meaning.
                        lines.extend(text.map(|line| format!("\u{a0}\u{a0}{line}")));
                    }
                }
                Block::Definition(blocks) => lines.extend(self.flatten(blocks)),
                block => {
                    for bullet in self.block(block) {
                        all_lines(bullet, &mut lines);
                    }
                }
            }
        }
        lines
    }
}

/// Collects the lines of a bullet and of its descendants.
fn all_lines(bullet: Bullet, lines: &mut Vec<String>) {
    // Here a table needs no empty line before it.
    lines.extend(bullet.lines.into_iter().skip_while(String::is_empty));
    bullet.below.into_iter().for_each(|below| all_lines(below, lines));
}

/// Writes bullets as lines, each level indented by one `indent`.
#[must_use]
pub fn write_bullets(bullets: &[Bullet], level: usize, indent: &str) -> String {
    let mut out = String::new();
    let space = indent.repeat(level);
    for bullet in bullets {
        let marker = bullet.number.map_or("-".to_owned(), |number| format!("{number}."));
        let inner = " ".repeat(marker.len() + 1);
        for (at, line) in bullet.lines.iter().enumerate() {
            let whole = match at {
                0 => format!("{space}{marker} {line}"),
                _ => format!("{space}{inner}{line}"),
            };
            out += whole.trim_end();
            out.push('\n');
        }
        out += &write_bullets(&bullet.below, level + 1, indent);
    }
    out
}

//! Scans a file for its top-level blocks, in chunks that are parsed in parallel.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use rayon::prelude::*;

use super::blocks::{self, Block, Kind, Label, first_line};
use super::chunks;
use crate::config;
use crate::diagnostic::{Code, Diagnostic};
use crate::entities;
use crate::event_cache::EventCache;
use crate::markdown::attributes::{self, is_harmless};
use crate::markdown::{self, html, tex};
use crate::model::{Definitions, Excerpt, MediaRef, fold_label, resolve};
use crate::source::{FileId, Sources, VersionSpan};

/// The blocks of a file, and what else a single parse can find.
#[derive(Debug, Default)]
pub struct Scan {
    /// Its top-level blocks, in order.
    pub blocks: Vec<Block>,
    /// The labels in them, in order.
    pub labels: Vec<Label>,
    /// Its definitions of links and footnotes.
    pub definitions: Definitions,
    /// Its references to files by relative paths.
    pub media: Vec<MediaRef>,
    /// The tags whose styles are not kept completely, and what is removed.
    looks: Vec<(Range<usize>, Vec<String>)>,
    /// The links that cannot work on a card, and their targets.
    dead: Vec<(Range<usize>, String)>,
    /// What is wrong in formulas.
    broken: Vec<(Range<usize>, String)>,
}

impl Scan {
    /// Returns the labels in a block.
    #[must_use]
    pub fn labels(&self, block: &Block) -> &[Label] {
        &self.labels[block.labels.clone()]
    }

    /// Takes the structure off the blocks in some places.
    fn close(&mut self, places: &[Range<usize>]) {
        for block in &mut self.blocks {
            let after = places.partition_point(|place| place.start <= block.range.start);
            let place = after.checked_sub(1).map(|before| &places[before]);
            if place.is_some_and(|place| block.range.start < place.end) {
                block.kind = Kind::Other;
                block.labels = 0..0;
            }
        }
    }

    /// Records a reference of the file at `path`, if its target is a relative path.
    fn record_reference(&mut self, path: &str, target: &str, span: VersionSpan, embedded: bool) {
        let target = target.to_owned();
        let place = resolve(path, &target);
        self.media.extend(place.map(|place| MediaRef { span, target, place, embedded }));
    }
}

/// Scans a file from its byte `offset` on. Blocks that are `embedded` have no structure.
pub fn scan(
    sources: &Sources,
    file: FileId,
    offset: usize,
    raw: config::Html,
    embedded: &[Range<usize>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Scan {
    let mut scan = scan_cut(sources, file, offset, chunks::LENGTH, raw, diagnostics);
    scan.close(embedded);
    scan
}

/// Scans a file in chunks of a length.
fn scan_cut(
    sources: &Sources,
    file: FileId,
    offset: usize,
    length: usize,
    raw: config::Html,
    diagnostics: &mut Vec<Diagnostic>,
) -> Scan {
    let (text, path) = (sources.text(file), sources.path(file));
    let cut = chunks::split(text, offset, length);
    let found = scan_pieces(text, path, file, &cut, raw);
    // A block is rarely open at the end of a chunk; then the file is scanned again as one chunk.
    let found = found
        .or_else(|| scan_pieces(text, path, file, &chunks::split(text, offset, usize::MAX), raw));
    let (mut scan, used) = found.unwrap_or_default();
    let locate = |range: &Range<usize>| sources.locate(VersionSpan::new(file, range.clone()));
    scan.definitions.spans.sort_by_key(|range| range.start);
    for (gone, ranges) in group(std::mem::take(&mut scan.looks)) {
        let verb = if gone.len() == 1 { "is" } else { "are" };
        let message =
            format!("`{}` {verb} not kept{}", shorten(&gone.join("`, `")), describe_count(&ranges));
        diagnostics.push(
            Diagnostic::new(Code::DroppedStyle, locate(&ranges[0]), message)
                .label("taken out of this tag")
                .help(
                    "colour, size, weight and underline stay; `html = \"allow\"` keeps all of it",
                ),
        );
    }
    for (target, ranges) in group(std::mem::take(&mut scan.dead)) {
        let message =
            format!("a link to `{}` is not kept{}", shorten(&target), describe_count(&ranges));
        diagnostics.push(
            Diagnostic::new(Code::DroppedLink, locate(&ranges[0]), message)
                .label("leads nowhere on a card")
                .help("web and mail addresses stay; `html = \"allow\"` keeps every link"),
        );
    }
    for (range, what) in std::mem::take(&mut scan.broken) {
        let message = "this formula cannot be typeset";
        diagnostics.push(
            Diagnostic::new(Code::BrokenMath, locate(&range), message)
                .label(what)
                .help("Anki shows it as it is written; `\\$` is a dollar sign that begins none"),
        );
    }
    for (label, body) in &scan.definitions.footnotes {
        if !used.contains(label) {
            let span = locate(&first_line(text, &body.blocks.range()));
            diagnostics.push(
                Diagnostic::new(Code::UnusedFootnote, span, "nothing refers to this footnote")
                    .help(format!("refer to it with `[^{label}]`, or take it out")),
            );
        }
    }
    scan
}

/// Groups equal findings, so that each is reported once.
fn group<T: Ord>(found: Vec<(Range<usize>, T)>) -> BTreeMap<T, Vec<Range<usize>>> {
    let mut groups: BTreeMap<T, Vec<_>> = BTreeMap::new();
    for (range, what) in found {
        groups.entry(what).or_default().push(range);
    }
    groups
}

/// Returns the beginning of a text, on one line.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 150;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Returns the number of places in words, if there are several.
fn describe_count(places: &[Range<usize>]) -> String {
    if places.len() == 1 { String::new() } else { format!(" ({} times)", places.len()) }
}

/// Scans the chunks of a text, and returns the footnotes that they refer to, too; `None` if a block
/// is still open at the end of a chunk.
fn scan_pieces(
    text: &str,
    path: &str,
    file: FileId,
    pieces: &[Range<usize>],
    raw: config::Html,
) -> Option<(Scan, BTreeSet<String>)> {
    let links = |piece: &Range<usize>| markdown::links(&text[piece.clone()], piece.start);
    let mut all = Definitions::default();
    // Left to itself, rayon would give a core many pieces that no other can take from it.
    let each = || pieces.par_iter().with_max_len(1);
    for Definitions { links, spans, .. } in each().map(links).collect::<Vec<_>>() {
        // Of two with one label the first counts, which the second piece would not know.
        if links.keys().any(|label| all.links.contains_key(label)) {
            return None;
        }
        all.links.extend(links);
        all.spans.extend(spans);
    }
    let scan = |piece: &Range<usize>| scan_piece(text, path, file, piece, raw, &all);
    let found: Option<Vec<_>> = each().map(scan).collect();
    let mut whole = Scan { definitions: all, ..Scan::default() };
    let mut used = BTreeSet::new();
    let found = found?;
    whole.blocks.reserve_exact(found.iter().map(|(piece, _)| piece.blocks.len()).sum());
    for (piece, refers) in found {
        let before = whole.labels.len();
        whole.blocks.extend(piece.blocks.into_iter().map(|mut block| {
            block.labels.start += before;
            block.labels.end += before;
            block
        }));
        whole.labels.extend(piece.labels);
        whole.media.extend(piece.media);
        whole.looks.extend(piece.looks);
        whole.dead.extend(piece.dead);
        whole.broken.extend(piece.broken);
        whole.definitions.spans.extend(piece.definitions.spans);
        whole.definitions.footnotes.extend(piece.definitions.footnotes);
        whole.definitions.event_cache.join(piece.definitions.event_cache);
        used.extend(refers);
    }
    Some((whole, used))
}

/// Scans one chunk; `None` if its last block is still open at its end.
fn scan_piece(
    text: &str,
    path: &str,
    file: FileId,
    piece: &Range<usize>,
    raw: config::Html,
    links: &Definitions,
) -> Option<(Scan, BTreeSet<String>)> {
    let whole = text.len();
    let text = &text[..piece.end];
    let mut scan = Scan::default();
    let mut used = BTreeSet::new();
    let mut html = Html::default();
    let mut footnote: Option<(String, Excerpt)> = None;
    let events = markdown::parse_at(text, piece, links);
    (scan.blocks, scan.labels) = blocks::of(text, &events);
    if piece.end < whole && scan.blocks.last().is_some_and(|last| is_open(last, text)) {
        return None;
    }
    scan.definitions.event_cache = EventCache::encode(text, piece.start, &events);
    for (event, range) in events {
        match &event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                scan.record_reference(path, dest_url, VersionSpan::new(file, range.clone()), true);
            }
            Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                scan.record_reference(path, dest_url, VersionSpan::new(file, range.clone()), false);
                if raw != config::Html::Allow && !is_harmless(dest_url) {
                    scan.dead.push((range.clone(), dest_url.to_string()));
                }
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                scan.definitions.spans.push(range.clone());
                let content = range.end..range.end;
                footnote = Some((
                    fold_label(label),
                    Excerpt { blocks: VersionSpan::new(file, range.clone()), content },
                ));
            }
            Event::InlineMath(tex) | Event::DisplayMath(tex) => {
                scan.broken.extend(broken_formula(text, &range, tex));
            }
            Event::FootnoteReference(label) => {
                used.insert(fold_label(label));
            }
            Event::Html(_) | Event::InlineHtml(_) if raw == config::Html::Escape => {}
            Event::Html(part) => html.push(part, range.clone()),
            Event::End(TagEnd::HtmlBlock) => {
                std::mem::take(&mut html).read(raw, file, path, &mut scan);
            }
            Event::InlineHtml(part) => {
                let mut html = Html::default();
                html.push(part, range.clone());
                html.read(raw, file, path, &mut scan);
            }
            _ => {}
        }
        if let Some((_, body)) = &mut footnote
            && range != body.blocks.range()
        {
            body.content.start = body.content.start.min(range.start);
            body.content.end = range.end;
        }
        if matches!(event, Event::End(TagEnd::FootnoteDefinition))
            && let Some((label, body)) = footnote.take()
        {
            scan.definitions.footnotes.entry(label).or_insert(body);
        }
    }
    Some((scan, used))
}

/// Returns what is wrong in a formula, and its place in the file: that in the formula, if this is
/// written without the markers of a quote or a list in it.
fn broken_formula(text: &str, range: &Range<usize>, tex: &str) -> Option<(Range<usize>, String)> {
    let tex::Fault { range: within, what } = tex::fault(tex)?;
    let start = text[range.clone()].find(tex).map(|at| range.start + at);
    let place = start.map(|start| start + within.start..start + within.end);
    Some((place.unwrap_or_else(|| range.clone()), what))
}

/// Returns whether a block would continue if the text did: it includes the blank line at its end.
fn is_open(block: &Block, text: &str) -> bool {
    let Block { range, kind, .. } = block;
    // A comment is HTML, too; a fence named `math` is a paragraph with a formula.
    let is_fence = || text[range.clone()].starts_with(['`', '~']);
    let may_be = matches!(kind, Kind::Fenced | Kind::Html | Kind::Invisible)
        || (*kind == Kind::Paragraph && is_fence());
    let below = || text[range.start..].trim_end().len() + range.start;
    let line = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    may_be && range.end > line(below())
}

/// An HTML block, whose lines may be interrupted by the markers of a quote or a list.
#[derive(Default)]
struct Html {
    text: String,
    /// The place of each line in the text, and in the file.
    lines: Vec<(usize, Range<usize>)>,
}

impl Html {
    fn push(&mut self, line: &str, range: Range<usize>) {
        self.lines.push((self.text.len(), range));
        self.text.push_str(line);
    }

    /// Records the styles that a card does not keep, and all embedded files.
    fn read(&self, raw: config::Html, file: FileId, path: &str, scan: &mut Scan) {
        for tag in html::tags(&self.text) {
            let place = self.place(tag.range.start)..self.place(tag.range.end - 1) + 1;
            if raw == config::Html::Sanitize && html::is_allowed(&tag.name) {
                let gone = attributes::dropped(&self.text, &tag);
                scan.looks.extend((!gone.is_empty()).then(|| (place.clone(), gone)));
                let target = tag.attributes(&self.text).find(|(name, _)| name == "href");
                let dead = target.filter(|(_, target)| !is_harmless(target.trim()));
                scan.dead.extend(dead.map(|(_, target)| (place.clone(), target.into_owned())));
            }
            if let Some(source) = tag.source.clone().filter(|_| html::embeds(&tag)) {
                let target = entities::decode(&self.text[source]);
                scan.record_reference(path, &target, VersionSpan::new(file, place), true);
            }
        }
    }

    fn place(&self, at: usize) -> usize {
        let below = self.lines.partition_point(|(from, _)| *from <= at);
        let line = below.checked_sub(1).map(|line| &self.lines[line]);
        line.map_or(0, |(from, range)| range.start + at - from)
    }
}

#[cfg(test)]
mod tests {
    use super::{Scan, scan_cut};
    use crate::config::Html;
    use crate::diagnostic::Diagnostic;
    use crate::event_cache::EventCache;
    use crate::source::Sources;

    fn scan(text: &str, length: usize) -> (Scan, Vec<Diagnostic>) {
        let mut sources = Sources::new("");
        let file = sources.add("a.md", text.to_owned());
        let mut diagnostics = Vec::new();
        let mut scan = scan_cut(&sources, file, 0, length, Html::Sanitize, &mut diagnostics);
        // A cache is as long as a chunk; whoever reads it compares it with the text.
        scan.definitions.event_cache = EventCache::default();
        (scan, diagnostics)
    }

    /// The length of the chunks does not change the result.
    #[test]
    fn pieces_are_the_whole() {
        const PARTS: &[&str] = &[
            "\n# One\n\n",
            "\r\n## Two\r\n\r\n",
            "\n### Q: Three?\n",
            "\n#### Four\n\n",
            "text **Label:** [a] ![](x.png)\n",
            "\n",
            "- item\n\n  ```\n",
            "```\n",
            "~~~~ rust\n",
            "```math\n",
            "~~~\n",
            "````\n",
            "<!-- comment\n",
            "-->\n",
            "<pre>\n",
            "</pre>\n",
            "<details>\n\n",
            "</details>\n",
            "<script>\n",
            "</script>\n",
            "[a]: b.png\n",
            "[b]: c.png 'title\n",
            "over lines'\n",
            "Term\n: definition\n",
            "> quote\n",
            "| a |\n|---|\n",
            "    indented\n",
            "[^1]: note\n",
            "see [^1]\n",
            "[^a-z]\n",
            "$$\n",
            "***\n",
        ];
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).expect("a small number")
        };
        let mut cut = 0;
        for _ in 0..10_000 {
            let parts: String = (0..next() % 24).map(|_| PARTS[next() % PARTS.len()]).collect();
            let (whole, said) = scan(&parts, usize::MAX);
            let (pieces, says) = scan(&parts, 1);
            cut += super::chunks::split(&parts, 0, 1).len();
            assert_eq!(format!("{said:?}"), format!("{says:?}"), "{parts}");
            assert_eq!(format!("{whole:?}"), format!("{pieces:?}"), "{parts}");
        }
        assert!(cut > 12_000, "{cut}");
    }
}

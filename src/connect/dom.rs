//! What a field shows, however its HTML is spelled.
//!
//! Anki's editor writes a field anew as the browser has read it: other quotes, other entities,
//! elements closed that were open. So fields are compared by what a browser makes of them.

use std::cell::RefCell;
use std::rc::Rc;

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{
    Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment,
};

/// Elements at whose edges white space shows nothing.
const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Returns a hash of what a field shows.
#[must_use]
pub fn hash(html: &str) -> String {
    let hash = blake3::hash(canonical(html).as_bytes());
    hash.to_hex()[..16].to_owned()
}

/// Returns whether two fields show the same.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || canonical(one) == canonical(other)
}

/// Returns the one spelling of all HTML that a browser reads alike.
#[must_use]
pub fn canonical(html: &str) -> String {
    let is_plain = !html.contains(['<', '&', '\r', '\0']);
    let tree = if is_plain { Tree::of_text(html) } else { Tree::parse(html) };
    let text = tree.write();
    // The editor leaves a line break in a field that somebody has emptied.
    if text == "<br>" { String::new() } else { text }
}

/// A place in the tree, and the name of the element there.
type Handle = Rc<(usize, QualName)>;

#[derive(Debug, Default)]
struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    content: Content,
}

#[derive(Debug, Default)]
enum Content {
    /// A fragment, or what is not shown.
    #[default]
    Nothing,
    Element(LocalName, Vec<Attribute>),
    Text(String),
}

/// What the parser has built. Nodes are in a list, so that none of them is too deep.
#[derive(Debug, Default)]
struct Tree {
    nodes: RefCell<Vec<Node>>,
}

impl Tree {
    fn of_text(text: &str) -> Self {
        let tree = Self::default();
        let root = tree.add(Content::Nothing);
        let text = tree.add(Content::Text(text.to_owned()));
        tree.nodes.borrow_mut()[root].children.push(text);
        tree
    }

    fn parse(html: &str) -> Self {
        let tree = Self::default();
        tree.add(Content::Nothing);
        let context = QualName::new(None, ns!(html), local_name!("div"));
        parse_fragment(tree, ParseOpts::default(), context, Vec::new(), false).one(html)
    }

    fn add(&self, content: Content) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { content, ..Node::default() });
        nodes.len() - 1
    }

    fn handle(&self, content: Content, name: QualName) -> Handle {
        Rc::new((self.add(content), name))
    }

    fn detach(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            nodes[parent].children.retain(|child| *child != node);
        }
    }

    /// Puts a node or text into a parent, before a place among its children.
    fn insert(&self, parent: usize, place: usize, child: NodeOrText<Handle>) {
        let before = place.checked_sub(1).map(|at| self.nodes.borrow()[parent].children[at]);
        let child = match child {
            NodeOrText::AppendNode(node) => node.0,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                if let Some(Content::Text(known)) = before.map(|at| &mut nodes[at].content) {
                    known.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Content::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(place, child);
    }

    /// Returns the node that holds the field: the parser puts a fragment into an element `html`,
    /// which nobody has written.
    fn top(&self) -> usize {
        let nodes = self.nodes.borrow();
        let is_html = |at: &&usize| matches!(&nodes[**at].content, Content::Element(name, _) if *name == local_name!("html"));
        nodes[0].children.iter().find(is_html).copied().unwrap_or(0)
    }

    /// Writes all that is below the fragment.
    fn write(&self) -> String {
        enum Step {
            Enter(usize),
            Leave(usize),
        }
        let top = self.top();
        let nodes = self.nodes.borrow();
        let mut out = String::new();
        let mut kept_spaces = 0_usize;
        let mut steps = vec![Step::Enter(top)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(at) => {
                    match &nodes[at].content {
                        _ if at == top => {}
                        Content::Text(text) => write_text(text, kept_spaces > 0, &mut out),
                        Content::Element(name, attributes) => {
                            end_line(name, &mut out);
                            write_tag(name, attributes, &mut out);
                            kept_spaces += usize::from(keeps_spaces(name));
                        }
                        Content::Nothing => {}
                    }
                    steps.push(Step::Leave(at));
                    steps.extend(nodes[at].children.iter().rev().map(|child| Step::Enter(*child)));
                }
                Step::Leave(at) => {
                    let Content::Element(name, _) = &nodes[at].content else { continue };
                    if at == top {
                        continue;
                    }
                    kept_spaces -= usize::from(keeps_spaces(name));
                    if *name != local_name!("br") && *name != local_name!("img") {
                        end_line(name, &mut out);
                        out.push_str(&format!("</{name}>"));
                    }
                }
            }
        }
        end_line(&local_name!("div"), &mut out);
        out
    }
}

fn keeps_spaces(name: &LocalName) -> bool {
    ["pre", "textarea"].contains(&&**name)
}

/// Takes white space away that a block ends.
fn end_line(name: &LocalName, out: &mut String) {
    if BLOCKS.contains(&&**name) && out.ends_with(' ') {
        out.pop();
    }
}

fn write_tag(name: &LocalName, attributes: &[Attribute], out: &mut String) {
    let mut sorted: Vec<(&str, &str)> =
        attributes.iter().map(|it| (&*it.name.local, &*it.value)).collect();
    sorted.sort_unstable();
    out.push('<');
    out.push_str(name);
    for (key, value) in sorted {
        out.push_str(&format!(" {key}={value:?}"));
    }
    out.push('>');
}

/// Writes text with each run of white space as one space; a browser shows none at the beginning of
/// a block.
fn write_text(text: &str, keeps_spaces: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            ' ' | '\t' | '\n' | '\r' | '\x0c' if !keeps_spaces => {
                if !out.is_empty() && !out.ends_with(' ') && !ends_with_block(out) {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
}

/// Returns whether the last thing written is a tag of a block.
fn ends_with_block(out: &str) -> bool {
    let Some(inner) = out.strip_suffix('>') else { return false };
    let tag = &inner[inner.rfind('<').map_or(0, |at| at + 1)..];
    let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
    BLOCKS.contains(&name)
}

impl TreeSink for Tree {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: std::borrow::Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Rc::new((0, QualName::new(None, ns!(), local_name!(""))))
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.1.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Handle {
        self.handle(Content::Element(name.local.clone(), attributes), name)
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.handle(Content::Nothing, QualName::new(None, ns!(), local_name!("")))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.handle(Content::Nothing, QualName::new(None, ns!(), local_name!("")))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let place = self.nodes.borrow()[parent.0].children.len();
        self.insert(parent.0, place, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let has_parent = self.nodes.borrow()[element.0].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        one.0 == other.0
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.detach(node.0);
        }
        let place = {
            let nodes = self.nodes.borrow();
            let Some(parent) = nodes[sibling.0].parent else { return };
            let children = &nodes[parent].children;
            (parent, children.iter().position(|at| *at == sibling.0).unwrap_or(children.len()))
        };
        self.insert(place.0, place.1, child);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        if let Content::Element(_, known) = &mut self.nodes.borrow_mut()[target.0].content {
            for attribute in attributes {
                if known.iter().all(|it| it.name != attribute.name) {
                    known.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.0);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[node.0].children);
        for child in &children {
            nodes[*child].parent = Some(new_parent.0);
        }
        nodes[new_parent.0].children.extend(children);
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_same};

    #[test]
    fn spelling_does_not_count() {
        for (ours, theirs) in [
            ("a &quot;b&quot;", "a \"b\""),
            ("<p>a</p>\n<p>b</p>", "<p>a</p><p>b</p>"),
            ("<p>a\nb</p>", "<p>a b</p>"),
            ("<ul>\n<li>a</li>\n</ul>\n", "<ul><li>a</li></ul>"),
            ("<p>a<br />\nb</p>", "<p>a<br>b</p>"),
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<table><tr><td>a", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
            ("<img src='a' alt='b'>", "<img alt=\"b\" src=\"a\">"),
            ("a&nbsp;b", "a\u{a0}b"),
            ("<IMG SRC=a>", "<img src=\"a\">"),
            ("", "<br>"),
            ("a<!-- b -->c", "ac"),
            ("a\r\nb", "a b"),
            ("<table>x<tr><td>a", "x<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ] {
            assert_eq!(canonical(ours), canonical(theirs), "{ours:?} {theirs:?}");
        }
    }

    #[test]
    fn what_is_shown_counts() {
        for (one, other) in [
            ("a b", "ab"),
            ("<b>a</b> b", "<b>a</b>b"),
            ("<pre>a  b</pre>", "<pre>a b</pre>"),
            ("<pre>a\nb</pre>", "<pre>a b</pre>"),
            ("a&nbsp;b", "a b"),
            ("&lt;b&gt;", "<b>"),
            ("<b>a</b>", "<i>a</i>"),
            ("<img src=a>", "<img src=b>"),
            ("a", "A"),
            ("", "a"),
            ("<p>a</p>", "<div>a</div>"),
            ("a<br>b", "a b"),
        ] {
            assert!(!is_same(one, other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_is_deep_is_read_too() {
        let deep = "<div>".repeat(2_000);
        assert!(canonical(&deep).len() > deep.len());
    }

    #[test]
    fn one_spelling_stays_as_it_is() {
        for html in ["<p>a &lt; b</p>", "<pre><code>a\n  b\n</code></pre>", "a <b>b</b> c &amp;"] {
            assert_eq!(canonical(&canonical(html)), canonical(html));
        }
    }
}

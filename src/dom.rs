//! A tree of the elements and texts of a field, as a browser would make it of its HTML.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, ns, parse_fragment};

/// The index of a node.
pub(crate) type Id = usize;

/// The kind of a node, with its content.
#[derive(Debug)]
pub(crate) enum Kind {
    /// The root, a comment, or another node that shows nothing itself.
    Other,
    Text(String),
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    parent: Option<Id>,
    children: Vec<Id>,
}

/// The nodes of a field.
#[derive(Debug)]
pub(crate) struct Dom {
    nodes: Vec<Node>,
}

impl Dom {
    /// Parses the HTML of a field.
    pub(crate) fn parse(html: &str) -> Self {
        let root = Node { kind: Kind::Other, parent: None, children: Vec::new() };
        let sink = Builder { nodes: RefCell::new(vec![root]) };
        let context = QualName::new(None, ns!(html), LocalName::from("div"));
        parse_fragment(sink, ParseOpts::default(), context, Vec::new(), false).one(html)
    }

    /// Returns the nodes at the top level of the field.
    pub(crate) fn top(&self) -> &[Id] {
        // The parser puts a fragment into an element `html`.
        match self.nodes[0].children.as_slice() {
            [html] if self.name(*html) == "html" => self.children(*html),
            all => all,
        }
    }

    pub(crate) fn kind(&self, id: Id) -> &Kind {
        &self.nodes[id].kind
    }

    pub(crate) fn children(&self, id: Id) -> &[Id] {
        &self.nodes[id].children
    }

    /// Returns the name of an element; nothing if the node is another one.
    pub(crate) fn name(&self, id: Id) -> &str {
        match self.kind(id) {
            Kind::Element { name, .. } => &name.local,
            Kind::Other | Kind::Text(_) => "",
        }
    }

    pub(crate) fn attributes(&self, id: Id) -> &[Attribute] {
        match self.kind(id) {
            Kind::Element { attributes, .. } => attributes,
            Kind::Other | Kind::Text(_) => &[],
        }
    }

    /// Returns the value of an attribute.
    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let found = self.attributes(id).iter().find(|attribute| &*attribute.name.local == name);
        found.map(|attribute| &*attribute.value)
    }
}

struct Builder {
    nodes: RefCell<Vec<Node>>,
}

impl Builder {
    fn add(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { kind, parent: None, children: Vec::new() });
        nodes.len() - 1
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            nodes[parent].children.retain(|child| *child != id);
        }
    }

    /// Puts a node or a text among the children of another, at a place.
    fn insert(&self, parent: Id, at: usize, child: NodeOrText<Id>) {
        let id = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).map(|at| nodes[parent].children[at]);
                if let Some(before) = before
                    && let Kind::Text(known) = &mut nodes[before].kind
                {
                    known.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Kind::Text(text.into()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[id].parent = Some(parent);
        nodes[parent].children.insert(at, id);
    }
}

/// The name of an element, copied: the nodes may move while the parser holds it.
#[derive(Debug)]
struct Name(QualName);

impl html5ever::interface::ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Builder {
    type Handle = Id;
    type Output = Dom;
    type ElemName<'a> = Name;

    fn finish(self) -> Dom {
        Dom { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        0
    }

    fn elem_name<'a>(&'a self, id: &'a Id) -> Name {
        match &self.nodes.borrow()[*id].kind {
            Kind::Element { name, .. } => Name(name.clone()),
            Kind::Other | Kind::Text(_) => {
                Name(QualName::new(None, ns!(html), LocalName::from("")))
            }
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        self.add(Kind::Element { name, attributes })
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        if let NodeOrText::AppendNode(id) = &child {
            self.detach(*id);
        }
        let end = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, before: &Id, child: NodeOrText<Id>) {
        if self.nodes.borrow()[*element].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, id: &Id) -> Id {
        *id
    }

    fn same_node(&self, a: &Id, b: &Id) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        if let NodeOrText::AppendNode(id) = &child {
            self.detach(*id);
        }
        let parent = self.nodes.borrow()[*sibling].parent;
        let Some(parent) = parent else { return };
        let at = self.nodes.borrow()[parent].children.iter().position(|child| child == sibling);
        if let Some(at) = at {
            self.insert(parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, id: &Id, others: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let Kind::Element { attributes, .. } = &mut nodes[*id].kind {
            for other in others {
                if attributes.iter().all(|known| known.name != other.name) {
                    attributes.push(other);
                }
            }
        }
    }

    fn remove_from_parent(&self, id: &Id) {
        self.detach(*id);
    }

    fn reparent_children(&self, from: &Id, to: &Id) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*from].children);
        for child in &children {
            nodes[*child].parent = Some(*to);
        }
        nodes[*to].children.extend(children);
    }
}

//! The classes of highlighted code, from the scopes of its grammar.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use syntaxmate::{ScopeStackId, Token};

/// All classes with their scopes. The longest matching scope decides, and of nested scopes the
/// innermost. The empty class is ordinary text, even within a string.
pub(super) const CLASSES: [(&str, &str); 12] = [
    (
        "",
        "source meta.embedded meta.interpolation meta.template.expression variable \
         support.variable support.class.math entity.name.namespace entity.name.package \
         entity.name.scope-resolution entity.name.type.module entity.name.type.package \
         entity.name.variable storage.modifier.import storage.modifier.package \
         constant.character.escape.line-continuation constant.character.format.placeholder \
         constant.other.database-name constant.other.option constant.other.table-name \
         string.interpolated.makefile string.unquoted.argument string.unquoted.shell \
         punctuation.definition.arguments punctuation.definition.variable \
         meta.function-call.arguments meta.parameter-expansion meta.scope.subshell",
    ),
    ("comment", "comment"),
    (
        "string",
        "string storage.type.string source.regexp constant.character constant.other.placeholder \
         support.other.escape markup.raw.inline markup.inline.raw markup.underline.link",
    ),
    ("constant", "constant constant.character.entity support.constant keyword.other.unit"),
    ("keyword", "keyword storage variable.language"),
    (
        "function",
        "entity.name.function entity.name.command support.function meta.function-call.generic",
    ),
    (
        "type",
        "entity.name support.type support.class entity.other.inherited-class storage.type.java \
         storage.type.generic.java storage.type.object.array.java storage.type.cs \
         storage.type.groovy storage.type.string.go storage.type.numeric.go storage.type.boolean.go \
         storage.type.byte.go storage.type.rune.go storage.type.error.go storage.type.uintptr.go",
    ),
    ("tag", "entity.name.tag punctuation.definition.tag support.class.component"),
    (
        "attribute",
        "entity.other.attribute-name support.type.property-name support.type.vendored.property-name \
         entity.name.tag.yaml variable.other.key.toml keyword.other.definition.ini \
         meta.attribute.rust meta.function.decorator entity.name.function.decorator \
         storage.type.annotation punctuation.definition.annotation",
    ),
    ("inserted", "markup.inserted"),
    ("deleted", "markup.deleted"),
    ("heading", "markup.heading entity.name.section meta.diff.range meta.diff.header"),
];

static RULES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let scopes = |(class, scopes): (_, &'static str)| scopes.split(' ').map(move |s| (s, class));
    CLASSES.into_iter().flat_map(scopes).collect()
});

/// The classes of a scope: for words, and for other signs.
#[derive(Clone, Copy)]
pub(super) struct Classes {
    word: &'static str,
    sign: &'static str,
}

/// Returns the class of a token. Of operators and commands, only words get one.
pub(super) fn class(
    token: &Token,
    text: &str,
    classes: &mut HashMap<ScopeStackId, Classes>,
) -> &'static str {
    let Some(stack) = token.scope_stack() else { return "" };
    let Classes { word, sign } = *classes.entry(stack).or_insert_with(|| innermost(token.scopes()));
    if word == sign || text.contains(char::is_alphabetic) { word } else { sign }
}

/// Returns the classes of the innermost scope that has any. The outermost is the language.
fn innermost<'s>(scopes: impl Iterator<Item = &'s str>) -> Classes {
    let mut classes = Classes { word: "", sign: "" };
    for class in scopes.skip(1).filter_map(class_of) {
        classes.word = class;
        if !["keyword", "function"].contains(&class) {
            classes.sign = class;
        }
    }
    classes
}

/// Returns the class of the longest rule that a scope begins with.
fn class_of(scope: &str) -> Option<&'static str> {
    let mut rest = scope;
    loop {
        if let Some(class) = RULES.get(rest) {
            return Some(class);
        }
        (rest, _) = rest.rsplit_once('.')?;
    }
}

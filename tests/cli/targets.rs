//! `deckpress targets`, and how targets are named.

use snapbox::str;

use crate::test::test;

#[test]
fn every_target_is_listed() {
    test(&["targets"]).stdout(str![[r#"
apkg                 for Anki: every card, deck, tag, picture, sound and film
csv                  for apps that read plain CSV, with a header: front, back, topic, tags and id as plain text; loses pictures, sounds, gaps, reversed cards, typed answers, recall lists
anki-csv             for Anki's text import, without times: every field, deck and tag; files in media/
markdown             for reading, and deckpress itself: everything
html                 for people without any app, to read, quiz themselves and print: every part of a question, decks, topics, formulas, pictures and sounds; loses gaps, reversed cards, typed answers, recall lists, tags
json                 for programs: everything
jsonl                for programs, a question per line: everything of each question
spreadsheet          for Excel, LibreOffice, Google Sheets: every part of a question in a column of its own, as plain text; loses pictures, sounds, gaps, reversed cards, typed answers, recall lists
quizlet              for pasting into Quizlet: question and answer as plain text on one line; loses pictures, sounds, line breaks, gaps, reversed cards, typed answers, recall lists, tags
knowt                for pasting into Knowt: question and answer as plain text on one line; loses pictures, sounds, line breaks, gaps, reversed cards, typed answers, recall lists, tags
memrise              for pasting into a Memrise course: question and answer as plain text on one line; loses pictures, sounds, line breaks, gaps, reversed cards, typed answers, recall lists, tags
brainscape-paste     for pasting into Brainscape: question and answer as plain text on one line; loses pictures, sounds, line breaks, gaps, reversed cards, typed answers, recall lists, tags
brainscape           for Brainscape's file import: question, answer, key points, hint, all else and topic as plain text; loses pictures, sounds, gaps, reversed cards, typed answers, recall lists, tags
mnemosyne            for Mnemosyne's tab-separated import: question and answer as HTML; pictures and sounds in media/; loses gaps, reversed cards, typed answers, recall lists, tags
supermemo            for SuperMemo's Q&A import: question and answer as text, a line at a time; loses pictures, sounds, gaps, reversed cards, typed answers, recall lists, tags
mochi                for Mochi: question and answer as Markdown, gaps, reversed cards, decks, tags, ids, pictures and sounds; loses typed answers, recall lists
remnote              for RemNote, in one file: question and answer as bullets, gaps, reversed cards and recall lists; loses pictures, sounds, typed answers, tags
org-drill            for org-drill in Emacs: question and answer as Org, gaps, topics, tags, ids, pictures, and the file's own schedule; loses recall lists
hashcards            for hashcards: question and answer as Markdown, gaps, pictures and sounds; loses reversed cards, typed answers, recall lists, tags
obsidian-sr          for the Obsidian plugin Spaced Repetition: question and answer as Markdown, gaps, topics, tags, pictures and sounds; loses typed answers, recall lists
obsidian-to-anki     for the Obsidian plugin Obsidian_to_Anki: question and answer as Markdown, gaps, decks, tags, pictures and sounds; loses typed answers, recall lists
flashcards-obsidian  for the Obsidian plugin Flashcards: question and answer as Markdown, gaps, decks, tags, pictures and sounds; loses typed answers, recall lists
logseq               for Logseq: question and answer as blocks, gaps, tags, ids, media, and the pages' own schedule; loses reversed cards, typed answers, recall lists
mochi-md             for Mochi's Markdown import: question and answer as Markdown, gaps, tags, pictures and sounds; loses reversed cards, typed answers, recall lists
remnote-md           for RemNote's Markdown import, a file per topic: question and answer as bullets, gaps, reversed cards and recall lists; loses sounds, typed answers, tags
inka2                for inka2, which sends Markdown to Anki: question and answer as Markdown, gaps, decks, tags and pictures; loses sounds, reversed cards, typed answers, recall lists
mdanki               for mdanki, which makes Anki packages of Markdown: question and answer as Markdown, tags and pictures; loses sounds, gaps, reversed cards, typed answers, recall lists

"#]]).run();
}

#[test]
fn several_in_one_argument() {
    test(&["build", "-q", "--to", "quizlet,jsonl,quizlet"])
        .file("content/a.md", "# Deck\n### Q: One?\nA.\n")
        .run()
        .lists("out", &["deck.jsonl", "deck.quizlet.txt"]);
}

#[test]
fn a_misspelled_one() {
    test(&["build", "--to", "quizle"])
        .file("content/a.md", "### Q: One?\nA.\n")
        .stderr(str![[r#"
error: invalid value 'quizle' for '--to <TARGET>': did you mean `quizlet`?

For more information, try '--help'.

"#]])
        .status(2)
        .run()
        .lists("out", &[]);
}

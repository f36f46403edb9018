//! The base name of the outputs.

use crate::test::test;

/// Builds a CSV and expects it under a name.
fn check(path: &str, config: &str, note: &str, name: &str) {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    test(&["build", "-q", "-f", "csv", folder])
        .file(path, note)
        .file(&format!("{folder}/deckpress.toml"), config)
        .run()
        .lists("out", &[name]);
}

#[test]
fn the_configuration_comes_first() {
    check("notes/a.md", "name = \"My Notes\"\n", "# Deck\n### Q: One?\nA.\n", "My Notes.csv");
}

#[test]
fn then_the_only_deck() {
    check("notes/a.md", "", "# A Deck & more!\n### Q: One?\nA.\n", "a-deck-more.csv");
}

#[test]
fn then_the_folder() {
    let two = "# One\n### Q: One?\nA.\n# Two\n### Q: Two?\nB.\n";
    check("My Notes/a.md", "", two, "my-notes.csv");
    check("My Notes/a.md", "", "# …\n### Q: One?\nA.\n", "my-notes.csv");
}

#[test]
fn then_a_word() {
    check("…/a.md", "", "# …\n### Q: One?\nA.\n", "deck.csv");
}

#[test]
fn never_one_that_anki_takes_for_a_backup() {
    check("notes/a.md", "", "# Collection\n### Q: One?\nA.\n", "deck-collection.csv");
    check("notes/a.md", "", "# Backup 2024\n### Q: One?\nA.\n", "deck-backup-2024.csv");
}

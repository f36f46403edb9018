//! `deckpress completions` and `deckpress man`.

use std::process::Command;

use crate::test::test;

/// Returns what bash offers for the last of these words.
fn offered(words: &[&str]) -> Vec<String> {
    let script = test(&["completions", "bash"]).any_output().run();
    std::fs::write(script.path("completions.bash"), &script.stdout).unwrap();
    let ask = format!(
        "source ./completions.bash\nCOMP_WORDS=({0}'')\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
         _deckpress deckpress '' \"${{COMP_WORDS[COMP_CWORD - 1]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.iter().fold(String::new(), |words, word| format!("{words}'{word}' "))
    );
    let mut bash = Command::new("bash");
    let output = bash.args(["--norc", "-c", &ask]).current_dir(script.path("")).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{words:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_knows_commands_targets_and_codes() {
    let check = |words: &[&str], expect: &[&str]| {
        let offered = offered(words);
        let has = |word: &&&str| offered.iter().any(|offered| offered == **word);
        let missing: Vec<_> = expect.iter().filter(|word| !has(word)).collect();
        assert!(missing.is_empty(), "{words:?} lacks {missing:?}: {offered:?}");
    };
    check(&["deckpress"], &["build", "check", "stats", "--quiet"]);
    check(&["deckpress", "build", "--to"], &["apkg", "quizlet", "obsidian-sr"]);
    check(&["deckpress", "watch", "-f"], &["apkg", "quizlet"]);
    check(&["deckpress", "explain"], &["empty-key-points", "unanswered-question"]);
    check(&["deckpress", "completions"], &["bash", "fish", "zsh"]);
    check(&["deckpress", "lock"], &["accept", "move", "prune"]);
}

#[test]
fn every_shell_has_a_script() {
    for (shell, has_values) in
        [("bash", true), ("elvish", false), ("fish", true), ("powershell", false), ("zsh", true)]
    {
        let done = test(&["completions", shell]).any_output().run();
        assert!(done.stdout.contains("message-format"), "{shell}");
        assert_eq!(done.stdout.contains("obsidian-sr"), has_values, "{shell}");
    }
}

#[test]
fn every_command_has_a_page() {
    let done = test(&["man", "pages/man1"]).run();
    for name in ["", "-build", "-init", "-lock", "-lock-accept", "-stats"] {
        let page = done.text(&format!("pages/man1/deckpress{name}.1"));
        assert!(page.contains(".TH deckpress"), "{name}: {page}");
    }
}

//! `--message-format` for other programs than ours.

use std::process::Command;

use serde_json::Value;
use snapbox::str;

use crate::test::{Test, test};

fn content(args: &[&str]) -> Test {
    test(args).file(
        "content/a b.md",
        "# Deck\n### Q: One?\nA.\n### Q: One?\n100% of B ![](x.png)\n**Key points:**\n",
    )
}

#[test]
fn notes_in_a_pull_request() {
    content(&["check", "--message-format", "github"]).stdout(str![[r#"
::warning file=content/a b.md,line=4,endLine=4,col=1,endColumn=12,title=duplicate-question::this question stands twice in its topic%0Ahere again%0Atake one out, reword it, or give each an id: `{#my-id}`
::error file=content/a b.md,line=5,endLine=5,col=11,endColumn=21,title=missing-media::cannot use `x.png`%0Athere is no such file%0Alooked for `x.png` in the content folder
::warning file=content/a b.md,line=6,endLine=6,col=1,endColumn=16,title=empty-key-points::no key points below this label%0Alist them below it, or take the label out
1 error, 2 warnings

"#]]).status(1).run();
}

#[test]
fn a_document_for_services() {
    let done = content(&["check", "--message-format", "sarif"]).any_output().status(1).run();
    let document: Value = serde_json::from_str(&done.stdout).unwrap();
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 1);
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "content/a%20b.md");
        assert!(place["region"]["startLine"].as_u64().unwrap() > 1);
    }
}

#[test]
fn nothing_wrong() {
    let fine = |format| {
        test(&["check", "--message-format", format]).file("content/a.md", "### Q: One?\nA.\n")
    };
    fine("github")
        .stdout(str![[r#"
1 question: no problems

"#]])
        .run();
    let done = fine("sarif").any_output().run();
    assert!(done.stdout.contains("\"results\": []"), "{}", done.stdout);
}

#[test]
fn a_plan_for_a_comment() {
    let old = "# Deck\n### Q: What is a heap?\nA kind of tree.\n\
               ### Q: What is a bag?\nA set.\n### Q: What is a list?\nA chain.\n";
    let new = "# Deck\n### Q: So what is a heap?\nA kind of tree.\n\
               ### Q: What is `a_b`?\nA *name*.\n## Topic\n### Q: What is a list?\nA chain of cells.\n";
    test(&["build", "-q"])
        .file("content/a.md", old)
        .run()
        .then(&["plan", "--message-format", "markdown"])
        .file("content/a.md", new)
        .stdout(str![[r#"
**1 added, 1 reworded, 1 changed, 1 moved, 1 retired, 0 unchanged**

#### Added: 1

- What is a\_b? <sub>content/a.md:4</sub>

#### Reworded: 1

- ~~What is a heap?~~ So what is a heap? <sub>content/a.md:2</sub>

#### Changed: 1

- What is a list? (answer) <sub>content/a.md:7</sub>

#### Moved: 1

- What is a list?: Deck → Deck::Topic <sub>content/a.md:7</sub>

#### Not confirmed: 1

- ~~What is a heap?~~ So what is a heap? <sub>content/a.md:2</sub>

#### Retired: 1

- What is a bag?

"#]])
        .stderr(str![[r#"
warning[near-match]: this question is taken for an earlier one that read otherwise
  --> content/a.md:2 {#rdamdh0h15ps} was: What is a heap?
  = help: `deckpress lock accept` confirms it, or those whose ids follow it, and `deckpress check --fix` writes the ids into the content; `{id=new}` behind a heading says that the question is a new one

1 warning

"#]])
        .status(3)
        .run();
}

#[test]
fn each_is_for_one_command() {
    content(&["build", "--message-format", "sarif"])
        .stderr(str![[r#"
error: `--message-format` has a value that is for another command

"#]])
        .status(2)
        .run()
        .lists("out", &[]);
}

#[test]
fn what_the_action_does() {
    let run = |content: &str| {
        let folder = test(&["targets"]).file("notes/a.md", content).any_output().run();
        let mut action = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/action"));
        action.current_dir(folder.path("")).env("DECKPRESS", env!("CARGO_BIN_EXE_deckpress"));
        action.env("CONTENT", "notes").env("GITHUB_STEP_SUMMARY", folder.path("summary.md"));
        let output = action.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), said, std::fs::read_to_string(folder.path("summary.md")).ok())
    };
    let (code, said, summary) = run("### Q: One?\nA.\n");
    assert_eq!((code, &*said), (Some(0), "1 question: no problems\n"));
    assert!(summary.unwrap().contains("#### Added: 1"));
    let (code, said, summary) = run("### Q: One?\n![](x.png)\n");
    assert_eq!((code, summary), (Some(1), None));
    assert!(said.starts_with("::error file=notes/a.md,line=2,"), "{said}");
}

//! `deckpress stats`.

use snapbox::str;

use crate::test::test;

const TREES: &str = "# Trees\n### Q: What is a tree?\nA graph without a circle.\n\
                     **Key points:**\n- a\n- b\n- c\n- d\n- e\n- f\n- g\n- h\n## Heaps\n### Q: What is a heap, and what is it for?\n\
                     A tree in which no node is larger than those below it. It sorts, and keeps \
                     what is most urgent at hand.\n### Q: What is a trie?\n";

fn content(args: &[&str]) -> crate::test::Test {
    let long = format!("### Q: What is long?\n{}\n", "word ".repeat(201));
    test(args).file("content/trees.md", TREES).file("content/long.md", long).file(
        "content/more.md",
        "# Trees\n## Heaps\n### Q: So what is a heap, and what is it for?\n\
             A tree in which no node is larger than those below it. It sorts, and keeps what is \
             most urgent at hand.\n",
    )
}

#[test]
fn what_stands_out() {
    content(&["stats"])
        .stdout(str![[r#"
2 decks, 1 topic, 4 questions, 4 cards, 8 key points

Words in a question: 9 in the middle, 10 at most
          0–5  ████████████████████████████████████████ 2
         6–10  ████████████████████████████████████████ 2

Words in an answer: 22 in the middle, 201 at most
         0–10  ████████████████████ 1
        11–25  ████████████████████████████████████████ 2
        26–50  0
       51–100  0
      101–150  0
      151–200  0
      201–400  ████████████████████ 1

Answers of more than 200 words: 1
  content/long.md:1  What is long? (201 words)

More than 7 key points: 1
  content/trees.md:2  What is a tree? (8 key points)

Unanswered: 1
  content/trees.md:16  What is a trie?

In no topic: 2
  content/long.md:1  What is long?
  content/trees.md:2  What is a tree?

Alike: 1
  content/more.md:3  So what is a heap, and what is it for?
    content/trees.md:14  What is a heap, and what is it for? (96% of the words in common)

"#]])
        .run();
}

#[test]
fn for_programs() {
    content(&["stats", "--message-format", "json"]).stdout(str![[r#"
{"file":"content/long.md","line":1,"question":"What is long?","reason":"long-answer","words":201}
{"file":"content/trees.md","key_points":8,"line":2,"question":"What is a tree?","reason":"many-key-points"}
{"file":"content/trees.md","line":16,"question":"What is a trie?","reason":"unanswered"}
{"file":"content/long.md","line":1,"question":"What is long?","reason":"no-topic"}
{"file":"content/trees.md","line":2,"question":"What is a tree?","reason":"no-topic"}
{"file":"content/more.md","line":3,"other":{"file":"content/trees.md","line":14,"question":"What is a heap, and what is it for?"},"percent":96,"question":"So what is a heap, and what is it for?","reason":"alike"}
{"answer_words":{"classes":[{"from":0,"texts":1,"to":10},{"from":11,"texts":2,"to":25},{"from":26,"texts":0,"to":50},{"from":51,"texts":0,"to":100},{"from":101,"texts":0,"to":150},{"from":151,"texts":0,"to":200},{"from":201,"texts":1,"to":400},{"from":401,"texts":0,"to":null}],"longest":201,"median":22,"texts":4},"cards":4,"decks":2,"key_points":8,"question_words":{"classes":[{"from":0,"texts":2,"to":5},{"from":6,"texts":2,"to":10},{"from":11,"texts":0,"to":15},{"from":16,"texts":0,"to":20},{"from":21,"texts":0,"to":30},{"from":31,"texts":0,"to":40},{"from":41,"texts":0,"to":null}],"longest":10,"median":9,"texts":4},"questions":4,"reason":"stats","topics":1}

"#]]).run();
}

#[test]
fn without_questions() {
    test(&["stats"])
        .file("content/a.md", "# Nothing\n")
        .stdout(str![[r#"
0 decks, 0 topics, 0 questions, 0 cards, 0 key points

"#]])
        .run();
}

#[test]
fn large_files() {
    test(&["stats"])
        .file("content/a.md", "### Q: Which?\n![](x.png)\n\n![](y.png)\n")
        .file("content/x.png", vec![0; (3 << 20) + 1])
        .file("content/y.png", vec![1; 3 << 20])
        .stdout(str![[r#"
1 deck, 0 topics, 1 question, 1 card, 0 key points

Words in a question: 1 in the middle, 1 at most
          0–5  ████████████████████████████████████████ 1

Words in an answer: 4 in the middle, 4 at most
         0–10  ████████████████████████████████████████ 1

Files of more than 3 MiB: 1
  content/a.md:2  x.png (3.0 MiB)

"#]])
        .run()
        .then(&["stats", "--message-format", "json"])
        .stdout(str![[r#"
{"bytes":0,"file":"content/a.md","line":2,"path":"x.png","reason":"large-file"}
{"answer_words":{"classes":[{"from":0,"texts":1,"to":10},{"from":11,"texts":0,"to":25},{"from":26,"texts":0,"to":50},{"from":51,"texts":0,"to":100},{"from":101,"texts":0,"to":150},{"from":151,"texts":0,"to":200},{"from":201,"texts":0,"to":400},{"from":401,"texts":0,"to":null}],"longest":4,"median":4,"texts":1},"cards":1,"decks":1,"key_points":0,"question_words":{"classes":[{"from":0,"texts":1,"to":5},{"from":6,"texts":0,"to":10},{"from":11,"texts":0,"to":15},{"from":16,"texts":0,"to":20},{"from":21,"texts":0,"to":30},{"from":31,"texts":0,"to":40},{"from":41,"texts":0,"to":null}],"longest":1,"median":1,"texts":1},"questions":1,"reason":"stats","topics":0}

"#]])
        .run();
}

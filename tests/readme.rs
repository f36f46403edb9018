//! What the README says of the targets is what their list says.
//!
//! `DECKPRESS_BLESS=1 cargo test --test readme` writes its table anew.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test may fail loudly, and reads the README from the disk"
)]

use std::fs;
use std::path::Path;

use deckpress::target::{About, Loss, Proof, Target};

const BEGIN: &str = "<!-- What src/target/list.rs says: -->\n";
const END: &str = "\n<!-- (end of the targets) -->\n";

fn row(about: &About) -> String {
    let About { name, file, purpose, keeps, loses, proof } = about;
    let place = if file.ends_with('/') { (*file).to_owned() } else { format!("NAME{file}") };
    let lost = loses.iter().map(|loss| Loss::name(*loss)).collect::<Vec<_>>();
    let lost = if lost.is_empty() { "nothing".to_owned() } else { lost.join(", ") };
    let proof = match proof {
        Proof::Run(app) => (*app).to_owned(),
        Proof::Rules => "a reader of ours, by the app's rules".to_owned(),
        Proof::Documentation => "nobody: written from the documentation, not run".to_owned(),
    };
    format!("| `{name}` | `{place}` | {purpose} | {keeps} | {lost} | {proof} |\n")
}

fn table() -> String {
    let head = "\n| target | file | for | keeps | loses | read in the tests by |\n|---|---|---|---|---|---|\n";
    let rows = Target::all().map(|(_, target)| row(target.about()));
    std::iter::once(head.to_owned()).chain(rows).collect()
}

#[test]
fn the_table_of_targets() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (known, after) = rest.split_once(END).unwrap();
    if std::env::var_os("DECKPRESS_BLESS").is_some() {
        fs::write(&path, [before, BEGIN, &table(), END, after].concat()).unwrap();
    } else {
        assert_eq!(known, table());
    }
}

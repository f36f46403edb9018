//! A lock that somebody wrote, merged or damaged.
#![no_main]

use deckpress::config::{Config, Highlights};
use deckpress::identity::lock::Lock;
use deckpress::identity::{self, IdentityOptions};
use deckpress::media::Media;
use deckpress::parse;
use deckpress::source::Sources;
use deckpress::vault::Vault;
use libfuzzer_sys::fuzz_target;

const NOTES: &str = "\
# The LLM Engineering Interview
## Fundamentals
### Q: What is a token?
A piece of text that a model reads at once.
### Q: How does attention work? {.recall}
**Answer:** Each token looks at all others.
**Key points:**
- Queries and keys
- Values
### Q: What is it {#own}
";

fuzz_target!(|input: &[u8]| {
    let mut sources = Sources::new("");
    sources.add("notes.md", NOTES.to_owned());
    let mut found = Vec::new();
    let library = parse::library(&mut sources, &Config::default(), &Vault::empty(), &mut found);
    let (file, _) = sources.add_outside("deckpress.lock", input.to_vec());
    let Some(lock) = Lock::read(&sources, file, &mut found) else { return };
    let facts = identity::facts(&sources, &library, &Media::default(), &[], &lock);
    let (now, highlights) = (1_790_000_000, Highlights::Each);
    let moment = IdentityOptions {
        now,
        namespace: None,
        refresh: false,
        highlights,
        style: None,
        note_types: &[],
    };
    let identities = identity::identify(&facts, &lock, moment, &mut found);
    let mut written = Vec::new();
    identities.lock.write(&mut written).expect("a vector takes all");
    let (file, _) = sources.add_outside("deckpress.lock", written);
    let mut found = Vec::new();
    let again = Lock::read(&sources, file, &mut found);
    assert!(again.is_some(), "{found:?} in {:?}", sources.text(file));
});

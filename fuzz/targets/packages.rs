//! Packages of Anki and Mochi, from strangers; and fields, which are HTML of whatever editor.
#![no_main]

use std::io::{Cursor, Write as _};

use deckpress::html_to_markdown::{Notation, convert, convert_with_heading};
use deckpress::import::content::{self, Form, Present};
use deckpress::import::{Container, MochiPackage, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if input.starts_with(b"PK") {
        read_package(input);
    } else if input.starts_with(b"SQLite format 3") {
        read_database(input);
    } else {
        let html = String::from_utf8_lossy(input);
        for has_gaps in [false, true] {
            let notation = Notation {
                has_gaps,
                has_readings: has_gaps,
                has_options: has_gaps,
                media_folder: "media/",
            };
            let _ = convert(&html, notation);
            let markdown = convert_with_heading(&html, notation);
            assert!(!markdown.heading.contains('\n'), "a heading is one line");
        }
    }
});

fn read_package(bytes: &[u8]) {
    if let Ok(mut package) = MochiPackage::open(Cursor::new(bytes)) {
        let _ = package.read();
    }
    let Ok(mut container) = Container::open(Cursor::new(bytes)) else { return };
    for file in container.media().unwrap_or_default() {
        let _ = container.copy_media(&file, &mut Vec::new());
    }
    let mut database = Vec::new();
    if container.copy_collection(&mut database).is_ok() {
        read_database(&database);
    }
}

fn read_database(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("room for it");
    let Ok(collection) = read(file.path()) else { return };
    for form in [Form::OwnType, Form::Qa { has_all_fields: true }] {
        let present = Present { form, media_folder: "media/".to_owned(), ..Present::default() };
        let content = content::write(&collection, &present);
        for file in &content.files {
            assert!(!file.path.contains(".."), "`{}` leads elsewhere", file.path);
        }
    }
}

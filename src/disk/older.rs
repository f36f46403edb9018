//! Carries the outputs of older versions over into the manifest: they noted down what is ours in the
//! files themselves and beside them. The same is done where the manifest is lost.

use std::fs;
use std::path::Path;

use super::manifest::{Files, Output, WrittenFile};
use super::read_small;
use crate::export::older::{
    RECORD_FILES, find_record, is_our_sibling, is_ours, read_records, siblings,
};
use crate::media;

/// Adds those files of an export that are ours, unless the manifest knows them. Returns the files in
/// which an older version recorded them, which are not needed any more.
pub(super) fn carry_over(out: &Path, export: &str, files: &mut Files) -> Vec<String> {
    let is_known = files.values().any(|file| file.exports.contains(export));
    match (export.ends_with('/'), is_known) {
        (false, true) => Vec::new(),
        (false, false) => {
            carry_over_file(out, export, files);
            Vec::new()
        }
        (true, _) => {
            if !is_known {
                carry_over_folder(out, export, files);
            }
            carry_over_records(out, export, files)
        }
    }
}

/// Returns the entry of a file that belongs to an export.
fn entry<'f>(files: &'f mut Files, path: &str, export: &str) -> &'f mut WrittenFile {
    let file = files.entry(path.to_owned()).or_default();
    file.exports.insert(export.to_owned());
    file
}

/// Returns what bytes are as an output.
fn output(bytes: &[u8]) -> Output {
    Output::of(blake3::Hasher::new().update(bytes))
}

fn carry_over_file(out: &Path, export: &str, files: &mut Files) {
    if let Some(record) = find_record(export, || read_small(&out.join(export)).ok()) {
        entry(files, export, export).page = Some(record);
    }
    for path in siblings(export) {
        let bytes = read_small(&out.join(&path)).ok().filter(|bytes| is_our_sibling(bytes));
        if let Some(bytes) = bytes {
            entry(files, &path, export).output = Some(output(&bytes));
        }
    }
}

/// Adds pages with our mark, and media files whose names hold the hashes of their content.
fn carry_over_folder(out: &Path, export: &str, files: &mut Files) {
    for inner in ["", "media/", "assets/"] {
        let Ok(entries) = fs::read_dir(out.join(export).join(inner)) else { continue };
        for found in entries.flatten().filter(|found| found.path().is_file()) {
            let name = found.file_name();
            let Some(name) = name.to_str() else { continue };
            let Ok(bytes) = read_small(&found.path()) else { continue };
            if if inner.is_empty() { is_ours(&bytes) } else { media::is_ours(name, &bytes) } {
                entry(files, &format!("{export}{inner}{name}"), export).output =
                    Some(output(&bytes));
            }
        }
    }
}

fn carry_over_records(out: &Path, export: &str, files: &mut Files) -> Vec<String> {
    let mut read = Vec::new();
    for file in RECORD_FILES {
        let path = format!("{export}{file}");
        let Ok(bytes) = read_small(&out.join(&path)) else { continue };
        for (page, record) in read_records(file, &String::from_utf8_lossy(&bytes)) {
            let page = format!("{export}{page}");
            if out.join(&page).is_file() {
                entry(files, &page, export).page = Some(record);
            }
        }
        read.push(path);
    }
    read
}

//! Reading, in each convention and in none that is said.
#![no_main]

mod common;

use common::{press, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some(pressed) = press(input) {
        report(&pressed);
    }
});

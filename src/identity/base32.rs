//! Crockford's base 32: short, without letters that look like digits.

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What each byte stands for; 32 if for nothing.
const DIGITS: [u8; 256] = {
    let mut digits = [32; 256];
    let mut digit = 0u8;
    while digit < 32 {
        digits[ALPHABET[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};

/// Returns the lowest `5 × length` bits of a number.
#[must_use]
pub fn encode(number: u64, length: usize) -> String {
    let mut out = String::with_capacity(length);
    push(&mut out, number, length);
    out
}

/// Adds them to a text.
pub fn push(out: &mut String, number: u64, length: usize) {
    for at in (0..length).rev() {
        let digit = number >> (5 * at) & 31;
        out.push(char::from(ALPHABET[digit as usize]));
    }
}

/// Reads a number back; `None` if anything else stands there.
#[must_use]
pub fn decode(text: &str) -> Option<u64> {
    if text.len() > 12 {
        return None;
    }
    text.bytes().try_fold(0, |number, byte| {
        let digit = DIGITS[usize::from(byte)];
        (digit < 32).then(|| number << 5 | u64::from(digit))
    })
}

//! The spelling of product ids: `ID:TRANSFORM:N`, for example `CNP0000012:OMe:2`.
//!
//! In ID and TRANSFORM, `%`, `:`, blanks and control characters are percent-encoded, so that an id gives back its parts and
//! is one word in any text file.

mod column;

pub use column::{Numbered, ParentIds, ProductIds, text_of};

/// `text` as a part of an id.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    encode(text, &mut encoded);
    encoded
}

/// Appends `text` to `id`, as a part of it.
pub fn encode(text: &str, id: &mut String) {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'%' && byte != b':';
    if text.bytes().all(is_plain) {
        return id.push_str(text);
    }
    for character in text.chars() {
        if !needs_encoding(character) {
            id.push(character);
            continue;
        }
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            const DIGITS: [char; 16] =
                ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
            id.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
}

fn needs_encoding(character: char) -> bool {
    matches!(character, '%' | ':') || character.is_whitespace() || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_be_mistaken_is_encoded() {
        for plain in ["", "CNP0000012", "-7", "1.5e-3", "R3_OH->F", "Käse", "苯酚", "a/b\\c\"d'"] {
            assert_eq!(encoded(plain), plain);
        }
        for (text, expected) in [
            ("a:b", "a%3Ab"),
            ("100%", "100%25"),
            ("%3A", "%253A"),
            ("my id", "my%20id"),
            ("\t\r\n\0\u{7f}", "%09%0D%0A%00%7F"),
            ("a\u{a0}b\u{85}\u{2003}ö", "a%C2%A0b%C2%85%E2%80%83ö"),
        ] {
            assert_eq!(encoded(text), expected, "{text:?}");
        }
    }
}

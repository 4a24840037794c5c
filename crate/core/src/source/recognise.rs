//! What the first bytes of a library prove about its format.

use serde::de::IgnoredAny;
use serde_json::Map;

/// Continuation mark of an Arrow IPC message; the length of its metadata follows.
const ARROW_MESSAGE: &[u8] = b"\xff\xff\xff\xff";

/// The lines of `head`, with any of the usual ends; the last one may be cut.
pub(super) fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|&byte| byte == b'\n').flat_map(|line| {
        let end = line.iter().rposition(|&byte| byte != b'\r').map_or(0, |last| last + 1);
        line[..end].split(|&byte| byte == b'\r')
    })
}

/// Formats of plain text: nothing proves them.
pub(super) fn nothing(_head: &[u8]) -> bool {
    false
}

/// Whether it is Parquet.
pub(super) fn is_parquet(head: &[u8]) -> bool {
    is_binary_after(b"PAR1", head)
}

/// Whether the mark of a binary format comes first, and then no text: a name in a header may begin like a mark.
pub(super) fn is_binary_after(mark: &[u8], head: &[u8]) -> bool {
    let next = head.strip_prefix(mark).map(|rest| &rest[..rest.len().min(4)]);
    next.is_some_and(|next| next.len() < 4 || !next.iter().all(u8::is_ascii_graphic))
}

/// Whether the fourth line is the counts line of a mol block, not counting blank lines before its title.
pub(super) fn is_mol_block(head: &[u8]) -> bool {
    let is_counts = |line: &[u8]| {
        let line = line.trim_ascii_end();
        line.ends_with(b"V2000") || line.ends_with(b"V3000")
    };
    let blank = lines(head).take_while(|line| line.trim_ascii().is_empty()).count();
    let counts = lines(head).take(blank + 4).position(is_counts);
    counts.is_some_and(|counts| counts >= 3 && counts - 3 <= blank)
}

/// Whether the first line that is not blank is a JSON object; if the head ends within it, whether it begins like one.
pub(super) fn is_json_line(head: &[u8]) -> bool {
    let Some(line) = lines(head).map(<[u8]>::trim_ascii).find(|line| !line.is_empty()) else { return false };
    if !line.starts_with(b"{") {
        return false;
    }
    match serde_json::from_slice::<Map<String, serde_json::Value>>(line) {
        Ok(_) => true,
        Err(error) => error.is_eof() && !head.contains(&b'\n') && line.get(1..).is_some_and(is_json_key),
    }
}

/// Whether `text` begins with a string and a colon.
fn is_json_key(text: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    let is_string = text.trim_ascii_start().starts_with(b"\"") && matches!(values.next(), Some(Ok(_)));
    is_string && text[values.byte_offset()..].trim_ascii_start().starts_with(b":")
}

/// Whether it is Arrow IPC: a file, or a stream, which begins with a message.
pub(super) fn is_arrow(head: &[u8]) -> bool {
    head.starts_with(b"ARROW1\0\0") || head.starts_with(ARROW_MESSAGE)
}

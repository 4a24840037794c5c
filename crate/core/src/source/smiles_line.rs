//! One line of SMILES text.

/// The first word of a line and the rest, which is the id if the SMILES comes first. A CXSMILES extension directly
/// after the SMILES belongs to it, as in `MolFromSmiles`.
pub(super) fn split_line(line: &[u8]) -> (&[u8], &[u8]) {
    let indent = line.iter().take_while(|&&byte| byte == b' ').count();
    // A tab before everything leaves the SMILES empty; spaces are an indentation.
    let line = &line[indent..];
    let end = line.iter().position(|&byte| is_blank(byte)).unwrap_or(line.len());
    let gap = line[end..].iter().take_while(|&&byte| is_blank(byte)).count();
    let rest = &line[end + gap..];
    let end = if end > 0 && rest.first() == Some(&b'|') { end + gap + extension_len(rest) } else { end };
    (line[..end].trim_ascii_end(), line[end..].trim_ascii())
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Length of the CXSMILES extension at the start of `text`; everything if the extension has no end. Atom labels are
/// enclosed in dollar signs and may contain any character.
fn extension_len(text: &[u8]) -> usize {
    let mut in_labels = false;
    for (index, &byte) in text.iter().enumerate().skip(1) {
        match byte {
            b'$' => in_labels = !in_labels,
            b'|' if !in_labels => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> (&str, &str) {
        let (smiles, id) = split_line(line.as_bytes());
        (std::str::from_utf8(smiles).unwrap(), std::str::from_utf8(id).unwrap())
    }

    #[test]
    fn a_line_is_smiles_blanks_id() {
        assert_eq!(split("CCO ethanol"), ("CCO", "ethanol"));
        assert_eq!(split("CCO\tethyl alcohol  "), ("CCO", "ethyl alcohol"));
        assert_eq!(split("CCO \t 7"), ("CCO", "7"));
        assert_eq!(split("CCO"), ("CCO", ""));
        assert_eq!(split("CCO   "), ("CCO", ""));
        assert_eq!(split("  CCO x"), ("CCO", "x"));
        assert_eq!(split(""), ("", ""));
        assert_eq!(split("   "), ("", ""));
        assert_eq!(split("\tCHEMBL25"), ("", "CHEMBL25"));
    }

    #[test]
    fn a_cxsmiles_extension_belongs_to_the_smiles() {
        assert_eq!(split("C[C@H](O)F |o1:1| id 1"), ("C[C@H](O)F |o1:1|", "id 1"));
        assert_eq!(split("CC |$a;b$|"), ("CC |$a;b$|", ""));
        assert_eq!(split("CC |$a|b;$,o1:1|\tx"), ("CC |$a|b;$,o1:1|", "x"));
        assert_eq!(split("CC |o1:1|x"), ("CC |o1:1|", "x"));
        // No end: MolFromSmiles refuses it, so it must receive the complete row.
        assert_eq!(split("CC |o1:1 x"), ("CC |o1:1 x", ""));
        assert_eq!(split("CC id |o1:1|"), ("CC", "id |o1:1|"));
        assert_eq!(split("\t|x| y"), ("", "|x| y"));
    }
}

//! The formats of rule files, recognised by the file's name and, if that does not decide, by its first rule.

use std::path::Path;

/// How a rule file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// YAML, or JSON, which is YAML.
    Yaml,
    /// A table with this delimiter.
    Table(u8),
    /// A SMIRKS and a name per line.
    Lines,
}

impl Format {
    /// The format of the file at `path` with the content `text`.
    pub(super) fn of(path: &Path, text: &str) -> Self {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "yaml" | "yml" | "json" => Self::Yaml,
            "csv" => Self::Table(b','),
            "tsv" | "tab" => Self::Table(b'\t'),
            "smarts" | "smirks" => Self::of_first(text).unwrap_or(Self::Lines),
            _ => Self::of_first(text).unwrap_or(Self::Yaml),
        }
    }

    /// What the first rule, or the header above it, looks like; `None` if like neither table nor SMIRKS.
    fn of_first(text: &str) -> Option<Self> {
        let (_, line) = lines(text).next()?;
        let is_rule_or_header = |cell: &str| cell.contains('>') || is_smirks_column(cell);
        let has_smirks_column = |delimiter| line.split(delimiter).any(is_smirks_column);
        if line.contains('\t') && line.split('\t').any(is_rule_or_header) {
            return Some(Self::Table(b'\t'));
        }
        if line.contains(',') && has_smirks_column(',') {
            return Some(Self::Table(b','));
        }
        let first = line.split_whitespace().next()?;
        // JSON without blanks is one field.
        (first.contains('>') && !first.starts_with('{')).then_some(Self::Lines)
    }
}

/// The lines of `text` with their numbers, from 1, without blank ones and comments.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = (1..).zip(text.lines());
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// Whether a cell of a header is that of the SMIRKS.
fn is_smirks_column(cell: &str) -> bool {
    cell.trim().trim_matches('"').eq_ignore_ascii_case("smirks")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(path: &str, text: &str) -> Format {
        Format::of(Path::new(path), text)
    }

    #[test]
    fn the_name_decides_first() {
        assert_eq!(format("a.yaml", "C>>O a"), Format::Yaml);
        assert_eq!(format("a.YML", "name\tsmirks"), Format::Yaml);
        assert_eq!(format("a.csv", "C>>O"), Format::Table(b','));
        assert_eq!(format("a.TSV", "C>>O"), Format::Table(b'\t'));
        assert_eq!(format("a.smarts", "C>>O a"), Format::Lines);
        assert_eq!(format("a.smirks", "nothing"), Format::Lines);
        assert_eq!(format("a.smirks", "C>>O\t0.5\ta"), Format::Table(b'\t'));
    }

    #[test]
    fn then_the_first_rule() {
        for name in ["rules.txt", "rules", "rules.dat"] {
            let format = |text| format(name, text);
            assert_eq!(format("\u{feff}# a comment\n\n  \n[C:1]>>[C:1]F\t0.5\ta"), Format::Table(b'\t'));
            assert_eq!(format("prob\tSMIRKS\tname\n"), Format::Table(b'\t'));
            assert_eq!(format("name,\"smirks\"\n"), Format::Table(b','));
            assert_eq!(format("[C:1][F,Cl]>>[C:1] a name\n"), Format::Lines);
            assert_eq!(format("[C:1]>>[C:1]F"), Format::Lines);
            assert_eq!(format("transforms: [{name: a, smirks: '[C:1]>>[C:1]F'}]"), Format::Yaml);
            assert_eq!(format("{\"transforms\":[{\"name\":\"a\",\"smirks\":\"C>>O\"}]}"), Format::Yaml);
            assert_eq!(format("smirks: C>>O, name: a"), Format::Yaml);
            assert_eq!(format(""), Format::Yaml);
        }
    }
}

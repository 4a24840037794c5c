//! Patterns for names: `*` stands for any text, `?` for one character, and a backslash for the next one itself.

/// The name that stands for every transform of a file.
pub(super) const ALL: &str = "all";

/// A pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glob(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    /// Any text.
    Text,
    /// Any character.
    One,
    /// This character.
    Exactly(char),
}

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        let mut characters = pattern.chars();
        let mut tokens = Vec::new();
        while let Some(character) = characters.next() {
            tokens.push(match character {
                '*' => Token::Text,
                '?' => Token::One,
                '\\' => Token::Exactly(characters.next().unwrap_or('\\')),
                other => Token::Exactly(other),
            });
        }
        Self(tokens)
    }

    /// The only text that matches; `None` if there are several.
    pub(super) fn literal(&self) -> Option<String> {
        let character = |token: &Token| match token {
            Token::Exactly(character) => Some(*character),
            Token::Text | Token::One => None,
        };
        self.0.iter().map(character).collect()
    }

    /// Whether all of `text` matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut token, mut at) = (0, 0);
        // After the latest `*`: the next token, and the end of the text that the `*` stands for.
        let mut retry = None;
        loop {
            match self.0.get(token) {
                Some(Token::Text) => {
                    retry = Some((token + 1, at));
                    token += 1;
                    continue;
                }
                Some(Token::One) if at < text.len() => (token, at) = (token + 1, at + 1),
                Some(Token::Exactly(c)) if text.get(at) == Some(c) => (token, at) = (token + 1, at + 1),
                None if at == text.len() => return true,
                _ => match retry {
                    Some((next, end)) if end < text.len() => {
                        (token, at) = (next, end + 1);
                        retry = Some((next, end + 1));
                    }
                    _ => return false,
                },
            }
        }
    }
}

/// `list` cut at its commas, without outer blanks and empty parts; a comma after a backslash does not cut.
pub(super) fn parts(list: &str) -> Vec<&str> {
    let (mut parts, mut start, mut is_escaped) = (Vec::new(), 0, false);
    for (at, character) in list.char_indices() {
        if character == ',' && !is_escaped {
            parts.push(&list[start..at]);
            start = at + 1;
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    parts.push(&list[start..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_the_whole_text() {
        let matching = |pattern: &str| {
            let texts = ["", "a", "ab", "abab", "a*b", "ä?", "xaby"];
            texts.into_iter().filter(|text| Glob::new(pattern).matches(text)).collect::<Vec<_>>()
        };
        assert_eq!(matching("*"), ["", "a", "ab", "abab", "a*b", "ä?", "xaby"]);
        assert_eq!(matching("?"), ["a"]);
        assert_eq!(matching("a*b"), ["ab", "abab", "a*b"]);
        assert_eq!(matching("*ab*"), ["ab", "abab", "xaby"]);
        assert_eq!(matching("??"), ["ab", "ä?"]);
        assert_eq!(matching("a\\*b"), ["a*b"]);
        assert_eq!(matching("?\\?"), ["ä?"]);
        assert_eq!(matching("a"), ["a"]);
    }

    #[test]
    fn a_pattern_without_wildcards_is_a_literal() {
        assert_eq!(Glob::new("a\\*\\\\b").literal().as_deref(), Some("a*\\b"));
        assert_eq!(Glob::new("a?").literal(), None);
    }

    #[test]
    fn commas_cut_a_list_unless_escaped() {
        assert_eq!(parts("a, b,,c\\,d,\\\\,"), ["a", "b", "c\\,d", "\\\\"]);
        assert!(parts(" , ").is_empty());
    }
}

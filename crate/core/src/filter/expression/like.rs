//! `LIKE`: `%` stands for any text, `_` for one character.

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    AnyText,
    AnyCharacter,
    Character(char),
}

impl Pattern {
    /// Reads a pattern, in which `escape` makes the next character, `%`, `_` or itself, an ordinary one. `None` if
    /// something else follows it.
    pub fn read(text: &str, escape: Option<char>) -> Option<Self> {
        let mut parts = Vec::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            parts.push(match character {
                _ if Some(character) == escape => {
                    let escaped = characters.next();
                    Part::Character(
                        escaped.filter(|next| ['%', '_'].contains(next) || Some(*next) == escape)?,
                    )
                }
                '%' => Part::AnyText,
                '_' => Part::AnyCharacter,
                _ => Part::Character(character),
            });
        }
        Some(Self(parts))
    }

    /// Whether the whole of `text` is as the pattern says.
    pub fn matches(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text.chars());
        // After the latest `%`: the next part, and the text that follows if `%` takes as little as possible.
        let mut latest = None;
        loop {
            match self.0.get(at) {
                Some(Part::AnyText) => {
                    at += 1;
                    latest = Some((at, rest.clone()));
                    continue;
                }
                Some(part) => {
                    let mut next = rest.clone();
                    if next.next().is_some_and(|character| part.fits(character)) {
                        (at, rest) = (at + 1, next);
                        continue;
                    }
                }
                None if rest.as_str().is_empty() => return true,
                None => {}
            }
            let Some((after, from)) = &mut latest else { return false };
            if from.next().is_none() {
                return false;
            }
            (at, rest) = (*after, from.clone());
        }
    }
}

impl Part {
    fn fits(self, character: char) -> bool {
        self == Self::AnyCharacter || self == Self::Character(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_sql() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("%", "abc", true),
            ("_", "", false),
            ("_", "ä", true),
            ("a_c", "abc", true),
            ("a_c", "ac", false),
            ("a%c", "abcbc", true),
            ("a%c", "abcb", false),
            ("%b%b%", "abcb", true),
            ("%b%b%", "abc", false),
            ("%ab", "aab", true),
            ("%aab%", "aaab", true),
            ("ABC", "abc", false),
            (r"%\C%", r"F/C=C\C", true),
        ] {
            assert_eq!(
                Pattern::read(pattern, None).unwrap().matches(text),
                expected,
                "{text} like {pattern}"
            );
        }
    }

    #[test]
    fn an_escape_makes_the_next_character_an_ordinary_one() {
        let escaped = |pattern| Pattern::read(pattern, Some('!'));
        assert!(escaped("OME!_1").unwrap().matches("OME_1"));
        assert!(!escaped("OME!_1").unwrap().matches("OMEx1"));
        assert!(escaped("5!%!!").unwrap().matches("5%!"));
        assert_eq!([escaped("a!b"), escaped("a!")], [None, None]);
    }
}

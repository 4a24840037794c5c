//! A grid of pictures for slides: one SVG.

use std::fmt::Write;

use super::molecule::Molecule;
use crate::options::GridSize;

/// Pixels of a cell's picture, which are those of a drawing ([`crate::drawing`]), and of the line below it.
const WIDTH: u32 = 280;
const HEIGHT: u32 = 210;
const CAPTION: u32 = 26;
/// Letters of a caption, at most.
const LETTERS: usize = 40;

/// The pictures of `molecules` in columns, on white, with what names them below; fewer than fill the grid leave it shorter.
pub fn draw(size: GridSize, molecules: &[Molecule]) -> String {
    let columns = size.columns.min(molecules.len().max(1) as u32);
    let rows = (molecules.len() as u32).div_ceil(columns).max(1);
    let (width, height) = (columns * WIDTH, rows * (HEIGHT + CAPTION));
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>\n\
         <rect width='{width}' height='{height}' fill='#FFFFFF'/>\n"
    );
    for (cell, molecule) in (0..).zip(molecules) {
        let (x, y) = (cell % columns * WIDTH, cell / columns * (HEIGHT + CAPTION));
        let drawing = molecule.drawing.as_deref().and_then(|drawing| drawing.strip_prefix("<svg "));
        // Writing to a string does not fail.
        let _ = match drawing {
            Some(drawing) => write!(svg, "<svg x='{x}' y='{y}' {drawing}"),
            None => writeln!(svg, "{}", text(x, y + HEIGHT / 2, "#777777", "not drawn")),
        };
        let row = format!("row {}", molecule.row);
        let _ = writeln!(
            svg,
            "{}",
            text(x, y + HEIGHT + CAPTION / 2, "#333333", molecule.id.as_deref().unwrap_or(&row))
        );
    }
    svg + "</svg>\n"
}

fn text(x: u32, y: u32, colour: &str, content: &str) -> String {
    let shown: String = match content.chars().count() {
        0..=LETTERS => content.to_owned(),
        _ => content.chars().take(LETTERS - 1).chain(['\u{2026}']).collect(),
    };
    let middle = x + WIDTH / 2;
    format!(
        "<text x='{middle}' y='{y}' text-anchor='middle' font-family='sans-serif' font-size='10' fill='{colour}'>{}</text>",
        escaped(&shown)
    )
}

/// `text` in XML, in which control characters cannot stand.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_cut() {
        assert_eq!(escaped("<a href='x'>&\u{0}\u{1f}\u{9c}"), "&lt;a href='x'&gt;&amp;   ");
        assert!(text(0, 0, "#000000", &"x".repeat(41)).contains(&format!(">{}\u{2026}<", "x".repeat(39))));
    }
}

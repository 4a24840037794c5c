//! A picture as PNG, for programs that insert no SVG.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

use crate::error::Error;

/// The letters of European languages, Greek and Cyrillic, of DejaVu Sans 2.37 (`scripts/notice/dejavu.txt` is its licence):
/// servers often have no fonts. `pyftsubset` has cut it.
const FONT: &[u8] = include_bytes!("font/DejaVuSans.ttf");
const FAMILY: &str = "DejaVu Sans";
/// Pixels for a unit of the picture, so that lines are sharp on a projector.
const SCALE: f32 = 2.0;
/// Pixels at most, of 4 bytes each; larger pictures get fewer for a unit.
const MOST_PIXELS: f32 = 32e6;

/// `svg`, a picture of this program, as the content of a PNG.
///
/// # Errors
/// An internal error.
pub fn of_svg(svg: &str) -> Result<Vec<u8>, Error> {
    let mut options = Options { font_family: FAMILY.to_owned(), ..Options::default() };
    let mut fonts = Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    options.fontdb = fonts.into();
    let tree =
        Tree::from_str(svg, &options).map_err(|error| Error::internal(format!("a picture: {error}")))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min((MOST_PIXELS / (width * height)).sqrt());
    let mut pixels = Pixmap::new((width * scale).round() as u32, (height * scale).round() as u32)
        .ok_or_else(|| Error::internal("a picture without pixels"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| Error::internal(format!("a picture: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(svg: &str) -> Pixmap {
        Pixmap::decode_png(&of_svg(svg).unwrap()).unwrap()
    }

    fn dark_pixels(picture: &Pixmap) -> usize {
        picture.pixels().iter().filter(|pixel| pixel.alpha() == 255 && pixel.green() < 64).count()
    }

    fn svg(width: u32, content: &str) -> String {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='20'>{content}</svg>")
    }

    #[test]
    fn lines_and_letters_are_drawn_without_fonts_of_the_system() {
        let picture = decoded(&svg(40, ""));
        assert_eq!((picture.width(), picture.height(), dark_pixels(&picture)), (80, 40, 0));
        let line = decoded(&svg(40, "<path d='M 0,10 H 40' style='stroke:#000000;stroke-width:4px'/>"));
        assert_eq!(dark_pixels(&line), 80 * 8);
        for letters in ["OH", "\u{3b1}\u{2082}", "\u{416}"] {
            let text = format!("<text x='2' y='16' font-family='sans-serif' font-size='16'>{letters}</text>");
            assert!(dark_pixels(&decoded(&svg(40, &text))) > 40, "{letters}");
        }
    }

    #[test]
    fn a_huge_picture_has_a_bounded_number_of_pixels() {
        let picture = decoded(&svg(4_000_000, "<rect width='4000000' height='20'/>"));
        let pixels = u64::from(picture.width()) * u64::from(picture.height());
        assert!((30_000_000..34_000_000).contains(&pixels), "{pixels}");
    }
}

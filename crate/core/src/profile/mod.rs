//! What a run tells of its course: how many sites and products parents have, which parents stand out, and how far the
//! run was when. All of it is bounded: two distributions of some 65 bins, two lists of [`LISTED`] rows, and a timeline
//! of [`MAX_POINTS`] points.
//!
//! Distributions and fruitful parents follow from the rows alone. The slowest parents and the timeline are of the machine.

mod distribution;
mod lines;
mod parents;
mod recorder;
mod text;
mod timeline;

pub use self::distribution::{Bin, Distribution};
pub use self::parents::{FruitfulParent, LISTED, ParentFigures, ParentRow, ProfiledRows, SlowParent};
pub use self::recorder::Recorder;
pub use self::text::{TEXT_BYTES, id_text, short};
pub use self::timeline::{MAX_POINTS, Point, Timeline};
